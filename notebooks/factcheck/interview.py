"""The interview: its text, the places of quotes in it, and every numeral that it says.

A numeral may be a claim, so none may be overlooked: `numerals` finds digits, number words in every
case, fractions, multipliers, Roman numbers and names such as C5+1; people then link each to a claim
or dismiss it (data/mentions.csv), and `audit` tells what is left.

The detector works in three steps. The text is cut into tokens; each token gets a class of one
letter (`_CLASSES`), words by morphology; one regular expression over the string of these letters,
the grammar, joins what belongs together: «50 миллиардов долларов» is `0_S_C`, one hit.
All offsets count code points, as Python does. A paragraph is a line that is not blank.
"""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path

import pymorphy3


@dataclass(frozen=True)
class Span:
    start: int
    end: int


@dataclass(frozen=True)
class Place:
    """Where a quote stands; paragraphs are counted from 1."""

    start: int
    end: int
    paragraph: int


@dataclass(frozen=True)
class Numeral:
    """kind: digits, percent, money, range, date, word, ordinal, fraction, multiplier, roman, name."""

    start: int
    end: int
    surface: str
    kind: str


# ---------------------------------------------------------------- text and places


def read(path) -> str:
    """The text of an interview, exactly as stored (line ends are kept). Raises ValueError if not UTF-8."""
    try:
        return Path(path).read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8") from None


def paragraphs(text: str) -> list[Span]:
    """The lines that are not blank, without the blanks around them."""
    return [Span(m.start(), m.end()) for m in _lines(text)]


def locate(text: str, quote: str) -> Place:
    """The place of a verbatim quote. Raises ValueError unless it stands in the text exactly once."""
    if not quote.strip():
        raise ValueError("the quote is empty: give its words as they stand in the interview")
    starts = [m.start() for m in re.finditer(f"(?={re.escape(quote)})", text)]
    if not starts:
        raise ValueError(f"it is not there; {_difference(text, quote)}")
    if len(starts) > 1:
        raise ValueError(f"it is there {len(starts)} times; make it longer until it is unique")
    start = starts[0]
    before = [span.start for span in paragraphs(text)]
    return Place(start, start + len(quote), max(1, bisect_right(before, start)))


def _difference(text, quote):
    """Where a quote that is not in the text begins to differ from what is nearest to it."""
    match = SequenceMatcher(None, text, quote, autojunk=False).find_longest_match()
    if match.size < 12:
        return "nothing there is like it"
    end = match.b + match.size
    if end < len(quote):
        return (
            f"after «{quote[max(match.b, end - 25) : end]}» it has {_named(quote[end])}, "
            f"the interview {_named(text[match.a + match.size :][:1])}"
        )
    return (
        f"before «{quote[match.b : match.b + 25]}» it has {_named(quote[match.b - 1])}, "
        f"the interview {_named(text[: match.a][-1:])}"
    )


def _named(char):
    return (
        f"{char if char.isprintable() else ''} ({unicodedata.name(char, repr(char))})".strip()
        if char
        else "nothing"
    )


def sentence(text: str, start: int, end: int) -> str:
    """The sentence, or sentences, that text[start:end] touches."""
    starts, ends = _sentences(text)
    first = max(0, bisect_right(starts, start) - 1)
    last = max(first, bisect_right(starts, max(start, end - 1)) - 1)
    return text[starts[first] : ends[last]] if starts else ""


def _lines(text):
    return re.finditer(r"[^\s](?:[^\r\n\u2028\u2029]*[^\s])?", text)


# Not the end of a sentence: initials («К. Токаев») and abbreviations before a capital («г. Астана»).
_ABBREVIATED = re.compile(
    r"(?:^|[\s(«\"])(?:[А-ЯЁA-Z]|г|гг|ул|им|т|д|п|св|ср|см|стр|ст|тыс|руб|долл|"
    r"проф|акад|и\.о|т\.[еднкп])$"
)
_BLANKS = re.compile(r"\s*")
_SENTENCE_END = re.compile(r"[.!?…]+[»\"”)\]]*(?=\s+[«\"“(\[–—-]*\s*[^\W\d_a-zа-яё]|\s+\d)")


@lru_cache(maxsize=8)  # asked once for every hit of the same text
def _sentences(text):
    starts, ends = [], []
    for line in _lines(text):
        start = line.start()
        for stop in _SENTENCE_END.finditer(text, start, line.end()):
            if stop[0] == "." and _ABBREVIATED.search(
                text[max(start, stop.start() - 8) : stop.start()]
            ):
                continue
            starts.append(start)
            ends.append(stop.end())
            start = _BLANKS.match(text, stop.end()).end()
        starts.append(start)
        ends.append(line.end())
    return starts, ends


