"""What is shown of every claim: its quote, and the evidence with links, original words and doubts."""

import pytest
import small_project as small
from factcheck import blocks, data
from factcheck.findings import conclude
from factcheck.words import FACTS, Language


def of_people():
    people = data.series("population", "CHN", "KAZ")
    return (people["CHN"] / people["KAZ"]).dropna()


def with_claim(report, **cells):
    """Write the report with other cells in the first claim."""
    report.write(**small.edited("claims", 2, **cells))


# ---- the quote and the confidence


@pytest.mark.parametrize("reason", ["Counted twice", "Counted twice."])
def test_a_reason_ends_with_one_full_stop(small_report, reason):
    """Catches “Counted twice..”: an author may end a cell as a sentence, or not."""
    with_claim(small_report, confidence_reason_en=reason, would_change_en=reason)
    line = blocks.confidence(Language("en"), data.claim_row("people"))
    assert line.count("Counted twice.") == 2 and ".." not in line


def test_the_quote_stands_once_where_text_and_language_agree(small_report):
    """Catches a Russian reader who gets the same words twice, and an English one without our rendering."""
    with_claim(small_report, quote_en="China has 70 times Kazakhstan’s people")
    claim = blocks.show_claim("people")
    (english,), (russian,) = (small_report.texts("claim", code) for code in ("en", "ru"))
    assert claim.name == "people"
    assert "> «Людей в Китае в 70 раз больше, чем в Казахстане»" in english
    assert "> *China has 70 times Kazakhstan’s people*" in english
    assert russian.count("Казахстане") == 1 and "*" not in russian
    assert english.startswith("### About people") and russian.startswith("### О теме people")


def test_the_place_of_the_quote_is_counted(small_report):
    """Catches a paragraph number that is typed, and the words of another that pass for the person's who was asked."""
    with_claim(small_report, speaker_en="x")  # as data/interviews.csv names the person
    for claim in ("people", "always"):
        blocks.show_claim(claim)
    own, other = small_report.texts("claim")
    assert own.endswith("\N{NO-BREAK SPACE}— paragraph\N{NO-BREAK SPACE}1")
    assert other.endswith("\N{NO-BREAK SPACE}— A speaker, paragraph 2 of the interview")
    assert [bundle[FACTS]["paragraph"] for bundle in small_report.shown] == [1, 2]


def test_a_quote_that_is_not_in_the_text_is_refused(small_report):
    """Catches words that nobody said."""
    with_claim(small_report, quote="Людей в Китае в 71 раз больше, чем в Казахстане")
    with pytest.raises(
        ValueError, match="data/claims.csv: quote of people: it is not there; before"
    ):
        blocks.show_claim("people")
    assert small_report.shown == []


def test_an_unknown_claim_is_named_with_the_nearest(small_report):
    """Catches a bare KeyError."""
    with pytest.raises(data.NotFound, match="no claim peple in data/claims.csv; nearest: people"):
        blocks.show_claim("peple")


def test_titles_from_data_are_escaped(small_report):
    """Catches a price in a title that becomes a formula."""
    with_claim(small_report, title_en="US$70 *and* US$80")
    blocks.show_claim("people")
    assert small_report.texts("claim")[0].startswith(r"### US\$70 \*and\* US\$80")


# ---- the evidence


def test_every_figure_is_linked_to_its_source_and_an_estimate_is_called_so(small_report):
    """Catches a number whose source is not a click away, and an estimate that looks firm."""
    blocks.show_evidence(conclude(data.claim_row("people"), people_all=of_people()))
    (english,), (russian,) = (small_report.texts("evidence", code) for code in ("en", "ru"))
    assert "[bank](#source-bank-2025) 67.8 (2024, estimate)" in english
    assert "[fund](#source-fund-2025) 67.5 (2024)" in english
    assert "67,8 (2024, оценка)" in russian
    assert "*Confidence: high.* Counted." in english and "высокая" in russian


def test_the_table_of_all_values_says_when_each_was_known(small_report):
    """Catches newest figures that pass for those of the day."""
    blocks.show_evidence(conclude(data.claim_row("people"), people_all=of_people()))
    (table,) = small_report.texts("details")
    assert table.startswith("#### ")
    assert table.count("known on the day |") == table.count("newest obtained |") == 2
    both = (
        "bank ([The bank](#source-bank-2026), [The bank](#source-bank-2025))"  # a source a country
    )
    assert f"| 67.4 — Mostly correct | {both} | newest obtained |" in table


def test_a_row_that_both_editions_have_stands_once(small_report):
    """Catches a table twice as long as what it says."""
    blocks.show_evidence(conclude(data.claim_row("always"), tours=data.events("tours")))
    (table,) = small_report.texts("details")
    assert table.count("tour-2022") == 1
    assert "known on the day; newest obtained" in table


