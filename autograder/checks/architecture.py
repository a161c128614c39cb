"""Architecture: is it the network that was asked for, in whatever style it was written?

A model is judged by more than its description: the same grader-chosen weights are put into the student's model and
into the reference's, then outputs and tape gradients are compared. No training is needed for that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from types import ModuleType
from typing import Any

import numpy as np

from autograder.checks.base import Case, Check
from autograder.checks.gradients import STRIP, STRIP_LENGTH, cotangent, gradient_value
from autograder.observation import Observation, Odd, Value, as_value

FORM = ("built", "layers", "parameters", "trainable parameters")  # what can be told without running the model
SAME_SEED, OTHER_SEED = "same seed, same kernels", "other seed, other kernels"
DRAWS = ("drawn, kernel ", "same seed, kernel ", "other seed, kernel ")
SAMPLED = 256  # entries of a kernel that tell one draw from another
TRAINING_OUTPUT = "output in training mode"
PROBE = "x"  # the batch that is sent through the model; every other input goes to the builder


@dataclass(frozen=True)
class Architecture(Check):
    """Compare the model that a builder returns: its layers, its parameter count, and what it does with given weights.

    Layers are compared in a canonical form. So Sequential and functional models are equal, and so are `activation=` and a
    separate activation layer, or `Add()` and `a + b`.

    Attributes:
        seeded: the builder has a `seed`. The same seed must give the same initial kernels, and another seed must give others.
        training: compare the outputs in training mode, too. Set it if the modes differ (BatchNormalization), but not if the model
            draws random numbers in training mode (Dropout).
    """

    _: KW_ONLY
    seeded: bool = False
    training: bool = False
    imports: tuple[str, ...] = ("tensorflow", "keras")
    label: str = "architecture"

    @property
    def title(self) -> str:
        """The sentence that is true when the check passes."""
        return f"{self.function}() builds the network that was asked for"

    def inputs(self, rng: np.random.Generator) -> dict[str, Case]:
        """The cases, each with the strip of numbers that its weights are made of."""
        return {
            name: replace(
                case, inputs={**case.inputs, STRIP: rng.uniform(0.2, 1.0, STRIP_LENGTH) * rng.choice([-1, 1], STRIP_LENGTH)}
            )
            for name, case in super().inputs(rng).items()
        }

    def observe(self, module: ModuleType, **inputs: Any) -> Observation:
        """Describe the model, fill it with the strip's numbers, and record outputs and gradients."""
        x, strip = inputs.pop(PROBE), inputs.pop(STRIP)
        model = self.apply(module, inputs)
        seen = dict(describe(model))
        if not (isinstance(seen["built"], np.ndarray) and seen["built"]):
            return seen
        initial = kernels(model)
        inject(model, strip)
        seen |= behaviour(model, x, strip)
        if self.training:
            seen[TRAINING_OUTPUT] = as_value(model(x, training=True))
        if self.seeded:
            same = kernels(self.apply(module, inputs))
            other = kernels(self.apply(module, {**inputs, "seed": inputs["seed"] + 1}))
            for run, found in zip(DRAWS, (initial, same, other), strict=True):
                seen |= {f"{run}{number}": _sample(kernel) for number, kernel in enumerate(found)}
        return seen

    def received(self, seen: Observation) -> Observation:
        """The observation with what follows from the kernels of three models in place of the kernels themselves."""
        if not self.seeded or not any(name.startswith(DRAWS) for name in seen):
            return seen
        drawn, same, other = ([value for name, value in seen.items() if name.startswith(run)] for run in DRAWS)
        rest = {name: value for name, value in seen.items() if not name.startswith(DRAWS)}
        return {**rest, SAME_SEED: _each_same(drawn, same), OTHER_SEED: ~_each_same(drawn, other)}

    def compare(self, actual: Observation, expected: Observation, inputs: Mapping[str, Any]) -> str:
        """Built, layers, parameters; then, with the same weights, behaviour. The first that differs explains the rest."""
        actual, expected = self.received(actual), self.received(expected)
        for name in FORM:
            sentence = self.explain(name, actual.get(name, Odd("missing")), expected[name], inputs)
            if sentence:
                return self.about(name, sentence)
        return super().compare(actual, expected, inputs)

    def explain(self, name: str, actual: Value, expected: Value, inputs: Mapping[str, Any]) -> str:
        """How one entry differs, in the words of models."""
        if isinstance(actual, Odd):
            return (
                f"it is {actual.what}; expected a keras.Model"
                if name == "built"
                else super().explain(name, actual, expected, inputs)
            )
        if name == "built" and isinstance(actual, np.ndarray) and not actual.all():
            return "the model is not built: it does not know its input size yet"
        if name in (SAME_SEED, OTHER_SEED) and isinstance(actual, np.ndarray) and not actual.all():
            kernel = f"kernel {int(np.argmin(actual))}"
            return {
                SAME_SEED: f"{kernel} starts differently in two models of one seed: its initializer needs the seed",
                OTHER_SEED: f"{kernel} starts the same for two seeds: its initial values have to be random, from the seed",
            }[name]
        return super().explain(name, actual, expected, inputs)

    def about(self, name: str, sentence: str) -> str:
        """The model as a whole needs no name."""
        return sentence if name in ("built", SAME_SEED, OTHER_SEED) else super().about(name, sentence)

    def call_text(self, inputs: Mapping[str, Any]) -> str:
        """The builder's call, and the summary that shows what came out."""
        call = super().call_text({name: value for name, value in inputs.items() if name not in (PROBE, STRIP)})
        return f"{call}.summary()" if call else ""


