"""The distribution of a class as an SVG that takes the colours of the page around it."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from autograder.report.survey import Band

INK, BAR = "#0a0b0c", "#0d0e0f"  # stand for the page's own colours, and are drawn with nowhere else
WIDTH, HEIGHT = 5.2, 2.5  # inches


def distribution(bands: Sequence[Band]) -> str:
    """A bar for each band with its count above it; text stays text, and everything has the page's colours."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "distribution", "text.color": INK}):
        figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        places = range(len(bands))
        bars = axes.bar(places, [band.count for band in bands], width=0.86, color=BAR)
        axes.bar_label(bars, [str(band.count or "") for band in bands], padding=2, fontsize=9)
        axes.set_xticks(list(places), [band.label.removesuffix(" %").replace("over ", ">") for band in bands], fontsize=8)
        axes.set_xlabel("mark in % of the points", fontsize=9, color=INK)
        axes.set_ylim(0, 1.12 * max([1, *(band.count for band in bands)]))
        axes.yaxis.set_visible(False)  # each bar says its count
        axes.tick_params(length=0, colors=INK)
        for side, spine in axes.spines.items():
            spine.set_visible(side == "bottom")
            spine.set_color(INK)
        out = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(out, format="svg", transparent=True, metadata=nothing)
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :].replace(INK, "currentColor").replace(BAR, "var(--bar)")
    svg = re.sub(r"<(metadata|style)\b.*?</\1>", "", svg, flags=re.DOTALL)  # a style would hold for the whole page
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
