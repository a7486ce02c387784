"""What looks the same for every claim: its heading and quote, and the evidence for its verdict.

Each block is displayed once, in all languages; texts that come from data/ are escaped.
"""

from collections.abc import Mapping
from functools import cache

import pandas as pd

from factcheck import ROOT, data, interview, reads, rule
from factcheck.findings import Finding
from factcheck.judging import Reading, against
from factcheck.language import NBSP, Language, escape, sentence
from factcheck.quantities import between, measured, stated
from factcheck.words import show

LEVEL = 3  # of a claim's heading: below the title of a brief and the headings of its parts


@cache
def _text(file: str) -> str:
    reads.record_file(file)
    return interview.read(ROOT / file)


def paragraph(claim: pd.Series) -> int:
    """Number of the paragraph of the interview in which the claim's quote stands; ValueError if it does not."""
    try:
        return interview.locate(_text(data.asked().file), claim.quote).paragraph
    except ValueError as error:
        raise ValueError(f"data/claims.csv: quote of {claim.name}: {error}") from None


def show_claim(claim_id: str) -> pd.Series:
    """The claim (a row of data/claims.csv); displays its heading and its quote with the place.

    Raises KeyError for an unknown claim, ValueError where the quote does not stand in the interview.
    """
    claim = data.claim_row(claim_id)
    place = paragraph(claim)
    show(
        lambda say: _heading_and_quote(say, claim, place), "claim", claim=claim_id, paragraph=place
    )
    return claim


def _heading_and_quote(say: Language, claim: pd.Series, place: int) -> str:
    return f"{'#' * LEVEL} {escape(say.of(claim, 'title'))}\n\n{quote(say, claim, place)}"


def quote(say: Language, claim: pd.Series, place: int) -> str:
    """The quote as Markdown: the words, our rendering where the reader needs one, who said it and where."""
    lines = [f"> «{escape(claim.quote)}»"]
    if say.code != data.asked().language and say.of(claim, "quote"):
        lines.append(f"> *{escape(say.of(claim, 'quote'))}*")
    speaker = say.of(claim, "speaker")
    if speaker == say.of(data.asked(), "speaker"):  # named on the front page
        told = say.label("attribution.own", paragraph=place).replace(" ", NBSP)
    else:
        told = say.label("attribution", speaker=speaker, paragraph=place)
    return "\\\n".join(lines) + f"{NBSP}— {escape(told)}"


def show_evidence(found: Finding) -> None:
    """Display what decided a claim, with sources, doubts and confidence; then everything measured, folded."""
    show(lambda say: "\n\n".join(_evidence(say, found)), "evidence", claim=found.claim.name)
    if found.primary and len(found.measured) > 1:
        show(lambda say: _all_values(say, found), "details", claim=found.claim.name)


def research(say: Language, found: Finding) -> str:
    """For whoever works in the notebook: verdict, readings, and the choices on which it hangs."""
    lines = [f"**{say.label('verdict.' + found.verdict)}**"]
    lines += [_reading(say, found, reading) for reading in found.readings.values()]
    return "\n\n".join([*lines, _choices(say, found)])


def _choices(say: Language, found: Finding) -> str:
    """The choices that would change the verdict, as a paragraph; the readings have said so already."""
    told = "; ".join(
        say.label(
            "change.item",
            choice=choice(
                say, {name: reading.row for name, reading in found.readings.items()}, *what
            ),
            verdict=say.format(other, "verdict.lower"),
        )
        for what, other in found.changes
        if what[0] != "reading"
    )
    return f"*{say.label('section.choices')}:* {escape(told)}." if told else ""


def _evidence(say: Language, found: Finding) -> list[str]:
    """Paragraphs: the readings with what they found, what was looked for, nearest evidence, confidence."""
    readings = list(found.readings.values())
    parts = ["\n".join(_reading(say, found, reading) for reading in readings if len(reading.rows))]
    if found.verdict in ("unproven", "too-vague"):
        parts += [searched(say, found.claim.name), nearest(say, found.near)]
    parts.append(_choices(say, found))
    if found.claim.confidence:
        parts.append(confidence(say, found.claim))
    return [part for part in parts if part]


