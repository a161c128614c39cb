"""The machine that grades: observe twice, compare once.

This is what a spec (`assignments/hwN/checks.py`) and a list of misconceptions may import. The names load when they are
used, so that a process that only moves bytes does not pay for NumPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.checks import (
        Architecture,
        Case,
        Check,
        CrossValidation,
        Forbid,
        ForbidLoops,
        Gradients,
        Outputs,
        Require,
        Training,
        Trajectory,
        raised_by,
    )
    from autograder.diagnosis import Misconception
    from autograder.sandbox.budget import Budget

__all__ = [
    "Architecture",
    "Assignment",
    "Budget",
    "Case",
    "Check",
    "CrossValidation",
    "Forbid",
    "ForbidLoops",
    "Gradients",
    "Misconception",
    "Outputs",
    "raised_by",
    "Require",
    "Training",
    "Trajectory",
]

_HOMES = {
    "Assignment": "autograder.assignment",
    "Budget": "autograder.sandbox.budget",
    "Misconception": "autograder.diagnosis",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'autograder' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES.get(name, "autograder.checks")), name)
