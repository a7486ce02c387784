"""What is stored, and whether it belongs together; decided by content, never by file times.

A fresh clone, a switched branch and a touched file therefore do the right thing. There is no state file: each
stored notebook says in its metadata `factcheck` what it was made from and what it left behind, as SHA-256:

    cells     its own cells: kind, source, tags
    data      seeds/ and data/
    code      the package without what no notebook imports (PRINTING, APART), and requirements.txt
    outputs   what is stored below its cells
    figures   {file: SHA-256} of each file that it wrote into figures/

and each export is stamped with the digest of all that it was made from (`stamp`).
"""

import hashlib
import json
import re
import sys

from factcheck import DATA, NOTEBOOKS, ROOT, SEEDS

# Not FIGURES: that may point elsewhere for a run that only compares.
FIGURES = ROOT / "figures"
PACKAGE = NOTEBOOKS / "factcheck"
# Code that no notebook imports: the first changes the exports at most, the second nothing that is stored.
PRINTING = ("export/", "build.py", "stored.py")
APART = (
    "__main__.py",
    "changes.py",
    "checks.py",
    "labconfig/",
    "lite.py",
    "lite.txt",
    "refresh.py",
    "reuse.py",
)
README_PART = r"(?s)<!-- ([\w-]+) -->\n.*?<!-- /\1 -->"
RANDOM_ID = (
    r"[0-9a-f]{8}(-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?"  # as Jupyter gives new cells
)
LINEWISE = ("image/svg+xml", "application/javascript")  # stored line by line, like text/…
# What would differ from one Python to the next is left out.
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


class BuildError(Exception):
    """What stopped the build, in words for the person who started it."""


# ---- Is it up to date?


class Notebook:
    """A stored notebook: `path`, `nb` (its JSON), `text` and `why` it must run again (None: it need not)."""

    def __init__(self, path, inputs):
        self.path, self.inputs = path, inputs
        try:
            self.text = path.read_text("utf-8")
            self.nb = json.loads(self.text)
            self.cells = _cells_digest(self.nb)
            self.why = self._why()
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BuildError(
                f"{shown_name(path)} is not a notebook that can be read: {error}"
            ) from None

    def _why(self):
        known = self.nb["metadata"].get("factcheck", {})
        if any(
            c["cell_type"] == "code"
            and joined(c["source"]).strip()
            and not c.get("execution_count")
            for c in self.nb["cells"]
        ):
            return "has cells that were never run"
        if not known:
            return "was never built"
        for part, words in (("data", "the data changed"), ("code", "the package changed")):
            if known.get(part) != self.inputs[part]:
                return f"{words} since it was run"
        if known.get("cells") != self.cells:
            return "its cells changed since it was run"
        if known.get("outputs") != outputs_digest(self.nb):
            return "its outputs are not those of its last build"
        for name, digest in known.get("figures", {}).items():
            if not (FIGURES / name).is_file():
                return f"figures/{name} is missing"
            if file_digest(FIGURES / name) != digest:
                return f"figures/{name} is not what it drew"
        return None

    @property
    def has_data(self):
        """Whether it was stored with the data as they are now."""
        return self.nb["metadata"].get("factcheck", {}).get("data") == self.inputs["data"]

    @property
    def figures(self):
        """{file name: SHA-256} of the figures that this notebook wrote."""
        return self.nb["metadata"].get("factcheck", {}).get("figures", {})

    @property
    def exports(self):
        """Files printed from this notebook: 00_brief.ru.ipynb → brief.ru.html, brief.ru.pdf; others none."""
        match = re.fullmatch(r"00_(brief(\.[\w-]+)?)\.ipynb", self.path.name)
        return [NOTEBOOKS / f"{match[1]}.{kind}" for kind in ("html", "pdf")] if match else []

    def stale_exports(self):
        """{file: what is wrong with it} of its exports."""
        if not self.exports:
            return {}
        from factcheck.export.stamp import digest_of

        wanted = stamp(self.nb, self.inputs)
        return {
            path: "was not printed from the stored notebook" if path.is_file() else "is missing"
            for path in self.exports
            if digest_of(path) != wanted
        }


def notebooks(lang=None):
    """Stored notebooks, the brief's editions first. `lang`: only the brief in that language ("en", "ru", …).

    Raises BuildError if a notebook cannot be read or there is none in that language.
    """
    given = inputs()
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    if lang:
        wanted = "00_brief.ipynb" if lang == "en" else f"00_brief.{lang}.ipynb"
        paths = [path for path in paths if path.name == wanted]
        if not paths:
            raise BuildError(f"There is no notebooks/{wanted}.")
    found = [Notebook(path, given) for path in paths]
    return sorted(found, key=lambda n: not n.exports)


def inputs():
    """SHA-256 of what notebooks and exports are made from: {"data", "code", "printing"}."""
    printing, code = [], [("requirements.txt", _bytes(ROOT / "requirements.txt"))]
    for path in files_below(PACKAGE):
        name = path.relative_to(PACKAGE).as_posix()
        if not name.startswith(APART):
            (printing if name.startswith(PRINTING) else code).append((name, path.read_bytes()))
    data = [
        path
        for path in files_below(DATA)
        if path.suffix == ".csv" or path.name == "datapackage.json"
    ]
    return {
        "data": _digest(
            (p.relative_to(ROOT).as_posix(), p.read_bytes()) for p in [*files_below(SEEDS), *data]
        ),
        "code": _digest(code),
        "printing": _digest([*printing, code[0]]),
    }


