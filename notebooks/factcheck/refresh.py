"""Newer editions of the series, added beside the old ones. Only a person starts this, nothing else calls it.

`refresh` asks the World Bank, over the network and through the optional package wbgapi; `import_files`
reads files of the IMF and the UN that were downloaded by hand. All that is found is added or nothing is:
it must have each country of the edition before it, and pass all that `check` asks on a copy of data/. A
year that the provider has withdrawn stays out, and is told. What stands in data/ is never changed or
removed. Which verdicts change `make accept` says, which runs the notebooks anew.
"""

import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from factcheck import ROOT, check, csvcells, csvfiles
from factcheck.cases import last_day
from factcheck.editions import Edition, RefreshError, Values
from factcheck.plausible import STEP
from factcheck.stored import say

FIRST_YEAR = 1990  # of a country that no earlier edition had
FIRST_BY_HAND = "has an edition in data/ that a newer one could go on from; add the first by hand"
SHOWN = 15  # of the values that moved
SIZES = {"persons": (10**6, " million")}
SIZES |= dict.fromkeys(("usd", "international-dollar"), (10**9, " billion"))


@dataclass
class Held:
    """What data/ has of a provider's series, from which a newer edition goes on."""

    sources: list[csvfiles.Row]  # of its editions, the last published last
    values: dict[tuple[str, int], float]  # of each country by the last edition that has it
    first: dict[str, int]  # {country: first year}, also of countries that only readings.csv names

    @property
    def source(self) -> csvfiles.Row:
        return self.sources[-1]


