"""The build decides by content, fails without a trace, survives being killed, gives equal bytes anywhere.

Each test works on a copy of a small project: this package, two editions of a brief and one more notebook.
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
from factcheck import DATA, NOTEBOOKS, ROOT, changes

FRONT = """from factcheck import DATA, FIGURES
import time
from IPython.display import display
numbers = (DATA / "numbers.csv").read_text()
meta = {"role": "front", "title": "T", "lang": "LANG", "date": "2024-12-31", "description": "D"}
display({"text/markdown": "# T\\n\\nIntroduction."}, raw=True, metadata={"factcheck": meta})"""
# What a user's settings could change: warnings, encoding, hash seed, time zone.
SHOW = """import warnings
warnings.warn("Python itself does not show this kind", PendingDeprecationWarning)
text = f"Числа: {numbers.split()}. {hash('a')} {time.strftime('%Z')}."
display({"text/markdown": text}, raw=True)"""
DRAW = """for kind in ("csv", "svg"):
    (FIGURES / f"NAME.{kind}").write_text(numbers)"""
CHECKS = """
def problems(root):
    wrong = "wrong" in (root / "data/numbers.csv").read_text("utf-8")
    return [f"data/numbers.csv, row {number}" for number in range(12)] if wrong else []
"""
STORED = ("notebooks/*.ipynb", "notebooks/brief*", "figures/*")


def cells(lang, figure):
    return [FRONT.replace("LANG", lang), SHOW, DRAW.replace("NAME", figure), "# nothing to see"]


def write_notebook(path, sources):
    code = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for number, source in enumerate(sources)
    ]
    path.write_text(
        json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), "utf-8"
    )


def edit(path, change):
    nb = json.loads(path.read_text("utf-8"))
    change(nb)
    path.write_text(json.dumps(nb), "utf-8")


def start(root, *arguments, before=(), **environment):
    """`python -m factcheck …` (or other Python arguments) in the project at `root`, after the words `before`."""
    if arguments[0] != "-c":
        arguments = ("-m", "factcheck", *arguments)
    env = {
        key: value for key, value in os.environ.items() if key != "FACTCHECK_FIGURES"
    } | environment
    return subprocess.Popen(
        [*before, sys.executable, *arguments],
        cwd=root / "notebooks",
        env=env,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def run(root, *arguments, status=0, **environment):
    process = start(root, *arguments, **environment)
    output = process.communicate(timeout=60)[0]
    assert process.returncode == status, output
    return output


def problems(root):
    code = "from factcheck import stored; [print(line) for line in stored.problems()]"
    return run(root, "-c", code).splitlines()


def ran(output):
    return sorted(line.split(":")[0] for line in output.splitlines() if ": running, " in line)


def stored(root):
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for each in STORED
        for path in root.glob(each)
    }


def strays(root):
    expected = {"data", "figures", "notebooks", "seeds", "requirements.txt", "pyproject.toml"}
    found = {path.name for path in root.iterdir()} - expected
    return found | {path.name for path in root.rglob("*.tmp")}


def new_numbers(root):
    (root / "data/numbers.csv").write_text("а,3\nb,2\n", "utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A project that was built once. Not to be changed: see `project`."""
    root = tmp_path_factory.mktemp("built")
    for folder in ("data", "figures", "seeds", "notebooks"):
        (root / folder).mkdir()
    shutil.copytree(
        NOTEBOOKS / "factcheck",
        root / "notebooks/factcheck",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    shutil.copy(DATA / "labels.csv", root / "data")
    # The project's checks ask for its tables; here one line of data stands for all that can be wrong.
    (root / "notebooks/factcheck/checks.py").write_text(CHECKS, "utf-8")
    for name in ("requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    (root / "data/numbers.csv").write_text("а,1\nb,2\n", "utf-8")
    described = json.loads((DATA / "datapackage.json").read_text("utf-8"))
    described["resources"] = [
        table for table in described["resources"] if table["name"] == "labels"
    ]
    (root / "data/datapackage.json").write_text(json.dumps(described), "utf-8")
    (root / "seeds/said.txt").write_text("что-то", "utf-8")
    write_notebook(root / "notebooks/00_brief.ipynb", cells("en", "shared"))
    write_notebook(root / "notebooks/00_brief.ru.ipynb", cells("ru", "shared"))
    write_notebook(root / "notebooks/01_more.ipynb", cells("en", "more"))
    assert len(ran(run(root, "brief"))) == 3
    return root


@pytest.fixture(scope="module")
def after(built, tmp_path_factory):
    """What is stored after the data changed and an undisturbed build."""
    root = tmp_path_factory.mktemp("after") / "project"
    shutil.copytree(built, root)
    new_numbers(root)
    assert ran(run(root, "brief")) == [
        "notebooks/00_brief.ipynb",
        "notebooks/00_brief.ru.ipynb",
        "notebooks/01_more.ipynb",
    ]
    return stored(root)


@pytest.fixture
def project(built, tmp_path):
    root = tmp_path / "project"
    shutil.copytree(built, root)
    return root


def test_a_build_stores_everything_and_then_has_nothing_to_do(project):
    before = stored(project)
    assert set(before) == {
        "notebooks/00_brief.ipynb",
        "notebooks/00_brief.ru.ipynb",
        "notebooks/01_more.ipynb",
        "notebooks/brief.html",
        "notebooks/brief.pdf",
        "notebooks/brief.ru.html",
        "notebooks/brief.ru.pdf",
        "figures/shared.csv",
        "figures/shared.svg",
        "figures/more.csv",
        "figures/more.svg",
    }
    assert problems(project) == [] and strays(project) == set()
    (project / ".building-killed/figures").mkdir(parents=True)
    for path in project.rglob("*"):  # as a fresh clone: all times are new, and in no useful order
        os.utime(path)
    assert run(project, "brief").startswith("Nothing to do")
    assert stored(project) == before and strays(project) == set()


def test_stored_notebooks_are_valid_and_as_nbformat_writes_them(built):
    import nbformat

    for path in (built / "notebooks").glob("*.ipynb"):
        text = path.read_text("utf-8")
        nb = nbformat.reads(text, as_version=4)
        nbformat.validate(nb)
        assert nbformat.writes(nb) + "\n" == text
        assert [cell.execution_count for cell in nb.cells] == [1, 2, 3, 4]
        assert str(built) not in text and "version" not in nb.metadata.language_info


def test_only_the_notebook_that_changed_runs(project):
    before = stored(project)
    edit(project / "notebooks/01_more.ipynb", lambda nb: nb["cells"][3].update(source="print(7)"))
    assert ran(run(project, "brief")) == ["notebooks/01_more.ipynb"]
    changed = {name for name, content in stored(project).items() if content != before[name]}
    assert changed == {"notebooks/01_more.ipynb"}


def test_new_data_reach_every_notebook_figure_and_export(built, after):
    before = stored(built)
    # The two editions' figures have one name each, so all names stay.
    assert before.keys() == after.keys() and all(after[name] != before[name] for name in before)


@pytest.mark.parametrize(
    "spoil, words",
    [
        (lambda r: (r / "figures/more.svg").unlink(), ["figures/more.svg is missing"]),
        (
            lambda r: (r / "figures/more.csv").write_text("a,9"),
            ["figures/more.csv is not what it drew"],
        ),
        (
            lambda r: (r / "figures/old.csv").write_text("a,9"),
            ["figures/old.csv: no notebook draws it"],
        ),
        (lambda r: (r / "seeds/said.txt").write_text("иное"), ["the data changed"] * 3),
        (
            lambda r: (r / "notebooks/factcheck/new.py").write_text("x = 1"),
            ["the package changed"] * 3,
        ),
        (lambda r: (r / "requirements.txt").write_text("x==1"), ["the package changed"] * 3),
        (lambda r: (r / "notebooks/brief.pdf").unlink(), ["brief.pdf is missing"]),
        (
            lambda r: shutil.copy(r / "notebooks/brief.html", r / "notebooks/brief.ru.html"),
            ["brief.ru.html was not printed from the stored notebook"],
        ),
        (
            lambda r: edit(
                r / "notebooks/01_more.ipynb", lambda nb: nb["cells"][1]["outputs"].clear()
            ),
            ["01_more.ipynb: its outputs are not those"],
        ),
        (
            lambda r: edit(
                r / "notebooks/01_more.ipynb", lambda nb: nb["cells"][3].update(execution_count=9)
            ),
            ["01_more.ipynb: its outputs are not those"],
        ),
        (
            lambda r: edit(
                r / "notebooks/01_more.ipynb",
                lambda nb: nb["cells"][2].update(execution_count=None),
            ),
            ["01_more.ipynb: has cells that were never run"],
        ),
        (
            lambda r: edit(
                r / "notebooks/01_more.ipynb",
                lambda nb: nb["cells"][2]["metadata"].update(tags=["nbval-ignore-output"]),
            ),
            ["01_more.ipynb: its cells changed"],
        ),
    ],
)
def test_check_names_what_does_not_belong_together(project, spoil, words):
    spoil(project)
    # What is printed from a notebook that must run again is stale, too: no news.
    found = [
        line
        for line in problems(project)
        if "brief" not in line or "brief" in words[0] or ":" in line
    ]
    assert len(found) == len(words) and all(word in line for word, line in zip(words, found)), found


def test_change_in_the_looks_prints_again_and_runs_nothing(project):
    with open(project / "notebooks/factcheck/export/brief.css", "a", encoding="utf-8") as file:
        file.write("\n/* another look */\n")
    assert len(problems(project)) == 4
    output = run(project, "brief", "--lang", "ru")
    assert ran(output) == [] and "brief.ru.html: printed" in output and "brief.html" not in output
    assert len(problems(project)) == 2


def test_a_notebook_saved_by_jupyterlab_is_put_in_order_without_a_run(project):
    before = stored(project)
    edit(
        project / "notebooks/01_more.ipynb",
        lambda nb: (
            nb["metadata"]["language_info"].update(version="3.11.99"),
            nb["cells"][0]["metadata"].update(execution={"iopub.execute_input": "2024-01-01"}),
        ),
    )
    assert ran(run(project, "brief")) == []
    assert stored(project) == before


def test_a_failing_cell_is_named_and_leaves_everything_as_it_was(project):
    new_numbers(project)  # so that the other notebooks, which succeed, have news to store as well
    edit(
        project / "notebooks/01_more.ipynb",
        lambda nb: nb["cells"][3].update(source="share = 1\n\nshare / 0  # here"),
    )
    before = stored(project)
    output = run(project, "brief", status=1)
    assert (
        "notebooks/01_more.ipynb, cell 4 (In [4]), line 3: ZeroDivisionError: division by zero\n"
        "    share / 0  # here\n"
    ) in output
    assert "Traceback" not in output
    assert stored(project) == before and strays(project) == set()


def test_wrong_data_stop_the_build_in_lines_before_a_notebook_can(project):
    (project / "data/numbers.csv").write_text("wrong", "utf-8")
    before = stored(project)
    output = run(project, "brief", status=1)
    told = [line for line in output.splitlines() if ": running, " not in line]
    assert told == [
        *(f"data/numbers.csv, row {number}" for number in range(10)),
        "and 2 more; `make check` shows all",
    ]
    assert stored(project) == before and strays(project) == set()


def test_a_sentence_that_the_data_no_longer_bear_out_is_named(project):
    def add(nb):
        source = "v = 1\nassert v > 2, 'tea: the text calls it much'"
        nb["cells"].append(
            {
                "cell_type": "code",
                "id": "statements",
                "metadata": {},
                "source": source,
                "outputs": [],
                "execution_count": None,
            }
        )

    edit(project / "notebooks/01_more.ipynb", add)
    output = run(project, "brief", status=1)
    assert "line 2: the data no longer bear out a sentence: tea: the text calls it much\n" in output
    assert (
        "Reword that sentence in every language of the brief, then mend the line that failed"
        in output
    )


def test_new_cells_get_lasting_names_and_texts_are_folded(project):
    def add(nb):
        for source in ("say('Two.')", "say('Two.')", "1;"):
            nb["cells"].insert(
                0,
                {
                    "cell_type": "code",
                    "id": str(uuid.uuid4()),
                    "metadata": {},
                    "outputs": [],
                    "source": source,
                    "execution_count": None,
                },
            )
        nb["cells"].insert(
            0,
            {
                "cell_type": "code",
                "id": "a-name",
                "metadata": {},
                "outputs": [],
                "execution_count": None,
                "source": "def say(text):\n    pass",
            },
        )
        nb["cells"].insert(
            1, {"cell_type": "markdown", "id": "0a1b2c3d", "metadata": {}, "source": "Text"}
        )

    edit(project / "notebooks/01_more.ipynb", add)
    run(project, "brief")
    cells = json.loads((project / "notebooks/01_more.ipynb").read_text("utf-8"))["cells"]
    names = [cell["id"] for cell in cells]
    assert (
        names[0] == "a-name"
        and names[5:] == ["c0", "c1", "c2", "c3"]
        and len(set(names)) == len(names)
    )
    assert names[1:5] == [f"a-name-new-{number}" for number in (1, 2, 3, 4)]
    assert [cell["metadata"].get("jupyter") for cell in cells[:5]] == [
        None,
        None,
        None,
        {"source_hidden": True},
        {"source_hidden": True},
    ]
    assert run(project, "brief").startswith("Nothing to do")


def test_a_dying_kernel_a_warning_and_a_path_of_this_machine_end_the_build_at_once(project):
    edit(
        project / "notebooks/00_brief.ru.ipynb",
        lambda nb: nb["cells"][3].update(source="time.sleep(300)"),
    )
    for source, words in (
        ("import os; os._exit(1)", "cell 4: the kernel died"),
        ("import warnings; warnings.warn('old')", "cell 4: wrote a warning"),
        ("print(DATA)", "cell 4: shows a path of this machine"),
    ):
        edit(project / "notebooks/00_brief.ipynb", lambda nb: nb["cells"][3].update(source=source))
        assert words in run(project, "brief", status=1)


def test_two_notebooks_may_not_write_different_figures_of_one_name(project):
    edit(
        project / "notebooks/01_more.ipynb",
        lambda nb: nb["cells"][3].update(source="(FIGURES / 'shared.csv').write_text('other')"),
    )
    before = stored(project)
    output = run(project, "brief", status=1)
    assert "figures/shared.csv: notebooks/01_more.ipynb and notebooks/00_brief" in output
    assert stored(project) == before


def test_a_figure_that_is_no_longer_drawn_goes_away(project):
    edit(project / "notebooks/01_more.ipynb", lambda nb: nb["cells"].pop(2))
    assert "figures/more.csv: removed" in run(project, "brief")
    assert problems(project) == [] and not (project / "figures/more.svg").exists()


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
    new_numbers(root)
    (tmp_path / "startup.py").write_text("raise SystemExit('the user\\'s own settings')")
    # Python itself cannot read the path of an editable install in ASCII if it has other letters.
    letters = (
        dict(LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
        if str(ROOT).isascii()
        else {"LC_ALL": "C.UTF-8"}
    )
    run(
        root,
        "brief",
        "--force",
        before=elsewhen(),
        TZ="Asia/Almaty",
        **letters,
        PYTHONHASHSEED="7",
        PYTHONSTARTUP=str(tmp_path / "startup.py"),
        PYTHONWARNINGS="error",
    )
    assert stored(root) == after


def test_killed_at_any_moment_nothing_is_half_written_and_the_next_build_succeeds(project, after):
    before = stored(project)
    new_numbers(project)
    moment = random.Random(2024)
    # In the middle of moving the results into place: after so many moves the process kills itself.
    moving = (
        "import os, signal, sys; from factcheck import build; move, left = os.replace, [{}]\n"
        "def replace(*names):\n"
        "    left[0] -= 1\n"
        "    os.kill(os.getpid(), signal.SIGKILL) if left[0] < 0 else move(*names)\n"
        "build.os.replace = replace; build.build()"
    )
    for attempt in range(4):
        if attempt < 2:
            process = start(project, "brief")
            time.sleep(moment.uniform(0.1, 0.9))  # a build takes longer than that
            process.send_signal(signal.SIGKILL)
        else:
            process = start(project, "-c", moving.format(moment.randrange(1, 4)))
        process.communicate(timeout=60)
        for name, content in stored(project).items():
            assert content in (before[name], after[name]), name
        assert attempt < 2 or process.returncode == -signal.SIGKILL
    assert "Done" in run(project, "brief")
    assert stored(project) == after and problems(project) == [] and strays(project) == set()


def test_two_builds_at_once_do_the_work_once(project, after):
    new_numbers(project)
    first, second = (start(project, "brief") for _ in range(2))
    outputs = sorted((first.communicate(timeout=60)[0], second.communicate(timeout=60)[0]), key=len)
    assert first.returncode == second.returncode == 0, outputs
    assert (
        outputs[0].startswith("Another build is running in this folder")
        and "Nothing to do" in outputs[0]
    )
    assert "Done in" in outputs[1]
    assert stored(project) == after and strays(project) == set()


def test_changes_are_told_by_verdict_number_and_sentence():
    from collections import Counter

    before = (
        {
            "claims.csv": "claim,verdict,low\na,Correct,1\nb,Unproven,2\n",
            "ratio.csv": "country,year,ratio\nKAZ,2023,1.0\nKAZ,2024,2.0\n",
        },
        {"x": Counter({"One.": 1})},
    )
    later = (
        {
            "claims.csv": "claim,verdict,low\na,Exaggerated,1\nb,Unproven,2\n",
            "ratio.csv": "country,year,ratio\nKAZ,2023,1.0\nKAZ,2024,2.5\nKAZ,2025,3.0\n",
        },
        {"x": Counter({"Two.": 1})},
    )
    assert changes.changes(before, later) == [
        "Verdicts:",
        "  a: verdict Correct → Exaggerated",
        "Figures:",
        "  figures/ratio.csv: KAZ 2024: ratio 2.0 → 2.5",
        "  figures/ratio.csv: KAZ 2025: new",
        "Sentences:",
        "  notebooks/x: 1 sentences gone, 1 new",
        "    - One.",
        "    + Two.",
    ]
    assert changes.changes(before, before) == ["Nothing that a reader sees has changed."]
    shortened = [
        ({"r.csv": f"year,ratio\n2024,{ratio}\n"}, {}) for ratio in ("69.40424242424242", "70.0")
    ]
    assert changes.changes(*shortened)[1] == "  figures/r.csv: 2024: ratio 69.4042 → 70.0"
    many = ({"n.csv": "k,v\n" + "".join(f"{k},1\n" for k in range(30))}, {})
    fewer = ({"n.csv": "k,v\n" + "".join(f"{k},2\n" for k in range(30))}, {})
    assert (
        changes.changes(many, fewer)[-1] == "  and 10 more"
        and len(changes.changes(many, fewer)) == 22
    )
