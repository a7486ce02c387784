"""A second interview needs rows and no code: one written for this test goes the whole way, in a copy.

Speaker, fund and figures are made up, and say so. The interview is Russian, of other countries, another
day and other ratios than the first; each verdict below is worked out by hand beside its row.
"""

import csv
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from conftest import Copy
from factcheck import DATA, NOTEBOOKS, ROOT, SEEDS, checks, interview

LESSON = "lesson-2024-04"
TITLE = "Учебный пример: соседи в цифрах"
TEXT = f"""{TITLE}

Этого интервью не было: его придумали для проверки, и говорит в нём вымышленный эксперт Азамат Примеров.

– Население Узбекистана больше, чем Кыргызстана, примерно в пять раз. Экономика Узбекистана больше \
таджикской в 12–15 раз, и это вторая экономика среди соседей.

– Пастбища занимают более половины земель Кыргызстана. Учебный фонд объявил о 2 миллиардах долларов кредитов \
для Таджикистана.

– Первый учебный мост через Пяндж открыт в 2016 году. Поездки фонда по региону всегда начинаются с Душанбе.

– Торговля соседей растёт невиданными темпами. Во-первых, дороги стали лучше, во-вторых, чаще \
двусторонние встречи.
"""
# What becomes of each numeral that the audit finds: its claim, or why it is none in English and Russian.
NUMERALS = {
    "пять раз": "lesson-people",
    "12–15 раз": "lesson-economy",
    "вторая": "lesson-rank",
    "половины": "lesson-pastures",
    "2 миллиардах долларов": "lesson-loans",
    "Первый": "lesson-bridge",
    "2016 году": "lesson-bridge",
    "Во-первых": ("Numbers an argument", "Нумерует довод"),
    "во-вторых": ("Numbers an argument", "Нумерует довод"),
    "двусторонние": ("A word for “mutual”", "Слово со значением «взаимный»"),
}
# One row a claim: kind, quote, low, high, unit, hedge, subject; then what the brief must show of it: said,
# found, verdict, worked out by hand from the figures further down.
CLAIMS = {
    # 35.7 / 7 = 5.1, within 5 ± 10 %
    "lesson-people": (
        "ratio",
        "Население Узбекистана больше, чем Кыргызстана, примерно в пять раз",
        5,
        5,
        "times",
        "about",
        "",
        "about 5 times",
        "5.1 times",
        "Correct",
    ),
    # 100 / 10 = 10, a fifth below 12; but from 2016 to 2019 it was 12, 13, 14 and 12
    "lesson-economy": (
        "ratio",
        "Экономика Узбекистана больше таджикской в 12–15 раз",
        12,
        15,
        "times",
        "none",
        "",
        "12 to 15 times",
        "10.0 times",
        "Out of date",
    ),
    # of 250, 100 and 10
    "lesson-rank": (
        "rank",
        "это вторая экономика среди соседей",
        2,
        2,
        "rank",
        "none",
        "UZB",
        "second",
        "second of 3",
        "Correct",
    ),
    # 47 is (50 − 47) / 47 = 6 % below "more than 50", within the tolerance of 10 %
    "lesson-pastures": (
        "share",
        "Пастбища занимают более половины земель Кыргызстана",
        50,
        50,
        "percent",
        "more-than",
        "",
        "more than 50%",
        "47%",
        "Mostly correct",
    ),
    # "2" is 1.5 to 2.5; 1.2 is a quarter below 1.5
    "lesson-loans": (
        "money",
        "объявил о 2 миллиардах долларов кредитов для Таджикистана",
        2,
        2,
        "usd-bn",
        "none",
        "",
        "US$2 billion",
        "US$1.2 billion",
        "Exaggerated",
    ),
    # an event of 2016 that its source calls the first; the one of 2014 was published after the interview
    "lesson-bridge": (
        "precedence",
        "Первый учебный мост через Пяндж открыт в 2016 году",
        2016,
        2016,
        "year",
        "none",
        "",
        "2016",
        "earliest found: 9 August 2016",
        "Correct",
    ),
    # one of two tours began in Tashkent
    "lesson-tours": (
        "universal",
        "Поездки фонда по региону всегда начинаются с Душанбе",
        "",
        "",
        "place",
        "none",
        "TJK",
        "always Tajikistan",
        "1 of 2 known tours began elsewhere",
        "Incorrect",
    ),
    "lesson-trade": (
        "vague",
        "Торговля соседей растёт невиданными темпами",
        "",
        "",
        "none",
        "none",
        "",
        "no number",
        "no number to check",
        "Too vague to check",
    ),
}
TOPICS = {
    "lesson-pastures": "lesson-pastures",
    "lesson-loans": "lesson-loans",
    "lesson-bridge": "lesson-bridge",
    "lesson-tours": "lesson-tours",
}
READINGS = {
    "lesson-people": dict(measure="ratio", indicator="population", countries="UZB|KGZ"),
    "lesson-economy": dict(measure="ratio", indicator="gdp-nominal", countries="UZB|TJK"),
    "lesson-rank": dict(measure="rank", indicator="gdp-nominal", countries="KAZ|TJK|UZB"),
    "lesson-pastures": dict(measure="value", actor="lesson-office", object="KGZ"),
    "lesson-loans": dict(measure="value", actor="lesson-fund", act="announced", object="TJK"),
    "lesson-bridge": dict(measure="first", act="opened-bridge"),
    "lesson-tours": dict(measure="always", actor="lesson-fund", act="toured"),
}
MADE_UP = dict(
    institution_en="Made up for a test",
    institution_ru="Придумано для проверки",
    seen="file",
    publication="A lesson",
    vintage="2024",
    published="2024-02-01",
    read_in="nowhere",
)
SERIES = {  # billions of dollars, millions of people
    ("lesson-gdp", "UZB"): dict(zip(range(2016, 2024), (84, 91, 98, 96, 88, 90, 95, 100))),
    ("lesson-gdp", "TJK"): dict(zip(range(2016, 2024), (7, 7, 7, 8, 8, 9, 9.5, 10))),
    ("lesson-gdp", "KAZ"): {2023: 250},
    ("lesson-people", "UZB"): {2022: 35, 2023: 35.7},
    ("lesson-people", "KGZ"): {2022: 7, 2023: 7},
}
FACTS = [
    dict(
        fact_id="lesson-pastures",
        topic="lesson-pastures",
        period="2022",
        actor="lesson-office",
        object="KGZ",
        value_low=47,
        value_high=47,
        unit="percent",
    ),
    dict(
        fact_id="lesson-loans",
        topic="lesson-loans",
        period="2023",
        actor="lesson-fund",
        act="announced",
        object="TJK",
        value_low=1.2,
        value_high=1.2,
        unit="usd-bn",
    ),
]
EVENTS = [
    dict(
        event_id="lesson-bridge-2014",
        topic="lesson-bridge",
        source_id="lesson-late",
        date="2014",
        act="opened-bridge",
        object="TJK",
    ),
    dict(
        event_id="lesson-bridge-2016",
        topic="lesson-bridge",
        date="2016-08-09",
        act="opened-bridge",
        object="TJK",
        ordinal_stated=1,
    ),
    dict(
        event_id="lesson-tour-2019",
        topic="lesson-tours",
        date="2019",
        actor="lesson-fund",
        act="toured",
        object="TJK",
    ),
    dict(
        event_id="lesson-tour-2021",
        topic="lesson-tours",
        date="2021",
        actor="lesson-fund",
        act="toured",
        object="UZB",
    ),
]


