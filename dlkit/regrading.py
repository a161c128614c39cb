"""Grading some submissions again, from what the gradebook holds of them: judged anew, or run freshly.

`dlkit desk` and `dlkit run` show what would change before anything is written, and write it by the same function.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.changes import Change
from autograder.classroom.gradebook import Gradebook, GradebookError, HandIn, Row
from autograder.classroom.run import Classroom, passing
from autograder.inbox.people import Person
from autograder.outcome import Grade, NoticeKind

FAULTY = "The grader itself could not judge a check, so this result is not written"
MEANWHILE = "somebody has graded this submission meanwhile, so nothing was written"


@dataclass(frozen=True)
class Again:
    """What grading again would change, or has changed.

    Attributes:
        changes: of each attempt that is graded otherwise.
        of: how many attempts were graded.
        write: writes it, where it is not written yet.
        notes: what else there is to say, a sentence each.
        attempt: of one that was run freshly.
    """

    changes: Sequence[Change]
    of: int
    write: Callable[[], object] | None = None
    notes: tuple[str, ...] = ()
    attempt: int = 0


def judged_again(book: Gradebook, folder: Path, assignment: str, students: Sequence[str]) -> Again:
    """Judge the attempts of some students again; code only runs where a limit had stopped it. Nothing is written yet."""
    people = {person.id: person for person in book.people()}
    attempts = [handed_in(book, row, people) for row in book.rows(assignment, students=students) if row.files and row.grade]
    jobs = os.cpu_count() or 1
    with _classroom(book, folder) as room:
        changes = list(room.changes(attempts, book, jobs=jobs))

    def write() -> None:
        with _classroom(book, folder) as room:
            room.run(attempts, book, jobs=jobs, again=True)

    return Again(changes, len(attempts), write if changes else None)


def run_freshly(book: Gradebook, folder: Path, attempt: int, *, protected: bool = True) -> Again:
    """Run one submission again, without any answer that is kept. Nothing is written yet.

    What a group handed in is graded once, for all of them. A result that the grader could not judge is not written at all.

    Args:
        book: the gradebook, which has the text of the submission.
        folder: of the assignment.
        attempt: its id in the gradebook.
        protected: refuse where nothing protects this user's files.

    Raises:
        GradebookError: the gradebook has no files of this attempt.
        UnprotectedError: nothing protects this user's files.
    """
    row = book.row(attempt)
    if row is None or row.files is None or not book.texts(row.files):
        raise GradebookError(gone(book.where, row))
    files = row.files
    handed = handed_in(book, row, {person.id: person for person in book.people()})
    with _classroom(book, folder, protected) as room:
        graded = room.grade(handed, {})
        key, keys, bases = room.key_of(handed, graded), room.of(handed.student).keys, room.shared
        circumstances = room.circumstances
    change = Change(row.student, row.number, row.grade, graded.grade)

    def write() -> None:
        now = book.row(row.id)
        if now is None or now.run != row.run:
            raise GradebookError(f"{MEANWHILE}. Run it again")
        run = book.begin(row.assignment, circumstances)
        book.write(run, row.id, key if key != row.key else passing(key), graded.grade, files, graded.answers, keys, bases)

    notes = [*_notes(row.grade, graded.grade), *([FAULTY] if graded.grade.faults else [])]
    useful = change.matters and not graded.grade.faults
    return Again([change], 1, write if useful else None, tuple(notes), attempt)


def gone(where: str, row: Row | None) -> str:
    """Why there is nothing to run of an attempt, and what to do."""
    if row is None:
        return f"this attempt is not in {where} any more"
    name = f"attempt {row.number} of {row.student} at {row.assignment}"
    origin = f" It came from {row.origin}." if row.origin else ""
    why = f"{name} has no file to grade: {row.unreadable}." if row.files is None else f"{where} has no files of {name}."
    return f"{why}{origin} Take the submission in again: dlkit grade {row.assignment} --submissions FOLDER"


def handed_in(book: Gradebook, row: Row, people: Mapping[str, Person]) -> HandIn:
    """An attempt as it was handed in."""
    notices = row.grade.notices if row.grade else ()
    return HandIn(
        row.student,
        row.number,
        row.name,
        row.email,
        row.late,
        row.submitted,
        row.origin,
        book.texts(row.files or ""),
        row.files or "",
        notices=tuple(notice.text for notice in notices if notice.kind is NoticeKind.TAKEN_IN),
        marks_late=row.marks_late,
        members=tuple(people.get(student, Person(student)) for student in row.members),
        group=row.group,
    )


@contextmanager
def _classroom(book: Gradebook, folder: Path, protected: bool = True) -> Iterator[Classroom]:
    """The assignment with its references and workers, which end with this."""
    from autograder.assignment import load, solutions_folder
    from autograder.grading.bench import HANDLER
    from autograder.grading.recorded import references_of
    from autograder.grading.references import keeping_folder
    from autograder.sandbox.workers import source

    spec = load(folder)
    seed = book.seed(spec.name)
    with (
        source(HANDLER) as workers,
        references_of(spec, solutions_folder(folder, spec.name), keeping_folder(), workers) as references,
    ):
        references.require(seed)
        yield Classroom(spec, references, workers, seed, protected)


def _notes(old: Grade | None, new: Grade) -> Iterator[str]:
    versions = {name: (old.versions.get(name, "none"), version) for name, version in new.versions.items()} if old else {}
    for name, (before, now) in versions.items():
        if before != now:
            yield f"{name} was {before}, and is {now}"
    if old:
        yield f"It took {old.seconds:.1f} s, and now {new.seconds:.1f} s"
