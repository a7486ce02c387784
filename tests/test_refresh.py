"""Newer editions come beside the old ones, whole or not at all, whatever the server or the file is like."""

import csv
import functools
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from factcheck import ROOT, checks, refresh, tables, verdict
from factcheck.__main__ import main
from factcheck.evidence import last_day
from factcheck.refresh import RefreshError

try:
    import wbgapi
except ModuleNotFoundError:
    if os.environ.get("CI"):
        raise
    wbgapi = None
asks_the_bank = pytest.mark.skipif(
    wbgapi is None, reason="wbgapi is not installed: pip install wbgapi"
)

FIRST = 2022  # years before are left out, for speed
PAGE = 100  # rows a page, so that each question takes several


@pytest.fixture
def root(tmp_path):
    """A copy of what a refresh reads."""
    for name in ("data", "seeds"):
        shutil.copytree(ROOT / name, tmp_path / name)
    lines = (ROOT / "data" / "series.csv").read_text("utf-8").splitlines(keepends=True)
    kept = [
        line
        for line in lines
        if not line.split(",")[2].isdecimal() or int(line.split(",")[2]) >= FIRST
    ]
    (tmp_path / "data" / "series.csv").write_text("".join(kept), "utf-8")
    return tmp_path


def stored(root):
    return {path.name: path.read_bytes() for path in (root / "data").iterdir()}


@functools.cache
def newest(provider):
    """{(indicator, country): {year: value}} of the edition that data/ has."""
    sources = tables.load("sources").query("provider == @provider").set_index("source_id")
    sources = sources[sources.indicator.isin([*refresh.IMF.values(), *refresh.WORLD_BANK.values()])]
    found = {}
    for (source, country), rows in tables.load("series").groupby(["source_id", "country"]):
        if source in sources.index:
            key, day = (sources.indicator[source], country), last_day(sources.published[source])
            values = {year: value for year, value in zip(rows.year, rows.value) if year >= FIRST}
            found[key] = max(
                found.get(key, ("", {})), (day, values), key=lambda edition: edition[0]
            )
    return {key: values for key, (_, values) in found.items()}


def next_edition(provider):
    """The same with one year more, the past revised by half a per cent, 2023 of Kazakhstan by three."""
    found = {key: dict(values) for key, values in newest(provider).items()}
    for (_, country), values in found.items():
        last = max(values)
        for year in values:
            values[year] = round(
                values[year] * (1.03 if (country, year) == ("KAZ", 2023) else 1.005), -3
            )
        values[last + 1] = round(values[last] * 1.02, -3)
    return found


def due(provider):
    """The year in which the next edition appears: it has all of the year before."""
    return max(year for values in newest(provider).values() for year in values) + 2


UPDATED, WEO, WPP = f"{due('world-bank')}-12-15", f"{due('imf')}-04", f"{due('un')}-07-11"


def refused(root, call, pattern):
    """`call` fails in one line that matches, and nothing in data/ has changed or was left behind."""
    before = stored(root)
    with pytest.raises(RefreshError) as error:
        call()
    line = str(error.value)
    assert re.search(pattern, line), line
    assert "\n" not in line and len(line) < 500
    assert stored(root) == before


# ---- The World Bank


