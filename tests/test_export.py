"""Any notebook prints as its author saw it: each kind of cell and output, as an HTML page and as a PDF.

Each case is named after what went wrong before, or would: a text altered, lost, doubled, clipped, or an export that
ended in a typesetter's error.
"""

import base64
import html as html_module
import io
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field

import nbformat
import page as page_validation
import pikepdf
import pypdfium2
import pytest
from bs4 import BeautifulSoup
from factcheck.export import BriefHTMLExporter, BriefPDFExporter, ExportError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell


def environment(**more):
    """For other processes, which run elsewhere and must find the same package."""
    paths = os.pathsep.join(map(os.path.abspath, filter(None, sys.path)))
    return {**os.environ, "PYTHONPATH": paths, **more}


# ---- notebooks


def md(text, **attachments):
    cell = new_markdown_cell(text)
    if attachments:
        cell.attachments = {
            f"{name}.png": {"image/png": data} for name, data in attachments.items()
        }
    return cell


def ran(*outputs, source="f(x)", tags=()):
    """A code cell with these outputs."""
    return new_code_cell(
        source, outputs=list(outputs), execution_count=1, metadata={"tags": list(tags)}
    )


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def shown(metadata=None, **data):
    """A display; type names are written with _ for / and -."""
    names = {"html": "text/html", "plain": "text/plain", "png": "image/png", "jpeg": "image/jpeg"}
    names |= {"svg": "image/svg+xml", "latex": "text/latex", "markdown": "text/markdown"}
    return new_output(
        "display_data", data={names[k]: v for k, v in data.items()}, metadata=metadata or {}
    )


def picture(kind="PNG", size=(60, 40)):
    """A red rectangle, in base64."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind)
    return base64.b64encode(out.getvalue()).decode()


def notebook(*cells, **metadata):
    return new_notebook(cells=list(cells), metadata=metadata)


# ---- what comes out


def export(exporter, nb, folder=None, **traits):
    """(body, told)"""
    resources = {"metadata": {"name": "n", "path": str(folder or "")}}
    body, resources = exporter(**traits).from_notebook_node(nb, resources)
    return body, resources["told"]


def page_text(html):
    """The text of a page's main part; formulas by their source."""
    soup = BeautifulSoup(html, "html.parser").find("main")
    for formula in soup.find_all("annotation"):
        formula.parent.parent.replace_with(formula.get_text())
    return soup.get_text()


