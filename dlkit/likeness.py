"""Likeness: whether a file that is there is an earlier one of what is about to be written, so that nothing else is lost."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

MOST = 2**26  # bytes of a file that are looked at
SHOWN = 60  # letters of its beginning that are told
ZIP, XML, OBJECT = b"PK", b"<?xml", b"{"


def foreign(path: Path, data: bytes) -> str:
    """How a file begins that is not of the same kind as the data that would replace it; "" where there is none, or it is.

    Args:
        path: where the data are to go.
        data: what is to be written. Tables have titles in common, objects keys, archives members.
    """
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        there = file.read(MOST)
    if not there.strip() or _alike(there, data):
        return ""
    start = there[: 4 * SHOWN]
    first = "" if b"\0" in start else start.decode("utf-8", "replace").lstrip("\ufeff").strip().partition("\n")[0]
    return first[:SHOWN] or "bytes that are no text"


def _alike(there: bytes, data: bytes) -> bool:
    for start, alike in ((ZIP, _members_alike), (XML, _roots_alike), (OBJECT, _keys_alike)):
        if data.startswith(start):
            return there.startswith(start) and alike(there, data)
    return _titles_alike(there, data)


def _members_alike(there: bytes, data: bytes) -> bool:
    found = [{name for name in _members(one) if "/" not in name} for one in (there, data)]
    return bool(found[0] & found[1])


def _members(data: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except zipfile.BadZipFile:
        return []


def _roots_alike(there: bytes, data: bytes) -> bool:
    """Whether two documents begin with the same element, without reading them: they may be anybody's."""
    return there.partition(b"\n")[2].split(b" ")[0] == data.partition(b"\n")[2].split(b" ")[0]


def _keys_alike(there: bytes, data: bytes) -> bool:
    old, new = _keys(there), _keys(data)
    return 2 * len(old & new) >= len(new)


def _keys(data: bytes) -> set[str]:
    """The keys of an object, or of the first of several objects, a line each."""
    for text in (data, data.partition(b"\n")[0]):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            continue
        return set(found) if isinstance(found, dict) else set()
    return set()


def _titles_alike(there: bytes, data: bytes) -> bool:
    """Whether two tables have most titles in common, or a third of them and the last."""
    old, new = _titles(there), _titles(data)
    shared = len(set(old) & set(new))
    return old == new or 3 * shared >= 2 * len(new) or (3 * shared >= len(new) and old[-1:] == new[-1:])


def _titles(data: bytes) -> list[str]:
    for encoding in ("utf-8-sig", "utf-16"):
        try:
            text = data[:MOST].decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            return next(csv.reader(io.StringIO(text, newline="")), [])
        except csv.Error:
            return []
    return []
