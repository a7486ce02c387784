"""What is passed on: one ZIP, the same bytes every time, with checksums and without the interview.

Works on the small project of test_build.
"""

import hashlib
import json
import os
import zipfile

import pytest
from test_build import DESCRIPTOR, FIGURES, PRINTS, make_project, run, set_data

TEXT = "Я очень сожалею, что эта культура забывается. " * 20
DIGEST = hashlib.sha256(TEXT.encode()).hexdigest()
INTERVIEWS = f"interview_id,file,sha256\nsaid,seeds/said.txt,{DIGEST}\n"
FIELDS = [{"name": name, "type": "string"} for name in ("interview_id", "file", "sha256")]
TABLE = {"name": "interviews", "path": "interviews.csv", "schema": {"fields": FIELDS}}


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    root = tmp_path_factory.mktemp("packed")
    make_project(root)
    for name in ("LICENSE", "CITATION.cff", "CHANGELOG.md"):
        (root / name).write_text(f"{name}\n", "utf-8")
    (root / "seeds/said.txt").write_text(TEXT, "utf-8")
    (root / "data/interviews.csv").write_text(INTERVIEWS, "utf-8")
    described = {"resources": [*DESCRIPTOR["resources"], TABLE]}
    (root / "data/datapackage.json").write_text(json.dumps(described), "utf-8")
    assert "first `make brief`, then the bundle\n" in run(root, "bundle", status=1)
    run(root, "brief")
    assert run(root, "bundle").startswith("Written: ")
    return root


def test_it_holds_both_editions_figures_data_and_true_checksums_and_not_the_interview(packed):
    """Catches an edition that is left out, a manifest that lies, and a text that belongs to its publisher."""
    with zipfile.ZipFile(packed / "bundle.zip") as archive:
        assert archive.testzip() is None
        found = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(found.pop("manifest.json"))
    about = {"LICENSE", "CITATION.cff", "CHANGELOG.md"}
    data = {"data/datapackage.json", "data/interviews.csv", "data/numbers.csv"}
    assert found.keys() == {*PRINTS, *FIGURES, *data, *about}
    assert manifest["files"] == {n: hashlib.sha256(one).hexdigest() for n, one in found.items()}
    assert all(content == (packed / name).read_bytes() for name, content in found.items())
    assert manifest["interviews"] == [{"name": "seeds/said.txt", "sha256": DIGEST}]
    assert not [name for name, content in found.items() if TEXT[:500].encode() in content]


def test_it_is_the_same_bytes_at_any_time_and_with_other_settings(packed):
    """Catches times, the order of a folder, and files of editors in the ZIP."""
    first = (packed / "bundle.zip").read_bytes()
    (packed / "data/.~lock.numbers.csv#").write_text("open in a spreadsheet")
    for file in packed.rglob("*"):
        os.utime(file, (10**9, 10**9))
    settings = {"TZ": "Asia/Almaty", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    run(packed, "bundle", FACTCHECK_FIGURES="/nowhere", **settings)
    assert (packed / "bundle.zip").read_bytes() == first


def test_what_is_not_up_to_date_is_not_passed_on(packed):
    """Catches a ZIP whose briefs do not agree with its data."""
    before = (packed / "bundle.zip").read_bytes()
    set_data(packed, tea=2)
    stale = "notebooks/01_tea.ipynb: data/numbers.csv changed since it was run"
    assert run(packed, "bundle", status=1) == f"{stale}; first `make brief`, then the bundle\n"
    assert (packed / "bundle.zip").read_bytes() == before
