"""Attempts with their grades, read as plain rows of the database: objects of a session would cost five times as much."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from autograder.classroom.gradebook.database import batched
from autograder.classroom.gradebook.tables import Attempt, CaseRow, CheckRow, Member, Result, Student
from autograder.classroom.gradebook.values import Row
from autograder.outcome import CaseResult, CheckResult, Grade, Notice, NoticeKind, Outcome

PLAIN = 200  # attempts that are read at once: rows are smaller than objects


@dataclass(slots=True)
class _Graded:
    """One result of an attempt, as it stands in the database, and its checks where these are wanted."""

    id: int
    run: int
    key: str
    files: str
    seconds: float
    graded: str
    about: str
    checks: list[CheckResult] = field(default_factory=list)


def read(
    session: Session, ids: Sequence[int], *, until: int | None = None, cases: bool = True, every: bool = False
) -> Iterator[Row]:
    """Attempts by their ids, in this order, each with its newest grade.

    Args:
        session: of the gradebook.
        ids: of the attempts.
        until: as they were once this run had ended.
        cases: whether each check has its cases.
        every: each attempt once for each of its results, the oldest first.
    """
    known: dict[tuple[Any, ...], CaseResult] = {}  # of a class, most cases are the same
    for some in batched(ids, PLAIN):
        results = _results(session, some, until)
        wanted = [one for several in results.values() for one in (several if every else several[-1:])]
        _fill(session, wanted, known if cases else None)
        members = _members(session, some)
        attempts = {one.id: one for one in session.connection().execute(_attempts().where(Attempt.id.in_(some)))}
        for attempt in (attempts[key] for key in some if key in attempts):
            theirs = results.get(attempt.id, [])
            parts = [[one] for one in theirs] if every and theirs else [theirs]
            yield from (_row(attempt, members.get(attempt.id, ()), part) for part in parts)


def _attempts() -> Select[Any]:
    about = ("name", "email", "section")
    return select(Attempt.__table__, *(Student.__table__.c[name].label(name) for name in about)).join(
        Student.__table__, Attempt.student == Student.id
    )


def _members(session: Session, ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """The others of the group of each attempt that has one."""
    found: dict[int, list[str]] = defaultdict(list)
    query = select(Member.attempt, Member.student).where(Member.attempt.in_(ids)).order_by(Member.student)
    for attempt, student in session.connection().execute(query):
        found[attempt].append(student)
    return found


def _results(session: Session, ids: Sequence[int], until: int | None) -> Mapping[int, list[_Graded]]:
    """The results of each attempt, the oldest first."""
    query = select(
        Result.attempt, Result.id, Result.run, Result.key, Result.files, Result.seconds, Result.graded, Result.grade
    ).where(Result.attempt.in_(ids))
    if until is not None:
        query = query.where(Result.run <= until)
    found: dict[int, list[_Graded]] = defaultdict(list)
    for row in session.connection().execute(query.order_by(Result.id)):
        about: tuple[Any, ...] = tuple(row)
        found[about[0]].append(_Graded(*about[1:]))
    return found


def _fill(session: Session, results: Sequence[_Graded], known: dict[tuple[Any, ...], CaseResult] | None) -> None:
    """Give some results their checks; these get their cases if cases that are the same can be `known`."""
    ids = {one.id: one for one in results}
    cases = _cases(session, ids, known) if known is not None else {}
    query = select(
        CheckRow.result,
        CheckRow.id,
        CheckRow.name,
        CheckRow.function,
        CheckRow.outcome,
        CheckRow.score,
        CheckRow.max_score,
        CheckRow.message,
        CheckRow.hint,
        CheckRow.misconception,
        CheckRow.explanation,
        CheckRow.seconds,
        CheckRow.stretch,
    )
    query = query.where(CheckRow.result.in_(ids)).order_by(CheckRow.result, CheckRow.position)
    for row in session.connection().execute(query):
        about: tuple[Any, ...] = tuple(row)
        result, key, name, function, outcome, *values, stretch = about
        fields: tuple[Any, ...] = (name, function, Outcome(outcome), *values, tuple(cases.get(key, ())), stretch)
        ids[result].checks.append(CheckResult(*fields))


def _cases(
    session: Session, results: Collection[int], known: dict[tuple[Any, ...], CaseResult]
) -> Mapping[int, Sequence[CaseResult]]:
    """The cases of the checks of some results, by the id of the check."""
    query = select(CaseRow.check, CaseRow.name, CaseRow.outcome, CaseRow.message, CaseRow.printed, CaseRow.see)
    query = query.join(CheckRow, CaseRow.check == CheckRow.id).where(CheckRow.result.in_(results))
    found: dict[int, list[CaseResult]] = defaultdict(list)
    for check, *about in session.connection().execute(query.order_by(CaseRow.check, CaseRow.position)):
        key = tuple(about)
        case = known.get(key)
        if case is None:
            name, outcome, *texts = about
            case = known[key] = CaseResult(name, Outcome(outcome), *texts)
        found[check].append(case)
    return found


def _row(attempt: Any, members: Sequence[str], results: Sequence[_Graded]) -> Row:
    """An attempt with the last of these results."""
    result = results[-1] if results else None
    return Row(
        attempt.student,
        attempt.name,
        attempt.number,
        attempt.late,
        attempt.submitted,
        attempt.origin,
        attempt.unreadable,
        _running(_grade(result, attempt.student), results) if result else None,
        result.key if result else "",
        attempt.email,
        attempt.section,
        result.graded if result else "",
        attempt.files,
        assignment=attempt.assignment,
        run=result.run if result else None,
        marks_late=attempt.marks_late,
        seen=attempt.seen,
        group=attempt.group,
        members=tuple(members),
        id=attempt.id,
    )


def _grade(result: _Graded, student: str) -> Grade:
    about = json.loads(result.about)
    about["isolation"] = tuple(about["isolation"])
    about["notices"] = tuple(Notice(NoticeKind(kind), text) for kind, text in about["notices"])
    return Grade(**about, student=student, seed=None, checks=tuple(result.checks))  # the seed is secret


def _running(grade: Grade, results: Sequence[_Graded]) -> Grade:
    """A grade with the seconds and the memory of a grading in which the submission ran.

    Judging again asks nobody: that takes no memory, and says nothing of how long the submission takes.
    """
    files = results[-1].files
    ran = [(json.loads(one.about).get("memory", 0), one.seconds) for one in results if one.files == files]
    memory, seconds = next((each for each in reversed(ran) if each[0]), ran[0])
    return replace(grade, memory=memory, seconds=max(seconds, round(sum(check.seconds for check in grade.checks), 3)))
