"""For those who carry the results further: one ZIP with all that was made and what it was made from."""

import io
import json
import zipfile
from pathlib import Path

from factcheck import DATA, ROOT, csvfiles
from factcheck.forms import sha256
from factcheck.products import problems
from factcheck.stored import FIGURES, STORED, BuildError, files_below, shown
from factcheck.whole import store

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
    files = [file for folder, pattern in PARTS for file in files_below(folder, pattern)]
    contents = {shown(file): file.read_bytes() for file in files}
    rows = csvfiles.records("interviews")
    said = [{"name": row["file"], "sha256": row["sha256"]} for row in rows]
    digests = {name: sha256(contents[name]) for name in sorted(contents)}
    manifest = {"interviews": said, "files": digests}
    contents["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=1).encode() + b"\n"
    packed = io.BytesIO()
    # Stored, not compressed: two compressors may pack the same content into other bytes.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, contents[name])
    store(path, packed.getvalue())
    return path
