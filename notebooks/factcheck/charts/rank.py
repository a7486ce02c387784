"""A claim of rank: the values of all that are ranked."""

from matplotlib.patches import Rectangle

from factcheck.charts.common import (
    first_label,
    institution_name,
    looks_same,
    publish,
    source_line,
    span_text,
)
from factcheck.charts.sheet import ACCENT, CONTEXT, GRID, LINE, MUTED, dot


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
    for other in (
        other.row for other in result.others
    ):  # not drawn, but judged: their numbers stand beside
        for edition in ("known", "newest"):
            for who, (period, numbers, _) in evidence.standings(other, edition == "newest").items():
                table += [
                    (
                        other["reading_id"],
                        country,
                        who,
                        edition,
                        period,
                        float(value) * (1e-9 if other["indicator"] else 1),
                    )
                    for country, value in numbers.items()
                ]
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
    title = first_label(
        language,
        keys,
        title=language.of(claim.row, "title"),
        ratio=span_text(language, min(ratios), max(ratios), "n1"),
    )
    indicator = reading["indicator"]
    measure = say(f"indicator.{indicator}") if indicator else language.of(reading, "label")
    periods = span_text(
        language, *(f(int(p[:4]) for p, *_ in known.values()) for f in (min, max)), "year"
    )
    subtitle = say("chart.ranking.subtitle", measure=measure, period=periods)
    source = source_line(language, evidence, ids)
    numbers = {c: span_text(language, min(old(c)), max(old(c))) for c in order}
    doubt = say("chart.ranking.uncertain", spread=apart) if apart > 10 else ""
    doubts = {uncertain: f" – {doubt}"} if doubt else {}
    alt = say(
        "chart.ranking.alt",
        title=title,
        rows="; ".join(f"{say(f'country.{c}')}: {numbers[c]}{doubts.get(c, '')}" for c in order),
    )

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
        axes = sheet.rows(
            left, right, top, sheet.y, (0, edge), ticks, [language.number(t) for t in ticks]
        )
        axes.grid(False)

        def place(value):
            return left + value / edge * (right - left)

        for country, y in marks:
            low, high = min(old(country)), max(old(country))
            line, shade = (ACCENT, ACCENT) if country == claim.subject else (CONTEXT, MUTED)
            axes.add_patch(
                Rectangle((0, y - 3), low, 6, fc=GRID, lw=0, zorder=1, gid=f"bar-{country}")
            )
            axes.plot([low, high], [y, y], color=line, lw=4, solid_capstyle="butt", zorder=2)
            drawn = [
                row
                for row in values[country]
                if not row[0] or not any(looks_same(row[3], value) for value in old(country))
            ]
            for new, who, period, value in sorted(drawn, reverse=True):
                sheet.tell(
                    dot(axes, value, y, hollow=new, color=shade),
                    f"{language.number(value, 1)}, {period}, {institution_name(language, who, evidence)}",
                )
            words = numbers[country] + ("" if sheet.phone else doubts.get(country, ""))
            sheet.text(place(max(value for *_, value in drawn)) + 8, words, y=y - LINE / 2)
        # The first row says which dot is whose.
        first = sorted(
            (value, f"{institution_name(language, who, evidence)} {period}")
            for new, who, period, value in values[order[0]]
            if not new
        )
        x, above = place(first[0][0]), marks[0][1] - LINE - 7
        sheet.text(x + 4, first[0][1], color=MUTED, ha="right", y=above)
        if len(first) > 1:
            sheet.text(x + 10, first[-1][1], color=MUTED, y=above)
        y = marks[0][1]
        axes.vlines([value for value, _ in (first[0], first[-1])], y - 8, y, color=CONTEXT, lw=0.6)
        sheet.y += 14

    publish(f"{claim.claim_id}_ranking", language, (title, subtitle, source, alt), table, draw)