def add(copy, table, *rows):
    """Append rows given as dicts; a column that the table does not have is an error."""
    head = copy.read(table)[0]
    with copy.path(table).open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, head, lineterminator="\n").writerows(rows)


def both(**texts):
    """The same words for both languages' columns."""
    return {f"{key}_{language}": text for key, text in texts.items() for language in ("en", "ru")}


def add_interview(copy, text=TEXT, language="ru", name=LESSON):
    """The text and its row; nothing else of the second interview."""
    path = copy.root / "seeds" / f"001_{name.partition('-2')[0]}.txt"
    path.write_text(text, encoding="utf-8", newline="\n")
    speaker = dict(speaker_en="Azamat Primerov", speaker_ru="Азамат Примеров")
    add(
        copy,
        "interviews",
        dict(
            interview_id=name,
            file=f"seeds/{path.name}",
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            language=language,
            title=TITLE,
            outlet="учебный пример",
            **speaker,
            **both(role="nobody"),
            said_from="2024-04-01",
            said_to="2024-04-02",
            cut_off="2024-03-31",
            judged_year=2023,
            region="KGZ|TJK|UZB",
        ),
    )


def add_claims(copy):
    """Claims, readings and evidence of the second interview: everything but the mentions."""
    for _, (name, (kind, quote, low, high, unit, hedge, subject, *_)) in enumerate(
        CLAIMS.items(), 1
    ):
        add(
            copy,
            "claims",
            dict(
                claim_id=name,
                interview_id=LESSON,
                kind=kind,
                topic=TOPICS.get(name, ""),
                # The family whose chart must keep to one interview.
                family="pledges" if kind == "money" else "lesson",
                quote=quote,
                quote_en=f"rendering of {name}",
                speaker_en="Azamat Primerov",
                speaker_ru="Азамат Примеров",
                low=low,
                high=high,
                unit=unit,
                hedge=hedge,
                subject=subject,
                confidence="" if kind == "vague" else "low",
                **both(
                    title=f"Title of {name}", confidence_reason="Made up", would_change="Nothing"
                ),
            ),
        )
    add(
        copy,
        "searches",
        dict(
            search_id="lesson-trade",
            claim_id="lesson-trade",
            searched_on="2024-03",
            **both(what="figures of the neighbours’ trade"),
        ),
    )
    for name, reading in READINGS.items():
        add(
            copy,
            "readings",
            dict(
                reading_id=f"{name}-as-said",
                claim_id=name,
                is_primary="true",
                topic=TOPICS.get(name, ""),
                **reading,
                **both(label="As it was said", reason="So it was said"),
            ),
        )
    add(
        copy,
        "sources",
        dict(
            MADE_UP, source_id="lesson-gdp", provider="lesson", indicator="gdp-nominal", unit="usd"
        ),
        dict(
            MADE_UP,
            source_id="lesson-people",
            provider="lesson",
            indicator="population",
            unit="persons",
        ),
        dict(MADE_UP, source_id="lesson-facts"),
        dict(MADE_UP, source_id="lesson-late", published="2024-05-01"),
    )
    scale = {"lesson-gdp": 10**9, "lesson-people": 10**6}
    add(
        copy,
        "series",
        *(
            dict(
                source_id=source,
                country=country,
                year=year,
                value=round(value * scale[source]),
                status="actual",
            )
            for (source, country), values in SERIES.items()
            for year, value in values.items()
        ),
    )
    for row in FACTS:
        add(
            copy,
            "facts",
            dict(source_id="lesson-facts", bound="exact", **both(statement=row["fact_id"])) | row,
        )
    for row in EVENTS:
        add(
            copy,
            "events",
            dict(source_id="lesson-facts", event_itself="false", **both(statement=row["event_id"]))
            | row,
        )
    words = {"provider.lesson": "A lesson"} | {f"topic.{topic}": topic for topic in TOPICS.values()}
    add(copy, "labels", *(dict(key=key, en=word, ru=word) for key, word in words.items()))


