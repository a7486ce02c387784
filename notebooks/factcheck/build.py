"""Runs the notebooks that are out of date, stores their outputs and prints the brief from them.

What is out of date is decided by content, never by file times, so that a fresh clone, a switched branch and
a touched file do the right thing. There is no state file: each stored notebook says in its metadata
`factcheck` what it was made from and what it left behind, as SHA-256:

    cells     its own cells: kind, source, tags
    data      seeds/ and data/
    code      the package without what only prints (PRINTING), and requirements.txt
    outputs   what is stored below its cells
    figures   {file: SHA-256} of each file that it wrote into figures/

and each export is stamped with the digest of all that it was made from (`_stamp`).

A build works in a folder of its own, `.building-*` in the root, and moves its results into place only when
every notebook has succeeded: a failure leaves everything as it was. It may be killed at any moment: each move
is atomic, the digests recognise a half-moved state, and the next build sweeps up.
"""

import csv
import hashlib
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from factcheck import DATA, NOTEBOOKS, ROOT, SEEDS

# Not FIGURES: that may point elsewhere for a run that only compares.
FIGURES = ROOT / "figures"
PACKAGE = NOTEBOOKS / "factcheck"
# Code that no notebook imports: to change it changes the exports at most.
PRINTING = ("export/", "build.py", "__main__.py", "refresh.py")
CELL_TIMEOUT = 120  # seconds
README_TABLE = r"(?s)(<!-- results -->).*(<!-- /results -->)"
LINEWISE = ("image/svg+xml", "application/javascript")  # stored line by line, like text/…
# What would differ from one Python to the next is left out.
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3}, "file_extension": ".py",
    "mimetype": "text/x-python", "name": "python", "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


class BuildError(Exception):
    """What stopped the build, in words for the person who started it."""


# ---- What is stored, and is it up to date?


class Notebook:
    """A stored notebook: `path`, `nb` (its JSON), `text` and `why` it must run again (None: it need not)."""

    def __init__(self, path, inputs):
        self.path, self.inputs = path, inputs
        try:
            self.text = path.read_text("utf-8")
            self.nb = json.loads(self.text)
            self.cells = _cells_digest(self.nb)
            self.why = self._why()
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BuildError(f"{_name(path)} is not a notebook that can be read: {error}") from None

    def _why(self):
        known = self.nb["metadata"].get("factcheck", {})
        if any(c["cell_type"] == "code" and _joined(c["source"]).strip() and not c.get("execution_count")
               for c in self.nb["cells"]):
            return "has cells that were never run"
        if not known:
            return "was never built"
        for part, words in (("data", "the data changed"), ("code", "the package changed")):
            if known.get(part) != self.inputs[part]:
                return f"{words} since it was run"
        if known.get("cells") != self.cells:
            return "its cells changed since it was run"
        if known.get("outputs") != _outputs_digest(self.nb):
            return "its outputs are not those of its last build"
        for name, digest in known.get("figures", {}).items():
            if not (FIGURES / name).is_file():
                return f"figures/{name} is missing"
            if _file_digest(FIGURES / name) != digest:
                return f"figures/{name} is not what it drew"
        return None

    @property
    def figures(self):
        """{file name: SHA-256} of the figures that this notebook wrote."""
        return self.nb["metadata"].get("factcheck", {}).get("figures", {})

    @property
    def exports(self):
        """Files printed from this notebook: 00_brief.ru.ipynb → brief.ru.html, brief.ru.pdf; others none."""
        match = re.fullmatch(r"00_(brief(\.[\w-]+)?)\.ipynb", self.path.name)
        return [NOTEBOOKS / f"{match[1]}.{kind}" for kind in ("html", "pdf")] if match else []

    def stale_exports(self):
        """{file: what is wrong with it} of its exports."""
        if not self.exports:
            return {}
        from factcheck.export.stamp import digest_of

        stamp = _stamp(self.nb, self.inputs)
        return {path: "was not printed from the stored notebook" if path.is_file() else "is missing"
                for path in self.exports if digest_of(path) != stamp}


