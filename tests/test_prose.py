"""Texts with placeholders: filled in each language, and refused in words where somebody mistyped."""

import re

import pytest
from factcheck import findings, prose, sections
from factcheck.claims import Claim
from factcheck.prose import NBSP, Language

FOUND = {
    "tea.low": 68.923947,
    "tea.verdict": "out-of-date",
    "tea.date": "2025-06-17",
    "tea.total": 5,
}


@pytest.mark.parametrize(
    "code, text, filled",
    [
        ("en", "{tea.low:n0} to {tea.low:n2}", "69 to 68.92"),
        ("ru", "{tea.low:n2}", "68,92"),
        ("en", "{tea.verdict:verdict}, {tea.date:date}", "Out of date, 17 June 2025"),
        ("ru", "{tea.verdict:verdict}, {tea.date:date}", "Устарело, 17 июня 2025"),
        ("en", "{tea.total}, {tea.total:count.countries}", f"5, 5{NBSP}countries"),
        ("ru", "{tea.total:count.countries}", f"5{NBSP}стран"),
    ],
)
def test_placeholders_are_filled_in_the_manner_of_the_language(code, text, filled):
    assert Language(code, FOUND).fill(text) == filled


@pytest.mark.parametrize(
    "factor, en, ru",
    [
        (1.02, "only slightly", "совсем немного"),
        (1.2, "by about a fifth", "примерно на пятую часть"),
        (1.5, "by about half", "примерно в полтора раза"),
        (2.0, "about twofold", "примерно вдвое"),
        (2.2, "more than twofold", "более чем вдвое"),
        (12, "about 12-fold", "примерно в 12 раз"),
        (0.98, "only slightly", "совсем немного"),
        (0.5, "by about half", "примерно наполовину"),
        (0.12, "by three quarters or more", "на три четверти или больше"),
        (0.05, "by three quarters or more", "на три четверти или больше"),
    ],
)
def test_how_far_a_claim_is_off_in_words(factor, en, ru):
    assert (Language("en").excess(factor), Language("ru").excess(factor)) == (en, ru)


@pytest.mark.parametrize(
    "first, last, en, ru",
    [
        ("2025-06-16", "2025-06-17", "16–17 June 2025", "16–17 июня 2025"),
        ("2025-06-16", "2025-06-16", "16 June 2025", "16 июня 2025"),
        ("2025-06-30", "2025-07-01", "30 June 2025 to 1 July 2025", "30 июня 2025–1 июля 2025"),
        ("2025-06", "2025-07", "June 2025 to July 2025", "июнь 2025–июль 2025"),
    ],
)
def test_days_in_words(first, last, en, ru):
    assert [Language(code).days(first, last) for code in ("en", "ru")] == [en, ru]


def test_places_in_order_have_words_as_far_as_there_are_any():
    assert [Language(code).ordinal(place) for code in ("en", "ru") for place in (2, 11.0)] == [
        "second",
        "11",
        "второй",
        "11",
    ]


@pytest.mark.parametrize(
    "text, error, message",
    [
        ("about {tae.low:n0} times", KeyError, "no finding is called tae.low; nearest: tea.low"),
        (
            "about {tea.low :n0} times",
            ValueError,
            "“about {tea.low :n0} times” has a brace that belongs to no placeholder",
        ),
        (
            "{tea.low:}",
            ValueError,
            "has a brace that belongs to no placeholder; write {name} or {name:format}",
        ),
        ("{tea.low:n0", ValueError, "has a brace that belongs to no placeholder"),
        ("{{tea.low:n0}}", ValueError, "has a brace that belongs to no placeholder"),
        ("{tea.low}", ValueError, "the number 68.9239 needs a format, such as {name:n0}"),
        ("{tea.low:n9}", ValueError, "no figure here is good for 9 decimals"),
        ("{tea.verdict:n0}", ValueError, "n0 formats numbers, and “out-of-date” is none"),
        ("{tea.low:nought}", KeyError, "there is no format called nought"),
    ],
)
def test_a_slip_in_a_placeholder_is_named_and_never_printed(text, error, message):
    with pytest.raises(error) as caught:
        Language("en", FOUND).fill(text)
    assert message in caught.value.args[0]


def said(low, high, unit, hedge, kind="ratio"):
    row = {"claim_id": "tea", "kind": kind, "low": low, "high": high, "unit": unit, "hedge": hedge}
    return {"tea.said": Claim(row)}


