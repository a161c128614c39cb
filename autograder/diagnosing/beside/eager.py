"""Functions under `@tf.function`: the first calls run as Python, so that there are values to see."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.diagnosing.beside.record import Record

EAGER = 30  # calls of a tf.function of the program's that run as Python, so that there are values to see


class Eager:
    """A function of the program's and its graph: the first calls run as Python, the others as it was meant."""

    def __init__(self, python: Any, graph: Any, record: Record) -> None:
        self._python, self._graph, self._record, self._calls = python, graph, record, 0
        self.__name__, self.__doc__ = getattr(python, "__name__", "function"), python.__doc__

    def __getattr__(self, name: str) -> Any:
        return getattr(self._graph, name)

    def __get__(self, owner: Any, kind: Any = None) -> Any:
        return self if owner is None else lambda *arguments, **options: self(owner, *arguments, **options)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """As the function."""
        self._calls += 1
        if self._calls > EAGER or self._record.inside or not is_eager():
            return self._graph(*arguments, **options)
        return self._python(*_tensors(arguments), **options)


def _tensors(arguments: tuple[Any, ...]) -> list[Any]:
    """Arguments as a graph gets them: arrays as tensors."""
    import tensorflow as tf

    return [tf.convert_to_tensor(one) if isinstance(one, np.ndarray) else one for one in arguments]


def is_eager() -> bool:
    """Whether operations have values now, and no graph is being made."""
    import tensorflow as tf

    return bool(tf.executing_eagerly())
