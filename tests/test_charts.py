"""Figures: their numbers against the tables, their drawing against what a reader needs."""

import csv
import io
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from itertools import combinations

import pytest
from factcheck import DATA, charts, prose, verdict
from factcheck.charts import common, glance, picture, sheet
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from PIL import Image

PALETTE = {"#1f2933", "#52606d", "#d9dee3", "#9aa5b1", "#b3261e", "#f3d9a4", "#8a5a00", "#ffffff"}
NAMES = (
    "claims_overview",
    "population_ratio",
    "economy_ratio",
    "ai_patents_share",
    "pledges",
    "largest_economy_ranking",
    "timeline",
)
LANGUAGES = ("en", "ru")
DRAW_ALL = """
from factcheck import charts, prose, verdict
charts.common.display = lambda *bundle, **meta: None
results = verdict.results()
by = {r.claim.claim_id: r for r in results}
for code in ("en", "ru"):
    language = prose.Language(code)
    charts.overview(results, language)
    charts.ratio_history(by["population"], language)
    charts.ratio_history(by["economy"], language)
    charts.shares(by["ai-patents"], language)
    charts.pledges(results, language)
    charts.ranking(by["largest-economy"], language)
    charts.timeline(results, language)
"""


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def table(name):
    return rows((DATA / f"{name}.csv").read_text("utf-8"))


def said(name):
    """(lowest, highest) number of a claim as it was said, from the table."""
    [row] = [row for row in table("claims") if row["claim_id"] == name]
    return float(row["low"]), float(row["high"])


def price_level(year, series):
    [level] = [
        float(r["value"]) for r in series if (r["source_id"], r["year"]) == ("bls-cpi", year)
    ]
    return level


class Record:
    """What a run of the figures displayed and drew: bundles and sheets by (name, language)."""

    def __init__(self, folder, monkeypatch):
        self.folder, self.bundles, self.sheets = folder, {}, {}
        self.code, drawn, finish = None, [], sheet.Sheet.svg

        def svg(one):
            drawn.append(one)
            return finish(one)

        def display(bundle, raw, metadata):
            assert raw
            meta = metadata["factcheck"]
            self.bundles[meta["id"], self.code] = (bundle, meta)
            self.sheets[meta["id"], self.code] = drawn[-2:]

        monkeypatch.setattr(common, "FIGURES", folder)
        monkeypatch.setattr(common, "display", display)
        monkeypatch.setattr(sheet.Sheet, "svg", svg)


@pytest.fixture(scope="module")
def results():
    return verdict.results()


@pytest.fixture(scope="module")
def record(results, tmp_path_factory):
    by = {r.claim.claim_id: r for r in results}
    with pytest.MonkeyPatch.context() as patch:
        record = Record(tmp_path_factory.mktemp("figures"), patch)
        for record.code in LANGUAGES:
            language = prose.Language(record.code)
            charts.overview(results, language)
            charts.ratio_history(by["population"], language)
            charts.ratio_history(by["economy"], language)
            charts.shares(by["ai-patents"], language)
            charts.pledges(results, language)
            charts.ranking(by["largest-economy"], language)
            charts.timeline(results, language)
    return record


def shown(one):
    """Every text of a sheet that has words, with its box in points."""
    renderer = RendererSVG(
        one.figure.bbox.width, one.figure.bbox.height, io.StringIO(), image_dpi=72
    )
    found = [t for t in one.figure.findobj(Text) if t.get_text().strip() and t.get_visible()]
    for axes in one.figure.axes:  # labels of ticks outside the limits are never drawn
        for axis in (axes.xaxis, axes.yaxis):
            ticks = {t for tick in axis._update_ticks() for t in (tick.label1, tick.label2)}
            every = {
                t
                for tick in (*axis.majorTicks, *axis.minorTicks)
                for t in (tick.label1, tick.label2)
            }
            found = [t for t in found if t not in every - ticks]
    return [(t, t.get_window_extent(renderer)) for t in found]


