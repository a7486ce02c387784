"""Pictures: checked, so that neither browser nor typesetter meets one that it cannot draw, and made safe."""

import base64
import binascii
import io
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from html import escape
from urllib.parse import unquote_to_bytes

from .. import palette

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"
ElementTree.register_namespace("", SVG[1:-1])
ElementTree.register_namespace("xlink", XLINK[1:-5])
# What could run something or show what is no drawing.
DROPPED = {"script", "foreignObject", "iframe", "animate", "set", "handler", "audio", "video"}
PASSED_ON = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}


@dataclass
class Picture:
    """data: bytes of a file that can be drawn, of the type `ending`; width: its own, in CSS pixels; inline: of
    a chart, the drawings as HTML; narrow: of a chart, the drawing for a narrow column; problem: why there is none, in
    a few words."""

    data: bytes = b""
    ending: str = ""
    width: float = 0
    inline: str = ""
    narrow: bytes = b""
    problem: str = ""

    def html(self, attributes: str) -> str:
        """The element that shows it; `attributes` hold its alt text."""
        if self.inline:
            label = re.search(r'alt="([^"]*)"', attributes)
            return self.inline.replace("\x00", label[1] if label else "")
        mime = "svg+xml" if self.ending == "svg" else self.ending.replace("jpg", "jpeg")
        data = base64.b64encode(self.data).decode()
        size = f' width="{self.width:.0f}"' if "width" not in attributes and self.width else ""
        return f'<img src="data:image/{mime};base64,{data}"{attributes}{size}>'


def of(mime: str, data) -> Picture:
    """Picture of an output or an attachment: SVG as text, anything else in base64."""
    data = "".join(data) if isinstance(data, list) else data
    if mime == "image/svg+xml" and "<svg" in data:
        return drawing(data)
    try:
        return image(base64.b64decode(data))
    except (binascii.Error, ValueError):
        return Picture(problem="its data cannot be read")


def at(src: str, folder) -> Picture:
    """Picture that Markdown names by a data: address or a path beside the notebook."""
    if src.startswith("data:"):
        head, _, body = src.partition(",")
        raw = unquote_to_bytes(body)
        try:
            raw = base64.b64decode(raw) if ";base64" in head else raw
        except (binascii.Error, ValueError):
            return Picture(problem="its data cannot be read")
    elif re.match(r"(?i)[a-z][a-z0-9+.-]+:|//", src):
        return Picture(problem="it lies on the web, where nothing is fetched from")
    else:
        path = folder / unquote_to_bytes(re.sub(r"[?#].*$", "", src)).decode("utf-8", "replace")
        if not path.is_file():
            return Picture(problem="there is no such file")
        raw = path.read_bytes()
    start = raw[:1000].lstrip(b"\xef\xbb\xbf \r\n\t")
    return drawing(raw.decode("utf-8", "replace")) if start.startswith(b"<") else image(raw)


