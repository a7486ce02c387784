"""What people and spreadsheets do to CSV files is read as meant, or refused in one line that says why."""

import csv
import io
import json

import pytest
from factcheck import csvcells, csvfiles, schema
from factcheck.csvfiles import DataError
from hypothesis import given, settings
from hypothesis import strategies as st


def field(name, kind="string", **more):
    rules = {key: more.pop(key) for key in list(more) if key in csvcells.RULES}
    return {"name": name, "type": kind, "description": name, **more, "constraints": rules}


DAY = r"\d{4}(-\d{2}(-\d{2})?)?"
KEY = {"fields": "talk_id", "reference": {"resource": "talks", "fields": "talk_id"}}
PART = {"fields": "part_of", "reference": {"resource": "", "fields": "claim_id"}}
PACKAGE = {
    "name": "test",
    "resources": [
        {
            "name": "talks",
            "path": "talks.csv",
            "schema": {
                "fields": [
                    field("talk_id", required=True),
                    field("said", "date", minimum="2000-01-01"),
                ],
                "primaryKey": "talk_id",
            },
        },
        {
            "name": "claims",
            "path": "claims.csv",
            "schema": {
                "fields": [
                    field("claim_id", required=True, unique=True, pattern="[a-z]+(-[a-z0-9]+)*"),
                    field("talk_id", required=True),
                    field("kind", enum=["ratio", "share", "CHN"]),
                    field("low", "number", minimum=-5, maximum=2_000_000_000),
                    field("count", "integer"),
                    field("hedged", "boolean", required=True),
                    field("since", partialDate=True, pattern=DAY),
                    field("note", minLength=2),
                    field("part_of"),
                    field("quote"),
                ],
                "foreignKeys": [KEY, PART],
            },
        },
        {
            "name": "series",
            "path": "series.csv",
            "schema": {
                "fields": [field("country"), field("year", "integer"), field("value", "number")],
                "primaryKey": ["country", "year"],
            },
        },
    ],
}
TALKS = "talk_id,said\ni1,2025-06-17\n"
HEADER = "claim_id,talk_id,kind,low,count,hedged,since,note,part_of,quote\n"
CLAIMS = (
    HEADER + "pop,i1,ratio,80,3,true,2025-06-17,где-то,,\narea,i1,share,1.5,,false,2024,,pop,\n"
)
SERIES = "country,year,value\nKAZ,2024,20.5\nCHN,2024,\n"


def write(root, package=PACKAGE, **files):
    """A sound package in `root`, its files replaced by those that are given (None: taken away)."""
    (root / "data").mkdir(exist_ok=True)
    (root / "data" / "datapackage.json").write_text(json.dumps(package), "utf-8")
    for name, text in {"talks": TALKS, "claims": CLAIMS, "series": SERIES, **files}.items():
        path = root / "data" / f"{name}.csv"
        if text is not None:
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def claim(delimiter=",", **cells):
    """claims.csv with one row, its row 2, in which `cells` are replaced."""
    out = io.StringIO(newline="")
    row = {"claim_id": "pop", "talk_id": "i1", "hedged": "true", **cells}
    writer = csv.DictWriter(
        out, HEADER.strip().split(","), restval="", delimiter=delimiter, lineterminator="\n"
    )
    writer.writeheader()
    writer.writerow(row)
    return out.getvalue()


def values(root, name="claims"):
    return [dict(row) for row in csvfiles.records(name, root)]


def test_a_sound_package_has_its_types(tmp_path):
    """Catches a column read as another type, and a missing value as text."""
    assert schema.problems(write(tmp_path)) == []
    first, second = csvfiles.records("claims", tmp_path)
    assert (first.number, second.number) == (2, 3)
    assert list(first.values()) == [
        *("pop", "i1", "ratio", 80.0, 3, True, "2025-06-17", "где-то", "", "")
    ]
    assert second["count"] is None and second["note"] == "" and second["hedged"] is False


