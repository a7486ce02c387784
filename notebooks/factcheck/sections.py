"""The parts of a brief that look the same for every claim: quote, readings, evidence, verdict, card, tables.

Each function shows one part in one language; none of them computes anything that is not already in a
`verdict.Result`. What they print is Markdown in which every text from the data is escaped.
"""

import re
from collections import Counter
from functools import lru_cache

from factcheck import ROOT, interview, prose, tables, verdict
from factcheck.evidence import ends
from factcheck.prose import escape, show

DECIMALS = {"percent": 1, "usd-bn": 1}  # where a whole number would hide what decides


@lru_cache
def _text(file):
    return interview.read(ROOT / file)


def place(result):
    """Where the claim's quote stands: interview.Place, found in the text each time."""
    return interview.locate(_text(result.evidence.interview["file"]), result.claim.quote)


# Numbers in the unit of a claim


def _decimals(unit, *values):
    return DECIMALS.get(unit, 0) if any(value != int(value) for value in values) else 0


def measured(language, value, unit):
    """A measured value in the claim's unit, rounded to what its source bears, with its bound."""
    digits = 1 if unit == "times" else _decimals(unit, value.low, value.high)
    shown = language.quantity(value.low, value.high, unit, digits)
    shown = language.label(f"bound.{value.bound}").replace("#", shown)
    return shown if value.firm else language.label("found.estimate", value=shown)


def found(language, result, reading=None):
    """What a reading (by default the primary one) found, in a few words."""
    claim, reading = result.claim, reading or result.primary
    if claim.kind == "vague":
        return language.label("found.vague")
    kind = reading.row["measure"]
    if kind in verdict.ORDERED:
        return _found_in_order(language, reading)
    judgements = reading.judgements
    if not judgements:
        return language.label("found.nothing")
    if kind == "rank":
        states = next(iter(result.evidence.standings(reading.row).values()))[1]
        place_ = language.ordinal(max(j.measured.high for j in judgements))
        return language.label("found.rank", place=place_, total=len(states))
    if len(judgements) == 1:
        return measured(language, judgements[0].measured, claim.unit)
    low = min(j.measured.low for j in judgements)
    high = max(j.measured.high for j in judgements)
    return language.quantity(low, high, claim.unit, _decimals(claim.unit, low, high))


def _found_in_order(language, reading):
    """What the events that match a reading show, in a few words."""
    kind, events, claim = reading.row["measure"], reading.events, reading.claim
    if not events:
        return language.label("found.nothing")
    if kind == "never":
        return language.label("found.exceptions", number=len(events))
    if kind == "always":
        elsewhere = sum(e["object"] != claim.subject for e in events)
        return language.label("found.elsewhere", elsewhere=elsewhere, total=len(events))
    if kind == "ordinal":
        number = next(n for n, e in enumerate(events, 1) if e["event_id"] == claim.subject)
        return language.ordinal(number)
    date = language.date(events[0]["date"])
    if kind == "occurrence":
        return language.label("found.documented", date=date) if claim.kind == "status" else date
    return language.label("found.earliest", date=date)


def who(language, key, sources):
    """Name of a provider of series, or of the institution behind a single source."""
    if key in sources.index:
        return language.of(sources.loc[key], "institution")
    return language.label(f"provider.{key}")


def capital(text):
    """Text that begins a sentence."""
    return text[:1].upper() + text[1:]


def word(language, key):
    """The verdict in words."""
    return language.label(f"verdict.{key}")


# Parts of a claim's section


def heading(language, result, level=3):
    """Heading of a claim's section, with the anchor by which it can be linked."""
    title = escape(language.of(result.claim, "title"))
    show(f"{'#' * level} {title}", id=f"claim-{result.claim.claim_id}")


def quote_text(language, result):
    """The quote as Markdown: the words, our rendering where the reader needs one, who said it and where."""
    claim = result.claim
    lines = [f"> «{escape(claim.quote)}»"]
    if language.code != result.evidence.interview["language"]:
        # Other languages get the English rendering unless the data hold one of their own.
        rendering = claim.row.get(f"quote_{language.code}", claim.quote_en)
        lines += [">", f"> *{escape(rendering)}*"]
    attribution = language.label(
        "attribution", speaker=language.of(claim, "speaker"), paragraph=place(result).paragraph
    )
    return "\n".join([*lines, ">", f"> — {escape(attribution)}"])


