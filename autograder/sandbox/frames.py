"""Frames: how bytes travel between the grader and a worker.

A frame is its number and its length, eight bytes each (little-endian), then the bytes. A worker answers each request
under the request's number; whatever comes unasked, out of order or over the cap is a violation of the protocol. But for
frames under the number PROGRESS, with which a worker says meanwhile where it is, in case it never answers.
"""

from __future__ import annotations

import struct
from typing import IO

from autograder.sandbox.installed import called, remedy
from autograder.text.errors import DlkitError

HEADER = struct.Struct("<QQ")
PROGRESS = 2**64 - 1

_told_on: IO[bytes] | None = None


class FrameError(ValueError):
    """The stream ended inside a frame."""


class TooLargeError(FrameError):
    """A frame is larger than its cap; `number` is the frame's."""

    def __init__(self, why: str, number: int) -> None:
        super().__init__(why)
        self.number = number


class RefusalError(DlkitError):
    """A worker or a zygote cannot do what it was asked to; the sentence says why, and it is ours to mend."""


class NotInstalledError(RefusalError):
    """A library that an assignment needs is not installed; `name` is the package's."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{called(name)} is not installed, and this assignment needs it. {remedy(name)}")
        self.name = name


def write_frame(stream: IO[bytes], number: int, data: bytes) -> None:
    """Write one frame and flush it."""
    stream.write(HEADER.pack(number, len(data)))
    stream.write(data)
    stream.flush()


def tell_on(stream: IO[bytes]) -> None:
    """Have `tell` write to this stream."""
    global _told_on
    _told_on = stream


def tell(text: str) -> None:
    """In a worker: say where it is. Elsewhere nobody listens."""
    if _told_on is not None:
        write_frame(_told_on, PROGRESS, text.encode())


def read_frame(stream: IO[bytes], cap: int) -> tuple[int, bytes] | None:
    """Read one frame; None at the end of the stream.

    Raises:
        FrameError: the stream ends inside the frame.
        TooLargeError: the frame is larger than `cap` bytes.
    """
    header = _read(stream, HEADER.size)
    if not header:
        return None
    if len(header) < HEADER.size:
        raise FrameError("the stream ended inside a frame")
    number, length = HEADER.unpack(header)
    if length > cap:
        raise TooLargeError(f"a frame of {length} bytes is larger than the {cap} allowed", number)
    data = _read(stream, length)
    if len(data) < length:
        raise FrameError("the stream ended inside a frame")
    return number, data


def _read(stream: IO[bytes], count: int) -> bytes:
    parts = []
    while count:
        part = stream.read(min(count, 2**20))
        if not part:
            break
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