def notebooks(lang=None):
    """Stored notebooks, the brief's editions first. `lang`: only the brief in that language ("en", "ru", …).

    Raises BuildError if a notebook cannot be read or there is none in that language.
    """
    printing, code = [], [("requirements.txt", _bytes(ROOT / "requirements.txt"))]
    for path in _files(PACKAGE):
        name = path.relative_to(PACKAGE).as_posix()
        (printing if name.startswith(PRINTING) else code).append((name, path.read_bytes()))
    data = [path for path in _files(DATA) if path.suffix == ".csv" or path.name == "datapackage.json"]
    inputs = {
        "data": _digest((p.relative_to(ROOT).as_posix(), p.read_bytes()) for p in [*_files(SEEDS), *data]),
        "code": _digest(code),
        "printing": _digest([*printing, code[0]]),
    }
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    if lang:
        wanted = "00_brief.ipynb" if lang == "en" else f"00_brief.{lang}.ipynb"
        paths = [path for path in paths if path.name == wanted]
        if not paths:
            raise BuildError(f"There is no notebooks/{wanted}.")
    found = [Notebook(path, inputs) for path in paths]
    return sorted(found, key=lambda n: not n.exports)


def problems():
    """One line for each thing stored that is not what a build would store now. Executes nothing."""
    found, stored = [], notebooks()
    for notebook in stored:
        if notebook.why:
            found.append(f"{_name(notebook.path)}: {notebook.why}")
        found += [f"{_name(path)} {why}" for path, why in notebook.stale_exports().items()]
        found += [f"{_name(path)}: its table of results is not that of {_name(notebook.path)}"
                  for path, text in _readme(notebook, notebook.nb).items() if path.read_text("utf-8") != text]
    written = {name for notebook in stored for name in notebook.figures}
    found += [f"{_name(path)}: no notebook draws it" for path in _files(FIGURES)
              if path.relative_to(FIGURES).as_posix() not in written]
    return found


# ---- Build


def build(lang=None, force=False):
    """Bring notebooks, figures and exports up to date. Returns True if there was anything to do.

    `lang`: only that edition of the brief. `force`: run also what is up to date.
    Raises BuildError; then nothing stored has changed.
    """
    if not force and not _todo(notebooks(lang)) and not _leftovers():
        return False
    start = time.monotonic()
    with _only_build_here(), _working_folder() as work, _stoppable():
        stored = notebooks(lang)  # again: another build may just have done the work
        todo = [n for n in stored if n.why or force]
        if not force and not _todo(stored):
            return False
        results = {}  # place → file in the working folder
        printed = [n for n in stored if n not in todo and n.stale_exports()]
        done = _run_all(todo, work, results, printed)
        others = [n for n in (stored if lang is None else notebooks()) if n.path not in done]
        _agree(done, [n for n in others if not n.why])
        for notebook in stored:
            if notebook not in todo and notebook.text != (text := _canonical(notebook.nb)):
                results[notebook.path] = _write(work / "tidy" / notebook.path.name, text)
        _move_into_place(results, _abandoned(done, others))
    places = [_name(path) for notebook in stored for path in notebook.exports]
    say(f"Done in {time.monotonic() - start:.1f} s: {', '.join(places) or 'no brief among the notebooks'}")
    return True


def say(line):
    """Tell the user what is being done."""
    # One write, so that lines from several threads do not run into one another.
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _todo(stored):
    return any(n.why or n.text != _canonical(n.nb) or n.stale_exports() for n in stored)


