"""The build decides by content, runs what is out of date and nothing else, fails without a trace, survives kills.

Each test works on a copy of a small project: the modules of the build, two claims, a brief in two languages. What
prints, and what checks the data, are stand-ins: here it matters when they are called and with what.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import uuid

import pytest
from factcheck import ROOT, changes, forms

PACKAGE = ROOT / "notebooks/factcheck"
MODULES = (
    *("__init__", "__main__", "build", "bundle", "changes", "csvcells", "csvfiles"),
    *("forms", "kernels", "lab", "palette", "products", "reads", "stored", "whole"),
)
# One line of data stands for all that can be wrong in them.
CHECK = """
from factcheck import ROOT
def problems():
    wrong = "wrong" in (ROOT / "data/numbers.csv").read_text("utf-8")
    return [f"data/numbers.csv, row {number}" for number in range(12)] if wrong else []
def problems_of_findings():
    return []
def to_do():
    return ["data/numbers.csv: milk"]
def normalise():
    return ["data/numbers.csv: brought into the table’s own form"]
"""
EXPORT = """
import json
from pathlib import Path
class ExportError(ValueError):
    pass
def prepare():
    pass
class BriefHTMLExporter:
    def __init__(self, language):
        self.language = language
    def from_filename(self, name):
        nb = json.loads(Path(name).read_text("utf-8"))
        beside = [json.loads((Path(name).parent / f"{s}.ipynb").read_text("utf-8")) for s in ("01_tea", "02_milk")]
        shown = [cell.get("outputs") for one in [nb, *beside] for cell in one["cells"]]
        if "unprintable" in str(shown):
            raise ExportError("notebook 01_tea.ipynb, cell 4: cannot be printed")
        return f"{self.language}: {shown}", {}
class BriefPDFExporter(BriefHTMLExporter):
    pass
"""
CLAIM = """from IPython.display import display
from factcheck import FIGURES, ROOT, csvfiles, reads
reads.record("numbers", name="NAME")
values = {row["name"]: float(row["value"]) for _, row in csvfiles.read("numbers").rows}
value = values["NAME"]
verdict = "correct" if value < 3 else "exaggerated\""""
# What a user's settings could change: warnings, encoding, hash seed, time zone.
SHOW = """import time, warnings
warnings.warn("Python itself does not show this kind", PendingDeprecationWarning)
facts = {"role": "verdict", "finding": {"claim": "NAME", "verdict": verdict}, "cell": "0"}
words = f"**NAME**: {verdict}, {value:.0f}. Всегда {hash('a')} {time.strftime('%Z')}."
display({"text/markdown": words, "text/vnd.factcheck.ru": words, FACTS: facts}, raw=True)"""
DRAW = """FIGURES.joinpath("NAME.csv").write_text(f"name,value\\nNAME,{value}\\n")
FIGURES.joinpath("NAME.svg").write_text(f"<svg>{value}</svg>")
display({"image/svg+xml": f"<svg>{value}</svg>", FACTS: {"role": "chart"}}, raw=True)"""
COLLECT = """import os
from pathlib import Path
from IPython.display import display
from factcheck import reads
folder, found = Path(os.environ.get("FACTCHECK_NOTEBOOKS", ".")), []
for stem in ("01_tea", "02_milk"):
    reads.record_notebook(stem)
    found += reads.findings(folder / f"{stem}.ipynb")
assert len(found) == 2, "every notebook has a finding\""""
TABLE = """rows = "\\n".join(f"| [{one['claim']}](#claim-{one['claim']}) | {one['verdict']} |" for one in found)
facts = {"role": "table", "name": "results"}
display({"text/markdown": rows, "text/vnd.factcheck.ru": rows, FACTS: facts}, raw=True)"""
FACTS = 'FACTS = "application/vnd.factcheck+json"\n'
FIELDS = [{"name": "name", "type": "string"}, {"name": "value", "type": "number"}]
DESCRIPTOR = {
    "resources": [{"name": "numbers", "path": "numbers.csv", "schema": {"fields": FIELDS}}]
}
README = "# Tea and milk\n\n<!-- results -->\n<!-- /results -->\n\n<!-- other -->\nmine\n<!-- /other -->\n"
BOOKS = ["notebooks/00_brief.ipynb", "notebooks/01_tea.ipynb", "notebooks/02_milk.ipynb"]
PRINTS = [f"notebooks/brief{mark}.{kind}" for mark in ("", ".ru") for kind in ("html", "pdf")]
FIGURES = [f"figures/{name}{end}" for name in ("milk", "tea") for end in (".csv", ".svg")]


