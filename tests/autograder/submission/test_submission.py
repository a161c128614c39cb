"""Taking files in: plain UTF-8 text of a sensible size, or a sentence."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import stat
import struct
import tarfile
import tracemalloc
import unicodedata
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.assignment import MILESTONE, PREDICTIONS, SPEC
from autograder.submission import ALONE, MAX_BYTES, Course, SubmissionError, containers, read_source, take_in, unpack
from autograder.submission.containers import MAX_ARCHIVE, MAX_UNPACKED
from autograder.submission.entries import MAX_ENTRIES, Item

FILES = ["arith.py"]
WORK = {"arith.py": b"x = 1\n"}
LITTER = {
    "__MACOSX/._arith.py": b"\0\5\26\7",
    "ada/.DS_Store": b"\0",
    "ada/._arith.py": b"\0",
    "ada/__pycache__/arith.cpython-311.pyc": b"\0",
    "ada/.venv/lib/arith.so": b"\0",
}


def in_a_zip(members, method=zipfile.ZIP_DEFLATED):
    """The bytes of a zip with these members, in this order: names or ZipInfos to bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, data)
    return packed.getvalue()


def in_a_tar(members, form=tarfile.PAX_FORMAT):
    """The bytes of a tar.gz with these members: names or TarInfos to bytes."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", format=form) as archive:
        for name, data in members.items() if isinstance(members, dict) else members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = info.size or len(data)
            archive.addfile(info, io.BytesIO(data.ljust(info.size) if info.isreg() else b""))
    return packed.getvalue()


PACKERS = [("ada.zip", in_a_zip), ("ada.tar.gz", in_a_tar), ("ada.tgz", in_a_tar)]
archives = pytest.mark.parametrize("name, pack", PACKERS, ids=[name for name, _ in PACKERS])


@pytest.fixture
def take(tmp_path):
    """Take in a file of this name with these bytes."""

    def take(name, data, files=FILES, **options):
        (tmp_path / name).write_bytes(data)
        return take_in(tmp_path / name, files, **options)

    return take


@pytest.fixture
def folder(tmp_path):
    """Ada's folder, with her work in it."""
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "arith.py").write_text("x = 1\n")
    return tmp_path / "ada"


def lay(folder, members):
    """Write these files below a folder."""
    for name, data in members.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


# What is accepted, and whose it is ---------------------------------------------------------------------------------


def test_a_folder_gives_its_name_to_the_student(folder):
    """A submission in a folder belongs to whom the folder is named after."""
    submission = take_in(folder, FILES)
    assert (submission.student, dict(submission.files)) == ("ada", {"arith.py": "x = 1\n"})


def test_a_file_may_have_any_name(take):
    """A single file is the submission, under its own name."""
    assert take("grace.py", b"x = 1").student == "grace"


@archives
def test_files_may_be_at_the_top_of_an_archive(take, name, pack):
    """An archive of files is a submission, named after the archive."""
    submission = take(name, pack(WORK))
    assert (submission.student, dict(submission.files)) == ("ada", {"arith.py": "x = 1\n"})


@archives
def test_files_may_be_in_one_outer_folder(take, name, pack):
    """An archive of a folder is taken in, and the folder's name inside does not say whose it is."""
    submission = take(name, pack({"somebody else/arith.py": b"x = 1", "somebody else/notes/a.txt": b""}))
    assert (submission.student, submission.files["arith.py"]) == ("ada", "x = 1")


def test_a_suffix_may_be_in_capitals(take):
    """What Windows calls .ZIP is a zip."""
    assert take("Ada.ZIP", in_a_zip(WORK)).student == "Ada"


@archives
def test_a_roster_says_whose_work_it_is(take, name, pack):
    """A given student's name goes before the archive's."""
    assert take(name, pack(WORK), student="grace").student == "grace"


def test_a_roster_says_whose_folder_or_file_it_is(folder, take):
    """A given student's name goes before the folder's and the file's."""
    assert take_in(folder, FILES, student="grace").student == "grace"
    assert take("ada.py", b"", student="grace").student == "grace"


def test_a_name_has_one_spelling(tmp_path, take):
    """A name that a Mac wrote in pieces is the same name."""
    assert take("Zoe\u0308.py", b"").student == "Zo\u00eb"


def test_a_persian_name_is_a_name(take):
    """The invisible letter in علی‌رضا belongs there."""
    assert take("علی\u200cرضا.zip", in_a_zip(WORK)).student == "علی\u200cرضا"


@archives
def test_several_files_come_out_of_an_archive(take, name, pack):
    """Each file that is asked for is read."""
    submission = take(name, pack({"hw/b.py": b"b", "hw/a.py": b"a"}), ["a.py", "b.py"])
    assert dict(submission.files) == {"a.py": "a", "b.py": "b"}


def on_windows(name):
    """A member of a zip as .NET writes it there: backslashes between folders."""
    info = zipfile.ZipInfo(name)
    info.create_system = 0
    return info


def test_a_zip_of_windows_has_folders(take):
    """Backslashes stand for slashes, and lead nowhere else."""
    packed = in_a_zip({on_windows("hw\\arith.py"): b"x = 1\n", on_windows("hw\\old\\"): b""})
    assert dict(take("ada.zip", packed).files) == {"arith.py": "x = 1\n"}
    for name in ("..\\arith.py", "C:\\arith.py", "\\arith.py"):
        with pytest.raises(SubmissionError, match="unsafe path"):
            take("eve.zip", in_a_zip({on_windows(name): b""}))


