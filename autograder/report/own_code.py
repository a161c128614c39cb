"""A student's own lines beside what is said of them: the function of each check, with the comments on its lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.classroom.excerpt import span_of
from autograder.text import lines_of

if TYPE_CHECKING:
    from autograder.classroom.gradebook.values import Place

SHORT = 25  # lines of a function that are shown at once
LONGEST = 200  # characters of a line that are shown
MENTIONED = re.compile(r"\bline (\d+)\b")


@dataclass(frozen=True)
class OwnLine:
    """A line of a student's file, whether a message mentions it, and what somebody said of it."""

    number: int
    text: str
    mentioned: bool = False
    said: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Own:
    """A function as a student wrote it."""

    file: str
    lines: tuple[OwnLine, ...]

    @property
    def folds(self) -> bool:
        """Whether it is too long to be shown at once; not where somebody has commented on it."""
        return len(self.lines) > SHORT and not any(line.said for line in self.lines)


def own_code(functions: Mapping[str, Iterable[str]], code: Mapping[str, str], places: Sequence[Place]) -> dict[str, Own]:
    """The functions of a submission that something is said about, by name.

    Args:
        functions: the names, and the messages about each.
        code: the files of the submission.
        places: the comments on its lines.
    """
    found: dict[str, Own] = {}
    for name, messages in functions.items():
        mentioned = {int(number) for message in messages for number in MENTIONED.findall(message)}
        for file, text in code.items():
            start, end = span_of(text, name)
            if end and name not in found:
                lines = lines_of(text)[start:end]
                of = [place for place in places if place.file == file]
                found[name] = Own(file, tuple(_line(number, line, mentioned, of) for number, line in enumerate(lines, start + 1)))
    return found


def _line(number: int, text: str, mentioned: set[int], places: Sequence[Place]) -> OwnLine:
    said = tuple(place for place in places if place.line == number)
    return OwnLine(number, text[:LONGEST], number in mentioned, said)


def elsewhere(places: Sequence[Place], shown: Iterable[Own]) -> list[Place]:
    """The comments on lines that are not shown with a function."""
    there = {place.id for own in shown for line in own.lines for place in line.said}
    return [place for place in places if place.id not in there]