def confidence(say: Language, claim: pd.Series) -> str:
    """How sure we are and why, and what would change it, as a paragraph."""
    sure = say.label(f"confidence.{claim.confidence}")
    return (
        f"*{say.label('section.confidence')}: {sure}.* {sentence(say.of(claim, 'confidence_reason'))} "
        f"*{say.label('section.change')}:* {sentence(say.of(claim, 'would_change'))}"
    )


def _reading(say: Language, found: Finding, reading: Reading) -> str:
    """One bullet: how the claim is read, each source's value, and, if it is not the one judged, its verdict."""
    label = escape(say.of(reading.row, "label"))
    if reading is found.primary:
        label = f"**{label}**" if len(found.readings) > 1 else ""
    if reading.is_order and reading is found.primary:
        told = "\n".join(f"  - {_case(say, row)}" for _, row in reading.rows.iterrows())
        return f"- {label}\n{told}" if label else told.replace("  - ", "- ")
    if reading.is_order:
        told = found_text(say, found, reading)
    else:
        told = "; ".join(_value(say, found, reading, row) for _, row in reading.rows.iterrows())
    verdict = say.format(reading.verdict, "verdict.lower")
    end = "" if reading is found.primary else f" — *{say.label('reading.then', verdict=verdict)}*"
    return f"- {label}{': ' if label else ''}{told or say.label('found.nothing')}{end}"


def _value(say: Language, found: Finding, reading: Reading, row: pd.Series) -> str:
    """A source's value with its name, linked to the list of sources: "World Bank 69.4 (2023)", "IMF, first (2024)"."""
    year = (
        say.date(row.period)
        if row.firm
        else say.label("found.estimate", value=say.date(row.period))
    )
    name = linked(say, row) + ("," if reading.row.measure == "rank" else "")
    return f"{name} {escape(measured(say, row, found.claim.unit))} ({year})"


def found_text(say: Language, found: Finding, reading: Reading | None = None) -> str:
    """What a reading (by default the one judged) found, in a few words: "69 to 70 times", "2 of 4 began elsewhere"."""
    reading = reading or found.primary
    if reading is None:
        return say.label("found.vague")
    if reading.rows.empty:
        return say.label("found.nothing")
    if reading.is_order:
        return _found_in_order(say, found.claim, reading)
    if reading.row.measure == "rank":
        return say.label("found.rank", place=say.ordinal(reading.high))
    if len(reading.rows) == 1:
        shown = measured(say, reading.rows.iloc[0], found.claim.unit, unit=True)
    else:
        shown = between(say, reading.low, reading.high, found.claim.unit)
    return say.label("found.so-far", value=shown) if found.verdict == rule.NOT_YET_DUE else shown


def _found_in_order(say: Language, claim: pd.Series, reading: Reading) -> str:
    events = reading.rows
    measure = reading.row.measure
    if measure in ("always", "never"):
        exceptions = against(reading, claim.subject)
        return say.label(f"found.{measure}", against=exceptions, total=len(events))
    if reading.row.measure == "ordinal":
        place = list(events.sort_values("date").event_id).index(claim.subject) + 1
        return say.ordinal(place)
    kind = "documented" if reading.row.measure == "occurrence" else "earliest"
    return say.label(f"found.{kind}", date=say.date(events.date.min()))


def linked(say: Language, row) -> str:
    """The name of a row's source as a link to its entry among the sources; of several, to each of them."""
    name, ids = escape(source_name(say, row.source)), row.source_id.split("|")
    if len(ids) == 1:
        return f"[{name}](#source-{ids[0]})"
    each = (f"[{escape(say.of(data.source(one), 'institution'))}](#source-{one})" for one in ids)
    return f"{name} ({', '.join(each)})"


def source_name(say: Language, source: str) -> str:
    """Name of a provider of series, or of the institution behind a source."""
    key = f"provider.{source}"
    return say.label(key) if say.has(key) else say.of(data.source(source), "institution")


def _case(say: Language, event) -> str:
    """An event with its date and its source, and the decisive words in the original beside our translation."""
    text = f"{say.date(event.date)}: {escape(say.of(event, 'statement'))} ({linked(say, event)})"
    return text + original(say, event)


def original(say: Language, record) -> str:
    """The words of the source in its own language with our translation, marked as ours; empty if none are kept.

    The exporters know them by the tag: the PDF prints the first ones of a claim only.
    """
    if not record.get("original", ""):
        return ""
    words = f"«{escape(record.original)}»"
    if record.original_language != say.code:
        words = f'<span lang="{record.original_language}">{words}</span>'
        words += " " + say.label("section.ours", text=escape(say.of(record, "ours")))
    return f' <span data-tag="words">{words}</span>'


