"""Mistakes of a class: who gave the same wrong answers to a check, whether anybody knows why or not.

Answers are compared as numbers, as well as the less precise of two can tell. They are read from the gradebook, so nobody's code
runs; only `with_source` runs a program, in a worker.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from autograder.assignment import Assignment
from autograder.checks.base import Check
from autograder.classroom.excerpt import alone, function_in
from autograder.classroom.gradebook import Gradebook, Row
from autograder.classroom.marks import Mark
from autograder.classroom.similarity import SimilarityError
from autograder.grading.digests import fingerprint
from autograder.grading.grade import draw
from autograder.grading.met import Met, Wrong, wrong_in
from autograder.grading.references import References
from autograder.grading.remembering import keys_of
from autograder.observation.answer import Answer, Ending
from autograder.outcome import CheckResult, Outcome
from autograder.text import meant
from autograder.text.errors import DlkitError

LOOKED_AT = 20  # works of a group, of which the shortest function is shown: to read thousands takes minutes
SEVERAL = 2  # students who make a mistake before it is one of the class
UNKEPT = {  # how a case ended whose answer is never kept, for it may be another the next time
    Outcome.TIMED_OUT: Ending.TIMED_OUT,
    Outcome.OUT_OF_MEMORY: Ending.OUT_OF_MEMORY,
    Outcome.OVER_LIMIT: Ending.OVER_LIMIT,
}
JUDGED = (Outcome.FAILED, Outcome.PARTIAL, Outcome.CRASHED, Outcome.RULE_BROKEN)
TELLING = (Ending.RETURNED, Ending.RAISED, Ending.UNFIT)  # of other endings alone nobody learns what the mistake is


class MistakeError(DlkitError):
    """A mistake cannot be named like this; the sentence says why and what to do."""


@dataclass(frozen=True)
class Mistake:
    """What one attempt answered wrongly to one check.

    Attributes:
        row: the attempt.
        check: its result.
        wrong: the wrong answers by case.
        keys: the key of the question of each.
    """

    row: Row
    check: CheckResult
    wrong: Mapping[str, Wrong]
    keys: Mapping[str, str]

    @property
    def when(self) -> datetime | None:
        """When it was handed in, or came into the gradebook; None where nobody knows."""
        stamp = self.row.submitted or self.row.seen
        return datetime.fromisoformat(stamp).astimezone(UTC) if stamp else None

    def alike(self, other: Mistake) -> bool:
        """Whether it is the same: the same cases are wrong, with the same answers."""
        return self.wrong.keys() == other.wrong.keys() and all(
            answer.alike(other.wrong[name]) for name, answer in self.wrong.items()
        )


@dataclass(frozen=True)
class Group:
    """Students who answer a check with the same wrong answers.

    Attributes:
        check, function: what is wrong.
        cases: the cases that are, of how many the check has.
        students: who, in the attempt that counts.
        like: one of them, whose newest attempt it is, if there is one.
        named: the id of what explains it, "" where nobody has named it.
        sentence: what they read of it, or of the first case that is wrong.
        since: when it was first handed in, by anybody.
        code: the shortest of their functions; "" where none can be found.
    """

    check: str
    function: str
    cases: tuple[str, ...]
    of: int
    students: tuple[str, ...]
    like: str
    named: str
    sentence: str
    since: datetime | None
    code: str


@dataclass(frozen=True)
class Found:
    """The groups of a class, the largest first, and how many wrong answers the gradebook does not hold."""

    groups: tuple[Group, ...] = ()
    unknown: int = 0


@dataclass
class _Told:
    """Students who make one mistake, while they are counted."""

    mistakes: list[Mistake] = field(default_factory=list)
    students: dict[str, Mistake] = field(default_factory=dict)


def mistakes_of(book: Gradebook, row: Row, keys: Mapping[tuple[str, str], str], only: str = "") -> tuple[list[Mistake], int]:
    """The mistakes of one attempt by check, and of how many checks a wrong answer is not kept.

    Args:
        book: the gradebook that holds what was answered.
        row: the attempt.
        keys: the key of each of its wrong answers, by check and case.
        only: the name of a check; all checks by default.
    """
    keys = {names: key for names, key in keys.items() if only in ("", names[0])}
    answers = book.kept(row.files, only={*keys.values()}) if row.files and keys else {}
    found, unknown = [], 0
    for check in row.grade.checks if row.grade else ():
        if check.outcome not in JUDGED or only not in ("", check.name):
            continue
        wrong: dict[str, Wrong] = {}
        asked: dict[str, str] = {}
        for case in check.cases:
            key = keys.get((check.name, case.name), "")
            if case.outcome in UNKEPT:
                wrong[case.name] = Wrong(UNKEPT[case.outcome])
            elif case.outcome is not Outcome.PASSED and key in answers:
                with suppress(ValueError):  # damaged
                    wrong[case.name] = Wrong.of(Answer.from_bytes(answers[key], ours=True))
            asked |= {case.name: key} if key else {}
        lost = [case for case in check.cases if case.outcome is not Outcome.PASSED and case.name not in wrong]
        unknown += any(case.outcome is Outcome.FAILED for case in lost)
        if not lost and any(answer.ending in TELLING for answer in wrong.values()):
            found.append(Mistake(row, check, wrong, asked))
    return found, unknown


def groups(
    book: Gradebook,
    assignment: str,
    marks: Sequence[Mark],
    at_least: int = SEVERAL,
    only: str = "",
    rows: Sequence[Row] | None = None,
) -> Found:
    """Who gives the same wrong answers, the most students first.

    Args:
        book: the gradebook.
        assignment: which.
        marks: everybody's: of each student, the attempt that counts is looked at. Who left is not.
        at_least: how many students a group has, at least.
        only: the name of a check; all checks by default.
        rows: the attempts, if they are read already.
    """
    keys = book.wrong(assignment)
    rows = book.rows(assignment) if rows is None else rows
    counts = {(who, mark.row.number): mark.row for mark in marks if mark.row and not mark.left for who in mark.row.everybody}
    told: dict[str, list[_Told]] = defaultdict(list)
    unknown = 0
    for row in rows:
        found, lost = mistakes_of(book, row, keys.get((row.student, row.number), {}), only)
        counting = (row.student, row.number) in counts
        unknown += lost if counting else 0
        for mistake in found:
            known = next((one for one in told[mistake.check.name] if one.mistakes[0].alike(mistake)), None)
            if known is None:
                told[mistake.check.name].append(known := _Told())
            known.mistakes.append(mistake)
            if counting:
                known.students |= dict.fromkeys(row.everybody, mistake)
    present = {mark.student for mark in marks if not mark.left}
    last = {student: row.number for row in sorted(rows, key=lambda row: row.number) if row.grade for student in row.everybody}
    listed = [
        _group(book, one, sorted(one.students.keys() & present), last)
        for several in told.values()
        for one in several
        if len(one.students.keys() & present) >= max(1, at_least)
    ]
    order = {name: place for place, name in enumerate(dict.fromkeys(check.name for row in rows for check in _checks(row)))}
    return Found(
        tuple(sorted(listed, key=lambda group: (-len(group.students), order[group.check], group.students))),
        unknown,
    )


def to_name(book: Gradebook, assignment: str, student: str, check: str) -> Mistake:
    """What a student's newest graded attempt answers wrongly to a check.

    Raises:
        MistakeError: there is no such student or check, it passes, or nothing is kept of its answers.
    """
    rows = book.rows(assignment)
    if not rows:
        raise MistakeError(f"{book.where} has no attempt at {assignment!r}: grade the class first, with --submissions")
    everybody = {one for row in rows for one in row.everybody}
    if student not in everybody:
        hint = meant(student, everybody) or " `dlkit marks` lists everybody"
        raise MistakeError(f"{book.where} has no attempt of {student!r} at {assignment!r}.{hint}")
    row = max((row for row in rows if student in row.everybody and row.grade), key=lambda row: row.number, default=None)
    if row is None or row.grade is None:
        raise MistakeError(f"nothing of {student} is graded, so there are no answers to name. Expected a graded attempt")
    names = [one.name for one in row.grade.checks]
    result = next((one for one in row.grade.checks if one.name == check), None)
    if result is None:
        raise MistakeError(f"{assignment} has no check {check!r}.{meant(check, names, ' There are: ' + ', '.join(names))}")
    if result.outcome is Outcome.PASSED:
        raise MistakeError(f"{student} passes {check!r}, so there is no mistake to name. Choose a student who fails it")
    found, _ = mistakes_of(book, row, book.wrong(assignment).get((row.student, row.number), {}), check)
    mistake = next((one for one in found if one.check.name == check), None)
    if mistake is None:
        raise MistakeError(
            f"the gradebook keeps no wrong answers of {student} to {check!r}. Expected values or exceptions. Received: "
            f"{result.outcome.words}. Answers are not kept if they are too large, or if a limit stopped the code"
        )
    return mistake


def met_as(mistake: Mistake, assignment: Assignment, seed: int, name: str, feedback: str) -> Met:
    """A mistake under a name, as it is kept: answers and fingerprints of inputs, and nothing about the student.

    Args:
        mistake: one student's.
        assignment: the loaded spec.
        seed: the class's.
        name: its id.
        feedback: the sentence for students.

    Raises:
        MistakeError: it was graded with another spec, seed or version, so nobody knows with which inputs.
    """
    check = _check_of(mistake, assignment)
    cases = draw(assignment, check, seed)
    now = keys_of(assignment, {check.name: cases})
    if any(now.get((check.name, case)) != key for case, key in mistake.keys.items()):
        raise MistakeError(
            f"{mistake.row.student} was graded with another spec, seed or version of dlkit, so the inputs of {check.name!r} are "
            "not known. Grade the class again first, with --regrade"
        )
    seen = {case: (fingerprint(cases[case]), answer) for case, answer in mistake.wrong.items()}
    return Met(name, check.function, check.name, feedback, (seen,))


def with_source(met: Met, mistake: Mistake, text: str, references: References, seed: int) -> Met:
    """The same with a program that makes the mistake: the student's function and what it mentions, tried in a worker.

    Args:
        met: the mistake as it is kept.
        mistake: one student's.
        text: the student's file.
        references: of the assignment; stay open.
        seed: the class's.

    Raises:
        MistakeError: the function does not make the mistake by itself, or nothing protects this user's files from it.
    """
    check = _check_of(mistake, references.assignment)
    cases = draw(references.assignment, check, seed)
    program = alone(text, met.function)
    if not program:
        raise MistakeError(
            f"the file of {mistake.row.student} has no `def {met.function}` at its left margin, so there is no source to keep"
        )
    answers = dict(references.observed_as(replace(met, source=program), check, cases))
    unready = next((answer.error for answer in answers.values() if answer.ending is Ending.UNREADY), None)
    if unready is not None:
        raise MistakeError(f"the source cannot be tried: {unready}. Leave out --keep-source")
    wrong = wrong_in(check, cases, answers, references.expected(check, cases))
    if not met.explains(wrong, {name: fingerprint(case) for name, case in cases.items()}):
        raise MistakeError(
            f"`{met.function}` alone does not give these answers: it needs more of the file than what it mentions by name. "
            "Leave out --keep-source"
        )
    return replace(met, source=program)


def _check_of(mistake: Mistake, assignment: Assignment) -> Check:
    try:
        return assignment.check(mistake.check.name)
    except KeyError:
        raise MistakeError(f"{assignment.name} has no check {mistake.check.name!r} any more. Choose one that it has") from None


def often(rows: Iterable[Row]) -> dict[str, int]:
    """How many students have met each misconception by its id, in any attempt."""
    who: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for check in _checks(row):
            if check.misconception:
                who[check.misconception].update(row.everybody)
    return {name: len(students) for name, students in who.items()}


def _checks(row: Row) -> tuple[CheckResult, ...]:
    return row.grade.checks if row.grade else ()


def _group(book: Gradebook, told: _Told, students: Sequence[str], last: Mapping[str, int]) -> Group:
    first = told.mistakes[0]
    theirs = [told.students[student] for student in students]
    named = Counter(one.check.misconception or "" for one in theirs).most_common(1)[0][0]
    shown = next(one.check for one in theirs if (one.check.misconception or "") == named)
    wrong = next((case for case in shown.cases if case.name in first.wrong), None)
    times = [one.when for one in told.mistakes if one.when is not None]
    newest = [student for student in students if told.students[student].row.number == last.get(student)]
    some = list(dict.fromkeys(one.row.files for one in theirs if one.row.files))[:LOOKED_AT]
    texts = book.texts_of(some)
    codes: list[str] = []
    with suppress(SimilarityError):  # nothing reads programs here
        codes = [function_in(text, first.check.function) for files in texts.values() for text in files.values()]
    return Group(
        check=first.check.name,
        function=first.check.function,
        cases=tuple(case.name for case in first.check.cases if case.name in first.wrong),
        of=len(first.check.cases),
        students=tuple(students),
        like=next(iter(newest), ""),
        named=named,
        sentence=shown.explanation if named else f"{wrong.name}: {wrong.message or wrong.outcome.words}" if wrong else "",
        since=min(times, default=None),
        code=min((code for code in codes if code), key=lambda code: (len(code), code), default=""),
    )
