"""A share of a whole, by every way to count it."""

from matplotlib.patches import Rectangle

from factcheck.charts.common import (
    first_label,
    institution_name,
    publish,
    said_text,
    source_line,
    span_text,
    with_unit,
)
from factcheck.charts.sheet import BAND, BANDEDGE, GRID, LINE, MUTED, span_mark, width_of


def shares(result, language):
    """A claim about a share of a whole: what each way of counting gives, against what was said."""
    say = language.label
    claim, evidence = result.claim, result.evidence
    table = [("reading_id", "source_id", "edition", "period", "low", "high", "bound", "verdict")]
    rows, ids = [], []
    for reading in result.readings:
        known = {j.measured.who for j in reading.judgements}
        for j in [*reading.judgements, *(j for j in reading.newest if j.measured.who not in known)]:
            m, old = j.measured, j.measured.who in known
            low, high = (
                (None if m.bound == "at-most" else m.low),
                (None if m.bound == "at-least" else m.high),
            )
            table.append(
                (
                    reading.row["reading_id"],
                    m.who,
                    "known" if old else "newest",
                    m.period,
                    low,
                    high,
                    m.bound,
                    j.verdict,
                )
            )
            digits = "n0" if all(end is None or end == int(end) for end in (low, high)) else "n1"
            words = with_unit(
                language, span_text(language, low, high, digits), claim.unit, low or high
            )
            rows.append((reading, m, old, low, high, words, j.verdict))
            ids.append(m.sources[0])
    ends = [
        end for _, _, _, low, high, _, _ in rows if None not in (low, high) for end in (low, high)
    ]
    said = said_text(claim, language)
    values = {
        "title": language.of(claim.row, "title"),
        "measured": say("format.percent").replace("#", span_text(language, min(ends), max(ends))),
        "said": said,
    }
    title = first_label(
        language, [f"chart.shares.title.{claim.claim_id}", "chart.shares.title"], **values
    )
    subtitle = say("chart.shares.subtitle", title=values["title"])
    source = source_line(language, evidence, ids)
    details = [
        say(
            "chart.shares.who" if old else "chart.shares.who.newest",
            period=language.date(m.period),
            who=institution_name(language, m.who, evidence),
            published=language.date(evidence.sources.published[m.sources[0]][:7]),
        )
        for _, m, old, *_ in rows
    ]
    alt = say(
        "chart.shares.alt",
        title=title,
        said=said,
        rows="; ".join(
            f"{language.of(row[0].row, 'label')}, {detail}: {row[5]}"
            for row, detail in zip(rows, details)
        ),
    )

    def draw(sheet):
        left, right = (2, sheet.width - 6) if sheet.phone else (236, sheet.width - 8)
        top, marks, last = sheet.y + LINE + 4, [], None
        sheet.y = top + 4
        for (reading, m, old, low, high, number, word), detail in zip(rows, details):
            if last is not None:
                sheet.y += 4
                sheet.line([0, sheet.width if sheet.phone else left - 8], [sheet.y, sheet.y])
                sheet.y += 3
            start, width = sheet.y, sheet.width if sheet.phone else left - 14
            sheet.text(0, language.of(reading.row, "label"), bold=True, width=width)
            sheet.text(0, detail, color=MUTED, width=width)
            if sheet.phone:
                start, sheet.y = sheet.y + 2, sheet.y + 2 * LINE + 4
            sheet.y = max(sheet.y, start + 2 * LINE)
            word = say(f"verdict.{word}" if word else "chart.shares.silent")
            marks.append((start, sheet.y, low, high, number, word, old, m))
            last = reading
        ticks = [0, 25, 50, 75, 100]
        words = [language.format(tick, "pct0") for tick in ticks]
        axes = sheet.rows(left, right, top, sheet.y + 2, (0, 100), ticks, words)
        axes.get_xticklabels()[0].set_ha("left")
        axes.get_xticklabels()[-1].set_ha("right")
        axes.grid(False)
        sheet.text(
            right,
            say("chart.claimed", said=said),
            color=BANDEDGE,
            bold=True,
            ha="right",
            y=top - LINE - 3,
        )
        # On the phone the names stand between the rows: band and grid leave them alone.
        stripes = [mark[:2] for mark in marks] if sheet.phone else [(top, sheet.y + 2)]
        low_end, high_end = claim.interval.low, min(claim.interval.high, 100)
        for number, (start, end) in enumerate(stripes):
            axes.vlines(ticks, start, end, color=GRID, lw=0.6, zorder=0)
            axes.add_patch(
                Rectangle(
                    (low_end, start),
                    high_end - low_end,
                    end - start,
                    fc=BAND,
                    lw=0,
                    zorder=1,
                    gid=f"band-{number}",
                )
            )
        for start, end, low, high, number, word, old, m in marks:
            y, at = (start + end) / 2, [value for value in (low, high) if value is not None]
            sheet.tell(
                span_mark(axes, low, high, y, hollow=not old),
                f"{number}, {language.date(m.period)}, {institution_name(language, m.who, evidence)}",
            )
            wide = max(width_of(number, bold=True), width_of(word))
            after = left + max(at) / 100 * (right - left) + (8 if None not in (low, high) else 24)
            before = left + min(at) / 100 * (right - left) - 8
            edge = left + low_end / 100 * (right - left)
            sides = [
                (x, ha)
                for x, ha, start, end in (
                    (after, "left", after, after + wide),
                    (before, "right", before - wide, before),
                )
                if end <= right and not start < edge < end
            ]
            x, ha = (sides or [(before, "right")])[0]
            sheet.text(x, number, bold=True, ha=ha, y=y - LINE)
            sheet.text(x, word, color=MUTED, ha=ha, y=y)
        sheet.y += 16

    publish(f"{claim.claim_id}_share", language, (title, subtitle, source, alt), table, draw)
