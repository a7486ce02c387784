"""From cases with their dates to a verdict: first, n-th, always, never, did it happen, is it due.

Dates are text: YYYY, YYYY-MM or YYYY-MM-DD; where a day is not known, only what is certain is concluded.
Changed since 1.1: a claim to be the first gives "sources-disagree", no longer "incorrect" or "unproven",
where sources call different things the first, or one calls the claimed thing so beside an earlier case.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass

from factcheck.rule import CORRECT, DISAGREE, INCORRECT, NOT_YET_DUE, UNPROVEN, Interval


@dataclass(frozen=True)
class Case:
    """Something that happened, and the place in order that its source states: 1 where it says "first"."""

    date: str
    object: str = ""
    event_id: str = ""
    ordinal_stated: int | None = None
    source: str = ""

    @property
    def year(self) -> int:
        return int(self.date[:4])

    @property
    def is_called_first(self) -> bool:
        return self.ordinal_stated == 1


def first_day(text: str) -> str:
    """First day of a date given as YYYY, YYYY-MM or YYYY-MM-DD, as an ISO string."""
    return text + {4: "-01-01", 7: "-01", 10: ""}[len(text)]


def last_day(text: str) -> str:
    """Last day of such a date, as an ISO string."""
    if len(text) == 7:
        return f"{text}-{monthrange(int(text[:4]), int(text[5:]))[1]}"
    return text + {4: "-12-31", 10: ""}[len(text)]


def in_order(cases: Iterable[Case]) -> list[Case]:
    """The cases, earliest first."""
    return sorted(cases, key=lambda case: first_day(case.date))


def judge_first(cases: Iterable[Case], years: Interval | None = None, subject: str = "") -> str:
    """Verdict on "X was the first" (`subject`: the object X) or "it was first done in …" (`years`).

    Correct only if the claimed case is certainly the earliest known and a source calls it the first.
    An earlier case that nobody disputes makes it incorrect; without either it is unproven.
    """
    cases = in_order(cases)
    claimed = [c for c in cases if (c.year in years if years else c.object == subject)]
    others = [c for c in cases if c not in claimed]
    supported = any(c.is_called_first for c in claimed)
    rivals = {c.year if years else c.object for c in others if c.is_called_first}
    if years:
        has_earlier, is_earliest = any(c.year <= years.low for c in others), True
    elif claimed:
        has_earlier = any(last_day(c.date) < first_day(claimed[0].date) for c in others)
        is_earliest = all(first_day(c.date) >= last_day(claimed[0].date) for c in others)
    else:
        has_earlier, is_earliest = bool(others), False
    if supported + len(rivals) > 1 or supported and has_earlier:
        return DISAGREE
    if has_earlier:
        return INCORRECT
    return CORRECT if supported and is_earliest else UNPROVEN


def is_complete(cases: Iterable[Case], count: int | None) -> bool:
    """Whether the list has all cases by somebody's count of them; not without such a count."""
    return count is not None and len(list(cases)) >= count


def judge_always(cases: Iterable[Case], subject: str, count: int | None = None) -> str:
    """Verdict on "it is always X": one case with another object refutes it.

    Only a list that is complete by a source's `count` of all cases can confirm it.
    """
    cases = list(cases)
    if any(case.object != subject for case in cases):
        return INCORRECT
    return CORRECT if cases and is_complete(cases, count) else UNPROVEN


def judge_never(cases: Iterable[Case], subject: str = "", count: int | None = None) -> str:
    """Verdict on "it is never X": one case with that object refutes it; without a subject, any case does.

    Only a list that is complete by a source's `count` of all cases (0: there was none) can confirm it.
    """
    cases = list(cases)
    if any(case.object == subject or not subject for case in cases):
        return INCORRECT
    return CORRECT if is_complete(cases, count) else UNPROVEN


def judge_ordinal(cases: Iterable[Case], subject: str, place: Interval) -> str:
    """Verdict on "this is the n-th" of the case with event_id `subject`, `place` being n.

    Incorrect if more are known before it; correct if as many are and its source numbers it so.
    """
    cases = in_order(cases)
    found = next((n for n, case in enumerate(cases, 1) if case.event_id == subject), None)
    if found is None or found < place.low:
        return UNPROVEN  # an earlier one may be missing
    if found not in place:
        return INCORRECT
    return CORRECT if cases[found - 1].ordinal_stated == found else UNPROVEN


def judge_occurrence(cases: Iterable[Case]) -> str:
    """Verdict on "it has happened": correct if a case is known, else unproven."""
    return CORRECT if list(cases) else UNPROVEN


def judge_forecast(verdict: str, due: str, day: str, has_happened: bool = False) -> str:
    """The verdict on a forecast if its date `due` is over on `day`, else "not yet due".

    What was foretold to happen by a date and has happened before need not wait for it.
    """
    return verdict if last_day(due) <= day or has_happened else NOT_YET_DUE


def judge_cases(
    measure: str,
    cases: Iterable[Case],
    subject: str = "",
    said: Interval | None = None,
    count: int | None = None,
) -> str:
    """Verdict by the measure's name: first, ordinal, always, never or occurrence.

    `said` is the year or the place in order that was claimed, `count` how many cases there are in all by
    a source's word. Raises ValueError for another measure.
    """
    if measure == "first":
        return judge_first(cases, said, subject)
    if measure == "ordinal":
        return judge_ordinal(cases, subject, said)
    if measure == "always":
        return judge_always(cases, subject, count)
    if measure == "never":
        return judge_never(cases, subject, count)
    if measure == "occurrence":
        return judge_occurrence(cases)
    raise ValueError(f"measure {measure}: first, ordinal, always, never or occurrence")
