"""A function that builds on a broken one is asked once more, with a stand-in that knows the reference's calls."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest

from autograder.checks.binding import Implementation
from autograder.grading.calls import calls_in, stand_ins
from autograder.observation import pack, unpack
from autograder.observation.answer import Answer, Ending
from autograder.observation.calls import PLAY, RECORD, pack_calls, to_play, unpack_calls
from autograder.observing.standing_in import CALLS_MOST, OtherInputsError, with_others
from autograder.outcome import Outcome

BROKEN = "def total(x):\n    return 0.5"
CONTRACT = {"f": "x", "g": "a, b=2.0"}


def selling(returned):
    """A body of `sell` that works out what is left, and returns this."""
    return f"def sell(stock, sold):\n    left = {{k: stock[k] - sold[k] for k in stock}}\n    return {returned}"


SELL = selling("left, total([*left.values()])")


def sold(small, body, broken=BROKEN):
    """The verdict on `sell` with this body, where `total` does not work."""
    source = small.replacing("sell", body, small.replacing("total", broken))
    return next(check for check in small.grade(source).checks if check.name == "sell")


def module_with(g, f=lambda x: None):
    """A submission's module with two functions."""
    module = ModuleType("submission")
    module.f, module.g = f, g
    return Implementation(module, CONTRACT), module


def recorded(g, *calls):
    """What is recorded of these calls of g, as it comes from a worker."""
    seen, module = module_with(g)
    with with_others(seen, {RECORD: "g"}) as recorder:
        for arguments in calls:
            module.g(*arguments)
        return recorder.values()


def played(g, values):
    """A module in which g is played, for as long as it is asked to."""
    seen, module = module_with(g)
    return with_others(seen, unpack(pack(to_play(values, ["g"])))), module


def test_what_is_right_by_itself_is_told(small):
    """The points stay lost, but the student knows that only the other function is to be mended."""
    result = sold(small, SELL)
    assert (result.outcome, result.score) == (Outcome.SKIPPED, 0.0)
    assert result.message == "`total` must work first; with a right one in its place, this check passes"


def test_a_mistake_of_ones_own_is_not_hidden(small):
    """What is wrong in the function itself is told with its case, and with the hint of the check."""
    result = sold(small, selling("sold, total([*left.values()])"))
    assert result.message.startswith('`total` must work first; with a right one in its place, case "two shelves": `stock')
    assert (result.outcome, result.score) == (Outcome.SKIPPED, 0.0)


def test_a_call_with_other_inputs_is_the_finding(small):
    """The stand-in answers only what the reference asked; another question is told with its difference."""
    result = sold(small, selling("left, total([*stock.values()])"))
    assert "it calls `total` with other inputs than the reference does: `x`: 2 of 2 entries differ" in result.message


def test_a_stub_has_a_stand_in_too(small):
    """Who writes the second function first learns whether it is right."""
    result = sold(small, SELL, "def total(x):\n    raise NotImplementedError")
    assert result.message.endswith("this check passes")


def test_an_author_may_give_points_for_it(small):
    """A share of the check's points, where the assignment says so."""
    assignment = small.assignment
    small.assignment = replace(assignment, stand_in_earns=0.5)
    try:
        result = sold(
            small,
            SELL,
        )
    finally:
        small.assignment = assignment
    assert (result.outcome, result.score) == (Outcome.SKIPPED, 2.0)


def test_calls_are_recorded_by_the_contracts_names():
    """Arguments by name and by position, and defaults, are the same call."""
    calls = unpack_calls(recorded(lambda a, b=2.0: a * b, (3.0,), (3.0, 4.0)))
    assert [(call["of"], call["with"], call["gives"]) for call in calls] == [
        ("g", {"a": 3.0, "b": 2.0}, 6.0),
        ("g", {"a": 3.0, "b": 4.0}, 12.0),
    ]


@pytest.mark.parametrize(
    "result", [object(), np.random.default_rng(0), lambda: 1, {1: 2}, np.array([None])], ids=lambda one: type(one).__name__
)
def test_what_cannot_be_written_down_has_no_stand_in(result):
    """A generator, a function or an object is no value."""
    assert recorded(lambda a, b=2.0: result, (1.0,)) == {}


def test_a_function_that_changes_its_argument_has_no_stand_in():
    """What it does besides answering would be missing."""
    assert recorded(lambda a, b=2.0: a.sort(), (np.array([2.0, 1.0]),)) == {}


def test_a_function_that_is_called_very_often_has_no_stand_in():
    """A training of thousands of steps is not written down."""
    assert recorded(lambda a, b=2.0: a, *[(float(n),) for n in range(CALLS_MOST + 1)]) == {}


def test_a_stand_in_answers_what_was_recorded_and_nothing_else():
    """The same values in another kind of array or number are the same call."""
    standing, module = played(None, recorded(lambda a, b=2.0: a * b, (np.array([1.0, 2.0]),)))
    with standing:
        assert module.g(np.array([1.0, 2.0], dtype=np.float32)).tolist() == module.g([1, 2], b=2).tolist() == [2.0, 4.0]
        with pytest.raises(OtherInputsError, match="`b`: it is 3; expected 2"):
            module.g([1.0, 2.0], 3)
        with pytest.raises(OtherInputsError, match="otherwise than by its definition"):
            module.g(1, 2, 3)


def test_a_stand_in_gives_a_value_of_its_own_each_time():
    """Whoever changes an answer does not change the next one."""
    standing, module = played(None, recorded(lambda a, b=2.0: {"w": np.array([a])}, (1.0,)))
    with standing:
        module.g(1.0)["w"][0] = 9.0
        assert module.g(1.0)["w"].tolist() == [1.0]


@pytest.mark.parametrize("error", [None, ZeroDivisionError])
def test_afterwards_the_students_own_function_is_back(error):
    """Whether the case ends or raises."""

    def own(a, b=2.0):
        return "own"

    standing, module = played(own, recorded(lambda a, b=2.0: a, (1.0,)))
    try:
        with standing:
            assert module.g(1.0) == 1.0
            if error:
                raise error
    except ZeroDivisionError:
        pass
    assert module.g is own


def test_there_are_stand_ins_only_for_what_the_reference_calls():
    """A check that names a function it does not call, or of which a case could not be recorded, has none."""
    values = pack_calls([{"of": "g", "with": {"a": 1.0}, "gives": 2.0}])
    calls = calls_in({"one": Answer(Ending.RETURNED, values)})
    assert stand_ins(calls, ["one"], ["g"])["one"][PLAY] == "g"
    assert stand_ins(calls, ["one"], ["h"]) == {}
    assert stand_ins(calls, ["one", "two"], ["g"]) == {}
