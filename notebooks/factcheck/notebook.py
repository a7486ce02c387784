"""What a notebook works with: `from factcheck.notebook import *`."""

import pandas as pd

from factcheck import brief, charts, data
from factcheck.blocks import show_claim, show_evidence, show_records
from factcheck.findings import conclude
from factcheck.measures import earlier, known, latest, years_inside

__all__ = [
    "brief",
    "charts",
    "conclude",
    "data",
    "earlier",
    "known",
    "latest",
    "pd",
    "show_claim",
    "show_evidence",
    "show_records",
    "years_inside",
]


def _plain(value: float) -> str:
    """A float as people write it: 1,410,710,000 and 69.3902, never 1.41071e+09."""
    return f"{value:,.0f}" if abs(value) >= 100_000 else f"{value:.6g}"


pd.set_option("display.float_format", _plain)
