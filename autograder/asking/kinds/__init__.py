"""The kinds of questions: each module makes the questions of one kind out of what was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from autograder.asking.kinds import branch, count, dtype, left_out, name, shape, value, which_line
from autograder.asking.kinds.subject import Subject
from autograder.asking.question import Question

KINDS: tuple[Callable[[Subject, Any], Iterator[Question]], ...] = (
    shape.questions,
    value.questions,
    count.questions,
    left_out.questions,
    which_line.questions,
    branch.questions,
    dtype.questions,
    name.questions,
)


def all_questions(subject: Subject, rng: Any) -> Iterator[Question]:
    """Every question that can be asked about a function."""
    for questions in KINDS:
        yield from questions(subject, rng)
