"""Tensors and tape gradients, for comparing a reference with TensorFlow's and Keras's own functions."""

from __future__ import annotations

from typing import Any

import numpy as np


def normal(*shape: int, dtype: str = "float64") -> Any:
    """A tensor of numbers away from corners and ties."""
    import tensorflow as tf

    return tf.constant(np.random.default_rng(sum(shape)).normal(size=shape) * 2, dtype)


def with_gradients(function: Any, *arguments: Any) -> list[Any]:
    """What a function answers, and the gradients of its answers' random sum."""
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(arguments)
        answer = function(*arguments)
        weights = np.random.default_rng(7).uniform(0.5, 1.5, answer.shape)
        total = tf.reduce_sum(answer * tf.constant(weights, answer.dtype))
    return [answer.numpy(), *(gradient.numpy() for gradient in tape.gradient(total, arguments))]
