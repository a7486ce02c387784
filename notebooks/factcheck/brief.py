"""The brief's own parts: front page, tiles, tables of all claims, sources, limits; made from stored findings.

`collect` reads what `conclude` left in the outputs of the claim notebooks; everything else here shows it.
"""

import json
from collections import Counter
from dataclasses import dataclass

import pandas as pd

from factcheck import NOTEBOOKS, blocks, data, reads, rule
from factcheck.blocks import grid
from factcheck.language import Language, escape, languages
from factcheck.words import FACTS, publish, show


def collect(*stems: str) -> dict[str, dict]:
    """The findings of stored notebooks, {claim_id: finding}, in the order in which they stand there.

    A finding is what `findings.Finding.as_json` describes. Raises FileNotFoundError for a notebook that is
    not there, ValueError for one that holds no finding.
    """
    found = {}
    for stem in stems:
        reads.record_notebook(stem)
        notebook = json.loads((NOTEBOOKS / f"{stem}.ipynb").read_text("utf-8"))
        own = list(_findings(notebook))
        if not own:
            raise ValueError(f"notebooks/{stem}.ipynb holds no finding; run it first")
        found |= {finding["claim"]: finding for finding in own}
    return found


def _findings(notebook: dict):
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            facts = output.get("data", {}).get(FACTS, {})
            if "finding" in facts:
                yield facts["finding"]


@dataclass(frozen=True)
class Counts:
    """How many claims there are, hold, fail and stay open, and how many verdicts hang on a choice."""

    total: int
    holds: int
    fails: int
    open: int
    hinge: int
    by_tolerance: int
    by_reading: int
    by_source: int
    by_newest: int


def counts(found: dict[str, dict]) -> Counts:
    """Counts of the findings; a verdict hangs on a choice where another one would change it."""
    groups = Counter(finding["group"] for finding in found.values())
    changed = {name: {kind for kind, _ in _changes(finding)} for name, finding in found.items()}
    by = Counter(kind for kinds in changed.values() for kind in kinds)
    return Counts(
        total=len(found),
        holds=groups["holds"],
        fails=groups["fails"],
        open=groups["open"],
        hinge=sum(bool(kinds) for kinds in changed.values()),
        by_tolerance=by["tolerance"],
        by_reading=by["reading"],
        by_source=by["source"],
        by_newest=by["newest"],
    )


def _changes(finding: dict) -> list[tuple[str, str]]:
    """(kind of choice, other verdict) for each choice that would change the verdict."""
    return [
        (kind, other) for kind, _, other in finding["sensitivity"] if other != finding["verdict"]
    ]


def publication(say: Language) -> dict[str, str]:
    """What the report says of itself in a language, {key: text}; what is blank is absent."""
    rows = data.table("publication")
    told = {row.key: say.of(row._asdict(), "value") for row in rows.itertuples(index=False)}
    return {key: text for key, text in told.items() if text}


def front(found: dict[str, dict]) -> None:
    """Display title, subtitle, what was checked, as of when, by whom and where to write."""
    show(_front, "front", **_document(found))


def _document(found: dict[str, dict]) -> dict:
    """What the printed document says of itself to machines: title, description, author, date, addresses."""
    about = {code: publication(Language(code)) for code in languages()}
    first = about[languages()[0]]
    texts = {
        "title": {code: own["title"] for code, own in about.items()},
        "description": {
            code: Language(code).label("front.description", claims=len(found)) for code in about
        },
    }
    known = {
        "authors": [first[key] for key in ("checker", "publisher") if key in first],
        "date": first["data_date"],
        "version": first["version"],
        "site": first.get("site"),
        "repository": first.get("repository"),
    }
    return texts | {key: value for key, value in known.items() if value}


def _front(say: Language) -> str:
    about, asked = publication(say), data.asked()
    lines = [
        f"# {escape(about['title'])}",
        f"*{escape(about['subtitle'])}*",
        escape(
            say.label(
                "front.said",
                speaker=say.of(asked, "speaker"),
                role_of=say.of(asked, "role"),
                title=asked.title,
                outlet=asked.outlet,
                date=say.days(asked.said_from, asked.said_to),
            )
        ),
        escape(
            say.label(
                "front.as-of",
                cut_off=say.date(asked.cut_off),
                data_date=say.date(about["data_date"]),
                version=about["version"],
            )
        ),
    ]
    by = [
        say.label(f"front.{key}", name=about[key])
        for key in ("publisher", "checker", "reviewer", "contact")
        if key in about
    ]
    lines.append(escape(" ".join(by)) if by else escape(say.label("front.anonymous")))
    return "\n\n".join(lines)


