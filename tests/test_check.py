"""What `make check` finds: each line by the slip that it is there to catch, and no line for what is sound."""

import json
import subprocess

import pytest
import small_project as small
from factcheck import check, reads
from small_project import added, edited, without


def series(source_id, country, year, /, **cells):
    """series.csv with other cells in one of its rows, and the number of that row in messages."""
    own = {"source_id": source_id, "country": country, "year": str(year)}
    number = next(
        n for n, row in enumerate(small.TABLES["series"], 2) if own.items() <= row.items()
    )
    return edited("series", number, **cells), f"data/series.csv, row {number}, column "


def test_a_small_project_is_sound_and_says_what_to_do_next(tmp_path):
    """Catches a check that is red for an unfinished project, or green because it looks at nothing."""
    small.write(tmp_path)
    assert check.problems(tmp_path) == []
    assert check.to_do(tmp_path)[:3] == [
        "notebooks: a section that concludes on the claim people",
        "notebooks: a section that concludes on the claim aid",
        "notebooks: a section that concludes on the claim always",
    ]


def test_a_project_without_a_claim_is_sound(tmp_path):
    """Catches a new project that is red before anybody has worked on it: numerals are drafts, tables empty."""
    empty = ("claims", "readings", "series", "facts", "events", "sources")
    drafts = [
        row | {"claim_id": "", "reason_en": "? draft", "reason_ru": "? draft"}
        for row in small.TABLES["mentions"]
    ]
    root = small.write(tmp_path, mentions=drafts, **{name: [] for name in empty})
    assert check.problems(root) == []
    assert "n1: link «70 раз» to a claim or say why" in check.to_do(root)[0]


