"""Sorting endings into outcomes takes two values, not two processes; a literal is the fake."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from types import ModuleType

import numpy as np
import pytest

from autograder.checks.architecture import DRAWS, Architecture
from autograder.checks.base import WARNED, Case, Check
from autograder.checks.gradients import Gradients
from autograder.checks.outputs import Outputs
from autograder.checks.rules import Forbid
from autograder.grading.judging import judge
from autograder.observation import Odd
from autograder.observation.answer import Answer, Ending
from autograder.observation.answer.calls import Called, Calls
from autograder.outcome import Outcome

CASES = {name: Case({"x": np.array([1.0, 2.0])}) for name in ("a", "b", "c", "d")}
CHECK = Outputs("f", on=lambda rng: CASES, points=10, hint="Think.")
RULED = Outputs("f", on=lambda rng: CASES, points=10, rules=(Forbid("np.sum"),))
RIGHT = Answer(Ending.RETURNED, {"answer": np.array([1.0, 2.0])}, seconds=0.1)
WRONG = Answer(Ending.RETURNED, {"answer": np.array([2.0, 4.0])}, seconds=0.1)


def verdict(*answers, expected=RIGHT, broken=(), check=CHECK):
    """The verdict on four answers."""
    return judge(check, CASES, dict(zip(CASES, answers, strict=True)), dict.fromkeys(CASES, expected), broken)


def test_all_right_is_passed():
    """Every case right gives every point, and no hint."""
    result = verdict(RIGHT, RIGHT, RIGHT, RIGHT)
    assert (result.outcome, result.score, result.message, result.hint) == (Outcome.PASSED, 10, "", "")


def test_points_are_shared_over_the_cases():
    """One case of four wrong costs a quarter, and its sentence is the check's."""
    result = verdict(RIGHT, WRONG, RIGHT, RIGHT)
    assert (result.outcome, result.score) == (Outcome.PARTIAL, 7.5)
    assert result.message == 'case "b": every entry is 2 times the expected value'
    assert result.hint == "Think."


@pytest.mark.parametrize(
    "ending, outcome",
    [
        (Ending.RAISED, Outcome.CRASHED),
        (Ending.NOT_STARTED, Outcome.NOT_STARTED),
        (Ending.MISSING, Outcome.FAILED),
        (Ending.UNFIT, Outcome.FAILED),
        (Ending.ENDED, Outcome.CRASHED),
        (Ending.TIMED_OUT, Outcome.TIMED_OUT),
        (Ending.OUT_OF_MEMORY, Outcome.OUT_OF_MEMORY),
        (Ending.BROKE_OFF, Outcome.CRASHED),
    ],
)
def test_every_ending_has_its_outcome(ending, outcome):
    """Each way in which no answer comes earns nothing, under its own name."""
    result = verdict(*[Answer(ending, error="it did")] * 4)
    assert (result.outcome, result.score) == (outcome, 0)


@pytest.mark.parametrize("ending", [ending for ending in Ending if ending is not Ending.RETURNED])
def test_a_dead_reference_is_our_fault(ending):
    """When the reference gives no answer, the outcome is a grader error whatever the student did, and costs no points."""
    result = verdict(RIGHT, WRONG, RIGHT, RIGHT, expected=Answer(ending, error="oh"))
    assert (result.outcome, result.score) == (Outcome.GRADER_ERROR, None)


def test_a_worker_that_was_not_ready_is_our_fault():
    """A worker that could not be set up costs no points."""
    assert verdict(RIGHT, Answer(Ending.UNREADY, error="no memory"), RIGHT, RIGHT).score is None


@dataclass(frozen=True)
class Fussy(Outputs):
    """Cannot compare an answer whose first entry is 2."""

    def compare(self, actual, expected, inputs):
        if actual["answer"][0] == 2:
            raise KeyError("no")
        return ""


def test_an_answer_that_breaks_the_comparison_is_wrong_and_not_our_fault():
    """An answer made so that comparing it raises earns nothing; it cannot buy a grader error."""
    result = verdict(WRONG, RIGHT, RIGHT, RIGHT, check=Fussy("f", on=lambda rng: CASES, points=10))
    assert (result.outcome, result.score) == (Outcome.PARTIAL, 7.5)
    assert "cannot be compared" in result.message


