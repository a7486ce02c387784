"""The tables of data/ as plain pandas frames, and what was known on the day of the interview.

Each call returns a copy that may be changed. A name that the data do not have, and a result without
rows, raise NotFound, in one line with the nearest name and the file. What is read is recorded, so that
a notebook re-runs when it changes, and only then.

Two editions stand beside each other in every frame: `known`, what was public by the cut-off day, and
`newest`, the latest that is stored.
"""

from functools import lru_cache

import pandas as pd

from factcheck import ROOT, csvcells, csvfiles, reads
from factcheck.cases import first_day, last_day

EDITIONS = ("known", "newest")
ATTRIBUTES = ("actor", "act", "object", "basis")
KEYS = {"facts": ("fact_id", "period"), "events": ("event_id", "date")}  # and when it was
# Of pandas, by the type of a column: without gaps, and with some.
DTYPES = {"string": ("str",), "date": ("str",), "number": ("float64", "float64")}
DTYPES |= {"integer": ("int64", "Int64"), "boolean": ("bool", "boolean")}


class NotFound(LookupError):
    """Nothing of that name in data/, or nothing that agrees with what was asked."""


# ---- tables


def table(name: str, **columns) -> pd.DataFrame:
    """A table as it stands in data/, or its rows whose `columns` have these values (one, or several).

    Texts ("" where empty), numbers (NaN), whole numbers, booleans. The index, named "row", is the row of
    the file as a spreadsheet shows it. Raises DataError with a line for each cell that is wrong.
    """
    frame = _table(name)
    for column, wanted in columns.items():
        _named(column, frame, "column", f"{name}.csv")
        frame = frame[frame[column].isin(_several(wanted))]
    reads.record(name, **columns)
    return frame.copy()


def asked() -> pd.Series:
    """The row of the interview: `cut_off` (ISO day), `judged_year` (int), `region` (list of countries) …"""
    rows = table("interviews")
    if len(rows) != 1:
        raise NotFound(f"data/interviews.csv: expected one interview, found {len(rows)}")
    row = rows.iloc[0]
    row["region"] = [country for country in row.region.split("|") if country]
    return row


def claim_row(claim_id: str) -> pd.Series:
    """A row of claims.csv; its name is the claim's id. `low` and `high` are in the claim's unit or NaN."""
    return _row("claims", "claim_id", claim_id)


def source(source_id: str) -> pd.Series:
    """A row of sources.csv: institution, publication, day, how well it was seen, where it was read."""
    return _row("sources", "source_id", source_id)


def readings(claim_id: str) -> pd.DataFrame:
    """The readings of a claim, index reading_id, the primary one first."""
    claim_row(claim_id)
    rows = table("readings", claim_id=claim_id).set_index("reading_id")
    rows = rows.sort_values("is_primary", ascending=False, kind="stable")
    return _some(rows, f"reading of {claim_id}", "readings")


def attributes(reading_id: str) -> dict[str, str | tuple[str, ...]]:
    """What a reading asks of facts and events: `data.facts("patents", **data.attributes("held"))`."""
    row = _row("readings", "reading_id", reading_id)
    found = {name: tuple(row[name].split("|")) for name in ATTRIBUTES if row[name]}
    return found | {name: row[name] for name in ("period_from", "period_to") if row[name]}


# ---- series


def series(indicator: str, *countries: str) -> pd.DataFrame:
    """Values in the unit of the source: index (edition, source, year, firm), a column a country.

    `source` is the provider, `year` an int; `firm`: the provider itself calls all values of the row
    actual, no estimate and no projection. Of each provider the last edition that has the country
    counts. Known values end with the year by which the interview is judged, newest ones with the last
    year that was over when the newest edition of the indicator appeared, so that no forecast of years
    to come is taken for the latest value. A year that a country lacks is NaN. Without countries: all.
    """
    rows = _series(indicator, countries).rename(columns={"provider": "source"})
    keys = ["edition", "source", "year"]
    firm = rows.status.eq("actual").groupby([rows[key] for key in keys]).transform("all")
    wide = rows.assign(firm=firm).pivot(index=[*keys, "firm"], columns="country", values="value")
    return wide[[*(countries or wide.columns)]].rename_axis(columns=None).sort_index()


