"""Numbers with their units in words: what was said, what was measured, what a fact states.

What was said is shown as it was said; what was measured keeps the decimals that decide.
"""

from decimal import Decimal

import pandas as pd

from factcheck.words import NBSP, Language

# Units whose numbers have a format of their own; all others are counted nouns, labels count.UNIT.
FORMS = {
    "times": "times",
    "percent": "pct",
    "percent-growth": "pct",
    "usd-bn": "usd",
    "cny-bn": "cny",
    "usd": "dollars",
}
# Where a whole number would hide what decides.
DECIMALS = dict.fromkeys(("times", "percent", "percent-growth", "percentage-points", "usd-bn"), 1)


def decimals(*values: float) -> int:
    """How many decimals the values are written with, the most of any: 69.7 has one, 38.58 two."""
    exponents = (Decimal(repr(float(value))).normalize().as_tuple().exponent for value in values)
    return max(0, *(-exponent for exponent in exponents))


def quantity(language: Language, low: float, high: float, unit: str, digits: int = 0) -> str:
    """A value or a range with its unit: "69 to 70 times", "US$3.7 billion", "100,000 people"."""
    if unit in ("order", "rank"):
        return language.ordinal(low)
    if unit == "year":
        return language.format(low, "year")
    if unit in FORMS:
        shown = language.format(high, f"{FORMS[unit]}{digits}")
    elif language.has(f"count.{unit}.other"):
        shown = f"{language.number(high, digits)}{NBSP}{language.noun(unit, high, digits)}"
    else:
        shown = f"{language.number(high, digits)}{NBSP}{language.label(f'unit.{unit}')}"
    # The unit stands once: "69 to 70 times".
    both = language.range(low, high, digits)
    shown = shown.replace(language.number(high, digits), both, 1)
    return language.label("format.ratio").replace("#", shown) if unit == "times" else shown


def hedged(language: Language, shown: str, hedge: str, unit: str = "") -> str:
    """A quantity with the word that a claim puts before it: "about 100 times"; `none` adds nothing."""
    if hedge == "none":
        return shown
    own = f"hedge.{hedge}.{unit}"
    return language.label(own if language.has(own) else f"hedge.{hedge}").replace("#", shown)


def claimed(language: Language, claim: pd.Series) -> str:
    """What was said, in a few words: "80 to 85 times", "more than 70%", "always Kazakhstan"."""
    if language.has(f"said.{claim.name}"):  # a claim may have words of its own
        return language.label(f"said.{claim.name}")
    words = {"vague": "said.none", "status": "said.done", "plan": "said.planned"}
    if claim.kind in words:
        return language.label(words[claim.kind])
    if claim.kind == "universal" and claim.subject:
        return language.label("said.place", country=language.label(f"country.{claim.subject}"))
    if claim.kind == "universal":
        return language.label("said.never")
    if pd.isna(claim.low) or (claim.kind == "rank" and claim.low == 1):
        return language.label("said.first" if claim.kind == "precedence" else "said.largest")
    digits = decimals(claim.low, claim.high)
    shown = quantity(language, claim.low, claim.high, claim.unit, digits)
    return hedged(language, shown, claim.hedge, claim.unit)


def both_ends(low: float, high: float) -> tuple[float, float]:
    """Both ends of a figure; of a one-sided one, whose other end is NaN, the one it has twice."""
    return (high if pd.isna(low) else low), (low if pd.isna(high) else high)


def measured(language: Language, row, kind: str, unit: bool = False) -> str:
    """A row of the measured frame, in the claim's unit, with its bound: "69.4", "69.7%", "at least 60%".

    Multiples are plain numbers unless `unit` asks for "69.4 times": in a list the unit would stand ten times.
    """
    low, high = both_ends(row.low, row.high)
    digits = deciding(kind, low, high)
    plain = kind == "times" and not unit
    shown = (
        language.range(low, high, digits) if plain else quantity(language, low, high, kind, digits)
    )
    return language.label(f"bound.{row.bound}").replace("#", shown)


def deciding(unit: str, *values: float) -> int:
    """How many decimals a measured value is shown with: none where all are whole."""
    return DECIMALS.get(unit, 0) if any(value != int(value) for value in values) else 0


def between(language: Language, low: float, high: float, unit: str) -> str:
    """The range of several sources: "69 to 70 times" where whole numbers tell them from the claim."""
    digits = 0 if unit == "times" and high - low > 0.5 else deciding(unit, low, high)
    return quantity(language, low, high, unit, digits)


def stated(language: Language, fact) -> str:
    """A fact's value with its unit, as its source states it; empty for an event."""
    if "low" not in fact or (pd.isna(fact.low) and pd.isna(fact.high)):
        return ""
    low, high = both_ends(fact.low, fact.high)
    shown = quantity(language, low, high, fact.unit, min(decimals(low, high), 3))
    return language.label(f"bound.{fact.bound}").replace("#", shown)
