"""For instructors: the mistakes of a class, those that have a name and those that have none yet."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.text import meant
from dlkit.commands.shared import COURSE, GRADEBOOK, USAGE, Refusal, find_assignment, opened, policies_in, refusing, write
from dlkit.writing import write_file

if TYPE_CHECKING:
    from autograder.classroom.gradebook import Gradebook
    from autograder.classroom.mistakes import Found

JSON = click.option("--json", "json_path", metavar="PATH", help="Write JSON; - for stdout.")


@click.group()
def misconceptions() -> None:
    """Name the mistakes of a class, and count the known ones.

    Students who make the same mistake give the same wrong answers. `groups` finds them, whether the mistake has a name or not.
    `add` gives it a name and a sentence for students; `remove` undoes this. `list` shows which mistakes are known, and how often
    each was met.

    \b
    Examples:
      dlkit misconceptions groups hw2
      dlkit misconceptions add hw2 --like s0007 --check sigmoid --id sigmoid-off-the-tape "NumPy leaves the tape."
      dlkit misconceptions list hw2
    """


@misconceptions.command()
@click.argument("assignment")
@GRADEBOOK
@COURSE
@click.option(
    "--at-least", type=click.IntRange(min=1), default=2, show_default=True, metavar="N", help="Fewest students in a group."
)
@JSON
def groups(assignment: str, gradebook: str, course: str | None, at_least: int, json_path: str | None) -> None:
    """List students who give the same wrong answers, largest group first.

    Each group shows how many students it has, which cases are wrong, what the students read, since when the answers occur, and
    the shortest of their functions. Small rounding differences do not split a group. The attempt that counts is compared. No
    student code runs.

    \b
    Examples:
      dlkit misconceptions groups hw2
      dlkit misconceptions groups hw2 --at-least 1
    """
    from autograder.report.console import PlainConsole
    from autograder.report.mistakes import print_groups

    name = Path(assignment).name
    with opened(gradebook) as book:
        found = _groups(book, name, course, at_least)
    if json_path:
        write(json_path, _as_json({"assignment": name, "groups": _told(found)}), f"{len(found.groups)} groups")
        return
    console = PlainConsole()
    print_groups(console, found, name)
    if not found.groups:
        click.echo(f"No {at_least} students give the same wrong answers." if at_least > 1 else "Nobody gives a wrong answer.")
    if found.unknown:
        click.echo(
            f"dlkit: {found.unknown} checks with wrong answers are left out: the answers are too large to store.", err=True
        )


@misconceptions.command()
@click.argument("assignment")
@click.argument("sentence", default="")
@click.option("--like", "student", required=True, metavar="STUDENT", help="A student who makes the mistake, by id.")
@click.option("--check", required=True, metavar="NAME", help="The check that the student fails.")
@click.option("--id", "name", required=True, metavar="ID", help="A new short name, such as sigmoid-is-tanh.")
@click.option("--extend", is_flag=True, help="ID exists, and the class named it: add these answers, or change the sentence.")
@click.option(
    "--keep-source",
    is_flag=True,
    help="Also store the student's function, without comments, to know the mistake from other inputs.",
)
@GRADEBOOK
def add(
    assignment: str,
    sentence: str,
    student: str,
    check: str,
    name: str,
    extend: bool,
    keep_source: bool,
    gradebook: str,
) -> None:
    """Name a mistake that the class made: SENTENCE is what students read.

    Stores the student's wrong answers to this check in solutions/hwN/met.observations. The file names no student. From then on,
    whoever gives the same answers to the same inputs reads SENTENCE. Say what is wrong and where to look, but not the solution.
    `dlkit grade ... --regrade` tells those who are graded already. It only runs code again that a limit has stopped.

    Answers alone only match the same inputs: another seed draws other ones. With --keep-source, dlkit also stores the function
    and what it mentions, and runs it in a sandbox for each new seed. So next year's class, and new kits, know the mistake from
    the first day. Read the function first: its text may tell who wrote it.

    \b
    Examples:
      dlkit misconceptions add hw2 --like s0007 --check sigmoid --id sigmoid-off-the-tape "NumPy leaves the tape."
      dlkit misconceptions add hw2 --like s0012 --check sigmoid --id sigmoid-off-the-tape --extend

    \b
    Exit status: 0 done, 2 wrong usage or nothing to name, 3 broken spec or solutions.
    """
    from dlkit.naming import name_mistake, refuse_words

    sentence = " ".join(sentence.split())
    folder = find_assignment(assignment)
    with refusing("Nothing was named", to_be="used"):
        refuse_words(name, sentence, extend)
        with opened(gradebook) as book:
            found = name_mistake(book, folder, student, check, name, sentence, extend=extend, keep_source=keep_source)
    many = f"{len(found.students)} student{'s' * (len(found.students) != 1)}"
    click.echo(f"solutions/{folder.resolve().name}/{found.file} written: {name}, with the answers of {many} to {check}")
    if found.before and found.before != name:
        click.echo(f"So far, these answers were explained as {found.before}; from now on as {name}.")
    if not found.met.source:
        click.echo("It is known for these inputs only. To know it from others, too, add --keep-source.")
    click.echo(f"To tell them: dlkit grade assignments/{folder.resolve().name} --submissions ... --regrade")


@misconceptions.command()
@click.argument("assignment")
@click.argument("name", metavar="ID")
def remove(assignment: str, name: str) -> None:
    """Remove a name that the class gave to a mistake, with its answers.

    Students who were told keep reading it until `dlkit grade ... --regrade`. The author's names are in misconceptions.py: edit
    that file instead.

    \b
    Example:
      dlkit misconceptions remove hw2 sigmoid-off-the-tape
    """
    from autograder.assignment import load, solutions_folder
    from autograder.grading.met import MET, met_in, packed
    from dlkit.naming import among

    folder = find_assignment(assignment)
    with refusing("Nothing was removed", to_be="written"):
        spec = load(folder)
        solutions = solutions_folder(folder, spec.name)
        known = met_in(solutions)
        if name not in known:
            raise Refusal(f"Nothing was removed: the class has named no {name!r}.{meant(name, known, among({*known}))}", USAGE)
        del known[name]
        write_file(solutions / MET, packed(known.values()))
    click.echo(f"solutions/{spec.name}/{MET} written: without {name}")


@misconceptions.command("list")
@click.argument("assignment")
@GRADEBOOK
@JSON
@click.pass_context
def list_(context: click.Context, assignment: str, gradebook: str, json_path: str | None) -> None:
    """List the known mistakes, and how many students have met each.

    Counts every attempt in the gradebook, as it was last graded. Without a gradebook, nothing is counted.

    \b
    Examples:
      dlkit misconceptions list hw2
      dlkit misconceptions list hw2 --json -
    """
    from autograder.assignment import load, solutions_folder
    from autograder.classroom.mistakes import often
    from autograder.grading.met import met_in
    from autograder.grading.references import misconceptions_in
    from autograder.report.console import PlainConsole
    from autograder.report.mistakes import Known, print_known

    folder = find_assignment(assignment)
    with refusing(broken="The assignment cannot be read"):
        spec = load(folder)
        solutions = solutions_folder(folder, spec.name)
        theirs = misconceptions_in(solutions)
        known = [Known(one.id, one.function, one.feedback, "author", True) for one in theirs.values() if not one.harmless]
        known += [Known(one.id, one.function, one.feedback, "class", bool(one.source)) for one in met_in(solutions).values()]
    counts: dict[str, int] = {}
    given = context.get_parameter_source("gradebook") is not click.core.ParameterSource.DEFAULT
    counting = given or Path(gradebook).is_file()
    if counting:
        with opened(gradebook) as book:
            counts = often(book.rows(spec.name))
        known = [replace(one, students=counts.get(one.id, 0)) for one in known]
    others = {name: count for name, count in counts.items() if name not in {one.id for one in known}}
    if json_path:
        about: dict[str, object] = {
            "assignment": spec.name,
            "misconceptions": [vars(one) for one in known],
            "others": others,
        }
        write(json_path, _as_json(about), f"{len(known)} misconceptions")
        return
    print_known(PlainConsole(), known, others)
    if not known:
        click.echo(f"No mistakes are known: solutions/{spec.name} lists none.")
    if not counting:
        click.echo(f"dlkit: there is no {gradebook}, so nothing is counted. Name one with --gradebook.", err=True)


def _groups(book: Gradebook, name: str, course: str | None, at_least: int, only: str = "") -> Found:
    """The groups of a class; ends the program if nobody is graded, or no answers are kept."""
    from autograder.classroom.marks import marks as marks_of
    from autograder.classroom.mistakes import groups as groups_of

    marks = marks_of(book, policies_in(course, book), name)
    if not marks:
        raise Refusal(f"{book.where} has no attempt at {name!r}: grade the class first, with --submissions.", USAGE)
    return groups_of(book, name, marks, at_least, only)


def _told(found: Found) -> list[dict[str, object]]:
    return [{**vars(one), "since": one.since.isoformat() if one.since else None} for one in found.groups]


def _as_json(about: dict[str, object]) -> str:
    return json.dumps(about, ensure_ascii=False, indent=1) + "\n"