LABEL_UZB = {"key": "country.UZB", "en": "UZB", "ru": "слово"}
# The one line that is said: tables that differ from the sound ones by one slip.
SLIPS = {
    'data/interviews.csv, row 2, column sha256: "0000': edited("interviews", 2, sha256="0" * 64),
    'data/interviews.csv, row 2, column file: "seeds/tale.txt" – expected a file of the project': edited(
        "interviews", 2, file="seeds/tale.txt"
    ),
    'data/claims.csv, row 3, column quote: "Объявлена подмога в 3 миллиарда долларов" – expected '
    "words that stand once in the interview: it is not there": edited(
        "claims", 3, quote=small.AID.replace("помощь", "подмога")
    ),
    'data/claims.csv, row 2, column low: "75" – expected a number that the quote says: 70': edited(
        "claims", 2, low="75", high="75"
    ),
    'data/claims.csv, row 2, column high: "70" – expected '
    "low and high are both filled in, or both empty": edited("claims", 2, low=""),
    'data/claims.csv, row 2, column low: "" – expected a number, because the claim is of kind ratio': edited(
        "claims", 2, low="", high=""
    ),
    'data/claims.csv, row 2, column low: "71" – expected '
    "numbers and a hedge that go together: low 71 is above high 70": edited("claims", 2, low="71"),
    'data/claims.csv, row 4, column confidence: "high" – expected '
    "nothing, because a vague claim has none": edited("claims", 4, kind="vague")
    | without("readings", 5),
    'data/claims.csv, row 2, column confidence: "" – expected a confidence': edited(
        "claims", 2, confidence=""
    ),
    'data/claims.csv, row 3, column title_ru: "О теме People" – expected '
    "a title of its own, row 2 has it already": edited("claims", 3, title_ru="О теме People"),
    'data/readings.csv, row 2, column measure: "first" – expected '
    "ratio, because the claim is of kind ratio": edited("readings", 2, measure="first"),
    'data/claims.csv, row 3, column claim_id: "aid" – expected '
    "exactly one primary reading in readings.csv, found 2": edited(
        "readings", 3, is_primary="true"
    ),
    'data/readings.csv, row 5, column topic: "" – expected a topic, or an indicator, to measure by': edited(
        "readings", 5, topic=""
    ),
    'data/readings.csv, row 2, column countries: "CHN|UZB" – expected '
    "a country of which series.csv has population": edited("readings", 2, countries="CHN|UZB"),
    'data/readings.csv, row 4, column basis: "grant" – expected '
    "a basis that some fact or event has; nearest: grants": edited("readings", 4, basis="grant"),
    'data/events.csv, row 2, column topic: "tour" – expected '
    "a topic that a claim or a reading names; nearest: tours": edited("events", 2, topic="tour"),
    "data/mentions.csv: no row for «70 раз» number 1, link it to a claim or dismiss "
    "it: Людей в Китае": without("mentions", 2),
    "data/mentions.csv: n3: stale, there is no numeral «71 раз» number 1": added(
        "mentions", {"mention_id": "n3", "surface": "71 раз", "claim_id": "people"}
    ),
    'data/facts.csv, row 3, column value_low: "" – expected a number, because the bound is exact': edited(
        "facts", 3, value_low=""
    ),
    'data/facts.csv, row 3, column value_low: "4" – expected at most value_high, 3.7': edited(
        "facts", 3, value_low="4"
    ),
    'data/facts.csv, row 3, column value_high: "370" – expected a value from 0 to 100 percent': edited(
        "facts", 3, unit="percent", value_high="370"
    ),
    'data/sources.csv, row 4, column provider: "bank" – expected '
    "provider, indicator, unit all filled in or all empty": edited("sources", 4, unit=""),
    'data/sources.csv, row 4, column vintage: "" – expected '
    "the edition of the series, such as April 2025": edited("sources", 4, vintage=""),
    'data/sources.csv, row 7, column indicator: "" – expected what the rows of series.csv measure': edited(
        "series", 2, source_id="paper-2022"
    ),
    'data/sources.csv, row 3, column published: "2025-04" – expected '
    "another day than that of bank-2024, to tell which is newer": edited(
        "sources", 2, published="2025-04"
    ),
    'data/readings.csv, row 5, column complete_sources: "paper-202" – expected '
    "a source_id of data/sources.csv; nearest: paper-202": edited(
        "readings", 5, complete_sources="paper-202"
    ),
    'data/sources.csv, row 8, column read_in: "" – expected '
    "an address, a repository or where it was read": edited("sources", 8, read_in=""),
    series("fund-2025", "KAZ", 2025)[1]
    + 'status: "actual" – expected estimate or projection, because '
    "the year 2025 was not over in 2025-04": series("fund-2025", "KAZ", 2025, status="actual")[0],
    series("bank-2025", "KAZ", 2022)[1]
    + 'value: "196" – expected a value near those of the years around '
    "it, whose middle is 20.1": series("bank-2025", "KAZ", 2022, value="196")[0],
    series("rates-2026", "CHN", 2023)[1]
    + 'value: "-7.0809" – expected 0 or more, because the unit is cny-per-usd': series(
        "rates-2026", "CHN", 2023, value="-7.0809"
    )[0],
    series("bank-2025", "KAZ", 2022)[1]
    + 'country: "UZB" – expected KAZ, which lacks this year and has '
    "those around it": series("bank-2025", "KAZ", 2022, country="UZB")[0]
    | added("labels", LABEL_UZB),
    series("fund-2025", "KAZ", 2022)[1]
    + 'value: "19.7" – expected a value within 10% of 22.5 by bank-2025': series(
        "bank-2025", "KAZ", 2022, value="22.5"
    )[0],
    "data/labels.csv: the label country.KAZ is missing": without("labels", 3),
    'data/labels.csv, row 3, column ru: "" – expected what “KAZ” is in this language': edited(
        "labels", 3, ru=""
    ),
    'data/labels.csv, row 6, column ru: "из {cuont}" – expected '
    "what “of {count}” is in this language": added(
        "labels", {"key": "x", "en": "of {count}", "ru": "из {cuont}"}
    ),
    "data/labels.csv: the label count.claim.one is missing": added(
        "labels",
        *({"key": f"count.tour.{form}", "en": "tours", "ru": "поездок"} for form in ("one", "few")),
        {"key": "count.claim.few", "en": "claims", "ru": "фразы"},
    ),
    'data/facts.csv, row 3, column doubt_ru: "" – expected '
    "the text of doubt_en in this language, too": edited("facts", 3, doubt_en="A digest"),
    'data/claims.csv, row 2, column title_ru: "О “людях”" – expected '
    "quotation marks as Russian has them": edited("claims", 2, title_ru="О “людях”"),
}


