"""What was claimed: each claim with its place in the interview and the interval that its words allow."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import inf

from factcheck import ROOT, interview, tables

ABOUT = 0.10  # «где-то в 100 раз»: what a listener grants to "about", as a share of the number
LIMITS = {"percent": 100.0}  # a share cannot exceed the whole; other units have no upper end
COUNTED = (
    "ratio",
    "share",
    "money",
    "count",
    "duration",
    "ordinal",
)  # kinds that must say a number
SCALES = (1, 1e3, 1e6, 1e9)  # «100 тысяч» is written 100000 in the table
EXACT_UNITS = {"year", "order", "rank"}  # 2022 does not round to 2022 ± ½


@dataclass(frozen=True)
class Interval:
    """The numbers that make a claim true, in the claim's unit; an open end does not belong to it."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def __contains__(self, value):
        above = value > self.low if self.low_open else value >= self.low
        below = value < self.high if self.high_open else value <= self.high
        return above and below


def interval(low, high, hedge, unit):
    """Interval of a claim that names the numbers `low` to `high` (equal for a single number).

    A range stands as it was said; "about v" is v ± 10 %; "more than v" excludes v and ends at the limit of
    the unit; a bare number holds to the precision in which it is written. Raises ValueError where the
    numbers and the hedge do not go together.
    """
    if low > high:
        raise ValueError(f"low {low:g} is above high {high:g}")
    if low != high:
        if hedge in ("more-than", "less-than"):
            raise ValueError(f"a range ({low:g}–{high:g}) cannot be {hedge}")
        return Interval(low, high)
    if hedge == "about":
        return Interval(
            *(
                float(Decimal(repr(float(low))) * Decimal(repr(share)))
                for share in (1 - ABOUT, 1 + ABOUT)
            )
        )
    if hedge == "more-than":
        return Interval(low, LIMITS.get(unit, inf), low_open=True)
    if hedge == "less-than":
        return Interval(0.0, low, high_open=True)
    if unit in EXACT_UNITS:
        return Interval(low, low)
    half = _half_of_last_digit(low)
    return Interval(low - half, low + half)


def widened(interval_):
    """The interval with a tenth more on either side: what "about" before a range could be taken to add."""
    return Interval(interval_.low * (1 - ABOUT), interval_.high * (1 + ABOUT))


def _half_of_last_digit(value):
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return float(Decimal(5).scaleb(min(exponent, 0) - 1))


@dataclass(frozen=True, eq=False)
class Claim:
    """One row of data/claims.csv, with what follows from it alone."""

    row: dict

    def __getattr__(self, name):
        try:
            return self.row[name]
        except KeyError:
            raise AttributeError(f"a claim has no {name}") from None

    def __getitem__(self, name):
        return self.row[name]

    @property
    def has_number(self):
        return self.low == self.low  # NaN where the sentence names no number

    @cached_property
    def interval(self):
        """Interval, or None for a claim without a number."""
        return interval(self.low, self.high, self.hedge, self.unit) if self.has_number else None

    @property
    def middle(self):
        """The number that was said: the middle of a range, the bound of "more than"."""
        return (self.low + self.high) / 2


def check(frames, root=ROOT):
    """Problems of the claims that no schema can express, as lines that name file, row and column."""
    lines = []
    texts = {}
    for _, row in frames["interviews"].iterrows():
        try:
            texts[row.interview_id] = interview.read(root / row.file)
        except (OSError, ValueError) as error:
            lines.append(str(error))
    for number, row in frames["claims"].iterrows():

        def problem(column, expected):
            lines.append(tables.problem("claims", number, column, row[column], expected))

        if (row.low == row.low) != (row.high == row.high):
            problem("high", "low and high are both filled in, or both empty")
        elif row.low == row.low:
            try:
                interval(row.low, row.high, row.hedge, row.unit)
            except ValueError as error:
                problem("low", f"numbers and a hedge that go together: {error}")
            else:
                said = (
                    digits(row.quote) if row.kind in COUNTED and row.unit not in EXACT_UNITS else ()
                )
                for column in ("low", "high"):
                    if said and not says(said, row[column]):
                        problem(
                            column,
                            f"a number that the quote says: {', '.join(f'{n:g}' for n in sorted(said))}",
                        )
        elif row.kind in COUNTED:
            problem("low", f"a number, because the claim is of kind {row.kind}")
        if row.interview_id in texts:
            try:
                interview.locate(texts[row.interview_id], row.quote)
            except ValueError as error:
                problem("quote", f"words that stand once in the interview: {error}")
        readings = frames["readings"]
        primary = readings[(readings.claim_id == row.claim_id) & readings.is_primary]
        if row.kind != "vague" and len(primary) != 1:
            problem(
                "claim_id", f"exactly one primary reading in readings.csv, found {len(primary)}"
            )
    return lines


def says(numbers, value):
    """Whether a value is one of the numbers that a quote writes in digits, perhaps in thousands, millions, billions."""
    return any(abs(value / scale - number) < 1e-9 for number in numbers for scale in SCALES)


def digits(quote):
    """The numbers that a quote writes in digits, as a set: 80 and 85 of «80-85 раз», 100 of «100 тысяч».

    Empty where it says others in words, as «к 2025 году пять»: which of them is meant is not for a program to say.
    """
    if not all(re.search(r"\d", numeral.surface) for numeral in interview.numerals(quote)):
        return set()
    found = re.findall(r"\d+(?:[\s\u00a0\u202f]\d{3})*(?:[.,]\d+)?", quote)
    return {float(re.sub(r"\s", "", number).replace(",", ".")) for number in found}


def of(frames):
    """Every claim, in the order of data/interviews.csv, and there in that of data/claims.csv."""
    order = {name: number for number, name in enumerate(frames["interviews"].interview_id)}
    rows = frames["claims"].to_dict("records")
    return [Claim(row) for row in sorted(rows, key=lambda row: order[row["interview_id"]])]
