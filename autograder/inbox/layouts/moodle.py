"""What Moodle's "Download all submissions" makes of a class."""

from __future__ import annotations

import re
from collections import defaultdict

from autograder.inbox.entry import Entry, Wanted
from autograder.inbox.layout import Layout
from autograder.inbox.layouts.by_hand import is_work
from autograder.inbox.places import PassedOver, Place, misfits, visible
from autograder.submission.entries import Item
from autograder.submission.source import FOLDER
from autograder.text import printable

# <name>_<participant>_<subtype>_<plugin>, then "_" up to Moodle 4.0, or "_<file>" where not in folders (downloader.php).
# Of a group: <group>_<number of the group>_..., and of those in no group "Default group_...", without a number.
MOODLE = re.compile(
    r"(?P<name>[^_]*)(?:_(?P<id>[0-9]+))?_(?P<kind>(?:assignsubmission|assignfeedback)_[a-z]+)(?:_(?P<file>.*))?",
    re.DOTALL,
)
BLIND = "Participant"


def entries(place: Place, wanted: Wanted, ignored: list[PassedOver]) -> list[Entry]:
    """A download of all submissions of an assignment: in folders or not, and with blind marking or without."""
    here = [(item, MOODLE.fullmatch(item.path)) for item in visible(place)]
    found: dict[tuple[str, str], list[tuple[Item, str]]] = defaultdict(list)
    online: dict[tuple[str, str], str] = {}
    odd = [item for item, match in here if not match and (item.kind == FOLDER or is_work(item.path))]
    if sum(match is not None for _, match in here) <= len(odd):  # a folder may look like Moodle's, but not most
        return []
    ignored += misfits([item.path for item in odd], "not named as Moodle names submissions")
    for item, match in here:
        if item in odd:
            continue
        if not match:
            ignored.append(PassedOver(item.path, "not named as Moodle names submissions"))
        elif match["kind"] != "assignsubmission_file":
            ignored.append(PassedOver(item.path, "not a file that the student handed in"))
            if match["kind"].startswith("assignsubmission"):
                online[match["id"] or match["name"], match["name"]] = item.path
        else:
            # By name too: one id under two names is two entries, and refused as such.
            found[match["id"] or match["name"], match["name"]].append((item, match["file"] or ""))
    entries = []
    for (key, name), items in found.items():
        loose = [(item, file) for item, file in items if item.kind != FOLDER]
        entries += [wanted.folder(place, item, key, name=_name(name)) for item, _ in items if item.kind == FOLDER]
        entries += [wanted.loose(place, loose, key, name=_name(name))] if loose else []
    for (key, name), origin in online.items():
        if (key, name) not in found:
            entries.append(wanted.absent(key, origin, "the student handed in text, but no file", name=_name(name)))
    return entries


def _name(name: str) -> str:
    return "" if name == BLIND else printable(name)


LAYOUTS = (Layout("moodle", entries, turn=20, tells_groups=True),)
