"""Exports of a class: CSV, JSON lines, JUnit XML, Classroom 50; what is not known is never a 0."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from classroom50 import wrong_in
from marking import check, grade, mark

from autograder.classroom.gradebook import Person
from autograder.export import classroom50
from autograder.export.csv import AFTER, BEFORE, by_check, union
from autograder.export.jsonl import to_lines
from autograder.export.junit import to_xml
from autograder.export.table import FORMULA, plain, written
from autograder.grading.bench import UNPROTECTED
from autograder.inbox.claims import ClaimsError
from autograder.outcome import Outcome

NASTY = [
    'O\'Neil, "Sean"',
    "=HYPERLINK(1)",
    "<script>alert(1)</script>",
    "نور الهادي",
    "🎓 Zoë",
    "@SUM(A1)",
    "+1",
    "-1",
    "two\nlines",
    "＝1",
    "\x00\x1b[31mred\ud800",
]


def table(marks):
    """The export as a spreadsheet reads it."""
    return list(csv.DictReader(io.StringIO(by_check(marks))))


def test_each_check_is_a_column():
    """One row a student, points as the grader gave them, what counts beside them."""
    marks = [mark(Person("ada", "Ada", "ada@x.org", "A"), 50.0, 33.333), mark("bob", 0.0, 0.0)]
    rows = table(marks)
    assert list(rows[0]) == [*BEFORE, "a", "b", *AFTER]
    known = {"student": "ada", "name": "Ada", "email": "ada@x.org", "section": "A", "attempt": "1", "late": "0"}
    points = {"raw": "83.33", "raw_max": "100", "mark": "83.33", "max": "100", "a": "50", "b": "33.33"}
    assert rows[0] == {"submitted": "", "misconceptions": "", "notes": ""} | known | points
    assert (rows[1]["mark"], rows[1]["a"]) == ("0", "0")


def test_what_is_not_known_is_empty():
    """A check that could not be judged, one that a student's spec did not have, and a student without a grade."""
    rows = table([mark("ada", 50.0, None), mark("bob", 50.0), mark("cleo", why="the archive is damaged")])
    assert [row["b"] for row in rows] == ["", "", ""]
    assert [rows[0][column] for column in ("raw", "raw_max", "mark", "max", "a")] == ["", "100", "", "100", "50"]
    assert "could not be judged" in rows[0]["notes"]
    assert (rows[2]["mark"], rows[2]["late"], rows[2]["notes"]) == ("", "", "the archive is damaged")


def test_checks_of_several_specs_stand_in_the_order_of_the_most():
    """A check that was removed since stands behind the one that it stood behind."""
    assert union([("a", "c"), ("a", "b", "c"), ("a", "c")]) == ["a", "b", "c"]
    assert union([("a", "b"), ("x", "a"), ("a", "b")]) == ["x", "a", "b"]
    assert union([]) == []


def test_a_check_called_like_a_column_is_told_from_it():
    """No two columns have one name."""
    one = mark("ada", 50.0)
    checks = (check("mark", 20.0), check("a", 50.0))
    header = by_check([replace(one, row=replace(one.row, grade=grade("ada", *checks)))]).splitlines()[0]
    assert header.split(",").count("mark") == 1
    assert "mark (check)" in header


@pytest.mark.parametrize("name", NASTY)
def test_no_name_breaks_a_table(name):
    """A name comes out of CSV as it went in, but for an apostrophe before a formula and without controls."""
    (row,) = table([mark(Person("s1", name), 50.0)])
    kept = name.replace("\x00\x1b", "").replace("\ud800", "")
    assert row["name"] == (f"'{kept}" if kept.startswith(FORMULA) else kept)
    assert not row["name"].startswith(FORMULA)


def test_a_number_is_no_formula():
    """Only texts get an apostrophe."""
    assert [plain(-1.5), plain("-1.5"), plain(None), plain("a=1")] == [-1.5, "'-1.5", None, "a=1"]


def test_a_carriage_return_ends_no_row():
    """A cell with any line ends in it is one cell."""
    assert list(csv.reader(io.StringIO(written([["a\rb", "\r=1", "c\r\nd"]]), newline=""))) == [["a\nb", "'\n=1", "c\nd"]]


def test_the_same_class_is_the_same_table():
    """How long grading took changes nothing."""
    first, second = (mark("ada", 50.0, 20.0, seconds=seconds) for seconds in (1.0, 2.0))
    assert by_check([first]) == by_check([second])


def test_an_unsafe_stamp_is_in_the_notes():
    """What was graded without protection says so wherever it goes."""
    one = mark("ada", 50.0, isolation=(UNPROTECTED,))
    assert "graded without isolation" in table([one])[0]["notes"]
    assert "graded without isolation" in to_lines([one], "hw2")
    assert "graded without isolation" in to_xml([one], "hw2")


def test_json_lines_have_the_record_and_the_mark():
    """What `--json` writes, and what became of it; of a student without a grade, why."""
    ada, bob = (
        json.loads(line) for line in to_lines([mark("ada", 50.0, None), mark("bob", why="not graded yet")], "hw2").splitlines()
    )
    assert (ada["schema"], ada["score"], ada["mark"], ada["max"], ada["attempt"], ada["late"]) == (1, 50, None, 100, 1, 0)
    assert [one["score"] for one in ada["checks"]] == [50, None]
    assert ada["submitted"] is None
    assert (bob["student"], bob["mark"], bob["notes"]) == ("bob", None, ["not graded yet"])


