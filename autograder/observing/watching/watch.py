"""A watch: what the submission's code calls, of all that the rules of a check name."""

from __future__ import annotations

import functools
import operator
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import BuiltinFunctionType, FrameType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from autograder.checks.rules import Rule
from autograder.observation.answer.calls import Called, Calls
from autograder.observing.watching.naming import Method, Name, attribute, called_as, method_of, paths_of
from autograder.observing.watching.rewriting import OPERATORS, SIGNS

GENERATED = "__autograph_generated_file"  # begins the names of files that AutoGraph writes of a student's function
TEXT = "<text that the submission ran>"

# Handing a callable to these calls nothing: they look at it, keep it, or make of it something that is seen when it is called.
KEEPS = {isinstance, issubclass, callable, getattr, hasattr, setattr, id, hash, repr, str, print, type, bool, vars, dir}
KEEPS |= {dict, list, tuple, set, frozenset, zip, enumerate, iter, reversed, staticmethod, classmethod}
KEEPS |= {functools.partial, functools.partialmethod, functools.wraps, functools.update_wrapper, functools.lru_cache}
KEEPS |= {functools.cache, functools.cached_property, functools.singledispatch, np.vectorize}
KEEPS_NAMED = {"function", "custom_gradient", "recompute_grad", "do_not_convert", "signature", "getsource", "cast"}
WRAPPED_IN = ("func", "__wrapped__", "python_function", "_python_function", "pyfunc", "__func__", "_func")
READS_TEXT = (eval, exec, compile)  # what they are given is looked at, too
CALLS = ("__call__", "call")  # the methods through which an object is called, the second a layer of Keras
DISPATCHER = type(np.dot)  # of NumPy's functions in C
DEEPEST = 16  # wrappers around a callable that are looked through
NAMED_CALLABLES = (FunctionType, BuiltinFunctionType, MethodType, type, functools.partial, np.ufunc, DISPATCHER)


class Watch:
    """What the submission's code calls, one case after the other, of all that the rules of a check name.

    Args:
        rules: the rules of one check.
        asked: the functions that the assignment asks for: in a rule, such a name means the submission's own function.
        module: the submission's module.
        files: the names of its files.
        function: the one that the rules are about.
    """

    def __init__(
        self, rules: Sequence[Rule], asked: Collection[str], module: ModuleType, files: Collection[str], function: str
    ) -> None:
        self.others = frozenset(asked) - {function}
        self.names = [Name(name, name in asked, module) for rule in rules for name in rule.watched]
        self.files = frozenset(files)
        self.own_modules = frozenset(name.rpartition("/")[2].removesuffix(".py") for name in files)
        self.seen: dict[str, list[Any]] = {}  # by a rule's name: times, called as, file, line
        self.turns = 0
        self.counts_turns = any(rule.counts_turns for rule in rules)
        self.met: dict[int, tuple[object, tuple[str, ...]]] = {}  # callables that were looked at before, by their ids
        self._known: dict[object, tuple[tuple[str, ...], object]] = {}
        self._loaded = -1

    def calls(self, where: Callable[[str, int], str]) -> Calls:
        """What was seen; `where` calls a line of a file by its name."""
        return Calls(
            {
                name: Called(times, called[:80], where(file, line) if file in self.files and line else "")
                for name, (times, called, file, line) in self.seen.items()
            },
            self.turns,
        )

    def begin(self) -> None:
        """Forget what was seen, for the next case; what callables stand for is remembered."""
        self.seen, self.turns = {}, 0

    def see(self, function: Any, frame: FrameType | None) -> None:
        """Look at something that is being called."""
        self.note_all(self.names_for(function), function, frame)

    def names_for(self, function: Any) -> tuple[str, ...]:
        """The names of rules that cover a callable: none for most, and quickly so."""
        found = self._known.get(id(function))
        if found is not None and found[1] is function:
            if all(function is not one for one in READS_TEXT):
                self.met[id(function)] = function, found[0]
            return found[0]
        key, kept = _key(function, self.files)
        if key is None:
            return self._covering(function)
        found = self._known.get(key)
        if found is None or (kept is not None and found[1] is not kept):
            found = self._known[key] = self._covering(function), kept
        return found[0]

    def hand(self, value: Any, receiver: Callable[[], Any], frame: FrameType | None) -> None:
        """Look at something that is handed to a function, which may call it."""
        if not isinstance(value, NAMED_CALLABLES) or not (names := self.names_for(value)):
            return
        function = receiver()
        if function is not None and (self._is_own(function) or _keeps(function)):
            return
        self.note_all(names, value, frame)

    def operate(self, sign: str, frame: FrameType) -> None:
        """Note an operator, unless it stands in another function that the assignment asks for: `y != yhat` of a training."""
        inside = frame.f_code.co_qualname.partition(".")[0]
        if inside in self.others:
            return
        names = next(names for node, (_, names) in OPERATORS.items() if SIGNS[node] == sign)
        for one in self.names:
            if one.name in names:
                self.note(one.name, f"the operator {sign}", frame)

    def note_all(self, names: Sequence[str], function: object, frame: FrameType | None) -> None:
        """Count a call for each of these names."""
        for name in names:
            self.note(name, function, frame)

    def note(self, name: str, function: object, frame: FrameType | None) -> None:
        """Count a call."""
        if name in self.seen:
            self.seen[name][0] += 1
            return
        told = function if isinstance(function, str) else called_as(function)
        self.seen[name] = [1, told, *((frame.f_code.co_filename, frame.f_lineno) if frame is not None else ("", 0))]

    def _covering(self, function: Any) -> tuple[str, ...]:
        """The names of the rules that cover a callable, looked through everything that is wrapped around it."""
        if self._loaded != len(sys.modules):  # an import inside of a function
            self._loaded = len(sys.modules)
            for name in self.names:
                name.resolve()
        candidates = [(one, own, () if own else self._foreign_paths(one)) for one, own in self._unwrapped(function)]
        return tuple(dict.fromkeys(name.name for name in self.names if any(name.covers(*one) for one in candidates)))

    def _foreign_paths(self, one: Any) -> list[str]:
        """The dotted names of a callable, without those that a wrapper such as `tf.function` copied from the submission's own."""
        return [path for path in paths_of(one) if path.partition(".")[0] not in self.own_modules]

    def _unwrapped(self, function: Any) -> Iterator[tuple[Any, bool]]:
        """A callable and what is inside of it, each with whether it is the submission's own."""
        waiting, seen = [function], set[int]()
        while waiting and len(seen) < DEEPEST:
            one = waiting.pop(0)
            if id(one) in seen:
                continue
            seen.add(id(one))
            own = self._is_own(one)
            yield one, own
            if isinstance(one, type):
                waiting += [base for base in one.__bases__ if own and base is not object]
            elif not (own and isinstance(one, FunctionType)):  # what that calls is seen by itself
                waiting += self._inside(one)

    def _inside(self, one: Any) -> list[Any]:
        found = _wrapped(one)
        owner = attribute(one, "__self__")
        if attribute(one, "__name__") in CALLS or _method_calls(one, owner):
            found.append(owner)
        if isinstance(one, operator.methodcaller):
            found.append(Method(method_of(one)))
        elif not isinstance(one, FunctionType | BuiltinFunctionType | MethodType | functools.partial | Method):
            kind = type(one)
            found += [kind, *([vars(kind)["__call__"]] if self._is_own(kind) and "__call__" in vars(kind) else [])]
        return [inner for inner in found if inner is not None]

    def _is_own(self, one: Any) -> bool:
        if isinstance(one, MethodType):
            return self._is_own(one.__func__)
        if isinstance(one, FunctionType):
            file = one.__code__.co_filename
            return file in self.files or file == TEXT or (GENERATED in file and self.runs(one.__globals__))
        return isinstance(one, type) and one.__module__ in self.own_modules

    def runs(self, namespace: Mapping[str, Any]) -> bool:
        """Whether code with these globals is the submission's."""
        return namespace.get("__name__") in self.own_modules


