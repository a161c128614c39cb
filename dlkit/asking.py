"""One round of questions about a student's own code: from the work to the last answer. The command and the notebook share it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.asking.keeping import FILE, Reply, kept
from autograder.asking.question import Question
from autograder.asking.sitting import COUNT, Sitting, UnaskableError, passing, sit
from autograder.submission.responses import MOST_BYTES
from dlkit.writing import write_file

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.grading.references import References
    from autograder.sandbox.workers import Source

SEEDS = 1_000_000
SKIP, STOP = ("", "-"), ("q", "quit")
TRAINS = 60.0  # seconds of time limit: a check that has as much trains a model, and nobody waits for that here
NO_MARKS = "Nothing here counts for marks."


@dataclass(frozen=True)
class Round:
    """Questions that were chosen, and what they are about.

    Attributes:
        assignment: its name.
        source: the file that was looked at.
        sitting: everything that could be asked.
        questions: what is asked.
        seed: asks the same again.
        wanted: how many questions were wanted.
    """

    assignment: str
    source: str
    sitting: Sitting
    questions: tuple[Question, ...]
    seed: int
    wanted: int = COUNT

    @property
    def fewer(self) -> str:
        """Why there are fewer questions than wanted, "" if there are not."""
        count = len(self.questions)
        if count >= self.wanted:
            return ""
        more = f"There {'is' if count == 1 else 'are'} only {count} question{'' if count == 1 else 's'}"
        return f"{more}: there is little to ask about functions of one line."

    def lines(self, question: Question) -> list[tuple[int, str]]:
        """The code that a question is about."""
        from autograder.report.asked import excerpt

        return excerpt(self.source, self.sitting.subjects[question.function], question)

    def told(self, question: Question) -> str:
        """A question as it is shown in a terminal."""
        from autograder.report.asked import as_text

        return as_text(question, self.lines(question), self.questions.index(question) + 1, len(self.questions))


def new_seed() -> int:
    """A seed that nobody has had: other questions each time."""
    return secrets.randbelow(SEEDS)


def prepare(
    assignment: Assignment,
    files: Mapping[str, str],
    working: Sequence[str],
    source: Source,
    *,
    seed: int,
    count: int = COUNT,
    protected: bool = False,
    on_function: Callable[[str], None] = lambda name: None,
) -> Round:
    """Choose the questions about a submission of which some functions work.

    Raises:
        UnaskableError: no function works, or there is nothing to ask.
    """
    if not working:
        raise UnaskableError(
            f"no function of {assignment.name} passes its checks yet. Make one work first: `dlkit grade {assignment.name}` "
            "says what is missing"
        )
    sitting = sit(assignment, files, working, source, seed=seed, enough=count, protected=protected, on_function=on_function)
    questions = tuple(sitting.chosen(count, seed))
    if not questions:
        raise UnaskableError("there is nothing to ask about the functions that work: each is only one line")
    return Round(assignment.name, files[assignment.files[0]], sitting, questions, seed, count)


def checks_of(assignment: Assignment) -> dict[str, set[str]]:
    """The names of the checks of each function."""
    found: dict[str, set[str]] = {}
    for check in assignment.checks:
        found.setdefault(check.function, set()).add(check.name)
    return found


def working_functions(
    assignment: Assignment, files: Mapping[str, str], references: References, source: Source, *, protected: bool = False
) -> list[str]:
    """The functions of a submission that pass every check, those that train a model left out.

    Raises:
        UnaskableError: none could be graded, because of a fault of the grader.
    """
    from autograder.grading.grade import grade
    from autograder.submission import Submission

    quick = [check.name for check in assignment.checks if (check.timeout or 0) < TRAINS]
    result = grade(assignment, Submission("", dict(files)), references, source, only=quick, protected=protected)
    if result.faults and not passing(result):
        raise UnaskableError(f"{result.faults[0].message}. This is not your fault; tell your instructor")
    return passing(result)


def ask(round_: Round, read: Callable[[str], str], write: Callable[[str], None]) -> list[Reply]:
    """Ask one question after the other, and say after each answer what the run showed.

    Args:
        round_: the questions.
        read: asks for a line, given what to write before it; raises EOFError at the end.
        write: shows a text.

    Returns:
        The replies; fewer than there are questions if somebody stopped.
    """
    from autograder.report.asked import verdict

    replies: list[Reply] = []
    for question in round_.questions:
        write(f"{round_.told(question)}\n")
        answer = _answer(question, read, write)
        if answer is None:
            break
        replies.append(Reply(question, answer))
        write(f"{verdict(question, answer)}\n")
    return replies


def _answer(question: Question, read: Callable[[str], str], write: Callable[[str], None]) -> str | None:
    """The answer to a question, "" if it is passed over; None if somebody stops."""
    wanted = f"a number from 1 to {len(question.options)}" if question.options else "a number"
    while True:
        try:
            typed = read(f"Your answer ({wanted}; Enter to pass, q to stop): ").strip()
        except EOFError:
            return None
        if typed.lower() in STOP:
            return None
        if typed in SKIP:
            return ""
        chosen = question.chosen(typed)
        if chosen is not None:
            return chosen
        write(f"Please type {wanted}. Received: {typed[:40]!r}")


def answered(round_: Round, answers: Sequence[str]) -> list[Reply]:
    """The replies for answers that were given at once; those that are left out are not asked.

    Raises:
        ValueError: there are too many, or one is none; the message says what was expected.
    """
    if len(answers) > len(round_.questions):
        raise ValueError(f"there are {len(round_.questions)} questions. Received: {len(answers)} answers")
    replies = []
    for number, (question, text) in enumerate(zip(round_.questions, answers, strict=False), 1):
        chosen = "" if text.strip() in SKIP else question.chosen(text)
        if chosen is None:
            wanted = f"a number from 1 to {len(question.options)}" if question.options else "a number"
            raise ValueError(f"answer {number} must be {wanted}, or - for none. Received: {text[:40]!r}")
        replies.append(Reply(question, chosen))
    return replies


def keep(folder: Path, replies: Sequence[Reply], assignment: str) -> str:
    """Keep replies beside the work; a sentence on where, or on why not."""
    path = folder / FILE
    try:
        before = path.read_bytes() if path.is_file() else b""
        if len(before) > MOST_BYTES:
            raise ValueError(f"it is larger than {MOST_BYTES // 2**10} kB")
        write_file(path, kept(before.decode("utf-8-sig").replace("\r\n", "\n"), replies, assignment).encode())
    except UnicodeDecodeError:
        return f"Your answers were not kept: {path} is not UTF-8 text. Rename it, and ask again with --seed."
    except ValueError as error:
        return f"Your answers were not kept: {path} cannot be used: {error}. Rename it, and ask again with --seed."
    except OSError as error:
        return f"Your answers were not kept: {path} cannot be written: {error.strerror or error}."
    return f"Your answers are in {path}; `dlkit submit` hands them in. {NO_MARKS}"


def as_data(round_: Round, replies: Sequence[Reply]) -> dict[str, Any]:
    """A round for programs. What is right is told only of questions that were answered."""
    replied = {reply.question.id: reply for reply in replies}
    return {
        "assignment": round_.assignment,
        "seed": round_.seed,
        "questions": [_question(round_, one, replied.get(one.id)) for one in round_.questions],
        "answered": len(replies),
        "right": sum(reply.right for reply in replies),
    }


def _question(round_: Round, one: Question, reply: Reply | None) -> dict[str, Any]:
    asked = {
        "id": one.id,
        "kind": one.kind,
        "function": one.function,
        "code": [{"line": number or None, "text": text} for number, text in round_.lines(one)],
        "call": one.call,
        "about": one.about,
        "text": one.text,
        "options": list(one.options),
    }
    if reply is None:
        return asked
    return asked | {"answer": reply.answer, "expected": one.right, "right": reply.right, "evidence": one.evidence}
