"""Assignments as notebooks: the handout's text, a cell for each function of the stub, a check below each."""

from __future__ import annotations

import ast
import base64
import html
import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.text.errors import FaultError

if TYPE_CHECKING:
    from autograder.assignment import Assignment

HANDOUT = "README.md"
HEADING = re.compile(r"^#{1,3} .*$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^```console\n(?:\$ dlkit grade .*\n)+```$", re.MULTILINE)
PREDICTING = re.compile(r"^```console\n\$ dlkit predict \S+((?: [\w-]+)*)\n```$", re.MULTILINE)
REACHING = re.compile(r"^```console\n(?:\$ dlkit milestone .*\n)+```$", re.MULTILINE)
IN_PLACE_OF_REACHING = "In this notebook, run the cell below."
IN_PLACE_OF_PREDICTING = "In this notebook, write your answer into the cells below."
IN_PLACE_OF_COMMANDS = "In this notebook, run the cell of a function, and then the check in the cell below it."
HINT = re.compile(r"`dlkit hint \S+ (\w+)`")
IMAGE = re.compile(r"!\[([^\]]*)\]\((figures/[\w.-]+\.(svg|png))\)")
IMAGE_TYPES = {"svg": "image/svg+xml", "png": "image/png"}
COMMENT = re.compile(r"^<!--.*?-->\n?", re.MULTILINE | re.DOTALL)
LISTED = re.compile(r"^\d+\. (?:.|\n(?!\n|\d))*", re.MULTILINE)  # where a handout says what a function is

Cell = dict[str, Any]


class NotebookError(FaultError):
    """An assignment cannot be made into a notebook; the message is one sentence."""


def notebook(assignment: Assignment, folder: Path) -> Cell:
    """An assignment as a notebook, in the form of nbformat 4.5; the same assignment makes the same notebook.

    A function comes after the section of the handout that lists it, or else after the function before it in the stub.
    Figures are in the notebook itself.

    Raises:
        NotebookError: it asks for several files, or its stub is no Python.
        OSError: the handout, the stub or a figure cannot be read.
    """
    if len(assignment.files) > 1:
        raise NotebookError(f"{assignment.name} asks for {len(assignment.files)} files, but a notebook can replace only one.")
    file = assignment.files[0]
    head, functions = pieces((folder / file).read_text(encoding="utf-8"), file)
    sections = _sections((folder / HANDOUT).read_text(encoding="utf-8"))
    places = _places(sections, list(functions))
    checked = {check.function for check in assignment.checks}
    cells = []
    for number, text in enumerate(sections):
        told = PREDICTING.sub(IN_PLACE_OF_PREDICTING, COMMANDS.sub(IN_PLACE_OF_COMMANDS, text))
        told = REACHING.sub(IN_PLACE_OF_REACHING, told)
        told = HINT.sub(r'`dlkit.hint("\1")`', told)
        cells.append(_markdown(f"text-{number + 1}", _embedded(told, folder)))
        if number == 0:
            cells.append(_code("begin", f'import dlkit\n\ndlkit.assignment("{assignment.name}")'))
            cells.append(_code("imports", head))
        for name in (name for name, place in places.items() if place == number):
            cells.append(_code(f"function-{name}"[:64], functions[name]))
            if name in checked:
                cells.append(_code(f"check-{name}"[:64], f'dlkit.check("{name}")'))
        for name in [name for found in PREDICTING.finditer(text) for name in found[1].split()]:
            cells.append(_code(f"predict-{name}"[:64], f'dlkit.predict("{name}", answer=None)'))
        if REACHING.search(text):
            cells.append(_code("milestone", "dlkit.milestone()"))
    cells.append(_markdown("all", "## All of it\n\nSave the notebook before you hand it in."))
    cells.append(_code("check-all-of-it", "dlkit.check()"))
    cells.append(_markdown("ask", "## Can you explain it?\n\nFive questions about your own code. They do not count for marks."))
    cells.append(_code("ask-about-it", "dlkit.ask()"))
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "dlkit": {"assignment": assignment.name},
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "cells": cells,
    }


def pieces(source: str, name: str) -> tuple[str, dict[str, str]]:
    """A stub in pieces: what stands above its functions, without its docstring, and each function with what is above it.

    Raises:
        NotebookError: it is no Python.
    """
    try:
        tree = ast.parse(source, name)
    except SyntaxError as error:
        raise NotebookError(f"{name} is not Python: line {error.lineno}: {error.msg}.") from None
    lines = source.splitlines(keepends=True)
    body = tree.body[1:] if ast.get_docstring(tree) is not None else tree.body
    at = (tree.body[0].end_lineno or 0) if len(body) < len(tree.body) else 0
    head = ""
    functions: dict[str, str] = {}
    for node in body:
        if isinstance(node, ast.FunctionDef):
            start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
            head, at = (head, at) if functions else ("".join(lines[at:start]), start)
            functions[node.name] = "".join(lines[at : node.end_lineno]).strip("\n")
            at = node.end_lineno or at
    return head.strip("\n"), functions


def _sections(handout: str) -> list[str]:
    """The handout at its headings, but not at what looks like one in a block of code."""
    handout = COMMENT.sub("", handout)
    code = [range(*found.span()) for found in FENCE.finditer(handout)]
    starts = [found.start() for found in HEADING.finditer(handout) if not any(found.start() in block for block in code)]
    edges = [0, *(start for start in starts if start), len(handout)]
    return [text for start, end in pairwise(edges) if (text := handout[start:end].strip())]


def _places(sections: list[str], functions: list[str]) -> dict[str, int]:
    """The section after which each function comes."""
    places: dict[str, int] = {}
    place = 0
    for name in functions:
        listed = (at for at, text in enumerate(sections) if any(f"`{name}`" in item[0] for item in LISTED.finditer(text)))
        places[name] = place = next(listed, place)
    return places


def _embedded(text: str, folder: Path) -> str:
    """A text with its figures in it, as HTML: the one form that Jupyter, Colab and VS Code all show of an SVG."""

    def image(found: re.Match[str]) -> str:
        data = base64.b64encode((folder / found[2]).read_bytes()).decode()
        alt = html.escape(" ".join(found[1].split()))
        return f'<img alt="{alt}" src="data:{IMAGE_TYPES[found[3]]};base64,{data}">'

    return IMAGE.sub(image, text)


def _markdown(name: str, text: str) -> Cell:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": _lines(text)}


def _code(name: str, text: str) -> Cell:
    return {
        "cell_type": "code",
        "id": name.replace("_", "-"),
        "metadata": {},
        "source": _lines(text),
        "execution_count": None,
        "outputs": [],
    }


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
