"""Newer editions of the series, added beside the old ones. Only a person starts this, nothing else calls it.

`refresh` asks the World Bank, over the network and through the optional package wbgapi; `import_files` reads
files of the IMF and the UN that were downloaded by hand. An edition is taken whole or not at all: it must
have every country and year of the one before it, and pass all that `checks` asks on a copy of data/, before
its rows are added to sources.csv and series.csv. What stands there is never changed or removed.
"""

import csv
import gzip
import hashlib
import math
import os
import queue
import re
import shutil
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from factcheck import ROOT, checks, tables, verdict
from factcheck.evidence import Evidence, day, last_day
from factcheck.stored import BuildError, say

REQUEST, TOTAL = (
    20,
    90,
)  # seconds: for a sign of life from one request, and for all of them together
BUSY, PAUSES = (
    (429, 503),
    (3, 10),
)  # seconds until a busy server is asked again, if it names no time itself
FIRST_YEAR = 1990  # of a country that no earlier edition had
SHOWN = 15
WORLD_BANK = {
    "SP.POP.TOTL": "population",
    "NY.GDP.MKTP.CD": "gdp-nominal",
    "NY.GDP.MKTP.PP.CD": "gdp-ppp",
}
STATUS = {"": "actual", "E": "estimate", "F": "projection"}  # the World Bank's obs_status
IMF = {"LP": "population", "NGDPD": "gdp-nominal", "PPPGDP": "gdp-ppp"}
SCALE = {
    "Units": 1,
    "Thousands": 10**3,
    "Millions": 10**6,
    "Billions": 10**9,
}  # as the IMF writes it
# Columns by which a file is recognised: the IMF's until 2025 and since, the UN's.
IMF_OLD = ("Scale", "Estimates Start After", "ISO", "WEO Subject Code")
IMF_NEW = ("SCALE", "LATEST_ACTUAL_ANNUAL_DATA", "SERIES_CODE")
UN = ("ISO3_code", "Variant", "Time", "PopTotal")


class RefreshError(BuildError):
    """Why nothing was added, in one line."""


@dataclass
class Edition:
    """One provider's series as published on one day."""

    provider: str
    indicator: str
    published: str  # 2026-04 or 2026-04-15
    read_in: str
    values: dict  # {(country, year): (value in the unit of sources.csv, status)}

    def __str__(self):
        return f"{self.indicator} by {self.provider}"


def refresh(root=ROOT):
    """Add the World Bank's figures as they are now, as a new edition. Returns 0; raises RefreshError.

    Published is the day that the World Bank itself names as its last update. Prints what moved.
    """
    try:
        import wbgapi
    except ModuleNotFoundError:
        raise RefreshError(
            "wbgapi is not installed; only this command needs it. Install it with: "
            f"{sys.executable} -m pip install wbgapi"
        ) from None
    frames = _frames(root)
    wanted = {
        code: _wanted(frames, "world-bank", indicator) for code, indicator in WORLD_BANK.items()
    }
    return _add(_within(TOTAL, lambda: _world_bank(wbgapi, wanted)), frames, root)


