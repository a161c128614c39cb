"""Marks: the gradebook by the policies of the course; raw grades stay what they are."""

from __future__ import annotations

import csv
import io

import pytest

from autograder.classroom.gradebook import Adjustment, Gradebook, GradebookError, HandIn
from autograder.classroom.marks import marks
from autograder.export.table import COLUMNS, in_short
from autograder.outcome import CheckResult, Grade, Outcome
from autograder.policy import Course, parse

COURSE = parse(
    """
    [course]
    timezone = "UTC"
    [late]
    per_day = 10
    [assignments.hw2]
    due = 2026-10-26T12:00:00
    """
)
AT = "2026-11-01T08:00:00+00:00"


def grade(score, student="ada"):
    """A grade of two checks."""
    checks = [CheckResult("a", "a", Outcome.PASSED, 40.0, 40.0), CheckResult("b", "b", Outcome.FAILED, score - 40.0, 60.0)]
    return Grade("hw2", "Title", student, None, tuple(checks))


@pytest.fixture
def gradebook(tmp_path):
    """A gradebook with two attempts of one student, one of another, and one of which there is nothing."""
    with Gradebook(tmp_path / "gradebook.db") as book:
        attempts = [
            HandIn("ada", 1, "Ada, née =cmd", submitted="2026-10-26T11:00:00+00:00", files={"x.py": "1"}, digest="1"),
            HandIn("ada", 2, "Ada, née =cmd", submitted="2026-10-27T11:00:00+00:00", files={"x.py": "2"}, digest="2"),
            HandIn("bob", 1, "=HYPERLINK(1)", files={"x.py": "1"}, digest="1"),
            HandIn("cleo", 1, unreadable="the archive is damaged"),
        ]
        numbers = book.hand_in("hw2", attempts)
        for student, number, score in (("ada", 1, 70), ("ada", 2, 75), ("bob", 1, 90)):
            book.write(book.begin("hw2", "c"), numbers[student, number], f"k{number}", grade(score, student), str(number), {}, {})
        yield book


def mark_of(gradebook, student, course=COURSE):
    """The mark of one student."""
    return next(mark for mark in marks(gradebook, course, "hw2") if mark.student == student)


def test_the_best_attempt_counts_after_lateness(gradebook):
    """75 a day late is 65; 70 in time is better."""
    final = mark_of(gradebook, "ada").final
    assert (final.adjusted, final.attempt.name) == (70, "1")


def test_without_policies_the_best_raw_score_counts(gradebook):
    """A course that has no course.toml has no due dates."""
    assert mark_of(gradebook, "ada", Course()).final.adjusted == 75


def test_what_cannot_be_graded_has_no_mark_and_a_reason(gradebook):
    """Nothing is known, which is not 0."""
    mark = mark_of(gradebook, "cleo")
    assert (mark.final, mark.why) == (None, "the archive is damaged")


def test_points_by_hand_stand_beside_the_raw_grade(gradebook):
    """The last adjustment for a check counts, is told, and changes no grade."""
    for points in (1.0, 60.0):
        gradebook.adjust(Adjustment("hw2", "bob", points, "right after all", "grace", AT, "b"))
    final = mark_of(gradebook, "bob").final
    assert (final.raw, final.adjusted) == (90, 100)
    assert "right after all" in " ".join(final.sentences)
    assert next(row.grade.score for row in gradebook.rows("hw2") if row.student == "bob") == 90


def test_a_student_who_is_not_there_is_refused_with_the_nearest(gradebook):
    """A slip of the pen writes nothing."""
    with pytest.raises(GradebookError, match=r"has no student 'bobb'. Did you mean 'bob'\?"):
        gradebook.adjust(Adjustment("hw2", "bobb", 1.0, "", "grace", AT))


def test_a_spreadsheet_gets_no_formula(gradebook):
    """Names and notes that begin like a formula are text; commas and quotes survive."""
    rows = list(csv.DictReader(io.StringIO(in_short(marks(gradebook, COURSE, "hw2")))))
    assert tuple(rows[0]) == COLUMNS
    names = {row["student"]: row["name"] for row in rows}
    assert names == {"ada": "Ada, née =cmd", "bob": "'=HYPERLINK(1)", "cleo": ""}
    assert {row["student"]: row["mark"] for row in rows} == {"ada": "70.0", "bob": "90.0", "cleo": ""}
