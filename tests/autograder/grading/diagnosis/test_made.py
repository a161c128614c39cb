"""Variants that are made by machine: changes by kind, other inputs, and the sketches of their answers."""

from __future__ import annotations

import ast

import numpy as np
import pytest
from evidence import evidence, raised

from autograder import Case
from autograder.grading.diagnosis.changes import SENTENCES, changed
from autograder.grading.diagnosis.otherwise import otherwise
from autograder.grading.diagnosis.sketch import Sketched, sketch

A, B = np.array([0.3, 1.7, -2.9]), np.array([0.11, 5.2, 0.6, 2.4])


@pytest.mark.parametrize(
    "kind, text, becomes",
    [
        ("mean-for-sum", "return np.sum(x)", "return np.mean(x)"),
        ("other-axis", "return np.sum(x, axis=1)", "return np.sum(x, axis=0)"),
        ("lost-axis", "return np.sum(x, axis=1, keepdims=True)", "return np.sum(x, axis=1)"),
        ("transposed", "return x.T @ y", "return x @ y"),
        ("boundary", "return x < y", "return x <= y"),
        ("sign", "return x - y", "return x + y"),
        ("half", "return 0.5 * x", "return x"),
        ("square", "return x ** 2", "return x"),
        ("activation", "return np.tanh(x)", "return np.sigmoid(x)"),
        ("training-mode", "return model(x, training=True)", "return model(x, training=False)"),
        ("logits", "return loss(x, from_logits=True)", "return loss(x, from_logits=False)"),
        ("results-swapped", "return (x, y)", "return (y, x)"),
        ("other-slope", "return 1 - x ** 2", "return x * (1 - x)"),
        ("other-variable", "return p['w1'] * x + p['w2'] * y", "return p['w2'] * x + p['w2'] * y"),
        ("step-missing", "y = 2 * x\n    x += 1\n    return y + x", "y = 2 * x\n    return y + x"),
        (
            "first-turn",
            "for i in x:\n        y += i\n    return y",
            "for i in x:\n        y += i\n        return y\n    return y",
        ),
    ],
)
def test_a_change_of_each_kind_is_made(kind, text, becomes):
    """The kind's change is among those of the function, with the rest of the file as it was."""
    source = f"import numpy as np\n\n\ndef f(x, y):\n    {text}\n\n\ndef g(x):\n    return np.max(x)\n"
    made = [one.source for one in changed(source, "f") if one.kind == kind]
    assert ast.unparse(ast.parse(source.replace(text, becomes))) in {ast.unparse(ast.parse(one)) for one in made}


def test_a_change_is_also_made_in_all_places_at_once():
    """Students make a mistake in both symmetric places as often as in one."""
    source = "def f(x, y):\n    return np.sum(x) + np.sum(y)\n"
    assert "def f(x, y):\n    return np.mean(x) + np.mean(y)\n" in [one.source for one in changed(source, "f")]


def test_every_kind_has_a_sentence():
    """A change without a sentence would have nothing to say."""
    source = "def f(x, y):\n    z = 1.0\n    for i in range(3):\n        if x < y and i > 0:\n            z += np.exp(-x) / y\n    return z, x\n"
    assert {one.kind for one in changed(source, "f")} <= SENTENCES.keys()


def test_the_reference_is_asked_for_one_minus_a_rate():
    """A rate that is taken for the share to keep has a variant."""
    cases = {"a": Case({"x": A, "rate": 0.2}), "b": Case({"x": B, "rate": 0.3})}
    found = next(other for other in otherwise(cases, {}) if other.id == "argument-complement")
    assert [case.inputs["rate"] for case in found.cases.values()] == [0.8, 0.7]
    assert "1 - `rate`" in found.sentence


def test_an_argument_that_is_ignored_has_a_variant():
    """The default in every case stands for an argument that is not used."""
    cases = {"a": Case({"x": A, "size": 2}), "b": Case({"x": B, "size": 5})}
    found = [other for other in otherwise(cases, {"size": 2}) if other.id == "ignores-argument" and "`size=2`" in other.sentence]
    assert [list(other.cases) for other in found] == [["b"]]  # where it is 2 anyway, nothing changes


def test_a_seed_is_not_asked_otherwise():
    """Another seed gives other numbers, and says nothing about a mistake."""
    assert list(otherwise({"a": Case({"seed": 3})}, {"seed": 0})) == []


def sketched(*values, expected):
    """A variant that answers cases 0, 1, … like this."""
    found = evidence(values, expected)
    one_by_one = {name: sketch(evidence([found.answers[name]], [found.expected[name]])) for name in found.cases}
    return Sketched("kind", "A sentence.", one_by_one)


def test_a_sketch_knows_the_same_answer_in_other_last_digits():
    """Rounding on two grids finds the same numbers on another machine."""
    variant = sketched(2 * A, 2 * B, expected=[A, B])
    assert variant.reason(evidence([2 * A * (1 + 1e-9), 2 * B * (1 - 1e-9)], [A, B])) is not None


def test_a_sketch_does_not_know_another_answer():
    """A number that is off by a thousandth is another one."""
    variant = sketched(2 * A, 2 * B, expected=[A, B])
    assert variant.reason(evidence([2.002 * A, 2.002 * B], [A, B])) is None


def test_a_sketched_variant_that_is_wrong_where_the_submission_is_right_is_not_it():
    """It would have made the same mistake there."""
    variant = sketched(2 * A, 2 * B, expected=[A, B])
    assert variant.reason(evidence([2 * A, B], [A, B])) is None


def test_a_few_labels_prove_nothing():
    """Three right guesses of 0 or 1 may be chance."""
    variant = sketched([0, 1, 1], expected=[[1, 1, 1]])
    assert variant.reason(evidence([[0, 1, 1]], [[1, 1, 1]])) is None


def test_a_sketched_variant_is_not_told_by_a_crash():
    """An exception happens in many ways; of which one, its kind does not tell."""
    crash = raised("ValueError: output array is read-only")
    variant = sketched(crash, crash, crash, crash, expected=[A, A, B, B])
    assert variant.reason(evidence([crash] * 4, [A, A, B, B])) is None
