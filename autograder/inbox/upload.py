"""Under which name a student's feedback goes where: back to Canvas or Moodle in a zip, or into a folder."""

from __future__ import annotations

import re

from autograder.inbox.layouts.canvas import CANVAS
from autograder.inbox.layouts.moodle import MOODLE


def canvas(origin: str, suffix: str) -> str:
    """The name that Canvas finds a student by: that of the file in its download, with another suffix; "" where it cannot.

    Canvas takes the first two parts between underscores that are digits alone for the user and the attachment, so a name
    without them, as those of anonymous work, text and links, or with other digits before them, is of no use to it.

    >>> canvas("curiemarie_LATE_4711_998877_hw2.py", ".html")
    'curiemarie_LATE_4711_998877_hw2.html'
    >>> canvas("anon_ab1_998877_hw2.py", ".html")
    ''
    """
    match = CANVAS[1].fullmatch(origin)
    digits = [part for part in origin.split("_") if re.fullmatch("[0-9]+", part)]
    if not match or not _plain(origin) or digits[0] != match["user"]:
        return ""
    stem, dot, _ = match["file"].rpartition(".")
    return f"{origin.removesuffix(match['file'])}{stem if dot and stem else match['file']}{suffix}"


def moodle(origin: str, file: str) -> str:
    """The name that Moodle finds a student by, as in its download, with or without folders; "" where it cannot.

    >>> moodle("Marie Curie_657717_assignsubmission_file", "feedback.html")
    'Marie Curie_657717_assignsubmission_file/feedback.html'
    >>> moodle("Marie Curie_657717_assignsubmission_file_hw2.py", "feedback.html")
    'Marie Curie_657717_assignsubmission_file_feedback.html'
    """
    match = MOODLE.fullmatch(origin)
    if not match or not match["id"] or not _plain(origin):
        return ""
    return f"{origin.removesuffix(match['file'])}{file}" if match["file"] else f"{origin}/{file}"


def moodle_member(name: str, participant: str, file: str) -> str:
    """The name that Moodle finds one of a group by: it knows no group's number, and would take it for a participant's.

    >>> moodle_member("Marie_Curie", "657717", "feedback.html")
    'Marie Curie_657717_assignsubmission_file/feedback.html'
    """
    if not re.fullmatch("[0-9]+", participant):
        return ""
    plain = re.sub(r'[_/\\\x00-\x1f:*?"<>|]+', " ", name).strip(" .~") or "Participant"
    return f"{plain}_{participant}_assignsubmission_file/{file}"


def _plain(origin: str) -> bool:
    """Whether a name is that of one folder or file, which stays where it is unpacked."""
    return not re.search(r"[/\\\x00]", origin) and not origin.startswith((".", "~"))
