"""From an executed notebook to the parts that are printed, in one language."""

import hashlib
import json
import re
from pathlib import Path

from . import ExportError, brief, cells
from .labels import labels

FACTS = "application/vnd.factcheck+json"


class Document:
    """What is printed of a notebook.

    name: file name of the notebook; folder: where it and its pictures lie; lang: language of print; strict:
    whether it is a brief; page: whether an HTML page is made and not a PDF; parts: list of dicts, as
    reader.lua takes them; pictures: {src: pictures.Picture}; reviews: JSON-LD objects; front: facts of the front
    page; share: {file, alt} of the picture for those who pass the page on; told: lines on what is missing.
    """

    def __init__(self, nb, name: str, folder: Path, language: str, page: bool):
        self.name, self.folder, self.page = name, folder, page
        self.languages = (nb.metadata.get("factcheck") or {}).get("brief") or []
        self.strict = bool(self.languages)
        self.lang = language
        self.words = labels(language)
        self.pictures, self.reviews, self.told = {}, [], []
        self.front, self.share = {}, {}
        if self.strict and language not in self.languages:
            raise ExportError(
                f"notebook {name}: has no text in {language}; it is written in {', '.join(self.languages)}"
            )
        self.metadata = nb.metadata
        self.parts = brief.carded(brief.grouped(self._parts(nb, name, folder)))

    def miss(self, place: str, what: str) -> None:
        """In a brief the end, in any other notebook a line that is told."""
        line = f"notebook {place}: {' '.join(what.split())}"
        if self.strict:
            raise ExportError(line)
        if line not in self.told:
            self.told.append(line)

    def _parts(self, nb, name, folder):
        """The parts of a notebook, of this one or of one whose sections a brief takes."""
        for number, cell in enumerate(nb.cells, 1):
            place = f"{name}, cell {number}"
            if self.strict and cell.cell_type != "code":
                continue  # notes for those who work on it: they have one language only
            for part in self._cell(cell, place, folder):
                yield {"place": place} | part

    def _cell(self, cell, place, folder):
        if cell.cell_type == "code":
            self._ran(cell, place)
            yield from cells.source(self, cell, place)
        else:
            yield from cells.text(self, cell, place)
        folded = cells.folded(cell, "output")
        if folded and not self.page:
            return
        for output in cell.get("outputs", ()):
            facts = output.get("data", {}).get(FACTS)
            if facts is not None:
                self._fresh(cell, facts, place)
                yield from self._said(output.data, facts, place, folder)
            elif not self.strict:
                for part in cells.output(self, output, place):
                    yield part | ({"fold": self.words["output"]} if folded else {})

    def _said(self, data, facts, place, folder):
        if facts.get("role") == "take":
            for stem in facts["take"]:
                yield from self._parts(
                    self._stored(folder / f"{stem}.ipynb", place), f"{stem}.ipynb", folder
                )
        else:
            yield from brief.parts(self, data, facts, place)

    def _stored(self, path, place):
        import nbformat

        if not path.exists():
            self.miss(
                place, f"takes the sections of {path.name}, which is not there; run or rename it"
            )
            return nbformat.v4.new_notebook()
        return nbformat.v4.to_notebook(json.loads(path.read_text("utf-8")))

    def _ran(self, cell, place):
        if not self.strict:
            return
        if cell.source.strip() and not cell.execution_count:
            self.miss(place, "was not run; run the notebook before it is printed")
        for output in cell.outputs:
            if output.output_type == "error":
                self.miss(
                    place, f"failed with {output.ename}: {output.evalue}; mend it and run it again"
                )

    def _fresh(self, cell, facts, place):
        """The output knows the source that it came from: one that was edited since must not look new."""
        digest = hashlib.sha256(cell.source.encode()).hexdigest()[:8]
        if facts.get("cell") not in (None, digest):
            self.miss(place, "was edited after it was run; run the notebook again")

    # ---- what the head of the page and the properties of the PDF say

    def about(self) -> dict:
        """title, authors, keywords, description, date, digest, version, site: strings or lists of them.

        `site` is the page's own address, "" where it has none in the language of print.
        """
        own = (self.front.get("document") or {}).get(self.lang, {})
        meta = {**self.metadata, **self.front, **own}
        authors = meta.get("authors") or meta.get("author") or []
        authors = [authors] if isinstance(authors, str | dict) else authors
        keywords = meta.get("keywords") or meta.get("tags") or []
        keywords = re.split(r"\s*[,;]\s*", keywords) if isinstance(keywords, str) else keywords
        date = str(meta.get("date") or meta.get("data_date") or "")
        return {
            "title": self._own(meta.get("title")),
            "authors": [self._own(a.get("name") if isinstance(a, dict) else a) for a in authors],
            "keywords": [self._own(word) for word in keywords],
            "description": self._own(meta.get("description") or meta.get("abstract")),
            "date": date if re.fullmatch(r"\d{4}-\d\d-\d\d", date) else "",
            "digest": self._own(meta.get("digest")),
            "version": self._own(meta.get("version")),
            "site": (self.front.get("site") or {}).get(self.lang, ""),
        }

    def _own(self, value):
        """A value of the metadata in the language of print, as one line of text."""
        if isinstance(value, dict):
            value = value.get(self.lang) or next(iter(value.values()), "")
        return " ".join(str(value or "").split())
