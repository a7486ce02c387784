"""One language of the report: its labels, and how it writes numbers, dates, nouns and placeholders.

Words come from data/labels.csv, numbers, dates and plural rules from CLDR through Babel.
"""

import re
import string
from collections.abc import Mapping
from datetime import date
from functools import cache
from math import floor, isfinite
from numbers import Number

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from factcheck import DATA, csvfiles, reads
from factcheck.claims import half_up
from factcheck.csvcells import hint

NBSP = "\N{NO-BREAK SPACE}"
# "By about a fifth": the shares that have words, as labels excess.NAME and shortfall.NAME.
SHARES = {"tenth": 1 / 10, "fifth": 1 / 5, "quarter": 1 / 4, "third": 1 / 3, "half": 1 / 2}
SHARES |= {"two-thirds": 2 / 3, "three-quarters": 3 / 4, "double": 1.0}
# Formats of a number with its unit; a digit after the name is the number of decimals: {value:usd1}.
UNITS = {"times": "times", "pct": "percent", "usd": "usd-bn", "dollars": "usd", "cny": "cny-bn"}
UNITS |= {"million": "million"}
NUMBERS = ("n", "floor", "word", "excess", *UNITS)
FORMATS = (*NUMBERS, "count.times", "year", "date", "verdict", "verdict.lower", "confidence")
FORMATS += ("said", "said.capital", "text")


