"""What people do to CSV files is read as meant, or refused in one line that says what to do."""

import csv
import io
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import frictionless
import pandas
import pytest
from factcheck import tables
from factcheck.tables import DataError, check, digest, load, load_all, problem
from hypothesis import given, settings
from hypothesis import strategies as st


def field(name, kind="string", **more):
    constraints = {key: more.pop(key) for key in list(more) if key in tables.CONSTRAINTS}
    return {"name": name, "type": kind, "description": name, **more, "constraints": constraints}


DAY = r"^\d{4}(-\d{2}(-\d{2})?)?$"
PACKAGE = {
    "name": "test",
    "resources": [
        {
            "name": "interviews",
            "path": "interviews.csv",
            "schema": {
                "fields": [
                    field("interview_id", required=True),
                    field("file", required=True),
                    field("said", "date", minimum="2000-01-01", maximum="2030-12-31"),
                ],
                "primaryKey": "interview_id",
            },
        },
        {
            "name": "claims",
            "path": "claims.csv",
            "schema": {
                "fields": [
                    field("claim_id", required=True, unique=True, pattern="[a-z]+(-[a-z0-9]+)*"),
                    field("interview_id", required=True),
                    field("kind", enum=["ratio", "share", "CHN"]),
                    field("low", "number", minimum=0, maximum=2_000_000_000),
                    field("count", "integer"),
                    field("hedged", "boolean", required=True),
                    field("since", partialDate=True, pattern=DAY),
                    field("note", minLength=2),
                    field("part_of"),
                ],
                "foreignKeys": [
                    {
                        "fields": "interview_id",
                        "reference": {"resource": "interviews", "fields": "interview_id"},
                    },
                    {"fields": "part_of", "reference": {"resource": "", "fields": "claim_id"}},
                ],
            },
        },
        {
            "name": "series",
            "path": "series.csv",
            "schema": {
                "fields": [
                    field("iso3"),
                    field("year", "integer"),
                    field("value", "number"),
                    field("claim_id"),
                ],
                "primaryKey": ["iso3", "year"],
                "foreignKeys": [
                    {
                        "fields": ["claim_id"],
                        "reference": {"resource": "claims", "fields": ["claim_id"]},
                    }
                ],
            },
        },
    ],
}
INTERVIEWS = "interview_id,file,said\ni1,seeds/i1.txt,2025-06-17\n"
HEADER = "claim_id,interview_id,kind,low,count,hedged,since,note,part_of\n"
CLAIMS = HEADER + "pop,i1,ratio,80,3,true,2025-06-17,где-то,\narea,i1,share,1.5,,false,2024,,pop\n"
SERIES = "iso3,year,value,claim_id\nKAZ,2024,20.5,pop\nCHN,2024,,\n"
UNRELATED = SERIES.replace("pop", "")  # for a claims.csv without the row "pop"


def write(root, **files):
    """A sound package in `root`, its files replaced by those that are given (None: taken away)."""
    (root / "data").mkdir(exist_ok=True)
    (root / "seeds").mkdir(exist_ok=True)
    (root / "seeds" / "i1.txt").write_bytes("Численность «где-то» в 80 раз".encode())
    (root / "data" / "datapackage.json").write_text(
        json.dumps(files.pop("package", PACKAGE)), "utf-8"
    )
    for name, text in {
        "interviews": INTERVIEWS,
        "claims": CLAIMS,
        "series": SERIES,
        **files,
    }.items():
        if text is not None:
            (root / "data" / f"{name}.csv").write_bytes(
                text if isinstance(text, bytes) else text.encode()
            )
    return root


def claim(**cells):
    """claims.csv with one row, its row 2, in which `cells` are replaced."""
    row = {"claim_id": "pop", "interview_id": "i1", "hedged": "true", **cells}
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, HEADER.strip().split(","), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerow(row)
    return out.getvalue()


def test_sound_package_is_read_with_its_types(tmp_path):
    write(tmp_path)
    assert check(tmp_path) == []
    loaded = load_all(tmp_path)
    assert list(loaded) == ["interviews", "claims", "series"]
    claims = loaded["claims"]
    assert claims.index.name == "row" and list(claims.index) == [2, 3]
    assert {name: str(dtype) for name, dtype in claims.dtypes.items()} == {
        "claim_id": "str",
        "interview_id": "str",
        "kind": "str",
        "low": "float64",
        "count": "Int64",
        "hedged": "bool",
        "since": "str",
        "note": "str",
        "part_of": "str",
    }
    assert str(loaded["series"].dtypes["year"]) == "int64", (
        "part of the primary key, so never missing"
    )
    assert claims.loc[2].tolist() == [
        "pop",
        "i1",
        "ratio",
        80.0,
        3,
        True,
        "2025-06-17",
        "где-то",
        "",
    ]
    assert claims.loc[3, ["note", "since", "part_of"]].tolist() == ["", "2024", "pop"]
    assert claims["count"].isna().tolist() == [False, True]
    assert loaded["series"]["value"].isna().tolist() == [False, True]
    pandas.testing.assert_frame_equal(load("claims", tmp_path), claims)


