"""Other spellings of a reference: the same function, its arithmetic in another order, as another hand would write it.

Each is mathematically equal to the reference and rounds differently. A spec that takes points from one of them holds students to
the rounding of its author. The opposite of `mutation`, whose programs are wrong.

A spelling changes every place of one kind in a function, or one of them. Left alone is what decides rather than computes, where
the last digit is part of the answer: indices, lengths, comparisons, and what stands in `int`, `round`, `floor` or `//`.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from autograder.checks.contract import definitions_in, put_back

Change = Callable[[ast.expr], ast.expr | None]
DECIDING = (
    "int",
    "round",
    "floor",
    "ceil",
    "rint",
    "trunc",
    "len",
    "range",
    "isclose",
    "allclose",
    "array_equal",
    "argmax",
    "argmin",
)
LISTS = (ast.List, ast.Tuple, ast.Dict, ast.Set, ast.ListComp, ast.JoinedStr, ast.Starred)
LISTED = ("list", "tuple", "str", "sorted", "join", "format", "zip", "range")
ALONE = 6  # places of a kind in a function that are also changed one at a time
TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.Gt: ast.Lt,
    ast.LtE: ast.GtE,
    ast.GtE: ast.LtE,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}
HINTS = ("annotation", "returns", "decorator_list", "type_comment")


@dataclass(frozen=True)
class Rewriting:
    """One function of a reference, spelt otherwise.

    Attributes:
        function: its name.
        kind: what was done, such as "x * x for x ** 2".
        places: how many places were changed.
        source: the whole file.
    """

    function: str
    kind: str
    places: int
    source: str


def rewritings(source: str, function: str) -> list[Rewriting]:
    """The spellings of a function or method, each different from all others.

    Raises:
        KeyError: the file has no such function.
    """
    tree = ast.parse(source)
    node = definitions_in(tree).get(function)
    if node is None:
        raise KeyError(function)
    lines = source.splitlines(keepends=True)
    tensors = any(isinstance(part, ast.Name) and part.id in ("tf", "keras", "tape") for part in ast.walk(node))
    kinds = {**EXPRESSIONS, **({} if tensors else ARRAYS), **(TENSORS if tensors else {})}
    seen, found = {ast.unparse(node)}, []
    for kind, change in kinds.items():
        changed, places = _changed(node, change)
        found.append((kind, places, changed))
        if 1 < places <= ALONE:
            found += [(kind, 1, _changed(node, change, place)[0]) for place in range(places)]
    for kind, rewrite in STATEMENTS.items():
        changed = copy.deepcopy(node)
        found.append((kind, rewrite(changed), changed))
    if not tensors:
        changed = copy.deepcopy(node)
        found.append(("float64 inside", _in_float64(changed), changed))
    made = []
    for kind, places, changed in found:
        text = ast.unparse(ast.fix_missing_locations(changed))
        if places and text not in seen:
            seen.add(text)
            made.append(Rewriting(function, kind, places, put_back(lines, node, text)))
    return made


def _changed(node: ast.FunctionDef, change: Change, place: int | None = None) -> tuple[ast.FunctionDef, int]:
    """A function with one place of a kind changed, or all of them, and how many places there are."""
    changed = copy.deepcopy(node)
    rewriter = _Rewriter(change, place)
    for position, one in enumerate(changed.body):
        rewriter.visit(one)  # a statement is changed where it stands
        changed.body[position] = one
    return changed, rewriter.places


class _Rewriter(ast.NodeTransformer):
    """Changes every expression of one kind, from the inside out."""

    def __init__(self, change: Change, place: int | None = None) -> None:
        self.change = change
        self.place = place  # the only one to change; None for all
        self.places = 0

    def visit(self, node: ast.AST) -> ast.AST:
        """Change what is below, then the node itself, but for what decides."""
        if isinstance(node, ast.Compare) and self.change is _compared_turned:
            return self.put(node)
        if isinstance(node, ast.Compare | ast.Raise | ast.Assert | ast.JoinedStr | ast.Lambda) or _decides(node):
            return node
        if isinstance(node, ast.Subscript):
            node.value = self.visit(node.value)  # type: ignore[assignment]
            return node
        for field, value in ast.iter_fields(node):
            if field in HINTS:
                continue
            if isinstance(value, list):
                setattr(node, field, [self.visit(one) if isinstance(one, ast.AST) else one for one in value])
            elif isinstance(value, ast.AST):
                setattr(node, field, self.visit(value))
        return self.put(node)

    def put(self, node: ast.AST) -> ast.AST:
        """What stands in place of a node whose parts are changed."""
        if isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
            new = self.change(node)
            if new is not None:
                self.places += 1
                return ast.copy_location(new, node) if self.place in (None, self.places - 1) else node
        return node


def _decides(node: ast.AST) -> bool:
    """Whether a node's value is counted with, or compared, and not only computed with."""
    match node:
        case ast.Call(func=func) if _called(func) in DECIDING:
            return True
        case ast.BinOp(op=ast.FloorDiv() | ast.Mod() | ast.BitAnd() | ast.BitOr()):
            return True
    return False


