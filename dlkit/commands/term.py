"""For instructors: the whole term, of a class and of one student."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dlkit.commands.exporting import put_into, say
from dlkit.commands.shared import COURSE, GRADEBOOK, USAGE, Number, Refusal, opened, person_called, policies_in, refusing, write

if TYPE_CHECKING:
    from autograder.classroom.gradebook import Gradebook
    from autograder.classroom.totals import Standing, Standings
    from autograder.export.format import Edit
    from autograder.policy import Course


@click.command()
@GRADEBOOK
@COURSE
@click.option("--student", metavar="NAME", help="Only this student, by key or name.")
@click.option("--why", is_flag=True, help="Explain how each number of the total came about.")
@click.option("--near", type=Number(min=0), metavar="N", help="List who is at most N percent short of the next letter.")
@click.option("--csv", "csv_path", metavar="PATH", help="Write all marks and totals as CSV; - for stdout.")
@click.option("--to", "platform", metavar="FORMAT", help="Write the totals as one column for canvas, moodle, ...")
@click.option("--worksheet", "--into", metavar="CSV", help="With --to: the file exported from the platform.")
@click.option("--column", metavar="TITLE", help="With --to: the column to write (default: the one for `total`).")
@click.option("--scale", is_flag=True, help="With --to: rescale totals to the column's maximum.")
@click.option("--out", metavar="PATH", help="With --to: output path; - for stdout.")
def course(
    gradebook: str,
    course: str | None,
    student: str | None,
    why: bool,
    near: float | None,
    csv_path: str | None,
    platform: str | None,
    worksheet: str | None,
    **asked: Any,
) -> None:
    """Show the totals of a term: weights, dropped marks, exams, letters.

    Combines the marks of all assignments in the gradebook with marks from CSV files, such as an exam. The table `term` in
    course.toml says how. Without it, every assignment counts by its own weight there, or the same, and a missing one counts 0.
    Totals are exact, and rounded only once.

    \b
    Examples:
      dlkit course
      dlkit course --student "Ada Farouk" --why
      dlkit course --near 0.5
      dlkit course --csv totals.csv
      dlkit course --to canvas --worksheet grades.csv --column "Total (4711)"
    """
    from autograder.export import term as export
    from autograder.report import term as report
    from autograder.report.console import PlainConsole

    into = _format(platform) if platform else None
    if (into is None) != (worksheet is None):
        missing = "--worksheet FILE, which you export from the platform" if into else "--to FORMAT, such as --to canvas"
        raise Refusal(f"--to and --worksheet need each other. Add {missing}.", USAGE)
    if into is None and (extra := [f"--{name}" for name in asked if asked[name]]):
        raise Refusal(f"{', '.join(extra)} cannot be used without --to.", USAGE)
    if sum(map(bool, (student is not None or why, near is not None, csv_path, into))) > 1:
        raise Refusal("Choose one of --student or --why, --near, --csv and --to.", USAGE)
    with opened(gradebook) as book:
        policies = policies_in(course, book)
        found = _standings(book, policies, course)
    if near is not None and not found.term.letters:
        raise Refusal("--near needs letters; expected a table `term.letters` in course.toml. Received: none.", USAGE)
    if into is not None and worksheet is not None:
        out = asked.pop("out")
        put_into(into, export.TOTAL, export.as_marks(found), worksheet, out, **asked)
        return
    if csv_path:
        write(csv_path, export.totals(found), f"{len(found.there)} students")
        return
    console = PlainConsole()
    if near is not None:
        report.print_near(console, _near(found, near), f"{near:g}")
    elif why:
        for number, one in enumerate([_one(found, student)] if student is not None else found.students):
            console.print("" if not number else "\n", end="")
            report.print_why(console, one, found.term)
    else:
        report.print_totals(console, found if student is None else _only(found, student))


@click.command()
@click.argument("student")
@GRADEBOOK
@COURSE
def show(student: str, gradebook: str, course: str | None) -> None:
    """Show one student: all assignments, attempts, late days, total.

    STUDENT is a key or a name. Manual points, comments and excuses are listed with their assignment.

    \b
    Examples:
      dlkit show s0007
      dlkit show "Ada Farouk"
    """
    from autograder.report.console import PlainConsole
    from autograder.report.term import print_student

    with opened(gradebook) as book:
        policies = policies_in(course, book)
        found = _standings(book, policies, course)
        one = _one(found, student)
        rows = book.history(one.person.id)
    print_student(PlainConsole(), one, rows, policies, found.term)


def _standings(book: Gradebook, policies: Course, course: str | None) -> Standings:
    """Where the class stands; ends the program if there is nothing, or if a file of other marks does not fit."""
    from autograder.classroom.totals import standings

    if not book.people():
        raise Refusal(f"{book.where} has no students: grade a class first, with --submissions.", USAGE)
    with refusing():
        found = standings(book, policies, Path(course or "course.toml").parent, datetime.now(UTC))
    for notice in (*policies.notices, *found.notices):
        say(notice)
    return found


def _one(found: Standings, student: str) -> Standing:
    """The student with a key or a name; ends the program if there is none, or if several have the name."""
    person = person_called([one.person for one in found.students], student)
    return next(one for one in found.students if one.person.id == person.id)


def _only(found: Standings, student: str) -> Standings:
    from dataclasses import replace

    return replace(found, students=(_one(found, student),))


def _near(found: Standings, within: float) -> list[Standing]:
    from autograder.classroom.totals import near

    return near(found, Fraction(repr(within)))


def _format(name: str) -> Edit:
    """The format that writes marks into a column of a platform's file: a total is one."""
    from autograder.export.format import Edit, formats

    edits = [one for one in formats().values() if isinstance(one, Edit)]
    known = {one.name: one for one in edits if any(option.name == "--column" for option in one.options)}
    if name not in known:
        raise Refusal(f"--to must be one of {', '.join(known)}. Received: {name}. For other systems, use --csv.", USAGE)
    return known[name]
