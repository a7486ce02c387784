"""The two exporters, on a notebook with everything that they must print and withstand."""

import io
import json
import os
import re
import subprocess
import sys
from html import unescape
from urllib.parse import unquote

import matplotlib
import nbformat
import page as page_validation
import pdfplumber
import pikepdf
import pytest
import typst
from axe_playwright_python.sync_playwright import Axe
from factcheck.export import BriefHTMLExporter, BriefPDFExporter, ExportError, labels
from factcheck.export.document import language_runs
from factcheck.export.stamp import digest_of
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

RUSSIAN = "Раньше разница была где-то 80-85 процентов, а сейчас в разы больше."
KAZAKH = "Қазақстан Республикасының Тұңғыш Президенті — Елбасы."
HOSTILE = [
    "<script>document.title='pwned'</script>",
    "</style><img src=x onerror=alert(1)>",
    '#eval("1+1") #panic() $x$ and $5',
    "*not bold* _not italic_ `not code` |pipe|",
    '=HYPERLINK("http://evil.example")',
    "{{ 7*7 }} {% raw %} ${x} <%= y %>",
    "@cite <label> ~ -- --- ... // no comment /* none */ \\u{41} \\n",
    "&lt;b&gt; &amp; <!-- gone? -->",
    "https://evil.example/?a=1&b=2 is no link here",
]
DIGEST = "0123456789abcdef" * 4
LONG_WORD = "длинноеслово" * 250
TITLES = {
    "en": "What the figures say about Kazakhstan and China",
    "ru": "Казахстан и Китай: что говорят цифры",
}
# What a reader must find in both formats, just so.
WRITTEN = [
    RUSSIAN,
    KAZAKH,
    LONG_WORD,
    *HOSTILE,
    "[U+202E]abc[U+202C]",
    "private [U+E000], unassigned [U+0378]",
    "click (javascript:alert(1))",
    "<script>alert(2)</script>",
    "<div onclick=alert(3)>raw</div>",
    "shown <as> it is",
    "A price of $5 and of $x.",
]


def escape(text):
    """Markdown that prints `text` as itself."""
    return "".join(
        "\\" + char if char in "\\`*_{}[]<>()#+-.!|~$&^\"'=:/@%;,?" else char for char in text
    )


def chart(phone, name):
    """SVG text of a small chart, drawn as factcheck.charts does it."""
    rc = {
        "svg.fonttype": "none",
        "svg.hashsalt": name,
        "font.family": "DejaVu Sans",
        "font.size": 8.5,
    }
    with matplotlib.rc_context(rc):
        size = (3.4, 2.7) if phone else (6.3, 3.4)
        figure = Figure(figsize=size, facecolor="#ffffff")
        canvas = FigureCanvasSVG(figure)
        low, high = (0.12, 0.97) if phone else (0.13, 0.80)
        axes = figure.add_axes((0.1, low, 0.86, high - low))
        axes.axhspan(80, 85, color="#f3d9a4", lw=0)
        axes.text(1991, 86, "claimed: 80–85 · сказано", color="#8a5a00", fontsize=8, weight="bold")
        years = list(range(1990, 2025))
        values = [72 + 10 * ((year - 1990) % 17) / 16 for year in years]
        axes.plot(years, values, color="#b3261e", lw=1.6, clip_on=True)
        axes.scatter(years[-1:], values[-1:], color="#b3261e", s=22)
        axes.plot(years, [value - 14 for value in values], color="#9aa5b1", lw=1.2)
        axes.text(2024, values[-1] - 3, "World Bank", color="#b3261e", ha="right", va="top")
        axes.set_ylim(50, 92)
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color("#52606d")
        axes.grid(axis="y", color="#d9dee3", lw=0.6)
        axes.tick_params(colors="#52606d", length=0)
        if not phone:
            figure.text(
                0.01, 0.96, "TITLE IN THE PICTURE", weight="bold", va="top", gid="chart-head"
            )
            figure.text(0.01, 0.01, "SOURCE IN THE PICTURE", gid="chart-foot")
        out = io.StringIO()
        canvas.print_svg(out, metadata={"Date": None})
        return out.getvalue()


