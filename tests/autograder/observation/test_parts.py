"""Whatever a function returns is compared by value: for every kind of return, the right one passes and a wrong one is told."""

from __future__ import annotations

import datetime
import decimal
import enum
import fractions
from collections import OrderedDict, deque, namedtuple
from dataclasses import dataclass

import numpy as np
import pytest

from autograder.checks.outputs import Outputs
from autograder.observation import Odd, Texts, as_value, flatten, pack, unpack

Point = namedtuple("Point", "x y")
DAY = datetime.date(2026, 10, 5)


class Color(enum.Enum):
    """Two of them."""

    RED, BLUE = 1, 2


@dataclass
class Fit:
    """A result with names."""

    slope: float
    name: str


def masked(data, mask):
    """A masked array."""
    return np.ma.MaskedArray(data, mask=mask)


def records(*rows):
    """A structured array."""
    return np.array(list(rows), dtype=[("name", "U5"), ("score", "f8")])


ROWS = [(f"word {i}", float(i)) for i in range(100)]

# By kind: the right answer, a wrong one, and the sentence on it.
RETURNS = {
    "texts in a list": (["a", "b"], ["a", "y"], "1 of 2 texts differs, at [1]: 'y'; expected 'b'"),
    "too many texts": (["a", "b"], ["x", "y", "z"], "the shape is (3,); expected (2,)"),
    "texts in another order": (["a", "b", "b"], ["b", "b", "a"], "the texts are right, but in another order"),
    "texts in a tuple": (("a", "b"), ("b", "c"), "2 of 2 texts differ, first at [0]: 'b'; expected 'a'"),
    "rows of texts": ([["a", "b"], ["c", "d"]], [["a", "b"], ["c", "x"]], "1 of 4 texts differs, at [1, 1]: 'x'; expected 'd'"),
    "one text": ("a", "b", "it is b; expected a"),
    "a long text": ("x" * 20_000 + "a", "x" * 20_000 + "b", "it is xxx"),
    "a text and None": (["a", None, "b"], ["a", None, "c"], "`where not None`: 1 of 2 texts differs, at [1]: 'c'; expected 'b'"),
    "None elsewhere": (["a", None, "b"], ["a", "b", None], "`None at`: 1 of 1 entries differs, at [0]: 2; expected 1"),
    "numbers and None": ([1.0, None, 2.0], [1.0, None, 4.0], "`where not None`: 1 of 2 entries differs"),
    "nothing but None": ([None, None], [None, 1.0], "`where not None`: the shape is (1,); expected (0,)"),
    "a nested dict": ({"a": {"b": "x"}}, {"a": {"b": "y"}}, "`a.b`: it is y; expected x"),
    "a deep dict": ({"a": {"b": {"c": [1.0, 2.0]}}}, {"a": {"b": {"c": [1.0, 3.0]}}}, "`a.b.c`: 1 of 2 entries differs"),
    "a key less": ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}}, "there is no `a.c` in the answer"),
    "a dict of one list": ({"a": ["x", 1]}, {"a": ["x", 2]}, "`a[1]`: it is 2; expected 1"),
    "an empty dict in a dict": ({"a": {}}, {"a": {"b": 1}}, "there is no `a` in the answer"),
    "keys that are numbers": ({1: "a", 2: "b"}, {1: "a", 2: "c"}, "`[2]`: it is c; expected b"),
    "keys that look alike": ({1: "a", "1": "b"}, {1: "b", "1": "a"}, "`[1]`: it is b; expected a"),
    "a key of another type": ({1: "a"}, {"1": "a"}, "there is no `[1]` in the answer"),
    "keys that are tuples": ({(0, 1): 2.0}, {(1, 0): 2.0}, "there is no `[(0, 1)]` in the answer"),
    "a number, not a dict of one": (3.0, {"answer": 3.0}, "it is a dict of `'answer'`; expected a number"),
    "a list of dicts": (
        [{"n": 1, "s": "a"}, {"n": 2, "s": "b"}],
        [{"n": 1, "s": "a"}, {"n": 2, "s": "c"}],
        "`[1].s`: it is c; expected b",
    ),
    "a dict less": (
        [{"n": 1, "s": "a"}, {"n": 2, "s": "b"}],
        [{"n": 1, "s": "a"}],
        "it is a list of 1 values; expected a list of 2 values",
    ),
    "a number and a text": ((1.0, "a"), (1.0, "b"), "`[1]`: it is b; expected a"),
    "a number, not its text": ((1.0, "a"), ("1.0", "a"), "it is texts of shape (2,); expected a tuple of 2 values"),
    "a ragged list": ([[1, 2], [3]], [[1, 2], [4]], "`[1]`: 1 of 1 entries differs"),
    "another ragged list": ([[1, 2], [3]], [[1], [2, 3]], "`[0]`: the shape is (1,); expected (2,)"),
    "arrays of several shapes": ((np.ones(2), np.ones((2, 2))), (np.ones(2), np.zeros((2, 2))), "`[1]`: every entry is 0"),
    "a long table": (
        ROWS,
        [*ROWS[:50], ("word 50", 0.0), *ROWS[51:]],
        "`[:, 1]`: 1 of 100 entries differs, at [50]: 0; expected 50",
    ),
    "truth values": ([True, False], [True, True], "1 of 2 entries differs, at [1]: True; expected False"),
    "a truth value": (True, False, "it is False; expected True"),
    "one, not True": (True, 1, "it holds whole numbers (int); expected truth values (bool)"),
    "a complex number": (1 + 2j, 1 - 2j, "it is the complex conjugate"),
    "complex numbers": (
        np.array([1 + 2j, 3j]),
        np.array([1 + 2j, 4j]),
        "in the imaginary part, 1 of 2 entries differs, at [1]: 4",
    ),
    "the real part of a complex number": (
        np.array([2 + 1j]),
        np.array([5 + 1j]),
        "in the real part, 1 of 1 entries differs, at [0]: 5",
    ),
    "complex, not real": (1 + 0j, 1.0, "it holds floats; expected complex numbers"),
    "complex in single precision": (np.array([1 + 2j], np.complex64), np.array([1 + 3j], np.complex64), "in the imaginary part"),
    "strings in an array": (np.array(["a", "b"]), np.array(["a", "c"]), "1 of 2 texts differs, at [1]: 'c'; expected 'b'"),
    "objects in an array": (np.array(["a", 1], object), np.array(["a", 2], object), "`[1]`: it is 2; expected 1"),
    "bytes": (b"ab", b"ac", "expected \"b'ab'\""),
    "bytes that end with zeros": (b"ab\0", b"ab", "expected"),
    "bytes in a list": ([b"a", b"b"], [b"a", b"c"], "1 of 2 bytes differs, at [1]"),
    "bytes, not texts": ([b"a"], ["a"], "it holds texts; expected bytes"),
    "a set": ({1, 2, 3}, {1, 2, 4}, "`elements`: 1 of 3 entries differs, at [2]: 4; expected 3"),
    "a set, not a list": ({1, 2, 3}, [1, 2, 3], "it is an array of shape (3,); expected a set of 3 values"),
    "a frozen set of texts": (frozenset("ab"), frozenset("ac"), "`elements`: 1 of 2 texts differs"),
    "a set of pairs": ({(0, 1), (1, 2)}, {(0, 1), (1, 3)}, "`elements`: 1 of 4 entries differs"),
    "a date": (DAY, DAY.replace(day=6), "it is '2026-10-06'; expected '2026-10-05'"),
    "a date and time": (datetime.datetime(2026, 10, 5, 12), datetime.datetime(2026, 10, 5, 13), "expected '2026-10-05T12:00:00'"),
    "a time span": (datetime.timedelta(hours=1), datetime.timedelta(hours=2), "it is '7200 s'; expected '3600 s'"),
    "dates in an array": (np.array(["2026-10-05"], "M8[D]"), np.array(["2026-10-06"], "M8[D]"), "1 of 1 dates differs"),
    "spans in an array": (
        np.array([1], "m8[h]"),
        np.array([2], "m8[h]"),
        "1 of 1 time spans differs, at [0]: '7200 s'; expected '3600 s'",
    ),
    "a decimal": (decimal.Decimal("0.1"), decimal.Decimal("0.2"), "it is '0.2'; expected '0.1'"),
    "a fraction": (fractions.Fraction(1, 3), fractions.Fraction(2, 3), "it is '2/3'; expected '1/3'"),
    "a fraction, not a float": (fractions.Fraction(1, 2), 0.5, "it is a number; expected '1/2'"),
    "a huge number": (2**80, 2**80 + 1, "it is '1208925819614629174706177'"),
    "an enum member": (Color.RED, Color.BLUE, "it is 'Color.BLUE'; expected 'Color.RED'"),
    "a dataclass": (Fit(1.0, "a"), Fit(1.0, "b"), "`name`: it is b; expected a"),
    "a dataclass, not a dict": (
        Fit(1.0, "a"),
        {"slope": 1.0, "name": "a"},
        "it is a dict of `slope`, `name`; expected a Fit with the fields",
    ),
    "a named tuple": (Point(1.0, "a"), Point(1.0, "b"), "`[1]`: it is b; expected a"),
    "a range": (range(3), range(1, 4), "every entry is off by the same number, 1"),
    "a deque": (deque([1, 2]), deque([1, 3]), "1 of 2 entries differs"),
    "keys of a dict": ({"a": 1, "b": 2}.keys(), {"a": 1, "c": 2}.keys(), "expected b"),
    "an ordered dict": (OrderedDict(a="x"), OrderedDict(a="y"), "`a`: it is y; expected x"),
    "a structured array": (records(("a", 1.0)), records(("a", 2.0)), "`score`: 1 of 1 entries differs"),
    "fields of another name": (
        records(("a", 1.0)),
        np.array([("a", 1.0)], [("n", "U5"), ("s", "f8")]),
        "with the fields n, s; expected",
    ),
    "a masked array": (masked([1.0, 2.0], [0, 1]), masked([1.0, 2.0], [1, 0]), "`entries`"),
    "a masked array, not a plain one": (
        masked([1.0, 2.0], [0, 1]),
        np.array([1.0, 2.0]),
        "expected a masked array of shape (2,)",
    ),
    "a longer float": (np.ones(2, np.longdouble), np.zeros(2, np.longdouble), "every entry is 0"),
    "a longer complex number": (np.ones(1, np.clongdouble), np.zeros(1, np.clongdouble), "in the real part"),
    "not in C order": (
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(6.0).reshape(2, 3)[::-1],
        "the rows are right, but in another order",
    ),
    "backwards": (np.arange(5.0)[::-2], np.arange(5.0)[::2], "the numbers are right, but in reverse order"),
    "big endian": (np.arange(1, 4, dtype=">f8"), np.arange(1, 4, dtype=">f8") * 2, "every entry is 2 times"),
    "None": (None, 0.0, "it is a number; expected None"),
    "nothing returned": (3.0, None, "it is None; expected a number"),
}


