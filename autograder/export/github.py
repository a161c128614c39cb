"""GitHub Classroom: what a step of the workflow gives to the autograding reporter, one runner a check.

The reporter adds up `tests[].score` for the points, but its table shows passed/total of `max_score` and ignores scores.
The two agree only where a runner's tests have equal weight; so each check is a runner of its own, and its tests are its
cases where each is worth the same, else the check as a whole. What we could not judge is worth nothing.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autograder.export.format import Each, ExportError, Option, Texts
from autograder.export.sentences import feedback
from autograder.export.sheet import UNJUDGED
from autograder.outcome import CheckResult, Grade, Outcome
from autograder.text import meant, readable

if TYPE_CHECKING:
    from autograder.classroom.marks import Mark

VERSION = 3
CLOSE = 0.01  # scores of checks are rounded to two places


def runners(grade: Grade) -> dict[str, dict[str, Any]]:
    """The result of each check, by its name; their points add up to the grade's.

    The reporter knows no points that are not known: a grade of which we could not judge everything would stand there as one of
    a smaller maximum. So it is not for the reporter.
    """
    said = feedback(grade)
    return {check.name: _runner(check, said[check.name]) for check in grade.checks}


def to_json(result: dict[str, Any]) -> str:
    """A result as text."""
    return json.dumps(result, ensure_ascii=False, allow_nan=False)


def to_base64(result: dict[str, Any]) -> str:
    """A result as the output `result` of a step has it."""
    return base64.b64encode(to_json(result).encode()).decode()


def _runner(check: CheckResult, said: str) -> dict[str, Any]:
    if check.score is None:
        return {
            "version": VERSION,
            "status": "error",
            "message": said,
            "max_score": 0.0,
            "tests": [_test(check.name, "error", said, check.seconds, 0.0)],
        }
    return {
        "version": VERSION,
        "status": "pass" if check.outcome is Outcome.PASSED else "fail",
        "message": "" if check.outcome is Outcome.PASSED else said,
        "max_score": float(check.max_score),
        "tests": _cases(check, check.score)
        or [_test(check.name, _status(check.outcome), said, check.seconds, float(check.score))],
    }


def _cases(check: CheckResult, score: float) -> list[dict[str, Any]]:
    """A test for each case, if passed/total is what the check earned."""
    right = sum(case.outcome is Outcome.PASSED for case in check.cases)
    if not check.cases or abs(check.max_score * right / len(check.cases) - score) > CLOSE:
        return []
    return [
        _test(
            f"{check.name}: {case.name}",
            _status(case.outcome),
            "" if case.outcome is Outcome.PASSED else readable(case.message or case.outcome.words),
            check.seconds / len(check.cases),
            score / right if case.outcome is Outcome.PASSED else 0.0,
            readable(case.see),
        )
        for case in check.cases
    ]


def _test(name: str, status: str, message: str, seconds: float, score: float, code: str = "") -> dict[str, Any]:
    return {
        "name": readable(name),
        "status": status,
        "message": message,
        "test_code": code,
        "task_id": 0,
        "filename": "",
        "line_no": 0,
        "duration": round(float(seconds), 3),
        "score": score,
    }


def _status(outcome: Outcome) -> str:
    return {Outcome.PASSED: "pass", Outcome.GRADER_ERROR: "error"}.get(outcome, "fail")


def for_class(
    marks: Sequence[Mark],
    assignment: str,
    works: Mapping[str, Collection[str]],
    *,
    check: str | None = None,
    encoded: bool = False,
) -> Texts:
    """The file of each student of whom everything that is asked for is known.

    Raises:
        ExportError: there is no such check.
    """
    spelt = to_base64 if encoded else to_json
    grades = {mark.student: mark.row.grade for mark in marks if mark.final and mark.row and mark.row.grade}
    names = list(dict.fromkeys(one.name for grade in grades.values() for one in grade.checks))
    if check is not None and check not in names:
        raise ExportError(f"{assignment} has no check {check!r}.{meant(check, names, f' There are: {chr(44).join(names)}')}")
    texts, why = {}, {}
    for key, grade in grades.items():
        if not all(one.judged for one in grade.checks if check in (None, one.name)):
            why[key] = f"it {UNJUDGED}"
            continue
        each = runners(grade)
        if check is None:
            texts[key] = to_json({one: spelt(result) if encoded else result for one, result in each.items()}) + "\n"
        elif check in each:
            texts[key] = spelt(each[check]) + "\n"
    return Texts(texts, why)


FORMAT = Each(
    "github",
    """Results for GitHub Classroom, one file per student.

Each file is an object with one result per check. Each check is its own runner, because only then does the reporter's table
show weights correctly. Points are the raw score, before the policies of the course. With --check, the file is the result of
that check. A student whose check has a grader error gets no file, because the reporter would show incomplete points as the
total.

\b
Examples:
  dlkit export github hw2
  dlkit export github hw2 --student s0007 --check sigmoid --base64 --out -
""",
    (
        Option("--check", "Only this check; with --student, one result.", "NAME"),
        Option("--base64", "Encode it like the output `result` of a workflow step.", known_as="encoded"),
    ),
    write=for_class,
)
