"""One picture a claim, of the size in which social networks show links: claim, verdict, factor, source.

A page of 1200 × 630 pixels on which one point is one pixel; `y` runs downwards from the upper edge.
"""

import csv
import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from factcheck import FIGURES, sections, verdict
from factcheck.charts.common import measured_by, outer_ends, source_line, write
from factcheck.charts.sheet import (
    ACCENT,
    BAND,
    BANDEDGE,
    CONTEXT,
    INK,
    MUTED,
    PAPER,
    style,
    width_of,
    wrap,
)

WIDTH, HEIGHT, MARGIN = 1200, 630, 64
COLUMN = 560  # from here on stands what was found
KINDS = ("ratio", "share", "money", "count", "duration")  # claims that say how many or how much
SCALED = ("times", "percent", "usd-bn")  # of these a scale shows more than the two numbers do
OFF = (
    verdict.INCORRECT,
    verdict.EXAGGERATED,
    verdict.UNDERSTATED,
    verdict.OUT_OF_DATE,
    verdict.DISAGREE,
)


def pictured(results):
    """The claims that get a picture: those that say how many or how much, or that something is always so."""
    return [
        result
        for result in results
        if result.claim.kind == "universal"
        or result.claim.kind in KINDS
        and result.claim.has_number
    ]


