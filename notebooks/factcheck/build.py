"""Runs the notebooks that are out of date, stores their outputs and prints the brief from them.

What is out of date is for `stored` to say. A build works in a folder of its own, `.building-*` in the root, and
moves its results into place only when every notebook has succeeded: a failure leaves everything as it was. It may
be killed at any moment: each move is atomic, the digests recognise a half-moved state, and the next build
sweeps up.
"""

import atexit
import json
import logging
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from factcheck import DATA, NOTEBOOKS, ROOT, SEEDS
from factcheck.stored import (
    FIGURES,
    KERNELSPEC,
    BuildError,
    canonical,
    file_digest,
    files_below,
    notebooks,
    outputs_digest,
    readmes,
    say,
    shown_name,
    stamp,
    title_blocks,
    without,
)

CELL_TIMEOUT = 120  # seconds


def build(lang=None, force=False, check=None):
    """Bring notebooks, figures and exports up to date. Returns True if there was anything to do.

    `lang`: only that edition of the brief. `force`: run also what is up to date. `check`: called while the first
    kernels start if the data changed; what it raises ends the build.
    Raises BuildError; then nothing stored has changed.
    """
    if not force and not _todo(notebooks(lang)) and not leftovers():
        return False
    start = time.monotonic()
    with _only_build_here(), _working_folder() as work, _stoppable():
        stored = notebooks(lang)  # again: another build may just have done the work
        todo = [n for n in stored if n.why or force]
        if not force and not _todo(stored):
            return False
        results = {}  # place → file in the working folder
        printed = [n for n in stored if n not in todo and n.stale_exports()]
        done = _run_all(todo, work, results, printed, check)
        others = [n for n in (stored if lang is None else notebooks()) if n.path not in done]
        _agree(done, [n for n in others if not n.why])
        for notebook in stored:
            if notebook not in todo and notebook.text != (text := canonical(notebook.nb)):
                results[notebook.path] = write(work / "tidy" / notebook.path.name, text)
        _move_into_place(results, _abandoned(done, others))
        trust(done)
    places = [shown_name(path) for notebook in stored for path in notebook.exports]
    say(
        f"Done in {time.monotonic() - start:.1f} s: {', '.join(places) or 'no brief among the notebooks'}"
    )
    return True


def trust(paths):
    """Tell Jupyter that the outputs of these notebooks are this machine's own: else JupyterLab shows no charts."""
    from nbformat.sign import NotebookNotary
    from nbformat.v4 import reads

    try:
        notary = NotebookNotary()
        for path in paths:
            notary.sign(reads(path.read_text("utf-8")))
    except Exception as error:  # only a convenience, and the user's folders may not be writable
        say(f"JupyterLab will ask whether to trust the notebooks ({error}).")


def _todo(stored):
    return any(n.why or n.text != canonical(n.nb) or n.stale_exports() for n in stored)


def _run_all(todo, work, results, printed, check):
    """Execute `todo` side by side and print exports meanwhile; fills `results`. Returns {path: executed}."""
    # jsonschema imports rfc3987_syntax if it is there (JupyterLab brings it), and that compiles grammars for
    # two seconds. Without it only the check of URI formats is lost, for which notebooks have no use.
    sys.modules.setdefault("rfc3987_syntax", None)
    import asyncio
    from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

    logging.getLogger("asyncio").setLevel(
        logging.CRITICAL
    )  # of tasks that a stopped notebook leaves
    if os.name == "nt":  # the default event loop there cannot watch ZeroMQ's sockets
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    done, kernels, stop = {}, [], threading.Event()
    pool = ThreadPoolExecutor(min(_cores(), len(todo)) or 1)
    runs = {pool.submit(_execute, notebook, work, kernels, stop): notebook for notebook in todo}
    waiting = dict(runs)
    try:
        # Python does one thing at a time: first the kernels shall start, then this process has time of its own.
        until = time.monotonic() + 2
        while not all(map(_launched, kernels or [None])) and waiting and time.monotonic() < until:
            time.sleep(0.01)
        # Those that were stored with these very data were built after the data had passed.
        if check and any(not notebook.has_data for notebook in todo):
            check()
        if printed or any(notebook.exports for notebook in todo):
            from factcheck.export import warm_up

            warm_up()  # slow: while the first kernels get ready
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
                results[notebook.path] = write(
                    work / "notebooks" / notebook.path.name, canonical(nb)
                )
                results |= {
                    path: write(work / "readme" / path.name, text)
                    for path, text in readmes(notebook, nb).items()
                }
                results |= _print(notebook, nb, work)
    finally:
        stop.set()
        pool.shutdown(wait=False, cancel_futures=True)
        while not all(future.done() for future in runs):
            for kernel in kernels:
                if _launched(kernel):
                    kernel.provisioner.process.kill()
            time.sleep(0.05)
    return done


