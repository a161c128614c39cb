"""Choose a few questions out of many: of different kinds, about different functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from autograder.asking.question import Question

SAME_KIND, SAME_FUNCTION = 0.35, 0.25  # what a question is worth beside one of the same kind, or about the same function


def choose(questions: Sequence[Question], count: int, rng: Any) -> list[Question]:
    """So many of the questions, or all of them if there are fewer; no two about one line, so that none gives another away."""
    rest = {one.id: one for one in questions}
    kinds: Counter[str] = Counter()
    functions: Counter[str] = Counter()
    lines: set[tuple[str, int]] = set()
    chosen: list[Question] = []
    while len(chosen) < count:
        free = [one for one in rest.values() if (one.function, one.line) not in lines and one.id not in {c.id for c in chosen}]
        if not free:
            break
        luck = rng.uniform(0.4, 1.0, len(free))
        worth = [
            one.weight * SAME_KIND ** kinds[one.kind] * SAME_FUNCTION ** functions[one.function] * chance
            for one, chance in zip(free, luck, strict=True)
        ]
        best = free[max(range(len(free)), key=worth.__getitem__)]
        chosen.append(best)
        kinds[best.kind] += 1
        functions[best.function] += 1
        lines.add((best.function, best.line))
    return chosen
