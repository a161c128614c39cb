"""Loading predictions.py and milestone.py: they are run as a spec is, and what is wrong with them is one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from autograder.assignment import MILESTONE, PREDICTIONS, Assignment, SpecError, executed, without_tensors
from autograder.assignment.predictions import Predictions, Question
from autograder.assignment.predictions.milestones import Milestone, Step

Kind = TypeVar("Kind", Predictions, Milestone)
One = TypeVar("One", Question, Step)


def load(folder: Path, assignment: Assignment) -> Predictions | None:
    """The questions of an assignment's folder; None where it has none.

    Raises:
        SpecError: the file does not run, or is not consistent.
    """
    found = _defined(folder / PREDICTIONS, "predictions", Predictions)
    if found is not None:
        listed = _all_of(found.questions, Question, f"{folder.name}/{PREDICTIONS}", "`Predictions`", "Choice, Number or Curve")
        _refuse("question", f"{folder.name}/{PREDICTIONS}", listed, assignment)
    return found


def load_milestone(folder: Path, assignment: Assignment) -> Milestone | None:
    """The milestone of an assignment's folder; None where it has none.

    Raises:
        SpecError: the file does not run, or is not consistent.
    """
    found = _defined(folder / MILESTONE, "milestone", Milestone)
    if found is not None:
        listed = _all_of(found.steps, Step, f"{folder.name}/{MILESTONE}", "`Milestone`", "Step")
        _refuse("step", f"{folder.name}/{MILESTONE}", listed, assignment)
    return found


def _defined(path: Path, name: str, kind: type[Kind]) -> Kind | None:
    """What a file defines under this name, with the file's text; None where there is no file."""
    if not path.is_file():
        return None
    source = path.read_text(encoding="utf-8")
    with without_tensors(path):
        found = vars(executed(source, str(path))).get(name)
    if not isinstance(found, kind):
        raise SpecError(f"{path} must define `{name} = {kind.__name__}([...])`. Received: {type(found).__name__}")
    return replace(found, source=source)


def _all_of(listed: Sequence[One], kind: type[One], place: str, whose: str, wanted: str) -> list[One]:
    """The members of a list that must not be empty, and are all of one kind."""
    if not listed or not all(isinstance(one, kind) for one in listed):
        raise SpecError(f"{place}: {whose} needs a list of at least one {wanted}")
    return list(listed)


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