@cache
def _labels() -> dict[str, dict[str, str]]:
    return {row["key"]: row.cells for row in csvfiles.records("labels", DATA.parent)}


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages of the report: the columns of data/labels.csv, the first one first."""
    return tuple(name for name in next(iter(_labels().values())) if name != "key")


def escape(text: object) -> str:
    """Text that Markdown prints as it stands, on one line; no-break spaces stay."""
    line = re.sub(r"[ \t\r\n]+", " ", str(text)).strip()
    return re.sub(r"([\\`*_{}\[\]<>#|~$^])", r"\\\1", line)


def sentence(text: object) -> str:
    """Text of the data as a sentence in Markdown, with one full stop whether or not its author wrote one."""
    return escape(str(text).rstrip(". ")) + "."


class Language:
    """One language of the report: its labels and its formats. `code` is a column of data/labels.csv."""

    def __init__(self, code: str):
        if code not in languages():
            raise ValueError(
                f"data/labels.csv has no column {code}: it has {', '.join(languages())}"
            )
        self.code = code
        # English of this report is British, as its dates are.
        self.locale = Locale.parse("en_GB" if code == "en" else code)

    def label(self, key: str, **values: object) -> str:
        """The label's text with its placeholders filled. Raises KeyError that names the nearest label."""
        reads.record("labels", key=key)
        if key not in _labels():
            raise KeyError(f"data/labels.csv: no label {key}{hint(key, _labels())}")
        text = _labels()[key][self.code]
        return Filler(self, escaped=False).vformat(text, (), values) if values else text

    def has(self, key: str) -> bool:
        """Whether the label exists and has words in this language."""
        reads.record("labels", key=key)
        return bool(_labels().get(key, {}).get(self.code))

    def of(self, row: Mapping, name: str) -> str:
        """The column of a row that is in this language, such as `title_ru` for "title"; else the English one."""
        own = f"{name}_{self.code}"
        return row[own] if own in row else row[f"{name}_en"]

    def format(self, value: object, form: str | None = None) -> str:
        """A value in a named format; a digit at the end of the name is the number of decimals.

        n0: a plain number; pct1: per cent; times1: "69.4 times"; dollars0: US dollars; usd1: billions of US
        dollars; cny0: billions of yuan; million0: millions; floor: rounded down; word, word.gen: a small
        number in words; year, date; count.NAME: a whole number with its noun; excess: "by about a fifth" for
        a factor; verdict, verdict.lower, confidence: the word for it; said, said.capital: a claim's number
        with its hedge, as it was said; text: as it is. Raises ValueError for a number without a format.
        """
        form = form or "text"
        kind, digits = (form[:-1], int(form[-1])) if form[-1].isdigit() else (form, 0)
        _refuse(value, form, kind, digits)
        if kind in UNITS:
            return self.amount(value, value, UNITS[kind], digits)
        match kind.split("."):
            case ["text"]:
                return str(value)
            case ["n"]:
                return self.number(value, digits)
            case ["floor"]:
                return self.number(floor(value))
            case ["word", *case]:
                return self.in_words(value, ".".join(case))
            case ["count", noun]:
                return f"{self.number(value)}{NBSP}{self.noun(noun, value)}"
            case ["year"]:
                return value[:4] if isinstance(value, str) else str(int(value))
            case ["date"]:
                return self.date(value)
            case ["excess"]:
                return self.excess(value)
            case ["verdict" | "confidence" as family]:
                return self.label(f"{family}.{value}")
            case ["verdict", "lower"]:
                return self.label(f"verdict.{value}").lower()
        from factcheck.quantities import claimed  # it formats with this module

        said = claimed(self, value)
        return said[:1].upper() + said[1:] if kind == "said.capital" else said

    def number(self, value: float, digits: int = 0) -> str:
        """A number with that many decimals, in the digits and signs of the language."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        value = half_up(value, digits) or 0  # never "−0.0"
        if abs(value) < 10_000:  # four figures need no separator: 1990, 5000
            pattern = pattern.replace("#,##0", "0")
        return format_decimal(value, format=pattern, locale=self.locale).replace(
            "-", "\N{MINUS SIGN}"
        )

    def range(self, low: float, high: float, digits: int = 0) -> str:
        """Two numbers, or one where they print alike: "69 to 70"."""
        first, last = self.number(low, digits), self.number(high, digits)
        return first if first == last else self.label("range", low=first, high=last)

    def amount(self, low: float, high: float, unit: str, digits: int = 0) -> str:
        """A value or a range with its unit, which stands once: "69 to 70 times", "US$3.7 billion".

        The label format.UNIT has the form, else count.UNIT the noun that agrees, else unit.UNIT the words.
        """
        shown = self.range(low, high, digits)
        unit = "percent" if unit == "percent-growth" else unit
        if self.has(f"format.{unit}"):
            return self.label(f"format.{unit}").replace("#", shown)
        if self.has(f"count.{unit}.other"):
            return f"{shown}{NBSP}{self.noun(unit, high, digits)}"
        return f"{shown}{NBSP}{self.label(f'unit.{unit}')}"

    def noun(self, name: str, value: float, digits: int = 0) -> str:
        """The form of a noun that goes with a number, by the plural rule of the language."""
        form = self.locale.plural_form(abs(half_up(value, digits)))
        key = f"count.{name}.{form}"
        return self.label(key if self.has(key) else f"count.{name}.other")

    def in_words(self, value: float, form: str = "") -> str:
        """A small whole number in words, in a grammatical form such as gen where the language has it."""
        if value != int(value):
            raise ValueError(f"word is for whole numbers, and {value:g} is none")
        key = f"number.{int(value)}"
        if form and self.has(f"{key}.{form}"):
            return self.label(f"{key}.{form}")
        return self.label(key) if self.has(key) else self.number(value)

    def ordinal(self, place: float) -> str:
        """A place in order in words: "first"; as a number beyond those that have a word."""
        key = f"ordinal.{int(place)}"
        return self.label(key) if self.has(key) else self.number(place)

    def date(self, iso: str) -> str:
        """A date given as YYYY, YYYY-MM or YYYY-MM-DD in words."""
        text = str(iso)
        if len(text) == 4:
            return text
        if len(text) == 7:
            words = format_date(date.fromisoformat(text + "-01"), "LLLL y", locale=self.locale)
        else:
            words = format_date(date.fromisoformat(text), "d MMMM y", locale=self.locale)
        # «16 июня 2025 года»: the word for "year" is part of a Russian date.
        return words + (f"{NBSP}{self.label('date.year')}" if self.has("date.year") else "")

    def days(self, first: str, last: str) -> str:
        """Two days in words: "16–17 June 2025", or one where they are the same."""
        if first == last:
            return self.date(first)
        if len(first) == len(last) == 10 and first[:7] == last[:7]:
            return f"{int(first[8:])}–{self.date(last)}"
        return self.label("range", low=self.date(first), high=self.date(last))

    def excess(self, factor: float) -> str:
        """In words, by how much a claim exceeds (or, below 1, falls short of) what was measured."""
        excess = abs(factor - 1)
        if excess < 0.05:
            return self.label("excess.marginal")
        if excess < 1.05:
            kind = "excess." if factor > 1 else "shortfall."  # a fall is never twofold
            known = [name for name in SHARES if self.has(kind + name)]
            return self.label(kind + min(known, key=lambda name: abs(SHARES[name] - excess)))
        if excess < 1.5:
            return self.label("excess.more-than-double")
        times = self.noun("times", factor)  # the languages that have a noun there make it agree
        return self.label("excess.times", number=self.number(factor), times=times)


def _refuse(value: object, form: str, kind: str, digits: int) -> None:
    """Raise a ValueError in words for a format that does not exist, or that does not suit the value."""
    is_counted = kind.startswith(("word.", "count."))
    if kind not in FORMATS and not is_counted:
        near = hint(kind, FORMATS) or f"; there are {', '.join(FORMATS)} and count.NAME"
        raise ValueError(f"there is no format {form}{near}")
    if kind == "text" and isinstance(value, float):
        raise ValueError(f"the number {value:g} needs a format, such as {{name:n0}}")
    if isinstance(value, Number) and not isfinite(value):
        raise ValueError(f"{form}: there is no number to print, the value is {value}")
    if (kind in NUMBERS or is_counted) and not isinstance(value, Number):
        what = f"“{value}”" if isinstance(value, str) else f"a {type(value).__name__}"
        raise ValueError(f"{form} formats numbers, and {what} is none")
    if kind.startswith("said") and not hasattr(value, "hedge"):
        raise ValueError(f"{form} tells what a claim says, and “{value}” is none")
    if digits > 3:
        raise ValueError(f"{form}: no figure here is good for {digits} decimals; at most 3")


class Filler(string.Formatter):
    """Fills placeholders with values in the formats of a language; a name may have dots and indices."""

    def __init__(self, language: Language, escaped: bool = True):
        self.language, self.escaped = language, escaped

    def get_value(self, key, args, kwargs):
        if not isinstance(key, str) or not key:
            raise ValueError("a placeholder needs a name, such as {low:n0}")
        if key.startswith("_") or key not in kwargs:
            names = [name for name in kwargs if not name.startswith("_")]
            raise NameError(f"no variable is called {key}{hint(key, names, most=3)}")
        return kwargs[key]

    def get_field(self, field_name, args, kwargs):
        try:
            return super().get_field(field_name, args, kwargs)
        except (AttributeError, KeyError, IndexError, TypeError) as error:
            raise NameError(f"{{{field_name}}} cannot be filled: {error}") from None

    def format_field(self, value, form):
        text = self.language.format(value, form)
        return escape(text) if self.escaped else text
