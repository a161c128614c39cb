"""`dlkit run`: one submission again, old beside new, and written only if that is wanted."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import replace

import commandline
import pytest
from support import SMALL

from autograder.classroom.gradebook import Gradebook, GradebookError, HandIn
from autograder.grading.digests import digest_of_files
from autograder.inbox.people import Person
from dlkit.regrading import run_freshly

REFERENCE = (SMALL / "solutions" / "arith" / "arith.py").read_text()
WRONG = REFERENCE.replace("return x *", "return x -")
CLASS = {"ada": REFERENCE, "bob": WRONG}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course whose class is graded once; a test takes a copy of it."""
    course = tmp_path_factory.mktemp("rerun") / "course"
    shutil.copytree(SMALL, course)
    for name, text in CLASS.items():
        (course / "inbox" / name).mkdir(parents=True)
        (course / "inbox" / name / "arith.py").write_text(text)
    (course / "roster.csv").write_text("id,name,github_username\nada,Ada Farouk,octo-ada\nbob,Bob Gupta,octo-bob\ncleo,Cleo,\n")
    environment = {**os.environ, "DLKIT_CACHE": str(course / "c")}
    done = commandline.run(["grade", "arith", "--submissions", "inbox", "--roster", "roster.csv"], course, environment)
    assert done.returncode == 0, done.stderr
    return course


@pytest.fixture
def course(graded, tmp_path):
    """The graded course, to be changed."""
    return shutil.copytree(graded, tmp_path / "course")


@pytest.fixture
def run(dlkit, course):
    """Run the command in the course; it says something, and never a traceback."""

    def of(*arguments):
        done = dlkit("run", *arguments, cwd=course, env={"COLUMNS": "200", "DLKIT_CACHE": str(course / "c")})
        assert "Traceback" not in done.stderr
        return done

    return of


def spoil(course, student="bob"):
    """Write a result that a machine got wrong: no points for any check. The right one comes back."""
    with Gradebook(course / "gradebook.db") as book:
        row = next(row for row in book.rows("arith") if row.student == student)
        wrong = replace(row.grade, checks=tuple(replace(check, score=0.0) for check in row.grade.checks))
        book.write(book.begin("arith", "x"), row.id, "another key", wrong, row.files, {}, {})
        return row


@pytest.mark.parametrize("name", ["bob", "Gupta Bob", "OCTO-BOB"], ids=["id", "name", "login"])
def test_a_student_is_found_and_nothing_is_different(run, name):
    """By id, by name in any order, by login; each check stands beside its old result."""
    done = run(name, "arith")
    assert (done.returncode, done.stderr) == (0, "")
    assert "bob, Bob Gupta: arith, attempt 1 of 1" in done.stdout
    assert re.search(r"scale +✗ failed, 0 of 6 +✗ failed, 0 of 6\s*\n", done.stdout)
    assert "Nothing is different." in done.stdout


def test_what_is_different_is_shown_and_not_written(run, course):
    """Old beside new; the exit status tells scripts, and the gradebook is as it was."""
    row = spoil(course)
    done = run("bob", "arith")
    assert done.returncode == 1
    assert "total: passed, 0 of 6 → passed, 6 of 6" in done.stdout
    assert "changed" in done.stdout
    assert "add --write" in done.stdout
    with Gradebook(course / "gradebook.db") as book:
        assert book.row(row.id).grade.score == 0


def test_with_write_the_new_result_counts(run, course):
    """And the older ones stay in the history."""
    row = spoil(course)
    done = run("bob", "arith", "--write")
    assert (done.returncode, "Written to gradebook.db" in done.stdout) == (0, True)
    with Gradebook(course / "gradebook.db") as book:
        assert book.row(row.id).grade.score == row.grade.score
        assert len(book.history("bob")) == 3


def test_a_result_is_not_written_over_one_that_came_meanwhile(course, monkeypatch):
    """Two people at it: the second is told, and looks again."""
    monkeypatch.setenv("DLKIT_CACHE", str(course / "c"))
    row = spoil(course)
    with Gradebook(course / "gradebook.db") as book:
        again = run_freshly(book, course / "assignments" / "arith", row.id)
        again.write()
        with pytest.raises(GradebookError, match="meanwhile"):
            again.write()


def test_the_work_of_a_group_is_graded_once_for_all(run, course):
    """Whoever of them is named; the grade is then everybody's."""
    files = {"arith.py": REFERENCE}
    with Gradebook(course / "gradebook.db") as book:
        together = HandIn("cleo", 1, files=files, digest=digest_of_files(files), members=(Person("dan"),), group="red")
        book.hand_in("arith", [together])
    done = run("dan", "arith", "--write")
    assert "the work of group red, also of cleo: the result is for all of them" in done.stdout
    with Gradebook(course / "gradebook.db") as book:
        (row,) = [row for row in book.rows("arith") if "dan" in row.everybody]
        assert (row.everybody, row.grade.perfect) == (("cleo", "dan"), True)


def test_one_of_several_attempts_is_chosen(run, course):
    """By default the one that counts, here the better one; --attempt names another."""
    files = {"arith.py": "x = 1\n"}
    with Gradebook(course / "gradebook.db") as book:
        book.hand_in(
            "arith", [HandIn("ada", 2, files=files, digest=digest_of_files(files), submitted="2026-11-01T10:00:00+00:00")]
        )
    assert "attempt 1 of 2, the one that counts. Choose another with --attempt" in run("ada", "arith").stdout
    assert "no grade  0 of 20" in run("ada", "arith", "--attempt", "2").stdout
    done = run("ada", "arith", "--attempt", "3")
    assert (done.returncode, "ada has no attempt 3 at arith. There are: 1, 2." in done.stderr) == (2, True)


def test_a_submission_without_files_says_where_it_came_from(run, course):
    """And what to do about it."""
    with Gradebook(course / "gradebook.db") as book:
        book.hand_in("arith", [HandIn("cleo", 1, unreadable="the zip is damaged", origin="inbox/cleo")])
    done = run("cleo", "arith")
    assert done.returncode == 2
    assert "attempt 1 of cleo at arith has no file to grade: the zip is damaged. It came from inbox/cleo." in done.stderr
    assert "dlkit grade arith --submissions FOLDER" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("bobb", "arith"), "There is no student 'bobb' with that key or name in the gradebook. Did you mean 'bob'?"),
        (("arith", "bob"), "The student comes first: dlkit run bob arith."),
        (("cleo", "arith"), "cleo has handed in nothing for arith in gradebook.db."),
        (("bob", "aritt"), "There is no assignment 'aritt'. Did you mean"),
    ],
    ids=["student", "order", "nothing", "assignment"],
)
def test_a_slip_is_told_in_a_sentence(run, arguments, sentence):
    """What is wrong, and what was perhaps meant."""
    done = run(*arguments)
    assert (done.returncode, sentence in done.stderr) == (2, True), done.stderr
