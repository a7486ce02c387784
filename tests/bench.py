"""`make bench`: how long things take, beside what people would use instead. Writes BENCHMARK.md.

Whole processes, each started anew; medians of RUNS runs after one that is not counted; wall seconds and the
peak memory of the largest process of a run, kernels included. Not a test: nothing here passes or fails.
"""

import argparse
import csv
import importlib.metadata
import math
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

ROOT = Path(__file__).resolve().parents[1]
BRIEF = "00_brief.ipynb"
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
LEFT_OUT = shutil.ignore_patterns(
    ".venv", ".git", "__pycache__", ".ipynb_checkpoints", ".building-*"
)

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
PLAIN = """
import json, os, sys
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
os.chdir("notebooks"); sys.path.insert(0, ""); shell = InteractiveShell.instance()
for path in sys.argv[1:]:
    for cell in json.load(open(os.path.join("..", path), encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            with capture_output():
                shell.run_cell("".join(cell["source"])).raise_error()
"""
# nbconvert's webpdf looks for the browser that playwright downloads; this one takes that of the machine.
WEBPDF = """
import os, sys
from playwright.async_api import BrowserType
launch = BrowserType.launch
def launch_installed(self, **options):
    return launch(self, **options | {"executable_path": sys.argv.pop(1), "args": ["--no-sandbox"]})
BrowserType.launch = launch_installed
from nbconvert.nbconvertapp import main
main(sys.argv[2:])
"""
# Each interview has the paragraphs of ours, the words of each in an order of its own.
GROWTH = """
import random, sys, time
from factcheck import interview
lines = [line.split() for line in interview.read(sys.argv[1]).splitlines()]
random.seed(2025)
texts = ["\\n".join(" ".join(random.sample(words, len(words))) for words in lines) for _ in range(int(sys.argv[2]))]
interview.numerals("два")  # reads the dictionary
start = time.perf_counter()
for text in texts:
    interview.numerals(text)
print(time.perf_counter() - start)
"""


class Bench:
    """Runs commands in a copy of the project and keeps what they took.

    rows: (what, median, lowest, highest seconds, peak memory in MB or None); times: {what: seconds of each run}.
    """

    def __init__(self, copy, runs):
        self.copy, self.runs, self.rows, self.times = copy, runs, [], {}
        # The copy's own package, whatever is installed.
        figures = copy.parent / "figures"
        figures.mkdir()
        self.env = os.environ | {
            "PYTHONPATH": str(copy / "notebooks"),
            "FACTCHECK_FIGURES": str(figures),
        }

    def once(self, command):
        """(seconds, peak memory in MB) of one run; Failed with the end of its output."""
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=self.copy,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        output = process.stdout.read()
        if hasattr(os, "wait4"):  # not on Windows
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            peak = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
        else:
            process.wait()
            peak = None
        if process.returncode:
            raise Failed(f"{' '.join(map(str, command))[:200]} failed:\n{output[-2000:]}")
        return time.perf_counter() - start, peak

    def pages(self):
        """Pages and PDFs in the copy and beside it, with the time of their last change."""
        return {
            (path, path.stat().st_mtime_ns)
            for path in self.copy.parent.rglob("*")
            if path.suffix in (".html", ".pdf")
        }

    def measure(self, *commands):
        """Time commands in turn, A B A B …, so that a machine whose speed drifts is fair to all of them.

        Each is (what, command) or (what, command, before); `before(run)` prepares a run and is not timed.
        """
        found = {what: [] for what, *_ in commands}
        for run in range(self.runs + 1):
            for what, command, *before in commands:
                for prepare in before:
                    prepare(run)
                found[what].append(self.once(command))
        for what, runs in found.items():
            self.times[what] = times = [seconds for seconds, _ in runs[1:]]
            peak = max(peak for _, peak in runs[1:]) if runs[0][1] else None
            self.rows.append((what, statistics.median(times), min(times), max(times), peak))
            print(f"{what}: {statistics.median(times):.2f} s", flush=True)

    def median(self, what):
        return statistics.median(self.times[what])

    def ratio(self, one, *others):
        """Median of one command's time over that of others, added up, which were measured in turn, run by run."""
        return statistics.median(
            a / sum(b) for a, *b in zip(self.times[one], *(self.times[o] for o in others))
        )


class Failed(Exception):
    """A command that ended with an error; the message has the end of what it printed."""


def _change(path, old, new):
    """A `before` that changes a file to and fro, so that every run finds it changed."""
    text = path.read_text("utf-8")
    if old not in text:
        raise SystemExit(f"{path.name} has no {old!r} to change")
    return lambda run: path.write_text(text.replace(old, f"{new}{'  ' * (run + 1)}", 1), "utf-8")


