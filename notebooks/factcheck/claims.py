"""What was claimed: the interval of numbers that the words of a claim allow, in the claim's unit.

A number holds to the precision in which it was spoken: «20 миллионов» is 19.5 to 20.5 million, «4,8» is
4.75 to 4.85, «каждый пятый» 1 in 5.5 to 1 in 4.5. Where the quote does not settle the precision, the
number as it is written in the table does.
"""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from math import inf, isnan

from factcheck import numerals, spoken
from factcheck.rule import Interval
from factcheck.spoken import Said

ABOUT = 0.10  # «где-то в 100 раз»: what a listener grants to "about", as a share of the number
HEDGES = ("none", "about", "at-least", "at-most", "more-than", "less-than")
# What Russian says before a number, the longer first.
HEDGING = {
    "не менее|не меньше|как минимум|минимум": "at-least",
    "не более|не больше|максимум": "at-most",
    "более|больше|свыше": "more-than",
    "менее|меньше": "less-than",
    "около|примерно|приблизительно": "about",
}
FALLING = re.compile(
    r"(?i)\b(?:упа[лд]|сокра[тщ]|сни[зж]|уменьш|просе[лд]|потеря|минус|падени|спад)"
)
RISING = re.compile(r"(?i)\b(?:вы?рос|вырас|рост|раст[её]|увелич|прибав|подня|повы[сш]|плюс)")
YEAR = r"(?<!\d)\d{4}(?!\d)"
EXACT_UNITS = ("year", "order", "rank")  # 2022 does not round to 2022 ± ½
# What no value in a unit can be below or above. A unit that is not named here has no ends: growth
# (percent-growth), a difference (percentage-points) and a balance of money can be negative.
ENDS = {"percent": (0.0, 100.0)} | dict.fromkeys(
    (
        *("times", "years", "year", "order", "rank", "persons", "countries", "documents"),
        *("centres", "machines", "tonnes", "usd-per-person", "kzt-per-person"),
    ),
    (0.0, inf),
)
# A part of a unit's name that says its scale: usd-bn, million-persons.
SCALES = {"k": 1e3, "thousand": 1e3, "mn": 1e6, "mln": 1e6, "million": 1e6} | {
    "bn": 1e9, "billion": 1e9, "tn": 1e12, "trn": 1e12, "trillion": 1e12
}  # fmt: skip
# By what each kind of claim may be measured, the nearest first; a vague claim is not measured.
NUMERIC = ("value", "ratio")
MEASURES = dict.fromkeys(("share", "money", "count", "growth", "difference"), NUMERIC) | {
    "ratio": ("ratio", "value"),
    "duration": ("duration", "value"),
    "precedence": ("first",),
    "ordinal": ("ordinal",),
    "rank": ("rank",),
    "universal": ("always", "never"),
    "status": ("occurrence", "value"),
    "plan": ("occurrence", *NUMERIC),
    "forecast": (*NUMERIC, "occurrence", "rank", "first", "duration"),
}
# Kinds that must say a number: all but those that may do without one.
COUNTED = MEASURES.keys() - {"precedence", "universal", "status", "plan", "forecast"}


def interval_of(claim: Mapping) -> Interval | None:
    """Interval of a row of data/claims.csv, in the claim's unit, or None for a claim without a number."""
    low, high, unit = claim["low"], claim["high"], claim["unit"]
    if isnan(low):
        return None
    said = rounded(claim["quote"], low, unit) if low == high else None
    return interval(low, high, claim["hedge"], unit, said)


