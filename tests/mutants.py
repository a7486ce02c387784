"""`make mutants`: change one value at a time, run what used it again, and see whether anything says so.

A mutant is one value of data/, or one number in a code cell, that is a little wrong. It is noticed if `make check`
names something, if a notebook stops (at an assertion of its text, in the rule, in a chart), or if that shows anything
else than before. Digests do not count: they say that something changed, not what. Needs a system that can fork.
"""

import argparse
import contextlib
import csv
import importlib
import io
import json
import multiprocessing
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import tokenize
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*", "brief*", "figures", "tests")
LIMIT = 120  # seconds for one mutant
ASKED = 0.9
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
FACTS = "application/vnd.factcheck+json"


class Mutant(NamedTuple):
    """`old` at `where` (row, column of a table; cell, line, place of a notebook) becomes `new`."""

    file: str
    where: tuple
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.file}, {', '.join(map(str, self.where))}: {self.old} → {self.new}"


# ---- Which mutants there are


def of_tables(root: Path):
    """Mutants of the numbers, days, years, yes-or-no and listed words of all tables."""
    package = json.loads((root / "data/datapackage.json").read_text("utf-8"))
    for table in package["resources"]:
        fields = {field["name"]: field for field in table["schema"]["fields"]}
        with (root / "data" / table["path"]).open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), 2):
                for column, old in row.items():
                    for new in _wrong(fields[column], old) if old else ():
                        yield Mutant(f"data/{table['path']}", (number, column), old, new)


def _wrong(field: dict, old: str) -> list[str]:  # that could stand there
    words = field.get("constraints", {}).get("enum", [])
    if field["type"] in ("number", "integer", "year"):
        return _wrong_numbers(old)
    if field["type"] == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", old):
        return [(date.fromisoformat(old) + timedelta(days)).isoformat() for days in (1, 365)]
    if field["type"] == "boolean":
        return ["false" if old.lower() == "true" else "true"]
    return [words[words.index(old) - 1]] if old in words and len(words) > 1 else []


def _wrong_numbers(old: str) -> list[str]:
    """Another last digit, ten times as much, a thousandth more."""
    if not re.fullmatch(r"-?\d+(\.\d+)?", old):
        return []
    found = [old[:-1] + str((int(old[-1]) + 1) % 10), f"{float(old) * 10:.12g}"]
    if len(old) > 3 and not re.fullmatch(r"(19|20)\d\d", old):
        found.append(f"{float(old) * 1.001:.12g}")
    return [new for new in found if float(new) != float(old)]


def of_notebooks(root: Path):
    """Mutants of the numbers in code cells: another last digit."""
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        for number, cell in enumerate(json.loads(path.read_text("utf-8"))["cells"]):
            source = "".join(cell["source"])
            if cell["cell_type"] == "code" and not source.startswith("%"):
                for token in tokenize.generate_tokens(io.StringIO(source).readline):
                    if token.type == tokenize.NUMBER:
                        place = f"notebooks/{path.name}", (number, *token.start)
                        for new in _wrong_numbers(token.string)[:1]:
                            yield Mutant(*place, token.string, new)


def chosen(root: Path, sample: int, seed: int) -> list[Mutant]:
    """A random but fixed sample, with something of every column and of every notebook."""
    found = [*of_tables(root), *of_notebooks(root)]
    random.Random(seed).shuffle(found)
    first = {(m.file, m.where[1] if m.file.startswith("data") else ""): m for m in reversed(found)}
    return list(dict.fromkeys([*first.values(), *found]))[:sample]


# ---- Who notices one


def apply(root: Path, mutant: Mutant) -> None:
    """Change the one value in the project at `root`."""
    path = root / mutant.file
    if path.suffix == ".csv":
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
        row, column = mutant.where
        rows[row - 1][rows[0].index(column)] = mutant.new
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    else:
        nb, (number, line, place) = json.loads(path.read_text("utf-8")), mutant.where
        lines = "".join(nb["cells"][number]["source"]).splitlines(keepends=True)
        text = lines[line - 1]
        lines[line - 1] = text[:place] + mutant.new + text[place + len(mutant.old) :]
        nb["cells"][number]["source"] = lines
        path.write_text(json.dumps(nb, ensure_ascii=False), "utf-8")


