"""Named arrays: what goes to a worker and what comes back, to bytes and back again.

An observation maps names to values (see `parts`). A value is a NumPy array of numbers or truth values, a text, several
texts, or an `Odd`: the description in words of something that is none of these (None, a generator, a symbolic tensor). The
bytes are safetensors, a format that can hold nothing but plain arrays, in both directions.
"""

from __future__ import annotations

import functools
import json
import math
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import safetensors
from safetensors.numpy import load, save

from autograder.observation.parts import KINDS, Array, Odd, Texts, Value, article, as_value, flatten, real

__all__ = [
    "Array", "KINDS", "Observation", "ObservationError", "Odd", "Texts", "Value", "article", "as_value", "flatten", "leaves",
    "pack", "pack_tree", "real", "same_tree", "Table", "text_of", "unpack", "unpack_tree",
]  # fmt: skip

MAX_ENTRIES = 4096
TRAVELLING = "biuf"  # complex numbers travel as pairs

# A position, what it is (array, complex array, text, several texts, odd, odd and known), a name.
_NAME = re.compile(r"(\d{4})([actsok]):(.*)", re.DOTALL)


_Spec: Any = getattr(safetensors, "TensorSpec", None)  # older versions have none
PYTHONS = (np.float64, np.int64, np.bool_, np.complex128)  # scalars that Python has, too


class Table(dict[str, Any]):
    """A table as an input: columns by name, each an array or a list of texts, all of one length.

    It travels as plain arrays. The function under test gets a pandas DataFrame, so name pandas in the check's `imports`.

    >>> Table(age=np.array([31, 27]), name=["Ada", "Ben"]).rows
    2
    """

    def __init__(self, **columns: Any) -> None:
        super().__init__(columns)

    @property
    def rows(self) -> int:
        """How many rows it has.

        Raises:
            ObservationError: its columns differ in length.
        """
        sizes = {len(column) for column in self.values()}
        if len(sizes) > 1:
            raise ObservationError(f"the columns of a table must have one length. Received: {sorted(sizes)}")
        return sizes.pop() if sizes else 0


class ObservationError(ValueError):
    """Bytes that are no observation, or a value that cannot become part of one."""


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
            tag, parts = "c" if value.dtype.kind == "c" else "a", real(value)
            array = np.ascontiguousarray(parts).reshape(parts.shape)
        else:
            tag, text = _worded(value)
            array = np.frombuffer(text.encode("utf-8", "replace"), dtype=np.uint8)
        tensors[f"{position:04d}{tag}:{name}"] = array
    return _saved(tensors)


def _saved(tensors: dict[str, Array]) -> bytes:
    """The bytes of safetensors' `save`, at half its cost: NumPy spells the name of a dtype anew each time it is asked for it."""
    if _Spec is None or sys.byteorder != "little" or not all(array.dtype.isnative for array in tensors.values()):
        return save(tensors)
    specs = {
        name: _Spec(
            dtype=_name_of(array.dtype),
            shape=array.shape,
            data_ptr=array.__array_interface__["data"][0],
            data_len=array.nbytes,
        )
        for name, array in tensors.items()
    }
    return bytes(safetensors.serialize(specs))


@functools.cache
def _name_of(dtype: np.dtype[Any]) -> str:
    return dtype.name


def _worded(value: str | Odd | Texts) -> tuple[str, str]:
    """How words travel: what they are, in one letter, and one text."""
    if isinstance(value, Texts):
        return "s", json.dumps([value.kind, value.shape, value.words])
    if isinstance(value, Odd):
        return "k" if value.known else "o", value.what
    return "t", value


