"""Figure 2: the perceptron's mistakes per epoch (lecture block "The Perceptron": only linearly separable problems)."""

from __future__ import annotations

from types import ModuleType

import numpy as np
from matplotlib.figure import Figure

from dlkit.figures.f01_perceptron_boundaries import GATES
from dlkit.figures.style import COLOURS, DASHES, MARKERS, canvas, styled

EPOCHS = 12


@styled
def perceptron_mistakes(perceptron: ModuleType) -> Figure:
    """Mistakes in each of the first epochs: AND and OR reach 0 and stop, XOR never does.

    Args:
        perceptron: a module with hw1's `train_perceptron` and AND_X.
    """
    figure, (ax,) = canvas(8.0, 4.2)
    said = []
    for (gate, values), colour, dash, marker in zip(GATES.items(), COLOURS, DASHES, MARKERS, strict=False):
        _, mistakes = perceptron.train_perceptron(perceptron.AND_X, np.array(values), max_epochs=EPOCHS)
        ax.plot(range(1, len(mistakes) + 1), mistakes, color=colour, linestyle=dash, marker=marker, label=gate)
        said.append(f"{gate} {'none' if not mistakes[-1] else mistakes[-1]} in epoch {len(mistakes)}")
    ax.set_xticks(range(1, EPOCHS + 1))
    ax.set_yticks(range(5))
    ax.set_ylim(-0.2, 4.3)
    ax.set_xlabel("epoch")
    ax.set_ylabel("mistakes on 4 rows")
    ax.legend(loc="center right")
    figure.suptitle(f"Mistakes: {', '.join(said)}")
    return figure