def test_other_readings_say_what_they_found_and_how_they_would_be_judged(small_report):
    """Catches a reading that is not told, which one is judged, and "at least 9" printed as 9."""
    values = {n: data.facts("aid", **data.attributes(f"aid-{n}")) for n in ("grants", "loans")}
    labels = small.edited("readings", 3, label_en="Loans, too")["readings"]
    small_report.write(
        readings=[row | {"label_en": row.get("label_en", "Grants")} for row in labels]
    )
    found = conclude(data.claim_row("aid"), aid_grants=values["grants"], aid_loans=values["loans"])
    blocks.show_evidence(found)
    (text,) = small_report.texts("evidence")
    lines = text.splitlines()
    assert r"- **Grants**: [The paper-2023](#source-paper-2023) US\$3.7 billion" in text
    [other] = [line for line in lines if line.startswith("- Loans, too: ")]
    assert other.endswith("— *then exaggerated*")
    assert "**" not in other
    (table,) = small_report.texts("details")
    assert r"| at least US\$9 billion — " in table  # later, and one-sided


def test_original_words_stand_beside_our_translation(small_report):
    """Catches a translation that passes for the source's words, and a reader who gets his own language twice."""
    said = {"original": "Тур начался в Астане", "original_language": "ru"}
    small_report.write(**small.edited("events", 3, **said, ours_en="The tour began in Astana"))
    event = data.events("tours").loc[("known", "tour-2022")]
    english, russian = (blocks.original(Language(code), event) for code in ("en", "ru"))
    assert english == (
        ' <span data-tag="words"><span lang="ru">«Тур начался в Астане»</span>'
        " (our translation: “The tour began in Astana”)</span>"
    )
    assert russian == ' <span data-tag="words">«Тур начался в Астане»</span>'
    bare = data.events("tours").loc[("known", "tour-2023")]
    assert blocks.original(Language("en"), bare) == ""


def test_a_vague_claim_has_no_confidence_but_the_nearest_figures(small_report):
    """Catches a confidence in nothing, and a bare "too vague" where figures would help."""
    small_report.write(
        **small.edited("claims", 3, kind="vague", confidence="", low="", high="", unit="none"),
        readings=[row for row in small.TABLES["readings"] if row["claim_id"] != "aid"],
    )
    near = data.facts("aid").loc["known"]
    blocks.show_evidence(conclude(data.claim_row("aid"), near=near))
    (text,) = small_report.texts("evidence")
    assert "Confidence" not in text
    assert "*Nearest evidence:*" in text
    assert (
        r"- grants-2023: US\$3.7 billion (19 May 2023; [The paper-2023](#source-paper-2023))"
        in text
    )


def test_what_was_searched_is_printed_where_nothing_was_found(small_report):
    """Catches an "unproven" that does not say who looked where, and when."""
    search = {
        **{
            "search_id": "s1",
            "claim_id": "aid",
            "what_en": "a pledge of US$3 bn",
            "what_ru": "обещание",
        },
        **{"searches": "3", "languages": "ru en", "searched_on": "2026-11"},
    }
    small_report.write(searches=[search])
    blocks.show_evidence(conclude(data.claim_row("aid"), aid_grants=None, aid_loans=None))
    (english,), (russian,) = (small_report.texts("evidence", code) for code in ("en", "ru"))
    assert r"*Not found:* a pledge of US\$3 bn (3" in english
    assert "searches, Russian, English, November 2026)" in english
    assert "обещание" in russian and "ноябрь 2026\N{NO-BREAK SPACE}года" in russian


def test_a_decided_claim_does_not_say_what_was_not_found(small_report):
    """Catches searches printed below a verdict that stands on figures."""
    search = {"search_id": "s1", "claim_id": "people", "what_en": "more", "what_ru": "ещё"}
    small_report.write(searches=[search | {"searched_on": "2026-11"}])
    blocks.show_evidence(conclude(data.claim_row("people"), people_all=of_people()))
    assert "Not found" not in small_report.texts("evidence")[0]


def test_records_are_listed_with_value_date_source_and_doubt(small_report):
    """Catches a list from which a doubt or a bound is lost."""
    doubt = {"doubt_en": "seen in part", "doubt_ru": "видно не всё"}
    small_report.write(**small.edited("facts", 4, **doubt))
    blocks.show_records(data.facts("aid", basis="loans").loc["newest"], role="note")
    (text,) = small_report.texts("note")
    assert text == (
        r"- loans-2025: at least US\$9 billion (2025; [The paper-2025](#source-paper-2025)) — seen in part"
    )


@pytest.mark.parametrize(
    "kind, detail, told",
    [
        ("tolerance", 0.2, "20%"),
        ("source", "fund", "fund"),
        ("reading", "aid-loans", "Loans, too"),
    ],
)
def test_other_choices_in_words(small_report, kind, detail, told):
    """Catches "another choice" that nobody can repeat."""
    labels = {"aid-loans": {"label_en": "Loans, too", "label_ru": "И кредиты"}}
    assert told in blocks.choice(Language("en"), labels, kind, detail)
