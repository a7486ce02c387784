"""Runs the notebooks that are out of date, stores what they show and prints the briefs from them.

What is out of date is for `stored` to say. A build works on copies of the notebooks, in a folder of its own, and
moves its results into place only when all that a brief takes has succeeded: a failure leaves everything as it was.
It may be killed at any moment: each move is atomic, the digests recognise a half-moved state, the next build mends it.
"""

import json
import os
import shutil
import sys
import time
from pathlib import Path

from factcheck import ROOT, changes, products, reads, stored
from factcheck.forms import cells_digest, findings, joined, outputs_digest, sha256, written
from factcheck.lab import trust
from factcheck.stored import STORED, BuildError, Notebook, say, shown
from factcheck.whole import leftovers, move_into_place, only_build_here, stoppable, working_folder

SHOWN = 10  # lines of what is wrong in the data
# jsonschema imports rfc3987_syntax if it is there (JupyterLab brings it), and that compiles grammars for two
# seconds. Without it only the check of URI formats is lost, for which notebooks have no use.
sys.modules.setdefault("rfc3987_syntax", None)


def build(lang: str | None = None, force: bool = False) -> bool:
    """Bring notebooks, figures, prints and READMEs up to date. Returns whether there was anything to do.

    `lang`: print only that edition. `force`: run and print also what is up to date.
    Raises BuildError; then nothing stored has changed.
    """
    if not force and not products.todo(lang) and not leftovers():
        return False
    start = time.monotonic()
    with only_build_here(), working_folder() as work, stoppable():
        if not force and not products.todo(lang):  # another build may just have done it
            return False
        new = _Build(work, lang, force)
        new.run()
        new.settle()
        gone, results = new.gone(), new.results()
        new.check_unchanged()
        move_into_place(results, gone, work)
        trust([ROOT / place for place in results if place.endswith(".ipynb")])
    say(f"Done in {time.monotonic() - start:.1f} s.")
    return True


