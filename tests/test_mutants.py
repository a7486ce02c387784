"""A wrong digit, an output edited by hand, a brief of yesterday: whatever is changed, somebody notices.

A sample of tests/mutants.py (all of them: `make mutants`), and the ways in which notebooks, figures and
briefs can part from the data.
"""

import json
import os
import re
import subprocess
import sys

import mutants
import pytest
import test_notebooks as structure
from factcheck import NOTEBOOKS, ROOT, build, stored
from factcheck.export import exporters

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="forks a process a mutant: not on Windows"
)
SAMPLE, SEED = 50, 2025
# What no verdict, table or figure shows: only the digest notices it. To be emptied, not filled.
ONLY_DIGEST = set()


def run(*arguments, program=mutants.__file__):
    return subprocess.run(
        [sys.executable, program, *map(str, arguments)],
        check=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
    ).stdout


# ---- Values


def test_every_changed_value_is_noticed(tmp_path):
    """Of every column one value at least. The digests are masked: a shown result or a check noticed."""
    found = tmp_path / "found.json"
    report = run("--sample", SAMPLE, "--seed", SEED, "--deep", 0, "--json", found)
    lines = [json.loads(line) for line in found.read_text("utf-8").splitlines()]
    found = [(mutants.Mutant(**mutant), how) for mutant, how, _ in lines]
    assert len(found) == SAMPLE
    left = [
        m for m, how in found if how not in mutants.MASKED and (m.file, m.column) not in ONLY_DIGEST
    ]
    assert not left and all(how != "nothing" for _, how in found), report


def test_a_value_that_nothing_uses_is_found_out(tmp_path):
    """The program itself: a column that is neither shown nor checked is noticed by the digest alone."""
    root = mutants.copy_of(ROOT, tmp_path / "project")
    package = json.loads((root / "data/datapackage.json").read_text("utf-8"))
    [resource] = [r for r in package["resources"] if r["name"] == "exclusions"]
    resource["schema"]["fields"].append({"name": "idle", "type": "number"})
    (root / "data/datapackage.json").write_text(json.dumps(package, ensure_ascii=False), "utf-8")
    header, *lines = (root / "data/exclusions.csv").read_text("utf-8").splitlines()
    lines = [f"{header},idle", *(f"{line},1.5" for line in lines)]
    (root / "data/exclusions.csv").write_text("\n".join(lines) + "\n", "utf-8")
    report = run(
        "--files",
        "exclusions",
        "--sample",
        2,
        "--deep",
        0,
        "--workers",
        1,
        program=root / "tests/mutants.py",
    )
    assert re.search(r"^data/exclusions\.csv idle +2 +0 +2$", report, re.M), report
    assert "nothing shows or uses it" in report and "masked 0.00%, in all 100.00%" in report


# ---- What is stored


@pytest.fixture
def project(copy, monkeypatch):
    """A copy of the project, of which `stored` and `build` now speak."""
    root = copy.root
    for name, part in (
        ("ROOT", "."),
        ("NOTEBOOKS", "notebooks"),
        ("PACKAGE", "notebooks/factcheck"),
        ("DATA", "data"),
        ("SEEDS", "seeds"),
        ("FIGURES", "figures"),
    ):
        for module in (stored, build, exporters):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, root / part)
    assert stored.problems() == [], "bring the project up to date first: make brief"
    return root


def load(root, name):
    return json.loads((root / "notebooks" / name).read_text("utf-8"))


def store(root, name, nb, restamp=False):
    """Write a notebook; with `restamp` as a forger would, its own digests brought up to date."""
    if restamp:
        nb["metadata"]["factcheck"]["outputs"] = stored.outputs_digest(nb)
    (root / "notebooks" / name).write_text(stored.canonical(nb), "utf-8")


def edit_output(nb):
    """Another number in the first sentence that a cell shows; returns the cell's number, counted from 1."""
    for number, cell in enumerate(nb["cells"], 1):
        for output in cell.get("outputs", ()):
            text = stored.joined(output.get("data", {}).get("text/markdown", ""))
            if found := re.search(r"[1-9]\d", text):
                text = text[: found.start()] + str(int(found[0]) - 1) + text[found.end() :]
                output["data"]["text/markdown"] = text
                return number
    raise AssertionError("no cell shows a number")


def edit_svg(root):
    path = root / "figures/largest_economy_ranking.svg"
    text = path.read_text("utf-8")
    edited = re.sub(
        r'(id="bar-UZB">\s*<path d="M 100 [\d.]+\s*L )([\d.]+)',
        lambda match: f"{match[1]}{float(match[2]) + 60:g}",
        text,
    )
    assert edited != text
    path.write_text(edited, "utf-8")


def edit_csv(root):
    path = root / "figures/population_ratio.csv"
    text = path.read_text("utf-8")
    place = next(re.finditer(r"\d\.\d", text)).start()
    path.write_text(text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :], "utf-8")


def edit_notebook(root, change):
    nb = load(root, "02_population.ipynb")
    change(nb)
    store(root, "02_population.ipynb", nb)


def never_run(nb):
    cell = [c for c in nb["cells"] if c["cell_type"] == "code"][-1]
    cell["execution_count"], cell["outputs"] = None, []


