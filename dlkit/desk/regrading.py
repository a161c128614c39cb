"""Grading some submissions again, from what the gradebook holds of them: judged anew, or run freshly."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.changes import Change
from autograder.classroom.gradebook import Gradebook, HandIn, Row
from autograder.classroom.run import Classroom, passing
from autograder.outcome import Grade, NoticeKind
from autograder.people import Person


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


def run_freshly(book: Gradebook, folder: Path, attempt: int) -> Again:
    """Run one submission again, without any answer that is kept. Nothing is written yet."""
    row = book.row(attempt)
    assert row is not None  # noqa: S101 - asked by who calls
    assert row.files is not None  # noqa: S101 - the same
    files = row.files
    handed = handed_in(book, row, {person.id: person for person in book.people()})
    with _classroom(book, folder) as room:
        graded = room.grade(handed, {})
        key, keys, bases = room.key_of(handed, graded), room.of(handed.student).keys, room.shared
        circumstances = room.circumstances
    change = Change(row.student, row.number, row.grade, graded.grade)

    def write() -> None:
        run = book.begin(row.assignment, circumstances)
        book.write(run, row.id, key if key != row.key else passing(key), graded.grade, files, graded.answers, keys, bases)

    return Again([change], 1, write if change.matters else None, tuple(_notes(row.grade, graded.grade)), attempt)


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
def _classroom(book: Gradebook, folder: Path) -> Iterator[Classroom]:
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
        yield Classroom(spec, references, workers, seed)


def _notes(old: Grade | None, new: Grade) -> Iterator[str]:
    versions = {name: (old.versions.get(name, "none"), version) for name, version in new.versions.items()} if old else {}
    for name, (before, now) in versions.items():
        if before != now:
            yield f"{name} was {before}, and is {now}"
    if old:
        yield f"It took {old.seconds:.1f} s, and now {new.seconds:.1f} s"