# What was saved differently, but can mean one thing only: all of these are the sound table.
SAME = {
    "byte order mark": b"\xef\xbb\xbf" + CLAIMS.encode(),
    "UTF-16, tabs": CLAIMS.replace(",", "\t").encode("utf-16"),
    "Russian Excel": CLAIMS.replace(",", ";").replace("1.5", "1,5").replace("\n", "\r\n"),
    "line ends of an old Mac": CLAIMS.replace("\n", "\r"),
    "spaces around cells": CLAIMS.replace("i1,ratio,80", " i1\u00a0,\tratio , 80 "),
    "names of columns": CLAIMS.replace("claim_id,talk_id", " Claim ID ,TALK_ID", 1),
    "order of columns": "\n".join(
        ",".join(reversed(line.split(","))) for line in CLAIMS.splitlines()
    ),
    "empty columns": "\n".join(line + ",," for line in CLAIMS.splitlines()),
    "empty rows": CLAIMS.replace("\narea", "\n\n,,,,,,,,,\narea"),
    "words for true and false": CLAIMS.replace("true", "ИСТИНА").replace("false", "0"),
    "days": CLAIMS.replace("2025-06-17", "17.06.2025"),
    "whole numbers": CLAIMS.replace(",3,", ",3.0,"),
    "first line of Excel": "sep=,\r\n" + CLAIMS.replace("\n", "\r\n"),
    "no end of the last line": CLAIMS.rstrip("\n"),
}


@pytest.mark.parametrize("saved", SAME.values(), ids=SAME)
def test_other_ways_of_saving_are_read_alike_and_brought_into_form(tmp_path, saved):
    """Catches a table that reads differently by how it was saved, and a change that is not told."""
    sound = values(write(tmp_path))
    root = write(tmp_path, claims=saved)
    assert schema.problems(root) == [] and values(root) == sound
    path = root / "data" / "claims.csv"
    [told] = csvfiles.normalise(path)
    assert told.startswith("data/claims.csv: brought into the table’s own form")
    assert path.read_text("utf-8") == CLAIMS and csvfiles.normalise(path) == []


def test_a_file_with_a_problem_is_left_as_it_is(tmp_path):
    """Catches a file rewritten while a cell of it could not be read."""
    saved = CLAIMS.replace(",", ";").replace("80", "8O").encode()
    path = write(tmp_path, claims=saved) / "data" / "claims.csv"
    assert csvfiles.normalise(path) == [] and path.read_bytes() == saved


def test_rows_are_added_in_the_table_s_own_form(tmp_path):
    """Catches rows glued to a last line without an end, or added to what cannot be read."""
    row = {"country": "UZB", "year": "2024", "value": "37"}
    for saved in (SERIES, SERIES.rstrip("\n"), SERIES.replace(",", ";").replace("20.5", "20,5")):
        path = write(tmp_path, series=saved) / "data" / "series.csv"
        old, new = csvfiles.appended(path, [row])
        assert old == saved.encode() and new.decode() == SERIES + "UZB,2024,37\n"
    with pytest.raises(DataError):
        csvfiles.appended(write(tmp_path, series="x\n") / "data" / "series.csv", [row])


@pytest.mark.parametrize(
    "text, delimiter, value",
    [
        ("80", ",", 80),
        ("1.234", ",", 1.234),
        ("+0.5", ",", 0.5),
        (".5", ",", 0.5),
        ("\u22121.5", ",", -1.5),
        ("1,234", ";", 1.234),
        ("1234.5", ";", 1234.5),
        ("1 408 280 000", ",", 1_408_280_000),
        ("1\u00a0408\u00a0280", ";", 1_408_280),
        ("1\u202f408,5", ";", 1408.5),
        ("'80", ",", 80),
        ('"80"', ",", 80),
    ],
)
def test_numbers_with_one_meaning_are_read(tmp_path, text, delimiter, value):
    """Catches a Russian spreadsheet's number that is refused or read as another."""
    root = write(tmp_path, claims=claim(delimiter, low=text))
    assert values(root)[0]["low"] == value