class _Build:
    """One build: `books` {stem: notebook as it will be stored}, copies in the folder `overlay`."""

    def __init__(self, work: Path, lang: str | None, force: bool):
        self.work, self.lang, self.overlay = work, lang, work / "notebooks"
        self.overlay.mkdir()
        for path in stored.files_below(STORED, "*"):
            shutil.copy(path, self.overlay)
        self.before, self.errors = stored.notebooks(self.overlay)
        self.books = dict(self.before)
        self.inputs = _inputs()
        self.force = force
        self.ran = {}  # {stem: its last Run}
        self.known: dict[str, str] = {}

    # ---- What runs, and in which order

    def now(self, read: str) -> str:
        """Digest of a read: of the findings as they will be stored, of the data as they were at the start."""
        if "notebook" in json.loads(read):
            return stored.read_digest(read, self.work)
        if read not in self.known:
            self.known[read] = stored.read_digest(read)
        return self.known[read]

    def todo(self) -> dict[str, str]:
        """{stem: why it must run in this build}."""
        found = {}
        for stem, book in self.books.items():
            why = book.why(self.now)
            if not why and stem not in self.ran:
                why = book.lost() or ("as asked" if self.force else None)
            if why and stem not in self.errors:
                found[stem] = why
        return found

    def needs(self, stem: str) -> set[str]:
        """Stems of the notebooks whose findings it reads, itself or through others."""
        found, left = set(), {stem}
        while left:
            book = self.books.get(left.pop())
            left |= (self._names(book) if book else set()) - found
            found |= left
        return found

    def _names(self, book: Notebook) -> set[str]:
        """Those that it read when it last ran, and if it changed since, those that it names; for a brief all others."""
        if book.record.get("cells") == book.cells:
            return book.needs
        code = "".join(joined(c["source"]) for c in book.nb["cells"] if c["cell_type"] == "code")
        claims = {stem for stem, other in self.books.items() if not other.prints}
        return book.needs | {stem for stem in claims if stem in code or book.prints}

    def run(self) -> None:
        """Run what is out of date and what becomes so by that, as many at once as there are cores."""
        if not self.todo():
            return
        import asyncio

        # Not Windows' usual loop, which cannot watch ZeroMQ's sockets.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self._run_all())

    async def _run_all(self) -> None:
        import asyncio

        from factcheck.kernels import Pool

        running = {}
        async with Pool(self.work, self.overlay) as pool:
            running[asyncio.create_task(asyncio.to_thread(_prepare))] = ""
            self._start_some(pool, running)
            while running:
                done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    outcome, stem = task.result(), running.pop(task)
                    if stem:
                        self._keep(stem, outcome)
                self._start_some(pool, running)

    def _start_some(self, pool, running: dict) -> None:
        """Run what is ready on the free cores, and start kernels for what will be."""
        import asyncio

        todo, busy = self.todo(), {stem for stem in running.values() if stem}
        pending = todo.keys() | busy
        waiting = sorted(todo.keys() - busy)
        ready = [stem for stem in waiting if not (self.needs(stem) - {stem}) & pending]
        ready = ready or (
            [] if busy else waiting[:1]
        )  # who reads whose findings, shows when they ran
        for stem in ready[: max(0, _cores() - len(busy))]:
            say(f"notebooks/{stem}.ipynb: running, {todo[stem]}")
            running[asyncio.create_task(pool.run(self.books[stem]))] = stem
            busy.add(stem)
        later = {stem for stem in self.books if stem in todo or self.needs(stem) & pending} - busy
        frames = any("data.py" in self.books[s].record.get("modules", ()) for s in later)
        pool.keep_warm(min(len(later), _cores() + 1 - len(busy)), imports=frames)

    def _keep(self, stem: str, run) -> None:
        """Take the outcome of a run for what is going to be stored, or note that it failed."""
        self.ran[stem] = run
        if run.error:
            self.errors[stem] = run.error
            return
        record = run.nb["metadata"].setdefault("factcheck", {})
        record |= {"cells": cells_digest(run.nb), "outputs": outputs_digest(run.nb)}
        record |= {"modules": run.modules, "package": stored.package_digest((*run.modules,))}
        record["figures"] = {name: sha256(content) for name, content in run.figures.items()}
        record["reads"] = {text: self.now(text) for text in map(reads.as_text, run.reads)}
        self._store(stem, run.nb)
        if stem in self.needs(stem):
            raise BuildError(f"notebooks/{stem}.ipynb reads findings that are made from its own")

    def _store(self, stem: str, nb: dict) -> None:
        path = self.overlay / f"{stem}.ipynb"
        path.write_bytes(written(nb).encode())
        self.books[stem] = Notebook(path)

    # ---- What comes of it

    def settle(self) -> None:
        """Raise BuildError if something failed that a brief takes; say what else failed and is left out."""
        briefs = {stem for stem, book in self.books.items() if book.prints}
        read = [read for stem in briefs & self.ran.keys() for read in self.ran[stem].reads]
        taken = briefs.union(
            *map(self.needs, briefs), (r["notebook"] for r in read if "notebook" in r)
        )
        fatal = sorted(self.errors.keys() & taken if briefs else self.errors)
        for stem in sorted(self.errors.keys() - set(fatal)):
            say(f"{self.errors[stem]}; left out, no brief takes it")
        if fatal:
            was, now = {}, {}
            for stem, run in sorted(self.ran.items()):
                was |= findings(self.before[stem].nb)
                now |= findings(run.nb)
            lines = changes.verdicts(was, now, gone=False)
            raise BuildError("\n".join([*lines, *(self.errors[stem] for stem in fatal)]))

    def results(self) -> dict[str, bytes]:
        """{place below the root: new content} of all that is to be stored."""
        found = products.readmes(self.books)
        for book in list(self.books.values()):
            stale = products.stale_prints(book, self.books, self.lang)
            wanted = [place for place, own in book.prints.items() if self.lang in (None, own)]
            if places := wanted if self.force else list(stale):
                found |= self._printed(book, places)
        for stem, book in self.books.items():
            if stem not in self.errors:  # what failed stays as its author left it
                found[book.name] = written(book.nb).encode()
                figures = self.ran[stem].figures if stem in self.ran else {}
                found |= {f"figures/{name}": content for name, content in figures.items()}
        return found

    def _printed(self, book: Notebook, places: list[str]) -> dict[str, bytes]:
        """Print files of a brief; its record says from what."""
        languages = {place: book.prints[place] for place in places}
        contents = products.printed(self.overlay / f"{book.stem}.ipynb", languages)
        known, source = book.record.get("prints", {}), products.print_source(book, self.books)
        new = {place: [source, sha256(content)] for place, content in contents.items()}
        book.record["prints"] = {p: made for p, made in (known | new).items() if p in book.prints}
        self._store(book.stem, book.nb)
        return contents

    def gone(self) -> list[str]:
        """Figures that the notebooks drew when they last ran and that none draws now. BuildError if two differ."""
        drawn = {}
        for stem, book in self.books.items():
            for name, digest in book.record.get("figures", {}).items():
                other, known = drawn.setdefault(name, (stem, digest))
                if known != digest:
                    both = f"notebooks/{other}.ipynb and {book.name}"
                    raise BuildError(f"figures/{name}: {both} draw different ones")
        before = {name for book in self.before.values() for name in book.record.get("figures", ())}
        return [f"figures/{name}" for name in sorted(before - drawn.keys())]

    def check_unchanged(self) -> None:
        """Raise BuildError if someone changed what the notebooks were run with."""
        for place, digest in _inputs().items():
            if self.inputs.get(place) != digest:
                raise BuildError(f"{place} changed while the notebooks ran. Run it again.")


def _inputs() -> dict[str, str]:
    """{place: SHA-256} of data, interview and notebooks as they are now."""
    paths = [path for name in ("data", "seeds") for path in stored.files_below(ROOT / name)]
    return {shown(path): stored.file_digest(path) for path in [*paths, *STORED.glob("*.ipynb")]}


def _prepare() -> None:
    """While the first notebooks run: BuildError with a line for each thing wrong in data/; imports for printing."""
    from factcheck import check

    if found := check.problems():
        more = len(found) - SHOWN
        lines = found[:SHOWN] + ([f"and {more} more; `make check` shows all"] if more > 0 else [])
        raise BuildError("\n".join(lines))
    import factcheck.export

    factcheck.export.BriefHTMLExporter  # noqa: B018 – imported by its name


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1
