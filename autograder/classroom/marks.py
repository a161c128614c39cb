"""Marks: what the gradebook holds, by the policies of the course. The raw grades stay what they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from autograder.classroom.gradebook import Adjustment, Gradebook, Row
from autograder.classroom.gradebook.reading import places, requests
from autograder.classroom.gradebook.values import Place, Request
from autograder.inbox.people import Person
from autograder.outcome import CheckResult, Outcome
from autograder.policy import Attempt, CheckScore, Course, Final, Override, finals

NOTHING_READ: Mapping[str, Sequence[Row]] = {}
BY_HAND = "manual points"  # how the sentence about them begins (see `Override.sentence`)


@dataclass(frozen=True)
class Mark:
    """A student's mark for an assignment; without a `final` there is none, and `why` says so.

    Attributes:
        person: whose.
        final: what counts.
        row: the attempt that counts; without one that was graded the last one, None if nothing was handed in. What a group
            handed in is the row of each of its members.
        why: why there is nothing graded, "" where there is.
        excused: by whom the student is excused, and why; "" where the mark counts.
        comments: what somebody wrote on lines of that attempt.
        requests: what the student asked to have looked at again.
    """

    person: Person
    final: Final | None
    row: Row | None
    why: str = ""
    excused: str = ""
    comments: tuple[Place, ...] = ()
    requests: tuple[Request, ...] = ()

    @property
    def student(self) -> str:
        """The student's key."""
        return self.person.id

    @property
    def name(self) -> str:
        """The student's name."""
        return self.person.name

    @property
    def left(self) -> bool:
        """Whether the student has left the class: kept, and in none of its counts."""
        return bool(self.person.left)

    @property
    def members(self) -> tuple[str, ...]:
        """The keys of those who handed it in together with the student."""
        return self.row.members if self.row else ()

    @property
    def days_late(self) -> int | None:
        """The days that count as late; None where nothing counts, or nobody knows when it was handed in."""
        return self.final.days_late if self.final else None

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that is to be known of the mark, for people."""
        return (*self.reasons, *(place.sentence for place in self.comments), *(one.sentence for one in self.requests))

    @property
    def reasons(self) -> tuple[str, ...]:
        """How the mark came to be."""
        with_ = f"handed in together with {', '.join(self.members)}" if self.members else ""
        group = f"{with_}{f' ({self.row.group})' if self.row and self.row.group else ''}" if with_ else ""
        left = "left the class: not counted" if self.left else ""
        told = self.final.sentences if self.final else (self.why,)
        excused = "" if any(self.excused in sentence for sentence in told) else self.excused
        return tuple(filter(None, (left, group, *told, excused)))

    @property
    def to_mark(self) -> tuple[CheckResult, ...]:
        """The checks that a person marks and has not marked yet."""
        if self.final is None or self.row is None or self.row.grade is None or not (self.final.unknown or self.final.open):
            return ()
        given = [sentence for sentence in self.final.sentences if sentence.startswith(BY_HAND)]
        return tuple(one for one in self.row.grade.to_mark if not any(f"{BY_HAND} for `{one.name}`:" in said for said in given))


def marks(gradebook: Gradebook, course: Course, assignment: str, rows: Sequence[Row] | None = None) -> list[Mark]:
    """The mark of everybody in the class, by id, if anybody has an attempt or points by hand; else none.

    Who left the class is among them only with work or points of their own. Late days are paid for over the whole course, so
    every assignment of the gradebook is looked at.

    Args:
        gradebook: the class.
        course: its policies.
        assignment: which.
        rows: its attempts, if they are read already.
    """
    read = {} if rows is None else {assignment: rows}
    return _marks(gradebook, course, [assignment], read=read).get(assignment, [])


def all_marks(
    gradebook: Gradebook,
    course: Course,
    *,
    only: str | None = None,
    students: Collection[str] | None = None,
    cases: bool = True,
) -> dict[str, list[Mark]]:
    """The marks of each assignment, as `marks` has them, by the name of the assignment.

    Args:
        gradebook: the class.
        course: its policies.
        only: the name of an assignment; all by default.
        students: only theirs; everybody's by default.
        cases: whether the grades have their cases.
    """
    return _marks(gradebook, course, None if only is None else [only], students, cases)


def together(marks: Mapping[str, Sequence[Mark]]) -> dict[str, dict[str, Mark]]:
    """The marks of each student, by id and assignment; those who left the class come last."""
    everyone = {mark.student: mark.left for several in marks.values() for mark in several}
    found: dict[str, dict[str, Mark]] = {student: {} for student in sorted(everyone, key=lambda key: (everyone[key], key))}
    for name, several in marks.items():
        for mark in several:
            found[mark.student][name] = mark
    return found


def _marks(
    gradebook: Gradebook,
    course: Course,
    only: Collection[str] | None,
    students: Collection[str] | None = None,
    cases: bool = True,
    read: Mapping[str, Sequence[Row]] = NOTHING_READ,
) -> dict[str, list[Mark]]:
    work: dict[str, dict[str, list[Attempt]]] = defaultdict(lambda: defaultdict(list))
    rows: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))  # of those that are asked for
    checks: dict[str, tuple[CheckScore, ...]] = {}
    for name in gradebook.assignments():
        wanted = read.get(name)
        if wanted is None:
            wanted = gradebook.rows(name, students=students, cases=cases and (only is None or name in only))
        found_rows = sorted(wanted, key=lambda row: row.number)  # of several owners, where groups change
        checks[name] = _nothing(found_rows)
        for row in found_rows:
            for student in row.everybody:
                if only is None or name in only:
                    rows[name][student].append(row)
                if row.grade is not None:
                    work[student][name].append(replace(_attempt(row), name=str(len(work[student][name]))))
    by_hand = overrides(gradebook.adjustments(students))
    for student, several in by_hand.items():
        for name, changes in several.items():
            if not work[student][name] and any(change.points is not None for change in changes):
                known = checks.get(name) or (_nothing(gradebook.rows(name, cases=False)) if students is not None else ())
                work[student][name] = [Attempt(known, handed_in=False)]
    names = sorted({*rows, *(name for several in by_hand.values() for name in several if only is None or name in only)})
    found: dict[str, list[Mark]] = {name: [] for name in names}
    said: dict[int, list[Place]] = defaultdict(list)
    for name in names:
        for place in places(gradebook, name):
            said[place.attempt].append(place)
    asked: dict[tuple[str, str], list[Request]] = defaultdict(list)
    for one in requests(gradebook):
        asked[one.assignment, one.student].append(one)
    for person in gradebook.people(students):
        theirs = {name: attempts for name, attempts in work[person.id].items() if attempts}
        set_by_hand = by_hand.get(person.id, {})
        counting = finals(course, person.id, theirs, set_by_hand)
        for name in names:
            if not person.left or rows[name][person.id] or name in set_by_hand:
                excused = next((one.sentence(None) for one in set_by_hand.get(name, ()) if one.excused), "")
                excused = excused or ("excused in course.toml" if name in course.excused.get(person.id, ()) else "")
                mark = _mark(person, counting.get(name), rows[name][person.id], set_by_hand.get(name, ()))
                about = tuple(said[mark.row.id]) if mark.row else ()
                found[name].append(replace(mark, excused=excused, comments=about, requests=tuple(asked[name, person.id])))
    return found


def _mark(person: Person, final: Final | None, rows: Sequence[Row], by_hand: Sequence[Override]) -> Mark:
    """A student's mark for an assignment, of all their attempts at it."""
    last = rows[-1] if rows else None
    graded = [row for row in rows if row.grade is not None]
    counts = graded[int(final.attempt.name)] if final and final.attempt.handed_in else None
    why = "" if counts else "no submission" if last is None else last.unreadable or "not graded yet"
    if final is None:
        why = "; ".join([why, *(change.sentence(None) for change in by_hand)])
    shown = counts or last
    return Mark(person, _numbered(final, shown), _as_of(shown, person) if shown else None, why)


