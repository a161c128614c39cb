"""Figure 14: what dropout leaves of a layer of ones, in both conventions (lecture block "Dropout")."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dlkit.figures.style import BLACK, canvas, styled

SAMPLES, UNITS, RATE = 5, 8, 0.5


@styled
def dropout_masks(regularization: ModuleType) -> Figure:
    """Four draws: above as on the slide (0 or 1, halved at test time), below as in Keras (0 or 2, nothing at test time).

    Args:
        regularization: a module with hw5's `slide_dropout` and `inverted_dropout`.
    """
    import tensorflow as tf

    ones = tf.ones((SAMPLES, UNITS))
    figure, axes = canvas(9.6, 4.9, 2, 4, sharex=True, sharey=True)
    kinds = (("slide", regularization.slide_dropout), ("inverted", regularization.inverted_dropout))
    for row, (name, dropout) in enumerate(kinds):
        for seed in range(4):
            ax = axes[4 * row + seed]
            values = np.asarray(dropout(ones, RATE, True, seed=seed), dtype=float)
            _cells(ax, values)
            ax.set_title(f"{name}: {np.sum(values > 0)} of {values.size} kept,\nmean {values.mean():.2f}")
        axes[4 * row].set_ylabel("sample")
    for ax in axes[4:]:
        ax.set_xlabel("unit")
    figure.suptitle(f"Dropout of ones at rate {RATE:g}: each sample draws another network")
    return figure


def _cells(ax: Any, values: NDArray[np.float64]) -> None:
    ax.imshow(values, cmap="Greys", vmin=0, vmax=5, aspect="auto")
    for i, j in np.ndindex(values.shape):
        ax.text(j, i, f"{values[i, j]:g}", ha="center", va="center", fontsize=11, color=BLACK)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.grid(visible=False)
