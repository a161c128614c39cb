"""The picture of a milestone: the curves of its steps, weights, failures and decision regions, with what they show in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from autograder.assignment.predictions.learned import Picture, Plane, Point, Tiles
from autograder.assignment.predictions.milestones import Step
from autograder.grading.reaching import Reached
from autograder.text import plain
from dlkit.figures.style import BLACK, BLUE, COLOURS, DASHES, LIGHT, MARKERS, styled
from dlkit.milestones.plot import SHARE_OF_NOTHING, curves_of

COLUMNS = 3
WIDTH, HEIGHT = 4.2, 3.5  # inches of a panel
LETTERS = 34  # of a line of a title
LARGEST = 1e100  # a number beyond it is drawn here
MARKED = 16  # points of a curve, up to which each has a mark

Panel = Callable[[Any], None]


@dataclass(frozen=True)
class Drawn:
    """What a panel shows: how it is drawn, and the same in words."""

    draw: Panel
    words: str


@styled
def picture(results: Sequence[Reached], title: str) -> Figure:
    """One panel for each step that has curves, and one for each of its pictures.

    Args:
        results: of the steps.
        title: above all.
    """
    panels = panels_of(results)
    columns = 2 if len(panels) in (2, 4) else min(COLUMNS, max(1, len(panels)))
    rows = math.ceil(max(1, len(panels)) / columns)
    figure = Figure(figsize=(WIDTH * columns, HEIGHT * rows + 0.6), layout="constrained")
    places = np.atleast_1d(figure.subfigures(rows, columns, squeeze=False)).flat
    for place, panel in zip(places, panels, strict=False):
        panel.draw(place)
    figure.suptitle(title)
    return figure


@styled
def one_step(step: Step, points: Sequence[Point]) -> Figure:
    """The curves of a step while it runs, for a notebook."""
    figure = Figure(figsize=(1.6 * WIDTH, HEIGHT), layout="constrained")
    _curves(step, points, step.name, figure)
    return figure


def panels_of(results: Sequence[Reached]) -> list[Drawn]:
    """The panels of the picture, in the order of the steps."""
    found: list[Drawn] = []
    for one in results:
        verdict = "reached" if one.kept else "not yet"
        if curves_of(one.points):
            title = f"{one.step.name}: {verdict}"
            names = [name for name in curves_of(one.points) if name != one.step.y]
            curves = f", as curves of {' and '.join(names)}" if names else ""
            words = f"{one.step.name}: {one.step.y} against {one.step.x}{curves}"
            found.append(Drawn(partial(_curves, one.step, one.points, title), words))
        for shown in one.learned.pictures if one.learned else ():
            words = f"{one.step.name}: {plain(shown.title, 80)}{_more(shown)}"
            draw = partial(_tiles, shown) if isinstance(shown, Tiles) else partial(_plane, shown)
            found.append(Drawn(draw, words))
    return found


def in_words(results: Sequence[Reached]) -> str:
    """What the picture shows, for whoever does not see it; "" without a picture."""
    panels = panels_of(results)
    if not panels:
        return ""
    several = "1 panel" if len(panels) == 1 else f"{len(panels)} panels"
    return f"The picture has {several}. {'; '.join(one.words for one in panels)}."


def _more(shown: Picture) -> str:
    if isinstance(shown, Tiles):
        captions = [plain(text, 40) for text in shown.captions]
        return f" ({', '.join(captions)})" if captions else f" ({len(shown.images)} small pictures)"
    return f" (class 1 covers {100 * float(np.mean(shown.classes > 0.5)):.0f}% of the plane)"


def _curves(step: Step, points: Sequence[Point], title: str, place: Any) -> None:
    """The curves of a step; each has a colour, a dash and a mark of its own."""
    ax = place.subplots()
    curves = curves_of(points)
    heights = [y for curve in curves.values() for _, y in curve]
    log = step.log and max(heights, default=0) > 0
    for number, (name, curve) in enumerate(curves.items()):
        look: dict[str, Any] = {"color": COLOURS[number % len(COLOURS)], "linestyle": DASHES[number % len(DASHES)]}
        look |= {"marker": MARKERS[number % len(MARKERS)], "markevery": max(1, len(curve) // MARKED), "markersize": 5}
        values = [min(max(y, SHARE_OF_NOTHING if log else -LARGEST), LARGEST) for _, y in curve]
        ax.plot([x for x, _ in curve], values, label=name, **look)
    if log:
        ax.set_yscale("log")
    if all(float(x).is_integer() for curve in curves.values() for x, _ in curve):
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel(step.x)
    ax.set_ylabel(step.y)
    ax.set_title(_short(title))
    if curves:
        ax.legend(loc="best")


def _plane(plane: Plane, place: Any) -> None:
    """The half-planes of two classes, hatched where it says 1, and the samples as circles and squares."""
    ax = place.subplots()
    mixed = bool(np.ptp(plane.classes))
    if mixed:
        ax.contourf(plane.x, plane.y, plane.classes, levels=[-0.5, 0.5, 1.5], colors=["#ffffff", "#cfe2f0"], hatches=["", "//"])
        ax.contour(plane.x, plane.y, plane.classes, levels=[0.5], colors=[BLACK], linewidths=1.4)
    for label, marker in enumerate("os"):
        rows = plane.X[plane.labels == label]
        colour = BLUE if label else "white"
        ax.plot(rows[:, 0], rows[:, 1], marker, color=BLACK, markerfacecolor=colour, linestyle="none", label=f"class {label}")
    ax.set_xlim(plane.x.min(), plane.x.max())
    ax.set_ylim(plane.y.min(), plane.y.max())
    ax.set_xlabel("$x_1$")
    ax.set_ylabel("$x_2$")
    ax.set_title(_short(plane.title if mixed else f"{plane.title} (one class everywhere)"))
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)


def _tiles(tiles: Tiles, place: Any) -> None:
    """Small pictures in a grid, each with its caption."""
    place.suptitle(_short(tiles.title), fontsize=12, fontweight="normal")
    if not len(tiles.images):
        ax = place.subplots()
        ax.axis("off")
        ax.text(0.5, 0.5, "none", ha="center", va="center", fontsize=14)
        return
    columns = math.ceil(math.sqrt(len(tiles.images) * WIDTH / HEIGHT))
    rows = math.ceil(len(tiles.images) / columns)
    axes = place.subplots(rows, columns, squeeze=False)
    most = float(np.nanmax(np.abs(tiles.images))) or 1.0
    for number, ax in enumerate(axes.flat):
        ax.set_xticks([])
        ax.set_yticks([])
        ax.grid(visible=False)
        if number >= len(tiles.images):
            ax.axis("off")
            continue
        for spine in ax.spines.values():
            spine.set(visible=True, color=LIGHT)
        ax.imshow(tiles.images[number], cmap="gray", vmin=-most if tiles.signed else 0.0, vmax=most, interpolation="nearest")
        if number < len(tiles.captions):
            ax.set_title(plain(tiles.captions[number], 20), fontsize=9, pad=2)


def _short(text: str) -> str:
    """A title in lines of a panel's width; formulas of a stranger are text."""
    import textwrap

    return "\n".join(textwrap.wrap(plain(text, 120), LETTERS)).replace("$", r"\$")
