"""What is wrong in data/ and seeds/, and what is left to do: one line each, for `make check` and the tests.

Wrong is what contradicts itself, was lost on the way, or keeps the brief from being made. To do is what
nobody has worked on yet: a new project is sound, and stays so while claims are added. The schema is
checked by `schema`, a claim's words by `claims`, numerals by `interview`, values by `plausible`, labels by
`wordcheck`, corrections by `published`; here is what else takes several tables at once.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from math import inf, nan
from pathlib import Path

from . import ROOT, claims, csvfiles, interview, plausible, published, reads, schema, wordcheck
from .csvcells import hint
from .csvfiles import Row

ATTRIBUTES = ("actor", "act", "object", "basis")
TOGETHER = {
    "sources": [("provider", "indicator", "unit"), ("repository", "file", "commit")],
    "facts": [("original", "original_language")],
    "events": [("original", "original_language")],
}
SHOWN = 5  # numerals to answer next; all hundred would hide what else is to do
SLIP = 0.8  # as alike as that, an unknown name is taken for a misspelt one
Tables = dict[str, list[Row]]


def problems(root: Path = ROOT) -> list[str]:
    """All that is wrong in data/ and seeds/, none if all is well. What only repeats an earlier line is left out."""
    lines = schema.problems(root)
    if lines:
        return lines
    tables = _tables(root)
    lines = [*published.clipped(tables, root), *_texts(tables, root)]
    for one in (_claims, _measures, _together, _evidence, _originals, _sources, _figures):
        lines += one(tables)
    lines += [*wordcheck.missing_labels(tables), *wordcheck.one_sided(tables)]
    return lines + plausible.problems(tables, _region(tables))


def problems_of_findings(root: Path = ROOT) -> list[str]:
    """What contradicts the stored findings, or leaves them open; says something where they are up to date.

    Not part of `problems`: these lines must not keep a build from finding something else.
    """
    return [*published.problems(_tables(root), {f["claim"]: f for f in _findings(root)})]


def to_do(root: Path = ROOT) -> list[str]:
    """What is unfinished, in the order in which a person does it; only where nothing is wrong."""
    tables, blanks = _tables(root), wordcheck.to_write(root)
    lines = [line for line in blanks if line.startswith("data/interviews.csv")]
    for row in tables["interviews"]:
        open_ = interview.audit(interview.read(root / row["file"]), tables["mentions"]).to_do
        lines += [f"data/mentions.csv: {line}" for line in open_[:SHOWN]]
        lines += [f"data/mentions.csv: and {len(open_) - SHOWN} more"] * (len(open_) > SHOWN)
    lines += [*_unread(tables), *_unanswered(tables), *_unused(tables)]
    concluded = {finding["claim"] for finding in _findings(root)}
    for row in tables["claims"]:
        if row["claim_id"] not in concluded:
            lines.append(f"notebooks: a section that concludes on the claim {row['claim_id']}")
    lines += published.left_out(root)
    for row in tables["publication"]:
        if not any(row.cells[name] for name in row if name != "key"):
            place = f"data/publication.csv, row {row.number}"
            lines.append(f"{place}: {row['key']} is blank; the brief does not say it then")
    lines += [line for line in blanks if line not in lines]
    unused = wordcheck.unused_labels(tables, root)
    return lines + [f"data/labels.csv: nothing uses {', '.join(unused)}"] * bool(unused)


def normalise(root: Path = ROOT) -> list[str]:
    """Bring the tables into their own form; a line for each file that was in another."""
    paths = [root / "data" / f"{name}.csv" for name in csvfiles.descriptor(root)]
    return [line for path in paths for line in csvfiles.normalise(path)]


def _tables(root):
    return {name: csvfiles.records(name, root) for name in csvfiles.descriptor(root)}


def _region(tables):
    return [name for row in tables["interviews"] for name in row["region"].split("|") if name]


def _by_id(rows, key):
    return {row[key]: row for row in rows}


def _findings(root):
    """What the stored notebooks concluded, in the order of their names."""
    return [
        f for path in sorted((root / "notebooks").glob("*.ipynb")) for f in reads.findings(path)
    ]


# ---- what was said


def _texts(tables, root) -> Iterator[str]:
    """One text, as it was received; each quote stands in it once, each numeral has its row."""
    if len(tables["interviews"]) != 1:
        yield f"data/interviews.csv: expected one interview, found {len(tables['interviews'])}"
    for row in tables["interviews"]:
        try:
            text = interview.read(root / row["file"])
        except OSError:
            yield row.problem("file", "a file of the project")
            continue
        except ValueError as error:
            yield row.problem("file", f"a text that can be read: {error}")
            continue
        found = hashlib.sha256((root / row["file"]).read_bytes()).hexdigest()
        if found != row["sha256"]:
            expected = f"{found}, which is that of {row['file']}; restore the text as received"
            yield row.problem("sha256", expected)
        for claim in tables["claims"]:
            try:
                interview.locate(text, claim["quote"])
            except ValueError as error:
                yield claim.problem("quote", f"words that stand once in the interview: {error}")
        for line in interview.audit(text, tables["mentions"]).wrong:
            yield f"data/mentions.csv: {line}"


def _claims(tables) -> Iterator[str]:
    """Numbers, hedge and confidence of each claim go together and are in its quote; titles differ."""
    languages = {row["interview_id"]: row["language"] for row in tables["interviews"]}
    titles = [name for name in next(iter(tables["claims"]), {}) if name.startswith("title_")]
    for column in titles:
        seen = {}
        for row in tables["claims"]:
            first = seen.setdefault(row[column].casefold(), row)
            if first is not row:
                yield row.problem(column, f"a title of its own, row {first.number} has it already")
    for row in tables["claims"]:
        numbers = {name: nan if row[name] is None else row[name] for name in ("low", "high")}
        for column, expected in claims.problems({**row, **numbers}, languages[row["interview_id"]]):
            yield row.problem(column, expected)


def _measures(tables) -> Iterator[str]:
    """Each claim has one primary reading, and each reading a measure that goes with the claim."""
    claimed, having = _by_id(tables["claims"], "claim_id"), defaultdict(set)
    sources = _by_id(tables["sources"], "source_id")
    for row in tables["series"]:
        having[sources[row["source_id"]]["indicator"]].add(row["country"])
    for row in tables["readings"]:
        claim = claimed[row["claim_id"]]
        allowed = claims.measure_for(claim["kind"], row["measure"])
        if allowed != row["measure"]:
            expected = f"{allowed}, because the claim is of kind {claim['kind']}"
            yield row.problem("measure", expected)
        if not row["indicator"] and not row["topic"]:
            yield row.problem("topic", "a topic, or an indicator, to measure by")
        countries = [name for name in row["countries"].split("|") if name]
        for country in countries:
            if country not in having[row["indicator"]]:
                expected = f"a country of which series.csv has {row['indicator']}"
                near = hint(country, having[row["indicator"]])
                yield row.problem("countries", expected + near)
        if row["measure"] == "rank" and countries and claim["subject"] not in countries:
            expected = f"the claim’s subject, {claim['subject'] or 'a country'}, among them"
            yield row.problem("countries", expected)
    for row in tables["claims"]:
        own = [r for r in tables["readings"] if r["claim_id"] == row["claim_id"]]
        primary = sum(bool(reading["is_primary"]) for reading in own)
        if own and primary != 1 and row["kind"] != "vague":
            expected = f"exactly one primary reading in readings.csv, found {primary}"
            yield row.problem("claim_id", expected)


# ---- what is known


def _evidence(tables) -> Iterator[str]:
    """Names that facts, events and readings must share, where one looks like a misspelling."""
    asked = {row["topic"] for row in tables["readings"] + tables["claims"]} - {""}
    for row in tables["facts"] + tables["events"]:
        if near := row["topic"] not in asked and hint(row["topic"], asked, SLIP):
            yield row.problem("topic", f"a topic that a claim or a reading names{near}")
    for row, column, name, known in _without_evidence(tables):
        if near := hint(name, known, SLIP):
            yield row.problem(column, f"a {column} that some fact or event has{near}")


def _without_evidence(tables):
    """(reading, column, name, names that there are) of what a reading asks for and no fact or event has."""
    for column in ("topic", *ATTRIBUTES):
        known = {record[column] for record in tables["facts"] + tables["events"]} - {""}
        for row in tables["readings"]:
            for name in filter(None, row[column].split("|")):
                if name not in known:
                    yield row, column, name, known


def _together(tables) -> Iterator[str]:
    """Columns of which a row fills in all or none."""
    for table, groups in TOGETHER.items():
        for row in tables[table]:
            for group in groups:
                if len({bool(row.get(column)) for column in group}) > 1:
                    yield row.problem(group[0], f"{', '.join(group)} all filled in or all empty")


def _sources(tables) -> Iterator[str]:
    """Sources say where they were read, those of series also which edition they are, each of another day."""
    used, seen = {row["source_id"] for row in tables["series"]}, {}
    for row in tables["sources"]:
        if row["source_id"] in used and not row["indicator"]:
            yield row.problem("indicator", "what the rows of series.csv measure")
        elif row["indicator"] and not row["vintage"]:
            yield row.problem("vintage", "the edition of the series, such as April 2025")
        if not any(row.get(name) for name in ("address", "repository", "read_in")):
            yield row.problem("read_in", "an address, a repository or where it was read")
        if "://" in row["read_in"]:
            yield row.problem("read_in", "an address without https://, because it is no link")
    by_id = _by_id(tables["sources"], "source_id")
    for row in tables["series"]:
        source = by_id[row["source_id"]]
        key = *(source[n] for n in ("provider", "indicator", "published")), row["country"]
        first = seen.setdefault(key, source)
        if first is not source and (first["source_id"], source["source_id"]) not in seen:
            seen[first["source_id"], source["source_id"]] = source
            expected = f"another day than that of {first['source_id']}, to tell which is newer"
            yield source.problem("published", expected)
    for row in tables["readings"]:
        for name in filter(None, row.get("complete_sources", "").split("|")):
            if name not in by_id:
                expected = f"a source_id of data/sources.csv{hint(name, by_id)}"
                yield row.problem("complete_sources", expected)


def _figures(tables) -> Iterator[str]:
    """Facts with the ends that their bound needs, in order, within what their unit allows."""
    for row in tables["facts"]:
        low, high = row["value_low"], row["value_high"]
        needed = {"at-least": ["value_low"], "at-most": ["value_high"]}.get(row["bound"])
        for column in needed or ["value_low", "value_high"]:
            if row[column] is None:
                yield row.problem(column, f"a number, because the bound is {row['bound']}")
        values = [value for value in (low, high) if value is not None]
        if low is not None and high is not None and low > high:
            yield row.problem("value_low", f"at most value_high, {row.cells['value_high']}")
        floor, ceiling = claims.ENDS.get(row["unit"], (-inf, inf))
        if values and not floor <= min(values) <= max(values) <= ceiling:
            yield row.problem("value_high", f"a value from {floor:g} to {ceiling:g} {row['unit']}")


def _originals(tables) -> Iterator[str]:
    """Decisive words in another language have our translation into each of ours, and no others have."""
    for row in [*tables["facts"], *tables["events"]]:
        for column in [name for name in row if name.startswith("ours_")]:
            other = row["original"] and row["original_language"] != column.removeprefix("ours_")
            if bool(row[column]) != bool(other):
                yield row.problem(column, "our translation" if other else "nothing to translate")


# ---- what is left to do


def _unread(tables) -> Iterator[str]:
    read = {row["claim_id"] for row in tables["readings"]}
    for row in tables["claims"]:
        if row["claim_id"] not in read and row["kind"] != "vague":
            yield f"data/readings.csv: a primary reading of the claim {row['claim_id']}"


def _unanswered(tables) -> Iterator[str]:
    """Readings that ask for something that no fact and no event has, and no search looked for."""
    searched = {row["claim_id"] for row in tables["searches"]}
    for row, column, name, _ in _without_evidence(tables):
        if row["claim_id"] not in searched:
            yield (
                f"data/facts.csv or events.csv: evidence with the {column} {name} for the reading "
                f"{row['reading_id']}, or a search in searches.csv that found none"
            )


def _unused(tables) -> Iterator[str]:
    """Facts and events on a topic that nobody asks for, and sources that nothing cites."""
    asked = {row["topic"] for row in tables["readings"] + tables["claims"]}
    cited = {
        row.get("source_id") for rows in tables.values() for row in rows if row.table != "sources"
    }
    for name in ("facts", "events"):
        for topic in sorted({row["topic"] for row in tables[name]} - asked):
            yield f"data/readings.csv: a reading or a claim on the topic {topic} of {name}.csv"
    for row in tables["readings"]:
        cited |= {*row.get("complete_sources", "").split("|")}
    for row in tables["sources"]:
        if row["source_id"] not in cited:
            yield f"data/sources.csv, row {row.number}: nothing cites {row['source_id']}"
