"""Watching: which of the callables that a rule names a submission's own code calls, however it got hold of them.

Before the submission's statements run, each call in them is rewritten so that what is called is looked at first:

    act(z)      becomes      __called__(act)(z)

So a callable is known by what it is, not by how it is written: an alias, a lambda, an entry of a dict, `getattr`, a
partial and an import at the end of the file are all the same, and a call that a library makes inside itself is not the
student's. What is handed to a library to be called there (`map(tf.sigmoid, z)`) counts as called. Operators and turns of
loops are rewritten only if a rule asks for them.

Rewriting costs some 40 ns a call in every version of Python and sees NumPy's ufuncs. `sys.setprofile` sees neither ufuncs nor
classes, and is told of every function that TensorFlow calls inside itself; `sys.monitoring` exists from Python 3.12 on.

All of it runs beside the student's code, which can undo it: what comes out is a claim.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import functools
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import numpy as np

from autograder.observing.watching.naming import attribute
from autograder.observing.watching.rewriting import (
    AUGMENTED,
    CALLED,
    HANDED,
    HOOKS,
    LOOPED,
    OPERATED,
    OPERATORS,
    SIGNS,
    TURNED,
    Rewriting,
)
from autograder.observing.watching.settled import Settled
from autograder.observing.watching.watch import TEXT, Watch

__all__ = ["HOOKS", "install", "intact", "Rewriting", "Settled", "Watch", "watched_by"]


_watch: Watch | None = None  # the one that looks now


def called(function: Any) -> Any:
    """Look at what is being called, and give it back."""
    if _watch is not None:
        met = _watch.met.get(id(function))
        if met is not None and met[0] is function:  # as in most calls, in a loop of thousands
            if met[1]:
                _watch.note_all(met[1], function, sys._getframe(1))
            return function
        try:
            if names := _watch.names_for(function):
                _watch.note_all(names, function, sys._getframe(1))
        except Exception:  # whatever a strange object does when it is looked at
            return function
    return _READS_TEXT.get(id(function), function)


def handed(value: Any, site: str) -> Any:
    """Look at what is handed over, and give it back."""
    if _watch is not None and type(value) not in DATA and callable(value):
        frame = sys._getframe(1)
        with contextlib.suppress(Exception):  # as above
            _watch.hand(value, lambda: _resolved(site, frame), frame)
    return value


def operated(left: Any, right: Any, sign: str, kind: str) -> Any:
    """Look at two operands, and operate on them."""
    if _watch is not None and _counts(left, right, sign, kind):
        _watch.operate(sign, sys._getframe(1))
    return _OPERATION[sign](left, right)


def augmented(right: Any, sign: str) -> Any:
    """Look at the right-hand side of `a ^= b`, and give it back."""
    if _watch is not None and not isinstance(right, str | tuple | set):
        _watch.operate(sign, sys._getframe(1))
    return right


def looped(values: Any) -> Any:
    """Count the turns of a loop."""
    return _counted(values, _watch) if _watch is not None and _watch.counts_turns else values


def turned() -> None:
    """Count a turn of a `while`, or a call of a function of the submission's own."""
    if _watch is not None:
        _watch.turns += 1


def _counted(values: Any, watch: Watch) -> Iterator[Any]:
    for value in values:
        watch.turns += 1
        yield value


def _counts(left: Any, right: Any, sign: str, kind: str) -> bool:
    """Whether an operator is a step of a computation, and not a check of a size or a piece of text.

    Between arrays, tensors and NumPy's numbers it is one. Between Python's numbers `^` is one, `(a + b) % 2` is, and `a != b`
    is where both are bits; `len(X) != 4`, `i % 100` and `"%d" % n` are not.
    """
    if kind == "text" or isinstance(left, TEXTS) or (sign == "!=" and kind == "constant"):
        return False
    if type(left) not in PLAIN or type(right) not in PLAIN:
        return sign != "!=" or not (isinstance(left, NO_NUMBERS) or isinstance(right, NO_NUMBERS))
    if sign == "!=":
        return left in (0, 1) and right in (0, 1)
    return sign != "%" or kind == "sum"


