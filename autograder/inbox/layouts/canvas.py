"""What Canvas's "Download Submissions" makes of a class."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.inbox.entry import Entry, Known, Wanted
from autograder.inbox.layout import Layout
from autograder.inbox.layouts.by_hand import is_work
from autograder.inbox.places import PassedOver, Place, misfits, named, visible
from autograder.submission import asked_for
from autograder.submission.entries import Item
from autograder.submission.responses import FILES
from autograder.submission.source import FOLDER
from autograder.text import printable

# <name>[_LATE]_<user>_<attachment>_<file>, or [LATE_]anon_<anonymous id>_<attachment>_<file> (Canvas, content_zipper.rb).
CANVAS = [
    re.compile(r"(?P<late>LATE_)?anon_(?P<user>[A-Za-z0-9]+)_[0-9]+_(?P<file>.+)", re.DOTALL),
    re.compile(r"(?P<name>.*?)(?P<late>_LATE)?_(?P<user>[0-9]+)_[0-9]+_(?P<file>.+)", re.DOTALL),
]
CANVAS_ONLINE = [
    re.compile(r"(?P<late>LATE_)?anon_(?P<user>[A-Za-z0-9]+)_(?P<kind>text|link)\.html"),
    re.compile(r"(?P<name>.*?)(?P<late>_LATE)?_(?P<user>[0-9]+)_(?P<kind>text|link)\.html", re.DOTALL),
]
SUFFIX = r"(?P<suffix>\.py|\.ipynb|\.toml|\.zip|\.tar\.gz|\.tgz)"
AGAIN = re.compile(rf"(?P<stem>.+)-(?P<number>[1-9][0-9]?){SUFFIX}", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Attachment:
    """A file on Canvas: what it was called when it was handed in, and which upload under that name it is."""

    item: Item
    name: str
    again: int


def entries(place: Place, wanted: Wanted, ignored: list[PassedOver]) -> list[Entry]:
    """A download of all submissions: one file for each attachment, no folders.

    Canvas calls a file that is handed in once more hw2-1.py, then hw2-2.py, and its download has the last ones only. So
    the number is an attempt if hw2.py is asked for, or is there as well; otherwise it is part of the name.
    """
    here = visible(place)
    loose = [item for item in here if item.kind != FOLDER]
    attached, online = named(loose, *CANVAS), named(loose, *CANVAS_ONLINE)
    canvas_s = {*attached, *online}
    odd = [item for item in here if item.kind == FOLDER or (item.path not in canvas_s and is_work(item.path))]
    if 2 * len(canvas_s) <= len(loose) or len(canvas_s) <= len(odd):  # another may look like one of these, but not most
        return []
    ignored += misfits([item.path for item in odd], "not named as Canvas names submissions")
    found: dict[tuple[str, str], list[Item]] = defaultdict(list)
    late: dict[tuple[str, str], bool] = {}
    texts: dict[tuple[str, str], str] = {}
    for item in here:
        match = attached.get(item.path) or online.get(item.path)
        if item in odd:  # a zip may have a file and a folder of one name
            continue
        if not match:
            ignored.append(PassedOver(item.path, "not named as Canvas names submissions"))
            continue
        whose = match["user"], match.groupdict().get("name") or ""
        late[whose] = late.get(whose, False) or bool(match["late"])
        if item.path in attached:
            found[whose].append(item)
        else:
            ignored.append(PassedOver(item.path, "text or a link, not a file"))
            texts[whose] = item.path
    entries = []
    for whose, items in found.items():
        names = {attached[item.path]["file"] for item in items}
        for attempt, files in _attempts([_attachment(item, attached[item.path]["file"], names, wanted) for item in items]):
            known = Known(name=printable(whose[1]), late=late[whose], attempt=attempt)
            entries.append(wanted.loose(place, files, whose[0], **known))
    for whose, origin in texts.items():
        if whose not in found:
            reason = "the student handed in text or a link, but no file"
            entries.append(wanted.absent(whose[0], origin, reason, name=printable(whose[1]), late=late[whose]))
    return entries


def _attachment(item: Item, name: str, names: set[str], wanted: Wanted) -> Attachment:
    match = None if asked_for(name, wanted.files) else AGAIN.fullmatch(name)
    first = match["stem"] + match["suffix"] if match else name
    if match and (asked_for(first, wanted.files) or first in names or first in FILES):
        return Attachment(item, first, int(match["number"]))
    return Attachment(item, name, 0)


def _attempts(attached: list[Attachment]) -> Iterable[tuple[int, list[tuple[Item, str]]]]:
    """The number and the files of each attempt, later ones with what was not handed in again."""
    numbers = sorted({one.again for one in attached})
    if len({one.name for one in attached}) == len(attached):
        numbers = numbers[-1:]  # each file once: one submission
    for number in numbers:
        last = {
            one.name: max(two.again for two in attached if two.name == one.name and two.again <= number)
            for one in attached
            if one.again <= number
        }
        yield number + 1, [(one.item, one.name) for one in attached if last.get(one.name) == one.again]


LAYOUTS = (Layout("canvas", entries, turn=30, marks_late=True),)
