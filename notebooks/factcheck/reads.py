"""What a notebook read, recorded as it is read, and digests that tell whether any of it changed.

A read is one of
    {"table": "series", "where": {"country": ["CHN", "KAZ"], "source_id": ["wb-gdp-2024-10"]}}
    {"notebook": "02_population"}
    {"file": "seeds/interview.txt"}
`where` holds the rows whose cells are among those listed; without it the whole table was read. `data` and `words`
record their own reads; what a notebook opens by itself is noted from `begin` on, in the kernels of a build.
Standard library only: to compare takes milliseconds, pandas a second to import.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from . import DATA, ROOT, SEEDS, csvfiles

FACTS = "application/vnd.factcheck+json"
PACKAGE = Path(__file__).parent
_reads: dict[str, dict] = {}


def record(table: str, **columns) -> None:
    """Note that the rows of a table were read whose `columns` have these values (one, or several)."""
    where = {name: _texts(values) for name, values in sorted(columns.items())}
    _note({"table": table} | ({"where": where} if where else {}))


def record_notebook(stem: str) -> None:
    """Note that the findings of a stored notebook were read."""
    _note({"notebook": stem})


def record_file(path: Path | str) -> None:
    """Note that a file of the project was read as a whole."""
    _note({"file": (ROOT / path).resolve().relative_to(ROOT.resolve()).as_posix()})


def recorded() -> list[dict]:
    """What was read since `clear`, each read once, in an order of its own.

    Reads of single rows of one table by the same column are one read.
    """
    merged, rest = {}, []
    for read in _reads.values():
        where = read.get("where", {})
        if len(where) == 1:
            [(column, values)] = where.items()
            merged.setdefault((read["table"], column), set()).update(values)
        else:
            rest.append(read)
    rest += [
        {"table": table, "where": {column: sorted(values)}}
        for (table, column), values in merged.items()
    ]
    return sorted(rest, key=as_text)


def clear() -> None:
    """Forget what was read: a notebook begins."""
    _reads.clear()


def as_text(read: dict) -> str:
    """A read as the key under which its digest is stored."""
    return json.dumps(read, ensure_ascii=False, sort_keys=True)


def name(read: dict) -> str:
    """What was read, as messages name it."""
    if "notebook" in read:
        return f"what notebooks/{read['notebook']}.ipynb found"
    return read.get("file") or f"data/{read['table']}.csv"


def _texts(values):
    """Values as cells have them, sorted: reads of the same rows are the same read."""
    several = [values] if isinstance(values, str | int | float | bool) else values
    return sorted({str(v).lower() if isinstance(v, bool) else str(v) for v in several})


def _note(read):
    _reads.setdefault(as_text(read), read)


# ---- What changed


def digest(read: dict, root: Path = ROOT) -> str:
    """SHA-256 (hex) of what a read would find now; "" where the table, notebook or file is gone.

    Of a table: the header and the rows in the order of the file, cells in the table's form, so that
    a file saved again with semicolons has the same digest. Of a notebook: its findings.
    """
    try:
        if "table" in read:
            content = _rows(read, root)
        elif "notebook" in read:
            content = findings(root / "notebooks" / f"{read['notebook']}.ipynb")
        else:
            return hashlib.sha256((root / read["file"]).read_bytes()).hexdigest()
    except (OSError, csvfiles.DataError):
        return ""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _rows(read, root):
    table = csvfiles.read(read["table"], root)
    where = {name: {*values} for name, values in read.get("where", {}).items()}
    names = [field["name"] for field in table.fields]
    rows = [row for _, row in table.rows if all(row.get(n) in v for n, v in where.items())]
    return [names, *([row[name] for name in names] for row in rows)]


def findings(path: Path) -> list[dict]:
    """The findings that a stored notebook's outputs carry, in their order. Raises OSError."""
    return [*_findings(path.read_bytes())]


@lru_cache(maxsize=64)
def _findings(raw):
    return findings_in(json.loads(raw))


def findings_in(nb: dict) -> list[dict]:
    """The same of a notebook's JSON."""
    return [facts["finding"] for facts, _ in displays(nb) if "finding" in facts]


def displays(nb: dict) -> Iterator[tuple[dict, dict]]:
    """(facts, {MIME type: content as it is stored}) of all that a notebook shows by `words.publish`."""
    for cell in nb["cells"]:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if FACTS in data:
                yield data[FACTS], data


# ---- In the kernels of a build


def begin() -> None:
    """A notebook begins: from now on note the files of the project that it opens, too."""
    clear()
    sys.addaudithook(_opened)


def used() -> dict:
    """{"reads": what was read, "modules": files of this package that were imported}; JSON can hold it."""
    files = {Path(getattr(module, "__file__", None) or "") for module in list(sys.modules.values())}
    own = {file.relative_to(PACKAGE).as_posix() for file in files if PACKAGE in file.parents}
    return {"reads": recorded(), "modules": sorted(own - {"lab.py"})}


def _opened(event, arguments):
    """An audit hook. What the package itself opens of data/ and seeds/ it records more closely."""
    if event != "open" or not isinstance(arguments[0], str | os.PathLike):
        return
    path, mode = Path(os.path.abspath(arguments[0])), arguments[1] or "r"
    if set(mode) & set("wax+"):
        return
    if PACKAGE in path.parents:
        if path.suffix not in (".py", ".pyc"):
            record_file(path)
    elif {DATA, SEEDS} & {*path.parents} and not _by_package():
        record_file(path)


def _by_package():
    frame = sys._getframe(2)
    while frame and not frame.f_code.co_filename.startswith(f"{PACKAGE}{os.sep}"):
        frame = frame.f_back
    return bool(frame)