# ---------------------------------------------------------------- classes of words

_CLASSES = """
    0 digits       R Roman number     H hundreds     T tens      U units and teens   S thousand, dozen …
    o ordinal      d ordinal that can be a denominator («пятых»)  F half, third, quarter
    x multiplier   f first («впервые») X compound («двухлетний»)  p «пара»
    % percent sign P percent          $ sign of a currency        C currency A adjective of a unit
    G year         M month            V other unit, «раз»         D «десятилетие»     v «в.» (century)
    c «с»          l «лишним»         i «и»          z «целых»     E «One»  Z «США»  w other word
    # №            - hyphen           – dash         + plus       _ space  / newline  . anything else
"""

_HUNDREDS = set(
    "сто полтораста полста двести триста четыреста пятьсот шестьсот семьсот восемьсот "
    "девятьсот".split()
)
_TENS = set("двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто".split())
_INDEFINITE = set(
    "несколько нисколько нисколечко сколько сколечко столько столечко эстолько достаточно "
    "недостаточно мало маловато много многовато немало немного".split()
)
_NOUNS = {  # class -> lemmas, with е for ё
    "U": "ноль нуль zero",
    "S": "тысяча тыща миллион миллиард триллион квадриллион сотня десяток дюжина "
    "тыс млн млрд трлн полмиллиона полмиллиарда полтысячи полсотни полдюжины полсотня полтысяча "
    "полдюжина тройка четверка пятерка "
    "шестерка семерка восьмерка девятка десятка двадцатка",
    "F": "половина треть четверть",
    "P": "процент процентный промилле",
    "C": "доллар рубль евро тенге юань иена йена фунт франк лира вона рупия сум сом манат гривна "
    "злотый крона копейка цент тугрик драм лари сомони биткоин риал дирхам",
    "G": "год",
    "M": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "D": "десятилетие столетие тысячелетие полугодие",
    "V": "раз век месяц неделя сутки день час минута секунда квартал "
    "километр метр сантиметр миллиметр миля гектар тонна килограмм грамм литр баррель градус "
    "ватт киловатт мегаватт гигаватт балл очко пункт очередь",
    "A": "американский австралийский канадский гонконгский казахстанский российский китайский турецкий "
    "белорусский египетский квадратный кубический календарный рабочий световой базисный",
    "z": "целый",
}
_FORMS = {  # class -> forms without morphology: abbreviations and adverbs
    "P": "пп п.п",
    "C": "тенге руб р долл тг коп usd eur rub kzt cny",
    "G": "г гг г.г",
    "V": "км м см мм кг мг т га л кв квт мвт гвт твт вт ч мин сек мес гб мб тб мм² м² км² м³ млн³ мбит гбит "
    "чел экз kg km",
    "S": "тыс млн млрд трлн bn mln",
    "A": "кв куб",
    "v": "в вв",
    "Z": "сша",
    "c": "с со",
    "i": "и",
    "l": "лишним",
    "E": "one",
    "f": "впервые вначале во-первых",
    "x": "вдвое втрое вчетверо впятеро вшестеро всемеро ввосьмеро вдевятеро вдесятеро дважды "
    "трижды четырежды стократ стократно троекратно единожды вдвойне втройне двукратно вдвоем втроем "
    "вчетвером впятером вшестером всемером ввосьмером двойня тройня",
    "F": "пополам наполовину вполовину полчаса полгода полвека полдня полмесяца полпроцента полтонны полкило "
    "полкилометра полметра полмира полстраны полпути получаса полугода полувека полминуты поллитра",
}
_FORM_CLASS = {form: cls for cls, forms in _FORMS.items() for form in forms.split()}
_NOUN_CLASS = {noun: cls for cls, nouns in _NOUNS.items() for noun in nouns.split()}

