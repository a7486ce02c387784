"""What nbval does not see in this report's notebooks: cells that never ran, typed numbers, languages that part,
sentences that say more than their numbers without an assertion, claims that nobody concludes."""

import ast
import json
import re
import sys

import pytest
from factcheck import NOTEBOOKS, ROOT, data, rule
from factcheck.words import FACTS, cell_digest, languages, mime, svg_mime

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
CLAIMS = [path for path in PATHS if "02" <= path.stem[:2] <= "09"]
every_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
every_claims = pytest.mark.parametrize("path", CLAIMS, ids=lambda path: path.stem)
SAY = re.compile(r"%%say (\w+)(?: (\w+))?\n(.*)", re.DOTALL)
PLACEHOLDER = re.compile(r"\{([^{}:]+)(?::([^{}]*))?\}")


def load(path):
    """The cells of a notebook, each source as one string."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return [cell | {"source": "".join(cell["source"])} for cell in cells]


def code_cells(path):
    return [cell for cell in load(path) if cell["cell_type"] == "code"]


def said(path):
    """(language, role, text) of every %%say cell."""
    return [match.groups() for cell in load(path) if (match := SAY.match(cell["source"]))]


def displays(path, role=None):
    """(bundle, facts) of everything that our code displays, or of one role."""
    for cell in code_cells(path):
        for output in cell["outputs"]:
            facts = output.get("data", {}).get(FACTS)
            if facts and role in (None, facts["role"]):
                yield output["data"], facts


def joined(text):
    return text if isinstance(text, str) else "".join(text)


def tree(cell):
    """The syntax tree of a code cell; magics say nothing."""
    lines = cell["source"].splitlines()
    return ast.parse("\n".join(line for line in lines if not line.startswith("%")))


def sections(path):
    """The cells from each show_claim to the next, without what comes before the first."""
    found = []
    for cell in load(path):
        if cell["cell_type"] == "code" and re.search(r"\bshow_claim\(", cell["source"]):
            found.append([])
        if found:
            found[-1].append(cell)
    return found


# ---- stored as a fresh run from top to bottom leaves them


def test_frames_show_numbers_with_all_their_digits():
    """Catches 1.410710e+09, which nobody finds again in the CSV."""
    shown = [str(output) for path in PATHS for c in code_cells(path) for output in c["outputs"]]
    tables = [text for text in shown if "dataframe" in text]
    assert len(tables) > 10 and not [t for t in tables if re.search(r"\de[+-]\d\d", t)]
    assert any("1,410,710,000" in text for text in tables)


@every_notebook
def test_every_cell_ran_in_order_without_error(path):
    """Catches a cell that never ran, one that ran out of order, a warning, and output without a run."""
    code = code_cells(path)
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell["outputs"]]
    kinds = {(output["output_type"], output.get("name")) for output in outputs}
    assert kinds <= {("display_data", None), ("execute_result", None), ("stream", "stdout")}


@every_notebook
def test_what_is_shown_is_what_the_cell_says_now(path):
    """Catches a cell that was edited and not run again."""
    edited = [
        cell["source"][:60]
        for cell in code_cells(path)
        for output in cell["outputs"]
        if FACTS in output.get("data", {})
        and output["data"][FACTS]["cell"] != cell_digest(cell["source"])
    ]
    assert edited == []


@every_notebook
def test_what_shows_something_has_its_output_stored(path):
    """Catches outputs that were cleared: a cell that ends in an expression shows something."""
    silent = []
    for cell in code_cells(path):
        body = [] if SAY.match(cell["source"]) else tree(cell).body
        shows = SAY.match(cell["source"]) or body and isinstance(body[-1], ast.Expr)
        shows = shows and not (body and "set_option" in ast.unparse(body[-1]))
        if shows and not cell["outputs"]:
            silent.append(cell["source"][:60])
    assert silent == []


@every_notebook
def test_nothing_of_the_machine_or_of_chance_is_stored(path):
    """Catches paths, addresses in memory, times and an editor's marks, which differ on every run."""
    cells = load(path)
    ids = [cell["id"] for cell in cells]
    assert len(set(ids)) == len(ids) and not any(cell["metadata"] for cell in cells)
    outputs = json.dumps([cell.get("outputs") for cell in cells], ensure_ascii=False)
    for pattern in (
        r"(?<![\w.:/-])/(?:home|root|tmp|work|usr|Users|private|var)/",
        r"\b[A-Z]:\\\\+(?:Users|Temp)",
        r"\bat 0x[0-9a-f]{6,}",
        r"(?<![/\w-])[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-",
        r"T_[0-9a-f]{5}_",  # what a Styler calls its cells
        '"shown": ',  # the language of one author in front
        "Traceback",
    ):
        assert not re.search(pattern, outputs), pattern