def collisions(one):
    problems = []
    boxes = shown(one)
    right, top = one.figure.bbox.width, one.figure.bbox.height
    for text, box in boxes:
        if text.get_fontsize() < 8:
            problems.append(f"small: {text.get_text()}")
        if box.x0 < -0.5 or box.x1 > right + 0.5 or box.y0 < -0.5 or box.y1 > top + 0.5:
            problems.append(f"outside: {text.get_text()} {box}")
    for (one_text, a), (other, b) in combinations(boxes, 2):
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 0.7 and min(a.y1, b.y1) - max(a.y0, b.y0) > 0.7:
            problems.append(f"overlap: {one_text.get_text()} | {other.get_text()}")
    return problems


# The drawing


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_text_is_legible_and_nothing_overlaps_or_leaves_the_sheet(record, name, code):
    for one in record.sheets[name, code]:
        assert not collisions(one), "phone" if one.phone else "wide"


@pytest.mark.parametrize("count, far", [(5, glance.FAR), (60, glance.FAR), (22, 1.01)])
def test_the_overview_fits_few_and_many_claims_and_a_log_scale(
    results, count, far, tmp_path, monkeypatch
):
    monkeypatch.setattr(glance, "FAR", far)
    record = Record(tmp_path, monkeypatch)
    record.code = "en"
    chosen = (list(results) * 3)[:count]
    charts.overview(chosen, prose.Language("en"))
    assert len(rows((tmp_path / "claims_overview.csv").read_text("utf-8"))) == count
    for one in record.sheets["claims_overview", "en"]:
        assert not collisions(one)
        assert one.figure.axes[0].get_xscale() == ("log" if far < 1.1 else "linear")
    said = record.bundles["claims_overview", "en"][1]["subtitle"]
    assert ("logarithmic" in said) == (far < 1.1)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_each_variant_is_svg_in_the_palette_with_head_and_foot_where_they_belong(
    record, name, code
):
    bundle, meta = record.bundles[name, code]
    wide = ElementTree.fromstring(bundle["image/svg+xml"])
    phone = ElementTree.fromstring(bundle["application/x-factcheck-phone+svg"])
    for key in ("image/svg+xml", "application/x-factcheck-phone+svg"):
        assert set(re.findall(r"#[0-9a-fA-F]{6}\b", bundle[key])) <= PALETTE
        assert "<image" not in bundle[key] and "opacity" not in bundle[key]
        assert bundle[key].count("<title>") >= 4
    ids = [[e.get("id") for e in root.iter() if e.get("id")] for root in (wide, phone)]
    assert all(len(found) == len(set(found)) for found in ids)
    assert {"chart-head", "chart-foot"} <= set(ids[0]) and not {"chart-head", "chart-foot"} & set(
        ids[1]
    )
    texts = {e.get("id"): "".join(e.itertext()) for e in wide.iter() if e.tag.endswith("g")}
    assert re.sub(r"\s", "", meta["title"] + meta["subtitle"]) == re.sub(
        r"\s", "", texts["chart-head"]
    )
    assert re.sub(r"\s", "", meta["source"]) == re.sub(r"\s", "", texts["chart-foot"])
    # What is left after cropping holds none of the head's and foot's text, and all of the rest.
    one = record.sheets[name, code][0]
    (_, y, _, height), total = meta["crop"], one.figure.bbox.height
    for text, box in shown(one):
        inside = y - 0.6 <= total - box.y1 and total - box.y0 <= y + height + 0.6
        assert inside == (text not in headings(one)), text.get_text()


