"""What would a wrong digit do? Changes single values one at a time and sees who notices.

    python tests/mutants.py [--sample N] [--seed S] [--kinds ×10 year+1 …] [--files series facts …]

Changed are every number and date of data/, every numeral of the interviews, every number of the rule
(RULE). Noticed is a mutant, in this order, when
    loading   the typed tables refuse it
    stops     a notebook stops with an error
    shown     something displayed differs: a sentence, a table, a figure's numbers, title or alt text
    checks    `checks.problems` names it
    tests     a test of the rule or of stored values (TESTS) fails
    drawn     a figure's SVG differs; this and the tests on data only for the first --deep of what is left
    digest    nothing of all this, only the SHA-256 of the data or of the code
The digest notices every edit, so it is masked first: what then stays unnoticed is a value that nothing uses,
or that is rounded away. The exit status is 1 if something escapes even the digest.

The notebooks' cells run in this process, on a copy of the project, with their displays recorded; each mutant
has a forked process of its own, so that imports are paid once. What the kernels stored is the same:
tests/test_mutants.py compares. Linux and macOS only.
"""

import argparse
import ast
import contextlib
import copy
import csv
import gc
import hashlib
import importlib
import io
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
PARTS = ("data", "seeds", "notebooks", "figures", "tests", "pyproject.toml", "requirements.txt")
RULE = tuple(f"notebooks/factcheck/{name}.py" for name in ("verdict", "claims", "rule", "cases"))
# By what is changed; those on data take several seconds, so only --deep survivors go through them.
TESTS = {
    "notebooks": ("test_rule.py", "test_claims.py", "test_verdict.py"),
    "data": (
        "test_data.py",
        "test_verdict.py",
        "test_notebooks.py::test_no_number_word_is_typed_unless_it_was_read_and_holds",
    ),
}
NOT_ON_VALUES = (
    "not test_each_check"  # breaks copies of its own, which takes long and tells nothing here
)
MASKED = (
    "loading",
    "stops",
    "shown",
    "checks",
    "tests",
    "drawn",
)  # ways to notice without the digests
LIMIT = 120  # seconds for one mutant
ANOTHER = "тринадцать"  # a number word that the interview does not have
DATE = re.compile(r"\d{4}-\d\d(-\d\d)?")
NUMBER = re.compile(r"-?\d+(\.\d+)?")


# ---- The mutants


@dataclass(frozen=True)
class Mutant:
    """One value changed. `row` counts as a spreadsheet does and `key` is its first cell.

    `at` is the span of `old` in a text that is no table.
    """

    file: str
    row: int
    column: str
    kind: str
    old: str
    new: str
    key: str = ""
    at: tuple = ()


def _numbers(text, whole):
    value = Decimal(text)
    last = Decimal(1).scaleb(min(value.as_tuple().exponent, 0))
    times = [(f"×{factor}", value * Decimal(factor)) for factor in ("1.001", "1.1", "10")]
    for kind, new in (
        *times,
        ("digit+1", value + last),
        ("digit−1", value - last),
        ("sign", -value),
    ):
        new = new.to_integral_value() if whole else new
        if new != value:
            yield kind, format(new, "f")


