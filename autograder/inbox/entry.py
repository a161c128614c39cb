"""Entry: one attempt of one student, found and not read yet."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import TypedDict, Unpack

from autograder.inbox.places import Place
from autograder.submission import ALONE, Course, Submission, asked_for, unpack
from autograder.submission.entries import Item
from autograder.submission.source import FOLDER, PLAIN, SubmissionError, not_plain, refusal
from autograder.text import MAX_NAME, printable, shown


@dataclass(frozen=True)
class Member:
    """One of those who handed something in together: a key that stays, and what the layout tells besides."""

    key: str
    name: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One attempt of one student, not read yet."""

    student: str
    """A key that stays: what the system calls the student by (an id), or how their folder or file is named."""
    origin: str
    """The name of the folder or file, as it stands there: feedback goes back under it."""
    take: Callable[[], Submission] = field(repr=False, compare=False)
    name: str = ""
    """The full name, its words in any order, by which a roster is searched where the key is not on it; "" where none is told."""
    attempt: int = 1
    late: bool = False
    submitted: datetime | None = None
    """Where the layout tells, with its time zone."""
    email: str = ""
    group: tuple[str, ...] = ()
    """The keys of those who handed it in together with the student."""
    login: str = ""
    """On GitHub, where the layout tells."""
    notices: tuple[str, ...] = ()
    """What there is to say of how it was found, a sentence each: a time that is not understood, for one."""
    members: tuple[Member, ...] = ()
    """Everybody of a group whose members the layout names, the student first; else nobody."""

    def read(self) -> Submission:
        """Take the work in.

        Raises:
            SubmissionError: there is none, or none that can be graded.
        """
        return replace(self.take(), student=self.student)  # who of several names has it is known only now


class Known(TypedDict, total=False):
    """What a layout may tell of an entry."""

    name: str
    attempt: int
    late: bool
    submitted: datetime | None
    email: str
    group: tuple[str, ...]
    login: str
    notices: tuple[str, ...]
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Wanted:
    """What is looked for: the files that the assignment asks for, and how the assignment may be called.

    Attributes:
        files: their names.
        assignment: its name.
        course: what tells its files from those of other assignments.
        zone: where clocks show what an abbreviation of several time zones means.
    """

    files: Sequence[str]
    assignment: str = ""
    course: Course = ALONE
    zone: tzinfo | None = None

    def entry(self, student: str, origin: str, where: Path, files: Callable[[], Iterable[Item]], **known: Unpack[Known]) -> Entry:
        """The entry of a student whose `files`, when they are asked for, are the work of this attempt."""
        return Entry(student=key_of(student), origin=_kept(origin), take=_Taking(self, where, student, files), **known)

    def folder(self, place: Place, item: Item, student: str, **known: Unpack[Known]) -> Entry:
        """The entry of a student's folder in a place; what is no folder is refused when it is read."""
        where = place.where / item.path

        def files() -> Iterable[Item]:
            if item.kind not in (FOLDER, PLAIN):
                raise not_plain(where, item.kind)
            return place.below(item.path).everything() if item.kind == FOLDER else [item]

        return self.entry(student, item.path, where, files, **known)

    def loose(self, place: Place, items: Iterable[tuple[Item, str]], student: str, **known: Unpack[Known]) -> Entry:
        """The entry of files that lie among those of others, under the names that the student gave them."""
        items = sorted(items, key=lambda item: (not asked_for(item[1], self.files), item[0].path))
        files = _Laid(tuple(replace(item, path=name) for item, name in items))
        return self.entry(student, items[0][0].path, place.where, files, **known)

    def absent(self, student: str, origin: str, reason: str, **known: Unpack[Known]) -> Entry:
        """The entry of a student of whom there is nothing to take in."""
        wrong = refusal(
            f"{shown(origin)}: {reason}",
            expected=" and ".join(map(shown, self.files)),
            received="no file",
            remedy="Ask the student, or count it as not handed in",
        )
        return Entry(student=key_of(student), origin=_kept(origin), take=failing(wrong), **known)


@dataclass(frozen=True, slots=True)
class _Taking:
    """Takes a work in: of a large class, there is one of these for each, and closures take more memory."""

    wanted: Wanted
    where: Path
    student: str
    files: Callable[[], Iterable[Item]]

    def __call__(self) -> Submission:
        return unpack(self.files(), self.wanted.files, self.where, student=self.student, course=self.wanted.course)


@dataclass(frozen=True, slots=True)
class _Laid:
    """Files that are known already."""

    items: tuple[Item, ...]

    def __call__(self) -> tuple[Item, ...]:
        return self.items


def key_of(name: str) -> str:
    """A student's key: a name that can be printed and kept. Of a name that is too long, its end is told apart by a digest."""
    key = printable(name)
    if len(key) < MAX_NAME or not key.endswith("…"):
        return key
    digest = hashlib.sha256(unicodedata.normalize("NFKC", name).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{key[: MAX_NAME - 9]}…{digest}"


def _kept(origin: str) -> str:
    """A name as it stands on a disk, unless it has what no text may have: bytes that are no UTF-8, or control characters."""
    return shown(origin) if any(unicodedata.category(letter) in ("Cs", "Cc") for letter in origin) else origin


def failing(error: SubmissionError) -> Callable[[], Submission]:
    """What takes a work in of which there is none that can be graded."""
    return partial(_fail, error)


def _fail(error: SubmissionError) -> Submission:
    raise error
