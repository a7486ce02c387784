"""The written rule: on examples worked by hand, at both edges of each verdict, and on the real data.

No expected value here was computed by the package: the arithmetic stands beside it.
"""

import csv
from collections import defaultdict
from fractions import Fraction
from math import inf
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck import DATA
from factcheck.claims import Interval, interval
from factcheck.evidence import Measured
from factcheck.prose import Language
from factcheck.verdict import (CORRECT, DISAGREE, EXAGGERATED, INCORRECT, MOSTLY, OUT_OF_DATE, UNDERSTATED,
                               UNPROVEN, VAGUE, gap, headline, judge, judge_order, judge_source, years_inside)

# The same examples on every machine and in every run.
settings.register_profile("factcheck", derandomize=True, database=None, deadline=None)
settings.load_profile("factcheck")

INSIDE = dict.fromkeys((2001, 2002, 2003), 82.0)  # three years within 80 to 85
NEVER = dict.fromkeys((2001, 2002, 2003), 60.0)
SAID = Interval(80, 85)


def measured(low, high=None, bound="exact", history=None):
    return Measured(low, low if high is None else high, bound, "2024", ("s",), "s", history=history or {})


def judged(value, history=None, bound="exact"):
    return judge_source(measured(value, bound=bound, history=history), SAID)


# ---- The interval that words allow


@pytest.mark.parametrize("low, high, hedge, unit, inside, outside", [
    # A range stands as it was said, and "about" adds nothing to it.
    (80, 85, "about", "times", (80, 82.5, 85), (79.999, 85.001)),
    (80, 85, "none", "times", (80, 85), (79.999, 85.001)),
    # About v: v ± 10 %. 100 × 0.9 = 90, 100 × 1.1 = 110.
    (100, 100, "about", "times", (90, 110), (89.999, 110.001)),
    # 13 × 0.9 = 11.7 and 13 × 1.1 = 14.3, to the last digit.
    (13, 13, "about", "times", (11.7, 14.3), (11.699, 14.301)),
    (21, 21, "about", "times", (18.9, 23.1), (18.899, 23.101)),
    # More than v: v itself is outside, and a share ends at the whole.
    (70, 70, "more-than", "percent", (70.001, 100), (70, 69.7, 100.001)),
    (30, 30, "more-than", "years", (30.001, 1e9), (30,)),
    (30, 30, "less-than", "years", (0, 29.999), (30, -0.001)),
    # A bare number holds to the precision in which it is written: ± half of its last digit.
    (3, 3, "none", "usd-bn", (2.5, 3.5), (2.499, 3.501)),
    (50, 50, "none", "usd-bn", (49.5, 50.5), (49.499, 50.501)),
    (69.7, 69.7, "none", "percent", (69.65, 69.75), (69.649, 69.751)),
    # A year, an order and a rank do not round.
    (2022, 2022, "none", "year", (2022,), (2021.999, 2022.001)),
    (2, 2, "none", "order", (2,), (1, 3, 2.4)),
    (1, 1, "none", "rank", (1,), (2, 1.4)),
])
def test_interval_of_words_at_both_ends(low, high, hedge, unit, inside, outside):
    found = interval(low, high, hedge, unit)
    assert [value for value in inside if value not in found] == []
    assert [value for value in outside if value in found] == []


def test_more_than_has_no_upper_end_but_for_a_share():
    assert interval(30, 30, "more-than", "years").high == inf
    assert interval(70, 70, "more-than", "percent").high == 100


@pytest.mark.parametrize("low, high, hedge, message", [
    (85, 80, "none", "low 85 is above high 80"),
    (80, 85, "more-than", "a range (80–85) cannot be more-than"),
    (80, 85, "less-than", "a range (80–85) cannot be less-than"),
])
def test_numbers_and_hedge_that_do_not_go_together_are_refused(low, high, hedge, message):
    with pytest.raises(ValueError) as error:
        interval(low, high, hedge, "times")
    assert str(error.value) == message


# ---- One source by itself


