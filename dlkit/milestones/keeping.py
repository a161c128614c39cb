"""Keeping: what came of a milestone in milestone.toml, beside the work and handed in with it. Nobody grades it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.grading.reaching import Reached
from autograder.submission.responses import MILESTONE, NOT_RUN, Response, written
from autograder.text.errors import DlkitError
from dlkit.kept import kept as read
from dlkit.kept import name_of
from dlkit.writing import write_file

FILE = name_of(MILESTONE)
ABOUT = """\
What came of the milestone, by `dlkit milestone`. It is handed in with your work.
Nobody grades it: a step that is not reached costs no points."""


class KeepingError(DlkitError):
    """The file beside the work cannot be used; the sentence says why and what to do."""


def kept(folder: Path) -> dict[str, Response]:
    """What came of each step the last time; nothing where there is no file.

    Raises:
        KeepingError: the file is there and cannot be read.
        SubmissionError: it is no plain file.
    """
    return read(folder, MILESTONE, "your milestone", KeepingError)


def keep(folder: Path, assignment: str, before: dict[str, Response], results: Sequence[Reached], order: Sequence[str]) -> None:
    """Write what came of the steps that ran, in place of what came of them before; other steps stay as they are.

    Args:
        folder: of the assignment.
        assignment: its name.
        before: what is in the file.
        results: of the steps that ran.
        order: the names of all steps of the milestone; one that is not in it any more is left out.

    Raises:
        OSError: the file cannot be written.
    """
    found = {**before, **{one.step.name: response(one) for one in results}}
    listed = [found[name] for name in order if name in found]
    write_file(folder / FILE, written(listed, assignment, ABOUT).encode())


def response(one: Reached) -> Response:
    """What came of a step, in the form in which it is kept."""
    answer = one.step.form.format(one.learned.value) if one.learned is not None else f"{NOT_RUN}: {one.why_not}"
    return Response(MILESTONE, one.step.name, answer, one.step.bound, one.kept, f"{one.step.shows} ({one.step.measures})")
