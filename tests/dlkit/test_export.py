"""`dlkit export`: what an instructor sees, and what is in the files."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree

import pytest
from classroom50 import wrong_in
from click.testing import CliRunner
from marking import check, write

from autograder.classroom.gradebook import Gradebook
from autograder.export.format import Edit, formats
from autograder.grading.bench import UNPROTECTED
from autograder.inbox.people import Person
from dlkit.cli import main
from dlkit.commands.exporting import export

CANVAS = (
    "Student,ID,SIS Login ID,Section,HW2 (1234)\r\n"
    "    Points Possible,,,,100.00\r\n"
    "Ada,1,s0001,A,\r\n"
    "Bob,2,s0002,A,\r\n"
    "Eve,9,eve,A,3.00\r\n"
)  # fmt: skip
MOODLE = "Identifier,Full name,Grade,Maximum grade,Last modified (grade)\nParticipant 1,Ada,,100.00,-\n"
INTO = {  # formats that put marks into somebody else's file: which of the files below
    "classroom50": "scores.json",
    "canvas": "canvas.csv",
    "moodle": "moodle.csv",
    "brightspace": "brightspace.csv",
    "blackboard": "blackboard.xls",
}
FORMATS = {name: ["--into", INTO[name]] if isinstance(one, Edit) else [] for name, one in formats().items()}
BRIGHTSPACE = (
    "OrgDefinedId,Username,Last Name,First Name,HW2 Points Grade <Numeric MaxPoints:100 Weight:10>,End-of-Line Indicator\n"
    "#s0001,#ada,Farouk,Ada,,#\n"
    "#s0002,#bob,Li,Bob,,#\n"
    "#s0009,#eve,Moreau,Eve,3,#\n"
)
BLACKBOARD = (
    "\ufeffLast Name\tFirst Name\tUsername\tStudent ID\tAvailability\tHW2 [Total Pts: 100 Score] |4711\tTotal [Total Pts: up to 900 Score] |12\n"
    "Farouk\tAda\ts0001\t77\tYes\tNeeds Grading(40.00)\t\n"
    "Li\tBob\ts0002\t78\tYes\t\t\n"
)
CLASS = [
    (Person("s0001", "Ada", moodle_id="1"), check("sigmoid", 50.0), check("train_xor", 20.0)),
    (Person("s0002", "=Bob"), check("sigmoid", 0.0), check("train_xor", 0.0)),
    (Person("s0003", "Cleo"),),
]


def scores(*owners):
    """The text of a scores.json of Classroom 50, in which a teacher has set the score of s0002."""
    record = {
        "schema": "classroom50/result/v1",
        "classroom": "ml26",
        "assignment_type": "individual",
        **dict.fromkeys(("commit", "release", "review"), "https://example.org"),
        "submission": "submit/2026-11-02T10-05-00Z-a1b2c3d",
        "datetime": "2099-01-01T00:00:00Z",
        "score": 0,
        "max-score": 10000,
        "tests": [],
    }
    entries = [{"owner": one, "submissions": [{**record, "owner": one}], "override": one == "s0002"} for one in owners]
    return json.dumps({"schema": "classroom50/scores/v1", "assignments": {"hw2": {"type": "individual", "entries": entries}}})


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a gradebook of three students and an export of Canvas and of Moodle, to work in."""
    monkeypatch.chdir(tmp_path)
    with Gradebook("gradebook.db") as book:
        for person, *checks in CLASS:
            write(book, person, *checks)
    (tmp_path / "canvas.csv").write_bytes(CANVAS.encode())
    (tmp_path / "moodle.csv").write_bytes(MOODLE.encode())
    (tmp_path / "brightspace.csv").write_text(BRIGHTSPACE)
    (tmp_path / "blackboard.xls").write_bytes(BLACKBOARD.encode("utf-16-le"))  # as Blackboard writes it, whatever it is called
    (tmp_path / "scores.json").write_text(scores("s0001"))
    return tmp_path


