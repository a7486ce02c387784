"""A project of its own for another interview (`new`), and drafts of rows for the numerals of a text (`audit`).

A project has this package with its tests (`delivery`), a text with its numerals as drafts, empty tables, and
notebooks to start from (template/).
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from datetime import date
from itertools import count
from pathlib import Path

from factcheck import ROOT, csvfiles, intake, interview
from factcheck.delivery import (
    TEMPLATE,
    deliver,
    delivered,
    first_rows,
    labels,
    store,
    update,
    version,
)
from factcheck.forms import sha256
from factcheck.stored import BuildError, files_below, say

__all__ = ["audit", "new", "update"]


# ---- The commands


def new(folder: str, text: str) -> int:
    """Make a complete project in `folder`, which must not exist or be empty, for the interview in the file `text`.

    Raises BuildError if the text cannot be read or the folder is not free; then nothing was made.
    """
    source, target = Path(text), Path(folder).absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BuildError(f"{folder} exists already; name a folder that does not")
    try:
        received = intake.received(source)
    except ValueError as error:
        raise BuildError(str(error)) from None
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=target.parent) as working:
        root = Path(working) / "project"
        deliver(root, delivered())
        row = _seed(root, source, received.text)
        _tables(root, row, received.text)
        _pages(root, row)
        if target.exists():
            target.rmdir()
        root.rename(target)
    for line in [*received.told, *interview.limits(received.text, row["language"])]:
        say(f"{source.name}: {line}")
    say(f"{folder}: a project for {source.name}, with package {version()}")
    status = _build(target)
    say("`make check` there says what is to do" if not status else "Made, but not built")
    return status


def audit() -> int:
    """Add a draft row to data/mentions.csv for each numeral of the interview that has none."""
    [row] = csvfiles.records("interviews", ROOT)
    text = interview.read(ROOT / row["file"])
    for line in interview.limits(text, row["language"]):
        say(line)
    path = ROOT / "data" / "mentions.csv"
    drafts = _drafts(text, row["interview_id"], csvfiles.records("mentions", ROOT))
    if drafts:
        store(path, csvfiles.appended(path, drafts)[1])
    say(f"data/mentions.csv: drafts added: {len(drafts)}")
    return 0


# ---- What is the author's from the first day


def _seed(root: Path, source: Path, text: str) -> dict[str, str]:
    """Store the text, and beside it the original where it is another; returns the row of interviews.csv."""
    name = re.sub(r"[^a-z0-9]+", "-", source.stem.lower()).strip("-") or "interview"
    ending = ".received.txt" if source.suffix.lower() == ".txt" else source.suffix.lower()
    kept = {f"{name}.txt": text.encode()}
    if source.read_bytes() != text.encode():
        kept[name + ending] = source.read_bytes()
    for file, content in kept.items():
        store(root / "seeds" / file, content)
    today = date.today()
    days = dict.fromkeys(("said_from", "said_to", "cut_off"), today.isoformat())
    return days | {
        "interview_id": name,
        "file": f"seeds/{name}.txt",
        "sha256": sha256(text.encode()),
        "language": intake.language(text) or "und",
        "title": text.strip().partition("\n")[0],
        "judged_year": str(today.year - 1),
        "seeds": "\n".join(f"| `{file}` | `{sha256(content)}` |" for file, content in kept.items()),
    }


def _tables(root: Path, row: dict[str, str], text: str) -> None:
    """The tables: empty, but for the interview's row, its numerals, labels, and what the brief says of itself."""
    package = json.loads((ROOT / "data" / csvfiles.DESCRIPTOR).read_text("utf-8-sig"))
    package |= json.loads((TEMPLATE / "package.json").read_text("utf-8"))
    values = package.pop("values")  # where those of this project are its report's own
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            if (place := f"{resource['name']}.{field['name']}") in values:
                field["constraints"].pop("enum", None)
                field["constraints"] |= values[place]
    described = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    store(root / "data" / csvfiles.DESCRIPTOR, described)
    for name in csvfiles.descriptor(root):
        _write(root, name, first_rows(name))
    [placeholder] = first_rows("interviews")
    _write(root, "interviews", [placeholder | row])
    _write(root, "mentions", _drafts(text, row["interview_id"]))
    _write(root, "labels", labels(root))


def _drafts(text: str, interview_id: str, known=()) -> list[dict]:
    """Rows of mentions.csv for the numerals that have none, with their sentences for reasons still to be given."""
    have = {(row["surface"], row["occurrence"]) for row in known}
    names = {row["mention_id"] for row in known}
    free = (name for n in count(1) if (name := f"n{n:02d}") not in names)
    return [
        {
            "mention_id": next(free),
            "interview_id": interview_id,
            "kind": "numeral",
            "surface": draft["surface"],
            "occurrence": draft["occurrence"],
            "reason_en": f"? {draft['sentence']}",
            "reason_ru": f"? {draft['sentence']}",
        }
        for draft in interview.draft_mentions(text)
        if (draft["surface"], draft["occurrence"]) not in have
    ]


def _write(root: Path, name: str, rows: list[dict]) -> None:
    names = csvfiles.columns(csvfiles.descriptor(root)[name]["schema"])
    store(root / "data" / f"{name}.csv", csvfiles.written(names, rows))


def _pages(root: Path, row: dict[str, str]) -> None:
    """READMEs, licence and notebooks, from the template."""
    for file in files_below(TEMPLATE):
        place = file.relative_to(TEMPLATE)
        if place.parts[0] not in ("data", "example", "package.json"):
            text = file.read_text("utf-8").replace("{{title}}", row["title"])
            store(root / place, text.replace("{{seeds}}", row["seeds"]))


def _build(root: Path) -> int:
    """Build the new project with its own package, in the environment of this one; the exit status."""
    environment = os.environ | {"PYTHONPATH": str(root / "notebooks")}
    for name in ("FACTCHECK_NOTEBOOKS", "FACTCHECK_FIGURES"):
        environment.pop(name, None)
    return subprocess.call([sys.executable, "-m", "factcheck", "brief"], cwd=root, env=environment)