def _called(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _numeric(*nodes: ast.expr) -> bool:
    """Whether expressions may be numbers or arrays: nothing in them is a list, a text or a shape."""
    for node in nodes:
        if isinstance(node, LISTS) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)):
            return False
        if isinstance(node, ast.Attribute) and node.attr == "shape":
            return False
        if isinstance(node, ast.Call) and _called(node.func) in LISTED:
            return False
        part_of_shape = isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
        if part_of_shape and isinstance(node.slice, ast.Slice):  # type: ignore[attr-defined]
            return False
        if isinstance(node, ast.BinOp) and not _numeric(node.left, node.right):
            return False
    return True


def _pure(node: ast.expr) -> bool:
    """Whether an expression may be written twice: it calls nothing that could draw, change or print."""
    calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
    return all(
        _root(call.func) in ("np", "tf", "math", "numpy") and ".random" not in ast.unparse(call.func) for call in calls
    ) and not any(isinstance(part, ast.NamedExpr | ast.Await | ast.Yield) for part in ast.walk(node))


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _binary(left: ast.expr, operator: ast.operator, right: ast.expr) -> ast.BinOp:
    return ast.BinOp(left, operator, right)


def _like(template: str, **parts: ast.expr) -> ast.expr:
    """An expression with others put in for the names of a template."""

    class Put(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return copy.deepcopy(parts[node.id]) if node.id in parts else node

    filled: ast.Expression = Put().visit(ast.parse(template, mode="eval"))
    return filled.body


def _product(node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    match node:
        case ast.BinOp(left=left, op=ast.Mult(), right=right) if _numeric(left, right):
            return left, right
    return None


def _sum(node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    match node:
        case ast.BinOp(left=ast.Subscript(slice=ast.Slice()), op=ast.Add(), right=ast.Subscript(slice=ast.Slice())):
            return None  # of a list, most likely: the rest of it
        case ast.BinOp(left=left, op=ast.Add(), right=right) if _numeric(left, right):
            return left, right
    return None


def _difference(node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    match node:
        case ast.BinOp(left=left, op=ast.Sub(), right=right) if _numeric(left, right):
            return left, right
    return None


def _quotient(node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    match node:
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return left, right
    return None


# The kinds, each in a function of one expression --------------------------------------------------------------------


def _swap_factors(node: ast.expr) -> ast.expr | None:
    found = _product(node)
    return _binary(found[1], ast.Mult(), found[0]) if found else None


def _swap_terms(node: ast.expr) -> ast.expr | None:
    found = _sum(node)
    return _binary(found[1], ast.Add(), found[0]) if found else None


def _regroup_factors(node: ast.expr) -> ast.expr | None:
    found = _product(node)
    inner = _product(found[0]) if found else None
    return _like("_A * (_B * _C)", _A=inner[0], _B=inner[1], _C=found[1]) if found and inner else None


def _regroup_terms(node: ast.expr) -> ast.expr | None:
    found = _sum(node)
    inner = _sum(found[0]) if found else None
    return _like("_A + (_B + _C)", _A=inner[0], _B=inner[1], _C=found[1]) if found and inner else None


def _divide_first(node: ast.expr) -> ast.expr | None:
    found = _quotient(node)
    inner = _product(found[0]) if found else None
    return _like("_A / _C * _B", _A=inner[0], _B=inner[1], _C=found[1]) if found and inner else None


def _multiply_first(node: ast.expr) -> ast.expr | None:
    found = _product(node)
    inner = _quotient(found[0]) if found else None
    return _like("_A * _C / _B", _A=inner[0], _B=inner[1], _C=found[1]) if found and inner else None


def _by_the_inverse(node: ast.expr) -> ast.expr | None:
    found = _quotient(node)
    one = isinstance(found[0], ast.Constant) if found else True
    return _like("_A * (1.0 / _B)", _A=found[0], _B=found[1]) if found and not one else None


def _minus_turned(node: ast.expr) -> ast.expr | None:
    found = _difference(node)
    return _like("-(_B - _A)", _A=found[0], _B=found[1]) if found else None


def _minus_added(node: ast.expr) -> ast.expr | None:
    found = _difference(node)
    return _like("_A + (-_B)", _A=found[0], _B=found[1]) if found else None


def _minus_first(node: ast.expr) -> ast.expr | None:
    found = _difference(node)
    return _like("(-_B) + _A", _A=found[0], _B=found[1]) if found else None


def _times_minus_one(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand) if not isinstance(operand, ast.Constant):
            return _like("-1 * _A", _A=operand)
    return None


def _power_as_product(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=2 | 2.0)) if _pure(left):
            return _like("_A * _A", _A=left)
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=3 | 3.0)) if _pure(left):
            return _like("_A * _A * _A", _A=left)
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=4 | 4.0)) if _pure(left):
            return _like("(_A * _A) * (_A * _A)", _A=left)
    return None


