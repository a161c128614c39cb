"""The console that everything is printed on: what others wrote is text there, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from autograder.text import visible


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
