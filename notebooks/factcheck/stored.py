"""Stored notebooks, and whether they must run again; decided by content, never by file times.

A fresh clone, a switched branch and a touched file therefore do the right thing. There is no state file: each
stored notebook says in its metadata `factcheck` what it was made from, as SHA-256:

    cells     its own cells: kind, source, tags
    outputs   what is stored below its cells, with the numbers of the runs
    figures   {file in figures/ that it drew: digest}
    modules   names of the modules of this package that it imported
    package   what stands in them, and in requirements.txt
    reads     {what it read, as JSON: digest of that}: rows of tables, files, the findings of other notebooks
    prints    of a brief: {file: [digest of all it was printed from, SHA-256 of its content]}

The tables of a README are what a brief shows, and need no record.
"""

import json
import re
import sys
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path

from factcheck import ROOT, forms, reads

STORED = ROOT / "notebooks"
FIGURES = ROOT / "figures"  # not those of a run that only compares
PACKAGE = Path(__file__).parent
MADE = {"cells", "figures", "modules", "outputs", "package", "reads"}


class BuildError(Exception):
    """What stopped a command, in words for the person who gave it."""


class Notebook:
    """A notebook: `stem`, `nb` its JSON in the form in which it should be stored, `is_tidy`: it is so stored."""

    def __init__(self, path: Path):
        self.stem, self.name = path.stem, f"notebooks/{path.name}"
        try:
            nb = json.loads(path.read_text("utf-8"))
            self.nb = forms.tidy(nb)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BuildError(f"{self.name} is not a notebook that can be read: {error}") from None
        self.is_tidy = nb == self.nb

    @property
    def record(self) -> dict:
        """What the last build left in its metadata, and `brief`: the languages in which it is printed."""
        return self.nb["metadata"].get("factcheck", {})

    @cached_property
    def cells(self) -> str:
        """Digest of its cells, without what they show."""
        return forms.cells_digest(self.nb)

    @cached_property
    def outputs(self) -> str:
        """Digest of what they show."""
        return forms.outputs_digest(self.nb)

    @cached_property
    def needs(self) -> set[str]:
        """Stems of the notebooks whose findings it read when it last ran."""
        found = map(json.loads, self.record.get("reads", {}))
        return {read["notebook"] for read in found if "notebook" in read}

    @property
    def editions(self) -> dict[str, str]:
        """{language in which it is printed: what marks that in the names of files, such as ".ru"}."""
        return {lang: "" if lang == "en" else f".{lang}" for lang in self.record.get("brief", ())}

    @property
    def prints(self) -> dict[str, str]:
        """{file that is printed from it, as a place below the root: language}."""
        name = re.sub(r"^\d+_", "", self.stem)
        return {
            f"notebooks/{name}{mark}.{kind}": lang
            for lang, mark in self.editions.items()
            for kind in ("html", "pdf")
        }

    def why(self, now: Callable[[str], str]) -> str | None:
        """Why it must run again; None: it need not. `now`: digest that a read has now."""
        if not self.record.keys() >= MADE:
            return "was never built"
        if self.record["cells"] != self.cells:
            return "its cells changed since it was run"
        if self.record["package"] != package_digest((*self.record["modules"],)):
            return "the package changed since it was run"
        if self.record["outputs"] != self.outputs:
            return "its outputs are not those of its last build"
        for read, known in self.record["reads"].items():
            if now(read) != known:
                return f"{reads.name(json.loads(read))} changed since it was run"
        return None

    def lost(self) -> str | None:
        """Why it must draw its figures again; None: they are as it drew them."""
        for name, known in self.record["figures"].items():
            path = FIGURES / name
            if not path.is_file() or file_digest(path) != known:
                return f"figures/{name} is " + ("not what it drew" if path.is_file() else "missing")
        return None


def notebooks(folder: Path = STORED) -> tuple[dict[str, Notebook], dict[str, str]]:
    """({stem: notebook}, {stem: why it cannot be read}) of a folder."""
    found, wrong = {}, {}
    for path in sorted(folder.glob("*.ipynb")):
        try:
            found[path.stem] = Notebook(path)
        except BuildError as error:
            wrong[path.stem] = str(error)
    return found, wrong


@cache
def package_digest(names: tuple[str, ...]) -> str:
    """SHA-256 of files of this package, and of requirements.txt."""
    paths = [*(PACKAGE / name for name in names), ROOT / "requirements.txt"]
    return forms.digest([file_digest(path) if path.is_file() else "" for path in paths])


def read_digest(read: str, root: Path = ROOT) -> str:
    """Digest that something read, as JSON, has now."""
    return reads.digest(json.loads(read), root)


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return forms.sha256(path.read_bytes())


def files_below(folder: Path, pattern: str = "**/*") -> list[Path]:
    """Files of a folder, sorted by name; without caches, hidden files and editors' backups."""
    return sorted(
        path
        for path in folder.glob(pattern)
        if path.is_file()
        and not re.search(r"(^|/)(\.|__pycache__/)|~$|~/", path.relative_to(folder).as_posix())
    )


def shown(path: Path) -> str:
    """A file's place in the project, as messages name it."""
    return path.relative_to(ROOT).as_posix()


def say(line: str) -> None:
    """Tell the user what is being done."""
    sys.stdout.write(line + "\n")  # in one piece, for briefs are printed side by side
    sys.stdout.flush()