class Bank:
    """A server on this machine that speaks the World Bank's API, version 2; `spoil` makes it misbehave."""

    def __init__(self):
        self.values = next_edition("world-bank")
        self.requests, self.missing = [], ()
        self.spoil = lambda page, rows, header: (
            None
        )  # may change them, or return (status, headers, body)
        bank = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                bank.answer(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}/v2"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, handler):
        url = urlsplit(handler.path)
        self.requests.append(handler.path)
        _, version, language, kind, countries, what, code = unquote(url.path).split("/")
        assert (version, language, kind, what) == ("v2", "en", "country", "indicator")
        query = {key: value[0] for key, value in parse_qs(url.query).items()}
        assert query["format"] == "json" and query["source"] == "2"
        page, indicator = int(query["page"]), refresh.WORLD_BANK[code]
        rows = [
            self.row(code, country, year, self.values[indicator, country].get(year))
            for country in countries.split(";")
            if country not in self.missing
            for year in range(LAST + 2, 1959, -1)
        ]
        header = {
            "page": page,
            "pages": -(-len(rows) // PAGE),
            "per_page": PAGE,
            "total": len(rows),
            "sourceid": "2",
            "lastupdated": UPDATED,
        }
        rows = rows[(page - 1) * PAGE : page * PAGE]
        found = self.spoil(page, rows, header)
        status, headers, body = found or (200, {}, json.dumps([header, rows]))
        body = body if callable(body) else body.encode()
        try:
            handler.send_response(status)
            for name, value in ({"Content-Type": "application/json"} | headers).items():
                handler.send_header(name, value)
            if callable(body):
                handler.end_headers()
                body(handler.wfile)
            else:
                if "Content-Length" not in headers:
                    handler.send_header("Content-Length", str(len(body)))
                handler.end_headers()
                handler.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # who asked has gone away

    @staticmethod
    def row(code, country, year, value):
        return {
            "indicator": {"id": code, "value": code},
            "country": {"id": country[:2], "value": country},
            "countryiso3code": country,
            "date": str(year),
            "value": value,
            "unit": "",
            "obs_status": "",
            "decimal": 0,
        }


@pytest.fixture
def bank(monkeypatch):
    bank = Bank()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(wbgapi, "endpoint", bank.address)
    monkeypatch.setattr(wbgapi, "get_options", {})
    monkeypatch.setattr(refresh, "PAUSES", (0.01, 0.01))
    yield bank
    bank.server.shutdown()
    bank.server.server_close()


@asks_the_bank
def test_adds_an_edition_beside_the_old_ones(root, bank, capsys):
    before, verdicts = stored(root), [r.verdict for r in verdict.results(tables.load_all(root))]
    assert refresh.refresh(root) == 0
    after = stored(root)
    assert {name for name in before if before[name] != after[name]} == {"sources.csv", "series.csv"}
    assert after.keys() == before.keys()
    for name in ("sources.csv", "series.csv"):
        assert after[name].startswith(before[name])
    assert checks.problems(root) == []
    frames = tables.load_all(root)
    added = frames["sources"].iloc[-3:].set_index("indicator")
    assert list(added.source_id) == [
        f"wb-{name}-{UPDATED[:7]}" for name in ("population", "gdp", "gdp-ppp")
    ]
    assert set(added.published) == {UPDATED} and set(added.vintage) == {f"December {UPDATED[:4]}"}
    assert set(added.seen) == {"file"} and set(added.institution_ru) == {"Всемирный банк"}
    assert added.publication["gdp-ppp"] == "World Development Indicators, NY.GDP.MKTP.PP.CD"
    assert added.unit["gdp-ppp"] == "international-dollar"
    assert added.read_in["population"].endswith(
        "/country/CHN;KAZ;KGZ;TJK;TKM;UZB/indicator/SP.POP.TOTL"
    )
    for indicator, source in added.source_id.items():  # noqa: B007 (named in the query below)
        rows = frames["series"].query("source_id == @source")
        assert set(rows.status) == {"actual"}
        told = {(row.country, row.year): row.value for row in rows.itertuples()}
        assert told == {
            (country, year): value
            for (name, country), values in bank.values.items()
            if name == indicator
            for year, value in values.items()
        }
    assert [r.verdict for r in verdict.results(frames)] == verdicts  # judged by what was known then
    assert len(bank.requests) > 6  # all pages
    lines = capsys.readouterr().out.splitlines()
    moved = [line for line in lines if "→" in line]
    assert len(moved) == refresh.SHOWN
    assert any(re.fullmatch(r"and \d+ more that moved less", line) for line in lines)
    sizes = [float(re.search(r"\((\S+) %\)", line)[1]) for line in moved]
    assert sizes[:4] == [3, 3, 3, 0.5] and sizes == sorted(sizes, reverse=True)
    assert re.fullmatch(
        r"population by world-bank, KAZ 2023: 2\d\.\d{3} → 2\d\.\d{3} million \(\+3\.00 %\)",
        next(line for line in moved if line.startswith("population")),
    )
    last = max(bank.values["gdp-ppp", "KAZ"])
    assert f"gdp-ppp by world-bank: {last} is new for CHN, KAZ, KGZ, TJK, TKM, UZB" in lines
    assert "No verdict changes." in lines
    assert lines[-1].startswith(f"Added {', '.join(added.source_id)}: ")
    # The same day again, then a later one of the same month.
    assert refresh.refresh(root) == 0 and stored(root) == after
    assert [line[:11] for line in capsys.readouterr().out.splitlines()] == 3 * ["Nothing new"]
    bank.spoil = lambda page, rows, header: header.update(
        lastupdated=UPDATED[:8] + "01"
    )  # a stale copy
    assert refresh.refresh(root) == 0 and stored(root) == after
    capsys.readouterr()
    # A later day of the same month, on which Kazakhstan has as many people as was claimed.
    bank.spoil = lambda page, rows, header: header.update(lastupdated=UPDATED[:8] + "29")
    people, old = bank.values["population", "KAZ"], verdict.results(frames)
    people[max(people)] = round(bank.values["population", "CHN"][max(people)] / 82)
    assert refresh.refresh(root) == 0
    assert list(tables.load("sources", root).source_id)[-3] == f"wb-population-{UPDATED[:8]}29"
    old, new = (
        next(r for r in results if r.claim.claim_id == "population")
        for results in (old, verdict.results(tables.load_all(root)))
    )
    assert old.verdict == new.verdict and old.newest_verdict != new.newest_verdict
    assert (
        f"The claim population by the newest figures would be {new.newest_verdict}, so far "
        f"{old.newest_verdict}."
    ) in capsys.readouterr().out.splitlines()


def drip(file):
    """A body that never ends and never stops."""
    for _ in range(400):
        file.write(b" ")
        file.flush()
        time.sleep(0.01)


def stall(file):
    file.write(b'[{"page": 1,')
    file.flush()
    time.sleep(2)


def spoiled(change, code="NY.GDP.MKTP.CD"):
    """Spoils the rows (of one series) for which `change` returns something, which is what they become."""

    def spoil(page, rows, header):
        for row in [row for row in rows if row["indicator"]["id"] == code]:
            row.update(change(row["countryiso3code"], int(row["date"]), row["value"]) or {})

    return spoil


def of(country, year, **becomes):
    return spoiled(lambda c, y, value: becomes if (c, y) == (country, year) else None)


def times(factor, country, year=None, code="NY.GDP.MKTP.CD"):
    return spoiled(
        lambda c, y, value: (
            {"value": value * factor} if c == country and value and y == (year or y) else None
        ),
        code,
    )


def swap(page, rows, header):
    names = {"CHN": "KAZ", "KAZ": "CHN"}
    for row in rows:
        row["countryiso3code"] = names.get(row["countryiso3code"], row["countryiso3code"])


def repeated(page, rows, header):
    if page == 2:
        return 200, {}, json.dumps([header, repeated.first])
    if page == 1:
        repeated.first = list(rows)


MESSAGE = [
    {
        "message": [
            {
                "id": "120",
                "key": "Invalid value",
                "value": "The provided parameter value is not valid",
            }
        ]
    }
]
LOGIN = "<!DOCTYPE html><title>Wi-Fi</title>"
LAST = due("world-bank") - 2
BAD = {
    "a page of a network": (
        lambda *_: (200, {"Content-Type": "text/html"}, LOGIN),
        r"other than data \(text/html\)",
    ),
    "xml": (
        lambda *_: (200, {"Content-Type": "text/xml"}, "<wb:error/>"),
        r"other than data \(text/xml\)",
    ),
    "half of the json": (lambda *_: (200, {}, '[{"page": 1, "pages": 3, "tot'), "other than data"),
    "error message": (
        lambda *_: (200, {}, json.dumps(MESSAGE)),
        "refused: Invalid value: The provided parameter",
    ),
    "not found": (lambda *_: (404, {}, "{}"), "refused: 404 Not Found"),
    "bad gateway": (
        lambda *_: (502, {"Content-Type": "text/html"}, LOGIN),
        "refused: 502 Bad Gateway",
    ),
    "empty list": (lambda *_: (200, {}, "[]"), "Unrecognized response"),
    "no rows": (
        lambda page, rows, header: (200, {}, json.dumps([header | {"total": 0}, None])),
        "has not the form",
    ),
    "no total": (
        lambda page, rows, header: header.pop("total") and None,
        "has not the form .*KeyError: 'total'",
    ),
    "another form": (
        lambda *_: (200, {}, '[{"total": 1, "per_page": 1}, ["?"]]'),
        "has not the form",
    ),
    "a page lost": (
        lambda page, rows, header: rows.clear() if page == 2 else None,
        r"announced \d+ values .* sent",
    ),
    "a page short": (
        lambda page, rows, header: rows.pop() and None,
        r"announced \d+ values .* sent",
    ),
    "a page twice": (repeated, "each year once, the World Bank sent SP.POP.TOTL of CHN"),
    "a country not asked for": (
        of("KAZ", 2000, countryiso3code="USA"),
        r"sent NY.GDP.MKTP.CD of USA in 2000",
    ),
    "another series": (
        of("KAZ", 2000, indicator={"id": "NY.GDP.MKTP.KD"}),
        "sent NY.GDP.MKTP.KD of KAZ in 2000",
    ),
    "two countries confused": (
        swap,
        r"Not plausible.*population by world-bank, (CHN|KAZ) \d+: .* near that of the edition",
    ),
    "a year without a value": (
        of("KAZ", 2023, value=None),
        "Not complete.* no value of KAZ for 2023",
    ),
    "the last year withdrawn": (
        spoiled(lambda c, y, v: {"value": None} if c == "KAZ" and y >= LAST else None),
        f"Not complete.* of KAZ for {LAST}",
    ),
    "a text": (
        of("KAZ", 2023, value="57123671734"),
        "of KAZ in 2023 the World Bank sent '57123671734'",
    ),
    "a truth value": (of("KAZ", 2023, value=True), "the World Bank sent True"),
    "not a number": (of("KAZ", 2023, value=float("nan")), "the World Bank sent nan"),
    "zero": (of("KAZ", 2023, value=0), "the World Bank sent 0"),
    "unknown status": (of("KAZ", 2023, obs_status="X"), "status “X”"),
    "thousands for units": (
        times(0.001, "KGZ", code="SP.POP.TOTL"),
        "Not plausible.*KGZ .*: 7,.* near that of",
    ),
    "one year off by a thousand": (
        times(1000, "KAZ", 2023),
        r"Not plausible.*KAZ 2023: \d+,.* near that of",
    ),
    "the new year off by a thousand": (
        times(1000, "KAZ", LAST + 1),
        rf"Not plausible.*data/series.csv, row \d+, column value: .* – expected a value near those of the years around it.*"
        rf"\(wb-gdp-{UPDATED[:7]}, KAZ {LAST + 1}\)",
    ),
    "no last update": (
        lambda page, rows, header: header.update(lastupdated=None),
        "has not the form",
    ),
    "another form of date": (
        lambda page, rows, header: header.update(lastupdated="12/15/2026"),
        "has not the form",
    ),
    "an update in between": (
        lambda page, rows, header: header.update(lastupdated="2060-10-16") if page == 2 else None,
        f"changed its data while it was asked .{UPDATED} and 2060-10-16",
    ),
    "busy, with a long wait": (
        lambda *_: (429, {"Retry-After": "3600"}, ""),
        r"busy \(429\); try again in 3600 sec",
    ),
    "busy, with a date": (
        lambda *_: (503, {"Retry-After": "Wed, 20 Oct 2060 07:28:00 GMT"}, ""),
        r"busy \(503\)",
    ),
    "busy for long": (lambda *_: (503, {}, ""), r"busy \(503\); try again in some minutes"),
    "turned in circles": (
        lambda *_: (302, {"Location": "?format=json&source=2&page=1"}, ""),
        "broke off",
    ),
    "cut off": (lambda *_: (200, {"Content-Length": "9999"}, '[{"page": 1'), "broke off"),
    "silent": (lambda *_: time.sleep(1), "did not answer within 0.3 s"),
    "stopped in the middle": (lambda *_: (200, {}, stall), "broke off"),
    "dripping": (lambda *_: (200, {}, drip), "did not finish within 1 s"),
    "pages without end": (
        lambda page, rows, header: header.update(per_page=0),
        "did not finish within 1 s",
    ),
}
LIMITS = {
    "silent": {"REQUEST": 0.3},
    "stopped in the middle": {"REQUEST": 1},
    "dripping": {"TOTAL": 1},
    "pages without end": {"TOTAL": 1},
}


@asks_the_bank
@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_changes_nothing_and_is_told_in_one_line(root, bank, monkeypatch, name):
    bank.spoil, pattern = BAD[name]
    for limit, seconds in LIMITS.get(name, {}).items():
        monkeypatch.setattr(refresh, limit, seconds)
    refused(root, lambda: refresh.refresh(root), pattern)


@asks_the_bank
def test_a_country_less_changes_nothing(root, bank):
    bank.missing = ("TKM",)
    refused(
        root,
        lambda: refresh.refresh(root),
        "Not complete.* by world-bank has no value of TKM for 20",
    )


@asks_the_bank
def test_without_a_network_it_says_so(root, bank, monkeypatch):
    bank.server.shutdown()
    bank.server.server_close()
    refused(root, lambda: refresh.refresh(root), r"127\.0\.0\.1.* cannot be reached .*online\?")
    monkeypatch.setattr(wbgapi, "endpoint", "http://no-such-host.invalid/v2")
    refused(root, lambda: refresh.refresh(root), r"no-such-host\.invalid/v2 cannot be reached")


@asks_the_bank
def test_both_files_or_none_and_a_killed_run_is_noticed_harmless_and_completed(
    root, bank, monkeypatch
):
    before, replace, moves = stored(root), os.replace, []
    verdicts = [(r.verdict, r.newest_verdict) for r in verdict.results(tables.load_all(root))]

    def fail(source, target):  # as on Windows, where a spreadsheet has it open
        moves.append(target.name)
        if target.name == "series.csv":
            raise PermissionError(13, "Permission denied", str(target))
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail)
        with pytest.raises(PermissionError):
            refresh.refresh(root)
    assert moves == ["sources.csv", "series.csv", "sources.csv"]  # the last puts the old one back
    assert stored(root) == before
    refresh.refresh(root)
    after = stored(root)
    (root / "data" / "series.csv").write_bytes(
        before["series.csv"]
    )  # killed before the second file
    lines = checks.problems(root)
    assert len(lines) == 3 and f"wb-population-{UPDATED[:7]}" in lines[0]
    assert [
        (r.verdict, r.newest_verdict) for r in verdict.results(tables.load_all(root))
    ] == verdicts
    refresh.refresh(root)
    assert stored(root) == after


