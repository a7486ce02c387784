"""What all charts share: words and numbers of a claim, and how a chart is written and displayed."""

import csv
import io
import os
import re
import sys

from IPython.display import display
from matplotlib.backends.backend_svg import FigureCanvasSVG

from factcheck import FIGURES
from factcheck.charts.sheet import Sheet, style
from factcheck.prose import SHARE_UNITS, decimals

SAME = 5e-4  # newest figures closer than this share to the earlier ones are not drawn twice


def first_label(language, keys, **values):
    """The first of several labels that data/labels.csv has: a claim's own words before the general ones."""
    for key in keys[:-1]:
        try:
            return language.label(key, **values)
        except KeyError:
            pass
    return language.label(keys[-1], **values)


def span_text(language, low, high, form="n0"):
    """A range in words, or one number where both ends look the same; None stands for an open end."""
    low, high = (None if value is None else language.format(value, form) for value in (low, high))
    if low is None or high is None:
        return language.label("bound.at-most" if low is None else "bound.at-least").replace(
            "#", low or high
        )
    return low if low == high else f"{low}–{high}"


def digits_for(unit):
    """The format in which a number of this unit stands in a chart."""
    return "n1" if unit in ("percent", "times", "usd-bn") else "n0"


def with_unit(language, text, unit, value):
    """A number that is a text already, with its unit in the form that goes with `value`."""
    if unit in SHARE_UNITS:
        return language.label("format.percent").replace("#", text)
    if unit == "usd-bn":
        return language.label("format.usd-bn").replace("#", text)
    try:
        decimals = re.search(r"\d[.,](\d+)$", text) if value != int(value) else None
        return f"{text}\N{NO-BREAK SPACE}{language.noun(unit, value, len(decimals[1]) if decimals else 0)}"
    except KeyError:  # a year or a rank is a number without a noun
        return text


def said_text(claim, language, unit=True):
    """The claim's number as it was said: "about 80–85 times", "about 100", "more than 70%"."""
    form = "year" if claim.unit == "year" else f"n{decimals(claim.low, claim.high)}"
    text = span_text(language, claim.low, claim.high, form)
    text = with_unit(language, text, claim.unit, claim.high) if unit else text
    if claim.hedge == "none":
        return text
    return language.label(f"hedge.{claim.hedge}").replace("#", text)


def institution_name(language, who, evidence):
    """A provider of series by its short name, or the institution of a source."""
    if who in evidence.sources.index:
        return language.of(evidence.sources.loc[who], "institution")
    return language.label(f"provider.{who}")


def source_line(language, evidence, ids, dated=True):
    """The source line: each institution once, with the months in which what was used was published."""
    months = {}
    for source in (evidence.sources.loc[i] for i in dict.fromkeys(ids)):
        months.setdefault(language.of(source, "institution"), {})[
            language.date(source.published[:7])
        ] = None
    names = [f"{who} ({', '.join(when)})" if dated else who for who, when in months.items()]
    return language.label(
        "chart.sources" if len(names) > 1 else "chart.source", names="; ".join(names)
    )


def unknown_as_none(value):
    """The value, or None where a table has none."""
    return None if value is None or value != value else value


def looks_same(value, other):
    """Whether a later figure is the earlier one, for the eye."""
    if value is None or other is None:
        return value is other
    return abs(value - other) <= SAME * abs(other)


def measured_by(result, newest=False):
    """(low, high, who) of each source of the primary reading that measures what the claim says in numbers."""
    reading = result.primary
    if (
        reading is None
        or not reading.is_numeric
        or not result.claim.has_number
        or not result.claim.middle
    ):
        return []
    return [
        (unknown_as_none(j.measured.low), unknown_as_none(j.measured.high), j.measured)
        for j in (reading.newest if newest else reading.judgements)
    ]


def outer_ends(measured):
    """Lowest and highest end of several measured ranges, None where there is none."""
    ends = [end for low, high, _ in measured for end in (low, high) if end is not None]
    return (min(ends), max(ends)) if ends else (None, None)


def _cell(value):
    value = unknown_as_none(value)
    return "" if value is None else repr(float(value)) if isinstance(value, float) else str(value)


def write(path, content):
    """Write a figure's file, text or bytes, so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.write_bytes(content.encode() if isinstance(content, str) else content)
    os.replace(half, path)


def show(figure, name, language, title, alt, table, subtitle="", source=""):
    """Show a matplotlib figure of your own like the others: figures/NAME.svg, figures/NAME.csv, title and alt text.

    `name`: such as "tea_imports"; `alt`: what the chart says, with its values, for those who do not see it;
    `table`: the plotted numbers, a list of rows of which the first holds the columns' names. Title, subtitle and
    source are set above and below the drawing, so the figure itself needs none.
    Raises ValueError where the name is no name for a file, or title, alt text or numbers are missing.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(
            f"{name!r} is no name for a figure: use small letters, digits and _, such as tea_imports"
        )
    if not (title.strip() and alt.strip() and len(table) > 1):
        raise ValueError(
            f"figure {name}: title, alt text and the table of plotted numbers must be given"
        )
    out = io.StringIO()
    with style():
        FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None})
    if "matplotlib.pyplot" in sys.modules:  # which would show the figure a second time
        sys.modules["matplotlib.pyplot"].close(figure)
    _store(
        name,
        language,
        out.getvalue(),
        None,
        table,
        dict(title=title, subtitle=subtitle, source=source, alt=alt),
    )


def publish(name, language, words, table, draw):
    """Draw both variants, write the files and display them.

    `words`: title, subtitle, source and alt text; `table`: the head and the rows of the CSV.
    """
    name, (title, subtitle, source, alt) = name.replace("-", "_"), words
    with style():
        drawn = []
        for phone in (False, True):
            sheet = Sheet(phone, title, subtitle, source)
            draw(sheet)
            drawn.append(sheet.svg())
    (wide, crop), (small, _) = drawn
    _store(
        name,
        language,
        wide,
        small,
        table,
        dict(title=title, subtitle=subtitle, source=source, alt=alt, crop=crop),
    )


def _store(name, language, wide, phone, table, words):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [[_cell(value) for value in row] for row in table]
    )
    write(FIGURES / f"{name}.csv", out.getvalue())
    write(
        FIGURES / (f"{name}.svg" if language.code == "en" else f"{name}.{language.code}.svg"), wide
    )
    bundle = {"image/svg+xml": wide, "text/csv": out.getvalue(), "text/plain": words["alt"]}
    if phone:
        bundle["application/x-factcheck-phone+svg"] = phone
    display(bundle, raw=True, metadata={"factcheck": {"role": "figure", "id": name, **words}})