@pytest.mark.parametrize("value, said, expected", [
    # Just inside, on the edge and just outside the interval.
    (80, SAID, CORRECT), (85, SAID, CORRECT), (79.99, SAID, MOSTLY), (85.01, SAID, MOSTLY),
    # The edge of a half-open interval is outside, by nothing: mostly correct.
    (70, Interval(70, 100, low_open=True), MOSTLY), (70.01, Interval(70, 100, low_open=True), CORRECT),
    (30, Interval(0, 30, high_open=True), MOSTLY),
    # 10 % of the measured value, not of the claim. Too high: (110 − 100) / 100 = 10 %.
    (100, Interval(110, 120), MOSTLY), (99.99, Interval(110, 120), EXAGGERATED),
    # Too low: (100 − 90) / 100 = 10 %. Of the claim it would be 10 / 90 = 11 %.
    (100, Interval(80, 90), MOSTLY), (100.01, Interval(80, 90), UNDERSTATED),
    # (7.7 − 7) / 7 = 10 % exactly and (9 − 8.1) / 9 too, whatever binary fractions make of it.
    (7, Interval(7.7, 8), MOSTLY), (9, Interval(8, 8.1), MOSTLY),
    (6.99, Interval(7.7, 8), EXAGGERATED), (9.01, Interval(8, 8.1), UNDERSTATED),
])
def test_verdict_at_both_edges(value, said, expected):
    assert judge(float(value), float(value), "exact", said) == expected
    assert judge(float(value), float(value), "about", said) == expected


@pytest.mark.parametrize("tolerance, expected", [(0.05, EXAGGERATED), (0.10, EXAGGERATED), (0.20, MOSTLY)])
def test_other_tolerances(tolerance, expected):
    # (80 − 69.39) / 69.39 = 15.3 %
    assert judge(69.39, 69.39, "exact", SAID, tolerance) == expected


@pytest.mark.parametrize("low, high, expected", [
    (81, 84, CORRECT),
    (79, 84, MOSTLY),  # the lower end is 1/79 = 1.3 % off
    (70, 84, EXAGGERATED),  # the lower end is 10/70 = 14 % off
    (81, 100, UNDERSTATED),  # the upper end is 15/100 off
    (70, 100, UNDERSTATED),  # 10/70 = 14.3 % below, 15/100 = 15 % above: the worse counts
    (65, 100, EXAGGERATED),  # 15/65 = 23 % below
])
def test_a_measured_range_is_judged_by_its_worse_end(low, high, expected):
    assert judge(low, high, "exact", SAID) == expected


def test_gap_is_a_share_of_the_measured_value_and_negative_below_the_claim():
    assert gap(64, 64, SAID) == -0.25  # (64 − 80) / 64
    assert gap(100, 100, SAID) == 0.15  # (100 − 85) / 100
    assert gap(82, 82, SAID) == 0
    assert gap(0, 0, SAID) == -1


@pytest.mark.parametrize("value, bound, said, expected", [
    # "At least 90" refutes 80 to 85; nothing lower does, and nothing at all confirms.
    (90, "at-least", SAID, UNDERSTATED), (85, "at-least", SAID, None), (82, "at-least", SAID, None),
    (10, "at-least", SAID, None),
    (70, "at-most", SAID, EXAGGERATED), (80, "at-most", SAID, None), (82, "at-most", SAID, None),
    (1000, "at-most", SAID, None),
    # "At least 75 %" fits "more than 70 %", and still does not confirm it.
    (75, "at-least", Interval(70, 100, low_open=True), None),
])
def test_a_one_sided_figure_may_refute_but_never_confirms(value, bound, said, expected):
    assert judge(value, value, bound, said) == expected


@given(st.floats(1, 1e6), st.sampled_from(["at-least", "at-most"]), st.floats(1, 1e6), st.floats(1, 2))
def test_no_one_sided_figure_ever_confirms(value, bound, low, width):
    assert judge(value, value, bound, Interval(low, low * width)) in (None, EXAGGERATED, UNDERSTATED)


# ---- Out of date


