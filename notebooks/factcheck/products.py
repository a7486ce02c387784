"""What is made from stored notebooks, and whether it still belongs to them: READMEs, pages and PDFs."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from factcheck import ROOT, reads
from factcheck.forms import digest, joined
from factcheck.stored import (
    FIGURES,
    PACKAGE,
    BuildError,
    Notebook,
    file_digest,
    files_below,
    notebooks,
    package_digest,
    read_digest,
    say,
)

SECTION = r"(?s)<!-- ([\w-]+) -->\n.*?<!-- /\1 -->"


def todo(lang: str | None = None) -> list[str]:
    """One line for each thing stored that a build would bring up to date. Executes nothing."""
    books, wrong = notebooks()
    now = cache(read_digest)  # notebooks read the same tables
    found = list(wrong.values())
    for book in books.values():
        if why := book.why(now) or book.lost():
            found.append(f"{book.name}: {why}")
        elif not book.is_tidy:
            found.append(f"{book.name}: is not in the form in which notebooks are stored")
    for book in books.values():
        found += [f"{place} {why}" for place, why in stale_prints(book, books, lang).items()]
    for place, content in readmes(books).items():
        if (ROOT / place).read_bytes() != content:
            found.append(f"{place} is not what the brief shows")
    return found


def problems() -> list[str]:
    """One line for each thing stored that does not belong to the rest. Executes nothing."""
    drawn = {name for book in notebooks()[0].values() for name in book.record.get("figures", ())}
    names = [path.relative_to(FIGURES).as_posix() for path in files_below(FIGURES)]
    return todo() + [f"figures/{n}: no notebook draws it" for n in names if n not in drawn]


# ---- READMEs


def readmes(books: dict[str, Notebook]) -> dict[str, bytes]:
    """{README of each edition: its text}. Between <!-- name --> and <!-- /name --> stands what a brief shows as that."""
    found = {}
    for book in books.values():
        for lang, mark in book.editions.items():
            path = ROOT / f"README{mark}.md"
            if path.is_file():
                page = f"notebooks/{re.sub(r'^[0-9]+_', '', book.stem)}{mark}.html"
                text = found.get(path.name, path.read_bytes()).decode()
                found[path.name] = _filled(text, book, lang, page).encode()
    return found


def _filled(text: str, book: Notebook, lang: str, page: str) -> str:
    """A README's text with its sections as the brief shows them; their links lead into `page`."""
    kind = "text/markdown" if lang == "en" else f"text/vnd.factcheck.{lang}"
    shows = {
        facts["name"]: joined(data[kind]).strip().replace("](#", f"]({page}#")
        for facts, data in reads.displays(book.nb)
        if kind in data and "name" in facts
    }

    def section(match: re.Match) -> str:
        name = match[1]
        return f"<!-- {name} -->\n{shows[name]}\n<!-- /{name} -->" if name in shows else match[0]

    return re.sub(SECTION, section, text)


# ---- Pages and PDFs


def taken(stem: str, books: dict[str, Notebook]) -> set[str]:
    """Stems of the notebooks whose findings one takes, itself or through others."""
    found, left = set(), {stem}
    while left:
        name = left.pop()
        left |= (books[name].needs if name in books else set()) - found
        found |= left
    return found


def print_source(book: Notebook, books: dict[str, Notebook]) -> str:
    """Digest of all that the prints of a brief are made from: notebooks, exporters, colours, labels."""
    about = ("authors", "keywords", "title")
    parts = {
        stem: [one.cells, one.outputs, {key: one.nb["metadata"].get(key) for key in about}]
        for stem, one in books.items()
        if stem in taken(book.stem, books) | {book.stem}
    }
    code = [path.relative_to(PACKAGE).as_posix() for path in files_below(PACKAGE / "export")]
    labels = ROOT / "data/labels.csv"
    words = file_digest(labels) if labels.is_file() else ""
    return digest(parts, code, package_digest((*code, "palette.py")), words)


def stale_prints(book: Notebook, books: dict[str, Notebook], lang: str | None = None) -> dict:
    """{file printed from a notebook: what is wrong with it}. `lang`: only of that edition."""
    places = [place for place, own in book.prints.items() if lang in (None, own)]
    source, known = print_source(book, books) if places else "", book.record.get("prints", {})
    wrong = {}
    for place in places:
        if not (ROOT / place).is_file():
            wrong[place] = "is missing"
        elif known.get(place) != [source, file_digest(ROOT / place)]:
            wrong[place] = "was not printed from the stored notebooks"
    return wrong


def printed(notebook: Path, places: dict[str, str]) -> dict[str, bytes]:
    """{place: content} of `places` {file below the root: language}, printed from an executed notebook.

    Raises BuildError with the exporter's line about what cannot be printed.
    """
    # Side by side: most of the time programs are at work that need no Python meanwhile.
    with ThreadPoolExecutor(2) as pool:
        contents = pool.map(lambda item: _printed(notebook, *item), places.items())
        return dict(zip(places, contents))


def _printed(notebook: Path, place: str, lang: str) -> bytes:
    from factcheck import export

    start = time.monotonic()
    exporter = export.BriefPDFExporter if place.endswith(".pdf") else export.BriefHTMLExporter
    try:
        content, _ = exporter(language=lang).from_filename(str(notebook))
    except export.ExportError as error:
        raise BuildError(f"{place}: {error}") from None
    say(f"{place}: printed in {time.monotonic() - start:.1f} s")
    return content if isinstance(content, bytes) else content.encode()
