"""A function with one line left out, or with one line read in another way."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

from autograder.asking.beside.statements import Statement

WAYS_MOST = 10  # other readings of one line
OTHER_NAMES = {"mean": "sum", "sum": "mean", "max": "min", "min": "max", "argmax": "argmin", "argmin": "argmax"}
OTHER_NAMES |= {f"reduce_{one}": f"reduce_{other}" for one, other in OTHER_NAMES.items() if not one.startswith("arg")}
OTHER_NAMES |= {"zeros": "ones", "ones": "zeros", "vstack": "hstack", "hstack": "vstack", "append": "append"}
OTHER_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mod,
    ast.Mod: ast.FloorDiv,
}
OTHER_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}


def without(function: ast.FunctionDef, statement: Statement) -> ast.FunctionDef:
    """The function with `pass` in place of a statement."""
    return _with(function, statement, ast.copy_location(ast.Pass(), statement.node))


def otherwise(function: ast.FunctionDef, statement: Statement) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The function with one statement read in another way: the other axis, the sum in place of the mean, off by one."""
    count = 0
    for place, part in enumerate(ast.walk(statement.node)):
        for way, change in _changes(part):
            if count == WAYS_MOST:
                return
            node = copy.deepcopy(statement.node)
            changed = _replaced(node, place, change)
            if changed is not None:
                count += 1
                yield way, _with(function, statement, changed)


def _replaced(root: ast.stmt, place: int, change: Callable[[ast.AST], ast.AST]) -> ast.stmt | None:
    """A statement in which the part at a place of `ast.walk` is changed."""
    target = next(part for number, part in enumerate(ast.walk(root)) if number == place)
    new = change(target)
    if new is target:
        return root
    for part in ast.walk(root):
        for name, value in ast.iter_fields(part):
            if value is target:
                setattr(part, name, new)
                return root
            if isinstance(value, list) and any(item is target for item in value):
                setattr(part, name, [new if item is target else item for item in value])
                return root
    return None


def _with(function: ast.FunctionDef, statement: Statement, new: ast.stmt) -> ast.FunctionDef:
    """The function with another statement in one place; the rest is shared, and nothing of it is changed."""
    whole = copy.copy(function)
    whole.body = _body_with(function.body, statement.node, new)
    return ast.fix_missing_locations(whole)


def _body_with(body: list[ast.stmt], old: ast.stmt, new: ast.stmt) -> list[ast.stmt]:
    found = []
    for node in body:
        if node is old:
            found.append(new)
            continue
        if node.lineno <= old.lineno <= (node.end_lineno or node.lineno):
            node = copy.copy(node)
            for name in ("body", "orelse", "finalbody"):
                inner = getattr(node, name, None)
                if isinstance(inner, list):
                    setattr(node, name, _body_with(inner, old, new))
            if hasattr(node, "handlers"):
                node.handlers = [_handler_with(handler, old, new) for handler in node.handlers]
        found.append(node)
    return found


def _handler_with(handler: ast.ExceptHandler, old: ast.stmt, new: ast.stmt) -> ast.ExceptHandler:
    handler = copy.copy(handler)
    handler.body = _body_with(handler.body, old, new)
    return handler


def _changes(part: ast.AST) -> Iterator[tuple[str, Callable[[ast.AST], ast.AST]]]:
    """How a part can be read otherwise, each with the idea behind it; the change is made in a copy."""
    match part:
        case ast.keyword(arg="axis", value=ast.Constant(value=int(axis))):
            yield "the other axis", _set_value(1 - axis if axis in (0, 1) else 0)
        case ast.keyword(arg="keepdims" | "keepdim", value=ast.Constant(value=bool(kept))):
            yield "the axis that is kept", _set_value(not kept)
        case ast.Attribute(attr="T", value=ast.expr()):
            yield "not transposed", _inner("value")
        case ast.Call(func=ast.Attribute(attr="transpose"), args=[ast.expr(), *_]):
            yield "not transposed", lambda node: node.args[0]  # type: ignore[attr-defined]
        case ast.Attribute(attr=name) if name in OTHER_NAMES and OTHER_NAMES[name] != name:
            yield (
                f"the {OTHER_NAMES[name].removeprefix('reduce_')} in place of the {name.removeprefix('reduce_')}",
                _set("attr", OTHER_NAMES[name]),
            )
        case ast.BinOp(op=ast.Pow()):
            yield "without the power", _inner("left")
        case ast.BinOp(op=ast.MatMult()):
            yield "the factors swapped", _swapped
        case ast.BinOp(op=operator) if type(operator) in OTHER_OPERATORS:
            yield "another operator", _set("op", OTHER_OPERATORS[type(operator)]())
            yield "only the first part", _inner("left")
            yield "only the second part", _inner("right")
        case ast.AugAssign(op=operator) if type(operator) in OTHER_OPERATORS:
            yield "another operator", _set("op", OTHER_OPERATORS[type(operator)]())
        case ast.Compare(ops=[operator]) if type(operator) in OTHER_COMPARISONS:
            yield "another comparison", _set("ops", [OTHER_COMPARISONS[type(operator)]()])
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=ast.expr()):
            yield "without the sign", _inner("operand")
        case ast.Slice(lower=lower, upper=upper, step=None) if (lower is None) != (upper is None):
            yield "the other end", lambda node: ast.Slice(node.upper, node.lower, None)  # type: ignore[attr-defined]
        case ast.Constant(value=int(number)) if type(number) is int and abs(number) < 100:
            yield "off by one", _set("value", number + 1)
            yield "off by one", _set("value", number - 1)


def _set(name: str, value: object) -> Callable[[ast.AST], ast.AST]:
    def change(node: ast.AST) -> ast.AST:
        setattr(node, name, value)
        return node

    return change


def _set_value(value: bool | int) -> Callable[[ast.AST], ast.AST]:
    def change(node: ast.AST) -> ast.AST:
        node.value = ast.Constant(value)  # type: ignore[attr-defined]
        return node

    return change


def _inner(name: str) -> Callable[[ast.AST], ast.AST]:
    return lambda node: getattr(node, name)


def _swapped(node: ast.AST) -> ast.AST:
    node.left, node.right = node.right, node.left  # type: ignore[attr-defined]
    return node