@pytest.mark.parametrize("history, runs", [
    ({}, []),
    ({2001: 82, 2002: 82}, []),  # two years are not enough
    ({2001: 82, 2002: 82, 2003: 82}, [(2001, 2003)]),
    ({2001: 82, 2002: 82, 2004: 82}, []),  # a year is missing
    ({2001: 82, 2002: 82, 2003: 79, 2004: 82}, []),  # a year is outside
    ({2001: 82, 2002: 82, 2004: 82, 2005: 82, 2006: 82}, [(2004, 2006)]),
    ({2003: 85, 2002: 80, 2001: 82}, [(2001, 2003)]),  # in any order, and the ends belong to it
    ({2000: 79.9, 2001: 80, 2002: 80, 2003: 80, 2004: 85.1, 2005: 85, 2006: 85, 2007: 85},
     [(2001, 2003), (2005, 2007)]),
])
def test_years_in_a_row_inside_the_claim(history, runs):
    assert years_inside(history, SAID) == runs


@pytest.mark.parametrize("value, history, expected", [
    (69, INSIDE, OUT_OF_DATE), (110, INSIDE, OUT_OF_DATE),
    (69, {2001: 82, 2002: 82}, EXAGGERATED), (69, {2001: 82, 2002: 82, 2004: 82}, EXAGGERATED),
    (69, NEVER, EXAGGERATED), (110, NEVER, UNDERSTATED),
    (75, INSIDE, MOSTLY), (82, INSIDE, CORRECT),  # a past does not make a claim worse
])
def test_out_of_date_asks_for_three_years_in_a_row(value, history, expected):
    assert judged(value, history).verdict == expected


# ---- What several sources share


@pytest.mark.parametrize("sources, expected", [
    ([], UNPROVEN),
    ([(82, None)], CORRECT),
    ([(82, None), (84, None)], CORRECT),
    ([(82, None), (79, None)], MOSTLY),  # one step apart: the weaker
    ([(79, None), (60, None)], EXAGGERATED),
    ([(79, None), (100, None)], UNDERSTATED),
    ([(82, None), (60, None)], DISAGREE),  # two steps
    ([(82, None), (79, None), (60, None)], DISAGREE),
    ([(60, None), (110, None)], DISAGREE),  # opposite sides
    ([(60, INSIDE), (110, INSIDE)], DISAGREE),  # opposite sides, both with a past
    ([(60, INSIDE), (60, INSIDE)], OUT_OF_DATE),
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
])
def test_headline(sources, expected):
    assert headline([judged(value, history) for value, history in sources]) == expected
    assert headline([judged(value, history) for value, history in reversed(sources)]) == expected


def test_sources_that_cannot_tell_are_left_out_of_the_headline():
    silent = judged(82, bound="at-least")
    assert silent.verdict is None
    assert headline([silent]) == UNPROVEN
    assert headline([silent, judged(60)]) == EXAGGERATED


# ---- Order: first, n-th, always, did it happen


def event(date, place="KAZ", stated=None):
    return {"event_id": date, "date": date, "object": place, "ordinal_stated": stated}


def order(low=None, subject=""):
    said = None if low is None else Interval(low, low)
    return SimpleNamespace(has_number=low is not None, low=low, high=low, interval=said, subject=subject)


@pytest.mark.parametrize("kind, events, said, expected", [
    ("occurrence", [], order(), UNPROVEN),
    ("occurrence", [event("2025-06-17")], order(), CORRECT),
    ("always", [], order(subject="KAZ"), UNPROVEN),
    ("always", [event("2013"), event("2019")], order(subject="KAZ"), UNPROVEN),  # a list never confirms
    ("always", [event("2013"), event("2019", "KGZ")], order(subject="KAZ"), INCORRECT),
    # First, by its year.
    ("first", [], order(2022), UNPROVEN),
    ("first", [event("2020-07-16")], order(2022), INCORRECT),
    ("first", [event("2021-12-31")], order(2022), INCORRECT),
    ("first", [event("2022-01-01")], order(2022), UNPROVEN),  # no source calls it the first
    ("first", [event("2022", stated=1)], order(2022), CORRECT),
    ("first", [event("2022", stated=2)], order(2022), UNPROVEN),
    ("first", [event("2023-01-01", stated=1)], order(2022), UNPROVEN),
    ("first", [event("2022"), event("2023", stated=1)], order(2022), UNPROVEN),  # another is called the first
    # First, by its place.
    ("first", [event("2004", "KGZ"), event("2012", stated=1)], order(subject="KAZ"), INCORRECT),
    ("first", [event("2012"), event("2013", "KGZ")], order(subject="KAZ"), UNPROVEN),
    ("first", [event("2012", stated=1)], order(subject="KAZ"), CORRECT),
    # The n-th.
    ("ordinal", [event("a"), event("b", stated=2)], order(2, "b"), CORRECT),
    ("ordinal", [event("a"), event("b")], order(2, "b"), UNPROVEN),
    ("ordinal", [event("a"), event("b", stated=3)], order(2, "b"), UNPROVEN),
    ("ordinal", [event("a"), event("b"), event("c", stated=3)], order(2, "c"), INCORRECT),
    ("ordinal", [event("b", stated=1)], order(2, "b"), UNPROVEN),  # an earlier one may be missing
    ("ordinal", [event("a")], order(2, "b"), UNPROVEN),
])
def test_order(kind, events, said, expected):
    assert judge_order(kind, events, said) == expected


