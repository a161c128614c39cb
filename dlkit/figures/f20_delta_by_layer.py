"""Figure 20: the delta that reaches each layer, for four kinds of hidden units (lecture block "Vanishing Gradients")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dlkit.figures.style import COLOURS, DASHES, MARKERS, canvas, number, styled

Array = NDArray[np.float64]
DEPTH, WIDTH, SAMPLES = 20, 32, 128
GLOROT = float(np.sqrt(1 / WIDTH))  # the standard deviation of Glorot's start for WIDTH inputs and WIDTH outputs
HE = float(np.sqrt(2 / WIDTH))

UNITS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array], float]] = {  # value; slope, from the value; start
    "sigmoid": (lambda z: 0.5 * (1 + np.tanh(z / 2)), lambda a: a * (1 - a), GLOROT),
    "tanh": (np.tanh, lambda a: 1 - a**2, GLOROT),
    "ReLU": (lambda z: np.maximum(z, 0), lambda a: (a > 0).astype(float), GLOROT),
    "ReLU, He start": (lambda z: np.maximum(z, 0), lambda a: (a > 0).astype(float), HE),
}


def delta_norms(act: Callable[[Array], Array], slope: Callable[[Array], Array], std: float, seed: int) -> Array:
    """Norm of delta = dE/dh, first layer first, relative to the last layer's, for one random network."""
    rng = np.random.default_rng(seed)
    kernels = [rng.normal(0, std, (WIDTH, WIDTH)) for _ in range(DEPTH)]
    a, values = rng.normal(size=(SAMPLES, WIDTH)), []
    for W in kernels:
        a = act(a @ W)
        values.append(a)
    delta = rng.normal(size=(SAMPLES, WIDTH)) * slope(values[-1])
    norms = [float(np.linalg.norm(delta))]
    for W, a in zip(kernels[:0:-1], values[-2::-1], strict=True):  # from the last layer back to the first
        delta = (delta @ W.T) * slope(a)
        norms.insert(0, float(np.linalg.norm(delta)))
    return np.array(norms) / norms[-1]


@styled
def delta_by_layer(seeds: int = 10) -> Figure:
    """Median over random networks of the norm of delta in each of 20 layers."""
    figure, (ax,) = canvas(8.4, 4.8)
    layers = np.arange(1, DEPTH + 1)
    factors = []
    for (name, unit), colour, dash, marker in zip(UNITS.items(), COLOURS, DASHES, MARKERS, strict=False):
        norms = np.median([delta_norms(*unit, seed) for seed in range(seeds)], axis=0)
        factor = norms[0] ** (1 / (DEPTH - 1))
        look: dict[str, Any] = {"color": colour, "linestyle": dash, "marker": marker, "markevery": 2}
        ax.semilogy(layers, norms, **look, label=f"{name}: {number(factor)} per layer, {number(norms[0], 1)} in all")
        factors.append(f"{name} {number(factor)}")
    ax.set_xticks([1, 5, 10, 15, 20])
    ax.set_xlabel("layer")
    ax.set_ylabel("norm of delta / last layer's")
    ax.legend(loc="lower right")
    figure.suptitle(f"Delta shrinks from layer to layer: {factors[0]}, {factors[1]}")
    return figure
