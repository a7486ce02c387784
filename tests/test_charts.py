"""Charts: what a reader sees of them, and what is refused before anyone sees it."""

import io
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from itertools import combinations
from types import SimpleNamespace

import factcheck
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from factcheck import NOTEBOOKS, charts, palette, words
from factcheck.charts.marks import spaced, width_of, wrapped
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from PIL import Image

TEXT = "{http://www.w3.org/2000/svg}text"
NUMBERS = pd.DataFrame(
    {"cups": [1412360000, 20330104], "share": [69.412345, 1 / 3]},
    index=pd.Index(["tea", "coffee"], name="drink"),
)
ALT = {"en": "Two bars, 1 and 2.", "ru": "Два столбца, 1 и 2."}


def bars(axes, words, number, phone):
    charts.rows(axes, 1, 2.5)
    charts.bar(axes, 0, 1, words["label"], number(1), charts.CONTEXT)
    charts.bar(axes, 1, 2, words["verdict.correct"], number(2), charts.ACCENT)


@pytest.fixture
def shown(monkeypatch, tmp_path):
    """The bundles that are displayed; figures are written into a folder of the test's own."""
    bundles = []
    monkeypatch.delenv("FACTCHECK_LANGUAGE", raising=False)
    monkeypatch.setattr(words, "display", lambda bundle, raw: bundles.append(bundle))
    monkeypatch.setattr(factcheck, "FIGURES", tmp_path)
    return bundles


def svgs(bundle):
    """{(language, size): SVG as text} of a displayed chart."""
    sizes = [(code, size) for code in words.languages() for size in ("page", "phone")]
    return {key: bundle[words.svg_mime(*key)] for key in sizes if words.svg_mime(*key) in bundle}


def draw(shown, paint=bars, **texts):
    """Show a chart of that paint function; returns its English page."""
    charts.show("trial", paint, NUMBERS, **{"alt": ALT, "label": "label"} | texts)
    return next(bundle for bundle in shown if bundle[words.FACTS]["role"] == "chart")[
        "image/svg+xml"
    ]


# ---- what stands in the drawings


def boxes(svg):
    """(text, left, top, right, bottom) of each line of text in a drawing, in points, and its frame."""
    root = ElementTree.fromstring(svg)
    found = []
    for element in root.iter(TEXT):
        style, line = element.get("style", ""), element.text or ""
        size = float(re.search(r"font-size: ([\d.]+)px", style)[1])
        width = width_of(line, size, "font-weight: 600" in style)
        anchor = re.search(r"text-anchor: (\w+)", style)
        shift = {"middle": width / 2, "end": width}.get(anchor[1] if anchor else "", 0)
        moved = re.search(r"translate\(([\d.-]+) ([\d.-]+)\)", element.get("transform", ""))
        x, y = map(float, moved.groups() if moved else (element.get("x"), element.get("y")))
        x -= shift
        found.append((line, x, y - 0.7 * size, x + width, y + 0.2 * size))
    return found, [float(number) for number in root.get("viewBox").split()]


def touching(svg):
    """Pairs of lines of text that overlap, and lines that cross the frame; half a point is granted."""
    found, (left, top, width, height) = boxes(svg)
    pairs = [
        (a[0], b[0])
        for a, b in combinations(found, 2)
        if min(a[3], b[3]) - max(a[1], b[1]) > 0.5 and min(a[4], b[4]) - max(a[2], b[2]) > 0.5
    ]
    edges = (left - 0.5, top - 0.5, left + width + 0.5, top + height + 0.5)
    out = [
        (line, "frame")
        for line, *box in found
        if box[0] < edges[0] or box[1] < edges[1] or box[2] > edges[2] or box[3] > edges[3]
    ]
    return pairs + out


def stored():
    """(notebook, chart, language, size, SVG) of every chart in the stored notebooks."""
    for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            for output in cell.get("outputs", ()):
                data = {mime: value if isinstance(value, (str, dict)) else "".join(value)
                        for mime, value in output.get("data", {}).items()}  # fmt: skip
                facts = data.get(words.FACTS, {})
                if isinstance(facts, dict) and facts.get("role") == "chart":
                    for (code, size), svg in svgs(data).items():
                        yield pytest.param(svg, id=f"{facts['name']}-{code}-{size}")


