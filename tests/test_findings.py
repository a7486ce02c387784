"""What `conclude` makes of a claim of each kind; every result is worked out by hand beside it."""

import json

import pandas as pd
import pytest
import small_project as small
from factcheck import data
from factcheck.findings import conclude, group
from factcheck.words import FACTS


@pytest.fixture
def claim(small_report):
    """A function that writes a claim with one reading, or with those given, and returns the claim's row."""

    def write(kind, measure, low="", readings=None, tables=None, **cells):
        reading = {"reading_id": "as-said", "claim_id": "it", "is_primary": "true"}
        whose = {"indicator": "population"} if measure in ("ratio", "rank") else {}
        rows = [reading | {"measure": measure} | whose] if readings is None else readings
        said = {"low": low, "high": low, "unit": "none", "hedge": "none"} | cells
        quote = said.pop("quote", "Поездки всегда начинаются с Астаны")
        claims = [*small.TABLES["claims"], small.claim("it", kind, quote, **said)]
        own = {"claims": claims, "readings": [*small.TABLES["readings"], *rows]}
        small_report.write(**own | (tables or {}))
        return data.claim_row("it")

    return write


def ratio():
    """67.77 and 67.49 as known (bank, an estimate; fund), 67.44 and 65.66 (fund, an estimate) in the newest."""
    people = data.series("population", "CHN", "KAZ")
    return (people["CHN"] / people["KAZ"]).dropna()


def tours(**cells):
    """Tours that began in KAZ 2022-09, UZB 2023-05, KAZ 2025-06 (the interview's own), with other cells."""
    rows = [
        row | cells.get(row["event_id"].replace("-", "_"), {}) for row in small.TABLES["events"]
    ]
    return {"events": rows}


# ---- numbers


def test_a_ratio(claim):
    """Catches a source that is not judged by itself, a swapped factor, and newest figures that judge.

    75 is 74.5 to 75.5: 67.77 is 9.9 % short, mostly correct; 67.49 is 10.4 % short, exaggerated; the weaker
    of neighbours counts. 75 / 67.77 = 1.107, 75 / 67.49 = 1.111.
    """
    found = conclude(claim("ratio", "ratio", "75", unit="times"), as_said=ratio())
    assert found.verdict == found.newest_verdict == "exaggerated"
    assert found.factor == (pytest.approx(75 * 20.6 / 1396), pytest.approx(75 * 20.7 / 1397))
    assert found.excess == pytest.approx((75 * 20.6 / 1396 + 75 * 20.7 / 1397) / 2)
    assert (found.low, found.high) == (pytest.approx(67.4879, 1e-5), pytest.approx(67.76699, 1e-5))
    assert found.changes == [
        (("tolerance", 0.2), "mostly-correct"),
        (("source", "bank"), "mostly-correct"),
    ]
    by_source = found.measured.set_index(["edition", "source"]).verdict
    assert by_source["known", "bank"] == "mostly-correct"
    assert by_source["newest", "fund"] == "exaggerated"


def test_a_ratio_that_was_right_for_years_is_out_of_date(claim, small_report):
    """Catches a past that is not looked at: about 85 is 76.5 to 93.5, 78 to 78.75 held in 2015–2017,
    66.67 now is 14.7 % short."""
    values = (1560, 1570, 1575, 1400, 1400, 1400, 1400, 1400, 1400, 1400)
    series = [
        *small.years("bank-2025", "CHN", 2015, *values),
        *small.years("bank-2025", "KAZ", 2015, 20, 20, 20, *[21] * 7),
    ]
    row = claim("ratio", "ratio", "85", tables={"series": series}, unit="times", hedge="about")
    assert conclude(row, as_said=ratio()).verdict == "out-of-date"


def test_facts(claim):
    """Catches a fact of another kind of money, one published after the day, and "at least" that confirms.

    «3 миллиарда» is 2.5 to 3.5: 3.7 is 5.4 % above, mostly correct. With loans there is 0.5, too, and later
    "at least 9": exaggerated, then one says too much, another too little.
    """
    row = claim("money", "value")
    row = data.claim_row("aid")
    values = {
        name: data.facts("aid", **data.attributes(name)) for name in ("aid-grants", "aid-loans")
    }
    found = conclude(row, aid_grants=values["aid-grants"], aid_loans=values["aid-loans"])
    assert found.verdict == "mostly-correct" and found.primary.row.name == "aid-grants"
    assert (found["aid-loans"].verdict, found["aid-loans"].newest_verdict) == (
        "exaggerated",
        "sources-disagree",
    )
    assert ("reading", "aid-loans", "exaggerated") in found.sensitivity


