"""For instructors: an assignment for Gradescope and for Classroom 50."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlkit.commands.grading import seed_in
from dlkit.commands.shared import FAULT, USAGE, Refusal, a_folder, find_assignment, keep_others, refusing, select

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.policy.course import Bonus

SHOWN = ("hidden", "after_due_date", "after_published", "visible")  # Gradescope's own words
LEAST_SECONDS, MOST_SECONDS = 60, 40 * 60
MOST_ON_CLASSROOM_50 = 12 * 60  # its action has 15 minutes, and the installation takes some of them
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
@click.option(
    "--bonus",
    type=click.Choice(("cap", "add", "ignore")),
    default="cap",
    show_default=True,
    help="What bonus points do: make up for lost points, add to any score, or nothing.",
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
    bonus: Bonus,
    unsafe: bool,
) -> None:
    """Pack an assignment as an autograder for Gradescope.

    The zip contains dlkit, the assignment and its solutions. Gradescope grades each submission as `dlkit grade --submission`
    does, within its own time and memory limits. Inputs come from a secret seed.

    On Gradescope, choose Ubuntu 22.04 or newer, variant Base. An assignment that uses TensorFlow needs a container with at least
    1 CPU and 1.5 GB: grading takes 750 to 870 MB. For others, such as hw4, the default of 768 MB is enough, and the build
    installs no TensorFlow. README.txt in the zip repeats this.

    Students see every check and its feedback, but no inputs and no expected numbers; staff see these. Students never see checks
    named by --hidden; or, with --visibility after_due_date or after_published, they see them later. Until then, Gradescope also
    hides the total.

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
    settings = Settings(spec.name, seed, tuple(concealed), visibility or "hidden", limit, unsafe, bonus)
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
            keep_others(out, data)
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
@click.option(
    "--out", default="classroom50", show_default=True, metavar="DIR", callback=a_folder, help="Where to write everything."
)
@click.option("--classroom", default="CLASSROOM", show_default=True, metavar="NAME", help="The classroom's short name.")
@click.option(
    "--limit",
    type=click.IntRange(LEAST_SECONDS, MOST_ON_CLASSROOM_50),
    default=480,
    show_default=True,
    metavar="SECONDS",
    help="Time limit for one submission, besides the installation.",
)
def classroom50(assignment: str, out: str, classroom: str, limit: int) -> None:
    """Pack an assignment as an autograder for Classroom 50.

    Writes three things: the folder CLASSROOM/autograders/ASSIGNMENT with autograder.py and what it needs, the runtime block, and
    the content of the template repository.

    The autograder is public, and each student can run it. So it holds recorded answers, no solutions and no secret seed. Its
    score is a claim: use it as feedback, and grade for marks with `dlkit grade --submissions`. `dlkit check-claims` compares.

    Classroom 50 takes whole numbers only, so all scores there are hundredths of a point.

    \b
    Example:
      dlkit classroom50 hw2 --out classroom50 --classroom ml26
    """
    from autograder.assignment import load
    from autograder.inbox.claims import SCALE, SLUG
    from dlkit.packing.classroom50 import MOST, packed, write

    if classroom != "CLASSROOM" and not SLUG.fullmatch(classroom):
        raise Refusal(
            f"--classroom must be 2 to 100 lower-case letters, digits and hyphens, such as ml26. Received: {classroom!r}.", USAGE
        )
    folder = find_assignment(assignment)
    with refusing("The assignment cannot be packed", to_be="read"):
        spec = load(folder)
        if names := ", ".join(check.name for check in spec.checks if check.by_hand):
            raise Refusal(
                f"Classroom 50 takes whole scores only, and a person marks a part of {spec.name}: {names}. "
                "Grade it with `dlkit grade --submissions`.",
                USAGE,
            )
        made = packed(spec, folder, limit)
    with refusing(place=out, to_be="written"):
        bundle, runtime, template = write(made, Path(out), classroom)
    size, most = made.size / 2**20, MOST // 2**20
    click.echo(f"{bundle} written: {spec.name}, {len(spec.checks)} checks, {size:.1f} of at most {most} MB packed")
    click.echo(f"{runtime} written: the runtime block, Python {made.runtime['python']}")
    click.echo(f"{template} written: for the template repository; it has no solutions")
    click.echo(f"Scores are hundredths: {round(SCALE * spec.points)} there are {spec.points:g} points here.")


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
