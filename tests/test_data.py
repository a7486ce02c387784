"""The data are what was received and what the sources say: each quote, column, date, unit, and each check."""

import csv
import hashlib
import json
import re

import frictionless
import pandas as pd
import pytest
from factcheck import DATA, NOTEBOOKS, ROOT, SEEDS, checks, claims, findings, tables, verdict
from factcheck.evidence import Evidence
from factcheck.prose import PLACEHOLDER, SHARES

PACKAGE = json.loads((DATA / "datapackage.json").read_text("utf-8"))
FIELDS = [
    (table["name"], field) for table in PACKAGE["resources"] for field in table["schema"]["fields"]
]
LANGUAGES = ("en", "ru")


def test_data_has_no_problems():
    assert checks.problems() == []


# ---- What was received


def test_seeds_are_byte_for_byte_what_was_recorded(frames):
    readme = (SEEDS / "README.md").read_text("utf-8")
    recorded = dict(re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", readme, re.MULTILINE))
    actual = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in SEEDS.glob("*.txt")
    }
    known = {
        row.file.removeprefix("seeds/"): row.sha256 for row in frames["interviews"].itertuples()
    }
    assert actual == known
    # What seeds/README.md says of a text holds; of a further interview it may tell less than the table.
    assert recorded and {name: actual.get(name) for name in recorded} == recorded


def test_every_quote_stands_in_its_interview_once(frames):
    texts = {
        row.interview_id: (ROOT / row.file).read_bytes().decode()
        for row in frames["interviews"].itertuples()
    }
    counts = {
        row.claim_id: texts[row.interview_id].count(row.quote)
        for row in frames["claims"].itertuples()
    }
    assert counts == dict.fromkeys(counts, 1)


# ---- What the descriptor says


def test_the_package_is_valid_for_frictionless_too():
    report = frictionless.validate(str(DATA / "datapackage.json"))
    assert report.valid, report.flatten(["path", "rowNumber", "fieldName", "note"])


def test_every_column_is_described_and_every_number_has_a_unit():
    bare = [
        f"{table}.{field['name']}"
        for table, field in FIELDS
        if len(field.get("description", "")) < 5
    ]
    assert not bare, f"no description: {', '.join(bare)}"
    # Whole numbers are years and counts, as their descriptions say; measured values need a unit, be it that
    # of another column.
    without = [
        f"{table}.{field['name']}"
        for table, field in FIELDS
        if field["type"] == "number" and not field.get("unit")
    ]
    assert not without, f"no unit: {', '.join(without)}"


def test_text_that_readers_see_is_there_in_each_language(frames):
    for table, field in FIELDS:
        stem, _, language = field["name"].rpartition("_")
        if language != "en" or stem in (
            "",
            "quote",
            "ours",
        ):  # labels are below; the quote is Russian, other words are translated where they need it
            continue
        frame = frames[table]
        half = [
            number
            for number, row in frame.iterrows()
            if len({bool(row[f"{stem}_{one}"]) for one in LANGUAGES}) > 1
        ]
        assert half == [], f"{table}.{stem} is filled in for one language only in rows {half}"


def test_every_figure_has_source_unit_and_day_of_publication(frames):
    sources = frames["sources"].set_index("source_id")
    for table in ("series", "facts", "events"):
        for number, row in frames[table].iterrows():
            source = sources.loc[row.source_id]
            place = f"{table} {number}"
            assert source.institution_en and source.publication, place
            assert source.address or source.repository or source.read_in, place
            assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", source.published), place
            if table == "series":
                assert source.unit and source.indicator and source.provider and source.vintage, (
                    place
                )
            if table == "facts":
                assert row.unit, place