def test_a_rank(claim):
    """Catches a place between two places, and sources that are averaged: first for one, second for the other."""
    places = ratio().groupby("source").transform(lambda _: 1.0)
    places[places.index.get_level_values("source") == "fund"] = 2.0
    found = conclude(claim("rank", "rank", "1", unit="rank"), as_said=places)
    assert found.verdict == "sources-disagree" and found.factor is None
    assert ("source", "bank", "correct") in found.sensitivity
    assert ("source", "fund", "incorrect") in found.sensitivity


@pytest.mark.parametrize(
    "years, verdict", [(33.4, "correct"), (30.0, "mostly-correct"), (20, "exaggerated")]
)
def test_a_duration(claim, years, verdict):
    """Catches "more than 30" that 30 itself satisfies. 20 falls short by half of itself."""
    row = claim("duration", "duration", "30", unit="years", hedge="more-than")
    frame = data.facts("aid", basis="grants").loc[["known"]].tail(1)
    assert (
        conclude(row, as_said=frame.assign(low=years, high=years, unit="years")).verdict == verdict
    )


def test_nothing_found_is_unproven(claim):
    """Catches a claim that is refuted because nobody looked, and an error of the lowest of no values."""
    found = conclude(claim("money", "value", "3", unit="usd-bn"), as_said=None)
    assert found.verdict == "unproven" and found.factor is None and found.primary.rows.empty


# ---- order


@pytest.mark.parametrize(
    "subject, called_first, verdict",
    [
        ("KAZ", (), "unproven"),  # the earliest, but nobody says the first
        ("KAZ", ("tour_2022",), "correct"),
        ("UZB", (), "incorrect"),  # there was an earlier one, undisputed
        ("UZB", ("tour_2023",), "sources-disagree"),  # called so beside an earlier one
    ],
)
def test_a_first(claim, subject, called_first, verdict):
    """Catches a first that nobody calls so, and an earlier case that is overlooked."""
    events = tours(**{name: {"ordinal_stated": "1"} for name in called_first})
    row = claim("precedence", "first", subject=subject, tables=events)
    assert conclude(row, as_said=data.events("tours")).verdict == verdict


@pytest.mark.parametrize(
    "place, count, verdict",
    [
        ("UZB", "3", "incorrect"),
        ("KAZ", "3", "correct"),
        ("KAZ", "4", "unproven"),
        ("KAZ", "", "unproven"),
    ],
)
def test_an_always(claim, place, count, verdict):
    """Catches an exception that is outvoted, and a list taken for complete although a source counts more."""
    reading = {"reading_id": "as-said", "claim_id": "it", "is_primary": "true", "measure": "always"}
    row = claim(
        "universal",
        "always",
        readings=[reading | {"complete_count": count}],
        subject="KAZ",
        tables=tours(tour_2023={"object": place}),
    )
    found = conclude(row, as_said=data.events("tours"))
    assert found.verdict == verdict
    told = found.as_json()["readings"]["as-said"]
    assert (told["cases"], told["against"]) == (3, int(place == "UZB"))


@pytest.mark.parametrize(
    "count, cases, verdict", [("0", 0, "correct"), ("", 0, "unproven"), ("", 3, "incorrect")]
)
def test_a_never(claim, count, cases, verdict):
    """Catches "never" that is confirmed because nobody looked; one case refutes it."""
    reading = {"reading_id": "as-said", "claim_id": "it", "is_primary": "true", "measure": "never"}
    row = claim("universal", "never", readings=[reading | {"complete_count": count}])
    found = conclude(row, as_said=data.events("tours") if cases else None)
    assert found.verdict == verdict
    assert found.as_json()["readings"]["as-said"]["against"] == cases


@pytest.mark.parametrize(
    "subject, stated, verdict",
    [
        ("tour-2023", "2", "correct"),
        ("tour-2023", "", "unproven"),  # an earlier one may be missing
        ("tour-2025", "2", "incorrect"),  # it is the third
    ],
)
def test_an_ordinal(claim, subject, stated, verdict):
    """Catches a count from nought, and a place that only our list knows."""
    events = tours(**{subject.replace("-", "_"): {"ordinal_stated": stated}})
    row = claim("ordinal", "ordinal", "2", unit="order", subject=subject, tables=events)
    assert conclude(row, as_said=data.events("tours")).verdict == verdict


def test_an_occurrence(claim):
    """Catches a case that does not count, and one that is invented."""
    row = claim("status", "occurrence")
    assert conclude(row, as_said=data.events("tours")).verdict == "correct"
    assert conclude(row, as_said=None).verdict == "unproven"


# ---- what cannot be decided


def test_a_vague_claim_has_neither_readings_nor_confidence(claim):
    """Catches a confidence in a verdict that says nothing."""
    found = conclude(claim("vague", "", readings=[], confidence=""))
    told = found.as_json()
    assert found.verdict == "too-vague" and found.primary is None and found.sensitivity == []
    assert not told["confidence"] and told["group"] == "open" and told["factor"] is None


