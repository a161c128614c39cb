"""What is the value of a variable after a line, with another input?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from autograder.asking.calls import Call
from autograder.asking.facts import CallFacts, Line, Seen
from autograder.asking.kinds.subject import (
    TIMES,
    WRONG_LEAST,
    Subject,
    alike,
    held,
    is_number,
    shuffled,
    taken,
    when,
    written,
)
from autograder.asking.question import Question

TYPED_MOST = 1e4  # a number that is to be typed has four digits at most before the point
SIZE_MOST = 6  # entries of a value that somebody can work out


def questions(subject: Subject, rng: Any) -> Iterator[Question]:
    """One for each variable that holds a few numbers; in a loop, for one of the first few times."""
    for call, seen in subject.returned():
        if not call.literal or seen.random:
            continue
        for line in subject.lines():
            if line.constant or line.kind != "assign":
                continue
            for name in line.targets:
                values = held(seen.trace, line.line, name)
                count = seen.trace.counts.get(line.line, 0)
                if values and count >= len(values):
                    time = int(rng.integers(min(len(values), len(TIMES))))
                    if _askable(values[time]):
                        yield from _question(subject, rng, call, seen, line, name, time)


def _askable(value: Seen) -> bool:
    return is_number(value) and value.numbers is not None and 0 < len(value.numbers) <= SIZE_MOST


def _question(subject: Subject, rng: Any, call: Call, seen: CallFacts, line: Line, name: str, time: int) -> Iterator[Question]:
    values = held(seen.trace, line.line, name)
    right = values[time]
    read = [one.values[time] for one in seen.otherwise if (one.line, one.name) == (line.line, name) and len(one.values) > time]
    before = [value for (_, other), several in seen.trace.values.items() if other == name for value in several]
    others = [value for (_, other), several in seen.trace.values.items() if other != name for value in several[:1]]
    first = _apart(right, [*read, *before])
    then = _apart(right, others, first)
    wrong = taken(rng, [written(value) for value in first], [written(value) for value in then if value.shape == right.shape])
    place = subject.where(line.line)
    count = seen.trace.counts[line.line]
    text = f"What is the value of `{name}` after {place} has run{when(count, time)}?"
    evidence = f"In this call, `{name}` is {written(right)} after {place} has run{when(count, time)}."
    probe = {"what": "value", "call": call.id, "line": line.line, "name": name, "time": time}
    if len(wrong) >= WRONG_LEAST:
        options = shuffled(rng, written(right), wrong)
        yield subject.question(
            "value", call, line.line, f"{text} (Four digits.)", written(right), options, evidence, probe, _ease(right)
        )
    elif not right.shape and right.kind != "truth value" and abs(right.numbers[0] if right.numbers else math.inf) < TYPED_MOST:
        asked = f"{text} Type the number."
        yield subject.question("value", call, line.line, asked, written(right), (), evidence, probe, 0.8 * _ease(right))


def _apart(right: Seen, values: list[Seen], also: list[Seen] | None = None) -> list[Seen]:
    """Those of the values that nobody takes for the right one, or for one another."""
    found: list[Seen] = []
    for value in values:
        if _askable(value) and not any(alike(value, other) for other in (right, *(also or ()), *found)):
            found.append(value)
    return found


def _ease(value: Seen) -> float:
    """How well it can be worked out: short numbers, and few of them."""
    numbers = value.numbers or ()
    short = all(abs(number - round(number, 2)) < 1e-9 for number in numbers)
    return (1.0 if short else 0.4) * (1.0 if len(numbers) <= 3 else 0.6)