def test_a_notebook_may_write_its_module(take):
    """What `%%writefile arith.py` writes is the work of arith.ipynb; a file of another name is none of it."""
    cells = ["%%writefile arith.py\nx = 1\n", "%%writefile other.py\ny = 1\n"]
    code = {"nbformat": 4, "cells": [{"cell_type": "code", "source": cell} for cell in cells]}
    text = take("ada.zip", in_a_zip({"arith.ipynb": json.dumps(code).encode()})).files["arith.py"]
    assert "# arith.py\nx = 1\n" in text
    assert "%%writefile other.py\ny = 1\n" in text


def test_what_is_there_in_place_of_the_file_is_named(tmp_path):
    """A file of another kind, as a browser or an editor names it."""
    lay(tmp_path, {"arith.py.txt": b"x = 1\n"})
    with pytest.raises(SubmissionError, match=r"Received: no Python file and no notebook, but arith\.py\.txt\."):
        take_in(tmp_path, FILES)


@archives
def test_what_systems_leave_behind_is_ignored(take, name, pack):
    """Litter is neither refused nor in the way of the outer folder."""
    assert take(name, pack({"ada/arith.py": b"x = 1", **LITTER})).files["arith.py"] == "x = 1"


def test_what_systems_leave_behind_in_a_folder_is_ignored(folder):
    """Litter in a folder is not looked into."""
    lay(folder.parent, LITTER)
    assert take_in(folder, FILES).files["arith.py"] == "x = 1\n"


@archives
def test_only_what_is_asked_for_is_read(take, name, pack):
    """A numpy.py, figures and an archive inside are ignored, whatever is in them."""
    others = {"numpy.py": b"\0", "large.csv": b"1" * (MAX_BYTES + 1), "old.zip": b"PK", "figures/a.png": b"\x89"}
    assert dict(take(name, pack({**WORK, **others})).files) == {"arith.py": "x = 1\n"}


def test_only_what_is_asked_for_is_read_from_a_folder(folder):
    """A numpy.py beside the work is ignored."""
    lay(folder, {"numpy.py": b"\0", "sub/arith.py": b"\0"})
    assert dict(take_in(folder, FILES).files) == {"arith.py": "x = 1\n"}


def test_the_assignments_own_folder_is_not_searched(folder):
    """An author's conftest.py, environment and links are nobody's submission; one's own work has no name on it."""
    lay(folder, {"README.md": b"", "checks.py": b"", "figures/a.svg": b"", "conftest.py": b"", "venv/a.so": b""})
    (folder / "data").symlink_to(folder.parent)
    submission = take_in(folder, FILES, own=True)
    assert (submission.student, submission.files["arith.py"]) == ("", "x = 1\n")


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_tar_is_read(take, form):
    """Long paths are read in each of the three ways to write them, and so is a tar of "."."""
    outer = "/".join(["a" * 70] * 2) if form == tarfile.USTAR_FORMAT else "é" * 150
    members = {f"./hw/{outer}/figure.png": b"-" * 1000, "./hw/arith.py": b"x = 1"}
    assert take("ada.tgz", in_a_tar(members, form)).files["arith.py"] == "x = 1"


