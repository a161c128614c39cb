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
    from autograder.checks.architecture import PROBE, canonical_layers, inject
    from autograder.checks.base import EFFECT
    from autograder.checks.drawing import draw
    from autograder.checks.gradients import gradient_value
    from autograder.checks.literal import literal
    from autograder.checks.outputs import as_tensors
    from autograder.closeness import explain_difference, explain_form
    from autograder.misconception import Misconception
    from autograder.observation import Odd, as_value, flatten
    from autograder.sandbox.budget import Budget

__all__ = [
    "Architecture",
    "as_tensors",
    "as_value",
    "Assignment",
    "Budget",
    "canonical_layers",
    "Case",
    "Check",
    "CrossValidation",
    "draw",
    "EFFECT",
    "explain_difference",
    "explain_form",
    "flatten",
    "Forbid",
    "ForbidLoops",
    "gradient_value",
    "Gradients",
    "inject",
    "literal",
    "Misconception",
    "Odd",
    "Outputs",
    "PROBE",
    "raised_by",
    "Require",
    "Training",
    "Trajectory",
]

_HOMES = {  # of what is not a kind of question
    "as_tensors": "autograder.checks.outputs",
    "as_value": "autograder.observation",
    "Assignment": "autograder.assignment",
    "Budget": "autograder.sandbox.budget",
    "canonical_layers": "autograder.checks.architecture",
    "draw": "autograder.checks.drawing",
    "EFFECT": "autograder.checks.base",
    "explain_difference": "autograder.closeness",
    "explain_form": "autograder.closeness",
    "flatten": "autograder.observation",
    "gradient_value": "autograder.checks.gradients",
    "inject": "autograder.checks.architecture",
    "literal": "autograder.checks.literal",
    "Misconception": "autograder.misconception",
    "Odd": "autograder.observation",
    "PROBE": "autograder.checks.architecture",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'autograder' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES.get(name, "autograder.checks")), name)
