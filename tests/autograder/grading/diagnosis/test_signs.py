"""Signs: what can be read off wrong answers without an author."""

from __future__ import annotations

import numpy as np
import pytest
from evidence import ids, raised, reasons

from autograder import Gradients, Outputs
from autograder.grading.diagnosis.evidence import Difference
from autograder.grading.diagnosis.reasons import told
from autograder.grading.diagnosis.variant import Reason
from autograder.observation import Odd
from autograder.observation.answer import Answer, Ending

A, B = np.array([0.3, 1.7, -2.9]), np.array([0.11, 5.2, 0.6, 2.4])
TABLE = np.array([[0.3, 1.7], [-2.9, 0.8], [4.1, 0.25]])
ROWS = [{"x": np.ones((3, 2))}, {"x": np.ones((4, 2))}]


@pytest.mark.parametrize(
    "id, mine, expected, inputs",
    [
        ("returns-nothing", [Odd("None", known=True)], [A], None),
        ("factor", [2 * A, 2 * B], [A, B], None),
        ("factor-of-size", [3 * A, 4 * B], [A, B], ROWS),
        ("squared", [A**2, B**2], [A, B], None),
        ("complement", [1 - A, 1 - B], [A, B], None),
        ("truncated", [np.trunc(A), np.trunc(B)], [A, B], None),
        ("signed-labels", [[-1, 1, 1, -1]], [[0, 1, 1, 0]], None),
        ("one-more", [[3, 4, 9]], [[2, 3, 8]], None),
        ("offset", [A + 0.7, B + 0.9], [A, B], None),
        ("ends-early", [A[:2]], [A], None),
        ("part-missing", [TABLE[:, 1:]], [TABLE], None),
        ("part-too-many", [np.vstack([TABLE, [[0, 0]]])], [TABLE], None),
        ("axes-exchanged", [TABLE.T], [TABLE], None),
        ("reversed", [B[::-1]], [B], None),
        ("other-order", [B[[2, 0, 1, 3]]], [B], None),
        ("rows-alike", [TABLE[[2, 2, 2]]], [TABLE], None),
        ("axis-of-length-one", [A[:, None]], [A], None),
        ("other-dtype", [[1.0, 2.0]], [[1, 2]], None),
        ("unchanged", [{"w": A, "b": B * 2}], [{"w": A * A + 0.4, "b": B * 2}], [{"w": A, "b": B}]),
        ("exchanged", [{"w": A, "b": A * 3 + 1}], [{"b": A, "w": A * 3 + 1}], None),
        ("changes-argument", [raised("ValueError: output array is read-only: the arguments must not be changed")], [A], None),
        ("mixed-types", [raised("TypeError: `x` and `y` must have the same dtype, got tf.float64 != tf.float32.")], [A], None),
    ],
)
def test_a_sign_is_read_off_the_answers(id, mine, expected, inputs):
    """Each sign is found by its own relation, and it is the first that is told."""
    assert ids(mine, expected, inputs)[:1] == [id]


@pytest.mark.parametrize(
    "id, error",
    [
        ("caret-as-power", "TypeError: unsupported operand type(s) for ^: 'float' and 'int'"),
        ("dict-as-number", "TypeError: unsupported operand type(s) for *: 'float' and 'dict'"),
        ("text-as-number", "TypeError: unsupported operand type(s) for -: 'str' and 'float'"),
        ("function-as-number", "TypeError: unsupported operand type(s) for *: 'builtin_function_or_method' and 'float'"),
        ("list-as-array", "TypeError: unsupported operand type(s) for -: 'list' and 'float'"),
        ("number-as-function", "TypeError: 'int' object is not callable"),
        ("numpy-method-of-tensor", "AttributeError: EagerTensor object has no attribute 'T'."),
        ("unknown-name", "AttributeError: module 'numpy' has no attribute 'tan_h'"),
        ("joined-shapes-differ", "InvalidArgumentError: ConcatOp : Dimension 1 in both shapes must be equal: [24,1] vs. [24,2]"),
    ],
)
def test_an_exception_points_to_an_idea(id, error):
    """What a library says is told as the idea behind it, and not as that of another error of the same class."""
    assert ids([raised(error)], [A]) == [id]


def test_a_dict_that_is_changed_is_called_a_dict():
    """`a = a - b` is no advice for whoever writes into a dict."""
    mine, expected = {"answer": A, "effect: argument params": B}, {"answer": A, "effect: argument params": B * 2}
    sentence = reasons([mine], [expected], [{"params": {"w": 1.0}}])[0].sentence
    assert sentence.startswith("The call changes a dict of the caller.")
    assert reasons([mine], [expected], [{"params": B}])[0].sentence.startswith("The call changes an array of the caller")


def test_results_in_the_other_order_are_told():
    """Two dicts whose parts have other names: what is missing is there, under the other's name."""
    check = Outputs("f", on=lambda rng: {}, points=1, returns=("grads", "deltas"))
    mine, expected = {"grads.d1": A, "deltas.w1": B}, {"grads.w1": B, "deltas.d1": A}
    assert reasons([mine], [expected], check=check)[0].sentence.endswith("The order is: return grads, deltas.")