def _run_all(todo, work, results, printed):
    """Execute `todo` side by side and print exports meanwhile; fills `results`. Returns {path: executed}."""
    # jsonschema imports rfc3987_syntax if it is there (JupyterLab brings it), and that compiles grammars for
    # two seconds. Without it only the check of URI formats is lost, for which notebooks have no use.
    sys.modules.setdefault("rfc3987_syntax", None)
    import asyncio
    from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

    if os.name == "nt":  # the default event loop there cannot watch ZeroMQ's sockets
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    done, kernels, stop = {}, [], threading.Event()
    pool = ThreadPoolExecutor(min(_cores(), len(todo)) or 1)
    runs = {pool.submit(_execute, notebook, work, kernels, stop): notebook for notebook in todo}
    waiting = dict(runs)
    try:
        if printed or any(notebook.exports for notebook in todo):
            from factcheck.export import warm_up

            warm_up()  # slow: while the first kernels start
        for notebook in printed:
            results |= _print(notebook, notebook.nb, work)
        while waiting:
            # A timeout, because on Windows Ctrl-C does not interrupt an endless wait.
            finished, _ = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
            for future in finished:
                notebook = waiting.pop(future)
                nb, figures = future.result()
                done[notebook.path] = nb
                results |= {FIGURES / name: path for name, path in figures.items()}
                results[notebook.path] = _write(work / "notebooks" / notebook.path.name, _canonical(nb))
                results |= {path: _write(work / "readme" / path.name, text)
                            for path, text in _readme(notebook, nb).items()}
                results |= _print(notebook, nb, work)
    finally:
        stop.set()
        pool.shutdown(wait=False, cancel_futures=True)
        while not all(future.done() for future in runs):
            for kernel in kernels:
                if kernel.provisioner and kernel.provisioner.process:
                    kernel.provisioner.process.kill()
            time.sleep(0.05)
    return done


def _execute(notebook, work, kernels, stop):
    """Run one notebook in a new kernel. Returns (executed notebook, {figure's name: file}).

    Raises BuildError that names the cell and the line.
    """
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from nbformat.v4 import reads

    class Kernel(AsyncKernelManager):
        # This very Python, whatever a kernel called python3 may be on this machine. Its traffic is encrypted:
        # else it warns that it is not.
        kernel_spec = KernelSpec(argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                                 metadata={"supported_encryption": ["curve"]}, **_without(KERNELSPEC, "name"))

    if stop.is_set():
        return None
    name, nb = _name(notebook.path), reads(notebook.text)
    own = work / notebook.path.stem
    figures = own / "figures"
    figures.mkdir(parents=True)
    kernel = Kernel(connection_file=str(own / "kernel.json"), transport_encryption="auto")
    kernels.append(kernel)
    last = {}
    client = NotebookClient(nb, km=kernel, timeout=CELL_TIMEOUT, record_timing=False, coalesce_streams=True,
                            shutdown_kernel="immediate", on_cell_execute=lambda **at: last.update(at))
    say(f"{name}: running, {notebook.why or 'as asked'}")
    start = time.monotonic()
    try:
        client.execute(cwd=str(NOTEBOOKS), env=_kernel_environment(own, figures), cleanup_kc=True)
    except CellExecutionError:
        raise BuildError(_failure(name, nb, last["cell_index"])) from None
    except CellTimeoutError:
        place = f"{name}, cell {last['cell_index'] + 1}"
        raise BuildError(f"{place}: still running after {CELL_TIMEOUT} s") from None
    except DeadKernelError:
        place = f", cell {last['cell_index'] + 1}" if last else ""
        raise BuildError(f"{name}{place}: the kernel died") from None
    for index, cell in enumerate(nb.cells):
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stderr":
                raise BuildError(f"{name}, cell {index + 1}: wrote a warning, which would be stored: "
                                 + output.text.strip().partition("\n")[0])
            shown = json.dumps(output, ensure_ascii=False)
            for path in map(str, (NOTEBOOKS, DATA, SEEDS, work)):
                if json.dumps(path, ensure_ascii=False)[1:-1] in shown:
                    raise BuildError(f"{name}, cell {index + 1}: shows a path of this machine, {path}")
    nb = json.loads(json.dumps(nb))
    files = {path.relative_to(figures).as_posix(): path for path in _files(figures)}
    nb["metadata"]["factcheck"] = {
        "cells": notebook.cells, "data": notebook.inputs["data"], "code": notebook.inputs["code"],
        "outputs": _outputs_digest(nb), "figures": {name: _file_digest(path) for name, path in files.items()},
    }
    say(f"{name}: {time.monotonic() - start:.1f} s")
    return nb, files


def _kernel_environment(own, figures):
    """What the user's settings could change in the results is set."""
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("PYTHONSTARTUP", "PYTHONSAFEPATH", "PYTHONWARNINGS", "PYTHONOPTIMIZE")}
    return environment | {
        "FACTCHECK_FIGURES": str(figures), "IPYTHONDIR": str(own / "ipython"), "JUPYTER_PLATFORM_DIRS": "1",
        "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "TZ": "UTC",
    }


