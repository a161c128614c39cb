"""`dlkit grade --submissions`: a class into its gradebook. What the command line says and asks around `autograder.classroom`."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import tzinfo
from pathlib import Path
from types import FrameType

import click
from rich.console import Console
from rich.text import Text

from autograder.assignment import Assignment, course_of
from autograder.classroom import Classroom, Tally, notable
from autograder.fingerprint import digest_of_files
from autograder.gradebook import Gradebook, Handed, Person
from autograder.grading import solutions_folder
from autograder.inbox import Entry, Inbox, Student, find, match, read_roster, settled
from autograder.recorded import references_of
from autograder.references import keeping_folder
from autograder.remote import RemoteClassroom, cluster
from autograder.report.console import PlainConsole
from autograder.report.progress import ClassReport, print_changes
from autograder.report.record import record
from autograder.sandbox.sources import Source
from autograder.submission import SubmissionError
from autograder.text import shown

NAMED = 10  # students that are listed by name, of those who handed in nothing


@dataclass(frozen=True)
class Wishes:
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
        zone: the course's, None if it has none.
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
    zone: tzinfo | None = None


def grade_class(assignment: Assignment, folder: Path, wishes: Wishes, workers: Source) -> Tally:
    """Grade a class, and tell how it goes.

    Raises:
        GradebookError, SubmissionError, RosterError, ClassroomError, SpecError, SeedError, UnprotectedError: each with its
            sentence; what was written stays.
    """
    console = PlainConsole()
    inbox = find(
        wishes.submissions,
        assignment.files,
        assignment=assignment.name,
        course=course_of(assignment, folder),
        zone=wishes.zone,
    )
    _tell(console, inbox)
    workers.warm([*assignment.imports, *(name for check in assignment.checks for name in check.imports)])
    if wishes.timeout:
        assignment = assignment.within(wishes.timeout)
    with (
        ExitStack() as stack,
        Gradebook(wishes.gradebook) as gradebook,
        references_of(assignment, solutions_folder(folder, assignment.name), keeping_folder(), workers) as references,
    ):
        if wishes.roster:
            known = _whose(console, gradebook, inbox.entries, wishes.roster, wishes.column)
        else:
            known = _known(gradebook, inbox.entries, assignment.name)
        one_each = settled(inbox.entries, {key: student.id for key, student in known.items()})
        for sentence in one_each.told:
            console.print(Text(f"look: {sentence}", style="yellow"))
        attempts = [_handed(entry, known.get(entry.student), wishes.submissions) for entry in one_each.entries]
        seed = gradebook.seed(assignment.name, wishes.seed)
        references.require(seed)
        executor, jobs = None, os.cpu_count() or 1
        if wishes.scheduler:
            executor, jobs = stack.enter_context(cluster(wishes.scheduler))
        jobs = wishes.jobs or jobs
        room = RemoteClassroom(
            assignment, references, workers, seed, not wishes.unsafe, executor=executor, timeout=wishes.timeout
        )
        if wishes.regrade and not _agreed(console, room, attempts, gradebook, jobs, wishes.yes):
            return Tally(of=len(attempts), standing=len(attempts))
        title = f"{assignment.name}: {assignment.title}, {len(attempts)} submissions ({inbox.layout}), {jobs} at a time"
        report = ClassReport(console, title)
        with report, _stopping(report) as stop:
            for handed in attempts:
                if handed.files is None:
                    report.look(handed.student, handed.unreadable)
            tally = room.run(
                attempts,
                gradebook,
                jobs=jobs,
                again=wishes.regrade,
                stop=stop,
                on_result=lambda handed, grade, tally: report.result(handed.student, grade, tally, notable(grade)),
            )
        rows = gradebook.rows(assignment.name)
        report.summary(
            tally,
            [(row.grade.score, row.grade.max_score) for row in rows if row.grade and not row.grade.faults],
            wishes.gradebook,
        )
        if wishes.json is not None:
            _write(wishes.json, gradebook, assignment.name)
    return tally


def _handed(entry: Entry, student: Student | None, inbox: Path) -> Handed:
    """An entry of the inbox, read, or why it cannot be; under the student's id where the roster knows whose it is."""
    files: dict[str, str] | None = None
    notices: tuple[str, ...] = ()
    unreadable = ""
    try:
        submission = entry.read()
        files, notices = dict(submission.files), submission.notices
    except SubmissionError as error:
        unreadable = _without(inbox, str(error))
    return Handed(
        student=student.id if student else entry.student,
        number=entry.attempt,
        name=entry.name,
        email=entry.email,
        late=entry.late,
        submitted=entry.submitted.isoformat() if entry.submitted else "",
        origin=entry.origin,
        files=files,
        digest=digest_of_files(files) if files is not None else "",
        unreadable=unreadable,
        notices=(*notices, *entry.notices),
    )


