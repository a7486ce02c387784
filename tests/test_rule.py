"""The rule on examples worked by hand, at both edges of each verdict, in both directions of each change.

No expected value here was computed by the package: the arithmetic stands beside it. Nothing here needs
this interview's data. The names of the tests say which mistake they would catch.
"""

from math import inf, nan

import pytest
from factcheck import cases
from factcheck.cases import Case, judge_always, judge_first, judge_forecast, judge_never
from factcheck.rule import (
    CORRECT,
    DISAGREE,
    EXAGGERATED,
    INCORRECT,
    MOSTLY,
    NOT_YET_DUE,
    OUT_OF_DATE,
    UNDERSTATED,
    UNPROVEN,
    Interval,
    Value,
    factor,
    gap,
    headline,
    judge,
    judge_rank,
    judge_source,
    sensitivity,
    years_inside,
)
from hypothesis import given, settings
from hypothesis import strategies as st

# The same examples on every machine and in every run.
settings.register_profile("factcheck", derandomize=True, database=None, deadline=None)
settings.load_profile("factcheck")

INSIDE = dict.fromkeys((2001, 2002, 2003), 82.0)  # three years within 80 to 85
NEVER = dict.fromkeys((2001, 2002, 2003), 60.0)
SAID = Interval(80, 85)


def judged(value, history=None, bound="exact"):
    return judge_source(Value(value, value, bound, "s", history or {}), SAID)


# ---- One source by itself


@pytest.mark.parametrize(
    "value, said, expected",
    [
        # Just inside, on the edge and just outside the interval.
        (80, SAID, CORRECT),
        (85, SAID, CORRECT),
        (79.99, SAID, MOSTLY),
        (85.01, SAID, MOSTLY),
        # The edge of a half-open interval is outside, by nothing: mostly correct.
        (70, Interval(70, 100, low_open=True), MOSTLY),
        (70.01, Interval(70, 100, low_open=True), CORRECT),
        (30, Interval(0, 30, high_open=True), MOSTLY),
        # 10 % of the measured value, not of the claim. Too high: (110 − 100) / 100 = 10 %.
        (100, Interval(110, 120), MOSTLY),
        (99.99, Interval(110, 120), EXAGGERATED),
        # Too low: (100 − 90) / 100 = 10 %. Of the claim it would be 10 / 90 = 11 %.
        (100, Interval(80, 90), MOSTLY),
        (100.01, Interval(80, 90), UNDERSTATED),
        # (7.7 − 7) / 7 = 10 % exactly and (9 − 8.1) / 9 too, whatever binary fractions make of it.
        (7, Interval(7.7, 8), MOSTLY),
        (9, Interval(8, 8.1), MOSTLY),
        (6.99, Interval(7.7, 8), EXAGGERATED),
        (9.01, Interval(8, 8.1), UNDERSTATED),
    ],
)
def test_verdict_at_both_edges(value, said, expected):
    assert judge(float(value), float(value), "exact", said) == expected
    assert judge(float(value), float(value), "about", said) == expected


def test_other_tolerances():
    # (80 − 69.39) / 69.39 = 15.3 %
    found = [judge(69.39, 69.39, "exact", SAID, tolerance) for tolerance in (0.05, 0.10, 0.20)]
    assert found == [EXAGGERATED, EXAGGERATED, MOSTLY]


@pytest.mark.parametrize(
    "low, high, expected",
    [
        (81, 84, CORRECT),
        (79, 84, MOSTLY),  # the lower end is 1/79 = 1.3 % off
        (70, 84, EXAGGERATED),  # the lower end is 10/70 = 14 % off
        (81, 100, UNDERSTATED),  # the upper end is 15/100 off
        (70, 100, UNDERSTATED),  # 10/70 = 14.3 % below, 15/100 = 15 % above: the worse counts
        (65, 100, EXAGGERATED),  # 15/65 = 23 % below
    ],
)
def test_a_measured_range_is_judged_by_its_worse_end(low, high, expected):
    assert judge(low, high, "exact", SAID) == expected


def test_gap_is_a_share_of_the_measured_value_and_negative_below_the_claim():
    assert gap(64, 64, SAID) == -0.25  # (64 − 80) / 64
    assert gap(100, 100, SAID) == 0.15  # (100 − 85) / 100
    assert gap(82, 82, SAID) == 0
    assert gap(0, 0, SAID) == -1


