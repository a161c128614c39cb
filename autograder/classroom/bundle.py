"""Bundles: what a submission answered, small enough to be kept for every student of every year.

Most answers are the reference's to the last bit, or nearly, and many wrong ones are given by several students. So an answer is
taken apart into how it ended, which is short, and its arrays; and of the arrays a bundle holds one of these:

    a mark      that they are, byte by byte, what stands under a digest (the reference's, or another student's)
    a delta     the difference to the reference's, array by array, which is mostly zeros
    themselves  packed
    nothing     where they are larger than is kept: the question is asked again

What stands under a digest is kept once, and is never changed: a bundle can be opened whatever becomes of the reference. Only
of its largest answers the reference keeps the one copy; if it answers otherwise one day, those questions are asked again.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from autograder.observation.answer import OBSERVED, Answer

MAGIC = b"dlkit answers 1\n"
SMALL = 512  # bytes: what is not larger is packed where it is
SHARED = 2048  # bytes, packed: what is larger stands under its digest, once for everybody
LARGEST = 8 * 2**20  # bytes of one answer's arrays that are packed at all, unless they are the reference's
ROOM = 128 * 2**10  # bytes that one bundle may add, packed, with the contents that it brings along: a student is no archive
GIVEN = 128 * 2**10  # bytes, packed: what is larger of the reference's is not kept, but asked of the reference when it is needed
STRIDE = 8  # bytes of a float64: what is alike in neighbours is brought together
LEVEL = 6  # of zlib: 9 is three times as slow and saves one percent

SAME, DELTA, WHOLE, OTHER = "same", "delta", "whole", "other"


class BundleError(ValueError):
    """Bytes that are no bundle, or one that is damaged."""


@dataclass(frozen=True)
class Bundle:
    """Answers as they are kept.

    Attributes:
        data: the bundle; b"" without answers.
        contents: what it refers to, by digest, as it is kept.
        left_out: the keys of answers that are too large to be kept.
    """

    data: bytes = b""
    contents: Mapping[str, bytes] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


class Base:
    """The arrays of a reference's answer, and what is computed of them once for a class."""

    def __init__(self, answer: Answer) -> None:
        self.arrays = arrays_of(answer)

    @cached_property
    def digest(self) -> str:
        """The digest under which they are kept."""
        return digest_of(self.arrays)

    @cached_property
    def packed(self) -> bytes:
        """As they are kept."""
        return _packed(self.arrays)

    @property
    def contents(self) -> dict[str, bytes]:
        """What has to be kept of them, by digest."""
        return {self.digest: self.packed} if len(self.packed) <= GIVEN else {}


def bundled(answers: Mapping[str, bytes], bases: Mapping[str, Base]) -> Bundle:
    """Answers, by the key of their question, as a bundle.

    Args:
        answers: bytes of `Answer.to_bytes`, or others, which are kept as they are.
        bases: what the reference answered, by the same keys, where that is known.
    """
    entries: list[list[Any]] = []
    parts: list[bytes] = []
    contents: dict[str, bytes] = {}
    left_out: list[str] = []
    room = ROOM
    for key, data in sorted(answers.items(), key=lambda answer: len(answer[1])):  # the large ones last
        ending, arrays = _apart(data)
        kept = _kept(arrays, bases.get(key))
        if kept is None:
            left_out.append(key)
            continue
        way, packed, new = kept
        given = {*contents, bases[key].digest if key in bases else ""}  # the reference's own are no student's doing
        cost = len(packed) + sum(len(content) for name, content in new.items() if name not in given)
        if cost > room:
            left_out.append(key)
            continue
        room -= cost
        contents |= new
        entries.append([key, *way, len(ending), len(packed)])
        parts += [ending, packed]
    if not entries:
        return Bundle(left_out=tuple(left_out))
    head = json.dumps(entries, separators=(",", ":")).encode()
    body = len(head).to_bytes(8, "little") + head + b"".join(parts)
    return Bundle(MAGIC + zlib.compress(body, LEVEL), contents, tuple(left_out))


def keys_in(data: bytes) -> list[str]:
    """The keys of all answers in a bundle, also of those whose contents are elsewhere.

    Raises:
        BundleError: it is none.
    """
    try:
        body = zlib.decompress(data[len(MAGIC) :])
        return [str(entry[0]) for entry in json.loads(body[8 : 8 + int.from_bytes(body[:8], "little")])]
    except (zlib.error, ValueError, TypeError, IndexError) as error:
        raise BundleError(f"a damaged bundle of answers: {type(error).__name__}") from None


def is_sound(digest: str, kept: bytes) -> bool:
    """Whether contents, as they are kept, are what their digest says."""
    try:
        return digest_of(_unpacked(kept)) == digest
    except zlib.error:
        return False


def opened(
    data: bytes, content: Callable[[str], bytes | None], only: Collection[str] | None = None
) -> Iterator[tuple[str, bytes]]:
    """The answers in a bundle, by key; one whose contents are missing or damaged is left out, to be asked again.

    Args:
        data: the bundle.
        content: what is kept under a digest, None where nothing is.
        only: the keys that are wanted; all by default.

    Raises:
        BundleError: it is none.
    """
    if not data.startswith(MAGIC):
        raise BundleError("no bundle of answers")
    try:
        body = zlib.decompress(data[len(MAGIC) :])
        at = 8 + int.from_bytes(body[:8], "little")
        entries = json.loads(body[8:at])
        for key, how, of, under, length, packed in entries:
            ending, own = body[at : at + length], body[at + length : at + length + packed]
            at += length + packed
            if only is not None and key not in only:
                continue
            try:
                yield key, _together(ending, how, _restored((how, of, under), own, content))
            except (BundleError, zlib.error):
                continue
    except (zlib.error, ValueError, TypeError, KeyError) as error:
        raise BundleError(f"a damaged bundle of answers: {type(error).__name__}") from None


