"""From cases with their dates to a verdict: first, n-th, always, never, did it happen, is it due.

Dates are text: YYYY, YYYY-MM or YYYY-MM-DD; where a day is not known, only what is certain is concluded.
"""

import re
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

    @property
    def year(self) -> int:
        return int(self.date[:4])

    @property
    def is_called_first(self) -> bool:
        return self.ordinal_stated == 1


def first_day(text: str) -> str:
    """First day of a date given as YYYY, YYYY-MM or YYYY-MM-DD, as an ISO string; else ValueError."""
    return _date(text) + {4: "-01-01", 7: "-01", 10: ""}[len(text)]


def last_day(text: str) -> str:
    """Last day of such a date, as an ISO string."""
    if len(_date(text)) == 7:
        return f"{text}-{monthrange(int(text[:4]), int(text[5:]))[1]}"
    return text + {4: "-12-31", 10: ""}[len(text)]


def _date(text):
    if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text):
        raise ValueError(f"“{text}” is no date: give YYYY, YYYY-MM or YYYY-MM-DD")
    return text


def in_order(cases: Iterable[Case]) -> list[Case]:
    """The cases, earliest first."""
    return sorted(cases, key=lambda case: first_day(case.date))


def judge_first(cases: Iterable[Case], years: Interval | None = None, subject: str = "") -> str:
    """Verdict on "X was the first" (`subject`: the object X) or "it was first done in …" (`years`).

    Correct only if the claimed case is certainly the earliest known and a source calls it the first.
    An earlier case that nobody disputes makes it incorrect; sources disagree where they call different
    things the first, or the claimed one so beside an earlier case; without any of these it is unproven.
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


def judge_always(cases: Iterable[Case], subject: str, count: int | None = None) -> str:
    """Verdict on "it is always X"; of nothing one cannot say always. `count`: see `_judge_all`."""
    cases = list(cases)
    exceptions = [case for case in cases if case.object != subject]
    return _judge_all(cases, exceptions, count) if cases else UNPROVEN


def judge_never(cases: Iterable[Case], subject: str = "", count: int | None = None) -> str:
    """Verdict on "it is never X"; without a subject, any case is an exception. `count`: see `_judge_all`."""
    cases = list(cases)
    exceptions = [case for case in cases if case.object == subject or not subject]
    return _judge_all(cases, exceptions, count)


def _judge_all(cases: list[Case], exceptions: list[Case], count: int | None) -> str:
    """One exception refutes; only a list complete by a source's `count` of all cases (or 0) confirms."""
    if exceptions:
        return INCORRECT
    return CORRECT if count is not None and len(cases) >= count else UNPROVEN


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


def judge_forecast(verdict: str, due: str, day: str) -> str:
    """The verdict on a forecast if its date `due` is over on `day`, else "not yet due"."""
    return verdict if last_day(due) <= day else NOT_YET_DUE


def judge_cases(
    measure: str,
    cases: Iterable[Case],
    subject: str = "",
    said: Interval | None = None,
    count: int | None = None,
) -> str:
    """Verdict by the measure's name: first, ordinal, always, never or occurrence ("it has happened").

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
        return CORRECT if list(cases) else UNPROVEN
    raise ValueError(f"measure {measure}: first, ordinal, always, never or occurrence")
