"""`dlkit grade --submissions`: a class into its gradebook; what the command line says and asks meanwhile."""

from __future__ import annotations

import json
import os
import signal
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
from autograder.classroom.marks import marks
from autograder.classroom.remote import RemoteClassroom, cluster
from autograder.classroom.run import Classroom, Tally, notable
from autograder.grading.recorded import references_of
from autograder.grading.references import keeping_folder
from autograder.inbox import Inbox, find, read_roster
from autograder.outcome.grade_json import record
from autograder.policy import Course
from autograder.report.console import PlainConsole
from autograder.report.progress import ClassReport, print_changes
from autograder.sandbox.workers import Source
from dlkit.writing import write_file

MANY = 20  # submissions that share what it costs to look for reasons by machine
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


def grade_class(assignment: Assignment, folder: Path, options: ClassOptions, workers: Source) -> Tally:
    """Grade a class, and tell how it goes.

    Raises:
        GradebookError, SubmissionError, RosterError, ClassroomError, SpecError, SeedError, UnprotectedError: each with its
            sentence; what was written stays.
    """
    console = PlainConsole(stderr=str(options.json) == "-")
    inbox = find(
        options.submissions,
        assignment.files,
        assignment=assignment.name,
        course=course_of(assignment),
        zone=options.zone,
    )
    _tell_inbox(console, inbox)
    workers.warm([*assignment.imports, *(name for check in assignment.checks for name in check.imports)])
    if options.timeout:
        assignment = assignment.within(options.timeout)
    with (
        ExitStack() as stack,
        Gradebook(options.gradebook) as gradebook,
        references_of(assignment, solutions_folder(folder, assignment.name), keeping_folder(), workers) as references,
    ):
        for sentence in gradebook.notices:
            console.print(Text(f"{sentence}.", style="dim"))
        if options.roster:
            roster = read_roster(options.roster, options.column)
            works, told = enrolled(gradebook, inbox, roster, by_roster=options.groups, zone=options.zone)
        else:
            works, told = known(gradebook, inbox, assignment.name, by_roster=options.groups)
        for one in told:
            _tell(console, one.what, one.names)
        attempts = [handed_in(work, inbox.layout, options.submissions, options.zone) for work in works]
        references.thorough = len(attempts) >= MANY
        attempts = _numbered(console, gradebook, assignment.name, attempts)
        policies = options.policies(
            gradebook, {key for one in attempts for key in (one.student, *(who.id for who in one.members))}
        )
        seed = gradebook.seed(assignment.name, options.seed)
        references.require(seed)
        executor, jobs = None, os.cpu_count() or 1
        if options.scheduler:
            executor, jobs = stack.enter_context(cluster(options.scheduler))
        jobs = options.jobs or jobs
        room = RemoteClassroom(
            assignment, references, workers, seed, not options.unsafe, executor=executor, timeout=options.timeout
        )
        if options.regrade and not _agreed(console, room, attempts, gradebook, jobs, options.yes):
            return Tally(of=len(attempts), standing=len(attempts))
        number = f"{len(attempts)} submission{'s' * (len(attempts) != 1)}"
        title = f"{assignment.name}: {assignment.title}, {number} ({inbox.layout}), {jobs} at a time"
        report = ClassReport(console, title)
        with report, _stopping(report) as stop:
            for handed in attempts:
                if handed.files is None:
                    report.look(handed.student, handed.unreadable)
            tally = room.run(
                attempts,
                gradebook,
                jobs=jobs,
                again=options.regrade,
                stop=stop,
                on_result=lambda handed, grade, tally: report.result(handed.student, grade, tally, notable(grade)),
            )
            tally.left_out = inbox.left_out
            if new := sum(
                ask(gradebook, assignment.name, one.student, text, "submit", of) for one in attempts for of, text in one.asked
            ):
                report.look("requests", f"{new} new from students: `dlkit desk` shows them")
            report.summary(tally, _percents(gradebook, policies, assignment.name), gradebook.where)
        if options.json is not None:
            _write(options.json, gradebook, assignment.name)
    return tally


def _percents(gradebook: Gradebook, policies: Course, assignment: str) -> list[float]:
    """The share of the points that each student of the class has, in the attempt that counts, in percent."""
    finals = [mark.final for mark in marks(gradebook, policies, assignment) if mark.final and not mark.left]
    return [
        100 * one.raw / one.attempt.most for one in finals if one.raw is not None and one.attempt.handed_in and one.attempt.most
    ]


def _tell_inbox(console: Console, inbox: Inbox) -> None:
    """What was not taken for anybody's work, and what is doubtful about the rest."""
    for one in inbox.ignored:
        console.print(Text(f"skipped: {one.sentence}", style="yellow"))
    for sentence in inbox.doubtful:
        console.print(Text(f"look: {sentence}", style="yellow"))


def _numbered(console: Console, gradebook: Gradebook, assignment: str, attempts: Sequence[HandIn]) -> list[HandIn]:
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
        _tell(console, "changed since it was graded, so it is a new attempt", new)
    groups = gradebook.groups(assignment)
    parted = [
        f"{key} ({now.student}, attempt {now.number})"
        for now in numbered
        for key in sorted(groups.get((now.student, now.number), set()) - {person.id for person in now.members})
    ]
    if parted:
        _tell(console, "not in the group of this work any more, so it counts for them no longer", parted)
    return numbered


def _tell(console: Console, what: str, names: Sequence[str]) -> None:
    """A line about some students, or a sentence."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    console.print(Text(f"{what}: {', '.join(names[:NAMED])}{more}" if names else what, style="yellow"))


def _agreed(console: Console, room: Classroom, attempts: Sequence[HandIn], gradebook: Gradebook, jobs: int, yes: bool) -> bool:
    """Show what grading again would change, before anything is written; whether it may be."""
    with console.status("judging again"):
        changes = list(room.changes(attempts, gradebook, jobs=jobs))
    count = print_changes(console, changes)
    moved = sum(change.moves for change in changes)
    more = f", {moved or 'none'} of them in the total" if moved < count else ""
    console.print(f"{count} of {len(attempts)} grades would change{more}." if count else "No grade would change.")
    agreed = yes or not count or click.confirm("Write them?")
    if not agreed:
        console.print("Nothing was written.")
    return agreed


def _write(path: Path, gradebook: Gradebook, assignment: str) -> None:
    """The newest grade of every attempt, one JSON object a line for each of those whose it is; - for standard output."""
    lines = []
    for row in gradebook.rows(assignment):
        if row.grade is None:
            continue
        for student in row.everybody:
            more = {
                "student": student,
                "attempt": row.number,
                "late": row.marked_late,
                "submitted": row.submitted or None,
                "group": row.group or None,
                "members": sorted(row.everybody) if row.members else [],
            }
            lines.append(json.dumps(record(row.grade) | more, ensure_ascii=False, allow_nan=False))
    text = "".join(f"{line}\n" for line in lines)
    if str(path) == "-":
        click.echo(text.encode(), nl=False)
        return
    write_file(path, text.encode())


@contextmanager
def _stopping(report: ClassReport) -> Iterator[threading.Event]:
    """An event that Ctrl-C sets: what is open is finished. A second Ctrl-C ends at once."""
    stop = threading.Event()

    def interrupted(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        report.look("stopping", "running submissions will finish; press Ctrl-C again to stop at once")

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
