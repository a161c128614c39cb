"""The console that everything is printed on: what others wrote is text there, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from autograder.text import visible

FOLDED = 8  # characters: words of a table are folded to this, and not to less


class PlainConsole(Console):
    """A console on which no text is markup, a code for an emoji, or a command to the terminal.

    `Ada [/b]`, `[a-z]` and `:smile:` are printed as they are, in sentences as in the cells of tables. Colours come from
    `rich.text.Text` and from styles.

    Args:
        options: as `rich.console.Console` has them, but `markup`, `emoji` and `highlight`.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, highlight=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        """A text as it is printed, in a sentence or a cell: made visible before its width is measured."""
        return super().render_str(visible(text), **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """What is printed, with every letter shown that would hide or move something, and ? for what the encoding lacks."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(self._written(visible(segment.text)), segment.style)

    def _written(self, text: str) -> str:
        """A text that this console's file can write: a drawing keeps its width."""
        return text if text.isascii() or "utf" in self.encoding else text.encode(self.encoding, "replace").decode(self.encoding)


class Rows(Table):
    """A table without lines. Words are folded where the terminal is narrow; numbers never are, since a part of one misleads.

    Args:
        words: the titles of the columns of words, from the left.
        numbers: those of numbers, which follow.
    """

    def __init__(self, *words: str, numbers: Iterable[str] = ()) -> None:
        super().__init__(box=None, pad_edge=False, header_style="bold")
        self.add_words(*words)
        self.add_numbers(*numbers)

    def add_words(self, *titles: str, style: str = "") -> None:
        """Columns of words."""
        for title in titles:
            self.add_column(title, style=style, overflow="fold")

    def add_numbers(self, *titles: str) -> None:
        """Columns of numbers."""
        for title in titles:
            self.add_column(title, justify="right", no_wrap=True)

    def least(self, console: Console) -> int:
        """How many characters wide the table is at least: with all of every number, and words folded."""
        wide, widths = console.options.update(max_width=10_000), []
        for column in self.columns:
            cells = [Measurement.get(console, wide, cell) for cell in (column.header, *column.cells)]
            widths.append(max(cell.maximum if column.no_wrap else min(cell.minimum, FOLDED) for cell in cells))
        return sum(widths) + 2 * (len(widths) - 1)


def print_rows(console: Console, rows: Rows) -> None:
    """A table. Where its numbers do not fit into the terminal, its lines are longer than the terminal is wide."""
    if (least := rows.least(console)) > console.width:
        rows.width = least
    console.print(rows, crop=False)