def _unworded(tag: str, text: str) -> str | Odd | Texts:
    if tag != "s":
        return Odd(text, known=tag == "k") if tag in "ok" else text
    try:
        kind, shape, words = json.loads(text)
        texts = Texts(tuple(words), tuple(shape), kind)
        plain = isinstance(kind, str) and all(isinstance(word, str) for word in texts.words)
        if plain and all(type(size) is int and size >= 0 for size in texts.shape) and math.prod(texts.shape) == len(texts.words):
            return texts
    except (ValueError, TypeError, RecursionError):
        pass
    raise ObservationError(f"texts must come with their kind and their shape. Received: {text[:80]!r}")


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
        if match[2] in "ac":
            if array.dtype.kind not in TRAVELLING:
                raise ObservationError(f"an array must hold numbers or truth values. Received: dtype {array.dtype}")
            if array.dtype == np.bool_ and array.size and array.view(np.uint8).max() > 1:
                raise ObservationError("a truth value must be 0 or 1. Received: another byte")
            if match[2] == "c":
                array = _complex(array)
            array.setflags(write=False)
            values[match[3]] = array
        else:
            if array.dtype != np.uint8 or array.ndim != 1:
                raise ObservationError(f"a text must be bytes. Received: {array.dtype} {array.shape}")
            text = array.tobytes().decode("utf-8", "replace")
            values[match[3]] = _unworded(match[2], text)
    return values


def _complex(parts: Array) -> Array:
    """Complex numbers from real and imaginary parts along the last axis."""
    if parts.dtype not in (np.float32, np.float64) or parts.shape[-1:] != (2,):
        raise ObservationError(f"complex numbers must be pairs of floats. Received: {parts.dtype} {parts.shape}")
    return (
        np.ascontiguousarray(parts).view(np.complex64 if parts.dtype == np.float32 else np.complex128).reshape(parts.shape[:-1])
    )


def text_of(values: Observation, name: str) -> str:
    """The text called `name`, or "" where there is none."""
    value = values.get(name, "")
    return value if isinstance(value, str) else ""


# Inputs have structure: numbers, texts, dicts and lists of arrays ---------------------------------------------------


def pack_tree(tree: Mapping[str, Any]) -> dict[str, Value]:
    """Take the inputs of a case apart: one JSON text for their structure, one value for each array."""
    arrays: dict[str, Value] = {}

    def plain(node: Any) -> Any:
        if isinstance(node, Table):
            _ = node.rows
            return {"table": [[_key(name), plain(column)] for name, column in node.items()]}
        if isinstance(node, np.ndarray):
            label = f"array {len(arrays)}"
            arrays[label] = node
            return {"array": label}
        if isinstance(node, np.generic):  # float64 is Python's float; another dtype has to stay what it is
            return plain(node.item() if node.dtype in PYTHONS else np.asarray(node))
        if isinstance(node, complex):
            return {"complex": [node.real, node.imag]}
        if isinstance(node, Mapping):
            return {"dict": {_key(key): plain(value) for key, value in node.items()}}
        if isinstance(node, tuple):
            return {"tuple": [plain(value) for value in node]}
        if isinstance(node, list):
            return {"list": [plain(value) for value in node]}
        if node is None or isinstance(node, str | bool | int | float):
            return {"value": node}
        raise ObservationError(
            "an input must be an array, a number, a text, None, a Table, or a dict, list or tuple of these. "
            f"Received: {article(type(node).__name__)}"
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
            case "table":
                return as_frame({name: build(column) for name, column in content})
            case "complex":
                return complex(*content)
        return content

    tree: dict[str, Any] = build(json.loads(text_of(values, "tree")))
    return tree


def as_frame(columns: Mapping[str, Any]) -> Any:
    """A table as a pandas DataFrame, with columns of its own; runs in a worker.

    Raises:
        ObservationError: pandas is not installed.
    """
    try:
        import pandas  # type: ignore[import-untyped, unused-ignore]
    except ModuleNotFoundError:
        raise ObservationError("a table needs pandas, which is not installed: pip install 'dlkit[tables]'") from None
    own = {name: np.array(column) if isinstance(column, np.ndarray) else column for name, column in columns.items()}
    return pandas.DataFrame(own)


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
