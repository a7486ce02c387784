"""`make bench`: how long things take, beside what people would use instead. Writes BENCHMARK.md.

Whole processes, each started anew, in a copy of the project; medians of RUNS runs after one that is not counted;
wall seconds and the peak memory of the largest process of a run. Not a test: nothing here passes or fails.
"""

import argparse
import csv
import importlib.metadata
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import pypandoc

ROOT = Path(__file__).resolve().parents[1]
PY = sys.executable
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
LEFT_OUT = shutil.ignore_patterns(".venv", ".git", "__pycache__", ".ipynb_checkpoints", ".*-*")
PACKAGES = ("nbclient", "nbconvert", "nbval", "jupyterlab", "pandas", "matplotlib", "typst")
# The floor: bare nbclient with as many workers, given what our build does as well: the cure for the slow
# optional import, and kernels that are killed when they are done.
FLOOR = """
import sys; sys.modules["rfc3987_syntax"] = None
from concurrent.futures import ThreadPoolExecutor
import nbformat
from nbclient import NotebookClient
def run(path):
    NotebookClient(nbformat.read(path, 4), timeout=120, shutdown_kernel="immediate").execute(cwd="notebooks")
with ThreadPoolExecutor(int(sys.argv[1])) as pool:
    list(pool.map(run, sys.argv[2:]))
"""

# nbconvert's webpdf looks for the browser that playwright downloads; this one takes that of the machine.
WEBPDF = """
import sys
from playwright.async_api import BrowserType
launch, path = BrowserType.launch, sys.argv.pop(1)
def launch_installed(self, **options):
    return launch(self, **options | {"executable_path": path, "args": ["--no-sandbox"]})
BrowserType.launch = launch_installed
from nbconvert.nbconvertapp import main
main(sys.argv[1:])
"""


class Bench:
    """Runs commands in a copy of the project; `times` {what: seconds of each run}, `peaks` {what: MB or None}."""

    def __init__(self, copy: Path, runs: int, programs: str):
        self.copy, self.runs, self.times, self.peaks = copy, runs, {}, {}
        figures = copy.parent / "figures"
        figures.mkdir()
        own = {"PYTHONPATH": str(copy / "notebooks"), "FACTCHECK_FIGURES": str(figures)}
        own |= {"JUPYTER_DATA_DIR": str(copy.parent / "jupyter")}
        pandoc = Path(pypandoc.get_pandoc_path()).parent  # for those of the peers that want one
        own["PATH"] = os.pathsep.join([programs, os.environ["PATH"], str(pandoc)])
        self.environment = os.environ | own

    def once(self, command: list) -> tuple[float, float | None]:
        """(seconds, peak MB) of one run; CalledProcessError with what it printed."""
        start = time.perf_counter()
        how = {"cwd": self.copy, "env": self.environment, "stderr": subprocess.STDOUT}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, **how)
        output, peak = process.stdout.read(), None
        if hasattr(os, "wait4"):  # not on Windows
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            peak = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
        if process.wait():
            raise subprocess.CalledProcessError(process.returncode, command, output)
        return time.perf_counter() - start, peak

    def measure(self, **commands: tuple) -> None:
        """Time commands in turn, A B A B …, so that a machine whose speed drifts is fair to all of them.

        Each is (what, command) or (what, command, change); `change(run)` prepares a run and is not timed.
        """
        for run in range(self.runs + 1):
            for what, command, *changes in commands.values():
                for change in changes:
                    change(run)
                seconds, peak = self.once(command)
                if run:
                    self.times.setdefault(what, []).append(seconds)
                    self.peaks[what] = max(peak or 0, self.peaks.get(what) or 0) or None
        for what, *_ in commands.values():
            print(f"{what}: {statistics.median(self.times[what]):.2f} s", flush=True)

    def ratio(self, one: str, other: str) -> float:
        """The median of the ratios, run by run."""
        return statistics.median(a / b for a, b in zip(self.times[one], self.times[other]))


def sentence(path: Path):
    """A change of a cell's source, another at each run."""

    def change(run: int) -> None:
        nb = json.loads(path.read_text("utf-8"))
        say = next(c for c in nb["cells"] if "".join(c["source"]).startswith("%%say"))
        say["source"] = "".join(say["source"]).rstrip() + " Once more." * (run + 1)
        path.write_text(json.dumps(nb), "utf-8")

    return change


def value(path: Path, *row_of: str):
    """A change of the last value of a source and country, another at each run."""

    def change(run: int) -> None:
        rows = list(csv.reader(path.read_text("utf-8").splitlines()))
        row = next(row for row in reversed(rows) if (*row[:2],) == row_of)
        row[rows[0].index("value")] = str(int(row[rows[0].index("value")]) + run + 1)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)

    return change


