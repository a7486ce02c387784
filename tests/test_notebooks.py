"""What nbval does not see: cells that never ran, typed numbers, editions that part, stale figures."""

import ast
import json
import re
import sys

import pytest
from factcheck import NOTEBOOKS, ROOT, charts, claims, findings, tables, verdict
from factcheck.prose import PLACEHOLDER, Language

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
BRIEFS = {"en": NOTEBOOKS / "00_brief.ipynb", "ru": NOTEBOOKS / "00_brief.ru.ipynb"}
every_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def joined(text):
    return text if isinstance(text, str) else "".join(text)


def load(path):
    """The notebook with every source as one string."""
    nb = json.loads(path.read_text("utf-8"))
    for cell in nb["cells"]:
        cell["source"] = joined(cell["source"])
    return nb


def code_cells(nb):
    return [cell for cell in nb["cells"] if cell["cell_type"] == "code"]


def shown(cell, kind="text/markdown"):
    """The texts of that kind that a cell shows."""
    return [
        joined(output["data"][kind])
        for output in cell.get("outputs", ())
        if kind in output.get("data", {})
    ]


# ---- Stored as a fresh run from top to bottom leaves them


def test_all_notebooks_are_there():
    names = [path.stem for path in PATHS]
    assert set(BRIEFS.values()) < set(PATHS) and len(names) >= 10
    prefixes = sorted({name[:2] for name in names})
    assert prefixes == [f"{number:02d}" for number in range(len(prefixes))]


@every_notebook
def test_every_cell_ran_in_order_without_error(path):
    code = code_cells(load(path))
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    kinds = {
        (output["output_type"], output.get("name")) for cell in code for output in cell["outputs"]
    }
    assert kinds <= {("display_data", None), ("stream", "stdout")}
    for cell in code:
        for output in cell["outputs"]:
            assert output.get("execution_count", 0) in (0, cell["execution_count"])


@every_notebook
def test_what_shows_something_has_its_output_stored(path):
    for cell in code_cells(load(path)):
        calls = [
            node
            for node in ast.walk(ast.parse(cell["source"]))
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
        ]
        # Cells that only prepare or assert show nothing; no other cell may be empty.
        silent = (".append", ".extend", ".update")
        shows = [node for node in calls if not ast.unparse(node.value.func).endswith(silent)]
        assert bool(shows) is bool(cell["outputs"]), f"{path.name}, cell {cell['id']}"


@every_notebook
def test_nothing_of_the_machine_or_of_chance_is_stored(path):
    nb = load(path)
    ids = [cell["id"] for cell in nb["cells"]]
    assert len(set(ids)) == len(ids)
    # Names given by people, not the random ones that an editor gives.
    assert [
        one
        for one in ids
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+|[a-z]+", one)
        or re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f-]+)?", one)
    ] == []
    for cell in nb["cells"]:
        assert cell["metadata"].keys() <= {"jupyter", "tags"}, cell["id"]
        assert cell["metadata"].get("jupyter", {}).keys() <= {"source_hidden"}, cell["id"]
    outputs = json.dumps([cell.get("outputs") for cell in nb["cells"]], ensure_ascii=False)
    for pattern in (
        r"(?<![\w.:/-])/(?:home|root|tmp|work|usr|Users|private|var)/",
        r"\b[A-Z]:\\\\+(?:Users|Temp)",
        r"\bat 0x[0-9a-f]{6,}",
        r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-",
        r'"(?:iopub|shell)\.',
        "Traceback",
        str(ROOT),
    ):
        assert not re.search(pattern, outputs), pattern


@every_notebook
def test_size(path):
    nb = load(path)
    if path not in BRIEFS.values():
        assert len(nb["cells"]) <= 40, "more than one sits through: make two notebooks of it"
    assert [cell["id"] for cell in code_cells(nb) if len(cell["source"].splitlines()) > 25] == []


@every_notebook
def test_text_is_shown_with_its_code_folded_away(path):
    for cell in code_cells(load(path)):
        if cell["source"].startswith("say("):
            assert cell["metadata"].get("jupyter") == {"source_hidden": True}, cell["id"]


@every_notebook
def test_one_cell_prints_the_digest_of_the_data(path):
    [cell] = [
        cell for cell in code_cells(load(path)) if "digest" in cell["metadata"].get("tags", ())
    ]
    [output] = cell["outputs"]
    assert joined(output["text"]) == f"Inputs (SHA-256): {tables.digest()}\n"