def _launched(kernel):
    return kernel and kernel.provisioner and kernel.provisioner.process


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
        kernel_spec = KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            metadata={"supported_encryption": ["curve"]},
            **without(KERNELSPEC, "name"),
        )

    if stop.is_set():
        return None
    name, nb = shown_name(notebook.path), reads(notebook.text)
    own = work / notebook.path.stem
    figures = own / "figures"
    figures.mkdir(parents=True)
    kernel = Kernel(connection_file=str(own / "kernel.json"), transport_encryption="auto")
    kernels.append(kernel)
    last = {}
    client = NotebookClient(
        nb,
        km=kernel,
        timeout=CELL_TIMEOUT,
        record_timing=False,
        coalesce_streams=True,
        shutdown_kernel="immediate",
        on_cell_execute=lambda **at: last.update(at),
    )
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
    finally:
        atexit.unregister(
            client._cleanup_kernel
        )  # a stopped one leaves it, and it fails when Python ends
    for index, cell in enumerate(nb.cells):
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stderr":
                raise BuildError(
                    f"{name}, cell {index + 1}: wrote a warning, which would be stored: "
                    + output.text.strip().partition("\n")[0]
                )
            shown = json.dumps(output, ensure_ascii=False)
            for path in map(str, (NOTEBOOKS, DATA, SEEDS, work)):
                if json.dumps(path, ensure_ascii=False)[1:-1] in shown:
                    raise BuildError(
                        f"{name}, cell {index + 1}: shows a path of this machine, {path}"
                    )
    nb = json.loads(json.dumps(nb))
    files = {path.relative_to(figures).as_posix(): path for path in files_below(figures)}
    nb["metadata"]["factcheck"] = {
        "cells": notebook.cells,
        "data": notebook.inputs["data"],
        "code": notebook.inputs["code"],
        "outputs": outputs_digest(nb),
        "figures": {name: file_digest(path) for name, path in files.items()},
    }
    say(f"{name}: {time.monotonic() - start:.1f} s")
    return nb, files


def _kernel_environment(own, figures):
    """What the user's settings could change in the results is set."""
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in ("PYTHONSTARTUP", "PYTHONSAFEPATH", "PYTHONWARNINGS", "PYTHONOPTIMIZE")
    }
    return environment | {
        "FACTCHECK_FIGURES": str(figures),
        "IPYTHONDIR": str(own / "ipython"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "TZ": "UTC",
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
    if nb.cells[index].get("id") == "statements" and error.ename == "AssertionError":
        return (
            f"{place}: the data no longer bear out a sentence: {error.evalue}\n"
            "    Reword that sentence in every language of the brief, then mend the line that failed:"
            + shown
        )
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

    if not title_blocks(nb):
        raise BuildError(
            f"{shown_name(notebook.path)} shows no title block (an output of role front)"
        )
    text = canonical(nb)
    about = {
        "name": notebook.path.stem,
        "path": str(NOTEBOOKS),
        "digest": stamp(nb, notebook.inputs),
    }

    def printed(exporter, path):
        start = time.monotonic()
        node, resources = reads(text), {"metadata": dict(about)}
        try:
            content, _ = exporter().from_notebook_node(node, resources)
        except ValueError as error:
            raise BuildError(f"{shown_name(path)}: {error}") from None
        say(f"{shown_name(path)}: printed in {time.monotonic() - start:.1f} s")
        return path, write(work / "exports" / path.name, content)

    # Side by side: most of the PDF's time is Typst's, which needs no Python meanwhile.
    with ThreadPoolExecutor(2) as pool:
        return dict(pool.map(printed, (BriefHTMLExporter, BriefPDFExporter), notebook.exports))


def _agree(done, others):
    """Raise BuildError if two notebooks write different figures of the same name."""
    seen = {}
    ran = [(path, nb["metadata"]["factcheck"]["figures"]) for path, nb in done.items()]
    for path, figures in sorted(ran) + [(n.path, n.figures) for n in others]:
        for name, digest in figures.items():
            other, known = seen.setdefault(name, (path, digest))
            if known != digest:
                raise BuildError(
                    f"figures/{name}: {shown_name(other)} and {shown_name(path)} write different contents"
                )


def _abandoned(done, others):
    """Figures that the notebooks in `done` wrote when they last ran and that no notebook writes now."""
    written = {name for nb in done.values() for name in nb["metadata"]["factcheck"]["figures"]}
    written |= {name for notebook in others for name in notebook.figures}
    before = {}
    for path in done:
        before |= (
            json.loads(path.read_text("utf-8"))["metadata"].get("factcheck", {}).get("figures", {})
        )
    return [
        FIGURES / name
        for name, digest in before.items()
        if name not in written
        and (FIGURES / name).is_file()
        and file_digest(FIGURES / name) == digest
    ]


def _move_into_place(results, abandoned):
    for place, file in results.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.is_file() and place.read_bytes() == file.read_bytes():
            continue
        try:
            os.replace(file, place)
        except PermissionError:
            raise BuildError(
                f"{shown_name(place)} cannot be replaced. Is it open in another program? "
                "Close it and run again."
            ) from None
    for path in abandoned:
        path.unlink()
        say(f"{shown_name(path)}: removed, no notebook draws it any more")


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
        for path in leftovers():
            shutil.rmtree(path, ignore_errors=True)


def leftovers():
    return list(ROOT.glob(".building-*"))


@contextmanager
def _stoppable():
    """Let SIGTERM, too, end the kernels and sweep up."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def replace(path, content):
    """Put new content into a file, whole or not at all."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(content)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _cores():
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1
