"""Figure 17: a curve fitted by 3, 8 and 20 hidden units (lecture block "Universal Approximation Theorem")."""

from __future__ import annotations

from types import ModuleType

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dlkit.figures.style import BLACK, BLUE, canvas, number, styled

UNITS = (3, 8, 20)


def target(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The curve to approximate on [-3, 3]."""
    return np.sin(2 * x) + 0.3 * x


def hidden_units(n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights and biases of n tanh units whose steps stand evenly along [-3.5, 3.5]."""
    centres = np.linspace(-3.5, 3.5, n)
    w = np.full(n, 2.5)
    return w, -w * centres


@styled
def universal_approximation(xor_mlp: ModuleType) -> Figure:
    """Target, best fit and its largest error for each number of hidden units.

    Args:
        xor_mlp: a module with hw2's `fit_output_weights`.
    """
    figure, axes = canvas(9.6, 3.9, 1, len(UNITS), sharey=True)
    x = np.linspace(-3, 3, 200)
    for ax, n in zip(axes, UNITS, strict=True):
        w, b = hidden_units(n)
        v = np.asarray(xor_mlp.fit_output_weights(x, target(x), w, b), dtype=float)  # (n,)
        fit = np.tanh(np.outer(x, w) + b) @ v  # (200, n) @ (n,) -> (200,)
        ax.plot(x, target(x), color=BLACK, linestyle="-", linewidth=4, alpha=0.35, label="target")
        ax.plot(x, fit, color=BLUE, linestyle="--", label="network")
        ax.set_title(f"N = {n}: error ≤ {number(np.abs(fit - target(x)).max())}")
        ax.set_xlabel("x")
    axes[0].set_ylabel("f(x)")
    axes[0].legend(loc="upper left")
    figure.suptitle("N tanh units with fixed steps; only the N output weights are fitted")
    return figure
