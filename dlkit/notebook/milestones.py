"""`dlkit.milestone`: the milestone of an assignment in a notebook, with curves that grow while training runs."""

from __future__ import annotations

import base64
import html
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.text.errors import DlkitError
from dlkit import course
from dlkit.notebook.checking import UncheckedError, chosen, opened
from dlkit.notebook.lines import as_html
from dlkit.notebook.typed import NoSourceError, defined, needed, typed

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.assignment.predictions.learned import Point
    from autograder.assignment.predictions.milestones import Step
    from autograder.grading.reaching import Reached

PAUSE = 0.5  # seconds between two drawings of a figure


@dataclass(frozen=True, repr=False)
class Shown:
    """What `dlkit.milestone` shows: what came of each step. A notebook shows it with the picture.

    Attributes:
        lines: what is said, line by line.
        picture: the picture as PNG, "" in bytes without one.
        alt: the same in words.
    """

    lines: tuple[str, ...] = ()
    picture: bytes = b""
    alt: str = ""

    def __repr__(self) -> str:
        return "\n".join(self.lines)

    def _repr_html_(self) -> str:
        said = as_html(self.lines)
        return said + (_image(self.picture, self.alt) if self.picture else "")


def milestone(step: str | None = None, *, assignment: str | Path | None = None, live: bool = True, torch: bool = False) -> Shown:
    """See whether what you wrote learns: short experiments with the functions of this notebook.

    Args:
        step: the name of one step; by default, all of them run.
        assignment: such as "hw4", or its folder; by default the one of `dlkit.assignment`.
        live: show the curves while training runs.
        torch: also run the lecture's PyTorch program beside your Net (hw6). It needs `pip install 'dlkit[torch]'`.

    Returns:
        What came of each step. A notebook shows the picture, too. Milestones are never graded.
    """
    from autograder.sandbox.worker import INSIDE

    if INSIDE in os.environ:
        return Shown(("dlkit.milestone does nothing while a notebook is being graded.",))
    try:
        return _milestone(step, assignment, live, torch)
    except (UncheckedError, NoSourceError, course.CourseError, DlkitError) as error:
        return Shown((str(error),))
    except OSError as error:
        return Shown((f"What came of it was not kept: {error.filename} cannot be written: {error.strerror}.",))


def _milestone(name: str | None, wanted: str | Path | None, live: bool, torch: bool) -> Shown:
    from autograder.assignment.predictions.loading import load_milestone
    from dlkit.milestones.choosing import chosen as chosen_steps
    from dlkit.milestones.choosing import program_for
    from dlkit.milestones.keeping import keep, kept
    from dlkit.milestones.running import Course, run

    folder = chosen(wanted)
    spec, references, workers = opened(folder)
    found = load_milestone(folder, spec)
    if found is None:
        raise UncheckedError(f"{spec.name} has no milestone.")
    steps = chosen_steps(found, [name] if name else [], spec.name, torch=torch, option="torch=True")
    figure = _Figure(live)
    program = program_for(steps, figure.tell)
    before = kept(folder)
    course_ = Course(spec, folder, found, references, workers)
    results = list(run(course_, _files(folder, spec, steps), steps, on_points=figure.show, program=program))
    figure.close()
    keep(folder, spec.name, before, results, [one.name for one in found.steps])
    return _shown(results, spec)


def _files(folder: Path, spec: Assignment, steps: Sequence[Step]) -> dict[str, str]:
    """The functions of this notebook, if it defines one that a step needs; otherwise those of the assignment's folder."""
    from autograder.submission import take_in

    names = {name for one in steps for name in one.needs}
    try:
        source = typed()
        if defined(source) & names:
            checks = spec.needed_by([one for one in spec.checks if one.function in names])
            return {spec.files[0]: needed(source, {one.function for one in checks}, Path(spec.files[0]).stem)}
    except NoSourceError:
        pass
    return dict(take_in(folder, spec.files, own=True).files)


def _shown(results: Sequence[Reached], spec: Assignment) -> Shown:
    from dlkit.figures.style import rendered
    from dlkit.milestones.picture import in_words, picture
    from dlkit.milestones.words import VERDICTS, lines_of, summary

    lines: list[str] = []
    for one in results:
        lines.append(f"{VERDICTS[one.kept][2]}: {one.step.name}: {one.step.shows}")
        lines += [f"  {label}: {text}" for label, text in lines_of(one)]
    lines.append(summary(results, spec.name))
    words = in_words(results)
    drawn = rendered(picture(results, f"{spec.name}: {spec.title}"), "png") if words else b""
    return Shown(tuple(lines), drawn, words)


class _Figure:
    """The curves of a step, in a place of the notebook that is drawn anew; nothing outside of a notebook."""

    def __init__(self, live: bool) -> None:
        from dlkit.notebook.typed import notebook

        self._on = live and notebook() is not None
        self._place: Any = None
        self._drawn = 0.0

    def tell(self, what: str) -> None:
        """Say what is being done."""
        if self._on:
            self._put(f"<p>{html.escape(what)} …</p>")

    def show(self, step: Step, points: Sequence[Point]) -> None:
        """Draw the curves, if there are some and the last drawing is not too fresh."""
        if not self._on or not points or time.monotonic() - self._drawn < PAUSE:
            return
        from dlkit.figures.style import rendered
        from dlkit.milestones.picture import one_step

        alt = f"{step.name}: {step.y} against {step.x}, so far"
        self._put(_image(rendered(one_step(step, points), "png"), alt))
        self._drawn = time.monotonic()

    def close(self) -> None:
        """Leave the place empty: the picture of the result shows these curves, too."""
        if self._place is not None:
            self._put("")

    def _put(self, text: str) -> None:
        from IPython.display import HTML, display

        if self._place is None:
            self._place = display(HTML(text), display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._place.update(HTML(text))  # type: ignore[no-untyped-call]


def _image(data: bytes, alt: str) -> str:
    encoded = base64.b64encode(data).decode()
    return f'<img alt="{html.escape(alt)}" style="max-width: 100%" src="data:image/png;base64,{encoded}">'
