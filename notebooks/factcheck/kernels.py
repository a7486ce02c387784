"""Runs a notebook in a kernel of its own, with nothing in it that the user's settings could change."""

import ast
import asyncio
import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from factcheck import ROOT
from factcheck.forms import KERNELSPEC, joined, tidy
from factcheck.stored import STORED, BuildError, Notebook, files_below

CELL_TIMEOUT = 300  # seconds
START_TIMEOUT = 120
NOT_PASSED_ON = (
    *("FACTCHECK_LANGUAGE", "PYTHONOPTIMIZE", "PYTHONSAFEPATH", "PYTHONSTARTUP", "PYTHONWARNINGS"),
)
# Evaluated in the kernel while it waits, before and after a notebook.
WARM_UP = "[__import__(name) and None for name in ('pandas', 'matplotlib.figure')]"
BEGIN = "__import__('factcheck.reads').reads.begin()"
USED = "__import__('json').dumps(__import__('factcheck.reads').reads.used())"


@dataclass
class Run:
    """What a run of a notebook left: tidy JSON, what it used, and one line that says why it failed, if it did."""

    nb: dict
    reads: list[dict]  # as `reads.recorded` gives them
    modules: list[str]  # files of the package
    figures: dict[str, bytes]  # {name: content} of what it drew
    error: str | None


class Kernels:
    """Runs notebooks, each in a kernel of its own; one waits for the next notebook. A context manager, which ends them.

    `work`: a folder for what the kernels need; `notebooks`: the folder from which findings are read.
    """

    def __init__(self, work: Path, notebooks: Path):
        self.work, self.notebooks = work, notebooks
        self.managers: list = []
        self.waiting: asyncio.Task | None = None

    async def __aenter__(self) -> "Kernels":
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.waiting:
            self.waiting.cancel()
            await asyncio.gather(self.waiting, return_exceptions=True)
        await asyncio.gather(*map(_end, self.managers), return_exceptions=True)

    async def run(self, notebook: Notebook, last: bool) -> Run:
        """Execute a notebook; never raises for what the notebook does, BuildError if no kernel can be started.

        `last`: that none is known that will run after it, so that no kernel need wait for one.
        """
        import nbformat
        from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

        ready = self.waiting or asyncio.create_task(self._started())
        self.waiting = None if last else asyncio.create_task(self._started())
        client, drawn = await ready
        nb = client.nb = nbformat.from_dict(_emptied(notebook.nb))
        number, error, answers = 0, None, True
        try:
            await _ask(client, BEGIN)
            for number, cell in enumerate(nb.cells, 1):
                count = client.code_cells_executed + 1
                await client.async_execute_cell(cell, number - 1, execution_count=count)
        except CellExecutionError as failure:
            error = _told(failure, nb.cells[number - 1])
        except CellTimeoutError:
            error, answers = f": still running after {CELL_TIMEOUT} s", False
        except DeadKernelError:
            error, answers = ": the kernel died", False
        used = json.loads(await _ask(client, USED)) if answers else {"reads": [], "modules": []}
        await _end(client.km)
        error = f"{notebook.name}, cell {number}{error}" if error else _unfit(notebook.name, nb)
        figures = {
            path.relative_to(drawn).as_posix(): path.read_bytes() for path in files_below(drawn)
        }
        return Run(tidy(nb), **used, figures=figures, error=error)

    async def _started(self) -> tuple:
        """(client of a new kernel, its folder for figures)."""
        import nbformat
        from nbclient import NotebookClient

        for last in (False, True):  # once more, because another program may have taken its port
            own = self.work / f"kernel-{len(self.managers)}"
            (own / "figures").mkdir(parents=True)
            client = NotebookClient(
                nbformat.v4.new_notebook(),
                km=_manager(own / "kernel.json"),
                timeout=CELL_TIMEOUT,
                startup_timeout=START_TIMEOUT,
                record_timing=False,
                coalesce_streams=True,
                extra_arguments=["--HistoryManager.enabled=False"],
            )
            self.managers.append(client.km)
            await client.async_start_new_kernel(cwd=str(STORED), env=self._environment(own))
            try:
                await client.async_start_new_kernel_client()
            except RuntimeError as error:
                if last:
                    raise BuildError(f"No kernel could be started: {error}") from None
            else:
                client.kc.execute(WARM_UP, silent=True)  # nobody waits for the answer
                return client, own / "figures"

    def _environment(self, own: Path) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if key not in NOT_PASSED_ON}
        return kept | {
            "FACTCHECK_FIGURES": str(own / "figures"),
            "FACTCHECK_NOTEBOOKS": str(self.notebooks),
            "IPYTHONDIR": str(own / "ipython"),
            "JUPYTER_PLATFORM_DIRS": "1",
            "PYTHONHASHSEED": "0",
            "PYTHONUTF8": "1",
            "TZ": "UTC",
        }


