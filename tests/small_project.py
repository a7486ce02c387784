"""A small sound project in a folder, for tests of the package: invented figures, nobody's interview."""

import csv
import hashlib
import json
from pathlib import Path

from factcheck import ROOT

TEXT = """Людей в Китае в 70 раз больше, чем в Казахстане. Объявлена помощь в 3 миллиарда долларов.

Поездки всегда начинаются с Астаны."""
PEOPLE, AID, ALWAYS = (
    "Людей в Китае в 70 раз больше, чем в Казахстане",
    "Объявлена помощь в 3 миллиарда долларов",
    "Поездки всегда начинаются с Астаны",
)
SAID = {"speaker_en": "A speaker", "speaker_ru": "Оратор"}
SURE = {
    "confidence": "high",
    "confidence_reason_en": "Counted",
    "confidence_reason_ru": "Посчитано",
}


def claim(claim_id, kind, quote, **cells):
    """A row of claims.csv."""
    words = {"title_en": f"About {claim_id}", "title_ru": f"О теме {claim_id}", "quote": quote}
    return (
        {"claim_id": claim_id, "interview_id": "talk", "kind": kind} | words | SAID | SURE | cells
    )


def source(source_id, published, provider="", indicator="", unit="", **cells):
    """A row of sources.csv."""
    names = {"provider": provider, "indicator": indicator, "unit": unit, "published": published}
    who = provider or source_id
    return (
        {
            "source_id": source_id,
            "institution_en": f"The {who}",
            "institution_ru": f"«{who}»",
            "vintage": f"of {published}" if provider else "",
            "read_in": "a library",
        }
        | names
        | cells
    )


def years(source_id, country, first, *values, estimates=()):
    """Rows of series.csv, a year each."""
    return [
        {"source_id": source_id, "country": country, "year": str(year), "value": str(value)}
        | {"status": "estimate" if year in estimates else "actual"}
        for year, value in enumerate(values, first)
    ]


def fact(fact_id, source_id, period, value, **cells):
    """A row of facts.csv: money that China announced for the region, in billions of dollars."""
    asked = {"topic": "aid", "actor": "china", "act": "announced", "object": "region"}
    ends = {"value_low": str(value), "value_high": str(value), "bound": "exact", "unit": "usd-bn"}
    own = {"fact_id": fact_id, "source_id": source_id, "period": period, "basis": "grants"}
    return own | asked | ends | {"statement_en": fact_id, "statement_ru": "Цифра"} | cells


def event(event_id, source_id, date, place, **cells):
    """A row of events.csv: a tour that began in a state."""
    asked = {"topic": "tours", "actor": "president", "act": "toured", "basis": "tour"}
    own = {"event_id": event_id, "source_id": source_id, "date": date, "object": place}
    return own | asked | {"statement_en": event_id, "statement_ru": "Поездка"} | cells