def quote(language, result):
    """Show the quote."""
    show(quote_text(language, result), "quote")


def readings(language, result):
    """Show the ways to read a claim: each with its reason, what it finds and the verdict it would give."""
    rows = []
    for reading in [result.primary, *result.others]:
        label = escape(language.of(reading.row, "label")) + _period(language, reading.row)
        if reading is result.primary:
            label = language.label("table.primary", label=f"**{label}**")
        rows.append(
            [
                label,
                escape(language.of(reading.row, "reason")),
                escape(found(language, result, reading)),
                word(language, reading.verdict()),
            ]
        )
    header = [language.label(f"table.{key}") for key in ("reading", "why", "found", "verdict")]
    language.table(header, rows, widths=[3.2, 4, 2.2, 1.8])


def _period(language, row):
    """The period that a reading is limited to, in brackets; empty if it is not."""
    first, last = row["period_from"], row["period_to"]
    if first and last and first != last:
        return f" ({escape(language.label('range', low=language.date(first), high=language.date(last)))})"
    if first or last:
        bound = "" if first and last else "from-on" if first else "until"
        shown = language.date(first or last)
        return f" ({escape(language.label('period.' + bound, date=shown) if bound else shown)})"
    return ""


def evidence(language, result):
    """Show each source of each reading as known on the day, and the newest that was obtained."""
    sources, claim = result.evidence.sources, result.claim
    rows, seen = [], set()
    for reading in [result.primary, *result.others]:
        for edition, judgements in (("known", reading.judgements), ("newest", reading.newest)):
            for j in judgements:
                key = (
                    j.measured.who,
                    j.measured.sources,
                    j.measured.period,
                    reading.row["reading_id"],
                )
                if key in seen:
                    continue
                seen.add(key)
                published = max(sources.published[s] for s in j.measured.sources)
                rows.append(
                    [
                        escape(who(language, j.measured.who, sources)),
                        escape(language.of(reading.row, "label")),
                        f"{language.date(published)}, {language.label('edition.' + edition)}",
                        language.date(j.measured.period),
                        escape(measured(language, j.measured, claim.unit)),
                        word(language, j.verdict or verdict.UNPROVEN),
                    ]
                )
    header = [
        language.label(f"table.{key}")
        for key in ("source", "reading", "published", "year", "value", "by-itself")
    ]
    language.table(header, rows, "lllrrl", widths=[2.3, 3, 2.6, 1.2, 2, 1.9])


def factor_text(language, result):
    """By how much a claim is off, in words; empty where it holds or was not measured."""
    factors = result.factors()
    if not factors or result.verdict not in (
        verdict.OUT_OF_DATE,
        verdict.EXAGGERATED,
        verdict.UNDERSTATED,
        verdict.MOSTLY,
    ):
        return ""
    middle = (factors[0] + factors[1]) / 2
    key = "section.too-high" if middle > 1 else "section.too-low"
    return language.label(key, excess=language.excess(middle))


def verdict_text(language, result):
    """Verdict, factor, confidence with its reason, and what would change it, as Markdown."""
    claim = result.claim
    # With its title, for a page may begin with it.
    parts = [f"**{word(language, result.verdict)}** · {escape(language.of(claim, 'title'))}"]
    text = factor_text(language, result)
    if text:
        low, high = (language.number(f, 2) for f in result.factors())
        shown = low if low == high else language.label("range", low=low, high=high)
        if shown != language.number(1, 2):
            # Of a range, its middle is compared.
            words = "section.factor" if claim.low == claim.high else "section.factor-of-range"
            text += " " + language.label(words, factor=shown)
        parts.append(escape(text))
    first = ". ".join(parts) + "."
    change = f"*{language.label('section.change')}:* {escape(language.of(claim, 'would_change'))}."
    return "\n\n".join([first, confidence_text(language, result), change])


