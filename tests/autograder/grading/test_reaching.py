"""Milestones in a worker: steps run point by point, and whatever becomes of one, the next one runs."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from support import SMALL

from autograder.assignment import SpecError, load
from autograder.assignment.predictions.learned import Learned, Plane, Tiles, advanced, as_observation
from autograder.assignment.predictions.loading import load_milestone
from autograder.authoring.derive import stub
from autograder.grading.reaching import reached
from autograder.observation import pack, unpack

REFERENCE = (SMALL / "solutions/arith/arith.py").read_text()
STEPS = """
import random

import numpy as np
from autograder import Learned, Milestone, Plane, Step, Tiles


def falling(arith):
    for epoch in range(1, 6):
        yield epoch, {"loss": float(arith.scale(np.array([1.0]), 1 / epoch)[0])}
    return Learned(arith.total(np.arange(4.0)), [Tiles("one", np.eye(3)[None], ["an [eye]"])])


def drawn(arith):
    for place in range(4):
        yield place, {"number": random.random(), "other": float(np.random.rand())}
    return 1.0


def endless(arith):
    while True:
        pass


def wrong(arith):
    yield 1, {"loss": 1.0}
    raise ValueError("no more")


COMMON = {"needs": ("total",), "measures": "a sum", "shows": "It adds."}
milestone = Milestone([
    Step("plain", run=lambda arith: arith.total(np.arange(3.0)), at_least=3, at_most=3, **COMMON),
    Step("falling", run=falling, at_least=7, **COMMON),
    Step("drawn", run=drawn, at_least=1, **COMMON),
    Step("wrong", run=wrong, at_least=1, **COMMON),
    Step("endless", run=endless, at_least=1, seconds=1.0, **COMMON),
    Step("last", run=lambda arith: 2.0, at_least=1, **COMMON),
])
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The small course with a milestone: its spec and its steps."""
    folder = tmp_path_factory.mktemp("milestone") / "course"
    shutil.copytree(SMALL, folder)
    folder = folder / "assignments" / "arith"
    (folder / "milestone.py").write_text(STEPS)
    spec = load(folder)
    return spec, load_milestone(folder, spec)


@pytest.fixture(scope="module")
def results(course, light):
    """What came of each step with the reference's functions, and the points that were told on the way."""
    spec, milestone = course
    told = []
    found = reached(
        milestone,
        spec,
        {"arith.py": REFERENCE},
        light,
        milestone.steps,
        lambda step, points: told.append((step.name, len(points))),
    )
    return {one.step.name: one for one in found}, told


def test_a_number_is_compared_with_the_bound_in_the_grader(results):
    """A plain function gives a number; both ends of the bound count."""
    plain, falling = results[0]["plain"], results[0]["falling"]
    assert (plain.learned.value, plain.kept, plain.step.bound) == (3.0, True, "from 3 to 3")
    assert (falling.learned.value, falling.kept, falling.step.bound) == (6.0, False, "at least 7")


def test_each_request_brings_one_point(results):
    """So curves can be watched while they grow: before the step, and after each point."""
    assert [count for name, count in results[1] if name == "falling"] == [0, 1, 2, 3, 4, 5]
    assert results[0]["falling"].points[-1] == (5.0, {"loss": 0.2})


def test_pictures_come_as_arrays(results):
    """The worker draws nothing; what it sends is drawn elsewhere."""
    (tiles,) = results[0]["falling"].learned.pictures
    assert (tiles.title, tuple(tiles.captions), tiles.images.shape) == ("one", ("an [eye]",), (1, 3, 3))


def test_random_numbers_go_on_from_request_to_request(results):
    """The worker starts its generators anew for each request; a step is not to draw the same again."""
    points = results[0]["drawn"].points
    assert len({values["number"] for _, values in points}) == len({values["other"] for _, values in points}) == 4


def test_a_step_that_fails_does_not_stop_the_next(results):
    """An error keeps the points so far; a step without end is stopped; the last one runs."""
    wrong, endless, last = (results[0][name] for name in ("wrong", "endless", "last"))
    assert (wrong.learned, len(wrong.points), "no more" in wrong.why_not) == (None, 1, True)
    assert endless.learned is None and "1 s" in endless.why_not
    assert last.kept


