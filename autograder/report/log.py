"""Files that grow while a class is graded: a log for people, and JSON lines for programs.

A line is added as soon as its result is stored, and is in the file at once. What cannot be written any more, such as on a full
disk, is said once and costs no grade: the gradebook has it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from autograder.outcome.grade_json import SCHEMA, record
from autograder.text import shown

if TYPE_CHECKING:
    from autograder.classroom.gradebook import HandIn, Row
    from autograder.outcome import Grade


class Growing:
    """A file that is written line by line.

    Args:
        file: open for writing at its end.
        name: what it is called.
        complain: is told once that it cannot be written any more.
    """

    def __init__(self, file: IO[str], name: str, complain: Callable[[str], None]) -> None:
        self._file: IO[str] | None = file
        self._name = name
        self._complain = complain

    def lines(self, texts: Iterable[str]) -> None:
        """Add lines, and have them in the file at once."""
        if self._file is None:
            return
        try:
            self._file.writelines(f"{text}\n" for text in texts)
            self._file.flush()
        except OSError as error:
            self._file = None
            self._complain(f"{self._name} cannot be written any more: {error.strerror}. The gradebook has every result")


class Log:
    """The log of a grading: each line has its time, what it is about, and a sentence.

    Args:
        file: where to.
        now: the clock.
    """

    def __init__(self, file: Growing, now: Callable[[], datetime] = datetime.now) -> None:
        self._file = file
        self._now = now

    def note(self, kind: str, sentence: str) -> None:
        """One line: "2026-11-02T10:05:00+01:00 look    ada  attempt 1  …"."""
        when = self._now().astimezone().isoformat(timespec="seconds")
        self._file.lines([f"{when} {kind:<7} {_line(sentence)}"])

    def result(self, handed: HandIn, grade: Grade, look: str) -> None:
        """A result that is stored: whose, how many points, how many seconds, and why somebody should look at it."""
        points = "points unknown" if grade.faults else grade.brief
        parts = [shown(handed.student), f"attempt {handed.number}", points, f"{grade.seconds:.1f} s", *([look] if look else [])]
        self.note("graded", "  ".join(parts))


def _line(text: str) -> str:
    return "  ".join(shown(part) for part in text.split("  ") if part)


def of_result(handed: HandIn, grade: Grade, assignment: str) -> list[str]:
    """The JSON lines of a result: one for each student whose it is, without the seed, which is secret."""
    late = True if handed.late else False if handed.marks_late else None
    everybody = [handed.student, *(person.id for person in handed.members)]
    about = _about(handed.number, late, handed.submitted, handed.group, everybody)
    return [_json(record(grade) | {"seed": None, "assignment": assignment, "student": student} | about) for student in everybody]


def of_unreadable(handed: HandIn, assignment: str) -> list[str]:
    """The JSON lines of a work that cannot be graded: `unreadable` says why, and there are no points."""
    everybody = [handed.student, *(person.id for person in handed.members)]
    about = _about(handed.number, None, handed.submitted, handed.group, everybody)
    empty = {"schema": SCHEMA, "assignment": assignment, "score": None, "unreadable": handed.unreadable}
    return [_json(empty | {"student": student} | about) for student in everybody]


def of_row(row: Row) -> list[str]:
    """The JSON lines of a row of the gradebook that has a grade."""
    if row.grade is None:
        return []
    about = _about(row.number, row.marked_late, row.submitted, row.group, row.everybody)
    return [_json(record(row.grade) | {"student": student} | about) for student in row.everybody]


def _about(number: int, late: bool | None, submitted: str, group: str, everybody: Iterable[str]) -> dict[str, Any]:
    members = sorted(everybody)
    return {
        "attempt": number,
        "late": late,
        "submitted": submitted or None,
        "group": group or None,
        "members": members if len(members) > 1 else [],
    }


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
