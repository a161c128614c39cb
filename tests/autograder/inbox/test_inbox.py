"""The inbox: the submissions of a class, as teachers and learning platforms lay them out."""

from __future__ import annotations

import io
import os
import re
import tracemalloc
import unicodedata
import zipfile
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.inbox import RosterError, each_once, find, match, read_roster, settled, together
from autograder.inbox.layouts.canvas import CANVAS
from autograder.inbox.layouts.gradescope import MAX_DEPTH
from autograder.inbox.layouts.moodle import MOODLE
from autograder.inbox.moments import moment
from autograder.inbox.people import Person
from autograder.submission import MAX_BYTES, SubmissionError, containers
from autograder.submission.entries import MAX_ENTRIES
from autograder.text import MAX_NAME

FILES = ["hw2.py"]
WORK = b"x = 1\n"


def packed(tree):
    """The bytes of a zip with these files; a name that ends in a slash is a folder."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in tree.items() if isinstance(tree, dict) else tree:
            archive.writestr(name, content)
    return data.getvalue()


def on_disk(path, tree):
    """Lay these files out in a folder."""
    path.mkdir()
    for name, content in tree.items():
        target = path / name
        if name.endswith("/"):
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    return path


def in_zip(path, tree):
    """Pack these files into a zip."""
    path = path.with_suffix(".zip")
    path.write_bytes(packed(tree))
    return path


@pytest.fixture(params=[on_disk, in_zip], ids=["folder", "zip"])
def lay(request, tmp_path):
    """Lay out the files of a class, in a folder and in a zip."""
    return lambda tree: request.param(tmp_path / "class", tree)


def ignored(inbox):
    """What is said of what was passed over."""
    return tuple(one.sentence for one in inbox.ignored)


def keys(inbox):
    """Whose attempts these are."""
    return [(entry.student, entry.attempt) for entry in inbox.entries]


def texts(inbox):
    """What each attempt holds: the text of hw2.py, or the beginning of the sentence that refuses it."""
    found = []
    for entry in inbox.entries:
        try:
            submission = entry.read()
        except SubmissionError as refused:
            found.append(f"refused: {refused}")
        else:
            assert (submission.student, list(submission.files)) == (entry.student, FILES)
            found.append(submission.files["hw2.py"])
    return found


def refused(entry):
    """The sentence that refuses an entry's work."""
    with pytest.raises(SubmissionError) as error:
        entry.read()
    return str(error.value)


# By hand -------------------------------------------------------------------------------------------------------------


def test_a_folder_for_each_student(lay):
    """Each folder is a student's, in the order of their names, and is called as it is."""
    inbox = find(lay({"bob/hw2.py": b"b", "ada/hw2.py": b"a", "ada/notes.txt": b""}), FILES)
    assert (inbox.layout, keys(inbox), texts(inbox)) == ("folders", [("ada", 1), ("bob", 1)], ["a", "b"])
    assert ([entry.origin for entry in inbox.entries], ignored(inbox)) == (["ada", "bob"], ())


def test_a_file_for_each_student(lay):
    """Each Python file and each archive is a student's, named after them."""
    inbox = find(lay({"ada.py": b"a", "bob.zip": packed({"hw2/hw2.py": b"b"}), "notes.txt": b""}), FILES)
    assert (inbox.layout, keys(inbox), texts(inbox)) == ("files", [("ada", 1), ("bob", 1)], ["a", "b"])
    assert ignored(inbox) == ("notes.txt: beside the files of the students.",)


@pytest.mark.parametrize(
    "work",
    [
        {"hw2.py": WORK},
        {"deep/hw2.py": WORK},
        {"my solution.py": WORK},
        {"a/b/Hw2 (1).PY": WORK},
        {"mine.zip": packed({"hw2.py": WORK})},
        {"mine.zip": packed({"deep/other.py": WORK}), "read me.txt": b""},
        {"hw2.py": WORK, "more.py": b"", "old.zip": b"PK", "__pycache__/hw2.cpython-311.pyc": b""},
        {"__MACOSX/._hw2.py": b"\0", "hw2.py": WORK, ".DS_Store": b"\0"},
    ],
)
def test_students_pack_and_name_in_their_own_way(lay, work):
    """The file that is asked for, one archive, or the only Python file is taken, under the name that is asked for."""
    tree = {f"ada/{name}": content for name, content in work.items()}
    assert texts(find(lay({**tree, "bob/hw2.py": b""}), FILES))[0] == "x = 1\n"


def test_all_may_be_in_one_outer_folder(lay):
    """A folder that holds everything is no student."""
    assert keys(find(lay({"hw2 inbox/ada/hw2.py": b"", "hw2 inbox/bob/": b"", "__MACOSX/x": b""}), FILES)) == [
        ("ada", 1),
        ("bob", 1),
    ]


def test_a_class_of_one(lay):
    """The folder of the only student is no outer folder."""
    assert keys(find(lay({"ada/hw2.py": WORK, "ada/notes.txt": b""}), FILES)) == [("ada", 1)]


def test_files_beside_the_folders_are_passed_over(lay):
    """A roster beside the students' folders is nobody's work, and said to be passed over."""
    inbox = find(lay({"ada/hw2.py": b"", "bob/hw2.py": b"", "roster.csv": b"", "eve.py": b""}), FILES)
    assert (inbox.layout, len(inbox.entries)) == ("folders", 2)
    assert ignored(inbox)[0].startswith(
        "eve.py: beside the folders of the students; if it is a student's work, it was not graded"
    )
    assert ignored(inbox)[1:] == ("roster.csv: beside the folders of the students.",)


BROKEN = [
    ({"ada/": b""}, "is empty; expected hw2.py. Received: no file. Ask the student"),
    ({"ada/report.pdf": b""}, "has no hw2.py, which this assignment asks for"),
    ({"ada/a.py": b"", "ada/b.py": b""}, "has no hw2.py, .* Received: a.py, b.py"),
    ({"ada/a.zip": b"PK no zip"}, "is damaged, or not what its name says"),
    ({"ada/a.zip": packed({})}, "a.zip is empty"),
    ({"ada/hw2.py": b"#" * (MAX_BYTES + 1)}, "ada/hw2.py is larger than 1 MB"),
    ({"ada/hw2.py": b"\xff"}, "ada/hw2.py is not UTF-8"),
    ({"ada/mine.py": b"\xff"}, "ada/mine.py is not UTF-8"),
    ({"ada/a.zip": packed({"../hw2.py": b""})}, "contains an unsafe path"),
    ({f"ada/{number}.txt": b"" for number in range(MAX_ENTRIES + 1)}, "contains too many files"),
]


@pytest.mark.parametrize("tree, sentence", BROKEN, ids=[sentence for _, sentence in BROKEN])
def test_what_is_wrong_with_one_costs_nobody_else(lay, tree, sentence):
    """Work that cannot be taken in is an entry that says so when it is read."""
    ada, bob = find(lay({**tree, "bob/hw2.py": WORK}), FILES).entries
    with pytest.raises(SubmissionError, match=sentence):
        ada.read()
    assert bob.read().files["hw2.py"] == "x = 1\n"


def test_several_files_are_not_guessed_at(lay):
    """Where several files are asked for, another file is not taken for one of them."""
    inbox = find(lay({"ada/a.py": b"a", "ada/b.py": b"b", "bob/mine.py": b""}), ["a.py", "b.py"])
    assert dict(inbox.entries[0].read().files) == {"a.py": "a", "b.py": "b"}
    assert "has no a.py" in refused(inbox.entries[1])


def test_nothing_is_read_before_it_is_asked_for(lay, monkeypatch):
    """Finding opens no student's file."""
    path = lay({"ada/hw2.py": b"", "bob/hw2.py": b""})
    monkeypatch.setattr(containers, "read_bytes", lambda *_: pytest.fail("a file was read"))
    monkeypatch.setattr(containers, "_unzip", lambda *_: pytest.fail("a member was read"))
    assert len(find(path, FILES).entries) == 2


@pytest.mark.parametrize("tree", [{}, {"notes.txt": b""}, {"hw2.py": b""}, {".git/config": b""}])
def test_no_class_is_said_to_be_none(lay, tree):
    """A place without students is refused with what was found: also the folder of one student."""
    with pytest.raises(
        SubmissionError, match=r"contains no submissions of a class; expected .* Received: (an empty folder|[a-z0-9.]+)"
    ):
        find(lay(tree), FILES)


def test_a_wrong_path_is_refused(tmp_path):
    """What is not there, and what is no folder and no zip, is refused."""
    (tmp_path / "a.txt").touch()
    for name, received in [("nowhere", "nothing"), ("a.txt", "a file of another kind")]:
        with pytest.raises(SubmissionError, match=f"{name}; expected a folder or a .zip .* Received: {received}"):
            find(tmp_path / name, FILES)


TWO = [
    {"ada.py": b"1", "ada.zip": packed({"hw2.py": b"2"})},
    {"Ada/hw2.py": b"1", "ada/hw2.py": b"2"},
    {"Zo\u00eb/hw2.py": b"1", "Zoe\u0308/hw2.py": b"2"},
    {"curie_1_10_hw2.py": b"1", "lovelace_1_11_hw2.py": b"2"},
    {"Ada_7_assignsubmission_file/hw2.py": b"1", "Ada_7_assignsubmission_file_/hw2.py": b"2"},
    {"Ada_7_assignsubmission_file/hw2.py": b"1", "Eve_7_assignsubmission_file/hw2.py": b"2"},
]


