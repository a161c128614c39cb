"""The border: whatever a worker says, it is about its own case, it is capped, and it is never a fault of ours."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder import Assignment, CrossValidation, Outputs, Training, Trajectory
from autograder.checks.base import Case
from autograder.grading.bench import TOLD_MOST, Bench, Opened, _stands
from autograder.grading.judging import MESSAGE_MOST, judge
from autograder.observation import ObservationError, Odd, Texts, flatten, pack
from autograder.observation.answer import NAMED_MOST, Answer, Ending
from autograder.observation.answer.calls import MOST, Called, Calls
from autograder.outcome import Grade, Outcome
from autograder.outcome.grade_json import to_json
from autograder.sandbox.budget import MB, Budget
from autograder.sandbox.isolation import Layers
from autograder.sandbox.turns import Turns

CASE = Case({"x": np.ones(2)})
CHECK = Outputs("f", on=lambda rng: {"case": CASE}, points=10)


class Says:
    """A worker that says what it is told to."""

    layers = Layers(("landlock",), ())
    peak = 0
    spent = 0.0
    loaded = False

    def __init__(self, *said):
        self.said = list(said)

    def ask(self, request, timeout, wall=None):
        """The next thing that it says."""
        return self.said.pop(0)

    def close(self):
        """It is gone."""


def bench_of(*said, **budget):
    """A bench whose worker says this, one after the other."""
    assignment = Assignment(title="t", files=["f.py"], checks=[CHECK], budget=Budget(**budget))
    bench = Bench(replace(assignment, name="t"), SimpleNamespace(turns=Turns(), warm=lambda modules: None))
    bench._worker = Says(*said)
    return bench


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\xff" * 100,
        pack({"ending": "returned"}),
        replace(Answer(Ending.RETURNED), seconds=1e308).to_bytes(),
        replace(Answer(Ending.RETURNED), seconds=-1.0).to_bytes(),
        replace(Answer(Ending.RETURNED), seconds=100.0).to_bytes(),
        Answer(Ending.UNREADY, error="no memory").to_bytes(),
        None,
        object(),
    ],
    ids=["nothing", "bytes", "fields", "huge", "negative", "late", "unready", "None", "an object"],
)
def test_a_bad_answer_costs_its_own_case_only(said):
    """The worker broke the protocol: its case is lost, and the next is asked in another worker."""
    bench = bench_of(said)
    answer = bench.ask(CHECK, "case", CASE, limit=5.0)
    assert answer.ending is Ending.BROKE_OFF
    assert bench._worker is None
    result = judge(CHECK, {"case": CASE}, {"case": answer}, {"case": Answer(Ending.RETURNED, {"answer": np.ones(2)})})
    assert (result.outcome, result.score) == (Outcome.CRASHED, 0)


def test_what_a_submission_prints_is_kept_up_to_a_limit():
    """All its cases together fill no page; the case in which the limit is reached says so by name."""
    said = Answer(Ending.RETURNED, {"answer": np.ones(2)}, printed="line of output\n" * 100).to_bytes()
    bench = bench_of(*[said] * 50, text=10_000)
    printed = [bench.ask(CHECK, "case", CASE).printed for _ in range(50)]
    assert sum(map(len, printed)) < 10_200
    assert "(not kept: it printed more than 10,000 characters in all, the limit for this assignment)" in "".join(printed)
    assert printed[-1] == ""


def test_the_answers_of_a_submission_have_a_limit_together():
    """A submission that answers each case with as much as it may does not fill the grader's memory."""
    said = Answer(Ending.RETURNED, {"answer": np.ones(2**17)}).to_bytes()
    bench = bench_of(*[said] * 10, answers=4 * MB)
    endings = [bench.ask(CHECK, "case", CASE) for _ in range(10)]
    assert [answer.ending for answer in endings[:4]] == [Ending.RETURNED] * 4
    assert endings[-1].ending is Ending.OVER_LIMIT
    assert endings[-1].error == "gave answers of more than 4 MB in all, the limit for this assignment"


