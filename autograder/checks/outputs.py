"""Outputs: does the function answer what the reference answers?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from types import ModuleType
from typing import Any, ClassVar

import numpy as np

from autograder.checks import methods
from autograder.checks.base import EFFECT, Case, Check, relation_of_scalars, rows_of
from autograder.checks.literal import literal
from autograder.observation import Observation, Odd, Value, as_value, flatten
from autograder.observation.closeness import explain_form


@dataclass(frozen=True)
class Outputs(Check):
    """Compare what a function returns: numbers, arrays, tensors, or a dict or tuple of them.

    Attributes:
        returns: names for the members of a returned tuple, such as ("grads", "deltas").
        tensors: pass the arrays as TensorFlow tensors of the same dtype.
        exact_dtype: float32 input must give float32 output (by default, only the kind is compared).
        extras: a returned dict may have more entries.
        order: prefixes of entry names, in the order of comparison. The message names the first wrong entry and calls later ones
            its consequences.
        call: how to call the implementation, if `function(**inputs)` is not enough; runs in the worker.
        through: a function `through(answer, **inputs)`. Use it if right answers may differ, such as weights that give the same
            predictions. The grader applies it to both answers, and compares the results.
        state: of a method such as "Perceptron.fit": the attributes of the object that are compared after the call. The inputs
            that the method does not take go to the constructor.
        before: of a method: the methods that are called first, such as ("fit",) for "Perceptron.predict".
    """

    JUDGED: ClassVar[frozenset[str]] = frozenset({"exact_dtype", "extras", "order", "through"})
    by_entry: ClassVar[bool] = True
    _: KW_ONLY
    returns: tuple[str, ...] = ()
    tensors: bool = False
    exact_dtype: bool = False
    extras: bool = False
    order: tuple[str, ...] = ()
    call: Callable[..., Any] | None = None
    through: Callable[..., Any] | None = None
    state: tuple[str, ...] = ()
    before: tuple[str, ...] = ()

    def observe(self, module: ModuleType, **inputs: Any) -> Observation:
        """Call the function and name the parts of its answer."""
        inputs = as_tensors(inputs) if self.tensors else inputs
        if "." in self.function and not self.call:
            return methods.observed(*methods.called(module, self.function, inputs, self.before), self.returns, self.state)
        answer = self.call(module, **inputs) if self.call else self.apply(module, inputs)
        return flatten(answer, self.returns)

    def compare(self, actual: Observation, expected: Observation, inputs: Mapping[str, Any]) -> str:
        """Names, then entries one by one, then what the entries have in common."""
        if self.extras:
            wanted = {name: value for name, value in actual.items() if name in expected or name.startswith(EFFECT)}
            actual = wanted if any(not name.startswith(EFFECT) for name in wanted) else actual
        return super().compare(actual, expected, inputs)

    def compare_names(self, actual: Observation, expected: Observation) -> str:
        """A single value where several are returned is said first."""
        odd = actual.get("answer")
        if len(self.returns) > 1 and isinstance(odd, Odd):
            return f"it returns {odd.what}; expected {len(self.returns)} values: return {', '.join(self.returns)}"
        return super().compare_names(actual, expected)

    def compare_values(self, actual: Observation, expected: Observation, inputs: Mapping[str, Any]) -> str:
        """Name the first wrong entry; where several are wrong, look for what explains them all."""
        names = [name for name in expected if not name.startswith(EFFECT)]
        if self.order:
            return self._compare_in_order(names, actual, expected, inputs) or super().compare_values(actual, expected, inputs)
        wrong = [name for name in names if self.explain(name, actual[name], expected[name], inputs)]
        sentence = super().compare_values(actual, expected, inputs)
        if len(wrong) < 2:
            return sentence
        shared = relation_of_scalars(names, actual, expected, rows_of(inputs))
        if shared:
            return f"{shared}, in {some(names)}"
        return f"{sentence}; also wrong: {some(wrong[1:])}"

    def without_consequences(self, wrong: list[str]) -> list[str]:
        """Of those that have an order, the first; all others."""
        ordered = [(place, name) for name in wrong for place, start in enumerate(self.order) if _is_of(name, start)]
        later = {name for _, name in sorted(ordered, key=lambda found: found[0])[1:]}
        return [name for name in wrong if name not in later]

    def explain(self, name: str, actual: Value, expected: Value, inputs: Mapping[str, Any]) -> str:
        """How one entry differs, or what follows from it."""
        if self.through and isinstance(actual, np.ndarray) and isinstance(expected, np.ndarray) and not name.startswith(EFFECT):
            sentence = explain_form(actual, expected)
            if sentence or not np.isfinite(actual).all():
                return sentence or super().explain(name, actual, expected, inputs)
            actual, expected = (as_value(self.through(value, **inputs)) for value in (actual, expected))
            sentence = super().explain(name, actual, expected, inputs)
            return f"what follows from it (`{self.through.__name__}`): {sentence}" if sentence else ""
        sentence = super().explain(name, actual, expected, inputs)
        if self.exact_dtype and not sentence and not name.startswith(EFFECT):
            return explain_form(actual, expected, exact_dtype=True)
        return sentence

    def literal(self, value: Any) -> str | None:
        """One input as Python text: a tensor where the function takes tensors."""
        return literal(value, tensors=self.tensors)

    def _compare_in_order(self, names: list[str], actual: Observation, expected: Observation, inputs: Mapping[str, Any]) -> str:
        ordered = [name for start in self.order for name in names if _is_of(name, start)]
        for group in self.order:
            for name in (name for name in ordered if _is_of(name, group)):
                sentence = self.explain(name, actual[name], expected[name], inputs)
                if sentence:
                    later = [n for n in ordered[ordered.index(name) + 1 :] if self.explain(n, actual[n], expected[n], inputs)]
                    if not later:
                        return self.about(name, sentence)
                    rest = "a later one differs, too" if len(later) == 1 else f"{len(later)} later ones differ, too"
                    return f"`{name}` is the first that is wrong: {sentence}; {rest}"
        return ""


def _is_of(name: str, start: str) -> bool:
    """Whether an entry is the one that is meant by a part of the order, or a part of it."""
    return name == start or name.startswith(f"{start}.")


def some(names: list[str], most: int = 3) -> str:
    """The first few names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(f"`{name}`" for name in names[:most]) + more


def as_tensors(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs with every array as a tensor of its dtype; runs in a worker."""
    import tensorflow as tf

    def convert(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return tf.constant(value)
        if isinstance(value, list):
            return [convert(part) for part in value]
        return value

    return {name: convert(value) for name, value in inputs.items()}


__all__ = ["Case", "Outputs", "as_tensors"]