# ---- Properties

VALUES = st.floats(0.01, 1e9)
INTERVALS = st.builds(lambda low, width: Interval(low, low * width), VALUES, st.floats(1, 3))
STEPS = {CORRECT: 0, MOSTLY: 1, OUT_OF_DATE: 2, EXAGGERATED: 2, UNDERSTATED: 2}
PASTS = st.sampled_from([None, INSIDE, NEVER])
SOURCES = st.lists(st.tuples(st.sampled_from([60.0, 77.0, 82.0, 90.0, 110.0]), PASTS), min_size=1, max_size=4)


@given(INTERVALS, st.floats(1, 4), st.floats(1, 4))
def test_farther_from_the_claim_is_never_more_correct(said, near, far):
    near, far = sorted((near, far))
    for one, other in ((said.low / near, said.low / far), (said.high * near, said.high * far)):
        assert STEPS[judge(one, one, "exact", said)] <= STEPS[judge(other, other, "exact", said)]


@given(VALUES, VALUES, INTERVALS)
def test_doubt_about_a_figure_never_makes_a_claim_more_correct(one, other, said):
    low, high = sorted((one, other))
    steps = [STEPS[judge(a, b, "exact", said)] for a, b in ((low, low), (high, high), (low, high))]
    assert steps[2] == max(steps[:2])


@given(VALUES, INTERVALS, st.integers(-20, 20))
def test_the_unit_does_not_matter(value, said, power):
    # Powers of two are exact in binary, so that nothing is lost at the edges.
    scale = 2.0 ** power
    scaled = Interval(said.low * scale, said.high * scale)
    assert judge(value, value, "exact", said) == judge(value * scale, value * scale, "exact", scaled)


@given(VALUES, INTERVALS, st.floats(0, 1), st.floats(0, 1))
def test_a_wider_tolerance_is_never_stricter(value, said, one, other):
    narrow, wide = sorted((one, other))
    steps = [STEPS[judge(value, value, "exact", said, tolerance)] for tolerance in (wide, narrow)]
    assert steps == sorted(steps)


def rank(word):
    return STEPS.get(word, 3)  # sources that disagree come after all


@given(SOURCES, SOURCES)
def test_further_sources_never_make_a_claim_more_correct(some, more):
    few = [judged(*source) for source in some]
    assert rank(headline(few + [judged(*source) for source in more])) >= rank(headline(few))


@given(SOURCES, st.permutations(range(5)))
def test_the_order_of_the_sources_does_not_matter(sources, order_):
    found = [judged(*source) for source in sources]
    shuffled = [found[place] for place in order_ if place < len(found)]
    assert headline(found) == headline(shuffled)


@given(st.dictionaries(st.integers(1990, 2020), st.sampled_from([60.0, 80.0, 85.0, 90.0])), VALUES)
def test_never_out_of_date_without_three_years_in_a_row(history, value):
    def inside(year):
        return 80 <= history.get(year, 0) <= 85

    in_a_row = any(inside(year) and inside(year + 1) and inside(year + 2) for year in history)
    found = judged(value, history)
    assert (found.verdict == OUT_OF_DATE) <= in_a_row
    assert bool(found.inside) == in_a_row


