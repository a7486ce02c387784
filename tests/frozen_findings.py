"""The findings as plain rows of text, for tests/expected_findings.csv; `python tests/frozen_findings.py` writes it.

One row is what one source says of one reading of a claim, in one edition: `known` on the day of the interview
or `newest` obtained. A reading that nothing matches, and a claim that is not read at all, have one row without
a source. The columns:

    claim_id, quote, said_low, said_high, unit, hedge    what was said, in the unit of the claim
    interval                                   the numbers that make it true: [80; 85], ]70; 100] without its end
    claim_verdict, claim_newest, confidence    of the claim, by its primary reading
    sensitivity                                verdicts under other choices: tolerance, hedge, reading, source, newest
    reading_id, is_primary, measure            the reading
    reading_verdict, reading_newest            its verdict, as known and by the newest figures
    factor_low, factor_high                    said over measured, known on the day, over the sources of the reading
    edition, source, record                    provider of a series or source_id; fact_id or event_id of a single row
    source_ids, period, firm, low, high, bound  what it measured, in the unit of the claim; firm: not an estimate
    inside                                     runs of three earlier years or more within the interval
    object, place, standing                    of an event: what it is about, its place by its source; of a rank: all values
    source_verdict                             of this source by itself; empty where it cannot tell

Numbers have ten significant digits. Whatever computes the findings must give these rows; a deliberate change is a
commit of its own that says why.
"""

import csv
import math
from pathlib import Path

FILE = Path(__file__).parent / "expected_findings.csv"
COLUMNS = (
    "claim_id quote said_low said_high unit hedge interval claim_verdict claim_newest confidence sensitivity "
    "reading_id is_primary measure reading_verdict reading_newest factor_low factor_high edition source record "
    "source_ids period firm low high bound inside object place standing source_verdict"
).split()
KEY = ("claim_id", "reading_id", "edition", "source", "record", "period")
ORDERED = ("first", "ordinal", "always", "never", "occurrence")


def number(value):
    """A number with ten significant digits; empty for none."""
    return "" if value is None or math.isnan(value) else f"{value:.10g}"


def interval(said):
    """The numbers that make a claim true, as text: a bracket that looks away leaves its end out."""
    if said is None:
        return ""
    left, right = "]" if said.low_open else "[", "[" if said.high_open else "]"
    return f"{left}{said.low:.10g}; {said.high:.10g}{right}"


def sensitivity(result):
    """What other choices would give, as text in a fixed order."""

    def name(choice, detail):
        if choice == "tolerance":
            return f"tolerance {detail:g}"
        if choice == "reading":
            return f"reading {detail['reading_id']}"
        return f"source {detail}" if choice == "source" else choice

    return "; ".join(f"{name(c, d)}: {verdict}" for c, d, verdict in result.sensitivity())


def rows(results):
    """Every finding as a dict of COLUMNS, in the order of claims, readings, editions and sources."""
    for result in results:
        claim = result.claim
        head = {
            "claim_id": claim.claim_id,
            "quote": claim.quote,
            "said_low": number(claim.low),
            "said_high": number(claim.high),
            "unit": claim.unit,
            "hedge": claim.hedge,
            "interval": interval(claim.interval),
            "claim_verdict": result.verdict,
            "claim_newest": result.newest_verdict,
            "confidence": result.confidence or "",
            "sensitivity": sensitivity(result),
        }
        for reading in result.readings:
            factors = result.factors(reading) or (None, None)
            told = {
                "reading_id": reading.row["reading_id"],
                "is_primary": str(reading.row["is_primary"]).lower(),
                "measure": reading.row["measure"],
                "reading_verdict": reading.verdict(),
                "reading_newest": reading.verdict(newest=True),
                "factor_low": number(factors[0]),
                "factor_high": number(factors[1]),
            }
            for edition in ("known", "newest"):
                for found in of_reading(reading, edition == "newest") or [{}]:
                    yield {
                        **dict.fromkeys(COLUMNS, ""),
                        **head,
                        **told,
                        "edition": edition,
                        **found,
                    }
        if not result.readings:
            yield {**dict.fromkeys(COLUMNS, ""), **head}


def of_reading(reading, newest):
    """What each source, or each event, says of one reading."""
    view, measure = reading.evidence, reading.row["measure"]
    if measure in ORDERED:
        return [of_event(event) for event in view.matching_events(reading.row, newest)]
    standings = view.standings(reading.row, newest) if measure == "rank" else {}
    return [of_source(j, standings) for j in (reading.newest if newest else reading.judgements)]


def of_event(event):
    return {
        "source": event["source_id"],
        "record": event["event_id"],
        "source_ids": event["source_id"],
        "period": event["date"],
        "object": event["object"],
        "place": number(event["ordinal_stated"]),
    }


def of_source(judgement, standings):
    measured = judgement.measured
    values = standings[measured.who][1] if measured.who in standings else {}
    ordered = sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))
    return {
        "source": measured.who,
        "record": measured.fact_id,
        "source_ids": " ".join(measured.sources),
        "period": measured.period,
        "firm": str(bool(measured.firm)).lower(),
        "low": number(measured.low),
        "high": number(measured.high),
        "bound": measured.bound,
        "inside": " ".join(f"{first}-{last}" for first, last in judgement.inside),
        "standing": "; ".join(f"{country} {number(value)}" for country, value in ordered),
        "source_verdict": judgement.verdict or "",
    }


def stored():
    """The rows of the file, as dicts of text."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main():
    from factcheck import verdict

    with FILE.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows(verdict.results()))


if __name__ == "__main__":
    main()
