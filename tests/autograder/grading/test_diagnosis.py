"""Naming the mistake: a misconception explains an answer only if it gives the same answer everywhere."""

from __future__ import annotations

import numpy as np
import pytest

from autograder import Misconception
from autograder.answer import Answer, Ending
from autograder.assignment import SpecError
from autograder.grading.diagnosis import find_misconceptions
from autograder.observation import Odd


def returned(*values):
    """Answers to cases 0, 1, … that returned these arrays."""
    return {str(i): Answer(Ending.RETURNED, {"answer": np.asarray(value)}) for i, value in enumerate(values)}


def raised(error):
    """One answer that raised."""
    return {"0": Answer(Ending.RAISED, error=error)}


EXPECTED = returned([1.0, 2.0], [3.0])
MEAN, SUM = returned([0.5, 1.0], [3.0]), returned([2.0, 4.0], [6.0])


def test_the_misconception_that_answers_the_same_is_found():
    """The one that gives the submission's answer in all cases is named."""
    assert find_misconceptions(returned([0.5, 1.0000001], [3.0]), EXPECTED, {"sum": SUM, "mean": MEAN}) == ["mean"]


def test_one_case_that_differs_is_no_match():
    """The same answer in one case and another in the next is another mistake."""
    assert find_misconceptions(returned([0.5, 1.0], [3.1]), EXPECTED, {"mean": MEAN}) == []


def test_a_misconception_that_answers_right_explains_nothing():
    """A variant that no case tells from the reference is never named."""
    assert find_misconceptions(returned([1.0, 2.0], [3.0]), EXPECTED, {"harmless": EXPECTED}) == []


def test_the_nearest_is_taken_and_ties_are_kept():
    """Of two that match, the nearer one; of two that cannot be told apart, both."""
    near, far = returned([0.5, 1.0], [3.0]), returned([0.5, 1.0000004], [3.0])
    assert find_misconceptions(MEAN, EXPECTED, {"far": far, "near": near}) == ["near"]
    assert find_misconceptions(MEAN, EXPECTED, {"one": near, "two": near}) == ["one", "two"]


def test_no_array_matches_no_array_only():
    """None is not an array of any kind, and equals None."""
    none = {"0": Answer(Ending.RETURNED, {"answer": Odd("None")})}
    assert find_misconceptions(none, returned([1.0]), {"array": returned([2.0, 3.0]), "none": none}) == ["none"]


def test_the_same_failure_is_recognised_in_other_words():
    """Numbers, names and shapes in an error do not matter; its kind does."""
    known = {"shapes": raised("ValueError: shapes (3, 4) and (5,) not aligned"), "type": raised("TypeError: no")}
    assert find_misconceptions(raised("ValueError: shapes (7, 2) and (9,) not aligned"), returned([1.0]), known) == ["shapes"]


def test_tripping_over_none_is_one_failure():
    """A gradient that is None fails in many words; they are one mistake."""
    known = {"tape": raised("TypeError: float() argument must be a string or a real number, not 'NoneType'")}
    assert find_misconceptions(raised("AttributeError: 'NoneType' object has no attribute 'numpy'"), returned([1.0]), known) == [
        "tape"
    ]


def test_a_misconception_is_put_into_its_own_function_only():
    """The change is made in the function it is about, wherever else the text stands."""
    source = "def f(x):\n    return x + 1\n\n\ndef g(x):\n    return x + 1\n"
    changed = Misconception("m", "g", "No.", ("x + 1", "x - 1")).put_into(source)
    assert changed == "def f(x):\n    return x + 1\n\n\ndef g(x):\n    return x - 1\n"


@pytest.mark.parametrize("function, old", [("h", "x"), ("f", "absent"), ("f", "x")])
def test_a_change_that_does_not_apply_once_is_refused(function, old):
    """A misconception that has drifted from the reference is an error of ours, with its id."""
    with pytest.raises(SpecError, match="'m'"):
        Misconception("m", function, "No.", (old, "y")).put_into("def f(x):\n    return x * x\n")


def test_a_wrong_submission_is_diagnosed_end_to_end(small):
    """The sentence of the misconception reaches the result; another mistake gets the author's hint."""
    result = small.check("total", small.replacing("total", "def total(x):\n    return float(np.mean(x)) if len(x) else 0.0"))
    assert (result.misconception, result.explanation) == ("total-is-mean", "That is the mean; the sum was asked for.")
    result = small.check("total", small.replacing("total", "def total(x):\n    return 7.25"))
    assert (result.misconception, result.hint) == (None, "Add every entry up.")