def run(copy, *arguments, status=0):
    """(stdout, stderr) of Python in the copy, with the copy's own package."""
    env = os.environ | {"PYTHONPATH": str(copy.root / "notebooks"), "PYTHONUTF8": "1"}
    env.pop("FACTCHECK_FIGURES", None)  # there, figures belong where a user would have them
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=copy.root,
        env=env,
        encoding="utf-8",
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout, done.stderr


def fill(copy):
    """What a person makes of the audit's drafts: each numeral linked or dismissed."""
    rows = copy.read("mentions")
    for row in rows[1:]:
        if row[1] == LESSON:
            became = NUMERALS[row[3]]
            row[5:] = [became, "", ""] if isinstance(became, str) else ["", *became]
    copy.write("mentions", rows)


def copied(folder):
    root = folder / "project"
    kept_out = shutil.ignore_patterns("__pycache__", ".*")
    for each in (DATA, SEEDS, NOTEBOOKS, ROOT / "figures"):
        shutil.copytree(each, root / each.name, ignore=kept_out)
    for name in ("requirements.txt", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, root)
    return Copy(root)


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    """A copy with both interviews, brought there by the commands that README.md names."""
    copy = copied(tmp_path_factory.mktemp("second"))
    where, _ = run(copy, "-c", "import factcheck; print(factcheck.ROOT)")
    assert where.strip() == str(copy.root.resolve()), "the copy must run its own package"
    add_interview(copy)
    add_claims(copy)
    _, told = run(copy, "-m", "factcheck", "audit")
    assert (
        f"{LESSON}: {len(NUMERALS)} numerals" in told and "inbusiness-2025-06: 0 numerals" in told
    )
    drafts = [line for line in checks.problems(copy.root) if "data/mentions.csv" in line]
    assert len(drafts) >= len(NUMERALS), "a draft is no answer"
    fill(copy)
    add(
        copy,
        "mentions",
        dict(
            mention_id="lesson-s01",
            interview_id=LESSON,
            kind="statement",
            surface="невиданными темпами",
            occurrence=1,
            claim_id="lesson-trade",
        ),
    )
    slip = dict(
        corrected_on="2024-06-01", noticed_by="a <reader>", **both(reason="A slip | of the pen")
    )
    add(
        copy,
        "corrections",
        dict(
            slip,
            correction_id="c1",
            claim_id="lesson-loans",
            finding="verdict",
            stood="correct",
            stands="exaggerated",
        ),
        dict(
            slip,
            correction_id="c2",
            claim_id="economy",
            finding="high",
            stood="1068.4",
            stands="68.1",
        ),
    )
    copy.checked, _ = run(copy, "-m", "factcheck", "check", status=1)
    copy.said, _ = run(copy, "-m", "factcheck", "brief", "--lang", "en")
    return copy


