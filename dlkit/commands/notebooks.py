"""`dlkit notebook`: an assignment as a notebook."""

from __future__ import annotations

import json
from pathlib import Path

import click

from dlkit.commands.shared import FAULT, USAGE, Refusal, find_assignment, refusing
from dlkit.writing import write_file


@click.command()
@click.argument("assignment")
@click.option(
    "--out", metavar="PATH", help="The file to write; - for stdout (default: named after the stub, in the current folder)."
)
@click.option("--force", is_flag=True, help="Overwrite an existing notebook, and any work in it.")
def notebook(assignment: str, out: str | None, force: bool) -> None:
    """Make a notebook from an assignment, with a check below each function.

    It contains the handout's text and figures, and a cell for each function; it needs no other file. In it, also in Colab,
    `dlkit.check("softmax")` grades the function
    at once. `dlkit grade` accepts the notebook as a submission.

    \b
    Examples:
      dlkit notebook hw2
      dlkit notebook assignments/hw2 --out handouts/hw2.ipynb
    """
    from autograder.assignment import SpecError, load
    from dlkit.kit import KitError
    from dlkit.kit.making import refuse_giveaways
    from dlkit.notebook.making import NotebookError
    from dlkit.notebook.making import notebook as made_of

    try:
        import nbformat
    except ImportError:
        raise Refusal("dlkit needs nbformat to make notebooks, and it is not installed: pip install nbformat", USAGE) from None
    folder = find_assignment(assignment)
    try:
        spec = load(folder)
        made = made_of(spec, folder)
        refuse_giveaways(spec, folder, {"the notebook.ipynb": json.dumps(made).encode()})
        nbformat.validate(made)
    except (SpecError, NotebookError, KitError) as error:
        raise Refusal(f"No notebook was made: {error}", FAULT) from None
    except nbformat.ValidationError as error:  # a function whose name is longer than an id may be
        raise Refusal(f"No notebook was made from {folder}: {error.message}.", FAULT) from None
    except OSError as error:
        raise Refusal(f"{error.filename} cannot be read: {error.strerror}", USAGE) from None
    text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    if out == "-":
        click.echo(text.encode(), nl=False)
        return
    path = Path(out) if out else Path(spec.files[0]).with_suffix(".ipynb")
    if path.exists() and not force:
        raise Refusal(f"{path} already exists. Choose another --out, or add --force to overwrite it with all work in it.", USAGE)
    with refusing(to_be="written"):
        write_file(path, text.encode(), parents=True)
    click.echo(f"{path} written")
