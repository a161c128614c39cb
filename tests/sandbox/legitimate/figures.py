"""Draws figures and saves them as PNG, SVG and PDF in the current folder."""

import os

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt


def attacked(x):
    figure, axes = plt.subplots()
    axes.plot(x.ravel(), label=r"$x_i^2$")
    axes.set_title("A title")
    axes.legend()
    for kind in ("png", "svg", "pdf"):
        figure.savefig(f"figure.{kind}")
        assert os.path.getsize(f"figure.{kind}") > 1000
    plt.close(figure)
    plt.show()
    return x + 1