def figure_output(
    name="population_ratio",
    alt="Line from 72 in 1990 to 73 in 2024; the claim is 80 to 85.",
    **meta,
):
    """A display output with a chart in both variants."""
    data = {
        "image/svg+xml": chart(False, name),
        "application/x-factcheck-phone+svg": chart(True, name),
        "text/csv": "year,value,label\n1990,72.0,<b>Ә</b>\n1991,72.6,=1+1\n",
        "text/plain": alt,
    }
    meta = {
        "role": "figure",
        "id": name,
        "title": "China's population is about 70 times Kazakhstan's, not 80–85",
        "subtitle": "Ratio of populations, 1990–2024, Казахстан = 1",
        "source": "Source: World Bank, World Development Indicators, 2025",
        "alt": alt,
        "crop": [0, 3.4 * 72 * 0.13, 6.3 * 72, 3.4 * 72 * 0.78],
        **meta,
    }
    return nbformat.v4.new_output("display_data", data=data, metadata={"factcheck": meta})


def prose(text, **meta):
    """A display output of Markdown; `meta` goes into its metadata."""
    return nbformat.v4.new_output(
        "display_data",
        data={"text/markdown": text, "text/plain": "<Markdown>"},
        metadata={"factcheck": meta} if meta else {},
    )


def code(*outputs, tags=()):
    return nbformat.v4.new_code_cell(
        "say(…)", outputs=list(outputs), execution_count=1, metadata={"tags": list(tags)}
    )


def table(rows):
    head = "| Year | Source | Value | What it says |\n|--:|:--|--:|:--|\n"
    return head + "\n".join(
        f"| {1980 + i} | World Bank | {70 + i / 7:.1f} | Численность населения промышленности, "
        f"row {i}, in a longer text |"
        for i in range(rows)
    )


def card(i):
    return f"""### Population {i}: eighty to eighty-five times

> «{RUSSIAN}»
>
> *“The difference used to be somewhere around 80 to 85 per cent, and now it is many times greater.”*
>
> — Interview, paragraph {i}, characters 120–188

**Out of date.** China has 69 times the people of Kazakhstan; the claimed range held from 1999 to 2009.
The factor is 1.2, or about a fifth too high.[^wb] See the [figure](#population_ratio).

[^wb]: World Bank, *World Development Indicators*, vintage 2025, <https://databank.worldbank.org/>.
"""


