"""The two nbconvert exporters; nbconvert finds them through the entry points in pyproject.toml."""

import sys
from pathlib import Path

from nbconvert.exporters.exporter import Exporter
from traitlets import default

from .. import NOTEBOOKS, stored
from .document import read


class _BriefExporter(Exporter):
    """What both have in common: how a notebook becomes a Document."""

    @default("optimistic_validation")
    def _validate_once(self):
        return True  # and not after each of nbconvert's preprocessors

    def document(self, nb, resources, **kw):
        """(Document, resources) of an executed notebook; raises ExportError if it cannot be printed."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        about = (resources or {}).get("metadata") or {}
        if (
            Path(about.get("path") or ".").resolve() == NOTEBOOKS
        ):  # a shell in that folder gives none
            # So that a file exported from JupyterLab's menu or in a shell is the one that a build stores.
            for meta in stored.title_blocks(nb):
                meta["digest"] = about.get("digest") or stored.stamp(nb, stored.inputs())
        return read(nb, about.get("name") or "notebook"), resources


class BriefHTMLExporter(_BriefExporter):
    """One self-contained HTML file: no script, no outside address."""

    export_from_notebook = "Brief (HTML)"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self):
        return ".html"

    def from_notebook_node(self, nb, resources=None, **kw):
        """Return (HTML text, resources); raises ExportError if the notebook cannot be printed."""
        from .html import render

        document, resources = self.document(nb, resources, **kw)
        return render(document), resources


class BriefPDFExporter(_BriefExporter):
    """PDF/UA-1 and PDF/A-2a through Typst, the same bytes on every run."""

    export_from_notebook = "Brief (PDF)"
    output_mimetype = "application/pdf"

    @default("file_extension")
    def _file_extension_default(self):
        return ".pdf"

    def from_notebook_node(self, nb, resources=None, **kw):
        """Return (PDF bytes, resources); raises ExportError if the notebook cannot be printed."""
        from .typst import render

        document, resources = self.document(nb, resources, **kw)
        return render(document), resources


class _WithHyphen:
    """The name that one would type, `--to brief-pdf`. JupyterLab's menu must not offer it: the addresses under
    which its server exports know no hyphen and answer 404."""

    @default("enabled")
    def _enabled_default(self):
        return "jupyter_server.serverapp" not in sys.modules


class HyphenHTMLExporter(_WithHyphen, BriefHTMLExporter):
    pass


class HyphenPDFExporter(_WithHyphen, BriefPDFExporter):
    pass


def warm_up():
    """Load what both exporters need the first time, fonts and libraries, by printing a word.

    For a caller that has to wait for something else anyway; nothing depends on it.
    """
    from nbformat.v4 import new_markdown_cell, new_notebook

    from .html import _subset

    _subset("DejaVuSans", "A")
    for exporter in (BriefHTMLExporter, BriefPDFExporter):
        exporter().from_notebook_node(new_notebook(cells=[new_markdown_cell("# A", id="a")]))