# ---- No number is typed

# What may stand in prose although it has digits: dates, file names, names of standards and licences.
ALLOWED = re.compile(
    r"\{[a-z0-9_.-]+(?::[a-z0-9_.-]+)?\}"  # a placeholder
    r"|(?<![\w.,])(?:19|20)\d\d(?![\w%]|[.,]\d)"  # a year
    r"|`[\w./-]+`"  # a file name
    r"|^#+ \d+(?:\.\d+)*\.? "  # the number of a section
    r"|SHA-256|CC BY 4\.0",
    re.MULTILINE,
)
# Two and more, and fractions. One is mostly an article or a pronoun, and a third an ordinal.
WORDS = {
    "en": r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twent\w+|thirt\w+|fort\w+"
    r"|fift\w+|sixt\w+|dozens?|hundreds?|half|halves|quarters?|fifths?|tenths?|second|fourth|twice"
    r"|thrice|\w+fold|doubled?|triple|one points?)\b",
    "ru": r"\b(?:дв(?:а|е|ух|ум|умя|ое|оих|ойн\w+)|тр(?:и|[её]х|[её]м|емя|ое|етьей?|ети)|четыр\w+|четверт\w+"
    r"|пят[ьи]\w*|шест[ьи]\w*|сем[ьи]|восем\w*|восьм\w*|девят\w+|десят(?!илет)\w+|ст[оа]|сот\w*"
    r"|полтора|половин\w*|втор(?:ой|ая|ое|ые)|вдвое|втрое|дважды|трижды|единиц\w*)\b",
}


def prose(path):
    """(cell id, text) of every text that people typed for readers: Markdown and the strings of code cells."""
    for cell in load(path)["cells"]:
        if cell["cell_type"] == "markdown":
            yield cell["id"], cell["source"]
            continue
        tree = ast.parse(cell["source"])
        unseen = [node for node in ast.walk(tree) if isinstance(node, ast.Assert)]
        unseen += [
            node.format_spec for node in ast.walk(tree) if getattr(node, "format_spec", None)
        ]
        unseen = {id(inner) for node in unseen for inner in ast.walk(node)}
        for node in ast.walk(tree):
            text = getattr(node, "value", None) if isinstance(node, ast.Constant) else None
            # Keys, formats, alignments and column names are words without a space or a capital.
            key = isinstance(text, str) and re.fullmatch(r"[a-z][a-z0-9_.:|-]*", text)
            if isinstance(text, str) and not key and id(node) not in unseen:
                yield cell["id"], text


@every_notebook
def test_no_number_is_typed_into_prose(path):
    found = [
        f"{cell}: {text}" for cell, text in prose(path) if re.search(r"\d", ALLOWED.sub("", text))
    ]
    assert found == []


@every_notebook
def test_no_number_is_typed_into_a_table(path):
    for cell in code_cells(load(path)):
        for call in ast.walk(ast.parse(cell["source"])):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("table"):
                typed = [
                    ast.unparse(item)
                    for part in call.args
                    for row in ast.walk(part)
                    if isinstance(row, (ast.List, ast.Tuple))
                    for item in row.elts
                    if isinstance(item, ast.Constant) and not isinstance(item.value, str)
                ]
                assert typed == [], cell["id"]


def by_source(results, name):
    [result] = [r for r in results if r.claim.claim_id == name]
    return result


def spread_of(result):
    values = [j.measured.low for j in result.primary.judgements]
    return max(values) - min(values)


def second_in_every_source(results, country):
    reading = by_source(results, "largest-economy").primary
    return all(
        sorted(values, key=values.get)[-2] == country
        for _, values, _ in reading.evidence.standings(reading.row).values()
    )


def confirming(results):
    return sum(r.verdict() == verdict.CORRECT for r in by_source(results, "ai-patents").others)


