"""Newer editions of the series, added beside the old ones. Only a person starts this, nothing else calls it.

`refresh` asks the World Bank over the network; `import_files` reads files of the IMF and the UN that were downloaded
by hand (`downloads` says which). All that is found is added or nothing is: it must have each country of the edition
before it, and pass all that `check` asks on a copy of data/. A year that the provider has withdrawn stays out, and is
told. What stands in data/ is never changed or removed. Which verdicts change `make accept` says.
"""

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from factcheck import ROOT, check, csvcells, csvfiles, downloads
from factcheck.cases import last_day
from factcheck.plausible import STEP
from factcheck.stored import BuildError, say
from factcheck.whole import store

FIRST_BY_HAND = "has an edition in data/ that a newer one could go on from; add the first by hand"


@dataclass
class Held:
    """A series as data/ has it, from which a newer edition goes on."""

    source: csvfiles.Row  # of its last edition
    values: pd.Series  # by (country, year), each country's of the last edition that has it


@dataclass
class Edition:
    """A series as published on one day, with `worldbank`'s or `downloads`' values of it."""

    provider: str
    indicator: str
    published: str  # 2026-04 or 2026-04-15
    place: dict[str, str]  # columns of sources.csv that say where it was read
    values: pd.DataFrame  # index (country, year), columns value and status

    def __str__(self) -> str:
        return f"{self.indicator} by {self.provider}"


def refresh(root: Path = ROOT) -> int:
    """Add the World Bank's figures as they are now, as a new edition. Returns 0; raises BuildError.

    Published is the day that the World Bank itself names as its last update. Prints what moved.
    """
    from factcheck import worldbank  # which can reach the network

    held = _held(root)
    wanted = _wanted(held, {"world-bank": worldbank.INDICATORS})
    day, found = worldbank.ask(wanted["world-bank"])
    editions = [
        Edition("world-bank", name, day, {"address": address}, values)
        for name, (address, values) in found.items()
    ]
    return _add(editions, held, root)


def import_files(paths: list[str | Path], published: str | None, root: Path = ROOT) -> int:
    """Add editions of the IMF and the UN from downloaded files. Returns 0; raises BuildError, OSError.

    `published`: when they appeared, 2026-04 or 2026-04-14. Prints what moved.
    """
    day, held = _published(published), _held(root)
    wanted = _wanted(held, {"imf": downloads.IMF, "un": ("population",)})
    editions = []
    for path in map(Path, paths):
        provider, place, found = downloads.read(path, day, wanted)
        for name, values in found.items():
            editions.append(Edition(provider, name, day, {"read_in": place}, values))
    if not editions:
        raise BuildError(f"{Path(paths[0]).name}: no series of it {FIRST_BY_HAND}.")
    return _add(editions, held, root)


def _published(text: str | None) -> str:
    try:
        day = csvcells.day((text or "").strip(), partial=True)
        if len(day) >= len("2026-04"):
            return day
    except ValueError:
        pass
    raise BuildError(
        "Say when the files were published, by month or day: --published 2026-04 or --published "
        f"2026-04-14{f', not {text}' if text else ''}."
    )


# ---- What data/ has


def _held(root: Path) -> dict[tuple[str, str], Held]:
    """{(provider, indicator): what data/ has}; BuildError if data/ is not in order before."""
    for line in check.problems(root):
        raise BuildError(f"First put data/ in order: {line}")
    sources = {row["source_id"]: row for row in csvfiles.records("sources", root)}
    columns = ["source_id", "country", "year", "value"]
    rows = pd.DataFrame(csvfiles.records("series", root), columns=columns)
    of_source = rows["source_id"].map(sources)
    for name in ("provider", "indicator", "published"):
        rows[name] = [source[name] for source in of_source]
    rows = rows.sort_values("published", key=lambda days: days.map(last_day), kind="stable")
    held = {}
    for key, own in rows.groupby(["provider", "indicator"]):
        newest = own.groupby("country")["source_id"].transform("last")
        values = own[own["source_id"] == newest].set_index(["country", "year"])["value"]
        held[key] = Held(sources[own["source_id"].iloc[-1]], values)
    return held


def _wanted(held: dict, known: dict) -> dict[str, dict[str, set[str]]]:
    """{provider: {indicator: countries}} of the series that can be renewed; `known`: the providers' indicators."""
    wanted = {provider: {} for provider in known}
    for provider, indicators in known.items():
        for name in [name for name in indicators if (provider, name) in held]:
            countries = held[provider, name].values.index.get_level_values("country")
            wanted[provider][name] = {*countries}
    for provider, name in held:
        if name not in known.get(provider, [name]):
            say(f"{name} by {provider}: its code is not known here, add newer figures by hand.")
    if not any(wanted.values()):
        raise BuildError(f"No series of {' or '.join(sorted(known))} {FIRST_BY_HAND}.")
    return wanted


# ---- From editions to rows


