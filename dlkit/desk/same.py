"""The same wrong answer: the groups of a class, named and judged again as one."""

from __future__ import annotations

from autograder.classroom.gradebook.reading import State, state
from autograder.classroom.mistakes import Found, Group, groups
from dlkit.desk.desk import Desk


def found_in(desk: Desk, assignment: str) -> Found:
    """The groups of a class, as they were when results were last written."""
    now: State = state(desk.book)
    kept = desk.groups.get(assignment)
    if kept is None or kept[0][0] != now[0]:
        marks = list(desk.roll.marks(assignment).values())
        kept = desk.groups[assignment] = now, groups(desk.book, assignment, marks, 1)
    found: Found = kept[1]
    return found


def group_of(desk: Desk, assignment: str, check: str, attempt: int) -> Group | None:
    """The group that gives the same wrong answer to a check as an attempt."""
    row = desk.book.row(attempt)
    who = row.student if row else ""
    return next((one for one in found_in(desk, assignment).groups if one.check == check and who in one.students), None)