@asks_the_bank
def test_keeps_what_is_saved_meanwhile_and_writes_as_the_file_is_written(root, bank, monkeypatch):
    series, sources = root / "data" / "series.csv", root / "data" / "sources.csv"
    # As a Russian Excel saves it: semicolons, decimal commas, CRLF, a mark at the beginning.
    rows = list(csv.reader(series.read_text("utf-8").splitlines()))
    text = "\r\n".join(
        ";".join([country, source, year, value.replace(".", ","), status])
        for source, country, year, value, status in rows
    )
    series.write_bytes(b"\xef\xbb\xbf" + text.encode())
    saved = []

    def save(copy):
        sources.write_bytes(sources.read_bytes().replace(b"US Federal Reserve", b"Federal Reserve"))
        saved.append(stored(root))
        return []

    monkeypatch.setattr(checks, "problems", save)
    with pytest.raises(RefreshError, match="changed while this ran"):
        refresh.refresh(root)
    assert stored(root) == saved[0]
    monkeypatch.undo()
    monkeypatch.setattr(wbgapi, "endpoint", bank.address)
    refresh.refresh(root)
    first = f"\r\nCHN;wb-population-{UPDATED[:7]};{FIRST};"
    assert series.read_bytes().startswith(saved[0]["series.csv"] + first.encode())
    assert checks.problems(root) == []
    series.write_bytes(series.read_text("utf-8-sig").replace("actual", "actual ").encode("utf-16"))
    bank.spoil = lambda page, rows, header: header.update(lastupdated="2061-10-29")
    refused(root, lambda: refresh.refresh(root), "data/series.csv is not in UTF-8")


