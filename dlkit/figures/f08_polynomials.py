"""Figure 8: polynomials of degree 1, 3 and 10 through the same points (lecture block "Fitting, Models, Generalization")."""

from __future__ import annotations

from types import ModuleType

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dlkit.figures.style import BLACK, BLUE, GREY, canvas, number, styled

Array = NDArray[np.float64]
DEGREES = {1: "underfits", 3: "fits", 10: "overfits"}
N, NOISE = 12, 0.2


def truth(x: Array) -> Array:
    """The curve behind the data."""
    return np.sin(3 * x)


def data(seed: int, n: int = N) -> tuple[Array, Array]:
    """`n` noisy points of the curve on [-1, 1]."""
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(-1, 1, n))
    return x, truth(x) + rng.normal(0, NOISE, n)


@styled
def polynomials(generalization: ModuleType, seed: int = 31) -> Figure:
    """The same 12 points, three fits, and the mean squared error on these and on 200 new points.

    Args:
        generalization: a module with hw4's `fit_polynomial` and `predict_polynomial`.
        seed: which 12 points.
    """
    x, y = data(seed)
    x_test, y_test = data(seed + 1000, 200)
    grid = np.linspace(-1, 1, 400)
    figure, axes = canvas(9.6, 4.0, 1, 3, sharey=True)
    for ax, (degree, verdict) in zip(axes, DEGREES.items(), strict=True):
        coef = generalization.fit_polynomial(x, y, degree)
        train, test = (np.mean((generalization.predict_polynomial(coef, a) - b) ** 2) for a, b in ((x, y), (x_test, y_test)))
        ax.plot(grid, truth(grid), color=GREY, linestyle=":", label="truth")
        ax.plot(grid, generalization.predict_polynomial(coef, grid), color=BLUE, linestyle="-", label="fit")
        ax.plot(x, y, color=BLACK, linestyle="none", marker="o", label="12 points")
        ax.set_ylim(-1.9, 1.9)
        ax.set_xlabel("x")
        ax.set_title(f"Degree {degree} {verdict}: MSE\ntrain {number(train)}, test {number(test)}")
    axes[0].set_ylabel("y")
    axes[0].legend(loc="lower right")
    return figure