def overrides(adjustments: Iterable[Adjustment]) -> dict[str, dict[str, list[Override]]]:
    """What was set by hand, by student and assignment."""
    found: dict[str, dict[str, list[Override]]] = defaultdict(lambda: defaultdict(list))
    for one in adjustments:
        override = Override(one.points, one.comment, one.by, datetime.fromisoformat(one.at), one.check, one.excused)
        found[one.student][one.assignment].append(override)
    return found


def _attempt(row: Row) -> Attempt:
    assert row.grade is not None  # noqa: S101 - asked by who calls
    return Attempt(
        tuple(
            CheckScore(check.name, check.score, check.max_score, check.outcome is Outcome.TO_MARK, check.stretch)
            for check in row.grade.checks
        ),
        submitted=datetime.fromisoformat(row.submitted) if row.submitted else None,
        marked_late=row.marked_late,
        seen=datetime.fromisoformat(row.seen) if row.seen else None,
    )


def _nothing(rows: Iterable[Row]) -> tuple[CheckScore, ...]:
    """The checks of an assignment, by its newest grade, without points."""
    newest = max((row for row in rows if row.grade), key=lambda row: row.graded, default=None)
    if newest is None or newest.grade is None:
        return ()
    return tuple(CheckScore(check.name, 0.0, check.max_score, stretch=check.stretch) for check in newest.grade.checks)


def _numbered(final: Final | None, row: Row | None) -> Final | None:
    """What counts, of an attempt that is called by the number that people know it by."""
    if final is None:
        return None
    name = str(row.number) if row and final.attempt.handed_in else ""
    return replace(final, attempt=replace(final.attempt, name=name))


def _as_of(row: Row, person: Person) -> Row:
    """An attempt as one of its group has it."""
    if row.student == person.id:
        return row
    others = tuple(sorted(key for key in row.everybody if key != person.id))
    grade = replace(row.grade, student=person.id) if row.grade else None
    return replace(
        row, student=person.id, name=person.name, email=person.email, section=person.section, members=others, grade=grade
    )
