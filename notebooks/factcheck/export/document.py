"""Read an executed notebook into the tree that both printers share.

Everything that must be the same in HTML and PDF is decided here: which outputs are shown, anchors,
links, footnotes, languages, characters that cannot be shown. The tokens are mistune's, changed so:

- `text` has no Markdown or HTML escapes left, and `lang` where its language is not the document's;
- `heading` has `id`; `link` has a safe `url`, or is replaced by its text;
- `footnote` replaces `footnote_ref` and has `number`, `first` (bool) and `children` (blocks);
- `paragraph` may have `part`: in a block quote "gloss" (the rendering) or "by" (who said it, where),
  in the title block "lead" (the first) or "byline";
- the first `strong` of a verdict has `verdict` = True.
"""

import hashlib
import html
import json
import re
import threading
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

import mistune
from mistune.plugins.footnotes import footnotes
from mistune.plugins.formatting import strikethrough
from mistune.plugins.table import table

from . import ExportError
from .figure import Figure

ROLES = {"front", "summary", "quote", "verdict", "card", "table", "note", "page", "annex"}
TEXT_FONTS = ("DejaVuSans", "DejaVuSerif", "DejaVuSansMono", "NotoSansSC-Regular")
KAZAKH = frozenset("әғқңөұүһіӘҒҚҢӨҰҮҺІ")
FONTS = Path(find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf"
OWN_FONTS = Path(__file__).parent / "fonts"  # Chinese, which DejaVu lacks; Arabic it has

# Invisible characters that only guide line breaking and joining; all others are made visible.
_HARMLESS = frozenset("\u00ad\u200b\u200c\u200d\u2060")
# Words of evidence in other scripts, from the first letter to the last with the signs between them.
_ELSEWHERE = re.compile(
    "|".join(
        rf"(?P<{language}>[{letters}](?:[^A-Za-z\u00c0-\u024f\u0400-\u052f]*[{letters}])?)"
        for language, letters in (
            ("zh", r"\u3001-\u303f\u3400-\u9fff\uff01-\uff5e"),
            ("ar", r"\u0600-\u06ff"),
        )
    )
)
_CYRILLIC = r"[\u0400-\u052f]"
_CYRILLIC_RUN = re.compile(rf"{_CYRILLIC}(?:[^A-Za-z\u00c0-\u024f]*{_CYRILLIC})?")


@dataclass
class Block:
    """One piece of the brief: `kind` is "prose" (tokens), "figure" (figure) or "pre" (text)."""

    kind: str
    cell: int
    role: str | None = None
    id: str | None = None
    meta: dict = field(default_factory=dict)
    tokens: list = field(default_factory=list)
    text: str = ""
    figure: Figure | None = None
    lang: str | None = None


@dataclass
class Document:
    """The whole brief. `date` is written out in its language; `headings` holds (level, id, tokens)."""

    name: str
    lang: str = "en"
    title: str = ""
    date: str = ""
    meta: dict = field(default_factory=dict)
    blocks: list = field(default_factory=list)
    headings: list = field(default_factory=list)
    notes: list = field(default_factory=list)


_reading, _last_read = threading.Lock(), {}


def read(nb, name="notebook"):
    """Document of the executed notebook `nb` (a NotebookNode); `name` is its file name without .ipynb.

    Raises ExportError where something cannot be printed.
    """
    # Whoever prints a page prints the PDF as well: the second finds the notebook read.
    key = name, hashlib.sha256(json.dumps(nb, sort_keys=True).encode()).digest()
    with _reading:
        if _last_read.get("key") != key:
            _last_read.update(key=key, document=_Reader(nb, name).document)
        return _last_read["document"]


def plain(tokens):
    """Text of inline tokens without any mark-up."""
    return "".join(
        " "
        if token["type"] in ("softbreak", "linebreak")
        else ""
        if token["type"] == "footnote"
        else token["raw"]
        if "raw" in token
        else plain(token.get("children", ()))
        for token in tokens
    )


def language_runs(text, lang):
    """Split `text` into [(piece, language or None)]; None stands for the language of the document.

    Chinese and Arabic are told by their letters. In a document in Latin script Cyrillic runs are Russian, or Kazakh. A phrase is Kazakh if a third
    of its words have a letter that only Kazakh has; else just those words are (a name in a sentence).
    """
    runs, end = [], 0
    for run in _ELSEWHERE.finditer(text):
        runs += [*_cyrillic_runs(text[end : run.start()], lang), (run.group(), run.lastgroup)]
        end = run.end()
    runs += _cyrillic_runs(text[end:], lang)
    merged = []
    for piece, language in runs:
        if piece and merged and merged[-1][1] == language:
            merged[-1] = (merged[-1][0] + piece, language)
        elif piece:
            merged.append((piece, language))
    return merged


def _cyrillic_runs(text, lang):
    base = lang.split("-")[0].lower()
    cyrillic = base in ("ru", "kk", "uk", "be", "bg", "sr", "mk", "ky", "tg", "mn")
    runs, end = [], 0
    for run in _CYRILLIC_RUN.finditer(text):
        runs.append((text[end : run.start()], None))
        end = run.end()
        for phrase in re.split(r"(?<=[.!?;:«»“”„()])", run.group()):
            words = re.findall(rf"{_CYRILLIC}+", phrase)
            kazakh = [word for word in words if KAZAKH & set(word)]
            default = None if cyrillic else "ru"
            if base == "kk" or not kazakh:
                runs.append((phrase, default))
            elif 3 * len(kazakh) >= len(words):
                runs.append((phrase, "kk"))
            else:
                for piece in re.split(rf"({_CYRILLIC}+)", phrase):
                    runs.append((piece, "kk" if KAZAKH & set(piece) else default))
    runs.append((text[end:], None))
    return runs


def breakable(text, in_cell=False):
    """`text` with zero-width spaces in words that are longer than any of a language.

    In a table, where columns are narrow, words of 24 letters may break, and addresses after punctuation.
    """
    if in_cell:
        text = re.sub(r"(?<=\S{3}[/._?&=:;,@])(?=[^\s\d]\S\S)", "\u200b", text)
    # Chinese breaks between any two signs as it is.
    long_word = r"[^\s\u200b\u3000-\u9fff]{24,}" if in_cell else r"[^\s\u3000-\u9fff]{40,}"
    return re.sub(long_word, lambda word: "\u200b".join(re.findall(r".{1,12}", word.group())), text)


@cache
def glyphs(*names):
    """Code points that at least one of the named fonts has, as a frozenset of characters."""
    from fontTools.ttLib import TTFont

    points = set()
    for name in names:
        folder = OWN_FONTS if (OWN_FONTS / f"{name}.ttf").is_file() else FONTS
        with TTFont(folder / f"{name}.ttf", lazy=True) as font:
            points |= font.getBestCmap().keys()
    return frozenset(map(chr, points))


@cache
def _markdown():
    markdown = mistune.create_markdown(renderer=None, plugins=[table, footnotes, strikethrough])
    # HTML in Markdown is text like any other: it prints as itself.
    markdown.block.rules.remove("raw_html")
    markdown.inline.rules.remove("inline_html")
    return markdown


class _Reader:
    def __init__(self, nb, name):
        self.document, self.cell, self.level, self.ids, self.links = Document(name), 0, 0, set(), []
        sources = list(self._sources(nb))
        # A heading's own anchor must not take the name that a later output asks for.
        self.given = {meta["id"] for _, _, _, meta in sources if meta.get("id")}
        fronts = [(cell, meta) for cell, _, _, meta in sources if meta.get("role") == "front"]
        if len(fronts) > 1:
            self.cell = fronts[1][0]
            self.fail('a second title block (role "front"); keep one')
        if fronts:
            self.document.meta = meta = fronts[0][1]
            self.document.lang = meta.get("lang", "en")
            self.document.title = self.clean(meta.get("title", ""))
            self.document.date = self._long_date(meta.get("date"))
        for self.cell, kind, content, meta in sources:
            self.document.blocks.append(self._block(kind, content, meta))
        self._finish()

    def _long_date(self, day):
        if not day:
            return ""
        from babel import Locale, UnknownLocaleError
        from babel.dates import format_date

        try:
            day = date.fromisoformat(day)
        except ValueError:
            self.fail(f"date {day!r} of the title block is not like 2025-06-30")
        try:
            # Bare "en" would be American to CLDR; day before month is understood everywhere.
            locale = Locale.parse(
                {"en": "en-GB"}.get(self.document.lang, self.document.lang), sep="-"
            )
        except (UnknownLocaleError, ValueError):
            self.fail(
                f"unknown language {self.document.lang!r} of the title block; use a tag like en or ru"
            )
        return format_date(day, "long", locale=locale)

    def fail(self, message):
        raise ExportError(f"notebook {self.document.name}.ipynb, cell {self.cell}: {message}")

    # --- which outputs are shown

    def _sources(self, nb):
        """Yield (cell number from 1, kind, content, metadata) of all that is shown."""
        for self.cell, cell in enumerate(nb.cells, 1):
            if cell.cell_type == "markdown":
                yield self.cell, "prose", cell.source, {}
            if cell.cell_type != "code":
                continue
            for output in cell.outputs:
                kind = output.output_type
                if kind == "error":
                    self.fail(
                        f"stopped with {output.ename}: {output.evalue}; repair it and run again"
                    )
                elif kind == "stream" and output.name == "stderr":
                    line = (output.text.strip().splitlines() or [""])[0][:80]
                    self.fail(f"wrote to stderr: {line!r}; remove the cause")
                elif kind == "stream":
                    if "digest" not in cell.metadata.get("tags", ()):
                        yield self.cell, "pre", output.text, {}
                else:
                    meta = output.metadata.get("factcheck", {})
                    yield self.cell, *self._shown(output.data, output.metadata), meta

    def _shown(self, data, metadata):
        """(kind, content) of the richest form of one output that a brief can show."""
        if "image/svg+xml" in data or "image/png" in data:
            return "figure", (data, metadata)
        if "text/markdown" in data:
            return "prose", data["text/markdown"]
        kind = next(iter(sorted(data)), "nothing")
        self.fail(f"shows a bare result ({kind}); show it with table(…) or say(…), or leave it out")

    # --- blocks

    def _block(self, kind, content, meta):
        role = meta.get("role")
        if kind == "figure":
            block = self.block = Block("figure", self.cell, "figure", meta.get("id"), meta)
            block.id = block.id or f"figure-cell-{self.cell}-{len(self.ids)}"
            self._claim_id(block.id)
            block.figure = Figure(*content, block.id, self)
            return block
        if kind == "pre":
            return Block("pre", self.cell, text=self.clean(content, keep="\n"))
        if role not in ROLES and role is not None:
            self.fail(f"unknown role {role!r}; use one of {', '.join(sorted(ROLES))}")
        block = Block("prose", self.cell, role, meta.get("id"), dict(meta), lang=meta.get("lang"))
        if role == "front":
            block.lang = None
        if block.id in self.ids:
            self._claim_id(block.id)  # fails
        self.block = block
        block.tokens = self._parse(content)
        if block.id in self.ids:
            block.id = None  # its first heading took it
        elif block.id:
            self._claim_id(block.id)
        for key in ("caption", "note"):
            if role == "table" and meta.get(key):
                block.meta[key] = self._parse(meta[key])
        if role == "table":
            self._check_table(block)
        if role == "front":
            paragraphs = [token for token in block.tokens if token["type"] == "paragraph"]
            for i, paragraph in enumerate(paragraphs):
                paragraph["part"] = "byline" if i else "lead"
        if role == "verdict":
            self._mark_verdict(block.tokens)
        return block

    def _check_table(self, block):
        tables = [token for token in block.tokens if token["type"] == "table"]
        if len(tables) != 1:
            self.fail(
                f'an output of role "table" must hold one table, this one holds {len(tables)}'
            )
        columns, widths = len(tables[0]["children"][0]["children"]), block.meta.get("widths")
        if widths and (len(widths) != columns or min(widths) <= 0):
            self.fail(
                f"widths must be {columns} positive numbers, one a column, not {list(widths)}"
            )

    def _mark_verdict(self, tokens):
        for token in tokens:
            if token["type"] == "strong":
                token["verdict"] = True
                return True
            if self._mark_verdict(token.get("children", ())):
                return True

    def _claim_id(self, name):
        if name in self.ids:
            self.fail(
                f"the anchor {name!r} is used twice; give each claim, table and figure its own id"
            )
        self.ids.add(name)

    def _parse(self, source):
        tokens = _markdown()(source)
        notes = {}
        if tokens and tokens[-1]["type"] == "footnotes":
            notes = {item["attrs"]["key"]: item["children"] for item in tokens.pop()["children"]}
        self.notes, self.numbers = notes, {}
        return self._blocks(tokens)

    def _blocks(self, tokens):
        kept = []
        for token in tokens:
            kind = token["type"]
            if kind == "blank_line":
                continue
            if kind in ("paragraph", "block_text", "heading", "table_cell"):
                token["children"] = self._inline(token["children"])
            elif kind == "block_code":
                token["raw"] = self.clean(token["raw"], keep="\n")
            elif "children" in token:
                token["children"] = self._blocks(token["children"])
            if kind == "heading":
                self._heading(token)
            elif kind == "block_quote":
                self._quote(token)
            kept.append(token)
        return kept

    def _heading(self, token):
        level, text = token["attrs"]["level"], plain(token["children"])
        if level > 4:
            self.fail(f"heading {text[:40]!r} is of level {level}; use levels 1 to 4")
        if level > self.level + 1:
            self.fail(
                f"heading {text[:40]!r} jumps from level {self.level} to {level}; leave none out"
            )
        self.level = level
        if self.block.id and self.block.id not in self.ids:
            token["id"] = self.block.id
        else:
            slug = re.sub(r"[\W_]+", "-", text.lower()).strip("-")[:60].strip("-") or "section"
            candidates = (f"{slug}-{n}" if n > 1 else slug for n in range(1, 10_000))
            token["id"] = next(name for name in candidates if name not in self.ids | self.given)
        self._claim_id(token["id"])
        self.document.headings.append((level, token["id"], token["children"]))

    @staticmethod
    def _quote(token):
        """What was said comes first; what follows is its rendering, and who said it after a dash."""
        paragraphs = [child for child in token["children"] if child["type"] == "paragraph"]
        for i, paragraph in enumerate(paragraphs):
            children = paragraph["children"]
            if i and plain(children).lstrip().startswith("—"):
                paragraph["part"] = "by"
            elif i:
                paragraph["part"] = "gloss"
                if len(children) == 1 and children[0]["type"] == "emphasis":
                    paragraph["children"] = children[0][
                        "children"
                    ]  # the gloss is in italics anyway

    # --- inline

    def _inline(self, tokens):
        kept, text = [], ""
        for token in tokens + [{"type": "end"}]:
            kind = token["type"]
            if kind == "text":
                if undefined := re.search(
                    r"\[\^[^\]\s]+\]", token["raw"]
                ):  # escaped, it comes in pieces
                    self.fail(
                        f"footnote {undefined.group()} has no text; write it in the same output"
                    )
                text += html.unescape(token["raw"])
                continue
            if kind == "softbreak":
                text += " "
                continue
            kept += self.words(text)
            text = ""
            if kind == "codespan":
                kept.append({"type": kind, "raw": self.clean(html.unescape(token["raw"]))})
            elif kind == "linebreak":
                kept.append(token)
            elif kind in ("emphasis", "strong", "strikethrough"):
                kept.append({"type": kind, "children": self._inline(token["children"])})
            elif kind == "link":
                kept += self._link(token)
            elif kind == "footnote_ref":
                kept.append(self._footnote(token["raw"]))
            elif kind == "image":
                self.fail("a picture in Markdown; show figures from code, with alt text")
            elif kind != "end":
                self.fail(f"Markdown of kind {kind!r} cannot be printed")
        return kept

    def words(self, text):
        """Inline tokens of a piece of plain text."""
        lang = self.block.lang or self.document.lang
        return [
            {"type": "text", "raw": piece, "lang": language}
            for piece, language in language_runs(self.clean(text), lang)
        ]

    def _link(self, token):
        url, children = html.unescape(token["attrs"]["url"]), self._inline(token["children"])
        if url.startswith("#"):
            self.links.append((self.cell, unquote(url[1:])))
            return [{"type": "link", "url": "#" + unquote(url[1:]), "children": children}]
        if re.match(r"(https?://|mailto:)[^\s\"'<>]+$", url):
            return [{"type": "link", "url": url, "children": children}]
        # Anything else leads nowhere from a single file, or runs code: print it as it was written.
        target = self.clean(unquote(url))
        return children + ([] if target == plain(children) else self.words(f" ({target})"))

    def _footnote(self, key):
        first = key not in self.numbers
        if first:
            self.numbers[key] = len(self.document.notes) + 1
            self.document.notes.append(None)
            self.document.notes[self.numbers[key] - 1] = self._blocks(self.notes[key])
        number = self.numbers[key]
        children = self.document.notes[number - 1]
        return {"type": "footnote", "number": number, "first": first, "children": children}

    # --- characters

    def clean(self, text, keep="", fonts=TEXT_FONTS):
        """`text` with invisible controls shown by their number, and white space as spaces.

        Directional overrides and controls could hide or reverse what was said, so they are written
        out ([U+202E]). A letter or sign that no font has fails the export: a hole in a quote is worse.
        """
        shown = []
        for char in str(text):
            kind = unicodedata.category(char)
            if char in keep or char in _HARMLESS or char == " ":
                shown.append(char)
            elif char in "\n\t\r":
                shown.append(" ")
            elif kind in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
                shown.append(f"[U+{ord(char):04X}]")
            elif char not in glyphs(*fonts):
                name = unicodedata.name(char, "no name")
                self.fail(
                    f"no font has {char} (U+{ord(char):04X}, {name}); write it in another way"
                )
            else:
                shown.append(char)
        return "".join(shown)

    def _finish(self):
        document = self.document
        if not document.title:
            document.title = plain(document.headings[0][2]) if document.headings else document.name
        for cell, target in self.links:
            if target not in self.ids:
                self.cell = cell
                self.fail(f"a link leads to #{target}, which is not in this notebook")
