"""Showing: the results that a student has predicted, computed by their own functions where these pass, with figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.assignment import Assignment, solutions_folder
from autograder.assignment.predictions import Curve, Number, Predictions, Question
from autograder.checks.base import Case
from autograder.grading.bench import laid_out
from autograder.grading.revealing import Revealed, revealed
from autograder.outcome import Outcome
from dlkit.figures import FIGURES
from dlkit.passing import failing
from dlkit.predicting.drawing import PREFIX, SOURCE, figures_of
from dlkit.predicting.keeping import judged, with_result

if TYPE_CHECKING:
    from autograder.grading.references import References
    from autograder.sandbox.workers import Source
    from autograder.submission.responses import Response

OWN, REFERENCE = "your own functions", "the reference"
STARTS = {"png": b"\x89PNG\r\n\x1a\n", "svg": b"<?xml"}
Told = Callable[[str], None]


@dataclass(frozen=True)
class Shown:
    """A question, its prediction, and what came of it.

    Attributes:
        question: what was asked.
        response: the prediction, with the result where it is known.
        result: the result, or why there is none.
        whose: with whose functions it was computed.
        figure: the picture, "" in bytes without one.
        pictured: the name of the picture's file, without its suffix.
        waits: the questions that the lecture's figure would give away: it is drawn once these are answered.
    """

    question: Question
    response: Response
    result: Revealed
    whose: str = OWN
    figure: bytes = b""
    pictured: str = ""
    waits: tuple[str, ...] = ()

    @property
    def right(self) -> bool | None:
        """Whether the first answer is right; None where that is not known."""
        return judged(self.response.answer, self.result)


@dataclass(frozen=True)
class Course:
    """What results are computed with.

    Attributes:
        assignment, folder: the assignment.
        predictions: its questions.
        references: where the expected answers come from.
        workers: where workers come from.
    """

    assignment: Assignment
    folder: Path
    predictions: Predictions
    references: References
    workers: Source


def shown(
    course: Course,
    files: Mapping[str, str],
    responses: Mapping[str, Response],
    questions: Sequence[Question],
    *,
    kind: str = "png",
    tell: Told = lambda what: None,
) -> list[Shown]:
    """The results of questions that were answered.

    Args:
        course: the assignment, its questions and its workers.
        files: the student's.
        responses: the predictions, by question.
        questions: which.
        kind: of the pictures, "png" or "svg"; "" for none.
        tell: told what is being done, in a few words.

    Raises:
        NotInstalledError: a library that is needed is not installed.
    """
    lacking = _lacking(course, files, questions, tell)
    mine = [one for one in questions if one.name not in lacking]
    others = [one for one in questions if one.name in lacking]
    found = {one.question.name: one for one in _with(course, files, mine, responses, OWN, kind, tell)}
    if others and (reference := _reference(course)):
        found |= {one.question.name: one for one in _with(course, reference, others, responses, REFERENCE, kind, tell)}
    for one in others:
        waiting = Revealed(one, None, f"it needs {lacking[one.name]}; come back when it does")
        found.setdefault(one.name, Shown(one, responses[one.name], waiting))
    return [found[one.name] for one in questions]


def _lacking(course: Course, files: Mapping[str, str], questions: Sequence[Question], tell: Told) -> dict[str, str]:
    """For each question whose functions do not all pass, the first to work on: one that only waits for others comes last."""
    needed = list(dict.fromkeys(name for one in questions for name in one.needs))
    tell("checking your functions")
    wrong = failing(course.assignment, course.references, course.workers, files, needed)
    found: dict[str, str] = {}
    for one in questions:
        if lacking := [name for name in one.needs if name in wrong]:
            first = min(lacking, key=lambda name: wrong[name] == Outcome.SKIPPED.words)
            waits = wrong[first] == Outcome.SKIPPED.words
            found[one.name] = f"`{first}`, which " + (
                "waits for a function that does not pass yet" if waits else "does not pass yet"
            )
    return found


def _reference(course: Course) -> dict[str, str]:
    """The reference's files, where there is one: for authors and instructors."""
    folder = solutions_folder(course.folder, course.assignment.name)
    paths = {name: folder / name for name in course.assignment.files}
    if not all(path.is_file() for path in paths.values()):
        return {}
    return {name: path.read_text(encoding="utf-8") for name, path in paths.items()}


