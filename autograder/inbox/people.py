"""People: the students of a class, as a roster, a gradebook and the learning platforms know them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Person:
    """A student: a key that stays, and what a roster or the first submission tells besides.

    Attributes:
        id: the key.
        canvas_id: what Canvas calls them, and `moodle_id` Moodle.
        group: the group with which they hand in, "" for none.
        enrolled: whether a roster has named them.
        left: when a roster first had them no more; "" while they are in the class.
        login: on GitHub.
        submitted: when the work of one assignment was handed in, as a grading worksheet of Moodle writes it.
    """

    id: str
    name: str = ""
    email: str = ""
    section: str = ""
    canvas_id: str = ""
    moodle_id: str = ""
    group: str = ""
    enrolled: bool = False
    left: str = ""
    login: str = ""
    submitted: str = field(default="", compare=False)
