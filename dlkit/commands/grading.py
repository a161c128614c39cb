"""`dlkit grade`: one submission, or a class."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dlkit.commands.shared import (
    FAULT,
    NOT_ALL,
    PASSED,
    PUT_BACK,
    STOPPED,
    USAGE,
    Number,
    Refusal,
    find_assignment,
    keep_others,
    leave,
    policies_in,
    refusing,
    select,
    write,
    zone_of,
)

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.outcome import Grade
    from autograder.sandbox.workers import Source

WORKERS = ("auto", "fork", "spawn")
IMPORTS, MODULE = re.compile(r"\bimports=\(([^)]*)\)"), re.compile(r"[\"']([\w.]+)[\"']")
# What --json writes, in short.
A_GRADE = b'{"schema": 1, "assignment": "", "student": "", "score": 0, "max_score": 0, "checks": []}'
BROKEN = "The assignment cannot be graded"
UNPROTECTED_WORK = "If you trust this submission as your own, add --unsafe-no-isolation. `dlkit doctor` shows what is missing."
UNPROTECTED_CLASS = "`dlkit doctor` says how to get what is missing. --unsafe-no-isolation grades anyway, and marks the results."


@click.command()
@click.argument("assignment")
@click.option(
    "--submission", "path", metavar="PATH", help="Grade this file, folder, zip or tar.gz instead of the file in the assignment."
)
@click.option("--submissions", "inbox", metavar="DIR|ZIP", help="Grade a class: a folder, or a download from Canvas, Moodle, ...")
@click.option("--check", "only", metavar="NAME", multiple=True, help="Grade only this check or function (repeatable).")
@click.option("--explain", metavar="NAME", multiple=True, help="Grade only this check, and tell the longer story (repeatable).")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Draw other inputs (default: fixed and public).")
@click.option("--timeout", type=Number(min=0, min_open=True), metavar="SECONDS", help="Time limit for each case.")
@click.option(
    "--json", "json_path", metavar="PATH", help="Write the grade as JSON; - for stdout. For a class: one object per line."
)
@click.option("--watch", is_flag=True, help="Grade again whenever the file is saved, until Ctrl-C.")
@click.option(
    "--unsafe-no-isolation", "unsafe", is_flag=True, help="Grade other people's work even if nothing protects your files."
)
@click.option("--worker", "kind", type=click.Choice(WORKERS), default="auto", help="How workers start (default: fork on Linux).")
@click.option("--no-warm", is_flag=True, help="Leave no process behind that speeds up the next grading, and use none.")
@click.option("--gradebook", metavar="PATH|URL", help="Class only: where to store results (default: gradebook.db).")
@click.option("--roster", metavar="CSV", help="Class only: the list of students, a CSV file.")
@click.option("--column", metavar="TITLE", help="Class only: the roster's id column, if dlkit does not find it.")
@click.option(
    "--seed-file", metavar="PATH", help="Class only: file with the secret seed (default: drawn once, stored in the gradebook)."
)
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Class only: submissions graded at a time (default: all cores)."
)
@click.option("--scheduler", metavar="tcp://...", help="Class only: run submissions on a Dask cluster.")
@click.option("--regrade", is_flag=True, help="Class only: grade again after a change of spec or reference; preview, then write.")
@click.option("--no-groups", is_flag=True, help="Class only: ignore the roster's groups. Everybody works alone.")
@click.option("--course", metavar="TOML", help="Class only: the course's policies (default: course.toml, if there is one).")
@click.option("--yes", is_flag=True, help="With --regrade: write without asking.")
@click.option("--log", metavar="FILE", help="Class only: add a line to this file for each result, with its time.")
@click.option("--jsonl", metavar="FILE", help="Class only: add each result as a JSON line once it is stored; - for stdout.")
def grade(
    assignment: str,
    path: str | None,
    inbox: str | None,
    only: tuple[str, ...],
    explain: tuple[str, ...],
    seed: int | None,
    timeout: float | None,
    json_path: str | None,
    watch: bool,
    unsafe: bool,
    kind: str,
    no_warm: bool,
    **of_a_class: Any,
) -> None:
    """Grade a submission and explain its mistakes, or grade a class into a gradebook.

    ASSIGNMENT is the folder of an assignment, such as assignments/hw2. Without --submission, the file in it is graded.

    On Linux, a process that has imported TensorFlow stays for ten minutes, so that the next grading starts at once.
    `dlkit status` shows it, and `dlkit stop` ends it.

    --submissions takes a folder or zip with one folder or file for each student, or a download from Canvas, Moodle, Gradescope,
    Brightspace, Blackboard or nbgrader. Stop at any time with Ctrl-C; rerun the command to resume.

    \b
    Examples:
      dlkit grade assignments/hw2
      dlkit grade assignments/hw2 --check sigmoid --check backward_221
      dlkit grade assignments/hw2 --explain sigmoid
      dlkit grade assignments/hw2 --watch
      dlkit grade assignments/hw2 --submission inbox/ada --json ada.json
      dlkit grade assignments/hw2 --submissions inbox.zip --roster roster.csv
      dlkit grade assignments/hw2 --submissions inbox.zip --regrade
      dlkit grade assignments/hw2 --submissions inbox.zip --log hw2.log --jsonl hw2.jsonl

    \b
    Exit status: 0 all core checks passed (class: all graded), 1 not all (or regrade declined), 2 wrong usage,
    3 grader error, 130 stopped.
    """
    folder = find_assignment(assignment)
    for_one = {"--submission": path, "--check": only, "--explain": explain, "--seed": seed, "--watch": watch}
    for_many = {f"--{name.replace('_', '-')}": value for name, value in of_a_class.items()}
    wrong = next((name for name, value in (for_one if inbox else for_many).items() if value), None)
    if wrong:
        other = "cannot be used with --submissions" if inbox else "is for a class: add --submissions"
        raise Refusal(f"{wrong} {other}.", USAGE)
    if watch and explain:
        raise Refusal("--explain cannot be used with --watch.", USAGE)
    if watch and json_path == "-":
        raise Refusal("--watch writes many grades, so --json needs a file, which holds the newest.", USAGE)
    if json_path == "-" and of_a_class["jsonl"] == "-":
        raise Refusal("--json and --jsonl cannot both write to standard output. Name a file for one of them.", USAGE)
    if of_a_class["log"] == "-":
        raise Refusal("--log needs a file: what it says is on the screen already. Received: -.", USAGE)
    if json_path and json_path != "-":
        keep_others(json_path, A_GRADE)  # before anything slow
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # we compare small arrays: to start more threads takes NumPy longer
    from autograder.sandbox.workers import source  # light: its imports run while ours do

    with refusing("Nothing was graded"):
        workers = source("autograder.observing:serve", kind, stays=not (inbox or no_warm), few=not inbox)
    if not (only or explain):
        workers.warm_if_possible(_named_in(folder))
    try:
        if inbox:
            sys.exit(_grade_class(folder, inbox, timeout, json_path, unsafe, workers, **of_a_class))
        protected = path is not None and not unsafe
        again = [
            "dlkit",
            "grade",
            assignment,
            *(["--submission", path] if path else []),
            *(["--seed", f"{seed}"] if seed is not None else []),
        ]
        command = shlex.join([*again, "--unsafe-no-isolation"] if unsafe else again)
        result = _grade(
            folder, path, only, explain, seed, timeout, json_path, workers, command, protected=protected, watched=watch
        )
    except KeyboardInterrupt:
        click.echo("\nStopped; nothing else was written.", err=True)
        sys.exit(STOPPED)
    finally:
        workers.close()
    leave(FAULT if result.faults else PASSED if result.perfect else NOT_ALL)


def _grade_class(
    folder: Path,
    path: str,
    timeout: float | None,
    json_path: str | None,
    unsafe: bool,
    workers: Source,
    *,
    gradebook: str | None,
    roster: str | None,
    column: str | None,
    seed_file: str | None,
    jobs: int | None,
    scheduler: str | None,
    regrade: bool,
    yes: bool,
    no_groups: bool,
    course: str | None,
    log: str | None = None,
    jsonl: str | None = None,
) -> int:
    from autograder.assignment import load
    from autograder.grading.grade import require_libraries

    with refusing("Nobody was graded", broken=BROKEN):
        assignment = load(folder)
        require_libraries(assignment)
    _tell_mixed(assignment)
    workers.warm(assignment.imports)  # TensorFlow, most likely: it is imported there while SQLAlchemy is imported here

    from dlkit.commands.grading_class import ClassOptions, grade_class

    policies = policies_in(course)  # its time zone is that of a worksheet's times
    zone = zone_of(course, policies)
    with refusing(to_be="written", broken=BROKEN), protecting(UNPROTECTED_CLASS):
        options = ClassOptions(
            submissions=Path(path),
            gradebook=gradebook or "gradebook.db",
            roster=Path(roster) if roster else None,
            column=column,
            seed=seed_in(seed_file) if seed_file else None,
            jobs=jobs,
            scheduler=scheduler,
            timeout=timeout,
            regrade=regrade,
            yes=yes,
            json=Path(json_path) if json_path else None,
            unsafe=unsafe,
            groups=not no_groups,
            zone=zone,
            policies=lambda book, students: policies_in(course, book, assignment, students),
            log=Path(log) if log else None,
            jsonl=Path(jsonl) if jsonl else None,
        )
        tally = grade_class(assignment, folder, options, workers)
    if tally.stopped:
        return STOPPED
    not_all = tally.unreadable or tally.left_out or tally.declined
    return FAULT if tally.faulty else NOT_ALL if not_all else PASSED


def grade_inbox(folder: Path, path: str, *, unsafe: bool, gradebook: str, roster: str | None, seed_file: str | None) -> int:
    """Grade a class for another command, as `dlkit grade --submissions` does; the exit status."""
    from autograder.sandbox.workers import source

    with refusing("Nothing was graded"):
        workers = source("autograder.observing:serve")
    rest: dict[str, Any] = dict.fromkeys(("column", "jobs", "scheduler", "course"))
    try:
        return _grade_class(
            folder,
            path,
            None,
            None,
            unsafe,
            workers,
            gradebook=gradebook,
            roster=roster,
            seed_file=seed_file,
            regrade=False,
            yes=False,
            no_groups=False,
            **rest,
        )
    finally:
        workers.close()


@contextmanager
def protecting(way: str) -> Iterator[None]:
    """End the program where nothing would protect this user's files from a submission; `way` says what to do."""
    from autograder.grading.bench import UnprotectedError

    try:
        yield
    except UnprotectedError as error:
        raise Refusal(f"No submission was run: {error}. {way}", error.status) from None


