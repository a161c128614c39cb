"""Figure 7: how little gradient reaches the first layers of a deep sigmoid network (lecture block "Vanishing Gradients")."""

from __future__ import annotations

from types import ModuleType

import numpy as np
from matplotlib.figure import Figure

from dlkit.figures.style import COLOURS, DASHES, MARKERS, canvas, number, styled

DEPTH, WIDTH, SAMPLES, CLASSES = 10, 32, 128, 10
CURES = {"plain": {}, "skip connections": {"skip": True}, "batch normalization": {"batch_norm": True}}


@styled
def vanishing_gradient(optimization: ModuleType) -> Figure:
    """Norm of the loss's gradient for each kernel of a 10-layer sigmoid network, plain and with two cures.

    Args:
        optimization: a module with hw3's `build_deep_mlp`, `layer_gradient_norms` and `softmax_cross_entropy`.
    """
    rng = np.random.default_rng(0)
    x = rng.normal(size=(SAMPLES, WIDTH)).astype(np.float32)
    y = rng.integers(0, CLASSES, SAMPLES)
    figure, (ax,) = canvas(8.4, 4.8)
    said = ""
    for (name, options), colour, dash, marker in zip(CURES.items(), COLOURS, DASHES, MARKERS, strict=False):
        model = optimization.build_deep_mlp(WIDTH, DEPTH, WIDTH, "sigmoid", num_classes=CLASSES, seed=0, **options)
        norms = optimization.layer_gradient_norms(model, x, y, lambda y, z: optimization.softmax_cross_entropy(z, y))
        norms = np.asarray(norms, dtype=float)  # (DEPTH + 1,)
        layers = np.arange(1, len(norms) + 1)
        ratio = number(norms[0] / norms[-2])
        ax.semilogy(layers, norms, color=colour, linestyle=dash, marker=marker, label=f"{name}: layer 1 / layer 10 = {ratio}")
        said = said or f"{number(norms[-2])} in layer 10, {number(norms[0])} in layer 1"
    ax.set_xticks(range(1, DEPTH + 2))
    ax.set_xlabel("layer (11 is the output)")
    ax.set_ylabel("norm of dE/dW")
    ax.legend(loc="lower right")
    figure.suptitle(f"Gradient of ten sigmoid layers: {said}")
    return figure
