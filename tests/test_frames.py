"""The frames of factcheck.data: what was known, which edition counts, and what is refused by name."""

import pandas as pd
import pytest
import small_project as small
from factcheck import csvfiles, data, reads


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A function that writes a small project, with other tables if given, for `data` to read."""
    monkeypatch.setattr(data, "ROOT", tmp_path)
    reads.clear()
    yield lambda **tables: small.write(tmp_path, **tables)
    reads.clear()


def rows(frame, *columns):
    """{index: values} of a frame, for comparison."""
    return {key: tuple(row) for key, row in zip(frame.index, frame[list(columns)].to_numpy())}


# ---- tables


def test_types_follow_the_descriptor_and_rows_are_numbered_as_in_a_spreadsheet(project):
    """Catches numbers read as text, empty cells read as "nan", and rows counted from nought."""
    project()
    claims, readings = data.table("claims"), data.table("readings")
    assert list(claims.index) == [2, 3, 4] and claims.index.name == "row"
    assert str(claims.low.dtype) == "float64" and pd.isna(claims.low[4])
    assert claims.subject[2] == "" and readings.is_primary.dtype == bool
    assert str(data.table("events").ordinal_stated.dtype) == "Int64"
    assert str(data.table("series").year.dtype) == "int64"


def test_every_frame_is_a_copy(project):
    """Catches a notebook that changes what another cell reads."""
    project()
    calls = (
        lambda: data.table("series"),
        lambda: data.series("population", "CHN"),
        lambda: data.facts("aid"),
        lambda: data.events("tours"),
        lambda: data.readings("aid"),
    )
    for call in calls:
        frame = call()
        frame["mine"] = 1
        assert "mine" not in call()
    row = data.claim_row("people")
    row["low"] = 5.0
    assert data.claim_row("people").low == 70.0


def test_rows_of_a_table_by_their_cells(project):
    """Catches a filter that finds nothing because a value is no list."""
    project()
    assert list(data.table("facts", fact_id="grants-2023").index) == [3]
    assert list(data.table("series", country=["KAZ"], year=2023).source_id) == [
        "bank-2024",
        "bank-2025",
        "bank-2026",
        "fund-2025",
    ]


def test_the_interview_and_its_claims(project):
    """Catches a region that stays one text, and readings in the order of the file."""
    project()
    assert data.asked().region == ["KAZ", "UZB"] and data.asked().judged_year == 2024
    assert data.claim_row("people").name == "people"
    assert list(data.readings("aid").index) == ["aid-grants", "aid-loans"]
    assert data.attributes("aid-loans") == {"act": ("announced",), "basis": ("grants", "loans")}
    assert data.attributes("aid-grants")["period_from"] == "2023"
    assert data.source("paper-2023").published == "2023-05-19"


# ---- series


def test_each_provider_has_its_last_edition_known_on_the_day_and_its_newest(project):
    """Catches a later edition that judges, an older one that counts beside its successor, and editions
    chosen for all countries at once: the newest of the bank has Kazakhstan alone."""
    project()
    found = rows(data.series("population", "CHN", "KAZ").xs("bank", level="source"), "CHN", "KAZ")
    known = {key[1]: value for key, value in found.items() if key[0] == "known"}
    newest = {key[1]: value for key, value in found.items() if key[0] == "newest"}
    assert known == {
        2021: (1411, 19.1),
        2022: (1406, 19.6),
        2023: (1401, 20.1),
        2024: (1396, 20.6),
    }
    assert newest[2024] == (1396, 20.7) and newest[2025][1] == 21.2
    assert pd.isna(newest[2025][0]), "China has no later edition"


def test_one_division_gives_the_ratio_of_every_source_and_edition(project):
    """Catches an index that keeps two countries of one year apart."""
    project()
    people = data.series("population", "CHN", "KAZ")
    assert list(people.index.names) == ["edition", "source", "year", "firm"]
    ratio = (people["CHN"] / people["KAZ"]).dropna()
    latest = ratio.loc["known"].groupby("source").tail(1)
    assert latest.round(2).to_dict() == {
        ("bank", 2024, False): 67.77,
        ("fund", 2024, True): 67.49,
    }


def test_a_year_is_firm_only_if_every_value_of_it_is(project):
    """Catches a ratio that is called firm because its numerator is."""
    project()
    index = data.series("population", "CHN", "KAZ").loc["known", "bank"].index
    assert dict(index) == {2021: True, 2022: True, 2023: True, 2024: False}
    assert dict(data.series("population", "CHN").loc["known", "bank"].index)[2024] is True


def test_no_forecast_becomes_the_latest_value(project):
    """Catches forecasts of years after the interview among what was known, and forecasts of years that
    were not over when the newest edition appeared among the newest."""
    project()
    fund = data.series("population", "CHN", "KAZ").xs("fund", level="source")
    years = {
        edition: list(part.index.get_level_values("year"))
        for edition, part in fund.groupby(level="edition")
    }
    assert max(years["known"]) == 2024, "the year by which the interview is judged"
    assert max(years["newest"]) == 2025, "the newest edition is of March 2026"


@pytest.mark.parametrize(
    "published, known",
    [
        ("2025-06-16", True),
        ("2025-06-17", False),
        ("2025-05", True),
        ("2025-06", False),
        ("2024", True),
        ("2025", False),
    ],
)
def test_a_source_is_known_from_the_last_day_that_it_may_mean(project, published, known):
    """Catches a month that counts from its first day, and a cut-off that excludes its own day."""
    project(**small.edited("sources", 5, published=published))  # fund-2025
    found = data.series("population", "KAZ")
    assert ("fund" in found.loc["known"].index.unique("source")) is known


def test_the_order_of_rows_decides_nothing(project):
    """Catches whatever takes the last row for the latest: rows appended year by year, editions mixed."""
    project()
    calls = (
        lambda: data.series("population", "CHN", "KAZ"),
        lambda: data.editions("population"),
        lambda: data.facts("aid"),
        lambda: data.events("tours"),
        lambda: data.annex("events"),
    )
    before = [call() for call in calls]
    project(**{name: small.TABLES[name][::-1] for name in ("series", "sources", "facts", "events")})
    for frame, call in zip(before, calls):
        pd.testing.assert_frame_equal(frame, call())


def test_of_two_editions_of_one_day_one_counts_whichever_comes_first_in_the_file(project):
    """Catches years that stand twice, until the check's line about such editions is followed."""
    sources = small.edited("sources", 2, published="2025-04")["sources"]
    project(sources=sources)
    before = data.series("population", "CHN", "KAZ")
    assert before.loc[("known", "bank")].CHN.max() == 1411, "bank-2025, by its name"
    project(sources=sources[::-1], series=small.TABLES["series"][::-1])
    pd.testing.assert_frame_equal(data.series("population", "CHN", "KAZ"), before)