A_TENTH = lambda results: claims.ABOUT == verdict.TOLERANCE == 0.1  # noqa: E731
HALF_AND_TWICE = lambda results: verdict.TOLERANCES == (0.05, 0.1, 0.2)  # noqa: E731
FIVE_STATES = lambda results: len(results[0].evidence.interview["region"].split("|")) == 5  # noqa: E731
ABOUT_ONE = lambda results: round(spread_of(by_source(results, "population"))) == 1  # noqa: E731
TWO_CONFIRM = lambda results: confirming(results) == 2  # noqa: E731
ALWAYS = lambda results: True  # noqa: E731  an idiom, or a fact of the text itself
# Number words that were read and may stand, each with what makes it true.
REVIEWED = {
    "en": {
        "no more than a tenth": A_TENTH,
        "allows a tenth": A_TENTH,
        "a tenth to either side": A_TENTH,
        "a tenth on either side": A_TENTH,
        "half or twice of it": HALF_AND_TWICE,
        "half and twice of it": HALF_AND_TWICE,
        "five states": FIVE_STATES,
        "about one point": ABOUT_ONE,
        "two narrower counts": TWO_CONFIRM,
        "the four counts": lambda results: (
            len(by_source(results, "population").primary.judgements) == 4
        ),
        "the national offices’ two figures": lambda results: (
            [
                len(j.measured.history)
                for j in by_source(results, "population").primary.judgements
                if j.measured.who == "national"
            ]
            == [0]
        ),
        "three or more in a row": lambda results: verdict.OUT_OF_DATE_YEARS == 3,
        "uzbekistan is second in every source": lambda results: second_in_every_source(
            results, "UZB"
        ),
        "for three years": ALWAYS,  # the pledge of January 2022, as its statement has it
        "each that is there twice": ALWAYS,
        "two counts of the same report": ALWAYS,
        "binds two sides": ALWAYS,
        "the two sides count": ALWAYS,
    },
    "ru": {
        "на десятую часть": A_TENTH,
        "добавляло десятую часть": A_TENTH,
        "допускает десятую часть": A_TENTH,
        "вдвое меньший или вдвое больший": HALF_AND_TWICE,
        "пяти государств": FIVE_STATES,
        "крупнейшая из пяти": FIVE_STATES,
        "около единицы": ABOUT_ONE,
        "примерно на единицу": ABOUT_ONE,
        "два более узких подсчёта": TWO_CONFIRM,
        "на три года": ALWAYS,
    },
}


@every_notebook
def test_no_number_word_is_typed_unless_it_was_read_and_holds(path, results):
    language = "ru" if path == BRIEFS["ru"] else "en"
    for cell, text in prose(path):
        text = " ".join(PLACEHOLDER.sub("§", text).casefold().split())
        for phrase, holds in REVIEWED[language].items():
            if phrase in text:
                assert holds(results), f"{cell}: “{phrase}” no longer holds"
                text = text.replace(phrase, "")
        typed = re.findall(WORDS[language], text)
        assert not typed, f"{cell}: {typed} in “{text}”"


# ---- The editions of the brief say the same


@pytest.fixture(scope="module")
def editions():
    return {language: load(path) for language, path in BRIEFS.items()}


def in_pairs(editions):
    """The cells that both editions have; that they have all, the first test says."""
    english, russian = (
        {cell["id"]: cell for cell in editions[code]["cells"]} for code in ("en", "ru")
    )
    return [(english[name], russian[name]) for name in english if name in russian]


def test_editions_have_the_same_cells(editions):
    names = {code: [cell["id"] for cell in editions[code]["cells"]] for code in BRIEFS}
    advice = []
    for code, other in (("ru", "en"), ("en", "ru")):
        for number, name in enumerate(names[other]):
            if name not in names[code]:
                after = f"after {names[other][number - 1]}" if number else "at the top"
                advice.append(
                    f"{BRIEFS[code].name} lacks the cell {name} ({after}) of {BRIEFS[other].name}; "
                    "add it there, too, with its text in that language"
                )
    if not advice:
        moved = [f"{one} and {two}" for one, two in zip(names["en"], names["ru"]) if one != two]
        advice += (
            [f"the editions have the same cells in another order, first {moved[0]}"]
            if moved
            else []
        )
    assert not advice, "; ".join(advice)


def test_cells_of_the_editions_do_the_same(editions):
    for english, russian in in_pairs(editions):
        place = f"the cell {english['id']} differs between the editions"
        assert english["cell_type"] == russian["cell_type"], f"{place}: one is code, the other text"
        assert english["metadata"] == russian["metadata"], (
            f"{place} in its tags or in whether its code is hidden"
        )
        # The same code, but for its texts and the code of the language.
        texts = r'"""(.*?)"""|"[^"\n]*[^\x00-\x7f"][^"\n]*"|caption="[^"]*"|Language\("(en|ru)"'
        codes = [
            re.sub(texts, '""', cell["source"], flags=re.DOTALL) for cell in (english, russian)
        ]
        if english["cell_type"] == "code":
            assert codes[0] == codes[1], (
                f"{place} in more than its texts; write the same code in both"
            )


