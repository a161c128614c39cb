"""Gradients: is the function right, and does a gradient flow back through it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from types import ModuleType
from typing import Any

import numpy as np

from autograder.checks.base import Case
from autograder.checks.literal import literal
from autograder.checks.outputs import Outputs, as_tensors
from autograder.observation import Observation, Odd, Value, article, as_value

STRIP = "cotangent"  # a strip of random numbers that weigh the outputs
NO_TENSOR = "no tensor: "
STRIP_LENGTH = 13  # prime, so that a longer output meets the strip at ever other places; few enough to be copied


@dataclass(frozen=True)
class Gradients(Outputs):
    """Compare the value of a TensorFlow function, and its gradients recorded by `tf.GradientTape`.

    Each case runs twice: once for the value y = f(inputs), and once, as "gradient, <case>", for gradients. These are the
    gradients of s = sum(c * y) with respect to `wrt`, where the grader draws c at random. A single s tests the whole
    Jacobian: if the gradient is right for a random c, it is right.

    Attributes:
        wrt: the inputs to differentiate with respect to.
    """

    _: KW_ONLY
    wrt: tuple[str, ...] = ()
    tensors: bool = True
    exact_dtype: bool = True
    imports: tuple[str, ...] = ("tensorflow",)

    @property
    def title(self) -> str:
        """The sentence that is true when the check passes."""
        return f"{self.function}() and its gradients are the reference's"

    def inputs(self, rng: np.random.Generator) -> dict[str, Case]:
        """Every case, once for its value and once for its gradient."""
        values = super().inputs(rng)
        strips = {
            name: np.round(rng.uniform(0.5, 1.5, STRIP_LENGTH), 2) * rng.choice([-1.0, 1.0], STRIP_LENGTH) for name in values
        }
        gradients = {
            f"gradient, {name}": replace(case, inputs={**case.inputs, STRIP: strips[name]})
            for name, case in values.items()
            if case.gradient and not case.raises
        }
        return values | gradients

    def observe(self, module: ModuleType, **inputs: Any) -> Observation:
        """The value, or the gradients of its sum weighed by the cotangent."""
        strip = inputs.pop(STRIP, None)
        if strip is None:
            return super().observe(module, **inputs)
        import tensorflow as tf

        tensors = as_tensors(inputs)
        sources = [tensors[name] for name in self.wrt]
        with tf.GradientTape() as tape:
            tape.watch(sources)
            y = self.call(module, **tensors) if self.call else self.apply(module, tensors)
            s = tf.reduce_sum(y * cotangent(strip, y)) if tf.is_tensor(y) else None
        if s is None:
            return {f"d{name}": Odd(f"{NO_TENSOR}{_kind_of(y)}") for name in self.wrt}
        found = tape.gradient(s, sources)
        return {f"d{name}": gradient_value(value) for name, value in zip(self.wrt, found, strict=True)}

    def left_the_tape(self, seen: Observation) -> bool:
        """Whether there is no gradient with respect to one of the inputs."""
        lost = [value.what for name in self.wrt if isinstance(value := seen.get(f"d{name}"), Odd)]
        return any(what == "None" or (what.startswith(NO_TENSOR) and what != f"{NO_TENSOR}None") for what in lost)

    def explain(self, name: str, actual: Value, expected: Value, inputs: Mapping[str, Any]) -> str:
        """A gradient that is None has left the tape; everything else as for outputs."""
        about_gradient = name in {f"d{source}" for source in self.wrt} and isinstance(actual, Odd)
        if about_gradient and isinstance(actual, Odd) and actual.what.startswith(NO_TENSOR):
            return (
                f"there is no gradient with respect to `{name[1:]}`: the call returns {actual.what.removeprefix(NO_TENSOR)}, "
                "not a tensor (tape.gradient then raises AttributeError); compute the result with TensorFlow"
            )
        if about_gradient and isinstance(actual, Odd) and actual.what == "None":
            return (
                f"the gradient with respect to `{name[1:]}` is None: between `{name[1:]}` and the result the computation "
                "left the tape (NumPy, .numpy() or float())"
            )
        return super().explain(name, actual, expected, inputs)

    def about(self, name: str, sentence: str) -> str:
        """A gradient that is None names itself."""
        own = sentence.startswith(("the gradient with respect to", "there is no gradient with respect to"))
        return sentence if own else super().about(name, sentence)

    def call_text(self, inputs: Mapping[str, Any]) -> str:
        """The call to copy: of the function, or of the gradient of its weighed sum, which has the numbers of the message."""
        plain = {name: value for name, value in inputs.items() if name != STRIP}
        call = super().call_text(plain)
        if not call or STRIP not in inputs:
            return call
        starts = {name: super(Gradients, self).call_text({name: plain[name]}) for name in self.wrt}
        opening = len(self.function) + 1
        lines = [f"{name} = {text[opening:-1].partition('=')[2]}" for name, text in starts.items() if text]
        for name, text in starts.items():
            call = call.replace(f"{name}={text[opening:-1].partition('=')[2]}", f"{name}={name}")
        return "\n".join([*lines, self.gradient_text(call, self.wrt, inputs)])

    def gradient_text(self, call: str, sources: Sequence[str], inputs: Mapping[str, Any]) -> str:
        """How to take the gradients of a call with respect to some names, weighed as in the check."""
        names = sources[0] if len(sources) == 1 else f"[{', '.join(sources)}]"
        return "\n".join(
            [
                f"c = {literal(inputs[STRIP])}",
                "with tf.GradientTape() as tape:",
                f"    tape.watch({names})",
                f"    y = {call}",
                "    s = tf.reduce_sum(y * tf.cast(np.resize(c, y.shape), y.dtype))",
                f"tape.gradient(s, {names})",
            ]
        )


def _kind_of(answer: Any) -> str:
    """What a function returned in place of a tensor, in words."""
    kinds = {"ndarray": "a NumPy array", "NoneType": "None"}
    name = type(answer).__name__
    return kinds.get(name) or ("a NumPy number" if isinstance(answer, np.generic) else article(name))


def cotangent(strip: Any, y: Any) -> Any:
    """The strip, repeated and cut to the shape of y, in the dtype of y; runs in a worker."""
    import tensorflow as tf

    count = int(np.prod(y.shape))
    return tf.constant(np.resize(strip, count).reshape(y.shape), dtype=y.dtype)


def gradient_value(gradient: Any) -> Value:
    """Turn a gradient from the tape into a value: None stays None, and sparse slices become dense."""
    import tensorflow as tf

    return as_value(None if gradient is None else tf.convert_to_tensor(gradient))
