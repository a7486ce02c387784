"""The findings that the notebooks leave in their outputs are those that were frozen, row by row.

`expected_findings.csv` was made by the version before this one, and checked by hand where it differed from the
one before that: a row is what one source, or one event, says of one reading of a claim in one edition. A
deliberate change is a commit of its own that says why.
"""

import csv
import math
from collections import Counter
from pathlib import Path

import pytest
from factcheck import NOTEBOOKS, brief, claims
from factcheck.judging import ORDER

FILE = Path(__file__).parent / "expected_findings.csv"
CLAIM = (
    "quote said_low said_high unit hedge interval claim_verdict claim_newest confidence sensitivity"
)
READING = "is_primary measure reading_verdict reading_newest factor_low factor_high"
VALUE = "period firm low high bound object source_verdict"
COLUMNS = f"{CLAIM} {READING} {VALUE}".split()
KEY = ("claim_id", "reading_id", "edition", "source", "record")


def number(value) -> str:
    """A number with ten significant digits; empty for none."""
    return "" if value is None or math.isnan(value) else f"{value:.10g}"


def interval(row: dict) -> str:
    """The numbers that make a claim true, as text: a bracket that looks away leaves its end out."""
    said = claims.interval_of(row | {key: row[key] or math.nan for key in ("low", "high")})
    if said is None:
        return ""
    left, right = "]" if said.low_open else "[", "[" if said.high_open else "]"
    return f"{left}{said.low:.10g}; {said.high:.10g}{right}"


def sensitivity(finding: dict) -> str:
    """What other choices would give, as text; a tolerance and a source with their detail."""
    names = [
        f"{choice} {detail:g}" if choice == "tolerance" else f"{choice} {detail or ''}".strip()
        for choice, detail, _ in finding["sensitivity"]
    ]
    return in_order("; ".join(f"{n}: {row[2]}" for n, row in zip(names, finding["sensitivity"])))


def in_order(choices: str) -> str:
    """The choices by name: in which order they are tried says nothing."""
    return "; ".join(sorted(choices.split("; ")))


def of_claim(finding: dict) -> dict:
    row = finding["row"]
    return {
        "claim_id": finding["claim"],
        **{key: row[key] for key in ("quote", "unit", "hedge")},
        "said_low": number(row["low"]),
        "said_high": number(row["high"]),
        "interval": interval(row),
        "claim_verdict": finding["verdict"],
        "claim_newest": finding["newest_verdict"],
        "confidence": finding["confidence"] or "",
        "sensitivity": sensitivity(finding),
    }


def of_reading(finding: dict, name: str) -> dict:
    """A reading; the factor is told of the one that is judged."""
    reading = finding["readings"][name]
    factor = finding["factor"] if reading["is_primary"] and finding["factor"] else (None, None)
    return {
        "reading_id": name,
        "is_primary": str(reading["is_primary"]).lower(),
        "measure": reading["measure"],
        "reading_verdict": reading["verdict"],
        "reading_newest": reading["newest_verdict"],
        "factor_low": number(factor[0]),
        "factor_high": number(factor[1]),
    }


def of_value(row: dict) -> dict:
    """What a source measured, or an event."""
    event = row.get("event_id")
    return {
        "source": row["source"],
        "record": event or "",
        "period": row["date"] if event else row["period"],
        "firm": "" if event else str(bool(row["firm"])).lower(),
        "low": number(row.get("low")),
        "high": number(row.get("high")),
        "bound": row.get("bound") or "",
        "object": (row.get("object") or "") if event else "",
        "source_verdict": (row.get("verdict") or "").replace("unproven", ""),  # it cannot tell
    }


def rows(finding: dict):
    """Every row of a finding, as the frozen file has them."""
    for name in finding["readings"]:
        for edition in ("known", "newest"):
            measured = [
                row
                for row in finding["measured"]
                if (row["reading"], row["edition"]) == (name, edition)
            ]
            for value in map(of_value, measured) if measured else [{}]:
                yield of_claim(finding) | of_reading(finding, name) | {"edition": edition} | value
    if not finding["readings"]:
        yield of_claim(finding)


def keyed(found) -> dict[tuple, dict]:
    """Rows by key; each key is there once."""
    found = [{column: row.get(column, "") for column in (*KEY, *COLUMNS)} for row in found]
    for row in found:
        if row["measure"] not in ORDER:  # findings name the single record of an event only
            row["record"] = ""
        if (
            row["measure"] == "rank"
        ):  # once all were called firm, though the IMF estimates some states
            row["firm"] = ""
    counts = Counter(tuple(row[column] for column in KEY) for row in found)
    assert [key for key, count in counts.items() if count > 1] == []
    return {tuple(row[column] for column in KEY): row for row in found}


@pytest.fixture(scope="module")
def pairs():
    """(the frozen rows, those of the stored notebooks), each by its key."""
    with FILE.open(encoding="utf-8", newline="") as file:
        frozen = list(csv.DictReader(file))
    for row in frozen:
        row["sensitivity"] = in_order(row["sensitivity"])
        if row["is_primary"] == "false":
            row["factor_low"] = row["factor_high"] = ""
    stems = [path.stem for path in sorted(NOTEBOOKS.glob("0[2-9]*.ipynb"))]
    found = brief.collect(*stems)
    return keyed(frozen), keyed(row for finding in found.values() for row in rows(finding))


def test_no_row_came_and_none_went(pairs):
    """Catches a reading, a source or an edition that is lost or added without anyone noticing."""
    frozen, now = pairs
    assert sorted(frozen.keys() - now.keys()) == [], "gone"
    assert sorted(now.keys() - frozen.keys()) == [], "new"


@pytest.mark.parametrize("column", COLUMNS)
def test_each_column_is_as_it_was(pairs, column):
    """Catches a value that is rounded, a verdict that flips, a factor, an interval or a quote that changes."""
    frozen, now = pairs
    moved = {
        " ".join(filter(None, key)): (row[column], now[key][column])
        for key, row in frozen.items()
        if key in now and row[column] != now[key][column]
    }
    assert moved == {}, f"{column}: (as frozen, now)"
