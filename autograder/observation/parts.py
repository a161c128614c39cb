"""The parts of an answer: whatever a function returned, as named values that can travel and be compared.

    3.0, an array, a tensor, a list of numbers     one array
    "a", ["a", "b"], dates, bytes                  a text, or `Texts`
    {"w": 1.0, "path": [...]}                      an entry for each key
    (1.0, "a"), [{"a": 1}, {"a": 2}], a table      what it is, as an `Odd`, and an entry for each part
    a generator, a model                           what it is and no more: an `Odd` that is not `known`

What comes from a student can be anything. Nothing here raises, and nothing grows without bound: a structure of too many parts,
nested too deeply, or in a circle, is told as that.
"""

from __future__ import annotations

import hashlib
from collections.abc import ItemsView, Iterable, KeysView, Mapping, Sequence, Set, ValuesView
from dataclasses import dataclass, field, fields, is_dataclass
from itertools import islice
from types import SimpleNamespace
from typing import Any

import numpy as np

KINDS = "biufc"  # truth values, whole numbers, floats, complex numbers
LONGEST_TEXT, LONGEST_WORD, LONGEST_NAME = 10_000, 400, 80
MOST_PARTS, MOST_WORDS, MOST_ROWS = 1000, 100_000, 100_000
SINGLE_ROWS = 40  # so many rows of a table are told one by one; of a longer one, the columns
DEEPEST = 12
MOST_AXES = 64  # of an array of words, as of NumPy's
DENSE = 2**20  # entries of a sparse matrix that are written out

_PLAIN = frozenset(np.dtype(name).str for name in ("f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?"))

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Odd:
    """Something that is not an array, in words that fit behind "is": "None", "a generator", "a list of 3 values".

    Attributes:
        what: the words.
        known: whether they tell all there is to compare, by themselves or with the parts that come with them; of an object
            that is known by its kind only, every other one is as good.
    """

    what: str
    known: bool = field(default=False, compare=False)

    __array_ufunc__ = None  # `array == Odd(…)` is False, not an array of comparisons


@dataclass(frozen=True)
class Texts:
    """Words in the shape of an array: texts, dates, time spans, bytes and whatever else is one word each.

    Attributes:
        words: in C order.
        shape: of the array; () for a single one.
        kind: what they are, in the plural: "texts".
    """

    words: tuple[str, ...]
    shape: tuple[int, ...]
    kind: str = "texts"


Value = Array | str | Odd | Texts


class _TooMuchError(Exception):
    """An answer has more parts than anybody would compare."""


# One value ---------------------------------------------------------------------------------------------------------


def as_value(answer: object) -> Value:
    """Turn whatever a function returned into one value that can be sent. It never raises.

    Numbers, arrays, lists of numbers and tensors become arrays of their own dtype. Texts and lists of texts stay as they are.
    Everything else becomes a description. `flatten` also takes structures apart.
    """
    if type(answer) is np.ndarray and answer.dtype.str in _PLAIN:
        return answer
    try:
        return _value(answer)
    except Exception:  # hostile or symbolic: __array__ may do anything
        return Odd(article(type(answer).__name__))


def _value(answer: object) -> Value:
    if answer is None:
        return Odd("None", known=True)
    if isinstance(answer, str):
        return _capped(str.__str__(answer), LONGEST_TEXT)
    if hasattr(answer, "numpy") and not isinstance(answer, np.ndarray):  # a TensorFlow tensor or variable
        answer = answer.numpy()
    if isinstance(answer, list) and type(answer) is not list:  # whose own methods may say anything
        answer = list.__getitem__(answer, slice(None))
    elif isinstance(answer, tuple) and type(answer) is not tuple:
        answer = tuple.__getitem__(answer, slice(None))
    words = _texts(answer)
    if words is not None:
        return words.words[0] if words.kind == "texts" and not words.shape else words
    array = np.asarray(answer)
    if array.dtype.kind in KINDS or _is_small_float(array.dtype):
        return _portable(array)
    return Odd(_described(answer, array))


def real(array: Array) -> Array:
    """An array of real numbers that tells the same: of complex ones, real and imaginary parts along a last axis."""
    if array.dtype.kind != "c":
        return array
    return np.stack([array.real, array.imag], axis=-1)


