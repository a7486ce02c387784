"""Newer editions come beside the old ones, whole or not at all, whatever the server or the file is like."""

import gzip
import io
import json
import os
import re
import subprocess
import sys
from http.client import responses
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import requests
import small_project
from factcheck import ROOT, check, csvfiles, refresh, worldbank
from factcheck.__main__ import main
from factcheck.stored import BuildError

UPDATED, WEO, WPP = "2026-12-15", "2026-04", "2026-07-11"
YEARS = range(2021, 2025)  # of the editions that data/ has; the next ones have 2025, too
PEOPLE = {"CHN": (1412e6, 1412e6, 1411e6, 1409e6), "KAZ": (19e6, 19.6e6, 20e6, 20.3e6)}
DOLLARS = {"CHN": (17.8e12, 17.9e12, 17.8e12, 18.7e12), "KAZ": (197e9, 225e9, 262e9, 291e9)}
EDITIONS = {  # source: provider, indicator, unit, published, values
    "wb-people-2025-03": ("world-bank", "population", "persons", "2025-03-01", PEOPLE),
    "wb-gdp-2025-03": ("world-bank", "gdp-nominal", "usd", "2025-03-01", DOLLARS),
    "imf-people-2025-04": ("imf", "population", "persons", "2025-04", PEOPLE),
    "imf-gdp-2025-04": ("imf", "gdp-nominal", "usd", "2025-04", DOLLARS),
    "imf-tenge-2025-04": ("imf", "tenge-per-dollar", "tenge", "2025-04", {"KAZ": [460] * 4}),
    "un-people-2024": ("un", "population", "persons", "2024-07", PEOPLE),
}


def following(source):
    """{(country, year): value} of the next edition: a year more, the past 0.5 % up, one value 3 %."""
    found = {}
    for country, values in EDITIONS[source][4].items():
        for year, value in zip((*YEARS, 2025), (*values, values[-1] * 1.02)):
            raised = 1.03 if (country, year) == ("KAZ", 2023) else 1.005
            found[country, year] = round(value * raised, -3)
    return found


@pytest.fixture
def root(tmp_path):
    """A small project that has an edition of each provider."""
    titles = {"publication": "Outlook 2024", "publication_ru": "«Обзор», издание 2024"}
    places = {"seen": "file", "address": "https://example.org/2025", "read_in": "a library"}
    sources = [row for row in small_project.TABLES["sources"] if not row["provider"]]
    series = []
    for name, (provider, indicator, unit, published, values) in EDITIONS.items():
        words = provider, indicator, unit
        sources.append(small_project.source(name, published, *words, **titles, **places))
        early = (2024,) if provider == "un" else ()  # its revision came when 2024 was not over
        for country, own in values.items():
            rows = small_project.years(name, country, YEARS[0], *map(int, own), estimates=early)
            series += rows
    providers = sorted({provider for provider, *_ in EDITIONS.values()})
    words = [{"key": f"provider.{name}", "en": name, "ru": "и"} for name in providers]
    labels = small_project.TABLES["labels"] + words
    small_project.write(tmp_path, sources=sources, series=series, labels=labels)
    return tmp_path


def stored(root):
    return {path.name: path.read_bytes() for path in (root / "data").iterdir()}


def sources(root):
    return csvfiles.records("sources", root)


def added(root, source):
    """{(country, year): (value, status)} of a source, in data that are in order."""
    assert check.problems(root) == []
    rows = [row for row in csvfiles.records("series", root) if row["source_id"] == source]
    return {(row["country"], row["year"]): (row["value"], row["status"]) for row in rows}


def expected(source, later="estimate"):
    found = following(source).items()
    return {key: (value, later if key[1] == 2025 else "actual") for key, value in found}


def refused(root, call, pattern):
    """`call` fails in one line that matches, and nothing in data/ has changed or was left behind."""
    before = stored(root)
    with pytest.raises(BuildError) as error:
        call()
    line = str(error.value)
    assert re.search(pattern, line), line
    assert "\n" not in line and len(line) < 500
    assert stored(root) == before


# ---- The World Bank