def typed_number(nb):
    cell = next(cell for cell in nb["cells"] if cell["cell_type"] == "markdown")
    cell["source"] = stored.joined(cell["source"]) + "\n\nChina has 71 times as many people."


def reordered(nb):
    code = [number for number, cell in enumerate(nb["cells"]) if cell["cell_type"] == "code"][-2:]
    nb["cells"][code[0]], nb["cells"][code[1]] = nb["cells"][code[1]], nb["cells"][code[0]]


@pytest.mark.parametrize(
    "spoil, line",
    [
        pytest.param(
            edit_svg, r"largest_economy_ranking\.svg is not what it drew", id="bars of a figure"
        ),
        pytest.param(
            edit_csv, r"population_ratio\.csv is not what it drew", id="numbers of a figure"
        ),
        pytest.param(
            lambda r: edit_notebook(r, edit_output),
            "02_population.ipynb: its outputs are not those",
            id="an output edited by hand",
        ),
        pytest.param(
            lambda r: edit_notebook(r, never_run),
            "02_population.ipynb: has cells that were never run",
            id="a cell never run",
        ),
        pytest.param(
            lambda r: edit_notebook(r, typed_number),
            "02_population.ipynb: its cells changed",
            id="a number typed into prose",
        ),
        pytest.param(
            lambda r: edit_notebook(r, reordered),
            "02_population.ipynb: its cells changed",
            id="cells reordered",
        ),
    ],
)
def test_check_notices(project, spoil, line):
    spoil(project)
    found = stored.problems()
    assert found and any(re.search(line, one) for one in found), found


def test_structure_notices_what_a_new_build_would_store(project):
    """Typed numbers and cells without outputs are rejected even where all digests agree."""
    path = project / "notebooks/02_population.ipynb"
    structure.test_no_number_is_typed_into_prose(path)
    edit_notebook(project, typed_number)
    with pytest.raises(AssertionError, match="71 times"):
        structure.test_no_number_is_typed_into_prose(path)
    structure.test_every_cell_ran_in_order_without_error(path)
    structure.test_what_shows_something_has_its_output_stored(path)
    edit_notebook(project, never_run)
    with pytest.raises(AssertionError):
        structure.test_every_cell_ran_in_order_without_error(path)
    with pytest.raises(AssertionError):
        structure.test_what_shows_something_has_its_output_stored(path)
    edit_notebook(project, reordered)
    with pytest.raises(AssertionError):
        structure.test_every_cell_ran_in_order_without_error(path)


# ---- Forged: all digests agree, only doing the work again tells


@pytest.fixture(scope="module")
def shown():
    """What every cell shows when it is run now: {notebook: {number of the cell: texts}}."""
    cells = {}
    for name, number, texts in json.loads(run("--shown")):
        cells.setdefault(name, {})[number] = texts
    return cells


def differing(nb, cells):
    return [
        number
        for number, cell in enumerate(nb["cells"], 1)
        if cell["cell_type"] == "code" and mutants.stored(cell) != cells[number]
    ]


def test_cells_run_in_one_process_show_what_the_kernels_stored(shown):
    """Else the mutants would be judged by something that no reader sees."""
    assert sorted(shown) == sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
    found = {name: differing(load(ROOT, name), cells) for name, cells in shown.items()}
    assert found == dict.fromkeys(shown, [])


def test_an_output_forged_with_its_digest_is_noticed_by_running_again(project, shown):
    nb = load(project, "02_population.ipynb")
    number = edit_output(nb)
    store(project, "02_population.ipynb", nb, restamp=True)
    assert stored.problems() == []  # nothing that runs no notebook can know
    assert differing(load(project, "02_population.ipynb"), shown["02_population.ipynb"]) == [number]


def test_a_stale_brief_is_noticed(project):
    nb = load(project, "00_brief.ipynb")
    edit_output(nb)
    store(project, "00_brief.ipynb", nb, restamp=True)
    assert [line for line in stored.problems() if "brief.html" in line or "brief.pdf" in line] == [
        f"notebooks/brief.{kind} was not printed from the stored notebook"
        for kind in ("html", "pdf")
    ]


def printed(lang, work):
    """{place: bytes} of the brief printed again from the stored notebook."""
    [notebook] = stored.notebooks(lang)
    return {
        place: file.read_bytes()
        for place, file in build._print(notebook, notebook.nb, work).items()
    }


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_brief_edited_under_its_stamp_is_noticed_by_printing_again(project, tmp_path, lang):
    again = printed(lang, tmp_path)
    assert len(again) == 2
    for place, content in again.items():
        assert place.read_bytes() == content, f"{place.name} is not what its notebook prints"
    html = next(place for place in again if place.suffix == ".html")
    text = html.read_text("utf-8")
    start = text.index("<h1")
    number = re.compile(r"(?<=[ >])[1-9]\d(?=[ <])").search(text, start)
    html.write_text(
        text[: number.start()] + str(int(number[0]) + 1) + text[number.end() :], "utf-8"
    )
    assert stored.problems() == []  # the stamp is still there
    assert html.read_bytes() != again[html]
