"""The measured frame: which year is the latest, which years were firm, and what notebooks may hand over."""

import pandas as pd
import pytest
from factcheck import data, measures

YEARS = {  # (edition, source): {year: (value, firm)}
    ("known", "bank"): {2019: 75.0, 2020: 70.4, 2021: 69.6, 2022: 70.0, 2023: 68.0, 2024: 67.0},
    ("known", "fund"): {2021: 70.1, 2022: 70.2, 2023: 70.3, 2024: 66.0},
    ("newest", "bank"): {2022: 70.0, 2023: 70.1, 2024: 70.2, 2025: 65.0},
}
ESTIMATES = {("known", "bank", 2024), ("known", "fund", 2023), ("newest", "bank", 2025)}


@pytest.fixture
def ratio():
    """A Series with the index of data.series."""
    rows = {
        (*who, year, (*who, year) not in ESTIMATES): value
        for who, years in YEARS.items()
        for year, value in years.items()
    }
    index = pd.MultiIndex.from_tuples(rows, names=["edition", "source", "year", "firm"])
    return pd.Series(list(rows.values()), index)


def test_the_last_year_of_each_edition_of_each_source_is_the_latest(ratio):
    """Catches one last year for all sources, a year without a value, and an order of rows that decides."""
    empty = pd.Series({("known", "bank", 2025, True): float("nan")})
    mixed = pd.concat([ratio.sort_values(), empty]).rename_axis(ratio.index.names)
    assert measures.latest(ratio).equals(measures.latest(mixed))
    assert measures.latest(ratio).to_dict() == {
        ("known", "bank", 2024, False): 67.0,
        ("known", "fund", 2024, True): 66.0,
        ("newest", "bank", 2025, False): 65.0,
    }


def test_earlier_years_are_firm_and_without_the_latest(ratio):
    """Catches an estimate, or this year's value, that proves that a claim was once true."""
    past = measures.earlier(ratio)
    assert past.index.names == ["edition", "source", "year"]
    assert list(past.loc["known", "bank"].index) == [2019, 2020, 2021, 2022, 2023]
    assert list(past.loc["known", "fund"].index) == [2021, 2022], "2023 is an estimate"


def test_what_was_known_on_the_day(ratio):
    """Catches newest figures among those of the day, and an error where there were none."""
    assert list(measures.known(ratio).index.unique("source")) == ["bank", "fund"]
    assert measures.known(ratio.drop("known", level="edition")).empty


def test_years_inside_are_three_firm_ones_in_a_row_as_known_on_the_day(ratio, small_report):
    """Catches a spell of two years, one over a gap or an estimate, and one that only newer figures have.

    «70 раз» is 69.5 to 70.5: of the bank 2020–2022; of the fund 2021 and 2022, for 2023 is an estimate.
    """
    held = measures.years_inside(ratio, data.claim_row("people"))
    assert held.to_dict("index") == {"bank": {"first": 2020, "last": 2022}}


def test_the_frame_of_a_series_has_a_row_an_edition_with_its_source(small_report):
    """Catches a figure whose source cannot be cited, or one cited from another edition."""
    people = data.series("population", "CHN", "KAZ")
    frame = measures.measured(people["CHN"] / people["KAZ"], "times", "population", ["CHN", "KAZ"])
    assert list(frame.columns) == measures.COLUMNS
    found = frame.set_index(["edition", "source"])
    assert found.source_id.to_dict() == {
        ("known", "bank"): "bank-2025",
        ("known", "fund"): "fund-2025",
        ("newest", "bank"): "bank-2026|bank-2025",  # one country each
        ("newest", "fund"): "fund-2025",
    }
    bank = found.loc[("known", "bank")]
    assert (bank.period, bool(bank.firm), bank.bound) == ("2024", False, "exact")
    assert bank.low == bank.high == pytest.approx(1396 / 20.6)


def test_the_frame_of_facts_keeps_their_bounds_and_fills_the_other_end(small_report):
    """Catches "at least 9" that became 9, or that is judged as no number."""
    facts = data.facts("aid", basis="loans").assign(high=float("nan"))
    frame = measures.measured(facts, "usd-bn")
    assert frame[["edition", "source_id", "bound", "low", "high"]].values.tolist() == [
        ["newest", "paper-2025", "at-least", facts.low.iloc[0], facts.low.iloc[0]]
    ]


def test_nothing_found_is_a_frame_without_rows():
    """Catches an error where a search found nothing."""
    nothing = measures.measured(None, "times")
    assert nothing.empty and list(nothing) == measures.COLUMNS
    assert measures.past_of(None) == {}


@pytest.mark.parametrize("values", [70.0, [70.0], pd.DataFrame({"low": [70.0]})])
def test_anything_else_is_refused_in_words(values):
    """Catches a number without a source or a year."""
    with pytest.raises(TypeError, match="a Series with the index of data.series .*, or a frame wi"):
        measures.measured(values, "times")


def test_an_index_without_its_levels_is_refused_in_words(ratio):
    """Catches the bare KeyError of pandas after `.loc["known"]`, or after a mean over the years."""
    known, mean = ratio.loc["known"], ratio.groupby(["edition", "source"]).mean()
    for work in (measures.known, measures.latest, measures.earlier, measures.past_of):
        with pytest.raises(TypeError, match="the index lacks edition.*; it has source, year, firm"):
            work(known)
    with pytest.raises(TypeError, match="the index lacks year, firm: needed are edition, source, "):
        measures.measured(mean, "times")


def test_what_cannot_be_cited_or_compared_is_refused(ratio, small_report):
    """Catches links to sources that lead nowhere, and billions of yuan judged as billions of dollars."""
    with pytest.raises(ValueError, match="data/readings.csv: a series needs its indicator"):
        measures.measured(ratio, "times")
    with pytest.raises(ValueError, match="the claim in cny-bn; convert low and high, and say unit"):
        measures.measured(data.facts("aid", basis="loans"), "cny-bn")