def test_a_comparison_that_the_reference_does_not_survive_is_our_fault():
    """If the reference's own answer cannot be compared, the check is broken, not the submission."""
    result = verdict(RIGHT, RIGHT, RIGHT, RIGHT, expected=WRONG, check=Fussy("f", on=lambda rng: CASES, points=10))
    assert result.outcome is Outcome.GRADER_ERROR


def test_a_broken_rule_caps_a_right_answer():
    """Right by forbidden means: 30 % of the points, and the rule is the message."""
    result = verdict(RIGHT, RIGHT, RIGHT, RIGHT, broken=["uses np.sum (line 3)"], check=RULED)
    assert (result.outcome, result.score, result.message) == (Outcome.RULE_BROKEN, 3, "`f` uses np.sum (line 3)")


def test_a_broken_rule_gives_no_points_to_a_wrong_answer():
    """The cap is a cap: what is wrong stays wrong."""
    assert verdict(WRONG, WRONG, WRONG, WRONG, broken=["uses np.sum (line 3)"], check=RULED).score == 0


def test_a_rule_is_judged_by_what_was_called():
    """A call that was seen breaks a rule that the source does not, and a mention that nobody saw called breaks none."""
    seen, nothing = (replace(RIGHT, calls=Calls(called)) for called in ({"np.sum": Called(1, "np.sum", "line 9")}, {}))
    assert verdict(RIGHT, nothing, seen, RIGHT, check=RULED).message == "`f` calls np.sum (line 9), which is not allowed here"
    assert verdict(nothing, nothing, nothing, nothing, broken=["uses np.sum (line 3)"], check=RULED).score == 10


@pytest.mark.parametrize(
    "forged", [np.empty((0, 1)), np.array(0.0), np.array([[2.0, 1.0]]), np.array([np.nan, np.nan]), np.array([1, 1])]
)
def test_what_would_slip_through_allclose_fails(forged):
    """Empty, broadcastable, nan and integer answers are compared by shape, kind and finiteness before closeness."""
    assert verdict(*[Answer(Ending.RETURNED, {"answer": forged})] * 4).score == 0


def test_a_trivial_case_alone_earns_nothing():
    """Zeros where zeros are right earn points only beside an answer that is not so simple."""
    cases = {"rows": Case({}), "no rows": Case({}, trivial=True)}
    zero = Answer(Ending.RETURNED, {"answer": np.array(0.0)})
    five = Answer(Ending.RETURNED, {"answer": np.array(5.0)})
    expected = {"rows": five, "no rows": zero}
    result = judge(CHECK, cases, {"rows": zero, "no rows": zero}, expected)
    assert (result.outcome, result.score) == (Outcome.FAILED, 0)
    assert judge(CHECK, cases, {"rows": five, "no rows": five}, expected).score == 5
    assert judge(CHECK, cases, expected, expected).score == 10


@pytest.mark.parametrize("value, score", [(WRONG, 0), (RIGHT, 10)], ids=["no value right", "the value right"])
def test_that_something_was_raised_counts_only_with_a_right_value(value, score):
    """A worker can say of every call that it raised: alone, or with trivial cases, that is worth nothing."""
    cases = {"some": Case({}), "none": Case({}, trivial=True), "bad": Case({}, raises="ValueError")}
    raised = Answer(Ending.RETURNED, {"raised": "ValueError"})
    answers = {"some": value, "none": RIGHT, "bad": raised}
    result = judge(CHECK, cases, answers, {"some": RIGHT, "none": RIGHT, "bad": raised})
    assert result.score == score


FORMS = {
    "an axis of length one": np.array([[1.0], [2.0]]),
    "whole numbers": np.array([1, 2]),
}