def _product_as_power(node: ast.expr) -> ast.expr | None:
    found = _product(node)
    return _like("_A ** 2", _A=found[0]) if found and ast.dump(found[0]) == ast.dump(found[1]) else None


def _multiplied_out(node: ast.expr) -> ast.expr | None:
    found = _product(node)
    if not found or not _pure(node):
        return None
    left, right = found
    for factor, bracket in ((left, right), (right, left)):
        if inner := _sum(bracket):
            return _like("_F * _A + _F * _B", _F=factor, _A=inner[0], _B=inner[1])
        if inner := _difference(bracket):
            return _like("_F * _A - _F * _B", _F=factor, _A=inner[0], _B=inner[1])
    return None


def _divided_out(node: ast.expr) -> ast.expr | None:
    found = _quotient(node)
    if not found or not _pure(found[1]):
        return None
    if inner := _sum(found[0]):
        return _like("_A / _N + _B / _N", _A=inner[0], _B=inner[1], _N=found[1])
    if inner := _difference(found[0]):
        return _like("_A / _N - _B / _N", _A=inner[0], _B=inner[1], _N=found[1])
    return None


def _factored(node: ast.expr) -> ast.expr | None:
    found = _sum(node) or _difference(node)
    operator = "+" if _sum(node) else "-"
    products = (_product(found[0]), _product(found[1])) if found else (None, None)
    if products[0] and products[1]:
        for one, rest in (products[0], products[0][::-1]):
            for other, second in (products[1], products[1][::-1]):
                if ast.dump(one) == ast.dump(other):
                    return _like(f"_F * (_A {operator} _B)", _F=one, _A=rest, _B=second)
    return None


