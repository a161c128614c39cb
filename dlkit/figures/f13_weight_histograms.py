"""Figure 13: the weights that four ways of training leave behind (lecture block "Regularization").

It trains four networks on 300 digits, of which 30 % have random labels: about 15 seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from dlkit.figures.digits import split
from dlkit.figures.style import BLACK, BLUE, canvas, styled

N, NOISY, HIDDEN = 300, 0.3, (128,)
EPOCHS, BATCH = 40, 32


@styled
def weight_histograms(regularization: ModuleType, progress: Callable[[str], None] | None = None) -> Figure:
    """Histograms (log counts) of all kernel entries: plain, L2, L1, dropout, with accuracy and share near zero.

    Args:
        regularization: a module with hw5's `build_regularized_mlp` and `build_dropout_mlp`.
        progress: called with a line after each training.
    """
    import keras

    tell = progress or (lambda line: None)
    X, X_test, y, y_test = split()
    X, y = X[:N], y[:N].copy()
    rng = np.random.default_rng(0)
    noisy = rng.choice(N, int(NOISY * N), replace=False)
    y[noisy] = rng.integers(0, 10, noisy.size)
    builders: dict[str, Callable[[], Any]] = {
        "plain": lambda: regularization.build_regularized_mlp(64, 10, HIDDEN, l1=0.0, l2=0.0),
        "L2, 0.01": lambda: regularization.build_regularized_mlp(64, 10, HIDDEN, l1=0.0, l2=1e-2),
        "L1, 0.003": lambda: regularization.build_regularized_mlp(64, 10, HIDDEN, l1=3e-3, l2=0.0),
        "dropout 0.5": lambda: regularization.build_dropout_mlp(64, 10, HIDDEN, rate=0.5),
    }
    figure, axes = canvas(9.6, 5.6, 2, 2, sharex=True, sharey=True)
    for ax, (name, build) in zip(axes, builders.items(), strict=True):
        keras.utils.set_random_seed(0)
        model = build()
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.SGD(0.1, momentum=0.9), loss)
        model.fit(X, y, batch_size=BATCH, epochs=EPOCHS, verbose=0)
        accuracy = float(np.mean(np.argmax(model(X_test, training=False), axis=1) == y_test))
        kernels = [np.ravel(variable) for variable in model.trainable_variables if variable.name == "kernel"]
        weights = np.concatenate(kernels)
        tell(f"{name}: test accuracy {accuracy:.3f}")
        counts, edges = np.histogram(np.clip(weights, -1, 1), bins=np.linspace(-1, 1, 81))
        ax.set_yscale("log")
        ax.stairs(counts, edges, baseline=0.5, fill=True, facecolor=BLUE, edgecolor=BLACK, linewidth=0.8)
        ax.set_ylim(0.5, weights.size)
        ax.set_title(f"{name}: test accuracy {accuracy:.2f},\n{np.mean(np.abs(weights) < 1e-3):.1%} of weights below 0.001")
    for ax in axes[2:]:
        ax.set_xlabel("weight (beyond 1: counted at the edge)")
    for ax in axes[::2]:
        ax.set_ylabel("count")
    figure.suptitle(f"{N} digits, {NOISY:.0%} with random labels, {EPOCHS} epochs")
    return figure
