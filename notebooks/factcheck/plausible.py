"""Values that a slipped digit, unit or row would explain better than history: one line each.

Sources check one another: a value against the years around it, against other sources, against another
edition, a total against its parts. The order of the rows decides nothing.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from statistics import median

from .claims import ENDS
from .csvfiles import Row

AGREE = 0.10  # two sources of one value, in a year that both call actual
REVISED = 0.25  # two editions of one source; Turkmenistan's GDP was revised by a sixth
STEP = 2.0  # from one year to the next no population or economy here doubled or halved
NEAR = 3  # years
# Rates (inflation, interest) are in percent, too, and may be negative.
NEVER_NEGATIVE = {unit for unit, (floor, _) in ENDS.items() if floor == 0} - {"percent"} | {"index"}


def problems(tables: dict[str, list[Row]], region: list[str]) -> list[str]:
    """Lines on implausible values. `tables` as `check` has them; `region`: countries that may add up."""
    sources = {row["source_id"]: row for row in tables["sources"]}
    rows = [(row, sources[row["source_id"]]) for row in tables["series"]]
    lines = [*_too_early(rows), *_negative(rows), *_misplaced(rows)]
    rows = [(row, source) for row, source in rows if "percent" not in source["unit"]]  # rates jump
    lines += _outliers(rows)
    if not lines:  # what differs between sources would only say it again
        compared = {row["indicator"] for row in tables["readings"] if "|" in row["countries"]}
        rows = [(row, source) for row, source in rows if source["indicator"] in compared]
        lines = [*_disagreeing(rows), *_sums(tables["facts"], region)]
    return lines


def _too_early(rows) -> Iterator[str]:
    """Values that are called actual of a year that was not over when they were published."""
    for row, source in rows:
        if row["status"] == "actual" and str(row["year"]) >= source["published"][:4]:
            expected = f"estimate or projection, because the year {row['year']} was not over in "
            yield row.problem("status", expected + source["published"])


def _negative(rows) -> Iterator[str]:
    """Negative values in a unit that has none: persons, an index, a rate of exchange. Money may be owed."""
    for row, source in rows:
        unit = source["unit"]
        if row["value"] < 0 and (unit in NEVER_NEGATIVE or "-per-" in unit):
            yield row.problem("value", f"0 or more, because the unit is {unit}")


def _misplaced(rows) -> Iterator[str]:
    """Rows apart from all others of their country, that fill the gap of another: a wrong country."""
    years = defaultdict(set)
    for row, _ in rows:
        years[row["source_id"], row["country"]].add(row["year"])
    for row, _ in rows:
        year, around = row["year"], {row["year"] - 1, row["year"] + 1}
        if around & years[row["source_id"], row["country"]]:
            continue
        for (source, country), own in years.items():
            if source == row["source_id"] and around <= own and year not in own:
                expected = f"{country}, which lacks this year and has those around it"
                yield row.problem("country", expected)


def _outliers(rows) -> Iterator[str]:
    """Values more than STEP off those that should be near; two others that differ say nothing."""
    by_country, by_year = defaultdict(dict), defaultdict(dict)
    for row, source in rows:
        by_country[row["source_id"], row["country"]][row["year"]] = row["value"]
        by_year[source["indicator"], row["country"], row["year"]][row["source_id"]] = row["value"]
    for row, source in rows:
        own = by_country[row["source_id"], row["country"]]
        steps = sorted((abs(year - row["year"]), year) for year in own)
        around = [own[year] for step, year in steps if 0 < step <= NEAR][:3]
        others = by_year[source["indicator"], row["country"], row["year"]]
        others = [value for name, value in others.items() if name != row["source_id"]]
        for values, whose in (
            (around, "those of the years around it"),
            (others, "the other sources’"),
        ):
            if len(values) < 2 or max(values) >= STEP * min(values):
                continue
            if not 1 / STEP < row["value"] / median(values) < STEP:
                expected = f"a value near {whose}, whose middle is {median(values):.12g}"
                yield row.problem("value", expected)
                break


def _disagreeing(rows) -> Iterator[str]:
    """Values that two sources, or two editions of one, give too differently for one year."""
    values = defaultdict(list)
    for row, source in sorted(rows, key=lambda pair: (pair[1]["published"], pair[1]["source_id"])):
        values[source["indicator"], source["unit"], row["country"], row["year"]].append(
            (row, source)
        )
    for (indicator, unit, *_), found in values.items():
        for (one, first), (two, second) in combinations(found, 2):
            low, high = sorted((one["value"], two["value"]))
            if first["provider"] == second["provider"]:
                limit = REVISED
            elif {one["status"], two["status"]} == {"actual"}:
                # Before 2014 the institutions' purchasing-power parities differ by more than any slip would.
                limit = 2 * AGREE if "ppp" in indicator else AGREE
            else:
                continue  # estimates may differ
            if unit != "index" and low > 0 and high / low - 1 > limit:
                other = f"{one.cells['value']} by {one['source_id']}"
                yield two.problem("value", f"a value within {limit:.0%} of {other}")


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
