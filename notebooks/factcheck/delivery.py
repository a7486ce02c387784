"""What comes with the package: in a new project (`new` calls `deliver`), and in an older one (`update`).

factcheck.json in a project's root records the version of the package and the digests of all that came with it,
so that an update knows what is the package's and what is the author's.
"""

import csv
import io
import json
import tomllib
from datetime import date
from pathlib import Path

from factcheck import ROOT, csvfiles, wordcheck
from factcheck.forms import sha256
from factcheck.stored import PACKAGE, BuildError, files_below, say
from factcheck.whole import store

TEMPLATE = PACKAGE / "template"
RECORD = "factcheck.json"
# What an update replaces: the package and its tests. Tests of one report's own facts stay with it.
PACKAGES = ("notebooks/factcheck", "tests")
REPORTS = ("tests/test_report_", "tests/expected_")
# What an update replaces unless its author changed it.
SHARED = (
    *(".binder", ".github", ".gitattributes", ".gitignore", "Makefile", "pyproject.toml"),
    *("requirements.in", "requirements.txt", "data/README.md"),
)
# Families of labels for what one report's own tables name, and for values and claims of which some are its own.
OF_TABLES = ("country.", "provider.", "topic.", "indicator.")
OF_VALUES = ("count.", "unit.", "said.", "short.")
OF_COLUMNS = "export.column."


def update(folder: str) -> int:
    """Replace the package and its tests in a project made by `new`, and nothing of its author's.

    Raises BuildError, before anything is changed, where the author changed the package itself.
    """
    root = Path(folder).absolute()
    if root == ROOT:
        raise BuildError(f"{folder} is this project; name another, whose package is to be renewed")
    try:
        record = json.loads((root / RECORD).read_text("utf-8"))
    except FileNotFoundError:
        raise BuildError(f"{folder} has no {RECORD}, so it is no project made by `new`") from None
    files, known = delivered(), record["files"]
    places = sorted({*known, *files})
    changed = [p for p in places if _is_changed(root / p, known.get(p), files.get(p))]
    for place in changed:
        if place.startswith(PACKAGES):
            told = "was changed here; keep the change elsewhere, remove the file, update again"
            raise BuildError(f"{place} {told}")
    for place in changed:
        say(f"{place} was changed here and is left as it is")
    files = {place: content for place, content in files.items() if place not in changed}
    deliver(root, files, {p: known[p] for p in changed if p in known}, known)
    for line in _lacking(root):
        say(line)
    new = [place for place, content in files.items() if known.get(place) != sha256(content)]
    was, now = record["package"], version()
    told = f"package {was} → {now}, {len(new)} files" if new or was != now else f"has {now} already"
    say(f"{folder}: {told}; next `make accept` there")
    return 0


def version() -> str:
    """Version of the package here."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def delivered() -> dict[str, bytes]:
    """{place: content} of the package, its tests, and what runs them."""
    files = [file for place in (*PACKAGES, *SHARED) for file in files_below(ROOT / place)]
    files += [ROOT / place for place in SHARED if (ROOT / place).is_file()]
    found = {file.relative_to(ROOT).as_posix(): file for file in files}
    found |= {f"example/{file.name}": file for file in files_below(TEMPLATE / "example")}
    return {
        place: file.read_bytes() for place, file in found.items() if not place.startswith(REPORTS)
    }


def deliver(root: Path, files: dict[str, bytes], left=(), before=()) -> None:
    """Write what is delivered, remove what was and no longer is; recorded last, so that it can be repeated."""
    for place, content in files.items():
        store(root / place, content)
    for place in {*before} - files.keys() - {*left}:
        (root / place).unlink(missing_ok=True)
    digests = {place: sha256(content) for place, content in files.items()} | dict(left)
    record = {"package": version(), "files": dict(sorted(digests.items()))}
    store(root / RECORD, json.dumps(record, indent=1) + "\n")


def _is_changed(path: Path, known: str | None, new: bytes | None) -> bool:
    """Whether a file is its author's own, or was changed since it was delivered with the digest `known`.

    What an interrupted update wrote already, `new`, does not count.
    """
    return path.is_file() and path.read_bytes() != new and sha256(path.read_bytes()) != known


def _lacking(root: Path) -> list[str]:
    """Columns and labels that the package reads and the project lacks: for its author to add."""
    theirs, lines = csvfiles.descriptor(root), []
    for name, resource in csvfiles.descriptor(ROOT).items():
        known = csvfiles.columns(theirs[name]["schema"]) if name in theirs else []
        for column in [c for c in csvfiles.columns(resource["schema"]) if c not in known]:
            place = f"data/{csvfiles.DESCRIPTOR}: the table {name}"
            lines.append(f"{place} lacks the column {column} of the new version")
    known = {row["key"] for row in csvfiles.records("labels", root)}
    for row in [row for row in labels(root) if row["key"] not in known]:
        lines.append(f"data/labels.csv lacks a row of the new version: {','.join(row.values())}")
    return lines


def labels(root: Path) -> list[dict[str, str]]:
    """The labels that the package, the notebooks and the tables of a project use; none of this report's own names."""
    rows = {row["key"]: dict(row.cells) for row in csvfiles.records("labels", ROOT)}
    rows |= {row["key"]: row for row in first_rows("labels")}
    foreign = {row["claim_id"] for row in csvfiles.records("claims", ROOT)}
    foreign |= _values(ROOT) - _values(root)
    countries = {key.removeprefix("country.") for key in rows if key.startswith("country.")}
    kept = [
        row
        for key, row in rows.items()
        if not key.startswith(OF_TABLES)
        and not (key.startswith(OF_VALUES) and key.split(".")[1] in foreign)
        and not (key.startswith(OF_COLUMNS) and key.removeprefix(OF_COLUMNS) in countries)
    ]
    tables = {name: csvfiles.records(name, root) for name in csvfiles.descriptor(root)}
    unused = {*wordcheck.unused_labels(tables | {"labels": kept}, root)}
    return [row for row in kept if row["key"] not in unused]


def _values(root: Path) -> set[str]:
    """What the columns of a project's tables allow: units, indicators, kinds …"""
    fields = [f for r in csvfiles.descriptor(root).values() for f in r["schema"]["fields"]]
    return {value for field in fields for value in field.get("constraints", {}).get("enum", [])}


def first_rows(name: str) -> list[dict[str, str]]:
    path = TEMPLATE / "data" / f"{name}.csv"
    if not path.is_file():
        return []
    text = path.read_text("utf-8").replace("TODAY", date.today().isoformat())
    return list(csv.DictReader(io.StringIO(text)))
