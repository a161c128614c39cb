"""Figure 11: 10 points, of which m train a straight line (lecture block "Fitting, Models, Generalization")."""

from __future__ import annotations

from types import ModuleType

import numpy as np
from matplotlib.figure import Figure

from dlkit.figures.style import BLUE, ORANGE, canvas, number, styled

N, NOISE = 10, 0.25
SIZES = range(1, N)


@styled
def train_size(generalization: ModuleType, seeds: int = 200) -> Figure:
    """Median train and test MSE against m, with the middle half of the data sets as a band.

    Args:
        generalization: a module with hw4's `train_size_curve`.
        seeds: how many data sets.
    """
    curves = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        x = rng.uniform(-1, 1, N)
        curves.append(generalization.train_size_curve(x, 0.5 + x + rng.normal(0, NOISE, N), 1, list(SIZES)))
    low, median, high = np.quantile(np.asarray(curves, dtype=float), [0.25, 0.5, 0.75], axis=0)  # (3 of) (2, sizes)
    figure, (ax,) = canvas(8.4, 4.8)
    for i, (name, colour, dash, marker, hatch) in enumerate(
        (("train", BLUE, "-", "o", "\\\\"), ("test", ORANGE, "--", "s", "//"))
    ):
        ax.fill_between(SIZES, low[i], high[i], facecolor=colour, alpha=0.18, hatch=hatch, edgecolor=colour, linewidth=0)
        ax.plot(SIZES, median[i], color=colour, linestyle=dash, marker=marker, label=f"{name}: median, and the middle half")
    ax.set_ylim(0, 0.7)
    ax.set_xticks(SIZES)
    ax.set_xlabel(f"m points to train on; the other {N} \N{MINUS SIGN} m to test")
    ax.set_ylabel("MSE of the fitted line")
    ax.legend(loc="upper right")
    shown = f"m = 2: {number(median[1, 1])}, m = 5: {number(median[1, 4])}, m = 9: {number(median[1, 8])}"
    figure.suptitle(f"Ten points, test MSE with {shown}")
    return figure
