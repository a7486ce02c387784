"""From claim and evidence to the verdict, by a rule that is short enough to print.

Each admissible source is judged by itself; the headline is what the sources of the primary reading share.
"""

from dataclasses import dataclass, field
from functools import cache, cached_property

from factcheck import claims, tables
from factcheck.evidence import Evidence

TOLERANCE = 0.10  # a choice: "mostly correct" is off by at most this share of the measured value
TOLERANCES = (0.05, TOLERANCE, 0.20)
OUT_OF_DATE_YEARS = 3  # that many years in a row inside the claim make it "out of date"

CORRECT, MOSTLY, EXAGGERATED = "correct", "mostly-correct", "exaggerated"
UNDERSTATED, OUT_OF_DATE, INCORRECT = "understated", "out-of-date", "incorrect"
UNPROVEN, VAGUE, DISAGREE = "unproven", "too-vague", "sources-disagree"
VERDICTS = (
    CORRECT,
    MOSTLY,
    OUT_OF_DATE,
    EXAGGERATED,
    UNDERSTATED,
    INCORRECT,
    DISAGREE,
    UNPROVEN,
    VAGUE,
)
# How far a verdict on a number is from "correct": sources one step apart share the weaker one.
STEP = {CORRECT: 0, MOSTLY: 1, OUT_OF_DATE: 2, EXAGGERATED: 2, UNDERSTATED: 2}


def gap(low, high, interval):
    """How far a measured range lies outside the interval, as a share of its value; 0 inside.

    Negative where the measured value is below the claim. Of a range, the end that fits worse counts, so
    that doubt about a figure never makes a claim more correct.
    """

    def outside(value):
        if value in interval:
            return 0.0
        edge = interval.low if value <= interval.low else interval.high
        return (value - edge) / abs(value) if value else -1.0

    return max(outside(low), outside(high), key=abs)


def judge(low, high, bound, interval, tolerance=TOLERANCE):
    """Verdict on a measured range (in the unit of the claim), or None where it cannot tell.

    A one-sided figure may refute a claim but never confirm it.
    """
    if bound == "at-least":
        return UNDERSTATED if low > interval.high else None
    if bound == "at-most":
        return EXAGGERATED if high < interval.low else None
    off = gap(low, high, interval)
    if off == 0 and low in interval and high in interval:
        return CORRECT
    if (
        round(abs(off), 9) <= tolerance
    ):  # 7 against 7.7 is 10 %, whatever binary fractions make of it
        return MOSTLY
    return EXAGGERATED if off < 0 else UNDERSTATED


def years_inside(history, interval, at_least=OUT_OF_DATE_YEARS):
    """Runs of consecutive years whose value lay in the interval, as (first, last), of that length or more."""
    runs, run = [], []
    for year in sorted(history):
        if run and year != run[-1] + 1:
            runs, run = runs + [run], []
        if history[year] in interval:
            run.append(year)
        else:
            runs, run = runs + [run], []
    runs.append(run)
    return [(r[0], r[-1]) for r in runs if len(r) >= at_least]


@dataclass(frozen=True)
class Judgement:
    """One source's verdict: what it measured, how far outside, and when it was inside."""

    measured: object
    verdict: str | None
    gap: float
    inside: tuple = ()


def judge_source(measured, interval, tolerance=TOLERANCE):
    """Judgement of one source by itself, with "out of date" where its own past supports the claim."""
    word = judge(measured.low, measured.high, measured.bound, interval, tolerance)
    runs = tuple(years_inside(measured.history, interval))
    if word in (EXAGGERATED, UNDERSTATED) and runs:
        word = OUT_OF_DATE
    return Judgement(measured, word, gap(measured.low, measured.high, interval), runs)


def headline(judgements):
    """The verdict that the sources share; the weaker where they are one step apart; else "disagree"."""
    told = [j for j in judgements if j.verdict]
    if not told:
        return UNPROVEN
    if len({j.gap > 0 for j in told if STEP[j.verdict] == 2}) > 1:
        return DISAGREE  # one says too much, another too little
    if any(j.verdict == OUT_OF_DATE for j in told):
        # A source without a past cannot say that the claim was never true.
        told = [
            j
            for j in told
            if j.verdict == OUT_OF_DATE
            or STEP[j.verdict] < 2
            or len(j.measured.history) >= OUT_OF_DATE_YEARS
        ]
    words = {j.verdict for j in told}
    steps = sorted(STEP[word] for word in words)
    if steps[-1] - steps[0] > 1:
        return DISAGREE
    weakest = {word for word in words if STEP[word] == steps[-1]}
    return weakest.pop() if len(weakest) == 1 else (weakest - {OUT_OF_DATE}).pop()


