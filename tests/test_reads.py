"""factcheck.reads: a notebook re-runs when what it read has changed, and only then."""

import json
import subprocess
import sys

import pytest
import small_project as small
from factcheck import ROOT, reads


@pytest.fixture(autouse=True)
def forgotten():
    reads.clear()
    yield
    reads.clear()


ALL_SERIES = {"table": "series"}
CHINA = {"table": "series", "where": {"country": ["CHN"], "source_id": ["bank-2025"]}}
EDITIONS = {"table": "sources", "where": {"indicator": ["population"]}}


def changed(root, read, **tables):
    """Whether a read finds something else once these tables are written in place of the sound ones."""
    before = reads.digest(read, small.write(root))
    return reads.digest(read, small.write(root, **tables)) != before


@pytest.mark.parametrize(
    "read, tables, expected",
    [
        (CHINA, small.edited("series", 8, value="1412"), True),
        (CHINA, small.edited("series", 12, value="19.2"), False),  # Kazakhstan
        (CHINA, small.edited("series", 2, value="1412"), False),  # another edition
        (CHINA, small.added("series", *small.years("bank-2025", "CHN", 2020, 1400)), True),
        (CHINA, small.without("series", 8), True),
        (ALL_SERIES, small.edited("series", 12, value="19.2"), True),
        (EDITIONS, small.added("sources", small.source("paper-2024", "2024")), False),
        (
            EDITIONS,
            small.added("sources", small.source("x", "2027", "bank", "population", "persons")),
            True,
        ),
        (EDITIONS, small.edited("sources", 2, published="2024-11"), True),
    ],
)
def test_a_read_sees_its_own_rows_and_no_others(tmp_path, read, tables, expected):
    """Catches a changed value or a new edition that nobody notices, and one value that re-runs all."""
    assert changed(tmp_path, read, **tables) is expected


def test_a_file_saved_again_is_the_same(tmp_path):
    """Catches a spreadsheet's way of saving that re-runs every notebook."""
    small.write(tmp_path)
    before = {reads.as_text(read): reads.digest(read, tmp_path) for read in (CHINA, ALL_SERIES)}
    path = tmp_path / "data" / "series.csv"
    text = path.read_text("utf-8").replace(",", ";").replace(".", ",")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert reads.changed(before, tmp_path) == []
    header, *rows = text.splitlines()
    turned = [";".join(reversed(line.split(";"))) for line in (header, *rows)]
    path.write_text("\n".join(turned), "utf-8")
    assert reads.changed(before, tmp_path) == [], "the order of the columns"
    path.write_text("\n".join([header, *reversed(rows)]), "utf-8")
    assert reads.changed(before, tmp_path) == [CHINA, ALL_SERIES], "the order of rows is shown"


def test_a_column_under_another_name_is_a_change(tmp_path):
    """Catches a descriptor that changed while notebooks still use the old names."""
    before = reads.digest(CHINA, small.write(tmp_path))
    for name in ("datapackage.json", "series.csv"):
        path = tmp_path / "data" / name
        path.write_text(path.read_text("utf-8").replace("status", "firmness"), "utf-8")
    assert reads.digest(CHINA, tmp_path) != before


def test_findings_of_a_stored_notebook(tmp_path):
    """Catches a brief that keeps an old verdict, and one that re-runs because of a sentence."""
    small.write(tmp_path)
    read = {"notebook": "02_people"}
    assert reads.digest(read, tmp_path) == "", "not there yet"
    small.store_findings(tmp_path, "02_people", {"claim": "people", "verdict": "correct"})
    before = {reads.as_text(read): reads.digest(read, tmp_path)}
    path = tmp_path / "notebooks" / "02_people.ipynb"
    path.write_text(path.read_text("utf-8").replace('"source": "1"', '"source": "2"'), "utf-8")
    assert reads.changed(before, tmp_path) == []
    small.store_findings(tmp_path, "02_people", {"claim": "people", "verdict": "exaggerated"})
    assert reads.changed(before, tmp_path) == [read]
    assert [found["claim"] for found in reads.findings(path)] == ["people"]


def test_a_file_counts_byte_for_byte(tmp_path):
    """Catches another text of the interview under the same name."""
    read = {"file": "seeds/talk.txt"}
    before = {reads.as_text(read): reads.digest(read, small.write(tmp_path))}
    (tmp_path / "seeds" / "talk.txt").write_text(small.TEXT + " ", "utf-8")
    assert reads.changed(before, tmp_path) == [read]
    (tmp_path / "seeds" / "talk.txt").unlink()
    assert reads.changed(before, tmp_path) == [read]


def test_what_is_recorded_is_the_same_in_whatever_order_it_was_read():
    """Catches stored reads that differ from run to run, and hundreds of labels each by itself."""
    reads.record("labels", key="b")
    reads.record("series", country=("KAZ", "CHN"), year=2023)
    reads.record("labels", key=["a"])
    reads.record_notebook("02_people")
    reads.record_file(ROOT / "seeds" / "README.md")
    first = reads.recorded()
    reads.clear()
    assert reads.recorded() == []
    reads.record_file("seeds/README.md")
    reads.record("labels", key=["a", "b"])
    reads.record("series", year="2023", country=["CHN", "KAZ"])
    reads.record_notebook("02_people")
    assert reads.recorded() == first
    assert {"table": "labels", "where": {"key": ["a", "b"]}} in first
    assert {"file": "seeds/README.md"} in first
    assert [json.loads(text) for text in reads.digests()] == first


def test_to_compare_needs_no_pandas():
    """Catches an import that makes "nothing to do" take a second."""
    code = (
        "import sys; from factcheck import reads; reads.digest({'table': 'series'}); "
        "sys.exit(bool({'pandas', 'matplotlib', 'pymorphy3', 'IPython'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
