"""Print an executed notebook as one HTML file (`brief-html`) or as an accessible PDF (`brief-pdf`).

    jupyter nbconvert --to brief-html notebooks/00_brief.ipynb
    jupyter nbconvert --to brief-pdf  notebooks/00_brief.ipynb

`document` reads the notebook into a tree, `html` and `typst` print that tree; `brief.html.j2`,
`brief.css` and `brief.typ` hold the looks. `stamp` reads the digest back from a printed file.
"""

from .. import tables

VALUES = ("verdict", "provider", "status", "edition", "country", "topic")


class ExportError(ValueError):
    """The notebook cannot be printed; the message is one line that names the cell and the remedy."""


def labels(lang):
    """Words that the exporters themselves print, as {key: text}, from the `export.` rows of data/labels.csv;
    and as `value.KEY` the words for keys that stand in the plotted numbers.

    A language without a column there (`lang` is a BCP 47 tag, such as "en" or "ru-KZ") gets English.
    """
    language, words = lang.split("-")[0].lower(), {}
    for row in tables.records("labels"):
        kind, _, name = row["key"].partition(".")
        if kind == "export" or kind in VALUES:
            words[name if kind == "export" else f"value.{name}"] = row.get(language) or row["en"]
    return words


def __getattr__(name):
    # nbconvert takes most of a second to import; who only asks for a digest should not wait for it.
    if name.endswith("Exporter") or name == "warm_up":
        from . import exporters

        return getattr(exporters, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
