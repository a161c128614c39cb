"""Other spellings: each is the same function, written otherwise."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from autograder.authoring.rewriting import ARRAYS, EXPRESSIONS, STATEMENTS, TENSORS, rewritings

SOURCE = '''\
"""A file."""
import numpy as np


def f(X: np.ndarray, w: np.ndarray, a: float = 2.0) -> np.ndarray:
    """Everything at once."""
    if a > 100:
        raise ValueError("a * 2")
    z = X @ w
    s = np.sum(X ** 2, axis=1) + X.mean(axis=1)
    t = a * z / 3.0 + z / 3.0 * a + a * (z + s) + (z - s) / 7.0 + a * z + a * s
    u = np.sqrt(np.abs(t)) + np.square(z) + z * z * a + (z + s + t) + z * z
    u += np.exp(np.maximum(-z, 0.1)) + np.where(z > 0, z, 2 * z) + np.log(np.abs(s) + 1)
    n = int(len(X) * 0.5) + X.shape[0] // 2
    v = np.outer(u, w).sum() + np.dot(w, w) + np.mean(X) + sum(x * 0.1 for x in w) + 0.5 * n
    if n > 1:
        v = v + 1.0
    else:
        v = v - 1.0
    return (u * v if v > 0 else u - v) + X.T[0].sum() + np.sum(w)


def other(x):
    """Unchanged."""
    return x * 2 + 1
'''
COUNT = 94  # of the spellings of SOURCE; they take a second to make, which processes that only collect tests are spared
RNG = np.random.default_rng(7)
X, W = RNG.normal(size=(6, 4)), RNG.normal(size=4)


def answer(source, *arguments):
    """What a text's `f` returns."""
    space: dict = {}
    exec(compile(source, "f", "exec"), space)  # noqa: S102 - our own
    return space["f"](*arguments)


@pytest.fixture(scope="module")
def made():
    """All spellings."""
    return rewritings(SOURCE, "f")


@pytest.mark.parametrize("number", range(COUNT))
def test_a_spelling_is_the_same_function(made, number):
    """To the last digits but a few."""
    one = made[number]
    np.testing.assert_allclose(answer(one.source, X, W), answer(SOURCE, X, W), rtol=1e-10, err_msg=one.kind)


def test_there_are_many(made):
    """At least 50, of which no two are the same text, and each of which is tried above."""
    assert len({one.source for one in made}) == len(made) == COUNT >= 50


def test_most_kinds_are_met(made):
    """What a function of some size does not meet is for tensors."""
    kinds = {one.kind for one in made}
    assert (EXPRESSIONS.keys() | ARRAYS.keys() | STATEMENTS.keys() | {"float64 inside"}) - kinds <= {
        "@ for dot",
        "other branch of where",
        "einsum for @",
        "x ** 2 for x * x",
        "-1 * x for -x",
        "float64 inside",
        "a * b + a * c for a * (b + c)",
        "a * (b + c) for a * b + a * c",
        "c + b * a for a * b + c",
    }


def test_what_decides_is_left_alone(made):
    """Lengths, whole numbers and what an exception says."""
    for one in made:
        assert "int(len(X) * 0.5)" in one.source
        assert "X.shape[0] // 2" in one.source
        assert 'raise ValueError("a * 2")' in one.source or "raise ValueError('a * 2')" in one.source


def test_only_the_function_changes(made):
    """What stands around it stays."""
    for one in made:
        assert one.source.startswith(SOURCE[: SOURCE.index("def f")])
        assert one.source.endswith(SOURCE[SOURCE.index("\n\ndef other") :])


@pytest.mark.parametrize(
    "line, expected",
    [
        ("return a * b / c", "return a / c * b"),
        ("return a / b", "return a * (1.0 / b)"),
        ("return a - b", "return -(b - a)"),
        ("return a ** 2", "return a * a"),
        ("return a * (b + c)", "return a * b + a * c"),
        ("return a * b + a * c", "return a * (b + c)"),
        ("return a @ b", "return np.dot(a, b)"),
        ("return np.dot(a, b)", "return a @ b"),
        ("return np.mean(a)", "return np.sum(a) / (np.size(a) / np.size(np.sum(a)))"),
        ("return tf.matmul(a, b)", "return a @ b"),
        ("return tf.square(a)", "return a * a"),
        ("a += b", "a = a + b"),
        ("return a if b else c", "return c if not b else a"),
        ("return a < b", "return b > a"),
    ],
)
def test_a_spelling_of_each_sort(line, expected):
    """A line, and another hand's."""
    source = f"def f(a, b, c):\n    {line}\n"
    assert any(expected in one.source for one in rewritings(source, "f"))
    assert all(ast.parse(one.source) for one in rewritings(source, "f"))


@pytest.mark.parametrize(
    "line", ["return [a] + b", "return a.shape[:1] + b", "return a[:1] + a[2:]", "return 'x' + b", "return f(a)[b + 1]"]
)
def test_what_is_no_arithmetic_is_left_alone(line):
    """Lists, shapes, texts and indices have an order."""
    assert not [one for one in rewritings(f"def f(a, b):\n    {line}\n", "f") if one.kind != "the result by name"]


def test_tensors_have_their_own():
    """Where a function uses TensorFlow, NumPy's spellings are not made."""
    kinds = {one.kind for one in rewritings("def f(a, b):\n    return tf.reduce_mean(a @ b)\n", "f")}
    assert kinds & TENSORS.keys()
    assert not kinds & ARRAYS.keys()


def test_a_function_that_is_not_there_is_said():
    """By its name."""
    with pytest.raises(KeyError, match="g"):
        rewritings(SOURCE, "g")
