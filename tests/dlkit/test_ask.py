"""`dlkit ask`: questions about one's own code on the command line and in a notebook."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import SMALL

WORK = """import numpy as np


def total(x):
    result = 0.0
    for value in np.ravel(x):
        result += float(value)
    return result


def scale(x, factor):
    number = float(factor) if not isinstance(factor, str) else [] + factor
    return x * number
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course in which a student has written two functions."""
    shutil.copytree(SMALL, tmp_path / "course")
    (tmp_path / "course/assignments/arith/arith.py").write_text(WORK)
    return tmp_path / "course"


def test_questions_as_json_do_not_tell_the_answers(dlkit, course):
    """Until they are given; then each has its verdict and what the run showed, and all are kept beside the work."""
    asked = dlkit("ask", "arith", "--seed", "5", "--json", "-", cwd=course)
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout)
    assert told["questions"] and not any({"expected", "evidence"} & one.keys() for one in told["questions"])
    assert {one["function"] for one in told["questions"]} <= {"total", "scale"}
    again = dlkit("ask", "arith", "--seed", "5", "--answers", "1,-", "--json", "-", cwd=course)
    replied = json.loads(again.stdout)
    assert [one["id"] for one in replied["questions"]] == [one["id"] for one in told["questions"]]
    assert replied["answered"] == 2
    assert replied["questions"][0]["evidence"] and "evidence" not in replied["questions"][2]
    assert "[[response]]" in (course / "assignments/arith/explanations.toml").read_text()


def test_a_student_answers_one_question_after_the_other(course, tmp_path):
    """What is no answer is asked again, Enter passes, q stops; the count and the seed stand at the end."""
    done = subprocess.run(
        [sys.executable, "-m", "dlkit", "ask", "arith"],
        cwd=course,
        input="nonsense\n1\n\nq\n",
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "DLKIT_CACHE": str(tmp_path / "cache")},
    )
    assert done.returncode == 0, done.stderr
    assert "Please type a number" in done.stdout and "Received: 'nonsense'" in done.stdout
    assert "No answer. " in done.stdout
    assert " of 2 right." in done.stdout
    assert "The same questions again: dlkit ask arith --seed " in done.stdout
    assert "Nothing here counts for marks." in done.stdout


def test_fewer_questions_than_wanted_are_explained(dlkit, course):
    """There is little to ask about a function of one line."""
    (course / "assignments/arith/arith.py").write_text("def total(x):\n    return float(sum(map(float, list(x.ravel()))))\n")
    done = dlkit("ask", "arith", "--seed", "5", "--count", "20", "--sheet", "oral.html", cwd=course)
    assert done.returncode == 0, done.stderr
    assert "there is little to ask about functions of one line" in (course / "oral.html").read_text()


def test_a_sheet_is_written_for_an_examination(dlkit, course):
    """With one's own questions, room and a key; nothing is kept of it."""
    done = dlkit("ask", "arith", "--seed", "5", "--sheet", "oral.html", cwd=course)
    assert done.returncode == 0, done.stderr
    assert "Key, for the examiner" in (course / "oral.html").read_text()
    assert not (course / "assignments/arith/explanations.toml").exists()


def test_a_class_has_a_page_for_each_student(dlkit, course):
    """From the gradebook: questions about what passed, and a note for who has nothing that does."""
    for student, text in (("ada", WORK), ("bob", WORK.replace("float(value)", "1.0").replace("x * number", "x"))):
        (course / "inbox" / student).mkdir(parents=True)
        (course / "inbox" / student / "arith.py").write_text(text)
    assert dlkit("grade", "assignments/arith", "--submissions", "inbox", "--unsafe-no-isolation", cwd=course).returncode == 0
    done = dlkit("ask", "arith", "--gradebook", "gradebook.db", "--sheet", "oral.html", "--unsafe-no-isolation", cwd=course)
    assert done.returncode == 0, done.stderr
    page = (course / "oral.html").read_text()
    assert page.count('class="student"') == 2
    assert "nothing to ask: 1 student\n  bob: " in done.stderr and "no function of arith passes its checks yet" in page


def test_a_class_that_is_not_graded_has_a_page_for_each_student(dlkit, course):
    """From what was handed in; who has nothing to ask is told with the reason, and the others get their page."""
    for student, text in (("ada", WORK), ("bob", "def total(x):\n    return (\n"), ("cleo", WORK)):
        (course / "inbox" / student).mkdir(parents=True)
        (course / "inbox" / student / "arith.py").write_text(text)
    chosen = ("--student", "Bob", "--student", "ada", "--sheet", "oral.html", "--seed", "5")
    done = dlkit("ask", "arith", "--submissions", "inbox", *chosen, "--unsafe-no-isolation", cwd=course)
    assert done.returncode == 0, done.stderr
    page = (course / "oral.html").read_text()
    assert page.count('class="student"') == 2 and "cleo" not in page
    assert "nothing to ask: 1 student\n  bob: no function of arith passes" in done.stderr


WRONG = {
    "two classes": (["--gradebook", "g.db", "--submissions", "i", "--sheet", "a.html"], "are two classes. Choose one", 2),
    "nothing works": ([], "no function of arith passes its checks yet. Make one work first", 1),
    "answers without a seed": (["--answers", "1"], "--answers needs --seed", 2),
    "an answer that is none": (["--seed", "5", "--answers", "x"], "answer 1 must be a number", 2),
    "a sheet and answers": (["--seed", "5", "--answers", "1", "--sheet", "a.html"], "--sheet cannot be used with --answers", 2),
    "a class without a sheet": (["--gradebook", "g.db"], "--gradebook needs --sheet", 2),
    "a student without a class": (["--student", "ada"], "--student is for a class", 2),
    "no such gradebook": (["--gradebook", "g.db", "--sheet", "a.html"], "There is no gradebook g.db", 2),
}


@pytest.mark.parametrize("options, said, status", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_one_sentence(dlkit, course, options, said, status):
    """With what was expected and what to do."""
    if not options:
        (course / "assignments/arith/arith.py").write_text("def total(x):\n    raise NotImplementedError\n")
    done = dlkit("ask", "arith", *options, cwd=course)
    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr and "Traceback" not in done.stderr


def test_a_file_that_somebody_broke_is_left_as_it_is(dlkit, course):
    """The answers are told, and why they were not kept."""
    path = course / "assignments/arith/explanations.toml"
    path.write_text("= broken")
    done = dlkit("ask", "arith", "--seed", "5", "--answers", "1", cwd=course)
    assert done.returncode == 0
    assert "Your answers were not kept" in done.stdout and path.read_text() == "= broken"


def test_a_script_can_ask_about_itself(course, tmp_path):
    """`dlkit.ask` asks about the functions that stand in it, as in a notebook."""
    script = course / "work.py"
    script.write_text(f'import dlkit\n\n{WORK}\n\ndlkit.ask(assignment="arith", seed=5, answers=[1, "-"])\n')
    done = subprocess.run(
        [sys.executable, script],
        cwd=course,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "DLKIT_COURSE": str(course), "DLKIT_CACHE": str(tmp_path / "cache")},
    )
    assert " of 2 right." in done.stdout, done.stderr
    assert "explanations.toml" in done.stdout
