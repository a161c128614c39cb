"""What a submission's code called while a case ran, as its worker tells it: a claim, like everything a worker says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from autograder.observation import ObservationError, Value
from autograder.text import plain, visible

WATCHED = "watched"  # the entry that says that somebody looked, even if nothing was seen
TIMES, AS = "times called: ", "called as: "  # begin the names of entries, each for one name of a rule
TURNS = "turns"
MOST = 256  # names that one answer may tell of
NAME_MOST, PLACE_MOST = 200, 80  # characters of a name in a rule, and of what was called, and where
LARGEST = 2**53


@dataclass(frozen=True)
class Called:
    """Something that a rule names and the submission's own code called.

    Attributes:
        times: how often.
        name: what it is called where it comes from, such as "keras.ops.sigmoid".
        place: where the first call stands, such as "line 12"; "" where that is not known.
    """

    times: int
    name: str = ""
    place: str = ""


@dataclass(frozen=True)
class Calls:
    """What was seen during one case: calls by the name that a rule gives them, and turns of the submission's own loops.

    A turn is one round of a `for`, a `while` or a comprehension, or one call of a function of the submission's own.
    """

    called: Mapping[str, Called]
    turns: int = 0

    def entries(self) -> dict[str, Value]:
        """The entries of an answer that tell it."""
        told: dict[str, Value] = {WATCHED: "yes", TURNS: np.array(self.turns, dtype=np.int64)}
        for name, found in list(self.called.items())[:MOST]:
            told[TIMES + name] = np.array(found.times, dtype=np.int64)
            told[AS + name] = f"{found.name}\n{found.place}"
        return told


def tells_of_calls(name: str) -> bool:
    """Whether an entry of an answer by this name tells of calls."""
    return name in (WATCHED, TURNS) or name.startswith((TIMES, AS))


def calls_in(values: Mapping[str, Value]) -> Calls | None:
    """What an answer's entries tell, each fit to be shown; None where nobody looked.

    Raises:
        ObservationError: an entry is of another kind or range, lacks another that belongs to it, or there are too many.
    """
    told = {name for name in values if tells_of_calls(name)}
    if not told:
        return None
    names = [name.removeprefix(TIMES) for name in values if name.startswith(TIMES)]
    if len(names) > MOST:
        raise ObservationError(f"an answer must tell of at most {MOST} calls. Received: {len(names)}")
    if told != {WATCHED, TURNS, *(TIMES + name for name in names), *(AS + name for name in names)}:
        raise ObservationError("an answer must tell of each call how often and as what, and of the turns of loops")
    if not isinstance(values[WATCHED], str) or values[WATCHED] != "yes":
        raise ObservationError("`watched` of an answer must be yes")
    return Calls({name: _called(name, values[TIMES + name], values[AS + name]) for name in names}, _count(values[TURNS]))


def _called(name: str, times: Value, told: Value) -> Called:
    if len(name) > NAME_MOST or visible(name) != name:
        raise ObservationError(f"what a rule names must be a name. Received: {visible(name[:NAME_MOST])}")
    if not isinstance(told, str):
        raise ObservationError(f"what was called must be told as text. Received: {type(told).__name__}")
    known, _, place = told.partition("\n")
    return Called(_count(times), plain(known, PLACE_MOST), plain(place, PLACE_MOST))


def _count(value: Value) -> int:
    if not isinstance(value, np.ndarray) or value.dtype != np.int64 or value.shape != () or not 0 <= int(value) <= LARGEST:
        raise ObservationError("a number of calls must be one int64 from 0 to 2**53")
    return int(value)