def test_editions_name_the_same_findings_to_the_same_precision(editions):
    for english, russian in in_pairs(editions):
        # "69 to 70 times" and "в 69–70 раз" may need other formats, never another number of decimals.
        named = [
            {
                (name, (form or "")[-1:] if (form or "")[-1:].isdigit() else "0")
                for name, form in PLACEHOLDER.findall(cell["source"])
            }
            for cell in (english, russian)
        ]
        apart = sorted({name for name, _ in named[0] ^ named[1]})
        assert not apart, (
            f"the cell {english['id']} names {', '.join(apart)} in one edition only, or with "
            "another number of decimals; put the same placeholders into both"
        )


def verdicts(cell, language):
    """The verdicts that a cell shows, as keys, in order: in bold or as a table's cell."""
    words = {language.label(f"verdict.{key}"): key for key in verdict.VERDICTS}
    pattern = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    found = re.findall(rf"(?:\*\*|\| )({pattern})\.?(?=\*\*| \|| –)", "\n".join(shown(cell)))
    return [words[word] for word in found]


def test_editions_give_the_same_verdicts(editions, results):
    total = 0
    for pair in in_pairs(editions):
        found = [verdicts(cell, Language(code)) for cell, code in zip(pair, ("en", "ru"))]
        assert found[0] == found[1], (
            f"the cell {pair[0]['id']} shows other verdicts in the Russian edition"
        )
        total += len(found[0])
    assert total > 2 * len(results)  # each stands in the table and in its section at least
    [table] = [cell for cell in editions["en"]["cells"] if cell["id"] == "results"]
    assert verdicts(table, Language("en")) == [result.verdict for result in results]


def numbers(text, language):
    """The numbers in a text, in the form of Python's floats whatever the language writes."""
    spaces = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
    if language == "en":
        text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    else:
        text = re.sub(rf"(?<=\d)[{spaces}](?=\d{{3}}(?!\d))", "", text)
        text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    return {float(number) for number in re.findall(r"\d+(?:\.\d+)?", text)}


def test_numbers_are_read_in_either_form():
    assert numbers("100,000 people, 69.7% in 2023, 2024", "en") == {100000, 69.7, 2023, 2024}
    assert numbers(
        "100\N{NO-BREAK SPACE}000 человек, 69,7\N{NO-BREAK SPACE}% в 2023, 2024", "ru"
    ) == {100000, 69.7, 2023, 2024}


def test_editions_show_the_same_numbers(editions):
    compared = 0
    for english, russian in in_pairs(editions):
        texts = [
            "\n".join(shown(cell) + (shown(cell, "text/plain") if shown(cell, "text/csv") else []))
            for cell in (english, russian)
        ]
        found = [numbers(text, code) for text, code in zip(texts, ("en", "ru"))]
        apart = sorted(found[0] ^ found[1])
        assert not apart, f"the cell {english['id']} shows {apart} in one edition only"
        compared += len(found[0])
        assert shown(english, "text/csv") == shown(russian, "text/csv"), english["id"]
    assert compared > 300


# ---- Figures are what the code draws now


@pytest.fixture(scope="module")
def drawn(tmp_path_factory, results, frames):
    """All figures drawn anew: (folder, {figure and language: displayed bundle})."""
    folder, bundles = tmp_path_factory.mktemp("figures"), {}
    by_name = {result.claim.claim_id: result for result in results}
    found = findings.values(results, frames)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(charts.common, "FIGURES", folder)
        for code in BRIEFS:
            language = Language(code, found)
            patch.setattr(
                charts.common,
                "display",
                lambda bundle, raw, metadata, code=code: bundles.update(
                    {(metadata["factcheck"]["id"], code): (bundle, metadata["factcheck"])}
                ),
            )
            charts.overview(results, language)
            charts.ratio_history(by_name["population"], language)
            charts.ratio_history(by_name["economy"], language)
            charts.shares(by_name["ai-patents"], language)
            charts.pledges(results, language)
            charts.ranking(by_name["largest-economy"], language)
            charts.timeline(results, language)
        patch.setattr(charts.picture, "FIGURES", folder)
        charts.pictures(results, [Language(code, found) for code in BRIEFS])
    return folder, bundles


