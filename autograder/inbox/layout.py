"""What a layout is: a way in which the submissions of a class may lie in a folder or a zip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from autograder.inbox.entry import Entry, Wanted
from autograder.inbox.places import PassedOver, Place


@dataclass(frozen=True)
class Layout:
    """A way in which the submissions of a class may lie in a place.

    Attributes:
        name: what people read.
        entries: looks at a place and finds its entries, none if the place is laid out in another way; what it passes over is
            added to the list.
        turn: when it is tried: a layout that cannot be taken for another comes before those that can. Gradescope has 10, Moodle
            20, Brightspace 25, Canvas 30, Blackboard 34, nbgrader 40, GitHub 50, folders 90 and files 95.
        by_hand: whether a teacher names the folders and files, and no platform; such names are trusted last.
        marks_late: whether late work carries a mark, so that work without one is in time.
        tells_groups: whether it says itself who handed in together, so that a roster's groups are not asked.
    """

    name: str
    entries: Callable[[Place, Wanted, list[PassedOver]], list[Entry]]
    turn: int
    by_hand: bool = False
    marks_late: bool = False
    tells_groups: bool = False