@pytest.mark.parametrize(
    "claim, en, ru, bare",
    [
        (
            (80, 85, "times", "about"),
            "about 80 to 85 times",
            "примерно в 80–85 раз больше",
            ("about 80 to 85", "примерно в 80–85"),
        ),
        (
            (100, 100, "times", "about"),
            "about 100 times",
            "примерно в 100 раз больше",
            ("about 100", "примерно в 100"),
        ),
        (
            (70, 70, "percent", "more-than", "share"),
            "more than 70%",
            f"более 70{NBSP}%",
            ("more than 70", "более 70"),
        ),
        # As it was said: 4.8 is never 5, and no digit is added.
        (
            (4.8, 4.8, "percent", "none", "share"),
            "4.8%",
            f"4,8{NBSP}%",
            ("4.8", "4,8"),
        ),
        (
            (50, 50, "usd-bn", "at-least", "money"),
            "at least US$50 billion",
            "не менее 50 млрд долларов США",
            ("at least 50", "не менее 50"),
        ),
    ],
)
def test_what_was_said_is_shown_with_its_hedge(claim, en, ru, bare):
    """A hedge that is typed into a sentence, or lost on the way, contradicts the table beside it."""
    found = said(*claim)
    texts = [Language(code, found).fill("{tea.said}").replace(NBSP, " ") for code in ("en", "ru")]
    assert texts == [en.replace(NBSP, " "), ru.replace(NBSP, " ")]
    assert tuple(Language(code, found).fill("{tea.said:bare}") for code in ("en", "ru")) == bare


@pytest.mark.parametrize(
    "about, en",
    [
        ({}, "This copy names no publisher; corrections go to the issue tracker"),
        ({"publisher": "Tea House"}, "Published by Tea House; corrections go to the issue tracker"),
        ({"contact": "tea@example.org"}, "names no publisher; corrections go to tea@example.org"),
        (
            {"publisher": "Tea House", "contact": "tea@example.org"},
            "Published by Tea House; corrections go to tea@example.org.",
        ),
    ],
)
def test_the_brief_says_who_made_it_and_where_to_write(about, en):
    """A copy that names nobody says so, and never sends a reader to an empty address."""
    assert en in sections.responsible(Language("en"), about)
    assert all(word in sections.responsible(Language("ru"), about) for word in about.values())


ORIGINAL = {
    "original": "要坚定相互支持",
    "original_language": "zh",
    "ours_en": "support one another firmly",
    "ours_ru": "твёрдо поддерживать друг друга",
}


def test_words_in_another_language_stand_beside_a_translation_of_ours():
    english, russian = (sections.originals(Language(code), ORIGINAL) for code in ("en", "ru"))
    assert english == "In Chinese: «要坚定相互支持»; our translation: “support one another firmly”."
    assert (
        russian == "По-китайски: «要坚定相互支持»; перевод наш: «твёрдо поддерживать друг друга»."
    )
    assert sections.originals(Language("en"), {"original": ""}) == ""
    own = {"original": "Astana", "original_language": "en", "ours_en": "", "ours_ru": "Астана"}
    assert sections.originals(Language("en"), own) == ""  # its readers need no translation
    assert "перевод наш: «Астана»" in sections.originals(Language("ru"), own)


@pytest.mark.parametrize(
    "source, shown",
    [
        (
            {"address": "https://www.example.org/a_b"},
            r"[example.org](<https://www.example.org/a_b>)",
        ),
        (
            {"read_in": "mirror.example/1; digest.example/2"},
            "address not obtained; read in a copy or report: mirror.example/1; digest.example/2",
        ),
        (
            {
                "repository": "tea/data",
                "file": "data/tea.csv",
                "commit": "0123456789abcdef" + 24 * "0",
            },
            "address not obtained; read as the file data/tea.csv of the repository tea/data, "
            "commit 0123456789",
        ),
    ],
)
def test_only_the_publication_itself_is_linked(source, shown):
    """A mirror that is linked looks like the source; an address that nobody obtained is not made up."""
    empty = dict.fromkeys(("address", "read_in", "repository", "file", "commit"), "")
    assert sections._where(Language("en"), empty | source).replace("\\", "") == shown


def test_what_is_too_vague_to_check_shows_no_confidence(claim):
    assert claim["poverty"].confidence is None
    assert sections.confidence_word(Language("en"), claim["poverty"]) == "–"
    assert "onfidence" not in sections.confidence_text(Language("en"), claim["poverty"])
    assert claim["population"].confidence == "high"


def test_the_names_that_writers_are_told_of_exist(results, frames):
    names = findings.values(results, frames)
    told = set(re.findall(r"(?<=[ A-Z(])\.([a-z][a-z-]+)", findings.__doc__))
    assert len(told) > 20
    assert {word for word in told if not any(name.endswith(f".{word}") for name in names)} == set()


def test_the_brief_says_what_the_search_for_numerals_cannot_do(frames, monkeypatch):
    shown = []
    monkeypatch.setattr(prose, "display", lambda text, metadata: shown.append(text.data))
    sections.audit_limits(Language("en"), frames)
    assert shown == []  # all in Russian
    kazakh = frames["interviews"].assign(language="kk", title="Сұхбат_1")
    sections.audit_limits(Language("en"), {**frames, "interviews": kazakh})
    assert shown == [
        "The program knows number words in Russian only. In «Сұхбат\\_1» it found the digits; words that say "
        "a number were looked for by hand."
    ]


def test_a_table_of_ratios_has_one_pair_of_countries(results):
    with pytest.raises(ValueError, match="one pair of countries a table, not none"):
        sections.ratios_table(Language("en"), [])
    ranked = [
        result
        for result in results
        if result.primary and result.primary.row["measure"] in ("rank", "ratio")
    ]
    with pytest.raises(ValueError, match=r"one pair of countries a table, not .*CHN\|KAZ"):
        sections.ratios_table(Language("en"), ranked)
