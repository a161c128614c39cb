"""First uses: what a library does once, when it is used for the first time, done in a worker before its grading is there.

TensorFlow starts its threads, makes a kernel ready for each operation and type, and Keras builds its first layer: a sixth of
what a worker computes for hw2. No zygote can do it, for a process in which an operation has run cannot be forked. A worker that
was forked ahead can, and it is isolated by then.

Nothing that is graded may depend on how much of it was done. So it computes with constants of our own, and what it changes is
put back: generators, Keras's counters of names, and the warnings that Python has shown.
"""

from __future__ import annotations

import contextlib
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from autograder.sandbox.installed import TENSORFLOW

SEED = 20  # as `observing.seeding` starts each case; with another one, TensorFlow would throw away the kernels made here
OF_KERAS = "keras.src.backend.common.global_state"
KINDS = ("float64", "float32")
Use = Callable[[Any], object]


def first_uses(wanted: Callable[[], bool]) -> None:
    """Do them one by one, until somebody wants the worker. Whatever fails here fails again where it matters."""
    tensorflow = sys.modules.get(TENSORFLOW)
    if tensorflow is None:
        return
    with contextlib.suppress(Exception), _unnoticed(tensorflow):
        for use in USES:
            if wanted():
                break
            with contextlib.suppress(Exception):
                use(tensorflow)


@contextlib.contextmanager
def _unnoticed(tensorflow: Any) -> Iterator[None]:
    """Leave no trace in what a program can see."""
    numpy, keras = sys.modules.get("numpy"), sys.modules.get(OF_KERAS)
    drawn, drawn_by_numpy = random.getstate(), numpy.random.get_state() if numpy else None
    kept = getattr(keras, "GLOBAL_STATE_TRACKER", None)
    named = dict(vars(kept)) if kept is not None else {}
    tensorflow.random.set_seed(SEED)
    try:
        with warnings.catch_warnings():  # which has Python forget, too, what it has warned of
            warnings.simplefilter("ignore")
            yield
    finally:
        random.setstate(drawn)
        if numpy and drawn_by_numpy:
            numpy.random.set_state(drawn_by_numpy)
        if kept is not None:
            vars(kept).clear()
            vars(kept).update(named)


def _tape(tensorflow: Any) -> None:
    """The first operation, which starts the threads, and the first gradient."""
    one = tensorflow.constant([[1.0]], dtype=tensorflow.float64)
    with tensorflow.GradientTape() as tape:
        tape.watch(one)
        value = tensorflow.reduce_sum(one @ one + one)
    tape.gradient(value, one)


def _model(tensorflow: Any) -> None:
    """The first layers, called and trained for a step."""
    keras = sys.modules.get("keras")
    if keras is None:
        return
    layers = keras.layers
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, activation="tanh"), layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.SGD(0.5), loss="mse")
    with tensorflow.GradientTape() as tape:
        loss = tensorflow.reduce_mean(model(tensorflow.ones((2, 3))) ** 2)
    model.optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables, strict=True))
    model.set_weights(model.get_weights())


def _elementwise(tensorflow: Any, kind: str) -> None:
    """The kernels that networks by hand are made of, forward and backward."""
    x = tensorflow.constant([[0.5, -0.25], [0.125, 1.0]], dtype=kind)
    with tensorflow.GradientTape() as tape:
        tape.watch(x)
        a = x @ x + 2.0 * x - x / (1.0 + tensorflow.exp(-x))
        b = tensorflow.tanh(a) + tensorflow.sigmoid(a) + tensorflow.nn.relu(a) + tensorflow.square(a) + tensorflow.abs(a)
        c = tensorflow.where(a >= 0, b, -b) + tensorflow.maximum(a, 0.0) + tensorflow.transpose(b) + tensorflow.math.log(b + 9.0)
        value = tensorflow.reduce_sum(c) + tensorflow.reduce_mean(tensorflow.nn.softmax(c)) + tensorflow.reduce_max(c)
    tape.gradient(value, x)


def _variable(tensorflow: Any, kind: str) -> None:
    """The steps of gradient descent by hand."""
    weight = tensorflow.Variable([[1.0, 2.0]], dtype=kind)
    with tensorflow.GradientTape() as tape:
        value = tensorflow.reduce_mean(tensorflow.square(weight), axis=1, keepdims=True)
    weight.assign_sub(0.5 * tape.gradient(value, weight))
    weight.assign(weight.numpy())


USES: tuple[Use, ...] = (
    _tape,
    *(lambda tensorflow, kind=kind: _elementwise(tensorflow, kind) for kind in KINDS),
    _model,
    *(lambda tensorflow, kind=kind: _variable(tensorflow, kind) for kind in KINDS),
)
