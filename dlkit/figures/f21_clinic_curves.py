"""Figure 21: how the ten programs of hw7 do, on what they learn from and on new data.

It runs each program for several numbers of steps: about 15 seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlkit import datasets
from dlkit.figures.style import BLACK, BLUE, ORANGE, canvas, styled

Array = np.ndarray[Any, Any]
LARGEST = 1e6  # beyond it, a loss is drawn at the edge
STEPS = {  # of each program that trains: the name of its number of steps, and the most of them
    "price_flats": ("steps", 300),
    "trace_wave": ("steps", 40),
    "sort_wines": ("steps", 200),
    "read_signs": ("epochs", 10),
    "filter_letters": ("steps", 120),
    "spot_beams": ("epochs", 12),
    "sort_stamps": ("steps", 60),
    "read_sensors": ("steps", 50),
}
PLACES = 8  # on a curve
ODD = (0, 5, 10, 20, 40)  # apples from a broken device


@styled
def clinic_curves(clinic: ModuleType, progress: Callable[[str], None] | None = None) -> Figure:
    """One panel for each program: training and new data against steps, or what takes the place of steps.

    Args:
        clinic: a module with hw7's ten programs.
        progress: called with a line after each program.
    """
    tell = progress or (lambda line: None)
    figure, axes = canvas(9.6, 15.0, 5, 2)
    names = ["price_flats", "trace_wave", "sort_wines", "read_signs", "screen_patients"]
    names += ["grade_apples", "filter_letters", "spot_beams", "sort_stamps", "read_sensors"]
    for number, (ax, name) in enumerate(zip(axes, names, strict=True), 1):
        draw = {"screen_patients": _patients, "grade_apples": _apples}.get(name, _training)
        with np.errstate(all="ignore"):
            draw(ax, clinic, name)
        ax.set_title(f"{number}. {name}")
        tell(f"{number} of {len(names)}: {name}")
    figure.suptitle("The ten programs: what they learn from (line) and new data (dashes)")
    return figure


def _training(ax: Axes, clinic: ModuleType, name: str) -> None:
    """Loss, or share of errors, on both sets of data, after so many steps."""
    keyword, most = STEPS[name]
    places = np.unique(np.geomspace(1, most, PLACES).round().astype(int))
    X, X_new, y, y_new = datasets.clinic(name)
    old, new = [], []
    for steps in places:
        on_old, on_new = _answers(clinic, name, (X, X_new, y, y_new), {keyword: int(steps)})
        old.append(_loss(on_old, y))
        new.append(_loss(on_new, y_new))
    ax.plot(places, _bounded(old), color=BLUE, linestyle="-", marker="o", label="training")
    ax.plot(places, _bounded(new), color=ORANGE, linestyle="--", marker="s", label="new data")
    kind = "loss" if name in ("price_flats", "trace_wave", "sort_stamps", "spot_beams", "read_sensors") else "share of errors"
    if kind == "loss" and max(_bounded(new)) > 100:
        ax.set_yscale("log")
    else:
        ax.set_ylim(0, 1.3 * max(*_bounded(old), *_bounded(new)))
    ax.set_xlabel(keyword)
    ax.set_ylabel(kind)
    ax.legend(loc="best", ncols=2)


def _answers(clinic: ModuleType, name: str, data: tuple[Array, ...], steps: dict[str, int]) -> tuple[Array, Array]:
    """What a program says of the rows that it has learned from, and of new ones."""
    X, X_new, y, y_new = data
    program = getattr(clinic, name)
    if name in ("spot_beams", "read_sensors"):
        model = program(X, y, **steps)["model"]
        on_old, on_new = (np.asarray(model(rows.astype(np.float32), training=False)) for rows in (X, X_new))
        return on_old, on_new
    if name == "filter_letters":
        chart = program(X, y, np.vstack([X, X_new]), np.concatenate([y, y_new]), **steps)
    else:
        chart = program(X, y, np.vstack([X, X_new]), **steps)
    return chart["predictions"][: len(X)], chart["predictions"][len(X) :]


def _loss(answers: Array, y: Array) -> float:
    """Half the mean squared error of numbers, the cross-entropy of probabilities or logits, the share of wrong labels."""
    if y.dtype.kind == "f":
        return float(np.mean((answers - y) ** 2) / 2)
    if answers.ndim == 1:
        return float(np.mean(answers != y))
    if answers.shape[1] == 1:
        return float(np.mean(np.logaddexp(0, np.where(y == 1, -1, 1) * answers[:, 0])))
    if (answers >= 0).all() and np.allclose(answers.sum(axis=1), 1, atol=1e-3):
        answers = np.log(answers + 1e-12)
    top = answers.max(axis=1, keepdims=True)
    logs = answers - top - np.log(np.exp(answers - top).sum(axis=1, keepdims=True))
    return float(-np.mean(logs[np.arange(len(y)), y]))


def _bounded(values: list[float]) -> list[float]:
    return [min(value, LARGEST) if np.isfinite(value) else LARGEST for value in values]


def _patients(ax: Axes, clinic: ModuleType, name: str) -> None:
    """The score of each threshold, and how many of the ill would be found with it."""
    X, X_new, y, y_new = datasets.clinic(name)
    chart = clinic.screen_patients(X, y, X_new)
    thresholds = np.linspace(X.min(), X.max(), len(chart["score"]))
    found = [np.mean(X_new[y_new == 1, 0] > threshold) for threshold in thresholds]
    best = thresholds[int(np.argmax(chart["score"]))]
    ax.plot(thresholds, chart["score"], color=BLUE, linestyle="-", label="its score")
    ax.plot(thresholds, found, color=ORANGE, linestyle="--", label="share of the ill found")
    ax.axvline(best, color=BLACK, linestyle=":", label="chosen")
    ax.set_xlabel("threshold")
    ax.set_ylim(0, 1.05)
    ax.legend(loc="lower left")


def _apples(ax: Axes, clinic: ModuleType, name: str) -> None:
    """Errors on the same apples, with more and more odd ones beside them."""
    X, X_new, y, y_new = datasets.clinic(name)
    rng = np.random.default_rng(0)
    odd = np.column_stack([rng.uniform(150, 210, max(ODD)), rng.uniform(300, 900, max(ODD))])
    wrong = []
    for count in ODD:
        said = clinic.grade_apples(X, y, np.vstack([X_new, odd[:count]]))["predictions"][: len(X_new)]
        wrong.append(np.mean(said != y_new))
    ax.plot(ODD, wrong, color=ORANGE, linestyle="--", marker="s", label=f"the same {len(X_new)} new apples")
    ax.set_ylim(0, 0.6)
    ax.set_xlabel("odd apples in the same box")
    ax.set_ylabel("share of errors")
    ax.legend(loc="best")