def _with(
    course: Course,
    files: Mapping[str, str],
    questions: Sequence[Question],
    responses: Mapping[str, Response],
    whose: str,
    kind: str,
    tell: Told,
) -> Iterator[Shown]:
    """The results that some functions compute, with their pictures."""
    if not questions:
        return
    computed = revealed(course.predictions, course.assignment, files, course.workers, questions, lambda one: tell(one.name))
    found = []
    for one in computed:
        response = with_result(responses[one.question.name], one)
        found.append(Shown(one.question, response, one, whose, waits=_waits(course.predictions, one.question, responses)))
    figures = _figures(course, files, found, kind, tell) if kind else {}
    for each in found:
        picture = figures.get(each.question.figure, b"")
        if picture or not kind or each.result.found is None:
            yield replace(each, figure=picture, pictured=each.question.figure if picture else "")
        else:
            yield replace(each, figure=_plain(each, kind), pictured=each.question.name)


def _waits(predictions: Predictions, question: Question, responses: Mapping[str, Response]) -> tuple[str, ...]:
    """The questions without an answer that the figure of this one would give away."""
    same = [one.name for one in predictions.questions if one.figure and one.figure == question.figure]
    return tuple(name for name in same if name not in responses)


def _figures(course: Course, files: Mapping[str, str], several: Sequence[Shown], kind: str, tell: Told) -> dict[str, bytes]:
    """The lecture's figures that show these results, by name, with the predictions in them, as far as they can be drawn."""
    known = [one for one in several if one.result.found is not None and one.question.figure in FIGURES and not one.waits]
    wanted = list(dict.fromkeys(one.question.figure for one in known))
    drawings = {check.figure: check for check in figures_of(course.predictions) if check.figure in wanted}
    if not wanted:
        return {}
    spec = course.assignment
    source = SOURCE.format(files=list(spec.files))
    asked = course.predictions.for_worker(spec.name, spec.files, source, spec.budget)
    asked = replace(asked, checks=[*asked.checks, *drawings.values()])
    found: dict[str, bytes] = {}
    with laid_out(asked, course.workers, files, drawings.values()) as (bench, wrong):
        if wrong:
            return {}
        for name in wanted:
            tell(f"drawing {name}")
            marks = json.dumps([_mark(one) for one in known if one.question.figure == name])
            case = Case({"marks": marks, "kind": kind}, contract=spec.contract)
            seen = bench.ask(drawings[name], PREFIX + name, case).observation.get("figure")
            data = seen.tobytes() if isinstance(seen, np.ndarray) and seen.dtype == np.uint8 else b""
            if data.startswith(STARTS[kind]):
                found[name] = data
    return found


def _mark(one: Shown) -> dict[str, Any]:
    """What is drawn of a prediction into a figure."""
    assert one.result.found is not None  # noqa: S101 - asked by who calls
    question, answer = one.question, one.response.answer
    quote = "" if isinstance(question, Number | Curve) else '"'
    text = f"{question.name}: you predicted {quote}{answer}{quote}; it is {quote}{one.result.found.expected}{quote}"
    found: dict[str, Any] = {"text": text}
    if question.place and isinstance(question, Number | Curve):
        panel, _, axis = question.place.partition(" ")
        numbers = [float(part) for part in answer.split(",")]
        label = f"your prediction: {question.name}"
        found |= {"label": label, "panel": int(panel), "axis": axis, "numbers": numbers, "at": list(getattr(question, "at", ()))}
    return found


def _plain(one: Shown, kind: str) -> bytes:
    from dlkit.figures.style import rendered
    from dlkit.predicting.plain import plain

    assert one.result.found is not None  # noqa: S101 - asked by who calls
    return rendered(plain(one.question, one.response.answer, one.result.found), kind)