def test_editions_name_the_sources_that_series_takes_its_values_from(project):
    """Catches a chart that cites an edition from which it has no value."""
    project()
    found = data.editions("population", "CHN", "KAZ").source_ids.to_dict()
    assert found["known", "bank"] == ("bank-2025",)
    assert found["newest", "bank"] == ("bank-2026", "bank-2025"), "the newest first"
    assert data.editions("population", "KAZ").source_ids["newest", "bank"] == ("bank-2026",)


def test_one_value_by_year(project):
    """Catches a rate of another year, and a silent choice between two sources."""
    project()
    assert data.value("yuan-per-dollar", "CHN", 2023) == 7.0809
    assert data.value("population", "KAZ", 2024, source="fund") == 20.7
    with pytest.raises(data.NotFound, match="several sources, say which: bank, fund"):
        data.value("population", "KAZ", 2023)


# ---- facts and events


def test_facts_are_measured_values_as_they_stand(project):
    """Catches a one-sided figure whose other end stays empty, and facts in the order of the file."""
    project()
    facts = data.facts("aid")
    assert list(facts.loc["newest"].index) == ["grants-2022", "grants-2023", "loans-2025"]
    assert list(facts.loc["known"].index) == ["grants-2022", "grants-2023"]
    columns = ["source", "period", "low", "high", "bound", "firm", "unit"]
    assert tuple(facts.loc[("newest", "loans-2025"), columns]) == (
        *("paper-2025", "2025", 9.0, 9.0, "at-least", True, "usd-bn"),
    )
    assert facts.institution_en["known", "grants-2023"] == "The paper-2023"
    project(facts=[small.fact("most", "paper-2023", "2023", 15, bound="at-most", value_low="")])
    most = data.facts("aid").loc[("known", "most")]
    assert (most.low, most.high, most.bound) == (15.0, 15.0, "at-most")