def problems():
    """One line for each thing stored that is not what a build would store now. Executes nothing."""
    found, stored = [], notebooks()
    for notebook in stored:
        if notebook.why:
            found.append(f"{shown_name(notebook.path)}: {notebook.why}")
        found += [f"{shown_name(path)} {why}" for path, why in notebook.stale_exports().items()]
        found += [
            f"{shown_name(path)}: its tables are not those of {shown_name(notebook.path)}"
            for path, text in readmes(notebook, notebook.nb).items()
            if path.read_text("utf-8") != text
        ]
    written = {name for notebook in stored for name in notebook.figures}
    found += [
        f"{shown_name(path)}: no notebook draws it"
        for path in files_below(FIGURES)
        if path.relative_to(FIGURES).as_posix() not in written
    ]
    return found


# ---- Forms and digests


def readmes(notebook, nb):
    """{README of this edition: its text with the tables that the brief shows}, at most one.

    A table stands in the README between <!-- id --> and <!-- /id -->, where `id` is that of the output.
    """
    if not notebook.exports:
        return {}
    html = notebook.exports[0]
    path = ROOT / html.name.replace("brief", "README").replace(".html", ".md")
    if not path.is_file():
        return {}
    shown = {
        output.get("metadata", {}).get("factcheck", {}).get("id"): joined(
            output["data"]["text/markdown"]
        )
        for cell in nb["cells"]
        for output in cell.get("outputs", ())
        if "text/markdown" in output.get("data", {})
    }

    def part(match):
        if match[1] not in shown:
            return match[0]
        table = shown[match[1]].replace("](#", f"]({shown_name(html)}#")
        return f"<!-- {match[1]} -->\n{table}\n<!-- /{match[1]} -->"

    return {path: re.sub(README_PART, part, path.read_text("utf-8"))}


def canonical(nb):
    """The text that is stored for a notebook: equal contents, equal bytes, as nbformat would write them."""

    def lines(text):
        return joined(text).splitlines(keepends=True)

    given = [cell.get("id", "") for cell in nb["cells"]]
    given = [
        "" if re.fullmatch(RANDOM_ID, name) or name in given[:number] else name
        for number, name in enumerate(given)
    ]
    cells, base, taken = [], "cell", set(given)
    for name, cell in zip(given, nb["cells"]):
        metadata = without(cell["metadata"], "execution", "ExecuteTime")
        if name:
            base = name
        else:  # named after its place, so that it has one name on every machine and in every language's edition
            name = next(
                new
                for n in range(1, len(given) + 1)
                if (new := f"{base[:50]}-new-{n}") not in taken
            )
            taken.add(name)
        if joined(cell["source"]).startswith(
            "say("
        ):  # JupyterLab shows the text, and its code at a click
            metadata = {**metadata, "jupyter": {"source_hidden": True}}
        cell = {**cell, "id": name, "metadata": metadata, "source": lines(cell["source"])}
        if cell["cell_type"] == "code":
            outputs = []
            for output in cell["outputs"]:
                output = without(output, "transient")
                if "text" in output:
                    output["text"] = lines(output["text"])
                if "data" in output:
                    output["data"] = {
                        kind: lines(value)
                        if kind.startswith("text/") or kind in LINEWISE
                        else value
                        for kind, value in output["data"].items()
                    }
                outputs.append(output)
            cell["outputs"] = outputs
        cells.append(cell)
    metadata = {**nb["metadata"]} | {"kernelspec": KERNELSPEC, "language_info": LANGUAGE}
    nb = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return (
        json.dumps(nb, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": ")) + "\n"
    )


def title_blocks(nb):
    """The metadata of each title block (an output of role front); a brief has one."""
    found = (
        output.get("metadata", {}).get("factcheck", {})
        for cell in nb["cells"]
        for output in cell.get("outputs", ())
    )
    return [meta for meta in found if meta.get("role") == "front"]


def stamp(nb, inputs):
    """Digest that the exports of a notebook carry: of all they show, and of the code that prints them."""
    return _digest(
        [("cells", _cells_digest(nb)), ("outputs", outputs_digest(nb)), *sorted(inputs.items())]
    )


def _cells_digest(nb):
    return _digest(
        (c["cell_type"], json.dumps([joined(c["source"]), c["metadata"].get("tags", [])]))
        for c in nb["cells"]
    )


def outputs_digest(nb):
    """SHA-256 of all that is stored below the cells of a notebook."""
    nb = json.loads(canonical(nb))  # one form, whether text came as a string or as lines
    code = [cell for cell in nb["cells"] if cell["cell_type"] == "code"]
    return _digest(
        [(str(c["execution_count"]), json.dumps(c["outputs"], sort_keys=True)) for c in code]
    )


def _digest(parts):
    """SHA-256 of (name, content) pairs, such that no two lists of pairs run into the same bytes."""
    digest = hashlib.sha256()
    for name, content in parts:
        content = content.encode() if isinstance(content, str) else content
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def file_digest(path):
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def files_below(folder):
    """Files below `folder`, sorted by name; without caches, hidden files and editors' backups."""
    return sorted(
        (
            path
            for path in folder.rglob("*")
            if path.is_file()
            and not any(
                part.startswith(".") or part.endswith("~") or part == "__pycache__"
                for part in path.relative_to(folder).parts
            )
        ),
        key=lambda path: path.relative_to(folder).as_posix(),
    )


def _bytes(path):
    return path.read_bytes() if path.is_file() else b""


def joined(text):
    """A multi-line string of a notebook, which may be stored as one string or line by line."""
    return text if isinstance(text, str) else "".join(text)


def without(mapping, *keys):
    """A copy of a mapping that lacks these keys."""
    return {key: value for key, value in mapping.items() if key not in keys}


def shown_name(path):
    """A file's place in the project, as messages name it."""
    return path.relative_to(ROOT).as_posix()


def say(line):
    """Tell the user what is being done."""
    # One write, so that lines from several threads do not run into one another.
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
