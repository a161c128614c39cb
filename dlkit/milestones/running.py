"""Running: the steps of a milestone with a student's own functions, where those that a step needs pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.assignment import Assignment
from autograder.assignment.predictions.learned import Learned, Point
from autograder.assignment.predictions.milestones import Milestone, Step
from autograder.grading.reaching import OnPoints, Reached, reached
from dlkit.passing import failing

if TYPE_CHECKING:
    from autograder.grading.references import References
    from autograder.sandbox.workers import Source
    from dlkit.milestones.beside import Program

PROGRAM = "PyTorch"  # the name of its curve


@dataclass(frozen=True)
class Course:
    """What steps are run with.

    Attributes:
        assignment, folder: the assignment.
        milestone: its steps.
        references: where the expected answers come from, to see which functions pass.
        workers: where workers come from.
    """

    assignment: Assignment
    folder: Path
    milestone: Milestone
    references: References
    workers: Source


def run(
    course: Course,
    files: Mapping[str, str],
    steps: Sequence[Step],
    *,
    on_points: OnPoints = lambda step, points: None,
    tell: Callable[[str], None] = lambda what: None,
    program: Program | None = None,
) -> Iterator[Reached]:
    """Run some steps, and say of each what came of it as soon as it is known.

    Args:
        course: the assignment, its steps and its workers.
        files: the student's.
        steps: which, in the order of the milestone.
        on_points: told of each step before it runs, and of all its points after each further one.
        tell: told what is being done, in a few words.
        program: what the lecture's PyTorch program did; for steps that run beside it.

    Raises:
        NotInstalledError: a library that is needed is not installed.
    """
    needed = list(dict.fromkeys(name for one in steps if not one.even_if_wrong for name in one.needs))
    if needed:
        tell("checking your functions")
    wrong = failing(course.assignment, course.references, course.workers, files, needed)
    lacking = {one.name: [name for name in one.needs if name in wrong] for one in steps if not one.even_if_wrong}
    ready = [one for one in steps if not lacking.get(one.name)]
    others = {one.name: program.handed_over for one in ready if one.beside and program is not None}

    def merged(step: Step, points: Sequence[Point]) -> None:
        on_points(step, _beside(points, program) if step.beside else points)

    running = reached(course.milestone, course.assignment, files, course.workers, ready, merged, others)
    for one in steps:
        if lacking.get(one.name):
            yield Reached(one, why_not=_needs({name: wrong[name] for name in lacking[one.name]}, course.assignment))
        else:
            found = next(running)
            yield _compared(found, program) if one.beside else found


def _needs(wrong: Mapping[str, str], assignment: Assignment) -> str:
    """Which functions a step waits for; those of the stretch can be left out."""
    stretch = {check.function for check in assignment.checks if check.stretch}
    listed = [f"`{name}` ({words}{', stretch' if name in stretch else ''})" for name, words in wrong.items()]
    last = f" and {listed[-1]}" if len(listed) > 1 else listed[0]
    return f"it needs {', '.join(listed[:-1])}{last}"


def _beside(points: Sequence[Point], program: Program | None) -> list[Point]:
    """The points of a step with those of the other program, batch by batch."""
    losses = program.losses if program is not None else ()
    return [
        (x, {**values, PROGRAM: losses[number]} if number < len(losses) else values) for number, (x, values) in enumerate(points)
    ]


def _compared(found: Reached, program: Program | None) -> Reached:
    """A step beside the other program: its number is the largest difference between the two curves."""
    points = _beside(found.points, program)
    if found.learned is None or program is None:
        return replace(found, points=tuple(points))
    pairs: list[tuple[Any, float]] = [
        (next(iter(values.values())), program.losses[number]) for number, (_, values) in enumerate(found.points)
    ]
    if len(pairs) != len(program.losses):
        return replace(found, learned=None, why_not=f"it has {len(pairs)} losses, and the other program {len(program.losses)}")
    return replace(found, points=tuple(points), learned=Learned(max(abs(one - other) for one, other in pairs)))
