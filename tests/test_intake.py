"""Texts as people have them: what is speech comes through, letter by letter, and what was done is told."""

import subprocess
import unicodedata

import pypandoc
import pytest
from factcheck.intake import language, received

PARAGRAPHS = [
    "Учебный разговор о цифрах",
    "– Сколько в области школ? Говорят, что их стало больше, а учителей в них стало меньше.",
    "– В 2023 году было 37 школ, через двадцать лет их будет, по нашим расчётам, вдвое больше. "
    "Это самая большая стройка в области, и денег на неё пока хватает, хотя цены выросли на 4,8 процента.",
    "– А учителей?",
    "– Учителей две тысячи, каждый пятый моложе тридцати лет, и это хороший знак для нас всех.",
]
TEXT = "\n\n".join(PARAGRAPHS) + "\n"


def file(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def test_a_plain_text_comes_through_as_it_is(tmp_path):
    """Every repair that is made where nothing is broken changes what was said."""
    assert received(file(tmp_path, "a.txt", TEXT)) == (TEXT, [])
    assert received(file(tmp_path, "b.TXT", TEXT.replace("\n", "\r\n"))) == (TEXT, [])


@pytest.mark.parametrize("form", ["docx", "odt", "html"])
def test_documents_are_read_by_paragraph(tmp_path, form):
    path = tmp_path / f"a.{form}"
    made = [pypandoc.get_pandoc_path(), "-f", "markdown", "-t", form, "-o", str(path)]
    subprocess.run(made, input=TEXT.encode(), check=True)
    assert received(path).text.replace("\u00a0", " ") == TEXT


def test_a_page_keeps_its_text_and_loses_its_furniture(tmp_path):
    """Numbers of scripts, styles, menus and footers are no numerals of the interview."""
    page = (
        '<!DOCTYPE html><html><head><meta charset="windows-1251"><title>Раздел 9</title>'
        "<style>p{margin:10px}</style><script>var x = 12345;</script></head><body>"
        '<nav><a href="/?id=7">Раздел 8</a></nav><h1>Заголовок</h1><p class="p1">Было&nbsp;37 '
        "<b>школ</b>,<br>стало <i>вдвое</i> больше &amp; лучше.<hr><p>CO<sub>2</sub>"
        '<img src="x1.png" alt="Снимок 3"><footer>© 2025 Тел. 800</footer></body></html>'
    )
    found = received(file(tmp_path, "a.htm", page.encode("cp1251")))
    assert found.text == "Заголовок\n\nБыло\u00a037 школ,\nстало вдвое больше & лучше.\n\nCO₂\n"
    assert found.told == ["left out of the page: nav (1)", "left out of the page: footer (1)"]


def test_subtitles_lose_cues_and_times(tmp_path):
    """A time or a cue's number among the words would be a numeral; a sentence over two cues is one."""
    cues = (
        "\ufeff1\n00:00:01,000 --> 00:00:04,200\nВ 2023 году было <i>двад-\nцать</i>\n\n"
        "2\n00:00:04,200 --> 00:00:08,900\n{\\an8}семь школ.\n\n"
        "3\n00:00:09,000 --> 00:00:12,500\n– А теперь?\n– Тридцать.\n\n"
        "4\n00:00:20,000 --> 00:00:22,000 position:50%\nПрошло 10 лет.\n"
    )
    found = received(file(tmp_path, "a.srt", cues.replace("\n", "\r\n")))
    assert found.text == (
        "В 2023 году было двадцать семь школ.\n\n– А теперь?\n\n– Тридцать.\n\nПрошло 10 лет.\n"
    )
    assert "cues and times left out: 4" in found.told


def wrapped(width):
    """The text as a viewer of PDF files gives it: lines of one width, no blank lines."""
    lines = []
    for paragraph in PARAGRAPHS:
        line = ""
        for word in paragraph.split():
            if line and len(line) + 1 + len(word) > width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        lines.append(line)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("width", [40, 55, 72])
def test_lines_of_a_pdf_become_paragraphs_again(tmp_path, width):
    """«37 / школ» over a line end is two hits without a unit, and no quote is found in it."""
    found = received(file(tmp_path, "a.txt", wrapped(width)))
    assert found.text == "\n".join(PARAGRAPHS) + "\n"
    [told] = found.told
    assert told.startswith("lines broken within a paragraph") and told.endswith(
        str(wrapped(width).count("\n") - len(PARAGRAPHS))
    )


def test_verses_and_lists_are_not_joined(tmp_path):
    text = "".join(f"Строка номер {n}\n" for n in range(30))
    assert received(file(tmp_path, "a.txt", text)) == (text, [])


def test_what_is_broken_in_a_word_is_made_whole_and_told(tmp_path):
    text = "\ufeffПрошло двад-\nцать лет, и\u200bли больше.\n"
    found = received(file(tmp_path, "a.txt", unicodedata.normalize("NFD", text + "Мой дом.\n")))
    assert found.text == "Прошло двадцать лет, или больше.\nМой дом.\n"
    assert found.told == [
        "letters in two parts (as й of и and a breve) were composed",
        "words broken at a line end, joined: 1",
        "invisible characters left out: 2",
    ]


@pytest.mark.parametrize(
    "name, content, message",
    [
        ("a.pdf", b"%PDF-1.7", "is a PDF.*copy its text.*save it as .txt in UTF-8"),
        ("a.doc", b"\xd0\xcf\x11\xe0", "read from .txt, .docx, .*save it as one of these"),
        ("a.txt", "Школа".encode("cp1251"), "is not UTF-8.*save it as UTF-8"),
        ("a.txt", " \n\u200b\n", "has no text"),
        ("a.srt", "Просто слова.\n", "has no cues with times"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(tmp_path, name, content, message):
    with pytest.raises(ValueError, match=message) as error:
        received(file(tmp_path, name, content))
    assert "\n" not in str(error.value)


def test_a_damaged_document_is_refused_in_one_line(tmp_path):
    with pytest.raises(ValueError, match="a.docx cannot be read") as error:
        received(file(tmp_path, "a.docx", b"PK\x03\x04 damaged"))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "text, expected",
    [
        (TEXT, "ru"),
        ("Халқымыз жиырма миллионға жетті, бұл аймақта екінші орын.", "kk"),
        ("There are two thousand teachers, and that is twice the number of the year before.", "en"),
        ("Il y a deux mille professeurs dans la région.", ""),
        ("", ""),
    ],
)
def test_language(text, expected):
    """What is taken for Russian is searched for number words, and nobody is told to look."""
    assert language(text) == expected
