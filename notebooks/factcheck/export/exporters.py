"""The two nbconvert exporters; nbconvert finds them through the entry points in pyproject.toml."""

from nbconvert.exporters.exporter import Exporter
from traitlets import default

from .document import read


class BriefHTMLExporter(Exporter):
    """One self-contained HTML file: no script, no outside address."""

    export_from_notebook = "Brief (HTML)"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self):
        return ".html"

    def from_notebook_node(self, nb, resources=None, **kw):
        """Return (HTML text, resources); raises ExportError if the notebook cannot be printed."""
        from .html import render

        nb, resources = super().from_notebook_node(nb, resources, **kw)
        return render(read(nb, _name(resources))), resources


class BriefPDFExporter(Exporter):
    """PDF/UA-1 and PDF/A-2a through Typst, the same bytes on every run."""

    export_from_notebook = "Brief (PDF)"
    output_mimetype = "application/pdf"

    @default("file_extension")
    def _file_extension_default(self):
        return ".pdf"

    def from_notebook_node(self, nb, resources=None, **kw):
        """Return (PDF bytes, resources); raises ExportError if the notebook cannot be printed."""
        from .typst import render

        nb, resources = super().from_notebook_node(nb, resources, **kw)
        return render(read(nb, _name(resources))), resources


def warm_up():
    """Load what both exporters need the first time, fonts and libraries, by printing a word.

    For a caller that has to wait for something else anyway; nothing depends on it.
    """
    from nbformat.v4 import new_markdown_cell, new_notebook

    from .html import _subset

    _subset("DejaVuSans", "A")
    for exporter in (BriefHTMLExporter, BriefPDFExporter):
        exporter().from_notebook_node(new_notebook(cells=[new_markdown_cell("# A", id="a")]))


def _name(resources):
    return (resources.get("metadata") or {}).get("name") or "notebook"
