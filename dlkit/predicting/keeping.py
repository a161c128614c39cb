"""Keeping: a student's predictions in predictions.toml, beside the work and handed in with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from autograder.assignment.predictions import Question
from autograder.grading.revealing import Revealed
from autograder.submission.responses import PREDICTION, Response, written
from autograder.text.errors import DlkitError
from dlkit.kept import kept as read
from dlkit.kept import name_of
from dlkit.writing import write_file

FILE = name_of(PREDICTION)
ABOUT = """\
What you predicted, by `dlkit predict`. It is handed in with your work.
Nobody grades it: a wrong prediction costs no points."""


class PredictionError(DlkitError):
    """A prediction cannot be kept or shown; the sentence says why and what to do."""


def kept(folder: Path) -> dict[str, Response]:
    """The predictions that a student has made, by question; none where there is no file.

    Raises:
        PredictionError: the file is there and cannot be read.
        SubmissionError: it is no plain file.
    """
    return read(folder, PREDICTION, "your predictions", PredictionError)


def keep(folder: Path, assignment: str, responses: Mapping[str, Response]) -> None:
    """Write all predictions of an assignment, or none.

    Raises:
        OSError: the file cannot be written.
    """
    write_file(folder / FILE, written(list(responses.values()), assignment, ABOUT).encode())


def answered(before: Response | None, question: Question, answer: str) -> Response:
    """A prediction as it is kept: the first answer stays, and what it was changed to stands beside it."""
    if before is None:
        return Response(PREDICTION, question.name, answer, prompt=question.ask)
    return replace(before, second="" if answer == before.answer else answer, prompt=question.ask)


def with_result(response: Response, result: Revealed) -> Response:
    """A prediction with what was right; unchanged where that is not known."""
    if result.found is None:
        return response
    return replace(response, expected=result.found.expected, right=judged(response.answer, result))


def judged(answer: str, result: Revealed) -> bool | None:
    """Whether an answer is right; None where that is not known, or the answer is to an older form of the question."""
    if result.found is None:
        return None
    try:
        return result.question.judge(result.question.read(answer), result.found)
    except ValueError:
        return None