# ---- The real data. Values typed from data/*.csv, ratios worked by hand.


def test_population(claim):
    result, english = claim["population"], Language("en")
    assert result.verdict == OUT_OF_DATE
    found = {j.measured.who: j for j in result.primary.judgements}
    assert {who: (j.measured.period, j.verdict) for who, j in found.items()} == {
        "world-bank": ("2023", OUT_OF_DATE), "un": ("2024", OUT_OF_DATE), "imf": ("2024", OUT_OF_DATE),
        "national": ("2024", EXAGGERATED)}  # the national offices' one year has no past
    # 1 410 710 000 / 20 330 104 = 69.39; 1 419 321 277 / 20 592 571 = 68.92;
    # 1 408 280 000 / 20 129 000 = 69.96; 1 408 280 000 / 20 286 084 = 69.42
    assert {who: round(j.measured.low, 2) for who, j in found.items()} == {
        "world-bank": 69.39, "un": 68.92, "imf": 69.96, "national": 69.42}
    # World Bank: 1998 1 241 935 000 / 15 647 785 = 79.37; 1999 1 252 735 000 / 15 455 874 = 81.05;
    # 2003 1 288 400 000 / 15 747 380 = 81.82 (the highest); 2009 1 331 260 000 / 16 619 846 = 80.10;
    # 2010 1 337 705 000 / 16 836 810 = 79.45
    assert found["world-bank"].inside == ((1999, 2009),)
    assert found["un"].inside == ((1999, 2010),)  # 1998 79.94, 1999 81.53, 2010 80.27, 2011 79.71
    # IMF: 1997 81.40, 1999 84.41, 2000 85.15 (above), 2007 85.33, 2008 84.73, 2013 80.26, 2014 79.62
    assert found["imf"].inside == ((1997, 1999), (2008, 2013))
    # The middle of 80 to 85 is 82.5; 82.5 / 69.963 = 1.179 and 82.5 / 68.924 = 1.197
    assert [round(factor, 3) for factor in result.factors()] == [1.179, 1.197]
    assert english.excess(sum(result.factors()) / 2) == "by about a fifth"  # 1.188
    # (80 − 69.39) / 69.39 = 15.3 %: inside 20 %, outside 5 % and 10 %
    assert [v for choice, _, v in result.sensitivity() if choice == "tolerance"] == [
        OUT_OF_DATE, OUT_OF_DATE, MOSTLY]


def test_economy(claim):
    result, english = claim["economy"], Language("en")
    assert result.verdict == EXAGGERATED
    assert (result.claim.interval.low, result.claim.interval.high) == pytest.approx((90, 110))
    found = {j.measured.who: j for j in result.primary.judgements}
    # World Bank 2023: 17 794 781 986 104 / 261 421 121 086 = 68.07; IMF 2024: 18 748.009 / 284.810 = 65.83
    assert {who: (j.measured.period, round(j.measured.low, 2)) for who, j in found.items()} == {
        "world-bank": ("2023", 68.07), "imf": ("2024", 65.83)}
    # Inside 90 to 110 in a single year: World Bank 2020 85.85, 2021 90.41, 2022 79.30;
    # IMF 2020 88.28, 2021 18 190.803 / 197.112 = 92.29, 2022 81.19
    for judgement in found.values():
        assert [year for year, ratio in judgement.measured.history.items() if 90 <= ratio <= 110] == [2021]
        assert judgement.inside == () and judgement.verdict == EXAGGERATED
    # 100 / 68.069 = 1.469 and 100 / 65.826 = 1.519
    assert [round(factor, 3) for factor in result.factors()] == [1.469, 1.519]
    assert english.excess(sum(result.factors()) / 2) == "by about half"
    # At purchasing-power parity 38 154.219 / 840.090 = 45.42, and 100 / 45.42 = 2.20
    [parity] = [reading for reading in result.others if reading.row["reading_id"] == "gdp-ppp"]
    assert parity.verdict() == EXAGGERATED
    assert [round(j.measured.low, 2) for j in parity.judgements] == [45.42]
    assert english.excess(result.factors(parity)[0]) == "more than twofold"


