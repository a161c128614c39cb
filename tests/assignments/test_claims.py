"""What a submission only claims earns next to nothing: points are for values that the grader can compare."""

from __future__ import annotations

import ast
import os

import pytest
from sampling import ALL
from support import ROOT

from autograder.grading.grade import grade
from autograder.submission import Submission

EVERY = sorted(path.parent.name for path in ROOT.glob("assignments/*/checks.py"))
ASSIGNMENTS = EVERY if ALL or "DLKIT_SEEDS" in os.environ else ["hw2"]  # the others for an author
MOST = 5  # points of 100

# In the worker, beside our own code: every observation is replaced by what a liar can say without having computed it.
PATCHED = """
import sys

import numpy as np

base = sys.modules["autograder.checks.base"]
architecture = sys.modules["autograder.checks.architecture"]


def first_array(inputs):
    arrays = [value for value in inputs.values() if isinstance(value, np.ndarray)]
    return arrays[0] if arrays else np.array(0.0)


def run(self, module, case):
    inputs = dict(case.inputs)
    seen = {}
    if case.raises:
        seen["raised"] = case.raises
    elif self.label == "training":
        seen["predictions"] = np.resize(inputs["y"], (len(inputs.get("X_test", inputs["y"])), 1)).astype(np.float32)
    elif self.label == "architecture":
        seen |= {"built": np.array(True), "layers": "Dense(2, tanh) > Dense(1, sigmoid)", "output": np.zeros(1)}
        seen |= {architecture.SAME_SEED: np.array([True]), architecture.OTHER_SEED: np.array([True])}
    else:
        seen |= dict.fromkeys(getattr(self, "returns", ()) or ("answer",), first_array(inputs))
        if any(name.startswith("bad") for name in inputs):
            seen["raised"] = "ValueError"
    for name, value in inputs.items():
        if name in case.writable or isinstance(value, dict | list):
            seen |= base.what_became_of(name, value, {path: leaf for path, leaf in base.leaves(value)})
    if self.keeps_random_state:
        seen[base.RANDOM_STATE] = ""
    if case.quiet:
        seen[base.WARNED] = ""
    return seen


base.Check.run = run
"""

RAISES = "raise ValueError"
NOTHING = "return None"
BOASTS = """
    path = next((value for value in (*given, *named.values()) if isinstance(value, str)), None)
    if path:
        with open(path, "wb") as file:
            file.write(b"\\x89PNG\\r\\n\\x1a\\n")
    model = {"train_acc": 1.0, "test_acc": 0.8, "kernel_l2": 9.0, "near_zero": 0.1}
    good = {"train_acc": 0.9, "test_acc": 0.9, "kernel_l2": 0.1, "near_zero": 0.9}
    return {"plain": model, "l2": good, "l1": good, "dropout": good}
"""
NOISE = """
    return lambda x, training=False: np.random.normal(size=(len(x), 4)) if training else np.zeros((len(x), 4))
"""


def written(source: str, body: str, before: str = "") -> str:
    """A file with every function of the reference, each of which does the same."""
    names = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    return f"import numpy as np\n{before}" + "".join(f"\n\ndef {name}(*given, **named):\n    {body}\n" for name in names)


REFUSES = "an exception"  # whatever it is given: nothing is right, and not even an error case is paid
CLAIMS = {
    REFUSES: (RAISES, ""),
    "nothing": (NOTHING, ""),
    "numbers and a picture": (BOASTS, ""),
    "noise for a model": (NOISE, ""),
    "whatever the worker is asked": (RAISES, PATCHED),
}


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_a_submission_that_claims_everything_earns_next_to_nothing(name, claim, courses, monkeypatch):
    """That something was raised, left alone or drawn can be seen in the worker only, so alone it is worth nothing."""
    course = courses(name)
    monkeypatch.setitem(vars(course.references), "misconceptions", {})  # why everything is wrong is not asked here
    source = written(course.source, *CLAIMS[claim])
    result = grade(course.assignment, Submission("", {course.file: source}), course.references, course.workers)
    earned = {check.name: check.score for check in result.checks if check.score}
    assert not result.faults
    assert sum(earned.values()) <= (0 if claim == REFUSES else MOST), earned
