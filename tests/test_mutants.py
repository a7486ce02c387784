"""The tool that changes single values finds those that nothing notices, and believes no digest.

Works on the small project of test_build, whose notebooks show two of three rows and round what they show.
"""

import os
import subprocess
import sys

import pytest
from factcheck import ROOT
from mutants import Mutant, of_notebooks, of_tables
from test_build import edit_cell, make_project, run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = tmp_path_factory.mktemp("mutants") / "project"
    make_project(root)
    edit_cell(root, 3, "import hashlib; print(hashlib.sha256(str(values).encode()).hexdigest())")
    edit_cell(root, 3, "assert value < 3, 'the text says: little'", "02_milk")
    run(root, "brief")
    return root


def test_it_makes_wrong_values_of_every_kind_and_never_the_same_value(project):
    """Catches a mutant that is none: 0 × 10, or a column that is left alone."""
    found = [*of_tables(project), *of_notebooks(project)]
    assert all(mutant.old != mutant.new for mutant in found)
    assert [m.new for m in found if m.where == (2, "value")] == ["2", "10"]
    assert Mutant("notebooks/02_milk.ipynb", (0, 7, 31), "3", "4") in found


def test_it_tells_how_each_is_noticed_and_which_is_not(project):
    """Catches a digest that counts as noticed, and a number of a notebook that is run unchanged."""
    before = (project / "data/numbers.csv").read_bytes()
    command = [sys.executable, ROOT / "tests/mutants.py", "--project", project, "--sample", "100"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300)
    assert done.returncode == 1, done.stdout + done.stderr
    told = [line for line in done.stdout.splitlines() if ": data/" in line]
    assert sorted(told) == [
        "shown: data/numbers.csv, 2, value: 1 → 10 (01_tea, code cell 2)",
        "shown: data/numbers.csv, 2, value: 1 → 2 (01_tea, code cell 2)",
        "shown: data/numbers.csv, 3, value: 2 → 20 (02_milk, code cell 2)",
        "shown: data/numbers.csv, 3, value: 2 → 3 (02_milk, code cell 2)",
        "unseen: data/numbers.csv, 4, value: 0 → 1 (nobody reads it)",
    ]
    assert (project / "data/numbers.csv").read_bytes() == before
