"""The functions of a notebook or a script, importable under the assignment's module name, as they will be once handed in.

`from xor_mlp import half_squared_error` in a cell means the function that was written in the notebook. What was not written
there comes from the file `xor_mlp.py`, where there is one.
"""

from __future__ import annotations

import importlib.util
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

MAIN = "__main__"  # the module of a notebook's cells, and of a script


class Typed(ModuleType):
    """A module whose functions are those of the notebook or the script."""

    def __init__(self, name: str, before: ModuleType | None) -> None:
        super().__init__(name, "What was written in this notebook.")
        self.__spec__ = ModuleSpec(name, None)
        self.__dict__["_file"] = before

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            return sorted(self._written() | set(_public(self._in_file())))
        if name in self._written():
            return vars(sys.modules[MAIN])[name]
        if not name.startswith("__") and (file := self._in_file()) is not None:
            return getattr(file, name)
        raise AttributeError(f"{self.__name__} has no {name!r}: it is not defined in this notebook yet")

    def _written(self) -> set[str]:
        here = vars(sys.modules[MAIN])
        return {name for name, value in here.items() if getattr(value, "__module__", "") == MAIN and name[:1] != "_"}

    def _in_file(self) -> ModuleType | None:
        """The module of the assignment's file, loaded when something is asked of it that was not written here."""
        if self.__dict__["_file"] is None:
            ours = sys.modules.pop(self.__name__, None)
            try:
                spec = importlib.util.find_spec(self.__name__)
                if spec is not None and spec.loader is not None:
                    self.__dict__["_file"] = file = importlib.util.module_from_spec(spec)
                    spec.loader.exec_module(file)
            finally:
                if ours is not None:
                    sys.modules[self.__name__] = ours
        found: ModuleType | None = self.__dict__["_file"]
        return found


def make_importable(name: str) -> None:
    """Have `name` mean what was written in this notebook or script, and what its file has besides."""
    known = sys.modules.get(name)
    if not isinstance(known, Typed):
        sys.modules[name] = Typed(name, known)


def _public(module: ModuleType | None) -> list[str]:
    return [name for name in vars(module) if not name.startswith("_")] if module is not None else []
