"""A stand-in for a function that does not work yet: it answers from the calls that the reference made of its own.

For the grader, a worker with the reference in it *records* how the function of a check calls another one: what with, and what it
got. A worker with a submission in it then *plays* them: while a case runs, the other function is one that knows these calls and
nothing else. Both need plain values, which can be written down: where a tensor, a model or a generator is handed over, or an
argument is changed, nothing is recorded, and there is no stand-in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from inspect import Signature
from typing import Any

import numpy as np

from autograder.checks.binding import Bound, Implementation, UnfitError, contract_of, parameters_of
from autograder.observation import Array, Observation, as_value, same_tree, text_of
from autograder.observation.calls import PLAY, RECORD, pack_calls, played
from autograder.observation.closeness import explain_difference

CALLS_MOST = 400  # in one case
BYTES_MOST = 2**18  # of what was handed over and given back, in one case
ALIKE = 1e-4  # relative, of what a stand-in is handed: an intermediate value in float32 is the same value


class OtherInputsError(UnfitError):
    """A stand-in is called with what the reference did not call the function with."""


class _NotPlainError(Exception):
    """What cannot be written down."""


@dataclass
class Recorder:
    """The calls of some functions, while a case runs.

    Attributes:
        calls: each with the function's name, its arguments by the contract's names, and what it returned.
        whole: whether all of them could be written down.
    """

    calls: list[dict[str, Any]] = field(default_factory=list)
    whole: bool = True

    def recording(self, name: str, function: Callable[..., Any], signature: Signature) -> Callable[..., Any]:
        """The function, whose calls are recorded."""

        def recorded(*arguments: Any, **named: Any) -> Any:
            handed = _given(signature, arguments, named)
            before, made = self._copy(handed), False
            try:
                result = function(*arguments, **named)
                made = True
            finally:
                self.whole = self.whole and made and len(self.calls) < CALLS_MOST and same_tree(before, handed)
            returned = self._copy(result)
            if self.whole:
                self.calls.append({"of": name, "with": before, "gives": returned})
            return result

        return recorded

    def _copy(self, value: Any) -> Any:
        try:
            return _plain(value)
        except _NotPlainError:
            self.whole = False
            return None

    def values(self) -> dict[str, Array]:
        """What was recorded, as named values; none if it is too much, or could not be written down."""
        if not self.whole:
            return {}
        packed = pack_calls(self.calls)
        return packed if sum(value.nbytes for value in packed.values()) <= BYTES_MOST else {}


class StandIn:
    """A function that knows some calls, and answers no other."""

    def __init__(self, name: str, signature: Signature, calls: Sequence[Mapping[str, Any]]) -> None:
        self.name = name
        self.signature = signature
        self.calls = calls
        self.made = 0

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """What the reference got for these arguments.

        Raises:
            OtherInputsError: it never called the function so.
        """
        try:
            given = _given(self.signature, arguments, named)
        except TypeError as error:
            raise OtherInputsError(f"it calls `{self.name}` otherwise than by its definition: {error}") from None
        place, self.made = self.made, self.made + 1
        for call in (*self.calls[place:], *self.calls[:place]):  # as a rule, in the reference's order
            if all(_alike(given.get(name), value) for name, value in call["with"].items()):
                return _fresh(call["gives"])
        raise OtherInputsError(
            f"it calls `{self.name}` with other inputs than the reference does: {self._difference(given, place)}"
        )

    def _difference(self, given: Mapping[str, Any], place: int) -> str:
        if not self.calls:
            return "that does not call it in this case"
        wanted = self.calls[min(place, len(self.calls) - 1)]["with"]
        name = next(name for name, value in wanted.items() if not _alike(given.get(name), value))
        sentence = _apart(given.get(name), wanted[name])
        return f"`{name}`: {sentence}" if sentence else f"`{name}` differs"


@contextmanager
def with_others(module: Implementation, asked: Observation) -> Iterator[Recorder | None]:
    """While a case runs, record the calls of other functions, or have stand-ins for them, if the question says so."""
    names, playing = text_of(asked, RECORD).split(), text_of(asked, PLAY).split()
    if not names and not playing:
        yield None
        return
    recorder = Recorder()
    before = {name: getattr(module, name) for name in (*names, *playing) if hasattr(module, name)}
    calls = played(asked)
    try:
        for name in names:
            function = before.get(name)
            if isinstance(function, Bound) and function.fit is not None:
                setattr(module, name, recorder.recording(name, function, function.fit.contract))
            else:
                recorder.whole = False
        for name in playing:
            signature = parameters_of(contract_of(module, name))
            setattr(module, name, StandIn(name, signature, [call for call in calls if call["of"] == name]))
        yield recorder if names else None
    finally:
        for name in (*names, *playing):
            if name in before:
                setattr(module, name, before[name])
            elif hasattr(module, name):
                delattr(module, name)


def _given(signature: Signature, arguments: Sequence[Any], named: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call by the contract's names, its defaults among them.

    Raises:
        TypeError: they do not fit.
    """
    bound = signature.bind(*arguments, **named)
    bound.apply_defaults()
    return {name: value for name, value in bound.arguments.items() if value is not ...}


def _plain(value: Any) -> Any:
    """A copy of a value that is made of numbers, texts, arrays of numbers, dicts, lists and tuples.

    Raises:
        _NotPlainError: it holds something else.
    """
    if value is None or isinstance(value, bool | int | float | str | np.generic):
        return value
    if type(value) is np.ndarray and value.dtype.kind in "biuf":
        return value.copy()
    if type(value) is dict and all(isinstance(key, str) for key in value):
        return {key: _plain(part) for key, part in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_plain(part) for part in value)
    raise _NotPlainError


def _fresh(value: Any) -> Any:
    """A value as a function would return it: arrays that may be changed, and NumPy's numbers in place of 0-d arrays."""
    if isinstance(value, np.ndarray):
        return value[()] if value.ndim == 0 else value.copy()
    if isinstance(value, float):
        return np.float64(value)
    if isinstance(value, dict):
        return {key: _fresh(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_fresh(part) for part in value)
    return value


def _alike(given: Any, wanted: Any) -> bool:
    """Whether what a stand-in was handed is what the reference handed over, whatever kind of array or number it is."""
    if isinstance(wanted, Mapping):
        return isinstance(given, Mapping) and set(given) == set(wanted) and all(_alike(given[key], wanted[key]) for key in wanted)
    if isinstance(wanted, list | tuple) and any(isinstance(part, Mapping | str) or part is None for part in wanted):
        return isinstance(given, list | tuple) and len(given) == len(wanted) and all(map(_alike, given, wanted))
    if wanted is None or isinstance(wanted, str):
        return type(given) is type(wanted) and bool(given == wanted)
    return isinstance(as_value(wanted), np.ndarray) and not _apart(given, wanted)


def _apart(given: Any, wanted: Any) -> str:
    """How numbers that were handed over differ from the reference's, whatever kind of number they are."""
    one, other = as_value(given), as_value(wanted)
    one, other = (value.astype(np.float64) if isinstance(value, np.ndarray) else value for value in (one, other))
    return explain_difference(one, other, rtol=ALIKE, atol=1e-6)
