"""Nothing is lost or altered between a notebook and its prints: what is stored there, read by nbconvert's own reader
of Markdown instead of pandoc, stands in the page and, where it is meant for paper, in the PDF of its language."""

import re
import subprocess
import unicodedata
from functools import cache

import pytest
from bs4 import BeautifulSoup
from factcheck import NOTEBOOKS
from factcheck.words import languages, mime
from nbconvert.filters import markdown2html
from test_report_notebooks import PATHS, displays, joined

IN_PAGE = ("claim", "verdict", "text", "evidence", "note", "summary", "table", "details", "tiles")
IN_PDF = ("claim", "verdict", "text", "summary")  # tables are set in columns there
BLOCKS = ["p", "li", "td", "th", "h2", "h3", "h4"]


def brief(lang):
    """The page of a language and the path of its PDF."""
    infix = "" if lang == languages()[0] else f".{lang}"
    page = BeautifulSoup((NOTEBOOKS / f"brief{infix}.html").read_text("utf-8"), "html.parser")
    for summary in page.select("li summary"):  # the page's own words, in the middle of others
        summary.decompose()
    return page, NOTEBOOKS / f"brief{infix}.pdf"


def letters(text):
    """Letters, digits and signs alone, since each print breaks lines, spaces and words in its own way."""
    text = unicodedata.normalize("NFC", text).replace("’", "'")
    return re.sub(r"[\s\u00ad\u200b\u2060\u2011-]", "", text)


@cache
def stored(lang):
    """[(notebook, role, markup)] of what the notebooks show in a language, by nbconvert's reader."""
    found = []
    for path in PATHS:
        for bundle, facts in displays(path):
            own = facts.get("lang") in (None, lang)
            kind = "text/markdown" if facts.get("lang") else mime(lang)
            if own and facts["role"] in IN_PAGE and kind in bundle:
                html = markdown2html(joined(bundle[kind]))
                found.append((path.stem, facts["role"], BeautifulSoup(html, "html.parser")))
    return found


def blocks(markup):
    """Texts of the paragraphs, list items and table cells that hold no smaller ones."""
    for element in markup.find_all(BLOCKS):
        if not element.find(BLOCKS) and letters(element.get_text()):
            yield element.get_text().removesuffix("¶")


def stands(text, pdf):
    """Whether a text is printed, in one or, where a column ends within it, in two pieces."""
    cuts = range(len(text) - 1, 0, -1)
    return text in pdf or any(text[:at] in pdf and text[at:] in pdf for at in cuts)


@pytest.mark.parametrize("lang", languages())
def test_every_sentence_and_table_cell_is_in_the_page(lang):
    """Catches a reader that drops or alters text: entities, pipes, emphasis, cells of a table."""
    page = letters(brief(lang)[0].get_text())
    missing = [
        (stem, role, text)
        for stem, role, markup in stored(lang)
        for text in blocks(markup)
        if letters(text) not in page
    ]
    assert len(stored(lang)) > 100 and not missing


@pytest.mark.parametrize("lang", languages())
def test_every_link_is_in_the_page(lang):
    """Catches addresses that a reader alters, such as ®ion of &region."""
    page = {link.get("href") for link in brief(lang)[0].find_all("a")}
    written = "a[href]:not(.anchor-link)"  # nbconvert adds one to each heading
    links = {link["href"] for _, _, markup in stored(lang) for link in markup.select(written)}
    assert len(links) > 50 and not links - page


@pytest.mark.parametrize("lang", languages())
def test_only_foreign_words_are_marked_as_such(lang):
    """Catches a Russian page that announces each of its own words as Russian, and an English one that does not."""
    marked = {span["lang"] for span in brief(lang)[0].select("main span[lang], body span[lang]")}
    others = {"ru", "en", "zh"} - {lang} if lang == "ru" else {"ru", "zh"}
    assert others <= marked and lang not in marked


@pytest.mark.parametrize("lang", languages())
def test_every_sentence_is_in_the_pdf(lang):
    """Catches what Typst's markup would swallow: #, $, @, <, underscores."""
    inside = ["-x", "0", "-y", "55", "-W", "595", "-H", "735"]  # points: no running head and foot
    command = ["pdftotext", "-raw", "-enc", "UTF-8", *inside, brief(lang)[1], "-"]
    pdf = letters(subprocess.run(command, check=True, capture_output=True).stdout.decode())
    missing = [
        (stem, role, text)
        for stem, role, markup in stored(lang)
        if role in IN_PDF
        for text in blocks(markup)
        if not stands(letters(text), pdf)
    ]
    assert not missing