def editions(indicator: str, *countries: str) -> pd.DataFrame:
    """From which editions `series` takes its values: index (edition, source).

    Columns: source_ids (tuple, last published first: countries of one provider may have sources of
    their own), published (the last of them), vintage, unit, institution_en, institution_ru …
    """
    rows = _series(indicator, countries).drop_duplicates(["edition", "provider", "source_id"])
    rows = rows.sort_values(["published", "source_id"], ascending=False)
    groups = rows.rename(columns={"provider": "source"}).groupby(["edition", "source"])
    texts = ["vintage", "unit", *(c for c in rows if c.startswith("institution_"))]
    found = groups[texts].agg(lambda values: "; ".join(dict.fromkeys(values)))
    found.insert(0, "source_ids", groups.source_id.agg(tuple))
    found.insert(1, "published", groups.published.first())
    return found


def value(indicator: str, country: str, year: int, source: str | None = None) -> float:
    """One value of the newest edition, such as an exchange rate or a price index, in the source's unit.

    Where several providers have it, `source` must say which.
    """
    found = series(indicator, country).loc["newest"][country].dropna().droplevel("firm")
    who = f"{indicator} of {country}"
    if source is not None:
        _named(source, found.index.unique("source"), f"source for {who}", "sources.csv")
        found = found.loc[[source]]
    _named(year, found.index.unique("year"), f"{who} in", "series.csv")
    found = found.xs(year, level="year")
    if len(found) > 1:
        raise NotFound(f"{who} in {year} has several sources, say which: {', '.join(found.index)}")
    return float(found.iloc[0])


def _series(indicator, countries):
    """Long rows (edition, provider, source_id, country, year, value, status, published …)."""
    values, sources = _table("series"), _table("sources").set_index("source_id")
    _named(indicator, filter(None, sources.indicator), "indicator", "sources.csv")
    own = sources[sources.indicator == indicator].drop(columns="indicator")
    rows = values.join(own, on="source_id", how="inner")
    for country in countries:
        _named(country, rows.country, f"{indicator} of", "series.csv")
    countries = sorted({*(countries or rows.country)})
    reads.record("sources", indicator=indicator)
    reads.record("series", source_id=own.index, country=countries)
    rows = rows[rows.country.isin(countries)]
    day = asked()
    known = rows[(rows.published.map(last_day) <= day.cut_off) & (rows.year <= day.judged_year)]
    over = int(own.published.max()[:4]) - 1
    parts = zip(EDITIONS, (known, rows[rows.year <= over]))
    rows = pd.concat([_last_editions(part).assign(edition=name) for name, part in parts])
    return _some(rows, f"{indicator} of {', '.join(countries)}", "series")


def _last_editions(rows):
    """Of each provider and country the rows of the edition that was published last."""
    order = rows.published.map(last_day) + rows.source_id  # equal days: whatever the rows' order
    last = order.groupby([rows.provider, rows.country]).transform("max")
    return rows[order == last]


# ---- facts and events


def facts(topic: str, *, none: bool = False, **asked_for) -> pd.DataFrame:
    """Figures of a topic that agree with what is asked for: index (edition, fact_id), by period.

    It is a frame of measured values as it stands: `low` and `high` in the figure's `unit` (of a
    one-sided one both are the end it has), `bound`, `period`, `source` (as source_id), `firm`; with
    actor, act, object, basis, statement, doubt, institution, published. Of several editions of an
    institution's same figure the last counts.

    asked_for: actor, act, object, basis (one, or several that will do), period_from, period_to (year,
    month or day). `none=True`: that nothing agrees is a result, not an error.
    """
    rows = _agreeing("facts", topic, asked_for)
    last = rows.day.groupby([rows.edition, rows.institution_en, *(rows[a] for a in ATTRIBUTES)])
    rows = rows[rows.day == last.transform("max")]
    return _in_time(rows, "facts", topic, none)


def events(topic: str, *, none: bool = False, **asked_for) -> pd.DataFrame:
    """Events of a topic that agree with what is asked for: index (edition, event_id), by date.

    Columns as in events.csv, with `source` (as source_id), institution, published. An event
    that the interview itself speaks of is known, whenever it was reported. asked_for, none: as `facts`.
    """
    return _in_time(_agreeing("events", topic, asked_for), "events", topic, none)