@dataclass
class Added:
    """Rows to add, and lines that say what is new in them."""

    sources: list[dict[str, str]] = field(default_factory=list)
    series: list[dict[str, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    moved: list[tuple[float, str]] = field(default_factory=list)  # (by how much, the line)


def refresh(root: Path = ROOT) -> int:
    """Add the World Bank's figures as they are now, as a new edition. Returns 0; raises RefreshError.

    Published is the day that the World Bank itself names as its last update. Prints what moved.
    """
    try:
        from factcheck import worldbank
    except ModuleNotFoundError as error:
        raise RefreshError(
            f"{error.name} is not installed; only this command needs it. Install it with: "
            f"{sys.executable} -m pip install wbgapi"
        ) from None
    held = _held(root)
    wanted = _wanted(held, [("world-bank", name) for name in worldbank.INDICATORS])
    return _add(worldbank.ask({name: who for (_, name), who in wanted.items()}), held, root)


def import_files(paths: list[str | Path], published: str | None, root: Path = ROOT) -> int:
    """Add editions of the IMF and the UN from downloaded files. Returns 0; raises RefreshError, OSError.

    `published`: when they appeared, 2026-04 or 2026-04-14. Prints what moved. `downloads` says which files.
    """
    from factcheck import downloads

    day = _published(published)
    held = _held(root)
    known = [*(("imf", name) for name in downloads.IMF), ("un", "population")]
    wanted = _wanted(held, known)
    found = [e for path in paths for e in downloads.read(Path(path), day, wanted)]
    if not found:
        raise RefreshError(f"{Path(paths[0]).name}: no series of it {FIRST_BY_HAND}.")
    return _add(found, held, root)


def _published(text):
    try:
        day = csvcells.day((text or "").strip(), partial=True)
        if len(day) >= len("2026-04"):
            return day
    except ValueError:
        pass
    raise RefreshError(
        "Say when the files were published, by month or day: --published 2026-04 or --published "
        f"2026-04-14{f', not {text}' if text else ''}."
    )


# ---- what data/ has


def _held(root) -> dict[tuple[str, str], Held]:
    """{(provider, indicator): what data/ has}; RefreshError if data/ is not in order before."""
    for line in check.problems(root):
        raise RefreshError(f"First put data/ in order: {line}")
    tables = {name: csvfiles.records(name, root) for name in ("sources", "series", "readings")}
    rows: dict[str, list[csvfiles.Row]] = {}
    for row in tables["series"]:
        rows.setdefault(row["source_id"], []).append(row)
    held: dict[tuple[str, str], Held] = {}
    for source in sorted(tables["sources"], key=lambda row: last_day(row["published"])):
        own = rows.get(source["source_id"], [])
        if own:
            new = held.setdefault((source["provider"], source["indicator"]), Held([], {}, {}))
            new.sources.append(source)
            countries = {row["country"] for row in own}
            new.values = {key: v for key, v in new.values.items() if key[0] not in countries}
            for row in own:
                new.values[row["country"], row["year"]] = row["value"]
                earlier = new.first.get(row["country"], row["year"])
                new.first[row["country"]] = min(earlier, row["year"])
    for reading in tables["readings"]:
        for (_, indicator), one in held.items():
            for country in filter(None, reading["countries"].split("|")):
                if indicator == reading["indicator"]:
                    one.first.setdefault(country, FIRST_YEAR)
    return held


def _wanted(held, known):
    """{(provider, indicator): countries} of the series that can be renewed."""
    providers = {provider for provider, _ in known}
    for provider, indicator in held:
        if provider in providers and (provider, indicator) not in known:
            say(
                f"{indicator} by {provider}: its code is not known here, add newer figures by hand."
            )
    wanted = {key: {*held[key].first} for key in known if key in held}
    if not wanted:
        raise RefreshError(f"No series of {' or '.join(sorted(providers))} {FIRST_BY_HAND}.")
    return wanted


# ---- from editions to rows


def _add(editions: list[Edition], held, root) -> int:
    """Check the editions, store them, and print what they change."""
    added = Added()
    for edition in editions:
        one, stamp = held[edition.provider, edition.indicator], edition.published
        was, has = one.source["published"], one.source["source_id"]
        if last_day(stamp) <= last_day(was) or was.startswith(stamp):
            say(f"Nothing new: {edition} is of {stamp}, data/ has {has} already.")
            continue
        _add_one(edition, one, added, root)
    if added.series:
        _store({"sources": added.sources, "series": added.series}, root)
        for line in [*added.told, *_most(added.moved)]:
            say(line)
        names = ", ".join(dict.fromkeys(row["source_id"] for row in added.series))
        say(f"Added {names}: {len(added.series)} rows of data/series.csv.")
        say("`make accept` builds the brief anew and says which verdicts change.")
    return 0


def _add_one(edition, one, added, root):
    # A year that was not over when it was published is a forecast, which is no evidence.
    values = {
        (country, year): value
        for (country, year), value in edition.values.items()
        if one.first.get(country, year + 1) <= year < int(edition.published[:4])
    }
    _refuse_implausible(edition, one, values)
    added.told += _told(edition, one, values)
    size, name = SIZES.get(one.source["unit"], (1, ""))
    for (country, year), (new, _) in values.items():
        old = one.values.get((country, year), new)
        if new != old:
            moved = f"{old / size:,.3f} → {new / size:,.3f}{name} ({100 * (new / old - 1):+.2f} %)"
            added.moved.append((abs(new / old - 1), f"{edition}, {country} {year}: {moved}"))
    source = _source(edition, one, root)
    if source["source_id"] not in {row["source_id"] for row in csvfiles.records("sources", root)}:
        added.sources.append(source)  # else a run was cut off between the two files
    for (country, year), (value, status) in sorted(values.items()):
        own = {"source_id": source["source_id"], "country": country, "year": str(year)}
        added.series.append(own | {"value": str(value), "status": status})


def _refuse_implausible(edition: Edition, one: Held, values: Values):
    """A country that is missing, or mostly so, is no withdrawn year; nor is another unit a revision."""
    for country in sorted({country for country, _ in one.values}):
        before = {year for c, year in one.values if c == country}
        kept = before & {year for c, year in values if c == country}
        if 2 * len(kept) < len(before) or not kept:
            missing = ", ".join(map(str, sorted(before - kept)))
            line = f"{edition} has no value of {country} for {missing}"
            raise RefreshError(f"Not complete, nothing was added: {line}.")
    for (country, year), (value, _) in values.items():
        old = one.values.get((country, year), value)
        if not 1 / STEP < value / old < STEP:
            raise RefreshError(
                f"Not plausible, nothing was added: {edition}, {country} {year}: {value:,} – expected "
                f"a value near that of the edition before, {old:,.12g}."
            )


def _told(edition, one, values):
    """Lines on years that are new, and on those that have no value any more."""
    years = {country: [y for c, y in values if c == country] for country, _ in values}
    lacking = one.values.keys() | {
        (country, year) for country, own in years.items() for year in range(min(own), max(own))
    }
    for keys, what in (
        (values.keys() - one.values.keys(), "{0} is new for {1}"),
        (lacking - values.keys(), "{0} is without a value for {1}, and is left out"),
    ):
        for year in sorted({year for _, year in keys}):
            names = ", ".join(sorted(country for country, y in keys if y == year))
            yield f"{edition}: {what.format(year, names)}"
    for country in sorted(one.first.keys() - years.keys()):
        yield f"{edition}: {country}, which readings.csv names, has no value"


def _most(moved):
    lines = [line for _, line in sorted(moved, key=lambda one: -one[0])]
    more = [f"and {len(lines) - SHOWN} more that moved less"] if len(lines) > SHOWN else []
    return lines[:SHOWN] + more


def _source(edition, one, root):
    """The row of sources.csv: that of the edition before with what is different now."""
    cells, stamp = dict(one.source.cells), edition.published
    base = re.sub(r"(-\d+)+$", "", cells["source_id"])
    twice = f"{base}-{stamp[:7]}" in {row["source_id"] for row in one.sources}  # in one month
    cells |= dict.fromkeys(
        {"address", "repository", "file", "commit", "read_in"} & cells.keys(), ""
    )
    cells |= {"source_id": f"{base}-{stamp if twice else stamp[:7]}", "published": stamp}
    cells |= {"seen": "file", "vintage": f"{date.fromisoformat(f'{stamp[:7]}-01'):%B %Y}"}
    if edition.provider == "un":
        cells["vintage"] = f"{stamp[:4]} revision"
        for name in [name for name in cells if name.startswith("publication")]:
            cells[name] = re.sub(r"\d{4}$", stamp[:4], cells[name])
    return cells | edition.place


# ---- from rows to files


def _store(rows, root):
    """Add {table: rows} if a copy of data/ with them passes all checks."""
    paths = {root / "data" / f"{name}.csv": own for name, own in rows.items()}
    files = {path: csvfiles.appended(path, own) for path, own in paths.items()}
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("data", "seeds"):  # what the notebooks found does not change
            shutil.copytree(root / name, copy / name)
        for path, (_, new) in files.items():
            (copy / "data" / path.name).write_bytes(new)
        for line in check.problems(copy):
            raise RefreshError(f"Not plausible, nothing was added: {line}{_whose(line, copy)}")
    if any(path.read_bytes() != old for path, (old, _) in files.items()):
        raise RefreshError("data/ was changed while this ran, nothing was added; run it again.")
    _replace(files)


def _whose(line, copy):
    """The value that a line is about: the row that it names stands in the copy only."""
    place = re.match(r"data/series.csv, row (\d+)", line)
    for row in csvfiles.read("series", copy).records() if place else ():
        if row.number == int(place[1]):
            return f" ({row['source_id']}, {row['country']} {row['year']})"
    return ""


def _replace(files):
    """Move {path: (old bytes, new bytes)} into place; where one cannot be, put back those that were.

    sources.csv comes first: killed in between, it has a source without values, which changes no verdict,
    and which the next run completes.
    """
    beside = {path: path.with_name(f".{path.name}.new") for path in files}
    try:
        for path, (_, new) in files.items():
            beside[path].write_bytes(new)
        for path in files:
            os.replace(beside[path], path)
    except BaseException:
        for path, (old, _) in files.items():
            if path.read_bytes() != old:
                beside[path].write_bytes(old)
                os.replace(beside[path], path)
        raise
    finally:
        for path in beside.values():
            path.unlink(missing_ok=True)
