"""What was said as an interval, and the numbers of a quote: tables worked out by hand.

Nothing here needs this interview's data. Each test says which mistake it would catch.
"""

from math import nan

import pytest
from factcheck import claims, spoken
from factcheck.claims import check_said, interval, interval_of, rounded
from factcheck.rule import Interval
from hypothesis import given, settings
from hypothesis import strategies as st

# The same examples on every machine and in every run.
settings.register_profile("factcheck", derandomize=True, database=None, deadline=None)
settings.load_profile("factcheck")


def claim(quote, value, unit, hedge="none", high=None):
    row = {"quote": quote, "low": value, "high": value if high is None else high, "unit": unit}
    return row | {"hedge": hedge, "kind": "count", "confidence": "low", "due": ""}


# ---- The interval that words allow


@pytest.mark.parametrize(
    "low, high, hedge, unit, inside, outside",
    [
        # A range stands as it was said, and "about" adds nothing to it.
        (80, 85, "about", "times", (80, 82.5, 85), (79.999, 85.001)),
        (-3, -2, "none", "percent-growth", (-3, -2.5, -2), (-3.001, -1.999, 2.5)),
        # About v: v ± 10 %. 100 × 0.9 = 90, 100 × 1.1 = 110; 13 × 0.9 = 11.7 to the last digit.
        (13, 13, "about", "times", (11.7, 14.3), (11.699, 14.301)),
        # … but never narrower than the bare number: 3 is 2.5 to 3.5, and ± 10 % only 2.7 to 3.3.
        (3, 3, "about", "times", (2.5, 3.5), (2.499, 3.501)),
        # A tenth of a negative number is taken by its size: −20 ± 2.
        (-20, -20, "about", "percent-growth", (-22, -18), (-22.001, -17.999)),
        # At least and at most include v, more and less than do not.
        (30, 30, "at-least", "years", (30, 1e9), (29.999,)),
        (30, 30, "more-than", "years", (30.001, 1e9), (30,)),
        (30, 30, "at-most", "years", (30, 0), (30.001, -0.001)),
        (30, 30, "less-than", "years", (29.999, 0), (30, -0.001)),
        # A share ends at the whole; growth, a difference and a balance have no ends.
        (70, 70, "more-than", "percent", (70.001, 100), (70, 100.001)),
        (70, 70, "at-most", "percent", (0, 70), (-0.001, 70.001)),
        (70, 70, "more-than", "percent-growth", (70.001, 250), (70,)),
        (2, 2, "less-than", "percent-growth", (1.999, -40), (2,)),
        (100, 100, "none", "percent", (99.5, 100), (99.499, 100.001)),
        (0, 0, "none", "percent", (0, 0.5), (-0.001, 0.501)),
        # A bare number holds to the precision in which it is written: ± half of its last digit.
        (4.8, 4.8, "none", "percent-growth", (4.75, 4.85), (4.749, 4.851)),
        (-2.5, -2.5, "none", "percent-growth", (-2.55, -2.45), (-2.551, -2.449, 2.5)),
        # A year, an order and a rank do not round.
        (2022, 2022, "none", "year", (2022,), (2021.999, 2022.001)),
        (2, 2, "none", "order", (2,), (1, 3, 2.4)),
        (1, 1, "none", "rank", (1,), (2, 1.4)),
    ],
)
def test_interval_of_words_at_both_ends(low, high, hedge, unit, inside, outside):
    """Catches an end that is open, closed, or elsewhere than the words put it."""
    found = interval(low, high, hedge, unit)
    assert [value for value in inside if value not in found] == []
    assert [value for value in outside if value in found] == []


@pytest.mark.parametrize(
    "low, high, hedge, unit, message",
    [
        (85, 80, "none", "times", "low 85 is above high 80"),
        (80, 85, "more-than", "times", "a range (80–85) cannot be more-than"),
        (105, 105, "none", "percent", "105 is beyond the ends of percent"),
        (-5, -5, "none", "persons", "-5 is beyond the ends of persons"),
        (2015, 2015, "about", "year", "a year (2015) cannot be about; give it as a range"),
        (5, 5, "roughly", "times", f"hedge roughly is none of {', '.join(claims.HEDGES)}"),
    ],
)
def test_what_does_not_go_together_is_refused(low, high, hedge, unit, message):
    """Catches numbers, hedge and unit that no measured value could be set against."""
    with pytest.raises(ValueError) as error:
        interval(low, high, hedge, unit)
    assert str(error.value) == message


@given(st.floats(-1e6, 1e6), st.sampled_from(["usd-bn", "percent-growth"]))
def test_about_is_never_narrower_than_the_bare_number(value, unit):
    bare, about = (interval(value, value, hedge, unit) for hedge in ("none", "about"))
    assert about.low <= bare.low <= value <= bare.high <= about.high


# ---- The precision in which it was spoken