def _portable(array: Array) -> Array:
    """The array in a dtype that every machine has; one of more than 64 bits, or of ml_dtypes' few, by its values."""
    dtype = array.dtype
    if dtype.kind == "f" and dtype.itemsize > 8:
        return array.astype(np.float64)
    if dtype.kind == "c" and dtype.itemsize > 16:
        return array.astype(np.complex128)
    if _is_small_float(dtype):  # bfloat16 and float8: all their numbers are float32's
        return array.astype(np.int32 if "int" in dtype.name else np.float32)
    return array if dtype.isnative else array.astype(dtype.newbyteorder("="))


def _is_small_float(dtype: np.dtype[Any]) -> bool:
    return dtype.type.__module__.partition(".")[0] == "ml_dtypes"


def _texts(answer: object) -> Texts | None:
    """The answer as words of one kind; None where it is something else."""
    if isinstance(answer, np.ndarray | np.generic):
        return _texts_of_array(np.asarray(answer))
    if isinstance(answer, list | tuple):
        first = next((_texts(item) for item in _items(answer, 1, more=True)), None)
        if first is None:
            return None
        found = [_texts(item) for item in _items(answer, MOST_WORDS)]
        if any(one is None or (one.kind, one.shape) != (first.kind, first.shape) for one in found):
            return None
        if len(found) * len(first.words) > MOST_WORDS or len(first.shape) >= MOST_AXES:
            return None
        return Texts(tuple(word for one in found for word in (one.words if one else ())), (len(found), *first.shape), first.kind)
    atom = _atom(answer)
    return None if atom is None else Texts((atom[1],), (), atom[0])


def _texts_of_array(array: Array) -> Texts | None:
    kind = array.dtype.kind
    if kind not in "USMmO" or array.size > MOST_WORDS:
        return None
    flat = array.ravel()
    if kind == "M":
        return Texts(tuple(_date(str(np.datetime_as_string(date))) for date in flat), array.shape, "dates")
    if kind == "m":
        return Texts(tuple(_span(span) for span in flat), array.shape, "time spans")
    atoms = [_atom(item) for item in flat.tolist()]
    if kind == "O" and (not atoms or None in atoms or len({atom[0] for atom in atoms if atom}) > 1):
        return None
    kinds = {"U": "texts", "S": "bytes"}
    return Texts(tuple(atom[1] for atom in atoms if atom), array.shape, kinds.get(kind) or (atoms[0] or ("", ""))[0])


def _atom(value: object) -> tuple[str, str] | None:
    """What is one word: its kind in the plural, and the word."""
    if isinstance(value, str):
        return "texts", _capped(str.__str__(value), LONGEST_WORD)
    if isinstance(value, bytes | bytearray):
        return "bytes", _capped(repr(bytes(value)), LONGEST_WORD)
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**64:
        return "whole numbers of more than 64 bits", _capped(
            str(value) if value.bit_length() < 10_000 else hex(value), LONGEST_WORD
        )
    if isinstance(value, np.datetime64 | np.timedelta64):
        found = _texts_of_array(np.asarray(value))
        return None if found is None else (found.kind, found.words[0])
    types = [f"{kind.__module__}.{kind.__qualname__}" for kind in type(value).__mro__]
    known: Any = value
    if "datetime.datetime" in types or "datetime.date" in types:
        return "dates", _date(known.isoformat())
    if "datetime.timedelta" in types:
        return "time spans", f"{known.total_seconds():.15g} s"
    for kind, words in _WORDS.items():
        if kind in types:
            return words, _capped(str(known), LONGEST_WORD)
    if "enum.Enum" in types:
        return "enum members", f"{type(value).__name__}.{known.name}"
    return None


_WORDS = {
    "datetime.time": "times",
    "decimal.Decimal": "Decimal numbers",
    "fractions.Fraction": "fractions",
    "uuid.UUID": "UUIDs",
    "pathlib.PurePath": "paths",
    "pathlib._local.PurePath": "paths",
    "builtins.slice": "slices",
    "builtins.ellipsis": "ellipses",
}


