"""`dlkit.check`: grade the functions of a notebook or a script from inside of it.

The functions are graded as `dlkit grade` does it: their text is sent to a worker, and the inputs are the public ones. The
process that workers come from stays until the notebook's kernel ends, so that only the first check waits for TensorFlow.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.text import meant
from autograder.text.errors import DlkitError
from dlkit import course
from dlkit.importing import make_importable
from dlkit.notebook.typed import NoSourceError, defined, needed, notebook, typed

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.grading.references import References
    from autograder.outcome import Grade
    from autograder.sandbox.workers import Source

WIDTH = 100


class UncheckedError(DlkitError):
    """Nothing can be checked; the message is one sentence."""


@dataclass(frozen=True, repr=False)
class Feedback:
    """What a check found: a table in a notebook, plain text elsewhere.

    Attributes:
        grade: the verdict, None if nothing could be checked.
        sentence: why nothing could be checked, or "".
        picture: a plot of the student's own function, as HTML, or "".
        folder: of the assignment, for its own stories.
    """

    grade: Grade | None = None
    sentence: str = ""
    picture: str = ""
    folder: Path | None = None

    @property
    def perfect(self) -> bool:
        """Whether every core check that was asked for passed."""
        return self.grade is not None and self.grade.perfect

    def __repr__(self) -> str:
        if self.grade is None:
            return self.sentence
        from autograder.report.console import PlainConsole
        from autograder.report.terminal import TerminalReport

        console = PlainConsole(file=StringIO(), width=WIDTH, color_system=None, force_terminal=False, force_jupyter=False)
        report = TerminalReport(console, self._title, len(self.grade.checks), "", self.folder, bonus=bool(self.grade.stretch))
        console.print(f"{self._title}\n")
        for result in self.grade.checks:
            report.line(result)
        report.details(self.grade)
        assert isinstance(console.file, StringIO)  # noqa: S101 - as given above
        return "\n".join(line.rstrip() for line in console.file.getvalue().rstrip().split("\n"))

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))

    def _repr_html_(self) -> str:
        from html import escape

        from autograder.report.feedback import fragment

        if self.grade is None:
            return f"<p>{escape(self.sentence)}</p>"
        return f"{fragment(self.grade, folder=self.folder)}{self.picture}"

    @property
    def _title(self) -> str:
        return f"{self.grade.assignment}: {self.grade.title}" if self.grade else ""


def check(function: str | Callable[..., Any] | None = None, *, assignment: str | Path | None = None) -> Feedback:
    """Grade the functions that are defined in this notebook or script.

    Args:
        function: a function, or the name of a function or check; by default, everything.
        assignment: such as "hw2", or its folder; by default the one of `dlkit.assignment`, or the only one with such a
            function.

    Returns:
        The feedback. A notebook shows it as a table with explanations; `print` shows it as text.
    """
    from autograder.sandbox.worker import INSIDE

    if INSIDE in os.environ:
        return Feedback(sentence="dlkit.check does nothing while a notebook is being graded.")
    name = function if isinstance(function, str | None) else getattr(function, "__name__", repr(function))
    try:
        return _check(name, assignment)
    except (UncheckedError, NoSourceError, course.CourseError) as error:
        return Feedback(sentence=str(error))


def assignment(name: str | Path) -> None:
    """Choose the assignment of this notebook, and start to load what its checks need. Prints a message if there is none.

    Args:
        name: such as "hw2", or the assignment's folder.
    """
    from autograder.sandbox.worker import INSIDE

    if INSIDE in os.environ:
        return
    from autograder.assignment import SpecError

    _Desk.chosen = None
    try:
        folder = _folder(name)
        spec, _ = _desk().open(folder)
        make_importable(_module_of(spec))
        _Desk.chosen = folder
    except (UncheckedError, course.CourseError) as error:
        print(error)
    except SpecError as error:
        print(f"{name} cannot be graded: {error}.")


def _check(name: str | None, wanted: str | Path | None) -> Feedback:
    from autograder.assignment import SpecError
    from autograder.grading import grade as grading
    from autograder.sandbox.frames import NotInstalledError
    from autograder.submission import Submission

    source = typed()
    folder = _folder(wanted) if wanted else _Desk.chosen or _assignment_of(name, source)
    desk = _desk()
    try:
        spec, references = desk.open(folder)
        make_importable(_module_of(spec))
        asked = spec.select([name] if name else [])
        if not defined(source) & {one.function for one in asked}:
            what = f"`{asked[0].function}` is not" if name else f"No function of {spec.name} is"
            raise UncheckedError(f"{what} defined here yet. Write it, run its cell, and then run this cell again.")
        code = needed(source, {one.function for one in spec.needed_by(asked)}, _module_of(spec))
        submission = Submission("", {spec.files[0]: code})
        cases = grading.questions(spec, spec.needed_by(asked), grading.PUBLIC_SEED)
        grade = grading.grade(spec, submission, references, desk.workers, only=[name] if name else [], cases=cases)
    except KeyError:
        raise UncheckedError(f"{folder.name} has no check {name!r}.{_among(name, _names_in(folder))}") from None
    except SpecError as error:
        raise UncheckedError(f"{folder.name} cannot be graded: {error}.") from None
    except NotInstalledError as error:
        raise UncheckedError(str(error)) from None
    if grade.faults:
        desk.close()  # whatever it was, the next check begins anew
    shell = notebook()
    if shell is None or name is None:
        return Feedback(grade, folder=folder)
    from dlkit.notebook.pictures import picture

    first = grade.checks[0]
    return Feedback(grade, picture=picture(spec, first, cases[first.name], shell.user_ns), folder=folder)


@dataclass(frozen=True)
class Work:
    """The assignment that is worked on in a notebook or script, what it needs, and the text of its functions."""

    folder: Path
    spec: Assignment
    references: References
    workers: Source
    code: str


def work_here(wanted: str | Path | None = None) -> Work:
    """What is worked on here.

    Raises:
        UncheckedError, NoSourceError, CourseError: there is none, or nobody can tell which.
        SpecError: its spec is broken.
    """
    source = typed()
    folder = _folder(wanted) if wanted else _Desk.chosen or _assignment_of(None, source)
    desk = _desk()
    spec, references = desk.open(folder)
    make_importable(_module_of(spec))
    functions = {one.function for one in spec.checks}
    if not defined(source) & functions:
        raise UncheckedError(
            f"No function of {spec.name} is defined here yet. Write one, run its cell, and then run this cell again."
        )
    return Work(folder, spec, references, desk.workers, needed(source, functions, _module_of(spec)))


def _module_of(spec: Assignment) -> str:
    return Path(spec.files[0]).stem


def chosen(wanted: str | Path | None) -> Path:
    """The folder of an assignment that is named, or else of the one of `dlkit.assignment`.

    Raises:
        UncheckedError: there is none.
    """
    if wanted or _Desk.chosen:
        return _folder(wanted) if wanted else _Desk.chosen  # type: ignore[return-value]
    raise UncheckedError('First choose the assignment: dlkit.assignment("hw4").')


def opened(folder: Path) -> tuple[Assignment, References, Source]:
    """The spec of an assignment, its references, and where workers come from; all of them stay.

    Raises:
        SpecError: the spec is not one.
    """
    desk = _desk()
    return *desk.open(folder), desk.workers


class _Desk:
    """What stays between checks: where workers come from, and the references of each assignment."""

    chosen: Path | None = None

    def __init__(self) -> None:
        from autograder.grading.bench import HANDLER
        from autograder.sandbox.workers import source

        self.workers: Source = source(HANDLER, few=True)
        self.opened: dict[Path, tuple[Assignment, References]] = {}

    def open(self, folder: Path) -> tuple[Assignment, References]:
        """The spec of an assignment and its references.

        Raises:
            SpecError: the spec is not one.
        """
        from autograder.assignment import load, solutions_folder
        from autograder.grading.grade import as_far_as_possible
        from autograder.grading.recorded import references_of
        from autograder.grading.references import keeping_folder

        if folder not in self.opened:
            spec = as_far_as_possible(load(folder))
            self.workers.warm(spec.imports)
            solutions = solutions_folder(folder, spec.name)
            self.opened[folder] = spec, references_of(spec, solutions, keeping_folder(), self.workers)
        return self.opened[folder]

    def close(self) -> None:
        """End all processes; the next check has a new desk."""
        _desk.cache_clear()
        for _, references in self.opened.values():
            references.close()
        self.workers.close()


@cache
def _desk() -> _Desk:
    desk = _Desk()
    atexit.register(desk.close)
    return desk


def _folder(name: str | Path) -> Path:
    """The folder of an assignment: "hw2" of the course, or a path."""
    for folder in (Path(name), course.anywhere() / "assignments" / name):
        if (folder / "checks.py").is_file():
            return folder.resolve()
    known = sorted(path.parent.name for path in course.anywhere().glob("assignments/*/checks.py"))
    raise UncheckedError(f"There is no assignment {str(name)!r}.{_among(str(name), known)}")


def _assignment_of(name: str | None, source: str) -> Path:
    """The only assignment that has such a check, or functions that were typed here."""
    folders = sorted(path.parent for path in course.anywhere().glob("assignments/*/checks.py"))
    names = {folder: _names_in(folder) for folder in folders}
    here = {name} if name else defined(source)
    found = [folder for folder in folders if here & names[folder]]
    if len(found) == 1:
        return found[0].resolve()
    say = f'First choose the assignment: dlkit.assignment("{(found or folders)[0].name}").' if folders else ""
    if found:
        raise UncheckedError(f"{' and '.join(folder.name for folder in found)} have {name or 'functions of these names'}. {say}")
    if name is None:
        raise UncheckedError(f"No function in this notebook belongs to an assignment. {say}")
    raise UncheckedError(f"No assignment has a check {name!r}.{_among(name, set().union(*names.values()))}")


def _names_in(folder: Path) -> set[str]:
    """The names of an assignment's checks and functions; none if its spec is broken."""
    from autograder.assignment import SpecError, load

    try:
        return {name for one in load(folder).checks for name in (one.name, one.function)}
    except SpecError:
        return set()


def _among(name: str | None, names: Iterable[str]) -> str:
    """What a name may have meant, or what names there are."""
    return meant(name or "", sorted(names), f" There are: {', '.join(sorted(names))}." if names else "")
