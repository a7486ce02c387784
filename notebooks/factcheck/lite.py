"""Makes a static page in which all notebooks run in the browser: JupyterLite with Pyodide, nothing from elsewhere.

All that goes in is pinned by hash in `lite.txt`, fetched into `.lite/cache` and only unpacked, never installed. The
page, `.lite/site`, is built in a folder beside it and moved into place when it is whole.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import nbformat

from factcheck import DATA, NOTEBOOKS, ROOT, SEEDS, tables
from factcheck.stored import BuildError, file_digest, say

PINS = Path(__file__).with_name("lite.txt")
LITE = ROOT / ".lite"
CACHE, SITE = LITE / "cache", LITE / "site"
TOOLS = ("doit", "jupyterlite-core", "jupyterlite-pyodide-kernel", "pkginfo")
CARRIER, INSIDE = "open-webui", "open_webui/frontend/pyodide/"
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
COMPILED = ("contourpy", "kiwisolver", "matplotlib", "micropip", "numpy", "pandas", "pillow")
EXTENSION = "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension"
FIRST = "notebooks/00_brief.ipynb"  # what the page opens
LEFT_OUT = ("__pycache__", ".*", "*~", "export", "brief.*")
PLATFORM = (
    "--only-binary",
    ":all:",
    "--platform",
    "any",
    "--python-version",
    "3.14",
    "--ignore-requires-python",
)


def build():
    """Make `.lite/site` anew. Returns the folder. Raises BuildError; then the page is what it was."""
    wheels = _fetch()
    for left in LITE.glob("building-*"):  # by a build that was killed
        shutil.rmtree(left, ignore_errors=True)
    say("Building the page …")
    with tempfile.TemporaryDirectory(prefix="building-", dir=LITE) as work:
        tools, contents, site = (Path(work, name) for name in ("tools", "contents", "site"))
        for name in TOOLS:
            with zipfile.ZipFile(wheels.pop(name)) as archive:
                archive.extractall(tools)
        (extension,) = tools.glob(f"*.data/data/{EXTENSION}")
        packages = _fill(
            Path(work, "static", "pyodide"), wheels, extension.glob("static/pypi/*.whl")
        )
        for folder in (NOTEBOOKS, DATA, SEEDS):
            shutil.copytree(
                folder, contents / folder.name, ignore=shutil.ignore_patterns(*LEFT_OUT)
            )
        for path in (contents / NOTEBOOKS.name).glob(
            "*.ipynb"
        ):  # JupyterLite wants each text as one string
            nb = nbformat.read(path, nbformat.NO_CONVERT)
            for cell in nb.cells:
                cell.metadata["trusted"] = (
                    True  # by itself a page hides the charts until they are drawn again
                )
            path.write_text(json.dumps(nb, ensure_ascii=False), "utf-8")
        # Figures go into memory: the folders that the page shows are kept by the browser, file by file, slowly.
        kernel = {
            "disablePyPIFallback": True,
            "loadPyodideOptions": {
                "packages": packages,
                "env": {"HOME": "/home/pyodide", "FACTCHECK_FIGURES": "/tmp/figures"},
            },
        }
        _write(
            Path(work, "jupyter-lite.json"),
            {
                "jupyter-lite-schema-version": 0,
                "jupyter-config-data": {
                    "appName": "factcheck",
                    "exposeAppInBrowser": True,  # for those who drive the page, as our tests do
                    "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel},
                },
            },
        )
        # By itself JupyterLite bakes in every extension of the JupyterLab that is installed beside it.
        _write(
            Path(work, "jupyter_lite_config.json"),
            {
                "LiteBuildConfig": {
                    "apps": ["lab"],
                    "contents": [str(contents)],
                    "federated_extensions": [str(extension)],
                    "ignore_sys_prefix": True,
                    "no_sourcemaps": True,
                    "no_unused_shared_packages": True,
                    "output_dir": str(site),
                }
            },
        )
        _run(
            [sys.executable, "-m", "jupyterlite_core", "build"],
            "JupyterLite could not build the page",
            cwd=work,
            env=os.environ | {"PYTHONPATH": str(tools)},
        )
        shutil.copy(
            PINS, site / "static" / "pyodide"
        )  # says what is in there, and under what terms
        front = (
            (site / "index.html")
            .read_text("utf-8")
            .replace(
                "await import('./config-utils.js')",
                f"location.replace('lab/index.html?path={FIRST}')",
            )
        )
        (site / "index.html").write_text(front, "utf-8")
        if SITE.exists():
            SITE.rename(Path(work, "old"))
        site.rename(SITE)
    return SITE


def pins():
    """{name: (its line, SHA-256)} of `lite.txt`. Raises BuildError that names a line without version or hash."""
    found = {}
    for line in filter(
        None, (line.split("#")[0].strip() for line in PINS.read_text("utf-8").splitlines())
    ):
        match = re.fullmatch(r"([a-z0-9-]+)==\S+ --hash=sha256:([0-9a-f]{64})", line)
        if not match:
            raise BuildError(f"{PINS.name}: not NAME==VERSION --hash=sha256:…: {line}")
        found[match[1]] = (line, match[2])
    return found


def _fetch():
    """{name: wheel} of all pins; downloads those that the cache lacks and removes what is not pinned."""
    CACHE.mkdir(parents=True, exist_ok=True)
    wanted, have = pins(), _cached()
    lines = [line for line, digest in wanted.values() if digest not in have]
    if lines:
        say(
            f"Fetching {len(lines)} of {len(wanted)} packages into .lite/cache (150 MB in all, once) …"
        )
        (CACHE / "missing.txt").write_text("\n".join(lines), "utf-8")
        _run(
            [
                sys.executable,
                "-m",
                "pip",
                "download",
                "--quiet",
                "--disable-pip-version-check",
                "--retries",
                "1",
                "--require-hashes",
                "--no-deps",
                *PLATFORM,
                "--dest",
                ".",
                "--requirement",
                "missing.txt",
            ],
            "The packages could not be fetched; without the network a full .lite/cache is needed",
            cwd=CACHE,
        )
        (CACHE / "missing.txt").unlink()
        have = _cached()
    for digest in have.keys() - {digest for _, digest in wanted.values()}:
        have[digest].unlink()
    return {name: have[digest] for name, (_, digest) in wanted.items()}


def _cached():
    """{SHA-256: wheel} of the cache. What a stopped download left has another digest and is fetched again."""
    return {file_digest(path): path for path in CACHE.glob("*.whl")}


def _fill(folder, wheels, kernel):
    """Lay Pyodide, what is compiled for it, `wheels` and the `kernel`'s into `folder`. Returns the packages' names."""
    folder.mkdir(parents=True)
    with zipfile.ZipFile(wheels.pop(CARRIER)) as archive:
        lock = json.loads(archive.read(f"{INSIDE}pyodide-lock.json"))
        for name in (*CORE, *(lock["packages"][name]["file_name"] for name in COMPILED)):
            (folder / name).write_bytes(archive.read(INSIDE + name))
    _thin(wheels.pop("babel"), folder)
    for wheel in (
        *wheels.values(),
        *(path for path in kernel if not path.name.startswith("widgets")),
    ):
        shutil.copy(wheel, folder)
    packages = {}
    for wheel in folder.glob("*.whl"):
        name, version = wheel.name.split("-")[:2]
        name = name.replace("_", "-").lower()
        with zipfile.ZipFile(wheel) as archive:
            roots = {
                entry.split("/")[0].removesuffix(".py")
                for entry in archive.namelist()
                if re.match(r"[A-Za-z_]\w*(/|\.py$)", entry)
            }
        # All are loaded at the start, so that none needs to say what it depends on.
        packages[name] = {
            "name": name,
            "version": version,
            "file_name": wheel.name,
            "sha256": file_digest(wheel),
            "imports": sorted(roots),
            "depends": [],
            "install_dir": "site",
            "package_type": "package",
            "unvendored_tests": False,
        }
    _write(folder / "pyodide-lock.json", {"info": lock["info"], "packages": packages})
    return sorted(packages)


def _thin(babel, folder):
    """Copy Babel's wheel without the locales of languages that the report has no words in: 1 MB instead of 10."""
    spoken = tables.records("labels")[0]
    with (
        zipfile.ZipFile(babel) as old,
        zipfile.ZipFile(folder / babel.name, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            locale = re.fullmatch(r"babel/locale-data/([a-z]+)(_.*)?\.dat", entry.filename)
            if not locale or locale[1] in ("root", *spoken):
                new.writestr(entry, old.read(entry))


def _write(path, content):
    path.write_text(json.dumps(content, indent=1), "utf-8")


def _run(command, failure, **options):
    """Run a program in silence. Raises BuildError with `failure` and the last that the program said."""
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", errors="replace", **options
    )
    if done.returncode:
        said = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise BuildError(f"{failure}: {said[-1] if said else 'no reason given'}")
