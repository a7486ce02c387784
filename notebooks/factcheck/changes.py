"""What a build changed, in words: verdicts, plotted numbers, sentences. A reviewer reads it before committing."""

import csv
import io
import json
import re
import subprocess
import tarfile
from collections import Counter
from pathlib import PurePosixPath

from factcheck import NOTEBOOKS, ROOT
from factcheck.stored import FIGURES, files_below, joined


def state():
    """What is stored now, for `changes`: ({figure's CSV: text}, {notebook: Counter of its sentences})."""
    return _state(
        {
            path.relative_to(ROOT).as_posix(): path.read_bytes()
            for path in [*files_below(FIGURES), *NOTEBOOKS.glob("*.ipynb")]
        }
    )


def committed():
    """The same as it stands in the last commit; None outside a git checkout, or without git."""
    try:
        archive = subprocess.run(
            ["git", "archive", "HEAD", "figures", "notebooks"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return _state(
            {member.name: tar.extractfile(member).read() for member in tar if member.isfile()}
        )


def _state(files):
    """Of {place in the project: content}."""
    names = {PurePosixPath(name): content for name, content in files.items()}
    # Those that are drawn: what stands on the pictures for sharing changes with the sentences.
    tables = {
        path.name: content.decode()
        for path, content in names.items()
        if path.match("figures/*.csv") and path.with_suffix(".svg") in names
    }
    sentences = {}
    for path, content in names.items():
        if not path.match("notebooks/*.ipynb"):
            continue
        found = sentences[path.name] = Counter()
        for cell in json.loads(content)["cells"]:
            for output in cell.get("outputs", ()):
                text = joined(output.get("data", {}).get("text/markdown", ""))
                # Marks without a word are no sentence, and the digest of the inputs always changes.
                found.update(
                    s
                    for s in (s.strip() for s in re.split(r"(?<=[.!?…])\s+|\n+", text))
                    if re.search(r"\w\w", s) and "SHA-256" not in s
                )
    return tables, sentences


def changes(before, after, most=20, few=5):
    """Lines that say what changed between two `state()`s: verdicts, plotted numbers, sentences."""
    verdicts, values, sentences = [], [], []
    for name in sorted(before[0].keys() | after[0].keys()):
        if name not in before[0] or name not in after[0]:
            values.append(f"figures/{name}: " + ("new" if name in after[0] else "gone"))
        elif before[0][name] != after[0][name]:
            for column, line in _moved(before[0][name], after[0][name]):
                (verdicts if column == "verdict" else values).append(
                    line if column == "verdict" else f"figures/{name}: {line}"
                )
    for name in sorted(before[1].keys() | after[1].keys()):
        old, new = before[1].get(name, Counter()), after[1].get(name, Counter())
        gone, come = list((old - new).elements()), list((new - old).elements())
        if gone or come:
            sentences.append(f"notebooks/{name}: {len(gone)} sentences gone, {len(come)} new")
            sentences += [f"  - {s}" for s in gone[:few]] + [f"  + {s}" for s in come[:few]]
    lines = []
    for title, found, limit in (
        ("Verdicts", verdicts, None),
        ("Figures", values, most),
        ("Sentences", sentences, None),
    ):
        if found:
            lines += [f"{title}:", *(f"  {line}" for line in found[:limit])]
            lines += [f"  and {len(found) - limit} more"] if limit and len(found) > limit else []
    return lines or ["Nothing that a reader sees has changed."]


def _moved(before, after):
    """(column, 'key: column from → to') for each cell that differs between two CSV texts."""
    (old_head, *old), (new_head, *new) = (
        list(csv.reader(text.splitlines())) or [[]] for text in (before, after)
    )
    for column in sorted(set(old_head) ^ set(new_head)):
        yield None, f"column {column} " + ("new" if column in new_head else "gone")
    # The key is as many of the first columns as tell the rows apart; plotted tables start with them.
    for width in range(1, len(old_head) + 1):
        if all(len({tuple(row[:width]) for row in rows}) == len(rows) for rows in (old, new)):
            break
    old, new = (
        {tuple(row[:width]): dict(zip(head, row)) for row in rows}
        for head, rows in ((old_head, old), (new_head, new))
    )
    for key in [*old, *(key for key in new if key not in old)]:
        label = " ".join(key)
        if key not in old or key not in new:
            row = new.get(key) or old[key]
            verdict = f" ({row['verdict']})" if "verdict" in row else ""
            yield (
                "verdict" if verdict else None,
                f"{label}: " + ("new" if key in new else "gone") + verdict,
            )
            continue
        for column, value in old[key].items():
            if column in new[key] and new[key][column] != value:
                yield column, f"{label}: {column} {_short(value)} → {_short(new[key][column])}"


def _short(text):
    """A plotted number as a person reads it: 69.4042 and not sixteen digits."""
    return f"{float(text):.6g}" if re.fullmatch(r"-?\d+\.\d{3,}", text) else text