def opened(**said):
    """What a bench makes of what a worker says of a submission that it ran."""
    bench = bench_of(pack({"stops": "", "slow": "", "notes": "", "printed": "", "foreign": ""} | said))
    return bench._run(bench._worker, {}, ())


@pytest.mark.parametrize(
    ("said", "ago", "left_out"),
    [
        (b"0:12:5.000", 7.0, "0:12"),
        (b"0:12:5.000", 1.0, ""),  # it ended by itself, and in time
        (b"", 7.0, ""),
        (b"0:12:nan", 7.0, ""),
        (b"0:12 0:1:5.000", 7.0, ""),
        (b"\xff" * 10**6, 7.0, ""),
    ],
)
def test_where_a_worker_ended_is_believed_in_one_form_only(said, ago, left_out):
    """A file, a line, and a time that has passed; a statement is left out for that, and for nothing else."""
    assert _stands(SimpleNamespace(told=(said, time.monotonic() - ago))) == left_out


def test_lines_that_did_not_run_are_told_up_to_a_number():
    """Thousands of lines that raise, or of notes, are a few sentences and a count."""
    lines = "\n".join(f"line {number}\x1b[2J did not run (NameError: {'x' * 1000})" for number in range(5000))
    found = opened(stops=lines, notes=lines)
    assert len(found.stops) == TOLD_MOST
    assert found.notes[0] == f"{5000 - TOLD_MOST} more lines did not run"
    assert len(found.notes) == TOLD_MOST + 1
    assert all(len(sentence) < 310 and sentence.isprintable() for sentence in (*found.stops, *found.notes))


@pytest.mark.parametrize("said", [{"stops": np.ones(2)}, {"notes": Odd("None")}, {"verdict": "passed"}, {"error": "ours"}])
def test_what_is_said_of_a_submission_is_three_texts(said):
    """Whatever else comes while it runs is the submission's doing, and not a fault of ours."""
    assert opened(**said).ending is Ending.BROKE_OFF


def test_a_submission_that_ran_is_open():
    """Without stops there is nothing to tell."""
    assert opened() == Opened()


