"""What the words of data/ lack: labels, languages, placeholders; and texts still to be written. Used by `check`."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from .csvfiles import DESCRIPTOR, Row

Tables = dict[str, list[Row]]
# What a new project leaves for its author to write.
TO_WRITE = re.compile(r"\[(?:to write|вписать): [^\]\n]*\]")


def missing_labels(tables: Tables) -> Iterator[str]:
    """Labels that a table or a chart needs; each in all languages, with the same placeholders."""
    keys = {row["key"] for row in tables["labels"]}
    wanted = {f"country.{row['country']}" for row in tables["series"]}
    wanted |= {f"provider.{row['provider']}" for row in tables["sources"] if row["provider"]}
    counted = [key.rpartition(".") for key in keys if key.startswith("count.")]
    forms = {form for _, _, form in counted}  # those that any noun has: each language has others
    wanted |= {f"{noun}.{form}" for noun, _, _ in counted for form in forms}
    for key in sorted(wanted - keys):
        yield f"data/labels.csv: the label {key} is missing"
    for row in tables["labels"]:
        if row["key"].startswith("count."):
            continue
        first, *others = [name for name in row if name != "key"]
        for language in others:
            wanted, own = ({*re.findall(r"{(\w*)", row[name])} for name in (first, language))
            # A language may need a further one: its noun goes with the number.
            if not row[language] or not wanted <= own:
                yield row.problem(language, f"what “{row[first]}” is in this language")


def one_sided(tables: Tables) -> Iterator[str]:
    """Texts that stand in one language only, and English quotation marks in Russian."""
    languages = [name for name in next(iter(tables["labels"]), {}) if name != "key"]
    for row in (row for rows in tables.values() for row in rows):
        for column, text in row.cells.items():
            stem, _, language = column.rpartition("_")
            if language == "ru" and "”" in text:
                yield row.problem(column, "quotation marks as Russian has them: «…», inside „…“")
            if not text or language not in languages or stem in ("", "ours"):
                continue
            for other in (f"{stem}_{code}" for code in languages):
                if not row.cells.get(other, text):
                    yield row.problem(other, f"the text of {column} in this language, too")


def unused_labels(tables: Tables, root: Path) -> list[str]:
    """Keys that neither the package nor a notebook names, whole or by a family and values that occur.

    A program may put a key together: f"verdict.{word}", "hedge." + word, or of the family alone.
    """
    paths = [*root.glob("notebooks/factcheck/**/*"), *root.glob("notebooks/*.ipynb")]
    kinds = (".py", ".ipynb", ".html", ".typ", ".lua")
    own = [path for path in paths if path.suffix in kinds and path != Path(__file__)]
    code = "".join(path.read_text("utf-8") for path in own)
    families = {*re.findall(r"""["']([a-z][\w.-]*?)\.(?=[{"'\\])""", code)}
    words = {*re.findall(r"[\w-]+", code)} | {*re.findall(r"[\w.-]+", code)}
    words |= {*re.findall(r"[\w-]+", (root / "data" / DESCRIPTOR).read_text("utf-8"))}
    for row in (row for name, rows in tables.items() if name != "labels" for row in rows):
        words |= {word for cell in row.cells.values() for word in cell.split("|")}

    def is_used(key):
        parts = key.split(".")
        splits = ((".".join(parts[:n]), parts[n:]) for n in range(1, len(parts)))
        return key in words or any(f in families and words.issuperset(v) for f, v in splits)

    return [row["key"] for row in tables["labels"] if not is_used(row["key"])]


def to_write(root: Path) -> list[str]:
    """One line for each text that a new project leaves for its author: in tables, notebooks, READMEs, licence."""
    patterns, lines = ("data/*.csv", "notebooks/*.ipynb", "README*.md", "LICENSE"), []
    for path in (path for pattern in patterns for path in sorted(root.glob(pattern))):
        unit, texts = _texts(path)
        for number, text in enumerate(texts, 1):
            place = f"{path.relative_to(root).as_posix()}, {unit} {number}"
            lines += [f"{place}: {mark}" for mark in TO_WRITE.findall(text)]
    return lines


def _texts(path):
    """("row", "cell" or "line", the texts of these) of a table, a notebook or any other file."""
    text = path.read_text("utf-8-sig")
    if path.suffix == ".ipynb":
        return "cell", ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
    return ("row" if path.suffix == ".csv" else "line"), text.splitlines()