def test_no_verdict_in_disguise(frames):
    verdicts = {
        text.casefold()
        for key, row in frames["labels"].set_index("key").iterrows()
        for text in (key.removeprefix("verdict."), *row)
        if key.startswith("verdict.")
    }
    verdicts |= {
        "true",
        "false",
        "supports",
        "contradicts",
        "refutes",
        "confirms",
        "wrong",
        "right",
    }
    assert {"out-of-date", "завышено"} < verdicts
    # Two columns are true or false, and neither says whether a claim is: see their descriptions.
    flags = {("readings", "is_primary"), ("events", "event_itself")}
    for table, frame in frames.items():
        if table == "labels":
            continue
        for column in frame:
            if (table, column) in flags | {("corrections", "stood"), ("corrections", "stands")}:
                continue
            found = sorted(verdicts & {str(cell).casefold() for cell in frame[column]})
            assert found == [], f"{table}.{column}"
            assert not re.search("verdict|rating|support|contradict|refute", column), (
                f"{table}.{column}"
            )


# ---- What could be known on the day


def evidence(frames, **published):
    """The evidence with other days of publication, {source_id: day} with _ for -."""
    sources = frames["sources"].copy()
    for source, day in published.items():
        assert (sources.source_id == source.replace("_", "-")).any()
        sources.loc[sources.source_id == source.replace("_", "-"), "published"] = day
    return Evidence(frames | {"sources": sources}, frames["interviews"].interview_id[2])


@pytest.mark.parametrize(
    "published, known",
    [
        ("2025-06-15", True),
        ("2025-06-16", True),
        ("2025-06-17", False),  # the cut-off is 16 June 2025
        ("2025-05", True),
        ("2025-06", False),
        ("2025-07", False),  # a month counts from its last day
        ("2024", True),
        ("2025", False),
        ("2026-01-01", False),
    ],
)
def test_cut_off(frames, published, known):
    assert frames["interviews"].cut_off[2] == "2025-06-16"
    view = evidence(
        frames, wb_population_2025_04=published, cnipa_2025=published, xinhua_2013=published
    )
    assert view.known("wb-population-2025-04") is known
    assert ("world-bank" in set(view.ratios("population", ["CHN", "KAZ"]).provider)) is known
    held = frames["readings"].query("reading_id == 'ai-held'").iloc[0].to_dict()
    assert [fact["fact_id"] for fact in view.matching_facts(held)] == ["patents-held-2025"] * known
    tours = frames["readings"].query("reading_id == 'tours'").iloc[0].to_dict()
    assert ("tour-2013" in [event["event_id"] for event in view.matching_events(tours)]) is known


def test_later_figures_stand_beside_and_do_not_judge(frames):
    view = evidence(frames)
    old, new = (view.series("population", "KAZ", "world-bank", newest) for newest in (False, True))
    assert set(old.source_id) == {"wb-population-2025-04"} and max(old.index) == 2023
    assert set(new.source_id) == {"wb-population-2026-03"}
    # Of a forecast that was public, nothing after the year that is judged.
    assert max(view.series("population", "KAZ", "un").index) == view.year == 2024
    earlier = evidence(frames)
    earlier.year = 2020
    assert max(earlier.series("population", "KAZ", "un").index) == 2020
    # The summit that the interview speaks of is exempt, others of that day are not.
    signed = frames["readings"].query("reading_id == 'declaration-signed'").iloc[0].to_dict()
    assert not view.known("astana-declaration-2025")
    assert [event["event_id"] for event in view.matching_events(signed)] == [
        "declaration-astana-2025"
    ]
    grants = frames["readings"].query("reading_id == 'grants-any-year'").iloc[0].to_dict()
    assert [fact["fact_id"] for fact in view.matching_facts(grants)] == ["pledge-online-2022"]
    assert len(view.matching_facts(grants, newest=True)) == 2


