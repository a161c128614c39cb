"""What is printed about predictions: each with its result, then a table of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.assignment.predictions import Curve

if TYPE_CHECKING:
    from dlkit.predicting.showing import Shown

LEAST_WIDTH = 80  # of a console for the table: in a narrower one, names are cut off
VERDICTS = {True: ("✓", "+", "as you predicted", "green"), False: ("✗", "-", "not as you predicted", "yellow")}


def report(console: Console, results: Sequence[Shown], pictures: Mapping[str, Path], kits: Mapping[str, Path]) -> None:
    """Print results.

    Args:
        console: where to.
        results: each question with its prediction and what came of it.
        pictures: the file of each figure, by question.
        kits: figures of the kit, for questions whose result is not known yet.
    """
    for one in results:
        _result(console, one, pictures.get(one.question.name), kits.get(one.question.name))
    known = [one for one in results if one.result.found is not None]
    if len(known) > 1 and console.width >= LEAST_WIDTH and not console.is_dumb_terminal:
        console.print(_table(known))
    elif len(known) > 1:
        _lines(console, known)
    if known:
        right = sum(one.right is True for one in known)
        console.print(Text(f"{right} of {len(known)} as you predicted. Predictions are not graded.", style="bold"))


def verdict(one: Shown) -> str:
    """Whether the result is what was predicted, in words."""
    return "" if one.right is None else VERDICTS[one.right][2]


def rows_of(one: Shown, picture: Path | None = None, kit: Path | None = None) -> list[tuple[str, str]]:
    """What there is to say about a result, as pairs of a label and a text."""
    response, found = one.response, one.result.found
    rows = [("you predicted", response.answer + (f" (later: {response.second})" if response.second else ""))]
    if found is None:
        waiting = f"not yet: {one.result.why_not}. Your prediction is kept."
        return [*rows, ("the result", waiting), *([("the kit's figure", str(kit))] if kit else [])]
    rows += [("it is", found.expected + (f"   ({found.said})" if found.said not in ("", found.expected) else ""))]
    rows += [] if one.right is None else [("so", verdict(one))]
    rows += [("why", one.question.why), ("found with", one.whose)]
    rows += [("figure", str(picture))] if picture else []
    return rows + ([("the lecture's figure", f"waits until you have answered {', '.join(one.waits)}")] if one.waits else [])


def _result(console: Console, one: Shown, picture: Path | None, kit: Path | None) -> None:
    console.print(Text.assemble("\n", (one.question.name, "bold"), ": ", one.question.ask))
    for label, text in rows_of(one, picture, kit):
        if label == "it is" and isinstance(one.question, Curve):
            console.print(Padding(_points(one), (0, 0, 0, 4), expand=False))
            continue
        if label == "you predicted" and isinstance(one.question, Curve) and one.result.found and not one.response.second:
            continue  # in the table of points
        style = "" if label != "so" or one.right is None else VERDICTS[one.right][3]
        console.print(Padding(Text.assemble((f"{label}: ", "dim"), (text, style)), (0, 0, 0, 4), expand=False))


def _points(one: Shown) -> Table:
    """The points of a curve, as predicted and as they are."""
    assert isinstance(one.question, Curve)  # noqa: S101 - asked by who calls
    assert one.result.found is not None  # noqa: S101 - as above
    table = Table(box=None, pad_edge=False)
    for title in (one.question.x, "you predicted", f"it is ({one.question.y})"):
        table.add_column(title, justify="right")
    predicted = one.response.answer.split(", ")
    for place, mine, value in zip(one.question.at, predicted, one.result.found.numbers, strict=True):
        table.add_row(f"{place:g}", mine, f"{value:.3g}")
    return table


def _lines(console: Console, results: Sequence[Shown]) -> None:
    """The same for a narrow screen, or for one that is read aloud: a line for each question, in reading order."""
    console.print("\nYour predictions")
    for one in results:
        console.print(Padding(Text(f"{one.question.name}: {verdict(one) or 'the result is above'}"), (0, 0, 0, 4), expand=False))


def _table(results: Sequence[Shown]) -> Table:
    """Predictions against results."""
    table = Table(title="Your predictions", title_justify="left", show_edge=False, pad_edge=False)
    for title in ("question", "you predicted", "it is", ""):
        table.add_column(title)
    for one in results:
        assert one.result.found is not None  # noqa: S101 - asked by who calls
        table.add_row(one.question.name, one.response.answer, one.result.found.expected, verdict(one))
    return table
