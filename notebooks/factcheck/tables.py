"""The tables: data/*.csv, read and checked against data/datapackage.json.

Everything known of columns (type, required, unique, enum, limits, pattern, keys) comes from the
descriptor, a Frictionless Data Package. People edit these files in spreadsheets, so what a
spreadsheet does to a file (semicolons, decimal commas, Windows-1251, 17.06.2025, 1 408 280 000) is
read where it can mean one thing only; all else is refused in one line that names file, row, column,
value and what was expected. Text is kept to the letter, apart from spaces around it.
"""

import csv
import difflib
import hashlib
import io
import json
import math
import re
import unicodedata
from datetime import date
from decimal import Decimal

from . import ROOT

SHOWN = 20  # problems in one message: more cannot be read at once
LONGEST = 20_000  # characters in a cell: above, a quotation mark was surely left open
DESCRIPTOR = "datapackage.json"
DTYPES = {
    "string": "str",
    "number": "float64",
    "integer": "int64",
    "boolean": "bool",
    "date": "str",
}
CONSTRAINTS = {
    "required",
    "unique",
    "enum",
    "minimum",
    "maximum",
    "pattern",
    "minLength",
    "maxLength",
}
A_NUMBER = {"number": "a number, such as 80 or 1.5", "integer": "a whole number, such as 80"}
TRUTH = {"true": True, "1": True, "истина": True, "false": False, "0": False, "ложь": False}
# What a spreadsheet or a program writes where a calculation failed or a value was missing.
FAILED = re.compile(
    r"#(N/A|DIV/0!|REF!|NAME\?|VALUE!|NUM!|NULL!|Н/Д|ДЕЛ/0!|ССЫЛКА!|ИМЯ\?|ЗНАЧ!|ЧИСЛО!|ПУСТО!|#+)"
    r"|[+-]?(nan|inf|infinity)|<NA>|NaT",
    re.IGNORECASE,
)
NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]{1,4})?")
SPACED = re.compile(
    r"[+-]?[0-9]{1,3}([ \u00a0\u2007\u2009\u202f][0-9]{3})+([.,][0-9]+)?"
)  # 1 408 280 000
THOUSAND = re.compile(r"[+-]?[1-9][0-9]{0,2}([.,])[0-9]{3}")  # 1,234: a thousand, or one?
REFUSED = {
    "Cc": "control character",
    "Cn": "unassigned code point",
    "Co": "private character",
    "Cs": "half of a surrogate pair",
    "Zl": "line separator",
    "Zp": "paragraph separator",
}
REORDERING = {
    *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
}  # show a text in another order
LOOKALIKE = str.maketrans("АВЕКМНОРСТХаеорсух", "ABEKMHOPCTXaeopcyx")  # Cyrillic to Latin
WINDOWS_1251 = re.compile(
    r"[\x00-\x7fА-яЁё«»„“”‘’‚–—…№§°±©®€\u00a0]*"
)  # what a Russian text has of it
LOST = re.compile(r"\?\w|(?<![^\s(«])\?(?!\))")  # a question mark where a letter or a sign was


class DataError(ValueError):
    """The data cannot be used: `problems` has a line for each reason, the message the first twenty."""

    def __init__(self, problems):
        self.problems = list(problems)
        more = len(self.problems) - SHOWN
        super().__init__(
            "\n".join(self.problems[:SHOWN] + ([f"and {more} more"] if more > 0 else []))
        )


def problem(name, row, column, value, expected):
    """One line on what is wrong: `data/claims.csv, row 7, column low: "8O" – expected a number`.

    `name` is a table, or a file of data/; `row` counts as a spreadsheet does (the header is row 1).
    `row`, `column` and `value` may be None, where it is the file, the row or a missing cell.
    """
    line = f"data/{name}" if "." in name else f"data/{name}.csv"
    line += "" if row is None else f", row {row}"
    line += "" if column is None else f", column {column}"
    if value is None:
        return f"{line}: expected {expected}"
    text = str(value).replace("\n", " ")
    text = text if len(text) <= 80 else text[:79] + "…"
    text = "".join(
        c if c.isprintable() or unicodedata.category(c) == "Zs" else f"<{_code(c)}>" for c in text
    )
    return f'{line}: "{text}" – expected {expected}'


