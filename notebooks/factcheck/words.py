"""Words and numbers of each language: labels, number formats, `%%say`, and displays that carry all languages.

A sentence is Markdown with named placeholders: `{low:n0}` is a variable of the notebook, formatted for the
sentence's language. Dots and indices are allowed, expressions are not. Words come from data/labels.csv,
numbers, dates and plural rules from CLDR through Babel.
"""

import csv
import os
import re
import string
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from hashlib import sha256
from math import floor, isfinite
from numbers import Number

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from IPython import get_ipython
from IPython.core.error import UsageError
from IPython.display import display

from factcheck import DATA, reads

FACTS = "application/vnd.factcheck+json"
NBSP = "\N{NO-BREAK SPACE}"
# "By about a fifth": the shares that have words, as labels excess.NAME and shortfall.NAME.
SHARES = {
    "tenth": 1 / 10,
    "fifth": 1 / 5,
    "quarter": 1 / 4,
    "third": 1 / 3,
    "half": 1 / 2,
    "two-thirds": 2 / 3,
    "three-quarters": 3 / 4,
    "double": 1.0,
}
# Formats that put a number into a label: {value:usd1} is the label format.usd-bn with one decimal.
LABELLED = {
    "pct": "format.percent",
    "usd": "format.usd-bn",
    "dollars": "format.usd",
    "cny": "format.cny-bn",
    "million": "format.million",
}


