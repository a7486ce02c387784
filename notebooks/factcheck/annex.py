"""The lists of a brief's annex, made from data/: rule, newest editions, what was not found or left out, corrections, sources."""

from collections.abc import Callable

import pandas as pd

from factcheck import blocks, data, rule
from factcheck.language import Language, escape, sentence
from factcheck.quantities import stated
from factcheck.words import show


def show_some(rows, make: Callable[[Language], str], role: str, **facts: object) -> None:
    """Display a part that is made of rows; where there are none, a sentence that says so."""
    if len(rows):
        show(make, role, **facts)
    else:
        name = {"name": facts["name"]} if "name" in facts else {}
        show(lambda say: say.label("brief.none"), "text", **name)


def rule_list() -> None:
    """Display the rule by which verdicts follow, a line a verdict."""
    values = {"tolerance": 100 * rule.TOLERANCE, "years": rule.OUT_OF_DATE_YEARS}

    def text(say: Language) -> str:
        return "\n".join(
            f"- **{say.label('verdict.' + word)}**: {escape(say.label('rule.' + word, **values))}."
            for word in rule.VERDICTS
        )

    show(text, "text")


def newest_list(*indicators: str) -> None:
    """Display, series by series, the newest edition of each source that was obtained, with its day."""
    newest = {indicator: data.editions(indicator).loc["newest"] for indicator in indicators}

    def text(say: Language) -> str:
        lines = []
        for indicator, sources in newest.items():
            told = "; ".join(
                f"{escape(blocks.source_name(say, source))} ({say.date(row.published)})"
                for source, row in sources.iterrows()
            )
            lines.append(f"- {escape(say.label(f'indicator.{indicator}'))}: {told}.")
        return "\n".join(lines)

    show(text, "text")


def searches_list() -> None:
    """Display everything that was looked for and not found, a line each."""
    rows = data.table("searches")

    def text(say: Language) -> str:
        return "\n".join(f"- {blocks.search(say, row)}." for _, row in rows.iterrows())

    show_some(rows, text, "text")


def exclusions_list() -> None:
    """Display what was left out as too weak to count, a line each with its reason."""
    rows = data.table("exclusions")

    def text(say: Language) -> str:
        return "\n".join(
            f"- {escape(say.of(row, 'what'))}: {sentence(say.of(row, 'reason'))}"
            for _, row in rows.iterrows()
        )

    show_some(rows, text, "text")


def corrections_markdown(say: Language) -> str:
    """What was published wrongly, newest day first, as Markdown; a sentence where there is nothing."""
    rows = data.table("corrections")
    if rows.empty:
        return say.label("corrections.none")
    parts = []
    for day, of_day in sorted(rows.groupby("corrected_on"), reverse=True):
        parts.append(f"*{say.date(day)}*\n")
        changes = of_day.apply(lambda row: _change(say, row), axis="columns")
        # Several claims may have been wrong in one and the same way.
        for change, same in of_day.groupby(changes, sort=False):
            parts.append(
                f"- {', '.join(_claim_link(say, name) for name in same.claim_id)}: {change}"
            )
    return "\n".join(parts)


def _claim_link(say: Language, claim_id: str) -> str:
    if not claim_id:
        return escape(say.label("corrections.whole"))
    return f"[{escape(say.of(data.claim_row(claim_id), 'title'))}](#claim-{claim_id})"


def _change(say: Language, row: pd.Series) -> str:
    """What stood, what stands, and why; of a column in another language, only why."""
    reason = sentence(say.of(row, "reason"))
    if row.finding.endswith("_en") and say.code != "en":
        return reason
    if row.finding == "verdict":
        stood, stands = (say.label(f"verdict.{row[name]}") for name in ("stood", "stands"))
    else:
        stood, stands = (row.get(f"{name}_{say.code}") or row[name] for name in ("stood", "stands"))
    return f"{escape(say.label('corrections.item', stood=stood, stands=stands))} {reason}"


def corrections() -> None:
    """Display the corrections."""
    show(corrections_markdown, "text", name="corrections")


def facts_table(*topics: str) -> None:
    """Display dated facts and events of these topics (all, if none is named) with value, source and doubt."""
    records = [
        row for name in ("facts", "events") for _, row in data.annex(name, *topics).iterrows()
    ]

    def text(say: Language) -> str:
        head = [say.label(f"table.{key}") for key in ("date", "figure", "source", "doubt")]
        rows = [_fact_row(say, row) for row in records]
        return f"#### {say.label('annex.facts')}\n\n" + blocks.grid(head, rows, "llll")

    if records:
        show(text, "details")


def _fact_row(say: Language, row: pd.Series) -> list[str]:
    value = stated(say, row)
    text = escape(say.of(row, "statement")) + (f": **{escape(value)}**" if value else "")
    text += blocks.original(say, row)
    when = say.date(row.get("period", "") or row.date)
    source = f"[{escape(say.of(row, 'institution'))}](#source-{row.source_id})"
    return [when, text, source, escape(say.of(row, "doubt"))]


def sources_list() -> None:
    """Display every source: institution, date, title, address, and how well it was seen; links lead here."""
    rows = data.table("sources")
    show_some(rows, lambda say: _sources(say, rows), "sources", sources=list(rows.source_id))


def _sources(say: Language, rows: pd.DataFrame) -> str:
    table = [
        [f"{escape(say.of(row, 'institution'))}, {say.date(row.published)}", _document_of(say, row)]
        for _, row in rows.iterrows()
    ]
    return blocks.grid([say.label("table.source"), say.label("table.what")], table, "ll")


def _document_of(say: Language, row: pd.Series) -> str:
    """What a source is, in a line: title, address or that it is not known, the copy that was read, how well."""
    own = row.get(f"publication_{say.code}") or row.publication
    title = escape(", ".join(part for part in (own, row.vintage) if part))
    parts = [f"[{title}](<{row.address}>)" if row.address else title]
    if row.repository:
        parts.append(escape(f"{row.repository}, {row.file} @ {row.commit[:10]}"))
    elif not row.address:
        parts.append(say.label("source.no-address"))
    if row.read_in:
        # Their full addresses stand in data/sources.csv.
        sites = dict.fromkeys(address.split("/")[0] for address in row.read_in.split("; "))
        parts.append(escape(say.label("source.copy", where=", ".join(sites))))
    return "; ".join([*parts, say.label(f"seen.{row.seen}")])