# What was saved differently, but can mean one thing only: all of these are the sound table.
SAME = {
    "UTF-8 with a byte order mark": b"\xef\xbb\xbf" + CLAIMS.encode(),
    "UTF-16 as Excel's Unicode text": CLAIMS.replace(",", "\t").encode("utf-16"),
    "UTF-16 big-endian": b"\xfe\xff" + CLAIMS.encode("utf-16-be"),
    "Russian Excel": CLAIMS.replace(",", ";")
    .replace("1.5", "1,5")
    .replace("\n", "\r\n")
    .encode("cp1251"),
    "semicolons, decimal point": CLAIMS.replace(",", ";"),
    "CRLF": CLAIMS.replace("\n", "\r\n"),
    "CR": CLAIMS.replace("\n", "\r"),
    "no line end at the end": CLAIMS.rstrip("\n"),
    "spaces around": CLAIMS.replace("i1,ratio,80", " i1\u00a0,\tratio , 80 "),
    "header in other letters": CLAIMS.replace(
        "claim_id,interview_id", " Claim ID ,INTERVIEW_ID", 1
    ),
    "everything quoted": "\n".join(
        '"' + line.replace(",", '","') + '"' for line in CLAIMS.splitlines()
    ),
    "empty columns at the end": "\n".join(line + ",," for line in CLAIMS.splitlines()),
    "an empty unnamed column": CLAIMS.replace("\n", ",\n").replace(
        "part_of,", "part_of,Unnamed: 9"
    ),
    "other words for true and false": CLAIMS.replace("true", "ИСТИНА").replace("false", "0"),
}


@pytest.mark.parametrize("saved", SAME.values(), ids=SAME)
def test_other_ways_of_saving_are_read_alike(tmp_path, saved):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    sound, other = write(tmp_path / "a"), write(tmp_path / "b", claims=saved)
    assert check(other) == []
    pandas.testing.assert_frame_equal(load("claims", other), load("claims", sound))
    assert digest(other) == digest(sound)


@pytest.mark.parametrize("blank", ["\n", ",,,,,,,,\n", "  ,\u00a0,,,,,,,\n"])
def test_empty_rows_are_skipped_but_counted(tmp_path, blank):
    head, first, second = CLAIMS.splitlines(keepends=True)
    write(tmp_path, claims=head + first + blank + second)
    assert list(load("claims", tmp_path).index) == [2, 4]
    assert digest(tmp_path) == digest(write(tmp_path))


def test_order_of_columns_does_not_matter(tmp_path):
    turned = "\n".join(",".join(reversed(line.split(","))) for line in CLAIMS.splitlines())
    sound = load("claims", write(tmp_path))
    pandas.testing.assert_frame_equal(load("claims", write(tmp_path, claims=turned)), sound)


@pytest.mark.parametrize(
    "text, delimiter, value",
    [
        ("80", ",", 80),
        ("1.5", ",", 1.5),
        ("1.234", ",", 1.234),
        ("+0.5", ",", 0.5),
        (".5", ",", 0.5),
        ("1.2E+09", ",", 1.2e9),
        ("1,2E+09", ";", 1.2e9),
        ("1,234", ";", 1.234),
        ("1234.5", ";", 1234.5),
        ("0.125", ";", 0.125),
        ("1 408 280 000", ",", 1_408_280_000),
        ("1\u00a0408\u00a0280", ";", 1_408_280),
        ("1\u202f408,5", ";", 1408.5),
        ("1\u2009408.5", ",", 1408.5),
        ("'80", ",", 80),
        ('"80"', ",", 80),
    ],
)
def test_numbers_with_one_meaning_are_read(tmp_path, text, delimiter, value):
    table = (
        claim(low=text) if delimiter == "," else claim(low="§").replace(",", ";").replace("§", text)
    )
    assert load("claims", write(tmp_path, claims=table)).loc[2, "low"] == value


def test_negative_numbers_with_a_typographic_minus(tmp_path):
    table = "iso3,year,value,claim_id\nKAZ,2024,\u22121.5,\n"
    assert load("series", write(tmp_path, series=table)).loc[2, "value"] == -1.5


@pytest.mark.parametrize(
    "text, value",
    [
        ("3", 3),
        ("1.2E+09", 1_200_000_000),
        ("-5", -5),
        ("80.0", 80),
        ("9007199254740993", 9007199254740993),
    ],
)
def test_whole_numbers_are_read_exactly(tmp_path, text, value):
    assert load("claims", write(tmp_path, claims=claim(count=text))).loc[2, "count"] == value


