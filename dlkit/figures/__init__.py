"""The lecture's pictures: one file and one function each, drawn from the functions that students write.

Importing this package imports no plotting library: `draw` does, when a picture is asked for.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dlkit import course

FORMATS = ("svg", "png")
IN_HANDOUT, RESULTS = "figures", "results"  # folders of an assignment: for its handout, and behind its questions


@dataclass(frozen=True)
class Entry:
    """One figure: where it is drawn, what it shows, which assignments it is for, and whose functions it draws with."""

    module: str
    shows: str
    used_in: tuple[str, ...]
    functions_of: str | None = None
    slow: bool = False  # it trains models
    given: bool = False  # by default, it draws the programs as students get them, to be repaired

    @property
    def name(self) -> str:
        """The name to ask for it by; its function's and its file's too."""
        return re.sub(r"^f\d\d_", "", self.module)


_ENTRIES = (
    Entry("f01_perceptron_boundaries", "what one perceptron learns of AND, OR and XOR", ("hw1",), "hw1"),
    Entry("f02_perceptron_mistakes", "its mistakes per epoch: XOR never reaches 0", ("hw1",), "hw1"),
    Entry("network_221", "the 2-2-1 network: weights forward, deltas back", ("hw2",)),
    Entry("f03_activations", "seven activations and their derivatives", ("hw2", "hw3")),
    Entry("f04_xor_surface", "XOR before and after training, the hidden space, the error", ("hw2",), "hw2"),
    Entry("f05_xor_success_rate", "how often XOR is learned, by epochs and by hidden units", ("hw2",)),
    Entry("f17_universal_approximation", "a curve fitted by 3, 8 and 20 hidden units", ("hw2",), "hw2"),
    Entry("f06_momentum_ravine", "descent in a ravine: rates too small and too large, momentum", ("hw3",), "hw3"),
    Entry("f07_vanishing_gradient", "the gradient in each of ten sigmoid layers, and two cures", ("hw3",), "hw3"),
    Entry("f20_delta_by_layer", "delta in each of 20 layers: sigmoid, tanh, ReLU", ("hw3",)),
    Entry("f08_polynomials", "degree 1, 3 and 10 through the same 12 points", ("hw4",), "hw4"),
    Entry("f09_capacity_curve", "train and test error against the degree", ("hw4",), "hw4"),
    Entry("f10_kfold", "which samples each fold validates on", ("hw4",), "hw4"),
    Entry("f11_train_size", "ten points: train and test error against the number to train on", ("hw4",), "hw4"),
    Entry("f12_penalties", "four penalties on one weight, and their slopes", ("hw5",), "hw5"),
    Entry("f13_weight_histograms", "weights left by plain, L2, L1 and dropout training", ("hw5",), "hw5", slow=True),
    Entry("f14_dropout_masks", "dropout's masks on the slide and in Keras", ("hw5",), "hw5"),
    Entry("f15_scanning", "one perceptron scans an image for crosses", ("hw6",), "hw6"),
    Entry("f16_feature_maps", "kernels and feature maps of a trained CNN", ("hw6",), "hw6", slow=True),
    Entry("f18_parameter_counts", "weights with and without sharing: 10^12 and 500", ("hw6",), "hw6"),
    Entry("f19_shift_invariance", "accuracy on shifted digits: MLP, Flatten, global maximum", ("hw6",), "hw6", slow=True),
    Entry("f21_clinic_curves", "how ten ill programs do, on old and new data", ("hw7",), "hw7", slow=True, given=True),
    Entry("f22_clinic_probes", "a second look at the ten: gradients, units, answers", ("hw7",), "hw7", slow=True, given=True),
)
FIGURES = {entry.name: entry for entry in _ENTRIES}


def draw(
    name: str,
    out_dir: str | Path,
    format: str = "svg",
    source: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> Path:
    """Draw the figure `name` into `out_dir` and return the file.

    Args:
        name: a key of FIGURES.
        out_dir: a folder, made if it is missing.
        format: "svg" or "png".
        source: a student's file to draw with; by default the reference, or the programs that students are to repair.
        progress: called with a line of text from time to time by figures that train models.

    Raises:
        CourseError: no such figure or format, or the functions that it draws cannot be used.
    """
    if name not in FIGURES:
        raise course.CourseError(f"There is no figure {name!r}; there are: {', '.join(FIGURES)}.")
    if format not in FORMATS:
        raise course.CourseError(f"A figure is written as {' or '.join(FORMATS)}, not as {format!r}.")
    entry = FIGURES[name]
    if source is not None and entry.functions_of is None:
        raise course.CourseError(f"The figure {name!r} draws no function of an assignment, so it cannot be drawn from {source}.")
    load = course.handed_out if entry.given and source is None else partial(course.reference, source=source)
    functions = [load(entry.functions_of)] if entry.functions_of else []
    make = getattr(importlib.import_module(f"{__name__}.{entry.module}"), name)
    options = {"progress": progress} if entry.slow else {}
    try:
        figure = make(*functions, **options)
    except Exception as error:
        if source is None:
            raise
        if isinstance(error, NotImplementedError):
            raise course.CourseError(f"The figure {name!r} needs functions that are not written yet in {source}.") from error
        raise course.CourseError(f"The figure {name!r} cannot be drawn with {source}: {type(error).__name__}: {error}") from error
    from dlkit.figures.style import save

    path = Path(out_dir) / f"{name}.{format}"
    path.parent.mkdir(parents=True, exist_ok=True)
    save(figure, path)
    return path


def embedded(assignment: str) -> list[str]:
    """The names of the figures that an assignment's handout shows.

    Raises:
        CourseError: there is no such handout, or it shows a figure that nothing draws.
    """
    handout = course.root() / "assignments" / assignment / "README.md"
    if not handout.is_file():
        raise course.CourseError(f"There is no {handout}.")
    names = list(dict.fromkeys(re.findall(r"\]\(figures/(\w+)\.svg\)", handout.read_text(encoding="utf-8"))))
    for name in names:
        if name not in FIGURES:
            raise course.CourseError(f"{handout} shows figures/{name}.svg, and there is no such figure.")
    return names


def behind(assignment: str) -> list[str]:
    """The names of the figures that an assignment's questions show as results: they lie in `results/`, not in the handout.

    Raises:
        CourseError: a question names a figure that nothing draws.
        SpecError: the spec or the questions cannot be used.
    """
    from autograder.assignment import PREDICTIONS, load
    from autograder.assignment.predictions.loading import load as load_predictions

    folder = course.root() / "assignments" / assignment
    predictions = load_predictions(folder, load(folder)) if (folder / PREDICTIONS).is_file() else None
    names = list(dict.fromkeys(one.figure for one in predictions.questions if one.figure)) if predictions else []
    for name in names:
        if name not in FIGURES:
            raise course.CourseError(f"{folder / PREDICTIONS} names the figure {name!r}, and there is no such figure.")
    return names
