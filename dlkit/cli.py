"""The command line: parses, calls, prints. What costs time to import is imported in the command that needs it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from dlkit import __version__

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.assignment import Assignment
    from autograder.outcome import Grade
    from autograder.policy import Course
    from autograder.sandbox.sources import Source

MODELS = ("perceptron", "xor-mlp", "regularized-mlp", "dropout-mlp", "cnn")  # of dlkit.training, which loads NumPy
WORKERS = ("auto", "fork", "spawn")
LAYOUTS = ("folders", "files", "canvas", "moodle")  # of autograder.sample, which loads NumPy

PASSED, NOT_ALL, USAGE, FAULT, STOPPED = 0, 1, 2, 3, 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="dlkit")
def main() -> None:
    """Teach and assess a first deep-learning course.

    \b
    Example:
      dlkit grade assignments/hw2
    """


@main.command()
@click.argument("assignment")
@click.option("--submission", "path", metavar="PATH", help="Grade this file, folder, zip or tar.gz, not the assignment's own.")
@click.option("--submissions", "inbox", metavar="DIR|ZIP", help="Grade a class: a folder, or a download of Canvas, Moodle, ...")
@click.option("--check", "only", metavar="NAME", multiple=True, help="Grade only this check or function (repeatable).")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Draw other inputs (default: fixed and public).")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Time for each case.")
@click.option("--json", "json_path", metavar="PATH", help="Write the grade as JSON; - for stdout. Of a class: one object a line.")
@click.option("--unsafe-no-isolation", "unsafe", is_flag=True, help="Grade others' work even where nothing protects your files.")
@click.option("--worker", "kind", type=click.Choice(WORKERS), default="auto", help="How workers start (default: fork on Linux).")
@click.option("--gradebook", metavar="PATH|URL", help="Of a class: where results are kept (default: gradebook.db).")
@click.option("--roster", metavar="CSV", help="Of a class: who is in it.")
@click.option("--seed-file", metavar="PATH", help="Of a class: the secret seed (default: drawn once, kept in the gradebook).")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Of a class: how many at a time (default: all cores).")
@click.option("--scheduler", metavar="tcp://...", help="Of a class: run submissions on a Dask cluster.")
@click.option("--regrade", is_flag=True, help="Of a class: show what a changed spec or reference changes, and write it.")
@click.option("--yes", is_flag=True, help="With --regrade: write without asking.")
def grade(
    assignment: str,
    path: str | None,
    inbox: str | None,
    only: tuple[str, ...],
    seed: int | None,
    timeout: float | None,
    json_path: str | None,
    unsafe: bool,
    kind: str,
    **of_a_class: Any,
) -> None:
    """Grade a submission and say what is wrong with it, and why; or grade a class into a gradebook.

    ASSIGNMENT is the folder of an assignment, such as assignments/hw2. Without --submission, the file in it is graded.

    --submissions takes a folder or zip with one folder or file for each student, or what Canvas, Moodle, Gradescope and
    nbgrader give to download. It can be stopped with Ctrl-C at any time; the same command goes on where it was.

    \b
    Examples:
      dlkit grade assignments/hw2
      dlkit grade assignments/hw2 --check sigmoid --check backward_221
      dlkit grade assignments/hw2 --submission inbox/ada --json ada.json
      dlkit grade assignments/hw2 --submissions inbox.zip --roster roster.csv
      dlkit grade assignments/hw2 --submissions inbox.zip --regrade

    \b
    Exit status: 0 all passed (of a class: all graded), 1 not all, 2 wrong usage, 3 the grader's own fault,
    130 stopped.
    """
    folder = find_assignment(assignment)
    for_one = {"--submission": path, "--check": only, "--seed": seed}
    for_many = {f"--{name.replace('_', '-')}": value for name, value in of_a_class.items()}
    wrong = next((name for name, value in (for_one if inbox else for_many).items() if value), None)
    if wrong:
        other = "cannot be used with --submissions" if inbox else "is about a class: give --submissions too"
        raise Refusal(f"{wrong} {other}.", USAGE)
    from autograder.sandbox.sources import source  # light: its imports run while ours do

    workers = source("autograder.observing:serve", kind)
    try:
        if inbox:
            sys.exit(_grade_class(folder, inbox, timeout, json_path, unsafe, workers, **of_a_class))
        result = _grade(folder, path, only, seed, timeout, json_path, workers, protected=path is not None and not unsafe)
    except KeyboardInterrupt:
        click.echo("\nStopped; nothing more was written.", err=True)
        sys.exit(STOPPED)
    finally:
        workers.close()
    sys.exit(FAULT if result.faults else PASSED if result.perfect else NOT_ALL)


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
    seed_file: str | None,
    jobs: int | None,
    scheduler: str | None,
    regrade: bool,
    yes: bool,
) -> int:
    from autograder.assignment import SpecError, load
    from autograder.bench import UnprotectedError
    from autograder.classroom import ClassroomError
    from autograder.gradebook import GradebookError
    from autograder.inbox import RosterError
    from autograder.submission import SubmissionError
    from dlkit.classroom import Wishes, grade_class

    try:
        assignment = load(folder)
        workers.warm(assignment.imports)
        wishes = Wishes(
            submissions=Path(path),
            gradebook=gradebook or "gradebook.db",
            roster=Path(roster) if roster else None,
            seed=_seed_in(seed_file) if seed_file else None,
            jobs=jobs,
            scheduler=scheduler,
            timeout=timeout,
            regrade=regrade,
            yes=yes,
            json=Path(json_path) if json_path else None,
            unsafe=unsafe,
        )
        tally = grade_class(assignment, folder, wishes, workers)
    except (SubmissionError, RosterError, GradebookError, ClassroomError) as error:
        raise Refusal(str(error), USAGE) from None
    except UnprotectedError as error:
        way = "`dlkit doctor` says how to get what is missing; --unsafe-no-isolation grades all the same, and marks the results"
        raise Refusal(f"No submission was run: {error}. {way}.", USAGE) from None
    except SpecError as error:
        raise Refusal(f"The assignment cannot be graded: {error}", FAULT) from None
    except OSError as error:
        raise Refusal(f"{error.filename} cannot be written: {error.strerror}", USAGE) from None
    return STOPPED if tally.stopped else FAULT if tally.faulty else PASSED


def _seed_in(path: str) -> int:
    """The seed in a file: one whole number."""
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"{path} cannot be read: {error}", USAGE) from None
    if not text.isdecimal():
        raise Refusal(f"{path} must hold one whole number, the seed. Received: {text[:40]!r}", USAGE)
    return int(text)


def _grade(
    folder: Path,
    path: str | None,
    only: tuple[str, ...],
    seed: int | None,
    timeout: float | None,
    json_path: str | None,
    workers: Source,
    *,
    protected: bool,
) -> Grade:
    from rich.console import Console

    from autograder import grading
    from autograder.assignment import SpecError, load
    from autograder.bench import UnprotectedError
    from autograder.references import References, keeping_folder
    from autograder.report.record import to_json
    from autograder.report.terminal import TerminalReport
    from autograder.submission import SubmissionError, take_in

    try:
        assignment = load(folder)
        workers.warm(assignment.imports)
        select(assignment, only)
        if timeout:
            assignment = assignment.within(timeout)
        submission = take_in(Path(path) if path else folder, assignment.files, own=path is None)
        title = f"{assignment.name}: {assignment.title}" + (f", by {submission.student}" if submission.student else "")
        console = Console(stderr=json_path == "-", highlight=False)
        solutions = grading.solutions_folder(folder, assignment.name)
        module = assignment.files[0].removesuffix(".py")
        with References(assignment, solutions, keeping_folder(), workers) as references:
            with TerminalReport(console, title, len(assignment.select(only)), module) as report:
                result = grading.grade(
                    assignment,
                    submission,
                    references,
                    workers,
                    seed=grading.PUBLIC_SEED if seed is None else seed,
                    only=only,
                    protected=protected,
                    on_start=lambda check: report.start(check.name),
                    on_result=report.line,
                )
            report.details(result)
    except SubmissionError as error:
        raise Refusal(str(error), USAGE) from None
    except SpecError as error:
        raise Refusal(f"The assignment cannot be graded: {error}", FAULT) from None
    except UnprotectedError as error:
        way = "If you trust this submission as your own, add --unsafe-no-isolation; `dlkit doctor` says what is missing"
        raise Refusal(f"The submission was not run: {error}. {way}.", USAGE) from None
    if json_path == "-":
        click.echo(to_json(result))
    elif json_path:
        try:
            Path(json_path).write_text(to_json(result) + "\n", encoding="utf-8")
        except OSError as error:
            raise Refusal(f"{json_path} cannot be written: {error.strerror}", USAGE) from None
    return result


@main.command()
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


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--list", "listed", is_flag=True, help="List the figures and what they show.")
@click.option("--out", default="figures", show_default=True, metavar="DIR", help="The folder to draw into.")
@click.option("--format", "kind", type=click.Choice(("svg", "png")), default="png", show_default=True, help="How to write them.")
@click.option("--submission", metavar="FILE", help="Draw with the functions of this file, not with the reference's.")
@click.option("--handouts", is_flag=True, help="Redraw what the handouts embed; NAMEs are assignments (default: all).")
def figures(names: tuple[str, ...], listed: bool, out: str, kind: str, submission: str | None, handouts: bool) -> None:
    """Draw the lecture's figures from the references, or from a file of your own.

    Without a NAME, all figures are drawn; some train models and take half a minute. --submission runs the given file in
    this process, so give it your own.

    \b
    Examples:
      dlkit figures --list
      dlkit figures xor_surface activations --out slides --format svg
      dlkit figures xor_surface --submission assignments/hw2/xor_mlp.py
      dlkit figures --handouts hw2
    """
    from dlkit import course
    from dlkit.figures import FIGURES, embedded

    try:
        if listed:
            for name, entry in FIGURES.items():
                slow = " (trains models: slow)" if entry.slow else ""
                click.echo(f"{name:24} {', '.join(entry.used_in):9} {entry.shows}{slow}")
        elif handouts:
            folder = course.root() / "assignments"
            for assignment in names or sorted(path.parent.name for path in folder.glob("*/README.md")):
                for name in embedded(assignment):
                    _draw(name, folder / assignment / "figures", "svg", None)
        else:
            for name in names or FIGURES:
                if names or submission is None or FIGURES[name].functions_of:
                    _draw(name, Path(out), kind, submission)
    except course.CourseError as error:
        near = _near(next((name for name in names if name not in FIGURES), ""), list(FIGURES))
        raise Refusal(f"{error}{f' Did you mean {near!r}?' if near and not handouts else ''}", USAGE) from None


def _draw(name: str, folder: Path, kind: str, submission: str | None) -> None:
    import time

    from dlkit.figures import draw

    started = time.perf_counter()
    try:
        path = draw(name, folder, kind, submission, progress=lambda line: click.echo(f"  {line}", err=True))
    except OSError as error:
        raise Refusal(f"{folder} cannot be written: {error.strerror}", USAGE) from None
    click.echo(f"{path}  {path.stat().st_size / 1000:.0f} kB, {time.perf_counter() - started:.1f} s")


@main.command()
@click.argument("model", type=click.Choice(MODELS))
@click.option("--data", metavar="NAME", default="", help="Train on another data set of the model (see above).")
@click.option("--epochs", type=click.IntRange(min=1), metavar="N", help="Passes over the training samples.")
@click.option("--learning-rate", type=click.FloatRange(min=0, min_open=True), metavar="RATE", help="Step size of SGD.")
@click.option("--batch-size", type=click.IntRange(min=1), metavar="N", help="Samples for each step.")
@click.option("--seed", type=click.IntRange(min=0), default=0, metavar="N", help="Another start and another order.")
@click.option("--log-interval", type=click.IntRange(min=1), default=10, metavar="N", help="Batches between two log lines.")
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("runs"),
    metavar="FOLDER",
    help="Where the files go (default: runs).",
)
@click.option("--quiet", is_flag=True, help="Print the result only.")
def train(
    model: str,
    data: str,
    epochs: int | None,
    learning_rate: float | None,
    batch_size: int | None,
    seed: int,
    log_interval: int,
    folder: Path,
    quiet: bool,
) -> None:
    """Train a model of the course with its references, from the data to the saved model.

    \b
    Models, and what they can be trained on (the first by default):
      perceptron       blobs, and, or, xor, moons
      xor-mlp          xor, moons
      regularized-mlp  digits, noisy_digits
      dropout-mlp      digits, noisy_digits
      cnn              mnist (digits28 where there is no network), digits28

    \b
    Examples:
      dlkit train cnn
      dlkit train xor-mlp --data moons --epochs 100 --out runs/moons

    \b
    Exit status: 0 done, 2 wrong usage or a file that is missing.
    """
    import warnings

    from dlkit import course, training

    training.load_tensorflow_quietly()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", UserWarning)
            warnings.showwarning = lambda message, *_: click.echo(f"dlkit: {message}", err=True)
            result = training.run(
                model,
                folder,
                data=data,
                epochs=epochs,
                learning_rate=learning_rate,
                batch_size=batch_size,
                seed=seed,
                log_interval=log_interval,
                log=(lambda line: None) if quiet else click.echo,
            )
    except (course.CourseError, ValueError, OSError) as error:
        raise Refusal(str(error), USAGE) from None
    learned = f"test accuracy {result.test_accuracy:.1%}, test loss {result.test_loss:.4f}"
    click.echo(f"{model} on {result.data}: {learned}, trained in {result.seconds:.0f} s")
    for path in result.files:
        click.echo(f"  {path}")


@main.command()
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


GRADEBOOK = click.option(
    "--gradebook", default="gradebook.db", show_default=True, metavar="PATH|URL", help="Where results are kept."
)
COURSE = click.option("--course", metavar="TOML", help="The course's policies (default: course.toml, if there is one).")


@main.command()
@click.argument("assignment")
@GRADEBOOK
@COURSE
@click.option("--csv", "csv_path", metavar="PATH", help="Write the marks as CSV; - for stdout.")
def marks(assignment: str, gradebook: str, course: str | None, csv_path: str | None) -> None:
    """Show what counts: the grades of a class by the policies of the course.

    Due dates, late days, tokens, attempts, dropped checks, extra credit and what was set by hand; each mark says what became
    of the raw score, which stays in the gradebook.

    \b
    Examples:
      dlkit marks hw2
      dlkit marks hw2 --course course.toml --csv marks.csv
    """
    from rich.console import Console

    from autograder.gradebook import Gradebook, GradebookError
    from autograder.marks import marks as marks_of
    from autograder.marks import to_csv
    from autograder.report.progress import print_marks

    name = Path(assignment).name
    try:
        policies = _policies(course)
        with Gradebook(_there(gradebook)) as book:
            found = marks_of(book, policies, name)
    except GradebookError as error:
        raise Refusal(str(error), USAGE) from None
    if not found:
        raise Refusal(f"{gradebook} has no attempt at {name!r}: grade the class first, with --submissions.", USAGE)
    for notice in policies.notices:
        click.echo(f"dlkit: {notice}", err=True)
    if csv_path == "-":
        click.echo(to_csv(found), nl=False)
    elif csv_path:
        try:
            Path(csv_path).write_text(to_csv(found), encoding="utf-8")
        except OSError as error:
            raise Refusal(f"{csv_path} cannot be written: {error.strerror}", USAGE) from None
        click.echo(f"{csv_path} written: {len(found)} students")
    else:
        print_marks(Console(highlight=False), found)


@main.command()
@click.argument("assignment")
@click.argument("student")
@click.option("--check", default="", metavar="NAME", help="A check; without it, the points are for the whole assignment.")
@click.option("--points", type=click.FloatRange(min=0), metavar="N", help="The points that count from now on.")
@click.option("--comment", default="", metavar="TEXT", help="Why; the student is told.")
@click.option("--by", metavar="NAME", help="Who says so (default: the user of this machine).")
@GRADEBOOK
def adjust(assignment: str, student: str, check: str, points: float | None, comment: str, by: str | None, gradebook: str) -> None:
    """Set points or a comment by hand; the raw grade stays beside it.

    \b
    Examples:
      dlkit adjust hw2 s0007 --check sigmoid --points 6 --comment "right, but for a typing error"
      dlkit adjust hw2 s0007 --comment "see me after class"
    """
    import getpass
    from datetime import UTC, datetime

    from autograder.gradebook import Adjustment, Gradebook, GradebookError

    if points is None and not comment:
        raise Refusal("Nothing to set: give --points, --comment, or both.", USAGE)
    name = Path(assignment).name
    at = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        with Gradebook(_there(gradebook)) as book:
            grades = [row.grade for row in book.rows(name) if row.student == student and row.grade]
            names = {one.name for grade in grades for one in grade.checks}
            if check and grades and check not in names:
                near = _near(check, sorted(names))
                raise Refusal(f"{name} has no check {check!r}.{f' Did you mean {near!r}?' if near else ''}", USAGE)
            book.adjust(Adjustment(name, student, points, comment, by or getpass.getuser(), at, check))
    except GradebookError as error:
        raise Refusal(str(error), USAGE) from None
    what = f"{student}, {name}" + (f", {check}" if check else "")
    click.echo(
        f"{what}: {f'{points:g} points' if points is not None else 'a comment'} by hand; `dlkit marks {name}` shows what counts"
    )


def _policies(path: str | None) -> Course:
    """The policies of a course, or those of a course that has none."""
    from autograder.policy import Course as Policies
    from autograder.policy import PolicyError, load

    if path is None and not Path("course.toml").is_file():
        return Policies()
    try:
        return load(Path(path or "course.toml"))
    except PolicyError as error:
        raise Refusal(str(error), USAGE) from None
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}", USAGE) from None


def _there(gradebook: str) -> str:
    """A gradebook that is to be read: a file that is not there is a slip, and no reason to make one."""
    if "://" not in gradebook and not Path(gradebook).is_file():
        raise Refusal(f"There is no gradebook {gradebook}; `dlkit grade ... --submissions` makes one.", USAGE)
    return gradebook


@main.command()
@click.option("--attack", is_flag=True, help="Also grade some hostile programs, and see that each is contained.")
def doctor(attack: bool) -> None:
    """See whether this system can grade strangers' code safely.

    Each protection is tried in a throw-away process: files, network, processes, memory. What is missing comes with how to
    get it. Students who grade their own work need none of this.

    \b
    Examples:
      dlkit doctor
      dlkit doctor --attack

    \b
    Exit status: 0 safe, 1 something that is needed is missing.
    """
    from rich.console import Console

    from autograder.report.terminal import print_finding
    from autograder.sandbox.probe import examine

    console = Console(highlight=False)
    safe = True
    for finding in examine():
        print_finding(console, finding)
        safe = safe and (finding.fine or not finding.needed)
    if attack:
        safe = _attack(console) and safe
    console.print("\nStrangers' code can be graded here." if safe else "\nDo not grade strangers' code here as it is.")
    sys.exit(PASSED if safe else NOT_ALL)


def _attack(console: Console) -> bool:
    """Grade the hostile programs of the self-test; whether all were contained."""
    from autograder.bench import HANDLER
    from autograder.report.terminal import print_trial
    from autograder.sandbox.sources import source
    from autograder.selftest.bait import Bait
    from autograder.selftest.trial import ATTACKS, read, trials

    programs = [read(path) for path in sorted(ATTACKS.glob("*.py"))]
    console.print(f"\n{len(programs)} hostile programs:")
    contained = True
    with Bait() as bait, source(HANDLER) as workers, source(HANDLER) as trusted:
        for trial in trials(programs, workers, trusted, bait):
            print_trial(console, trial)
            contained = contained and not trial.wrong
    return contained


# Shared by the commands -------------------------------------------------------------------------------------------


def find_assignment(name: str) -> Path:
    """The folder that a user means by "assignments/hw2" or "hw2"; ends the program if there is none."""
    for folder in (Path(name), Path("assignments") / name):
        if (folder / "checks.py").is_file():
            return folder
    known = sorted(str(path.parent) for path in Path().glob("assignments/*/checks.py"))
    if Path(name).is_dir():
        raise Refusal(f"{name} is not an assignment: it has no checks.py.{_among(known)}", USAGE)
    near = _near(name, [*known, *(Path(path).name for path in known)])
    raise Refusal(f"There is no assignment {name!r}.{f' Did you mean {near!r}?' if near else _among(known)}", USAGE)


def select(assignment: Assignment, only: tuple[str, ...]) -> None:
    """End the program if a name is neither a check's nor a function's."""
    try:
        assignment.select(only)
    except KeyError as error:
        names = sorted({name for check in assignment.checks for name in (check.name, check.function)})
        near = _near(error.args[0], names)
        hint = f" Did you mean {near!r}?" if near else f" There are: {', '.join(names)}."
        raise Refusal(f"{assignment.name} has no check {error.args[0]!r}.{hint}", USAGE) from None


class Refusal(click.ClickException):
    """Ends the program with one sentence and an exit status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.exit_code = status  # type: ignore[misc]  # click reads it from the instance

    def show(self, file: IO[str] | None = None) -> None:
        """Print the sentence."""
        click.echo(f"dlkit: {self.message}", err=True, file=file)


def _near(name: str, names: list[str]) -> str:
    import difflib

    return next(iter(difflib.get_close_matches(name, names, 1, 0.5)), "")


def _among(known: list[str]) -> str:
    return f" There are: {', '.join(known)}." if known else " Run it in the folder that holds assignments/."
