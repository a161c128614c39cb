"""For instructors: submissions that have much in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlkit.commands.shared import GRADEBOOK, USAGE, Number, Refusal, a_folder, find_assignment, opened, refusing, ungraded
from dlkit.writing import write_file, write_folder

if TYPE_CHECKING:
    from autograder.classroom.gradebook import Row
    from autograder.classroom.similarity import Pair

TOOLS = ("jplag", "dolos", "compare50")  # as in `export.comparing`, which is imported only where it is needed
INDEX = "index.html"
WRITTEN = re.compile(r"index\.html|pair-\d+\.html")


@click.command()
@click.argument("assignment")
@GRADEBOOK
@click.option(
    "--at-least",
    type=Number(0, 1, min_open=True),
    default=0.95,
    show_default=True,
    metavar="SHARE",
    help="List pairs that share at least this part of the smaller submission.",
)
@click.option("--most", type=click.IntRange(min=1), default=50, show_default=True, metavar="N", help="Most pairs to list.")
@click.option("--out", metavar="DIR", callback=a_folder, help="Write a side-by-side page for each pair, and an index.html.")
@click.option(
    "--to",
    nargs=2,
    type=(click.Choice(TOOLS), str),
    metavar=f"[{'|'.join(TOOLS)}] DIR",
    help="Instead of comparing, lay out the class for this tool in a new or empty folder.",
)
@click.option("--anonymous", metavar="KEY.csv", help="With --to: number the submissions, and write whose they are to this file.")
def similar(
    assignment: str,
    gradebook: str,
    at_least: float,
    most: int,
    out: str | None,
    to: tuple[str, str] | None,
    anonymous: str | None,
) -> None:
    """List similar submissions: a lead, never a verdict.

    Compares the newest attempts of a class and ignores code from the stub. Comments, white space and variable names do not count.
    Code that few students wrote counts more.

    JPlag, Dolos and compare50 show more than this command does. --to writes the same submissions as they read them, with the stub
    as code that does not count, and prints the command to run next. Nothing is sent anywhere.

    \b
    Examples:
      dlkit similar hw2
      dlkit similar hw2 --at-least 0.8 --out similar-hw2
      dlkit similar hw2 --to jplag jplag-hw2
      dlkit similar hw2 --to dolos dolos-hw2 --anonymous key-hw2.csv
    """
    from autograder.classroom.similarity import CAVEAT, apart, handed_out, newest
    from autograder.classroom.similarity import similar as similar_of
    from autograder.report.sidebyside import index, page

    folder = find_assignment(assignment)
    name = folder.resolve().name
    if out and to:
        raise Refusal("--to and --out cannot be used together; give one of them.", USAGE)
    if out:
        _ours(Path(out))
    if to or anonymous:
        _may_lay_out(to, anonymous)
    with refusing(broken="The assignment cannot be read"):
        with opened(gradebook) as book:
            gradebook = book.where
            rows = book.rows(name, cases=False)
            last = newest(rows)
            groups = {person.id: person.group for person in book.people()}
            works = {student: book.texts(row.files or "") for student, row in last.items()}
        stub = handed_out(folder)
        alike = similar_of(works, stub, at_least=at_least) if len(works) > 1 and not to else []
        pairs = apart(alike, rows, groups)
    if not rows:
        raise ungraded(gradebook, name)
    if not stub:
        click.echo(f"dlkit: {folder} has no stub, so code from the template counts as each student's own.", err=True)
    everybody = {student for row in rows for student in row.everybody}
    if to and len(works) > 1:
        _lay_out(*to, last, works, stub, anonymous)
    if without := len(everybody - {student for row in last.values() for student in row.everybody}):
        click.echo(f"dlkit: {without} of the class have no readable submission.", err=True)
    if within := len(alike) - len(pairs):
        told = "pair is from one group, so it is" if within == 1 else "pairs are from one group each, so they are"
        click.echo(f"dlkit: {within} {told} not listed.", err=True)
    if len(works) < 2:
        click.echo(f"{len(works)} submission{'s' * (len(works) != 1)}: there is nothing to compare.")
    if to or len(works) < 2:
        return
    listed = pairs[:most]
    if pairs:
        _print(listed, {student: (row.name, row.number) for student, row in last.items()})
        if len(listed) < len(pairs):
            click.echo(f"and {len(pairs) - len(listed)} more pairs; change the list with --most and --at-least.")
        click.echo(f"\n{CAVEAT}")
    else:
        click.echo(f"Of {len(works)} submissions, no two have {100 * at_least:g} % or more in common.")
    if out:
        called = {student: f"{student}, {row.name}" if row.name else student for student, row in last.items()}
        with refusing(place=out, to_be="written"):
            _write(
                Path(out),
                (page(pair, works, stub, called, back=INDEX) for pair in listed),
                lambda names: index(name, listed, names, at_least=at_least, count=len(pairs), names=called),
            )
        click.echo(f"{Path(out) / INDEX} written: {len(listed)} pair{'s' * (len(listed) != 1)} side by side")


def _may_lay_out(to: tuple[str, str] | None, key: str | None) -> None:
    """End the program where a layout, or the key to it, would take the place of something or give away whose each work is."""
    if to is None:
        raise Refusal("--anonymous needs --to: it is about the names in that folder.", USAGE)
    folder = Path(to[1])
    if to[1] == "-":
        raise Refusal("--to needs a folder, and a folder cannot go to standard output. Received: -.", USAGE)
    with refusing(place=folder, to_be="written to"):
        first = next((entry.name for entry in sorted(folder.iterdir())), "") if folder.exists() else ""
    if first:
        raise Refusal(f"{folder} must be a new or empty folder. Received: a folder that holds {first}. Choose another.", USAGE)
    if key is None:
        return
    if Path(key).resolve().is_relative_to(folder.resolve()):
        raise Refusal(f"The key must not lie in {folder}, which others may see. Received: {key}. Choose another place.", USAGE)
    if Path(key).exists():
        raise Refusal(f"{key} is there already, and may be the key to an earlier folder. Choose another name.", USAGE)


def _lay_out(
    tool: str, out: str, last: Mapping[str, Row], works: Mapping[str, Mapping[str, str]], stub: Mapping[str, str], key: str | None
) -> None:
    """Write a class as another tool reads it, and say what to run."""
    from autograder.export.comparing import TOOLS, as_typed, works_of

    listed, names = works_of(last, works, anonymous=key is not None)
    made = TOOLS[tool](listed, stub, out)
    with refusing(place=key or out, to_be="written"):
        if key:  # first: without it, nobody could tell whose the works are
            write_file(Path(key), names.encode(), parents=True)
        write_folder(Path(out), made.texts)
    what = f"{len(listed)} submissions" + (" and the stub" if stub else "")
    click.echo(f"{out} written: {what}, for {tool}. Run next:\n\n  {as_typed(made.command)}\n")
    if key:
        click.echo(f"{key} written: whose each submission is. Keep it to yourself.")
        click.echo("dlkit: names in comments or texts of the submissions are still there.", err=True)


def _print(pairs: Sequence[Pair], last: Mapping[str, tuple[str, int]]) -> None:
    """A table of pairs."""
    from rich.text import Text

    from autograder.report.console import PlainConsole, Rows, print_rows
    from autograder.report.sidebyside import percent
    from autograder.text import shown

    table = Rows(numbers=["in common"])
    for title in ("first", "second"):
        table.add_words(title)
        table.add_numbers("attempt")
    for pair in pairs:
        cells = [Text(percent(pair.share))]
        for student in (pair.first, pair.second):
            called, number = last[student]
            cells += [Text.assemble((shown(student), "bold"), f"  {shown(called)}"), Text(str(number))]
        table.add_row(*cells)
    print_rows(PlainConsole(), table)


def _ours(folder: Path) -> None:
    """End the program if a folder holds something else than what is written here."""
    try:
        other = next((entry.name for entry in sorted(folder.iterdir()) if not WRITTEN.fullmatch(entry.name)), None)
    except FileNotFoundError:
        return
    except OSError as error:
        raise Refusal(f"{folder} cannot be written to: {error.strerror}. Choose another folder with --out.", USAGE) from None
    if other:
        raise Refusal(
            f"{folder} must be new, empty, or a folder that this command wrote. "
            f"Received: a folder that holds {other}. Choose another with --out.",
            USAGE,
        )


def _write(folder: Path, pages: Iterable[str], index: Callable[[Sequence[str]], str]) -> None:
    """The pages, numbered, and then the index: while there is none, they are not complete."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in (folder / INDEX, *folder.glob("pair-*.html")):
        old.unlink(missing_ok=True)
    names = []
    for number, page in enumerate(pages, start=1):
        names.append(f"pair-{number:03}.html")
        (folder / names[-1]).write_text(page, encoding="utf-8")
    (folder / INDEX).write_text(index(names), encoding="utf-8")
