"""Ids that a spreadsheet has changed are told with what they may have been, on the roster's side and on the submissions'."""

from __future__ import annotations

import pytest

from autograder.classroom.enrolling import enrolled
from autograder.classroom.gradebook import Gradebook
from autograder.inbox import RosterError, find, read_roster
from autograder.inbox.respelt import respelt


@pytest.mark.parametrize(
    ("ids", "folders", "told"),
    [
        (["12", "ben"], ["0012", "ben"], "12 may be 0012"),
        (["0012", "ben"], ["12", "ben"], "12 may be 0012"),
        (["1.23E+05"], ["123456"], "1.23E+05 may be 123456"),
        (["12.0"], ["12"], "12.0 may be 12"),
        (["1.2E+07"], ["ada"], "1.2E+07 is no id"),
    ],
    ids=["zeros of the roster", "zeros of the submissions", "a power of ten", "a decimal", "nobody"],
)
def test_a_changed_id_is_told_with_what_it_may_have_been(tmp_path, ids, folders, told):
    """And what to do; nobody is taken for somebody else."""
    for name in folders:
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "hw2.py").write_text("x = 1\n")
    (tmp_path / "roster.csv").write_text("id\n" + "".join(f"{id}\n" for id in ids))
    with Gradebook(tmp_path / "book.db") as book:
        inbox = find(tmp_path / "class", ["hw2.py"])
        works, said = enrolled(book, inbox, read_roster(tmp_path / "roster.csv"), by_roster=True, zone=None)
    hint = next(one for one in said if one.what == "ids that a spreadsheet may have changed")
    assert hint.names == (told,)
    assert any("have the spreadsheet treat this column as text" in one.what for one in said)
    assert {work.student.id for work in works if work.student} == set(ids) & set(folders)


def test_numbers_that_only_look_alike_are_not_told():
    """Two ids of other digits, or of as many without a zero before them."""
    assert respelt(["1.23E+05", "77"], ["124456", "78"]) == ["1.23E+05 is no id"]
    assert respelt(["77"], ["78", "ada"]) == []


def test_ids_that_have_become_one_are_told_as_such(tmp_path):
    """A spreadsheet writes many long numbers alike: the roster is refused, with why."""
    (tmp_path / "roster.csv").write_text("id\n1.23E+05\n1.23E+05\n")
    with pytest.raises(RosterError, match=r"repeats an id.*A spreadsheet wrote it"):
        read_roster(tmp_path / "roster.csv")
