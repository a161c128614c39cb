"""A call is bound by the contract: a right function is right whatever its parameters are called."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from autograder.assignment import load
from autograder.checks.base import Case, raised_by
from autograder.checks.binding import Implementation, UnfitError, names_of
from autograder.checks.contract import contract_of, signatures_in
from autograder.checks.outputs import Outputs
from autograder.grading.judging import as_theirs
from autograder.observation.answer import Answer, Ending
from autograder.outcome import Outcome

CONTRACT = {
    "f": "x, rate, training, mask=None, seed=0",
    "many": "first, *others",
    "g": "n, k, seed=None",
    "h": "x, *, seed=0",
    "scale": "x, factor",
}
ASKED = {"x": 1, "rate": 0.5, "training": True, "seed": 7}
RIGHT = (1, 0.5, True, None, 7)


def implementation(source: str) -> Implementation:
    """A file's functions as a check calls them."""
    module = ModuleType("submission")
    exec(source, module.__dict__)  # noqa: S102 - our own text
    return Implementation(module, CONTRACT)


SIGNATURES = {
    "the stub's": ("x, rate, training, mask=None, seed=0", "x, rate, training, mask, seed"),
    "the first renamed": ("X, rate, training, mask=None, seed=0", "X, rate, training, mask, seed"),
    "one in the middle renamed": ("x, p, training, mask=None, seed=0", "x, p, training, mask, seed"),
    "all renamed": ("a, b, c, d=None, e=0", "a, b, c, d, e"),
    "reordered": ("rate, seed, x, mask=None, training=True", "x, rate, training, mask, seed"),
    "reordered, and other case": ("rate, X, training, mask=None, seed=0", "X, rate, training, mask, seed"),
    "one with a default more": ("x, rate, training, mask=None, seed=0, debug=False", "x, rate, training, mask, seed"),
    "one with a default in between": (
        "x, debug=False, rate=0.1, training=False, mask=None, seed=0",
        "x, rate, training, mask, seed",
    ),
    "by keyword only": ("x, *, rate, training, mask=None, seed=0", "x, rate, training, mask, seed"),
    "by position only": ("a, b, /, training, mask=None, seed=0", "a, b, training, mask, seed"),
    "any arguments": ("*given", "(given + (None, 0))[:3] + ((given + (None,))[3:4] or (None,)) + (given[4:] or (0,))"),
    "any others": ("x, *rest", "(x, *rest)"),
    "any names": ("x, **more", "x, more['rate'], more['training'], more.get('mask'), more['seed']"),
}


@pytest.mark.parametrize("signature, answer", SIGNATURES.values(), ids=SIGNATURES)
def test_a_signature_gets_the_contracts_arguments(signature, answer):
    """Names that the contract has are bound by name, all others by the position that they stand in."""
    assert tuple(implementation(f"def f({signature}):\n    return {answer}").f(**ASKED)) == RIGHT


def test_a_call_by_position_is_a_call_by_the_contract():
    """What an author's hook writes without names lands in the right parameters, reordered ones too."""
    module = implementation("def f(training, X, rate, mask=None, seed=0):\n    return X, rate, training, mask, seed")
    assert module.f(1, 0.5, True, seed=7) == RIGHT


def test_a_default_of_the_students_own_is_used():
    """What a case leaves out is left out."""
    assert implementation("def h(values, *, random_state=12):\n    return values, random_state").h(3) == (3, 12)


@pytest.mark.parametrize(
    "source",
    [
        "import functools\ndef timed(f):\n    @functools.wraps(f)\n    def inner(*args, **kwargs):\n        return f(*args, **kwargs)\n"
        "    return inner\n@timed\ndef f(a, b, c, d=None, e=0):\n    return a, b, c, d, e",
        "def timed(f):\n    def inner(*args, **kwargs):\n        return f(*args, **kwargs)\n    return inner\n"
        "@timed\ndef f(a, b, c, d=None, e=0):\n    return a, b, c, d, e",
        "import functools\ndef g(e, a, b, c, d=None):\n    return a, b, c, d, e\nf = functools.partial(g, 7)",
        "class F:\n    def __call__(self, a, b, c, d=None, e=0):\n        return a, b, c, d, e\nf = F()",
        "f = lambda a, b, c, d=None, e=0: (a, b, c, d, e)",
    ],
    ids=["decorated", "decorated without wraps", "partial", "object", "lambda"],
)
def test_whatever_can_be_called_is_bound(source):
    """A decorated function, a partial one, a callable object: each has a signature of its own."""
    asked = {name: value for name, value in ASKED.items() if name != "seed"} if "partial" in source else ASKED
    assert implementation(source).f(**asked) == RIGHT


