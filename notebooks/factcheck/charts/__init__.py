"""Charts: one question each, the finding as the title, the numbers beside it as CSV.

`display` draws a chart for page and phone in every language, `marks` has the few marks from which the figures
are made, `style` type and colours, `picture` what those get who pass a finding on.
"""

# ruff: noqa: F401 – these are the names that notebooks use
from factcheck.charts.display import show
from factcheck.charts.marks import (
    band,
    bar,
    end_label,
    heading,
    listed,
    note,
    row_text,
    rows,
    spaced,
    text,
    tile,
    whisker,
    width_of,
    wrapped,
)
from factcheck.charts.picture import share
from factcheck.charts.style import (
    ACCENT,
    BAND,
    CLAIM,
    CONTEXT,
    GRID,
    INK,
    LABEL,
    MUTED,
    NOTE,
    PAPER,
    TICK,
    TINT,
    house_style,
)
