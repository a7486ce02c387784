"""For those who carry the results further: one ZIP with all that was made and what it was made from."""

import csv
import json
import os
import zipfile
from pathlib import Path

from factcheck import DATA, ROOT
from factcheck.forms import sha256
from factcheck.products import problems
from factcheck.stored import FIGURES, STORED, BuildError, shown

# The ZIP holds what was made and what it was made from; the interview is its publisher's and only named.
PARTS = (
    *((STORED, "brief*.html"), (STORED, "brief*.pdf"), (FIGURES, "*"), (DATA, "*")),
    *((ROOT, "LICENSE"), (ROOT, "CITATION.cff"), (ROOT, "CHANGELOG.md")),
)
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that ZIP knows: equal contents, equal bytes


def bundle(path: Path = ROOT / "bundle.zip") -> Path:
    """Write briefs, figures, data and a manifest with checksums into one ZIP, the same bytes every time.

    Raises BuildError if what is stored is not made from these data, OSError if it cannot be written.
    """
    if stale := problems():
        raise BuildError(f"{stale[0]}; first `make brief`, then the bundle")
    files = {
        file
        for folder, pattern in PARTS
        for file in folder.glob(pattern)
        if file.is_file() and not file.name.startswith(".") and not file.name.endswith("~")
    }
    contents = {shown(file): file.read_bytes() for file in files}
    manifest = {
        "interviews": _interviews(),
        "files": {name: sha256(contents[name]) for name in sorted(contents)},
    }
    contents["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=1).encode() + b"\n"
    part = Path(f"{path}.part")
    # Stored, not compressed: two compressors may pack the same content into other bytes.
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, contents[name])
    os.replace(part, path)
    return path


def _interviews() -> list[dict]:
    """Name and SHA-256 of what was said, which is not in the ZIP."""
    with (DATA / "interviews.csv").open(encoding="utf-8", newline="") as file:
        return [{"name": row["file"], "sha256": row["sha256"]} for row in csv.DictReader(file)]