def _named_in(folder: Path) -> list[str]:
    """The libraries that the text of a spec names for its checks: importing them begins while we load the spec.

    None where TensorFlow is among them: a slip in the source is told without waiting for that.
    """
    with suppress(OSError, UnicodeDecodeError):  # said when it is loaded
        named = IMPORTS.findall((folder / "checks.py").read_text(encoding="utf-8"))
        names = list(dict.fromkeys(name for names in named for name in MODULE.findall(names)))
        return [] if "tensorflow" in names else names
    return []


def _tell_mixed(assignment: Assignment) -> None:
    """Say so where an assignment needs a TensorFlow whose files were overwritten by another's."""
    from autograder.sandbox.installed import CALLED, mixed

    needed = [*assignment.imports, *(name for check in assignment.checks for name in check.imports)]
    if any(name.partition(".")[0] in CALLED for name in needed) and (found := mixed()):
        wrong, remedy = found
        click.echo(f"dlkit: {wrong}. To mend it, {remedy}.", err=True)


def seed_in(path: str) -> int:
    """The seed in a file: one whole number."""
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"{path} cannot be read: {error}", USAGE) from None
    if not text.isdecimal():
        raise Refusal(f"{path} must contain one whole number, the seed. Received: {text[:40]!r}", USAGE)
    return int(text)