def test_pledges_are_unproven_since_the_kinds_of_money_differ(claim):
    for name, other_reading in (("investment-50bn", "any-announcement"),
                                ("grants-3bn", "grants-and-financing")):
        result = claim[name]
        assert result.verdict == UNPROVEN and result.primary.judgements == []
        view, primary = result.evidence, result.primary.row
        [package] = [fact for fact in view.facts if fact["fact_id"] == "pledge-xian-2023"]
        assert (package["value_low"], package["unit"]) == (26, "cny-bn")
        assert package["basis"] == "financing-and-grants"
        assert view.matches(primary, package) == ["basis"]
        assert (package["fact_id"], ["basis"]) in [(r.get("fact_id"), d) for r, d in view.context(primary)]
        # 26 bn yuan at 7.0809 yuan a dollar in 2023 = 3.672 bn
        [reading] = [r for r in result.others if r.row["reading_id"] == other_reading]
        assert [round(j.measured.low, 3) for j in reading.judgements] == [3.672]
    by_reading = {r.row["reading_id"]: r.verdict() for name in ("investment-50bn", "grants-3bn")
                  for r in claim[name].readings}
    assert by_reading == {
        "announced-investment": UNPROVEN, "any-announcement": EXAGGERATED,  # (49.5 − 3.67) / 3.67 = 12.5
        "investment-stock": EXAGGERATED,  # at most 15 by the end of 2022
        "announced-grants": UNPROVEN, "grants-and-financing": MOSTLY,  # (3.672 − 3.5) / 3.672 = 4.7 %
        "grants-any-year": EXAGGERATED}  # 0.5 bn in January 2022: (2.5 − 0.5) / 0.5 = 4


def test_each_attribute_and_the_period_must_match(claim):
    view, reading = claim["investment-50bn"].evidence, claim["investment-50bn"].primary.row
    fits = {"actor": "china", "act": "announced", "object": "central-asia", "basis": "investment",
            "period": "2023-05"}
    assert view.matches(reading, fits) == []
    others = {"actor": "kazakhstan", "act": "signed", "object": "africa", "basis": "grants"}
    for name, other in others.items():
        assert view.matches(reading, fits | {name: other}) == [name]
    for period, expected in (("2022-12-31", ["period"]), ("2023-01-01", []), ("2023", []), ("2023-12-31", []),
                             ("2024-01-01", ["period"]), ("2022", ["period"])):
        assert view.matches(reading, fits | {"period": period}) == expected


def test_the_general_secretary_was_not_shown_to_be_first(claim):
    result = claim["integrity-first"]
    assert result.verdict == UNPROVEN
    # Xi Jinping on 5 February 2022 is the earliest known, and no source calls it the first.
    assert [event["date"] for event in result.primary.events] == ["2022-02-05", "2022-09-14"]
    [china] = result.others
    assert china.verdict() == INCORRECT  # six ministers, China's among them, on 16 July 2020
    assert china.events[0]["date"] == "2020-07-16"


def test_tours_do_not_always_begin_with_astana(claim):
    result = claim["visits-astana-first"]
    assert result.verdict == INCORRECT
    # 2013 Turkmenistan and 2019 Kyrgyzstan: two of four
    assert [(e["date"][:4], e["object"]) for e in result.primary.events] == [
        ("2013", "TKM"), ("2019", "KGZ"), ("2022", "KAZ"), ("2024", "KAZ")]


def test_ai_patents(claim):
    result = claim["ai-patents"]
    assert result.verdict == MOSTLY
    # One source alone: 69.7 % granted in 2023, (70 − 69.7) / 69.7 = 0.43 %. 70 / 69.7 = 1.0043
    [judgement] = result.primary.judgements
    assert (judgement.measured.who, judgement.measured.low) == ("ai-index-2025", 69.7)
    assert judgement.verdict == MOSTLY
    assert [round(factor, 4) for factor in result.factors()] == [1.0043, 1.0043]
    others = {reading.row["reading_id"]: reading for reading in result.others}
    assert {name: reading.verdict() for name, reading in others.items()} == {
        "ai-held": EXAGGERATED,  # the patent office says 60 %: (70 − 60) / 60 = 16.7 %
        "ai-genai": CORRECT, "ai-applied": CORRECT}  # 74.7 %
    # Generative AI: 38 210 / 54 500 = 70.11 % to 38 210 / 53 500 = 71.42 %
    [share] = others["ai-genai"].judgements
    assert (round(share.measured.low, 2), round(share.measured.high, 2)) == (70.11, 71.42)


