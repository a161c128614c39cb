"""The class list on a terminal, and what another roster would change."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from autograder.classroom.class_list import FIELDS, STRANGER
from autograder.report.console import Rows, print_rows

if TYPE_CHECKING:
    from autograder.classroom.class_list import ClassList, RosterChange

KEPT = "Who left keeps work and marks. No median, report or total of the class counts them."
KINDS = {
    "joined": "joined",
    "back": "came back",
    "left": "left the class; their marks stay, and are not counted any more",
    "missing": "not on this roster; too many to have left, so they still count",
    "other id": "other id for the same person; their work goes along",
    **{name: f"other {words}" for name, words in FIELDS.items()},
}


def print_people(console: Console, found: ClassList) -> None:
    """A table of the class, with the attempts at each assignment; below, how many there are."""
    titles = ["student", "name", *(["section"] if found.sections else []), *(["group"] if found.groups else [])]
    table = Rows(*titles, numbers=found.assignments)
    table.add_words("notes", style="dim")
    for one in found.students:
        about = {"student": one.person.id, "name": one.person.name, "section": one.person.section, "group": one.group}
        counts = [str(one.attempts.get(name) or "-") for name in found.assignments]
        table.add_row(*(about[title] for title in titles), *counts, "; ".join(one.notes))
    if found.students:
        print_rows(console, table)
        console.print()
    for line in summary(found):
        console.print(Text(line), soft_wrap=not console.is_terminal)


def summary(found: ClassList) -> list[str]:
    """How many there are, in a few sentences."""
    there, left = found.there, len(found.students) - len(found.there)
    nothing = sum(not any(one.attempts.values()) for one in there)
    strangers = [one.person.id for one in there if one.state == STRANGER]
    lines = [
        f"{_count(len(there), 'student')}{f'; {left} left the class' if left else ''}."
        + (f" No submission: {nothing}." if nothing else "")
        + (" The numbers are attempts." if found.assignments else "")
    ]
    if found.sections:
        lines.append(f"Sections: {_counts(found.sections)}")
    if found.groups:
        lines.append(f"{_count(len(found.groups), 'group')} with {_count(sum(found.groups.values()), 'student')}.")
    if strangers:
        lines.append(f"Work that is of nobody on a roster: {', '.join(strangers)}. Add them to the roster, or rename the folder.")
    if any(one.twins for one in there):
        lines.append("Students of the same name are told apart by their ids: name their folders by id.")
    return [*lines, KEPT] if left else lines


def print_roster_changes(console: Console, changes: Sequence[RosterChange]) -> None:
    """What a roster would change, by kind, a student in a line."""
    for kind, several in groupby(changes, key=lambda one: one.kind):
        listed = list(several)
        console.print(Text(f"{len(listed)} {KINDS[kind]}:", style="bold"))
        for one in listed:
            name = f"  {one.name}" if one.name else ""
            moved = f"  {one.before or 'none'} → {one.after or 'none'}" if kind in (*FIELDS, "other id") else ""
            known = f"  ({one.before})" if kind == "joined" and one.before else ""
            console.print(Text(f"  {one.student}{name}{moved}{known}"), soft_wrap=not console.is_terminal)


def _counts(numbers: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in numbers.items()) + "."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
