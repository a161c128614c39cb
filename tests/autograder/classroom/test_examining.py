"""A gradebook is examined without a byte of it being written."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from desks import fill

from autograder.classroom.gradebook import Gradebook, GradebookError, HandIn
from autograder.classroom.gradebook.examining import examine
from autograder.inbox.people import Person
from autograder.observation.answer import Answer, Ending

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A gradebook of two students, with answers that are kept."""
    path = tmp_path_factory.mktemp("sound") / "g.db"
    with Gradebook(path) as book:
        fill(book, [Person("ada", "Ada", enrolled=True), Person("ben", "Ben", enrolled=True)])
        answer = Answer(Ending.RETURNED, {"value": np.random.default_rng(0).normal(size=1000)}).to_bytes()
        book.keep("hw2 0", {"k": answer, "l": answer})
    return path


@pytest.fixture
def path(sound, tmp_path):
    """A copy of it, to be broken."""
    return shutil.copy(sound, tmp_path / "g.db")


def wrong(path):
    """What is not as it should be, by what it is about."""
    return {one.about: one.sentence for one in examine(str(path)) if not one.fine}


def change(path, *statements):
    """Change a database behind our back."""
    book = sqlite3.connect(path)
    for statement in statements:
        book.execute(statement)
    book.commit()
    book.close()


def test_a_sound_gradebook_is_read_and_nothing_is_written(path):
    """Not a byte, and no file beside it."""
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    found = list(examine(str(path)))
    assert all(one.fine for one in found)
    assert [one.about for one in found][:4] == ["file", "integrity", "schema", "tables"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert [one.name for one in path.parent.iterdir()] == ["g.db"]


def test_it_is_read_while_a_grading_writes(path):
    """What is in the log already is seen; who writes is not in the way."""
    with Gradebook(path) as book:
        book.hand_in("hw2", [HandIn("zoe", files={"xor.py": "x"}, digest="z")])
        assert wrong(path) == {"students": "1 are on no roster: zoe", "grades": "without one: 1 of hw2"}


@pytest.mark.parametrize(
    "about, said, statement",
    [
        ("references", "must name a row of `students`", "UPDATE attempts SET student = 'nobody' WHERE student = 'ada'"),
        ("values", "`checks.max_score` of", "UPDATE checks SET max_score = 'many' WHERE id = 1"),
        ("values", "must be a time with a zone", "UPDATE results SET graded = 'yesterday' WHERE id = 1"),
        ("answers", "1 of 1 bundles of answers", "UPDATE kept SET data = substr(data, 1, 40) WHERE files = 'hw2 0'"),
        ("answers", "1 of their contents", "UPDATE kept SET data = x'00' WHERE files = 'contents'"),
        ("files", "1 texts of files belong to no attempt", "INSERT INTO files VALUES ('left', '{}')"),
        ("schema", "schema 99, of a newer dlkit", "UPDATE facts SET value = '99'"),
        ("schema", "not a gradebook of dlkit", "DROP TABLE facts"),
        ("tables", "missing: places.by", "ALTER TABLE places DROP COLUMN by"),
    ],
)
def test_what_is_wrong_is_named(path, about, said, statement):
    """In words, with what was expected."""
    change(path, statement)
    assert said in wrong(path)[about]


def test_damaged_pages_end_it(path):
    """Nothing that follows could be trusted; what to do is said."""
    data = bytearray(path.read_bytes())
    data[4096 * 3 : 4096 * 6] = b"\xff" * (4096 * 3)
    path.write_bytes(data)
    found = list(examine(str(path)))
    assert [one.about for one in found] == ["file", "integrity"]
    assert "restore it from a backup" in found[-1].remedy


def test_an_older_gradebook_is_examined_as_a_copy(tmp_path):
    """It is said that it will be upgraded, and whether that works; it stays as it is."""
    old = tmp_path / "old.db"
    book = sqlite3.connect(old)
    book.executescript((HERE / "gradebook_schema_1.sql").read_text())
    book.close()
    before = old.read_bytes()
    found = {one.about: one for one in examine(str(old))}
    assert found["schema"].sentence.startswith("schema 1; dlkit now writes schema ")
    assert not found["schema"].needed
    assert found["upgrade"].fine
    assert found["values"].fine
    assert old.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["old.db"]


def test_what_is_no_gradebook_is_refused(tmp_path):
    """A file of another kind, and one that is not there: a sentence, and no file made."""
    (tmp_path / "notes.txt").write_text("not a database " * 100)
    with pytest.raises(GradebookError, match="is not a gradebook"):
        list(examine(str(tmp_path / "notes.txt")))
    with pytest.raises(GradebookError, match="there is no gradebook"):
        list(examine(str(tmp_path / "none.db")))
    assert [one.name for one in tmp_path.iterdir()] == ["notes.txt"]
