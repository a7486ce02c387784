"""The data of this report: in order, described, as received, and what a few of its figures say."""

import hashlib
import json
import re

import pytest
from factcheck import DATA, SEEDS, check, csvfiles, data

PACKAGE = json.loads((DATA / "datapackage.json").read_text("utf-8"))
FIELDS = [
    (table["name"], field) for table in PACKAGE["resources"] for field in table["schema"]["fields"]
]


def test_the_data_have_no_problems():
    """Catches what `make check` finds, in the same words."""
    assert check.problems() == check.problems_of_findings() == []


def test_the_package_is_valid_for_frictionless_too():
    """Catches a descriptor that only our own reader understands."""
    import frictionless

    report = frictionless.validate(str(DATA / "datapackage.json"))
    assert report.valid, report.flatten(["path", "rowNumber", "fieldName", "note"])


def test_every_column_is_described_and_every_number_has_a_unit():
    """Catches a column that a stranger cannot read. Whole numbers are years and counts, as described."""
    bare = [f"{t}.{f['name']}" for t, f in FIELDS if len(f.get("description", "")) < 5]
    assert not bare, f"no description: {', '.join(bare)}"
    without = [
        f"{table}.{field['name']}"
        for table, field in FIELDS
        if field["type"] == "number" and not field.get("unit")
    ]
    assert not without, f"no unit: {', '.join(without)}"


def test_seeds_are_byte_for_byte_what_was_recorded():
    """Catches an interview that is not the one that was received, by the table and by seeds/README.md."""
    readme = (SEEDS / "README.md").read_text("utf-8")
    recorded = dict(re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", readme, re.MULTILINE))
    [row] = csvfiles.records("interviews")
    name = row["file"].removeprefix("seeds/")
    found = hashlib.sha256((SEEDS / name).read_bytes()).hexdigest()
    assert found == row["sha256"] == recorded[name]


def test_no_verdict_in_disguise():
    """Catches a column or a cell that says the verdict, which must follow from claim and evidence alone."""
    words = {"true", "false", "supports", "contradicts", "refutes", "confirms", "wrong", "right"}
    for row in csvfiles.records("labels"):
        if row["key"].startswith("verdict."):
            words |= {text.casefold() for text in (*row.cells.values(), row["key"][8:])}
    # These are true or false, and none says whether a claim is; corrections tell of published verdicts.
    flags = {("readings", "is_primary"), ("events", "event_itself")}
    for table, field in FIELDS:
        name = field["name"]
        if table in ("labels", "corrections") or (table, name) in flags:
            continue
        assert not re.search("verdict|rating|support|contradict|refute", name), f"{table}.{name}"
        cells = {row.cells[name].casefold() for row in csvfiles.records(table)}
        assert not words & cells, f"{table}.{name}"


# ---- a few figures, worked out by hand from the publications


@pytest.mark.parametrize(
    "edition, source, year, firm, times",
    [
        ("known", "world-bank", 2023, True, 69.4),
        ("known", "imf", 2024, False, 70.0),
        ("known", "un", 2024, False, 68.9),
        ("newest", "world-bank", 2024, True, 68.4),
    ],
)
def test_the_people_of_china_and_kazakhstan(edition, source, year, firm, times):
    """Catches a value, a year or an edition that the publications do not have."""
    people = data.series("population", "CHN", "KAZ").loc[(edition, source)]
    last = (people["CHN"] / people["KAZ"]).dropna().tail(1)
    assert (last.index[0], round(last.iloc[0], 1)) == ((year, firm), times)


def test_the_pledge_of_xian_in_dollars_of_its_year():
    """Catches another rate of exchange, or another sum."""
    pledge = data.facts("money", act="announced", object="central-asia", period_to=2023)
    rate = data.value("yuan-per-dollar", "CHN", 2023)
    assert round(pledge.low["known", "pledge-xian-2023"] / rate, 2) == 3.67


def test_what_was_published_later_does_not_judge():
    """Catches evidence from after the interview among what was known, and the event itself left out."""
    grants = data.facts("money", act="announced", basis="grants")
    assert "pledge-astana-2025" in grants.loc["newest"].index
    assert "pledge-astana-2025" not in grants.loc["known"].index
    assert "declaration-astana-2025" in data.events("declaration").loc["known"].index
