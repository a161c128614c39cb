"""The lines of a function that a page shows: those that are wrong, and of the reference only what may be shown."""

from __future__ import annotations

import ast
import difflib
import io
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

AROUND = 2  # lines of the reference beside a wrong one
MISSING = "# something is missing here"
GAP = "…"
Kind = Literal["wrong", "same", "gap"]


@dataclass(frozen=True)
class Line:
    """A line of a function as a page shows it; `number` counts the function's lines, and is 0 for a gap."""

    number: int
    text: str
    kind: Kind


@dataclass(frozen=True)
class Excerpt:
    """A wrong function beside the right one.

    Attributes:
        lines: the wrong function, without its docstring and its comments.
        right: the lines of the reference in place of the wrong ones.
    """

    lines: tuple[Line, ...]
    right: tuple[str, ...]

    @property
    def wrong(self) -> list[Line]:
        """The lines that are wrong."""
        return [line for line in self.lines if line.kind == "wrong"]

    def shown(self, *, around: int) -> list[Line]:
        """The head of the function and its wrong lines, with so many lines around each; a gap for what is left out."""
        numbers = {line.number for line in self.wrong}
        kept = [
            line
            for line in self.lines
            if line.number == 1 or any(abs(line.number - number) <= around for number in numbers) or line.number in numbers
        ]
        return list(_with_gaps(kept, len(self.lines)))


def excerpt(right: str, wrong: str, function: str, *, spelt: bool = True) -> Excerpt:
    """The excerpt of a function.

    Args:
        right: the text of the reference.
        wrong: the same with a mistake in the function.
        function: its name.
        spelt: the wrong text is spelt as the reference is. What is made by machine is not, so both are written anew.
    """
    before, after = (_lines(text, function, spelt=spelt) for text in (right, wrong))
    lines: list[tuple[str, Kind]] = []
    replaced: list[str] = []
    for how, start, end, first, last in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        kind: Kind = "same" if how == "equal" else "wrong"
        lines += [(text, kind) for text in after[first:last]]
        if how == "delete":
            indent = before[start][: len(before[start]) - len(before[start].lstrip())]
            lines.append((f"{indent}{MISSING}", "wrong"))
        if how != "equal":
            replaced += before[start:end]
    return Excerpt(tuple(Line(number, text, kind) for number, (text, kind) in enumerate(lines, 1)), tuple(replaced))


def _with_gaps(kept: Sequence[Line], of: int) -> Iterator[Line]:
    before = 0
    for line in kept:
        if line.number > before + 1:
            yield Line(0, f"    {GAP}", "gap")
        yield line
        before = line.number
    if before < of:
        yield Line(0, f"    {GAP}", "gap")


def _lines(source: str, function: str, *, spelt: bool) -> list[str]:
    """The lines of a function, without types, docstring, comments and blank lines: a comment may tell the right way."""
    node = next(node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == function)
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None and len(node.body) > 1 else node.body
    if spelt:
        start, end = body[0].lineno - 1, node.end_lineno or node.lineno
        text = _without_comments(source.split("\n")[:end])[start:]
        return [_head(node), *(line for line in text if line.strip())]
    return [_head(node), *("    " + line for part in body for line in ast.unparse(part).split("\n"))]


def _head(node: ast.FunctionDef) -> str:
    """The first line of a function, without types."""
    every = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg)
    for argument in every:
        if argument is not None:
            argument.annotation = None
    return f"def {node.name}({ast.unparse(node.args)}):"


def _without_comments(lines: Sequence[str]) -> list[str]:
    lines = list(lines)
    for token in tokenize.generate_tokens(io.StringIO("\n".join(lines)).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column].rstrip()
    return lines
