"""Entry: one attempt of one student, found and not read yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypedDict, Unpack
from zoneinfo import ZoneInfo

from autograder.inbox.places import Place
from autograder.submission import Submission, asked_for, printable, unpack
from autograder.submission.entries import Entry as File
from autograder.submission.source import FOLDER, PLAIN, SubmissionError, not_plain, refusal, shown

STAMP = re.compile(r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?) *(\S+)", re.ASCII)


@dataclass(frozen=True)
class Member:
    """One of those who handed something in together: a key that stays, and what the layout tells besides."""

    key: str
    name: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One attempt of one student, not read yet."""

    student: str
    """A key that stays: what the system calls the student by (an id), or how their folder or file is named."""
    origin: str
    """The name of the folder or file, as it stands there: feedback goes back under it."""
    take: Callable[[], Submission] = field(repr=False, compare=False)
    name: str = ""
    """For people; "" if the layout does not tell."""
    attempt: int = 1
    late: bool = False
    submitted: datetime | None = None
    """Where the layout tells, with its time zone."""
    email: str = ""
    group: tuple[str, ...] = ()
    """The keys of those who handed it in together with the student."""
    members: tuple[Member, ...] = ()
    """Everybody of a group whose members the layout names, the student first; else nobody."""

    def read(self) -> Submission:
        """Take the work in.

        Raises:
            SubmissionError: there is none, or none that can be graded.
        """
        return self.take()


class Known(TypedDict, total=False):
    """What a layout may tell of an entry."""

    name: str
    attempt: int
    late: bool
    submitted: datetime | None
    email: str
    group: tuple[str, ...]
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Wanted:
    """What is looked for: the files that the assignment asks for, and how the assignment may be called."""

    files: Sequence[str]
    assignment: str = ""

    def entry(self, student: str, origin: str, where: Path, files: Callable[[], list[File]], **known: Unpack[Known]) -> Entry:
        """The entry of a student whose `files`, when they are asked for, are the work of this attempt."""

        def take() -> Submission:
            return unpack(files(), self.files, where, student=student)

        return Entry(student=printable(student), origin=origin, take=take, **known)

    def folder(self, place: Place, item: File, student: str, **known: Unpack[Known]) -> Entry:
        """The entry of a student's folder in a place; what is no folder is refused when it is read."""
        where = place.where / item.path

        def files() -> list[File]:
            if item.kind not in (FOLDER, PLAIN):
                raise not_plain(where, item.kind)
            return place.below(item.path).everything() if item.kind == FOLDER else [item]

        return self.entry(student, item.path, where, files, **known)

    def loose(self, place: Place, items: Iterable[tuple[File, str]], student: str, **known: Unpack[Known]) -> Entry:
        """The entry of files that lie among those of others, under the names that the student gave them."""
        items = sorted(items, key=lambda item: (not asked_for(item[1], self.files), item[0].path))
        files = [replace(item, path=name) for item, name in items]
        return self.entry(student, items[0][0].path, place.where, lambda: files, **known)

    def absent(self, student: str, origin: str, reason: str, **known: Unpack[Known]) -> Entry:
        """The entry of a student of whom there is nothing to take in."""
        wrong = refusal(
            f"{shown(origin)}: {reason}",
            expected=" and ".join(map(shown, self.files)),
            received="no file",
            remedy="Ask the student, or count it as not handed in",
        )
        return Entry(student=printable(student), origin=origin, take=partial(_fail, wrong), **known)


def _fail(error: SubmissionError) -> Submission:
    raise error


def moment(text: str) -> datetime | None:
    """A time with its zone, as ISO 8601, Ruby and nbgrader write it; None for anything else.

    >>> moment("2026-02-02 15:58:23.948203 America/Los_Angeles").isoformat()
    '2026-02-02T15:58:23.948203-08:00'
    >>> moment("2026-02-02 15:58:23") is None
    True
    """
    if not (found := STAMP.fullmatch(text.strip())):
        return None
    stamp, zone = found.groups()
    try:
        if zone.startswith(("+", "-")):
            return datetime.fromisoformat(stamp + zone)
        return datetime.fromisoformat(stamp).replace(tzinfo=UTC if zone in ("Z", "UTC") else ZoneInfo(zone))
    except (ValueError, OSError, KeyError):  # no such day, or no such zone
        return None