@pytest.mark.parametrize("svg", list(stored()))
def test_stored_chart_is_legible(svg):
    """Labels that collide, leave the frame or are smaller than the notes of the printed page."""
    assert touching(svg) == []
    sizes = {float(size) for size in re.findall(r"font-size: ([\d.]+)px", svg)}
    assert min(sizes) >= charts.NOTE


def test_touching_labels_are_noticed(shown):
    """A measure of boxes that finds nothing."""

    def clash(axes, words, number, phone):
        axes.text(0.5, 0.5, "one label", ha="center")
        axes.text(0.51, 0.5, "another label")
        axes.text(0.9, 0.2, "beyond the edge of the frame", in_layout=False)

    found = touching(draw(shown, clash))
    assert ("one label", "another label") in found
    assert ("beyond the edge of the frame", "frame") in found


def test_labels_at_line_ends_move_apart(shown):
    """Names of two lines that end at nearly the same height, printed over one another."""

    def ends(axes, words, number, phone):
        axes.set(xlim=(0, 1), ylim=(0, 100))
        charts.end_label(axes, [(1, 50, "first", charts.ACCENT), (1, 51, "second", charts.MUTED)])

    assert touching(draw(shown, ends)) == []


@given(st.lists(st.floats(-1000, 1000), max_size=12), st.floats(0.1, 50))
def test_spaced_places(places, gap):
    """Places that overlap, change their order, or move where nothing was in the way."""
    found = spaced(places, gap)
    order = sorted(range(len(places)), key=lambda i: places[i])
    for before, after in zip(order, order[1:]):
        assert found[after] - found[before] >= gap - 1e-6
    if all(places[b] - places[a] > gap for a, b in zip(order, order[1:])):
        assert found == pytest.approx(places)
    assert sum(found) == pytest.approx(sum(places), abs=1e-6)  # nobody is pushed to one side


@given(st.text("abc деж \n", max_size=60), st.floats(20, 200))
def test_wrapped_text_loses_nothing(text, width):
    """Lines wider than their place, or words that were dropped."""
    found = wrapped(text, width)
    assert found.split() == text.split()
    assert all(" " not in line or width_of(line) <= width for line in found.split("\n"))


def test_dollars_stay_dollars(shown):
    """Text between two dollar signs set as a formula: US50andUS3."""
    assert ">US$50 and US$3<" in draw(shown, label="US$50 and US$3")


def test_log_axis_has_plain_numbers(shown):
    """Ticks printed as $\\mathdefault{10^{3}}$."""

    def steep(axes, words, number, phone):
        axes.plot([1, 2, 3], [0.1, 1000, 100000])
        axes.set_yscale("log")

    svg = draw(shown, steep)
    assert "mathdefault" not in svg and ">1000<" in svg and ">0.1<" in svg and ">100,000<" in svg


def test_every_language_and_size_is_drawn(shown):
    """A phone or a language that gets the other's drawing."""
    charts.show(
        "trial", bars, NUMBERS, alt=ALT, label={"en": "tea", "ru": "чай"}, height=(100, 140)
    )
    drawn = svgs(shown[0])
    assert set(drawn) == {(code, size) for code in ("en", "ru") for size in ("page", "phone")}
    for (code, size), svg in drawn.items():
        box = ElementTree.fromstring(svg).get("viewBox")
        assert box == ("0 0 453.6 100" if size == "page" else "0 0 244.8 140")
        assert f">{'tea' if code == 'en' else 'чай'}<" in svg
        assert f">{'Correct' if code == 'en' else 'Верно'}<" in svg  # of data/labels.csv


def test_title_and_source_stand_outside(shown, monkeypatch):
    """A title within the picture, an unescaped value in its Markdown, an unfilled placeholder."""
    shell = SimpleNamespace(user_ns={"low": 69.4, "name": "a_b"})
    monkeypatch.setattr("factcheck.charts.display.get_ipython", lambda: shell)
    draw(
        shown,
        title="{name} is {low:n1}",
        source="[A source](#source-one)",
        label="{name}, {low:n0}",
    )
    roles = [bundle[words.FACTS]["role"] for bundle in shown]
    assert roles == ["chart-title", "chart", "chart-source"]
    assert shown[0][words.mime("ru")] == "**a\\_b is 69,4**"
    assert shown[2]["text/markdown"] == "[A source](#source-one)"
    svg = shown[1]["image/svg+xml"]
    assert ">a_b, 69<" in svg and "A source" not in svg
    assert "text/markdown" not in shown[1]  # it would be shown instead of the picture


