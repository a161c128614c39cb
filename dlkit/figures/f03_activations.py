"""Figure 3: seven activations and their derivatives (lecture blocks "Activation Functions", "Other Options").

The derivatives are written out here, not taken from a tape: a second source to hold the references against.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dlkit.figures.style import BLACK, BLUE, GREY, ORANGE, canvas, styled

Array = NDArray[np.float64]
Function = Callable[[Array], Array]


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^-z)."""
    return 0.5 * (1 + np.tanh(z / 2))


ACTIVATIONS: dict[str, tuple[Function, Function, float]] = {  # value, derivative, the derivative's largest absolute value
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z)), 0.25),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2, 1),
    "ReLU": (lambda z: np.maximum(z, 0), lambda z: np.where(z > 0, 1.0, 0.0), 1),
    "leaky ReLU, 0.1": (lambda z: np.where(z > 0, z, 0.1 * z), lambda z: np.where(z > 0, 1.0, 0.1), 1),
    "softplus": (lambda z: np.logaddexp(0, z), sigmoid, 1),
    "hard tanh": (lambda z: np.clip(z, -1, 1), lambda z: np.where(np.abs(z) < 1, 1.0, 0.0), 1),
    r"RBF, w = 0, $\sigma$ = 1": (lambda z: np.exp(-(z**2)), lambda z: -2 * z * np.exp(-(z**2)), 0.86),
}
LIMIT = 4.0


@styled
def activations() -> Figure:
    """One panel for each activation: value (solid), derivative (dashed), and the bound 1 that the slide names."""
    figure, axes = canvas(9.6, 5.4, 2, 4, sharex=True, sharey=True)
    z = np.linspace(-LIMIT, LIMIT, 401)
    for ax, (name, (value, slope, bound)) in zip(axes, ACTIVATIONS.items(), strict=False):
        ax.axhline(1, color=GREY, linewidth=1, linestyle=":")
        ax.axhline(0, color=BLACK, linewidth=0.8)
        ax.plot(z, value(z), color=BLUE, linestyle="-")
        ax.plot(z, _broken(z, slope(z)), color=ORANGE, linestyle="--")
        ax.set_title(f"{name}\n|slope| ≤ {bound:g}")
        ax.set_ylim(-1.3, 2.3)
        ax.set_xticks([-4, -2, 0, 2, 4])
        ax.tick_params(labelbottom=True)
    key = axes[7]
    key.set_axis_off()
    key.plot([], [], color=BLUE, linestyle="-", label="value")
    key.plot([], [], color=ORANGE, linestyle="--", label="derivative")
    key.plot([], [], color=GREY, linewidth=1, linestyle=":", label="1: bound of\nthe derivative")
    key.legend(loc="center", fontsize=12)
    figure.suptitle("Seven activations: tanh passes 4 times the sigmoid's slope at 0 (1 against 0.25)")
    return figure


def _broken(z: Array, slope: Array) -> Array:
    """The slope with gaps where it jumps, so that no line is drawn up a step."""
    return np.where(np.abs(np.gradient(slope, z)) > 10, np.nan, slope)
