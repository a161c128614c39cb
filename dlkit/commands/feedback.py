"""`dlkit feedback`: what each student is told, in files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlkit.commands.shared import (
    COURSE,
    GRADEBOOK,
    USAGE,
    Refusal,
    folder_of,
    opened,
    policies_in,
    ungraded,
    write_files,
    zone_of,
)
from dlkit.writing import write_file, zipped

if TYPE_CHECKING:
    from autograder.classroom.marks import Mark

SUFFIXES = {"html": ".html", "markdown": ".md"}
PLATFORMS = {"canvas": "Canvas", "moodle": "Moodle"}
UPLOAD = {
    "canvas": "To upload: open the Canvas gradebook, then the assignment's menu. Choose Re-Upload Submissions.",
    "moodle": "To upload: turn on the feedback type Feedback files in the Moodle assignment. "
    "Then open View all submissions, and choose Upload multiple feedback files in a zip.",
}
OURS = b"dlkit feedback"  # the comment of a zip that may be written over
LISTING = ".dlkit-feedback"  # in a folder of ours: the names of the files that we wrote
MOST = 20  # students who are named in one sentence


@click.command()
@click.argument("assignment")
@click.option(
    "--to",
    type=click.Choice(("files", *PLATFORMS)),
    default="files",
    show_default=True,
    help="Where to: a folder, or a zip to upload to Canvas or Moodle.",
)
@click.option("--format", "kind", type=click.Choice(tuple(SUFFIXES)), help="File format (default: html; for Canvas, markdown).")
@click.option(
    "--out", metavar="PATH", help="The folder, or the zip (- for stdout); default: feedback-hw2, feedback-hw2-canvas.zip, ..."
)
@click.option("--with-requests", is_flag=True, help="HTML only: add a field to ask for another look (see `dlkit desk`).")
@GRADEBOOK
@COURSE
def feedback(
    assignment: str,
    to: str,
    kind: str | None,
    out: str | None,
    with_requests: bool,
    gradebook: str,
    course: str | None,
) -> None:
    """Write feedback for each student: messages, mark, and reasons.

    Writes one file per student into a folder, or into a zip with the names of the graded download, so that Canvas or Moodle can
    assign each file. Canvas shows each file under the name of the submitted file. So the default there is Markdown, which reads
    well as plain text.

    \b
    Examples:
      dlkit feedback hw2
      dlkit feedback hw2 --to moodle
      dlkit feedback hw2 --to canvas --format html --out canvas.zip
    """
    from autograder.classroom.marks import marks as marks_of
    from autograder.report.feedback import markdown, page
    from autograder.report.names import file_name
    from autograder.text.cells import module_of

    name, folder = Path(assignment).name, folder_of(assignment)
    suffix = SUFFIXES[kind or ("markdown" if to == "canvas" else "html")]
    if with_requests and suffix != ".html":
        raise Refusal("--with-requests needs --format html: Markdown has no fields.", USAGE)
    draw = partial(page, asks=with_requests) if suffix == ".html" else markdown
    with opened(gradebook) as book:
        policies = policies_in(course, book)
        zone = zone_of(course, policies)
        everybody = marks_of(book, policies, name)
        found = [mark for mark in everybody if not _waits(mark)]
        texts = book.texts_of({mark.row.files for mark in found if mark.row and mark.row.files})
        works = {mark.student: texts[mark.row.files] for mark in found if mark.row and mark.row.files}
        gradebook = book.where
    if not found:
        raise ungraded(gradebook, name, has="nothing graded of" if everybody else "no attempt at")
    file = file_name(name)
    if to == "files":
        names = {mark.student: file_name(mark.student, suffix) for mark in found}
    else:
        names = _names(found, to, f"{file}-feedback", suffix)
    told = {
        names[mark.student]: draw(
            mark,
            assignment=name,
            module=module_of(works.get(mark.student, {})),
            folder=folder,
            code=works.get(mark.student, {}),
            zone=zone,
        )
        for mark in found
        if mark.student in names
    }
    path = Path(out or (f"feedback-{file}" if to == "files" else f"feedback-{file}-{to}.zip"))
    if out == "-":
        if to == "files":
            raise Refusal("--out - is for one file: add --to canvas or --to moodle, or name a folder.", USAGE)
        click.echo(_zipped(told), nl=False)
        for notice in (*policies.notices, *_notices(everybody, names, to)):
            click.echo(f"dlkit: {notice}", err=True)
        return
    try:
        write_files(path, told, LISTING) if to == "files" else _write_zip(path, _zipped(told))
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror}", USAGE) from None
    click.echo(f"{path} written: feedback for {_count(len(told))}")
    for notice in (*policies.notices, *_notices(everybody, names, to)):
        click.echo(f"dlkit: {notice}", err=True)
    if to in UPLOAD:
        click.echo(UPLOAD[to])


def _waits(mark: Mark) -> bool:
    """Whether there is work of which nothing is known yet."""
    return mark.final is None and mark.row is not None and not mark.row.unreadable


def _names(found: Sequence[Mark], to: str, stem: str, suffix: str) -> dict[str, str]:
    """The names that a platform finds its students by, of those whose work came from there."""
    from autograder.inbox.upload import canvas, moodle, moodle_member

    names: dict[str, str] = {}
    for mark in found:
        origin = mark.row.origin if mark.row else ""
        name = canvas(origin, suffix) if to == "canvas" else moodle(origin, f"{stem}{suffix}")
        if to == "moodle" and (mark.members or (mark.row and mark.row.group)):  # a group's number is no participant's
            name = moodle_member(mark.name, mark.person.moodle_id, f"{stem}{suffix}")
        if name and to == "canvas" and mark.members and not _one_for_all(mark, found):
            continue  # Canvas shows it to the whole group
        if name and name not in names.values():
            names[mark.student] = name
    if not names:
        origins = sorted({mark.row.origin for mark in found if mark.row and mark.row.origin})
        received = f"names such as {origins[0]!r}" if origins else "no download"
        raise Refusal(
            f"Cannot make a feedback zip for {PLATFORMS[to]}: the submissions must come from a {PLATFORMS[to]} download. "
            f"Received: {received}. Grade that download with --submissions, or use --to files.",
            USAGE,
        )
    return names


def _one_for_all(mark: Mark, found: Sequence[Mark]) -> bool:
    """Whether everybody of a group has the same mark, for the same reasons, so that one file is for all."""
    group = {mark.student, *mark.members}
    told = {(other.final.mark, other.final.sentences) if other.final else None for other in found if other.student in group}
    return len(told) == 1


def _notices(everybody: Sequence[Mark], names: Mapping[str, str], to: str) -> list[str]:
    """What to know before this is given to students, a sentence each."""
    from autograder.outcome import UNPROTECTED

    told = [mark for mark in everybody if mark.student in names]
    left = [mark for mark in everybody if mark.student not in names]
    grades = {mark.student: mark.row.grade for mark in told if mark.row and mark.row.grade}
    waiting = [mark.student for mark in left if _waits(mark)]
    absent = [mark.student for mark in left if mark.row is None]
    shared = {member for mark in told if to == "canvas" for member in mark.members}
    apart = [mark.student for mark in left if to == "canvas" and mark.members and mark.student not in shared]
    elsewhere = [
        mark.student
        for mark in left
        if mark.row and not _waits(mark) and mark.student not in shared and mark.student not in apart
    ]
    faulty = [student for student, grade in grades.items() if grade.faults]
    unsafe = [student for student, grade in grades.items() if UNPROTECTED in grade.isolation]
    platform = PLATFORMS.get(to, "")
    return [
        f"{_count(len(students))} {sentence}: {_listed(students)}."
        for students, sentence in (
            (elsewhere, f"left out: {platform} cannot match the file name to a student"),
            (sorted(shared - set(names)), "covered by their group's file, which has the name of the student who handed it in"),
            (apart, "left out: Canvas shows one file to the whole group, but their marks differ; use --to files"),
            (waiting, "left out: not graded yet"),
            (absent, "left out: no submission"),
            (faulty, "told that the grader could not judge some checks"),
            (unsafe, "graded while nothing protected your files (--unsafe-no-isolation); look at these before you trust them"),
        )
        if students
    ]


def _count(number: int) -> str:
    return f"{number} student{'s' * (number != 1)}"


def _listed(students: Sequence[str]) -> str:
    more = len(students) - MOST
    return ", ".join(students[:MOST]) + (f" and {more} more" if more > 0 else "")


def _zipped(texts: Mapping[str, str]) -> bytes:
    return zipped({name: text.encode() for name, text in texts.items()}, comment=OURS)


def _write_zip(path: Path, data: bytes) -> None:
    """Write a zip as a whole, and over no file but an earlier zip of ours."""
    import zipfile

    if path.is_file():
        ours = False
        with suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as archive:
            ours = archive.comment == OURS
        if not ours:
            raise Refusal(f"{path} exists, and dlkit did not write it. Choose another name with --out.", USAGE)
    write_file(path, data)
