"""The text of an interview, the places of quotes in it, and the ledger of its numerals."""

import re

import pytest
from factcheck.interview import audit, draft_mentions, limits, locate, read, sentence
from hypothesis import given, settings
from hypothesis import strategies as st

# ---------------------------------------------------------------- text and places

TEXT = (
    "Заголовок\r\n\r\n  \nПервый абзац. Он о 𝟙 деле: г. Тула и К. Петров! Да?\r\n"
    "Второй абзац, второй абзац.\n"
)


def test_read_keeps_every_character(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode())
    assert read(path) == TEXT


def test_read_refuses_other_encodings(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("Тула".encode("cp1251"))
    with pytest.raises(ValueError, match="a.txt is not UTF-8.*save it as UTF-8") as error:
        read(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "quote, paragraph",
    [
        ("Заголовок", 1),
        ("𝟙 деле", 2),
        ("Да?", 2),
        ("Второй абзац", 3),
        ("второй абзац.", 3),
        ("Да?\r\nВторой", 2),
    ],
)
def test_locate(quote, paragraph):
    place = locate(TEXT, quote)
    assert TEXT[place.start : place.end] == quote and place.paragraph == paragraph


@pytest.mark.parametrize(
    "text, quote, message",
    [
        (TEXT, "третий\nабзац", "nothing there is like it"),
        (TEXT, "абзац", "there 3 times"),
        ("ааа", "аа", "there 2 times"),
        (TEXT, " ", "empty"),
        ("", "а", "nothing there is like it"),
        (
            TEXT,
            "Он о 𝟙 деле: г.\u00a0Тула",
            r"after «Он о 𝟙 деле: г\.» it has \(NO-BREAK SPACE\), the interview \(SPACE\)",
        ),
        (
            TEXT,
            "елo о 𝟙 деле: г. Тула и",
            r"before « о 𝟙 деле: г\. Тула и» it has o \(LATIN SMALL LETTER O\), the interview н ",
        ),
        (TEXT, "Заголовок для всех", r"after «.*» it has \(SPACE\)|nothing there"),
    ],
)
def test_locate_refuses(text, quote, message):
    with pytest.raises(ValueError, match=message) as error:
        locate(text, quote)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "words, expected",
    [
        ("Заголовок", "Заголовок"),
        ("абзац.", "Первый абзац."),
        ("𝟙", "Он о 𝟙 деле: г. Тула и К. Петров!"),
        ("Петров", "Он о 𝟙 деле: г. Тула и К. Петров!"),
        ("Да", "Да?"),
        ("Петров! Да", "Он о 𝟙 деле: г. Тула и К. Петров! Да?"),
        ("Второй", "Второй абзац, второй абзац."),
    ],
)
def test_sentence(words, expected):
    start = TEXT.index(words)
    assert sentence(TEXT, start, start + len(words)) == expected


# ---------------------------------------------------------------- the ledger

LEDGER = "Торговля выросла в два раза. За два года, за два года! Это крупнейшая экономика."


def dismissed(text):
    return [
        {"mention_id": f"m{n}", "kind": "numeral", "claim_id": "", "reason_en": "no claim", **row}
        for n, row in enumerate(draft_mentions(text), 1)
    ]


def test_draft():
    assert [tuple(row.values()) for row in draft_mentions(LEDGER)] == [
        ("два раза", 1, "Торговля выросла в два раза."),
        ("два года", 1, "За два года, за два года!"),
        ("два года", 2, "За два года, за два года!"),
    ]


def change(n, **values):
    rows = dismissed(LEDGER)
    rows[n] |= values
    return rows


def stated(occurrence):
    row = {"mention_id": "s1", "kind": "statement", "surface": "крупнейшая экономика"}
    return dismissed(LEDGER) + [row | {"occurrence": occurrence, "claim_id": "c2", "reason_en": ""}]


@pytest.mark.parametrize(
    "rows, wrong, to_do",
    [
        (change(0, claim_id="c1", reason_en=""), [], []),
        (stated(1), [], []),
        (stated(2), ["s1: stale, .*крупнейшая"], []),
        (dismissed(LEDGER)[1:], ["no row for «два раза» number 1.*: Торговля выросла в два"], []),
        (change(0, occurrence=2), ["m1: stale.*Торговля выросла", "no row for «два раза»"], []),
        (change(0, surface="три"), ["m1: stale.*nowhere in the text", "no row for «два раза»"], []),
        (change(0, kind="statement"), ["no row for «два раза»"], []),
        (
            change(2, occurrence=1),
            ["m3: m2 is the row for «два года» number 1: За два", "no row for «два года» number 2"],
            [],
        ),
        (change(0, claim_id="c1"), ["m1: link «два раза» to a claim or say why.*, not both"], []),
        (change(0, reason_en=" "), [], ["m1: link «два раза» to a claim or say why.*: Торговля"]),
        (change(0, reason_en="? draft"), [], ["m1: link «два раза»"]),
    ],
)
def test_audit(rows, wrong, to_do):
    """Catches a numeral that nobody answered, and a new project that is refused for its drafts."""
    for found, patterns in zip(audit(LEDGER, rows), (wrong, to_do), strict=True):
        assert len(found) == len(patterns), found
        for line, pattern in zip(found, patterns):
            assert re.match(pattern, line) and "\n" not in line, line


WORDS = st.sampled_from(
    "два года 5 % 5G во-первых C5+1 и\nтри\u200bдцать 2020- 4,8 . ! ".split(" ")
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=30).map(" ".join)))
def test_own_draft_passes_audit_once_dismissed(text):
    assert audit(text, dismissed(text)) == ([], [])


@pytest.mark.parametrize(
    "text, language, parts",
    [
        ("Прошло двадцать лет.", "ru", []),
        ("Бес есе көп.", "kk", ["is in kk: number words are found in Russian only"]),
        ("Twice as many.", "en", ["is in en: number words are found in Russian only"]),
        (
            "Прош\u200bло двад-\nцать лет.",
            "ru",
            ["broken at a line end, read as one: 1", "invisible characters.*: 1"],
        ),
    ],
)
def test_what_was_joined_or_cannot_be_found_is_told(text, language, parts):
    found = limits(text, language)
    assert len(found) == len(parts)
    for line, part in zip(found, parts):
        assert re.search(part, line) and "\n" not in line
