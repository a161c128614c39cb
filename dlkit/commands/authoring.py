"""For authors: what is derived of an assignment, and classes to try it on."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dlkit.commands.shared import FAULT, NOT_ALL, PASSED, USAGE, Refusal, find_assignment

if TYPE_CHECKING:
    from autograder.lint import Report
    from autograder.report.lint import LintReport

RULE_NAMES = ("handout", "reference", "template", "constants", "misconceptions", "mutants", "precision", "threads", "runtime")
LAYOUTS = ("folders", "files", "canvas", "moodle")  # of autograder.sample, which loads NumPy


@click.command()
@click.argument("assignments", nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if something is out of date.")
def derive(assignments: tuple[str, ...], check: bool) -> None:
    """Derive stubs from references, and points tables from specs.

    For authors: after a change of solutions/hwN or of checks.py, this rewrites assignments/hwN/<topic>.py and the points
    table in its README.md. Run it before students have begun: it overwrites the stub.

    \b
    Examples:
      dlkit derive assignments/hw2
      dlkit derive --check assignments/*
    """
    from autograder.assignment import SpecError, load
    from autograder.derive import handout, stub
    from autograder.grading import solutions_folder

    stale = False
    for name in assignments:
        folder = find_assignment(name)
        try:
            assignment = load(folder)
            solutions = solutions_folder(folder, assignment.name)
            texts = {folder / file: stub((solutions / file).read_text(encoding="utf-8"), file) for file in assignment.files}
            readme = folder / "README.md"
            texts[readme] = handout(readme.read_text(encoding="utf-8"), assignment, str(readme))
        except SpecError as error:
            raise Refusal(str(error), FAULT) from None
        except OSError as error:
            raise Refusal(f"{error.filename} cannot be read: {error.strerror}", USAGE) from None
        for path, text in texts.items():
            if path.is_file() and path.read_text(encoding="utf-8") == text:
                continue
            stale = True
            click.echo(f"{path} is out of date" if check else f"{path} written")
            if not check:
                path.write_text(text, encoding="utf-8")
    sys.exit(NOT_ALL if check and stale else PASSED)


@click.command()
@click.argument("assignment")
@click.option("--students", type=click.IntRange(1, 2000), default=60, show_default=True, metavar="N", help="How many.")
@click.option("--out", default="inbox", show_default=True, metavar="DIR", help="A new or empty folder to write into.")
@click.option("--layout", type=click.Choice(LAYOUTS), default="folders", show_default=True, help="Whose download it looks like.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, metavar="N", help="Make another class.")
def sample_class(assignment: str, students: int, out: str, layout: str, seed: int) -> None:
    """Make a class of invented students, to try things out on.

    Their submissions are the reference with known mistakes in it, each in a hand of its own; some are unfinished or late,
    one crashes, one hangs, one is copied. DIR/truth.json tells who did what, DIR/roster.csv who there is.

    \b
    Examples:
      dlkit sample-class hw2
      dlkit sample-class assignments/hw2 --students 200 --layout canvas --out canvas

    \b
    Exit status: 0 done, 2 wrong usage or a folder that cannot be used, 3 the reference or its misconceptions are broken.
    """
    from collections import Counter

    from autograder import sample
    from autograder.assignment import SpecError, load
    from autograder.grading import solutions_folder

    folder = find_assignment(assignment)
    try:
        spec = load(folder)
        invented = sample.invent(spec, solutions_folder(folder, spec.name), students, seed)
        sample.write(invented, spec, seed, Path(out), layout)
    except sample.SampleError as error:
        raise Refusal(f"No class was made: {error}.", USAGE) from None
    except SpecError as error:
        raise Refusal(f"No class can be made: {error}", FAULT) from None
    except OSError as error:
        raise Refusal(f"{error.filename or out} cannot be used: {error.strerror}", USAGE) from None
    kinds = ", ".join(f"{count} {kind}" for kind, count in Counter(person.kind for person in invented).most_common())
    click.echo(f"{Path(out) / sample.SUBMISSIONS}: {spec.name}, {students} student{'s' * (students > 1)} ({kinds})")
    click.echo(f"{Path(out) / sample.ROSTER}, {Path(out) / sample.TRUTH}: who they are, and what is true of them")


@click.command()
@click.argument("assignments", metavar="ASSIGNMENT...", nargs=-1, required=True)
@click.option("--only", type=click.Choice(RULE_NAMES), multiple=True, help="Look at this rule only (repeatable).")
@click.option("--quick", is_flag=True, help="Fewer seeds, and a sample of the mutants: the same one each time.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="How many workers at a time (default: all cores).")
@click.option("--json", "json_path", metavar="PATH", help="Write the findings as JSON; - for stdout.")
def lint(assignments: tuple[str, ...], only: tuple[str, ...], quick: bool, jobs: int | None, json_path: str | None) -> None:
    """Grade the grader: does a spec give everything to what is right, and less to what is not?

    The reference has to earn all points with many seeds, the stub, constants and the input itself none; each misconception
    loses points and is told apart. Mechanical mutants of the reference (operators, constants, axes, dropped lines, swapped
    arguments) lose points too; one that does not is shown with the case that would catch it, or is explained in
    solutions/hwN/survivors.toml.

    \b
    Examples:
      dlkit lint assignments/hw7
      dlkit lint assignments/* --quick
      dlkit lint hw7 --only mutants

    \b
    Exit status: 0 nothing to mend (warnings are allowed), 1 something is, 2 wrong usage, 3 the lint could not be done.
    """
    import json

    from rich.console import Console

    from autograder.lint import LintError
    from autograder.report.lint import LintReport

    folders = [find_assignment(name) for name in assignments]
    found: dict[str, list[Report]] = {}
    with LintReport(Console(highlight=False, stderr=json_path == "-")) as screen:
        for folder in folders:
            try:
                found[str(folder)] = _linted(folder, only, screen, quick=quick, jobs=jobs or os.cpu_count() or 1)
            except LintError as error:
                raise Refusal(f"{folder} cannot be looked at: {error}", FAULT) from None
            except OSError as error:
                raise Refusal(f"{error.filename} cannot be read: {error.strerror}", USAGE) from None
    if json_path:
        text = json.dumps({name: [_as_json(report) for report in reports] for name, reports in found.items()}, indent=1) + "\n"
        if json_path == "-":
            click.echo(text, nl=False)
        else:
            try:
                Path(json_path).write_text(text, encoding="utf-8")
            except OSError as error:
                raise Refusal(f"{json_path} cannot be written: {error.strerror}", USAGE) from None
    sys.exit(NOT_ALL if any(report.failed for reports in found.values() for report in reports) else PASSED)


def _linted(folder: Path, only: tuple[str, ...], screen: LintReport, *, quick: bool, jobs: int) -> list[Report]:
    """The reports on one assignment, printed as they come."""
    from autograder.assignment import SpecError, load
    from autograder.bench import HANDLER
    from autograder.grading import solutions_folder
    from autograder.lint import Finding, Level, Report, Subject
    from autograder.lint import lint as reports_of
    from autograder.references import References, keeping_folder
    from autograder.sandbox.sources import source

    try:
        assignment = load(folder)
        with (
            source(HANDLER) as workers,
            References(assignment, solutions_folder(folder, assignment.name), keeping_folder(), workers) as references,
        ):
            screen.title(f"{assignment.name}: {assignment.title}")
            _ = references.files, references.misconceptions  # missing ones are one finding, not one for each rule
            subject = Subject(assignment, folder, references, workers, quick=quick, jobs=jobs, on_progress=screen.progress)
            reports = []
            for report in reports_of(subject, only, screen.started):
                screen.report(report)
                reports.append(report)
            return reports
    except SpecError as error:
        report = Report("spec", "", (Finding(Level.ERROR, folder.name, str(error)),))
        screen.report(report)
        return [report]


def _as_json(report: Report) -> dict[str, Any]:
    findings = [{"level": finding.level.value, "where": finding.where, "text": finding.text} for finding in report.findings]
    head = {"rule": report.rule, "failed": report.failed, "summary": report.summary, "seconds": report.seconds}
    return head | {"findings": findings, "details": dict(report.details)}
