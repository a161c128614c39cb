"""Places: a folder on disk and a folder in a zip, looked at in one way."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from autograder.submission.containers import in_class_zip, in_folder
from autograder.submission.entries import Item, closed, hidden, nearest
from autograder.submission.source import FOLDER, SubmissionError
from autograder.text import shown

STAMPED = "timestamp.txt"  # what nbgrader writes beside an attempt: when it was handed in
NOT_GRADED = "if it is a student's work, it was not graded"


@dataclass(frozen=True)
class PassedOver:
    """A file or folder that was taken for nobody's work.

    Attributes:
        path: where it lies in the inbox.
        why: what is odd about it.
        work: whether it may be a student's work all the same.
        remedy: what to do if it is.
    """

    path: str
    why: str
    work: bool = False
    remedy: str = ""

    @property
    def sentence(self) -> str:
        """As it is told."""
        doubt = f"; {NOT_GRADED}" if self.work else ""
        return f"{shown(self.path)}: {self.why}{doubt}{self.remedy and f': {self.remedy}'}."


class Place(Protocol):
    """A folder with the work of one student or of many."""

    where: Path
    """Where it is, for sentences."""

    def entries(self) -> list[Item]:
        """What lies directly in it, folders included, in order."""

    def everything(self) -> Iterator[Item]:
        """What lies in it and below it, from the top down, as far as it is asked for."""

    def below(self, name: str) -> Place:
        """A folder in it."""


class OnDisk:
    """A folder on disk, which is read when it is asked for."""

    def __init__(self, where: Path) -> None:
        self.where = where

    def entries(self) -> list[Item]:
        """What lies directly in it, without following links."""
        return list(in_folder(self.where, deep=False))

    def everything(self) -> Iterator[Item]:
        """What lies in it and below it, without following links."""
        return in_folder(self.where, deep=True)

    def below(self, name: str) -> OnDisk:
        """A folder in it."""
        return OnDisk(self.where / name)


class InZip:
    """A folder in a zip that has been listed: its name may stand in the zip, or only the names of what it holds."""

    def __init__(self, where: Path, members: Iterable[Item]) -> None:
        self.where = where
        self._members = list(members)
        self._files: list[Item] = []
        self._folders: dict[str, list[Item]] = defaultdict(list)
        for member in self._members:
            name, slash, rest = member.path.partition("/")
            if not slash and member.kind != FOLDER:
                self._files.append(member)
            else:
                self._folders[name] += [replace(member, path=rest)] if rest else []

    def entries(self) -> list[Item]:
        """What lies directly in it."""
        folders = [Item(name, FOLDER, lambda most: b"") for name in self._folders]
        return sorted([*self._files, *folders], key=lambda entry: entry.path)

    def everything(self) -> Iterator[Item]:
        """What lies in it and below it."""
        return iter(nearest(self._members))

    def below(self, name: str) -> InZip:
        """A folder in it."""
        return InZip(self.where / name, self._folders[name])


def opened(path: Path) -> Place:
    """The folder of a class, or the zip of one.

    Raises:
        SubmissionError: it cannot be read, or is damaged.
    """
    if path.is_dir():
        return OnDisk(path)
    return InZip(path, (replace(entry, path=entry.path.removeprefix("./")) for entry in in_class_zip(path)))


def visible(place: Place) -> list[Item]:
    """What lies directly in a place, without what systems leave there."""
    return [entry for entry in place.entries() if entry.path and not hidden(entry.path)]


def named(items: Iterable[Item], *patterns: re.Pattern[str]) -> dict[str, re.Match[str]]:
    """How the names read that follow one of these patterns."""
    found = {item.path: next(filter(None, (pattern.fullmatch(item.path) for pattern in patterns)), None) for item in items}
    return {path: match for path, match in found.items() if match}


def astray(place: Place) -> list[PassedOver]:
    """Each path of a zip that leads out of it, which is nobody's work."""
    return [PassedOver(f"{entry.path}/", "leads out of the folder") for entry in place.entries() if entry.path in ("", ".", "..")]


def stamped_in(place: Place) -> list[str]:
    """The folders in a student's folder in which nbgrader wrote a time; none where it may not be read."""
    try:
        folders = [item.path for item in visible(place) if item.kind == FOLDER and not closed(item.path)]
        return [name for name in folders if any(item.path == STAMPED for item in place.below(name).entries())]
    except SubmissionError:  # said when the work is read
        return []


def misfits(names: Iterable[str], why: str, remedy: str = "") -> list[PassedOver]:
    """The folders and files that may be somebody's work, and do not fit how the class is laid out."""
    return [PassedOver(name, why, True, remedy) for name in names]
