"""Forgetting: nothing about a student is left in a gradebook, and nothing of anybody else is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, select

from autograder.classroom.gradebook import Adjustment, Gradebook, GradebookError, HandIn
from autograder.classroom.gradebook import forgetting as module
from autograder.classroom.gradebook.tables import Attempt, Base, CommentRow, PlaceRow
from autograder.classroom.marks import marks
from autograder.inbox.people import Person
from autograder.observation.answer import Answer, Ending
from autograder.outcome import CaseResult, CheckResult, Grade, Notice, NoticeKind, Outcome
from autograder.policy import Course
from autograder.submission.responses import Response

ADA = Person("ada", "Ada Lovelace", "ada@example.org", "A")
AT = "2026-11-28T10:00:00+00:00"
WORDS = "the printed words of ada"


@pytest.fixture
def book(tmp_path):
    """A gradebook with ada, bob and cy, of whom nobody has handed in."""
    with Gradebook(tmp_path / "g.db") as opened:
        opened.enrol([ADA, Person("bob", "Bob"), Person("cy", "Cy")])
        yield opened


def hand_in(book, student, text, *others, assignment="hw1", number=1, score=5.0):
    """An attempt of a student, and others, with a graded file of this text."""
    digest = f"digest of {text}"
    members = tuple(Person(other) for other in others)
    response = Response("prediction", "xor", f"an answer {text}")
    handed = HandIn(
        student, number, origin=f"{student}.py", files={"x.py": text}, digest=digest, members=members, responses=(response,)
    )
    attempt = book.hand_in(assignment, [handed])[student, number]
    case = CaseResult("one", Outcome.FAILED, f"message: {WORDS}", WORDS, f"f({WORDS!r})")
    check = CheckResult("f", "f", Outcome.PARTIAL, score, 10.0, message=WORDS, hint=WORDS, explanation=WORDS, cases=(case,))
    notices = (Notice(NoticeKind.TAKEN_IN, WORDS),)
    grade = Grade(assignment, "Title", student, None, (check,), notices=notices)
    answers = {f"answer to {text}": Answer(Ending.RETURNED, {"answer": WORDS + text}).to_bytes()}
    keys = {("f", "one"): f"answer to {text}"}
    book.write(book.begin(assignment, "c"), attempt, f"key of {text}", grade, digest, answers, keys)


def rows(book):
    """Every row of every table."""
    with closing(sqlite3.connect(book.where)) as opened:
        tables = {name: opened.execute(f'select * from "{name}"') for name in Base.metadata.tables}  # noqa: S608 - our own names
        return {name: sorted(map(repr, found)) for name, found in tables.items()}


def test_nothing_of_the_student_is_left(book):
    """No table and no byte of the file has the student's id, name, address, text, words or points any more."""
    hand_in(book, "ada", "text of ada")
    book.adjust(Adjustment("hw1", "ada", 7.0, "a comment on ada", "me", AT))
    found = book.forget("ada", write=True)
    tables = ("students", "attempts", "results", "checks", "cases", "adjustments", "files", "kept", "responses")
    assert found.rows == dict.fromkeys(tables, 1)
    assert (found.person.name, found.traces) == ("Ada Lovelace", "")
    book.close()
    data = Path(book.where).read_bytes()
    assert not [word for word in (b"of ada", b"on ada", b"ada.py", b"ada@", b"Lovelace") if word in data]


def test_the_others_stay_as_they_are(book):
    """What somebody else handed in is there to the last row, and so is their mark."""
    hand_in(book, "bob", "text of bob")
    before = rows(book)
    book.enrol([ADA])
    hand_in(book, "ada", "text of ada")
    book.forget("ada", write=True)
    after = rows(book)
    gone = {name: [row for row in before[name] if row not in after[name]] for name in before}
    assert {name: lost for name, lost in gone.items() if lost} == {
        "students": [row for row in before["students"] if "ada" in row]
    }


def test_without_being_asked_to_write_it_only_tells(book):
    """What would be deleted is counted, and every row stays."""
    hand_in(book, "ada", "text of ada")
    before = rows(book)
    found = book.forget("ada", marks=True)
    assert (found.rows["attempts"], found.alias, rows(book)) == (1, "forgotten-1", before)


def test_a_group_keeps_its_work(book):
    """Its attempt is the next member's, under a number that is free, and without the name of ada's upload."""
    hand_in(book, "bob", "of bob alone")
    hand_in(book, "ada", "of all three", "bob", "cy", score=9.0)
    found = book.forget("ada", write=True)
    assert (found.shared, found.rows) == (("hw1",), {"students": 1})
    assert [(row.student, row.number, row.members, row.origin, row.grade.score) for row in book.rows("hw1")] == [
        ("bob", 1, (), "bob.py", 5.0),
        ("bob", 2, ("cy",), "", 9.0),
    ]


