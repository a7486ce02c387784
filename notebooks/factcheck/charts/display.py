"""A chart as one display: drawn for page and phone in every language, with its alt text and its numbers.

Texts are `dict(en="…", ru="…")`, or one string for all languages, with placeholders such as {low:n0} for the
notebook's variables. `title` and `source` are Markdown and stand outside the drawing, `unit` says above it what
is measured, `alt` says what is shown, with its values; all others are the labels of the drawing.
"""

import io
import os
import re
import sys
from collections.abc import Callable
from contextlib import nullcontext
from html import unescape

import matplotlib
import pandas as pd
from IPython import get_ipython
from matplotlib.figure import Figure

import factcheck
from factcheck import palette, words
from factcheck.charts.marks import width_of, wrapped
from factcheck.charts.style import (
    FALLBACK,
    FONT,
    LINESPACING,
    MUTED,
    TICK,
    house_style,
    plain_numbers,
)

Texts = str | dict[str, str]
WIDTHS = {"page": 453.6, "phone": 244.8}  # points
SALT = "factcheck"  # the same ids, so the same bytes, at each drawing
WHOLE = {
    "bbox_inches": "tight",
    "pad_inches": 0.04,
}  # as JupyterLab shows a figure: no label is cut


def show(
    name: str,
    drawing: Callable | Figure,
    numbers: pd.DataFrame | pd.Series,
    *,
    height: float | tuple[float, float] = 200,
    panels: int = 1,
    dark: bool = False,
    **texts: Texts,
) -> None:
    """Display a chart and write figures/NAME.svg, one for each language, and figures/NAME.csv with its numbers.

    `drawing` is a finished matplotlib figure, or `paint(axes, words, number, phone)`, called for each language and
    size: `words["label"]` is a label of the chart or of data/labels.csv, `number(value, decimals)` writes a
    number, `phone` is true for the narrow drawing. `height` in points, of both or (page, phone). Of several
    panels `axes` is a list: side by side on the page, one below the other on the phone. With `dark`,
    figures/NAME.dark.svg is written too, for a README that shows one of two files.
    Raises ValueError or TypeError in one line where name, alt text or numbers will not do.
    """
    _refuse(name, numbers)
    filled = fill(name, {"title": "", "source": "", "unit": "", "alt": ""} | texts)
    _refuse_without_values(name, filled)
    if isinstance(drawing, Figure):
        svgs = _of_figure(drawing, filled)
    else:
        heights = height if isinstance(height, tuple) else (height, height)
        svgs = {
            words.svg_mime(code, size): _painted(drawing, own, code, size, points, panels)
            for code, own in filled.items()
            for size, points in zip(WIDTHS, heights)
        }
    _write_all(name, svgs, dark)
    _publish(name, filled, svgs, _csv(numbers))


def _refuse(name, numbers):
    """Raise for a name that is none of a file, and for what is no table of numbers."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(
            f"chart {name!r}: its name is a file's: small letters, digits and _, as in tea_imports"
        )
    if not isinstance(numbers, (pd.DataFrame, pd.Series)):
        kind = type(numbers).__name__
        raise TypeError(
            f"chart {name}: the numbers drawn must be a DataFrame or a Series, not {kind}"
        )
    if numbers.empty:
        raise ValueError(f"chart {name}: the frame of the numbers drawn has no values")


def _refuse_without_values(name, filled):
    for code, own in filled.items():
        if not re.search(r"\d", own["alt"]):
            raise ValueError(
                f"chart {name}: alt text must say in {code} what is shown, with its values"
            )


def fill(name: str, texts: dict[str, Texts]) -> dict[str, dict[str, str]]:
    """{language: {key: text}} with the placeholders filled from the notebook's variables."""
    names = get_ipython().user_ns if get_ipython() else {}
    filled = {}
    for code in words.languages():
        own = filled[code] = {}
        plain = words.Filler(words.Language(code), escaped=False)
        for key, text in texts.items():
            text = text if isinstance(text, str) else text.get(code)
            if text is None:
                raise ValueError(f"chart {name}: {key} has no text in {code}")
            markdown = key in ("title", "source")
            own[key] = words.fill(text, code, names) if markdown else plain.vformat(text, (), names)
    return filled


