"""What a researcher meets in JupyterLab: charts, money, folded code, and the brief in the export menu."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from factcheck import NOTEBOOKS, ROOT

TOKEN = "for-this-test"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Address of a JupyterLab that was started as `make lab` does, for a user who never used Jupyter before."""
    own = tmp_path_factory.mktemp("jupyter")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = (
        os.environ
        | {f"JUPYTER_{name}_DIR": str(own / name) for name in ("CONFIG", "DATA", "RUNTIME")}
        | {
            "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),
            "JUPYTERLAB_SETTINGS_DIR": str(own / "settings"),
        }
    )
    log = (own / "log").open("w+", encoding="utf-8")
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "factcheck",
            "lab",
            "--no-browser",
            "--allow-root",
            f"--port={port}",
            "--port-retries=0",
            f"--IdentityProvider.token={TOKEN}",
        ],
        cwd=ROOT,
        env=env,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                get(f"{address}/api/status")
                break
            except (urllib.error.URLError, ConnectionError):
                assert server.poll() is None, (own / "log").read_text("utf-8")
                time.sleep(0.5)
        yield address
    finally:
        try:  # `factcheck lab` waits for Jupyter, which ends when it is asked to
            get(f"{address}/api/shutdown", "POST")
            server.wait(30)
        finally:
            server.kill()
        log.close()


def get(url, method="GET"):
    request = urllib.request.Request(
        url, headers={"Authorization": f"token {TOKEN}"}, method=method
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def test_the_menu_offers_the_brief_once_and_without_hyphens(lab):
    names = json.loads(get(f"{lab}/api/nbconvert"))
    assert [name for name in sorted(names) if "brief" in name] == ["brief_html", "brief_pdf"]


@pytest.mark.parametrize("kind", ["html", "pdf"])
def test_what_the_menu_exports_is_the_stored_brief(lab, kind):
    assert (
        get(f"{lab}/nbconvert/brief_{kind}/00_brief.ipynb?download=true")
        == (NOTEBOOKS / f"brief.{kind}").read_bytes()
    )


@pytest.mark.parametrize(
    "name, folder, notebook",
    [("brief-pdf", ROOT, "notebooks/00_brief.ipynb"), ("brief_html", NOTEBOOKS, "00_brief.ipynb")],
)
def test_what_a_shell_exports_is_the_stored_brief(name, folder, notebook, tmp_path):
    subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", name, notebook, "--output-dir", str(tmp_path)],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    kind = name[-4:].lstrip("-_")
    assert (tmp_path / f"00_brief.{kind}").read_bytes() == (
        NOTEBOOKS / f"brief.{kind}"
    ).read_bytes()


@pytest.fixture(scope="module")
def page(lab, chromium):
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{lab}/lab/tree/05_pledges.ipynb?reset&token={TOKEN}")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    yield page
    page.close()


def cell(page, name):
    """Text of what a cell shows, once it is scrolled to; JupyterLab draws cells only then."""
    nb = json.loads((NOTEBOOKS / "05_pledges.ipynb").read_text("utf-8"))
    number = [each["id"] for each in nb["cells"]].index(name)
    found = page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{number}"]')
    for _ in range(60):
        if found.count():
            found.first.scroll_into_view_if_needed()
            return found.first
        page.locator(".jp-WindowedPanel-outer").first.evaluate("panel => panel.scrollBy(0, 500)")
        page.wait_for_timeout(100)
    raise AssertionError(f"cell {name} is not shown")


def test_charts_are_shown_and_not_only_described(page):
    chart = cell(page, "investment-50bn-figure")
    chart.locator(".jp-RenderedSVG img, .jp-RenderedSVG svg").first.wait_for(timeout=15_000)


def test_sums_of_money_are_no_formulas(page):
    from playwright.sync_api import expect

    shown = cell(page, "answer").locator(".jp-RenderedMarkdown")
    expect(shown).to_contain_text(re.compile(r"US\$\d.*US\$\d", re.DOTALL), timeout=15_000)
    assert page.locator("mjx-container").count() == 0


def test_text_is_shown_and_its_code_is_folded_away(page):
    answer = cell(page, "answer")
    answer.locator(".jp-RenderedMarkdown").wait_for(timeout=15_000)
    assert answer.locator(".jp-InputArea-editor:visible").count() == 0


def test_the_export_menu_names_both(page):
    page.get_by_role("menuitem", name="File", exact=True).click()
    page.get_by_text("Save and Export Notebook As", exact=False).hover()
    for kind in ("html", "pdf"):
        page.get_by_role("menuitem", name=f"Brief_{kind}").wait_for(timeout=10_000)
    page.keyboard.press("Escape")
