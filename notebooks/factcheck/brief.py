"""The brief's own parts: front page, tiles, tables of all claims, reviews for machines; made from stored findings.

`collect` reads what `conclude` left in the outputs of the claim notebooks; everything else here shows it.
"""

import json
from collections import Counter
from dataclasses import dataclass

from factcheck import NOTEBOOKS, blocks, data, reads
from factcheck.annex import (  # noqa: F401 – the notebook of a brief calls them here
    corrections,
    exclusions_list,
    facts_table,
    newest_list,
    rule_list,
    searches_list,
    show_some,
    sources_list,
)
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
    changed = [{kind for kind, *_ in _changes(finding)} for finding in found.values()]
    by = Counter(kind for kinds in changed for kind in kinds)
    return Counts(
        total=len(found),
        **{name: groups[name] for name in ("holds", "fails", "open")},
        hinge=sum(map(bool, changed)),
        **{f"by_{kind}": by[kind] for kind in ("tolerance", "reading", "source", "newest")},
    )


def _changes(finding: dict) -> list[tuple]:
    """(kind of choice, its detail, other verdict) for each choice that would change the verdict."""
    return [item for item in finding["sensitivity"] if item[2] != finding["verdict"]]


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
    known = {
        "authors": [first[key] for key in ("checker", "publisher") if key in first],
        "date": first["data_date"],
        "version": first["version"],
        "site": {code: own["site"] for code, own in about.items() if "site" in own},
        "repository": first.get("repository"),
    }
    return {
        "title": {code: own["title"] for code, own in about.items()},
        "description": {
            code: Language(code).label("front.description", claims=len(found)) for code in about
        },
        **{key: value for key, value in known.items() if value},
    }


def _front(say: Language) -> str:
    about, asked = publication(say), data.asked()
    said = say.label(
        "front.said",
        speaker=say.of(asked, "speaker"),
        role_of=say.of(asked, "role"),
        title=asked.title,
        outlet=asked.outlet,
        date=say.days(asked.said_from, asked.said_to),
    )
    as_of = say.label(
        "front.as-of",
        cut_off=say.date(asked.cut_off),
        data_date=say.date(about["data_date"]),
        version=about["version"],
    )
    people = ("publisher", "checker", "reviewer", "contact")
    by = " ".join(say.label(f"front.{key}", name=about[key]) for key in people if key in about)
    lines = [escape(line) for line in (said, as_of, by or say.label("front.anonymous"))]
    return "\n\n".join([f"# {escape(about['title'])}", f"*{escape(about['subtitle'])}*", *lines])


def tiles(found: dict[str, dict]) -> None:
    """Display every claim as a tile that leads to its section: whether it holds, in shape and word."""
    order = ("fails", "holds", "open")
    ordered = sorted(found.values(), key=lambda finding: order.index(finding["group"]))

    def text(say: Language) -> str:
        return "\n".join(
            f"- [{escape(finding['short'][say.code])}](#claim-{finding['claim']}) "
            f"**{say.label('verdict.' + finding['verdict'])}**"
            for finding in ordered
        )

    groups = [{"claim": finding["claim"], "group": finding["group"]} for finding in ordered]
    show_some(ordered, text, "tiles", tiles=groups)


def results_markdown(say: Language, found: dict[str, dict]) -> str:
    """Every claim with what was said, what was found, the verdict and the confidence, as a Markdown table."""
    rows = [
        [
            f"[{escape(finding['title'][say.code])}](#claim-{finding['claim']})",
            escape(finding["said"][say.code]),
            escape(finding["found"][say.code]),
            f"**{say.label('verdict.' + finding['verdict'])}**",
            say.label(f"confidence.{finding['confidence']}") if finding["confidence"] else "—",
        ]
        for finding in found.values()
    ]
    keys = ("claim", "said", "found", "verdict", "confidence")
    return blocks.grid([say.label(f"table.{key}") for key in keys], rows, "lllll")


def results_table(found: dict[str, dict]) -> None:
    """Display that table."""
    show_some(found, lambda say: results_markdown(say, found), "table", name="results")


def sensitivity_table(found: dict[str, dict]) -> None:
    """Display, claim by claim, the choices that would change the verdict; the firm ones in one line below."""
    show_some(found, lambda say: _sensitivity(say, found), "text", name="sensitivity")


def _sensitivity(say: Language, found: dict[str, dict]) -> str:
    lines, firm = [], []
    for finding in found.values():
        title, verdict = escape(finding["title"][say.code]), finding["verdict"]
        changes = [
            say.label(
                "change.item",
                choice=blocks.choice(say, finding["readings"], kind, detail),
                verdict=say.format(other, "verdict.lower"),
            )
            for kind, detail, other in _changes(finding)
        ]
        if changes:
            stands = say.format(verdict, "verdict.lower")
            lines.append(f"- **{title}** ({stands}): {escape('; '.join(changes))}.")
        elif finding["sensitivity"]:
            firm.append(title)
    parts = ["\n".join(lines)] if lines else []
    parts += [f"{say.label('sensitivity.firm')} {'; '.join(firm)}."] if firm else []
    return "\n\n".join(parts) or say.label("brief.none")


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
