"""Print a Document as an accessible PDF, through Typst mark-up and the `typst` wheel."""

import json
import os
import re
import shutil
import tempfile
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from . import ExportError
from .document import FONTS, OWN_FONTS, breakable, plain

HERE = Path(__file__).parent
# The compiler's own names for main files given as bytes.
_PLACE = re.compile(r"__typst_py_bytes__\.typ:(\d+)")
SHORT = 6  # rows of a table that is kept on one page
KEPT = 900  # characters of a paragraph that is kept on one page
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def render(document):
    """The PDF bytes of `document`; raises ExportError naming the cell where Typst refuses it."""
    import typst

    source, cells, inputs = markup(document)
    # Where each chart finds room depends on the one before. If Typst cannot settle that in its few attempts,
    # every chart stays where it is called: some pages end early, but the brief is printed.
    for charts in ("where-room-is", "in-place"):
        compiler = typst.Compiler(
            source.encode(),
            root=str(HERE),
            font_paths=_fonts(),
            sys_inputs=inputs | {"charts": charts},
        )
        try:
            pdf, warnings = compiler.compile_with_warnings(
                format="pdf",
                pdf_standards=["ua-1", "a-2a"],
                timestamp=_moment(document.meta.get("date")),
            )
        except typst.TypstError as error:
            raise _traced(document, cells, error) from None
        if not any("did not converge" in str(warning) for warning in warnings):
            break
    if warnings:
        raise _traced(document, cells, warnings[0])
    return _separated(pdf)


def markup(document):
    """(Typst mark-up, cell number of each of its lines, inputs as {name: text}) of `document`."""
    meta = document.meta
    digest = [f"sha256:{meta['digest']}"] if meta.get("digest") else []
    facts = {
        "title": document.title,
        "lang": document.lang,
        "author": meta.get("author") or "",
        "description": meta.get("description") or "",
        "keywords": [*(meta.get("keywords") or ()), *digest],
        "date": f"{_moment(meta.get('date')):%Y-%m-%d}",
        "shown-date": document.date,
        "digest": meta.get("digest") or "",
    }
    inputs = {"meta": json.dumps(facts, ensure_ascii=False)}
    head = '#import "brief.typ": *\n#show: brief\n'
    parts, cells, printer = [head], [0] * head.count("\n"), _Printer(inputs)
    annex, before = False, None
    for block in [*document.blocks, None]:
        role = block.role if block else None
        text = printer.block(block) + "\n\n" if block else ""
        if role == "annex" and not annex:
            annex, text = True, "#show: annex\n" + text
        if role == "page":
            text = "#pagebreak(weak: true)\n" + text
        # Cards in a row share the page's width.
        if role == "card":
            text = f"[\n{text}],\n"
        text = (
            ("" if role == before or before != "card" else ")\n")
            + ("#cards(\n" if role == "card" != before else "")
            + text
        )
        before = role
        parts.append(text)
        cells += [block.cell if block else 0] * text.count("\n")
    return "".join(parts), cells, inputs


