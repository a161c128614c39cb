"""A submission that was run again, on a terminal: old beside new, check by check."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from autograder.report.console import Rows, print_rows
from autograder.report.words import SYMBOLS

if TYPE_CHECKING:
    from autograder.classroom.changes import Change
    from autograder.outcome import CheckResult, Grade


def print_again(console: Console, change: Change, notes: Iterable[str] = ()) -> None:
    """Each check as it was and as it is now; below, what is different, and what else there is to say."""
    old = {check.name: check for check in change.before.checks} if change.before else {}
    new = {check.name: check for check in change.after.checks} if change.after else {}
    table = Rows("check", "before", "now", "")
    for name in [*new, *(name for name in old if name not in new)]:
        before, now = _cell(old.get(name)), _cell(new.get(name))
        table.add_row(name, before, now, Text("changed", style="yellow") if before != now else "")
    table.add_row(
        "all checks", _total(change.before), _total(change.after), Text("changed", style="yellow") if change.moves else ""
    )
    print_rows(console, table)
    console.print()
    for sentence in change.sentences:
        console.print(Text(sentence), soft_wrap=not console.is_terminal)
    for name, check in new.items():
        said = old[name].message if name in old else ""
        if check.message != said and _cell(old.get(name)) == _cell(check):
            console.print(Text(f"    before: {said or 'nothing'}\n    now: {check.message or 'nothing'}", style="dim"))
    if not change.matters:
        console.print("Nothing is different.")
    for note in notes:
        console.print(Text(f"{note}.", style="dim"), soft_wrap=not console.is_terminal)


def _cell(check: CheckResult | None) -> str:
    """How a check ended, and its points; - where there is none."""
    if check is None:
        return "-"
    points = "not judged" if check.score is None else f"{check.score:g} of {check.max_score:g}"
    return f"{SYMBOLS[check.outcome][0]} {check.outcome.words}, {points}"


def _total(grade: Grade | None) -> str:
    return grade.brief if grade else "no grade"