def _dates(text):
    parts = [int(part) for part in text.split("-")]
    year, month, day = (*parts, 1, 1)[:3]
    for name, sign, step in (
        ("year", "+", 1),
        ("year", "−", -1),
        ("month", "+", 1),
        ("month", "−", -1),
        ("day", "+", 1),
        ("day", "−", -1),
    ):
        if name == "day":
            moved = date(year, month, day) + timedelta(step)
        else:
            months = 12 * year + month - 1 + step * (12 if name == "year" else 1)
            moved = date(months // 12, months % 12 + 1, min(day, 28))
        if len(parts) > ("year", "month", "day").index(name):
            yield f"{name}{sign}1", moved.isoformat()[: len(text)]


def of_tables(root):
    """Mutants of every cell of data/*.csv that is wholly a number or a date."""
    package = json.loads((root / "data/datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        rows = _rows(root / "data" / resource["path"])
        for number, cells in enumerate(rows[1:], 2):
            for column, cell in zip(rows[0], cells):
                field = fields[column]
                if field["type"] == "date" or field.get("partialDate") or DATE.fullmatch(cell):
                    changed = _dates(cell) if cell else ()
                elif not NUMBER.fullmatch(cell):
                    continue
                elif column.endswith("year"):
                    changed = (("year+1", str(int(cell) + 1)), ("year−1", str(int(cell) - 1)))
                else:
                    changed = _numbers(cell, field["type"] in ("integer", "string"))
                for kind, new in changed:
                    yield Mutant(
                        f"data/{resource['path']}", number, column, kind, cell, new, cells[0]
                    )


def of_seeds(root, numerals):
    """Mutants of every numeral of the interviews; `numerals` finds them in a text."""
    for path in sorted((root / "seeds").glob("*.txt")):
        text = path.read_bytes().decode()
        for hit in numerals(text):
            line, figures = (
                text.count("\n", 0, hit.start) + 1,
                list(re.finditer(r"\d+", hit.surface)),
            )
            changed = [("word", ANOTHER), ("dropped", "")] if not figures else []
            for match in figures:
                for kind, new in _numbers(match[0], whole=True):
                    if kind != "sign":
                        changed.append(
                            (kind, hit.surface[: match.start()] + new + hit.surface[match.end() :])
                        )
            for kind, new in changed:
                yield Mutant(
                    f"seeds/{path.name}",
                    line,
                    hit.kind,
                    kind,
                    hit.surface,
                    new,
                    at=(hit.start, hit.end),
                )


def of_rule(root):
    """Mutants of every number in the constants of the modules that hold the rule."""
    for name in RULE:
        source = (root / name).read_bytes().decode()
        lines = source.splitlines(keepends=True)
        for statement in ast.parse(source).body:
            if not isinstance(statement, ast.Assign) or not isinstance(
                statement.targets[0], ast.Name
            ):
                continue
            for node in ast.walk(statement.value):
                if isinstance(node, ast.Constant) and type(node.value) in (int, float):
                    line = lines[node.lineno - 1]
                    start = len("".join(lines[: node.lineno - 1]))
                    start += len(line.encode()[: node.col_offset].decode())
                    old = ast.get_source_segment(source, node)
                    for kind, new in _numbers(old, isinstance(node.value, int)):
                        yield Mutant(
                            name,
                            node.lineno,
                            statement.targets[0].id,
                            kind,
                            old,
                            new,
                            at=(start, start + len(old)),
                        )


def changed_files(root, mutant):
    """{path: bytes} of what the mutant changes below `root`."""
    path = root / mutant.file
    if not mutant.at:
        rows = _rows(path)
        rows[mutant.row - 1][rows[0].index(mutant.column)] = mutant.new
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        return {path: out.getvalue().encode()}
    text = path.read_bytes().decode()
    content = (text[: mutant.at[0]] + mutant.new + text[mutant.at[1] :]).encode()
    files = {path: content}
    if mutant.file.startswith(
        "seeds/"
    ):  # its recorded SHA-256 follows, which else would notice everything
        table = root / "data/interviews.csv"
        before, after = (
            hashlib.sha256(c).hexdigest().encode() for c in (path.read_bytes(), content)
        )
        files[table] = table.read_bytes().replace(before, after)
    return files


def _rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


# ---- What the notebooks show


class Report:
    """The notebooks of one project, their cells run in this process when asked for, displays recorded.

    `draw`: also draw the figures. To be made after the package is imported (`package`).
    """

    def __init__(self, root, draw=False):
        self.draw, self.steps = draw, {}
        for path in sorted((root / "notebooks").glob("*.ipynb")):
            cells = enumerate(json.loads(path.read_text("utf-8"))["cells"], 1)
            code = [
                (n, _joined(cell["source"])) for n, cell in cells if cell["cell_type"] == "code"
            ]
            origin = {}  # name: the cell that gave it last, which a cell that uses it needs
            for number, source in code:
                tree, key = ast.parse(source), (path.name, number)
                names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
                self.steps[key] = (
                    source,
                    sorted({origin[node.id] for node in names if node.id in origin}),
                )
                given = [node.id for node in names if isinstance(node.ctx, ast.Store)]
                for node in ast.walk(tree):
                    if isinstance(node, (ast.Import, ast.ImportFrom)):
                        given += [
                            (name.asname or name.name).partition(".")[0] for name in node.names
                        ]
                    elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                        given.append(node.name)
                origin |= dict.fromkeys(given, key)
        self._tap()
        self.afresh()

    def afresh(self):
        """Forget what was run and read, since files changed. Returns itself."""
        from factcheck import prose, sections

        ONCE.clear()
        prose._labels.cache_clear()
        sections._text.cache_clear()
        self.shown, self._done, self._spaces = [], {}, {}
        self._values, self._frames, self._results = {}, None, None
        return self

    def _tap(self):
        import IPython.display
        from factcheck import findings, prose, tables, verdict
        from factcheck.charts import common, dates, glance, money, picture, rank, ratio, share

        for module in (IPython.display, prose, common):
            module.display = self._display
        if not self.draw:  # everything of a figure but the drawing
            publish = common.publish
            for module in (dates, glance, money, rank, ratio, share):
                module.publish = lambda *args: publish(*args[:-1], lambda sheet: None)
            picture._drawn, picture.write = lambda *_: b"", lambda path, content: None
            common.Sheet, common.style, common.write = (
                Blank,
                contextlib.nullcontext,
                lambda path, text: None,
            )
        # What is the same all over one run is done once: tables, results, findings and what they ask often.
        load_all, results, values = tables.load_all, verdict.results, findings.values

        def frames_once(*_):
            self._frames = self._frames or load_all()
            return self._frames

        def results_once(*_):
            self._results = self._results or results(frames_once())
            return self._results

        tables.load_all, verdict.results = frames_once, results_once
        findings.values = lambda *_: Lazy(
            lambda: values(results_once(), frames_once()), self._values
        )
        fill = prose.Language.fill

        def fill_lazily(language, text, escaped=False, **given):
            if {match[1] for match in prose.PLACEHOLDER.finditer(text)} <= given.keys():
                language = copy.copy(language)
                language.values = {}
            return fill(language, text, escaped, **given)

        prose.Language.fill = fill_lazily
        for owner, name in (
            (verdict.Reading, "judged"),
            (verdict.Reading, "verdict"),
            (verdict.Result, "sensitivity"),
        ):
            setattr(owner, name, _once(getattr(owner, name)))

    def _display(self, thing, raw=False, metadata=None):
        meta = (metadata or {}).get("factcheck", {})
        if not raw:  # Markdown, or a chart of one's own
            thing = (
                {"text/markdown": thing.data}
                if hasattr(thing, "data")
                else {"text/plain": repr(thing)}
            )
        self.shown.append(_comparable(thing, meta, self.draw))

    def of(self, key):
        """What a cell shows, as texts; the cells that it needs run before. Raises what the cell raises."""
        if key not in self._done:
            source, needed = self.steps[key]
            space = self._spaces[key] = {}
            for other in needed:
                self.of(other)
                space.update(self._spaces[other])
            tree, name, value = ast.parse(source), f"{key[0]}, cell {key[1]}", None
            self.shown, out = [], io.StringIO()
            with contextlib.redirect_stdout(out):
                last = (
                    tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
                )
                exec(compile(tree, name, "exec"), space)
                if last:
                    value = eval(compile(ast.Expression(last.value), name, "eval"), space)
            printed = [_masked(out.getvalue())] * bool(out.getvalue())
            self._done[key] = [*self.shown, *printed, *([] if value is None else [repr(value)])]
        return self._done[key]


class Blank:
    """A sheet on which nothing is drawn."""

    def __init__(self, *_):
        pass

    def svg(self):
        return "", []


class Lazy(Mapping):
    """The findings, computed when the first is asked for: many cells need none."""

    def __init__(self, compute, known):
        self._compute, self._known = compute, known

    def _all(self):
        if not self._known:
            self._known.update(self._compute())
        return self._known

    def __getitem__(self, name):
        return self._all()[name]

    def __iter__(self):
        return iter(self._all())

    def __len__(self):
        return len(self._all())

    def __bool__(self):
        return True


ONCE = {}


def _once(function):
    def once(self, *args, **kwargs):
        key = (id(self), function.__qualname__, repr(args), repr(kwargs))
        if key not in ONCE:
            ONCE[key] = (
                self,
                function(self, *args, **kwargs),
            )  # self stays alive, so its id stays its own
        return ONCE[key][1]

    return once


def _comparable(data, meta, drawing=False):
    if "text/csv" in data:
        kinds = ["text/csv", "text/plain"]  # of a figure that is the alt text
        kinds += ["image/svg+xml", "application/x-factcheck-phone+svg"] if drawing else []
    else:
        kinds = ["text/markdown" if "text/markdown" in data else "text/plain"]
    parts = [_joined(data[kind]) for kind in kinds]
    beside = ("id", "title", "subtitle", "source") if "text/csv" in data else ("caption", "note")
    return _masked("\n".join(parts + [f"{key}: {meta[key]}" for key in beside if meta.get(key)]))


def stored(cell):
    """What a stored cell shows, comparable to `Report.of` without drawing."""
    shown, printed = [], ""
    for output in cell["outputs"]:
        if output["output_type"] == "stream":
            printed += _joined(output["text"])
        elif "data" in output:
            shown.append(
                _comparable(output["data"], output.get("metadata", {}).get("factcheck", {}))
            )
    return [*shown, *filter(None, [_masked(printed)])]


def _joined(text):
    return text if isinstance(text, str) else "".join(text)


def _masked(text):
    return re.sub(r"\b[0-9a-f]{64}\b", "SHA-256", text)


def package(root, keep=True):
    """Import the package of the project at `root` anew; `keep`: what it reads from unchanged files, too."""
    for name in [n for n in sys.modules if n.split(".")[0] == "factcheck"]:
        del sys.modules[name]
    if sys.path[0] != str(root / "notebooks"):
        sys.path.insert(0, str(root / "notebooks"))
    module = importlib.import_module("factcheck")
    assert root == module.ROOT, f"{module.ROOT} was imported instead of {root}"
    if not keep:
        return
    from factcheck import interview, tables, verdict

    # Files that did not change are read, and their numerals found, only once.
    read, frame = tables._read, tables._frame

    def path(resource):
        return root / "data" / resource["path"]

    tables._read = lambda at, resource: _kept("read", [path(resource)], lambda: read(at, resource))
    tables._frame = lambda resource, rows: _kept(
        "frame", [path(resource)], lambda: frame(resource, rows)
    )
    texts = sorted((root / "seeds").glob("*.txt"))
    check, own = (
        verdict.check,
        [root / f"data/{name}.csv" for name in ("interviews", "claims", "readings")],
    )
    verdict.check = lambda frames, at=root: list(
        _kept("claims", [*own, *texts], lambda: check(frames, at))
    )
    draft = interview.draft_mentions
    interview.draft_mentions = lambda text: _kept(text, [], lambda: draft(text))


KEPT = {}


def _kept(name, paths, compute):
    try:
        key = (name, *(path.read_bytes() for path in paths))
    except OSError:
        return compute()
    if key not in KEPT:
        KEPT[key] = compute()
    return KEPT[key]


# ---- One mutant


class Judge:
    """Knows what the project at `root` shows, and tells how a mutant of it is noticed."""

    def __init__(self, root):
        self.root = root
        package(root)
        from factcheck import stored, tables

        self.known = (tables.digest(root), [n.inputs for n in stored.notebooks()])
        self.base = Report(root)
        self.expected = {key: self.base.of(key) for key in self.base.steps}
        gc.freeze()  # so that no forked process copies it all only to look for garbage
        self.first = defaultdict(
            Counter
        )  # which cells noticed mutants like it: those are asked first
        self.drawn = None
        self.failing = {}

    def noticed(self, mutant, deep=False):
        """(how, where) the mutant is noticed; the files below `root` are as before afterwards."""
        places = [
            (mutant.file, mutant.column, mutant.key),
            (mutant.file, mutant.column),
            (mutant.file,),
        ]
        likely = [key for place in places for key, _ in self.first[place].most_common()]
        order = list(dict.fromkeys([*likely, *sorted(self.expected, key=self._cost)]))
        with self._changed(mutant):
            how, where = _forked(lambda: self._look(mutant, order))
        if how == "shown":
            for place in places:
                self.first[place][tuple(where)] += 1
        if how:
            return how, where
        tests = TESTS["notebooks" if mutant.file in RULE else "data"]
        if mutant.file not in RULE and not deep:
            tests = ()
        if tests not in self.failing:
            # What fails without any change tells nothing.
            self.failing[tests] = set(_forked(lambda: self._tests(tests)))
        if deep and self.drawn is None:
            self.drawn = _forked(self._drawing)
        with self._changed(mutant):
            return _forked(lambda: self._look_again(tests, deep))

    @contextlib.contextmanager
    def _changed(self, mutant):
        files = changed_files(self.root, mutant)
        before = {path: path.read_bytes() for path in files}
        try:
            for path, content in files.items():
                path.write_bytes(content)
            yield
        finally:
            for path, content in before.items():
                path.write_bytes(content)

    def _cost(self, key):
        source = self.base.steps[key][0]  # sentences need all findings, which take a while
        return ("say(" in source or "sensitivity" in source, "charts." not in source, key)

    def _look(self, mutant, order):
        if mutant.file.startswith("notebooks/"):
            package(self.root)
            report = Report(self.root)
        else:
            report = self.base.afresh()
        from factcheck import tables

        lines = tables.check(self.root)
        if lines:
            return "loading", lines[0]
        for key in order:
            try:
                if report.of(key) != self.expected[key]:
                    return "shown", key
            except Exception as error:
                return "stops", f"{key[0]}, cell {key[1]}: {type(error).__name__}: {error}"[:300]
        package(self.root)
        from factcheck import checks

        lines = checks.problems(self.root)
        if lines:
            return "checks", lines[0]
        return "", ""

    def _look_again(self, tests, deep):
        failed = sorted(set(self._tests(tests)) - self.failing[tests])
        if failed:
            return "tests", failed[0]
        if deep and self._drawing() != self.drawn:
            return "drawn", ""
        package(self.root)
        from factcheck import stored, tables

        now = (tables.digest(self.root), [n.inputs for n in stored.notebooks()])
        return ("digest", "") if now != self.known else ("nothing", "")

    def _tests(self, names):
        """Names of the tests that fail."""
        files = [
            str(self.root / "tests" / name)
            for name in names
            if (self.root / "tests" / name.partition("::")[0]).is_file()
        ]
        if not files:
            return []
        import pytest

        package(self.root, keep=False)
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
            status = pytest.main(
                [
                    "-q",
                    "-p",
                    "no:cacheprovider",
                    "--rootdir",
                    str(self.root),
                    "-k",
                    NOT_ON_VALUES,
                    *files,
                ]
            )
        failed = re.findall(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", out.getvalue(), re.M)
        return failed if failed or not status else [f"pytest ended with status {status}"]

    def _drawing(self):
        package(self.root)
        report = Report(self.root, draw=True)
        return [report.of(key) for key in report.steps if "charts." in report.steps[key][0]]


def _forked(work):
    """The result of `work` in a forked process, through JSON; ("stops", …) if that dies or hangs."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reader)
            signal.alarm(LIMIT)
            with os.fdopen(writer, "w", encoding="utf-8") as pipe:
                pipe.write(json.dumps(work()))
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else ("stops", f"no answer within {LIMIT} s")


# ---- All of them


def copy_of(project, root):
    """A copy of what the mutants need of a project, so that nothing is ever changed in the project itself."""
    for name in PARTS:
        source = project / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        elif source.is_file():
            root.mkdir(exist_ok=True)
            shutil.copy(source, root / name)
    return root


def chosen(root, options):
    """The mutants that the options ask for, in a random but fixed order."""
    from factcheck import interview

    found = [*of_tables(root), *of_seeds(root, interview.numerals), *of_rule(root)]
    found = [
        m
        for m in found
        if (not options.kinds or m.kind in options.kinds)
        and (
            not options.files or {Path(m.file).stem, m.file.partition("/")[0]} & set(options.files)
        )
    ]
    random.Random(options.seed).shuffle(found)
    if options.sample:
        # Every column at least once, then what the shuffle brought.
        columns = {(m.file, m.column): m for m in reversed(found)}.values()
        found = list(dict.fromkeys([*columns, *found]))[: options.sample]
    return found


def work(options, say):
    """Judge one share of the mutants; `say` gets (mutant, how, where) of each."""
    share, shares = options.share
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.dont_write_bytecode = (
        True  # two sources of one second and one length would share their bytecode
    )
    with tempfile.TemporaryDirectory() as folder:
        root = copy_of(PROJECT, Path(folder).resolve() / "project")
        os.environ["FACTCHECK_FIGURES"] = str(Path(folder) / "figures")
        os.mkdir(
            os.environ["FACTCHECK_FIGURES"]
        )  # as for the kernels: a chart of one's own may expect it
        os.chdir(folder)  # where tests leave their caches
        judge, left = Judge(root), options.deep // shares
        for mutant in chosen(root, options)[share::shares]:
            how, where = judge.noticed(mutant, deep=left > 0)
            left -= how in ("digest", "nothing", "drawn")
            say(mutant, how, where)


def run(options):
    """([(mutant, how, where)], seconds) of all mutants, judged by `options.workers` processes side by side.

    Ctrl-C ends it early with what was found until then. Raises SystemExit if a process fails.
    """
    found, failed, start, lock = [], [], time.monotonic(), threading.Lock()
    log = open(options.json or os.devnull, "w", encoding="utf-8")

    def follow(share):
        process = subprocess.Popen(
            [
                sys.executable,
                __file__,
                *options.arguments,
                "--share",
                str(share),
                str(options.workers),
            ],
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        for line in process.stdout:
            mutant, how, where = json.loads(line)
            with lock:
                found.append((Mutant(**mutant), how, where))
                print(line, end="", file=log, flush=True)
                if len(found) % 100 == 0:
                    print(
                        f"{len(found)} mutants, {time.monotonic() - start:.0f} s", file=sys.stderr
                    )
        failed.extend([share] * (process.wait() != 0))

    threads = [threading.Thread(target=follow, args=(share,)) for share in range(options.workers)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            raise SystemExit("a process failed; what it said stands above")
    except KeyboardInterrupt:
        print("Stopped: what follows is what was found until now.", file=sys.stderr)
    log.close()
    found.sort(key=lambda one: (one[0].file, one[0].column, one[0].row, one[0].kind))
    return found, time.monotonic() - start


def reason(mutant, cell):
    """Why a mutant was not noticed, as far as the other mutants of its cell tell: `cell` {kind: how}."""
    if not any(how in MASKED for how in cell.values()):
        return "nothing shows or uses it, as far as tried"
    if mutant.kind in ("×1.001", "digit+1", "digit−1"):
        return "rounded away: larger changes are noticed"
    return "used, but this change turns nothing that is shown"


def summary(found, seconds):
    """The report as lines: by file and column, by kind, by who noticed, then the survivors."""
    lines, cells = [], defaultdict(dict)
    for mutant, how, _ in found:
        cells[mutant.file, mutant.row, mutant.column, tuple(mutant.at)][mutant.kind] = how

    def count(title, key):
        groups = defaultdict(list)
        for mutant, how, _ in found:
            groups[key(mutant, how)].append(how)
        lines.append(f"{title:<52}{'made':>7}{'masked':>8}{'in all':>8}")
        for name, hows in sorted(groups.items()):
            masked, everything = sum(h in MASKED for h in hows), sum(h != "nothing" for h in hows)
            lines.append(f"{name:<52}{len(hows):>7}{masked:>8}{everything:>8}")
        lines.append("")

    count("file and column", lambda m, _: f"{m.file} {m.column}")
    count("kind", lambda m, _: m.kind)
    count("noticed by", lambda _, how: how)
    survivors = [(m, how) for m, how, _ in found if how not in MASKED]
    total, missed = len(found) or 1, sum(how == "nothing" for _, how in survivors)
    lines += [
        f"  {m.file}, row {m.row}, {m.column}, {m.kind}: {m.old} → {m.new}"
        f"{' (NOT EVEN BY THE DIGEST)' if how == 'nothing' else ''} – "
        + reason(m, cells[m.file, m.row, m.column, tuple(m.at)])
        for m, how in survivors
    ]
    lines.append(
        f"{len(found)} mutants in {seconds:.0f} s: noticed with the digests masked "
        f"{1 - len(survivors) / total:.2%}, in all {1 - missed / total:.2%}"
    )
    return lines


def parsed(arguments):
    parser = argparse.ArgumentParser(description="Change single values and see who notices.")
    parser.add_argument(
        "--sample", type=int, metavar="N", help="only N, of every column at least one"
    )
    parser.add_argument("--seed", type=int, default=2025, help="of the sample (default 2025)")
    parser.add_argument(
        "--kinds", nargs="+", metavar="KIND", help="×1.001 ×10 digit+1 digit−1 sign year+1 …"
    )
    parser.add_argument(
        "--files",
        nargs="+",
        metavar="NAME",
        help="tables or modules by name; or data, seeds, notebooks",
    )
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="processes side by side"
    )
    parser.add_argument(
        "--deep",
        type=int,
        default=20,
        metavar="N",
        help="run the tests on data and draw the figures for N survivors (default 20)",
    )
    parser.add_argument(
        "--json", metavar="FILE", help="also write each mutant to a file, a line each"
    )
    parser.add_argument(
        "--shown", action="store_true", help="only print what each cell shows now, as JSON"
    )
    parser.add_argument("--share", type=int, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    options.arguments = list(arguments)
    return options


def main(arguments):
    options = parsed(arguments)
    if options.shown:
        package(PROJECT)
        report = Report(PROJECT)
        print(json.dumps([[*key, report.of(key)] for key in report.steps]))
        return 0
    if options.share:
        work(
            options,
            lambda mutant, how, where: print(json.dumps([asdict(mutant), how, where]), flush=True),
        )
        return 0
    found, seconds = run(options)
    for line in summary(found, seconds):
        print(line)
    return 1 if any(how == "nothing" for _, how, _ in found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
