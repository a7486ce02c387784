"""The findings by name, for the placeholders of sentences: `{population.low:n0}`, `{count.correct:n0}`.

Names are built from the ids of the data, so that a further claim, reading or fact has its names at once:

    CLAIM.said (the claim itself; without a format or with bare) .said-low .said-high .low .high .newest-low .newest-high .factor .factor-low .factor-high .verdict
         .newest-verdict .confidence .if-about .per-person .gdp-share                 of the primary reading
    reading.READING.low .high .factor .verdict .inside-first .inside-last .events .elsewhere .lead-low .lead-high
    source.READING.PROVIDER.value .year .over .under .inside-first .inside-last      of one source
    history.READING.peak .peak-low .peak-year .first-year                            known on the day
    fact.FACT (and .low .high .period .usd .per-person .gdp-share)
    event.EVENT.date, count.VERDICT, sensitivity.CHOICE, region.people .gdp .year, claims.total, interview.*
"""

from collections import Counter

from factcheck import tables, verdict
from factcheck.evidence import ends


def values(results, frames=None):
    """All findings, as {name: number, ISO date or key of a verdict}."""
    frames = frames or tables.load_all()
    found = {
        "claims.total": len(results),
        "rule.tolerance": 100 * verdict.TOLERANCE,
        "rule.years": verdict.OUT_OF_DATE_YEARS,
        "facts.total": len(frames["facts"]),
        "events.total": len(frames["events"]),
        "sources.total": len(frames["sources"]),
        "readings.total": len(frames["readings"]),
    }
    counts = Counter(result.verdict for result in results)
    found |= {f"count.{key}": counts.get(key, 0) for key in verdict.VERDICTS}
    found["count.unchanged-by-newest"] = sum(r.verdict == r.newest_verdict for r in results)
    for choice in ("tolerance", "reading", "source", "newest"):
        found[f"sensitivity.{choice}"] = sum(
            any(other != r.verdict for name, _, other in r.sensitivity() if name == choice)
            for r in results
        )
    for result in results:
        found |= _of_claim(result)
    view = results[0].evidence
    found |= {
        f"interview.{key}": view.interview[key]
        for key in ("said_from", "said_to", "cut_off", "judged_year")
    }
    for fact in view.facts:
        found |= _of_fact(view, fact)
    for event in view.events:
        found[f"event.{event['event_id']}.date"] = event["date"]
    for kind, rows in frames["mentions"].groupby("kind"):
        found |= {
            f"{kind}.total": len(rows),
            f"{kind}.claimed": int((rows.claim_id != "").sum()),
            f"{kind}.dismissed": int((rows.claim_id == "").sum()),
        }
    for view in reversed(dict.fromkeys(result.evidence for result in results)):
        found |= _of_money(view)  # names that interviews share are those of the first
    return found


def _of_claim(result):
    claim, found = result.claim, {}
    name = claim.claim_id
    found |= {
        f"{name}.verdict": result.verdict,
        f"{name}.newest-verdict": result.newest_verdict,
        f"{name}.said": claim,
    }
    found |= {f"{name}.confidence": result.confidence} if result.confidence else {}
    found |= {
        f"{name}.if-about": other for choice, _, other in result.sensitivity() if choice == "hedge"
    }
    if claim.has_number:
        found |= {f"{name}.said-low": claim.low, f"{name}.said-high": claim.high}
    for reading in result.readings:
        key = f"reading.{reading.row['reading_id']}"
        found[f"{key}.verdict"] = reading.verdict()
        part = _range("", reading.judgements) | _range("newest-", reading.newest)
        factors = result.factors(reading)
        if factors:
            part |= {
                "factor": sum(factors) / 2,
                "factor-low": factors[0],
                "factor-high": factors[1],
            }
        if reading.row["measure"] in verdict.ORDERED:
            events = reading.events
            part |= {
                "events": len(events),
                "elsewhere": sum(e["object"] != claim.subject for e in events),
            }
        found |= {f"{key}.{k}": v for k, v in part.items()}
        if reading.row["is_primary"]:
            found |= {f"{name}.{k}": v for k, v in part.items()}
        if reading.row["measure"] == "ratio":
            found |= _of_ratio(result, reading)
        if reading.row["measure"] == "rank":
            found |= _of_rank(result, reading)
    return found


