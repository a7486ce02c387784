"""Runs pandoc, a program that reads the parts and writes HTML or Typst. It is shut in: no file, no network."""

import json
import os
import re
import subprocess
from functools import cache
from html import escape
from pathlib import Path

from . import ExportError, pictures

HERE = Path(__file__).parent
UTF_8 = {"LC_ALL": "C.UTF-8"}  # otherwise it cannot name a folder in Cyrillic, and stops
ROOM = ("+RTS", "-A64m", "-RTS")  # memory enough to tidy up less often, an eighth of its time
PATIENCE = 60  # seconds; a notebook of a thousand cells takes four


@cache
def program() -> str:
    """Path of the pandoc that pypandoc_binary brings."""
    import pypandoc

    return pypandoc.get_pandoc_path()


def write(document, to: str, script: str, template: str | None = None, **meta) -> str:
    """The document's body in the format `to`, or the whole file by a template; fills its pictures and what is told."""
    about = document.about()
    job = {
        "page": document.page,
        "strict": document.strict,
        "lang": document.lang,
        "name": document.name.removesuffix(".ipynb"),
        "title": about["title"],
        "words": document.words,
        "meta": {"lang": document.lang, **meta},
        "parts": document.parts,
    }
    command = [program(), "--from", str(HERE / "reader.lua"), "--to", to]
    command += ["--lua-filter", str(HERE / script), "--wrap", "preserve", "--eol", "lf"]
    command += ["--mathml", "--syntax-highlighting", "none", *ROOM]
    command += ["--template", str(HERE / template)] if template else []
    done = _run(command, json.dumps(job).encode(), document.name)
    said = done.stderr.decode("utf-8", "replace").splitlines()
    if done.returncode:
        why = " ".join(line for line in said if not line.startswith(("told\t", "picture\t")))[:300]
        raise ExportError(f"notebook {document.name}: pandoc cannot read it: {why}")
    _heard(document, said)
    return done.stdout.decode()


def _run(command, job, name):
    """The finished process; one that hangs, perhaps for want of a processor, is tried once more."""
    for _ in range(2):
        try:
            return subprocess.run(
                command, input=job, capture_output=True, timeout=PATIENCE, env=os.environ | UTF_8
            )
        except subprocess.TimeoutExpired:
            continue
    raise ExportError(f"notebook {name}: pandoc does not end; print it in pieces to find the cell")


def _heard(document, lines):
    """Take what the reader said: a line a thing that is missing, or a picture that is named."""
    for line in lines:
        kind, _, rest = line.partition("\t")
        place, _, what = rest.partition("\t")
        if kind == "told":
            document.miss(place or document.name, what)
        elif kind == "picture":
            if what not in document.pictures:
                document.pictures[what] = pictures.at(what, document.folder)
            if problem := document.pictures[what].problem:
                name = "a picture" if what.startswith(("output:", "data:")) else what
                name = re.sub(r"^attachment:\d+-", "", name)
                document.miss(place, f"{name} is not shown, {problem}; mend or drop it")


def meta_text(value) -> str:
    """Text for a page, also within an attribute."""
    return escape(str(value), quote=True)
