"""Other marks: which CSV files are read, and with what sentence others are refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from autograder.inbox.marksheet import Given, MarksheetError, read_marks
from autograder.inbox.people import Person

CLASS = [
    Person("ada", "Ada", "ada@x.org", moodle_id="77"),
    Person("ben", "Ben", "ben@x.org"),
    Person("cleo", "Cleo", canvas_id="9"),
    Person("0012", "Dan"),
]


def read(tmp_path, text, student=""):
    """What a file says."""
    (tmp_path / "exam.csv").write_text(text, encoding="utf-8")
    return read_marks(tmp_path / "exam.csv", CLASS, "Points", student)


def test_marks_are_exact_and_by_id(tmp_path):
    """A decimal comma is a decimal point; EX excuses; an empty cell is neither."""
    found = read(tmp_path, "id;Points\nADA;7,25\nben;EX\ncleo;\n")
    assert found == {"ada": Given(2, Fraction("7.25")), "ben": Given(3, excused=True), "cleo": Given(4)}


@pytest.mark.parametrize(
    "text, student",
    [
        ("E-Mail,Points\nada@x.org,5\n", ""),
        ("Name,Matrikel,Points\nAda,ada,5\n", "Matrikel"),
        ("Identifier,Full name,Grade,Maximum grade,Last modified (grade),Points\nParticipant 77,Ada,,60,-,5\n", ""),
        ("\ufeffid,Points\nada,5\n,\n", ""),
    ],
    ids=["by address", "by a column that is named", "a worksheet of Moodle", "a mark of order and an empty row"],
)
def test_students_are_found_as_in_a_roster(tmp_path, text, student):
    """Whatever identifies a student in a roster does so here."""
    assert {key: one.points for key, one in read(tmp_path, text, student).items()} == {"ada": 5}


def test_a_spreadsheet_writes_all_decimals(tmp_path):
    """Also those that a binary number has."""
    assert read(tmp_path, "id,Points\nada,41.333333333333336\n")["ada"].points == Fraction("41.333333333333336")


def test_a_decimal_sign_is_one_where_thousands_cannot_be(tmp_path):
    """No mark out of 60 is 1250."""
    assert read(tmp_path, 'id,Points\nada,"1,250"\nben,0.125\n') == {
        "ada": Given(2, Fraction("1.25")),
        "ben": Given(3, Fraction("0.125")),
    }


def test_a_sign_that_may_separate_thousands_is_a_question(tmp_path):
    """Out of 2000, it may be either."""
    (tmp_path / "exam.csv").write_text('id,Points\nada,"1,250"\nben,1.250\n')
    with pytest.raises(
        MarksheetError, match=r"line 2: 1,250 can be read in two ways. Write 1250 or 1.2500.\n.*line 3: 1.250 can"
    ):
        read_marks(tmp_path / "exam.csv", CLASS, "Points", most=Fraction(2000))


def test_a_stranger_without_a_mark_is_no_matter(tmp_path):
    """Canvas lists a student for tests."""
    assert read(tmp_path, "id,Points\nada,5\n31415,\n") == {"ada": Given(2, Fraction(5))}


@pytest.mark.parametrize("cell", ["ada\u200b", "\u200eada\u200f", "\u00a0ada\ufeff", '"=""ada"""'])
def test_what_is_not_seen_around_an_id_is_no_part_of_it(tmp_path, cell):
    """Spaces and marks that come along when one copies, and Excel's sign for a text."""
    assert read(tmp_path, f"id,Points\n{cell},5\n") == {"ada": Given(2, Fraction(5))}


@pytest.mark.parametrize("cell", ["Needs Grading(40.00)", "Needs Grading", "In Progress (3)"])
def test_what_is_not_marked_yet_on_blackboard_is_not_known(tmp_path, cell):
    """The number beside it is of an earlier attempt, or a proposal: it is no mark, and costs no other row."""
    title = "Points [Total Pts: 60 Score] |4711"
    assert read(tmp_path, f"Username,{title}\nada,{cell}\nben,5\n") == {"ada": Given(2, open=cell), "ben": Given(3, Fraction(5))}


def test_a_column_of_brightspace_is_known_by_its_title(tmp_path):
    """Without what is written around it; ids begin with a sign there."""
    header = "OrgDefinedId,Points Points Grade <Numeric MaxPoints:60 Weight:5>,End-of-Line Indicator"
    assert read(tmp_path, f"{header}\n#ada,5,#\n") == {"ada": Given(2, Fraction(5))}


PROBLEMS = {
    "a changed id": ("id,Points\n12,5\n", ["12 is not in the class. Correct or remove the row. A spreadsheet may have changed it: 12 may be 0012."]),
    "nobody": ("id,Points\nada,5\neve,6\n", ["exam.csv, line 3: eve is not in the class. Correct or remove the row."]),
    "two rows": ("id,Points\nada,5\nada@x.org,6\n", ["exam.csv, line 3: ada has a row already, line 2. Correct the file."]),
    "two students": ("id,email,Points\nada,ben@x.org,5\n", ["exam.csv, line 2: ada and ben@x.org belong to different students. Correct the row."]),
    "no number": ("id,Points\nada,five\n", ["exam.csv, line 2: the mark must be a number, EX or empty. Received: five. Correct the file."]),
    "negative": ("id,Points\nada,-5\n", ["exam.csv, line 2: the mark must be a number, EX or empty. Received: -5. Correct the file."]),
    "infinite": ("id,Points\nada,inf\nben,nan\n", ["exam.csv, line 2: the mark", "exam.csv, line 3: the mark"]),
    "no column": ("id,Point\nada,5\n", ["exam.csv, line 1, has no column `Points`; expected one. Received: id, Point. Did you mean 'Point'?"]),
    "two columns": ("id,Points,points\nada,5,6\n", ["exam.csv, line 1, has several columns `Points`; expected one."]),
    "no ids": ("name,Points\nAda,5\n", ["exam.csv, line 1, has no column that identifies students"]),
    "empty": ("", ["exam.csv, line 1, has no column `Points`"]),
    "not CSV": ('id,Points\n"ada,5\n', ["is not CSV"]),
}  # fmt: skip


@pytest.mark.parametrize("text, sentences", PROBLEMS.values(), ids=PROBLEMS)
def test_a_file_that_does_not_fit_is_refused(tmp_path, text, sentences):
    """Every row that does not fit has a sentence with its line."""
    with pytest.raises(MarksheetError) as problems:
        read(tmp_path, text)
    lines = str(problems.value).splitlines()
    assert len(lines) == len(sentences)
    assert all(sentence in line for sentence, line in zip(sentences, lines, strict=True)), lines