def interval(
    low: float, high: float, hedge: str, unit: str, said: tuple[float, float] | None = None
) -> Interval:
    """Interval of a claim that names the numbers `low` to `high` (equal for a single number).

    A range stands as it was said. A bare number holds to `said`, the ends that its spoken precision gives
    (see `rounded`), else to half of the last digit in which it is written; "about v" is the wider of that
    and v ± 10 %; "at least" and "at most" include v, "more than" and "less than" do not. Nothing goes
    beyond the ends of the unit. Raises ValueError where numbers, hedge and unit do not go together.
    """
    floor, ceiling = ENDS.get(unit, (-inf, inf))
    if low > high:
        raise ValueError(f"low {low:g} is above high {high:g}")
    if low < floor or high > ceiling:
        raise ValueError(f"{low if low < floor else high:g} is beyond the ends of {unit}")
    if hedge not in HEDGES:
        raise ValueError(f"hedge {hedge} is none of {', '.join(HEDGES)}")
    if low != high:
        if hedge not in ("none", "about"):
            raise ValueError(f"a range ({low:g}–{high:g}) cannot be {hedge}")
        return Interval(low, high)
    if hedge in ("at-least", "more-than"):
        return Interval(low, ceiling, low_open=hedge == "more-than")
    if hedge in ("at-most", "less-than"):
        return Interval(floor, high, high_open=hedge == "less-than")
    if unit in EXACT_UNITS:
        if hedge == "about":
            raise ValueError(f"a {unit} ({low:g}) cannot be about; give it as a range")
        return Interval(low, low)
    ends = said or _around(low, half_of_last_digit(low))
    if hedge == "about":
        wide = _around(low, Decimal(repr(abs(float(low)))) * Decimal(repr(ABOUT)))
        ends = min(ends[0], wide[0]), max(ends[1], wide[1])
    return Interval(max(ends[0], floor), min(ends[1], ceiling))


def decimals(value: float) -> int:
    """How many decimals a number is written with: 80 has none, 69.7 one, 38.58 two."""
    return max(0, -Decimal(repr(float(value))).normalize().as_tuple().exponent)


def half_of_last_digit(value: float) -> Decimal:
    """Half a unit of the last digit in which a number is written: 0.5 for 80, 0.05 for 4.8."""
    return Decimal(5).scaleb(-decimals(value) - 1)


