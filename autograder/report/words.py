"""What a student is told, and in which order: decided here once, drawn by the terminal, HTML and Markdown. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.outcome import NOT_HERE, CheckResult, Grade, Outcome, worth
from autograder.report.stories import Story, story_of

SYMBOLS = {  # a symbol and its plain form; the word is always beside it
    Outcome.PASSED: ("✓", "+"),
    Outcome.PARTIAL: ("◐", "~"),
    Outcome.FAILED: ("✗", "x"),
    Outcome.NOT_STARTED: ("○", "o"),
    Outcome.SKIPPED: ("–", "-"),
    Outcome.CRASHED: ("✗", "x"),
    Outcome.TIMED_OUT: ("✗", "x"),
    Outcome.OUT_OF_MEMORY: ("✗", "x"),
    Outcome.OVER_LIMIT: ("✗", "x"),
    Outcome.RULE_BROKEN: ("✗", "x"),
    Outcome.GRADER_ERROR: ("!", "!"),
    Outcome.TO_MARK: ("✎", "?"),
}
PRINTED = "printed"  # the label of what the student's code wrote
PRINTED_LINES = 4
LONG_LINES, LONG_CALL = 8, 400  # lines and characters of a call, from which on it is folded
MORE = "more"  # the label of how to get the longer story
NOT_JUDGED = "not judged"
BONUS = " (bonus)"  # behind how a check ended, where its points are bonus points
NO_STORY = "About this mistake there is no story beyond the sentence above."
NO_REASON = "No reason is known for this answer, so there is no story about it."
SEE = "Run the call under `see it`, and compare what comes out with what the message says."
CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


@dataclass(frozen=True)
class Line:
    """One check in the list: how it ended, also in words, and its points as they are written."""

    outcome: Outcome
    word: str
    score: str
    max_score: str
    name: str


@dataclass(frozen=True)
class Block:
    """What to know of one check, or of all where one thing stopped all.

    Attributes:
        rows: a label, which may be "", and what it says.
        code: how to see it oneself, a line each.
        story: the longer story about the likely mistake, if there is one.
        more: the command that shows it.
        function: what it is about; "" where it is about all.
    """

    outcome: Outcome
    title: str
    rows: tuple[tuple[str, str], ...]
    code: tuple[str, ...] = ()
    story: Story | None = None
    more: str = ""
    function: str = ""

    @property
    def folds(self) -> bool:
        """Whether the call that shows it is too long to stand open on a page."""
        return len(self.code) > LONG_LINES or sum(map(len, self.code)) > LONG_CALL


@dataclass(frozen=True)
class Words:
    """A grade in words.

    Attributes:
        title: what was graded.
        notes: what holds for the submission as a whole.
        lines: every check.
        blocks: what to look at, in the order in which to look.
        waiting: what is not started yet, or "".
        points, passed, seconds: the total.
        perfect: whether every core check passed.
        fault: what of it was our fault, or "".
    """

    title: str
    notes: tuple[str, ...]
    lines: tuple[Line, ...]
    blocks: tuple[Block, ...]
    waiting: str
    points: str
    passed: str
    seconds: str
    perfect: bool
    fault: str


def words(grade: Grade, module: str = "", folder: Path | None = None, command: str = "") -> Words:
    """A grade in words.

    Args:
        grade: what was found.
        module: the name to import the student's functions from, where it is known.
        folder: of the assignment, for its own stories.
        command: how the work is graded by hand, such as "dlkit grade assignments/hw2".
    """
    command = command or shlex.join(["dlkit", "grade", grade.assignment])
    return Words(
        title=f"{grade.assignment}: {grade.title}",
        notes=tuple(f"{notice.sentence}." for notice in grade.notices),
        lines=tuple(line(check) for check in grade.checks),
        blocks=_blocks(grade, module, folder, command),
        waiting=" ".join(_waiting(grade)),
        points=grade.points if any(check.judged for check in grade.checks) or not grade.faults else "no points yet",
        passed=grade.passed + _by_hand(grade),
        seconds=f"{grade.seconds:.1f} s",
        perfect=grade.perfect,
        fault=" ".join(_faults(grade)),
    )


def _waiting(grade: Grade) -> Iterator[str]:
    """What is not started yet, a sentence for the core and one for the rest."""
    for what, checks in (("Not started yet", grade.core), ("For bonus points, not started yet", grade.stretch)):
        if names := [check.name for check in checks if check.outcome is Outcome.NOT_STARTED]:
            yield f"{what}: {', '.join(names)}."


def _by_hand(grade: Grade) -> str:
    """What of a grade a person marks, as the end of a sentence."""
    return f", {len(grade.to_mark)} to be marked by a person ({worth(grade.to_mark)})" if grade.to_mark else ""


def _faults(grade: Grade) -> Iterator[str]:
    """What of a grade was our fault, or is for want of a library."""
    lacking = [check for check in grade.faults if _lacks(check)]
    faults = [check for check in grade.faults if check not in lacking]
    if lacking:
        they = "They need" if len(lacking) > 1 else "It needs"
        why = lacking[0].message.partition(" needs ")[2]
        yield f"{len(lacking)} of the checks could not be judged: {worth(lacking)} are left out of the total. {they} {why}."
    if faults:
        yield (
            f"{len(faults)} of the checks could not be judged. That is the grader's fault, not the submission's: "
            f"their {worth(faults)} are left out of the total. Please tell your instructor."
        )


def _lacks(check: CheckResult) -> bool:
    """Whether a check could not be judged for want of a library."""
    return not check.judged and NOT_HERE in check.message


def line(check: CheckResult) -> Line:
    """A check's line in the list."""
    score = "–" if check.score is None else f"{check.score:g}"
    return Line(check.outcome, ended(check) + BONUS * check.stretch, score, f"{check.max_score:g}", check.name)