class Bank:
    """Answers as the World Bank's API, version 2, below `requests`; `spoil` makes it misbehave."""

    CODES = {"SP.POP.TOTL": "wb-people-2025-03", "NY.GDP.MKTP.CD": "wb-gdp-2025-03"}

    def __init__(self):
        self.asked = []
        # May change rows and header, or return an exception or (status, headers, body).
        self.spoil = lambda rows, header: None

    def send(self, adapter, request, **_):
        url = urlsplit(request.url)
        *_, kind, countries, what, code = unquote(url.path).split("/")
        query = {key: value[0] for key, value in parse_qs(url.query).items()}
        assert (kind, what) == ("country", "indicator") and query["format"] == "json"
        assert query["source"] == "2" and int(query["per_page"]) > 1000
        self.asked.append(code)
        values = following(self.CODES[code])
        keys = [(c, year) for c in countries.split(";") for year in range(2027, 2017, -1)]
        header = {"page": 1, "pages": 1, "total": len(keys), "lastupdated": UPDATED}
        rows = [
            {"indicator": {"id": code}, "countryiso3code": country, "date": str(year)}
            | {"value": values.get((country, year)), "obs_status": ""}
            for country, year in keys
        ]
        found = self.spoil(rows, header) or (200, {}, json.dumps([header, rows]))
        if isinstance(found, Exception):
            raise found
        answer = requests.Response()
        answer.status_code, headers, body = found
        answer.headers.update({"Content-Type": "application/json"} | headers)
        answer.reason, answer.url, answer.request = responses[found[0]], request.url, request
        answer._content = body.encode()
        return answer


@pytest.fixture
def bank(monkeypatch):
    bank = Bank()
    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", lambda *a, **b: bank.send(*a, **b))
    monkeypatch.setattr(worldbank, "PAUSES", (0.01, 0.01))
    return bank


def test_an_edition_is_added_beside_the_old_ones(root, bank, capsys):
    """Old rows rewritten, values of another country, an edition without its day and address."""
    before = stored(root)
    assert refresh.refresh(root) == 0
    after = stored(root)
    assert [name for name in after if before[name] != after[name]] == ["series.csv", "sources.csv"]
    assert all(after[name].startswith(before[name]) for name in after)
    people, gdp = sources(root)[-2:]
    assert [people["source_id"], gdp["source_id"]] == ["wb-people-2026-12", "wb-gdp-2026-12"]
    assert (gdp["published"], gdp["vintage"], gdp["unit"]) == (UPDATED, "2026-12", "usd")
    path = "/v2/en/country/CHN;KAZ/indicator/SP.POP.TOTL?source=2&format=json"
    assert people["address"].endswith(path) and people["read_in"] == ""
    assert added(root, "wb-people-2026-12") == expected("wb-people-2025-03", "actual")
    assert added(root, "wb-gdp-2026-12") == expected("wb-gdp-2025-03", "actual")
    lines = capsys.readouterr().out.splitlines()
    most = "10 values were revised, most KAZ 2023, by +3.00 %"
    assert f"gdp-nominal by world-bank: {most.replace('10', '8')}" in lines
    assert "population by world-bank: 2025 is new for CHN, KAZ" in lines
    assert "Added wb-people-2026-12, wb-gdp-2026-12: 20 rows of data/series.csv." in lines


def test_an_edition_is_added_once_and_a_later_day_of_its_month_has_another_name(root, bank, capsys):
    """The same edition twice, one older than what data/ has, two of one month under one id."""
    refresh.refresh(root)
    after = stored(root)
    for day in (UPDATED, "2026-12-01"):
        bank.spoil = head(lastupdated=day)
        refresh.refresh(root)
        assert stored(root) == after
    assert capsys.readouterr().out.count("Nothing new") == 4
    bank.spoil = head(lastupdated="2026-12-29")
    refresh.refresh(root)
    assert sources(root)[-1]["source_id"] == "wb-gdp-2026-12-29"


RESET = requests.ConnectionError("('Connection aborted.', ConnectionResetError(104, 'Reset'))")
CUT = requests.exceptions.ChunkedEncodingError("Connection broken: IncompleteRead")
PASSING = [*((code, {}, "<p>") for code in (429, 500, 502, 503, 504)), RESET, CUT]


@pytest.mark.parametrize("trouble", PASSING)
def test_what_passes_is_tried_again(root, bank, capsys, trouble):
    """One 500, 502, 504 or reset of many requests that stops all."""
    bank.spoil = lambda *_: trouble if len(bank.asked) in (1, 3) else None
    refresh.refresh(root)
    assert len(bank.asked) == 4
    assert added(root, "wb-gdp-2026-12") == expected("wb-gdp-2025-03", "actual")
    assert capsys.readouterr().out.count("trying again in 0.01 s.") == 2