def _date(text: str) -> str:
    """A date and time without what is zero at its end, whatever the unit it was kept in."""
    if "T" not in text:
        return text
    day, _, time = text.partition("T")
    time = time.rstrip("0").rstrip(".") if "." in time else time
    return day if time in ("00", "00:00", "00:00:00") else f"{day}T{time if len(time) > 5 else (time + ':00:00')[:8]}"


def _span(span: Any) -> str:
    """A time span in seconds, whatever its unit; months and years have no length in seconds."""
    if np.isnat(span):
        return "NaT"
    try:
        return f"{int(span.astype('m8[ns]').astype(np.int64)) / 1e9:.15g} s"
    except (TypeError, ValueError):
        return str(span)


def _capped(text: str, most: int) -> str:
    """A text; of a long one the beginning, its length and a digest, so that it still equals no other."""
    if len(text) <= most:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{text[:most]} … ({len(text)} characters, digest {digest})"


# Structures --------------------------------------------------------------------------------------------------------


def flatten(answer: object, returns: tuple[str, ...] = ()) -> dict[str, Value]:
    """Name the parts of an answer: `returns` names the members of a tuple, a dict names its own.

    >>> flatten(({"w1": 1.0}, [2.0, 3.0]), ("grads", "history"))
    {'grads.w1': array(1.), 'history': array([2., 3.])}
    >>> flatten([1.0, "a"])
    {'answer': Odd(what='a list of 2 values', known=True), '[0]': array(1.), '[1]': 'a'}
    """
    if len(returns) > 1:
        if not isinstance(answer, tuple | list) or len(answer) != len(returns):
            what = f"{len(answer)} values" if isinstance(answer, tuple | list) else article(type(answer).__name__)
            return {"answer": Odd("None" if answer is None else what)}
        parts = list(zip(returns, answer, strict=True))
    else:
        parts = [(returns[0] if returns else "", answer)]
    values: dict[str, Value] = {}
    for name, part in parts:
        found: dict[str, Value] = {}
        try:
            _spread(part, name, found, 0)
        except _TooMuchError:
            found = {name or "answer": Odd(f"{article(type(part).__name__)} of more than {MOST_PARTS} parts")}
        except Exception:
            found = {name or "answer": Odd(article(type(part).__name__))}
        values |= found
    return values


def _spread(value: Any, path: str, found: dict[str, Value], depth: int) -> None:
    """Write a value and all its parts into `found`, named by the way to each."""
    structure = None if type(value) in (np.ndarray, float, int, bool, str) and not _has_fields(value) else _structure(value)
    if structure is None:
        single = as_value(value)
        if not (isinstance(single, Odd) and isinstance(value, list | tuple | np.ndarray)):
            _put(found, path, single)
            return
        structure = _sequence(value)
    what, parts = structure
    if depth >= DEEPEST:
        _put(found, path, Odd(f"{article(type(value).__name__)} nested more than {DEEPEST} deep"))
        return
    if what and (path or not isinstance(value, Mapping)):
        _put(found, path, Odd(what, known=True))
    for name, part in parts:
        if not path:
            name = name.removeprefix(".").lstrip()
            name = repr(name) if name == "answer" or name.startswith("effect: ") else name
        _spread(part, f"{path}{name}", found, depth + 1)


def _put(found: dict[str, Value], path: str, value: Value) -> None:
    name = path or "answer"
    if len(name) > LONGEST_NAME:
        name = f"{name[: LONGEST_NAME - 10]}…{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    number = 2
    while name in found:  # two keys of one text
        name = f"{name[: LONGEST_NAME - 6]} ({number})"
        number += 1
    found[name] = value
    if len(found) > MOST_PARTS:
        raise _TooMuchError


Structure = tuple[str, list[tuple[str, Any]]]  # what it is, "" where the names of its parts tell, and its named parts


def _has_fields(value: object) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.names is not None


