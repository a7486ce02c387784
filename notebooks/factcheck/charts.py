"""Figures: one question each, the finding as the title, the numbers beside it as CSV.

Every function takes what `verdict` concluded, draws the figure for the printed page (wide) and for a phone,
writes figures/NAME.svg (NAME.ru.svg in Russian) and figures/NAME.csv, and displays both with alt text.
All words come from data/labels.csv or from the tables themselves. Positions are in points (1/72 inch).
"""

import csv
import io
import os
from math import inf, nan

from IPython.display import display
from matplotlib.patches import Rectangle

from factcheck import FIGURES, verdict
from factcheck.evidence import day, first_day
from factcheck.sheet import (ACCENT, BAND, BANDEDGE, CONTEXT, GRID, INK, LINE, MUTED, PAPER, SIZE, Sheet, dot,
                             span_mark, spread, style, width_of, wrap)

SAME = 5e-4  # newest figures closer than this share to the earlier ones are not drawn twice
FAR = 2.0  # beyond twice, or half, what was said a linear scale hides the rest


# Words and numbers

def _label(language, keys, **values):
    """The first of several labels that data/labels.csv has: a claim's own words before the general ones."""
    for key in keys[:-1]:
        try:
            return language.label(key, **values)
        except KeyError:
            pass
    return language.label(keys[-1], **values)


def _span(language, low, high, form="n0"):
    """A range in words, or one number where both ends look the same; None stands for an open end."""
    low, high = (None if value is None else language.format(value, form) for value in (low, high))
    if low is None or high is None:
        return language.label("bound.at-most" if low is None else "bound.at-least").replace("#", low or high)
    return low if low == high else f"{low}–{high}"


def _digits(unit):
    return "n1" if unit in ("percent", "times", "usd-bn") else "n0"


def _with_unit(language, text, unit, value):
    if unit == "percent":
        return language.label("format.percent").replace("#", text)
    if unit == "usd-bn":
        return language.label("format.usd-bn").replace("#", text)
    try:
        return f"{text}\N{NO-BREAK SPACE}{language.noun(unit, value)}"
    except KeyError:  # a year or a rank is a number without a noun
        return text


def _said(claim, language, unit=True):
    """The claim's number in words: "80–85 times", "about 100", "more than 70%"."""
    form = "year" if claim.unit == "year" else "n0" if claim.low == int(claim.low) else "n1"
    text = _span(language, claim.low, claim.high, form)
    text = _with_unit(language, text, claim.unit, claim.high) if unit else text
    hedge = claim.hedge if claim.low == claim.high else "none"
    return text if hedge == "none" else language.label(f"hedge.{hedge}").replace("#", text)


def _who(language, who, evidence):
    """A provider of series by its short name, or the institution of a source."""
    if who in evidence.sources.index:
        return language.of(evidence.sources.loc[who], "institution")
    return language.label(f"provider.{who}")


def _sources(language, evidence, ids, dated=True):
    """The source line: each institution once, with the months in which what was used was published."""
    months = {}
    for source in (evidence.sources.loc[i] for i in dict.fromkeys(ids)):
        months.setdefault(language.of(source, "institution"), {})[language.date(source.published[:7])] = None
    names = [f"{who} ({', '.join(when)})" if dated else who for who, when in months.items()]
    return language.label("chart.sources", names="; ".join(names))


def _unknown_as_none(value):
    return None if value is None or value != value else value


def _same(value, other):
    """Whether a later figure is the earlier one, for the eye."""
    if value is None or other is None:
        return value is other
    return abs(value - other) <= SAME * abs(other)


# Files and display

def _cell(value):
    value = _unknown_as_none(value)
    return "" if value is None else repr(float(value)) if isinstance(value, float) else str(value)


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.write_text(text, encoding="utf-8", newline="\n")
    os.replace(half, path)


def _publish(name, language, words, table, draw):
    """Draw both variants, write the files and display them.

    `words`: title, subtitle, source and alt text; `table`: the head and the rows of the CSV.
    """
    name, (title, subtitle, source, alt) = name.replace("-", "_"), words
    with style():
        drawn = []
        for phone in (False, True):
            sheet = Sheet(phone, title, subtitle, source)
            draw(sheet)
            drawn.append(sheet.svg())
    (wide, crop), (small, _) = drawn
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([[_cell(value) for value in row] for row in table])
    _write(FIGURES / f"{name}.csv", out.getvalue())
    _write(FIGURES / (f"{name}.svg" if language.code == "en" else f"{name}.{language.code}.svg"), wide)
    bundle = {"image/svg+xml": wide, "application/x-factcheck-phone+svg": small, "text/csv": out.getvalue(),
              "text/plain": alt}
    meta = {"role": "figure", "id": name, "title": title, "subtitle": subtitle, "source": source, "alt": alt,
            "crop": crop}
    display(bundle, raw=True, metadata={"factcheck": meta})