def write_notebook(path, sources, **metadata):
    blank = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [blank | {"id": f"c{number}", "source": s} for number, s in enumerate(sources)]
    nb = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(nb), "utf-8")


def claim_cells(name):
    return [text.replace("NAME", name) for text in (FACTS + CLAIM, SHOW, DRAW, "# nothing to see")]


def edit(path, change):
    nb = json.loads(path.read_text("utf-8"))
    change(nb)
    path.write_text(json.dumps(nb), "utf-8")


def edit_cell(root, number, source, book="01_tea"):
    def change(nb):
        nb["cells"][number]["source"] = source

    edit(root / f"notebooks/{book}.ipynb", change)


def set_data(root, tea=1, milk=2, more=0):
    rows = f"name,value\ntea,{tea}\nmilk,{milk}\nmore,{more}\n"
    (root / "data/numbers.csv").write_text(rows, "utf-8")


def start(root, *arguments, before=(), **environment):
    """`python -m factcheck …` (or other Python arguments) in the project at `root`, after the words `before`."""
    if arguments[0] != "-c":
        arguments = ("-m", "factcheck", *arguments)
    env = {"PYTHONPATH": str(root / "notebooks")} | environment
    return subprocess.Popen(
        [*before, sys.executable, *arguments],
        cwd=root,
        env=os.environ | env,
        encoding="utf-8",
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def run(root, *arguments, status=0, **environment):
    process = start(root, *arguments, **environment)
    output = process.communicate(timeout=60)[0]
    assert process.returncode == status, output
    return output


def problems(root):
    code = "from factcheck import products; [print(line) for line in products.problems()]"
    return run(root, "-c", code).splitlines()


def ran(output):
    return [line.split(":")[0] for line in output.splitlines() if ": running, " in line]


def printed(output):
    return sorted(line.split(":")[0] for line in output.splitlines() if ": printed in " in line)


def stored(root):
    patterns = ("notebooks/*.ipynb", "notebooks/brief*", "figures/*", "README*")
    paths = [path for pattern in patterns for path in root.glob(pattern)]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def changed(root, before):
    return sorted(name for name, content in stored(root).items() if content != before.get(name))


def strays(root):
    expected = "README.md README.ru.md data figures notebooks seeds requirements.txt"
    found = {path.name for path in root.iterdir()} - {*expected.split()}
    return found | {path.name for path in root.rglob(".*.part")}


def make_project(root):
    for folder in ("data", "figures", "seeds", "notebooks/factcheck/export"):
        (root / folder).mkdir(parents=True)
    for name in MODULES:
        shutil.copy(PACKAGE / f"{name}.py", root / "notebooks/factcheck")
    (root / "notebooks/factcheck/check.py").write_text(CHECK, "utf-8")
    (root / "notebooks/factcheck/export/__init__.py").write_text(EXPORT, "utf-8")
    (root / "requirements.txt").write_text("x==1\n")
    (root / "seeds/said.txt").write_text("что-то", "utf-8")
    (root / "data/datapackage.json").write_text(json.dumps(DESCRIPTOR), "utf-8")
    set_data(root)
    for name in ("README.md", "README.ru.md"):
        (root / name).write_text(README, "utf-8")
    brief = [FACTS + COLLECT, TABLE, "words = 'no more'"]
    write_notebook(root / "notebooks/00_brief.ipynb", brief, factcheck={"brief": ["en", "ru"]})
    write_notebook(root / "notebooks/01_tea.ipynb", claim_cells("tea"))
    write_notebook(root / "notebooks/02_milk.ipynb", claim_cells("milk"))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A project that was built once. Not to be changed: see `project`."""
    root = tmp_path_factory.mktemp("built")
    make_project(root)
    output = run(root, "brief")
    assert sorted(ran(output)) == BOOKS and ran(output)[-1] == BOOKS[0]
    return root


@pytest.fixture(scope="module")
def after(built, tmp_path_factory):
    """What is stored after both claims changed and an undisturbed build."""
    root = tmp_path_factory.mktemp("after") / "project"
    shutil.copytree(built, root)
    set_data(root, tea=4, milk=5)
    assert sorted(ran(run(root, "brief"))) == BOOKS
    return stored(root)


@pytest.fixture
def project(built, tmp_path):
    root = tmp_path / "project"
    shutil.copytree(built, root)
    return root


# ---- What a build does


def test_a_build_stores_everything_and_a_fresh_clone_has_nothing_to_do(project):
    before = stored(project)
    assert sorted(before) == sorted([*BOOKS, *PRINTS, *FIGURES, "README.md", "README.ru.md"])
    assert problems(project) == [] and strays(project) == set()
    (project / ".building-killed/notebooks").mkdir(parents=True)
    for path in project.rglob("*"):  # all times are new, and in no useful order
        os.utime(path)
    assert run(project, "brief").startswith("Nothing to do")
    assert stored(project) == before and strays(project) == set()


def test_nothing_to_do_imports_nothing_that_takes_long(project):
    """Catches an import of pandas, nbformat or the exporters on the way to "Nothing to do"."""
    heavy = "{'asyncio', 'babel', 'IPython', 'jinja2', 'jupyter_client', 'nbclient', 'nbformat', 'numpy', 'pandas'}"
    code = f"import sys; from factcheck import __main__ as m; m.main(['brief']); print({heavy} & {{*sys.modules}})"
    assert run(project, "-c", code).endswith("up to date.\nset()\n")


def test_stored_notebooks_are_valid_as_nbformat_writes_them_and_name_no_machine(built):
    import nbformat

    for path in (built / "notebooks").glob("*.ipynb"):
        text = path.read_text("utf-8")
        nb = nbformat.reads(text, as_version=4)
        nbformat.validate(nb)
        assert nbformat.writes(nb) + "\n" == text
        assert [cell.execution_count for cell in nb.cells] == list(range(1, len(nb.cells) + 1))
        assert str(built) not in text and "version" not in nb.metadata.language_info


def test_a_changed_value_runs_its_readers_and_the_brief_only_if_a_finding_changed(project):
    """Catches a whole-table digest, and a brief that runs again for nothing or not at all."""
    set_data(project, more=7)
    assert run(project, "brief").startswith("Nothing to do")
    before = stored(project)
    set_data(project, milk=2.5, more=7)
    output = run(project, "brief")
    assert ran(output) == [BOOKS[2]] and printed(output) == PRINTS
    assert changed(project, before) == sorted([BOOKS[0], *PRINTS, *FIGURES[:2], BOOKS[2]])
    set_data(project, milk=5, more=7)
    assert ran(run(project, "brief")) == [BOOKS[2], BOOKS[0]]
    row = "| [milk](notebooks/brief.ru.html#claim-milk) | exaggerated |\n"
    assert row in (project / "README.ru.md").read_text("utf-8")
    assert problems(project) == []


def test_a_file_that_a_notebook_opens_by_itself_counts_as_read(project):
    """Catches a notebook that uses open() or pandas instead of the package and is never run again."""
    opened = "open('../data/numbers.csv').read(), (ROOT / 'seeds/said.txt').read_text('utf-8')"
    edit_cell(project, 3, f"print({opened})")
    assert ran(run(project, "brief")) == [BOOKS[1]]
    set_data(project, more=7)
    assert problems(project)[0] == f"{BOOKS[1]}: data/numbers.csv changed since it was run"
    set_data(project)
    (project / "seeds/said.txt").write_text("иное", "utf-8")
    assert problems(project)[0] == f"{BOOKS[1]}: seeds/said.txt changed since it was run"


def test_changed_modules_run_or_print_what_uses_them(project):
    """Catches notebooks that run again because the builder changed, or do not although a module did."""
    for name, stale in (("build.py", 0), ("export/page.css", 4)):
        append(project, name)
        assert len(problems(project)) == stale
    assert printed(run(project, "brief", "--lang", "ru")) == PRINTS[2:]
    stale = [f"{name} was not printed from the stored notebooks" for name in PRINTS[:2]]
    assert problems(project) == stale
    append(project, "palette.py")
    assert len(problems(project)) == 4
    append(project, "reads.py")
    found = [line.partition(": ")[2] for line in problems(project)[:3]]
    assert found == ["the package changed since it was run"] * 3


def append(root, name):
    with open(root / "notebooks/factcheck" / name, "a", encoding="utf-8") as file:
        file.write("\n")


def test_force_runs_and_prints_what_is_up_to_date_and_gives_the_same_bytes(project):
    """Catches a proof of equal bytes that proves nothing of the prints."""
    before = stored(project)
    output = run(project, "brief", "--force")
    assert sorted(ran(output)) == BOOKS and printed(output) == PRINTS
    assert stored(project) == before


def test_what_an_editor_or_a_service_left_is_dropped_without_a_run(project):
    """Catches account names, ids and times of Colab and VS Code in what is stored."""
    before = stored(project)

    def save(nb):
        nb["metadata"]["language_info"]["version"] = "3.11.99"
        nb["metadata"]["colab"] = {"provenance": []}
        nb["metadata"]["factcheck"]["user"] = "Jane"
        nb["cells"][0]["metadata"] = {"executionInfo": {"user": {"displayName": "Jane"}}, "id": "x"}
        nb["cells"][1]["metadata"] = {"vscode": {"languageId": "python"}}
        nb["cells"][1]["outputs"][0]["metadata"] = {"jane": 1}

    edit(project / BOOKS[1], save)
    assert problems(project) == [f"{BOOKS[1]}: is not in the form in which notebooks are stored"]
    assert ran(run(project, "brief")) == [] and stored(project) == before


def test_new_cells_get_lasting_names():
    """Catches random ids of JupyterLab and Colab, and the same name twice."""
    ids = ["c0", "zO3bXq-9Lk1a", "5f1c2a90", str(uuid.uuid4()), "c1", "c0", "c2"]
    cells = [{"cell_type": "markdown", "id": i, "metadata": {}, "source": "T"} for i in ids]
    nb = forms.tidy({"cells": cells, "metadata": {}})
    named = ["c0", "c0-new-1", "c0-new-2", "c0-new-3", "c1", "c1-new-1", "c2"]
    assert [cell["id"] for cell in nb["cells"]] == named
    assert forms.tidy(nb) == nb


def test_a_figure_that_is_no_longer_shown_goes_away_and_a_strange_one_stays(project):
    (project / "figures/mine.svg").write_text("<svg/>")
    edit(project / BOOKS[1], lambda nb: nb["cells"].pop(2))
    assert "figures/tea.csv: removed" in run(project, "brief")
    assert problems(project) == ["figures/mine.svg: no notebook draws it"]
    assert not (project / "figures/tea.svg").exists()


def cell(number, change):
    return lambda root: edit(root / BOOKS[1], lambda nb: change(nb["cells"][number]))


SPOILT = [
    (lambda r: (r / "figures/tea.svg").unlink(), ["figures/tea.svg is missing"]),
    (lambda r: (r / "figures/tea.csv").write_text("9"), ["figures/tea.csv is not what it drew"]),
    (lambda r: (r / "notebooks/brief.pdf").unlink(), ["brief.pdf is missing"]),
    (lambda r: (r / "notebooks/brief.html").write_text("x"), ["brief.html was not printed"]),
    (lambda r: (r / "README.md").write_text(README), ["README.md is not what the brief shows"]),
    (lambda r: (r / "requirements.txt").write_text("x==2"), ["the package changed"] * 3),
    (lambda r: set_data(r, tea=9), ["data/numbers.csv changed since it was run"]),
    (
        cell(1, lambda cell: cell["outputs"].clear()),
        ["01_tea.ipynb: its outputs are not those", "what notebooks/01_tea.ipynb found changed"],
    ),
    (cell(3, lambda c: c.update(execution_count=None)), ["01_tea.ipynb: its outputs are not"]),
    (cell(3, lambda c: c["metadata"].update(tags=["x"])), ["01_tea.ipynb: its cells changed"]),
    (cell(3, lambda c: c.update(source="# other")), ["01_tea.ipynb: its cells changed"]),
    (lambda r: (r / "notebooks/x.ipynb").write_text("{"), ["x.ipynb is not a notebook that can"]),
]


@pytest.mark.parametrize("spoil, words", SPOILT)
def test_check_names_what_does_not_belong_together(project, spoil, words):
    spoil(project)
    # What is printed from a notebook that must run again is stale, too: no news.
    news = "not printed" in words[0]
    found = [line for line in problems(project) if news or "was not printed" not in line]
    assert len(found) == len(words), found
    assert all(any(word in line for line in found) for word in words), found


# ---- Failures

SELF = "reads.record_notebook('01_tea')"
WRONG = {
    "import os; os._exit(1)": "cell 2: the kernel died",
    "import warnings; warnings.warn('old')": "cell 2 (In [2]): wrote a warning, which would be stored",
    "print(factcheck.ROOT)": "cell 2 (In [2]): shows a path of this machine",
    "{}[2015]": "cell 2 (In [2]), line 1: KeyError: 2015 is not there; look at the .index and .columns of",
    "if:": "cell 2 (In [2]), line 1: SyntaxError: invalid syntax (if:)",
    "%no_such_magic": "cell 2 (In [2]): UsageError: Line magic function `%no_such_magic` not found.",
}


def told(output):
    return [line for line in output.splitlines() if ": running, " not in line]


@pytest.mark.parametrize(
    "source, words",
    [
        (
            "share = 1\n\nshare / 0  # here",
            f"{BOOKS[1]}, cell 4 (In [4]), line 3: ZeroDivisionError: division by zero (share / 0  # here)",
        ),
        (
            "display('unprintable')",
            f"{PRINTS[0]}: notebook 01_tea.ipynb, cell 4: cannot be printed",
        ),
        (
            "(ROOT / 'seeds/said.txt').write_text('x')",
            "seeds/said.txt changed while the notebooks ran. Run it again.",
        ),
        (
            DRAW.replace('"NAME.', '"milk.').replace("NAME", "other"),
            f"figures/milk.csv: {BOOKS[1]} and {BOOKS[2]} draw different ones",
        ),
        (SELF, f"{BOOKS[1]} reads findings that are made from its own"),
    ],
)
def test_what_goes_wrong_is_told_in_one_line_and_leaves_everything_as_it_was(
    project, source, words
):
    set_data(project, milk=5)  # so that another notebook, which succeeds, has news to store as well
    edit_cell(project, 3, source)
    before = stored(project)
    assert told(run(project, "brief", status=1))[-1] == words
    assert stored(project) == before and strays(project) == set()


def test_a_sentence_no_longer_true_is_quoted_after_the_verdicts_that_changed(project):
    """Catches a message from which nobody learns what to reword and why."""
    edit_cell(project, 3, 'assert verdict == "correct", "the text says: little"')
    before = stored(project)
    set_data(project, tea=4, milk=4)
    assert told(run(project, "brief", status=1)) == [
        "tea: verdict correct → exaggerated",
        "milk: verdict correct → exaggerated",
        f"{BOOKS[1]}, cell 4 (In [4]), line 1: no longer true: “the text says: little” "
        '(assert verdict == "correct")',
    ]
    assert stored(project) == before


def test_what_made_the_brief_fail_is_told_before_it(project):
    """A notebook that fails at its first run leaves no finding; that the brief lacks it is no cause."""

    def never_ran(nb):
        nb["cells"][0]["source"] = "1 / 0"
        for one in nb["cells"]:
            one["outputs"] = []

    edit(project / BOOKS[1], never_ran)
    lines = told(run(project, "brief", status=1))[-2:]
    assert [line.split(",")[0] for line in lines] == [BOOKS[1], BOOKS[0]]


def test_a_scratch_notebook_that_fails_is_left_out_and_the_brief_is_made(project):
    write_notebook(project / "notebooks/scratch.ipynb", ["1 / 0"])
    (project / "notebooks/broken.ipynb").write_text("<<<<<<< HEAD", "utf-8")
    set_data(project, milk=5)
    before = stored(project)
    output = run(project, "brief")
    failed = "notebooks/scratch.ipynb, cell 1 (In [1]), line 1: ZeroDivisionError: division by zero"
    assert f"{failed} (1 / 0); left out" in output
    assert "notebooks/broken.ipynb is not a notebook that can be read" in output
    assert {*PRINTS, "README.md"} <= {*changed(project, before)}
    assert not {"notebooks/scratch.ipynb", "notebooks/broken.ipynb"} & {*changed(project, before)}


def test_what_must_not_be_stored_stops_the_build_and_all_of_it_is_told(project):
    for number, source in enumerate(WRONG):
        write_notebook(project / f"notebooks/1{number}_x.ipynb", ["import factcheck", source])
    records = "".join(f"reads.record_notebook('1{number}_x'); " for number in range(len(WRONG)))
    edit_cell(project, 2, records, "00_brief")
    before = stored(project)
    lines = run(project, "brief", status=1).splitlines()[-len(WRONG) :]
    for number, (line, words) in enumerate(zip(lines, WRONG.values())):
        assert line.startswith(f"notebooks/1{number}_x.ipynb, {words}"), lines
    assert stored(project) == before and strays(project) == set()


def test_wrong_data_stop_the_build_in_lines(project):
    (project / "data/numbers.csv").write_text("wrong", "utf-8")
    before, rows = stored(project), [f"data/numbers.csv, row {n}" for n in range(10)]
    assert told(run(project, "brief", status=1)) == [*rows, "and 2 more; `make check` shows all"]
    assert stored(project) == before and strays(project) == set()


# ---- Anywhere, at any time


def elsewhen():
    """Words before a command that set it on one core and, where faketime is installed, on another day."""
    words = ["taskset", "-c", str(min(os.sched_getaffinity(0)))] if shutil.which("taskset") else []
    if shutil.which("faketime"):
        return [*words, "faketime", "-f", "+400d"]
    assert not os.environ.get("CI"), "faketime is not installed"
    return words


def test_same_bytes_in_another_folder_on_another_day_and_with_other_settings(
    built, after, tmp_path
):
    root = tmp_path / "Проект с пробелом"
    shutil.copytree(built, root)
    set_data(root, tea=4, milk=5)
    (tmp_path / "startup.py").write_text("raise SystemExit('the user\\'s own settings')")
    settings = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "TZ": "Asia/Almaty"}
    settings |= {"PYTHONHASHSEED": "7", "PYTHONSTARTUP": str(tmp_path / "startup.py")}
    settings |= {"PYTHONWARNINGS": "error", "FACTCHECK_LANGUAGE": "ru"}
    run(root, "brief", "--force", before=elsewhen(), **settings)
    assert stored(root) == after


@pytest.mark.parametrize("encoding", ["ascii", "cp1251"])
def test_a_terminal_that_knows_few_letters_gets_escapes(project, encoding):
    """Catches a UnicodeEncodeError that stops a build for the sake of a message."""
    edit_cell(project, 3, "assert not value, 'китайский → 中文'")
    settings = {"PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
    process = start(project, "brief", PYTHONIOENCODING=encoding, **settings)
    assert "\\u4e2d\\u6587" in process.communicate(timeout=60)[0] and process.returncode == 1


def test_killed_at_any_moment_nothing_is_half_written_and_the_next_build_succeeds(project, after):
    before = stored(project)
    set_data(project, tea=4, milk=5)
    moment = random.Random(2024)
    # In the middle of moving the results into place: after so many moves the process kills itself.
    moving = (
        "import os, signal; from factcheck import build, whole; move, left = os.replace, [{}]\n"
        "def replace(*names):\n"
        "    left[0] -= 1\n"
        "    os.kill(os.getpid(), signal.SIGKILL) if left[0] < 0 else move(*names)\n"
        "whole.os.replace = replace; build.build()"
    )
    for attempt in range(3):
        if attempt < 1:
            process = start(project, "brief")
            time.sleep(moment.uniform(0.2, 1.5))
            process.send_signal(signal.SIGKILL)
        else:
            process = start(project, "-c", moving.format(moment.randrange(1, 4)))
        process.communicate(timeout=60)
        for name, content in stored(project).items():
            assert content in (before[name], after[name]), name
        assert process.returncode == -signal.SIGKILL
    assert "Done" in run(project, "brief")
    assert stored(project) == after and problems(project) == [] and strays(project) == set()


def test_two_builds_at_once_do_the_work_once(project, after):
    set_data(project, tea=4, milk=5)
    first, second = (start(project, "brief") for _ in range(2))
    outputs = sorted((first.communicate(timeout=60)[0], second.communicate(timeout=60)[0]), key=len)
    assert first.returncode == second.returncode == 0, outputs
    assert outputs[0].startswith("Another build is running") and "Nothing to do" in outputs[0]
    assert "Done in" in outputs[1]
    assert stored(project) == after and strays(project) == set()


# ---- accept


def test_accept_says_what_changed_since_the_last_commit(project):
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-C", str(project)]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "Store"]):
        subprocess.run([*git, *words], check=True)
    set_data(project, milk=5)
    output = run(project, "accept")
    assert output.startswith("data/numbers.csv: brought into the table’s own form\n")
    told = output.partition("Since the last commit:\n")[2].splitlines()
    assert told[:4] == ["Verdicts:", "  milk: verdict correct → exaggerated", "Figures:",
                        "  figures/milk.csv: milk: value 2.0 → 5.0"]  # fmt: skip
    assert "  notebooks/00_brief.ipynb (en): 1 sentences gone, 1 new" in told
    assert "    - **milk**: correct, 2." in told and "    + **milk**: exaggerated, 5." in told


def state(csv):
    return {"findings": {}, "figures": {"f.csv": csv}, "sentences": {}}


def test_changes_are_short():
    """Catches sixteen digits, a whole table, and a list without an end."""

    def lines(before, after):
        return changes.changes(state(before), state(after))

    assert lines("k,v\n", "k,v\n") == ["Nothing that a reader sees has changed."]
    long = "year,ratio\n2024,69.40424242424242\n"
    assert lines(long, "year,ratio\n2024,70.0\n")[1] == "  f.csv: 2024: ratio 69.4042 → 70.0"
    many, fewer = ("k,v\n" + "".join(f"{k},{v}\n" for k in range(30)) for v in (1, 2))
    assert lines(many, fewer)[-1] == "  and 10 more" and len(lines(many, fewer)) == 22
    assert lines("k,v\na,1\n", "k,v\nb,1\n")[1:] == ["  f.csv: a: gone", "  f.csv: b: new"]
