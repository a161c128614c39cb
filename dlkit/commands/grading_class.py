"""`dlkit grade --submissions`: a class into its gradebook; what the command line says and asks meanwhile."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path
from types import FrameType

import click
from rich.console import Console
from rich.text import Text

from autograder.assignment import Assignment, course_of
from autograder.classroom.gradebook import Gradebook, HandIn
from autograder.classroom.marks import marks
from autograder.classroom.remote import RemoteClassroom, cluster
from autograder.classroom.run import Classroom, Tally, notable
from autograder.grading.digests import digest_of_files
from autograder.grading.grade import solutions_folder
from autograder.grading.recorded import references_of
from autograder.grading.references import keeping_folder
from autograder.inbox import Entry, Inbox, Work, each_once, find, match, read_roster, settled, together
from autograder.inbox.layouts import layouts
from autograder.inbox.roster import words_of
from autograder.inbox.written import read as moment_in
from autograder.outcome.grade_json import record
from autograder.people import Person
from autograder.policy import Course
from autograder.report.console import PlainConsole
from autograder.report.progress import ClassReport, print_changes
from autograder.sandbox.workers import Source
from autograder.submission import SubmissionError
from autograder.text import shown

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
        works = (
            _whose(console, gradebook, inbox, options)
            if options.roster
            else _known(console, gradebook, inbox, options, assignment.name)
        )
        attempts = [_handed(work, inbox.layout, options) for work in works]
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
                again=options.regrade,
                stop=stop,
                on_result=lambda handed, grade, tally: report.result(handed.student, grade, tally, notable(grade)),
            )
            tally.left_out = inbox.left_out
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


def _handed(work: Work, layout: str, options: ClassOptions) -> HandIn:
    """An entry of the inbox, read, or why it cannot be; under the student's id where the roster knows whose it is."""
    entry, student = work.entry, work.student
    files: dict[str, str] | None = None
    notices: tuple[str, ...] = ()
    unreadable = ""
    try:
        submission = entry.read()
        files, notices = dict(submission.files), submission.notices
    except SubmissionError as error:
        unreadable = _without(options.submissions, str(error))
    return HandIn(
        student=student.id if student else entry.student,
        number=entry.attempt,
        name=entry.members[0].name if entry.members else entry.name,
        email=entry.email,
        late=entry.late,
        marks_late=layouts()[layout].marks_late,
        submitted=_submitted(entry, student, options.zone),
        group=work.group,
        members=tuple(Person(one.id, one.name, one.email) for one in work.members),
        origin=entry.origin,
        files=files,
        digest=digest_of_files(files) if files is not None else "",
        unreadable=unreadable,
        notices=(*notices, *entry.notices),
    )


def _tell_inbox(console: Console, inbox: Inbox) -> None:
    """What was not taken for anybody's work, and what is doubtful about the rest."""
    for sentence in inbox.ignored:
        console.print(Text(f"skipped: {sentence}", style="yellow"))
    for sentence in inbox.doubtful:
        console.print(Text(f"look: {sentence}", style="yellow"))


def _submitted(entry: Entry, student: Person | None, zone: tzinfo | None) -> str:
    """When it was handed in, as the layout tells, or the worksheet that is the roster; "" where nobody does."""
    moment = entry.submitted
    if moment is None and student is not None and zone is not None:
        moment = moment_in(student.submitted, zone)
    return moment.isoformat() if moment else ""


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
    _tell(console, "changed since it was graded, so another attempt", new)
    return numbered


def _tell(console: Console, what: str, names: Sequence[str]) -> None:
    """A line about some students; nothing where it is about nobody."""
    if names:
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        console.print(Text(f"{what}: {', '.join(names[:NAMED])}{more}", style="yellow"))


def _without(inbox: Path, sentence: str) -> str:
    """A sentence that the student is told too: where the teacher keeps the class is not in it."""
    where = shown(inbox)
    if inbox.name and sentence.startswith(f"{where} "):
        return inbox.name + sentence.removeprefix(where)
    return sentence.removeprefix(f"{where}{os.sep}")


