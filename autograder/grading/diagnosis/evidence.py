"""The evidence: one submission's answers to a check beside the reference's, and what of them is wrong.

What is wrong is taken apart into *differences*. Each is an entry of the answer to one case, or the whole answer where it has no
entries that could be compared by themselves. What only follows from another difference is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from autograder.checks.base import EFFECT, MISSING, Case, Check
from autograder.checks.binding import parameters_of
from autograder.grading.diagnosis.rounding import digests_of
from autograder.observation import Array, Value, leaves
from autograder.observation.answer import Answer, Ending

REPEATED = {"epochs", "steps", "max_epochs", "iterations"}


class Difference(NamedTuple):
    """A wrong entry of the answer to one case; "" as the entry is the answer as a whole."""

    case: str
    entry: str


@dataclass(frozen=True)
class Evidence:
    """What is known of one submission's answers to a check.

    Attributes:
        check: what was asked.
        cases: its cases by name.
        answers: what the submission answered to each.
        expected: what the reference answered to each.
        said: the verdict's sentence on each case that is wrong.
    """

    check: Check
    cases: Mapping[str, Case]
    answers: Mapping[str, Answer]
    expected: Mapping[str, Answer]
    said: Mapping[str, str]
    _digests: dict[Difference, tuple[str, ...]] = field(default_factory=dict, repr=False)

    @cached_property
    def right(self) -> tuple[str, ...]:
        """The cases that passed."""
        return tuple(name for name in self.cases if name not in self.said)

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """All that is wrong, in the order of the cases."""
        return tuple(Difference(name, entry) for name in self.said for entry in self._entries(name))

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """The function's parameters that may be left out, and what they are then."""
        return defaults_of(self.check, self.cases)

    @property
    def repeats(self) -> bool:
        """Whether the function takes many steps, along which whatever is wrong begins small."""
        return bool(REPEATED & {name for case in self.cases.values() for name in (*case.inputs, *self.defaults)})

    def inputs(self, case: str) -> dict[str, Any]:
        """What a case asks, and what it keeps for the comparison."""
        return {**self.cases[case].inputs, **self.cases[case].kept}

    def pair(self, at: Difference) -> tuple[Value, Value]:
        """What was answered and what was expected, at one entry."""
        return self.answers[at.case].observation.get(at.entry, MISSING), self.expected[at.case].observation[at.entry]

    def arrays(self, at: Difference) -> tuple[Array, Array] | None:
        """The same, where both are arrays of numbers."""
        if not at.entry:
            return None
        one, other = self.pair(at)
        return (one, other) if isinstance(one, np.ndarray) and isinstance(other, np.ndarray) else None

    @cached_property
    def numbers(self) -> dict[Difference, tuple[Array, Array]]:
        """Every difference at which an array stands for an array, effects aside."""
        found = {at: self.arrays(at) for at in self.differences if not at.entry.startswith(EFFECT)}
        return {at: pair for at, pair in found.items() if pair is not None}

    def digests(self, at: Difference) -> tuple[str, ...]:
        """What one difference is known by, in sketches."""
        if at not in self._digests:
            self._digests[at] = digests_of(self.answers[at.case], at.entry, self.said[at.case])
        return self._digests[at]

    def entry_wrong(self, case: str, entry: str) -> str:
        """What the check says of one entry; "" where it is right."""
        value = self.answers[case].observation.get(entry, MISSING)
        try:
            with np.errstate(all="ignore"):
                return self.check.explain(entry, value, self.expected[case].observation[entry], self.inputs(case))
        except Exception:  # an answer that cannot be compared is wrong as a whole
            return "it cannot be compared"

    def _entries(self, case: str) -> list[str]:
        answer, expected = self.answers[case], self.expected[case]
        if answer.ending is not Ending.RETURNED or not self.check.by_entry or expected.ending is not Ending.RETURNED:
            return [""]
        if set(answer.observation) & set(expected.observation) == set():
            return [""]
        wrong = [entry for entry in expected.observation if self.entry_wrong(case, entry)]
        return self.check.without_consequences(wrong) or [""]


def defaults_of(check: Check, cases: Mapping[str, Case]) -> dict[str, Any]:
    """The parameters of a check's function that may be left out, and what they are then."""
    contract = next((case.contract.get(check.function) for case in cases.values()), None)
    parameters = parameters_of(contract).parameters if contract else {}
    return {name: each.default for name, each in parameters.items() if each.default is not each.empty}


def leaves_of(inputs: Mapping[str, Any]) -> dict[str, Array]:
    """The arrays of numbers among the inputs, by the way to each."""
    found = {}
    for path, value in leaves(dict(inputs)):
        if isinstance(value, np.ndarray | float | int) and not isinstance(value, bool):
            array = np.asarray(value)
            if array.dtype.kind in "iuf":
                found[path] = array
    return found
