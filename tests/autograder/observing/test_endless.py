"""A loop of which each turn is like the one before is known never to end, and nothing else is."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from autograder.grading.grade import draw
from autograder.observation.answer import Ending
from autograder.observing.endless import loop_at, never_ends
from autograder.outcome import Outcome

ENDLESS = {
    "nothing is counted": ("while n < 10:\n    steps = n", {"n": 0}),
    "nothing is done": ("while True: pass", {}),
    "another name is counted": ("while n < 10 and not found:\n    m = n + 1", {"n": 0, "found": False}),
    "the way out is not taken": ("while True:\n    if n > 3: break\n    a, b = n, 2 * n", {"n": 2}),
}
OTHERS = {
    "it counts": ("while n < 10: n += 1", {"n": 0}),
    "it counts in other words": ("while n < 10: n = n + 1", {"n": 0}),
    "its condition does not hold any more": ("while n < 10: steps = n", {"n": 10}),
    "it leaves": ("while True:\n    if n > 3: break", {"n": 4}),
    "it calls": ("while n < 10: step()", {"n": 0, "step": print}),
    "it calls what another has": ("while n < 10: x.pop()", {"n": 0, "x": []}),
    "it reads an entry": ("while n < 10: y = x[n]", {"n": 0, "x": [1]}),
    "it changes an array": ("while n < 10: x += 1", {"n": 0, "x": np.zeros(3)}),
    "it reads an array": ("while x < 1: y = x", {"x": np.float64(0)}),
    "it reads what is not there": ("while n < 10: y = x", {"n": 0}),
    "it goes round in another": ("while n < 10:\n    for i in (1, 2): y = i", {"n": 0}),
    "a turn takes long": ("while n < 10: y = n % m", {"n": 0, "m": 10**1000}),
    "it may run out of numbers": ("while n < 10: y = 10.0 ** n", {"n": 0}),
    "it waits": ("while n < 10:\n    with lock: pass", {"n": 0, "lock": None}),
}


@pytest.mark.parametrize("source, names", ENDLESS.values(), ids=ENDLESS)
def test_a_loop_that_repeats_itself_never_ends(source, names):
    """It reads numbers only, writes none of them, and calls nothing."""
    assert never_ends(ast.parse(source).body[0], names)


@pytest.mark.parametrize("source, names", OTHERS.values(), ids=OTHERS)
def test_a_loop_that_may_end_is_left_alone(source, names):
    """Whatever counts, calls, or touches more than numbers may come to an end."""
    assert not never_ends(ast.parse(source).body[0], names)


def test_a_turn_that_raises_is_no_turn():
    """An exception is a way out, too."""
    with pytest.raises(ZeroDivisionError):
        never_ends(ast.parse("while n < 10: y = 1 / n").body[0], {"n": 0})


def test_the_innermost_loop_is_looked_at():
    """A line is in the body of one loop, and may be in that of another, but not in what comes after it."""
    tree = ast.parse("while a:\n    while b:\n        pass\n    c = 1\nelse:\n    d = 1\n")
    assert [getattr(loop_at(tree, line), "lineno", None) for line in range(1, 7)] == [1, 2, 2, 1, None, None]


def test_nobody_waits_for_a_loop_that_never_ends(small):
    """It has run out of its time, in the same words, long before that; the other cases and checks keep their points."""
    body = "def total(x):\n    n, size = 0, x.ndim - 1\n    while n < size:\n        steps = n\n    return float(np.sum(x))"
    source = small.replacing("total", body)
    result = small.check("total", source, timeout=600.0)
    assert [case.outcome for case in result.cases] == [Outcome.PASSED, Outcome.TIMED_OUT, Outcome.PASSED]
    assert "no answer within 600 s: is there an infinite loop?" in result.message


def test_a_process_that_only_ends_with_that_status_has_ended(small):
    """It has to say so as well, which no program does by accident."""
    source = small.replacing("total", "def total(x):\n    import os; os._exit(3)")
    result = small.check("total", source)
    assert result.outcome is Outcome.CRASHED
    assert "exit status 3" in result.message


def test_a_loop_that_ends_late_is_waited_for(small):
    """One that computes for longer than the looks are apart has its time."""
    body = "def total(x):\n    n = 0\n    while n < 10**7:\n        n += 1\n    return float(np.sum(x))"
    assert small.check("total", small.replacing("total", body)).outcome is Outcome.PASSED


def test_the_loops_of_our_own_files_are_looked_at_too(small):
    """A known mistake that loops costs a class no more than a student's."""
    assignment = small.assignment.within(600.0)
    check = assignment.check("total")
    (name, case), *_ = draw(assignment, check, 1).items()
    source = small.replacing("total", "def total(x):\n    while True: pass")
    answer = small.references.ask({small.file: source}, check, name, case)
    assert answer.ending is Ending.TIMED_OUT