PLAIN = {bool, int, float}
DATA = {bool, int, float, str, tuple, list, dict, type(None), np.ndarray, np.float64}  # nothing of these types can be called
TEXTS = (str, bytes, set, frozenset)
NO_NUMBERS = (tuple, list, dict, str, type, type(None))
_OPERATION = {SIGNS[node]: function for node, (function, _) in OPERATORS.items()}


def _watched_eval(source: Any, namespace: Any = None, names: Any = None, /) -> Any:
    """`eval`, whose text is rewritten, too."""
    frame = sys._getframe(1)
    namespace, names = _spaces(frame, namespace, names)
    return eval(_compiled(source, "eval"), namespace, names)  # noqa: S307 - what the student's code asked for


def _watched_exec(source: Any, namespace: Any = None, names: Any = None, /, **more: Any) -> None:
    """`exec`, whose text is rewritten, too."""
    frame = sys._getframe(1)
    namespace, names = _spaces(frame, namespace, names)
    exec(_compiled(source, "exec"), namespace, names, **more)  # noqa: S102 - as above


def _watched_compile(source: Any, filename: Any, mode: str, *more: Any, **options: Any) -> Any:
    """`compile`, whose text is rewritten, too."""
    if isinstance(source, str | bytes) and mode in ("eval", "exec") and not more and not options:
        return _compiled(source, mode)
    return compile(source, filename, mode, *more, **options)


def _spaces(frame: FrameType, namespace: Any, names: Any) -> tuple[Any, Any]:
    if namespace is None:
        return frame.f_globals, frame.f_locals if names is None else names
    return namespace, namespace if names is None else names


def _compiled(source: Any, mode: str) -> Any:
    if not isinstance(source, str | bytes):
        return source
    text = source.strip() if mode == "eval" else source
    try:
        tree: Any = ast.parse(text, TEXT, mode)
        _rewriting.rewrite(tree)
        return compile(ast.fix_missing_locations(tree), TEXT, mode, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # said by the one that was called
        return source


_READS_TEXT = {id(eval): _watched_eval, id(exec): _watched_exec, id(compile): _watched_compile}
_IN_PLACE = {
    CALLED: called,
    HANDED: handed,
    OPERATED: operated,
    AUGMENTED: augmented,
    LOOPED: looped,
    TURNED: turned,
}
_rewriting = Rewriting(())


def install(rewriting: Rewriting) -> None:
    """Put the hooks where rewritten code finds them, whatever its globals are."""
    global _rewriting
    _rewriting = rewriting
    if rewriting.needed:
        vars(builtins).update(_IN_PLACE)


@contextlib.contextmanager
def watched_by(watch: Watch | None) -> Iterator[None]:
    """Have this watch, if there is one, look at what is called until the end of the block."""
    global _watch
    if watch is None:
        yield
        return
    _hook_autograph()
    _watch = watch
    try:
        yield
    finally:
        _watch = None


def intact() -> bool:
    """Whether the hooks are still where they were put."""
    return all(vars(builtins).get(name) is hook for name, hook in _IN_PLACE.items())


def _hook_autograph() -> None:
    """Look at the calls of code that AutoGraph made of a student's function: it was made of the source as it was written."""
    api: Any = sys.modules.get("tensorflow.python.autograph.impl.api")
    if api is None or getattr(api.converted_call, "watches", False):
        return
    original = api.converted_call

    @functools.wraps(original)
    def converted_call(f: Any, args: Any, kwargs: Any, *more: Any, **options: Any) -> Any:
        if _watch is not None and _watch.runs(sys._getframe(1).f_globals):
            with contextlib.suppress(Exception):
                _watch.see(f, None)
                for value in (*args, *(kwargs or {}).values()):
                    _watch.hand(value, lambda: f, None)
        return original(f, args, kwargs, *more, **options)

    converted_call.watches = True  # type: ignore[attr-defined]
    api.converted_call = converted_call
    made = getattr(getattr(api, "_TRANSPILER", None), "_extra_locals", None) or {}
    if "ag__" in made:
        made["ag__"].converted_call = converted_call


def _resolved(site: str, frame: FrameType) -> Any:
    """What a dotted name means in a frame; None if that cannot be told."""
    head, *rest = site.split(".")
    for names in (frame.f_locals, frame.f_globals, vars(builtins)):
        if head in names:
            found = names[head]
            for part in rest:
                found = attribute(found, part)
            return found
    return None