@pytest.mark.parametrize("line, tables", SLIPS.items(), ids=range(len(SLIPS)))
def test_each_slip_is_told_in_one_line(tmp_path, line, tables):
    """Catches a slip that goes unnoticed, and one that is told twice or as something else."""
    found = check.problems(small.write(tmp_path, **tables))
    assert len(found) == 1 and found[0].startswith(line), found


SOUND = {
    "rows in another order": {name: rows[::-1] for name, rows in small.TABLES.items()},
    "an edition appended year by year": {
        "series": sorted(small.TABLES["series"], key=lambda row: (row["year"], row["source_id"]))
    },
    "a claim that nobody has worked on": added(
        "claims", small.claim("more", "plan", "Поездки всегда начинаются", unit="none")
    ),
    "a fact on a topic of its own": added(
        "facts", small.fact("new", "paper-2023", "2023", 1, topic="water")
    ),
    "a reading without evidence": added(
        "readings",
        {"reading_id": "new", "claim_id": "aid", "is_primary": "false", "measure": "value"}
        | {"topic": "aid", "actor": "somebody"},
    ),
    "a vague claim with a reading that judges nothing": edited(
        "claims", 4, kind="vague", confidence="", confidence_reason_en="", confidence_reason_ru=""
    )
    | edited("readings", 5, is_primary="false"),
    "rates that jump": {
        "sources": [
            *small.TABLES["sources"],
            small.source("growth", "2026", "bank", "gdp-growth", "percent"),
        ],
        "series": [
            *small.TABLES["series"],
            *small.years("growth", "KAZ", 2019, 4.5, -2.5, 4.3, 4.9),
        ],
    },
    "an empty region": edited("interviews", 2, region=""),
    "several corrections of sentences": added(
        "corrections",
        *(
            {"correction_id": f"c{n}", "claim_id": "people", "finding": "text"}
            | {"stood": f"Old {n}", "stands": f"New {n}"}
            for n in (1, 2)
        ),
    ),
}


@pytest.mark.parametrize("tables", SOUND.values(), ids=SOUND)
def test_what_is_sound_is_not_refused(tmp_path, tables):
    """Catches a check by the order of rows, one that is red while claims are added, and false alarms."""
    assert check.problems(small.write(tmp_path, **tables)) == []


LEFT = {
    "data/readings.csv: a primary reading of the claim more": added(
        "claims", small.claim("more", "plan", "Поездки всегда начинаются", unit="none")
    ),
    "data/facts.csv or events.csv: evidence with the actor somebody for the reading new, or a search in "
    "searches.csv that found none": SOUND["a reading without evidence"],
    "data/readings.csv: a reading or a claim on the topic water of facts.csv": SOUND[
        "a fact on a topic of its own"
    ],
    "data/sources.csv, row 10: nothing cites atlas": added(
        "sources", small.source("atlas", "2020")
    ),
    "data/publication.csv, row 3: contact is blank; the brief does not say it then": added(
        "publication", {"key": "contact"}
    ),
}


@pytest.mark.parametrize("line, tables", LEFT.items(), ids=range(len(LEFT)))
def test_what_is_unfinished_is_to_do_and_not_wrong(tmp_path, line, tables):
    """Catches work that is forgotten, and a check that is red while it is under way."""
    root = small.write(tmp_path, **tables)
    assert check.problems(root) == [] and line in check.to_do(root)


