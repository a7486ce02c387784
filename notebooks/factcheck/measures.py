"""The frame of measured values: the only currency between notebook, rule, tables and charts.

What is measured is either a Series indexed like the rows of `data.series` (a ratio, a growth rate, a rank …)
or a frame of facts. Columns of the measured frame: edition ("known" on the day or "newest"), source,
source_id (several with | between them, where countries have sources of their own), period, firm (the source calls
it actual), low, high (in the claim's unit), bound (exact, about, at-least, at-most); of a one-sided figure both ends
are the one it has.
"""

from collections.abc import Sequence

import pandas as pd

from factcheck import claims, data, rule

COLUMNS = ["edition", "source", "source_id", "period", "firm", "low", "high", "bound"]
_BY_YEAR = ("edition", "source", "year", "firm")
_FACTS = {"source", "period", "low", "high", "bound"}


def known(values):
    """The rows of a Series or frame that were known on the day of the interview; empty where none was."""
    _need(values, "edition")
    return values[values.index.get_level_values("edition") == "known"].droplevel("edition")


def latest(values: pd.Series) -> pd.Series:
    """The last year with a value of each edition of each source; index (edition, source, year, firm)."""
    _need(values, "edition", "source", "year")
    return values.dropna().sort_index().groupby(["edition", "source"]).tail(1)


def earlier(values: pd.Series) -> pd.Series:
    """The firm years before the last one of each edition and source; index (edition, source, year)."""
    _need(values, *_BY_YEAR)
    past = values.dropna().drop(latest(values).index)
    return past[past.index.get_level_values("firm")].droplevel("firm")


def _need(values, *levels: str) -> None:
    """Raise a TypeError that says what the index lacks: `.loc["known"]`, for one, takes the edition away."""
    names = list(values.index.names) if hasattr(values, "index") else []
    if missing := [level for level in levels if level not in names]:
        raise TypeError(
            f"the index lacks {', '.join(missing)}: needed are {', '.join(_BY_YEAR)}, as in data.series; "
            f"it has {', '.join(filter(None, names)) or 'no names'}"
        )


def years_inside(values: pd.Series, claim: pd.Series) -> pd.DataFrame:
    """Spells of years in a row, three or more, in which a source's firm values lay inside the claim, as known on
    the day. Frame with index source and columns first, last."""
    spells = [
        (source, *spell)
        for (edition, source), past in past_of(values).items()
        if edition == "known"
        for spell in rule.years_inside(past, claims.interval_of(claim))
    ]
    return pd.DataFrame(spells, columns=["source", "first", "last"]).set_index("source")


def measured(
    values: pd.Series | pd.DataFrame | None,
    unit: str,
    indicator: str = "",
    countries: Sequence[str] = (),
) -> pd.DataFrame:
    """The measured frame (columns COLUMNS) of a ratio or other Series by year, or of a frame of facts.

    Of a Series each edition's last year counts, and `indicator` and `countries` name the series of which it was
    made, so that its sources can be cited. None, nothing was found, is a frame without rows. Raises ValueError for
    facts in another unit than the claim's `unit`, TypeError for anything else.
    """
    if values is None:
        return pd.DataFrame(columns=COLUMNS)
    if isinstance(values, pd.Series) and set(_BY_YEAR) <= set(values.index.names):
        frame = latest(values.dropna()).rename("low").reset_index()
        frame = frame.assign(high=frame.low, bound="exact", period=frame.year.astype(str))
        return frame.assign(source_id=_source_ids(frame, indicator, countries))[COLUMNS]
    if isinstance(values, pd.DataFrame) and _FACTS <= set(values.columns):
        frame = values.reset_index()
        _refuse_other_units(frame, unit)
        frame = frame.assign(low=frame.low.fillna(frame.high), high=frame.high.fillna(frame.low))
        return frame.assign(source_id=frame.source, firm=frame.get("firm", True))[COLUMNS]
    if isinstance(values, pd.Series):
        _need(values, *_BY_YEAR)
    raise TypeError(
        f"values must be a Series with the index of data.series ({', '.join(_BY_YEAR)}), or a frame with the "
        f"columns of data.facts; this is a {type(values).__name__}; of a frame of series give one column"
    )


def _refuse_other_units(frame: pd.DataFrame, unit: str) -> None:
    others = frame[frame.unit != unit] if "unit" in frame else frame[:0]
    for _, row in others.iterrows():
        name = row.get("fact_id", row.source)
        expected = f"the claim in {unit}; convert low and high, and say unit"
        raise ValueError(f"{name} is in {row.unit}, {expected}")


def _source_ids(frame: pd.DataFrame, indicator: str, countries: Sequence[str]) -> list[str]:
    if not indicator:
        raise ValueError(
            "data/readings.csv: a series needs its indicator, so that its sources can be cited"
        )
    editions = data.editions(indicator, *countries)
    return ["|".join(editions.source_ids[row.edition, row.source]) for row in frame.itertuples()]


def past_of(values) -> dict:
    """Earlier firm years by edition and source: {(edition, source): {year: value}}; empty for facts."""
    if values is None or isinstance(values, pd.DataFrame):
        return {}
    groups = earlier(values.dropna()).groupby(["edition", "source"])
    return {key: years.droplevel(["edition", "source"]).to_dict() for key, years in groups}
