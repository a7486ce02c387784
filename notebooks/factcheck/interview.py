"""The interview: its text, the places of quotes in it, and the ledger of its numerals.

A numeral may be a claim, so none may be overlooked: numerals.py finds them, people link each to a
claim or dismiss it (data/mentions.csv), and `audit` tells what is left.

All offsets count code points, as Python does. A paragraph is a line that is not blank.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from factcheck import numerals


class Place(NamedTuple):
    """Where a quote stands: text[start:end]; paragraphs are counted from 1."""

    start: int
    end: int
    paragraph: int


# ---------------------------------------------------------------- text and places


def read(path: str | Path) -> str:
    """The text of an interview, exactly as stored (line ends are kept). Raises ValueError if not UTF-8."""
    try:
        return Path(path).read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8") from None


def locate(text: str, quote: str) -> Place:
    """The place of a verbatim quote. Raises ValueError unless it stands in the text exactly once."""
    if not quote.strip():
        raise ValueError("the quote is empty: give its words as they stand in the interview")
    starts = [m.start() for m in re.finditer(f"(?={re.escape(quote)})", text)]
    if not starts:
        raise ValueError(f"it is not there; {_difference(text, quote)}")
    if len(starts) > 1:
        raise ValueError(f"it is there {len(starts)} times; make it longer until it is unique")
    [start] = starts
    before = sum(line.start() <= start for line in _lines(text))
    return Place(start, start + len(quote), max(1, before))


def _difference(text, quote):
    """Where a quote that is not in the text begins to differ from what is nearest to it."""
    match = SequenceMatcher(None, text, quote, autojunk=False).find_longest_match()
    if match.size < 12:
        return "nothing there is like it"
    end = match.b + match.size
    if end < len(quote):
        return (
            f"after «{quote[max(match.b, end - 25) : end]}» it has {_named(quote[end])}, "
            f"the interview {_named(text[match.a + match.size :][:1])}"
        )
    return (
        f"before «{quote[match.b : match.b + 25]}» it has {_named(quote[match.b - 1])}, "
        f"the interview {_named(text[: match.a][-1:])}"
    )


def _named(char):
    if not char:
        return "nothing"
    shown = char if char.isprintable() else ""
    return f"{shown} ({unicodedata.name(char, repr(char))})".strip()


def sentence(text: str, start: int, end: int) -> str:
    """The sentence, or sentences, that text[start:end] touches."""
    starts, ends = _sentences(text)
    first = max(0, bisect_right(starts, start) - 1)
    last = max(first, bisect_right(starts, max(start, end - 1)) - 1)
    return text[starts[first] : ends[last]] if starts else ""


def _lines(text):
    return re.finditer(r"[^\s](?:[^\r\n\u2028\u2029]*[^\s])?", text)


# Not the end of a sentence: initials («К. Петров») and abbreviations before a capital («г. Тула»).
_ABBREVIATED = re.compile(
    r"(?:^|[\s(«\"])(?:[А-ЯЁA-Z]|г|гг|ул|им|т|д|п|св|ср|см|стр|ст|тыс|руб|долл|"
    r"проф|акад|и\.о|т\.[еднкп])$"
)
_BLANKS = re.compile(r"\s*")
_SENTENCE_END = re.compile(r"[.!?…]+[»\"”)\]]*(?=\s+[«\"“(\[–—-]*\s*[^\W\d_a-zа-яё]|\s+\d)")


@lru_cache(maxsize=8)  # asked once for every hit of the same text
def _sentences(text):
    starts, ends = [], []
    for line in _lines(text):
        start = line.start()
        for stop in _SENTENCE_END.finditer(text, start, line.end()):
            if stop[0] == "." and _ABBREVIATED.search(
                text[max(start, stop.start() - 8) : stop.start()]
            ):
                continue
            starts.append(start)
            ends.append(stop.end())
            start = _BLANKS.match(text, stop.end()).end()
        starts.append(start)
        ends.append(line.end())
    return starts, ends


# ---------------------------------------------------------------- the ledger of mentions


def draft_mentions(text: str) -> list[dict]:
    """{surface, occurrence (1, 2, … of that surface), sentence} of each numeral, in the order of the text."""
    seen, drafts = Counter(), []
    for hit in numerals.find(text):
        seen[hit.surface] += 1
        where = sentence(text, hit.start, hit.end)
        drafts.append({"surface": hit.surface, "occurrence": seen[hit.surface], "sentence": where})
    return drafts


class Audit(NamedTuple):
    """What is wrong with the ledger, and what is left to do, one line each."""

    wrong: list[str]
    to_do: list[str]


def audit(text: str, rows: list[dict]) -> Audit:
    """Compare the ledger with the text; both lists are empty if every numeral is answered.

    `rows` as data/mentions.csv has them. A row of kind "numeral" is the n-th hit with that surface; one
    of kind "statement" (rank or extent without a numeral) is the n-th place where the text has these
    words. Each row has either a claim_id or a reason_en; a reason that begins with "?" is a draft.
    """
    hits = {(row["surface"], row["occurrence"]): row["sentence"] for row in draft_mentions(text)}
    found, answered = Audit([], []), {}
    for row in rows:
        name, kind, surface, nth = (
            row[key] for key in ("mention_id", "kind", "surface", "occurrence")
        )
        numeral = kind == "numeral"
        where = hits.get((surface, nth)) if numeral else _sentence_of(text, surface, nth)
        first = answered.setdefault((kind, surface, nth), name)
        if not where:
            near = _sentence_of(text, surface, 1) or "nowhere in the text"
            found.wrong.append(
                f"{name}: stale, there is no {kind} «{surface}» number {nth}; first found: {near}"
            )
        elif first != name:
            found.wrong.append(f"{name}: {first} is the row for «{surface}» number {nth}: {where}")
        else:
            _answer(row, where, found)
    found.wrong.extend(
        f"no row for «{surface}» number {nth}, link it to a claim or dismiss it: {where}"
        for (surface, nth), where in hits.items()
        if ("numeral", surface, nth) not in answered
    )
    return found


def _answer(row, where, found):
    """A row answers with a claim or with a reason; with neither, or with a draft, it is still to do."""
    asked = f"{row['mention_id']}: link «{row['surface']}» to a claim or say why it is none"
    reason = "" if row["reason_en"].startswith("?") else row["reason_en"].strip()
    if row["claim_id"] and reason:
        found.wrong.append(f"{asked}, not both: {where}")
    elif not row["claim_id"] and not reason:
        found.to_do.append(f"{asked}: {where}")


def _sentence_of(text, surface, nth) -> str:
    """The sentence of the n-th place where the text has these words; empty if there is none."""
    places = list(re.finditer(re.escape(surface), text))
    return sentence(text, *places[nth - 1].span()) if nth <= len(places) else ""


def limits(text: str, language: str) -> list[str]:
    """What the search for numerals could not do in this text, or did to read it; one line each."""
    lines = []
    if language != "ru":
        lines.append(
            f"the interview is in {language}: number words are found in Russian only, digits in any "
            "language; add a row of kind statement for each number that is said in words"
        )
    whole = numerals.joined(text)
    if whole.line_ends:
        lines.append(f"words broken at a line end, read as one: {whole.line_ends}")
    if whole.invisible:
        lines.append(f"invisible characters within the text, passed over: {whole.invisible}")
    return lines