def _range(prefix, judgements):
    ends = [end for j in judgements for end in (j.measured.low, j.measured.high)]
    return {f"{prefix}low": min(ends), f"{prefix}high": max(ends)} if ends else {}


def _of_ratio(result, reading):
    found, row = {}, reading.row
    key = f"{row['reading_id']}"
    pair = row["countries"].split("|")
    table = result.evidence.ratios(row["indicator"], pair)
    for j in reading.judgements:
        source = f"source.{key}.{j.measured.who}"
        last = table[table.provider == j.measured.who].iloc[-1]
        found |= {
            f"{source}.value": j.measured.middle,
            f"{source}.year": int(last.year),
            f"{source}.over": last.numerator,
            f"{source}.under": last.denominator,
        }
        if j.inside:
            found |= {
                f"{source}.inside-first": j.inside[0][0],
                f"{source}.inside-last": j.inside[-1][1],
            }
    inside = [run for j in reading.judgements for run in j.inside]
    if inside:
        found |= {
            f"reading.{key}.inside-first": min(run[0] for run in inside),
            f"reading.{key}.inside-last": max(run[1] for run in inside),
        }
    trusted = table[table.status == "actual"]
    peak = trusted.loc[trusted.ratio.idxmax()]
    same_year = trusted[trusted.year == peak.year]
    return found | {
        f"history.{key}.peak": peak.ratio,
        f"history.{key}.peak-low": same_year.ratio.min(),
        f"history.{key}.peak-year": int(peak.year),
        f"history.{key}.first-year": int(table.year.min()),
    }


def _of_rank(result, reading):
    """By how much the claim's subject leads over the next: the smallest lead that any source shows."""
    leads = []
    for _, states, _ in result.evidence.standings(reading.row).values():
        others = [value for country, value in states.items() if country != result.claim.subject]
        leads.append(states[result.claim.subject] / max(others))
    key = f"reading.{reading.row['reading_id']}"
    return {f"{key}.lead-low": min(leads), f"{key}.lead-high": max(leads)} if leads else {}


def _of_fact(view, fact):
    low, high = fact["value_low"], fact["value_high"]
    low, high = ends(low, high)
    name = f"fact.{fact['fact_id']}"
    found = {
        name: (low + high) / 2,
        f"{name}.low": low,
        f"{name}.high": high,
        f"{name}.period": fact["period"],
    }
    if fact["unit"] in ("usd-bn", "cny-bn"):
        found[f"{name}.usd"] = sum(view.dollars({**fact, "value_low": low, "value_high": high})) / 2
    return found


def _of_money(view):
    """Sums of money, in dollars of their own year, per inhabitant of the region and against its economy in the year
    of the World Bank's last figures known on the day."""
    region = [c for c in view.interview["region"].split("|") if c]
    tables_ = {
        i: {c: view.series(i, c, "world-bank") for c in region}
        for i in ("population", "gdp-nominal")
    }
    if not region or any(t.empty for rows in tables_.values() for t in rows.values()):
        return {}
    year = int(max(tables_["gdp-nominal"][region[0]].index))
    people, economy = (
        sum(float(t.value[year]) for t in tables_[i].values())
        for i in ("population", "gdp-nominal")
    )
    found = {"region.people": people, "region.gdp": economy / 1e9, "region.year": year}
    sums = {
        f"fact.{f['fact_id']}": sum(view.dollars(f)) / 2
        for f in view.facts
        if f["act"] == "announced" and f["bound"] == "exact"
    }
    sums |= {
        c.claim_id: c.low
        for c in view.frames["claims"].itertuples()
        if c.unit == "usd-bn" and c.interview_id == view.interview["interview_id"]
    }
    for name, billions in sums.items():
        found |= {
            f"{name}.per-person": 1e9 * billions / people,
            f"{name}.gdp-share": 100e9 * billions / economy,
        }
    return found