def test_a_record_of_which_nothing_was_judged_has_no_score():
    """A fault of ours is no 0 in JSON."""
    (line,) = to_lines([mark("ada", None, None)], "hw2").splitlines()
    assert (json.loads(line)["score"], json.loads(line)["mark"], json.loads(line)["max"]) == (None, None, 100)


def test_json_lines_hold_nothing_but_json():
    """A number that JSON does not have is not written."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_lines([mark("ada", 50.0, seconds=float("nan"))], "hw2")


def test_no_name_is_two_lines():
    """A line of JSON stays one, whatever is in it."""
    lines = to_lines([mark(Person(f"s{number}", name), 50.0) for number, name in enumerate(NASTY[:-1])], "hw2")
    assert [json.loads(line)["name"] for line in lines.splitlines()] == NASTY[:-1]


SUITE = {"name", "errors", "failures", "skipped", "tests", "time", "timestamp", "hostname"}  # formats.md, section 7


def suites(marks):
    """The suites of an export, held to pytest's structure."""
    root = ElementTree.fromstring(to_xml(marks, "hw2").encode())  # noqa: S314 - our own
    assert root.tag == "testsuites"
    for suite in root:
        assert suite.tag == "testsuite"
        assert set(suite.attrib) <= SUITE
        assert [child.tag for child in suite] == ["properties", *["testcase"] * int(suite.attrib["tests"])]
        for case in suite.iter("testcase"):
            assert set(case.attrib) == {"classname", "name", "time"}
            assert [child.tag for child in case] in ([], ["failure"], ["error"], ["skipped"])
        for tag, count in (("error", "errors"), ("failure", "failures"), ("skipped", "skipped")):
            assert len(list(suite.iter(tag))) == int(suite.attrib[count])
    return list(root)


def properties(suite):
    """The points that a suite carries."""
    return {one.attrib["name"]: one.attrib["value"] for one in suite.find("properties")}


def test_junit_has_a_suite_a_student():
    """Points are properties; a failure is the submission's, an error the grader's."""
    ada, bob = suites([mark("ada", 50.0, 20.0, None), mark("bob", why="not graded yet")])
    assert [child.tag for case in ada.iter("testcase") for child in case] == ["failure", "error"]
    assert {"mark", "score"}.isdisjoint(properties(ada))
    assert (properties(ada)["max"], properties(ada)["max_score"]) == ("150", "150")
    assert (properties(ada)["score.b"], properties(ada)["max_score.b"]) == ("20", "50")
    assert "score.c" not in properties(ada)
    assert ada.find("testcase/failure").attrib["message"] == "it is 1; expected 2"
    assert (bob.attrib["tests"], properties(bob)["note"]) == ("0", "not graded yet")


def test_junit_says_what_was_skipped():
    """A check that waits for another is skipped."""
    one = mark("ada", 50.0)
    skipped = replace(check("b", 0.0), outcome=Outcome.SKIPPED)
    (suite,) = suites([replace(one, row=replace(one.row, grade=grade("ada", skipped)))])
    assert suite.attrib["skipped"] == "1"


@pytest.mark.parametrize("name", NASTY)
def test_no_name_breaks_xml(name):
    """What XML has no place for is left out, the rest comes back."""
    (suite,) = suites([mark(Person("s1", name), 50.0)])
    assert properties(suite)["name"] == name.replace("\x00\x1b", "").replace("\ud800", "")


ABOUT = classroom50.About("ml26", "hw2", "group", "ada", "submit/x", "c", "r", "v", "2026-11-02T10:00:00Z")


def test_points_on_classroom_50_are_hundredths():
    """They are whole, add up, and a third of a point is lost nowhere; names that nobody can see are names, too."""
    partly = replace(check("b", 33.33), outcome=Outcome.PARTIAL)
    found = classroom50.result(grade("ada", check("\x00", 1.005, 2.675), partly, check("c", 0.1 + 0.2)), ABOUT)
    assert wrong_in(json.loads(json.dumps(found))) == ""
    assert [test["score"] for test in found["tests"]] == [100, 3333, 30] and found["score"] == 3463
    assert (found["max-score"], found["tests"][0]["test-name"]) == (10268, "check 1")


def test_our_fault_is_no_result_on_classroom_50():
    """Any score would be a wrong one."""
    with pytest.raises(ClaimsError, match="Received: no points for b"):
        classroom50.result(grade("ada", check("a", 50.0), check("b", None)), ABOUT)


FORMULAS = ["=1+2", "+1", "-1", "@x", "\tx", "\rx", " =1", ";=1+2", "Ada;=1+2", "Ada, =1+2", "a\t=1", 'a;"=1"', "a;-1"]


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("delimiter", ",;\t")
def test_no_cell_begins_a_formula(text, delimiter):
    """Whichever sign a spreadsheet splits at."""
    for row in csv.reader(io.StringIO(written([[text, "x"]]), newline=""), delimiter=delimiter):
        assert not [cell for cell in row if cell.strip(' "').startswith(("=", "+", "-", "@"))]