@pytest.mark.parametrize(
    "signature, sentence",
    [
        (
            "a, x, training",
            r"keep the stub's name `rate`; yours is `a` \(`f` takes \(a, x, training\); expected \(x, rate, training",
        ),
        ("x", r"`f` takes \(x\); expected \(x, rate, training, mask=None, seed=0\)"),
        ("x, rate, training, mask, seed, more", r"`f` takes \(x, rate, training, mask, seed, more\); expected"),
    ],
    ids=["nobody can tell", "too few", "too many"],
)
def test_what_cannot_be_bound_is_one_sentence(signature, sentence):
    """Where name and position disagree, or their number does, the sentence has both signatures."""
    with pytest.raises(UnfitError, match=sentence):
        implementation(f"def f({signature}):\n    return x").f(**ASKED)


def test_more_arrays_than_one_go_to_single_parameters():
    """The contract's `*others` may be written as parameters of their own."""
    assert implementation("def many(a, b=None, c=None):\n    return a, b, c").many(1, 2) == (1, 2, None)
    assert implementation("def many(a, *rest):\n    return a, rest").many(1, 2, 3) == (1, (2, 3))


def test_a_function_that_is_put_in_place_of_another_gets_the_contracts_arguments():
    """A hook that replaces `g` is called by the student's own functions, under their own names."""
    source = "def g(samples, folds, rng=None):\n    return 0\ndef f(x, rate, training):\n    return g(folds=3, samples=10, rng=5), g(4, 2)"
    module = implementation(source)
    original = module.g
    module.g = lambda n, k, seed=None: (n, k, seed)
    assert module.f(1, 2, 3) == ((10, 3, 5), (4, 2, None))
    module.g = original
    assert module.f(1, 2, 3) == (0, 0)


def test_that_it_does_not_fit_is_never_an_exception_that_was_asked_for():
    """A function of one parameter has not raised the TypeError that a case waits for."""
    with pytest.raises(UnfitError):
        raised_by(implementation("def g(n):\n    return n").g, 1, 2, expected=TypeError)


def test_the_contract_is_read_from_the_reference(copy_of_small):
    """A folder with solutions has the signatures of the reference, whatever the stub has become."""
    (copy_of_small / "arith.py").write_text("def scale(b, a):\n    return 1\n")
    assert load(copy_of_small).contract["scale"] == "x, factor"


def test_a_folder_that_tells_nothing_has_no_contract(tmp_path):
    """Neither solutions nor a record: calls are bound by the names of the case."""
    assert contract_of(tmp_path, "arith.py") == {}


def test_hints_are_no_part_of_a_contract():
    """Type hints are left out, defaults and kinds stay."""
    assert signatures_in("def f(x: int, /, y: str = 'a', *z, k: float, **more) -> int: ...") == {
        "f": "x, /, y='a', *z, k, **more"
    }


SOURCE = "def scale({0}, {1}):\n    if isinstance({1}, str):\n        raise TypeError\n    return {0} * {1}{2}\n"


@pytest.mark.parametrize("names", [("values", "by"), ("x", "k"), ("X", "factor")], ids=lambda names: " ".join(names))
def test_renamed_parameters_cost_nothing(names, small):
    """One, the first or all renamed: full marks."""
    assert small.check("scale", small.replacing("scale", SOURCE.format(*names, ""))).score == 6


def test_reordered_parameters_cost_nothing(small):
    """The stub's names in another order are the stub's names."""
    source = "def scale(factor, x):\n    if isinstance(factor, str):\n        raise TypeError\n    return x * factor\n"
    assert small.check("scale", small.replacing("scale", source)).score == 6


def test_the_call_to_copy_has_the_students_own_names(small):
    """What the student pastes calls the function as it was called."""
    result = small.check("scale", small.replacing("scale", SOURCE.format("values", "by", " + 1")))
    see = [case.see for case in result.cases if case.outcome is Outcome.FAILED]
    assert see[0].startswith("scale(values=np.array(") and see[0].endswith("by=3.0)")


