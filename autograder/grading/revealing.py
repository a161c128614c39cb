"""Revealing: the results that predictions are about, computed by a submission or by the reference, in a worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.assignment import Assignment
from autograder.assignment.predictions import Found, Predictions, Question, reveal
from autograder.checks.base import Case
from autograder.grading.bench import Bench, laid_out
from autograder.observation.answer import Ending
from autograder.sandbox.workers import Source
from autograder.text import plain

MOST = 300  # characters of a sentence


@dataclass(frozen=True)
class Revealed:
    """The result of one question; None where there is none, and a sentence on why."""

    question: Question
    found: Found | None
    why_not: str = ""


def revealed(
    predictions: Predictions,
    assignment: Assignment,
    files: Mapping[str, str],
    source: Source,
    questions: Sequence[Question],
    on_start: Callable[[Question], None] = lambda question: None,
) -> Iterator[Revealed]:
    """The results of some questions, one by one.

    Args:
        predictions: all of the assignment's.
        assignment: its spec.
        files: whose functions compute the results.
        source: where the worker comes from; stays open.
        questions: which.
        on_start: told of each question before it is asked.

    Raises:
        NotInstalledError: a library that a question needs is not installed.
    """
    asked = predictions.for_worker(assignment.name, assignment.files, budget=assignment.budget)
    with laid_out(asked, source, files, [asked.check(one.name) for one in questions]) as (bench, wrong):
        for one in questions:
            on_start(one)
            yield Revealed(one, None, wrong) if wrong else _revealed(bench, assignment, one)


def _revealed(bench: Bench, assignment: Assignment, question: Question) -> Revealed:
    answer = bench.ask(reveal(question), question.name, Case({}, contract=assignment.contract))
    if answer.ending is not Ending.RETURNED:
        return Revealed(question, None, plain(answer.error or "it is not written yet", MOST))
    try:
        return Revealed(question, question.received(answer.observation))
    except (ValueError, KeyError, TypeError) as error:
        return Revealed(question, None, plain(f"the result is not what was expected: {error}", MOST))
