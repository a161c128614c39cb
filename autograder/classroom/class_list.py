"""The class list: who is in the class, with what work, and what another roster would change. Nothing here writes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from autograder.classroom.enrolling import renamed_on
from autograder.classroom.gradebook import FEW, Gradebook
from autograder.inbox.people import Person
from autograder.text import words_of

IN, LEFT, STRANGER = "in the class", "left", "on no roster"
FIELDS = {  # what a roster may change of a student, in words
    "name": "name",
    "email": "email",
    "section": "section",
    "group": "group",
    "login": "login",
    "canvas_id": "Canvas id",
    "moodle_id": "Moodle id",
}


@dataclass(frozen=True)
class Listed:
    """A student as the class list has them.

    Attributes:
        person: who.
        state: `IN`, `LEFT` or `STRANGER`: on no roster, though there is one.
        group: the group on the newest roster, or the one with which they handed in last.
        attempts: how many attempts there are at each assignment, those of a group too.
        unread: the assignments of which no attempt could be read.
        twins: the ids of others with the same name.
    """

    person: Person
    state: str
    group: str
    attempts: Mapping[str, int]
    unread: tuple[str, ...]
    twins: tuple[str, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be known of them, for people."""
        left = f"left the class{_day(self.person.left)}: not counted" if self.state == LEFT else ""
        stranger = "has work, and is on no roster" if self.state == STRANGER else ""
        nothing = "no submission" if not any(self.attempts.values()) else ""
        unread = f"cannot be read: {', '.join(self.unread)}" if self.unread else ""
        twins = f"same name as {', '.join(self.twins)}" if self.twins else ""
        return tuple(filter(None, (left, stranger, nothing, unread, twins)))


@dataclass(frozen=True)
class ClassList:
    """Everybody in a gradebook, by id; those who left come last.

    Attributes:
        students: all of them.
        assignments: those that somebody handed in.
    """

    students: tuple[Listed, ...]
    assignments: tuple[str, ...]

    @property
    def there(self) -> list[Listed]:
        """Those who have not left."""
        return [one for one in self.students if one.state != LEFT]

    @property
    def sections(self) -> dict[str, int]:
        """How many of those who are there are in each section."""
        return dict(sorted(Counter(one.person.section for one in self.there if one.person.section).items()))

    @property
    def groups(self) -> dict[str, int]:
        """How many of those who are there are in each group."""
        return dict(sorted(Counter(one.group for one in self.there if one.group).items()))

    def only(self, section: str | None = None, group: str | None = None, missing: str | None = None) -> ClassList:
        """Those of a section and of a group, and without work for an assignment."""
        found = [
            one
            for one in self.students
            if section in (None, one.person.section)
            and group in (None, one.group)
            and (missing is None or (one.state == IN and not one.attempts.get(missing)))
        ]
        return replace(self, students=tuple(found))


@dataclass(frozen=True)
class RosterChange:
    """What a roster changes of one student.

    Attributes:
        kind: "joined", "back", "left", "missing" (too many to have left), "other id", or a key of `FIELDS`.
        student: the id, on the new roster where it has one.
        name: what they are called.
        before, after: what changes, from what to what; "" where nothing was or is.
    """

    kind: str
    student: str
    name: str
    before: str = ""
    after: str = ""


def class_list(gradebook: Gradebook) -> ClassList:
    """Everybody in a gradebook."""
    names = gradebook.assignments()
    attempts: dict[str, Counter[str]] = defaultdict(Counter)
    read: set[tuple[str, str]] = set()
    groups: dict[str, str] = {}
    for name in names:
        for row in gradebook.rows(name, cases=False):
            for student in row.everybody:
                attempts[student][name] += 1
                if row.files is not None:
                    read.add((student, name))
                if row.group:
                    groups[student] = row.group
    people = gradebook.people()
    rosters = any(person.enrolled for person in people)
    same = _twins(people)
    found = [
        Listed(
            person,
            LEFT if person.left else STRANGER if rosters and not person.enrolled else IN,
            person.group or groups.get(person.id, ""),
            dict(attempts[person.id]),
            tuple(name for name in attempts[person.id] if (person.id, name) not in read),
            same.get(person.id, ()),
        )
        for person in people
    ]
    return ClassList(tuple(sorted(found, key=lambda one: (one.state == LEFT, one.person.id))), tuple(names))


def roster_changes(people: Sequence[Person], roster: Sequence[Person]) -> list[RosterChange]:
    """What taking a roster in would change, by kind and then by id.

    Args:
        people: everybody in the gradebook.
        roster: who is in the class now.
    """
    new_id = renamed_on(people, roster)
    before = {new_id.get(person.id, person.id): person for person in people if person.id not in new_id.values()}
    told = [name for name in FIELDS if any(getattr(person, name) for person in roster)]
    found: list[RosterChange] = []
    for person in roster:
        found += _of_one(before.get(person.id), person, told)
    listed = {person.id for person in roster}
    enrolled = [(key, person) for key, person in before.items() if person.enrolled and not person.left]
    gone = [RosterChange("left", key, person.name) for key, person in enrolled if key not in listed]
    if len(gone) > FEW * len(enrolled):  # as `Gradebook.enrol` decides
        gone = [replace(one, kind="missing") for one in gone]
    order = ("joined", "back", "left", "missing", "other id", *FIELDS)
    return sorted([*found, *gone], key=lambda one: (order.index(one.kind), one.student))


def _of_one(was: Person | None, now: Person, told: Sequence[str]) -> Iterator[RosterChange]:
    """What changes of somebody who is on the new roster."""
    if was is None or not was.enrolled:
        yield RosterChange("joined", now.id, now.name, "known from work so far" if was else "")
        return
    if was.id != now.id:
        yield RosterChange("other id", now.id, now.name, was.id, now.id)
    if was.left:
        yield RosterChange("back", now.id, now.name)
    for field in told:
        before, after = getattr(was, field), getattr(now, field)
        if before != after:
            yield RosterChange(field, now.id, now.name, before, after)


def _twins(people: Sequence[Person]) -> dict[str, tuple[str, ...]]:
    """The others of the same name, in any order of its words, by id."""
    by_name: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for person in people:
        if words := sorted(words_of(person.name)):
            by_name[tuple(words)].append(person.id)
    return {key: tuple(other for other in keys if other != key) for keys in by_name.values() if len(keys) > 1 for key in keys}


def _day(stamp: str) -> str:
    """Such as " on 2026-10-12"."""
    try:
        return f" on {datetime.fromisoformat(stamp):%Y-%m-%d}"
    except ValueError:
        return ""
