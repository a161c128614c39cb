"""Around every call of a submission: what it prints, what it raises, and which limit that tells of."""

from __future__ import annotations

import contextlib
import errno
import io
import sys
from collections.abc import Iterator, Mapping

import numpy as np

from autograder.observation import Value
from autograder.sandbox.budget import size

PRINTED_MOST = 2000  # characters of output kept for each case


class LimitError(BaseException):
    """A case went over a limit that this process can count; not an Exception, so that no `except Exception` hides it."""


class Bounded(io.TextIOBase):
    """A place for prints that keeps the first characters, forgets the rest, and stops at `most`."""

    def __init__(self, most: int) -> None:
        self.parts: list[str] = []
        self.most = most
        self.count = 0

    @property
    def over(self) -> bool:
        """Whether more than `most` characters have been printed."""
        return self.count > self.most

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def write(self, text: str) -> int:
        """Keep what there is room for."""
        room = PRINTED_MOST - self.count
        if room > 0:
            self.parts.append(str(text)[:room])
        self.count += len(text)
        if self.over:
            raise LimitError("output")
        return len(text)

    def getvalue(self) -> str:
        """What was kept."""
        return "".join(self.parts)


@contextlib.contextmanager
def captured(most: int) -> Iterator[Bounded]:
    """Give the student's code a stdout and stderr of its own, and an empty stdin."""
    kept = Bounded(most)
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), kept, kept
    try:
        yield kept
    finally:
        sys.stdin, sys.stdout, sys.stderr = before


def text_about(error: BaseException) -> str:
    """The text of an exception in one line, whatever code of its own it runs to tell it."""
    try:
        return " ".join(str(error).split())
    except BaseException:
        return "(its text cannot be read)"


def because(error: BaseException) -> str:
    """What an exception was raised from, as NumPy does: its own text alone may leave the reason out."""
    try:
        cause = error.__cause__
        if cause is None or cause is error or text_about(cause) in text_about(error):
            return ""
        return f" (because of {type(cause).__name__}: {text_about(cause)})"
    except Exception:
        return ""


def over_limit(error: BaseException) -> str:
    """The limit that an exception tells of, as a field of `Budget`; "" for every other exception."""
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return "memory"
    if isinstance(error, LimitError):
        return str(error)
    if isinstance(error, OSError):
        return {errno.EFBIG: "disk", errno.EMFILE: "files"}.get(error.errno or 0, "")
    return "threads" if isinstance(error, RuntimeError) and "can't start new thread" in str(error) else ""


def largest_of(observation: Mapping[str, Value], most: int) -> str | None:
    """Which entry of an observation is the largest, in words, if all together are over `most` bytes."""
    arrays = {name: value for name, value in observation.items() if isinstance(value, np.ndarray)}
    if sum(value.nbytes for value in arrays.values()) <= most:
        return None
    name = max(arrays, key=lambda entry: arrays[entry].nbytes)
    return f"`{name}` is an array of shape {arrays[name].shape} and {size(arrays[name].nbytes)}"