@asks_the_bank
def test_what_was_wrong_before_is_not_laid_to_the_new_edition(root, bank):
    facts = root / "data" / "facts.csv"
    facts.write_bytes(facts.read_bytes() + b"a,b\n")
    refused(root, lambda: refresh.refresh(root), "^First put data/ in order: data/facts.csv, row")
    shutil.copy(ROOT / "data" / "facts.csv", facts)
    labels = root / "data" / "labels.csv"
    lines = labels.read_text("utf-8").splitlines(keepends=True)
    labels.write_text(
        "".join(line for line in lines if not line.startswith("country.TKM")), "utf-8"
    )
    refused(root, lambda: refresh.refresh(root), "^First put data/ in order: .*country.TKM")


def test_without_wbgapi_it_says_how_to_install_it(root, monkeypatch):
    monkeypatch.setitem(sys.modules, "wbgapi", None)
    refused(root, lambda: refresh.refresh(root), "-m pip install wbgapi$")


def test_no_other_command_can_reach_the_network():
    code = (
        "import sys, factcheck.__main__, factcheck.checks, factcheck.verdict, factcheck.sections\n"
        "print({'wbgapi', 'requests', 'factcheck.refresh'} & sys.modules.keys())"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "notebooks", capture_output=True, text=True
    )
    assert found.stdout.strip() == "set()", found.stderr
    for path in (ROOT / "notebooks" / "factcheck").rglob("*.py"):
        if path.name not in ("refresh.py", "__main__.py"):
            text = path.read_text("utf-8")
            assert not re.search(r"import .*\b(refresh|wbgapi|requests|urllib\.request)\b", text), (
                path
            )


