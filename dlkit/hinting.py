"""Hints for derivations, level by level; which were taken is kept in hints.toml beside the work, and handed in with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import LEVELS, Assignment
from autograder.submission.responses import HINT, Response, written
from autograder.text import meant
from autograder.text.errors import DlkitError
from dlkit.kept import kept, name_of
from dlkit.writing import write_file

FILE = name_of(HINT)
KINDS = ("a question", "the step", "the formula")
ABOUT = """\
The hints that you took, by `dlkit hint`: for each function, the last level. It is handed in with your work.
Hints cost no points."""


class HintError(DlkitError):
    """A hint cannot be given or kept; the sentence says why and what to do."""

    status = 2


@dataclass(frozen=True)
class Told:
    """The hints on one function, up to a level."""

    function: str
    texts: tuple[str, ...]

    @property
    def level(self) -> int:
        """The last level that is told."""
        return len(self.texts)

    @property
    def lines(self) -> list[str]:
        """The hints for people, the newest last."""
        return [f"{number} of {LEVELS}, {KINDS[number - 1]}: {text}" for number, text in enumerate(self.texts, 1)]


def hinted(spec: Assignment, function: str) -> tuple[str, ...]:
    """The levels of a function.

    Raises:
        HintError: it has none, or the assignment has no such function.
    """
    known = spec.levels
    if function in known:
        return known[function]
    if not known:
        raise HintError(f"{spec.name} has no hints for derivations. `dlkit grade {spec.name}` gives a hint with a wrong answer.")
    there = f"There are hints for: {', '.join(known)}."
    if function in {check.function for check in spec.checks}:
        raise HintError(f"There is nothing to derive for {function}: its docstring has the definition. {there}")
    raise HintError(f"{spec.name} has no function {function!r}.{meant(function, known, f' {there}')}")


def taken(folder: Path) -> dict[str, int]:
    """The last level that was taken of each function; none where there is no file.

    Raises:
        HintError: the file is there and cannot be read.
        SubmissionError: it is no plain file.
    """
    found = kept(folder, HINT, "the hints that you took", HintError).values()
    odd = next((one.question for one in found if one.answer not in {str(level + 1) for level in range(LEVELS)}), "")
    if odd:
        what = f"the level of {odd!r}, which must be 1, 2 or 3"
        raise HintError(f"{folder / FILE} holds the hints that you took, and dlkit would lose {what}. Correct the file")
    return {one.question: int(one.answer) for one in found}


def tell(folder: Path, spec: Assignment, function: str, level: int | None = None) -> Told:
    """The hints on a function up to a level, by default the next one; that it was taken is kept.

    Args:
        folder: of the work.
        spec: of the assignment.
        function: what is derived.
        level: from 1 to 3.

    Raises:
        HintError: there is no such hint, or the file of hints cannot be read.
        OSError: the file cannot be written.
    """
    texts = hinted(spec, function)
    before = taken(folder)
    wanted = min(before.get(function, 0) + 1, LEVELS) if level is None else level
    if not 1 <= wanted <= LEVELS:
        raise HintError(f"`level` must be from 1 to {LEVELS}. Received: {level}.")
    if wanted > before.get(function, 0):
        levels = {**before, function: wanted}
        responses = [Response(HINT, name, str(number)) for name, number in levels.items()]
        write_file(folder / FILE, written(responses, spec.name, ABOUT).encode())
    return Told(function, texts[:wanted])
