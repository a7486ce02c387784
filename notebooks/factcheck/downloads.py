"""Editions in files of the IMF and the UN, as they were downloaded or as a spreadsheet saved them again.

Read are the World Economic Outlook (the tab-separated file "by countries" that was published until 2025,
and the CSV of data.imf.org since) and the UN's WPP…_TotalPopulationBySex.csv, also gzipped. Only codes
and numbers are read, so that letters that a spreadsheet lost in a name do no harm. What can mean two
things, or nothing, is refused in one line with file, row, column, value and what was expected.
"""

import csv
import gzip
import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

from factcheck import csvcells
from factcheck.editions import Edition, RefreshError
from factcheck.stored import say

# Subjects of the IMF by indicator; of two the first is divided by the second.
IMF = {
    "population": ("LP",),
    "gdp-nominal": ("NGDPD",),
    "gdp-ppp": ("PPPGDP",),
    "tenge-per-dollar": ("NGDP", "NGDPD"),
    "yuan-per-dollar-implied": ("NGDP", "NGDPD"),
}
SCALE = {"Units": 1, "Thousands": 10**3, "Millions": 10**6, "Billions": 10**9}
# Columns by which a file is recognised: the IMF's until 2025 and since, the UN's.
IMF_OLD = ("Scale", "Estimates Start After", "ISO", "WEO Subject Code")
IMF_NEW = ("SCALE", "LATEST_ACTUAL_ANNUAL_DATA", "SERIES_CODE")
UN = ("ISO3_code", "Variant", "Time", "PopTotal")
# Days as the IMF and spreadsheets write them.
DAYS = "%Y-%m-%d %Y/%m/%d %d.%m.%Y %d.%m.%y %d-%m-%Y %d-%b-%y %d-%b-%Y".split()
DAYS += "%m/%d/%Y %d/%m/%Y %m/%d/%y %d/%m/%y".split()
YEAR = re.compile(r"(?:FY)?(\d{4})(?:\.0+)?(?:/\d+)?")  # 2025.0 where it was taken for a number
Wanted = dict[tuple[str, str], set[str]]


class Line(dict):
    """The cells of one row by column; `number` is that of a spreadsheet, where the header is row 1."""

    def __init__(self, file: str, number: int, columns: list[str], cells: list[str]):
        super().__init__(zip(columns, [*cells, *[""] * len(columns)]))
        self.file, self.number, self.width, self.columns = file, number, len(cells), columns

    def refuse(self, column: str, expected: str) -> NoReturn:
        value = csvcells.shown(self[column])
        raise RefreshError(
            f"{self.file}, row {self.number}, column {column}: {value} – expected {expected}"
        )

    def refuse_if_cut(self) -> None:
        if self.width < len(self.columns):
            expected = f"expected {len(self.columns)} cells, as in the header, found {self.width}"
            raise RefreshError(
                f"{self.file}, row {self.number}: {expected}; was all of it downloaded?"
            )


