"""The PDF: pandoc's Typst, typeset to PDF/UA-1 and PDF/A-2a. A part that Typst refuses is found and told."""

import json
import re
import tempfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

from . import ExportError, fonts, pandoc

HERE = Path(__file__).parent
PART = re.compile(r"(?m)^// §part (.*)$")
FORMULA = re.compile(r"#formula\((\d+), ")
STANDARDS = ["ua-1", "a-2a"]
NUDGES = 8  # how often it is typeset, a hair's breadth apart, for the reason that _unsettled gives
STREAM = re.compile(rb"/Length (\d+)([^>]*/FlateDecode[^>]*>>\s*stream\n)")


def render(document) -> bytes:
    """Bytes of the PDF, the same on every run."""
    import typst

    fonts.boxed(document)
    body = pandoc.write(document, "typst", "typst.lua")
    press = Press(document, body)
    try:
        return press.pdf(press.parts)
    except typst.TypstError as error:
        if document.strict:
            raise ExportError(press.explained(error)) from None
    press.mend()
    return press.pdf(press.parts)


class Press:
    """Typst with the document's pictures. parts: [(place, Typst text)], the first one before any part."""

    def __init__(self, document, body):
        self.document = document
        pieces = PART.split(body)
        self.parts = [("", pieces[0]), *zip(pieces[1::2], pieces[2::2])]
        self.pictures = {}
        self.files = {}
        for src, picture in document.pictures.items():
            if picture.data:
                name = f"picture{len(self.files)}.{picture.ending}"
                self.files[name] = picture.data
                self.pictures[src] = {"file": name, "width": picture.width * 0.75}
                if picture.narrow:
                    self.pictures[src]["narrow"] = f"narrow-{name}"
                    self.files[f"narrow-{name}"] = picture.narrow
            else:
                self.pictures[src] = {"problem": picture.problem}

    def pdf(self, parts):
        """Typeset these parts; raises typst.TypstError."""
        import typst

        about = self.document.about()
        head = (HERE / "print.typ").read_text("utf-8")
        source = head + "\n".join(text for _, text in parts)
        moment = datetime.fromisoformat(about["date"] or "2000-01-01").replace(tzinfo=UTC)
        meta = about | {
            "lang": self.document.lang,
            "pictures": self.pictures,
            "words": self.document.words,
        }
        meta["title"] = about["title"] or self.document.name
        with tempfile.TemporaryDirectory() as folder:
            for name, data in self.files.items():
                Path(folder, name).write_bytes(data)
            for nudge in range(NUDGES):
                inputs = {"meta": json.dumps(meta), "nudge": str(nudge)}
                compiler = typst.Compiler(source.encode(), folder, fonts.fonts(), sys_inputs=inputs)
                pdf = _settled(compiler.compile(pdf_standards=STANDARDS, timestamp=moment))
                if not _unsettled(pdf):
                    break
            return pdf

    def works(self, parts):
        import typst

        try:
            self.pdf(parts)
        except typst.TypstError:
            return False
        return True

    def offenders(self, parts):
        """Those of the parts that Typst refuses, by halves."""
        if not parts or self.works(parts):
            return []
        if len(parts) == 1:
            return parts
        half = len(parts) // 2
        return self.offenders(parts[:half]) + self.offenders(parts[half:])

    def mend(self):
        """Put the source text of a formula, or a note, in place of what Typst refuses; tell each."""
        for place, text in self.offenders(self.parts):
            at = self.parts.index((place, text))
            plain = FORMULA.sub(r"#unset(\1, ", text)
            if plain != text and self.works([(place, plain)]):
                text = self._formulas(place, text)
                self.document.miss(place, "a formula that cannot be typeset; its source is printed")
            else:
                self.document.miss(place, "cannot be typeset; look at its HTML")
                text = f"\n#absent[{place}]\n"
            self.parts[at] = (place, text)

    def _formulas(self, place, text):
        """A part in which only those formulas that Typst refuses are printed as source."""
        for number in FORMULA.findall(text):
            others = re.sub(rf"#formula\((?!{number},)(\d+), ", r"#unset(\1, ", text)
            if not self.works([(place, others)]):
                text = text.replace(f"#formula({number}, ", f"#unset({number}, ")
        return text

    def explained(self, error):
        """One line for what Typst said, with the cell."""
        bad = self.offenders(self.parts)
        place = bad[0][0] if bad else self.document.name
        what = " ".join(str(getattr(error, "message", error)).split())
        return f"notebook {place or self.document.name}: cannot be typeset: {what}"


def _unsettled(pdf):
    """The compressed streams, last one first, that end with a carriage return.

    With the line feed that follows, a validator takes it for an end of line of two bytes, so that the stream seems
    to be one byte shorter than it says: one stream in 256.
    """
    streams = reversed(list(STREAM.finditer(pdf)))
    return [found for found in streams if pdf[found.end() + int(found[1]) - 1] == ord("\r")]


def _settled(pdf):
    """The PDF, of the same length, with each such stream packed tighter and a byte behind its end.

    One that cannot be packed tighter stays; typesetting by a hair's breadth elsewhere gives others.
    """
    for found in _unsettled(pdf):
        start, end = found.end(), found.end() + int(found[1])
        packed = zlib.compress(zlib.decompress(pdf[start:end]), 9) + b"\0"
        room = end - start - len(packed) + len(found[1]) - len(b"%d" % len(packed))
        if room >= 0:
            head = b"/Length %d" % len(packed) + b" " * room + found[2]
            pdf = pdf[: found.start()] + head + packed + pdf[end:]
    return pdf
