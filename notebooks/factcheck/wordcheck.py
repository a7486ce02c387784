"""What the words of data/ lack: labels, languages, placeholders; and texts still to be written. Used by `check`."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from .csvfiles import DESCRIPTOR, Row

Tables = dict[str, list[Row]]
# What a new project leaves for its author to write.
TO_WRITE = re.compile(r"\[(?:to write|вписать): [^\]\n]*\]")
# Labels that the blocks need for each value of a column: family -> (table, column).
LABELLED = {
    "country": ("series", "country"),
    "provider": ("sources", "provider"),
}


def missing_labels(tables: Tables) -> Iterator[str]:
    """Labels that a table or a chart needs; each in all languages, with the same placeholders."""
    keys = {row["key"] for row in tables["labels"]}
    for family, (table, column) in LABELLED.items():
        for value in sorted({row[column] for row in tables[table]} - {""}):
            if f"{family}.{value}" not in keys:
                yield f"data/labels.csv: the label {family}.{value} is missing"
    forms = {key.rpartition(".")[2] for key in keys if key.startswith("count.")}
    for noun in sorted({key.rpartition(".")[0] for key in keys if key.startswith("count.")}):
        for form in sorted(forms):  # those that any noun has: each language has others
            if f"{noun}.{form}" not in keys:
                yield f"data/labels.csv: the label {noun}.{form} is missing"
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
    """Keys that neither the package nor a notebook names, whole or by a family and values that occur."""
    code = "".join(
        path.read_text("utf-8")
        for folder, pattern in (("notebooks/factcheck", "**/*"), ("notebooks", "*.ipynb"))
        for path in sorted((root / folder).glob(pattern))
        if path.suffix in (".py", ".ipynb", ".html", ".typ", ".lua") and path != Path(__file__)
    )
    # f"verdict.{word}", "hedge." + word, or the family alone in quotation marks.
    families = {*re.findall(r"""["']([a-z][\w.-]*?)\.?(?=[{"'\\])""", code)}
    words = {*re.findall(r"[\w-]+", code)} | {*re.findall(r"[\w.-]+", code)}
    words |= {*re.findall(r"[\w-]+", (root / "data" / DESCRIPTOR).read_text("utf-8"))}
    for name, rows in tables.items():
        if name != "labels":
            words |= {
                word for row in rows for cell in row.cells.values() for word in cell.split("|")
            }
    return [
        key
        for key in (row["key"] for row in tables["labels"])
        if key not in words and not _in_family(key.split("."), families, words)
    ]


def _in_family(parts, families, words):
    """Whether the key's first parts are named in the code, and all that follow occur somewhere."""
    return any(
        ".".join(parts[:n]) in families and words.issuperset(parts[n:])
        for n in range(1, len(parts))
    )


def to_write(root: Path) -> list[str]:
    """One line for each text that a new project leaves for its author: in tables, notebooks, READMEs, licence."""
    patterns = ("data/*.csv", "notebooks/*.ipynb", "README*.md", "LICENSE")
    return [
        f"{path.relative_to(root).as_posix()}, {unit} {number}: {mark}"
        for path in (path for pattern in patterns for path in sorted(root.glob(pattern)))
        for unit, texts in [_texts(path)]
        for number, text in enumerate(texts, 1)
        for mark in TO_WRITE.findall(text)
    ]


def _texts(path):
    """("row", "cell" or "line", the texts of these) of a table, a notebook or any other file."""
    text = path.read_text("utf-8-sig")
    if path.suffix == ".ipynb":
        return "cell", ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
    return ("row" if path.suffix == ".csv" else "line"), text.splitlines()
