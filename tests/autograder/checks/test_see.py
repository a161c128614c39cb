"""The call to copy is the call that was made."""

from __future__ import annotations

import re

import numpy as np
import pytest
from support import ROOT

from autograder.assignment import load
from autograder.checks.gradients import Gradients
from autograder.checks.outputs import Outputs
from autograder.grading.grade import PUBLIC_SEED, questions


def text(see, **inputs):
    """The call to copy for some inputs."""
    return Outputs("f", on=lambda rng: {}, points=1, see=see).call_text(inputs)


@pytest.mark.parametrize(
    "see, inputs, call",
    [
        ("f({x})", {"x": 1.5}, "f(1.5)"),
        ("f({x}{rate=})", {"x": 1.5, "rate": 0.5}, "f(1.5, rate=0.5)"),
        ("f({x}{rate=})", {"x": 1.5}, "f(1.5)"),
        ("f({other|x})", {"x": 1.5, "other": 2.5}, "f(2.5)"),
        ("f({other|x})", {"x": 1.5}, "f(1.5)"),
        ("f({unknown})", {"x": 1.5}, "f({unknown})"),
        ("", {"x": 1.5, "rate": 0.5}, "f(x=1.5, rate=0.5)"),
    ],
)
def test_a_call_is_made_from_the_inputs_of_the_case(see, inputs, call):
    """One input or another, and those that only some cases have."""
    assert text(see, **inputs) == call


def test_a_gradient_to_copy_has_the_numbers_of_the_message():
    """What is weighed in the check is weighed in the call."""
    tf = pytest.importorskip("tensorflow")
    check = Gradients("square", on=lambda rng: {"one": {"x": np.array([[1.0, 2.0], [3.0, 4.0]])}}, points=1, wrt=("x",))
    case = check.inputs(np.random.default_rng(0))["gradient, one"]

    class Module:
        @staticmethod
        def square(x):
            return x**3

    scope = {"np": np, "tf": tf, "square": Module.square}
    *lines, last = check.call_text(case.inputs).splitlines()
    exec("\n".join(lines), scope)  # noqa: S102 - ours
    assert eval(last, scope).numpy() == pytest.approx(check.observe(Module, **case.inputs)["dx"])  # noqa: S307 - ours


SHARED = re.compile(r"\(\)$|datasets\.")  # a call without arguments, or with data that are too many to be shown


@pytest.mark.parametrize("name", sorted(path.parent.name for path in ROOT.glob("assignments/*/checks.py")))
def test_cases_with_different_inputs_have_different_calls(name):
    """No case of the course is shown by the call of another one."""
    assignment = load(ROOT / "assignments" / name)
    for check, cases in questions(assignment, assignment.checks, PUBLIC_SEED).items():
        calls = {case: assignment.check(check).call_text(cases[case].inputs) for case in cases}
        shown = [call for call in calls.values() if call and not SHARED.search(call)]
        assert len(set(shown)) == len(shown), check