_MULTIPLIER = re.compile(
    r"удво|удва[ие]|утро[иея]|утраи|учетвер|упятер|удесятер|(?:дв|тр)оекратн|тройственн|"
    r"(?:дв|тр)ойн(?:ой|ая|ое|ые|ого|ому|ым|ом|ую|ых|ыми)$"
)
# Compounds with a numeral stem. Stems that also begin other words («столица», «двуличный», «семинар»)
# carry the list of what may, or may not, follow.
_COMPOUND = re.compile(
    r"""
    (?: двух | трех | четырех | [а-я]+надцати | (?:два|три)дцати | (?:пяти|шести|семи|восьми)десяти(?!ни)
      | девяноста | (?:двух|трех|четырех|пяти|шести|семи|восьми|девяти)сот | полутора
      | сорока | шести | восьми | девяти(?!н) | десяти(?!н|ч)
      | пяти(?!горс|морс|хат|алтын|на|ок) | четверть(?=век)
      | семи(?!нар|нол|т(?!ы|о[мн])|палат|реч|луг?|сопоч|кара|от|оз|ин|к|олог|шник) )[а-я]{4,}
    | дву(?!лик|лич|смысл|руш|шк|гривен|душ|жил|окис|тавр|колк|рог|нитк|реч|зуб|х)[а-я]{5,}
    | (?:двое|трое|четверо|пяти)(?:борь|власт|кратн|бор[цч])[а-я]*
    | сто(?!летник)(?=ватт|градус|грамм|днев|доллар|километр|кратн|лет|литр|листов|метро|миллион|миллиард|
        процент|пуд|пят|двад|рубл|сил|страниц|тонн|тысяч|этаж|балл|мест|очков|часов|секунд)[а-я]+
    | одно(?=актн|атомн|двухд|годич|голос(?!н)|днев|кратн|комнат|колейн|этаж|сторон|палат|партийн|полярн|
        слойн|ступен|процент|лет|месяч|мандат|минут|мерн|уровн|член|язычн|часов|секунд|
        раундов|серийн)[а-я]+
    | полу(?=годи|годов|год|век|часов|миллион|миллиард|сотн|дюжин|торн|тысяч)[а-я]+
    | тысяче(?!лист)[а-я]{4,} | (?:миллион|миллиард|триллион|тысяч)н(?:ик|[ыоау])[а-я]*
    | (?:много|мульти)(?:тысяч|сот(?!о)|миллион(?!ер)|миллиард(?!ер)|триллион)[а-я]+
    | (?:перво|второ|третье)(?:курсн|классни)[а-я]+ """,
    re.X,
)


@lru_cache(maxsize=1)  # reading the dictionary takes a moment: not at import
def _morph():
    return pymorphy3.MorphAnalyzer()


@lru_cache(maxsize=200_000)  # texts repeat their words
def _word_class(form: str) -> str:
    """The class of a word, from all of its parses: the likeliest of «сто» is an abbreviation, not 100."""
    plain = form.replace("ё", "е")
    if plain in _FORM_CLASS:
        return _FORM_CLASS[plain]
    if "-" in plain:  # «во-первых», the only words with a hyphen that are one token
        return "f"
    if len(form) < 2 or not "а" <= form[0] <= "я":
        return "w"
    parses = _morph().parse(form)
    for p in parses:
        lemma = p.normal_form.replace("ё", "е")
        if p.tag.POS == "NUMR" and p.is_known and lemma not in _INDEFINITE:
            return "H" if lemma in _HUNDREDS else "T" if lemma in _TENS else "U"
        if "Anum" in p.tag:
            if lemma == "один":
                return "U"
            part = lemma not in ("первый", "второй") and re.search(
                "([ыь]х|ая|ья|[оь]й|ей|[ую]ю)$", plain
            )
            return "d" if part else "o"
    for p in parses:
        lemma = p.normal_form.replace("ё", "е")
        if p.tag.POS == "NOUN" or lemma in ("процентный", "целый") or _NOUN_CLASS.get(lemma) == "A":
            if lemma == "пара" and "Geox" not in p.tag:
                return "p"
            if lemma in _NOUN_CLASS:
                return _NOUN_CLASS[lemma]
    if form.startswith("пол") and len(form) > 6 and _is_half(form, parses[0]):
        return "F"
    if _MULTIPLIER.match(plain):
        return "x"
    if (
        _COMPOUND.match(plain)
        and parses[0].tag.POS in ("NOUN", "ADJF", "ADJS", "ADVB")
        and not parses[0].tag.grammemes & {"Surn", "Name", "Geox"}
    ):
        return "X"
    return "w"


def _is_half(form, parse) -> bool:
    """«полстакана», but not «полосы» («осы»): the word itself is indeclinable or not in the dictionary."""
    indeclinable = parse.normal_form == form and parse.tag.grammemes & {"neut", "Fixd"}
    return (not parse.is_known or bool(indeclinable)) and any(
        p.is_known
        and p.tag.POS == "NOUN"
        and {"gent", "sing"} <= p.tag.grammemes
        and not p.tag.grammemes & {"Name", "Surn", "Patr", "Abbr"}
        for p in _morph().parse(form[3:])
    )


