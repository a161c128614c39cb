"""Plots of a few curves in the letters of a terminal.

A letter of braille is a cell of 2 x 4 dots. The first curve is a full line; the others are dotted, each more sparsely. A capital
letter stands at the end of each, so no curve is told by its colour alone. Without braille, the capital letters are drawn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from autograder.assignment.predictions.learned import Point
from autograder.text import plain

BRAILLE = 0x2800
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # of a cell, by row and column
ACROSS, DOWN = 2, 4
LETTERS = "ABCDEF"
GAPS = (1, 3, 5, 2, 4, 6)  # every so many dots of a curve are drawn
MARGIN = 10  # letters for the numbers at the left
SHARE_OF_NOTHING = 1e-12  # the least that a logarithmic axis shows

Curves = Mapping[str, Sequence[tuple[float, float]]]


@dataclass(frozen=True)
class Axes:
    """How a plot is drawn.

    Attributes:
        x, y: what is on the axes.
        log: the vertical axis is logarithmic.
        width, height: in letters, of the field of the curves.
        braille: whether the terminal shows letters of braille.
    """

    x: str = "epoch"
    y: str = "loss"
    log: bool = False
    width: int = 60
    height: int = 10
    braille: bool = True

    def placed(self, y: float) -> float:
        """Where a value stands on the vertical axis."""
        return math.log10(max(y, SHARE_OF_NOTHING)) if self.log else y


def curves_of(points: Sequence[Point]) -> dict[str, list[tuple[float, float]]]:
    """The points of each curve by its name, finite ones only; the names made fit to be shown."""
    found: dict[str, list[tuple[float, float]]] = {}
    for x, values in points:
        for name, y in values.items():
            if math.isfinite(x) and math.isfinite(y):
                found.setdefault(plain(name, 40), []).append((x, y))
    return found


def plot(curves: Curves, axes: Axes) -> list[str]:
    """A plot as lines of text: the field with its axes, then a line for each curve.

    >>> print("\\n".join(plot({"loss": [(1, 4.0), (2, 2.0), (3, 1.0)]}, Axes(width=12, height=3, braille=False))))
    loss
             4 |AAAA
               |    AAAAA
             1 |         AAA
               +------------
                1    epoch 3
      A loss: 1 at epoch 3
    """
    if not any(curves.values()):
        return [f"{axes.y}: no numbers yet"]
    every = [point for points in curves.values() for point in points]
    left, right = min(x for x, _ in every), max(x for x, _ in every)
    low, high = min(axes.placed(y) for _, y in every), max(axes.placed(y) for _, y in every)
    field = _Field(axes, (left, right), (low, high))
    for number, points in enumerate(curves.values()):
        field.draw(points, number)
    rows = field.rows()
    numbers = [""] * len(rows)
    numbers[0], numbers[-1] = _number(max(y for _, y in every)), _number(min(y for _, y in every))
    ends = f"{left:g}", f"{axes.x} {right:g}"
    return [
        f"{axes.y}{' (logarithmic)' if axes.log else ''}",
        *(f"{number:>{MARGIN}} {'│' if axes.braille else '|'}{row}" for number, row in zip(numbers, rows, strict=True)),
        f"{'':>{MARGIN}} {'└' if axes.braille else '+'}{('─' if axes.braille else '-') * axes.width}",
        f"{'':>{MARGIN}}  {ends[0]}{ends[1]:>{max(axes.width - len(ends[0]), len(ends[1]) + 1)}}",
        *(
            f"  {LETTERS[number % len(LETTERS)]} {latest(name, points, axes.x)}"
            for number, (name, points) in enumerate(curves.items())
        ),
    ]


def latest(name: str, points: Sequence[tuple[float, float]], x: str) -> str:
    """Where a curve stands, in words."""
    return f"{name}: {_number(points[-1][1])} at {x} {points[-1][0]:g}"


def in_words(curves: Curves, x: str, y: str) -> list[str]:
    """What the curves do, in a sentence each, for whoever does not see them."""
    return [f"{y if name == y else f'{y}, {name}'}: {_told(points, x)}" for name, points in curves.items() if points]


def _told(points: Sequence[tuple[float, float]], x: str) -> str:
    (first, begin), (last, end) = points[0], points[-1]
    if len(points) == 1:
        return f"{_number(begin)} at {x} {first:g}"
    least, most = min(points, key=lambda point: point[1]), max(points, key=lambda point: point[1])
    text = f"from {_number(begin)} at {x} {first:g} to {_number(end)} at {x} {last:g}"
    if least[1] < min(begin, end):
        text += f"; lowest {_number(least[1])} at {x} {least[0]:g}"
    if most[1] > max(begin, end):
        text += f"; highest {_number(most[1])} at {x} {most[0]:g}"
    return text


class _Field:
    """The cells of a plot."""

    def __init__(self, axes: Axes, across: tuple[float, float], up: tuple[float, float]) -> None:
        self.axes, self.across, self.up = axes, across, up
        self.cells = [[0] * axes.width for _ in range(axes.height)]
        self.letters: dict[tuple[int, int], str] = {}

    def draw(self, points: Sequence[tuple[float, float]], number: int) -> None:
        """A curve, with its letter at the end."""
        wide, high = (ACROSS, DOWN) if self.axes.braille else (1, 1)
        places = [
            (
                _place(x, self.across, wide * self.axes.width),
                high * self.axes.height - 1 - _place(self.axes.placed(y), self.up, high * self.axes.height),
            )
            for x, y in points
        ]
        letter = LETTERS[number % len(LETTERS)]
        for count, (column, row) in enumerate(_line(places)):
            if not self.axes.braille:
                self.letters.setdefault((row, column), letter)
            elif count % GAPS[number % len(GAPS)] == 0:
                self.cells[row // DOWN][column // ACROSS] |= DOTS[row % DOWN][column % ACROSS]
        if places:
            column, row = places[-1]
            self.letters[row // high, column // wide] = letter

    def rows(self) -> list[str]:
        """The field as lines."""
        return [
            "".join(
                self.letters.get((row, column)) or (chr(BRAILLE + dots) if dots else " ") for column, dots in enumerate(cells)
            ).rstrip()
            for row, cells in enumerate(self.cells)
        ]


def _place(value: float, ends: tuple[float, float], size: int) -> int:
    """The dot at which a value stands, of so many."""
    low, high = ends
    return min(size - 1, int((value - low) / (high - low) * size)) if high > low else size // 2


def _line(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The dots of straight lines from place to place."""
    found = list(places[:1])
    for (column, row), (to_column, to_row) in pairwise(places):
        steps = max(abs(to_column - column), abs(to_row - row))
        found += [
            (column + round(step * (to_column - column) / steps), row + round(step * (to_row - row) / steps))
            for step in range(1, steps + 1)
        ]
    return found


def _number(value: float) -> str:
    return f"{value:.3g}"
