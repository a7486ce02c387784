"""Everything that must hold before a verdict may be drawn: one line a problem, none when all is well.

The schema is checked by `tables`, quotes and intervals by `claims`, numerals by `interview`. Here are the
checks that take several tables at once, and those that the sources allow on one another.
"""

import hashlib
from collections import defaultdict
from statistics import median

import pandas as pd

from factcheck import ROOT, interview, tables, verdict
from factcheck.evidence import ATTRIBUTES, Evidence

AGREE = 0.10  # two sources of one ratio, in a year that both call actual
REVISED = 0.25  # two editions of one source; Turkmenistan's GDP was revised by a sixth
STEP = 2.0  # from one year to the next no population or GDP here doubled or halved


def problems(root=ROOT):
    """All problems of data/ and seeds/, as lines; empty if there are none."""
    lines = tables.check(root)
    if lines:
        return lines
    frames = tables.load_all(root)
    lines = verdict.check(frames, root)
    lines += _mentions(frames, root) + _references(frames) + _units(frames) + _series(frames)
    lines += _originals(frames) + _places(frames)
    if not lines:
        lines += _ratios(frames) + _sums(frames) + _corrections(frames)
    return lines


def _units(frames):
    """Facts that match a claim but are in a unit that cannot be set against the claim's."""
    lines, claimed = [], frames["claims"].set_index("claim_id")
    row_of = dict(zip(frames["facts"].fact_id, frames["facts"].index))
    for reading in frames["readings"].query("measure == 'value'").to_dict("records"):
        claim = claimed.loc[reading["claim_id"]]
        view = Evidence(frames, claim.interview_id)
        for fact in view.matching_facts(reading, newest=True):
            if view.unit_of(fact) != claim.unit:
                lines.append(
                    tables.problem(
                        "facts",
                        row_of[fact["fact_id"]],
                        "unit",
                        fact["unit"],
                        f"what compares with {claim.unit}, the unit of claim {claim.name}",
                    )
                )
    return list(dict.fromkeys(lines))


def _originals(frames):
    """Decisive words without their language, or without our translation into each of the brief's languages."""
    lines = []
    for name in ("facts", "events"):
        for number, row in frames[name].iterrows():
            if bool(row.original) != bool(row.original_language):
                expected = "words and their language, or neither"
                lines.append(tables.problem(name, number, "original", row.original, expected))
            for language in ("en", "ru"):
                ours, own = row[f"ours_{language}"], row.original_language == language
                if bool(ours) != (bool(row.original) and not own):
                    expected = "our translation" if not ours else "nothing to translate"
                    lines.append(tables.problem(name, number, f"ours_{language}", ours, expected))
    return lines


def _places(frames):
    """Sources of which nobody could say where they were read, and files without repository or commit."""
    lines = []
    known = set(frames["sources"].source_id)
    for number, row in frames["sources"].iterrows():
        if not (row.address or row.repository or row.read_in):
            expected = "an address, a repository or read_in"
            lines.append(tables.problem("sources", number, "address", "", expected))
        if len({bool(row[column]) for column in ("repository", "file", "commit")}) > 1:
            expected = "repository, file and commit, or none of them"
            lines.append(tables.problem("sources", number, "repository", row.repository, expected))
        if "://" in row.read_in:
            expected = "an address without https://, because it is no link"
            lines.append(tables.problem("sources", number, "read_in", row.read_in, expected))
    for number, row in frames["readings"].iterrows():
        for source in filter(None, row.complete_sources.split("|")):
            if source not in known:
                expected = "a source_id of data/sources.csv"
                lines.append(
                    tables.problem("readings", number, "complete_sources", source, expected)
                )
    return lines


def _mentions(frames, root):
    lines = []
    for row in frames["interviews"].itertuples():
        text = interview.read(root / row.file)
        actual = hashlib.sha256((root / row.file).read_bytes()).hexdigest()
        if actual != row.sha256:
            lines.append(
                tables.problem(
                    "interviews",
                    row.Index,
                    "sha256",
                    row.sha256,
                    f"{actual}, which is that of {row.file}; restore the text as received",
                )
            )
        rows = frames["mentions"].query("interview_id == @row.interview_id").to_dict("records")
        lines += [f"data/mentions.csv: {line}" for line in interview.audit(text, rows)]
    return lines


