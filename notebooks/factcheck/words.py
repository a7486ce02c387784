"""Sentences and displays in all languages: `%%say`, and what shows the same for each language at once.

A sentence is Markdown with named placeholders: `{low:n0}` is a variable of the notebook, formatted for the
sentence's language. Dots and indices are allowed, expressions are not.
"""

import os
import string
from collections.abc import Callable
from hashlib import sha256

from IPython import get_ipython
from IPython.core.error import UsageError
from IPython.display import display

from factcheck.language import Filler, Language, languages

FACTS = "application/vnd.factcheck+json"


def fill(text: str, code: str, names: dict) -> str:
    """Markdown with each {name:format} replaced by the value of that name, formatted for a language.

    A brace that is to be printed is written twice. Raises NameError for a name that is not there (with the
    nearest), ValueError for a wrong format or brace, KeyError for a label that is not there (with the nearest).
    """
    try:
        list(string.Formatter().parse(text))
    except ValueError as error:
        raise ValueError(
            f"a brace belongs to no placeholder, write {{name:format}}: {error}"
        ) from None
    return Filler(Language(code)).vformat(text, (), names)


# Displays


class _Running:
    """The cell that runs: exporters recognise by its digest what was edited but not run."""

    digest = ""

    @classmethod
    def note(cls, info) -> None:
        cls.digest = cell_digest(info.raw_cell)


def cell_digest(source: str) -> str:
    """Short digest of a cell's source, as displays carry it."""
    return sha256(source.encode()).hexdigest()[:8]


def mime(code: str) -> str:
    """MIME type of a text in a language: JupyterLab knows the first one's, the others travel beside it."""
    return "text/markdown" if code == languages()[0] else f"text/vnd.factcheck.{code}"


def svg_mime(code: str, size: str) -> str:
    """MIME type of a drawing for a language and a size ("page" or "phone")."""
    first = (code, size) == (languages()[0], "page")
    return "image/svg+xml" if first else f"text/vnd.factcheck.svg.{size}.{code}"


def publish(bundle: dict, role: str, **facts: object) -> None:
    """Display a bundle with its role and facts, which the exporters read and nbval compares."""
    shown = os.environ.get("FACTCHECK_LANGUAGE", "")
    facts = {"role": role, **facts, "cell": _Running.digest}
    if shown in languages()[1:] and "lang" not in facts:
        bundle, facts = _swapped(bundle, shown), facts | {"shown": shown}
    display({**bundle, FACTS: facts}, raw=True)


def _swapped(bundle: dict, code: str) -> dict:
    """The bundle with the first language and another in each other's place, for those who work in the other."""
    first = languages()[0]
    names = {mime(first): mime(code), svg_mime(first, "page"): svg_mime(code, "page")}
    names |= {other: own for own, other in names.items()}
    return {names.get(key, key): value for key, value in bundle.items()}


def as_stored(model: dict, **_: object) -> None:
    """Jupyter's pre-save hook: what is stored has the first language in front, whatever its author looks at."""
    if model["type"] != "notebook" or model["content"].get("nbformat") != 4:
        return
    for cell in model["content"]["cells"]:
        for output in cell.get("outputs", ()):
            shown = output.get("data", {}).get(FACTS, {}).pop("shown", None)
            if shown:
                output["data"] = _swapped(output["data"], shown)


def show(make: Callable[[Language], str], role: str, **facts: object) -> None:
    """Display `make(language)`, which returns Markdown, in every language at once."""
    publish({mime(code): make(Language(code)) for code in languages()}, role, **facts)


def say(line: str, cell: str) -> None:
    """%%say LANGUAGE [ROLE]: the cell is Markdown in that language; {name:format} is a variable of the notebook."""
    words = line.split()
    if not 1 <= len(words) <= 2 or words[0] not in languages():
        known = ", ".join(languages())
        raise UsageError(f"%%say takes a language ({known}) and perhaps a role, not “{line}”")
    code, role = words[0], words[1] if len(words) == 2 else "text"
    text = fill(cell, code, get_ipython().user_ns)
    publish({"text/markdown": text}, role, lang=code)


def load_ipython_extension(shell) -> None:
    """Make `%%say` known, and note which cell runs."""
    shell.register_magic_function(say, "cell")
    shell.events.register("pre_run_cell", _Running.note)
