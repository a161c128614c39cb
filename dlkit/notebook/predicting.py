"""`dlkit.predict`: questions before results, in a notebook; the results are computed by the functions that it defines."""

from __future__ import annotations

import base64
import html
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.text import meant
from autograder.text.errors import DlkitError
from dlkit import course
from dlkit.notebook.checking import UncheckedError, chosen, opened
from dlkit.notebook.lines import as_html
from dlkit.notebook.typed import NoSourceError, defined, needed, typed

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.assignment.predictions import Predictions, Question
    from autograder.submission.responses import Response
    from dlkit.predicting.showing import Shown

Answer = str | float | Sequence[float] | None


@dataclass(frozen=True, repr=False)
class Prediction:
    """What `dlkit.predict` shows: questions, or a prediction beside its result. A notebook shows it with the figure.

    Attributes:
        lines: what is said, line by line.
        shown: the prediction and its result; None where there is none.
    """

    lines: tuple[str, ...] = ()
    shown: Shown | None = field(default=None)

    def __repr__(self) -> str:
        return "\n".join(self.lines)

    def _repr_html_(self) -> str:
        said = as_html(self.lines)
        if self.shown is None or not self.shown.figure:
            return said
        data = base64.b64encode(self.shown.figure).decode()
        about = html.escape(f"{self.shown.question.name}: your prediction and the result, as told above")
        return f'{said}<img alt="{about}" style="max-width: 100%" src="data:image/png;base64,{data}">'


def predict(question: str | None = None, answer: Answer = None, *, assignment: str | Path | None = None) -> Prediction:
    """Answer a question about a result before you see it; then see it, computed by your own functions.

    Args:
        question: its name; by default, all questions are listed.
        answer: the number of an option, a number, or five numbers for a curve; None shows the question, or the result if you
            have answered.
        assignment: such as "hw4", or its folder; by default the one of `dlkit.assignment`.

    Returns:
        The questions, or your prediction beside the result. A notebook shows the figure, too. Predictions are never graded.
    """
    from autograder.sandbox.worker import INSIDE

    if INSIDE in os.environ:
        return Prediction(("dlkit.predict does nothing while a notebook is being graded.",))
    try:
        return _predict(question, answer, assignment)
    except (UncheckedError, NoSourceError, course.CourseError, DlkitError) as error:
        return Prediction((str(error),))
    except OSError as error:
        return Prediction((f"Your prediction was not kept: {error.filename} cannot be written: {error.strerror}.",))


def _predict(name: str | None, answer: Answer, wanted: str | Path | None) -> Prediction:
    from autograder.assignment.predictions.loading import load
    from dlkit.predicting.keeping import answered, keep, kept

    folder = chosen(wanted)
    spec = opened(folder)[0]
    predictions = load(folder, spec)
    if predictions is None:
        raise UncheckedError(f"{spec.name} has no questions to predict.")
    responses = kept(folder)
    if name is None:
        return Prediction(tuple(line for one in predictions.questions for line in _asked(one, responses.get(one.name))))
    question = _named(predictions, name)
    if answer is not None:
        try:
            text = question.read(_text_of(answer))
        except ValueError as error:
            raise UncheckedError(f"{name} expects {error}. Received: {answer!r}.") from None
        responses[name] = answered(responses.get(name), question, text)
        keep(folder, spec.name, responses)
    if name not in responses:
        return Prediction(tuple(_asked(question, None)))
    return _result(folder, spec, predictions, question, responses)


def _named(predictions: Predictions, name: str) -> Question:
    try:
        return predictions.question(name)
    except KeyError:
        known = [one.name for one in predictions.questions]
        hint = meant(name, known, f" There are: {', '.join(known)}.")
        raise UncheckedError(f"There is no question {name!r}.{hint}") from None


def _text_of(answer: Answer) -> str:
    if isinstance(answer, str | float | int):
        return str(answer)
    try:
        return ", ".join(str(float(number)) for number in answer or ())
    except (TypeError, ValueError):
        return repr(answer)


def _asked(question: Question, response: Response | None) -> list[str]:
    """A question as text, with what was answered or how to answer."""
    options = [f"  {number}. {text}" for number, text in enumerate(getattr(question, "options", ()), 1)]
    call = f'  dlkit.predict("{question.name}", answer)   with {question.how}'
    return [f"{question.name}: {question.ask}", *options, f"  your prediction: {response.answer}" if response else call]


def _result(
    folder: Path, spec: Assignment, predictions: Predictions, question: Question, responses: dict[str, Response]
) -> Prediction:
    """The result of a question that was answered; it is kept with the prediction."""
    from dlkit.predicting.keeping import keep
    from dlkit.predicting.report import rows_of
    from dlkit.predicting.showing import Course, shown

    spec, references, workers = opened(folder)
    course_ = Course(spec, folder, predictions, references, workers)
    (found,) = shown(course_, _files(folder, spec, question), responses, [question])
    responses[question.name] = found.response
    keep(folder, spec.name, responses)
    lines = [f"{question.name}: {question.ask}", *(f"  {label}: {text}" for label, text in rows_of(found))]
    return Prediction(tuple(lines), found)


def _files(folder: Path, spec: Assignment, question: Question) -> dict[str, str]:
    """The functions of this notebook, if it defines one that the question needs; otherwise those of the assignment's folder."""
    from autograder.submission import take_in

    try:
        source = typed()
        if defined(source) & set(question.needs):
            module = Path(spec.files[0]).stem
            checks = spec.needed_by([one for one in spec.checks if one.function in question.needs])
            return {spec.files[0]: needed(source, {one.function for one in checks}, module)}
    except NoSourceError:
        pass
    return dict(take_in(folder, spec.files, own=True).files)
