"""The two nbconvert exporters; nbconvert finds them through the entry points in pyproject.toml."""

import os
import sys
from pathlib import Path

# jsonschema imports rfc3987_syntax if it is there (JupyterLab brings it), and that compiles grammars for two
# seconds. Without it only the check of URI formats is lost, for which notebooks have no use.
sys.modules.setdefault("rfc3987_syntax", None)

from nbconvert.exporters.exporter import Exporter  # noqa: E402
from traitlets import Unicode, default  # noqa: E402
from traitlets.config import Application, Config  # noqa: E402

from . import ExportError, fonts  # noqa: E402
from .document import Document  # noqa: E402

# Tags of nbconvert's documentation and of Jupyter Book. What the latter only hides, a page folds.
REMOVED = {
    "remove_cell_tags": "cell",
    "remove_input_tags": "input",
    "remove_all_outputs_tags": "output",
}


def _in_shell():
    """Whether `jupyter nbconvert` runs, which would show a traceback around the line."""
    return Application.initialized() and Application.instance().name == "jupyter-nbconvert"


class _BriefExporter(Exporter):
    """What both have in common: how a notebook becomes a Document."""

    language = Unicode(
        help="language of a brief, such as en or ru; by default FACTCHECK_LANGUAGE or the first"
    ).tag(config=True)

    @default("language")
    def _language_default(self):
        return os.environ.get("FACTCHECK_LANGUAGE", "")

    @default("optimistic_validation")
    def _validate_once(self):
        return True  # and not after each of nbconvert's preprocessors

    @property
    def default_config(self):
        tags = {trait: {f"remove-{part}", f"remove_{part}"} for trait, part in REMOVED.items()}
        config = Config({"TagRemovePreprocessor": {"enabled": True, **tags}})
        config.merge(super().default_config)
        return config

    page = True

    def from_notebook_node(self, nb, resources=None, **kw):
        """Return (HTML text or PDF bytes, resources); raises ExportError if the notebook cannot be printed.

        In JupyterLab's server, where an error would arrive as an internal one, a file that says it is returned;
        in a shell the line alone is written.
        """
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        try:
            body, told = self.printed(nb, resources)
        except ExportError as error:
            if "jupyter_server.serverapp" in sys.modules:
                body, told = self.refusal(str(error)), [str(error)]
            elif _in_shell():
                raise SystemExit(str(error)) from None
            else:
                raise
        for line in told:
            self.log.warning(line)
        return body, {**resources, "told": told}

    def printed(self, nb, resources):
        about = resources.get("metadata") or {}
        name = f"{about.get('name') or 'notebook'}.ipynb"
        briefs = (nb.metadata.get("factcheck") or {}).get("brief") or ["en"]
        language = self.language or briefs[0]
        try:
            document = Document(
                self.wanted(nb), name, Path(about.get("path") or "."), language, self.page
            )
            if document.strict or not self.page:
                fonts.checked(document)
            return self.render(document), document.told
        except (ExportError, KeyboardInterrupt):
            raise
        except Exception as error:  # a fault of these exporters: still one line
            self.log.debug("notebook %s", name, exc_info=True)
            what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
            raise ExportError(
                f"notebook {name}: cannot be printed; please report this: {what}"
            ) from error

    def wanted(self, nb):
        """The notebook without what `--no-input` and the other options of nbconvert leave out."""
        asked = self.config.get("TemplateExporter", {})
        for cell in nb.cells:
            if cell.cell_type == "code" and asked.get("exclude_input"):
                cell.metadata["transient"] = {"remove_source": True}
            if cell.cell_type == "code" and asked.get("exclude_output"):
                cell.outputs = []
        kinds = {kind for kind in ("code_cell", "markdown", "raw") if asked.get(f"exclude_{kind}")}
        nb.cells = [
            cell for cell in nb.cells if not {cell.cell_type, f"{cell.cell_type}_cell"} & kinds
        ]
        return nb

    def refusal(self, line):
        """A file of this kind that says why there is none."""
        from nbformat.v4 import new_markdown_cell, new_notebook

        from .labels import labels

        plain = "".join("\\" + char if char in "\\`*_{}[]<>()#+-.!|~$&^" else char for char in line)
        title = labels(self.language or "en")["refused"]
        nb = new_notebook(cells=[new_markdown_cell(f"# {title}\n\n{plain}", id="refused")])
        return self.render(
            Document(nb, "notebook.ipynb", Path("."), self.language or "en", self.page)
        )


class BriefHTMLExporter(_BriefExporter):
    """One self-contained HTML file: no script, no outside address."""

    export_from_notebook = "Brief (HTML)"
    output_mimetype = "text/html"
    file_extension = Unicode(".html").tag(config=True)

    def render(self, document):
        from .page import render

        return render(document)


class BriefPDFExporter(_BriefExporter):
    """PDF/UA-1 and PDF/A-2a through Typst, the same bytes on every run."""

    export_from_notebook = "Brief (PDF)"
    output_mimetype = "application/pdf"
    file_extension = Unicode(".pdf").tag(config=True)
    page = False

    def render(self, document):
        from .pdf import render

        return render(document)


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