@pytest.mark.parametrize(
    "value, bound, said, expected",
    [
        # "At least 90" refutes 80 to 85; nothing lower does, and nothing at all confirms.
        (90, "at-least", SAID, UNDERSTATED),
        (85, "at-least", SAID, None),
        (82, "at-least", SAID, None),
        (70, "at-most", SAID, EXAGGERATED),
        (80, "at-most", SAID, None),
        # "At least 30" refutes "less than 30" and "at most 30" refutes "more than 30", whose 30 is outside.
        (30, "at-least", Interval(0, 30, high_open=True), UNDERSTATED),
        (30, "at-least", Interval(0, 30), None),
        (30, "at-most", Interval(30, inf, low_open=True), EXAGGERATED),
        (30, "at-most", Interval(30, inf), None),
        # "At least 75 %" fits "more than 70 %", and still does not confirm it.
        (75, "at-least", Interval(70, 100, low_open=True), None),
    ],
)
def test_a_one_sided_figure_may_refute_but_never_confirms(value, bound, said, expected):
    assert judge(value, value, bound, said) == expected


# ---- Out of date


@pytest.mark.parametrize(
    "history, runs",
    [
        ({}, []),
        ({2001: 82, 2002: 82}, []),  # two years are not enough
        ({2001: 82, 2002: 82, 2003: 82}, [(2001, 2003)]),
        ({2001: 82, 2002: 82, 2004: 82}, []),  # a year is missing
        ({2001: 82, 2002: 82, 2003: 79, 2004: 82}, []),  # a year is outside
        ({2001: 82, 2002: 82, 2004: 82, 2005: 82, 2006: 82}, [(2004, 2006)]),
        ({2003: 85, 2002: 80, 2001: 82}, [(2001, 2003)]),  # in any order, and the ends belong to it
        (
            {2000: 79.9, 2001: 80, 2002: 80, 2003: 80, 2004: 85.1, 2005: 85, 2006: 85, 2007: 85},
            [(2001, 2003), (2005, 2007)],
        ),
    ],
)
def test_years_in_a_row_inside_the_claim(history, runs):
    assert years_inside(history, SAID) == runs


@pytest.mark.parametrize(
    "value, history, expected",
    [
        (69, INSIDE, OUT_OF_DATE),
        (110, INSIDE, OUT_OF_DATE),
        (69, {2001: 82, 2002: 82}, EXAGGERATED),
        (69, NEVER, EXAGGERATED),
        (75, INSIDE, MOSTLY),
        (82, INSIDE, CORRECT),  # a past does not make a claim worse
    ],
)
def test_out_of_date_asks_for_three_years_in_a_row(value, history, expected):
    assert judged(value, history).verdict == expected


# ---- What several sources share


@pytest.mark.parametrize(
    "sources, expected",
    [
        ([], UNPROVEN),
        ([(82, None)], CORRECT),
        ([(82, None), (79, None)], MOSTLY),  # one step apart: the weaker
        ([(79, None), (60, None)], EXAGGERATED),
        ([(79, None), (100, None)], UNDERSTATED),
        ([(82, None), (60, None)], DISAGREE),  # two steps
        ([(82, None), (79, None), (60, None)], DISAGREE),
        ([(60, None), (110, None)], DISAGREE),  # opposite sides
        ([(60, INSIDE), (110, INSIDE)], DISAGREE),  # opposite sides, both with a past
        ([(60, INSIDE), (79, NEVER)], OUT_OF_DATE),
        ([(60, INSIDE), (60, None)], OUT_OF_DATE),  # a source without a past cannot say "never"
        ([(60, INSIDE), (60, {2001: 60, 2002: 60})], OUT_OF_DATE),  # nor can two years
        ([(60, INSIDE), (60, NEVER)], EXAGGERATED),  # this one can
        # A further source without a past does not silence the one that has one.
        ([(60, INSIDE), (60, NEVER), (60, None)], EXAGGERATED),
        # Without a past it may still say that the claim is right, or wrong the other way.
        ([(60, INSIDE), (82, None)], DISAGREE),
        ([(60, INSIDE), (79, None)], OUT_OF_DATE),
        ([(60, INSIDE), (110, None)], DISAGREE),
    ],
)
def test_headline(sources, expected):
    assert headline([judged(value, history) for value, history in sources]) == expected
    assert headline([judged(value, history) for value, history in reversed(sources)]) == expected