# ---- Files of the IMF and the UN

OLD = [
    "WEO Country Code",
    "ISO",
    "WEO Subject Code",
    "Country",
    "Subject Descriptor",
    "Subject Notes",
    "Units",
    "Scale",
    "Country/Series-specific Notes",
]
SUBJECTS = {
    "LP": ("population", "Persons", "Millions", 6),
    "NGDPD": ("gdp-nominal", "U.S. dollars", "Billions", 9),
    "PPPGDP": ("gdp-ppp", "Purchasing power parity; international dollars", "Billions", 9),
}
IMF_LAST = int(WEO[:4]) - 1  # the last year that is over


def weo(
    values=None,
    new=False,
    scale=None,
    note="Notes of Côte d’Ivoire",
    end=f"April {WEO[:4]}",
    change=lambda row: row,
):
    """The World Economic Outlook's file: until 2025 (tabs), or since (`new`: commas)."""
    values = values or next_edition("imf")
    years = range(1980, IMF_LAST + 7)
    head = (
        [
            "DATASET",
            "SERIES_CODE",
            "OBS_MEASURE",
            "COUNTRY",
            "INDICATOR",
            "FREQUENCY",
            "SCALE",
            "UNIT",
            "PUBLICATION_DATE",
            "LATEST_ACTUAL_ANNUAL_DATA",
        ]
        if new
        else OLD
    )
    rows = [head + [str(year) for year in years] + ([] if new else ["Estimates Start After"])]
    for (indicator, country), known in sorted(values.items()):
        subject, (_, unit, size, zeros) = next(
            (s, of) for s, of in SUBJECTS.items() if of[0] == indicator
        )
        size = (scale or {}).get(subject, size)
        cells = []
        for year in years:
            forecast = "9,999.5" if year > IMF_LAST else ""
            text = f"{known[year] / 10**zeros:,.6f}" if year in known else forecast
            cells.append(text.replace(",", "") if new else text or ("n/a" if year < 1985 else "--"))
        last = str(max(known) - 1)
        row = (
            [
                "IMF.RES:WEO(9.0.0)",
                f"{country}.{subject}.A",
                "OBS_VALUE",
                country,
                indicator,
                "Annual",
                size,
                unit,
                f"{WEO}-14T00:00:00",
                last,
                *cells,
            ]
            if new
            else ["916", country, subject, country, indicator, note, unit, size, note, *cells, last]
        )
        rows.append(change(row))
    rows.append(["IMF.RES:WEO(9.0.0)", "KAZ.LUR.A"] if new else ["512", "AFG", "LP", "Afghanistan"])
    if not new:
        rows += [[], [f"International Monetary Fund, World Economic Outlook Database, {end}"]]
    mark = "," if new else "\t"
    rows = [mark.join(f'"{cell}"' if mark in cell else cell for cell in row) for row in rows]
    return "\r\n".join(rows) + "\r\n"