def tiles(found: dict[str, dict]) -> None:
    """Display every claim as a tile that leads to its section: whether it holds, in shape and word."""
    order = [
        finding
        for name in ("fails", "holds", "open")
        for finding in found.values()
        if finding["group"] == name
    ]

    def text(say: Language) -> str:
        return "\n".join(
            f"- [{escape(finding['short'][say.code])}](#claim-{finding['claim']}) "
            f"**{say.label('verdict.' + finding['verdict'])}**"
            for finding in order
        )

    groups = [{"claim": f["claim"], "group": f["group"]} for f in order]
    _show_some(order, text, "tiles", tiles=groups)


def _show_some(rows, make, role: str, name: str = "", **facts: object) -> None:
    """Display a part that is made of rows; where there are none, a sentence that says so."""
    facts |= {"name": name} if name else {}
    if len(rows):
        show(make, role, **facts)
    else:
        show(lambda say: say.label("brief.none"), "text", **({"name": name} if name else {}))


def results_markdown(say: Language, found: dict[str, dict], page: str = "") -> str:
    """Every claim with what was said, what was found, the verdict and the confidence, as a Markdown table.

    `page`: where the sections stand, for links from outside the brief, such as README.md.
    """
    rows = [
        [
            f"[{escape(finding['title'][say.code])}]({page}#claim-{finding['claim']})",
            escape(finding["said"][say.code]),
            escape(finding["found"][say.code]),
            f"**{say.label('verdict.' + finding['verdict'])}**",
            say.label(f"confidence.{finding['confidence']}") if finding["confidence"] else "—",
        ]
        for finding in found.values()
    ]
    keys = ("claim", "said", "found", "verdict", "confidence")
    return grid([say.label(f"table.{key}") for key in keys], rows, "lllll")


def results_table(found: dict[str, dict]) -> None:
    """Display that table."""
    _show_some(found, lambda say: results_markdown(say, found), "table", name="results")


def sensitivity_table(found: dict[str, dict]) -> None:
    """Display, claim by claim, the choices that would change the verdict; the firm ones in one line below."""
    role = "table" if any(map(_changes, found.values())) else "text"
    _show_some(found, lambda say: _sensitivity(say, found), role, name="sensitivity")


def _sensitivity(say: Language, found: dict[str, dict]) -> str:
    rows, firm = [], []
    for finding in found.values():
        title = escape(finding["title"][say.code])
        changed = [item for item in finding["sensitivity"] if item[2] != finding["verdict"]]
        if not changed and finding["sensitivity"]:
            firm.append(title)
        for kind, detail, other in changed:
            told = escape(blocks.choice(say, finding["readings"], kind, detail))
            rows.append(
                [
                    title,
                    say.label("verdict." + finding["verdict"]),
                    told,
                    f"**{say.label('verdict.' + other)}**",
                ]
            )
            title = ""
    head = [say.label(f"table.{key}") for key in ("claim", "verdict", "choice", "would-be")]
    parts = [grid(head, rows, "llll")] if rows else []
    parts += [f"{say.label('sensitivity.firm')} {'; '.join(firm)}."] if firm else []
    return "\n\n".join(parts) or say.label("brief.none")


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

    def text(say: Language) -> str:
        lines = []
        for indicator in indicators:
            newest = data.editions(indicator).loc["newest"]
            told = "; ".join(
                f"{escape(blocks.source_name(say, source))} ({say.date(row.published)})"
                for source, row in newest.iterrows()
            )
            lines.append(f"- {escape(say.label(f'indicator.{indicator}'))}: {told}.")
        return "\n".join(lines)

    show(text, "text")


def searches_list() -> None:
    """Display everything that was looked for and not found, a line each."""
    rows = data.table("searches")
    _show_some(
        rows,
        lambda say: "\n".join(f"- {blocks.search(say, row)}." for _, row in rows.iterrows()),
        "text",
    )


def exclusions_list() -> None:
    """Display what was left out as too weak to count, a line each with its reason."""
    rows = data.table("exclusions")

    def text(say: Language) -> str:
        return "\n".join(
            f"- {escape(say.of(row, 'what'))}: {escape(say.of(row, 'reason'))}."
            for _, row in rows.iterrows()
        )

    _show_some(rows, text, "text")


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
    title = (
        say.of(data.claim_row(claim_id), "title") if claim_id else say.label("corrections.whole")
    )
    return f"[{escape(title)}](#claim-{claim_id})" if claim_id else escape(title)


