"""Where in the student's program a call stands: the nearest line of theirs above the library that was called."""

from __future__ import annotations

import ast
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

NOBODY = ""  # no line of the program is above


@dataclass(frozen=True)
class Place:
    """A line of the program: its file, its number, and the frame that stands there."""

    file: str
    line: int
    frame: FrameType | None = None


class Program:
    """The program's files, and what stands at their lines.

    Args:
        name: of the main file, as its code objects know it.
        tree: the main file, read.
        folder: where its other modules are.
    """

    def __init__(self, name: str, tree: ast.Module, folder: str) -> None:
        self.name = name
        self.folder = str(Path(folder).absolute()) + os.sep
        self._calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]

    def is_own(self, file: str) -> bool:
        """Whether a file is one of the program's."""
        return file == self.name or file.startswith(self.folder)

    def place(self, depth: int = 1) -> Place | None:
        """The innermost line of the program that is being run; None where only libraries are."""
        frame: FrameType | None = sys._getframe(depth)
        while frame is not None:
            file = frame.f_code.co_filename
            if self.is_own(file):
                shown = file if file == self.name else os.path.relpath(file, self.folder)
                return Place(shown, frame.f_lineno, frame)
            frame = frame.f_back
        return None

    def is_called_here(self, depth: int = 2) -> bool:
        """Whether the very caller is a line of the program."""
        return self.is_own(sys._getframe(depth).f_code.co_filename)

    def arguments(self, place: Place, function: str) -> str:
        """The names in the arguments of a call at a line: "X_test y_test"."""
        if place.file != self.name:
            return ""
        for call in self._calls:
            called = ast.unparse(call.func).rpartition(".")[2]
            if called == function and call.lineno <= place.line <= (call.end_lineno or call.lineno):
                parts = [*call.args, *(one.value for one in call.keywords)]
                return " ".join(node.id for part in parts for node in ast.walk(part) if isinstance(node, ast.Name))
        return ""