def wpp(variants=("Medium", "High"), values=None, change=lambda row: row):
    """The UN's total population by sex, in thousands, with all variants."""
    values = values or next_edition("un")
    rows = [
        "SortOrder,LocID,Notes,ISO3_code,ISO2_code,SDMX_code,LocTypeID,LocTypeName,ParentID,Location,"
        "VarID,Variant,Time,MidPeriod,PopMale,PopFemale,PopTotal,PopDensity".split(",")
    ]
    for (_, country), known in values.items():
        start = max(known)
        for variant in variants:
            for year in range(1950, 2101):
                past = year < start
                if (
                    not past
                    if variant == "High"
                    else past
                    if variant == "Estimates"
                    else (not past or "Estimates" not in variants)
                ):
                    total = f"{known.get(year, known[start]) / 1000:.3f}"
                    row = [
                        "1",
                        "398",
                        "",
                        country,
                        country[:2],
                        "398",
                        "4",
                        "Country/Area",
                        "5500",
                        "Côte d’Ivoire",
                        "2",
                        variant,
                        str(year),
                        f"{year}.5",
                        "",
                        "",
                        total,
                        "7.6",
                    ]
                    rows.append(change(row))
    return "\ufeff" + "\n".join(",".join(row) for row in rows) + "\n"


