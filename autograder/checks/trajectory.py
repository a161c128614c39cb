"""Trajectory: does a training procedure take the same steps as the reference, one by one?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

import numpy as np

from autograder.checks.outputs import Outputs
from autograder.observation import Observation, Value
from autograder.observation.closeness import agreement, explain_difference, explain_form, number


@dataclass(frozen=True)
class Trajectory(Outputs):
    """Compare a path that a function returns, step by step. The message is about the first step that differs.

    The tolerance is `rtol` for the first steps, and `later_rtol` for later ones, because rounding errors grow along a path.
    (Measured on XOR: a change of 1e-15 at the start grows to 1e-9 after 500 epochs, and a float32 path stays within 1.2e-6.)

    Attributes:
        path: the entry whose first axis is time, such as "history".
        strict_steps: how many steps must match within `rtol`.
        later_rtol: the tolerance for later steps, and for entries that are not a path, such as the final parameters.
    """

    JUDGED: ClassVar[frozenset[str]] = frozenset({"later_rtol", "strict_steps"})
    by_entry: ClassVar[bool] = True
    _: KW_ONLY
    path: str = "history"
    strict_steps: int = 50
    later_rtol: float = 1e-3
    rtol: float = 1e-6
    atol: float = 1e-9

    @property
    def title(self) -> str:
        """The sentence that is true when the check passes."""
        return f"{self.function}() takes the reference's steps"

    def compare_values(self, actual: Observation, expected: Observation, inputs: Mapping[str, Any]) -> str:
        """The path first: where it goes wrong, everything else follows."""
        sentence = self.explain(self.path, actual[self.path], expected[self.path], inputs)
        return self.about(self.path, sentence) if sentence else super().compare_values(actual, expected, inputs)

    def without_consequences(self, wrong: list[str]) -> list[str]:
        """The path alone, if it is wrong."""
        return [self.path] if self.path in wrong else wrong

    def tolerance(self, expected: Value) -> float:
        """That of the later steps."""
        return max(super().tolerance(expected), self.later_rtol)

    def about(self, name: str, sentence: str) -> str:
        """A sentence that names a step of the path needs no further name."""
        return sentence if f"{name}[" in sentence else super().about(name, sentence)

    def explain(self, name: str, actual: Value, expected: Value, inputs: Mapping[str, Any]) -> str:
        """The first step that differs; for any other entry, how it differs at the later tolerance."""
        if not isinstance(expected, np.ndarray) or not isinstance(actual, np.ndarray) or expected.dtype.kind != "f":
            return super().explain(name, actual, expected, inputs)
        if name != self.path:
            return explain_difference(actual, expected, rtol=self.later_rtol, atol=max(self.atol, 1e-6))
        form = explain_form(actual, expected)
        if form:
            return form
        strict, later = slice(None, self.strict_steps), slice(self.strict_steps, None)
        agree = np.concatenate(
            [
                agreement(actual[strict], expected[strict], self.rtol, self.atol),
                agreement(actual[later], expected[later], self.later_rtol, self.atol),
            ]
        )
        wrong = np.flatnonzero(~agree.all(axis=tuple(range(1, agree.ndim))))
        return _name_step(name, int(wrong[0]), actual, expected) if wrong.size else ""


def _name_step(name: str, step: int, actual: Any, expected: Any) -> str:
    whole = explain_difference(actual, expected, rtol=1e-9, atol=0)
    if step == 0 and whole.startswith("every entry"):
        return whole
    agree = {0: "already the first step differs", 1: "step 0 agrees"}.get(step, f"steps 0 to {step - 1} agree")
    if expected[step].ndim == 0:
        return f"{agree}; {name}[{step}] is {number(actual[step])}, expected {number(expected[step])}"
    return f"{agree}; at {name}[{step}] {explain_difference(actual[step], expected[step])}"
