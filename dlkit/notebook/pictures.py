"""Pictures below a check in a notebook: of the student's own functions, and of nothing else.

They are drawn in the notebook's kernel, where the functions are, once a worker has seen them return.
"""

from __future__ import annotations

import base64
import contextlib
import html
import importlib
import io
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from dlkit.figures import FIGURES, Entry

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.checks.base import Case
    from autograder.outcome import CheckResult

POINTS = 401
PROBES = (0, 37, 200, 331, 400)  # where a function of arrays has to say the same of one number
DPI = 75
WIDEST = 100.0  # over a wider range, every curve is a step or a line


def picture(spec: Assignment, result: CheckResult, cases: Mapping[str, Case], functions: Mapping[str, Any]) -> str:
    """An image that helps with a result, as HTML; "" where there is none, or what is to be drawn cannot be.

    What passed is shown at work, in the figure of the handout that is drawn with it. What failed is shown as a curve, if it
    makes a number of each number.

    Args:
        spec: the assignment.
        result: how the check ended.
        cases: the check's cases.
        functions: what is defined in the notebook, by name.
    """
    from autograder.outcome import Outcome

    try:
        with _quiet():
            if result.outcome is Outcome.PASSED:
                return _at_work(spec, result.function, functions)
            if result.outcome in (Outcome.FAILED, Outcome.PARTIAL) and result.first_wrong:
                return _curve(functions[result.function], result.function, cases[result.first_wrong.name].inputs)
    except Exception:  # code of the student's, and only a picture
        return ""
    return ""


def _at_work(spec: Assignment, function: str, functions: Mapping[str, Any]) -> str:
    order = [check.function for check in spec.checks]
    waiting = _to_be_predicted(spec)
    for entry in FIGURES.values():
        if entry.functions_of == spec.name and not entry.slow and max(_drawn_with(entry), key=order.index) == function:
            if entry.name in waiting:
                return f"<p>Before you see what your functions do here: <code>dlkit.predict({waiting[entry.name]!r})</code>.</p>"
            make = getattr(importlib.import_module(f"dlkit.figures.{entry.module}"), entry.name)
            return _image(make(SimpleNamespace(**functions)), f"Drawn with your functions: {entry.shows}")
    return ""


def _to_be_predicted(spec: Assignment) -> dict[str, str]:
    """The figures that show results which were not predicted yet, each with the name of such a question."""
    from autograder.assignment.predictions.loading import load
    from dlkit.predicting.keeping import kept

    predictions = load(spec.folder, spec) if spec.folder else None
    if predictions is None or spec.folder is None:
        return {}
    answered = kept(spec.folder)
    return {one.figure: one.name for one in reversed(predictions.questions) if one.figure and one.name not in answered}


def _drawn_with(entry: Entry) -> set[str]:
    """The functions of the assignment that a figure calls, as its source says."""
    import inspect

    module = importlib.import_module(f"dlkit.figures.{entry.module}")
    (name, *_) = inspect.signature(getattr(module, entry.name)).parameters
    return set(re.findall(rf"\b{name}\.([a-z]\w*)", inspect.getsource(module)))


def _curve(function: Any, name: str, inputs: Mapping[str, Any]) -> str:
    """The values of a function of one array, entry by entry, over the range of a case's inputs."""
    arrays = [key for key, value in inputs.items() if isinstance(value, np.ndarray) and value.size > 1]
    if len(arrays) != 1 or not np.issubdtype(inputs[arrays[0]].dtype, np.floating):
        return ""
    given = inputs[arrays[0]]
    x = np.linspace(np.nanmin(given), np.nanmax(given), POINTS)
    if np.ptp(x) > WIDEST:
        return ""

    def values(at: Any) -> Any:
        return np.asarray(function(**{**inputs, arrays[0]: _tensor(at) if "tensorflow" in sys.modules else at}), dtype=float)

    y = values(x)
    if y.shape != x.shape or any(not np.allclose(values(x[[at]]), y[[at]], equal_nan=True) for at in PROBES):
        return ""  # no function of one number: a softmax, say

    from dlkit.figures.style import BLUE, ORANGE, canvas, styled

    @styled
    def draw() -> Any:
        figure, (ax,) = canvas(6.0, 3.2)
        ax.plot(x, np.where(np.isfinite(y), y, np.nan), color=BLUE, linestyle="-")
        if not np.isfinite(y).all():
            ax.plot(x, np.where(np.isfinite(y), np.nan, 0.0), color=ORANGE, linestyle="--", label="nan or infinite")
            ax.legend()
        ax.set_xlabel(f"${arrays[0]}$" if len(arrays[0]) == 1 else arrays[0])
        ax.set_title(f"what your {name} gives")
        return figure

    others = "".join(f", {key} = {value}" for key, value in inputs.items() if np.ndim(value) == 0)
    return _image(draw(), f"The values of your {name} from {x[0]:g} to {x[-1]:g}{others}")


def _tensor(array: Any) -> Any:
    return sys.modules["tensorflow"].constant(array)


def _image(figure: Any, text: str) -> str:
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DPI, metadata={"Software": None})
    data = base64.b64encode(drawn.getvalue()).decode()
    text = html.escape(text)
    image = f'<img alt="{text}" src="data:image/png;base64,{data}">'
    return f'<figure style="margin: 1em 0">{image}<figcaption>{text}.</figcaption></figure>'


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What the student's code prints and warns of was told before."""
    nowhere = io.StringIO()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
            yield
