"""What crosses the boundary: named arrays and texts, and nothing else."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from safetensors.numpy import save

from autograder import observation
from autograder.observation import ObservationError, Odd, as_value, flatten, pack, pack_tree, same_tree, unpack, unpack_tree
from autograder.observation.answer import TEXT_MOST, Answer, Ending

DTYPES = st.sampled_from([np.float64, np.float32, np.int64, np.int32, np.uint8, np.bool_])
VALUES = st.one_of(
    DTYPES.flatmap(lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))),
    st.text(max_size=20).filter(lambda text: text.isprintable()),
    st.builds(Odd, st.text(alphabet="abc def", max_size=20)),
)


@given(st.dictionaries(st.text(alphabet="abc. d1[]", max_size=10), VALUES, max_size=6))
def test_values_come_back_as_they_went(values):
    """Packing and unpacking gives back the same names in the same order, and the same values to the bit."""
    back = unpack(pack(values))
    assert list(back) == list(values)
    for name, value in values.items():
        other = back[name]
        if isinstance(value, np.ndarray):
            assert isinstance(other, np.ndarray)
            assert (other.dtype, other.shape) == (value.dtype, value.shape)
            np.testing.assert_array_equal(other, value)
        else:
            assert other == value


def test_arrays_arrive_read_only():
    """An in-place write into a received array raises."""
    with pytest.raises(ValueError, match="read-only"):
        unpack(pack({"x": np.ones(3)}))["x"][0] = 2  # type: ignore[index]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff" * 64,
        pickle.dumps({"x": 1}),
        save({"x": np.ones(2)}),
        save({"0000a:x": np.ones(2), "0001a:x": np.ones(2)}),
        save({"0000t:x": np.ones(2)}),
        (2**60).to_bytes(8, "little") + b"{}",
        save({f"{i:04d}a:{i}": np.ones(1) for i in range(4200)}),
    ],
    ids=["empty", "noise", "pickle", "no position", "a name twice", "text of floats", "a lying header", "too many"],
)
def test_anything_else_is_refused(data):
    """Bytes that `pack` does not write are refused with one kind of error."""
    with pytest.raises(ObservationError):
        unpack(data)


def said(**forged):
    """An answer as a worker writes it, with some fields forged; a field that is None is left out."""
    fields = {"ending": "returned", "error": "", "place": "", "inside": "", "printed": "", "seconds": np.array(0.5)}
    return pack({name: value for name, value in (fields | forged).items() if value is not None})


@pytest.mark.parametrize("claim", ["unready", "timed out", "ended", "broke off", "passed", ""])
def test_a_worker_cannot_claim_what_only_the_grader_sees(claim):
    """An answer that calls itself unready, which would cost no points, is no answer."""
    with pytest.raises(ObservationError, match="must say how it ended"):
        Answer.from_bytes(said(ending=claim))


NO_SECONDS = {
    "huge": np.array(1e308),
    "negative": np.array(-1.0),
    "nan": np.array(np.nan),
    "infinite": np.array(np.inf),
    "two": np.array([1.0, 2.0]),
    "a truth value": np.array(True),
    "whole": np.array(3),
    "float32": np.array(1.0, np.float32),
    "a text": "1.0",
    "odd": Odd("None"),
    "missing": None,
}


@pytest.mark.parametrize("seconds", NO_SECONDS.values(), ids=NO_SECONDS)
def test_seconds_are_one_finite_number_of_a_sensible_size(seconds):
    """What is no time that a case can take makes the whole answer none."""
    with pytest.raises(ObservationError):
        Answer.from_bytes(said(seconds=seconds))


def test_a_case_cannot_take_longer_than_it_had():
    """Seconds are held against the limit of the case."""
    assert Answer.from_bytes(said(), within=1.0).seconds == 0.5
    with pytest.raises(ObservationError, match=r"between 0 and 0\.1"):
        Answer.from_bytes(said(), within=0.1)


@pytest.mark.parametrize("field", ["ending", "error", "place", "inside", "printed"])
@pytest.mark.parametrize("value", [None, np.array(1.0), Odd("None")], ids=["missing", "a number", "odd"])
def test_a_text_of_an_answer_is_a_text(field, value):
    """No field is missing, and none is of another kind."""
    with pytest.raises(ObservationError):
        Answer.from_bytes(said(**{field: value}))


def test_an_answer_has_no_further_fields():
    """What is not asked for is no answer, and its name is told visibly."""
    with pytest.raises(ObservationError, match=r"Received: verdict\\x1b$"):
        Answer.from_bytes(said(**{"verdict\x1b": "passed"}))


def test_a_truth_value_is_one():
    """A byte that is neither 0 nor 1 is no truth value, to which comparisons would answer this or that."""
    data = bytearray(said(**{"observation/a": np.array([True, True])}))
    assert data.count(b"\x01\x01") == 1
    data[data.index(b"\x01\x01")] = 2
    with pytest.raises(ObservationError, match="0 or 1"):
        Answer.from_bytes(bytes(data))


@pytest.mark.parametrize("dtype", ["BF16", "F8_E4M3", "C64"])
def test_an_array_of_another_kind_is_none(dtype):
    """safetensors knows more kinds of numbers than are compared."""
    width = {"BF16": 2, "F8_E4M3": 1, "C64": 8}[dtype]
    head = f'{{"0000a:x":{{"dtype":"{dtype}","shape":[1],"data_offsets":[0,{width}]}}}}'.encode()
    with pytest.raises(ObservationError):
        unpack(len(head).to_bytes(8, "little") + head + bytes(width))


def test_texts_of_an_answer_are_capped_and_harmless():
    """Megabytes, terminal codes and hidden letters end where a worker's answer is read."""
    flood = "x\x1b[2J\u202e" * 1_000_000
    observed = {f"observation/{flood}1": Odd(flood), f"observation/{flood}2": flood, "observation/ok": np.ones(1)}
    answer = Answer.from_bytes(said(error=flood, place=flood, inside=flood, printed=flood, **observed))
    texts = [answer.error, answer.place, answer.inside, answer.printed, *answer.observation]
    texts += [value.what for value in answer.observation.values() if isinstance(value, Odd)]
    assert all("\x1b" not in text and "\u202e" not in text and len(text) <= 2002 for text in texts)
    assert all(len(value) <= TEXT_MOST for value in answer.observation.values() if isinstance(value, str))
    assert len(answer.observation) == 3