def _data_change(path):
    text = path.read_text("utf-8")
    rows = list(csv.reader(text.splitlines()))
    value = rows[5][3]
    return lambda run: path.write_text(
        text.replace(value, str(int(float(value)) + run + 1), 1), "utf-8"
    )


def peers(bench, nbconvert, brief):
    """({what: command} of the other ways to a page or a PDF that work here, ["what (why not)"] of the rest)."""
    chromium = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    tex = shutil.which("xelatex") and shutil.which("pandoc")
    candidates = [
        (
            "nbconvert --execute --to webpdf",
            [sys.executable, "-c", WEBPDF, chromium, *nbconvert[3:], "--to", "webpdf", brief],
            None if chromium else "no Chromium",
        ),
        (
            "nbconvert --execute --to pdf",
            [*nbconvert, "--to", "pdf", brief],
            None if tex else "no xelatex or no pandoc",
        ),
        *(
            (
                " ".join(command),
                [*command, brief],
                None if shutil.which(command[0]) else "not installed",
            )
            for command in (
                ["quarto", "render", "--execute"],
                ["myst", "build", "--html", "--execute"],
                ["jupyter-book", "build", "--html", "--execute"],
            )
        ),
    ]
    works, missing = {}, []
    for what, command, why in candidates:
        if not why:
            before = bench.pages()
            try:
                bench.once(command)
                if bench.pages() == before:
                    why = "installed, but offline it wrote no page and no PDF"
                else:
                    works[what] = command
            except Failed as error:
                why = (
                    "installed, but it failed: " + str(error).strip().splitlines()[-1].strip()[:120]
                )
        if why:
            missing.append(f"{what} ({why})")
    return works, missing


def growth(bench):
    """[(what, [(how many, seconds)])] of interviews through the audit and of claims through the brief."""
    seed = next((bench.copy / "seeds").glob("*.txt"))
    audit, brief = [], []
    for count in (1, 10, 100, 1000):
        result = subprocess.run(
            [sys.executable, "-c", GROWTH, seed, str(count)],
            env=bench.env,
            cwd=bench.copy,
            capture_output=True,
            text=True,
            check=True,
        )
        audit.append((count, float(result.stdout)))
        print(f"{count} interviews: {audit[-1][1]:.2f} s", flush=True)
    tables_ = {
        name: (bench.copy / "data" / f"{name}.csv").read_text("utf-8")
        for name in ("claims", "readings", "searches")
    }
    for times in (1, 10, 50):
        _multiply(bench.copy / "data", tables_, times)
        brief.append(
            (
                times,
                bench.once([sys.executable, "-m", "factcheck", "brief", "--lang", "en", "--force"])[
                    0
                ],
            )
        )
        print(f"{times} times the claims: {brief[-1][1]:.2f} s", flush=True)
    _multiply(bench.copy / "data", tables_, 1)
    return [
        ("interviews through the numeral audit", audit),
        ("times the claims through the brief, run and printed", brief),
    ]


