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
UNSAFE = click.option("--unsafe-no-isolation", "unsafe", is_flag=True, help="Grade even if nothing there protects the solutions.")


@click.command()
@click.argument("assignment")
@click.option("--out", default="autograder.zip", show_default=True, metavar="ZIP", help="Where to write the zip; - for stdout.")
@click.option("--hidden", metavar="CHECK", multiple=True, help="Hide this check or function (repeatable).")
@click.option("--visible", metavar="CHECK", multiple=True, help="Show only this check or function (repeatable).")
@click.option("--visibility", type=click.Choice(SHOWN), help="When students see hidden checks (without --hidden: all checks).")
@click.option("--seed-file", metavar="PATH", help="File with the secret seed (default: drawn now, stored only in the zip).")
@click.option(
    "--limit",
    type=click.IntRange(LEAST_SECONDS, MOST_SECONDS),
    default=600,
    show_default=True,
    metavar="SECONDS",
    help="The time limit that you set on Gradescope.",
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
    """Pack an assignment as an autograder for Gradescope.

    The zip contains dlkit, the assignment and its solutions. Gradescope grades each submission as `dlkit grade --submission`
    does, within its own time and memory limits. Inputs come from a secret seed.

    On Gradescope, choose Ubuntu 22.04 or newer, variant Base, and a container with at least 1 CPU and 1.5 GB. The default of 768
    MB is too small: with TensorFlow, grading takes 750 to 870 MB. README.txt in the zip repeats this.

    Students see every check and its feedback, except checks named by --hidden. They never see those; or, with --visibility
    after_due_date or after_published, they see them later. While a check is hidden, Gradescope also hides the total.

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
        raise Refusal("--hidden and --visible cannot be used together; give one of them.", USAGE)
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
    told = f"{where} written: {spec.name}, {len(spec.checks)} checks, {len(concealed)} of them hidden at first"
    click.echo(f"{told}\n\nOn Gradescope:\n{what_to_choose(spec, settings)}", nl=False, err=to_stdout)
    if worst > settings.seconds:
        there = f"would take {worst:.0f} s, but only {settings.seconds:.0f} s are available"
        left = "cases left by then count as timed out. Set a longer --limit, here and on Gradescope"
        click.echo(f"dlkit: a submission that times out in every case {there}: {left}.", err=True)
    if unsafe:
        click.echo("dlkit: packed without protection: a submission may be able to read the solutions.", err=True)


@click.command()
@click.argument("assignment")
@click.option("--out", default=".", show_default=True, metavar="DIR", callback=a_folder, help="The template repository's folder.")
@click.option(
    "--course-repository",
    "course",
    required=True,
    metavar="OWNER/NAME",
    help="A private repository that has your assignments/ and solutions/.",
)
@click.option(
    "--limit",
    type=click.IntRange(LEAST_SECONDS, MOST_SECONDS),
    default=600,
    show_default=True,
    metavar="SECONDS",
    help="Time limit for one submission.",
)
@UNSAFE
def github(assignment: str, out: str, course: str, limit: int, unsafe: bool) -> None:
    """Write the workflow of a GitHub Classroom assignment.

    It grades each push, shows the student what `dlkit grade` shows, and reports the points.

    Students' repositories contain no solutions. The workflow reads them from a private repository, with a token that the
    organization stores as the secret COURSE_TOKEN. Anyone who can push can change the workflow and read what the token reads. Use
    these points as feedback, and grade for marks with `dlkit grade --submissions`. The first lines of the file say more.

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
            f"The assignment's folder may have only letters, digits and . _ - in its name. Received: {spec.name!r}.",
            USAGE,
        )
    path = Path(out) / WORKFLOW
    with refusing(to_be="written"):
        write_file(path, workflow(spec, course, limit=limit, unsafe=unsafe).encode(), parents=True)
    click.echo(f"{path} written: {spec.name}, {len(spec.checks)} checks, solutions from {course} with the secret {TOKEN}")


def _loaded(folder: Path) -> tuple[Assignment, Path]:
    """The spec in a folder, and where its reference lies; ends the program if either cannot be used."""
    from autograder.assignment import load, solutions_folder
    from autograder.grading.references import misconceptions_in, reference_files

    with refusing("The assignment cannot be packed"):
        spec = load(folder)
        solutions = solutions_folder(folder, spec.name)
        reference_files(spec, solutions)
        misconceptions_in(solutions)
    return spec, solutions
