"""What the commands share: exit statuses, refusals, and how people name an assignment."""

from __future__ import annotations

import errno
import math
import os
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

import click

from autograder.text import meant
from dlkit.writing import LOST, is_database, write_file, write_folder

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.classroom.gradebook import Gradebook
    from autograder.inbox.people import Person
    from autograder.policy import Course, Known

PASSED, NOT_ALL, USAGE, FAULT, STOPPED = 0, 1, 2, 3, 130

GRADEBOOK = click.option(
    "--gradebook", default="gradebook.db", show_default=True, metavar="PATH|URL", help="Where results are stored."
)
COURSE = click.option("--course", metavar="TOML", help="The course's policies (default: course.toml, if there is one).")


PUT_BACK = "`dlkit update KIT.zip` restores missing files of a kit, and keeps your own work."
GONE = (
    "GitHub Classroom was switched off on 2026-08-28, so nothing is written for it. Use `{use}` for Classroom 50, its successor; "
    "docs/classroom50.md shows how."
)
EVERYBODY = " `dlkit people` lists everybody."
OWN = ("dlkit", "__main__")  # what the first word of a command is: `dlkit`, or that of `python -m dlkit`
ABOVE = 3  # folders between a place in a course and its top


class Refusal(click.ClickException):
    """Ends the program with one sentence and an exit status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.exit_code = status  # type: ignore[misc]  # click reads it from the instance

    def show(self, file: IO[str] | None = None) -> None:
        """Print the sentence."""
        from autograder.text import visible

        click.echo(f"dlkit: {visible(self.message)}", err=True, file=file)


def leave_unwritten(error: OSError) -> NoReturn:
    """End this program, whose output cannot be written, and leave the rest of the output."""
    Refusal(
        f"The output could not be written: {error.strerror or error}. Free some space, or write it to another place.", USAGE
    ).show()
    sys.stderr.flush()
    os._exit(USAGE)  # Python would try to write the rest once more


def leave(status: int) -> NoReturn:
    """End this program now that all is done: freeing what it has imported, object by object, takes as long as all judging."""
    own = Path(sys.argv[0]).stem in OWN and sys.stdout is sys.__stdout__  # not within another program, which goes on
    if own and sys.stdout and sys.stderr:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


class Number(click.FloatRange):
    """A number of a range: nan and inf, which no range refuses, are none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number, or the end of the program."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a finite number.", param, ctx)
        return number


def ungraded(gradebook: str, assignment: str, hint: str = "", has: str = "no attempt at") -> Refusal:
    """The refusal of a command that needs a graded class, where the gradebook has none."""
    return Refusal(f"{gradebook} has {has} {assignment!r}: grade the class first, with --submissions.{hint}", USAGE)


@contextmanager
def refusing(lead: str = "", place: str | Path = "", to_be: str = "used", *, broken: str = "") -> Iterator[None]:
    """End the program with a sentence and an exit status for each error of our tree, and each file that is in the way.

    Args:
        lead: what did not happen: "No kit was made".
        place: the file or folder in question, where the system does not tell.
        to_be: what cannot be done with it: "used", "read" or "written".
        broken: what to say in place of `lead` where an assignment or the grader is at fault.
    """
    from autograder.text.errors import DlkitError, FaultError

    try:
        yield
    except DlkitError as error:
        lead = broken if broken and isinstance(error, FaultError) else lead
        sentence = str(error)
        end = "" if sentence.endswith((".", "?")) else "."
        raise Refusal(f"{lead}{': ' if lead else ''}{sentence}{end}", error.status) from None
    except OSError as error:
        if not (error.filename or place):  # it is the output, as `Sections.main` tells, or a fault of ours
            raise
        raise Refusal(f"{error.filename or place} cannot be {to_be}: {error.strerror or error}", USAGE) from None


def is_of_output(error: OSError) -> bool:
    """Whether an error is one of writing the program's output: the disk is full, or failed. Those of files name the file."""
    return error.filename is None and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