@pytest.mark.parametrize("answer", [FORMS["an axis of length one"], FORMS["whole numbers"]], ids=["shape", "kind"])
def test_a_wrong_form_costs_a_fifth(answer):
    """Where the numbers are right, another shape or kind of number costs a fifth of each case, and is told."""
    result = verdict(*[Answer(Ending.RETURNED, {"answer": answer})] * 4)
    assert (result.outcome, result.score) == (Outcome.PARTIAL, 8)
    assert result.message.endswith("the numbers are right")


def test_a_wrong_form_costs_what_the_author_says():
    """An assignment's own share, from nothing to all."""
    answers = dict.fromkeys(CASES, Answer(Ending.RETURNED, {"answer": FORMS["whole numbers"]}))
    expected = dict.fromkeys(CASES, RIGHT)
    assert [judge(CHECK, CASES, answers, expected, form_costs=share).score for share in (0.0, 0.5, 1.0)] == [10, 5, 0]


def test_a_wrong_form_does_not_hide_wrong_numbers():
    """Both are told, and such a case earns nothing."""
    result = verdict(RIGHT, RIGHT, RIGHT, Answer(Ending.RETURNED, {"answer": np.array([[2, 4]])}))
    assert (result.outcome, result.score) == (Outcome.PARTIAL, 7.5)
    assert result.message == ('case "d": the shape is (1, 2); expected (2,); besides, every entry is 2 times the expected value')


def test_wrong_numbers_are_shown_before_a_wrong_form():
    """The first case has the wrong form only: the one to look at is the one with wrong numbers."""
    result = verdict(Answer(Ending.RETURNED, {"answer": FORMS["whole numbers"]}), WRONG, RIGHT, RIGHT)
    assert (result.score, result.first_wrong.name) == (7.0, "b")
    assert result.message.startswith('case "b": ')


def test_truth_values_are_no_other_numbers():
    """2 is not True: an array that holds more than 0 and 1 has other numbers than one of truth values."""
    expected = Answer(Ending.RETURNED, {"answer": np.array([True, False])})
    scores = [verdict(*[Answer(Ending.RETURNED, {"answer": np.array(a)})] * 4, expected=expected).score for a in ([1, 0], [2, 0])]
    assert scores == [8, 0]


def test_the_plainest_case_is_shown_first():
    """Of several wrong cases, an ordinary one goes before one about an error, nothing at all or huge numbers."""
    cases = {"huge": Case({"x": np.array([1e6])}), "none": Case({"x": np.ones(0)}), "plain": Case({"x": np.array([1.0])})}
    result = judge(CHECK, cases, dict.fromkeys(cases, WRONG), dict.fromkeys(cases, RIGHT))
    assert result.message.startswith('case "plain": ')
    assert result.first_wrong.name == "plain"


SENT = {"theta": np.array([1.0, 2.0]), "p": {"w": 0.5, "many": [np.ones(2), np.zeros(2)]}}


def left(change=lambda theta, p: None):
    """What a call leaves of two arguments, as the worker tells it, and how that is judged."""
    check, case = Outputs("f", on=lambda rng: {}, points=1), Case(copy.deepcopy(SENT), writable=("theta",))

    def run(change):
        module = ModuleType("submission")
        module.f = lambda theta, p: change(theta, p) or 1.0
        return check.run(module, Case(copy.deepcopy(SENT), writable=("theta",)))

    return check.compare(run(change), run(lambda theta, p: None), case.inputs)


def exchange(theta, p):
    """Put another array into a list that was handed over."""
    p["many"][1] = np.ones(2)


CHANGES = {
    "an array": (lambda theta, p: theta.sort() or theta.__setitem__(0, 9.0), "theta"),
    "a number in a dict": (lambda theta, p: p.update(w=0.25), "p"),
    "a key more": (lambda theta, p: p.update(v=0.25), "p"),
    "a key less": (lambda theta, p: p.pop("w") and None, "p"),
    "a list": (lambda theta, p: p["many"].append(1.0), "p"),
    "another array in a list": (exchange, "p"),
    "another type": (lambda theta, p: p.update(w="0.5"), "p"),
    "a circle": (lambda theta, p: p.update(p=p), "p"),
}


