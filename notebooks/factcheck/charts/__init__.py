"""Figures: one question each, the finding as the title, the numbers beside it as CSV.

Every function takes what `verdict` concluded, draws the figure for the printed page (wide) and for a phone,
writes figures/NAME.svg (NAME.ru.svg in Russian) and figures/NAME.csv, and displays both with alt text.
All words come from data/labels.csv or from the tables themselves. Positions are in points (1/72 inch).

`show` does the same with a figure that a notebook draws itself.
`pictures` is the exception: one PNG a claim for those who share it, in both languages at once.

A module a figure; `common` has what they share, `sheet` the paper on which they are drawn.
"""

from factcheck.charts.common import show
from factcheck.charts.dates import timeline
from factcheck.charts.glance import overview
from factcheck.charts.money import pledges
from factcheck.charts.picture import pictures
from factcheck.charts.rank import ranking
from factcheck.charts.ratio import ratio_history
from factcheck.charts.share import shares

__all__ = [
    "overview",
    "pictures",
    "pledges",
    "ranking",
    "ratio_history",
    "shares",
    "show",
    "timeline",
]
