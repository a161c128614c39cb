"""Kinds of questions: what a spec can ask about a function."""

from autograder.checks.architecture import Architecture
from autograder.checks.base import Case, Check, raised_by
from autograder.checks.cross_validation import CrossValidation
from autograder.checks.gradients import Gradients
from autograder.checks.outputs import Outputs
from autograder.checks.rules import Forbid, ForbidLoops, Require
from autograder.checks.training import Training
from autograder.checks.trajectory import Trajectory

__all__ = [
    "Architecture",
    "Case",
    "Check",
    "CrossValidation",
    "Forbid",
    "ForbidLoops",
    "Gradients",
    "Outputs",
    "raised_by",
    "Require",
    "Training",
    "Trajectory",
]
