"""A picture of one finding, of the size in which social networks show links: 1200 × 630 pixels."""

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from factcheck import words
from factcheck.charts.display import Texts, fill, write
from factcheck.charts.marks import width_of, wrapped
from factcheck.charts.style import (
    ACCENT,
    BAND,
    CLAIM,
    CONTEXT,
    INK,
    LINESPACING,
    MUTED,
    house_style,
)

WIDTH, HEIGHT, MARGIN = 1200, 630, 56  # pixels; a point is a pixel here
HEADLINE, VERDICT, LABEL = (
    64,
    48,
    40,
)  # where the picture is shown 300 pixels wide, a quarter of that
ROOM = WIDTH - 2 * MARGIN


def share(claim_id: str, verdict: str, said: float, found: float, **texts: Texts) -> None:
    """Draw figures/share_CLAIM.png in every language: the finding, the verdict, two bars in proportion, an address.

    `said` and `found` are the lengths of the bars, in one unit; texts are headline, said_label, found_label and
    address. The display names files and alt texts, facts["share"] = {language: {file, alt}}; it is not printed.
    """
    name = f"share_{claim_id.replace('-', '_')}"
    pictures = {}
    for code, own in fill(name, texts).items():
        own["verdict"] = words.Language(code).label(f"verdict.{verdict}")
        for key in ("said_label", "found_label", "address"):
            if width_of(own[key], LABEL) > ROOM:
                raise ValueError(
                    f"{name}: {key} in {code} is wider than the picture; say it in fewer words"
                )
        if wrapped(own["headline"], ROOM, HEADLINE, True).count("\n") > 1:
            raise ValueError(
                f"{name}: the headline in {code} takes more than two lines; shorten it"
            )
        file = f"{name}.png" if code == words.languages()[0] else f"{name}.{code}.png"
        parts = (own[key] for key in ("headline", "verdict", "said_label", "found_label"))
        pictures[code] = {"file": file, "alt": ". ".join(parts) + "."}
        color = INK if verdict in ("correct", "mostly-correct") else ACCENT
        write(file, _png(own, said, found, color, pictures[code]["alt"]))
    words.show(
        lambda say: "![{alt}](../figures/{file})".format(**pictures[say.code]),
        role="research",
        claim=claim_id,
        share=pictures,
    )


def _png(own, said, found, color, alt):
    with house_style():
        figure = Figure((WIDTH / 72, HEIGHT / 72), dpi=72, layout="none")
        page = figure.add_axes((0, 0, 1, 1))
        page.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))
        page.set_axis_off()
        page.barh(0, WIDTH, 36, color=ACCENT)
        _text(page, 50, wrapped(own["headline"], ROOM, HEADLINE, True), HEADLINE, INK, weight=600)
        _text(page, 218, own["verdict"], VERDICT, color, weight=600)
        unit = ROOM / max(said, found)
        _text(page, 300, own["said_label"], LABEL, CLAIM)
        page.barh(368, said * unit, 34, left=MARGIN, color=BAND)
        _text(page, 398, own["found_label"], LABEL, INK)
        page.barh(466, found * unit, 34, left=MARGIN, color=color)
        page.plot([MARGIN, WIDTH - MARGIN], [528, 528], color=CONTEXT, lw=1.5)
        _text(page, 548, own["address"], LABEL, MUTED)
        file = io.BytesIO()
        FigureCanvasAgg(figure).print_png(file, metadata={"Software": None, "Description": alt})
    return file.getvalue()


def _text(page, y, line, size, color, **how):
    how |= {"va": "top", "linespacing": LINESPACING}
    page.text(MARGIN, y, line, fontsize=size, color=color, **how)