def test_a_tar_from_git_is_read(take):
    """What `git archive` writes before all members is passed over."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", pax_headers={"comment": "0941186"}) as archive:
        info = tarfile.TarInfo("arith.py")
        archive.addfile(info)
    assert take("ada.tgz", packed.getvalue()).files["arith.py"] == ""


def test_a_stored_zip_is_read(take):
    """A zip need not compress, and its files may be as large as they may be anywhere."""
    text = b"#" * MAX_BYTES
    assert len(take("ada.zip", in_a_zip({"arith.py": text}, zipfile.ZIP_STORED)).files["arith.py"]) == MAX_BYTES


# Text ----------------------------------------------------------------------------------------------------------------


def test_a_byte_order_mark_and_windows_lines_are_read(take):
    """What a Windows editor adds does not get in the way."""
    assert take("arith.py", b"\xef\xbb\xbfx = 1\r\ny = 2\r\n").files["arith.py"] == "x = 1\ny = 2\n"


@pytest.mark.parametrize(
    "text",
    [
        "# -*- coding: utf-8 -*-\n",
        "#!/usr/bin/env python\n# vim: set fileencoding=UTF8 :\n",
        "# coding: utf-8-unix\n",
        "import math\n# one-hot encoding: a one in a row of zeros\n",
        "\n\n# coding: latin-1\n",
        '"""coding: latin-1"""\n',
    ],
)
def test_text_that_python_reads_as_utf_8_is_read(take, text):
    """A cookie for UTF-8, and what looks like a cookie where Python does not look for one, are fine."""
    assert take("ada.py", text.encode()).files["arith.py"] == text


@pytest.mark.parametrize("name", ["latin-1", "ISO-8859-1", "cp1252", "windows-1252", "iso-8859-15", "mac-roman", "gb18030"])
@pytest.mark.parametrize("before", ["# -*- coding: {} -*-\n", "#!/usr/bin/env python\r\n# latin-1? vim: fileencoding={}\r\n"])
def test_text_is_read_as_it_declares_itself(take, before, name):
    """As Python reads it; what is kept is UTF-8, and says so."""
    text = before + "x = 'é'\n"
    taken = take("ada.py", text.format(name).encode(name)).files["arith.py"]
    assert taken == text.format("utf-8").replace("\r\n", "\n")


TEXTS = [
    ("x = 1".encode("utf-16"), r"is not UTF-8; expected UTF-8 text\. Received: UTF-16 or UTF-32\. Save it as UTF-8\."),
    ("x = 1".encode("utf-32-be"), r"is not UTF-8 \(line 1\); .* Received: a zero byte\. Save it"),
    ("x = 1".encode("utf-32"), "Received: UTF-16 or UTF-32"),
    (b"# one\nx = '\0'\n", r"is not UTF-8 \(line 2\); .* Received: a zero byte"),
    (b"# one\n# caf\xe9\n", r"is not UTF-8 \(line 2\); .* Received: the byte 0xe9"),
    (b"\xef\xbb\xbf# one\n# caf\xe9\n", r"\(line 2\); .* Received: the byte 0xe9"),
    (b"\xef\xbb\xbf# coding: latin-1\n", "is not UTF-8 by its own word; .* Received: # coding: latin-1"),
    (b"# coding: utf-16\n", "is not UTF-8 by its own word; .* Received: # coding: utf-16"),
    (b"# coding: ascii\n# \xe9\n", r"is not ascii, which it declares \(line 2\); .* Received: the byte 0xe9"),
    (b"# coding: gbk\n# \xff\n", r"is not gbk, which it declares \(line 2\); .* Received: the byte 0xff\. Save it as UTF-8"),
    (b"\r# -*- coding: utf-7 -*-\r\n", "is not UTF-8 by its own word; .* coding: utf-7"),
    (b"\xef\xbb\xbf#!python\n \t# x coding=rot13\n", "is not UTF-8 by its own word"),
    (b"#" * (MAX_BYTES + 1), "is larger than 1 MB; expected a source file. Received: more than 1048576 bytes. Leave out"),
]


@pytest.mark.parametrize("data, sentence", TEXTS, ids=range(len(TEXTS)))
def test_what_is_no_utf_8_text_is_refused_wherever_it_comes_from(take, folder, data, sentence):
    """A file in a folder, by itself and in an archive is refused with the same sentence."""
    (folder / "arith.py").write_bytes(data)
    sentences = set()
    for name, packed in [("a.py", data), ("a.zip", in_a_zip({"arith.py": data})), ("a.tgz", in_a_tar({"arith.py": data}))]:
        with pytest.raises(SubmissionError, match=sentence) as refused:
            take(name, packed)
        sentences.add(str(refused.value).partition(" is ")[2])
    with pytest.raises(SubmissionError, match=r"ada/arith\.py .*" + sentence) as refused:
        take_in(folder, FILES)
    assert sentences == {str(refused.value).partition(" is ")[2]}


# Folders and files ---------------------------------------------------------------------------------------------------


def _missing(folder):
    (folder / "arith.py").rename(folder / "Arith.py")


def _empty(folder):
    (folder / "arith.py").unlink()


def _link(folder):
    (folder / "arith.py").unlink()
    (folder / "arith.py").symlink_to("/etc/hostname")


def _dangling(folder):
    (folder / "arith.py").unlink()
    (folder / "arith.py").symlink_to("nowhere")


def _hard_link(folder):
    (folder.parent / "theirs.py").hardlink_to(folder / "arith.py")


def _fifo(folder):
    (folder / "arith.py").unlink()
    os.mkfifo(folder / "arith.py")


def _folder(folder):
    (folder / "arith.py").unlink()
    (folder / "arith.py").mkdir()


def _backslash(folder):
    (folder / "a\\b.py").touch()


def _twins(folder):
    (folder / "ARITH.py").touch()


PLACE = r"; expected the file at the top\. Received: "
ORDINARY = "is not a plain file; expected an ordinary file with one name. Received: "


@pytest.mark.parametrize(
    "make, sentence",
    [
        (_missing, rf"has no arith\.py, which this assignment asks for{PLACE}Arith\.py\. Check the file's name and place"),
        (_empty, rf"has no arith\.py, which this assignment asks for{PLACE}no Python file"),
        (_link, ORDINARY + "a symbolic link. Put an ordinary copy in its place"),
        (_dangling, ORDINARY + "a symbolic link"),
        (_hard_link, ORDINARY + "a hard link"),
        (_fifo, ORDINARY + "a pipe, a socket or a device"),
        (_folder, ORDINARY + "a folder"),
        (_backslash, "contains an unsafe path; .* Rename the file"),
        (_twins, r"contains two files with the same name; .* Received: arith\.py and ARITH\.py"),
    ],
)
def test_what_is_no_source_file_is_refused(folder, make, sentence):
    """Each thing that is not a student's source file has its sentence."""
    make(folder)
    with pytest.raises(SubmissionError, match=sentence):
        take_in(folder, FILES)


def test_a_link_that_nobody_asked_for_is_left_aside(folder):
    """It is not followed, and told."""
    (folder / "figures").symlink_to("/etc", target_is_directory=True)
    submission = take_in(folder, FILES)
    assert submission.files == {"arith.py": "x = 1\n"}
    assert submission.notices == ("ignored: figures; only the files of the assignment are read",)


def test_too_many_files_without_the_work_are_said_to_be_that(folder):
    """Only the first thousand files are looked at, and the work is not among them."""
    (folder / "arith.py").unlink()
    for number in range(MAX_ENTRIES + 1):
        (folder / f"{number}.txt").touch()
    with pytest.raises(
        SubmissionError, match=r"contains too many files; expected at most 1000\. Received: more than that\. Leave"
    ):
        take_in(folder, FILES)


def test_a_wrong_folder_is_not_walked_through(folder):
    """A folder without the work is said to be that, whatever else would be refused in it."""
    _empty(folder)
    lay(folder, {"deep/a\nb.py": b"", "other.py": b""})
    with pytest.raises(SubmissionError, match=r"has no arith\.py, .* Received: other\.py"):
        take_in(folder, FILES)


@pytest.mark.parametrize("make", [_link, _hard_link, _fifo, _folder])
def test_ones_own_file_is_plain_too(folder, make):
    """The file that is asked for is read with the same care from the assignment's own folder."""
    make(folder)
    with pytest.raises(SubmissionError, match=ORDINARY):
        take_in(folder, FILES, own=True)


