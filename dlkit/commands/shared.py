"""What the commands share: exit statuses, refusals, and how people name an assignment."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.policy import Course

PASSED, NOT_ALL, USAGE, FAULT, STOPPED = 0, 1, 2, 3, 130

GRADEBOOK = click.option(
    "--gradebook", default="gradebook.db", show_default=True, metavar="PATH|URL", help="Where results are kept."
)
COURSE = click.option("--course", metavar="TOML", help="The course's policies (default: course.toml, if there is one).")


PUT_BACK = "`dlkit update KIT.zip` puts back what is missing from a kit, and leaves your own work as it is."
ABOVE = 3  # folders between a place in a course and its top


class Refusal(click.ClickException):
    """Ends the program with one sentence and an exit status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.exit_code = status  # type: ignore[misc]  # click reads it from the instance

    def show(self, file: IO[str] | None = None) -> None:
        """Print the sentence."""
        click.echo(f"dlkit: {self.message}", err=True, file=file)


def find_assignment(name: str) -> Path:
    """The folder that a user means by "assignments/hw2" or "hw2", anywhere in a course; ends the program if there is none."""
    tops = [Path(*[".."] * up) for up in range(ABOVE + 1)]
    places = [place for top in tops for place in (top / name, top / "assignments" / name)]
    for folder in places:
        if (folder / "checks.py").is_file():
            return folder
    from dlkit.kit import kit_above

    lost = next((folder for folder in places if folder.is_dir() and folder.resolve().parent.name == "assignments"), None)
    if lost is not None and kit_above(lost):
        raise Refusal(f"{lost} has no checks.py, which came with your kit. {PUT_BACK}", USAGE)
    known = sorted(str(path.parent) for path in Path().glob("assignments/*/checks.py"))
    if Path(name).is_dir():
        raise Refusal(f"{name} is not an assignment: it has no checks.py.{among(known)}", USAGE)
    names = [*known, *(Path(path).name for path in known)]
    raise Refusal(f"There is no assignment {name!r}.{meant(name, names, among(known))}", USAGE)


def select(assignment: Assignment, only: tuple[str, ...]) -> None:
    """End the program if a name is neither a check's nor a function's."""
    try:
        assignment.select(only)
    except KeyError as error:
        names = sorted({name for check in assignment.checks for name in (check.name, check.function)})
        hint = meant(error.args[0], names, f" There are: {', '.join(names)}.")
        raise Refusal(f"{assignment.name} has no check {error.args[0]!r}.{hint}", USAGE) from None


def policies_in(path: str | None) -> Course:
    """The policies of a course, or those of a course that has none."""
    from autograder.policy import Course as Policies
    from autograder.policy import PolicyError, load

    if path is None and not Path("course.toml").is_file():
        return Policies()
    try:
        return load(Path(path or "course.toml"))
    except PolicyError as error:
        raise Refusal(str(error), USAGE) from None
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}", USAGE) from None


def existing(gradebook: str) -> str:
    """A gradebook that is to be read: a file that is not there is a slip, and no reason to make one."""
    if "://" not in gradebook and not Path(gradebook).is_file():
        raise Refusal(f"There is no gradebook {gradebook}; `dlkit grade ... --submissions` makes one.", USAGE)
    return gradebook


def meant(name: str, names: list[str], otherwise: str = "") -> str:
    """A question such as "Did you mean 'hw2'?", if a name is nearly one of `names`; else what is said otherwise."""
    import difflib

    near = difflib.get_close_matches(name, names, 1, 0.5)
    return f" Did you mean {near[0]!r}?" if near else otherwise


def among(known: list[str]) -> str:
    """The assignments that there are, or where to look for them."""
    if known:
        return f" There are: {', '.join(known)}."
    above = next((Path(*[".."] * n) for n in range(1, 4) if any(Path(*[".."] * n).glob("assignments/*/checks.py"))), None)
    return " Run it in the folder that holds assignments/" + (f", which is {above} from here." if above else ".")
