"""Print a Document as one HTML file that loads nothing and runs nothing."""

import base64
import io
import json
from functools import cache
from html import escape
from math import inf
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from . import labels
from .document import FONTS, breakable, plain

HERE = Path(__file__).parent
STACKED = 12  # rows of a table that phones show as cards
TAGS = {
    "emphasis": "em",
    "strong": "strong",
    "strikethrough": "s",
    "paragraph": "p",
    "block_quote": "blockquote",
    "list_item": "li",
    "block_text": "",
}


def render(document):
    """The HTML text of `document`."""
    return _Printer(document).page()


class _Printer:
    def __init__(self, document):
        self.document, self.words, self.tables = document, labels(document.lang), 0
        self.in_cell = False

    def page(self):
        document, meta = self.document, self.document.meta
        # Printed first: the numbers of tables and the glyphs of charts are known only then.
        main, annex = [], False
        for block in document.blocks:
            if block.role == "annex" and not annex:
                annex = True
                main.append('<div class="annex">')
            main.append(self.block(block))
        main.append("</div>" if annex else "")
        notes = [self.blocks(note) for note in document.notes]
        return _template().render(
            document=document,
            meta=meta,
            words=self.words,
            fonts=Markup(_font_faces(document)),
            css=Markup(_css()),
            contents=Markup(self.contents()),
            main=Markup("\n".join(main)),
            notes=list(map(Markup, notes)),
            jsonld=[Markup(_json(item)) for item in meta.get("jsonld") or ()],
        )

    def contents(self):
        """Nested list of the headings of levels 2 and 3."""
        entries, level = [], 1
        for depth, anchor, tokens in self.document.headings:
            if depth not in (2, 3):
                continue
            deeper = "<ol><li>" * (depth - level)
            entries.append(deeper or "</li></ol>" * (level - depth) + "</li><li>")
            entries.append(f'<a href="#{quote(anchor)}">{self.inline(tokens, links=False)}</a>')
            level = depth
        return "".join(entries) + "</li></ol>" * (level - 1)

    # --- blocks

    def block(self, block):
        if block.kind == "figure":
            return self.figure(block.figure)
        if block.kind == "pre":
            return f'<pre tabindex="0">{escape(block.text)}</pre>'
        if block.role == "table":
            body = self.table_block(block)
        else:
            body = self.blocks(block.tokens)
        attributes = f' lang="{escape(block.lang)}"' if block.lang else ""
        attributes += f' id="{escape(block.id)}"' if block.id else ""
        if not block.role and not attributes:
            return body
        tag = "header" if block.role == "front" else "section" if block.role == "summary" else "div"
        if tag == "section":
            attributes += f' aria-label="{escape(self.words["summary"])}"'
        style = {None: "prose", "page": "page-break"}.get(block.role, block.role)
        return f'<{tag} class="{style}"{attributes}>{body}</{tag}>'

    def table_block(self, block):
        caption = self.blocks(block.meta["caption"]) if block.meta.get("caption") else ""
        note = self.blocks(block.meta["note"]) if block.meta.get("note") else ""
        name = plain(block.meta["caption"][0]["children"]) if caption else ""
        widths, parts = block.meta.get("widths"), []
        for token in block.tokens:
            is_table = token["type"] == "table"
            parts.append(
                self.table(token, name, widths, caption) if is_table else self.token(token)
            )
        return "".join(parts) + (f'<div class="note">{note}</div>' if note else "")

    def figure(self, figure):
        parts = [f'<figure id="{escape(figure.id)}"><figcaption>']
        if figure.title:
            parts.append(f'<p class="figure-title">{self.inline(figure.title)}</p>')
        if figure.subtitle:
            parts.append(f'<p class="figure-subtitle">{self.inline(figure.subtitle)}</p>')
        parts.append("</figcaption>" if len(parts) > 1 else "")
        for drawing, name in (
            (figure.wide, "wide" if figure.phone else "only"),
            (figure.phone, "phone"),
        ):
            if drawing:
                # Both sizes share one text, which weighs more than many a chart.
                attributes = (
                    f'class="chart {name}" role="img" aria-labelledby="{escape(figure.id)}-alt"'
                )
                parts.append(drawing.themed().replace("<svg ", f"<svg {attributes} ", 1))
        parts.append(f'<p hidden id="{escape(figure.id)}-alt">{escape(figure.alt)}</p>')
        if figure.source:
            parts.append(f'<p class="figure-source">{self.inline(figure.source)}</p>')
        if figure.rows:
            parts.append(self.numbers(figure))
        return "".join(parts).replace("<figcaption></figcaption>", "") + "</figure>"

    def numbers(self, figure):
        head, *rows = figure.rows
        data = quote(figure.csv, safe=",:;/")
        names = [self.words.get(f"column.{cell}", cell) for cell in head]
        cells = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
        lines = ["".join(f"<td>{escape(self.number(cell))}</td>" for cell in row) for row in rows]
        body = "".join(f"<tr>{line}</tr>" for line in lines)
        name = f"{self.words['numbers']}: {plain(figure.title) or figure.id}"
        return (
            f'<details class="numbers"><summary>{escape(self.words["numbers"])}</summary>'
            f'<p><a download="{escape(figure.id)}.csv" href="data:text/csv;charset=utf-8,{data}">'
            f'{escape(self.words["download"])}<span class="hidden"> {escape(figure.id)}</span></a></p>'
            f"{self.region(name)}<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table></div>"
            "</details>"
        )

    def number(self, cell):
        """A plotted value as a person would write it; the download has it unrounded."""
        try:
            value = float(cell)
        except ValueError:
            return self.words.get(f"value.{cell}", cell)
        if value in (inf, -inf):
            return ""
        shown = (
            f"{value:.0f}"
            if value == round(value)
            else f"{value:.2f}"
            if abs(value) < 1e4
            else f"{value:.0f}"
        )
        return shown.replace(".", self.words["decimal"])

    def region(self, name):
        """Opening tag of a frame that scrolls sideways by itself, and by keyboard."""
        self.tables += 1
        label = f"{self.words['table']} {self.tables}" + (f": {name}" if name else "")
        return f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(label)}">'

    def table(self, token, name="", widths=None, caption=""):
        head, *bodies = token["children"]
        columns = ""
        if widths:
            columns = "".join(
                f'<col style="width:{100 * width / sum(widths):.2f}%">' for width in widths
            )
            columns = f"<colgroup>{columns}</colgroup>"
        rows = [row["children"] for body in bodies for row in body["children"]]
        # On a phone the rows of a short table are stacked, each cell with its column's name.
        stacked = len(head["children"]) > 3 and len(rows) <= STACKED
        names = [plain(cell["children"]) for cell in head["children"]] if stacked else None
        rows = [self.cells(row, names=names) for row in rows]
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        head_row = self.cells(head["children"], head=True)
        caption = f"<caption>{caption}</caption>" if caption else ""
        size = (
            ' class="stacked"' if stacked else ' class="many"' if len(head["children"]) > 3 else ""
        )
        return (
            f"{self.region(name)}<table{size}>{caption}{columns}<thead><tr>{head_row}</tr></thead>"
            f"<tbody>{body}</tbody></table></div>"
        )

    def cells(self, cells, head=False, names=None):
        parts = []
        for number, cell in enumerate(cells):
            align = cell["attrs"].get("align")
            style = f' class="{align}"' if align in ("right", "center") else ""
            self.in_cell = True
            text = self.inline(cell["children"])
            self.in_cell = False
            # An empty heading would be read as one; an empty cell is none.
            tag = "th" if head and text.strip() else "td"
            scope = ' scope="col"' if tag == "th" else ""
            scope += f' data-name="{escape(names[number])}"' if names and text.strip() else ""
            parts.append(f"<{tag}{scope}{style}>{text}</{tag}>")
        return "".join(parts)

    # --- tokens

    def blocks(self, tokens):
        return "\n".join(self.token(token) for token in tokens)

    def token(self, token):
        kind = token["type"]
        if kind == "heading":
            level, anchor = token["attrs"]["level"], escape(token["id"])
            text = self.inline(token["children"])
            name = escape(f"{self.words['permalink']}: {plain(token['children'])}")
            mark = f' <a class="permalink" href="#{quote(token["id"])}" aria-label="{name}">¶</a>'
            return f'<h{level} id="{anchor}">{text}{mark if level > 1 else ""}</h{level}>'
        if kind == "table":
            return self.table(token)
        if kind == "list":
            tag = "ol" if token["attrs"].get("ordered") else "ul"
            start = token["attrs"].get("start")
            start = f' start="{start}"' if tag == "ol" and start not in (None, 1) else ""
            return f"<{tag}{start}>{self.blocks(token['children'])}</{tag}>"
        if kind == "block_code":
            return f'<pre tabindex="0">{escape(token["raw"].rstrip())}</pre>'
        if kind == "thematic_break":
            return "<hr>"
        if kind in ("paragraph", "block_text"):
            text = self.inline(token["children"])
            style = f' class="{token["part"]}"' if token.get("part") else ""
            return text if kind == "block_text" else f"<p{style}>{text}</p>"
        return f"<{TAGS[kind]}>{self.blocks(token['children'])}</{TAGS[kind]}>"

    def inline(self, tokens, links=True):
        return "".join(self.word(token, links) for token in tokens)

    def word(self, token, links):
        kind = token["type"]
        if kind == "text":
            # A break that is offered by an element is not copied with the text.
            raw = breakable(token["raw"], in_cell=True) if self.in_cell else token["raw"]
            text = escape(raw).replace("\u200b", "<wbr>")
            if not token["lang"]:
                return text
            # An isolate keeps the signs around Arabic words in their place.
            tag = "bdi" if token["lang"] == "ar" else "span"
            return f'<{tag} lang="{token["lang"]}">{text}</{tag}>'
        if kind == "codespan":
            return f"<code>{escape(token['raw'])}</code>"
        if kind == "linebreak":
            return "<br>" if links else " "
        if kind == "footnote":
            if not links:
                return ""
            number = token["number"]
            back = f' id="_ref{number}"' if token["first"] else ""
            name = escape(f"{self.words['footnote']} {number}")
            return f'<sup><a{back} class="ref" href="#_note{number}" aria-label="{name}">{number}</a></sup>'
        inner = self.inline(token["children"], links)
        if kind == "link":
            url = token["url"]
            url = "#" + quote(url[1:]) if url.startswith("#") else url
            return f'<a href="{escape(url)}">{inner}</a>' if links else inner
        style = ' class="word"' if token.get("verdict") else ""
        return f"<{TAGS[kind]}{style}>{inner}</{TAGS[kind]}>"


