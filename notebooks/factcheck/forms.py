"""The form in which notebooks are stored: equal contents, equal bytes, nothing of the machine or the account.

Works on the JSON of a notebook, without nbformat, which takes longer to import than a build with nothing to do.
"""

import hashlib
import json
import re

# What a stored notebook may hold; the rest is of the machine, the account or the editor that saved it.
KEPT_OF_NOTEBOOK = ("authors", "factcheck", "keywords", "title")
KEPT_OF_RECORD = ("brief", "cells", "figures", "modules", "outputs", "package", "prints", "reads")
KEPT_OF_CELL = ("editable", "raw_mimetype", "slideshow", "tags")
CELL_FIELDS = ("attachments", "cell_type", "execution_count", "id", "metadata", "outputs", "source")
OUTPUT_FIELDS = (
    *("data", "ename", "evalue", "execution_count", "metadata", "name"),
    *("output_type", "text", "traceback"),
)
# As JupyterLab, VS Code and Colab give them to new cells.
RANDOM_ID = r"[0-9a-f]{8}(-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?|(?=.*[A-Z])[\w-]{12}"
LINEWISE = ("application/javascript", "image/svg+xml")  # stored line by line, like text/…
LANGUAGE = {  # without the version of Python, which differs from one machine to the next
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def tidy(nb: dict) -> dict:
    """A notebook in its stored form: known fields only, lasting ids, texts line by line."""
    metadata = _only(nb["metadata"], KEPT_OF_NOTEBOOK)
    if "factcheck" in metadata:
        metadata["factcheck"] = _only(metadata["factcheck"], KEPT_OF_RECORD)
    cells = [_tidy_cell(cell, id_) for cell, id_ in zip(nb["cells"], _ids(nb["cells"]))]
    metadata |= {"kernelspec": KERNELSPEC, "language_info": LANGUAGE}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def written(nb: dict) -> str:
    """The text of a tidy notebook, as nbformat writes it: equal contents, equal bytes."""
    options = {"ensure_ascii": False, "indent": 1, "sort_keys": True, "separators": (",", ": ")}
    return json.dumps(nb, **options) + "\n"


def _ids(cells: list[dict]) -> list[str]:
    """Names of the cells. A new cell, whose id is random or taken, is named after the one before it, for good."""
    given = [cell.get("id", "") for cell in cells]
    names, taken, base = [], {*given}, "cell"
    for name in given:
        if not name or name in names or re.fullmatch(RANDOM_ID, name):
            numbers = range(1, len(given) + 1)
            name = next(n for i in numbers if (n := f"{base[:50]}-new-{i}") not in taken)
        else:
            base = name
        names.append(name)
        taken.add(name)
    return names


def _tidy_cell(cell: dict, id_: str) -> dict:
    metadata = _only(cell["metadata"], KEPT_OF_CELL)
    folded = _only(cell["metadata"].get("jupyter", {}), ("source_hidden", "outputs_hidden"))
    if folded:
        metadata["jupyter"] = folded
    source = joined(cell["source"]).splitlines(keepends=True)
    cell = {**_only(cell, CELL_FIELDS), "id": id_, "metadata": metadata, "source": source}
    if cell["cell_type"] == "code":
        cell.setdefault("execution_count", None)
        cell["outputs"] = [_tidy_output(output) for output in cell.get("outputs", ())]
    return cell


def _tidy_output(output: dict) -> dict:
    output = _only(output, OUTPUT_FIELDS)
    if "text" in output:
        output["text"] = joined(output["text"]).splitlines(keepends=True)
    if "data" in output:
        output["data"] = {
            kind: joined(content).splitlines(keepends=True)
            if kind.startswith("text/") or kind in LINEWISE
            else content
            for kind, content in output["data"].items()
        }
        metadata = output.get("metadata", {})
        output["metadata"] = _only(metadata, (*output["data"], "isolated", "needs_background"))
    return output


def _only(mapping: dict, keys: tuple[str, ...]) -> dict:
    return {key: value for key, value in mapping.items() if key in keys}


def cells_digest(nb: dict) -> str:
    """SHA-256 of the cells of a tidy notebook, without what they show."""
    return digest(
        [[c["cell_type"], joined(c["source"]), c["metadata"].get("tags", [])] for c in nb["cells"]]
    )


def outputs_digest(nb: dict) -> str:
    """SHA-256 of all that is stored below the cells of a tidy notebook."""
    code = [cell for cell in nb["cells"] if cell["cell_type"] == "code"]
    return digest([[cell["execution_count"], cell["outputs"]] for cell in code])


def digest(*parts: object) -> str:
    """SHA-256 of values that JSON can hold."""
    return sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode())


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def joined(text: str | list[str]) -> str:
    """A multi-line string of a notebook, which may be stored as one string or line by line."""
    return "".join(text) if isinstance(text, list) else text
