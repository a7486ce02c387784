"""The files of data/: CSV as people and spreadsheets save it, read into the form that the tables keep.

What a table holds is said by data/datapackage.json, a Frictionless Data Package: type, required,
unique, enum, limits, pattern, keys. Semicolons, decimal commas, 17.06.2025 and 1 234 567 000 are read
where they can mean one thing only; whatever lost something on the way (1.23457E+11, communiqu? is)
or may mean two things is refused, in one line that names file, row, column, value and what was
expected. Text is kept to the letter, apart from spaces around it. Standard library only, for whoever
compares or checks need not wait for pandas.
"""

import csv
import io
import json
import os
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from . import ROOT, csvcells

DESCRIPTOR = "datapackage.json"


class DataError(ValueError):
    """The data cannot be used: `problems` has a line for each reason, the message the first ten."""

    SHOWN = 10  # more cannot be read at once

    def __init__(self, problems):
        self.problems = list(problems)
        more = len(self.problems) - self.SHOWN
        shown = self.problems[: self.SHOWN] + (
            [f"and {more} more; `make check` shows all"] if more > 0 else []
        )
        super().__init__("\n".join(shown))


class Row(dict):
    """The values of one row by column: str ("" where empty), float, int, bool (None where empty).

    `number` is that of a spreadsheet, where the header is row 1; `cells` has the texts.
    """

    def __init__(self, table, number, cells):
        kinds = {field["name"]: field["type"] for field in table.fields}
        super().__init__((name, csvcells.value(kinds[name], cell)) for name, cell in cells.items())
        self.table, self.number, self.cells = table.name, number, cells

    def problem(self, column: str, expected: str) -> str:
        """The line that says what is wrong with a cell of this row."""
        return problem(self.table, self.number, column, self.cells[column], expected)


@dataclass(frozen=True, eq=False)  # the same file is the same table, so that it can be a key
class Table:
    """One CSV file as it was read."""

    name: str
    fields: list[dict]  # as the descriptor has them
    rows: list[tuple[int, dict[str, str]]] = field(
        default_factory=list
    )  # cells in the table's form
    problems: list[str] = field(default_factory=list)

    def records(self) -> list[Row]:
        """The rows with their values."""
        return [Row(self, number, cells) for number, cells in self.rows]


def problem(name: str, row, column, value, expected: str) -> str:
    """One line on what is wrong: `data/claims.csv, row 7, column low: "8O" – expected a number`.

    `name` is a table, or a file of data/. `row`, `column` and `value` may be None, where it is the
    file, the row or a missing cell.
    """
    line = f"data/{name}" if "." in name else f"data/{name}.csv"
    line += "" if row is None else f", row {row}"
    line += "" if column is None else f", column {column}"
    return f"{line}: {'' if value is None else csvcells.shown(value) + ' – '}expected {expected}"


def columns(schema: dict) -> list[str]:
    """Names of the columns of a table, in the descriptor's order."""
    return [field["name"] for field in schema["fields"]]


def listed(key) -> list[str]:
    """A key of Table Schema, which may be one column or several, as a list."""
    return [key] if isinstance(key, str) else list(key or [])


def descriptor(root: Path = ROOT) -> dict[str, dict]:
    """{table: its resource} of data/datapackage.json. Raises DataError if it is no Data Package."""
    try:
        return _descriptor((root / "data" / DESCRIPTOR).read_bytes())
    except OSError as error:
        expected = f"a file that can be read ({error.strerror})"
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        expected = f"a Data Package in JSON ({error!r})"
    raise DataError([problem(DESCRIPTOR, None, None, None, expected)])


def read(name: str, root: Path = ROOT) -> Table:
    """One table of data/, with what is wrong in it by itself. Raises DataError for an unknown one."""
    resources = descriptor(root)
    if name not in resources:
        raise DataError([problem(DESCRIPTOR, None, None, name, csvcells.one_of(name, resources))])
    try:
        return parse(name, (root / "data" / f"{name}.csv").read_bytes(), root)
    except FileNotFoundError:
        expected = "this file, it is missing"
    except OSError as error:
        expected = f"a file that can be read ({error.strerror}); is it open in another program?"
    fields = resources[name]["schema"]["fields"]
    return Table(name, fields, problems=[problem(name, None, None, None, expected)])


def parse(name: str, raw: bytes, root: Path = ROOT) -> Table:
    """A table from the bytes of its file, wherever they come from."""
    return _read(name, raw, (root / "data" / DESCRIPTOR).read_bytes())


def sound(name: str, root: Path = ROOT) -> Table:
    """One table without a problem. Raises DataError if anything in it is wrong."""
    table = read(name, root)
    if table.problems:
        raise DataError(table.problems)
    return table


def records(name: str, root: Path = ROOT) -> list[Row]:
    """The rows of one table with their values. Raises DataError if anything in it is wrong."""
    return sound(name, root).records()


