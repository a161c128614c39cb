"""How nbgrader lays out a class: in a course's folder, and in the exchange where students hand in."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime

from autograder.inbox.entry import Entry, Wanted
from autograder.inbox.layout import Layout
from autograder.inbox.layouts.by_hand import is_work
from autograder.inbox.moments import Moment, moment
from autograder.inbox.places import STAMPED, PassedOver, Place, misfits, named, stamped_in, visible
from autograder.submission.entries import Item
from autograder.submission.source import FOLDER, PLAIN, SubmissionError, refusal
from autograder.text import shown

# <student>+<assignment>+<time>[+<random>]; the time may end with a zone as +0530 or UTC+2.
EXCHANGE = re.compile(
    r"(?P<student>.+)\+(?P<assignment>[^+]+)\+"
    r"(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}[^+]*(?:\+[0-9]{1,2}[:_]?(?:[0-9]{2})?)?)(?:\+[^+]+)?",
    re.DOTALL,
)
SUBMITTED = "submitted"  # nbgrader's step between release and autograded
UNSURE = ("the order of this student's attempts follows the clock times in their folders' names and may be wrong",)
FIRST = datetime.min.replace(tzinfo=UTC)


def entries(place: Place, wanted: Wanted, ignored: list[PassedOver]) -> list[Entry]:
    """A course's folder `submitted`, or the folder `inbound` of an exchange with all attempts.

    A folder of another name is taken for `submitted` if most of the students' folders have a time that nbgrader wrote.

    Raises:
        SubmissionError: there are several assignments, and none is called as the one that is graded.
    """
    here = [item for item in visible(place) if item.kind == FOLDER]
    exchanged = named(here, EXCHANGE)
    if 2 * len(exchanged) > len(here):
        return _inbound(place, here, exchanged, wanted, ignored)
    beside: list[str] = []
    stamped = ""
    if any(item.path == SUBMITTED for item in here):
        beside = [item.path for item in here if item.path != SUBMITTED and _works_in(place.below(item.path))]
        place = place.below(SUBMITTED)
    elif place.where.resolve().name != SUBMITTED and not (stamped := _stamped(place, here, wanted)):
        return []
    students = {item.path: item for item in _listed(place) if item.kind != PLAIN}
    works = {name: _folders(place.below(name)) if item.kind == FOLDER else None for name, item in students.items()}
    by_hand = sum(item.kind == FOLDER and _works_in(place.below(name)) for name, item in students.items())
    assignments = {name for work in works.values() for name in work or {}}
    if not assignments or sum(map(bool, works.values())) <= max(by_hand, len(beside)):
        return []  # laid out by hand, and perhaps one student's folder is called so
    assignment = stamped or _which(assignments, place, wanted)
    ignored += misfits(beside, "not in the folder `submitted`")
    ignored += [PassedOver(item.path, "beside the folders of the students") for item in visible(place) if item.kind == PLAIN]
    found = []
    for student, work in works.items():
        origin = f"{student}/{assignment}"
        if work is None:  # not a folder, or one that may not be read
            found.append(wanted.folder(place, students[student], student))
        elif assignment in work:
            inside = place.below(student)
            when = _stamp(inside.below(assignment), wanted)
            entry = wanted.folder(inside, work[assignment], student, notices=_told(when, STAMPED))
            found.append(replace(entry, origin=origin, submitted=when.time if when else None))
        elif _works_in(place.below(student)):  # laid out by hand
            found.append(wanted.folder(place, students[student], student))
        else:
            found.append(wanted.absent(student, origin, "nothing was handed in"))
    return found


def _stamped(place: Place, students: list[Item], wanted: Wanted) -> str:
    """The assignment of which most students have a time that nbgrader wrote; "" where most have none."""
    folders = Counter(name for item in students for name in stamped_in(place.below(item.path)))
    name = wanted.assignment if wanted.assignment in folders else max(folders, key=lambda name: folders[name], default="")
    return name if 2 * folders[name] > len(students) else ""


def _inbound(
    place: Place, here: list[Item], exchanged: dict[str, re.Match[str]], wanted: Wanted, ignored: list[PassedOver]
) -> list[Entry]:
    assignment = _which({match["assignment"] for match in exchanged.values()}, place, wanted)
    attempts: dict[str, list[tuple[Moment, Item]]] = defaultdict(list)
    for item in here:
        match = exchanged.get(item.path)
        if match and match["assignment"] == assignment:
            attempts[match["student"]].append((moment(match["time"], wanted.zone), item))
        elif match:
            ignored.append(PassedOver(item.path, f"not a submission of {shown(assignment)}"))
        else:
            ignored += misfits([item.path], "not named as nbgrader names submissions")
    found = []
    for student, listed in attempts.items():
        unsure = UNSURE if len(listed) > 1 and any(when.time is None for when, _ in listed) else ()
        for number, (when, item) in enumerate(sorted(listed, key=lambda attempt: (_order(attempt[0]), attempt[1].path)), 1):
            notices = (*_told(when, "the folder's name"), *unsure)
            entry = wanted.folder(place, item, student, attempt=number, submitted=when.time, notices=notices)
            found.append(entry)
    return found


def _order(when: Moment) -> datetime:
    """Where an attempt stands among others; without a zone by what the clock showed, which is told."""
    return when.time or (when.clock.replace(tzinfo=UTC) if when.clock else FIRST)


def _told(when: Moment | None, where: str) -> tuple[str, ...]:
    """What there is to say of the time of an attempt."""
    if when is None or not when.doubt:
        return ()
    unknown = "" if when.time else "; when it was handed in, and whether it was late, is not known"
    return (f"{where}: {when.doubt}{unknown}",)


def _which(assignments: set[str], place: Place, wanted: Wanted) -> str:
    if wanted.assignment in assignments or not assignments:
        return wanted.assignment
    if len(assignments) == 1:
        return assignments.pop()
    raise refusal(
        f"{shown(place.where)} holds several assignments",
        expected=f"an assignment called {shown(wanted.assignment)}" if wanted.assignment else "one",
        received=", ".join(map(shown, sorted(assignments)[:5])),
        remedy="Give a folder or a zip with one of them",
    )


def _folders(place: Place) -> dict[str, Item] | None:
    """The folders in a student's folder; None if it may not be read, which costs this student only."""
    try:
        return {item.path: item for item in visible(place) if item.kind == FOLDER}
    except SubmissionError:
        return None


def _works_in(place: Place) -> bool:
    """Whether a folder holds work directly, as those of students do who are not nbgrader's."""
    return any(item.kind != FOLDER and is_work(item.path) for item in _listed(place))


def _listed(place: Place) -> list[Item]:
    try:
        return visible(place)
    except SubmissionError:  # said when the work is read
        return []


def _stamp(place: Place, wanted: Wanted) -> Moment | None:
    """What nbgrader wrote beside an attempt; None where there is no such file."""
    stamps = [item for item in _listed(place) if item.path == STAMPED]
    if not stamps:
        return None
    if stamps[0].kind != PLAIN:
        return Moment(None, doubt=f"it is {stamps[0].kind}")
    try:
        return moment(stamps[0].read(100).decode("utf-8", "replace"), wanted.zone)
    except SubmissionError as error:
        return Moment(None, doubt=str(error).partition(";")[0])


LAYOUTS = (Layout("nbgrader", entries, turn=40),)
