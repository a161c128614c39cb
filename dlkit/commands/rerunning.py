"""For instructors: one submission is run again, and the new result is held against the old one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlkit.commands.grading import BROKEN, UNPROTECTED_CLASS, protecting
from dlkit.commands.shared import (
    COURSE,
    FAULT,
    GRADEBOOK,
    NOT_ALL,
    PASSED,
    USAGE,
    Refusal,
    find_assignment,
    opened,
    person_called,
    policies_in,
    refusing,
)

if TYPE_CHECKING:
    from autograder.classroom.gradebook import Gradebook, Row
    from autograder.inbox.people import Person
    from dlkit.regrading import Again


@click.command()
@click.argument("student")
@click.argument("assignment")
@click.option("--attempt", type=click.IntRange(min=1), metavar="N", help="Which attempt (default: the one that counts).")
@click.option("--write", is_flag=True, help="Keep the new result if it is different (default: only show it).")
@click.option(
    "--unsafe-no-isolation", "unsafe", is_flag=True, help="Run other people's work even if nothing protects your files."
)
@GRADEBOOK
@COURSE
def run(
    student: str, assignment: str, attempt: int | None, write: bool, unsafe: bool, gradebook: str, course: str | None
) -> None:
    """Run one student's submission again, and compare the results.

    STUDENT is an id, a name, an email address or a login on GitHub. The gradebook has the text of each submission, so you do not
    need the files. No stored answer is used. The old and the new result of each check stand side by side.

    Nothing is written without --write. With it, a result that is different counts from now on, and the old one stays in the
    history. The work of a group is graded once for all its members.

    \b
    Examples:
      dlkit run s0007 hw2
      dlkit run "Ada Farouk" hw2 --attempt 1
      dlkit run s0007 hw2 --write

    \b
    Exit status: 0 nothing is different or it was written, 1 something is different and was not
    written, 2 wrong usage or no such submission, 3 grader error.
    """
    with opened(gradebook) as book:
        folder = _folder(book, student, assignment)
        person = person_called(book.people(), student)
        row, of = _attempt(book, person, folder.resolve().name, attempt, course)
        _say_which(person, row, of, chosen=attempt is not None)
        with refusing("Nothing was run", broken=BROKEN), protecting(UNPROTECTED_CLASS):
            again = _run(book, folder, row, protected=not unsafe)
        sys.exit(_told(again, book, write=write))


def _folder(book: Gradebook, student: str, assignment: str) -> Path:
    """The folder of the assignment; says so where the two arguments have changed places."""
    if student in book.assignments() and assignment not in book.assignments():
        raise Refusal(f"The student comes first: dlkit run {assignment} {student}. Received: dlkit run {student} …", USAGE)
    return find_assignment(assignment)


def _attempt(book: Gradebook, person: Person, name: str, number: int | None, course: str | None) -> tuple[Row, Sequence[Row]]:
    """The attempt that is meant, and all of the student's; ends the program if there is none."""
    from autograder.classroom.marks import all_marks

    rows = sorted(book.rows(name, students=[person.id]), key=lambda row: row.number)
    if not rows:
        elsewhere = sorted({row.assignment for row in book.history(person.id)})
        has = f" There is work for: {', '.join(elsewhere)}." if elsewhere else ""
        raise Refusal(f"{person.id} has handed in nothing for {name} in {book.where}.{has}", USAGE)
    if number is not None:
        found = [row for row in rows if row.number == number]
        if not found:
            there = ", ".join(str(row.number) for row in rows)
            raise Refusal(f"{person.id} has no attempt {number} at {name}. There are: {there}.", USAGE)
        return found[-1], rows
    marks = all_marks(book, policies_in(course, book), only=name, students=[person.id], cases=False)[name]
    counts = next((mark.row.id for mark in marks if mark.row), rows[-1].id)
    return next(row for row in rows if row.id == counts), rows


def _say_which(person: Person, row: Row, of: Sequence[Row], *, chosen: bool) -> None:
    """Whose and which attempt this is, and whose grade it also is."""
    name = f"{person.id}{f', {person.name}' if person.name else ''}"
    more = "" if chosen or len(of) == 1 else ", the one that counts. Choose another with --attempt"
    click.echo(f"{name}: {row.assignment}, attempt {row.number} of {len(of)}{more}")
    others = [key for key in row.everybody if key != person.id]
    if others:
        group = f"group {row.group}" if row.group else "a group"
        click.echo(f"This is the work of {group}, also of {', '.join(others)}: the result is for all of them.")
    if person.left:
        click.echo("This student has left the class: the marks stay, and no statistics count them.")


def _run(book: Gradebook, folder: Path, row: Row, *, protected: bool) -> Again:
    from autograder.report.console import PlainConsole
    from dlkit.regrading import run_freshly

    console = PlainConsole(stderr=True)
    with console.status("running it again") if console.is_terminal else nullcontext():
        return run_freshly(book, folder, row.id, protected=protected)


def _told(again: Again, book: Gradebook, *, write: bool) -> int:
    """Show old beside new, and write the new one if that is wanted; the exit status."""
    from autograder.report.again import print_again
    from autograder.report.console import PlainConsole

    (change,) = again.changes
    print_again(PlainConsole(), change, again.notes)
    if change.after is not None and change.after.faults:
        return FAULT
    if again.write is None:
        return PASSED
    if not write:
        click.echo("\nNothing has been written. To keep the new result, add --write.")
        return NOT_ALL
    with refusing():
        again.write()
    click.echo(f"\nWritten to {book.where}. The old result stays in `dlkit history`.")
    return PASSED