def _structure(value: Any) -> Structure | None:
    """What has parts that are named otherwise than by their place, taken apart; None for everything else."""
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, np.ma.MaskedArray):
        if not np.ma.getmaskarray(value).any():
            return None
        mask = np.ma.getmaskarray(value)
        data = np.where(mask, np.zeros((), value.dtype), np.asarray(value.data))
        return f"a masked array of shape {value.shape}", [(" entries", data), (" masked", mask)]
    if isinstance(value, np.ndarray | np.void) and value.dtype.names:
        names = value.dtype.names
        return f"a structured array of shape {value.shape} with the fields {_listed(names)}", [
            (f".{name}", value[name]) for name in names
        ]
    if isinstance(value, Set) and not isinstance(value, KeysView | ItemsView):
        return f"a set of {len(value)} values", [(" elements", _in_order(value))] if value else []
    if isinstance(value, KeysView | ValuesView | ItemsView):
        return _sequence(_items(value, MOST_ROWS))
    if is_dataclass(value) and not isinstance(value, type):
        names = tuple(entry.name for entry in fields(value))
        return f"a {type(value).__name__} with the fields {_listed(names)}", [
            (f".{name}", getattr(value, name)) for name in names
        ]
    if type(value) is SimpleNamespace:
        return f"a namespace with {_listed(vars(value))}", [(f".{name}", part) for name, part in vars(value).items()]
    return _of_a_library(value)


def _of_a_library(value: Any) -> Structure | None:
    """A table, a sparse matrix or a ragged tensor: known by the names of their classes, so that no library is needed."""
    homes = {kind.__name__: kind.__module__.partition(".")[0] for kind in type(value).__mro__}
    if homes.get("DataFrame") in ("pandas", "polars"):
        columns = [str(name) for name in value.columns]
        what = f"a table (DataFrame) of {len(value)} rows with the columns {_listed(columns)}"
        by_place = value.iloc if hasattr(value, "iloc") else value
        parts = [(f" column {_key(name)}", _cells(by_place[:, place])) for place, name in enumerate(value.columns)]
        return what, [*parts, *([(" index", _cells(value.index))] if hasattr(value, "index") else [])]
    if homes.get("Series") in ("pandas", "polars"):
        index = [(" index", _cells(value.index))] if hasattr(value, "index") else []
        return f"a column (Series) of {len(value)} values", [(" values", _cells(value)), *index]
    if homes.get("Index") == "pandas":
        return f"an index (Index) of {len(value)} values", [(" values", _cells(value))]
    if "scipy" in homes.values() and hasattr(value, "tocoo"):
        return f"a sparse matrix of shape {value.shape}", _sparse(value)
    if "tensorflow" in homes.values() and hasattr(value, "ragged_rank") and hasattr(value, "to_list"):
        return f"a ragged tensor of {value.nrows()} rows", [(" rows", value.to_list())]
    if "tensorflow" in homes.values() and hasattr(value, "dense_shape") and hasattr(value, "indices"):
        shape = [] if value.dense_shape is None else [(" shape", value.dense_shape)]
        return article(type(value).__name__), [(" indices", value.indices), (" values", value.values), *shape]
    return None


def _sparse(value: Any) -> list[tuple[str, Any]]:
    if value.shape[0] * value.shape[-1] <= DENSE:
        return [(" entries", value.toarray())]
    entries = value.tocoo()
    entries.sum_duplicates()
    order = np.lexsort((entries.col, entries.row))
    return [(" rows", entries.row[order]), (" columns", entries.col[order]), (" entries", entries.data[order])]


def _cells(column: Any) -> Any:
    """The cells of a table's column: an array, or a list in which what is missing is None."""
    cells = column.to_numpy()
    if cells.dtype.kind != "O":
        return cells
    return [None if _is_missing(cell) else cell for cell in cells.tolist()]


def _is_missing(cell: object) -> bool:
    return cell is None or type(cell).__name__ in ("NAType", "NaTType") or (isinstance(cell, float) and cell != cell)


def _mapping(value: Mapping[Any, Any]) -> Structure:
    items = islice(dict.items(value) if isinstance(value, dict) else value.items(), MOST_PARTS + 1)
    parts = [(f".{_key(key)}", part) for key, part in items]
    if len(parts) > MOST_PARTS:
        raise _TooMuchError
    return "" if parts else "an empty dict", parts


