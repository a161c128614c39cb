"""The look that all figures share, and how they are written.

Readable in grey and from the last row: dark lines that differ in dash as well as in colour, large text, little else. The
object-oriented API only: nothing here touches pyplot, so drawing neither opens a window nor leaks figures.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec

import matplotlib as mpl
from cycler import cycler
from matplotlib.figure import Figure

P = ParamSpec("P")

# Okabe and Ito's colours, in an order in which neighbours differ in brightness too.
BLUE, ORANGE, BLACK, GREEN, PURPLE = "#0072b2", "#e07b00", "#1a1a1a", "#00805c", "#b0508f"
GREY, LIGHT = "#767676", "#d9d9d9"
COLOURS = (BLUE, ORANGE, BLACK, GREEN, PURPLE)
DASHES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)))
MARKERS = ("o", "s", "^", "D", "v")

LOOK: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.prop_cycle": cycler(color=COLOURS, linestyle=DASHES),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 12,
    "contour.negative_linestyle": "solid",
    "figure.titlesize": 13,
    "figure.titleweight": "bold",
    "font.family": "DejaVu Sans",  # comes with matplotlib, so that text is as wide everywhere
    "font.size": 12,
    "grid.color": "#e4e4e4",
    "hatch.color": "#8fb0c8",
    "hatch.linewidth": 0.8,
    "legend.fontsize": 11,
    "legend.framealpha": 0.9,
    "legend.edgecolor": "none",
    "legend.handlelength": 2.6,
    "lines.linewidth": 2.2,
    "lines.markersize": 7,
    "svg.fonttype": "path",  # the same picture on every machine, and formulas stay in place
    "svg.hashsalt": "dlkit",  # element names are drawn from it: the same names each time
}


def styled(make: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw with the shared look, whatever the user's own matplotlib settings are."""

    @functools.wraps(make)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with mpl.rc_context():
            _apply()
            return make(*args, **kwargs)

    return wrapper


def canvas(
    width: float, height: float, rows: int = 1, columns: int = 1, layout: Any = "constrained", **options: Any
) -> tuple[Figure, list[Any]]:
    """An empty figure of `width` x `height` inches, and its axes row by row."""
    figure = Figure(figsize=(width, height), layout=layout)
    axes = figure.subplots(rows, columns, squeeze=False, **options)
    return figure, list(axes.flat)


def number(value: float, digits: int = 2) -> str:
    """A number for a title, with `digits` significant digits: 0.25, -0.6, 5.1 x 10^-6."""
    text = f"{value:.{digits}g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = rf"{mantissa} $\times$ 10$^{{{int(exponent)}}}$"
    return minus(text)


def minus(text: str) -> str:
    """The text with typographic minus signs for hyphens."""
    return text.replace("-", "\N{MINUS SIGN}")


def save(figure: Figure, path: Path) -> None:
    """Write the figure as SVG or PNG, by the path's suffix; the same figure gives the same bytes."""
    path.write_bytes(rendered(figure, path.suffix.removeprefix(".")))


def rendered(figure: Figure, kind: str, *, tight: bool = False) -> bytes:
    """The figure as "svg" or "png", `tight` with what stands beside it; the same figure gives the same bytes."""
    buffer = io.BytesIO()
    metadata = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
    with mpl.rc_context():
        _apply()
        around: dict[str, Any] = {"bbox_inches": "tight", "pad_inches": 0.1} if tight else {}
        figure.savefig(buffer, format=kind, dpi=150, metadata=metadata, **around)
    content = buffer.getvalue()
    if kind == "svg":  # matplotlib ends lines in spaces, which diffs show
        content = b"\n".join(line.rstrip() for line in content.splitlines()) + b"\n"
    return content


def _apply() -> None:
    mpl.rcdefaults()
    mpl.rcParams.update(LOOK)