def _json(item):
    return json.dumps(item, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")


def _font_faces(document):
    """@font-face rules with just the glyphs that charts use: few phones have DejaVu Sans."""
    drawings = [
        drawing
        for block in document.blocks
        if block.figure
        for drawing in (block.figure.wide, block.figure.phone)
        if drawing
    ]
    faces = []
    for bold, name in ((False, "DejaVuSans"), (True, "DejaVuSans-Bold")):
        text = "".join(sorted(set().union(*(drawing.glyphs[bold] for drawing in drawings))))
        if text:
            faces.append(
                f'@font-face{{font-family:"DejaVu Sans";font-weight:{700 if bold else 400};'
                f"src:url(data:font/woff;base64,{_subset(name, text)})}}"
            )
    return "\n".join(faces)


@cache
def _subset(name, text):
    """Base64 WOFF of a DejaVu font with the characters of `text` only; equal bytes on every run."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    # WOFF, not WOFF2: that would want brotli. Hinting is of no use on today's screens.
    options = Options(
        hinting=False, layout_features=["kern", "mark", "mkmk", "ccmp"], name_IDs=[1, 2]
    )
    options.drop_tables += ["FFTM"]
    with TTFont(FONTS / f"{name}.ttf", recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(text=text)
        subsetter.subset(font)
        font.flavor = "woff"
        file = io.BytesIO()
        font.save(file)
    return base64.b64encode(file.getvalue()).decode()


def _css():
    return (HERE / "brief.css").read_text(encoding="utf-8")


@cache
def _template():
    return Environment(
        loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True
    ).get_template("brief.html.j2")
