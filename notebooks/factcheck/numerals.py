"""Every numeral of a Russian text: `find`.

A numeral may be a claim, so none may be overlooked: digits, number words in every case, fractions,
multipliers, Roman numbers and names such as COVID-19 are found. In other languages only digits are.

It works in four steps. Words that a line end or an invisible character breaks are made whole
(`joined`). The text is cut into tokens; each token gets a class of one letter, words by morphology
(russian.py) and, where that does not decide, by their neighbours; one regular expression over the
string of these letters, the grammar, joins what belongs together: «60 миллиардов долларов» is
`0_S_C`, one hit. All offsets count code points of the text as given. The classes are

    0 digits       R Roman number     H hundreds     T tens      U units and teens   S thousand, dozen …
    o ordinal      d ordinal that can be a denominator («пятых»)  F half, third, quarter
    x multiplier   f first («впервые») X compound («двухлетний»)  m «разы» of «в разы», «порядок»
    % percent sign P percent          $ sign of a currency        C currency A adjective of a unit
    G year         M month            V other unit, «раз»         D «десятилетие»     v «в», «в.» (century)
    c «с»          l «лишним»         i «и»          z «целых»    n «на»     E «One»  Z «США»
    p «пара»       N name before +    w other word
    # №            - hyphen           – dash         + plus       _ space  / newline  . anything else
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from factcheck import russian


@dataclass(frozen=True)
class Numeral:
    """kind: what sort of number it says, number, ordinal, multiplier («в пять раз») or fraction («треть»)."""

    start: int
    end: int
    surface: str
    kind: str


# ---------------------------------------------------------------- words that are broken

_LETTERS = "[^\\W\\d_]+"
_BROKEN = re.compile(
    "(?<=[а-яё])[-\u00ad‐][ \t]*\r?\n[ \t]*(?=[а-яё])"  # a word at a line end
    "|(?<=\\d)[-–‐][ \t]*\r?\n[ \t]*(?=\\d)"  # a range at a line end
    "|[\u00ad\u200b-\u200d\u2060\ufeff]+"  # soft hyphens and what has no width
)


@dataclass(frozen=True)
class Joined:
    """A text whose broken words are whole; text[i] stood at places[i] of the original."""

    text: str
    places: Sequence[int]
    line_ends: int  # how many words or ranges were broken at a line end
    invisible: int  # how many invisible characters were left out


def joined(text: str) -> Joined:
    """Make words whole that a line end (text from a PDF) or an invisible character breaks."""
    pieces, places, at, ends, invisible = [], [], 0, 0, 0
    for match in _BROKEN.finditer(text):
        kept = _between(text, match)
        pieces += [text[at : match.start()], kept]
        places += [*range(at, match.start()), *[match.start()] * len(kept)]
        at = match.end()
        ends, invisible = ends + ("\n" in match[0]), invisible + ("\n" not in match[0])
    if not pieces:
        return Joined(text, range(len(text)), 0, 0)
    return Joined("".join([*pieces, text[at:]]), [*places, *range(at, len(text))], ends, invisible)


def _between(text, match) -> str:
    """What stays between two parts: nothing within a word, the hyphen of «северо-западный», a space."""
    hyphen = match[0][0] in "-‐–"
    if not hyphen and "\u200b" not in match[0]:
        return ""
    before = re.search(f"{_LETTERS}$", text[max(0, match.start() - 40) : match.start()])
    after = re.match(_LETTERS, text[match.end() : match.end() + 40])
    if not before or not after:
        return match[0][0] if hyphen else ""
    first, second = before[0].lower(), after[0].lower()
    known = russian.is_known
    if known(first + second) or russian.word_class(first + second) != "w":
        return ""
    two = known(first) and known(second)
    if hyphen:
        return "-" if two or known(f"{first}-{second}") else ""
    return " " if two else ""


# ---------------------------------------------------------------- tokens

_SPACE = " \t\u00a0\u2000-\u200a\u202f\u205f\u3000"
_TOKEN = re.compile(
    rf"""
    (?P<url>   (?:https?://|www\.)\S+ )
  | (?P<num>   (?: \d{{1,3}}(?:[ \u00a0\u2009\u202f'’]\d{{3}})+(?!\d) | \d+ ) (?:[.,:/⁄]\d+)*
               [⁰¹²³⁴-⁹½¼¾⅐-⅞]* | [½¼¾⅐-⅞] | [₀-₉]+ | [①-⒛⓪-⓿❶-➓] )
  | (?P<roman> [\u2160-\u2188]+ )
  | (?P<abbr>  (?i:п\.\s?п|г\.\s?г|вв?|гг?|тыс|млн|млрд|трлн|руб|долл|коп|кв|куб|мин|сек|чел|экз|мес)\. )
  | (?P<list>  (?i:во-(?:первых|вторых)|в-(?:трет|четв[её]рт|пят|шест|седьм|восьм|девят|десят)(?:ых|ьих))\b )
  | (?P<word>  [^\W\d_\u2160-\u2188](?:[^\W\d_\u2160-\u2188]|[\u0300\u0301\u0306\u0308]|[²³](?!\d))* )
  | (?P<space> [{_SPACE}]+ )
  | (?P<newline> [\r\n\u2028\u2029]+ )
  | (?P<unit>  °(?:[{_SPACE}]?[CСF]\b)? )
  | (?P<sign>  [%‰٪]|[$€£¥₽₸₴₹]|[№]|[-‐‑]|[–—−÷]|[+±×] )
  | (?P<other> . )""",
    re.X | re.S,
)
_SIGNS = {"%": "%‰٪", "$": "$€£¥₽₸₴₹", "#": "№", "-": "-‐‑", "–": "–—−÷", "+": "+±×"}
_SIGN_CLASS = {sign: cls for cls, signs in _SIGNS.items() for sign in signs}
_KIND_CLASS = {"num": "0", "roman": "R", "space": "_", "newline": "/", "unit": "V"}


def _classify(text: str):
    """Tokens of the text and the string of their classes, one letter each."""
    tokens = list(_TOKEN.finditer(text))
    classes = [_token_class(token) for token in tokens]
    for i, token in enumerate(tokens):
        if token.lastgroup == "word":
            word = _Word(tokens, classes, i)
            if decide := _rule(word):
                classes[i] = decide(word)
    _part_years_from_values(tokens, classes)
    return tokens, "".join(classes)


def _token_class(token) -> str:
    kind, surface = token.lastgroup, token[0]
    if kind in ("word", "list"):
        return russian.word_class(surface)
    if kind == "abbr":
        return russian.FORM_CLASS[re.sub(r"\s", "", surface.lower())[:-1]]
    if kind == "sign":
        return _SIGN_CLASS[surface]
    return _KIND_CLASS.get(kind, ".")


# ---------------------------------------------------------------- words that their neighbours decide


class _Word:
    """A word among its neighbours."""

    def __init__(self, tokens, classes, i):
        self.tokens, self.classes, self.i = tokens, classes, i
        self.surface, self.cls = tokens[i][0], classes[i]
        self.form = russian.form(self.surface)
        self.before, self.after = self.word(-2), self.word(2)

    def word(self, step) -> str:
        """The word that many tokens away, in which spaces and signs count; empty if it is none."""
        i = self.i + step
        word = 0 <= i < len(self.tokens) and self.tokens[i].lastgroup in ("word", "abbr")
        return self.tokens[i][0] if word else ""

    def sign(self, step) -> str:
        """The class that many tokens away; empty beyond the text."""
        i = self.i + step
        return self.classes[i] if 0 <= i < len(self.tokens) else ""

    def follows(self, pattern) -> bool:
        """Whether the word before is one of these."""
        return bool(re.fullmatch(pattern, russian.form(self.before)))

    def precedes(self, pattern) -> bool:
        """Whether the word after begins so."""
        return bool(re.match(pattern, russian.form(self.after)))


def _rule(word):
    """The function that decides the class of such a word; None for all others."""
    if word.surface.isupper():
        if re.fullmatch("[IVXLCDMХІСМ]+", word.surface):
            return _roman
        if len(word.surface) > 1 and word.sign(1) == "+" and word.sign(2) in ("", *"_/."):
            return lambda word: "N"  # «БРИКС+»
    if word.form.startswith("многократн"):
        return _many
    return _pair if word.cls == "p" else _RULES.get(word.form)


def _pair(word):  # «пара лет», but not «супружеская пара»
    return "U" if russian.may_be(word.after, "plur", "gent") else "w"


def _forty(word):  # «до сорока лет», but not «сорока сидела»
    cases = ("gent", "datv", "ablt", "loct")
    counted = any(russian.may_be(word.after, "plur", case) for case in cases)
    linked = word.follows(
        "более|менее|больше|меньше|около|свыше|порядка|до|от|из|без|после|к|старше|младше"
    )
    return word.cls if counted or linked or word.sign(2) in tuple("SPCGVU") else "w"


def _seven(word):
    """«владел семью языками», but not «кормит семью», «нашу семью», «кормит семью блинами»."""
    # «двадцатью семью», «с семью»: the family would be «с семьёй».
    linked = word.follows("со?|надо?|перед|между") or word.sign(-2) in tuple("HTSU")
    if linked or word.precedes("тыс|млн|млрд|трлн|миллион|миллиард"):
        return word.cls
    family = (
        russian.may_be(word.before, "tran")
        or russian.may_be(word.before, "ADJF", "femn", "accs")
        or word.follows("его|её|их")
    )
    return word.cls if russian.may_be(word.after, "plur", "ablt") and not family else "w"


def _hundred(word):  # a garage is «СТО», unless everything is in capitals
    capitals = word.before.isupper() or word.after.isupper()
    return "w" if word.surface == "СТО" and not capitals else word.cls


def _ones(word):  # «only» and «some», except «одни из» and «одни сутки»
    return word.cls if word.precedes("из$|сут|час") else "w"


def _half(word):  # «пол-Европы», but not the floor
    return "F" if word.sign(1) == "-" and word.after else word.cls


def _manifold(word):  # «в разы», «в несколько раз»
    several = word.form == "разы" or word.precedes("раз$")
    return "m" if several and word.follows("во?") else word.cls


_CHANGE = re.compile(
    r"(?:вы|воз|под)?р(?:о|а)с(?:$|л|т)|увелич|прибав|подня|подско|повы[сш]|превы|превзо|обо[гш]|усил|улучш|"
    r"ускор|сни[зж]|сокра|умень|упа|пада|ухудш|отст|отлич|(?:по|вз)?дорож|(?:по)?дешев|скак|скач|потер"
)


def _magnitude(word):
    """«на порядок выше», «выросли на порядок», but not «на порядок уплаты»."""
    return "m" if word.follows("на") and _changed(word, -4, -6, -8, 2) else word.cls


def _many(word):
    """«вырос многократно», «многократный рост», but not «многократно заявлял»."""
    return "x" if _changed(word, -2, -4, 2, 4) else word.cls


def _changed(word, *steps) -> bool:
    """Whether one of the words so many tokens away tells of a change or compares."""
    words = (word.word(step) for step in steps)
    return any(_CHANGE.match(russian.form(w)) or russian.may_be(w, "COMP") for w in words)


_RULES = {
    "сорока": _forty,
    "семью": _seven,
    "сто": _hundred,
    "одни": _ones,
    "одних": _ones,
    "одними": _ones,
    "пол": _half,
    "разы": _manifold,
    "несколько": _manifold,
    "много": _manifold,
    "порядок": _magnitude,
    "порядки": _magnitude,
}

_ROMAN_LETTERS = str.maketrans("ХІСМ", "XICM")
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_AFTER = re.compile(
    r"вв?$|век|столети|тысячелети|полугоди|съезд|саммит|сесси|созыв|форум|олимпи|"
    r"квартал|пленум|конгресс|конференц|чемпионат|игр|этап|тур|степен|групп|"
    r"мировой|междунар|летн|зимн|всеросс"
)
_ROMAN_BEFORE = re.compile(
    r"глав|том|част|раздел|стат|класс|тип|степен|групп|категор|протокол|фаз|квартал|приложени"
)


def _roman(word) -> str:
    """R if the letters are a Roman number: «II» always, «V» and «CD» only where a number is expected."""
    surface = word.surface
    latin = surface.translate(_ROMAN_LETTERS)
    if not _ROMAN.fullmatch(latin) or set(surface) <= set("СМ"):
        return word.cls
    if len(latin) > 1 and set(latin) <= set("IVX") and set(surface) & set("IVX"):
        return "R"
    for step in (-1, 1):
        linked = word.sign(step) in ("-", "–")
        if linked and re.fullmatch("[IVXХІ]+", word.word(2 * step)):
            return "R"  # «V–VI»
    ruler = surface in "IVX" and re.fullmatch("[А-ЯЁ][а-яё]+", word.before)  # «Пётр I»
    part = surface in "IVX" and _ROMAN_BEFORE.match(russian.form(word.before))
    return "R" if ruler or part or _ROMAN_AFTER.match(russian.form(word.after)) else word.cls


_YEAR = re.compile(r"(?:\d\d?\.\d\d?\.)?(?:1[5-9]|20)\d\d")


def _part_years_from_values(tokens, classes):
    """Make two of «2024 – 4,8 %» by a line break in the classes; «2024 – 2025» stays a range."""
    for match in re.finditer("(?=0(_?%)?(_[-–]_?)0((?:_?G)?))", "".join(classes)):
        left, right = match.start(), match.end(2)
        first, second = tokens[left][0], tokens[right][0]
        years = [bool(_YEAR.fullmatch(number)) for number in (first, second)]
        if years == [True, False]:
            within = left > 1 and russian.form(tokens[left - 2][0]) in ("в", "к")
            apart = within or not (match[3] or re.fullmatch(r"\d{4}", second))
        else:
            apart = years == [False, True] and (match[1] or match[3] or "," in first)
        if apart:
            classes[match.start(2)] = "/"


# ---------------------------------------------------------------- grammar

_LETTER = "[A-Za-z]"
_HALF = "(?:_c_[Fl])?"  # «с половиной», «с лишним»
_CARDINAL = "(?:H(?:_T)?(?:_U)?|T(?:_U)?|U)"  # «сто двадцать пять»
_DIGITS = f"(?:0(?:-{_LETTER}|w0?)?)"  # «80-х», «5-летний», 5G, 4х4
_ONE = f"(?:{_DIGITS}|{_CARDINAL}){_HALF}"
_SCALED = f"(?:(?:{_ONE}_?)?S(?:_S)*{_HALF})"  # «2,5 млрд», «сотни тысяч»
_NUMBER = (
    f"(?:{_SCALED}(?:_{_SCALED})*(?:_(?:(?:H_T|H|T)_[od]|{_CARDINAL}|[od]))?"
    f"|{_CARDINAL}_z(?:_i)?_{_CARDINAL}_d"  # «ноль целых пять десятых»
    "|(?:H(?:_T)?|T)_[od]"  # «двадцать первый»
    "|U_(?:F|d)"  # «две трети», «три пятых»
    f"|{_ONE}|[od](?:_S)?|F(?:_S)?)"
)
_UNIT = "(?:_?%|_?P(?:_V)?|_?(?:A_){0,2}C(?:_Z)?|_?\\$|_?(?:A_){0,2}[GVD]|_M(?:_0(?:_?G)?)?)"
_JOIN = "(?:[-–+]|(?<=[0%])_[-–+]_?(?=0))"  # «10-20», «два-три», «15% – 20%»
_GRAMMAR = re.compile(
    f"(?P<name>{_LETTER}-?0(?:[A-Zwo])?(?:-0w?)*(?:_?\\+_?[0EU])?|0_?\\+_?[EU]|N\\+)"
    "|(?P<roman>R(?:-w)?(?:_?[-–]_?R(?:-w)?)?(?:_[DVGv])?)"
    "|(?P<half>F-[A-Za-z])"
    f"|(?P<number>(?:[#$]_?)?(?:(?<![^_/])[-–+](?=0))?{_NUMBER}(?:%|_%)?(?:{_JOIN}{_NUMBER})*{_UNIT}?"
    "(?:\\+(?![0A-Za-z]|_[0EU]))?)"
    "|(?P<word>X(?:_G)?|[xfD]|[vn]_m(?:_V)?)"
)


def find(text: str) -> list[Numeral]:
    """Every numeral of a Russian text, in order, none overlapping another.

    A number is one hit with its scale word, percent, currency, time or measure and «раз»; a range is
    one hit. Rather too many than too few: whether a hit is a claim is for people to say.
    """
    whole = joined(text)
    tokens, classes = _classify(whole.text)
    hits = []
    for match in _GRAMMAR.finditer(classes):
        first, last = tokens[match.start()], tokens[match.end() - 1]
        end = last.end()
        if last.lastgroup == "abbr" and re.match(
            "(?i)млн|млрд|трлн|кв|куб|мин|сек|чел|мес", last[0]
        ):
            end -= 1  # these abbreviations have no full stop of their own: it ends the sentence
        kind = _kind(match, whole.text[first.start() : end])
        start, end = whole.places[first.start()], whole.places[end - 1] + 1
        hits.append(Numeral(start, end, text[start:end], kind))
    return hits


def _kind(match, surface: str) -> str:
    """What sort of number a hit says; dates, names and amounts of money are plain numbers."""
    group, classes = match.lastgroup, match[0]
    if group == "half":
        return "fraction"
    if group == "word":
        return "ordinal" if classes == "f" else "multiplier" if classes[-1] in "xmV" else "number"
    if group != "number":
        return "number"
    if "x" in classes or re.search(r"\bраза?м?и?\b", surface.lower()):
        return "multiplier"  # «10-кратный», «в 5 раз»
    if re.search(r"\d-[а-яё]", surface):
        return "ordinal"
    if re.search("[%P$CM]|[od].*G", classes) or re.search(_JOIN, classes):
        return "number"
    if "F" in classes or "U_d" in classes or re.search("[½¼¾⅐-⅞/]", surface):
        return "fraction"
    return "ordinal" if re.search("[od]", classes) else "number"
