"""Marks as small literals, and one gradebook of every kind of them."""

from __future__ import annotations

from autograder.classroom.gradebook import Gradebook, HandIn, Row
from autograder.classroom.marks import Mark
from autograder.inbox.people import Person
from autograder.outcome import CaseResult, CheckResult, Grade, Outcome
from autograder.policy import Attempt, CheckScore, Final

WORTH = 50.0


def check(name: str, score: float | None, worth: float = WORTH, **more: object) -> CheckResult:
    """A check that passed, failed, or, without a score, could not be judged."""
    outcome = Outcome.GRADER_ERROR if score is None else Outcome.PASSED if score == worth else Outcome.FAILED
    told = "" if outcome is Outcome.PASSED else "it is 1; expected 2"
    cases = () if score is None else (CaseResult("one", outcome, told),)
    return CheckResult(name, name.partition(".")[0], outcome, score, worth, told, cases=cases, **more)  # type: ignore[arg-type]


def grade(student: str, *checks: CheckResult, **more: object) -> Grade:
    """A grade of some checks."""
    return Grade("hw2", "The XOR network", student, None, checks, **more)  # type: ignore[arg-type]


def mark(person: Person | str, *scores: float | None, why: str = "", **more: object) -> Mark:
    """The mark of a student for checks `a`, `b`, ...; with a `why` in place of scores, none."""
    person = Person(person) if isinstance(person, str) else person
    if not scores:
        return Mark(person, None, None, why or "nothing handed in")
    found = grade(person.id, *(check(name, score) for name, score in zip("abc", scores, strict=False)), **more)
    row = Row(person.id, person.name, 1, False, "", "", "", found)
    return Mark(person, Final(Attempt(tuple(CheckScore(one.name, one.score, one.max_score) for one in found.checks))), row)


def write(book: Gradebook, person: Person, *checks: CheckResult, **more: object) -> None:
    """A student with one graded attempt; without checks, with one that cannot be read."""
    book.enrol([person])
    files = {"x.py": "x = 1\n"} if checks else None
    handed = HandIn(person.id, 1, files=files, digest="d", unreadable="" if checks else "the archive is damaged")
    attempt = book.hand_in("hw2", [handed])[person.id, 1]
    if checks:
        book.write(book.begin("hw2", "c"), attempt, "k", grade(person.id, *checks, **more), "d", {}, {})
