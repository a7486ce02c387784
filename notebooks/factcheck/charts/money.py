"""Money said and money documented, of kinds that do not add up."""

from matplotlib.patches import Rectangle

from factcheck.charts.common import publish, said_text, source_line, unknown_as_none
from factcheck.charts.sheet import (
    ACCENT,
    BAND,
    BANDEDGE,
    CONTEXT,
    INK,
    LINE,
    MUTED,
    PAPER,
    width_of,
)
from factcheck.evidence import first_day

GROUPS = ("claimed", "announced", "elsewhere", "signed", "invested", "traded")
STATES = ("invested", "traded")  # no promises: shown in dollars of their year


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
    found = [
        r for r in found if r.evidence is evidence
    ]  # another interview's sums are of another year
    year = wanted["period_from"][:4]
    spoken = f" {say('chart.and')} ".join(said_text(r.claim, language, unit=False) for r in found)
    rows = []  # group, id, words, period, bound, (low, high) nominal, unit, (low, high) in dollars, source
    for r in found:
        rows.append(
            (
                "claimed",
                r.claim.claim_id,
                language.of(r.claim.row, "title"),
                year,
                "exact",
                (r.claim.low, r.claim.high),
                "usd-bn",
                (r.claim.low, r.claim.high),
                None,
            )
        )
    for fact in evidence.facts:
        here = fact["object"] == wanted["object"]
        group = "elsewhere" if fact["act"] == "announced" and not here else fact["act"]
        if (
            fact["topic"] != wanted["topic"]
            or group not in GROUPS
            or (group in STATES and not here)
        ):
            continue
        ends = [
            tuple(map(unknown_as_none, pair))
            for pair in ((fact["value_low"], fact["value_high"]), evidence.dollars(fact))
        ]
        rows.append(
            (
                group,
                fact["fact_id"],
                language.of(fact, "statement"),
                fact["period"],
                fact["bound"],
                ends[0],
                fact["unit"],
                ends[1],
                fact["source_id"],
            )
        )
    rows.sort(
        key=lambda row: (GROUPS.index(row[0]), first_day(row[3]) if row[0] != "claimed" else "")
    )
    states = [
        c
        for r in results
        if r.evidence is evidence and r.primary and r.primary.row["measure"] == "rank"
        for c in r.primary.row["countries"].split("|")
        if c
    ]
    people, product = (
        float(
            sum(
                evidence.series(name, c, "world-bank").value.iloc[-1] for c in dict.fromkeys(states)
            )
        )
        for name in ("population", "gdp-nominal")
    )
    price_year = evidence.interview[
        "judged_year"
    ]  # the last full year: pledges are compared in its prices
    table = [
        (
            "group",
            "id",
            "period",
            "bound",
            "nominal_low",
            "nominal_high",
            "unit",
            "usd_bn_low",
            "usd_bn_high",
            f"usd_bn_of_{price_year}_low",
            f"usd_bn_of_{price_year}_high",
            "usd_per_inhabitant",
            "percent_of_gdp",
        )
    ]
    bars, per_head, unadjusted = [], {}, False
    for group, key, words, period, bound, nominal, unit, dollars, source_id in rows:
        real, dollars = (None, None), tuple(None if d is None else float(d) for d in dollars)
        if group not in STATES:
            try:
                prices = float(evidence.in_prices_of(price_year, 1, int(period[:4])))
                real = tuple(None if d is None else d * prices for d in dollars)
            except (
                KeyError
            ):  # no price index for that year yet: shown as it was said, and the note says so
                unadjusted = True
        shown = real if real != (None, None) else dollars
        value = max(end for end in shown if end is not None)
        relative = (None, None)
        if group in ("claimed", "announced") and real != (None, None):
            # In dollars of its own year, as people and product are.
            relative = tuple(
                max(d for d in dollars if d) * scale for scale in (1e9 / people, 100e9 / product)
            )
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
        if period[:4] not in words:
            words = f"{words}, {language.date(period)}"
        bars.append((group, words, value, number, said, bound, late, who))
    announced = [
        j.measured
        for r in found
        for reading in r.others
        for j in reading.judgements
        if reading.row["act"] == "announced" and reading.row["period_from"]
    ]
    title = say("chart.pledges.title.none", said=spoken, year=year)
    if announced:
        largest = max(announced, key=lambda m: m.high)
        original = next(f for f in evidence.facts if f["fact_id"] == largest.fact_id)
        title = say(
            "chart.pledges.title",
            said=spoken,
            year=year,
            dollars=largest.high,
            original=_money(language, original["value_high"], original["unit"]),
        )
    subtitle = say("chart.pledges.subtitle", year=price_year)
    source = source_line(language, evidence, [row[8] for row in rows if row[8]], dated=False)
    claimed = {r.claim.claim_id for r in found}
    note = say(
        "chart.pledges.note",
        said=max(v for key, v in per_head.items() if key in claimed),
        known=max(v for key, v in per_head.items() if key not in claimed),
    )
    note += (
        " "
        + say("chart.pledges.later")
        + (" " + say("chart.pledges.unadjusted") if unadjusted else "")
    )
    listed = "; ".join(
        f"{say(f'chart.pledges.{group}')}: {words}: {number} {said}".rstrip()
        for group, words, _, number, said, *_ in bars
    )
    alt = f"{title}. {listed}."

    def draw(sheet):
        left = 0 if sheet.phone else 190
        room = sheet.width - left - 22  # what the longest words beside a bar leave is for the bars
        scale = min((room - width_of(b[3], bold=True) - width_of(b[4]) - 4) / b[2] for b in bars)
        last = None
        for group, words, value, number, said, bound, late, who in bars:
            if group != last:
                sheet.y += 6 if last else 0
                sheet.text(
                    0,
                    say(f"chart.pledges.{group}"),
                    bold=True,
                    width=sheet.width,
                    color=BANDEDGE if group == "claimed" else INK,
                )
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
            bar = Rectangle(
                (left + 0.5, y + 1),
                value * scale,
                LINE - 2,
                ec=edge,
                lw=1,
                fc=PAPER if late or at_most else face,
                ls=(0, (2, 1.5)) if at_most else "-",
                transform=sheet.points,
            )
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

    publish("pledges", language, (title, subtitle, source, alt), table, draw)
