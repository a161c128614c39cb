"""Mechanical mutants: the reference with one small slip in it, as a hurried hand would make it.

A spec that gives a mutant full marks does not ask about what was changed. The slips are those of the literature on mutation
testing (DeMillo, Lipton and Sayward 1978) with the ones that arrays add: another axis, `keepdims` left out, `*` for `@`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeGuard

from autograder.checks.contract import definitions_in, put_back
from autograder.grading.diagnosis.places import AXES, Place, number_of, places

BINARY: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
DROPPED = "(dropped)"
SYMMETRIC = ("max", "min", "maximum", "minimum", "add", "multiply")  # of two arguments: in another order they say the same
OTHERS = 2  # locals that are returned in place of the right one


@dataclass(frozen=True)
class Mutant:
    """One function of a reference with one slip in it.

    Attributes:
        function: its name.
        kind: what was changed: "operator", "constant", "axis", "dropped", "swapped", "negated" or "returned".
        line: where in the reference.
        change: the slip for people: "`axis=1` -> `axis=0`".
        was, becomes: the first line of the statement before and after, as Python writes it by itself; "" where it is dropped.
            With the function's name they are what a mutant is known by when lines move.
        source: the whole file with the slip in it.
    """

    function: str
    kind: str
    line: int
    change: str
    was: str
    becomes: str
    source: str

    @property
    def description(self) -> str:
        """Where and what: "line 41: `axis=1` -> `axis=0`"."""
        return f"line {self.line}: {self.change}"

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is known by."""
        return self.function, self.was, self.becomes


def mutants(source: str, function: str) -> list[Mutant]:
    """The mutants of a function or method, in the order of its lines; each differs from all others.

    Left alone are docstrings, type hints, and what an exception says; a line whose loss leaves a name unbound is not dropped.

    Raises:
        KeyError: the file has no such function.
    """
    node = definitions_in(ast.parse(source)).get(function)
    if node is None:
        raise KeyError(function)
    lines = source.splitlines(keepends=True)
    seen = {ast.unparse(node)}
    found: list[Mutant] = []
    for place in places(node, node):
        was = _first_line(place.statement)
        for kind, new, change in _slips(place, node):
            place.put(new)
            text = ast.unparse(node)
            becomes = "" if new is not place.node and isinstance(new, ast.Pass) else _first_line(place.current_statement)
            place.put(place.node)
            if text not in seen:
                seen.add(text)
                line = getattr(place.node, "lineno", node.lineno)
                found.append(Mutant(function, kind, line, change, was, becomes, put_back(lines, node, text)))
    return found


def _slips(place: Place, function: ast.FunctionDef) -> Iterator[tuple[str, ast.AST, str]]:
    """What may stand in place of a node: kind, the new node, and the change for people.

    The sign of an index, an axis or a length is left alone: of two axes, 1 and -1 are the same.
    """
    node, number = place.node, number_of(place.node)
    for kind, new in _alternatives(node, function):
        other = number_of(new)
        if place.says_where and number is not None and other is not None and number * other < 0:
            continue
        if place.says_where and (number, other) == (-1, -2) and isinstance(place.parent, ast.Call):
            continue  # to `reshape`, any negative length is the one that is left
        if isinstance(new, ast.Pass):
            yield kind, new, f"`{_first_line(node)}` {DROPPED}"
        else:
            yield kind, new, f"`{_first_line(node)}` -> `{_first_line(new)}`"


