"""Marks for Canvas: first a plan, which changes nothing and which a person reads; then these changes and no others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograder.export.sheet import TOLERANCE, UNJUDGED, Way, matched, maxima, orders, unlike, worth
from dlkit.canvas.connection import CanvasError, told
from dlkit.canvas.course import Column, Enrolled, Held

if TYPE_CHECKING:
    from autograder.classroom.marks import Mark


@dataclass(frozen=True)
class Change:
    """One mark that would change: whose, from what (None: no mark yet) and to what."""

    user: str
    student: str
    name: str
    group: str
    before: float | None
    after: float


@dataclass(frozen=True)
class Plan:
    """What would change in Canvas, and what would not.

    Attributes:
        changes: in the order of the students' keys.
        same: how many marks are in Canvas already.
        kept: whose mark stays as it is, and why.
        unknown: students of the course whom the gradebook does not know.
        missing: students with a mark who are not in the course.
        deducted: those from whom Canvas takes off points for lateness by itself.
    """

    column: Column
    changes: tuple[Change, ...]
    same: int
    kept: tuple[str, ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    deducted: tuple[str, ...]

    @property
    def code(self) -> str:
        """A word that stands for these changes: it is another as soon as one of them is another."""
        told = [self.column.id, *sorted([one.user, one.before, one.after] for one in self.changes)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:8]


def planned(
    column: Column,
    students: Sequence[Enrolled],
    there: Mapping[str, Held],
    marks: Sequence[Mark],
    *,
    scale: bool = False,
) -> Plan:
    """What would change if the marks were written.

    Args:
        column: the assignment in Canvas.
        students: of the course.
        there: what Canvas holds, by the students' numbers.
        marks: of the class.
        scale: bring marks to the points of the column, if they are out of others.

    Raises:
        CanvasError: the column takes no such marks, or Canvas would give members of a group another mark than theirs.
    """
    if column.why_not:
        raise CanvasError(f"no mark can be written into `{column.title}`: {column.why_not}. Choose another with --column")
    if odd := unlike(marks, column.points, scale):
        raise CanvasError(
            f"`{column.title}` is worth {column.points:g} points in Canvas, but the marks are out of {maxima(odd)} "
            f"({len(odd)} of {len(marks)} students). Change the points in Canvas, or add --scale"
        )
    whose = matched({number: _row(one) for number, one in enumerate(students)}, marks, _ways())
    changes, kept, deducted, settled, same = [], [], [], {}, 0
    for number, mark in sorted(whose.items(), key=lambda item: item[1].student):
        person = students[number].person
        now = there.get(person.canvas_id, Held(person.canvas_id, None, False, 0.0))
        points = worth(mark, column.points, scale)
        if now.excused:
            kept.append(f"{mark.student}: excused in Canvas")
        elif mark.excused:
            kept.append(f"{mark.student}: {mark.excused}; excuse them in Canvas by hand")
        elif points is None:
            kept.append(f"{mark.student}: {mark.why or UNJUDGED}")
        else:
            after = round(points, 2)
            settled[person.canvas_id] = after
            if now.score is not None and abs(now.score - after) <= TOLERANCE:
                same += 1
            else:
                changes.append(Change(person.canvas_id, mark.student, person.name, person.group, now.score, after))
            if now.deducted:
                deducted.append(mark.student)
    if column.shared:
        _agree(students, settled, changes)
    taken = {mark.student for mark in whose.values()}
    return Plan(
        column,
        tuple(changes),
        same,
        tuple(kept),
        tuple(one.person.name or one.person.id for number, one in enumerate(students) if number not in whose),
        tuple(mark.student for mark in marks if mark.final and not mark.left and mark.student not in taken),
        tuple(deducted),
    )


def written(course: Any, plan: Plan) -> Iterator[Change]:
    """Write the changes of a plan, one after the other, and yield each that Canvas has confirmed.

    Of a group that shares its marks, one is written: Canvas gives it to all members.
    """
    from canvasapi.submission import Submission

    groups: set[str] = set()
    for change in plan.changes:
        if not (plan.column.shared and change.group in groups):
            of = {"id": 0, "course_id": course.id, "assignment_id": plan.column.id, "user_id": change.user}
            with told(f"the mark of {change.student}"):
                now = Submission(course._requester, of).edit(submission={"posted_grade": f"{change.after:.2f}"})
                score = getattr(now, "entered_score", None)
                score = float(now.score if score is None else score)
            if abs(score - change.after) > TOLERANCE:
                raise CanvasError(
                    f"Canvas wrote {score:g} for {change.student}; expected {change.after:g}. Look at this mark in Canvas, "
                    "then run the command without --write to see what is left"
                )
        groups |= {change.group} - {""}
        yield change


def _agree(students: Sequence[Enrolled], settled: Mapping[str, float], changes: Sequence[Change]) -> None:
    """Refuse where Canvas would give a member of a group the mark of another."""
    odd = []
    for group in sorted({one.group for one in changes} - {""}):
        members = [one.person for one in students if one.person.group == group]
        marks = {settled.get(one.canvas_id) for one in members}
        if len(marks) > 1:
            theirs = ", ".join(f"{one.id} {_points(settled.get(one.canvas_id))}" for one in members)
            odd.append(f"{group} ({theirs})")
    if odd:
        raise CanvasError(
            f"Canvas gives all members of a group the same mark, but theirs differ: {'; '.join(odd)}. In Canvas, edit the "
            "assignment and choose to assign grades to each student individually"
        )


def _points(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"


def _row(one: Enrolled) -> list[str]:
    return [one.person.canvas_id, one.person.id, one.login, one.person.email, one.person.name]


def _ways() -> list[Way]:
    """As Canvas finds students on an import: by its number, the SIS id, the login, then the name."""
    return [
        (lambda row: [row[0]], lambda mark: [mark.person.canvas_id]),
        (lambda row: [row[1]], lambda mark: [mark.person.id]),
        (lambda row: row[2:4], lambda mark: [mark.person.id, mark.person.email]),
        # Without a roster, a submission downloaded from Canvas is known by nothing but its number there.
        (lambda row: [row[0]], lambda mark: [] if mark.person.canvas_id else [mark.person.id]),
        (lambda row: orders(row[4]), lambda mark: orders(mark.person.name)),
    ]