def _key(key: Any) -> str:
    """A key as a name: a text by itself, every other one in brackets, so that 1 is not "1"."""
    if isinstance(key, str):
        text = key if key.isprintable() else repr(key)[1:-1]
        return _capped_name(text)
    if isinstance(key, np.generic):
        key = key.item()
    if isinstance(key, float) and key.is_integer():  # equal keys have one name
        key = int(key)
    atom = _atom(key)
    simple = isinstance(key, int | float | complex | tuple | frozenset) or key is None
    return f"[{_capped_name(repr(key) if simple else atom[1] if atom else type(key).__name__)}]"


def _capped_name(text: str) -> str:
    return (
        text
        if len(text) <= LONGEST_NAME // 2
        else f"{text[: LONGEST_NAME // 2 - 9]}…{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    )


def _sequence(value: Any) -> Structure:
    """A list or tuple that is not one array: its members, or of a long table its columns."""
    if isinstance(value, np.ndarray):
        return f"an array of objects of shape {value.shape}", [(f"[{place}]", part) for place, part in enumerate(_nested(value))]
    word = "tuple" if isinstance(value, tuple) else "list"
    items = _items(value, MOST_ROWS)
    gaps = [item is None for item in items]
    if any(gaps):
        rest = [item for item in items if item is not None]
        if not isinstance(as_value(rest), Odd):
            return f"a {word} of {len(items)} values", [(" where not None", rest), (" None at", np.flatnonzero(gaps))]
    columns = _columns(items) if len(items) > SINGLE_ROWS else None
    if columns is not None:
        return f"a {word} of {len(items)} rows of {len(columns)}", columns
    if len(items) > MOST_PARTS:
        raise _TooMuchError
    return f"a {word} of {len(items)} values", [(f"[{place}]", item) for place, item in enumerate(items)]


def _nested(value: Array) -> list[Any]:
    return value.tolist() if value.ndim else [value.item()]


def _columns(rows: Sequence[Any]) -> list[tuple[str, Any]] | None:
    """The columns of rows that all have the same entries; None where they have not, or hold several kinds of values."""
    first = rows[0]
    if isinstance(first, dict) and first and all(isinstance(row, dict) and row.keys() == first.keys() for row in rows):
        columns = [(f"[:].{_key(key)}", [row[key] for row in rows]) for key in first]
    elif isinstance(first, list | tuple) and first and all(isinstance(r, list | tuple) and len(r) == len(first) for r in rows):
        columns = [(f"[:, {place}]", [row[place] for row in rows]) for place in range(len(first))]
    else:
        return None
    return None if any(isinstance(as_value(column), Odd) for _, column in columns) else columns


def _items(value: Iterable[Any], most: int, *, more: bool = False) -> list[Any]:
    """The members of a list or tuple, whatever its own methods say; at most so many.

    Raises:
        _TooMuchError: there are more, and `more` does not allow that.
    """
    iterator = (
        list.__iter__(value) if isinstance(value, list) else tuple.__iter__(value) if isinstance(value, tuple) else iter(value)
    )
    items = list(islice(iterator, most + 1))
    if len(items) > most and not more:
        raise _TooMuchError
    return items[:most]


def _in_order(elements: Set[Any]) -> list[Any]:
    """A set's elements in an order of their own: numbers by size, everything else by its kind and its text."""
    found = _items(elements, MOST_WORDS)
    if all(isinstance(element, int | float) for element in found):
        return sorted(found)
    return sorted(found, key=lambda element: (type(element).__name__, repr(element)))


# Words -------------------------------------------------------------------------------------------------------------


def _described(answer: object, array: Array) -> str:
    if isinstance(answer, list | tuple):
        return f"{article(type(answer).__name__)} of {len(answer)} values"
    words = {"O": "objects", "V": "records"}
    if array.ndim == 0 and array.dtype.kind == "O":
        return article(type(answer).__name__)
    return f"an array of {words.get(array.dtype.kind, str(array.dtype))}"


def _listed(names: Iterable[str], most: int = 8) -> str:
    listed = [_key(name) for name in islice(names, most + 1)]
    return ", ".join(listed[:most]) + (", …" if len(listed) > most else "")


def article(noun: str) -> str:
    """A noun with its article: "an int", "a str"."""
    return f"{'an' if noun[:1].lower() in 'aeiou' or noun.startswith('nd') else 'a'} {noun[:80]}"


__all__ = ["Array", "KINDS", "Odd", "Texts", "Value", "article", "as_value", "flatten", "real"]
