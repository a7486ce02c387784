"""Editions in files of the IMF and the UN, as they were downloaded or as a spreadsheet saved them again.

Read are the World Economic Outlook by countries, in the form it has had since October 2025, and the UN's
WPP…_TotalPopulationBySex.csv, also gzipped. Only codes and numbers are read, so that letters that a spreadsheet lost
in a name do no harm. What can mean two things, or nothing, is refused in one line with file, row, column, value and
what was expected.
"""

import gzip
import hashlib
import io
import re
import warnings
import zlib
from pathlib import Path
from typing import NoReturn

import pandas as pd

from factcheck.csvcells import shown
from factcheck.stored import BuildError, say

# Subjects of the IMF by indicator; of two the first is divided by the second.
IMF = {
    "population": ["LP"],
    "gdp-nominal": ["NGDPD"],
    "gdp-ppp": ["PPPGDP"],
    "tenge-per-dollar": ["NGDP", "NGDPD"],
    "yuan-per-dollar-implied": ["NGDP", "NGDPD"],
}
SCALE = {"Units": 1, "Thousands": 10**3, "Millions": 10**6, "Billions": 10**9}
UNREADABLE = (pd.errors.EmptyDataError, pd.errors.ParserError, pd.errors.ParserWarning)
# Columns by which a file is recognised.
OF_IMF = ("SERIES_CODE", "SCALE", "PUBLICATION_DATE", "LATEST_ACTUAL_ANNUAL_DATA")
OF_UN = ("ISO3_code", "Variant", "Time", "PopTotal")
YEAR = re.compile(r"(?:FY)?(\d{4})(?:\.0+)?(?:/\d+)?")  # 2025.0 where it was taken for a number


def read(path: Path, published: str, wanted: dict) -> tuple[str, str, dict[str, pd.DataFrame]]:
    """(provider, where it was read, {indicator: values}) of a file.

    `wanted`: {provider: {indicator: countries}}, `published`: 2026-04 or 2026-04-14. Values: index (country, year),
    columns value, in the unit of sources.csv, and status. Raises BuildError, and OSError where it cannot be opened.
    """
    raw = path.read_bytes()
    if raw[:4] in (b"PK\3\4", b"\xd0\xcf\x11\xe0"):
        raise BuildError(
            f"{path.name} is an Excel workbook: open it, save the sheet Countries as CSV UTF-8 with "
            "commas, and import that."
        )
    table = _table(path.name, raw)
    place = f"{path.name}, SHA-256 {hashlib.sha256(raw).hexdigest()}"
    if {*OF_IMF} <= {*table}:
        return "imf", place, _imf(table, published, wanted["imf"])
    if {*OF_UN} <= {*table}:
        countries = wanted["un"].get("population")
        return "un", place, {"population": _un(table, countries)} if countries else {}
    expected = f"the columns {', '.join(OF_IMF)}, or {', '.join(OF_UN)}, among others"
    raise BuildError(f"{path.name}, row 1: {shown(', '.join(table))} – expected {expected}")


def _table(name: str, raw: bytes) -> pd.DataFrame:
    """The cells of a file as texts; the index is the row of a spreadsheet, where the header is row 1."""
    try:
        content = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        text = content.decode("utf-16" if content[:2] == b"\xff\xfe" else "utf-8-sig", "replace")
        text = re.sub(r'\A"?sep=.*\n', "", text)  # a spreadsheet's own first line
        if not text.endswith("\n"):
            raise BuildError(f"{name}: the last row breaks off; was all of it downloaded?")
        mark = max("\t,;", key=text.partition("\n")[0].count)
        how = {"dtype": str, "keep_default_na": False, "skip_blank_lines": False}
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # rows longer than the header
            table = pd.read_csv(io.StringIO(text), sep=mark, index_col=False, **how)
    except (EOFError, gzip.BadGzipFile, zlib.error, *UNREADABLE) as error:
        raise BuildError(f"{name}: {' '.join(str(error).split())}; download it again") from None
    table.columns, table.index = table.columns.str.strip(), table.index + 2
    table.attrs["name"] = name
    return table


def _refuse(table: pd.DataFrame, row: int, column: str, expected: str) -> NoReturn:
    place = f"{table.attrs['name']}, row {row}, column {column}"
    raise BuildError(f"{place}: {shown(table.at[row, column])} – expected {expected}")


def _numbers(table: pd.DataFrame, rows: pd.Index, columns: list[str]) -> pd.DataFrame:
    """The numbers in some cells, NaN where there is no figure; the decimal mark is one in all the file."""
    cells = table.loc[rows, columns].apply(lambda column: column.str.strip())
    cells = cells.mask(cells.isin(["", "n/a", "--"]))
    point, comma = r"(\d+|\d{1,3}([,\s]\d{3})+)(\.\d+)?", r"(\d+|\d{1,3}([.\s]\d{3})+)(,\d+)?"
    fits = {
        form: cells.apply(lambda c: c.str.fullmatch(form) | c.isna()) for form in (point, comma)
    }
    decimal = "," if fits[comma].all(axis=None) and not fits[point].all(axis=None) else "."
    fit = fits[comma if decimal == "," else point].stack()
    if not fit.all():
        row, column = fit.idxmin()
        _refuse(table, row, column, f"a number such as 1234{decimal}5")
    plain = cells.apply(lambda column: column.str.replace(rf"[^\d{decimal}]", "", regex=True))
    return plain.apply(lambda column: column.str.replace(",", ".")).astype(float)


