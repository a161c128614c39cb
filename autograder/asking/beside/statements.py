"""The statements of a function, as data: which line does what, and where each name comes from."""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any

MOST = 150  # statements of one function that are looked at
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda, ast.IfExp, ast.BoolOp)
SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return, ast.Raise)
UNFILLED = frozenset({"empty", "empty_like", "ndarray"})
INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@dataclass(frozen=True)
class Statement:
    """One statement.

    Attributes:
        line, end: its first and last line.
        kind: "assign", "return", "call", "for", "while", "if" or "other".
        targets: the variables that it gives a value.
        alone: whether it is simple, and no other statement stands in its line.
        comprehends: whether it has a loop, a condition or a function within it, so that it does not run as one.
        loops: how many loops it stands in.
        branch: whether it stands in a branch of an `if`.
        constant: whether it gives its variable a number or text that stands in the line.
        node: the statement itself; it stays in the worker, as does `vague`.
        vague: whether it asks for memory that nobody has filled, so that the numbers in it are anybody's.
    """

    line: int
    end: int
    kind: str
    targets: tuple[str, ...] = ()
    alone: bool = False
    comprehends: bool = False
    loops: int = 0
    branch: bool = False
    constant: bool = False
    node: ast.stmt = field(default_factory=ast.Pass, repr=False, compare=False)
    vague: bool = False

    def told(self) -> dict[str, Any]:
        """What the grader is told."""
        told = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("node", "vague")}
        return told | {"targets": list(self.targets)}


def function_in(source: str, name: str) -> ast.FunctionDef:
    """The function of this name at the top of a source: the last one, as for Python.

    Raises:
        LookupError: there is none.
    """
    found = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == name]
    if not found:
        raise LookupError(name)
    return found[-1]


def statements_of(source: str, function: ast.FunctionDef) -> list[Statement]:
    """Its statements without the docstring, and without those of functions inside it."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    found = list(_statements(body, 0, False))[:MOST]
    lines = source.split("\n")
    count = Counter(one.line for one in found)
    return [one if count[one.line] == 1 and _begins_its_line(one, lines) else replace(one, alone=False) for one in found]


def _begins_its_line(one: Statement, lines: list[str]) -> bool:
    return not lines[one.line - 1][: one.node.col_offset].strip()  # `else: x = 1` does not


def _statements(body: list[ast.stmt], loops: int, branch: bool) -> Iterator[Statement]:
    for node in body:
        yield _statement(node, loops, branch)
        if isinstance(node, INNER):
            continue
        loop = isinstance(node, ast.For | ast.While)
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(node, name, None)
            if isinstance(inner, list):
                yield from _statements(inner, loops + loop, branch or isinstance(node, ast.If))
        for handler in getattr(node, "handlers", []):
            yield from _statements(handler.body, loops, True)


def _statement(node: ast.stmt, loops: int, branch: bool) -> Statement:
    value = getattr(node, "value", None)
    return Statement(
        node.lineno,
        node.end_lineno or node.lineno,
        _kind(node),
        tuple(_targets(node)),
        isinstance(node, SIMPLE) and node.lineno == node.end_lineno,
        any(isinstance(part, COMPREHENSIONS) for part in ast.walk(node)),
        loops,
        branch,
        isinstance(value, ast.Constant) and isinstance(node, ast.Assign | ast.AnnAssign),
        node,
        is_vague(node),
    )


def is_vague(node: ast.AST) -> bool:
    """Whether a piece of code asks for memory that nobody has filled, as `np.empty` does."""
    names = {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
    return not UNFILLED.isdisjoint(names | {part.id for part in ast.walk(node) if isinstance(part, ast.Name)})


def _kind(node: ast.stmt) -> str:
    match node:
        case ast.Assign() | ast.AugAssign() | ast.AnnAssign():
            return "assign"
        case ast.Return():
            return "return"
        case ast.Expr(value=ast.Call()):
            return "call"
        case ast.For() | ast.While() | ast.If():
            return type(node).__name__.lower()
    return "other"


def _targets(node: ast.stmt) -> Iterator[str]:
    """The plain names that an assignment gives a value, and those whose entries it changes."""
    match node:
        case ast.Assign(targets=targets):
            places: list[ast.expr] = list(targets)
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            places = [target]
        case _:
            return
    while places:
        place = places.pop(0)
        match place:
            case ast.Name(id=name):
                yield name
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                places[:0] = parts
            case ast.Starred(value=inner):
                places.insert(0, inner)


def names_in(tree: ast.Module, function: ast.FunctionDef, statements: list[Statement]) -> list[dict[str, Any]]:
    """Where the names come from that a function reads, of those that can come from one place only."""
    arguments = function.args
    parameters = {one.arg for one in ast.walk(arguments) if isinstance(one, ast.arg)}
    stored = {part.id for part in ast.walk(function) if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)}
    inner = {part.name for part in ast.walk(function) if isinstance(part, INNER[:3])} - {function.name}
    declared = {name for part in ast.walk(function) if isinstance(part, ast.Global | ast.Nonlocal) for name in part.names}
    hidden = _bound_inside(function)
    imported, defined = _at_the_top(tree)
    found = []
    for one in statements:
        if not one.alone:
            continue
        for name in sorted(
            {part.id for part in ast.walk(one.node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)}
        ):
            roles = {
                "parameter": name in parameters,
                "variable": name in stored,
                "import": name in imported and name not in parameters | stored,
                "module": name in defined and name not in parameters | stored,
                "builtin": hasattr(builtins, name) and name not in parameters | stored | imported | defined,
            }
            if sum(roles.values()) == 1 and name not in inner | declared | hidden and name not in imported & defined:
                found.append({"name": name, "line": one.line, "role": next(role for role, holds in roles.items() if holds)})
    return found


def _bound_inside(function: ast.FunctionDef) -> set[str]:
    """The names that a comprehension, a lambda, a `with` or an `except` binds: people may call them one thing or another."""
    found: set[str] = set()
    for part in ast.walk(function):
        if isinstance(part, ast.comprehension):
            found |= {name.id for name in ast.walk(part.target) if isinstance(name, ast.Name)}
        elif isinstance(part, ast.Lambda | ast.FunctionDef) and part is not function:
            found |= {one.arg for one in ast.walk(part.args) if isinstance(one, ast.arg)}
        elif isinstance(part, ast.ExceptHandler) and part.name:
            found.add(part.name)
        elif isinstance(part, ast.Import | ast.ImportFrom):
            found |= {item.asname or item.name.partition(".")[0] for item in part.names}
        elif isinstance(part, ast.NamedExpr) and isinstance(part.target, ast.Name):
            found.add(part.target.id)
    return found


def _at_the_top(tree: ast.Module) -> tuple[set[str], set[str]]:
    """The names that a module imports, and those that it defines."""
    imported: set[str] = set()
    defined: set[str] = set()
    for node in tree.body:
        match node:
            case ast.Import(names=items) | ast.ImportFrom(names=items):
                imported |= {item.asname or item.name.partition(".")[0] for item in items}
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                defined.add(name)
            case _:
                stored = (part for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store))
                defined |= {part.id for part in stored}
    return imported, defined