def test_drawing_is_the_same_in_another_process(shown, tmp_path):
    """Bytes that change with the day, the process or the order of a set."""
    code = (
        "import test_charts as t; from factcheck import charts, words\n"
        "got = []; words.display = lambda bundle, raw: got.append(bundle)\n"
        "print(t.draw(got).encode().hex())"
    )
    paths = os.pathsep.join([str(NOTEBOOKS.parent / "tests"), os.environ.get("PYTHONPATH", "")])
    env = {"PYTHONPATH": paths, "PYTHONHASHSEED": "7", "FACTCHECK_FIGURES": str(tmp_path)}
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env={**os.environ, **env}
    )
    assert bytes.fromhex(other.stdout.decode().strip()).decode() == draw(shown)


# ---- numbers, and what is refused


def test_numbers_are_written_as_drawn(shown, tmp_path):
    """A CSV without its index, or with rounded values."""
    draw(shown)
    expected = "drink,cups,share\ntea,1412360000,69.412345\ncoffee,20330104,0.3333333333\n"
    assert (tmp_path / "trial.csv").read_text() == expected == shown[0][words.FACTS]["csv"]
    assert {path.name for path in tmp_path.iterdir()} == {"trial.csv", "trial.svg", "trial.ru.svg"}
    assert (tmp_path / "trial.svg").read_text("utf-8") == shown[0]["image/svg+xml"]


@pytest.mark.parametrize(
    "numbers, said",
    [
        ([["x", "y"], [1, 2]], "must be a DataFrame or a Series, not list"),
        (pd.DataFrame(columns=["x", "y"]), "has no values"),
        (None, "not NoneType"),
    ],
)
def test_other_than_numbers_is_refused(shown, numbers, said):
    """A CSV that holds only the names of columns."""
    with pytest.raises((TypeError, ValueError), match=f"^chart trial: .*{said}"):
        charts.show("trial", bars, numbers, alt=ALT, label="x")
    assert not shown


@pytest.mark.parametrize(
    "name, texts, said",
    [
        ("trial", {}, "alt text must say in en"),
        ("trial", {"alt": "A chart of tea."}, "with its values"),
        ("trial", {"alt": {"en": "1 cup"}}, "alt has no text in ru"),
        ("trial", {"alt": ALT, "label": {"en": "x"}}, "label has no text in ru"),
        ("Tea imports", {"alt": ALT}, "its name is a file's"),
        ("../tea", {"alt": ALT}, "its name is a file's"),
    ],
)
def test_chart_without_words_is_refused(shown, tmp_path, name, texts, said):
    """A chart that says nothing to those who do not see it, or not in their language; a name that is a path."""
    with pytest.raises(ValueError, match=said) as error:
        charts.show(name, bars, NUMBERS, **{"label": "x"} | texts)
    assert "\n" not in str(error.value)
    assert not shown and not list(tmp_path.iterdir())


def test_unknown_label_names_the_nearest(shown):
    """A bare KeyError out of a paint function."""

    def paint(axes, words, number, phone):
        axes.set_title(words["verdict.corect"])

    with pytest.raises(KeyError, match="verdict.correct"):
        draw(shown, paint)


# ---- figures of one's own


def own_figure(**style):
    figure, axes = plt.subplots(figsize=(3, 2))
    axes.plot([1, 2, 3], [1e3, 1e6, 1e9], **style)
    axes.set_yscale("log")
    axes.set_xlabel(
        "a label that is longer than the figure is wide, and must not be cut at its edges",
        fontsize=12,
    )
    return figure


def test_own_figure_is_what_its_author_saw(shown):
    """Formulas and log ticks as raw markup, a label cut at the edge, the same figure shown twice."""
    figure = own_figure()
    figure.axes[0].set_title(r"$\alpha_1^2$")
    charts.show("trial", figure, NUMBERS, alt=ALT)
    svg = shown[0]["image/svg+xml"]
    assert "mathdefault" not in re.sub("<!--.*?-->", "", svg, flags=re.S) and "<text" not in svg
    assert float(ElementTree.fromstring(svg).get("viewBox").split()[2]) > 1.5 * 3 * 72
    assert not plt.get_fignums()