def test_sources_that_cannot_tell_are_left_out_of_the_headline():
    silent = judged(82, bound="at-least")
    assert silent.verdict is None
    assert headline([silent]) == UNPROVEN
    assert headline([silent, judged(60)]) == EXAGGERATED


# ---- Negative numbers, growth, zero

FALL = Interval(-2.55, -2.45)


@pytest.mark.parametrize(
    "value, bound, said, expected",
    [
        (-2.5, "exact", FALL, CORRECT),
        # A fall is judged by its size: (2.45 − 2.4) / 2.4 = 2 %, (2.45 − 2) / 2 = 22 %, (3 − 2.55) / 3 = 15 %.
        (-2.4, "exact", FALL, MOSTLY),
        (-2.0, "exact", FALL, EXAGGERATED),
        (-3.0, "exact", FALL, UNDERSTATED),
        (1.0, "exact", FALL, EXAGGERATED),  # it rose
        (0.0, "exact", FALL, EXAGGERATED),
        # At least −2 is a fall of at most 2; at most −3 one of at least 3.
        (-2.0, "at-least", FALL, EXAGGERATED),
        (-3.0, "at-most", FALL, UNDERSTATED),
        (-3.0, "at-least", FALL, None),
        # Growth: 4.4 against 4.75 to 4.85 is (4.75 − 4.4) / 4.4 = 8 %; a fall is no growth.
        (4.4, "exact", Interval(4.75, 4.85), MOSTLY),
        (4.3, "exact", Interval(4.75, 4.85), EXAGGERATED),
        (-2.5, "exact", Interval(4.75, 4.85), EXAGGERATED),
        (0.0, "exact", Interval(4.75, 4.85), EXAGGERATED),
        (-40.0, "exact", Interval(-inf, 2, high_open=True), CORRECT),
        (250.0, "exact", Interval(70, inf, low_open=True), CORRECT),
    ],
)
def test_a_fall_is_judged_by_its_size(value, bound, said, expected):
    assert judge(value, value, bound, said) == expected


def test_a_tenth_is_added_to_the_size_of_a_negative_number():
    assert Interval(80, 85).widened() == Interval(72, pytest.approx(93.5))
    assert Interval(-30, -20).widened() == Interval(-33, -18)


@given(st.floats(0.01, 1e6), st.floats(0.01, 1e6), st.floats(1, 3))
def test_a_fall_and_a_rise_of_the_same_size_have_the_same_verdict(value, low, width):
    said = Interval(low, low * width)
    assert judge(value, value, "exact", said) == judge(-value, -value, "exact", said.mirrored())


# ---- Values


@pytest.mark.parametrize(
    "low, high, bound, message",
    [
        (2, 1, "exact", "value 2 to 1 of who: low and high in order"),
        (nan, nan, "exact", "value nan to nan of who: low and high in order"),
        (1, 2, "around", "bound around of who: one of exact, about, at-least, at-most"),
    ],
)
def test_a_value_that_says_nothing_is_refused(low, high, bound, message):
    with pytest.raises(ValueError) as error:
        Value(low, high, bound, source="who")
    assert str(error.value) == message


@pytest.mark.parametrize(
    "said, values, expected",
    [
        (82.5, [(70, 75, "exact"), (66, 66, "about")], (82.5 / 75, 82.5 / 66)),
        (82.5, [(70, 70, "exact"), (10, 10, "at-most")], (82.5 / 70, 82.5 / 70)),
        (82.5, [(90, 90, "at-least")], None),
        (82.5, [], None),
        # No factor says how far a number is from zero, or from one of the other sign.
        (4.8, [(0, 0, "exact")], None),
        (4.8, [(-2, -2, "exact"), (4, 4, "exact")], None),
        (-2.5, [(-2, -2, "exact")], None),
        (0, [(2, 2, "exact")], None),
    ],
)
def test_factor_takes_positive_two_sided_figures_only(said, values, expected):
    assert factor(said, [Value(*value) for value in values]) == expected


@pytest.mark.parametrize(
    "places, expected",
    [([], UNPROVEN), ([1], CORRECT), ([1, 1], CORRECT), ([2, 3], INCORRECT), ([1, 2], DISAGREE)],
)
def test_rank(places, expected):
    assert judge_rank(places, Interval(1, 1)) == expected


