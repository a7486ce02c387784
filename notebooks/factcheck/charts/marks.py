"""The few marks from which the figures are made. Sizes, gaps and distances are in points."""

from collections.abc import Sequence
from functools import cache

from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags

from factcheck.charts.style import (
    BAND,
    CLAIM,
    FONT,
    INK,
    LABEL,
    LINE,
    LINESPACING,
    MUTED,
    NOTE,
    PAPER,
    TICK,
)


def spaced(places: Sequence[float], gap: float) -> list[float]:
    """Places as near to the given ones as can be, in the same order, no two nearer than `gap`."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    blocks = []  # places that touch: mean of their places less the gaps before them, how many they are
    for rank, i in enumerate(order):
        blocks.append((places[i] - rank * gap, 1))
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (low, m), (high, n) = blocks.pop(-2), blocks.pop()
            blocks.append(((low * m + high * n) / (m + n), m + n))
    free = [mean for mean, count in blocks for _ in range(count)]
    found = {i: free[rank] + rank * gap for rank, i in enumerate(order)}
    return [found[i] for i in range(len(places))]


@cache
def _width(line: str, bold: bool) -> float:
    """Width of a line of text, of the font's size; kerning counts."""
    font = get_font(findfont(FontProperties(family=FONT, weight=600 if bold else 400)))
    font.set_size(1000, 72)
    font.set_text(line, 0, flags=LoadFlags.NO_HINTING)
    return font.get_width_height()[0] / 64 / 1000


def width_of(line: str, size: float = LABEL, bold: bool = False) -> float:
    """Width of a line of text in the house's font."""
    return size * _width(line, bold)


def wrapped(text: str, width: float, size: float = LABEL, bold: bool = False) -> str:
    """Text broken at ordinary spaces into lines not wider than `width`; breaks that it has stay."""
    lines = []
    for paragraph in text.split("\n"):
        lines.append("")
        for word in paragraph.split(" "):
            longer = f"{lines[-1]} {word}".lstrip()
            if lines[-1] and width_of(longer, size, bold) > width:
                lines.append(word)
            else:
                lines[-1] = longer
    return "\n".join(lines)


def band(
    axes, low: float, high: float, text: str = "", at: str = "left", rows: bool = False
) -> None:
    """What was said, as a pale band from `low` to `high` (of x where the chart has rows), and words in it."""
    (axes.axvspan if rows else axes.axhspan)(low, high, color=BAND, lw=0, zorder=0.5)
    if text and rows:
        axes.annotate(text, ((low + high) / 2, 1), (0, 3), "axes fraction", color=CLAIM)
    elif text:
        x = {"left": 0, "right": 1}[at]
        axes.annotate(
            text,
            (x, (low + high) / 2),
            (4 - 8 * x, 0),
            xycoords=axes.get_yaxis_transform(),
            textcoords="offset points",
            ha=at,
            va="center",
            color=CLAIM,
            weight=600,
        )


def note(
    axes, x: float, y: float, text: str, dx: float, dy: float, width: float = 999, **how
) -> None:
    """Words about a point, at a distance from it and not wider than `width`, with a hairline to it."""
    how = {"color": INK, "fontsize": NOTE, "linespacing": LINESPACING} | how
    how.setdefault("ha", "left" if dx > 0 else "right" if dx < 0 else "center")
    how.setdefault("va", "bottom" if dy > 0 else "top" if dy < 0 else "center")
    line = {"arrowstyle": "-", "color": MUTED, "lw": 0.7, "shrinkA": 2, "shrinkB": 3}
    text = wrapped(text, width, how["fontsize"])
    axes.annotate(text, (x, y), (dx, dy), textcoords="offset points", arrowprops=line, **how)


