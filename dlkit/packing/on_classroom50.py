"""What `autograder.py` starts on Classroom 50: a checkout in, `result.json` and `release-body.md` out, or an error.

The runner takes any exit status but 0 for a fault of the infrastructure. That is what a score is that we do not know. Students
read all that is printed here.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from autograder.assignment import Assignment, load
from autograder.export.classroom50 import TIME, About, release_body, result, status_and_summary
from autograder.grading.grade import PUBLIC_SEED
from autograder.inbox.claims import MOST_OF_RESULT
from autograder.outcome import CheckResult, Grade, Outcome
from autograder.submission import SubmissionError
from autograder.text import shown
from autograder.text.cells import module_of
from autograder.text.errors import DlkitError
from dlkit.packing.within import Terms, grade_within, handed_in, leave
from dlkit.writing import write_file

RESULT, BODY = "result.json", "release-body.md"
FAULT = 3
TAGGED = re.compile(r"submit/(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d)Z(?:-.*)?")


class RunnerError(DlkitError):
    """The runner did not tell what a result needs."""


@click.command()
@click.argument("bundle")
@click.argument("name")
@click.option("--limit", default=600.0, help="Time limit for the submission, in seconds.")
def main(bundle: str, name: str, limit: float) -> None:
    """Grade the repository in the current folder."""
    here = Path.cwd()
    try:
        for leftover in (here / RESULT, here / BODY):
            _remove(leftover)
        about = told(os.environ, here)
        assignment = load(Path(bundle) / "assignments" / name)
        kept = Path(os.environ.get("RUNNER_TEMP") or tempfile.gettempdir()) / "dlkit"
        # Nothing in the bundle is secret, so a machine without isolation may grade, too.
        grade, module = graded(assignment, here, Path(bundle) / "solutions", Terms(PUBLIC_SEED, limit, False, kept))
        show(assignment, grade)
        text = json.dumps(result(grade, about), indent=2) + "\n"
        if len(text) > MOST_OF_RESULT:
            raise RunnerError(f"the result must have at most {MOST_OF_RESULT // 2**20} MB. Received: {len(text)} bytes")
        write_file(here / BODY, release_body(grade, module).encode())
        write_file(here / RESULT, text.encode())
        _set_outputs(*status_and_summary(grade))
    except Exception as error:
        _remove(here / RESULT)
        why = shown(error if isinstance(error, DlkitError) else f"{type(error).__name__}: {error}")
        click.echo(f"::error title=Not graded::The grader failed, which is not your fault; please tell your instructor: {why}")
        leave(FAULT)


def graded(assignment: Assignment, repository: Path, solutions: Path, terms: Terms) -> tuple[Grade, str]:
    """The grade of a repository, and what its file is imported as; if nothing can be graded, no points and the reason."""
    try:
        submission = handed_in(repository, assignment)
    except SubmissionError as error:
        checks = [
            CheckResult(check.name, check.function, Outcome.FAILED, 0.0, check.points, str(error), stretch=check.stretch)
            for check in assignment.checks
        ]
        return Grade(assignment.name, assignment.title, "", terms.seed, tuple(checks)), ""
    return grade_within(assignment, solutions, submission, terms), module_of(submission.files)


def told(environment: Mapping[str, str], repository: Path) -> About:
    """What the runner tells of the submission.

    Raises:
        RunnerError: something is missing.
    """

    def of(*names: str) -> str:
        found = next((value for name in names if (value := environment.get(name, "").strip())), "")
        if not found:
            raise RunnerError(f"Classroom 50's runner must set {' or '.join(names)}. Received: nothing")
        return found

    tag = of("SUBMISSION_TAG")
    return About(
        classroom=of("CLASSROOM"),
        assignment=of("ASSIGNMENT"),
        assignment_type=environment.get("ASSIGNMENT_TYPE", "").strip() or "individual",
        owner=of("OWNER", "USERNAME"),
        submission=tag,
        commit=of("COMMIT_URL"),
        release=of("RELEASE_URL"),
        review=of("REVIEW_URL", "COMMIT_URL"),
        datetime=committed(repository, environment.get("GITHUB_SHA", ""), tag).strftime(TIME),
    )


def committed(repository: Path, sha: str, tag: str) -> datetime:
    """When the commit was made, which stays the same however often it is graded; without git, the time in the tag.

    Raises:
        RunnerError: neither tells a time.
    """
    commit = sha if re.fullmatch(r"[0-9a-fA-F]{7,64}", sha) else "HEAD"
    command = ["git", "-c", "safe.directory=*", "-C", str(repository), "show", "--no-patch", "--format=%ct", commit]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)  # noqa: S603 - no shell
        return datetime.fromtimestamp(int(done.stdout.strip().splitlines()[-1]), UTC)
    except (OSError, subprocess.SubprocessError, ValueError, IndexError, OverflowError):
        if match := TAGGED.fullmatch(tag):
            return datetime.fromisoformat(f"{match[1]}{match[2]}:{match[3]}:{match[4]}+00:00")
    raise RunnerError(f"the time of the commit must be known. Received: no time from git for {shown(commit)}, nor in the tag")


def show(assignment: Assignment, grade: Grade) -> None:
    """Print what a student reads; nothing in it is a command to the runner, whatever their code has printed."""
    from autograder.report.console import PlainConsole
    from autograder.report.terminal import TerminalReport

    token = secrets.token_hex(16)
    click.echo(f"::stop-commands::{token}")
    console = PlainConsole(width=100)
    report = TerminalReport(
        console,
        f"{assignment.name}: {assignment.title}",
        len(grade.checks),
        assignment.files[0].removesuffix(".py"),
        bonus=bool(grade.stretch),
    )
    console.print(f"{report.title}\n")
    for check in grade.checks:
        report.line(check)
    report.details(grade)
    click.echo(f"::{token}::")


def _set_outputs(status: str, summary: str) -> None:
    """Tell the runner the state of the commit; without a place for it, it works both out by itself."""
    if place := os.environ.get("GITHUB_OUTPUT"):
        with Path(place).open("a", encoding="utf-8") as outputs:
            outputs.write(f"status={status}\nsummary={summary}\n")


def _remove(path: Path) -> None:
    """Remove what a repository has in the place of our files: a file, a link or a folder."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    try:
        main()
    except SystemExit as error:
        leave(int(error.code or 0))
