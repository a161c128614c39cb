"""Core and stretch: specs that declare them, grades that count them apart, and every place that shows a grade."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from marking import check, grade, write

from autograder.assignment import SpecError, load
from autograder.authoring.derive import points_table
from autograder.authoring.stubs import stub_of
from autograder.classroom.claims import compared
from autograder.classroom.gradebook import Gradebook
from autograder.classroom.gradebook.values import Answered
from autograder.classroom.marks import marks
from autograder.export.classroom50 import About, result, status_and_summary
from autograder.export.csv import by_check
from autograder.export.gradescope import results
from autograder.inbox.claims import Claim
from autograder.inbox.people import Person
from autograder.outcome import Outcome, worth
from autograder.outcome.grade_json import record
from autograder.policy import Course
from autograder.report.responses import sections
from autograder.report.words import words
from autograder.submission.responses import HINT, Response

SPEC = """
from autograder import Assignment, Outputs
def rows(rng):
    return {"one": {"x": rng.normal(size=3)}}
assignment = Assignment(title="T", files=["t.py"], points=10, checks=[
    Outputs("mean", on=rows, points=10, why="the idea", levels=("what?", "how?", "x / n")),
    Outputs("spread", on=rows, points=3, stretch=True, depends=("mean",), why="more of it"),
])
"""
FULL = grade("ada", check("a", 50.0), check("b", 50.0), check("c", 7.0, 7.0, stretch=True))
HALF = grade("bob", check("a", 50.0), check("b", 0.0), check("c", 7.0, 10.0, stretch=True))


def loaded(folder, old="", new=""):
    """The spec with one change."""
    assert old in SPEC
    (folder / "checks.py").write_text(SPEC.replace(old, new) if old else SPEC)
    return load(folder)


# Specs


@pytest.mark.parametrize(
    "old, new, sentence",
    [
        ("points=10, why", "points=9, why", "the core checks' points must add up to 10. Received: 9"),
        (
            'Outputs("spread"',
            'Outputs("mean", name="again", on=rows, points=3, stretch=True),\n    Outputs("spread"',
            "must all be `stretch`, or none",
        ),
        ('("what?", "how?", "x / n")', '("what?", "how?")', "`levels` of 'mean' must be 3 texts"),
        (
            'Outputs("mean"',
            'Outputs("first", on=rows, points=1, stretch=True),\n    Outputs("mean", depends=("first",)',
            "Make 'first' part of the core",
        ),
    ],
    ids=["points", "one function on both sides", "two levels", "a core that needs a stretch"],
)
def test_a_core_that_does_not_stand_alone_is_refused(tmp_path, old, new, sentence):
    """Each fault has its sentence when the spec is loaded."""
    with pytest.raises(SpecError) as caught:
        loaded(tmp_path, old, new)
    assert sentence in str(caught.value)


def test_the_core_adds_up_and_the_rest_comes_on_top(tmp_path):
    """The points of the assignment are the core's; the bonus and the hints are known apart."""
    assignment = loaded(tmp_path)
    assert (assignment.points, assignment.bonus, assignment.levels) == (10, 3, {"mean": ("what?", "how?", "x / n")})


def test_the_table_of_the_handout_has_two_parts_and_a_reason(tmp_path):
    """Core and stretch each have their sum, and each function its reason."""
    table = points_table(loaded(tmp_path))
    assert "| `mean` | 10 | – | the idea |\n| **core: 1** | **10** | | |\n| `spread` | +3 | `mean` | more of it |" in table


def test_a_derivation_is_left_out_of_the_stub():
    """The paragraph goes with its deeper lines; what is around it stays."""
    source = 'def f(x):\n    """Scale.\n\n    Derivation: y = 2 x;\n        for all x.\n    Args: x.\n    """\n    return 2 * x\n'
    assert stub_of(source, "f.py").text == 'def f(x):\n    """Scale.\n\n    Args: x.\n    """\n    raise NotImplementedError\n'


# Grades


def test_bonus_points_are_counted_apart():
    """Score and maximum are the core's; what counts by default is capped."""
    assert (HALF.score, HALF.max_score, HALF.bonus, HALF.capped) == (50, 100, 7, 57)
    assert (FULL.score, FULL.bonus, FULL.capped, FULL.points) == (100, 7, 100, "100 of 100 points, 7 bonus")


