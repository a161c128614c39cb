"""The places of a function that may be changed: every node of its tree that computes something."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

AXES = ("axis", "axes", "keepdims")
GUARDS = ("strict",)  # of `zip`: it can only raise, and a reference's own lengths agree
SHAPES = ("reshape", "transpose")
UNTOUCHED = ("annotation", "returns", "decorator_list", "format_spec", "type_comment")  # hints and layout compute nothing


@dataclass
class Place:
    """A node, and where it stands in its tree."""

    node: ast.AST
    statement: ast.stmt
    parent: ast.AST
    field: str
    index: int | None
    says_where: bool  # a number that is an index, an axis or a length

    def put(self, new: ast.AST) -> None:
        """Have another node stand there."""
        if self.index is None:
            setattr(self.parent, self.field, new)
        else:
            getattr(self.parent, self.field)[self.index] = new

    @property
    def current_statement(self) -> ast.stmt:
        """The statement that is there now."""
        if self.node is not self.statement:
            return self.statement
        found = getattr(self.parent, self.field)
        return found if self.index is None else found[self.index]  # type: ignore[no-any-return]


def places(parent: ast.AST, statement: ast.stmt, says_where: bool = False) -> Iterator[Place]:
    """Every node below that may be changed, in the order of the text."""
    for field, value in ast.iter_fields(parent):
        if field in UNTOUCHED or (isinstance(parent, ast.Raise | ast.Import | ast.ImportFrom)):
            continue
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or _is_docstring(node, parent, field, index):
                continue
            if isinstance(node, ast.keyword) and node.arg in GUARDS:
                continue
            own = node if isinstance(node, ast.stmt) else statement
            where = _says_where(parent, field) or (says_where and isinstance(parent, ast.Tuple | ast.keyword))
            yield Place(node, own, parent, field, index, where)
            if not (isinstance(node, ast.UnaryOp) and number_of(node) is not None):
                yield from places(node, own, where)


def _says_where(parent: ast.AST, field: str) -> bool:
    match parent:
        case ast.Subscript():
            return field == "slice"
        case ast.keyword(arg=name):
            return name in AXES
        case ast.Call(func=ast.Attribute(attr=name)):
            return field == "args" and name in SHAPES
    return False


def number_of(node: ast.AST) -> int | float | None:
    """The number that a node is, with its sign."""
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        sign, node = -1, node.operand
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return sign * node.value
    return None


def _is_docstring(node: ast.AST, parent: ast.AST, field: str, index: int | None) -> bool:
    first = isinstance(parent, ast.FunctionDef | ast.ClassDef) and field == "body" and index == 0
    return first and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
