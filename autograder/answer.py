"""How one case ended in a worker: the closed set of endings, each a claim and never a verdict."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from autograder.observation import Observation, ObservationError, Odd, Value, pack, unpack
from autograder.text import plain, shortened, shown, visible

OBSERVED = "observation/"  # begins the name of an entry that the check observed
FIELDS = {"ending", "error", "place", "inside", "printed", "seconds"}  # of every answer, besides
LONGEST = 86_400.0  # seconds: no case may take a day
NAME_MOST, ODD_MOST, TEXT_MOST = 80, 200, 10_000  # characters of a name, a description, a text in an answer


class Ending(StrEnum):
    """What became of one call of `observe`."""

    RETURNED = "returned"
    RAISED = "raised"
    NOT_STARTED = "not started"  # raised NotImplementedError, as the stub does
    MISSING = "missing"  # the file has no such function
    UNFIT = "unfit"  # the function cannot be called with these arguments
    ENDED = "ended"  # the process ended by itself, or a signal ended it
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    OVER_LIMIT = "over a limit"  # of what it may print, answer, write, open or start
    BROKE_OFF = "broke off"  # the worker said something that the protocol does not allow
    UNREADY = "unready"  # ours: the worker could not be set up


# What a worker may say of itself. That it could not be set up, least of all: our faults cost no points.
CLAIMABLE = {
    Ending.RETURNED,
    Ending.RAISED,
    Ending.NOT_STARTED,
    Ending.MISSING,
    Ending.UNFIT,
    Ending.OUT_OF_MEMORY,
    Ending.OVER_LIMIT,
}


@dataclass(frozen=True)
class Answer:
    """What a worker said about one case.

    Attributes:
        ending: how it ended.
        observation: the named arrays, where it returned.
        error: the exception's type and text, or why there is no observation, in one sentence.
        place: where in the student's file, "line 12: return a / b".
        inside: the function that raised.
        printed: what the code wrote to stdout and stderr, capped.
        seconds: how long the case took in the worker.
    """

    ending: Ending
    observation: Mapping[str, Value] = field(default_factory=dict)
    error: str = ""
    place: str = ""
    inside: str = ""
    printed: str = ""
    seconds: float = 0.0

    def to_bytes(self) -> bytes:
        """The answer as it crosses the boundary."""
        return pack(
            {
                "ending": self.ending.value,
                "error": self.error,
                "place": self.place,
                "inside": self.inside,
                "printed": self.printed,
                "seconds": np.array(self.seconds),
                **{f"{OBSERVED}{name}": value for name, value in self.observation.items()},
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes, *, ours: bool = False, within: float = LONGEST) -> Answer:
        """Read an answer: the one place where what a worker says is looked at, field by field.

        Args:
            data: the bytes.
            ours: whether we wrote them, so that they may tell of what only a grader can see.
            within: seconds that the case can have taken at most.

        Raises:
            ObservationError: the bytes are no answer, or a field has another type or range than it can have.
        """
        values: Observation = unpack(data)
        fields = {name: values[name] for name in values if not name.startswith(OBSERVED)}
        if fields.keys() != FIELDS:
            wrong = ", ".join(sorted(fields.keys() ^ FIELDS))
            raise ObservationError(f"an answer must have the fields {', '.join(sorted(FIELDS))}. Received: {shown(wrong)}")
        texts = {name: _text(name, fields[name]) for name in FIELDS - {"seconds"}}
        if texts["ending"] not in (set(Ending) if ours else CLAIMABLE):
            raise ObservationError(f"an answer must say how it ended. Received: {shown(texts['ending'][:40])}")
        return cls(
            ending=Ending(texts["ending"]),
            observation=_observation(values, ours=ours),
            error=plain(texts["error"], 400),
            place=plain(texts["place"], 200),
            inside=plain(texts["inside"], 80),
            printed=plain(texts["printed"], 2000, lines=True),
            seconds=_seconds(fields["seconds"], within),
        )

    @property
    def signature(self) -> str:
        """The kind of failure without its particulars: two runs of one mistake have the same signature.

        Whatever trips over a None that a tape gave back counts as one failure; names, numbers and shapes do not count.
        """
        if "NoneType" in self.error:
            return "raised: tripped over None"
        words = re.sub(r"\{\{.*?\}\}|'[^']*'|\"[^\"]*\"|`[^`]*`|[-+]?\d[\d.e+-]*|\[.*?\]|\(.*?\)", "", self.error)
        return f"{self.ending}: {' '.join(words.split())}"

    @property
    def failure(self) -> tuple[str, str]:
        """Digests of the signature and of the error: enough to tell whether two failed alike, and how exactly."""
        kind, words = (hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() for text in (self.signature, self.error))
        return kind, words


def _text(name: str, value: Value) -> str:
    if not isinstance(value, str):
        raise ObservationError(f"`{name}` of an answer must be a text. Received: {type(value).__name__}")
    return value


def _seconds(value: Value, within: float) -> float:
    if not isinstance(value, np.ndarray) or value.dtype != np.float64 or value.shape != ():
        raise ObservationError("`seconds` of an answer must be one float64")
    if not 0 <= float(value) <= within:  # nan is neither
        raise ObservationError(f"`seconds` of an answer must be between 0 and {within:g}. Received: {float(value):g}")
    return float(value)


def _observation(values: Observation, *, ours: bool) -> dict[str, Value]:
    """The named values of an answer; names and texts visible and of a sensible length, and as different as they were."""
    found: dict[str, Value] = {}
    for label, value in values.items():
        if not label.startswith(OBSERVED):
            continue
        name = label.removeprefix(OBSERVED)
        if not ours:
            name = shortened(visible(name), NAME_MOST)
            if isinstance(value, Odd):
                value = Odd(shortened(visible(value.what), ODD_MOST))
            elif isinstance(value, str):
                value = shortened(value, TEXT_MOST)
        if name in found:
            raise ObservationError(f"an entry of an answer must be named once. Received: {shown(name)} twice")
        found[name] = value
    return found
