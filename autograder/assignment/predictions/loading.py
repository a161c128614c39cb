"""Loading predictions.py: it is run as a spec is, and everything that is wrong with it is one sentence."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from autograder.assignment import PREDICTIONS, Assignment, SpecError, executed, without_tensors
from autograder.assignment.predictions import Predictions, Question


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
    twice = [name for name, count in Counter(one.name for one in questions).items() if count > 1]
    if twice:
        raise SpecError(f"{path}: two questions are called {twice[0]!r}; give one of them another name")
    functions = {check.function for check in assignment.checks}
    for one in questions:
        unknown = [name for name in one.needs if name not in functions]
        problems = [*one.problems(), *(f"it needs `{name}`, which no check tests" for name in unknown)]
        if problems:
            raise SpecError(f"{path}: the question {one.name!r} is not right: {problems[0]}")
