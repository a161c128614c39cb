"""What was typed: the cells of a notebook or the lines of a script, and what of them some functions need."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from autograder.text.cells import in_cells, joined, read
from autograder.text.errors import DlkitError

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
SETTING = ("set", "seed", "enable", "disable")  # np.seterr(...), tf.random.set_seed(...): a call for what it does


class NoSourceError(DlkitError):
    """What was typed cannot be known; the message is one sentence."""


def notebook() -> Any:
    """IPython's shell, where this runs in one; else None."""
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None


def typed() -> str:
    """Everything that was run so far: a notebook's cells, by the numbers beside them, or the script that is running.

    Raises:
        NoSourceError: there is neither.
    """
    shell = notebook()
    if shell is not None:
        return joined((number, text) for number, text in enumerate(shell.history_manager.input_hist_raw) if text.strip())
    script = getattr(sys.modules["__main__"], "__file__", None)
    try:
        return Path(script or "").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise NoSourceError(
            "dlkit.check needs the source of your functions, which Python keeps only in notebooks and scripts. "
            "Save them in a file and run it, or grade the file with `dlkit grade`."
        ) from None


def needed(source: str, functions: Iterable[str], own: str = "") -> str:
    """A text in which only those lines are left that `functions` need, the others being empty.

    It is the last definition of each name, and what changes it after that: not the trainings, plots and trials between
    them, nor what came before. Calls that set something for all that follows stay, as do `from … import *`. What is
    imported from the module `own` is what was typed here: such an import is no definition, unless it gives another name.

    Raises:
        NoSourceError: nothing of the text is Python.
    """
    body = _read(source)
    bound = [_renamed(node) if _is_from(node, own) else set(_bound(node)) for node in body]
    kept = {at for at, node in enumerate(body) if "*" in bound[at] or _sets(node)}
    waiting = [(name, len(body)) for name in functions] + [read for at in kept for read in _reads(body, at)]
    seen = set(waiting)
    while waiting:
        name, end = waiting.pop()
        for at in reversed(range(end)):
            if name not in bound[at]:
                continue
            kept.add(at)
            new = set(_reads(body, at)) - seen
            seen |= new
            waiting += new
            if _settles(body[at], name):
                break
    lines = source.split("\n")
    wanted = {line for at in kept for line in _lines(body[at])} | {cell.above for cell in in_cells(source)}
    return "\n".join(text if number in wanted else "" for number, text in enumerate(lines, 1))


def defined(source: str) -> set[str]:
    """The names of functions in a text, and of what may be one; raises as `needed` does."""
    return {name for node in _read(source) if isinstance(node, ast.FunctionDef | ast.Assign) for name in _bound(node)}


def _read(source: str) -> list[ast.stmt]:
    try:
        return read(source, "what was typed").tree.body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise NoSourceError(f"Python cannot read this source: {error}.") from None


def _reads(body: list[ast.stmt], at: int) -> Iterator[tuple[str, int]]:
    """The names that a statement reads, each with the statement before which it has the value that counts.

    A function reads when it is called, at the end of all; everything else reads where it stands.
    """
    node = body[at]
    later = any(isinstance(part, ast.Lambda | Function) for part in ast.walk(node))
    if isinstance(node, ast.ImportFrom):
        yield from ((item.name, at) for item in node.names)
    at_once = [node.args, *node.decorator_list] if isinstance(node, ast.FunctionDef) else [node]
    yield from ((name, at) for part in at_once for name in _names_read(part))
    if later:
        yield from ((name, len(body)) for name in _names_read(node))


def _names_read(node: ast.AST) -> Iterator[str]:
    return (part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load))


def _bound(node: ast.stmt) -> Iterator[str]:
    """The names that a statement gives a value, or whose value it changes: `x = 1`, `x[0] = 1`, `x.append(1)`."""
    if isinstance(node, Function):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from (item.asname or item.name.partition(".")[0] for item in node.names)
    elif isinstance(node, ast.Expr):
        if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Attribute):
            yield from _root(node.value.func)
    else:
        for part in _outside_of_functions(node):
            if isinstance(part, Function):
                yield part.name
            elif isinstance(part, ast.Import | ast.ImportFrom):
                yield from _bound(part)
            elif isinstance(part, ast.Name | ast.Attribute | ast.Subscript) and isinstance(part.ctx, ast.Store):
                yield from _root(part)


def _is_from(node: ast.stmt, own: str) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == own and not node.level


def _renamed(node: ast.stmt) -> set[str]:
    """The new names in `from own import f as g, h`."""
    return (
        {item.asname for item in node.names if item.asname and item.asname != item.name}
        if isinstance(node, ast.ImportFrom)
        else set()
    )


def _settles(node: ast.stmt, name: str) -> bool:
    """Whether a statement gives `name` a value in any case, so that what it was before is only read by the statement."""
    if isinstance(node, ast.Assign):
        return any(name in _names_in(target) for target in node.targets)
    if isinstance(node, ast.AnnAssign):
        return node.value is not None and name in _names_in(node.target)
    return isinstance(node, Function | ast.Import | ast.ImportFrom)


def _names_in(target: ast.expr) -> set[str]:
    """The names that an assignment's target gives a new value, as in `a, b = …`; none in `a[0] = …`."""
    if isinstance(target, ast.Tuple | ast.List):
        return set().union(*map(_names_in, target.elts))
    if isinstance(target, ast.Starred):
        return _names_in(target.value)
    return {target.id} if isinstance(target, ast.Name) else set()


def _sets(node: ast.stmt) -> bool:
    """Whether a statement is a call such as `np.seterr(...)`, `keras.utils.set_random_seed(0)` or `random.seed(1)`."""
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    function = node.value.func
    return isinstance(function, ast.Attribute) and function.attr.startswith(SETTING)


def _root(node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _outside_of_functions(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if not isinstance(node, Function | ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from _outside_of_functions(child)


def _lines(node: ast.stmt) -> range:
    decorators = node.decorator_list if isinstance(node, Function) else []
    return range(min([node.lineno, *(one.lineno for one in decorators)]), (node.end_lineno or node.lineno) + 1)
