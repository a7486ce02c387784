"""The page of `make lite`: complete, run by a browser with the results that are stored, and nothing from elsewhere."""

import ast
import functools
import hashlib
import http.server
import importlib.metadata
import json
import os
import re
import socketserver
import sys
import threading

import pytest
from factcheck import DATA, NOTEBOOKS, ROOT, SEEDS, lite, stored
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

BROWSER = {
    "sys_platform": "emscripten",
    "platform_system": "Emscripten",
    "python_version": "3.14",
    "python_full_version": "3.14.0",
    "os_name": "posix",
    "platform_machine": "wasm32",
    "extra": "",
}
KERNEL = {"ipython", "comm"}  # what pyodide-kernel asks for


# ---- What goes in


def imported():
    """Names of the distributions that the notebooks, and the modules that they may import, name in an import."""
    sources = [
        "".join(cell["source"])
        for path in NOTEBOOKS.glob("*.ipynb")
        for cell in json.loads(path.read_text("utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    for path in stored.files_below(stored.PACKAGE):
        name = path.relative_to(stored.PACKAGE).as_posix()
        if path.suffix == ".py" and not name.startswith((*stored.APART, *stored.PRINTING)):
            sources.append(path.read_text("utf-8"))
    tops = set()
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        if isinstance(node, ast.Import):
            tops |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            tops.add(node.module.split(".")[0])
    distributions = importlib.metadata.packages_distributions()
    return {
        canonicalize_name(name)
        for top in tops - sys.stdlib_module_names - {"factcheck"}
        for name in distributions[top]
    }


def needed(names):
    """`names` and all that they ask for in a browser."""
    found, todo = set(), set(names)
    while todo:
        name = todo.pop()
        found.add(name)
        for requirement in map(Requirement, importlib.metadata.requires(name) or ()):
            if not requirement.marker or requirement.marker.evaluate(BROWSER):
                todo |= {canonicalize_name(requirement.name)} - found
    return found


def test_all_that_notebooks_import_is_pinned_and_nothing_else():
    direct = imported()
    assert {"pandas", "matplotlib", "babel", "pymorphy3"} <= direct
    there = {*lite.pins(), *lite.COMPILED} - {*lite.TOOLS, lite.CARRIER, "micropip"}
    # pymorphy3 names setuptools and, where it runs, imports nothing of it.
    assert there == needed(direct | KERNEL) - {"setuptools"}


def test_what_is_pinned_for_the_browser_is_what_is_locked():
    locked = dict(
        re.findall(r"(?m)^([\w.-]+)==(\S+)", (ROOT / "requirements.txt").read_text("utf-8"))
    )
    pinned = {name: re.match(r"[^=]+==(\S+)", line)[1] for name, (line, _) in lite.pins().items()}
    common = locked.keys() & pinned.keys()
    assert len(common) > 20
    assert {name: pinned[name] for name in common} == {name: locked[name] for name in common}


@pytest.mark.parametrize("line", ["babel==2.18.0", "babel --hash=sha256:" + "0" * 64, "babel"])
def test_a_pin_without_version_or_hash_is_refused(line, tmp_path, monkeypatch):
    monkeypatch.setattr(lite, "PINS", tmp_path / "lite.txt")
    lite.PINS.write_text(f"# why\n{line}\n", "utf-8")
    with pytest.raises(stored.BuildError, match=f"NAME==VERSION.*{line}"):
        lite.pins()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache that holds the one wheel that is pinned, one that is not, and no way to an index."""
    monkeypatch.setattr(lite, "PINS", tmp_path / "lite.txt")
    monkeypatch.setattr(lite, "CACHE", tmp_path / "cache")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    lite.CACHE.mkdir()
    (lite.CACHE / "thing-1-py3-none-any.whl").write_bytes(b"as pinned")
    (lite.CACHE / "thing-0-py3-none-any.whl").write_bytes(b"pinned once")
    lite.PINS.write_text(
        f"thing==1 --hash=sha256:{hashlib.sha256(b'as pinned').hexdigest()}\n", "utf-8"
    )
    return lite.CACHE


def test_with_a_full_cache_nothing_is_fetched(cache, capsys):
    assert lite._fetch() == {"thing": cache / "thing-1-py3-none-any.whl"}
    assert [path.name for path in cache.iterdir()] == ["thing-1-py3-none-any.whl"]
    assert capsys.readouterr().out == ""


def test_without_cache_and_network_one_line_says_so(cache):
    (cache / "thing-1-py3-none-any.whl").write_bytes(b"not whole")
    with pytest.raises(
        stored.BuildError, match="^The packages could not be fetched; .*thing==1.*$"
    ) as caught:
        lite._fetch()
    assert "\n" not in str(caught.value)


# ---- What comes out


def made_of(root):
    """{file: what of it decides about the results} in the project or in the page: not what is stored below cells."""
    files = [
        path
        for folder in (NOTEBOOKS, DATA, SEEDS)
        for path in stored.files_below(root / folder.name)
    ]
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        if path.suffix != ".ipynb"
        else [stored.joined(cell["source"]) for cell in load(path)["cells"]]
        for path in files
        if "export" not in path.parts and not path.name.startswith("brief.")
    }


@pytest.fixture(scope="module")
def site():
    """The folder of the page, if it was made of what is here now; otherwise skipped, in CI a failure."""
    if not lite.SITE.is_dir():
        wrong = "there is no page; `make lite` makes one"
    elif made_of(lite.SITE / "files") != made_of(ROOT):
        wrong = "the page was made of other notebooks, data or code; `make lite` makes it anew"
    else:
        return lite.SITE
    pytest.fail(wrong) if os.environ.get("CI") else pytest.skip(wrong)


def load(path):
    return json.loads(path.read_text("utf-8"))


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


class Refuse(socketserver.StreamRequestHandler):
    """A proxy that lets nothing through and remembers what was asked of it."""

    def handle(self):
        self.server.asked.append(self.rfile.readline().decode("latin1").strip())
        self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture(scope="module")
def serve(site):
    """(address of the page, list of requests to other hosts, that list's proxy)."""
    pages = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(site))
    )
    proxy = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refuse)
    proxy.asked, proxy.daemon_threads = [], True
    for server in (pages, proxy):
        server.handle_error = lambda *arguments: (
            None
        )  # a browser that is closed breaks off what it loads
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield (
        f"http://127.0.0.1:{pages.server_port}",
        proxy.asked,
        f"http://127.0.0.1:{proxy.server_address[1]}",
    )
    for server in (pages, proxy):
        server.shutdown()
        server.server_close()


READY = """name => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.context?.isReady && panel.context.path === "notebooks/" + name && panel.sessionContext?.isReady;
}"""
TRUSTED = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells].every(
    cell => cell.type !== "code" || cell.trusted)"""
# The promise of a command ends with its last cell; what it left in the page before must be gone.
RUN = """() => {
    window.panel = window.jupyterapp.shell.currentWidget;
    return window.jupyterapp.commands.execute("notebook:clear-all-cell-outputs").then(() => {
        window.ran = window.jupyterapp.commands.execute("notebook:restart-run-all");
        return window.panel.content.model.toJSON().cells.flatMap(cell => cell.outputs ?? []).length;
    });
}"""
DONE = """() => Promise.race([
    window.ran.then(() => window.panel.content.model.toJSON()),
    new Promise((_, fail) => setTimeout(() => fail("not run to its end after 100 s"), 100000)),
])"""
ASK = """code => {
    let said = "";
    const asked = window.panel.sessionContext.session.kernel.requestExecute({code});
    asked.onIOPub = message => { said += message.content.text ?? message.content.evalue ?? ""; };
    return asked.done.then(() => said);
}"""
FIGURES = """
import json, factcheck
print(json.dumps({path.name: path.read_text("utf-8") for path in sorted(factcheck.FIGURES.glob("*.csv"))}))
"""
ELSEWHERE = """
import js
try:
    await js.fetch("http://elsewhere.example/kernel")