@every_notebook
def test_code_is_short_and_stands_on_the_package_and_pandas(path):
    """Catches analysis that hides in a long cell, and another library that a reader must know."""
    lines, imported = [], set()
    for cell in code_cells(path):
        if SAY.match(cell["source"]):
            continue
        if not re.search(r"\bcharts\.|def paint", cell["source"]):
            lines.append(len(cell["source"].splitlines()))
        for node in ast.walk(tree(cell)):
            if isinstance(node, ast.Import):
                imported |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").partition(".")[0])
    assert imported <= {"factcheck", "pandas", "hashlib"}
    # The overview only gathers what the others found: few cells, each a frame for a chart.
    assert sorted(lines)[len(lines) // 2] <= (12 if path.stem == "10_overview" else 6)
    assert max(lines) <= 20


# ---- no number is typed

# What may stand in prose although it has digits.
ALLOWED = re.compile(
    r"\{[^{}]*\}"  # a placeholder: the number comes from the analysis
    r"|`[^`\n]*`|\]\([^)]*\)"  # names of files, columns and sources
    r"|(?<![\w.,])(?:19|20)\d\d(?![\w%]|[.,]\d)"  # a year, in sentences about what happened in it
    r"|\b\d{1,2}[ \xa0](?:January|May|September|января|мая|сентября)\b"  # a day of a year
    r"|(?:= |to |за )100\b"  # the base of an index, a convention
    r"|SHA-256"  # the name of a standard
)
# Two and more, and fractions. One is mostly an article or a pronoun.
NUMBER_WORDS = {
    "en": r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twent\w+|thirt\w+|fort\w+|fift\w+"
    r"|dozens?|hundreds?|half|halves|quarters?|thirds?|fifths?|tenths?|second|fourth|twice|thrice|\w+fold"
    r"|doubled?|triple",
    "ru": r"дв(?:а|е|ух|ум|умя|ое|оих)|тр(?:и|[её]х|[её]м|емя|ое|етьей?|ети|етий)|четыр\w+|четверт\w+|пят[ьи]\w*"
    r"|шест[ьи]\w*|сем[ьи]|восем\w*|восьм\w*|девят\w+|десят(?!илет)\w+|ст[оа]|сот\w*|полтора|половин\w*"
    r"|втор(?:ой|ая|ое|ые)|вдвое|втрое|дважды|трижды|единиц\w*",
}
A_TENTH = lambda: rule.TOLERANCE == 0.1  # noqa: E731
FIVE_STATES = lambda: len(data.asked().region) == 5  # noqa: E731
TOLD = lambda: True  # noqa: E731  an idiom, a fact of the text, or asserted in its section
# Number words that were read and may stand, each with what makes it true.
REVIEWED = {
    "en": {
        **dict.fromkeys(("grants a tenth to either side",), A_TENTH),
        **dict.fromkeys(("of the five", "the five states"), FIVE_STATES),
        **dict.fromkeys(("less than half the claim", "for three years"), TOLD),
        **dict.fromkeys(("the second summit", "would be the third"), TOLD),
        **dict.fromkeys(("the two countries", "a hundred"), TOLD),
    },
    "ru": {
        **dict.fromkeys(("по десятой части",), A_TENTH),
        **dict.fromkeys(("из пяти", "первый из пяти", "пяти государств"), FIVE_STATES),
        **dict.fromkeys(("меньше половины названного", "на три года"), TOLD),
        **dict.fromkeys(("второй очный саммит", "две страны"), TOLD),
        **dict.fromkeys(("ста китайских",), TOLD),
    },
}


def typed(path):
    """Every text that people typed for readers: Markdown, %%say, and the words of charts."""
    for cell in load(path):
        if cell["cell_type"] == "markdown":
            yield cell["source"]
        elif match := SAY.match(cell["source"]):
            yield match[3]
        elif "charts." in cell["source"]:
            yield from re.findall(r'\b(?:en|ru)=f?"([^"]*)"', cell["source"])


@every_notebook
def test_no_number_is_typed_into_prose(path):
    """Catches a number that stays when the data change."""
    found = [
        line.strip()
        for text in typed(path)
        for line in ALLOWED.sub("", text).splitlines()
        if re.search(r"\d", line)
    ]
    assert found == []


@every_notebook
def test_no_number_word_is_typed_unless_it_was_read_and_holds(path):
    """Catches "two counts" where a third is added, and "the five states" of another region."""
    for code, _, text in said(path):
        text = " ".join(PLACEHOLDER.sub("§", text).casefold().split())
        for phrase, holds in REVIEWED[code].items():
            if phrase in text:
                assert holds(), f"“{phrase}” no longer holds"
                text = text.replace(phrase, "")
        found = re.findall(rf"\b(?:{NUMBER_WORDS[code]})\b", text)
        assert not found, f"{found} in “{text}”: make it a placeholder such as {{n:word}}"


def test_what_was_read_is_still_there():
    """Catches an exception that outlives its sentence."""
    texts = [
        " ".join(PLACEHOLDER.sub("§", t).casefold().split()) for p in PATHS for _, _, t in said(p)
    ]
    phrases = [phrase for known in REVIEWED.values() for phrase in known]
    assert [phrase for phrase in phrases if not any(phrase in text for text in texts)] == []


# ---- the languages say the same


@every_notebook
def test_each_sentence_stands_beside_its_siblings(path):
    """Catches a sentence that one edition lacks, or that another edition prints as something else."""
    says, run = [SAY.match(cell["source"]) for cell in load(path)], []
    for match in [*says, None]:
        if match:
            run.append(match)
            continue
        for at in range(0, len(run), len(languages())):
            group = run[at : at + len(languages())]
            assert tuple(m[1] for m in group) == languages(), group[0][0][:80]
            assert len({m[2] for m in group}) == 1, group[0][0][:80]
        run = []


def named(text):
    """{variable: decimals} of a text, without the language where an index or a column names it."""
    return {
        (re.sub(r"\[(?:en|ru)\]|_(?:en|ru)\b", "", name), form[-1:] if form[-1:].isdigit() else "0")
        for name, form in PLACEHOLDER.findall(text)
    }


@every_notebook
def test_siblings_name_the_same_variables_to_the_same_precision(path):
    """Catches a sentence of one language that stands on another variable, and "69.4" beside «69»."""
    says = said(path)
    for english, russian in zip(says[::2], says[1::2], strict=True):
        apart = named(english[2]) ^ named(russian[2])
        assert not apart, f"{sorted(apart)} in one language only: {english[2][:80]}"


# ---- every claim, and what its text says beyond its numbers


def test_every_claim_is_concluded_once():
    """Catches a claim that is checked nowhere, and one that gets two verdicts."""
    found = [
        facts["finding"]["claim"]
        for path in PATHS
        for _, facts in displays(path)
        if "finding" in facts
    ]
    assert sorted(found) == sorted(data.table("claims").claim_id)


@every_claims
def test_each_section_has_one_verdict_and_one_evidence_of_its_own_claim(path):
    """Catches a verdict that is said twice, typed, or said of another claim, and a claim without evidence."""
    for section in sections(path):
        outputs = [
            o["data"][FACTS] for c in section for o in c.get("outputs", ()) if FACTS in o["data"]
        ]
        says = [m for cell in section if (m := SAY.match(cell["source"])) and m[2] == "verdict"]
        assert tuple(m[1] for m in says) == languages(), section[0]["source"]
        assert all(m[3].startswith("**{found.verdict:verdict}") for m in says), says
        once = ("claim", "research", "evidence")
        shown = [facts for facts in outputs if facts["role"] in once and "claim" in facts]
        assert [facts["role"] for facts in shown] == ["claim", "research", "evidence"]
        assert len({facts["claim"] for facts in shown}) == 1


# Words that say more than the numbers beside them: a comparison, an order, an extent.
COMPARES = {
    "en": r"more|less|lower|higher|larger|largest|smaller|faster|earlier|later|only|alone|first|last|next|none"
    r"|never|always|all|both|every|same|until|since|ahead|far|hardly|just short|complete|support|too high",
    "ru": r"больше|меньш\w+|ниже|выше|быстрее|раньше|ранее|позже|только|лишь|перв\w+|последн\w+|следующ\w+"
    r"|никто|никогда|всегда|все|обоим|кажд\w+|полон|вровень|чуть|намного|крупнейш\w+|подтвержд\w+|завыш\w+",
}


@every_claims
def test_what_says_more_than_its_numbers_has_an_assertion_in_its_section(path):
    """Catches "only", "faster", "since then" that nothing holds to the data."""
    bare = []
    for section in sections(path):
        code = [c for c in section if c["cell_type"] == "code" and not SAY.match(c["source"])]
        asserted = any(isinstance(node, ast.Assert) for c in code for node in ast.walk(tree(c)))
        for match in filter(None, (SAY.match(cell["source"]) for cell in section)):
            own = re.sub(
                r"\{[^{}]*\}|«[^»]*»|“[^”]*”", "", match[3]
            ).casefold()  # not what is quoted
            words = re.findall(rf"\b(?:{COMPARES[match[1]]})\b", own)
            if words and not asserted:
                bare.append(f"{words}: {match[3][:80]}")
    assert bare == []


@every_notebook
def test_each_assertion_says_which_words_it_holds(path):
    """Catches a bare AssertionError that does not tell a writer what to reword."""
    bare = [
        ast.unparse(node)
        for cell in code_cells(path)
        if not SAY.match(cell["source"])
        for node in ast.walk(tree(cell))
        if isinstance(node, ast.Assert) and node.msg is None
    ]
    assert bare == []


# ---- charts


def charts():
    return [(path, bundle, facts) for path in PATHS for bundle, facts in displays(path, "chart")]


def test_every_chart_has_words_in_every_language_and_sizes():
    """Catches a chart without alt text, one whose alt text has no value, and one that a phone cannot show."""
    names = [facts["name"] for _, _, facts in charts()]
    assert len(names) >= 8 and len(set(names)) == len(names)
    for path, bundle, facts in charts():
        wanted = {svg_mime(code, size) for code in languages() for size in ("page", "phone")}
        assert wanted <= bundle.keys(), facts["name"]
        for code in languages():
            told = facts["texts"][code]
            assert re.search(r"\d", told["alt"]), f"{path.stem}: {facts['name']}, {code}"
            assert told["title"] and len(told["title"].split()) <= 25, told["title"]
        assert joined(bundle["text/plain"]) == facts["texts"][languages()[0]]["alt"]


def test_every_picture_has_its_numbers_and_is_what_its_file_is():
    """Catches a figure in figures/ that is not the one in the notebook, and a picture without its CSV."""
    for path, bundle, facts in charts():
        table = ROOT / "figures" / f"{facts['name']}.csv"
        assert joined(facts["csv"]) == table.read_text("utf-8"), f"{path.stem}: {table.name}"
        if sys.platform == "linux":  # equal bytes of drawings are promised there
            drawing = table.with_suffix(".svg").read_text("utf-8")
            assert joined(bundle[mime_of_page()]) == drawing, f"{path.stem}: {table.stem}.svg"


def mime_of_page():
    return svg_mime(languages()[0], "page")


def test_every_display_has_all_languages():
    """Catches a block that one edition prints empty."""
    for path in PATHS:
        for bundle, facts in displays(path):
            if "lang" in facts or facts["role"] in ("chart", "reviews"):
                continue
            lacking = [code for code in languages() if not joined(bundle.get(mime(code), ""))]
            assert not lacking, (
                f"{path.stem}: {facts['role']} {facts.get('claim', '')} in {lacking}"
            )
