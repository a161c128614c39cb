"""The machine that grades: observe twice, compare once.

This is what a spec (`assignments/hwN/checks.py`) and a list of misconceptions may import. The names load when they are
used, so that a process that only moves bytes does not pay for NumPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder import symptoms
    from autograder.assignment import Assignment
    from autograder.assignment.misconception import Misconception
    from autograder.assignment.predictions import Choice, Curve, Number, Predictions
    from autograder.assignment.predictions.learned import Learned, Plane, Tiles
    from autograder.assignment.predictions.milestones import Milestone, Step
    from autograder.checks.architecture import PROBE, Architecture, canonical_layers, inject
    from autograder.checks.base import EFFECT, Case, Check, raised_by
    from autograder.checks.by_hand import ByHand
    from autograder.checks.cross_validation import CrossValidation
    from autograder.checks.drawing import draw
    from autograder.checks.gradients import Gradients, gradient_value
    from autograder.checks.literal import literal
    from autograder.checks.outputs import Outputs, as_tensors
    from autograder.checks.rules import Forbid, ForbidLoops, Require
    from autograder.checks.training import Training
    from autograder.checks.trajectory import Trajectory
    from autograder.observation import Odd, Table, as_value, flatten
    from autograder.observation.closeness import explain_difference, explain_form
    from autograder.sandbox.budget import Budget

HOMES = {  # the names that a spec may import, and where each is at home
    "Architecture": "autograder.checks.architecture",
    "as_tensors": "autograder.checks.outputs",
    "as_value": "autograder.observation",
    "Assignment": "autograder.assignment",
    "Budget": "autograder.sandbox.budget",
    "ByHand": "autograder.checks.by_hand",
    "canonical_layers": "autograder.checks.architecture",
    "Case": "autograder.checks.base",
    "Check": "autograder.checks.base",
    "Choice": "autograder.assignment.predictions",
    "CrossValidation": "autograder.checks.cross_validation",
    "Curve": "autograder.assignment.predictions",
    "draw": "autograder.checks.drawing",
    "EFFECT": "autograder.checks.base",
    "explain_difference": "autograder.observation.closeness",
    "explain_form": "autograder.observation.closeness",
    "flatten": "autograder.observation",
    "Forbid": "autograder.checks.rules",
    "ForbidLoops": "autograder.checks.rules",
    "gradient_value": "autograder.checks.gradients",
    "Gradients": "autograder.checks.gradients",
    "inject": "autograder.checks.architecture",
    "Learned": "autograder.assignment.predictions.learned",
    "literal": "autograder.checks.literal",
    "Milestone": "autograder.assignment.predictions.milestones",
    "Misconception": "autograder.assignment.misconception",
    "Number": "autograder.assignment.predictions",
    "Odd": "autograder.observation",
    "Outputs": "autograder.checks.outputs",
    "Plane": "autograder.assignment.predictions.learned",
    "Predictions": "autograder.assignment.predictions",
    "PROBE": "autograder.checks.architecture",
    "raised_by": "autograder.checks.base",
    "Require": "autograder.checks.rules",
    "Step": "autograder.assignment.predictions.milestones",
    "symptoms": "autograder",
    "Table": "autograder.observation",
    "Tiles": "autograder.assignment.predictions.learned",
    "Training": "autograder.checks.training",
    "Trajectory": "autograder.checks.trajectory",
}
__all__ = list(HOMES)


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module 'autograder' has no attribute {name!r}")
    from importlib import import_module

    if HOMES[name] == __name__:  # a room of its own
        return import_module(f"{__name__}.{name}")
    return getattr(import_module(HOMES[name]), name)
