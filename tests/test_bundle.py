"""What is passed on: one ZIP, the same bytes every time, with checksums and without the interview.

Works on the small project of test_build.
"""

import hashlib
import json
import os
import zipfile

import pytest
from test_build import BOOKS, FIGURES, PRINTS, make_project, run, set_data

TEXT = "Я очень сожалею, что эта культура забывается. " * 20
INTERVIEWS = "interview_id,file,sha256\nsaid,seeds/said.txt,{digest}\n"


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    root = tmp_path_factory.mktemp("packed")
    make_project(root)
    for name in ("LICENSE", "CITATION.cff", "CHANGELOG.md"):
        (root / name).write_text(f"{name}\n", "utf-8")
    (root / "seeds/said.txt").write_text(TEXT, "utf-8")
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    (root / "data/interviews.csv").write_text(INTERVIEWS.format(digest=digest), "utf-8")
    assert "first `make brief`, then the bundle\n" in run(root, "bundle", status=1)
    run(root, "brief")
    assert run(root, "bundle").startswith("Written: ")
    return root


def contents(root):
    with zipfile.ZipFile(root / "bundle.zip") as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_is_the_same_bytes_at_any_time_and_with_other_settings(packed):
    """Catches times, the order of a folder, and files of editors in the ZIP."""
    first = (packed / "bundle.zip").read_bytes()
    (packed / "data/.~lock.numbers.csv#").write_text("open in a spreadsheet")
    for file in packed.rglob("*"):
        os.utime(file, (10**9, 10**9))
    run(
        packed,
        "bundle",
        TZ="Asia/Almaty",
        LC_ALL="C",
        PYTHONHASHSEED="7",
        FACTCHECK_FIGURES="/nowhere",
    )
    assert (packed / "bundle.zip").read_bytes() == first


def test_it_holds_both_editions_figures_data_and_true_checksums(packed):
    """Catches an edition that is left out, and a manifest that lies."""
    found = contents(packed)
    manifest = json.loads(found.pop("manifest.json"))
    about = {"LICENSE", "CITATION.cff", "CHANGELOG.md"}
    data = {"data/datapackage.json", "data/interviews.csv", "data/numbers.csv"}
    assert found.keys() == {*PRINTS, *FIGURES, *data, *about} and not found.keys() & set(BOOKS)
    assert manifest["files"] == {
        name: hashlib.sha256(one).hexdigest() for name, one in found.items()
    }
    assert all(content == (packed / name).read_bytes() for name, content in found.items())


def test_the_interview_is_named_and_not_copied(packed):
    """Catches a text that belongs to its publisher in what is passed on."""
    found = contents(packed)
    [named] = json.loads(found["manifest.json"])["interviews"]
    assert named == {"name": "seeds/said.txt", "sha256": hashlib.sha256(TEXT.encode()).hexdigest()}
    assert not [name for name, content in found.items() if TEXT[:500].encode() in content]


def test_what_is_not_up_to_date_is_not_passed_on(packed):
    """Catches a ZIP whose briefs do not agree with its data."""
    before = (packed / "bundle.zip").read_bytes()
    set_data(packed, tea=2)
    assert run(packed, "bundle", status=1) == (
        "notebooks/01_tea.ipynb: data/numbers.csv changed since it was run; first `make brief`, then the bundle\n"
    )
    assert (packed / "bundle.zip").read_bytes() == before