def pictures(results, languages):
    """Draw the pictures of all such claims in each language; writes figures/share_CLAIM.png (…ru.png) and
    figures/share.csv with what stands on each and its alt text. Returns the rows of that file, as dicts."""
    rows = []
    for result in pictured(results):
        for language in languages:
            words = _words(result, language)
            end = "" if language.code == "en" else f".{language.code}"
            name = f"share_{result.claim.claim_id.replace('-', '_')}{end}.png"
            write(FIGURES / name, _drawn(result, words))
            rows.append(
                {
                    "claim_id": result.claim.claim_id,
                    "language": language.code,
                    "file": name,
                    **words,
                }
            )
    out = io.StringIO()
    table = csv.DictWriter(out, rows[0] if rows else ["claim_id"], lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    write(FIGURES / "share.csv", out.getvalue())
    return rows


def _words(result, language):
    """All that a picture says, {name: text}; `alt` says the same to those who do not see it."""
    view, claim = result.evidence, result.claim
    ids = [
        source for judgement in result.primary.judgements for source in judgement.measured.sources
    ]
    if result.claim.kind == "universal":
        # Exceptions decide; of many cases there is no room for all.
        events = result.primary.events
        exceptions = [e for e in events if e["object"] != claim.subject]
        ids = [event["source_id"] for event in exceptions or events]
    words = {
        "kicker": language.label(
            "share.kicker",
            speaker=language.of(claim, "speaker"),
            outlet=view.interview["outlet"],
            date=language.date(view.interview["said_to"][:7]),
        ),
        "title": language.of(claim, "title"),
        "said": sections.capital(language.said(claim)),
        "found": sections.capital(sections.found(language, result))
        if ids or result.primary.events
        else language.label("share.nothing"),
        "verdict": sections.word(language, result.verdict),
        "factor": sections.factor_text(language, result),
        "confidence": language.label(
            "share.confidence", confidence=sections.confidence_word(language, result)
        ),
        "source": source_line(language, view, ids, dated=False) if ids else "",
        "known": language.label("share.known", date=language.date(view.cut_off)),
        "said_label": language.label("table.said"),
        "found_label": language.label("table.found"),
    }
    said, found = (f"{words[f'{name}_label']}: {words[name]}" for name in ("said", "found"))
    parts = (
        words["kicker"],
        words["title"],
        said,
        found,
        words["verdict"],
        words["factor"],
        words["confidence"],
        words["source"],
        words["known"],
    )
    return words | {"alt": " ".join(f"{part.rstrip('.')}." for part in parts if part)}


def _broken(words, width, size, bold, lines):
    """The lines of a text, or none if it does not fit into so many of that width."""
    broken = wrap(words, width, size, bold)
    fits = len(broken) <= lines and max(width_of(line, size, bold) for line in broken) <= width
    return broken if fits else []


class _Page:
    def __init__(self):
        self.figure = Figure((WIDTH / 72, HEIGHT / 72), 72, facecolor=PAPER)
        self.points = Affine2D().scale(1, -1).translate(0, HEIGHT)

    def text(self, x, y, words, size, color=INK, bold=False, width=WIDTH - 2 * MARGIN, lines=1):
        """Text with its upper edge at `y`, made smaller until it fits into so many lines; returns its lower edge."""
        while not (broken := _broken(words, width, size, bold, lines)):
            size -= 1
        while len(broken) > 1 and (evener := _broken(words, width - 8, size, bold, len(broken))):
            broken, width = evener, width - 8  # no last line of one word
        for number, line in enumerate(broken):
            self.figure.add_artist(
                Text(
                    x,
                    y + size * (0.95 + 1.25 * number),
                    line,
                    color=color,
                    fontsize=size,
                    va="baseline",
                    weight="bold" if bold else "normal",
                    parse_math=False,
                    transform=self.points,
                )
            )
        return y + 1.25 * size * len(broken)

    def box(self, x, y, width, height, color):
        self.figure.add_artist(
            Rectangle((x, y), width, height, fc=color, lw=0, transform=self.points)
        )

    def line(self, xs, ys, color, width, **marks):
        self.figure.add_artist(
            Line2D(xs, ys, color=color, lw=width, transform=self.points, **marks)
        )

    def png(self, alt):
        out = io.BytesIO()
        FigureCanvasAgg(self.figure).print_png(out, metadata={"Software": None, "Description": alt})
        return out.getvalue()


def _drawn(result, words):
    """The picture as PNG."""
    with style():
        return _page(result, words).png(words["alt"])


def _page(result, words):
    page = _Page()
    page.box(MARGIN, 0, 96, 20, ACCENT)
    page.text(MARGIN, 44, words["kicker"], 22, MUTED)
    page.text(MARGIN, 84, words["title"], 40, bold=True, lines=2)
    right = WIDTH - MARGIN - COLUMN
    for x, width, part, color in (
        (MARGIN, COLUMN - MARGIN - 32, "said", BANDEDGE),
        (COLUMN, right, "found", _color(result)),
    ):
        page.text(x, 206, words[f"{part}_label"], 24, MUTED)
        page.text(x, 238, words[part], 48, color, True, width, lines=2)
    _scale(page, result, 386)
    page.box(MARGIN, 430, WIDTH - 2 * MARGIN, 1.5, CONTEXT)
    below = page.text(MARGIN, 444, words["verdict"], 52, bold=True)
    page.text(
        MARGIN, below, ". ".join(filter(None, (words["factor"], words["confidence"]))) + ".", 27
    )
    foot = f"{words['source']}. {words['known']}." if words["source"] else f"{words['known']}."
    page.text(MARGIN, 559, foot, 20, MUTED, lines=2)
    return page


def _color(result):
    return ACCENT if result.verdict in OFF else INK


def _scale(page, result, y):
    """What was claimed, as a band, and each measured value, as a dot, on one scale that begins at zero."""
    claim, found = result.claim, measured_by(result)
    if claim.unit not in SCALED or not found or None in (ends := outer_ends(found)):
        return
    limit = 100 if claim.unit == "percent" else 1.12 * max(claim.high, ends[1])
    room = WIDTH - 2 * MARGIN

    def place(value):
        return MARGIN + min(value, limit) / limit * room

    low, high = place(claim.interval.low), place(claim.interval.high)
    page.box(low, y - 17, max(high - low, 4), 34, BAND)
    page.line([MARGIN, MARGIN + room], [y, y], MUTED, 1.5)
    page.line([MARGIN, MARGIN], [y - 8, y + 8], MUTED, 1.5)
    page.text(MARGIN - 6, y + 14, "0", 20, MUTED)
    for start, end, _ in found:
        for value in {start, end} - {None}:
            page.line(
                [place(value)],
                [y],
                _color(result),
                0,
                marker="o",
                markersize=17,
                markeredgecolor=PAPER,
                markeredgewidth=1.5,
            )
