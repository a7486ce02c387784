"""One cell of a CSV file: what a spreadsheet made of it, put back into the table's form, or refused.

The form: 1234567000, -1.5, 2025-06-17 (2025-06 and 2025 where the column allows), true, false; text
to the letter, with line feeds as line ends. Each function raises ValueError with what was expected.
"""

import math
import re
import unicodedata
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

LONGEST = 20_000  # characters in a cell: above, a quotation mark was surely left open
TYPES = ("string", "number", "integer", "boolean", "date")
RULES = ("enum", "maximum", "minLength", "minimum", "pattern", "required", "unique")
A_NUMBER = {"number": "a number, such as 80 or 1.5", "integer": "a whole number, such as 80"}
TRUTH = {"true": "true", "1": "true", "истина": "true"}
TRUTH |= {"false": "false", "0": "false", "ложь": "false"}
# What a spreadsheet or a program writes where a calculation failed or a value was missing.
FAILED = re.compile(
    r"#(N/A|DIV/0!|REF!|NAME\?|VALUE!|NUM!|NULL!|Н/Д|ДЕЛ/0!|ССЫЛКА!|ИМЯ\?|ЗНАЧ!|ЧИСЛО!|ПУСТО!|#+)"
    r"|[+-]?(nan|inf|infinity)|<NA>|NaT",
    re.IGNORECASE,
)
NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)")
EXPONENT = re.compile(NUMBER.pattern + r"[eEеЕ][+-]?[0-9]+")
SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
SPACE = "[ \u00a0\u2007\u2009\u202f]"
SPACED = re.compile(rf"[+-]?[0-9]{{1,3}}({SPACE}[0-9]{{3}})+([.,][0-9]+)?")  # 1 234 567 000
THOUSAND = re.compile(r"[+-]?[1-9][0-9]{0,2}([.,])[0-9]{3}")  # 1,234: a thousand, or one?
REFUSED = {
    "Cc": "control character",
    "Cn": "unassigned code point",
    "Co": "private character",
    "Cs": "half of a surrogate pair",
    "Zl": "line separator",
    "Zp": "paragraph separator",
}
REORDERING = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}  # change the order shown
LOOKALIKE = str.maketrans("АВЕКМНОРСТХаеорсух", "ABEKMHOPCTXaeopcyx")  # Cyrillic to Latin
# A question mark where a letter or a sign was.
LOST = re.compile(r"\?\?|\w\?\w|[^\W\d]\?\s[a-zа-яё]|\w\s\?\s\w")
MISREAD = re.compile(r"[РСВвÐÑÃâ][^\x00-\x7fА-я]")  # how UTF-8 begins in another code page
ADDRESS = re.compile(r"\S*[/=&]\S*")  # question marks belong there
VERBATIM = ("quote", "surface")  # compared with the interview, which may say anything


def decode(raw: bytes) -> str:
    """The text of a file as a spreadsheet saved it: UTF-8 or, with its mark, UTF-16.

    Windows-1251 is refused even where it could be read: a spreadsheet that writes it has dropped the
    letters that it has not, é as ? or as e, so that nothing tells what was lost.
    """
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        # Half a surrogate pair is let through here, so that the check of its cell can name the place.
        text = raw.decode(encoding, "surrogatepass")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"text in UTF-8, found byte 0x{raw[error.start]:02X} in line {line}; open the last "
            'sound version and save it as "CSV UTF-8", since other encodings lose letters'
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ValueError(f'text, found U+0000 in line {line}; save the file as "CSV UTF-8"')
    text = re.sub(r"\Asep=.(\r\n|\r|\n)", "", text).lstrip()  # Excel's own first line
    if not text:
        raise ValueError("a header row, the file is empty")
    return text


def day_first(raw_cells) -> bool | None:
    """Whether a file writes 17/6/2025 or 6/17/2025; None if it does neither, or both."""
    days = [SLASHED.fullmatch(cell.strip()) for cell in raw_cells if "/" in cell]
    pairs = [(int(day[1]) > 12, int(day[2]) > 12) for day in days if day]
    found = {first for first, second in pairs if first != second}
    return found.pop() if len(found) == 1 else None