# All claims at a glance

# From what is off to what holds and what cannot be settled.
ORDER = (verdict.INCORRECT, verdict.EXAGGERATED, verdict.UNDERSTATED, verdict.OUT_OF_DATE, verdict.DISAGREE,
         verdict.MOSTLY, verdict.CORRECT, verdict.UNPROVEN, verdict.VAGUE)


def _measured(result, newest=False):
    """(low, high, who) of each source of the primary reading that measures what the claim says in numbers."""
    reading = result.primary
    if reading is None or not reading.is_numeric or not result.claim.has_number or not result.claim.middle:
        return []
    return [(_unknown_as_none(j.measured.low), _unknown_as_none(j.measured.high), j.measured)
            for j in (reading.newest if newest else reading.judgements)]


def _ends(measured):
    """Lowest and highest end of several measured ranges, None where there is none."""
    ends = [end for low, high, _ in measured for end in (low, high) if end is not None]
    return (min(ends), max(ends)) if ends else (None, None)


def overview(results, language):
    """All claims at a glance: what was measured as a share of what was claimed (claimed = 100 %)."""
    say = language.label
    found = [(r, _measured(r), _measured(r, newest=True)) for r in results]
    found.sort(key=lambda row: (ORDER.index(row[0].verdict), not row[1], -max(row[0].factors() or (0,))))
    table = [("claim_id", "verdict", "claimed_low", "claimed_high", "measured_low", "measured_high",
              "factor_low", "factor_high", "newest_low", "newest_high")]
    for r, old, new in found:
        claimed = (r.claim.interval.low, r.claim.interval.high) if r.claim.interval else (None, None)
        table.append((r.claim.claim_id, r.verdict, *claimed, *_ends(old), *(r.factors() or (None, None)),
                      *_ends(new)))
    shares = [end / r.claim.middle for r, old, new in found for low, high, _ in (*old, *new)
              for end in (low, high) if end is not None]
    log = bool(shares) and (max(shares) > FAR or min(shares) < 1 / FAR / FAR)
    if log:
        limits = (min([*shares, 0.5]) / 1.3, max([*shares, 2]) * 1.3)
        steps = (0.1, 0.5, 1, 2, 10) if limits[1] / limits[0] < 200 else (0.001, 0.01, 0.1, 1, 10, 100, 1000)
        ticks = [t for t in steps if limits[0] <= t <= limits[1]]
    else:
        ticks, limits = [0, 0.5, 1, 1.5], (0, 1.5)
    scale = [language.format(100 * t, "pct0" if not 0 < t < 0.01 else "pct1") for t in ticks]

    def count(*verdicts):
        return sum(r.verdict in verdicts for r in results)

    held = count(verdict.CORRECT, verdict.MOSTLY)
    unsettled = count(verdict.UNPROVEN, verdict.VAGUE, verdict.DISAGREE)
    title = say("chart.overview.title", total=len(results), held=held, unsettled=unsettled,
                           off=len(results) - held - unsettled)
    subtitle = say("chart.overview.subtitle",
                              scale=say("chart.scale.log" if log else "chart.scale.linear"))
    days = dict.fromkeys(language.date(r.evidence.cut_off) for r in results)
    source = say("chart.overview.source", date=f" {say('chart.and')} ".join(days))

    def numbers(r, old):
        """What was measured and said, or why there is nothing to compare."""
        low, high = _ends(old)
        if low is not None:
            text = _span(language, low, high, _digits(r.claim.unit))
            return say("chart.overview.numbers", measured=_with_unit(language, text, r.claim.unit, high),
                       said=_said(r.claim, language, unit=False))
        kind = r.verdict if r.verdict in (verdict.VAGUE, verdict.UNPROVEN) else r.primary.row["measure"]
        return _label(language, [f"chart.overview.none.{kind}", "chart.overview.none.other"])

    alt = say("chart.overview.alt", title=title) + " " + "; ".join(
        f"{language.of(r.claim.row, 'title')}: {say(f'verdict.{r.verdict}')}, {numbers(r, old)}"
        for r, old, _ in found) + "."

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
                sheet.line([0, sheet.width], [sheet.y - 1.5] * 2, color=MUTED if sheet.phone else CONTEXT)
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
                    beside += sheet.text(322, words, color=MUTED, width=sheet.width - 322, y=start + LINE)
                else:
                    height = max(height, sheet.text(left, words, color=MUTED, width=right - left, y=start))
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
            axes.text(tick, marks[0][4] - 4 if sheet.phone else head + LINE, word, color=MUTED, size=SIZE,
                      ha="center")
        for claim, old, new, evidence, top, bottom in marks:
            y, interval = (top + bottom) / 2, claim.interval
            low, high = interval.low / claim.middle, min(interval.high / claim.middle, limits[1])
            axes.add_patch(Rectangle((low, top), high - low, bottom - top, fc=BAND, lw=0, zorder=1,
                                     gid=f"band-{claim.claim_id}"))
            axes.vlines([t for t in ticks if t != 1], top, bottom, color=GRID, lw=0.6, zorder=0)
            axes.vlines([1], top, bottom, color=BANDEDGE, lw=1, zorder=2)
            later = [n for n in new if not any(_same(n[0], o[0]) and _same(n[1], o[1]) for o in old)]
            for start, end, measured in (*later, *old):
                mark = [None if value is None else value / claim.middle for value in (start, end)]
                far = end if start is None else start
                near = min(interval.high, max(interval.low, far))  # the edge from which the claim is off
                axes.plot([near / claim.middle, far / claim.middle], [y, y], color=ACCENT, lw=1.2, zorder=3)
                words = (_span(language, start, end, _digits(claim.unit)), language.date(measured.period),
                         _who(language, measured.who, evidence))
                sheet.tell(span_mark(axes, *mark, y, measured not in [m for *_, m in old]), ", ".join(words))

    _publish("claims_overview", language, (title, subtitle, source, alt), table, draw)


