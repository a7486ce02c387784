"""Fact-check of interviews: what was claimed, what is known, what follows.

The way of the data is one direction: `interview` and `tables` read, `claims`, `evidence` and
`verdict` conclude, `prose` and `charts` show, `export` prints, `build` runs all of it.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
DATA = ROOT / "data"
NOTEBOOKS = ROOT / "notebooks"
# A re-run that only compares must not write over what it compares with.
FIGURES = Path(os.environ.get("FACTCHECK_FIGURES") or ROOT / "figures")
