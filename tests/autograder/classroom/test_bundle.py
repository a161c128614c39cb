"""Bundles: what was answered, kept small, and back again."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.classroom.bundle import MAGIC, ROOM, Base, BundleError, bundled, opened
from autograder.classroom.gradebook import Gradebook, HandIn
from autograder.observation import Odd
from autograder.observation.answer import Answer, Ending

RNG = np.random.default_rng(2)
X = RNG.normal(size=(60, 50))
REFERENCE = Answer(Ending.RETURNED, {"y": X, "loss": np.array(0.5), "effect: changed": ""}, seconds=0.1)
ROUNDED = Answer(
    Ending.RETURNED, {"y": X * (1 + 2e-16), "loss": np.array(0.5), "effect: changed": ""}, printed="hi\n", seconds=0.2
)
IN_PART = Answer(Ending.RETURNED, {"loss": np.array(0.7), "y": X, "more": np.arange(5)}, seconds=0.2)
WRONG = Answer(Ending.RETURNED, {"y": RNG.normal(size=(60, 50)), "loss": np.array(0.7), "effect: changed": "x"}, seconds=0.3)
KINDS = {
    "the reference's": REFERENCE,
    "rounded otherwise": ROUNDED,
    "wrong in a part": IN_PART,
    "wrong": WRONG,
    "raised": Answer(Ending.RAISED, error="ValueError: no", place="line 3", inside="f", printed="é\n", seconds=0.01),
    "odd": Answer(Ending.RETURNED, {"answer": Odd("None"), "text": "words", "truth": np.array([True, False])}),
    "empty": Answer(Ending.RETURNED, {"answer": np.empty((0, 3), np.float32)}),
    "nothing": Answer(Ending.RETURNED),
    "timed out": Answer(Ending.TIMED_OUT, error="no answer within 5 s", seconds=5.0),
}


def same(one: Answer, other: Answer) -> bool:
    return one.to_bytes() == other.to_bytes()


def kept(answers, bases):
    """What comes back of answers, and how many bytes their bundle and its contents have."""
    bundle = bundled({name: answer.to_bytes() for name, answer in answers.items()}, bases)
    back = {key: Answer.from_bytes(data, ours=True) for key, data in opened(bundle.data, bundle.contents.get)}
    return back, len(bundle.data), sum(map(len, bundle.contents.values())), bundle.left_out


@pytest.mark.parametrize("known", [True, False], ids=["beside the reference", "without a reference"])
def test_every_answer_comes_back_to_the_last_bit(known):
    """However an answer is kept, it is the same when it is read again."""
    bases = {name: Base(REFERENCE) for name in KINDS} if known else {}
    back, *_, left_out = kept(KINDS, bases)
    assert left_out == ()
    assert back.keys() == KINDS.keys()
    assert all(same(back[name], answer) for name, answer in KINDS.items())


def test_what_is_no_answer_is_kept_as_it_is():
    """Other bytes, such as what came of reading the files, come back as they went."""
    bundle = bundled({"opened": b'{"ending": "returned"}', "odd": b"\x00" * 9}, {})
    assert dict(opened(bundle.data, bundle.contents.get)) == {"opened": b'{"ending": "returned"}', "odd": b"\x00" * 9}


@pytest.mark.parametrize("name", ["the reference's", "rounded otherwise", "wrong in a part"])
def test_a_right_answer_takes_next_to_no_room(name):
    """Beside the reference's answer, which is kept once, an answer like it adds a fifth of its bytes at most."""
    bundle = bundled({"q": KINDS[name].to_bytes()}, {"q": Base(REFERENCE)})
    own = len(bundle.data) + sum(len(data) for key, data in bundle.contents.items() if key != Base(REFERENCE).digest)
    assert own < X.nbytes / 5


def test_a_wrong_answer_of_many_is_kept_once():
    """Two submissions that are wrong alike share what they answered."""
    one, other = (bundled({"q": WRONG.to_bytes()}, {"q": Base(REFERENCE)}) for _ in range(2))
    assert one.contents.keys() == other.contents.keys()
    assert len(one.data) < 1000