def test_of_one_publication_the_later_figure_counts_in_whatever_order_the_rows_stand(frames):
    """The bank's report of 2025 has the stocks of 2016 and of 2025; a spreadsheet may sort them either way."""
    stock = frames["readings"].query("reading_id == 'investment-stock'").iloc[0].to_dict()
    stock["period_from"] = ""
    for rows in (frames["facts"], frames["facts"].iloc[::-1]):
        view = Evidence(frames | {"facts": rows}, "inbusiness-2025-06")
        found = {f["source_id"]: f["value_low"] for f in view.matching_facts(stock, newest=True)}
        assert found["edb-2025-12"] == 35.9


def test_who_names_one_state_alone_ranks_none(frames):
    """A speech that names the trade of a single state would put that state first."""
    trade = frames["readings"].query("reading_id == 'trade-rank'").iloc[0].to_dict()
    view = evidence(frames)
    assert "akorda-2025" in [f["source_id"] for f in view.matching_facts(trade, newest=True)]
    assert list(view.standings(trade, newest=True)) == ["customs-2024"]


def test_an_estimate_is_not_a_trusted_year(frames):
    rows = evidence(frames).ratios("population", ["CHN", "KAZ"]).set_index(["provider", "year"])
    # IMF 2024: China actual, Kazakhstan estimate. UN 2023: both actual; 2024: both projections.
    assert rows.status["imf", 2024] == "estimate" and rows.status["un", 2024] == "estimate"
    assert rows.status["un", 2023] == "actual" and rows.status["world-bank", 2023] == "actual"


def test_only_trusted_earlier_years_make_a_claim_out_of_date(frames):
    said = claims.Interval(
        80, 85
    )  # whatever the claim says, so that the years below are those of the series
    [claim] = [claim for claim in verdict.of(frames) if claim.claim_id == "population"]
    reading = frames["readings"].query("reading_id == 'population-all'").iloc[0].to_dict()
    known = {one.who: one for one in evidence(frames).measure(reading, claim)}
    for one in known.values():
        assert max(one.history, default=0) < int(one.period), one.who  # not the year that is judged
    assert min(known["world-bank"].history) == 1990 and verdict.judge_source(
        known["world-bank"], said
    ).inside == ((1999, 2009),)
    # The same years as estimates say nothing: at most 2007 to 2009 are left, then not even three years.
    series = frames["series"].copy()
    for last, inside in ((2006, ((2007, 2009),)), (2007, ())):
        rows = (series.source_id == "wb-population-2025-04") & (series.year <= last)
        series.loc[rows, "status"] = "estimate"
        view = Evidence(frames | {"series": series}, claim.interview_id)
        [one] = [one for one in view.measure(reading, claim) if one.who == "world-bank"]
        assert min(one.history) == last + 1
        assert verdict.judge_source(one, said).inside == inside


# ---- Each check, by what it is there to catch: one line that says where, what, and what was expected

KAZ_2010 = ("wb-population-2025-04", "KAZ", "2010")
POPULATION = next(
    row
    for row in csv.DictReader((DATA / "claims.csv").open(encoding="utf-8", newline=""))
    if row["claim_id"] == "population"
)
LOW, HIGH = float(POPULATION["low"]), float(POPULATION["high"])  # whatever they are
SENTENCE = (
    "Так, более 70% мировых патентов в области искусственного интеллекта сегодня принадлежит "
    "китайским учёным."
)
HUAWEI = "Такие компании, как Huawei и ZTE, контролируют значительную часть глобального рынка"


def said_again(copy):
    """The seed with one sentence added, which was there already, and recorded as if it were as received."""
    path = copy.root / "seeds/000_fb38ba3c254a56fc.txt"
    path.write_bytes(path.read_bytes() + f"\n{HUAWEI}.\n".encode())
    copy.edit(
        "interviews", "inbusiness-2025-06", sha256=hashlib.sha256(path.read_bytes()).hexdigest()
    )


