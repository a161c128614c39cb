"""Curves and heat maps as SVG that stands in a page: readable from the last row, in grey, and without seeing them."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.observation import Array
from dlkit.lecture.words import MINUS, number_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RIGHT, WRONG, BAND = "#1a1a1a", "#b33a00", "#f3ddd2"
EXPECTED, ACTUAL = "expected", "this code"
WIDTH, HEIGHT = 4.8, 2.7  # inches
DOTS = 12  # of a curve that has so few places
CELLS = 36  # of a matrix whose numbers are written into it
FAR = 50.0  # times as large as what is expected: what is larger is cut off


def curves(title: str, x: Array, expected: Array, actual: Array, over: str, what: str) -> tuple[str, str]:
    """Two curves, and what they are in words; where this code gives no number, a shaded band says so.

    Args:
        title: tells one picture from another on the same page.
        x: the places, (n,).
        expected: the reference's values, (n,).
        actual: those of the invented code, (n,).
        over: what x is.
        what: what the values are.
    """
    x, expected, actual = (np.asarray(one, dtype=np.float64) for one in (x, expected, actual))
    order = np.argsort(x, kind="stable")
    x, expected, actual = x[order], expected[order], actual[order]
    with _figure(title) as (figure, done):
        axes = figure.add_subplot()
        dots = ("o", "s") if x.size <= DOTS else ("", "")
        known = np.where(np.isfinite(actual), actual, np.nan)
        axes.plot(x, expected, color=RIGHT, linewidth=2.6, marker=dots[0], label=EXPECTED)
        axes.plot(x, known, color=WRONG, linewidth=2.4, linestyle="--", marker=dots[1], label=ACTUAL)
        bands = list(_runs(x, ~np.isfinite(actual)))
        for number, (low, high) in enumerate(bands):
            label = "" if number else "no number"
            axes.axvspan(low, high, facecolor=BAND, hatch="//", edgecolor=WRONG, linewidth=0, label=label)
        _limited(axes, expected, actual)
        axes.set_xlabel(over)
        axes.set_ylabel(what)
        figure.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=11)
        done()
    return done.svg, _told(x, expected, actual, over, what, bands)


def maps(title: str, expected: Array, actual: Array, what: str) -> tuple[str, str]:
    """Two matrices side by side, with their numbers where there are few, and what they are in words."""
    expected, actual = (np.asarray(one, dtype=np.float64) for one in (expected, actual))
    both = np.concatenate([expected.ravel(), actual.ravel()])
    both = both[np.isfinite(both)]
    low, high = (float(both.min()), float(both.max())) if both.size else (0.0, 1.0)
    with _figure(title) as (figure, done):
        for place, (matrix, name) in enumerate(((expected, EXPECTED), (actual, ACTUAL)), 1):
            axes = figure.add_subplot(1, 2, place)
            axes.imshow(matrix, cmap="cividis", vmin=low, vmax=high, aspect="auto")
            axes.set_title(f"{name} {matrix.shape[0]} by {matrix.shape[1]}", fontsize=11)
            axes.set_xticks([])
            axes.set_yticks([])
            if matrix.size <= CELLS:
                _numbers(axes, matrix, (low + high) / 2)
        done()
    return done.svg, _told_of_maps(expected, actual, what)


def _numbers(axes: Axes, matrix: Array, middle: float) -> None:
    for (row, column), value in np.ndenumerate(matrix):
        colour = "black" if value > middle else "white"
        axes.text(column, row, f"{value:.2g}".replace("-", MINUS), ha="center", va="center", color=colour, fontsize=10)


def _limited(axes: Axes, expected: Array, actual: Array) -> None:
    """Do not let a value that runs away flatten the curve that is expected."""
    low, high = float(expected.min()), float(expected.max())
    room = (high - low) or 1.0
    finite = actual[np.isfinite(actual)]
    if finite.size and float(np.max(np.abs(finite))) > FAR * max(abs(low), abs(high), 1e-9):
        axes.set_ylim(low - room, high + room)


def _runs(x: Array, wanted: Array) -> Iterator[tuple[float, float]]:
    """From where to where something holds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]]).astype(int)))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        yield float(x[start]), float(x[min(end, x.size) - 1])


def _told(x: Array, expected: Array, actual: Array, over: str, what: str, bands: list[tuple[float, float]]) -> str:
    """Two curves in words: their ends, their range, and where they are furthest apart."""
    parts = [f"Line chart of {what} over {over}, from {number_text(x[0])} to {number_text(x[-1])}."]
    for name, one in ((EXPECTED, expected), (ACTUAL, actual)):
        finite = one[np.isfinite(one)]
        if finite.size:
            ends = f"starts at {number_text(finite[0])} and ends at {number_text(finite[-1])}"
            parts.append(f"{name.capitalize()}: {ends}, between {number_text(finite.min())} and {number_text(finite.max())}.")
    gap = np.where(np.isfinite(actual), np.abs(np.where(np.isfinite(actual), actual, 0.0) - expected), -1.0)
    if gap.max() > 0:
        at = int(np.argmax(gap))
        values = f"{number_text(actual[at])} in place of {number_text(expected[at])}"
        parts.append(f"Furthest apart at {over} = {number_text(x[at])}: {values}.")
    for low, high in bands:
        parts.append(f"No number from {over} = {number_text(low)} to {number_text(high)}.")
    return " ".join(parts)


def _told_of_maps(expected: Array, actual: Array, what: str) -> str:
    sizes = " and ".join(f"{one.shape[0]} by {one.shape[1]}" for one in (expected, actual))
    start = f"Two heat maps of {what}, expected and from this code, {sizes}."
    if expected.shape != actual.shape:
        return f"{start} The shapes differ."
    with np.errstate(all="ignore"):
        gap = np.nan_to_num(np.abs(actual - expected), nan=np.inf)
    row, column = np.unravel_index(int(np.argmax(gap)), gap.shape)
    count = int(np.sum(gap > 1e-6 * (float(np.max(np.abs(expected), initial=0.0)) or 1.0)))
    values = f"{number_text(actual[row, column])} in place of {number_text(expected[row, column])}"
    return f"{start} {count} of {gap.size} entries differ, most in row {row}, column {column}: {values}."


class _Done:
    """Finishes a drawing; `svg` is what came of it."""

    def __init__(self, figure: Figure, salt: str) -> None:
        self.figure = figure
        self.salt = salt
        self.svg = ""

    def __call__(self) -> None:
        out = io.StringIO()
        nothing: dict[str, Any] = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        self.figure.savefig(out, format="svg", transparent=True, metadata=nothing)
        text = out.getvalue()
        text = re.sub(r"<(metadata|style)\b.*?</\1>", "", text[text.index("<svg") :], flags=re.DOTALL)
        text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1), count=1)
        text = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{self.salt}-", text)  # of several pictures on a page
        self.svg = text.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


@contextmanager
def _figure(title: str) -> Iterator[tuple[Figure, _Done]]:
    """An empty figure in the look of the lecture; names within it are of this picture alone."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    salt = f"p{hashlib.sha256(title.encode()).hexdigest()[:8]}"
    look = {"svg.fonttype": "none", "svg.hashsalt": salt, "font.size": 12, "axes.spines.top": False, "axes.spines.right": False}
    with rc_context(look):
        figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
        FigureCanvasSVG(figure)
        yield figure, _Done(figure, salt)