def read(path: Path, published: str, wanted: Wanted) -> list[Edition]:
    """The editions that a file holds of the series in `wanted`, {(provider, indicator): countries}.

    `published`: 2026-04 or 2026-04-14. Raises RefreshError, and OSError where it cannot be opened.
    """
    raw = path.read_bytes()
    if raw[:4] in (b"PK\3\4", b"\xd0\xcf\x11\xe0"):
        raise RefreshError(
            f"{path.name} is an Excel workbook: open it, save the sheet Countries as CSV UTF-8 with "
            "commas, and import that."
        )
    place = {"read_in": f"{path.name}, SHA-256 {hashlib.sha256(raw).hexdigest()}"}
    opened = gzip.open if raw[:2] == b"\x1f\x8b" else open
    encoding = (
        "utf-16" if raw[:2] == b"\xff\xfe" else "utf-16-le" if raw[1:2] == b"\0" else "utf-8-sig"
    )
    try:
        with opened(path, "rt", encoding=encoding, errors="replace", newline="") as file:
            columns, lines = _lines(path.name, file)
            provider, find = _known(path.name, columns)
            own = {name: who for (one, name), who in wanted.items() if one == provider}
            found = find(lines, columns, published, own)
    except (csv.Error, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise RefreshError(f"{path.name}: {error}; download it again") from None
    return [Edition(provider, name, published, place, values) for name, values in found.items()]


def _lines(name, file) -> tuple[list[str], Iterator[Line]]:
    first = file.readline()
    if re.match(r'"?sep=.', first):  # a spreadsheet's own first line
        first = file.readline()
    delimiter = max("\t,;", key=first.count)
    columns = [cell.strip() for cell in next(csv.reader([first], delimiter=delimiter), [])]
    rows = csv.reader(file, delimiter=delimiter)
    return columns, (Line(name, n, columns, cells) for n, cells in enumerate(rows, 2) if cells)


def _known(name, columns):
    """(provider, what reads its file), known by the columns."""
    known = {IMF_OLD: ("imf", _imf), IMF_NEW: ("imf", _imf), UN: ("un", _un)}
    for names, found in known.items():
        if {*names} <= {*columns}:
            return found
    expected = ", or ".join(", ".join(names) for names in known)
    shown = csvcells.shown(", ".join(columns))
    raise RefreshError(f"{name}, row 1: {shown} – expected the columns {expected}, among others")


# ---- cells


def _number(line: Line, column: str, mark: str) -> Decimal | None:
    """1,234.567 (or 1 234,567: `mark` is the decimal mark); None where there is no figure."""
    text = line[column].strip()
    if text in ("", "n/a", "--"):
        return None
    if not _fits(text, mark):
        line.refuse(
            column, "a number such as 1,234.5" if mark == "." else "a number such as 1234,5"
        )
    return Decimal(re.sub(r"[^\d.]", "", text if mark == "." else text.translate(SWAP)))


SWAP = str.maketrans(".,", ",.")


def _fits(text, mark):
    text = text.translate(SWAP) if mark == "," else text
    return re.fullmatch(r"(\d+|\d{1,3}([,\s]\d{3})+)(\.\d+)?", text)


def _mark(lines: Iterable[Line], columns: list[str]) -> str:
    """The decimal mark of a file: the one with which all its numbers can be read, else the point."""
    cells = {
        cell
        for line in lines
        for column in columns
        if re.search(r"\d", cell := line[column].strip())
    }
    return (
        "," if not all(_fits(c, ".") for c in cells) and all(_fits(c, ",") for c in cells) else "."
    )


def _year(line, column):
    match = YEAR.fullmatch(line[column].strip())
    return int(match[1]) if match else line.refuse(column, "a year, such as 2025")


# ---- the IMF


def _imf(lines, columns, published, wanted):
    """{indicator: values} of a World Economic Outlook, whose rows are series and whose columns years."""
    years = {column: int(match[1]) for column in columns if (match := YEAR.fullmatch(column))}
    needed = {(c, s) for name in wanted for s in IMF.get(name, ()) for c in wanted[name]}
    rows: dict[tuple[str, str], Line] = {}
    for line in lines:
        _refuse_other_edition(line, columns[0], published)
        code = line.get("SERIES_CODE") or f"{line.get('ISO')}.{line.get('WEO Subject Code')}.A"
        key = tuple(code.split(".")[:2])
        if key not in needed or code.split(".")[2:] != ["A"]:
            continue
        line.refuse_if_cut()
        if key in rows:
            column = "SERIES_CODE" if "SERIES_CODE" in line else "WEO Subject Code"
            line.refuse(column, f"{code} once, row {rows[key].number} has it already")
        rows[key] = line
    mark = _mark(rows.values(), list(years))
    series = {key: _series(line, years, mark) for key, line in rows.items()}
    subjects, found = {subject for _, subject in rows}, {}
    for name in [name for name in IMF if name in wanted]:
        if len(IMF[name]) > 1 and not {*IMF[name]} <= subjects:
            say(f"{name} by imf: the file has not {' and '.join(IMF[name])}, nothing is added.")
            continue
        parts = ((c, [series.get((c, s), {}) for s in IMF[name]]) for c in sorted(wanted[name]))
        found[name] = {(c, year): value for c, own in parts for year, value in _divided(*own)}
    return found


def _series(line, years, mark):
    """{year: (value in units, status)} of a row; what is later than the last actual year is an estimate."""
    scale, last = IMF_NEW[:2] if "SERIES_CODE" in line else IMF_OLD[:2]
    if line[scale].strip() not in SCALE:
        line.refuse(scale, f"one of {', '.join(SCALE)}")
    # Without a last actual year all is an estimate, says the IMF.
    actual = 0 if line[last].strip() in ("", "0", "0.0") else _year(line, last)
    found = {}
    for column, year in years.items():
        if (value := _number(line, column, mark)) is not None:
            status = "actual" if year <= actual else "estimate"
            found[year] = value * SCALE[line[scale].strip()], status
    return found


def _divided(over, under=None):
    """(year, (value, status)) of a series, or of two divided by one another, to four decimals."""
    for year, (value, status) in over.items():
        if under is None:
            yield year, (round(value), status)
        elif under.get(year, (0,))[0]:
            firm = {status, under[year][1]} == {"actual"}
            rate = round(float(value / under[year][0]), 4)
            yield year, (rate, "actual" if firm else "estimate")


def _refuse_other_edition(line, first, published):
    """A file that says itself that it was published in another month than was said."""
    text = line.get("PUBLICATION_DATE", "").strip()
    column, expected = "PUBLICATION_DATE", f"a day of {published[:7]}, as you say with --published"
    if named := re.search(r"World Economic Outlook Database, (\w+ \d{4})", line[first]):
        column, found = first, [_day(named[1], "%B %Y")]
    elif text:
        text = re.sub(r"[T ]\d{1,2}:\d{2}.*", "", text)
        found = [_day(text, form) for form in DAYS]
    else:
        return
    months = sorted({f"{day:%Y-%m}" for day in found if day})
    if not months:
        line.refuse(
            column, "a date such as 2026-04-14; save the file with dates shown in that form"
        )
    if published[:7] not in months:
        line.refuse(column, f"{expected}; the file says {' or '.join(months)}")


def _day(text, form):
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


# ---- the UN


def _un(lines, columns, published, wanted):
    """{indicator: values} of World Population Prospects, whose rows are years, in thousands."""
    countries, rows, high, past = wanted.get("population", ()), {}, set(), set()
    for line in lines:
        variant, country = line["Variant"], line["ISO3_code"]
        if country not in countries or variant not in ("High", "Estimates", "Medium"):
            continue
        year = _year(line, "Time")
        {"High": high, "Estimates": past}.get(variant, set()).add(year)
        if variant != "High":
            if (country, year) in rows:
                line.refuse(
                    "Time", f"{country} {year} once, row {rows[country, year].number} has it"
                )
            line.refuse_if_cut()
            rows[country, year] = line
    # The past is called Medium, too, in files without Estimates; the other variants begin with the future.
    if rows and not high and not past:
        line.refuse(
            "Variant",
            "also Estimates or High, for Medium alone does not say where the projections begin; take "
            "the file with all variants, WPP…_TotalPopulationBySex.csv",
        )
    future = max(past) + 1 if past else min(high, default=0)
    mark, values = _mark(rows.values(), ["PopTotal"]), {}
    for key, line in rows.items():
        if (value := _number(line, "PopTotal", mark)) is not None:
            values[key] = round(1000 * value), "actual" if key[1] < future else "projection"
    return {"population": values} if "population" in wanted else {}
