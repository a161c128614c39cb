"""For instructors: what a class has understood, as pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlkit.commands.shared import COURSE, GRADEBOOK, USAGE, Refusal, a_folder, folder_of, opened, policies_in, ungraded, zone_of

if TYPE_CHECKING:
    from autograder.classroom.similarity import Pair

MOST_PAIRS = 50  # of near-identical submissions: coincidences grow with the square of a class


@click.command()
@click.argument("assignment")
@GRADEBOOK
@COURSE
@click.option("--out", metavar="DIR", callback=a_folder, help="The folder to write (default: report-ASSIGNMENT).")
def report(assignment: str, gradebook: str, course: str | None, out: str | None) -> None:
    """Write a class report for your browser, with a page for each student.

    It shows which misconceptions the class has, who has them, and who gives the same wrong answers. It also shows the results of
    each check, the hardest cases, submissions to look at, and all marks. The pages need no network. They contain names and marks,
    so store them only where you may store personal data.

    \b
    Examples:
      dlkit report hw2
      dlkit report hw2 --course course.toml --out pages
    """
    from rich.progress import track

    from autograder.classroom.gradebook.reading import responses
    from autograder.classroom.marks import marks as marks_of
    from autograder.classroom.mistakes import groups
    from autograder.classroom.similarity import apart
    from autograder.report import site
    from autograder.report.class_page import pages as class_pages
    from autograder.report.class_page import student_path
    from autograder.report.console import PlainConsole
    from autograder.report.feedback import page as student_page
    from autograder.report.responses import sections
    from autograder.report.survey import survey, work_of
    from autograder.text.cells import module_of

    name, home = Path(assignment).name, folder_of(assignment)
    with opened(gradebook) as book:
        policies = policies_in(course, book)
        zone = zone_of(course, policies)
        rows, people = book.rows(name), book.people()
        marks = marks_of(book, policies, name, rows)
        texts = book.texts_of({mark.row.files for mark in marks if mark.row and mark.row.files})
        works = {mark.student: texts[mark.row.files] for mark in marks if mark.row and mark.row.files}
        equal = groups(book, name, marks, rows=rows)
        answered = responses(book, name)
        gradebook = book.where
    if not marks:
        raise ungraded(gradebook, name)
    for notice in policies.notices:
        click.echo(f"dlkit: {notice}", err=True)
    own = {work_of(mark): mark.student for mark in reversed(marks) if mark.row}  # what a group handed in is one work
    pairs, missing = _alike({student: works[student] for student in own.values() if student in works}, name)
    pairs = apart(pairs, rows, {person.id: person.group for person in people})
    found = survey(marks, pairs[:MOST_PAIRS], policies.rules(name))
    there = {mark.student for mark in found.marks}
    about = sections([one for one in answered if one.student in there])
    console = PlainConsole(stderr=True)

    def pages() -> Iterator[tuple[str, str]]:
        more = max(0, len(pairs) - MOST_PAIRS)
        yield from class_pages(found, name, similarity=missing, more_alike=more, found=equal, sections=about, index=site.INDEX)
        for mark in track(marks, "one page a student", console=console, transient=True, disable=not console.is_terminal):
            back, code = f"../{site.INDEX}", works.get(mark.student, {})
            yield (
                student_path(mark.student),
                student_page(mark, back=back, assignment=name, module=module_of(code), folder=home, code=code, zone=zone),
            )

    folder = Path(out or f"report-{name}")
    try:
        site.write(folder, pages())
    except site.SiteError as error:
        raise Refusal(f"{error}. Choose another with --out.", USAGE) from None
    except OSError as error:
        raise Refusal(f"{folder} cannot be written: {error.strerror or error}. Choose another with --out.", USAGE) from None
    click.echo(
        f"{folder / site.INDEX} written: {len(found.graded)} of {len(found.marks)} students graded, {_says(len(found.looks_at))}"
    )
    if found.unprotected:
        click.echo(f"dlkit: {len(found.unprotected)} of these ran without isolation; the report says so.", err=True)


def _alike(works: Mapping[str, Mapping[str, str]], assignment: str) -> tuple[Sequence[Pair], str]:
    """The submissions that have most in common; or none, and why nobody looked."""
    from autograder.classroom.similarity import handed_out, similar
    from autograder.text.errors import DlkitError

    folder = next((one for one in (Path(assignment), Path("assignments") / assignment) if (one / "checks.py").is_file()), None)
    if folder is None:
        return (), f"the stub is not here; run the command in the folder that contains assignments/{assignment}."
    try:
        return similar(works, handed_out(folder)), ""
    except (DlkitError, OSError) as error:
        return (), f"{str(error).rstrip('.')}."


def _says(count: int) -> str:
    return f"{count} to look at" if count else "none to look at"
