"""What happens to text before pandoc reads it: Markdown as JupyterLab takes it, printed text as a terminal shows it."""

import re

# What is left as it is: fenced blocks, spans between equal runs of backticks, tags with attributes, addresses.
CODE = re.compile(
    r"(?ms)^ {0,3}(```+|~~~+).*?(?:^ {0,3}\1[`~]*\s*?$|\Z)"
    r"|(?<!`)(`+)(?!`).+?(?<!`)\2(?!`)"
    r"""|<[a-zA-Z][^<>]*?=\s*(?:"[^"]*"|'[^']*')[^<>]*>|\bhttps?://[^\s<>)\]]+"""
)
# MathJax sets these without dollars.
ENVIRONMENT = re.compile(
    r"(?ms)^[ \t]*\\begin\{((?:equation|align|gather|multline|eqnarray|alignat)\*?)\}(.*?)\\end\{\1\}"
)
BRACKETS = re.compile(r"(?ms)\\\\\[(.+?)\\\\\]")
ROUND = re.compile(r"\\\\\((.+?)\\\\\)")
DISPLAY = re.compile(r"(?s)(?<![\\$])\$\$(?!\$)((?:(?!\n\s*\n).)+?)(?<!\\)\$\$")
DOLLAR = re.compile(r"(?s)\\.|\$\$.+?\$\$|\$")
FORMULA = re.compile(r"\$(?![\s$])((?:\\[^\x00]|(?!\n\s*\n)[^$\\\x00])+?)(?<!\s)\$(?![\d$])")
NOTE = re.compile(r"(?m)^ {0,3}\[\^([^\]\s]+)\]:(.*(?:\n(?:    |\t).*|\n(?=(?:    |\t)\S))*)")
CONTROL = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;:?]*[ -/]*[@-~]|\x1b[@-Z\\-_]")
# A range of numbers, a day before its month, and Russian words of one letter before another.
RANGE = re.compile(r"(?<=\d)–(?=\d)")
MONTHS = (
    "январ|феврал|март|апрел|мая|июн|июл|август|сентябр|октябр|ноябр|декабр"
    "|January|February|March|April|May|June|July|August|September|October|November|December"
)
DAY = re.compile(rf"(?<=\d) (?=(?:{MONTHS})\w* \d{{4}})")
LETTER = re.compile(r"(?<![\w-])([АаВвИиКкОоСсУуЯя]) (?=[\w«„$])")


def markdown(text: str) -> str:
    """Markdown in which every formula stands between dollars on one line, and no note refers to another."""
    text = outside_code(unnested, text) if NOTE.search(text) else text
    return outside_code(formulas, text)


def outside_code(change, text: str) -> str:
    """`change` applied to the text; what is code in it is put back as it was."""
    kept: list[str] = []

    def hide(found):
        kept.append(found[0])
        return f"\x00{len(kept) - 1}\x00"

    text = change(CODE.sub(hide, text.replace("\x00", "\ufffd")))
    return re.sub(r"\x00(\d+)\x00", lambda found: kept[int(found[1])], text)


def formulas(text: str) -> str:
    r"""Formulas that JupyterLab sets, as $…$ and $$…$$: \begin{equation}, \\[…\\], $$ over several lines."""

    def one_line(tex):
        tex = re.sub(r"(?m)(?<!\\)%.*$", "", tex)
        return " ".join(tex.split())

    def environment(found):
        name = found[1].replace("eqnarray", "align")
        return one_line(f"$$\\begin{{{name}}}{found[2]}\\end{{{name}}}$$")

    def display(found):
        return f"$${one_line(found[1])}$$"

    if "\\begin{" in text and "$$" not in text:
        text = ENVIRONMENT.sub(environment, text)
    elif "\\begin{" in text:  # one that already stands between dollars is left
        parts = re.split(r"(\$\$.*?\$\$)", text, flags=re.DOTALL)
        text = "".join(
            part if part.startswith("$$") else ENVIRONMENT.sub(environment, part) for part in parts
        )
    text = ROUND.sub(lambda found: f"${found[1].strip()}$", BRACKETS.sub(display, text))
    return dollars(DISPLAY.sub(display, text))


def dollars(text: str) -> str:
    r"""Text in which each dollar that begins or ends no formula is escaped: US$5 and US$7 are sums of money.

    A formula begins before and ends behind what is no blank, within a paragraph, and no digit follows it.
    """
    out, at = [], 0
    for found in DOLLAR.finditer(text):
        start = found.start()
        if start < at or found[0] != "$":
            continue
        formula = FORMULA.match(text, start)
        out.append(text[at:start])
        indented = re.search(r"(?m)^(?: {4}|\t).*\Z", text[:start])  # perhaps code
        out.append(formula[0] if formula else "$" if indented else "\\$")
        at = start + len(formula[0]) if formula else start + 1
    return "".join(out) + text[at:]


def unnested(text: str) -> str:
    """Markdown whose notes refer to no note: pandoc drops such notes, and never ends on one that names itself."""
    notes = {name: " ".join(body.split()) for name, body in NOTE.findall(text)}
    reference = re.compile(r"\[\^([^\]\s]+)\]")

    def inlined(found):
        def inner(ref):
            body = reference.sub("", notes.get(ref[1], "")) if ref[1] != found[1] else ""
            return f" ({body})" if body else ""

        return f"[^{found[1]}]:{reference.sub(inner, found[2])}"

    return NOTE.sub(inlined, text)


def printed(text: str) -> str:
    """What a terminal would show in the end: no colours, of a line that was written over its last state."""
    lines = [last_state(line) for line in CONTROL.sub("", text).split("\n")]
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", "\n".join(lines)).strip("\n")


def last_state(line: str) -> str:
    """A line as its carriage returns and backspaces leave it."""
    shown: list[str] = []
    at = 0
    for char in line:
        if char == "\r":
            at = 0
        elif char == "\x08":
            at = max(at - 1, 0)
        else:
            shown[at : at + 1] = [char]
            at += 1
    return "".join(shown).rstrip()


def unbroken(text: str, lang: str, page: bool) -> str:
    """Text of a brief with what must stay on one line: on a page a range of numbers (print.typ does it in the PDF),
    a day and its month, in Russian a preposition or conjunction of one letter and the word after it."""
    text = DAY.sub("\u00a0", text)
    if page:
        text = RANGE.sub("–\u2060", text)
    return LETTER.sub("\\1\u00a0", text) if lang == "ru" else text