def test_the_other_claims(claim):
    expected = {
        "relations-30-years": CORRECT,  # 3 January 1992 to 16 June 2025: 33.45 years
        "largest-economy": CORRECT, "main-partner": CORRECT,  # 64.15 bn against 18.21 bn for the next
        "second-summit": CORRECT, "format-2023": CORRECT, "five-states": CORRECT, "khorgos-first": CORRECT,
        "astana-declaration": CORRECT, "ict-centres": UNPROVEN, "ict-specialists": UNPROVEN,
        "supercomputer": UNPROVEN, "partnership-highest": UNPROVEN, "partnership-recent": VAGUE,
        "telecom-share": VAGUE, "poverty": VAGUE,
    }
    assert {name: claim[name].verdict for name in expected} == expected
    [years] = claim["relations-30-years"].primary.judgements
    # 33 years, and from 3 January to 16 June 2025 28 + 28 + 31 + 30 + 31 + 16 = 164 days: 33 + 164 / 365
    assert round(years.measured.low, 2) == 33.45
    # With the leaders' online summit of 25 January 2022, Astana is the third and 2023 not the first.
    assert {r.row["reading_id"]: r.verdict() for name in ("second-summit", "format-2023")
            for r in claim[name].others} == {
        "summits-with-online": INCORRECT, "format-leaders": INCORRECT, "format-any": INCORRECT}


def test_factors_take_two_sided_figures_only(claim):
    result = claim["investment-50bn"]
    readings = {reading.row["reading_id"]: reading for reading in result.readings}
    assert result.factors() is None  # nothing matches
    assert result.factors(readings["investment-stock"]) is None  # at most 15
    # 50 / 3.672 = 13.62, measured exactly
    assert [round(factor, 2) for factor in result.factors(readings["any-announcement"])] == [13.62, 13.62]
    assert claim["khorgos-first"].factors() is None and claim["poverty"].factors() is None


# ---- The same verdicts by another hand: the csv module, fractions, and the written rule


