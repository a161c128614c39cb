"""A class, a table, complex numbers, texts and an essay."""

from __future__ import annotations

import numpy as np

ESSAY = ""  # why does a perceptron not learn XOR? Five sentences.


class Perceptron:
    """A perceptron for labels -1 and 1.

    Args:
        rate: the learning rate.
        epochs: how often it sees all rows.
    """

    def __init__(self, rate: float = 1.0, epochs: int = 3):
        raise NotImplementedError

    def fit(self, X: np.ndarray, y: np.ndarray) -> Perceptron:
        """Learn `w` (d,) and `b`, row by row, by the perceptron's rule.

        Args:
            X: rows, shape (n, d).
            y: labels -1 or 1, shape (n,).
        """
        raise NotImplementedError

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The labels of rows (n, d): 1 where x w + b is positive, else -1, shape (n,)."""
        raise NotImplementedError


def by_city(people):
    """The mean age and the number of people in each city.

    Args:
        people: a table with the columns `city` and `age`.

    Returns:
        A table with the columns `city`, in order, `age` and `people`.
    """
    raise NotImplementedError


def roots(b: complex, c: complex) -> np.ndarray:
    """The two roots of z^2 + b z + c, the one with the larger real part first, shape (2,)."""
    raise NotImplementedError


def initials(names: list[str]) -> list[str]:
    """The initials of each name: "Ada Lovelace" is "A. L."."""
    raise NotImplementedError
