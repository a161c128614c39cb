"""The class of a teacher who collects by hand: a folder or a file for each student."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from autograder.inbox.entry import Entry, Wanted
from autograder.inbox.layout import Layout
from autograder.inbox.places import STAMPED, PassedOver, Place, misfits, stamped_in, visible
from autograder.submission import asked_for, suffix_of
from autograder.submission.entries import Item
from autograder.submission.source import FOLDER, PLAIN


def folders(place: Place, wanted: Wanted, ignored: list[PassedOver]) -> list[Entry]:
    """One folder for each student, and a few other files at most."""
    single, several, others = _sorted(place)
    if len(single) > len(several):
        return []
    beside = "beside the folders of the students"
    ignored += misfits([item.path for item in single], beside, "put it into a folder with the student's name, and rerun")
    ignored += [PassedOver(item.path, beside) for item in others]
    for item in several:
        inside = stamped_in(place.below(item.path)) if item.kind == FOLDER else []
        ignored += [PassedOver(f"{item.path}/{name}/{STAMPED}", "not read, because most students have none") for name in inside]
    return [wanted.folder(place, item, item.path) for item in several]


def files(place: Place, wanted: Wanted, ignored: list[PassedOver]) -> list[Entry]:
    """One Python file, notebook or archive for each student, and a few other files and folders at most."""
    single, several, others = _sorted(place)
    if len(single) <= len(several) or all(asked_for(item.path, wanted.files) for item in single):  # the latter: one student's own
        return []
    beside = "beside the files of the students"
    ignored += misfits([item.path for item in several], beside, "pack it into a zip with the student's name, and rerun")
    ignored += [PassedOver(item.path, beside) for item in others]
    return [wanted.entry(_stem(item.path), item.path, place.where, _only(item)) for item in single]


def _sorted(place: Place) -> tuple[list[Item], list[Item], list[Item]]:
    """What may be a student's file, what a student's folder (also a link, which is refused when it is read), and the rest."""
    here = visible(place)
    single = [item for item in here if item.kind != FOLDER and is_work(item.path)]
    others = [item for item in here if item.kind == PLAIN and not is_work(item.path)]
    return single, [item for item in here if item not in single and item not in others], others


def _only(item: Item) -> Callable[[], list[Item]]:
    return lambda: [item]


def is_work(name: str) -> bool:
    """Whether a file of this name may be all that a student hands in."""
    return name.lower().endswith((".py", ".ipynb")) or bool(suffix_of(name))


def _stem(name: str) -> str:
    return name[: -len(suffix_of(name) or Path(name).suffix)]


LAYOUTS = (Layout("folders", folders, turn=90, by_hand=True), Layout("files", files, turn=95, by_hand=True))
