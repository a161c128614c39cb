"""Excerpts: a function of a submission, and what it needs, found without parsing it."""

from __future__ import annotations

import pytest

from autograder.classroom.excerpt import alone, function_in, span_of

TEXT = '''#!/usr/bin/env python
"""By Jane Doe, 12345."""
import numpy as np
from math import (
exp)
EPS, BIG = 1e-7, 1e7  # Jane's
OTHER = 3
# about f
@cached
def f(
    x,
):
    """Doc.
at the margin
    """
    y = np.array([
1, 2
])
    t = """
stop = 1
"""
    return helper(x) + EPS

# about g

def g(x): return OTHER

def helper(x):
    # Jane wrote this
    return exp(x)

if __name__ == "__main__":
    f(3)
else:
    g(3)
'''
F = '''@cached
def f(
    x,
):
    y = np.array([
1, 2
])
    t = """
stop = 1
"""
    return helper(x) + EPS'''


def test_a_function_ends_where_the_next_statement_begins():
    """Texts and brackets at the left margin are part of it; comments before the next one, and its docstring, are not."""
    assert function_in(TEXT, "f") == F
    assert function_in(TEXT, "g") == "def g(x): return OTHER"


def test_the_last_of_two_functions_counts():
    """As for Python."""
    assert function_in("def f(): return 1\ndef f(): return 2\n", "f") == "def f(): return 2"


@pytest.mark.parametrize("text", ["", "f = lambda x: x\n", "class C:\n    def f(self): pass\n", "def ff(): pass\n", '"""def'])
def test_what_is_no_function_at_the_margin_is_not_found(text):
    """Nothing is shown then."""
    assert function_in(text, "f") == ""


def test_a_broken_file_still_has_its_functions():
    """The file need not be Python."""
    assert function_in("def f(x):\n    return (x\n\ndef g(: 3\n", "f") == "def f(x):\n    return (x"


def test_a_program_has_what_its_function_mentions():
    """Imports, constants and helpers, in the order of the file; no comment, and nothing that is not needed."""
    found = alone(TEXT, "f")
    compile(found, "f", "exec")
    assert all(part in found for part in ("import numpy as np", "exp)", "EPS, BIG = 1e-7, 1e7", "def helper(x):", "def f("))
    assert not any(part in found for part in ("Jane", "OTHER", "def g", "__main__"))


def test_a_function_that_is_not_there_has_no_program():
    """Not even one of imports."""
    assert alone(TEXT, "missing") == ""


@pytest.mark.parametrize(
    "name, lines",
    [
        ("f", (1, 5)),
        ("A.fit", (6, 8)),
        ("A.B.deep", (9, 11)),
        ("A", (5, 11)),
        ("g", (12, 16)),
        ("A.none", (0, 0)),
        ("fit", (0, 0)),
    ],
)
def test_a_function_is_found_by_its_lines(name, lines):
    """A method by its class; with decorators, without what stands before the next one."""
    text = """x = 1
@cache
def f():
    return (
)
class A:
    def fit(self):
        pass
    class B:
        def deep(self):
            pass

async def g(a,
      b):

    return 1
# end
"""
    assert span_of(text, name) == lines
