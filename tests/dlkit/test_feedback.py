"""`dlkit feedback`: files for students, and zips that Canvas and Moodle give to the right ones."""

from __future__ import annotations

import json
import re
import zipfile
from functools import cache

import pytest
from click.testing import CliRunner
from support import ROOT

from autograder import inbox
from autograder.assignment import load, solutions_folder
from autograder.authoring import sample
from autograder.classroom.gradebook import Adjustment, Gradebook, HandIn
from autograder.grading.bench import UNPROTECTED
from autograder.inbox.people import Person
from autograder.outcome import CheckResult, Grade, Outcome
from dlkit.cli import main

FILES = {"xor_mlp.py": "1"}
HW2 = ROOT / "assignments" / "hw2"
KEYS = [
    "ada",
    "Ada",
    "ADA",
    "../../etc/passwd",
    "a/b",
    "a\\b",
    "نور الهادي",
    "👩‍🔬",
    "=1+1",
    "<script>",
    "CON",
    "nul.txt",
    ".hidden",
]
KEYS += [
    "x" * 300,
    "x" * 301,
    "",
    " ",
    "a b",
    "a-b",
    "ada-0123456789",
    "é",
    "e\u0301",
    "ﬁ",
    "fi",
    "tab\there",
    "a\x00b",
    "a\ud800",
]


def grade_of(student, isolation=(), fault=False):
    """A grade that has the student's key in its words."""
    checks = [CheckResult("a", "a", Outcome.FAILED, 4.0, 10.0, f"told to {student} alone", hint="Do.")]
    checks += [CheckResult("b", "b", Outcome.GRADER_ERROR, None, 5.0, "no worker")] * fault
    return Grade("hw2", "The XOR network", student, None, tuple(checks), isolation=isolation)


def book_of(path, attempts, people=(), **known):
    """A gradebook in which the attempts that have files are graded."""
    with Gradebook(path) as book:
        book.enrol(people)
        numbers = book.hand_in("hw2", attempts)
        for one in attempts:
            if one.files is not None:
                grade = grade_of(one.student, **known)
                book.write(book.begin("hw2", "c"), numbers[one.student, one.number], "k", grade, one.digest, {}, {})


def work(student, origin, name="", **known):
    """An attempt that was handed in."""
    return HandIn(student, origin=origin, name=name, **{"files": FILES, "digest": "1", **known})