class _Printer:
    def __init__(self, inputs):
        self.inputs, self.in_cell = inputs, False

    # --- blocks

    def block(self, block):
        if block.kind == "figure":
            return self.figure(block.figure)
        if block.kind == "pre":
            return f"#raw(block: true, {_string(block.text)})"
        if block.role == "table":
            body = self.table_block(block)
        elif block.role is None:
            # A figure that floats to the next page should not stand in the middle of a sentence.
            body = "\n\n".join(
                f"#keep[{text}]" if token["type"] == "paragraph" and len(text) < KEPT else text
                for token, text in zip(block.tokens, map(self.token, block.tokens))
            )
        else:
            body = self.blocks(block.tokens)
        if block.lang:
            body = f"#text(lang: {_string(block.lang)}, region: none)[\n{body}\n]"
        if block.id:
            body = f"#metadata(none){_label(block.id)}\n{body}"
        if block.role in ("front", "summary", "verdict", "note"):
            body = f"#{block.role}[\n{body}\n]"
        return body

    def table_block(self, block):
        parts = []
        for token in block.tokens:
            if token["type"] == "table":
                caption, note = block.meta.get("caption"), block.meta.get("note")
                caption = self.inline(caption[0]["children"]) if caption else ""
                parts.append(
                    self.table(token, block.meta.get("widths"), caption, self.blocks(note or []))
                )
            else:
                parts.append(self.token(token))
        return "\n\n".join(parts)

    def table(self, token, widths=None, caption="", note=""):
        head, *bodies = token["children"]
        aligns = [cell["attrs"].get("align") or "left" for cell in head["children"]]
        rows = [row["children"] for body in bodies for row in body["children"]]
        if widths:
            columns = [f"{width:g}fr" for width in widths]
        else:
            # Numbers take the room they need; words share the rest by the root of their longest cell.
            texts = zip(
                *([plain(cell["children"]) for cell in row] for row in [head["children"], *rows])
            )
            longest = [min(max(map(len, column)), 80) for column in texts]
            columns = [
                "auto" if align == "right" else f"{max(length, 10) ** 0.5:.2f}fr"
                for align, length in zip(aligns, longest)
            ]
        lines = [
            f"#data-table(columns: ({', '.join(columns)},), align: ({', '.join(aligns)},),",
            f"  caption: [{caption}], note: [{note}], short: {str(len(rows) <= SHORT).lower()},",
            f"  ({self.cells(head['children'])},),",
            *(f"  ({self.cells(row)},)," for row in rows),
            ")",
        ]
        return "\n".join(lines)

    def cells(self, cells):
        self.in_cell = True
        text = ", ".join(f"[{self.inline(cell['children'])}]" for cell in cells)
        self.in_cell = False
        return text

    def figure(self, figure):
        name, drawing = f"figure{len(self.inputs)}", figure.wide
        self.inputs[name] = drawing.text()
        # The image is made here, not in brief.typ: Typst reports an error where the image is made.
        return (
            f"#chart(title: [{self.inline(figure.title)}], subtitle: [{self.inline(figure.subtitle)}], "
            f"source: [{self.inline(figure.source)}], anchor: {_string(figure.id)}, "
            f"width: {drawing.width:g}pt, height: {drawing.height:g}pt, width => "
            f'image(bytes(sys.inputs.{name}), format: "svg", width: width, alt: {_string(figure.alt)}))'
        )

    # --- tokens

    def blocks(self, tokens):
        return "\n\n".join(self.token(token) for token in tokens)

    def token(self, token):
        kind = token["type"]
        if kind == "heading":
            level = token["attrs"]["level"]
            return (
                f"#heading(level: {level})[{self.inline(token['children'])}]{_label(token['id'])}"
            )
        if kind in ("paragraph", "block_text"):
            text = self.inline(token["children"])
            return f"#{token['part']}[{text}]" if token.get("part") else text
        if kind == "table":
            return self.table(token)
        if kind == "list":
            items = ", ".join(f"[{self.blocks(item['children'])}]" for item in token["children"])
            tight = f"tight: {str(token.get('tight', True)).lower()}"
            if token["attrs"].get("ordered"):
                return f"#enum({tight}, start: {token['attrs'].get('start', 1)}, {items})"
            return f"#list({tight}, {items})"
        if kind == "block_quote":
            return f"#said[\n{self.blocks(token['children'])}\n]"
        if kind == "block_code":
            return f"#raw(block: true, {_string(token['raw'].rstrip())})"
        return "#rule"

    def inline(self, tokens):
        return "".join(self.word(token) for token in tokens)

    def word(self, token):
        kind = token["type"]
        if kind == "text":
            text = _escape(token["raw"], self.in_cell)
            return (
                f'#text(lang: "{token["lang"]}", region: none)[{text}]' if token["lang"] else text
            )
        if kind == "codespan":
            return f"#raw({_string(token['raw'])})"
        if kind == "linebreak":
            return "#linebreak()"
        if kind == "footnote":
            name = _string(f"_note{token['number']}")
            if not token["first"]:
                return f"#footnote(label({name}))"
            return f"#footnote[{self.blocks(token['children'])}]#label({name})"
        inner = self.inline(token["children"])
        if kind == "link":
            url = token["url"]
            target = f"label({_string(url[1:])})" if url.startswith("#") else _string(url)
            return f"#link({target})[{inner}]"
        if token.get("verdict"):
            return f"#verdict-word[{inner}]"
        return {"emphasis": "#emph", "strong": "#strong", "strikethrough": "#strike"}[
            kind
        ] + f"[{inner}]"


def _escape(text, in_cell=False):
    """Typst mark-up that prints `text` as itself: a backslash before all ASCII punctuation."""
    return _PUNCTUATION.sub(r"\\\1", breakable(text, in_cell))


def _string(text):
    """Typst string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _label(name):
    return f"#label({_string(name)})"


def _moment(day):
    """The document's time: midnight of its date, so that the same notebook gives the same bytes."""
    day = date.fromisoformat(day) if day else date(1970, 1, 1)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _separated(pdf):
    """`pdf` with a full line end before `endstream` where the stream's last byte is a carriage return.

    Typst writes a line feed there, which is right, but together the two look like one line end, and
    some checkers of PDF/A then find the stream a byte too short.
    """
    head, table = pdf.rsplit(b"\nxref\n", 1)
    places = [found.end() for found in re.finditer(rb"\r(?=\nendstream)", head)]
    for place in reversed(places):
        head = head[:place] + b"\r" + head[place:]

    def moved(offset):
        return offset + sum(place <= offset for place in places)

    table = re.sub(
        rb"(?m)^(\d{10})(?= \d{5} n)", lambda entry: b"%010d" % moved(int(entry[1])), table
    )
    table = re.sub(rb"(?<=startxref\n)\d+", lambda start: b"%d" % moved(int(start[0])), table)
    return head + b"\nxref\n" + table


@cache
def _fonts():
    """Typst's own fonts, matplotlib's DejaVu and ours, nothing of the system.

    Not matplotlib's whole folder: LastResortHE-Regular.ttf there has a placeholder for every code
    point and so would hide missing letters. Typst takes folders only, hence one of links (or copies).
    """
    import typst

    with tempfile.TemporaryDirectory() as folder:
        for path in [*sorted(FONTS.glob("DejaVuS*.ttf")), *sorted(OWN_FONTS.glob("*.ttf"))]:
            try:
                os.symlink(path, Path(folder, path.name))
            except OSError:  # Windows without the right to make links
                shutil.copy(path, folder)
        return typst.Fonts(include_system_fonts=False, font_paths=[folder])


def _traced(document, cells, error):
    """ExportError for what Typst says, with the notebook's cell instead of a line of mark-up."""
    message, hints = error.message, "; ".join(error.hints or ())
    places = _PLACE.findall(error.diagnostic + "\n".join(error.trace or ()))
    line = int(places[-1]) - 1 if places else -1
    cell = f"cell {cells[line]}" if 0 <= line < len(cells) and cells[line] else "in brief.typ"
    text = f"notebook {document.name}.ipynb, {cell}: {message}" + (f" ({hints})" if hints else "")
    return ExportError(" ".join(text.split()))
