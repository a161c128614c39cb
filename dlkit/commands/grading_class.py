"""`dlkit grade --submissions`: a class into its gradebook; what the command line says and asks meanwhile."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from types import FrameType

import click
from rich.console import Console
from rich.text import Text

from autograder.assignment import Assignment, course_of, solutions_folder
from autograder.classroom.enrolling import enrolled, handed_in, known
from autograder.classroom.gradebook import Gradebook, HandIn
from autograder.classroom.gradebook.reading import ask
from autograder.classroom.marks import all_marks
from autograder.classroom.remote import RemoteClassroom, cluster
from autograder.classroom.run import Classroom, Tally, notable
from autograder.classroom.spool import Spool
from autograder.grading.recorded import references_of
from autograder.grading.references import keeping_folder
from autograder.inbox import Inbox, find, read_roster
from autograder.outcome import Grade
from autograder.policy import Course
from autograder.report import log
from autograder.report.console import PlainConsole
from autograder.report.progress import ClassReport, print_changes
from autograder.sandbox.leftovers import remove_dead
from autograder.sandbox.workers import Source
from dlkit.writing import open_to_append, write_file

MANY = 20  # submissions that share what it costs to look for reasons by machine
SOME = 200  # students whose marks are computed at a time
NAMED = 10  # students that are listed by name, of those who handed in nothing


@dataclass(frozen=True)
class ClassOptions:
    """What the command line asks for.

    Attributes:
        submissions: the folder or zip that holds the class.
        gradebook: a path or a database URL.
        roster: a CSV of who is in the class, None to take the class from the submissions.
        seed: the secret seed, None for the one that is kept with the gradebook.
        jobs: how many are graded at a time.
        regrade: grade again what was graded under other circumstances.
        yes: write without asking.
        json: where to write the grades, one object a line; None for nowhere.
        unsafe: grade even where nothing protects files.
        scheduler: the address of a Dask scheduler whose workers run the submissions, None for this machine.
        timeout: seconds for a case, in place of the spec's.
        column: the title of the roster's column that tells students apart, None for the one that is found.
        groups: whether the roster's groups hand in together, where the download does not tell.
        zone: the course's time zone, in which the times of a worksheet are; None where nobody says.
        policies: what counts, by a gradebook and who hands in now; refuses names that are nobody's.
        log: the file to which a line is added for each result and each thing to be said; None for none.
        jsonl: the file to which the JSON of each result is added as soon as it is stored, - for standard output; None for none.
    """

    submissions: Path
    gradebook: str
    roster: Path | None
    seed: int | None
    jobs: int | None
    regrade: bool
    yes: bool
    json: Path | None
    unsafe: bool
    scheduler: str | None
    timeout: float | None
    column: str | None = None
    groups: bool = True
    zone: tzinfo | None = None
    policies: Callable[[Gradebook, Collection[str]], Course] = lambda book, students: Course()
    log: Path | None = None
    jsonl: Path | None = None

    @property
    def to_stdout(self) -> bool:
        """Whether JSON goes to standard output, which nothing else is written to then."""
        return "-" in (str(self.json), str(self.jsonl))


@dataclass(frozen=True)
class Voice:
    """Where a grading speaks: the console, and the log if there is one."""

    console: Console
    log: log.Log | None = None

    def say(self, kind: str, sentence: str, style: str = "yellow") -> None:
        """One line."""
        self.console.print(Text(sentence, style=style))
        if self.log:
            self.log.note(kind, sentence)

    def say_of(self, what: str, names: Sequence[str]) -> None:
        """A line about some students, or a sentence; the log has all the names."""
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        self.console.print(Text(f"{what}: {', '.join(names[:NAMED])}{more}" if names else what, style="yellow"))
        if self.log:
            self.log.note("note", f"{what}: {', '.join(names)}" if names else what)


def grade_class(assignment: Assignment, folder: Path, options: ClassOptions, workers: Source) -> Tally:
    """Grade a class, and tell how it goes.

    Raises:
        GradebookError, SubmissionError, RosterError, ClassroomError, SpecError, SeedError, UnprotectedError: each with its
            sentence; what was written stays.
    """
    with ExitStack() as stack:
        voice, lines = _followed(stack, options)
        for sentence in remove_dead():
            voice.say("note", sentence, "dim")
        executor, jobs = None, os.cpu_count() or 1
        if options.scheduler:  # first of all: what cannot be run there is said before anything is
            executor, jobs = stack.enter_context(cluster(options.scheduler))
        inbox = find(
            options.submissions,
            assignment.files,
            assignment=assignment.name,
            course=course_of(assignment),
            zone=options.zone,
        )
        _tell_inbox(voice, inbox)
        workers.warm([*assignment.imports, *(name for check in assignment.checks for name in check.imports)])
        if options.timeout:
            assignment = assignment.within(options.timeout)
        gradebook = stack.enter_context(Gradebook(options.gradebook))
        solutions = solutions_folder(folder, assignment.name)
        references = stack.enter_context(references_of(assignment, solutions, keeping_folder(), workers))
        for sentence in gradebook.notices:
            voice.say("note", f"{sentence}.", "dim")
        layout, left_out, only = inbox.layout, inbox.left_out, [inbox]
        del inbox
        attempts = _attempts(voice, assignment, only, gradebook, options, stack.enter_context(Spool()))
        references.thorough = len(attempts) >= MANY
        policies = options.policies(
            gradebook, {key for one in attempts for key in (one.student, *(who.id for who in one.members))}
        )
        seed = gradebook.seed(assignment.name, options.seed)
        references.require(seed)
        jobs = options.jobs or jobs
        room = RemoteClassroom(
            assignment, references, workers, seed, not options.unsafe, executor=executor, timeout=options.timeout
        )
        if options.regrade and not _agreed(voice, room, attempts, gradebook, jobs, options.yes):
            return Tally(of=len(attempts), standing=len(attempts), declined=True)
        number = f"{len(attempts)} submission{'s' * (len(attempts) != 1)}"
        title = f"{assignment.name}: {assignment.title}, {number} ({layout}), {jobs} at a time"
        report = ClassReport(voice.console, title, voice.log)
        tally = _graded(report, lines, room, attempts, gradebook, jobs, options.regrade)
        tally.left_out = left_out
        if new := sum(
            ask(gradebook, assignment.name, one.student, text, "submit", of) for one in attempts for of, text in one.asked
        ):
            report.look("requests", f"{new} new from students: `dlkit desk` shows them")
        report.summary(tally, _percents(gradebook, policies, assignment.name), gradebook.where)
        if options.json is not None:
            _write(options.json, gradebook, assignment.name)
    return tally


def _followed(stack: ExitStack, options: ClassOptions) -> tuple[Voice, log.Growing | None]:
    """Where the grading speaks, and where the JSON of each result goes; files are open before anything is graded."""
    console = PlainConsole(stderr=options.to_stdout)

    def growing(path: Path) -> log.Growing:
        file = sys.stdout if str(path) == "-" else stack.enter_context(open_to_append(path))
        return log.Growing(file, str(path), lambda sentence: console.print(Text(f"{sentence}.", style="yellow")))

    voice = Voice(console, log.Log(growing(options.log)) if options.log else None)
    return voice, growing(options.jsonl) if options.jsonl else None


def _attempts(
    voice: Voice, assignment: Assignment, only: list[Inbox], gradebook: Gradebook, options: ClassOptions, spool: Spool
) -> list[HandIn]:
    """Whose each work of the inbox is, and what was in it, which lies in the spool; what is doubtful is said.

    The inbox is taken out of its list, and each work is let go once it was read: of a large class, they take more memory than
    the grading.
    """
    inbox = only.pop()
    layout = inbox.layout
    if options.roster:
        roster = read_roster(options.roster, options.column)
        works, told = enrolled(gradebook, inbox, roster, by_roster=options.groups, zone=options.zone)
        del roster
    else:
        works, told = known(gradebook, inbox, assignment.name, by_roster=options.groups)
    for one in told:
        voice.say_of(one.what, one.names)
    del inbox
    works.reverse()
    attempts: list[HandIn] = []
    with voice.console.status(f"reading {len(works)} submissions"):
        while works:
            attempts.append(handed_in(works.pop(), layout, options.submissions, options.zone, spool.put))
    return _numbered(voice, gradebook, assignment.name, attempts)


def _graded(
    report: ClassReport,
    lines: log.Growing | None,
    room: Classroom,
    attempts: Sequence[HandIn],
    gradebook: Gradebook,
    jobs: int,
    again: bool,
) -> Tally:
    """Grade everybody, and tell of each result as soon as it is stored."""
    name = room.assignment.name

    def told(handed: HandIn, grade: Grade, tally: Tally) -> None:
        report.result(handed, grade, tally, notable(grade))
        if lines:
            lines.lines(log.of_result(handed, grade, name))

    with report, _stopping(report) as stop:
        for handed in attempts:
            if handed.files is None:
                report.look(handed.student, handed.unreadable)
                if lines:
                    lines.lines(log.of_unreadable(handed, name))
        return room.run(attempts, gradebook, jobs=jobs, again=again, stop=stop, on_result=told)


def _percents(gradebook: Gradebook, policies: Course, assignment: str) -> list[float]:
    """The share of the points that each student of the class has, in the attempt that counts, in percent."""
    students = [person.id for person in gradebook.people() if not person.left]
    found = []
    for begin in range(0, len(students), SOME):  # the marks of a large class take more memory than its grading
        some = students[begin : begin + SOME]
        marks = all_marks(gradebook, policies, only=assignment, students=some, cases=False).get(assignment, [])
        finals = [mark.final for mark in marks if mark.final and mark.final.attempt.handed_in and mark.final.attempt.most]
        found += [100 * one.raw / one.attempt.most for one in finals if one.raw is not None]
    return found


def _tell_inbox(voice: Voice, inbox: Inbox) -> None:
    """What was not taken for anybody's work, and what is doubtful about the rest."""
    for one in inbox.ignored:
        voice.say("note", f"skipped: {one.sentence}")
    for sentence in inbox.doubtful:
        voice.say("note", f"look: {sentence}")


