"""What is read of a course of Canvas: who is in it, an assignment, and what was handed in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from autograder.export.sheet import folded
from autograder.export.table import written
from autograder.export.titles import columns_of
from autograder.inbox.people import Person
from autograder.text import printable, readable
from dlkit.canvas.connection import CanvasError, fetched, told

LARGEST = 20 * 2**20  # bytes of a file that is fetched
IN_THE_WAY = re.compile(r'[\x00-\x1f/\\:*?"<>|]+')  # what Canvas itself replaces in a file's name
GRADED = frozenset({"points", "percent", "letter_grade", "gpa_scale"})  # kinds of grading that take points


@dataclass(frozen=True)
class Enrolled:
    """A student of the course: who that is, and their login."""

    person: Person
    login: str


@dataclass(frozen=True)
class Column:
    """An assignment in Canvas, which is a column of its gradebook.

    Attributes:
        points: what it is worth there; None if that is not set.
        group_set: the number of the set of groups that hand in together; None if everybody works alone.
        shared: whether Canvas gives all members of a group the mark of one.
        why_not: why no mark can be written into it, or "".
    """

    id: int
    title: str
    points: float | None
    group_set: int | None
    shared: bool
    why_not: str


@dataclass(frozen=True)
class Held:
    """What Canvas holds about one student and one assignment.

    Attributes:
        score: the points that somebody entered, before Canvas takes off any for lateness; None for none.
        deducted: what Canvas takes off.
    """

    user: str
    score: float | None
    excused: bool
    deducted: float


@dataclass(frozen=True)
class Handed:
    """A file of a submission, under the name that Canvas's own download gives it; without an address if it is too large."""

    name: str
    url: str


def column_of(course: Any, name: str, title: str, wanted: str | None) -> Column:
    """The assignment that is meant: by its title or number, or the one that is named after ours (see `export.titles`).

    Args:
        course: of Canvas.
        name: of our assignment.
        title: its title, "" where that is not known.
        wanted: a title or a number in Canvas.

    Raises:
        CanvasError: none or several fit.
    """
    with told("the assignments"):
        there = [(str(one.id), str(one.name), one) for one in course.get_assignments()]
    if wanted is not None:
        hits = [one for id, _, one in there if id == wanted.strip()] or [
            one for _, called, one in there if folded(called) == folded(wanted)
        ]
    else:
        hits = [there[place][2] for place in columns_of(name, title, [called for _, called, _ in there])]
    if len(hits) != 1:
        listed = ", ".join(f"`{readable(called)}` ({id})" for id, called, _ in there) or "none"
        what = f"`{wanted}`" if wanted is not None else " or ".join(filter(None, (name, title)))
        number = f"{len(hits)} assignments" if hits else "no assignment"
        raise CanvasError(f"Canvas has {number} for {what}; expected one. Received: {listed}. Choose one with --column")
    return _column(hits[0])


def enrolled(course: Any, group_set: int | None = None) -> list[Enrolled]:
    """The students of the course, by their keys; with the groups of one set."""
    groups: dict[str, str] = {}
    with told("the students"):
        sections = {section.id: str(section.name) for section in course.get_sections()}
        if group_set is not None:
            for group in course.get_groups(include=["users"]):
                if group.group_category_id == group_set:
                    groups |= {str(user["id"]): printable(str(group.name)) for user in group.users}
        users = course.get_users(enrollment_type=["student"], include=["enrollments", "email"])
        found = [_enrolled(user, sections, groups) for user in users]
    return sorted(found, key=lambda one: one.person.id)


def roster_csv(students: Collection[Enrolled]) -> str:
    """A roster as `--roster` reads it."""
    rows = [["id", "name", "email", "section", "group", "canvas_id"]]
    for person in (one.person for one in students):
        rows.append([person.id, person.name, person.email, person.section, person.group, person.canvas_id])
    return written(rows)


def held(course: Any, column: Column) -> dict[str, Held]:
    """What Canvas holds about an assignment, by the number of the student there."""
    with told("the marks"):
        found = [_held(one) for one in _submissions(course, column)]
    return {one.user: one for one in found}


def handed_in(course: Any, column: Column) -> Iterator[tuple[Handed, bytes]]:
    """The files of the newest submissions, one submission for each group, and their bytes."""
    taken: set[str] = set()
    with told("the submissions"):
        found = sorted(_submissions(course, column, include=["user", "group"]), key=lambda one: int(one.user_id))
        files = []
        for one in found:
            group = str((getattr(one, "group", None) or {}).get("id") or "") if column.group_set is not None else ""
            attached = getattr(one, "attachments", None) or []
            if not attached or (group and group in taken):
                continue
            taken.add(group)
            files += [_file(one, file) for file in attached]
    for file in files:
        yield file, fetched(course, file.url) if file.url else b""


def _submissions(course: Any, column: Column, **options: Any) -> Iterator[Any]:
    from canvasapi.assignment import Assignment

    assignment = Assignment(course._requester, {"id": column.id, "course_id": course.id})
    yield from assignment.get_submissions(**options)


def _column(one: Any) -> Column:
    points = getattr(one, "points_possible", None)
    group_set = getattr(one, "group_category_id", None)
    kind = str(getattr(one, "grading_type", "points"))
    why_not = ""
    if kind not in GRADED:
        why_not = f"it is graded as `{kind}`, which takes no points"
    elif getattr(one, "anonymize_students", False):
        why_not = "it is graded anonymously, and does not say whose a submission is"
    elif getattr(one, "moderated_grading", False) and not getattr(one, "grades_published", False):
        why_not = "its grading is moderated, and the grades are not published yet"
    return Column(
        int(one.id),
        str(one.name),
        None if points is None else float(points),
        None if group_set is None else int(group_set),
        group_set is not None and not getattr(one, "grade_group_students_individually", False),
        why_not,
    )


def _enrolled(user: Any, sections: dict[int, str], groups: dict[str, str]) -> Enrolled:
    canvas_id = str(user.id)
    login = str(getattr(user, "login_id", None) or "")
    id = str(getattr(user, "sis_user_id", None) or login or canvas_id)
    places = [sections.get(one.get("course_section_id"), "") for one in getattr(user, "enrollments", None) or []]
    return Enrolled(
        Person(
            printable(id),
            printable(str(user.name)),
            printable(str(getattr(user, "email", None) or "")),
            printable(", ".join(dict.fromkeys(filter(None, places)))),
            canvas_id,
            group=groups.get(canvas_id, ""),
        ),
        login,
    )


def _held(one: Any) -> Held:
    score = getattr(one, "entered_score", None)
    score = getattr(one, "score", None) if score is None else score
    deducted = float(getattr(one, "points_deducted", None) or 0)
    return Held(str(one.user_id), None if score is None else float(score), bool(getattr(one, "excused", False)), deducted)


def _file(one: Any, file: Any) -> Handed:
    user = getattr(one, "user", None) or {}
    name = re.sub(r"[\W_]+", "", str(user.get("sortable_name") or user.get("name") or "student")).lower()
    late = "_LATE" if getattr(one, "late", False) else ""
    title = IN_THE_WAY.sub("_", str(getattr(file, "display_name", None) or file.filename))[-120:]
    fits = int(getattr(file, "size", None) or 0) <= LARGEST
    return Handed(f"{name}{late}_{int(one.user_id)}_{int(file.id)}_{title}", str(file.url) if fits else "")