def shown(root: Path, stems: list[str], before: dict | None = None) -> dict[str, list[str]]:
    """{notebook: what each of its code cells shows}; no more after the first that shows other than `before`."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    from traitlets.config import Config

    found = {}
    for stem in stems:
        InteractiveShell.clear_instance()
        shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
        found[stem] = []
        for cell in json.loads((root / f"notebooks/{stem}.ipynb").read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                with capture_output() as out:
                    shell.run_cell("".join(cell["source"]), store_history=True).raise_error()
                for data in (one.data for one in out.outputs if FACTS in one.data):
                    data[FACTS] = {key: fact for key, fact in data[FACTS].items() if key != "cell"}
                text = json.dumps([out.stdout, [one.data for one in out.outputs]], default=str)
                found[stem].append(DIGEST.sub("", text))
                if before and found[stem][-1] != before[stem][len(found[stem]) - 1]:
                    return found
    return found


def judge(task: tuple[Path, Mutant | None, dict | None]) -> object:
    """How a mutant is noticed: (word, by whom); of no mutant what all notebooks show. In a process of its own."""
    project, mutant, before = task
    signal.alarm(LIMIT)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
        root = Path(shutil.copytree(project, f"{folder}/project", ignore=LEFT_OUT))
        os.environ |= {"FACTCHECK_FIGURES": f"{folder}/figures", "IPYTHONDIR": f"{folder}/ipython"}
        os.makedirs(f"{folder}/figures")
        os.chdir(root / "notebooks")
        sys.path.insert(0, str(root / "notebooks"))
        if mutant:
            apply(root, mutant)
        from factcheck import check, stored

        books, _ = stored.notebooks()
        if not mutant:
            return shown(root, list(books))
        if lines := check.problems() or check.problems_of_findings():
            return "check", lines[0]
        stems = [stem for stem, book in books.items() if book.why(stored.read_digest)]
        try:
            now = shown(root, stems, before)
        except Exception as error:
            return "stops", f"{type(error).__name__}: {error}"
        other = [f"{s}, code cell {len(cells)}" for s, cells in now.items() if cells != before[s]]
        return ("shown", other[0]) if other else ("unseen", ", ".join(stems) or "nobody reads it")


def run(project: Path, sample: int, seed: int, workers: int) -> int:
    """Judge mutants side by side, print what was found; the exit status."""
    for name in ("babel.numbers", "matplotlib.figure", "pandas"):  # once, not for each mutant
        importlib.import_module(name)
    start, counts, mutants = time.monotonic(), Counter(), chosen(project, sample, seed)
    with multiprocessing.get_context("fork").Pool(workers, maxtasksperchild=1) as pool:
        [before] = pool.map(judge, [(project, None, None)])
        tasks = [(project, mutant, before) for mutant in mutants]
        for mutant, (how, by) in zip(mutants, pool.imap(judge, tasks)):
            counts[how] += 1
            print(f"{how}: {mutant} ({by})", flush=True)
    noticed, seconds = 1 - counts["unseen"] / max(len(mutants), 1), time.monotonic() - start
    print(f"{len(mutants)} mutants in {seconds:.0f} s, noticed {noticed:.1%}: {dict(counts)}")
    return 0 if noticed >= ASKED else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Change single values and see who notices.")
    parser.add_argument("--project", type=Path, default=Path(__file__).resolve().parents[1])
    parser.add_argument("--sample", type=int, default=300, help="how many (300)")
    parser.add_argument("--seed", type=int, default=2026, help="of the sample (2026)")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="side by side")
    sys.exit(run(**vars(parser.parse_args())))
