"""`python -m factcheck COMMAND`: one small function a command, in COMMANDS. Modules are imported when used."""

import argparse
import os
import subprocess
import sys

from factcheck import ROOT
from factcheck.csvfiles import DataError
from factcheck.products import problems
from factcheck.stored import BuildError, say


def brief(options: argparse.Namespace) -> None:
    from factcheck.build import build

    if not build(options.lang, options.force):
        say("Nothing to do: notebooks, figures and briefs are up to date.")


def check(options: argparse.Namespace) -> int:
    from factcheck import check

    # While the data are wrong, that nothing was built from them is no news.
    found = check.problems() or problems() or check.problems_of_findings()
    for line in found or ["Data, notebooks, figures and briefs belong together."]:
        say(line)
    for line in [] if found else check.to_do():
        say(f"To do: {line}")
    return 1 if found else 0


def accept(options: argparse.Namespace) -> None:
    from factcheck import changes, check

    for line in check.normalise():
        say(line)
    committed = changes.committed()
    before = committed or changes.state()
    brief(options)
    say("Since the last commit:" if committed else "What this changed:")
    for line in changes.changes(before, changes.state()):
        say(line)


def lab(options: argparse.Namespace) -> int:
    from factcheck.lab import START

    at = [f"--ServerApp.root_dir={ROOT}", f"--LabApp.default_url=/{START}"]
    command = [sys.executable, "-m", "jupyterlab", *at, *options.further]
    if os.name == "posix":  # become JupyterLab, so that what stops us stops it
        os.chdir(ROOT)
        os.execv(sys.executable, command)
    return subprocess.call(command, cwd=ROOT)


def audit(options: argparse.Namespace) -> int:
    from factcheck import new

    return new.audit()


def bundle(options: argparse.Namespace) -> None:
    from factcheck.bundle import bundle

    say(f"Written: {bundle()}")


def refresh(options: argparse.Namespace) -> None:
    from factcheck import refresh

    refresh.refresh()


def import_(options: argparse.Namespace) -> None:
    from factcheck import refresh

    refresh.import_files(options.files, options.published)


def new(options: argparse.Namespace) -> int:
    from factcheck import new

    return new.new(options.folder, options.text)


def update(options: argparse.Namespace) -> None:
    from factcheck import delivery

    delivery.update(options.folder)


# name: (function, help)
COMMANDS = {
    "brief": (brief, "run what is out of date; print the briefs in each language"),
    "accept": (accept, "like brief, and say what changed since the last commit"),
    "check": (check, "check data, and that all that is stored belongs together; runs nothing"),
    "lab": (lab, "open JupyterLab with the brief; further arguments are JupyterLab's"),
    "audit": (audit, "add a draft row to data/mentions.csv for each numeral without one"),
    "refresh": (refresh, "ask the World Bank for newer figures; adds them beside the old"),
    "import": (import_, "add newer figures from downloaded files of the IMF and the UN"),
    "bundle": (bundle, "write briefs, figures, data and checksums into bundle.zip"),
    "new": (new, "make a project for another interview"),
    "update": (update, "renew the package and its tests in a project made by `new`"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line `arguments`; returns the exit status: 0, or 1 after one clear line on stderr."""
    # A terminal that knows no Cyrillic shall show escapes, not stop the build.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")
    options = _parsed(arguments)
    try:
        return COMMANDS[options.command][0](options) or 0
    except (BuildError, DataError) as error:
        line = str(error)
    except ModuleNotFoundError as error:
        line = f"{error.name} is not installed; see README.md, or use `make brief`."
    except OSError as error:
        place = os.path.relpath(error.filename, ROOT) if error.filename else "Error"
        line = f"{place}: {error.strerror}"
    except KeyboardInterrupt:
        print("Stopped. What is stored is whole; run the command again to finish.", file=sys.stderr)
        return 130
    print(line, file=sys.stderr)
    return 1


def _parsed(arguments: list[str] | None) -> argparse.Namespace:
    about = "Fact-check of an interview."
    parser = argparse.ArgumentParser(prog="python -m factcheck", description=about)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    of = {
        name: commands.add_parser(name, help=words, description=words)
        for name, (_, words) in COMMANDS.items()
    }
    for one in (of["brief"], of["accept"]):
        one.add_argument("--lang", metavar="LANG", help="print only one edition: en, ru, …")
        all_ = "run and print also what is up to date"
        one.add_argument("--force", "--all", action="store_true", help=all_)
    files = "the IMF's sheet as CSV, WPP…BySex.csv.gz"
    of["import"].add_argument("files", nargs="+", metavar="FILE", help=files)
    published = "of these files: 2026-04 or 2026-04-14"
    of["import"].add_argument("--published", metavar="DATE", help=published)
    for one in (of["new"], of["update"]):
        one.add_argument("folder", metavar="FOLDER", help="where the project is")
    of["new"].add_argument("--text", metavar="FILE", required=True, help="the interview")
    options, options.further = parser.parse_known_args(arguments)
    if options.further and options.command != "lab":
        parser.error(f"unrecognized arguments: {' '.join(options.further)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
