"""Reaching: the steps of a milestone, run with a submission's functions or the reference's in a worker, point by point."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.assignment import Assignment
from autograder.assignment.predictions.learned import Advanced, Learned, Point, advanced
from autograder.assignment.predictions.milestones import Milestone, Step, stretch
from autograder.checks.base import Case
from autograder.grading.bench import Bench, laid_out
from autograder.observation.answer import Answer, Ending
from autograder.sandbox.workers import Source
from autograder.text import plain

MOST = 300  # characters of a sentence
LEAST_SECONDS = 1.0  # of a request, when the time of the step is nearly used up

OnPoints = Callable[[Step, Sequence[Point]], None]


@dataclass(frozen=True)
class Reached:
    """What came of one step.

    Attributes:
        step: which.
        points: of its curves, as far as it came.
        learned: the number and the pictures; None if it came to no end.
        why_not: a sentence on why it did not.
        not_started: the function that is not written yet, if that is why.
        seconds: what the submission was charged with for it.
    """

    step: Step
    points: tuple[Point, ...] = ()
    learned: Learned | None = None
    why_not: str = ""
    not_started: str = ""
    seconds: float = 0.0

    @property
    def kept(self) -> bool:
        """Whether the bound is kept."""
        return self.learned is not None and self.step.keeps(self.learned.value)


def reached(
    milestone: Milestone,
    assignment: Assignment,
    files: Mapping[str, str],
    source: Source,
    steps: Sequence[Step],
    on_points: OnPoints = lambda step, points: None,
    others: Mapping[str, Mapping[str, Any]] | None = None,
) -> Iterator[Reached]:
    """Run some steps, one by one.

    Args:
        milestone: all of the assignment's.
        assignment: its spec.
        files: whose functions are used.
        source: where the worker comes from; stays open.
        steps: which.
        on_points: told of each step before it runs, with no points, and of all its points after each request.
        others: what another program hands to a step that runs beside it, by the step's name.

    Raises:
        NotInstalledError: a library that a step needs is not installed.
    """
    asked = milestone.for_worker(assignment.name, assignment.files, assignment.budget)
    with laid_out(asked, source, files, [asked.check(one.name) for one in steps]) as (bench, wrong):
        for one in steps:
            on_points(one, ())
            yield Reached(one, why_not=wrong) if wrong else _run(bench, assignment, one, on_points, (others or {}).get(one.name))


def _run(bench: Bench, assignment: Assignment, step: Step, on_points: OnPoints, other: Mapping[str, Any] | None) -> Reached:
    """Ask a worker to go on with a step until it ends, or its time does."""
    begun = bench.spent
    points: list[Point] = []
    learned, why_not, not_started = None, "", ""
    while learned is None and not why_not:
        left = step.seconds - (bench.spent - begun)
        inputs = {"have": len(points), **({"other": other} if other is not None else {})}
        case = Case(inputs, contract=assignment.contract)
        answer = bench.ask(stretch(step), step.name, case, limit=max(left, LEAST_SECONDS))
        further, why_not = _read(answer)
        not_started = plain(answer.inside, MOST) if answer.ending is Ending.NOT_STARTED else ""
        points += further.points
        learned = further.learned
        if further.points:
            on_points(step, points)
        if learned is None and not why_not and left <= LEAST_SECONDS:
            why_not = f"it took longer than its {step.seconds:g} s"
    return Reached(step, tuple(points), learned, why_not, not_started, bench.spent - begun)


def _read(answer: Answer) -> tuple[Advanced, str]:
    """What a worker sent, and a sentence where it is of no use."""
    if answer.ending is Ending.NOT_STARTED:
        return Advanced(()), f"`{plain(answer.inside, MOST)}` is not started yet"
    if answer.ending is not Ending.RETURNED:
        return Advanced(()), plain(answer.error, MOST)
    try:
        further = advanced(answer.observation)
    except (ValueError, KeyError, TypeError) as error:
        return Advanced(()), plain(f"the result is not what was expected: {error}", MOST)
    return further, "" if further.points or further.learned else "the step stopped without a result"