def searched(say: Language, claim_id: str) -> str:
    """What was looked for and not found for a claim, as a paragraph; empty if nothing is recorded."""
    searches = data.table("searches")
    rows = searches[searches.claim_id == claim_id]
    told = "; ".join(search(say, row) for _, row in rows.iterrows())
    return f"*{say.label('section.looked')}:* {told}." if told else ""


def search(say: Language, row: pd.Series) -> str:
    """A search with its number, languages and month, as far as they are recorded."""
    details = [] if pd.isna(row.searches) else [say.format(int(row.searches), "count.searches")]
    details += [say.label(f"searched.{code}") for code in row.languages.split()]
    return f"{escape(say.of(row, 'what'))} ({', '.join([*details, say.date(row.searched_on)])})"


def nearest(say: Language, near: pd.DataFrame | None) -> str:
    """The facts and events nearest to a claim that they cannot decide, as a list under a heading; empty if none."""
    if near is None or near.empty:
        return ""
    return f"*{say.label('section.nearest')}:*\n\n" + "\n".join(
        f"- {record(say, row)}" for _, row in near.iterrows()
    )


def record(say: Language, row: pd.Series) -> str:
    """A fact or an event in a line: what, value, date and source, doubt, original words."""
    value = stated(say, row)
    text = escape(say.of(row, "statement")) + (f": {escape(value)}" if value else "")
    when = row.period if isinstance(row.get("period"), str) and row.period else row.date
    text += f" ({say.date(when)}; {linked(say, row)})"
    doubt = say.of(row, "doubt")
    return text + (f" — {escape(doubt)}" if doubt else "") + original(say, row)


def show_records(rows: pd.DataFrame, role: str = "records") -> None:
    """Display facts or events as a list: what, value, date, source, doubt, original words."""
    show(lambda say: "\n".join(f"- {record(say, row)}" for _, row in rows.iterrows()), role)


def choice(say: Language, labels: Mapping, kind: str, detail) -> str:
    """Another choice in words: "a tolerance of 20%", "only the UN"; `labels`: rows with label_en … by reading."""
    if kind == "tolerance":
        return say.label("choice.tolerance", share=100 * detail)
    if kind == "reading":
        return say.label("choice.reading", label=say.of(labels[detail], "label"))
    if kind == "source":
        return say.label("choice.source", who=source_name(say, detail))
    return say.label(f"choice.{kind}")


def _all_values(say: Language, found: Finding) -> str:
    """Everything that the readings found, as a table: values with the verdict of their source, cases with what was."""
    rows, is_order = [], found.primary.is_order
    for reading in found.readings.values():
        for _, row in reading.all_rows.iterrows():
            when = row.date if reading.is_order else row.period
            if reading.is_order:
                told = escape(say.of(row, "statement"))
            else:
                told = f"{escape(measured(say, row, found.claim.unit))} — {say.label('verdict.' + row.verdict)}"
            edition = say.label(f"edition.{row.edition}")
            rows.append(
                [
                    escape(say.of(reading.row, "label")),
                    say.date(when),
                    told,
                    linked(say, row),
                    edition,
                ]
            )
    rows = [[*row[:4], "; ".join(same)] for row, same in _together(rows)]
    value = "figure" if is_order else "by-itself"
    head = [say.label(f"table.{key}") for key in ("reading", "date", value, "source", "edition")]
    return f"#### {say.label('section.all-values')}\n\n" + grid(head, rows, "lllll")


def _together(rows: list[list[str]]):
    """Rows that differ in their last cell only, once, with the different ends: known on the day, newest."""
    seen: dict[tuple, list[str]] = {}
    for *row, edition in rows:
        seen.setdefault(tuple(row), []).append(edition)
    return [(list(row), editions) for row, editions in seen.items()]


def grid(head: list[str], rows: list[list[str]], align: str) -> str:
    """A pipe table of cells that are Markdown already; `align` has a letter a column: l, r or c."""
    marks = {"l": ":--", "r": "--:", "c": ":-:"}
    lines = [head, [marks[letter] for letter in align], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)