# ---------------------------------------------------------------- tokens

_SPACE = " \t\u00a0\u2000-\u200a\u202f\u205f\u3000"
_TOKEN = re.compile(
    rf"""
    (?P<url>   (?:https?://|www\.)\S+ )
  | (?P<num>   (?: \d{{1,3}}(?:[ \u00a0\u2009\u202f'’]\d{{3}})+(?!\d) | \d+ ) (?:[.,:/⁄]\d+)*
               [⁰¹²³⁴-⁹½⅓⅔¼¾⅕-⅞]* | [½⅓⅔¼¾⅕-⅞] | [₀-₉]+ )
  | (?P<abbr>  (?i:п\.\s?п|г\.\s?г|вв?|гг?|тыс|млн|млрд|трлн|руб|долл|коп|кв|куб|мин|сек|чел|экз|мес)\. )
  | (?P<list>  (?i:во-(?:первых|вторых)|в-(?:трет|четв[её]рт|пят|шест|седьм|восьм|девят|десят)(?:ых|ьих))\b )
  | (?P<word>  [^\W\d_](?:[^\W\d_]|[\u0300\u0301\u0306\u0308\u00ad]|[²³](?!\d))* )
  | (?P<roman> [\u2160-\u217f]+ )
  | (?P<space> [{_SPACE}]+ )
  | (?P<newline> [\r\n\u2028\u2029]+ )
  | (?P<unit>  °(?:[{_SPACE}]?[CСF]\b)? )
  | (?P<sign>  [%‰٪]|[$€£¥₽₸₴₹]|[№]|[-‐‑]|[–—−÷]|[+±×] )
  | (?P<other> . )""",
    re.X | re.S,
)
_SIGNS = {"%": "%‰٪", "$": "$€£¥₽₸₴₹", "#": "№", "-": "-‐‑", "–": "–—−÷", "+": "+±×"}
_KIND_CLASS = {"num": "0", "roman": "R", "space": "_", "newline": "/", "unit": "V"}
_SIGN_CLASS = {sign: cls for cls, signs in _SIGNS.items() for sign in signs}

_LOOKALIKE = str.maketrans("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ")
_ROMAN_LETTERS = str.maketrans("ХІСМ", "XICM")
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_AFTER = re.compile(
    r"вв?$|век|столети|тысячелети|полугоди|съезд|саммит|сесси|созыв|форум|олимпи|"
    r"квартал|пленум|конгресс|конференц|чемпионат|игр|этап|тур|степен|групп|"
    r"мировой|междунар|летн|зимн|всеросс"
)
_ROMAN_BEFORE = re.compile(
    r"глав|том|част|раздел|стат|класс|тип|степен|групп|категор|протокол|фаз|квартал|"
    r"приложени"
)
_CONTEXTUAL = {"сорока", "семью", "сто", "одни", "одних", "одними", "пол"}
_NOISE = dict.fromkeys((0x300, 0x301, 0xAD))  # stress marks, soft hyphens


@lru_cache(maxsize=200_000)
def _form(word: str) -> str:
    """Lower case, composed, without stress marks; Latin letters that only look Cyrillic are replaced."""
    word = unicodedata.normalize("NFC", word.translate(_NOISE))
    if re.search("[А-яЁё]", word) and re.search("[A-Za-z]", word):
        word = word.translate(_LOOKALIKE)
    return word.lower()


def _classify(text: str):
    """Tokens of the text and the string of their classes, one letter each."""
    tokens = list(_TOKEN.finditer(text))
    classes = []
    for token in tokens:
        kind, surface = token.lastgroup, token[0]
        if kind in ("word", "list"):
            classes.append(_word_class(_form(surface)))
        elif kind == "abbr":
            classes.append(_FORM_CLASS[re.sub(r"\s", "", surface.lower())[:-1]])
        elif kind == "sign":
            classes.append(_SIGN_CLASS[surface])
        else:
            classes.append(_KIND_CLASS.get(kind, "."))
    for i, token in enumerate(tokens):
        word = token[0] if token.lastgroup == "word" else ""
        if word and (classes[i] == "p" or word.isupper() or _form(word) in _CONTEXTUAL):
            classes[i] = _in_context(tokens, classes, i)
    return tokens, "".join(classes)


def _word_at(tokens, i):
    return tokens[i][0] if 0 <= i < len(tokens) and tokens[i].lastgroup in ("word", "abbr") else ""