def _multiply(data, tables_, times):
    """Write these tables with each row `times` times, the copies under ids of their own."""
    for name in tables_:
        head, *rows = list(csv.reader(tables_[name].splitlines()))
        columns = [
            head.index(column)
            for column in ("reading_id", "claim_id", "search_id")
            if column in head
        ]
        with open(data / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(head)
            for copy in range(times):
                for row in rows:
                    row = list(row)
                    for column in columns:
                        row[column] += f"-copy-{copy}" if copy else ""
                    writer.writerow(row)


def _slope(one, other):
    """Exponent k of time ~ number^k between two measurements (number, seconds)."""
    return math.log(other[1] / one[1]) / math.log(other[0] / one[0])


def report(bench, missing, ratios, lines):
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}"
        for name in (
            "nbclient",
            "nbconvert",
            "nbval",
            "jupyterlab",
            "pandas",
            "matplotlib",
            "typst",
        )
    )
    text = [
        "# How long things take",
        "",
        "Written by `make bench`; each figure is the median of "
        f"{bench.runs} whole processes after one that is not counted, wall seconds (lowest to highest). "
        "What is compared was run in turn, A B A B, and its ratio is the median of the runs' ratios, because the "
        "speed of shared machines drifts. Peak memory is that of a run's largest single process.",
        "",
        f"{date.today().isoformat()}, {platform.system()} {platform.machine()}, {CORES} cores, "
        f"Python {platform.python_version()}, {versions}.",
        "",
        "| what | seconds | range | peak MB |",
        "|---|--:|--:|--:|",
    ]
    text += [
        f"| {what} | {median:.2f} | {low:.2f}–{high:.2f} | {'' if peak is None else f'{peak:.0f}'} |"
        for what, median, low, high, peak in bench.rows
    ]
    text += [
        "",
        "| compared | ratio |",
        "|---|--:|",
        *(f"| {what} | {value:.2f} |" for what, value in ratios),
        "",
    ]
    text += [f"Not measured: {'; '.join(missing)}.", ""] if missing else []
    text += [
        "## How it grows",
        "",
        "| what | how many | seconds | seconds each |",
        "|---|--:|--:|--:|",
    ]
    text += [
        f"| {what} | {count:,} | {seconds:.2f} | {seconds / count:.4f} |"
        for what, found in lines
        for count, seconds in found
    ]
    text += [
        "",
        "Between the last two of each, time grows with the number to the power of "
        + ", and ".join(f"{_slope(*found[-2:]):.2f} ({what})" for what, found in lines)
        + "; 1 would be in proportion.",
        "",
    ]
    target = ROOT / "BENCHMARK.md"
    part = target.with_suffix(".part")
    part.write_text("\n".join(text), encoding="utf-8", newline="\n")
    os.replace(part, target)
    print(f"Written: {target.name}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "factcheck"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        bench = Bench(copy, runs)
        report(bench, *compare(bench, copy), growth(bench))


def compare(bench, copy):
    """Measure us, the floor and the peers. Returns (what is not measured, [(what, ratio)])."""
    notebooks = [f"notebooks/{path.name}" for path in sorted((copy / "notebooks").glob("*.ipynb"))]
    brief, other = f"notebooks/{BRIEF}", "notebooks/03_economy.ipynb"
    ours = [sys.executable, "-m", "factcheck", "brief"]
    nbconvert = [
        sys.executable,
        "-m",
        "nbconvert",
        "--execute",
        "--output-dir",
        str(copy.parent / "peer"),
    ]
    nbval = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--nbval",
        "--nbval-current-env",
        "--nbval-cell-timeout",
        "120",
        "-p",
        "no:cacheprovider",
        "notebooks",
        "tests/conftest.py",
    ]

    of_all = {
        "floor": (
            f"floor: bare nbclient, all notebooks, {CORES} workers",
            [sys.executable, "-c", FLOOR, str(CORES), *notebooks],
        ),
        "full": ("ours: all notebooks, HTML + PDF, both languages", [*ours, "--force"]),
        "html": (
            "nbconvert --execute --to html, all notebooks",
            [*nbconvert, "--to", "html", *notebooks],
        ),
        "nbval": ("nbval: all notebooks run again and compared", nbval),
        "plain": (
            "plain Python: all notebooks' code in one process",
            [sys.executable, "-c", PLAIN, *notebooks],
        ),
    }
    bench.measure(*of_all.values())
    all_ = {key: row[0] for key, row in of_all.items()}

    bench.once(ours)
    works, missing = peers(bench, nbconvert, brief)
    of_one = {
        "floor": (
            "floor: bare nbclient, the brief alone",
            [sys.executable, "-c", FLOOR, "1", brief],
        ),
        "one": ("ours: one edition, executed, HTML + PDF", [*ours, "--lang", "en", "--force"]),
        "html": (
            "nbconvert --execute --to html, the brief alone",
            [*nbconvert, "--to", "html", brief],
        ),
        **{what: (f"{what}, the brief alone", command) for what, command in works.items()},
        "sentence": (
            "ours: one sentence of the brief changed",
            ours,
            _change(
                copy / brief, "The speaker was not contacted", "The speaker was not contacted "
            ),
        ),
        "other": (
            "ours: one other notebook changed",
            ours,
            _change(copy / other, "# What differs between", "# What differs between "),
        ),
        "nothing": ("ours: nothing changed", ours),
    }
    bench.measure(*of_one.values())
    alone = {key: row[0] for key, row in of_one.items()}

    value = "ours: one value of data/ changed"
    bench.measure((value, ours, _data_change(copy / "data/series.csv")))

    def changed(what):
        return bench.median(what) / bench.median(all_["full"])

    ratios = [
        ("full rebuild ÷ floor, all notebooks", bench.ratio(all_["full"], all_["floor"])),
        (
            "one edition with HTML and PDF ÷ floor, the brief alone",
            bench.ratio(alone["one"], alone["floor"]),
        ),
        (
            "full rebuild ÷ nbconvert --to html, all notebooks",
            bench.ratio(all_["full"], all_["html"]),
        ),
        (
            "one edition with HTML and PDF ÷ nbconvert --to html",
            bench.ratio(alone["one"], alone["html"]),
        ),
        *(
            (
                f"one edition with HTML and PDF ÷ {what} and --to html",
                bench.ratio(alone["one"], alone[what], alone["html"]),
            )
            for what in works
            if "pdf" in what
        ),
        ("nbval ÷ floor, all notebooks", bench.ratio(all_["nbval"], all_["floor"])),
        ("one sentence changed ÷ full rebuild", changed(alone["sentence"])),
        ("one other notebook changed ÷ full rebuild", changed(alone["other"])),
        ("one value of data/ changed ÷ full rebuild", changed(value)),
    ]
    return missing, ratios


if __name__ == "__main__":
    main()
