"""For authors: what is derived of an assignment, and classes to try it on."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dlkit.commands.shared import FAULT, NOT_ALL, PASSED, USAGE, Refusal, a_folder, find_assignment, refusing, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.authoring.lint import Report
    from autograder.authoring.lint.printing import LintReport
    from autograder.authoring.scaffold import Function
    from autograder.authoring.stubs import Line

RULE_NAMES = (
    *("handout", "giveaways", "predictions", "milestone", "reference", "template", "constants", "values", "moving", "answers"),
    *("misconceptions", "mutants", "rewritings", "precision", "threads", "runtime"),
)
LAYOUTS = ("folders", "files", "canvas", "moodle")  # of autograder.authoring.sample, which loads NumPy


@click.command()
@click.argument("assignments", nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Write nothing; exit with status 1 if something is out of date.")
@click.option(
    "--record", "recording", is_flag=True, help="Also record the answers that replace solutions in a kit (takes minutes)."
)
def derive(assignments: tuple[str, ...], check: bool, recording: bool) -> None:
    """Derive stubs from references, and points tables from specs.

    For authors: after you change solutions/hwN or checks.py, this rewrites assignments/hwN/<topic>.py and the points
    table in its README.md. Run it before students start, because it overwrites the stub.

    \b
    Examples:
      dlkit derive assignments/hw2
      dlkit derive --check assignments/*
      dlkit derive --record assignments/hw2
    """
    from autograder.assignment import load, solutions_folder
    from autograder.authoring.derive import handout, told_stub
    from autograder.grading.recorded import RECORD, stale
    from autograder.grading.references import misconceptions_in
    from dlkit.kit.recording import up_to_date

    outdated = False
    for name in assignments:
        folder = find_assignment(name)
        with refusing(to_be="read"):
            assignment = load(folder)
            solutions = solutions_folder(folder, assignment.name)
            # First, because it takes minutes, in which an author may go on writing the handout.
            if recording and not check and (data := up_to_date(assignment)) is not None:
                (folder / RECORD).write_bytes(data)
                click.echo(f"{folder / RECORD} written")
            elif (folder / RECORD).is_file() and stale(assignment, solutions):
                outdated = True
                click.echo(f"{folder / RECORD} is out of date" + ("" if check else ": --record writes it"))
            mistakes = misconceptions_in(solutions).values()
            stubs = {file: told_stub((solutions / file).read_text(encoding="utf-8"), file, mistakes) for file in assignment.files}
            texts = {folder / file: made.text for file, made in stubs.items()}
            for file, made in stubs.items():
                _tell_left_out(str(solutions / file), made.undecided)
            readme = folder / "README.md"
            texts[readme] = handout(readme.read_text(encoding="utf-8"), assignment, str(readme))
        for path, text in texts.items():
            if path.is_file() and path.read_text(encoding="utf-8") == text:
                continue
            outdated = True
            click.echo(f"{path} is out of date" if check else f"{path} written")
            if not check:
                path.write_text(text, encoding="utf-8")
    sys.exit(NOT_ALL if check and outdated else PASSED)


def _tell_left_out(path: str, lines: Sequence[Line]) -> None:
    """Say what of a reference is not in the stub, and how to have it there."""
    for line in lines:
        click.echo(
            f"{path}, line {line.number}: `{line.text}` is not in the stub: it is {line.why}. If students need it, end the line "
            "with `# stub: keep`; if they do not, with `# stub: omit`."
        )


@click.command()
@click.argument("assignment")
@click.option("--students", type=click.IntRange(1, 2000), default=60, show_default=True, metavar="N", help="Number of students.")
@click.option(
    "--out", default="inbox", show_default=True, metavar="DIR", callback=a_folder, help="A new or empty folder to write into."
)
@click.option("--layout", type=click.Choice(LAYOUTS), default="folders", show_default=True, help="The layout of the submissions.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, metavar="N", help="Another seed makes another class."
)
def sample_class(assignment: str, students: int, out: str, layout: str, seed: int) -> None:
    """Make a class of invented students, to try things out.

    The submissions are the reference with known mistakes, each in a style of its own. Some are unfinished or late, one
    crashes, one hangs, one is a copy. DIR/roster.csv lists the students, and DIR/truth.json says who did what.

    \b
    Examples:
      dlkit sample-class hw2
      dlkit sample-class assignments/hw2 --students 200 --layout canvas --out canvas

    \b
    Exit status: 0 done, 2 wrong usage or a folder that cannot be used, 3 broken reference or misconceptions.
    """
    from collections import Counter

    from autograder.assignment import load, solutions_folder
    from autograder.authoring import sample

    folder = find_assignment(assignment)
    with refusing("No class was made", out):
        spec = load(folder)
        solutions = solutions_folder(folder, spec.name)
        if not solutions.is_dir():
            raise Refusal(
                f"No class was made: dlkit invents students from the reference. Expected solutions/{spec.name} beside "
                f"assignments/. Received: no such folder. Put it there, or lay out a course with `dlkit init --solutions`.",
                USAGE,
            )
        invented = sample.invent(spec, solutions, students, seed)
        sample.write(invented, spec, seed, Path(out), layout)
    kinds = ", ".join(f"{count} {kind}" for kind, count in Counter(person.kind for person in invented).most_common())
    click.echo(f"{Path(out) / sample.SUBMISSIONS}: {spec.name}, {students} student{'s' * (students > 1)} ({kinds})")
    click.echo(f"{Path(out) / sample.ROSTER}, {Path(out) / sample.TRUTH}: roster and ground truth")


@click.command()
@click.argument("assignments", metavar="ASSIGNMENT...", nargs=-1, required=True)
@click.option("--only", type=click.Choice(RULE_NAMES), multiple=True, help="Test this rule only (repeatable).")
@click.option("--quick", is_flag=True, help="Use fewer seeds and a fixed sample of the mutants.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Workers at a time (default: all cores).")
@click.option("--explain", is_flag=True, help="Add surviving mutants to survivors.toml, for you to explain.")
@click.option("--json", "json_path", metavar="PATH", help="Write the findings as JSON; - for stdout.")
def lint(
    assignments: tuple[str, ...], only: tuple[str, ...], quick: bool, jobs: int | None, explain: bool, json_path: str | None
) -> None:
    """Test the grader: right work must earn everything, and wrong work less.

    The reference must earn all points with many seeds. The stub, constants and the input itself must earn none. Each
    misconception must lose points with every seed, and dlkit must recognise it. Wrong versions of the reference's answers must
    fail, and rewritings of the reference must pass; lint reports both rates. Mutants of the reference (operators, constants,
    axes, dropped lines, swapped arguments) must lose points. For each survivor, lint shows a case that would catch it; add the
    case, or explain the survivor in solutions/hwN/survivors.toml.

    \b
    Examples:
      dlkit lint assignments/hw7
      dlkit lint assignments/* --quick
      dlkit lint hw7 --only mutants

    \b
    Exit status: 0 nothing to fix (warnings are allowed), 1 something to fix, 2 wrong usage, 3 lint could not run.
    """
    import json

    from autograder.assignment import solutions_folder
    from autograder.authoring.lint.printing import LintReport
    from autograder.authoring.lint.survivors import SURVIVORS, append
    from autograder.report.console import PlainConsole

    folders = [find_assignment(name) for name in assignments]
    found: dict[str, list[Report]] = {}
    with LintReport(PlainConsole(stderr=json_path == "-")) as screen:
        for folder in folders:
            with refusing(f"{folder} cannot be tested", to_be="read"):
                found[str(folder)] = _linted(folder, only, screen, quick=quick, jobs=jobs or os.cpu_count() or 1)
    for folder in folders if explain else ():
        solutions = solutions_folder(folder, folder.resolve().name)
        survivors = [one for report in found[str(folder)] for one in report.details.get("survivors", ())]
        with refusing(place=solutions / SURVIVORS, to_be="written"):
            count = append(solutions, survivors)
        click.echo(f"{solutions / SURVIVORS}: {count} mutant{'s' * (count != 1)} to explain", err=True)
    if json_path:
        text = json.dumps({name: [_as_json(report) for report in reports] for name, reports in found.items()}, indent=1) + "\n"
        write(json_path, text)
    sys.exit(NOT_ALL if any(report.failed for reports in found.values() for report in reports) else PASSED)


def _linted(folder: Path, only: tuple[str, ...], screen: LintReport, *, quick: bool, jobs: int) -> list[Report]:
    """The reports on one assignment, printed as they come."""
    from autograder.assignment import SpecError, load, solutions_folder
    from autograder.authoring.lint import Finding, Level, Report, Subject
    from autograder.authoring.lint import lint as reports_of
    from autograder.grading.bench import HANDLER
    from autograder.grading.references import References, keeping_folder
    from autograder.sandbox.workers import source

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


def _unanswered(functions: list[Function], source: str, *, name: str, file: str, title: str) -> dict[tuple[str, str], str]:
    """The guessed cases that the reference does not answer, by function and case, and why.

    The spec is graded in a folder of its own before anything of the author's is written.
    """
    import tempfile

    from autograder.assignment import SpecError, load
    from autograder.authoring import scaffold
    from autograder.grading.bench import HANDLER, Bench, UnreadyError
    from autograder.grading.grade import PUBLIC_SEED, draw
    from autograder.observation import Odd
    from autograder.observation.answer import Ending
    from autograder.sandbox.frames import NotInstalledError
    from autograder.sandbox.workers import source as workers_of

    if not any(one.cases for one in functions):
        return {}
    with tempfile.TemporaryDirectory(prefix="dlkit-new-") as folder:
        path = Path(folder) / name
        path.mkdir()
        texts = scaffold.write(functions, source, name=name, file=file, title=title)
        (path / "checks.py").write_text(texts[f"assignments/{name}/checks.py"], encoding="utf-8")
        failed: dict[tuple[str, str], str] = {}
        try:
            assignment = load(path)
            with workers_of(HANDLER) as workers, Bench(assignment, workers) as bench:
                opened = bench.load({file: source}, assignment.checks)
                if opened.ending is not Ending.RETURNED or opened.stops:
                    raise Refusal(f"{file} cannot be imported: {opened.error or opened.stops[0]}.", USAGE)
                for check in assignment.checks:
                    try:
                        cases = draw(assignment, check, PUBLIC_SEED)
                    except SpecError as error:  # the guess itself is no good: others may be
                        guessed = next(one.cases for one in functions if one.name == check.function)
                        failed |= {(check.function, words): str(error) for words, _ in guessed}
                        continue
                    for words, case in cases.items():
                        answer = bench.ask(check, words, case)
                        odd = [value for value in answer.observation.values() if isinstance(value, Odd)]
                        if answer.ending is not Ending.RETURNED or odd:
                            why = f"it answers with {odd[0].what}" if odd else answer.error or answer.ending
                            failed[check.function, words] = why
                        if answer.ending is Ending.TIMED_OUT:  # so would the other cases, one after the other
                            failed |= dict.fromkeys(((check.function, other) for other in cases), str(why))
                            break
        except (SpecError, UnreadyError, NotInstalledError) as error:
            raise Refusal(f"{file} cannot be tried: {error}.", FAULT) from None
    return failed


@click.command()
@click.argument("name")
@click.option("--from", "path", required=True, metavar="FILE", help="The reference: a module with docstrings.")
@click.option("--title", metavar="TEXT", help="The assignment's title (default: from the module's docstring).")
def new(name: str, path: str, title: str | None) -> None:
    """Start an assignment from a reference module with docstrings.

    Writes assignments/NAME and solutions/NAME: a spec, the stub, a handout, a question to predict, a milestone, and a file
    for misconceptions. Question and milestone are examples.
    It guesses cases from type hints and from shapes such as `X (n_samples, n_features)`. Methods of classes are functions, too.
    If dlkit cannot use a function, it names it and writes the rest. The reference earns all points from the start; `dlkit lint`
    shows what the cases do not catch yet.

    \b
    Example:
      dlkit new hw8 --from attention.py --title "Attention"

    \b
    Exit status: 0 done, 1 done, but no case could be guessed; 2 wrong usage, unusable file, or files exist already;
    3 no worker can start.
    """
    import ast

    from autograder.assignment import SpecError, load
    from autograder.authoring import scaffold
    from autograder.authoring.derive import handout, told_stub

    name = Path(name).name
    file = Path(path).name
    if not name.isidentifier() or not Path(file).stem.isidentifier() or Path(file).suffix != ".py":
        wrong = name if not name.isidentifier() else file
        raise Refusal(
            f"An assignment and its file need names that Python can import, such as hw8 and attention.py. Received: {wrong}",
            USAGE,
        )
    if file in ("checks.py", "misconceptions.py"):
        raise Refusal(
            f"{file} is a name that dlkit needs for a file of its own. Rename the reference, such as attention.py.", USAGE
        )
    try:
        source = Path(path).read_text(encoding="utf-8")
        functions = scaffold.functions_in(source, path)
        source = scaffold.without_undocumented(functions, source)
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}", USAGE) from None
    except UnicodeDecodeError:
        raise Refusal(f"{path} must be a text file in UTF-8.", USAGE) from None
    except SpecError as error:
        raise Refusal(f"{error}.", USAGE) from None
    there = [str(folder) for folder in (Path("assignments") / name, Path("solutions") / name) if folder.exists()]
    if there:
        raise Refusal(f"{there[0]} already exists, and dlkit does not overwrite it. Choose another name, or move it away.", USAGE)
    first = (ast.get_docstring(ast.parse(source)) or name).partition("\n")[0].rstrip(".")
    title = title or first.removeprefix(f"{name}: ")
    failed = _unanswered(functions, source, name=name, file=file, title=title)
    texts = scaffold.write(functions, source, name=name, file=file, title=title, failed=failed)
    with refusing(to_be="written"):
        for place, text in texts.items():
            Path(place).parent.mkdir(parents=True, exist_ok=True)
            Path(place).write_text(text, encoding="utf-8")
        readme = Path("assignments") / name / "README.md"
        begun = any((one.name, words) not in failed for one in functions for words, _ in one.cases)
        if begun:
            readme.write_text(handout(texts[str(readme.as_posix())], load(readme.parent), str(readme)), encoding="utf-8")
    for place in texts:
        click.echo(f"{place} written")
    made = told_stub(source, file)
    _tell_left_out(path, made.undecided)
    for line in made.lines:
        if line.kept and not line.decided and line.why == "data":
            click.echo(
                f"{path}, line {line.number}: `{line.text}` is in the stub. If it gives an answer away, end the line with "
                "`# stub: omit`."
            )
    for one in functions:
        lost = {words: why for (function, words), why in failed.items() if function == one.name}
        if not one.cases or len(lost) == len(one.cases):
            why = one.unknown or f"the reference raises for every guess: {next(iter(lost.values()))}"
            click.echo(f"{path}, line {one.line}: no cases for `{one.name}` could be guessed: {why}. Write them in checks.py.")
    if not begun:
        click.echo(f"assignments/{name}/checks.py has no check yet. Write one, then run `dlkit derive assignments/{name}`.")
        sys.exit(NOT_ALL)
    click.echo(f"Next: `dlkit lint assignments/{name}` shows which mistakes the cases do not catch, and what is left to do.")