@pytest.mark.parametrize(
    "text, value",
    [
        ("17.06.2025", "2025-06-17"),
        ("7.6.2025", "2025-06-07"),
        ("06.2025", "2025-06"),
        ("2025", "2025"),
        ("2025-06", "2025-06"),
        ("2024-02-29", "2024-02-29"),
        ("'2025-06-17", "2025-06-17"),
    ],
)
def test_dates_become_iso(tmp_path, text, value):
    assert load("claims", write(tmp_path, claims=claim(since=text))).loc[2, "since"] == value
    if len(value) == 10:
        interviews = INTERVIEWS.replace("2025-06-17", text)
        assert load("interviews", write(tmp_path, interviews=interviews)).loc[2, "said"] == value


@pytest.mark.parametrize(
    "text",
    [
        'a; b, "c" – «г», 80 %',
        "two\nlines",
        "'kept",
        '"kept"',
        "+7 701",
        "-5",
        "@name",
        "1 408",
        "17.06.2025",
        "e\u0301",
        "\u0633\u0644\u0627\u0645",
        "Қазақстан ≈ 习近平",
        "a\u200db",
        "x\u00a0y",
        "a" * tables.LONGEST,
    ],
)
def test_text_is_kept_to_the_letter(tmp_path, text):
    assert load("claims", write(tmp_path, claims=claim(note=text))).loc[2, "note"] == text


def test_line_breaks_in_a_cell_are_one_kind_and_rows_still_count(tmp_path):
    table = HEADER + 'pop,i1,,,,true,,"a\r\nb",\r\narea,i1,,8O,,true,,,\r\n'
    write(tmp_path, claims=table)
    assert check(tmp_path) == [f'data/claims.csv, row 3, column low: "8O" – expected {NUMBER}']
    assert (
        load("claims", write(tmp_path, claims=table.replace("8O", "80"))).loc[2, "note"] == "a\nb"
    )


def test_a_header_alone_is_an_empty_table(tmp_path):
    claims = load_all(write(tmp_path, claims=HEADER, series=UNRELATED))["claims"]
    assert claims.shape == (0, 9) and str(claims["low"].dtype) == "float64"


# What cannot be read: the cell, and the line that is said.
ONE_WAY = "a number that can be read in one way only, without separators of thousands, such as 1234 or 1.5"
NUMBER, WHOLE = "a number, such as 80 or 1.5", "a whole number, such as 80"
VALUE = "a value, or an empty cell where there is none"
PARTIAL = "a date, such as 2025-06-17, 2025-06 or 2025"
CELLS = [
    ("low", "8O", NUMBER),
    ("low", "80-85", NUMBER),
    ("low", "80 85", NUMBER),
    ("low", "1e999", NUMBER),
    ("low", "(5)", NUMBER),
    ("low", "٨٠", NUMBER),
    ("low", "$5", NUMBER),
    ("low", "1_000", NUMBER),
    ("low", "0x10", NUMBER),
    ("low", "1,234", ONE_WAY),
    ("low", "80,5", ONE_WAY),
    ("low", "1,408,280", ONE_WAY),
    ("low", "1,408.5", ONE_WAY),
    ("low", "70%", "a number without a percent sign, the column's unit says what it counts"),
    ("low", "NaN", VALUE),
    ("low", "-inf", VALUE),
    ("low", "#N/A", VALUE),
    ("low", "#DIV/0!", VALUE),
    ("note", "#ДЕЛ/0!", VALUE),
    ("note", "#ИМЯ?", VALUE),
    ("note", "########", VALUE),
    ("note", "nan", VALUE),
    ("low", "-1", "0 or more"),
    ("low", "3e9", "2000000000 or less"),
    ("count", "1.5", WHOLE),
    ("count", "three", WHOLE),
    ("count", "9223372036854775808", WHOLE),
    ("hedged", "", "a value, this column must not be empty"),
    ("hedged", "  ", "a value, this column must not be empty"),
    ("hedged", "perhaps", "true or false"),
    ("since", "6/17/2025", PARTIAL),
    ("since", "2025-02-30", PARTIAL),
    ("since", "17.06.25", PARTIAL),
    ("since", "июн.25", PARTIAL),
    ("since", "45825", PARTIAL),
    ("since", "2025-13", PARTIAL),
    ("since", "2025-06-17 00:00", PARTIAL),
    ("since", "31.06.2025", PARTIAL),
    (
        "note",
        "=1+1",
        'text that does not begin with "=", which a spreadsheet would run as a formula',
    ),
    ("note", "x", "at least 2 characters"),
    ("kind", "RATIO", 'one of ratio, share, CHN; is it "ratio"?'),
    ("kind", "rato", 'one of ratio, share, CHN; is it "ratio"?'),
    (
        "kind",
        "СHN",
        'one of ratio, share, CHN; is it "CHN"? (the "С" is U+0421, a Cyrillic letter)',
    ),
    ("kind", "plan", "one of ratio, share, CHN"),
    ("claim_id", "Pop", "the form [a-z]+(-[a-z0-9]+)*"),
    ("claim_id", "pop-1 x", "the form [a-z]+(-[a-z0-9]+)*"),
    ("claim_id", "роp", 'the form [a-z]+(-[a-z0-9]+)* (the "р" is U+0440, a Cyrillic letter)'),
    ("claim_id", "", "a value, this column must not be empty"),
]
UNFIT = [
    ("a\x07b", "a<U+0007>b", "U+0007, control character"),
    ("a\tb", "a<U+0009>b", "U+0009, control character"),
    ("a\u202eb", "a<U+202E>b", "U+202E, right-to-left override"),
    ("a\u2067b", "a<U+2067>b", "U+2067, right-to-left isolate"),
    ("a\u0378b", "a<U+0378>b", "U+0378, unassigned code point"),
    ("a\ue000b", "a<U+E000>b", "U+E000, private character"),
    ("a\ufffdb", "a\ufffdb", "U+FFFD, replacement character"),
    ("a\u2028b", "a<U+2028>b", "U+2028, line separator"),
]


