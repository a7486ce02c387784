"""What a build changed, in words: verdicts, numbers, sentences. A reviewer reads it before committing."""

import csv
import io
import json
import re
import subprocess
import tarfile
from collections import Counter
from collections.abc import Iterator

from factcheck import ROOT, reads
from factcheck.forms import joined, tidy
from factcheck.stored import FIGURES, STORED, files_below, shown

MOST, FEW = 20, 5  # changed numbers in all; sentences of a notebook and language that are quoted


def state() -> dict[str, dict]:
    """What is stored now: `findings` by claim, `figures` (CSV) by place, `sentences` counted by notebook and language."""
    paths = [*files_below(FIGURES), *STORED.glob("*.ipynb")]
    return _state({shown(path): path.read_bytes() for path in paths})


def committed() -> dict[str, dict] | None:
    """The same as it stands in the last commit; None outside a git checkout, or without git."""
    command = ["git", "archive", "HEAD"]
    try:
        archive = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return _state({file.name: tar.extractfile(file).read() for file in tar if file.isfile()})


def _state(files: dict[str, bytes]) -> dict[str, dict]:
    found = {"findings": {}, "figures": {}, "sentences": {}}
    for name, content in files.items():
        if re.fullmatch(r"figures/[^/]+\.csv", name):
            found["figures"][name] = content.decode()
        elif re.fullmatch(r"notebooks/[^/]+\.ipynb", name):
            nb = tidy(json.loads(content))
            found["findings"] |= findings(nb)
            for lang, sentence in _sentences(nb):
                found["sentences"].setdefault((name, lang), Counter())[sentence] += 1
    return found


def findings(nb: dict) -> dict[str, dict]:
    """{claim: what `conclude` left of it} in a notebook's outputs."""
    return {finding["claim"]: finding for finding in reads.findings_in(nb)}


def _sentences(nb):
    """(language, sentence or line) of all that a notebook says."""
    for facts, data in reads.displays(nb):
        for kind, content in data.items():
            match = re.fullmatch(r"text/(?:markdown|vnd\.factcheck\.([\w-]+))", kind)
            for text in re.split(r"(?<=[.!?…])\s+|\n+", joined(content)) if match else ():
                if re.search(r"\w\w", text):  # marks without a word are no sentence
                    yield facts.get("lang") or match[1] or "en", text.strip()


def changes(before: dict[str, dict], after: dict[str, dict]) -> list[str]:
    """Lines that say what changed between two states."""
    numbers = list(_numbers(before["figures"], after["figures"]))
    if len(numbers) > MOST:
        numbers[MOST:] = [f"and {len(numbers) - MOST} more"]
    told = {
        "Verdicts": verdicts(before["findings"], after["findings"]),
        "Figures": numbers,
        "Sentences": list(_words(before["sentences"], after["sentences"])),
    }
    lines = [[f"{title}:", *(f"  {line}" for line in some)] for title, some in told.items() if some]
    return sum(lines, []) or ["Nothing that a reader sees has changed."]


def verdicts(before: dict[str, dict], after: dict[str, dict], gone: bool = True) -> list[str]:
    """'claim: verdict correct → exaggerated' for what changed in findings; `gone`: tell also which are no more."""
    lost = [name for name in before if name not in after and gone]
    told = [f"{name}: gone ({before[name]['verdict']})" for name in lost]
    for name, finding in after.items():
        if name not in before:
            told.append(f"{name}: new ({finding['verdict']})")
        else:
            told += [
                f"{name}: {line}" for line in _differing(_plain(before[name]), _plain(finding))
            ]
    return told


def _plain(finding, reading=""):
    """What a finding and its readings say, apart from the rows that they say it of."""
    found = {}
    for key, value in finding.items():
        if key == "readings":
            for name, one in value.items():
                found |= _plain(one, f"reading {name}: ")
        elif key == "factor" or isinstance(value, str | float) and key not in ("claim", "group"):
            found[reading + key] = value
    return found


def _differing(old: dict, new: dict) -> list[str]:
    """'key from → to' for each value that differs."""
    pairs = ((key, old.get(key), new.get(key)) for key in old | new)
    return [f"{key} {_short(was)} → {_short(now)}" for key, was, now in pairs if was != now]


def _short(value):
    """A number as a person reads it: 69.4042 and not sixteen digits."""
    if isinstance(value, list):
        return " to ".join(map(_short, value))
    return f"{float(value):.6g}" if re.fullmatch(r"-?\d+\.\d{3,}", str(value)) else str(value)


def _numbers(before, after) -> Iterator[str]:
    """'file: key: column from → to' for each cell that differs between the CSV files of figures."""
    for name in sorted(before.keys() | after.keys()):
        if name not in before or name not in after:
            yield f"{name}: " + ("new" if name in after else "gone")
        elif before[name] != after[name]:
            yield from (f"{name}: {line}" for line in _cells(before[name], after[name]))


def _cells(before, after):
    tables = [list(csv.reader(io.StringIO(text))) or [[]] for text in (before, after)]
    (head, *old), (new_head, *new) = tables
    if head != new_head:
        yield f"columns {', '.join(head)} → {', '.join(new_head)}"
        return
    # The key is as many of the first columns as tell the rows apart; plotted tables start with them.
    width = 1
    while width < len(head) and any(len({(*r[:width],) for r in t}) < len(t) for t in (old, new)):
        width += 1
    old, new = ({" ".join(row[:width]): dict(zip(head, row)) for row in t} for t in (old, new))
    yield from (f"{key}: gone" for key in old if key not in new)
    yield from (f"{key}: new" for key in new if key not in old)
    for key, row in new.items():
        yield from (f"{key}: {line}" for line in _differing(old.get(key, row), row))


def _words(before, after) -> Iterator[str]:
    for place in sorted(before.keys() | after.keys()):
        old, new = before.get(place, Counter()), after.get(place, Counter())
        gone, come = list((old - new).elements()), list((new - old).elements())
        if gone or come:
            yield f"{place[0]} ({place[1]}): {len(gone)} sentences gone, {len(come)} new"
            yield from (f"  - {sentence}" for sentence in gone[:FEW])
            yield from (f"  + {sentence}" for sentence in come[:FEW])