def image(raw: bytes) -> Picture:
    """A raster picture; one of a kind that browsers or Typst do not know becomes a PNG."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(raw)) as opened:
            opened.load()
            kind, mode, width = opened.format, opened.mode, opened.width
            if kind not in PASSED_ON or mode not in ("1", "L", "LA", "P", "RGB", "RGBA"):
                out = io.BytesIO()
                opened.convert("RGBA" if "A" in mode else "RGB").save(out, "PNG")
                raw, kind = out.getvalue(), "PNG"
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return Picture(problem="it is damaged or of an unknown kind")
    return Picture(raw, PASSED_ON[kind], width)


def drawing(text: str) -> Picture:
    """An SVG made harmless. It keeps its style sheets: an <img> closes them in."""
    try:
        root = parsed(text)
    except (ElementTree.ParseError, ValueError) as error:
        return Picture(problem=f"its SVG cannot be read ({error})")
    return Picture(ElementTree.tostring(root), "svg", width(root))


def parsed(text: str):
    """The root of an SVG without what could run or load something; raises ValueError, ParseError."""
    text = re.sub(r"(?s)<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", "", text.strip())
    start = re.search(r"<svg\b[^>]*", text)
    spaces = (
        ("xmlns=", f' xmlns="{SVG[1:-1]}"'),
        ("xmlns:xlink=", f' xmlns:xlink="{XLINK[1:-5]}"'),
    )
    missing = "".join(space for name, space in spaces if start and name not in start[0])
    text = text.replace("<svg", f"<svg{missing}", 1)
    root = ElementTree.fromstring(text)
    if root.tag != SVG + "svg":
        raise ValueError("no <svg>")
    _harmless(root)
    return root


def _harmless(parent):
    for child in list(parent):
        if not isinstance(child.tag, str) or child.tag.removeprefix(SVG) in DROPPED:
            parent.remove(child)
            continue
        if child.tag == SVG + "style" and child.text:
            child.text = re.sub(
                r"(?i)@import[^;]*;?|url\((?!['\"]?(?:#|data:))[^)]*\)", "", child.text
            )
        _harmless(child)
    for name, value in list(parent.attrib.items()):
        link = name in ("href", XLINK) and not re.match(r"#|data:image/", value)
        outside = re.search(r"(?i)url\((?!['\"]?#)|javascript:", value)
        if name.lower().startswith("on") or link or outside:
            del parent.attrib[name]


def width(root) -> float:
    """Width of an SVG in CSS pixels, from its attributes or its view box; 0 if it names none."""
    units = {"": 1, "px": 1, "pt": 4 / 3, "in": 96, "cm": 96 / 2.54, "mm": 9.6 / 2.54, "em": 16}
    found = re.fullmatch(r"\s*([\d.]+)\s*(px|pt|in|cm|mm|em|)\s*", root.get("width", ""))
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    return float(found[1]) * units[found[2]] if found else float(box[2]) if len(box) == 4 else 0


def chart(name: str, page: str, phone: str | None) -> Picture:
    """A chart of the house: in a page both drawings inline, coloured by the page; in a PDF one of them."""
    picture = drawing(page)
    if not picture.problem:
        drawn = [(page, "page"), (phone, "phone")] if phone else [(page, "only")]
        picture.inline = "".join(_inline(svg, f"{name}-{kind}", kind) for svg, kind in drawn)
        picture.narrow = drawing(phone).data if phone else b""
    return picture


def _inline(text, prefix, kind):
    """An SVG as part of a page, with ids of its own and the page's colours; \\0 stands for its alt text."""
    root = parsed(text)
    for unused in ("metadata", "title", "desc"):
        for child in root.findall(SVG + unused):
            root.remove(child)
    _own_ids(root, prefix)
    for path in root.iter(SVG + "path"):  # a hundredth of a point is finer than any screen
        path.set("d", re.sub(r"(\.\d\d)\d+", r"\1", " ".join(path.get("d", "").split())))
    box = root.get("viewBox") or f"0 0 {width(root):g} {width(root) * 0.6:g}"
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("viewBox", box)
    svg = ElementTree.tostring(root, encoding="unicode").replace(f' xmlns="{SVG[1:-1]}"', "")
    svg = re.sub(r"\s*\n\s*", " ", svg)
    themed = palette.themed(svg)
    kind += "" if themed else " own"
    svg = themed or svg
    svg = svg.replace("Source Sans 3", "Factcheck Sans")
    return svg.replace("<svg", f'<svg role="img" aria-label="\x00" class="{escape(kind)}"', 1)


def _own_ids(root, prefix):
    """Make the ids that are used unique in the page; matplotlib gives every chart the same ones."""
    values = [value for element in root.iter() for value in element.attrib.values()]
    found = re.findall(r"(?:^|\burl\()['\"]?#([\w.:-]+)", "\n".join(values), re.MULTILINE)
    used = set(found)
    for element in root.iter():
        for name, value in list(element.attrib.items()):
            if name == "id" and value in used:
                element.set(name, f"{prefix}-{value}")
            elif name == "id":
                del element.attrib[name]
            elif name == XLINK or name == "href" and value.startswith("#"):
                del element.attrib[name]
                element.set("href", f"#{prefix}-{value[1:]}" if value.startswith("#") else value)
            elif "url(#" in value:
                element.set(name, value.replace("url(#", f"url(#{prefix}-"))