def sample(lang="en"):
    """The notebook, as nbclient leaves it."""
    title = TITLES[lang]
    words = " ".join(
        [
            "The claim is compared with what was known when the interview was given, "
            "by the newest year of that vintage."
        ]
        * 4
    )
    cells = [
        nbformat.v4.new_code_cell("from factcheck import *", execution_count=1),
        code(
            prose(
                f"# {title}\n\nOf fourteen claims that can be checked, five are correct or nearly so.\n\n"
                "A fact-check of every quantitative claim in one interview. Data of 22 November 2026.",
                role="front",
                title=title,
                lang=lang,
                author="Fact-check group",
                date="2026-11-22",
                digest=DIGEST,
                description="A fact-check of one interview",
                keywords=["fact-check", "Казахстан"],
                version="1.0.0",
                jsonld=[
                    {
                        "@context": "https://schema.org",
                        "@type": "ClaimReview",
                        "name": "</script><b>",
                    }
                ],
            )
        ),
        code(
            prose(
                "## The answer\n\n- **Population**: out of date, by about a fifth.\n"
                "- **Economy**: exaggerated, by about half.\n"
                "- **Investment**: unproven; the kinds of money do not match.\n- **First visit**: incorrect.",
                role="summary",
                id="answer",
            )
        ),
        nbformat.v4.new_markdown_cell(
            f"## How many people\n\n{words}\n\n{words} A price of $5 and of $x."
        ),
        code(
            prose(
                f"> «{RUSSIAN}»\n>\n> *“The difference used to be around 80 to 85.”*\n"
                ">\n> — Interview, paragraph 3",
                role="quote",
                id="quote-population",
            )
        ),
        code(
            prose(
                f"It may be read in two ways.[^a] By *heads*, or by **money**.[^b] {words}\n\n"
                f"[^a]: First «{KAZAKH}» note.\n"
                "[^b]: Second note, `code`.\n"
            ),
            figure_output(),
        ),
        code(
            prose(
                "**Out of date.** The claim held from 1999 to 2009, and is now too high by about a fifth.\n\n"
                "Confidence: high, for all sources agree.",
                role="verdict",
                id="verdict-population",
            )
        ),
        nbformat.v4.new_markdown_cell(
            f"### What would change it\n\n{words}\n\n1. One\n2. Two\n   - inner\n\n{words}"
        ),
        code(
            prose(
                table(45),
                role="table",
                id="table-years",
                caption="Population ratio by source, *all* years",
                widths=[1, 2, 1, 5],
                note="Values before 1991 are those of the Kazakh SSR.",
            )
        ),
        nbformat.v4.new_markdown_cell("## Short answers"),
        *(code(prose(card(i), role="card", id=f"claim-{i}")) for i in range(1, 9)),
        code(figure_output("economy_ratio"), prose("Small print about the figure.", role="note")),
        nbformat.v4.new_markdown_cell(
            f"## Kazakh and hostile text\n\n{escape(KAZAKH)} Then English, потом по-русски: город "
            "Қызылорда стоит на реке. Emoji 😀 that DejaVu has."
        ),
        code(prose("\n\n".join(escape(text) for text in HOSTILE))),
        code(
            prose(
                "\n".join(
                    [
                        "| a | b |",
                        "|---|---|",
                        *(f"| {escape(text)} | {i} |" for i, text in enumerate(HOSTILE)),
                    ]
                )
            )
        ),
        code(
            prose(
                f"Override \u202eabc\u202c, private \ue000, unassigned \u0378, zero\u200bwidth, {LONG_WORD}."
            )
        ),
        code(
            prose(
                "[click](javascript:alert(1)) and [data](data:text/html,x) and [good](https://example.org/a?b=1&c=2).\n\n"
                "<script>alert(2)</script>\n\n<div onclick=alert(3)>raw</div>"
            )
        ),
        code(
            nbformat.v4.new_output("stream", name="stdout", text="sha256 abcdef\n"), tags=["digest"]
        ),
        code(
            nbformat.v4.new_output("stream", name="stdout", text="shown <as> it is\n  indented\n")
        ),
        code(
            prose("## Annex: sources", role="annex", id="annex"),
            prose("### Series\n\n" + words),
            prose(table(6)),
        ),
    ]
    return nbformat.v4.new_notebook(cells=cells)


# --- what is built once


def export(exporter, notebook):
    return exporter().from_notebook_node(notebook, {"metadata": {"name": "00_brief"}})[0]


@pytest.fixture(scope="module", params=["en", "ru"])
def brief(request, tmp_path_factory):
    """(language, path of the HTML, path of the PDF) of the sample."""
    folder = tmp_path_factory.mktemp(request.param)
    html, pdf = folder / "brief.html", folder / "brief.pdf"
    html.write_text(export(BriefHTMLExporter, sample(request.param)), encoding="utf-8")
    pdf.write_bytes(export(BriefPDFExporter, sample(request.param)))
    return request.param, html, pdf


def squeezed(text):
    """Text without white space, zero-width spaces and hyphens, for lines may break anywhere."""
    return re.sub(r"[\s\u200b\u00ad\u2010-]", "", text)


def structure(pdf):
    """All structure elements of a PDF, as pikepdf dictionaries."""
    found, queue = [], [pdf.Root.StructTreeRoot.K]
    while queue:
        item = queue.pop()
        if isinstance(item, pikepdf.Array):
            queue.extend(item)
        elif isinstance(item, pikepdf.Dictionary) and "/S" in item:
            found.append(item)
            queue.extend([item.K] if "/K" in item else [])
    return found


# --- PDF


@pytest.mark.parametrize("profile", ["ua1", "pdfa2a"])
def test_pdf_meets_every_rule(brief, profile):
    report = page_validation.validate_pdf(str(brief[2]), profile=profile)
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.is_compliant
    with pikepdf.open(brief[2]) as pdf:  # its table of offsets is right, too
        assert pdf.check_pdf_syntax() == []