@pytest.mark.parametrize("tree", TWO)
def test_which_of_two_submissions_of_one_student_is_meant_is_asked(lay, tree):
    """Neither is graded, both are named, and it costs nobody else."""
    inbox = find(lay({**tree, next(iter(tree)).replace("da", "bob").replace("_1_", "_2_").replace("_7_", "_8_"): WORK}), FILES)
    names = [name.split("/")[0] for name in tree]
    doubled = [entry for entry in inbox.entries if entry.origin in names]
    assert len(doubled) == 1
    sentence = r"two submissions of .* \(attempt 1\), and neither was graded; expected .* Received: (.+) and (.+)\. Keep the one"
    assert re.search(sentence, refused(doubled[0]))
    assert all(name in refused(doubled[0]) and name in inbox.doubtful[0] for name in names)
    assert len([text for text in texts(inbox) if not text.startswith("refused")]) == len(inbox.entries) - 1


def test_two_submissions_that_say_the_same_are_one(lay):
    """And so is the only one of two that can be read; the other is named."""
    inbox = find(lay({"Ada/hw2.py": WORK, "ada/hw2.py": WORK, "bob/": b"", "Bob/hw2.py": WORK}), FILES)
    assert texts(inbox) == ["x = 1\n"] * 2
    notices = [entry.read().notices[0] for entry in inbox.entries]
    assert notices[0] == "Ada was graded; this student also handed in ada (the same files)"
    assert "Bob was graded; this student also handed in bob (cannot be graded: " in notices[1]


# Layouts of most -----------------------------------------------------------------------------------------------------

MANY = {f"s{number}/hw2.py": WORK for number in range(3)}


@pytest.mark.parametrize(
    "name",
    [
        "submitted",
        "submitted/hw2",
        "Ada_7_assignsubmission_file",
        "x_1_2_hw2.py",
        "ada+hw2+2026-01-01 00:00:00.0 UTC+x",
        "hw2-ada",
    ],
)
def test_one_odd_name_makes_no_layout(lay, name):
    """A folder that looks like a platform's, among those of students, is one more student, and nobody vanishes."""
    inbox = find(lay({**MANY, f"{name}/hw2.py": WORK}), FILES, assignment="hw2")
    assert inbox.layout == "folders"
    assert [entry.student for entry in inbox.entries] == sorted(["s0", "s1", "s2", name.split("/")[0]])
    assert texts(inbox) == ["x = 1\n"] * 4


@pytest.mark.parametrize("name", ["Ada_7_assignsubmission_file_hw2.py", "x_1_2_hw2.py", "submitted.py"])
def test_one_odd_file_makes_no_layout(lay, name):
    """Nor does a file of another layout beside the folders; it is named."""
    inbox = find(lay({**MANY, name: WORK}), FILES)
    assert (inbox.layout, len(inbox.entries)) == ("folders", 3)
    assert ignored(inbox)[0].startswith(
        f"{name}: beside the folders of the students; if it is a student's work, it was not graded: "
    )
    assert inbox.left_out == 1


MOODLE_CLASS = {f"A{number}_{number}_assignsubmission_file/hw2.py": WORK for number in range(3)}
CANVAS_CLASS = {f"a_{number}_1_hw2.py": WORK for number in range(3)}
EXCHANGE_CLASS = {f"s{number}+hw2+2026-01-01 00:00:00.0 UTC+x/hw2.py": WORK for number in range(3)}


@pytest.mark.parametrize("folders, files, layout", [(3, 4, "files"), (4, 3, "folders")])
def test_the_fewer_of_folders_and_files_are_said_not_to_be_graded(lay, folders, files, layout):
    """With what to do: in a class of both, either may be the students'."""
    tree = {f"s{number}/hw2.py": WORK for number in range(folders)} | {f"t{number}.py": WORK for number in range(files)}
    inbox = find(lay({**tree, "notes.txt": b""}), FILES)
    assert (inbox.layout, len(inbox.entries), inbox.left_out) == (layout, 4, 3)
    assert len([told for told in ignored(inbox) if "not graded: p" in told and told.endswith(" and rerun.")]) == 3


@pytest.mark.parametrize("tree", [MOODLE_CLASS, CANVAS_CLASS, EXCHANGE_CLASS], ids=["moodle", "canvas", "nbgrader"])
def test_what_does_not_fit_the_layout_of_most_is_named(lay, tree):
    """And costs nobody else."""
    inbox = find(lay({**tree, "eve/hw2.py": WORK}), FILES, assignment="hw2")
    assert len(inbox.entries) == 3
    assert [sentence.partition(":")[0] for sentence in ignored(inbox)] == ["eve"]


LONG = "a" * 220


@pytest.mark.parametrize("name", [b"b\xff", b"a\x1b[2J", b"a\nb", b"a\x01"], ids=ascii)
def test_a_name_on_a_disk_that_is_no_text_costs_its_student_only(tmp_path, name):
    """Whatever bytes a system allows, the key and the origin can be printed and kept."""
    path = on_disk(tmp_path / "class", MANY)
    os.mkdir(os.fsencode(path) + b"/" + name)  # noqa: PTH102 - bytes that no Path holds
    inbox = find(path, FILES)
    odd = next(entry for entry in inbox.entries if entry.student not in ("s0", "s1", "s2"))
    assert odd.student.isprintable()
    (odd.student + odd.origin).encode()
    assert "; expected a name without control characters, in UTF-8" in refused(odd)
    assert len(inbox.entries) == 4


def test_long_names_that_differ_late_stay_apart(lay):
    """Each costs its student only."""
    inbox = find(lay({**MANY, f"{LONG}1/hw2.py": WORK, f"{LONG}2/hw2.py": WORK}), FILES)
    assert len({entry.student for entry in inbox.entries}) == 5
    assert all(len(entry.student) <= MAX_NAME for entry in inbox.entries)
    assert len(inbox.doubtful) == 0


def test_an_environment_in_a_students_folder_is_not_walked_through(tmp_path):
    """Nor is anything hidden; what lies deep below thousands of other files is not looked for."""
    tree = {f"ada/{'env/lib' if number % 2 else '.git'}/{number}": b"" for number in range(2 * MAX_ENTRIES + 9)}
    path = on_disk(tmp_path / "class", {**tree, "ada/hw2.py": WORK, "bob/hw2.py": WORK})
    looked_at = []
    scan = os.scandir
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "scandir", lambda folder: looked_at.append(os.fspath(folder)) or scan(folder))
        ada = find(path, FILES).entries[0].read()
    assert {os.path.relpath(folder, path) for folder in looked_at} == {".", "ada", "bob"}
    assert ada.notices == ("ignored: env/; only the files of the assignment are read",)


