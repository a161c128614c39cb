"""Kits: what instructors hand out, and what students do with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlkit.commands.shared import find_assignment, refusing

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from dlkit.kit import Changes, Manifest


@click.command()
@click.argument("assignments", nargs=-1, required=True)
@click.option(
    "--out",
    default="kit",
    show_default=True,
    metavar="DIR|ZIP",
    help="A new or empty folder, a kit, or a .zip; - for a zip to stdout.",
)
@click.option("--zip", "zipped", is_flag=True, help="Write DIR.zip as well, to be uploaded for students.")
@click.option("--upload", metavar="TEXT", help="Where students hand in, such as an address; {assignment} is filled in.")
def release(assignments: tuple[str, ...], out: str, zipped: bool, upload: str | None) -> None:
    """Make what students get: stubs, handouts, specs, dlkit as a wheel, and recorded answers in place of solutions.

    `dlkit grade` works in a kit as it does here, for the public seed. No solution is in it: what the references and the
    known mistakes answer is recorded, as numbers and sentences. The first time, that takes up to a minute for each assignment.

    Over an older kit, what is in it already is brought up to date too, and a file that somebody worked in stays.

    \b
    Examples:
      dlkit release hw2 hw3 --out kit --zip
      dlkit release assignments/* --out kit.zip --upload "https://example.org/course/{assignment}"

    \b
    Exit status: 0 done, 2 wrong usage or a folder that cannot be used, 3 a spec or a reference is broken.
    """
    from autograder.assignment import load
    from dlkit.kit import take_in
    from dlkit.kit.making import make
    from dlkit.kit.recording import recorded
    from dlkit.writing import write_file

    target = Path(out) if Path(out).name else Path(out).resolve()  # "." has no name to put .zip behind
    alone = target.suffix.lower() == ".zip" or out == "-"
    folders = [find_assignment(name) for name in dict.fromkeys(assignments)]
    with refusing("No kit was made", out):
        older = _older(target, alone)
        beside = [folders[0].parent / name for name in older.work]  # what is in it already stays in it
        folders = sorted({folder.resolve(): folder for folder in (*beside, *folders) if folder.is_dir()}.values())
        specs = [(load(folder), folder) for folder in folders]
        kit = make(specs, recorded, _stub, older.upload if upload is None else upload)
        if out == "-":
            click.echo(kit.to_zip("kit"), nl=False)
            return
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
    """Take in a newer kit, and keep what you have written.

    Handouts, specs and recorded answers are brought up to date, and assignments that are new are added. A file that you
    have written in stays as it is; where its stub has changed, the new one is put beside it.

    \b
    Example:
      dlkit update ~/Downloads/kit.zip
    """
    from dlkit.kit import KitError, kit_above, read, take_in

    with refusing("Nothing was changed", folder, "written"):
        target = kit_above(Path(folder))
        if target is None:
            raise KitError(
                f"{folder} is not in a kit (there is no kit.json in it or above it): go to the folder of your kit first"
            )
        changes = take_in(read(Path(kit)), target)
    _report(changes, target)
    if any(path.startswith("wheels/") for path in changes.written):
        click.echo("dlkit itself is newer in this kit: run `pip install -r requirements.txt` as you did at first.")


@click.command()
@click.argument("assignment")
@click.option("--out", metavar="FILE", help="The zip to write; - for stdout (default: ASSIGNMENT-submission.zip).")
@click.option("--anyway", is_flag=True, help="Pack what is unfinished, or was not graded as it is.")
def submit(assignment: str, out: str | None, anyway: bool) -> None:
    """Pack your work into one zip, to be handed in.

    It checks that the files that are asked for are there, that you have written in them, and that you have graded them as
    they are now; then it says where to upload the zip.

    \b
    Examples:
      dlkit submit hw2
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
            raise KitError(f"what is handed in is a zip. Received: --out {target}; expected a name that ends in .zip")
        files = take_in(folder, spec.files, own=True).files
        packed = pack(folder, spec.name, files, anyway=anyway)
        if out == "-":
            click.echo(packed.data, nl=False)
            for warning in packed.warnings:
                click.echo(f"dlkit: {warning}", err=True)
            return
        write_file(target, packed.data, parents=True)
        if dict(take_in(target, spec.files, student="me").files) != dict(files):
            raise KitError(f"{target} was not written as it should be: pack once more")
        where = where_to_upload(folder, spec.name)
    for warning in (*packed.warnings, *_unreadable(files)):
        click.echo(f"dlkit: {warning}", err=True)
    click.echo(f"{target}: {', '.join(packed.files)}" + (f", last graded {packed.score}" if packed.score else ""))
    click.echo(f"Upload it: {where}" if where else f"Upload {target.name} where your course asks for {spec.name}.")


def _unreadable(files: Mapping[str, str]) -> list[str]:
    """A warning for each of one's own files that is no Python."""
    from autograder.cells import read
    from autograder.observing.importing import explain_syntax

    found = []
    for name, text in files.items():
        try:
            read(text, name)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            found.append(f"This cannot be read as Python, and will earn nothing as it is: {explain_syntax(error, name, text)}.")
    return found


@click.command()
@click.argument("folder", metavar="DIR")
@click.argument("names", nargs=-1, metavar="[ASSIGNMENT]...")
@click.option("--solutions", metavar="DIR|ZIP", help="Where the solutions are, if they are not beside this dlkit.")
def init(folder: str, names: tuple[str, ...], solutions: str | None) -> None:
    """Lay out a course of the packaged assignments, in a new folder: assignments, policies, and solutions if they are at hand.

    \b
    Examples:
      dlkit init course
      dlkit init course hw1 hw2 --solutions dlkit-0.1.0/solutions
    """
    from dlkit.kit import KitError
    from dlkit.kit.laying_out import lay_out
    from dlkit.writing import write_file

    target = Path(folder)
    with refusing("No course was laid out", folder):
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            received = "a file" if target.is_file() else "a folder with something in it"
            raise KitError(f"{folder} must be a new or an empty folder. Received: {received}")
        files, wanted, without = lay_out(names, Path(solutions) if solutions else None)
        for path, data in files.items():
            write_file(target / path, data, parents=True)
    click.echo(f"{target}: {', '.join(wanted)}; course.toml has the policies, README.md the next steps")
    if without:
        click.echo(
            f"Without solutions: {', '.join(without)}. These are graded by recorded answers, for the public seed only; a class "
            "needs the solutions, which are in dlkit's source distribution and repository (give them with --solutions)."
        )


def _stub(assignment: Assignment, file: str) -> bytes:
    """A file as students get it: derived of the reference, or as it lies in the folder where there is none."""
    from autograder.authoring.derive import stub
    from autograder.grading.grade import solutions_folder

    assert assignment.folder is not None  # noqa: S101 - it was loaded from there
    reference = solutions_folder(assignment.folder, assignment.name) / file
    if reference.is_file():
        return stub(reference.read_text(encoding="utf-8"), file).encode()
    return (assignment.folder / file).read_bytes()


def _older(target: Path, alone: bool) -> Manifest:
    """What the older kit says that is to be replaced, if there is one.

    Raises:
        KitError: there is something else in its place.
    """
    from dlkit.kit import MANIFEST, KitError, Manifest, manifest_in, read

    if alone:
        if target.is_dir():
            raise KitError(f"{target} must be a zip. Received: a folder")
        return read(target).manifest if target.exists() else Manifest()  # refuses what is no kit
    if target.exists() and not target.is_dir():
        raise KitError(f"{target} must be a folder, or a name that ends in .zip. Received: a file")
    if not target.is_dir() or not any(target.iterdir()):
        return Manifest()
    found = manifest_in(target)
    if found is None:
        raise KitError(f"{target} must be a new or an empty folder, or an older kit. Received: a folder without {MANIFEST}")
    return found


def _report(changes: Changes, folder: Path) -> None:
    """Say what taking in a kit did."""
    count = len(changes.written)
    click.echo(f"{folder}: {count} file{'s' * (count != 1)} written" if count else f"{folder}: everything is up to date")
    for path in changes.kept:
        new = changes.beside.get(path)
        click.echo(f"  {path}: yours, kept" + (f"; its stub has changed, the new one is {new}" if new else ""))
    for path, saved in changes.saved.items():
        click.echo(f"  {path}: replaced; what you had changed in it is in {saved}")
    for path in changes.removed:
        click.echo(f"  {path}: removed, it is not in the kit any more")
