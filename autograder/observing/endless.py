"""A loop that never ends, seen for what it is while it runs: so nobody waits for its answer.

    n = 0
    while n < 10:
        steps = n  # n = n + 1 was forgotten

Each turn of such a loop is like the one before: it writes no name that it reads, reads nothing but numbers, and calls nothing. So
a single turn tells of all that follow. A loop of which that cannot be told, such as one that calls a function, has its time.
"""

from __future__ import annotations

import ast
import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from types import FrameType
from typing import Any

from autograder.observation.answer import LOOPS, LOOPS_SAID
from autograder.sandbox.frames import tell

LOOK_SECONDS = 0.1  # that a process computes between two looks at where it is
PLAIN = (int, float, bool, type(None))  # neither changes, nor calls anything when it is computed with
LARGEST = 2**63  # of whole numbers, so that one turn takes no time
HOOKS = "autograder.observing.watching"  # where a loop is when a turn of it is counted
STEPS = (ast.If, ast.Pass, ast.Break, ast.Expr, ast.Assign, ast.AugAssign)
VALUES = (ast.Name, ast.Constant, ast.Tuple, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.IfExp)
SIGNS: tuple[type[ast.AST], ...] = (
    *(ast.expr_context, ast.cmpop, ast.boolop, ast.unaryop),
    *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.BitAnd, ast.BitOr, ast.BitXor),
)
TURNED = "__turned__"  # written at the end of a turn


@contextlib.contextmanager
def ended_if_endless(parsed: Callable[[str], ast.Module | None]) -> Iterator[None]:
    """Have this process end, and say why, as soon as it is seen in a loop of a submission that never ends.

    Args:
        parsed: the statements of one of its files as it was written, by its name; None for what is none of them.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def look(number: int, frame: FrameType | None) -> None:
        with contextlib.suppress(Exception):  # whatever a strange program does when it is looked at
            if frame is not None and _is_endless(frame, parsed):
                tell(LOOPS_SAID)
                os._exit(LOOPS)

    before = signal.signal(signal.SIGVTALRM, look)
    signal.siginterrupt(signal.SIGVTALRM, False)  # no library has to read or write again because of us
    signal.setitimer(signal.ITIMER_VIRTUAL, LOOK_SECONDS, LOOK_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _is_endless(frame: FrameType, parsed: Callable[[str], ast.Module | None]) -> bool:
    """Whether the innermost loop that a frame is in never ends."""
    while frame.f_globals.get("__name__", "") == HOOKS and frame.f_back is not None:
        frame = frame.f_back
    if threading.active_count() > 1 or any(signal.getitimer(kind)[0] for kind in (signal.ITIMER_REAL, signal.ITIMER_PROF)):
        return False  # something else may change what the loop reads, or end it
    tree = parsed(frame.f_code.co_filename)
    loop = loop_at(tree, frame.f_lineno) if tree is not None else None
    if loop is None:
        return False
    code, names = frame.f_code, frame.f_globals | frame.f_locals
    unbound = {*code.co_varnames, *code.co_cellvars, *code.co_freevars} - frame.f_locals.keys()
    return never_ends(loop, {name: value for name, value in names.items() if name not in unbound})


def loop_at(tree: ast.Module, line: int) -> ast.While | None:
    """The innermost `while` whose condition or body has this line."""
    loops = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.While) and node.lineno <= line <= (node.body[-1].end_lineno or node.lineno)
    ]
    return max(loops, key=lambda node: node.lineno, default=None)


def never_ends(loop: ast.While, names: Mapping[str, Any]) -> bool:
    """Whether each turn of a loop is like the one before, and leads to the next.

    >>> loop = ast.parse("while n < 10:\\n    steps = n").body[0]
    >>> never_ends(loop, {"n": 0}), never_ends(loop, {"n": 10})
    (True, False)

    Args:
        loop: as it was written.
        names: what its names stand for in the midst of it.
    """
    nodes = [node for part in (loop.test, *loop.body) for node in ast.walk(part)]
    if not all(isinstance(node, (*STEPS, *VALUES, *SIGNS)) for node in nodes):
        return False
    used = [node for node in nodes if isinstance(node, ast.Name)]
    written = {node.id for node in used if isinstance(node.ctx, ast.Store)}
    changed = {node.target.id for node in nodes if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)}
    read = {node.id for node in used if isinstance(node.ctx, ast.Load)} | changed
    if read & written or not all(name in names and _is_plain(names[name]) for name in read):
        return False
    if not all(_is_plain(node.value) for node in nodes if isinstance(node, ast.Constant)):
        return False
    turn = ast.While(loop.test, [*loop.body, *ast.parse(f"{TURNED} = True; break").body], [])
    left = {name: names[name] for name in read}
    exec(compile(ast.fix_missing_locations(ast.Module([turn], [])), "<a turn>", "exec"), {"__builtins__": {}}, left)  # noqa: S102 - sums
    return left.get(TURNED) is True


def _is_plain(value: object) -> bool:
    return type(value) in PLAIN and not (type(value) is int and abs(value) >= LARGEST)
