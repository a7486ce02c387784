"""The HTML page: pandoc's by the template, its pictures within it."""

import base64
import json
import re
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

from .. import palette
from . import pandoc
from .pandoc import meta_text

HERE = Path(__file__).parent
IMAGE = re.compile(r'<img\s+src="([^"]*)"((?:\s+[\w-]+="[^"]*")*)\s*/>')


def render(document) -> str:
    """One HTML file without script or outside request."""
    about = document.about()
    html = pandoc.write(
        document, "html5-task_lists", "html.lua", "page.html", **_head(document, about)
    )
    html = IMAGE.sub(lambda found: _picture(document, found), html)
    # A screen reader announces an empty <th> as a heading without words.
    html = re.sub(r"<th([^>]*)>(?:\s|&nbsp;)*</th>", r"<td\1></td>", html)
    return html.replace("<!--styles-->", styles(), 1)


def _head(document, about):
    """What the template puts around the body, as text that is escaped."""
    meta = {
        key: meta_text(value) for key, value in about.items() if isinstance(value, str) and value
    }
    meta["author"] = [meta_text(name) for name in about["authors"] if name]
    if about["site"] and document.share:
        picture = urljoin(about["site"], f"../figures/{document.share['file']}")
        meta["share"] = {"image": meta_text(picture), "alt": meta_text(document.share["alt"])}
    if about["keywords"]:
        meta["keywords"] = meta_text(", ".join(about["keywords"]))
    meta["jsonld"] = [
        json.dumps(review, ensure_ascii=False).replace("<", "\\u003c")
        for review in document.reviews
    ]
    meta["links"] = [
        {"href": meta_text(href), "text": meta_text(text), **lang}
        for href, text, lang in links(document)
    ]
    return {
        key: value for key, value in meta.items() if value
    }  # to the template an empty list is true


def links(document):
    """(address, text, {lang}) of the head of a brief's page: its PDF, other languages, data, repository."""
    if not document.strict:
        return
    stem = re.sub(r"^\d+_", "", document.name.removesuffix(".ipynb"))
    own = {lang: "" if lang == document.languages[0] else f".{lang}" for lang in document.languages}
    yield f"{stem}{own[document.lang]}.pdf", "PDF", {}
    for lang, ending in own.items():
        if lang != document.lang:
            yield f"{stem}{ending}.html", own_name(lang), {"lang": lang}
    facts = {**document.metadata.get("factcheck", {}), **document.front}
    for key in ("data", "repository"):
        if facts.get(key):
            yield facts[key], document.words[key], {}


def own_name(lang):
    """A language's name in that language."""
    from babel import Locale

    return Locale.parse(lang.replace("-", "_")).get_display_name().capitalize()


def _picture(document, found):
    src, attributes = unescape(found[1]), found[2]
    picture = document.pictures.get(src)
    if picture is None or picture.problem:
        alt = re.search(r' alt="([^"]*)"', attributes)
        problem = meta_text(picture.problem if picture else "")
        return f'<span class="absent">{document.words["no-picture"]}: {alt[1] if alt else ""} ({problem})</span>'
    attributes = re.sub(r' style="width:(\d+(?:\.\d+)?)(px)?;?"', r' width="\1"', attributes)
    return picture.html(attributes)


@cache
def styles():
    """The style sheet, with the font in it."""
    faces = []
    for weight, name in ((400, "Regular"), (600, "Semibold")):
        path = HERE / "fonts" / f"FactcheckSans-{name}.woff2"
        if path.exists():
            data = base64.b64encode(path.read_bytes()).decode()
            faces.append(
                f'@font-face {{ font-family: "Factcheck Sans"; font-weight: {weight}; font-display: swap; '
                f'src: url(data:font/woff2;base64,{data}) format("woff2"); }}'
            )
    return "\n".join([*faces, palette.css(), (HERE / "page.css").read_text("utf-8")])