def in_form(field: dict, cell: str, delimiter: str = ",", day_first: bool | None = None) -> str:
    """A cell that is not empty, in the table's form; `field` as the descriptor has it.

    `delimiter` and `day_first` (see there) say how its file was saved.
    """
    kind, partial = field["type"], field.get("partialDate")
    text = cell.strip().replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable() or "\ufffd" in text:
        _refuse_invisible(text)
    if len(text) > LONGEST:
        raise ValueError(
            f"at most {LONGEST} characters, found {len(text)}; is a quotation mark left open?"
        )
    if text[0] in "#+-<NnIi" and FAILED.fullmatch(text):
        raise ValueError("a value, or an empty cell where there is none")
    if text.startswith("="):
        raise ValueError(
            'text that does not begin with "=", which a spreadsheet would run as a formula'
        )
    if kind == "string" and not partial:
        _refuse_lost(field["name"], text)
    else:
        # Spreadsheets mark a number that is kept as text: '80 "80"
        text = re.sub(r"^'|^\"(.*)\"$", r"\1", text)
        if kind == "date" or partial:
            text = day(text, partial, day_first)
        elif kind == "boolean":
            text = _truth(text)
        else:
            text = _number(kind, text, delimiter)
    _constrain(field.get("constraints", {}), value(kind, text))
    return text


def value(kind: str, text: str):
    """The value of a cell in the table's form: str, float, int, bool; None where empty, but "" as text.

    A cell that could not be read (it is among the table's problems) stays the text that it is.
    """
    if kind in ("string", "date"):
        return text
    try:
        if kind == "boolean":
            return {"": None, "true": True, "false": False}[text]
        return None if not text else float(text) if kind == "number" else int(text)
    except (ValueError, KeyError):
        return text


def what_it_holds(field: dict) -> str:
    """What was expected of a cell that is empty and must not be, in the words of the descriptor."""
    allowed = field.get("constraints", {}).get("enum")
    one = f" (one of {', '.join(map(str, allowed))})" if allowed else ""
    return f"a value, which must not be missing: {field.get('description', field['name'])}{one}"


def shown(text) -> str:
    """A value in quotation marks for a message, shortened, what cannot be seen as its code."""
    text = str(text).replace("\n", " ")
    text = text if len(text) <= 80 else text[:79] + "…"
    visible = (
        c if c.isprintable() or unicodedata.category(c) == "Zs" else f"<{_code(c)}>" for c in text
    )
    return f'"{"".join(visible)}"'


def one_of(text: str, known) -> str:
    """`one of a, b, c; nearest: a`"""
    known = [str(name) for name in known]
    return f"one of {', '.join(known)}{hint(text, known)}"


def hint(text: str, known=(), alike: float = 0.6, most: int = 1) -> str:
    """`; nearest: ratio`, where one of the known names was perhaps meant; empty where none is as much alike.

    Another case, one slip, a Cyrillic letter that looks Latin. `most`: how many names are given.
    """
    latin, near = text.translate(LOOKALIKE), {name.casefold(): name for name in known}
    matches = get_close_matches(latin.casefold(), near, most, alike)
    found = f"; nearest: {', '.join(near[match] for match in matches)}" if matches else ""
    if text != latin and latin.isascii():
        c = next(c for c in text if not c.isascii())
        found += f' (the "{c}" is {_code(c)}, a Cyrillic letter)'
    return found


def _code(c):
    return f"U+{ord(c):04X}"


def _refuse_invisible(text):
    for c in text:
        category = unicodedata.category(c)
        if c != "\n" and (category in REFUSED or c in REORDERING or c == "\ufffd"):
            what = REFUSED.get(category) or unicodedata.name(c).lower()
            raise ValueError(f"text without {_code(c)}, {what}")


def _refuse_lost(name, text):
    """Letters that a code page had not, and texts in UTF-8 that were read in another code page."""
    if text.isascii() and "?" not in text:
        return
    if "?" in text and name not in VERBATIM and LOST.search(ADDRESS.sub(" ", text)):
        raise ValueError(
            'the letter or sign that was lost where "?" stands; enter it again and save as '
            '"CSV UTF-8"'
        )
    for word in re.findall(r"[^\x00-\x7f]{2,}", text) if MISREAD.search(text) else ():
        for page, shortest in (("cp1251", 4), ("cp1252", 2)):
            try:
                meant = word.encode(page).decode() if len(word) >= shortest else ""
            except UnicodeError:
                continue
            if meant:
                raise ValueError(f"“{meant}”; the file was opened in the wrong encoding and saved")


