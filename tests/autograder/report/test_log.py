"""The files that grow while a class is graded."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest

from autograder.classroom.gradebook import HandIn
from autograder.inbox.people import Person
from autograder.outcome import CheckResult, Grade, Outcome
from autograder.report import log

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def grade(outcome=Outcome.FAILED, score=0.0):
    """A grade of one check, with the secret seed."""
    return Grade("hw2", "XOR", "ada", 4711, (CheckResult("total", "total", outcome, score, 6.0),), seconds=1.25)


def written(say):
    """What is in a log."""
    file = io.StringIO()
    say(log.Log(log.Growing(file, "a.log", pytest.fail), lambda: NOON))
    return file.getvalue()


def test_a_line_has_time_student_points_and_seconds():
    """And why somebody should look at it; in one line, whatever is in the names."""
    text = written(lambda one: one.result(HandIn("a\x1b[2Jda\nx", number=2), grade(), "total: timed out"))
    when, rest = text.split(" ", 1)
    assert datetime.fromisoformat(when) == NOON
    assert rest == "graded  a\\x1b[2Jda\\nx  attempt 2  0 of 6  1.2 s  total: timed out\n"


def test_points_that_are_unknown_are_no_zero():
    """A fault of the grader is told as such."""
    assert "points unknown" in written(lambda one: one.result(HandIn("ada"), grade(Outcome.GRADER_ERROR, None), ""))


def test_json_lines_hold_no_seed_and_name_the_whole_group():
    """One object for each member; the seed of a class is secret."""
    handed = HandIn("ada", members=(Person("bob"),), group="team 1", marks_late=True)
    found = [json.loads(line) for line in log.of_result(handed, grade(), "hw2")]
    assert [one["student"] for one in found] == ["ada", "bob"]
    assert all(one["seed"] is None and one["members"] == ["ada", "bob"] and one["late"] is False for one in found)
    assert "4711" not in str(found)


def test_a_work_that_cannot_be_graded_has_a_line():
    """Without points, and with the reason."""
    (line,) = log.of_unreadable(HandIn("ada", unreadable="nothing there"), "hw2")
    found = json.loads(line)
    assert (found["score"], found["unreadable"], found["schema"]) == (None, "nothing there", 1)


def test_a_full_disk_is_told_once():
    """And costs nothing else."""

    class Full(io.StringIO):
        def flush(self):
            raise OSError(28, "No space left on device")

    told = []
    file = log.Growing(Full(), "a.log", told.append)
    file.lines(["one"])
    file.lines(["two"])
    assert told == ["a.log cannot be written any more: No space left on device. The gradebook has every result"]
