"""What people write while they read: it stays with the work, whatever becomes of students and gradebooks."""

from __future__ import annotations

import pytest
from marking import check, write

from autograder.classroom.gradebook import ChangedError, Gradebook, GradebookError
from autograder.classroom.gradebook import reading as written
from autograder.inbox.people import Person


@pytest.fixture
def book(tmp_path):
    """A gradebook with two attempts."""
    with Gradebook(tmp_path / "g.db") as found:
        for name in ("ada", "ben"):
            write(found, Person(name), check("a", 10.0))
        yield found


def test_comments_and_requests_go_with_a_student_who_gets_another_id(book):
    """A roster may say that two are one: what was said of the one's work is said of the other's."""
    with Gradebook(book.where) as other:  # somebody whom no roster knows, with the work of Ada
        from autograder.classroom.gradebook import HandIn

        other.hand_in("hw2", [HandIn("ada@uni", 1, files={"x.py": "x = 1\n"}, digest="d")])
    row = next(row for row in book.rows("hw2") if row.student == "ada@uni")
    written.say(book, row.id, "x.py", 1, "ben", text="Why?")
    written.review(book, row.id, "ben")
    written.read_by(book, row.id, "ben")
    written.ask(book, "hw2", "ada@uni", "Look again.", "staff")
    assert book.unite("ada@uni", "ada")
    (place,) = written.places(book, "hw2")
    assert book.row(place.attempt).student == "ada"
    assert written.requests(book)[0].student == "ada"


def test_a_comment_that_is_used_nowhere_is_gone_unless_it_is_reusable(book):
    """Taking one off its line leaves no text behind that nobody can find."""
    first = written.say(book, 1, "x.py", 1, "ben", text="Once")
    second = written.say(book, 1, "x.py", 1, "ben", text="Again", reusable=True)
    written.unsay(book, first)
    written.unsay(book, second)
    assert [one.text for one in written.comments(book)] == ["Again"]
    with pytest.raises(GradebookError, match="not in the gradebook any more"):
        written.say(book, 1, "x.py", 1, "ben", comment=1)


def test_who_is_away_no_longer_reads(book, monkeypatch):
    """Without a sign for a while, somebody's page counts as closed."""
    from datetime import timedelta

    written.read_by(book, 1, "ben")
    assert written.readers(book, "ada") == {1: "ben"}
    monkeypatch.setattr(written, "AWAY", timedelta(seconds=-5))
    assert written.readers(book, "ada") == {}


def test_a_state_changes_with_what_marks_depend_on(book):
    """Results and manual changes, and whose they are; not comments, which no mark depends on."""
    before = written.state(book)
    written.say(book, 1, "x.py", 1, "ben", text="Why?")
    assert written.state(book) == before
    write(book, Person("cleo"), check("a", 10.0))
    assert written.state(book) != before
    assert written.touched(book, before) == {"cleo"}


def test_what_was_changed_since_is_not_overwritten(book):
    """The error carries what stands there."""
    written.say(book, 1, "x.py", 1, "ben", text="Old", reusable=True)
    written.reword(book, 1, "New", True, "ada", 1)
    with pytest.raises(ChangedError) as refused:
        written.reword(book, 1, "Mine", True, "ben", 1)
    assert refused.value.newest.text == "New"
