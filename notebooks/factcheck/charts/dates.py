"""Dates and order: documented events against what was said."""

from matplotlib.patches import Rectangle

from factcheck import verdict
from factcheck.charts.common import publish, said_text, source_line
from factcheck.charts.sheet import (
    ACCENT,
    BAND,
    BANDEDGE,
    CONTEXT,
    GRID,
    INK,
    LINE,
    MUTED,
    PAPER,
    dot,
    width_of,
)
from factcheck.evidence import day, first_day

# How an event bears on a claim: shape, face and edge of its mark.
MARKS = {
    "fits": ("o", MUTED, MUTED),
    "against": ("D", ACCENT, ACCENT),
    "context": ("o", CONTEXT, CONTEXT),
    "later": ("o", PAPER, MUTED),
}
DATED = ("first", "ordinal", "always", "never", "duration")  # what hangs on dates and order
NEAREST = 4  # events of a lane in which none bears on its claims


def _moment(text):
    """A date as a year with a fraction."""
    start = day(text)
    return start.year + (start.timetuple().tm_yday - 1) / 365.25


def timeline(results, language):
    """Claims of date and order against the documented events, a lane for each topic."""
    say = language.label
    lanes = {}
    for r in results:
        if r.primary and r.primary.row["measure"] in DATED and r.primary.row["topic"]:
            # A lane has one interview's claims, for each is judged by its own day.
            lanes.setdefault((r.evidence, r.primary.row["topic"]), []).append(r)
    events = sorted(results[0].evidence.events, key=lambda event: first_day(event["date"]))
    lanes = {
        key: (found, _bearing([e for e in events if e["topic"] == key[1]], found))
        for key, found in lanes.items()
    }
    lanes = {key: lane for key, lane in lanes.items() if lane[1]}
    table = [("topic", "event_id", "date", "date_end", "mark", "source_id")]
    marks = {}
    for (evidence, topic), (found, events) in lanes.items():
        for event in events:
            key = (evidence, event["event_id"])
            marks[key] = _kind_of_event(event, found, evidence)
            table.append(
                (
                    topic,
                    event["event_id"],
                    event["date"],
                    event["date_end"],
                    marks[key],
                    event["source_id"],
                )
            )
    counted = [r.verdict for found, _ in lanes.values() for r in found]
    off = sum(word == verdict.INCORRECT for word in counted)
    held = sum(word in (verdict.CORRECT, verdict.MOSTLY) for word in counted)
    title = say("chart.timeline.title", held=held, off=off, unsettled=len(counted) - held - off)
    listed = [event for _, events in lanes.values() for event in events]
    dates = [event["date"] for event in listed]
    first, last = int(min(d[:4] for d in dates)), int(max(d[:4] for d in dates)) + 1
    subtitle = say("chart.timeline.subtitle", first=first, last=last - 1)
    source = source_line(
        language, results[0].evidence, [event["source_id"] for event in listed], dated=False
    )

    def said(r):
        row, claim = r.primary.row, r.claim
        if row["measure"] == "always":
            return say("chart.said.always", country=say(f"country.{claim.subject}"))
        if row["measure"] == "never":
            return language.said(claim)
        if claim.unit == "order":
            return language.ordinal(claim.low if claim.has_number else 1)
        return said_text(claim, language)

    alt = (
        title
        + ". "
        + " ".join(
            "; ".join(
                f"{language.of(r.claim.row, 'title')} ({say('chart.claimed', said=said(r))}; "
                f"{say(f'verdict.{r.verdict}')})"
                for r in found
            )
            + ": "
            + "; ".join(
                f"{language.date(e['date'])}, {language.of(e, 'statement')}" for e in events
            )
            + "."
            for found, events in lanes.values()
        )
    )

    def draw(sheet):
        left, right, top = (170 if sheet.phone else 352), sheet.width - 8, sheet.y
        bands, dots, lines = [], [], []
        sheet.y += LINE
        for (evidence, _), (found, events) in lanes.items():
            sheet.y += 6
            lines.append(sheet.y - 3)
            for r in found:
                words = say("chart.claimed", said=said(r))
                ruling = say(f"verdict.{r.verdict}")
                start, wide = sheet.y, width_of(f"{words}  {ruling}", bold=True)
                sheet.text(
                    0,
                    language.of(r.claim.row, "title"),
                    bold=True,
                    width=sheet.width - (0 if sheet.phone else wide + 12),
                )
                if sheet.phone:
                    start, sheet.y = sheet.y, sheet.y + LINE
                x = 0 if sheet.phone else sheet.width - wide
                sheet.text(x, words, color=BANDEDGE, bold=True, y=start)
                sheet.text(sheet.width, ruling, ha="right", y=start)
            sheet.y += 1
            start = sheet.y
            for event in events:
                date, words = language.date(event["date"]), language.of(event, "statement")
                mark = marks[evidence, event["event_id"]]
                color = MUTED if mark == "context" else INK
                dots.append((event, mark, sheet.y + LINE / 2))
                sheet.text(0, f"{date}. {words}", color=color, width=left - 10)
                sheet.y += 1
            for r in found:
                if r.claim.unit == "year":
                    bands.append((r.claim.low, r.claim.high + 1, start, sheet.y, r))
                elif r.primary.row["measure"] == "duration":
                    until = _moment(evidence.interview["said_from"]) - r.claim.low
                    bands.append((first, until, start, sheet.y, r))
            lines.append((start, sheet.y))
        sheet.y += 4
        step = 20 if sheet.phone else 10
        ticks = list(range(first + -first % step, last + 1, step))
        axes = sheet.rows(
            left, right, top + LINE + 2, sheet.y, (first, last), ticks, [str(t) for t in ticks]
        )
        axes.tick_params(labeltop=True)
        axes.grid(False)
        for place in lines:
            if isinstance(place, tuple):
                axes.vlines(ticks, *place, color=GRID, lw=0.6, zorder=0)
            else:
                sheet.line([0, sheet.width], [place, place], color=CONTEXT)
        for low, high, above, below, r in bands:
            axes.add_patch(
                Rectangle(
                    (low, above),
                    high - low,
                    below - above,
                    fc=BAND,
                    lw=0,
                    zorder=1,
                    gid=f"band-{r.claim.claim_id}",
                )
            )
        for event, mark, y in dots:
            shape, face, edge = MARKS[mark]
            mark = dot(axes, _moment(event["date"]), y, color=edge, face=face, shape=shape)
            who = language.of(results[0].evidence.sources.loc[event["source_id"]], "institution")
            sheet.tell(mark, f"{language.date(event['date'])}, {who}")
        sheet.y += 14
        sheet.text(0, say("chart.timeline.note"), color=MUTED, width=sheet.width)

    publish("timeline", language, (title, subtitle, source, alt), table, draw)


def _bearing(events, found):
    """The events of a lane that some reading of its claims counts; where none does, the earliest few."""
    rows = [(r.evidence, reading.row) for r in found for reading in r.readings]
    counted = [e for e in events if any(not view.matches(row, e) for view, row in rows)]
    return counted or events[:NEAREST]


def _kind_of_event(event, found, evidence):
    """How an event bears on the claims of its lane: "fits", "against", "context" or "later"."""
    if not (evidence.known(event["source_id"]) or event["event_itself"]):
        return "later"
    kind = "context"
    for r in found:
        row, claim = r.primary.row, r.claim
        if not evidence.matches(row, event):
            other = event["object"] != claim.subject
            earlier = claim.has_number and int(event["date"][:4]) < claim.low
            first = earlier if claim.has_number else other
            refutes = {"always": other, "never": True, "first": first}
            if refutes.get(row["measure"]):
                return "against"
            kind = "fits"
        elif (
            claim.unit == "year"
            and int(event["date"][:4]) < claim.low
            and any(not evidence.matches(other.row, event) for other in r.others)
        ):
            kind = "against"
    return kind
