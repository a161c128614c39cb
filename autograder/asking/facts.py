"""What a worker told of a function, read as bounded data: nothing of it is believed to be more than numbers and short texts."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from autograder.text import plain

BYTES_MOST = 4_000_000  # of what is told of one function
MANY = 2_000  # entries of any list
NAME_MOST, TEXT_MOST, CALL_MOST = 80, 60, 600
AXES_MOST, SIZE_MOST = 8, 10**9
NUMERIC = frozenset({"truth value", "whole number", "float", "array", "tensor", "variable"})
KINDS = NUMERIC | {"None", "text", "list", "tuple", "dict", "function", "other"}
OUTCOMES = frozenset({"error", "form", "numbers", "same", "unclear"})
ROLES = frozenset({"parameter", "variable", "import", "module", "builtin"})
STATEMENTS = frozenset({"assign", "return", "call", "for", "while", "if", "other"})

T = TypeVar("T")


class FactsError(ValueError):
    """What a worker told is not of the form that it must have; nothing is asked about that function."""


@dataclass(frozen=True)
class Seen:
    """What a variable held: its kind, and its dtype, shape and numbers where it has them.

    Attributes:
        kind: one of KINDS.
        exact: whether a number is Python's own, and not NumPy's.
    """

    kind: str
    dtype: str = ""
    shape: tuple[int, ...] | None = None
    numbers: tuple[float, ...] | None = None
    text: str = ""
    exact: bool = False


@dataclass(frozen=True)
class Line:
    """One statement; see `beside.statements.Statement`."""

    line: int
    end: int
    kind: str
    targets: tuple[str, ...]
    alone: bool
    comprehends: bool
    loops: int
    branch: bool
    constant: bool


@dataclass(frozen=True)
class Trace:
    """One run: how it ended, how often each line began, and what each variable held after each line."""

    error: str
    counts: Mapping[int, int]
    values: Mapping[tuple[int, str], tuple[Seen, ...]]


@dataclass(frozen=True)
class LeftOut:
    """What the runs of a call did without a line, the displayed one first, and what that one returned or raised."""

    line: int
    outcomes: tuple[str, ...]
    error: str
    result: Seen

    @property
    def outcome(self) -> str:
        """What the displayed call did."""
        return self.outcomes[0]


@dataclass(frozen=True)
class Reading:
    """What a variable held where its line was read in another way."""

    line: int
    name: str
    way: str
    values: tuple[Seen, ...]


@dataclass(frozen=True)
class CallFacts:
    """What was seen of one call."""

    id: str
    text: str
    error: str
    result: Seen
    random: bool
    traces: tuple[Trace, ...]
    without: tuple[LeftOut, ...] = ()
    otherwise: tuple[Reading, ...] = ()

    @property
    def trace(self) -> Trace:
        """The run of the call as it is displayed."""
        return self.traces[0]


@dataclass(frozen=True)
class Role:
    """Where a name in a line comes from."""

    name: str
    line: int
    role: str


@dataclass(frozen=True)
class Facts:
    """What was seen of one function.

    Attributes:
        function: its name.
        first, last: its first line and its last.
        doc: the first and the last line of its docstring; (0, 0) if it has none.
        skipped: why nothing was seen, or "".
    """

    function: str
    first: int = 0
    last: int = 0
    doc: tuple[int, int] = (0, 0)
    skipped: str = ""
    lines: tuple[Line, ...] = ()
    names: tuple[Role, ...] = ()
    calls: tuple[CallFacts, ...] = field(default=(), repr=False)


def facts_from(function: str, told: object, lines: int) -> Facts:
    """Read what a worker told of a function in a file of so many lines.

    Raises:
        FactsError: it is not of the form that it must have.
    """
    if not isinstance(told, np.ndarray) or told.dtype != np.uint8 or told.ndim != 1 or told.size > BYTES_MOST:
        raise FactsError("it must be bytes")
    try:
        read = json.loads(told.tobytes())
    except (ValueError, RecursionError):
        raise FactsError("it must be JSON") from None
    return _facts(function, _dict(read), lines)


def _facts(function: str, told: dict[str, Any], lines: int) -> Facts:
    if "skipped" in told:
        return Facts(function, skipped=_text(told["skipped"], 200))

    def number(value: object) -> int:
        return _int(value, 1, lines)

    return Facts(
        function,
        number(told.get("first")),
        number(told.get("last")),
        (_int(told.get("doc first"), 0, lines), _int(told.get("doc last"), 0, lines)),
        lines=tuple(_line(one, number) for one in _list(told.get("statements"))),
        names=tuple(_role(one, number) for one in _list(told.get("names"))),
        calls=tuple(_call(one, number) for one in _list(told.get("calls"))),
    )


def _line(told: object, number: Callable[[object], int]) -> Line:
    one = _dict(told)
    return Line(
        number(one.get("line")),
        number(one.get("end")),
        _among(one.get("kind"), STATEMENTS),
        tuple(_text(name, NAME_MOST) for name in _list(one.get("targets"))),
        _bool(one.get("alone")),
        _bool(one.get("comprehends")),
        _int(one.get("loops"), 0, 100),
        _bool(one.get("branch")),
        _bool(one.get("constant")),
    )


def _role(told: object, number: Callable[[object], int]) -> Role:
    one = _dict(told)
    return Role(_text(one.get("name"), NAME_MOST), number(one.get("line")), _among(one.get("role"), ROLES))


def _call(told: object, number: Callable[[object], int]) -> CallFacts:
    one = _dict(told)
    traces = tuple(_trace(trace, number) for trace in _list(one.get("traces")))
    if not traces:
        raise FactsError("a call must have a trace")
    return CallFacts(
        _text(one.get("id"), 200),
        _text(one.get("text"), CALL_MOST),
        _text(one.get("error"), NAME_MOST),
        _seen(one.get("result")),
        _bool(one.get("random")),
        traces,
        tuple(_left_out(line, number) for line in _list(one.get("without"))),
        tuple(_reading(line, number) for line in _list(one.get("otherwise"))),
    )


def _trace(told: object, number: Callable[[object], int]) -> Trace:
    one = _dict(told)
    counts = {}
    for pair in _list(one.get("counts")):
        line, count = _list(pair, exactly=2)
        counts[number(line)] = _int(count, 1, SIZE_MOST)
    values = {}
    for place, several in _dict(one.get("values")).items():
        line, _, name = place.partition(":")
        if not line.isdecimal():
            raise FactsError("a value must have a line")
        values[number(int(line[:9])), _text(name, NAME_MOST)] = tuple(map(_seen, _list(several)))
    return Trace(_text(one.get("error"), NAME_MOST), counts, values)


def _left_out(told: object, number: Callable[[object], int]) -> LeftOut:
    one = _dict(told)
    outcomes = tuple(_among(outcome, OUTCOMES) for outcome in _list(one.get("outcomes")))
    if not outcomes:
        raise FactsError("a line that was left out must have an outcome")
    return LeftOut(number(one.get("line")), outcomes, _text(one.get("error"), NAME_MOST), _seen(one.get("result")))


def _reading(told: object, number: Callable[[object], int]) -> Reading:
    one = _dict(told)
    values = tuple(map(_seen, _list(one.get("values"))))
    return Reading(number(one.get("line")), _text(one.get("name"), NAME_MOST), _text(one.get("way"), NAME_MOST), values)


def _seen(told: object) -> Seen:
    one = _dict(told)
    if not one:
        return Seen("other")
    shape = None if one.get("shape") is None else tuple(_int(size, 0, SIZE_MOST) for size in _list(one["shape"], AXES_MOST))
    numbers = None if one.get("numbers") is None else tuple(map(_number, _list(one["numbers"])))
    if numbers is not None and (shape is None or len(numbers) != math.prod(shape)):
        raise FactsError("a value must have as many numbers as its shape has entries")
    return Seen(
        _among(one.get("kind"), KINDS),
        _text(one.get("dtype", ""), NAME_MOST),
        shape,
        numbers,
        _text(one.get("text", ""), TEXT_MOST),
        _bool(one.get("exact", False)),
    )


def _number(value: object) -> float:
    if value in ("nan", "inf", "-inf"):
        return float(str(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FactsError("a number must be one")
    return float(value)


def _dict(value: object) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > MANY:
        raise FactsError("a part of it must be a dict")
    return value


def _list(value: object, most: int = MANY, *, exactly: int | None = None) -> list[Any]:
    if not isinstance(value, list) or len(value) > most or (exactly is not None and len(value) != exactly):
        raise FactsError("a part of it must be a list")
    return value


def _text(value: object, most: int) -> str:
    if not isinstance(value, str):
        raise FactsError("a part of it must be a text")
    return plain(value, most)


def _int(value: object, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise FactsError(f"a number must be whole and from {low} to {high}")
    return value


def _bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise FactsError("a part of it must be true or false")
    return value


def _among(value: object, known: frozenset[str]) -> str:
    if not isinstance(value, str) or value not in known:
        raise FactsError(f"a part of it must be one of {', '.join(sorted(known))}")
    return value


def each_line(facts: Facts) -> Iterator[Line]:
    """The statements that a question can point to: each in a line of its own."""
    return (one for one in facts.lines if one.alone)
