"""`python -m factcheck COMMAND`: one small function a command, in COMMANDS."""

import argparse
import subprocess
import sys

from factcheck import NOTEBOOKS, ROOT, build, changes, stored, tables
from factcheck.stored import say

SHOWN = 10  # lines of what is wrong in the data, when a build stops


def _check_data():
    """Raise BuildError with a line for each thing wrong in data/ and seeds/."""
    from factcheck import checks

    found = checks.problems(ROOT)
    if found:
        more = (
            [f"and {len(found) - SHOWN} more; `make check` shows all"] if len(found) > SHOWN else []
        )
        raise stored.BuildError("\n".join([*found[:SHOWN], *more]))


def brief(options):
    lang = None if options.lang == "all" else options.lang
    if not build.build(lang, options.force, _check_data):
        say("Nothing to do: notebooks, figures and brief are up to date.")
    return 0


def check(options):
    from factcheck import checks

    # While the data are wrong, that nothing was built from them is no news.
    found = checks.problems(ROOT) or stored.problems()
    for line in found:
        say(line)
    if not found:
        say("Data, notebooks, figures and brief belong together.")
    return 1 if found else 0


def accept(options):
    committed = changes.committed()
    before = committed or changes.state()
    brief(options)
    say("Since the last commit:" if committed else "What this changed:")
    for line in changes.changes(before, changes.state()):
        say(line)
    return 0


def lab(options):
    build.trust(NOTEBOOKS.glob("*.ipynb"))
    return subprocess.call([sys.executable, "-m", "jupyterlab", *options.further], cwd=NOTEBOOKS)


def audit(options):
    """Add a draft row to data/mentions.csv for each numeral that has none yet."""
    from factcheck import interview

    frames, rows = tables.load_all(ROOT), []
    names = set(frames["mentions"].mention_id)
    for row in frames["interviews"].itertuples():
        actual = stored.file_digest(ROOT / row.file)
        if row.sha256 != actual:
            print(
                f"{row.file} has the SHA-256 {actual}: that belongs into data/interviews.csv, if the text is as it "
                "was received.",
                file=sys.stderr,
            )
        known = frames["mentions"].query("interview_id == @row.interview_id and kind == 'numeral'")
        have = set(zip(known.surface, known.occurrence))
        try:
            text = interview.read(ROOT / row.file)
        except ValueError as error:
            raise stored.BuildError(str(error)) from None
        drafts = [
            d for d in interview.draft_mentions(text) if (d["surface"], d["occurrence"]) not in have
        ]
        print(
            f"{row.interview_id}: {len(drafts)} numerals without a row in data/mentions.csv",
            file=sys.stderr,
        )
        if row.language != "ru":
            print(
                f"{row.interview_id} is in {row.language}: number words are found in Russian only, digits in "
                "any language. Read the text for number words yourself.",
                file=sys.stderr,
            )
        free = (
            name
            for n in range(1, len(names) + len(drafts) + 1)
            if (name := f"{row.interview_id}-n{n:02d}") not in names
        )
        rows += [
            {
                "mention_id": name,
                "interview_id": row.interview_id,
                "kind": "numeral",
                "surface": draft["surface"],
                "occurrence": draft["occurrence"],
                "reason_en": f"? {draft['sentence']}",
            }
            for name, draft in zip(free, drafts)
        ]
    if rows:
        path = ROOT / "data" / "mentions.csv"
        try:
            _, content = tables.appended(path, rows)
        except ValueError as error:
            raise stored.BuildError(str(error)) from None
        build.replace(path, content)
        say(
            f"Added to data/mentions.csv: {len(rows)} rows. Link each to a claim, or say instead of the sentence after "
            "“?” why it is none, in both languages."
        )
    return 0


def bundle(options):
    from factcheck import reuse

    say(f"Written: {reuse.bundle()}")
    return 0


def lite(options):
    from factcheck import lite

    place = stored.shown_name(lite.build())
    say(
        f"Written: {place}. To see it: python -m http.server -b localhost -d {place}, then http://localhost:8000"
    )
    return 0


def refresh(options):
    from factcheck import refresh

    return refresh.refresh()


def import_(options):
    from factcheck import refresh

    return refresh.import_files(options.files, options.published)


# name: (function, help, adds its own arguments)
COMMANDS = {
    "brief": (
        brief,
        "run what is out of date and write brief.html and brief.pdf in each language",
        "build",
    ),
    "check": (
        check,
        "check the data, and that all that is stored belongs together; runs no notebook",
        None,
    ),
    "accept": (
        accept,
        "like brief, and say which verdicts, numbers and sentences changed since the last commit",
        "build",
    ),
    "audit": (
        audit,
        "add a draft row to data/mentions.csv for each numeral that has none yet",
        None,
    ),
    "bundle": (bundle, "write briefs, figures, data and a manifest into bundle.zip", None),
    "lite": (
        lite,
        "make a page in which the notebooks run in the browser; fetches 150 MB once",
        None,
    ),
    "refresh": (
        refresh,
        "ask the World Bank for newer figures; adds them beside the old, needs wbgapi",
        None,
    ),
    "import": (
        import_,
        "add newer figures from files of the IMF and the UN that you downloaded",
        "import",
    ),
    "lab": (lab, "open JupyterLab in notebooks/; all further arguments are JupyterLab's", None),
}
ARGUMENTS = {
    "import": lambda parser: (
        parser.add_argument(
            "files", nargs="+", metavar="FILE", help="WEO…all.xls, its CSV, or WPP…BySex.csv.gz"
        ),
        parser.add_argument(
            "--published", metavar="DATE", help="when they were published: 2026-04 or 2026-04-14"
        ),
    ),
    "build": lambda parser: (
        parser.add_argument(
            "--lang", default="all", metavar="LANG", help="one edition: en, ru, …; or all"
        ),
        parser.add_argument(
            "--force", "--all", action="store_true", help="run also what is up to date"
        ),
    ),
}


def main(arguments=None):
    """Run the command line `arguments`; returns the exit status: 0, or 1 after one clear line on stderr."""
    # A terminal that knows no Cyrillic shall show escapes, not stop the build.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(
        prog="python -m factcheck", description="Fact-check of an interview."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (function, words, needs) in COMMANDS.items():
        command = commands.add_parser(name, help=words, description=words)
        command.set_defaults(function=function)
        if needs:
            ARGUMENTS[needs](command)
    options, options.further = parser.parse_known_args(arguments)
    if options.further and options.function is not lab:
        parser.error(f"unrecognized arguments: {' '.join(options.further)}")
    try:
        return options.function(options)
    except (stored.BuildError, tables.DataError) as error:
        print(error, file=sys.stderr)
    except ModuleNotFoundError as error:
        print(
            f"{error.name} is not installed; see README.md, or use `make brief`.", file=sys.stderr
        )
    except OSError as error:
        print(f"{error.filename or 'Error'}: {error.strerror}", file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped. What is stored is whole; run the command again to finish.", file=sys.stderr)
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main())