def _references(frames):
    """Claims that nothing was looked up for, sources and facts that nothing uses, words that are missing."""
    lines = []
    facts, events, readings = frames["facts"], frames["events"], frames["readings"]
    topics = set(facts.topic) | set(events.topic)
    looked_up = set(readings.topic) | set(frames["claims"].topic)
    searched = set(frames["searches"].claim_id)
    for number, row in frames["claims"].iterrows():
        own = readings[readings.claim_id == row.claim_id]
        measured = (own.indicator != "").any() or bool(({row.topic} | set(own.topic)) & topics)
        if not measured and row.claim_id not in searched:
            lines.append(
                tables.problem(
                    "claims",
                    number,
                    "claim_id",
                    row.claim_id,
                    "a reading with evidence in series, facts or events, or a row in searches",
                )
            )
    for name, frame in (("facts", facts), ("events", events)):
        for number, row in frame.iterrows():
            if row.topic not in looked_up:
                lines.append(
                    tables.problem(
                        name, number, "topic", row.topic, "a topic that a claim or reading names"
                    )
                )
        known = {
            attribute: set(facts[attribute]) | set(events[attribute]) for attribute in ATTRIBUTES
        }
    series = frames["series"].assign(
        indicator=frames["series"].source_id.map(frames["sources"].set_index("source_id").indicator)
    )
    subjects = frames["claims"].set_index("claim_id").subject
    for number, row in readings.iterrows():
        having = set(series.country[series.indicator == row.indicator])
        countries = list(filter(None, row.countries.split("|")))
        for country in countries:
            if country not in having:
                lines.append(
                    tables.problem(
                        "readings",
                        number,
                        "countries",
                        country,
                        f"a country of which series.csv has {row.indicator}",
                    )
                )
        if row.measure == "ratio" and len(countries) != 2:
            lines.append(
                tables.problem(
                    "readings",
                    number,
                    "countries",
                    row.countries,
                    "two countries, the one that is more and the one that is less: CHN|KAZ",
                )
            )
        if row.measure == "rank" and countries and subjects[row.claim_id] not in countries:
            lines.append(
                tables.problem(
                    "readings",
                    number,
                    "countries",
                    row.countries,
                    f"the claim’s subject, {subjects[row.claim_id] or 'a country'}, among them",
                )
            )
        if row.topic and row.topic not in topics and row.claim_id not in searched:
            lines.append(
                tables.problem(
                    "readings", number, "topic", row.topic, "a topic of facts.csv or events.csv"
                )
            )
        if row.indicator == "" and row.topic == "":
            lines.append(
                tables.problem(
                    "readings", number, "topic", "", "a topic, or an indicator, to measure by"
                )
            )
        if row.claim_id not in searched:
            for attribute in ATTRIBUTES:
                for value in filter(None, row[attribute].split("|")):
                    if value not in known[attribute]:
                        lines.append(
                            tables.problem(
                                "readings",
                                number,
                                attribute,
                                value,
                                f"a value that some fact or event has as its {attribute}",
                            )
                        )
    used = set(frames["series"].source_id) | set(facts.source_id) | set(events.source_id)
    for number, row in frames["sources"].iterrows():
        if row.source_id not in used:
            lines.append(
                tables.problem(
                    "sources", number, "source_id", row.source_id, "a source that something uses"
                )
            )
        if bool(row.provider) != bool(row.indicator) or bool(row.indicator) != bool(row.unit):
            lines.append(
                tables.problem(
                    "sources",
                    number,
                    "provider",
                    row.provider,
                    "provider, indicator and unit all filled in (series) or all empty (facts)",
                )
            )
    labels = set(frames["labels"].key)
    wanted = {f"topic.{t}" for t in topics & looked_up} | {
        f"provider.{p}" for p in frames["sources"].provider if p
    }
    lines += [f"data/labels.csv: the label {key} is missing" for key in sorted(wanted - labels)]
    for name in ("facts",):
        for number, row in frames[name].iterrows():
            low, high = row.value_low, row.value_high
            if low > high:
                lines.append(
                    tables.problem(name, number, "value_low", low, f"at most value_high, {high:g}")
                )
            elif row.unit == "percent" and not (
                0 <= (low if low == low else high) <= (high if high == high else low) <= 100
            ):
                lines.append(
                    tables.problem(
                        name, number, "value_high", high, "a share from 0 to 100 per cent"
                    )
                )
            need = {"at-least": "value_low", "at-most": "value_high"}.get(row.bound)
            for column in [need] if need else ["value_low", "value_high"]:
                if pd.isna(row[column]):
                    lines.append(
                        tables.problem(
                            name, number, column, "", f"a number, because the bound is {row.bound}"
                        )
                    )
    return lines


