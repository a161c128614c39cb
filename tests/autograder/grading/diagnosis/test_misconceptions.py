"""Naming the mistake: a misconception that answers the same, in all cases or in those that it is about."""

from __future__ import annotations

import numpy as np
import pytest
from evidence import ids, raised, reasons

from autograder import Check, Misconception, Outputs, Trajectory
from autograder.assignment import SpecError
from autograder.observation import Odd

EXPECTED = [[1.25, 2.5], [3.75]]
MEAN, SUM = [[0.5, 1.125], [3.75]], [[2.5, 4.25], [6.5]]


def test_the_misconception_that_answers_the_same_is_found():
    """The one that gives the submission's answer in all cases is named."""
    assert ids([[0.5, 1.1250001], [3.75]], EXPECTED, known={"sum": SUM, "mean": MEAN}) == ["mean"]


def test_a_misconception_that_answers_right_explains_nothing():
    """A variant that no case tells from the reference is never named."""
    assert "harmless" not in ids([[1.25, 2.75], [3.75]], EXPECTED, known={"harmless": EXPECTED})


def test_one_that_is_wrong_where_the_submission_is_right_is_not_it():
    """What the submission does right, its mistake does right, too."""
    assert "sum" not in ids([[2.5, 4.25], [3.75]], EXPECTED, known={"sum": SUM})


def test_the_nearest_is_taken_and_ties_are_kept():
    """Of two that match, the nearer one; of two that cannot be told apart, both sentences."""
    near, far = [[0.5, 1.125], [3.75]], [[0.5, 1.1250004], [3.75]]
    assert ids(MEAN, EXPECTED, known={"far": far, "near": near}) == ["near"]
    assert reasons(MEAN, EXPECTED, known={"one": near, "two": near})[0].sentence == "About one. Or: About two."


def test_two_mistakes_in_different_cases_are_both_told():
    """A missing edge case does not hide the mistake in the others."""
    expected = [[1.25, 2.5, 3.5], [0.75, 0.5], [0.0]]
    twice, edge = [[0.3, 0.7, 0.9], [0.1, 0.2], [0.0]], [[1.25, 2.5, 3.5], [0.75, 0.5], [7.0]]
    assert ids([twice[0], twice[1], edge[2]], expected, known={"edge": edge, "twice": twice}) == ["twice", "edge"]


def test_two_mistakes_in_different_entries_are_both_told():
    """Each entry of an answer is explained by itself."""
    expected = [{"w": [1.5, 2.5], "b": 0.3}]
    known = {"w": [{"w": [0.7, 0.9], "b": 0.3}], "b": [{"w": [1.5, 2.5], "b": -8.1}]}
    assert sorted(ids([{"w": [0.7, 0.9], "b": -8.1}], expected, known=known)) == ["b", "w"]


def test_float32_is_matched_to_its_own_digits():
    """A misconception that was observed in double precision names an answer in single precision."""
    mine, known = np.array([0.1, 0.7], np.float32), np.array([0.1, 0.70002], np.float32)
    assert ids([mine], [np.array([0.3, 0.4], np.float32)], known={"m": [known]}) == ["m"]


def test_the_first_wrong_step_is_matched_by_the_path():
    """Of a path, what follows from the first wrong step is not asked."""
    check = Trajectory("f", on=lambda rng: {}, points=1, path="h")
    expected, mine = [{"h": [1.5, 1.2, 0.9], "w": 0.4}], [{"h": [1.5, 1.4, 1.3], "w": 0.8}]
    assert ids(mine, expected, known={"slow": [{"h": [1.5, 1.4, 1.3], "w": 0.1}]}, check=check) == ["slow"]
    assert ids(mine, expected, known={"slow": [{"h": [1.5, 1.45, 1.4], "w": 0.8}]}, check=check) == []


def test_no_array_matches_no_array_only():
    """None is not an array of any kind, and equals None."""
    assert ids([Odd("a set")], [[1.0]], known={"array": [[2.0, 3.0]], "set": [Odd("a set")]}) == ["set"]


def test_the_same_failure_is_recognised_in_other_words():
    """Numbers, names and shapes in an error do not matter; its kind does."""
    known = {"shapes": [raised("ValueError: shapes (3, 4) and (5,) not aligned")], "type": [raised("TypeError: no")]}
    assert ids([raised("ValueError: shapes (7, 2) and (9,) not aligned")], [[1.0]], known=known) == ["shapes"]


