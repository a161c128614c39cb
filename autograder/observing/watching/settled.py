"""Calls that need no look: what is called there is settled by the text of the file, and no rule is about it.

`len(x)`, `np.tanh(z)` and a call of the file's own undecorated `def` are the same however often they are made, as long as
nothing else in the file has the name. In a training of thousands of epochs they are most of the calls.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterator

from autograder.checks.rules import canonical
from autograder.observing.watching.naming import simple

# They call nothing that they are given.
BUILTINS = {
    "abs", "bool", "complex", "dict", "divmod", "enumerate", "float", "int", "isinstance", "issubclass", "len", "list",
    "range", "repr", "round", "set", "str", "tuple", "zip",
}  # fmt: skip
ARRAYS = {
    "abs", "all", "allclose", "any", "append", "arange", "argmax", "argmin", "array", "asarray", "broadcast_to", "ceil",
    "clip", "column_stack", "concatenate", "copy", "cosh", "cumsum", "diag", "dot", "empty", "exp", "expand_dims",
    "expm1", "eye", "flatnonzero", "floor", "full", "full_like", "hstack", "isclose", "isfinite", "isnan", "linspace",
    "log", "log10", "log1p", "log2", "max", "maximum", "mean", "median", "min", "minimum", "ones", "ones_like", "outer",
    "prod", "ravel", "repeat", "reshape", "round", "shape", "sign", "sin", "cos", "sinh", "sort", "sqrt", "square",
    "squeeze", "stack", "std", "sum", "take", "tanh", "tile", "trace", "transpose", "unique", "var", "vstack", "where",
    "zeros", "zeros_like",
}  # fmt: skip
# A file that names one of these may give a name another meaning where no one sees it.
REBINDING = {"builtins", "__builtins__", "__dict__", "__globals__", "f_globals", "f_locals", "globals", "locals", "vars"}
REBINDING |= {"eval", "exec", "__import__", "import_module", "importlib", "setattr", "delattr", "__setattr__", "patch"}

IMPORTED, DEFINED, OTHER = "imported", "defined", "other"


class Settled:
    """What names of a file mean, where there is no doubt about it.

    Args:
        tree: the whole file.
        watched: the names in all rules.
    """

    def __init__(self, tree: ast.Module, watched: Collection[str]) -> None:
        self._watched = set(watched)
        paths = [canonical(name) for name in watched]
        last = {simple(path) for path in paths}
        bound = _bound(tree)
        clear = not REBINDING.intersection(_mentioned(tree))
        self._numpy = {name for name, ways in bound.items() if ways == {IMPORTED}} if clear and "numpy" not in paths else set()
        self._own = {name for name, ways in bound.items() if ways == {DEFINED}} if clear else set()
        self._builtins = {name for name in BUILTINS if name not in bound and simple(name) not in last} if clear else set()
        self._arrays = {name for name in ARRAYS if simple(name) not in last}

    def callee(self, node: ast.expr) -> bool:
        """Whether what is called here is known, and no rule is about it."""
        return self.receiver(node) and not (isinstance(node, ast.Name) and node.id in self._watched)

    def receiver(self, node: ast.expr) -> bool:
        """Whether what is called here is known, and nothing that is handed to it has to be looked at."""
        match node:
            case ast.Name(id=name):
                return name in self._own or name in self._builtins
            case ast.Attribute(value=ast.Name(id=name), attr=function):
                return name in self._numpy and function in self._arrays
        return False


def _bound(tree: ast.Module) -> dict[str, set[str]]:
    """The ways in which each name gets a value, wherever in the file."""
    found: dict[str, set[str]] = defaultdict(set)
    for node in ast.walk(tree):
        for name, way in _ways(node):
            found[name].add(way)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.decorator_list]
    once = {node.name for node in functions if found[node.name] == {OTHER}} - _twice(tree)
    return {name: {DEFINED} if name in once else ways for name, ways in found.items()}


def _ways(node: ast.AST) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Import(names=names):
            for item in names:
                yield item.asname or item.name.partition(".")[0], IMPORTED if item.name == "numpy" else OTHER
        case ast.ImportFrom(names=names):
            yield from ((item.asname or item.name, OTHER) for item in names)
        case ast.Attribute(value=value, attr=attribute, ctx=ast.Store() | ast.Del()):  # `np.exp = …`, `sys.modules[…].own = …`
            yield attribute, OTHER
            if isinstance(value, ast.Name):
                yield value.id, OTHER
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            yield name, OTHER
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name, OTHER
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name, OTHER
        case ast.MatchMapping(rest=str(name)):
            yield name, OTHER


def _twice(tree: ast.Module) -> set[str]:
    """The names that get a value in more than one place."""
    seen: set[str] = set()
    twice: set[str] = set()
    for node in ast.walk(tree):
        for name, _ in _ways(node):
            (twice if name in seen else seen).add(name)
    return twice


def _mentioned(tree: ast.Module) -> set[str]:
    """Every name and attribute in a file; "*" of an import stands for all of them."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                found.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found |= {part for item in names for part in item.name.split(".")}
    return found | (REBINDING if "*" in found else set())