def end_label(axes, ends: Sequence[tuple[float, float, str, str]], size: float = LABEL) -> None:
    """Words at the ends of lines: (x, y, text, colour) of each, moved apart where they would touch."""
    low, high = axes.get_ylim()
    unit = axes.bbox.height / axes.figure.dpi * 72 / (high - low)  # points of one unit of y
    places = spaced([y for _, y, _, _ in ends], size * LINE / unit)
    for (x, y, text, color), place in zip(ends, places):
        axes.annotate(
            text,
            (x, y),
            (5, (place - y) * unit),
            textcoords="offset points",
            va="center_baseline",
            color=color,
            weight=600,
            fontsize=size,
            annotation_clip=False,
        )


def rows(axes, last: float, right: float, left: float = 0) -> None:
    """Bare axes for rows from 0 at the top to `last` at the bottom, and x from `left` to `right`."""
    axes.set(xlim=(left, right), ylim=(last + 0.5, -0.5), xticks=[], yticks=[])
    axes.grid(False)
    axes.spines[:].set_visible(False)


def heading(axes, row: float, text: str, color: str = INK) -> None:
    """Words above the rows of a group."""
    axes.annotate(
        text, (0, row), xycoords=axes.get_yaxis_transform(), va="center", color=color, weight=600
    )


def bar(
    axes, row: float, length: float, label: str, value: str, color: str, start: float = 0
) -> None:
    """A bar with its label above it, wrapped to the width of the figure, and its value at its end."""
    axes.barh(row + 0.2, length, 0.42, left=start, color=color, zorder=2)
    label = wrapped(label, axes.figure.get_figwidth() * 72 - 6, TICK)
    how = {"va": "bottom", "size": TICK, "in_layout": False}
    text(axes, start, row, label, 0, 1, color=MUTED, **how)
    text(axes, start + length, row + 0.2, value)


def row_text(axes, row: float, label: str, numbers: str, phone: bool) -> None:
    """Words above a row of the whole width: its label on the left, its numbers on the right, or below on the phone."""
    left, right = axes.get_xlim()
    if phone:
        label, numbers = f"{label}\n{numbers}", ""
    how = {"va": "bottom", "size": TICK, "in_layout": False}
    text(axes, left, row, label, 0, 1, **how)
    text(axes, right, row, numbers, 0, 1, ha="right", color=MUTED, **how)


def text(
    axes, x: float, y: float, words: str, dx: float = 5, dy: float = 0.5, size: float = LABEL, **how
) -> None:
    """Words beside a point, at a distance from it; to the left of it where `dx` is negative."""
    where = {"va": "center_baseline", "ha": "right" if dx < 0 else "left", "zorder": 4}
    how = where | {"linespacing": LINESPACING} | how
    how.setdefault("weight", 600 if size == LABEL else 400)
    axes.annotate(words, (x, y), (dx, dy), textcoords="offset points", fontsize=size, **how)


def whisker(axes, low: float, high: float, row: float, color: str = INK) -> None:
    """The range of several sources in a row: a thin line with ends, edged so that it shows on a bar."""
    for colour, width in ((PAPER, 3), (color, 1.2)):
        axes.plot([low, high], [row, row], color=colour, lw=width, solid_capstyle="butt", zorder=3)
        axes.plot([low, high], [row, row], "|", color=colour, ms=5 + width, mew=width, zorder=3)


def tile(axes, column: float, row: float, words: str, face: str, color: str = PAPER) -> None:
    """A filled field of a table of tiles, with words in it."""
    axes.barh(row, 0.94, 0.82, left=column - 0.47, color=face, zorder=2)
    axes.text(
        column, row, words, ha="center", va="center_baseline", color=color, weight=600, zorder=4
    )


def listed(axes, x: float, y: float, head: str, lines: Sequence[str]) -> None:
    """A short list whose upper left corner stands at fractions of the axes' width and height."""
    for number, line in enumerate([head, *lines]):
        axes.annotate(
            line,
            (x, y),
            (0, -number * NOTE * LINE),
            "axes fraction",
            textcoords="offset points",
            va="top",
            color=MUTED,
            fontsize=NOTE,
            weight=400 if number else 600,
        )