def test_only_the_notebooks_are_left_to_do(second):
    lines = second.checked.splitlines()
    assert lines and all(
        "the data changed since it was run" in line
        or "was not printed" in line
        or "its tables are not those" in line
        for line in lines
    )
    assert "00_brief.ipynb: running" in second.said and "01_interview" not in second.said


@pytest.fixture(scope="module")
def page(second):
    return BeautifulSoup((second.root / "notebooks/brief.html").read_text("utf-8"), "html.parser")


def cells(page, caption):
    [table] = [c.parent for c in page.find_all("caption") if c.get_text(" ", strip=True) == caption]
    return [
        [" ".join(cell.get_text().split()) for cell in row.find_all(["td", "th"])]
        for row in table.find_all("tr")
    ]


def test_results_are_those_worked_out_by_hand(page):
    shown = {
        row[0]: row[1:] for row in cells(page, "Every claim, what was found, and how sure we are")
    }
    assert {name: shown[f"Title of {name}"] for name in CLAIMS} == {
        name: [*row[-3:], "low"] for name, row in CLAIMS.items()
    }


def test_results_of_the_first_interview_are_unchanged(page, results):
    before = BeautifulSoup((NOTEBOOKS / "brief.html").read_text("utf-8"), "html.parser")
    caption = "Every claim, what was found, and how sure we are"
    assert cells(page, caption)[: len(results) + 1] == cells(before, caption)


def test_each_claim_has_a_card_with_quote_verdict_and_evidence(page):
    evidence = {
        "lesson-people": "A lesson: 5.1 times (2023)",
        "lesson-economy": "A lesson: 10.0 times (2023)",
        "lesson-rank": "A lesson: second (2023)",
        "lesson-pastures": "47%",
        "lesson-loans": "US$1.2 billion",
        "lesson-bridge": "lesson-bridge-2016",
        "lesson-tours": "lesson-tour-2021",
    }
    for name, row in CLAIMS.items():
        card = page.find(id=f"claim-{name}").find_parent(class_="card")
        text = " ".join(card.get_text().split())
        assert f"«{row[1]}»" in text and f"rendering of {name}" in text
        assert "Azamat Primerov, paragraph" in text
        assert card.find("strong").get_text() == f"{row[-1]}."
        if name in evidence:
            line = next(
                p.get_text() for p in card.find_all("p") if p.get_text().startswith("Evidence:")
            )
            assert evidence[name] in line.replace("\N{NO-BREAK SPACE}", " "), f"{name}: {line}"
    assert "figures of the neighbours’ trade" in text  # of the last, the vague one