def _alternatives(node: ast.AST, function: ast.FunctionDef) -> Iterator[tuple[str, ast.AST]]:
    number = number_of(node)
    if number is not None:
        yield from (("constant", _constant(other)) for other in _other_numbers(number))
        return
    match node:
        case ast.Constant(value=bool(value)):
            yield "constant", ast.Constant(not value)
        case ast.BinOp(left, operator, right) if type(operator) in BINARY:
            yield "operator", ast.BinOp(left, BINARY[type(operator)](), right)
            if isinstance(operator, ast.MatMult):
                yield "swapped", ast.BinOp(right, operator, left)
        case ast.AugAssign(target, operator, value):
            if type(operator) in BINARY:
                yield "operator", ast.AugAssign(target, BINARY[type(operator)](), value)
            yield "dropped", ast.Pass()
        case ast.Compare(left, comparisons, comparators):
            for place, comparison in enumerate(comparisons):
                for turned in COMPARED.get(type(comparison), ()):
                    changed = [*comparisons[:place], turned(), *comparisons[place + 1 :]]
                    yield "operator", ast.Compare(left, changed, comparators)
        case ast.BoolOp(joined, values):
            yield "operator", ast.BoolOp(ast.Or() if isinstance(joined, ast.And) else ast.And(), values)
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=operand):
            yield "operator", operand
        case ast.Call(func, args, keywords):
            plain = [place for place, argument in enumerate(args) if not isinstance(argument, ast.Starred)]
            name = func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""
            for one, next_one in pairwise(plain if name not in SYMMETRIC else ()):
                swapped = list(args)
                swapped[one], swapped[next_one] = args[next_one], args[one]
                yield "swapped", ast.Call(func, swapped, keywords)
            for place, keyword in enumerate(keywords):
                if keyword.arg in AXES:
                    yield "axis", ast.Call(func, args, [*keywords[:place], *keywords[place + 1 :]])
        case ast.IfExp(test, body, orelse) if not _turned_elsewhere(test):
            yield "negated", ast.IfExp(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.comprehension(target, iterable, ifs, is_async) if ifs and not _turned_elsewhere(ifs[0]):
            yield "negated", ast.comprehension(target, iterable, [ast.UnaryOp(ast.Not(), ifs[0]), *ifs[1:]], is_async)
        case ast.If(test, body, orelse) | ast.While(test, body, orelse):
            if not _turned_elsewhere(test):
                yield "negated", type(node)(ast.UnaryOp(ast.Not(), test), body, orelse)
            yield "dropped", ast.Pass()
        case ast.With(items, body) if all(item.optional_vars is None for item in items):
            yield "dropped", ast.If(ast.Constant(True), body, [])
        case ast.Expr() | ast.Break() | ast.Continue() | ast.For():
            yield "dropped", ast.Pass()
        case ast.Assign() if _targets(node) <= set(_bound_before(node, function)):
            yield "dropped", ast.Pass()
        case ast.Return(value=ast.Tuple(elts=elements)):
            for place in range(len(elements) - 1):
                swapped_elements = [*elements[:place], elements[place + 1], elements[place], *elements[place + 2 :]]
                yield "swapped", ast.Return(ast.Tuple(swapped_elements, ast.Load()))
        case ast.Return(value=ast.expr() as value):
            same = value.id if isinstance(value, ast.Name) else ""
            others = [name for name in reversed(_bound_before(node, function)) if name != same]
            yield from (("returned", ast.Return(ast.Name(name, ast.Load()))) for name in others[:OTHERS])


def _turned_elsewhere(test: ast.expr) -> bool:
    """Whether the change of an operator turns a condition into its opposite already."""
    compared = isinstance(test, ast.Compare) and len(test.ops) == 1
    return compared or (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not))


def _other_numbers(number: float) -> list[int | float]:
    """0 and 1 for each other, the next, the other sign, twice as much: without itself, and each once."""
    swapped = [type(number)(1 - number)] if number in (0, 1) else []
    return [other for other in dict.fromkeys([*swapped, number + 1, -number, 2 * number]) if other != number]


def _constant(number: float) -> ast.expr:
    return ast.Constant(number) if number >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-number))


def _targets(node: ast.Assign) -> set[str]:
    """The names that an assignment binds; none where it writes into something."""
    return {part.id for target in node.targets for part in ast.walk(target) if _is_store(part)}


def _bound_before(node: ast.stmt, function: ast.FunctionDef) -> list[str]:
    """The parameters and locals that are bound above a statement, each once, the last one last."""
    parameters = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    stored = [part for part in ast.walk(function) if _is_store(part) and part.lineno < node.lineno]
    stored.sort(key=lambda part: (part.lineno, part.col_offset))
    return list(dict.fromkeys([*(parameter.arg for parameter in parameters), *(part.id for part in stored)]))


def _is_store(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _first_line(node: ast.AST) -> str:
    return ast.unparse(node).partition("\n")[0]