@pytest.mark.parametrize(
    "quote, value, unit, hedge, low, high",
    [
        ("нас уже 20 миллионов", 20e6, "persons", "none", 19.5e6, 20.5e6),
        ("нас уже 20,5 миллионов", 20.5e6, "persons", "none", 20.45e6, 20.55e6),
        ("нас двадцать миллионов", 20e6, "persons", "none", 19.5e6, 20.5e6),
        ("составил 290 миллиардов долларов", 290, "usd-bn", "none", 289.5, 290.5),
        # ± half a million is wider than a tenth of two million
        ("около 2 миллионов человек", 2e6, "persons", "about", 1.5e6, 2.5e6),
        ("дефицит в 3,6 триллиона тенге", 3600, "kzt-bn", "none", 3550, 3650),
        ("было минус 2,5 процента", -2.5, "percent-growth", "none", -2.55, -2.45),
        ("население растёт на полтора процента", 1.5, "percent-growth", "none", 1.25, 1.75),
        ("в четыре с половиной раза ниже", 4.5, "times", "none", 4.25, 4.75),
        # Every fifth: 100 / 5.5 = 18.18 %, 100 / 4.5 = 22.22 %; about: 18 to 22.22 %
        ("каждый пятый занятый", 20, "percent", "none", 100 / 5.5, 100 / 4.5),
        ("примерно каждый пятый занятый", 20, "percent", "about", 18, 100 / 4.5),
        # Said twice, in different precision, or not at all: as it is written in the table.
        ("20 миллионов, то есть 20 000 000", 20e6, "persons", "none", 2e7 - 0.5, 2e7 + 0.5),
        ("20 000 000, то есть 20 миллионов", 20e6, "persons", "none", 2e7 - 0.5, 2e7 + 0.5),
        ("больше трети экспорта", 33.3, "percent", "none", 33.25, 33.35),
        # A year is exact however it is spoken.
        ("в 2023 году", 2023, "year", "none", 2023, 2023),
    ],
)
def test_a_number_holds_to_the_precision_in_which_it_was_spoken(
    quote, value, unit, hedge, low, high
):
    """Catches «20 миллионов» judged to the single person, or «4,8» as if it were 5."""
    found = interval_of(claim(quote, float(value), unit, hedge))
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


def test_a_range_stands_as_it_was_said_and_no_number_has_no_interval():
    """Catches a range rounded by its quote."""
    assert interval_of(claim("от 80 до 85 раз", 80.0, "times", high=85.0)) == Interval(80, 85)
    assert interval_of(claim("без числа", nan, "none")) is None


def test_rounding_needs_the_very_number():
    """Catches the precision of another number of the same quote."""
    assert rounded("5 стран и 50 миллиардов долларов", 50, "usd-bn") == (49.5, 50.5)
    assert rounded("5 стран и 50 миллиардов долларов", 7, "usd-bn") is None


# ---- The numbers of a quote


@pytest.mark.parametrize(
    "quote, said",
    [
        ("сто двадцать пять", [125]),
        ("два миллиона триста тысяч", [2.3e6]),
        ("восьмисот", [800]),
        ("двадцать первый", [21]),
        ("в 5-й раз", [5]),
        ("пять-шесть стран", [5, 6]),
        ("полтора миллиона", [1.5e6]),
        ("вчетверо", [4]),
        ("удвоилась", [2]),
        ("четырёхкратный", [4]),
        ("три четверти", [0.75]),
        ("половина", [0.5]),
        ("двухсторонних", [2]),
        ("тысяча девятьсот девяносто первый", [1991]),
        # The scale of one end of a range may be meant for the other, too.
        ("от 80 до 85 миллионов", [80, 85e6, 80e6]),
    ],
)
def test_value_of_number_words(quote, said):
    """Catches a number word with a wrong value."""
    found, understood = spoken.numbers(quote)
    assert [one.number for one in found] == pytest.approx(said)
    assert understood


@pytest.mark.parametrize("quote", ["двузначной", "три целых пять десятых", "в IV квартале"])
def test_a_numeral_that_is_not_understood_is_told(quote):
    """Catches a guess where a program cannot know."""
    assert not spoken.numbers(quote)[1]
    assert check_said(quote, 12, "percent") == ""


@pytest.mark.parametrize(
    "quote, unit, said, unsaid",
    [
        # Years, in whatever form; 2021 was once published for «в 2023 году».
        ("эта ярмарка впервые открылась в 2023 году", "year", [2023], [2021]),
        ("в 2020-м было трудно", "year", [2020], [2021]),
        ("эта ярмарка открылась давно", "year", [], [2021]),
        # Places in order, in words and digits.
        ("сейчас второй саммит", "order", [2], [3, 1]),
        ("наш 5-й саммит", "order", [5], [4]),
        # A superlative and a single thing need no number.
        ("крупнейшая экономика среди пяти стран", "rank", [1], [2]),
        ("передала суперкомпьютер", "machines", [1], []),
        # Number words and their scales.
        ("к 2025 году откроют пять центров", "centres", [5], [6]),
        ("100 тысяч человек", "persons", [100_000], [100, 100_000_000]),
        ("50 миллиардов долларов", "usd-bn", [50], [5, 50e9]),
        ("400", "usd-bn", [], [0.4]),
        # Multipliers, parts, and falls that a verb says.
        ("почти удвоилась", "times", [2], []),
        ("почти удвоилась", "percent-growth", [100], []),
        ("10-кратный рост", "percent-growth", [900], [10.5]),
        ("вдвое меньше", "times", [0.5], []),
        ("упала вдвое", "percent-growth", [-50], []),
        ("больше половины экспорта", "percent", [50], [60]),
        ("на две трети", "percent-growth", [66.7], []),
        ("каждый пятый занятый", "percent", [20], [5]),
        ("снизилась на 15 процентных пунктов", "percentage-points", [-15], []),
        ("энергии в 5×10⁸ раз больше", "times", [5], []),
    ],
)
def test_a_number_is_in_the_quote_or_it_is_not(quote, unit, said, unsaid):
    """Catches a year, place or number in the table that nobody said, and a false alarm."""
    found = {value: not check_said(quote, float(value), unit) for value in said + unsaid}
    assert found == dict.fromkeys(said, True) | dict.fromkeys(unsaid, False)


