"""Values as bounded data: what a variable holds, and how one result differs from another."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.observation import Odd, Value, flatten
from autograder.observation.parts import Texts

NUMBERS_MOST = 12  # entries of a value that is told in full
DEEPEST, PARTS_MOST = 6, 300  # of a result that is looked at part by part
TEXT_MOST = 60  # characters of a text that is told
CLEAR = 1e-3  # a relative difference that nobody takes for rounding

Told = dict[str, Any]


def described(value: Any) -> Told:
    """What a value is: its kind, dtype and shape, and its numbers if they are few. It never raises."""
    try:
        return _described(value)
    except Exception:  # whatever a student's class does when it is looked at
        return {"kind": "other"}


def _described(value: Any) -> Told:
    if value is None:
        return {"kind": "None"}
    if isinstance(value, bool | np.bool_):
        return {"kind": "truth value", "shape": [], "numbers": [float(value)], "exact": type(value) is bool}
    if isinstance(value, str):
        return {"kind": "text", "text": value[:TEXT_MOST]}
    if isinstance(value, int | np.integer):
        return {"kind": "whole number", "shape": [], "numbers": _numbers(value), "exact": type(value) is int}
    if isinstance(value, float | np.floating):
        return {"kind": "float", "shape": [], "numbers": _numbers(value), "exact": type(value) is float}
    if isinstance(value, np.ndarray):
        return {"kind": "array", **_of_array(value)}
    if type(value).__module__.startswith("tensorflow") and hasattr(value, "numpy"):
        kind = "variable" if hasattr(value, "assign") else "tensor"
        return {"kind": kind, **_of_array(np.asarray(value.numpy()))}
    if isinstance(value, list | tuple | dict):
        return {"kind": next(one.__name__ for one in (list, tuple, dict) if isinstance(value, one))}
    return {"kind": "function" if callable(value) else "other"}


def _of_array(array: Any) -> Told:
    told: Told = {"dtype": array.dtype.name, "shape": list(array.shape)}
    if array.dtype.kind in "biuf" and array.size <= NUMBERS_MOST:
        told["numbers"] = _numbers(array)
    return told


def _numbers(value: Any) -> list[float | str]:
    """The entries as JSON can hold them: what is not finite, as its name."""
    flat = np.asarray(value, dtype=np.float64).ravel().tolist()
    return [number if math.isfinite(number) else str(number) for number in flat]


def kinds_in(value: Any, depth: int = 0) -> str:
    """What a result and its parts are, without their numbers: a tensor in place of a float is something else."""
    if depth < DEEPEST and isinstance(value, dict):
        parts = (f"{str(key)[:TEXT_MOST]}: {kinds_in(part, depth + 1)}" for key, part in list(value.items())[:PARTS_MOST])
        return f"{{{', '.join(parts)}}}"
    if depth < DEEPEST and isinstance(value, list | tuple):
        return f"{type(value).__name__}({', '.join(kinds_in(part, depth + 1) for part in value[:PARTS_MOST])})"
    told = described(value)
    return f"{told['kind']} {told.get('exact', '')}"


def parts_of(result: Any) -> dict[str, Value]:
    """A result as named arrays, to be compared with another one."""
    return dict(flatten(result))


def relation(before: Mapping[str, Value], after: Mapping[str, Value], kinds: tuple[str, str]) -> str:
    """How a result differs from the one before.

    Returns:
        "same" to the bit; "form" for another shape, or something else altogether; "numbers" where they clearly differ; "unclear"
        where people may see it in different ways, as with float32 in place of float64.
    """
    if set(before) != set(after):
        return "form"
    found = {_relation(before[name], after[name]) for name in before}
    if "form" in found:
        return "form"
    if "unclear" in found or kinds[0] != kinds[1]:
        return "unclear"
    return "numbers" if "numbers" in found else "same"


def _relation(one: Value, other: Value) -> str:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return _of_arrays(one, other)
    if isinstance(one, Odd) and isinstance(other, Odd) and not (one.known and other.known):
        return "unclear"  # two models, two functions: nobody can tell
    if type(one) is not type(other):
        return "form"
    if isinstance(one, str | Texts):
        return "same" if one == other else "unclear"
    return "same" if one == other else "form"


def _of_arrays(one: Any, other: Any) -> str:
    if one.shape != other.shape:
        return "form"
    if one.dtype != other.dtype:
        return "unclear"
    if np.array_equal(one, other, equal_nan=one.dtype.kind == "f"):
        return "same"
    if one.dtype.kind not in "biuf":
        return "unclear"
    a, b = one.astype(np.float64), other.astype(np.float64)
    if not np.array_equal(np.isfinite(a), np.isfinite(b)):
        return "numbers"
    finite = np.isfinite(a)
    scale = float(np.max(np.abs(a[finite]), initial=0.0)) + 1e-12
    apart = float(np.max(np.abs(a[finite] - b[finite]), initial=0.0)) / scale
    return "numbers" if apart > CLEAR else "unclear"
