"""The words of this report: what a subeditor of either language would strike, as far as a program can see it.

Quotes and the words of sources are theirs and are left alone.
"""

import json
import re

import pytest
from factcheck import NOTEBOOKS, ROOT, csvfiles, data
from factcheck.words import FACTS, languages, mime

NBSP = "\N{NO-BREAK SPACE}"
SAY = re.compile(r"%%say (\w+)[^\n]*\n(.*)", re.DOTALL)
MONTHS = "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"


def sources(path):
    """The sources of the code cells of a notebook."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def written(language):
    """(where, text) of all that people wrote in a language: sentences, words of charts, columns of data/."""
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        for source in sources(path):
            if match := SAY.match(source):
                if match[1] == language:
                    yield path.stem, match[2]
            elif "charts." in source:
                for text in re.findall(rf'\b{language}="([^"]*)"', source):
                    yield path.stem, text
    for table in csvfiles.descriptor():
        for row in csvfiles.records(table):
            for column, text in row.cells.items():
                own = column == language or column.endswith(f"_{language}")
                if own and column not in ("quote_en", "ours_en"):
                    yield f"data/{table}.csv, row {row.number}, {column}", text


RUSSIAN, ENGLISH = list(written("ru")), list(written("en"))
README = ("README.ru.md", (ROOT / "README.ru.md").read_text("utf-8"))
# What is wrong in Russian type, each with what it should be.
TYPE = {
    "an en dash for a тире": r"\S[ \xa0]–[ \xa0]",
    "a тире that may begin a line": r"(?<=\S) —",
    "straight quotation marks": '"',
    "an English quotation mark": "”",
    "a number that may part from its unit": rf"\d (?:%|млрд|млн|тыс\.|(?:{MONTHS})\b)",
    "a per cent sign without a space": r"\d%",
    "a year that may part from «год»": r"(?<=\d{4}) год",
    "a hyphen in a range of numbers": r"(?<![\w.-])\d+-\d+(?![\w-])",
    "a date without «года»": rf"\d[ \xa0](?:{MONTHS}) \d{{4}}(?![ \xa0]года|-м|-го)",
}


@pytest.mark.parametrize("wrong", TYPE)
def test_russian_type(wrong):
    """Catches what a proof-reader marks first: dashes, quotation marks, lines that begin with a unit."""
    found = [f"{where}: {text}" for where, text in RUSSIAN if re.search(TYPE[wrong], text)]
    assert found == []


def test_quotation_marks_nest_as_russian_has_them():
    """Catches «…«…»…», which is «…„…“…», and a mark that is opened and never closed."""
    wrong = []
    for where, text in [*RUSSIAN, README]:
        text = re.sub(r"```.*?```|`[^`\n]*`|\*“[^*]*”\*|“by countries”", "", text, flags=re.DOTALL)
        depth, marks = [], re.findall("[«»„“]", text)
        for mark in marks:
            if mark in "«„":
                depth.append(mark)
                sound = mark == "„" or depth.count("«") == 1 or "README" in where
            else:
                sound = bool(depth) and depth.pop() == {"»": "«", "“": "„"}[mark]
            if not sound:
                break
        else:
            sound = not depth
        if not sound:
            wrong.append(f"{where}: {text[:120]}")
    assert wrong == []


# Words of an older edition, or taken over from English or from a form, with what stands for them.
STRUCK = {
    r"прочтени\w*": "толкование",
    r"\w*новейш\w*": "самые новые, более поздние",
    r"заявленн\w*": "названный",
    r"документированн?\w*": "подтверждён документально",
    r"Kazinform": "«Казинформ»",
    r"IT-\w+": "ИТ-",
    r"ничего соответствующего": "подтверждений нет",
    r"явля(?:ется|ются)": "тире, или глагол",
    r"осуществл\w+": "глагол, который говорит, что сделано",
    r"долларов США(?: \w+){0,12} долларов США": "$ после первого раза",
    r"в [\d–]+ раз больше(?:, чем)?[^.;]* раз больше": "однажды",
}


def test_russian_words_that_were_struck_do_not_come_back():
    """Catches officialese and what is English in Russian letters."""
    found = [
        f"{where}: “{match[0]}” ({better}) in {text}"
        for word, better in STRUCK.items()
        for where, text in RUSSIAN
        if (match := re.search(rf"\b{word}", text))
    ]
    assert found == []


def test_one_russian_word_for_a_verdict():
    """Catches «оценка», which is the word for an estimate, where «вывод» is meant."""
    estimates = {"found.estimate", "status.estimate", "chart.ratio.end.estimate"}
    labels = {row.number: row["key"] for row in csvfiles.records("labels")}
    found = []
    for where, text in RUSSIAN:
        number = re.match(r"data/labels\.csv, row (\d+)", where)
        if number and (labels[int(number[1])] in estimates or "Пунктир" in text):
            continue
        if re.search(r"\bоцен(?:к|ен|ив)\w*", text, re.IGNORECASE) and "data/mentions" not in where:
            found.append(f"{where}: {text[:120]}")
    assert found == []


def test_every_counted_noun_has_all_its_russian_forms():
    """Catches «5 запроса»: a form that is empty falls back to another."""
    forms = {row["key"]: row["ru"] for row in csvfiles.records("labels")}
    nouns = {key.rpartition(".")[0] for key in forms if key.startswith("count.")}
    assert [n for n in sorted(nouns) for f in ("one", "few", "many") if not forms[f"{n}.{f}"]] == []


# ---- English


def test_no_english_sentence_begins_with_a_figure():
    """Catches "78 statements were …", which begins as a word or not at all."""
    figure = r"(?:^|[.!?]\s+)\{[^{}]+:(?:n|pct|times|usd|cny|count\.)[^{}]*\}"
    sentences = [
        (path.stem, match[2])
        for path in sorted(NOTEBOOKS.glob("*.ipynb"))
        for source in sources(path)
        if (match := SAY.match(source)) and match[1] == "en"
    ]
    assert [f"{where}: {text}" for where, text in sentences if re.search(figure, text)] == []


ENGLISH_TYPE = {
    "straight quotation marks": "\"|(?<=\\w)'",
    "per cent in words beside a figure": r"\d per cent",
    "a hyphen for a dash": r"\w - \w",
    "American spelling": r"\b(?:center|color|defense|favor)\b",
    "two colons in a sentence": r"^[^.;“”«»]*: [^.;“”«»]*: ",
}


@pytest.mark.parametrize("wrong", ENGLISH_TYPE)
def test_english_type(wrong):
    """Catches what a subeditor strikes without reading on."""
    found = [f"{where}: {text}" for where, text in ENGLISH if re.search(ENGLISH_TYPE[wrong], text)]
    assert found == []


# ---- what is printed


def printed(name=None):
    """(role, language, Markdown) of what 00_brief displays, or of one display by its name."""
    cells = json.loads((NOTEBOOKS / "00_brief.ipynb").read_text("utf-8"))["cells"]
    for output in (output for cell in cells for output in cell.get("outputs", ())):
        bundle, facts = output.get("data", {}), output.get("data", {}).get(FACTS, {})
        if name and facts.get("name") != name:
            continue
        for code in [facts["lang"]] if "lang" in facts else languages():
            if text := bundle.get("text/markdown" if "lang" in facts else mime(code)):
                yield facts["role"], code, "".join(text)


def test_nothing_is_counted_that_is_not_there():
    """Catches "would change 0 verdicts": none is said as none, or not at all."""
    none = r"(?<![\d.,])0(?![\d.,]|[ \xa0]?%)"
    summaries = [text for role, _, text in printed() if role == "summary"]
    assert len(summaries) == 2 * len(languages())
    assert [text for text in summaries if re.search(none, text)] == []


def test_a_choice_that_changes_nothing_is_not_listed():
    """Catches the tolerance that the rule has anyway, told as if it were another."""
    lists = [text for _, _, text in printed("sensitivity")]
    items = re.findall(r"^- \*\*(.+)\*\* \((.+?)\): (.+)\.$", "\n".join(lists), re.MULTILINE)
    assert len(items) > 10
    choices = [(title, now, choice) for title, now, told in items for choice in told.split("; ")]
    same = [each for each in choices if re.split(r"\W— ", each[2])[-1] == each[1]]
    assert len(choices) > len(items) and same == []


def test_each_doubt_is_told_once():
    """Catches the same caveat twice in one section: beside the verdict, and with the confidence."""
    claims = data.table("claims").set_index("claim_id")
    twice = []
    for path in sorted(NOTEBOOKS.glob("0[2-9]_*.ipynb")):
        says = [match[2] for source in sources(path) if (match := SAY.match(source))]
        text = " ".join(says).casefold()
        for name, claim in claims.iterrows():
            for code in languages():
                for part in re.split("[;,.] ", claim[f"confidence_reason_{code}"]):
                    if len(part) > 30 and part.casefold() in text:
                        twice.append(f"{path.stem}, {name}: {part}")
    assert twice == []