# Two countries compared, by year

def ratio_history(result, language):
    """A claim about how many times one country exceeds another: every year and source against the claim."""
    say = language.label
    claim, evidence, primary = result.claim, result.evidence, result.primary
    table = [("reading_id", "provider", "edition", "year", "numerator", "denominator", "ratio", "status")]
    lines, ids = {}, []  # (reading, edition) -> {provider: {year: (ratio, status)}}
    readings = [r for r in (primary, *result.others) if r.row["measure"] == "ratio"]
    for reading, edition in ((r, e) for r in readings for e in ("known", "newest")):
        countries, of_edition = reading.row["countries"].split("|"), lines.setdefault((reading, edition), {})
        for row in evidence.ratios(reading.row["indicator"], countries, edition == "newest").itertuples():
            table.append((reading.row["reading_id"], row.provider, edition, int(row.year),
                          float(row.numerator), float(row.denominator), float(row.ratio), row.status))
            of_edition.setdefault(row.provider, {})[int(row.year)] = (float(row.ratio), row.status)
            ids += row.sources
    known, later = lines[primary, "known"], lines[primary, "newest"]
    others = {(reading, who): years for reading in readings[1:]
              for who, years in lines[reading, "known"].items()}
    ends = {who: (max(years), years[max(years)][0]) for who, years in known.items()}
    newest = {who: (max(years), years[max(years)][0]) for who, years in later.items()
              if not _same(years[max(years)][0], ends.get(who, (0, 0))[1])}
    inside = {who: verdict.years_inside({y: v for y, (v, status) in years.items() if status == "actual"},
                                        claim.interval, at_least=1) for who, years in known.items()}
    measured = _span(language, *_ends(_measured(result)))
    runs = [j.inside[-1][1] for j in primary.judgements if j.inside]
    said = _said(claim, language)
    values = {"title": language.of(claim.row, "title"), "measured": measured, "said": said,
              "until": _span(language, min(runs), max(runs), "year") if runs else "",
              "number": _said(claim, language, unit=False)}
    title = _label(language, [f"chart.ratio.title.{claim.claim_id}.{result.verdict}",
                              f"chart.ratio.title.{result.verdict}", "chart.ratio.title"], **values)
    every = [years for found in lines.values() for years in found.values()]
    first, last = (f(year for years in every for year in years) for f in (min, max))
    over, under = (say(f"country.{country}") for country in primary.row["countries"].split("|"))
    subtitle = say("chart.ratio.subtitle", measure=say(f"indicator.{primary.row['indicator']}"), over=over,
                   under=under, first=first, last=last)
    drawn = [value for years in every for value, _ in years.values()]
    step = 5 if max(drawn) - min(drawn) < 30 else 20
    low = 0 if min(drawn) < 0.5 * max(drawn) else min(drawn) // step * step
    top = max(*drawn, min(claim.interval.high, 2 * max(drawn))) * 1.03
    if low:
        subtitle += say("chart.ratio.axis", low=low)
    source = _sources(language, evidence, ids)

    names = {who: say(f"provider.{who}") for who in (*known, *later)}
    been = "; ".join(f"{names[who]} {', '.join(_span(language, *run, 'year') for run in inside[who])}"
                     for who in known if inside[who])
    note = say("chart.ratio.inside", years=been) if been else say("chart.ratio.never")
    # What stands at the right end of each line: words, colour, year and value.
    tags = []
    colors = dict(zip(ends, (ACCENT, INK, MUTED, INK, MUTED, INK)))
    for who, (year, value) in ends.items():
        form = "chart.ratio.end" if known[who][year][1] == "actual" else "chart.ratio.end.estimate"
        tags.append((say(form, who=names[who], value=value, year=year), colors[who], year, value))
    if newest:
        years, found = zip(*newest.values())
        words = say("chart.ratio.newest", value=_span(language, min(found), max(found), "n1"),
                    years=_span(language, min(years), max(years), "year"))
        tags.append((words, MUTED, max(years), sum(found) / len(found)))
    for (reading, who), years in others.items():
        year, value = max(years), years[max(years)][0]
        words = say("chart.ratio.other", reading=language.of(reading.row, "label"), value=value, year=year,
                    who=say(f"provider.{who}"))
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
            return (left + (year - first) / (last + 0.3 - first) * (right - left),
                    sheet_top + height - (value - low) / (top - low) * height)

        sheet_top = sheet.y + 6
        for years in others.values():
            axes.plot(list(years), [v for v, _ in years.values()], color=CONTEXT, lw=1.3, zorder=2)
        for who, years in known.items():
            listed, color = sorted(years), colors[who]
            for firm, dash in ((True, "-"), (False, (0, (2, 1.5)))):
                steps = [(a, b) for a, b in zip(listed, listed[1:]) if (years[b][1] == "actual") == firm]
                xs = [x for a, b in steps for x in (a, b, b)]
                ys = [y for a, b in steps for y in (years[a][0], years[b][0], nan)]
                axes.plot(xs, ys, color=color, lw=1.2, ls=dash, zorder=3)
            for start, end in inside[who]:
                run = range(start, end + 1)
                # A single year would not show as a thick line.
                axes.plot(run, [years[y][0] for y in run], "o-", color=color, lw=2.8, mew=0, zorder=4,
                          ms=2.8 if end > start else 5.5)
        for hollow, found in ((False, ends), (True, newest)):
            for who, (year, value) in found.items():
                sheet.tell(dot(axes, year, value, hollow, colors.get(who, ACCENT)),
                           f"{language.number(value, 1)}, {year}, {names[who]}")
        # The claim's words lie in its band where no line passes, else above it.
        words = say("chart.claimed", said=said)
        taken = []
        for years in (*known.values(), *others.values()):
            for a, b in zip(sorted(years), sorted(years)[1:]):
                rise = (years[b][0] - years[a][0]) / (b - a)
                taken += [place(a + t, years[a][0] + t * rise) for t in ((b - a) * n / 8 for n in range(9))]
        above, below = place(first, ceiling)[1], place(first, claim.interval.low)[1]
        spots = []
        for width in (inf, 1.2 * max(width_of(word, bold=True) for word in said.split(" "))):
            parts = wrap(words, width, bold=True)
            wide, tall = max(width_of(part, bold=True) for part in parts) + 6, LINE * len(parts)
            spots += [(x, y, wide, tall) for y in (above + 2, below - tall - 2, above - tall - 2, below + 2)
                      if y > sheet_top - 6 for x in (left + 4, right - wide, (left + right - wide) / 2)]
        free = [(x, y, wide, tall) for x, y, wide, tall in spots
                if not any(x - 3 < a < x + wide + 3 and y - 2 < b < y + tall + 2 for a, b in taken)]
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

    _publish(f"{claim.claim_id}_ratio", language, (title, subtitle, source, alt), table, draw)