def confidence_text(language, result):
    """How sure we are and why, as Markdown; of a claim too vague to check only why."""
    why = escape(language.of(result.claim, "confidence_reason"))
    why += "." if why else ""
    if result.confidence is None:
        return why
    level = language.label(f"confidence.{result.confidence}")
    return f"*{language.label('section.confidence')}: {level}.* {why}".strip()


def confidence_word(language, result):
    """The confidence in a word, for a table; a dash where the claim is too vague to check."""
    return language.label(f"confidence.{result.confidence}") if result.confidence else "–"


def verdict_box(language, result):
    """Show the verdict."""
    show(verdict_text(language, result), "verdict")


def searches(language, result):
    """What was looked for and not found for this claim, as sentences; empty if nothing is recorded."""
    frame = result.evidence.frames["searches"]
    parts = []
    for row in frame[frame.claim_id == result.claim.claim_id].to_dict("records"):
        parts.append(_search(language, row))
    return f"*{language.label('section.looked')}:* {'; '.join(parts)}." if parts else ""


def _search(language, row):
    """What was looked for, with number, languages and month of the searches as far as they are recorded."""
    details = []
    if row["searches"] is not None:
        details.append(language.format(int(row["searches"]), "count.searches"))
    details += [language.label("searched." + code) for code in row["languages"].split()]
    details.append(language.date(row["searched_on"]))
    return f"{escape(language.of(row, 'what'))} ({', '.join(details)})"


def searches_list(language, frames):
    """Show everything that was looked for and not found, a line each."""
    show("\n".join(f"- {_search(language, row)}." for row in frames["searches"].to_dict("records")))


def nearest(language, result, limit=9):
    """The dated facts and events nearest to a claim that they do not decide, as a list; empty if there are none."""
    sources = result.evidence.sources
    parts = [cited(language, record, sources) for record in once(related(result)[:limit])]
    return listed(language.label("section.nearest"), parts)


def listed(title, parts):
    """A list under a title in italics, as Markdown; empty without parts."""
    return "\n".join([f"*{title}:*", "", *(f"- {part}" for part in parts)]) if parts else ""


def related(result):
    """Facts and events on the claim's topic, those known on the day first, then by date."""
    topics = {r.row["topic"] for r in result.readings if r.row["topic"]} or {result.claim.topic}
    view = result.evidence
    records = [r for r in view.facts + view.events if r["topic"] in topics]
    return sorted(
        records, key=lambda r: (not view.known(r["source_id"]), r.get("period") or r["date"])
    )


def statement(language, record):
    """A fact or an event in a few words, with its value and its year."""
    text = escape(language.of(record, "statement"))
    value = fact_value(language, record)
    when = language.date(record.get("period") or record["date"])
    return f"{text}: {escape(value)} ({when})" if value else f"{text} ({when})"


def cited(language, record, sources):
    """A fact or an event in a few words, its institution and day of publication, and its decisive words."""
    source = sources.loc[record["source_id"]]
    published = f"{escape(language.of(source, 'institution'))}, {language.date(source.published)}"
    words = originals(language, record)
    return f"{statement(language, record)[:-1]}; {published}).{' ' if words else ''}{words}"


def originals(language, record):
    """The decisive words in their own language, beside them a translation marked as ours; empty where there
    are none, or where they need no translation."""
    if not record.get("original") or record["original_language"] == language.code:
        return ""
    named = language.label(f"original.{record['original_language']}")
    words, ours = f"«{escape(record['original'])}»", escape(language.of(record, "ours"))
    return f"{language.label('original.translated', language=named, original=words, ours=ours)}."


def once(records):
    """The records, with words that an earlier one has already left out: several figures may share a sentence."""
    seen, kept = set(), []
    for record in records:
        words = record.get("original")
        kept.append({**record, "original": ""} if words in seen else record)
        seen.add(words)
    return kept