def test_of_one_institution_s_same_figure_the_last_edition_counts(project):
    """Catches an outdated figure beside its successor, and one lost because an attribute differs."""
    same = {"institution_en": "The bureau"}
    tables = small.edited("sources", 7, **same) | {
        "facts": [
            small.fact("old", "paper-2022", "2022", 1),
            small.fact("new", "paper-2023", "2023", 2),
            small.fact("other", "paper-2022", "2022", 3, basis="loans"),
        ]
    }
    tables["sources"][7 - 1] |= same
    project(**tables)
    assert set(data.facts("aid").loc["known"].index) == {"new", "other"}


def test_an_edition_with_several_periods_keeps_all(project):
    """Catches a table of years by one source, of which the last row alone would be left."""
    facts = [small.fact(f"in-{year}", "paper-2023", str(year), 1) for year in (2021, 2020, 2022)]
    project(facts=facts)
    assert list(data.facts("aid").loc["known"].index) == ["in-2020", "in-2021", "in-2022"]


@pytest.mark.parametrize(
    "asked_for, found",
    [
        ({"basis": "grants"}, ["grants-2022", "grants-2023"]),
        ({"basis": ("grants", "loans")}, ["grants-2022", "grants-2023", "loans-2025"]),
        ({"period_from": 2023}, ["grants-2023", "loans-2025"]),
        ({"period_from": "2022-01-26", "period_to": "2024"}, ["grants-2023"]),
        ({"period_to": "2025-06"}, ["grants-2022", "grants-2023"]),
        ({"basis": "grants", "period_from": "2023"}, ["grants-2023"]),
    ],
)
def test_a_fact_counts_only_if_all_that_is_asked_for_agrees(project, asked_for, found):
    """Catches an attribute that is not looked at, and a period that counts by half: a fact of 2025 need
    not lie before the end of June."""
    project()
    assert list(data.facts("aid", **asked_for).loc["newest"].index) == found


def test_the_event_itself_is_known_whenever_it_was_reported(project):
    """Catches a cut-off that hides what the interview speaks of, or that lets other events pass."""
    project()
    assert rows(data.events("tours").loc["known"], "date", "object") == {
        "tour-2022": ("2022-09-14", "KAZ"),
        "tour-2023": ("2023-05", "UZB"),
        "tour-2025": ("2025-06-16", "KAZ"),
    }
    project(**small.edited("events", 4, event_itself="false"))
    assert "tour-2025" not in data.events("tours").loc["known"].index
    assert "tour-2025" in data.events("tours").loc["newest"].index


def test_that_nothing_was_found_must_be_meant(project):
    """Catches a silently empty table, and a claim without evidence that could not be worked through."""
    project()
    asked_for = {"basis": "grants", "period_from": "2026"}
    with pytest.raises(data.NotFound, match="no aid that agrees .* in data/facts.csv"):
        data.facts("aid", **asked_for)
    assert data.facts("aid", none=True, **asked_for).empty
    assert {"low", "high", "bound", "source"} <= {*data.facts("aid", none=True, **asked_for)}


def test_the_annex_lists_all_records_of_its_topics(project):
    """Catches a fact that no list shows."""
    project()
    assert list(data.annex("facts").index) == ["grants-2022", "grants-2023", "loans-2025"]
    assert list(data.annex("facts", "aid").index) == list(data.annex("facts").index)
    assert list(data.annex("events").index) == ["tour-2022", "tour-2023", "tour-2025"]
    assert list(data.annex("facts").high) == [0.5, 3.7, 9.0], "of a one-sided one the end it has"


