"""All claims at a glance: what was measured as a share of what was claimed."""

from matplotlib.patches import Rectangle

from factcheck import verdict
from factcheck.charts.common import (
    digits_for,
    first_label,
    institution_name,
    looks_same,
    measured_by,
    outer_ends,
    publish,
    said_text,
    span_text,
    with_unit,
)
from factcheck.charts.sheet import (
    ACCENT,
    BAND,
    BANDEDGE,
    CONTEXT,
    GRID,
    LINE,
    MUTED,
    SIZE,
    span_mark,
)

# From what is off to what holds and what cannot be settled.
ORDER = (
    verdict.INCORRECT,
    verdict.EXAGGERATED,
    verdict.UNDERSTATED,
    verdict.OUT_OF_DATE,
    verdict.DISAGREE,
    verdict.MOSTLY,
    verdict.CORRECT,
    verdict.UNPROVEN,
    verdict.NOT_YET_DUE,
    verdict.VAGUE,
)
FAR = 2.0  # beyond twice, or half, what was said a linear scale hides the rest


def overview(results, language):
    """All claims at a glance: what was measured as a share of what was claimed (claimed = 100 %)."""
    say = language.label
    found = [(r, measured_by(r), measured_by(r, newest=True)) for r in results]
    found.sort(
        key=lambda row: (ORDER.index(row[0].verdict), not row[1], -max(row[0].factors() or (0,)))
    )
    table = [
        (
            "claim_id",
            "verdict",
            "claimed_low",
            "claimed_high",
            "measured_low",
            "measured_high",
            "factor_low",
            "factor_high",
            "newest_low",
            "newest_high",
        )
    ]
    for r, old, new in found:
        claimed = (
            (r.claim.interval.low, r.claim.interval.high) if r.claim.interval else (None, None)
        )
        table.append(
            (
                r.claim.claim_id,
                r.verdict,
                *claimed,
                *outer_ends(old),
                *(r.factors() or (None, None)),
                *outer_ends(new),
            )
        )
    shares = [
        end / r.claim.middle
        for r, old, new in found
        for low, high, _ in (*old, *new)
        for end in (low, high)
        if end is not None
    ]
    log = bool(shares) and (max(shares) > FAR or min(shares) < 1 / FAR / FAR)
    if log:
        limits = (min([*shares, 0.5]) / 1.3, max([*shares, 2]) * 1.3)
        steps = (
            (0.1, 0.5, 1, 2, 10)
            if limits[1] / limits[0] < 200
            else (0.001, 0.01, 0.1, 1, 10, 100, 1000)
        )
        ticks = [t for t in steps if limits[0] <= t <= limits[1]]
    else:
        ticks, limits = [0, 0.5, 1, 1.5], (0, 1.5)
    scale = [language.format(100 * t, "pct0" if not 0 < t < 0.01 else "pct1") for t in ticks]

    def count(*verdicts):
        return sum(r.verdict in verdicts for r in results)

    held = count(verdict.CORRECT, verdict.MOSTLY)
    unsettled = count(verdict.UNPROVEN, verdict.NOT_YET_DUE, verdict.VAGUE, verdict.DISAGREE)
    title = say(
        "chart.overview.title",
        total=len(results),
        held=held,
        unsettled=unsettled,
        off=len(results) - held - unsettled,
    )
    subtitle = say(
        "chart.overview.subtitle", scale=say("chart.scale.log" if log else "chart.scale.linear")
    )
    days = dict.fromkeys(language.date(r.evidence.cut_off) for r in results)
    source = say("chart.overview.source", date=f" {say('chart.and')} ".join(days))

    def numbers(r, old):
        """What was measured and said, or why there is nothing to compare."""
        low, high = outer_ends(old)
        if low is not None:
            text = span_text(language, low, high, digits_for(r.claim.unit))
            return say(
                "chart.overview.numbers",
                measured=with_unit(language, text, r.claim.unit, high),
                said=said_text(r.claim, language, unit=False),
            )
        kind = (
            r.verdict
            if r.verdict in (verdict.VAGUE, verdict.UNPROVEN)
            else r.primary.row["measure"]
        )
        return first_label(language, [f"chart.overview.none.{kind}", "chart.overview.none.other"])

    alt = (
        say("chart.overview.alt", title=title)
        + " "
        + "; ".join(
            f"{language.of(r.claim.row, 'title')}: {say(f'verdict.{r.verdict}')}, {numbers(r, old)}"
            for r, old, _ in found
        )
        + "."
    )

    def draw(sheet):
        left, right = (12, sheet.width - 14) if sheet.phone else (170, 312)
        last, marks, head = None, [], sheet.y
        sheet.y += 0 if sheet.phone else LINE + 6
        for r, old, new in found:
            if r.verdict != last:
                if sheet.phone:
                    sheet.y += 7
                    sheet.text(0, f"{say(f'verdict.{r.verdict}')} ({count(r.verdict)})", bold=True)
                sheet.y += 3
                sheet.line(
                    [0, sheet.width], [sheet.y - 1.5] * 2, color=MUTED if sheet.phone else CONTEXT
                )
            start, words, title = sheet.y, numbers(r, old), language.of(r.claim.row, "title")
            if sheet.phone:
                sheet.y += 1
                sheet.text(0, title, width=sheet.width)
                sheet.text(0, words, color=MUTED, width=sheet.width)
                if old:
                    sheet.y += 2 if marks else LINE + 4  # above the first: the scale
                    start = sheet.y
                    sheet.y += 14
            else:
                beside = sheet.text(322, say(f"verdict.{r.verdict}"), bold=True, y=start)
                height = sheet.text(0, title, width=left - 10, y=start)
                if old:
                    beside += sheet.text(
                        322, words, color=MUTED, width=sheet.width - 322, y=start + LINE
                    )
                else:
                    height = max(
                        height, sheet.text(left, words, color=MUTED, width=right - left, y=start)
                    )
                sheet.y = start + max(height, beside)
            if old:
                marks.append((r.claim, old, new, r.evidence, start, sheet.y))
            sheet.y += 3
            last = r.verdict
        if not marks:
            return
        # One pair of axes for all rows; grid and claimed band only where there is something to compare.
        axes = sheet.rows(left, right, head, sheet.y, limits, ticks, [], log)
        axes.grid(False)
        for tick, word in zip(ticks, scale):
            axes.text(
                tick,
                marks[0][4] - 4 if sheet.phone else head + LINE,
                word,
                color=MUTED,
                size=SIZE,
                ha="center",
            )
        for claim, old, new, evidence, top, bottom in marks:
            y, interval = (top + bottom) / 2, claim.interval
            low, high = interval.low / claim.middle, min(interval.high / claim.middle, limits[1])
            axes.add_patch(
                Rectangle(
                    (low, top),
                    high - low,
                    bottom - top,
                    fc=BAND,
                    lw=0,
                    zorder=1,
                    gid=f"band-{claim.claim_id}",
                )
            )
            axes.vlines([t for t in ticks if t != 1], top, bottom, color=GRID, lw=0.6, zorder=0)
            axes.vlines([1], top, bottom, color=BANDEDGE, lw=1, zorder=2)
            later = [
                n
                for n in new
                if not any(looks_same(n[0], o[0]) and looks_same(n[1], o[1]) for o in old)
            ]
            for start, end, measured in (*later, *old):
                mark = [None if value is None else value / claim.middle for value in (start, end)]
                far = end if start is None else start
                near = min(
                    interval.high, max(interval.low, far)
                )  # the edge from which the claim is off
                axes.plot(
                    [near / claim.middle, far / claim.middle],
                    [y, y],
                    color=ACCENT,
                    lw=1.2,
                    zorder=3,
                )
                words = (
                    span_text(language, start, end, digits_for(claim.unit)),
                    language.date(measured.period),
                    institution_name(language, measured.who, evidence),
                )
                sheet.tell(
                    span_mark(axes, *mark, y, measured not in [m for *_, m in old]),
                    ", ".join(words),
                )

    publish("claims_overview", language, (title, subtitle, source, alt), table, draw)
