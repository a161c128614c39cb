"""How often does a line run?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograder.asking.calls import Call
from autograder.asking.facts import CallFacts, Line
from autograder.asking.kinds.subject import WRONG_LEAST, Subject, shuffled, taken
from autograder.asking.question import Question

MOST = 400  # times that somebody can work out


def questions(subject: Subject, rng: Any) -> Iterator[Question]:
    """One for each line of a loop that runs as often in every run of a call."""
    for call, seen in subject.returned():
        for line in subject.lines():
            counts = {trace.counts.get(line.line, 0) for trace in (seen.traces[:1] if call.literal else seen.traces)}
            if line.loops and not line.comprehends and len(counts) == 1 and not seen.random:
                yield from _question(subject, rng, call, seen, line, counts.pop())


def _question(subject: Subject, rng: Any, call: Call, seen: CallFacts, line: Line, count: int) -> Iterator[Question]:
    inside = [seen.trace.counts.get(one.line, 0) for one in subject.lines() if one.loops]
    if not 1 < count <= MOST and not (count == 0 and line.branch and max(inside, default=0) > 1):
        return
    others = [number for number in dict.fromkeys(inside) if number != count]
    outside = max((number for number in others if number < count), default=1)
    misread = [count + 1, count - 1, 1, 2 * count, count // max(outside, 1), count + outside]
    first = [str(number) for number in others if 0 <= number <= 3 * MOST]
    then = [str(number) for number in dict.fromkeys(misread) if number != count and number > 0]
    wrong = taken(rng, first[:2], then)
    if len(wrong) < WRONG_LEAST:
        return
    place = subject.where(line.line)
    times = "once" if count == 1 else f"{count} times"
    yield subject.question(
        "count",
        call,
        line.line,
        f"How many times does {place} run, `{subject.code(line.line)}`?",
        str(count),
        shuffled(rng, str(count), wrong),
        f"In this call, {place} runs {times}." if count else f"In this call, {place} never runs.",
        {"what": "count", "call": call.id, "line": line.line},
        1.0 if line.loops > 1 or line.branch else 0.8,
    )