def _manager(connection_file: Path):
    """What starts and ends one kernel, of this very Python, whatever a kernel called python3 may be here."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    class Kernel(AsyncKernelManager):
        kernel_spec = KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            metadata={"supported_encryption": ["curve"]},
            display_name=KERNELSPEC["display_name"],
            language=KERNELSPEC["language"],
            interrupt_mode="message",  # a signal makes a kernel that is to be killed write a line
        )

    # Encrypted: else the kernel warns that it is not.
    return Kernel(connection_file=str(connection_file), transport_encryption="auto")


async def _end(manager) -> None:
    if manager.has_kernel:
        await manager.shutdown_kernel(now=True)


async def _ask(client, expression: str) -> str | None:
    """The text that a Python expression gives in the kernel, None if it gives none. Leaves no trace there."""
    message = client.kc.execute("", silent=True, user_expressions={"asked": expression})
    reply = await client.async_wait_for_reply(message)
    return ast.literal_eval(reply["content"]["user_expressions"]["asked"]["data"]["text/plain"])


def _emptied(nb: dict) -> dict:
    """A copy of a notebook as if it had never run, its texts as one string each."""
    nb = json.loads(json.dumps(nb))
    for cell in nb["cells"]:
        cell["source"] = joined(cell["source"])
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return nb


def _told(failure, cell: dict) -> str:
    """' (In [4]), line 3: what failed (the source line)', on one line."""
    trace = re.sub(r"\x1b\[[\d;]*m", "", failure.traceback or "")
    lines = [int(line) for line in re.findall(r"Cell In ?\[\d+\], line (\d+)", trace)]
    source = cell.source.splitlines()
    place = f" (In [{cell.execution_count}])"
    line = source[lines[0] - 1].strip() if lines and lines[0] <= len(source) else ""
    place += f", line {lines[0]}" if line else ""
    # A syntax error names IPython's temporary file.
    words = " ".join(re.sub(r" \(\d+\.py, line \d+\)$", "", failure.evalue).split())[:300]
    if failure.ename == "AssertionError" and words:
        condition = re.sub(r"\s*,\s*\(?[\"']+$", "", line.partition(words)[0])
        return f"{place}: no longer true: “{words}”" + (f" ({condition})" if condition else "")
    if failure.ename == "KeyError" and " " not in words:  # pandas says the name alone
        words += " is not there; look at the .index and .columns of what it is looked up in"
    return f"{place}: {failure.ename}: {words}" + (f" ({line})" if line else "")


def _unfit(name: str, nb: dict) -> str | None:
    """One line about the first output that must not be stored: a warning, a path of this machine."""
    paths = [json.dumps(str(path), ensure_ascii=False)[1:-1] for path in (ROOT, sys.prefix)]
    for number, cell in enumerate(nb.cells, 1):
        for output in cell.get("outputs", ()):
            place = f"{name}, cell {number} (In [{cell.execution_count}])"
            if output.output_type == "stream" and output.name == "stderr":
                warning = output.text.strip().partition("\n")[0]
                return f"{place}: wrote a warning, which would be stored: {warning}"
            shown = json.dumps(output, ensure_ascii=False)
            for path in paths:
                if path in shown:
                    return f"{place}: shows a path of this machine, {path}"
    return None
