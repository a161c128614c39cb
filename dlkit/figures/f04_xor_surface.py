"""Figure 4: the 2-2-1 network on XOR before and after training (lecture blocks "More Layers", "Gradient Descent")."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from dlkit.figures.style import BLACK, BLUE, canvas, minus, number, styled

START = {"w1": -0.3, "w2": 0.2, "w3": -0.2, "w4": 0.2, "w5": 0.3, "w6": -1.0, "b1": 0.6, "b2": 1.0, "b3": 0.0}
LEVELS = np.arange(-1.25, 2.01, 0.25)


@styled
def xor_surface(xor_mlp: ModuleType, lr: float = 0.1, epochs: int = 500) -> Figure:
    """Network output before and after, the four rows in the hidden space, and the error over the epochs.

    Args:
        xor_mlp: a module with hw2's functions and constants.
        lr: the learning rate.
        epochs: how many full-batch steps to take from START.
    """
    trained, history = xor_mlp.train_xor(dict(START), lr=lr, epochs=epochs)
    figure, axes = canvas(9.6, 7.8, 2, 2, layout="compressed")  # for square panels
    for ax, p, title in zip(axes, (START, trained), ("Before training", f"After {epochs} epochs"), strict=False):
        right = _surface(figure, ax, xor_mlp, p)
        ax.set_title(f"{title}: {right} of 4 right")
    _hidden_space(axes[2], xor_mlp, trained)
    _error(axes[3], history)
    return figure


def _surface(figure: Figure, ax: Any, xor_mlp: ModuleType, p: dict[str, float]) -> int:
    """Contours of f(x1, x2), the border f = 1/2, the four rows; returns how many lie on their side of it."""
    side = np.linspace(-0.4, 1.4, 37)
    f = np.array([[xor_mlp.forward_221(np.array([x1, x2]), p)["f"] for x1 in side] for x2 in side], dtype=float)
    filled = ax.contourf(side, side, f, levels=LEVELS, cmap="Greys_r", alpha=0.75, extend="both")
    if f.min() < 0.5 < f.max():
        ax.contour(side, side, f, levels=[0.5], colors=[BLUE], linewidths=2.5)
    outputs = np.array([xor_mlp.forward_221(x, p)["f"] for x in xor_mlp.XOR_X], dtype=float)
    _points(ax, xor_mlp.XOR_X, xor_mlp.XOR_Y)
    for (x1, x2), value in zip(xor_mlp.XOR_X, outputs, strict=True):
        box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
        ax.text(x1, x2 - 0.12, minus(f"{round(value, 2) + 0.0:.2f}"), ha="center", va="top", fontsize=11, bbox=box)
    ax.set_box_aspect(1)
    ax.grid(visible=False)
    ax.set_xticks([0, 1])
    ax.set_yticks([0, 1])
    ax.set_xlabel("$x_1$")
    ax.set_ylabel("$x_2$")
    figure.colorbar(filled, ax=ax, label="f (line: f = 1/2)", shrink=0.82, ticks=[-1, 0, 1, 2])
    return int(np.sum((outputs > 0.5) == (xor_mlp.XOR_Y > 0.5)))


def _hidden_space(ax: Any, xor_mlp: ModuleType, p: dict[str, float]) -> None:
    """The rows as the hidden units see them: there one straight line, w5 u1 + w6 u2 + b3 = 1/2, separates them."""
    caches = [xor_mlp.forward_221(x, p) for x in xor_mlp.XOR_X]
    u = np.array([[cache["u1"], cache["u2"]] for cache in caches], dtype=float)  # (4, 2)
    u1 = np.linspace(-1.3, 1.3, 2)
    if p["w6"]:
        ax.plot(u1, (0.5 - p["b3"] - p["w5"] * u1) / p["w6"], color=BLUE, linestyle="-", linewidth=2.5)
    _points(ax, u, xor_mlp.XOR_Y)
    for (a, b), (x1, x2) in zip(u, xor_mlp.XOR_X, strict=True):
        same = x1 == x2  # both rows of class 0 end up close together: one label goes above, the other below
        offset = (-12, 6 - 20 * x1) if same else (10, -5)
        text = {"ha": "right" if same else "left", "textcoords": "offset points", "fontsize": 11}
        ax.annotate(f"({x1:.0f}, {x2:.0f})", (a, b), offset, **text)
    ax.set_box_aspect(1)
    ax.set_xlim(-1.25, 1.25)
    ax.set_ylim(-1.25, 1.25)
    ax.set_xlabel("$u_1$")
    ax.set_ylabel("$u_2$")
    line = f"{p['w5']:.2f} $u_1$ + {p['w6']:.2f} $u_2$ + {p['b3']:.2f} = 0.5"
    ax.set_title(f"Hidden space: {minus(line.replace('+ -', '- '))}")


def _error(ax: Any, history: list[float]) -> None:
    E = np.asarray(history, dtype=float)
    ax.semilogy(E, color=BLACK, linestyle="-")
    ax.set_xlabel("epoch")
    ax.set_ylabel("summed error E")
    ax.set_title(f"Error: {E[0]:.2f} at the start, {E[1]:.2f} after 1 step,\n{number(E[-1], 1)} before the last")


def _points(ax: Any, at: NDArray[np.float64], y: NDArray[np.float64]) -> None:
    """Filled squares for y = 1, open circles for y = 0."""
    for label, marker, face in ((0.0, "o", "white"), (1.0, "s", BLACK)):
        chosen = at[y == label]
        ax.scatter(chosen[:, 0], chosen[:, 1], s=110, marker=marker, facecolor=face, edgecolor=BLACK, linewidth=1.8, zorder=5)
