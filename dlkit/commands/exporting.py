"""For instructors: marks for where marks live."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dlkit.commands.shared import COURSE, GRADEBOOK, USAGE, Refusal, meant, opened, policies_in, write
from dlkit.writing import write_file

if TYPE_CHECKING:
    from autograder.classroom.marks import Mark
    from autograder.export.sheet import Marked

NAMED = 8  # students in one sentence
VISIBILITIES = ("hidden", "after_due_date", "after_published")
OUT = click.option("--out", metavar="PATH", help="Where to; - for stdout.")
STUDENT = click.option("--student", metavar="KEY", help="Only this student's, into one file.")
SCALE = click.option("--scale", is_flag=True, help="Bring marks to the column's points, if they are out of others.")


def _arguments(command: Callable[..., None]) -> Callable[..., None]:
    for decorate in (COURSE, GRADEBOOK, click.argument("assignment")):
        command = decorate(command)
    return command


@click.group()
def export() -> None:
    """Export marks: CSV, Canvas, Moodle, Gradescope, ...

    What counts is exported, by the policies of the course, as `dlkit marks` shows it. What is not known is left empty: a
    student without a grade has no mark, and a check that could not be judged has no points.

    \b
    Examples:
      dlkit export csv hw2
      dlkit export canvas hw2 --into "2026-11-02 Grades.csv"
      dlkit export csv --help
    """


@export.command("csv")
@_arguments
@click.option("--excel", is_flag=True, help="Begin with the mark by which Excel knows UTF-8.")
@OUT
def csv_(assignment: str, gradebook: str, course: str | None, excel: bool, out: str | None) -> None:
    """A table: a row a student, a column a check.

    `late` is in days. Names that a spreadsheet would take for a formula have an apostrophe before them.

    \b
    Examples:
      dlkit export csv hw2
      dlkit export csv hw2 --course course.toml --out marks.csv
    """
    from autograder.export.table import by_check

    name, marks = _marks(assignment, gradebook, course)
    write(out or f"{name}-marks.csv", ("\ufeff" if excel else "") + by_check(marks), _students(marks))


@export.command()
@_arguments
@OUT
def jsonl(assignment: str, gradebook: str, course: str | None, out: str | None) -> None:
    """JSON lines, for programs: an object a student.

    Each is what `dlkit grade --json` writes of the attempt that counts, and `mark`, `max`, `attempt`, `submitted`, `late` (in
    days) and `notes`. Without a grade, `mark` is null.

    \b
    Examples:
      dlkit export jsonl hw2
      dlkit export jsonl hw2 --out - | jq .mark
    """
    from autograder.export.lines import to_lines

    name, marks = _marks(assignment, gradebook, course)
    write(out or f"{name}-marks.jsonl", to_lines(marks, name), _students(marks))


@export.command()
@_arguments
@click.option("--into", required=True, metavar="CSV", help="The gradebook that Canvas exported.")
@click.option("--column", metavar="TITLE", help="The assignment's column, its title or its id (default: by the assignment).")
@SCALE
@click.option("--overwrite", is_flag=True, help="Give excused students their mark, too.")
@OUT
def canvas(
    assignment: str,
    gradebook: str,
    course: str | None,
    into: str,
    column: str | None,
    scale: bool,
    overwrite: bool,
    out: str | None,
) -> None:
    """Marks into a gradebook that Canvas exported.

    In Canvas: Grades, Export; after this, Grades, Import, with the new file. Only the cells of the assignment change. Students
    are found by ID, SIS User ID, SIS Login ID, then by name; the file itself is never written to.

    \b
    Examples:
      dlkit export canvas hw2 --into grades.csv
      dlkit export canvas hw2 --into grades.csv --column "Homework 2 (1234)" --scale --out import.csv
    """
    from autograder.export.canvas import mark_gradebook

    def edit(text: str, marks: Sequence[Mark], name: str) -> Marked:
        return mark_gradebook(text, marks, name, file=into, column=column, scale=scale, overwrite=overwrite)

    _edit(assignment, gradebook, course, into, out, edit)


@export.command()
@_arguments
@click.option("--into", required=True, metavar="CSV", help="The grading worksheet that Moodle gave.")
@click.option("--column", metavar="TITLE", help="The column of grades, where it is not found in the worksheet's language.")
@click.option("--comments", is_flag=True, help="Write what is wrong, and why, as feedback comments.")
@SCALE
@click.option("--overwrite", is_flag=True, help="Replace comments that are there already.")
@OUT
def moodle(assignment: str, gradebook: str, course: str | None, into: str, out: str | None, **wishes: Any) -> None:
    """Marks into a grading worksheet of Moodle.

    In Moodle: the assignment, View all submissions, Download grading worksheet; after this, Upload grading worksheet. Only
    grades change, and comments if you ask; grades that Moodle has locked stay. The file itself is never written to.

    Worksheets in the larger languages of Europe are known; in another language, name the column of grades.

    \b
    Examples:
      dlkit export moodle hw2 --into Grades-DL-HW2-4711.csv
      dlkit export moodle hw2 --into worksheet.csv --comments --out upload.csv
    """
    from autograder.export.moodle import mark_worksheet

    def edit(text: str, marks: Sequence[Mark], name: str) -> Marked:
        return mark_worksheet(text, marks, name, file=into, **wishes)

    _edit(assignment, gradebook, course, into, out, edit)


@export.command()
@_arguments
@click.option("--hidden", metavar="CHECK", multiple=True, help="A check or function that students do not see (repeatable).")
@click.option("--visibility", type=click.Choice(VISIBILITIES), default="hidden", show_default=True, help="Until when.")
@STUDENT
@OUT
def gradescope(
    assignment: str,
    gradebook: str,
    course: str | None,
    hidden: tuple[str, ...],
    visibility: str,
    student: str | None,
    out: str | None,
) -> None:
    """Gradescope's results.json, a file a student.

    Each check is a test, in the words of the terminal. A check that could not be judged has no score, and staff read why.

    \b
    Examples:
      dlkit export gradescope hw2 --out results
      dlkit export gradescope hw2 --student s0007 --out results.json
      dlkit export gradescope hw2 --hidden train_xor --visibility after_due_date
    """
    from autograder.export.gradescope import counted, results, to_json

    name, marks = _marks(assignment, gradebook, course, student)
    texts = {}
    with opened(gradebook) as book:
        for mark in marks:
            if mark.final is None or mark.row is None or mark.row.grade is None:
                continue
            grade, final = mark.row.grade, mark.final
            files = [file.removesuffix(".py") for file in book.texts(mark.row.files)] if mark.row.files else []
            try:
                found = results(
                    grade,
                    hidden=hidden,
                    visibility=visibility,
                    mark=counted(grade, final),
                    unknown=final.unknown,
                    sentences=mark.sentences,
                    module=files[0] if len(files) == 1 and files[0].isidentifier() else "",
                )
            except ValueError as error:
                raise Refusal(str(error), USAGE) from None
            texts[mark.student] = to_json(found)
    _write_each(out, f"{name}-gradescope", texts, student, marks)


@export.command()
@_arguments
@STUDENT
@OUT
def junit(assignment: str, gradebook: str, course: str | None, student: str | None, out: str | None) -> None:
    """JUnit XML: a suite a student, a case a check.

    As pytest writes it (xunit2). Points are properties of the suite: mark, max, score.CHECK and max_score.CHECK.

    \b
    Examples:
      dlkit export junit hw2
      dlkit export junit hw2 --student s0007 --out -
    """
    from autograder.export.junit import to_xml

    name, marks = _marks(assignment, gradebook, course, student)
    write(out or f"{name}-marks.xml", to_xml(marks, name), _students(marks))


@export.command()
@_arguments
@click.option("--check", metavar="NAME", help="Only this check; with --student, one result.")
@click.option("--base64", "encoded", is_flag=True, help="As the output `result` of a workflow's step has it.")
@STUDENT
@OUT
def github(
    assignment: str,
    gradebook: str,
    course: str | None,
    check: str | None,
    encoded: bool,
    student: str | None,
    out: str | None,
) -> None:
    """Results for GitHub Classroom, a file a student.

    A file is an object with a result for each check, as each is a runner of its own: the reporter's table shows weights right
    only so. These are the grader's points, before the policies of the course. With --check, a file is that check's result.
    Whoever has a check that could not be judged has no file: the reporter would show their points as all that there are.

    \b
    Examples:
      dlkit export github hw2
      dlkit export github hw2 --student s0007 --check sigmoid --base64 --out -
    """
    from autograder.export.github import runners, to_base64, to_json
    from autograder.export.sheet import UNJUDGED

    name, marks = _marks(assignment, gradebook, course, student)
    spelt = to_base64 if encoded else to_json
    grades = {mark.student: mark.row.grade for mark in marks if mark.final and mark.row and mark.row.grade}
    names = list(dict.fromkeys(one.name for grade in grades.values() for one in grade.checks))
    if check is not None and check not in names:
        there = f" There are: {', '.join(names)}."
        raise Refusal(f"{name} has no check {check!r}.{meant(check, names, there)}", USAGE)
    asked = {key: [one for one in grade.checks if check in (None, one.name)] for key, grade in grades.items()}
    unjudged = {key for key, checks in asked.items() if not all(one.judged for one in checks)}
    found = {key: runners(grade) for key, grade in grades.items() if key not in unjudged}
    texts = {
        key: (
            to_json({one: spelt(result) if encoded else result for one, result in each.items()})
            if check is None
            else spelt(each[check])
        )
        + "\n"
        for key, each in found.items()
        if check is None or check in each
    }
    marks = [replace(mark, why=f"it {UNJUDGED}") if mark.student in unjudged else mark for mark in marks]
    _write_each(out, f"{name}-github", texts, student, marks)


def _marks(assignment: str, gradebook: str, course: str | None, student: str | None = None) -> tuple[str, list[Mark]]:
    """The name of an assignment and the marks of everybody, or of one student."""
    from autograder.classroom.marks import marks as marks_of
    from autograder.export.words import UNSAFE, unsafe

    name = Path(assignment).name
    with opened(gradebook) as book:
        policies = policies_in(course, book)
        found = marks_of(book, policies, name)
        others = book.assignments()
        gradebook = book.where
    if not found:
        there = f" There are: {', '.join(others)}." if others else ""
        hint = meant(name, others, there)
        raise Refusal(f"{gradebook} has no attempt at {name!r}: grade the class first, with --submissions.{hint}", USAGE)
    if student is not None:
        keys = [mark.student for mark in found]
        found = [mark for mark in found if mark.student == student]
        if not found:
            raise Refusal(f"{gradebook} has no student {student!r}.{meant(student, keys)}", USAGE)
    for notice in policies.notices:
        _say(notice)
    if stamped := [mark.student for mark in found if mark.row and mark.row.grade and unsafe(mark.row.grade)]:
        _say(f"{UNSAFE}: {_some(stamped)}")  # one line
    return name, found


def _edit(
    assignment: str,
    gradebook: str,
    course: str | None,
    into: str,
    out: str | None,
    edit: Callable[[str, Sequence[Mark], str], Marked],
) -> None:
    """Write marks into a copy of somebody's file, and say what did not get there."""
    from autograder.export.sheet import SheetError
    from autograder.inbox.columns import TableError, decoded

    name, marks = _marks(assignment, gradebook, course)
    path = Path(into)
    try:
        text = decoded(path.read_bytes())
        target = out or str(path.with_name(f"{path.stem}-marked{path.suffix}"))
        if target != "-" and Path(target).exists() and path.samefile(target):
            raise Refusal(f"--out is the file of --into, which is never written to. Received: {target}. Choose another.", USAGE)
    except OSError as error:
        raise Refusal(f"{into} cannot be read: {error.strerror}", USAGE) from None
    except TableError as error:
        way = "Export it again, and do not re-save it in another program"
        raise Refusal(f"{into} is not UTF-8 text. Received: {error.received} in line {error.line}. {way}.", USAGE) from None
    try:
        marked = edit(text, marks, name)
    except SheetError as error:
        raise Refusal(str(error), USAGE) from None
    if not marked.written:
        why = f"; {_some(marked.kept)}" if marked.kept else ""
        raise Refusal(f"Nothing was written: no mark of {name} belongs to a row of {into} that may change{why}.", USAGE)
    write(target, marked.text, f"{_count(marked.written, 'mark')} in `{marked.column}`")
    _list("left as they were", marked.kept)
    _list(f"in {into}, but not in the gradebook", marked.unknown)
    _list(f"with a mark, but not in {into}", marked.missing)


