"""Whole or not at all: one build at a time, in a folder of its own, that can be stopped at any moment."""

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from factcheck import ROOT
from factcheck.stored import STORED, BuildError, say


@contextmanager
def only_build_here() -> Iterator[None]:
    """Hold a lock that ends with the process however it ends, so that it never goes stale."""
    # On Windows a folder cannot be opened, and a locked part of a file cannot be read.
    handle = os.open(ROOT / "pyproject.toml" if os.name == "nt" else STORED, os.O_RDONLY)
    try:
        lock, told = _lock(handle), False
        while not lock():
            if not told:
                say("Another build is running in this folder: waiting for it to end.")
            told = True
            time.sleep(0.2)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> Callable[[], bool]:
    """What tries to lock an open file; it returns whether nobody else holds the lock."""
    if os.name == "nt":
        import msvcrt

        os.lseek(handle, 2**30, os.SEEK_SET)  # far behind the end of the file
        busy, lock = OSError, lambda: msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        busy, lock = BlockingIOError, lambda: fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def attempt() -> bool:
        try:
            lock()
        except busy:
            return False
        except OSError:  # a file system without locks (some network drives): build all the same
            pass
        return True

    return attempt


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


def move_into_place(results: dict[str, bytes], gone: list[str], work: Path) -> None:
    """Store `results` {place below the root: content}, each file at once or not, and remove what is `gone`."""
    for place, content in results.items():
        target, file = ROOT / place, work / "result"
        if target.is_file() and target.read_bytes() == content:
            continue
        file.write_bytes(content)
        target.parent.mkdir(exist_ok=True)
        try:
            os.replace(file, target)
        except PermissionError:
            held = "cannot be replaced. Is it open in another program? Close it and run again."
            raise BuildError(f"{place} {held}") from None
    for place in gone:
        (ROOT / place).unlink(missing_ok=True)
        say(f"{place}: removed, no notebook draws it any more")
