"""The slide's 2-2-1 network: what flows forward, and which delta comes back along each arrow."""

from __future__ import annotations

import math
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch

from dlkit.figures.style import BLACK, BLUE, GREY, ORANGE, styled

Point = tuple[float, float]

RADIUS = 0.42
NODES = {
    "x1": (0.0, 3.2), "x2": (0.0, 0.0),
    "h1": (3.0, 3.2), "h2": (3.0, 0.0),
    "u1": (5.2, 3.2), "u2": (5.2, 0.0),
    "f": (8.2, 1.6), "E": (10.4, 1.6),
}  # fmt: skip


@styled
def network_221() -> Figure:
    """The diagram of the nine parameters (forward) and the five deltas (backward)."""
    figure = Figure(figsize=(9.6, 4.9), layout="constrained")
    ax = figure.subplots()
    ax.set_axis_off()
    ax.set_aspect("equal")
    ax.set_xlim(-0.7, 11.1)
    ax.set_ylim(-1.45, 4.65)
    figure.suptitle("The 2-2-1 network: 9 parameters forward (solid), 5 deltas back (dashed)")
    for name, at in NODES.items():
        inputs = name.startswith("x")
        ax.add_patch(Circle(at, RADIUS, facecolor="#eeeeee" if inputs else "white", edgecolor=BLACK, linewidth=1.8, zorder=3))
        ax.text(*at, _tex(name), ha="center", va="center", fontsize=15, zorder=4)
    for start, end, label, where in (
        ("x1", "h1", "w1", 0.5), ("x2", "h1", "w2", 0.3), ("x1", "h2", "w3", 0.3), ("x2", "h2", "w4", 0.5),
        ("u1", "f", "w5", 0.5), ("u2", "f", "w6", 0.5),
    ):  # fmt: skip
        _arrow(ax, NODES[start], NODES[end])
        _label(ax, _between(NODES[start], NODES[end], where), _tex(label))
    for row in "12":
        _arrow(ax, NODES[f"h{row}"], NODES[f"u{row}"])
        _label(ax, _between(NODES[f"h{row}"], NODES[f"u{row}"], 0.5), "tanh", 12)
    _arrow(ax, NODES["f"], NODES["E"])
    for label, end, above in (("b1", "h1", True), ("b2", "h2", False), ("b3", "f", True)):
        x, y = NODES[end]
        at = (x, y + (1.15 if above else -1.15))
        _arrow(ax, at, (x, y), gap=0.2)
        ax.text(*at, _tex(label), ha="center", va="center", fontsize=14, color=BLUE)
    for start, end, label, turn, bend in (
        ("E", "f", "d1", 45, -0.45), ("f", "u1", "d2", -28, 0.22), ("f", "u2", "d3", 28, -0.22),
        ("u1", "h1", "d4", -50, 0.45), ("u2", "h2", "d5", 50, -0.45),
    ):  # fmt: skip
        middle = _arrow(ax, NODES[start], NODES[end], ORANGE, (0, (4, 2)), turn=turn, bend=bend)
        _label(ax, middle, rf"$\delta_{label[1]}$", 15, "#a65a00")
    ax.text(*_below("E"), r"$\frac{1}{2}(f-y)^2$", ha="center", va="top", fontsize=13, color=GREY)
    return figure


def _tex(name: str) -> str:
    return f"${name[0]}_{name[1]}$" if len(name) == 2 else f"${name}$"


def _between(a: Point, b: Point, t: float) -> Point:
    return a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])


def _below(name: str) -> Point:
    x, y = NODES[name]
    return x, y - RADIUS - 0.25


def _label(ax: Any, at: Point, text: str, size: float = 14, colour: str = BLUE) -> None:
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    ax.text(*at, text, ha="center", va="center", fontsize=size, color=colour, bbox=box, zorder=2)


def _arrow(
    ax: Any,
    start: Point,
    end: Point,
    colour: str = BLACK,
    dash: Any = "-",
    turn: float = 0.0,
    bend: float = 0.0,
    gap: float = RADIUS,
) -> Point:
    """An arrow between the rims of two circles, `gap` and RADIUS wide; returns its middle.

    It leaves and arrives `turn` degrees beside the straight line, and bends to that side by `bend` of its length.
    """
    direction = math.atan2(end[1] - start[1], end[0] - start[0])
    leave, arrive = direction + math.radians(turn), direction + math.pi - math.radians(turn)
    a = start[0] + (gap + 0.04) * math.cos(leave), start[1] + (gap + 0.04) * math.sin(leave)
    b = end[0] + (RADIUS + 0.06) * math.cos(arrive), end[1] + (RADIUS + 0.06) * math.sin(arrive)
    patch = FancyArrowPatch(
        a, b, arrowstyle="-|>", mutation_scale=15, color=colour, linewidth=1.8, linestyle=dash, shrinkA=0, shrinkB=0,
        connectionstyle=f"arc3,rad={bend}", zorder=1,
    )  # fmt: skip
    ax.add_patch(patch)
    x, y = _between(a, b, 0.5)
    return x + bend / 2 * (b[1] - a[1]), y - bend / 2 * (b[0] - a[0])  # a quadratic Bezier curve at t = 1/2