def compared(actual, expected) -> str:
    """How one return differs from another, after both have travelled."""
    check = Outputs("f", on=lambda rng: {}, points=1)
    seen, wanted = (unpack(pack(flatten(value))) for value in (actual, expected))
    return check.compare(seen, wanted, {})


@pytest.mark.parametrize("right, wrong, sentence", RETURNS.values(), ids=RETURNS)
def test_every_kind_of_return_is_compared_by_value(right, wrong, sentence):
    """The right value passes, a wrong one is told so that a student can act on it, in either role."""
    assert compared(right, right) == ""
    assert sentence in compared(wrong, right)
    assert compared(right, wrong) != ""


EQUAL = {
    "a tuple for a list": ((1.0, "a"), [1.0, "a"]),
    "an array for a list of texts": (np.array(["a", "b"]), ["a", "b"]),
    "texts as objects": (np.array(["a", "b"], object), ["a", "b"]),
    "another unit": (np.array(["2026-10-05"], "M8[D]"), np.array(["2026-10-05T00:00:00"], "M8[ns]")),
    "hours and minutes": (np.array([1], "m8[h]"), np.array([60], "m8[m]")),
    "a set in another order": ({3, 1, 2}, {1, 2, 3}),
    "keys in another order": ({"a": {"x": 1, "y": "b"}}, {"a": {"y": "b", "x": 1}}),
    "a numpy key": ({np.int64(1): "a"}, {1: "a"}),
    "an unmasked array": (masked([1.0, 2.0], [0, 0]), np.array([1.0, 2.0])),
    "a named tuple": (Point(1.0, 2.0), (1.0, 2.0)),
    "rounding": ([1.0 + 1e-12, "a"], [1.0, "a"]),
}