# Runs in a worker -------------------------------------------------------------------------------------------------


def describe(model: Any) -> dict[str, Value]:
    """What a model is: built or not, its layers in canonical form, its number of parameters."""
    import keras

    if not isinstance(model, keras.Model):
        value = as_value(model)
        return {"built": value if isinstance(value, Odd) else Odd(f"a {type(model).__name__}")}
    if not (model.built and model.weights):
        return {"built": np.asarray(False)}
    return {
        "built": np.asarray(True),
        "layers": " > ".join(canonical_layers(model)),
        "parameters": np.asarray(model.count_params()),
        "trainable parameters": np.asarray(sum(int(np.prod(w.shape)) for w in model.trainable_weights)),
    }


def canonical_layers(model: Any) -> list[str]:
    """The layers in order, one text each; the same network gives the same texts, however it is written."""
    layers: list[list[str]] = []
    for kind, settings, activation in _layers(model):
        if kind == "Activation":
            if layers and layers[-1][2] == "linear" and layers[-1][0] in _ACTIVATED:
                layers[-1][2] = activation
            elif activation != "linear":
                layers.append(["Activation", "", activation])
        else:
            layers.append([kind, settings, activation])
    return [_text(*layer) for layer in layers]


def _text(kind: str, settings: str, activation: str) -> str:
    """One layer; a BatchNormalization, which has no activation of its own, does not mention that it is linear."""
    parts = (settings, "" if (kind, activation) == ("BatchNormalization", "linear") else activation)
    return f"{kind}({', '.join(part for part in parts if part)})"


_ACTIVATED = {"Dense", "Conv1D", "Conv2D", "DepthwiseConv2D", "BatchNormalization"}
_SETTINGS = {
    "Dense": ("units",),
    "Conv2D": ("filters", "kernel_size", "strides", "padding"),
    "MaxPooling2D": ("pool_size", "strides", "padding"),
    "AveragePooling2D": ("pool_size", "strides", "padding"),
    "Dropout": ("rate",),
    "Reshape": ("target_shape",),
}
_SAME = {
    "GlobalMaxPool2D": "GlobalMaxPooling2D",
    "MaxPool2D": "MaxPooling2D",
    "Relu": "Activation",
    "Tanh": "Activation",
    "Sigmoid": "Activation",
}