def _key(function: Any, files: Collection[str]) -> tuple[object, object]:
    """What a callable is remembered by, and what has to be kept for that; None for what is looked at each time."""
    kind = type(function)
    if kind is FunctionType:
        code = function.__code__
        made_often = code.co_filename in files and "<locals>" in function.__qualname__
        return (code, None) if made_often else (id(function), function)
    if kind is MethodType:
        inner, owner = function.__func__, function.__self__
        if not isinstance(inner, FunctionType) or (not isinstance(owner, type) and _method_calls(function, owner)):
            return None, None
        return ((id(inner), id(owner)), owner) if isinstance(owner, type) else ((id(inner), type(owner)), inner)
    if kind is BuiltinFunctionType:
        owner = function.__self__
        if owner is None or isinstance(owner, ModuleType):
            return id(function), function
        if isinstance(owner, np.ufunc):
            return (id(owner), function.__name__), owner
        return (type(owner), function.__name__), None
    if isinstance(function, type) or kind is np.ufunc or kind is DISPATCHER:
        return id(function), function
    return None, None


def _wrapped(one: Any) -> list[Any]:
    """What stands inside a callable that is made of another one."""
    return [inner for name in WRAPPED_IN if (inner := attribute(one, name)) is not None]


def _method_calls(method: Any, owner: Any) -> bool:
    """Whether a method calls the callable that it belongs to: `np.multiply.outer`, `tf.function(f).get_concrete_function`.

    A class method is a call of its class, `Dense.from_config`: it makes one.
    """
    if isinstance(owner, np.ufunc):
        return True
    if not isinstance(method, MethodType) or not callable(owner):
        return False
    return isinstance(owner, type) or bool(_wrapped(owner))


def _keeps(receiver: Any) -> bool:
    """Whether a function that is handed another one does not call it, or not unseen."""
    try:
        if receiver in KEEPS:
            return True
    except Exception:  # no hash, or one of its own
        return False
    if isinstance(receiver, BuiltinFunctionType) and isinstance(receiver.__self__, list | dict | set):
        return True
    return attribute(receiver, "__name__") in KEEPS_NAMED