def fact_value(language, record):
    """A fact's value with its unit; empty for an event."""
    if "value_low" not in record:
        return ""
    low, high = record["value_low"], record["value_high"]
    low, high = ends(low, high)
    digits, unit = prose.decimals(low, high), record["unit"]
    forms = {"percent": "format.percent", "usd-bn": "format.usd-bn", "cny-bn": "format.cny-bn"}
    if unit == "usd-a-day":
        digits = 2  # an amount of money for a person has cents
    number = language.span(low, high, digits)
    label = language.label(forms.get(unit, f"unit.{unit}"))
    shown = label.replace("#", number) if "#" in label else f"{number}{prose.NBSP}{label}"
    return language.label(f"bound.{record['bound']}").replace("#", shown)


def card(language, result, level=4, remark="", **values):
    """Show a short card: title, quote, verdict, what was found, other readings, confidence.

    `remark`: what the notebook says of this claim, with placeholders as in a sentence of `say`.
    """
    claim, decided = result.claim, result.verdict not in (verdict.VAGUE, verdict.UNPROVEN)
    first = f"**{word(language, result.verdict)}.**"
    if decided:
        first += f" {escape(capital(found(language, result)))}."
    lines = [
        f"{'#' * level} {escape(language.of(claim, 'title'))}",
        quote_text(language, result),
        f"{first} {language.fill(remark, escaped=True, **values)}".strip(),
    ]
    if decided:
        lines.append(listed(language.label("section.evidence"), evidence_list(language, result)))
    else:
        lines += [searches(language, result), nearest(language, result)]
    also = [
        f"{escape(language.of(r.row, 'label'))} – {word(language, r.verdict()).lower()} "
        f"({escape(found(language, result, r))})."
        for r in result.others
    ]
    lines += [listed(language.label("section.also"), also), confidence_text(language, result)]
    show("\n\n".join(filter(None, lines)), "card", id=f"claim-{claim.claim_id}")


def evidence_list(language, result):
    """What decides a claim, a text for each source: measured values of series, or facts and events with source."""
    view, reading = result.evidence, result.primary.row
    if reading["indicator"]:
        return [
            f"{escape(who(language, j.measured.who, view.sources))}: "
            f"{escape(measured(language, j.measured, result.claim.unit))} "
            f"({language.date(j.measured.period)})."
            for j in result.primary.judgements
        ]
    numeric = reading["measure"] in ("value", "rank")
    records = (view.matching_facts if numeric else view.matching_events)(reading)
    return [cited(language, record, view.sources) for record in once(records)]


# The whole brief


def publication(language, frames):
    """What the brief says of itself, {key: text}; empty values are absent."""
    rows = frames["publication"].to_dict("records")
    return {row["key"]: language.of(row, "value") for row in rows if language.of(row, "value")}


def front(language, results, frames):
    """Show title, subtitle, what was checked and as of when; gives the document its metadata."""
    about = publication(language, frames)
    lines = [f"# {escape(about['title'])}", f"*{escape(about['subtitle'])}*"]
    for row in frames["interviews"].to_dict("records"):
        when = language.days(row["said_from"], row["said_to"])
        lines.append(
            escape(
                language.label("front.said", title=row["title"], outlet=row["outlet"], date=when)
            )
        )
    lines.append(
        escape(
            language.label(
                "front.as-of",
                **{
                    "cut-off": cut_offs(language, results),
                    "version": about["version"],
                    "data-date": language.date(about["data_date"]),
                },
            )
        )
    )
    lines.append(escape(responsible(language, about)))
    lines += [escape(language.label("front.reviewer", **about))] if "reviewer" in about else []
    show(
        "\n\n".join(lines),
        "front",
        title=about["title"],
        lang=language.code,
        author=about.get("checker"),
        date=about["data_date"],
        description=language.label("front.description", claims=len(results)),
        digest=tables.digest(),
        version=about["version"],
        jsonld=claim_reviews(language, results, about),
        keywords=[row["interview_id"] for row in frames["interviews"].to_dict("records")],
    )


def responsible(language, about):
    """Who made this copy and where corrections go, in one sentence; `about`: the fields of publication.csv."""
    known = [key for key in ("publisher", "contact") if key in about]
    return language.label(f"front.responsible.{'-'.join(known) or 'nobody'}", **about)