def run(*arguments):
    """A command, in this process; a traceback fails the test."""
    done = CliRunner().invoke(main, ["export", *map(str, arguments)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.mark.parametrize("name", formats())
def test_help_shows_an_example(name):
    """Each format's help has one to copy, and a first sentence that fits."""
    assert f"dlkit export {name} hw2" in run(name, "--help").output
    assert "..." not in export.get_command(None, name).get_short_help_str(60)


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_written_where_it_says(here, name):
    """Without --out there is one new file or folder, which the command names."""
    before = set(here.iterdir())
    done = run(name, "hw2", *FORMATS[name])
    (new,) = set(here.iterdir()) - before
    assert (done.exit_code, done.stdout.split(" written")[0]) == (0, new.name)


def test_csv_goes_to_stdout(here):
    """With --out - there is nothing else there; nobody's 0 is invented."""
    rows = list(csv.DictReader(io.StringIO(run("csv", "hw2", "--out", "-").stdout)))
    assert [(row["name"], row["mark"], row["sigmoid"]) for row in rows] == [
        ("Ada", "70", "50"),
        ("'=Bob", "0", "0"),
        ("Cleo", "", ""),
    ]
    assert rows[2]["notes"] == "the archive is damaged"


def test_excel_gets_its_mark(here):
    """Without it, Excel takes UTF-8 for something else; without --excel, nobody else has to know it."""
    assert run("csv", "hw2", "--excel", "--out", "-").stdout_bytes.startswith(b"\xef\xbb\xbfstudent,")
    assert run("csv", "hw2", "--out", "-").stdout_bytes.startswith(b"student,")


def test_two_gradebooks_of_a_class_give_the_same_table(here):
    """Whenever and however often it was graded."""
    with Gradebook("other.db") as book:
        for _ in range(2):
            for person, *checks in reversed(CLASS):
                write(book, person, *checks, seconds=9.0)
    assert run("csv", "hw2", "--out", "-").stdout == run("csv", "hw2", "--gradebook", "other.db", "--out", "-").stdout


def test_marks_become_a_teachers_scores_on_classroom_50(here):
    """What was collected stays below, a teacher's own score as it is, and what nobody knows is not written; twice is the same."""
    with Gradebook("gradebook.db") as book:
        write(book, Person("s0004", "Dan"), check("sigmoid", 50.0), check("train_xor", None))
    (here / "scores.json").write_text(scores("S0001", "s0002", "s0003", "s0004", "eve"))
    done = run("classroom50", "hw2", "--into", "scores.json")
    assert done.stdout == "scores-marked.json written: 1 mark in `hw2`\n"
    assert "s0002: a teacher set this score" in done.stderr and "s0003: the archive is damaged" in done.stderr
    assert "s0004: has a grader error" in done.stderr and "but not in the gradebook: eve" in done.stderr
    before, after = (
        json.loads((here / name).read_text())["assignments"]["hw2"] for name in ("scores.json", "scores-marked.json")
    )
    (changed,) = [new for old, new in zip(before["entries"], after["entries"], strict=True) if old != new]
    newest, *below = changed["submissions"]
    assert below == before["entries"][0]["submissions"] and changed["override"] is True
    assert (newest["score"], newest["max-score"]) == (7000, 10000) and newest["submission"].startswith("submit/manual-")
    assert newest["datetime"] == "2099-01-01T00:00:01Z"  # newer than the time that a student chose for a commit
    assert wrong_in({**newest, "assignment": "hw2"}) == ""
    run("classroom50", "hw2", "--into", "scores-marked.json", "--out", "again.json")
    assert (here / "again.json").read_text() == (here / "scores-marked.json").read_text()


def test_policies_count(here):
    """What is exported is what `dlkit marks` shows."""
    (here / "course.toml").write_text('[course]\ntimezone = "UTC"\n[assignments.hw2]\ndrop = ["train_xor"]\n')
    ada = json.loads(run("jsonl", "hw2", "--out", "-").stdout.splitlines()[0])
    assert (ada["score"], ada["mark"], ada["max"]) == (70, 50, 50)
    found = json.loads(run("gradescope", "hw2", "--student", "s0001", "--out", "-").stdout)
    assert found["score"] == 50
    assert "`train_xor` was dropped for all" in found["output"]


def test_canvas_is_marked_in_a_copy(here):
    """The export stays; the copy has the marks, and who was not found is said."""
    done = run("canvas", "hw2", "--into", "canvas.csv")
    assert (here / "canvas.csv").read_bytes() == CANVAS.encode()
    expected = CANVAS.replace("s0001,A,", "s0001,A,70.00").replace("s0002,A,", "s0002,A,0.00")
    assert (here / "canvas-marked.csv").read_bytes() == expected.encode()
    assert done.stdout == "canvas-marked.csv written: 2 marks in `HW2 (1234)`\n"
    assert done.stderr == "dlkit: in canvas.csv, but not in the gradebook: Eve\n"


def test_everyone_who_is_not_found_is_listed(here):
    """However many they are."""
    others = [f"Eve {number}" for number in range(30)]
    (here / "canvas.csv").write_text(CANVAS + "".join(f"{name},{at + 100},,A,\n" for at, name in enumerate(others)))
    said = run("canvas", "hw2", "--into", "canvas.csv").stderr.splitlines()
    assert said == ["dlkit: in canvas.csv, but not in the gradebook: 31", "  Eve", *(f"  {name}" for name in others)]


def test_moodle_is_marked_in_a_copy(here):
    """The worksheet stays; comments are written if asked, though not where there is no column."""
    assert "a mark, but not in moodle.csv: s0002" in run("moodle", "hw2", "--into", "moodle.csv").stderr
    assert (here / "moodle-marked.csv").read_text() == MOODLE.replace("Ada,,", "Ada,70.00,")
    done = run("moodle", "hw2", "--into", "moodle.csv", "--comments")
    assert (done.exit_code, "no column for feedback comments" in done.stderr) == (2, True)


def test_brightspace_gets_what_its_import_may_have(here):
    """The ids with their sign, the marks and the end of each row; nobody without a mark, and no name."""
    done = run("brightspace", "hw2", "--into", "brightspace.csv")
    title = "HW2 Points Grade <Numeric MaxPoints:100 Weight:10>"
    expected = f"OrgDefinedId,Username,{title},End-of-Line Indicator\n#s0001,#ada,70.00,#\n#s0002,#bob,0.00,#\n"
    assert (here / "brightspace-marked.csv").read_text() == expected
    assert "in brightspace.csv, but not in the gradebook: Eve Moreau" in done.stderr


def test_blackboard_gets_usernames_and_marks_with_the_number_of_the_column(here):
    """Also where the download is tabs in UTF-16; a grade that is still to be given is replaced."""
    run("blackboard", "hw2", "--into", "blackboard.xls", "--column", "4711")
    expected = '"Username","HW2 [Total Pts: 100 Score] |4711"\n"s0001","70.00"\n"s0002","0.00"\n'
    assert (here / "blackboard-marked.csv").read_text() == expected


def test_the_policies_are_not_overwritten(here):
    """A file of another kind stays; an earlier export is replaced, also where it has other checks."""
    (here / "course.toml").write_text("[course]\ntimezone = 'UTC'\n")
    done = run("csv", "hw2", "--out", "course.toml")
    assert (done.exit_code, (here / "course.toml").read_text()) == (2, "[course]\ntimezone = 'UTC'\n")
    assert "course.toml exists, and is not an earlier version" in done.stderr and "begins with `[course]`" in done.stderr
    assert run("csv", "hw2", "--out", "marks.csv").exit_code == 0
    table = (here / "marks.csv").read_text()
    (here / "marks.csv").write_text(table.replace("sigmoid", "softmax", 1))
    assert run("csv", "hw2", "--out", "marks.csv").exit_code == 0
    assert (here / "marks.csv").read_text() == table


def test_a_folder_with_other_files_is_not_written_into(here):
    """The files of Gradescope have a folder of their own; a second export replaces it."""
    (here / "results").mkdir()
    (here / "results" / "notes.txt").write_text("mine")
    done = run("gradescope", "hw2", "--out", "results")
    assert (done.exit_code, "holds notes.txt, which dlkit did not write" in done.stderr) == (2, True)
    assert [run("gradescope", "hw2", "--out", "new").exit_code for _ in range(2)] == [0, 0]


def test_gradescope_gets_a_file_a_student(here):
    """Whoever has no grade has no file, and is named."""
    done = run("gradescope", "hw2", "--out", "results", "--hidden", "train_xor", "--visibility", "after_published")
    assert sorted(path.name for path in (here / "results").glob("*.json")) == ["s0001.json", "s0002.json"]
    found = json.loads((here / "results" / "s0001.json").read_text())
    assert [test["visibility"] for test in found["tests"]] == ["visible", "after_published", "hidden"]
    assert done.stderr == "dlkit: without a file: s0003: the archive is damaged\n"


def test_junit_of_one_student(here):
    """One suite."""
    root = ElementTree.fromstring(run("junit", "hw2", "--student", "s0002", "--out", "-").stdout.encode())  # noqa: S314 - our own
    assert [suite.attrib["name"] for suite in root] == ["s0002"]


def test_an_unsafe_stamp_is_said(here):
    """One line on stderr, whatever the format."""
    with Gradebook("gradebook.db") as book:
        write(book, Person("s0009"), check("sigmoid", 50.0), check("train_xor", 20.0), isolation=(UNPROTECTED,))
    said = "dlkit: graded without isolation: this submission could reach the grader's files: s0009\n"
    assert [run(name, "hw2", *FORMATS[name]).stderr.count(said) for name in FORMATS] == [1] * len(FORMATS)


REFUSED = {
    "an empty gradebook": (["csv", "hw2", "--gradebook", "empty.db"], "empty.db has no attempt at 'hw2': grade the class first"),
    "no gradebook": (["csv", "hw2", "--gradebook", "none.db"], "There is no gradebook none.db"),
    "another assignment": (
        ["csv", "hw3"],
        "has no attempt at 'hw3': grade the class first, with --submissions. Did you mean 'hw2'?",
    ),
    "no student": (["junit", "hw2", "--student", "s001"], "has no student 's001'. Did you mean 's0001'?"),
    "nothing of a student": (["gradescope", "hw2", "--student", "s0003"], "nothing to export: the archive is damaged."),
    "no scores": (["classroom50", "hw2", "--into", "canvas.csv"], "canvas.csv cannot be read; expected JSON. Received: "),
    "no hidden check": (["gradescope", "hw2", "--hidden", "sigmod"], "must name checks or functions of hw2. Received: sigmod"),
    "many to stdout": (["gradescope", "hw2", "--out", "-"], "--out - works for one student only"),
    "a file for a folder": (["gradescope", "hw2", "--out", "canvas.csv"], "canvas.csv cannot be written to: Not a directory"),
    "another gradebook": (
        ["brightspace", "hw2", "--into", "canvas.csv"],
        "canvas.csv is not a gradebook of Brightspace; expected OrgDefinedId",
    ),
    "no such item": (
        ["blackboard", "hw2", "--into", "blackboard.xls", "--column", "HW9"],
        "has no column for `HW9`; expected one. Received: `HW2",
    ),
    "a folder for a file": (["csv", "hw2", "--out", "."], ". cannot be written: Is a directory"),
    "no such folder": (["csv", "hw2", "--out", "no/where.csv"], "no/where.csv cannot be written: No such file or directory"),
    "no file": (["canvas", "hw2", "--into", "none.csv"], "none.csv cannot be read: No such file or directory"),
    "a folder": (["canvas", "hw2", "--into", "."], ". cannot be read: Is a directory"),
    "over the original": (["canvas", "hw2", "--into", "canvas.csv", "--out", "./canvas.csv"], "must be different files"),
    "another encoding": (
        ["canvas", "hw2", "--into", "latin.csv"],
        "latin.csv is not UTF-8 text. Received: the byte 0xeb in line 2",
    ),
    "another platform": (["canvas", "hw2", "--into", "moodle.csv"], "moodle.csv is not a Canvas gradebook"),
    "nobody of ours": (
        ["canvas", "hw2", "--into", "others.csv"],
        "Nothing was written: no mark of hw2 matches a row of others.csv",
    ),
}


@pytest.mark.parametrize("arguments, sentence", REFUSED.values(), ids=REFUSED)
def test_wrong_usage_is_a_sentence(here, arguments, sentence):
    """Status 2, nothing written, and what to do."""
    Gradebook("empty.db").close()
    (here / "latin.csv").write_bytes(
        CANVAS.replace("Ada", "Zoë").replace("    Points Possible,,,,100.00\r\n", "").encode("latin-1")
    )
    (here / "others.csv").write_text("Student,ID,SIS Login ID,Section,HW2 (1234)\nEve,9,eve,A,\n")
    before = sorted(here.rglob("*"))
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert sorted(here.rglob("*")) == before


def test_any_key_is_a_file_in_the_folder(here):
    """No key leads out of it, and no two share a file."""
    keys = ["../x", "a/b", "a_b", "A_B", "نور", "x" * 300, ".", "con"]
    with Gradebook("keys.db") as book:
        for key in keys:
            write(book, Person(key), check("sigmoid", 50.0))
    run("gradescope", "hw2", "--gradebook", "keys.db", "--out", "results")
    names = [path.name.casefold() for path in (here / "results").glob("*.json")]
    assert len(set(names)) == len(keys)
    assert "con.json" not in names


def test_a_class_of_a_thousand(here):
    """Every student is a row, each kind of mark among them."""
    from marking import mark

    from autograder.export.csv import by_check

    marks = [
        mark(Person(f"s{number:04}", f"Name, {number}"), *([50.0, None], [0.0, 0.0], [50.0], [])[number % 4])
        for number in range(1000)
    ]
    rows = list(csv.DictReader(io.StringIO(by_check(marks))))
    assert [row["student"] for row in rows] == [mark.student for mark in marks]
    assert [sum(row["mark"] == value for row in rows) for value in ("50", "0", "")] == [250, 250, 500]
