"""Kits: what instructors hand out, and what students do with it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlkit.commands.shared import USAGE, Refusal, a_folder, find_assignment, refusing

if TYPE_CHECKING:
    from dlkit.kit import Changes


@click.command()
@click.argument("assignments", nargs=-1, required=True)
@click.option(
    "--out",
    default="kit",
    show_default=True,
    metavar="DIR|ZIP",
    help="A new or empty folder, a kit, or a .zip; - for a zip to stdout.",
)
@click.option("--zip", "zipped", is_flag=True, help="Also write DIR.zip, to upload for students.")
@click.option("--upload", metavar="TEXT", help="Where students hand in, such as an address; dlkit fills in {assignment}.")
def release(assignments: tuple[str, ...], out: str, zipped: bool, upload: str | None) -> None:
    """Make a kit for students, with recorded answers instead of solutions.

    A kit contains handouts, stubs, specs and dlkit as a wheel, but no solutions. Instead, it has the recorded answers of the
    references and of known mistakes, as numbers and sentences. With them, `dlkit grade` works as it does here, for the public
    seed. The first time, recording takes up to a minute for
    each assignment.

    If DIR is an older kit, everything in it is updated, but files that somebody has edited stay.

    \b
    Examples:
      dlkit release hw2 hw3 --out kit --zip
      dlkit release assignments/* --out kit.zip --upload "https://example.org/course/{assignment}"

    \b
    Exit status: 0 done, 2 wrong usage or a folder that cannot be used, 3 broken spec or reference.
    """
    from autograder.assignment import load
    from dlkit.kit import Manifest, older_in, take_in
    from dlkit.kit.making import make
    from dlkit.kit.recording import recorded
    from dlkit.writing import write_file

    target = Path(out) if Path(out).name else Path(out).resolve()  # "." has no name to put .zip behind
    folders = [find_assignment(name) for name in dict.fromkeys(assignments)]
    with refusing("No kit was made", out):
        older = Manifest() if out == "-" else older_in(target)
        beside = [folders[0].parent / name for name in older.work]  # what is in it already stays in it
        folders = sorted({folder.resolve(): folder for folder in (*beside, *folders) if folder.is_dir()}.values())
        specs = [(load(folder), folder) for folder in folders]
        kit = make(specs, recorded, older.upload if upload is None else upload)
        if out == "-":
            click.echo(kit.to_zip("kit"), nl=False)
            return
        alone = target.suffix.lower() == ".zip"
        archive = target if alone else target.with_name(f"{target.name}.zip")
        if not alone:
            _report(take_in(kit, target), target)
        if alone or zipped:
            write_file(archive, kit.to_zip(archive.stem), parents=True)
            click.echo(f"{archive}: {', '.join(sorted(kit.work))}, {archive.stat().st_size / 1e6:.1f} MB")


@click.command()
@click.argument("kit")
@click.option("--in", "folder", default=".", metavar="DIR", help="The kit to update (default: the one you are in).")
def update(kit: str, folder: str) -> None:
    """Update your kit from a newer one, and keep your own work.

    Updates handouts, specs and recorded answers, and adds new assignments. Files that you have edited stay as they are. If the
    stub of such a file has changed, the new stub is put next to your file.

    \b
    Example:
      dlkit update ~/Downloads/kit.zip
    """
    from dlkit.kit import KitError, kit_above, read, take_in

    with refusing("Nothing was changed", folder, "written"):
        target = kit_above(Path(folder))
        if target is None:
            raise KitError(f"{folder} is not in a kit (no kit.json in this folder or above). Go to the folder of your kit first")
        changes = take_in(read(Path(kit)), target)
    _report(changes, target)
    if any(path.startswith("wheels/") for path in changes.written):
        click.echo("This kit has a newer dlkit: run `pip install -r requirements.txt` again.")
    elif "requirements.txt" in changes.written:
        click.echo("This kit needs more libraries: run `pip install -r requirements.txt` again.")


@click.command()
@click.argument("assignment")
@click.option("--out", metavar="FILE", help="The zip to write; - for stdout (default: ASSIGNMENT-submission.zip).")
@click.option("--anyway", is_flag=True, help="Pack even unfinished or ungraded work.")
@click.option(
    "--request", "requests", multiple=True, metavar="TEXT", help="Ask for another look; begin with CHECK: to name a check."
)
def submit(assignment: str, out: str | None, anyway: bool, requests: tuple[str, ...]) -> None:
    """Pack your work into a zip to hand in.

    It checks that all files are there, that you have edited them, and that you have graded their current version. Then it says
    where to upload the zip. With --request, your instructor reads what you ask for.

    \b
    Examples:
      dlkit submit hw2
      dlkit submit hw2 --request "softmax: I think that my answer is right for an empty batch"
      dlkit submit hw2 --anyway --out ada-hw2.zip
    """
    from autograder.assignment import load
    from autograder.submission import take_in
    from dlkit.kit import KitError
    from dlkit.kit.handing_in import pack, where_to_upload
    from dlkit.writing import write_file

    folder = find_assignment(assignment)
    with refusing("Nothing is ready to hand in", out or "", "written", broken="The assignment cannot be read"):
        spec = load(folder)
        target = Path(out or f"{spec.name}-submission.zip")
        if target.suffix.lower() != ".zip" and out != "-":
            raise KitError(f"--out must end in .zip. Received: {target}")
        files = take_in(folder, spec.files, own=True).files
        names = {check.name for check in spec.checks}
        asked = [_request(text, names) for text in requests]
        packed = pack(folder, spec.name, files, anyway=anyway, requests=asked)
        if out == "-":
            click.echo(packed.data, nl=False)
            for warning in packed.warnings:
                click.echo(f"dlkit: {warning}", err=True)
            return
        write_file(target, packed.data, parents=True)
        if dict(take_in(target, spec.files, student="me").files) != dict(files):
            raise KitError(f"{target} was not written correctly; run the command again")
        where = where_to_upload(folder, spec.name)
    for warning in packed.warnings:
        click.echo(f"dlkit: {warning}", err=True)
    click.echo(f"{target}: {', '.join(packed.files)}" + (f", last graded {packed.score}" if packed.score else ""))
    click.echo(f"Upload it: {where}" if where else f"Upload {target.name} where your course asks for {spec.name}.")


@click.command()
@click.argument("folder", metavar="DIR", callback=a_folder)
@click.argument("names", nargs=-1, metavar="[ASSIGNMENT]...")
@click.option("--solutions", metavar="DIR|ZIP", help="Where the solutions are, if they are not next to this dlkit.")
def init(folder: str, names: tuple[str, ...], solutions: str | None) -> None:
    """Create a course with assignments, policies, and solutions if it finds them.

    \b
    Examples:
      dlkit init course
      dlkit init course hw1 hw2 --solutions dlkit-0.1.0/solutions
    """
    from dlkit.kit.laying_out import lay_out

    target = Path(folder)
    with refusing("No course was laid out", folder):
        wanted, without = lay_out(target, names, Path(solutions) if solutions else None)
    click.echo(f"{target}: {', '.join(wanted)}; course.toml holds the policies, README.md the next steps")
    if without:
        click.echo(
            f"Without solutions: {', '.join(without)}. These are graded with recorded answers, for the public seed only. To "
            "grade a class you need the solutions from dlkit's source distribution or repository; add them with --solutions."
        )


def _request(text: str, checks: Collection[str]) -> tuple[str, str]:
    """The check that a request is about, "" for the whole, and what it says."""
    from autograder.submission.asking import MOST_CHARACTERS

    name, colon, rest = text.partition(":")
    about = (name.strip(), rest.strip()) if colon and name.strip() in checks else ("", text.strip())
    if not about[1] or len(about[1]) > MOST_CHARACTERS:
        raise Refusal(f"--request needs a text of at most {MOST_CHARACTERS} characters. Received: {len(about[1])}.", USAGE)
    return about


def _report(changes: Changes, folder: Path) -> None:
    """Say what taking in a kit did."""
    count = len(changes.written)
    click.echo(f"{folder}: {count} file{'s' * (count != 1)} written" if count else f"{folder}: everything is up to date")
    for path in changes.kept:
        new = changes.beside.get(path)
        click.echo(
            f"  {path}: kept, because you edited it" + (f"; its stub has changed, and the new stub is {new}" if new else "")
        )
    for path, saved in changes.saved.items():
        click.echo(f"  {path}: replaced; your edited version is now {saved}")
    for path in changes.removed:
        click.echo(f"  {path}: removed, because it is no longer in the kit")