def claim_reviews(language, results, about):
    """Each claim as schema.org ClaimReview, a list of dicts; what `about` leaves blank is left out.

    `about`: the fields of data/publication.csv. Vocabulary: https://schema.org/ClaimReview.
    """
    reviews = []
    for result in results:
        claim, spoken = result.claim, result.evidence.interview
        review = {
            "@context": "https://schema.org",
            "@type": "ClaimReview",
            "inLanguage": language.code,
            "claimReviewed": claim.quote,
            "datePublished": about["data_date"],
            "itemReviewed": {
                "@type": "Claim",
                "author": {"@type": "Person", "name": language.of(claim, "speaker")},
                "datePublished": spoken["said_to"],
                "appearance": {
                    "@type": "CreativeWork",
                    "headline": spoken["title"],
                    "inLanguage": spoken["language"],
                    "publisher": {"@type": "Organization", "name": spoken["outlet"]},
                },
            },
            # A word and no number: the verdicts are no scale.
            "reviewRating": {
                "@type": "Rating",
                "alternateName": language.label(f"verdict.{result.verdict}"),
            },
        }
        if "publisher" in about:
            review["author"] = {"@type": "Organization", "name": about["publisher"]}
        if "site" in about:
            review["url"] = f"{about['site']}#claim-{claim.claim_id}"
        reviews.append(review)
    return reviews


def cut_offs(language, results):
    """The day up to which evidence counts, in words; one for each interview where they differ."""
    days = dict.fromkeys(language.date(result.evidence.cut_off) for result in results)
    return f" {language.label('chart.and')} ".join(days)


def tally(language, results):
    """How many claims have which verdict, in one line."""
    counts = {key: sum(r.verdict == key for r in results) for key in verdict.VERDICTS}
    return ", ".join(
        f"{word(language, key).lower()} {count}" for key, count in counts.items() if count
    )


def tally_table(language, results):
    """Show how many claims have which verdict."""
    rows = [
        [word(language, key), sum(r.verdict == key for r in results)] for key in verdict.VERDICTS
    ]
    language.table([language.label("table.verdict"), language.label("table.claims")], rows, "lr")


def rule(language):
    """Show the rule by which verdicts follow, a line a verdict."""
    values = {"tolerance": 100 * verdict.TOLERANCE, "years": verdict.OUT_OF_DATE_YEARS}
    lines = [
        f"- **{word(language, key)}**: {escape(language.label('rule.' + key, **values))}."
        for key in verdict.VERDICTS
    ]
    show("\n".join(lines))


def cite(language, frames):
    """How to cite the brief, as a sentence."""
    about = publication(language, frames)
    author = f"{about['publisher']}. " if "publisher" in about else ""
    site = f" {about['site']}" if "site" in about else ""
    return language.label(
        "cite.text",
        author=author,
        title=about["title"],
        version=about["version"],
        date=language.date(about["data_date"]),
        site=site,
    )


# The interview itself


def marked_interview(language, frames, interview_id):
    """Show the interview with each numeral in bold and, after it, the number of its row in the table below."""
    row = frames["interviews"].query("interview_id == @interview_id").iloc[0]
    text = _text(row.file)
    mentions = frames["mentions"].query("interview_id == @interview_id and kind == 'numeral'")
    numbers = {(m.surface, m.occurrence): n for n, m in enumerate(mentions.itertuples(), 1)}
    numerals, seen, parts = interview.numerals(text), Counter(), []
    for span in interview.paragraphs(text):
        at, line = span.start, ""
        for hit in (hit for hit in numerals if span.start <= hit.start < span.end):
            seen[hit.surface] += 1
            number = numbers.get((hit.surface, seen[hit.surface]), "?")
            line += f"{escape(text[at : hit.start])}{_gap(text, hit.start)}**{escape(hit.surface)}** \\[{number}\\]"
            line, at = line + _gap(text, hit.end + 1), hit.end
        parts.append(line + escape(text[at : span.end]))
    # A dash at the beginning of a line would be a list to Markdown.
    show("\n\n".join("\\" + part if part.startswith("-") else part for part in parts), "quote")


def _gap(text, end):
    """The space that `escape` strips at the end of a piece of text."""
    return " " if text[end - 1 : end].isspace() else ""