@pytest.mark.parametrize(
    "text, iso",
    [
        ("17.06.2025", "2025-06-17"),
        ("7.6.2025", "2025-06-07"),
        ("06.2025", "2025-06"),
        ("2025", "2025"),
        ("2025.0", "2025"),
        ("2024-02-29", "2024-02-29"),
        ("'2025-06-17", "2025-06-17"),
        ("6/17/2025", "2025-06-17"),
        ("17/06/2025", "2025-06-17"),
        ("6/6/2025", "2025-06-06"),
        ("2025-06-17 00:00:00", "2025-06-17"),
        ("2025-06-17T00:00:00Z", "2025-06-17"),
    ],
)
def test_days_become_iso(tmp_path, text, iso):
    """Catches a day that a spreadsheet wrote in its country's way and that has one meaning."""
    assert values(write(tmp_path, claims=claim(since=text)))[0]["since"] == iso


def test_a_file_s_other_days_tell_which_number_is_the_month(tmp_path):
    """Catches 4/6/2025 read as June where the file elsewhere says 6/17/2025; both orders: refused."""
    rows = "pop,i1,,,,true,4/6/2025,,,\narea,i1,,,,true,{},,,\n"
    root = write(tmp_path, claims=HEADER + rows.format("6/17/2025"))
    assert [row["since"] for row in values(root)] == ["2025-04-06", "2025-06-17"]
    root = write(tmp_path, claims=HEADER + rows.format("17/6/2025"))
    assert values(root)[0]["since"] == "2025-06-04"
    mixed = HEADER + rows.format("17/6/2025") + "b,i1,,,,true,6/17/2025,,,\n"
    assert "can be read in one way only" in schema.problems(write(tmp_path, claims=mixed))[0]


@pytest.mark.parametrize(
    "text",
    [
        'a; b, "c" – «г», 80 %',
        "two\nlines",
        "'kept",
        "-5",
        "1 408",
        "17.06.2025",
        "8.6E+11",
        "e\u0301",
        "Қазақстан ≈ 习近平",
        "communiqué is",
        "Что? Да. “Why?” he asked",
        "? a draft",
        "см. https://example.org/?id=1 и a.com/x?y",
        "Т»",
        "a" * csvcells.LONGEST,
    ],
)
def test_text_is_kept_to_the_letter(tmp_path, text):
    """Catches text that is mended, and a question mark that is taken for a lost letter."""
    assert values(write(tmp_path, claims=claim(note=text)))[0]["note"] == text


