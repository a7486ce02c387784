"""From measured values to a verdict: plain numbers in, a word out. Cases in order are judged in `cases`.

Each source is judged by itself; the verdict is what the sources share. All numbers are in the unit of the
claim; shares (tolerance, gap) are parts of one, of the measured value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

TOLERANCE = 0.10  # a choice: "mostly correct" is off by at most this share of the measured value
TOLERANCES = (0.05, TOLERANCE, 0.20)
OUT_OF_DATE_YEARS = 3  # that many years in a row inside the claim make it "out of date"

CORRECT, MOSTLY, EXAGGERATED = "correct", "mostly-correct", "exaggerated"
UNDERSTATED, OUT_OF_DATE, INCORRECT = "understated", "out-of-date", "incorrect"
UNPROVEN, VAGUE, DISAGREE, NOT_YET_DUE = "unproven", "too-vague", "sources-disagree", "not-yet-due"
VERDICTS = (
    *(CORRECT, MOSTLY, OUT_OF_DATE, EXAGGERATED, UNDERSTATED, INCORRECT),
    *(DISAGREE, UNPROVEN, VAGUE, NOT_YET_DUE),
)
# How far a verdict on a number is from "correct": sources one step apart share the weaker one.
STEP = {CORRECT: 0, MOSTLY: 1, OUT_OF_DATE: 2, EXAGGERATED: 2, UNDERSTATED: 2}

BOUNDS = ("exact", "about", "at-least", "at-most")
OTHER_SIDE = {"at-least": "at-most", "at-most": "at-least"}


@dataclass(frozen=True)
class Interval:
    """The numbers that make a claim true, in the claim's unit; an open end does not belong to it."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def __contains__(self, value: float) -> bool:
        above = value > self.low if self.low_open else value >= self.low
        below = value < self.high if self.high_open else value <= self.high
        return above and below

    @property
    def is_negative(self) -> bool:
        """Whether only a fall, a loss or a deficit makes the claim true."""
        return self.low < 0 and self.high <= 0

    def mirrored(self) -> "Interval":
        """The same interval on the other side of zero."""
        return Interval(-self.high, -self.low, self.high_open, self.low_open)

    def widened(self, share: float = TOLERANCE) -> "Interval":
        """With a tenth more on either side: what "about" before a range could be taken to add."""
        low, high = self.low - share * abs(self.low), self.high + share * abs(self.high)
        return Interval(low, high, self.low_open, self.high_open)


@dataclass(frozen=True)
class Value:
    """What one source measured, in the claim's unit; of a one-sided figure both ends are the one it has.

    `history` has the earlier firm years of the same source, year → value. Raises ValueError for a wrong
    bound, no number, or ends in the wrong order.
    """

    low: float
    high: float
    bound: str = "exact"
    source: str = ""
    history: Mapping[int, float] = field(default_factory=dict, compare=False)

    def __post_init__(self):
        if self.bound not in BOUNDS:
            raise ValueError(f"bound {self.bound} of {self.source}: one of {', '.join(BOUNDS)}")
        if not self.low <= self.high:
            order = f"value {self.low:g} to {self.high:g} of {self.source}"
            raise ValueError(f"{order}: low and high in order")


@dataclass(frozen=True)
class Judgement:
    """One source's verdict, None where it cannot tell.

    `side` is -1 where the source measured less than the claim allows, 1 where more, 0 else.
    """

    measured: Value
    verdict: str | None
    side: int


def gap(low: float, high: float, interval: Interval) -> float:
    """How far a measured range lies outside the interval, as a share of its value; 0 inside.

    Negative where it falls short of the claim. Of a range, the end that fits worse counts, so that doubt
    never makes a claim more correct.
    """

    def outside(value):
        if value in interval:
            return 0.0
        edge = interval.low if value <= interval.low else interval.high
        return (value - edge) / abs(value) if value else -1.0

    return max(outside(low), outside(high), key=abs)