def test_whole_numbers_that_are_wrong_are_not_called_cut_off():
    """A 1 in place of 0.3 did not lose its decimals."""
    cut, wrong = (reasons([np.array(mine)], [A])[0].sentence for mine in ([0, 1, -2], [1, 1, 1]))
    assert ("cannot hold" in cut, "cannot hold" in wrong) == (True, False)


def test_no_gradient_of_nothing_has_not_left_the_tape():
    """An empty batch may have no gradient because a loop over it never ran."""
    check = Gradients("f", on=lambda rng: {}, points=1, wrt=("z",))
    assert ids([{"dz": Odd("None")}], [{"dz": A[:0]}], [{"z": A[:0]}], check=check) != ["leaves-tape"]


def test_a_reason_for_another_case_names_it():
    """The student reads about one case; a sentence about another says so."""
    found = [
        Reason("one", "It is turned.", frozenset({Difference("first", "")})),
        Reason("two", "It is cut.", frozenset({Difference("second", "")})),
    ]
    assert told(found, "first") == '(1) It is turned. (2) In case "second": It is cut.'
    assert told(found) == "(1) It is turned. (2) It is cut."


@pytest.mark.parametrize(
    "id, mine, expected",
    [("double-precision", A, A.astype(np.float32)), ("single-precision", A.astype(np.float32).astype(float), A)],
)
def test_another_precision_is_told(id, mine, expected):
    """Where a check asks for digits, too few of them are a mistake of their own; so is another dtype where it asks for one."""
    assert ids([mine], [expected], check=Outputs("f", on=lambda rng: {}, points=1, exact_dtype=True, rtol=1e-10)) == [id]


def test_half_of_the_expected_number_tells_of_the_half():
    """A factor that has a usual cause is told with it."""
    assert "half the expected" in reasons([A / 2, B / 2], [A, B])[0].sentence


def test_a_factor_that_is_the_number_of_rows_is_a_sum():
    """The size of the batch in every case makes a sum out of a mean."""
    assert reasons([3 * A, 4 * B], [A, B], ROWS)[0].sentence.endswith("a sum where a mean is asked for.")


def test_different_factors_are_no_factor():
    """Numbers that have no relation in common are no sign of one."""
    assert not {"factor", "factor-of-size"} & set(ids([2 * A, 5 * B], [A, B], ROWS))


def test_nan_for_large_inputs_is_an_overflow():
    """Right for ordinary numbers, nan for large ones."""
    inputs = [{"z": np.array([1.0, 2.0])}, {"z": np.array([800.0, 2.0])}]
    assert ids([[0.3, 0.7], [np.nan, 0.2]], [[0.3, 0.7], [0.1, 0.2]], inputs) == ["overflow"]


def test_an_overflow_in_single_precision_only_tells_so():
    """A bound that is made for float64 is named as such."""
    z = np.array([500.0, 2.0])
    inputs = [{"z": z / 100}, {"z": z}, {"z": z.astype(np.float32)}]
    mine, expected = [[0.3, 0.7], [0.5, 0.2], [np.nan, 0.2]], [[0.3, 0.7], [0.5, 0.2], [0.1, 0.2]]
    assert "single" in reasons(mine, expected, inputs)[0].sentence


def test_a_gradient_that_is_none_has_left_the_tape():
    """No gradient at all is told as what it is."""
    check = Gradients("f", on=lambda rng: {}, points=1, wrt=("z",))
    assert ids([{"dz": Odd("None")}], [{"dz": A}], check=check) == ["leaves-tape"]


def test_what_all_wrong_cases_have_in_common_is_told():
    """Right for tables and wrong for single samples: the number of axes is what differs."""
    inputs = [{"x": np.ones((3, 2))}, {"x": np.ones(2)}, {"x": np.ones((5, 2))}]
    crash = raised("AxisError: axis 1 is out of bounds for array of dimension 1")
    found = reasons([A, crash, B], [A, A, B], inputs)
    assert found[0].sentence.startswith("All cases in which `x` has one axis are wrong, all others are right.")


def test_an_input_that_is_not_refused_is_told_with_its_case():
    """An error that is not raised, and one that comes by accident, are two different things."""
    nothing = Answer(Ending.RETURNED, {"raised": "nothing"})
    refused = Answer(Ending.RETURNED, {"raised": "ValueError"})
    assert ids([nothing], [refused], raises=["ValueError"]) == ["not-refused"]
    assert ids([raised("KeyError: 'xor'")], [refused], raises=["ValueError"]) == ["refused-by-accident"]


def test_a_size_that_is_always_the_limit_never_stops():
    """A list that is as long as the limit in every case is not ended by anything else."""
    inputs = [{"x": A, "n": 6}, {"x": B, "n": 4}]
    mine, expected = [[3, 0, 9, 9, 9, 9], [7, 9, 9, 9]], [[5, 0], [2, 1, 0]]
    assert ids(mine, expected, inputs) == ["never-stops"]


def test_right_answers_have_no_reason():
    """Where nothing is wrong, nothing is explained."""
    assert ids([A, B], [A, B]) == []


def test_a_form_mistake_does_not_hide_the_mistake_in_the_numbers():
    """A column in place of a vector, with half of the numbers in it: both are told."""
    assert set(ids([A[:, None] / 2, B[:, None] / 2], [A, B])) == {"axis-of-length-one", "factor"}
