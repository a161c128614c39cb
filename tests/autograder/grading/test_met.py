"""Mistakes that a class was met with: wrong answers that are compared, kept, and known again."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.assignment import SpecError
from autograder.grading.met import MET, Met, Wrong, met_in, packed
from autograder.observation import Odd, Texts
from autograder.observation.answer import Answer, Ending

X = np.linspace(0.1, 3.0, 7)


def wrong(value=None, **about):
    """A wrong answer: a value that was returned, or what else happened."""
    if about:
        return Wrong.of(Answer(**about))
    return Wrong.of(Answer(Ending.RETURNED, {"value": value}))


ALIKE = {
    "the same": (X, X.copy()),
    "noise": (X, X * (1 + 1e-9)),
    "another precision": (X, X.astype(np.float32)),
    "noise near zero": (np.array([1.0, 0.0]), np.array([1.0, 1e-10])),
    "nan at the same places": (np.array([np.nan, 1.0]), np.array([np.nan, 1.0])),
    "half precision": (X, X.astype(np.float16)),
    "a text": ("a", "a"),
    "None": (Odd("None", known=True), Odd("None", known=True)),
    "a large array": (np.arange(5000.0), np.arange(5000.0) * (1 + 1e-9)),
    "nothing": (np.zeros(0), np.zeros(0)),
}
OTHER = {
    "another number": (X, X * 1.001),
    "another number in single precision": (X, (X * 1.001).astype(np.float32)),
    "a transpose": (X[:, None], X[None, :]),
    "nan elsewhere": (np.array([np.nan, 1.0]), np.array([1.0, np.nan])),
    "another infinity": (np.array([np.inf]), np.array([-np.inf])),
    "whole numbers": (np.array([1.0]), np.array([1])),
    "another whole number": (np.array([1]), np.array([2])),
    "a text": (X, "a"),
    "other texts": (Texts(("a",), (1,)), Texts(("b",), (1,))),
    "a larger array": (np.arange(5000.0), np.arange(5001.0)),
}


@pytest.mark.parametrize(("one", "other"), ALIKE.values(), ids=ALIKE)
def test_rounding_makes_no_other_answer(one, other):
    """Noise and a coarser dtype leave an answer the same, whichever is looked at first."""
    assert wrong(one).alike(wrong(other))
    assert wrong(other).alike(wrong(one))


@pytest.mark.parametrize(("one", "other"), OTHER.values(), ids=OTHER)
def test_another_answer_is_another(one, other):
    """A number, a shape, a kind or a place that differs is no rounding."""
    assert not wrong(one).alike(wrong(other))
    assert not wrong(other).alike(wrong(one))


def test_an_error_is_the_same_by_its_type_and_text():
    """Where it was raised does not count, nor where an object lay in memory."""
    raised = {"ending": Ending.RAISED, "error": "TypeError: no <f at 0x7f12ab>"}
    assert wrong(**raised).alike(wrong(ending=Ending.RAISED, error="TypeError: no <f at 0x55aa>", place="line 3", printed="x"))
    assert not wrong(**raised).alike(wrong(ending=Ending.RAISED, error="TypeError: no <g at 0x7f12ab>"))
    assert not wrong(**raised).alike(wrong(X))


def met(**about):
    """A mistake that was named."""
    seen = {
        "a": ("print a", wrong(X)),
        "b": ("print b", wrong(ending=Ending.RAISED, error="ValueError: no")),
        "c": ("print c", wrong(np.arange(5000.0))),
        "d": ("print d", wrong(Odd("None", known=True))),
    }
    return Met("an-id", "f", "f.check", "Look at it.", (seen,), **about)


INPUTS = {"a": "print a", "b": "print b", "c": "print c", "d": "print d", "e": "print e"}


def answers():
    """The wrong answers of who makes this mistake."""
    return {name: answer for name, (_, answer) in met().seen[0].items()}


def test_what_is_kept_comes_back(tmp_path):
    """Every kind of answer, the same bytes each time, and known again afterwards."""
    (tmp_path / MET).write_bytes(packed([met(source="def f(): pass\n")]))
    found = met_in(tmp_path)["an-id"]
    assert found.explains(answers(), INPUTS)
    assert (found.function, found.check, found.feedback, found.source) == ("f", "f.check", "Look at it.", "def f(): pass\n")
    assert packed([found]) == (tmp_path / MET).read_bytes()


def test_a_folder_without_the_file_has_none(tmp_path):
    """Nothing was named there."""
    assert met_in(tmp_path) == {}


@pytest.mark.parametrize("damage", [lambda data: data[:-9], lambda data: b"x" + data, lambda data: data[:60] + b"\0" + data[61:]])
def test_a_damaged_file_is_refused(tmp_path, damage):
    """In a sentence that says what to do."""
    (tmp_path / MET).write_bytes(damage(packed([met()])))
    with pytest.raises(SpecError, match=r"is damaged, or another version of dlkit wrote it\. Restore it"):
        met_in(tmp_path)


def test_other_inputs_are_not_known():
    """The same answer to something else is no sign of the same mistake."""
    assert met().explains(answers(), INPUTS)
    assert not met().explains(answers(), INPUTS | {"a": "another"})


def test_the_same_cases_are_wrong():
    """Whoever gets one more case wrong, or one less, makes another mistake."""
    assert not met().explains(answers() | {"e": wrong(X)}, INPUTS)
    less = answers()
    del less["b"]
    assert not met().explains(less, INPUTS)
