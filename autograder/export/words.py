"""The words of an export: what a student reads in the terminal, as text that every system takes."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.outcome import CheckResult, Grade, Outcome

UNPROTECTED = "files not protected"  # as `bench` stamps it
UNSAFE = "graded without isolation: nothing protected the grader's files from this submission"
PRINTED_LINES = 4


def readable(text: str) -> str:
    """The text without characters that XML, JSON in a database or a terminal do not take: controls and lone surrogates."""
    return "".join(letter for letter in text if letter in "\t\n" or _allowed(ord(letter)))


def feedback(grade: Grade, module: str = "") -> dict[str, str]:
    """What there is to say about each check, by its name: how it differs, what is likely missing, how to see it.

    Each stands alone, as other systems show it. What went wrong in the grader is for staff: see `faults`.

    Args:
        grade: of one submission.
        module: what to import the student's functions from, for the call to copy; "" if that is not known.
    """
    return {check.name: readable("\n".join(_lines(check, module))) for check in grade.checks}


def unjudged(grade: Grade, hidden: bool = False) -> str:
    """A sentence for a grade of which we could not judge everything, "" for others.

    Args:
        grade: of one submission.
        hidden: leave the points out, where they would tell about what a student is not to see yet.
    """
    if not grade.faults:
        return ""
    count = len(grade.faults)
    what = f"{count} of the checks" if count < len(grade.checks) else "The submission"
    points = (
        "" if hidden else f": {'its' if count == len(grade.checks) else 'their'} {points_of(grade.faults):g} points are left out"
    )
    return f"{what} could not be judged. That is the grader's fault, not the submission's{points}. Please tell your instructor."


def faults(grade: Grade) -> str:
    """What we could not judge and why, for staff; one line each."""
    return readable("\n".join(f"{check.name}: {check.message or 'not judged'}" for check in grade.faults))


def unsafe(grade: Grade) -> bool:
    """Whether nothing protected the grader's files from the submission: its marks are to be looked at."""
    return UNPROTECTED in grade.isolation


def points_of(checks: Sequence[CheckResult]) -> float:
    """What some checks are worth."""
    return round(sum(check.max_score for check in checks), 4)


def _lines(check: CheckResult, module: str) -> list[str]:
    if check.outcome is Outcome.PASSED:
        return ["passed"]
    if check.outcome is Outcome.GRADER_ERROR:
        return ["not judged: that is the grader's fault, not the submission's. Please tell your instructor."]
    lines = [f"{check.outcome.words}: {check.message}" if check.message else check.outcome.words]
    if check.explanation:
        lines.append(f"likely: {check.explanation}")
    elif check.hint and check.outcome is not Outcome.NOT_STARTED:
        lines.append(f"hint: {check.hint}")
    if check.outcome in (Outcome.NOT_STARTED, Outcome.SKIPPED):
        return lines
    first = check.first_wrong
    others = [case.name for case in check.cases if case.outcome is not Outcome.PASSED and case is not first]
    if others:
        lines.append(f"also: {len(others)} more of {len(check.cases)} cases: {'; '.join(others)}")
    printed = [line for line in (first.printed if first else "").splitlines() if line.strip()]
    if printed:
        lines += ["printed:", *(f"    {line}" for line in printed[:PRINTED_LINES]), *(["    …"] * (len(printed) > PRINTED_LINES))]
    if first and first.see:
        source = [f"from {module} import *"] if module else []
        lines += ["see it:", *(f"    {line}" for line in (*source, *first.see.splitlines()))]
    return lines


def _allowed(point: int) -> bool:
    """Whether XML 1.0 has a place for a character, and a person a use."""
    return 0x20 <= point < 0x7F or 0xA0 <= point < 0xD800 or 0xE000 <= point < 0xFFFE or point > 0xFFFF