def load(name, root=ROOT):
    """One table, checked by itself, as a DataFrame in the descriptor's order of columns.

    string -> str ("" when missing), number -> float64 (NaN when missing), date -> ISO text ("" when
    missing), integer -> int64, boolean -> bool (Int64 and boolean where the column may be empty). The
    index, named "row", is the row of the file as a spreadsheet shows it. Raises DataError.
    """
    resource = _resource(_descriptor(root), name)
    rows, problems = _read(root, resource)
    if problems:
        raise DataError(problems)
    return _frame(resource, rows)


def records(name, root=ROOT):
    """Rows of one table as dicts, without pandas, which takes a moment to import. Raises DataError."""
    resource = _resource(_descriptor(root), name)
    rows, problems = _read(root, resource)
    if problems:
        raise DataError(problems)
    return [dict(zip(_names(resource), values)) for _, values in rows]


def appended(path, rows):
    """(bytes of a table's file, the same with rows added in its own manner: columns, delimiter, line ends).

    `rows`: dicts; a column that they lack stays empty. Raises ValueError if the file is not in UTF-8.
    """
    old = path.read_bytes()
    try:
        text = old.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(
            f"data/{path.name} is not in UTF-8; save it as CSV UTF-8 and try again."
        ) from None
    first, end = text.splitlines()[0], "\r\n" if "\r\n" in text else "\n"
    delimiter, out = max(",;\t", key=first.count), io.StringIO(newline="")
    header = next(csv.reader([first], delimiter=delimiter))
    csv.DictWriter(out, header, restval="", delimiter=delimiter, lineterminator=end).writerows(rows)
    return old, old + ("" if text.endswith("\n") else end).encode() + out.getvalue().encode()


def load_all(root=ROOT):
    """All tables {name: DataFrame}, as `load`, with the references between them checked, too."""
    resources = _descriptor(root)
    tables, problems = _read_all(root, resources)
    if problems:
        raise DataError(problems)
    return {name: _frame(resources[name], rows) for name, rows in tables.items()}


def check(root=ROOT):
    """All problems of the data as lines, none if it is in order; also CSV files nobody described."""
    try:
        resources = _descriptor(root)
    except DataError as error:
        return error.problems
    tables, problems = _read_all(root, resources)
    problems += [
        problem(path.name, None, None, None, f"its description in data/{DESCRIPTOR}")
        for path in sorted((root / "data").glob("*.csv"))
        if path.stem not in resources
    ]
    return problems + _texts(root, resources, tables)[1]


def digest(root=ROOT, names=None):
    """SHA-256 (hex) of what is known: the tables `names` (default all), the descriptor, the interviews.

    Tables count by their values as read, rows in the order of the file, columns in that of the
    descriptor: a file saved again with semicolons, another encoding or a blank row has the same digest.
    Sorted rows change it, since tables are shown in their order. The descriptor counts by its values,
    the interviews' texts byte for byte. Raises DataError.
    """
    resources, tables, problems = _descriptor(root), {}, []
    names = sorted(resources if names is None else names)
    for name in {*names, *({"interviews"} & resources.keys())}:
        tables[name], found = _read(root, _resource(resources, name))
        problems += found
    texts, found = _texts(root, resources, tables)
    if problems or found:
        raise DataError(problems + found)
    descriptor = json.loads((root / "data" / DESCRIPTOR).read_text("utf-8-sig"))
    values = {name: [values for _, values in tables[name]] for name in names}
    return hashlib.sha256(
        json.dumps([descriptor, values, texts], sort_keys=True).encode()
    ).hexdigest()


# ---- the descriptor


