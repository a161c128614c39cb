"""Untouched: which programs of a submission are still as they were handed out.

Where an assignment hands out programs to repair, its stub runs, and gives wrong answers. That it is still the stub is seen in
its text, by lines: nothing here parses or runs what a student wrote. Blanks at the end of a line, empty lines and remarks do not
count.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from autograder.assignment.misconception import Misconception

GOES_ON = (" ", "\t", ")")  # how a line begins that belongs to the function above it


def given_in(source: str, mistakes: Iterable[Misconception]) -> dict[str, str]:
    """The programs that are handed out to be repaired: a digest of the text of each, by its function.

    Args:
        source: of the reference.
        mistakes: the known wrong answers, of which some are handed out.

    Raises:
        SpecError: one of them does not fit the reference.
    """
    return {one.function: digest_of(one.put_into(source), one.function) for one in mistakes if one.given}


def untouched(source: str, given: Mapping[str, str]) -> frozenset[str]:
    """The functions of a submission's file that are as they were handed out.

    Args:
        source: the text of the file.
        given: a digest of each program that was handed out, by its function.
    """
    same = [name for name, digest in given.items() if digest_of(source, name) == digest]
    return frozenset(name for name in same if not _bound_again(source, name))


def digest_of(source: str, function: str) -> str:
    """A digest of the lines of the last function of this name at the top of a file; "" if there is none."""
    lines = _lines_of(source, function)
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest() if lines else ""


def _lines_of(source: str, function: str) -> list[str]:
    found: list[str] = []
    inside = False
    for line in map(str.rstrip, source.splitlines()):
        begins = re.match(r"(?:async\s+)?def\s+(\w+)", line)
        if begins:
            inside = begins[1] == function
            found = [] if inside else found
        elif line and not line.startswith(("#", *GOES_ON)):
            inside = False
        if inside and line and not line.lstrip().startswith("#"):
            found.append(line)
    return found


def _bound_again(source: str, name: str) -> bool:
    """Whether the name may get another value than its `def` at the left margin gives it: then nothing is said of it."""
    again = (
        rf"^[ \t]+(?:async[ \t]+)?def[ \t]+{name}\b",
        rf"\b{name}[ \t]*(?::[^=\n]*)?=(?!=)",
        rf"\bimport\b.*\b{name}\b",
        rf"^@.*\n(?:@.*\n)*def[ \t]+{name}\b",
    )
    return any(re.search(way, source, re.MULTILINE) for way in again)
