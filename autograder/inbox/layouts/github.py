"""GitHub: clones of the repositories of a class, as GitHub Classroom and Classroom 50 name them."""

from __future__ import annotations

import re

from autograder.inbox.claims import slug_of
from autograder.inbox.entry import Entry, Wanted
from autograder.inbox.layout import Layout
from autograder.inbox.places import PassedOver, Place, misfits, visible
from autograder.submission.source import FOLDER

LOGIN = r"(?P<login>[a-z0-9](?:-?[a-z0-9])*(?:_[a-z0-9]+)?)"  # with "_<company>" where a company manages its accounts


def entries(place: Place, wanted: Wanted, ignored: list[PassedOver]) -> list[Entry]:
    """Folders <assignment>-<login> or <classroom>-<assignment>-<login>, where the assignment is called so on GitHub, too.

    Others are folders that are laid out by hand, and a roster with logins still tells whose they are (see `roster.match`).
    """
    slug = slug_of(wanted.assignment)
    if not slug:
        return []
    pattern = re.compile(rf"(?:(?P<classroom>.+?)-)?{re.escape(slug)}-{LOGIN}", re.IGNORECASE)
    here = visible(place)
    folders = [(item, pattern.fullmatch(item.path)) for item in here if item.kind == FOLDER]
    found = [(item, match) for item, match in folders if match]
    if 2 * len(found) <= len(folders) or len(found) < len(here) - len(folders):
        return []
    ignored += misfits([item.path for item, match in folders if not match], f"not named <assignment>-<login>, such as {slug}-ada")
    ignored += [PassedOver(item.path, "beside the clones of the students") for item in here if item.kind != FOLDER]
    return [wanted.folder(place, item, match["login"], login=match["login"]) for item, match in found]


LAYOUTS = (Layout("github", entries, turn=50),)