@pytest.mark.parametrize("name", ["ada.py", "ada.zip", "ada.tgz"])
@pytest.mark.parametrize("make", [_link, _hard_link, _fifo])
def test_a_given_file_is_plain_too(folder, make, name):
    """A file or an archive by itself is no link and no pipe either."""
    make(folder)
    (folder / "arith.py").rename(folder / name)
    with pytest.raises(SubmissionError, match=ORDINARY):
        take_in(folder / name, FILES)


def test_a_file_that_changes_its_kind_is_refused(folder, monkeypatch):
    """What was a plain file when it was looked at, and is a link when it is opened, is not followed."""
    plain = os.lstat(folder / "arith.py")
    _link(folder)
    monkeypatch.setattr(os, "lstat", lambda path: plain)
    with pytest.raises(SubmissionError, match="cannot be read; expected files that the grader may read"):
        read_source(folder / "arith.py")


def test_a_pipe_that_takes_a_files_place_is_not_waited_for(folder, monkeypatch):
    """A pipe is opened without waiting for a writer, and refused by what it is then."""
    plain = os.lstat(folder / "arith.py")
    _fifo(folder)
    monkeypatch.setattr(os, "lstat", lambda path: plain)
    with pytest.raises(SubmissionError, match=ORDINARY + "a pipe"):
        read_source(folder / "arith.py")


DANGEROUS = [
    "conftest.py",
    "sub/Conftest.PY",
    "sitecustomize.py",
    "usercustomize.py",
    "sitecustomize/__init__.py",
    "x.pth",
    "numpy/core.so",
    "x.cpython-311-x86_64-linux-gnu.so",
    "x.pyd",
    "x.dll",
    "arith.pyc",
]


@pytest.mark.parametrize("name", DANGEROUS)
def test_what_could_run_by_itself_is_left_aside_and_told(take, folder, name):
    """A file that Python, pytest or the loader takes unasked is neither read nor run, in a folder, a zip or a tar."""
    lay(folder, {name: b"\0"})
    told = r"ignored: .+; only the files of the assignment are read"
    assert take_in(folder, FILES).files == {"arith.py": "x = 1\n"}
    for archive, pack in PACKERS:
        submission = take(archive, pack({**WORK, name: b"\0"}))
        assert submission.files == {"arith.py": "x = 1\n"}
        assert re.fullmatch(told, submission.notices[0])


ASIDE = {
    "an environment": {"env/pyvenv.cfg": b"", "env/lib/a.so": b"\x7fELF", "env/lib/b.pth": b"import os"},
    "another environment": {"src/venv/bin/python": b"", ".venv/lib/x.py": b""},
    "node_modules": {"node_modules/a/index.js": b"", "node_modules/b.js": b""},
    "a template's tests": {"tests/conftest.py": b"raise SystemExit", ".github/workflows/classroom.yml": b"", ".git/HEAD": b""},
}


@archives
@pytest.mark.parametrize("tree", ASIDE.values(), ids=ASIDE)
def test_what_came_along_costs_nobody_the_work(take, name, pack, tree):
    """An environment, a template's tests and what Git keeps are left aside, and told once if they could run."""
    submission = take(name, pack({**WORK, **tree}))
    assert submission.files == {"arith.py": "x = 1\n"}
    assert len(submission.notices) == 1
    assert submission.notices[0].startswith("ignored: ")


@archives
def test_an_environment_of_thousands_of_files_is_not_in_the_way(take, name, pack):
    """What was installed does not count among the files of a submission; other files do, and only the first are looked at."""
    many = {f"env/lib/{number}.py": b"" for number in range(MAX_ENTRIES + 9)}
    assert take(name, pack({**many, **WORK})).notices == ("ignored: env/; only the files of the assignment are read",)
    many = {f"data/{number}.txt": b"" for number in range(MAX_ENTRIES + 9)}
    submission = take(name, pack({**many, **WORK}))
    assert submission.files == {"arith.py": "x = 1\n"}
    assert "dlkit looked only at the first 1000 files" in submission.notices[0]


def test_what_a_mac_leaves_for_a_picture_is_no_odd_path(take):
    """macOS calls the picture of a folder "Icon" and a carriage return."""
    assert take("ada.zip", PACKERS[0][1]({**WORK, "Icon\r": b""})).files == {"arith.py": "x = 1\n"}


def test_a_path_that_does_not_exist_is_said(tmp_path):
    """A wrong path is named, with what was expected."""
    with pytest.raises(SubmissionError, match=r"does not exist; expected a folder with arith\.py, an archive, or a file"):
        take_in(tmp_path / "nobody", FILES)


def test_another_kind_of_file_is_refused(take):
    """A file that is neither Python nor a known archive is named."""
    with pytest.raises(
        SubmissionError, match=r"expected a folder, a Python file \(\.py\), a notebook \(\.ipynb\), a \.zip .* Received: ada\.rar"
    ):
        take("ada.rar", b"")


def test_one_file_is_not_enough_where_several_are_asked_for(take):
    """A single file cannot be two."""
    with pytest.raises(SubmissionError, match=r"asks for 2 files; expected the folder or archive with a\.py, b\.py"):
        take("a.py", b"", ["a.py", "b.py"])


def test_a_name_that_moves_the_cursor_is_refused(take):
    """A student's name is printed, so it holds no control character; nor does the sentence that says so."""
    with pytest.raises(SubmissionError, match=r"Received: ada\\x1b\[2J\. Rename"):
        take("ada\x1b[2J.py", b"")


# Archives ------------------------------------------------------------------------------------------------------------

PATHS = [
    "../arith.py",
    "a/../../arith.py",
    "/etc/passwd",
    "C:/arith.py",
    "c:arith.py",
    "a\\arith.py",
    "a\nb",
    "a\x1b[2J",
    "․․/b",
    "＼b",
]