@pytest.mark.parametrize("column, text, expected", CELLS, ids=[f"{c}-{t}" for c, t, _ in CELLS])
def test_a_bad_cell_is_named(tmp_path, column, text, expected):
    write(tmp_path, claims=claim(**{column: text}), series=UNRELATED)
    line = f'data/claims.csv, row 2, column {column}: "{text.strip()}" – expected {expected}'
    assert check(tmp_path) == [line]
    with pytest.raises(DataError) as error:
        load("claims", tmp_path)
    assert str(error.value) == line


@pytest.mark.parametrize("text, shown, name", UNFIT, ids=[name for _, _, name in UNFIT])
def test_invisible_and_unknown_characters_are_named(tmp_path, text, shown, name):
    write(tmp_path, claims=claim(note=text))
    line = f'data/claims.csv, row 2, column note: "{shown}" – expected text without {name}'
    assert check(tmp_path)[0] == line


def test_half_a_surrogate_pair_is_named(tmp_path):
    line = (
        'data/claims.csv, row 2, column note: "a<U+D83D>b" – '
        "expected text without U+D83D, half of a surrogate pair"
    )
    for encoding in ("utf-8", "utf-16"):
        write(
            tmp_path,
            claims=claim(note="a\ud83db").encode(encoding, "surrogatepass"),
            series=UNRELATED,
        )
        assert check(tmp_path) == [line]


def test_a_text_beyond_measure_is_refused_and_cut_in_the_line(tmp_path):
    write(tmp_path, claims=claim(note="a" * 20_001))
    assert check(tmp_path) == [
        f'data/claims.csv, row 2, column note: "{"a" * 79}…" – '
        "expected at most 20000 characters, found 20001; is a quotation mark left open?"
    ]


@pytest.mark.parametrize("text, mark", [("1.234", ","), ("12.345", ",")])
def test_a_point_that_may_separate_thousands_is_refused_in_semicolon_files(tmp_path, text, mark):
    write(tmp_path, claims=claim(low=text).replace(",", ";"))
    expected = ONE_WAY.replace("1.5", f"1{mark}5")
    assert (
        check(tmp_path)[0] == f'data/claims.csv, row 2, column low: "{text}" – expected {expected}'
    )


def test_a_comma_before_three_digits_is_refused_in_tab_files(tmp_path):
    write(tmp_path, claims=claim(low="§").replace(",", "\t").replace("§", "1,234"))
    assert check(tmp_path)[0] == f'data/claims.csv, row 2, column low: "1,234" – expected {ONE_WAY}'


@pytest.mark.parametrize(
    "text, lost",
    [
        ("это Қазақстан", True),
        ("это ≈ 80 раз", True),
        ("это раз? «Да?» (?)", False),
        ("см. https://example.org/?id=1", False),
    ],
)
def test_letters_lost_in_windows_1251_are_noticed(tmp_path, text, lost):
    saved = text.encode("cp1251", "replace")
    write(tmp_path, claims=claim(note="§").encode().replace("§".encode(), saved), series=UNRELATED)
    shown = saved.decode("cp1251")
    line = (
        f'data/claims.csv, row 2, column note: "{shown}" – expected a letter or sign that '
        'Windows-1251 has not; it is lost, enter it again and save as "CSV UTF-8"'
    )
    assert check(tmp_path) == [line] * lost


