"""The inbox: find the submissions of a class, as teachers and learning platforms lay them out.

Finding lists names and opens no student's file. What is wrong with one student's work is said when it is read, so that a
class is graded without it; only what makes it unclear whose work something is refuses the whole inbox.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from autograder.inbox.doubles import Settled, each_once, settled
from autograder.inbox.entry import Entry, Wanted
from autograder.inbox.groups import Work, together
from autograder.inbox.layout import Layout
from autograder.inbox.layouts import layouts
from autograder.inbox.layouts.by_hand import is_work
from autograder.inbox.places import PassedOver, Place, astray, opened, visible
from autograder.inbox.roster import Matched, RosterError, match, read_roster
from autograder.submission import ALONE, Course, asked_for
from autograder.submission.source import FOLDER, SubmissionError, refusal
from autograder.text import shown

__all__ = [
    "each_once",
    "Entry",
    "find",
    "Inbox",
    "match",
    "Matched",
    "read_roster",
    "RosterError",
    "settled",
    "Settled",
    "together",
    "Work",
]


@dataclass(frozen=True)
class Inbox:
    """The submissions of a class, in the order of students and attempts."""

    layout: str
    """The name of one of `layouts()`."""
    entries: tuple[Entry, ...]
    ignored: tuple[PassedOver, ...]
    doubtful: tuple[str, ...] = ()
    """What somebody should know of what was found, a sentence each: times that are not understood, two works of one student."""

    @property
    def left_out(self) -> int:
        """How much of what was passed over may be a student's work."""
        return sum(one.work for one in self.ignored)


def find(path: Path, files: Sequence[str], *, assignment: str = "", course: Course = ALONE, zone: tzinfo | None = None) -> Inbox:
    """Find the submissions of a class in a folder or a zip; all of it may be in one outer folder.

    A layout is that of most; what does not fit it is passed over with a sentence, and one odd name costs nobody else.

    Args:
        path: the folder or the zip.
        files: the names of the files that the assignment asks for.
        assignment: what nbgrader calls the assignment, where a folder holds several.
        course: what tells the assignment's files from those of others.
        zone: the course's, for times with an abbreviation that several zones share.

    Raises:
        SubmissionError: there is nothing, or no known layout.
    """
    if not path.is_dir() and not (path.is_file() and path.suffix.lower() == ".zip"):
        raise refusal(
            f"there is no class to grade at {shown(path)}",
            expected="a folder or a .zip with the submissions of a class",
            received="a file of another kind" if path.exists() else "nothing",
            remedy="Check the path",
        )
    root = opened(path)
    for layout, place in _guesses(root, files):
        ignored = astray(place)
        if entries := layout.entries(place, Wanted(files, assignment, course, zone), ignored):
            one_each = settled(entries)
            doubts = [f"{shown(entry.origin)}: {notice}." for entry in one_each.entries for notice in entry.notices]
            ordered = sorted(one_each.entries, key=lambda entry: (entry.student, entry.attempt))
            return Inbox(layout.name, tuple(ordered), tuple(ignored), (*one_each.told, *doubts))
    names = ", ".join(shown(item.path) for item in visible(root)[:5])
    raise refusal(
        f"{shown(path)} contains no submissions of a class",
        expected="a folder, .py, .ipynb or archive for each student, or what a platform such as Canvas or Moodle hands over",
        received=names or "an empty folder",
        remedy="Check the path, or use --submission for the work of one student",
    )


def _guesses(root: Place, files: Sequence[str]) -> Iterator[tuple[Layout, Place]]:
    """Layouts and where to look for each; names that people give are trusted last."""
    outer = _outer(root)
    for place in (root, *outer):
        yield from ((layout, place) for layout in layouts().values() if not layout.by_hand)
    for place in (*(place for place in outer if _is_class(place, files)), root):
        yield from ((layout, place) for layout in layouts().values() if layout.by_hand)


def _outer(root: Place) -> list[Place]:
    """The only folder in a place that has nothing else, if it may be read."""
    here = visible(root)
    if len(here) != 1 or here[0].kind != FOLDER:
        return []
    inner = root.below(here[0].path)
    try:
        inner.entries()
    except SubmissionError:
        return []
    return [inner]


def _is_class(place: Place, files: Sequence[str]) -> bool:
    """Whether the only folder holds several students, and is not the folder of one."""
    here = visible(place)
    work = [item for item in here if item.kind != FOLDER and is_work(item.path)]
    return len(here) > 1 and len(work) != 1 and not any(asked_for(item.path, files) for item in work)