# A share, by every way to count it

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
            low, high = (None if m.bound == "at-most" else m.low), (None if m.bound == "at-least" else m.high)
            table.append((reading.row["reading_id"], m.who, "known" if old else "newest", m.period, low, high,
                          m.bound, j.verdict))
            digits = "n0" if all(end is None or end == int(end) for end in (low, high)) else "n1"
            words = _with_unit(language, _span(language, low, high, digits), claim.unit, low or high)
            rows.append((reading, m, old, low, high, words, j.verdict))
            ids.append(m.sources[0])
    ends = [end for _, _, _, low, high, _, _ in rows if None not in (low, high) for end in (low, high)]
    said = _said(claim, language)
    values = {"title": language.of(claim.row, "title"), "measured": say("format.percent").replace(
        "#", _span(language, min(ends), max(ends))), "said": said}
    title = _label(language, [f"chart.shares.title.{claim.claim_id}", "chart.shares.title"], **values)
    subtitle = say("chart.shares.subtitle", title=values["title"])
    source = _sources(language, evidence, ids)
    details = [say("chart.shares.who" if old else "chart.shares.who.newest", period=language.date(m.period),
                   who=_who(language, m.who, evidence)) for _, m, old, *_ in rows]
    alt = say("chart.shares.alt", title=title, said=said, rows="; ".join(
        f"{language.of(row[0].row, 'label')}, {detail}: {row[5]}" for row, detail in zip(rows, details)))

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
        sheet.text(right, say("chart.claimed", said=said), color=BANDEDGE, bold=True, ha="right",
                   y=top - LINE - 3)
        # On the phone the names stand between the rows: band and grid leave them alone.
        stripes = [mark[:2] for mark in marks] if sheet.phone else [(top, sheet.y + 2)]
        low_end, high_end = claim.interval.low, min(claim.interval.high, 100)
        for number, (start, end) in enumerate(stripes):
            axes.vlines(ticks, start, end, color=GRID, lw=0.6, zorder=0)
            axes.add_patch(Rectangle((low_end, start), high_end - low_end, end - start, fc=BAND, lw=0,
                                     zorder=1, gid=f"band-{number}"))
        for start, end, low, high, number, word, old, m in marks:
            y, at = (start + end) / 2, [value for value in (low, high) if value is not None]
            sheet.tell(span_mark(axes, low, high, y, hollow=not old),
                       f"{number}, {language.date(m.period)}, {_who(language, m.who, evidence)}")
            wide = max(width_of(number, bold=True), width_of(word))
            after = left + max(at) / 100 * (right - left) + (8 if None not in (low, high) else 24)
            before = left + min(at) / 100 * (right - left) - 8
            edge = left + low_end / 100 * (right - left)
            sides = [(x, ha) for x, ha, start, end in ((after, "left", after, after + wide),
                                                       (before, "right", before - wide, before))
                     if end <= right and not start < edge < end]
            x, ha = (sides or [(before, "right")])[0]
            sheet.text(x, number, bold=True, ha=ha, y=y - LINE)
            sheet.text(x, word, color=MUTED, ha=ha, y=y)
        sheet.y += 16

    _publish(f"{claim.claim_id}_share", language, (title, subtitle, source, alt), table, draw)


