"""Which call makes a branch run?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograder.asking.kinds.subject import WRONG_LEAST, WRONG_MOST, Subject, shuffled
from autograder.asking.question import Question


def questions(subject: Subject, rng: Any) -> Iterator[Question]:
    """One for each line of a branch that some of the calls run, and others do not."""
    calls = {call.text: (call, seen) for call, seen in subject.seen() if call.literal and not seen.random}
    for line in subject.lines():
        if not line.branch:
            continue
        runs = [text for text, (_, seen) in calls.items() if seen.trace.counts.get(line.line, 0)]
        never = [text for text in calls if text not in runs]
        if not runs or len(never) < WRONG_LEAST:
            continue
        right = runs[int(rng.integers(len(runs)))]
        wrong = [never[place] for place in rng.permutation(len(never))][:WRONG_MOST]
        place = subject.where(line.line)
        yield subject.question(
            "branch",
            None,
            line.line,
            f"Which of these calls makes {place} run, `{subject.code(line.line)}`?",
            right,
            shuffled(rng, right, wrong),
            f"Of these calls, only `{right}` runs {place}.",
            {"what": "branch", "line": line.line, "calls": {text: calls[text][0].id for text in (right, *wrong)}},
            1.0,
        )