def ended(check: CheckResult) -> str:
    """How a check ended, in words; what lacks a library is nobody's error."""
    return NOT_JUDGED if _lacks(check) else check.outcome.words


def prose(text: str) -> Iterator[tuple[bool, str]]:
    """A sentence in parts: whether each stands between backticks, as names of code do, and its text.

    >>> list(prose("`total` must work first"))
    [(True, 'total'), (False, ' must work first')]
    """
    at = 0
    for found in CODE.finditer(text):
        if found.start() > at:
            yield False, text[at : found.start()]
        yield True, found[1]
        at = found.end()
    if at < len(text):
        yield False, text[at:]


def explained(check: CheckResult, folder: Path | None = None) -> Story | str:
    """The longer story about a check's likely mistake, or why there is none and what to look at."""
    if check.outcome is Outcome.PASSED:
        return f"`{check.name}` passed: there is nothing to explain."
    if check.outcome is Outcome.NOT_STARTED:
        return f"`{check.name}` is not started yet: there is nothing to explain."
    if check.outcome is Outcome.TO_MARK:
        return f"`{check.name}` is marked by a person, who will tell you why."
    if check.outcome is Outcome.SKIPPED or not check.judged:
        return f"`{check.name}` gave no answer that could be explained. Read what stopped it."
    if story := story_of(check.misconception, folder):
        return story
    if check.explanation:
        return NO_STORY
    if check.outcome is Outcome.RULE_BROKEN:
        return f"`{check.name}` uses something that is not allowed here. The message above names it; there is no story about it."
    return f"{NO_REASON} {SEE}" if check.first_wrong and check.first_wrong.see else NO_REASON


def _blocks(grade: Grade, module: str, folder: Path | None, command: str) -> tuple[Block, ...]:
    judged = [check for check in grade.checks if check.outcome is not Outcome.TO_MARK]
    shared = {check.message for check in judged}
    if len(shared) == 1 and len(judged) > 1 and judged[0].message:
        first = judged[0]
        if _lacks(first):  # told below, of all together
            return ()
        if not first.judged:
            return (Block(Outcome.GRADER_ERROR, "Nothing could be judged", (("", first.message),)),)
        if first.outcome is not Outcome.NOT_STARTED:  # which needs no block, of one function or of many
            return (Block(first.outcome, "Nothing could run", (("", first.message),)),)
    told: set[str] = set()
    return tuple(
        block(check, told, module, folder, command)
        for check in grade.checks
        if check.outcome not in (Outcome.PASSED, Outcome.NOT_STARTED) and not _lacks(check)
    )


def block(check: CheckResult, told: set[str], module: str = "", folder: Path | None = None, command: str = "") -> Block:
    """What to know of one check; `told` are the mistakes that were told of before, and grows."""
    unknown = f"{worth([check])}, not yet marked" if check.outcome is Outcome.TO_MARK else NOT_JUDGED
    score = unknown if check.score is None else f"{check.score:g} of {worth([check])}"
    rows = [("", check.message)]
    story = None
    if check.explanation:
        again = check.misconception in told
        rows.append(("likely", "the same mistake as above" if again else check.explanation))
        story = None if again else story_of(check.misconception, folder)
        told.add(check.misconception or "")
    elif check.hint:
        rows.append(("rubric" if check.outcome is Outcome.TO_MARK else "hint", check.hint))
    first = check.first_wrong
    others = [case.name for case in check.cases if case.outcome is not Outcome.PASSED and case is not first]
    if check.outcome in (Outcome.SKIPPED, Outcome.GRADER_ERROR):
        others = []
    if others:
        rows.append(("also", f"{len(others)} more of {len(check.cases)} cases: {'; '.join(others)}"))
    printed = [text for text in (first.printed if first else "").splitlines() if text.strip()]
    if printed:
        rows.append((PRINTED, "\n".join(printed[:PRINTED_LINES]) + ("\n…" if len(printed) > PRINTED_LINES else "")))
    code: tuple[str, ...] = ()
    if first and first.see:
        tables = ["import pandas as pd"] if "pd.DataFrame(" in first.see else []
        code = (*tables, *([f"from {module} import *"] if module else []), *first.see.splitlines())
    more = f"{command} --explain {shlex.quote(check.name)}" if story else ""
    known = tuple(row for row in rows if row[1])
    return Block(check.outcome, f"{check.name} ({score})", known, code, story, more, check.function)