# ---- values


def _truth(text):
    if text.casefold() not in TRUTH:
        raise ValueError("true or false")
    return TRUTH[text.casefold()]


def day(text: str, partial: bool = False, day_first: bool | None = None) -> str:
    """ISO form of a day as people and spreadsheets write it, where it can be read in one way only.

    2025-06-17, 17.06.2025, 6/17/2025, 2025-06-17 00:00:00; with `partial` also 2025-06, 06.2025 and 2025.
    """
    text = re.sub(r"[T ]0?0:00(:00(\.0+)?)?Z?$", "", text)
    text = re.sub(r"^([0-9]{4})\.0$", r"\1", text)  # a year that was taken for a number
    if slashed := SLASHED.fullmatch(text):
        text = _slashed(*slashed.groups(), day_first)
    dotted = re.fullmatch(r"(?:(?:([0-9]{1,2})\.)?([0-9]{1,2})\.)?([0-9]{4})", text)
    iso = "-".join(part.zfill(2) for part in reversed(dotted.groups()) if part) if dotted else text
    form = r"[0-9]{4}(-[0-9]{2}){0,2}" if partial else r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    try:
        if not re.fullmatch(form, iso):
            raise ValueError
        date.fromisoformat((iso + "-01-01")[:10] if len(iso) != 7 else iso + "-01")
    except ValueError:
        more = ", 2025-06 or 2025" if partial else ""
        raise ValueError(f"a date, such as 2025-06-17{more}") from None
    return iso


def _slashed(first, second, year, day_first):
    """17.6.2025 of 17/6/2025 or 6/17/2025; of 4/6/2025 only if it is known which is the day."""
    if int(first) > 12 or int(second) > 12 or first == second:
        day_first = int(first) > 12
    if day_first is None:
        raise ValueError(
            f"a day that can be read in one way only, such as {year}-{second:0>2}-{first:0>2} or "
            f"{year}-{first:0>2}-{second:0>2}"
        )
    return f"{first}.{second}.{year}" if day_first else f"{second}.{first}.{year}"


def _number(kind, text, delimiter):
    """A number as people and spreadsheets write it, where it can be read in one way only."""
    if "%" in text:
        raise ValueError("a number without a percent sign, the column's unit says what it counts")
    text = text.replace("\u2212", "-")  # the typographer's minus
    if EXPONENT.fullmatch(text):
        raise ValueError(
            "a number with all its digits; show the column as a number without an exponent, "
            "enter again what was cut, and save"
        )
    if SPACED.fullmatch(text):
        text = re.sub(SPACE, "", text)
    mark, thousand = {",": ".", ";": ","}.get(delimiter), THOUSAND.fullmatch(text)
    commas = delimiter == "," and re.fullmatch(r"[+-]?[0-9.]+(,[0-9.]+)+", text)
    if commas or thousand and thousand[1] != mark:
        raise ValueError(
            "a number that can be read in one way only, without separators of thousands, "
            f"such as 1234 or 1{mark or '.'}5"
        )
    text = text.replace(",", ".").removeprefix("+")
    if not NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        raise ValueError(A_NUMBER[kind])
    if kind == "integer":
        if Decimal(text) % 1 or abs(Decimal(text)) >= 2**63:
            raise ValueError(A_NUMBER[kind])
        return str(int(Decimal(text)))
    return text


def _constrain(rules, found):
    if "enum" in rules and found not in rules["enum"]:
        raise ValueError(one_of(str(found), rules["enum"]))
    if "minimum" in rules and found < type(found)(rules["minimum"]):
        raise ValueError(f"{rules['minimum']} or more")
    if "maximum" in rules and found > type(found)(rules["maximum"]):
        raise ValueError(f"{rules['maximum']} or less")
    if "pattern" in rules and not re.fullmatch(rules["pattern"], str(found)):
        raise ValueError(f"the form {rules['pattern']}{hint(str(found))}")
    if len(str(found)) < rules.get("minLength", 0):
        raise ValueError(f"at least {rules['minLength']} characters")