def _tell(console: Console, inbox: Inbox) -> None:
    """What was not taken for anybody's work, and what is doubtful about the rest."""
    for sentence in inbox.ignored:
        console.print(Text(f"skipped: {sentence}", style="yellow"))
    for sentence in inbox.doubtful:
        console.print(Text(f"look: {sentence}", style="yellow"))


def _without(inbox: Path, sentence: str) -> str:
    """A sentence that the student is told too: where the teacher keeps the class is not in it."""
    where = shown(inbox)
    if inbox.name and sentence.startswith(f"{where} "):
        return inbox.name + sentence.removeprefix(where)
    return sentence.removeprefix(f"{where}{os.sep}")


def _whose(
    console: Console, gradebook: Gradebook, entries: Sequence[Entry], path: Path, column: str | None
) -> Mapping[str, Student]:
    """Take the roster in, say who is not on it and who handed in nothing; the students by the keys of their entries."""
    roster = read_roster(path, column)
    gradebook.enrol(_person(student) for student in roster)
    matched = match(entries, roster)
    unknown = list(dict.fromkeys(entry.student for entry in matched.unknown))
    for who, names in {"not on the roster": unknown, "handed in nothing": [student.id for student in matched.missing]}.items():
        if names:
            more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            console.print(Text(f"{who}: {', '.join(names[:NAMED])}{more}", style="yellow"))
    return matched.students


def _person(student: Student) -> Person:
    return Person(**{name: value for name, value in asdict(student).items() if name != "login"})


def _known(gradebook: Gradebook, entries: Sequence[Entry], assignment: str) -> Mapping[str, Student]:
    """The students by the keys of their entries, as an earlier roster told: whoever leaves it out gets no second class.

    A login on GitHub is not kept with a person; but whose a folder was when it was graded before is known.
    """
    people = [person for person in gradebook.people() if person.email or person.section or person.canvas_id or person.moodle_id]
    students = {person.id: Student(**asdict(person)) for person in gradebook.people()}
    before = {row.origin: students[row.student] for row in gradebook.rows(assignment) if row.student in students}
    found = {entry.student: before[entry.origin] for entry in entries if entry.origin in before}
    return found | match(entries, [Student(**asdict(person)) for person in people]).students


def _agreed(console: Console, room: Classroom, attempts: Sequence[Handed], gradebook: Gradebook, jobs: int, yes: bool) -> bool:
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
    """The newest grade of every attempt, one JSON object a line."""
    lines = []
    for row in gradebook.rows(assignment):
        if row.grade is not None:
            more = {"attempt": row.number, "late": row.late, "submitted": row.submitted or None}
            lines.append(json.dumps(record(row.grade) | more, ensure_ascii=False, allow_nan=False))
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@contextmanager
def _stopping(report: ClassReport) -> Iterator[threading.Event]:
    """An event that Ctrl-C sets: what is open is finished. A second Ctrl-C ends at once."""
    stop = threading.Event()

    def interrupted(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        report.look("stopping", "what is open is finished; once more ends at once")

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