# What is wrong with a file or a row: the table, its bytes, the line.
OPEN = "each quotation mark to be closed, and to be doubled inside a quoted text; row {} breaks this ({})"
UTF8 = 'text in UTF-8, found byte 0x{} in line {}; save the file as "CSV UTF-8"'
CUT = 'cells, as in the header, found {}; a text with "{}" must stand in quotation marks'
EXTRA = "a column that data/datapackage.json describes"
FILES = {
    "missing": (None, [": expected this file, it is missing"]),
    "empty": (b"", [": expected a header row, the file is empty"]),
    "only a mark and blanks": (
        b"\xef\xbb\xbf \r\n",
        [": expected a header row, the file is empty"],
    ),
    "NUL": (
        CLAIMS.encode().replace(b"80", b"8\0"),
        [': expected text, found U+0000 in line 2; save the file as "CSV UTF-8"'],
    ),
    "UTF-16 without a mark": (
        CLAIMS.encode("utf-16-le"),
        [': expected text, found U+0000 in line 1; save the file as "CSV UTF-8"'],
    ),
    "UTF-16 cut": (CLAIMS.encode("utf-16")[:-1], [": expected " + UTF8.format("0A", 3)]),
    "damaged UTF-8": (
        CLAIMS.encode().replace("о".encode(), b"\xd0"),
        [": expected " + UTF8.format("D0", 2)],
    ),
    "UTF-8 damaged, like Windows-1251": (
        CLAIMS.replace("где-то", "«80»").encode().replace(b"\xbb", b""),
        [": expected " + UTF8.format("C2", 2)],
    ),
    "Latin-1": (
        CLAIMS.replace("где-то", "café").encode("latin-1"),
        [": expected " + UTF8.format("E9", 2)],
    ),
    "code page 866": (CLAIMS.encode("cp866"), [": expected " + UTF8.format("A3", 2)]),
    "quote never closed": (
        CLAIMS.replace("где-то", '"где-то'),
        [": expected " + OPEN.format(2, "unexpected end of data")],
    ),
    "quote closed by the next": (
        CLAIMS.replace("где-то", '"где-то') + 'x,i1,,,,true,,"abc",\n',
        [": expected " + OPEN.format(2, "',' expected after '\"'")],
    ),
    "quote inside a text": (
        CLAIMS.replace("где-то", '"где" то'),
        [": expected " + OPEN.format(2, "',' expected after '\"'")],
    ),
    "too few cells": (CLAIMS.replace("3,true,", ""), [", row 2: expected 9 " + CUT.format(7, ",")]),
    "a comma too many moves the cells": (
        CLAIMS.replace("где-то", "где, то"),
        [", row 2: expected 9 " + CUT.format(10, ",")],
    ),
    "too many cells": (
        CLAIMS.replace("pop\n", "pop,x\n"),
        [", row 3: expected 9 " + CUT.format(10, ",")],
    ),
    "a column too few": (
        CLAIMS.replace(",note", "").replace("где-то,", "").replace(",,pop", ",pop"),
        [", row 1, column note: expected this column, it is missing"],
    ),
    "a column too many": (
        CLAIMS.replace("part_of\n", "part_of,remarks\n").replace("pop\n", "pop,x\n"),
        [f', row 1, column 10: "remarks" – expected {EXTRA}'],
    ),
    "a column misspelt": (
        CLAIMS.replace("low", "lwo", 1),
        [
            f', row 1, column 4: "lwo" – expected {EXTRA}; is it "low"?',
            ", row 1, column low: expected this column, it is missing",
        ],
    ),
    "a column without a name": (
        CLAIMS.replace("pop\n", "pop,x\n").replace("part_of\n", "part_of,\n"),
        [f', row 1, column 10: "" – expected {EXTRA}'],
    ),
    "a column twice": (
        CLAIMS.replace("part_of\n", "part_of,LOW\n"),
        [', row 1, column 10: "LOW" – expected each column once'],
    ),
    "no header": (
        CLAIMS.split("\n", 1)[1],
        [
            ', row 1: "pop, i1, ratio, 80, 3, true, 2025-06-17, где-то, " – expected the header claim_id, '
            "interview_id, kind, low, count, hedged, since, note, part_of"
        ],
    ),
    "an id twice": (
        CLAIMS + "pop,i1,,,,true,,,\n",
        [', row 4, column claim_id: "pop" – expected a value of its own, row 2 has it already'],
    ),
    "no such interview": (
        CLAIMS.replace("area,i1", "area,i11"),
        [
            ', row 3, column interview_id: "i11" – expected a value of interview_id in data/interviews.csv; '
            'is it "i1"?'
        ],
    ),
    "no such whole": (
        CLAIMS.replace(",pop", ",plan"),
        [', row 3, column part_of: "plan" – expected a value of claim_id in data/claims.csv'],
    ),
}


@pytest.mark.parametrize("saved, lines", FILES.values(), ids=FILES)
def test_a_bad_file_is_named(tmp_path, saved, lines):
    found = check(write(tmp_path, claims=saved))
    assert found == [f"data/claims.csv{line}" for line in lines]
    with pytest.raises(DataError) as error:
        load_all(tmp_path)
    assert error.value.problems == found


