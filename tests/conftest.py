"""What tests share: where kernels draw under test, a browser, a small report."""

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
from factcheck import DATA, blocks, data, language, reads, words  # noqa: E402


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