def test_labels_are_used_by_name_or_by_family_and_value(tmp_path):
    """Catches a label that stays when its table is gone, and one called unused that a program puts together."""
    keys = (
        "country.CHN",
        "country.KAZ",
        "front.date",
        "verdict.correct",
        "old.title",
        "verdict.odd",
    )
    root = small.write(tmp_path, labels=[{"key": key, "en": "a", "ru": "б"} for key in keys])
    (root / "notebooks" / "factcheck").mkdir()
    code = (
        'say.label(f"country.{code}"); say.label("front.date"); word = "correct"; f"verdict.{word}"'
    )
    (root / "notebooks" / "factcheck" / "blocks.py").write_text(code, "utf-8")
    assert check.to_do(root)[-1] == "data/labels.csv: nothing uses old.title, verdict.odd"


# ---- what was published


def finding(claim, verdict, low=67.0, high=69.4):
    """What `conclude` leaves in a stored output, as far as the check reads it."""
    other = {"is_primary": False, "low": 1.0, "high": 99.0}
    readings = {"other": other, "first": {"is_primary": True, "low": low, "high": high}}
    return {"claim": claim, "verdict": verdict, "readings": readings}


def test_a_section_that_no_brief_prints_is_to_do(tmp_path):
    """Catches a claim that was worked out and then left out of the brief without a word."""
    root = small.write(tmp_path)
    small.store_findings(root, "02_aid", finding("aid", "unproven"))
    line = "notebooks/00_brief.ipynb: take the sections of 02_aid, on aid"
    for taken in ([], ["02_aid"]):
        shown = {"role": "take", "take": taken}
        outputs = [{"data": {reads.FACTS: shown}}]
        cells = [{"cell_type": "code", "source": "1", "outputs": outputs}]
        brief = {"cells": cells, "metadata": {"factcheck": {"brief": ["en"]}}}
        (root / "notebooks" / "00_brief.ipynb").write_text(json.dumps(brief), "utf-8")
        assert (line in check.to_do(root)) == (not taken)


def test_an_unproven_claim_says_what_was_looked_for(tmp_path):
    """Catches "unproven" that only means that nobody looked."""
    root = small.write(tmp_path)
    small.store_findings(root, "02", finding("aid", "unproven"), finding("people", "exaggerated"))
    assert check.problems_of_findings(root) == [
        'data/claims.csv, row 3, column claim_id: "aid" – expected a row in searches.csv that says what was '
        "looked for: the claim is unproven"
    ]
    assert check.problems(root) == [], "a build must be able to find something else"
    searched = {
        "search_id": "s",
        "claim_id": "aid",
        "what_en": "x",
        "what_ru": "х",
        "searched_on": "2026",
    }
    assert check.problems_of_findings(small.write(tmp_path, searches=[searched])) == []
    assert not any("claim people" in line or "claim aid" in line for line in check.to_do(root))


def corrections(finding_name, *pairs):
    return {
        "corrections": [
            {"correction_id": f"c{n}", "corrected_on": f"2026-11-{20 + n}", "claim_id": "people"}
            | {
                "finding": finding_name,
                "stood": stood,
                "stands": stands,
                "reason_en": "A",
                "reason_ru": "Б",
            }
            for n, (stood, stands) in enumerate(pairs, 1)
        ]
    }


NOW = "expected what now follows, {}; correct again in a row of its own"
CHAINS = [
    ("verdict", [("correct", "exaggerated")], ""),
    ("verdict", [("correct", "incorrect"), ("incorrect", "exaggerated")], ""),
    ("high", [("70.1", "69.4")], ""),
    ("low", [("70.12", "67.00")], ""),
    ("title_en", [("People", "About people")], ""),
    ("fact.grants-2023", [("3", "3.7")], ""),
    ("text", [("One", "Two"), ("Three", "Four")], ""),
    ("verdict", [("correct", "incorrect")], NOW.format("exaggerated")),
    ("high", [("70.1", "69.5")], NOW.format("69.4")),
    ("fact.grants-2023", [("3", "3.8")], NOW.format("3.7")),
    ("title_en", [("People", "Persons")], NOW.format("About people")),
    ("high", [("70", "71"), ("72", "69.4")], "what the correction before it put in its place, 71"),
    ("high", [("69.4", "69.4")], "another value than stands now"),
    ("verdict", [("wrong", "exaggerated")], "one of correct, mostly-correct"),
    ("hihg", [("1", "2")], "expected verdict, low, high, text, fact.ID or a column of claims.csv"),
]


