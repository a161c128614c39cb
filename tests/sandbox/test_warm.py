"""Warming: what is done to a library once, before anybody's code runs in a fork."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

DRAWS = """
import os, sys
from autograder.sandbox.warm import warm, why_not_fork
warm(["matplotlib.figure"])
ready = set(sys.modules)
from matplotlib.figure import Figure
figure = Figure(layout="constrained")
figure.subplots().hist([1, 2], log=True)
figure.savefig(os.devnull, format="png")
print([why_not_fork(), sorted(name for name in set(sys.modules) - ready if name.partition(".")[0] in ("matplotlib", "PIL"))])
"""


def test_a_worker_that_draws_finds_everything_imported(tmp_path):
    """Where an assignment draws, a zygote has drawn: it can still be forked, and a figure imports nothing more."""
    command = [sys.executable, "-c", DRAWS]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=tmp_path, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    assert done.stdout.strip() == "['', []]"


PLACES = """
import io, sys
from matplotlib.figure import Figure
from autograder.sandbox.warm import warm
figure = Figure(layout="constrained")
axes = figure.subplots()
axes.set_ylabel("two\\nlines")
engine, made = figure.get_layout_engine(), axes.get_position().bounds
if sys.argv[1] == "warm":
    warm(["matplotlib.figure"])
out = io.BytesIO()
figure.savefig(out, format="png")
print([out.getvalue()[:4] == b"\\x89PNG", figure.get_layout_engine() is engine, axes.get_position().bounds == made])
"""


@pytest.mark.parametrize("kind, unmoved", [("warm", True), ("cold", False)])
def test_a_figure_in_a_worker_is_not_arranged(tmp_path, kind, unmoved):
    """Its parts stay where they were made, as nobody looks at it; it is written all the same, and keeps its layout."""
    command = [sys.executable, "-c", PLACES, kind]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.strip() == str([True, True, unmoved])