def _failure(name, nb, index):
    """'notebook, cell, line: error' and the source line, from the stored traceback of cell `index`."""
    error = next(o for o in reversed(nb.cells[index].outputs) if o.output_type == "error")
    trace = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(error.traceback))
    place, shown = f"{name}, cell {index + 1} (In [{nb.cells[index].execution_count}])", ""
    lines = [int(line) for line in re.findall(r"Cell In ?\[\d+\], line (\d+)", trace)]
    source = nb.cells[index].source.splitlines()
    if lines and lines[0] <= len(source):
        place, shown = f"{place}, line {lines[0]}", f"\n    {source[lines[0] - 1].strip()}"
    deeper = re.findall(r"[/\\]factcheck[/\\]([\w/\\]+\.py):(\d+)", trace)
    if deeper:
        shown += f"\n    raised in factcheck/{deeper[-1][0]}, line {deeper[-1][1]}"
    # A syntax error names IPython's temporary file.
    message = re.sub(r" \(\d+\.py, line \d+\)$", "", error.evalue)
    return f"{place}: {error.ename}: {message}{shown}"


def _print(notebook, nb, work):
    """Print the brief's files from the notebook as it is stored. Returns {place: file in working folder}."""
    if not notebook.exports:
        return {}
    from concurrent.futures import ThreadPoolExecutor

    from nbformat.v4 import reads

    from factcheck.export import BriefHTMLExporter, BriefPDFExporter

    def printed(exporter, path):
        start = time.monotonic()
        node = reads(_canonical(nb))
        front = [output.metadata.factcheck for cell in node.cells for output in cell.get("outputs", ())
                 if output.get("metadata", {}).get("factcheck", {}).get("role") == "front"]
        if not front:
            raise BuildError(f"{_name(notebook.path)} shows no title block (an output of role front)")
        front[0]["digest"] = _stamp(nb, notebook.inputs)  # what the exporters stamp
        resources = {"metadata": {"name": path.stem, "path": str(NOTEBOOKS)}}
        try:
            content, _ = exporter().from_notebook_node(node, resources)
        except ValueError as error:
            raise BuildError(f"{_name(path)}: {error}") from None
        say(f"{_name(path)}: printed in {time.monotonic() - start:.1f} s")
        return path, _write(work / "exports" / path.name, content)

    # Side by side: most of the PDF's time is Typst's, which needs no Python meanwhile.
    with ThreadPoolExecutor(2) as pool:
        return dict(pool.map(printed, (BriefHTMLExporter, BriefPDFExporter), notebook.exports))


def _readme(notebook, nb):
    """{README of this edition: its text with the table of results that the brief shows}."""
    if not notebook.exports:
        return {}
    html = notebook.exports[0]
    path = ROOT / html.name.replace("brief", "README").replace(".html", ".md")
    shown = [_joined(output["data"]["text/markdown"]) for cell in nb["cells"] for output in cell.get("outputs", ())
             if output.get("metadata", {}).get("factcheck", {}).get("id") == "results"]
    text = path.read_text("utf-8") if path.is_file() else ""
    if not shown or not re.search(README_TABLE, text):
        return {}
    table = shown[0].replace("](#", f"]({_name(html)}#")
    return {path: re.sub(README_TABLE, lambda match: f"{match[1]}\n{table}\n{match[2]}", text)}


def _agree(done, others):
    """Raise BuildError if two notebooks write different figures of the same name."""
    seen = {}
    ran = [(path, nb["metadata"]["factcheck"]["figures"]) for path, nb in done.items()]
    for path, figures in sorted(ran) + [(n.path, n.figures) for n in others]:
        for name, digest in figures.items():
            other, known = seen.setdefault(name, (path, digest))
            if known != digest:
                raise BuildError(f"figures/{name}: {_name(other)} and {_name(path)} write different contents")


