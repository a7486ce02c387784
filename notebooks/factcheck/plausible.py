"""Values that a slipped digit, unit or row would explain better than history: one line each.

Sources check one another: a value against the years around it, against other sources, against another
edition, a total against its parts. The order of the rows decides nothing.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from statistics import median

from .csvfiles import Row

AGREE = 0.10  # two sources of one ratio, in a year that both call actual
REVISED = 0.25  # two editions of one source; Turkmenistan's GDP was revised by a sixth
STEP = 2.0  # from one year to the next no population or economy here doubled or halved
NEAR = 3  # years


def problems(tables: dict[str, list[Row]], region: list[str]) -> list[str]:
    """Lines on implausible values. `tables` as `check` has them; `region`: countries that may add up."""
    sources = {row["source_id"]: row for row in tables["sources"]}
    rows = [(row, sources[row["source_id"]]) for row in tables["series"]]
    lines = [*_too_early(rows), *_misplaced(rows)]
    rows = [(row, source) for row, source in rows if "percent" not in source["unit"]]  # rates jump
    lines += _outliers(rows)
    if not lines:  # what differs between sources would only say it again
        lines = [*_disagreeing(rows, tables["readings"]), *_sums(tables["facts"], region)]
    return lines


def _too_early(rows) -> Iterator[str]:
    """Values that are called actual of a year that was not over when they were published."""
    for row, source in rows:
        if row["status"] == "actual" and str(row["year"]) >= source["published"][:4]:
            expected = f"estimate or projection, because the year {row['year']} was not over in "
            yield row.problem("status", expected + source["published"])


def _misplaced(rows) -> Iterator[str]:
    """Rows apart from all others of their country, that fill the gap of another: a wrong country."""
    years = defaultdict(set)
    for row, _ in rows:
        years[row["source_id"], row["country"]].add(row["year"])
    for row, _ in rows:
        around = {row["year"] - 1, row["year"] + 1}
        if around & years[row["source_id"], row["country"]]:
            continue
        for (source, country), own in years.items():
            if source == row["source_id"] and around <= own and row["year"] not in own:
                yield row.problem(
                    "country", f"{country}, which lacks this year and has those around it"
                )


def _outliers(rows) -> Iterator[str]:
    """Values more than STEP off those that should be near; two others that differ say nothing."""
    by_country, by_year = defaultdict(list), defaultdict(list)
    for row, source in rows:
        by_country[row["source_id"], row["country"]].append(row)
        by_year[source["indicator"], row["country"], row["year"]].append(row)
    for row, source in rows:
        around = [
            other
            for other in by_country[row["source_id"], row["country"]]
            if 0 < abs(other["year"] - row["year"]) <= NEAR
        ]
        around = sorted(around, key=lambda other: abs(other["year"] - row["year"]))[:3]
        others = by_year[source["indicator"], row["country"], row["year"]]
        others = [other for other in others if other is not row]
        for near, whose in (
            (around, "those of the years around it"),
            (others, "the other sources’"),
        ):
            values = [other["value"] for other in near]
            if len(values) < 2 or max(values) >= STEP * min(values):
                continue
            if not 1 / STEP < row["value"] / median(values) < STEP:
                expected = f"a value near {whose}, whose middle is {median(values):.12g}"
                yield row.problem("value", expected)
                break


def _disagreeing(rows, readings) -> Iterator[str]:
    """Ratios that two sources, or two editions of one, give too differently in one year."""
    values = defaultdict(dict)
    for row, source in rows:
        values[source["indicator"], row["country"], row["year"]][row["source_id"]] = (row, source)
    for indicator, pair in sorted({(r["indicator"], r["countries"]) for r in readings}):
        over, _, under = pair.partition("|")
        if not under or "|" in under:
            continue
        for one, two in combinations(_ratios(values, indicator, over, under), 2):
            if one["year"] != two["year"]:
                continue
            editions = one["provider"] == two["provider"]
            low, high = sorted((one, two), key=lambda ratio: ratio["value"])
            # Before 2014 the institutions' purchasing-power parities differ by more than any slip would.
            limit = REVISED if editions else 2 * AGREE if "ppp" in indicator else AGREE
            if (editions or one["firm"] and two["firm"]) and high["value"] / low[
                "value"
            ] - 1 > limit:
                yield (
                    f"data/series.csv: the ratio {pair} of {indicator} in {one['year']} is "
                    f"{low['value']:.1f} by {low['source_id']} and {high['value']:.1f} by "
                    f"{high['source_id']}; expected {'editions' if editions else 'sources'} that "
                    f"agree within {limit:.0%}"
                )


def _ratios(values, indicator, over, under):
    for (name, country, year), tops in list(values.items()):
        bottoms = values.get((name, under, year), {})
        if (name, country) != (indicator, over):
            continue
        for source_id, (top, source) in tops.items():
            if source_id in bottoms and min(top["value"], bottoms[source_id][0]["value"]) > 0:
                bottom = bottoms[source_id][0]
                yield {
                    "year": year,
                    "provider": source["provider"],
                    "source_id": source_id,
                    "value": top["value"] / bottom["value"],
                    "firm": {top["status"], bottom["status"]} == {"actual"},
                }


def _sums(facts, region) -> Iterator[str]:
    """Totals of the region that are not the sum of its parts, to the last digit of the same source."""
    groups = defaultdict(list)
    for row in facts:
        key = ("source_id", "topic", "period", "actor", "act", "basis", "unit")
        groups[tuple(row[column] for column in key)].append(row)
    for rows in groups.values():
        parts = [row for row in rows if row["object"] in region and row["value_low"] is not None]
        totals = [row for row in rows if row["object"] not in region]
        if region and sorted(row["object"] for row in parts) == sorted(region) and len(totals) == 1:
            found, [total] = sum(row["value_low"] for row in parts), totals
            if total["value_low"] is None or abs(found - total["value_low"]) > 0.05 * len(region):
                yield total.problem("value_low", f"the sum of its parts, {found:g}")
