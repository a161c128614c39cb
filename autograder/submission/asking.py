"""What a student asks to have looked at again, as `dlkit submit --request` or the feedback page writes it into a file.

It is text for people: nothing in it is believed, and no grade depends on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from autograder.submission.entries import Item
from autograder.submission.source import SubmissionError
from autograder.text import plain

FILE = "submission.json"
MOST_BYTES, MOST_REQUESTS, MOST_CHARACTERS = 2**16, 10, 2000


@dataclass(frozen=True)
class Asked:
    """A request: the check that it is about, "" for the whole, and its text."""

    check: str
    text: str


def asked_in(entries: Iterable[Item]) -> tuple[Asked, ...]:
    """The requests in a submission's own description, the nearest to the top; none where it cannot be read."""
    entry = next((one for one in entries if one.path.rpartition("/")[2] == FILE), None)
    try:
        data = entry.read(MOST_BYTES) if entry else b""
        return asked(json.loads(data)) if data and len(data) <= MOST_BYTES else ()
    except (SubmissionError, OSError, ValueError, RecursionError):
        return ()


def asked(told: Any) -> tuple[Asked, ...]:
    """The requests in what such a file holds, as far as it is one."""
    found = told.get("requests") if isinstance(told, dict) else None
    pairs = (
        [(one.get("check", ""), one.get("text", "")) for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    )
    texts = [
        Asked(plain(check, 200), plain(text, MOST_CHARACTERS, lines=True).strip())
        for check, text in pairs[:MOST_REQUESTS]
        if isinstance(check, str) and isinstance(text, str)
    ]
    return tuple(one for one in texts if one.text)
