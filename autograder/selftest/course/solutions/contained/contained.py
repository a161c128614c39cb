"""Four small functions."""

import numpy as np
import tensorflow as tf


def double(x: np.ndarray) -> np.ndarray:
    """Twice every entry."""
    return 2 * x


def attacked(x: np.ndarray) -> np.ndarray:
    """Every entry plus 1."""
    return x + 1


def slope(x: np.ndarray) -> tf.Tensor:
    """The gradient of the sum of all squares, by GradientTape."""
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(x**2)
    return tape.gradient(total, x)


def normalized(x: np.ndarray) -> np.ndarray:
    """Mean 0 and standard deviation 1 over all entries."""
    return (x - np.mean(x)) / np.std(x)