def judge(
    low: float, high: float, bound: str, interval: Interval, tolerance: float = TOLERANCE
) -> str | None:
    """Verdict on a measured range by one source, or None where it cannot tell.

    A one-sided figure may refute a claim but never confirm it. A negative claim is judged by its size:
    a fall of 3 where one of 2.5 was claimed is "understated".
    """
    if interval.is_negative:
        bound = OTHER_SIDE.get(bound, bound)
        return judge(-high, -low, bound, interval.mirrored(), tolerance)
    if bound == "at-least":
        return UNDERSTATED if low not in interval and low >= interval.high else None
    if bound == "at-most":
        return EXAGGERATED if high not in interval and high <= interval.low else None
    if low in interval and high in interval:
        return CORRECT
    off = gap(low, high, interval)
    # 7 against 7.7 is 10 %, whatever binary fractions make of it.
    if round(abs(off), 9) <= tolerance:
        return MOSTLY
    return EXAGGERATED if off < 0 else UNDERSTATED


def years_inside(
    history: Mapping[int, float], interval: Interval, at_least: int = OUT_OF_DATE_YEARS
) -> list[tuple[int, int]]:
    """Runs of consecutive years whose value lay in the interval, as (first, last), of that length or more."""
    runs = []
    for year in sorted(year for year in history if history[year] in interval):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return [(run[0], run[-1]) for run in runs if len(run) >= at_least]


def judge_source(value: Value, interval: Interval, tolerance: float = TOLERANCE) -> Judgement:
    """Judgement of one source by itself, with "out of date" where its own past supports the claim."""
    word = judge(value.low, value.high, value.bound, interval, tolerance)
    side = {EXAGGERATED: -1, UNDERSTATED: 1}.get(word, 0)
    if side and years_inside(value.history, interval):
        word = OUT_OF_DATE
    return Judgement(value, word, side)


def headline(judgements: Iterable[Judgement]) -> str:
    """The verdict that the sources share; the weaker where they are one step apart; else "disagree"."""
    told = [j for j in judgements if j.verdict]
    if not told:
        return UNPROVEN
    if {-1, 1} <= {j.side for j in told if STEP[j.verdict] == 2}:
        return DISAGREE  # one says too much, another too little
    if any(j.verdict == OUT_OF_DATE for j in told):
        told = [j for j in told if _knows_the_past(j)]
    words = {j.verdict for j in told}
    steps = {STEP[word] for word in words}
    if max(steps) - min(steps) > 1:
        return DISAGREE
    weakest = {word for word in words if STEP[word] == max(steps)}
    # Beside "out of date" there is a source whose past says that the claim was never true.
    return (weakest - {OUT_OF_DATE} or weakest).pop()


def _knows_the_past(judgement: Judgement) -> bool:
    """Whether a source can contradict "out of date": without a past it cannot say that it was never true."""
    is_wrong = judgement.verdict in (EXAGGERATED, UNDERSTATED)
    return not is_wrong or len(judgement.measured.history) >= OUT_OF_DATE_YEARS


def judge_values(values: Iterable[Value], interval: Interval, tolerance: float = TOLERANCE) -> str:
    """Verdict on a number from what each source measured; unproven where there is nothing."""
    return headline([judge_source(value, interval, tolerance) for value in values])


def judge_rank(places: Sequence[int], interval: Interval) -> str:
    """Verdict on a rank from the place that each source gives: correct, incorrect, or they disagree."""
    words = {CORRECT if place in interval else INCORRECT for place in places}
    return UNPROVEN if not words else words.pop() if len(words) == 1 else DISAGREE


def factor(said: float, values: Iterable[Value]) -> tuple[float, float] | None:
    """What was said over what was measured, (lowest, highest) over the two-sided figures of the sources.

    `said` is the middle of a range, the bound of "more than". None where nothing was measured, or where
    a number is zero or negative, because no factor says how far they lie apart.
    """
    measured = [end for v in values if v.bound not in OTHER_SIDE for end in (v.low, v.high)]
    if not measured or min(said, *measured) <= 0:
        return None
    return said / max(measured), said / min(measured)


def sensitivity(values: Sequence[Value], interval: Interval, is_about_range: bool) -> list[tuple]:
    """What other choices would give, as rows (choice, detail, verdict).

    "tolerance" with the share; "hedge": a tenth beyond a range said with "about"; "source", each alone.
    """
    rows = [("tolerance", t, judge_values(values, interval, t)) for t in TOLERANCES if values]
    if is_about_range:
        rows.append(("hedge", None, judge_values(values, interval.widened())))
    alone = ((value.source, judge_source(value, interval).verdict) for value in values)
    return rows + [("source", source, word or UNPROVEN) for source, word in alone]
