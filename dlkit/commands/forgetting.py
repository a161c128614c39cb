"""For instructors: a student who asks to be forgotten."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlkit.commands.shared import GRADEBOOK, opened, person_called, refusing

if TYPE_CHECKING:
    from autograder.classroom.gradebook import Forgotten
    from autograder.inbox.people import Person

WRITTEN = ("feedback-*", "report-*", "classroom50", "*.csv")  # what dlkit writes by default, and people by its examples
SOURCES = ("course.toml", "roster.csv")  # the course's own, which nobody but its owner changes
LONGEST = 2**26  # bytes of a file that are searched
LEAST = 3  # letters of a name that are searched for
TABLES = {  # what people call one row of a table, and several; those of others are called as they are
    "students": ("entry in the list of students", "entries in the list of students"),
    "attempts": ("attempt", "attempts"),
    "members": ("membership of a group", "memberships of groups"),
    "results": ("result", "results"),
    "checks": ("verdict on a check", "verdicts on checks"),
    "cases": ("verdict on a case", "verdicts on cases"),
    "adjustments": ("change by hand", "changes by hand"),
    "comments": ("comment on code", "comments on code"),
    "places": ("line with a comment", "lines with comments"),
    "reviews": ("note on who read an attempt", "notes on who read an attempt"),
    "readers": ("note on who has an attempt open", "notes on who have an attempt open"),
    "requests": ("request", "requests"),
    "files": ("text of a submission", "texts of submissions"),
    "kept": ("bundle of recorded answers", "bundles of recorded answers"),
}
VACUUM = "close other programs that use it, then run: python -c \"import sqlite3; sqlite3.connect('{where}').execute('VACUUM')\""


@dataclass
class Found:
    """Files that have to do with a student.

    Attributes:
        theirs: files about nobody else, which can go.
        named: files about others, too, in which the student is named.
    """

    theirs: list[Path] = field(default_factory=list)
    named: list[Path] = field(default_factory=list)


@click.command()
@click.argument("student")
@click.option("--write", is_flag=True, help="Do it (default: only say what would be deleted).")
@click.option("--keep-marks", is_flag=True, help="Leave points and times in the gradebook, under an id that tells nothing.")
@click.option("--in", "places", multiple=True, metavar="PATH", help="Search here, too (repeatable): a folder or file from dlkit.")
@GRADEBOOK
def forget(student: str, write: bool, keep_marks: bool, places: tuple[str, ...], gradebook: str) -> None:
    """Delete everything about a student.

    STUDENT is a key or a name. Shows first what there is: in the gradebook, and in feedback, reports and marks below this folder.
    With --write, it deletes all of that but files which name others, too. The work of a group stays with its other members.

    \b
    Examples:
      dlkit forget s0007
      dlkit forget s0007 --write
      dlkit forget s0007 --keep-marks --in ~/reports --write
    """
    with opened(gradebook) as book, refusing():
        student = person_called(book.people(), student).id
        found = book.forget(student, marks=keep_marks, write=write)
        where = book.where
    known = [Path(place) for place in places]
    known += sorted({path for pattern in WRITTEN for path in Path().glob(pattern)} - {Path(name) for name in SOURCES})
    on_disk = _searched(known, found.person)
    for line in _told(found, on_disk, where):
        click.echo(line)
    if not write:
        click.echo("\nNothing has been deleted. To delete it, add --write.")
        return
    for path in on_disk.theirs:
        with refusing(f"{student} is no longer in {where}", path, "deleted"):
            path.unlink()
    click.echo(f"\nDeleted.{f' Marks stay as {found.alias}.' if found.alias else ''}")
    if found.traces:
        remedy = VACUUM.format(where=where)
        click.echo(f"dlkit: what was deleted can still be read in {where} ({found.traces}): {remedy}", err=True)


def _told(found: Forgotten, on_disk: Found, where: str) -> Iterator[str]:
    person = found.person
    yield f"{person.id}{f' ({person.name})' if person.name else ''} in {where}:"
    for table, number in found.rows.items():
        one, several = TABLES.get(table, (f"row of {table}", f"rows of {table}"))
        yield f"  {number} {one if number == 1 else several}"
    if found.shared:
        yield f"  Work of a group stays with its other members: {', '.join(found.shared)}."
    for title, paths in (
        ("Files about this student:", on_disk.theirs),
        ("Files to write again, without the name:", on_disk.named),
    ):
        if paths:
            yield title
            yield from (f"  {path}" for path in paths)
    own = [
        *(f"{name}, line {line}" for name in SOURCES for line in _lines_with(Path(name), person)),
        *(str(path) for path in _copies(where)),
    ]
    if own:
        yield "For you to change or delete:"
        yield from (f"  {one}" for one in own)
    if found.named:
        yield "Comments that name this student (change them with dlkit adjust or at the desk):"
        yield from (f"  {one}" for one in found.named)
    yield "Take the student off the roster and out of the submissions, or the next grading brings them back."


def _searched(places: Iterable[Path], person: Person) -> Found:
    """The files below some places that are about a student, or name them."""
    from autograder.report.names import file_name

    found, name = Found(), _pattern(person)
    for path in _files(places):
        if path.name.startswith(f"{file_name(person.id)}."):
            found.theirs.append(path)
        elif name is not None and any(name.search(text) for text in _texts(path)):
            found.named.append(path)
    return found


def _pattern(person: Person) -> re.Pattern[str] | None:
    """The id, the name and the e-mail address of a student, as whole words."""
    words = sorted({text for text in (person.id, person.name, person.email) if len(text) >= LEAST}, key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, words))})(?![^\W_])", re.IGNORECASE) if words else None


def _files(places: Iterable[Path]) -> list[Path]:
    found: dict[Path, None] = {}
    for place in places:
        below = sorted(path for path in place.rglob("*") if path.is_file()) if place.is_dir() else [place]
        found.update((path, None) for path in below if path.is_file() and not path.is_symlink())
    return list(found)


def _texts(path: Path) -> Iterator[str]:
    """What a file says, and the names and texts in a zip; nothing of what cannot be read."""
    from autograder.report.parts import unpacked

    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for member in archive.infolist():
                    yield member.filename
                    if member.file_size <= LONGEST:
                        yield archive.read(member).decode("utf-8", "replace")
        elif path.stat().st_size <= LONGEST:
            text = path.read_bytes().decode("utf-8", "replace")
            yield text
            yield unpacked(text)  # the report of a large class
    except Exception:  # encrypted or damaged: zipfile, zlib and lzma each raise their own
        return


def _lines_with(path: Path, person: Person) -> Iterator[int]:
    name = _pattern(person)
    if name is not None and path.is_file():
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if name.search(line):
                yield number


def _copies(where: str) -> list[Path]:
    """The copies of an older gradebook, which were made before it was brought up to date."""
    path = Path(where)
    return sorted(path.parent.glob(f"{path.name}.schema-*")) if path.is_file() else []