def test_pdf_text_stands_as_written(brief):
    with pdfplumber.open(brief[2]) as pdf:
        bodies = [
            page.crop((0, 62, page.width, page.height - 55)) for page in pdf.pages
        ]  # no running head, no foot
        text = squeezed("".join(body.extract_text() for body in bodies))
        pages = [page.extract_text() for page in pdf.pages]
    for wanted in [*WRITTEN, "claimed: 80–85 · сказано"]:
        assert squeezed(wanted) in text, wanted
    assert "PICTURE" not in text and "abcdef" not in text.replace(DIGEST[:12], "")
    assert (
        sum("What it says" in page for page in pages) >= 4
    )  # the head of the long table on each of its pages
    for number, page in enumerate(pages, 1):
        assert f"{number} / {len(pages)}" in page


def test_pdf_structure(brief):
    lang, _, path = brief
    with pikepdf.open(path) as pdf:
        assert pdf.Root.Lang == lang
        elements = structure(pdf)
        languages = {str(element.Lang) for element in elements if "/Lang" in element}
        assert "kk" in languages and (lang == "ru" or "ru" in languages)
        alts = [str(element.Alt) for element in elements if element.S == "/Figure"]
        assert alts == ["Line from 72 in 1990 to 73 in 2024; the claim is 80 to 85."] * 2
        with pdf.open_outline() as outline:
            tree = {item.title: [child.title for child in item.children] for item in outline.root}
        assert list(tree) == [
            "The answer",
            "How many people",
            "Short answers",
            "Kazakh and hostile text",
            "Annex: sources",
        ]
        assert len(tree["Short answers"]) == 8
        links = [annotation for page in pdf.pages for annotation in page.get("/Annots", ())]
        uris = {str(link.A.URI) for link in links if "/A" in link and "/URI" in link.A}
        assert uris == {"https://databank.worldbank.org/", "https://example.org/a?b=1&c=2"}
        assert (
            sum("/Dest" in link or link.get("/A", {}).get("/S") == "/GoTo" for link in links) >= 8
        )
        fonts = {
            str(font.BaseFont): font
            for font in pdf.objects
            if isinstance(font, pikepdf.Dictionary)
            and font.get("/Type") == "/Font"
            and "/FontDescriptor" in font
        }
        assert fonts and all(
            {"/FontFile2", "/FontFile3"} & set(font.FontDescriptor.keys())
            for font in fonts.values()
        )
        assert {re.sub(r"^/\w{6}\+", "", name).split("-")[0] for name in fonts} <= {
            "LibertinusSerif",
            "DejaVuSans",
            "DejaVuSerif",
            "DejaVuSansMono",
        }


def test_charts_that_find_no_room_stay_where_they_are_called(monkeypatch):
    asked, compiler = [], typst.Compiler

    class Unsettled:
        """A Typst that settles only while no chart moves."""

        def __init__(self, *args, sys_inputs, **kwargs):
            asked.append(sys_inputs["charts"])
            self.within = compiler(*args, sys_inputs=sys_inputs, **kwargs)

        def compile_with_warnings(self, **kwargs):
            pdf, warnings = self.within.compile_with_warnings(**kwargs)
            moving = asked[-1] == "where-room-is"
            return (
                (b"", [typst.TypstWarning("document did not converge")])
                if moving
                else (pdf, warnings)
            )

    monkeypatch.setattr(typst, "Compiler", Unsettled)
    pdf = export(BriefPDFExporter, sample())
    assert asked == ["where-room-is", "in-place"] and pdf.startswith(b"%PDF")


def test_both_carry_the_digest(brief, tmp_path):
    assert digest_of(brief[1]) == digest_of(brief[2]) == DIGEST
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell('# Plain\n\n<meta name="factcheck-digest" content="ab">')
        ]
    )
    (tmp_path / "plain.html").write_text(export(BriefHTMLExporter, notebook), encoding="utf-8")
    (tmp_path / "plain.pdf").write_bytes(export(BriefPDFExporter, notebook))
    assert (
        digest_of(tmp_path / "plain.html")
        is digest_of(tmp_path / "plain.pdf")
        is digest_of(tmp_path / "none.pdf")
        is None
    )


