"""Inputs as Python text: the call that a student can copy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

LONGEST = 48  # numbers in one array; a longer one is not something to copy


def literal(value: Any) -> str | None:
    """Python source that makes `value`, with `np` for NumPy and `tf` for TensorFlow; None if it is too long.

    >>> literal({"w1": 0.5, "x": np.array([1.5, -0.8])})
    "{'w1': 0.5, 'x': np.array([1.5, -0.8])}"
    """
    if isinstance(value, np.ndarray):
        if value.size > LONGEST:
            return None
        if value.size == 0:
            return f"np.zeros({value.shape})" if value.dtype == np.float64 else f"np.zeros({value.shape}, np.{value.dtype})"
        if value.ndim == 0:
            return f"np.{value.dtype}({value.item()!r})"
        dtype = "" if value.dtype in (np.float64, np.int64, np.bool_) else f", dtype=np.{value.dtype}"
        return f"np.array({_numbers(value)}{dtype})"
    if isinstance(value, Mapping):
        parts = {key: literal(part) for key, part in value.items()}
        return None if None in parts.values() else "{" + ", ".join(f"{key!r}: {part}" for key, part in parts.items()) + "}"
    if isinstance(value, list | tuple):
        texts = [literal(part) for part in value]
        if None in texts:
            return None
        inside = ", ".join(str(text) for text in texts)
        return f"[{inside}]" if isinstance(value, list) else f"({inside}{',' if len(texts) == 1 else ''})"
    return repr(value)


def _numbers(array: Any) -> str:
    """Nested lists with the shortest text that gives back the same number in the array's own precision."""
    if array.ndim:
        return f"[{', '.join(_numbers(part) for part in array)}]"
    if array.dtype.kind == "f":
        text = np.format_float_positional(array, unique=True, trim="0") if 1e-4 <= abs(array) < 1e6 or array == 0 else str(array)
        return text if np.isfinite(array) else f"np.{text}"
    return repr(array.item())
