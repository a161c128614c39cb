"""For instructors: what to tell the room after a homework."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlkit.commands.shared import (
    COURSE,
    GRADEBOOK,
    USAGE,
    Refusal,
    a_folder,
    find_assignment,
    opened,
    policies_in,
    refusing,
    ungraded,
)
from dlkit.writing import write_file

if TYPE_CHECKING:
    from dlkit.lecture.pages import Lecture

FEWEST = 3  # as in `dlkit.lecture.choosing`, which is imported only where it is needed
STILL = "Lines of the reference are left out: only wrong lines are shown. When nobody can hand in any more, add --after-deadline"


@click.command()
@click.argument("assignment")
@click.option("--out", metavar="DIR", callback=a_folder, help="The folder to write (default: lecture-ASSIGNMENT).")
@click.option(
    "--least",
    type=click.IntRange(min=FEWEST),
    default=FEWEST,
    show_default=True,
    metavar="N",
    help="Show only mistakes that N submissions have, 3 or more.",
)
@click.option("--after-deadline", is_flag=True, help="Nobody can hand in any more: show the right lines, too.")
@GRADEBOOK
@COURSE
def lecture(assignment: str, out: str | None, least: int, after_deadline: bool, gradebook: str, course: str | None) -> None:
    """Make a page to print and slides to show of a class's commonest mistakes.

    Each of the three mistakes has a few lines of invented code, a picture of what goes wrong, and how many students made it. It
    also has a question with four answers for the room. The answers are on the back of the page, and on a slide of their own.

    No code and no name of a student is shown. The code is the reference with the mistake put into it. For a mistake that nobody
    has listed, dlkit looks for a change of the reference that gives the same wrong answers. A mistake of fewer than three
    submissions is never shown.

    As long as course.toml lets anybody hand in, or sets no due date, no line of the reference is shown but the head of the
    function. The pages need no network and no script.

    \b
    Examples:
      dlkit lecture hw2
      dlkit lecture hw2 --after-deadline
      dlkit lecture hw2 --least 5 --out slides

    \b
    Exit status: 0 written, 2 wrong usage or nothing to show, 3 the assignment is broken.
    """
    from autograder.classroom.marks import marks as marks_of
    from dlkit.lecture.deadline import open_until
    from dlkit.lecture.making import lecture_of

    folder = find_assignment(assignment)
    name = folder.resolve().name
    place = Path(out or f"lecture-{name}")
    with opened(gradebook) as book, ExitStack() as stack, refusing("Nothing was written"):
        policies = policies_in(course, book)
        marks = marks_of(book, policies, name)
        if not marks:
            raise ungraded(book.where, name)
        show = _may_show(open_until(policies, name), after_deadline)
        made = lecture_of(book, folder, marks, least=least, show_reference=show, say=_progress(stack))
    _write(place, made)


def _may_show(until: datetime | None, after_deadline: bool) -> bool:
    """Whether lines of the reference may be shown; says so where that gives something away, or leaves something out."""
    from autograder.policy.lateness import stamp

    still = until is not None and datetime.now(UTC) <= until.astimezone(UTC)
    if still and until is not None:
        click.echo(f"dlkit: by course.toml, somebody may hand in until {stamp(until)}.", err=True)
    if after_deadline or (until is not None and not still):
        if still:
            click.echo("dlkit: these pages show lines of the solution, because of --after-deadline.", err=True)
        return True
    click.echo(f"dlkit: {STILL}.", err=True)
    return False


def _progress(stack: ExitStack) -> Callable[[str], None]:
    """Tells on a terminal which mistake is looked at."""
    from autograder.report.console import PlainConsole

    console = PlainConsole(stderr=True)
    if not console.is_terminal:
        return lambda line: None
    status = stack.enter_context(console.status("reading the class"))
    return lambda line: status.update(f"inventing code for {line}")


def _write(folder: Path, made: Lecture) -> None:
    """Write both pages, and say what is on them and what is not."""
    from dlkit.lecture.pages import GENERATOR, PAGE, SLIDES, page, slides

    texts = {PAGE: page(made), SLIDES: slides(made)}
    for name in texts:
        path = folder / name
        if path.exists() and f'content="{GENERATOR}"' not in path.read_text(encoding="utf-8", errors="replace"):
            raise Refusal(f"{path} is not from `{GENERATOR}`, so it stays as it is. Choose another folder with --out.", USAGE)
    with refusing(place=folder, to_be="written"):
        for name, text in texts.items():
            write_file(folder / name, text.encode(), parents=True)
    click.echo(f"{folder / PAGE} written, to print on both sides, and {folder / SLIDES}, to show")
    for number, one in enumerate(made.topics, 1):
        of = one.invented.of
        how = "found by machine" if one.invented.by_machine else "by the author"
        click.echo(f"  {number}. {one.function}: {of.id or 'not named yet'}, {of.students} of {made.graded} students, code {how}")
        if one.question is None:
            click.echo(f"dlkit: no question on {one.function}: no four answers are short and different enough.", err=True)
    for sentence in made.left_out:
        click.echo(f"dlkit: left out: {sentence}.", err=True)