except Exception as error:
    print(type(error).__name__)
"""


def shown(cells):
    """(cell, kind, what it shows) of each output of the cells."""
    for cell in cells:
        for output in cell.get("outputs", ()):
            if output["output_type"] == "stream":
                yield cell["id"], output["name"], stored.joined(output["text"])
            for kind, content in sorted(output.get("data", {}).items()):
                yield cell["id"], kind, stored.joined(content)
            yield cell["id"], "metadata", output.get("metadata", {})


def split(svg):
    """(an SVG without the numbers in its tags, these numbers). What is written in it stays in the first."""
    numbers = []

    def number(match):
        numbers.append(float(match[0]))
        return "#"

    def tag(match):
        return (
            match[0]
            if match[0].startswith("<!--")
            else re.sub(r"(?<![\w#.-])-?\d+(\.\d+)?", number, match[0])
        )

    svg = re.sub(r"Matplotlib v[\d.]+", "Matplotlib", svg)
    return re.sub(r"(?s)<!--.*?-->|<[^>]*>", tag, svg), numbers


def test_drawings_are_told_apart():
    svg = '<svg width="10.25"><!-- 69.7 --><g id="a1-2"><text x="3">69.7</text></g></svg>'
    assert split(svg)[1] == [10.25, 3]
    assert split(svg)[0] == split(svg.replace("10.25", "10.5"))[0]
    assert split(svg)[0] != split(svg.replace(">69.7", ">69.8"))[0]


@pytest.mark.parametrize("name", ["02_population.ipynb", "00_brief.ipynb"])
def test_the_browser_gets_what_is_stored(name, site, serve, chromium):
    address, asked, proxy = serve
    asked.clear()
    context = chromium.new_context(proxy={"server": proxy, "bypass": "127.0.0.1"})
    try:
        page = context.new_page()
        page.set_default_timeout(60000)
        page.goto(
            f"{address}/"
            if lite.FIRST.endswith(name)
            else f"{address}/lab/index.html?path=notebooks/{name}"
        )
        page.wait_for_function(READY, arg=name)
        assert page.evaluate(TRUSTED), "charts are hidden until they are drawn again"
        assert page.evaluate(RUN) == 0
        page.click(".jp-Dialog .jp-mod-accept")
        cells = page.evaluate(DONE)["cells"]
        figures = json.loads(page.evaluate(ASK, FIGURES))
        assert asked == []
        # What would be asked of another host is seen, from the page and from the kernel's worker.
        page.evaluate("fetch('http://elsewhere.example/page').catch(() => null)")
        page.evaluate(ASK, ELSEWHERE)
        assert [line.split()[1] for line in asked] == [
            f"http://elsewhere.example/{who}" for who in ("page", "kernel")
        ]
    finally:
        context.close()

    nb = load(NOTEBOOKS / name)
    errors = [
        output
        for cell in cells
        for output in cell.get("outputs", ())
        if output["output_type"] == "error"
    ]
    assert errors == []
    assert [one.get("execution_count") for one in cells] == [
        one.get("execution_count") for one in nb["cells"]
    ]
    got, wanted = list(shown(cells)), list(shown(nb["cells"]))
    assert [one[:2] for one in got] == [one[:2] for one in wanted]
    for (where, kind, content), (*_, expected) in zip(got, wanted):
        if "svg" in kind:
            (content, numbers), (expected, others) = split(content), split(expected)
            assert len(numbers) == len(others), where
            assert max(abs(one - other) for one, other in zip(numbers, others)) <= 0.3, where
        assert content == expected, f"cell {where}, {kind}"
    tables = {file for file in nb["metadata"]["factcheck"]["figures"] if file.endswith(".csv")}
    assert tables and figures == {
        file: (ROOT / "figures" / file).read_text("utf-8") for file in tables
    }