def judge_order(kind, events, claim):
    """Verdict on a claim of order from matching events, earliest first: first, ordinal, always, occurrence."""
    if not events:
        return UNPROVEN
    if kind == "occurrence":
        return CORRECT
    if kind == "always":
        # A list of visits that may be incomplete can refute "always", not confirm it.
        return INCORRECT if any(e["object"] != claim.subject for e in events) else UNPROVEN
    if kind == "ordinal":
        place = next((n for n, e in enumerate(events, 1) if e["event_id"] == claim.subject), None)
        if place is None:
            return UNPROVEN
        if place > claim.high:
            return INCORRECT
        stated = events[place - 1]["ordinal_stated"]
        return CORRECT if place in claim.interval and stated == place else UNPROVEN
    first = events[0]
    if claim.has_number:
        year = int(first["date"][:4])
        if year < claim.low:
            return INCORRECT
        fits = year in claim.interval
    else:
        fits = first["object"] == claim.subject
        if not fits:
            return INCORRECT
    return CORRECT if fits and first["ordinal_stated"] == 1 else UNPROVEN


@dataclass(frozen=True, eq=False)
class Reading:
    """One way to read a claim, judged as it could be known and by the newest figures obtained."""

    row: dict
    claim: object
    evidence: Evidence = field(repr=False)

    @property
    def is_numeric(self):
        return self.row["measure"] in ("ratio", "value", "duration")

    @cached_property
    def judgements(self):
        """One Judgement a source, as known on the day."""
        return self.judged()

    @cached_property
    def newest(self):
        """One Judgement a source, by the newest figures obtained."""
        return self.judged(newest=True)

    @cache
    def judged(self, newest=False, tolerance=TOLERANCE, interval=None):
        """One Judgement a source, as known on the day or by the newest figures, with that tolerance and,
        if given, another interval than the claim's."""
        measured = self.evidence.measure(self.row, self.claim, newest)
        if self.is_numeric:
            return [judge_source(m, interval or self.claim.interval, tolerance) for m in measured]
        return [
            Judgement(m, CORRECT if m.middle in self.claim.interval else INCORRECT, 0.0)
            for m in measured
        ]

    @cache
    def verdict(self, newest=False, tolerance=TOLERANCE):
        """Headline of this reading."""
        if self.row["measure"] in ("first", "ordinal", "always", "occurrence"):
            events = self.evidence.matching_events(self.row, newest)
            return judge_order(self.row["measure"], events, self.claim)
        judgements = self.judged(newest, tolerance)
        if self.is_numeric:
            return headline(judgements)
        words = {j.verdict for j in judgements}
        return UNPROVEN if not words else words.pop() if len(words) == 1 else DISAGREE

    @property
    def events(self):
        return self.evidence.matching_events(self.row)


@dataclass(frozen=True, eq=False)
class Result:
    """A claim with its readings and its verdict."""

    claim: object
    readings: list
    evidence: Evidence = field(repr=False)

    @property
    def primary(self):
        return next((r for r in self.readings if r.row["is_primary"]), None)

    @property
    def others(self):
        return [r for r in self.readings if not r.row["is_primary"]]

    @cached_property
    def verdict(self):
        """The headline verdict, as known on the day of the interview."""
        return VAGUE if self.claim.kind == "vague" else self.primary.verdict()

    @cached_property
    def newest_verdict(self):
        """What the newest figures obtained would make of it."""
        return VAGUE if self.claim.kind == "vague" else self.primary.verdict(newest=True)

    def factors(self, reading=None):
        """Claimed over measured, (lowest, highest) over the sources; None where there is no such number.

        Claimed is the number that was said: the middle of a range, the bound of "more than".
        """
        reading = reading or self.primary
        if reading is None or not reading.is_numeric or not self.claim.has_number:
            return None
        values = [
            self.claim.middle / end
            for j in reading.judgements
            for end in (j.measured.low, j.measured.high)
            if j.measured.bound in ("exact", "about")
        ]
        return (min(values), max(values)) if values else None

    @cache
    def sensitivity(self):
        """What other choices would give: rows (choice, detail, verdict), choice one of
        "tolerance" (detail: the share), "hedge" (a tenth beyond a range said with "about"), "reading" (its
        row), "source" (who), "newest" (None)."""
        if self.claim.kind == "vague":
            return []
        rows = []
        if self.primary.is_numeric and self.primary.judgements:
            rows += [("tolerance", t, self.primary.verdict(tolerance=t)) for t in TOLERANCES]
        if (
            self.primary.is_numeric
            and self.claim.hedge == "about"
            and self.claim.low != self.claim.high
        ):
            wider = claims.widened(self.claim.interval)
            rows.append(("hedge", None, headline(self.primary.judged(interval=wider))))
        rows += [("reading", r.row, r.verdict()) for r in self.others]
        rows += [("source", j.measured.who, j.verdict or UNPROVEN) for j in self.primary.judgements]
        rows.append(("newest", None, self.newest_verdict))
        return rows


def results(frames=None):
    """Every claim of every interview with its verdict, in the order of data/interviews.csv, then of data/claims.csv.

    Raises DataError if the data do not hold together.
    """
    if frames is None:
        frames = tables.load_all()
    lines = claims.check(frames)
    if lines:
        raise tables.DataError(lines)
    views = {i: Evidence(frames, i) for i in frames["interviews"].interview_id}
    readings = {name: rows for name, rows in frames["readings"].groupby("claim_id", sort=False)}
    found = []
    for claim in claims.of(frames):
        rows = readings[claim.claim_id].to_dict("records") if claim.claim_id in readings else []
        view = views[claim.interview_id]
        found.append(Result(claim, [Reading(row, claim, view) for row in rows], view))
    return found