@pytest.mark.parametrize("one, other", EQUAL.values(), ids=EQUAL)
def test_what_is_as_good_is_as_good(one, other):
    """The same values in another container of their kind are the same answer."""
    assert compared(one, other) == compared(other, one) == ""


@pytest.mark.parametrize(
    "value", [(i for i in "ab"), iter([1]), print, object(), int], ids=["generator", "iterator", "function", "object", "class"]
)
def test_what_is_known_by_its_kind_only_says_so(value):
    """Of these there is nothing to compare: `lint` refuses a spec that asks for one."""
    found = as_value(value)
    assert isinstance(found, Odd)
    assert not found.known


def circle() -> list[object]:
    """A list that holds itself."""
    found: list[object] = [1, "a"]
    found.append(found)
    return found


class Liar(list):  # type: ignore[type-arg]
    """A list that has more members than it has."""

    def __len__(self) -> int:
        return 2**60

    def __iter__(self):
        while True:
            yield self


class Bomb(dict):  # type: ignore[type-arg]
    """A dict that raises when it is looked at."""

    def items(self):
        raise SystemError

    def keys(self):
        raise SystemError


def deep(depth: int) -> object:
    """A list in a list in a list."""
    value: object = "a"
    for _ in range(depth):
        value = [value, None, 1]
    return value


