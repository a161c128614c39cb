"""What a GitHub Classroom workflow starts: a repository in, a result for the reporter out for each check.

Students read all that is printed here.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click

from autograder.assignment import Assignment, SpecError, load
from autograder.export.github import runners, to_base64
from autograder.grading.grade import PUBLIC_SEED
from autograder.grading.references import SOLUTIONS
from autograder.outcome import CheckResult, Grade, Outcome
from autograder.submission import SubmissionError
from dlkit.packing.within import Terms, grade_within, handed_in, leave

SEED = "DLKIT_SEED"
FAULT = 3


@click.command()
@click.argument("name")
@click.option("--runners", "wanted", required=True, help="The runners of the workflow, separated by commas.")
@click.option("--course", default="course", help="The folder with assignments/ and solutions/.")
@click.option("--submission", default="submission", help="The student's repository.")
@click.option("--limit", default=600.0, help="Time limit for the submission, in seconds.")
@click.option("--unsafe-no-isolation", "unsafe", is_flag=True, help="Grade even if nothing protects the solutions.")
def main(name: str, wanted: str, course: str, submission: str, limit: float, unsafe: bool) -> None:
    """Grade what is in the repository, and write a result for each check to the step's outputs."""
    try:
        assignment = load(Path(course) / "assignments" / name)
        if ",".join(ids(assignment).values()) != wanted:
            raise SpecError(f"{name} has other checks than this workflow: run `dlkit github` again")
        seed = os.environ.get(SEED, "").strip()
        if seed and not seed.isdecimal():
            raise SpecError(f"the secret {SEED} must be one whole number")  # what it is, is not shown
        kept = Path(os.environ.get("RUNNER_TEMP", tempfile.gettempdir())) / "dlkit"
        terms = Terms(int(seed or PUBLIC_SEED), limit, not unsafe, kept)
        grade = graded(assignment, Path(course) / SOLUTIONS / name, Path(submission), terms)
        write_outputs(assignment, grade)
        show(assignment, grade)
    except Exception as error:
        click.echo(f"::error title=Not graded::The grader failed, which is not your fault; please tell your instructor: {error}")
        sys.exit(FAULT)


def graded(assignment: Assignment, solutions: Path, repository: Path, terms: Terms) -> Grade:
    """The grade of a repository; of one that cannot be graded, no points and the reason at each check."""
    try:
        submission = handed_in(repository, assignment)
    except SubmissionError as error:
        checks = [
            CheckResult(check.name, check.function, Outcome.FAILED, 0.0, check.points, str(error)) for check in assignment.checks
        ]
        return Grade(assignment.name, assignment.title, "", terms.seed, tuple(checks))
    return grade_within(assignment, solutions, submission, terms)


def ids(assignment: Assignment) -> dict[str, str]:
    """The id of each check's runner, by the check's name: the reporter looks for it in capitals."""
    found: dict[str, str] = {}
    for check in assignment.checks:
        plain = re.sub(r"[^A-Za-z0-9_-]", "-", check.name)
        plain = plain if re.match(r"[A-Za-z_]", plain) else f"_{plain}"
        found[check.name] = _unlike(plain, found.values())
    return found


def show(assignment: Assignment, grade: Grade) -> None:
    """Print what a student reads; nothing in it is a command to the runner, whatever their code has printed."""
    from autograder.report.console import PlainConsole
    from autograder.report.terminal import TerminalReport

    token = secrets.token_hex(16)
    click.echo(f"::stop-commands::{token}")
    console = PlainConsole(width=100)
    report = TerminalReport(
        console, f"{assignment.name}: {assignment.title}", len(grade.checks), assignment.files[0].removesuffix(".py")
    )
    console.print(f"{report.title}\n")
    for check in grade.checks:
        report.line(check)
    report.details(grade)
    click.echo(f"::{token}::")


def write_outputs(assignment: Assignment, grade: Grade) -> None:
    """Write each check's result to the outputs of the step."""
    found = runners(grade)
    lines = [f"{runner}={to_base64(found[name])}\n" for name, runner in ids(assignment).items()]
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.writelines(lines)


def _unlike(name: str, others: Iterable[str]) -> str:
    """A name that, in capitals, is none of the others."""
    taken = {other.upper() for other in others}
    number, found = 1, name
    while found.upper() in taken:
        number += 1
        found = f"{name}-{number}"
    return found


if __name__ == "__main__":
    try:
        main()
    except SystemExit as error:
        leave(int(error.code or 0))