def pdf_text(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(p.get_textpage().get_text_bounded() for p in document)


def squeezed(text):
    """Text without white space, for lines may break anywhere; without hyphens that were set there."""
    return re.sub(r"[\s\u200b\u00ad\u2010\ufffe\x02]", "", text)


@dataclass
class Kind:
    """cells; texts that both formats show just so; texts that neither shows; patterns in the page's HTML; words of
    the lines that are told."""

    cells: list
    texts: list = field(default_factory=list)
    absent: list = field(default_factory=list)
    patterns: list = field(default_factory=list)
    told: list = field(default_factory=list)
    metadata: dict = field(default_factory=dict)


ADDRESS = "https://example.org/q?ind=GDP&region=KAZ&copy=1"
LONG = "0123456789" * 30
FRAME = """<div><style scoped>.dataframe tbody tr th { vertical-align: top; }</style><table border="1" class="dataframe">
<thead><tr style="text-align: right;"><th></th><th>gdp</th><th>año</th></tr></thead>
<tbody><tr><th>0</th><td>17794.80</td><td>&lt;b&gt; $5 &amp; $7</td></tr></tbody></table></div>"""
MULTI = """<table border="1" class="dataframe"><thead><tr><th></th><th></th><th colspan="2" halign="left">GDP</th></tr>
<tr><th>year</th><th>source</th><th>CHN</th><th>KAZ</th></tr></thead><tbody>
<tr><th rowspan="2" valign="top">2023</th><th>imf</th><td>1.5</td><td>3.5</td></tr><tr><th>wb</th><td>2.5</td><td>4.5</td></tr>
</tbody></table>"""
STYLER = """<style type="text/css">#T_a_row0_col0, #T_a_row0_col1 { background-color: #ffff00; color: #b00000; }</style>
<table id="T_a"><thead><tr><th class="blank">&nbsp;</th><th id="T_a_level0_col0">a</th><th>b</th></tr></thead>
<tbody><tr><th>0</th><td id="T_a_row0_col0">1.5</td><td id="T_a_row0_col1">2.5</td></tr></tbody></table>"""
STYLED_SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0,0,200,100"><style>.a{fill:#1f77b4} @import "x.css";</style>
<rect class="a" width="80" height="80"/><text x="5" y="95">label</text><script>alert(1)</script></svg>"""
WIDE = (
    "|"
    + "|".join(f"indicator{i}" for i in range(20))
    + "|\n"
    + "|--" * 20
    + "|\n|"
    + "|".join(f"value {i}" for i in range(20))
    + "|"
)

KINDS = {
    "entities stay in addresses, prose and code": Kind(
        [
            md(f"[data]({ADDRESS}) at {ADDRESS}, A&B, `&copy;` and &mdash;."),
            ran(stream("&region <b>"), source="x = '&copy;'"),
        ],
        [ADDRESS, "A&B", "&copy; and —.", "&region <b>", "x = '&copy;'"],
        patterns=[re.escape(html_module.escape(f'href="{ADDRESS}"', quote=False))],
    ),
    "pipes, backticks and brackets stay": Kind(
        [md(r"a\|b `x|y` \`no code\` [no link] \[1\] \*no\* `` a`b `` {.verdict} ~~~~")],
        ["a|b x|y `no code` [no link] [1] *no* a`b {.verdict} ~~~~"],
    ),
    "an output of tildes does not make the next cell code": Kind(
        [ran(stream("~~~~~~~~\n```")), md("*Plain* words")],
        ["~~~~~~~~", "Plain words"],
        patterns=["<em>Plain</em>"],
    ),
    "a last row without a line feed is a row": Kind(
        [md("| a | b |\n|--|--|\n| 1 | 2 |")], ["ab12"], patterns=["<td[^>]*>2</td>"]
    ),
    "uneven rows are filled up or cut": Kind(
        [md("| a | b |\n|--|--|\n| 1 |\n| 2 | 3 | dropped |")], ["a b 1 2 3"], absent=["dropped"]
    ),
    "pipes in a table's code": Kind(
        [md("| op | of |\n|:--|--:|\n| `a \\| b` | \\$12 |")], ["a | b", "$12"], absent=["\\"]
    ),
    "a table in a list and in a quotation": Kind(
        [md("- item\n\n  | a | b |\n  |--|--|\n  | 1 | 2 |\n\n> | c |\n> |--|\n> | 3 |")],
        ["itemab12", "c3"],
    ),
    "twenty columns are all there": Kind(
        [md(WIDE)], ["indicator0", "indicator19", "value 0", "value 19"]
    ),
    "formulas are set and keep their source": Kind(
        [
            md(
                r"Mass $E=mc^2$ and"
                + "\n\n$$\nx = 1\n- y\n$$\n\n\\begin{equation}\n\\frac{a_1}{b} * c\n\\end{equation}\n"
            )
        ],
        absent=["$"],
        patterns=[
            r"<math[^>]*><semantics>.*E=mc\^2</annotation>",
            r'display="block".*frac\{a_1\}\{b\} \* c',
        ],
    ),
    "sums of money are no formulas": Kind(
        [md(r"It costs $5 and then $7, or US\$9; `$x$`."), ran(shown(html=FRAME))],
        ["It costs $5 and then $7, or US$9; $x$.", "<b> $5 & $7"],
        absent=["\\"],
    ),
    "a formula that cannot be set is printed as its source": Kind(
        [md(r"So $\undefinedcommand{x}$ and $\frac{1$ and $a_2$.")], ["undefinedcommand"], told=[]
    ),
    "HTML within Markdown": Kind(
        [
            md(
                'H<sub>2</sub>O<br>line <b>two</b> <span style="color: darkred">red</span> <kbd>Q</kbd>\n\n<!-- gone -->\n\n'
                '<div class="alert alert-info">A $x^2$ note, \\$5</div>'
            )
        ],
        ["H2O", "line two red Q", "note, $5"],
        absent=["<", "gone"],
        patterns=[
            "<sub>2</sub>",
            "<br */?>",
            "<strong>two</strong>",
            'style="color: darkred"',
            'class="alert"',
            "<math",
        ],
    ),
    "an HTML element around Markdown": Kind(
        [md("<details><summary>More</summary>\n\nInner *text*\n\n</details>\n\nafter")],
        ["More", "Inner text", "after"],
        patterns=[
            r"<details[^>]*><summary>\s*More\s*</summary>\s*<p>Inner <em>text</em></p>\s*</details>"
        ],
    ),
    "an HTML table with spans": Kind(
        [md('<table><tr><th colspan="2">head</th></tr><tr><td>a</td><td>b</td></tr></table>')],
        ["head a b"],
        patterns=['colspan="2"'],
    ),
    "nothing runs and nothing loads": Kind(
        [
            md(
                '<script>alert(1)</script><img src="https://example.org/x.png" alt="far" onerror="alert(2)">\n\n[go](javascript:alert(3)) '
                '<a href="javascript:alert(4)">on</a> <iframe src="https://example.org/"></iframe><form><input name=q></form>'
                '<p style="background-color: url(https://example.org/y)" onclick="alert(5)">text</p>'
            ),
            ran(
                shown(
                    html='<script>alert(6)</script><p id="_main" class="verdict">frame</p><style>@import "z.css"</style>'
                )
            ),
        ],
        ["far", "go", "on", "text", "frame"],
        absent=["alert"],
        told=[
            "example.org/x.png is not shown, it lies on the web",
            "javascript:alert(3) leads nowhere",
        ],
    ),
    "footnotes, also in tables and headings": Kind(
        [
            md(
                "Two.[^1] Again.[^1]\n\n| a |\n|--|\n| x[^t] |\n\n## Head[^h]\n\n[^1]: First note.\n[^t]: In a cell.\n[^h]: In a heading."
            ),
            md("Same name.[^1]\n\n[^1]: Another note."),
        ],
        ["First note.", "In a cell.", "In a heading.", "Another note."],
    ),
    "a footnote that names another or itself ends": Kind(
        [md("One.[^a] Two.[^c]\n\n[^a]: See also.[^b]\n\n[^b]: Deep.\n\n[^c]: Me.[^c]")],
        ["See also.", "Deep.", "Me."],
    ),
    "a picture that was pasted": Kind(
        [md("Before ![pasted](attachment:a.png) after", a=picture())],
        patterns=['<img src="data:image/png;base64,[^"]+"[^>]*alt="pasted"'],
    ),
    "a pasted picture in HTML keeps its width": Kind(
        [md('<img src="attachment:a.png" width="200" alt="wide"/>', a=picture())],
        patterns=['alt="wide"[^>]*width="200"|width="200"[^>]*alt="wide"'],
    ),
    "a picture without a description is told": Kind(
        [ran(shown(png=picture(), plain="<Figure size 640x480>"))],
        patterns=['alt="Picture without a description"'],
        told=["a picture without a description"],
    ),
    "pictures of several kinds": Kind(
        [
            ran(shown({"image/png": {"alt": "a png"}}, png=picture())),
            ran(shown({"alt": "a jpeg"}, jpeg=picture("JPEG"))),
            ran(shown({"image/svg+xml": {"alt": "an svg"}}, svg=STYLED_SVG)),
        ],
        patterns=[
            'alt="a png"',
            'src="data:image/jpeg[^>]*alt="a jpeg"',
            'src="data:image/svg[^>]*alt="an svg"',
        ],
    ),
    "a damaged picture is named": Kind(
        [ran(shown({"alt": "lost"}, png=picture()[:40]))],
        ["lost", "damaged"],
        told=["cell 1: a picture is not shown, it is damaged"],
    ),
    "an SVG that is none is named": Kind(
        [ran(shown({"alt": "lost"}, svg='<svg xmlns="http://www.w3.org/2000/svg"><rect></svg>'))],
        ["lost"],
        told=["its SVG cannot be read"],
    ),
    "a picture that is not there is named": Kind(
        [md("![red square](no such.png) ![red](<no such.png>)")],
        ["red"],
        told=["no such.png is not shown, there is no such file"],
    ),
    "a frame is a table": Kind(
        [ran(shown(html=FRAME, plain="no"))],
        ["gdp año 0 17794.80"],
        absent=["vertical-align", "no"],
        patterns=["<th[^>]*>gdp</th>"],
    ),
    "a frame with several indices": Kind(
        [ran(shown(html=MULTI))],
        ["GDP", "year source CHN KAZ", "2023 imf 1.5 3.5", "wb 2.5 4.5"],
        patterns=['rowspan="2"', 'colspan="2"'],
    ),
    "a Styler keeps its colours": Kind(
        [ran(shown(html=STYLER))],
        ["1.5 2.5"],
        absent=["T_a", "background"],
        patterns=["background-color: #ffff00; color: #b00000"],
    ),
    "a Series is text": Kind(
        [ran(shown(plain="a    1.5\nb    2.5\ndtype: float64"))], ["a 1.5", "dtype: float64"]
    ),
    "printed text without terminal colours": Kind(
        [ran(stream("\x1b[32mgreen\x1b[0m \x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\"))],
        ["green link"],
        absent=["[32m", "["],
    ),
    "a progress bar in its last state": Kind(
        [ran(stream(" 33%|#  | 1/3\r100%|###| 3/3\nab\x08c\n"))],
        ["100%|###| 3/3", "ac"],
        absent=["33%"],
    ),
    "warnings are printed": Kind(
        [ran(stream("UserWarning: odd\n", "stderr"))], ["UserWarning: odd"]
    ),
    "a traceback is text": Kind(
        [
            ran(
                new_output(
                    "error",
                    ename="E",
                    evalue="bad",
                    traceback=["\x1b[31mZeroDivisionError\x1b[0m", "line 1\n----> 1 1/0"],
                )
            )
        ],
        ["ZeroDivisionError", "----> 1 1/0"],
        patterns=['class="error"'],
    ),
    "LaTeX of a library": Kind(
        [ran(shown(latex="$\\displaystyle x^{2}$", plain="x**2"))],
        patterns=["<math"],
        absent=["x**2"],
    ),
    "Markdown of a library": Kind(
        [ran(shown(markdown="**bold** words", plain="<Markdown>"))],
        ["bold words"],
        patterns=["<strong>bold</strong>"],
        absent=["Markdown"],
    ),
    "what needs a script is told": Kind(
        [ran(shown(html="<div id=p></div><script>draw()</script>", plain="Figure()"))],
        ["Figure()"],
        absent=["draw()"],
        told=["needs a script"],
    ),
    "raw cells are printed if they are text": Kind(
        [new_raw_cell("raw *text*"), new_raw_cell("\\LaTeX", metadata={"format": "text/latex"})],
        ["raw *text*"],
        absent=["LaTeX"],
    ),
    "removal tags": Kind(
        [
            ran(stream("one"), source="secret1", tags=["remove-input"]),
            ran(stream("two"), source="kept", tags=["remove_output"]),
            ran(stream("three"), source="secret3", tags=["remove-cell"]),
        ],
        ["one", "kept"],
        absent=["secret", "two", "three"],
    ),
    "title, authors and keywords of the metadata": Kind(
        [md("only text")],
        ["A <title>", "only text"],
        metadata={
            "title": "A <title>",
            "authors": [{"name": 'A "quoted" Name'}],
            "keywords": "one, two",
        },
        patterns=[
            "<title>A &lt;title&gt;</title>",
            'name="author" content="A &quot;quoted&quot; Name"',
            'name="keywords" content="one, two"',
        ],
    ),
    "a page without headings has no contents": Kind(
        [md("Just a paragraph")], ["Just a paragraph"], patterns=['<div class="page">']
    ),
    "skipped and empty headings are mended": Kind(
        [md("### Deep\n\n##\n\n## ![](x.png)\n\n##### Deeper")],
        ["Deep", "Deeper"],
        told=["skips from level", "a heading without words"],
    ),
    "an empty heading and a link to nowhere": Kind(
        [md("# T\n\n[there](#nowhere), [here](#t), [also](#T)")],
        ["there, here, also"],
        told=["#nowhere"],
        patterns=['href="#t">also'],
    ),
    "Chinese, Kazakh and Arabic": Kind(
        [md("一带一路 and 习近平主席; Қазақстанның әлеуеті; السلام")],
        ["一带一路", "习近平主席", "Қазақстанның әлеуеті"],
        patterns=['<span lang="zh">', '<span lang="kk">', '<span lang="ar">'],
    ),
    "letters of two parts are there once": Kind(
        [md("Кита\u0438\u0306 and x\u0304, β\u0302")], ["Китай and"], absent=["ййй"]
    ),
    "long code is wrapped": Kind(
        [
            md(f"`{LONG}END1`\n\n```\n{LONG}END2\n```"),
            ran(stream(f"{LONG}END3"), source=f"'{LONG}END4'"),
        ],
        [f"{LONG}END{n}" for n in (1, 2, 3)],
    ),
    "a word longer than a line": Kind(
        [md(f"{LONG}END of a paragraph")], [f"{LONG}END of a paragraph"]
    ),
    "nested and numbered lists": Kind(
        [md("- a\n  - b\n    - c\n      - d\n\n3. x\n4. y\n\n- [ ] open\n- [x] done")],
        ["a", "d", "☐ open", "☒ done"],
    ),
    "text that a typesetter would obey": Kind(
        [
            md(
                r"\#eval(\"1\") \#panic() \$x\$ @cite \<label\> // c /\* d \*/ = x \\u{41} -- --- ... 'q' \"r\" it’s ‘s’"
            )
        ],
        [
            '#eval("1") #panic() $x$ @cite <label> // c /* d */ = x \\u{41} -- --- ... \'q\' "r" it’s ‘s’'
        ],
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_page_shows_it_as_written(name):
    kind = KINDS[name]
    html, told = export(BriefHTMLExporter, notebook(*kind.cells, **kind.metadata))
    text = squeezed(page_text(html))
    for wanted in kind.texts:
        assert squeezed(wanted) in text
    for unwanted in kind.absent:
        assert squeezed(unwanted) not in text
    for pattern in kind.patterns:
        assert re.search(pattern, html, re.DOTALL), pattern
    for words in kind.told:
        assert any(words in line for line in told), told
    assert all(line.startswith("notebook n.ipynb, cell ") and "\n" not in line for line in told)
    soup = BeautifulSoup(html, "html.parser")
    assert not soup.find_all(["script", "iframe", "form", "input", "link", "object"])
    for element in soup.find_all(True):
        assert not [name for name in element.attrs if name.startswith("on")]
        assert "javascript:" not in f"{element.get('href')}{element.get('src')}"
        assert not str(element.get("src", "data:")).startswith("http")
    ids = [element["id"] for element in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", KINDS)
def test_pdf_shows_it_as_written(name, tmp_path):
    kind = KINDS[name]
    pdf, told = export(BriefPDFExporter, notebook(*kind.cells, **kind.metadata))
    text = squeezed(pdf_text(pdf))
    for wanted in kind.texts:
        assert squeezed(wanted) in text
    for unwanted in kind.absent:
        assert squeezed(unwanted) not in text
    for words in kind.told:
        assert any(words in line for line in told), told
    path = tmp_path / "n.pdf"
    path.write_bytes(pdf)
    for profile in ("ua1", "pdfa2a"):
        report = page_validation.validate_pdf(str(path), profile=profile)
        assert [(failure.rule_id, failure.message) for failure in report.failures] == []


def tagged(pdf, kind=None):
    """The structure elements, of one kind or all, in the order of the document."""
    found = []

    def walk(item):
        if isinstance(item, pikepdf.Array):
            for inner in item:
                walk(inner)
        elif isinstance(item, pikepdf.Dictionary) and "/S" in item:
            if kind in (None, item.S):
                found.append(item)
            if "/K" in item:
                walk(item.K)

    walk(pdf.Root.StructTreeRoot.K)
    return found


def test_pdf_tells_what_a_screen_reader_says():
    nb = notebook(
        md("# T\n\nMass $E=mc^2$ and город «Қызылорда», 习近平.\n\n| a | b |\n|--|--|\n| 1 | 2 |"),
        ran(shown({"image/png": {"alt": "a red square"}}, png=picture())),
        title="Another title",
        authors=["Somebody"],
        keywords=["one", "two"],
    )
    pdf, _ = export(BriefPDFExporter, nb)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert [str(one.Alt) for one in tagged(document, "/Formula")] == ["E=mc^2"]
        assert [str(one.Alt) for one in tagged(document, "/Figure")] == ["a red square"]
        assert len(tagged(document, "/TH")) == 2
        content = document.pages[0].Contents.read_bytes()
        assert {b"ru", b"kk", b"zh"} <= set(re.findall(rb"/Lang\((\w+)\)", content))
        with document.open_metadata() as meta:
            assert meta["dc:title"] == "Another title" and meta["dc:creator"] == ["Somebody"]
            assert meta["pdf:Keywords"] == "one, two"


def test_pdf_repeats_the_head_of_a_long_table_and_keeps_every_row():
    rows = "\n".join(f"| {i} | row {i} |" for i in range(150))
    pdf, _ = export(BriefPDFExporter, notebook(md(f"| number | what it says |\n|--|--|\n{rows}")))
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [p.get_textpage().get_text_bounded() for p in document]
    assert len(pages) >= 3 and all("what it says" in p for p in pages)
    assert re.findall(r"row (\d+)", "".join(pages)) == [str(i) for i in range(150)]


def test_pdf_clips_nothing_at_its_edge():
    cells = [
        md(KINDS["long code is wrapped"].cells[0].source),
        md(WIDE),
        md(f"- {LONG}\n\n> {LONG}"),
        ran(stream(LONG), source=LONG),
    ]
    cells.append(ran(shown({"alt": "wide"}, png=picture(size=(3000, 20)))))
    pdf, _ = export(BriefPDFExporter, notebook(*cells))
    with pypdfium2.PdfDocument(pdf) as document:
        for p in document:
            width, _ = p.get_size()
            boxes = [p.get_textpage().get_charbox(i) for i in range(p.get_textpage().count_chars())]
            assert max(box[2] for box in boxes) <= width - 60
            assert all(one.get_bounds()[2] <= width - 60 for one in p.get_objects(filter=[3]))


def test_a_tag_that_hides_folds_in_the_page_and_leaves_out_of_the_pdf():
    cells = [
        ran(stream("one"), source="secret", tags=["hide-input"]),
        ran(stream("hidden"), source="kept", tags=["hide-output"]),
    ]
    html, _ = export(BriefHTMLExporter, notebook(*cells))
    folded = [
        details.get_text()
        for details in BeautifulSoup(html, "html.parser").find("main").find_all("details")
    ]
    assert ["secret" in folded[0], "hidden" in folded[1], len(folded)] == [True, True, 2]
    text = pdf_text(export(BriefPDFExporter, notebook(*cells))[0])
    assert "one" in text and "kept" in text and "secret" not in text and "hidden" not in text


def test_what_no_font_has_is_named_with_its_cell():
    pdf, told = export(BriefPDFExporter, notebook(md("fine"), md("a rocket \U0001f680 flies")))
    assert told == ["notebook n.ipynb, cell 2: no font has \U0001f680 (U+1F680); a box is printed"]
    assert "a rocket □ flies" in pdf_text(pdf)


def test_a_picture_beside_the_notebook_is_found(tmp_path):
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "red.png").write_bytes(base64.b64decode(picture()))
    nb = notebook(md("![red](a%20b/red.png)"))
    html, told = export(BriefHTMLExporter, nb, tmp_path)
    assert "data:image/png" in html and told == []
    pdf, told = export(BriefPDFExporter, nb, tmp_path)
    assert b"/Image" in pdf and told == []


@pytest.mark.parametrize("exporter", [BriefHTMLExporter, BriefPDFExporter])
def test_same_bytes_in_another_process(exporter, tmp_path):
    nb = notebook(*(cell for kind in KINDS.values() for cell in kind.cells))
    for number, cell in enumerate(nb.cells):
        cell.id = f"c{number}"
    nbformat.write(nb, tmp_path / "n.ipynb")
    script = (
        f"import sys, nbformat; from factcheck.export import {exporter.__name__} as E\n"
        "body, _ = E().from_filename('n.ipynb')\n"
        "open('out', 'wb').write(body if isinstance(body, bytes) else body.encode())"
    )
    made = []
    for seed, zone in (("1", "UTC"), ("7", "Asia/Almaty")):
        own = environment(PYTHONHASHSEED=seed, TZ=zone)
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=tmp_path,
            check=True,
            env=own,
            capture_output=True,
        )
        made.append((tmp_path / "out").read_bytes())
    assert made[0] == made[1]


# ---- how it behaves under nbconvert


def convert(tmp_path, *arguments):
    command = [sys.executable, "-m", "nbconvert", *arguments, "n.ipynb"]
    return subprocess.run(
        command, cwd=tmp_path, capture_output=True, encoding="utf-8", env=environment()
    )


@pytest.mark.parametrize("name", ["brief_html", "brief-pdf"])
def test_a_shell_takes_options_of_nbconvert(name, tmp_path):
    nbformat.write(
        notebook(md("words"), ran(stream("output"), source="source")), tmp_path / "n.ipynb"
    )
    done = convert(tmp_path, "--to", name, "--no-input")
    assert done.returncode == 0, done.stderr
    [made] = [path for path in tmp_path.iterdir() if path.suffix != ".ipynb"]
    text = (
        page_text(made.read_text("utf-8"))
        if made.suffix == ".html"
        else pdf_text(made.read_bytes())
    )
    assert "output" in text and "source" not in text


def test_a_refusal_in_a_shell_is_one_line(tmp_path):
    nb = notebook(ran(source="a"), factcheck={"brief": ["en"]})
    nb.cells[0].execution_count = None
    nbformat.write(nb, tmp_path / "n.ipynb")
    done = convert(tmp_path, "--to", "brief_pdf")
    lines = [line for line in done.stderr.splitlines() if "NbConvertApp" not in line]
    assert lines == ["notebook n.ipynb, cell 1: was not run; run the notebook before it is printed"]
    assert done.returncode == 1


@pytest.mark.parametrize("exporter", [BriefHTMLExporter, BriefPDFExporter])
def test_a_refusal_in_jupyterlab_is_a_file_that_says_it(exporter, monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyter_server.serverapp", object())
    nb = notebook(ran(source="a"), factcheck={"brief": ["en"]})
    nb.cells[0].execution_count = None
    body, told = export(exporter, nb)
    text = page_text(body) if isinstance(body, str) else pdf_text(body)
    assert "notebook n.ipynb, cell 1: was not run" in " ".join(text.split())
    assert len(told) == 1


def test_a_fault_of_the_exporter_is_one_line(monkeypatch):
    from factcheck.export import page

    monkeypatch.setattr(page, "render", lambda document: 1 / 0)
    with pytest.raises(
        ExportError,
        match="^notebook n.ipynb: cannot be printed; please report this: ZeroDivisionError",
    ):
        export(BriefHTMLExporter, notebook(md("x")))


def test_printing_loads_no_library_of_the_analysis():
    script = (
        "import sys; from factcheck.export import BriefHTMLExporter, BriefPDFExporter; import nbformat\n"
        "nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell('# x')])\n"
        "BriefHTMLExporter().from_notebook_node(nb); BriefPDFExporter().from_notebook_node(nb)\n"
        "print(*{'pandas', 'numpy', 'matplotlib', 'pymorphy3', 'rfc3987_syntax'} & {n for n, m in sys.modules.items() if m})"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env=environment(),
    )
    assert done.stdout.split() == []
