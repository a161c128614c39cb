"""Figure 10: which samples each fold validates on (lecture block "Cross-validation")."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dlkit.figures.style import BLACK, BLUE, canvas, styled

N, K = 22, 5


@styled
def kfold(generalization: ModuleType) -> Figure:
    """Fold by sample, in order and shuffled: each sample is validated on exactly once.

    Args:
        generalization: a module with hw4's `kfold_indices`.
    """
    figure, axes = canvas(9.6, 4.9, 2, 1, sharex=True)
    for ax, (name, seed) in zip(axes, (("in order", None), ("shuffled, seed 0", 0)), strict=True):
        folds = generalization.kfold_indices(N, K, seed)
        for row, (_, validation) in enumerate(folds):
            for column in range(N):
                _cell(ax, row, column, column in np.asarray(validation))
        sizes = ", ".join(str(len(validation)) for _, validation in folds)
        ax.set_title(f"{N} samples in {len(folds)} folds, {name}: {sizes} to validate")
        ax.set_xlim(-0.6, N - 0.4)
        ax.set_ylim(len(folds) - 0.4, -0.6)
        ax.set_yticks(range(len(folds)), [f"fold {row + 1}" for row in range(len(folds))])
        ax.set_xticks(range(0, N, 3))
        ax.grid(visible=False)
        ax.spines[["left", "bottom"]].set_visible(False)
        ax.tick_params(length=0)
    axes[-1].set_xlabel("sample (filled: validation; empty: training)")
    return figure


def _cell(ax: Any, row: int, column: int, validation: bool) -> None:
    face = BLUE if validation else "white"
    ax.add_patch(Rectangle((column - 0.42, row - 0.4), 0.84, 0.8, facecolor=face, edgecolor=BLACK, linewidth=0.8))