# ---- names that are not there

UNKNOWN = {
    "no indicator populaton in data/sources.csv; nearest: population": lambda: data.series(
        "populaton", "CHN"
    ),
    "no population of CHM in data/series.csv; nearest: CHN": lambda: data.series(
        "population", "CHM"
    ),
    "no indicator gdp in data/sources.csv": lambda: data.editions("gdp"),
    "no yuan-per-dollar of CHN in 2020 in data/series.csv; nearest: 2024": lambda: data.value(
        "yuan-per-dollar", "CHN", 2020
    ),
    "no topic aids in data/facts.csv or events.csv; nearest: aid": lambda: data.facts("aids"),
    "no act anounced in data/facts.csv or events.csv; nearest: announced": lambda: data.facts(
        "aid", act="anounced"
    ),
    "no attribute bases in data/facts.csv; nearest: basis": lambda: data.events(
        "tours", bases="tour"
    ),
    "no claim peoples in data/claims.csv; nearest: people": lambda: data.claim_row("peoples"),
    "no claim peoples in data/claims.csv; nearest: people ": lambda: data.readings("peoples"),
    "no reading grants in data/readings.csv; nearest: aid-grants": lambda: data.attributes(
        "grants"
    ),
    "no source paper in data/sources.csv; nearest: paper-2025": lambda: data.source("paper"),
    "no column claim in data/claims.csv; nearest: claim_id": lambda: data.table(
        "claims", claim="aid"
    ),
}


@pytest.mark.parametrize("line, call", UNKNOWN.items(), ids=UNKNOWN)
def test_an_unknown_name_is_told_in_one_line_with_the_nearest(project, line, call):
    """Catches a bare KeyError, and an empty frame for a name that was mistyped."""
    project()
    with pytest.raises(data.NotFound) as error:
        call()
    assert str(error.value) == line.strip()


def test_a_wrong_cell_is_named_instead_of_read(project):
    """Catches a notebook that computes with what was lost on the way."""
    project(**small.edited("series", 4, value="8.63749E+11"))
    with pytest.raises(csvfiles.DataError) as error:
        data.series("population", "CHN")
    assert str(error.value).startswith('data/series.csv, row 4, column value: "8.63749E+11" – ')


def test_an_edited_file_is_read_anew(project):
    """Catches a cache that keeps the values of a session's first reading."""
    project()
    assert data.claim_row("people").low == 70.0
    project(**small.edited("claims", 2, low="80"))
    assert data.claim_row("people").low == 80.0


# ---- what is recorded as read

READS = {
    "a division": (
        lambda: data.series("population", "CHN", "KAZ"),
        [
            {"table": "interviews"},
            {
                "table": "series",
                "where": {
                    "country": ["CHN", "KAZ"],
                    "source_id": ["bank-2024", "bank-2025", "bank-2026", "fund-2025"],
                },
            },
            {"table": "sources", "where": {"indicator": ["population"]}},
        ],
    ),
    "facts": (
        lambda: data.facts("aid", basis="grants"),
        [
            {"table": "facts", "where": {"topic": ["aid"]}},
            {"table": "interviews"},
            {
                "table": "sources",
                "where": {"source_id": ["paper-2022", "paper-2023", "paper-2025"]},
            },
        ],
    ),
    "a claim": (
        lambda: (data.claim_row("aid"), data.claim_row("people")),
        [{"table": "claims", "where": {"claim_id": ["aid", "people"]}}],
    ),
    "a table": (lambda: data.table("labels"), [{"table": "labels"}]),
    "rows": (
        lambda: data.table("searches", claim_id="aid"),
        [{"table": "searches", "where": {"claim_id": ["aid"]}}],
    ),
}


@pytest.mark.parametrize("call, found", READS.values(), ids=READS)
def test_what_is_read_is_recorded(project, call, found):
    """Catches a change of the data that no notebook notices, and one that all do."""
    project()
    call()
    assert reads.recorded() == found