def _add(editions: list[Edition], held: dict, root: Path) -> int:
    """Check the editions, store them, and print what they change."""
    sources, series, told = [], [], []
    known = {row["source_id"] for row in csvfiles.records("sources", root)}
    used = {row["source_id"] for row in csvfiles.records("series", root)}
    for edition in editions:
        one, stamp = held[edition.provider, edition.indicator], edition.published
        was, has = one.source["published"], one.source["source_id"]
        if last_day(stamp) <= last_day(was) or was.startswith(stamp):
            say(f"Nothing new: {edition} is of {stamp}, data/ has {has} already.")
            continue
        both = _compared(edition, one)
        _refuse_implausible(edition, both)
        told += _told(edition, both)
        source = _source(edition, one.source, used)
        if source["source_id"] not in known:  # else a run was cut off between the two files
            sources.append(source)
        series += _rows(source["source_id"], both)
    if series:
        _store({"sources": sources, "series": series}, root)
        names = ", ".join(dict.fromkeys(row["source_id"] for row in series))
        told.append(f"Added {names}: {len(series)} rows of data/series.csv.")
        told.append("`make accept` builds the brief anew and says which verdicts change.")
    for line in told:
        say(line)
    return 0


def _compared(edition: Edition, one: Held) -> pd.DataFrame:
    """Index (country, year), columns old, new, status; NaN in old or new where that edition has no value."""
    first = one.values.reset_index().groupby("country")["year"].min()
    country, year = (edition.values.index.get_level_values(name) for name in ("country", "year"))
    # A year that was not over when it was published is a forecast, which is no evidence.
    kept = (year >= country.map(first)) & (year < int(edition.published[:4]))
    new = edition.values[kept].rename(columns={"value": "new"})
    return one.values.to_frame("old").join(new, how="outer").sort_index()


def _refuse_implausible(edition: Edition, both: pd.DataFrame) -> None:
    """A country that is missing, or mostly so, is no withdrawn year; nor is another unit a revision."""
    for country, own in both[both["old"].notna()].groupby("country"):
        gone = own.index.get_level_values("year")[own["new"].isna()]
        if 2 * len(gone) > len(own):
            line = f"{edition} has no value of {country} for {', '.join(map(str, gone))}"
            raise BuildError(f"Not complete, nothing was added: {line}.")
    ratio = both["new"] / both["old"]
    for (country, year), row in both[(ratio >= STEP) | (ratio <= 1 / STEP)].iterrows():
        raise BuildError(
            f"Not plausible, nothing was added: {edition}, {country} {year}: {row['new']:,.12g} – "
            f"expected a value near that of the edition before, {row['old']:,.12g}."
        )


def _told(edition: Edition, both: pd.DataFrame) -> list[str]:
    """Lines on years that are new, on those that have no value any more, and on what was revised most."""
    lines = []
    for column, words in (
        ("old", "{0} is new for {1}"),
        ("new", "{0} is without a value for {1}, and is left out"),
    ):
        for year, own in both[both[column].isna()].groupby("year"):
            countries = ", ".join(own.index.get_level_values("country"))
            lines.append(f"{edition}: {words.format(year, countries)}")
    moved = (100 * (both["new"] / both["old"] - 1)).loc[lambda percent: percent.abs() > 0]
    if len(moved):
        country, year = moved.abs().idxmax()
        most = f"most {country} {year}, by {moved[country, year]:+.2f} %"
        lines.append(f"{edition}: {len(moved)} values were revised, {most}")
    return lines


def _rows(source_id: str, both: pd.DataFrame) -> list[dict[str, str]]:
    """Rows of series.csv."""
    return [
        {
            "source_id": source_id,
            "country": country,
            "year": str(year),
            "value": np.format_float_positional(row["new"], trim="-"),
            "status": row["status"],
        }
        for (country, year), row in both[both["new"].notna()].iterrows()
    ]


def _source(edition: Edition, before: csvfiles.Row, used: set[str]) -> dict[str, str]:
    """The row of sources.csv: that of the edition before with what is different now."""
    cells, stamp = dict(before.cells), edition.published
    base = re.sub(r"(-\d+)+$", "", cells["source_id"])
    twice = f"{base}-{stamp[:7]}" in used  # in one month
    own = ("address", "repository", "file", "commit", "read_in")
    cells |= {name: "" for name in own if name in cells}
    cells |= {"source_id": f"{base}-{stamp if twice else stamp[:7]}", "published": stamp}
    cells |= {"seen": "file", "vintage": stamp[:7]}
    if edition.provider == "un":
        cells["vintage"] = f"rev. {stamp[:4]}"
        for name in [name for name in cells if name.startswith("publication")]:
            cells[name] = re.sub(r"\d{4}$", stamp[:4], cells[name])
    return cells | edition.place


# ---- From rows to files


def _store(rows: dict[str, list], root: Path) -> None:
    """Add {table: rows} if a copy of data/ with them passes all checks.

    sources.csv comes first: stopped in between, it has a source without values, which changes no verdict, and
    which the next run completes.
    """
    paths = {root / "data" / f"{name}.csv": own for name, own in rows.items()}
    files = {path: csvfiles.appended(path, own) for path, own in paths.items()}
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("data", "seeds"):  # what the notebooks found does not change
            shutil.copytree(root / name, copy / name)
        for path, (_, new) in files.items():
            (copy / "data" / path.name).write_bytes(new)
        for line in check.problems(copy):
            raise BuildError(f"Not plausible, nothing was added; with the new rows {line}")
    if any(path.read_bytes() != old for path, (old, _) in files.items()):
        raise BuildError("data/ was changed while this ran, nothing was added; run it again.")
    for path, (_, new) in files.items():
        store(path, new)