# What cannot be read: the cell, and the line that is said.
ONE_WAY = "a number that can be read in one way only, without separators of thousands, such as 1234 or 1.5"
NUMBER, WHOLE = "a number, such as 80 or 1.5", "a whole number, such as 80"
DIGITS = (
    "a number with all its digits; show the column as a number without an exponent, enter again what "
    "was cut, and save"
)
VALUE = "a value, or an empty cell where there is none"
PARTIAL = "a date, such as 2025-06-17, 2025-06 or 2025"
LOST = 'the letter or sign that was lost where "?" stands; enter it again and save as "CSV UTF-8"'
CELLS = [
    ("low", "8O", NUMBER),
    ("low", "80-85", NUMBER),
    ("low", "(5)", NUMBER),
    ("low", "٨٠", NUMBER),
    ("low", "1_000", NUMBER),
    ("low", "0x10", NUMBER),
    ("low", "8.63749E+11", DIGITS),
    ("low", "1e9", DIGITS),
    ("count", "1.2E+09", DIGITS),
    ("low", "1,234", ONE_WAY),
    ("low", "80,5", ONE_WAY),
    ("low", "1,408.5", ONE_WAY),
    ("low", "70%", "a number without a percent sign, the column's unit says what it counts"),
    ("low", "NaN", VALUE),
    ("low", "#N/A", VALUE),
    ("note", "#ДЕЛ/0!", VALUE),
    ("low", "########", VALUE),
    ("low", "-6", "-5 or more"),
    ("low", "3000000000", "2000000000 or less"),
    ("count", "1.5", WHOLE),
    ("count", "9223372036854775808", WHOLE),
    ("hedged", "  ", "a value, which must not be missing: hedged"),
    ("hedged", "perhaps", "true or false"),
    (
        "since",
        "4/6/2025",
        "a day that can be read in one way only, such as 2025-06-04 or 2025-04-06",
    ),
    ("since", "13/13/2025", PARTIAL),
    ("since", "2025-02-30", PARTIAL),
    ("since", "17.06.25", PARTIAL),
    ("since", "июн.25", PARTIAL),
    ("since", "45825", PARTIAL),
    ("since", "2025-06-17 10:30", PARTIAL),
    (
        "note",
        "=1+1",
        'text that does not begin with "=", which a spreadsheet would run as a formula',
    ),
    ("note", "x", "at least 2 characters"),
    ("note", "the communiqu? is", LOST),
    ("note", "в ?аза?стане", LOST),
    ("note", "это ? 80 раз", LOST),
    ("note", "??? in Chinese", LOST),
    ("note", "РљРёС‚Р°Р№", "“Китай”; the file was opened in the wrong encoding and saved"),
    ("note", "Chinaâ€™s", "“’”; the file was opened in the wrong encoding and saved"),
    ("kind", "rato", "one of ratio, share, CHN; nearest: ratio"),
    (
        "kind",
        "СHN",
        'one of ratio, share, CHN; nearest: CHN (the "С" is U+0421, a Cyrillic letter)',
    ),
    ("kind", "plan", "one of ratio, share, CHN"),
    ("claim_id", "Pop", "the form [a-z]+(-[a-z0-9]+)*"),
    ("claim_id", "роp", 'the form [a-z]+(-[a-z0-9]+)* (the "р" is U+0440, a Cyrillic letter)'),
    ("talk_id", "i11", "a value of talk_id in data/talks.csv; nearest: i1"),
]
UNSEEN = {
    "a\x07b": "U+0007, control character",
    "a\tb": "U+0009, control character",
    "a\u202eb": "U+202E, right-to-left override",
    "a\ue000b": "U+E000, private character",
    "a\ud83db": "U+D83D, half of a surrogate pair",
    "a\u2028b": "U+2028, line separator",
}


@pytest.mark.parametrize("column, text, expected", CELLS, ids=[f"{c}-{t}" for c, t, _ in CELLS])
def test_a_bad_cell_is_named(tmp_path, column, text, expected):
    """Catches a value that is guessed, dropped or cut, and a line that does not say what to do."""
    write(tmp_path, claims=claim(**{column: text}))
    line = f'data/claims.csv, row 2, column {column}: "{text.strip()}" – expected {expected}'
    assert schema.problems(tmp_path) == [line]


@pytest.mark.parametrize("text, delimiter, point", [("1.234", ";", ","), ("1,234", "\t", ".")])
def test_a_mark_that_may_separate_thousands_is_refused(tmp_path, text, delimiter, point):
    """Catches 1.234 read as one and a bit in a file whose decimals have commas."""
    root = write(tmp_path, claims=claim(delimiter, low=text))
    expected = ONE_WAY.replace("1.5", f"1{point}5")
    line = f'data/claims.csv, row 2, column low: "{text}" – expected {expected}'
    assert schema.problems(root) == [line]


def test_the_words_of_the_interview_may_say_anything(tmp_path):
    """Catches a quote that is refused because the speaker asks a question in it."""
    assert schema.problems(write(tmp_path, claims=claim(quote="Что? да так. Что?? Как"))) == []


