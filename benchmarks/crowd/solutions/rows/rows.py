"""rows: features, probabilities and labels, a row for each sample."""

from __future__ import annotations

import numpy as np


def standardize(X: np.ndarray) -> np.ndarray:
    """Shift and scale each feature to mean 0 and standard deviation 1.

    A constant feature becomes 0.

    Args:
        X: inputs, shape (n, d).

    Returns:
        The standardized inputs, shape (n, d).
    """
    mean = X.mean(axis=0)  # (d,)
    deviation = X.std(axis=0)  # (d,)
    safe = np.where(deviation == 0, 1.0, deviation)
    return (X - mean) / safe


def softmax(z: np.ndarray) -> np.ndarray:
    """Turn each row of logits into probabilities, without overflow.

    Args:
        z: logits, shape (n, k).

    Returns:
        Probabilities, shape (n, k); each row sums to 1.
    """
    shifted = z - z.max(axis=1, keepdims=True)
    powers = np.exp(shifted)
    return powers / powers.sum(axis=1, keepdims=True)


def accuracy(p: np.ndarray, y: np.ndarray) -> float:
    """The share of rows whose largest probability is that of the label.

    Args:
        p: probabilities, shape (n, k).
        y: labels, shape (n,).

    Returns:
        A number from 0 to 1.
    """
    guessed = p.argmax(axis=1)  # (n,)
    return float(np.mean(guessed == y))