def _numbered(voice: Voice, gradebook: Gradebook, assignment: str, attempts: Sequence[HandIn]) -> list[HandIn]:
    """The attempts under the numbers that they have in the gradebook; said where a number is not the layout's."""
    numbered = gradebook.numbered(assignment, attempts)
    before = gradebook.attempts(assignment)
    known = {student for student, _ in before}
    new = [
        f"{now.student} (attempt {now.number})"
        for given, now in zip(attempts, numbered, strict=True)
        if now.number != given.number and now.student in known and (now.student, now.number) not in before
    ]
    if new:
        voice.say_of("changed since it was graded, so it is a new attempt", new)
    groups = gradebook.groups(assignment)
    parted = [
        f"{key} ({now.student}, attempt {now.number})"
        for now in numbered
        for key in sorted(groups.get((now.student, now.number), set()) - {person.id for person in now.members})
    ]
    if parted:
        voice.say_of("not in the group of this work any more, so it counts for them no longer", parted)
    return numbered


def _agreed(voice: Voice, room: Classroom, attempts: Sequence[HandIn], gradebook: Gradebook, jobs: int, yes: bool) -> bool:
    """Show what grading again would change, before anything is written; whether it may be."""
    with voice.console.status("judging again"):
        changes = list(room.changes(attempts, gradebook, jobs=jobs))
    count = print_changes(voice.console, changes)
    moved = sum(change.moves for change in changes)
    more = f", {moved or 'none'} of them in the total" if moved < count else ""
    voice.say("note", f"{count} of {len(attempts)} grades would change{more}." if count else "No grade would change.", "")
    if yes or not count or _says_yes("Write them?", voice.console.stderr):
        return True
    voice.say("note", "Nothing was written, so the earlier grades stand. --yes writes without asking.", "")
    return False


def _says_yes(question: str, err: bool) -> bool:
    """Whether somebody agrees; no where nobody can answer."""
    try:
        return click.confirm(question, err=err)
    except click.Abort:
        click.echo(err=err)
        return False


def _write(path: Path, gradebook: Gradebook, assignment: str) -> None:
    """The newest grade of every attempt, one JSON object a line for each of those whose it is; - for standard output."""
    text = "".join(f"{line}\n" for row in gradebook.rows(assignment) for line in log.of_row(row))
    if str(path) == "-":
        click.echo(text.encode(), nl=False)
        return
    write_file(path, text.encode())


@contextmanager
def _stopping(report: ClassReport) -> Iterator[threading.Event]:
    """An event that Ctrl-C or SIGTERM sets: what is open is finished. A second one ends at once."""
    stop = threading.Event()

    def interrupted(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        report.look("stopping", "running submissions will finish; press Ctrl-C again to stop at once")

    before = {number: signal.signal(number, interrupted) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