def _year(table: pd.DataFrame, row: int, column: str) -> int:
    match = YEAR.fullmatch(table.at[row, column].strip())
    return int(match[1]) if match else _refuse(table, row, column, "a year, such as 2025")


def _imf(
    table: pd.DataFrame, published: str, wanted: dict[str, set[str]]
) -> dict[str, pd.DataFrame]:
    """{indicator: values} of a World Economic Outlook, whose rows are series and whose columns years."""
    years = {column: int(match[1]) for column in table if (match := YEAR.fullmatch(column))}
    needed = {
        f"{country}.{subject}.A": (country, subject)
        for name, countries in wanted.items()
        for country in countries
        for subject in IMF[name]
    }
    rows = table.index[table["SERIES_CODE"].isin(needed)]
    numbers, found, seen = _numbers(table, rows, list(years)), [], {}
    for row in rows:
        code, scale = table.at[row, "SERIES_CODE"], table.at[row, "SCALE"].strip()
        if code in seen:
            _refuse(table, row, "SERIES_CODE", f"{code} once, row {seen[code]} has it already")
        if scale not in SCALE:
            _refuse(table, row, "SCALE", f"one of {', '.join(SCALE)}")
        _refuse_other_edition(table, row, published)
        # Later than the last actual year is an estimate, and all without one, says the IMF.
        last = table.at[row, "LATEST_ACTUAL_ANNUAL_DATA"].strip() in ("", "0", "0.0")
        last = 0 if last else _year(table, row, "LATEST_ACTUAL_ANNUAL_DATA")
        seen[code] = row
        for column, year in years.items():
            found.append(
                (*needed[code], year, numbers.at[row, column] * SCALE[scale], year <= last)
            )
    long = pd.DataFrame(found, columns=["country", "subject", "year", "value", "firm"])
    wide = long.dropna().pivot(index=["country", "year"], columns="subject")
    return {
        name: _of_subjects(wide, IMF[name], countries)
        for name, countries in wanted.items()
        if _has_subjects(wide, name)
    }


def _has_subjects(wide: pd.DataFrame, name: str) -> bool:
    lacking = {*IMF[name]} - {*wide["value"]}
    if lacking:
        say(f"{name} by imf: the file has not {' and '.join(sorted(lacking))}, nothing is added.")
    return not lacking


def _of_subjects(wide: pd.DataFrame, subjects: list[str], countries: set[str]) -> pd.DataFrame:
    """The values of one subject, or those of two divided by one another, to four decimals."""
    own = wide[wide.index.get_level_values("country").isin(countries)]
    values, firm = own["value"][subjects].dropna(), own["firm"][subjects]
    value = values[subjects[0]].round()
    if len(subjects) > 1:
        value = (values[subjects[0]] / values[subjects[1]]).round(4)
    actual = firm.loc[values.index].astype(bool).all(axis="columns")
    return pd.DataFrame({"value": value, "status": actual.map({True: "actual", False: "estimate"})})


def _refuse_other_edition(table: pd.DataFrame, row: int, published: str) -> None:
    """A file that says itself that it was published in another month than was said."""
    text = table.at[row, "PUBLICATION_DATE"].strip()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that one of the two readings is unusual
        days = [pd.to_datetime(text, dayfirst=first, errors="coerce") for first in (True, False)]
    months = sorted({f"{day:%Y-%m}" for day in days if not pd.isna(day)})
    if text and not months:
        expected = "a date such as 2026-04-14; save the file with dates shown in that form"
        _refuse(table, row, "PUBLICATION_DATE", expected)
    if text and published[:7] not in months:
        expected = f"a day of {published[:7]}, as you say with --published"
        expected += f"; the file says {' or '.join(months)}"
        _refuse(table, row, "PUBLICATION_DATE", expected)


def _un(table: pd.DataFrame, countries: set[str]) -> pd.DataFrame:
    """The values of World Population Prospects, whose rows are years, in thousands."""
    own = table["ISO3_code"].isin(countries)
    rows = table[own & table["Variant"].isin(["High", "Estimates", "Medium"])]
    years = pd.Series({row: _year(table, row, "Time") for row in rows.index}, dtype=int)
    past, high = years[rows["Variant"] == "Estimates"], years[rows["Variant"] == "High"]
    # The past is called Medium, too, in files without Estimates; the other variants begin with the future.
    if len(rows) and not len(past) and not len(high):
        expected = (
            "also Estimates or High, for Medium alone does not say where the projections begin; take "
            "the file with all variants, WPP…_TotalPopulationBySex.csv"
        )
        _refuse(table, rows.index[-1], "Variant", expected)
    future = past.max() + 1 if len(past) else high.min()
    rows = rows[rows["Variant"] != "High"]
    values = pd.DataFrame({"country": rows["ISO3_code"], "year": years.loc[rows.index]})
    for row in values.index[values.duplicated()]:
        _refuse(table, row, "Time", f"{' '.join(map(str, values.loc[row]))} once, it stands above")
    values["value"] = (1000 * _numbers(table, rows.index, ["PopTotal"])["PopTotal"]).round()
    values["status"] = (values["year"] < future).map({True: "actual", False: "projection"})
    return values.set_index(["country", "year"]).dropna()
