"""A plain drawing of a prediction beside the result, for questions that no figure of the lecture shows."""

from __future__ import annotations

import textwrap
from typing import Any

from matplotlib.figure import Figure

from autograder.assignment.predictions import Choice, Curve, Found, Number, Question
from dlkit.figures.style import BLACK, BLUE, PURPLE, canvas, styled

WIDTH = 84  # letters of a line of the title
PREDICTED: dict[str, Any] = {"color": PURPLE, "marker": "X", "markersize": 11}
RESULT: dict[str, Any] = {"color": BLUE, "marker": "o", "markersize": 10}


@styled
def plain(question: Question, answer: str, found: Found) -> Figure:
    """The prediction and the result: two marks on a line, two curves, or a list of options with two marks.

    Args:
        question: what was asked.
        answer: the prediction, as it is kept.
        found: the result.
    """
    figure, (ax,) = canvas(8.4, 4.2 if isinstance(question, Curve) else 3.2)
    if isinstance(question, Curve):
        _curve(ax, question, [float(part) for part in answer.split(",")], found)
    elif isinstance(question, Number):
        _number(ax, question, float(answer), found)
    elif isinstance(question, Choice):
        _choice(ax, question, answer, found)
    figure.suptitle(textwrap.fill(question.ask, WIDTH), fontsize=12, x=0.02, ha="left")
    return figure


def _curve(ax: Any, question: Curve, numbers: list[float], found: Found) -> None:
    ax.plot(question.at, found.numbers, linestyle="-", label="the result", **RESULT)
    ax.plot(question.at, numbers, linestyle="--", label="your prediction", **PREDICTED)
    if question.factor > 1:
        ax.set_yscale("log" if min(*numbers, *found.numbers) > 0 else "symlog", **_linear(numbers, found))
    ax.set_xlabel(question.x)
    ax.set_ylabel(f"{question.y}{f' ({question.unit})' if question.unit else ''}")
    ax.legend()


def _linear(numbers: list[float], found: Found) -> dict[str, float]:
    """Where an axis with a zero on it is linear."""
    positive = [value for value in (*numbers, *found.numbers) if value > 0]
    return {} if min(*numbers, *found.numbers) > 0 else {"linthresh": min(positive, default=1.0)}


def _number(ax: Any, question: Number, answer: float, found: Found) -> None:
    (value,) = found.numbers
    if question.factor > 1 and min(answer, value) > 0:
        ax.set_xscale("log")
        low, high = value / question.factor, value * question.factor
    else:
        low, high = value - question.within, value + question.within
    ax.axvspan(low, high, facecolor=BLUE, alpha=0.12, hatch="//", label="near enough")
    ax.plot([value], [0.3], linestyle="none", label=f"the result: {found.expected}", **RESULT)
    ax.plot([answer], [0.7], linestyle="none", label=f"your prediction: {answer:g}", **PREDICTED)
    ax.set_ylim(0, 1)
    ax.set_yticks([])
    ax.set_xlabel(question.unit or "value")
    ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))


def _choice(ax: Any, question: Choice, answer: str, found: Found) -> None:
    texts = list(question.options)
    for row, text in enumerate(texts):
        ax.text(0.16, -row, text, va="center", color=BLACK)
        if text == found.expected:
            ax.plot([0.03], [-row], linestyle="none", **RESULT)
        if text == answer:
            ax.plot([0.1], [-row], linestyle="none", **PREDICTED)
    ax.plot([], [], linestyle="none", label="the result", **RESULT)
    ax.plot([], [], linestyle="none", label="your prediction", **PREDICTED)
    ax.set_xlim(0, 1.4)
    ax.set_ylim(-len(texts) + 0.4, 0.6)
    ax.axis("off")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 0), ncols=2)
