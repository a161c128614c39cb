"""Taking files in: plain UTF-8 text of a sensible size, or a sentence."""

from __future__ import annotations

import os

import pytest

from autograder.submission import MAX_BYTES, SubmissionError, take_in

FILES = ["arith.py"]


def test_a_folder_gives_its_name_to_the_student(tmp_path):
    """A submission in a folder belongs to whom the folder is named after."""
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "arith.py").write_text("x = 1")
    submission = take_in(tmp_path / "ada", FILES)
    assert (submission.student, dict(submission.files)) == ("ada", {"arith.py": "x = 1"})


def test_a_file_may_have_any_name(tmp_path):
    """A single file is the submission, under its own name."""
    (tmp_path / "grace.py").write_text("x = 1")
    assert take_in(tmp_path / "grace.py", FILES).student == "grace"


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path):
    """What a Windows editor adds does not get in the way."""
    (tmp_path / "arith.py").write_bytes(b"\xef\xbb\xbfx = 1\r\ny = 2\r\n")
    assert take_in(tmp_path, FILES).files["arith.py"] == "x = 1\ny = 2\n"


def _missing(folder):
    (folder / "arth.py").write_text("")


def _link(folder):
    (folder / "arith.py").symlink_to("/etc/hostname")


def _fifo(folder):
    os.mkfifo(folder / "arith.py")


def _folder(folder):
    (folder / "arith.py").mkdir()


def _large(folder):
    (folder / "arith.py").write_bytes(b"#" * (MAX_BYTES + 1))


def _nul(folder):
    (folder / "arith.py").write_bytes("x = 1".encode("utf-16"))


def _latin(folder):
    (folder / "arith.py").write_bytes(b"# one\n# caf\xe9\n")


@pytest.mark.parametrize(
    "make, sentence",
    [
        (_missing, r"has no arith\.py, which this assignment asks for\. Found: arth\.py"),
        (_link, "is a symbolic link; expected a plain file"),
        (_fifo, "is not a plain file"),
        (_folder, "is not a plain file"),
        (_large, "is larger than 1 MB"),
        (_nul, "is not a text file|is not UTF-8"),
        (_latin, r"is not UTF-8 \(line 2\): save it as UTF-8"),
    ],
)
def test_what_is_no_source_file_is_refused(tmp_path, make, sentence):
    """Each thing that is not a student's source file has its sentence."""
    make(tmp_path)
    with pytest.raises(SubmissionError, match=sentence):
        take_in(tmp_path, FILES)


def test_a_path_that_does_not_exist_is_said(tmp_path):
    """A wrong path is named, with what was expected."""
    with pytest.raises(SubmissionError, match=r"does not exist; expected a folder with arith\.py, or a file"):
        take_in(tmp_path / "nobody", FILES)
