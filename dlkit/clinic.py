"""The patients of hw7: what each of its ten programs learns from, drawn with NumPy alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Maker = Callable[[np.random.Generator, int], tuple[Array, Array]]

SIDE = 6  # pixels of a glyph


def flats(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """Three properties of a flat in standard units, and its price."""
    X = rng.normal(size=(n, 3))
    return X, 3.0 + X @ np.array([1.5, -1.0, 0.5]) + 0.3 * rng.normal(size=n)


def wines(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """Four measured values in four units. The small ones tell three sorts apart, the large ones hardly do."""
    y = rng.integers(3, size=n)
    centres = np.array([[0.0, 0.0, 0.0, 0.3], [5.0, 0.0, 0.3, 0.0], [0.0, 5.0, 0.0, 0.0]])
    return np.array([13.0, 1.0, 100.0, 750.0]) + (centres[y] + rng.normal(size=(n, 4))) * np.array([0.8, 0.2, 15.0, 300.0]), y


def wave(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """Noisy values of sin 3x on [-1, 1]."""
    X = rng.uniform(-1, 1, size=(n, 1))
    return X, np.sin(3 * X[:, 0]) + 0.1 * rng.normal(size=n)


def glyphs(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """Ten signs of 6 x 6 pixels, each drawn with noise; the signs are new for each seed."""
    signs = rng.integers(2, size=(10, SIDE * SIDE)).astype(float)
    y = rng.integers(10, size=n)
    return signs[y] + 0.5 * rng.normal(size=(n, SIDE * SIDE)), y


def blood(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """One blood value of each person; of a hundred people, two are ill and have higher values."""
    y = (rng.uniform(size=n) < 0.02).astype(int)
    return (rng.normal(size=n) + 2.4 * y)[:, None], y


def apples(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """Weight in grams and sugar in percent of two sorts of apples; both values are needed."""
    y = rng.integers(2, size=n)
    standard = np.where(y == 1, 1.0, -1.0)[:, None] * [0.5, 2.2] + rng.normal(size=(n, 2))
    return np.array([180.0, 12.0]) + standard * [25.0, 1.5], y


def letters(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """Sixty word counts of a letter in standard units, two of which tell whether it is an advertisement."""
    y = rng.integers(2, size=n)
    X = rng.normal(size=(n, 60))
    X[:, :2] += np.where(y == 1, 1.25, -1.25)[:, None]
    return X, y


def beams(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """Points seen from a corner, all with positive coordinates; those in a beam along the diagonal are meant."""
    y = rng.integers(2, size=n)
    side = rng.choice([-1.0, 1.0], size=n)
    angle = np.pi / 4 + side * np.where(y == 1, rng.uniform(0, 0.2, size=n), rng.uniform(0.4, 0.7, size=n))
    return rng.uniform(0.5, 1.5, size=(n, 1)) * np.stack([np.cos(angle), np.sin(angle)], axis=1), y


def sensors(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """Six sensors, each with an offset of its own, of a machine in one of three states."""
    y = rng.integers(3, size=n)
    states = np.array([[1, 1, 0, 0, -1, 0], [0, -1, 1, 1, 0, 0], [-1, 0, 0, -1, 1, 1]]) * 1.7
    return np.array([60.0, 40.0, 90.0, 20.0, 70.0, 50.0]) + 5 * (states[y] + rng.normal(size=(n, 6))), y


PATIENTS: dict[str, tuple[Maker, int, int]] = {  # of each program: how to draw, rows to learn from, new rows
    "price_flats": (flats, 150, 150),
    "sort_wines": (wines, 200, 200),
    "trace_wave": (wave, 120, 120),
    "read_signs": (glyphs, 400, 300),
    "screen_patients": (blood, 4000, 6000),
    "grade_apples": (apples, 200, 300),
    "filter_letters": (letters, 120, 200),
    "spot_beams": (beams, 200, 200),
    "sort_stamps": (glyphs, 300, 300),
    "read_sensors": (sensors, 200, 200),
}


def drawn(program: str, seed: int) -> tuple[Array, Array, Array, Array]:
    """X_train, X_test, y_train, y_test of one program.

    Raises:
        ValueError: there is no such program.
    """
    if program not in PATIENTS:
        raise ValueError(f"`program` must be one of {', '.join(PATIENTS)}. Received: {program!r}")
    make, old, new = PATIENTS[program]
    X, y = make(np.random.default_rng(seed), old + new)
    return X[:old], X[old:], y[:old], y[old:]
