"""What is derived and not written: the stub from the reference, the handout's points table from the spec."""

from __future__ import annotations

import ast
import re

from autograder.assignment import Assignment, SpecError

TABLE = re.compile(r"(<!-- points: begin -->\n).*?(<!-- points: end -->)", re.DOTALL)
BODY = "raise NotImplementedError"


def stub(source: str, name: str) -> str:
    """A reference's source as the student gets it: every public function keeps its signature and docstring.

    Its body becomes `raise NotImplementedError`; private functions (`_name`) and what only they define are left out,
    imports and constants stay.

    Raises:
        SpecError: a public function has no docstring.
    """
    lines = source.splitlines(keepends=True)
    kept: list[str] = []
    position = 0
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
        kept += lines[position:start]
        if not node.name.startswith("_"):
            if ast.get_docstring(node) is None:
                raise SpecError(f"{name}: `{node.name}` needs a docstring: it is what the student gets")
            kept += [*lines[start : node.body[0].end_lineno], f"    {BODY}\n"]
        position = node.end_lineno or start
    text = "".join([*kept, *lines[position:]])
    return re.sub(r"\n{4,}", "\n\n\n", text).rstrip("\n") + "\n"


def points_table(assignment: Assignment) -> str:
    """The handout's table of functions and points, in Markdown."""
    rows: dict[str, list[str]] = {}
    points: dict[str, float] = {}
    for check in assignment.checks:
        points[check.function] = points.get(check.function, 0) + check.points
        rows.setdefault(check.function, []).extend(check.depends)
    lines = ["| function | points | needs |", "|---|---:|---|"]
    for function, depends in rows.items():
        needs = ", ".join(f"`{name}`" for name in dict.fromkeys(depends)) or "–"
        lines.append(f"| `{function}` | {points[function]:g} | {needs} |")
    lines.append(f"| **all {len(rows)}** | **{sum(points.values()):g}** | |")
    return "\n".join(lines) + "\n"


def handout(text: str, assignment: Assignment, name: str) -> str:
    """The handout with its points table brought up to date.

    Raises:
        SpecError: the handout has no place for the table.
    """
    if not TABLE.search(text):
        raise SpecError(f"{name} needs the lines '<!-- points: begin -->' and '<!-- points: end -->' around its points table")
    return TABLE.sub(lambda match: match[1] + points_table(assignment) + match[2], text)
