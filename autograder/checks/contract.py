"""The contract: how each function of an assignment is called, as the reference writes it down.

A student may rename a parameter and be right all the same, so a call is bound by the positions and names of the contract.
It is read from the reference, or where there are no solutions, from what was recorded of them: a student's own file tells
how the student's functions are called, and not how they should be.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import textwrap
import zlib
from collections.abc import Mapping
from pathlib import Path

from autograder.sandbox.frames import FrameError, read_frame

SOLUTIONS = "solutions"
RECORD = "recorded.observations"  # in the assignment's folder
MAGIC = b"dlkit record 1\n"
LARGEST = 2**28

Contract = Mapping[str, str]  # by function: its parameters, such as "x, rate, *, seed=0"


def contract_of(folder: Path, file: str) -> Contract:
    """How the functions of an assignment's first file are called; nothing where neither reference nor record tells."""
    folder = folder.resolve()
    reference = folder.parent.parent / SOLUTIONS / folder.name / file
    try:
        if reference.is_file():
            return signatures_in(reference.read_text(encoding="utf-8"))
        return recorded_in(folder / RECORD)
    except (OSError, ValueError, SyntaxError, RecursionError):  # told where the reference, or the record, is needed
        return {}


def signatures_in(source: str) -> dict[str, str]:
    """The parameters of every function and method at the top of a file, without their type hints.

    A class is called as its `__init__` says.

    >>> signatures_in("def scale(x: float, *, by=2): ...")
    {'scale': 'x, *, by=2'}
    >>> signatures_in("class P:\\n    def __init__(self, rate): ...\\n    def fit(self, X, y): ...")
    {'P': 'rate', 'P.fit': 'X, y'}

    Raises:
        SyntaxError: it is no Python.
    """
    found = {}
    for name, node in definitions_in(ast.parse(source)).items():
        for argument in ast.walk(node.args):
            if isinstance(argument, ast.arg):
                argument.annotation = None
        if "." in name and not any(ast.unparse(one) == "staticmethod" for one in node.decorator_list):
            del (node.args.posonlyargs or node.args.args)[:1]  # self
        if not name.endswith("__") or name.endswith(".__init__"):
            found[name.removesuffix(".__init__")] = ast.unparse(node.args)
    return found


def definitions_in(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    """The functions at the top of a file, and the methods of its classes as "Perceptron.fit"; the first of each name."""
    found: dict[str, ast.FunctionDef] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found.setdefault(node.name, node)
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    found.setdefault(f"{node.name}.{method.name}", method)
    return found


def put_back(lines: list[str], node: ast.FunctionDef, text: str) -> str:
    """A file in which a function stands as another text, as Python writes it by itself, in place of a definition.

    Args:
        lines: of the file, with their ends.
        node: the definition that is replaced.
        text: of the new one, from the left margin.
    """
    start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
    after = "".join(lines[node.end_lineno :])
    return f"{''.join(lines[:start])}{textwrap.indent(text, ' ' * node.col_offset)}\n{after}"


def recorded_in(path: Path) -> dict[str, str]:
    """The contract that a record holds; none in a record of a version that had no contracts.

    Raises:
        OSError: there is no record.
        ValueError: it is damaged.
    """
    data = path.read_bytes()
    if not data.startswith(MAGIC):
        return {}
    try:
        body = zlib.decompressobj().decompress(data[len(MAGIC) + hashlib.sha256().digest_size :], LARGEST)
        _, told = read_frame(io.BytesIO(body), LARGEST) or (0, b"{}")
    except (zlib.error, FrameError) as error:
        raise ValueError(str(error)) from None
    contract = json.loads(told).get("contract", {})
    return {str(function): str(parameters) for function, parameters in contract.items()}
