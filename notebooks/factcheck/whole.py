"""Whole or not at all: one build at a time, in a folder of its own, that can be stopped at any moment."""

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from factcheck import ROOT
from factcheck.stored import BuildError, say


def store(path: Path, content: str | bytes, work: Path | None = None) -> None:
    """Write a file at once or not at all; `work`: a folder on the same disk for what is not yet whole.

    Raises BuildError where another program holds the file open.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = (work or path.parent) / f".{path.name}.part"
    part.write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        os.replace(part, path)
    except PermissionError:  # on Windows
        part.unlink()
        held = "cannot be replaced. Is it open in another program? Close it and run again."
        raise BuildError(f"{path.name} {held}") from None


@contextmanager
def only_build_here() -> Iterator[None]:
    """Hold a lock that ends with the process however it ends, so that it never goes stale."""
    handle, told = os.open(ROOT / "requirements.txt", os.O_RDONLY), False
    try:
        while not _lock(handle):
            if not told:
                say("Another build is running in this folder: waiting for it to end.")
            told = True
            time.sleep(0.2)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    """Lock an open file; whether nobody else has."""
    try:
        if os.name == "nt":
            import msvcrt

            os.lseek(
                handle, 2**30, os.SEEK_SET
            )  # far behind the end: what is locked cannot be read
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # a file system without locks (some network drives): build all the same
        pass
    return True


@contextmanager
def working_folder() -> Iterator[Path]:
    """A new folder `.building-*` in the root. At its end those of killed builds go with it."""
    try:
        work = Path(tempfile.mkdtemp(prefix=".building-", dir=ROOT))
    except OSError as error:
        raise BuildError(f"Nothing can be written in {ROOT}: {error.strerror}") from None
    try:
        yield work
    finally:
        for path in leftovers():
            shutil.rmtree(path, ignore_errors=True)


def leftovers() -> list[Path]:
    """Working folders that killed builds left behind."""
    return list(ROOT.glob(".building-*"))


@contextmanager
def stoppable() -> Iterator[None]:
    """Let SIGTERM, too, end the kernels and sweep up."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
