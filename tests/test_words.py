"""Numbers and words of each language, `%%say`, and displays that carry all languages."""

import csv
from types import SimpleNamespace

import pytest
from factcheck import language, words
from factcheck.language import NBSP, Language
from factcheck.words import FACTS, fill
from IPython.core.error import UsageError

NAMES = {"low": 68.923947, "verdict": "out-of-date", "row": {"total": 5}, "_hidden": 1}


@pytest.fixture
def shown(monkeypatch):
    """The bundles that are displayed, in order."""
    bundles = []
    monkeypatch.delenv("FACTCHECK_LANGUAGE", raising=False)
    monkeypatch.setattr(words, "display", lambda bundle, raw: bundles.append(bundle))
    monkeypatch.setattr(words, "get_ipython", lambda: SimpleNamespace(user_ns=NAMES))
    return bundles


# ---- formats


@pytest.mark.parametrize(
    "value, form, en, ru",
    [
        (68.923947, "n0", "69", "69"),
        (68.923947, "n2", "68.92", "68,92"),
        (1990, "n0", "1990", "1990"),
        (2.5, "n0", "3", "3"),
        (0.285, "n2", "0.29", "0,29"),
        (-0.4, "n0", "0", "0"),
        (100_000, "n0", "100,000", f"100{NBSP}000"),
        (9999.6, "n0", "10,000", f"10{NBSP}000"),
        (-3.25, "n2", "−3.25", "−3,25"),
        (-0.04, "n1", "0.0", "0,0"),
        (69.7, "pct1", "69.7%", f"69,7{NBSP}%"),
        (-2.5, "pct1", "−2.5%", f"−2,5{NBSP}%"),
        (3.7, "usd1", "US$3.7 billion", f"$3,7{NBSP}млрд"),
        (26, "cny0", "26 billion yuan", f"26{NBSP}млрд юаней"),
        (1000, "dollars0", "US$1000", "$1000"),
        (33.9, "floor", "33", "33"),
        (3, "count.countries", f"3{NBSP}countries", f"3{NBSP}страны"),
        (21, "count.countries", f"21{NBSP}countries", f"21{NBSP}страна"),
        (5, "word", "five", "пять"),
        (5, "word.gen", "five", "пяти"),
        (2.0, "word.f", "two", "две"),
        (40, "word", "40", "40"),
        (2023.0, "year", "2023", "2023"),
        ("2023-05-19", "year", "2023", "2023"),
        ("2025", "date", "2025", "2025"),
        ("2025-06", "date", "June 2025", f"июнь 2025{NBSP}года"),
        ("2025-06-17", "date", "17 June 2025", f"17 июня 2025{NBSP}года"),
        ("out-of-date", "verdict", "Out of date", "Устарело"),
        ("out-of-date", "verdict.lower", "out of date", "устарело"),
        ("high", "confidence", "high", "высокая"),
        ("as it is", "text", "as it is", "as it is"),
    ],
)
def test_formats_of_each_language(value, form, en, ru):
    """Catches a decimal point in Russian, American dates, a hyphen for a minus, −0.0, «2025» without «года»,
    a number that parts from its unit at the end of a line, a count cut off before it is rounded, and
    2.5 that is printed as 2, since the even digit is nearer to a machine."""
    assert [Language(code).format(value, form) for code in ("en", "ru")] == [en, ru]


NOUNS = [(1, 0, "time", "раз"), (2, 0, "times", "раза"), (5, 0, "times", "раз")]
NOUNS += [(11, 0, "times", "раз"), (12, 0, "times", "раз"), (21, 0, "times", "раз")]
NOUNS += [(22, 0, "times", "раза"), (112, 0, "times", "раз"), (1.5, 1, "times", "раза")]
NOUNS += [(2.0, 1, "times", "раза"), (1.6, 0, "times", "раза")]


@pytest.mark.parametrize("number, digits, en, ru", NOUNS)
def test_a_noun_agrees_with_the_number_as_it_is_printed(number, digits, en, ru):
    """Catches «22 раз», «1,5 раз», and a form that goes with 1.6 where 2 is printed."""
    for code, noun in (("en", en), ("ru", ru)):
        language = Language(code)
        shown = language.format(number, f"times{digits}")
        assert shown == f"{language.number(number, digits)}{NBSP}{noun}"


