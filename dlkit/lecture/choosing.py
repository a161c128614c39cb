"""Which mistakes of a class are the commonest, and how many students make each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograder.classroom.gradebook import Gradebook, Row
from autograder.classroom.marks import Mark
from autograder.classroom.mistakes import groups
from autograder.outcome import CheckResult

FEWEST = 3  # submissions with a mistake, below which somebody could be recognised


@dataclass(frozen=True)
class Common:
    """A mistake that several students make, in the attempt that counts.

    Attributes:
        id: of what explains it, "" where nobody has named it.
        check: the check in which it shows most.
        students: how many make it.
        works: how many submissions have it: what a group handed in is one.
        sentence: what they read about it; "" where nobody has named it.
        like: the id of one of these attempts, for comparing answers. It is on no page.
    """

    id: str
    check: str
    students: int
    works: int
    sentence: str
    like: int


@dataclass
class _Count:
    """A mistake while it is counted."""

    students: set[str] = field(default_factory=set)
    works: dict[int, None] = field(default_factory=dict)
    checks: Counter[str] = field(default_factory=Counter)
    sentences: Counter[str] = field(default_factory=Counter)


def graded(marks: Sequence[Mark]) -> list[Mark]:
    """The marks of those who are in the class and have a grade."""
    return [mark for mark in marks if mark.row is not None and mark.row.grade is not None and mark.final and not mark.left]


def commonest(book: Gradebook, assignment: str, marks: Sequence[Mark], least: int = FEWEST) -> list[Common]:
    """The mistakes that at least so many submissions have, those of most students first."""
    there = graded(marks)
    found = [*_named(there), *_unnamed(book, assignment, there, least)]
    return sorted((one for one in found if one.works >= least), key=lambda one: (-one.students, one.check, one.id))


def _named(marks: Sequence[Mark]) -> list[Common]:
    """What has a name: the author's, the class's or dlkit's own."""
    counts: dict[str, _Count] = defaultdict(_Count)
    for mark in marks:
        row = mark.row
        for check in _checks(row) if row else ():
            if check.misconception and row:
                count = counts[check.misconception]
                count.students.add(mark.student)
                count.works[row.id] = None
                count.checks[check.name] += 1
                count.sentences[check.explanation] += 1
    return [
        Common(name, _most(one.checks), len(one.students), len(one.works), _most(one.sentences), _in(one, marks))
        for name, one in counts.items()
    ]


def _in(count: _Count, marks: Sequence[Mark]) -> int:
    """An attempt in which the mistake shows in the check that is shown."""
    check = _most(count.checks)
    rows = {mark.row.id: mark.row for mark in marks if mark.row}
    return next(
        (id for id in count.works if any(one.name == check and one.misconception for one in _checks(rows[id]))),
        next(iter(count.works)),
    )


def _unnamed(book: Gradebook, assignment: str, marks: Sequence[Mark], least: int) -> list[Common]:
    """Equal wrong answers that nobody has named."""
    attempts: Mapping[str, int] = {mark.student: mark.row.id for mark in marks if mark.row}
    found = []
    for group in groups(book, assignment, marks, least).groups:
        works = {attempts[student] for student in group.students if student in attempts}
        if not group.named and works:
            found.append(Common("", group.check, len(group.students), len(works), "", attempts[group.students[0]]))
    return found


def _checks(row: Row) -> Sequence[CheckResult]:
    return row.grade.checks if row.grade else ()


def _most(counter: Counter[str]) -> str:
    return counter.most_common(1)[0][0]