def _in_context(tokens, classes, i) -> str:
    """The class of a word whose neighbours decide: «пара», «сорока», «СТО», «одни», «пол-», Roman «V» …"""
    surface, cls = tokens[i][0], classes[i]
    before, after = _word_at(tokens, i - 2), _word_at(tokens, i + 2)
    if surface.isupper() and re.fullmatch("[IVXLCDMХІСМ]+", surface):
        return _roman_in_context(tokens, classes, i, before, after)
    form = _form(surface)
    if cls == "p":  # «пара лет», but not «супружеская пара»
        return "U" if any("plur" in p.tag and p.tag.case == "gent" for p in _parses(after)) else "w"
    if form in ("сорока", "семью"):
        cases = {"ablt"} if form == "семью" else {"gent", "datv", "ablt", "loct"}
        counted = "".join(classes[i + 2 : i + 3]) in tuple("SPCGVU") or any(
            p.tag.POS in ("NOUN", "ADJF") and "plur" in p.tag and p.tag.case in cases
            for p in _parses(after)
        )
        linked = form == "сорока" and re.fullmatch(
            "более|менее|больше|меньше|около|свыше|порядка|до|от|из|без|после|к|старше|младше",
            _form(before),
        )
        return cls if counted or linked else "w"
    if form == "сто" and surface == "СТО" and not (before.isupper() or after.isupper()):
        return "w"
    if form in ("одни", "одних", "одними"):  # «only» and «some», except «одни из» and «одни сутки»
        return cls if re.match("из$|сут|час", _form(after)) else "w"
    if form == "пол" and classes[i + 1 : i + 2] == ["-"] and _word_at(tokens, i + 2):
        return "F"
    return cls


@lru_cache(maxsize=10_000)
def _parses(word):
    return _morph().parse(_form(word)) if word else ()


def _roman_in_context(tokens, classes, i, before, after) -> str:
    """R if the letters are a Roman number: «II» always, «V» and «CD» only where a number is expected."""
    surface = tokens[i][0]
    latin = surface.translate(_ROMAN_LETTERS)
    if not _ROMAN.fullmatch(latin) or set(surface) <= set("СМ"):
        return classes[i]
    if len(latin) > 1 and set(latin) <= set("IVX") and set(surface) & set("IVX"):
        return "R"
    for sign, other in ((i - 1, i - 2), (i + 1, i + 2)):
        dash = 0 <= sign < len(classes) and classes[sign] in "-–"
        if dash and re.fullmatch("[IVXХІ]+", _word_at(tokens, other)):
            return "R"  # «V–VI»
    ruler = surface in "IVX" and re.fullmatch("[А-ЯЁ][а-яё]+", before)  # «Пётр I»
    part = surface in "IVX" and _ROMAN_BEFORE.match(_form(before))
    return "R" if ruler or part or _ROMAN_AFTER.match(_form(after)) else classes[i]


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
    f"(?P<name>{_LETTER}-?0(?:[A-Zwo])?(?:-0w?)*(?:_?\\+_?[0EU])?|0_?\\+_?[EU])"
    "|(?P<roman>R(?:-w)?(?:_?[-–]_?R(?:-w)?)?(?:_[DVGv])?)"
    "|(?P<half>F-[A-Za-z])"
    f"|(?P<number>(?:[#$]_?)?(?:(?<![^_/])[-–+](?=0))?{_NUMBER}(?:%|_%)?(?:{_JOIN}{_NUMBER})*{_UNIT}?"
    "(?:\\+(?![0A-Za-z]|_[0EU]))?)"
    "|(?P<word>[xfXD])"
)


def numerals(text: str) -> list[Numeral]:
    """Every numeral of a Russian text, in order, none overlapping another.

    A number is one hit with its scale word, percent, currency, time or measure and «раз»; a range is
    one hit. Rather too many than too few: whether a hit is a claim is for people to say.
    """
    tokens, classes = _classify(text)
    hits = []
    for match in _GRAMMAR.finditer(classes):
        first, last = tokens[match.start()], tokens[match.end() - 1]
        end = last.end()
        if last.lastgroup == "abbr" and re.match(
            "(?i)млн|млрд|трлн|кв|куб|мин|сек|чел|мес", last[0]
        ):
            end -= 1  # these abbreviations have no full stop of their own: it ends the sentence
        surface = text[first.start() : end]
        hits.append(Numeral(first.start(), end, surface, _kind(match, surface)))
    return hits


