"""What is passed on: one ZIP, the same bytes every time, with checksums and without the interview."""

import hashlib
import json
import os
import subprocess
import sys
import zipfile

import pytest
from factcheck import SEEDS, interview, tables


def bundle(root, status=0, **environment):
    """Runs `python -m factcheck bundle` in a copy of the project; returns what it says."""
    env = {key: value for key, value in os.environ.items() if key != "FACTCHECK_FIGURES"}
    done = subprocess.run(
        [sys.executable, "-m", "factcheck", "bundle"],
        cwd=root,
        encoding="utf-8",
        timeout=60,
        env=env | {"PYTHONPATH": str(root / "notebooks")} | environment,
        capture_output=True,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def packed(copy):
    for name in ("LICENSE", "CITATION.cff", "CHANGELOG.md"):
        (copy.root / name).write_text(f"{name}\n", "utf-8")
    bundle(copy.root)
    return copy


def test_it_is_the_same_bytes_at_any_time_and_with_other_settings(packed):
    path = packed.root / "bundle.zip"
    first = path.read_bytes()
    path.unlink()
    (packed.root / "data/.~lock.claims.csv#").write_text("open in a spreadsheet")
    for file in packed.root.rglob("*"):
        os.utime(file, (10**9, 10**9))
    bundle(
        packed.root, TZ="Asia/Almaty", LC_ALL="C", PYTHONHASHSEED="7", FACTCHECK_FIGURES="/nowhere"
    )
    assert path.read_bytes() == first


def test_it_holds_both_editions_figures_data_and_true_checksums(packed):
    with zipfile.ZipFile(packed.root / "bundle.zip") as archive:
        assert archive.testzip() is None
        contents = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(contents.pop("manifest.json"))
    assert {
        "notebooks/brief.html",
        "notebooks/brief.pdf",
        "notebooks/brief.ru.html",
        "notebooks/brief.ru.pdf",
        "figures/population_ratio.svg",
        "figures/population_ratio.csv",
        "figures/share_population.ru.png",
        "data/datapackage.json",
        "data/sources.csv",
        "LICENSE",
        "CITATION.cff",
        "CHANGELOG.md",
    } <= contents.keys()
    assert manifest["files"] == {
        name: hashlib.sha256(content).hexdigest() for name, content in contents.items()
    }
    assert manifest["inputs_sha256"] == tables.digest()
    for name, content in contents.items():
        if name.startswith(("data/", "figures/", "notebooks/")):
            assert content == (packed.root / name).read_bytes()


def test_the_interview_is_named_and_not_copied(packed):
    with zipfile.ZipFile(packed.root / "bundle.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        texts = [
            archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith((".csv", ".html", ".json"))
        ]
    for named in manifest["interviews"]:
        path = SEEDS.parent / named["name"]
        assert named["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        text = interview.read(path)
        longest = max((text[span.start : span.end] for span in interview.paragraphs(text)), key=len)
        assert len(longest) > 500 and not [one for one in texts if longest[:500] in one]


def test_what_is_not_up_to_date_is_not_passed_on(packed):
    path = packed.root / "bundle.zip"
    before = path.read_bytes()
    packed.edit("claims", "population", confidence="low")
    said = bundle(packed.root, status=1)
    assert (
        said
        == "notebooks/00_brief.ipynb: the data changed since it was run; first `make brief`, then the bundle\n"
    )
    assert path.read_bytes() == before
