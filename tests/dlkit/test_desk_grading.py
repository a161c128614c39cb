"""`dlkit desk` beside a real assignment: a group of equal wrong answers is named and judged again, one submission is run again."""

from __future__ import annotations

import re
import shutil
import time

import commandline
import pytest
from collecting import needs
from desks import Reader, desk_of
from support import SMALL

from autograder.classroom.gradebook import Gradebook
from autograder.inbox.people import Person

needs("starlette", "starlette is not installed: pip install 'dlkit[desk]'")

REFERENCE = (SMALL / "solutions" / "arith" / "arith.py").read_text()
SUM = "return float(np.sum(x))"
COSINES = REFERENCE.replace(SUM, "cosine = np.cos(x)\n    return float(np.sum(cosine) + 0.37)")
CLASS = {"ada": REFERENCE, "bob": COSINES, "bea": COSINES + "\n# Bea\n"}
SECONDS = 120


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course whose class is graded once; a test takes a copy of it."""
    import os

    course = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(SMALL, course)
    for name, text in CLASS.items():
        (course / "inbox" / name).mkdir(parents=True)
        (course / "inbox" / name / "arith.py").write_text(text)
    environment = {**os.environ, "DLKIT_CACHE": str(course / "c")}
    assert commandline.run(["grade", "arith", "--submissions", "inbox"], course, environment).returncode == 0
    return course


@pytest.fixture
def book(graded, tmp_path, monkeypatch):
    """The gradebook of the graded course, to be changed."""
    shutil.copytree(graded, tmp_path / "course")
    monkeypatch.setenv("DLKIT_CACHE", str(tmp_path / "course" / "c"))
    with Gradebook(tmp_path / "course" / "gradebook.db") as found:
        yield found


@pytest.fixture
def ada(book, tmp_path):
    """Somebody who reads it."""
    return Reader(desk_of(book, tmp_path / "course"))


def done(ada, answer):
    """The page of something that took long, once it has ended, and its address."""
    assert answer.status_code == 303, answer.text
    place = answer.headers["location"].removeprefix(ada.base)
    until = time.monotonic() + SECONDS
    while "data-wait" in (page := ada.get(place)).text:
        assert time.monotonic() < until
        time.sleep(0.05)
    return page.text, place


def attempt_of(book, student):
    """The id of a student's attempt."""
    return next(row.id for row in book.rows("arith") if row.student == student)


def test_a_group_is_named_and_judged_again(book, ada, tmp_path):
    """It is found, named, and everybody in it reads the sentence once it is written; nobody else does."""
    bob = attempt_of(book, "bob")
    listed = ada.get("/same").text
    assert "2</b> students" in listed
    assert "not named yet" in listed
    group = ada.get(f"/same/one?check=total&like={bob}").text
    assert "np.cos(x)" in re.sub("<[^>]+>", "", group)
    about = {"assignment": "arith", "check": "total", "like": bob}
    assert "an id has small letters" in ada.post("/name", **about, id="No Id", sentence="x").text.lower()
    text, place = done(ada, ada.post("/name", **about, id="total-cosines", sentence="You add up cosines."))
    assert "2 grades differ" in text
    assert (tmp_path / "course/solutions/arith/met.observations").is_file()
    assert not any(check.misconception for row in book.rows("arith") for check in row.grade.checks)
    (wanted,) = re.findall(r'name="job" value="([^"]*)"', text)
    text, _ = done(ada, ada.post("/keep", job=wanted))
    assert "It is written" in text
    told = {row.student: {check.explanation for check in row.grade.checks} - {""} for row in book.rows("arith")}
    assert told == {"ada": set(), "bob": {"You add up cosines."}, "bea": {"You add up cosines."}}
    assert "known as" in ada.get("/same").text
    assert re.findall(r'<a href="[^"]*/read/(\d+)', ada.get(f"/queue?queue=same&check=total&like={bob}").text)
    assert ada.post("/keep", job=place.rpartition("/")[2]).status_code == 409


def test_the_code_of_a_group_tells_no_hidden_name(book, ada):
    """Whoever hid the names does not find them in a comment."""
    place = f"/same/one?check=total&like={attempt_of(book, 'bob')}"
    book.enrol([Person("bea", "Cosine")])
    ada.post("/hide", back="/same")
    assert not re.search("cosine", re.sub("<[^>]+>", "", ada.get(place).text + ada.get("/same").text), re.IGNORECASE)


def test_the_queue_of_a_wrong_answer_has_those_who_give_it(book, ada):
    """And nobody else."""
    bob, bea = attempt_of(book, "bob"), attempt_of(book, "bea")
    found = re.findall(r'<a href="[^"]*/read/(\d+)', ada.get(f"/queue?queue=same&check=total&like={bob}").text)
    assert {*map(int, found)} == {bob, bea}


def test_one_submission_is_run_again_old_beside_new(book, ada):
    """Freshly, without its kept answers; where nothing is different there is nothing to write."""
    text, _ = done(ada, ada.post("/again", attempt=attempt_of(book, "bob")))
    assert "nothing is different" in text
    assert "Write this" not in text


def test_a_result_that_differs_is_written_when_it_is_wanted(book, ada):
    """A grading that was damaged by a machine is replaced; it stays in the history."""
    bob = attempt_of(book, "bob")
    row = book.row(bob)
    from dataclasses import replace

    wrong = replace(row.grade, checks=tuple(replace(check, score=0.0) for check in row.grade.checks))
    book.write(book.begin("arith", "x"), bob, "another key", wrong, row.files, {}, {})
    text, place = done(ada, ada.post("/again", attempt=bob))
    assert "Write this" in text
    done(ada, ada.post("/keep", job=place.rpartition("/")[2]))
    assert book.row(bob).grade.score == row.grade.score
    assert len(book.history("bob")) == 3


def test_without_the_assignment_it_says_where_to_start(book, tmp_path):
    """Naming and judging need the folder of the course; reading does not."""
    ada = Reader(desk_of(book, tmp_path / "elsewhere"))
    bob = attempt_of(book, "bob")
    assert "start <code>dlkit desk</code> in the folder" in ada.get(f"/same/one?check=total&like={bob}").text
    answer = ada.post("/regrade", assignment="arith", check="total", like=bob)
    assert (answer.status_code, "is not here" in answer.text) == (400, True)