def written(names: list[str], rows: list[dict], header: bool = True) -> bytes:
    """Rows in a table's own form: UTF-8, commas, line feeds; a column that a row lacks stays empty."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, restval="", extrasaction="ignore", lineterminator="\n")
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def normalise(path: Path) -> list[str]:
    """Bring a table's file into the table's own form; returns a line that says so, if it was not.

    The form: UTF-8, commas, decimal points, days as 2025-06-17, the descriptor's columns. A file
    with a problem is left as it is, since the check names it. The file is replaced at once or not.
    """
    table = read(path.stem, path.parents[1])
    if table.problems or _whole(table) == path.read_bytes():
        return []
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(_whole(table))
    os.replace(part, path)
    form = "commas, decimal points, days as 2025-06-17, UTF-8"
    return [f"data/{path.name}: brought into the table’s own form ({form})"]


def appended(path: Path, rows: list[dict]) -> tuple[bytes, bytes]:
    """(bytes of a table's file, the same with rows added), in the table's own form.

    `rows`: dicts of texts; a column that they lack stays empty. Raises DataError for a file with a
    problem: nothing is added to what cannot be read.
    """
    table = sound(path.stem, path.parents[1])
    return path.read_bytes(), _whole(table) + written(_names(table), rows, header=False)


def _whole(table):
    return written(_names(table), [row for _, row in table.rows])


def _names(table):
    return [field["name"] for field in table.fields]


@lru_cache(maxsize=32)
def _descriptor(raw):
    package = json.loads(raw.decode("utf-8-sig"))
    resources = {resource["name"]: resource for resource in package["resources"]}
    for resource in resources.values():
        for column in resource["schema"]["fields"]:
            column["name"], column["type"]  # noqa: B018 – a KeyError names what the package lacks
    return resources


# ---- from bytes to rows


@lru_cache(maxsize=64)  # by content: what was read once need not be again, however it is dated
def _read(name, raw, descriptor_raw):
    schema = _descriptor(descriptor_raw)[name]["schema"]
    try:
        text = csvcells.decode(raw)
        delimiter = max(",;\t", key=lambda mark: _known_columns(text, mark, schema))
        lines = _lines(text, delimiter)
    except ValueError as error:
        return Table(name, schema["fields"], problems=[problem(name, None, None, None, str(error))])
    places, problems = _places(name, schema, lines)
    table = Table(name, schema["fields"], problems=problems)
    if not problems:
        _fill(table, schema, lines, places, delimiter)
    return table


def _fill(table, schema, lines, places, delimiter):
    """Put the rows into the table, their cells in its form, and note what is wrong with each."""
    width, missing = len(lines[0][1]), {*schema.get("missingValues", []), ""}
    required = {*listed(schema.get("primaryKey"))}
    required |= {f["name"] for f in table.fields if f.get("constraints", {}).get("required")}
    day_first = csvcells.day_first(cell for _, raw in lines[1:] for cell in raw)
    for number, raw in lines[1:]:
        if len(raw) != width:  # even by an empty cell: a comma too many may have moved the others
            expected = f"{width} cells, as in the header, found {len(raw)}; "
            expected += f'a text with "{delimiter}" must stand in quotation marks'
            table.problems.append(problem(table.name, number, None, None, expected))
            continue
        row = {}
        for column, place in zip(table.fields, places):
            name, cell = column["name"], "" if raw[place].strip() in missing else raw[place].strip()
            row[name] = cell
            try:
                if cell:
                    row[name] = csvcells.in_form(column, cell, delimiter, day_first)
                elif name in required:
                    raise ValueError(csvcells.what_it_holds(column))
            except ValueError as error:
                table.problems.append(problem(table.name, number, name, cell, str(error)))
        table.rows.append((number, row))


def _known_columns(text, delimiter, schema):
    """How many columns of the table the first row names when it is cut at this delimiter."""
    try:
        first = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return 0
    return len({_plain(cell) for cell in first} & {_plain(name) for name in columns(schema)})


def _lines(text, delimiter):
    """[(row, cells)] without empty rows; ValueError where a quotation mark is not closed."""
    lines = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for number, raw in enumerate(reader, 1):
            lines.append((number, raw))
    except csv.Error as error:
        raise ValueError(
            "each quotation mark to be closed, and to be doubled inside a quoted text; "
            f"row {len(lines) + 1} breaks this ({error})"
        ) from None
    return [(number, raw) for number, raw in lines if any(cell.strip() for cell in raw)]


def _plain(header):
    return re.sub(r"[\s_-]+", "_", header.strip().casefold())


def _places(name, schema, lines):
    """([place of each column in a row], problems) from the header, whatever its order."""
    (number, header), wanted = lines[0], {_plain(column): column for column in columns(schema)}
    problems, plain = [], [_plain(cell) for cell in header]
    if not wanted.keys() & set(plain):
        expected = f"the header {', '.join(wanted.values())}"
        return [], [problem(name, number, None, ", ".join(header), expected)]
    for place, cell in enumerate(plain):
        filled = any(raw[place : place + 1] not in ([], [""]) for _, raw in lines[1:])
        if cell in wanted and cell in plain[:place]:
            problems.append(problem(name, number, place + 1, header[place], "each column once"))
        elif cell not in wanted and (filled or not re.fullmatch("|unnamed:.*", cell)):
            expected = f"a column that data/{DESCRIPTOR} describes{csvcells.hint(cell, wanted)}"
            problems.append(problem(name, number, place + 1, header[place], expected))
    problems += [
        problem(name, number, column, None, "this column, it is missing")
        for key, column in wanted.items()
        if key not in plain
    ]
    return [plain.index(key) for key in wanted if key in plain], problems
