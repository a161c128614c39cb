"""A gradient that is missing is told with the line in which the computation left the tape."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from autograder.checks.base import Case
from autograder.checks.gradients import NO_TENSOR, Gradients
from autograder.grading.judging import judge
from autograder.observation import Odd
from autograder.observation.answer import Answer, Ending
from autograder.observing.untaped import line_of_numpy

HEAD = "import numpy as np\nimport tensorflow as tf\n"  # the function begins in line 3
LEAVING = {
    "a function of NumPy": ("def f(z):\n    return 1 / (1 + np.exp(-z))", 4),
    "a method": ("def f(z):\n    a = z + 1\n    return tf.exp(a.numpy())", 5),
    "a number": ("def f(z):\n    return tf.constant(float(z))", 4),
    "in a helper": ("def g(z):\n    return np.tanh(z)\n\ndef f(z):\n    return g(z)", 4),
    "another name of NumPy": ("from numpy import exp\ndef f(z):\n    return exp(z)", 5),
}
STAYING = {
    "TensorFlow": "def f(z):\n    return tf.exp(z)",
    "constants of NumPy": "def f(z):\n    return z * np.pi + np.float32(2) + np.ones(3)",
    "a size": "def f(z):\n    return z / np.prod(z.shape)",
    "NumPy in another function": "def g(z):\n    return np.exp(z)\n\ndef f(z):\n    return tf.exp(z)",
}


@pytest.mark.parametrize("source, line", LEAVING.values(), ids=LEAVING)
def test_the_line_is_found(source, line):
    """However NumPy, `.numpy()` or `float()` is written, in the function or in what it uses."""
    assert line_of_numpy(ast.parse(HEAD + source), "f") == line


@pytest.mark.parametrize("source", STAYING.values(), ids=STAYING)
def test_what_keeps_the_gradient_is_not_named(source):
    """Constants, sizes and other functions do not take a tensor off the tape."""
    assert line_of_numpy(ast.parse(HEAD + source), "f") is None


@pytest.mark.parametrize(
    "what, left",
    [("None", True), (f"{NO_TENSOR}a NumPy array", True), (f"{NO_TENSOR}None", False), ("a list of 2 values", False)],
)
def test_a_missing_gradient_is_known_by_what_came_back(what, left):
    """None from the tape and an array in place of a tensor; a function without a `return` never had a tape."""
    check = Gradients("f", on=lambda rng: {}, points=1, wrt=("z",))
    assert check.left_the_tape({"dz": Odd(what)}) is left


def test_the_line_stands_in_the_message():
    """Behind the sentence, as it does for an exception."""
    check = Gradients("f", on=lambda rng: {}, points=1, wrt=("z",))
    answer = Answer(Ending.RETURNED, {"dz": Odd("None")}, place="line 4: np.exp(z)")
    expected = Answer(Ending.RETURNED, {"dz": np.ones(2)})
    result = judge(check, {"gradient, one": Case({"z": np.ones(2)})}, {"gradient, one": answer}, {"gradient, one": expected})
    assert result.message.endswith("left the tape (NumPy, .numpy() or float()): line 4: np.exp(z)")
