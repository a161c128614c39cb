"""A misconception: a known wrong answer, one change of the reference, with the sentence for whoever made that mistake."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache

from autograder.assignment import SpecError
from autograder.checks.contract import definitions_in


@dataclass(frozen=True)
class Misconception:
    """A known mistake: one change to the reference, and a sentence for students who make it.

    Attributes:
        id: its name in reports and JSON.
        function: the function that it changes; "Perceptron.fit" is a method.
        feedback: the sentence for students; it must not give away the solution.
        changes: pairs (old, new) of source text of that function.
        harmless: the change is another right answer, which must keep full marks.
        given: students get the function with this mistake in it, and repair it. Its stub is this program, in place of an error.
    """

    id: str
    function: str
    feedback: str
    changes: tuple[tuple[str, str], ...]
    harmless: bool = False
    given: bool = False

    def __init__(
        self,
        id: str,
        function: str,
        feedback: str,
        *changes: tuple[str, str],
        harmless: bool = False,
        given: bool = False,
    ) -> None:
        fields = {"id": id, "function": function, "feedback": feedback, "changes": changes, "harmless": harmless, "given": given}
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def fits(self, source: str) -> bool:
        """Whether a file has the function that it changes."""
        return self.function in _functions(source)

    def put_into(self, source: str) -> str:
        """The reference's source with this mistake in it.

        Raises:
            SpecError: the reference has no such function, or a text to change is not found exactly once in it.
        """
        if self.function not in _functions(source):
            raise SpecError(f"misconception {self.id!r}: the reference has no function {self.function!r}")
        lines = source.splitlines(keepends=True)
        start, end = _functions(source)[self.function]
        text = "".join(lines[start:end])
        for old, new in self.changes:
            if text.count(old) != 1:
                raise SpecError(
                    f"misconception {self.id!r} changes a text that must occur once in {self.function!r}. "
                    f"Received: {old!r}, found {text.count(old)} times"
                )
            text = text.replace(old, new)
        return "".join([*lines[:start], text, *lines[end:]])


@lru_cache(4)  # a reference has a hundred misconceptions put into it
def _functions(source: str) -> dict[str, tuple[int, int]]:
    """The lines of each function and method of a module, as a slice."""
    found = definitions_in(ast.parse(source))
    return {name: (node.lineno - 1, node.end_lineno or node.lineno) for name, node in found.items()}
