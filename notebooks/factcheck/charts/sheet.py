"""The sheet on which a figure is drawn: text of known width, thin axes, marks, and the SVG that comes out.

Positions are in points (1/72 inch); `y` runs downwards from the upper edge.
"""

import io
from functools import cache
from html import escape

import matplotlib
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

# The only colours: the exporters know them by these values.
INK, MUTED, GRID, CONTEXT = "#1f2933", "#52606d", "#d9dee3", "#9aa5b1"
ACCENT, BAND, BANDEDGE, PAPER = "#b3261e", "#f3d9a4", "#8a5a00", "#ffffff"
WIDE, PHONE = 453.6, 244.8  # widths
SIZE, LINE = 8, 10.5  # of text in the figure: never smaller than the footnotes of the printed page
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "factcheck",
    "font.family": "DejaVu Sans",
    "text.parse_math": False,
    "axes.unicode_minus": False,
}


@cache
def _advance(char, size, bold):
    font = get_font(
        findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal"))
    )
    font.set_size(size, 72)
    return font.load_char(ord(char), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536


def width_of(text, size=SIZE, bold=False):
    return sum(_advance(char, size, bold) for char in text)


def wrap(text, width, size=SIZE, bold=False):
    """Lines of a text that are not wider than `width`, broken at ordinary spaces."""
    lines = []
    for word in text.split(" "):
        if lines and width_of(f"{lines[-1]} {word}", size, bold) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def style():
    """The settings under which a figure is drawn and saved, as a context: the same bytes everywhere."""
    return matplotlib.rc_context(STYLE)


class _Group(Artist):
    """Artists in one named group of the SVG, so that an exporter can drop them together."""

    def __init__(self, gid):
        super().__init__()
        self.set_gid(gid)
        self.artists = []

    def get_children(self):
        return self.artists

    def draw(self, renderer):
        renderer.open_group("group", gid=self.get_gid())
        for artist in self.artists:
            artist.draw(renderer)
        renderer.close_group("group")


class Sheet:
    """One figure of a given width that grows downwards: `y` is how far it is filled, in points.

    The wide sheet has title and subtitle above and the source below, the phone's has the drawing only.
    """

    def __init__(self, phone, title, subtitle, source):
        self.phone, self.width = phone, PHONE if phone else WIDE
        self.figure = Figure(facecolor=PAPER)
        self.points = Affine2D()  # set when the height is known; all that is drawn refers to it
        self.rectangles, self.hover, self.source, self.y = [], {}, source, 2.0
        if not phone:
            head = self._group("chart-head")
            self.text(0, title, color=INK, size=10.5, bold=True, width=self.width, into=head)
            self.text(0, subtitle, color=MUTED, size=8.5, width=self.width, into=head)
            self.y += 4
        self.top = self.y

    def _group(self, gid):
        group = _Group(gid)
        group.set_figure(self.figure)
        self.figure.add_artist(group)
        return group

    def text(
        self, x, words, color=INK, size=SIZE, bold=False, ha="left", width=None, y=None, into=None
    ):
        """Text with its upper edge at `y`, wrapped to `width`; returns its height.

        Without `y` it stands at the end of what is filled, and fills it further.
        """
        lines = wrap(words, width, size, bold) if width else [words]
        top, step = self.y if y is None else y, size * LINE / SIZE
        for number, line in enumerate(lines):
            # The baseline, not the box, is placed: a line without descenders must not hang lower.
            text = Text(
                x,
                top + number * step + size * 0.95,
                line,
                color=color,
                fontsize=size,
                ha=ha,
                va="baseline",
                weight="bold" if bold else "normal",
                parse_math=False,
                transform=self.points,
            )
            if into:
                text.set_figure(self.figure)
                into.artists.append(text)
            else:
                self.figure.add_artist(text)
        if y is None:
            self.y += step * len(lines)
        return step * len(lines)

    def line(self, xs, ys, color=GRID, width=0.6, **style):
        """A line in points, behind the axes."""
        artist = Line2D(xs, ys, color=color, lw=width, transform=self.points, zorder=0, **style)
        self.figure.add_artist(artist)
        return artist

    def axes(self, left, top, width, height):
        """Axes at a place in points, with thin ticks below and nothing else."""
        axes = self.figure.add_axes((0, 0, 1, 1), facecolor="none")
        axes.spines[:].set_visible(False)
        axes.tick_params(colors=MUTED, labelsize=SIZE, length=0, pad=3)
        axes.set_axisbelow(True)
        self.rectangles.append((axes, left, top, width, height))
        return axes

    def rows(self, left, right, top, bottom, limits, ticks, words, log=False):
        """Axes whose x is in the unit of the claim and whose y is the sheet's; `words` stand at the ticks."""
        axes = self.axes(left, top, right - left, bottom - top)
        axes.set_xscale("log" if log else "linear")
        axes.set_xlim(*limits)
        axes.set_ylim(bottom, top)
        axes.set_xticks(ticks, words)
        axes.minorticks_off()
        axes.set_yticks([])
        axes.grid(axis="x", color=GRID, lw=0.6)
        return axes

    def tell(self, artist, words):
        """Words that appear when the pointer rests on the mark."""
        gid = f"mark-{len(self.hover)}"
        self.hover[gid] = words
        artist.set_gid(gid)

    def svg(self):
        """The SVG as text, and the view box of the drawing without title and source."""
        bottom = self.y + 2
        crop = [0, *map(_plain, (self.top, self.width, bottom - self.top))]
        if not self.phone:
            self.y = bottom + 4
            self.text(0, self.source, color=MUTED, width=self.width, into=self._group("chart-foot"))
            bottom = self.y + 2
        self.figure.set_size_inches(self.width / 72, bottom / 72)
        self.figure.set_dpi(72)
        self.points.scale(1, -1).translate(0, bottom)
        for axes, left, top, width, height in self.rectangles:
            axes.set_position(
                (
                    left / self.width,
                    1 - (top + height) / bottom,
                    width / self.width,
                    height / bottom,
                )
            )
        out = io.StringIO()
        FigureCanvasSVG(self.figure).print_svg(out, metadata={"Date": None})
        text = out.getvalue()
        for gid, words in self.hover.items():
            title = f"<title>{escape(words, quote=False)}</title>"
            text = text.replace(f'<g id="{gid}">', f'<g id="{gid}">{title}', 1)
        return text, crop


def _plain(number):
    """A number as JupyterLab writes it when it saves a notebook: 515 and not 515.0."""
    number = round(number, 2)
    return int(number) if number == int(number) else number


def dot(axes, x, y, hollow=False, color=ACCENT, face=None, shape="o"):
    """A mark: solid for what was known on the day, hollow for the newest."""
    return axes.plot(
        [x],
        [y],
        shape,
        ms=6,
        mfc=face or (PAPER if hollow else color),
        mec=color,
        mew=1.3,
        zorder=5,
        clip_on=False,
    )[0]


def span_mark(axes, low, high, y, hollow=False, color=ACCENT):
    """A dot, or two joined by a line; an arrow where one end is open."""
    if low is not None and high is not None:
        if low != high:
            axes.plot([low, high], [y, y], color=color, lw=2, zorder=4)
            dot(axes, low, y, hollow, color)
        return dot(axes, high, y, hollow, color)
    start, sign, head = (high, -1, "<") if low is None else (low, 1, ">")
    left, right = axes.get_xlim()
    end = start + sign * 0.06 * (right - left)
    axes.plot([start, end], [y, y], color=color, lw=1.5, zorder=4)
    axes.plot([end], [y], head, ms=5, mfc=color, mec=color, zorder=4)
    return dot(axes, start, y, hollow, color)


def spread(wanted, heights, low, high):
    """Places near the wanted ones, in their order, at which labels of these heights do not overlap."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    places = [0.0] * len(wanted)
    edge = low
    for i in order:
        places[i] = edge = max(wanted[i] - heights[i] / 2, edge)
        edge += heights[i]
    edge = high
    for i in reversed(order):
        places[i] = min(places[i], edge - heights[i])
        edge = places[i]
    return places
