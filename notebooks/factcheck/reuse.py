"""For those who carry the results further: ClaimReview for machines, one ZIP for people."""

import hashlib
import json
import os
import zipfile
from pathlib import Path

from factcheck import DATA, FIGURES, NOTEBOOKS, ROOT, tables

# The ZIP holds what was made and what it was made from; the interview is its publisher's and only named.
PARTS = ((NOTEBOOKS, "brief*.html"), (NOTEBOOKS, "brief*.pdf"), (FIGURES, "*"), (DATA, "*"),
         (ROOT, "LICENSE"), (ROOT, "CITATION.cff"), (ROOT, "CHANGELOG.md"))
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that ZIP knows: equal contents, equal bytes


def claim_reviews(language, results, about):
    """Each claim as schema.org ClaimReview, a list of dicts; what `about` leaves blank is left out.

    `about`: the fields of data/publication.csv. Vocabulary: https://schema.org/ClaimReview.
    """
    reviews = []
    for result in results:
        claim, spoken = result.claim, result.evidence.interview
        review = {
            "@context": "https://schema.org", "@type": "ClaimReview", "inLanguage": language.code,
            "claimReviewed": claim.quote, "datePublished": about["data_date"],
            "itemReviewed": {
                "@type": "Claim", "author": {"@type": "Person", "name": language.of(claim, "speaker")},
                "datePublished": spoken["said_to"],
                "appearance": {"@type": "CreativeWork", "headline": spoken["title"],
                               "inLanguage": spoken["language"],
                               "publisher": {"@type": "Organization", "name": spoken["outlet"]}}},
            # A word and no number: the verdicts are no scale.
            "reviewRating": {"@type": "Rating", "alternateName": language.label(f"verdict.{result.verdict}")}}
        if "publisher" in about:
            review["author"] = {"@type": "Organization", "name": about["publisher"]}
        if "site" in about:
            review["url"] = f"{about['site']}#claim-{claim.claim_id}"
        reviews.append(review)
    return reviews


def bundle(path=ROOT / "bundle.zip"):
    """Write briefs, figures, data and a manifest with checksums into one ZIP, the same bytes every time.

    Returns the path. Raises OSError if it cannot be written.
    """
    files = sorted({file for folder, pattern in PARTS for file in folder.glob(pattern) if file.is_file()})
    contents = {file.relative_to(ROOT).as_posix(): file.read_bytes() for file in files}
    interviews = tables.load("interviews").to_dict("records")
    manifest = {"inputs_sha256": tables.digest(),
                "interviews": [{"name": row["file"], "sha256": row["sha256"]} for row in interviews],
                "files": {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}}
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