def headings(one):
    groups = [a for a in one.figure.artists if a.get_gid() in ("chart-head", "chart-foot")]
    return [text for group in groups for text in group.artists]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_titles_are_short_and_alt_text_states_what_the_figure_says(record, results, name, code):
    bundle, meta = record.bundles[name, code]
    assert 4 <= len(meta["title"].split()) <= 15
    assert bundle["text/plain"] == meta["alt"] and meta["title"] in meta["alt"]
    assert not re.search(r"[{}#]|None|\bnan\b", meta["alt"] + meta["subtitle"] + meta["source"])
    series = table("series")
    people = "{:g}–{:g}".format(*said("population"))
    invested = (
        said("investment-50bn")[0] * price_level("2024", series) / price_level("2023", series)
    )
    numbers = {
        "en": {
            "population_ratio": ["69.4", "68.9", "70.0", people],
            "economy_ratio": ["68.1", "65.8", "45.4"],
            "ai_patents_share": ["69.7%", "74.7%"],
            "pledges": [f"{invested:.1f}", "3.8", "26 billion yuan", "US$3.7"],
            "largest_economy_ranking": ["261–285"],
            "timeline": ["3 September 2013"],
        },
        "ru": {
            "population_ratio": ["69,4", "68,9", "70,0", people],
            "ai_patents_share": ["69,7 %"],
            "pledges": [f"{invested:.1f}".replace(".", ","), "26 млрд юаней"],
            "timeline": ["3 сентября 2013"],
        },
    }
    for number in numbers[code].get(name, []):
        assert number in meta["alt"].replace("\N{NO-BREAK SPACE}", " ")
    if code == "ru":  # no English words left over
        assert not re.search(r"\b(the|of|in|and|claimed|years)\b", meta["alt"] + meta["subtitle"])


def bands(one, gid):
    return [p for p in one.figure.findobj(Rectangle) if p.get_gid() == gid]


def test_a_figure_of_ones_own_is_written_and_shown_once_with_its_numbers(tmp_path, monkeypatch):
    from matplotlib import pyplot

    record = Record(tmp_path, monkeypatch)
    drawn, axes = pyplot.subplots()
    axes.plot([2023, 2024], [1, 2])
    table = [("year", "tea"), (2023, 1.0), (2024, 2.0)]
    with pytest.raises(
        ValueError, match="'Tea imports' is no name for a figure: use small letters"
    ):
        charts.show(drawn, "Tea imports", prose.Language("en"), "Tea", "Twice", table)
    with pytest.raises(
        ValueError,
        match="figure tea: title, alt text and the table of plotted numbers must be given",
    ):
        charts.show(drawn, "tea", prose.Language("en"), "Tea", " ", table)
    for code in LANGUAGES:
        record.code = code
        charts.show(
            drawn,
            "tea",
            prose.Language(code),
            "Tea has doubled",
            "From 1 in 2023 to 2 in 2024.",
            table,
        )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tea.csv", "tea.ru.svg", "tea.svg"]
    assert rows((tmp_path / "tea.csv").read_text("utf-8")) == [
        {"year": "2023", "tea": "1.0"},
        {"year": "2024", "tea": "2.0"},
    ]
    bundle, meta = record.bundles["tea", "en"]
    assert (
        meta["alt"] == bundle["text/plain"] == "From 1 in 2023 to 2 in 2024."
        and meta["role"] == "figure"
    )
    svg = bundle["image/svg+xml"]
    assert svg == (tmp_path / "tea.svg").read_text("utf-8") and "<dc:date>" not in svg
    assert not pyplot.fignum_exists(drawn.number)  # else the notebook shows it a second time


