"""The judge's sentences, on literal arrays."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.observation import Odd
from autograder.observation.closeness import explain_difference, factor_words

E = np.array([[1.0, 2.0, -3.0], [4.0, 5.5, 6.0], [7.0, 8.0, 9.5]])

SENTENCES = {
    "nothing": (E + 1e-12, ""),
    "None": (Odd("None"), "it is None; expected an array of shape (3, 3)"),
    "a text": ("abc", "it is a str, 'abc'; expected an array of shape (3, 3)"),
    "shape": (E[:2], "the shape is (2, 3); expected (3, 3)"),
    "flattened": (E.ravel(), "the shape is (9,); expected (3, 3); the numbers are right"),
    "empty": (np.empty((0, 3)), "the shape is (0, 3); expected (3, 3)"),
    "broadcastable": (np.array(1.0), "the shape is (); expected (3, 3)"),
    "kind": (E.astype(int), "it holds whole numbers (int); expected floats"),
    "truth values": (E > 0, "it holds truth values (bool); expected floats"),
    "nan": (np.full((3, 3), np.nan), "9 of 9 entries are nan"),
    "one inf": (np.where(E == 4, np.inf, E), "1 of 9 entries is infinite"),
    "zeros": (np.zeros((3, 3)), "every entry is 0"),
    "factor": (8 * E, "every entry is 8 times the expected value"),
    "fraction": (E / 4, "every entry is 1/4 of the expected value"),
    "odd factor": (1.7 * E, "every entry is 1.7 times the expected value"),
    "sign": (-E, "every entry has the wrong sign"),
    "transposed": (E.T, "it is transposed: rows and columns are exchanged"),
    "offset": (E + 0.5, "every entry is off by the same number, 0.5"),
    "rows": (E[[2, 0, 1]], "the rows are right, but in another order"),
    "shuffled": (E.ravel()[[3, 1, 2, 0, 4, 8, 6, 7, 5]].reshape(3, 3), "the numbers are right, but in another order"),
    "nearly": (
        E * (1 + 2e-5 * np.eye(3)),
        "nearly right, but not precise enough: the largest error is 2e-05 of the largest entry; allowed 1e-05",
    ),
    "one entry": (E + 3.0 * (E == 4), "1 of 9 entries differs, at [1, 0]: 7; expected 4"),
    "two entries": (E + 3.0 * (E >= 9) + 1.0 * (E == 4), "2 of 9 entries differ, most at [2, 2]: 12.5; expected 9.5"),
}


@pytest.mark.parametrize("actual, sentence", SENTENCES.values(), ids=SENTENCES)
def test_a_difference_is_named_by_what_explains_it_all(actual, sentence):
    """Each way to differ has its one sentence, the coarse before the fine."""
    assert explain_difference(actual, E) == sentence


def test_a_missing_mean_is_recognised_by_the_size_of_the_batch():
    """A factor that equals the number of rows is named as a sum or a mean."""
    sentence = explain_difference(8 * E, E, rows=8)
    assert sentence == "every entry is 8 times the expected value (the batch has 8 rows: a sum where a mean is expected?)"


def test_a_reversed_vector_is_named():
    """A vector in reverse order says so."""
    assert (
        explain_difference(np.array([3.0, 2.0, 1.0]), np.array([1.0, 2.0, 3.0])) == "the numbers are right, but in reverse order"
    )


@pytest.mark.parametrize(
    "actual, expected, sentence",
    [
        (0.8, 0.4, "it is 0.8; expected 0.4 (2 times as much)"),
        (0.1, 0.4, "it is 0.1; expected 0.4 (1/4 of it)"),
        (-0.4, 0.4, "it is -0.4; expected 0.4 (the sign is wrong)"),
        (0.7, 0.4, "it is 0.7; expected 0.4"),
        (np.nan, 0.4, "it is nan"),
        (0.5, 0.0, "it is 0.5; expected 0"),
        (0.0, 0.5, "it is 0; expected 0.5"),
    ],
)
def test_a_single_number_is_shown(actual, expected, sentence):
    """A scalar shows both numbers, and a round factor between them."""
    assert explain_difference(np.array(actual), np.array(expected)) == sentence


def test_nan_where_the_reference_has_nan_agrees():
    """nan and inf are right where the reference has them."""
    expected = np.array([1.0, np.nan, np.inf])
    assert explain_difference(expected.copy(), expected) == ""
    assert explain_difference(np.array([1.0, 2.0, np.inf]), expected) != ""


def test_whole_numbers_are_compared_exactly():
    """Labels are not close: they are equal or not."""
    assert (
        explain_difference(np.array([10**9, 1]), np.array([10**9 + 1, 1]))
        == "1 of 2 entries differs, at [0]: 1000000000; expected 1000000001"
    )


def test_dtype_is_compared_where_it_is_asked_for():
    """float64 for float32 is a difference only with `exact_dtype`."""
    single = E.astype(np.float32)
    assert explain_difference(E, single) == ""
    assert explain_difference(E, single, exact_dtype=True) == "the dtype is float64; expected float32"


def test_an_empty_array_equals_an_empty_array_of_its_shape_only():
    """Nothing is not close to something, nor to nothing of another shape."""
    assert explain_difference(np.zeros((0, 3)), np.zeros((0, 3))) == ""
    assert explain_difference(np.zeros((0, 1)), np.zeros((0, 3))) == "the shape is (0, 1); expected (0, 3)"


def test_factors_read_as_people_say_them():
    """Round factors and round fractions are named as such, others by four digits."""
    assert [factor_words(x) for x in (2.0, -3.0, 1 / 3, -0.5, 1.2345678)] == [
        "2 times the expected value",
        "-3 times the expected value",
        "1/3 of the expected value",
        "-1/2 of the expected value",
        "1.235 times the expected value",
    ]