def test_own_figure_in_house_style(shown):
    """A house style that leaves raw log ticks, or letters turned into outlines."""
    with charts.house_style():
        figure = own_figure()
    charts.show("trial", figure, NUMBERS, alt=ALT)
    svg = shown[0]["image/svg+xml"]
    assert "mathdefault" not in svg and ">a label that is longer" in svg.replace("\n", " ")
    assert palette.themed(svg)


# ---- colours


def luminance(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_colours_can_be_told_apart(mode):
    """Words too faint to read; an accent that in grey is its context, a band that is the paper."""
    colour = {name: pair[mode] for name, pair in palette.COLOURS.items()}
    for words_, ground in [
        ("ink", "paper"), ("muted", "paper"), ("accent", "paper"), ("claim", "paper"),
        ("ink", "band"), ("claim", "band"), ("ink", "tint"), ("ink", "grid"), ("muted", "grid"),
        ("paper", "accent"), ("paper", "muted"), ("ink", "context"),
    ]:  # fmt: skip
        assert contrast(colour[words_], colour[ground]) >= 4.5, (words_, ground)
    assert contrast(colour["context"], colour["paper"]) >= 3
    for one, other in [
        ("accent", "context"),
        ("accent", "tint"),
        ("accent", "band"),
        ("context", "band"),
    ]:
        assert contrast(colour[one], colour[other]) >= 1.8, (one, other)


def test_dark_mode_reaches_the_whole_drawing(shown):
    """Black words on a black page: a colour that stays as it was drawn, or half a figure recoloured."""
    themed = palette.themed(draw(shown, unit="cups"))
    assert not re.search(r"#[0-9a-f]{6}", themed) and "var(--chart-accent)" in themed
    ElementTree.fromstring(themed)
    for name in re.findall(r"var\((--[\w-]+)\)", themed):
        assert palette.css().count(f"{name}: #") == 2  # in the light and in the dark
    other = palette.dark(draw(shown, unit="cups"))
    assert palette.COLOURS["paper"][1] in other and not re.search("#ffffff|#1f2933", other)
    charts.show("other", own_figure(color="tab:blue"), NUMBERS, alt=ALT)
    assert palette.themed(shown[-1]["image/svg+xml"]) is None
    assert palette.themed('<svg fill="red"/>') is None
    assert palette.themed('<svg ><image href="data:"/></svg>') is None


# ---- pictures for those who pass a finding on


def shared(name="tea-imports", **texts):
    texts = {
        "headline": "Half of it",
        "said_label": "Said: 100",
        "found_label": "Found: 50",
        "address": "here",
    } | texts
    charts.share(name, "exaggerated", 100, 50, **texts)


def test_share_picture(shown, tmp_path):
    """Bars out of proportion, another size, bytes that change, a picture that would be printed."""
    shared()
    first = (tmp_path / "share_tea_imports.png").read_bytes()
    shared()
    assert (tmp_path / "share_tea_imports.png").read_bytes() == first
    picture = Image.open(io.BytesIO(first)).convert("RGB")
    assert picture.size == (1200, 630)
    pixels = np.asarray(picture)

    def length(row, colour):
        return int((np.abs(pixels[row] - 255 * np.array(to_rgb(colour))) < 2).all(axis=1).sum())

    assert length(368, charts.BAND) == pytest.approx(2 * length(466, charts.ACCENT), abs=2) == 1088
    facts = shown[0][words.FACTS]
    assert facts["role"] == "research"
    assert facts["share"]["ru"]["file"] == "share_tea_imports.ru.png"
    assert "Found: 50" in facts["share"]["en"]["alt"]


@pytest.mark.parametrize("text", ["headline", "found_label"])
def test_share_picture_refuses_what_does_not_fit(shown, tmp_path, text):
    """A headline over the bars, a label beyond the edge."""
    with pytest.raises(ValueError, match=f"share_tea_imports: .*{text}|the headline"):
        shared(**{text: "many words that say little " * 5})
    assert not list(tmp_path.iterdir())