def test_tripping_over_none_is_one_failure():
    """A gradient that is None fails in many words; they are one mistake."""
    known = {"tape": [raised("TypeError: float() argument must be a string or a real number, not 'NoneType'")]}
    assert ids([raised("AttributeError: 'NoneType' object has no attribute 'numpy'")], [[1.0]], known=known) == ["tape"]


def test_a_misconception_is_put_into_its_own_function_only():
    """The change is made in the function it is about, wherever else the text stands."""
    source = "def f(x):\n    return x + 1\n\n\ndef g(x):\n    return x + 1\n"
    changed = Misconception("m", "g", "No.", ("x + 1", "x - 1")).put_into(source)
    assert changed == "def f(x):\n    return x + 1\n\n\ndef g(x):\n    return x - 1\n"


@pytest.mark.parametrize("function, old", [("h", "x"), ("f", "absent"), ("f", "x")])
def test_a_change_that_does_not_apply_once_is_refused(function, old):
    """A misconception that has drifted from the reference is an error of ours, with its id."""
    with pytest.raises(SpecError, match="'m'"):
        Misconception("m", function, "No.", (old, "y")).put_into("def f(x):\n    return x * x\n")


def test_a_wrong_submission_is_diagnosed_end_to_end(small):
    """The sentence of the misconception reaches the result; another mistake gets the author's hint."""
    result = small.check("total", small.replacing("total", "def total(x):\n    return float(np.mean(x)) if len(x) else 0.0"))
    assert (result.misconception, result.explanation) == ("total-is-mean", "That is the mean; the sum was asked for.")
    result = small.check("total", small.replacing("total", "def total(x):\n    return 7.25"))
    assert (result.misconception, result.hint) == (None, "Add every entry up.")


def test_an_empty_answer_is_matched_as_well():
    """A list that has nothing in it is an answer like any other, where all of it is alike."""
    assert ids([[]], [[1.5, 2.5]], known={"finds-nothing": [[]]}) == ["finds-nothing"]


def test_two_pairs_that_tie_are_told_as_the_first():
    """Two mistakes at once have two sentences, however many pairs answer the same."""
    from autograder.grading.diagnosis.evidence import Difference
    from autograder.grading.diagnosis.reasons import _cover, _told
    from autograder.grading.diagnosis.variant import Reason

    at = frozenset({Difference("0", "answer")})
    pairs = [Reason("a b", "About a. And: About b.", at), Reason("a c", "About a. And: About c.", at)]
    assert [reason.sentence for reason in _told(_cover(at, pairs)[0])] == ["About a.", "About b."]


def test_of_two_that_are_alike_at_the_first_wrong_entry_the_one_that_is_alike_in_all_is_told():
    """What follows from a wrong entry does not decide what is wrong, but it tells one mistake from another."""
    check = Outputs("f", on=lambda rng: {}, points=1, order=("a", "b"))
    expected, mine = [{"a": 1.25, "b": 2.5}], [{"a": 0.7, "b": 0.9}]
    known = {"both": [{"a": 0.7, "b": 0.3}], "one": [{"a": 0.7, "b": 0.9}]}
    assert ids(mine, expected, known=known, check=check) == ["one"]


class Share(Check):
    """How many labels are right: two of three at least."""

    told_by_sentence = False

    def compare_values(self, actual, expected, inputs):
        """The share, in a sentence."""
        right = np.mean(actual["answer"] == expected["answer"])
        return "" if right > 0.7 else f"{right:.0%} are right"


LABELS = [np.array([0, 1, 2, 0, 1, 2]), np.array([2, 1, 0, 2, 1, 0])]


def test_a_check_that_measures_explains_only_answers_that_are_the_same():
    """Two programs that are right as often are not ill of the same."""
    mine, others = [np.array([0, 1, 2, 1, 2, 0]), LABELS[1]], [np.array([1, 2, 0, 0, 1, 2]), LABELS[1]]
    share = Share("f", on=lambda rng: {}, points=1)
    assert ids(mine, LABELS, known={"other": others}, check=share) == []
    assert ids(mine, LABELS, known={"other": others, "same": mine}, check=share) == ["same"]


def test_one_label_for_all_rows_explains_no_part():
    """Many a mistake ends in one label for all rows: it is told where all that is wrong is so, and not for one case of two."""
    same, part = [np.ones(6, int), np.ones(6, int)], [np.array([0, 1, 2, 1, 2, 0]), np.ones(6, int)]
    share = Share("f", on=lambda rng: {}, points=1)
    assert ids(same, LABELS, known={"same": same}, check=share) == ["same"]
    assert ids(part, LABELS, known={"same": same}, check=share) == []
