"""`dlkit hint`: hints for deriving a formula, level by level."""

from __future__ import annotations

import click

from dlkit.commands.shared import USAGE, Refusal, find_assignment, refusing


@click.command()
@click.argument("assignment")
@click.argument("function", required=False)
@click.option("--level", type=click.IntRange(1, 3), metavar="N", help="Give the hints up to this level: 1, 2 or 3.")
def hint(assignment: str, function: str | None, level: int | None) -> None:
    """Give the next hint for a formula that you derive.

    Some docstrings leave out the formula, because deriving it is the task. There are three hints for each: a question, the step
    in the handout, and the formula. Each call gives one more. Without FUNCTION, the functions with hints are listed.

    Hints cost no points. The levels that you took are kept in hints.toml next to your work, and `dlkit submit` packs them.

    \b
    Examples:
      dlkit hint hw2
      dlkit hint hw2 backward_221
      dlkit hint hw2 backward_221 --level 3

    \b
    Exit status: 0 done, 2 wrong usage, 3 the assignment cannot be used.
    """
    folder = find_assignment(assignment)
    if level is not None and function is None:
        raise Refusal("--level needs a FUNCTION.", USAGE)
    from autograder.assignment import LEVELS, load
    from dlkit.hinting import KINDS, taken, tell

    with refusing("No hint was given", to_be="written", broken="The assignment cannot be used"):
        spec = load(folder)
        if function is None:
            levels = taken(folder)
            for name in spec.levels:
                had = levels.get(name, 0)
                click.echo(f"{name}: {f'{had} of {LEVELS} hints taken' if had else 'no hint taken'}")
            if not spec.levels:
                click.echo(f"{spec.name} has no hints for derivations.")
            return
        told = tell(folder, spec, function, level)
    click.echo(f"{function}: hints for deriving the formula")
    for line in told.lines:
        click.echo(f"  {line}")
    if told.level < LEVELS:
        click.echo(f"The next hint is {KINDS[told.level]}: dlkit hint {spec.name} {function}")
    else:
        click.echo("That was the last hint. Hints cost no points.")
