"""What is the shape of a variable after a line?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from autograder.asking.calls import Call
from autograder.asking.facts import CallFacts, Line
from autograder.asking.kinds.subject import WRONG_LEAST, Subject, held, is_number, shuffled, taken
from autograder.asking.question import Question

Shape = tuple[int, ...]


def questions(subject: Subject, rng: Any) -> Iterator[Question]:
    """One for each variable that has the same shape whenever its line has run."""
    for call, seen in subject.returned():
        for line in subject.lines():
            for name in line.targets:
                shape = _shape(seen, line, name)
                if shape:
                    yield from _question(subject, rng, call, seen, line, name, shape)


def _shape(seen: CallFacts, line: Line, name: str) -> Shape | None:
    """The shape of a variable after a line, if it is always the same in every run."""
    values = [value for trace in seen.traces for value in held(trace, line.line, name)]
    runs = all(held(trace, line.line, name) for trace in seen.traces)
    shapes = {value.shape for value in values if value.kind in ("array", "tensor", "variable") and is_number(value)}
    often = max((trace.counts.get(line.line, 0) for trace in seen.traces), default=0)
    plain = len(shapes) == 1 and all(value.shape is not None for value in values)
    return shapes.pop() if runs and plain and often <= len(held(seen.trace, line.line, name)) else None


def _question(subject: Subject, rng: Any, call: Call, seen: CallFacts, line: Line, name: str, shape: Shape) -> Iterator[Question]:
    read = [
        one.values[0].shape
        for one in seen.otherwise
        if (one.line, one.name) == (line.line, name) and one.values[0].shape is not None
    ]
    others = [value.shape for values in seen.trace.values.values() for value in values[:1] if value.shape]
    first = [str(other) for other in dict.fromkeys(read) if other != shape]
    then = [str(other) for other in dict.fromkeys([*others, *_misread(shape)]) if other != shape]
    wrong = taken(rng, first, then)
    if len(wrong) < WRONG_LEAST:
        return
    place = subject.where(line.line)
    yield subject.question(
        "shape",
        call,
        line.line,
        f"What is the shape of `{name}` after {place}?",
        str(shape),
        shuffled(rng, str(shape), wrong),
        f"In this call, `{name}` has the shape {shape} after {place}.",
        {"what": "shape", "call": call.id, "line": line.line, "name": name},
        1.0 if len(shape) > 1 else 0.6,
    )


def _misread(shape: Shape) -> Iterator[Shape]:
    """The shapes that people take it for: transposed, with an axis too many or too few, off by one."""
    yield shape[::-1]
    yield (*shape, 1)
    yield (1, *shape)
    for place in range(len(shape)):
        yield (*shape[:place], *shape[place + 1 :])
        yield (*shape[:place], shape[place] + 1, *shape[place + 1 :])
        if shape[place] > 1:
            yield (*shape[:place], shape[place] - 1, *shape[place + 1 :])
    for one, other in pairwise(shape):
        yield (one * other,)