def test_an_answer_that_is_too_large_is_not_kept():
    """A submission cannot fill a gradebook: what goes over its room is left out, and what is small is kept."""
    many = {f"q{number}": Answer(Ending.RETURNED, {"y": RNG.normal(size=5000)}) for number in range(10)}
    huge = {"huge": Answer(Ending.RETURNED, {"y": np.zeros(4_000_000)})}
    back, size, contents, left_out = kept(many | huge | {"small": KINDS["raised"]}, {})
    assert "huge" in left_out
    assert "small" in back
    assert size + contents <= ROOM
    assert back.keys() | set(left_out) == many.keys() | huge.keys() | {"small"}


@pytest.mark.parametrize("data", [b"", b"{}", MAGIC, MAGIC + b"nonsense", bundled({"q": WRONG.to_bytes()}, {}).data[:-4]])
def test_damage_is_one_kind_of_error(data):
    """What is no bundle any more says so, and nothing else happens."""
    with pytest.raises(BundleError):
        list(opened(data, lambda digest: None))


@pytest.mark.parametrize("content", [None, b"", b"nonsense"])
def test_an_answer_without_its_contents_is_asked_again(content):
    """Contents that are missing or damaged cost the answers that refer to them, and no others."""
    bundle = bundled({"q": WRONG.to_bytes(), "small": KINDS["raised"].to_bytes()}, {})
    assert [key for key, _ in opened(bundle.data, lambda digest: content)] == ["small"]


@pytest.fixture
def book(tmp_path):
    """A gradebook in which somebody handed something in."""
    with Gradebook(tmp_path / "grades.db") as opened:
        opened.hand_in("hw2", [HandIn("ada", files={"a.py": ""}, digest="f")])
        yield opened


def test_the_gradebook_gives_back_what_was_answered(book):
    """Bundles of several gradings add up; the reference may have changed in between."""
    first = {name: answer.to_bytes() for name, answer in list(KINDS.items())[:5]}
    rest = {name: answer.to_bytes() for name, answer in list(KINDS.items())[3:]}
    book.keep("f", first, {name: Base(REFERENCE) for name in KINDS})
    book.keep("f", first, {name: Base(REFERENCE) for name in KINDS})
    book.keep("f", rest, {name: Base(WRONG) for name in KINDS})
    back = {name: Answer.from_bytes(data, ours=True) for name, data in book.kept("f").items()}
    assert back.keys() == KINDS.keys()
    assert all(same(back[name], answer) for name, answer in KINDS.items())


def test_answers_of_an_older_gradebook_are_read(book):
    """A gradebook that was begun by an older dlkit has one row for each answer."""
    from sqlalchemy.orm import Session

    from autograder.classroom.gradebook import Kept

    with Session(book._engine) as session, session.begin():
        session.add(Kept(files="f", key="q", data=WRONG.to_bytes()))
    book.keep("f", {"other": REFERENCE.to_bytes()})
    assert book.kept("f").keys() == {"q", "other"}


def test_any_text_can_be_stored(tmp_path):
    """NUL, which PostgreSQL refuses, and lone surrogates, which no database takes, are stored by their numbers."""
    with Gradebook(tmp_path / "grades.db") as book:
        book.hand_in("hw2", [HandIn("ad\ud800a", name="A\0da", origin="x\udcff", files={"a.py": 's = "\ud800\0é"'}, digest="f")])
        (row,) = book.rows("hw2")
        assert (row.student, row.name, row.origin) == ("ad\\ud800a", "A\\x00da", "x\\udcff")
        assert book.texts("f") == {"a.py": 's = "\ud800\0é"'}


def test_the_largest_of_the_references_answers_are_not_kept(book, monkeypatch):
    """An answer like such a one is read beside the same reference, and is asked again beside another."""
    monkeypatch.setattr("autograder.classroom.bundle.GIVEN", 100)
    base = Base(REFERENCE)
    book.keep("f", {"same": REFERENCE.to_bytes(), "near": ROUNDED.to_bytes()}, {"same": base, "near": base})
    assert book.kept("f") == {}
    found = book.kept("f", lambda: {base.digest: base.packed})
    assert {name: Answer.from_bytes(data, ours=True).to_bytes() for name, data in found.items()} == {
        "same": REFERENCE.to_bytes(),
        "near": ROUNDED.to_bytes(),
    }
