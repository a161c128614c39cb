"""Figure 9: train and test error against capacity (lecture block "Generalization and Capacity")."""

from __future__ import annotations

from types import ModuleType

import numpy as np
from matplotlib.figure import Figure

from dlkit.figures.f08_polynomials import data
from dlkit.figures.style import BLUE, ORANGE, canvas, number, styled

DEGREES = range(12)


@styled
def capacity_curve(generalization: ModuleType, seeds: int = 50) -> Figure:
    """Median train and test MSE of polynomials on 12 points, by degree.

    Args:
        generalization: a module with hw4's `capacity_curve`.
        seeds: how many data sets.
    """
    curves = [generalization.capacity_curve(*data(seed), *data(seed + 1000, 200), list(DEGREES)) for seed in range(seeds)]
    train, test = np.median(np.asarray(curves, dtype=float), axis=0)  # (seeds, 2, degrees) -> (2, degrees)
    best = int(np.argmin(test))
    figure, (ax,) = canvas(8.4, 4.8)
    ax.semilogy(DEGREES, test, color=ORANGE, linestyle="--", marker="s", label="test (200 new points)")
    ax.semilogy(DEGREES[:-1], train[:-1], color=BLUE, linestyle="-", marker="o", label="train (12 points)")
    ax.axvline(best, color="black", linestyle=":", linewidth=1.2)
    ax.text(3.15, train[-2], "train at degree 11: 0 (12 coefficients)", va="center", fontsize=11)
    ax.set_ylim(train[-2] / 3, test.max() * 3)
    ax.set_xticks(DEGREES)
    ax.set_xlabel("degree")
    ax.set_ylabel(f"MSE, median of {seeds} data sets")
    ax.legend(loc="upper left")
    figure.suptitle(f"Best on new points: degree {best} (MSE {number(test[best])}); degree 11: {number(test[-1])}")
    return figure
