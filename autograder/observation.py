"""Named arrays: what goes to a worker and what comes back, to bytes and back again.

An observation maps names to values. A value is a NumPy array of numbers or truth values, a text, or an `Odd`: the
description in words of something that is neither (None, an array of objects, a symbolic tensor). The bytes are
safetensors, a format that can hold nothing but plain arrays, in both directions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from safetensors.numpy import load, save

MAX_ENTRIES = 4096
KINDS = "biuf"  # truth values, whole numbers, floats: what can be compared

_NAME = re.compile(r"(\d{4})([ato]):(.*)", re.DOTALL)


class ObservationError(ValueError):
    """Bytes that are no observation, or a value that cannot become part of one."""


@dataclass(frozen=True)
class Odd:
    """Something that is not an array, in words that fit behind "is": "None", "a str", "an array of objects"."""

    what: str

    __array_ufunc__ = None  # `array == Odd(…)` is False, not an array of comparisons


Array = np.ndarray[Any, Any]
Value = Array | str | Odd
Observation = Mapping[str, Value]


def pack(values: Observation) -> bytes:
    """Turn named values into safetensors bytes; texts travel as UTF-8 bytes in a uint8 array.

    The order of the names is kept (safetensors sorts, so each name carries its position).

    Raises:
        ObservationError: a value is neither an array of numbers, a text nor an `Odd`.
    """
    tensors: dict[str, Array] = {}
    for position, (name, value) in enumerate(values.items()):
        if isinstance(value, np.ndarray):
            if value.dtype.kind not in KINDS:
                raise ObservationError(f"{name!r} must hold numbers or truth values. Received: dtype {value.dtype}")
            tag, array = "a", np.ascontiguousarray(value).reshape(value.shape)
        else:
            tag, text = ("o", value.what) if isinstance(value, Odd) else ("t", value)
            array = np.frombuffer(text.encode("utf-8", "replace"), dtype=np.uint8)
        tensors[f"{position:04d}{tag}:{name}"] = array
    return save(tensors)


def unpack(data: bytes) -> dict[str, Value]:
    """Read bytes written by `pack`. The arrays are read-only views of `data`.

    Raises:
        ObservationError: anything else, however it was made.
    """
    try:
        tensors = load(data)
    except Exception as error:  # `safetensors` leaves some to NumPy, which may raise anything
        raise ObservationError(f"an observation must be safetensors. Received: {type(error).__name__}") from None
    if len(tensors) > MAX_ENTRIES:
        raise ObservationError(f"an observation has at most {MAX_ENTRIES} entries. Received: {len(tensors)}")
    values: dict[str, Value] = {}
    for label in sorted(tensors):
        array, match = tensors[label], _NAME.fullmatch(label)
        if match is None or match[3] in values:
            raise ObservationError(f"an entry must be named by `pack`, once. Received: {label[:80]!r}")
        if match[2] == "a":
            if array.dtype.kind not in KINDS:
                raise ObservationError(f"an array must hold numbers or truth values. Received: dtype {array.dtype}")
            if array.dtype == np.bool_ and array.size and array.view(np.uint8).max() > 1:
                raise ObservationError("a truth value must be 0 or 1. Received: another byte")
            array.setflags(write=False)
            values[match[3]] = array
        else:
            if array.dtype != np.uint8 or array.ndim != 1:
                raise ObservationError(f"a text must be bytes. Received: {array.dtype} {array.shape}")
            text = array.tobytes().decode("utf-8", "replace")
            values[match[3]] = Odd(text) if match[2] == "o" else text
    return values


def text_of(values: Observation, name: str) -> str:
    """The text called `name`, or "" where there is none."""
    value = values.get(name, "")
    return value if isinstance(value, str) else ""


# A student's answer can be anything -------------------------------------------------------------------------------


def as_value(answer: object) -> Value:
    """Turn whatever a function returned into a value that can travel, without ever raising.

    Numbers, NumPy arrays, lists of numbers and TensorFlow tensors become arrays of their own dtype; everything else
    becomes a description.
    """
    if answer is None:
        return Odd("None")
    if isinstance(answer, str):
        return answer[:10_000]
    try:
        if hasattr(answer, "numpy") and not isinstance(answer, np.ndarray):  # a TensorFlow tensor or variable
            answer = answer.numpy()
        array = np.asarray(answer)
        if array.dtype.kind not in KINDS:
            return Odd(_describe(answer, array))
        return array
    except Exception:  # hostile or symbolic: __array__ may do anything
        return Odd(_article(type(answer).__name__))


def flatten(answer: object, returns: tuple[str, ...] = ()) -> dict[str, Value]:
    """Name the parts of an answer: `returns` names the members of a tuple, a dict names its own.

    >>> flatten(({"w1": 1.0}, [2.0, 3.0]), ("grads", "history"))
    {'grads.w1': array(1.), 'history': array([2., 3.])}
    """
    if len(returns) > 1:
        if not isinstance(answer, tuple | list) or len(answer) != len(returns):
            what = f"{len(answer)} values" if isinstance(answer, tuple | list) else _article(type(answer).__name__)
            return {"answer": Odd("None" if answer is None else what)}
        parts = zip(returns, answer, strict=True)
    else:
        parts = zip(returns or ("answer",), (answer,), strict=True)
    values: dict[str, Value] = {}
    for name, part in parts:
        if isinstance(part, dict):
            values |= {f"{name}.{key}" if returns else _own(str(key)): as_value(entry) for key, entry in part.items()}
        else:
            values[name] = as_value(part)
    return values


def _own(key: str) -> str:
    """The name of an entry of a dict: a dict of one `answer` is not the answer itself."""
    return repr(key) if key == "answer" else key


def _describe(answer: object, array: Array) -> str:
    words = {"O": "objects", "c": "complex numbers", "U": "strings", "S": "bytes", "M": "dates", "m": "time spans"}
    if array.ndim == 0 and array.dtype.kind == "O":
        return _article(type(answer).__name__)
    return f"an array of {words.get(array.dtype.kind, str(array.dtype))}"


def _article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' or noun.startswith('nd') else 'a'} {noun[:80]}"


# Inputs have structure: numbers, texts, dicts and lists of arrays ---------------------------------------------------


def pack_tree(tree: Mapping[str, Any]) -> dict[str, Value]:
    """Take the inputs of a case apart: one JSON text for their structure, one value for each array."""
    arrays: dict[str, Value] = {}

    def plain(node: Any) -> Any:
        if isinstance(node, np.ndarray):
            label = f"array {len(arrays)}"
            arrays[label] = node
            return {"array": label}
        if isinstance(node, np.generic):  # float64 is Python's float; another dtype has to stay what it is
            return plain(node.item() if node.dtype in (np.float64, np.int64, np.bool_) else np.asarray(node))
        if isinstance(node, Mapping):
            return {"dict": {_key(key): plain(value) for key, value in node.items()}}
        if isinstance(node, tuple):
            return {"tuple": [plain(value) for value in node]}
        if isinstance(node, list):
            return {"list": [plain(value) for value in node]}
        if node is None or isinstance(node, str | bool | int | float):
            return {"value": node}
        raise ObservationError(
            "an input must be an array, a number, a text, None, or a dict, list or tuple of these. "
            f"Received: {_article(type(node).__name__)}"
        )

    return {"tree": json.dumps(plain(dict(tree))), **arrays}


def unpack_tree(values: Observation) -> dict[str, Any]:
    """Put the inputs of a case together again; every array is read-only."""

    def build(node: dict[str, Any]) -> Any:
        ((kind, content),) = node.items()
        match kind:
            case "array":
                return values[content]
            case "dict":
                return {key: build(value) for key, value in content.items()}
            case "tuple":
                return tuple(build(value) for value in content)
            case "list":
                return [build(value) for value in content]
        return content

    tree: dict[str, Any] = build(json.loads(text_of(values, "tree")))
    return tree


def leaves(tree: Any, path: str = "") -> Iterable[tuple[str, Any]]:
    """Every leaf of a structure of inputs with its path, in order, such as ("p.w1", 0.5)."""
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from leaves(value, f"{path}.{key}" if path else str(key))
    elif isinstance(tree, list | tuple):
        for index, value in enumerate(tree):
            yield from leaves(value, f"{path}[{index}]")
    else:
        yield path, tree


def same_tree(one: Any, other: Any) -> bool:
    """Whether two structures of inputs are the same, leaf by leaf and bit by bit."""
    first, second = list(leaves(one)), list(leaves(other))
    return [path for path, _ in first] == [path for path, _ in second] and all(
        type(a) is type(b) and np.array_equal(a, b, equal_nan=isinstance(a, float | np.ndarray) and _is_float(a))
        for (_, a), (_, b) in zip(first, second, strict=True)
    )


def _is_float(value: Any) -> bool:
    return bool(np.asarray(value).dtype.kind == "f")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise ObservationError(f"a key in the inputs of a case must be a str. Received: {key!r}")
    return key