def test_quotes_are_listed_and_the_title_names_both_interviews(page):
    quotes = {row[1]: row for row in cells(page, "The claims, verbatim")}
    paragraphs = {
        "lesson-people": "3",
        "lesson-pastures": "4",
        "lesson-bridge": "5",
        "lesson-trade": "6",
    }
    for name, row in CLAIMS.items():
        # With several interviews each quote says who spoke, for paragraphs are counted in each anew.
        shown = quotes[f"Azamat Primerov: «{row[1]}»"]
        assert shown[2] == f"rendering of {name}"
        assert paragraphs.get(name, "") in shown[-1]
    front = " ".join(page.find(class_="front").get_text().split())
    assert "Си Цзиньпин в Астане: как меняется сотрудничество Казахстана и Китая" in front
    assert f"Interview: «{TITLE}», учебный пример, 1–2 April 2024" in front
    assert "as known on 16 June 2025 and 31 March 2024;" in front  # each has its own day
    shown = " ".join(page.get_text().split())
    assert (
        "those of each claim, as known on 16 June 2025 and 31 March 2024; newest figures" in shown
    )


def test_corrections_are_printed_in_the_brief_and_in_the_readme(second, page, frames):
    economy = frames["claims"].set_index("claim_id").title_en["economy"]
    rows = [
        [
            "1 June 2024",
            "Title of lesson-loans",
            "Correct",
            "Exaggerated",
            "A slip | of the pen",
            "a <reader>",
        ],
        ["1 June 2024", economy, "1068.4", "68.1", "A slip | of the pen", "a <reader>"],
    ]
    assert cells(page, "Corrections so far")[1:] == rows
    readme = (second.root / "README.md").read_text("utf-8").partition("<!-- corrections -->")[2]
    assert "| Title of lesson-loans | Correct | Exaggerated | A slip \\| of the pen |" in readme


