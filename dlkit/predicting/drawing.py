"""Drawing: a figure of the lecture with a student's functions, and their predictions in it. It runs in a worker."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from autograder.assignment import Assignment
from autograder.assignment.predictions import Predictions, Question, reveal
from autograder.checks.base import Check
from autograder.observation import Observation
from dlkit.figures import FIGURES

PREFIX = "figure "
SOURCE = "from dlkit.predicting.drawing import with_figures\nassignment = with_figures(predictions, {files!r})"
SECONDS = 300.0  # a figure may train models
LETTERS = 12  # that fit into an inch


@dataclass(frozen=True)
class Drawing(Check):
    """A figure in the form in which a worker is asked for it."""

    _: KW_ONLY
    figure: str
    options: tuple[tuple[str, Any], ...] = ()

    def observe(self, module: ModuleType, **inputs: Any) -> Observation:
        """Draw it; `marks` are the predictions as JSON, `kind` is "png" or "svg"."""
        from dlkit.figures.style import rendered

        entry = FIGURES[self.figure]
        make = getattr(import_module(f"dlkit.figures.{entry.module}"), self.figure)
        figure = make(*([module] if entry.functions_of else []), **dict(self.options))
        mark(figure, json.loads(inputs["marks"]))
        return {"figure": np.frombuffer(rendered(figure, inputs["kind"], tight=True), dtype=np.uint8)}


def with_figures(predictions: Predictions, files: Sequence[str]) -> Assignment:
    """The questions of an assignment, and the figures that show their results, as something that a worker can be asked."""
    return predictions.assignment(files, figures_of(predictions))


def figures_of(predictions: Predictions) -> list[Drawing]:
    """A drawing for each figure that a question names, with the options of the first that does."""
    first: dict[str, Question] = {}
    for one in predictions.questions:
        if one.figure:
            first.setdefault(one.figure, one)
    return [_drawing(name, one) for name, one in first.items()]


def _drawing(name: str, question: Question) -> Drawing:
    asked = reveal(question)
    return Drawing(
        asked.function,
        on=asked.on,
        points=1,
        name=PREFIX + name,
        timeout=SECONDS,
        imports=(__name__, "dlkit.figures.style", *question.imports),
        figure=name,
        options=tuple(question.options_of_figure.items()),
    )


def mark(figure: Any, marks: Sequence[Mapping[str, Any]]) -> None:
    """Draw predictions into a figure, and write below it what was predicted and what is.

    Each mark has a `text`, and where it has a place in the figure: `label`, `panel`, `axis` ("x", "y" or ""), `at`, `numbers`.
    """
    from dlkit.figures.style import BLACK, PURPLE

    for one in marks:
        if "panel" not in one or one["panel"] >= len(figure.axes):
            continue
        ax = figure.axes[one["panel"]]
        line = {"color": PURPLE, "linestyle": (0, (4, 2)), "linewidth": 2.4, "zorder": 6}
        if one["axis"]:
            limits = ax.get_xlim(), ax.get_ylim()
            (ax.axvline if one["axis"] == "x" else ax.axhline)(one["numbers"][0], **line)
            ax.set_xlim(limits[0]), ax.set_ylim(limits[1])
            beside = {"x": ((one["numbers"][0], 0.97), "right", "top"), "y": ((0.02, one["numbers"][0]), "left", "bottom")}
            at, across, along = beside[one["axis"]]
            transform = ax.get_xaxis_transform() if one["axis"] == "x" else ax.get_yaxis_transform()
            text = {"color": PURPLE, "fontsize": 11, "rotation": 90 if one["axis"] == "x" else 0, "zorder": 7}
            ax.text(*at, one["label"], ha=across, va=along, transform=transform, **text)
        else:
            ax.plot(one["at"], one["numbers"], marker="X", markersize=9, label=one["label"], **line)
            ax.legend(fontsize=11)
    said = [
        line
        for one in marks
        for line in textwrap.wrap(one["text"], int(LETTERS * figure.get_figwidth()), subsequent_indent="    ")
    ]
    figure.text(0.01, -0.02, "\n".join(said), ha="left", va="top", fontsize=11, color=BLACK)  # below it: see `tight`