def test_a_forecast_waits_for_its_date_and_so_does_every_choice(claim):
    """Catches a forecast for the end of 2025 that is judged in June, and choices that would "change" it.

    By November 2026 it is due: 67.44 and 65.66 of 70 (69.5 to 70.5) are mostly correct.
    """
    row = claim("forecast", "ratio", "70", unit="times", due="2025")
    found = conclude(row, as_said=ratio())
    assert (found.verdict, found.newest_verdict) == ("not-yet-due", "mostly-correct")
    assert found.changes == [(("newest", None), "mostly-correct")]
    assert set(found.primary.rows.verdict) == {"not-yet-due"}


def test_a_forecast_needs_to_know_which_day_it_is(claim):
    """Catches a bare KeyError."""
    row = claim("forecast", "ratio", "70", unit="times", due="2025", tables={"publication": []})
    with pytest.raises(data.NotFound, match="no data_date.*in data/publication.csv"):
        conclude(row, as_said=ratio())


def test_no_other_claim_reads_the_day(claim, small_report):
    """Catches notebooks that re-run because the report has a new date."""
    row = claim("ratio", "ratio", "70", unit="times", tables={"publication": []})
    assert conclude(row, as_said=ratio()).verdict == "mostly-correct"


# ---- slips


def test_a_wrong_reading_is_named_with_the_nearest(claim):
    """Catches values that are judged by nobody."""
    row = claim("ratio", "ratio", "70", unit="times")
    with pytest.raises(KeyError, match="it has no reading as-sad; nearest: as-said"):
        conclude(row, as_sad=ratio())


def test_a_reading_without_values_is_named(claim):
    """Catches a reading that is forgotten when it is added to the table."""
    row = claim("ratio", "ratio", "70", unit="times")
    with pytest.raises(KeyError, match="reading as-said of it has no values; give as_said=…"):
        conclude(row)


@pytest.mark.parametrize(
    "kind, measure, nearest", [("ratio", "rank", "ratio"), ("rank", "always", "rank")]
)
def test_kind_and_measure_that_do_not_go_together_are_refused(claim, kind, measure, nearest):
    """Catches a rank judged by events."""
    row = claim(kind, measure, "1", unit="rank")
    with pytest.raises(ValueError, match=f"as-said: a claim of kind {kind} is not .*: {nearest}"):
        conclude(row, as_said=ratio())


# ---- what travels


def test_a_finding_travels_in_the_output_as_json(claim, small_report):
    """Catches NaN, which is no JSON, a lost language, and rows from which no table can be made."""
    row = claim("ratio", "ratio", "75", unit="times")
    found = conclude(row, as_said=ratio())
    told = small_report.shown[-1][FACTS]
    assert (told["role"], told["claim"]) == ("research", "it")
    finding = json.loads(json.dumps(told["finding"], allow_nan=False))
    assert finding == found.as_json()
    assert finding["said"] == {
        "en": "75\N{NO-BREAK SPACE}times",
        "ru": "в 75\N{NO-BREAK SPACE}раз",
    }
    assert finding["found"]["en"] == "67.5 to 67.8\N{NO-BREAK SPACE}times"
    assert len(finding["measured"]) == 4 and finding["measured"][0]["source_id"] == "bank-2025"
    assert finding["readings"]["as-said"]["low"] == pytest.approx(67.4879, 1e-5)


def test_a_finding_without_values_travels_too(claim, small_report):
    """Catches the NaN of an empty reading."""
    conclude(claim("money", "value", "3", unit="usd-bn"), as_said=None)
    finding = small_report.shown[-1][FACTS]["finding"]
    json.dumps(finding, allow_nan=False)
    assert finding["measured"] == [] and finding["readings"]["as-said"]["cases"] == 0


def test_values_and_events_travel_side_by_side(claim, small_report):
    """Catches the NaN of columns that only the other reading has, in a plan read by what was done and planned."""
    rows = [
        {"reading_id": name, "claim_id": "it", "is_primary": primary, "measure": measure}
        for name, primary, measure in (("done", "true", "occurrence"), ("sum", "false", "value"))
    ]
    row = claim("plan", "", "3", readings=rows, unit="usd-bn")
    conclude(row, done=data.events("tours"), sum=data.facts("aid", basis="grants"))
    finding = json.loads(json.dumps(small_report.shown[-1][FACTS]["finding"], allow_nan=False))
    assert [m["low"] for m in finding["measured"] if m["reading"] == "done"] == [None] * 6
    assert finding["readings"]["done"]["cases"] == 3


def test_every_verdict_belongs_to_a_group():
    """Catches a tile that is filed under the wrong sign."""
    groups = pd.Series(["correct", "out-of-date", "sources-disagree", "not-yet-due"]).map(group)
    assert list(groups) == ["holds", "fails", "open", "open"]
