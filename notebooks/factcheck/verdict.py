"""The rule applied to the tables: each claim's readings with the evidence that matches, and its verdict.

The intervals of what was said come from `claims`, the verdicts from `rule` and `cases`; here they meet the data.
"""

from dataclasses import dataclass, field
from functools import cache, cached_property

from pandas import isna

from factcheck import ROOT, cases, claims, interview, rule, tables
from factcheck.claims import Claim
from factcheck.evidence import Evidence
from factcheck.rule import (  # noqa: F401  the sections say them as verdict.CORRECT …
    CORRECT,
    DISAGREE,
    EXAGGERATED,
    INCORRECT,
    MOSTLY,
    NOT_YET_DUE,
    OUT_OF_DATE,
    OUT_OF_DATE_YEARS,
    TOLERANCE,
    TOLERANCES,
    UNDERSTATED,
    UNPROVEN,
    VAGUE,
    VERDICTS,
    Judgement,
    headline,
    judge_source,
)

ORDERED = ("first", "ordinal", "always", "never", "occurrence")


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
    def judged(self, newest=False, tolerance=TOLERANCE):
        """One Judgement a source, as known on the day or by the newest figures, with that tolerance."""
        measured = self.evidence.measure(self.row, self.claim, newest)
        if self.is_numeric:
            return [judge_source(m, self.claim.interval, tolerance) for m in measured]
        return [
            Judgement(m, CORRECT if m.low in self.claim.interval else INCORRECT) for m in measured
        ]

    @cache
    def verdict(self, newest=False, tolerance=TOLERANCE):
        """Headline of this reading; for a forecast "not yet due" until its date is over."""
        word = self._word(newest, tolerance)
        due = self.claim.row.get("due")
        if not due:
            return word
        happened = self.row["measure"] == "occurrence" and word == CORRECT
        day = self.evidence.newest_day if newest else self.evidence.cut_off
        return cases.judge_forecast(word, due, day, happened)

    def _word(self, newest, tolerance):
        measure = self.row["measure"]
        if measure in ORDERED:
            found = [
                cases.Case(
                    e["date"], e["object"], e["event_id"], e["ordinal_stated"], e["source_id"]
                )
                for e in self.evidence.matching_events(self.row, newest)
            ]
            count = self.row.get("complete_count")  # None where nobody counts them
            return cases.judge_cases(measure, found, self.claim.subject, self.claim.interval, count)
        judgements = self.judged(newest, tolerance)
        if self.is_numeric:
            return headline(judgements)
        return rule.judge_rank([j.measured.low for j in judgements], self.claim.interval)

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

    @property
    def confidence(self):
        """A person's judgement of how firm the verdict is; None where there is nothing to be sure of."""
        return None if self.verdict == VAGUE else self.claim.confidence

    def factors(self, reading=None):
        """Claimed over measured, (lowest, highest) over the sources; None where there is no such number.

        Claimed is the number that was said: the middle of a range, the bound of "more than".
        """
        reading = reading or self.primary
        if reading is None or not reading.is_numeric or not self.claim.has_number:
            return None
        return rule.factor(self.claim.middle, [j.measured for j in reading.judgements])

    @cache
    def sensitivity(self):
        """What other choices would give: rows (choice, detail, verdict), choice one of
        "tolerance" (detail: the share), "hedge" (a tenth beyond a range said with "about"), "reading" (its
        row), "source" (who), "newest" (None)."""
        if self.claim.kind == "vague":
            return []
        others = [("reading", r.row, r.verdict()) for r in self.others]
        judgements, claim = self.primary.judgements, self.claim
        if self.primary.is_numeric:
            is_about_range = claim.hedge == "about" and claim.low != claim.high
            measured = [j.measured for j in judgements]
            rows = rule.sensitivity(measured, claim.interval, is_about_range)
        else:
            rows = [("source", j.measured.who, j.verdict) for j in judgements]
        choices = [row for row in rows if row[0] != "source"]
        rows = choices + others + rows[len(choices) :]
        rows.append(("newest", None, self.newest_verdict))
        return rows


def results(frames=None):
    """Every claim of every interview with its verdict, in the order of data/interviews.csv, then of data/claims.csv.

    Raises DataError if the data do not hold together.
    """
    if frames is None:
        frames = tables.load_all()
    lines = check(frames)
    if lines:
        raise tables.DataError(lines)
    views = {i: Evidence(frames, i) for i in frames["interviews"].interview_id}
    readings = {name: rows for name, rows in frames["readings"].groupby("claim_id", sort=False)}
    found = []
    for claim in of(frames):
        rows = readings[claim.claim_id].to_dict("records") if claim.claim_id in readings else []
        view = views[claim.interview_id]
        found.append(Result(claim, [Reading(row, claim, view) for row in rows], view))
    return found


def of(frames):
    """Every claim, in the order of data/interviews.csv, and there in that of data/claims.csv."""
    order = {name: number for number, name in enumerate(frames["interviews"].interview_id)}
    rows = frames["claims"].to_dict("records")
    return [Claim(row) for row in sorted(rows, key=lambda row: order[row["interview_id"]])]


def check(frames, root=ROOT):
    """Problems of the claims that no schema can express, as lines that name file, row and column."""
    lines, texts = [], {}
    for _, row in frames["interviews"].iterrows():
        try:
            texts[row.interview_id] = interview.read(root / row.file)
        except (OSError, ValueError) as error:
            lines.append(str(error))
    languages = dict(zip(frames["interviews"].interview_id, frames["interviews"].language))
    readings = frames["readings"]
    for number, row in frames["claims"].iterrows():
        found = claims.problems(row, languages.get(row.interview_id, "ru"))
        try:
            interview.locate(texts.get(row.interview_id, row.quote), row.quote)
        except ValueError as error:
            found.append(("quote", f"words that stand once in the interview: {error}"))
        primary = readings[(readings.claim_id == row.claim_id) & readings.is_primary]
        if row.kind != "vague" and len(primary) != 1:
            expected = f"exactly one primary reading in readings.csv, found {len(primary)}"
            found.append(("claim_id", expected))
        lines += [tables.problem("claims", number, c, row[c], expected) for c, expected in found]
    return lines + _check_readings(frames)


def _check_readings(frames):
    """Measures that do not go with their kind of claim, and counts of cases without a source."""
    lines, kinds = [], frames["claims"].set_index("claim_id").kind
    for number, row in frames["readings"].iterrows():
        kind = kinds[row.claim_id]
        nearest = claims.measure_for(kind, row.measure)
        if nearest != row.measure:
            expected = f"{nearest}, because the claim {row.claim_id} is of kind {kind}"
            lines.append(tables.problem("readings", number, "measure", row.measure, expected))
        has_count = not isna(row.complete_count)
        if has_count != bool(row.complete_sources):
            expected = "the sources by whose count the list is complete, beside complete_count"
            lines.append(
                tables.problem(
                    "readings", number, "complete_sources", row.complete_sources, expected
                )
            )
        if has_count and row.measure not in ("always", "never"):
            expected = "nothing, because only always and never ask whether a list is complete"
            lines.append(
                tables.problem("readings", number, "complete_count", row.complete_count, expected)
            )
    return lines