@cache
def _labels() -> dict[str, dict[str, str]]:
    with open(DATA / "labels.csv", encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages of the report: the columns of data/labels.csv, the first one first."""
    return tuple(name for name in next(iter(_labels().values())) if name != "key")


def escape(text: object) -> str:
    """Text that Markdown prints as it stands, on one line; no-break spaces stay."""
    line = re.sub(r"[ \t\r\n]+", " ", str(text)).strip()
    return re.sub(r"([\\`*_{}\[\]<>#|~$^])", r"\\\1", line)


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
            near = get_close_matches(key, _labels(), 1)
            raise KeyError(
                f"data/labels.csv: no label {key}" + (f"; nearest: {near[0]}" if near else "")
            )
        text = _labels()[key][self.code]
        return Filler(self, escaped=False).vformat(text, (), values) if values else text

    def has(self, key: str) -> bool:
        """Whether the label exists and has words in this language."""
        reads.record("labels", key=key)
        return bool(_labels().get(key, {}).get(self.code))

    def of(self, row, name: str) -> str:
        """The column of a row that is in this language, such as `title_ru` for "title"; else the English one."""
        names = row.keys() if hasattr(row, "keys") else row._fields
        get = row.__getitem__ if hasattr(row, "keys") else lambda column: getattr(row, column)
        own = f"{name}_{self.code}"
        return get(own) if own in names else get(f"{name}_en")

    def format(self, value: object, form: str | None = None) -> str:
        """A value in a named format; a digit at the end of the name is the number of decimals.

        n0: a plain number; pct1: per cent; times1: "69.4 times"; dollars0: US dollars; usd1: billions of US
        dollars; cny0: billions of yuan; million0: millions; floor: rounded down; word, word.gen: a small
        number in words; year, date; count.NAME: a whole number with its noun; excess: "by about a fifth" for
        a factor; verdict, verdict.lower, confidence: the word for it; said, said.capital: a claim's number
        with its hedge, as it was said; text: as it is. Raises ValueError for a number without a format.
        """
        if form in (None, "", "text"):
            if isinstance(value, float):
                raise ValueError(f"the number {value:g} needs a format, such as {{name:n0}}")
            return str(value)
        if isinstance(value, Number) and not isfinite(value):
            raise ValueError(f"{form}: there is no number to print, the value is {value}")
        kind, digits = (form[:-1], int(form[-1])) if form[-1].isdigit() else (form, 0)
        if form[-1].isdigit():
            if not isinstance(value, Number):
                raise ValueError(f"{form} formats numbers, and “{value}” is none")
            if digits > 3:
                raise ValueError(f"{form}: no figure here is good for {digits} decimals; at most 3")
        if kind in LABELLED:
            return self.label(LABELLED[kind]).replace("#", self.number(value, digits))
        if kind.startswith("count."):
            return f"{self.number(value)}{NBSP}{self.noun(kind.removeprefix('count.'), value)}"
        if kind.split(".")[0] == "word":
            return self.in_words(value, kind.removeprefix("word").lstrip("."))
        plain = {
            "n": lambda: self.number(value, digits),
            "times": lambda: (
                f"{self.number(value, digits)}{NBSP}{self.noun('times', value, digits)}"
            ),
            "floor": lambda: self.number(floor(value)),
            "year": lambda: str(value)[:4] if isinstance(value, str) else str(int(value)),
            "date": lambda: self.date(value),
            "excess": lambda: self.excess(value),
            "verdict": lambda: self.label(f"verdict.{value}"),
            "verdict.lower": lambda: self.label(f"verdict.{value}").lower(),
            "confidence": lambda: self.label(f"confidence.{value}"),
            "said": lambda: said(self, value),
            "said.capital": lambda: capital(said(self, value)),
        }
        if kind not in plain:
            near = get_close_matches(kind, [*plain, *LABELLED, "word", "count.times"], 1)
            raise ValueError(
                f"there is no format {form}" + (f"; nearest: {near[0]}" if near else "")
            )
        return plain[kind]()

    def number(self, value: float, digits: int = 0) -> str:
        """A number with that many decimals, in the digits and signs of the language."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        value = value if round(value, digits) else 0  # never "−0.0"
        if abs(round(value, digits)) < 10_000:  # four figures need no separator: 1990, 5000
            pattern = pattern.replace("#,##0", "0")
        return format_decimal(value, format=pattern, locale=self.locale).replace(
            "-", "\N{MINUS SIGN}"
        )

    def range(self, low: float, high: float, digits: int = 0) -> str:
        """Two numbers, or one where they print alike: "69 to 70"."""
        first, last = self.number(low, digits), self.number(high, digits)
        return first if first == last else self.label("range", low=first, high=last)

    def noun(self, name: str, value: float, digits: int = 0) -> str:
        """The form of a noun that goes with a number, by the plural rule of the language."""
        form = self.locale.plural_form(Decimal(f"{abs(value):.{digits}f}"))
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
            kind = "excess" if factor > 1 else "shortfall"  # a fall is never twofold
            known = [name for name in SHARES if self.has(f"{kind}.{name}")]
            return self.label(f"{kind}.{min(known, key=lambda name: abs(SHARES[name] - excess))}")
        if excess < 1.5:
            return self.label("excess.more-than-double")
        times = self.noun("times", factor)  # the languages that have a noun there make it agree
        return self.label("excess.times", number=self.number(factor), times=times)


def capital(text: str) -> str:
    """Text that begins a sentence."""
    return text[:1].upper() + text[1:]


def said(language: Language, claim) -> str:
    """What a claim says, in a few words and as precisely as it was said: "80 to 85 times", "more than 70%"."""
    from factcheck.quantities import claimed  # it formats with this module

    return claimed(language, claim)


class Filler(string.Formatter):
    """Fills placeholders with values in the formats of a language; a name may have dots and indices."""

    def __init__(self, language: Language, escaped: bool = True):
        self.language, self.escaped = language, escaped

    def get_value(self, key, args, kwargs):
        if not isinstance(key, str) or not key:
            raise ValueError("a placeholder needs a name, such as {low:n0}")
        if key.startswith("_") or key not in kwargs:
            near = get_close_matches(key, [name for name in kwargs if not name.startswith("_")], 3)
            raise NameError(
                f"no variable is called {key}" + (f"; nearest: {', '.join(near)}" if near else "")
            )
        return kwargs[key]

    def get_field(self, field_name, args, kwargs):
        try:
            return super().get_field(field_name, args, kwargs)
        except (AttributeError, KeyError, IndexError, TypeError) as error:
            raise NameError(f"{{{field_name}}} cannot be filled: {error}") from None

    def format_field(self, value, form):
        text = self.language.format(value, form)
        return escape(text) if self.escaped else text


def fill(text: str, code: str, names: dict) -> str:
    """Markdown with each {name:format} replaced by the value of that name, formatted for a language.

    A brace that is to be printed is written twice. Raises NameError for a name that is not there (with the
    nearest), ValueError for a wrong format or brace, KeyError for a label that is not there (with the nearest).
    """
    try:
        list(string.Formatter().parse(text))
    except ValueError as error:
        raise ValueError(
            f"a brace belongs to no placeholder, write {{name:format}}: {error}"
        ) from None
    return Filler(Language(code)).vformat(text, (), names)


# Displays


class _Running:
    """The cell that runs: exporters recognise by its digest what was edited but not run."""

    digest = ""

    @classmethod
    def note(cls, info) -> None:
        cls.digest = cell_digest(info.raw_cell)


def cell_digest(source: str) -> str:
    """Short digest of a cell's source, as displays carry it."""
    return sha256(source.encode()).hexdigest()[:8]


def mime(code: str) -> str:
    """MIME type of a text in a language: JupyterLab knows the first one's, the others travel beside it."""
    return "text/markdown" if code == languages()[0] else f"text/vnd.factcheck.{code}"


def svg_mime(code: str, size: str) -> str:
    """MIME type of a drawing for a language and a size ("page" or "phone")."""
    first = (code, size) == (languages()[0], "page")
    return "image/svg+xml" if first else f"text/vnd.factcheck.svg.{size}.{code}"


def publish(bundle: dict, role: str, **facts: object) -> None:
    """Display a bundle with its role and facts, which the exporters read and nbval compares."""
    shown = os.environ.get("FACTCHECK_LANGUAGE", "")
    facts = {"role": role, **facts, "cell": _Running.digest}
    if shown in languages()[1:] and "lang" not in facts:
        bundle, facts = _swapped(bundle, shown), facts | {"shown": shown}
    display({**bundle, FACTS: facts}, raw=True)


def _swapped(bundle: dict, code: str) -> dict:
    """The bundle with the first language and another in each other's place, for those who work in the other."""
    first = languages()[0]
    names = {mime(first): mime(code), svg_mime(first, "page"): svg_mime(code, "page")}
    names |= {other: own for own, other in names.items()}
    return {names.get(key, key): value for key, value in bundle.items()}


def as_stored(model: dict, **_: object) -> None:
    """Jupyter's pre-save hook: what is stored has the first language in front, whatever its author looks at."""
    if model["type"] != "notebook" or model["content"].get("nbformat") != 4:
        return
    for cell in model["content"]["cells"]:
        for output in cell.get("outputs", ()):
            shown = output.get("data", {}).get(FACTS, {}).pop("shown", None)
            if shown:
                output["data"] = _swapped(output["data"], shown)


def show(make: Callable[[Language], str], role: str, **facts: object) -> None:
    """Display `make(language)`, which returns Markdown, in every language at once."""
    publish({mime(code): make(Language(code)) for code in languages()}, role, **facts)


def say(line: str, cell: str) -> None:
    """%%say LANGUAGE [ROLE]: the cell is Markdown in that language; {name:format} is a variable of the notebook."""
    words = line.split()
    if not 1 <= len(words) <= 2 or words[0] not in languages():
        known = ", ".join(languages())
        raise UsageError(f"%%say takes a language ({known}) and perhaps a role, not “{line}”")
    code, role = words[0], words[1] if len(words) == 2 else "text"
    text = fill(cell, code, get_ipython().user_ns)
    publish({"text/markdown": text}, role, lang=code)


def load_ipython_extension(shell) -> None:
    """Make `%%say` known, and note which cell runs."""
    shell.register_magic_function(say, "cell")
    shell.events.register("pre_run_cell", _Running.note)
