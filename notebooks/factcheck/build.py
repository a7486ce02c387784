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
from functools import cache
from pathlib import Path

from factcheck import ROOT, changes, csvfiles, products, reads, stored
from factcheck.forms import cells_digest, joined, outputs_digest, sha256, written
from factcheck.lab import trust
from factcheck.stored import STORED, BuildError, Notebook, say, shown
from factcheck.whole import leftovers, only_build_here, stoppable, store, working_folder

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
        inputs = _inputs()
        new = _Build(work, force)
        new.run()
        new.stop_if_a_brief_takes_what_failed()
        gone, results = new.gone(), new.results(lang)
        for place, digest in _inputs().items():
            if inputs.get(place) != digest:
                raise BuildError(f"{place} changed while the notebooks ran. Run it again.")
        _move_into_place(results, gone, work)
        trust([ROOT / place for place in results if place.endswith(".ipynb")])
    say(f"Done in {time.monotonic() - start:.1f} s.")
    return True


class _Build:
    """One build: `books` {stem: notebook as it will be stored}, copies in the folder `overlay`."""

    def __init__(self, work: Path, force: bool):
        self.work, self.force, self.overlay = work, force, work / "notebooks"
        self.overlay.mkdir()
        for path in stored.files_below(STORED, "*"):
            shutil.copy(path, self.overlay)
        self.before, self.errors = stored.notebooks(self.overlay)
        self.books = dict(self.before)
        self.ran = {}  # {stem: its last Run}
        self.at_the_start = cache(stored.read_digest)

    # ---- What runs, and in which order

    def now(self, read: str) -> str:
        """Digest of a read: of the findings as they will be stored, of the data as they were at the start."""
        if "notebook" in json.loads(read):
            return stored.read_digest(read, self.work)
        return self.at_the_start(read)

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

    def awaited(self, stem: str) -> set[str]:
        """Stems of the notebooks whose findings it will probably read.

        Those that it read when it last ran, and if its cells changed since, those that it names; a brief all others.
        """
        book = self.books[stem]
        found = products.taken(stem, self.books)
        if book.record.get("cells") != book.cells:
            code = "".join(
                joined(c["source"]) for c in book.nb["cells"] if c["cell_type"] == "code"
            )
            others = {other for other, one in self.books.items() if not one.prints}
            found |= {other for other in others if other in code or book.prints}
        return found - {stem}

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

        from factcheck.kernels import Kernels

        async with Kernels(self.work, self.overlay) as kernels:
            running = {}
            self._start_ready(kernels, running)
            # After them: what it imports would hold up the start of their kernels.
            running[asyncio.create_task(asyncio.to_thread(_prepare))] = ""
            try:
                while running:
                    done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                    for task in done:
                        stem, run = running.pop(task), task.result()
                        if stem:
                            self._keep(stem, run)
                    self._start_ready(kernels, running)
            finally:  # what still runs, when one thing stops all, must not end its kernel along with `kernels`
                for task in running:
                    task.cancel()
                await asyncio.gather(*running, return_exceptions=True)

    def _start_ready(self, kernels, running: dict) -> None:
        """Run what need not wait for another notebook, on the cores that are free."""
        import asyncio

        todo, busy = self.todo(), {*running.values()} - {""}
        pending, waiting = todo.keys() | busy, sorted(todo.keys() - busy)
        ready = [stem for stem in waiting if not self.awaited(stem) & pending]
        if not busy:  # they wait for one another: who reads whose findings, shows when one ran
            ready = ready or waiting[:1]
        for stem in ready[: max(0, _cores() - len(busy))]:
            say(f"notebooks/{stem}.ipynb: running, {todo[stem]}")
            run = kernels.run(self.books[stem], last=not waiting[1:])
            running[asyncio.create_task(run)] = stem

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
        self._write(stem, run.nb)
        if stem in products.taken(stem, self.books):
            raise BuildError(f"notebooks/{stem}.ipynb reads findings that are made from its own")

    def _write(self, stem: str, nb: dict) -> None:
        path = self.overlay / f"{stem}.ipynb"
        path.write_bytes(written(nb).encode())
        self.books[stem] = Notebook(path)

    # ---- What comes of it

    def stop_if_a_brief_takes_what_failed(self) -> None:
        """Raise BuildError that also says which verdicts changed; what failed and no brief takes is told."""
        briefs = {stem for stem, book in self.books.items() if book.prints}
        fatal = (
            self.errors.keys() & briefs.union(*map(self.awaited, briefs)) if briefs else self.errors
        )
        for stem in sorted(self.errors.keys() - fatal):
            say(f"{self.errors[stem]}; left out, no brief takes it")
        if fatal:
            was, now = {}, {}
            for stem, run in sorted(self.ran.items()):
                was |= changes.findings(self.before[stem].nb)
                now |= changes.findings(run.nb)
            lines = changes.verdicts(was, now, gone=False)
            # A brief comes last: it may have failed only because a notebook that it takes did.
            causes_first = sorted(fatal, key=lambda stem: (stem in briefs, stem))
            raise BuildError("\n".join([*lines, *(self.errors[stem] for stem in causes_first)]))

    def results(self, lang: str | None) -> dict[str, bytes]:
        """{place below the root: new content} of all that is to be stored."""
        found = products.readmes(self.books)
        for book in list(self.books.values()):
            places = products.stale_prints(book, self.books, lang)
            if self.force:
                places = [place for place, own in book.prints.items() if lang in (None, own)]
            if places:
                found |= self._printed(book, {place: book.prints[place] for place in places})
        for stem, book in self.books.items():
            if stem not in self.errors:  # what failed stays as its author left it
                found[book.name] = written(book.nb).encode()
                figures = self.ran[stem].figures if stem in self.ran else {}
                found |= {f"figures/{name}": content for name, content in figures.items()}
        return found

    def _printed(self, book: Notebook, places: dict[str, str]) -> dict[str, bytes]:
        """Print files of a brief, {place: language}; its record says from what."""
        contents = products.printed(self.overlay / f"{book.stem}.ipynb", places)
        known, source = book.record.get("prints", {}), products.print_source(book, self.books)
        new = {place: [source, sha256(content)] for place, content in contents.items()}
        book.record["prints"] = {p: made for p, made in (known | new).items() if p in book.prints}
        self._write(book.stem, book.nb)
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


def _inputs() -> dict[str, str]:
    """{place: SHA-256} of data, interview and notebooks as they are now."""
    paths = [path for name in ("data", "seeds") for path in stored.files_below(ROOT / name)]
    return {shown(path): stored.file_digest(path) for path in [*paths, *STORED.glob("*.ipynb")]}


def _move_into_place(results: dict[str, bytes], gone: list[str], work: Path) -> None:
    """Store `results` {place below the root: content}, each file at once or not, and remove what is `gone`."""
    for place, content in results.items():
        target = ROOT / place
        if not target.is_file() or target.read_bytes() != content:
            store(target, content, work)
    for place in gone:
        (ROOT / place).unlink(missing_ok=True)
        say(f"{place}: removed, no notebook draws it any more")


def _prepare() -> None:
    """While the first notebooks run: BuildError with a line for each thing wrong in data/; what printing loads."""
    from factcheck import check

    if found := check.problems():
        raise BuildError(str(csvfiles.DataError(found)))
    from factcheck import export

    export.prepare()


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1
