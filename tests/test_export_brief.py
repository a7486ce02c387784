"""A brief is printed strictly: its parts have their places and addresses, and what is missing or wrong stops it."""

import copy
import hashlib
import io
import json
import re

import nbformat
import page as page_validation
import pikepdf
import pypdfium2
import pytest
from brief_sample import ALT, FACTS, RUSSIAN, TITLES, both, brief, cell, chart, population, said
from bs4 import BeautifulSoup
from factcheck.export import BriefHTMLExporter, BriefPDFExporter, ExportError
from factcheck.export.text import unbroken


def export(exporter, nb, folder, language=""):
    resources = {"metadata": {"name": "00_brief", "path": str(folder)}}
    return exporter(language=language).from_notebook_node(copy.deepcopy(nb), resources)[0]


def pdf_text(body):
    """The text of a PDF; lines may break anywhere."""
    with pypdfium2.PdfDocument(body) as document:
        text = " ".join(p.get_textpage().get_text_bounded() for p in document)
    return " ".join(text.split())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the notebook lies whose sections the brief takes."""
    folder = tmp_path_factory.mktemp("notebooks")
    nbformat.write(population(), folder / "02_population.ipynb")
    return folder


@pytest.fixture(scope="module", params=["en", "ru"])
def page(request, folder):
    """(language, the page as a tree, its text)"""
    html = export(BriefHTMLExporter, brief(), folder, request.param)
    return request.param, BeautifulSoup(html, "html.parser"), html


@pytest.fixture(scope="module", params=["en", "ru"])
def pdf(request, folder):
    """(language, bytes)"""
    return request.param, export(BriefPDFExporter, brief(), folder, request.param)


def test_public_addresses_stay(page):
    ids = [element["id"] for element in page[1].find_all(id=True)]
    assert {
        "claim-population",
        "claim-cost",
        "claim-first",
        "population_ratio",
        "figure-population_ratio",
    } <= set(ids)
    assert {"source-wb", "source-imf", "annex", "_main"} <= set(ids) and len(ids) == len(set(ids))
    targets = {a["href"][1:] for a in page[1].find_all("a", href=re.compile("^#"))}
    assert targets - set(ids) == set()


def test_only_one_language_is_printed_and_nothing_meant_for_researchers(page):
    lang, soup, _ = page
    text = soup.find("main").get_text()
    assert ("Out of date" in text, "Устарело" in text) == (lang == "en", lang == "ru")
    assert "laboratory" not in text and "лаборатор" not in text and "conclude" not in text
    assert soup.html["lang"] == lang and soup.title.get_text() == TITLES[lang]
    assert soup.find("img") is None and len(soup.find_all("svg")) == 2


def test_tiles_are_links_with_a_word_and_a_group(page):
    tiles = page[1].select(".tiles li")
    assert [tile["class"] for tile in tiles] == [["fails"], ["holds"], ["open"]]
    assert [tile.a["href"] for tile in tiles] == [
        "#claim-population",
        "#claim-cost",
        "#claim-first",
    ]
    assert all(tile.strong.get_text() for tile in tiles)


def test_the_head_leads_to_pdf_other_language_data_and_repository(page):
    lang, soup, _ = page
    other = {"en": "ru", "ru": "en"}[lang]
    names = {"en": "brief", "ru": "brief.ru"}
    found = [a["href"] for a in soup.select("header a")]
    assert found == [
        f"{names[lang]}.pdf",
        f"{names[other]}.html",
        "../data/README.md",
        "https://example.org/r",
    ]
    assert soup.select("header a")[1]["hreflang"] == other


def test_annex_and_details_are_folded(page):
    folded = [details.summary.get_text(strip=True) for details in page[1].select("main details")]
    assert folded[0] in ("All readings", "Все прочтения") and folded[-1] in ("Sources", "Источники")
    assert page[1].find(id="source-wb").find_parent("details")


def test_a_chart_is_one_figure_with_both_drawings_and_its_numbers(page):
    lang, soup, html = page
    figure = soup.find("figure")
    drawings = figure.find_all("svg")
    assert [svg["class"] for svg in drawings] == [["page"], ["phone"]]
    assert all(svg["aria-label"] == ALT[lang] for svg in drawings)
    assert figure.find("a", download=True)["download"] == "population_ratio.csv"
    assert [cell.get_text() for cell in figure.select("details td")] == ["1990", "72", "2024", "73"]
    assert "var(--chart-accent)" in str(drawings[0]) and "#b3261e" not in str(drawings[0])


def test_a_long_list_of_evidence_is_folded_beyond_the_first_two(page):
    evidence = page[1].select_one(".evidence:has(.rest)")
    assert [item.get_text()[:6] for item in evidence.select(":scope > ul > li")] == [
        "Case 1",
        "Case 2",
    ]
    assert (
        len(evidence.select(".rest li")) == 4 and "4" in evidence.select_one(".rest").summary.text
    )
    words = [span.find_parent("details") is None for span in evidence.select("[data-tag]")]
    assert words == [True] + [False] * 5  # those of the first stand open


def test_a_claim_without_a_chart_is_a_card_and_one_with_a_chart_is_not(page):
    cards = [claim["id"] for claim in page[1].select(".claim.card [id], .claim.card[id]")]
    assert cards == ["claim-cost", "claim-first"]


def test_pdf_names_the_cited_sources_with_their_address_and_counts_the_others(pdf):
    text = pdf_text(pdf[1])
    assert "data.worldbank.org" in text and "(1)" in text and "WEO" not in text
    assert "palabras 1" in text and "palabras 2" not in text


@pytest.mark.parametrize("lang, address", [("en", "https://example.org/a/brief.html"), ("ru", "")])
def test_a_page_that_has_an_address_says_what_a_link_to_it_shows(folder, lang, address):
    nb = brief()
    nb.cells[0].outputs[0].data[FACTS]["site"] = {"en": "https://example.org/a/brief.html"}
    shared = {"en": {"file": "share_x.png", "alt": "China: 69"}}
    nb.cells.append(cell("share", both("research", "x", "x", share=shared)))
    soup = BeautifulSoup(export(BriefHTMLExporter, nb, folder, lang), "html.parser")
    told = {meta["property"]: meta["content"] for meta in soup.select("meta[property]")}
    if not address:
        assert told == {} and not soup.select("meta[name^=twitter]")
        return
    assert told["og:url"] == address and told["og:title"] == TITLES["en"]
    assert told["og:image"] == "https://example.org/figures/share_x.png"
    assert told["og:image:alt"] == "China: 69"
    assert soup.select_one("meta[name='twitter:card']")["content"] == "summary_large_image"


def test_search_engines_read_the_reviews(folder):
    html = export(BriefHTMLExporter, brief(), folder, "en")
    [script] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert json.loads(script) == {"@type": "ClaimReview", "name": "</script><b>"}


def test_pdf_has_addresses_of_claims_and_links_to_them(pdf):
    with pikepdf.open(io.BytesIO(pdf[1])) as document:
        links = [link for p in document.pages for link in p.get("/Annots", ())]
        inner = [
            link for link in links if "/Dest" in link or link.get("/A", {}).get("/S") == "/GoTo"
        ]
        assert len(inner) >= 5  # three tiles, two links to a source
        with document.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert len(titles) == 1 and len(outline.root[0].children) == 3
        assert str(document.Root.Lang) == pdf[0]


def test_pdf_meets_every_rule_and_leaves_details_out(pdf, tmp_path):
    path = tmp_path / "brief.pdf"
    path.write_bytes(pdf[1])
    for profile in ("ua1", "pdfa2a"):
        report = page_validation.validate_pdf(str(path), profile=profile)
        assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    text = pdf_text(pdf[1])
    assert (
        RUSSIAN.split()[-1] in text and "All readings" not in text and "Все прочтения" not in text
    )


def test_pdf_is_large_enough_to_read(pdf):
    with pypdfium2.PdfDocument(pdf[1]) as document:
        page_text = [p.get_textpage() for p in document]
        sizes = [
            pypdfium2.raw.FPDFText_GetFontSize(text.raw, i)
            for text in page_text
            for i in range(text.count_chars())
            if text.get_text_range(i, 1).isalpha()
        ]
    assert min(sizes) >= 5  # footnote marks
    assert sum(size >= 8.4 for size in sizes) > 0.99 * len(sizes)


def test_a_verdict_stays_with_its_heading(folder):
    nb = brief()
    nb.cells[2:3] = [
        cell("filler", both("summary", "\n\n".join(["Filler."] * n), "x")) for n in (1,)
    ]
    for lines in range(10, 34, 3):
        nb.cells[2] = cell("filler", both("summary", "\n\n".join(["Filler."] * lines), "x"))
        with pypdfium2.PdfDocument(export(BriefPDFExporter, nb, folder, "en")) as document:
            pages = [p.get_textpage().get_text_bounded() for p in document]
        [number] = [i for i, text in enumerate(pages) if "How many people\r\n«" in text]
        assert "World Bank" in pages[number], f"heading stranded after {lines} lines"


# ---- What is refused


def with_cell(*bundles, source="x"):
    nb = brief()
    nb.cells.insert(3, cell(source, *bundles))
    return nb


def without(key, bundle):
    return {name: value for name, value in bundle.items() if name != key}


def edited():
    nb = with_cell(said("en", "text"))
    nb.cells[3].source = "y"
    return nb


def not_run():
    nb = brief()
    nb.cells[3].execution_count = None
    return nb


def failed():
    nb = brief()
    nb.cells[3].outputs = [nbformat.v4.new_output("error", ename="E", evalue="bad", traceback=[])]
    return nb


REFUSED = {
    "was edited after it was run": edited(),
    "was not run": not_run(),
    "failed with E: bad": failed(),
    "chart population_x has no alt text in en": with_cell(
        chart("population_x", {"en": "", "ru": "x"})
    ),
    "chart population_ratio is shown twice": with_cell(chart("population_ratio")),
    "no font has 🚀 (U+1F680)": with_cell(said("en", "a rocket 🚀")),
    "a table whose rows have 1 to 2 cells": with_cell(said("en", "| a | b |\n|--|--|\n| 1 |")),
    "a display of the role table without a table": with_cell(both("table", "words", "слова")),
    "a table of 1 rows for 2 sources": with_cell(
        both("table", "| a |\n|--|\n| 1 |", "x", sources=["a", "b"])
    ),
    "a link leads to #nowhere": with_cell(said("en", "[x](#nowhere)")),
    "a link to javascript:x leads nowhere": with_cell(said("en", "[x](javascript:x)")),
    "a heading skips from level 1 to 3": with_cell(said("en", "### Deep")),
    "a heading without words": with_cell(said("en", "##")),
    "footnote [^none] has no text": with_cell(said("en", "Text.[^none]")),
    "there is no such file": with_cell(said("en", "![x](no.png)")),
    "a picture without a description": with_cell(said("en", "![](data:image/png;base64,AAAA)")),
    "unknown role 'sumary'": with_cell(both("sumary", "x", "x")),
    "has no text in en": with_cell(without("text/markdown", both("note", "x", "x"))),
    "takes the sections of 09_gone.ipynb": with_cell(both("take", "x", "x", take=["09_gone"])),
}


@pytest.mark.parametrize("message", REFUSED)
def test_refusals_name_the_cell(message, folder):
    for exporter in (BriefHTMLExporter, BriefPDFExporter):
        with pytest.raises(ExportError) as caught:
            export(exporter, REFUSED[message], folder, "en")
        line = str(caught.value)
        assert (
            re.match(r"notebook 0\w+\.ipynb, cell \d+: ", line)
            and message in line
            and "\n" not in line
        )


def test_a_language_without_text_is_refused(folder):
    with pytest.raises(
        ExportError, match="00_brief.ipynb: has no text in kk; it is written in en, ru"
    ):
        export(BriefHTMLExporter, brief(), folder, "kk")


def test_the_environment_names_the_language(folder, monkeypatch):
    monkeypatch.setenv("FACTCHECK_LANGUAGE", "ru")
    exporter = BriefHTMLExporter()
    html, _ = exporter.from_notebook_node(
        brief(), {"metadata": {"name": "00_brief", "path": str(folder)}}
    )
    assert '<html lang="ru">' in html


def test_the_sample_knows_its_own_sources():
    # What the tests above rest on: an output carries the digest of the cell that made it.
    for one in brief().cells:
        digest = hashlib.sha256(one.source.encode()).hexdigest()[:8]
        assert {output.data[FACTS]["cell"] for output in one.outputs} <= {digest}


def test_a_claims_notebook_by_itself_prints_with_its_code(folder):
    nb = population()
    html = BriefHTMLExporter().from_notebook_node(nb, {"metadata": {"name": "02_population"}})[0]
    assert "charts.show" in html and 'id="claim-population"' in html and "laboratory" not in html


@pytest.mark.parametrize(
    "text, lang, page, kept",
    [
        ("69–70 times", "en", True, "69–\u206070 times"),
        ("69–70 times", "en", False, "69–70 times"),
        ("В долларах и в тенге", "ru", False, "В\u00a0долларах и\u00a0в\u00a0тенге"),
        ("Кто-то в «Хоргосе»", "ru", False, "Кто-то в\u00a0«Хоргосе»"),
        ("I a b", "en", False, "I a b"),
        ("3 May 2020, 5 mayors", "en", False, "3\u00a0May 2020, 5 mayors"),
        ("17 июня 2025 года", "ru", False, "17\u00a0июня 2025 года"),
    ],
)
def test_what_stays_on_one_line(text, lang, page, kept):
    """Catches a range or a Russian preposition parted from what follows, and English that is treated alike."""
    assert unbroken(text, lang, page) == kept