def half_up(value: float, digits: int = 0) -> Decimal:
    """A number as it is printed: a half goes up, as readers do it (2.5 is 3), where `round` goes to the even digit."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _around(value, half):
    """Both ends of value ± half, without the dust of binary fractions."""
    value = Decimal(repr(float(value)))
    return float(value - half), float(value + half)


def scale_of(unit: str) -> float:
    """How many single things one of the unit is: 1e9 for usd-bn, 1 for persons."""
    return next((SCALES[part] for part in unit.split("-") if part in SCALES), 1.0)


def rounded(quote: str, value: float, unit: str) -> tuple[float, float] | None:
    """The ends between which numbers round to `value` as the quote says it, in the unit.

    None where the quote does not say the value, or says it in several precisions.
    """
    found = set()
    for said in spoken.numbers(quote)[0]:
        number, step = (
            Decimal(repr(x)) / Decimal(scale_of(unit)) for x in (said.number, said.step)
        )
        if said.kind == "every" and unit == "percent" and agrees(100 / said.number, value):
            found.add((100 / (said.number + 0.5), 100 / (said.number - 0.5)))
        elif said.kind in ("number", "multiplier") and float(number) == abs(value):
            found.add(_around(value, step / 2))
    return found.pop() if len(found) == 1 else None


def agrees(number: float, value: float) -> bool:
    """Whether a number is the value to the last digit in which that is written, whatever its sign."""
    return abs(abs(number) - abs(value)) <= float(half_of_last_digit(value)) * (1 + 1e-9)


def says(numbers: list[Said], value: float, unit: str) -> bool:
    """Whether a value in the unit is one of the numbers that a quote says.

    A fall may be said by its verb, so the sign does not count; «вдвое» may be 2 or ½ times or 100 or
    50 %, «треть» and «каждый пятый» their part of one or of 100.
    """

    def is_said(said):
        number = said.number / scale_of(unit)
        if said.kind == "every":
            return agrees(1 / number, value) or agrees(100 / number, value)
        if said.kind == "fraction":
            return agrees(number, value) or agrees(100 * number, value)
        if said.kind == "multiplier" and number and unit.startswith("percent"):
            return agrees(100 * (number - 1), value) or agrees(100 * (1 - 1 / number), value)
        if said.kind == "multiplier" and number and agrees(1 / number, value):
            return True
        return abs(number - abs(value)) <= 1e-9 * max(1.0, abs(value))

    return any(map(is_said, numbers))


def check_said(quote: str, value: float, unit: str, language: str = "ru") -> str:
    """What was expected where the quote does not say the value; empty if it does, or may.

    Years, places in order and number words count like all others. A single thing and a superlative
    («крупнейшая») need no number. In other languages than Russian only years in digits are checked.
    """
    numbers, understood = spoken.numbers(quote)
    if language != "ru":
        years = {float(year) for year in re.findall(YEAR, quote)}
        numbers = [Said(year, 1.0, "number") for year in years]
        understood = unit == "year"
    if says(numbers, value, unit) or not understood:
        return ""
    ordinals = [said for said in numbers if said.kind == "ordinal"]
    if value == 1 and unit != "year" and not (unit in ("rank", "order") and ordinals):
        return ""
    scale = scale_of(unit)
    found = ", ".join(f"{n:.15g}" for n in sorted({said.number / scale for said in numbers}))
    return f"a number that the quote says: {found or 'it says none'}"


def measure_for(kind: str, measure: str) -> str:
    """The measure itself where it goes with that kind of claim, else the nearest that does."""
    allowed = MEASURES.get(kind, (measure,))  # a vague claim is not measured
    return measure if measure in allowed else allowed[0]


def problems(claim: Mapping, language: str = "ru") -> list[tuple[str, str]]:
    """What is wrong with one row of data/claims.csv by itself, as (column, what was expected)."""
    low, high, kind, found = claim["low"], claim["high"], claim["kind"], []
    if isnan(low) != isnan(high):
        found.append(("high", "low and high are both filled in, or both empty"))
    elif isnan(low) and kind in COUNTED:
        found.append(("low", f"a number, because the claim is of kind {kind}"))
    elif not isnan(low):
        try:
            interval(low, high, claim["hedge"], claim["unit"])
        except ValueError as error:
            found.append(("low", f"numbers and a hedge that go together: {error}"))
        else:
            for column in dict.fromkeys(("low", "high") if low != high else ("low",)):
                expected = check_said(claim["quote"], claim[column], claim["unit"], language)
                found += [(column, expected)] if expected else []
    if (kind == "vague") == bool(claim["confidence"]):
        which = "nothing, because a vague claim has none" if kind == "vague" else "a confidence"
        found.append(("confidence", which))
    if language == "ru" and kind in ("growth", "difference") and (sign := sign_missed(claim)):
        found.append(("low", sign))
    if kind == "growth" and claim["unit"] == "percent":
        found.append(("unit", "percent-growth, because growth may be below 0 or above 100"))
    if language == "ru" and (hedge := hedge_missed(claim)):
        found.append(("hedge", f"{hedge}, because the quote says so before the number"))
    due, years = str(claim.get("due") or "")[:4], re.findall(YEAR, claim["quote"])
    if kind == "forecast" and not due:
        found.append(("due", "a day, month or year by which the forecast is to come true"))
    elif due and years and due not in years:
        found.append(("due", f"a year that the quote says: {', '.join(years)}"))
    return found


def sign_missed(claim: Mapping) -> str:
    """What was expected where the quote only speaks of a fall and the number is positive, or the other way; else empty."""
    falls, rises = (bool(words.search(claim["quote"])) for words in (FALLING, RISING))
    if falls and not rises and claim["high"] > 0:
        return "a negative number, because the quote says a fall"
    return (
        "a positive number, because the quote says a rise"
        if rises > falls and claim["low"] < 0
        else ""
    )


def hedge_missed(claim: Mapping) -> str:
    """The hedge that the words before a single number say where its row has none; else empty.

    «Не менее» and «не более» are no «менее» and «более». Of words that may mean something else, none is asked for.
    """
    if claim["hedge"] != "none" or isnan(claim["low"]) or claim["low"] != claim["high"]:
        return ""
    for numeral in numerals.find(claim["quote"]):
        said = [one for one in spoken.numbers(numeral.surface)[0] if one.kind == "number"]
        before = claim["quote"][: numeral.start].lower()
        for words, hedge in HEDGING.items() if says(said, claim["low"], claim["unit"]) else ():
            if re.search(rf"\b(?:{words})(?:\s+(?:чем|на|в))?\s*$", before):
                return hedge
    return ""
