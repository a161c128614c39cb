"""For instructors: marks for where marks live. Each format is a module of `autograder.export`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.text import meant
from dlkit.commands.shared import (
    COURSE,
    GONE,
    GRADEBOOK,
    USAGE,
    Refusal,
    opened,
    policies_in,
    refusing,
    ungraded,
    write,
    write_files,
)

if TYPE_CHECKING:
    from autograder.classroom.marks import Mark
    from autograder.export.format import Each, Edit, Format, Option, Whole

NAMED = 8  # students in one sentence
OUT = click.option("--out", metavar="PATH", help="Output path; - for stdout.")
STUDENT = click.option("--student", metavar="KEY", help="Only this student, in one file.")


class Formats(click.Group):
    """A group with a command for each format in `autograder.export`, which is read when one is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The names of the formats."""
        from autograder.export.format import formats

        return list(formats())

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of a format."""
        from autograder.export.format import formats

        if name == "github":
            raise Refusal(GONE.format(use="dlkit export classroom50"), USAGE)
        return _command(formats()[name]) if name in formats() else None


@click.group(cls=Formats)
def export() -> None:
    """Export marks: CSV, Canvas, Moodle, Gradescope, ...

    Exports the marks that `dlkit marks` shows, after the policies of the course. What is not known stays empty: a student without
    a grade has no mark, and a check with a grader error has no points.

    \b
    Examples:
      dlkit export csv hw2
      dlkit export canvas hw2 --into "2026-11-02 Grades.csv"
      dlkit export csv --help
    """


def _command(format: Format) -> click.Command:
    """The command of a format: its own options between those of every format."""
    from autograder.export.format import Each, Edit, Whole

    options = [_option(option) for option in format.options]
    match format:
        case Edit():
            into = click.option("--into", required=True, metavar=format.metavar, help=format.into)
            return _made(format, lambda **asked: _edit(format, **asked), [into, *options])
        case Each():
            return _made(format, lambda **asked: _each(format, **asked), [*options, STUDENT])
        case Whole():
            return _made(format, lambda **asked: _whole(format, **asked), [*options, *([STUDENT] if format.of_one else [])])
    raise TypeError(f"a format must be Whole, Each or Edit. Received: {type(format).__name__}")


def _made(format: Format, callback: Callable[..., None], options: Sequence[Callable[[Any], Any]]) -> click.Command:
    for decorate in (OUT, *reversed(options), COURSE, GRADEBOOK, click.argument("assignment")):
        callback = decorate(callback)
    return click.command(format.name, help=format.help)(callback)


def _option(option: Option) -> Callable[[Any], Any]:
    names = [option.name, *([option.known_as] if option.known_as else [])]
    if option.choices:
        choice = click.Choice(option.choices)
        return click.option(*names, type=choice, default=option.default, show_default=True, help=option.help)
    if not option.metavar:
        return click.option(*names, is_flag=True, help=option.help)
    return click.option(*names, metavar=option.metavar, multiple=option.many, default=option.default, help=option.help)


def _whole(
    format: Whole,
    assignment: str,
    gradebook: str,
    course: str | None,
    out: str | None,
    student: str | None = None,
    **options: Any,
) -> None:
    """Write the one text of a class."""
    name, marks = marks_of_class(assignment, gradebook, course, student)
    write(out or f"{name}-marks{format.suffix}", format.write(marks, name, **options), _students(marks))


def _each(
    format: Each, assignment: str, gradebook: str, course: str | None, out: str | None, student: str | None, **options: Any
) -> None:
    """Write a file for each student into a folder, or the only one's."""
    from autograder.report.names import file_name

    name, marks = marks_of_class(assignment, gradebook, course, student)
    with opened(gradebook) as book, refusing():
        works = {mark.student: book.texts(mark.row.files) for mark in marks if mark.row and mark.row.files}
        made = format.write(marks, name, works, **options)
    marks = [replace(mark, why=made.why.get(mark.student, mark.why)) for mark in marks]
    folder, texts = f"{name}-{format.name}", made.texts
    if not texts:
        why = marks[0].why if student is not None else "no student has a complete grade"
        raise Refusal(f"There is nothing to export{f': {why}' if why else ''}.", USAGE)
    if student is not None:
        write(out or f"{folder}-{file_name(student, '.json')}", texts[student], student)
        return
    if out == "-":
        raise Refusal("--out - works for one student only: add --student, or name a folder.", USAGE)
    place = Path(out or folder)
    try:
        write_files(place, {file_name(key, ".json"): text for key, text in texts.items()}, f".dlkit-{format.name}")
    except OSError as error:
        raise Refusal(f"{place} cannot be written to: {error.strerror}; expected a folder", USAGE) from None
    click.echo(f"{place} written: {count_of(len(texts), 'student')}")
    left = [f"{mark.student}: {mark.why}" for mark in marks if mark.student not in texts]
    list_names("without a file", left)


