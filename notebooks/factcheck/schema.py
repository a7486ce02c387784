"""Whether the tables are what data/datapackage.json says: cells, keys, references between tables.

An engine of our own, since the same reader must serve notebooks, digests and checks, and say in one
line what was meant. Independent readers of the descriptor (frictionless) must agree with it.
"""

import re
from pathlib import Path

from . import ROOT, csvcells
from .csvfiles import DESCRIPTOR, DataError, Row, descriptor, listed, problem, read


def problems(root: Path = ROOT) -> list[str]:
    """All problems of the tables by themselves and of their references; none if all is in order."""
    try:
        resources = descriptor(root)
    except DataError as error:
        return error.problems
    lines = [
        problem(DESCRIPTOR, None, *flaw) for name in resources for flaw in _flaws(resources, name)
    ]
    if lines:
        return lines
    tables = {name: read(name, root) for name in resources}
    rows = {name: table.records() for name, table in tables.items()}
    wrong = {
        name: table.problems + _duplicates(resources[name]["schema"], rows[name])
        for name, table in tables.items()
    }
    lines = [line for found in wrong.values() for line in found]
    for name, resource in resources.items():
        for key in resource["schema"].get("foreignKeys", []):
            # Where the table referred to is wrong itself, each reference would only say it again.
            if not wrong[key["reference"]["resource"] or name]:
                lines += _unknown(rows, name, key)
    return lines + [
        problem(path.name, None, None, None, f"its description in data/{DESCRIPTOR}")
        for path in sorted((root / "data").glob("*.csv"))
        if path.stem not in resources
    ]


def _flaws(resources, name):
    """(place, value, expected) of rules that nobody here would apply, since a type or a name is misspelt."""
    for field in resources[name]["schema"]["fields"]:
        place, rules = f"{name}.{field['name']}", field.get("constraints", {})
        if field["type"] not in csvcells.TYPES:
            yield place, field["type"], csvcells.one_of(field["type"], csvcells.TYPES)
        for unknown in sorted(rules.keys() - {*csvcells.RULES}):
            yield place, unknown, csvcells.one_of(unknown, csvcells.RULES)
        try:
            re.compile(rules.get("pattern", ""))
        except re.error as error:
            yield place, rules["pattern"], f"a regular expression ({error})"


def _duplicates(schema, rows):
    """Lines for values that stand twice in a unique column or a primary key."""
    primary, lines = listed(schema.get("primaryKey")), []
    keys = [[f["name"]] for f in schema["fields"] if f.get("constraints", {}).get("unique")]
    for key in keys + [primary] * (bool(primary) and primary not in keys):
        seen: dict[tuple, Row] = {}
        for row in _filled(rows, key):
            first = seen.setdefault(_values(row, key), row)
            if first is not row:
                expected = f"a value of its own, row {first.number} has it already"
                lines.append(_line(row, key, expected))
    return lines


def _unknown(rows, name, key):
    """Lines for references that lead nowhere."""
    target, there = key["reference"]["resource"] or name, listed(key["reference"]["fields"])
    known = {_values(row, there): _shown(row, there) for row in rows[target]}
    here = listed(key["fields"])
    for row in _filled(rows[name], here):
        if _values(row, here) not in known:
            expected = f"a value of {' + '.join(there)} in data/{target}.csv"
            near = csvcells.hint(_shown(row, here), known.values())
            yield _line(row, here, expected + near)


def _values(row, key):
    return tuple(row[column] for column in key)


def _shown(row, key):
    return " + ".join(row.cells[column] for column in key)


def _filled(rows, key):
    """Rows in which not all of the key is missing."""
    return [row for row in rows if any(row.cells[column] for column in key)]


def _line(row, key, expected):
    return problem(row.table, row.number, " + ".join(key), _shown(row, key), expected)