def test_a_call_by_position_is_named_where_the_places_differ():
    """An author's own call is rewritten for a function that has its parameters elsewhere."""
    case = Case({}, contract={"f": "x, rate, seed=0"})
    answer = Answer(Ending.RETURNED, names={"x": "x", "rate": "p"})
    assert as_theirs("f(np.ones(2), 0.5, seed=3)", "f", case, answer) == "f(x=np.ones(2), p=0.5, seed=3)"
    renamed = Answer(Ending.RETURNED, names={"seed": "random_state"})
    assert as_theirs("f(np.ones(2), 0.5, seed=3)", "f", case, renamed) == "f(np.ones(2), 0.5, random_state=3)"


CALLS = {
    "by name": ("x, factor", "scale(x=1, factor=2)"),
    "renamed": ("values, by", "scale(values=1, by=2)"),
    "by position only": ("values, by, /", "scale(1, 2)"),
    "by position only, the stub's names": ("x, factor, /", "scale(1, 2)"),
    "by position only, in another order": ("factor, x, /", "scale(2, 1)"),
    "the first by position only": ("values, /, factor", "scale(1, factor=2)"),
    "the first by position only, the other by name only": ("values, /, *, factor", "scale(1, factor=2)"),
    "all that come": ("*args", "scale(1, 2)"),
    "one, and all that come": ("x, *args", "scale(1, 2)"),
    "all that come, and one by name": ("*args, factor", "scale(1, factor=2)"),
    "all that come by name": ("**named", "scale(x=1, factor=2)"),
    "all that come in either way": ("*args, **named", "scale(1, 2)"),
}


@pytest.mark.parametrize(("parameters", "shown"), CALLS.values(), ids=CALLS)
def test_the_call_to_copy_is_the_call_that_was_made(parameters, shown):
    """By position where the function takes its arguments so, else by its own names; and what is shown can be called."""
    source = f"def scale({parameters}):\n    return 'called'"
    found = names_of(implementation(source), "scale")
    answer = Answer.from_bytes(Answer(Ending.RETURNED, names=found[0], places=found[1]).to_bytes())
    case = Case({}, contract={"scale": "x, factor"})
    for written in ("scale(x=1, factor=2)", "scale(factor=2, x=1)", "scale(1, 2)"):
        call = as_theirs(written, "scale", case, answer)
        module = ModuleType("submission")
        exec(f"{source}\nanswer = {call}", module.__dict__)  # noqa: S102 - our own text
        assert module.answer == "called"
    assert as_theirs("scale(x=1, factor=2)", "scale", case, answer) == shown


def test_a_default_in_between_is_written_out_where_all_goes_by_position():
    """`*args` takes the arguments in the contract's order, so one that the case leaves out has its default there."""
    answer = Answer(Ending.RETURNED, places=("x", "rate", "seed"))
    assert as_theirs("f(x=1, seed=3)", "f", Case({}, contract={"f": "x, rate=0.5, seed=0"}), answer) == "f(1, 0.5, 3)"


def test_a_call_that_fits_no_parameters_is_not_shown(small):
    """Where two names are swapped, the sentence says which to keep; a call that cannot be made is not there to be pasted."""
    result = small.check("scale", small.replacing("scale", "def scale(factor, arr):\n    return arr * factor\n"))
    assert "keep the stub's name `x`; yours is `arr`" in result.message
    assert {case.see for case in result.cases} == {""}


def test_names_that_a_worker_tells_are_identifiers():
    """Anything else that stands where a name is expected is left out."""
    answer = Answer.from_bytes(Answer(Ending.RETURNED, names={"x": "X", "y": "(evil)", "z": "a" * 500}).to_bytes())
    assert dict(answer.names) == {"x": "X"}


def test_a_hostile_signature_is_nobodys_trouble():
    """Looking for the names of a callable that lies about itself gives none."""
    source = "class F:\n    @property\n    def __signature__(self):\n        raise SystemError\n    def __call__(self, *a, **k):\n        return 1\nf = F()"
    module = implementation(source)
    assert names_of(module, "f") == ({}, ())


def test_a_check_called_with_a_plain_module_goes_by_the_names_of_its_case():
    """Without a contract, arguments are bound by name, else in the order of the case."""
    module = ModuleType("submission")
    exec("def f(values, by):\n    return values * by", module.__dict__)  # noqa: S102 - our own text
    check = Outputs("f", on=lambda rng: {}, points=1)
    np.testing.assert_array_equal(check.observe(module, x=np.ones(2), factor=3.0)["answer"], [3.0, 3.0])