TABLES = {
    "interviews": [
        {
            "interview_id": "talk",
            "file": "seeds/talk.txt",
            "language": "ru",
            "said_from": "2025-06-17",
            "said_to": "2025-06-17",
            "cut_off": "2025-06-16",
            "judged_year": "2024",
            "region": "KAZ|UZB",
        }
    ],
    "claims": [
        claim("people", "ratio", PEOPLE, low="70", high="70", unit="times"),
        claim("aid", "money", AID, low="3", high="3", unit="usd-bn", topic="aid"),
        claim("always", "universal", ALWAYS, unit="place", subject="KAZ", topic="tours"),
    ],
    "readings": [
        {"reading_id": "people-all", "claim_id": "people", "is_primary": "true"}
        | {"measure": "ratio", "indicator": "population", "countries": "CHN|KAZ"},
        {"reading_id": "aid-loans", "claim_id": "aid", "is_primary": "false", "measure": "value"}
        | {"topic": "aid", "act": "announced", "basis": "grants|loans"},
        {"reading_id": "aid-grants", "claim_id": "aid", "is_primary": "true", "measure": "value"}
        | {"topic": "aid", "act": "announced", "basis": "grants", "period_from": "2023"},
        {"reading_id": "tours", "claim_id": "always", "is_primary": "true", "measure": "always"}
        | {"topic": "tours", "act": "toured"},
    ],
    "sources": [
        source("bank-2024", "2024-10", "bank", "population", "persons"),
        source("bank-2025", "2025-04", "bank", "population", "persons"),
        source("bank-2026", "2026-03", "bank", "population", "persons"),
        source("fund-2025", "2025-04", "fund", "population", "persons"),
        source("rates-2026", "2026-01", "bank", "yuan-per-dollar", "cny-per-usd"),
        source("paper-2022", "2022-01-25"),
        source("paper-2023", "2023-05-19"),
        source("paper-2025", "2025-06-17"),
    ],
    "series": [
        *years("bank-2024", "CHN", 2021, 1410, 1405, 1400),
        *years("bank-2024", "KAZ", 2021, 19, 19.5, 20),
        *years("bank-2025", "CHN", 2021, 1411, 1406, 1401, 1396),
        *years("bank-2025", "KAZ", 2021, 19.1, 19.6, 20.1, 20.6, estimates=(2024,)),
        *years("bank-2026", "KAZ", 2021, 19.2, 19.7, 20.2, 20.7, 21.2),
        *years("fund-2025", "CHN", 2022, 1407, 1402, 1397, 1392, 1387, estimates=(2025, 2026)),
        *years("fund-2025", "KAZ", 2022, 19.7, 20.2, 20.7, 21.2, 21.7, estimates=(2025, 2026)),
        *years("rates-2026", "CHN", 2023, 7.0809, 7.1957),
    ],
    "facts": [
        fact("grants-2022", "paper-2022", "2022-01-25", 0.5),
        fact("grants-2023", "paper-2023", "2023-05-19", 3.7),
        fact("loans-2025", "paper-2025", "2025", 9, basis="loans", bound="at-least", value_high=""),
    ],
    "events": [
        event("tour-2023", "paper-2023", "2023-05", "UZB"),
        event("tour-2022", "paper-2022", "2022-09-14", "KAZ"),
        event("tour-2025", "paper-2025", "2025-06-16", "KAZ", event_itself="true"),
    ],
    "searches": [],
    "exclusions": [],
    "mentions": [
        {"mention_id": "n1", "surface": "70 раз", "claim_id": "people"},
        {"mention_id": "n2", "surface": "3 миллиарда долларов", "claim_id": "aid"},
    ],
    "corrections": [],
    "publication": [{"key": "title", "value_en": "A talk", "value_ru": "Разговор"}],
    "labels": [
        {"key": f"{family}.{name}", "en": name, "ru": "слово"}
        for family, names in (("country", "CHN KAZ"), ("provider", "bank fund"))
        for name in names.split()
    ],
}


def write(root: Path, **tables) -> Path:
    """Write the project into `root`, with other rows (or bytes) for the tables named; returns `root`."""
    for folder in ("data", "seeds", "notebooks"):
        (root / folder).mkdir(exist_ok=True)
    (root / "seeds" / "talk.txt").write_bytes(TEXT.encode())
    package = json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            rules = field.get("constraints", {})
            if field["name"] in ("indicator", "unit"):  # this project has others than the report
                rules.pop("enum", None)
        name, fields = resource["name"], resource["schema"]["fields"]
        content = {**TABLES, **tables}[name]
        if not isinstance(content, bytes):
            content = _csv(fields, content)
        (root / "data" / f"{name}.csv").write_bytes(content)
    text = json.dumps(package, ensure_ascii=False)
    (root / "data" / "datapackage.json").write_text(text, "utf-8")
    return root


def edited(table, number, **cells):
    """{table: its rows, with other cells in the row with this number as a spreadsheet counts}."""
    rows = [dict(row) for row in TABLES[table]]
    rows[number - 2] |= cells
    return {table: rows}


def added(table, *rows):
    """{table: its rows and these}."""
    return {table: [*TABLES[table], *rows]}


def without(table, number):
    """{table: its rows but the one with this number as a spreadsheet counts}."""
    return {table: [row for n, row in enumerate(TABLES[table], 2) if n != number]}


def store_findings(root: Path, stem: str, *findings: dict) -> None:
    """Write a notebook whose outputs carry these findings."""
    outputs = [
        {
            "output_type": "display_data",
            "data": {"application/vnd.factcheck+json": {"finding": one}},
        }
        for one in findings
    ]
    cells = [{"cell_type": "code", "source": "1", "outputs": outputs}]
    (root / "notebooks" / f"{stem}.ipynb").write_text(
        json.dumps({"cells": cells, "metadata": {}}), "utf-8"
    )


def _csv(fields, rows):
    from io import StringIO

    out, names = StringIO(newline=""), [field["name"] for field in fields]
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({f["name"]: row.get(f["name"], _default(f)) for f in fields})
    return out.getvalue().encode()


def _default(field):
    """What a required cell holds that no test speaks of."""
    rules = field.get("constraints", {})
    if field["name"] == "sha256":
        return hashlib.sha256(TEXT.encode()).hexdigest()
    if field["name"] == "interview_id":
        return "talk"
    if not rules.get("required"):
        return ""
    if "enum" in rules:
        return rules["enum"][0]
    return {"boolean": "false", "integer": "1", "date": "2025-01-01"}.get(field["type"], "x")