def _series(frames):
    """Values that a slipped digit, unit or row would explain better than history; one line a row."""
    lines = []
    measured = dict(zip(frames["sources"].source_id, frames["sources"].indicator))
    known = set(frames["labels"].key)
    rows = list(frames["series"].reset_index().itertuples())
    for row in {
        row.source_id: row for row in reversed(rows) if measured[row.source_id] == ""
    }.values():
        lines.append(
            tables.problem(
                "series",
                row.row,
                "source_id",
                row.source_id,
                "a source with provider, indicator and unit in sources.csv",
            )
        )
    for number, source in frames["sources"].iterrows():
        if source.indicator and not source.vintage:
            lines.append(
                tables.problem(
                    "sources",
                    number,
                    "vintage",
                    source.vintage,
                    "the edition of the series, such as April 2025",
                )
            )
    for row in {
        row.country: row for row in reversed(rows) if f"country.{row.country}" not in known
    }.values():
        lines.append(
            tables.problem(
                "series",
                row.row,
                "country",
                row.country,
                f"a country that data/labels.csv has as country.{row.country}",
            )
        )
    if lines:
        return lines
    for before, row, after in zip(rows, rows[1:], rows[2:]):
        same = (
            before.source_id == row.source_id == after.source_id and before.country == after.country
        )
        if same and row.country != before.country:
            lines.append(
                tables.problem(
                    "series",
                    row.row,
                    "country",
                    row.country,
                    f"{before.country}, like the rows before and after it",
                )
            )
    years, sources = defaultdict(dict), defaultdict(dict)
    for row in rows:
        years[row.source_id, row.country][row.year] = row.value
        sources[measured[row.source_id], row.country, row.year][row.source_id] = row.value
    for row in rows:
        own = years[row.source_id, row.country]
        nearest = sorted(
            (year for year in own if 0 < abs(year - row.year) < 4),
            key=lambda year: abs(year - row.year),
        )
        others = sources[measured[row.source_id], row.country, row.year]
        for values, what in (
            ([own[year] for year in nearest[:3]], "those of the years around it"),
            ([others[s] for s in others if s != row.source_id], "the other sources’"),
        ):
            # Two figures that differ do not say which of them is wrong; a third does.
            if (
                len(values) > 1
                and max(values) < STEP * min(values)
                and not (1 / STEP < row.value / median(values) < STEP)
            ):
                lines.append(
                    tables.problem(
                        "series",
                        row.row,
                        "value",
                        row.value,
                        f"a value near {what}, whose middle is {median(values):g}",
                    )
                )
                break
    return lines


def _sums(frames):
    """The parts of a region must add up to the total that the same source states, to its last digit."""
    lines = []
    facts = frames["facts"]
    for names in dict.fromkeys(
        frames["interviews"].region
    ):  # once, however many interviews speak of a region
        region = [country for country in names.split("|") if country]
        for _, group in facts.groupby(
            ["source_id", "topic", "period", "actor", "act", "basis", "unit"]
        ):
            is_country = group.object.str.fullmatch("[A-Z]{3}")
            parts, totals = group[is_country], group[~is_country]
            if region and set(parts.object) == set(region) and len(totals) == 1:
                total, found = totals.value_low.iloc[0], parts.value_low.sum()
                if abs(found - total) > 0.05 * len(region):
                    lines.append(
                        tables.problem(
                            "facts",
                            totals.index[0],
                            "value_low",
                            total,
                            f"the sum of its parts, {found:g}",
                        )
                    )
    return lines


