"""For instructors: what the gradebook holds, and what is set by hand."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from autograder.text import meant
from dlkit.commands.shared import (
    COURSE,
    GRADEBOOK,
    NOT_ALL,
    PASSED,
    USAGE,
    Number,
    Refusal,
    opened,
    person_called,
    policies_in,
    ungraded,
    write,
)


@click.command()
@click.argument("assignments", metavar="ASSIGNMENT...", nargs=-1, required=True)
@GRADEBOOK
@COURSE
@click.option("--csv", "csv_path", metavar="PATH", help="Write the marks as CSV; - for stdout.")
def marks(assignments: tuple[str, ...], gradebook: str, course: str | None, csv_path: str | None) -> None:
    """Show the marks of a class, after the policies of the course.

    Applies due dates, late days, tokens, attempts, dropped checks, extra credit and manual changes. Each mark explains how it
    follows from the raw score, which stays in the gradebook. With several assignments, each has a column.

    \b
    Examples:
      dlkit marks hw2
      dlkit marks hw1 hw2 hw3
      dlkit marks hw2 --course course.toml --csv marks.csv
    """
    from autograder.classroom.marks import all_marks, together
    from autograder.export.table import in_short, side_by_side
    from autograder.report.console import PlainConsole
    from autograder.report.progress import print_marks, print_side_by_side

    names = list(dict.fromkeys(Path(assignment).name for assignment in assignments))
    with opened(gradebook) as book:
        policies = policies_in(course, book)
        every = all_marks(book, policies, only=names[0] if len(names) == 1 else None, cases=False)
        for name in names:
            if not every.get(name):
                raise ungraded(book.where, name)
    for notice in policies.notices:
        click.echo(f"dlkit: {notice}", err=True)
    found = together({name: every[name] for name in names})
    if csv_path:
        text = side_by_side(names, found) if len(names) > 1 else in_short(every[names[0]])
        write(csv_path, text, f"{sum(not next(iter(theirs.values())).left for theirs in found.values())} students")
    elif len(names) > 1:
        print_side_by_side(PlainConsole(), names, found)
    else:
        print_marks(PlainConsole(), every[names[0]])


@click.command()
@click.argument("assignment")
@click.argument("student")
@click.option("--check", default="", metavar="NAME", help="The check to change (default: the whole assignment).")
@click.option("--points", type=Number(min=0), metavar="N", help="Manual points, which count from now on.")
@click.option("--comment", default="", metavar="TEXT", help="Reason, shown to the student.")
@click.option("--excuse", is_flag=True, help="Leave the assignment out of the student's total (see `dlkit course`).")
@click.option("--undo", is_flag=True, help="Undo manual points, excuses and comments.")
@click.option("--by", metavar="NAME", help="Your name (default: the user of this machine).")
@GRADEBOOK
def adjust(
    assignment: str,
    student: str,
    check: str,
    points: float | None,
    comment: str,
    excuse: bool,
    undo: bool,
    by: str | None,
    gradebook: str,
) -> None:
    """Set points, an excuse or a comment by hand; the raw score stays.

    STUDENT is a key or a name.

    \b
    Examples:
      dlkit adjust hw2 s0007 --check sigmoid --points 4 --comment "right, but for a typing error"
      dlkit adjust hw2 "Ada Farouk" --comment "see me after class"
      dlkit adjust hw2 s0007 --check sigmoid --undo
      dlkit adjust hw2 s0007 --excuse --comment "ill, with a certificate"
    """
    import getpass
    from datetime import UTC, datetime

    from autograder.classroom.gradebook import Adjustment

    if undo == (points is not None or bool(comment) or excuse):
        both = "--undo cannot be used with --points, --excuse or --comment."
        raise Refusal(both if undo else "Nothing to set: give --points, --excuse or --comment, or --undo.", USAGE)
    if excuse and (check or points is not None):
        raise Refusal("--excuse is for a whole assignment: leave out --check and --points.", USAGE)
    name = Path(assignment).name
    at = datetime.now(UTC).isoformat(timespec="seconds")
    with opened(gradebook) as book:
        if name not in (there := book.assignments()):
            hint = meant(name, there, f" There are: {', '.join(there)}." if there else "")
            raise ungraded(book.where, name, hint)
        student = person_called(book.people(), student).id
        rows = book.rows(name, students=[student], cases=False)
        grades = [row.grade for row in rows if row.grade]
        grades = grades or [row.grade for row in book.rows(name, cases=False) if row.grade]
        names = {one.name for grade in grades for one in grade.checks}
        most = max((grade.max_score for grade in grades), default=None)
        if check:
            most = max((one.max_score for grade in grades for one in grade.checks if one.name == check), default=None)
        if check and grades and check not in names:
            raise Refusal(f"{name} has no check {check!r}.{meant(check, sorted(names))}", USAGE)
        standing = [one for one in book.adjustments([student]) if (one.assignment, one.check) == (name, check)]
        kept = standing[0] if standing and comment and points is None and not excuse else None  # a comment alone is about them
        set_by_hand = (kept.points, kept.excused) if kept else (points, excuse)
        book.adjust(Adjustment(name, student, set_by_hand[0], comment, by or getpass.getuser(), at, check, set_by_hand[1]))
    what = f"{student}, {name}" + (f", {check}" if check else "")
    words = "manual points and comments undone" if undo else "excused" if excuse else "a comment"
    set_ = words if points is None else f"{points:g} manual points"
    shows = "dlkit course" if excuse else f"dlkit marks {name}"
    click.echo(f"{what}: {set_}; `{shows}` shows what counts")
    for before in standing if not (kept or undo) else ():
        if before.excused != excuse and (before.excused or before.points is not None):
            was = "an excuse" if before.excused else f"{before.points:g} manual points"
            click.echo(f"dlkit: this replaces {was}: an assignment has points by hand or an excuse, not both", err=True)
    if points is not None and most is not None and points > most:
        back = f"dlkit adjust {name} {student}{f' --check {check}' if check else ''} --undo"
        click.echo(f"dlkit: {points:g} exceeds the maximum of {most:g} points. To undo: `{back}`", err=True)


@click.command()
@click.argument("student", required=False)
@GRADEBOOK
@COURSE
def history(student: str | None, gradebook: str, course: str | None) -> None:
    """Show the history of a student's work, or all gradings of the class.

    STUDENT is a key or a name. A student's history shows each attempt, its gradings, and what counts. Use the numbers of gradings
    with `dlkit compare`.

    \b
    Examples:
      dlkit history
      dlkit history s0007
      dlkit history "Ada Farouk"
    """
    from autograder.classroom.marks import all_marks
    from autograder.report.console import PlainConsole
    from autograder.report.progress import print_history, print_runs

    console = PlainConsole()
    with opened(gradebook) as book:
        if student is None:
            print_runs(console, book.runs())
            return
        policies = policies_in(course, book)
        student = person_called(book.people(), student).id
        rows = book.history(student)
        by_hand = [one.assignment for one in book.adjustments([student])]
        names = list(dict.fromkeys([*(row.assignment for row in rows), *by_hand]))
        marks = all_marks(book, policies, students=[student], cases=False)
        found = {name: next(mark for mark in marks[name] if mark.student == student) for name in names}
    print_history(console, student, rows, found)


@click.command()
@click.argument("before", metavar="RUN")
@click.argument("after", metavar="RUN")
@GRADEBOOK
def compare(before: str, after: str, gradebook: str) -> None:
    """Show what changed between two gradings of a class.

    RUN is the number of a grading, as `dlkit history` lists them.

    \b
    Example:
      dlkit compare 1 3

    \b
    Exit status: 0 nothing changed, 1 something changed, 2 wrong usage.
    """
    from autograder.classroom.changes import compared
    from autograder.report.console import PlainConsole
    from autograder.report.progress import print_changes

    console = PlainConsole()
    with opened(gradebook) as book:
        runs = {str(run.id): run for run in book.runs()}
        for name in (before, after):
            if name not in runs:
                there = f"There are: {', '.join(runs)}" if runs else "It has no gradings yet"
                raise Refusal(f"{book.where} has no grading {name!r}. {there}; `dlkit history` lists them.", USAGE)
        old, new = runs[before], runs[after]
        if old.assignment != new.assignment:
            which = f"{before} is for {old.assignment}, {after} for {new.assignment}"
            raise Refusal(f"Both gradings must be of the same assignment. Received: {which}.", USAGE)
        changes = compared(*(book.rows(run.assignment, until=run.id) for run in (old, new)))
    click.echo(f"{old.assignment}: grading {before} ({old.started}) and grading {after} ({new.started})")
    if old.circumstances != new.circumstances:
        click.echo("The spec, the reference, the seed, a library or dlkit itself changed between them.")
    count = print_changes(console, changes)
    click.echo(f"{count} grade{'s' * (count != 1)} changed." if count else "No grade changed.")
    sys.exit(NOT_ALL if count else PASSED)