def test_sensitivity_shows_each_choice():
    """75 is (80 − 75) / 75 = 6.7 % below, 70 is 14.3 %; with a tenth more the claim is 72 to 93.5."""
    values = [Value(75, 75, source="a"), Value(70, 70, source="b"), Value(90, 90, "at-most", "c")]
    assert sensitivity(values, SAID, is_about_range=True) == [
        ("tolerance", 0.05, EXAGGERATED),
        ("tolerance", 0.10, EXAGGERATED),
        ("tolerance", 0.20, MOSTLY),
        ("hedge", None, MOSTLY),  # 70 is 2.9 % below 72
        ("source", "a", MOSTLY),
        ("source", "b", EXAGGERATED),
        ("source", "c", UNPROVEN),  # a one-sided figure that does not refute
    ]
    assert sensitivity([], SAID, is_about_range=False) == []


# ---- First


def case(date, place="KAZ", stated=None, event_id=""):
    return Case(date, place, event_id or date, stated)


@pytest.mark.parametrize(
    "found, expected",
    [
        ([], UNPROVEN),
        # An earlier case that nobody disputes refutes, to the last day before the year.
        ([case("2020-07-16")], INCORRECT),
        ([case("2021"), case("2022")], INCORRECT),
        ([case("2021", stated=1)], INCORRECT),  # called the first itself
        ([case("2021", stated=1), case("2022")], INCORRECT),
        # … and beside a source that calls the claimed one the first, the sources disagree.
        ([case("2021"), case("2022", stated=1)], DISAGREE),
        ([case("2021", stated=1), case("2022", stated=1)], DISAGREE),
        # One that calls something else the first, later still, does not help the claimed one.
        ([case("2021"), case("2022"), case("2023", stated=1)], INCORRECT),
        # Different things called the first.
        ([case("2022", stated=1), case("2023", stated=1)], DISAGREE),
        ([case("2022", stated=1), case("2022-05", stated=1)], CORRECT),  # the same year
        # The earliest known, and called so.
        ([case("2022", stated=1), case("2023")], CORRECT),
        ([case("2022-01-01")], UNPROVEN),  # no source calls it the first
        ([case("2022", stated=2)], UNPROVEN),
        ([case("2022"), case("2023", stated=1)], UNPROVEN),  # another is called the first
    ],
)
def test_first_by_its_year(found, expected):
    for order in (found, found[::-1]):  # the order of the rows does not decide
        assert judge_first(order, years=Interval(2022, 2022)) == expected


def test_first_after_a_year_excludes_that_year():
    after = Interval(2020, inf, low_open=True)
    assert judge_first([case("2020")], years=after) == INCORRECT
    assert judge_first([case("2021", stated=1)], years=after) == CORRECT


@pytest.mark.parametrize(
    "found, expected",
    [
        ([], UNPROVEN),
        ([case("2004", "RUS"), case("2012")], INCORRECT),
        ([case("2004", "RUS", 1), case("2012")], INCORRECT),
        ([case("2004", "RUS"), case("2012", stated=1)], DISAGREE),
        ([case("2006", "RUS", 1), case("2012", stated=1)], DISAGREE),
        ([case("2012", stated=1), case("2019", "LAO", 1)], DISAGREE),
        ([case("2012", stated=1), case("2019", "LAO")], CORRECT),
        ([case("2012", stated=1), case("2025", stated=1)], CORRECT),  # the same thing twice
        ([case("2012"), case("2013", "KGZ")], UNPROVEN),
        ([case("2012"), case("2013", "KGZ", 1)], UNPROVEN),
        # Which of two was earlier is not known from a year alone; on the same day none was.
        ([case("2012", "RUS"), case("2012-04-18", stated=1)], UNPROVEN),
        ([case("2012-04-17", "RUS"), case("2012-04-18", stated=1)], DISAGREE),
        ([case("2012-04-18", "RUS"), case("2012-04-18", stated=1)], CORRECT),
        ([case("2012-03", "RUS"), case("2012-04-18")], INCORRECT),
    ],
)
def test_first_by_its_object(found, expected):
    for order in (found, found[::-1]):
        assert judge_first(order, subject="KAZ") == expected


# ---- Always, never

ASTANA, TWO = [case("2013"), case("2019")], [case("2013"), case("2019", "KGZ")]


@pytest.mark.parametrize(
    "found, count, expected",
    [
        ([], None, UNPROVEN),
        ([], 0, UNPROVEN),  # of nothing one cannot say always
        (ASTANA, None, UNPROVEN),  # nobody says that these are all
        (ASTANA, 3, UNPROVEN),  # one is missing
        (ASTANA, 2, CORRECT),
        (TWO, None, INCORRECT),  # one exception is enough, complete or not
        (TWO, 9, INCORRECT),
    ],
)
def test_always(found, count, expected):
    assert judge_always(found, "KAZ", count) == expected


