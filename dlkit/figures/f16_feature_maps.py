"""Figure 16: what the layers of a trained CNN see (lecture blocks "Recursion", "Hierarchical Features").

It trains hw6's network for two epochs on digits, about 5 seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dlkit.figures.digits import split
from dlkit.figures.style import canvas, styled

MAPS, EPOCHS, BATCH = 6, 2, 32


@styled
def feature_maps(cnn: ModuleType, progress: Callable[[str], None] | None = None) -> Figure:
    """A digit, the first kernels, and the maps that they and the second layer make of it.

    Args:
        cnn: a module with hw6's `build_cnn`, `train_epoch` and `evaluate_model`.
        progress: called with a line after each epoch.
    """
    import keras

    tell = progress or (lambda line: None)
    X_train, X_test, y_train, y_test = split(block=3)
    keras.utils.set_random_seed(0)
    model = cnn.build_cnn()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = keras.optimizers.SGD(0.01, momentum=0.9)
    for epoch in range(EPOCHS):
        order = np.random.default_rng(epoch).permutation(len(X_train))
        batches = [(X_train[i], y_train[i]) for i in np.split(order, range(BATCH, len(order), BATCH))]
        mean = cnn.train_epoch(model, batches, loss, optimizer, epoch + 1, log=lambda line: None)
        tell(f"epoch {epoch + 1} of {EPOCHS}: loss {mean:.3f}")
    _, accuracy = cnn.evaluate_model(model, [(X_test, y_test)])

    image = X_test[:1]
    first, second = (layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D))
    seen = keras.Model(model.inputs[0], [first.output, second.output])(image, training=False)
    maps1, maps2 = (np.asarray(maps)[0] for maps in seen)  # (24, 24, 20), (8, 8, 50)
    kernels = np.asarray(first.kernel)[:, :, 0]  # (5, 5, 20)
    figure, axes = canvas(9.6, 5.2, 3, MAPS + 1)
    _show(axes[0], image[0, :, :, 0], f"a {y_test[0]},\n28 x 28")
    for row, (values, name) in enumerate(((kernels, "kernel"), (maps1, "map"), (maps2, "map"))):
        strongest = np.argsort(-(maps2 if row == 2 else maps1).mean(axis=(0, 1)), kind="stable")[:MAPS]
        for column, k in enumerate(strongest):
            _show(axes[row * (MAPS + 1) + column + 1], values[:, :, k], f"{name} {k + 1}")
    for row, text in (
        (1, f"conv 1:\n{maps1.shape[2]} maps of\n{maps1.shape[0]} x {maps1.shape[1]}"),
        (2, f"conv 2:\n{maps2.shape[2]} maps of\n{maps2.shape[0]} x {maps2.shape[1]}"),
    ):
        ax = axes[row * (MAPS + 1)]
        ax.set_axis_off()
        ax.text(0.5, 0.5, text, ha="center", va="center", transform=ax.transAxes)
    figure.suptitle(f"The trained network ({EPOCHS} epochs, test accuracy {accuracy:.2f}) looks at a {y_test[0]}: dark is large")
    return figure


def _show(ax: Any, values: NDArray[Any], title: str) -> None:
    ax.imshow(values, cmap="Greys", interpolation="nearest")
    ax.set_title(title, fontsize=11)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.grid(visible=False)