def _edit(format: Edit, assignment: str, gradebook: str, course: str | None, into: str, out: str | None, **options: Any) -> None:
    name, marks = marks_of_class(assignment, gradebook, course, cases=False)
    put_into(format, name, marks, into, out, **options)


def put_into(format: Edit, name: str, marks: Sequence[Mark], into: str, out: str | None, **options: Any) -> None:
    """Write marks into a copy of somebody's file, and say what did not get there."""
    from autograder.inbox.columns import TableError, decoded

    path = Path(into)
    try:
        text = decoded(path.read_bytes())
        target = out or str(path.with_name(f"{path.stem}-marked{format.suffix or path.suffix}"))
        if target != "-" and Path(target).exists() and path.samefile(target):
            raise Refusal(f"--out and --into must be different files. Received: {target}. Choose another --out.", USAGE)
    except OSError as error:
        raise Refusal(f"{into} cannot be read: {error.strerror}", USAGE) from None
    except TableError as error:
        way = "Export it again, and do not re-save it in another program"
        raise Refusal(f"{into} is not UTF-8 text. Received: {error.received} in line {error.line}. {way}.", USAGE) from None
    with refusing():
        marked = format.write(text, marks, name, file=into, **options)
    if not marked.written:
        why = f"; {_some(marked.kept)}" if marked.kept else ""
        raise Refusal(f"Nothing was written: no mark of {name} matches a row of {into} that may change{why}.", USAGE)
    write(target, marked.text, f"{count_of(marked.written, 'mark')} in `{marked.column}`")
    list_names("unchanged", marked.kept)
    list_names("EX in place of a mark", marked.excused)
    list_names(f"in {into}, but which row is whose is not clear", marked.unclear)
    list_names(f"in {into}, but not in the gradebook", marked.unknown)
    list_names(f"with a mark, but not in {into}", marked.missing)


def marks_of_class(
    assignment: str, gradebook: str, course: str | None, student: str | None = None, *, cases: bool = True
) -> tuple[str, list[Mark]]:
    """The name of an assignment and the marks of everybody, or of one student; with the cases of each check, or without."""
    from autograder.classroom.marks import all_marks
    from autograder.export.sentences import UNSAFE, unsafe

    name = Path(assignment).name
    with opened(gradebook) as book:
        policies = policies_in(course, book)
        found = all_marks(book, policies, only=name, cases=cases).get(name, [])
        others = book.assignments()
        gradebook = book.where
    if not found:
        raise ungraded(gradebook, name, meant(name, others, f" There are: {', '.join(others)}." if others else ""))
    if student is not None:
        keys = [mark.student for mark in found]
        found = [mark for mark in found if mark.student == student]
        if not found:
            raise Refusal(f"{gradebook} has no student {student!r}.{meant(student, keys)}", USAGE)
    for notice in policies.notices:
        say(notice)
    if stamped := [mark.student for mark in found if mark.row and mark.row.grade and unsafe(mark.row.grade)]:
        say(f"{UNSAFE}: {_some(stamped)}")  # one line
    return name, found


def _students(marks: Sequence[Mark]) -> str:
    there = [mark for mark in marks if not mark.left]
    without = sum(mark.final is None for mark in there)
    left = f", and {len(marks) - len(there)} who left the class" if len(marks) > len(there) else ""
    return count_of(len(there), "student") + (f", {without} of them without a mark" if without else "") + left


def count_of(number: int, noun: str) -> str:
    """A number of things in words: "1 student", "2 students"."""
    return f"{number} {noun}{'s' * (number != 1)}"


def _some(names: Sequence[str]) -> str:
    """The first of some names, and how many there are besides."""
    from autograder.text import shown

    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{len(names)} ({'; '.join(map(shown, names[:NAMED]))}{more})" if len(names) > 1 else shown(names[0])


def list_names(what: str, names: Sequence[str]) -> None:
    """Say who it is about, everyone, and a line each where they are many; nothing where it is nobody."""
    from autograder.text import shown

    if len(names) > NAMED:
        say(f"{what}: {len(names)}")
        click.echo("\n".join(f"  {shown(name)}" for name in names), err=True)
    elif names:
        say(f"{what}: {'; '.join(map(shown, names))}")


def say(sentence: str) -> None:
    """Print a sentence that is not the result."""
    from autograder.text import visible

    click.echo(f"dlkit: {visible(sentence)}", err=True)
