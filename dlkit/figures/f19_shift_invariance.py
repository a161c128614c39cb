"""Figure 19: accuracy on shifted digits (lecture blocks "Shift Invariance", "Recap").

It trains three networks from four starts each on digits in the middle of the image: about a minute.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from dlkit.figures.digits import split
from dlkit.figures.style import COLOURS, DASHES, MARKERS, canvas, styled

SHIFTS = range(7)
EPOCHS, BATCH = 6, 32


@styled
def shift_invariance(cnn: ModuleType, seeds: int = 4, progress: Callable[[str], None] | None = None) -> Figure:
    """Test accuracy against the shift to the right: MLP, the slide's Net, and one with a global maximum.

    Args:
        cnn: a module with hw6's `build_cnn` and `shift_images`.
        seeds: how many starts of each network; their mean is drawn.
        progress: called with a line after each training.
    """
    import keras

    def mlp() -> Any:
        dense = keras.layers.Dense
        return keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), dense(128, "relu"), dense(10)])

    def with_global_maximum() -> Any:
        layers = [
            keras.layers.Conv2D(20, 5, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Conv2D(50, 5, activation="relu"),
        ]
        return keras.Sequential([keras.Input((28, 28, 1)), *layers, keras.layers.GlobalMaxPooling2D(), keras.layers.Dense(10)])

    tell = progress or (lambda line: None)
    X_train, X_test, y_train, y_test = split(block=2)
    mean, std = X_train.mean(), X_train.std()
    shifted = [(cnn.shift_images(X_test, 0, shift) - mean) / std for shift in SHIFTS]
    figure, (ax,) = canvas(8.4, 4.8)
    said = []
    networks = {"MLP": mlp, "CNN, Flatten": cnn.build_cnn, "CNN, global maximum": with_global_maximum}
    for (name, build), colour, dash, marker in zip(networks.items(), COLOURS, DASHES, MARKERS, strict=False):
        accuracies = []
        for seed in range(seeds):
            keras.utils.set_random_seed(seed)
            model = build()
            loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
            model.compile(keras.optimizers.SGD(0.01, momentum=0.9), loss)
            model.fit((X_train - mean) / std, y_train, batch_size=BATCH, epochs=EPOCHS, verbose=0)
            accuracies.append([float(np.mean(np.argmax(model(X, training=False), axis=1) == y_test)) for X in shifted])
            tell(f"{name}, start {seed + 1} of {seeds}: {accuracies[-1][0]:.2f} centred, {accuracies[-1][4]:.2f} shifted by 4")
        averages = np.mean(accuracies, axis=0)
        ax.plot(SHIFTS, averages, color=colour, linestyle=dash, marker=marker, label=name)
        said.append(f"{name} {averages[4]:.2f}")
    ax.axhline(0.1, color="black", linewidth=1, linestyle=":")
    ax.text(0, 0.11, "guessing", va="bottom", fontsize=11)
    ax.set_ylim(0, 1.03)
    ax.set_xlabel("pixels to the right (trained at 0)")
    ax.set_ylabel("test accuracy" if seeds == 1 else f"test accuracy, mean of {seeds} starts")
    ax.legend(loc="center right", bbox_to_anchor=(1, 0.6))
    figure.suptitle(f"Shifted by 4 pixels: {', '.join(said)}")
    return figure
