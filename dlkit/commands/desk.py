"""`dlkit desk`: the course in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlkit.commands.shared import ABOVE, COURSE, GRADEBOOK, USAGE, Refusal, opened, policies_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograder.classroom.gradebook import Gradebook
    from autograder.policy import Course


@click.command()
@GRADEBOOK
@COURSE
@click.option("--by", "names", multiple=True, metavar="NAME", help="Who reads; once for each person (default: your user name).")
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="The port (default: any that is free).")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def desk(gradebook: str, course: str | None, names: tuple[str, ...], port: int, no_browser: bool) -> None:
    """Read, mark and comment submissions in your browser.

    Shows each student's code next to its verdicts. You give points and comments by hand, find equal wrong answers, and see the
    whole class. What you write is in the gradebook at once, and so in marks, feedback and exports. You can use the desk while a
    grading runs.

    The desk only answers on this machine, and only at the address it prints. Everybody with that address reads under your name:
    with several --by, everybody gets an address. Stop the desk with Ctrl-C.

    \b
    Examples:
      dlkit desk
      dlkit desk --by ada --by ben --no-browser
      dlkit desk --gradebook postgresql+psycopg://user@host/grades --course course.toml
    """
    import getpass

    try:
        from dlkit.desk.desk import Desk
        from dlkit.desk.serving import Server, open_in_browser
    except ModuleNotFoundError as error:
        raise Refusal(f"The desk needs {error.name}, which is not installed: pip install 'dlkit[desk]'.", USAGE) from None

    people = tuple(dict.fromkeys(" ".join(name.split())[:200] for name in names or (getpass.getuser(),)))
    if not all(people):
        raise Refusal("--by needs a name. Received: ''.", USAGE)
    with opened(gradebook) as book:
        found = Desk(book, _policies(book, course), _home(), Path(course or "course.toml").parent)
        if not found.roll.assignments():
            raise Refusal(f"{book.where} has no submissions: grade a class first, with --submissions.", USAGE)
        for name in found.roll.assignments():
            found.roll.works(name)
        try:
            server = Server(found, people, port)
        except OSError as error:
            raise Refusal(f"Port {port} cannot be used: {error.strerror}. Choose another with --port.", USAGE) from None
        for name, address in server.addresses.items():
            click.echo(f"{name}: {address}")
        click.echo("Whoever has an address reads and writes under its name. Stop with Ctrl-C.")
        leads = None if no_browser else open_in_browser(next(iter(server.addresses.values())))
        try:
            server.serve_here()
        finally:
            if leads is not None:
                leads.unlink(missing_ok=True)


def _policies(book: Gradebook, course: str | None) -> Callable[[], tuple[Course, object]]:
    """The policies, read again where their file has changed; what cannot be read leaves those that were there before."""
    path = Path(course or "course.toml")
    last: list[tuple[Course, object]] = [(policies_in(course, book), _stamp(path))]

    def policies() -> tuple[Course, object]:
        now = _stamp(path)
        if now != last[0][1]:
            try:
                last[0] = policies_in(course, book), now
            except Refusal as error:
                last[0] = last[0][0], now
                click.echo(f"dlkit: the policies stay as they were. {error.message}", err=True)
        return last[0]

    return policies


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _home() -> Path:
    """The folder of the course, here or above; here where there is none."""
    places = [Path(*[".."] * up) for up in range(ABOVE + 1)]
    return next((place for place in places if (place / "assignments").is_dir()), Path())