@pytest.mark.parametrize(
    "write, values, en, ru",
    [
        # A shortfall is no multiple, and a count agrees with its noun: «в 3 раза».
        ("excess", (1.02,), "only slightly", "совсем немного"),
        ("excess", (1.5,), "by about half", "примерно в полтора раза"),
        ("excess", (2.0,), "about twofold", "примерно вдвое"),
        ("excess", (2.2,), "more than twofold", "более чем вдвое"),
        ("excess", (3.0,), "about 3-fold", f"примерно в 3{NBSP}раза"),
        ("excess", (0.98,), "only slightly", "совсем немного"),
        ("excess", (0.5,), "by about half", "примерно наполовину"),
        ("excess", (0.05,), "by three quarters or more", "на три четверти или больше"),
        # Never "69 to 69".
        ("range", (69, 70), "69 to 70", "69–70"),
        ("range", (69.1, 69.4), "69", "69"),
        ("range", (69.1, 69.4, 1), "69.1 to 69.4", "69,1–69,4"),
        # The unit stands once, after the range or before it.
        ("amount", (3.7, 4, "usd-bn", 1), "US$3.7 to 4.0 billion", "$3,7–4,0 млрд"),
        ("amount", (3, 3, "percent-growth"), "3%", "3 %"),
        ("amount", (3, 22, "times"), "3 to 22 times", "3–22 раза"),
        ("amount", (5, 5, "persons"), "5 people", "5 человек"),
        # A month is told once; the word for a year is part of a Russian date.
        ("days", ("2025-06-16", "2025-06-17"), "16–17 June 2025", "16–17 июня 2025 года"),
        ("days", ("2025-06-16", "2025-06-16"), "16 June 2025", "16 июня 2025 года"),
        ("days", ("2025-06", "2025-07"), "June 2025 to July 2025", "июнь 2025 года–июль 2025 года"),
        # There are words for the first places only.
        ("ordinal", (2,), "second", "второй"),
        ("ordinal", (11.0,), "11", "11"),
    ],
)
def test_what_a_language_writes(write, values, en, ru):
    """Catches the mistake that the comment names."""
    found = [getattr(Language(code), write)(*values) for code in ("en", "ru")]
    assert [text.replace(NBSP, " ") for text in found] == [
        one.replace(NBSP, " ") for one in (en, ru)
    ]


# ---- placeholders


def test_placeholders_may_have_indices_and_braces_of_their_own():
    """Catches an index that is not followed, and formulas whose braces are eaten."""
    text = "{verdict:verdict}: {row[total]:count.countries}, {low.real:n0}, $\\frac{{a}}{{b}}$"
    assert fill(text, "en", NAMES) == f"Out of date: 5{NBSP}countries, 69, $\\frac{{a}}{{b}}$"


@pytest.mark.parametrize(
    "text, message",
    [
        ("about {lwo:n0} times", "no variable is called lwo; nearest: low"),
        ("{low :n0}", "no variable is called low ; nearest: low"),
        ("{_hidden:n0}", "no variable is called _hidden"),
        ("{low + 1:n0}", "no variable is called low + 1"),
        ("{row[tota]:n0}", "{row[tota]} cannot be filled: 'tota'"),
        ("{low.rael:n0}", "{low.rael} cannot be filled: 'float' object has no attribute 'rael'"),
        ("{low}", "the number 68.9239 needs a format, such as {name:n0}"),
        ("{low:}", "the number 68.9239 needs a format, such as {name:n0}"),
        ("{low:n9}", "n9: no figure here is good for 9 decimals; at most 3"),
        ("{low:verdic}", "there is no format verdic; nearest: verdict"),
        ("{verdict:n0}", "n0 formats numbers, and “out-of-date” is none"),
        ("{row:n0}", "n0 formats numbers, and a dict is none"),
        ("{verdict:count.times}", "count.times formats numbers, and “out-of-date” is none"),
        ("{low:found}", "there is no format found; there are n, floor, word, excess, times, pct,"),
        ("{low:count}", "there is no format count; nearest: count.times"),
        ("{low:said}", "said tells what a claim says, and “68.923947” is none"),
        ("{low:word}", "word is for whole numbers, and 68.9239 is none"),
        ("{low:count.tims}", "data/labels.csv: no label count.tims.other; nearest: count.times"),
        ("{row[total]:verdict}", "data/labels.csv: no label verdict.5; nearest: verdict."),
        ("{low:n0", "a brace belongs to no placeholder, write {name:format}"),
        ("low:n0}", "a brace belongs to no placeholder, write {name:format}"),
        ("{}", "a placeholder needs a name, such as {low:n0}"),
    ],
)
def test_a_slip_in_a_placeholder_is_named_in_a_line_and_never_printed(text, message):
    """Catches a sentence with a raw number, a hole or a truncated one, and errors that name no place."""
    with pytest.raises((NameError, ValueError, KeyError)) as caught:
        fill(text, "en", NAMES)
    told = caught.value.args[0]
    assert message in told and "\n" not in told


@pytest.mark.parametrize("form", ["n0", "times1", "word", "count.countries", "year", "excess"])
def test_a_missing_number_is_never_printed(form):
    """Catches "NaN times" in a sentence whose data have gone."""
    with pytest.raises(ValueError, match="there is no number to print, the value is nan"):
        Language("en").format(float("nan"), form)