@archives
@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_leads_elsewhere_is_refused(take, name, pack, path):
    """No member goes up, starts at the root or at a drive, or has a name that is not plain; not even litter."""
    for member in (path, f"__MACOSX/{path}" if path.startswith("..") else path):
        with pytest.raises(SubmissionError, match=r"contains an unsafe path; .* Received: [ -~․＼]+ Rename"):
            take(name, pack({**WORK, member: b""}))


@archives
@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("other", ["arith.py", "./arith.py", "ARITH.py", "ａrith.py"])
def test_a_file_that_could_be_another_is_refused(take, name, pack, other):
    """Two members that some system takes for one are refused, whichever would win."""
    with pytest.raises(SubmissionError, match=r"contains two files with the same name; .* Received: arith\.py and"):
        take(name, pack([("arith.py", b""), (other, b"")]))


@archives
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_any_other_file_comes_once_too(take, name, pack):
    """An archive with two members of one path is not one that a student's system makes."""
    with pytest.raises(SubmissionError, match="contains two files with the same name"):
        take(name, pack([*WORK.items(), ("notes.txt", b"1"), ("notes.txt", b"2")]))


@archives
@pytest.mark.parametrize(
    "members", [["a/arith.py", "b/x.py"], ["a/arith.py", "x.py"], ["a/b/arith.py"], ["a/ARITH.py"], ["arith.py/x.py"]]
)
def test_a_file_anywhere_else_is_not_guessed(take, name, pack, members):
    """Two outer folders, or two deep, or another spelling: it is said what there is."""
    found = r"expected the file at the top or in one outer folder\. Received: " + members[0]
    with pytest.raises(SubmissionError, match=r"has no arith\.py, which this assignment asks for; " + found):
        take(name, pack(dict.fromkeys(members, b"")))


@archives
def test_an_archive_of_too_many_members_is_refused(take, name, pack):
    """A thousand members are enough."""
    with pytest.raises(SubmissionError, match="contains too many files"):
        take(name, pack({f"{number}.txt": b"" for number in range(MAX_ENTRIES + 1)}))


@archives
def test_a_large_archive_is_refused(take, name, pack):
    """An archive is not read beyond its cap."""
    with pytest.raises(SubmissionError, match="is larger than 10 MB; expected an archive of source files"):
        take(name, b"\0" * (MAX_ARCHIVE + 1))


