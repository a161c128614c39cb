"""What Blackboard's "Assignment File Download" makes of a class."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime, tzinfo

from autograder.inbox.entry import Entry, Wanted
from autograder.inbox.layout import Layout
from autograder.inbox.layouts.by_hand import is_work
from autograder.inbox.places import PassedOver, Place, misfits, named, visible
from autograder.submission.entries import Item
from autograder.submission.source import FOLDER, PLAIN, SubmissionError
from autograder.text import printable

# <assignment>_<user>_attempt_<time>[_<file>]; without a file it is what Blackboard itself writes about the attempt.
BLACKBOARD = re.compile(
    r"(?P<before>.+)_attempt_(?P<time>[0-9]{4}(?:-[0-9]{2}){5})(?:_(?P<file>.+)|\.txt)", re.DOTALL | re.IGNORECASE
)
ABOUT = re.compile(r"\ufeff?Name: *(?P<name>.*?) *\((?P<user>[^()\r\n]+)\) *$", re.MULTILINE)
MAX_ABOUT = 2**16


def entries(place: Place, wanted: Wanted, ignored: list[PassedOver]) -> list[Entry]:
    """A download of all attempts: one file for each that was handed in, and a text about each attempt.

    The text names the user. Where there is none, the user is what stands behind the last underscore before "_attempt_".
    """
    here = visible(place)
    found = named([item for item in here if item.kind != FOLDER], BLACKBOARD)
    odd = [item for item in here if item.path not in found and (item.kind == FOLDER or is_work(item.path))]
    if len(found) <= len(odd):
        return []
    ignored += misfits([item.path for item in odd], "not named as Blackboard names submissions")
    works: dict[tuple[str, str], list[tuple[Item, str]]] = defaultdict(list)
    about: dict[tuple[str, str], Item] = {}
    for item in here:
        match = found.get(item.path)
        if match and match["file"]:
            works[match["before"], match["time"]].append((item, match["file"]))
        elif match:
            about[match["before"], match["time"]] = item
        elif item not in odd:
            ignored.append(PassedOver(item.path, "not named as Blackboard names submissions"))
    whose = {key: _whose(key[0], about.get(key)) for key in {**works, **about}}
    entries = []
    for user in dict.fromkeys(user for user, _ in whose.values()):
        theirs = sorted((time, before) for (before, time), (one, _) in whose.items() if one == user)
        for number, (time, before) in enumerate(theirs, 1):
            name, when = whose[before, time][1], _moment(time, wanted.zone)
            if files := works.get((before, time)):
                entries.append(wanted.loose(place, files, user, name=name, attempt=number, submitted=when))
            else:
                reason = "the student handed in no file in this attempt"
                origin = about[before, time].path
                entries.append(wanted.absent(user, origin, reason, name=name, attempt=number, submitted=when))
    return entries


def _whose(before: str, about: Item | None) -> tuple[str, str]:
    """The user of an attempt and, if Blackboard's text tells it, the name."""
    if about is not None and about.kind == PLAIN:
        try:
            found = ABOUT.match(about.read(MAX_ABOUT).decode("utf-8", "replace"))
        except SubmissionError:
            found = None
        if found and before.endswith(f"_{found['user']}"):
            return found["user"], printable(found["name"])
    return before.rpartition("_")[2], ""


def _moment(time: str, zone: tzinfo | None) -> datetime | None:
    """When an attempt was made: Blackboard writes no time zone, so it is known only where the course has one."""
    try:
        return datetime.strptime(time, "%Y-%m-%d-%H-%M-%S").replace(tzinfo=zone) if zone else None
    except ValueError:  # no such day or hour
        return None


LAYOUTS = (Layout("blackboard", entries, turn=34),)
