"""What the download of an assignment's submissions from Brightspace (D2L) makes of a class."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from autograder.inbox.entry import Entry, Known, Wanted
from autograder.inbox.layout import Layout
from autograder.inbox.layouts.by_hand import is_work
from autograder.inbox.places import PassedOver, Place, misfits, visible
from autograder.inbox.written import read as moment_in
from autograder.submission.entries import Item
from autograder.submission.source import FOLDER
from autograder.text import printable

# <number>-<number> - <name> - <day> <time>, such as "39786-640693 - Ada Farouk - Oct 10, 2026 1022 PM": a folder, or the
# beginning of a file's name. The first number is the student's; it stands in no table that Brightspace exports.
BRIGHTSPACE = re.compile(
    r"(?P<id>[0-9]+)-[0-9]+ - (?P<name>.+?) ?- (?P<day>[^-]*[0-9]{4}),? "
    r"(?P<hour>[0-9]{1,2}):?(?P<minute>[0-9]{2})(?P<half> [AP]M)?(?: - (?P<file>.+))?",
    re.DOTALL | re.IGNORECASE,
)
INDEX = "index.html"
FIRST = datetime.min.replace(tzinfo=UTC)
Found = list[tuple[Item, re.Match[str]]]


def entries(place: Place, wanted: Wanted, ignored: list[PassedOver]) -> list[Entry]:
    """A download of all submissions: a folder for each, or files that are named so, and an index.

    Brightspace writes no time zone. Where the course has none, the order of attempts is known, and the times are not.
    """
    here = [(item, BRIGHTSPACE.fullmatch(item.path)) for item in visible(place) if item.path != INDEX]
    odd = [item for item, match in here if not match and (item.kind == FOLDER or is_work(item.path))]
    if sum(match is not None for _, match in here) <= len(odd):
        return []
    ignored += misfits([item.path for item in odd], "not named as Brightspace names submissions")
    found: dict[tuple[str, str], dict[datetime | None, Found]] = defaultdict(lambda: defaultdict(list))
    for item, match in here:
        if match:
            found[match["id"], match["name"]][_moment(match, wanted)].append((item, match))
        elif item not in odd:
            ignored.append(PassedOver(item.path, "not named as Brightspace names submissions"))
    entries = []
    for (key, name), attempts in found.items():
        for number, when in enumerate(sorted(attempts, key=lambda when: when or FIRST), 1):
            entries.append(_entry(place, wanted, key, printable(name), number, when, attempts[when]))
    return entries


def _entry(place: Place, wanted: Wanted, key: str, name: str, number: int, when: datetime | None, found: Found) -> Entry:
    """The entry of one attempt: its folder, or its files."""
    known = Known(name=name, attempt=number, submitted=when if wanted.zone else None)
    folders = [item for item, _ in found if item.kind == FOLDER]
    files: Sequence[tuple[Item, str]] = [(item, match["file"] or item.path) for item, match in found if item.kind != FOLDER]
    return wanted.folder(place, folders[0], key, **known) if folders else wanted.loose(place, files, key, **known)


def _moment(match: re.Match[str], wanted: Wanted) -> datetime | None:
    """When an attempt was made, by the clock of the course or, for the order alone, of nobody."""
    return moment_in(f"{match['day']} {match['hour']}:{match['minute']}{match['half'] or ''}", wanted.zone or UTC)


LAYOUTS = (Layout("brightspace", entries, turn=25),)
