"""`dlkit predict`: questions before results, and results beside what was predicted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.text import meant
from dlkit.commands.opening import opened
from dlkit.commands.shared import STOPPED, USAGE, Refusal, a_folder, find_assignment, refusing

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.assignment import Assignment
    from autograder.assignment.predictions import Predictions, Question
    from autograder.submission.responses import Response
    from dlkit.predicting.showing import Shown


@click.command()
@click.argument("assignment")
@click.argument("names", nargs=-1, metavar="[QUESTION]...")
@click.option("--list", "listed", is_flag=True, help="List the questions and your predictions; ask nothing.")
@click.option("--answer", metavar="TEXT", help="Answer one QUESTION without being asked.")
@click.option("--out", default="predictions", show_default=True, metavar="DIR", callback=a_folder, help="The folder for figures.")
@click.option("--format", "kind", type=click.Choice(("png", "svg")), default="png", show_default=True, help="File format.")
@click.option("--no-figures", is_flag=True, help="Show results as text only.")
@click.option("--recorded", is_flag=True, help="Name the kit's own figures, where your functions do not work yet.")
@click.option("--open", "opens", is_flag=True, help="Open the figures.")
def predict(
    assignment: str,
    names: tuple[str, ...],
    listed: bool,
    answer: str | None,
    out: str,
    kind: str,
    no_figures: bool,
    recorded: bool,
    opens: bool,
) -> None:
    """Predict a result, then see it, computed by your own functions.

    dlkit asks each question that you have not answered yet, and keeps your answers in predictions.toml. Then it shows the results
    and says why they are so. A result needs your functions; until they pass, your prediction waits. If it needs a stretch
    function that you left out, dlkit names the kit's own figure.

    Predictions are handed in with your work. They are never graded. Your first answer is kept; if you change it, your new answer
    is kept beside it.

    \b
    Examples:
      dlkit predict hw4
      dlkit predict hw4 best-degree
      dlkit predict hw4 best-degree --answer 2
      dlkit predict hw4 --list

    \b
    Exit status: 0 done, 2 wrong usage, 3 broken questions or grader error, 130 stopped.
    """
    folder = find_assignment(assignment)
    if answer is not None and len(names) != 1:
        raise Refusal(f"--answer needs one QUESTION. Received: {len(names)}.", USAGE)
    with refusing("Nothing was predicted", to_be="read", broken="The questions cannot be used"):
        spec, predictions, responses = _loaded(folder)
        questions = _chosen(predictions, names, spec.name)
    if listed:
        _list(questions, responses)
        return
    from autograder.report.console import PlainConsole

    console = PlainConsole()
    try:
        with refusing("Your answer was not kept", to_be="written"):
            _ask(folder, spec, questions, responses, answer, named=bool(names))
        done = [one for one in questions if one.name in responses]
        if done:
            _show(console, folder, spec, predictions, responses, done, "" if no_figures else kind, Path(out), recorded, opens)
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nStopped; your answers so far are kept.", err=True)
        raise SystemExit(STOPPED) from None
    waiting = [one.name for one in questions if one.name not in responses]
    if waiting:
        click.echo(f"Not answered yet: {', '.join(waiting)}. Run `dlkit predict {spec.name}` again.")


def _loaded(folder: Path) -> tuple[Assignment, Predictions, dict[str, Response]]:
    """The spec of an assignment, its questions, and the predictions that were made."""
    from autograder.assignment import load
    from autograder.assignment.predictions.loading import load as load_predictions
    from dlkit.predicting.keeping import kept

    spec = load(folder)
    predictions = load_predictions(folder, spec)
    if predictions is None:
        raise Refusal(f"{spec.name} has no questions to predict: there is no predictions.py in {folder}.", USAGE)
    return spec, predictions, kept(folder)


def _chosen(predictions: Predictions, names: Sequence[str], assignment: str) -> list[Question]:
    known = [one.name for one in predictions.questions]
    for name in names:
        if name not in known:
            hint = meant(name, known, f" There are: {', '.join(known)}.")
            raise Refusal(f"{assignment} has no question {name!r}.{hint}", USAGE)
    return [one for one in predictions.questions if not names or one.name in names]


def _list(questions: Sequence[Question], responses: dict[str, Response]) -> None:
    for one in questions:
        response = responses.get(one.name)
        click.echo(f"{one.name}: {one.ask}")
        _options(one)
        changed = f", changed to: {response.second}" if response and response.second else ""
        click.echo(f"  {f'your prediction: {response.answer}{changed}' if response else f'not answered yet ({one.how})'}")


def _ask(
    folder: Path,
    spec: Assignment,
    questions: Sequence[Question],
    responses: dict[str, Response],
    answer: str | None,
    *,
    named: bool,
) -> None:
    """Ask what was not answered yet, and keep each answer at once."""
    from dlkit.predicting.keeping import answered, keep

    for one in questions:
        before = responses.get(one.name)
        if answer is None and before is not None:
            continue
        try:
            text = one.read(answer) if answer is not None else _answer(one)
        except ValueError as error:
            raise Refusal(f"{one.name} expects {error}. Received: {answer}.", USAGE) from None
        if text is None:
            continue
        responses[one.name] = answered(before, one, text)
        keep(folder, spec.name, responses)
        if before is not None and text != before.answer:
            click.echo(f"{one.name}: your first answer, {before.answer}, stays; the new one is kept beside it.")


def _answer(question: Question) -> str | None:
    """What somebody answers; None where they skip the question, or nobody is there to answer."""
    click.echo(f"\n{question.name}: {question.ask}")
    _options(question)
    while True:
        try:
            text: str = click.prompt(f"Your prediction ({question.how}; Enter to skip)", default="", show_default=False)
        except click.Abort:
            import sys

            if sys.stdin.isatty():
                raise
            click.echo()
            return None  # no more lines in a file or a pipe
        if not text.strip():
            return None
        try:
            return question.read(text)
        except ValueError as error:
            click.echo(f"dlkit: expected {error}. Received: {text}.", err=True)


def _options(question: Question) -> None:
    for number, option in enumerate(getattr(question, "options", ()), 1):
        click.echo(f"  {number}. {option}")


def _show(
    console: Console,
    folder: Path,
    spec: Assignment,
    predictions: Predictions,
    responses: dict[str, Response],
    questions: Sequence[Question],
    kind: str,
    out: Path,
    recorded: bool,
    opens: bool,
) -> None:
    """Compute the results, keep them with the predictions, and print them."""
    from autograder.submission import take_in
    from dlkit.predicting.keeping import keep
    from dlkit.predicting.report import report
    from dlkit.predicting.showing import Course, shown

    with refusing("The results cannot be shown", out, "written", broken="The results cannot be computed"):
        files = take_in(folder, spec.files, own=True).files
        starting = console.status("starting Python and its libraries")
        with opened(folder, spec) as (possible, references, workers), starting as status:
            course = Course(possible, folder, predictions, references, workers)
            results = shown(course, files, responses, questions, kind=kind, tell=status.update)
        for one in results:
            responses[one.question.name] = one.response
        keep(folder, spec.name, responses)
        pictures = _pictures(results, out / spec.name, kind)
    stretch = {check.function for check in spec.checks if check.stretch}  # without it, the result is to be seen all the same
    wanted = [one for one in questions if recorded or stretch & {*one.needs}]
    kits = {one.name: path for one in wanted if (path := _recorded(folder, one))}
    report(console, results, pictures, kits)
    for path in dict.fromkeys(pictures.values()) if opens else ():
        click.launch(str(path))


def _pictures(results: Sequence[Shown], folder: Path, kind: str) -> dict[str, Path]:
    """Write the figures; where each question's is."""
    from dlkit.writing import write_file

    found: dict[str, Path] = {}
    for one in results:
        if one.figure:
            found[one.question.name] = path = folder / f"{one.pictured}.{kind}"
            write_file(path, one.figure, parents=True)
    return found


def _recorded(folder: Path, question: Question) -> Path | None:
    """The kit's own figure of a question's result."""
    from dlkit.figures import RESULTS

    path = folder / RESULTS / f"{question.figure}.svg"
    return path if question.figure and path.is_file() else None
