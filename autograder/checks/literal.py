"""Inputs as Python text: the call that a student can copy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.observation import Table

LONGEST = 48  # numbers in one array; a longer one is not something to copy
PLAIN = (np.float64, np.int64, np.bool_)  # what np.array makes of numbers by itself; tf.constant makes float32 and int32


def literal(value: Any, *, tensors: bool = False) -> str | None:
    """Write `value` as Python source, with `np` for NumPy and `tf` for TensorFlow; None if it is too long.

    Args:
        value: an array, number, text, None, or a dict, list or tuple of these.
        tensors: write arrays as TensorFlow tensors of the same dtype.

    >>> literal({"w1": 0.5, "x": np.array([1.5, -0.8])})
    "{'w1': 0.5, 'x': np.array([1.5, -0.8])}"
    >>> literal(np.array([1.5, -0.8]), tensors=True)
    'tf.constant([1.5, -0.8], dtype=tf.float64)'
    """
    if isinstance(value, np.ndarray):
        return _array(value, tensors)
    if isinstance(value, Table):
        inside = literal(dict(value))
        return None if inside is None else f"pd.DataFrame({inside})"
    if isinstance(value, Mapping):
        parts = {key: literal(part, tensors=tensors) for key, part in value.items()}
        return None if None in parts.values() else "{" + ", ".join(f"{key!r}: {part}" for key, part in parts.items()) + "}"
    if isinstance(value, list | tuple):
        texts = [literal(part, tensors=tensors) for part in value]
        if None in texts:
            return None
        inside = ", ".join(str(text) for text in texts)
        return f"[{inside}]" if isinstance(value, list) else f"({inside}{',' if len(texts) == 1 else ''})"
    return repr(value)


def _array(value: Any, tensors: bool) -> str | None:
    if value.size > LONGEST:
        return None
    if tensors:
        dtype = f"dtype=tf.{value.dtype}".replace("tf.bool_", "tf.bool")
        return f"tf.constant({_numbers(value)}, {dtype})" if value.size else f"tf.zeros({list(value.shape)}, {dtype})"
    dtype = "" if value.dtype in PLAIN else f", dtype=np.{value.dtype}"
    if value.size == 0:
        return f"np.zeros({value.shape}{dtype if value.dtype != np.int64 else ', dtype=np.int64'})"
    if value.ndim == 0:
        return f"np.{value.dtype}({_numbers(value)})"
    return f"np.array({_numbers(value)}{dtype})"


def _numbers(array: Any) -> str:
    """Nested lists with the shortest text that gives back the same number in the array's own precision."""
    if array.ndim:
        return f"[{', '.join(_numbers(part) for part in array)}]"
    if array.dtype.kind != "f":
        return repr(array.item())
    if not np.isfinite(array):
        return f"np.{array}"
    short = array == 0 or 1e-4 <= abs(array) < 1e6
    return np.format_float_positional(array, unique=True, trim="0") if short else str(array)