def test_two_names_that_are_cut_alike_stay_two():
    """Entries whose long names begin alike do not replace each other."""
    names = [f"observation/{'layer ' * 40}{number}" for number in range(3)]
    assert len(Answer.from_bytes(said(**{name: np.ones(1) for name in names})).observation) == 3


@given(st.binary(max_size=200), st.integers(0, 10_000), st.integers(0, 255))
def test_a_forged_answer_raises_one_kind_of_error(tail, place, byte):
    """Whatever bytes a worker writes, reading them gives an answer or an ObservationError."""
    data = bytearray(said(**{"observation/a": np.ones((2, 3)), "observation/b": "text", "observation/c": np.array([True])}))
    data[place % len(data)] = byte
    for forged in (bytes(data), bytes(data) + tail, bytes(data[: place % len(data)]) + tail, tail):
        try:
            answer = Answer.from_bytes(forged)
        except ObservationError:
            continue
        assert 0 <= answer.seconds <= 86_400


def test_an_answer_comes_back_as_it_went():
    """All fields of an answer cross the boundary."""
    answer = Answer(Ending.RAISED, {"a": np.ones(2)}, "ValueError: no", "line 3: no()", "f", "printed\n", 0.25)
    back = Answer.from_bytes(answer.to_bytes())
    np.testing.assert_array_equal(back.observation["a"], np.ones(2))
    assert (back.ending, back.error, back.place, back.inside, back.printed, back.seconds) == (
        Ending.RAISED, "ValueError: no", "line 3: no()", "f", "printed\n", 0.25,
    )  # fmt: skip


class Hostile:
    """Raises whatever it is asked."""

    def __array__(self, *args, **kwargs):
        raise KeyboardInterrupt if False else RuntimeError

    def __getattribute__(self, name):
        if name in ("__class__", "__array__"):
            return object.__getattribute__(self, name)
        raise ValueError(name)


@pytest.mark.parametrize(
    "answer, what",
    [
        (None, "None"),
        ([1, [2, 3]], "a list"),
        (Hostile(), "a Hostile"),
        (np.array([object()]), "an array of objects"),
        ({1, 2}, "a set"),
    ],
    ids=["None", "ragged list", "hostile", "objects", "set"],
)
def test_what_is_no_array_is_described(answer, what):
    """Whatever a function returns becomes a description instead of an error."""
    assert as_value(answer) == Odd(what)


def test_a_tuple_is_named_and_a_dict_names_itself():
    """The parts of an answer get the names that the spec gives them."""
    values = flatten(({"w": 1.0}, [1.0, 2.0]), ("grads", "path"))
    assert list(values) == ["grads.w", "path"]
    assert flatten(3.0, ("a", "b"))["answer"] == Odd("a float")


def test_inputs_of_any_structure_arrive():
    """Dicts, lists, tuples, numbers, texts and None arrive as what they were."""
    tree = {"p": {"w1": 0.1, "n": 3, "on": True}, "list": [np.ones(2), None], "pair": (1, "two"), "x": np.float32(0.5)}
    back = unpack_tree(unpack(pack(pack_tree(tree))))
    assert same_tree(back["p"], tree["p"])
    assert isinstance(back["pair"], tuple)
    assert back["x"].dtype == np.float32
    assert type(back["p"]["n"]) is int


def test_an_input_that_cannot_travel_is_refused():
    """A function among the inputs is the author's mistake, and is said so."""
    with pytest.raises(ObservationError, match="Received: a function"):
        pack_tree({"f": lambda: 0})


PACKED = {
    "numbers": np.arange(6.0).reshape(2, 3),
    "single": np.array(0.5, dtype=np.float32),
    "nothing": np.zeros((0, 3), dtype=np.int32),
    "truth": np.array([True, False]),
    "turned": np.arange(6.0).reshape(2, 3).T,
    "complex": np.array([1 + 2j]),
    "words": "ä, ß",
}


@pytest.mark.parametrize("more", [{}, {"big": np.arange(3, dtype=">f8")}], ids=["native", "another byte order"])
def test_an_observation_has_the_bytes_that_safetensors_writes(monkeypatch, more):
    """What is written at less cost is the same to the last byte, and can be read."""
    quick = pack(PACKED | more)
    monkeypatch.setattr(observation, "_Spec", None)
    assert pack(PACKED | more) == quick
    found = unpack(quick)
    assert list(found) == [*PACKED, *more] and found["words"] == PACKED["words"]
    assert all(np.array_equal(found[name], value) for name, value in (PACKED | more).items() if name != "words")
