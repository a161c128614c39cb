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
        self.rate = rate
        self.epochs = epochs

    def fit(self, X: np.ndarray, y: np.ndarray) -> Perceptron:
        """Learn `w` (d,) and `b`, row by row, by the perceptron's rule.

        Args:
            X: rows, shape (n, d).
            y: labels -1 or 1, shape (n,).
        """
        self.w = np.zeros(X.shape[1])
        self.b = 0.0
        for _ in range(self.epochs):
            for x, label in zip(X, y, strict=True):
                if label * (x @ self.w + self.b) <= 0:
                    self.w = self.w + self.rate * label * x
                    self.b = self.b + self.rate * label
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """The labels of rows (n, d): 1 where x w + b is positive, else -1, shape (n,)."""
        return np.where(self._sides(X) > 0, 1, -1)

    def _sides(self, X: np.ndarray) -> np.ndarray:
        return X @ self.w + self.b


def by_city(people):
    """The mean age and the number of people in each city.

    Args:
        people: a table with the columns `city` and `age`.

    Returns:
        A table with the columns `city`, in order, `age` and `people`.
    """
    groups = people.groupby("city", sort=True)["age"]
    return groups.agg(age="mean", people="count").reset_index()


def roots(b: complex, c: complex) -> np.ndarray:
    """The two roots of z^2 + b z + c, the one with the larger real part first, shape (2,)."""
    d = np.sqrt(np.complex128(b * b - 4 * c))
    found = np.array([(-b + d) / 2, (-b - d) / 2])
    return found[np.argsort(-found.real, kind="stable")]


def initials(names: list[str]) -> list[str]:
    """The initials of each name: "Ada Lovelace" is "A. L."."""
    return [" ".join(f"{word[0]}." for word in name.split()) for name in names]