def annex(name: str, *topics: str) -> pd.DataFrame:
    """All facts, or all events (`name`), of these topics or of every one, with their sources, by date.

    `known`: whether it was known on the day.
    """
    topics = topics or tuple(_table(name).topic.unique())
    if not topics:
        return table(name)
    key, when = KEYS[name]
    rows = _on_topics(name, topics).drop(columns="day")
    return rows.sort_values([when, key]).set_index(key)


def _on_topics(name, topics):
    """All rows on these topics with their sources; `day`: the last on which it may have been published."""
    known = {t for one in ("facts", "events", "readings", "claims") for t in _table(one).topic}
    for topic in topics:
        _named(topic, known - {""}, "topic", "facts.csv or events.csv")
    rows = _table(name)
    rows = rows[rows.topic.isin(topics)]
    reads.record(name, topic=topics)
    reads.record("sources", source_id=rows.source_id)
    sources = _table("sources").set_index("source_id").drop(columns="unit")
    rows = rows.join(sources, on="source_id")
    rows = rows.assign(source=rows.source_id, day=rows.published.map(last_day))
    rows["known"] = rows.day <= asked().cut_off
    if name == "events":
        return rows.assign(known=rows.known | rows.event_itself)
    low, high = rows.value_low, rows.value_high
    return rows.assign(low=low.fillna(high), high=high.fillna(low), firm=True)


def _agreeing(name, topic, asked_for):
    """Rows that agree in all that is asked for, once for each edition. A name that the data lack is refused."""
    both = pd.concat([_table(one)[[*ATTRIBUTES]] for one in ("facts", "events", "readings")])
    rows = _on_topics(name, [topic])
    for attribute, wanted in asked_for.items():
        _named(attribute, (*ATTRIBUTES, "period_from", "period_to"), "attribute", "facts.csv")
        if attribute in ATTRIBUTES:
            known = {*both[attribute].str.split("|").explode()} - {""}
            for one in _several(wanted):
                _named(one, known, attribute, "facts.csv or events.csv")
            rows = rows[rows[attribute].isin(_several(wanted))]
    when = KEYS[name][1]
    if start := asked_for.get("period_from"):
        rows = rows[rows[when].map(first_day) >= first_day(str(start))]
    if end := asked_for.get("period_to"):
        rows = rows[rows[when].map(last_day) <= last_day(str(end))]
    return pd.concat([rows[rows.known].assign(edition="known"), rows.assign(edition="newest")])


def _in_time(rows, name, topic, none):
    """Index (edition, id), in the order of time, then of names: never of the file."""
    key, when = KEYS[name]
    rows = rows.assign(order=rows[when].map(first_day)).sort_values(["edition", "order", key])
    rows = rows.set_index(["edition", key]).drop(columns=["order", "day", "known"])
    return rows if none else _some(rows, f"{topic} that agrees with all that is asked for", name)


# ---- looking up


def _table(name):
    return _frame(csvfiles.sound(name, ROOT))


@lru_cache(maxsize=32)
def _frame(table):
    rows, kinds = table.records(), {field["name"]: field["type"] for field in table.fields}
    index = pd.Index([row.number for row in rows], name="row", dtype="int64")
    frame = pd.DataFrame(rows, index, [*kinds], dtype=object)
    return frame.astype({name: DTYPES[kinds[name]][any(frame[name].isna())] for name in frame})


@lru_cache(maxsize=32)
def _rows_by(table, key):
    return _frame(table).set_index(key)


def _row(name, key, wanted):
    rows = _rows_by(csvfiles.sound(name, ROOT), key)
    _named(wanted, rows.index, key.removesuffix("_id"), f"{name}.csv")
    reads.record(name, **{key: wanted})
    return rows.loc[wanted].copy()


def _several(wanted):
    return tuple(wanted) if isinstance(wanted, list | tuple | set) else (wanted,)


def _named(name, names, what, file):
    names = {str(one) for one in names}
    if str(name) not in names:
        raise NotFound(f"no {what} {name} in data/{file}{csvcells.hint(str(name), names)}")


def _some(rows, what, table):
    if rows.empty:
        raise NotFound(f"no {what} in data/{table}.csv")
    return rows
