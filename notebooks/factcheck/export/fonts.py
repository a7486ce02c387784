"""The fonts of the PDF: files of this folder, matplotlib's DejaVu, what Typst has; nothing of the system."""

import os
import shutil
import tempfile
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

OWN = Path(__file__).parent / "fonts"
INVISIBLE = frozenset("\n\t\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f\u00ad")
MISSING = "\u25a1"  # a box, in place of what no font has


def files() -> list[Path]:
    """The font files besides Typst's own."""
    dejavu = Path(find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf"
    return sorted(OWN.glob("*.ttf")) + [
        dejavu / f"DejaVu{name}.ttf" for name in ("Sans", "Sans-Bold", "Serif")
    ]


@cache
def fonts():
    """For Typst, which takes folders only, a folder of links. Not matplotlib's whole folder: a font there has a
    placeholder for every code point and so would hide missing letters."""
    import typst

    with tempfile.TemporaryDirectory() as folder:
        for path in files():
            try:
                os.symlink(path, Path(folder, path.name))
            except OSError:  # Windows without the right to make links
                shutil.copy(path, folder)
        return typst.Fonts(include_system_fonts=False, font_paths=[folder])


@cache
def covered() -> frozenset[int]:
    """Code points that one of the fonts has."""
    from fontTools.ttLib import TTFont

    found: set[int] = set()
    for path in files():
        with TTFont(path, lazy=True) as font:
            found |= font.getBestCmap().keys()
    return frozenset(found)


def without_glyph(text: str) -> list[str]:
    """Characters of a text that no font has, in order, once each."""
    rare = {char for char in set(text) if ord(char) > 0x17F or char < " "} - INVISIBLE
    return sorted(char for char in rare if ord(char) not in covered()) if rare else []


def printable(text: str) -> str:
    """Composed text, with a box for each character that no font has; invisible ones dropped."""
    text = unicodedata.normalize("NFC", text)
    gone = dict.fromkeys(map(ord, "\u200d\ufe0e\ufe0f\ufeff\u200b"), None)
    return text.translate(gone | {ord(char): MISSING for char in without_glyph(text)})


def named(chars: list[str]) -> str:
    """Characters as people look them up, the first five of them."""
    shown = ", ".join(f"{char} (U+{ord(char):04X})" for char in chars[:5])
    return shown + (f" and {len(chars) - 5} more" if len(chars) > 5 else "")


def checked(document) -> None:
    """Tell, with its cell, each character that no font has: in a brief the end of it."""
    for part in _single(document.parts):
        if missing := without_glyph(unicodedata.normalize("NFC", _words(document, part))):
            document.miss(part["place"], f"no font has {named(missing)}; a box is printed")


def boxed(document) -> None:
    """Put a box in place of each such character, also in drawings."""
    for part in _single(document.parts):
        part["text"] = printable(part.get("text") or "")
        picture = document.pictures.get(part.get("src"))
        if picture and picture.ending == "svg":
            picture.data = printable(picture.data.decode()).encode()
            picture.narrow = printable(picture.narrow.decode()).encode()


def _single(parts):
    """The parts, those of groups one by one."""
    for part in parts:
        yield from _single(part["parts"]) if "parts" in part else [part]


def _words(document, part):
    """What is printed of a part: its text, and the words of its drawing."""
    picture = document.pictures.get(part.get("src"))
    drawn = picture.data.decode() if picture and picture.ending == "svg" else ""
    return (part.get("text") or "") + drawn