@pytest.mark.parametrize("text, name", UNSEEN.items(), ids=UNSEEN.values())
def test_what_cannot_be_seen_is_named(tmp_path, text, name):
    """Catches a character that no reader sees and no font has."""
    root = write(tmp_path, claims=claim(note=text).encode("utf-8", "surrogatepass"))
    line = f'data/claims.csv, row 2, column note: "a<{name[:6]}>b" – expected text without {name}'
    assert schema.problems(root) == [line]


OPEN = "each quotation mark to be closed, and to be doubled inside a quoted text; row {} breaks this ({})"
UTF8 = (
    'text in UTF-8, found byte 0x{} in line {}; open the last sound version and save it as "CSV '
    'UTF-8", since other encodings lose letters'
)
CUT = 'cells, as in the header, found {}; a text with "{}" must stand in quotation marks'
EXTRA = "a column that data/datapackage.json describes"
# What is wrong with a file or a row: its bytes, the end of the line.
FILES = {
    "missing": (None, [": expected this file, it is missing"]),
    "empty": (b"\xef\xbb\xbf \r\n", [": expected a header row, the file is empty"]),
    "NUL": (
        CLAIMS.encode("utf-16-le"),
        [': expected text, found U+0000 in line 1; save the file as "CSV UTF-8"'],
    ),
    "Windows-1251": (CLAIMS.encode("cp1251"), [": expected " + UTF8.format("E3", 2)]),
    "damaged UTF-8": (
        CLAIMS.encode().replace("о".encode(), b"\xd0"),
        [": expected " + UTF8.format("D0", 2)],
    ),
    "quote never closed": (
        CLAIMS.replace("где-то", '"где-то'),
        [": expected " + OPEN.format(2, "unexpected end of data")],
    ),
    "quote inside a text": (
        CLAIMS.replace("где-то", '"где" то'),
        [": expected " + OPEN.format(2, "',' expected after '\"'")],
    ),
    "too few cells": (
        CLAIMS.replace("3,true,", ""),
        [", row 2: expected 10 " + CUT.format(8, ",")],
    ),
    "a comma too many moves the cells": (
        CLAIMS.replace("где-то", "где, то"),
        [", row 2: expected 10 " + CUT.format(11, ",")],
    ),
    "a column too few": (
        CLAIMS.replace(",note", "").replace("где-то,", "").replace(",,pop", ",pop"),
        [", row 1, column note: expected this column, it is missing"],
    ),
    "a column misspelt": (
        CLAIMS.replace("low", "lwo", 1),
        [
            f', row 1, column 4: "lwo" – expected {EXTRA}; nearest: low',
            ", row 1, column low: expected this column, it is missing",
        ],
    ),
    "a column without a name": (
        CLAIMS.replace("pop,\n", "pop,,x\n")
        .replace("true,2025-06-17,где-то,,\n", "true,,,,,\n")
        .replace("quote\n", "quote,\n"),
        [f', row 1, column 11: "" – expected {EXTRA}'],
    ),
    "a column twice": (
        CLAIMS.replace("quote\n", "LOW\n"),
        [
            ', row 1, column 10: "LOW" – expected each column once',
            ", row 1, column quote: expected this column, it is missing",
        ],
    ),
    "no header": (
        "pop,i1,,,,true,,,,\n",
        [
            ', row 1: "pop, i1, , , , true, , , , " – expected the header '
            + HEADER.strip().replace(",", ", ")
        ],
    ),
    "an id twice": (
        CLAIMS + "pop,i1,,,,true,,,,\n",
        [', row 4, column claim_id: "pop" – expected a value of its own, row 2 has it already'],
    ),
    "no such whole": (
        CLAIMS.replace(",pop,", ",plan,"),
        [', row 3, column part_of: "plan" – expected a value of claim_id in data/claims.csv'],
    ),
}