def test_the_message_names_what_the_quote_says_in_the_unit_of_the_claim():
    """Catches an expectation that cannot be copied into the table."""
    found = check_said("объявил о 2 миллиардах долларов", 3, "usd-bn")
    assert found == "a number that the quote says: 2"
    assert check_said("запущен давно", 2021, "year").endswith("it says none")


def test_in_other_languages_only_years_are_checked():
    """Catches a false alarm about English number words, and a year that slips through."""
    assert check_said("five centres by 2025", 6, "centres", "en") == ""
    assert check_said("launched in 2023", 2023, "year", "en") == ""
    assert check_said("launched in 2023", 2021, "year", "en") != ""


# ---- One row by itself


@pytest.mark.parametrize(
    "changed, column",
    [
        ({}, None),
        ({"high": nan}, "high"),
        ({"low": nan, "high": nan}, "low"),
        ({"low": 6.0, "high": 6.0}, "low"),
        ({"high": 6.0}, "high"),
        ({"high": 4.0}, "low"),
        ({"confidence": ""}, "confidence"),
        ({"kind": "vague", "low": nan, "high": nan, "confidence": ""}, None),
        ({"kind": "vague", "low": nan, "high": nan}, "confidence"),
        ({"kind": "forecast"}, "due"),
        ({"kind": "forecast", "due": "2029"}, None),
        ({"kind": "forecast", "due": "2029", "quote": "5 стран к 2030 году"}, "due"),
        ({"kind": "forecast", "due": "2030-12-31", "quote": "5 стран к 2030 году"}, None),
        ({"kind": "growth", "unit": "percent"}, "unit"),
        ({"kind": "growth", "unit": "percent-growth"}, None),
        (
            {"kind": "growth", "unit": "percent-growth", "quote": "сократилась на 5 процентов"},
            "low",
        ),
        (
            {"kind": "difference", "unit": "percentage-points", "quote": "доля упала на 5 пунктов"},
            "low",
        ),
        (
            {"kind": "growth", "unit": "percent-growth", "quote": "рост сократился до 5 процентов"},
            None,
        ),
        ({"quote": "долг снизился до 5 стран"}, None),
        ({"quote": "больше 5 стран"}, "hedge"),
        ({"quote": "больше 5 стран", "hedge": "more-than"}, None),
    ],
)
def test_one_row_by_itself(changed, column):
    """Catches a row that the schema lets pass and the rule cannot judge."""
    row = claim("5 стран региона", 5.0, "countries") | changed
    assert [problem[0] for problem in claims.problems(row)] == ([column] if column else [])


@pytest.mark.parametrize(
    "quote, hedge",
    [
        ("больше 14 тысяч", "more-than"),
        ("Более чем 14 тысяч", "more-than"),
        ("свыше четырнадцати тысяч", "more-than"),
        ("не менее 14 тысяч", "at-least"),
        ("менее 14 тысяч", "less-than"),
        ("не больше 14 тысяч", "at-most"),
        ("вырос примерно на 14 тысяч", "about"),
        ("14 тысяч, а то и больше", ""),
        ("больше 3 лет и 14 тысяч", ""),
        ("тем более 3 раза и 14 тысяч", ""),
    ],
)
def test_a_hedge_before_the_number_is_asked_for(quote, hedge):
    """Catches "more than 14,000" that is judged as 14,000, and a hedge of another number taken for this one's."""
    assert claims.hedge_missed(claim(quote, 14000.0, "usd-per-person")) == hedge
    assert claims.hedge_missed(claim(quote, 14000.0, "usd-per-person") | {"hedge": "about"}) == ""


def test_kind_and_measure_that_do_not_go_together():
    """Catches a rank judged as a first, and names what fits."""
    asked = [("ratio", "ratio"), ("ratio", "first"), ("precedence", "rank"), ("universal", "never")]
    asked += [("growth", "always"), ("status", "value"), ("vague", "value")]
    nearest = ["ratio", "ratio", "first", "never", "value", "value", "value"]
    assert [claims.measure_for(*one) for one in asked] == nearest
