"""What is known: series, facts and events, each with the day on which it could be known.

A figure counts for a reading of a claim only if every attribute that the reading names agrees with it;
all else on the same topic is context. Nothing is added up across sources.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cache

import pandas as pd

from factcheck.cases import first_day, last_day
from factcheck.rule import ends

ATTRIBUTES = ("actor", "act", "object", "basis")


def day(text):
    """First day of such a date as datetime.date."""
    return date.fromisoformat(first_day(text))


@dataclass(frozen=True)
class Measured:
    """A measured value in the unit of the claim, with where it comes from.

    `history` holds the earlier years of the same source, year → value, where there are any.
    """

    low: float
    high: float
    bound: str
    period: str
    sources: tuple
    who: str  # provider of a series, or source of a fact
    firm: bool = True  # False: an estimate or projection by the source's own word
    history: dict = field(default_factory=dict, compare=False)
    fact_id: str = ""

    @property
    def middle(self):
        return (self.low + self.high) / 2

    @property
    def source(self):
        return self.who


class Evidence:
    """The tables of data/, seen from one interview: its cut-off day and the year it is judged by."""

    def __init__(self, frames, interview_id):
        self.frames = frames
        rows = frames["interviews"]
        rows = rows[rows.interview_id == interview_id]
        self.interview = rows.iloc[0].to_dict()
        self.cut_off = self.interview["cut_off"]
        self.year = int(self.interview["judged_year"])
        self.sources = frames["sources"].set_index("source_id", drop=False)
        self.newest_day = max(
            map(last_day, frames["sources"].published)
        )  # of all that was obtained
        self.facts = frames["facts"].to_dict("records")
        self.events = frames["events"].to_dict("records")

    # The tables do not change under an Evidence, so what was looked up once need not be again.
    @cache
    def known(self, source_id):
        """Whether the source was public by the cut-off day."""
        return last_day(self.sources.published[source_id]) <= self.cut_off

    # Series

    @cache
    def series(self, indicator, country, provider, newest=False):
        """Values by year of one country: the provider's last edition before the cut-off, or its newest.

        Returns a frame with the columns value, status, source_id, indexed by year; empty if there is none.
        """
        editions = self.sources[
            (self.sources.indicator == indicator) & (self.sources.provider == provider)
        ]
        rows = self.frames["series"]
        rows = rows[rows.source_id.isin(editions.source_id) & (rows.country == country)]
        if not newest and len(rows):
            rows = rows[rows.source_id.map(self.known) & (rows.year <= self.year)]
        if rows.empty:
            return rows.set_index("year")
        last = max(
            rows.source_id.unique(), key=lambda source: last_day(self.sources.published[source])
        )
        return rows[rows.source_id == last].set_index("year").sort_index()

    @cache
    def providers(self, indicator):
        """Providers of a series, in the order of data/sources.csv."""
        found = self.sources[(self.sources.indicator == indicator) & (self.sources.provider != "")]
        return list(dict.fromkeys(found.provider))

    def ratios(self, indicator, countries, newest=False):
        """Ratio of two countries by year and provider; `countries`: over and under, ISO 3166 alpha-3.

        Columns: provider, year, numerator, denominator (unit of the source), ratio (times), status
        ("actual" only if it is so for both), sources (tuple).
        """
        return self._ratios(indicator, *countries, newest)

    @cache
    def _ratios(self, indicator, over, under, newest):
        parts = []
        for provider in self.providers(indicator):
            top, bottom = (self.series(indicator, c, provider, newest) for c in (over, under))
            both = top.add_suffix("_over").join(bottom.add_suffix("_under"), how="inner")
            for year, row in both.iterrows():
                firm = {row.status_over, row.status_under} == {"actual"}
                sources = tuple(dict.fromkeys((row.source_id_over, row.source_id_under)))
                parts.append(
                    (
                        provider,
                        int(year),
                        row.value_over,
                        row.value_under,
                        row.value_over / row.value_under,
                        "actual" if firm else "estimate",
                        sources,
                    )
                )
        columns = ["provider", "year", "numerator", "denominator", "ratio", "status", "sources"]
        return pd.DataFrame(parts, columns=columns)

    def value(self, indicator, country, year):
        """A single auxiliary value such as an exchange rate or a price index. Raises KeyError if unknown."""
        for provider in self.providers(indicator):
            rows = self.series(indicator, country, provider, newest=True)
            if year in rows.index:
                return float(rows.value[year])
        raise KeyError(f"no {indicator} for {country} in {year}")

    # Money

    def dollars(self, fact):
        """Low and high of a money fact in billions of US dollars of its own year."""
        low, high = fact["value_low"], fact["value_high"]
        if fact["unit"] == "cny-bn":
            rate = self.value("yuan-per-dollar", "CHN", int(fact["period"][:4]))
            return low / rate, high / rate
        return low, high

    def in_prices_of(self, year, amount, from_year):
        """US dollars of `from_year` in the prices of `year`, by US consumer prices."""
        level = {y: self.value("us-prices", "USA", y) for y in (year, from_year)}
        return amount * level[year] / level[from_year]

    # Facts and events

    def matches(self, reading, record):
        """Names of the attributes in which a fact or an event differs from the reading; empty if it matches."""
        differing = [
            name
            for name in ATTRIBUTES
            if reading[name] and record[name] not in reading[name].split("|")
        ]
        period = record.get("period") or record.get("date")
        if reading["period_from"] and first_day(period) < first_day(reading["period_from"]):
            differing.append("period")
        elif reading["period_to"] and last_day(period) > last_day(reading["period_to"]):
            differing.append("period")
        return differing

    def _matching(self, records, reading, newest):
        found = [
            record
            for record in records
            if record["topic"] == reading["topic"] and not self.matches(reading, record)
        ]
        if not newest:
            found = [r for r in found if self.known(r["source_id"]) or r.get("event_itself")]
        return found

    def matching_events(self, reading, newest=False):
        """Events that match a reading, earliest first; without `newest` those known by the cut-off."""
        return sorted(
            self._matching(self.events, reading, newest), key=lambda e: first_day(e["date"])
        )

    def matching_facts(self, reading, newest=False):
        """Facts that match a reading; of several editions of one institution's figure the latest counts."""
        latest = {}
        for fact in self._matching(self.facts, reading, newest):
            source = self.sources.loc[fact["source_id"]]
            key = (source.institution_en, *(fact[name] for name in ATTRIBUTES))
            # Of one publication the later period counts, whatever the order of the rows.
            age = (last_day(source.published), last_day(fact["period"]))
            if key not in latest or age >= latest[key][0]:
                latest[key] = (age, fact)
        return [fact for _, fact in latest.values()]

    def context(self, reading):
        """Facts and events on the reading's topic that do not match it, each with what differs."""
        records = [r for r in self.facts + self.events if r["topic"] == reading["topic"]]
        return [(r, d) for r in records if (d := self.matches(reading, r))]

    # Measuring

    def measure(self, reading, claim, newest=False):
        """Measured values for a reading of a claim, one for each source that can judge it by itself.

        Raises ValueError where a fact's unit cannot be compared with the claim's.
        """
        kind = reading["measure"]
        if kind == "ratio":
            return self._measure_ratio(reading, newest)
        if kind == "rank":
            return self._measure_rank(reading, claim.subject, newest)
        if kind == "value":
            return [
                self._measure_fact(fact, claim.unit)
                for fact in self.matching_facts(reading, newest)
            ]
        if kind == "duration":
            said = date.fromisoformat(self.interview["said_from"])
            return [
                Measured(
                    years := (said - day(e["date"])).days / 365.2425,
                    years,
                    "exact",
                    e["date"],
                    (e["source_id"],),
                    e["source_id"],
                )
                for e in self.matching_events(reading, newest)
            ]
        return []

    def _measure_ratio(self, reading, newest):
        table = self.ratios(reading["indicator"], reading["countries"].split("|"), newest)
        found = []
        for provider, rows in table.groupby("provider", sort=False):
            last = rows.iloc[-1]
            trusted = rows[(rows.status == "actual") & (rows.year < last.year)]
            found.append(
                Measured(
                    float(last.ratio),
                    float(last.ratio),
                    "exact",
                    str(last.year),
                    last.sources,
                    provider,
                    bool(last.status == "actual"),
                    dict(zip(trusted.year.tolist(), trusted.ratio.tolist())),
                )
            )
        return found

    def standings(self, reading, newest=False):
        """Values by country for a ranking: {who: (year, {country: value}, sources)}."""
        if not reading["indicator"]:
            by_source = {}
            for fact in self.matching_facts(reading, newest):
                by_source.setdefault(fact["source_id"], []).append(fact)
            return {
                who: (
                    facts[0]["period"],
                    {fact["object"]: fact["value_low"] for fact in facts},
                    (who,),
                )
                for who, facts in by_source.items()
                if len(facts) > 1  # who names one state alone ranks none
            }
        found = {}
        for provider in self.providers(reading["indicator"]):
            rows = {
                c: self.series(reading["indicator"], c, provider, newest)
                for c in reading["countries"].split("|")
            }
            years = set.intersection(*(set(r.index) for r in rows.values()))
            if years:
                year = max(years)
                sources = tuple(dict.fromkeys(r.source_id[year] for r in rows.values()))
                found[provider] = (
                    str(year),
                    {c: float(r.value[year]) for c, r in rows.items()},
                    sources,
                )
        return found

    def _measure_rank(self, reading, subject, newest):
        found = []
        for who, (period, values, sources) in self.standings(reading, newest).items():
            if subject in values:
                rank = 1 + sum(value > values[subject] for value in values.values())
                found.append(Measured(rank, rank, "exact", period, sources, who))
        return found

    def unit_of(self, fact):
        """The unit in which a fact is set against a claim: shares in per cent, yuan in dollars."""
        if fact["whole_low"] == fact["whole_low"]:  # NaN unless the figure is a part of a whole
            return "percent"
        return "usd-bn" if fact["unit"] == "cny-bn" else fact["unit"]

    def _measure_fact(self, fact, unit):
        low, high = fact["value_low"], fact["value_high"]
        if fact["whole_low"] == fact["whole_low"]:
            low, high = 100 * low / fact["whole_high"], 100 * high / fact["whole_low"]
        elif fact["unit"] == "cny-bn":
            low, high = self.dollars(fact)
        if self.unit_of(fact) != unit:
            raise ValueError(f"fact {fact['fact_id']} is in {fact['unit']}, the claim in {unit}")
        low, high = ends(low, high)
        return Measured(
            low,
            high,
            fact["bound"],
            fact["period"],
            (fact["source_id"],),
            fact["source_id"],
            fact_id=fact["fact_id"],
        )
