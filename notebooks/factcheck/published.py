"""What was published or committed before, against what holds now, and what no brief publishes. Used by `check`.

Numbers that lost digits since the last commit, unproven verdicts without a search, and corrections,
which must be chains that end with what now follows from the data.
"""

import json
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from . import csvfiles, reads, rule
from .claims import half_up
from .csvfiles import Row

FEW = 3  # as many shortened numbers at once are a program's work, not a person's
Tables = dict[str, list[Row]]


def clipped(tables: Tables, root: Path) -> Iterator[str]:
    """Numbers of which the last commit has more digits: 123456000000 for 123456789012, 4.32 for 4.3219.

    A spreadsheet saves what it shows. Nothing is compared outside a git checkout.
    """
    for name, resource in csvfiles.descriptor(root).items():
        numbers = [f["name"] for f in resource["schema"]["fields"] if f["type"] == "number"]
        key = csvfiles.listed(resource["schema"].get("primaryKey"))
        before, found = _committed(name, key, root) if numbers and key else {}, []
        for row in tables[name]:
            cells = before.get(tuple(row.cells[column] for column in key), row.cells)
            for column in numbers:
                if _is_cut(cells[column], row.cells[column]):
                    expected = f"{cells[column]}, as in the last commit; digits were cut"
                    found.append(row.problem(column, expected))
        yield from found if len(found) >= FEW else ()


def _committed(name, key, root):
    """{values of the key: cells} of a table as it was last committed; empty without git."""
    command = ["git", "-C", str(root), "show", f"HEAD:./data/{name}.csv"]
    try:
        raw = subprocess.run(command, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return {}
    rows = csvfiles.parse(name, raw, root).rows
    return {tuple(cells[column] for column in key): cells for _, cells in rows}


def _is_cut(was, now):
    """Whether a number is another one rounded to fewer digits."""
    if not was or not now or now == was:
        return False
    was, now = Decimal(was), Decimal(now).normalize()
    fewer = len(now.as_tuple().digits) < len(was.normalize().as_tuple().digits)
    return fewer and abs(was - now) <= Decimal(5).scaleb(now.as_tuple().exponent - 1)


def problems(tables: Tables, findings: dict[str, dict]) -> Iterator[str]:
    """Unproven verdicts, as the notebooks have them, rest on a search; corrections end with what holds."""
    searched = {row["claim_id"] for row in tables["searches"]}
    for row in tables["claims"]:
        verdict = findings.get(row["claim_id"], {}).get("verdict")
        if verdict == rule.UNPROVEN and row["claim_id"] not in searched:
            expected = "a row in searches.csv that says what was looked for: the claim is unproven"
            yield row.problem("claim_id", expected)
    chains = defaultdict(list)
    for row in sorted(tables["corrections"], key=lambda row: (row["corrected_on"], row.number)):
        chains[row["claim_id"], row["finding"]].append(row)
    for (claim_id, finding), chain in chains.items():
        if finding != "text":  # of a sentence nothing follows that could be compared
            yield from _chain(chain)
            yield from _standing(tables, findings.get(claim_id), chain[-1])


def _chain(chain):
    """Each correction of a finding begins with what the one before put in its place."""
    for before, row in zip([None, *chain], chain):
        if row["stood"] == row["stands"]:
            yield row.problem("stood", "another value than stands now")
        elif before and row["stood"] != before["stands"]:
            expected = f"what the correction before it put in its place, {before['stands']}"
            yield row.problem("stood", expected)
        elif row["finding"] == "verdict" and row["stood"] not in rule.VERDICTS:
            yield row.problem("stood", f"one of {', '.join(rule.VERDICTS)}")


def _standing(tables, found, row):
    """What the last correction says stands must be what now follows."""
    claim = next(claim for claim in tables["claims"] if claim["claim_id"] == row["claim_id"])
    facts = {fact["fact_id"]: fact for fact in tables["facts"]}
    name, fact = row["finding"], facts.get(row["finding"].removeprefix("fact."))
    if name in ("verdict", "low", "high"):
        if not found:
            return  # not concluded yet
        primary = next((r for r in found["readings"].values() if r["is_primary"]), {})
        now = found["verdict"] if name == "verdict" else primary.get(name, "no number")
    elif fact:
        now = fact["value_high"] if fact["value_low"] is None else fact["value_low"]
    elif name in claim:
        now = claim.cells[name]
    else:
        known = "verdict, low, high, text, fact.ID or a column of claims.csv"
        yield row.problem("finding", known)
        return
    decimals = len(row["stands"].partition(".")[2])
    shown = str(half_up(now, decimals)) if isinstance(now, float) else now
    if row["stands"] != shown:
        yield row.problem("stands", f"what now follows, {shown}; correct again in a row of its own")


def left_out(root: Path) -> Iterator[str]:
    """Notebooks with conclusions that a brief could print and none does."""
    paths, taken = sorted((root / "notebooks").glob("*.ipynb")), set()
    books = {path.stem: json.loads(path.read_bytes()) for path in paths}
    briefs = [
        stem for stem, nb in books.items() if nb["metadata"].get("factcheck", {}).get("brief")
    ]
    for stem in briefs:
        for facts, _ in reads.displays(books[stem]):
            taken.update(facts.get("take", ()))
    for stem, nb in books.items():
        claimed = ", ".join(finding["claim"] for finding in reads.findings_in(nb))
        if briefs and claimed and stem not in {*taken, *briefs}:
            yield f"notebooks/{briefs[0]}.ipynb: take the sections of {stem}, on {claimed}"
