"""factcheck.reads: a notebook re-runs when what it read has changed, and only then."""

import subprocess
import sys

import pytest
import small_project as small
from factcheck import ROOT, reads

ALL_SERIES = {"table": "series"}
CHINA = {"table": "series", "where": {"country": ["CHN"], "source_id": ["bank-2025"]}}
EDITIONS = {"table": "sources", "where": {"indicator": ["population"]}}
TEXT, PEOPLE = {"file": "seeds/talk.txt"}, {"notebook": "02_people"}
NEW = {"published": "2027", "provider": "bank", "indicator": "population", "unit": "persons"}


def digests(root):
    every = (ALL_SERIES, CHINA, EDITIONS, TEXT, PEOPLE)
    return [reads.digest(read, root) for read in every]


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
        (EDITIONS, small.added("sources", small.source("x", **NEW)), True),
        (EDITIONS, small.edited("sources", 2, published="2024-11"), True),
    ],
)
def test_a_read_sees_its_own_rows_and_no_others(tmp_path, read, tables, expected):
    """Catches a changed value or a new edition that nobody notices, and one value that re-runs all."""
    before = reads.digest(read, small.write(tmp_path))
    assert (reads.digest(read, small.write(tmp_path, **tables)) != before) is expected


def test_a_table_saved_again_is_the_same_and_one_with_other_columns_is_not(tmp_path):
    """Catches a spreadsheet's way of saving that re-runs every notebook, and a column renamed unnoticed."""
    before = digests(small.write(tmp_path))
    path = tmp_path / "data" / "series.csv"
    text = path.read_text("utf-8").replace(",", ";").replace(".", ",")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert digests(tmp_path) == before
    header, *rows = text.splitlines()
    turned = [";".join(reversed(line.split(";"))) for line in (header, *rows)]
    path.write_text("\n".join(turned), "utf-8")
    assert digests(tmp_path) == before, "the order of the columns"
    path.write_text("\n".join([header, *reversed(rows)]), "utf-8")
    pairs = zip(digests(tmp_path), before)
    assert [now != was for now, was in pairs] == [True, True, False, False, False], "that of rows"
    for path in (tmp_path / "data" / name for name in ("series.csv", "datapackage.json")):
        path.write_text(path.read_text("utf-8").replace("status", "firmness"), "utf-8")
    assert digests(tmp_path)[1] not in ("", before[1])


def test_findings_and_files_count_and_not_a_sentence_beside_them(tmp_path):
    """Catches a brief that keeps an old verdict or re-runs because of a sentence; another text of the interview."""
    before = digests(small.write(tmp_path))
    assert before[-1] == "", "not there yet"
    small.store_findings(tmp_path, "02_people", {"claim": "people", "verdict": "correct"})
    known = digests(tmp_path)[-1]
    path = tmp_path / "notebooks" / "02_people.ipynb"
    path.write_text(path.read_text("utf-8").replace('"source": "1"', '"source": "2"'), "utf-8")
    assert digests(tmp_path)[-1] == known != ""
    small.store_findings(tmp_path, "02_people", {"claim": "people", "verdict": "exaggerated"})
    assert digests(tmp_path)[-1] != known
    assert [found["claim"] for found in reads.findings(path)] == ["people"]
    (tmp_path / "seeds" / "talk.txt").write_text(small.TEXT + " ", "utf-8")
    assert digests(tmp_path)[3] not in ("", before[3])
    (tmp_path / "seeds" / "talk.txt").unlink()
    assert digests(tmp_path)[3] == ""


def test_what_is_recorded_is_the_same_in_whatever_order_it_was_read():
    """Catches stored reads that differ from run to run, and hundreds of labels each by itself."""
    reads.clear()
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
    reads.clear()


def test_to_compare_needs_no_pandas():
    """Catches an import that makes "nothing to do" take a second."""
    code = (
        "import sys; from factcheck import reads; reads.digest({'table': 'series'}); "
        "sys.exit(bool({'pandas', 'matplotlib', 'pymorphy3', 'IPython'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