def _grade(
    folder: Path,
    path: str | None,
    only: tuple[str, ...],
    explain: tuple[str, ...],
    seed: int | None,
    timeout: float | None,
    json_path: str | None,
    workers: Source,
    command: str,
    *,
    protected: bool,
    watched: bool,
) -> Grade:
    from autograder.assignment import course_of, load, solutions_folder
    from autograder.grading import grade as grading
    from autograder.grading.bench import Bench
    from autograder.grading.recorded import RECORD, references_of
    from autograder.grading.references import keeping_folder
    from autograder.submission import ALONE, Submission, take_in
    from autograder.text.cells import module_of

    def keep(submission: Submission, grade: Grade) -> None:
        _write(grade, json_path)
        if path is None and not only and grade.seed == grading.PUBLIC_SEED:
            from dlkit.kit.handing_in import remember

            remember(folder, submission.files, grade)

    with refusing("The submission was not graded", broken=BROKEN), protecting(UNPROTECTED_WORK), ExitStack() as stack:
        assignment = grading.as_far_as_possible(load(folder))
        only = (*only, *explain)
        select(assignment, only)  # before anything slow: a slip of the keyboard is told at once
        _tell_mixed(assignment)
        if timeout:
            assignment = assignment.within(timeout)
        seed = grading.PUBLIC_SEED if seed is None else seed
        place = Path(path) if path else folder
        course = course_of(assignment) if path else ALONE
        submission = take_in(place, assignment.files, own=path is None, course=course)
        bench = Bench(assignment, workers, protected=protected, total=assignment.total)
        stack.callback(bench.close)
        begun = bench.unreadable(submission.files) is None  # a slip in the source is told without waiting for TensorFlow
        if begun:
            bench.begin(submission.files, grading.answerable(assignment.needed_by(assignment.select(only))))

        from autograder.report.console import PlainConsole  # meanwhile
        from autograder.report.terminal import TerminalReport

        title = f"{assignment.name}: {assignment.title}" + (f", by {submission.student}" if submission.student else "")
        console = PlainConsole(stderr=json_path == "-")
        solutions = solutions_folder(folder, assignment.name)
        if not solutions.is_dir() and not (folder / RECORD).is_file():
            from dlkit.kit import kit_above

            if kit_above(folder):
                raise Refusal(f"{folder} has no {RECORD}, which came with your kit. {PUT_BACK}", USAGE)
        module = module_of(submission.files)
        cases = grading.questions(assignment, assignment.checks, seed) if watched else None
        with references_of(assignment, solutions, keeping_folder(), workers) as references:
            references.require(seed)
            for notice in references.notices:
                click.echo(f"dlkit: {notice}.", err=True)
            bonus = any(check.stretch for check in assignment.select(only))
            reporting = partial(TerminalReport, console, folder=folder, command=command, bonus=bonus)
            with reporting(title, len(assignment.select(only)), module) as report:
                result = grading.grade(
                    assignment,
                    submission,
                    references,
                    workers,
                    seed=seed,
                    only=only,
                    protected=protected,
                    cases=cases,
                    begun=bench if begun else None,
                    on_start=lambda check: report.start(check.name),
                    on_result=report.line,
                )
            report.details(result, {check.name for check in assignment.select(explain)} if explain else ())
            if explain:
                from autograder.report.stories import broken

                for sentence in broken(folder):
                    click.echo(f"dlkit: {sentence}.", err=True)
            keep(submission, result)
            if cases:
                from dlkit.commands.watching import Watch

                watch = Watch(
                    assignment,
                    assignment.select(only),
                    references,
                    workers,
                    cases,
                    seed,
                    place,
                    path is None,
                    protected,
                    console,
                    reporting,
                    keep,
                )
                result = watch.run(submission, result)
    return result


def _write(grade: Grade, path: str | None) -> None:
    """Write a grade where it was asked for."""
    from autograder.outcome.grade_json import to_json

    if path:
        write(path, to_json(grade) + "\n")