def _abandoned(done, others):
    """Figures that the notebooks in `done` wrote when they last ran and that no notebook writes now."""
    written = {name for nb in done.values() for name in nb["metadata"]["factcheck"]["figures"]}
    written |= {name for notebook in others for name in notebook.figures}
    before = {}
    for path in done:
        before |= json.loads(path.read_text("utf-8"))["metadata"].get("factcheck", {}).get("figures", {})
    return [FIGURES / name for name, digest in before.items() if name not in written
            and (FIGURES / name).is_file() and _file_digest(FIGURES / name) == digest]


def _move_into_place(results, abandoned):
    for place, file in results.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.is_file() and place.read_bytes() == file.read_bytes():
            continue
        try:
            os.replace(file, place)
        except PermissionError:
            raise BuildError(f"{_name(place)} cannot be replaced. Is it open in another program? "
                             "Close it and run again.") from None
    for path in abandoned:
        path.unlink()
        say(f"{_name(path)}: removed, no notebook draws it any more")


@contextmanager
def _only_build_here():
    """Hold a lock that ends with the process however it ends, so that it never goes stale."""
    if os.name == "nt":
        import msvcrt

        # Far behind the end of the file: locks there keep nobody from reading it.
        handle = os.open(ROOT / "pyproject.toml", os.O_RDONLY)
        os.lseek(handle, 2**30, os.SEEK_SET)
        busy, lock = OSError, lambda: msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        handle = os.open(NOTEBOOKS, os.O_RDONLY)
        busy, lock = BlockingIOError, lambda: fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    try:
        told = False
        while True:
            try:
                lock()
                break
            except busy:
                if not told:
                    say("Another build is running in this folder: waiting for it to end.")
                told = True
                time.sleep(0.2)
            except OSError:
                break  # a file system without locks (some network drives): build all the same
        yield
    finally:
        os.close(handle)


@contextmanager
def _working_folder():
    try:
        work = Path(tempfile.mkdtemp(prefix=".building-", dir=ROOT))
    except OSError as error:
        raise BuildError(f"Nothing can be written in {ROOT}: {error.strerror}") from None
    try:
        yield work
    finally:
        # With those of killed builds. At the end, for a kernel may outlive its build by a second.
        for path in _leftovers():
            shutil.rmtree(path, ignore_errors=True)


def _leftovers():
    return list(ROOT.glob(".building-*"))