def test_charts_and_files_hold_the_new_claims(second):
    def rows(name):
        with (second.root / f"figures/{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    glance = {row["claim_id"]: row for row in rows("claims_overview")}
    assert CLAIMS.keys() < glance.keys()
    assert glance["lesson-economy"]["verdict"] == "out-of-date"
    keys = ("claimed_low", "claimed_high", "measured_low", "measured_high", "factor_low")
    assert [float(glance["lesson-economy"][key]) for key in keys] == [12, 15, 10, 10, 1.35]
    # What was published after the interview is later, though it was known on the day of the first.
    marks = {row["event_id"]: row["mark"] for row in rows("timeline")}
    assert (marks["lesson-bridge-2014"], marks["lesson-bridge-2016"]) == ("later", "fits")
    assert (marks["lesson-tour-2019"], marks["lesson-tour-2021"]) == ("fits", "against")
    # Money of another interview is not drawn among the pledges of the first.
    assert (second.root / "figures/pledges.csv").read_bytes() == (
        ROOT / "figures/pledges.csv"
    ).read_bytes()
    for name in ("brief.html", "brief.pdf"):
        stored, made = NOTEBOOKS / name, second.root / "notebooks" / name
        assert made.read_bytes() != stored.read_bytes()
    assert made.read_bytes().startswith(b"%PDF-")
    assert "| [Title of lesson-people](notebooks/brief.html#claim-lesson-people) | about 5" in (
        second.root / "README.md"
    ).read_text("utf-8")


# Draws figures that the brief has for the first interview only, then runs a notebook's code without a kernel.
DRAW = """
import json
from factcheck import charts, findings, prose, tables, verdict

charts.common.display = lambda bundle, raw, metadata: print(bundle["text/plain"])  # begins with the title
prose.display = lambda shown, metadata: print(shown.data)
frames = tables.load_all()
results = verdict.results(frames)
by = {r.claim.claim_id: r for r in results}
for code in ("en", "ru"):
    language = prose.Language(code, findings.values(results, frames))
    charts.ratio_history(by["lesson-economy"], language)
    charts.ranking(by["lesson-rank"], language)
    print(language.fill("{lesson-economy.low:n1} {lesson-rank.verdict:verdict}"))
    # Its region is not that of the first, and for its own the World Bank's edition came out too late.
    assert "lesson-loans.per-person" not in language.values
charts.shares(by["lesson-pastures"], language)
print("01_interview")
own = {}
for cell in json.load(open("notebooks/01_interview.ipynb", encoding="utf-8"))["cells"]:
    if cell["cell_type"] == "code":
        exec("".join(cell["source"]), own)
"""


@pytest.fixture(scope="module")
def drawn(second):
    shown, _ = run(second, "-c", DRAW)
    return shown.replace("\N{NO-BREAK SPACE}", " ").split("01_interview\n")


def test_other_charts_draw_the_new_claims_too(second, drawn):
    assert "Title of lesson-economy: 10 times; 12–15 last held in 2019" in drawn[0]
    for words in (
        "Uzbekistan: 100;",
        "Таджикистан: 10",
        "10.0 Correct",
        "10,0 Верно",
        "pastures: 47",
    ):
        assert words in drawn[0]
    with (second.root / "figures/lesson_economy_ratio.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        known = {
            int(row["year"]): float(row["ratio"])
            for row in csv.DictReader(file)
            if row["edition"] == "known" and row["provider"] == "lesson"
        }
    assert known == {2016: 12, 2017: 13, 2018: 14, 2019: 12, 2020: 11, 2021: 10, 2022: 10, 2023: 10}


def test_the_notebook_of_the_interview_shows_both(second, drawn):
    lines = drawn[1].splitlines()
    numerals = sum(row[2] == "numeral" for row in second.read("mentions"))
    assert lines[0].startswith(f"**{numerals} numerals") and "0 left over" in lines[0]
    assert "0\nproblems\n" in drawn[1]
    assert "больше таджикской в **12–15 раз** \\[2\\], и это **вторая** \\[3\\]" in drawn[1]
    assert "| 1 | **пять раз** | claim | Title of lesson-people |" in lines
    assert "| 1 | **невиданными темпами** | claim | Title of lesson-trade |" in lines
    assert [line.split()[0] for line in lines if line.startswith("seeds/")] == [
        row[1] for row in second.read("interviews")[1:]
    ]


# ---- What is forgotten is told


def test_the_audit_says_what_it_can_do_in_another_language(copy):
    texts = {
        "kk": "Өзбекстан халқы бес есе көп. Қор 25 орталық ашты.\n",
        "en": "There are five times as many people. The fund opened 25 centres.\n",
    }
    for language, text in texts.items():
        add_interview(copy, text, language, f"lesson-{language}")
    _, told = run(copy, "-m", "factcheck", "audit")
    # The number words («бес», "five") are not found, and the person who relies on the audit is told so.
    assert [row[:4] for row in copy.read("mentions")[-2:]] == [
        ["lesson-kk-n01", "lesson-kk", "numeral", "25"],
        ["lesson-en-n01", "lesson-en", "numeral", "25"],
    ]
    for language in texts:
        [line] = [
            line for line in told.splitlines() if f"lesson-{language} is in {language}: " in line
        ]
        assert "number words are found in Russian only, digits in any language" in line
    assert "inbusiness-2025-06 is in" not in told


def slips(copy):
    """One slip of each kind, with parts of the line that it must give."""
    quote = "Население Узбекистана больше чем Кыргызстана"
    row = copy.edit("claims", "lesson-people", quote=quote)
    yield (
        f"data/claims.csv, row {row}, column quote",
        "it is not there; after «еление Узбекистана больше» it has (SPACE), the interview , (COMMA)",
        quote,
    )
    copy.edit("readings", "lesson-loans-as-said", is_primary="false")
    yield (
        "data/claims.csv, row ",
        '"lesson-loans"',
        "exactly one primary reading in readings.csv, found 0",
    )
    nowhere = dict(
        source_id="lesson-people", country="XAA", year=2023, value=3500000, status="actual"
    )
    add(copy, "series", nowhere)  # a code that ISO 3166 leaves free, so that no label is ever there
    yield "data/", "country.XAA"
    row = copy.edit("readings", "lesson-people-as-said", countries="UZB|KYR")
    yield (
        f"data/readings.csv, row {row}, column countries",
        '"KYR"',
        "a country of which series.csv has",
    )
    row = copy.edit("readings", "lesson-economy-as-said", countries="UZB")
    yield f"data/readings.csv, row {row}, column countries", '"UZB"', "two countries"
    copy.edit("claims", "lesson-rank", subject="")
    yield "data/readings.csv, row ", '"KAZ|TJK|UZB"', "the claim’s subject"
    row = copy.edit("interviews", LESSON, sha256="0" * 64)
    yield (
        f"data/interviews.csv, row {row}, column sha256",
        hashlib.sha256(TEXT.encode()).hexdigest(),
    )


def test_each_slip_and_each_forgotten_numeral_gives_one_line(copy):
    add_interview(copy)
    add_claims(copy)
    wanted = list(slips(copy))
    found = checks.problems(copy.root)
    lines = [line for line in found if not line.startswith("data/mentions.csv")]
    for first, *parts in wanted:
        told = [
            line for line in lines if line.startswith(first) and all(part in line for part in parts)
        ]
        assert len(told) == 1, (first, parts, lines)
    assert len(lines) == len(wanted), lines
    forgotten = [line for line in found if line.startswith("data/mentions.csv")]
    assert [
        re.search("no row for «(.*)» number 1, link it to a claim or dismiss it: .", line)[1]
        for line in forgotten
    ] == list(NUMERALS)


def test_a_draft_that_nobody_filled_in_does_not_count(copy):
    add_interview(copy)
    rows = [
        [
            f"{LESSON}-n{number:02d}",
            LESSON,
            "numeral",
            draft["surface"],
            draft["occurrence"],
            "",
            f"? {draft['sentence']}",
            "",
        ]
        for number, draft in enumerate(interview.draft_mentions(TEXT), 1)
    ]
    copy.write("mentions", copy.read("mentions") + rows)
    found = checks.problems(copy.root)
    assert len(found) == len(NUMERALS)
    assert all("give either claim_id or reason_en, not neither" in line for line in found)


def test_the_audit_adds_rows_in_the_manner_of_the_file_and_under_free_names(copy):
    add_interview(copy)
    path, rows = copy.path("mentions"), copy.read("mentions")
    rows.append([f"{LESSON}-n02", LESSON, "numeral", "пять раз", "1", "", "counted", "посчитано"])
    text = "\r\n".join(
        ";".join(f'"{cell}"' for cell in row) for row in rows
    )  # as a spreadsheet saves it, no last line end
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    run(copy, "-m", "factcheck", "audit")
    saved = path.read_bytes()
    assert saved.startswith(b"\xef\xbb\xbf" + text.encode() + b"\r\n") and saved.endswith(b"\r\n")
    added = list(
        csv.reader(io.StringIO(saved.decode("utf-8-sig")[len(text) :].strip()), delimiter=";")
    )
    assert len(added) == len(NUMERALS) - 1 and all(row[6].startswith("? ") for row in added)
    assert [row[0] for row in added][:3] == [f"{LESSON}-n01", f"{LESSON}-n03", f"{LESSON}-n04"]
    before = path.read_bytes()
    run(copy, "-m", "factcheck", "audit")
    assert path.read_bytes() == before


def test_the_audit_of_broken_tables_says_what_is_wrong(copy):
    add_interview(copy)
    row = copy.edit("interviews", LESSON, language="русский")
    out, told = run(copy, "-m", "factcheck", "audit", status=1)
    assert told.startswith(
        f'data/interviews.csv, row {row}, column language: "русский" – expected '
    )
    assert out == "" and "Traceback" not in told
    copy.edit("interviews", LESSON, language="ru")
    (copy.root / "seeds/001_lesson.txt").unlink()
    assert checks.problems(copy.root) == [
        f'data/interviews.csv, row {row}, column file: "seeds/001_lesson.txt" – expected a file of the '
        "project"
    ]
