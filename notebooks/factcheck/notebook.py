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
