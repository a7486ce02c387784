"""The house style: one narrow sans in three sizes, thin axes, nothing that is not needed."""

from pathlib import Path

import matplotlib
from matplotlib import font_manager
from matplotlib.ticker import FuncFormatter, LogFormatter, NullFormatter

from factcheck.palette import COLOURS

for _file in sorted((Path(__file__).parents[1] / "export" / "fonts").glob("SourceSans3-*.ttf")):
    font_manager.fontManager.addfont(_file)

INK, MUTED, GRID, CONTEXT, ACCENT, TINT, BAND, CLAIM, PAPER = (pair[0] for pair in COLOURS.values())
LABEL, TICK, NOTE = 9, 8, 7.5  # points; titles stand outside the drawing
LINE = 1.22  # height of a line of text, of its size
LINESPACING = 0.92  # what gives that height in matplotlib, which begins with the font's own
FONT = "Source Sans 3"
# For those who open the SVG where that font is not: about as narrow.
FALLBACK = f"'{FONT}', 'Source Sans Pro', 'Segoe UI', Roboto, Arial, sans-serif"
STYLE = {
    "font.family": [FONT],
    "font.size": LABEL,
    "text.parse_math": False,
    "text.color": INK,
    "figure.facecolor": PAPER,
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.h_pad": 0.03,
    "figure.constrained_layout.w_pad": 0.03,
    "figure.constrained_layout.wspace": 0.05,
    "axes.facecolor": "none",
    "axes.axisbelow": True,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.labelcolor": MUTED,
    "axes.labelsize": TICK,
    "axes.titlesize": LABEL,
    "axes.titleweight": 600,
    "axes.titlelocation": "left",
    "axes.titlecolor": INK,
    "axes.titlepad": 8,
    "axes.spines.left": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.prop_cycle": matplotlib.cycler(color=[ACCENT, CONTEXT, INK, CLAIM]),
    "axes.xmargin": 0,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": TICK,
    "ytick.labelsize": TICK,
    "xtick.major.size": 3,
    "xtick.major.width": 0.8,
    "ytick.major.size": 0,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "patch.linewidth": 0,
    "legend.frameon": False,
}


def house_style():
    """The house style for a figure of your own: `with charts.house_style(): figure, axes = plt.subplots()`."""
    return matplotlib.rc_context(STYLE)


def plain_numbers(figure, number) -> None:
    """Write the ticks of logarithmic axes as numbers, for their usual labels are formulas."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if isinstance(axis.get_major_formatter(), LogFormatter):
                axis.set_major_formatter(
                    FuncFormatter(lambda value, _: number(value, _decimals(value)))
                )
                axis.set_minor_formatter(NullFormatter())


def _decimals(value: float) -> int:
    return next((digits for digits in range(10) if round(value, digits) == value), 10)
