"""`dlkit milestone`: an experiment with a student's own functions, which shows that what they wrote learns."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlkit.commands.opening import opened
from dlkit.commands.shared import FAULT, NOT_ALL, PASSED, STOPPED, USAGE, Refusal, find_assignment, refusing

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.assignment import Assignment
    from autograder.assignment.predictions.milestones import Milestone, Step
    from autograder.grading.reaching import Reached
    from autograder.submission.responses import Response

OUT = "predictions"  # the folder for pictures, as of `dlkit predict`
KINDS = ("png", "svg")


@click.command()
@click.argument("assignment")
@click.argument("names", nargs=-1, metavar="[STEP]...")
@click.option("--live", is_flag=True, help="Draw the curves while training runs.")
@click.option("--list", "listed", is_flag=True, help="List the steps and what came of them; run nothing.")
@click.option("--figure", metavar="PATH", help=f"Where to write the picture, PNG or SVG (default: {OUT}/hwN/milestone.png).")
@click.option("--no-figure", is_flag=True, help="Write no picture.")
@click.option("--torch", is_flag=True, help="Also run the lecture's PyTorch program beside your Net (hw6).")
@click.option("--open", "opens", is_flag=True, help="Open the picture.")
def milestone(
    assignment: str,
    names: tuple[str, ...],
    live: bool,
    listed: bool,
    figure: str | None,
    no_figure: bool,
    torch: bool,
    opens: bool,
) -> None:
    """See whether what you wrote learns.

    A milestone has a few steps. Each runs a short experiment with your own functions, and compares one number with a bound. A
    step waits until the functions that it needs pass their checks. The picture shows curves, weights and mistakes.

    What came of each step is kept in milestone.toml and handed in with your work. It is not graded.

    \b
    Examples:
      dlkit milestone hw2
      dlkit milestone hw6 --live
      dlkit milestone hw6 reads-digits --figure digits.svg
      dlkit milestone hw6 --torch

    \b
    Exit status: 0 every step reached, 1 not yet, 2 wrong usage, 3 broken milestone or grader error, 130 stopped.
    """
    folder = find_assignment(assignment)
    with refusing("The milestone did not run", to_be="read", broken="The milestone cannot be used"):
        spec, found, before = _loaded(folder)
        steps = _chosen(found, names, spec.name, torch)
        path = _path(spec.name, figure) if not no_figure else None
    if listed:
        _list(found.steps if not names else steps, before)
        return
    from autograder.report.console import PlainConsole

    console = PlainConsole()
    try:
        results = _results(console, folder, spec, found, steps, live)
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nStopped; nothing was written.", err=True)
        raise SystemExit(STOPPED) from None
    _finish(console, folder, spec, found, before, results, path, opens)
    raise SystemExit(PASSED if all(one.kept for one in results) else NOT_ALL)


def _loaded(folder: Path) -> tuple[Assignment, Milestone, dict[str, Response]]:
    """The spec of an assignment, its milestone, and what came of it the last time."""
    from autograder.assignment import load
    from autograder.assignment.predictions.loading import load_milestone
    from dlkit.milestones.keeping import kept

    spec = load(folder)
    found = load_milestone(folder, spec)
    if found is None:
        raise Refusal(f"{spec.name} has no milestone: there is no milestone.py in {folder}.", USAGE)
    return spec, found, kept(folder)


def _chosen(found: Milestone, names: Sequence[str], assignment: str, torch: bool) -> list[Step]:
    from dlkit.milestones.choosing import ChoiceError, chosen

    try:
        return chosen(found, names, assignment, torch=torch, option="--torch")
    except ChoiceError as error:
        raise Refusal(str(error), USAGE) from None


def _path(assignment: str, figure: str | None) -> Path:
    path = Path(figure) if figure else Path(OUT, assignment, "milestone.png")
    if path.suffix.removeprefix(".") not in KINDS:
        raise Refusal(f"--figure needs a file that ends in .png or .svg. Received: {figure}.", USAGE)
    return path


def _list(steps: Sequence[Step], before: dict[str, Response]) -> None:
    for one in steps:
        last = before.get(one.name)
        click.echo(f"{one.name}: {one.shows}")
        click.echo(f"  {one.measures}: it must be {one.bound}{' (with --torch)' if one.beside else ''}")
        click.echo(f"  {f'the last time: {last.answer}' if last else 'not run yet'}")


def _results(
    console: Console, folder: Path, spec: Assignment, found: Milestone, steps: Sequence[Step], live: bool
) -> list[Reached]:
    """Run the steps, and print what came of each as soon as it is known."""
    from autograder.submission import take_in
    from dlkit.milestones.choosing import program_for
    from dlkit.milestones.live import watching
    from dlkit.milestones.running import Course, run

    reached: list[Reached] = []
    with refusing("The milestone did not run", folder, "read", broken="The milestone cannot be used"):
        files = take_in(folder, spec.files, own=True).files
        with opened(folder, spec) as (possible, references, workers), watching(console, live) as shown:
            course = Course(possible, folder, found, references, workers)
            program = program_for(steps, shown.tell)
            for one in run(course, files, steps, on_points=shown.show, tell=shown.tell, program=program):
                shown.pause()
                _print(console, one, live)
                reached.append(one)
    return reached


def _print(console: Console, one: Reached, live: bool) -> None:
    """A step, its verdict, and what its curves do; with --live, the plot stays above that."""
    from rich.padding import Padding
    from rich.text import Text

    from dlkit.milestones.live import axes_for
    from dlkit.milestones.plot import curves_of, plot
    from dlkit.milestones.words import lines_of, verdict

    sign, ascii_sign, words, style = verdict(one)
    sign = sign if "utf" in console.encoding else ascii_sign
    console.print(Text.assemble((f"{sign} {words}", style), ("  "), (one.step.name, "bold"), f": {one.step.shows}"))
    if live and one.points and console.is_terminal and not console.is_dumb_terminal and not console.no_color:
        console.print(Text("\n".join(plot(curves_of(one.points), axes_for(console, one.step)))))
    for label, text in lines_of(one):
        console.print(Padding(Text.assemble((f"{label}: ", "dim"), text), (0, 0, 0, 4), expand=False))


def _finish(
    console: Console,
    folder: Path,
    spec: Assignment,
    found: Milestone,
    before: dict[str, Response],
    results: Sequence[Reached],
    path: Path | None,
    opens: bool,
) -> None:
    """Keep what came of it, write the picture, and say how far it is."""
    from dlkit.milestones.keeping import keep
    from dlkit.milestones.picture import in_words
    from dlkit.milestones.words import summary

    with refusing("What came of it was not kept", folder, "written"):
        keep(folder, spec.name, before, results, [one.name for one in found.steps])
    if path is not None and (words := in_words(results)):
        _write(path, results, f"{spec.name}: {spec.title}")
        console.print(f"\n{path} written. {words}")
        if opens:
            click.launch(str(path))
    console.print(f"\n{summary(results, spec.name)}")


def _write(path: Path, results: Sequence[Reached], title: str) -> None:
    from dlkit.commands.shared import keep_others
    from dlkit.figures.style import rendered
    from dlkit.milestones.picture import picture
    from dlkit.writing import write_file

    try:
        data = rendered(picture(results, title), path.suffix.removeprefix("."))
    except Exception as error:  # what a stranger's numbers do to a drawing is no reason to lose the results
        raise Refusal(f"The picture could not be drawn: {type(error).__name__}: {error}. The results are kept.", FAULT) from None
    with refusing("The picture was not written", path, "written"):
        keep_others(str(path), data)
        write_file(path, data, parents=True)