def _doubled(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.BinOp(left=ast.Constant(value=2 | 2.0), op=ast.Mult(), right=right) if _numeric(right) and _pure(right):
            return _like("_A + _A", _A=right)
    return None


def _halved(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.BinOp(left=ast.Constant(value=0.5), op=ast.Mult(), right=right):
            return _like("_A / 2.0", _A=right)
        case ast.BinOp(left=left, op=ast.Div(), right=ast.Constant(value=2 | 2.0)):
            return _like("0.5 * _A", _A=left)
    return None


def _choice_turned(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return ast.IfExp(ast.UnaryOp(ast.Not(), test), orelse, body)
    return None


def _sum_backwards(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.Call(func=ast.Name(id="sum"), args=[only], keywords=[]) if not isinstance(only, ast.Starred):
            return _like(
                "sum(list(_A)[::-1])", _A=ast.ListComp(only.elt, only.generators) if isinstance(only, ast.GeneratorExp) else only
            )
    return None


def _fused(node: ast.expr) -> ast.expr | None:
    """A * b + c as c + b * a: both turned."""
    found = _sum(node)
    inner = _product(found[0]) if found else None
    return _like("_C + _B * _A", _A=inner[0], _B=inner[1], _C=found[1]) if found and inner else None


def _compared_turned(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in TURNED:
            return ast.Compare(right, [TURNED[type(operator)]()], [left])
    return None


def _function_of(operator: type[ast.operator], name: str) -> Change:
    """`np.add(a, b)` for `a + b`, where one of them may be an array."""

    def change(node: ast.expr) -> ast.expr | None:
        match node:
            case ast.BinOp(left=left, op=op, right=right) if isinstance(op, operator) and _numeric(left, right):
                if operator is ast.Add and not _sum(node):
                    return None
                return _like(f"np.{name}(_A, _B)", _A=left, _B=right)
        return None

    return change


EXPRESSIONS: dict[str, Change] = {
    "b > a for a < b": _compared_turned,
    "b * a for a * b": _swap_factors,
    "b + a for a + b": _swap_terms,
    "a * (b * c) for a * b * c": _regroup_factors,
    "a + (b + c) for a + b + c": _regroup_terms,
    "a / c * b for a * b / c": _divide_first,
    "a * c / b for a / b * c": _multiply_first,
    "a * (1 / b) for a / b": _by_the_inverse,
    "-(b - a) for a - b": _minus_turned,
    "a + (-b) for a - b": _minus_added,
    "-b + a for a - b": _minus_first,
    "-1 * x for -x": _times_minus_one,
    "x * x for x ** 2": _power_as_product,
    "x ** 2 for x * x": _product_as_power,
    "a * b + a * c for a * (b + c)": _multiplied_out,
    "a / n + b / n for (a + b) / n": _divided_out,
    "a * (b + c) for a * b + a * c": _factored,
    "x + x for 2 * x": _doubled,
    "x / 2 for 0.5 * x": _halved,
    "the other branch first": _choice_turned,
    "sum from the end": _sum_backwards,
    "c + b * a for a * b + c": _fused,
}


def _call(node: ast.expr, *names: str, module: str = "np") -> ast.Call | None:
    """A call `np.name(…)` whose first arguments are plain."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=root), attr=name), args=args) if root == module and name in names:
            return node if args and not any(isinstance(one, ast.Starred) for one in args) else None
    return None


def _reduced(node: ast.expr, name: str) -> tuple[ast.expr, ast.expr | None, list[ast.keyword]] | None:
    """What `np.sum(x, axis=1)` or `x.sum(axis=1)` sums, over which axis, and its other arguments."""
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr=attr), args=args, keywords=keywords) if attr == name:
            operands = args if _root(value) == "np" and isinstance(value, ast.Name) else [value, *args]
            if not operands or any(isinstance(one, ast.Starred) for one in operands) or len(operands) > 2:
                return None
            axis = operands[1] if len(operands) == 2 else next((one.value for one in keywords if one.arg == "axis"), None)
            rest = [one for one in keywords if one.arg != "axis"]
            return (operands[0], axis, rest) if all(one.arg == "keepdims" for one in rest) else None
    return None


def _reduction(name: str, what: ast.expr, axis: ast.expr | None, rest: list[ast.keyword]) -> ast.expr:
    keywords = ([ast.keyword("axis", copy.deepcopy(axis))] if axis is not None else []) + copy.deepcopy(rest)
    return ast.Call(ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load()), [copy.deepcopy(what)], keywords)


def _mean_as_sum(node: ast.expr) -> ast.expr | None:
    found = _reduced(node, "mean")
    if not found or not _pure(found[0]):
        return None
    total = _reduction("sum", *found)
    return _like("_S / (np.size(_A) / np.size(_S))", _S=total, _A=found[0])


def _mean_backwards(node: ast.expr) -> ast.expr | None:
    found = _reduced(node, "mean")
    return _backwards("mean", found) if found else None


def _array_sum_backwards(node: ast.expr) -> ast.expr | None:
    found = _reduced(node, "sum")
    return _backwards("sum", found) if found else None


def _backwards(name: str, found: tuple[ast.expr, ast.expr | None, list[ast.keyword]]) -> ast.expr:
    what, axis, rest = found
    turned = _like("np.flip(np.asarray(_A), _X)", _A=what, _X=axis or ast.Constant(None))
    return _reduction(name, turned, axis, rest)


def _sum_as_einsum(node: ast.expr) -> ast.expr | None:
    found = _reduced(node, "sum")
    if found and found[1] is None and not found[2] and _pure(found[0]):
        return _like("np.dot(np.ravel(_A), np.ones(np.size(_A), np.asarray(_A).dtype))", _A=found[0])
    return None


def _method_as_function(node: ast.expr) -> ast.expr | None:
    for name in ("sum", "mean", "max", "min", "std", "var"):
        found = _reduced(node, name)
        if found and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            value = node.func.value
            if isinstance(value, ast.Name) and value.id == "np":
                what, axis, rest = found
                keywords = ([ast.keyword("axis", axis)] if axis is not None else []) + rest
                return ast.Call(ast.Attribute(_like("np.asarray(_A)", _A=what), name, ast.Load()), [], keywords)
            return _reduction(name, *found)
    return None


def _matmul(template: str, *, twice: bool = True) -> Change:
    def change(node: ast.expr) -> ast.expr | None:
        match node:
            case ast.BinOp(left=left, op=ast.MatMult(), right=right) if not twice or (_pure(left) and _pure(right)):
                return _like(template, _A=left, _B=right)
        return None

    return change


def _dot_as_matmul(node: ast.expr) -> ast.expr | None:
    call = _call(node, "dot", "matmul")
    if call and len(call.args) == 2 and not call.keywords:
        return _binary(call.args[0], ast.MatMult(), call.args[1])
    return None


def _outer(node: ast.expr) -> ast.expr | None:
    call = _call(node, "outer")
    if call and len(call.args) == 2:
        return _like("np.ravel(_A)[:, None] * np.ravel(_B)[None, :]", _A=call.args[0], _B=call.args[1])
    return None


def _one_argument(name: str, template: str) -> Change:
    def change(node: ast.expr) -> ast.expr | None:
        call = _call(node, name)
        if call and len(call.args) == 1 and not call.keywords and _pure(call.args[0]):
            return _like(template, _A=call.args[0])
        return None

    return change


def _two_arguments(names: tuple[str, ...], template: str) -> Change:
    def change(node: ast.expr) -> ast.expr | None:
        call = _call(node, *names)
        if call and len(call.args) == 2 and not call.keywords and all(map(_pure, call.args)):
            return _like(template.replace("NAME", _called(call.func)), _A=call.args[0], _B=call.args[1])
        return None

    return change


def _where_turned(node: ast.expr) -> ast.expr | None:
    call = _call(node, "where")
    if call and len(call.args) == 3:
        return _like("np.where(np.logical_not(_C), _B, _A)", _C=call.args[0], _A=call.args[1], _B=call.args[2])
    return None


def _transposed(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.Attribute(value=value, attr="T"):
            return _like("np.transpose(_A)", _A=value)
    return None


PLANE = "np.ndim(_A) == np.ndim(_B) == 2"
ARRAYS: dict[str, Change] = {  # NumPy alone
    "np.add for +": _function_of(ast.Add, "add"),
    "np.subtract for -": _function_of(ast.Sub, "subtract"),
    "np.multiply for *": _function_of(ast.Mult, "multiply"),
    "np.divide for /": _function_of(ast.Div, "divide"),
    "sum / n for mean": _mean_as_sum,
    "mean from the end": _mean_backwards,
    "array sum from the end": _array_sum_backwards,
    "dot with ones for sum": _sum_as_einsum,
    "method for function": _method_as_function,
    "np.dot for @": _matmul("np.dot(_A, _B)", twice=False),
    "np.matmul for @": _matmul("np.matmul(_A, _B)", twice=False),
    "einsum for @": _matmul(f"np.einsum('ij,jk->ik', _A, _B) if {PLANE} else _A @ _B"),
    "(B.T @ A.T).T for A @ B": _matmul("np.transpose(np.transpose(_B) @ np.transpose(_A))"),
    "sum of products for @": _matmul(f"(_A[:, :, None] * _B[None, :, :]).sum(axis=1) if {PLANE} else _A @ _B"),
    "rows one by one for @": _matmul(f"np.stack([row @ _B for row in _A]) if {PLANE} and len(_A) else _A @ _B"),
    "@ for dot": _dot_as_matmul,
    "columns times rows for outer": _outer,
    "x * x for square": _one_argument("square", "_A * _A"),
    "x ** 0.5 for sqrt": _one_argument("sqrt", "_A ** 0.5"),
    "max(x, -x) for abs": _one_argument("abs", "np.maximum(_A, -_A)"),
    "where for abs": _one_argument("abs", "np.where(np.asarray(_A) < 0, -_A, _A)"),
    "log2 for log": _one_argument("log", "np.log2(_A) * np.log(2.0)"),
    "1 / exp(-x) for exp(x), halved": _one_argument("exp", "np.exp(0.5 * _A) * np.exp(0.5 * _A)"),
    "arguments of max and min turned": _two_arguments(("maximum", "minimum"), "np.NAME(_B, _A)"),
    "other branch of where": _where_turned,
    "np.transpose for .T": _transposed,
}


def _tensor_mean(node: ast.expr) -> ast.expr | None:
    call = _call(node, "reduce_mean", module="tf")
    if call and _pure(call.args[0]):
        total = ast.Call(ast.Attribute(ast.Name("tf", ast.Load()), "reduce_sum", ast.Load()), call.args, call.keywords)
        return _like("_S / tf.cast(tf.size(_A) / tf.size(_S), _S.dtype)", _S=total, _A=call.args[0])
    return None


def _tensor_square(node: ast.expr) -> ast.expr | None:
    call = _call(node, "square", module="tf")
    return _like("_A * _A", _A=call.args[0]) if call and _pure(call.args[0]) else None


def _tensor_product(template: str) -> Change:
    def change(node: ast.expr) -> ast.expr | None:
        match node:
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                return _like(template, _A=left, _B=right)
        return None

    return change


def _tensor_matmul(node: ast.expr) -> ast.expr | None:
    call = _call(node, "matmul", module="tf")
    if call and len(call.args) == 2 and not call.keywords:
        return _binary(call.args[0], ast.MatMult(), call.args[1])
    return None


def _tensor_sum_backwards(node: ast.expr) -> ast.expr | None:
    call = _call(node, "reduce_sum", module="tf")
    axis = next((one.value for one in call.keywords if one.arg == "axis"), None) if call else None
    if call and len(call.args) == 1 and isinstance(axis, ast.Constant | ast.UnaryOp):
        turned = _like("tf.reverse(_A, [_X])", _A=call.args[0], _X=axis)
        return ast.Call(call.func, [turned], call.keywords)
    return None


TENSORS: dict[str, Change] = {
    "reduce_sum / n for reduce_mean": _tensor_mean,
    "x * x for tf.square": _tensor_square,
    "tf.matmul for @": _tensor_product("tf.matmul(_A, _B)"),
    "@ for tf.matmul": _tensor_matmul,
    "tensor sum from the end": _tensor_sum_backwards,
}


# Statements ---------------------------------------------------------------------------------------------------------


def _returned_by_name(node: ast.FunctionDef) -> int:
    """`result = …; return result`."""

    def named(one: ast.stmt) -> list[ast.stmt]:
        if isinstance(one, ast.Return) and one.value is not None and not isinstance(one.value, ast.Name):
            return [ast.Assign([ast.Name("result_", ast.Store())], one.value), ast.Return(ast.Name("result_", ast.Load()))]
        return [one]

    return _in_blocks(node, named)


def _written_out(node: ast.FunctionDef) -> int:
    """`x = x + y` for `x += y`, of numbers: an array would be changed in place, which may be meant."""

    def written(one: ast.stmt) -> list[ast.stmt]:
        match one:
            case ast.AugAssign(target=ast.Name(id=name), op=op, value=value) if _numeric(value):
                return [ast.Assign([ast.Name(name, ast.Store())], ast.BinOp(ast.Name(name, ast.Load()), op, value))]
        return [one]

    return _in_blocks(node, written)


def _branches_turned(node: ast.FunctionDef) -> int:
    """`if not c: B else: A`."""

    def turned(one: ast.stmt) -> list[ast.stmt]:
        if isinstance(one, ast.If) and one.orelse:
            return [ast.If(ast.UnaryOp(ast.Not(), one.test), one.orelse, one.body)]
        return [one]

    return _in_blocks(node, turned)


def _in_blocks(node: ast.FunctionDef, change: Callable[[ast.stmt], list[ast.stmt]]) -> int:
    places = 0
    for block in list(_blocks(node)):
        new = [change(one) for one in block]
        places += sum(found != [one] for found, one in zip(new, block, strict=True))
        block[:] = [one for found in new for one in found]
    return places


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for part in ast.walk(node):
        for field in ("body", "orelse"):
            block = getattr(part, field, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield block


STATEMENTS: dict[str, Callable[[ast.FunctionDef], int]] = {
    "the result by name": _returned_by_name,
    "x = x + y for x += y": _written_out,
    "if not c first": _branches_turned,
}


def _in_float64(node: ast.FunctionDef) -> int:
    """The parameters in double precision, and the answer in that of the first array again."""
    names = [one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    returns = [part for part in ast.walk(node) if isinstance(part, ast.Return) and part.value is not None]
    nested = any(isinstance(part, ast.FunctionDef | ast.Lambda) for part in ast.walk(node) if part is not node)
    if not names or nested or not returns or any(isinstance(one.value, ast.Tuple | ast.Dict | ast.List) for one in returns):
        return 0
    for one in returns:
        assert one.value is not None  # noqa: S101 - chosen above
        one.value = _like("_A.astype(narrow_) if narrow_ is not None and isinstance(_A, np.ndarray) else _A", _A=one.value)
        if not _pure(one.value):
            return 0
    lines = [
        f"narrow_ = next((a.dtype for a in ({', '.join(names)},) if isinstance(a, np.ndarray) and a.dtype == np.float32), None)"
    ]
    lines += [
        f"{name} = {name}.astype(np.float64) if isinstance({name}, np.ndarray) and {name}.dtype == np.float32 else {name}"
        for name in names
    ]
    docstring = 1 if ast.get_docstring(node) is not None else 0
    node.body[docstring:docstring] = ast.parse("\n".join(lines)).body
    return 1