def arrays_of(answer: Answer) -> bytes:
    """The observation of an answer as bytes: what bundles compare."""
    return _apart(answer.to_bytes())[1] or b""


def _apart(data: bytes) -> tuple[bytes, bytes | None]:
    """How an answer ended, and its arrays, each as safetensors; None for the arrays of what is no answer."""
    try:
        start, head = _head(data)
    except (ValueError, TypeError):
        return data, None
    arrays = {name: entry for name, entry in head.items() if name.partition(":")[2].startswith(OBSERVED)}
    ending = {name: entry for name, entry in head.items() if name not in arrays}
    return tuple(_joined((data, start, part)) for part in (ending, arrays))  # type: ignore[return-value]


def _together(ending: bytes, how: str, arrays: bytes) -> bytes:
    return ending if how == OTHER else _joined((ending, *_head(ending)), (arrays, *_head(arrays)))


Head = dict[str, dict[str, Any]]


def _head(data: bytes) -> tuple[int, Head]:
    """Where the arrays begin in safetensors, and what is said of each.

    Raises:
        ValueError: they are none.
    """
    start = 8 + int.from_bytes(data[:8], "little")
    head = json.loads(data[8:start])
    if not isinstance(head, dict) or not all(isinstance(entry, dict) and "data_offsets" in entry for entry in head.values()):
        raise ValueError("no safetensors")
    return start, head


def _joined(*several: tuple[bytes, int, Head]) -> bytes:
    """The entries of several safetensors in one, without a gap."""
    head: Head = {}
    parts: list[bytes] = []
    at = 0
    for data, start, entries in several:
        for name, entry in sorted(entries.items(), key=lambda one: tuple(one[1]["data_offsets"])):
            begin, end = entry["data_offsets"]
            head[name] = {**entry, "data_offsets": [at, at := at + end - begin]}
            parts.append(data[start + begin : start + end])
    text = json.dumps(head, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + b"".join(parts)


def _kept(arrays: bytes | None, base: Base | None) -> tuple[tuple[str, str, str], bytes, dict[str, bytes]] | None:
    """The way in which arrays are kept and what it refers to, bytes of their own, and contents; None if they are too large."""
    if arrays is None:
        return (OTHER, "", ""), b"", {}
    if len(arrays) <= SMALL:
        return (WHOLE, "", ""), arrays, {}  # packed with the whole bundle
    if base is not None and arrays == base.arrays:
        return (SAME, base.digest, ""), b"", base.contents
    if len(arrays) > LARGEST:
        return None
    packed = _packed(arrays)
    if base is not None and len(base.arrays) <= LARGEST:
        difference = _difference(arrays, base.arrays)
        delta = _packed(difference)
        if 2 * len(delta) < len(packed):  # the same formula, rounded otherwise, or wrong in a part
            contents = base.contents
            if len(delta) <= SHARED:
                return (DELTA, base.digest, ""), delta, contents
            under = digest_of(difference)
            return (DELTA, base.digest, under), b"", {**contents, under: delta}
    if len(packed) <= SHARED:
        return (WHOLE, "", ""), arrays, {}
    return (SAME, digest_of(arrays), ""), b"", {digest_of(arrays): packed}


def _restored(way: tuple[str, str, str], data: bytes, content: Callable[[str], bytes | None]) -> bytes:
    how, of, under = way
    if how in (WHOLE, OTHER):
        return data
    whole = _content(of, content)
    if how == SAME:
        return whole
    return _difference(_content(under, content) if under else _unpacked(data), whole)


def _content(digest: str, content: Callable[[str], bytes | None]) -> bytes:
    kept = content(digest)
    if kept is None:
        raise BundleError("contents are missing")
    whole = _unpacked(kept)
    if digest_of(whole) != digest:
        raise BundleError("contents are damaged")
    return whole


def digest_of(arrays: bytes) -> str:
    """The digest under which contents are kept."""
    return hashlib.sha256(arrays).hexdigest()


def _difference(arrays: bytes, base: bytes) -> bytes:
    """The arrays, each exclusive-or the array of its name and size in `base`; what stands before them stays as it is.

    It is its own inverse.
    """
    start, places = _places(arrays)
    found = bytearray(arrays)
    known_start, known = _places(base)
    for name, (begin, end) in places.items():
        other = known.get(name)
        if other is not None and other[1] - other[0] == end - begin:
            one = np.frombuffer(arrays, np.uint8, end - begin, start + begin)
            two = np.frombuffer(base, np.uint8, end - begin, known_start + other[0])
            found[start + begin : start + end] = np.bitwise_xor(one, two).tobytes()
    return bytes(found)


def _places(arrays: bytes) -> tuple[int, dict[str, tuple[int, int]]]:
    """Where the arrays begin in safetensors, and where each is from there, by its name without its position."""
    start, head = _head(arrays)
    return start, {name[4:]: tuple(entry["data_offsets"]) for name, entry in head.items()}


def _packed(data: bytes) -> bytes:
    """Packed, after the first bytes of all numbers, then the second, and so on: signs and exponents are alike."""
    whole = len(data) // STRIDE * STRIDE
    numbers = np.frombuffer(data[:whole], np.uint8).reshape(-1, STRIDE)
    return zlib.compress(numbers.T.tobytes() + data[whole:], LEVEL)


def _unpacked(data: bytes) -> bytes:
    shuffled = zlib.decompress(data)
    whole = len(shuffled) // STRIDE * STRIDE
    return np.frombuffer(shuffled[:whole], np.uint8).reshape(STRIDE, -1).T.tobytes() + shuffled[whole:]
