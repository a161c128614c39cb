"""Live: the curves of a step while it runs, in a terminal: redrawn in place, or as plain lines where nothing can be redrawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from autograder.assignment.predictions.learned import Point
from autograder.assignment.predictions.milestones import Step
from dlkit.milestones.plot import MARGIN, Axes, curves_of, plot

PER_SECOND = 8  # times that the plot is redrawn, at most
WIDEST, LEAST, HEIGHT = 64, 20, 10
OFTEN, SELDOM = 5, 25  # of plain lines: every fifth point of the first fifty, then every 25th
FIRST, MANY = 3, 50


class Watching(Protocol):
    """Whatever shows how a step goes on."""

    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...
    def tell(self, what: str) -> None:
        """Say what is being done."""

    def show(self, step: Step, points: Sequence[Point]) -> None:
        """Show a step's points so far; none before it runs."""

    def pause(self) -> None:
        """Make room for a result that is printed."""


def watching(console: Console, live: bool) -> Watching:
    """What suits the console.

    Args:
        console: where to.
        live: draw curves; otherwise only what is being done is told, where that can be redrawn.
    """
    redraws = console.is_terminal and not console.is_dumb_terminal and not console.no_color
    if not live:
        return _Status(console)
    return _Redrawn(console) if redraws else _Lines(console)


def axes_for(console: Console, step: Step) -> Axes:
    """The axes of a step's plot, as wide as the console allows."""
    width = max(LEAST, min(WIDEST, console.width - MARGIN - 4))
    return Axes(step.x, step.y, step.log, width, HEIGHT, braille="utf" in console.encoding)


class _Status:
    """One line that says what is being done; nothing where a line cannot be redrawn."""

    def __init__(self, console: Console) -> None:
        self._status = console.status("starting Python and its libraries")

    def __enter__(self) -> Self:
        self._status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._status.stop()

    def tell(self, what: str) -> None:
        self._status.update(what)

    def show(self, step: Step, points: Sequence[Point]) -> None:
        self._status.update(f"{step.name}  {_standing(points, step.x)}")

    def pause(self) -> None:
        self._status.update("")


class _Redrawn:
    """A plot that is redrawn in place."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._text = Text("starting Python and its libraries")
        self._live = Live(
            get_renderable=lambda: self._text,
            console=console,
            refresh_per_second=PER_SECOND,
            transient=True,
            vertical_overflow="visible",
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._live.stop()

    def tell(self, what: str) -> None:
        self._text = Text(what)

    def show(self, step: Step, points: Sequence[Point]) -> None:
        lines = [f"{step.name}: {step.shows}"]
        self._text = Text("\n".join([*lines, *plot(curves_of(points), axes_for(self._console, step))] if points else lines))

    def pause(self) -> None:
        self._text = Text("")
        self._live.refresh()  # or the last plot would be drawn once more below each line that is printed


class _Lines:
    """A line every few points, for files, pipes, terminals without colour or cursor, and screen readers."""

    def __init__(self, console: Console) -> None:
        self._print: Callable[[str], None] = console.print

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pass

    def tell(self, what: str) -> None:
        self._print(f"... {what}")

    def show(self, step: Step, points: Sequence[Point]) -> None:
        count = len(points)
        if not points:
            self._print(f"... {step.name}")
        elif count <= FIRST or count % (OFTEN if count <= MANY else SELDOM) == 0:
            self._print(f"    {_standing(points, step.x)}")

    def pause(self) -> None:
        pass


def _standing(points: Sequence[Point], x: str) -> str:
    """Where the curves stand, in a line; "" before there is a point."""
    if not points:
        return ""
    known = [f"{name} {curve[-1][1]:.3g}" for name, curve in curves_of(points[-1:]).items()]
    return f"{x} {points[-1][0]:g}: {', '.join(known)}"
