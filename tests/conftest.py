"""What all tests share: where kernels draw under test, and copies to break."""

import csv
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest

# Before the package is imported and anything is collected, so that this process and the kernels of nbval
# draw elsewhere: a re-run that only compares must not write over what it compares with. A build tells Jupyter
# that it trusts what it ran; the user's own list is not for copies made by tests. Processes of one run share both.
UNDER_TEST = "factcheck-under-test-"
if UNDER_TEST not in os.environ.get("FACTCHECK_FIGURES", ""):
    _folder = tempfile.TemporaryDirectory(prefix=UNDER_TEST)
    for name, place in (("FACTCHECK_FIGURES", "figures"), ("JUPYTER_DATA_DIR", "jupyter")):
        os.environ[name] = os.path.join(_folder.name, place)
        os.mkdir(os.environ[name])
    # What is terminated sweeps up; what is killed cannot, so that the next run does it a day later.
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("terminated", 143))
    for _old in Path(tempfile.gettempdir()).glob(f"{UNDER_TEST}*"):
        if _old.stat().st_mtime < time.time() - 86_400:
            shutil.rmtree(_old, ignore_errors=True)

import small_project  # noqa: E402
from factcheck import DATA, NOTEBOOKS, ROOT, SEEDS, blocks, data, language, reads, words  # noqa: E402


class Copy:
    """A copy of the project, whose tables can be changed cell by cell."""

    def __init__(self, root):
        self.root = root

    def path(self, table):
        return self.root / "data" / f"{table}.csv"

    def read(self, table):
        with self.path(table).open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def write(self, table, rows):
        with self.path(table).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)

    def edit(self, table, key, **changes):
        """Change cells of the one row that begins with `key`; returns its number as a spreadsheet counts."""
        rows = self.read(table)
        key = (key,) if isinstance(key, str) else key
        found = [number for number, row in enumerate(rows) if tuple(row[: len(key)]) == key]
        assert len(found) == 1, f"{table} has {len(found)} rows {key}"
        for column, value in changes.items():
            place = rows[0].index(column)
            assert rows[found[0]][place] != value, f"{table} {key} {column} is {value} already"
            rows[found[0]][place] = value
        self.write(table, rows)
        return found[0] + 1

    def drop(self, table, key):
        rows = self.read(table)
        kept = [row for row in rows if row[0] != key]
        assert len(kept) == len(rows) - 1
        self.write(table, kept)

    def append(self, table, like, **changes):
        """Add a row like that with the key `like`; returns its number."""
        rows = self.read(table)
        new = list(next(row for row in rows if row[0] == like))
        for column, value in changes.items():
            new[rows[0].index(column)] = value
        self.write(table, [*rows, new])
        return len(rows) + 1


@pytest.fixture
def copy(tmp_path):
    """A temporary copy of the project: data, seeds, figures, notebooks and the package in it."""
    root = tmp_path / "project"
    kept_out = shutil.ignore_patterns("__pycache__", ".*")
    for folder in (DATA, SEEDS, NOTEBOOKS, ROOT / "figures"):
        shutil.copytree(folder, root / folder.name, ignore=kept_out)
    for name in ("requirements.txt", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, root)
    for path in (root / "seeds").iterdir():
        path.chmod(0o644)  # as a checkout that can be written
    return Copy(root)


@pytest.fixture(scope="session")
def chromium():
    """A Chromium that is on the machine; without one the tests are skipped, in CI they fail."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not path:
        message = "no Chromium found; install one or set CHROMIUM to its path"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    with sync_playwright() as playwright:
        # By itself it asks its maker about the form fields of a page; a test counts what a page asks for.
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-features=AutofillServerCommunication"],
        )
        yield browser
        browser.close()


class SmallReport:
    """A small project in a folder that `data`, `findings`, `blocks` and `words` work on; `shown` has its displays."""

    def __init__(self, root):
        self.root, self.shown = root, []

    def write(self, **tables):
        """Write the tables of `small_project`, or others for those named, with the labels of the package."""
        labels = {row["key"]: row for row in csv.DictReader(LABELS.splitlines())}
        labels |= {row["key"]: row for row in small_project.TABLES["labels"]}
        day = {"key": "data_date", "value_en": "2026-11-22", "value_ru": "2026-11-22"}
        own = {"labels": list(labels.values()), "publication": [day]}
        small_project.write(self.root, **own | tables)

    def texts(self, role, code="en"):
        """The Markdown that was displayed with a role, in a language."""
        found = [bundle for bundle in self.shown if bundle[words.FACTS]["role"] == role]
        return [bundle[words.mime(code)] for bundle in found]


LABELS = (DATA / "labels.csv").read_text("utf-8")


@pytest.fixture
def small_report(tmp_path, monkeypatch):
    """A small report of invented figures, written and ready."""
    report = SmallReport(tmp_path)
    for module, name, value in (
        *(
            (data, "ROOT", tmp_path),
            (blocks, "ROOT", tmp_path),
            (language, "DATA", tmp_path / "data"),
        ),
        (words, "display", lambda bundle, raw: report.shown.append(bundle)),
    ):
        monkeypatch.setattr(module, name, value)
    monkeypatch.delenv("FACTCHECK_LANGUAGE", raising=False)
    cached = language._labels, language.languages, blocks._text
    for one in cached:
        one.cache_clear()
    reads.clear()
    report.write()
    yield report
    reads.clear()
    for one in cached:
        one.cache_clear()


# What takes long, and what no change of a sentence or a value can break: `make test-all` and CI run it.
SLOW = {
    "test_bundle",
    "test_build",
    "test_export",
    "test_export_brief",
    "test_jupyterlab",
    "test_mutants",
    "test_new",
    "test_new_project",
    "test_page",
    "test_refresh",
}


def pytest_collection_modifyitems(items):
    """Mark the modules that `make test` leaves out."""
    for item in items:
        if item.path.stem in SLOW:
            item.add_marker(pytest.mark.slow)
