"""Texts with placeholders: filled in each language, and refused in words where somebody mistyped."""

import re

import pytest
from factcheck import findings, prose, sections
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
