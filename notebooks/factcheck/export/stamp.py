"""The digest of the inputs that a printed brief carries, so that a stale file can be recognised."""

import re
from pathlib import Path

_PATTERNS = {
    ".html": re.compile(rb'<meta name="factcheck-digest" content="([0-9a-f]+)">'),
    # PDF/A keeps its XMP metadata uncompressed, so the file need not be parsed.
    ".pdf": re.compile(rb"<pdf:Keywords>[^<]*sha256:([0-9a-f]+)"),
}


def digest_of(path):
    """Hexadecimal digest found in a printed .html or .pdf, or None if the file is absent or has none.

    Raises ValueError for any other kind of file.
    """
    path = Path(path)
    pattern = _PATTERNS.get(path.suffix)
    if pattern is None:
        raise ValueError(f"{path.name}: a digest is kept in .html and .pdf files only")
    found = pattern.search(path.read_bytes()) if path.exists() else None
    return found.group(1).decode() if found else None
