"""Postponed imports: what scikit-learn and SciPy import for a few of their functions is imported when one of these is used.

Half of what it takes to import a splitter of scikit-learn goes into modules that hardly anybody uses: all distributions of
`scipy.stats` for the ranks of a search, pandas for nothing, NumPy's Fortran compiler because it is a part of NumPy. While
scikit-learn is imported, each of them has a stand-in, which those who ask for it keep. When it is used, it imports the module
and hands on. Whoever imports the module afterwards gets the module itself.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

# What is asked of each by name as scikit-learn is imported, to be called later; who asks for another name needs the module.
MODULES: Mapping[str, frozenset[str]] = {
    "scipy.stats": frozenset({"chi2", "gmean", "rankdata"}),
    "numpy.f2py": frozenset(),
    "numpy.testing": frozenset(),
    "pandas": frozenset(),
}
REST = "scipy.stats"  # to be imported before many workers are forked


class Postponed(ModuleType):
    """Stands for a module in those that have asked for it.

    Args:
        name: the module's.
        parts: what may be had of it before it is imported.
    """

    def __init__(self, name: str, parts: frozenset[str]) -> None:
        super().__init__(name)
        self._parts = parts
        self._parent, _, self._own = name.rpartition(".")
        self._stands = True
        sys.modules[name] = self
        if self._parent:  # as an import does
            setattr(sys.modules[self._parent], self._own, self)

    def __getattr__(self, name: str) -> Any:
        if self._stands:
            if name in self._parts:
                return Part(self, name)
            if name.startswith("__"):  # which the import system asks of every module
                raise AttributeError(name)
        return getattr(self.itself(), name)

    def itself(self) -> ModuleType:
        """The module."""
        self.step_down()
        return importlib.import_module(self.__name__)

    def step_down(self) -> None:
        """Leave its place: the next who asks imports the module."""
        if self._stands:
            self._stands = False
            del sys.modules[self.__name__]
            if self._parent:
                delattr(sys.modules[self._parent], self._own)


class Part:
    """Stands for a function of such a module."""

    def __init__(self, module: Postponed, name: str) -> None:
        self._module, self._name = module, name

    def __call__(self, *values: Any, **named: Any) -> Any:
        """What the function returns."""
        return getattr(self._module.itself(), self._name)(*values, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(getattr(self._module.itself(), self._name), name)


@contextlib.contextmanager
def standing() -> Iterator[None]:
    """Have stand-ins for those modules that are installed and were not imported yet."""
    found: list[Postponed] = []
    try:
        for name, parts in MODULES.items():
            with contextlib.suppress(ImportError):  # of the package that it is a part of
                if name not in sys.modules and importlib.util.find_spec(name):
                    found.append(Postponed(name, parts))
        yield
    finally:
        for one in found:
            one.step_down()


def the_rest() -> list[str]:
    """What was postponed, but may be used by some of many workers, each of which would import it."""
    return [REST] if "sklearn" in sys.modules and REST not in sys.modules else []
