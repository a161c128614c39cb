"""Loading predictions.py and milestone.py: they are run as a spec is, and what is wrong with them is one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from autograder.assignment import MILESTONE, PREDICTIONS, Assignment, SpecError, executed, without_tensors
from autograder.assignment.predictions import Predictions, Question
from autograder.assignment.predictions.milestones import Milestone, Step


def load(folder: Path, assignment: Assignment) -> Predictions | None:
    """The questions of an assignment's folder; None where it has none.

    Raises:
        SpecError: the file does not run, or is not consistent.
    """
    path = folder / PREDICTIONS
    if not path.is_file():
        return None
    source = path.read_text(encoding="utf-8")
    with without_tensors(path):
        found = vars(executed(source, str(path))).get("predictions")
    if not isinstance(found, Predictions):
        raise SpecError(f"{path} must define `predictions = Predictions([...])`. Received: {type(found).__name__}")
    _validate(found, assignment, f"{folder.name}/{PREDICTIONS}")
    return replace(found, source=source)


def _validate(predictions: Predictions, assignment: Assignment, path: str) -> None:
    questions = list(predictions.questions)
    if not questions or not all(isinstance(one, Question) for one in questions):
        raise SpecError(f"{path}: `Predictions` needs a list of at least one Choice, Number or Curve")
    _refuse("question", path, questions, assignment)


def load_milestone(folder: Path, assignment: Assignment) -> Milestone | None:
    """The milestone of an assignment's folder; None where it has none.

    Raises:
        SpecError: the file does not run, or is not consistent.
    """
    path = folder / MILESTONE
    if not path.is_file():
        return None
    source = path.read_text(encoding="utf-8")
    with without_tensors(path):
        found = vars(executed(source, str(path))).get("milestone")
    if not isinstance(found, Milestone):
        raise SpecError(f"{path} must define `milestone = Milestone([...])`. Received: {type(found).__name__}")
    steps, place = list(found.steps), f"{folder.name}/{MILESTONE}"
    if not steps or not all(isinstance(one, Step) for one in steps):
        raise SpecError(f"{place}: `Milestone` needs a list of at least one Step")
    _refuse("step", place, steps, assignment)
    return replace(found, source=source)


def _refuse(kind: str, place: str, listed: Sequence[Question | Step], assignment: Assignment) -> None:
    """Refuse two of one name, and one that is not right in itself or needs a function that nobody checks."""
    twice = [name for name, count in Counter(one.name for one in listed).items() if count > 1]
    if twice:
        raise SpecError(f"{place}: two {kind}s are called {twice[0]!r}; give one of them another name")
    functions = {check.function for check in assignment.checks}
    for one in listed:
        unknown = [name for name in one.needs if name not in functions]
        problems = [*one.problems(), *(f"it needs `{name}`, which no check tests" for name in unknown)]
        if problems:
            raise SpecError(f"{place}: the {kind} {one.name!r} is not right: {problems[0]}")
