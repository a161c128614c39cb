"""For students and everybody who trains: look at a training program of one's own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlkit.commands.shared import NOT_ALL, PASSED, USAGE, Number, Refusal, refusing, write

if TYPE_CHECKING:
    from rich.console import Console

UNSEEN = 4  # the exit status where there was nothing to judge


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--seconds", type=Number(min=1), default=300.0, show_default=True, help="How long the program may run.")
@click.option("--json", "json_path", metavar="PATH", help="Write the diagnosis as JSON; - for stdout.")
@click.option("--unsafe-no-isolation", "unsafe", is_flag=True, help="Run it even if nothing protects your files from it.")
def diagnose(file: Path, seconds: float, json_path: str | None, unsafe: bool) -> None:
    """Run a training program of your own, and say what looks ill.

    FILE is a Python file or a notebook that trains a network: with Keras's fit, in a loop under tf.GradientTape, in NumPy, or
    with scikit-learn. It runs in the sandbox, without network, and may read the files of its folder. What it writes is not kept.
    For each symptom, dlkit shows the numbers, the line, what usually causes it and what to try.

    \b
    Examples:
      dlkit diagnose train.py
      dlkit diagnose project.ipynb --seconds 900
      dlkit diagnose train.py --json -

    \b
    Exit status: 0 nothing looks ill, 1 something does, 2 wrong usage or a program that cannot be run, 3 a fault of dlkit,
    4 no training was seen, or the program ended early and nothing looked ill until then.
    """
    from autograder.diagnosing import HANDLER
    from autograder.diagnosing import diagnose as look
    from autograder.report.console import PlainConsole
    from autograder.report.training import as_json, show
    from autograder.sandbox.workers import source

    with refusing(place=file, to_be="read"):
        program = _program(file)
    console = PlainConsole(stderr=json_path == "-")
    with refusing(), source(HANDLER, few=True) as workers, _progress(console) as tell:
        found = look(program, file.name, file.resolve().parent, workers, seconds, tell, protected=not unsafe)
    show(found, console, file.name, seconds)
    if json_path is not None:
        write(json_path, as_json(found, file.name) + "\n")
    sys.exit(NOT_ALL if found.findings else PASSED if found.watched and found.ending == "ran" and not found.error else UNSEEN)


def _program(file: Path) -> str:
    """The program's text; of a notebook, its code in cells."""
    from autograder.submission.notebook import MAX_NOTEBOOK, code_of, is_notebook
    from autograder.submission.source import read_bytes, read_source

    if not file.exists():
        raise Refusal(f"{file} does not exist. Give the Python file or the notebook that trains your network.", USAGE)
    if file.is_dir():
        raise Refusal(f"{file} is a folder; expected a Python file or a notebook. Name the one that trains your network.", USAGE)
    if is_notebook(file.name):
        return code_of(read_bytes(file, MAX_NOTEBOOK), file)
    if file.suffix != ".py":
        raise Refusal(
            f"{file} is neither a Python file nor a notebook. Expected .py or .ipynb. Received: {file.suffix!r}.", USAGE
        )
    return read_source(file)


def _progress(console: Console) -> AbstractContextManager[Callable[[str], None]]:
    """Where the program is, in one line that goes away; nothing where nobody looks."""
    if not console.is_terminal:
        return nullcontext(lambda said: None)
    from contextlib import contextmanager

    from rich.text import Text

    @contextmanager
    def showing():  # type: ignore[no-untyped-def]
        with console.status(Text("starting")) as status:
            yield lambda said: status.update(Text(said))

    return showing()
