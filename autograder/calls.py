"""What a submission's code called while a case ran, as its worker tells it: a claim, like everything a worker says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from autograder.observation import ObservationError, Value

WATCHED = "watched"  # the entry that says that somebody looked, even if nothing was seen
TIMES, AS = "times called: ", "called as: "  # begin the names of entries, each for one name of a rule
TURNS = "turns"
MOST = 64  # names that one answer may tell of
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
        told: dict[str, Value] = {WATCHED: "yes", TURNS: np.array(self.turns)}
        for name, found in self.called.items():
            told[TIMES + name] = np.array(found.times)
            told[AS + name] = f"{found.name}\n{found.place}"
        return told


def calls_in(values: Mapping[str, Value]) -> Calls | None:
    """What an answer's entries tell; None where nobody looked.

    Raises:
        ObservationError: an entry is of another kind, or there are too many.
    """
    if WATCHED not in values:
        return None
    names = [name.removeprefix(TIMES) for name in values if name.startswith(TIMES)]
    if len(names) > MOST:
        raise ObservationError(f"an answer must tell of at most {MOST} calls. Received: {len(names)}")
    called = {}
    for name in names:
        told = values.get(AS + name, "")
        if not isinstance(told, str):
            raise ObservationError(f"what was called must be told as text. Received: {type(told).__name__}")
        known, _, place = told.partition("\n")
        called[name] = Called(_count(values[TIMES + name]), known, place)
    return Calls(called, _count(values.get(TURNS)))


def _count(value: Value | None) -> int:
    whole = isinstance(value, np.ndarray) and value.shape == () and value.dtype.kind in "iu"
    if not whole or not 0 <= int(value) <= LARGEST:  # type: ignore[arg-type]
        raise ObservationError("a number of calls must be a whole number from 0 to 2**53")
    return int(value)  # type: ignore[arg-type]