@pytest.mark.parametrize(
    "found, subject, count, expected",
    [
        (TWO, "KGZ", None, INCORRECT),
        (ASTANA, "KGZ", 3, UNPROVEN),
        (ASTANA, "KGZ", 2, CORRECT),
        # Without a subject every case that matches is an exception.
        (ASTANA, "", None, INCORRECT),
        ([], "", None, UNPROVEN),
        ([], "", 0, CORRECT),
        ([], "", 1, UNPROVEN),
    ],
)
def test_never(found, subject, count, expected):
    assert judge_never(found, subject, count) == expected


# ---- N-th, did it happen, forecast


@pytest.mark.parametrize(
    "measure, found, subject, said, expected",
    [
        ("occurrence", [], "", None, UNPROVEN),
        ("occurrence", [case("2025-06-17")], "", None, CORRECT),
        ("ordinal", [case("2001", "a"), case("2002", stated=2, event_id="b")], "b", 2, CORRECT),
        ("ordinal", [case("2001", "a"), case("2002", event_id="b")], "b", 2, UNPROVEN),
        ("ordinal", [*TWO, case("2023", stated=3, event_id="c")], "c", 2, INCORRECT),
        # An earlier one may be missing.
        ("ordinal", [case("2002", stated=1, event_id="b")], "b", 2, UNPROVEN),
        ("first", [case("2022", stated=1)], "", 2022, CORRECT),
        ("always", TWO, "KAZ", None, INCORRECT),
        ("never", TWO, "KGZ", None, INCORRECT),
    ],
)
def test_each_measure_of_cases(measure, found, subject, said, expected):
    said = said and Interval(said, said)
    assert cases.judge_cases(measure, found, subject, said) == expected


def test_another_measure_of_cases_is_refused():
    with pytest.raises(ValueError, match="measure last: first, ordinal, always"):
        cases.judge_cases("last", [])


@pytest.mark.parametrize(
    "due, day_before, day",
    [
        ("2029", "2029-12-30", "2029-12-31"),
        ("2025-06", "2025-06-29", "2025-06-30"),
        ("2024-02", "2024-02-28", "2024-02-29"),
        ("2025-06-17", "2025-06-16", "2025-06-17"),
    ],
)
def test_a_forecast_is_judged_when_it_is_due(due, day_before, day):
    assert judge_forecast(EXAGGERATED, due, day_before) == NOT_YET_DUE
    assert judge_forecast(EXAGGERATED, due, day) == EXAGGERATED


# ---- Properties

VALUES = st.floats(0.01, 1e9)
INTERVALS = st.builds(lambda low, width: Interval(low, low * width), VALUES, st.floats(1, 3))
STEPS = {CORRECT: 0, MOSTLY: 1, OUT_OF_DATE: 2, EXAGGERATED: 2, UNDERSTATED: 2, DISAGREE: 3}
PASTS = st.sampled_from([None, INSIDE, NEVER])
SOURCES = st.lists(
    st.tuples(st.sampled_from([60.0, 77.0, 82.0, 90.0, 110.0]), PASTS), min_size=1, max_size=4
)


@given(VALUES, VALUES, INTERVALS)
def test_doubt_about_a_figure_never_makes_a_claim_more_correct(one, other, said):
    low, high = sorted((one, other))
    steps = [STEPS[judge(a, b, "exact", said)] for a, b in ((low, low), (high, high), (low, high))]
    assert steps[2] == max(steps[:2])


@given(SOURCES, SOURCES)
def test_further_sources_never_make_a_claim_more_correct_in_whatever_order(some, more):
    few, all_ = ([judged(*source) for source in sources] for sources in (some, some + more))
    assert STEPS[headline(all_)] >= STEPS[headline(few)]
    assert headline(all_) == headline(all_[::-1])


@pytest.mark.parametrize("text", ["", "25", "2025-6", "17.06.2025"])
def test_a_day_that_is_none_is_named(text):
    """Catches a bare KeyError for a cell that was left empty."""
    for day in (cases.first_day, cases.last_day):
        with pytest.raises(ValueError, match="is no date: give YYYY, YYYY-MM or YYYY-MM-DD"):
            day(text)
