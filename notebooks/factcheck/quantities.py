"""Numbers with their units in words: what was said, what was measured, what a fact states.

What was said is shown as it was said; what was measured keeps the decimals that decide.
"""

import pandas as pd

from factcheck.claims import decimals
from factcheck.language import Language

# Units in which a whole number would hide what decides.
IN_TENTHS = ("times", "percent", "percent-growth", "percentage-points", "usd-bn")


def quantity(language: Language, low: float, high: float, unit: str, digits: int = 0) -> str:
    """A value or a range with its unit: "69 to 70 times", "US$3.7 billion", "first", "2023"."""
    if unit in ("order", "rank"):
        return language.ordinal(low)
    if unit == "year":
        return language.format(low, "year")
    shown = language.amount(low, high, unit, digits)
    return language.label("format.ratio").replace("#", shown) if unit == "times" else shown


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
    digits = max(decimals(claim.low), decimals(claim.high))
    shown = quantity(language, claim.low, claim.high, claim.unit, digits)
    if claim.hedge == "none":
        return shown
    own = f"hedge.{claim.hedge}.{claim.unit}"
    hedge = own if language.has(own) else f"hedge.{claim.hedge}"
    return language.label(hedge).replace("#", shown)


def measured(language: Language, row: pd.Series, kind: str, unit: bool = False) -> str:
    """A row of the measured frame, in the claim's unit, with its bound: "69.4", "69.7%", "at least 60%".

    Multiples are plain numbers unless `unit` asks for "69.4 times": in a list the unit would stand ten times.
    """
    digits = _deciding(kind, row.low, row.high)
    if kind == "times" and not unit:
        shown = language.range(row.low, row.high, digits)
    else:
        shown = quantity(language, row.low, row.high, kind, digits)
    return language.label(f"bound.{row.bound}").replace("#", shown)


def between(language: Language, low: float, high: float, unit: str) -> str:
    """The range of several sources: "69 to 70 times" where whole numbers tell them from the claim."""
    digits = 0 if unit == "times" and high - low > 0.5 else _deciding(unit, low, high)
    return quantity(language, low, high, unit, digits)


def _deciding(unit: str, low: float, high: float) -> int:
    """How many decimals a measured value is shown with: none where both ends are whole."""
    return 1 if unit in IN_TENTHS and (low % 1 or high % 1) else 0


def stated(language: Language, fact: pd.Series) -> str:
    """A fact's value with its unit, as its source states it; empty for an event."""
    if pd.isna(fact.get("low")):
        return ""
    digits = min(3, max(decimals(fact.low), decimals(fact.high)))
    shown = quantity(language, fact.low, fact.high, fact.unit, digits)
    return language.label(f"bound.{fact.bound}").replace("#", shown)