def test_a_folder_that_cannot_be_looked_into_is_not_in_the_way(tmp_path, monkeypatch):
    """Where the work lies beside it."""
    path = on_disk(tmp_path / "class", {"ada/hw2.py": WORK, "ada/closed/x": b"", "bob/hw2.py": WORK})
    scan = os.scandir

    def scandir(folder):
        if str(folder).rstrip("/").endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scan(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    assert texts(find(path, FILES)) == ["x = 1\n"] * 2


# GitHub --------------------------------------------------------------------------------------------------------------

GITHUB = "identifier,github_username,github_id,name\nadal1,octo-ada,11,Ada\nbobt1,Bob,12,bob t\nevep1,,,\n"
CLASSROOM_50 = (
    "username,first_name,last_name,email,section,github_id,role\n"
    "octo-ada,Ada,Lovelace,ada@example.org,A,11,student\nbob,Bob,Ross,,,12,student\nprof,P,Q,,,13,teacher\n"
)


def clone(name):
    """A student's repository, with what a template brings along."""
    return {
        f"{name}/hw2.py": WORK,
        f"{name}/.git/HEAD": b"",
        f"{name}/.github/workflows/classroom.yml": b"",
        f"{name}/.classroom50.yaml": b"{",
        f"{name}/tests/conftest.py": b"raise SystemExit",
    }


@pytest.mark.parametrize("before", ["hw2", "ml-26-hw2"])
def test_clones_are_known_by_their_logins(lay, roster, before):
    """As GitHub Classroom and Classroom 50 name them; logins have hyphens, and capitals do not count."""
    inbox = find(lay({**clone(f"{before}-octo-ada"), **clone(f"{before}-bob")}), FILES, assignment="hw2")
    assert (inbox.layout, keys(inbox), texts(inbox)) == ("github", [("bob", 1), ("octo-ada", 1)], ["x = 1\n"] * 2)
    matched = match(inbox.entries, roster(GITHUB))
    assert {key: student.id for key, student in matched.students.items()} == {"octo-ada": "adal1", "bob": "bobt1"}
    assert [student.id for student in matched.missing] == ["evep1"]
    assert set(match(inbox.entries, roster(CLASSROOM_50)).students) == {"octo-ada", "bob"}


def test_clones_of_an_assignment_that_is_called_otherwise_there(lay, roster):
    """By the part before the logins that most share: octo-ada is not the Ada whose assignment would be project-octo."""
    inbox = find(lay({**clone("project-octo-ada"), **clone("project-bob")}), FILES, assignment="hw2")
    students = match(inbox.entries, [*roster(GITHUB), Person("ada9", login="ada")]).students
    assert {key: student.id for key, student in students.items()} == {"project-octo-ada": "adal1", "project-bob": "bobt1"}


def test_an_id_is_never_changed(roster):
    """A word before digits is Moodle's in Moodle's files only."""
    assert [student.id for student in roster(GITHUB)] == ["adal1", "bobt1", "evep1"]
    assert roster("id,name\nadal1,Ada\n")[0] == Person("adal1", "Ada")
    assert roster("identifier,name\nParticipant 7,Ada\n")[0].id == "Participant 7"
    assert roster("id,moodle_id\nadal1,Participant 7\nbob,u7\n") == [
        Person("adal1", moodle_id="7"),
        Person("bob", moodle_id="u7"),
    ]


def test_what_is_not_seen_around_an_id_is_no_part_of_it(roster):
    """What comes along when one copies; inside, a joiner is a letter of a name."""
    people = roster('id,name\ns1\u200b,Ada\n\u200es2\u200f,\u0639\u0644\u06cc\u200c\u0631\u0636\u0627\n"=""0042""",Cleo\n')
    assert [(one.id, one.name) for one in people] == [
        ("s1", "Ada"),
        ("s2", "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627"),
        ("0042", "Cleo"),
    ]


def test_a_class_zip_of_windows_has_folders(tmp_path):
    """Its names have backslashes in place of slashes."""
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for name in ("HW\\ada\\hw2.py", "HW\\bob\\hw2.py"):
            info = zipfile.ZipInfo(name)
            info.create_system = 0
            archive.writestr(info, "x = 1\n")
    inbox = find(tmp_path / "class.zip", FILES)
    assert [(entry.student, dict(entry.read().files)) for entry in inbox.entries] == [
        ("ada", {"hw2.py": "x = 1\n"}),
        ("bob", {"hw2.py": "x = 1\n"}),
    ]


def test_who_teaches_is_not_in_the_class(roster):
    """Classroom 50 lists teachers among the students."""
    assert [student.id for student in roster(CLASSROOM_50)] == ["octo-ada", "bob"]


# Hostile names -------------------------------------------------------------------------------------------------------

HOSTILE = ["ad\u202ea", "a\nb", "a\tb", "a\x1b[2Jb", "\u200bada", "é" * (MAX_NAME // 2) + "e" * 101]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_name_that_is_not_plain_costs_its_student_only(tmp_path, name):
    """A key can always be printed, and work under a name that cannot is refused."""
    inbox = find(in_zip(tmp_path / "class", {f"{name}/hw2.py": b"", "bob/hw2.py": WORK}), FILES)
    other = next(entry for entry in inbox.entries if entry.student != "bob")
    assert other.student.isprintable()
    assert len(other.student) <= MAX_NAME
    assert "; expected a name without control characters" in refused(other)


@pytest.mark.parametrize("name", ["<script>alert(1)<", "Renée O'Neil, III", "علی\u200cرضا", "=cmd|' '!A0", "con"])
def test_an_unusual_name_is_a_name(lay, name):
    """What can be printed is kept as it is, and quoting it is for those who write it into a page or a table."""
    inbox = find(lay({f"{name}/hw2.py": WORK, "bob/hw2.py": WORK}), FILES)
    assert name in [entry.student for entry in inbox.entries]
    assert texts(inbox) == ["x = 1\n"] * 2


@pytest.mark.parametrize("name", ["../eve/hw2.py", "/eve/hw2.py", "//hw2.py"])
def test_a_path_out_of_a_zip_is_nobodys(tmp_path, name):
    """Members that lead out of the zip are passed over with a sentence."""
    inbox = find(in_zip(tmp_path / "class", {name: b"", "ada/hw2.py": WORK, "bob/hw2.py": WORK}), FILES)
    assert (keys(inbox), len(inbox.ignored)) == ([("ada", 1), ("bob", 1)], 1)
    assert "leads out of the folder" in ignored(inbox)[0]


@pytest.mark.parametrize("name", ["ada/../bob/hw2.py", "ada/..\\hw2.py", "ada/C:/hw2.py", "ada//../../x.py"])
def test_a_path_out_of_a_students_folder_costs_that_student(tmp_path, name):
    """Members that lead from a student's folder elsewhere refuse this student's work."""
    inbox = find(in_zip(tmp_path / "class", {name: b"", "bob/hw2.py": WORK}), FILES)
    assert keys(inbox) == [("ada", 1), ("bob", 1)]
    assert "unsafe path" in refused(inbox.entries[0])


def test_links_are_not_followed(tmp_path):
    """A student who is a link to a folder or a file is an entry that is refused."""
    path = on_disk(tmp_path / "class", {"bob/hw2.py": WORK, "eve/x.txt": b""})
    (path / "ada").symlink_to(path / "bob", target_is_directory=True)
    (path / "eve" / "hw2.py").symlink_to(path / "bob" / "hw2.py")
    inbox = find(path, FILES)
    assert keys(inbox) == [("ada", 1), ("bob", 1), ("eve", 1)]
    assert "ada is not a plain file" in refused(inbox.entries[0])
    assert "Received: a symbolic link" in refused(inbox.entries[2])


def test_a_link_in_a_zip_is_not_followed(tmp_path):
    """A zip's symbolic link is refused as one on disk."""
    link = zipfile.ZipInfo("ada/hw2.py")
    link.external_attr = 0o120777 << 16
    inbox = find(in_zip(tmp_path / "class", [(link, b"/etc/passwd"), ("bob/hw2.py", WORK)]), FILES)
    assert "Received: a symbolic link" in refused(inbox.entries[0])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_costs_its_student(tmp_path):
    """A folder without permission is an entry that is refused."""
    path = on_disk(tmp_path / "class", {"ada/hw2.py": b"", "bob/hw2.py": WORK})
    (path / "ada").chmod(0)
    try:
        assert "cannot be read" in refused(find(path, FILES).entries[0])
    finally:
        (path / "ada").chmod(0o700)


def test_a_folder_that_cannot_be_listed_costs_its_student(tmp_path, monkeypatch):
    """What the system says of one folder, whoever asks, is that student's refusal."""
    path = on_disk(tmp_path / "class", {"ada/hw2.py": b"", "bob/hw2.py": WORK})
    scan = os.scandir

    def scandir(folder):
        if str(folder).rstrip("/").endswith("ada"):
            raise PermissionError(13, "Permission denied")
        return scan(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    ada, bob = find(path, FILES).entries
    assert "ada cannot be read; expected files that the grader may read. Received: Permission denied" in refused(ada)
    assert bob.read().files["hw2.py"] == "x = 1\n"


# Zips of a class -----------------------------------------------------------------------------------------------------


def test_a_class_zip_may_be_larger_than_a_submission(tmp_path):
    """The zip of a class is not held in memory, nor what others in it handed in."""
    large = os.urandom(2**20)
    members = [(f"s{number}/data.bin", large) for number in range(20)]
    path = in_zip(tmp_path / "class", [*members, ("ada/hw2.py", WORK), ("bob/hw2.py", WORK)])
    tracemalloc.start()
    try:
        inbox = find(path, FILES)
        assert inbox.entries[0].read().files["hw2.py"] == "x = 1\n"
        assert tracemalloc.get_traced_memory()[1] < 16 * 2**20
    finally:
        tracemalloc.stop()


def test_a_bomb_in_a_bomb_is_not_unpacked(tmp_path):
    """An archive in the zip of a class, and a file in it, are unpacked up to their caps."""
    inner = packed({"hw2.py": bytes(64 * 2**20)})
    path = in_zip(tmp_path / "class", {"ada/a.zip": inner, "bob/b.zip": bytes(64 * 2**20), "eve/hw2.py": bytes(64 * 2**20)})
    ada, bob, eve = find(path, FILES).entries
    tracemalloc.start()
    try:
        assert "hw2.py is larger than 1 MB" in refused(ada)
        assert "b.zip is larger than 10 MB" in refused(bob)
        assert "hw2.py is larger than 1 MB" in refused(eve)
        assert tracemalloc.get_traced_memory()[1] < 40 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("data", [b"", b"PK", packed({"ada/hw2.py": b""})[:-30]], ids=["empty", "begun", "cut off"])
def test_a_damaged_class_zip_is_refused(tmp_path, data):
    """A zip that cannot be listed is refused as a whole."""
    (tmp_path / "class.zip").write_bytes(data)
    with pytest.raises(SubmissionError, match="is damaged, or not what its name says"):
        find(tmp_path / "class.zip", FILES)


def test_a_directory_without_measure_is_not_read(tmp_path, monkeypatch):
    """The list of a zip's members has a cap of its own."""
    monkeypatch.setattr(containers, "MAX_DIRECTORY", 70_000)
    with pytest.raises(SubmissionError, match="a directory of more than 70000 bytes"):
        find(in_zip(tmp_path / "class", {f"ada/{number}.txt": b"" for number in range(2000)}), FILES)


def test_members_without_measure_are_refused(tmp_path, monkeypatch):
    """A class has so many files and no more."""
    monkeypatch.setattr(containers, "MAX_MEMBERS", 3)
    with pytest.raises(SubmissionError, match="contains too many files; expected at most 3"):
        find(in_zip(tmp_path / "class", {f"ada/{number}.txt": b"" for number in range(4)}), FILES)


# Canvas --------------------------------------------------------------------------------------------------------------


def test_canvas(lay):
    """Names, ids and late marks are read; a student's own file name does not matter."""
    inbox = find(lay({"curiemarie_LATE_4711_998877_hw2.py": b"c", "lovelaceada_4712_998878_My Work.py": b"l"}), FILES)
    assert (inbox.layout, texts(inbox), ignored(inbox)) == ("canvas", ["c", "l"], ())
    found = [(entry.student, entry.name, entry.late, entry.origin) for entry in inbox.entries]
    assert found == [
        ("4711", "curiemarie", True, "curiemarie_LATE_4711_998877_hw2.py"),
        ("4712", "lovelaceada", False, "lovelaceada_4712_998878_My Work.py"),
    ]


def test_canvas_without_names(lay):
    """An anonymous download has ids, late marks and no names."""
    inbox = find(lay({"LATE_anon_aB3xY_11_hw2.py": b"", "anon_Zz9_12_hw2.py": b"", "anon_12345_13_hw2.py": b""}), FILES)
    found = [(entry.student, entry.name, entry.late) for entry in inbox.entries]
    assert found == [("12345", "", False), ("Zz9", "", False), ("aB3xY", "", True)]


def test_canvas_with_several_attachments(lay):
    """What a student attached is one submission, whichever order it has."""
    inbox = find(lay({"curie_1_10_b.py": b"b", "curie_1_11_notes.txt": b"", "curie_1_12_a.py": b"a"}), ["a.py", "b.py"])
    assert keys(inbox) == [("1", 1)]
    assert dict(inbox.entries[0].read().files) == {"a.py": "a", "b.py": "b"}
    assert inbox.entries[0].origin == "curie_1_10_b.py"


def test_canvas_with_an_archive(lay):
    """An attached archive is opened."""
    assert texts(find(lay({"curie_1_10_hw.zip": packed({"hw2.py": WORK})}), FILES)) == ["x = 1\n"]


def test_canvas_counts_attempts(lay):
    """The number that Canvas adds to a file that is handed in again is an attempt."""
    tree = {"curie_1_10_hw2.py": b"1", "curie_1_11_hw2-1.py": b"2", "curie_1_12_hw2-12.py": b"13", "ada_2_13_hw2-2.py": b"3"}
    inbox = find(lay(tree), FILES)
    assert keys(inbox) == [("1", 1), ("1", 2), ("1", 13), ("2", 3)]
    assert texts(inbox) == ["1", "2", "13", "3"]


def test_canvas_keeps_what_was_not_handed_in_again(lay):
    """A later attempt has the last of each file."""
    inbox = find(lay({"curie_1_10_a.py": b"a", "curie_1_11_a-1.py": b"A", "curie_1_12_b.py": b"b"}), ["a.py", "b.py"])
    assert [dict(entry.read().files) for entry in inbox.entries] == [{"a.py": "a", "b.py": "b"}, {"a.py": "A", "b.py": "b"}]


@pytest.mark.parametrize("name, asked", [("lab-3.py", "hw2.py"), ("hw-2.zip", "hw2.py"), ("lab-3.py", "lab-3.py")])
def test_a_number_in_a_name_is_no_attempt(lay, name, asked):
    """A number at the end of a file's own name says nothing of attempts."""
    assert keys(find(lay({f"curie_1_10_{name}": b""}), [asked])) == [("1", 1)]


def test_canvas_text_is_no_file(lay):
    """Text and links are passed over with a sentence, and a student with nothing else is an entry that is refused."""
    inbox = find(lay({"curie_LATE_1_text.html": b"", "ada_2_10_hw2.py": WORK, "ada_2_link.html": b""}), FILES)
    assert keys(inbox) == [("1", 1), ("2", 1)]
    assert "the student handed in text or a link, but no file; expected hw2.py. Received: no file" in refused(inbox.entries[0])
    assert (inbox.entries[0].late, inbox.entries[1].read().files["hw2.py"]) == (True, "x = 1\n")
    assert len(inbox.ignored) == 2


def test_one_file_that_looks_like_canvas_does_not_make_a_class_of_canvas(lay):
    """The layout is what most of the files say."""
    inbox = find(lay({"ada.py": b"", "bob.py": b"", "eve_1_2_hw.py": b""}), FILES)
    assert (inbox.layout, len(inbox.entries)) == ("files", 3)


words = st.text(st.characters(categories=["L", "N"]), max_size=20)
user_names = words.map(str.lower).filter(lambda name: name != "anon")  # Canvas keeps lower-case word characters
file_names = st.text(st.characters(exclude_characters='\0/\\:*?"<>|', exclude_categories=["Cs"]), min_size=1, max_size=60)
ids = st.integers(1, 10**12)


@settings(max_examples=200, deadline=None)
@given(user_names, st.booleans(), ids, ids, file_names)
def test_every_name_that_canvas_makes_is_read(name, late, user, attachment, file):
    """What Canvas put together comes apart as it was."""
    made = f"{name}{'_LATE' if late else ''}_{user}_{attachment}_{file}"
    match = next(filter(None, (pattern.fullmatch(made) for pattern in CANVAS)))
    assert (match["name"], bool(match["late"]), match["user"], match["file"]) == (name, late, str(user), file)


@settings(max_examples=100, deadline=None)
@given(st.from_regex("[A-Za-z0-9]{5}", fullmatch=True), st.booleans(), ids, file_names)
def test_every_name_that_canvas_makes_without_names_is_read(user, late, attachment, file):
    """What Canvas put together for anonymous marking comes apart as it was."""
    match = CANVAS[0].fullmatch(f"{'LATE_' if late else ''}anon_{user}_{attachment}_{file}")
    assert (bool(match["late"]), match["user"], match["file"]) == (late, user, file)


# Moodle --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["", "_"], ids=["since 4.1", "up to 4.0"])
def test_moodle(lay, end):
    """Names and participants are read from the folders, with and without the last underscore."""
    inbox = find(lay({f"Marie Curie_657717_assignsubmission_file{end}/sub/my work.py": WORK}), FILES)
    assert (inbox.layout, keys(inbox), texts(inbox), ignored(inbox)) == ("moodle", [("657717", 1)], ["x = 1\n"], ())
    assert (inbox.entries[0].name, inbox.entries[0].origin) == ("Marie Curie", f"Marie Curie_657717_assignsubmission_file{end}")


def test_moodle_without_folders(lay):
    """Files that lie flat are put together by participant, and keep their names as they are."""
    marie = "Marie Curie_657717_assignsubmission_file_"
    inbox = find(lay({f"{marie}notes_1.txt": b"", f"{marie}hw2.py": b"m", "Ada_3_assignsubmission_file_a_b.py": b"a"}), FILES)
    assert (keys(inbox), texts(inbox)) == ([("3", 1), ("657717", 1)], ["a", "m"])
    assert inbox.entries[1].origin == f"{marie}hw2.py"


def test_moodle_without_names(lay):
    """Blind marking tells the participant and no name."""
    (entry,) = find(lay({"Participant_657717_assignsubmission_file_/hw2.py": b""}), FILES).entries
    assert (entry.student, entry.name) == ("657717", "")


def test_moodle_text_is_no_file(lay):
    """Online text and feedback are passed over, and a student with nothing else is an entry that is refused."""
    tree = {
        "Ada_3_assignsubmission_file_/hw2.py": WORK,
        "Ada_3_assignsubmission_onlinetext_/onlinetext.html": b"",
        "Eve_4_assignsubmission_onlinetext_/onlinetext.html": b"",
        "Eve_4_assignfeedback_file_/feedback.html": b"",
        "index.html": b"",
    }
    inbox = find(lay(tree), FILES)
    assert (keys(inbox), len(inbox.ignored)) == ([("3", 1), ("4", 1)], 4)
    assert "the student handed in text, but no file" in refused(inbox.entries[1])


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_characters="_/\0", exclude_categories=["Cs"])), ids, st.one_of(st.none(), file_names))
def test_every_name_that_moodle_makes_is_read(name, participant, file):
    """What Moodle put together comes apart as it was."""
    made = f"{name}_{participant}_assignsubmission_file" + ("" if file is None else f"_{file}")
    match = MOODLE.fullmatch(made)
    assert (match["name"], match["id"], match["kind"], match["file"]) == (name, str(participant), "assignsubmission_file", file)


# Gradescope ----------------------------------------------------------------------------------------------------------

METADATA = """---
submission_101:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0042'
    :email: ada@example.org
  - :name: Grace Hopper
    :sid: 0043
    :email: grace@example.org
  :created_at: 2026-02-02 15:58:23.948203123 Z
  :score: 7.0
  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    tests: &1 []
submission_102:
  :submitters:
  - :name: Alan Turing
    :sid:
    :email: alan@example.org
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: &2 2026-02-03 00:00:00 Z
    time: *2
submission_103:
  :submitters: []
"""


def test_gradescope(lay):
    """Names, ids, addresses and times are read from the metadata; a group is one entry with everybody's key."""
    tree = {"submission_metadata.yml": METADATA.encode(), "submission_101/hw2.py": b"a", "submission_102/mine.py": b"t"}
    inbox = find(lay({f"assignment_9_export/{name}": content for name, content in tree.items()}), FILES)
    assert (inbox.layout, keys(inbox)) == ("gradescope", [("0042", 1), ("alan@example.org", 1), ("submission_103", 1)])
    ada, alan, nobody = inbox.entries
    assert (ada.name, ada.email, ada.group, ada.origin) == (
        "Ada Lovelace, Grace Hopper",
        "ada@example.org",
        ("0043",),
        "submission_101",
    )
    assert ada.submitted == datetime(2026, 2, 2, 15, 58, 23, 948203, UTC)
    assert (alan.submitted, nobody.submitted) == (datetime(2026, 2, 3, tzinfo=UTC), None)
    assert texts(inbox)[:2] == ["a", "t"]
    assert "submission_103: its folder is not there" in refused(nobody)


def test_a_folder_that_gradescope_does_not_name_is_an_entry(lay):
    """A folder without a record is graded under its own name."""
    inbox = find(lay({"submission_metadata.yml": b"{}", "submission_5/hw2.py": WORK, "x.txt": b""}), FILES)
    assert (keys(inbox), ignored(inbox)) == ([("submission_5", 1)], ("x.txt: beside the folders of the submissions.",))


ABOUT = "Name: Ada Lovelace (ada_l)\nAssignment: HW_2\nDate Submitted: Monday, October 5, 2026 11:58:01 PM CEST\n"
BLACKBOARD_CLASS = {
    "HW_2_ada_l_attempt_2026-10-05-23-58-01.txt": ABOUT.encode(),
    "HW_2_ada_l_attempt_2026-10-05-23-58-01_hw2.py": b"a1",
    "HW_2_ada_l_attempt_2026-10-06-08-00-00.txt": ABOUT.encode(),
    "HW_2_ada_l_attempt_2026-10-06-08-00-00_hw2.py": b"a2",
    "HW_2_bob_attempt_2026-10-04-10-00-00_hw2.py": b"b",
    "HW_2_eve_attempt_2026-10-04-10-00-00.txt": b"Name: Eve (eve)\n",
}


def test_blackboard(lay):
    """Attempts in the order of their times, under the username; the text about an attempt tells name and username."""
    inbox = find(lay(BLACKBOARD_CLASS), FILES, zone=ZoneInfo("Europe/Berlin"))
    assert (inbox.layout, keys(inbox)) == ("blackboard", [("ada_l", 1), ("ada_l", 2), ("bob", 1), ("eve", 1)])
    assert (texts(inbox)[:3], inbox.entries[0].name) == (["a1", "a2", "b"], "Ada Lovelace")
    assert str(inbox.entries[0].submitted) == "2026-10-05 23:58:01+02:00"
    assert "handed in no file in this attempt" in refused(inbox.entries[3])


BRIGHTSPACE_CLASS = {
    "39786-640693 - Ada Lovelace - Oct 10, 2026 1022 PM/hw2.py": b"a1",
    "39786-640693 - Ada Lovelace - Oct 11, 2026 905 AM/hw2.py": b"a2",
    "39787-640693 - Bob Ross - 9 October 2026 1130/hw2.py": b"b",
    "index.html": b"<html>",
}


def test_brightspace(lay):
    """Attempts in the order of their times, under the number that Brightspace has for a student, with the name."""
    inbox = find(lay(BRIGHTSPACE_CLASS), FILES, zone=ZoneInfo("Europe/Berlin"))
    assert (inbox.layout, keys(inbox), texts(inbox)) == (
        "brightspace",
        [("39786", 1), ("39786", 2), ("39787", 1)],
        ["a1", "a2", "b"],
    )
    assert str(inbox.entries[0].submitted) == "2026-10-10 22:22:00+02:00"
    assert match(inbox.entries, CLASS).students == {"39786": ADA, "39787": CLASS[1]}


@pytest.mark.parametrize("tree", [BLACKBOARD_CLASS, BRIGHTSPACE_CLASS], ids=["blackboard", "brightspace"])
def test_a_clock_without_a_zone_tells_the_order_only(lay, tree):
    """Where the course has no time zone, nobody knows whether it was late."""
    inbox = find(lay(tree), FILES)
    assert {entry.submitted for entry in inbox.entries} == {None} and texts(inbox)[:2] == ["a1", "a2"]


def test_brightspace_may_have_files_in_place_of_folders(lay):
    """Then the rest of the name is what the file was called."""
    inbox = find(lay({"39786-640693 - Ada Lovelace - Oct 10, 2026 1022 PM - hw2.py": b"a"}), FILES)
    assert (inbox.layout, texts(inbox)) == ("brightspace", ["a"])


def test_a_student_in_two_groups_is_a_question(lay):
    """Of times that nobody knows: the student is in neither group, and everybody else has their work."""
    one = "submission_{}: {{':submitters': [{{':sid': '{}'}}, {{':sid': '{}'}}]}}\n"
    text = one.format(1, "ada", "eve") + one.format(2, "bob", "eve") + one.format(3, "dan", "finn")
    tree = {"submission_metadata.yml": text.encode(), **{f"submission_{number}/hw2.py": b"%d" % number for number in (1, 2, 3)}}
    inbox = find(lay(tree), FILES)
    *works, eve = each_once(together(inbox.entries, {}, [], inbox.layout)[0])[0]
    people = [[student.id for student in (work.student, *work.members)] for work in works]
    assert people == [["ada"], ["bob"], ["dan", "finn"]]
    assert [work.entry.read().files["hw2.py"] for work in works] == ["1", "2", "3"]
    assert eve.student.id == "eve"
    assert "there are two submissions of eve and others, and neither counts for this student" in refused(eve.entry)
    assert "Received: submission_1 (ada, eve) and submission_2 (bob, eve). Remove the one" in refused(eve.entry)


YAML = {
    "no YAML": b"a: b: c",
    "a list": b"- a",
    "a text": b"a",
    "nothing": b"",
    "no records": b"submission_1: x",
    "a zero byte": b"a: \0",
    "no UTF-8": b"a: \xff\xfe\xff",
    "two documents": b"--- {}\n--- {}",
    "a knot": b"&a {a: *a}",
    "deep": b"[" * 100_000,
    "too deep": b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
}


@pytest.mark.parametrize("data", YAML.values(), ids=YAML)
def test_metadata_that_gradescope_did_not_write_is_refused(lay, data):
    """Whatever stands in the metadata, it is read or refused with a sentence."""
    with pytest.raises(SubmissionError, match="cannot be read as Gradescope's list of submissions; expected YAML") as error:
        find(lay({"submission_metadata.yml": data, "submission_1/hw2.py": b""}), FILES)
    assert str(error.value).isprintable()


def test_metadata_makes_nothing_but_texts(lay):
    """A tag that names a class of Python or Ruby is not obeyed, and aliases do not grow."""
    laughs = "a0: &a0 {x: y}\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    text = f"submission_1:\n  :submitters: !!python/object/apply:os._exit [3]\n  :more:\n    {laughs.replace(chr(10), chr(10) + '    ')}"
    assert keys(find(lay({"submission_metadata.yml": text.encode()}), FILES)) == [("submission_1", 1)]


# nbgrader ------------------------------------------------------------------------------------------------------------


def test_nbgrader(lay):
    """The step `submitted` of a course is read, with its times; who has no folder is an entry that is refused."""
    tree = {
        "submitted/ada/hw2/hw2.py": b"a",
        "submitted/ada/hw2/timestamp.txt": b"2026-02-02 15:58:23.948203 UTC",
        "submitted/bob/hw2/hw2.py": b"b",
        "submitted/bob/hw2/timestamp.txt": b"yesterday",
        "submitted/eve/": b"",
        "source/./hw2/hw2.py": b"",
        "gradebook.db": b"",
    }
    inbox = find(lay({name.replace("/./", "/"): content for name, content in tree.items()}), FILES)
    assert (inbox.layout, keys(inbox), texts(inbox)[:2]) == ("nbgrader", [("ada", 1), ("bob", 1), ("eve", 1)], ["a", "b"])
    assert [entry.submitted for entry in inbox.entries] == [datetime(2026, 2, 2, 15, 58, 23, 948203, UTC), None, None]
    assert inbox.entries[0].origin == "ada/hw2"
    assert "eve/hw2: nothing was handed in" in refused(inbox.entries[2])


def test_nbgrader_with_several_assignments(lay):
    """The assignment that is graded is taken, and without its name none is guessed."""
    path = lay({"submitted/ada/hw1/x.py": b"", "submitted/ada/hw2/hw2.py": b"2"})
    assert texts(find(path, FILES, assignment="hw2")) == ["2"]
    for name, expected in [("", "expected one"), ("hw3", "expected an assignment called hw3")]:
        with pytest.raises(SubmissionError, match=f"several assignments; {expected}. Received: hw1, hw2. "):
            find(path, FILES, assignment=name)


def test_a_folder_called_submitted_may_be_laid_out_by_hand(tmp_path):
    """The name alone does not make it nbgrader's."""
    assert find(on_disk(tmp_path / "submitted", {"ada/hw2.py": b"", "bob/hw2.py": b""}), FILES).layout == "folders"


def test_nbgraders_own_folder_may_be_given(tmp_path):
    """The folder `submitted` itself is read, too."""
    path = on_disk(tmp_path / "submitted", {"ada/hw2/hw2.py": b"a", "bob/hw2/hw2.py": b"b"})
    assert (find(path, FILES).layout, texts(find(path, FILES))) == ("nbgrader", ["a", "b"])


def test_an_exchange_has_all_attempts(lay):
    """Attempts are counted in the order of their times, in whichever zone these are told."""
    tree = {
        "ada+l+hw2+2026-02-02 12:00:00.000000 UTC+a-_b/hw2.py": b"2",
        "ada+l+hw2+2026-02-02 12:30:00.000000 CET+c/hw2.py": b"1",
        "bob+hw2+2026-02-02 10:00:00.000000 UTC+d/hw2.py": b"b",
        "bob+hw1+2026-02-02 10:00:00.000000 UTC+e/hw1.py": b"",
    }
    inbox = find(lay(tree), FILES, assignment="hw2")
    assert (inbox.layout, keys(inbox)) == ("nbgrader", [("ada+l", 1), ("ada+l", 2), ("bob", 1)])
    assert (texts(inbox), len(inbox.ignored)) == (["1", "2", "b"], 1)
    assert inbox.entries[1].submitted == datetime(2026, 2, 2, 12, tzinfo=UTC)


MOMENTS = {
    "2026-10-05 02:52:07.938335 PDT": "2026-10-05T02:52:07.938335-07:00",
    "2026-12-05 02:52:07.938335 PST8PDT": "2026-12-05T02:52:07.938335-08:00",
    "2026-10-05 02:52:07.938335": "2026-10-05T02:52:07.938335+00:00",
    "2026-10-05 02:52:07": "2026-10-05T02:52:07+00:00",
    "2026-10-05 02:52": "2026-10-05T02:52:00+00:00",
    "2026-10-05 02:52:07 EDT": "2026-10-05T02:52:07-04:00",
    "2026-12-05 02:52:07 EST": "2026-12-05T02:52:07-05:00",
    "2026-10-05 02:52:07 CEST": "2026-10-05T02:52:07+02:00",
    "2026-07-05 02:52:07 CET": "2026-07-05T02:52:07+01:00",
    "2026-10-05 02:52:07 AEST": "2026-10-05T02:52:07+10:00",
    "2026-10-05 02:52:07 NZDT": "2026-10-05T02:52:07+13:00",
    "2026-10-05 02:52:07 JST": "2026-10-05T02:52:07+09:00",
    "2026-10-05 02:52:07 +0530": "2026-10-05T02:52:07+05:30",
    "2026-10-05 02:52:07 -03": "2026-10-05T02:52:07-03:00",
    "2026-10-05 02:52:07 UTC+2": "2026-10-05T02:52:07+02:00",
    "2026-10-05 02:52:07 UTC-03:30": "2026-10-05T02:52:07-03:30",
    "2026-10-05T02:52:07Z": "2026-10-05T02:52:07+00:00",
    "2026-10-05 02:52:07 GMT": "2026-10-05T02:52:07+00:00",
    "2026-10-05 02:52:07 Asia/Kolkata": "2026-10-05T02:52:07+05:30",
    "2026-10-05 02_52_07.5 UTC": "2026-10-05T02:52:07.500000+00:00",
    "\ufeff2026-10-05 02:52:07.948203123 Z\r\n": "2026-10-05T02:52:07.948203+00:00",
}


@pytest.mark.parametrize("text, time", MOMENTS.items())
def test_a_time_is_read_with_its_zone(text, time):
    """As any host writes it; without a zone it is UTC, as nbgrader means it."""
    assert (moment(text).time.isoformat(), moment(text).doubt) == (time, "")


@pytest.mark.parametrize(
    "text, doubt",
    [
        ("", "no time is given"),
        ("yesterday", "`yesterday` is not a readable time"),
        ("2026-13-45 02:52:07 UTC", "is not a valid time"),
        ("0001-01-01 00:00:00 +0530", "is not a valid time"),
        ("2026-10-05 02:52:07 XYZ", "the time zone `XYZ` is not known"),
        ("2026-10-05 02:52:07 Pacific Daylight Time", "the time zone `Pacific Daylight Time` is not known"),
        ("2026-10-05 02:52:07 ../../etc/passwd", "is not known"),
        ("2026-10-05 02:52:07 +99", "the time zone `+99` is not known"),
        ("2026-10-05 02:52:07 \x1b[2J", "is not known"),
        ("1" * 10_000, "is not a readable time"),
    ],
)
def test_a_time_that_is_not_understood_is_no_time(text, doubt):
    """It is said, and never taken for another."""
    assert moment(text).time is None
    assert doubt in moment(text).doubt
    assert moment(text).doubt.isprintable()


@pytest.mark.parametrize(
    "zone, usual, course, there",
    [
        ("IST", "+05:30", "Europe/Dublin", "+01:00"),
        ("IST", "+05:30", "Asia/Jerusalem", "+02:00"),
        ("CST", "-06:00", "Asia/Shanghai", "+08:00"),
        ("BST", "+01:00", "Europe/London", "+01:00"),
        ("PST", "-08:00", "Asia/Manila", "+08:00"),
    ],
)
def test_an_abbreviation_of_several_zones_is_the_courses(zone, usual, course, there):
    """Without the course's zone the usual one is taken, and that is told."""
    text = f"2026-07-05 02:52:07 {zone}"
    assert moment(text).time.isoformat().endswith(usual)
    assert f"the time zone {zone} is read as UTC{usual}, but could be UTC" in moment(text).doubt
    assert moment(text, ZoneInfo(course)).time.isoformat().endswith(there)
    assert moment(text, ZoneInfo(course)).doubt == ""


def test_a_time_that_is_not_understood_is_told_with_its_file(lay):
    """The teacher and the student read which file, what stands in it, and that lateness is not known."""
    tree = {
        "submitted/ada/hw2/hw2.py": b"a",
        "submitted/ada/hw2/timestamp.txt": b"2026-10-05 02:52:07 XYZ",
        "submitted/bob/hw2/hw2.py": b"b",
        "submitted/bob/hw2/timestamp.txt": b"2026-10-05 02:52:07 IST",
    }
    inbox = find(lay(tree), FILES)
    ada, bob = inbox.entries
    assert (ada.submitted, bob.submitted.isoformat()) == (None, "2026-10-05T02:52:07+05:30")
    unknown = "timestamp.txt: the time zone `XYZ` is not known; when it was handed in, and whether it was late, is not known"
    assert ada.notices == (unknown,)
    assert inbox.doubtful[0] == f"ada/hw2: {unknown}."
    assert "the time zone IST is read as UTC+05:30" in inbox.doubtful[1]


@pytest.mark.parametrize("zone", ["PDT", "+0530", "UTC+2", "", "-03"])
def test_an_exchange_folder_may_name_any_zone(lay, zone):
    """Also one with the sign that separates the parts of the folder's name."""
    stamp = f"2026-10-05 02:52:07.938335 {zone}".strip()
    inbox = find(lay({f"ada+hw2+{stamp}+a-_b/hw2.py": WORK}), FILES, assignment="hw2")
    assert (inbox.layout, keys(inbox)) == ("nbgrader", [("ada", 1)])
    assert inbox.entries[0].submitted == moment(stamp).time


def test_attempts_of_an_exchange_are_in_the_order_of_their_times(lay):
    """Summer and winter in one zone, and none; an order that rests on a zone that is not known is told."""
    tree = {
        "ada+hw2+2026-10-31 23:00:00.0 EDT+a/hw2.py": b"2",
        "ada+hw2+2026-11-01 02:00:00.0+b/hw2.py": b"1",
        "ada+hw2+2026-11-02 00:00:00.0 EST+c/hw2.py": b"3",
        "bob+hw2+2026-11-01 02:00:00.0 XYZ+b/hw2.py": b"1",
        "bob+hw2+2026-11-02 02:00:00.0 UTC+b/hw2.py": b"2",
    }
    inbox = find(lay(tree), FILES, assignment="hw2")
    assert texts(inbox) == ["1", "2", "3", "1", "2"]
    assert all("may be wrong" in entry.notices[-1] for entry in inbox.entries[3:])
    assert not any(entry.notices for entry in inbox.entries[:3])


def test_attempts_of_an_exchange_may_have_no_random_suffix(lay):
    """As older versions of nbgrader name them; alone, beside others, and with a zone that is an offset."""
    tree = {
        "ada+hw2+2026-10-28 02:52:07.938335 PDT/hw2.py": b"1",
        "ada+hw2+2026-10-28 12:00:00.0 UTC+abc/hw2.py": b"2",
        "bob+hw2+2026-10-28 02:52:07.938335 UTC+2/hw2.py": b"3",
        "eve+hw2+2026-10-28 02:52:07.938335 +0530/hw2.py": b"4",
        "finn+hw2+2026-10-28 02:52:07.938335/hw2.py": b"5",
    }
    inbox = find(lay(tree), FILES, assignment="hw2")
    assert (inbox.layout, ignored(inbox), inbox.doubtful) == ("nbgrader", (), ())
    assert keys(inbox) == [("ada", 1), ("ada", 2), ("bob", 1), ("eve", 1), ("finn", 1)]
    assert texts(inbox) == ["1", "2", "3", "4", "5"]
    hours = [entry.submitted.astimezone(UTC).strftime("%d %H:%M") for entry in inbox.entries]
    assert hours == ["28 09:52", "28 12:00", "28 00:52", "27 21:22", "28 02:52"]


def test_times_of_nbgrader_count_in_a_folder_of_another_name(lay):
    """As in a zip of what is in `submitted`; who was laid out by hand is graded, too."""
    stamp = b"2026-02-02 15:58:23 UTC"
    tree = {f"{name}/hw2/{file}": text for name in ("ada", "bob") for file, text in (("hw2.py", WORK), ("timestamp.txt", stamp))}
    inbox = find(lay({**tree, "eve/hw2.py": b"e"}), FILES, assignment="hw2")
    assert inbox.layout == "nbgrader"
    assert [entry.submitted for entry in inbox.entries] == [datetime(2026, 2, 2, 15, 58, 23, tzinfo=UTC)] * 2 + [None]
    assert texts(inbox) == ["x = 1\n", "x = 1\n", "e"]


def test_a_time_of_nbgrader_that_few_have_is_named(lay):
    """It may be a student's own file."""
    tree = {"ada/hw2/timestamp.txt": b"2026-02-02 15:58:23 UTC", "ada/hw2/hw2.py": WORK, "bob/hw2.py": WORK, "eve/x/hw2.py": WORK}
    inbox = find(lay(tree), FILES, assignment="hw2")
    assert (inbox.layout, texts(inbox)) == ("folders", ["x = 1\n"] * 3)
    assert ignored(inbox) == ("ada/hw2/timestamp.txt: not read, because most students have none.",)


def test_a_time_of_gradescope_that_is_not_understood_is_told(lay):
    """As nbgrader's."""
    text = METADATA.replace("2026-02-02 15:58:23.948203123 Z", "last week")
    ada = find(lay({"submission_metadata.yml": text.encode(), "submission_101/hw2.py": b"a"}), FILES).entries[0]
    assert ada.submitted is None
    assert "submission_metadata.yml: `last week` is not a readable time" in ada.notices[0]


def test_two_works_of_one_student_are_attempts_where_times_tell(lay, roster):
    """Whatever names they came under; a roster tells that they are one student's."""
    tree = {
        "s1+hw2+2026-10-05 02:00:00.0 UTC+a/hw2.py": b"2",
        "ada@uni.org+hw2+2026-10-05 01:00:00.0 UTC+b/hw2.py": b"1",
        "bob+hw2+2026-10-05 01:00:00.0 UTC+b/hw2.py": b"b",
    }
    inbox = find(lay(tree), FILES, assignment="hw2")
    found = match(inbox.entries, roster("id,email\ns1,ada@uni.org\nbob,\n")).students
    one_each = settled(inbox.entries, {key: student.id for key, student in found.items()})
    ada = sorted((entry.attempt, entry.read().files["hw2.py"]) for entry in one_each.entries if found[entry.student].id == "s1")
    assert ada == [(1, "1"), (2, "2")]
    assert "count as attempts in order of time" in one_each.told[0]


def test_two_works_of_one_student_without_times_are_a_question(lay, roster):
    """Both are named, and the others are graded."""
    inbox = find(lay({"s1/hw2.py": b"1", "ada@uni.org/hw2.py": b"2", "bob/hw2.py": WORK}), FILES)
    found = match(inbox.entries, roster("id,email\ns1,ada@uni.org\nbob,\n")).students
    ada, bob = settled(inbox.entries, {key: student.id for key, student in found.items()}).entries
    assert found[ada.student].id == "s1"
    assert "Received: ada@uni.org and s1. Keep the one that counts" in refused(ada)
    assert bob.read().files["hw2.py"] == "x = 1\n"


# Anything ------------------------------------------------------------------------------------------------------------


def test_a_work_is_of_whoever_it_was_settled_on(tmp_path):
    """Of two folders of one student, the work is under the one key, whichever of them it lies in."""
    inbox = find(in_zip(tmp_path / "class", [("ada/hw2.py", b""), ("ADA/notes", b"")]), FILES)
    assert [(entry.student, entry.read().student) for entry in inbox.entries] == [("ADA", "ADA")]


parts = st.sampled_from(
    ["ada", "ADA", "..", "", ".", "submitted", "hw2", "hw2.py", "a.zip", "x_1_2_hw2.py", "é_1_assignsubmission_file",
     "é_1_assignsubmission_onlinetext_", "submission_metadata.yml", "submission_1", "\u202e", "a\\b.py", "a" * 300,
     "a+b+2026-01-01 00:00:00.0 UTC+c", "anon_1_2_a.py", "timestamp.txt", "<script>"]
)  # fmt: skip
members = st.lists(st.tuples(st.lists(parts, min_size=1, max_size=4).map("/".join), st.binary(max_size=40)), max_size=8)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(members.filter(lambda listed: all(name for name, _ in listed)))
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_whatever_a_zip_holds_it_is_refused_or_found(tmp_path, listed):
    """No names raise anything but a SubmissionError, and what is found can be printed and has an order."""
    try:
        inbox = find(in_zip(tmp_path / "class", listed), FILES)
    except SubmissionError as error:
        assert str(error).isprintable()
        assert ". Received: " in str(error)
        return
    assert keys(inbox) == sorted(set(keys(inbox)))
    assert all(f"{entry.student}{entry.name}{entry.email}".isprintable() for entry in inbox.entries)
    assert all(sentence.isprintable() for sentence in ignored(inbox))
    assert all(text.isprintable() for text in texts(inbox) if text.startswith("refused: "))


# The roster ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def roster(tmp_path):
    """Read a roster with this text."""

    def read(text):
        (tmp_path / "roster.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_roster(tmp_path / "roster.csv")

    return read


ADA = Person("ada1", "Ada Lovelace", "ada@example.org", "A", "4711")


@pytest.mark.parametrize(
    "text, student",
    [
        ("student,name,email,section,canvas id\nada1,Ada Lovelace,ada@example.org,A,4711\n", ADA),
        ("\ufeffID;Name;E-Mail;Section;Canvas_ID\r\nada1;Ada Lovelace;ada@example.org;A;4711\r\n", ADA),
        (
            "Section\tSID\tFirst Name\tLast Name\temail address\tcanvas user id\nA\tada1\tAda\tLovelace\tada@example.org\t4711",
            ADA,
        ),
        ('\n id , name \n\n ada1 ,"Lovelace, Ada",\n,,\n', Person("ada1", "Lovelace, Ada")),
        ("email\nada@example.org\n", Person("ada@example.org", email="ada@example.org")),
        (
            'Student,ID,SIS User ID,SIS Login ID,Section,HW2 (12)\n    Points Possible,,,,,10\n"Lovelace, Ada",4711,ada1,al,A,\n',
            Person("ada1", "Lovelace, Ada", "", "A", "4711"),
        ),
        (
            "Identifier,Full name,Email address,Grade\nParticipant 657717,Ada,a@b.c,\n",
            Person("a@b.c", "Ada", "a@b.c", "", "", "657717"),
        ),
        ("id,name\n0042,=cmd()\n", Person("0042", "=cmd()")),
    ],
)
def test_a_roster_is_read(roster, text, student):
    """Columns have many names, in any order and with any of three delimiters; a gradebook and a worksheet are rosters, too."""
    assert roster(text) == [student]


@pytest.mark.parametrize(
    "text, sentence",
    [
        (
            "",
            "line 1, lists no students; expected a header, and a row for each student. Received: no row below the header. Correct",
        ),
        ("id,name\n", "line 1, lists no students"),
        ("name,grade\nAda,1\n", "line 1, has no column that identifies students; .* or `--column` .* Received: name, grade"),
        ("id,name\nada,A\n,B\n", "line 3, has no student id; expected an id in every row. Received: , B"),
        ("id\nada\nbob\nADA\n", "line 4, repeats an id; expected each id once. Received: ADA, also in line 2"),
        ("id,name\nada,A,B\n", "line 2, has too many fields; expected 2, as in the header. Received: 3"),
        ('id,name\nada,"A\n', "line 2, is not CSV; expected fields with closed quotes. Received: unexpected end of data"),
        (b"id,name\nada,Zo\xeb\n", "line 2, is not UTF-8; expected UTF-8 text. Received: the byte 0xeb"),
    ],
)
def test_a_roster_that_cannot_be_read_is_refused(roster, text, sentence):
    """A mistake in a roster is told with its line."""
    with pytest.raises(RosterError, match=sentence):
        roster(text)


def test_a_roster_that_is_not_there_is_refused(tmp_path):
    """A path without a roster is told, and so is a folder."""
    for path in (tmp_path / "roster.csv", tmp_path):
        with pytest.raises(RosterError, match="cannot be read; expected a CSV file"):
            read_roster(path)


LISTS = {
    "German": ("Vorname;Nachname;Matrikelnummer;E-Mail-Adresse", "s1"),
    "French": ("Prénom,Nom,Numéro d'identification,Adresse de courriel", "s1"),
    "French, new": ("Prénom,Nom de famille,Matricule,Adresse de courriel", "s1"),
    "Spanish": ('Nombre,"Apellido(s)",Número de ID,Dirección de correo', "s1"),
    "Italian": ("Nome,Cognome,Codice identificativo,Indirizzo email", "s1"),
    "Portuguese": ("Nome,Apelido,Número de identificação,Endereço de email", "s1"),
    "Brazilian": ("Nome,Sobrenome,Número de identificação,Endereço de email", "s1"),
    "Dutch": ("Voornaam,Achternaam,ID-nummer,E-mailadres", "s1"),
    "Polish": ("Imię,Nazwisko,Numer ID,Adres e-mail", "s1"),
    "Catalan": ("Nom,Cognoms,Número ID,Adreça electrònica", "s1"),
    "Swedish": ("Förnamn,Efternamn,ID-nummer,E-postadress", "s1"),
    "Danish": ("Fornavn,Efternavn,ID-nummer,E-mailadresse", "s1"),
    "Norwegian": ("Fornavn,Etternavn,ID-nummer,E-postadresse", "s1"),
    "Finnish": ("Etunimi,Sukunimi,ID-numero,Sähköpostiosoite", "s1"),
    "Czech": ("Křestní jméno,Příjmení,Identifikační číslo,E-mailová adresa", "s1"),
    "Turkish": ("Adı,Soyadı,ID numarası,E-posta adresi", "s1"),
    "Russian": ("Имя,Фамилия,Индивидуальный номер,Адрес электронной почты", "s1"),
}


@pytest.mark.parametrize("header, key", LISTS.values(), ids=LISTS)
def test_a_list_of_participants_is_a_roster_in_many_languages(roster, header, key):
    """First and last names, numbers and addresses are found by Moodle's words."""
    row = "Ada,Lovelace,s1,ada@example.org".replace(",", ";" if ";" in header else ",")
    assert roster(f"{header}\n{row}\n") == [Person(key, "Ada Lovelace", "ada@example.org")]


TEXT = "Vorname;Nachname;Matrikelnummer\nZoë;Müller;s1\n"
SAVED = {
    "an empty line": "\n" + TEXT,
    "a line of delimiters": ";;\n" + TEXT,
    "a byte order mark": "\ufeff" + TEXT,
    "a mark and an empty line": "\ufeff\r\n" + TEXT,
    "sep": "sep=;\r\n" + TEXT,
    "sep after a mark": "\ufeffSEP=;\n" + TEXT,
    "sep of another kind": "sep=|\n" + TEXT.replace(";", "|"),
    "carriage returns": TEXT.replace("\n", "\r"),
    "Windows": TEXT.replace("\n", "\r\n"),
    "Excel's Unicode text": TEXT.replace(";", "\t").encode("utf-16"),
    "UTF-16, the other way round": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "a comma in quotes": TEXT.replace("Vorname", '"Vorname"').replace("Zoë", '"Zoë"'),
    "letters in pieces": unicodedata.normalize("NFD", TEXT.replace("Zoë", "Zoë")),
}


@pytest.mark.parametrize("data", SAVED.values(), ids=SAVED)
def test_a_roster_is_read_however_it_was_saved(roster, data):
    """By Excel, by a Mac, with lines before the header."""
    assert roster(data) == [Person("s1", "Zoë Müller")]


def test_a_line_below_empty_ones_has_its_own_number(roster):
    """What is wrong is told with the line that an editor shows."""
    with pytest.raises(RosterError, match=r"line 5, repeats an id; .* also in line 4"):
        roster("\n\nid,name\ns1,A\ns1,B\n")


def test_the_column_of_ids_may_be_named(tmp_path):
    """In a language that is not known, or where another is meant."""
    (tmp_path / "roster.csv").write_text("Kennitala,Nafn,id\n7,Ada,1\n")
    assert read_roster(tmp_path / "roster.csv", "kennitala")[0].id == "7"
    with pytest.raises(RosterError, match=r"has no column Kenni; expected the title of a column. Received: Kennitala, Nafn, id"):
        read_roster(tmp_path / "roster.csv", "Kenni")


CLASS = [ADA, Person("bob", "Bob Ross", "bob@example.org"), Person("eve", "Eve Polastri"), Person("eve2", "Polastri, Eve")]


@pytest.mark.parametrize(
    "tree, student",
    [
        ({"ada1/hw2.py": b""}, "ada1"),
        ({"Bob@Example.org.py": b""}, "Bob@Example.org"),
        ({"Ada Lovelace/hw2.py": b""}, "Ada Lovelace"),
        ({"x_4711_10_hw2.py": b""}, "4711"),
        ({"lovelaceada_9_10_hw2.py": b""}, "9"),
        ({"Ada Lovelace_9_assignsubmission_file/hw2.py": b""}, "9"),
    ],
)
def test_a_student_is_known_by_id_address_or_name(lay, tree, student):
    """An entry's key is looked for among ids and addresses, and else its name as each platform writes it."""
    matched = match(find(lay(tree), FILES).entries, CLASS)
    assert list(matched.students) == [student]
    assert (len(matched.unknown), len(matched.missing)) == (0, 3)


def test_who_is_unknown_and_who_is_missing(lay):
    """What is nobody's is told, and who handed in nothing; a name that two have is nobody's."""
    inbox = find(lay({"ada1/hw2.py": b"", "Eve Polastri/hw2.py": b"", "mallory/hw2.py": b""}), FILES)
    matched = match(inbox.entries, CLASS)
    assert matched.students == {"ada1": ADA}
    assert [entry.student for entry in matched.unknown] == ["Eve Polastri", "mallory"]
    assert [student.id for student in matched.missing] == ["bob", "eve", "eve2"]


LOGINS = ["@octo-ada", "https://github.com/octo-ada", "http://www.github.com/Octo-Ada/", "github.com/octo-ada", " @ octo-ada ",
          "https://github.com/octo-ada?tab=repositories", "https://github.com/octo-ada/hw2", "git@github.com:octo-ada/hw2.git", "OCTO-ADA"]  # fmt: skip


@pytest.mark.parametrize("cell", LOGINS)
@pytest.mark.parametrize("folder", ["hw2-octo-ada", "project-octo-ada", "octo-ada"])
def test_a_login_is_known_however_it_is_written(lay, roster, cell, folder):
    """With the sign before it, or as the address of the profile."""
    inbox = find(lay({f"{folder}/hw2.py": WORK, "hw2-bob/hw2.py": WORK}), FILES, assignment="hw2")
    matched = match(inbox.entries, roster(f"id,GitHub\ns1,{cell}\n"))
    assert [student.id for student in matched.students.values()] == ["s1"]
    assert matched.missing == ()


@pytest.mark.parametrize("names", [("ada1", "Ada Lovelace"), ("Lovelace, Ada", "Ada Lovelace"), ("ada1", "lovelace_ada")])
def test_two_folders_of_one_student_are_not_two_students(lay, names):
    """One is named by the id and one by the name, or both by the name: neither is graded until somebody says which counts."""
    inbox = find(lay({f"{name}/hw2.py": name.encode() for name in names} | {"bob/hw2.py": WORK}), FILES)
    matched = match(inbox.entries, CLASS)
    assert (matched.unknown, {matched.students[name].id for name in names}) == ((), {"ada1"})
    one_each = settled(inbox.entries, {key: student.id for key, student in matched.students.items()})
    ada = next(entry for entry in one_each.entries if entry.student != "bob")
    assert all(name in refused(ada) and name in one_each.told[0] for name in names)


def test_accounts_of_one_name_are_two_people(lay):
    """A platform tells them apart, so the second is not taken for the first."""
    inbox = find(lay({f"lovelaceada_{number}_10_hw2.py": b"" for number in (4711, 9)}), FILES)
    assert list(match(inbox.entries, CLASS).students) == ["4711"]


def test_two_who_could_be_one_student_are_nobody(lay):
    """Two participants of one name are not both the one in the roster."""
    inbox = find(lay({f"Bob Ross_{number}_assignsubmission_file/hw2.py": b"" for number in (1, 2)}), FILES)
    matched = match(inbox.entries, CLASS)
    assert (matched.students, len(matched.unknown), len(matched.missing)) == ({}, 2, 4)


def test_an_id_of_one_that_is_the_canvas_id_of_another_is_nobodys(lay):
    """A key that could be two students is not given to the wrong one."""
    inbox = find(lay({"x_4711_10_hw2.py": b""}), FILES)
    assert match(inbox.entries, [ADA, Person("4711")]).students == {}


def test_a_folder_named_by_an_id_is_of_that_id(lay):
    """Whoever names a folder knows the roster's ids, and not the numbers that a platform gives; spaces around are no part of it."""
    inbox = find(lay({"4711/hw2.py": b"", "ada1 /hw2.py": b""}), FILES)
    matched = match(inbox.entries, [ADA, Person("4711")])
    assert {key: student.id for key, student in matched.students.items()} == {"4711": "4711", "ada1 ": "ada1"}
    assert matched.missing == ()


def test_a_group_has_handed_in(lay):
    """Nobody of a group is missing."""
    tree = {"submission_metadata.yml": METADATA.encode(), "submission_101/hw2.py": b""}
    matched = match(find(lay(tree), FILES).entries, [Person("0042"), Person("0043"), Person("7", email="alan@example.org")])
    assert sorted(matched.students) == ["0042", "0043", "alan@example.org"]
    assert ([entry.student for entry in matched.unknown], matched.missing) == (["submission_103"], ())


def test_the_test_student_of_canvas_is_nobody(tmp_path):
    """A teacher who has looked at the course as a student leaves a row in Canvas's gradebook: nobody misses their work."""
    header = "Student,ID,SIS User ID,SIS Login ID,Section,HW2 (12)\n    Points Possible,,,,,10\n"
    rows = '"Student, Test",4799,,9af3,A,\n"Student, Test",4712,s0002,tstudent,A,\n"Lovelace, Ada",4711,s0001,al,A,\n'
    (tmp_path / "grades.csv").write_text(header + rows)
    assert [person.id for person in read_roster(tmp_path / "grades.csv")] == ["s0002", "s0001"]
