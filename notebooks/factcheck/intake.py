"""A text as people have it – .txt, .docx, .odt, .html, .srt – made into an interview's text.

Paragraphs become lines, what is not speech (navigation, cues, times) goes, broken words are made
whole; what was done is told, one line each. Whoever calls this stores the original beside the text.
"""

import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

from factcheck import interview, numerals


class Received(NamedTuple):
    """The text, one paragraph a line with blank lines between, and what was done to get it."""

    text: str
    told: list[str]


def received(path: str | Path) -> Received:
    """The text of a file. Raises ValueError, in one line, for what cannot be read."""
    path, told = Path(path), []
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ValueError(_refusal(path))
    text = _whole(reader(path, told).replace("\r\n", "\n").replace("\r", "\n"), told)
    lines = [line.strip() for line in _paragraphs(text, told)]
    text = "\n".join(lines).strip() + "\n"
    if not text.strip():
        raise ValueError(f"{path.name} has no text")
    return Received(text, told)


def _refusal(path) -> str:
    if path.suffix.lower() == ".pdf":
        return (
            f"{path.name} is a PDF, whose lines and columns a person has to put in order: copy its text "
            "in a viewer, save it as .txt in UTF-8 and give that (broken lines and words are joined)"
        )
    return f"{path.name}: a text is read from {', '.join(_READERS)}; save it as one of these"


def language(text: str) -> str:
    """ru, kk or en by letters and commonest words; empty for any other, which a person has to name."""
    letters = [char for char in text.lower() if char.isalpha()]
    cyrillic = sum("а" <= char <= "я" or char in "ёәғқңөұүһі" for char in letters)
    if 2 * cyrillic > len(letters):
        kazakh = sum(char in "әғқңөұүһі" for char in letters)
        return "kk" if 50 * kazakh > cyrillic else "ru"
    english = len(re.findall(r"\b(?:the|of|and|that|is|to)\b", text.lower()))
    return "en" if 10 * english > len(text.split()) else ""


# ---------------------------------------------------------------- formats


def _plain(path, told) -> str:
    return interview.read(path)


def _document(path, told) -> str:
    return _pandoc(path.read_bytes(), path.suffix.lower().lstrip("."), path.name)


# What a page has beside its text.
_FURNITURE = "script style noscript template nav footer aside form button iframe svg img".split()


def _page(path, told) -> str:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(path.read_bytes(), "html.parser")
    for name in _FURNITURE:
        parts = [part.extract() for part in soup.find_all(name)]
        if any(part.get_text(strip=True) for part in parts) and name not in ("script", "style"):
            told.append(f"left out of the page: {name} ({len(parts)})")
    return _pandoc(str(soup).encode("utf-8"), "html", path.name)


def _pandoc(content, form, name) -> str:
    """Plain text of a document; as a program of its own, pandoc reads nothing but what it is given."""
    import subprocess

    import pypandoc

    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "-f", form, "-t", "plain", "--wrap=none", "--sandbox"],
        input=content,
        capture_output=True,
        timeout=60,
    )
    if done.returncode:
        raise ValueError(f"{name} cannot be read: {done.stderr.decode().strip().splitlines()[0]}")
    text = re.sub(r"(?m)^-{20,}$", "", done.stdout.decode("utf-8"))  # a rule across the page
    return re.sub(r"\n{3,}", "\n\n", text)


_TIME = r"(\d+):(\d\d):(\d\d)[,.](\d{3})"
_CUE = re.compile(rf"(?m)^(?:\ufeff?\d+[ \t]*\n)?{_TIME}[ \t]*-->[ \t]*{_TIME}.*$")
_PAUSE = 2000  # milliseconds without a word that make a paragraph


def _subtitles(path, told) -> str:
    text = interview.read(path).replace("\r\n", "\n")
    cues = list(_CUE.finditer(text))
    if not cues:
        raise ValueError(f"{path.name} has no cues with times as 00:01:02,345 --> 00:01:04,000")
    said, silent_since = "", None
    for cue, following in zip(cues, [*cues[1:], None]):
        start, end = (_milliseconds(cue.groups()[at : at + 4]) for at in (0, 4))
        words = text[cue.end() : following.start() if following else len(text)]
        words = re.sub(r"<[^>\n]+>|\{\\[^}\n]+\}", "", words).strip()
        paused = silent_since is not None and start - silent_since >= _PAUSE
        said += ("\n\n" if paused and re.search("[.!?…]$", said) else "\n") + words
        silent_since = end
    told.append(f"cues and times left out: {len(cues)}")
    # Lines of one paragraph become one line; a dash at a line's beginning is another speaker.
    said = numerals.joined(re.sub(r"\n(?=[–—-]\s)", "\n\n", said)).text
    return re.sub(r"(?<!\n)\n(?!\n)", " ", said.strip())


def _milliseconds(parts) -> int:
    hours, minutes, seconds, rest = map(int, parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


_READERS = {
    ".txt": _plain,
    ".docx": _document,
    ".odt": _document,
    ".html": _page,
    ".htm": _page,
    ".srt": _subtitles,
}

# ---------------------------------------------------------------- broken words and lines


def _whole(text, told) -> str:
    """Letters composed, words whole."""
    composed = unicodedata.normalize("NFC", text)
    if composed != text:
        told.append("letters in two parts (as й of и and a breve) were composed")
    whole = numerals.joined(composed)
    if whole.line_ends:
        told.append(f"words broken at a line end, joined: {whole.line_ends}")
    if whole.invisible:
        told.append(f"invisible characters left out: {whole.invisible}")
    return whole.text


_SPEAKER = re.compile(r"\s*[–—-]\s")


def _paragraphs(text, told) -> list[str]:
    """The text's lines; those of a text that was broken into lines of equal width are joined."""
    lines = text.split("\n")
    width = _width(lines)
    joined = lines[:1]
    for line in lines[1:]:
        before = joined[-1].rsplit("\n", 1)[-1]
        if width and _goes_on(before, line, width):
            joined[-1] += "\n" + line  # the width of the last line still counts
        else:
            joined.append(line)
    count = sum(paragraph.count("\n") for paragraph in joined)
    if count:
        told.append(f"lines broken within a paragraph, as in text from a PDF, joined: {count}")
    return [re.sub(r"[ \t]*\n[ \t]*", " ", paragraph) for paragraph in joined]


def _width(lines) -> int:
    """The width that the lines were broken to; 0 if a line is a paragraph."""
    lengths = sorted(len(line) for line in lines if line.strip())
    if not lengths:
        return 0
    width = lengths[int(0.97 * (len(lengths) - 1))]
    inside = sum(
        bool(line.strip() and re.match("[a-zа-яё]", following))
        for line, following in zip(lines, lines[1:])
    )  # lines that the next one goes on in the middle of a sentence
    return width if width <= 120 and inside >= 3 and 5 * inside >= len(lengths) else 0


def _goes_on(line, following, width) -> bool:
    """Whether a paragraph goes on: in the middle of a sentence, or because its line was full."""
    if not line.strip() or not following.strip() or _SPEAKER.match(following):
        return False
    word = following.split()[0]
    return bool(re.match("[a-zа-яё]", following)) or len(line) + 1 + len(word) > 0.95 * width
