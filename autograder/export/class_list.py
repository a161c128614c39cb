"""The class list for other programs: as CSV and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograder.export.table import written
from autograder.text import readable

if TYPE_CHECKING:
    from autograder.classroom.class_list import ClassList, Listed, RosterChange

ABOUT = ("name", "email", "section", "login", "canvas_id", "moodle_id")
CHANGE = ("kind", "student", "name", "before", "after")


def people_csv(found: ClassList) -> str:
    """A row for each student, with the number of attempts at each assignment."""
    head = ["student", *ABOUT, "group", "state", "left", *found.assignments, "notes"]
    return written([head, *(_row(one, found.assignments) for one in found.students)])


def people_json(found: ClassList) -> str:
    """The same as one object."""
    students = [
        {
            "student": one.person.id,
            **{name: getattr(one.person, name) for name in ABOUT},
            "group": one.group,
            "state": one.state,
            "left": one.person.left or None,
            "attempts": {name: one.attempts.get(name, 0) for name in found.assignments},
            "unread": list(one.unread),
            "same_name": list(one.twins),
        }
        for one in found.students
    ]
    about = {"schema": 1, "students": students, "sections": found.sections, "groups": found.groups}
    return json.dumps(about, ensure_ascii=False, indent=1) + "\n"


def changes_csv(changes: Sequence[RosterChange]) -> str:
    """What a roster would change, a row for each change."""
    return written([CHANGE, *([readable(getattr(one, name)) for name in CHANGE] for one in changes)])


def changes_json(changes: Sequence[RosterChange]) -> str:
    """The same as one object."""
    return json.dumps({"schema": 1, "changes": [vars(one) for one in changes]}, ensure_ascii=False, indent=1) + "\n"


def _row(one: Listed, assignments: Sequence[str]) -> list[object]:
    about = [one.person.id, *(getattr(one.person, name) for name in ABOUT), one.group, one.state, one.person.left]
    counts = [one.attempts.get(name, 0) for name in assignments]
    return [*map(readable, about), *counts, readable("; ".join(one.notes))]