def added(root, provider):
    """{(indicator, country): {year: (value, status)}} of what was added."""
    frames, found = tables.load_all(root), {}
    for source in frames["sources"].query("provider == @provider").itertuples():
        if source.Index > len(tables.load("sources")) + 1:
            for row in frames["series"].query("source_id == @source.source_id").itertuples():
                found.setdefault((source.indicator, row.country), {})[row.year] = (
                    row.value,
                    row.status,
                )
    return found


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1", "utf-8"])
def test_reads_the_imf_in_each_of_its_forms(root, encoding, capsys):
    values, new = next_edition("imf"), encoding == "utf-8"
    path = root / ("weo.csv" if new else "WEOApr2026all.xls")
    path.write_bytes(weo(new=new, note="Notes of Côte d'Ivoire").encode(encoding))
    before = stored(root)
    if new:  # the whole way for one of them
        assert refresh.import_files([path], WEO, root) == 0
        assert checks.problems(root) == []
        told = added(root, "imf")
        source = tables.load("sources", root).iloc[-1]
        assert source.source_id == f"imf-gdp-ppp-{WEO}" and source.published == WEO
        assert source.vintage == f"April {WEO[:4]}"
        assert source.read_in.startswith(f"{path.name}, SHA-256 ") and source.seen == "file"
        assert "billion (+0.50 %)" in capsys.readouterr().out
        assert refresh.import_files([path], WEO, root) == 0  # again
        assert refresh.import_files([path], f"{WEO}-14", root) == 0
        assert added(root, "imf") == told
    else:
        editions = refresh._file(path, WEO, tables.load_all(root))
        told = {}
        for edition in editions:
            for (country, year), value in edition.values.items():
                if year in values[edition.indicator, country]:
                    told.setdefault((edition.indicator, country), {})[year] = value
        assert stored(root) == before
    # What the IMF forecasts for years that were not over is left out when it is added.
    assert told == {
        key: {
            year: (value, "estimate" if year == max(known) else "actual")
            for year, value in known.items()
        }
        for key, known in values.items()
    }


def test_reads_the_un_and_where_its_projections_begin(root):
    known = next_edition("un")
    for variants in (("Estimates", "Medium"), ("Medium", "High")):
        path = root / "WPP_TotalPopulationBySex.csv.gz"
        path.write_bytes(gzip.compress(wpp(variants).encode()))
        values = refresh._file(path, WPP, tables.load_all(root))[0].values
        assert {
            key: cell for key, cell in values.items() if key[1] in known["population", key[0]]
        } == {
            (country, year): (value, "projection" if year == max(rows) else "actual")
            for (_, country), rows in known.items()
            for year, value in rows.items()
        }
    refresh.import_files([path], WPP, root)
    after = stored(root)
    refresh.import_files([path], WPP[:7], root)
    assert stored(root) == after
    assert {year for rows in added(root, "un").values() for year in rows} == {
        *range(FIRST, int(WPP[:4]))
    }
    source = tables.load("sources", root).iloc[-1]
    assert (source.source_id, source.vintage) == (f"un-population-{WPP[:7]}", f"{WPP[:4]} revision")
    assert source.publication == f"World Population Prospects {WPP[:4]}"


def cell(place, text, country="KAZ"):
    return lambda row: [
        text if row[3 if len(row) == 18 else 1] == country and n == place else c
        for n, c in enumerate(row)
    ]