def find_assignment(name: str) -> Path:
    """The folder that a user means by "assignments/hw2" or "hw2", anywhere in a course; ends the program if there is none.

    A folder whose checks.py is lost ends the search: one of the same name in a course further up is another.
    """
    tops = [Path(*[".."] * up) for up in range(ABOVE + 1)]
    for folder in (place for top in tops for place in (top / name, top / "assignments" / name)):
        if (folder / "checks.py").is_file():
            return folder
        if folder.is_dir() and folder.resolve().parent.name == "assignments":
            raise Refusal(_lost(folder), USAGE)
    known = sorted(str(path.parent) for path in Path().glob("assignments/*/checks.py"))
    if Path(name).is_dir():
        raise Refusal(f"{name} is not an assignment: it has no checks.py.{among(known)}", USAGE)
    names = [*known, *(Path(path).name for path in known)]
    raise Refusal(f"There is no assignment {name!r}.{meant(name, names, among(known))}", USAGE)


def _lost(folder: Path) -> str:
    """What is said of an assignment without a spec."""
    from dlkit.kit import kit_above

    if kit_above(folder):
        return f"{folder} has no checks.py, which came with your kit. {PUT_BACK}"
    return f"{folder} has no checks.py, which every assignment needs. Put it back, or name another assignment."


def folder_of(name: str) -> Path:
    """The folder of an assignment of which only the results are needed; it need not be there."""
    return next((folder for folder in (Path(name), Path("assignments", name)) if folder.is_dir()), Path(name))


def person_called(people: Sequence[Person], student: str, where: str = "in the gradebook", other: str = EVERYBODY) -> Person:
    """The student with this id, login, address or name, in any order of its words; ends the program if it is not just one.

    Args:
        people: among whom.
        student: what somebody typed.
        where: where they are, for the sentence that refuses.
        other: what to do where no name is similar.
    """
    from autograder.inbox.roster import index, squeezed
    from autograder.text import folded

    by_key, by_name = index(people)
    exactly = tuple(one for one in people if one.id == student)  # ids may differ in case only
    for who in (exactly, by_key.get(folded(student), ()), by_name.get(squeezed(student), ()) if student else ()):
        if len(who) == 1:
            return who[0]
        if who:
            keys = ", ".join(sorted(one.id for one in who))
            raise Refusal(f"{len(who)} students are called {student!r}: {keys}. Use a key.", USAGE)
    names = [name for one in people for name in (one.id, one.name, one.login) if name]
    hint = meant(student, names, other)
    raise Refusal(f"There is no student {student!r} with that key or name {where}.{hint}", USAGE)


def select(assignment: Assignment, only: tuple[str, ...]) -> None:
    """End the program if a name is neither a check's nor a function's."""
    try:
        assignment.select(only)
    except KeyError as error:
        names = sorted({name for check in assignment.checks for name in (check.name, check.function)})
        hint = meant(error.args[0], names, f" There are: {', '.join(names)}.")
        raise Refusal(f"{assignment.name} has no check {error.args[0]!r}.{hint}", USAGE) from None


def policies_in(
    path: str | None, book: Gradebook | None = None, graded: Assignment | None = None, students: Collection[str] = ()
) -> Course:
    """The policies of a course, or those of a course that has none; the names in it must be in the gradebook or the folder.

    What is about to be graded, and who hands in, are not in the gradebook yet.
    """
    from autograder.policy import Course as Policies
    from autograder.policy import load

    if path is None and not Path("course.toml").is_file():
        return Policies()
    with refusing(place=path or "course.toml", to_be="read"):
        return load(Path(path or "course.toml"), _names_in(book, graded, students) if book else None)


def zone_of(path: str | None, course: Course) -> tzinfo | None:
    """The time zone in which people of a course are told times; None where no course says one."""
    return course.timezone if path or Path("course.toml").is_file() else None


