"""The grading of a class as it is told while it goes on."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from autograder.report.progress import ClassReport

WHY = "sigmoid: timed out: no answer within 10 s: is there a loop that never ends? " + "and more " * 20


@pytest.mark.parametrize("terminal, whole", [(True, False), (False, True)], ids=["a terminal", "a file or a pipe"])
def test_a_line_for_who_needs_a_look(terminal, whole):
    """It is one line in either; a terminal's ends where the terminal does, a log's where the sentence does."""
    out = io.StringIO()
    report = ClassReport(Console(file=out, width=60, force_terminal=terminal, color_system=None), "hw9")
    report.look("ada", WHY)
    line = next(line for line in out.getvalue().splitlines() if "ada" in line)
    assert line.startswith("! ada  sigmoid: timed out")
    assert line.rstrip().endswith(WHY.rstrip()) is whole
    assert (len(line.rstrip()) > 60) is whole
