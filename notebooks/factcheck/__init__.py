"""Fact-check of an interview: what was claimed, what is known, what follows, and how it is printed.

The way of the data is one direction: seeds/ and data/ are read (`interview`, `data`), the notebooks in
notebooks/ work each claim through with pandas, `claims`, `rule` and `cases` judge it, `findings` leaves the
result in the stored output, `export` prints, `build` runs what is out of date.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
DATA = ROOT / "data"
NOTEBOOKS = Path(os.environ.get("FACTCHECK_NOTEBOOKS") or ROOT / "notebooks")
# A re-run that only compares must not write over what it compares with.
FIGURES = Path(os.environ.get("FACTCHECK_FIGURES") or ROOT / "figures")


def load_ipython_extension(shell) -> None:
    """`%load_ext factcheck`: makes `%%say` known. (Imported only here: the command line needs no IPython.)"""
    from factcheck import words

    words.load_ipython_extension(shell)