def test_same_bytes_in_another_process(brief, tmp_path):
    lang, html, pdf = brief
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Almaty"}
    nbformat.write(sample(lang), tmp_path / "00_brief.ipynb")
    script = (
        "import nbformat, pathlib; from factcheck.export import BriefHTMLExporter, BriefPDFExporter\n"
        "nb = nbformat.read('00_brief.ipynb', 4); html, _ = BriefHTMLExporter().from_notebook_node(nb)\n"
        "pathlib.Path('b.html').write_text(html, encoding='utf-8')\n"
        "pathlib.Path('b.pdf').write_bytes(BriefPDFExporter().from_notebook_node(nb)[0])"
    )
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True, env=environment)
    assert (tmp_path / "b.html").read_bytes() == html.read_bytes()
    assert (tmp_path / "b.pdf").read_bytes() == pdf.read_bytes()


# --- HTML


def test_html_is_one_closed_file(brief):
    lang, path, _ = brief
    html = path.read_text(encoding="utf-8")
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", html, re.S)
    assert [attributes for attributes, _ in scripts] == [' type="application/ld+json"']
    assert json.loads(scripts[0][1])["name"] == "</script><b>"
    assert "default-src 'none'" in html and f'<html lang="{lang}">' in html
    assert len(html) < 600_000
    ids = re.findall(r'\sid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    # Charts reach dark mode only through variables.
    drawings = "".join(re.findall(r"<svg.*?</svg>", html, re.S))
    assert "var(--accent)" in drawings and not re.search(r"(fill|stroke): ?#", drawings)
    assert "PICTURE" not in html
    spans = [unescape(text) for text in re.findall(r'<span lang="kk">(.*?)</span>', html)]
    assert any("Тұңғыш" in text for text in spans) and "Қызылорда" in spans


@pytest.mark.parametrize("width", [1280, 360])
def test_html_in_a_browser(brief, chromium, width):
    lang, path, _ = brief
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme="light")
    page, trouble = context.new_page(), []
    page.on("request", lambda request: trouble.append(request.url))
    for event in ("console", "pageerror", "dialog"):
        page.on(event, lambda what, event=event: trouble.append((event, str(what))))
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(element => element.open = true)")
    page.evaluate("document.fonts.ready.then(() => null)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    loaded = page.evaluate(
        "[...document.fonts].filter(f => f.status == 'loaded').map(f => f.family + f.weight)"
    )
    assert sorted(name.replace('"', "") for name in loaded) == ["DejaVu Sans400", "DejaVu Sans700"]
    sizes = page.evaluate(
        """[...document.querySelectorAll('svg text')].filter(text => text.checkVisibility()).map(text => {
            const {a, b} = text.getScreenCTM();
            return parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
        })"""
    )
    assert len(sizes) > 20 and min(sizes) >= 9

    text = squeezed(page.inner_text("main"))
    for wanted in [*WRITTEN, "<b>Ә</b>", "=1+1"]:
        assert squeezed(wanted) in text, wanted
    targets = page.evaluate("[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))")
    assert all(re.match(r"#|https://|data:text/csv", target) for target in targets)
    anchors = {unquote(target[1:]) for target in targets if target.startswith("#")}
    assert (
        page.evaluate(
            "names => names.filter(name => !document.getElementById(name))", sorted(anchors)
        )
        == []
    )
    assert page.title() == TITLES[lang]

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        # The page may run no script, so axe comes in through the debugger, past the policy.
        violations = Axe().run(page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in violations] == []
    assert [url for url in trouble if not str(url).startswith(("file:", "data:"))] == []
    context.close()


# --- what is refused


def no_alt():
    output = figure_output(alt="")
    output.data.pop("text/plain")
    return code(output)


def data_frame():
    return code(
        nbformat.v4.new_output(
            "execute_result",
            execution_count=1,
            data={"text/html": "<table></table>", "text/plain": "x"},
        )
    )


