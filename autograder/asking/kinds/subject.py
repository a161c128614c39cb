"""What the kinds share: a function with what was seen of it, and how values and options are written."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.asking.calls import Call
from autograder.asking.facts import NUMERIC, CallFacts, Facts, Line, Seen, Trace, each_line
from autograder.asking.question import Question

WRONG_MOST, WRONG_LEAST = 3, 2  # wrong answers beside the right one
APART = 0.02  # by which two numbers differ that nobody takes for the same one rounded
SHORT = 120  # characters of a line of code that is shown within a sentence
TIMES = ("first", "second", "third", "fourth", "fifth", "sixth")


@dataclass(frozen=True)
class Subject:
    """One function.

    Attributes:
        facts: what was seen of it.
        calls: its calls by id.
        source: the lines of its file.
        where: a line of the file as its reader counts it.
    """

    facts: Facts
    calls: Mapping[str, Call]
    source: tuple[str, ...]
    where: Callable[[int], str]

    def seen(self) -> Iterator[tuple[Call, CallFacts]]:
        """The calls with what was seen of each."""
        return ((self.calls[one.id], one) for one in self.facts.calls if one.id in self.calls)

    def returned(self) -> Iterator[tuple[Call, CallFacts]]:
        """Those that raise nothing."""
        return ((call, one) for call, one in self.seen() if not one.error and not any(trace.error for trace in one.traces))

    def lines(self) -> Iterator[Line]:
        """The lines that can be asked about."""
        return each_line(self.facts)

    def code(self, line: int) -> str:
        """The text of a line within a sentence."""
        text = self.source[line - 1].strip()
        return text if len(text) <= SHORT else f"{text[:SHORT]} …"

    def question(
        self,
        kind: str,
        call: Call | None,
        line: int,
        text: str,
        right: str,
        options: Iterable[str],
        evidence: str,
        probe: Mapping[str, Any],
        weight: float = 1.0,
    ) -> Question:
        """A question about a line of this function."""
        facts = self.facts
        return Question(
            kind,
            facts.function,
            line,
            text,
            tuple(options),
            right,
            evidence,
            call.text if call else "",
            call.about if call else "",
            weight,
            probe,
        )


def shuffled(rng: Any, right: str, wrong: Iterable[str]) -> list[str]:
    """The right answer among the wrong ones."""
    options = [right, *wrong]
    return [options[place] for place in rng.permutation(len(options))]


def taken(rng: Any, first: list[str], then: list[str]) -> list[str]:
    """A few wrong answers: of those that come from another reading of the line, and then of others."""
    found: list[str] = []
    for several in (first, then):
        for place in rng.permutation(len(several)):
            if several[place] not in found and len(found) < WRONG_MOST:
                found.append(several[place])
    return found


def held(trace: Trace, line: int, name: str) -> tuple[Seen, ...]:
    """What a variable held after a line, each time that is known."""
    return trace.values.get((line, name), ())


def when(count: int, time: int) -> str:
    """Which time a line runs, where it runs several times."""
    return "" if count == 1 else f" for the {TIMES[time]} time"


def written(seen: Seen) -> str:
    """Numbers as they are offered: four digits, in the brackets of their shape."""
    if seen.numbers is None or seen.shape is None:
        return ""
    if seen.kind == "truth value" or seen.dtype == "bool":
        return _nested([str(bool(number)) for number in seen.numbers], seen.shape)
    return _nested([_digits(number) for number in seen.numbers], seen.shape)


def _digits(number: float) -> str:
    if not math.isfinite(number):
        return str(number)
    return f"{number:.4g}" if number else "0"


def _nested(texts: list[str], shape: tuple[int, ...]) -> str:
    if not shape:
        return texts[0]
    if shape[0] == 0:
        return "[]"
    size = len(texts) // shape[0]
    return f"[{', '.join(_nested(texts[row * size : (row + 1) * size], shape[1:]) for row in range(shape[0]))}]"


def alike(one: Seen, other: Seen) -> bool:
    """Whether somebody could take two values for the same."""
    if one.numbers is None or other.numbers is None:
        return True  # nobody can tell
    if _core(one.shape) != _core(other.shape):
        return False
    a, b = np.array(one.numbers), np.array(other.numbers)
    if not np.array_equal(np.isfinite(a), np.isfinite(b)):
        return False
    finite = np.isfinite(a)
    if not np.array_equal(a[~finite], b[~finite], equal_nan=True):
        return False
    a, b = a[finite], b[finite]
    return not bool(np.any(np.abs(a - b) > APART * np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-6)))


def _core(shape: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """A shape without axes of one entry: with the same numbers, it is the same value to most people."""
    return None if shape is None else tuple(size for size in shape if size != 1)


def is_number(seen: Seen) -> bool:
    """Whether it has a shape, so that it can be asked about."""
    return seen.kind in NUMERIC and seen.shape is not None
