"""For instructors: who is in the class, and what another roster would change."""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.text import meant
from dlkit.commands.shared import GRADEBOOK, NOT_ALL, PASSED, USAGE, Refusal, opened, refusing
from dlkit.commands.shared import write as write_to

if TYPE_CHECKING:
    from autograder.classroom.class_list import ClassList
    from autograder.classroom.gradebook import Gradebook


@click.command()
@click.option("--section", metavar="NAME", help="Only students of this section.")
@click.option("--group", metavar="NAME", help="Only students of this group.")
@click.option("--missing", metavar="ASSIGNMENT", help="Only students of the class without a submission for this assignment.")
@click.option("--roster", metavar="CSV", help="Show what this roster would change, in place of the list.")
@click.option("--column", metavar="TITLE", help="With --roster: its id column, if dlkit does not find it.")
@click.option("--write", is_flag=True, help="With --roster: take it in (default: only say what would change).")
@click.option("--csv", "csv_path", metavar="PATH", help="Write CSV; - for stdout.")
@click.option("--json", "json_path", metavar="PATH", help="Write JSON; - for stdout.")
@GRADEBOOK
def people(
    section: str | None,
    group: str | None,
    missing: str | None,
    roster: str | None,
    column: str | None,
    write: bool,
    csv_path: str | None,
    json_path: str | None,
    gradebook: str,
) -> None:
    """List the students of the course: sections, groups, who left, who is missing.

    Shows how many attempts each student has at each assignment. The notes tell who has handed in nothing, who has left, who is
    on no roster, and who shares a name with somebody else.

    With --roster, shows who has joined, left, come back, or moved to another section or group since the last roster. Nothing is
    written without --write. The marks of those who left stay. No median, report or total of the class counts them.

    \b
    Examples:
      dlkit people
      dlkit people --section A --missing hw2
      dlkit people --roster new.csv
      dlkit people --roster new.csv --write
      dlkit people --csv people.csv

    \b
    Exit status: 0 done, 1 with --roster: something would change and was not written, 2 wrong usage.
    """
    if csv_path and json_path:
        raise Refusal("Choose one of --csv and --json.", USAGE)
    if roster is None and (write or column):
        raise Refusal(f"{'--write' if write else '--column'} needs --roster FILE.", USAGE)
    if roster is not None and (section or group or missing):
        raise Refusal("--section, --group and --missing cannot be used with --roster.", USAGE)
    with opened(gradebook) as book:
        if roster is not None:
            sys.exit(_changed(book, Path(roster), column, csv_path, json_path, write=write))
        found = _chosen(book, section, group, missing)
    _show(found, csv_path, json_path)


def _chosen(book: Gradebook, section: str | None, group: str | None, missing: str | None) -> ClassList:
    """The class, or those who are asked for; ends the program for a name that is none."""
    from autograder.classroom.class_list import class_list

    found = class_list(book)
    if not found.students:
        raise Refusal(f"{book.where} has no students: grade a class first, with --submissions.", USAGE)
    missing = Path(missing).name if missing else None
    sections = {one.person.section for one in found.students} - {""}
    groups = {one.group for one in found.students} - {""}
    for name, known, noun in (
        (section, sections, "section"),
        (group, groups, "group"),
        (missing, found.assignments, "assignment"),
    ):
        _refuse_unknown(name, known, noun)
    return found.only(section, group, missing)


def _refuse_unknown(name: str | None, known: Collection[str], noun: str) -> None:
    if name is not None and name not in known:
        hint = meant(name, known, f" There are: {', '.join(sorted(known))}." if known else " There are none.")
        raise Refusal(f"There is no {noun} {name!r} in the gradebook.{hint}", USAGE)


def _show(found: ClassList, csv_path: str | None, json_path: str | None) -> None:
    from autograder.export.class_list import people_csv, people_json
    from autograder.report.class_list import print_people
    from autograder.report.console import PlainConsole

    what = f"{len(found.students)} students"
    if csv_path:
        write_to(csv_path, people_csv(found), what)
    elif json_path:
        write_to(json_path, people_json(found), what)
    else:
        print_people(PlainConsole(), found)


def _changed(book: Gradebook, path: Path, column: str | None, csv_path: str | None, json_path: str | None, *, write: bool) -> int:
    """Show what a roster changes, and take it in if that is wanted; the exit status."""
    from autograder.classroom.class_list import roster_changes
    from autograder.classroom.enrolling import taken_in
    from autograder.export.class_list import changes_csv, changes_json
    from autograder.inbox import read_roster
    from autograder.report.class_list import print_roster_changes
    from autograder.report.console import PlainConsole

    with refusing(place=path, to_be="read"):
        roster = read_roster(path, column)
    changes = roster_changes(book.people(), roster)
    if csv_path or json_path:
        text = changes_csv(changes) if csv_path else changes_json(changes)
        write_to(csv_path or json_path or "-", text, f"{len(changes)} changes")
    else:
        print_roster_changes(PlainConsole(), changes)
    say = "-" in (csv_path, json_path)  # standard output is the table's
    if write:
        taken_in(book, roster)
        click.echo(f"{path} was taken in: {len(roster)} students.", err=say)
        return PASSED
    real = [one for one in changes if one.kind != "missing"]
    click.echo("\nNothing has been written. To take the roster in, add --write." if real else "Nothing would change.", err=say)
    return NOT_ALL if real else PASSED
