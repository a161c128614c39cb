"""The words of an export: what a student reads in the terminal (see `report.words`), as text that every system takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from autograder.outcome import UNPROTECTED, CheckResult, Grade, Outcome, worth
from autograder.report.words import PRINTED, words
from autograder.text import readable, visible

UNSAFE = "graded without isolation: this submission could reach the grader's files"


def feedback(grade: Grade, module: str = "") -> dict[str, str]:
    """What there is to say about each check, by its name: how it differs, what is likely missing, how to see it.

    Each stands alone, as other systems show it. What went wrong in the grader is for staff: see `faults`.

    Args:
        grade: of one submission.
        module: what to import the student's functions from, for the call to copy; "" if that is not known.
    """
    return {check.name: readable(visible("\n".join(_lines(grade, check, module)))) for check in grade.checks}


def unjudged(grade: Grade, hidden: bool = False) -> str:
    """A sentence for a grade of which we could not judge everything, "" for others.

    Args:
        grade: of one submission.
        hidden: leave the points out, where they would tell about what a student is not to see yet.
    """
    if not grade.faults:
        return ""
    some = len(grade.faults) < len(grade.checks)
    what, whose = (f"{len(grade.faults)} of the checks", "their") if some else ("The submission", "its")
    points = "" if hidden else f": {whose} {worth(grade.faults)} are left out"
    return f"{what} could not be judged. That is the grader's fault, not the submission's{points}. Please tell your instructor."


def to_mark(grade: Grade) -> str:
    """A sentence for a grade of which a person marks a part, "" for others."""
    names = ", ".join(check.name for check in grade.to_mark)
    return f"not yet marked by a person: {names} ({worth(grade.to_mark)})" if names else ""


def faults(grade: Grade) -> str:
    """What we could not judge and why, for staff; one line each."""
    return readable("\n".join(f"{check.name}: {check.message or 'not judged'}" for check in grade.faults))


def unsafe(grade: Grade) -> bool:
    """Whether nothing protected the grader's files from the submission: its marks are to be looked at."""
    return UNPROTECTED in grade.isolation


def points_of(checks: Sequence[CheckResult]) -> float:
    """What some checks are worth."""
    return round(sum(check.max_score for check in checks), 4)


def _lines(grade: Grade, check: CheckResult, module: str) -> list[str]:
    if check.outcome is Outcome.TO_MARK:
        return ["not yet marked: a person marks this part", *([f"rubric: {check.hint}"] if check.hint else [])]
    if check.outcome is Outcome.GRADER_ERROR:
        return ["not judged: that is the grader's fault, not the submission's. Please tell your instructor."]
    lines = [check.outcome.words]
    for block in words(replace(grade, checks=(check,)), module).blocks:
        for label, text in block.rows:
            if not label:
                lines[0] += f": {text}"
            else:
                lines += [f"{label}:", *_indented(text.splitlines())] if label == PRINTED else [f"{label}: {text}"]
        lines += ["see it:", *_indented(block.code)] if block.code else []
    return lines


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]