# name: (what goes wrong, the line that must appear and no other); <key> stands for the number of that row
BREAKS = {
    "a digit too many": (
        lambda copy: copy.edit("series", KAZ_2010, value="168368100"),  # 16 836 810
        'data/series.csv, row <wb-population-2025-04 KAZ 2010>, column value: "168368100.0" – expected a '
        "value near those of the years around it, "
        "whose middle is 1.66198e+07",
    ),
    "another unit, in thousands": (
        lambda copy: copy.edit(
            "series", ("wb-population-2025-04", "KAZ", "2023"), value="20330.104"
        ),
        'data/series.csv, row <wb-population-2025-04 KAZ 2023>, column value: "20330.104" – expected a value '
        "near those of the years around it, "
        "whose middle is 1.97436e+07",
    ),
    "another unit, the only year of its source": (
        lambda copy: copy.edit("series", ("bns-population-2025-03", "KAZ"), value="20286.084"),
        'data/series.csv, row <bns-population-2025-03 KAZ>, column value: "20286.084" – expected a value '
        "near the other sources’, whose middle "
        "is 2.03758e+07",
    ),
    "a slip in the first year of a series": (
        lambda copy: copy.edit("series", ("bls-cpi", "USA", "2022"), value="2926.55"),
        'data/series.csv, row <bls-cpi USA 2022>, column value: "2926.55" – expected a value near those of '
        "the years around it, whose "
        "middle is 309.196",
    ),
    "a value that only the other source belies": (
        lambda copy: copy.edit("series", KAZ_2010, value="19362331"),  # + 15 %
        "data/series.csv: the ratio CHN|KAZ of population in 2010 is 69.1 by world-bank and 82.2 by imf; "
        "expected "
        "sources that agree within 10%",
    ),
    "a value that only a later edition belies": (
        # 19 001 000
        lambda copy: copy.edit(
            "series", ("imf-population-2025-10", "KAZ", "2021"), value="25000000"
        ),
        "data/series.csv: imf, CHN|KAZ of population in 2021: 74.3 in one edition and 56.5 in the other; "
        "expected "
        "revisions within 25%",
    ),
    "an unknown country": (
        lambda copy: copy.edit("series", KAZ_2010, country="KAS"),
        'data/series.csv, row <wb-population-2025-04 KAZ 2010>, column country: "KAS" – expected a country '
        "that data/labels.csv has as country.KAS",
    ),
    "the wrong country": (
        lambda copy: copy.edit("series", KAZ_2010, country="KGZ"),
        'data/series.csv, row <wb-population-2025-04 KAZ 2010>, column country: "KGZ" – expected KAZ, like '
        "the rows before and after it",
    ),
    "the wrong country, which has that year": (
        lambda copy: copy.edit("series", KAZ_2010, country="CHN"),
        "data/series.csv, row <wb-population-2025-04 KAZ 2010>, column source_id + country + year: "
        '"wb-population-2025-04 + CHN + 2010" – expected '
        "a value of its own, row <wb-population-2025-04 CHN 2010> has it already",
    ),
    "an unknown source": (
        lambda copy: copy.edit("series", KAZ_2010, source_id="wb-population-2025-40"),
        'data/series.csv, row <wb-population-2025-04 KAZ 2010>, column source_id: "wb-population-2025-40" – '
        "expected a value of source_id in "
        'data/sources.csv; is it "wb-population-2025-04"?',
    ),
    "an unknown source of a fact": (
        lambda copy: copy.edit("facts", "pledge-xian-2023", source_id="xian-keynote-2032"),
        'data/facts.csv, row <pledge-xian-2023>, column source_id: "xian-keynote-2032" – expected a value of '
        "source_id in "
        'data/sources.csv; is it "xian-keynote-2023"?',
    ),
    "a source that nothing uses": (
        lambda copy: copy.drop("facts", "pledge-africa-2024"),
        'data/sources.csv, row <focac-2024>, column source_id: "focac-2024" – expected a source that '
        "something uses",
    ),
    "NaN": (
        lambda copy: copy.edit("series", KAZ_2010, value="NaN"),
        'data/series.csv, row <wb-population-2025-04 KAZ 2010>, column value: "NaN" – expected a value, or '
        "an empty cell where there is none",
    ),
    "a fact without its value": (
        lambda copy: copy.edit("facts", "pledge-xian-2023", value_low=""),
        'data/facts.csv, row <pledge-xian-2023>, column value_low: "" – expected a number, because the bound '
        "is exact",
    ),
    "a fact the wrong way round": (
        lambda copy: copy.edit("facts", "patents-granted-2022", value_low="61.31"),
        'data/facts.csv, row <patents-granted-2022>, column value_low: "61.31" – expected at most '
        "value_high, 61.13",
    ),
    "a share above the whole": (
        lambda copy: copy.edit("facts", "patents-granted-2023", value_high="697"),
        'data/facts.csv, row <patents-granted-2023>, column value_high: "697.0" – expected a share from 0 to '
        "100 per cent",
    ),
    "a fact in another unit than its claim": (
        lambda copy: copy.edit("facts", "patents-granted-2023", unit="usd-bn"),
        'data/facts.csv, row <patents-granted-2023>, column unit: "usd-bn" – expected what compares with '
        "percent, the unit of claim "
        "ai-patents",
    ),
    "a fact on a topic that nobody looks up": (
        lambda copy: copy.edit("facts", "pledge-xian-2023", topic="moneys"),
        'data/facts.csv, row <pledge-xian-2023>, column topic: "moneys" – expected a topic that a claim or '
        "reading names",
    ),
    "a reading that nothing can match": (
        lambda copy: copy.edit("readings", "trade-rank", act="traded-with"),
        'data/readings.csv, row <trade-rank>, column act: "traded-with" – expected a value that some fact or '
        "event has as its act",
    ),
    "a claim without a primary reading": (
        lambda copy: copy.edit("readings", "population-all", is_primary="false"),
        'data/claims.csv, row <population>, column claim_id: "population" – expected exactly one primary '
        "reading in readings.csv, "
        "found 0",
    ),
    "a claim without evidence": (
        lambda copy: copy.append("claims", "poverty", claim_id="nothing", topic="nowhere"),
        'data/claims.csv, row <last>, column claim_id: "nothing" – expected a reading with evidence in '
        "series, facts or "
        "events, or a row in searches",
    ),
    "a claim the wrong way round": (
        lambda copy: copy.edit("claims", "population", low=f"{HIGH + 1:g}"),
        f'data/claims.csv, row <population>, column low: "{HIGH + 1}" – expected numbers and a hedge that go '
        f"together: low {HIGH + 1:g} is above high {HIGH:g}",
    ),
    "a range with “more than”": (
        lambda copy: copy.edit("claims", "population", high=f"{LOW + 0.5:g}", hedge="more-than"),
        f'data/claims.csv, row <population>, column low: "{LOW}" – expected numbers and a hedge that go '
        f"together: a range ({LOW:g}–{LOW + 0.5:g}) cannot be more-than",
    ),
    "a claim with half a number": (
        lambda copy: copy.edit("claims", "population", low=""),
        f'data/claims.csv, row <population>, column high: "{HIGH}" – expected low and high are both filled in, '
        "or both empty",
    ),
    "a ratio without a number": (
        lambda copy: copy.edit("claims", "population", low="", high=""),
        'data/claims.csv, row <population>, column low: "nan" – expected a number, because the claim is of '
        "kind ratio",
    ),
    "a quote that nobody said": (
        lambda copy: copy.edit(
            "claims", "telecom-share", quote=HUAWEI.replace("глобального", "мирового")
        ),
        f'data/claims.csv, row <telecom-share>, column quote: "{HUAWEI.replace("глобального", "мирового")}" '
        "– expected words "
        "that stand once in the interview: it is not there; after «ируют значительную часть » it has м "
        "(CYRILLIC SMALL LETTER EM), the interview г (CYRILLIC SMALL LETTER GHE)",
    ),
    "a number that the quote does not say": (
        lambda copy: copy.edit("claims", "population", high="90"),
        'data/claims.csv, row <population>, column high: "90.0" – expected a number that the quote says: 80, 85',
    ),
    "a quote that was said twice": (
        said_again,
        f'data/claims.csv, row <telecom-share>, column quote: "{HUAWEI[:79]}…" – expected words that stand '
        "once in the interview: "
        "it is there 2 times; make it longer until it is unique",
    ),
    "a series without its edition": (
        lambda copy: copy.edit("sources", "un-population-2024", vintage=""),
        'data/sources.csv, row <un-population-2024>, column vintage: "" – expected the edition of the series, such as '
        "April 2025",
    ),
    "another text than was received": (
        lambda copy: copy.edit("interviews", "inbusiness-2025-06", sha256="0" * 64),
        f'data/interviews.csv, row <inbusiness-2025-06>, column sha256: "{"0" * 64}" – expected '
        "443b361e8f3c8636ad6414b0193089cfada5123196c6588e04bfef50adcfc8e4, which is that of "
        "seeds/000_fb38ba3c254a56fc.txt; restore the text as received",
    ),
    "a numeral without a row": (
        lambda copy: copy.drop("mentions", "n04"),
        f"data/mentions.csv: no row for «70%» number 1, link it to a claim or dismiss it: {SENTENCE}",
    ),
    "a numeral with two rows": (
        lambda copy: copy.append("mentions", "n04", mention_id="n99"),
        f"data/mentions.csv: n04, n99: 2 rows for «70%» number 1, keep one: {SENTENCE}",
    ),
    "a row whose numeral is gone": (
        lambda copy: copy.append("mentions", "n04", mention_id="n99", surface="71%"),
        "data/mentions.csv: n99: stale, there is no numeral «71%» number 1; not in the text",
    ),
    "a numeral neither claimed nor dismissed": (
        lambda copy: copy.edit("mentions", "n04", claim_id=""),
        f"data/mentions.csv: n04: give either claim_id or reason_en, not neither, for «70%»: {SENTENCE}",
    ),
    "a label that is missing": (
        lambda copy: copy.drop("labels", "provider.un"),
        "data/labels.csv: the label provider.un is missing",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_check_says_in_one_line_what_is_wrong(copy, name):
    change, line = BREAKS[name]
    table = re.match(r"data/(\w+)\.csv", line)[1]
    rows = copy.read(table)

    def number(match):
        key = match[1].split()
        return str(
            next((n for n, row in enumerate(rows, 1) if row[: len(key)] == key), len(rows) + 1)
        )

    line = re.sub("<([^>]+)>", number, line)
    change(copy)
    assert checks.problems(copy.root) == [line]


def test_the_parts_of_a_region_add_up_to_its_total(copy):
    copy.edit("facts", "finance-uzb", value_low="19.21", value_high="19.21")
    row = 1 + [r[0] for r in copy.read("facts")].index("finance-central-asia")
    assert checks.problems(copy.root) == [
        f'data/facts.csv, row {row}, column value_low: "105.0" – expected the sum of its parts, 106.03'
    ]


def test_parts_that_do_not_add_up_are_told_once_for_several_interviews(copy):
    copy.edit("facts", "finance-uzb", value_low="19.21", value_high="19.21")
    frames = tables.load_all(copy.root)
    assert len(checks._sums(frames)) == 1
    talks = frames["interviews"]
    assert len(checks._sums(frames | {"interviews": pd.concat([talks, talks])})) == 1


def correct(copy, finding, *chain, claim_id="economy"):
    """Write corrections of one finding, each from the value before it to the next."""
    head = copy.read("corrections")[0]
    rows = [
        dict(
            correction_id=f"c{n}",
            corrected_on=f"2026-11-{21 + n}",
            claim_id=claim_id,
            finding=finding,
            stood=stood,
            stands=stands,
            reason_en="A slip",
            reason_ru="Описка",
            noticed_by="a reader",
        )
        for n, (stood, stands) in enumerate(chain, 1)
    ]
    copy.write("corrections", [head, *([row.get(column, "") for column in head] for row in rows)])


# The values of a correction, whatever the data now say: {now} follows from them, {a}, {b} and {c} do not.
@pytest.fixture(scope="session")
def standing(results, frames):
    found, claimed = findings.values(results, frames), frames["claims"].set_index("claim_id")

    def values(finding):
        if finding == "verdict":
            now = found["economy.verdict"]
            return dict(zip("abc", (word for word in verdict.VERDICTS if word != now)), now=now)
        if finding == "title_en":
            return {"a": "The economies compared", "now": claimed.title_en["economy"]}
        value = found.get(f"economy.{finding}", found.get(finding, 0))
        return {"now": f"{value:.1f}", "a": f"{value + 0.3:.1f}", "b": f"{value - 0.1:.1f}"}

    return values


@pytest.mark.parametrize(
    "finding, chain",
    [
        ("verdict", [("{a}", "{now}")]),
        ("verdict", [("{a}", "{b}"), ("{b}", "{now}")]),
        ("high", [("{a}", "{now}")]),  # 68.09 as 68.1, to as many decimals as are written
        ("fact.pledge-xian-2023.usd", [("{a}", "{now}")]),
        ("title_en", [("{a}", "{now}")]),
    ],
)
def test_a_correction_is_accepted_while_its_last_value_stands(copy, standing, finding, chain):
    correct(copy, finding, *([text.format(**standing(finding)) for text in pair] for pair in chain))
    assert checks.problems(copy.root) == []


@pytest.mark.parametrize(
    "finding, chain, place",
    [
        (
            "verdict",
            [("{a}", "{b}")],
            '2, column stands: "{b}" – expected what now follows, {now}; correct again in a row of its own',
        ),
        (
            "high",
            [("{a}", "{b}")],
            '2, column stands: "{b}" – expected what now follows, {now}; correct again in a row of its own',
        ),
        (
            "verdict",
            [("{a}", "{b}"), ("{c}", "{now}")],
            '3, column stood: "{c}" – expected what the correction before it put in its place, {b}',
        ),
        (
            "high",
            [("{now}", "{now}")],
            '2, column stood: "{now}" – expected another value than stands now',
        ),
        (
            "hihg",
            [("1", "2")],
            '2, column finding: "hihg" – expected verdict, text, a column of claims.csv, or a name as '
            "in factcheck/findings.py",
        ),
        (
            "verdict",
            [("wrong", "{now}")],
            '2, column stood: "wrong" – expected one of correct, mostly-correct, '
            "out-of-date, exaggerated, understated, incorrect, sources-disagree, unproven, too-vague, not-yet-due",
        ),
    ],
)
def test_a_correction_that_no_longer_matches_is_named(copy, standing, finding, chain, place):
    values = standing(finding)
    correct(copy, finding, *([text.format(**values) for text in pair] for pair in chain))
    assert checks.problems(copy.root) == [f"data/corrections.csv, row {place.format(**values)}"]


# ---- Labels


def labels():
    return {row["key"]: row for row in tables.load("labels").to_dict("records")}


def test_every_label_is_there_in_each_language_with_the_same_placeholders():
    for key, row in labels().items():
        if key.startswith("count."):
            # English has two forms of a noun, Russian four.
            assert row["ru"] and bool(row["en"]) is key.endswith((".one", ".other")), key
            continue
        assert all(row[language] for language in LANGUAGES), key
        names = [
            sorted(name for name, _ in PLACEHOLDER.findall(row[language])) for language in LANGUAGES
        ]
        assert names[0] == names[1], f"{key}: {names}"
        assert len({row[language].count("#") for language in LANGUAGES}) == 1, key
        for language in LANGUAGES:
            assert row[language].count("{") == len(PLACEHOLDER.findall(row[language])), (
                f"{key}.{language}"
            )


def test_every_noun_has_all_its_forms():
    forms = {}
    for key in labels():
        if key.startswith("count."):
            forms.setdefault(key.rpartition(".")[0], set()).add(key.rpartition(".")[2])
    assert forms and all(found == {"one", "few", "many", "other"} for found in forms.values()), (
        forms
    )


def test_no_label_is_unused(frames):
    package = [
        path
        for path in (NOTEBOOKS / "factcheck").rglob("*")
        if path.suffix in (".py", ".j2", ".typ")
    ]
    code = "\n".join(path.read_text("utf-8") for path in package)
    for path in NOTEBOOKS.glob("*.ipynb"):
        code += "\n".join(
            "".join(cell["source"]) for cell in json.loads(path.read_text("utf-8"))["cells"]
        )
    texts = "\n".join(row[language] for row in labels().values() for language in LANGUAGES)
    enums = {
        f"{table}.{field['name']}": field.get("constraints", {}).get("enum", [])
        for table, field in FIELDS
    }
    topics = {*frames["facts"].topic, *frames["events"].topic}
    # Families whose last part is a value of the data or of the rule, each with the values that can occur.
    families = {
        "verdict": verdict.VERDICTS,
        "rule": verdict.VERDICTS,
        "confidence": enums["claims.confidence"],
        "country": {*frames["series"].country, *"|".join(frames["readings"].countries).split("|")},
        "provider": {*frames["sources"].provider},
        "indicator": enums["readings.indicator"],
        "hedge": {*enums["claims.hedge"], "about.times"},
        "said": frames["claims"].claim_id,
        "front.responsible": ("nobody", "publisher", "contact", "publisher-contact"),
        "original": {*frames["facts"].original_language, *frames["events"].original_language},
        "bound": enums["facts.bound"],
        "seen": enums["sources.seen"],
        "topic": topics,
        "unit": {*frames["facts"].unit} - {"percent", "usd-bn", "cny-bn"},
        "excess": SHARES,
        "shortfall": {*SHARES} - {"double"},
        "ordinal": map(str, range(1, 7)),
        "status": enums["series.status"],
        "period": ("from-on", "until"),
        "searched": " ".join(frames["searches"].languages).split(),
        "export.column": {
            column
            for path in (ROOT / "figures").glob("*.csv")
            for column in path.read_text("utf-8").partition("\n")[0].split(",")
        },
        "chart.overview.none": ("unproven", "too-vague", "rank", "occurrence"),
        "chart.ratio.title": {v for v in verdict.VERDICTS}
        | {f"{c}.{v}" for c in frames["claims"].claim_id for v in verdict.VERDICTS},
        "chart.ranking.title": {
            f"{c}.{v}" for c in frames["claims"].claim_id for v in verdict.VERDICTS
        },
        "chart.shares.title": {*frames["claims"].claim_id},
    }
    used = {f"{family}.{value}" for family, values in families.items() for value in values}
    nouns = {
        *frames["claims"].unit,
        *re.findall(r":count\.([a-z-]+)", code + texts),
        *re.findall(r"""["']count\.([a-z-]+)["']""", code),
        *re.findall(r'noun\("([a-z-]+)"', code),
    }
    # Families whose last part is a word in the code: f"table.{key}" for key in ("claim", "said").
    worded = ("table", "front", "format", "chart.pledges", "edition", "export")

    def is_used(key):
        family, _, word = key.rpartition(".")
        if key.startswith("count."):
            return key.split(".")[1] in nouns
        literal = re.search(rf"""["']{re.escape(key)}["']""", code)
        by_word = family in worded and re.search(
            rf"""["']{re.escape(word)}["']|words\.{re.escape(word)}\b""", code
        )
        return key in used or literal or by_word

    unused = [key for key in labels() if not is_used(key)]
    assert not unused, f"labels that nothing shows: {', '.join(unused)}"