def test_a_reference_of_two_columns_names_both(tmp_path):
    package = json.loads(json.dumps(PACKAGE))
    package["resources"][2]["schema"]["foreignKeys"].append(
        {
            "fields": ["claim_id", "year"],
            "reference": {"resource": "series", "fields": ["iso3", "year"]},
        }
    )
    write(
        tmp_path,
        package=package,
        series="iso3,year,value,claim_id\npop,2024,,pop\npop,1987,,area\n",
    )
    assert check(tmp_path) == [
        'data/series.csv, row 3, column claim_id + year: "area + 1987" – '
        'expected a value of iso3 + year in data/series.csv; is it "pop + 1987"?'
    ]


def test_a_key_of_two_columns_is_used_once_and_never_empty(tmp_path):
    write(
        tmp_path,
        series="iso3,year,value,claim_id\nKAZ,2024,1,\nKAZ,2023,1,\nKAZ,2024.0,2,\n,2022,1,\n",
    )
    assert check(tmp_path) == [
        'data/series.csv, row 5, column iso3: "" – expected a value, this column must not be empty',
        'data/series.csv, row 4, column iso3 + year: "KAZ + 2024" – '
        "expected a value of its own, row 2 has it already",
    ]


def test_a_slip_in_one_table_is_not_repeated_by_those_that_refer_to_it(tmp_path):
    lines = check(write(tmp_path, claims=CLAIMS.replace("pop,i1", "Pop,i1")))
    assert lines == [
        'data/claims.csv, row 2, column claim_id: "Pop" – expected the form [a-z]+(-[a-z0-9]+)*'
    ]


def test_problems_of_all_tables_are_collected_and_twenty_shown(tmp_path):
    write(
        tmp_path,
        series="iso3,year,value,claim_id\n" + "".join(f"KAZ,{n},x,\n" for n in range(30)),
        claims=CLAIMS.replace("80", "8O"),
    )
    with pytest.raises(DataError) as error:
        load_all(tmp_path)
    assert len(error.value.problems) == len(check(tmp_path)) == 31
    shown = str(error.value).splitlines()
    assert len(shown) == 21 and shown[-1] == "and 11 more"
    assert shown[:2] == [
        'data/claims.csv, row 2, column low: "8O" – expected a number, such as 80 or 1.5',
        'data/series.csv, row 2, column value: "x" – expected a number, such as 80 or 1.5',
    ]


def test_the_public_line_for_checks_elsewhere():
    assert (
        problem("claims", 7, "low", 80.5, "at most high, 70")
        == 'data/claims.csv, row 7, column low: "80.5" – expected at most high, 70'
    )
    assert problem("claims", None, None, None, "this file") == "data/claims.csv: expected this file"
    assert (
        problem("labels.json", 3, None, "1\n2\u200b\u00a0", "a label")
        == 'data/labels.json, row 3: "1 2<U+200B>\u00a0" – expected a label'
    )


def test_an_unknown_table_names_those_that_are(tmp_path):
    for call in (lambda: load("claim", write(tmp_path)), lambda: digest(tmp_path, ["claim"])):
        with pytest.raises(DataError) as error:
            call()
        line = 'data/datapackage.json: "claim" – expected one of interviews, claims, series'
        assert str(error.value) == line


def test_a_file_that_may_not_be_opened(tmp_path):
    if sys.platform == "win32":
        pytest.skip("Windows has no read permission that a test could take away")
    root = write(
        Path(tempfile.mkdtemp())
    )  # tmp_path lies in a folder that only its owner may enter
    try:
        root.chmod(0o755)
        (root / "data" / "claims.csv").chmod(0)
        if os.geteuid() == 0:
            os.seteuid(65534)  # root may read whatever it likes
        try:
            lines = check(root)
        finally:
            os.seteuid(os.getuid())
    finally:
        shutil.rmtree(root)
    line = "expected a file that can be read (Permission denied); is it open in another program?"
    assert lines == [f"data/claims.csv: {line}"]


def test_a_folder_in_place_of_a_file(tmp_path):
    write(tmp_path, claims=None)
    (tmp_path / "data" / "claims.csv").mkdir()
    (line,) = check(tmp_path)  # the reason is the system's
    assert line.startswith("data/claims.csv: expected a file that can be read (")


def test_files_that_nobody_described_or_that_are_not_there(tmp_path):
    write(tmp_path, extra="a\n1\n")
    (tmp_path / "seeds" / "i1.txt").unlink()
    assert check(tmp_path) == [
        "data/extra.csv: expected its description in data/datapackage.json",
        'data/interviews.csv, row 2, column file: "seeds/i1.txt" – expected a file of the project',
    ]


