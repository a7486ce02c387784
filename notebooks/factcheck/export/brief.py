"""Parts of displays that say what they are: the role, the language and the claim stand in their facts."""

import csv
import io
import re

from . import pictures
from .text import markdown, unbroken

ROLES = frozenset(
    "front tiles summary claim verdict text chart chart-title chart-source evidence note table details"
    " records columns annex sources research take reviews".split()
)
# What a claim without a chart consists of: it is printed as a compact card.
CARD = frozenset("claim verdict text evidence note details".split())

SEPARATOR = re.compile(r"(?<!\\)\|")
CODE = re.compile(r"`[^`]*`")
FIGURE = ("chart-title", "chart", "chart-source", "numbers")  # in this order


def mime(lang: str) -> str:
    """Type of a display's text in a language."""
    return "text/markdown" if lang == "en" else f"text/vnd.factcheck.{lang}"


def svg_mime(lang: str, size: str) -> str:
    """Type of a chart drawn for the "page" or the "phone" in a language."""
    first = (lang, size) == ("en", "page")
    return "image/svg+xml" if first else f"text/vnd.factcheck.svg.{size}.{lang}"


def parts(document, data, facts, place):
    """The parts of a display that is printed in the document's language; none for one that is not."""
    role = facts.get("role", "text")
    if role not in ROLES:
        document.miss(place, f"unknown role {role!r}; it must be one of {', '.join(sorted(ROLES))}")
        role = "text"
    if "share" in facts:
        document.share = document.share or facts["share"].get(document.lang, {})
    if role == "reviews":
        document.reviews += facts["reviews"].get(document.lang, [])
    elif role == "chart":
        yield from chart(document, data, facts, place)
    elif role != "research" and facts.get("lang", document.lang) == document.lang:
        if role == "details" and not document.page:
            return
        if role == "front":
            document.front = facts
        text = data.get("text/markdown" if "lang" in facts else mime(document.lang))
        if text is None:
            document.miss(place, f"has no text in {document.lang}; run the notebook again")
            text = data.get("text/markdown", "")
        check(document, text, facts, role, place)
        more = extra(facts, role)
        role = "evidence" if role == "records" else role  # they look alike
        text = unbroken(markdown(text), document.lang, document.page)
        yield {"kind": "markdown", "text": text, "role": role, "own": "yes"} | more


def check(document, text, facts, role, place):
    """Tell a table that is none, or whose rows are not of one length: cells would vanish or shift."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    widths = {len(SEPARATOR.findall(CODE.sub("", row))) for row in rows}
    if len(widths) > 1:
        least, most = min(widths) - 1, max(widths) - 1
        document.miss(place, f"a table whose rows have {least} to {most} cells; give each as many")
    if role in ("table", "sources") and len(rows) < 3:
        document.miss(place, f"a display of the role {role} without a table; write one")
    if "sources" in facts and len(facts["sources"]) != len(rows) - 2:
        what = f"a table of {len(rows) - 2} rows for {len(facts['sources'])} sources"
        document.miss(place, f"{what}; give each source a row")


def extra(facts, role):
    """What of the facts the printers need: the claim's anchor, the tiles' groups, the sources' ids."""
    found = {}
    if role == "claim" and "claim" in facts:
        found["anchor"] = f"claim-{facts['claim']}"
    elif role == "annex":
        found["anchor"] = "annex"
    elif role in ("table", "text") and "name" in facts:
        found["anchor"] = facts["name"]
    if role == "tiles":
        found["groups"] = [tile["group"] for tile in facts["tiles"]]
    if "sources" in facts:
        found["rows"] = [f"source-{source}" for source in facts["sources"]]
    return found


def chart(document, data, facts, place):
    """The part with a chart: drawn twice for a page, once for the PDF; its numbers for a page."""
    name, lang = facts["name"], document.lang
    texts = facts["texts"].get(lang) or {}
    drawings = [data.get(svg_mime(lang, size)) for size in ("page", "phone")]
    if not drawings[0] or not texts.get("alt", "").strip():
        what = "alt text" if drawings[0] else "picture"
        document.miss(place, f"chart {name} has no {what} in {lang}; run the notebook again")
        drawings[0] = drawings[0] or data.get("image/svg+xml", "")
    src = f"chart:{name}"
    if src in document.pictures:
        document.miss(place, f"chart {name} is shown twice; a name is one address")
    document.pictures[src] = pictures.chart(name, *drawings)
    yield {
        "kind": "picture",
        "src": src,
        "alt": texts.get("alt", ""),
        "role": "chart",
        "anchor": name,
    }
    rows = [row for row in csv.reader(io.StringIO(facts.get("csv") or ""))]
    if document.page and len(rows) > 1:
        rows[0] = [document.words.get(f"column.{column}", column) for column in rows[0]]
        title = texts.get("title") or name
        numbers = {
            "kind": "numbers",
            "rows": rows,
            "csv": facts["csv"],
            "name": name,
            "title": title,
        }
        yield numbers | {"role": "numbers"}


def carded(parts):
    """The parts, those of a claim without a chart marked as of a card."""
    section: list[dict] = []
    for part in [*parts, {"role": "annex"}]:
        heading = part["role"] == "text" and part["text"].startswith("#")
        if part["role"] in CARD - {"claim"} and not heading:
            section.append(part)
            continue
        if section and section[0]["role"] == "claim" and part["role"] != "figure":
            for one in section:
                one["card"] = "yes"
        section = [part]
    return parts


def grouped(parts):
    """Parts in which a chart, the title before it and the numbers and source line after it are one figure."""
    out: list[dict] = []
    for part in parts:
        before = out[-1] if out else {}
        if part["role"] == "chart":
            figure = {"kind": "group", "role": "figure", "place": part["place"], "parts": [part]}
            figure |= {"anchor": f"figure-{part['anchor']}", "own": "yes"}
            if before.get("role") == "chart-title":
                figure["parts"].insert(0, out.pop())
            out.append(figure)
        elif part["role"] in ("numbers", "chart-source") and before.get("role") == "figure":
            before["parts"] = sorted(
                [*before["parts"], part], key=lambda one: FIGURE.index(one["role"])
            )
        else:
            out.append(part)
    return out
