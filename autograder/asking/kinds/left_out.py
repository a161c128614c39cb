"""What would change without a line: one of four outcomes, of which each call has exactly one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograder.asking.calls import Call
from autograder.asking.facts import CallFacts, LeftOut
from autograder.asking.kinds.subject import Subject
from autograder.asking.question import Question

OUTCOMES = {
    "error": "It raises an error.",
    "form": "It returns something of another shape, or of another type.",
    "numbers": "It returns the same shape and type, but other numbers (or nan).",
    "same": "It returns exactly the same.",
}
SURE = 3  # runs with other numbers in which nothing changes either


def questions(subject: Subject, rng: Any) -> Iterator[Question]:
    """One for each line, where the outcome is clear."""
    for call, seen in subject.returned():
        for one in seen.without:
            if is_clear(call, seen, one):
                yield _question(subject, call, one)


def is_clear(call: Call, seen: CallFacts, one: LeftOut) -> bool:
    """Whether nobody can see the outcome in another way.

    Where the arrays are only named, it must be the same for all numbers; and that nothing changes must hold for several draws.
    """
    if one.outcome == "unclear" or (seen.random and one.outcome in ("numbers", "same")):
        return False
    if one.outcome == "same" or not call.literal:
        return len(one.outcomes) >= SURE and set(one.outcomes) == {one.outcome}
    return True


def _question(subject: Subject, call: Call, one: LeftOut) -> Question:
    place = subject.where(one.line)
    happens = {
        "error": f"the call raises {one.error}",
        "form": f"the call returns {_form(one)}",
        "numbers": "the call returns other numbers",
        "same": "the call returns exactly the same; so do calls with other numbers",
    }[one.outcome]
    return subject.question(
        "left out",
        call,
        one.line,
        f"What does this call do if {place}, `{subject.code(one.line)}`, is replaced by `pass`?",
        OUTCOMES[one.outcome],
        OUTCOMES.values(),
        f"With `pass` in place of {place}, {happens}.",
        {"what": "left out", "call": call.id, "line": one.line},
        {"error": 0.6, "form": 1.2, "numbers": 1.0, "same": 1.2}[one.outcome],
    )


def _form(one: LeftOut) -> str:
    if one.result.kind == "None":
        return "None"
    if one.result.kind in ("list", "tuple", "dict"):
        return f"a {one.result.kind} with other parts"
    return f"something of shape {one.result.shape}" if one.result.shape is not None else "something of another form"
