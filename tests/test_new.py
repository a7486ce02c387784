"""What `new` and `update` refuse, in one line and with nothing made; the long way is in test_new_project."""

import os

import pytest
from factcheck import ROOT, new
from factcheck.stored import BuildError


@pytest.mark.parametrize(
    "folder, message", [(".", "no project made by `new`"), (str(ROOT), "is this project")]
)
def test_an_update_refuses_what_is_no_such_project(tmp_path, folder, message):
    with pytest.raises(BuildError, match=message):
        new.update(str(tmp_path / folder))


@pytest.mark.parametrize(
    "name, content, message",
    [
        ("talk.pdf", b"%PDF-1.7", "is a PDF"),
        ("talk.txt", b"\xff\xfe", "is not UTF-8"),
        ("talk.txt", b" \n", "has no text"),
    ],
)
def test_a_text_that_cannot_be_read_makes_nothing(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BuildError, match=message):
        new.new(str(tmp_path / "project"), str(tmp_path / name))
    assert os.listdir(tmp_path) == [name]


def test_a_folder_that_is_in_use_is_left_alone(tmp_path):
    (tmp_path / "talk.txt").write_text("Было 37 школ.\n", "utf-8")
    with pytest.raises(BuildError, match="exists already"):
        new.new(str(tmp_path), str(tmp_path / "talk.txt"))
    assert os.listdir(tmp_path) == ["talk.txt"]