_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}|(?:1[5-9]|20)\d\d(?:-\d\d-\d\d)?")


def _kind(match, surface: str) -> str:
    classes, group = match[0], match.lastgroup
    if group in ("name", "roman"):
        return group
    if group == "word":
        return {"x": "multiplier", "f": "ordinal"}.get(classes, "word")
    if group == "half":
        return "fraction"
    if re.search(r"0w", classes) and re.search(r"\d[A-ZА-Яa-z]", surface):
        return "name"
    if re.search("[%P]", classes):
        return "percent"
    if re.search("[$C]", classes):
        return "money"
    if (
        "M" in classes
        or _DATE.fullmatch(surface)
        or "G" in classes
        and (re.search(r"\d{4}|\d-[а-яё]", surface) or re.search("[od]_", classes))
    ):
        return "date"
    if re.search(r"\bраза?м?и?\b", surface.lower()):
        return "multiplier"
    if re.search(_JOIN, classes) and not re.search(r"0-[a-z]", classes):
        return "range"
    if "F" in classes or re.search("U_d", classes) or re.search("[½⅓⅔¼¾⅕-⅞/]", surface):
        return "fraction"
    if re.search("[od]", classes) or re.search(r"0-w", classes):
        return "ordinal"
    return "digits" if "0" in classes else "word"


# ---------------------------------------------------------------- the ledger of mentions


def draft_mentions(text: str) -> list[dict]:
    """One row a numeral, for a person to link to a claim or to dismiss with a reason."""
    seen, rows = Counter(), []
    for number, hit in enumerate(numerals(text), 1):
        seen[hit.surface] += 1
        rows.append(
            {
                "mention_no": number,
                "start": hit.start,
                "end": hit.end,
                "surface": hit.surface,
                "occurrence": seen[hit.surface],
                "sentence": sentence(text, hit.start, hit.end),
            }
        )
    return rows


def audit(text: str, rows: list[dict]) -> list[str]:
    """What is wrong with the ledger, one line a problem; an empty list if every numeral is answered.

    `rows` have mention_id, kind, surface, occurrence, claim_id, reason_en. A row of kind "numeral"
    is the n-th hit with that surface; one of kind "statement" (rank or extent without a numeral) is
    the n-th place where the text has these words. Each row has either a claim_id or a reason_en.
    """
    hits = {(row["surface"], row["occurrence"]): row["sentence"] for row in draft_mentions(text)}
    problems, answered = [], defaultdict(list)
    for row in rows:
        mention, kind, surface = row["mention_id"], row["kind"], row["surface"]
        nth = int(row["occurrence"]) if str(row["occurrence"]).isdecimal() else 0
        if kind not in ("numeral", "statement") or nth < 1 or not surface:
            problems.append(
                f"{mention}: needs kind numeral or statement, a surface, and occurrence 1, 2, … "
                f"(«{surface}»)"
            )
            continue
        where = (
            hits.get((surface, nth), "") if kind == "numeral" else _sentence_of(text, surface, nth)
        )
        if where:
            answered[kind, surface, nth].append((mention, where))
        else:
            near = _sentence_of(text, surface, 1)
            problems.append(
                f"{mention}: stale, there is no {kind} «{surface}» number {nth}; "
                + (f"first found in: {near}" if near else "not in the text")
            )
        given = [str(row.get(key) or "").strip() for key in ("claim_id", "reason_en")]
        has = [
            bool(given[0]),
            bool(given[1]) and not given[1].startswith("? "),
        ]  # "? …": still a draft
        if has[0] == has[1]:
            given = "both" if has[0] else "neither"
            problems.append(
                f"{mention}: give either claim_id or reason_en, not {given}, "
                f"for «{surface}»: {where or 'not in the text'}"
            )
    for (_, surface, nth), same in answered.items():
        if len(same) > 1:
            names = ", ".join(str(mention) for mention, _ in same)
            problems.append(
                f"{names}: {len(same)} rows for «{surface}» number {nth}, keep one: {same[0][1]}"
            )
    for (surface, nth), where in hits.items():
        if ("numeral", surface, nth) not in answered:
            problems.append(
                f"no row for «{surface}» number {nth}, link it to a claim or dismiss it: {where}"
            )
    return problems


def _sentence_of(text, surface, nth) -> str:
    """The sentence of the n-th place where the text has these words; empty if there is none."""
    for number, match in enumerate(re.finditer(re.escape(surface), text), 1):
        if number == nth:
            return sentence(text, *match.span())
    return ""
