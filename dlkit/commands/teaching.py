"""For the lecture: figures, and models that are trained live."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.text import meant
from dlkit.commands.shared import USAGE, Number, Refusal, a_folder, refusing

MODELS = ("perceptron", "xor-mlp", "regularized-mlp", "dropout-mlp", "cnn")  # of dlkit.training, which loads NumPy


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--list", "listed", is_flag=True, help="List the figures and what they show.")
@click.option("--out", default="figures", show_default=True, metavar="DIR", callback=a_folder, help="The folder to draw into.")
@click.option("--format", "kind", type=click.Choice(("svg", "png")), default="png", show_default=True, help="File format.")
@click.option("--submission", metavar="FILE", help="Draw with the functions of this file instead of the reference.")
@click.option(
    "--handouts", is_flag=True, help="Redraw the figures in handouts and behind questions; NAMEs are assignments (default: all)."
)
def figures(names: tuple[str, ...], listed: bool, out: str, kind: str, submission: str | None, handouts: bool) -> None:
    """Draw the lecture's figures, from the references or your own file.

    Without a NAME, dlkit draws all figures; some train models and take half a minute. --submission runs the file in this process
    without protection, so use only your own.

    \b
    Examples:
      dlkit figures --list
      dlkit figures xor_surface activations --out slides --format svg
      dlkit figures xor_surface --submission assignments/hw2/xor_mlp.py
      dlkit figures --handouts hw2
    """
    from autograder.assignment import SpecError
    from dlkit import course
    from dlkit.figures import FIGURES, IN_HANDOUT, RESULTS, behind, embedded

    try:
        if listed:
            for name, entry in FIGURES.items():
                slow = " (trains models: slow)" if entry.slow else ""
                click.echo(f"{name:24} {', '.join(entry.used_in):9} {entry.shows}{slow}")
        elif handouts:
            folder = course.root() / "assignments"
            for assignment in names or sorted(path.parent.name for path in folder.glob("*/README.md")):
                for place, wanted in ((IN_HANDOUT, embedded(assignment)), (RESULTS, behind(assignment))):
                    for name in wanted:
                        _draw(name, folder / assignment / place, "svg", None)
        else:
            for name in names or FIGURES:
                if names or submission is None or FIGURES[name].functions_of:
                    _draw(name, Path(out), kind, submission)
    except course.CourseError as error:
        unknown = next((name for name in names if name not in FIGURES), "")
        raise Refusal(f"{error}{'' if handouts else meant(unknown, list(FIGURES))}", USAGE) from None
    except SpecError as error:
        raise Refusal(f"{error}.", error.status) from None


def _draw(name: str, folder: Path, kind: str, submission: str | None) -> None:
    import time

    from dlkit.figures import draw

    started = time.perf_counter()
    with refusing(place=folder, to_be="written"):
        path = draw(name, folder, kind, submission, progress=lambda line: click.echo(f"  {line}", err=True))
    click.echo(f"{path}  {path.stat().st_size / 1000:.0f} kB, {time.perf_counter() - started:.1f} s")


@click.command()
@click.argument("model", type=click.Choice(MODELS))
@click.option("--data", metavar="NAME", default="", help="Train on another data set of the model (see above).")
@click.option("--epochs", type=click.IntRange(min=1), metavar="N", help="Passes over the training samples.")
@click.option("--learning-rate", type=Number(min=0, min_open=True), metavar="RATE", help="Step size of SGD.")
@click.option("--batch-size", type=click.IntRange(min=1), metavar="N", help="Samples per step.")
@click.option("--seed", type=click.IntRange(min=0), default=0, metavar="N", help="Seed for initial weights and sample order.")
@click.option("--log-interval", type=click.IntRange(min=1), default=10, metavar="N", help="Batches between log lines.")
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("runs"),
    metavar="FOLDER",
    callback=a_folder,
    help="Folder for the output files (default: runs).",
)
@click.option("--quiet", is_flag=True, help="Print only the result.")
def train(
    model: str,
    data: str,
    epochs: int | None,
    learning_rate: float | None,
    batch_size: int | None,
    seed: int,
    log_interval: int,
    folder: Path,
    quiet: bool,
) -> None:
    """Train a model of the course, from the data to the saved model.

    \b
    Models, and what they can be trained on (the first by default):
      perceptron       blobs, and, or, xor, moons
      xor-mlp          xor, moons
      regularized-mlp  digits, noisy_digits
      dropout-mlp      digits, noisy_digits
      cnn              mnist (digits28 where there is no network), digits28

    \b
    Examples:
      dlkit train cnn
      dlkit train xor-mlp --data moons --epochs 100 --out runs/moons

    \b
    Exit status: 0 done, 2 wrong usage or a file that is missing.
    """
    import warnings

    from dlkit import course, training

    try:
        training.load_tensorflow_quietly()
        with warnings.catch_warnings():
            warnings.simplefilter("always", UserWarning)
            warnings.showwarning = lambda message, *_: click.echo(f"dlkit: {message}", err=True)
            result = training.run(
                model,
                folder,
                data=data,
                epochs=epochs,
                learning_rate=learning_rate,
                batch_size=batch_size,
                seed=seed,
                log_interval=log_interval,
                log=(lambda line: None) if quiet else click.echo,
            )
    except (course.CourseError, ValueError, OSError) as error:
        raise Refusal(str(error), USAGE) from None
    learned = f"test accuracy {result.test_accuracy:.1%}, test loss {result.test_loss:.4f}"
    click.echo(f"{model} on {result.data}: {learned}, trained in {result.seconds:.0f} s")
    for path in result.files:
        click.echo(f"  {path}")
