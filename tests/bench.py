"""`make bench`: how long things take, beside what people would use instead. Writes BENCHMARK.md.

Whole processes, each started anew; medians of RUNS runs after one that is not counted; wall seconds and the
peak memory of the largest process. Not a test: nothing here passes or fails.
"""

import argparse
import csv
import importlib.metadata
import os
import platform
import resource
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
LEFT_OUT = shutil.ignore_patterns(".venv", ".git", "__pycache__", ".ipynb_checkpoints", ".building-*")

# The floor: bare nbclient with as many workers, given the same cure for the slow optional import as our build.
FLOOR = """
import sys; sys.modules["rfc3987_syntax"] = None
from concurrent.futures import ThreadPoolExecutor
import nbformat
from nbclient import NotebookClient
def run(path):
    NotebookClient(nbformat.read(path, 4), timeout=120).execute(cwd="notebooks")
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
GROWTH = """
import sys, time
from factcheck import interview
text = interview.read(sys.argv[1]); interview.numerals(text)
start = time.perf_counter()
for n in range(int(sys.argv[2])):
    interview.numerals(text)
print(time.perf_counter() - start)
"""


class Bench:
    """Runs commands in a copy of the project and keeps (what, median, low, high, peak memory in MB)."""

    def __init__(self, copy, runs):
        self.copy, self.runs, self.rows, self.times = copy, runs, [], {}
        # The copy's own package, whatever is installed.
        figures = copy.parent / "figures"
        figures.mkdir()
        self.env = os.environ | {"PYTHONPATH": str(copy / "notebooks"), "FACTCHECK_FIGURES": str(figures)}

    def once(self, command):
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=self.copy, env=self.env, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True)
        output = process.stdout.read()
        if process.wait():
            raise SystemExit(f"{' '.join(map(str, command))} failed:\n{output[-2000:]}")
        return time.perf_counter() - start

    def measure(self, *commands):
        """Time commands in turn, A B A B …, so that a machine whose speed drifts is fair to all of them.

        Each is (what, command) or (what, command, before); `before(run)` prepares a run and is not timed.
        """
        times = {what: [] for what, *_ in commands}
        for run in range(self.runs + 1):
            for what, command, *before in commands:
                for prepare in before:
                    prepare(run)
                times[what].append(self.once(command))
        # Of all children so far: it only grows, so a row shows the largest process up to then.
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        peak /= 2**20 if sys.platform == "darwin" else 1024
        for what, found in times.items():
            self.times[what] = found = found[1:]
            self.rows.append((what, statistics.median(found), min(found), max(found), peak))
            print(f"{what}: {statistics.median(found):.2f} s", flush=True)

    def ratio(self, one, other):
        """Median of the ratios of two commands that were measured in turn, run by run."""
        return statistics.median(a / b for a, b in zip(self.times[one], self.times[other]))


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
    return lambda run: path.write_text(text.replace(value, str(int(float(value)) + run + 1), 1), "utf-8")


def peers(bench, nbconvert, brief):
    """Other ways to a page or a PDF, on the brief alone; what is not on the machine is named, not guessed."""
    missing = []
    if shutil.which("xelatex") and shutil.which("pandoc"):
        bench.measure(("nbconvert --execute --to pdf, the brief alone", [*nbconvert, "--to", "pdf", brief]))
    else:
        missing.append("nbconvert --to pdf (xelatex and pandoc)")
    try:
        bench.measure(("nbconvert --execute --to webpdf, the brief alone", [*nbconvert, "--to", "webpdf", brief]))
    except SystemExit:
        missing.append("nbconvert --to webpdf (the browser that playwright downloads)")
    for program, further in (("quarto", ["render", brief, "--execute"]), ("myst", ["build", "--html", "--execute"]),
                             ("jupyter-book", ["build", "--html", "--execute"])):
        if shutil.which(program):
            bench.measure((f"{program}, the brief alone", [program, *further]))
        else:
            missing.append(program)
    return missing


def growth(bench):
    """Seconds for 1 to 1,000 interviews through the audit, and for 1 to 50 times the claims through verdicts."""
    seed = next((bench.copy / "seeds").glob("*.txt"))
    lines = []
    for count in (1, 10, 100, 1000):
        result = subprocess.run([sys.executable, "-c", GROWTH, seed, str(count)], env=bench.env, cwd=bench.copy,
                                capture_output=True, text=True, check=True)
        lines.append(("interviews through the numeral audit", count, float(result.stdout)))
        print(lines[-1], flush=True)
    tables_ = {name: (bench.copy / "data" / f"{name}.csv").read_text("utf-8") for name in ("claims", "readings", "mentions")}
    for times in (1, 10, 50):
        _multiply(bench.copy / "data", tables_, times)
        lines.append(("times the claims through the brief (run and printed)", times,
                      bench.once([sys.executable, "-m", "factcheck", "brief", "--lang", "en", "--force"])))
        print(lines[-1], flush=True)
    _multiply(bench.copy / "data", tables_, 1)
    return lines


def _multiply(data, tables_, times):
    """Write claims.csv and readings.csv with each row `times` times, the copies under ids of their own."""
    for name in ("claims", "readings"):
        head, *rows = list(csv.reader(tables_[name].splitlines()))
        columns = [head.index(column) for column in ("reading_id", "claim_id") if column in head]
        with open(data / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(head)
            for copy in range(times):
                for row in rows:
                    row = list(row)
                    for column in columns:
                        row[column] += f"-copy-{copy}" if copy else ""
                    writer.writerow(row)


def report(bench, missing, lines, ratios):
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in
                         ("nbclient", "nbconvert", "nbval", "jupyterlab", "pandas", "matplotlib", "typst"))
    text = ["# How long things take", "",
            "Written by `make bench`; each figure is the median of "
            f"{bench.runs} whole processes after one that is not counted, wall seconds (lowest to highest). "
            "What is compared was run in turn, A B A B, and its ratio is the median of the runs' ratios, because the "
            "speed of shared machines drifts. Peak memory is that of the largest single process so far.", "",
            f"{date.today().isoformat()}, {platform.system()} {platform.machine()}, {CORES} cores, "
            f"Python {platform.python_version()}, {versions}.", "",
            "| what | seconds | range | peak MB |", "|---|--:|--:|--:|"]
    text += [f"| {what} | {median:.2f} | {low:.2f}–{high:.2f} | {peak:.0f} |" for what, median, low, high, peak in bench.rows]
    text += ["", "| against | ratio |", "|---|--:|", *(f"| {what} | {value:.2f} |" for what, value in ratios), ""]
    text += [f"Not on this machine, so not measured: {', '.join(missing)}.", ""] if missing else []
    text += ["## How it grows", "", "| what | how many | seconds | seconds each |", "|---|--:|--:|--:|"]
    text += [f"| {what} | {count:,} | {seconds:.2f} | {seconds / count:.4f} |" for what, count, seconds in lines]
    target = ROOT / "BENCHMARK.md"
    part = target.with_suffix(".part")
    part.write_text("\n".join(text) + "\n", encoding="utf-8")
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
        notebooks = [f"notebooks/{path.name}" for path in sorted((copy / "notebooks").glob("*.ipynb"))]
        brief = f"notebooks/{BRIEF}"
        ours = [sys.executable, "-m", "factcheck", "brief"]
        nbconvert = [sys.executable, "-m", "nbconvert", "--execute", "--output-dir", str(copy / "peer")]
        floor, full = f"floor: bare nbclient, all notebooks, {CORES} workers", "ours: all notebooks, HTML + PDF, both languages"
        html, nbval = "nbconvert --execute --to html, all notebooks", "nbval: all notebooks run again and compared"
        bench.measure((floor, [sys.executable, "-c", FLOOR, str(CORES), *notebooks]), (full, [*ours, "--force"]),
                      (html, [*nbconvert, "--to", "html", *notebooks]),
                      (nbval, [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env",
                               "--nbval-cell-timeout", "120", "-p", "no:cacheprovider", "notebooks", "tests/conftest.py"]),
                      ("plain Python: all notebooks' code in one process", [sys.executable, "-c", PLAIN, *notebooks]))
        bench.once(ours)
        floor_one, one = "floor: bare nbclient, the brief alone", "ours: one edition, executed, HTML + PDF"
        html_one, nothing = "nbconvert --execute --to html, the brief alone", "ours: nothing changed"
        sentence, other = "ours: one sentence of the brief changed", "ours: one other notebook changed"
        bench.measure((floor_one, [sys.executable, "-c", FLOOR, "1", brief]), (one, [*ours, "--lang", "en", "--force"]),
                      (html_one, [*nbconvert, "--to", "html", brief]),
                      (sentence, ours, _change(copy / brief, "The speaker was not contacted", "The speaker was not contacted ")),
                      (other, ours, _change(copy / "notebooks/03_economy.ipynb", "# What differs between", "# What differs between ")),
                      (nothing, ours))
        bench.measure(("ours: one value of data/ changed", ours, _data_change(copy / "data/series.csv")))
        missing = peers(bench, nbconvert, brief)
        ratios = [("full rebuild ÷ floor, all notebooks", bench.ratio(full, floor)),
                  ("one edition ÷ floor, the brief alone", bench.ratio(one, floor_one)),
                  ("full rebuild ÷ nbconvert --to html, all notebooks", bench.ratio(full, html)),
                  ("one edition with PDF ÷ nbconvert --to html, the brief alone", bench.ratio(one, html_one)),
                  ("one sentence changed ÷ full rebuild", statistics.median(bench.times[sentence]) / statistics.median(bench.times[full])),
                  ("one other notebook changed ÷ full rebuild", statistics.median(bench.times[other]) / statistics.median(bench.times[full])),
                  ("nothing changed, seconds", statistics.median(bench.times[nothing])),
                  ("nbval ÷ floor, all notebooks", bench.ratio(nbval, floor))]
        lines = growth(bench)
    report(bench, missing, lines, ratios)


if __name__ == "__main__":
    main()