def _layers(model: Any) -> Iterator[tuple[str, str, str]]:
    import keras

    for layer in getattr(model, "operations", None) or model.layers:
        kind = type(layer).__name__
        if isinstance(layer, keras.Model):
            yield from _layers(layer)
        elif kind == "InputLayer" or kind == "Identity":
            continue
        elif kind in ("ReLU", "Softmax", "ELU", "Relu", "Tanh", "Sigmoid"):  # layers, and `keras.ops.relu(h)`
            yield "Activation", "", kind.lower()
        elif kind == "Activation":
            yield "Activation", "", _activation(layer)
        else:
            settings = ", ".join(_setting(layer, name) for name in _SETTINGS.get(kind, ()))
            for name in ("kernel_regularizer", "bias_regularizer"):
                regularizer = getattr(layer, name, None)
                if regularizer is not None:
                    settings += f", {name} {_regularizer(regularizer)}"
            if getattr(layer, "use_bias", True) is False:
                settings += ", no bias"
            activation = _activation(layer) if kind in _ACTIVATED else ""
            yield _SAME.get(kind, kind), settings, ("linear" if kind == "BatchNormalization" else activation)


def _setting(layer: Any, name: str) -> str:
    value = getattr(layer, name)
    if isinstance(value, list | tuple):
        value = "x".join(str(part) for part in value)
    elif isinstance(value, float):
        value = f"{value:g}"
    return str(value) if name in ("units", "filters", "rate") else f"{name} {value}"


def _activation(layer: Any) -> str:
    import keras

    function = getattr(layer, "activation", None)
    name = keras.activations.serialize(function) if function is not None else "linear"
    return name if isinstance(name, str) else str(getattr(function, "__name__", "custom"))


def _regularizer(regularizer: Any) -> str:
    if not hasattr(regularizer, "get_config"):  # Keras takes any callable
        return str(getattr(regularizer, "__name__", type(regularizer).__name__))
    weights = {key: value for key, value in regularizer.get_config().items() if isinstance(value, float)}
    return " ".join(f"{key}={value:g}" for key, value in weights.items() if value)


def inject(model: Any, strip: Any) -> None:
    """Fill every weight with numbers from `strip`, scaled to the size of the layer; variances stay positive."""
    start = 0
    for weight in model.weights:
        count = int(np.prod(weight.shape))
        scale = 1.5 / np.sqrt(max(1, count // max(1, weight.shape[-1] if weight.shape else 1)))
        values = np.resize(np.roll(strip, -start), count).reshape(weight.shape) * scale
        weight.assign(np.abs(values) if "variance" in weight.path else values)
        start += count


def behaviour(model: Any, x: Any, strip: Any) -> dict[str, Value]:
    """Outputs at inference and the gradients of their sum, weighed by the cotangent, for every trainable weight."""
    import tensorflow as tf

    x = tf.constant(x)
    with tf.GradientTape() as tape:
        y = model(x, training=False)
        s = tf.reduce_sum(y * cotangent(strip, y))
    gradients = tape.gradient(s, list(model.trainable_weights))
    names = [f"gradient of {w.name} {i}" for i, w in enumerate(model.trainable_weights)]
    return {"output": as_value(y)} | {name: gradient_value(g) for name, g in zip(names, gradients, strict=True)}


def kernels(model: Any) -> list[Any]:
    """The values of all trainable weights of rank 2 or more."""
    return [np.array(weight) for weight in model.trainable_weights if len(weight.shape) > 1]


def _sample(kernel: Any) -> Any:
    """The first entries of a kernel, as they are drawn."""
    return kernel.ravel()[:SAMPLED]


# In the grader ----------------------------------------------------------------------------------------------------


def _each_same(one: list[Value], other: list[Value]) -> Any:
    """Which kernels of two models are the same; none, where the models have not as many."""
    if len(one) != len(other):
        return np.zeros(max(len(one), len(other)), dtype=bool)
    pairs = zip(one, other, strict=True)
    return np.array([isinstance(a, np.ndarray) and np.array_equal(a, np.asarray(b)) for a, b in pairs], dtype=bool)
