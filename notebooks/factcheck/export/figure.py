"""Figures: a chart's SVG made safe and small, cropped to the drawing, with its words beside it."""

import base64
import csv
import io
import re
import struct
import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"
ElementTree.register_namespace("", SVG[1:-1])  # once: page and PDF are printed side by side
XLINK = "{http://www.w3.org/1999/xlink}href"
PHONE = "application/x-factcheck-phone+svg"
# Characters: several minutes to listen to, and a string of PDF/A may not have more than 32,767 bytes.
LONGEST_ALT = 10_000

# Chart colours and the variables of brief.css that replace them, so that dark mode reaches the charts.
COLOURS = {
    "#1f2933": "--ink",
    "#52606d": "--muted",
    "#d9dee3": "--grid",
    "#9aa5b1": "--context",
    "#b3261e": "--accent",
    "#f3d9a4": "--band",
    "#8a5a00": "--bandedge",
    "#ffffff": "--paper",
    "#000000": "--ink",
}


class Figure:
    """One figure of an output.

    title, subtitle, source: inline tokens, empty where not given; alt: str; rows: the plotted numbers
    as a list of rows, the first one the head, empty where not given; csv: the same as text.
    wide, phone: Drawing, `phone` None where not given.
    """

    def __init__(self, data, metadata, name, reader):
        meta = metadata.get("factcheck", {})
        mime = "image/svg+xml" if "image/svg+xml" in data else "image/png"
        self.id = name
        self.alt = reader.clean(meta.get("alt") or metadata.get(mime, {}).get("alt") or "").strip()
        if not self.alt:
            reader.fail('a figure without alt text; show it with charts.show(figure, …, alt="…")')
        if len(self.alt) > LONGEST_ALT:  # the numbers stand below the chart and in its CSV
            self.alt = re.sub(r"[;.,]?\s+\S*$", "", self.alt[:LONGEST_ALT]) + " …"
        self.title, self.subtitle, self.source = (
            reader.words(meta.get(key) or "") for key in ("title", "subtitle", "source")
        )
        source = data[mime] if mime == "image/svg+xml" else _wrap_png(data[mime])
        self.wide = Drawing(source, f"{name}-w-", meta.get("crop"), reader)
        self.phone = Drawing(data[PHONE], f"{name}-p-", None, reader) if PHONE in data else None
        self.csv = data.get("text/csv", "")
        self.rows = [
            [reader.clean(cell) for cell in row] for row in csv.reader(io.StringIO(self.csv))
        ]


class Drawing:
    """An SVG. width, height: of its view box, in pt; glyphs: {bold: set of characters}."""

    def __init__(self, source, prefix, crop, reader):
        try:
            root = self.root = ElementTree.fromstring(source)
        except ElementTree.ParseError as error:
            reader.fail(f"an SVG that cannot be read ({error}); draw it again")
        self.glyphs = {False: set(), True: set()}
        box = crop or [float(number) for number in root.get("viewBox", "").split()]
        if len(box) != 4:
            reader.fail("an SVG without a viewBox; save it with matplotlib")
        self.width, self.height = box[2], box[3]
        self._prune(root, bool(crop), reader)
        self._prefix(root, prefix)
        for name in ("width", "height", "version"):
            root.attrib.pop(name, None)
        root.set("style", "stroke-linejoin:round;stroke-linecap:butt")
        root.set("viewBox", " ".join(f"{number:g}" for number in box))

    def text(self):
        """The SVG as text, its own colours and fonts as they were drawn."""
        text = ElementTree.tostring(self.root, encoding="unicode")
        return re.sub(r"('DejaVu Sans')(?:, *(?:'[^']*'|[\w-]+))+", r"\1", text)

    def themed(self):
        """The SVG as text, its colours replaced by the variables of brief.css."""

        def variable(found):
            name = COLOURS.get(found[2].lower())
            return found[1] + (f"var({name})" if name else found[2])

        return re.sub(r"((?:fill|stroke): ?)(#[0-9a-fA-F]{6})\b", variable, self.text())

    def _prune(self, parent, head_too, reader):
        """Drop what is printed elsewhere or of no use, refuse what could run or load something."""
        for child in list(parent):
            tag = child.tag.removeprefix(SVG)
            if tag in ("metadata", "style") or (
                head_too and child.get("id") in ("chart-head", "chart-foot")
            ):
                parent.remove(child)
                continue
            if tag in ("script", "foreignObject", "a", "animate", "set"):
                reader.fail(f"an SVG with <{tag}>; a figure may hold drawing and text only")
            for name, value in list(child.attrib.items()):
                outside = re.search(r"url\((?!['\"]?#)", value) or (
                    name in ("href", XLINK)
                    and not value.startswith(("#", "data:image/png;base64,"))
                )
                if name.lower().startswith("on") or outside:
                    shown = f'{name.split("}")[-1]}="{value[:40]}"'
                    reader.fail(f"an SVG with {shown}; a figure may run nothing and load nothing")
                if name == XLINK:
                    child.set("href", child.attrib.pop(name))
            if tag in ("text", "tspan", "title"):
                child.text = reader.clean(child.text or "", fonts=("DejaVuSans",))
                bold = re.search(r"font(?:-weight)?: *(?:bold|[6-9]00)", child.get("style", ""))
                if tag != "title":
                    self.glyphs[bool(bold)] |= set(child.text)
            else:
                child.text = None
            if tag == "path":
                # A hundredth of a point is finer than any screen or printer.
                child.set("d", re.sub(r"(\.\d\d)\d+", r"\1", " ".join(child.get("d", "").split())))
            if child.get("transform", "").startswith("rotate(-0 "):
                del child.attrib["transform"]  # turned by nothing
            if tag != "tspan":
                child.tail = None
            self._prune(child, head_too, reader)
            if tag == "g" and not len(child) and not child.get("id"):
                parent.remove(child)
        parent.text = (parent.text or "").strip() or None if parent is self.root else parent.text

    def _prefix(self, root, prefix):
        """Make the ids that are used unique in the document: matplotlib gives every figure the same ones."""
        values = [value for element in root.iter() for value in element.attrib.values()]
        used = {name for value in values for name in re.findall(r"^#(.+)|url\(#(.+?)\)", value)}
        used = {name for pair in used for name in pair}
        for element in root.iter():
            for name, value in list(element.attrib.items()):
                if name == "id" and value in used:
                    element.set(name, prefix + value)
                elif name == "id":
                    del element.attrib[name]
                elif name == "href" and value.startswith("#"):
                    element.set(name, "#" + prefix + value[1:])
                elif "url(#" in value:
                    element.set(name, value.replace("url(#", f"url(#{prefix}"))


def _wrap_png(data):
    """An SVG around a base64 PNG, at 144 pixels an inch, so that both printers know one kind of figure."""
    data = "".join(data.split())
    width, height = struct.unpack(">II", base64.b64decode(data)[16:24])
    size = f'width="{width / 2}" height="{height / 2}"'
    return (
        f'<svg xmlns="{SVG[1:-1]}" viewBox="0 0 {width / 2} {height / 2}">'
        f'<image {size} href="data:image/png;base64,{data}"/></svg>'
    )
