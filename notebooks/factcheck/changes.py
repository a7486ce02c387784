"""What a build changed, in words: verdicts, plotted numbers, sentences. A reviewer reads it before committing."""

import csv
import re
from collections import Counter

from factcheck.stored import FIGURES, files_below, joined, notebooks


def state():
    """What is stored now, for `changes`: ({figure's CSV: text}, {notebook: Counter of its sentences})."""
    # Those that are drawn: what stands on the pictures for sharing changes with the sentences.
    tables = {p.name: p.read_text("utf-8") for p in files_below(FIGURES)
              if p.suffix == ".csv" and p.with_suffix(".svg").is_file()}
    sentences = {}
    for notebook in notebooks():
        found = sentences[notebook.path.name] = Counter()
        for cell in notebook.nb["cells"]:
            for output in cell.get("outputs", ()):
                text = joined(output.get("data", {}).get("text/markdown", ""))
                found.update(s for s in (s.strip() for s in re.split(r"(?<=[.!?…])\s+|\n+", text)) if s)
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
                    line if column == "verdict" else f"figures/{name}: {line}")
    for name in sorted(before[1].keys() | after[1].keys()):
        old, new = before[1].get(name, Counter()), after[1].get(name, Counter())
        gone, come = list((old - new).elements()), list((new - old).elements())
        if gone or come:
            sentences.append(f"notebooks/{name}: {len(gone)} sentences gone, {len(come)} new")
            sentences += [f"  - {s}" for s in gone[:few]] + [f"  + {s}" for s in come[:few]]
    lines = []
    for title, found, limit in (("Verdicts", verdicts, None), ("Figures", values, most),
                                ("Sentences", sentences, None)):
        if found:
            lines += [f"{title}:", *(f"  {line}" for line in found[:limit])]
            lines += [f"  and {len(found) - limit} more"] if limit and len(found) > limit else []
    return lines or ["Nothing that a reader sees has changed."]


def _moved(before, after):
    """(column, 'key: column from → to') for each cell that differs between two CSV texts."""
    (old_head, *old), (new_head, *new) = (
        list(csv.reader(text.splitlines())) or [[]] for text in (before, after))
    for column in sorted(set(old_head) ^ set(new_head)):
        yield None, f"column {column} " + ("new" if column in new_head else "gone")
    # The key is as many of the first columns as tell the rows apart; plotted tables start with them.
    for width in range(1, len(old_head) + 1):
        if all(len({tuple(row[:width]) for row in rows}) == len(rows) for rows in (old, new)):
            break
    old, new = ({tuple(row[:width]): dict(zip(head, row)) for row in rows}
                for head, rows in ((old_head, old), (new_head, new)))
    for key in [*old, *(key for key in new if key not in old)]:
        label = " ".join(key)
        if key not in old or key not in new:
            row = new.get(key) or old[key]
            verdict = f" ({row['verdict']})" if "verdict" in row else ""
            yield "verdict" if verdict else None, f"{label}: " + ("new" if key in new else "gone") + verdict
            continue
        for column, value in old[key].items():
            if column in new[key] and new[key][column] != value:
                yield column, f"{label}: {column} {value} → {new[key][column]}"
