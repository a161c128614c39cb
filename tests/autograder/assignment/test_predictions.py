"""Predictions: what a question takes for an answer, what counts as right, and how results are computed."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.assignment import SpecError, load
from autograder.assignment.predictions import Choice, Curve, Number
from autograder.assignment.predictions.loading import load as load_predictions
from autograder.grading.revealing import revealed

SAYS = {"ask": "What?", "why": "So.", "needs": ("total",)}
CHOICE = Choice("c", **SAYS, found=lambda m: 3, options={"one": lambda n: n == 1, "three": lambda n: n == 3}, said="n = {}")
NUMBER = Number("n", **SAYS, found=lambda m: 5.0, low=0, high=10, within=1)
FACTOR = Number("f", **SAYS, found=lambda m: 1e4, low=0, high=1e9, factor=10)
CURVE = Curve("w", **SAYS, found=lambda m: [1, 2, 3, 4, 5], at=(1, 2, 3, 4, 5), x="x", y="y", low=0, high=9, within=0.5)


def result(question):
    """The result of a question, as it comes from a worker."""
    return question.received(question.observe(None))


@pytest.mark.parametrize(
    "question, text, kept",
    [
        (CHOICE, "2", "three"),
        (CHOICE, " ONE ", "one"),
        (NUMBER, "7.50", "7.5"),
        (NUMBER, "\N{MINUS SIGN}0", "0"),
        (CURVE, "1 2,3; 4\t5", "1, 2, 3, 4, 5"),
        (CURVE, "[1, 2, 3, 4, 5]", "1, 2, 3, 4, 5"),
    ],
)
def test_an_answer_is_kept_in_one_form(question, text, kept):
    """However it is typed; and what is kept is an answer itself."""
    assert question.read(text) == kept
    assert question.read(kept) == kept


@pytest.mark.parametrize(
    "question, text, expected",
    [
        (CHOICE, "3", "a number from 1 to 2"),
        (CHOICE, "", "a number from 1 to 2"),
        (NUMBER, "11", "a number from 0 to 10"),
        (NUMBER, "nan", "a number from 0 to 10"),
        (NUMBER, "many", "a number from 0 to 10"),
        (CURVE, "1, 2, 3, 4", "5 numbers from 0 to 9 with commas between, for x 1, 2, 3, 4, 5"),
        (CURVE, "1, 2, 3, 4, x", "5 numbers from 0 to 9"),
    ],
)
def test_what_is_no_answer_is_told_what_was_expected(question, text, expected):
    """The message of the exception says what an answer is."""
    with pytest.raises(ValueError, match=expected):
        question.read(text)


def test_what_is_near_enough_is_right():
    """By a difference or by a factor; of a curve, four of five points."""
    assert CHOICE.judge("three", result(CHOICE)) > CHOICE.judge("one", result(CHOICE))
    assert [NUMBER.judge(text, result(NUMBER)) for text in ("3.9", "4", "6", "6.1")] == [False, True, True, False]
    assert [FACTOR.judge(text, result(FACTOR)) for text in ("0", "999", "1000", "100000")] == [False, False, True, True]
    curves = ("1, 2, 3, 4, 5", "1, 2, 3, 4, 9", "1, 2, 3, 9, 9")
    assert [CURVE.judge(text, result(CURVE)) for text in curves] == [True, True, False]


def test_a_result_is_told_in_the_form_of_an_answer():
    """With the words of the question, and large numbers in full."""
    assert (result(CHOICE).expected, result(CHOICE).said) == ("three", "n = 3")
    assert result(FACTOR).expected == "10000"
    assert CURVE.read(result(CURVE).expected) == "1, 2, 3, 4, 5"


@pytest.mark.parametrize(
    "question, seen",
    [
        (CHOICE, {"holds": np.array([True, True]), "said": ""}),
        (CHOICE, {"holds": np.array([False, False]), "said": ""}),
        (CHOICE, {"holds": np.array([1, 0]), "said": ""}),
        (NUMBER, {"value": np.array(np.nan), "said": ""}),
        (NUMBER, {"value": np.ones(3), "said": ""}),
        (CURVE, {"value": np.ones(4), "said": ""}),
    ],
)
def test_what_cannot_be_a_result_is_none(question, seen):
    """A worker's answer is looked at before it is believed."""
    with pytest.raises(ValueError, match=r"one|it "):
        question.received(seen)


LINE = 'Number("n", ask="?", why="!", needs=("total",), low=0, high=9, within=1, found=lambda hw: hw.total(hw.np.ones(4)))'
ODD = LINE.replace('"n"', '"N 1"')
BROKEN = {
    "no file of questions": ("x = 1", r"must define `predictions = Predictions\(\[...\]\)`. Received: NoneType"),
    "no question": ("predictions = Predictions([])", "needs a list of at least one"),
    "a name twice": (f"predictions = Predictions([{LINE}, {LINE}])", "two questions are called 'n'"),
    "an unknown function": (
        f"predictions = Predictions([{LINE.replace('total', 'sum', 1)}])",
        "it needs `sum`, which no check tests",
    ),
    "an odd name": (f"predictions = Predictions([{ODD}])", "its name must be small letters, digits and hyphens. Received: 'N 1'"),
    "no tolerance": (
        f"predictions = Predictions([{LINE.replace('within=1', 'within=0')}])",
        "either `within` must be positive, or `factor`",
    ),
    "an empty range": (f"predictions = Predictions([{LINE.replace('high=9', 'high=0')}])", "`low` must be less than `high`"),
    "a number for an option": (
        'predictions = Predictions([Choice("c", ask="?", why="!", needs=("total",), found=len, options={"1": id, "2": id})])',
        "no answer in `options` may be a number alone",
    ),
    "TensorFlow": ("import tensorflow", "a spec computes nothing with tensors"),
    "an error": ("1 / 0", r"does not run: ZeroDivisionError: division by zero \(line 2\)"),
}


def questions_in(folder, text):
    """The questions of a copy of the small assignment."""
    (folder / "predictions.py").write_text(f"from autograder import Choice, Curve, Number, Predictions\n{text}\n")
    return load_predictions(folder, load(folder))


@pytest.mark.parametrize("text, said", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_one_sentence(copy_of_small, text, said):
    """It names the file, what is wrong and what was expected."""
    with pytest.raises(SpecError, match=said):
        questions_in(copy_of_small, text)


def test_results_are_computed_by_whoever_is_asked(copy_of_small, light):
    """By a right file and by a wrong one; a stub has a sentence in its place."""
    found = questions_in(copy_of_small, f"predictions = Predictions([{LINE}])")
    spec = load(copy_of_small)
    source = (copy_of_small.parent.parent / "solutions/arith/arith.py").read_text()
    stub = source.replace("return float(np.sum(x))", "raise NotImplementedError")
    for text, expected in ((source, "4"), (source.replace("np.sum", "np.mean"), "1"), (stub, None)):
        (one,) = revealed(found, spec, {"arith.py": text}, light, found.questions)
        assert (one.found and one.found.expected) == expected
        assert bool(one.why_not) == (expected is None)