def _descriptor(root):
    """{table: resource} of data/datapackage.json; DataError for whatever could not be enforced."""
    try:
        package = json.loads((root / "data" / DESCRIPTOR).read_text("utf-8-sig"))
        resources = {resource["name"]: resource for resource in package["resources"]}
        problems = [
            problem(DESCRIPTOR, None, place, value, expected)
            for name in resources
            for place, value, expected in _flaws(resources, name)
        ]
    except OSError as error:
        problems = [
            problem(DESCRIPTOR, None, None, None, f"a file that can be read ({error.strerror})")
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        problems = [problem(DESCRIPTOR, None, None, None, f"a Data Package in JSON ({error!r})")]
    if problems:
        raise DataError(problems)
    return resources


def _flaws(resources, name):
    """(place, value, expected) of what a resource says that this module does not know or cannot find."""
    resource, schema = resources[name], resources[name]["schema"]
    if resource["path"] != f"{name}.csv":
        yield name, resource["path"], f"the path {name}.csv"
    for field in schema["fields"]:
        place, rules = f"{name}.{field['name']}", field.get("constraints", {})
        if field["type"] not in DTYPES:
            yield place, field["type"], f"one of {', '.join(DTYPES)}"
        for unknown in sorted(rules.keys() - CONSTRAINTS):
            yield place, unknown, f"one of {', '.join(sorted(CONSTRAINTS))}"
        try:
            re.compile(rules.get("pattern", ""))
        except re.error as error:
            yield place, rules["pattern"], f"a regular expression ({error})"
    used = [(name, column) for column in _list(schema.get("primaryKey"))]
    for key in schema.get("foreignKeys", []):
        target = key["reference"]["resource"] or name
        if target not in resources:
            yield name, target, f"one of {', '.join(resources)}"
            continue
        used += [(name, column) for column in _list(key["fields"])]
        used += [(target, column) for column in _list(key["reference"]["fields"])]
    for table, column in used:
        if column not in _names(resources[table]):
            yield name, column, f"a column of {table}"


def _resource(resources, name):
    if name not in resources:
        raise DataError([problem(DESCRIPTOR, None, None, name, f"one of {', '.join(resources)}")])
    return resources[name]


def _list(value):
    return (
        [value] if isinstance(value, str) else list(value or [])
    )  # Table Schema has both for keys


def _names(resource):
    return [field["name"] for field in resource["schema"]["fields"]]


def _required(resource):
    return {
        field["name"]
        for field in resource["schema"]["fields"]
        if field.get("constraints", {}).get("required")
    } | {*_list(resource["schema"].get("primaryKey"))}


# ---- from bytes to rows


def _read(root, resource):
    """([(row, values)], problems) of one table; rows is None where not even rows can be told apart."""
    name, fields = resource["name"], resource["schema"]["fields"]
    try:
        text, lossy = _decode((root / "data" / f"{name}.csv").read_bytes())
        delimiter = max(",;\t", key=lambda mark: _known_columns(text, mark, resource))
        records = _records(text, delimiter)
    except FileNotFoundError:
        return None, [problem(name, None, None, None, "this file, it is missing")]
    except OSError as error:
        return None, [
            problem(
                name,
                None,
                None,
                None,
                f"a file that can be read ({error.strerror}); is it open in another program?",
            )
        ]
    except ValueError as error:
        return None, [problem(name, None, None, None, str(error))]
    places, problems = _places(resource, records)
    if problems:
        return None, problems
    missing, required = resource["schema"].get("missingValues", [""]), _required(resource)
    wide, rows = len(records[0][1]), []
    for number, cells in records[1:]:
        if (
            len(cells) != wide
        ):  # even by an empty cell: one comma too many may have moved the others
            problems.append(
                problem(
                    name,
                    number,
                    None,
                    None,
                    f"{wide} cells, as in the header, found "
                    f'{len(cells)}; a text with "{delimiter}" must stand in quotation marks',
                )
            )
            continue
        values = []
        for field, cell in zip(fields, (cells[place] for place in places)):
            try:
                if lossy and "://" not in cell and LOST.search(cell):
                    raise ValueError(
                        "a letter or sign that Windows-1251 has not; it is lost, enter it again "
                        'and save as "CSV UTF-8"'
                    )
                if cell in missing and field["name"] in required:
                    raise ValueError("a value, this column must not be empty")
                values.append(None if cell in missing else _value(field, cell, delimiter))
            except ValueError as error:
                problems.append(problem(name, number, field["name"], cell, str(error)))
                values.append(
                    cell or None
                )  # so that a key with a slip is not reported as missing, too
        rows.append((number, values))
    return rows, problems + _duplicates(resource, rows)


def _decode(raw):
    """(text, whether letters may be lost) of a file as a spreadsheet saved it; ValueError."""
    utf16 = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    lossy = False
    try:
        # Half a surrogate pair is let through here, so that the check of its cell can name the place.
        text = raw.decode("utf-16" if utf16 else "utf-8-sig", "surrogatepass")
    except UnicodeDecodeError as error:
        text, lossy, guess = raw.decode("cp1251", "replace"), True, raw.decode("utf-8", "replace")
        damaged = 2 * guess.count("\ufffd") <= sum(
            not c.isascii() for c in guess
        )  # UTF-8 with a slip
        # Another code page than the Russian one would give letters no Russian text has, or mixed words.
        foreign = not WINDOWS_1251.fullmatch(text) or re.search(
            r"[A-Za-z][А-яЁё]|[А-яЁё][A-Za-z]", text
        )
        if utf16 or damaged or foreign:
            line = raw.count(b"\n", 0, error.start) + 1
            raise ValueError(
                f"text in UTF-8, found byte 0x{raw[error.start]:02X} in line {line}; "
                'save the file as "CSV UTF-8"'
            ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ValueError(f'text, found U+0000 in line {line}; save the file as "CSV UTF-8"')
    if not text.strip():
        raise ValueError("a header row, the file is empty")
    return text, lossy


def _known_columns(text, delimiter, resource):
    """How many columns of the table the first row names when it is cut at this delimiter."""
    try:
        first = next(csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=delimiter))
    except csv.Error:
        return 0
    return len({_plain(cell) for cell in first} & {_plain(name) for name in _names(resource)})


def _records(text, delimiter):
    """[(row, cells)] without empty rows; ValueError where a quotation mark is not closed."""
    records, number = [], 0
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            number += 1
            records.append((number, [cell.strip() for cell in cells]))
    except csv.Error as error:
        raise ValueError(
            "each quotation mark to be closed, and to be doubled inside a quoted text; "
            f"row {number + 1} breaks this ({error})"
        ) from None
    return [(number, cells) for number, cells in records if any(cells)]


def _plain(header):
    return re.sub(r"[\s_-]+", "_", header.strip().casefold())


def _places(resource, records):
    """([place of each column in a row], problems) from the header, whatever its order."""
    (number, header), wanted = records[0], {_plain(name): name for name in _names(resource)}
    name, problems, plain = resource["name"], [], [_plain(cell) for cell in header]
    if not wanted.keys() & set(plain):
        expected = f"the header {', '.join(wanted.values())}"
        return [], [problem(name, number, None, ", ".join(header), expected)]
    for place, cell in enumerate(plain):
        if cell in wanted and cell in plain[:place]:
            problems.append(problem(name, number, place + 1, header[place], "each column once"))
        elif cell not in wanted:
            filled = any(cells[place : place + 1] not in ([], [""]) for _, cells in records[1:])
            if filled or not re.fullmatch(
                "|unnamed:.*", cell
            ):  # a spreadsheet's empty columns do no harm
                problems.append(
                    problem(
                        name,
                        number,
                        place + 1,
                        header[place],
                        f"a column that data/{DESCRIPTOR} describes{_hint(cell, wanted)}",
                    )
                )
    problems += [
        problem(name, number, column, None, "this column, it is missing")
        for key, column in wanted.items()
        if key not in plain
    ]
    return [plain.index(key) for key in wanted if key in plain], problems


# ---- from cells to values


def _value(field, text, delimiter):
    """The value of a cell that is not empty; ValueError says what was expected."""
    kind, partial = field["type"], field.get("partialDate")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for c in text if not text.isprintable() or "\ufffd" in text else "":
        category = unicodedata.category(c)
        if c != "\n" and (category in REFUSED or c in REORDERING or c == "\ufffd"):
            what = REFUSED.get(category) or unicodedata.name(c).lower()
            raise ValueError(f"text without {_code(c)}, {what}")
    if len(text) > LONGEST:
        raise ValueError(
            f"at most {LONGEST} characters, found {len(text)}; is a quotation mark left open?"
        )
    if FAILED.fullmatch(text):
        raise ValueError("a value, or an empty cell where there is none")
    if text.startswith("="):
        raise ValueError(
            'text that does not begin with "=", which a spreadsheet would run as a formula'
        )
    if kind != "string" or partial:
        text = re.sub(
            r"^'|^\"(.*)\"$", r"\1", text
        )  # marks of a number that is kept as text: '80 "80"
    if kind == "date" or partial:
        value = _date(text, partial)
    elif kind == "boolean":
        value = TRUTH.get(text.casefold())
        if value is None:
            raise ValueError("true or false")
    else:
        value = text if kind == "string" else _number(kind, text, delimiter)
    _constrain(field.get("constraints", {}), value)
    return value


def _code(c):
    return f"U+{ord(c):04X}"


def _date(text, partial):
    """ISO form of 2025-06-17 or 17.06.2025; with `partial` also of 2025-06, 06.2025 and 2025."""
    dotted = re.fullmatch(r"(?:(?:([0-9]{1,2})\.)?([0-9]{1,2})\.)?([0-9]{4})", text)
    iso = "-".join(part.zfill(2) for part in reversed(dotted.groups()) if part) if dotted else text
    try:
        if not re.fullmatch(
            r"[0-9]{4}(-[0-9]{2}){0,2}" if partial else r"[0-9]{4}-[0-9]{2}-[0-9]{2}", iso
        ):
            raise ValueError
        date.fromisoformat((iso + "-01-01")[:10] if len(iso) != 7 else iso + "-01")
    except ValueError:
        raise ValueError(
            "a date, such as 2025-06-17" + (", 2025-06 or 2025" if partial else "")
        ) from None
    return iso


def _number(kind, text, delimiter):
    """A number as people and spreadsheets write it, where it can be read in one way only."""
    if "%" in text:
        raise ValueError("a number without a percent sign, the column's unit says what it counts")
    text = text.replace("\u2212", "-")  # the typographer's minus
    if SPACED.fullmatch(text):
        text = re.sub(r"\s", "", text)
    mark, thousand = {",": ".", ";": ","}.get(delimiter), THOUSAND.fullmatch(text)
    commas = delimiter == "," and re.fullmatch(r"[+-]?[0-9.]+(,[0-9.]+)+", text)
    if commas or thousand and thousand[1] != mark:
        raise ValueError(
            "a number that can be read in one way only, without separators of thousands, "
            f"such as 1234 or 1{mark or '.'}5"
        )
    value = Decimal(text.replace(",", ".")) if NUMBER.fullmatch(text) else Decimal("nan")
    if not math.isfinite(float(value)) or kind == "integer" and (value % 1 or abs(value) >= 2**63):
        raise ValueError(A_NUMBER[kind])
    return float(value) if kind == "number" else int(value)


def _constrain(rules, value):
    if "enum" in rules and value not in rules["enum"]:
        known = [str(entry) for entry in rules["enum"]]
        raise ValueError(f"one of {', '.join(known)}{_hint(str(value), known)}")
    if "minimum" in rules and value < type(value)(rules["minimum"]):
        raise ValueError(f"{rules['minimum']} or more")
    if "maximum" in rules and value > type(value)(rules["maximum"]):
        raise ValueError(f"{rules['maximum']} or less")
    if "pattern" in rules and not re.fullmatch(rules["pattern"], str(value)):
        raise ValueError(f"the form {rules['pattern']}{_hint(str(value), [])}")
    if len(str(value)) < rules.get("minLength", 0):
        raise ValueError(f"at least {rules['minLength']} characters")
    if len(str(value)) > rules.get("maxLength", LONGEST):
        raise ValueError(f"at most {rules['maxLength']} characters")


def _hint(value, known):
    """What was perhaps meant: another case, one slip, or a Cyrillic letter that looks Latin."""
    latin, near = value.translate(LOOKALIKE), {entry.casefold(): entry for entry in known}
    match = difflib.get_close_matches(latin.casefold(), near, n=1)
    hint = f'; is it "{near[match[0]]}"?' if match else ""
    if value != latin and latin.isascii():
        c = next(c for c in value if not c.isascii())
        hint += f' (the "{c}" is {_code(c)}, a Cyrillic letter)'
    return hint


# ---- keys


def _keys(resource, rows, columns):
    """[(row, tuple of the values of `columns`)], rows where all are missing left out."""
    names = _names(resource)
    places = [names.index(column) for column in columns]
    keys = [(number, tuple(values[place] for place in places)) for number, values in rows]
    return [(number, key) for number, key in keys if any(part is not None for part in key)]


def _shown(key):
    return " + ".join("" if part is None else str(part) for part in key)


def _duplicates(resource, rows):
    """Lines for values that stand twice in a unique column or a primary key."""
    fields, problems = resource["schema"]["fields"], []
    unique = [[field["name"]] for field in fields if field.get("constraints", {}).get("unique")]
    primary = _list(resource["schema"].get("primaryKey"))
    for columns in unique + [primary] * (bool(primary) and primary not in unique):
        seen = {}
        for number, key in _keys(resource, rows, columns):
            if seen.setdefault(key, number) != number:
                problems.append(
                    problem(
                        resource["name"],
                        number,
                        _shown(columns),
                        _shown(key),
                        f"a value of its own, row {seen[key]} has it already",
                    )
                )
    return problems


def _read_all(root, resources):
    """({table: rows}, problems) of all tables, with the references between them."""
    tables, problems, sound = {}, [], set()
    for name, resource in resources.items():
        tables[name], found = _read(root, resource)
        problems += found
        sound |= set() if found else {name}
    for name, resource in resources.items():
        for reference in resource["schema"].get("foreignKeys", []):
            target = reference["reference"]["resource"] or name
            if tables[name] is None or target not in sound:
                continue  # what is wrong was said, each reference would only say it again
            columns, there = _list(reference["fields"]), _list(reference["reference"]["fields"])
            known = {key: _shown(key) for _, key in _keys(resources[target], tables[target], there)}
            for number, key in _keys(resource, tables[name], columns):
                if key not in known:
                    # To compare with every key takes long, so only for lines that are shown.
                    hint = _hint(_shown(key), known.values()) if len(problems) < SHOWN else ""
                    problems.append(
                        problem(
                            name,
                            number,
                            _shown(columns),
                            _shown(key),
                            f"a value of {_shown(there)} in data/{target}.csv{hint}",
                        )
                    )
    return tables, problems


def _texts(root, resources, tables):
    """({file: SHA-256}, problems) of the interviews' texts, which interviews.csv names in `file`."""
    texts, problems = {}, []
    if tables.get("interviews") is not None and "file" in _names(resources["interviews"]):
        for number, (name,) in _keys(resources["interviews"], tables["interviews"], ["file"]):
            try:
                texts[name] = hashlib.sha256((root / name).read_bytes()).hexdigest()
            except OSError:
                problems.append(
                    problem("interviews", number, "file", name, "a file of the project")
                )
    return texts, problems


# ---- the DataFrame


def _frame(resource, rows):
    import pandas  # only here: a digest or a check need not wait for it

    index = pandas.Index([number for number, _ in rows], name="row", dtype="int64")
    columns = {}
    for place, field in enumerate(resource["schema"]["fields"]):
        dtype, cells = DTYPES[field["type"]], [values[place] for _, values in rows]
        if dtype == "str":
            cells = ["" if cell is None else cell for cell in cells]
        elif dtype in ("int64", "bool") and field["name"] not in _required(resource):
            dtype = {"int64": "Int64", "bool": "boolean"}[dtype]
        columns[field["name"]] = pandas.Series(cells, index=index, dtype=dtype)
    return pandas.DataFrame(columns, index=index)