@pytest.mark.parametrize("saved, lines", FILES.values(), ids=FILES)
def test_a_bad_file_is_named(tmp_path, saved, lines):
    """Catches moved cells, lost columns and encodings that lose letters."""
    root = write(tmp_path, claims=saved)
    assert schema.problems(root) == [f"data/claims.csv{line}" for line in lines]


def test_a_key_of_two_columns_is_used_once_and_never_empty(tmp_path):
    """Catches a year that stands twice, once as 2024.0."""
    write(tmp_path, series="country,year,value\nKAZ,2024,1\nKAZ,2023,1\nKAZ,2024.0,2\n,2022,1\n")
    assert schema.problems(tmp_path) == [
        'data/series.csv, row 5, column country: "" – expected a value, which must not be missing: country',
        'data/series.csv, row 4, column country + year: "KAZ + 2024" – expected a value of its own, '
        "row 2 has it already",
    ]


def test_a_slip_is_not_repeated_by_those_that_refer_to_it(tmp_path):
    """Catches twenty lines for one slip."""
    lines = schema.problems(write(tmp_path, claims=CLAIMS.replace("pop,i1", "Pop,i1")))
    assert lines == [
        'data/claims.csv, row 2, column claim_id: "Pop" – expected the form [a-z]+(-[a-z0-9]+)*'
    ]


def test_of_many_problems_twenty_are_shown(tmp_path):
    """Catches a message that scrolls everything away."""
    rows = "".join(f"KAZ,{n},x\n" for n in range(30))
    root = write(tmp_path, series="country,year,value\n" + rows, claims=CLAIMS.replace("80", "8O"))
    with pytest.raises(DataError) as error:
        csvfiles.records("series", root)
    assert len(schema.problems(root)) == 31
    shown = str(error.value).splitlines()
    assert len(shown) == 11 and shown[-1] == "and 20 more; `make check` shows all"


def test_files_that_nobody_described(tmp_path):
    """Catches a table that is thought to be read, and is not."""
    assert schema.problems(write(tmp_path, extra="a\n1\n")) == [
        "data/extra.csv: expected its description in data/datapackage.json"
    ]
    with pytest.raises(DataError, match='"claim" – expected one of talks, claims, series; nearest'):
        csvfiles.records("claim", tmp_path)


def altered(change):
    package = json.loads(json.dumps(PACKAGE))
    change(package["resources"])
    return package


DESCRIPTORS = {
    ', column claims.low: "float" – expected one of string, number, integer, boolean, date': lambda r: (
        r[1]["schema"]["fields"][3].update(type="float")
    ),
    ', column claims.low: "least" – expected one of enum, maximum, minLength, minimum, pattern, '
    "required, unique": lambda r: r[1]["schema"]["fields"][3]["constraints"].update(least=0),
    ', column claims.claim_id: "[a-" – expected a regular expression (unterminated character set at '
    "position 0)": lambda r: r[1]["schema"]["fields"][0]["constraints"].update(pattern="[a-"),
    ": expected a Data Package in JSON (KeyError('name'))": lambda r: r[1]["schema"]["fields"][
        0
    ].pop("name"),
}


@pytest.mark.parametrize("line, change", DESCRIPTORS.items(), ids=range(len(DESCRIPTORS)))
def test_a_descriptor_that_could_not_be_enforced_is_refused(tmp_path, line, change):
    """Catches a rule that nobody applies because its name is misspelt."""
    root = write(tmp_path, package=altered(change))
    assert schema.problems(root) == [f"data/datapackage.json{line}"]


def test_a_descriptor_that_is_missing_or_no_json(tmp_path):
    """Catches a traceback."""
    path = write(tmp_path) / "data" / "datapackage.json"
    path.write_text('{"resources": [}', "utf-8")
    assert "expected a Data Package in JSON (JSONDecodeError(" in schema.problems(tmp_path)[0]
    path.unlink()
    line = "data/datapackage.json: expected a file that can be read (No such file or directory)"
    assert schema.problems(tmp_path) == [line]


