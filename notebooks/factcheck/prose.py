"""Words and numbers of each language, and how a notebook shows them.

A sentence is a text with named placeholders, `{population.low:n0}`: the name is looked up among the
findings, the part after the colon names a format. Nothing else is possible in it, so that a translator can
edit it. Words come from data/labels.csv, numbers and plural rules from CLDR through Babel.
"""

import re
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property, lru_cache
from math import floor
from numbers import Number

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from IPython.display import Markdown, display

from factcheck import tables

SHARE_UNITS = ("percent", "percent-growth")
PLACEHOLDER = re.compile(r"\{([a-z0-9_.-]+)(?::([a-z0-9_.-]+))?\}")
NBSP = "\N{NO-BREAK SPACE}"
# Shares in words, for "by about a fifth"; labels are named excess.SHARE.
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


@lru_cache
def _labels():
    rows = tables.load("labels")
    return rows.set_index("key").to_dict("index")


def escape(text):
    """Text that Markdown prints as it stands, on one line; no-break spaces stay."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$^])", r"\\\1", re.sub(r"[ \t\r\n]+", " ", str(text)).strip())


class Language:
    """One language of the report: its labels, its numbers, and displays of text in it.

    `code` names a column of data/labels.csv; `values` are the findings that placeholders name.
    """

    def __init__(self, code, values=None):
        self.code = code
        self.values = values or {}
        if code not in next(iter(_labels().values())):
            raise ValueError(
                f"data/labels.csv has no column {code}: add one with the words of this language"
            )

    @cached_property
    def locale(self):
        # English of this report is British, as its dates are.
        return Locale.parse("en_GB" if self.code == "en" else self.code)

    # Words

    def label(self, key, **values):
        """The label's text with its placeholders filled. Raises KeyError with the nearest known label."""
        try:
            text = _labels()[key][self.code]
        except KeyError:
            near = get_close_matches(key, _labels(), 1)
            raise KeyError(
                f"data/labels.csv has no label {key}" + (f"; nearest: {near[0]}" if near else "")
            ) from None
        return self.fill(text, **values) if values else text

    def of(self, row, name):
        """The column of a table's row that is in this language: `row["title_ru"]` for name "title"; English
        where the tables have no column for it yet, which some call by the bare name."""
        for column in (f"{name}_{self.code}", f"{name}_en", name):
            try:
                return row[column]
            except KeyError:
                pass
        raise KeyError(f"no column {name}_{self.code}, {name}_en or {name}")

    def fill(self, text, escaped=False, **values):
        """Text with its placeholders replaced.

        Raises KeyError for a name that no finding has, ValueError for what only looks like a placeholder.
        """
        known = {**self.values, **values}
        odd = re.search(r".{0,12}[{}].{0,24}", PLACEHOLDER.sub("", text), re.DOTALL)
        if odd:
            raise ValueError(
                f"“{odd[0]}” has a brace that belongs to no placeholder; write {{name}} or {{name:format}}, "
                "without blanks"
            )

        def replace(match):
            name, form = match.groups()
            if name not in known:
                near = get_close_matches(name, known, 3)
                raise KeyError(
                    f"no finding is called {name}"
                    + (f"; nearest: {', '.join(near)}" if near else "")
                )
            shown = self.format(known[name], form)
            return escape(shown) if escaped else shown

        return PLACEHOLDER.sub(replace, text)

    # Numbers

    def format(self, value, form=None):
        """A value in a named format.

        The digit is the number of decimals. n0: a plain number; pct1: per cent; times1: "69.4 times";
        dollars0: US dollars; usd1: billions of US dollars; cny0: billions of yuan; million0: millions;
        year, date; count.NAME: a whole number with its noun; excess: "by about a fifth" for a factor;
        floor: a whole number, rounded down; verdict, confidence: the word for it; text: as it is.
        A claim needs no format: what it said, with its hedge and unit; bare: the same without the unit.
        """
        if hasattr(value, "hedge") and form in (None, "bare"):
            return self.said(value, unit=form is None)
        if isinstance(value, float) and form in (None, "text"):
            raise ValueError(
                f"the number {value:g} needs a format, such as {{name:n0}}; see Language.format"
            )
        if form is None or form == "text":
            return str(value)
        kind, digits = (form[:-1], int(form[-1])) if form[-1].isdigit() else (form, 0)
        if digits > 3:
            raise ValueError(f"{form}: no figure here is good for {digits} decimals; at most 3")
        if form[-1].isdigit() and not isinstance(value, Number):
            raise ValueError(f"{form} formats numbers, and “{value}” is none")
        if kind == "n":
            return self.number(value, digits)
        if kind == "floor":
            return self.number(floor(value))
        if kind == "pct":
            return self.label("format.percent").replace("#", self.number(value, digits))
        if kind == "usd":
            return self.label("format.usd-bn").replace("#", self.number(value, digits))
        if kind in ("dollars", "cny", "million"):
            name = {"dollars": "usd", "cny": "cny-bn", "million": "million"}[kind]
            return self.label(f"format.{name}").replace("#", self.number(value, digits))
        if kind == "year":
            return str(int(value))
        if kind == "date":
            return self.date(value)
        if kind == "times":
            return f"{self.number(value, digits)}{NBSP}{self.noun('times', value, digits)}"
        if kind in ("verdict", "confidence"):
            return self.label(f"{kind}.{value}")
        if kind == "excess":
            return self.excess(value)
        if kind.startswith("count."):
            return f"{self.number(value)}{NBSP}{self.noun(kind.removeprefix('count.'), value)}"
        raise KeyError(f"there is no format called {form}; see factcheck.prose.Language.format")

    def number(self, value, digits=0):
        """A number with that many decimals, in the digits and signs of the language."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        # Four figures need no separator: 1990, 5000.
        if abs(value) < 10_000:
            pattern = pattern.replace("#,##0", "0")
        return format_decimal(value, format=pattern, locale=self.locale)

    def quantity(self, low, high, unit, digits=0):
        """A value or a range with its unit: "69 to 70 times", "US$3.7 billion", "100,000 people"."""
        forms = {"times": "times", "usd-bn": "usd"} | dict.fromkeys(SHARE_UNITS, "pct")
        if unit in ("order", "rank"):
            return self.ordinal(low)
        if unit == "year":
            return self.format(low, "year")
        if unit in forms:
            shown = self.format(high, f"{forms[unit]}{digits}")
        else:
            shown = f"{self.number(high, digits)}{NBSP}{self.noun(unit, high, digits)}"
        # The number stands once with its unit; the lower one goes before it: "69 to 70 times".
        number, span = self.number(high, digits), self.span(low, high, digits)
        shown = shown.replace(number, span, 1)
        return self.label("format.ratio").replace("#", shown) if unit == "times" else shown

    def span(self, low, high, digits=0):
        """A range of numbers without a unit, or one number where both ends look the same: "69 to 70"."""
        low, high = self.number(low, digits), self.number(high, digits)
        return high if low == high else self.label("range", low=low, high=high)

    def said(self, claim, unit=True):
        """What a claim said, in a few words: "about 80 to 85 times", "more than 70%", "always Kazakhstan"."""
        special = {"vague": "said.none", "status": "said.done", "plan": "said.planned"}
        for key in (f"said.{claim.claim_id}", special.get(claim.kind)):
            if key in _labels():
                return self.label(key)
        if claim.kind == "universal":
            return self.label("said.place", country=self.label(f"country.{claim.subject}"))
        if not claim.has_number or claim.kind == "rank" and claim.low == 1:
            return self.label("said.first" if claim.kind == "precedence" else "said.largest")
        digits = decimals(claim.low, claim.high)
        if unit or claim.unit in ("order", "rank", "year"):
            shown = self.quantity(claim.low, claim.high, claim.unit, digits)
        else:
            shown = self.span(claim.low, claim.high, digits)
            if claim.unit == "times":
                shown = self.label("format.ratio-bare").replace("#", shown)
        if claim.hedge == "none":
            return shown
        kind = ".times" if claim.unit == "times" and claim.hedge == "about" else ""
        return self.label(f"hedge.{claim.hedge}{kind}").replace("#", shown)

    def noun(self, name, value, digits=0):
        """The form of a noun that goes with a number, by the plural rule of the language."""
        form = self.locale.plural_form(Decimal(f"{value:.{digits}f}"))
        labels = _labels()
        key = f"count.{name}.{form}"
        return labels[key if key in labels and labels[key][self.code] else f"count.{name}.other"][
            self.code
        ]

    def ordinal(self, place):
        """A place in order in words: "first"; as a number beyond those that have a word."""
        place = int(place)
        return (
            self.label(f"ordinal.{place}")
            if f"ordinal.{place}" in _labels()
            else self.number(place)
        )

    def date(self, iso):
        """A date given as YYYY, YYYY-MM or YYYY-MM-DD in words."""
        if len(iso) == 4:
            return iso
        if len(iso) == 7:
            return format_date(date.fromisoformat(iso + "-01"), "LLLL y", locale=self.locale)
        return format_date(date.fromisoformat(iso), "d MMMM y", locale=self.locale)

    def days(self, first, last):
        """Two days in words: "16–17 June 2025", or one where they are the same."""
        if first == last:
            return self.date(first)
        if len(first) == len(last) == 10 and first[:7] == last[:7]:
            return f"{int(first[8:])}–{self.date(last)}"
        return self.label("range", low=self.date(first), high=self.date(last))

    def excess(self, factor):
        """In words, by how much a claim exceeds (or, below 1, falls short of) what was measured."""
        excess = abs(factor - 1)
        if excess < 0.05:
            return self.label("excess.marginal")
        if excess < 1.05:
            kind = "excess" if factor > 1 else "shortfall"  # a fall is never twofold
            known = [name for name in SHARES if f"{kind}.{name}" in _labels()]
            return self.label(f"{kind}.{min(known, key=lambda name: abs(SHARES[name] - excess))}")
        if excess < 1.5:
            return self.label("excess.more-than-double")
        return self.label("excess.times").replace("#", self.number(factor))

    # Displays

    def say(self, text, role=None, **values):
        """Show a text with its placeholders filled, as Markdown; `role` is for the printed brief."""
        show(self.fill(text, escaped=True, **values), role)

    def table(self, header, rows, align="", widths=None, caption="", note=""):
        """Show a Markdown table. `align` has a letter a column: l, r or c; cells are Markdown already."""
        show(
            markdown_table(header, rows, align), "table", caption=caption, note=note, widths=widths
        )


def decimals(*values):
    """The decimals with which the most precise of several numbers is written: 1 for 4.8 and 5."""
    texts = (repr(float(value)).partition(".")[2].rstrip("0") for value in values)
    return max(map(len, texts))


def markdown_table(header, rows, align=""):
    """A table of cells that are Markdown already; `align` has a letter a column: l, r or c."""
    marks = {"l": ":--", "r": "--:", "c": ":-:"}
    lines = [header, [marks[a] for a in align or "l" * len(header)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def show(text, role=None, **meta):
    """Display Markdown; `role` (front, summary, quote, verdict, card, table, note, annex) and what goes with it
    travel in the output's metadata, which JupyterLab ignores and the exporters read."""
    meta = {key: value for key, value in meta.items() if value}
    if role:
        meta["role"] = role
    display(Markdown(text), metadata={"factcheck": meta} if meta else {})