def test_a_label_or_a_language_that_is_not_there_is_named_with_the_nearest():
    """Catches a bare KeyError."""
    with pytest.raises(
        KeyError, match="data/labels.csv: no label verdict.corect; nearest: verdict.c"
    ):
        Language("en").label("verdict.corect")
    with pytest.raises(ValueError, match="data/labels.csv has no column de: it has en"):
        Language("de")


def test_what_comes_from_data_is_escaped():
    """Catches prices that become formulas, names in italics, and cells that break a table."""
    names = {"name": "US$5 *a*_b_ |x| <b> [l](u)\n# `c`", "money": 3.7}
    assert fill("{name}", "en", names) == r"US\$5 \*a\*\_b\_ \|x\| \<b\> \[l\](u) \# \`c\`"
    assert fill("{money:usd1}", "en", names) == r"US\$3.7 billion"


# ---- %%say


def test_say_shows_its_text_with_language_and_role(shown):
    """Catches a Russian sentence that the exporter takes for English, and a verdict printed as prose."""
    words.say("en", "{low:n1}")
    words.say("ru verdict", "{low:n1}")
    assert [bundle["text/markdown"] for bundle in shown] == ["68.9", "68,9"]
    assert [(b[FACTS]["lang"], b[FACTS]["role"]) for b in shown] == [
        ("en", "text"),
        ("ru", "verdict"),
    ]


@pytest.mark.parametrize("line", ["", "verdict", "de", "en verdict now", "EN"])
def test_say_in_no_language_is_refused(shown, line):
    """Catches `%%say verdict`, whose text no edition would print."""
    with pytest.raises(UsageError, match="%%say takes a language .en, ru.*and perhaps a role"):
        words.say(line, "text")
    assert shown == []


def test_a_display_knows_the_cell_that_made_it(shown):
    """Catches an edited cell that was not run and is printed as if it were new."""
    words._Running.note(SimpleNamespace(raw_cell="%%say en\nOne"))
    words.say("en", "One")
    assert shown[0][FACTS]["cell"] == words.cell_digest("%%say en\nOne")
    assert words.cell_digest("%%say en\nOne") != words.cell_digest("%%say en\nTwo")


# ---- one output, all languages


def verdict_of(language):
    return language.label("verdict.correct")


def stored(bundle):
    """The bundle after Jupyter's pre-save hook."""
    cell = {"cell_type": "code", "outputs": [{"output_type": "display_data", "data": bundle}]}
    content = {"nbformat": 4, "cells": [cell, {"cell_type": "markdown", "source": ""}]}
    words.as_stored({"type": "notebook", "content": content})
    return cell["outputs"][0]["data"]


def test_those_who_work_in_russian_see_russian_and_store_the_same(shown, monkeypatch):
    """Catches a setting of one author that changes what everybody's editions are made from."""
    drawing = {words.svg_mime(code, "page"): f"<svg {code}>" for code in ("en", "ru")}
    words.show(verdict_of, "text")
    words.publish({**drawing, "text/plain": "alt"}, "chart")
    monkeypatch.setenv("FACTCHECK_LANGUAGE", "ru")
    words.show(verdict_of, "text")
    words.publish({**drawing, "text/plain": "alt"}, "chart")
    text, chart, russian_text, russian_chart = shown
    assert text["text/markdown"] == "Correct" and text[words.mime("ru")] == "Верно"
    assert russian_text["text/markdown"] == "Верно" and russian_text[words.mime("ru")] == "Correct"
    assert russian_chart["image/svg+xml"] == "<svg ru>"
    assert stored(russian_text) == text and stored(russian_chart) == chart
    assert stored(dict(text)) == text, "what is stored in order stays as it is"


def test_a_sentence_is_never_swapped_nor_anything_for_an_unknown_language(shown, monkeypatch):
    """Catches a %%say cell without its text, and a slip in the setting that leaves displays without text."""
    monkeypatch.setenv("FACTCHECK_LANGUAGE", "ru")
    words.say("en", "One")
    monkeypatch.setenv("FACTCHECK_LANGUAGE", "rus")
    words.show(verdict_of, "text")
    assert [bundle["text/markdown"] for bundle in shown] == ["One", "Correct"]
    assert "shown" not in shown[0][FACTS]


def test_labels_that_a_spreadsheet_saved_are_the_same(small_report):
    """Catches a second reader of labels.csv, which knows no semicolons, no byte order mark and no spaces."""
    path, before = small_report.root / "data/labels.csv", Language("ru").label("section.ours")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    language._labels.cache_clear()
    assert Language("ru").label("section.ours") == before
