"""For instructors: an assignment for Gradescope and for GitHub Classroom."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlkit.commands.grading import seed_in
from dlkit.commands.shared import FAULT, USAGE, Refusal, a_folder, find_assignment, refusing, select

if TYPE_CHECKING:
    from autograder.assignment import Assignment

SHOWN = ("hidden", "after_due_date", "after_published", "visible")  # Gradescope's own words
LEAST_SECONDS, MOST_SECONDS = 60, 40 * 60
UNSAFE = click.option(
    "--unsafe-no-isolation", "unsafe", is_flag=True, help="Grade even where nothing there protects the solutions."
)


@click.command()
@click.argument("assignment")
@click.option("--out", default="autograder.zip", show_default=True, metavar="ZIP", help="Where to write the zip; - for stdout.")
@click.option("--hidden", metavar="CHECK", multiple=True, help="Do not show this check or function (repeatable).")
@click.option("--visible", metavar="CHECK", multiple=True, help="Show this check or function, and no other (repeatable).")
@click.option("--visibility", type=click.Choice(SHOWN), help="When what is hidden is shown; without --hidden, all is.")
@click.option("--seed-file", metavar="PATH", help="The secret seed (default: drawn now, kept in the zip only).")
@click.option(
    "--limit",
    type=click.IntRange(LEAST_SECONDS, MOST_SECONDS),
    default=600,
    show_default=True,
    metavar="SECONDS",
    help="The time that is set on Gradescope.",
)
@UNSAFE
def gradescope(
    assignment: str,
    out: str,
    hidden: tuple[str, ...],
    visible: tuple[str, ...],
    visibility: str | None,
    seed_file: str | None,
    limit: int,
    unsafe: bool,
) -> None:
    """Pack an assignment for Gradescope, to be graded there as here.

    The zip holds dlkit, the assignment and its solutions; each submission is graded as by `dlkit grade --submission`, within
    Gradescope's time and memory, and the inputs have a secret seed.

    On Gradescope, choose Ubuntu 22.04 or newer, variant Base, and a container of 1 CPU and 1.5 GB or more: the default of
    768 MB is too small for TensorFlow, with which grading takes 750 to 870 MB. README.txt in the zip says it again.

    Students see every check and its feedback. Those named by --hidden are never shown, or by --visibility
    after_due_date or after_published; as long as one is hidden, Gradescope hides the total, too.

    \b
    Examples:
      dlkit gradescope hw2 --out autograder.zip
      dlkit gradescope hw2 --hidden train_xor --visibility after_due_date
    """
    from autograder.assignment import SpecError
    from dlkit.packing.gradescope import gradescope as packed
    from dlkit.packing.gradescope import what_to_choose
    from dlkit.packing.on_gradescope import Settings
    from dlkit.packing.within import longest
    from dlkit.writing import write_file

    if hidden and visible:
        raise Refusal("--hidden names what is not shown, --visible what is; give one of them.", USAGE)
    folder = find_assignment(assignment)
    spec, solutions = _loaded(folder)
    select(spec, hidden or visible)
    names = {check.name for check in spec.select(hidden or visible)}
    concealed = [one.name for one in spec.checks if (one.name in names) != bool(visible)]
    if not (hidden or visible or visibility):
        concealed = []
    seed = seed_in(seed_file) if seed_file else secrets.randbits(62)
    settings = Settings(spec.name, seed, tuple(concealed), visibility or "hidden", limit, unsafe)
    try:
        worst = longest(spec, seed)
        data = packed(spec, folder, solutions, settings)
    except (SpecError, OSError) as error:
        raise Refusal(f"The assignment cannot be packed: {error}", FAULT) from None
    to_stdout = out == "-"
    with refusing(to_be="written"):
        if to_stdout:
            click.echo(data, nl=False)
        else:
            write_file(Path(out), data, parents=True)
    where = "stdout" if to_stdout else out
    told = f"{where} written: {spec.name}, {len(spec.checks)} checks, {len(concealed)} of them not shown at once"
    click.echo(f"{told}\n\nOn Gradescope:\n{what_to_choose(spec, settings)}", nl=False, err=to_stdout)
    if worst > settings.seconds:
        there = f"would take {worst:.0f} s, and {settings.seconds:.0f} s are there for it"
        left = "what is not asked by then counts as timed out. A longer --limit, set on Gradescope too, helps"
        click.echo(f"dlkit: a submission in which every case runs out of time {there}: {left}.", err=True)
    if unsafe:
        click.echo("dlkit: packed to grade without protection: a submission may be able to read the solutions.", err=True)


@click.command()
@click.argument("assignment")
@click.option("--out", default=".", show_default=True, metavar="DIR", callback=a_folder, help="The template repository's folder.")
@click.option(
    "--course-repository",
    "course",
    required=True,
    metavar="OWNER/NAME",
    help="The private repository that holds assignments/ and solutions/.",
)
@click.option(
    "--limit",
    type=click.IntRange(LEAST_SECONDS, MOST_SECONDS),
    default=600,
    show_default=True,
    metavar="SECONDS",
    help="The time for one submission.",
)
@UNSAFE
def github(assignment: str, out: str, course: str, limit: int, unsafe: bool) -> None:
    """Write the workflow of a GitHub Classroom assignment.

    It grades each push, shows the student what `dlkit grade` shows, and reports the points.

    The students' repositories hold no solutions: the workflow reads them from a private repository, with a token that the
    organization keeps as the secret COURSE_TOKEN. But who can push can change a workflow, and so read what the token reads:
    take its points as feedback, and grade what counts with `dlkit grade --submissions`. The file's first lines say more.

    \b
    Example:
      dlkit github hw2 --out hw2-template --course-repository my-org/course
    """
    from dlkit.packing.github import TOKEN, WORKFLOW, workflow
    from dlkit.writing import write_file

    if not re.fullmatch(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+", course):
        raise Refusal(f"--course-repository must be OWNER/NAME, such as my-org/course. Received: {course!r}.", USAGE)
    spec, _ = _loaded(find_assignment(assignment))
    if not re.fullmatch(r"[A-Za-z0-9._-]+", spec.name):
        raise Refusal(
            f"A workflow names the assignment's folder: letters, digits and . _ - only. Received: {spec.name!r}.", USAGE
        )
    path = Path(out) / WORKFLOW
    with refusing(to_be="written"):
        write_file(path, workflow(spec, course, limit=limit, unsafe=unsafe).encode(), parents=True)
    click.echo(f"{path} written: {spec.name}, {len(spec.checks)} checks, solutions from {course} with the secret {TOKEN}")


def _loaded(folder: Path) -> tuple[Assignment, Path]:
    """The spec in a folder, and where its reference lies; ends the program if either cannot be used."""
    from autograder.assignment import load
    from autograder.grading.grade import solutions_folder
    from autograder.grading.references import misconceptions_in, reference_files

    with refusing("The assignment cannot be packed"):
        spec = load(folder)
        solutions = solutions_folder(folder, spec.name)
        reference_files(spec, solutions)
        misconceptions_in(solutions)
    return spec, solutions