@pytest.fixture
def run(tmp_path, monkeypatch):
    """`dlkit feedback` in a folder of its own: what it says, and its exit status."""
    monkeypatch.chdir(tmp_path)

    def of(*arguments):
        result = CliRunner().invoke(main, ["feedback", *map(str, arguments)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return of


@cache
def invented():
    """A class of hw2."""
    assignment = load(HW2)
    return assignment, sample.invent(assignment, solutions_folder(HW2, "hw2"), 40, 3)


def downloaded(tmp_path, layout):
    """The gradebook of a class that was downloaded from a platform; the truth by the student's key."""
    assignment, people = invented()
    sample.write(people, assignment, 3, tmp_path / "class", layout)
    entries = inbox.find(tmp_path / "class/submissions", assignment.files).entries
    book_of(tmp_path / "gradebook.db", [work(one.student, one.origin, one.name, number=one.attempt) for one in entries])
    truth = json.loads((tmp_path / "class/truth.json").read_text(encoding="utf-8"))
    return {one["key"]: one for one in truth["students"]}


def texts_in(path):
    """The texts of a zip by name, as its directory spells them."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info).decode() for info in archive.infolist()}


def found_again(tmp_path, names):
    """Whose the files of a zip are, as our own reader of downloads says, by the name of the file or the folder."""
    (tmp_path / "unpacked").mkdir()
    for name in names:  # as feedback for one file that is asked for
        path = tmp_path / "unpacked" / re.sub(r"[^/_]*\.(html|md)$", "xor_mlp.py", name)
        path.parent.mkdir(exist_ok=True)
        path.write_text("1")
    return {entry.student for entry in inbox.find(tmp_path / "unpacked", ["xor_mlp.py"]).entries}


def by_canvas(name):
    """The user that Canvas takes a file for: the first two parts that are digits are the user and the attachment."""
    user, _attachment = [part for part in name.split("_") if re.fullmatch("[0-9]+", part)][:2]
    return user


def by_moodle(path):
    """The participant that Moodle takes a file for, and what the file is called then."""
    parts = path.split("/")
    assert not parts[-1].startswith((".", "~"))
    while parts:
        info = parts.pop(0).split("_", 4)
        if len(info) >= 4 and info[1].isdecimal() and info[2] in ("assignsubmission", "assignfeedback") and info[3] == "file":
            return info[1], "/".join([*info[4:], *parts]).strip("/")
    raise AssertionError(f"Moodle finds nobody by {path}")


@pytest.mark.parametrize("kind, suffix", [("html", ".html"), ("markdown", ".md")])
def test_canvas_gives_each_file_to_its_student(run, tmp_path, kind, suffix):
    """Names as in Canvas's download lead to the user of each, by Canvas's rule and by ours."""
    truth = downloaded(tmp_path, "canvas")
    result = run("hw2", "--to", "canvas", "--format", kind)
    assert result.exit_code == 0, result.output
    texts = texts_in("feedback-hw2-canvas.zip")
    assert {by_canvas(name) for name in texts} == set(truth) == found_again(tmp_path, texts)
    assert all(name.endswith(suffix) for name in texts)
    assert all([key for key in truth if f"told to {key} alone" in text] == [by_canvas(name)] for name, text in texts.items())
    assert any("_LATE_" in name for name in texts)
    assert f"feedback for {len(truth)} students" in result.output
    assert "Re-Upload Submissions" in result.output


def test_moodle_gives_each_file_to_its_student(run, tmp_path):
    """Folders as in Moodle's download lead to the participant of each, by Moodle's rule and by ours."""
    truth = downloaded(tmp_path, "moodle")
    assert run("hw2", "--to", "moodle").exit_code == 0
    texts = texts_in("feedback-hw2-moodle.zip")
    assert {by_moodle(name)[0] for name in texts} == set(truth) == found_again(tmp_path, texts)
    assert {by_moodle(name)[1] for name in texts} == {"hw2-feedback.html"}
    assert all([key for key in truth if f"told to {key} alone" in text] == [by_moodle(name)[0]] for name, text in texts.items())


MOODLE = ["Ada B_1_assignsubmission_file", "Ada B_1_assignsubmission_file_", "Ada B_1_assignsubmission_file_my_hw_2.py"]


@pytest.mark.parametrize("origin", [*MOODLE, "Participant_1_assignsubmission_file", "نور 👩‍🔬 =1_1_assignsubmission_file"])
def test_moodles_layouts_of_all_ages_are_kept(run, tmp_path, origin):
    """In folders of old and new versions, without folders, with blind marking: the name leads to the student."""
    book_of(tmp_path / "gradebook.db", [work("1", origin)])
    assert run("hw2", "--to", "moodle").exit_code == 0
    (name,) = texts_in("feedback-hw2-moodle.zip")
    assert by_moodle(name) == ("1", "hw2-feedback.html")
    assert name.startswith(origin.removesuffix("my_hw_2.py"))


def test_whose_work_came_otherwise_is_said(run, tmp_path):
    """Work from another layout, nothing at all, and what Canvas would take for another's are left out with a sentence."""
    attempts = [
        work("11", "curiemarie_11_21_xor_mlp.py"),
        work("mailed", "mailed"),
        work("12", "4711_12_22_xor_mlp.py"),  # a name that is digits: Canvas would take it for the user
        work("anon", "anon_ab1_23_xor_mlp.py"),
        HandIn("13", origin="noetheremmy_13_text.html", unreadable="text was handed in"),
        HandIn("14", origin="hopper_14_24_xor_mlp.zip", unreadable="the archive is damaged"),
        HandIn("15", origin="waits_15_25_xor_mlp.py", files=FILES, digest="1"),
    ]
    book_of(tmp_path / "gradebook.db", attempts[:-1], [Person("absent")])
    with Gradebook(tmp_path / "gradebook.db") as book:
        book.hand_in("hw2", attempts[-1:])
    result = run("hw2", "--to", "canvas")
    assert set(texts_in("feedback-hw2-canvas.zip")) == {"curiemarie_11_21_xor_mlp.md", "hopper_14_24_xor_mlp.md"}
    assert "No mark: the archive is damaged" in texts_in("feedback-hw2-canvas.zip")["hopper_14_24_xor_mlp.md"]
    assert "4 students left out: Canvas cannot match the file name to a student" in result.stderr
    assert ": 12, 13, anon, mailed." in result.stderr
    assert "1 student left out: no submission: absent." in result.stderr
    assert "1 student left out: not graded yet: 15." in result.stderr


@pytest.mark.parametrize("to", ["canvas", "moodle"])
def test_a_class_that_came_otherwise_is_refused(run, tmp_path, to):
    """Where no name leads back, nothing is written, and the sentence says what to do."""
    book_of(
        tmp_path / "gradebook.db", [work("ada", "ada"), work("bob", "../1_2_3_x.py"), work("cy", "a/b_1_assignsubmission_file")]
    )
    result = run("hw2", "--to", to)
    assert result.exit_code == 2
    assert "Grade that download with --submissions, or use --to files." in result.stderr
    assert not list(tmp_path.glob("*.zip"))


def test_the_same_feedback_is_the_same_bytes(run, tmp_path):
    """A zip has no time of its own."""
    book_of(tmp_path / "gradebook.db", [work("1", "a_1_2_x.py"), work("2", "b_2_3_x.py")])
    for name in ("one.zip", "two.zip"):
        run("hw2", "--to", "canvas", "--out", name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_folder_has_a_file_for_each_student(run, tmp_path):
    """Whatever the keys; also for those who have no grade; each with what is theirs alone."""
    keys = [key for key in KEYS if key.isprintable() and len(key) <= 200]
    attempts = [work(key, key) for key in keys]
    book_of(tmp_path / "gradebook.db", [*attempts, HandIn("bad", unreadable="two files of one name")], [Person("absent", "A")])
    result = run("hw2")
    assert result.exit_code == 0, result.output
    texts = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "feedback-hw2").glob("*.html")}
    assert len(texts) == len(keys) + 2
    assert sum("told to" in text for text in texts.values()) == len(keys)
    assert "No mark: <bdi>two files of one name" in texts["bad.html"]
    assert "No mark: <bdi>no submission" in texts["absent.html"]


def test_a_folder_is_replaced_as_a_whole(run, tmp_path):
    """No page of an earlier time stays; but what is not ours is neither replaced nor removed."""
    book_of(tmp_path / "gradebook.db", [work("ada", "ada")])
    run("hw2")
    run("hw2", "--format", "markdown")
    folder = tmp_path / "feedback-hw2"
    assert {path.name for path in folder.iterdir()} == {"ada.md", ".dlkit-feedback"}
    (folder / "notes.txt").write_text("mine")
    result = run("hw2")
    assert (result.exit_code, (folder / "notes.txt").read_text()) == (2, "mine")
    assert "holds notes.txt, which dlkit did not write" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["feedback-hw2", "gradebook.db"]


def test_a_zip_replaces_only_a_zip_of_ours(run, tmp_path):
    """The download itself, given as --out by a slip, stays."""
    book_of(tmp_path / "gradebook.db", [work("1", "a_1_2_x.py")])
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as archive:
        archive.writestr("a_1_2_x.py", "1")
    before = (tmp_path / "submissions.zip").read_bytes()
    result = run("hw2", "--to", "canvas", "--out", "submissions.zip")
    assert (result.exit_code, (tmp_path / "submissions.zip").read_bytes()) == (2, before)
    assert [run("hw2", "--to", "canvas").exit_code for _ in range(2)] == [0, 0]


def test_what_was_set_by_hand_is_told(run, tmp_path):
    """Points and comments of the gradebook are in the files."""
    book_of(tmp_path / "gradebook.db", [work("ada", "ada")])
    with Gradebook(tmp_path / "gradebook.db") as book:
        book.adjust(Adjustment("hw2", "ada", 9.0, "a <b>typing</b> error", "grace", "2026-11-01T08:00:00+00:00"))
    run("hw2")
    text = (tmp_path / "feedback-hw2" / "ada.html").read_text()
    assert "9 of 10 points" in text
    assert "a &lt;b&gt;typing&lt;/b&gt; error" in text


def test_a_class_that_was_not_protected_is_said_to_the_teacher(run, tmp_path):
    """The stamp is one line for whoever gives the feedback out, as are faults of ours; the student reads no stamp."""
    book_of(tmp_path / "gradebook.db", [work("ada", "ada")], isolation=("separate process", UNPROTECTED), fault=True)
    result = run("hw2")
    assert "1 student graded while nothing protected your files" in result.stderr
    assert "1 student told that the grader could not judge some checks: ada." in result.stderr
    text = (tmp_path / "feedback-hw2" / "ada.html").read_text()
    assert UNPROTECTED not in text
    assert "their 5 points are left out of the total" in text


WRONG = {
    "no gradebook": (["hw2", "--gradebook", "none.db"], "There is no gradebook none.db"),
    "an empty gradebook": (["hw2", "--gradebook", "empty.db"], "has no attempt at 'hw2': grade the class first"),
    "nothing graded": (["hw2", "--gradebook", "waits.db"], "has nothing graded of 'hw2': grade the class first"),
    "another assignment": (["hw9"], "has no attempt at 'hw9'"),
    "no such folder": (["hw2", "--to", "canvas", "--out", "no/where.zip"], "no/where.zip cannot be written: No such file"),
    "a file for a folder": (["hw2", "--out", "gradebook.db"], "gradebook.db cannot be written: Not a directory"),
    "a folder for a zip": (["hw2", "--to", "canvas", "--out", "folder"], "folder cannot be written: Is a directory"),
}


@pytest.mark.parametrize("arguments, sentence", WRONG.values(), ids=WRONG)
def test_slips_are_sentences(run, tmp_path, arguments, sentence):
    """Wrong names and places have status 2, a sentence, and leave nothing behind."""
    book_of(tmp_path / "gradebook.db", [work("1", "a_1_2_x.py")])
    book_of(tmp_path / "empty.db", [])
    with Gradebook(tmp_path / "waits.db") as book:
        book.hand_in("hw2", [work("1", "a_1_2_x.py")])
    (tmp_path / "folder").mkdir()
    result = run(*arguments)
    assert (result.exit_code, sentence in result.stderr) == (2, True), result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.db", "folder", "gradebook.db", "waits.db"]


def test_a_student_does_not_read_where_the_teacher_keeps_the_class(dlkit, copy_of_small, tmp_path):
    """Why a file cannot be graded is told without the folder of the class."""
    (tmp_path / "secret place" / "inbox" / "ada").mkdir(parents=True)
    (tmp_path / "secret place" / "inbox" / "ada" / "other.txt").write_text("1")
    (tmp_path / "secret place" / "inbox" / "bob").mkdir()
    (tmp_path / "secret place" / "inbox" / "bob" / "arith.py").write_text("")
    book = ["--gradebook", tmp_path / "g.db"]
    dlkit("grade", copy_of_small, "--submissions", tmp_path / "secret place" / "inbox", *book)
    assert dlkit("feedback", "arith", *book, "--out", tmp_path / "out").returncode == 0
    text = (tmp_path / "out" / "ada.html").read_text()
    assert "No mark: <bdi>ada has no arith.py" in text
    assert "secret place" not in text
