"""A sitting: have a submission looked at in a worker, and make questions of what was seen."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import numpy as np

from autograder.asking.beside import FACTS, TAIL, traced
from autograder.asking.calls import RUNS, Call, calls_of
from autograder.asking.choosing import choose
from autograder.asking.facts import Facts, FactsError, facts_from
from autograder.asking.kinds import all_questions
from autograder.asking.kinds.subject import Subject
from autograder.asking.question import Question
from autograder.assignment import Assignment
from autograder.checks.base import Case
from autograder.grading.bench import Bench, Opened
from autograder.grading.grade import questions as drawn
from autograder.observation import ObservationError
from autograder.observation.answer import Ending
from autograder.outcome import Grade, Outcome
from autograder.sandbox.workers import Source
from autograder.text.cells import in_cells, is_notebook, where

COUNT = 5
GOOD = 0.5  # the weight of a question that is worth asking
STRIDE, OFFSET = 8, 1_000  # seeds of one sitting are apart from those of the next, and from the public one


@dataclass(frozen=True)
class Sitting:
    """What can be asked about a submission.

    Attributes:
        questions: all of them.
        subjects: the functions that were looked at, by name.
        left_out: why nothing can be asked about a function, by its name.
    """

    questions: tuple[Question, ...]
    subjects: Mapping[str, Subject] = field(default_factory=dict, repr=False)
    left_out: Mapping[str, str] = field(default_factory=dict)

    def chosen(self, count: int, seed: int) -> list[Question]:
        """So many questions; the same ones for the same seed."""
        return choose(self.questions, count, np.random.default_rng([seed, 1]))


class UnaskableError(Exception):
    """Nothing can be asked; the message says what is in the way."""


def passing(grade: Grade) -> list[str]:
    """The functions of a graded submission that work: every check of theirs passed."""
    names = dict.fromkeys(check.function for check in grade.checks)
    return [name for name in names if all(check.outcome is Outcome.PASSED for check in grade.checks if check.function == name)]


def sit(
    assignment: Assignment,
    files: Mapping[str, str],
    functions: Sequence[str],
    source: Source,
    *,
    seed: int,
    enough: int = 0,
    protected: bool = False,
    on_function: Callable[[str], None] = lambda name: None,
) -> Sitting:
    """Look at the functions of a submission, and make all questions that there are.

    Args:
        assignment: the loaded spec.
        files: the submission's files.
        functions: those that work; nothing is asked about others.
        source: where workers come from, with the handler of `grading.bench`; stays open.
        seed: draws the calls and the order of everything.
        enough: functions of which there is something good to ask: no more are looked at. 0 for all.
        protected: refuse where nothing protects this user's files from the submission.
        on_function: told of each function before it is looked at.

    Raises:
        SpecError: the spec cannot draw its inputs.
        UnreadyError, UnprotectedError, NotInstalledError: as for `Bench.load`.
        UnaskableError: the file cannot be run.
    """
    looking = traced(replace(assignment, source=assignment.source + TAIL))
    checks = [check for check in assignment.checks if check.function in functions]
    order = np.random.default_rng([seed, 2]).permutation(len(functions))
    functions = [functions[place] for place in order]
    draws = [drawn(assignment, checks, OFFSET + seed * STRIDE + number) for number in range(RUNS)]
    source_lines = tuple(files[assignment.files[0]].split("\n"))
    place = _placed(files[assignment.files[0]])
    subjects: dict[str, Subject] = {}
    left_out: dict[str, str] = {}
    found: list[Question] = []
    with Bench(looking, source, protected=protected, watched=False) as bench:
        opened: Opened = bench.load(files, [looking.check(name) for name in functions])
        if opened.ending is not Ending.RETURNED:
            raise UnaskableError(opened.error)
        for name in functions:
            if enough and len({one.function for one in found if one.weight >= GOOD}) >= enough and len(subjects) > enough:
                break
            on_function(name)
            rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
            calls = {call.id: call for call in calls_of(assignment, name, draws, rng)}
            facts = _looked_at(bench, looking, name, list(calls.values()), len(source_lines)) if calls else None
            if facts is None or facts.skipped:
                left_out[name] = (
                    facts.skipped if facts else "no call of it can be written down" if not calls else "it did not run"
                )
                continue
            texts = {one.id: one.text for one in facts.calls}  # a call that was caught has its text only now
            known = {id: replace(call, text=texts[id]) if call.caught else call for id, call in calls.items() if id in texts}
            subject = subjects[name] = Subject(facts, known, source_lines, place)
            found += all_questions(subject, rng)
    return Sitting(tuple(found), subjects, left_out)


def _looked_at(bench: Bench, looking: Assignment, name: str, calls: list[Call], lines: int) -> Facts | None:
    """What a worker tells of a function; asked again without changing it, if the changes took the worker down."""
    for change in (True, False):
        asked = [replace(call, changed=call.changed and change).request() for call in calls]
        case = Case({"calls": asked}, contract=looking.contract)
        with suppress(FactsError, ObservationError):
            answer = bench.ask(looking.check(name), name, case)
            if answer.ending is Ending.RETURNED:
                return facts_from(name, answer.observation.get(FACTS), lines)
    return None


def _placed(source: str) -> Callable[[int], str]:
    """How a line is named beside the listing of a function, in which lines are numbered as by `number_of`."""
    return lambda line: f"line {number_of(source, line)}"


def number_of(source: str, line: int) -> int:
    """The number of a line for its author: in a notebook, within its cell."""
    if not is_notebook(source):
        return line
    return int(where(source, line).rpartition(" ")[2]) if in_cells(source) else line


def listing(source: str, subject: Subject) -> list[tuple[int, str]]:
    """The lines of a function, each with its number, without the docstring."""
    facts = subject.facts
    shown = (number for number in range(facts.first, facts.last + 1) if not facts.doc[0] <= number <= facts.doc[1])
    return [(number_of(source, number), subject.source[number - 1]) for number in shown]


__all__ = ["COUNT", "Sitting", "UnaskableError", "listing", "number_of", "passing", "sit"]
