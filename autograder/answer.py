"""How one case ended in a worker: the closed set of endings, each a claim and never a verdict."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from autograder.calls import Called, Calls, calls_in
from autograder.observation import Observation, ObservationError, Odd, Value, pack, text_of, unpack


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
        calls: what a rule names and the code called, None where nobody looked.
    """

    ending: Ending
    observation: Mapping[str, Value] = field(default_factory=dict)
    error: str = ""
    place: str = ""
    inside: str = ""
    printed: str = ""
    seconds: float = 0.0
    calls: Calls | None = None

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
                **(self.calls.entries() if self.calls is not None else {}),
                **{f"observation/{name}": value for name, value in self.observation.items()},
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes, *, ours: bool = False) -> Answer:
        """Read an answer.

        Args:
            data: the bytes.
            ours: whether we wrote them, so that they may tell of what only a grader can see.

        Raises:
            ValueError: the bytes are no answer (ObservationError), or claim an ending that only the grader can see.
        """
        values: Observation = unpack(data)
        if text_of(values, "ending") not in (set(Ending) if ours else CLAIMABLE):
            raise ObservationError(f"an answer must say how it ended. Received: {text_of(values, 'ending')[:40]!r}")
        prefix = "observation/"
        return cls(
            ending=Ending(text_of(values, "ending")),
            observation={
                plain(name[len(prefix) :], 80): Odd(plain(value.what, 200)) if isinstance(value, Odd) else value
                for name, value in values.items()
                if name.startswith(prefix)
            },
            error=plain(text_of(values, "error"), 400),
            place=plain(text_of(values, "place"), 200),
            inside=plain(text_of(values, "inside"), 80),
            printed=plain(text_of(values, "printed"), 2000, lines=True),
            seconds=_seconds(values.get("seconds")),
            calls=_fit_to_show(calls_in(values)),
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


def plain(text: str, most: int, *, lines: bool = False) -> str:
    """Make text from a worker fit to show: capped, and without control or direction-changing characters."""
    kept = "".join(
        char if char.isprintable() or (lines and char == "\n") else " "
        for char in text[: most + 1]
        if char not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
    )
    return kept if len(text) <= most else kept[:most] + " …"


def _fit_to_show(calls: Calls | None) -> Calls | None:
    if calls is None:
        return None
    called = calls.called.items()
    return Calls(
        {plain(name, 80): Called(one.times, plain(one.name, 80), plain(one.place, 80)) for name, one in called}, calls.turns
    )


def _seconds(value: Value | None) -> float:
    return float(value) if isinstance(value, np.ndarray) and value.shape == () and np.isfinite(value) else 0.0
