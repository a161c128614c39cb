"""Figure 12: four penalties on one weight, and their slopes (lecture block "Regularization")."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from dlkit.figures.style import COLOURS, DASHES, canvas, styled

RATIO, DELTA, LIMIT = 0.5, 1.0, 2.5


@styled
def penalties(regularization: ModuleType) -> Figure:
    """R(w) and dR/dw of L2, L1, elastic net and Huber for a single weight w.

    Args:
        regularization: a module with hw5's penalties.
    """
    import tensorflow as tf

    kinds: dict[str, Callable[[Any], Any]] = {
        "L2": lambda w: regularization.l2_penalty([w]),
        "L1": lambda w: regularization.l1_penalty([w]),
        f"elastic net, ratio {RATIO:g}": lambda w: regularization.elastic_net_penalty([w], RATIO),
        f"Huber, delta {DELTA:g}": lambda w: regularization.huber_penalty([w], DELTA),
    }
    figure, (left, right) = canvas(9.6, 4.6, 1, 2)
    w = np.linspace(-LIMIT, LIMIT, 200)  # 0 is not among them: there L1 has a corner
    for (name, penalty), colour, dash in zip(kinds.items(), COLOURS, DASHES, strict=False):
        W = tf.constant(w)
        with tf.GradientTape() as tape:
            tape.watch(W)
            total = penalty(W)
        slope = tape.gradient(total, W).numpy()  # R is a sum over weights: each entry has its own slope
        slope = np.where((np.abs(w) < LIMIT / 150) & (np.abs(slope) > 0.4), np.nan, slope)  # no line up the jump
        left.plot(w, [float(penalty(tf.constant([value]))) for value in w], color=colour, linestyle=dash, label=name)
        right.plot(w, slope, color=colour, linestyle=dash)
    left.set_ylim(-0.2, 4.5)
    right.set_ylim(-4.5, 4.5)
    left.set_ylabel("R(w)")
    right.set_ylabel("dR/dw")
    left.set_title("Penalty; at w = 2: L2 4, L1 2")
    right.set_title("Slope near 0: L1 keeps 1, L2 fades to 0")
    for ax in (left, right):
        ax.set_xlabel("w")
    left.legend(loc="upper center")
    return figure
