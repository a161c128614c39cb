"""Figure 18: what parameter sharing saves (lecture block "Convolutional Networks": 500 against 10^12)."""

from __future__ import annotations

from types import ModuleType

from matplotlib.figure import Figure

from dlkit.figures.style import BLUE, ORANGE, canvas, styled

SIDES = (10, 30, 100, 300, 1000)


@styled
def parameter_counts(cnn: ModuleType) -> Figure:
    """Weights from an image of side n to as many outputs, fully connected, and of 20 kernels of 5 x 5.

    Args:
        cnn: a module with hw6's `conv_param_count` and `dense_param_count`.
    """
    dense = [cnn.dense_param_count(side**2, side**2, bias=False) for side in SIDES]
    shared = [cnn.conv_param_count((5, 5), 1, 20, bias=False) for _ in SIDES]
    figure, (ax,) = canvas(8.0, 4.4)
    ax.loglog(SIDES, dense, color=ORANGE, linestyle="--", marker="s", label="each pixel to each unit")
    ax.loglog(SIDES, shared, color=BLUE, linestyle="-", marker="o", label="20 kernels of 5 x 5, shared")
    ax.set_xticks(SIDES, [f"{side:,}" for side in SIDES])
    ax.minorticks_off()
    ax.set_ylim(30, 1e13)
    ax.set_xlabel("side of the image in pixels")
    ax.set_ylabel("weights")
    ax.legend(loc="upper left")
    exponent = len(str(dense[-1])) - 1
    power = rf"$10^{{{exponent}}}$" if dense[-1] == 10**exponent else f"{dense[-1]:,}"
    figure.suptitle(f"Side {SIDES[-1]:,}: {power} weights fully connected, {shared[-1]:,} shared")
    return figure