def _change(say: Language, row: pd.Series) -> str:
    """What stood, what stands, and why; of a column in another language, only why."""
    reason = escape(say.of(row, "reason"))
    if row.finding.endswith("_en") and say.code != "en":
        return f"{reason}."
    if row.finding == "verdict":
        stood, stands = (say.label(f"verdict.{row[name]}") for name in ("stood", "stands"))
    else:
        own = (row.get(f"{name}_{say.code}") or row[name] for name in ("stood", "stands"))
        stood, stands = own
    return f"{escape(say.label('corrections.item', stood=stood, stands=stands))} {reason}."


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
        return f"#### {say.label('annex.facts')}\n\n" + grid(head, rows, "llll")

    if records:
        show(text, "details")


def _fact_row(say: Language, row: pd.Series) -> list[str]:
    from factcheck.quantities import stated

    value = stated(say, row)
    text = escape(say.of(row, "statement")) + (f": **{escape(value)}**" if value else "")
    when = row.get("period", "") or row.date
    return [
        say.date(when),
        text + blocks.original(say, row),
        blocks.linked(say, row),
        escape(say.of(row, "doubt")),
    ]


def sources_list() -> None:
    """Display every source: institution, title, date, address, and how well it was seen; links lead here."""
    rows = data.table("sources")
    sources = list(rows.source_id)
    _show_some(rows, lambda say: _sources(say, rows), "sources", sources=sources)


def _sources(say: Language, rows: pd.DataFrame) -> str:
    table = [
        [f"{escape(say.of(row, 'institution'))}, {say.date(row.published)}", _document_of(say, row)]
        for _, row in rows.iterrows()
    ]
    return grid([say.label("table.source"), say.label("table.what")], table, "ll")


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
        parts.append(escape(say.label("source.copy", where=_site_names(row.read_in))))
    return "; ".join([*parts, say.label(f"seen.{row.seen}")])


def _site_names(read_in: str) -> str:
    """The sites of the copies that were read; the full addresses stand in data/sources.csv."""
    return ", ".join(dict.fromkeys(part.split("/")[0] for part in read_in.split("; ")))


def take(*stems: str) -> None:
    """Here the exporters print what these notebooks show; JupyterLab shows links to them."""
    for stem in stems:
        reads.record_notebook(stem)
    links = " · ".join(f"[{stem}]({stem}.ipynb)" for stem in stems)
    show(lambda say: links, "take", take=list(stems))


def reviews(found: dict[str, dict]) -> None:
    """Leave each claim as schema.org ClaimReview for machines; what data/publication.csv leaves blank is left out.

    Vocabulary: https://schema.org/ClaimReview.
    """
    made = {
        code: [_review(Language(code), finding) for finding in found.values()]
        for code in languages()
    }
    publish({"text/plain": f"{len(found)} ClaimReview"}, "reviews", reviews=made)


def _review(say: Language, finding: dict) -> dict:
    about, asked, claim = publication(say), data.asked(), finding["row"]
    review = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "inLanguage": say.code,
        "claimReviewed": claim["quote"],
        "datePublished": about["data_date"],
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Person", "name": say.of(claim, "speaker")},
            "datePublished": asked.said_to,
            "appearance": {
                "@type": "CreativeWork",
                "headline": asked.title,
                "inLanguage": asked.language,
                "publisher": {"@type": "Organization", "name": asked.outlet},
            },
        },
        # A word and no number: the verdicts are no scale.
        "reviewRating": {
            "@type": "Rating",
            "alternateName": say.label("verdict." + finding["verdict"]),
        },
    }
    if "publisher" in about:
        review["author"] = {"@type": "Organization", "name": about["publisher"]}
    if "site" in about:
        review["url"] = f"{about['site']}#claim-{finding['claim']}"
    return review


def cite(say: Language) -> str:
    """How to cite the brief, as a sentence."""
    about = publication(say)
    author = f"{about['publisher']}. " if "publisher" in about else ""
    site = f" {about['site']}" if "site" in about else ""
    return say.label(
        "cite.text",
        author=author,
        title=about["title"],
        version=about["version"],
        date=say.date(about["data_date"]),
        site=site,
    )
