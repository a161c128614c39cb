"""What is a variable: an array, a tensor, a list? And of which dtype?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograder.asking.calls import Call
from autograder.asking.facts import CallFacts, Line, Seen
from autograder.asking.kinds.subject import WRONG_MOST, Subject, held, shuffled
from autograder.asking.question import Question

# Each with what it is taken for. A tf.Variable is a tensor to some, so the two are never offered together.
WORDS = {
    "array": "a NumPy array",
    "tensor": "a TensorFlow tensor",
    "variable": "a tf.Variable",
    "list": "a list",
    "tuple": "a tuple",
    "dict": "a dict",
    "float": "a Python float",
    "whole number": "a Python int",
}
TAKEN_FOR = {
    "array": ("tensor", "list", "tuple"),
    "tensor": ("array", "list", "float"),
    "variable": ("array", "list", "float"),
    "list": ("array", "tuple", "dict"),
    "tuple": ("list", "array", "dict"),
    "dict": ("list", "tuple", "array"),
    "float": ("array", "tensor", "whole number"),
    "whole number": ("float", "array", "tensor"),
}
DTYPES = ("float64", "float32", "int64", "bool", "int32")


def questions(subject: Subject, rng: Any) -> Iterator[Question]:
    """One for each variable that is always of one kind, and one for its dtype."""
    for call, seen in subject.returned():
        for line in subject.lines():
            for name in line.targets:
                one = _always(seen, line, name)
                if one is not None and not line.constant:
                    yield from _of_kind(subject, rng, call, line, name, one)
                    yield from _of_dtype(subject, rng, call, line, name, one)


def _always(seen: CallFacts, line: Line, name: str) -> Seen | None:
    """What a variable holds after a line, if it is the same kind of thing in every run, each time."""
    values = [value for trace in seen.traces for value in held(trace, line.line, name)]
    count = seen.trace.counts.get(line.line, 0)
    same = len({(value.kind, value.dtype, value.exact, value.shape == ()) for value in values}) == 1
    return values[0] if same and count <= len(held(seen.trace, line.line, name)) else None


def _of_kind(subject: Subject, rng: Any, call: Call, line: Line, name: str, one: Seen) -> Iterator[Question]:
    if one.kind not in WORDS or (one.shape == () and not one.exact):  # a single number of NumPy's is a float to some
        return
    place, right = subject.where(line.line), WORDS[one.kind]
    yield subject.question(
        "type",
        call,
        line.line,
        f"What is `{name}` after {place}?",
        right,
        shuffled(rng, right, [WORDS[kind] for kind in TAKEN_FOR[one.kind]]),
        f"In this call, `{name}` is {right} after {place}.",
        {"what": "type", "call": call.id, "line": line.line, "name": name},
        0.5,
    )


def _of_dtype(subject: Subject, rng: Any, call: Call, line: Line, name: str, one: Seen) -> Iterator[Question]:
    if one.kind not in ("array", "tensor") or one.dtype not in DTYPES[:4]:
        return
    place = subject.where(line.line)
    wrong = [dtype for dtype in DTYPES if dtype != one.dtype][:WRONG_MOST]
    yield subject.question(
        "dtype",
        call,
        line.line,
        f"What is the dtype of `{name}` after {place}?",
        one.dtype,
        shuffled(rng, one.dtype, wrong),
        f"In this call, `{name}` has the dtype {one.dtype} after {place}.",
        {"what": "dtype", "call": call.id, "line": line.line, "name": name},
        0.3 if one.dtype == "float64" else 0.8,
    )