def _whose(console: Console, gradebook: Gradebook, inbox: Inbox, options: ClassOptions) -> list[Work]:
    """Take the roster in; say who is not on it, who handed in nothing, who left, and who is in a group. Whose each entry is."""
    assert options.roster is not None  # noqa: S101 - asked by who calls
    roster = read_roster(options.roster, options.column)
    gone = gradebook.enrol(roster, whole=True)
    people = gradebook.people()
    matched = match(inbox.entries, roster)
    theirs = [_as_on_a_roster(person) for person in people if person.id not in {student.id for student in roster}]
    others = match(matched.unknown, theirs).students
    found = {**others, **matched.students}
    works, sentences = _together(console, inbox, found, roster, options.groups)
    united = _united(gradebook, works, roster)
    there = {student.id for work in works for student in (work.student, *work.members) if student}
    listed = {student.id for student in roster}
    unknown = [work.student.id if work.student else work.entry.student for work in works]
    left = {person.id for person in people if person.left}
    _tell(console, "one person from now on, by the roster", united)
    _tell(console, "left the class, so in no count", [key for key in gone if key in left])
    _tell(
        console,
        "on an earlier roster, but not on this one; too many to have left, so they count as before",
        [key for key in gone if key not in left],
    )
    _tell(console, "not on the roster", list(dict.fromkeys(key for key in unknown if key not in listed | left)))
    _tell(console, "handed in nothing", [student.id for student in roster if student.id not in there])
    _tell_groups(console, works, sentences)
    _tell_times(console, works, options.zone)
    return works


def _known(console: Console, gradebook: Gradebook, inbox: Inbox, options: ClassOptions, assignment: str) -> list[Work]:
    """Whose each entry is, as an earlier roster told: whoever leaves it out gets no second class."""
    people = [_as_on_a_roster(person) for person in gradebook.people()]
    students = {person.id: person for person in people}
    before = {row.origin: students[row.student] for row in gradebook.rows(assignment) if row.student in students}
    found = {entry.student: before[entry.origin] for entry in inbox.entries if entry.origin in before}
    found |= match(inbox.entries, people).students
    works, sentences = _together(console, inbox, found, people, options.groups)
    _tell_groups(console, works, sentences)
    return works


def _together(
    console: Console, inbox: Inbox, found: Mapping[str, Person], people: Sequence[Person], by_roster: bool
) -> tuple[list[Work], list[str]]:
    """Whose each entry is, each attempt of a student once; said where somebody has two works. Sentences about groups, too."""
    one_each = settled(inbox.entries, {key: student.id for key, student in found.items()})
    works, sentences = together(one_each.entries, found, people, inbox.layout, by_roster)
    works, told = each_once(works)
    for sentence in (*one_each.told, *told):
        console.print(Text(f"look: {sentence}", style="yellow"))
    return works, sentences


def _as_on_a_roster(person: Person) -> Person:
    """Somebody in the gradebook as a roster would have them; a name by which work can be theirs only a roster gives."""
    rosters = person.enrolled or person.section or person.canvas_id or person.moodle_id
    return person if rosters else replace(person, name="")


def _united(gradebook: Gradebook, works: Sequence[Work], roster: Sequence[Person]) -> list[str]:
    """Make one person of whoever was graded under another key before the roster told who it is; whom, in words."""
    known = {person.id: words_of(person.name) for person in gradebook.people() if not person.enrolled}
    keys = [(work.entry.student, work.student.id, work.entry.name) for work in works if work.student]
    keys += [
        (key, student.id, student.name) for student in roster for key in (student.canvas_id, student.moodle_id, student.email)
    ]
    owners: dict[str, set[str]] = {}
    for key, student, name in keys:
        # A group's number may be a participant's as well: then the names are of two.
        if key and key != student and key in known and (not known[key] or not name or known[key] & words_of(name)):
            owners.setdefault(key, set()).add(student)
    return [
        f"{key} is {next(iter(whose))}"
        for key, whose in owners.items()
        if len(whose) == 1 and gradebook.unite(key, next(iter(whose)))
    ]


def _tell_groups(console: Console, works: Sequence[Work], sentences: Sequence[str]) -> None:
    """Say who handed in together, and what could not be told of groups."""
    groups = [work for work in works if work.members and work.student]
    _tell(
        console,
        f"{len(groups)} group{'s' * (len(groups) != 1)}",
        [
            f"{f'{work.group}: ' if work.group else ''}{' + '.join(one.id for one in (work.student, *work.members) if one)}"
            for work in groups
        ],
    )
    for sentence in sentences:
        console.print(Text(sentence, style="yellow"))


def _tell_times(console: Console, works: Sequence[Work], zone: tzinfo | None) -> None:
    """Say which times of a worksheet cannot be used, and why."""
    written = [(work.student.id, work.student.submitted) for work in works if work.student and not work.entry.submitted]
    written = [(key, text) for key, text in written if any(map(str.isdigit, text))]
    if written and zone is None:
        sentence = "the roster has times of submissions, but not in which time zone: name the course's with --course"
        console.print(Text(sentence, style="yellow"))
    elif zone is not None:
        _tell(
            console,
            "times in the roster that cannot be read, so not known to be in time",
            [f"{key} ({text})" for key, text in written if moment_in(text, zone) is None],
        )


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
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None  # what is written at the end names no file


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