class _Words(dict):
    """The labels of a chart in one language, and behind them those of data/labels.csv."""

    def __init__(self, own, language):
        super().__init__(own)
        self.language = language

    def __missing__(self, key):
        return self.language.label(key)


def _of_figure(figure, filled):
    """The SVG of a finished figure, for every language the same."""
    svg = _saved(figure, words.Language(words.languages()[0]).number, WHOLE)
    return {words.svg_mime(code, "page"): svg for code in filled}


def _painted(paint, texts, code, size, height, panels):
    """The SVG that `paint` makes for one language and size."""
    language, width, phone = words.Language(code), WIDTHS[size], size == "phone"
    with house_style():
        figure = Figure(figsize=(width / 72, height / 72))
        if texts["unit"]:
            unit = wrapped(texts["unit"], width - 4, TICK)
            how = {"size": TICK, "color": MUTED, "linespacing": LINESPACING}
            figure.suptitle(unit, x=2 / width, ha="left", **how)
        axes = figure.subplots(panels if phone else 1, 1 if phone else panels)
        paint(axes if panels == 1 else list(axes), _Words(texts, language), language.number, phone)
        return _saved(figure, language.number, {})


def _saved(figure, number, how):
    """The figure as SVG: in the house style with its text as text, else with all letters as its author saw them."""
    house = all(axes.title.get_fontfamily() == [FONT] for axes in figure.axes)
    file, saved = io.StringIO(), {"svg.hashsalt": SALT, "svg.fonttype": "none" if house else "path"}
    with house_style() if house else nullcontext(), matplotlib.rc_context(saved):
        if house:
            plain_numbers(figure, number)
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None}, **how)
    if "matplotlib.pyplot" in sys.modules:  # which would show the figure a second time
        sys.modules["matplotlib.pyplot"].close(figure)
    svg = re.sub(r'<text style="(.*?)"(.*?)>(.*?)</text>', _as_wide, file.getvalue())
    return svg.replace(f"'{FONT}'", FALLBACK)


def _as_wide(found):
    """A text element that is as wide in any font as it was laid out in the house's."""
    style, place, text = found.groups()
    size = float(re.search(r"font-size: ([\d.]+)px", style)[1])
    width = width_of(unescape(text), size, bold="font-weight: 600" in style)
    length = f'textLength="{width:.2f}" lengthAdjust="spacingAndGlyphs"'
    return f'<text style="{style}" {length}{place}>{text}</text>'


def _csv(numbers):
    """The numbers as CSV, with their index unless it only counts the rows; ten significant digits."""
    counted = isinstance(numbers.index, pd.RangeIndex) and numbers.index.name is None
    return numbers.to_csv(index=not counted, float_format="%.10g", lineterminator="\n")


def _write_all(name, svgs, dark):
    """Write the page's drawing of every language, and the same in the dark colours where that is wanted."""
    for code in words.languages():
        svg = svgs[words.svg_mime(code, "page")]
        own = name if code == words.languages()[0] else f"{name}.{code}"
        write(f"{own}.svg", svg.encode())
        if dark:
            write(f"{own}.dark.svg", palette.dark(svg).encode())


def _publish(name, texts, svgs, table):
    """Write the numbers and display title, drawing and source line."""
    first = words.languages()[0]
    write(f"{name}.csv", table.encode())
    if texts[first]["title"]:
        words.show(lambda say: f"**{texts[say.code]['title']}**", role="chart-title", name=name)
    told = {
        code: {key: own[key] for key in ("title", "source", "alt")} for code, own in texts.items()
    }
    bundle = {**svgs, "text/plain": texts[first]["alt"]}
    words.publish(bundle, role="chart", name=name, csv=table, texts=told)
    if texts[first]["source"]:
        words.show(lambda say: texts[say.code]["source"], role="chart-source", name=name)


def write(name: str, content: bytes) -> None:
    """Write a file of figures/, so that it is there whole or not at all."""
    folder = factcheck.FIGURES
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f".{name}.{os.getpid()}"
    half.write_bytes(content)
    os.replace(half, folder / name)