HOSTILE = {  # made where they are tried: they take a hundred megabytes
    "a circle": circle,
    "too deep": lambda: deep(5000),
    "a million keys": lambda: dict.fromkeys(range(10**6), "a"),
    "a wide tree": lambda: [[[{"a": "x", "b": 1}] * 50] * 50] * 50,
    "a lying list": lambda: Liar([1, "a"]),
    "a bomb": lambda: Bomb(a=1),
    "a long key": lambda: {"k" * 10**6: "a", "k" * 10**6 + "l": "b"},
    "a key with control characters": lambda: {"a\x1b[31m\u202e": "a"},
    "a huge text": lambda: "a" * 10**7,
    "many texts": lambda: ["a" * 1000] * 10**6,
}


@pytest.mark.parametrize("made", HOSTILE.values(), ids=HOSTILE)
def test_hostile_structures_stay_bounded(made):
    """However large or strange: a thousand entries and a megabyte at most, and no exception."""
    found = flatten(made())
    assert 1 <= len(found) <= 1001
    assert len(pack(found)) < 2**20
    assert all(len(name) <= 90 and name.isprintable() for name in found)


def test_a_key_cannot_stand_for_a_side_effect():
    """What a student calls an entry is never taken for what the grader calls one."""
    assert list(flatten({"effect: warned": "", "answer": 1.0})) == ["'effect: warned'", "'answer'"]


@pytest.mark.parametrize("name", ["bfloat16", "float8_e4m3fn", "float8_e5m2"])
def test_the_few_bits_of_ml_dtypes_are_compared_by_value(name):
    """Their numbers are float32's."""
    dtype = getattr(pytest.importorskip("ml_dtypes"), name)
    assert compared(np.ones(2, dtype), np.ones(2, np.float32)) == ""
    assert "every entry is 2 times" in compared(2 * np.ones(2, np.float32), np.ones(2, dtype))


def test_a_sparse_matrix_is_compared_by_its_entries():
    """Whatever its format, and never as "an object"."""
    sparse = pytest.importorskip("scipy.sparse")
    right = sparse.csr_matrix(np.diag([1.0, 2.0]))
    assert compared(right.tocoo(), right) == ""
    assert "`entries`: 1 of 4 entries differs, at [1, 1]: 3" in compared(sparse.csr_matrix(np.diag([1.0, 3.0])), right)
    assert "it is a sparse matrix of shape (2, 2); expected an array" in compared(right, right.toarray())
    large = sparse.random(3000, 3000, 1e-5, random_state=0)
    assert compared(large * 2, large) != compared(large, large) == ""


def test_a_table_is_compared_by_its_columns():
    """The column is named, and so is what kind it holds."""
    pandas = pytest.importorskip("pandas")
    right = pandas.DataFrame({"name": ["a", None, "c"], "score": [1.0, 2.0, 3.0], "n": [1, 2, 3]})
    assert compared(right.copy(), right) == ""
    assert (
        compared(right.assign(name=["a", None, "x"]), right)
        == "`column name where not None`: 1 of 2 texts differs, at [1]: 'x'; expected 'c'"
    )
    assert "`column score`: every entry is 2 times" in compared(right.assign(score=right.score * 2), right)
    assert "`column n`: it holds floats; expected whole numbers" in compared(right.assign(n=right.n.astype(float)), right)
    assert "`index`" in compared(right.set_index(np.array([5, 6, 7])), right)
    assert "with the columns name, score; expected a table" in compared(right[["name", "score"]], right)
    assert "it is a column (Series) of 3 values; expected a table" in compared(right.score, right)
    assert "`values`: 1 of 3 entries differs" in compared(pandas.Series([1, 2, 4]), pandas.Series([1, 2, 3]))
    dates = pandas.Series(pandas.to_datetime(["2026-10-05", "2026-10-06"]))
    assert "`values`: the dates are right, but in another order" in compared(dates[::-1].reset_index(drop=True), dates)


def test_texts_travel_as_they_are():
    """Any text comes back, with its kind and its shape."""
    texts = Texts(("a", "\ud800", "\x00", "ä"), (2, 2), "bytes")
    assert unpack(pack({"x": texts}))["x"] == texts
