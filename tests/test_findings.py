"""The findings are those that were frozen, row by row: a value, a verdict or a quote that moves by itself is seen.

`frozen_findings` says what the rows are. The arithmetic behind the principal ones stands in `BY_HAND` of
test_verdict.py; here nothing is left out.
"""

from collections import Counter

import frozen_findings
import pytest
from frozen_findings import COLUMNS, KEY

ADVICE = "If it was meant, say why in a commit of its own: python tests/frozen_findings.py writes the file anew"


def keyed(rows):
    return {tuple(row[column] for column in KEY): row for row in rows}


@pytest.fixture(scope="module")
def pairs(results):
    """(the frozen rows, those that follow from the data now), each by its key."""
    return keyed(frozen_findings.stored()), keyed(frozen_findings.rows(results))


def test_each_row_has_a_key_of_its_own(results):
    for rows in (frozen_findings.stored(), list(frozen_findings.rows(results))):
        counts = Counter(tuple(row[column] for column in KEY) for row in rows)
        assert [key for key, count in counts.items() if count > 1] == []


def test_no_row_came_and_none_went(pairs):
    """A reading, a source or an edition that is lost or added without anyone noticing."""
    stored, now = pairs
    assert sorted(stored.keys() - now.keys()) == [], f"gone. {ADVICE}"
    assert sorted(now.keys() - stored.keys()) == [], f"new. {ADVICE}"


@pytest.mark.parametrize("column", COLUMNS)
def test_each_column_is_as_it_was(pairs, column):
    """A value that is rounded, a verdict that flips, a factor, an interval or a quote that changes."""
    stored, now = pairs
    moved = {
        " ".join(filter(None, key)): (row[column], now[key][column])
        for key, row in stored.items()
        if key in now and row[column] != now[key][column]
    }
    assert moved == {}, f"{column}: (as frozen, now). {ADVICE}"
