"""For those who carry the results further: one ZIP with all that was made and what it was made from."""

import hashlib
import json
import os
import zipfile
from pathlib import Path

from factcheck import DATA, NOTEBOOKS, ROOT, tables
from factcheck.stored import FIGURES, BuildError, problems

# The ZIP holds what was made and what it was made from; the interview is its publisher's and only named.
PARTS = (
    (NOTEBOOKS, "brief*.html"),
    (NOTEBOOKS, "brief*.pdf"),
    (FIGURES, "*"),
    (DATA, "*"),
    (ROOT, "LICENSE"),
    (ROOT, "CITATION.cff"),
    (ROOT, "CHANGELOG.md"),
)
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that ZIP knows: equal contents, equal bytes


def bundle(path=ROOT / "bundle.zip"):
    """Write briefs, figures, data and a manifest with checksums into one ZIP, the same bytes every time.

    Returns the path. Raises BuildError if what is stored is not made from these data, OSError if it cannot be written.
    """
    if stale := problems():
        raise BuildError(f"{stale[0]}; first `make brief`, then the bundle")
    files = sorted(
        {
            file
            for folder, pattern in PARTS
            for file in folder.glob(pattern)
            if file.is_file() and not file.name.startswith(".") and not file.name.endswith("~")
        }
    )
    contents = {file.relative_to(ROOT).as_posix(): file.read_bytes() for file in files}
    interviews = tables.load("interviews").to_dict("records")
    manifest = {
        "inputs_sha256": tables.digest(),
        "interviews": [{"name": row["file"], "sha256": row["sha256"]} for row in interviews],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
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
