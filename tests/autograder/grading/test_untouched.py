"""A program that is handed out to be repaired, and is as it was, is not started."""

from __future__ import annotations

import pytest

from autograder.assignment.misconception import Misconception
from autograder.grading.untouched import given_in, untouched

REFERENCE = '''"""A file."""

import numpy as np


def mean(x):
    """The mean.

    Returns: a number.
    """
    # the sum first
    total = np.sum(
        x,
    )
    return total / len(x)


def other(x):
    """Another function."""
    return x
'''
GIVEN = Misconception("given", "mean", "It is still ill.", ("total / len(x)", "total / 2"), given=True)
STUB = GIVEN.put_into(REFERENCE)
DIGESTS = given_in(REFERENCE, [GIVEN, Misconception("known", "other", "Known.", ("return x", "return -x"))])


def test_only_what_is_handed_out_can_be_untouched():
    """A known mistake that students do not get says nothing of their file."""
    assert set(DIGESTS) == {"mean"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(STUB, id="as it was"),
        pytest.param(STUB.replace("\n", "\r\n"), id="other line ends"),
        pytest.param(STUB.replace("    total", "\n    # a remark\n    total"), id="a remark"),
        pytest.param(STUB.replace("return x\n", "return 3\n"), id="another function is changed"),
        pytest.param(STUB + "\nprint(mean([1, 2]))\n", id="it is tried out"),
        pytest.param("x = 1\n" + STUB[STUB.index("def other") :] + "\n\n" + STUB[: STUB.index("def other")], id="another order"),
    ],
)
def test_a_program_is_untouched_whatever_stands_around_it(text):
    """Remarks, line ends, the order of functions and other code are no repair."""
    assert untouched(text, DIGESTS) == {"mean"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(REFERENCE, id="repaired"),
        pytest.param(STUB.replace("total / 2", "total / 3"), id="changed"),
        pytest.param(STUB.replace("    return total / 2", "    x = x + 1\n    return total / 2"), id="a line more"),
        pytest.param(STUB + "\nmean = other\n", id="the name is given away"),
        pytest.param(STUB + "\nfrom numpy import mean\n", id="imported below"),
        pytest.param(STUB + "\nif True:\n    def mean(x):\n        return 1\n", id="defined again in a block"),
        pytest.param(STUB + "\n\ndef mean(x):\n    return np.mean(x)\n", id="defined again"),
        pytest.param(STUB.replace("def mean", "@other\ndef mean"), id="decorated"),
        pytest.param("", id="not there"),
    ],
)
def test_whatever_may_be_a_repair_is_run(text):
    """A program is called untouched only where its name can mean nothing else."""
    assert untouched(text, DIGESTS) == frozenset()


def test_an_untouched_program_is_not_run(small, monkeypatch):
    """Its checks are not started, without points and without an answer; the others are judged."""
    source = small.source
    name = small.assignment.checks[0].function
    monkeypatch.setitem(vars(small.references), "given", {name: given_digest(source, name)})
    result = small.grade(source)
    own = [check for check in result.checks if check.function == name]
    assert {(check.outcome.value, check.score) for check in own} == {("not_started", 0.0)}
    assert own[0].message == f"`{name}` is still as it was handed out"
    assert all(
        check.score == check.max_score for check in result.checks if check.function != name and name not in depends(small, check)
    )


def given_digest(source, name):
    """The digest of a function as it stands."""
    from autograder.grading.untouched import digest_of

    return digest_of(source, name)


def depends(course, result):
    """The functions that a check needs."""
    return course.assignment.check(result.name).depends
