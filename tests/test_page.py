"""The page in a browser: for everyone, on a phone and a desk, light and dark, printed; it asks no one for anything."""

import nbformat
import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from brief_sample import brief, population
from factcheck.export import BriefHTMLExporter
from test_export import KINDS, notebook


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """{name: path} of the brief and of a notebook with every kind of cell."""
    folder = tmp_path_factory.mktemp("pages")
    nbformat.write(population(), folder / "02_population.ipynb")
    cells = [cell for kind in KINDS.values() for cell in kind.cells]
    paths = {}
    for name, nb in (("00_brief", brief()), ("any", notebook(*cells, title="Every kind"))):
        resources = {"metadata": {"name": name, "path": str(folder)}}
        paths[name] = folder / f"{name}.html"
        paths[name].write_text(
            BriefHTMLExporter().from_notebook_node(nb, resources)[0], encoding="utf-8"
        )
    return paths


@pytest.fixture
def opened(chromium, pages):
    """open(name, width, scheme, **options) -> (browser page, what it asked for or said)"""
    contexts = []

    def open_page(name, width, scheme="light", **options):
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, **options
        )
        contexts.append(context)
        page, trouble = context.new_page(), []
        page.on("request", lambda request: trouble.append(request.url))
        for event in ("console", "pageerror", "dialog"):
            page.on(event, lambda what, event=event: trouble.append(f"{event} {what}"))
        page.goto(pages[name].as_uri())
        return page, trouble

    yield open_page
    for context in contexts:
        context.close()


OPEN = "document.querySelectorAll('details').forEach(element => element.open = true)"


@pytest.mark.parametrize("name", ["00_brief", "any"])
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_everyone_can_read_it_and_nothing_is_asked_for(opened, name, width, scheme):
    page, trouble = opened(name, width, scheme)
    page.evaluate(OPEN)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    violations = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in violations] == []
    assert [what for what in trouble if not what.startswith(("file:", "data:"))] == []


def test_it_bears_being_doubled_in_size(opened):
    page, _ = opened("00_brief", 640)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_links_are_large_enough_for_a_finger(opened):
    page, _ = opened("00_brief", 360)
    page.evaluate(OPEN)
    small = page.evaluate(
        """[...document.querySelectorAll('nav a, header a, .tiles a, summary')].filter(one => one.checkVisibility())
           .map(one => [(one.closest('li') && one.closest('.tiles') ? one.closest('li') : one).getBoundingClientRect(), one.textContent])
           .filter(([box]) => box.height < 24 || box.width < 24).map(([box, text]) => text.trim())"""
    )
    assert small == []


@pytest.mark.parametrize(("width", "shown"), [(360, "phone"), (1280, "page")])
def test_one_drawing_of_a_chart_is_shown(opened, width, shown):
    page, _ = opened("00_brief", width)
    visible = page.evaluate(
        "[...document.querySelectorAll('figure svg')].filter(s => s.checkVisibility()).map(s => s.getAttribute('class'))"
    )
    assert visible == [shown]


@pytest.mark.parametrize("width", [360, 1280])
def test_contents_stay_in_reach(opened, width):
    page, _ = opened("00_brief", width)
    page.evaluate("window.scrollTo(0, 1500)")
    boxes = page.evaluate(
        "[...document.querySelectorAll('nav')].filter(n => n.checkVisibility()).map(n => n.getBoundingClientRect().top)"
    )
    assert len(boxes) == 1 and 0 <= boxes[0] < 100


def test_a_link_into_the_folded_annex_opens_it_and_marks_the_row(opened):
    page, _ = opened("00_brief", 1280)
    page.locator("main a[href='#source-wb']").first.click()
    row = page.locator("tr:has(#source-wb)")
    assert row.is_visible()
    assert row.evaluate("row => getComputedStyle(row).backgroundColor") != "rgba(0, 0, 0, 0)"


def test_print_shows_every_letter(opened, tmp_path):
    page, _ = opened("any", 1280)
    page.pdf(path=tmp_path / "n.pdf", format="A4")
    with pypdfium2.PdfDocument(tmp_path / "n.pdf") as document:
        text = "".join(p.get_textpage().get_text_bounded() for p in document)
        for p in document:
            one, width = p.get_textpage(), p.get_width()
            assert all(one.get_charbox(i)[2] <= width for i in range(one.count_chars()))
    squeezed = "".join(text.split())
    for n in (1, 2, 3, 4):
        assert f"0123456789END{n}" in squeezed
    assert "indicator19" in squeezed


def test_forced_colours_keep_signs_and_charts(opened):
    page, _ = opened("00_brief", 1280, forced_colors="active")
    sign = "getComputedStyle(document.querySelector('.tiles li'), '::before')"
    assert page.evaluate(f"{sign}.content").startswith('"✗"')
    assert page.evaluate(f"{sign}.borderTopStyle") == "solid"
