"""Figure 6: descent in a narrow ravine, with and without momentum (lecture blocks "Gradient Descent", "Momentum")."""

from __future__ import annotations

from types import ModuleType

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dlkit.figures.style import BLACK, BLUE, GREEN, ORANGE, canvas, styled

CURVATURE = np.array([1.0, 25.0])  # E = (w1^2 + 25 w2^2) / 2
START = np.array([-4.0, 1.0])
SMALL = 1e-6
STEPS = 800
PANELS = (
    ("small rate 0.01", 0.01, 0.0, BLUE),
    ("rate 0.079, near the limit 0.08", 0.079, 0.0, ORANGE),
    ("rate 0.081, past the limit", 0.081, 0.0, BLACK),
    ("rate 0.01, momentum 0.8", 0.01, 0.8, GREEN),
)


def gradient(w: NDArray[np.float64]) -> NDArray[np.float64]:
    """The gradient of the ravine's error E = (w1^2 + 25 w2^2) / 2."""
    return CURVATURE * w


@styled
def momentum_ravine(optimization: ModuleType, shown: int = 40) -> Figure:
    """Contours of the ravine and the first steps of four descents, with the steps each needs.

    Args:
        optimization: a module with hw3's `descend`.
        shown: how many steps to draw.
    """
    figure, axes = canvas(9.6, 5.6, 2, 2, sharex=True, sharey=True)
    w1, w2 = np.meshgrid(np.linspace(-4.8, 2.4, 121), np.linspace(-1.6, 1.6, 81))
    E = (CURVATURE[0] * w1**2 + CURVATURE[1] * w2**2) / 2
    for ax, (name, lr, alpha, colour) in zip(axes, PANELS, strict=True):
        path = np.asarray(optimization.descend(gradient, START.copy(), lr, alpha, STEPS), dtype=float)  # (STEPS + 1, 2)
        errors = (path**2 @ CURVATURE) / 2
        there = np.flatnonzero(errors < SMALL)
        ax.contour(w1, w2, E, levels=[0.25, 1, 3, 6, 10, 15, 22], colors="#b5b5b5", linewidths=1)
        ax.plot(path[: shown + 1, 0], path[: shown + 1, 1], color=colour, linestyle="-", linewidth=1.4, marker="o", markersize=4)
        ax.plot(0, 0, marker="*", markersize=13, color=BLACK, linestyle="none")
        ax.set_xlim(-4.8, 2.4)
        ax.set_ylim(-1.6, 1.6)
        ax.grid(visible=False)
        result = f"E < $10^{{-6}}$ after {there[0]} steps" if there.size else f"E = {errors[shown]:.1f} after {shown} steps"
        ax.set_title(f"{name}:\n{result}")
    for ax in axes[2:]:
        ax.set_xlabel("$w_1$")
    for ax in axes[::2]:
        ax.set_ylabel("$w_2$")
    figure.suptitle(
        f"Ravine $E = (w_1^2 + 25 w_2^2)/2$: the first {shown} steps from (-4, 1) to the star".replace("(-", "(\N{MINUS SIGN}")
    )
    return figure