def kaz(*years, **becomes):
    """Spoils what the World Bank says of Kazakhstan's economy in some years."""

    def spoil(rows, header):
        for row in rows:
            which = row["indicator"]["id"], row["countryiso3code"], int(row["date"]) in years
            if which == ("NY.GDP.MKTP.CD", "KAZ", True):
                row.update(becomes)

    return spoil


def head(**changes):
    return lambda rows, header: header.update(changes)


def answer(body, status=200, kind="application/json", **headers):
    body = body if isinstance(body, str) else json.dumps(body)
    return lambda *_: (status, {"Content-Type": kind} | headers, body)


@pytest.mark.parametrize("year", [2022, 2024, 2025])
def test_a_withdrawn_year_blocks_only_itself(root, bank, capsys, year):
    """One value that the World Bank has taken back, and for that no newer figure at all."""
    bank.spoil = kaz(year, value=None)
    refresh.refresh(root)
    rest = expected("wb-gdp-2025-03", "actual").items()
    assert added(root, "wb-gdp-2026-12") == {k: v for k, v in rest if k != ("KAZ", year)}
    told = f"gdp-nominal by world-bank: {year} is without a value for KAZ, and is left out"
    assert (told in capsys.readouterr().out) == (year < 2025)  # which data/ did not have


REFUSAL = [{"message": [{"key": "Invalid value", "value": "The parameter is not valid"}]}]
BAD = {
    "a page of a network": (answer("<p>", kind="text/html"), r"other than data \(text/html\)"),
    "error message": (answer(REFUSAL), "refused: Invalid value: The parameter is not valid"),
    "not found": (answer("{}", 404), "refused: 404 Not Found"),
    "empty list": (answer([]), "has not the form"),
    "no rows": (answer([{"total": 0}, None]), "has not the form"),
    "rows lost": (lambda rows, header: rows.pop() and None, r"announced 20 .* sent 19"),
    "a row twice": (kaz(2020, date="2021"), "each year once, .* sent NY.* of KAZ in 2021"),
    "another country": (kaz(2020, countryiso3code="USA"), "sent NY.* of USA in 2020"),
    "another series": (kaz(2020, indicator={"id": "NY.KD"}), "sent NY.KD of KAZ in 2020"),
    "most withdrawn": (kaz(2021, 2022, 2023, value=None), "Not complete.*KAZ for 2021, 2022, 2023"),
    "a text": (kaz(2023, value="57"), "of KAZ in 2023 the World Bank sent '57'"),
    "zero": (kaz(2023, value=0), "the World Bank sent 0"),
    "unknown status": (kaz(2023, obs_status="X"), "status “X”"),
    "one year off": (kaz(2023, value=262e6), r"Not plausible.*KAZ 2023: 262,000,000 .* near"),
    "new year off": (
        kaz(2025, value=3e14),
        r"with the new rows data/series.csv, row \d+, .*years around it",
    ),
    "no last update": (head(lastupdated=None), "has not the form"),
    "busy, a long wait": (answer("", 429, **{"Retry-After": "3600"}), r"\(429\); try .* in 3600 s"),
    "busy for long": (answer("", 504), r"busy \(504\); try again later"),
    "resets for long": (lambda *_: RESET, "broke off .*; try again later"),
    "silent": (lambda *_: requests.ReadTimeout(), "did not answer within 20 s"),
    "offline": (lambda *_: requests.ConnectionError("no name"), "cannot be reached .*online"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_changes_nothing_and_is_told_in_one_line(root, bank, name):
    """Figures taken from what is no answer, or of something else than was asked; a traceback."""
    bank.spoil, pattern = BAD[name]
    refused(root, lambda: refresh.refresh(root), pattern)


def test_an_update_while_it_is_asked_is_refused(root, bank):
    """Population of one day and economy of another under one date."""
    bank.spoil = lambda rows, header: header.update(lastupdated=f"2026-12-1{len(bank.asked)}")
    refused(root, lambda: refresh.refresh(root), "2026-12-11 and 2026-12-12")


# ---- Writing


def test_where_one_file_cannot_be_written_the_next_run_completes_it(root, bank, monkeypatch):
    """Figures without their source; a run that was killed and blocks all later ones."""
    before, replace = stored(root), os.replace

    def fail(source, target):  # as on Windows, where a spreadsheet has it open
        if target.name == "series.csv":
            raise PermissionError(13, "Permission denied", str(target))
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail)
        with pytest.raises(BuildError, match="^series.csv cannot be replaced. Is it open in"):
            refresh.refresh(root)
    found = stored(root)
    assert found.keys() == before.keys() and found["series.csv"] == before["series.csv"]
    assert check.problems(root) == []
    refresh.refresh(root)
    assert added(root, "wb-gdp-2026-12") == expected("wb-gdp-2025-03", "actual")
    names = [row["source_id"] for row in sources(root)]
    assert len(names) == len({*names})


def test_what_is_saved_meanwhile_is_kept(root, bank, monkeypatch):
    """An edit that is made while the figures are checked, and overwritten."""
    path, copytree = root / "data" / "sources.csv", refresh.shutil.copytree
    saved = path.read_bytes().replace(b"paper", b"diary")

    def save(*places):
        copytree(*places)
        path.write_bytes(saved)

    monkeypatch.setattr(refresh.shutil, "copytree", save)
    with pytest.raises(BuildError, match="changed while this ran"):
        refresh.refresh(root)
    assert path.read_bytes() == saved


def test_what_was_wrong_before_is_not_laid_to_the_new_edition(root, bank):
    """A missing label that is reported as if the World Bank had sent it."""
    labels = root / "data" / "labels.csv"
    labels.write_bytes(labels.read_bytes().replace(b"country.KAZ", b"country.KAX"))
    refused(root, lambda: refresh.refresh(root), "^First put data/ in order: .*country.KAZ")
    assert bank.asked == []


def test_a_project_with_other_series_is_told_what_cannot_be_renewed(root, bank, capsys):
    """A KeyError, or silence, where data/ has no such series or one whose code is not known."""
    for path in (root / "data" / "series.csv", root / "data" / "sources.csv"):
        text = re.sub(rb"(?m)^wb-people.*\n", b"", path.read_bytes())
        path.write_bytes(text.replace(b",gdp-nominal,usd,", b",gdp-real,usd,"))
    refused(root, lambda: refresh.refresh(root), "No series of world-bank has an edition in data/")
    assert "gdp-real by world-bank: its code is not known" in capsys.readouterr().out
    small_project.write(root, series=[], readings=[])
    refused(root, lambda: refresh.refresh(root), "No series of world-bank")


def test_no_other_command_can_reach_the_network():
    """An import by which a build or a check would ask the network."""
    names = r"import .*\b(refresh|worldbank|requests|urllib\.request)\b"
    for path in (ROOT / "notebooks" / "factcheck").rglob("*.py"):
        if path.name not in ("refresh.py", "worldbank.py", "__main__.py"):
            assert not re.search(names, path.read_text("utf-8")), path
    code = "import sys, factcheck.__main__; assert 'requests' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT / "notebooks", check=True)


# ---- Files of the IMF and the UN

DAY, SPAN = "2026-04-14T13:00:00Z", range(2019, 2032)
SERIES = {  # code: the edition before, by what its values are divided, the scale
    "CHN.LP": ("imf-people-2025-04", 10**6, "Millions"),
    "KAZ.LP": ("imf-people-2025-04", 10**6, "Millions"),
    "CHN.NGDPD": ("imf-gdp-2025-04", 10**9, "Billions"),
    "KAZ.NGDPD": ("imf-gdp-2025-04", 10**9, "Billions"),
    "KAZ.NGDP": ("imf-gdp-2025-04", 10**9 / 469, "Billions"),
}


def weo():
    """The World Economic Outlook as it is published since October 2025."""
    head = ["SERIES_CODE", "SCALE", "PUBLICATION_DATE", "LATEST_ACTUAL_ANNUAL_DATA"]
    rows = [[*head, *map(str, SPAN)]]
    for code, (source, size, scale) in SERIES.items():
        later = {(code[:3], year): 9_999.5 * size for year in range(2026, 2032)}
        found = [(following(source) | later).get((code[:3], year)) for year in SPAN]
        numbers = ["" if value is None else f"{value / size:.6f}" for value in found]
        rows.append([f"{code}.A", scale, DAY, "2024", *numbers])
    rows.append(["KAZ.LUR.A"])  # short, and not asked for
    return "".join(",".join(row) + "\r\n" for row in rows)


SINCE = weo()
SEMICOLONS = SINCE.replace(",", ";")


def since(old, new):
    return SINCE.replace(old, new)


READ = {
    "as it is": SINCE,
    "Unicode text": SINCE.replace(",", "\t").encode("utf-16"),
    "a mark at the beginning": "\ufeff" + SINCE,
    "US date": since(DAY, "4/14/2026"),
    "US date, two ways to read it": since(DAY, "4/10/2026"),
    "Russian date": since(DAY, "10.04.2026"),
    "Russian date with time": since(DAY, "14.04.2026 13:00:00"),
    "day with its month's name": since(DAY, "14-Apr-26"),
    "no date": since(DAY, ""),
    "sep=,": "sep=,\r\n" + SINCE,
    "sep=; and points": "sep=;\r\n" + SEMICOLONS,
    "semicolons and decimal commas": re.sub(r"(\d)\.(\d)", r"\1,\2", SEMICOLONS),
    "years as numbers": re.sub(r",(20\d\d)(?=[,\r])", r",\1.0", SINCE),
    "spaces of thousands": re.sub(r"(\d)(\d{3}\.)", "\\1\u00a0\\2", SINCE),
    "a footer": SINCE + "\r\nInternational Monetary Fund\r\n",
}


@pytest.mark.parametrize("name", READ)
def test_the_imf_is_read_as_it_is_and_as_spreadsheets_save_it(root, name):
    """A file that a spreadsheet opened and saved, refused or read with a comma in the wrong place."""
    path = root / "weo.csv"
    path.write_bytes(content if isinstance(content := READ[name], bytes) else content.encode())
    assert refresh.import_files([path], WEO, root) == 0
    assert added(root, "imf-people-2026-04") == expected("imf-people-2025-04")
    assert added(root, "imf-gdp-2026-04") == expected("imf-gdp-2025-04")
    rates = {("KAZ", y): (469, "estimate" if y > 2024 else "actual") for y in (*YEARS, 2025)}
    assert added(root, "imf-tenge-2026-04") == rates
    source = sources(root)[-1]
    assert source["vintage"] == "2026-04" and source["address"] == ""
    assert source["read_in"].startswith("weo.csv, SHA-256 ")
    after = stored(root)
    assert refresh.import_files([path], "14.04.2026", root) == 0  # again
    assert stored(root) == after


def wpp(*variants):
    """The UN's total population by sex, in thousands."""
    rows, values = ["ISO3_code,Notes,Variant,Time,PopTotal"], following("un-people-2024")
    for country, year in [(c, y) for c in PEOPLE for y in range(2015, 2040)]:
        value = values.get((country, year), values[country, 2025]) / 1000
        for variant in variants:
            past = {"Estimates": year < 2025, "High": year >= 2025}
            if past.get(variant, "Estimates" not in variants or year >= 2025):
                rows.append(f"{country},Côte d’Ivoire,{variant},{year},{value:.3f}")
    return "\ufeff" + "\r\n".join(rows) + "\r\n"


@pytest.mark.parametrize("variants", [("Estimates", "Medium"), ("Medium", "High")])
def test_the_un_is_read_and_where_its_projections_begin(root, variants):
    """Projections that are taken for counted people; thousands for people."""
    path = root / "WPP_TotalPopulationBySex.csv.gz"
    path.write_bytes(gzip.compress(wpp(*variants).encode()))
    refresh.import_files([path], WPP, root)
    assert added(root, "un-people-2026-07") == expected("un-people-2024", "projection")
    source = sources(root)[-1]
    assert (source["publication"], source["vintage"]) == ("Outlook 2026", "rev. 2026")
    assert source["publication_ru"] == "«Обзор», издание 2026"


@pytest.mark.parametrize("published", [None, "2026", "2026-13", "2026-10", "14.10.2026"])
def test_a_file_is_imported_under_its_own_date_only(root, published):
    """An edition that passes for another, by which it would be known or not on the day."""
    path = root / "f.xls"
    path.write_text(SINCE, "utf-8")
    told = f"--published 2026-04-14.*{published or ''}"
    if published in ("2026-10", "14.10.2026"):
        told = "row 2, column .* – expected a day of 2026-10.* the file says 2026-04$"
    refused(root, lambda: refresh.import_files([path], published, root), told)


UN, NUMBER = wpp("Medium", "High"), 'f.xls, row 3, column 2023: "{}" – expected a number such as'
HEADER = "f.xls, row 1: .*expected the columns SERIES_CODE.*PopTotal"
WRONG = {
    "a day as a number": (since(DAY, "46126"), 'DATE: "46126" – .*2026-04-14; save'),
    "a workbook": (b"PK\x03\x04....", "is an Excel workbook: .* sheet Countries"),
    "another table": ("country,year\nKAZ,2060\n", HEADER),
    "nothing": ("\n", "No columns to parse"),
    "renamed column": (since("SCALE", "scales"), HEADER),
    "one decimal comma": (since("20.600000", '"20,5"'), NUMBER.format("20,5")),
    "a comma too many": (since("20.600000", "20,5"), "Expected 17 fields in line 3, saw 18"),
    "an exponent": (since("20.600000", "2.06E+01"), NUMBER.format(r"2.06E\+01")),
    "another scale": (since("Millions", "Lakh"), 'SCALE: "Lakh" – expected one of Units'),
    "wrong scale": (since("Mill", "Bill"), "Not plausible.*population by imf, CHN 2021"),
    "last year unknown": (since(f"{DAY},2024", f"{DAY},next"), 'row 2, .*"next" – expected a year'),
    "a series twice": (since("KAZ.LP", "CHN.LP"), "row 3, column SERIES_CODE.*row 2 has"),
    "a series less": (since("KAZ.LP", "USA.LP"), "Not complete.*population by imf .* KAZ"),
    "half of a file": (SINCE[: SINCE.index("20.6000") + 3], "last row breaks off; was all"),
    "medium alone": (wpp("Medium"), "column Variant: .*Medium alone.*TotalPopulationBySex"),
    "no thousands": (UN.replace("0.000", "0000"), "Not plausible.*by un"),
    "an unreadable time": (UN.replace(",2023,", ",2020-25,"), 'Time: "2020-25" – .*a year'),
    "a year twice": (UN.replace(",2023,", ",2022,"), "column Time: .*CHN 2022 once, it stands"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_changes_nothing_and_is_told_in_one_line(root, name):
    """Figures of a file that is another one, or that a spreadsheet or a break spoilt; a traceback."""
    content, pattern = WRONG[name]
    path = root / "f.xls"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    refused(root, lambda: refresh.import_files([path], WEO, root), pattern)


def test_a_broken_second_file_keeps_the_first_out(root):
    """The first file's figures stored, the second's not; a traceback of gzip."""
    good, bad = root / "good.csv", root / "bad.csv.gz"
    good.write_text(SINCE, "utf-8")
    whole = gzip.compress(UN.encode())
    for raw in (whole[:-20], whole[:-8] + b"1234" + whole[-4:]):
        bad.write_bytes(raw)
        told = r"^bad\.csv\.gz: .*again$"
        refused(root, lambda: refresh.import_files([good, bad], WEO, root), told)


# ---- As a person calls it


@pytest.mark.parametrize("encoding", ["ascii", "cp1251"])
def test_the_command_survives_a_terminal_without_its_letters(root, bank, monkeypatch, encoding):
    """A UnicodeEncodeError after the figures were stored, or in place of the reason why not."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding, write_through=True) for _ in range(2))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setattr(refresh.refresh, "__defaults__", (root,))
    assert main(["refresh"]) == 0
    assert b"Added wb-people-2026-12" in out.buffer.getvalue()
    bank.spoil = answer("<p>", kind="text/html")
    assert main(["refresh"]) == 1
    assert err.buffer.getvalue().count(b"\n") == 1
    assert b"other than data (text/html)" in err.buffer.getvalue()


def test_the_command_import_fails_in_one_line(tmp_path, capsys):
    """A traceback for a date that was forgotten or a file that is not there."""
    asked = ["import", str(tmp_path / "nowhere.xls")]
    for more, told in (([], "--published 2026-04"), (["--published", WEO], "nowhere.xls: No such")):
        assert main([*asked, *more]) == 1
        error = capsys.readouterr().err
        assert len(error.splitlines()) == 1 and told in error
