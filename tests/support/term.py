"""A gradebook of a whole term, written by rows: nobody is graded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.classroom.gradebook import Gradebook, HandIn
from autograder.inbox.people import Person
from autograder.outcome import CheckResult, Grade, Outcome

SUBMITTED = "2026-10-01T10:00:00+00:00"


def gradebook(
    path: Path | str, people: Sequence[Person], points: Mapping[str, Mapping[str, float | None]], most: float = 100
) -> Gradebook:
    """A gradebook that is open: of each assignment, the points of those who handed in; None could not be judged."""
    book = Gradebook(path)
    book.enrol(people, whole=True)
    for assignment, theirs in points.items():
        handed = [
            HandIn(student, submitted=SUBMITTED, files={"x.py": student}, digest=f"{assignment}{student}") for student in theirs
        ]
        numbers = book.hand_in(assignment, handed)
        run = book.begin(assignment, "c")
        for student, score in theirs.items():
            outcome = Outcome.GRADER_ERROR if score is None else Outcome.PASSED if score == most else Outcome.PARTIAL
            grade = Grade(assignment, "Title", student, None, (CheckResult("f", "f", outcome, score, most),))
            book.write(run, numbers[student, 1], f"{assignment}{student}", grade, f"{assignment}{student}", {}, {})
    return book
