"""The interview: its text, the places of quotes in it, and the ledger of its numerals.

A numeral may be a claim, so none may be overlooked: numerals.py finds them, people link each to a
claim or dismiss it (data/mentions.csv), and `audit` tells what is left.

All offsets count code points, as Python does. A paragraph is a line that is not blank.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from factcheck import numerals


@dataclass(frozen=True)
class Span:
    start: int
    end: int


@dataclass(frozen=True)
class Place:
    """Where a quote stands; paragraphs are counted from 1."""

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


def paragraphs(text: str) -> list[Span]:
    """The lines that are not blank, without the blanks around them."""
    return [Span(m.start(), m.end()) for m in _lines(text)]


def locate(text: str, quote: str) -> Place:
    """The place of a verbatim quote. Raises ValueError unless it stands in the text exactly once."""
    if not quote.strip():
        raise ValueError("the quote is empty: give its words as they stand in the interview")
    starts = [m.start() for m in re.finditer(f"(?={re.escape(quote)})", text)]
    if not starts:
        raise ValueError(f"it is not there; {_difference(text, quote)}")
    if len(starts) > 1:
        raise ValueError(f"it is there {len(starts)} times; make it longer until it is unique")
    start = starts[0]
    before = [span.start for span in paragraphs(text)]
    return Place(start, start + len(quote), max(1, bisect_right(before, start)))


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
    """One row a numeral, for a person to link to a claim or to dismiss with a reason."""
    seen, rows = Counter(), []
    for number, hit in enumerate(numerals.find(text), 1):
        seen[hit.surface] += 1
        rows.append(
            {
                "mention_no": number,
                "start": hit.start,
                "end": hit.end,
                "surface": hit.surface,
                "occurrence": seen[hit.surface],
                "sentence": sentence(text, hit.start, hit.end),
            }
        )
    return rows


class Audit(NamedTuple):
    """What is wrong with the ledger, and what is left to do, one line each."""

    wrong: list[str]
    to_do: list[str]


def audit(text: str, rows: list[dict]) -> Audit:
    """Compare the ledger with the text; both lists are empty if every numeral is answered.

    `rows` have mention_id, kind, surface, occurrence, claim_id, reason_en. A row of kind "numeral"
    is the n-th hit with that surface; one of kind "statement" (rank or extent without a numeral) is
    the n-th place where the text has these words. Each row has either a claim_id or a reason_en; a
    reason that begins with "? " is a draft.
    """
    hits = {(row["surface"], row["occurrence"]): row["sentence"] for row in draft_mentions(text)}
    found, answered = Audit([], []), defaultdict(list)
    for row in rows:
        mention, kind, surface = row["mention_id"], row["kind"], row["surface"]
        nth = int(row["occurrence"]) if str(row["occurrence"]).isdecimal() else 0
        if kind not in ("numeral", "statement") or nth < 1 or not surface:
            found.wrong.append(
                f"{mention}: needs kind numeral or statement, a surface, and occurrence 1, 2, … "
                f"(«{surface}»)"
            )
            continue
        where = hits.get((surface, nth), "")
        if kind == "statement":
            where = _sentence_of(text, surface, nth)
        if where:
            answered[kind, surface, nth].append((mention, where))
        else:
            found.wrong.append(_stale(text, row, nth))
        _answer(row, where or "not in the text", found)
    _repeated(answered, found.wrong)
    found.to_do.extend(
        f"no row for «{surface}» number {nth}, link it to a claim or dismiss it: {where}"
        for (surface, nth), where in hits.items()
        if ("numeral", surface, nth) not in answered
    )
    return found


def _stale(text, row, nth) -> str:
    near = _sentence_of(text, row["surface"], 1)
    return (
        f"{row['mention_id']}: stale, there is no {row['kind']} «{row['surface']}» number {nth}; "
        + (f"first found in: {near}" if near else "not in the text")
    )


def _answer(row, where, found):
    """A row answers with a claim or with a reason; with neither, or with a draft, it is still to do."""
    claim, reason = (str(row.get(key) or "").strip() for key in ("claim_id", "reason_en"))
    reason = "" if reason.startswith("?") else reason
    if bool(claim) == bool(reason):
        given = "both" if claim else "neither"
        (found.wrong if claim else found.to_do).append(
            f"{row['mention_id']}: give either claim_id or reason_en, not {given}, "
            f"for «{row['surface']}»: {where}"
        )


def _repeated(answered, wrong):
    for (_, surface, nth), same in answered.items():
        if len(same) > 1:
            names = ", ".join(str(mention) for mention, _ in same)
            wrong.append(
                f"{names}: {len(same)} rows for «{surface}» number {nth}, keep one: {same[0][1]}"
            )


def _sentence_of(text, surface, nth) -> str:
    """The sentence of the n-th place where the text has these words; empty if there is none."""
    for number, match in enumerate(re.finditer(re.escape(surface), text), 1):
        if number == nth:
            return sentence(text, *match.span())
    return ""


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
