"""Calls that need no look: what is called there is settled by the text of the file, and no rule is about it.

`len(x)`, `np.tanh(z)` and a call of the file's own undecorated `def` are the same however often they are made, as long as
nothing else in the file has the name. In a training of thousands of epochs they are most of the calls.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection

from autograder.checks.rules import canonical
from autograder.observing.watching.naming import simple

# They call nothing that they are given.
_BUILTINS = {
    "abs", "bool", "complex", "dict", "divmod", "enumerate", "float", "int", "isinstance", "issubclass", "len", "list",
    "range", "repr", "round", "set", "str", "tuple", "zip",
}  # fmt: skip
_ARRAYS = {
    "abs", "all", "allclose", "any", "append", "arange", "argmax", "argmin", "array", "asarray", "broadcast_to", "ceil",
    "clip", "column_stack", "concatenate", "copy", "cosh", "cumsum", "diag", "dot", "empty", "exp", "expand_dims",
    "expm1", "eye", "flatnonzero", "floor", "full", "full_like", "hstack", "isclose", "isfinite", "isnan", "linspace",
    "log", "log10", "log1p", "log2", "max", "maximum", "mean", "median", "min", "minimum", "ones", "ones_like", "outer",
    "prod", "ravel", "repeat", "reshape", "round", "shape", "sign", "sin", "cos", "sinh", "sort", "sqrt", "square",
    "squeeze", "stack", "std", "sum", "take", "tanh", "tile", "trace", "transpose", "unique", "var", "vstack", "where",
    "zeros", "zeros_like",
}  # fmt: skip
BUILTINS, ARRAYS = ({name: simple(name) for name in names} for names in (_BUILTINS, _ARRAYS))
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
        bound, mentioned = _meanings(tree)
        clear = not REBINDING & mentioned
        imported = {name for name, ways in bound.items() if set(ways) == {IMPORTED}}
        self._numpy = imported if clear and "numpy" not in paths else set()
        self._own = {name for name, ways in bound.items() if ways == [DEFINED]} if clear else set()
        self._builtins = {name for name, word in BUILTINS.items() if name not in bound and word not in last} if clear else set()
        self._arrays = {name for name, word in ARRAYS.items() if word not in last}

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


def _meanings(tree: ast.Module) -> tuple[dict[str, list[str]], set[str]]:
    """The ways in which each name gets a value, wherever in the file, and every name and attribute that it mentions.

    "*" of an import stands for all that could give a name another meaning.
    """
    ways: dict[str, list[str]] = defaultdict(list)
    mentioned: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ctx):
                mentioned.add(name)
                if not isinstance(ctx, ast.Load):
                    ways[name].append(OTHER)
            case ast.Attribute(attr=attribute, ctx=ctx, value=value):
                mentioned.add(attribute)
                if not isinstance(ctx, ast.Load):  # `np.exp = …`, `sys.modules[…].own = …`
                    ways[attribute].append(OTHER)
                    if isinstance(value, ast.Name):
                        ways[value.id].append(OTHER)
            case ast.Import(names=names):
                for item in names:
                    mentioned.update(item.name.split("."))
                    ways[item.asname or item.name.partition(".")[0]].append(IMPORTED if item.name == "numpy" else OTHER)
            case ast.ImportFrom(names=names):
                for item in names:
                    mentioned.update(item.name.split("."))
                    ways[item.asname or item.name].append(OTHER)
            case (
                ast.arg(arg=str(name))
                | ast.FunctionDef(name=str(name))
                | ast.AsyncFunctionDef(name=str(name))
                | ast.ClassDef(name=str(name))
                | ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
                | ast.MatchMapping(rest=str(name))
            ):
                ways[name].append(OTHER)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.decorator_list and ways[node.name] == [OTHER]:
            ways[node.name] = [DEFINED]
    return ways, mentioned | (REBINDING if "*" in mentioned else set())