def _names_in(book: Gradebook, graded: Assignment | None = None, students: Collection[str] = ()) -> Known:
    """The assignments with their checks and the students that a course may name.

    Where the course's assignments are not at hand, an assignment that nobody has handed in yet may be any.
    """
    from autograder.assignment import SpecError, load
    from autograder.policy import Known

    checks: dict[str, set[str]] = {name: book.checks(name) for name in book.assignments()}
    folders = sorted(path.parent for path in Path().glob("assignments/*/checks.py"))
    for folder in folders:
        try:
            checks.setdefault(folder.name, set()).update(check.name for check in load(folder).checks)
        except SpecError:  # said when it is graded
            checks.setdefault(folder.name, set())
    if graded is not None:
        checks.setdefault(graded.name, set()).update(check.name for check in graded.checks)
    return Known(checks if folders or graded is None else {}, {*students, *(person.id for person in book.people())})


@contextmanager
def opened(gradebook: str) -> Iterator[Gradebook]:
    """A gradebook that is to be read; ends the program if it is not there, or cannot be used.

    A file that is not there is a slip, and no reason to make one.
    """
    from autograder.classroom.gradebook import Gradebook, GradebookError

    if "://" not in gradebook and not Path(gradebook).is_file():
        raise Refusal(f"There is no gradebook {gradebook}. `dlkit grade ... --submissions` creates one.", USAGE)
    try:
        with Gradebook(gradebook) as book:
            for notice in book.notices:
                click.echo(f"dlkit: {notice}.", err=True)
            yield book
    except GradebookError as error:
        raise Refusal(str(error), error.status) from None


def write(path: str, text: str | bytes, what: str = "") -> None:
    """Write a text to a file, all of it or nothing, and say so; - is standard output, which nothing else is written to.

    Ends the program where it cannot be written, with the name of the file, or where a file of another kind would be lost.
    """
    data = text.encode() if isinstance(text, str) else text
    if path == "-":
        click.echo(data, nl=False)
        return
    with refusing(place=path, to_be="written"):
        keep_others(path, data)
        write_file(Path(path), data)
    if what:
        click.echo(f"{path} written: {what}")


def keep_others(path: str, data: bytes) -> None:
    """End the program where a file is in the way that is no earlier version of these data."""
    from dlkit.likeness import foreign

    if is_database(Path(path)):
        raise Refusal(f"{path} cannot be written: {LOST}", USAGE)
    if begins := foreign(Path(path), data):
        raise Refusal(
            f"{path} exists, and is not an earlier version of what would be written there. It begins with `{begins}`. "
            "Choose another name, or remove that file first.",
            USAGE,
        )


def write_files(path: Path, texts: Mapping[str, str], listing: str) -> None:
    """Write a folder as a whole, and in place of none but an earlier one of ours to which nothing was added.

    Args:
        path: of the folder.
        texts: by name.
        listing: the name of a file in it that says which files we wrote.
    """
    path = path.resolve()
    there = {item.name for item in path.iterdir()} if path.exists() else set()
    if there:
        listed = path / listing
        ours = listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else []
        others = sorted(there - {listing, *ours})
        if others:
            raise Refusal(f"{path} holds {others[0]}, which dlkit did not write. Choose another folder with --out.", USAGE)
    write_folder(path, {**texts, listing: "".join(f"{name}\n" for name in texts)})


def a_folder(_: click.Context, parameter: click.Parameter, value: str | Path | None) -> str | Path | None:
    """The value of an option or an argument that names a folder; refuses -, which elsewhere is standard output."""
    if str(value) == "-":
        name = parameter.metavar if isinstance(parameter, click.Argument) else max(parameter.opts, key=len)
        raise Refusal(f"{name} needs a folder, and a folder cannot go to standard output. Received: -.", USAGE)
    return value


def among(known: list[str]) -> str:
    """The assignments that there are, or where to look for them."""
    if known:
        return f" There are: {', '.join(known)}."
    above = next((Path(*[".."] * n) for n in range(1, 4) if any(Path(*[".."] * n).glob("assignments/*/checks.py"))), None)
    return " Run the command in the folder that contains assignments/" + (f", which is {above} from here." if above else ".")