@pytest.mark.parametrize("name, pairs, expected", CHAINS, ids=range(len(CHAINS)))
def test_corrections_are_chains_that_end_with_what_holds(tmp_path, name, pairs, expected):
    """Catches a correction that no longer says what the brief says."""
    root = small.write(tmp_path, **corrections(name, *pairs))
    small.store_findings(root, "02", finding("people", "exaggerated"))
    found = check.problems_of_findings(root)
    assert len(found) == bool(expected) and all(expected in line for line in found), found


def test_digits_that_a_spreadsheet_cut_are_noticed(tmp_path):
    """Catches a table saved as it was shown, with fewer digits; one number shortened by hand is let pass."""
    root = small.write(tmp_path)
    for command in ("init -q", "add .", "-c user.name=a -c user.email=a@b commit -q -m x"):
        subprocess.run(["git", "-C", str(root), *command.split()], check=True)
    rows = [dict(row) for row in small.TABLES["series"]]
    for row in rows[1:3]:
        row["value"] = str(round(float(row["value"]), -1)).removesuffix(".0")
    rows[-1]["value"] = "7.2"
    assert check.problems(small.write(tmp_path, series=rows)) == []
    rows[-2]["value"] = "7.08"
    lines = check.problems(small.write(tmp_path, series=rows))
    assert lines[-1].endswith('"7.2" – expected 7.1957, as in the last commit; digits were cut')
    assert len(lines) == 3


def test_parts_must_add_up_to_the_total_of_the_same_source(tmp_path):
    """Catches a part that was copied wrongly; sums across sources are nobody's."""
    parts = [
        small.fact(
            f"part-{place.lower()}", "paper-2023", "2023", value, object=place, basis="trade"
        )
        for place, value in (("KAZ", 3), ("UZB", 4), ("region", 7))
    ]
    assert check.problems(small.write(tmp_path, facts=small.TABLES["facts"] + parts)) == []
    parts[0] |= {"value_low": "3.5", "value_high": "3.5"}
    assert check.problems(small.write(tmp_path, facts=small.TABLES["facts"] + parts)) == [
        'data/facts.csv, row 7, column value_low: "7" – expected the sum of its parts, 7.5'
    ]
    parts[1]["source_id"] = "paper-2022"
    assert check.problems(small.write(tmp_path, facts=small.TABLES["facts"] + parts)) == []


def test_words_in_another_language_have_a_translation_marked_as_ours(tmp_path):
    """Catches decisive words that a reader cannot read."""
    words = {"original": "一贯", "original_language": "zh", "ours_en": "always"}
    assert check.problems(small.write(tmp_path, **edited("events", 2, **words))) == [
        'data/events.csv, row 2, column ours_ru: "" – expected our translation'
    ]
    words |= {"ours_ru": "всегда"}
    assert check.problems(small.write(tmp_path, **edited("events", 2, **words))) == []
    words |= {"original_language": "en"}
    assert check.problems(small.write(tmp_path, **edited("events", 2, **words))) == [
        'data/events.csv, row 2, column ours_en: "always" – expected nothing to translate'
    ]


def test_later_editions_may_revise_within_a_band(tmp_path):
    """Catches a later edition whose value slipped, and a revision that is taken for a slip."""
    rows = small.TABLES["series"] + small.years("bank-2026", "CHN", 2021, 1600)
    assert check.problems(small.write(tmp_path, series=rows)) == []
    rows = small.TABLES["series"] + small.years("bank-2026", "CHN", 2021, 1900)
    lines = check.problems(small.write(tmp_path, series=rows))
    assert lines and all("a value within 25% of" in line for line in lines)
