"""How one case ended in a worker: the closed set of endings, each a claim and never a verdict."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from autograder.observation import Observation, ObservationError, Odd, Texts, Value, pack, unpack
from autograder.observation.answer.calls import Calls, calls_in, tells_of_calls
from autograder.observation.parts import MOST_AXES, MOST_WORDS
from autograder.text import plain, shortened, shown, visible

OBSERVED = "observation/"  # begins the name of an entry that the check observed
FIELDS = {"ending", "error", "place", "inside", "printed", "seconds"}  # of every answer, besides
OPTIONAL = {"names", "places"}  # fields that an answer has where there is something to say
LONGEST = 86_400.0  # seconds: no case may take a day
NAME_MOST, KIND_MOST, ODD_MOST = 80, 80, 200  # characters of a name, of what words are, of a description in an answer
WORD_MOST, TEXT_MOST = 500, 11_000  # characters of one of many texts, and of a text; `parts` shortens them first
NAMED_MOST = 32  # parameters of a function that have other names


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
        names: the contract's parameters that the function calls by another name, and that name: to show the call.
        places: the contract's parameters that the function takes by position only, in its order: for the same.
        calls: what a rule names and the code called, None where nobody looked.
    """

    ending: Ending
    observation: Mapping[str, Value] = field(default_factory=dict)
    error: str = ""
    place: str = ""
    inside: str = ""
    printed: str = ""
    seconds: float = 0.0
    names: Mapping[str, str] = field(default_factory=dict)
    calls: Calls | None = None
    places: tuple[str, ...] = ()

    def to_bytes(self) -> bytes:
        """The answer as it crosses the boundary."""
        shown_names = [(name, theirs) for name, theirs in self.names.items() if _nameable(name) and _nameable(theirs)]
        names = dict(shown_names[:NAMED_MOST])
        places = self.places if len(self.places) <= NAMED_MOST and all(_nameable(name) for name in self.places) else ()
        return pack(
            {
                "ending": self.ending.value,
                "error": self.error,
                "place": self.place,
                "inside": self.inside,
                "printed": self.printed,
                "seconds": np.array(self.seconds),
                **{f"{OBSERVED}{name}": value for name, value in self.observation.items()},
                **({"names": " ".join(f"{name}={theirs}" for name, theirs in names.items())} if names else {}),
                **({"places": " ".join(places)} if places else {}),
                **(self.calls.entries() if self.calls is not None else {}),
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
        known = {name for name in fields if name in OPTIONAL or tells_of_calls(name)}
        wrong = ", ".join(sorted(fields.keys() - known ^ FIELDS))
        if wrong:
            raise ObservationError(f"an answer must have the fields {', '.join(sorted(FIELDS))}. Received: {shown(wrong)}")
        texts = {name: _text(name, fields[name]) for name in FIELDS | OPTIONAL if name in fields and name != "seconds"}
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
            names=_names(texts.get("names", "")),
            calls=calls_in(fields),
            places=_places(texts.get("places", "")),
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


def _names(text: str) -> dict[str, str]:
    """Pairs of identifiers, "x=images kernel=W"."""
    pairs = [pair.partition("=") for pair in text.split(" ")] if text else []
    if len(pairs) > NAMED_MOST or not all(_nameable(name) and _nameable(theirs) for name, _, theirs in pairs):
        raise ObservationError(f"`names` of an answer must be pairs of names. Received: {shown(text[:80])}")
    if len({name for name, _, _ in pairs}) < len(pairs):
        raise ObservationError(f"`names` of an answer must name a parameter once. Received: {shown(text[:80])}")
    return {name: theirs for name, _, theirs in pairs}


def _places(text: str) -> tuple[str, ...]:
    """Identifiers, "x kernel"."""
    names = text.split(" ") if text else []
    if len(names) > NAMED_MOST or len(set(names)) < len(names) or not all(_nameable(name) for name in names):
        raise ObservationError(f"`places` of an answer must be names, each once. Received: {shown(text[:80])}")
    return tuple(names)


def _nameable(name: str) -> bool:
    """Whether a parameter's name can be shown as it is: not all letters of Python's names can be seen."""
    return name.isidentifier() and len(name) <= NAME_MOST and visible(name) == name


def _observation(values: Observation, *, ours: bool) -> dict[str, Value]:
    """The named values of an answer; names and texts visible and of a sensible length, and as different as they were."""
    found: dict[str, Value] = {}
    for label, value in values.items():
        if not label.startswith(OBSERVED):
            continue
        name = label.removeprefix(OBSERVED)
        if not ours:
            name = _words(name, NAME_MOST)
            value = _value(value)
        if name in found:
            raise ObservationError(f"an entry of an answer must be named once. Received: {shown(name)} twice")
        found[name] = value
    return found


def _words(text: str, most: int) -> str:
    """A text that can be seen and is of a sensible length; megabytes are cut before they are looked at."""
    return shortened(visible(shortened(text, 4 * most)), most)


def _value(value: Value) -> Value:
    """A value whose words are of a sensible length and number."""
    if isinstance(value, Odd):
        return Odd(_words(value.what, ODD_MOST), value.known)
    if isinstance(value, str):
        return shortened(value, TEXT_MOST)
    if isinstance(value, Texts):
        if len(value.words) > MOST_WORDS or len(value.shape) > MOST_AXES or any(size >= 2**63 for size in value.shape):
            raise ObservationError(
                f"an answer must have at most {MOST_WORDS} words, in at most {MOST_AXES} axes. "
                f"Received: {len(value.words)} words, {len(value.shape)} axes"
            )
        words = tuple(shortened(word, WORD_MOST) for word in value.words)
        return Texts(words, value.shape, _words(value.kind, KIND_MOST))
    return value
