"""The class at hand: everybody's mark without its cases, kept in memory and brought up to date by what was written since.

A page must not wait until the whole gradebook is read, and a grading that runs beside must not wait for a page.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from markupsafe import Markup

from autograder.classroom.gradebook import Gradebook
from autograder.classroom.gradebook.reading import State, state, touched
from autograder.classroom.marks import Mark, all_marks
from autograder.outcome import CheckResult, Outcome
from autograder.policy import Course
from autograder.report.survey import Look, grade_of, looks_of
from autograder.report.words import SYMBOLS

PART = 4  # of a class: if more than one in four has changed, everything is read again


@dataclass(frozen=True)
class Work:
    """What is read as one: the attempt of a student, or of a group, that counts.

    Attributes:
        attempt: its id.
        mark: the mark of the first of those whose it is.
        students: everybody whose it is.
        looks: why somebody should look at it.
    """

    attempt: int
    mark: Mark
    students: tuple[str, ...]
    looks: tuple[Look, ...]

    @property
    def checks(self) -> tuple[CheckResult, ...]:
        """Its results, without cases."""
        grade = grade_of(self.mark)
        return grade.checks if grade else ()

    @cached_property
    def strip(self) -> Markup:
        """A symbol for each check, those that ended alike together: a list of a class has thousands."""
        runs = groupby(self.checks, key=lambda check: check.outcome)
        pairs = [(outcome, "".join(SYMBOLS[check.outcome][0] for check in several)) for outcome, several in runs]
        return Markup("").join(Markup('<i class="{}">{}</i>').format(outcome.value, symbols) for outcome, symbols in pairs)

    @cached_property
    def passed(self) -> int:
        """How many checks passed."""
        return sum(check.outcome is Outcome.PASSED for check in self.checks)


class Roll:
    """Everybody's marks, up to date whenever they are asked for.

    Args:
        book: the gradebook.
        policies: the course's, read again where its file has changed, and a stamp that changes with it.
    """

    def __init__(self, book: Gradebook, policies: Callable[[], tuple[Course, object]]) -> None:
        self.book = book
        self.policies = policies
        self._lock = threading.Lock()
        self._seen: tuple[State, object] | None = None
        self._marks: dict[str, dict[str, Mark]] = {}
        self._works: dict[str, list[Work]] = {}

    def marks(self, assignment: str) -> dict[str, Mark]:
        """Everybody's mark for an assignment, by id."""
        with self._lock:
            self._refresh()
            return self._marks.get(assignment, {})

    def all_marks(self) -> dict[str, list[Mark]]:
        """Everybody's marks by assignment, in the order of their ids."""
        with self._lock:
            self._refresh()
            return {name: [found[key] for key in sorted(found)] for name, found in sorted(self._marks.items())}

    def assignments(self) -> list[str]:
        """The assignments that somebody had handed in when marks were last asked for."""
        with self._lock:
            if self._seen is None:
                self._refresh()
            return sorted(self._marks)

    def works(self, assignment: str) -> list[Work]:
        """What can be read of an assignment, by the name of who handed it in; without who left."""
        with self._lock:
            self._refresh()
            if assignment not in self._works:
                self._works[assignment] = _works(list(self._marks.get(assignment, {}).values()))
            return self._works[assignment]

    def _refresh(self) -> None:
        course, stamp = self.policies()
        now = state(self.book), stamp
        if now == self._seen:
            return
        some = None
        if self._seen is not None and self._seen[1] == stamp and self._seen[0][2:] == now[0][2:]:
            some = touched(self.book, self._seen[0])
            if len(some) * PART > max(map(len, self._marks.values()), default=0):
                some = None
        found = all_marks(self.book, course, students=some, cases=False)
        if some is None:
            self._marks = {name: {mark.student: mark for mark in several} for name, several in found.items()}
        for name, several in found.items():
            self._marks[name] = {**self._marks.get(name, {}), **{mark.student: mark for mark in several}}
        self._works = {}
        self._seen = now


def _works(marks: Sequence[Mark]) -> list[Work]:
    there = [mark for mark in marks if not mark.left]
    looks: dict[str, list[Look]] = defaultdict(list)
    for look in looks_of(there):
        looks[look.student].append(look)
    found: dict[int, Work] = {}
    for mark in sorted(there, key=lambda mark: ((mark.name or mark.student).casefold(), mark.student)):
        if mark.row is not None and mark.row.id not in found:
            found[mark.row.id] = Work(mark.row.id, mark, mark.row.everybody, tuple(looks[mark.student]))
    return list(found.values())