@pytest.fixture(scope="module")
def shared(results, tmp_path_factory):
    """(folder, rows) of the pictures for sharing."""
    folder = tmp_path_factory.mktemp("shared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture, "FIGURES", folder)
        return folder, charts.pictures(results, [prose.Language(code) for code in LANGUAGES])


def test_each_claim_with_a_number_has_a_picture_in_each_language(shared, results):
    folder, drawn = shared
    wanted = {
        r.claim.claim_id
        for r in results
        if r.claim.kind == "universal"
        or r.claim.has_number
        and r.claim.kind in ("ratio", "share", "money", "count", "duration")
    }
    assert {(row["claim_id"], row["language"]) for row in drawn} == {
        (name, code) for name in wanted for code in LANGUAGES
    }
    assert {row["file"] for row in drawn} == {path.name for path in folder.glob("*.png")}
    assert rows((folder / "share.csv").read_text("utf-8")) == drawn
    words = {r.claim.claim_id: r.verdict for r in results}
    for row in drawn:
        with Image.open(folder / row["file"]) as image:
            assert image.size == (1200, 630) and image.text == {"Description": row["alt"]}
        language = prose.Language(row["language"])
        assert row["verdict"] == language.label(f"verdict.{words[row['claim_id']]}")
        assert all(
            row[key] in row["alt"] for key in ("title", "said", "found", "verdict", "factor")
        )
        assert len(row["alt"]) < 600  # short enough to be listened to


def test_pictures_name_what_was_said_found_and_by_whom(shared):
    by = {
        (row["claim_id"], row["language"]): {
            key: text.replace(prose.NBSP, " ") for key, text in row.items()
        }
        for row in shared[1]
    }
    assert [by["population", "en"][key] for key in ("said", "found", "verdict", "factor")] == [
        "About 80 to 85 times",
        "69 to 70 times",
        "Out of date",
        "The claim is too high, by about a fifth",
    ]
    assert (
        "World Bank; UN Population Division; International Monetary Fund"
        in by["population", "en"]["source"]
    )
    assert [by["economy", "ru"][key] for key in ("said", "found", "verdict", "factor")] == [
        "Примерно в 100 раз больше",
        "В 66–68 раз больше",
        "Завышено",
        "Заявленное завышено примерно в полтора раза",
    ]
    assert [by["grants-3bn", "en"][key] for key in ("found", "verdict", "factor", "source")] == [
        "No source found",
        "Unproven",
        "",
        "",
    ]


def test_text_of_pictures_stays_inside_and_apart(results):
    for result in picture.pictured(results):
        for code in LANGUAGES:
            drawn = picture._page(result, picture._words(result, prose.Language(code))).figure
            drawn.set_canvas(FigureCanvasAgg(drawn))
            drawn.canvas.draw()
            boxes = [text.get_window_extent() for text in drawn.findobj(Text) if text.get_text()]
            assert all(text.get_fontsize() >= 16 for text in drawn.findobj(Text) if text.get_text())
            for box in boxes:
                assert (
                    picture.MARGIN - 10 <= box.x0 and box.x1 <= picture.WIDTH - picture.MARGIN + 2
                )
                assert 20 <= box.y0 and box.y1 <= picture.HEIGHT - 20
            assert not [
                pair
                for pair in combinations(boxes, 2)
                if pair[0].overlaps(pair[1])
                and min(pair[0].y1, pair[1].y1) - max(pair[0].y0, pair[1].y0) > 3
            ]


def test_the_scale_of_a_picture_begins_at_zero_and_marks_the_claim(results):
    by = {r.claim.claim_id: r for r in results}
    page = picture._page(by["population"], picture._words(by["population"], prose.Language("en")))
    band = next(
        p for p in page.figure.findobj(Rectangle) if p.get_facecolor()[:3] == to_rgb(sheet.BAND)
    )
    dots = sorted(
        float(line.get_xdata()[0])
        for line in page.figure.findobj(Line2D)
        if line.get_marker() == "o"
    )
    step = (band.get_x() - picture.MARGIN) / 80  # pixels for one time
    assert band.get_width() == pytest.approx(5 * step)
    assert [(x - picture.MARGIN) / step for x in (dots[0], dots[-1])] == pytest.approx(
        [68.92, 69.96], abs=0.01
    )


@pytest.mark.parametrize("phone", [0, 1])
def test_the_claimed_band_lies_where_the_claim_says(record, results, phone):
    by = {r.claim.claim_id: r.claim for r in results}
    for name, claim in (("population_ratio", by["population"]), ("economy_ratio", by["economy"])):
        (band,) = bands(record.sheets[name, "en"][phone], "band")
        assert band.get_y() == claim.interval.low
        assert band.get_y() + band.get_height() == pytest.approx(claim.interval.high)
        box = band.get_window_extent()
        axes = band.axes
        for tick, label in zip(
            axes.get_yticks(), axes.get_yticklabels()
        ):  # as a reader measures it
            assert float(label.get_text()) == tick
            height = axes.transData.transform((1990, tick))[1]
            assert (height <= box.y0 + 1e-6) == (tick <= claim.interval.low)
    shares = record.sheets["ai_patents_share", "en"][phone]
    found = [band for number in range(9) for band in bands(shares, f"band-{number}")]
    assert len(found) == (6 if phone else 1)
    more_than, _ = said("ai-patents")
    for band in found:
        assert (band.get_x(), band.get_x() + band.get_width()) == (more_than, 100)
    overview = record.sheets["claims_overview", "en"][phone]
    (band,) = bands(overview, "band-population")
    (low, high), middle = said("population"), sum(said("population")) / 2  # 80 and 85: 82.5
    assert band.get_x() == pytest.approx(low / middle) and band.get_width() == pytest.approx(
        (high - low) / middle
    )
    (band,) = bands(overview, "band-ai-patents")
    assert band.get_x() == 1 and band.get_width() == pytest.approx((100 - more_than) / more_than)
    (band,) = bands(record.sheets["timeline", "en"][phone], "band-integrity-first")
    assert (band.get_x(), band.get_width()) == (said("integrity-first")[0], 1)


def test_bars_begin_at_zero(record):
    for one in record.sheets["largest_economy_ranking", "en"]:
        for country in ("KAZ", "TKM"):
            (bar,) = bands(one, f"bar-{country}")
            assert bar.get_x() == 0 == bar.axes.get_xlim()[0]
    for one in record.sheets["pledges", "en"]:
        bars = [p for p in one.figure.artists if isinstance(p, Rectangle)]
        shares = [bar.get_width() for bar in bars]
        assert len({bar.get_x() for bar in bars}) == 1
        table = rows(record.bundles["pledges", "en"][0]["text/csv"])
        values = []
        for row in table:
            real, said = (
                [float(cell) for end in ("low", "high") if (cell := row[f"usd_bn_{kind}{end}"])]
                for kind in ("of_2024_", "")
            )
            values.append(max(real or said))
        assert [w / shares[0] for w in shares] == pytest.approx([v / values[0] for v in values])


# The numbers


def test_history_is_the_quotient_of_the_series_of_the_right_edition(record, results):
    sources, series = table("sources"), table("series")
    cut_off, last_year = (
        table("interviews")[0]["cut_off"],
        int(table("interviews")[0]["judged_year"]),
    )
    for name, indicator in (("population_ratio", "population"), ("economy_ratio", "gdp-nominal")):
        found = rows(record.bundles[name, "en"][0]["text/csv"])
        primary = found[0]["reading_id"]
        expected = {}
        for edition in ("known", "newest"):
            providers = {s["provider"] for s in sources if s["indicator"] == indicator}
            for provider, country in ((p, c) for p in providers for c in ("CHN", "KAZ")):
                having = {r["source_id"] for r in series if r["country"] == country}
                editions = [
                    s
                    for s in sources
                    if s["indicator"] == indicator
                    and s["provider"] == provider
                    and s["source_id"] in having
                    and (edition == "newest" or s["published"] <= cut_off)
                ]
                if not editions:  # of other countries, for another claim
                    continue
                latest = max(editions, key=lambda s: s["published"])["source_id"]
                for r in series:
                    if (
                        r["source_id"] == latest
                        and r["country"] == country
                        and (edition == "newest" or int(r["year"]) <= last_year)
                    ):
                        expected.setdefault((provider, edition, r["year"]), {})[country] = float(
                            r["value"]
                        )
        expected = {key: both for key, both in expected.items() if len(both) == 2}
        mine = {
            (r["provider"], r["edition"], r["year"]): r for r in found if r["reading_id"] == primary
        }
        assert mine.keys() == expected.keys()
        for key, both in expected.items():
            assert float(mine[key]["numerator"]) == both["CHN"]
            assert float(mine[key]["denominator"]) == both["KAZ"]
            assert float(mine[key]["ratio"]) == pytest.approx(both["CHN"] / both["KAZ"], rel=1e-12)


def test_overview_says_of_each_claim_what_was_concluded(record, results):
    found = {r["claim_id"]: r for r in rows(record.bundles["claims_overview", "en"][0]["text/csv"])}
    assert found.keys() == {r["claim_id"] for r in table("claims")}
    for r in results:
        assert found[r.claim.claim_id]["verdict"] == r.verdict
    population, patents = found["population"], found["ai-patents"]
    assert (float(population["claimed_low"]), float(population["claimed_high"])) == said(
        "population"
    )
    history = rows(record.bundles["population_ratio", "en"][0]["text/csv"])
    history = [r for r in history if r["edition"] == "known"]
    ends = list(
        {r["provider"]: float(r["ratio"]) for r in history}.values()
    )  # the last year of each
    assert (float(population["measured_low"]), float(population["measured_high"])) == (
        min(ends),
        max(ends),
    )
    assert float(population["factor_low"]) == pytest.approx(sum(said("population")) / 2 / max(ends))
    assert float(patents["measured_low"]) == 69.7 and float(patents["claimed_high"]) == 100
    assert found["grants-3bn"]["measured_low"] == found["grants-3bn"]["factor_low"] == ""


def test_shares_are_those_of_the_facts(record):
    facts = {f["source_id"]: f for f in table("facts") if f["topic"] == "patents"}
    found = {
        r["source_id"]: r for r in rows(record.bundles["ai_patents_share", "en"][0]["text/csv"])
    }
    assert found.keys() == facts.keys() - {"ai-index-2024"}  # the later edition counts
    for source, row in found.items():
        low, high = (float(facts[source][f"value_{end}"] or "nan") for end in ("low", "high"))
        if facts[source]["whole_low"]:
            low = 100 * low / float(facts[source]["whole_high"])
            high = 100 * high / float(facts[source]["whole_low"])
        assert float(row["low"]) == pytest.approx(low)
        assert (float(row["high"]) == pytest.approx(high)) if high == high else row["high"] == ""
    assert {s for s, r in found.items() if r["edition"] == "newest"} == {
        "guancha-2025",
        "lexisnexis-2025",
    }


def test_money_is_converted_by_the_rate_and_the_prices_of_its_year(record):
    series = {(r["source_id"], r["country"], r["year"]): float(r["value"]) for r in table("series")}
    rate = series["fed-exchange-rate", "CHN", "2023"]
    prices = [series["bls-cpi", "USA", year] for year in ("2023", "2024")]
    found = {r["id"]: r for r in rows(record.bundles["pledges", "en"][0]["text/csv"])}
    xian = found["pledge-xian-2023"]
    assert float(xian["usd_bn_high"]) == pytest.approx(26 / rate)
    assert float(xian["usd_bn_of_2024_high"]) == pytest.approx(26 / rate * prices[1] / prices[0])
    people = sum(
        series["wb-population-2025-04", c, "2023"] for c in ("KAZ", "KGZ", "TJK", "TKM", "UZB")
    )
    assert float(xian["usd_per_inhabitant"]) == pytest.approx(26e9 / rate / people)
    assert found["signed-uzbekistan-2023"]["nominal_high"] == ""
    assert found["trade-2024"]["usd_bn_of_2024_high"] == ""
    assert not any(r["id"].startswith("finance-") for r in found.values())


def test_ranking_and_timeline_hold_every_value_and_event(record):
    series = {(r["source_id"], r["country"], r["year"]): float(r["value"]) for r in table("series")}
    found = {
        (r["reading_id"], r["country"], r["provider"], r["edition"]): r
        for r in rows(record.bundles["largest_economy_ranking", "en"][0]["text/csv"])
    }
    for reading, source in (
        ("rank-nominal", "imf-gdp-2025-04"),
        ("rank-ppp", "imf-gdp-ppp-2025-04"),
    ):
        known = found[reading, "TKM", "imf", "known"]
        assert float(known["value_bn"]) == pytest.approx(
            series[source, "TKM", known["period"]] / 1e9
        )
    # Two sources in two editions; of purchasing-power parity one source was known on the day.
    assert len(found) == 5 * 2 * 2 + 5 * 3
    marks = {
        r["event_id"]: r["mark"] for r in rows(record.bundles["timeline", "en"][0]["text/csv"])
    }
    topics = {r["topic"] for r in rows(record.bundles["timeline", "en"][0]["text/csv"])}
    assert {"visits", "integrity", "khorgos", "relations", "summits", "conditions"} <= topics
    # Every event that a reading counts, and no other.
    counted = {
        event["event_id"]
        for event in table("events")
        for reading in table("readings")
        if reading["topic"] == event["topic"] in topics
        and all(
            not reading[name] or event[name] in reading[name].split("|")
            for name in ("actor", "act", "object", "basis")
        )
    }
    assert {"tour-2013", "khorgos-list-2024", "mechanism-2020"} <= marks.keys() <= counted
    against = ("tour-2013", "tour-2019", "integrity-ministers-2020", "integrity-xi-2019")
    assert {marks[name] for name in (*against, "suifenhe-opened-2006")} == {"against"}
    assert marks["tour-2022"] == marks["summit-astana-2025"] == "fits"
    assert marks["integrity-treaty-2025"] == "later"


# The files


def test_files_are_what_was_shown_and_the_same_in_every_process(record, tmp_path):
    environment = {**os.environ, "FACTCHECK_FIGURES": str(tmp_path), "PYTHONHASHSEED": "7"}
    package = str(DATA.parent / "notebooks")
    subprocess.run(
        [sys.executable, "-c", DRAW_ALL], env={**environment, "PYTHONPATH": package}, check=True
    )
    names = sorted(p.name for p in record.folder.iterdir())
    assert names == sorted([f"{n}{end}" for n in NAMES for end in (".csv", ".svg", ".ru.svg")])
    assert names == sorted(p.name for p in tmp_path.iterdir())
    for name in names:
        assert (record.folder / name).read_bytes() == (tmp_path / name).read_bytes(), name
    for (name, code), (bundle, _) in record.bundles.items():
        assert (record.folder / f"{name}.csv").read_text("utf-8") == bundle["text/csv"]
        file = record.folder / (f"{name}.svg" if code == "en" else f"{name}.{code}.svg")
        assert file.read_text("utf-8") == bundle["image/svg+xml"]
        assert b"\r" not in file.read_bytes()


def test_words_from_the_tables_cannot_become_markup():
    one = sheet.Sheet(False, "<script>a & b $x^2$", "s", "f")
    with sheet.style():
        axes = one.rows(0, 100, one.y, one.y + 20, (0, 1), [0, 1], ["0", "1"])
        one.tell(sheet.dot(axes, 0.5, one.y + 10), "<b>&amp;")
        one.y += 30
        root = ElementTree.fromstring(one.svg()[0])
    titles = [e.text for e in root.iter("{http://www.w3.org/2000/svg}title")]
    assert "<b>&amp;" in titles
    assert any("<script>a & b $x^2$" in "".join(e.itertext()) for e in root.iter())
