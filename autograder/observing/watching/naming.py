"""Names in rules, and the callables that they stand for, in a process where some libraries have been imported."""

from __future__ import annotations

import builtins
import functools
import operator
import re
import sys
from collections.abc import Sequence
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from autograder.checks.rules import canonical

OTHER_NAMES = {"ne": "notequal", "absolute": "abs", "fabs": "abs", "remainder": "mod", "floormod": "mod", "fmod": "mod"}
OTHER_NAMES |= {"expit": "sigmoid", "concat": "concatenate", "power": "pow"}

PRIVATE = ("tensorflow.python", "keras.src")
COMPAT = ".compat"


class Name:
    """A name in a rule, and what it stands for in this process."""

    def __init__(self, name: str, own: bool, module: ModuleType) -> None:
        self.name = name
        self.own = own
        self.module = module
        self.path = canonical(name)
        self.last = simple(self.path)
        self.namespace = False
        self.objects: dict[int, object] = {}

    def resolve(self) -> None:
        """Find out what it stands for, among what has been imported by now."""
        if self.own:
            return
        found = _imported(self.path)
        if isinstance(found, ModuleType):
            self.namespace = True
            self.objects = _members(found) if "." in self.path else {}
        elif found is not None:
            self.objects = {id(found): found}

    def covers(self, function: Any, own: bool, paths: Sequence[str]) -> bool:
        """Whether a callable, known under these names, is what this name stands for."""
        if self.own:
            now = vars(self.module).get(self.name)
            return function is now or (own and getattr(function, "__name__", "") == self.name)
        if own:
            return False
        if id(function) in self.objects:
            return True
        if self.namespace:
            return any(path == self.path or path.startswith(f"{self.path}.") for path in paths)
        return self.last in {simple(path) for path in paths}


class Method:
    """The method that an `operator.methodcaller` calls, of which only the name is known."""

    def __init__(self, name: str) -> None:
        self.__name__ = name


def simple(name: str) -> str:
    """The last part of a name in one spelling: "softmax" for `tf.nn.softmax_v2`, `keras.layers.Softmax` and `__softmax__`."""
    last = re.sub(r"_v\d+$", "", name.rpartition(".")[2]).replace("_", "").lower()
    return OTHER_NAMES.get(last, last)


def paths_of(function: Any) -> list[str]:
    """The dotted names under which a callable is known."""
    exported = attribute(function, "_api_export_path")
    found = [exported] if isinstance(exported, str) else [one for one in exported or () if isinstance(one, str)]
    name = attribute(function, "__name__")
    if isinstance(name, str):
        module, owner = attribute(function, "__module__"), attribute(function, "__self__")
        if isinstance(owner, np.ufunc):
            module = f"numpy.{owner.__name__}"
        elif not isinstance(module, str):  # a method of a C type has none: its class may have
            module = getattr(_maker(type(owner), name), "__module__", "")
        found.append(f"{module}.{name}")
    return [_public(path) for path in found]


def _maker(kind: type, name: str) -> type:
    """The class of C that a method comes from: whoever derives a class from `np.ndarray` calls its `mean`, no own one."""
    makers = (maker for maker in kind.__mro__ if name in vars(maker) and not isinstance(vars(maker)[name], FunctionType))
    return next(makers, kind)


def _public(path: str) -> str:
    """A dotted name without the private modules in which TensorFlow and Keras make what they offer."""
    path = re.sub(r"^tensorflow\.python\.(?:.*\.)?", "tensorflow.", canonical(path))
    return re.sub(r"^keras\.ops\.\w+\.(?=\w+$)", "keras.ops.", re.sub(r"^keras\.src\.", "keras.", path))


def called_as(function: Any) -> str:
    """What a sentence calls a callable: its public name, where it has one."""
    while isinstance(function, functools.partial):
        function = function.func
    if isinstance(function, operator.methodcaller):
        return method_of(function)
    paths = paths_of(function) or paths_of(type(function))
    for path in paths:
        head, _, last = path.rpartition(".")
        if head.startswith("tensorflow"):
            return re.sub(r"^tensorflow\.|_v\d+$", lambda found: "tf." if found[0][0] == "t" else "", path)
        if head not in ("builtins", ""):
            return re.sub(r"^numpy\.", "np.", path)
        return last
    return type(function).__name__


def _imported(path: str) -> Any:
    """What a dotted name stands for in what has been imported, None where it has not been."""
    head, _, rest = path.partition(".")
    found: Any = sys.modules.get(head)
    if found is None:
        return getattr(builtins, head, None) if not rest else None
    at = head
    for part in rest.split(".") if rest else ():
        at = f"{at}.{part}"
        if head == "tensorflow" and part in ("keras", "losses", "metrics") and "keras" not in sys.modules:
            return None  # to ask would load it
        try:
            found = getattr(found, part, None) or sys.modules.get(at)
        except Exception:  # a lazy module that cannot be loaded
            return None
        if found is None:
            return None
    return found


def _members(namespace: ModuleType) -> dict[int, object]:
    """The callables that are at home in a module; of TensorFlow's old API, without those that the current one has, too."""
    prefix = namespace.__name__
    if prefix.startswith(PRIVATE):
        return {}  # where everything is made that has a public home
    if COMPAT not in prefix:
        return _callables([namespace])
    root = prefix[: prefix.index(COMPAT)]
    under = {name: module for name, module in list(sys.modules.items()) if name.startswith(f"{root}.")}
    old = _callables([module for name, module in under.items() if COMPAT in name])
    new = _callables([sys.modules["tensorflow"], *(module for name, module in under.items() if COMPAT not in name)])
    within = {id(inner) for value in new.values() if (inner := attribute(value, "__wrapped__")) is not None}
    return {number: value for number, value in old.items() if number not in new and number not in within}


def _callables(modules: Sequence[ModuleType]) -> dict[int, object]:
    return {
        id(value): value
        for module in modules
        for name, value in list(getattr(module, "__dict__", {}).items())
        if not name.startswith("_") and callable(value) and not isinstance(value, ModuleType)
    }


def attribute(one: Any, name: str) -> Any:
    """An attribute, whatever code the object runs when it is asked for it."""
    try:
        return getattr(one, name, None)
    except Exception:
        return None


def method_of(caller: Any) -> str:
    """The name of the method that an `operator.methodcaller` calls."""
    made, arguments = caller.__reduce__()
    return str(made.args[0] if isinstance(made, functools.partial) else arguments[0])