RULES = settings(deadline=None, derandomize=True, database=None, max_examples=60)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tables")


@RULES
@given(
    low=st.floats(-5, 2e9).map(lambda value: f"{value:.7f}"),
    count=st.integers(-(2**63) + 1, 2**63 - 1),
    day=st.dates().map(lambda day: day.isoformat()),
    note=st.text("абвИЙЯ0123 ,;\"'-.\n«»", min_size=2, max_size=12).filter(
        lambda text: len(text.strip()) > 1
    ),
    delimiter=st.sampled_from(",;\t"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_row_is_read_back_however_saved(
    folder, low, count, day, note, delimiter, end, encoding, quoting
):
    """Catches a way of saving under which a value becomes another."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(HEADER.strip().split(","))
    shown = low if delimiter == "," else low.replace(".", ",")
    dotted = ".".join(reversed(day.split("-")))
    writer.writerow(["a", "i1", "", shown, count, "TRUE", dotted, note.replace("\n", end), "", ""])
    root = write(folder, claims=out.getvalue().encode(encoding))
    [row] = values(root)
    assert (row["low"], row["count"], row["hedged"]) == (float(low), count, True)
    assert (row["since"], row["note"]) == (day, note.strip())
    csvfiles.normalise(root / "data" / "claims.csv")
    assert values(root) == [row] and csvfiles.normalise(root / "data" / "claims.csv") == []


@RULES
@given(
    place=st.integers(0, len(CLAIMS.encode())),
    cut=st.integers(0, 12),
    put=st.binary(max_size=8) | st.sampled_from([b'"', b"\n", b",", b";", b"\0", b"\xff\xfe"]),
)
def test_any_damage_is_read_or_said_in_lines_never_a_crash(folder, place, cut, put):
    """Catches a traceback for what nobody thought of."""
    sound = CLAIMS.encode()
    for line in schema.problems(write(folder, claims=sound[:place] + put + sound[place + cut :])):
        assert line.startswith("data/claims.csv") and " expected " in line


# The same verdict by an independent reader of the same descriptor.
AGREED = {
    "sound": {},
    "quoted line break": {"claims": claim(note="a\nb")},
    "header alone": {"claims": HEADER},
    "number": {"claims": CLAIMS.replace("80", "8O")},
    "whole number": {"claims": CLAIMS.replace(",3,", ",3.5,")},
    "truth": {"claims": CLAIMS.replace("true", "perhaps")},
    "day": {"talks": TALKS.replace("-17", "-31")},
    "first day": {"talks": TALKS.replace("2025", "1999")},
    "required": {"claims": CLAIMS.replace("true", "")},
    "unique": {"claims": CLAIMS.replace("area", "pop")},
    "enum": {"claims": CLAIMS.replace("ratio", "ratios")},
    "maximum": {"claims": CLAIMS.replace("80", "80000000000")},
    "pattern": {"claims": CLAIMS.replace("area", "area_")},
    "length": {"claims": CLAIMS.replace("где-то", "г")},
    "primary key": {"series": SERIES + "KAZ,2024,3\n"},
    "reference": {"claims": CLAIMS.replace("area,i1", "area,i2")},
    "own reference": {"claims": CLAIMS.replace(",pop,", ",x,")},
    "few cells": {"claims": CLAIMS.replace(",,pop", ",pop")},
    "more columns": {"talks": "talk_id,said,more\ni1,2025-06-17,x\n"},
    "missing file": {"series": None},
}


@pytest.mark.parametrize("files", AGREED.values(), ids=AGREED)
def test_frictionless_agrees(tmp_path, files):
    """Catches a rule of the descriptor that our reader applies otherwise than the standard has it."""
    import frictionless

    root, sound = write(tmp_path, **files), files in list(AGREED.values())[:3]
    report = frictionless.validate(str(root / "data" / "datapackage.json"))
    assert report.valid == sound == (schema.problems(root) == [])