def derive(folder):
    """{claim_id: verdict in words} from data/*.csv, sharing no line with the package."""
    def load(name):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    sources = {row["source_id"]: row for row in load("sources")}
    readings = {row["claim_id"]: row for row in load("readings") if row["is_primary"] == "true"}
    [talk], found = load("interviews"), {}
    cut, year = talk["cut_off"], int(talk["judged_year"])
    # A month ends late.
    known = {name for name, row in sources.items() if (row["published"] + "-99")[:10] <= cut}

    def pairs(indicator, countries):  # {provider: {year: ({country: value}, all actual)}}
        best = {}
        for row in load("series"):
            source = sources[row["source_id"]]
            if source["indicator"] == indicator and row["source_id"] in known and int(row["year"]) <= year:
                rows = best.setdefault((source["provider"], row["country"]), defaultdict(dict))
                rows[source["published"]][int(row["year"])] = row
        newest = {key: editions[max(editions)] for key, editions in best.items()}
        for provider in dict.fromkeys(provider for provider, _ in newest):
            own = [newest.get((provider, country), {}) for country in countries]
            yield provider, {y: ({c: Fraction(rows[y]["value"]) for c, rows in zip(countries, own)},
                                 all(rows[y]["status"] == "actual" for rows in own))
                             for y in sorted(set.intersection(*map(set, own)))}

    def matching(table, reading):
        for row in load(table):
            when = row.get("period") or row["date"]
            fits = all(not reading[name] or row[name] in reading[name].split("|")
                       for name in ("topic", "actor", "act", "object", "basis"))
            public = row["source_id"] in known or row.get("event_itself") == "true"
            in_time = reading["period_from"] <= when and when[:4] <= (reading["period_to"] or "9999")
            if fits and public and in_time:
                yield row

    def word(claim, values):  # of one source: (lowest, highest) measured
        low, high = Fraction(claim["low"]), Fraction(claim["high"])
        more = claim["hedge"] == "more-than"
        if low == high and claim["hedge"] == "about":
            low, high = low * 9 / 10, high * 11 / 10
        elif more:
            high = 100 if claim["unit"] == "percent" else 10**12
        elif low == high:
            low, high = low - Fraction(1, 2), high + Fraction(1, 2)
        inside = [(low < v if more else low <= v) and v <= high for v in values]
        worst = max(max(low - v, v - high, 0) / v for v in values)
        return "correct" if all(inside) else "mostly-correct" if worst * 10 <= 1 else (
            "exaggerated" if min(values) < low else "understated"), inside

    for claim in load("claims"):
        name, reading = claim["claim_id"], readings.get(claim["claim_id"])
        kind = reading["measure"] if reading else ""
        words, past = [], []
        if kind == "ratio":
            over, under = reading["countries"].split("|")
            for _, years in pairs(reading["indicator"], [over, under]):
                ratio = {y: v[over] / v[under] for y, (v, _) in years.items()}
                words.append(word(claim, [ratio.pop(max(ratio))])[0])
                firm = {y for y in ratio if years[y][1] and all(word(claim, [ratio[y]])[1])}
                three = any({y, y + 1, y + 2} <= firm for y in firm)
                past.append((three, sum(years[y][1] for y in ratio) < 3))
            if words and set(words) == {"exaggerated"} and any(was for was, _ in past):
                words = ["out-of-date"] if all(was or none for was, none in past) else words
        elif kind == "value":
            for row in matching("facts", reading):
                later = [r for r in matching("facts", reading) if sources[r["source_id"]]["institution_en"] ==
                         sources[row["source_id"]]["institution_en"]
                         and sources[r["source_id"]]["published"] > sources[row["source_id"]]["published"]]
                if not later and row["bound"] in ("exact", "about"):
                    words.append(word(claim, [Fraction(row["value_low"]), Fraction(row["value_high"])])[0])
        elif kind == "rank" and reading["indicator"]:
            for _, years in pairs(reading["indicator"], reading["countries"].split("|")):
                values = years[max(years)][0]
                words += ["correct" if max(values, key=values.get) == claim["subject"] else "incorrect"]
        elif kind == "rank":
            values = {row["object"]: Fraction(row["value_low"]) for row in matching("facts", reading)}
            if values:
                words = ["correct" if max(values, key=values.get) == claim["subject"] else "incorrect"]
        elif kind:
            events = sorted(matching("events", reading), key=lambda row: row["date"])
            places, stated = [row["object"] for row in events], [row["ordinal_stated"] for row in events]
            if not events:
                words = ["unproven"]
            elif kind == "always":
                words = ["incorrect" if set(places) - {claim["subject"]} else "unproven"]
            elif kind == "ordinal":
                at = [row["event_id"] for row in events].index(claim["subject"]) + 1
                words = ["correct" if str(at) == claim["low"] == stated[at - 1] else "incorrect"]
            elif kind == "first" and claim["low"]:
                early = events[0]["date"][:4] < claim["low"]
                words = ["incorrect" if early else "correct" if stated[0] == "1" else "unproven"]
            elif kind == "first":
                other = places[0] != claim["subject"]
                words = ["incorrect" if other else "correct" if stated[0] == "1" else "unproven"]
            elif kind == "duration":
                passed = int(talk["said_from"][:4]) - int(events[0]["date"][:4]) \
                    - (talk["said_from"][5:] < events[0]["date"][5:])
                words = ["correct" if passed >= int(claim["low"]) else "incorrect"]
            else:
                words = ["correct"]
        found[name] = "too-vague" if claim["kind"] == "vague" else "unproven" if not words else (
            words[0] if len(set(words)) == 1 else f"not alike: {words}")
    return found


def test_another_derivation_gives_the_same_verdicts(results):
    assert derive(DATA) == {result.claim.claim_id: result.verdict for result in results}
    assert len(results) == 22
