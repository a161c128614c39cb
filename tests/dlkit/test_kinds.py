"""A class, a table, complex numbers, texts and an essay, graded end to end, each student with inputs of their own."""

from __future__ import annotations

import json
import os
import sqlite3

import commandline
import numpy as np
import pytest
from collecting import needs
from support import ROOT

from autograder import Assignment, ByHand, Outputs, Table
from autograder.assignment import SpecError, load, validate
from autograder.authoring.mutation import mutants
from autograder.checks.by_hand import nothing
from autograder.classroom.gradebook import Gradebook
from autograder.classroom.marks import marks
from autograder.classroom.run import own_seed
from autograder.export.sentences import to_mark
from autograder.observation import ObservationError, pack, pack_tree, unpack, unpack_tree
from autograder.policy import Course
from dlkit.desk.queues import Queue
from dlkit.desk.roll import Roll

needs("pandas", "pandas is not installed: pip install 'dlkit[tables]'")

COURSE = ROOT / "tests" / "courses" / "kinds"
KINDS = COURSE / "assignments" / "kinds"
REFERENCE = (COURSE / "solutions" / "kinds" / "kinds.py").read_text()
STUDENTS = {
    "ada": REFERENCE,
    "ben": REFERENCE.replace("self.b = self.b + self.rate * label", "pass"),
    "cleo": REFERENCE.replace('age="mean"', 'age="sum"').replace('f"{word[0]}."', "word[0]"),
    "dan": REFERENCE.replace("def predict", "def foretell"),
    "eve": REFERENCE.replace("Perceptron", "Perzeptron").replace("np.complex128(b * b - 4 * c)", "(b * b - 4 * c).real"),
    "twin": REFERENCE,
    "finn": (KINDS / "kinds.py").read_text(),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The gradebook of a class, and its results as JSON lines."""
    folder = tmp_path_factory.mktemp("kinds")
    for name, text in STUDENTS.items():
        (folder / "inbox" / name).mkdir(parents=True)
        (folder / "inbox" / name / "kinds.py").write_text(text)
    command = ["grade", str(KINDS), "--submissions", str(folder / "inbox"), "--gradebook", str(folder / "g.db")]
    environment = {**os.environ, "DLKIT_CACHE": str(folder / "cache")}
    done = commandline.run([*command, "--json", str(folder / "g.jsonl")], ROOT, environment)
    assert done.returncode == 0, done.stderr + done.stdout
    return folder / "g.db", {row["student"]: row for row in map(json.loads, (folder / "g.jsonl").read_text().splitlines())}


@pytest.fixture(scope="module")
def checks(graded):
    """The checks of each student, by student and name."""
    return {student: {check["name"]: check for check in row["checks"]} for student, row in graded[1].items()}


def test_the_reference_earns_all_that_the_grader_judges(checks):
    """Methods, tables, complex numbers and texts; the stub earns nothing."""
    assert {one["outcome"] for name, one in checks["ada"].items() if name != "essay"} == {"passed"}
    assert {one["outcome"] for name, one in checks["finn"].items() if name != "essay"} <= {"not_started", "skipped"}


def test_a_mistake_in_a_method_is_named(checks):
    """By the attributes that the method sets; a method that needs it is right by itself, or skipped."""
    fit = checks["ben"]["Perceptron.fit"]
    assert fit["outcome"] == "failed"
    assert fit["misconception"] == "fit-keeps-the-bias"
    assert "`w`" in fit["message"] or "`b`" in fit["message"]


def test_a_missing_method_and_a_missing_class_are_told_apart(checks):
    """With the names of both."""
    assert "the class `Perceptron` in kinds.py has no method `predict`" in checks["dan"]["Perceptron.predict"]["message"]
    assert "kinds.py has no class `Perceptron`; there is a `Perzeptron`" in checks["eve"]["Perceptron.fit"]["message"]


def test_a_table_is_judged_by_its_columns(checks):
    """The column is named, with its kind and its values."""
    table = checks["cleo"]["by_city"]
    assert "`column age`: it holds whole numbers (int); expected floats" in table["message"]
    assert table["misconception"] == "mean-is-sum"


def test_complex_numbers_and_texts_are_compared(checks):
    """Real and imaginary part; each text by itself."""
    assert checks["eve"]["roots"]["outcome"] == "failed"
    assert "texts differ" in checks["cleo"]["initials"]["message"]


def test_what_a_person_marks_has_no_mark_until_then(graded):
    """It is told, and stands in the desk's queue; points by hand make the mark, and take it off the queue."""
    with Gradebook(graded[0]) as book:
        found = {mark.student: mark for mark in marks(book, Course(), "kinds")}
        assert found["ada"].final.mark is None
        assert found["ada"].final.unknown == 10
        assert "`essay` is not yet marked: its 10 points are not known yet" in found["ada"].sentences
        assert to_mark(found["ada"].row.grade) == "not yet marked by a person: essay (10 points)"
        assert not found["ada"].row.grade.faults
        roll = Roll(book, lambda: (Course(), None))
        assert len(Queue("mark").chosen(roll.works("kinds"), {}, "me")) == len(STUDENTS)
    by_hand = ("adjust", "kinds", "ada", "--check", "essay", "--points", "8", "--gradebook", str(graded[0]))
    assert commandline.run([*by_hand], ROOT, {**os.environ}).returncode == 0
    with Gradebook(graded[0]) as book:
        ada = next(mark for mark in marks(book, Course(), "kinds") if mark.student == "ada")
        assert ada.final.mark == 48
        assert ada.to_mark == ()
        assert len(Queue("mark").chosen(Roll(book, lambda: (Course(), None)).works("kinds"), {}, "me")) == len(STUDENTS) - 1


def test_each_student_has_inputs_of_their_own(graded):
    """Two with the same files are asked other questions; who has the secret seed can compute each seed again."""
    book = sqlite3.connect(graded[0])
    query = (
        "select cases.answer from cases join checks on cases.'check' = checks.id join results on checks.result = results.id "
        "join attempts on results.attempt = attempts.id where attempts.student = ? and checks.name = 'Perceptron.fit'"
    )
    ada, twin = ({row[0] for row in book.execute(query, (student,))} for student in ("ada", "twin"))
    book.close()
    assert len(ada) == len(twin) == 2
    assert not ada & twin
    assert own_seed(5, "ada") == own_seed(5, "ada") != own_seed(5, "twin")
    assert own_seed(5, "ada") != own_seed(6, "ada")


def test_classroom_50_takes_no_part_that_a_person_marks(tmp_path):
    """Its scores are whole: said before anything is packed."""
    refused = commandline.run(["classroom50", str(KINDS), "--out", str(tmp_path / "out")], ROOT, {**os.environ})
    assert refused.returncode == 2
    assert "a person marks a part of kinds: essay" in refused.stderr
    assert not (tmp_path / "out").exists()


def test_a_contract_tells_how_a_class_is_called():
    """By its constructor; methods without self."""
    contract = load(KINDS).contract
    assert (contract["Perceptron"], contract["Perceptron.fit"]) == ("rate=1.0, epochs=3", "X, y")


@pytest.mark.parametrize(
    "check, sentence",
    [
        (Outputs("fit", on=nothing, points=1, state=("w",)), "`state` and `before` are for methods"),
        (Outputs("a.b.c", on=nothing, points=1), "must be a function, or a method such as 'Perceptron.fit'"),
        (ByHand("essay", points=1), "needs a check that is not marked by hand"),
    ],
    ids=["state", "dots", "by hand"],
)
def test_a_spec_that_cannot_be_asked_is_refused(check, sentence):
    """In a sentence that says what is wrong."""
    with pytest.raises(SpecError, match=sentence):
        validate(Assignment("T", ["t.py"], [check], points=1, name="t"))


def test_mutants_and_mistakes_reach_into_methods():
    """Each is a file that runs, with one slip in that method."""
    found = mutants(REFERENCE, "Perceptron.fit")
    assert len(found) > 10
    for one in found:
        compile(one.source, "kinds.py", "exec")
        assert one.function == "Perceptron.fit"
    with pytest.raises(KeyError):
        mutants(REFERENCE, "Perceptron.none")


def test_a_table_travels_as_plain_arrays():
    """And arrives as a DataFrame with columns of its own; columns of several lengths are refused."""
    import pandas

    sent = {"t": Table(a=np.arange(3), b=["x", "y", "z"]), "z": 1 - 2j}
    packed = unpack(pack(pack_tree(sent)))
    got = unpack_tree(packed)
    assert isinstance(got["t"], pandas.DataFrame)
    assert got["t"].to_dict("list") == {"a": [0, 1, 2], "b": ["x", "y", "z"]}
    assert got["z"] == 1 - 2j
    got["t"]["a"] += 1  # a function may work on its copy
    with pytest.raises(ObservationError, match="one length"):
        pack_tree({"t": Table(a=[1], b=[1, 2])})