@archives
def test_a_damaged_archive_is_refused(take, name, pack):
    """An archive cut anywhere, or of something else, is damaged."""
    data = pack({"arith.py": os.urandom(3000)})
    for part in (data[: len(data) // 2], data[:-12], b"x = 1\n", data[:100] + b"\xff" * 9 + data[109:]):
        with pytest.raises(SubmissionError, match=r"is damaged, or not what its name says; .* Make the archive again"):
            take(name, part)


@archives
def test_an_empty_archive_holds_no_python_file(take, name, pack):
    """An archive of nothing says so."""
    with pytest.raises(SubmissionError, match="Received: no Python file"):
        take(name, pack({}))


def zip_member(name="arith.py", mode=0, data=b"x"):
    """A zip whose member has this Unix mode."""
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return in_a_zip({info: data})


def patched(data, **fields):
    """A zip with other values in the directory's first entry: no library writes them."""
    at = data.index(b"PK\1\2")
    for (name, form), value in {tuple(key.split("_")): value for key, value in fields.items()}.items():
        offset = {"flags": 8, "method": 10, "crc": 16, "packed": 20, "size": 24, "start": 42}[name]
        data = data[: at + offset] + struct.pack(f"<{form}", value) + data[at + offset + struct.calcsize(f"<{form}") :]
    return data


ZIPS = {
    "link": (zip_member(mode=stat.S_IFLNK | 0o777, data=b"/etc/passwd"), "a symbolic link"),
    "pipe": (zip_member(mode=stat.S_IFIFO | 0o600), "a pipe, a socket or a device"),
    "device": (zip_member(mode=stat.S_IFBLK | 0o600), "a pipe, a socket or a device"),
    "folder": (zip_member(name="arith.py/", data=b""), "a folder"),
    "password": (patched(zip_member(), flags_H=1), "a file locked with a password"),
    "strong password": (patched(zip_member(), flags_H=0x41), "a file locked with a password"),
    "method 99": (patched(zip_member(), method_H=99), r"a file in an unusual compression \(method 99\)"),
    "bzip2": (in_a_zip(WORK, zipfile.ZIP_BZIP2), r"a file in an unusual compression \(method 12\)"),
    "lzma": (in_a_zip(WORK, zipfile.ZIP_LZMA), r"a file in an unusual compression \(method 14\)"),
}


@pytest.mark.parametrize("case", ZIPS)
def test_a_zip_holds_plain_files_only(take, case):
    """Links, devices, locked files and compressions that cannot be bounded are refused."""
    data, kind = ZIPS[case]
    with pytest.raises(SubmissionError, match=ORDINARY + kind):
        take("ada.zip", data)


def test_a_zip_of_a_unix_file_is_read(take):
    """The mode of a plain file is fine."""
    assert take("ada.zip", zip_member(mode=stat.S_IFREG | 0o644)).files["arith.py"] == "x"


@pytest.mark.parametrize("size", [0, 1, 50, 2**31])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_size_that_is_a_lie_is_refused(take, size, method):
    """A directory that announces another size than there is does not decide what is read."""
    data = patched(in_a_zip({"arith.py": b"x = 1  # and more\n"}, method), size_L=size)
    with pytest.raises(SubmissionError, match=f"is damaged, .* Received: BadZipFile: {size} bytes announced, 18 there"):
        take("ada.zip", data)


def tar_member(kind, name="arith.py", form=tarfile.PAX_FORMAT, size=0, **fields):
    """A tar.gz whose first member is of this type."""
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, size
    for field, value in fields.items():
        setattr(info, field, value)
    return gzip.compress(info.tobuf(form) + bytes(2 * tarfile.BLOCKSIZE))


SPARSE = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "arith.py"}


TARS = {
    "link": (tar_member(tarfile.SYMTYPE, linkname="/etc/passwd"), "a symbolic link"),
    "hard link": (tar_member(tarfile.LNKTYPE, linkname="checks.py"), "a hard link"),
    "pipe": (tar_member(tarfile.FIFOTYPE), "a pipe, a socket or a device"),
    "device": (tar_member(tarfile.CHRTYPE), "a pipe, a socket or a device"),
    "disk": (tar_member(tarfile.BLKTYPE), "a pipe, a socket or a device"),
    "unknown": (tar_member(b"Z"), "a pipe, a socket or a device"),
    "folder": (tar_member(tarfile.DIRTYPE), "a folder"),
    "sparse, GNU": (tar_member(tarfile.GNUTYPE_SPARSE, form=tarfile.GNU_FORMAT), "a sparse file"),
    "sparse, pax": (tar_member(tarfile.REGTYPE, pax_headers=SPARSE), "a sparse file"),
}


@pytest.mark.parametrize("case", TARS)
def test_a_tar_holds_plain_files_only(take, case):
    """Links, devices and files with holes are refused."""
    data, kind = TARS[case]
    with pytest.raises(SubmissionError, match=ORDINARY + kind):
        take("ada.tgz", data)


def extended(data, size=None):
    """A tar.gz that begins with an extended header of these bytes."""
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, len(data) if size is None else size
    return gzip.compress(info.tobuf(tarfile.GNU_FORMAT) + data + bytes(-len(data) % 512) + tarfile.TarInfo("arith.py").tobuf())


LIES = {
    "no length": extended(b"1" * 60_000),
    "long": extended(b"1" * 70_000),
    "zero": extended(b"0 path=a\n"),
    "negative": extended(b"-9 path=a\n"),
    "beyond": extended(b"99 path=a\n"),
    "negative size of a header": extended(b"", size=-1),
    "negative size of a file": tar_member(tarfile.REGTYPE, form=tarfile.GNU_FORMAT, size=-600),
    "ends inside a file": tar_member(tarfile.REGTYPE, size=60_000),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_tar_that_lies_about_lengths_is_damaged(take, lie):
    """No number in a header makes the reader go back, stand still or read on for ever."""
    with pytest.raises(SubmissionError, match="is damaged"):
        take("ada.tgz", LIES[lie])


def test_a_size_without_end_is_refused_at_once(take):
    """A member of 2**60 bytes is not looked for: `tarfile` would seek for it for hours."""
    with pytest.raises(SubmissionError, match="unpacked, is larger than 32 MB; expected an archive of source files"):
        take("ada.tgz", tar_member(tarfile.REGTYPE, name="a", form=tarfile.GNU_FORMAT, size=2**60))


# Bombs ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def unpacked(monkeypatch):
    """How many bytes came out of compression, one number for each reading."""
    counts = []
    for owner in (zipfile.ZipExtFile, gzip.GzipFile):

        def read(stream, size=-1, original=owner.read):
            data = original(stream, size)
            counts.append(len(data))
            return data

        monkeypatch.setattr(owner, "read", read)
    return counts


@pytest.mark.parametrize("announced", [200 * 2**20, 100])
def test_a_zip_bomb_is_not_unpacked(take, unpacked, announced):
    """Of 200 MB in 204 kB, one byte more than a file may have is unpacked, whatever size is announced."""
    bomb = patched(in_a_zip({"arith.py": bytes(200 * 2**20)}), size_L=announced)
    assert len(bomb) < 210_000
    tracemalloc.start()
    try:
        with pytest.raises(SubmissionError, match=r"arith\.py is larger than 1 MB; expected a source file"):
            take("ada.zip", bomb)
        assert tracemalloc.get_traced_memory()[1] < 16 * MAX_BYTES
    finally:
        tracemalloc.stop()
    assert unpacked == [MAX_BYTES + 1]


def test_a_zip_bomb_that_nobody_asked_for_is_ignored(take, unpacked):
    """Only what is asked for is unpacked at all."""
    take("ada.zip", in_a_zip({**WORK, "data.bin": bytes(50 * 2**20)}))
    assert sum(unpacked) == len(WORK["arith.py"])


BOMBS = {
    "one large file": lambda: in_a_tar({"arith.py": bytes(64 * 2**20)}),
    "another large file": lambda: in_a_tar({**WORK, "data.bin": bytes(64 * 2**20)}),
    "many files": lambda: in_a_tar({f"{number}.bin": bytes(2**20) for number in range(64)}),
    "after the end": lambda: in_a_tar(WORK) + gzip.compress(bytes(64 * 2**20)),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_tar_bomb_is_not_unpacked(take, unpacked, bomb):
    """A tar is unpacked up to its cap and no further, wherever in it the bomb is."""
    data = BOMBS[bomb]()
    with pytest.raises(SubmissionError, match="unpacked, is larger than 32 MB"):
        take("ada.tgz", data)
    assert sum(unpacked) <= MAX_UNPACKED + 1


def test_a_large_file_in_a_tar_is_not_read_whole(take, unpacked):
    """Below the tar's cap, a file's own cap holds."""
    with pytest.raises(SubmissionError, match=r"arith\.py is larger than 1 MB; expected a source file"):
        take("ada.tgz", in_a_tar({"arith.py": bytes(20 * 2**20)}))
    assert max(unpacked) <= MAX_BYTES + 1


# Anything ------------------------------------------------------------------------------------------------------------

SEEDS = [in_a_zip({**WORK, "ada/notes.txt": b"note"}), in_a_tar({**WORK, "é" * 60: b"note"})]
PLAIN_TAR = gzip.decompress(SEEDS[1])
changes = st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=8)), max_size=8)


