"""Two countries compared, by year: every source against the claim."""

from math import inf, nan

from factcheck import rule
from factcheck.charts.common import (
    first_label,
    looks_same,
    measured_by,
    outer_ends,
    publish,
    said_text,
    source_line,
    span_text,
)
from factcheck.charts.sheet import (
    ACCENT,
    BAND,
    BANDEDGE,
    CONTEXT,
    GRID,
    INK,
    LINE,
    MUTED,
    dot,
    spread,
    width_of,
    wrap,
)


def ratio_history(result, language):
    """A claim about how many times one country exceeds another: every year and source against the claim."""
    say = language.label
    claim, evidence, primary = result.claim, result.evidence, result.primary
    table = [
        ("reading_id", "provider", "edition", "year", "numerator", "denominator", "ratio", "status")
    ]
    lines, ids = {}, []  # (reading, edition) -> {provider: {year: (ratio, status)}}
    readings = [r for r in (primary, *result.others) if r.row["measure"] == "ratio"]
    for reading, edition in ((r, e) for r in readings for e in ("known", "newest")):
        countries, of_edition = (
            reading.row["countries"].split("|"),
            lines.setdefault((reading, edition), {}),
        )
        for row in evidence.ratios(
            reading.row["indicator"], countries, edition == "newest"
        ).itertuples():
            table.append(
                (
                    reading.row["reading_id"],
                    row.provider,
                    edition,
                    int(row.year),
                    float(row.numerator),
                    float(row.denominator),
                    float(row.ratio),
                    row.status,
                )
            )
            of_edition.setdefault(row.provider, {})[int(row.year)] = (float(row.ratio), row.status)
            ids += row.sources
    known, later = lines[primary, "known"], lines[primary, "newest"]
    others = {
        (reading, who): years
        for reading in readings[1:]
        for who, years in lines[reading, "known"].items()
    }
    ends = {who: (max(years), years[max(years)][0]) for who, years in known.items()}
    newest = {
        who: (max(years), years[max(years)][0])
        for who, years in later.items()
        if not looks_same(years[max(years)][0], ends.get(who, (0, 0))[1])
    }
    inside = {
        who: rule.years_inside(
            {y: v for y, (v, status) in years.items() if status == "actual"},
            claim.interval,
            at_least=1,
        )
        for who, years in known.items()
    }
    measured = span_text(language, *outer_ends(measured_by(result)))
    runs = [j.inside[-1][1] for j in primary.judgements if j.inside]
    said = said_text(claim, language)
    values = {
        "title": language.of(claim.row, "title"),
        "measured": measured,
        "said": said,
        "until": span_text(language, min(runs), max(runs), "year") if runs else "",
        "number": said_text(claim, language, unit=False),
    }
    title = first_label(
        language,
        [
            f"chart.ratio.title.{claim.claim_id}.{result.verdict}",
            f"chart.ratio.title.{result.verdict}",
            "chart.ratio.title",
        ],
        **values,
    )
    every = [years for found in lines.values() for years in found.values()]
    first, last = (f(year for years in every for year in years) for f in (min, max))
    over, under = (say(f"country.{country}") for country in primary.row["countries"].split("|"))
    subtitle = say(
        "chart.ratio.subtitle",
        measure=say(f"indicator.{primary.row['indicator']}"),
        over=over,
        under=under,
        first=first,
        last=last,
    )
    drawn = [value for years in every for value, _ in years.values()]
    step = 5 if max(drawn) - min(drawn) < 30 else 20
    low = 0 if min(drawn) < 0.5 * max(drawn) else min(drawn) // step * step
    top = max(*drawn, min(claim.interval.high, 2 * max(drawn))) * 1.03
    if low:
        subtitle += say("chart.ratio.axis", low=low)
    source = source_line(language, evidence, ids)

    names = {who: say(f"provider.{who}") for who in (*known, *later)}
    been = "; ".join(
        f"{names[who]} {', '.join(span_text(language, *run, 'year') for run in inside[who])}"
        for who in known
        if inside[who]
    )
    note = say("chart.ratio.inside", years=been) if been else say("chart.ratio.never")
    # What stands at the right end of each line: words, colour, year and value.
    tags = []
    colors = dict(zip(ends, (ACCENT, INK, MUTED, INK, MUTED, INK)))
    for who, (year, value) in ends.items():
        form = "chart.ratio.end" if known[who][year][1] == "actual" else "chart.ratio.end.estimate"
        tags.append((say(form, who=names[who], value=value, year=year), colors[who], year, value))
    if newest:
        years, found = zip(*newest.values())
        words = say(
            "chart.ratio.newest",
            value=span_text(language, min(found), max(found), "n1"),
            years=span_text(language, min(years), max(years), "year"),
        )
        tags.append((words, MUTED, max(years), sum(found) / len(found)))
    for (reading, who), years in others.items():
        year, value = max(years), years[max(years)][0]
        words = say(
            "chart.ratio.other",
            reading=language.of(reading.row, "label"),
            value=value,
            year=year,
            who=say(f"provider.{who}"),
        )
        tags.append((words, MUTED, year, value))
    ends_in_words = "; ".join(words for words, *_ in tags)
    alt = say("chart.ratio.alt", title=title, said=said, ends=ends_in_words, note=note)

    def draw(sheet):
        column = 78 if sheet.phone else 124
        left, right, height = 22, sheet.width - column - 13, 230 if sheet.phone else 215
        axes = sheet.axes(left, sheet.y + 6, right - left, height)
        axes.set_xlim(first, last + 0.3)
        axes.set_ylim(low, top)
        axes.tick_params(axis="x", pad=6)
        step = 10 if sheet.phone else 5
        axes.set_xticks(range(first + -first % step, last + 1, step))
        axes.yaxis.set_major_formatter(lambda value, _: language.number(value))
        axes.grid(axis="y", color=GRID, lw=0.6)
        ceiling = min(claim.interval.high, top)
        axes.axhspan(claim.interval.low, ceiling, fc=BAND, lw=0, zorder=1, gid="band")

        def place(year, value):
            return (
                left + (year - first) / (last + 0.3 - first) * (right - left),
                sheet_top + height - (value - low) / (top - low) * height,
            )

        sheet_top = sheet.y + 6
        for years in others.values():
            axes.plot(list(years), [v for v, _ in years.values()], color=CONTEXT, lw=1.3, zorder=2)
        for who, years in known.items():
            listed, color = sorted(years), colors[who]
            for firm, dash in ((True, "-"), (False, (0, (2, 1.5)))):
                steps = [
                    (a, b) for a, b in zip(listed, listed[1:]) if (years[b][1] == "actual") == firm
                ]
                xs = [x for a, b in steps for x in (a, b, b)]
                ys = [y for a, b in steps for y in (years[a][0], years[b][0], nan)]
                axes.plot(xs, ys, color=color, lw=1.2, ls=dash, zorder=3)
            for start, end in inside[who]:
                run = range(start, end + 1)
                # A single year would not show as a thick line.
                axes.plot(
                    run,
                    [years[y][0] for y in run],
                    "o-",
                    color=color,
                    lw=2.8,
                    mew=0,
                    zorder=4,
                    ms=2.8 if end > start else 5.5,
                )
        for hollow, found in ((False, ends), (True, newest)):
            for who, (year, value) in found.items():
                sheet.tell(
                    dot(axes, year, value, hollow, colors.get(who, ACCENT)),
                    f"{language.number(value, 1)}, {year}, {names[who]}",
                )
        # The claim's words lie in its band where no line passes, else above it.
        words = say("chart.claimed", said=said)
        taken = []
        for years in (*known.values(), *others.values()):
            for a, b in zip(sorted(years), sorted(years)[1:]):
                rise = (years[b][0] - years[a][0]) / (b - a)
                taken += [
                    place(a + t, years[a][0] + t * rise)
                    for t in ((b - a) * n / 8 for n in range(9))
                ]
        above, below = place(first, ceiling)[1], place(first, claim.interval.low)[1]
        spots = []
        for width in (inf, 1.2 * max(width_of(word, bold=True) for word in said.split(" "))):
            parts = wrap(words, width, bold=True)
            wide, tall = max(width_of(part, bold=True) for part in parts) + 6, LINE * len(parts)
            spots += [
                (x, y, wide, tall)
                for y in (above + 2, below - tall - 2, above - tall - 2, below + 2)
                if y > sheet_top - 6
                for x in (left + 4, right - wide, (left + right - wide) / 2)
            ]
        free = [
            (x, y, wide, tall)
            for x, y, wide, tall in spots
            if not any(x - 3 < a < x + wide + 3 and y - 2 < b < y + tall + 2 for a, b in taken)
        ]
        x, y, wide, _ = (free or spots)[0]
        sheet.text(x, words, color=BANDEDGE, bold=True, width=wide, y=y)
        # Labels at the ends of the lines, pushed apart where they would overlap.
        blocks = [wrap(words, column) for words, *_ in tags]
        wanted = [place(year, value) for _, _, year, value in tags]
        heights = [LINE * len(block) + 4 for block in blocks]
        tops = spread([y for _, y in wanted], heights, sheet_top, sheet_top + height + 16)
        for (words, color, _, _), block, (x, y), start in zip(tags, blocks, wanted, tops):
            middle = start + LINE * len(block) / 2
            sheet.line([x + 4, right + 6, right + 9], [y, middle, middle], color=CONTEXT)
            sheet.text(right + 11, words, color=color, width=column, y=start)
        sheet.y = sheet_top + height + 18
        sheet.text(0, note, color=MUTED, width=sheet.width)

    publish(f"{claim.claim_id}_ratio", language, (title, subtitle, source, alt), table, draw)
