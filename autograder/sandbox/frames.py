"""Frames: how bytes travel between the grader and a worker.

A frame is its number and its length, eight bytes each (little-endian), then the bytes. A worker answers each request
under the request's number; whatever comes unasked, out of order or over the cap is a violation of the protocol.
"""

from __future__ import annotations

import struct
from typing import IO

HEADER = struct.Struct("<QQ")


class FrameError(ValueError):
    """The stream ended inside a frame, or a frame is larger than its cap."""


def write_frame(stream: IO[bytes], number: int, data: bytes) -> None:
    """Write one frame and flush it."""
    stream.write(HEADER.pack(number, len(data)))
    stream.write(data)
    stream.flush()


def read_frame(stream: IO[bytes], cap: int) -> tuple[int, bytes] | None:
    """Read one frame; None at the end of the stream.

    Raises:
        FrameError: the stream ends inside the frame, or the frame is larger than `cap` bytes.
    """
    header = _read(stream, HEADER.size)
    if not header:
        return None
    if len(header) < HEADER.size:
        raise FrameError("the stream ended inside a frame")
    number, length = HEADER.unpack(header)
    if length > cap:
        raise FrameError(f"a frame of {length} bytes is larger than the {cap} allowed")
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