@pytest.mark.parametrize("change, name", CHANGES.values(), ids=CHANGES)
def test_a_changed_argument_comes_back_and_is_judged(change, name):
    """What a call could change is sent back, and the grader compares it with what was sent."""
    assert left(change) == f"the answer is right, but the call changed its argument `{name}`; work on a copy"


def test_an_argument_that_is_put_back_is_unchanged():
    """What counts is how the arguments are after the call."""
    assert left() == left(lambda theta, p: theta.__iadd__(1) is None or theta.__isub__(1) is None) == ""


def test_an_argument_that_has_to_change_is_compared_by_value():
    """A function that works in place has no answer: what it leaves of its argument is the answer."""
    check = Outputs("f", on=lambda rng: {}, points=1)

    def run(factor):
        module = ModuleType("submission")
        module.f = lambda theta: theta.__imul__(factor) is None or None
        return check.run(module, Case({"theta": np.array([1.0, 2.0])}, writable=("theta",)))

    sent = {"theta": np.array([1.0, 2.0])}
    assert check.compare(run(2.0), run(2.0 + 1e-12), sent) == ""
    expected = "after the call, its argument `theta` is not what it has to be: every entry is 2 times the expected value"
    assert check.compare(run(4.0), run(2.0), sent) == expected


def test_draws_are_compared_in_the_grader():
    """Of three models the kernels come back: whether one seed gives one model follows from them."""
    check = Architecture("build", on=lambda rng: {}, points=1, seeded=True)
    one, other = np.array([1.0, 2.0]), np.array([3.0, 4.0])

    def seen(*kernels):
        form = {"built": np.array(True), "layers": "Dense(2)", "parameters": np.array(2), "trainable parameters": np.array(2)}
        return form | {f"{run}0": kernel for run, kernel in zip(DRAWS, kernels, strict=True)}

    right = seen(one, one, other)
    assert check.compare(seen(other, other, one), right, {}) == ""
    assert "starts differently in two models of one seed" in check.compare(seen(one, other, other), right, {})
    assert "starts the same for two seeds" in check.compare(seen(one, one, one), right, {})
    assert not any(name.startswith(DRAWS) for name in check.received(right))


def test_names_have_to_be_the_same():
    """An entry too many or too few is a difference."""
    more = Answer(Ending.RETURNED, {"answer": np.array([1.0, 2.0]), "bonus": np.array(1.0)})
    assert "not asked for" in verdict(more, RIGHT, RIGHT, RIGHT).message
    assert "it is a dict of nothing" in verdict(Answer(Ending.RETURNED, {}), RIGHT, RIGHT, RIGHT).message


@pytest.mark.parametrize("extras", [False, True])
def test_one_value_in_place_of_a_dict_is_told_as_what_it_is(extras):
    """A forgotten `return` is the commonest: None has no entries, and which are missing is the second question."""
    check = Outputs("forward", on=lambda rng: {"one": Case({})}, points=1, extras=extras)
    right = {name: np.array(1.0) for name in "abcdefg"} | {WARNED: ""}
    sentence = check.compare({"answer": Odd("None"), WARNED: ""}, right, {})
    assert sentence == "it is None; expected the entries `a`, `b`, `c`, `d`, `e` and 2 more"


def test_a_check_is_a_contract():
    """The base class answers nothing by itself: a kind of check has to say how it observes."""
    with pytest.raises(NotImplementedError):
        Check("f", on=lambda rng: CASES, points=1).observe(None)  # type: ignore[arg-type]


def test_an_answer_that_is_no_tensor_is_told_as_what_it_is():
    """A NumPy array has no gradient, and the lines that a student copies end in an AttributeError: that is said first."""
    check = Gradients("f", on=lambda rng: {}, points=1, wrt=("z",))
    sentence = check.compare({"dz": Odd("no tensor: a NumPy array")}, {"dz": np.ones(2)}, {})
    assert sentence == (
        "there is no gradient with respect to `z`: the call returns a NumPy array, not a tensor "
        "(tape.gradient then raises AttributeError); compute the result with TensorFlow"
    )
