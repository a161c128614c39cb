"""`dlkit ask`: questions about one's own code, made by running it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlkit.commands.shared import (
    NOT_ALL,
    STOPPED,
    USAGE,
    Refusal,
    find_assignment,
    refusing,
    write,
)

if TYPE_CHECKING:
    from autograder.asking.keeping import Reply
    from autograder.assignment import Assignment
    from autograder.report.asked import Asked
    from autograder.sandbox.workers import Source
    from dlkit.asking import Round

WORKERS = ("auto", "fork", "spawn")
LEAD = "Nothing was asked"
UNPROTECTED = "If you trust this submission as your own, add --unsafe-no-isolation. `dlkit doctor` shows what is missing."


@click.command()
@click.argument("assignment")
@click.option("--seed", type=click.IntRange(0, 10**9), metavar="N", help="Ask the questions of this seed (default: new ones).")
@click.option("--count", type=click.IntRange(1, 20), default=5, show_default=True, metavar="N", help="How many questions.")
@click.option("--answers", metavar="A,B,...", help="Give all answers at once, such as 1,3,-,2 (- for none); needs --seed.")
@click.option(
    "--json", "json_path", metavar="PATH", help="Write the questions as JSON, with results if --answers is given; - for stdout."
)
@click.option("--sheet", metavar="FILE.html", help="Write the questions to print, with the key on a page of its own.")
@click.option("--submission", "path", metavar="PATH", help="Ask about this file, folder or archive. Nothing is kept.")
@click.option("--gradebook", metavar="PATH|URL", help="With --sheet: one page for each student of a graded class.")
@click.option("--submissions", "inbox", metavar="DIR|ZIP", help="With --sheet: the same for a class that is not graded yet.")
@click.option("--student", "students", metavar="NAME", multiple=True, help="Of a class: only this student (repeatable).")
@click.option(
    "--unsafe-no-isolation", "unsafe", is_flag=True, help="Run other people's work even if nothing protects your files."
)
@click.option("--worker", "kind", type=click.Choice(WORKERS), default="auto", help="How workers start (default: fork on Linux).")
@click.option("--no-warm", is_flag=True, help="Leave no process behind that speeds up the next command, and use none.")
def ask(
    assignment: str,
    seed: int | None,
    count: int,
    answers: str | None,
    json_path: str | None,
    sheet: str | None,
    path: str | None,
    gradebook: str | None,
    inbox: str | None,
    students: tuple[str, ...],
    unsafe: bool,
    kind: str,
    no_warm: bool,
) -> None:
    """Ask five questions about your own code that passes.

    The questions are made by running your functions: the shape of a variable, how often a line runs, what changes without a line.
    After each answer, you see what the run showed. Nothing counts for marks. Your answers are kept in explanations.toml next to
    your work, and `dlkit submit` packs them.

    With --sheet, the questions are printed for a short oral examination: for one submission, or for a class with --gradebook or
    --submissions. If a student's work cannot be used, the page says so, and the others get theirs.

    \b
    Examples:
      dlkit ask hw2
      dlkit ask hw2 --seed 7
      dlkit ask hw2 --seed 7 --answers 1,3,2,4,1
      dlkit ask hw2 --sheet questions.html
      dlkit ask hw2 --gradebook gradebook.db --sheet oral.html
      dlkit ask hw2 --submissions inbox.zip --student s0007 --sheet oral.html

    \b
    Exit status: 0 done, 1 nothing to ask, 2 wrong usage, 3 grader error, 130 stopped.
    """
    folder = find_assignment(assignment)
    _refuse_mixtures(answers, seed, json_path, sheet, path, gradebook, inbox, students)
    from autograder.sandbox.workers import source
    from dlkit.asking import new_seed

    with refusing(LEAD):
        of_a_class = bool(gradebook or inbox)
        workers = source("autograder.observing:serve", kind, stays=not (of_a_class or no_warm), few=not of_a_class)
    seed = new_seed() if seed is None else seed
    try:
        if gradebook or inbox:
            from dlkit.commands.asking_class import class_sheet

            where = (gradebook, inbox)
            sys.exit(class_sheet(folder, where, students, str(sheet), seed, count, protected=not unsafe, workers=workers))
        else:
            _one(folder, path, seed, count, answers, json_path, sheet, unsafe, workers)
    except KeyboardInterrupt:
        click.echo("\nStopped.", err=True)
        sys.exit(STOPPED)
    finally:
        workers.close()


def _refuse_mixtures(
    answers: str | None,
    seed: int | None,
    json_path: str | None,
    sheet: str | None,
    path: str | None,
    gradebook: str | None,
    inbox: str | None,
    students: Sequence[str],
) -> None:
    """End the program where options do not fit each other."""
    if answers is not None and seed is None:
        raise Refusal("--answers needs --seed: without it, the questions are new ones.", USAGE)
    if sheet and (answers is not None or json_path):
        raise Refusal(f"--sheet cannot be used with {'--answers' if answers is not None else '--json'}.", USAGE)
    of_class = "--gradebook" if gradebook else "--submissions" if inbox else ""
    if of_class and (not sheet or path):
        raise Refusal(f"{of_class} needs --sheet, and cannot be used with --submission.", USAGE)
    if gradebook and inbox:
        raise Refusal("--gradebook and --submissions are two classes. Choose one of them.", USAGE)
    if students and not of_class:
        raise Refusal("--student is for a class: add --gradebook or --submissions, and --sheet.", USAGE)


@contextmanager
def asking() -> Iterator[None]:
    """End the program with a sentence where nothing can be asked."""
    from autograder.asking.sitting import UnaskableError
    from autograder.grading.bench import UnprotectedError

    try:
        with refusing(LEAD, broken="The assignment cannot be used"):
            yield
    except UnaskableError as error:
        raise Refusal(f"{LEAD}: {error}.", NOT_ALL) from None
    except UnprotectedError as error:
        raise Refusal(f"No submission was run: {error}. {UNPROTECTED}", error.status) from None


def _one(
    folder: Path,
    path: str | None,
    seed: int,
    count: int,
    answers: str | None,
    json_path: str | None,
    sheet: str | None,
    unsafe: bool,
    workers: Source,
) -> None:
    """Ask about one submission."""
    from autograder.submission import ALONE, take_in

    with asking():
        from autograder.assignment import course_of, load
        from autograder.grading.grade import as_far_as_possible

        assignment = as_far_as_possible(load(folder))
        workers.warm(assignment.imports)
        course = course_of(assignment) if path else ALONE
        submission = take_in(Path(path) if path else folder, assignment.files, own=path is None, course=course)
        round_ = _round(assignment, folder, submission.files, path is None, seed, count, path is not None and not unsafe, workers)
    if sheet:
        write_sheet(sheet, assignment, [page_of(round_, submission.student)], seed)
    elif json_path and answers is None:
        _write_json(json_path, round_, [])
    else:
        _replies(folder if path is None else None, round_, answers, json_path)


def _round(
    assignment: Assignment,
    folder: Path,
    files: Mapping[str, str],
    own: bool,
    seed: int,
    count: int,
    protected: bool,
    workers: Source,
) -> Round:
    """Have a submission graded, unless it is known what passes, and choose the questions."""
    from autograder.assignment import solutions_folder
    from autograder.grading.recorded import references_of
    from autograder.grading.references import keeping_folder
    from dlkit.asking import checks_of, prepare, working_functions
    from dlkit.kit.handing_in import working_before

    passed = working_before(folder, assignment.name, files) if own else None
    if passed is not None:
        working = [name for name, checks in checks_of(assignment).items() if checks <= {*passed}]
    else:
        click.echo("Grading your work first ...", err=True)
        solutions = solutions_folder(folder, assignment.name)
        with references_of(assignment, solutions, keeping_folder(), workers) as references:
            working = working_functions(assignment, files, references, workers, protected=protected)
    return prepare(
        assignment,
        files,
        working,
        workers,
        seed=seed,
        count=count,
        protected=protected,
        on_function=lambda name: click.echo(f"Running {name} ...", err=True),
    )


def _replies(folder: Path | None, round_: Round, answers: str | None, json_path: str | None) -> None:
    """Ask, or take the answers that were given, and keep them."""
    from autograder.report.asked import summary
    from dlkit.asking import NO_MARKS, answered, ask, keep

    to_stdout = json_path == "-"
    if answers is not None:
        try:
            replies = answered(round_, answers.split(","))
        except ValueError as error:
            raise Refusal(f"{LEAD}: {error}.", USAGE) from None
        if not to_stdout:
            _tell(round_, replies)
    else:
        count = len(round_.questions)
        click.echo(f"\n{round_.assignment}: {count} question{'s' * (count != 1)} about your own code. {NO_MARKS}")
        click.echo(f"{round_.fewer}\n" if round_.fewer else "")
        replies = ask(round_, input, click.echo)
    if replies and not to_stdout:
        click.echo(summary(sum(reply.right for reply in replies), len(replies)))
    if replies and folder is not None:
        click.echo(keep(folder, replies, round_.assignment), err=to_stdout)
    if not to_stdout:
        click.echo(f"The same questions again: dlkit ask {round_.assignment} --seed {round_.seed}")
    if json_path:
        _write_json(json_path, round_, replies)


def _tell(round_: Round, replies: Sequence[Reply]) -> None:
    """Every question with the answer that was given, and what the run showed."""
    from autograder.report.asked import verdict

    for reply in replies:
        click.echo(f"{round_.told(reply.question)}\n\nYour answer: {reply.answer or 'none'}")
        click.echo(f"{verdict(reply.question, reply.answer)}\n")


def _write_json(path: str, round_: Round, replies: Sequence[Reply]) -> None:
    from dlkit.asking import as_data

    write(path, json.dumps(as_data(round_, replies), indent=2, ensure_ascii=False) + "\n", f"{len(round_.questions)} questions")


def page_of(round_: Round, student: str, name: str = "") -> Asked:
    """The page of a student's questions."""
    from autograder.report.asked import Asked as Page

    questions = [(question, round_.lines(question)) for question in round_.questions]
    return Page(student, name or student, questions, round_.fewer)


def write_sheet(path: str, assignment: Assignment, everybody: Sequence[Asked], seed: int) -> None:
    """Write the questions of some students, to be printed."""
    from autograder.report.asked import sheet

    count = sum(len(one.questions) for one in everybody)
    title = f"{assignment.name}: {assignment.title}"
    write(path, sheet(title, everybody, seed), f"{count} questions, and the key on the last pages")
