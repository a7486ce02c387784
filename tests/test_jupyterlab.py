"""What a researcher meets in JupyterLab: files of the root, charts, money, folded code, the brief in the menu."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from factcheck import NOTEBOOKS, ROOT
from factcheck.lab import START

TOKEN = "for-this-test"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Address of a JupyterLab that `make lab` started, for a user who never used Jupyter before."""
    own = tmp_path_factory.mktemp("jupyter")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folders = {f"JUPYTER_{name}_DIR": str(own / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    folders |= {f"JUPYTERLAB_{name}_DIR": str(own / name) for name in ("WORKSPACES", "SETTINGS")}
    options = ["--no-browser", "--allow-root", f"--port={port}", "--port-retries=0"]
    options.append(f"--IdentityProvider.token={TOKEN}")
    log = (own / "log").open("w+", encoding="utf-8")
    server = subprocess.Popen(
        [sys.executable, "-m", "factcheck", "lab", *options],
        cwd=ROOT,
        env=os.environ | folders,
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
    headers = {"Authorization": f"token {TOKEN}"}
    request = urllib.request.Request(url, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def test_the_menu_offers_the_brief_once_and_exports_what_is_stored(lab):
    """Catches names with hyphens, whose addresses fail, and an export that differs from the build's."""
    names = json.loads(get(f"{lab}/api/nbconvert"))
    assert [name for name in sorted(names) if "brief" in name] == ["brief_html", "brief_pdf"]
    for kind in ("html", "pdf"):
        exported = get(f"{lab}/nbconvert/brief_{kind}/notebooks/00_brief.ipynb?download=true")
        assert exported == (NOTEBOOKS / f"brief.{kind}").read_bytes()


@pytest.mark.parametrize(
    "name, folder, notebook",
    [("brief-pdf", ROOT, "notebooks/00_brief.ipynb"), ("brief_html", NOTEBOOKS, "00_brief.ipynb")],
)
def test_what_a_shell_exports_is_the_stored_brief(name, folder, notebook, tmp_path):
    command = [sys.executable, "-m", "nbconvert", "--to", name, notebook, "--output-dir", tmp_path]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    kind = name[-4:].lstrip("-_")
    stored = (NOTEBOOKS / f"brief.{kind}").read_bytes()
    assert (tmp_path / f"00_brief.{kind}").read_bytes() == stored


@pytest.fixture
def page(lab, chromium):
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(60_000)
    yield page
    page.close()


def opened(page, address, cell_of):
    page.goto(address)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    nb = json.loads((NOTEBOOKS / "02_population.ipynb").read_text("utf-8"))
    number = next(n for n, cell in enumerate(nb["cells"]) if cell_of(cell))
    found = page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{number}"]')
    for _ in range(60):  # JupyterLab draws cells when they are scrolled to
        if found.count():
            found.first.scroll_into_view_if_needed()
            return found.first
        page.locator(".jp-WindowedPanel-outer").first.evaluate("panel => panel.scrollBy(0, 500)")
        page.wait_for_timeout(100)
    raise AssertionError(f"cell {number} is not shown")


def population(lab):
    return f"{lab}/lab/tree/notebooks/02_population.ipynb?reset&token={TOKEN}"


def says(cell):
    return "".join(cell["source"]).startswith("%%say en")


def draws(cell):
    return "image/svg+xml" in str(cell.get("outputs"))


def test_it_opens_with_the_brief_and_the_files_of_the_root(lab, page):
    """Catches a JupyterLab that starts in notebooks/, where neither data nor figures can be seen."""
    page.goto(f"{lab}/{START}?token={TOKEN}")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    assert "00_brief.ipynb" in page.locator(".jp-mod-current.lm-TabBar-tab").all_inner_texts()
    page.locator(".jp-DirListing-item", has_text="seeds").wait_for()
    assert {"data", "figures"} <= {
        text.split("\n")[0] for text in page.locator(".jp-DirListing-item").all_inner_texts()
    }


def test_opening_a_notebook_does_not_mark_it_as_changed(lab, page):
    """Catches that JupyterLab notes the version of Python, so that Git shows each notebook that was looked at."""
    opened(page, population(lab), says)
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()
    page.wait_for_timeout(1000)
    assert page.locator(".jp-mod-dirty").count() == 0


def test_charts_are_shown_and_not_only_described(lab, page):
    """Catches notebooks that are not trusted: JupyterLab shows the alt text of their charts."""
    chart = opened(page, population(lab), draws)
    chart.locator(".jp-RenderedSVG img, .jp-RenderedSVG svg").first.wait_for()


def test_text_stands_below_its_source_and_money_is_no_formula(lab, page):
    """Catches a sentence whose placeholders nobody sees, and dollars that MathJax takes for mathematics."""
    said = opened(page, population(lab), says)
    said.locator(".jp-RenderedMarkdown").first.wait_for()
    assert said.locator(".jp-InputArea-editor:visible").count() == 1
    assert page.locator("mjx-container").count() == 0