def test_stored_figures_are_what_is_drawn_now(drawn):
    folder, _ = drawn
    stored = {
        path.name: path for path in (ROOT / "figures").iterdir() if not path.name.startswith(".")
    }
    new = {path.name: path for path in folder.iterdir()}
    missing = sorted(new.keys() - stored.keys())
    assert not missing, f"figures/ lacks {', '.join(missing)}; run `make brief`"
    # Equal bytes of drawings are promised on Linux; equal values everywhere.
    compared = [name for name in new if name.endswith(".csv") or sys.platform == "linux"]
    assert [name for name in compared if stored[name].read_bytes() != new[name].read_bytes()] == []


def pictures(nb):
    """What a notebook shows of figures: (id or "", alt text) of each; a chart of one's own needs no id."""
    for cell in code_cells(nb):
        for output in cell["outputs"]:
            meta = output.get("metadata", {})
            for kind in ("image/svg+xml", "image/png"):
                if kind in output.get("data", {}):
                    ours = meta.get("factcheck", {})
                    yield ours.get("id", ""), ours.get("alt") or meta.get(kind, {}).get("alt", "")


def test_every_picture_has_its_numbers(drawn):
    names = {path.name for path in (ROOT / "figures").iterdir() if not path.name.startswith(".")}
    # name.svg and name.ru.svg stand beside name.csv, the pictures of single claims beside share.csv.
    beside = {
        name: "share.csv" if name.startswith("share_") else f"{name.partition('.')[0]}.csv"
        for name in names
        if not name.endswith(".csv")
    }
    assert {f"{figure}.csv" for figure, _ in drawn[1]} < set(beside.values())
    bare = sorted(f"{name} (no {table})" for name, table in beside.items() if table not in names)
    assert not bare, f"figures/ has pictures without their numbers: {', '.join(bare)}"
    alone = sorted({name for name in names if name.endswith(".csv")} - set(beside.values()))
    assert not alone, f"figures/ has numbers without a picture: {', '.join(alone)}"


def test_every_picture_is_shown_with_words_for_those_who_do_not_see_it(drawn):
    own = {path.name for path in (ROOT / "figures").iterdir() if not path.name.startswith(".")}
    own -= {path.name for path in drawn[0].iterdir()}
    for path in PATHS:
        nb = load(path)
        found = list(pictures(nb))
        assert [name for name, alt in found if not alt.strip()] == [], (
            f"{path.name} shows a picture without alt text: display(figure, metadata={{'image/svg+xml': "
            "{'alt': '…'}})"
        )
        # A chart of one's own is drawn by a notebook, and shown by the one that draws it.
        shown = {name for name, _ in found}
        own -= {
            name
            for name in nb["metadata"]["factcheck"]["figures"]
            if "" in shown or name.partition(".")[0] in shown
        }
    assert not own, f"figures/ has what no notebook draws and shows: {', '.join(sorted(own))}"


@every_notebook
def test_notebooks_show_the_figures_as_they_are_drawn_now(path, drawn):
    code = "ru" if path == BRIEFS["ru"] else "en"
    for cell in code_cells(load(path)):
        for output in cell["outputs"]:
            meta = output.get("metadata", {}).get("factcheck", {})
            if meta.get("role") != "figure":
                continue
            if (meta["id"], code) not in drawn[1]:  # of one's own: it must be what its files are
                files = [
                    (ROOT / "figures" / f"{meta['id']}.csv", "text/csv"),
                    (
                        ROOT / "figures" / f"{meta['id']}{'' if code == 'en' else '.' + code}.svg",
                        "image/svg+xml",
                    ),
                ]
                assert [
                    file.name
                    for file, kind in files
                    if file.read_text("utf-8") != joined(output["data"][kind])
                ] == [], meta["id"]
                continue
            bundle, wanted = drawn[1][meta["id"], code]
            kinds = bundle if sys.platform == "linux" else ("text/csv", "text/plain")
            assert [kind for kind in kinds if joined(output["data"][kind]) != bundle[kind]] == [], (
                meta["id"]
            )
            assert {key: meta[key] for key in ("title", "subtitle", "source", "alt")} == {
                key: wanted[key] for key in ("title", "subtitle", "source", "alt")
            }
            assert len(meta["title"].split()) <= 15, meta["title"]