def test_a_core_that_passes_is_perfect():
    """A stretch check that is wrong or not started makes no core imperfect; a flawless grade has everything right."""
    assert HALF.perfect is False
    wrong = replace(FULL, checks=(*FULL.checks, check("d", 0.0, 5.0, stretch=True)))
    assert (FULL.perfect, FULL.flawless, wrong.perfect, wrong.flawless) == (True, True, True, False)


def test_what_is_not_started_of_the_stretch_is_no_failure():
    """The list and the sentences below it say that the points are a bonus."""
    untouched = replace(check("c", 0.0, 7.0, stretch=True), outcome=Outcome.NOT_STARTED)
    said = words(replace(FULL, checks=(*FULL.checks[:2], untouched)))
    assert said.lines[2].word == "not started (bonus)"
    assert (said.points, said.waiting) == ("100 of 100 points", "For bonus points, not started yet: c.")
    assert (said.passed, said.perfect, said.blocks) == ("2 of 2 checks passed, 0 of 1 bonus", True, ())


def test_a_bonus_check_alone_has_bonus_points():
    """Who grades one stretch function reads its points, and no "0 of 0"."""
    said = words(replace(HALF, checks=HALF.checks[2:]))
    assert (said.points, said.passed) == ("7 of 10 bonus points", "0 of 1 bonus checks passed")


def test_what_could_not_be_judged_says_which_points():
    """Core and bonus points are named for what they are."""
    assert worth([check("a", None), check("b", None, 5.0, stretch=True)]) == "50 points and 5 bonus points"


def test_json_has_a_bonus_only_where_there_is_one():
    """A grade without stretch checks has the object that it always had."""
    assert (record(FULL)["bonus"], record(FULL)["checks"][2]["stretch"]) == (7, True)
    plain = json.dumps(record(replace(FULL, checks=FULL.checks[:2])))
    assert "bonus" not in plain and "stretch" not in plain


# A class


def test_a_gradebook_keeps_which_checks_are_stretch(tmp_path):
    """Read again, a grade is what it was, and its mark counts the bonus."""
    with Gradebook(tmp_path / "g.db") as book:
        write(book, Person("bob"), *HALF.checks)
        (row,) = book.rows("hw2")
        assert [one.stretch for one in row.grade.checks] == [False, False, True]
        (mark,) = marks(book, Course(), "hw2")
        assert (mark.final.raw, mark.final.mark, mark.final.most) == (50, 57, 100)
        (line,) = csv.DictReader(io.StringIO(by_check([mark])))
        assert {key: line[key] for key in ("raw", "raw_max", "bonus", "mark", "max", "c")} == {
            "raw": "50", "raw_max": "100", "bonus": "7", "mark": "57", "max": "100", "c": "7",
        }  # fmt: skip


def test_gradescope_shows_a_bonus_and_caps_the_score():
    """The score is capped, and the test of a stretch check says that it is a bonus."""
    found = results(FULL)
    assert (found["score"], found["tests"][2]["name"], found["tests"][2]["tags"]) == (100, "c (bonus)", ["c", "passed", "bonus"])
    assert results(HALF)["score"] == 57


def test_classroom50_takes_no_more_than_the_maximum():
    """The total is the core's points and the bonus, up to the maximum; a core that passes is a success."""
    about = About("c", "hw2", "individual", "ada", "submit/1", "x", "x", "x", "2026-10-12T10:00:00Z")
    found = result(FULL, about)
    assert (found["score"], found["max-score"], found["tests"][2]["test-name"]) == (10_000, 10_000, "c (bonus)")
    assert (result(HALF, about)["score"], status_and_summary(FULL)[0]) == (5700, "success")


def test_a_claim_with_its_bonus_agrees():
    """What Classroom 50 collected of a capped score is what was earned."""
    with Gradebook(":memory:") as book:
        write(book, Person("bob"), *HALF.checks)
        claim = Claim("bob", 5700, 10_000, "submit/1", (), False)
        assert compared([claim], book.rows("hw2"), book.people()).agreed == 1


def test_the_class_report_counts_who_took_which_hint():
    """For each function, how many stopped at each level."""
    answered = [Answered(name, 1, Response(HINT, "mean", level)) for name, level in (("ada", "3"), ("bob", "1"), ("cleo", "3"))]
    (section,) = sections(answered)
    assert [line.cells for line in section.lines] == [("mean", "3", "1", "0", "2")]
