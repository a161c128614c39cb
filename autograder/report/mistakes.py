"""What a class was met with, on a terminal: groups of equal wrong answers, and how often each known mistake was met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from autograder.classroom.mistakes import Found, Group
from autograder.report.console import Rows, print_rows

CASES = 3  # of a group, that are called by name
LINES, WHO = 30, 10  # of a function, and students, that are shown


@dataclass(frozen=True)
class Known:
    """A mistake that has a name.

    Attributes:
        id, function, feedback: as whoever named it wrote them.
        by: "author" or "class".
        source: whether it is known for other inputs, too.
        students: how many met it, None if nobody counted.
    """

    id: str
    function: str
    feedback: str
    by: str
    source: bool
    students: int | None = None


def print_groups(console: Console, found: Found, assignment: str) -> None:
    """Each group: how many, where, what they read, since when, and the shortest of their functions."""
    for group in found.groups:
        name = Text(f"known as {group.named}", style="dim") if group.named else Text("not named yet", style="yellow")
        more = f" and {len(group.students) - WHO} more" if len(group.students) > WHO else ""
        lines = group.code.split("\n") if group.code else []
        cut = [f"… {len(lines) - LINES} more lines"] if len(lines) > LINES else []
        console.print(Text.assemble((counted(len(group.students)), "bold"), "  ", (group.check, "bold"), "  ", name))
        for text, style, indent in (
            (f"Wrong in {in_cases(group)}{f'. Since {day(group.since)}' if group.since else ''}.", "", 4),
            (f"Who: {', '.join(group.students[:WHO])}{more}", "", 4),
            (f"They read: {group.sentence}", "", 4),
            ("\n".join([*lines[:LINES], *cut]), "cyan", 8),
        ):
            if text:
                console.print(Padding(Text(text, style=style), (0, 0, 0, indent), expand=False))
        if not group.named and group.like:
            console.print(Text(to_name(group, assignment), style="dim"), soft_wrap=True)
        console.print()


def print_known(console: Console, known: Sequence[Known], others: Mapping[str, int]) -> None:
    """The mistakes that were met, the most frequent first; below, those that were not.

    Args:
        console: where to.
        known: the mistakes that have a name.
        others: how many students have met what is not listed: dlkit's own reasons, and names that were removed.
    """
    counts = any(one.students is not None for one in known)
    met = sorted((one for one in known if one.students or not counts), key=lambda one: (-(one.students or 0), one.id))
    table = Rows(numbers=["students"] if counts else [])
    table.add_words("id", "function", "named by")
    for one in met:
        by = f"{one.by}{', these inputs only' if one.by == 'class' and not one.source else ''}"
        table.add_row(*([str(one.students)] if counts else []), one.id, one.function, by)
    if met:
        print_rows(console, table)
    never: dict[str, list[str]] = defaultdict(list)
    for one in known:
        if one.students == 0:
            never[one.function].append(one.id)
    if never:
        console.print(Text(f"\nNever met ({sum(map(len, never.values()))}):", style="bold"))
        for function, names in never.items():
            console.print(Text.assemble(f"  {function}: ", (", ".join(names), "dim")))
    if others:
        told = ", ".join(f"{name} ({counted(number)})" for name, number in sorted(others.items()))
        console.print(f"\nNamed by dlkit itself, or no longer known: {told}", style="dim")


def counted(number: int) -> str:
    """Such as "7 students"."""
    return f"{number} student{'s' * (number != 1)}"


def in_cases(group: Group) -> str:
    """Which cases are wrong: "2 of 4 cases: typical; batch of one"."""
    if len(group.cases) == group.of:
        return "every case" if group.of > 1 else "its only case"
    more = f"; and {len(group.cases) - CASES} more" if len(group.cases) > CASES else ""
    return f"{len(group.cases)} of {group.of} cases: {'; '.join(group.cases[:CASES])}{more}"


def to_name(group: Group, assignment: str) -> str:
    """The command that names a group."""
    import shlex

    who, check = shlex.quote(group.like), shlex.quote(group.check)
    return f'dlkit misconceptions add {assignment} --like {who} --check {check} --id ID "SENTENCE"'


def day(when: datetime) -> str:
    """A day as people read it: "23 November 2026"."""
    return f"{when.day} {when:%B %Y}"
