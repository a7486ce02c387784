"""What JupyterLab and its kernels do so that these notebooks are pleasant to work on; labconfig/ names this module."""

from collections.abc import Iterable
from pathlib import Path

from factcheck import ROOT

FIRST = "notebooks/00_brief.ipynb"
START = "factcheck"  # the address below the server's own at which JupyterLab opens


def load_ipython_extension(shell) -> None:
    """In a kernel: keep the version of Python to itself, or JupyterLab notes it in each notebook that is opened."""
    getattr(shell.kernel, "language_info", {}).pop("version", None)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server) -> None:
    """In the server: trust the stored notebooks, store them as a build does, and show the brief at START."""
    from jupyter_server.base.handlers import JupyterHandler
    from tornado.web import authenticated

    from factcheck.words import as_stored

    class Start(JupyterHandler):
        @authenticated
        def get(self) -> None:
            """The brief is open, and the files beside it are those of the root; START itself takes a token."""
            self.redirect(f"{self.base_url}lab/tree/{FIRST}?file-browser-path=/")

    trust((ROOT / "notebooks").glob("*.ipynb"))
    server.contents_manager.register_pre_save_hook(as_stored)
    server.web_app.add_handlers(".*", [(f"{server.base_url}{START}", Start)])


def trust(paths: Iterable[Path]) -> None:
    """Tell Jupyter that what these notebooks show is this machine's own: else JupyterLab shows no charts."""
    from nbformat.sign import NotebookNotary
    from nbformat.v4 import reads

    try:
        notary = NotebookNotary()
        for path in paths:
            notary.sign(reads(path.read_text("utf-8")))
    except Exception as error:  # only a convenience, and the user's folders may not be writable
        print(f"JupyterLab will ask whether to trust the notebooks ({error}).")