def altered(change):
    package = json.loads(json.dumps(PACKAGE))
    change(package["resources"])
    return package


DESCRIPTORS = {
    "type": (
        lambda r: r[1]["schema"]["fields"][3].update(type="float"),
        ', column claims.low: "float" – expected one of string, number, integer, boolean, date',
    ),
    "constraint": (
        lambda r: r[1]["schema"]["fields"][3]["constraints"].update(exclusiveMinimum=0),
        ', column claims.low: "exclusiveMinimum" – expected one of enum, maxLength, maximum, '
        "minLength, minimum, pattern, required, unique",
    ),
    "pattern": (
        lambda r: r[1]["schema"]["fields"][0]["constraints"].update(pattern="[a-"),
        ', column claims.claim_id: "[a-" – expected a regular expression '
        "(unterminated character set at position 0)",
    ),
    "path": (
        lambda r: r[1].update(path="../claims.csv"),
        ', column claims: "../claims.csv" – expected the path claims.csv',
    ),
    "key": (
        lambda r: r[0]["schema"].update(primaryKey=["id"]),
        ', column interviews: "id" – expected a column of interviews',
    ),
    "reference": (
        lambda r: r[1]["schema"]["foreignKeys"][0]["reference"].update(resource="interview"),
        ', column claims: "interview" – expected one of interviews, claims, series',
    ),
    "referred column": (
        lambda r: r[1]["schema"]["foreignKeys"][0]["reference"].update(fields="id"),
        ', column claims: "id" – expected a column of interviews',
    ),
    "no name": (
        lambda r: r[1]["schema"]["fields"][0].pop("name"),
        ": expected a Data Package in JSON (KeyError('name'))",
    ),
}


@pytest.mark.parametrize("change, line", DESCRIPTORS.values(), ids=DESCRIPTORS)
def test_a_descriptor_that_could_not_be_enforced_is_refused(tmp_path, change, line):
    assert check(write(tmp_path, package=altered(change))) == [f"data/datapackage.json{line}"]
    with pytest.raises(DataError):
        load_all(tmp_path)


def test_a_descriptor_that_is_missing_or_no_json(tmp_path):
    write(tmp_path)
    path = tmp_path / "data" / "datapackage.json"
    path.write_text('{"resources": [}', "utf-8")
    line = "data/datapackage.json: expected a Data Package in JSON (JSONDecodeError("
    assert check(tmp_path)[0].startswith(line)
    path.unlink()
    assert check(tmp_path) == [
        "data/datapackage.json: expected a file that can be read (No such file or directory)"
    ]


def test_digest_follows_every_value_and_nothing_else(tmp_path):
    seen = {digest(write(tmp_path))}
    for changed in (
        {"claims": CLAIMS.replace("80", "80.1")},
        {"claims": CLAIMS.replace("где-то", "где то")},
        {"claims": CLAIMS.replace("true", "false")},
        {"series": SERIES.replace("20.5", "")},
        {"claims": HEADER + "".join(CLAIMS.splitlines(keepends=True)[:0:-1])},
        {"series": SERIES + "USA,2024,1,\n"},
        {"interviews": INTERVIEWS.replace("06-17", "06-16")},
        {"package": altered(lambda r: r[0].update(title="Interviews"))},
    ):
        value = digest(write(tmp_path, **changed))
        assert value not in seen, changed
        seen.add(value)
    write(tmp_path)
    (tmp_path / "seeds" / "i1.txt").write_bytes("Численность «где-то» в 81 раз".encode())
    assert digest(tmp_path) not in seen
    write(tmp_path)
    again = json.dumps(dict(reversed(PACKAGE.items())), indent=4).replace("\n", "\r\n")
    (tmp_path / "data" / "datapackage.json").write_bytes(again.encode("utf-8-sig"))
    assert digest(tmp_path) in seen and len(digest(tmp_path)) == 64


def test_digest_of_some_tables_ignores_the_others(tmp_path):
    one = digest(write(tmp_path), ["claims"])
    assert digest(write(tmp_path, series=SERIES.replace("20.5", "21")), ["claims"]) == one
    assert digest(write(tmp_path, claims=CLAIMS.replace("80", "81")), ["claims"]) != one
    write(tmp_path)
    (tmp_path / "seeds" / "i1.txt").write_bytes(b"another text")
    assert digest(tmp_path, ["claims"]) != one, "what a claim was said in always counts"


