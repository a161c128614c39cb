"""Figure 15: one perceptron scans an image (lecture blocks "Scanning for Patterns", "Shift Invariance")."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from dlkit.figures.style import BLACK, ORANGE, canvas, minus, styled

CROSS = np.array([[1, 0, 0, 0, 1], [0, 1, 0, 1, 0], [0, 0, 1, 0, 0], [0, 1, 0, 1, 0], [1, 0, 0, 0, 1]], dtype=float)
PLACES = ((2, 3), (3, 15), (12, 9))  # top left corners of the crosses
SIDE, NOISE, BIAS = 20, 0.15, -7.0


def picture() -> NDArray[np.float64]:
    """Three crosses and a bar on a noisy ground."""
    image = np.random.default_rng(0).normal(0, NOISE, (SIDE, SIDE))
    for i, j in PLACES:
        image[i : i + 5, j : j + 5] += CROSS
    image[11:19, 3] += 1
    return image


@styled
def scanning(cnn: ModuleType) -> Figure:
    """Image, shared template, score map, and the map of the perceptron's answers.

    Args:
        cnn: a module with hw6's `conv2d` and `scan_perceptron`.
    """
    import tensorflow as tf

    image, template = picture(), 2 * CROSS - 1  # ink off the cross counts against it
    scores = cnn.conv2d(
        tf.constant(image[None, :, :, None]), tf.constant(template[:, :, None, None]), tf.constant(np.array([BIAS]))
    )
    scores = np.asarray(scores, dtype=float)[0, :, :, 0]  # (1, 16, 16, 1) -> (16, 16)
    answers = np.asarray(cnn.scan_perceptron(image, template, BIAS))
    figure, axes = canvas(9.6, 3.1, 1, 4, layout="compressed")
    _show(axes[0], image, -0.3, 1.2, f"image {SIDE} x {SIDE}:\n{len(PLACES)} crosses and a bar")
    _show(axes[1], template, -1.6, 1.2, f"25 weights,\nb = {minus(f'{BIAS:g}')}")
    _show(axes[2], scores, scores.min(), scores.max(), f"scores 16 x 16:\n{minus(f'{scores.min():.1f}')} to {scores.max():.1f}")
    _show(axes[3], answers, 0, 1, f"score > 0:\n{int(answers.sum())} of {answers.size} places")
    for i, j in PLACES:
        axes[0].add_patch(Rectangle((j - 0.5, i - 0.5), 5, 5, fill=False, edgecolor=ORANGE, linewidth=2, linestyle="--"))
    for (i, j), value in np.ndenumerate(template):
        axes[1].text(
            j, i, "+" if value > 0 else "\N{MINUS SIGN}", ha="center", va="center", color="white" if value > 0 else BLACK
        )
    return figure


def _show(ax: Any, values: NDArray[Any], low: float, high: float, title: str) -> None:
    ax.imshow(values, cmap="Greys", vmin=low, vmax=high, interpolation="nearest")
    ax.set_title(title, fontsize=11)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.grid(visible=False)
    ax.spines[["top", "right"]].set_visible(True)
