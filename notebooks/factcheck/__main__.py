"""`python -m factcheck COMMAND`: one small function a command, in COMMANDS. Modules are imported when used."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable

from factcheck import ROOT
from factcheck.csvfiles import DataError
from factcheck.products import problems
from factcheck.stored import BuildError, say


def brief(options: argparse.Namespace) -> int:
    from factcheck.build import build

    if not build(options.lang, options.force):
        say("Nothing to do: notebooks, figures and briefs are up to date.")
    return 0


def check(options: argparse.Namespace) -> int:
    from factcheck import check

    # While the data are wrong, that nothing was built from them is no news.
    found = check.problems() or problems()
    for line in found or ["Data, notebooks, figures and briefs belong together."]:
        say(line)
    for line in [] if found else check.to_do():
        say(f"To do: {line}")
    return 1 if found else 0


def accept(options: argparse.Namespace) -> int:
    from factcheck import changes, check

    for line in check.normalise():
        say(line)
    committed = changes.committed()
    before = committed or changes.state()
    brief(options)
    say("Since the last commit:" if committed else "What this changed:")
    for line in changes.changes(before, changes.state()):
        say(line)
    return 0


def lab(options: argparse.Namespace) -> int:
    from factcheck.lab import START

    at = [f"--ServerApp.root_dir={ROOT}", f"--LabApp.default_url=/{START}"]
    command = [sys.executable, "-m", "jupyterlab", *at, *options.further]
    return subprocess.call(command, cwd=ROOT)


def audit(options: argparse.Namespace) -> int:
    from factcheck import new

    return new.audit()


def bundle(options: argparse.Namespace) -> int:
    from factcheck.bundle import bundle

    say(f"Written: {bundle()}")
    return 0


def refresh(options: argparse.Namespace) -> int:
    from factcheck import refresh

    return refresh.refresh()


def import_(options: argparse.Namespace) -> int:
    from factcheck import refresh

    return refresh.import_files(options.files, options.published)


def new(options: argparse.Namespace) -> int:
    from factcheck import new

    return new.new(options.folder, options.text)


def update(options: argparse.Namespace) -> int:
    from factcheck import new

    return new.update(options.folder)


BUILDING = (
    (("--lang",), {"metavar": "LANG", "help": "print only one edition: en, ru, …"}),
    (
        ("--force", "--all"),
        {"action": "store_true", "help": "run and print also what is up to date"},
    ),
)
IMPORTED = (
    (
        ("files",),
        {"nargs": "+", "metavar": "FILE", "help": "WEO…all.xls, its CSV, WPP…BySex.csv.gz"},
    ),
    (("--published",), {"metavar": "DATE", "help": "of these files: 2026-04 or 2026-04-14"}),
)
FOLDER = (("folder",), {"metavar": "FOLDER", "help": "where the project is"})
TEXT = (("--text",), {"metavar": "FILE", "required": True, "help": "the interview"})
# name: (function, help, arguments of its own)
COMMANDS: dict[str, tuple[Callable[[argparse.Namespace], int], str, tuple]] = {
    "brief": (brief, "run what is out of date; print the briefs in each language", BUILDING),
    "accept": (accept, "like brief, and say what changed since the last commit", BUILDING),
    "check": (check, "check data, and that all that is stored belongs together; runs nothing", ()),
    "lab": (lab, "open JupyterLab with the brief; further arguments are JupyterLab's", ()),
    "audit": (audit, "add a draft row to data/mentions.csv for each numeral without one", ()),
    "refresh": (refresh, "ask the World Bank for newer figures; adds them beside the old", ()),
    "import": (import_, "add newer figures from downloaded files of the IMF and the UN", IMPORTED),
    "bundle": (bundle, "write briefs, figures, data and checksums into bundle.zip", ()),
    "new": (new, "make a project for another interview", (FOLDER, TEXT)),
    "update": (update, "renew the package and its tests in a project made by `new`", (FOLDER,)),
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command line `arguments`; returns the exit status: 0, or 1 after one clear line on stderr."""
    # A terminal that knows no Cyrillic shall show escapes, not stop the build.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")
    options = _parsed(arguments)
    try:
        return COMMANDS[options.command][0](options)
    except (BuildError, DataError) as error:
        print(error, file=sys.stderr)
    except ModuleNotFoundError as error:
        print(
            f"{error.name} is not installed; see README.md, or use `make brief`.", file=sys.stderr
        )
    except OSError as error:
        place = os.path.relpath(error.filename, ROOT) if error.filename else "Error"
        print(f"{place}: {error.strerror}", file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped. What is stored is whole; run the command again to finish.", file=sys.stderr)
        return 130
    return 1


def _parsed(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m factcheck", description="Fact-check of an interview."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (_, words, own) in COMMANDS.items():
        command = commands.add_parser(name, help=words, description=words)
        for names, settings in own:
            command.add_argument(*names, **settings)
    options, options.further = parser.parse_known_args(arguments)
    if options.further and options.command != "lab":
        parser.error(f"unrecognized arguments: {' '.join(options.further)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