def peers(bench: Bench, brief: str) -> dict[str, tuple[str, list]]:
    """{name: (what, command)} of the other ways to a page or a PDF of the brief whose programs are on the PATH."""
    out = bench.copy.parent / "peer"
    settings = bench.copy.parent / "book.yml"
    settings.write_text("execute:\n  execute_notebooks: force\n", "utf-8")
    nbconvert = ["--execute", "--output-dir", str(out), brief]
    sphinx = [
        "-D",
        "extensions=nbsphinx",
        "-D",
        "nbsphinx_execute=always",
        "-D",
        "root_doc=00_brief",
    ]
    book = ["--config", str(settings), "--path-output", str(out)]
    ways = {
        "chromium": (
            "nbconvert webpdf",
            [PY, "-c", WEBPDF, "chromium", "--to", "webpdf", *nbconvert],
        ),
        "xelatex": ("nbconvert pdf", [PY, "-m", "nbconvert", "--to", "pdf", *nbconvert]),
        "papermill": (
            "papermill",
            ["papermill", brief, str(out / "p.ipynb"), "--cwd", "notebooks"],
        ),
        "sphinx-build": (
            "nbsphinx",
            ["sphinx-build", "-q", "-b", "html", "-C", *sphinx, "notebooks", str(out / "s"), brief],
        ),
        "jupyter-book": ("Jupyter Book 1", ["jupyter-book", "build", *book, brief]),
    }
    works = {}
    for name, (what, command) in ways.items():
        if program := shutil.which(name, path=bench.environment["PATH"]):
            command = [program if part == name else part for part in command]
            try:
                bench.once(command)
                works[name] = (f"{what}, the brief alone", command)
            except subprocess.CalledProcessError as error:
                print(
                    f"{what}: left out, it failed: {error.output.decode(errors='replace')[-300:]}"
                )
    return works


def compare(bench: Bench) -> list[tuple[str, float]]:
    """Measure us and what people would use instead. Returns [(what ÷ what, ratio)]."""
    folder, ours = bench.copy / "notebooks", [PY, "-m", "factcheck", "brief"]
    names = [f"notebooks/{path.name}" for path in sorted(folder.glob("*.ipynb"))]
    out = ["--output-dir", str(bench.copy.parent / "peer")]
    html = [PY, "-m", "nbconvert", "--execute", "--to", "html", *out]
    nbval = [PY, "-m", "pytest", "-q", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider"]
    nbval += ["-n", str(CORES), "--dist", "loadscope", *names]
    floor = f"floor: bare nbclient, all notebooks, {CORES} workers"
    every = {
        "floor": (floor, [PY, "-c", FLOOR, str(CORES), *names]),
        "full": ("ours: all notebooks, page and PDF, both languages", [*ours, "--force"]),
        "html": ("nbconvert html, all notebooks", [*html, *names]),
        "nbval": ("nbval: all notebooks run again and compared", nbval),
    }
    bench.measure(**every)
    bench.once(ours)
    brief, one = folder / "00_brief.ipynb", folder / "02_population.ipynb"
    figures = value(bench.copy / "data/series.csv", "wb-population-2025-04", "KAZ")
    edition = "ours: the brief run, one edition as page and PDF"
    some = {
        "edition": (edition, [*ours, "--lang", "en"], sentence(brief)),
        "alone": ("nbconvert html, the brief alone", [*html, str(brief)]),
        **(others := peers(bench, "notebooks/00_brief.ipynb")),
        "restore": ("ours: the other edition", ours),
        "value": ("ours: one value of data/ changed", ours, figures),
        "sentence": ("ours: one sentence of one notebook changed", ours, sentence(one)),
        "nothing": ("ours: nothing changed", ours),
    }
    bench.measure(**some)
    what = {key: row[0] for key, row in (every | some).items()}
    pairs = [("full", "floor"), ("full", "html"), ("nbval", "floor"), ("value", "full")]
    pairs += [("sentence", "full"), *(("edition", name) for name in ("alone", *others))]
    return [(f"{what[a]} ÷ {what[b]}", bench.ratio(what[a], what[b])) for a, b in pairs]


def report(bench: Bench, ratios: list[tuple[str, float]]) -> str:
    """BENCHMARK.md."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    lines = [
        "# How long things take\n",
        f"Written by `make bench`; each figure is the median of {bench.runs} whole processes after one that is not "
        "counted, wall seconds (lowest to highest). What is compared was run in turn, A B A B, and its ratio is the "
        "median of the runs' ratios, because the speed of shared machines drifts. Peak memory is that of a run's "
        "largest single process.\n",
        f"{date.today()}, {platform.system()} {platform.machine()}, {CORES} cores, "
        f"Python {platform.python_version()}, {versions}.\n",
        "| what | seconds | range | peak MB |\n|---|--:|--:|--:|",
    ]
    for what, times in bench.times.items():
        peak = bench.peaks[what]
        middle = f"{statistics.median(times):.2f} | {min(times):.2f}–{max(times):.2f}"
        lines.append(f"| {what} | {middle} | {f'{peak:.0f}' if peak else ''} |")
    lines += ["\n| compared | ratio |\n|---|--:|"]
    lines += [f"| {what} | {one:.2f} |" for what, one in ratios]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--programs",
        default="",
        help="folder with jupyter-book 1, nbsphinx's sphinx-build, papermill",
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(ROOT, Path(folder) / "project", ignore=LEFT_OUT)
        bench = Bench(copy, options.runs, options.programs)
        text = report(bench, compare(bench))
    (ROOT / "BENCHMARK.md").write_text(text, encoding="utf-8", newline="\n")
    print("Written: BENCHMARK.md")


if __name__ == "__main__":
    main()