# Money said and money documented

GROUPS = ("claimed", "announced", "elsewhere", "signed", "invested", "traded")
STATES = ("invested", "traded")  # no promises: shown in dollars of their year
PRICE_YEAR = 2024  # the last full year before the interview: pledges are compared in its prices


def _money(language, amount, unit):
    """A sum in billions as it was said: "26 billion yuan", "US$0.5 billion"."""
    form = "cny" if unit == "cny-bn" else "usd"
    return language.format(amount, f"{form}{0 if amount == int(amount) else 1}")


def pledges(results, language):
    """Claimed sums beside what was announced, signed, invested and traded: money of kinds that do not add up.

    Raises ValueError if no claim of the family "pledges" is in billions of dollars.
    """
    say = language.label
    found = [r for r in results if r.claim.family == "pledges" and r.claim.unit == "usd-bn"]
    if not found:
        raise ValueError("data/claims.csv has no claim of the family pledges in usd-bn to draw")
    evidence, wanted = found[0].evidence, found[0].primary.row
    found = [r for r in found if r.evidence is evidence]  # another interview's sums are of another year
    year = wanted["period_from"][:4]
    spoken = f" {say('chart.and')} ".join(_said(r.claim, language, unit=False) for r in found)
    rows = []  # group, id, words, period, bound, (low, high) nominal, unit, (low, high) in dollars, source
    for r in found:
        rows.append(("claimed", r.claim.claim_id, language.of(r.claim.row, "title"), year, "exact",
                     (r.claim.low, r.claim.high), "usd-bn", (r.claim.low, r.claim.high), None))
    for fact in evidence.facts:
        here = fact["object"] == wanted["object"]
        group = "elsewhere" if fact["act"] == "announced" and not here else fact["act"]
        if fact["topic"] != wanted["topic"] or group not in GROUPS or (group in STATES and not here):
            continue
        ends = [tuple(map(_unknown_as_none, pair)) for pair in
                ((fact["value_low"], fact["value_high"]), evidence.dollars(fact))]
        rows.append((group, fact["fact_id"], language.of(fact, "statement"), fact["period"], fact["bound"],
                     ends[0], fact["unit"], ends[1], fact["source_id"]))
    rows.sort(key=lambda row: (GROUPS.index(row[0]), first_day(row[3]) if row[0] != "claimed" else ""))
    states = [c for r in results
              if r.evidence is evidence and r.primary and r.primary.row["measure"] == "rank"
              for c in r.primary.row["countries"].split("|") if c]
    people, product = (
        float(sum(evidence.series(name, c, "world-bank").value.iloc[-1] for c in dict.fromkeys(states)))
        for name in ("population", "gdp-nominal"))
    table = [("group", "id", "period", "bound", "nominal_low", "nominal_high", "unit", "usd_bn_low",
              "usd_bn_high", f"usd_bn_of_{PRICE_YEAR}_low", f"usd_bn_of_{PRICE_YEAR}_high",
              "usd_per_inhabitant", "percent_of_gdp")]
    bars, per_head, unadjusted = [], {}, False
    for group, key, words, period, bound, nominal, unit, dollars, source_id in rows:
        real, dollars = (None, None), tuple(None if d is None else float(d) for d in dollars)
        if group not in STATES:
            try:
                prices = float(evidence.in_prices_of(PRICE_YEAR, 1, int(period[:4])))
                real = tuple(None if d is None else d * prices for d in dollars)
            except KeyError:  # no price index for that year yet: shown as it was said, and the note says so
                unadjusted = True
        shown = real if real != (None, None) else dollars
        value = max(end for end in shown if end is not None)
        relative = (None, None)
        if group in ("claimed", "announced") and real != (None, None):
            # In dollars of its own year, as people and product are.
            relative = tuple(max(d for d in dollars if d) * scale for scale in (1e9 / people, 100e9 / product))
            per_head[key] = relative[0]
        table.append((group, key, period, bound, *nominal, unit, *dollars, *real, *relative))
        amount = _money(language, max(end for end in nominal if end is not None), unit)
        said = say(f"bound.{bound}").replace("#", amount)
        number = language.number(value, 1)
        if group in STATES or shown == dollars and unit == "usd-bn":
            number, said = say(f"bound.{bound}").replace("#", number), ""
        late = source_id is not None and not evidence.known(source_id)
        row = evidence.sources.loc[source_id] if source_id else found[0].claim.row
        who = language.of(row, "institution" if source_id else "speaker")
        said = f"({said})" if said else ""
        bars.append((group, f"{words}, {language.date(period)}", value, number, said, bound, late, who))
    announced = [j.measured for r in found for reading in r.others for j in reading.judgements
                 if reading.row["act"] == "announced" and reading.row["period_from"]]
    title = say("chart.pledges.title.none", said=spoken, year=year)
    if announced:
        largest = max(announced, key=lambda m: m.high)
        original = next(f for f in evidence.facts if f["fact_id"] == largest.fact_id)
        title = say("chart.pledges.title", said=spoken, year=year, dollars=largest.high,
                    original=_money(language, original["value_high"], original["unit"]))
    subtitle = say("chart.pledges.subtitle", year=PRICE_YEAR)
    source = _sources(language, evidence, [row[8] for row in rows if row[8]], dated=False)
    claimed = {r.claim.claim_id for r in found}
    note = say("chart.pledges.note", said=max(v for key, v in per_head.items() if key in claimed),
               known=max(v for key, v in per_head.items() if key not in claimed))
    note += " " + say("chart.pledges.later") + (" " + say("chart.pledges.unadjusted") if unadjusted else "")
    listed = "; ".join(f"{say(f'chart.pledges.{group}')}: {words}: {number} {said}".rstrip()
                       for group, words, _, number, said, *_ in bars)
    alt = f"{title}. {listed}."

    def draw(sheet):
        left = 0 if sheet.phone else 190
        room = sheet.width - left - 22  # what the longest words beside a bar leave is for the bars
        scale = min((room - width_of(b[3], bold=True) - width_of(b[4]) - 4) / b[2] for b in bars)
        last = None
        for group, words, value, number, said, bound, late, who in bars:
            if group != last:
                sheet.y += 6 if last else 0
                sheet.text(0, say(f"chart.pledges.{group}"), bold=True, width=sheet.width,
                           color=BANDEDGE if group == "claimed" else INK)
                sheet.y += 2
                last = group
            start = sheet.y
            sheet.text(0, words, color=MUTED, width=sheet.width if sheet.phone else left - 10)
            if sheet.phone:
                start = sheet.y
            y = start if sheet.phone else (start + sheet.y - LINE) / 2
            face = {"claimed": BAND, "announced": ACCENT}.get(group, CONTEXT)
            edge = {"claimed": BANDEDGE}.get(group, face)
            at_most = bound == "at-most"
            bar = Rectangle((left + 0.5, y + 1), value * scale, LINE - 2, ec=edge, lw=1,
                            fc=PAPER if late or at_most else face, ls=(0, (2, 1.5)) if at_most else "-",
                            transform=sheet.points)
            sheet.figure.add_artist(bar)
            sheet.tell(bar, ", ".join(filter(None, (f"{number} {said}".strip(), words, who))))
            x = left + value * scale + 5
            if bound == "at-least":
                sheet.line([x - 4, x + 5], [y + LINE / 2] * 2, color=edge, width=1.4)
                sheet.line([x + 5], [y + LINE / 2], color=edge, marker=">", markersize=4)
                x += 11
            sheet.text(x, number, bold=True, y=y)
            sheet.text(x + width_of(number, bold=True) + 4, said, color=MUTED, y=y)
            sheet.y = max(sheet.y, start + LINE) + 2
            sheet.line([left, left], [y - 1, y + LINE + 1], color=MUTED)
        sheet.y += 4
        sheet.text(0, note, color=MUTED, width=sheet.width)

    _publish("pledges", language, (title, subtitle, source, alt), table, draw)


