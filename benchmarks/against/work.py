"""The same questions for every grader: read from a file that the benchmark wrote, put to a module in this very process.

This is how graders work that run a submission beside the judge: import it, call it, compare. The expected answers are read
and not computed, which is more than most hand-made tests do for themselves.
"""

from __future__ import annotations

import pickle
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.assignment import Assignment, run_spec

WORK = Path(__file__).parent / "work.pickle"  # copied beside this file wherever it runs


@cache
def load() -> tuple[Assignment, dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """The assignment, its cases, and what the reference answered to each."""
    work = pickle.loads(WORK.read_bytes())  # noqa: S301 - the benchmark's own
    return run_spec(work["spec"], "benchmark/checks.py"), work["cases"], work["expected"]


def differences(module: ModuleType, name: str) -> list[str]:
    """How a module's answers differ from the reference's, for one check."""
    assignment, cases, expected = load()
    check = assignment.check(name)
    found = []
    for case_name, case in cases[name].items():
        try:
            actual = check.run(module, case)
            sentence = check.compare(actual, expected[name][case_name], {**case.inputs, **case.kept})
        except Exception as error:
            sentence = f"{type(error).__name__}: {error}"
        if sentence:
            found.append(f"{case_name}: {sentence}")
    return found