def _corrections(frames):
    """The corrections of a finding must be a chain: each begins with what the one before put in its place, and
    what the last says stands now must be what now follows from the data."""
    if frames["corrections"].empty:
        return []
    from factcheck import findings  # only here: nothing else in this module draws conclusions

    known, claimed = (
        findings.values(verdict.results(frames), frames),
        frames["claims"].set_index("claim_id"),
    )
    lines, chains = [], defaultdict(list)
    for number, row in frames["corrections"].sort_values("corrected_on", kind="stable").iterrows():
        chains[row.claim_id, row.finding].append((number, row))
    for (claim, finding), chain in chains.items():
        if finding == "text":  # a sentence: no figure follows from it that could be compared
            continue
        allowed = verdict.VERDICTS if finding == "verdict" else ()
        now = known.get(f"{claim}.{finding}", known.get(finding))
        if now is None and finding in claimed:
            now = claimed.loc[claim, finding]
        if now is None:
            lines.append(
                tables.problem(
                    "corrections",
                    chain[0][0],
                    "finding",
                    finding,
                    "verdict, text, a column of claims.csv, or a name as in factcheck/findings.py",
                )
            )
            continue
        before = None
        for number, row in chain:
            if allowed and row.stood not in allowed:
                lines.append(
                    tables.problem(
                        "corrections", number, "stood", row.stood, f"one of {', '.join(allowed)}"
                    )
                )
            elif before and row.stood != before:
                lines.append(
                    tables.problem(
                        "corrections",
                        number,
                        "stood",
                        row.stood,
                        f"what the correction before it put in its place, {before}",
                    )
                )
            elif row.stood == row.stands:
                lines.append(
                    tables.problem(
                        "corrections", number, "stood", row.stood, "another value than stands now"
                    )
                )
            before = row.stands
        if before != (now := _as_written(now, before)):
            lines.append(
                tables.problem(
                    "corrections",
                    chain[-1][0],
                    "stands",
                    before,
                    f"what now follows, {now}; correct again in a row of its own",
                )
            )
    return lines


def _as_written(value, text):
    """A finding as text, a number with as many decimals as `text` has."""
    if isinstance(value, (int, float)):
        return f"{value:.{len(text.partition('.')[2])}f}"
    return str(value)


def _ratios(frames):
    """Two sources of one ratio, and two editions of one source, must agree within a stated band."""
    lines = []
    ratios = frames["readings"][frames["readings"].measure == "ratio"]
    interviews = frames["claims"].set_index("claim_id").interview_id
    for row in ratios.itertuples():
        view = Evidence(frames, interviews[row.claim_id])
        known, newest = (
            view.ratios(row.indicator, row.countries.split("|"), n) for n in (False, True)
        )
        firm = known[known.status == "actual"]
        for year, group in firm.groupby("year"):
            low, high = group.loc[group.ratio.idxmin()], group.loc[group.ratio.idxmax()]
            # Before 2014 the two institutions' purchasing-power parities differ by more than any slip would.
            if high.ratio / low.ratio - 1 > (AGREE if row.indicator != "gdp-ppp" else 2 * AGREE):
                lines.append(
                    f"data/series.csv: the ratio {row.countries} of {row.indicator} in {year} is "
                    f"{low.ratio:.1f} by {low.provider} and {high.ratio:.1f} by {high.provider}; "
                    f"expected sources that agree within {AGREE:.0%}"
                )
        both = known.merge(newest, on=["provider", "year"], suffixes=("", "_new"))
        for pair in both[(both.ratio / both.ratio_new - 1).abs() > REVISED].itertuples():
            lines.append(
                f"data/series.csv: {pair.provider}, {row.countries} of {row.indicator} in {pair.year}: "
                f"{pair.ratio:.1f} in one edition and {pair.ratio_new:.1f} in the other; "
                f"expected revisions within {REVISED:.0%}"
            )
    return lines