def import_files(paths, published, root=ROOT):
    """Add editions of the IMF and the UN from downloaded files. Returns 0; raises RefreshError, OSError.

    `published`: when they appeared, 2026-04 or 2026-04-14. Read are the World Economic Outlook (the former
    tab-separated file "by countries", or the CSV of data.imf.org) and the UN's WPP…_TotalPopulationBySex.csv,
    also gzipped. Prints what moved.
    """
    try:
        day(published if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", published or "") else "")
    except ValueError:
        raise RefreshError(
            "Say when the files were published, by month or day: --published 2026-04 or "
            f"--published 2026-04-14{f', not {published}' if published else ''}."
        ) from None
    frames = _frames(root)
    return _add([e for path in paths for e in _file(Path(path), published, frames)], frames, root)


# ---- The World Bank


def _within(seconds, work):
    """What `work()` returns. The time limit of requests starts anew with each byte; this one does not."""
    done = queue.SimpleQueue()

    def run():
        try:
            done.put((work(), None))
        except BaseException as error:
            done.put((None, error))

    threading.Thread(target=run, daemon=True).start()
    try:
        result, error = done.get(timeout=seconds)
    except queue.Empty:
        raise RefreshError(
            f"The World Bank did not finish within {seconds} s; try again later."
        ) from None
    if error:
        raise error
    return result


def _world_bank(wb, wanted):
    """Editions of the series in `wanted`, {code: {country: first year}}."""
    import requests

    heard, editions, updated, until = [], [], set(), time.monotonic() + TOTAL
    # What wbgapi does not pass on: the time that a busy server asks for, and the day of the last update.
    wb.get_options = {
        "timeout": REQUEST,
        "hooks": {"response": lambda answer, **_: heard.append(answer)},
    }
    try:
        for code, countries in wanted.items():
            url = f"country/{';'.join(sorted(countries))}/indicator/{code}"
            rows = _rows(wb, url, heard, until)
            pages = [answer.json()[0] for answer in heard if answer.status_code == 200]
            if len(rows) != int(pages[0]["total"]):
                raise RefreshError(
                    f"The World Bank announced {pages[0]['total']} values of {code} and sent "
                    f"{len(rows)}; try again later."
                )
            updated |= {date.fromisoformat(page["lastupdated"]).isoformat() for page in pages}
            address = f"{wb.endpoint}/{wb.lang}/{url}".split("://")[-1]
            values = _values(rows, code, countries)
            editions.append(Edition("world-bank", WORLD_BANK[code], "", address, values))
    except requests.Timeout:
        raise RefreshError(
            f"The World Bank did not answer within {REQUEST} s; try again later."
        ) from None
    except requests.RequestException as error:
        raise RefreshError(
            "The World Bank’s answer broke off; try again later."
            if heard
            else f"{wb.endpoint} cannot be reached ({type(error).__name__}). Is this machine "
            "online? Nothing else in the project needs it to be."
        ) from None
    except wb.APIResponseError:
        raise RefreshError(
            "The World Bank’s address answered with something other than data "
            f"({heard[-1].headers.get('Content-Type', 'of no type')}), perhaps with a page to "
            "log in to this network; open any page in a browser, then try again."
        ) from None
    except wb.APIError as error:
        code = f" {error.code}" if error.code else ""
        raise RefreshError(f"The World Bank refused:{code} {error.msg}") from None
    except (KeyError, TypeError, IndexError, ValueError, AttributeError) as error:
        raise RefreshError(
            "The World Bank’s answer has not the form that its documentation describes "
            f"({type(error).__name__}: {error})."
        ) from None
    if len(updated) != 1:
        raise RefreshError(
            "The World Bank changed its data while it was asked "
            f"({' and '.join(sorted(updated))}); try again in some minutes."
        )
    for edition in editions:
        edition.published = min(updated)
    return editions


def _rows(wb, url, heard, until):
    """All rows of all pages; a busy server is asked again, as long as there is time."""
    for pause in (*PAUSES, None):
        heard.clear()
        try:
            return list(wb.fetch(url, {"source": 2}))
        except wb.APIError as error:
            if error.code not in BUSY:
                raise
            asked = heard[-1].headers.get("Retry-After", "")
            wait = int(asked) if asked.isdecimal() else pause
            if pause is None or time.monotonic() + wait > until:
                when = f"{wait} seconds" if wait and wait > TOTAL else "some minutes"
                raise RefreshError(
                    f"The World Bank is busy ({error.code}); try again in {when}."
                ) from None
            time.sleep(wait)


def _values(rows, code, countries):
    """{(country, year): (value, status)} of the API's rows; years without a value are left out."""
    values, seen = {}, set()
    for row in rows:
        country, year, value = row["countryiso3code"], int(row["date"]), row["value"]
        if row["indicator"]["id"] != code or country not in countries or (country, year) in seen:
            raise RefreshError(
                f"Asked for {code} of {', '.join(sorted(countries))}, each year once, the "
                f"World Bank sent {row['indicator']['id']} of {country} in {year}."
            )
        seen.add((country, year))
        status = STATUS.get(row.get("obs_status") or "")
        if value is None:
            continue
        if type(value) not in (int, float) or not math.isfinite(value) or value <= 0 or not status:
            raise RefreshError(
                f"For {code} of {country} in {year} the World Bank sent {value!r}, status "
                f"“{row.get('obs_status')}”; expected a number, and one of {list(STATUS)}."
            )
        values[country, year] = round(value), status
    return values


# ---- Files of the IMF and the UN


def _file(path, published, frames):
    """Editions that a file contains; it is known by its columns."""
    raw = path.read_bytes()
    opened = gzip.open if raw[:2] == b"\x1f\x8b" else open
    if raw[:4] in (b"PK\3\4", b"\xd0\xcf\x11\xe0"):
        raise RefreshError(
            f"{path.name} is an Excel workbook: open it, save the sheet Countries as CSV "
            "UTF-8 with commas, and import that."
        )
    # Only codes and numbers are read, so that a letter in Latin-1 among the names may be lost.
    encoding = (
        "utf-16" if raw[:2] == b"\xff\xfe" else "utf-16-le" if raw[1:2] == b"\0" else "utf-8-sig"
    )
    source = f"{path.name}, SHA-256 {hashlib.sha256(raw).hexdigest()}"
    known = {IMF_OLD: _imf, IMF_NEW: _imf, UN: _un}
    with opened(path, "rt", encoding=encoding, errors="replace", newline="") as file:
        first = file.readline()
        delimiter = "\t" if "\t" in first else ","
        columns = [cell.strip() for cell in next(csv.reader([first], delimiter=delimiter), [])]
        read = next((known[names] for names in known if {*names} <= {*columns}), None)
        if not read:
            raise RefreshError(
                f"{path.name} has the columns {', '.join(columns)[:200]} …; expected "
                f"{', or '.join(', '.join(names) for names in known)}, among others."
            )
        rows = csv.DictReader(file, columns, restval="", delimiter=delimiter)
        try:
            return read(rows, published, source, frames)
        except (ValueError, csv.Error, EOFError) as error:
            raise RefreshError(f"{path.name}, line {rows.line_num + 1}: {error}") from None


def _number(text):
    """1,234.567 as Decimal; None where there is no figure. A decimal comma is refused, not guessed."""
    if text.strip() in ("", "n/a", "--"):
        return None
    if not re.fullmatch(r"(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", text.strip()):
        raise ValueError(f"“{text}” – expected a number such as 1,234.5")
    return Decimal(text.strip().replace(",", ""))


def _imf(rows, published, source, frames):
    years = [column for column in rows.fieldnames if re.fullmatch(r"\d{4}", column)]
    editions = {
        code: Edition("imf", indicator, published, source, {}) for code, indicator in IMF.items()
    }
    wanted = {code: _wanted(frames, "imf", indicator) for code, indicator in IMF.items()}
    for row in rows:
        named = re.search(r"World Economic Outlook Database, (\w+ \d{4})", row[rows.fieldnames[0]])
        said = (
            f"{datetime.strptime(named[1], '%B %Y'):%Y-%m}"
            if named
            else row.get("PUBLICATION_DATE", "")[:7]
        )
        if said and said != published[:7]:
            raise ValueError(f"the file says that it was published in {said}, not {published}")
        code = row.get("SERIES_CODE") or f"{row.get('ISO')}.{row.get('WEO Subject Code')}.A"
        country, subject, frequency = (code.split(".") + ["", ""])[:3]
        if country not in wanted.get(subject, ()) or frequency != "A":
            continue
        scale, last = (row.get(old) or row.get(new) or "" for old, new in zip(IMF_OLD, IMF_NEW[:2]))
        if scale not in SCALE or not re.fullmatch(r"(FY)?\d{4}(/\d+)?|0?", last):
            raise ValueError(
                f"{code} has the scale “{scale}” and the last actual year “{last}”; expected "
                f"one of {', '.join(SCALE)}, and a year"
            )
        actual = int(
            (re.search(r"\d{4}", last) or "0")[0]
        )  # without one all is an estimate, says the IMF
        for year in years:
            value, key = _number(row[year]), (country, int(year))
            if key in editions[subject].values:
                raise ValueError(f"{code} stands twice")
            if value is not None:
                status = "actual" if int(year) <= actual else "estimate"
                editions[subject].values[key] = round(value * SCALE[scale]), status
    return list(editions.values())


def _un(rows, published, source, frames):
    wanted, values, high, past = _wanted(frames, "un", "population"), {}, [], []
    for row in rows:
        key, variant = (row["ISO3_code"], int(row["Time"])), row["Variant"]
        {"High": high, "Estimates": past}.get(variant, []).append(key[1])
        if key[0] in wanted and variant in ("Estimates", "Medium"):
            if key in values:
                raise ValueError(f"{' '.join(map(str, key))} stands twice")
            values[key] = round(1000 * (_number(row["PopTotal"]) or 0))
    # The past is called Medium, too, in files without Estimates; the other variants begin with the future.
    if not high and not past:
        raise ValueError(
            "it has the variant Medium alone, which does not say where the projections begin; "
            "take the file with all variants, WPP…_TotalPopulationBySex.csv"
        )
    future = max(past) + 1 if past else min(high)
    values = {
        key: (value, "actual" if key[1] < future else "projection") for key, value in values.items()
    }
    return [Edition("un", "population", published, source, values)]


# ---- From editions to rows


def _frames(root):
    try:
        return tables.load_all(root)
    except tables.DataError as error:
        raise RefreshError(f"First put data/ in order: {error.problems[0]}") from None


def _sources(frames, provider, indicator):
    """Rows of sources.csv that have values in series.csv, the oldest edition first."""
    rows = frames["sources"].query("provider == @provider and indicator == @indicator")
    rows = rows[rows.source_id.isin(frames["series"].source_id)]
    return sorted(rows.to_dict("records"), key=lambda row: last_day(row["published"]))


def _wanted(frames, provider, indicator):
    """{country: first year} that the report uses: as in earlier editions, and what data/ has named since."""
    named = frames["readings"].query("indicator == @indicator").countries
    wanted = {country: FIRST_YEAR for cell in named for country in cell.split("|")}
    if provider == "world-bank":  # by whose figures sums of money are divided
        for row in frames["interviews"].itertuples():
            wanted = {c: int(row.judged_year) for c in row.region.split("|") if c} | wanted
    ids = [row["source_id"] for row in _sources(frames, provider, indicator)]  # noqa: F841 (named in the query below)
    earlier = frames["series"].query("source_id in @ids").groupby("country").year.min()
    return wanted | {country: int(year) for country, year in earlier.items()}


def _add(editions, frames, root):
    """Check the editions, store them, and print what they change."""
    sources, series, fresh, moved = [], [], [], []
    view = Evidence(frames, frames["interviews"].interview_id.iloc[0])
    for edition in editions:
        earlier, stamp = _sources(frames, edition.provider, edition.indicator), edition.published
        if not earlier:
            raise RefreshError(
                f"data/sources.csv has no edition of {edition} yet; add a first one by hand."
            )
        known = earlier[-1]
        if last_day(stamp) <= last_day(known["published"]) or known["published"].startswith(stamp):
            say(f"Nothing new: {edition} is of {stamp}, data/ has {known['source_id']} already.")
            continue
        wanted = _wanted(frames, edition.provider, edition.indicator)
        # A year that was not over when it was published is a forecast, which is no evidence.
        values = {
            (country, year): value
            for (country, year), value in edition.values.items()
            if wanted.get(country, year + 1) <= year < int(stamp[:4])
        }
        before = {
            (country, int(year)): value
            for country in wanted
            for year, value in view.series(
                edition.indicator, country, edition.provider, newest=True
            ).value.items()
        }
        _complete(edition, wanted, values, before)
        for year in sorted({year for _, year in values.keys() - before.keys()}):
            new = sorted(country for country, y in values.keys() - before.keys() if y == year)
            fresh.append(f"{edition}: {year} is new for {', '.join(new)}")
        moved += [
            (edition, *key, before[key], value)
            for key, (value, _) in values.items()
            if key in before and value != before[key]
        ]
        base, revision = re.sub(r"(-\d+)+$", "", known["source_id"]), edition.provider == "un"
        again = f"{base}-{stamp[:7]}" in {row["source_id"] for row in earlier}  # twice in one month
        source_id = f"{base}-{stamp if again else stamp[:7]}"
        if source_id not in set(
            frames["sources"].source_id
        ):  # else a run was cut off between the two files
            title = known["publication"]
            sources.append(
                known
                | {
                    "source_id": source_id,
                    "published": stamp,
                    "seen": "file",
                    "read_in": edition.read_in,
                    "address": "",  # those of the earlier edition would lead to its file
                    "repository": "",
                    "file": "",
                    "commit": "",
                    "vintage": f"{stamp[:4]} revision" if revision else f"{day(stamp):%B %Y}",
                    "publication": re.sub(r"\d{4}$", stamp[:4], title) if revision else title,
                    "publication_ru": re.sub(r"\d{4}$", stamp[:4], known["publication_ru"])
                    if revision
                    else known["publication_ru"],
                }
            )
        series += [
            dict(source_id=source_id, country=country, year=year, value=value, status=status)
            for (country, year), (value, status) in sorted(values.items())
        ]
    if series:
        changed = _store({"sources": sources, "series": series}, frames, root)
        _tell(fresh, moved, changed)
        names = ", ".join(dict.fromkeys(row["source_id"] for row in series))
        say(
            f"Added {names}: {len(series)} rows of data/series.csv. `make accept` builds the brief anew."
        )
    return 0


def _complete(edition, wanted, values, before):
    """RefreshError if a country or year is missing, or a value is not near that of the edition before."""
    for country in sorted(wanted):
        years = {year for c, year in values if c == country}
        needed = {year for c, year in before if c == country}
        needed |= {*range(min(years, default=0), max(years, default=0))}
        if not years or needed - years:
            missing = ", ".join(map(str, sorted(needed - years)[:5])) or "any year"
            raise RefreshError(
                f"Not complete, nothing was added: {edition} has no value of {country} for "
                f"{missing}."
            )
    for (country, year), (value, _) in values.items():
        old = before.get((country, year), value)
        if not 1 / checks.STEP < value / old < checks.STEP:
            raise RefreshError(
                f"Not plausible, nothing was added: {edition}, {country} {year}: {value:,} – "
                f"expected a value near that of the edition before, {old:,.0f}."
            )


def _tell(fresh, moved, changed):
    lines = []
    for edition, country, year, old, new in sorted(
        moved, key=lambda row: -abs(row[-1] / row[-2] - 1)
    ):
        size, name = (10**6, "million") if edition.indicator == "population" else (10**9, "billion")
        lines.append(
            f"{edition}, {country} {year}: {old / size:,.3f} → {new / size:,.3f} {name} "
            f"({100 * (new / old - 1):+.2f} %)"
        )
    more = [f"and {len(lines) - SHOWN} more that moved less"] if len(lines) > SHOWN else []
    for line in [*fresh, *lines[:SHOWN], *more, *(changed or ["No verdict changes."])]:
        say(line)


# ---- From rows to files


def _store(rows, frames, root):
    """Add {table: rows} if a copy of data/ with them passes all checks. Returns a line a changed verdict."""
    try:
        files = {
            path: tables.appended(path, rows[path.stem])
            for path in (root / "data" / f"{name}.csv" for name in rows)
        }
    except ValueError as error:
        raise RefreshError(str(error)) from None
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("data", "seeds"):
            shutil.copytree(root / name, copy / name)
        for path, (_, new) in files.items():
            (copy / "data" / path.name).write_bytes(new)
        for line in checks.problems(copy):
            place = re.match(r"data/series.csv, row (\d+)", line)
            row = tables.load("series", copy).loc[int(place[1])] if place else None
            if row is None or row.source_id not in {new["source_id"] for new in rows["series"]}:
                if line in checks.problems(root):
                    raise RefreshError(f"First put data/ in order: {line}")
            where = "" if row is None else f" ({row.source_id}, {row.country} {row.year})"
            raise RefreshError(f"Not plausible, nothing was added: {line}{where}")
        after = verdict.results(tables.load_all(copy))
    changed = []
    for old, new in zip(verdict.results(frames), after):
        for word, a, b in (
            ("is now", old.verdict, new.verdict),
            ("by the newest figures would be", old.newest_verdict, new.newest_verdict),
        ):
            changed += [f"The claim {old.claim.claim_id} {word} {b}, so far {a}."] if a != b else []
    if any(path.read_bytes() != old for path, (old, _) in files.items()):
        raise RefreshError("data/ was changed while this ran, nothing was added; run it again.")
    _replace(files)
    return changed


def _replace(files):
    """Move {path: (old bytes, new bytes)} into place; where one cannot be, put back those that were.

    sources.csv comes first: killed in between, it has a source without values, which changes no verdict,
    which the checks report, and which the next run completes.
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
