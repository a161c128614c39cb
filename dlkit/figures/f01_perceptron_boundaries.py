"""Figure 1: what one perceptron learns of AND, OR and XOR (lecture blocks "The Perceptron", "XOR")."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from dlkit.figures.style import BLACK, BLUE, ORANGE, canvas, styled

GATES = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "XOR": (0, 1, 1, 0)}
WIDEST = {"AND": 1.5, "OR": 0.5}  # the border of widest margin is x1 + x2 = this
MAX_EPOCHS = 50


@styled
def perceptron_boundaries(perceptron: ModuleType) -> Figure:
    """One panel for each gate: the learned half-plane, epochs needed and mistakes left.

    Args:
        perceptron: a module with hw1's `train_perceptron` and AND_X.
    """
    figure, axes = canvas(9.6, 4.3, 1, 3, layout="compressed", sharey=True)
    for ax, (gate, values) in zip(axes, GATES.items(), strict=True):
        y = np.array(values)
        w, mistakes = perceptron.train_perceptron(perceptron.AND_X, y, max_epochs=MAX_EPOCHS)
        _half_plane(ax, np.asarray(w, dtype=float))
        if gate in WIDEST:
            ax.plot([-0.5, 1.5], [WIDEST[gate] + 0.5, WIDEST[gate] - 1.5], color=ORANGE, linestyle="--")
        for label, marker, face in ((0, "o", "white"), (1, "s", BLACK)):
            chosen = perceptron.AND_X[y == label]
            ax.scatter(chosen[:, 0], chosen[:, 1], s=120, marker=marker, facecolor=face, edgecolor=BLACK, linewidth=1.8, zorder=5)
        left = f"{mistakes[-1]} mistakes in the last" if mistakes[-1] else "no mistake in the last"
        ax.set_title(f"{gate}: {len(mistakes)} epochs,\n{left}")
        ax.set_xlabel("$x_1$")
    axes[0].set_ylabel("$x_2$")
    figure.suptitle("One perceptron says 1 where hatched; dashed: the border of widest margin (SVM)")
    return figure


def _half_plane(ax: Any, w: np.ndarray[Any, np.dtype[np.float64]]) -> None:
    """Hatch w0 + w1 x1 + w2 x2 > 0 and draw its border."""
    x1, x2 = np.meshgrid(np.linspace(-0.5, 1.5, 81), np.linspace(-0.5, 1.5, 81))
    score = w[0] + w[1] * x1 + w[2] * x2
    ax.contourf(x1, x2, score, levels=[0, np.inf], colors=["#e8f1f8"], hatches=["//"], extend="neither")
    if score.min() < 0 < score.max():
        ax.contour(x1, x2, score, levels=[0], colors=[BLUE], linewidths=2.5)
    ax.set_box_aspect(1)
    ax.set_xticks([0, 1])
    ax.set_yticks([0, 1])
    ax.set_xlim(-0.5, 1.5)
    ax.set_ylim(-0.5, 1.5)
    ax.grid(visible=False)