@contextmanager
def _stoppable():
    """Let SIGTERM, too, end the kernels and sweep up."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


# ---- What changed, in words


def state():
    """What is stored now, for `changes`: ({figure's CSV: text}, {notebook: Counter of its sentences})."""
    tables = {p.name: p.read_text("utf-8") for p in _files(FIGURES) if p.suffix == ".csv"}
    sentences = {}
    for notebook in notebooks():
        found = sentences[notebook.path.name] = Counter()
        for cell in notebook.nb["cells"]:
            for output in cell.get("outputs", ()):
                text = _joined(output.get("data", {}).get("text/markdown", ""))
                found.update(s for s in (s.strip() for s in re.split(r"(?<=[.!?…])\s+|\n+", text)) if s)
    return tables, sentences


def changes(before, after, most=20, few=5):
    """Lines that say what changed between two `state()`s: verdicts, plotted numbers, sentences."""
    verdicts, values, sentences = [], [], []
    for name in sorted(before[0].keys() | after[0].keys()):
        if name not in before[0] or name not in after[0]:
            values.append(f"figures/{name}: " + ("new" if name in after[0] else "gone"))
        elif before[0][name] != after[0][name]:
            for column, line in _moved(before[0][name], after[0][name]):
                (verdicts if column == "verdict" else values).append(
                    line if column == "verdict" else f"figures/{name}: {line}")
    for name in sorted(before[1].keys() | after[1].keys()):
        old, new = before[1].get(name, Counter()), after[1].get(name, Counter())
        gone, come = list((old - new).elements()), list((new - old).elements())
        if gone or come:
            sentences.append(f"notebooks/{name}: {len(gone)} sentences gone, {len(come)} new")
            sentences += [f"  - {s}" for s in gone[:few]] + [f"  + {s}" for s in come[:few]]
    lines = []
    for title, found, limit in (("Verdicts", verdicts, None), ("Figures", values, most),
                                ("Sentences", sentences, None)):
        if found:
            lines += [f"{title}:", *(f"  {line}" for line in found[:limit])]
            lines += [f"  and {len(found) - limit} more"] if limit and len(found) > limit else []
    return lines or ["Nothing that a reader sees has changed."]


def _moved(before, after):
    """(column, 'key: column from → to') for each cell that differs between two CSV texts."""
    (old_head, *old), (new_head, *new) = (
        list(csv.reader(text.splitlines())) or [[]] for text in (before, after))
    for column in sorted(set(old_head) ^ set(new_head)):
        yield None, f"column {column} " + ("new" if column in new_head else "gone")
    # The key is as many of the first columns as tell the rows apart; plotted tables start with them.
    for width in range(1, len(old_head) + 1):
        if all(len({tuple(row[:width]) for row in rows}) == len(rows) for rows in (old, new)):
            break
    old, new = ({tuple(row[:width]): dict(zip(head, row)) for row in rows}
                for head, rows in ((old_head, old), (new_head, new)))
    for key in [*old, *(key for key in new if key not in old)]:
        label = " ".join(key)
        if key not in old or key not in new:
            row = new.get(key) or old[key]
            verdict = f" ({row['verdict']})" if "verdict" in row else ""
            yield "verdict" if verdict else None, f"{label}: " + ("new" if key in new else "gone") + verdict
            continue
        for column, value in old[key].items():
            if column in new[key] and new[key][column] != value:
                yield column, f"{label}: {column} {value} → {new[key][column]}"


# ---- Small things


def _canonical(nb):
    """The text that is stored for a notebook: equal contents, equal bytes, as nbformat would write them."""
    def lines(text):
        return _joined(text).splitlines(keepends=True)

    cells = []
    for number, cell in enumerate(nb["cells"]):
        metadata = _without(cell["metadata"], "execution", "ExecuteTime")
        cell = {"id": f"cell-{number}"} | cell | {"metadata": metadata, "source": lines(cell["source"])}
        if cell["cell_type"] == "code":
            outputs = []
            for output in cell["outputs"]:
                output = _without(output, "transient")
                if "text" in output:
                    output["text"] = lines(output["text"])
                if "data" in output:
                    output["data"] = {
                        kind: lines(value) if kind.startswith("text/") or kind in LINEWISE else value
                        for kind, value in output["data"].items()}
                outputs.append(output)
            cell["outputs"] = outputs
        cells.append(cell)
    metadata = nb["metadata"] | {"kernelspec": KERNELSPEC, "language_info": LANGUAGE}
    nb = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(nb, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": ")) + "\n"


def _stamp(nb, inputs):
    """Digest that the exports of a notebook carry: of all they show, and of the code that prints them."""
    return _digest([("cells", _cells_digest(nb)), ("outputs", _outputs_digest(nb)), *sorted(inputs.items())])


def _cells_digest(nb):
    return _digest((c["cell_type"], json.dumps([_joined(c["source"]), c["metadata"].get("tags", [])]))
                   for c in nb["cells"])


def _outputs_digest(nb):
    nb = json.loads(_canonical(nb))  # one form, whether text came as a string or as lines
    code = [cell for cell in nb["cells"] if cell["cell_type"] == "code"]
    return _digest([(str(c["execution_count"]), json.dumps(c["outputs"], sort_keys=True)) for c in code])


def _digest(parts):
    """SHA-256 of (name, content) pairs, such that no two lists of pairs run into the same bytes."""
    digest = hashlib.sha256()
    for name, content in parts:
        content = content.encode() if isinstance(content, str) else content
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _file_digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _files(folder):
    """Files below `folder`, sorted by name; without caches, hidden files and editors' backups."""
    return sorted((path for path in folder.rglob("*") if path.is_file() and not any(
        part.startswith(".") or part.endswith("~") or part == "__pycache__"
        for part in path.relative_to(folder).parts)), key=lambda path: path.relative_to(folder).as_posix())


def _bytes(path):
    return path.read_bytes() if path.is_file() else b""


def _write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _joined(text):
    return text if isinstance(text, str) else "".join(text)


def _without(mapping, *keys):
    return {key: value for key, value in mapping.items() if key not in keys}


def _name(path):
    return path.relative_to(ROOT).as_posix()


def _cores():
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1