SKIP_CHINA = {key: value for key, value in next_edition("imf").items() if key != ("gdp-ppp", "CHN")}
GAP = {
    key: {year: value for year, value in known.items() if year != 2023}
    for key, known in next_edition("imf").items()
}
WRONG = {
    "no date": (weo(), None, "--published 2026-04 or --published 2026-04-14"),
    "a year only": (weo(), "2026", "not 2026"),
    "no such month": (weo(), "2026-13", "not 2026-13"),
    "another date": (
        weo(end="October 2019"),
        WEO,
        f"f.xls, line .*published in 2019-10, not {WEO}",
    ),
    "another date, new form": (
        weo(new=True),
        WEO[:5] + "10",
        f"published in {WEO}, not {WEO[:5]}10",
    ),
    "a workbook": (b"PK\x03\x04....", WEO, "is an Excel workbook: .* sheet Countries"),
    "an old workbook": (b"\xd0\xcf\x11\xe0....", WEO, "is an Excel workbook"),
    "another table": (
        "country,year,gdp\nKAZ,2060,1\n",
        WEO,
        "columns country, year, gdp …; expected .*WEO Subject Code.*SERIES_CODE.*PopTotal",
    ),
    "nothing": ("", WEO, "f.xls has the columns"),
    "semicolons": (weo(new=True).replace(",", ";"), WEO, "has the columns DATASET;SERIES_CODE"),
    "renamed column": (
        weo().replace("Estimates Start After", "Estimates start"),
        WEO,
        "has the columns WEO Country",
    ),
    "a decimal comma": (
        weo(change=cell(30, "20,5")),
        WEO,
        "f.xls, line .*“20,5” – expected a number such as",
    ),
    "a word": (weo(change=cell(30, "many")), WEO, "“many” – expected a number"),
    "another scale": (
        weo(change=cell(7, "Lakh")),
        WEO,
        r"KAZ\.\w+\.A has the scale “Lakh”.*expected one of Units",
    ),
    "no scale": (weo(change=cell(7, "")), WEO, "has the scale “”"),
    "another unit": (
        weo(scale={"NGDPD": "Millions"}),
        WEO,
        "Not plausible.*gdp-nominal by imf, CHN 20",
    ),
    "a country twice": (weo(change=cell(1, "CHN")), WEO, r"CHN\.\w+\.A stands twice"),
    "a country less": (
        weo(SKIP_CHINA),
        WEO,
        "Not complete.*gdp-ppp by imf has no value of CHN for 20",
    ),
    "a year less": (weo(GAP), WEO, "Not complete.*population by imf has no value of CHN for 2023"),
    "half of a file": (weo()[: len(weo()) // 2], WEO, "Not complete"),
    "medium alone": (
        wpp(("Medium",)),
        WPP,
        "f.xls, line .*variant Medium alone.*TotalPopulationBySex",
    ),
    "thousands taken for units": (
        wpp(change=lambda row: [*row[:16], f"{float(row[16]) * 1000:.0f}", row[17]]),
        WPP,
        "Not plausible.*population by un, CHN 20",
    ),
    "an unreadable time": (wpp(change=cell(12, "1950-1955")), WPP, "f.xls, line .*1950-1955"),
    "a value less": (
        wpp(change=lambda row: row[:16] + ["" if row[12] == "2023" else row[16]] + row[17:]),
        WPP,
        "Not plausible.*CHN 2023: 0 ",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_changes_nothing_and_is_told_in_one_line(root, name):
    content, published, pattern = WRONG[name]
    path = root / "f.xls"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    refused(root, lambda: refresh.import_files([path], published, root), pattern)


def test_a_broken_second_file_keeps_the_first_out(root):
    good, bad = root / "good.csv", root / "bad.csv.gz"
    good.write_text(weo(new=True), "utf-8")
    bad.write_bytes(gzip.compress(wpp().encode())[:-500])
    refused(
        root, lambda: refresh.import_files([good, bad], WEO, root), r"^bad\.csv\.gz, line \d+: "
    )


# ---- As a person calls it


@pytest.fixture
def project(root):
    shutil.copytree(
        ROOT / "notebooks" / "factcheck",
        root / "notebooks" / "factcheck",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    return root


@asks_the_bank
def test_the_command_refresh(project, bank, capsys):
    turns = Counter()

    def busy(page, rows, header):
        turns[page] += 1
        if turns[page] == 1 and page < 3:
            return 429 if page == 1 else 503, {"Retry-After": "0"}, ""

    bank.spoil = busy
    code = (
        f"import sys, wbgapi; wbgapi.endpoint = {bank.address!r}\n"
        "from factcheck.__main__ import main; sys.exit(main(['refresh']))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project / "notebooks",
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1", "PYTHONPATH": ""},
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.splitlines()[-1].startswith("Added wb-population-20")
    assert stored(project) != stored(ROOT)
    assert turns[1] == 3 + 2  # three series, and the first again from its first page, twice
    before = stored(ROOT)
    bank.spoil = lambda *_: (200, {"Content-Type": "text/html"}, LOGIN)
    assert main(["refresh"]) == 1
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1 and "other than data (text/html)" in error
    assert stored(ROOT) == before


def test_the_command_import(tmp_path, capsys):
    before = stored(ROOT)
    for more, expected in (
        ([], "--published 2026-04"),
        (["--published", "2026-13"], "not 2026-13"),
        (["--published", WEO], "nowhere.xls: No such file"),
    ):
        assert main(["import", str(tmp_path / "nowhere.xls"), *more]) == 1
        error = capsys.readouterr().err
        assert len(error.splitlines()) == 1 and expected in error
    assert stored(ROOT) == before
