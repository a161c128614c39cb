"""`dlkit ask` for a class: a page of questions for each student, from a gradebook or from what was handed in."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.text import shown
from autograder.text.errors import DlkitError, FaultError
from dlkit.commands.asking import asking, page_of, write_sheet
from dlkit.commands.exporting import count_of
from dlkit.commands.shared import FAULT, PASSED, USAGE, Refusal, opened, person_called, policies_in, ungraded

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.classroom.gradebook import Gradebook
    from autograder.inbox import Entry
    from autograder.inbox.people import Person
    from autograder.sandbox.workers import Source

NAMED = 20  # students without a question who are listed


@dataclass(frozen=True)
class Pupil:
    """Whom a page of questions is for.

    Attributes:
        person: who.
        take: reads the work; raises where there is none, with the reason.
        working: the functions that pass, if a grading has told; None to have the work graded first.
    """

    person: Person
    take: Callable[[], Mapping[str, str]]
    working: Sequence[str] | None = None


def class_sheet(
    folder: Path,
    where: tuple[str | None, str | None],
    students: Sequence[str],
    path: str,
    seed: int,
    count: int,
    *,
    protected: bool,
    workers: Source,
) -> int:
    """A page of questions for each student of a class, in a gradebook or an inbox; the exit status."""
    from autograder.asking.sitting import UnaskableError
    from autograder.assignment import load, solutions_folder
    from autograder.grading.bench import UnprotectedError
    from autograder.grading.grade import as_far_as_possible
    from autograder.grading.recorded import references_of
    from autograder.grading.references import keeping_folder
    from autograder.report.asked import Asked
    from dlkit.asking import prepare, working_functions

    with asking(), ExitStack() as stack:
        assignment = as_far_as_possible(load(folder))
        workers.warm(assignment.imports)
        gradebook, inbox = where
        if gradebook:
            pupils = list(_of_gradebook(stack.enter_context(opened(gradebook)), assignment))
        else:
            pupils = list(_of_inbox(assignment, Path(str(inbox))))
        if not pupils:
            raise ungraded(gradebook, assignment.name) if gradebook else Refusal(f"{inbox} has no submission.", USAGE)
        people = [one.person for one in pupils]
        chosen = {person_called(people, one, "among those who handed in", "").id for one in students} or {
            one.id for one in people
        }
        references = stack.enter_context(
            references_of(assignment, solutions_folder(folder, assignment.name), keeping_folder(), workers)
        )
        pages, wrong = [], 0
        for pupil in _shown([one for one in pupils if one.person.id in chosen]):
            own = zlib.crc32(f"{seed} {pupil.person.id}".encode())  # other questions for each student
            try:
                files = pupil.take()
                working = pupil.working
                if working is None:
                    working = working_functions(assignment, files, references, workers, protected=protected)
                round_ = prepare(assignment, files, working, workers, seed=own, count=count, protected=protected)
                pages.append(page_of(round_, pupil.person.id, pupil.person.name))
            except (DlkitError, UnaskableError) as error:
                if isinstance(error, UnprotectedError):  # about everybody
                    raise
                wrong += isinstance(error, FaultError)
                pages.append(Asked(pupil.person.id, pupil.person.name, (), f"Nothing to ask: {error}."))
    write_sheet(path, assignment, pages, seed)
    if none := [page for page in pages if not page.questions]:
        click.echo(f"dlkit: nothing to ask: {count_of(len(none), 'student')}", err=True)
        for page in none[:NAMED]:
            click.echo(f"  {shown(page.student)}: {page.note.removeprefix('Nothing to ask: ')}", err=True)
        if len(none) > NAMED:
            click.echo(f"  and {len(none) - NAMED} more; each page says why.", err=True)
    return FAULT if wrong else PASSED


def _of_gradebook(book: Gradebook, assignment: Assignment) -> Iterator[Pupil]:
    """The students of a graded class who handed in."""
    from autograder.asking.sitting import UnaskableError, passing
    from autograder.classroom.marks import all_marks

    def take(digest: str) -> Mapping[str, str]:
        if not (texts := book.texts(digest) if digest else {}):
            raise UnaskableError("there is no work that can be read")
        return texts

    marks = all_marks(book, policies_in(None, book), only=assignment.name, cases=False).get(assignment.name, [])
    for mark in marks:
        if mark.row and not mark.left:
            working = passing(mark.row.grade) if mark.row.grade else []
            yield Pupil(mark.person, partial(take, mark.row.files or ""), working)


def _of_inbox(assignment: Assignment, path: Path) -> Iterator[Pupil]:
    """The students of a class as it was handed in, each with the last attempt."""
    from autograder.assignment import course_of
    from autograder.inbox import find, settled
    from autograder.inbox.people import Person

    found = find(path, assignment.files, assignment=assignment.name, course=course_of(assignment))
    one_each = settled(found.entries)
    told = [f"skipped: {one.sentence}" for one in found.ignored] + [*found.doubtful, *one_each.told]
    for sentence in told:
        click.echo(f"dlkit: {sentence}", err=True)

    def take(entry: Entry) -> Mapping[str, str]:
        return entry.read().files

    last = {entry.student: entry for entry in sorted(one_each.entries, key=lambda entry: entry.attempt)}
    for student, entry in sorted(last.items()):
        yield Pupil(Person(student, entry.name, entry.email, login=entry.login), partial(take, entry))


def _shown(pupils: Sequence[Pupil]) -> Iterator[Pupil]:
    """The students, with a bar that says how many are done."""
    from rich.progress import track

    from autograder.report.console import PlainConsole

    console = PlainConsole(stderr=True)
    yield from track(pupils, "questions", console=console, transient=True, disable=not console.is_terminal)
