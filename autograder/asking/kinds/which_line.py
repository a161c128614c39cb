"""Which line does it: of a few lines, the one without which a call returns what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograder.asking.calls import Call
from autograder.asking.facts import CallFacts, LeftOut
from autograder.asking.kinds.left_out import is_clear
from autograder.asking.kinds.subject import WRONG_LEAST, WRONG_MOST, Subject, alike, shuffled, written
from autograder.asking.question import Question

SIZE_MOST = 6  # entries of a result that is shown


def questions(subject: Subject, rng: Any) -> Iterator[Question]:
    """One for each line whose absence shows in a way of its own."""
    for call, seen in subject.returned():
        clear = [one for one in seen.without if is_clear(call, seen, one)]
        for one in clear:
            words = _words(call, seen, one)
            wrong = [other for other in clear if other.line != one.line and _differs(one, other)]
            texts = {_option(subject, other) for other in wrong}
            if words and len(texts) >= WRONG_LEAST and _option(subject, one) not in texts:
                yield _question(subject, rng, call, seen, one, wrong, words)


def _words(call: Call, seen: CallFacts, one: LeftOut) -> str:
    """What the call does without the line, "" if it cannot be shown."""
    if one.outcome == "error":
        return f"raises {one.error}" if one.error not in ("NameError", "UnboundLocalError") else ""
    result = one.result
    if one.outcome == "form" and result.shape is not None and result.shape != seen.result.shape:
        return f"returns something of shape {result.shape}"
    shown = result.numbers is not None and 0 < len(result.numbers) <= SIZE_MOST and result.shape == seen.result.shape
    if one.outcome == "numbers" and call.literal and shown and not alike(result, seen.result):
        return f"returns {written(result)}"
    return ""


def _differs(one: LeftOut, other: LeftOut) -> bool:
    """Whether nobody can take what happens without one line for what happens without the other."""
    if one.outcome != other.outcome:
        return True
    if one.outcome == "error":
        return one.error != other.error
    if one.outcome == "form":
        return other.result.shape is not None and other.result.shape != one.result.shape
    return one.outcome == "numbers" and not alike(one.result, other.result)


def _option(subject: Subject, one: LeftOut) -> str:
    return f"{subject.where(one.line)}: {subject.code(one.line)}"


def _question(
    subject: Subject, rng: Any, call: Call, seen: CallFacts, one: LeftOut, others: list[LeftOut], words: str
) -> Question:
    few = [others[place] for place in rng.permutation(len(others))][:WRONG_MOST]
    right, wrong = _option(subject, one), [_option(subject, other) for other in few]
    before = f"This call returns {written(seen.result)}. " if words.startswith("returns [") or one.outcome == "numbers" else ""
    return subject.question(
        "which line",
        call,
        one.line,
        f"{before}With `pass` in place of one of these lines, it {words}. Which line is it?",
        right,
        shuffled(rng, right, wrong),
        f"With `pass` in place of {subject.where(one.line)}, the call {words}; with `pass` in place of the others, it does not.",
        {
            "what": "which line",
            "call": call.id,
            "line": one.line,
            "words": words,
            "lines": {_option(subject, other): other.line for other in (one, *few)},
        },
        1.3,
    )
