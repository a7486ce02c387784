"""Lets the rule judge what the readings of a claim measured: values, cases in order, and forecasts when due."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from factcheck import cases, claims, data, rule
from factcheck.measures import measured, past_of

# Measures that look at events, not at values.
ORDER = ("first", "always", "never", "ordinal", "occurrence")


@dataclass(frozen=True)
class Reading:
    """One way to read a claim, with the values that it found and what the rule says of them."""

    row: pd.Series  # of data/readings.csv
    all_rows: pd.DataFrame  # measured, with the verdict of each source; or events; with an edition
    verdict: str
    newest_verdict: str
    values: list[rule.Value] = field(repr=False)  # known on the day, for the rule; none of events

    @property
    def is_order(self) -> bool:
        """Whether it looks at events instead of values."""
        return self.row.measure in ORDER

    @property
    def rows(self) -> pd.DataFrame:
        """What was known on the day."""
        return self.all_rows[self.all_rows.edition == "known"]

    @property
    def low(self) -> float:
        """Lowest value of the sources, in the claim's unit; NaN without values."""
        return float(self.rows[["low", "high"]].min().min())

    @property
    def high(self) -> float:
        """Highest value of the sources, in the claim's unit; NaN without values."""
        return float(self.rows[["low", "high"]].max().max())


def judged(claim: pd.Series, row: pd.Series, values) -> Reading:
    """A reading with its verdict as known on the day and by the newest figures."""
    if (measure := claims.measure_for(claim.kind, row.measure)) != row.measure:
        raise ValueError(
            f"data/readings.csv: {row.name}: a claim of kind {claim.kind} is not measured by "
            f"{row.measure}; nearest: {measure}"
        )
    if row.measure in ORDER:
        frame = _events(values)
        verdicts = {e: _judge_events(claim, row, frame[frame.edition == e]) for e in data.EDITIONS}
        return Reading(row, frame, *_due(claim, verdicts.items()), [])
    countries = row.countries.split("|") if row.countries else []
    frame = measured(values, claim.unit, row.indicator, countries)
    interval, past = claims.interval_of(claim), past_of(values)
    by_edition = {e: _values(frame[frame.edition == e], past) for e in data.EDITIONS}
    verdicts = {edition: _judge(row, by_edition[edition], interval) for edition in by_edition}
    alone = [_judge(row, _values(frame.loc[[n]], past), interval) for n in frame.index]
    frame = frame.assign(verdict=_due(claim, zip(frame.edition, alone)))
    return Reading(row, frame, *_due(claim, verdicts.items()), by_edition["known"])


def _events(values: pd.DataFrame | None) -> pd.DataFrame:
    """The cases of a claim of order with their edition; None is a frame without rows: nothing was found."""
    if values is None:
        columns = ["edition", "event_id", "date", "object", "ordinal_stated", "source", "source_id"]
        return pd.DataFrame(columns=columns)
    return values.reset_index().assign(source_id=lambda events: events.source)


def against(reading: Reading, subject: str) -> int:
    """How many of the known cases are exceptions from "always the subject", or from "never"."""
    rows = reading.rows
    return len(rows) if reading.row.measure == "never" else int((rows.object != subject).sum())


def _due(claim: pd.Series, verdicts: Iterable[tuple[str, str]]) -> list[str]:
    """The verdicts by edition, or "not yet due" where a forecast's date was still to come on its day."""
    if not claim.get("due"):
        return [verdict for _, verdict in verdicts]
    today = data.table("publication", key="data_date").value_en
    if today.empty:
        raise data.NotFound("no data_date, the day of the newest figures, in data/publication.csv")
    days = {"known": data.asked().cut_off, "newest": today.iloc[0]}
    return [cases.judge_forecast(verdict, claim.due, days[e]) for e, verdict in verdicts]


def _values(rows: pd.DataFrame, past: dict) -> list[rule.Value]:
    return [
        rule.Value(
            row.low,
            row.high,
            row.bound,
            row.source,
            past.get((row.edition, row.source), {}),
        )
        for row in rows.itertuples()
    ]


def _judge(row: pd.Series, values: list[rule.Value], interval: rule.Interval, **choice) -> str:
    """Verdict that the sources share, each judged by itself."""
    if row.measure == "rank":
        return rule.judge_rank([int(value.low) for value in values], interval)
    return rule.judge_values(values, interval, **choice)


def _judge_events(claim: pd.Series, row: pd.Series, events: pd.DataFrame) -> str:
    known_cases = [
        cases.Case(
            event.date,
            event.object,
            event.event_id,
            None if pd.isna(event.ordinal_stated) else int(event.ordinal_stated),
        )
        for event in events.itertuples()
    ]
    count = row.get("complete_count")
    count = None if count is None or pd.isna(count) else int(count)
    return cases.judge_cases(
        row.measure, known_cases, claim.subject, claims.interval_of(claim), count
    )


def factor(claim: pd.Series, primary: Reading | None) -> tuple[float, float] | None:
    if (
        primary is None
        or pd.isna(claim.low)
        or primary.row.measure not in claims.NUMERIC + ("duration",)
    ):
        return None
    return rule.factor((claim.low + claim.high) / 2, primary.values)


def sensitivity(claim: pd.Series, primary: Reading | None, readings: dict) -> list[tuple]:
    """What other choices would give: tolerance, a wider "about", a single source, another reading, the newest."""
    if primary is None:
        return []
    rows, interval = [], claims.interval_of(claim)
    if primary.verdict == rule.NOT_YET_DUE or not primary.values:
        pass  # the same whatever is chosen
    elif primary.row.measure == "rank":  # a place is right or wrong: no tolerance
        rows = [("source", v.source, _judge(primary.row, [v], interval)) for v in primary.values]
    else:
        about_range = claim.hedge == "about" and claim.low != claim.high
        rows = rule.sensitivity(primary.values, interval, about_range)
    others = [reading for reading in readings.values() if reading is not primary]
    rows += [("reading", reading.row.name, reading.verdict) for reading in others]
    return [*rows, ("newest", None, primary.newest_verdict)]
