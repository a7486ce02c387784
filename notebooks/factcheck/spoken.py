"""The numbers that a quote says: their values and the steps in which they were spoken, from Russian words.

«20 миллионов» is 20 000 000 in steps of a million, «4,8» is 4.8 in steps of 0.1, «пятый» 5 in steps of 1.
Which words are numerals is for `numerals` to say; here they get their values.
"""

import re
from dataclasses import dataclass

from factcheck import numerals

SCALES = {"тыс": 1e3, "миллион": 1e6, "млн": 1e6, "миллиард": 1e9, "млрд": 1e9}
SCALES |= {"триллион": 1e12, "трлн": 1e12}
WHOLE = {"полтораст": 150, "сорок": 40, "девянос": 90, "одиннадцат": 11, "десят": 10, "дюжин": 12}
WHOLE |= {"ноль": 0, "нол": 0, "нул": 0, "обнул": 0, "впервые": 1}
STEMS = {"одн": 1, "один": 1, "перв": 1, "дв": 2, "втор": 2, "тр": 3, "четыр": 4, "четвер": 4}
STEMS |= {"пят": 5, "шест": 6, "сем": 7, "седьм": 7, "восем": 8, "восьм": 8, "девят": 9}
WORD = re.compile(rf"(?:во?|у)??({'|'.join(sorted(STEMS, key=len, reverse=True))})(.*)")
TOKEN = re.compile(r"\d+(?:[\s\u00a0\u202f]\d{3})*(?:[.,]\d+)?|[^\W\d_]+")


@dataclass(frozen=True)
class Said:
    """A number as it was spoken.

    `number` with its scale; `step`: one unit of its last digit; `kind`: number, ordinal, multiplier
    («в пять раз»), fraction («треть») or every («каждый пятый» has the number 5); `scale`: 1, 1000, …
    """

    number: float
    step: float
    kind: str
    scale: float = 1.0


def numbers(quote: str) -> tuple[list[Said], bool]:
    """The numbers that the words of a quote say, and whether every numeral in it was understood."""
    found, understood = [], True
    for numeral in numerals.find(quote):
        kind = _kind(numeral, quote)
        parts = _parts(numeral.surface)
        if kind == "fraction":
            parts = _fraction(numeral.surface, parts)
        found += [Said(number, step, kind, scale) for number, step, scale in parts]
        understood &= bool(parts)
    # «от 80 до 85 миллионов»: what has no scale of its own may share that of its neighbour.
    bare = [said for said in found if said.scale == 1 and said.kind == "number"]
    scales = sorted({said.scale for said in found} - {1})
    found += [Said(b.number * s, b.step * s, b.kind, s) for b in bare for s in scales]
    return found, understood


def _kind(numeral, quote):
    """The kind of Said that a numeral is: an ordinal may be a part («пятая часть») or every fifth."""
    if numeral.kind != "ordinal":
        return numeral.kind
    if re.match(r"\s+(?:част|дол)", quote[numeral.end :]):
        return "fraction"
    return "every" if re.search(r"(?i)кажд\w+\s*$", quote[: numeral.start]) else "ordinal"


@dataclass
class _Number:
    """A number while its words are read: thousands and above in `total`, what is below them in `part`."""

    total: float = 0.0
    part: float | None = None
    step: float = 1.0
    scale: float = 1.0
    room: float = (
        0.0  # a number word below it still belongs to this number: «двадцать» has room for 5
    )


def _parts(surface: str) -> list[tuple[float, float, float]]:
    """The numbers of one numeral as (number, step, scale): two of «80-85», one of «тридцать пять»."""
    found = []
    for token in TOKEN.findall(surface.lower().replace("ё", "е")):
        scale = next((s for stem, s in SCALES.items() if token.startswith(stem)), None)
        is_half = re.match("половин|полтор(?!аст)", token)
        if not found and (scale or is_half):
            found.append(_Number())
        value = _value(token)
        if token[0].isdecimal():
            digits = re.sub(r"\s", "", token).replace(",", ".")
            found.append(_Number(part=float(digits), step=10.0 ** -len(digits.partition(".")[2])))
        elif scale:
            last = found[-1]
            last.total += (1 if last.part is None else last.part) * scale
            last.part, last.step, last.scale, last.room = None, last.step * scale, scale, scale
        elif is_half:
            last = found[-1]
            last.part, last.step = (last.part or 0) + (1.5 if token[3] == "т" else 0.5), 0.5
        elif value is not None:
            if not (found and 0 < value < found[-1].room):
                found.append(_Number())
            last = found[-1]
            last.part, last.step, last.scale = (last.part or 0) + value, 1.0, 1.0
            last.room = _room(value)
    return [(number.total + (number.part or 0), number.step, number.scale) for number in found]


def _room(value: float) -> float:
    """Below what a further word adds to a number word: «триста» takes tens and units, «двадцать» units."""
    if value >= 100:
        return 100
    return 10 if value >= 20 and value % 10 == 0 else 0


def _value(word: str) -> float | None:
    """The number that a word says, whatever its ending and kind: 5 of «пяти», «пятый», «впятеро»."""
    for stem, value in WHOLE.items():
        if word.startswith(stem):
            return value
    if re.fullmatch("ст[оа]|сот(?:ый|ая|ое|ые|ого|ой|ому|ую|ым|ом|ых)?", word):
        return 100
    match = WORD.fullmatch(word)
    if not match or "знач" in word or word.startswith("много"):
        return None
    value, ending = STEMS[match[1]], match[2]
    scale = next((s for stem, s in SCALES.items() if stem in ending), 1)  # «двухтысячный»
    if "надцат" in ending:
        return (10 + value) * scale
    if "дцат" in ending or "десят" in ending:
        return 10 * value * scale
    is_hundreds = re.fullmatch(r".{0,4}(?:ст[аиоея]|ста[хм]|стами|сот\w{0,3})", ending)
    return value * scale * (100 if is_hundreds else 1)


def _fraction(surface: str, parts: list) -> list[tuple[float, float, float]]:
    """The value of a fraction in words or digits, as a part of one; nothing where it is not a plain one."""
    numbers_ = [number for number, _, _ in parts]
    if "целы" in surface or "целая" in surface:
        return []
    if numbers_ == [0.5]:
        return [(0.5, 0.5, 1.0)]
    if len(numbers_) == 1 and numbers_[0] > 1:
        return [(1 / numbers_[0], 0.0, 1.0)]
    if len(numbers_) == 2 and numbers_[1] > 1:
        return [(numbers_[0] / numbers_[1], 0.0, 1.0)]
    return []