# A ranking of states

def ranking(result, language):
    """A claim of rank: the values of all that are ranked, by every source."""
    say = language.label
    claim, evidence, reading = result.claim, result.evidence, result.primary.row
    scale = 1e-9 if reading["indicator"] else 1
    known, newest = (evidence.standings(reading, later) for later in (False, True))
    table = [("reading_id", "country", "provider", "edition", "period", "value_bn")]
    values, ids = {}, []
    for edition, standings in (("known", known), ("newest", newest)):
        for who, (period, numbers, sources) in standings.items():
            ids += sources
            for country, value in numbers.items():
                value = float(value) * scale
                table.append((reading["reading_id"], country, who, edition, period, value))
                values.setdefault(country, []).append((edition == "newest", who, period, value))
    for other in (other.row for other in result.others):  # not drawn, but judged: their numbers stand beside
        for edition in ("known", "newest"):
            for who, (period, numbers, _) in evidence.standings(other, edition == "newest").items():
                table += [(other["reading_id"], country, who, edition, period,
                           float(value) * (1e-9 if other["indicator"] else 1)) for country, value in numbers.items()]
    order = sorted(values, key=lambda c: -max(v for new, *_, v in values[c] if not new))

    def old(country):
        return [v for new, *_, v in values[country] if not new]

    ratios = []
    for _, numbers, _ in known.values():
        ahead = sorted(numbers.values(), reverse=True)
        ratios.append(ahead[0] / ahead[1])
    uncertain = max(order, key=lambda c: max(old(c)) / min(old(c)))
    apart = 100 * (max(old(uncertain)) / min(old(uncertain)) - 1)
    keys = [f"chart.ranking.title.{claim.claim_id}.{result.verdict}", "chart.ranking.title"]
    title = _label(language, keys, title=language.of(claim.row, "title"),
                   ratio=_span(language, min(ratios), max(ratios), "n1"))
    indicator = reading["indicator"]
    measure = say(f"indicator.{indicator}") if indicator else language.of(reading, "label")
    periods = _span(language, *(f(int(p[:4]) for p, *_ in known.values()) for f in (min, max)), "year")
    subtitle = say("chart.ranking.subtitle", measure=measure, period=periods)
    source = _sources(language, evidence, ids)
    numbers = {c: _span(language, min(old(c)), max(old(c))) for c in order}
    doubt = say("chart.ranking.uncertain", spread=apart) if apart > 10 else ""
    doubts = {uncertain: f" – {doubt}"} if doubt else {}
    alt = say("chart.ranking.alt", title=title, rows="; ".join(
        f"{say(f'country.{c}')}: {numbers[c]}{doubts.get(c, '')}" for c in order))

    def draw(sheet):
        left, right = (4, sheet.width - 8) if sheet.phone else (100, sheet.width - 10)
        largest = max(v for found in values.values() for *_, v in found)
        top, marks = sheet.y + LINE + 8, []
        sheet.y = top
        for number, country in enumerate(order, 1):
            words = f"{number}. {say(f'country.{country}')}"
            if sheet.phone:
                sheet.text(0, words, bold=country == claim.subject)
                if country in doubts:
                    sheet.text(0, doubt, color=MUTED)
                sheet.y += LINE + 4 if number == 1 else 0
                marks.append((country, sheet.y + LINE / 2))
            else:
                sheet.text(0, words, bold=country == claim.subject, y=sheet.y + 5)
                marks.append((country, sheet.y + 11))
            sheet.y += 18 if sheet.phone else 22
        edge = largest * (1.24 if sheet.phone else 1.14)
        ticks = [t for t in range(0, int(largest) + 1, 100 if largest > 150 else 20)]
        axes = sheet.rows(left, right, top, sheet.y, (0, edge), ticks, [language.number(t) for t in ticks])
        axes.grid(False)

        def place(value):
            return left + value / edge * (right - left)

        for country, y in marks:
            low, high = min(old(country)), max(old(country))
            line, shade = (ACCENT, ACCENT) if country == claim.subject else (CONTEXT, MUTED)
            axes.add_patch(Rectangle((0, y - 3), low, 6, fc=GRID, lw=0, zorder=1, gid=f"bar-{country}"))
            axes.plot([low, high], [y, y], color=line, lw=4, solid_capstyle="butt", zorder=2)
            drawn = [row for row in values[country]
                     if not row[0] or not any(_same(row[3], value) for value in old(country))]
            for new, who, period, value in sorted(drawn, reverse=True):
                sheet.tell(dot(axes, value, y, hollow=new, color=shade),
                           f"{language.number(value, 1)}, {period}, {_who(language, who, evidence)}")
            words = numbers[country] + ("" if sheet.phone else doubts.get(country, ""))
            sheet.text(place(max(value for *_, value in drawn)) + 8, words, y=y - LINE / 2)
        # The first row says which dot is whose.
        first = sorted((value, f"{_who(language, who, evidence)} {period}")
                       for new, who, period, value in values[order[0]] if not new)
        x, above = place(first[0][0]), marks[0][1] - LINE - 7
        sheet.text(x + 4, first[0][1], color=MUTED, ha="right", y=above)
        if len(first) > 1:
            sheet.text(x + 10, first[-1][1], color=MUTED, y=above)
        y = marks[0][1]
        axes.vlines([value for value, _ in (first[0], first[-1])], y - 8, y, color=CONTEXT, lw=0.6)
        sheet.y += 14

    _publish(f"{claim.claim_id}_ranking", language, (title, subtitle, source, alt), table, draw)


