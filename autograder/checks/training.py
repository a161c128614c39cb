"""Training: does the model learn when the kit's own loop trains it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, replace
from types import ModuleType
from typing import Any, ClassVar

import numpy as np

from autograder.checks.base import Case, Check
from autograder.observation import Observation, Odd, as_value
from autograder.observation.closeness import explain_form

DATA = ("X", "y", "X_test")  # inputs that are data; every other input goes to the builder


@dataclass(frozen=True)
class Training(Check):
    """Train the model of a builder by full-batch gradient descent and judge its predictions.

    dlkit runs the loop: v <- momentum v - learning_rate g, w <- w + v, `steps` times, inside one `tf.function`
    (Keras's SGD; `fit` would take 5 to 25 ms per step). The worker returns only predictions; the grader computes the accuracy.

    A case has `X` and `y` to train on, `X_test` and `y_test` to score predictions, and the builder's arguments. `y_test` never
    reaches a worker. Without `X_test`, the predictions for `X` are scored. A dishonest model could read their labels, so
    `dlkit lint` warns about that.

    Attributes:
        steps: updates on the whole batch.
        learning_rate: step size.
        momentum: the momentum of the update.
        loss: a name that `keras.losses.get` knows, applied as loss(y, model(X, training=True)).
        accuracy: the share of predictions that must be right. Measure what right solutions reach, and leave a margin, so that no
            solution needs luck.
    """

    JUDGED: ClassVar[frozenset[str]] = frozenset({"accuracy"})
    _: KW_ONLY
    steps: int = 500
    learning_rate: float = 0.1
    momentum: float = 0.9
    loss: str = "binary_crossentropy"
    accuracy: float = 1.0
    imports: tuple[str, ...] = ("tensorflow", "keras")
    label: str = "training"

    @property
    def title(self) -> str:
        """The sentence that is true when the check passes."""
        return f"{self.function}() learns: {self.accuracy:.0%} right after {self.steps} steps"

    def inputs(self, rng: np.random.Generator) -> dict[str, Case]:
        """The cases; labels that score predictions stay in the grader."""
        return {
            name: replace(
                case,
                inputs={key: value for key, value in case.inputs.items() if key != "y_test"},
                kept={key: value for key, value in case.inputs.items() if key == "y_test"} | dict(case.kept),
            )
            for name, case in super().inputs(rng).items()
        }

    def observe(self, module: ModuleType, **inputs: Any) -> Observation:
        """Build, train, predict."""
        import keras

        data = {name: inputs.pop(name) for name in DATA if name in inputs}
        model = self.apply(module, inputs)
        if not isinstance(model, keras.Model):
            value = as_value(model)
            return {"predictions": value if isinstance(value, Odd) else Odd(f"a {type(model).__name__}, not a keras.Model")}
        self.train(model, data["X"], data["y"])
        return {"predictions": as_value(model(data.get("X_test", data["X"]), training=False))}

    def train(self, model: Any, X: Any, y: Any) -> None:
        """Update every trainable weight `steps` times."""
        import keras
        import tensorflow as tf

        loss_fn = keras.losses.get(self.loss)
        inputs, targets = tf.constant(X, tf.float32), tf.constant(y)
        model(inputs)  # builds a model that was left unbuilt
        weights = [weight.value for weight in model.trainable_weights]
        velocity = [tf.Variable(tf.zeros_like(weight)) for weight in weights]

        def step(left: Any) -> Any:
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(loss_fn(targets, model(inputs, training=True)))
            with tf.control_dependencies(
                [
                    w.assign_add(v.assign(self.momentum * v - self.learning_rate * g))
                    for w, v, g in zip(weights, velocity, tape.gradient(loss, weights), strict=True)
                    if g is not None
                ]
            ):
                return left - 1

        @tf.function(autograph=False)
        def loop() -> Any:
            return tf.while_loop(lambda left: left > 0, lambda left: (step(left),), (tf.constant(self.steps),))

        loop()

    def compare(self, actual: Observation, expected: Observation, inputs: Mapping[str, Any]) -> str:
        """Shape and finiteness first, then the share of right predictions; the numbers themselves may differ."""
        a, b = actual.get("predictions"), expected["predictions"]
        sentence = explain_form(a if a is not None else Odd("missing"), b)
        if sentence or not isinstance(a, np.ndarray):
            return sentence
        if not np.isfinite(a).all():
            return f"{(~np.isfinite(a)).sum()} of {a.size} predictions are nan or infinite after {self.steps} steps"
        labels = inputs.get("y_test", inputs["y"])
        right = int((_classes(a) == np.asarray(labels).ravel()).sum())
        if right >= self.accuracy * len(labels):
            return ""
        most = int(np.ceil(self.accuracy * len(labels)))
        return f"after {self.steps} steps {right} of {len(labels)} predictions are right; expected at least {most}"

    def call_text(self, inputs: Mapping[str, Any]) -> str:
        """The builder's call; the training is the grader's."""
        return super().call_text({name: value for name, value in inputs.items() if name not in DATA})


def _classes(predictions: Any) -> Any:
    """Labels from predictions: a probability above 1/2, or the largest of several."""
    return (
        (predictions.ravel() > 0.5).astype(int) if predictions.ndim == 1 or predictions.shape[-1] == 1 else predictions.argmax(-1)
    )