VALUES = st.one_of(
    st.builds(Odd, st.text(max_size=300), st.booleans()),
    st.builds(
        lambda words, kind: Texts(tuple(words), (len(words),), kind), st.lists(st.text(max_size=20)), st.text(max_size=100)
    ),
    st.text(max_size=300),
    arrays.arrays(
        st.sampled_from(["f8", "f4", "f2", "i8", "u1", "?", "c16"]), arrays.array_shapes(min_dims=0, max_dims=3, min_side=0)
    ),
    st.sampled_from([np.full(3, 1e308), np.array([1e308, -1e308]), np.array(-1e308), np.full((2, 2), np.nan), np.array(np.inf)]),
)
NAMES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "answer",
            "history",
            "predictions",
            "scores",
            "models",
            "fit 0 X",
            "fit 0 y",
            "predict 0 X",
            "effect: argument X",
            "effect: argument X, form",
        ]
    ),
)
X, Y = np.arange(12.0).reshape(6, 2), np.array([0, 1, 0, 1, 0, 1])
DRAWN = Outputs("f", on=lambda rng: {}, points=10, keeps_random_state=True)
KINDS = {
    "texts": (CHECK, {"answer": Odd("a list of 2 values", known=True), "[0]": Texts(("a", "b"), (2,)), "[1]": "a"}),
    "outputs, random state": (DRAWN, {"answer": np.ones(2)}),
    "outputs": (CHECK, {"answer": np.ones(2)}),
    "trajectory": (Trajectory("f", on=lambda rng: {}, points=10), {"history": np.arange(5.0)}),
    "training": (Training("f", on=lambda rng: {}, points=10), {"predictions": Y[:, None] * 1.0}),
    "cross-validation": (
        CrossValidation("f", on=lambda rng: {}, points=10, estimator=object),
        {"scores": np.ones(1), "models": np.array([0]), "predicting models": np.array([0])}
        | {"fit 0 X": X[:4], "fit 0 y": Y[:4], "predict 0 X": X[4:]},
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60, deadline=None)
@given(observation=st.dictionaries(NAMES, VALUES, max_size=6), texts=st.lists(st.text(), min_size=4, max_size=4), data=st.data())
def test_no_claim_is_a_fault_of_ours(kind, observation, texts, data):
    """Whatever is claimed: it is judged, it is told in a sensible sentence, it can be written as JSON, and nothing of it is ours."""
    check, right = KINDS[kind]
    observation = {**(right if data.draw(st.booleans()) else {}), **observation}
    ending = data.draw(st.sampled_from(["returned", "raised", "missing", "not started", "unfit", "out of memory"]))
    names = ("error", "place", "inside", "printed")
    fields = {"ending": ending, "seconds": np.array(0.1), **dict(zip(names, texts, strict=True))}
    fields |= Calls({"tf.sigmoid": Called(1, texts[0], texts[1])}, 5).entries() if data.draw(st.booleans()) else {}
    fields |= {"names": data.draw(st.sampled_from(["x=images", "X=Y y=X"]))} if data.draw(st.booleans()) else {}
    answer = Answer.from_bytes(pack(fields | {f"observation/{name}": value for name, value in observation.items()}))
    case = Case({"X": X, "y": Y})
    result = judge(check, {"case": case}, {"case": answer}, {"case": Answer(Ending.RETURNED, right)})
    assert result.outcome is not Outcome.GRADER_ERROR
    assert result.score in (0, 10)
    assert len(result.cases[0].message) <= MESSAGE_MOST + 2
    assert not set(f"{result.message}{result.cases[0].printed}") & set("\x00\x1b\x9b\u202e\u2066\u200b")
    json.loads(to_json(Grade("hw", "t", "ada", 1, (result,))), parse_constant=pytest.fail)


def saying(**fields):
    """Bytes of an answer with these fields besides those of every answer."""
    texts = {"ending": "returned", "error": "", "place": "", "inside": "", "printed": "", "seconds": np.array(0.1)}
    return pack(texts | fields)


@pytest.mark.parametrize(
    "names",
    [
        np.ones(2),
        Odd("x=y"),
        Texts(("x=y",), (1,)),
        "x",
        "x=",
        "=y",
        "x=y=z",
        "x=1",
        "x=y x=z",
        "x=y  z=w",
        "x=y\nz=w",
        "x=\u3164",
        f"x={'y' * 81}",
        " ".join(f"x{number}=y{number}" for number in range(NAMED_MOST + 1)),
    ],
)
def test_names_of_parameters_are_pairs_of_names(names):
    """What is no pair of names that can be seen, or one too many, is a bad answer."""
    with pytest.raises(ObservationError, match="`names` of an answer"):
        Answer.from_bytes(saying(names=names))


@pytest.mark.parametrize(
    "places", [np.ones(2), "x=1", "x x", "x  y", "1", "x\ny", " ".join(f"x{n}" for n in range(NAMED_MOST + 1))]
)
def test_parameters_by_place_are_names(places):
    """What is no name that can be seen, or one too many, is a bad answer."""
    with pytest.raises(ObservationError, match="`places` of an answer"):
        Answer.from_bytes(saying(places=places))


def test_a_worker_names_only_what_can_be_read():
    """Names that are too long, hidden, or too many are left out by the worker: an honest answer is never a bad one."""
    names = {"x": "y" * 81, "w": "\u3164"} | {f"a{number}": f"b{number}" for number in range(NAMED_MOST + 5)}
    answer = Answer.from_bytes(Answer(Ending.RETURNED, {"answer": np.ones(1)}, names=names).to_bytes())
    assert answer.names == {f"a{number}": f"b{number}" for number in range(NAMED_MOST)}


WATCHED = Calls({"tf.sigmoid": Called(1, "keras.ops.sigmoid", "line 3")}, 5).entries()
NAMED = {f"times called: f{number}": np.array(1) for number in range(MOST + 1)}


@pytest.mark.parametrize(
    "fields",
    [
        {"watched": "yes"},
        {"turns": np.array(1)},
        WATCHED | {"watched": "no"},
        WATCHED | {"watched": np.array(1)},
        WATCHED | {"turns": np.array(-1)},
        WATCHED | {"turns": np.array(2**53 + 1)},
        WATCHED | {"turns": np.array(1.0)},
        WATCHED | {"turns": np.array(np.nan)},
        WATCHED | {"turns": np.array([1])},
        WATCHED | {"turns": np.array(True)},
        WATCHED | {"turns": "1"},
        WATCHED | {"times called: tf.sigmoid": np.array(-1)},
        WATCHED | {"called as: tf.sigmoid": np.array(1)},
        WATCHED | {"times called: tf.exp": np.array(1)},
        WATCHED | {"called as: tf.exp": "tf.exp\n"},
        WATCHED | {"times called: \x1b[2J": np.array(1), "called as: \x1b[2J": ""},
        WATCHED | {f"times called: {'x' * 201}": np.array(1), f"called as: {'x' * 201}": ""},
        WATCHED | NAMED | {name.replace("times called", "called as"): "" for name in NAMED},
    ],
)
def test_what_was_called_is_told_in_full_or_not_at_all(fields):
    """A count that is none, one without the other, another word, a name that cannot be seen, or too many: a bad answer."""
    with pytest.raises(ObservationError):
        Answer.from_bytes(saying(**fields))


def test_what_was_called_is_fit_to_be_shown():
    """Names and places come from beside the student's code."""
    told = Calls({"f": Called(2, "\x1b[31m" + "x" * 1000, "line\u202e 3")}, 7)
    found = Answer.from_bytes(Answer(Ending.RETURNED, {"answer": np.ones(1)}, calls=told).to_bytes()).calls
    assert found is not None
    assert (found.turns, found.called["f"].times, found.called["f"].place) == (7, 2, "line 3")
    assert found.called["f"].name.startswith("xxx")
    assert len(found.called["f"].name) <= 82


@pytest.mark.parametrize(
    "texts",
    [
        Texts((), (0,) + (1,) * 64),
        Texts((), (0, 2**63)),
        Texts(("",) * 100_001, (100_001,)),
    ],
    ids=["axes", "size", "words"],
)
def test_many_words_have_a_limit(texts):
    """Words in more axes, or more of them, than a worker would send are a bad answer."""
    with pytest.raises(ObservationError, match="must have at most 100000 words"):
        Answer.from_bytes(Answer(Ending.RETURNED, {"answer": texts}).to_bytes())


def test_words_are_of_a_sensible_length_and_stay_different():
    """Each word is capped, and what they are is visible; two long ones that differ at the end stay two."""
    said = Texts(("x" * 10_000 + "a", "x" * 10_000 + "b"), (2,), "texts\x1b[31m")
    found = Answer.from_bytes(Answer(Ending.RETURNED, {"answer": said}).to_bytes()).observation["answer"]
    assert isinstance(found, Texts)
    assert all(len(word) <= 500 for word in found.words)
    assert found.words[0] != found.words[1]
    assert found.kind == r"texts\x1b[31m"


def test_four_thousand_names_are_a_short_sentence():
    """Of the entries that an answer has too many, a few are named."""
    answer = Answer(Ending.RETURNED, {f"entry {number}": np.ones(1) for number in range(4000)})
    result = judge(CHECK, {"case": CASE}, {"case": answer}, {"case": Answer(Ending.RETURNED, {"answer": np.ones(2)})})
    assert "and 3995 more; expected an array of shape (2,)" in result.message
    assert len(result.message) < 200


def test_a_dict_is_no_number():
    """A function that returns {"answer": x} where x is expected returns a dict, and is told so."""
    found = flatten({"answer": 2.0})
    assert CHECK.compare_names(found, flatten(2.0)) == "it is a dict of `'answer'`; expected a number"
    assert CHECK.compare_names(found, flatten({"answer": 3.0})) == ""
