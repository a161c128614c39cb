"""`dlkit course`, `dlkit show` and `dlkit marks` of several assignments: what an instructor sees of a whole term."""

from __future__ import annotations

import csv
import io
import re
import shlex

import pytest
import term
from click.testing import CliRunner
from sessions import is_shown, session
from support import ROOT

from autograder.classroom.gradebook import HandIn
from autograder.inbox.people import Person
from autograder.outcome import CheckResult, Grade, Outcome
from dlkit.cli import main

HEAD = '[course]\ntimezone = "Europe/Berlin"\n'
PAGE = (ROOT / "docs" / "instructor.md").read_text(encoding="utf-8").partition("## Add up the term")[2].partition("\n## ")[0]
CLASS = [Person("ada", "Ada Farouk"), Person("ben", "Ben Gupta"), Person("cleo", "=HYPERLINK(1)")]
POINTS = {"hw1": {"ada": 90.0, "ben": 80.0, "cleo": 70.0}, "hw2": {"ada": 70.0, "ben": 60.0}}


def run(*arguments):
    """A command, in this process; a traceback fails the test."""
    done = CliRunner(env={"COLUMNS": "100"}).invoke(main, list(map(str, arguments)))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a gradebook of two assignments and three students, one of whom lacks the second."""
    monkeypatch.chdir(tmp_path)
    term.gradebook("gradebook.db", CLASS, POINTS).close()
    return tmp_path


def rows_of(*arguments):
    """The table of `dlkit course --csv -`, by student."""
    return {row["student"]: row for row in csv.DictReader(io.StringIO(run("course", "--csv", "-", *arguments).stdout))}


def totals():
    """The totals of the class, by student."""
    return {student: row["total"] for student, row in rows_of().items()}


def course(folder, text):
    """Write a course.toml."""
    (folder / "course.toml").write_text(HEAD + text, encoding="utf-8")


def test_what_is_still_to_be_marked_leaves_the_total_open(here):
    """A cell of Blackboard: the student has no total, and reads why; the others have theirs."""
    course(here, '[term.weights]\nhw1 = 50\nexam = 50\n[term.other.exam]\nfile = "exam.csv"\nmark = "Exam"\nmax = 60\n')
    (here / "exam.csv").write_text("id,Exam [Total Pts: 60 Score] |4711\nada,Needs Grading(40.00)\nben,30\ncleo,60\n")
    assert totals() == {"ada": "", "ben": "65.00", "cleo": "85.00"}
    assert "Needs Grading(40.00)" in run("course", "--student", "ada", "--why").stdout


def test_the_worked_example_of_the_page_is_what_is_printed(tmp_path, monkeypatch):
    """docs/instructor.md: its course.toml, its CSV file and its marks give each number that it shows."""
    monkeypatch.chdir(tmp_path)
    blocks = dict(re.findall(r"^```(toml|csv|console) (?:term|exam\.csv)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
    course(tmp_path, blocks["toml"])
    (tmp_path / "exam.csv").write_text(blocks["csv"])
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| s0")]
    names = dict(zip([line[0] for line in lines], ["Ada", "Ben", "Cleo"], strict=True))
    points = {f"hw{at}": {line[0]: float(line[at]) for line in lines if line[at]} for at in (1, 2, 3)}
    term.gradebook("gradebook.db", [Person(key, name) for key, name in names.items()], points).close()
    shown = session(blocks["console"])
    assert len(shown) == 3
    for command, expected in shown:
        printed = run(*shlex.split(command)[1:]).stdout
        assert is_shown(printed, expected), printed


def test_without_a_table_every_assignment_counts_the_same(here):
    """A missing one counts 0, and nothing has to be written to see a total."""
    assert totals() == {"ada": "80.00", "ben": "70.00", "cleo": "35.00"}
    assert "missing: hw2" in run("course").stdout


def test_what_nobody_has_is_left_out_and_said(here):
    """An exam that is still to come takes no weight, and an assignment that is forgotten is named."""
    course(here, "[term.weights]\nhw1 = 50\nexam = 50\n[term.other.exam]\nmax = 60\n")
    done = run("course", "--csv", "-")
    assert "ada,Ada Farouk,,,90,100,,,90,,90.00," in done.stdout
    assert "these totals are not final: exam left out, because nothing is marked there yet" in done.stderr
    assert "hw2 does not count" in done.stderr


@pytest.mark.parametrize("due, total", [("2099-01-01", "70.00"), ("2026-01-01", "35.00")], ids=["not due", "due"])
def test_what_is_not_due_is_not_missing_yet(here, due, total):
    """Who has not handed in before the due date has lost nothing by it."""
    course(here, f"[assignments.hw2]\ndue = {due}T12:00:00\nlate.per_day = 0\n")
    assert totals()["cleo"] == total


def test_an_excuse_by_hand_takes_a_mark_out_of_the_total(here):
    """The mark stays what it is, the total is that of the others, and both say so; --undo takes it back."""
    assert run("adjust", "hw2", "cleo", "--excuse", "--comment", "ill", "--by", "grace").stdout.startswith("cleo, hw2: excused")
    assert totals()["cleo"] == "70.00"
    assert "excused (grace" in run("course", "--student", "cleo", "--why").stdout
    assert "no submission; excused (grace" in " ".join(run("marks", "hw2", "--csv", "-").stdout.split())
    run("adjust", "hw2", "cleo", "--undo")
    assert totals()["cleo"] == "35.00"


def test_a_comment_takes_no_points_back(here):
    """It is about what was set by hand before. An excuse in place of points, or points in place of an excuse, is told."""
    run("adjust", "hw1", "ada", "--points", "3")
    assert run("adjust", "hw1", "ada", "--comment", "see me").stderr == ""
    assert rows_of()["ada"]["hw1"] == "3"
    assert "this replaces 3 manual points" in run("adjust", "hw1", "ada", "--excuse").stderr
    assert "excused: hw1" in rows_of()["ada"]["notes"]
    run("adjust", "hw1", "ada", "--comment", "a certificate")
    assert "excused: hw1" in rows_of()["ada"]["notes"]
    assert "this replaces an excuse" in run("adjust", "hw1", "ada", "--points", "4").stderr
    assert run("adjust", "hw1", "ada", "--undo").stderr == ""


def test_an_excuse_in_the_file_does_so_too(here):
    """`excused` of a student in course.toml."""
    course(here, '[students.ada]\nexcused = ["hw2"]\n')
    assert totals()["ada"] == "90.00"


def test_an_excuse_is_for_a_whole_assignment(here):
    """With points or a check it is refused with a sentence."""
    for more in (["--points", "3"], ["--check", "f"]):
        assert run("adjust", "hw1", "ada", "--excuse", *more).stderr.startswith("dlkit: --excuse is for a whole assignment")


def test_what_could_not_be_judged_leaves_no_total(here):
    """Nothing is counted as 0 that nobody knows; the reason is told."""
    term.gradebook("gradebook.db", CLASS, {"hw3": {"ada": None}}).close()
    row = rows_of()["ada"]
    assert (row["total"], row["letter"]) == ("", "")
    assert "not known yet: hw3" in row["notes"]
    assert "no total" in run("course", "--student", "ada", "--why").stdout


def test_a_group_has_one_mark_for_each_member(here):
    """Work of several students counts for each of them, as it does in `dlkit marks`."""
    with term.gradebook("gradebook.db", CLASS, {}) as book:
        handed = HandIn("ada", files={"x.py": "1"}, digest="1", members=(CLASS[2],), submitted=term.SUBMITTED)
        attempt = book.hand_in("hw3", [handed])["ada", 1]
        grade = Grade("hw3", "Title", "ada", None, (CheckResult("f", "f", Outcome.PARTIAL, 60.0, 100.0),))
        book.write(book.begin("hw3", "c"), attempt, "k", grade, "1", {}, {})
    assert {key: row["hw3"] for key, row in rows_of().items()} == {"ada": "60", "ben": "", "cleo": "60"}


def test_who_left_is_shown_last_and_in_no_count(here):
    """Their total stays to be seen, and neither the median nor --near knows them."""
    course(here, "[term.letters]\nA = 95\nB = 0\n")
    term.gradebook("gradebook.db", [person for person in CLASS if person.id != "ada"], {}).close()
    printed = run("course").stdout
    assert "left the class: not counted" in next(line for line in printed.splitlines() if "Ada" in line)
    assert "2 students, 2 totals; 1 left the class. Median 52.50." in printed
    assert "ada" not in run("course", "--near", "50").stdout


def test_no_name_is_a_formula(here):
    """A spreadsheet computes nothing of what a student or a course.toml is called."""
    course(here, '[term.weights]\n"=1+2" = 100\n[term.groups."=1+2"]\nmarks = ["hw1", "hw2"]\n')
    text = run("course", "--csv", "-").stdout
    assert "'=HYPERLINK(1)" in text
    assert ",'=1+2 %," in text
    assert "'=HYPERLINK(1)" in run("marks", "hw1", "hw2", "--csv", "-").stdout


def test_a_file_that_does_not_fit_is_refused_by_its_key(here):
    """Every problem of every file is a line; no total is printed."""
    course(here, '[term.weights]\nhw1 = 50\nexam = 50\n[term.other.exam]\nmax = 60\nmark = "Points"\nfile = "exam.csv"\n')
    (here / "exam.csv").write_text("id,Points\nada,48\nzoe,3\nben,x\n")
    done = run("course")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "`term.other.exam`: exam.csv, line 3: zoe is not in the class" in done.stderr
    assert "`term.other.exam`: exam.csv, line 4: the mark must be a number" in done.stderr
    (here / "exam.csv").unlink()
    assert "`term.other.exam`: exam.csv cannot be read; expected a CSV file." in run("course").stderr


def test_a_mark_above_the_maximum_counts_and_is_said(here):
    """It may be meant, and may be a slip."""
    course(here, '[term.weights]\nexam = 100\n[term.other.exam]\nmax = 60\nmark = "Points"\nfile = "exam.csv"\n')
    (here / "exam.csv").write_text("id,Points\nada,66\n")
    assert "exam: more than the maximum of 60 points for ada" in run("course").stderr
    assert totals()["ada"] == "110.00"


def test_totals_go_into_a_platforms_own_file(here):
    """One column, by the ways in which marks go there; who has none is named."""
    (here / "canvas.csv").write_bytes(
        b"Student,ID,SIS Login ID,Section,Total (7)\r\n    Points Possible,,,,50.00\r\nAda,1,ada,A,\r\nEve,2,eve,A,\r\n"
    )
    (here / "moodle.csv").write_text(
        "Identifier,ID number,Grade,Maximum grade,Last modified (grade)\nParticipant 1,ben,,100.00,-\n"
    )
    assert "or add --scale" in run("course", "--to", "canvas", "--worksheet", "canvas.csv").stderr
    done = run("course", "--to", "canvas", "--worksheet", "canvas.csv", "--scale", "--out", "-")
    assert "Ada,1,ada,A,40.00\r\n" in done.stdout_bytes.decode()
    assert "with a mark, but not in canvas.csv: ben; cleo" in done.stderr
    assert run("course", "--to", "moodle", "--worksheet", "moodle.csv").exit_code == 0
    assert "Participant 1,ben,70.00,100.00,-" in (here / "moodle-marked.csv").read_text()


MISTAKES = {
    "a platform without columns": (["--to", "gradescope", "--worksheet", "x"], "--to must be one of blackboard, brightspace, canvas, moodle. Received: gradescope."),
    "no worksheet": (["--to", "canvas"], "Add --worksheet FILE"),
    "no platform": (["--worksheet", "x"], "Add --to FORMAT"),
    "a column of nothing": (["--column", "x"], "--column cannot be used without --to."),
    "two things": (["--why", "--csv", "-"], "Choose one of --student or --why, --near, --csv and --to."),
    "nearness without letters": (["--near", "1"], "--near needs letters; expected a table `term.letters`"),
    "nobody": (["--student", "adda"], "There is no student 'adda' with that key or name in the gradebook. Did you mean 'ada'?"),
}  # fmt: skip


@pytest.mark.parametrize("arguments, sentence", MISTAKES.values(), ids=MISTAKES)
def test_a_slip_is_answered_with_a_sentence(here, arguments, sentence):
    """What is wrong, what was expected, and exit status 2."""
    done = run("course", *arguments)
    assert done.exit_code == 2
    assert sentence in done.stderr


def test_two_students_of_one_name_are_told_apart_by_their_keys(here):
    """A name that two have is no answer."""
    term.gradebook("gradebook.db", [*CLASS, Person("ada2", "ada farouk")], {}).close()
    assert "2 students are called 'Ada Farouk': ada, ada2. Use a key." in run("show", "Ada Farouk").stderr


@pytest.mark.parametrize(
    "command",
    [("adjust", "hw2", "{}", "--points", "75"), ("history", "{}"), ("forget", "{}")],
    ids=["adjust", "history", "forget"],
)
def test_a_name_stands_for_the_key(here, command):
    """In any order of its words; a name that nobody has is refused as everywhere."""
    done = run(*(word.format("farouk ada") for word in command))
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("ada")
    refused = run(*(word.format("ada x") for word in command))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "There is no student 'ada x' with that key or name in the gradebook." in refused.stderr


def test_one_student_is_shown_whole(here):
    """Attempts, what was set by hand, late days and the total, with the reasons."""
    course(here, "[late]\ntokens = 3\nper_day = 10\n[assignments.hw1]\ndue = 2026-09-30T12:00:00\n")
    run("adjust", "hw2", "ada", "--points", "75", "--comment", "well argued", "--by", "grace")
    printed = run("show", "ada farouk").stdout
    for expected in (
        "ada, Ada Farouk",
        "hw1  90 of 100",
        "    attempt 1: handed in 2026-10-01 10:00 UTC, 90 of 100; counts",
        "    late by 1 day: 1 token used",
        "    manual points: 70 -> 75 (grace",
        "Late days without penalty: 1 of 3 used (hw1: 1)",
        "total  82.50 %",
    ):
        assert expected in printed


def test_marks_of_several_assignments_stand_side_by_side(here):
    """A column each; who has no mark has a reason; an assignment that nobody has is refused."""
    printed = run("marks", "hw1", "hw2").stdout
    assert re.search(r"ada +Ada Farouk +90 +70", printed)
    assert re.search(r"70 +- +hw2: no submission", printed)
    rows = list(csv.DictReader(io.StringIO(run("marks", "hw1", "hw2", "--csv", "-").stdout)))
    assert [(row["hw1"], row["hw2"]) for row in rows] == [("90.0", "70.0"), ("80.0", "60.0"), ("70.0", "")]
    assert "has no attempt at 'hw9'" in run("marks", "hw1", "hw9").stderr