def test_a_function_that_is_not_started_is_named(course, light):
    """With the stub, each step says what it waits for."""
    spec, milestone = course
    (found,) = reached(milestone, spec, {"arith.py": stub(REFERENCE, "arith.py")}, light, milestone.steps[:1])
    assert (found.not_started, found.why_not) == ("total", "`total` is not started yet")


def test_another_worker_runs_a_step_again_up_to_the_same_point(course, light):
    """A worker that is new to a step brings what comes after the points that the grader has."""
    from autograder.assignment.predictions.milestones import stretch
    from autograder.checks.base import Case
    from autograder.grading.bench import Bench

    spec, milestone = course
    asked = milestone.for_worker(spec.name, spec.files, spec.budget)
    with Bench(asked, light) as bench:
        bench.load({"arith.py": REFERENCE})
        answer = bench.ask(stretch(milestone.steps[1]), "falling", Case({"have": 3}, contract=spec.contract))
    assert [x for x, _ in advanced(answer.observation).points] == [4.0]


@pytest.mark.parametrize(
    "change",
    [
        {"values": np.zeros((2, 1))},
        {"names": '["a", "b", "c", "d", "e", "f", "g"]', "values": np.zeros((1, 7))},
        {"names": "[", "values": np.zeros((1, 1))},
        {"value": np.array(1.0), "pictures": '[{"kind": "tiles", "title": "t", "captions": [], "signed": false}]', "picture 0 images": np.zeros((65, 2, 2))},
        {"value": np.array(1.0), "pictures": '[{"kind": "plane", "title": "t"}]', **{f"picture 0 {name}": np.zeros(2) for name in ("x", "y", "labels")}, "picture 0 classes": np.zeros((3, 2)), "picture 0 X": np.zeros((2, 2))},
    ],
    ids=["values", "curves", "names", "tiles", "plane"],
)  # fmt: skip
def test_what_no_step_can_have_sent_is_refused(change):
    """What comes out of a worker is a claim: sizes and shapes are looked at."""
    good = as_observation([(1.0, {"loss": 1.0})], None)
    with pytest.raises((ValueError, KeyError, TypeError)):
        advanced({**good, **change})


def test_what_a_step_found_survives_the_way():
    """Points with gaps, a number and both kinds of pictures come back as they were."""
    x = np.array([0.0, 1.0])
    plane = Plane("p", x, x, np.array([[0.0, 1.0], [1.0, 0.0]]), np.zeros((2, 2)), x)
    learned = Learned(0.5, [Tiles("t", np.ones((2, 3, 3)), ["a", "b"], signed=True), plane])
    found = advanced(unpack(pack(as_observation([(1.0, {"a": 1.0}), (2.0, {"b": 2.0})], learned))))
    assert found.points == ((1.0, {"a": 1.0}), (2.0, {"b": 2.0}))
    tiles, back = found.learned.pictures
    assert (found.learned.value, tiles.signed, tuple(tiles.captions)) == (0.5, True, ("a", "b"))
    np.testing.assert_array_equal(back.classes, plane.classes)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("at_least=3, at_most=3", "hint='none'"), "it needs a bound"),
        (('"plain"', '"Plain!"'), "its name must be small letters"),
        (('"needs": ("total",)', '"needs": ("sum",)'), "it needs `sum`, which no check tests"),
        (('"plain"', '"last"'), "two steps are called 'last'"),
        (("at_least=3, at_most=3", "at_least=3, form='{:q}'"), "`form` must be the format of one number"),
        (("at_least=3, at_most=3", "at_least=3, beside='jax'"), '`beside` must be "torch"'),
        (("milestone = Milestone(", "other = Milestone("), "must define `milestone"),
    ],
    ids=["bound", "name", "function", "twice", "form", "beside", "missing"],
)
def test_a_broken_milestone_is_one_sentence(tmp_path, change, sentence):
    """What is wrong with milestone.py is said with its place."""
    shutil.copytree(SMALL, tmp_path / "course")
    folder = tmp_path / "course/assignments/arith"
    (folder / "milestone.py").write_text(STEPS.replace(*change))
    with pytest.raises(SpecError, match=r"milestone\.py") as error:
        load_milestone(folder, load(folder))
    assert sentence in str(error.value)
