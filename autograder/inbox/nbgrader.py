"""How nbgrader lays out a class: in a course's folder, and in the exchange where students hand in."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime

from autograder.inbox.entry import Entry, Wanted, moment
from autograder.inbox.places import Place, named, visible
from autograder.submission.entries import Entry as File
from autograder.submission.source import FOLDER, PLAIN, SubmissionError, refusal
from autograder.text import shown

EXCHANGE = re.compile(r"(?P<student>.+)\+(?P<assignment>[^+]+)\+(?P<time>[0-9]{4}-[^+]+)\+[^+]+", re.DOTALL)
SUBMITTED = "submitted"  # nbgrader's step between release and autograded
FIRST = datetime.min.replace(tzinfo=UTC)


def nbgrader(place: Place, wanted: Wanted, ignored: list[str]) -> list[Entry]:
    """A course's folder `submitted`, or the folder `inbound` of an exchange with all attempts.

    Raises:
        SubmissionError: there are several assignments, and none is called as the one that is graded.
    """
    here = [item for item in visible(place) if item.kind == FOLDER]
    if exchanged := named(here, EXCHANGE):
        return _inbound(place, here, exchanged, wanted, ignored)
    if any(item.path == SUBMITTED for item in here):
        place = place.below(SUBMITTED)
    elif place.where.resolve().name != SUBMITTED:
        return []
    students = {item.path: item for item in visible(place) if item.kind != PLAIN}
    works = {name: _folders(place.below(name)) if item.kind == FOLDER else None for name, item in students.items()}
    assignments = {name for work in works.values() for name in work or {}}
    if not assignments:
        return []  # laid out by hand
    assignment = _which(assignments, place, wanted)
    ignored += [f"{shown(item.path)}: beside the folders of the students." for item in visible(place) if item.kind == PLAIN]
    found = []
    for student, work in works.items():
        origin = f"{student}/{assignment}"
        if work is None:  # not a folder, or one that may not be read
            found.append(wanted.folder(place, students[student], student))
        elif assignment in work:
            inside = place.below(student)
            entry = wanted.folder(inside, work[assignment], student)
            found.append(replace(entry, origin=origin, submitted=_stamp(inside.below(assignment))))
        else:
            found.append(wanted.absent(student, origin, "nothing was handed in"))
    return found


def _inbound(
    place: Place, here: list[File], exchanged: dict[str, re.Match[str]], wanted: Wanted, ignored: list[str]
) -> list[Entry]:
    assignment = _which({match["assignment"] for match in exchanged.values()}, place, wanted)
    attempts: dict[str, list[tuple[datetime, str, File]]] = defaultdict(list)
    for item in here:
        match = exchanged.get(item.path)
        if match and match["assignment"] == assignment:
            attempts[match["student"]].append((moment(match["time"]) or FIRST, item.path, item))
        else:
            ignored.append(f"{shown(item.path)}: not a submission of {shown(assignment)}.")
    return [
        replace(wanted.folder(place, item, student), attempt=number, submitted=None if time == FIRST else time)
        for student, listed in attempts.items()
        for number, (time, _, item) in enumerate(sorted(listed, key=lambda attempt: attempt[:2]), 1)
    ]


def _which(assignments: set[str], place: Place, wanted: Wanted) -> str:
    if wanted.assignment in assignments or not assignments:
        return wanted.assignment
    if len(assignments) == 1:
        return assignments.pop()
    raise refusal(
        f"{shown(place.where)} holds several assignments",
        expected=f"one of them to be called {shown(wanted.assignment)}" if wanted.assignment else "one",
        received=", ".join(map(shown, sorted(assignments)[:5])),
        remedy="Give a folder or a zip with one of them",
    )


def _folders(place: Place) -> dict[str, File] | None:
    """The folders in a student's folder; None if it may not be read, which costs this student only."""
    try:
        return {item.path: item for item in visible(place) if item.kind == FOLDER}
    except SubmissionError:
        return None


def _stamp(place: Place) -> datetime | None:
    try:
        stamps = [item.read(100) for item in visible(place) if item.path == "timestamp.txt" and item.kind == PLAIN]
    except SubmissionError:  # said when the work is read
        return None
    return moment(stamps[0].decode("utf-8", "replace")) if stamps else None