RULES = settings(deadline=None, derandomize=True, database=None, max_examples=120)
# Letters of Windows-1251 only, so that each table can be saved in every encoding; without its signs
# (ё « – №), which after certain letters are UTF-8, too: by chance, but not in a table of Russian words.
TEXT = (
    st.text("абвгджзИЙЯ0123456789 ,;\"'-.\n", min_size=2, max_size=12)
    .map(str.strip)
    .filter(lambda text: text == "" or len(text) > 1)
)
ROWS = st.lists(
    st.tuples(
        st.floats(0, 2e9, allow_nan=False) | st.none(),
        st.integers(-(2**63) + 1, 2**63 - 1) | st.none(),
        st.booleans(),
        st.dates().map(lambda day: day.isoformat().zfill(10)) | st.just(""),
        TEXT,
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tables")


@RULES
@given(
    rows=ROWS,
    delimiter=st.sampled_from(",;\t"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1251"]),
    mark=st.sampled_from(".,"),
    dotted=st.booleans(),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_table_is_read_back_however_saved(
    folder, rows, delimiter, end, encoding, mark, dotted, quoting
):
    rows = [*rows, (1.25, 1, True, "2025-06-17", "всё «где-то» – № 5")]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(HEADER.strip().split(","))
    for n, (low, count, hedged, day, note) in enumerate(rows):
        low = (
            "" if low is None else f"{low:.7f}" if low < 1e3 else repr(low)
        )  # never three decimals alone
        low = low.replace(".", mark) if delimiter != "," else low
        shown = ".".join(reversed(day.split("-"))) if dotted else day
        writer.writerow(
            [
                f"c-{n}",
                "i1",
                "",
                low,
                "" if count is None else count,
                str(hedged).upper(),
                shown,
                note.replace("\n", end),
                "",
            ]
        )
    claims = load("claims", write(folder, claims=out.getvalue().encode(encoding)))
    assert list(claims.index) == list(range(2, len(rows) + 2))
    assert claims["claim_id"].tolist() == [f"c-{n}" for n in range(len(rows))]
    for (_, found), (low, count, hedged, day, note) in zip(claims.iterrows(), rows):
        assert pandas.isna(found["low"]) if low is None else abs(found["low"] - low) < 1e-6
        assert found["count"] is pandas.NA if count is None else found["count"] == count
        assert (bool(found["hedged"]), found["since"], found["note"]) == (hedged, day, note)


@RULES
@given(
    place=st.integers(0, len(CLAIMS.encode())),
    cut=st.integers(0, 12),
    put=st.binary(max_size=8)
    | st.sampled_from([b'"', b"\n", b",", b";", b"\r", b"\0", b"\xff\xfe"]),
)
def test_any_damage_is_read_or_said_in_lines_never_a_crash(folder, place, cut, put):
    sound = CLAIMS.encode()
    for line in check(write(folder, claims=sound[:place] + put + sound[place + cut :])):
        assert line.startswith(("data/claims.csv", "data/series.csv")) and " expected " in line
        assert line.isprintable() or "\u00a0" in line


# The same verdict by an independent reader of the same descriptor.
AGREED = {
    "sound": {},
    "quoted line break": {"claims": claim(note="a\nb"), "series": UNRELATED},
    "header alone": {"claims": HEADER, "series": UNRELATED},
    "number": {"claims": CLAIMS.replace("80", "8O")},
    "whole number": {"claims": CLAIMS.replace(",3,", ",3.5,")},
    "truth": {"claims": CLAIMS.replace("true", "perhaps")},
    "day": {"interviews": INTERVIEWS.replace("-17", "-31")},
    "first day": {"interviews": INTERVIEWS.replace("2025", "1999")},
    "required": {"claims": CLAIMS.replace("true", "")},
    "unique": {"claims": CLAIMS.replace("area", "pop")},
    "enum": {"claims": CLAIMS.replace("ratio", "ratios")},
    "minimum": {"claims": CLAIMS.replace("80", "-80")},
    "maximum": {"claims": CLAIMS.replace("80", "8e10")},
    "pattern": {"claims": CLAIMS.replace("area", "area_")},
    "length": {"claims": CLAIMS.replace("где-то", "г")},
    "primary key": {"series": SERIES + "KAZ,2024,3,\n"},
    "reference": {"series": SERIES.replace("pop", "poq")},
    "own reference": {"claims": CLAIMS.replace(",pop", ",x")},
    "few cells": {"claims": CLAIMS.replace(",,pop", ",pop")},
    "many cells": {"claims": CLAIMS.replace(",,pop", ",,,pop")},
    "missing column": {"interviews": "interview_id,file\ni1,seeds/i1.txt\n"},
    "more columns": {"interviews": "interview_id,file,said,more\ni1,seeds/i1.txt,2025-06-17,x\n"},
    "missing file": {"series": None},
    "empty file": {"series": ""},
}


@pytest.mark.parametrize("files", AGREED.values(), ids=AGREED)
def test_frictionless_agrees(tmp_path, files):
    write(tmp_path, **files)
    sound = files in list(AGREED.values())[:3]
    assert frictionless.validate(str(tmp_path / "data" / "datapackage.json")).valid == sound
    assert (check(tmp_path) == []) == sound