def _write_each(out: str | None, folder: str, texts: dict[str, str], student: str | None, marks: Sequence[Mark]) -> None:
    """Write a file for each student into a folder, or the only one's."""
    from autograder.report.names import file_name

    if not texts:
        why = marks[0].why if student is not None else "nobody has a grade of which everything is known"
        raise Refusal(f"There is nothing to export{f': {why}' if why else ''}.", USAGE)
    if student is not None:
        write(out or f"{folder}-{file_name(student, '.json')}", texts[student], student)
        return
    if out == "-":
        raise Refusal("--out - is for one student: add --student, or name a folder.", USAGE)
    place = Path(out or folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
        for key, text in texts.items():
            write_file(place / file_name(key, ".json"), text.encode())
    except OSError as error:
        raise Refusal(f"{place} cannot be written to: {error.strerror}; expected a folder", USAGE) from None
    click.echo(f"{place} written: {_count(len(texts), 'student')}")
    left = [f"{mark.student}: {mark.why}" for mark in marks if mark.student not in texts]
    _list("without a file", left)


def _students(marks: Sequence[Mark]) -> str:
    there = [mark for mark in marks if not mark.left]
    without = sum(mark.final is None for mark in there)
    left = f", and {len(marks) - len(there)} who left the class" if len(marks) > len(there) else ""
    return _count(len(there), "student") + (f", {without} of them without a mark" if without else "") + left


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _some(names: Sequence[str]) -> str:
    """The first of some names, and how many there are besides."""
    from autograder.text import shown

    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{len(names)} ({'; '.join(map(shown, names[:NAMED]))}{more})" if len(names) > 1 else shown(names[0])


def _list(what: str, names: Sequence[str]) -> None:
    """Say who it is about, everyone, and a line each where they are many; nothing where it is nobody."""
    from autograder.text import shown

    if len(names) > NAMED:
        _say(f"{what}: {len(names)}")
        click.echo("\n".join(f"  {shown(name)}" for name in names), err=True)
    elif names:
        _say(f"{what}: {'; '.join(map(shown, names))}")


def _say(sentence: str) -> None:
    from autograder.text import visible

    click.echo(f"dlkit: {visible(sentence)}", err=True)
