"""Changes by kind: the reference with one change that many students make, whatever the function is.

Each kind has one sentence. It names the idea and never the line of the reference, so it needs no author: a sum for a mean,
`<` for `<=`, the other axis, a sign. A change is made at one place, and where a function has several places of a kind, also at
all of them: students make a mistake in both symmetric places as often as in one.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from autograder.checks.contract import definitions_in, put_back
from autograder.grading.diagnosis.places import AXES, Place, number_of, places

SENTENCES = {
    "sum-for-mean": "Your numbers come out if a sum stands where a mean is meant.",
    "mean-for-sum": "Your numbers come out if a mean stands where a sum is meant.",
    "other-axis": "Your numbers come out if a sum, mean or maximum runs along another axis. Which axis is to disappear?",
    "other-index": "Your numbers come out if another index stands at one place. The first or the second, height or width: "
    "which is meant?",
    "all-axes": "Your numbers come out if a sum, mean or maximum runs over the whole array in place of one axis.",
    "lost-axis": "Your numbers come out if a summed axis is lost. With `keepdims=True` it stays, and shapes line up as meant.",
    "transposed": "Your numbers come out if a factor of a product is transposed. Write the shapes of both next to each other.",
    "elementwise": "Your numbers come out if `*` and `@` are exchanged: one multiplies entry by entry, the other rows by "
    "columns.",
    "boundary": "You differ only at the border: `<` and `<=` (or `>` and `>=`) are not the same there. Which one does the "
    "definition have?",
    "comparison": "Your numbers come out if a comparison points the other way.",
    "sign": "Your numbers come out if a sign is the wrong way round: plus for minus, or minus for plus.",
    "inverse": "Your numbers come out if something is multiplied that should be divided, or the other way round.",
    "square": "Your numbers come out if a square is missing.",
    "square-too-many": "Your numbers come out if a square is taken where none is meant.",
    "root": "Your numbers come out if a root is missing.",
    "half": "Your numbers come out if a factor is missing: which one do you leave out?",
    "swapped": "Your numbers come out if two arguments of a call have changed places.",
    "results-swapped": "Your numbers come out if two results have changed places.",
    "constant": "Your numbers come out if a constant of the formula has another value.",
    "one-off": "Your numbers come out if a count, an index or a range is one too large or one too small.",
    "activation": "Your numbers come out if another activation stands at one place. Which one does the definition name there?",
    "activation-missing": "Your numbers come out if an activation, or a function such as exp or log, is left out.",
    "function": "Your numbers come out if a related function is called, such as a maximum for a minimum.",
    "training-mode": "Your numbers come out if training and test mode are exchanged.",
    "logits": "Your numbers come out if logits are taken for probabilities, or the other way round.",
    "step-missing": "Your numbers come out if a step of the procedure is left out.",
    "condition": "Your numbers come out if a condition is the wrong way round.",
    "no-condition": "Your numbers come out if a case that needs its own treatment is treated like the others.",
    "order": "Your numbers come out if two steps are done in the other order: something is used before or after it should "
    "change.",
    "reset": "Your numbers come out if something starts anew in each turn of a loop that should be kept.",
    "kept": "Your numbers come out if something is kept over the turns of a loop that should start anew.",
    "first-turn": "Your numbers come out if the function returns in the first turn of its loop.",
    "other-variable": "Your numbers come out if one name is written in place of another. Read names that look alike once more.",
    "other-result": "Your numbers come out if another value is returned than the one that is asked for.",
    "and-or": "Your numbers come out if `and` and `or` are exchanged.",
    "other-slope": "Your numbers come out with the slope of another activation: 1 - u^2 is that of tanh, u (1 - u) that of "
    "the sigmoid.",
    "option": "Your numbers come out if an option of a call is left at its default.",
}

Change = tuple[str, ast.AST]

SUMS = {"sum": "mean", "reduce_sum": "reduce_mean", "mean": "sum", "reduce_mean": "reduce_sum"}
PAIRED = {
    "maximum": "minimum",
    "max": "min",
    "reduce_max": "reduce_min",
    "argmax": "argmin",
    "floor": "ceil",
    "ones": "zeros",
    "ones_like": "zeros_like",
    "zeros": "ones",
    "zeros_like": "ones_like",
    "minimum": "maximum",
    "min": "max",
    "reduce_min": "reduce_max",
    "argmin": "argmax",
    "ceil": "floor",
    "std": "var",
    "reduce_std": "reduce_variance",
    "var": "std",
    "reduce_variance": "reduce_std",
    "inv": "pinv",
    "append": "extend",
    "cumsum": "cumprod",
    "hstack": "vstack",
    "vstack": "hstack",
    "rint": "floor",
    "round": "floor",
}
ACTIVATIONS = {"tanh": ("sigmoid",), "sigmoid": ("tanh",), "relu": ("tanh",), "softmax": ("sigmoid",)}
UNARY = ("exp", "log", "sqrt", "abs", "square", "tanh", "sigmoid", "relu", "softmax", "sort", "log1p", "expm1", "reciprocal")
MODES = ("training", "trainable")
DEFAULTS = (
    "from_logits",
    "ddof",
    "rcond",
    "strides",
    "padding",
    "activation",
    "kernel_initializer",
    "kernel_regularizer",
    "use_bias",
    "shuffle",
    "stratify",
    "random_state",
    "seed",
    "dtype",
    "initial",
    "epsilon",
    "momentum",
    "nesterov",
    "reduction",
)
TURNED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
OPPOSITE = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}
MOST = 120  # changed versions of one function


@dataclass(frozen=True)
class Changed:
    """A reference with a change of one kind in one function.

    Attributes:
        kind: a key of `SENTENCES`.
        source: the whole file.
    """

    kind: str
    source: str


def changed(source: str, function: str) -> list[Changed]:
    """The changed versions of a function or method, each once: none where the file has no such function."""
    tree = ast.parse(source)
    node = definitions_in(tree).get(function)
    if node is None:
        return []
    lines = source.splitlines(keepends=True)
    seen = {ast.unparse(node)}
    found: list[Changed] = []
    for kind, text in (*_one_by_one(node), *_everywhere(node), *_of_statements(node)):
        if text not in seen and len(found) < MOST:
            seen.add(text)
            found.append(Changed(kind, put_back(lines, node, text)))
    return found


def _one_by_one(node: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    for place in places(node, node):
        for kind, new in _at(place, node):
            place.put(new)
            yield kind, ast.unparse(ast.fix_missing_locations(node))
            place.put(place.node)


def _everywhere(node: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """A change at all places of its kind, where there are several."""
    kinds: dict[tuple[str, int], int] = {}
    for place in places(node, node):
        for number, (kind, _) in enumerate(_at(place, node)):
            kinds[kind, number] = kinds.get((kind, number), 0) + 1
    for (kind, number), count in kinds.items():
        if count > 1 and kind in TOGETHER:
            copied = copy.deepcopy(node)
            for place in reversed(list(places(copied, copied))):  # what is inside before what is around it
                alternatives = list(_at(place, copied))
                if number < len(alternatives) and alternatives[number][0] == kind:
                    place.put(alternatives[number][1])
            yield kind, ast.unparse(ast.fix_missing_locations(copied))


TOGETHER = {
    "other-slope",
    "other-variable",
    "sum-for-mean",
    "mean-for-sum",
    "other-axis",
    "other-index",
    "all-axes",
    "lost-axis",
    "transposed",
    "elementwise",
    "boundary",
    "sign",
    "square",
    "activation",
    "activation-missing",
    "training-mode",
    "option",
    "root",
    "function",
    "logits",
    "constant",
}


def _at(place: Place, function: ast.FunctionDef) -> Iterator[Change]:
    """What may stand in place of one node."""
    node = place.node
    number = number_of(node)
    if number is not None:
        yield from _numbers(number, place)
        return
    match node:
        case ast.BinOp(ast.Constant(value=1 | 1.0), ast.Sub(), ast.BinOp(slope, ast.Pow(), ast.Constant(value=2))):
            yield "other-slope", ast.BinOp(slope, ast.Mult(), ast.BinOp(ast.Constant(1), ast.Sub(), slope))
            yield "sign", ast.BinOp(ast.Constant(1), ast.Add(), ast.BinOp(slope, ast.Pow(), ast.Constant(2)))
            yield "square", ast.BinOp(ast.Constant(1), ast.Sub(), slope)
        case ast.BinOp(ast.Name(id=u), ast.Mult(), ast.BinOp(ast.Constant(value=1 | 1.0), ast.Sub(), ast.Name(id=v))) if u == v:
            square = ast.BinOp(ast.Name(u, ast.Load()), ast.Pow(), ast.Constant(2))
            yield "other-slope", ast.BinOp(ast.Constant(1), ast.Sub(), square)
            yield "half", ast.Name(u, ast.Load())
        case ast.BinOp(left, operator, right):
            yield from _operations(left, operator, right)
        case ast.AugAssign(target, ast.Add() | ast.Sub() as operator, value):
            yield "sign", ast.AugAssign(target, ast.Sub() if isinstance(operator, ast.Add) else ast.Add(), value)
            yield "kept" if isinstance(operator, ast.Add) else "step-missing", ast.Assign([target], value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield "sign", operand
        case ast.Compare(left, [comparison], comparators):
            if type(comparison) in TURNED:
                yield "boundary", ast.Compare(left, [TURNED[type(comparison)]()], comparators)
            if type(comparison) in OPPOSITE:
                yield "comparison", ast.Compare(left, [OPPOSITE[type(comparison)]()], comparators)
        case ast.BoolOp(joined, values):
            yield "and-or", ast.BoolOp(ast.Or() if isinstance(joined, ast.And) else ast.And(), values)
        case ast.Call():
            yield from _calls(node)
        case ast.Attribute(value=value, attr="T"):
            yield "transposed", value
        case ast.IfExp(test, body, orelse):
            yield "condition", ast.IfExp(test, orelse, body)
            yield "no-condition", body
            yield "no-condition", orelse
        case ast.Constant(value=str(text)) if isinstance(place.parent, ast.Subscript):
            yield from (("other-variable", ast.Constant(other)) for other in _similar_keys(text, function))
        case ast.Constant(value=bool(value)):
            keyword = place.parent.arg if isinstance(place.parent, ast.keyword) else ""
            kind = "training-mode" if keyword in MODES else "logits" if keyword == "from_logits" else "constant"
            yield kind, ast.Constant(not value)
        case ast.Name(id=name, ctx=ast.Load()) if not isinstance(place.parent, ast.Call) or place.field == "args":
            yield from (("other-variable", ast.Name(other, ast.Load())) for other in _similar(name, function))


def _numbers(number: float, place: Place) -> Iterator[Change]:
    def constant(value: float) -> ast.expr:
        return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))

    if place.says_where:
        kind = "other-axis" if isinstance(place.parent, ast.keyword) else "other-index"
        yield from ((kind, constant(other)) for other in (0, 1, -1) if other != number)
        return
    if isinstance(number, int):
        yield "one-off", constant(number + 1)
        yield "one-off", constant(number - 1)
    others = [2 * number, number / 2, -number] if number else [1.0]
    yield from (
        ("constant", constant(type(number)(other) if float(other).is_integer() else other)) for other in others if other != number
    )


def _operations(left: ast.expr, operator: ast.operator, right: ast.expr) -> Iterator[Change]:
    match operator:
        case ast.Add() | ast.Sub():
            yield "sign", ast.BinOp(left, ast.Sub() if isinstance(operator, ast.Add) else ast.Add(), right)
            yield "step-missing", left
            if isinstance(operator, ast.Sub):
                yield "sign", ast.BinOp(right, ast.Sub(), left)
                yield "activation-missing", right
            else:
                yield "step-missing", right
        case ast.Mult():
            yield "half", left
            yield "half", right
            yield "inverse", ast.BinOp(left, ast.Div(), right)
            yield "elementwise", ast.BinOp(left, ast.MatMult(), right)
        case ast.Div():
            yield "half", left
            yield "inverse", ast.BinOp(left, ast.Mult(), right)
            yield "inverse", ast.BinOp(right, ast.Div(), left)
        case ast.MatMult():
            yield "elementwise", ast.BinOp(left, ast.Mult(), right)
            yield "swapped", ast.BinOp(right, ast.MatMult(), left)
            yield "transposed", ast.BinOp(ast.Attribute(left, "T", ast.Load()), ast.MatMult(), right)
            yield "transposed", ast.BinOp(left, ast.MatMult(), ast.Attribute(right, "T", ast.Load()))
        case ast.Pow():
            yield "square", left
            yield "constant", ast.BinOp(ast.Constant(2), ast.Mult(), left)
        case ast.FloorDiv():
            yield "one-off", ast.UnaryOp(ast.USub(), ast.BinOp(ast.UnaryOp(ast.USub(), left), ast.FloorDiv(), right))
            yield "one-off", ast.BinOp(ast.BinOp(left, ast.FloorDiv(), right), ast.Add(), ast.Constant(1))


def _calls(node: ast.Call) -> Iterator[Change]:
    func, args, keywords = node.func, node.args, node.keywords
    name = func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""

    def named(other: str) -> ast.expr:
        return ast.Attribute(func.value, other, ast.Load()) if isinstance(func, ast.Attribute) else ast.Name(other, ast.Load())

    if name in SUMS and not (isinstance(func, ast.Name) and SUMS[name] == "mean"):
        yield "sum-for-mean" if "mean" in name else "mean-for-sum", ast.Call(named(SUMS[name]), args, keywords)
    if name in PAIRED:
        yield "function", ast.Call(named(PAIRED[name]), args, keywords)
    for other in ACTIVATIONS.get(name, ()):
        yield "activation", ast.Call(named(other), args, keywords)
    if name in UNARY and args:
        kind = {"square": "square", "sqrt": "root"}.get(name, "activation-missing")
        yield kind, args[0]
        if name == "abs":
            yield "square-too-many", ast.BinOp(args[0], ast.Pow(), ast.Constant(2))
    if name in ("transpose", "matrix_transpose") and args:
        yield "transposed", args[0]
    plain = [place for place, argument in enumerate(args) if not isinstance(argument, ast.Starred)]
    for one, following in pairwise(plain):
        exchanged = list(args)
        exchanged[one], exchanged[following] = args[following], args[one]
        yield "swapped", ast.Call(func, exchanged, keywords)
    for at, keyword in enumerate(keywords):
        rest = [*keywords[:at], *keywords[at + 1 :]]
        if keyword.arg in AXES:
            yield "lost-axis" if keyword.arg == "keepdims" else "all-axes", ast.Call(func, args, rest)
        elif keyword.arg in DEFAULTS:
            yield "option", ast.Call(func, args, rest)
        elif keyword.arg in MODES:
            yield "training-mode", ast.Call(func, args, rest)
        elif keyword.arg and at + 1 < len(keywords) and keywords[at + 1].arg:
            next_one = keywords[at + 1]
            exchanged_keywords = [ast.keyword(keyword.arg, next_one.value), ast.keyword(next_one.arg, keyword.value)]
            yield "swapped", ast.Call(func, args, [*keywords[:at], *exchanged_keywords, *keywords[at + 2 :]])
    if any(keyword.arg in ("axis",) for keyword in keywords) and not any(keyword.arg == "keepdims" for keyword in keywords):
        yield "lost-axis", ast.Call(func, args, [*keywords, ast.keyword("keepdims", ast.Constant(True))])


def _similar(name: str, function: ast.FunctionDef) -> list[str]:
    """Names of the function that are easily taken for another: they share all but the last letters."""
    names = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
    names |= {part.id for part in ast.walk(function) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    root = name.rstrip("0123456789").rpartition("_")[0] or name.rstrip("0123456789")
    return [other for other in sorted(names) if other != name and (other.startswith(root) or name.startswith(other)) and root][:2]


def _similar_keys(key: str, function: ast.FunctionDef) -> list[str]:
    """Keys of the function that are easily taken for another: of the same letters, with another number."""
    keys = {
        part.slice.value
        for part in ast.walk(function)
        if isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Constant) and isinstance(part.slice.value, str)
    }
    root = key.rstrip("0123456789")
    return [other for other in sorted(keys) if other != key and other.rstrip("0123456789") == root][:4]


def _of_statements(node: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    """A statement left out, two in the other order, a loop that is left at once, a start inside a loop."""
    for path in _bodies(node):
        body = _body(node, path)
        for number, statement in enumerate(body):
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                continue
            if not isinstance(statement, ast.Return | ast.FunctionDef | ast.Import | ast.ImportFrom):
                kind = "no-condition" if isinstance(statement, ast.If) else "step-missing"
                yield kind, _with(node, path, [*body[:number], *body[number + 1 :]])
            if isinstance(statement, ast.If):
                yield "no-condition", _with(node, path, [*body[:number], *statement.body, *body[number + 1 :]])
                if statement.orelse:
                    yield "no-condition", _with(node, path, [*body[:number], *statement.orelse, *body[number + 1 :]])
                    turned = ast.If(statement.test, statement.orelse, statement.body)
                    yield "condition", _with(node, path, [*body[:number], turned, *body[number + 1 :]])
            if number + 1 < len(body) and isinstance(statement, ast.Assign | ast.AugAssign | ast.Expr):
                yield "order", _with(node, path, [*body[:number], body[number + 1], statement, *body[number + 2 :]])
            if isinstance(statement, ast.Assign) and number + 1 < len(body):
                loop = next((part for part in body[number + 1 :] if isinstance(part, ast.For | ast.While)), None)
                if loop is not None:
                    place = body.index(loop)
                    inner = copy.deepcopy(loop)
                    inner.body.insert(0, statement)
                    yield "reset", _with(node, path, [*body[:place], inner, *body[place + 1 :]])
            if isinstance(statement, ast.For | ast.While):
                ends = next((part for part in body[number + 1 :] if isinstance(part, ast.Return)), None)
                if ends is not None:
                    inner = copy.deepcopy(statement)
                    inner.body.append(ends)
                    yield "first-turn", _with(node, path, [*body[:number], inner, *body[number + 1 :]])
                if statement.body and isinstance(statement.body[0], ast.Assign):
                    inner = copy.deepcopy(statement)
                    first = inner.body.pop(0)
                    if inner.body:
                        yield "kept", _with(node, path, [*body[:number], first, inner, *body[number + 1 :]])
            if isinstance(statement, ast.Return) and isinstance(statement.value, ast.Tuple):
                for one, following in pairwise(range(len(statement.value.elts))):
                    elements = list(statement.value.elts)
                    elements[one], elements[following] = elements[following], elements[one]
                    yield "results-swapped", _with(node, path, [*body[:number], ast.Return(ast.Tuple(elements, ast.Load()))])


Path = tuple[tuple[int, str], ...]


def _bodies(node: ast.AST, path: Path = ()) -> Iterator[Path]:
    """The way to every list of statements of a function."""
    yield path
    for number, statement in enumerate(_body(node, path)):
        for field in ("body", "orelse"):
            inner = getattr(statement, field, None)
            if isinstance(inner, list) and inner and not isinstance(statement, ast.FunctionDef | ast.ClassDef):
                yield from _bodies(node, (*path, (number, field)))


def _body(node: ast.AST, path: Path) -> list[ast.stmt]:
    body: list[ast.stmt] = node.body  # type: ignore[attr-defined]
    for number, field in path:
        body = getattr(body[number], field)
    return body


def _with(node: ast.FunctionDef, path: Path, statements: list[ast.stmt]) -> str:
    """The function with other statements in one of its lists."""
    copied = copy.deepcopy(node)
    body = _body(copied, path)
    body[:] = [copy.deepcopy(statement) for statement in statements] or [ast.Pass()]
    return ast.unparse(ast.fix_missing_locations(copied))
