"""Parts of a notebook that knows nothing of the brief: its cells and outputs as their author saw them."""

import re

from . import pictures
from .text import markdown, printed

# The richest form first. Where a page needs a script to show its HTML, a picture is richer.
PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")
SCRIPT = re.compile(r"(?i)<script\b")


def folded(cell, part: str) -> bool:
    """Whether a cell's "input" or "output" is to be opened only when asked for, by Jupyter Book's tags."""
    tags = {tag.replace("_", "-") for tag in cell.metadata.get("tags", ())}
    hidden = cell.metadata.get("jupyter", {}).get(
        "source_hidden" if part == "input" else "outputs_hidden"
    )
    return bool(hidden) or bool(tags & {f"hide-{part}", "hide-cell"})


def source(document, cell, place):
    """The part with the source of a code cell; of a brief none."""
    removed = cell.metadata.get("transient", {}).get("remove_source")
    if document.strict or removed or not cell.source.strip():
        return
    fold = folded(cell, "input")
    if fold and not document.page:
        return
    language = document.metadata.get("language_info", {}).get("name", "python")
    part = {"kind": "code", "text": cell.source, "role": "input", "language": language}
    yield part | ({"fold": document.words["code"]} if fold else {})


def text(document, cell, place):
    """The part with a Markdown cell, or with a raw cell as far as it is meant for a reader."""
    fold = folded(cell, "input")
    if fold and not document.page:
        return
    fold = {"fold": document.words["hidden"]} if fold else {}
    if cell.cell_type == "raw":
        kind = cell.metadata.get("format") or cell.metadata.get("raw_mimetype") or ""
        if kind == "text/html" and document.page or kind == "text/markdown":
            yield {"kind": kind.partition("/")[2], "text": cell.source, "role": "cell"} | fold
        elif not kind or kind == "text/plain":
            yield {"kind": "code", "text": cell.source, "role": "output"} | fold
        return
    source = cell.source
    for name, bundle in cell.get("attachments", {}).items():
        mime, data = next(iter(bundle.items()))
        key = f"attachment:{len(document.pictures)}-{re.sub(r'[^A-Za-z0-9.]', '-', name)}"
        document.pictures[key] = pictures.of(mime, data)
        pattern = rf"attachment:(?:{re.escape(name)}|{re.escape(name.replace(' ', '%20'))})"
        source = re.sub(pattern, key, source)
    yield {"kind": "markdown", "text": markdown(source), "role": "cell"} | fold


def output(document, output, place):
    """The parts of an output without facts."""
    if output.output_type == "stream":
        text = printed(output.text)
        if text:
            yield {"kind": "code", "text": text, "role": "output"}
    elif output.output_type == "error":
        lines = output.traceback or [f"{output.ename}: {output.evalue}"]
        yield {"kind": "code", "text": printed("\n".join(lines)), "role": "error"}
    else:
        yield from display(document, output.data, output.metadata, place)


def display(document, data, metadata, place):
    """A bundle in the richest form that can be printed."""
    html = data.get("text/html", "")
    picture = next((mime for mime in PICTURES if mime in data), None)
    if html and not (SCRIPT.search(html) and (picture or "text/plain" in data)):
        yield {"kind": "html", "text": styled(html), "role": "frame"}
    elif "text/markdown" in data:
        yield {"kind": "markdown", "text": markdown(data["text/markdown"]), "role": "cell"}
    elif picture:
        yield shown(document, data, metadata, picture, place)
    elif "text/latex" in data:
        yield {"kind": "markdown", "text": latex(data["text/latex"]), "role": "cell"}
    else:
        if html:
            document.miss(place, "an output that needs a script to be seen; its text is printed")
        elif any("json" in mime or "javascript" in mime for mime in data):
            document.miss(place, f"an output that only {', '.join(data)} hold; its text is printed")
        if "text/plain" in data:
            yield {"kind": "code", "text": printed(data["text/plain"]), "role": "output"}


def shown(document, data, metadata, mime, place):
    """The part with a picture; its description is told to be missing where it is."""
    own = metadata.get(mime, {})
    own = own if isinstance(own, dict) else {}
    plain = data.get("text/plain", "")
    said = [
        bundle.get("alt")
        for bundle in (own, metadata, *metadata.values())
        if isinstance(bundle, dict)
    ]
    alt = next(filter(None, said), "") or ("" if re.match(r"\s*<", plain) else plain)
    if not alt.strip():
        document.miss(place, "a picture without a description; give it one (metadata: alt)")
    src = f"output:{len(document.pictures)}"
    document.pictures[src] = pictures.of(mime, data[mime])
    width = own.get("width") or metadata.get("width")
    return {
        "kind": "picture",
        "src": src,
        "alt": alt.strip(),
        "role": "picture",
        "width": str(width or ""),
    }


def latex(text):
    """What a library displays as LaTeX, as Markdown: a formula, if no dollars say where one is."""
    text = text.strip()
    return markdown(text if "$" in text or text.startswith("\\begin") else f"$${text}$$")


RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


def styled(html):
    """HTML in which the rules for single elements, as a pandas Styler writes them, stand at these elements."""
    sheets = re.findall(r"(?is)<style[^>]*>(.*?)</style>", html)
    rules: dict[str, str] = {}
    for selectors, declarations in RULE.findall("".join(sheets)):
        for name in re.findall(r"#([\w-]+)\s*(?=,|$)", selectors.strip()):
            own = " ".join(declarations.split()).strip("; ")
            rules[name] = f"{rules[name]}; {own}" if name in rules else own
    html = re.sub(r"(?is)<style[^>]*>.*?</style>", "", html)

    def with_style(found):
        rule = rules.get(found[2], "").replace('"', "'")
        return f'{found[0]} style="{rule}"' if rule else found[0]

    return (
        re.sub(r"""(<t[dhr]\b[^>]*?\bid=["']([\w-]+)["'])""", with_style, html) if rules else html
    )