def mentions_table(language, frames, interview_id, kind):
    """Show what became of each numeral, or of each statement without one: the claim, or why it is none."""
    mentions = frames["mentions"].query("interview_id == @interview_id and kind == @kind")
    titles = frames["claims"].set_index("claim_id")
    rows = []
    for number, row in enumerate(mentions.to_dict("records"), 1):
        what = (
            language.of(titles.loc[row["claim_id"]], "title")
            if row["claim_id"]
            else language.of(row, "reason")
        )
        became = language.label("mention.claim" if row["claim_id"] else "mention.dismissed")
        rows.append([number, f"**{escape(row['surface'])}**", became, escape(what)])
    header = [
        language.label(f"table.{key}") for key in ("number", "words", "became", "why-or-which")
    ]
    language.table(header, rows, "rlll", widths=[0.6, 4, 1.8, 5])


def audit_limits(language, frames):
    """Show what the search for numerals cannot do in interviews that are not in Russian; nothing if all are."""
    others = frames["interviews"].query("language != 'ru'").title
    if len(others):
        show(
            escape(
                language.label("audit.limits", titles=", ".join(f"«{title}»" for title in others))
            )
        )


# Tables of all claims


RESULTS_WIDTHS = [4, 2, 2.6, 2, 1.5]


def results_markdown(language, results):
    """Every claim with what was said, what was found, the verdict and the confidence, as a Markdown table."""
    rows = []
    for result in results:
        claim = result.claim
        rows.append(
            [
                f"[{escape(language.of(claim, 'title'))}](#claim-{claim.claim_id})",
                escape(language.said(claim)),
                escape(found(language, result)),
                f"**{word(language, result.verdict)}**",
                confidence_word(language, result),
            ]
        )
    keys = ("claim", "said", "found", "verdict", "confidence")
    return prose.markdown_table([language.label(f"table.{key}") for key in keys], rows)


def results_table(language, results, caption=""):
    """Show that table. README.md takes it from here, so its anchor is `results`."""
    show(
        results_markdown(language, results),
        "table",
        id="results",
        caption=caption,
        widths=RESULTS_WIDTHS,
    )


def claims_table(language, results, caption=""):
    """Show every claim's quote with its rendering and its paragraph in the interview."""
    translated = language.code != results[0].evidence.interview["language"]
    several, rows = len({result.claim.interview_id for result in results}) > 1, []
    for number, result in enumerate(results, 1):
        # Paragraphs are counted in each interview anew.
        said = f"{escape(language.of(result.claim, 'speaker'))}: " if several else ""
        cells = [str(number), f"{said}«{escape(result.claim.quote)}»"]
        if translated:
            cells.append(
                escape(result.claim.row.get(f"quote_{language.code}", result.claim.quote_en))
            )
        rows.append([*cells, str(place(result).paragraph)])
    keys = ["number", "quote", *(["rendering"] if translated else []), "place"]
    header = [language.label(f"table.{key}") for key in keys]
    language.table(
        header,
        rows,
        "r" + "l" * (len(keys) - 2) + "r",
        widths=[0.6, 5, 5, 1.3] if translated else [0.6, 10, 1.3],
        caption=caption,
    )


def sensitivity_table(language, results, caption=""):
    """Show, for every claim, what another choice would make of its verdict; unchanged ones in one line."""
    rows = []
    for result in results:
        same, changed = [], []
        for choice, detail, other in result.sensitivity():
            name = _choice(language, choice, detail, result)
            (changed if other != result.verdict else same).append((name, other))
        title = escape(language.of(result.claim, "title"))
        for name, other in changed:
            rows.append(
                [
                    title,
                    word(language, result.verdict),
                    escape(name),
                    f"**{word(language, other)}**",
                ]
            )
            title = ""
        if same:
            names = "; ".join(escape(name) for name, _ in same)
            rows.append(
                [title, word(language, result.verdict), names, language.label("table.same")]
            )
    header = [language.label(f"table.{key}") for key in ("claim", "verdict", "choice", "would-be")]
    language.table(header, rows, widths=[3, 1.8, 4.4, 2], caption=caption)