def changed(data, edits):
    """The data with a few bytes overwritten."""
    for position, new in edits:
        at = position % len(data)
        data = data[:at] + new + data[at + len(new) :]
    return data


anything = st.one_of(
    st.binary(max_size=300),
    st.builds(changed, st.sampled_from(SEEDS), changes),
    st.builds(lambda edits: gzip.compress(changed(PLAIN_TAR, edits)), changes),
    st.builds(gzip.compress, st.binary(max_size=1200)),
    st.builds(lambda data: extended(data), st.binary(max_size=80)),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(anything, st.sampled_from(["ada.zip", "ada.tar.gz"]))
def test_whatever_the_bytes_they_are_refused_or_read(take, data, name):
    """No bytes raise anything but a SubmissionError, and what comes out is text."""
    try:
        submission = take(name, data)
    except SubmissionError as refused:
        assert str(refused).isprintable()
        assert "; expected " in str(refused)
        assert ". Received: " in str(refused)
    else:
        assert (submission.student, list(submission.files)) == ("ada", FILES)
        assert "\0" not in submission.files["arith.py"]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text("abé/", min_size=1, max_size=200).filter(lambda name: name.strip("/") == name), st.binary()))
def test_members_are_those_that_tarfile_lists(tmp_path, members):
    """The loop over a tar agrees with the standard library on every ordinary archive."""
    for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        (tmp_path / "a.tgz").write_bytes(in_a_tar(members, form))
        listed = containers.in_tar(tmp_path / "a.tgz")
        assert {entry.path: entry.read() for entry in listed} == members


# Names in zips -------------------------------------------------------------------------------------------------------


def zip_with(raw, *, flag=0, extra=b""):
    """A zip of one member whose name is these bytes, with this flag and this extra field."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        member = zipfile.ZipInfo("p" * len(raw))
        member.extra = extra
        archive.writestr(member, b"x = 1\n")
    packed = bytearray(data.getvalue().replace(b"p" * len(raw), raw))
    for at in (6, packed.index(b"PK\1\2") + 8):  # the flags in the member's header and in the directory
        packed[at : at + 2] = flag.to_bytes(2, "little")
    return bytes(packed)


def unicode_path(name, raw):
    """Info-ZIP's extra field with a name in UTF-8, made for the name in these bytes."""
    field = b"\1" + zlib.crc32(raw).to_bytes(4, "little") + name.encode()
    return b"\x75\x70" + len(field).to_bytes(2, "little") + field


ZOE = "Zoë Müller/arith.py"
CP437 = ZOE.encode("cp437")
SPELT = {
    "UTF-8 and its flag": (ZOE.encode(), 0x800, b"", ZOE),
    "UTF-8 without its flag, as macOS": (ZOE.encode(), 0, b"", ZOE),
    "in pieces, as macOS": (unicodedata.normalize("NFD", ZOE).encode(), 0, b"", unicodedata.normalize("NFD", ZOE)),
    "cp437, as DOS": (CP437, 0, b"", ZOE),
    "an extra field": (b"Zo? M?ller/arith.py", 0, unicode_path(ZOE, b"Zo? M?ller/arith.py"), ZOE),
    "another name's extra field": (CP437, 0, unicode_path("eve/arith.py", b"other"), ZOE),
}


@pytest.mark.parametrize("raw, flag, extra, name", SPELT.values(), ids=SPELT)
def test_a_name_in_a_zip_is_read_as_it_was_meant(raw, flag, extra, name):
    """UTF-8 needs no flag, and an extra field counts if its checksum is that of the name."""
    (entry,) = containers.in_zip(Path("a.zip"), zip_with(raw, flag=flag, extra=extra))
    assert (entry.path, entry.read()) == (name, b"x = 1\n")


def test_a_damaged_member_is_named(take):
    """Which file of an archive cannot be unpacked is told."""
    data = bytearray(PACKERS[0][1]({"arith.py": os.urandom(2000)}))
    data[200:260] = bytes(60)
    with pytest.raises(SubmissionError, match=r"ada\.zip, in it arith\.py, is damaged, or not what its name says"):
        take("ada.zip", bytes(data))


# Files of other names ------------------------------------------------------------------------------------------------

COURSE = Course(("total", "scale"), ("xor_mlp.py",))
MINE = "def total(x):\n    return 0\n"


def handed(tree, course=COURSE):
    """What a student handed in, in a class."""
    entries = [Item(name, "", lambda most, text=text: text.encode()) for name, text in tree.items()]
    return unpack(entries, FILES, Path("ada"), student="ada", course=course)


@pytest.mark.parametrize("name", ["hw1_final.py", "arith (1).py", "ada_arith.py", "my work.py", "xor_mlp.py", "src/deep/a.py"])
def test_a_renamed_file_is_taken_for_the_one_that_is_asked_for(name):
    """Where it defines what is asked for, it counts, and which file was graded is told."""
    submission = handed({name: MINE + "scale = total\n", "notes.txt": ""})
    assert submission.files["arith.py"].startswith("def total")
    assert submission.notices == (f"{name} was graded as arith.py",)


@pytest.mark.parametrize("text", ["def sigmoid(z):\n    return z\n", "def total(x):\n    return x\n", ""])
def test_another_assignments_file_is_refused(text):
    """By its name and its functions, of which assignments may share one or two."""
    with pytest.raises(
        SubmissionError, match=r"ada has no arith\.py, which this assignment asks for; .* Received: xor_mlp\.py\."
    ):
        handed({"xor_mlp.py": text})


