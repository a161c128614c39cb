"""Marks: what the gradebook holds, by the policies of the course. The raw grades stay what they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from autograder.export.cells import table
from autograder.gradebook import Adjustment, Gradebook, Person, Row
from autograder.policy import Attempt, CheckScore, Course, Final, Override, finals

COLUMNS = ("student", "name", "attempt", "raw", "raw_max", "mark", "max", "days_late", "notes")


@dataclass(frozen=True)
class Mark:
    """A student's mark for an assignment; without a `final`, nothing could be graded, and `why` says so.

    Attributes:
        person: whose.
        final: what counts.
        row: the attempt that counts; without a `final` the last one, None if nothing was handed in.
    """

    person: Person
    final: Final | None
    row: Row | None
    why: str = ""

    @property
    def student(self) -> str:
        """The student's key."""
        return self.person.id

    @property
    def name(self) -> str:
        """The student's name."""
        return self.person.name


def marks(gradebook: Gradebook, course: Course, assignment: str) -> list[Mark]:
    """The mark of everybody in the gradebook, by id, if anybody has an attempt at the assignment; else none.

    Late days are paid for over the whole course, so every assignment of the gradebook is looked at.
    """
    work: dict[str, dict[str, list[Attempt]]] = defaultdict(lambda: defaultdict(list))
    rows: dict[str, list[Row]] = defaultdict(list)
    for name in gradebook.assignments():
        for row in gradebook.rows(name):
            if name == assignment:
                rows[row.student].append(row)
            if row.grade is not None:
                work[row.student][name].append(_attempt(row))
    by_hand = overrides(gradebook.adjustments())
    found = []
    for person in gradebook.people() if rows else []:
        attempts = rows.get(person.id, [])
        final = finals(course, person.id, work[person.id], by_hand.get(person.id, {})).get(assignment)
        counts = next((row for row in attempts if final and str(row.number) == final.attempt.name), None)
        last = attempts[-1] if attempts else None
        why = "" if final else "nothing handed in" if last is None else last.unreadable or "not graded yet"
        found.append(Mark(person, final, counts or last, why))
    return found


def overrides(adjustments: Iterable[Adjustment]) -> dict[str, dict[str, list[Override]]]:
    """What was set by hand, by student and assignment."""
    found: dict[str, dict[str, list[Override]]] = defaultdict(lambda: defaultdict(list))
    for one in adjustments:
        override = Override(one.points, one.comment, one.by, datetime.fromisoformat(one.at), one.check)
        found[one.student][one.assignment].append(override)
    return found


def to_csv(marks: Sequence[Mark]) -> str:
    """A table for a spreadsheet; a text that it would take for a formula gets an apostrophe before it."""
    rows: list[Sequence[object]] = [COLUMNS]
    for mark in marks:
        final = mark.final
        if final is None:
            cells: list[object] = [mark.student, mark.name, "", "", "", "", "", "", mark.why]
        else:
            raw = [score.score for score in final.attempt.checks if score.score is not None]
            most = [score.max_score for score in final.attempt.checks if score.score is not None]
            numbers = [final.attempt.name, _two(sum(raw)), _two(sum(most)), _two(final.adjusted), _two(final.maximum)]
            cells = [mark.student, mark.name, *numbers, final.days_late, "; ".join(final.sentences)]
        rows.append(cells)
    return table(rows)


def _attempt(row: Row) -> Attempt:
    assert row.grade is not None  # noqa: S101 - asked by who calls
    return Attempt(
        tuple(CheckScore(check.name, check.score, check.max_score) for check in row.grade.checks),
        submitted=datetime.fromisoformat(row.submitted) if row.submitted else None,
        marked_late=row.late,
        name=str(row.number),
    )


def _two(value: float) -> float:
    return round(value, 2) + 0.0  # no -0.0