def _choice(language, choice, detail, result):
    if choice == "tolerance":
        return language.label("choice.tolerance", share=100 * detail)
    if choice == "hedge":
        return language.label("choice.hedge")
    if choice == "reading":
        return language.label("choice.reading", label=language.of(detail, "label"))
    if choice == "source":
        return language.label("choice.source", who=who(language, detail, result.evidence.sources))
    return language.label("choice.newest")


def ratios_table(language, results, caption=""):
    """Show numerator, denominator and ratio of each source, as known on the day and newest.

    Raises ValueError unless all results compare the same two countries, which head the columns.
    """
    rows, readings_ = (
        [],
        [reading for result in results for reading in [result.primary, *result.others]],
    )
    pairs = {reading.row["countries"] for reading in readings_}
    if len(pairs) != 1:
        raise ValueError(f"one pair of countries a table, not {', '.join(sorted(pairs)) or 'none'}")
    pair = pairs.pop().split("|")
    for reading in readings_:
        view = reading.evidence
        for newest in (False, True):
            table = view.ratios(reading.row["indicator"], pair, newest)
            for provider, group in table.groupby("provider", sort=False):
                last = group.iloc[-1]
                published = max(view.sources.published[s] for s in last.sources)
                rows.append(
                    [
                        f"{language.label('provider.' + provider)}, {language.date(published)}",
                        language.label("indicator." + reading.row["indicator"]),
                        str(last.year),
                        *(
                            language.number(v / 1e6 if v < 1e11 else v / 1e9, 2)
                            for v in (last.numerator, last.denominator)
                        ),
                        language.number(last.ratio, 1),
                    ]
                )
    rows = list(dict.fromkeys(map(tuple, rows)))
    header = [
        language.label("table.source"),
        language.label("table.figure"),
        language.label("table.year"),
        *(language.label("country." + c) for c in pair),
        language.label("table.ratio"),
    ]
    language.table(
        header,
        rows,
        "llrrrr",
        widths=[2.8, 3.2, 1, 2, 2, 1],
        caption=caption,
        note=language.label("table.ratio-note"),
    )


def facts_table(language, frames, records, caption=""):
    """Show dated facts and events with value, source, publication and doubt."""
    sources = frames["sources"].set_index("source_id", drop=False)
    rows = []
    for record in once(records):
        source = sources.loc[record["source_id"]]
        text = escape(language.of(record, "statement"))
        if record.get("unit"):
            text += f": **{escape(fact_value(language, record))}**"
        if record.get("ordinal_stated"):
            text += f" ({language.label('facts.ordinal', place=int(record['ordinal_stated']))})"
        words = originals(language, record)
        rows.append(
            [
                language.date(record.get("period") or record["date"]),
                f"{text}. {words}" if words else text,
                f"{escape(language.of(source, 'institution'))}, {language.date(source.published)}",
                escape(language.of(record, "doubt")),
            ]
        )
    header = [language.label(f"table.{key}") for key in ("date", "figure", "source", "doubt")]
    language.table(header, rows, widths=[1.5, 6, 2.5, 2.5], caption=caption)


def sources_table(language, frames, caption=""):
    """Show every source: who published what and when, how well it was seen, and where it is and was read."""
    rows = [
        [
            escape(language.of(s, "institution")),
            escape(
                ", ".join(part for part in (language.of(s, "publication"), s["vintage"]) if part)
            ),
            language.date(s["published"]),
            language.label("seen." + s["seen"]),
            _where(language, s),
        ]
        for s in frames["sources"].to_dict("records")
    ]
    header = [
        language.label(f"table.{key}") for key in ("source", "what", "published", "seen", "where")
    ]
    language.table(header, rows, widths=[2.2, 3.4, 1.5, 1.7, 3.6], caption=caption)