def test_a_notebook_of_another_assignment_is_refused():
    """Which is taken in place of the file otherwise."""
    cell = {"cell_type": "code", "source": "def sigmoid(z): pass", "metadata": {}, "outputs": []}
    text = json.dumps({"nbformat": 4, "metadata": {}, "cells": [cell]})
    with pytest.raises(SubmissionError, match=r"Received: xor_mlp\.ipynb\. Check which assignment the file is for"):
        handed({"xor_mlp.ipynb": text})
    assert handed({"anything.ipynb": text.replace("sigmoid", "total")}).notices == ("anything.ipynb was graded as arith.py",)


@pytest.mark.parametrize("given", [SPEC, PREDICTIONS, MILESTONE])
def test_what_came_with_the_assignment_is_nobodys_work(given):
    """A spec that defines a function of the same name is not graded in place of a file that is missing."""
    kit = {f"assignments/arith/{given}": MINE, "README.md": ""}
    with pytest.raises(SubmissionError, match=r"has no arith\.py, which this assignment asks for"):
        handed(kit)
    assert handed(kit | {"assignments/arith/mine.py": MINE}).files["arith.py"] == MINE


def test_one_of_several_files_is_known_by_its_functions():
    """A helper, or a template's tests, beside a renamed file are in nobody's way; two that could be meant are not guessed at."""
    assert handed({"a.py": MINE, "helper.py": "", "tests/test_a.py": "def total(): pass"}).files["arith.py"] == MINE
    with pytest.raises(SubmissionError, match=r"has no arith\.py, .* Received: a\.py, b\.py"):
        handed({"a.py": MINE, "b.py": MINE})


BOTH = MINE + "def scale(x):\n    return x\n"
SECOND = {
    "a copy in a folder": ({"arith.py": BOTH, "src/arith.py": MINE}, "arith.py was graded, not src/arith.py, which differs"),
    "one deeper": ({"a/arith.py": BOTH, "a/b/arith.py": MINE}, "a/arith.py was graded, not a/b/arith.py, which differs"),
    "a newer name": ({"old/arith.py": BOTH, "arith_v2.py": MINE}, "old/arith.py was graded, not arith_v2.py, which differs"),
    "beside it": ({"arith.py": BOTH, "arith (1).py": MINE}, "arith.py was graded, not arith (1).py, which differs"),
    "a notebook elsewhere": (
        {"arith.py": BOTH, "nb/arith.ipynb": json.dumps({"nbformat": 4, "metadata": {}, "cells": []})},
        "arith.py was graded, not nb/arith.ipynb, which differs",
    ),
    "several": (
        {"arith.py": BOTH, **{f"{number}/arith.py": MINE for number in range(5)}},
        "arith.py was graded, not 0/arith.py, 1/arith.py, 2/arith.py and 2 more, which differ",
    ),
}


@pytest.mark.parametrize("tree, sentence", SECOND.values(), ids=SECOND)
def test_a_second_file_that_could_be_meant_is_told(tree, sentence):
    """By its name or its functions, with which one was graded."""
    assert handed(tree).notices == (sentence,)


@pytest.mark.parametrize(
    "beside",
    [
        {"src/arith.py": BOTH},
        {"try.py": "from arith import total, scale\n"},
        {"helper.py": "def help_total():\n    pass\n"},
        {"tests/arith.py": MINE, "test_arith.py": MINE},
    ],
    ids=["the same", "a caller", "a helper", "tests"],
)
def test_what_could_not_be_meant_is_not_told(beside):
    """Nobody has to look at a copy that says the same, or at what uses the file."""
    assert handed({"arith.py": BOTH, **beside}).notices == ()


@pytest.mark.parametrize("text, received", [("", "an empty file"), ("def other(): pass", "a file without them")])
def test_a_file_without_any_of_the_functions_is_said_to_be_that_once(text, received):
    """It is the wrong file under the right name."""
    with pytest.raises(SubmissionError, match=f"none of the functions .* such as total, scale. Received: {received}"):
        handed({"arith.py": text})
    assert handed({"arith.py": text}, ALONE).files == {"arith.py": text}


def test_functions_may_come_from_elsewhere():
    """An import with a star, or of the name, may define what is asked for."""
    for text in ("from helper import *\n", "from helper import total\n", "total = lambda x: x\n"):
        assert handed({"mine.py": text}).files == {"arith.py": text}


def test_a_single_file_of_another_assignment_is_refused(take):
    """Also by itself, where any name will do."""
    with pytest.raises(SubmissionError, match=r"has no arith\.py, which this assignment asks for; .* Received: xor_mlp\.py"):
        take("xor_mlp.py", b"def sigmoid(z): pass", course=COURSE)
    assert take("hw1.py", MINE.encode(), course=COURSE).files == {"arith.py": MINE}


MARIMO = "import marimo\napp = marimo.App()\n@app.cell\ndef _():\n    def total(x): pass\n"


@pytest.mark.parametrize("text", [MARIMO, "import marimo as mo\n" + MARIMO[14:].replace("marimo.", "mo."), "# x\n\n" + MARIMO])
def test_a_marimo_notebook_is_named(text):
    """The submission is taken in, and its reader told what became of it."""
    assert "is a marimo notebook" in handed({"arith.py": text}).notices[0]


def test_a_file_that_breaks_off_before_a_name_is_not_another_file():
    """Its syntax error is told when it is graded."""
    assert handed({"arith.py": "def (\n"}).files == {"arith.py": "def (\n"}


def test_a_line_of_equals_signs_is_no_conflict():
    """As people underline with, in a comment or a text."""
    assert handed({"arith.py": MINE + '"""\n=======\n"""\n'}).notices == ()
