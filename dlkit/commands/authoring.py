"""For authors: what is derived of an assignment, and classes to try it on."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from dlkit.commands.shared import FAULT, NOT_ALL, PASSED, USAGE, Refusal, find_assignment

LAYOUTS = ("folders", "files", "canvas", "moodle")  # of autograder.sample, which loads NumPy


@click.command()
@click.argument("assignments", nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if something is out of date.")
@click.option("--record", "recording", is_flag=True, help="Also record the answers that stand in for solutions: takes minutes.")
def derive(assignments: tuple[str, ...], check: bool, recording: bool) -> None:
    """Derive stubs from references, and points tables from specs.

    For authors: after a change of solutions/hwN or of checks.py, this rewrites assignments/hwN/<topic>.py and the points
    table in its README.md. Run it before students have begun: it overwrites the stub.

    \b
    Examples:
      dlkit derive assignments/hw2
      dlkit derive --check assignments/*
      dlkit derive --record assignments/hw2
    """
    from autograder.assignment import SpecError, load
    from autograder.derive import handout, stub
    from autograder.grading import solutions_folder
    from autograder.recorded import RECORD, stale
    from dlkit.kit.recording import up_to_date

    outdated = False
    for name in assignments:
        folder = find_assignment(name)
        try:
            assignment = load(folder)
            solutions = solutions_folder(folder, assignment.name)
            texts = {folder / file: stub((solutions / file).read_text(encoding="utf-8"), file) for file in assignment.files}
            readme = folder / "README.md"
            texts[readme] = handout(readme.read_text(encoding="utf-8"), assignment, str(readme))
            if recording and not check and (data := up_to_date(assignment)) is not None:
                (folder / RECORD).write_bytes(data)
                click.echo(f"{folder / RECORD} written")
            elif (folder / RECORD).is_file() and stale(assignment, solutions):
                outdated = True
                click.echo(f"{folder / RECORD} is out of date" + ("" if check else ": --record writes it"))
        except SpecError as error:
            raise Refusal(str(error), FAULT) from None
        except OSError as error:
            raise Refusal(f"{error.filename} cannot be read: {error.strerror}", USAGE) from None
        for path, text in texts.items():
            if path.is_file() and path.read_text(encoding="utf-8") == text:
                continue
            outdated = True
            click.echo(f"{path} is out of date" if check else f"{path} written")
            if not check:
                path.write_text(text, encoding="utf-8")
    sys.exit(NOT_ALL if check and outdated else PASSED)


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
