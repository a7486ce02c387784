"""Runs in the kernels of a build: notes what a notebook used, so that it runs again when any of that changes."""

import os
import sys
from pathlib import Path

from factcheck import DATA, SEEDS, reads

PACKAGE = Path(__file__).parent
CODE = (".py", ".pyc")


def begin() -> None:
    """From now on note the files of the project that are opened, too; the package itself records more closely."""
    reads.clear()
    sys.addaudithook(_note)


def used() -> dict:
    """{"reads": what was read, "modules": files of this package that were imported}; JSON can hold it."""
    loaded = [getattr(module, "__file__", None) or "" for module in list(sys.modules.values())]
    own = {Path(file) for file in loaded if file.startswith(f"{PACKAGE}{os.sep}")}
    names = {file.relative_to(PACKAGE).as_posix() for file in own}
    return {"reads": reads.recorded(), "modules": sorted(names - {"lab.py", "watch.py"})}


def _note(event: str, arguments: tuple) -> None:
    if event != "open" or not isinstance(arguments[0], str | os.PathLike):
        return
    path, mode = os.path.abspath(os.fspath(arguments[0])), arguments[1] or "r"
    if set(mode) & set("wax+"):
        return
    if path.startswith(f"{PACKAGE}{os.sep}"):
        if not path.endswith(CODE):
            reads.record_file(path)
    elif path.startswith((f"{DATA}{os.sep}", f"{SEEDS}{os.sep}")) and not _by_package():
        reads.record_file(path)


def _by_package() -> bool:
    frame = sys._getframe(2)
    while frame and not frame.f_code.co_filename.startswith(f"{PACKAGE}{os.sep}"):
        frame = frame.f_back
    return bool(frame)
