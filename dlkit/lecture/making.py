"""From a graded class to the lecture: the three commonest mistakes of which there is invented code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from autograder.assignment import Assignment, load, solutions_folder
from autograder.classroom.gradebook import Gradebook
from autograder.classroom.marks import Mark
from autograder.grading.bench import HANDLER
from autograder.grading.references import References, keeping_folder
from autograder.sandbox.workers import source
from autograder.text.errors import DlkitError
from dlkit.lecture.choosing import Common, commonest, graded
from dlkit.lecture.inventing import Inventor, NotInventedError
from dlkit.lecture.pages import Lecture, Topic
from dlkit.lecture.picturing import picture
from dlkit.lecture.questions import question
from dlkit.lecture.trying import Trials

MOST = 3  # mistakes on a page


class LectureError(DlkitError):
    """There is nothing to show, or nothing to make it from; the sentence says what to do."""


def lecture_of(
    book: Gradebook,
    folder: Path,
    marks: Sequence[Mark],
    *,
    least: int,
    show_reference: bool,
    say: Callable[[str], None] = lambda line: None,
) -> Lecture:
    """What the pages show of a class.

    Args:
        book: the gradebook.
        folder: of the assignment, with `solutions/` beside `assignments/`.
        marks: everybody's.
        least: how many submissions a mistake must have to be shown.
        show_reference: whether lines of the reference may be shown.
        say: told what is being done.

    Raises:
        LectureError: no mistake is common enough, or the solutions are not here.
        SpecError: the assignment is broken.
    """
    spec = load(folder)
    solutions = solutions_folder(folder, spec.name)
    if not solutions.is_dir():
        raise LectureError(f"invented code is made from solutions/{spec.name}, which is not here. Run this where it is")
    found = commonest(book, spec.name, marks, least)
    if not found:
        raise LectureError(f"no mistake in {spec.name} was made in {least} submissions or more, so there is nothing to show")
    with source(HANDLER) as workers, References(spec, solutions, keeping_folder(), workers) as references:
        workers.warm([*spec.imports, *(name for check in spec.checks for name in check.imports)])
        topics, left_out = _topics(book, spec, references, found, show_reference, say)
    if not topics:
        raise LectureError(f"of no common mistake in {spec.name} there is invented code: {left_out[0]}")
    return Lecture(spec.name, spec.title, topics, len(graded(marks)), least, left_out)


def _topics(
    book: Gradebook,
    spec: Assignment,
    references: References,
    found: Sequence[Common],
    show_reference: bool,
    say: Callable[[str], None],
) -> tuple[list[Topic], list[str]]:
    inventor, trials = Inventor(book, references, book.seed(spec.name)), Trials(references)
    topics: list[Topic] = []
    left_out: list[str] = []
    for one in found:
        if len(topics) == MOST:
            break
        say(f"{one.check}: {one.id or 'not named yet'}")
        try:
            invented = inventor.invent(one)
        except NotInventedError as error:
            name = f" ({one.id})" if one.id else ""
            left_out.append(f"`{one.check}`{name}, made by {one.students} students: {error}")
            continue
        drawn = picture(invented, trials)
        used = [topic.question.kind for topic in topics if topic.question]
        asked = question(invented, trials, used, lines=show_reference)
        topics.append(Topic(invented, drawn, asked, show_reference))
    return topics, left_out
