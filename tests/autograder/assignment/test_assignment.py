"""A spec that cannot grade fairly is refused in one sentence, to its author and not to a student."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec

import pytest

from autograder.assignment import SpecError, load, without_tensors
from autograder.grading.grade import draw

GOOD = """
from autograder import Assignment, Outputs
def one(rng):
    return {"one": {"x": 1.0}}
assignment = Assignment("T", ["t.py"], [Outputs("f", on=one, points=60), Outputs("g", on=one, points=40, depends=("f",))])
"""
BAD = {
    "two checks of one name": (GOOD.replace('"g"', '"f"'), "two checks are called 'f'"),
    "points that do not add up": (GOOD.replace("40", "30"), "points must add up to 100. Received: 90"),
    "a check worth nothing": (
        GOOD.replace("60", "100").replace("40", "0"),
        "`points` of 'g' must be positive, a number up to 1,000,000. Received: 0",
    ),
    "endless points": (GOOD.replace("points=40", 'points=float("inf")'), "`points` of 'g' must be positive, a number"),
    "points that are no number": (GOOD.replace("points=40", 'points=float("nan")'), "Received: nan"),
    "points in quotes": (GOOD.replace("points=40", 'points="40"'), "Received: '40'"),
    "points of four hundred digits": (GOOD.replace("points=40", "points=10**400"), "Received: a larger one"),
    "an endless limit": (
        GOOD.replace("points=40", 'points=40, timeout=float("inf")'),
        "`timeout` of 'g' must be positive, a number",
    ),
    "a dependency that comes later": (
        GOOD.replace("points=60", 'points=60, depends=("g",)'),
        "'f' depends on 'g', which no earlier check tests",
    ),
    "a tensor at import": ("import tensorflow as tf\nx = tf.zeros(3)\n" + GOOD, "imports tensorflow when it is loaded"),
    "a Keras model at import": ("import keras\nmodel = keras.Sequential()\n" + GOOD, "imports keras when it is loaded"),
    "an error at import": ("1 / 0\n" + GOOD, "does not run: ZeroDivisionError: division by zero (line 1)"),
    "a syntax error": (GOOD + "\n)", "does not run: SyntaxError: unmatched ')' (line 7)"),
    "no assignment": ("x = 1", "must define `assignment = Assignment(...)`. Received: NoneType"),
    "no checks": (
        GOOD.split("assignment =")[0] + 'assignment = Assignment("T", ["t.py"], [])',
        "at least one file and one check",
    ),
    "a form that costs more than all": (
        GOOD.replace('["t.py"], [', '["t.py"], form_costs=20, checks=['),
        "`form_costs` must be a share from 0 to 1. Received: 20",
    ),
    "an unknown word": (GOOD.replace("points=60", "pionts=60"), "does not run: TypeError"),
}


@pytest.mark.parametrize("source, sentence", BAD.values(), ids=BAD)
def test_a_bad_spec_is_refused(tmp_path, source, sentence):
    """Each fault of a spec has its sentence."""
    (tmp_path / "checks.py").write_text(source)
    with pytest.raises(SpecError) as caught:
        load(tmp_path)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "body, sentence",
    [
        ("import tensorflow as tf; return {'a': {'x': tf.zeros(2)}}", "imports tensorflow when it is loaded or draws its inputs"),
        ("return {}", "'f' has no cases"),
        ("return 1 / 0", "cannot draw inputs for 'f': ZeroDivisionError"),
    ],
)
def test_inputs_that_cannot_be_drawn_are_the_authors(tmp_path, body, sentence):
    """A spec whose case function fails is refused when the inputs are drawn."""
    (tmp_path / "checks.py").write_text(GOOD.replace('return {"one": {"x": 1.0}}', body))
    assignment = load(tmp_path)
    with pytest.raises(SpecError, match=sentence):
        draw(assignment, assignment.check("f"), 0)


@pytest.mark.parametrize("rule", ['Require("g", times="epochs")', 'ForbidLoops("epochs")'])
def test_a_rule_about_an_input_that_no_case_has_is_the_authors(tmp_path, rule):
    """A rule that could never be judged is refused when the inputs are drawn."""
    source = GOOD.replace("points=60", f"points=60, rules=({rule},)").replace("import ", "import ForbidLoops, Require, ", 1)
    (tmp_path / "checks.py").write_text(source)
    assignment = load(tmp_path)
    with pytest.raises(SpecError, match=r"a rule of 'f' is about the input 'epochs', which no case has"):
        draw(assignment, assignment.check("f"), 0)


def test_another_thread_may_look_for_tensorflow_meanwhile(tmp_path):
    """While inputs are drawn, what grades something else may ask whether TensorFlow is installed."""
    with without_tensors("checks.py"), ThreadPoolExecutor(1) as other:
        assert other.submit(find_spec, "tensorflow").result() is not None
        with pytest.raises(SpecError, match="imports tensorflow"):
            find_spec("tensorflow")


def test_a_folder_without_a_spec_is_no_assignment(tmp_path):
    """A missing checks.py is named."""
    with pytest.raises(SpecError, match=r"has no checks\.py"):
        load(tmp_path)


def test_several_checks_of_one_function_are_told_apart(courses):
    """A check has its function's name where it is the only one, and a label behind it where it is not."""
    names = [check.name for check in courses("hw2").assignment.checks]
    assert names[0] == "forward_221"
    assert names[8:10] == ["build_xor_mlp.architecture", "build_xor_mlp.training"]


def test_a_part_is_graded_on_the_inputs_of_the_whole(courses):
    """Each check draws from its own generator: leaving others out changes nothing, another seed changes all."""
    assignment = courses("hw2").assignment
    check = assignment.check("half_squared_error")
    first, again, other = (draw(assignment, check, seed)["too large"].inputs for seed in (1, 1, 3))
    assert first == again != other


def test_selecting_a_check_brings_what_it_needs(courses):
    """A check that depends on others cannot be judged without them."""
    assignment = courses("hw2").assignment
    needed = assignment.needed_by(assignment.select(["train_xor"]))
    assert [check.name for check in needed] == [
        "forward_221",
        "half_squared_error",
        "backward_221",
        "gd_step",
        "train_xor",
        "train_xor.path",
    ]
