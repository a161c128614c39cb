"""Mechanical mutants: what is changed, what is left alone, and what one is known by."""

from __future__ import annotations

import ast

import pytest

from autograder.authoring.mutation import mutants

SOFTMAX = '''\
"""A file."""
import numpy as np


def softmax(z: np.ndarray, scale: float = 2.0) -> np.ndarray:
    """Rows that sum to 1, e^z / sum e^z."""
    if z.ndim != 2:
        raise ValueError("2 axes are needed, not 1")
    e = np.exp(scale * z)
    e = e / np.sum(e, axis=1, keepdims=True)
    return e


def other(x):
    """Unchanged."""
    return x + 1
'''


def changes(source, function="f"):
    """What the mutants of a function say."""
    return [mutant.change for mutant in mutants(source, function)]


def body(*lines):
    """A function of two parameters with these lines."""
    return "def f(x, y=None):\n" + "".join(f"    {line}\n" for line in lines)


def test_every_mutant_is_python_and_differs_from_all_others():
    """No two are the same text, and each compiles."""
    sources = [mutant.source for mutant in mutants(SOFTMAX, "softmax")]
    assert len(set(sources)) == len(sources) > 10
    for source in sources:
        ast.parse(source)
        assert ast.unparse(ast.parse(source)) != ast.unparse(ast.parse(SOFTMAX))


def test_the_same_source_has_the_same_mutants():
    """Nothing is drawn."""
    assert mutants(SOFTMAX, "softmax") == mutants(SOFTMAX, "softmax")


def test_only_the_function_changes():
    """What stands around it stays, byte for byte."""
    end = SOFTMAX[SOFTMAX.index("\n\ndef other") :]
    for mutant in mutants(SOFTMAX, "softmax"):
        assert mutant.source.startswith(SOFTMAX[: SOFTMAX.index("def softmax")])
        assert mutant.source.endswith(end)


def test_docstrings_hints_and_messages_are_left_alone():
    """The numbers in them compute nothing."""
    for mutant in mutants(SOFTMAX, "softmax"):
        assert "2 axes are needed, not 1" in mutant.source or mutant.change.endswith("(dropped)")
        assert '"""Rows that sum to 1, e^z / sum e^z."""' in mutant.source
        assert "z: np.ndarray" in mutant.source


@pytest.mark.parametrize(
    "line, expected",
    [
        ("return x + y", "`x + y` -> `x - y`"),
        ("return x @ y", "`x @ y` -> `x * y`"),
        ("return x @ y", "`x @ y` -> `y @ x`"),
        ("return x ** 2", "`x ** 2` -> `x * 2`"),
        ("return x < y", "`x < y` -> `x <= y`"),
        ("return x < y", "`x < y` -> `x >= y`"),
        ("return x and y", "`x and y` -> `x or y`"),
        ("return g(not x)", "`not x` -> `x`"),
        ("return 0 * x", "`0` -> `1`"),
        ("return 3 * x", "`3` -> `4`"),
        ("return 3 * x", "`3` -> `-3`"),
        ("return 3 * x", "`3` -> `6`"),
        ("return True", "`True` -> `False`"),
        ("return x.sum(axis=1)", "`1` -> `0`"),
        ("return x.sum(axis=1)", "`x.sum(axis=1)` -> `x.sum()`"),
        ("return x.sum(0, keepdims=True)", "`x.sum(0, keepdims=True)` -> `x.sum(0)`"),
        ("return divide(x, y)", "`divide(x, y)` -> `divide(y, x)`"),
        ("return x, y", "`return (x, y)` -> `return (y, x)`"),
        ("return 1 if x else 2", "`1 if x else 2` -> `1 if not x else 2`"),
        ("return [i for i in x if i]", "`i for i in x if i`"),
        ("x.append(y)", "`x.append(y)` (dropped)"),
        ("x += y", "`x += y` (dropped)"),
        ("x = 2 * x", "`x = 2 * x` (dropped)"),
        ("return x", "`return x` -> `return y`"),
    ],
)
def test_a_slip_of_each_kind(line, expected):
    """A line and one of the slips in it."""
    if expected.startswith("`i for"):
        assert any(mutant.kind == "negated" for mutant in mutants(body(line), "f"))
    else:
        assert expected in changes(body(line))


def test_a_guard_may_be_forgotten():
    """The `if` in front of an exception is a line like any other."""
    assert "`if z.ndim != 2:` (dropped)" in changes(SOFTMAX, "softmax")


def test_a_line_is_not_dropped_where_a_name_would_be_missing():
    """A NameError is no slip that a case has to catch; a second assignment is."""
    dropped = [change for change in changes(SOFTMAX, "softmax") if change.endswith("(dropped)")]
    assert "`e = np.exp(scale * z)` (dropped)" not in dropped
    assert "`e = e / np.sum(e, axis=1, keepdims=True)` (dropped)" in dropped


@pytest.mark.parametrize("line", ["return max(x, y)", "return zip(x, y, strict=True)[x]", "return x[y]"])
def test_what_says_the_same_is_not_tried(line):
    """`max(y, x)`, and a `strict` that can only raise."""
    assert not [change for change in changes(body(line)) if "max(y, x)" in change or "False" in change]


@pytest.mark.parametrize("line", ["return x[1]", "return x[:, 1]", "return x.sum(axis=(0, 1))", "return x.reshape(1, y)"])
def test_the_sign_of_an_index_is_left_alone(line):
    """Of two axes, 1 and -1 are the same."""
    assert "`1` -> `-1`" not in changes(body(line))
    assert "`1` -> `0`" in changes(body(line))


def test_defaults_are_changed():
    """A default is part of the contract."""
    assert "`2.0` -> `3.0`" in changes(SOFTMAX, "softmax")


def test_a_mutant_is_known_by_its_line_not_by_its_number():
    """Lines above it may move; what it was and what it became stay."""
    moved = SOFTMAX.replace('"""A file."""', '"""A file."""\n\n# a remark')
    keys = [mutant.key for mutant in mutants(SOFTMAX, "softmax")]
    assert keys == [mutant.key for mutant in mutants(moved, "softmax")]
    assert all(
        mutant.line == other.line - 2
        for mutant, other in zip(mutants(SOFTMAX, "softmax"), mutants(moved, "softmax"), strict=True)
    )
    assert ("softmax", "e = e / np.sum(e, axis=1, keepdims=True)", "e = e / np.sum(e, axis=0, keepdims=True)") in keys


def test_every_kind_is_there():
    """A function of some size meets nearly all."""
    kinds = {mutant.kind for mutant in mutants(SOFTMAX, "softmax")}
    assert kinds == {"operator", "constant", "axis", "dropped", "returned"}


def test_a_function_that_is_not_there_is_said():
    """By its name."""
    with pytest.raises(KeyError, match="sigmoid"):
        mutants(SOFTMAX, "sigmoid")