def _where(language, source):
    """Where a source is, as Markdown: its own page as a link; the copies in which it was read in words only."""
    address = source["address"]
    parts = [
        f"[{escape(re.sub(r'https?://(www[.])?', '', address).split('/')[0])}](<{address}>)"
        if address
        else language.label("where.no-address")
    ]
    if source["repository"]:
        names = {key: source[key] for key in ("repository", "file")}
        told = language.label("where.repository", **names, commit=source["commit"][:10])
        parts.append(escape(told))
    if source["read_in"]:
        parts.append(escape(language.label("where.read-in", copies=source["read_in"])))
    return "; ".join(parts)


def editions(language, frames):
    """Show, for each series, the newest edition of each of its sources: "Population: World Bank, March 2026; …"."""
    sources, lines = frames["sources"], []
    for indicator, rows in sources[sources.indicator != ""].groupby("indicator", sort=False):
        newest = rows.sort_values("published").groupby("institution_en", sort=False).tail(1)
        names = [
            f"{language.of(row, 'institution')}, {language.date(row['published'][:7])}"
            for row in newest.sort_index().to_dict("records")
        ]
        lines.append(
            f"- {escape(language.label(f'indicator.{indicator}'))}: {escape('; '.join(names))}."
        )
    show("\n".join(lines))


def standings_table(language, results, caption=""):
    """Show the countries that a claim of rank compares, by each source of its readings."""
    rows, countries = [], []
    for reading in [reading for result in results for reading in [result.primary, *result.others]]:
        view = reading.evidence
        for newest in (False, True):
            for provider, (period, values, sources) in view.standings(reading.row, newest).items():
                countries = countries or sorted(values, key=values.get, reverse=True)
                published = max(view.sources.published[s] for s in sources)
                shown = [
                    language.number(values[c] / (1e9 if values[c] > 1e6 else 1), 1)
                    if c in values
                    else "–"
                    for c in countries
                ]
                rows.append(
                    (
                        f"{who(language, provider, view.sources)}, {language.date(published)}: "
                        f"{language.of(reading.row, 'label')}, {language.date(period)}",
                        *shown,
                    )
                )
    header = [language.label("table.figure"), *(language.label("country." + c) for c in countries)]
    language.table(
        header,
        [[escape(cell) for cell in row] for row in dict.fromkeys(rows)],
        "l" + "r" * len(countries),
        widths=[6, *[1.6] * len(countries)],
        caption=caption,
        note=language.label("table.standings-note"),
    )


def bullets(language, frame, what, detail):
    """Show a small table of data/ as a list: what, then a detail that may be empty."""
    lines = []
    for row in frame.to_dict("records"):
        text = f"- {escape(language.of(row, what))}"
        more = language.of(row, detail)
        lines.append(f"{text}: {escape(more[:1].lower() + more[1:])}." if more else f"{text}.")
    show("\n".join(lines))


def corrections(language, frames, none, caption=""):
    """Show each correction: when, what stood, what stands, why; or the sentence `none`.

    README.md takes it from here, so its anchor is `corrections`.
    """
    titles, noticed = (
        frames["claims"].set_index("claim_id", drop=False),
        any(frames["corrections"].noticed_by),
    )
    rows = [
        [
            language.date(row["corrected_on"]),
            escape(language.of(titles.loc[row["claim_id"]], "title")),
            escape(_corrected(language, row, "stood")),
            escape(_corrected(language, row, "stands")),
            escape(language.of(row, "reason")),
            *([escape(row["noticed_by"])] if noticed else []),
        ]
        for row in frames["corrections"].to_dict("records")
    ]
    if not rows:
        show(escape(none), id="corrections")
        return
    keys = ["date", "claim", "stood", "stands", "reason", *(["noticed"] if noticed else [])]
    table = prose.markdown_table([language.label(f"table.{key}") for key in keys], rows)
    widths = [1.5, 2, 3, 3, 3.2, 1.4][: len(keys)]
    show(table, "table", id="corrections", caption=caption, widths=widths)


def _corrected(language, row, column):
    """A value of corrections.csv for readers: in their own language where the table has it; a verdict in words,
    a number or a day in their form."""
    text = row.get(f"{column}_{language.code}") or row[column]
    if text in verdict.VERDICTS:
        return word(language, text)
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return language.number(float(text), len(text.partition(".")[2]))
    return language.date(text) if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", text) else text