# Dates

# How an event bears on a claim: shape, face and edge of its mark.
MARKS = {"fits": ("o", MUTED, MUTED), "against": ("D", ACCENT, ACCENT), "context": ("o", CONTEXT, CONTEXT),
         "later": ("o", PAPER, MUTED)}
DATED = ("first", "ordinal", "always", "occurrence", "duration", "rank")


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
    lanes = {key: (found, [e for e in events if e["topic"] == key[1]]) for key, found in lanes.items()}
    lanes = {key: lane for key, lane in lanes.items() if lane[1]}
    table = [("topic", "event_id", "date", "date_end", "mark", "source_id")]
    marks = {}
    for (evidence, topic), (found, events) in lanes.items():
        for event in events:
            key = (evidence, event["event_id"])
            marks[key] = _kind_of_event(event, found, evidence)
            table.append((topic, event["event_id"], event["date"], event["date_end"], marks[key],
                          event["source_id"]))
    counted = [r.verdict for found, _ in lanes.values() for r in found]
    off = sum(word == verdict.INCORRECT for word in counted)
    held = sum(word in (verdict.CORRECT, verdict.MOSTLY) for word in counted)
    title = say("chart.timeline.title", held=held, off=off, unsettled=len(counted) - held - off)
    listed = [event for _, events in lanes.values() for event in events]
    dates = [event["date"] for event in listed]
    first, last = int(min(d[:4] for d in dates)), int(max(d[:4] for d in dates)) + 1
    subtitle = say("chart.timeline.subtitle", first=first, last=last - 1)
    source = _sources(language, results[0].evidence, [event["source_id"] for event in listed], dated=False)

    def said(r):
        row, claim = r.primary.row, r.claim
        if row["measure"] == "always":
            return say("chart.said.always", country=say(f"country.{claim.subject}"))
        if row["measure"] == "occurrence":
            return say("chart.said.plan" if claim.kind == "plan" else "chart.said.done")
        if claim.unit == "rank":
            return say("chart.said.rank", place=int(claim.low))
        if claim.unit == "order":
            return say(f"ordinal.{int(claim.low) if claim.has_number else 1}")
        return _said(claim, language)

    alt = title + ". " + " ".join(
        "; ".join(f"{language.of(r.claim.row, 'title')} ({say('chart.claimed', said=said(r))}; "
                  f"{say(f'verdict.{r.verdict}')})" for r in found) + ": "
        + "; ".join(f"{language.date(e['date'])}, {language.of(e, 'statement')}" for e in events) + "."
        for found, events in lanes.values())

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
                sheet.text(0, language.of(r.claim.row, "title"), bold=True,
                           width=sheet.width - (0 if sheet.phone else wide + 12))
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
        axes = sheet.rows(left, right, top + LINE + 2, sheet.y, (first, last), ticks, [str(t) for t in ticks])
        axes.tick_params(labeltop=True)
        axes.grid(False)
        for place in lines:
            if isinstance(place, tuple):
                axes.vlines(ticks, *place, color=GRID, lw=0.6, zorder=0)
            else:
                sheet.line([0, sheet.width], [place, place], color=CONTEXT)
        for low, high, above, below, r in bands:
            axes.add_patch(Rectangle((low, above), high - low, below - above, fc=BAND, lw=0, zorder=1,
                                     gid=f"band-{r.claim.claim_id}"))
        for event, mark, y in dots:
            shape, face, edge = MARKS[mark]
            mark = dot(axes, _moment(event["date"]), y, color=edge, face=face, shape=shape)
            who = language.of(results[0].evidence.sources.loc[event["source_id"]], "institution")
            sheet.tell(mark, f"{language.date(event['date'])}, {who}")
        sheet.y += 14
        sheet.text(0, say("chart.timeline.note"), color=MUTED, width=sheet.width)

    _publish("timeline", language, (title, subtitle, source, alt), table, draw)


def _kind_of_event(event, found, evidence):
    """How an event bears on the claims of its lane: "fits", "against", "context" or "later"."""
    if not (evidence.known(event["source_id"]) or event["event_itself"]):
        return "later"
    kind = "context"
    for r in found:
        row, claim = r.primary.row, r.claim
        if not evidence.matches(row, event):
            if row["measure"] == "always" and event["object"] != claim.subject:
                return "against"
            kind = "fits"
        elif claim.unit == "year" and int(event["date"][:4]) < claim.low and any(
                not evidence.matches(other.row, event) for other in r.others):
            kind = "against"
    return kind
