"""For instructors: the roster, the submissions and the marks of a course in Canvas, by its API."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dlkit.commands.exporting import count_of, list_names, marks_of_class, say
from dlkit.commands.shared import COURSE, GRADEBOOK, USAGE, Refusal, a_folder, find_assignment, folder_of, refusing, write

if TYPE_CHECKING:
    from dlkit.canvas.marking import Plan

URL = click.option(
    "--url", envvar="CANVAS_URL", show_envvar=True, required=True, metavar="URL", help="Address of Canvas, or set CANVAS_URL."
)
NUMBER = click.option("--course-id", type=int, required=True, metavar="N", help="The number in the course's address in Canvas.")
COLUMN = click.option(
    "--column",
    metavar="TITLE",
    help="The assignment in Canvas, by title or number (default: the one named after the assignment).",
)


@click.group()
def canvas() -> None:
    """Use Canvas without files: roster, submissions and marks.

    Needs `pip install 'dlkit[canvas]'` and a token in the environment variable CANVAS_TOKEN. Make one in Canvas under Account,
    Settings, New Access Token. dlkit does not print or keep it. Without this command, everything works with Canvas's own files:
    see `dlkit grade --submissions` and `dlkit export canvas`.

    \b
    Examples:
      dlkit canvas roster --url https://canvas.example.edu --course-id 1234
      dlkit canvas marks hw2 --url https://canvas.example.edu --course-id 1234
    """


def _of_a_course(command: Callable[..., Any]) -> Callable[..., Any]:
    return URL(NUMBER(command))


@canvas.command()
@_of_a_course
@click.option("--column", metavar="TITLE", help="Add the groups of this assignment, by its title or number.")
@click.option("--out", default="roster.csv", show_default=True, metavar="CSV", help="Where to write the roster; - for stdout.")
def roster(url: str, course_id: int, column: str | None, out: str) -> None:
    """Write the students of a course as a roster.

    \b
    Example:
      dlkit canvas roster --url https://canvas.example.edu --course-id 1234 --column "Homework 2" --out roster.csv
    """
    from dlkit.canvas.connection import connected
    from dlkit.canvas.course import column_of, enrolled, roster_csv

    with refusing():
        course = connected(url, course_id)
        group_set = column_of(course, "", "", column).group_set if column else None
        students = enrolled(course, group_set)
    if not students:
        raise Refusal(f"Course {course_id} has no students, so there is no roster.", USAGE)
    write(out, roster_csv(students), count_of(len(students), "student"))


@canvas.command()
@click.argument("assignment")
@_of_a_course
@COLUMN
@click.option("--out", metavar="DIR", callback=a_folder, help="A new or empty folder (default: inbox-ASSIGNMENT).")
def submissions(assignment: str, url: str, course_id: int, column: str | None, out: str | None) -> None:
    """Fetch the newest submissions of an assignment.

    The files get the names that Canvas's own download gives them, so `dlkit grade` reads the folder. A group's work is fetched
    once; its members are in the roster of `dlkit canvas roster --column`. Nothing is changed in Canvas.

    \b
    Example:
      dlkit canvas submissions hw2 --url https://canvas.example.edu --course-id 1234 --out inbox
      dlkit grade hw2 --submissions inbox --roster roster.csv
    """
    from dlkit.canvas.connection import connected
    from dlkit.canvas.course import column_of, handed_in

    folder = find_assignment(assignment)
    name = folder.resolve().name
    place = Path(out or f"inbox-{name}")
    with refusing(place=place, to_be="written to"):
        if first := next((entry.name for entry in sorted(place.iterdir())), "") if place.exists() else "":
            raise Refusal(f"{place} must be a new or empty folder. Received: a folder that holds {first}. Choose another.", USAGE)
        course = connected(url, course_id)
        new = place.resolve().with_name(f".{place.name}.{os.getpid()}.new")
        new.mkdir(parents=True)
        try:
            large, count = [], 0
            for file, data in handed_in(course, column_of(course, name, _title(folder), column)):
                if file.url:
                    (new / file.name).write_bytes(data)
                    count += 1
                else:
                    large.append(file.name)
            if not count:
                raise Refusal("There is nothing to fetch: nobody has handed in a file.", USAGE)
            if place.exists():
                place.rmdir()
            new.rename(place)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    click.echo(f"{place} written: {count_of(count, 'file')}")
    list_names("not fetched, because larger than 20 MB", large)


@canvas.command()
@click.argument("assignment")
@GRADEBOOK
@COURSE
@_of_a_course
@COLUMN
@click.option("--scale", is_flag=True, help="Rescale marks to the points of the assignment in Canvas.")
@click.option("--write", "code", metavar="CODE", help="Write the changes that an earlier run showed under this code.")
def marks(
    assignment: str,
    gradebook: str,
    course: str | None,
    url: str,
    course_id: int,
    column: str | None,
    scale: bool,
    code: str | None,
) -> None:
    """Show which marks would change in Canvas, and write them.

    The first run writes nothing: it lists each mark that would change, from what to what, and prints a code. Run the command
    again with --write and this code. If anything has changed since then, nothing is written and you see the new list. Excused
    students and marks with a grader error stay as they are.

    \b
    Examples:
      dlkit canvas marks hw2 --url https://canvas.example.edu --course-id 1234
      dlkit canvas marks hw2 --url https://canvas.example.edu --course-id 1234 --write 1f0c9a3e
    """
    from dlkit.canvas.connection import connected
    from dlkit.canvas.course import column_of, enrolled, held
    from dlkit.canvas.marking import planned, written

    name, found = marks_of_class(assignment, gradebook, course)
    with refusing():
        there = connected(url, course_id)
        meant = column_of(there, name, _title(folder_of(assignment)), column)
        plan = planned(meant, enrolled(there, meant.group_set), held(there, meant), found, scale=scale)
    _show(plan)
    if not plan.changes:
        click.echo("Nothing would change.")
        return
    if code is None:
        click.echo(f"\nNothing was written. To write {count_of(len(plan.changes), 'mark')}, add: --write {plan.code}")
        return
    if code != plan.code:
        raise Refusal(
            f"Nothing was written: {code} does not stand for these changes. Read the list, then use --write {plan.code}.",
            USAGE,
        )
    done = 0
    try:
        with refusing():
            for _ in written(there, plan):
                done += 1
    finally:
        click.echo(f"{done} of {count_of(len(plan.changes), 'mark')} written to `{plan.column.title}` in Canvas")


def _title(folder: Path) -> str:
    """The title of an assignment; "" if its spec cannot be read."""
    from autograder.assignment import SpecError, load

    try:
        return load(folder).title
    except (SpecError, OSError):
        return ""


def _show(plan: Plan) -> None:
    """The changes as a table, and whom there is none for."""
    from rich.text import Text

    from autograder.report.console import PlainConsole, Rows, print_rows
    from autograder.text import shown

    worth = "" if plan.column.points is None else f", worth {plan.column.points:g} points"
    click.echo(f"`{shown(plan.column.title)}` in Canvas{worth}: {len(plan.changes)} to change, {plan.same} already there")
    if plan.changes:
        table = Rows("student", "name", numbers=("from", "to"))
        for one in plan.changes:
            before = "none" if one.before is None else f"{one.before:g}"
            table.add_row(Text(shown(one.student)), Text(shown(one.name)), Text(before), Text(f"{one.after:g}"))
        print_rows(PlainConsole(), table)
    list_names("unchanged", plan.kept)
    list_names("in Canvas, but not in the gradebook", plan.unknown)
    list_names("with a mark, but not in Canvas", plan.missing)
    if plan.deducted:
        say("Canvas itself takes off points for lateness; dlkit's marks may have that in them already")
        list_names("with points taken off by Canvas", plan.deducted)
