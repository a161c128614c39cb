"""Choosing: which steps of a milestone are to run, for the terminal and for a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograder.text import meant
from autograder.text.errors import DlkitError
from dlkit.milestones.beside import INSTALL, installed, run_program

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograder.assignment.predictions.milestones import Milestone, Step
    from dlkit.milestones.beside import Program


class ChoiceError(DlkitError):
    """There is no such step, or it cannot run like this; the sentence says what there is."""


def chosen(found: Milestone, names: Sequence[str], assignment: str, *, torch: bool, option: str) -> list[Step]:
    """The steps that are to run. Those beside the lecture's PyTorch program run only if somebody asks for it.

    Args:
        found: all steps of the assignment.
        names: of the steps; none for all that can run.
        assignment: its name, for sentences.
        torch: whether the PyTorch program is to run.
        option: what somebody writes to ask for it: `--torch`, or `torch=True` in a notebook.

    Raises:
        ChoiceError: there is no such step, or PyTorch is asked for where it is of no use or not installed.
    """
    known = [one.name for one in found.steps]
    beside = [one.name for one in found.steps if one.beside]
    for name in names:
        if name not in known:
            hint = meant(name, known, f" There are: {', '.join(known)}.")
            raise ChoiceError(f"{assignment} has no step {name!r}.{hint}")
        if name in beside and not torch:
            raise ChoiceError(f"{name} runs beside the lecture's PyTorch program. Add {option}.")
    if torch and not beside:
        raise ChoiceError(f"{assignment} has no step that runs beside a PyTorch program; hw6 has.")
    if torch and not installed():
        raise ChoiceError(f"{INSTALL}.")
    wanted = names or [name for name in known if torch or name not in beside]
    return [one for one in found.steps if one.name in wanted]


def program_for(steps: Sequence[Step], tell: Callable[[str], object] = lambda what: None) -> Program | None:
    """What the PyTorch program does, where a step needs it.

    Raises:
        ProgramError: it did not run.
    """
    if not any(one.beside for one in steps):
        return None
    tell("the PyTorch program trains")
    return run_program()
