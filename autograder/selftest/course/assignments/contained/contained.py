"""Four small functions."""

import numpy as np
import tensorflow as tf


def double(x: np.ndarray) -> np.ndarray:
    """Twice every entry."""
    raise NotImplementedError


def attacked(x: np.ndarray) -> np.ndarray:
    """Every entry plus 1."""
    raise NotImplementedError


def slope(x: np.ndarray) -> tf.Tensor:
    """The gradient of the sum of all squares, by GradientTape."""
    raise NotImplementedError


def normalized(x: np.ndarray) -> np.ndarray:
    """Mean 0 and standard deviation 1 over all entries."""
    raise NotImplementedError