def svg(text):
    return code(
        nbformat.v4.new_output(
            "display_data", data={"image/svg+xml": text}, metadata={"factcheck": {"alt": "A chart"}}
        )
    )


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">%s</svg>'
REFUSED = {
    "alt text": no_alt(),
    "bare result (text/html); show it with table(": data_frame(),
    "stderr": code(nbformat.v4.new_output("stream", name="stderr", text="Warning: x\n")),
    "ZeroDivisionError": code(
        nbformat.v4.new_output(
            "error", ename="ZeroDivisionError", evalue="division by zero", traceback=[]
        )
    ),
    "footnote [^none] has no text": code(prose("Text.[^none]")),
    "a link leads to #nowhere": code(prose("[x](#nowhere)")),
    "jumps from level 1 to 3": code(prose("### Deep")),
    "U+4E2D": code(prose("> «中国»", role="quote")),
    "U+1F680": code(prose("Rocket 🚀")),
    "anchor 'twice' is used twice": code(prose("## A", id="twice"), prose("## B", id="twice")),
    "unknown role 'sumary'": code(prose("x", role="sumary")),
    "must hold one table": code(prose("x", role="table")),
    "widths must be 4": code(prose(table(2), role="table", widths=[1, 2])),
    "a picture in Markdown": code(prose("![alt](x.png)")),
    "<script>": svg(SVG % "<script>alert(1)</script>"),
    "onload=": svg(SVG % '<path onload="alert(1)"/>'),
    "may run nothing and load nothing": svg(SVG % '<image href="https://evil.example/x.png"/>'),
    "second title block": code(prose("# Again", role="front")),
}


@pytest.mark.parametrize("exporter", [BriefHTMLExporter, BriefPDFExporter])
@pytest.mark.parametrize("message", REFUSED)
def test_refusals_name_the_cell(exporter, message):
    front = code(prose("# Title", role="front", title="Title", lang="en"))
    with pytest.raises(ExportError) as caught:
        export(exporter, nbformat.v4.new_notebook(cells=[front, REFUSED[message]]))
    line = str(caught.value)
    assert (
        line.startswith("notebook 00_brief.ipynb, cell 2: ")
        and message in line
        and "\n" not in line
    )


def test_a_description_of_a_thousand_rows_is_cut_at_a_word_and_prints():
    # PDF/A refuses strings of more than 32,767 bytes, and two bytes are a Cyrillic letter.
    cells = sample().cells
    notebook = nbformat.v4.new_notebook(
        cells=[cells[1], code(figure_output(alt="Шестьдесят девять раз; " * 2000))]
    )
    text = export(BriefHTMLExporter, notebook)
    shown = re.search(r"-alt\">(Шестьдесят[^<]*)<", text)[1]
    assert len(shown) <= 10_002 and shown.endswith(("Шестьдесят …", "девять …", "раз …"))
    assert export(BriefPDFExporter, notebook).startswith(b"%PDF")


def test_what_typst_refuses_is_traced_to_the_cell():
    cells = [
        nbformat.v4.new_markdown_cell("# Title"),
        code(prose("one\n\ntwo"), prose("three")),
        code(prose("four"), prose("five\n\nsix", lang="russian"), prose("seven")),
    ]
    with pytest.raises(
        ExportError, match=r"^notebook 00_brief.ipynb, cell 3: expected two or three letter"
    ):
        export(BriefPDFExporter, nbformat.v4.new_notebook(cells=cells))


# --- words


@pytest.mark.parametrize(
    "text, lang, runs",
    [
        (
            "He said «Раньше, 80%» twice",
            "en",
            [("He said «", None), ("Раньше", "ru"), (", 80%» twice", None)],
        ),
        ("Тұңғыш Президенті", "en", [("Тұңғыш Президенті", "kk")]),
        (
            "город Қызылорда стоит на большой реке",
            "en",
            [("город ", "ru"), ("Қызылорда", "kk"), (" стоит на большой реке", "ru")],
        ),
        (
            "город Қызылорда стоит на большой реке",
            "ru",
            [("город ", None), ("Қызылорда", "kk"), (" стоит на большой реке", None)],
        ),
        ("World Bank в Астане", "ru", [("World Bank в Астане", None)]),
        # Words of evidence carry their language, for fonts and for those who listen.
        (
            "In Chinese: «要坚定相互支持,做好朋友。»; ours",
            "en",
            [("In Chinese: «", None), ("要坚定相互支持,做好朋友。", "zh"), ("»; ours", None)],
        ),
        (
            "и «الصين تدعم بقوة», и",
            "ru",
            [("и «", None), ("الصين تدعم بقوة", "ar"), ("», и", None)],
        ),
    ],
)
def test_language_runs(text, lang, runs):
    assert language_runs(text, lang) == runs


def test_both_languages_have_every_word_that_is_printed():
    english, russian = labels("en"), labels("ru-KZ")
    assert english.keys() == russian.keys() and labels("de") == english
    assert all(russian[key] and russian[key] != english[key] for key in english)
