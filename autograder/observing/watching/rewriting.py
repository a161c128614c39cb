"""Rewriting a submission's statements so that what they call is looked at first; lines and columns stay as they are."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Collection, Iterator
from typing import Any

from autograder.checks.rules import Rule
from autograder.observing.watching.settled import Settled

CALLED, HANDED, OPERATED, AUGMENTED, LOOPED, TURNED = HOOKS = (
    "__called__",
    "__handed__",
    "__operated__",
    "__augmented__",
    "__looped__",
    "__turned__",
)

# What stands for an operator in a rule, by the operator's node. Only names without a dot: `np.multiply` is not `*`.
OPERATORS: dict[type[ast.AST], tuple[Callable[[Any, Any], Any], tuple[str, ...]]] = {
    ast.BitXor: (operator.xor, ("xor", "bitwise_xor", "logical_xor")),
    ast.Mod: (operator.mod, ("mod", "remainder")),
    ast.MatMult: (operator.matmul, ("matmul",)),
    ast.NotEq: (operator.ne, ("not_equal", "ne")),
    ast.Mult: (operator.mul, ("mul",)),
    ast.Pow: (operator.pow, ("pow",)),
}
SIGNS = {ast.BitXor: "^", ast.Mod: "%", ast.MatMult: "@", ast.NotEq: "!=", ast.Mult: "*", ast.Pow: "**"}
NOTHING = Settled(ast.parse("from unknown import *"), ())  # of which nothing is settled
HINTS = ("annotation", "returns", "type_params")  # may be turned into text


class Rewriting:
    """Rewrites syntax trees of a submission, for the rules of all checks of an assignment."""

    def __init__(self, rules: Collection[Rule]) -> None:
        self.watched = named = {name for rule in rules for name in rule.watched}
        self._settled = NOTHING
        self.needed = bool(rules)
        self.loops = any(rule.counts_turns for rule in rules)
        self.operators = {node for node, (_, names) in OPERATORS.items() if named.intersection(names)}

    def rewrite(self, tree: ast.AST, settled: Settled | None = None) -> None:
        """Rewrite a tree in place. The lines and columns of what is there stay as they are.

        Args:
            tree: statements of a file.
            settled: what names mean in the whole file, where that is known.
        """
        if not self.needed:
            return
        self._settled = settled or NOTHING
        nodes: list[ast.AST] = [tree]
        for node in nodes:  # which grows
            nodes.extend(_children(node))
        for node in reversed(nodes):  # what is inside before what is around it
            self._rewrite_one(node)

    def _rewrite_one(self, node: ast.AST) -> None:
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id == "super":
                return
            if not self._settled.receiver(node.func):
                site = _written(node.func)
                node.args = [self._hand(argument, site) for argument in node.args]
                for keyword in node.keywords:
                    keyword.value = self._hand(keyword.value, site)
            if not self._settled.callee(node.func):
                node.func = _call(CALLED, node.func, node.func)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            node.decorator_list = [_call(CALLED, one, one) for one in node.decorator_list]
        if self.operators:
            self._rewrite_operator(node)
        if self.loops:
            self._rewrite_loop(node)

    def _hand(self, argument: ast.expr, site: str) -> ast.expr:
        if isinstance(argument, ast.List | ast.Tuple):
            argument.elts = [self._hand(one, site) for one in argument.elts]
        if isinstance(argument, ast.Name | ast.Attribute | ast.Subscript | ast.Call | ast.IfExp):
            return _call(HANDED, argument, argument, ast.Constant(site))
        return argument

    def _rewrite_operator(self, node: ast.AST) -> None:
        for field, value in ast.iter_fields(node):
            if field in HINTS:
                continue
            if isinstance(value, list):
                value[:] = [self._operated(one) if isinstance(one, ast.expr) else one for one in value]
            elif isinstance(value, ast.expr):
                setattr(node, field, self._operated(value))
        if isinstance(node, ast.AugAssign) and type(node.op) in self.operators:
            node.value = _call(AUGMENTED, node.value, node.value, ast.Constant(SIGNS[type(node.op)]))

    def _operated(self, node: ast.expr) -> ast.expr:
        """An operator that a rule names, as a call that looks at its operands; any other expression as it is."""
        if isinstance(node, ast.BinOp) and type(node.op) in self.operators:
            return _call(OPERATED, node, node.left, node.right, ast.Constant(SIGNS[type(node.op)]), ast.Constant(_of(node)))
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in self.operators:
            right = node.comparators[0]
            kind = "constant" if isinstance(right, ast.Constant) or isinstance(node.left, ast.Constant) else ""
            return _call(OPERATED, node, node.left, right, ast.Constant(SIGNS[type(node.ops[0])]), ast.Constant(kind))
        return node

    def _rewrite_loop(self, node: ast.AST) -> None:
        if isinstance(node, ast.For) or (isinstance(node, ast.comprehension) and not node.is_async):
            node.iter = _call(LOOPED, node.iter, node.iter)
        elif isinstance(node, ast.While):
            node.body.insert(0, _turn(node.body[0]))
        elif isinstance(node, ast.FunctionDef):
            at = 1 if ast.get_docstring(node, clean=False) is not None else 0
            node.body.insert(at, _turn(node.body[0]))
        elif isinstance(node, ast.Lambda):
            both = ast.Tuple([_call(TURNED, node.body), node.body], ast.Load())
            node.body = _at(ast.Subscript(_at(both, node.body), _at(ast.Constant(1), node.body), ast.Load()), node.body)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """What is rewritten inside a node."""
    for field, value in ast.iter_fields(node):
        if field in HINTS:
            continue
        if isinstance(value, ast.AST):
            yield value
        elif isinstance(value, list):
            yield from (one for one in value if isinstance(one, ast.AST))


def _written(node: ast.expr) -> str:
    """`np.linalg.norm` as text, "" for what is no dotted name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _of(node: ast.BinOp) -> str:
    """What an operator stands between: "sum" for `(a + b) % 2`, "text" for `"%d" % n`."""
    if isinstance(node.left, ast.Constant | ast.JoinedStr) and not isinstance(getattr(node.left, "value", 0), int | float):
        return "text"
    return "sum" if isinstance(node.left, ast.BinOp) else ""


def _at(node: Any, place: ast.AST) -> Any:
    return ast.copy_location(node, place)


def _call(hook: str, place: ast.AST, *arguments: ast.expr) -> ast.Call:
    call = ast.Call(_at(ast.Name(hook, ast.Load()), place), [_located(one, place) for one in arguments], [])
    return ast.copy_location(call, place)


def _located(node: ast.expr, place: ast.AST) -> ast.expr:
    return node if hasattr(node, "lineno") else ast.copy_location(node, place)


def _turn(place: ast.AST) -> ast.stmt:
    return ast.copy_location(ast.Expr(_call(TURNED, place)), place)
