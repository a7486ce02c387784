"""Words that the exporters themselves print."""

from functools import cache

from factcheck import DATA, csvfiles

ENGLISH = {
    "back": "Back to text",
    "code": "Code",
    "contents": "Contents",
    "data": "Data",
    "download": "Download (CSV)",
    "footnotes": "Notes",
    "hidden": "Hidden cell",
    "more": "# more",
    "no-description": "Picture without a description",
    "no-picture": "Picture not shown",
    "numbers": "Numbers of this figure",
    "output": "Output",
    "refused": "This notebook was not printed",
    "repository": "Repository",
    "on-page": "Further sources (#) are named on the page and in the data (ZIP).",
    "skip": "Skip to content",
    "table": "Table",
    "words": "In the source’s words",
}


@cache
def labels(lang: str) -> dict[str, str]:
    """{key: word} from the `export.` rows of data/labels.csv; English where a word has none."""
    words = dict(ENGLISH)
    if (DATA / "labels.csv").exists():
        for row in csvfiles.records("labels"):
            if row["key"].startswith("export."):
                key = row["key"].removeprefix("export.")
                words[key] = row.get(lang.split("-")[0]) or row["en"]
    return words
