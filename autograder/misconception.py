"""A misconception: a known wrong answer, one change of the reference, with the sentence for whoever made that mistake."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from autograder.assignment import SpecError


@dataclass(frozen=True)
class Misconception:
    """A known mistake: one change to the reference, and a sentence for students who make it.

    Attributes:
        id: its name in reports and JSON.
        function: the function that it changes.
        feedback: the sentence for students; it must not give away the solution.
        changes: pairs (old, new) of source text of that function.
        harmless: the change is another right answer, which must keep full marks.
    """

    id: str
    function: str
    feedback: str
    changes: tuple[tuple[str, str], ...]
    harmless: bool = False

    def __init__(self, id: str, function: str, feedback: str, *changes: tuple[str, str], harmless: bool = False) -> None:
        fields = {"id": id, "function": function, "feedback": feedback, "changes": changes, "harmless": harmless}
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def put_into(self, source: str) -> str:
        """The reference's source with this mistake in it.

        Raises:
            SpecError: the reference has no such function, or a text to change is not found exactly once in it.
        """
        node = next((n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef) and n.name == self.function), None)
        if node is None:
            raise SpecError(f"misconception {self.id!r}: the reference has no function {self.function!r}")
        lines = source.splitlines(keepends=True)
        start, end = node.lineno - 1, node.end_lineno
        text = "".join(lines[start:end])
        for old, new in self.changes:
            if text.count(old) != 1:
                raise SpecError(
                    f"misconception {self.id!r} changes a text that must occur once in {self.function!r}. "
                    f"Received: {old!r}, found {text.count(old)} times"
                )
            text = text.replace(old, new)
        return "".join([*lines[:start], text, *lines[end:]])