def test_a_member_of_a_group_leaves_it(book):
    """The attempt stays with whoever handed it in."""
    hand_in(book, "bob", "of two", "ada")
    assert book.forget("ada", write=True).shared == ("hw1",)
    assert [(row.student, row.members, row.grade.score) for row in book.rows("hw1")] == [("bob", (), 5.0)]


def test_a_text_that_somebody_else_handed_in_too_stays(book):
    """The same file is one row; it goes with the last who has it."""
    hand_in(book, "ada", "the same")
    hand_in(book, "bob", "the same")
    assert "files" not in book.forget("ada", write=True).rows
    assert book.texts("digest of the same") == {"x.py": "the same"}
    assert book.forget("bob", write=True).rows["files"] == 1


def test_marks_can_stay_without_a_name(book):
    """Points, outcome and time count as before under an id that tells nothing; no word of the student is left."""
    hand_in(book, "ada", "text of ada", score=8.0)
    book.adjust(Adjustment("hw1", "ada", 9.0, "a comment on ada", "me", AT))
    (before,) = [mark for mark in marks(book, Course(), "hw1") if mark.student == "ada"]
    assert book.forget("ada", marks=True, write=True).alias == "forgotten-1"
    (after,) = [mark for mark in marks(book, Course(), "hw1") if mark.student == "forgotten-1"]
    assert (after.final.mark, after.row.grade.score, after.row.files) == (before.final.mark, 8.0, None)
    (check,) = after.row.grade.checks
    assert (check.outcome, check.message, check.cases[0].outcome, check.cases[0].printed) == (
        *(Outcome.PARTIAL, ""),
        *(Outcome.FAILED, ""),
    )
    assert not [row for several in rows(book).values() for row in several if "ada" in row]


def test_two_who_were_forgotten_are_two(book):
    """Each has an id of their own, and nobody who hands in the same gets a grade without words."""
    for student in ("ada", "bob"):
        hand_in(book, student, f"text of {student}")
        book.forget(student, marks=True, write=True)
    assert [row.student for row in book.rows("hw1")] == ["forgotten-1", "forgotten-2"]
    assert book.grade_under("key of text of ada") is None


def test_comments_that_name_the_student_are_told(book):
    """What was written about somebody else is for a person to change."""
    hand_in(book, "bob", "text of bob")
    book.adjust(Adjustment("hw1", "bob", None, "worked with Ada Lovelace", "me", AT))
    assert book.forget("ada").named == ("hw1, bob: worked with Ada Lovelace",)


@pytest.mark.parametrize("marks", [False, True], ids=["all", "but marks"])
def test_what_was_said_about_code_goes_with_it(book, marks):
    """A comment on a line of the student's goes, with its place; one that is used again stays for the others."""
    hand_in(book, "ada", "text of ada")
    hand_in(book, "bob", "text of bob")

    def comment(session):
        attempts = dict(session.execute(select(Attempt.student, Attempt.id)).all())
        for number, (student, text) in enumerate([("ada", "only here"), ("ada", "again"), ("bob", "bob's")], 1):
            session.add(CommentRow(id=number, text=text, reusable=text == "again", by="me", at=AT))
            session.flush()
            session.add(PlaceRow(attempt=attempts[student], file="x.py", line=1, comment=number, by="me", at=AT))

    book.change(comment)
    assert book.forget("ada", marks=marks, write=True).rows["comments"] == 1
    assert book.read(lambda session: sorted(session.scalars(select(CommentRow.text)))) == ["again", "bob's"]
    assert book.read(lambda session: list(session.scalars(select(PlaceRow.comment)))) == [3]


def test_whoever_is_not_there_cannot_be_forgotten(book):
    """A slip of the pen deletes nobody."""
    with pytest.raises(GradebookError, match=r"has no student 'adam'. Did you mean 'ada'\?"):
        book.forget("adam", write=True)


def test_a_table_that_is_added_later_is_not_overlooked(monkeypatch):
    """Rows that point to a student, or to anything of theirs, are found by their keys."""
    tables = MetaData()
    for table in Base.metadata.tables.values():
        table.to_metadata(tables)
    notes = Table("notes", tables, Column("id", Integer, primary_key=True), Column("on", String, ForeignKey("results.id")))
    monkeypatch.setattr(Base, "metadata", tables)
    monkeypatch.setattr(module.Student, "__table__", tables.tables["students"])
    assert notes in module._doomed("ada")


def test_what_two_bundles_share_goes_with_the_last(book):
    """A large array that two answers have in common is there for as long as one of them is."""
    answer = Answer(Ending.RETURNED, {"answer": np.random.default_rng(0).normal(size=3000)}).to_bytes()
    for student in ("ada", "bob"):
        digest = f"digest of {student}"
        book.hand_in("hw1", [HandIn(student, files={"x.py": student}, digest=digest)])
        book.keep(digest, {"k": answer})
    counts = [len(rows(book)["kept"])]
    for student in ("ada", "bob"):
        book.forget(student, write=True)
        counts.append(len(rows(book)["kept"]))
    assert counts == [3, 2, 0]
