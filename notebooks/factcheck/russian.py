"""The class of a Russian word when numerals are looked for: one letter, whatever the word's case.

The letters are those of numerals.py. Morphology finds numerals and the dictionary form of a word; the
lists say what it cannot know, that «доллар» is a currency.
"""

import re
import unicodedata
from functools import lru_cache

import pymorphy3

_LOOKALIKE = str.maketrans("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ")
_STRESS = dict.fromkeys((0x300, 0x301))


@lru_cache(maxsize=200_000)
def form(word: str) -> str:
    """Lower case, composed, without stress marks; Latin letters that only look Cyrillic are replaced."""
    word = unicodedata.normalize("NFD", word).translate(_STRESS)
    if re.search("[А-я]", word) and re.search("[A-Za-z]", word):
        word = word.translate(_LOOKALIKE)
    return unicodedata.normalize("NFC", word).lower()


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
    "S": "тысяча тыща миллион миллиард триллион квадриллион сотня десяток дюжина тыс млн млрд трлн "
    "полмиллиона полмиллиарда полтысячи полсотни полдюжины полсотня полтысяча полдюжина "
    "тройка четверка пятерка шестерка семерка восьмерка девятка десятка двадцатка тридцатка "
    "сороковка пятидесятка пятнадцатка",
    "F": "половина треть четверть",
    "P": "процент промилле",
    "C": "доллар рубль евро тенге юань иена йена фунт франк лира вона рупия сум сом манат гривна "
    "злотый крона копейка цент тугрик драм лари сомони биткоин риал дирхам",
    "G": "год",
    "M": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "D": "десятилетие столетие тысячелетие полугодие",
    "V": "раз век месяц неделя сутки день час минута секунда квартал "
    "километр метр сантиметр миллиметр миля гектар тонна килограмм грамм литр баррель градус "
    "ватт киловатт мегаватт гигаватт балл очко пункт очередь",
    "p": "пара",
}
_ADJECTIVES = {
    "A": "американский австралийский канадский гонконгский казахстанский российский китайский турецкий "
    "белорусский египетский квадратный кубический календарный рабочий световой базисный",
    "P": "процентный",
    "z": "целый",
    "X": "нулевой",
    "x": "кратный",
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
    "n": "на во",
    "l": "лишним",
    "E": "one",
    "f": "впервые вначале во-первых",
    "x": "вдвое втрое вчетверо впятеро вшестеро всемеро ввосьмеро вдевятеро вдесятеро дважды "
    "трижды четырежды стократ стократно троекратно единожды вдвойне втройне двукратно вдвоем втроем "
    "вчетвером впятером вшестером всемером ввосьмером двойня тройня кратно",
    "F": "пополам наполовину вполовину полчаса полгода полвека полдня полмесяца полпроцента полтонны полкило "
    "полкилометра полметра полмира полстраны полпути получаса полугода полувека полминуты поллитра",
}


def _inverted(lists):
    return {word: cls for cls, words in lists.items() for word in words.split()}


_NOUN_CLASS, _ADJECTIVE_CLASS = _inverted(_NOUNS), _inverted(_ADJECTIVES)
FORM_CLASS = _inverted(_FORMS)

_MULTIPLIER = re.compile(
    r"удво|удва[ие]|утро[иея]|утраи|у(?:четв|пят|шест|сем|восьм|девят|десят)ер|обнул|(?:рас|у|о)половин[иея]|"
    r"(?:дв|тр)оекратн|тройственн|(?:дв|тр)ойн(?:ой|ая|ое|ые|ого|ому|ым|ом|ую|ых|ыми)$"
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


@lru_cache(maxsize=10_000)
def parses(word: str):
    """What a word may be, as pymorphy sees it, the likeliest first; nothing for no word."""
    return _morph().parse(form(word)) if word else ()


def may_be(word: str, *grammemes: str) -> bool:
    """Whether one parse of the word has all these grammemes, abbreviations aside."""
    return any(
        set(grammemes) <= p.tag.grammemes and "Abbr" not in p.tag.grammemes for p in parses(word)
    )


def is_known(word: str) -> bool:
    """Whether the dictionary has the word, in whatever case."""
    return _morph().word_is_known(word)


@lru_cache(maxsize=200_000)  # texts repeat their words
def word_class(word: str) -> str:
    """The class of a word, from all of its parses: the likeliest of «сто» is an abbreviation, not 100."""
    word = form(word)
    plain = word.replace("ё", "е")
    if plain in FORM_CLASS:
        return FORM_CLASS[plain]
    if "-" in plain:  # «во-первых», the only words with a hyphen that are one token
        return "f"
    if len(word) < 2 or not "а" <= word[0] <= "я":
        return "w"
    found = _morph().parse(word)
    return _number_class(plain, found) or _list_class(found) or _stem_class(plain, found)


def _number_class(plain, parses) -> str:
    """The class of a numeral of the dictionary; what is not there only looks like one («чухъя»)."""
    for p in parses:
        lemma = p.normal_form.replace("ё", "е")
        if p.tag.POS == "NUMR" and p.is_known and lemma not in _INDEFINITE:
            return "H" if lemma in _HUNDREDS else "T" if lemma in _TENS else "U"
        if "Anum" in p.tag and p.is_known:
            if lemma == "один":
                return "U"
            part = lemma not in ("первый", "второй") and re.search(
                "([ыь]х|ая|ья|[оь]й|ей|[ую]ю)$", plain
            )
            return "d" if part else "o"
    return ""


def _list_class(parses) -> str:
    """The class of a word of the lists, whatever its case."""
    for p in parses:
        lemma = p.normal_form.replace("ё", "е")
        if lemma in _ADJECTIVE_CLASS:
            return _ADJECTIVE_CLASS[lemma]
        if p.tag.POS == "NOUN" and lemma in _NOUN_CLASS and "Geox" not in p.tag:
            return _NOUN_CLASS[lemma]
    return ""


def _stem_class(plain, parses) -> str:
    """The class of a word that is built with a numeral: «полстакана», «удвоить», «двухлетний»."""
    if plain.startswith("пол") and len(plain) > 6 and _is_half(parses[0]):
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


def _is_half(parse) -> bool:
    """«полстакана», but not «полосы» («осы»): the word itself is indeclinable or not in the dictionary."""
    indeclinable = parse.normal_form == parse.word and parse.tag.grammemes & {"neut", "Fixd"}
    return (not parse.is_known or bool(indeclinable)) and any(
        p.is_known
        and p.tag.POS == "NOUN"
        and {"gent", "sing"} <= p.tag.grammemes
        and not p.tag.grammemes & {"Name", "Surn", "Patr", "Abbr"}
        for p in _morph().parse(parse.word[3:])
    )
