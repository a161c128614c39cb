"""Recording: what the references of a course answer, for those who have no solutions."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.assignment import Assignment, solutions_folder
from autograder.grading.bench import HANDLER
from autograder.grading.grade import PUBLIC_SEED, questions, require_libraries
from autograder.grading.recorded import RECORD, record, stale
from autograder.grading.references import References, keeping_folder
from autograder.sandbox.workers import source


def recorded(assignment: Assignment) -> bytes:
    """The record of an assignment: the one in its folder if that is up to date, or all there is; else a new one.

    Raises:
        SpecError: there is neither a record nor a reference that answers.
    """
    folder = _folder_of(assignment)
    kept = folder / RECORD
    new = None if kept.is_file() and not _solutions(assignment).is_dir() else up_to_date(assignment)
    return kept.read_bytes() if new is None else new


def up_to_date(assignment: Assignment) -> bytes | None:
    """A new record of an assignment's solutions, None if the one in its folder is as good.

    Raises:
        SpecError: there is no reference, or it does not answer.
        NotInstalledError: a library that it needs is not installed.
    """
    solutions = _solutions(assignment)
    if not stale(assignment, solutions, code=True):
        return None
    require_libraries(assignment)
    click.echo(f"{assignment.name}: recording the answers of the reference and the known mistakes to", err=True)
    cases = questions(assignment, assignment.checks, PUBLIC_SEED)
    with source(HANDLER) as workers, References(assignment, solutions, keeping_folder(), workers) as references:
        return record(references, cases, PUBLIC_SEED, lambda check: click.echo(f"  {check.name}", err=True))


def _solutions(assignment: Assignment) -> Path:
    return solutions_folder(_folder_of(assignment), assignment.name)


def _folder_of(assignment: Assignment) -> Path:
    assert assignment.folder is not None  # noqa: S101 - it was loaded from there
    return assignment.folder
