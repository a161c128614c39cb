"""Gradescope's results.json: what Gradescope takes, in the words of the terminal; our faults are nobody's zero."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from autograder.export.format import ExportError
from autograder.export.gradescope import VISIBILITY, counted, for_students, results, to_json
from autograder.outcome import UNPROTECTED, CaseResult, CheckResult, Grade, Outcome
from autograder.policy import Attempt, CheckScore, Final, Item

FORMATS = {"text", "html", "simple_format", "md", "ansi"}
TOP = {  # formats.md, section 1
    "score": (int, float),
    "execution_time": (int, float),
    "output": str,
    "output_format": str,
    "test_output_format": str,
    "test_name_format": str,
    "visibility": str,
    "stdout_visibility": str,
    "extra_data": dict,
    "tests": list,
    "leaderboard": list,
}
OF_TEST = {
    "score": (int, float),
    "max_score": (int, float),
    "status": str,
    "name": str,
    "name_format": str,
    "number": str,
    "output": str,
    "output_format": str,
    "tags": list,
    "visibility": str,
    "extra_data": dict,
}


def validate(text):
    """Hold a results.json to Gradescope's specification; the object, if it does."""
    found = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
    assert text.endswith("\n")
    for item, types in ((found, TOP), *((test, OF_TEST) for test in found["tests"])):
        for key, value in item.items():
            assert isinstance(value, types[key]), key
            assert not isinstance(value, bool), key
        assert {item[key] for key in item if key.endswith("_format")} <= FORMATS
        assert item.get("visibility", "visible") in VISIBILITY
    for test in found["tests"]:
        assert test.get("status", "passed") in ("passed", "failed")
        assert all(isinstance(tag, str) for tag in test.get("tags", []))
        assert "score" in test or "score" in found or all("score" not in one for one in found["tests"])
    return found


WRONG = CheckResult(
    "loss.value",
    "loss",
    Outcome.PARTIAL,
    4.5,
    9.0,
    'case "large": every entry is 8 times the expected value',
    "Divide by n.",
    "loss-sum",
    "The sum was taken for the mean.",
    0.25,
    (
        CaseResult("small", Outcome.PASSED),
        CaseResult("large", Outcome.FAILED, "every entry is 8 times", "I was \x1b[31mhere\x00\n", "loss(y=np.array([1.0]))"),
        CaseResult("empty", Outcome.CRASHED, "raised ZeroDivisionError"),
    ),
)
RIGHT = CheckResult("sigmoid", "sigmoid", Outcome.PASSED, 11.0, 11.0, seconds=0.1)
OURS = CheckResult("train", "train", Outcome.GRADER_ERROR, None, 20.0, "the reference itself did not answer")
GRADE = Grade("hw2", "The XOR network", "ada", 7, (RIGHT, WRONG), ("seccomp",), {"python": "3.11"}, 1.5)


def test_each_check_is_a_test():
    """Scores, order, status and words, and their total."""
    found = validate(to_json(results(GRADE, module="xor_mlp")))
    assert found["score"] == 15.5
    assert [(one["number"], one["name"], one["score"], one["max_score"], one["status"]) for one in found["tests"]] == [
        ("1", "sigmoid", 11, 11, "passed"),
        ("2", "loss.value", 4.5, 9, "failed"),
    ]
    assert found["tests"][1]["output"].splitlines() == [
        'partly passed: case "large": every entry is 8 times the expected value',
        "likely: The sum was taken for the mean.",
        "also: 1 more of 3 cases: empty",
        "printed:",
        r"    I was \x1b[31mhere\x00",
        "see it:",
        "    from xor_mlp import *",
        "    loss(y=np.array([1.0]))",
    ]
    assert found["output"] == "15.5 of 20 points, 1 of 2 checks passed"
    assert found["extra_data"]["misconceptions"] == ["loss-sum"]
    assert found["execution_time"] == 1.5


def test_students_see_no_number_and_staff_see_all():
    """No factor of a secret answer, nothing that was printed, no call; the likely mistake stays. A hidden test has the rest."""
    *seen, staff = validate(to_json(for_students(GRADE, "xor_mlp")))["tests"]
    shown = "\n".join(test["output"] for test in seen)
    assert "8" not in shown and "see it" not in shown and "I was" not in shown
    assert "likely: The sum was taken for the mean." in shown
    assert staff["visibility"] == "hidden" and "every entry is 8 times" in staff["output"] and "loss(y=" in staff["output"]


def test_what_we_could_not_judge_is_no_zero():
    """A fault of ours has no score, no others stand for its points, and only staff read what went wrong."""
    found = validate(to_json(results(replace(GRADE, checks=(RIGHT, WRONG, OURS)))))
    assert found["score"] == 15.5
    assert "So far that is 15.5 of 40 points; the mark is not final." in found["output"]
    fault, staff = found["tests"][2:]
    assert "score" not in fault
    assert "the grader's fault" in fault["output"]
    assert (staff["visibility"], staff["output"]) == ("hidden", "train: the reference itself did not answer")
    assert "their 20 points are left out" in found["output"]
    assert "did not answer" not in found["output"] + fault["output"]


def test_where_nothing_was_judged_there_is_no_score():
    """Gradescope must not take our fault for 0 points."""
    found = validate(to_json(results(replace(GRADE, checks=(OURS,)))))
    assert "score" not in found
    assert all("score" not in test for test in found["tests"])
    assert "The submission could not be judged" in found["output"]


def test_a_mark_is_the_score_of_the_whole():
    """What policies make of the points overrides what the tests add up to, and is explained."""
    found = validate(to_json(results(GRADE, mark=13.5, sentences=["late by 1 day: 2 points off"])))
    assert found["score"] == 13.5
    assert found["output"].splitlines()[1:] == ["What counts: 13.5 points", "late by 1 day: 2 points off"]


def test_what_policies_change_counts():
    """A mark that nothing changed needs no score; a fault of ours raises none."""

    def final(grade, *items):
        checks = tuple(CheckScore(check.name, check.score, check.max_score) for check in grade.checks)
        return Final(Attempt(checks), items)

    faulty = replace(GRADE, checks=(RIGHT, WRONG, OURS))
    late = Item("late by 1 day", -2.0)
    assert counted(GRADE, final(GRADE)) is None
    assert counted(GRADE, final(GRADE, late)) == 13.5
    assert counted(GRADE, final(GRADE, Item("dropped", -11.0, -11.0))) == 4.5
    assert counted(faulty, final(faulty)) is None
    assert counted(faulty, final(faulty, late)) == 13.5
    assert counted(faulty, final(faulty, Item("by hand", 10.0, 20.0))) == 25.5


@pytest.mark.parametrize("right", range(4))
def test_thirds_add_up_to_the_mark(right):
    """Gradescope adds up what is rounded, unless it is told the total: three times 33.3333 are not 100."""
    worth = 100 / 3
    passed = [CheckResult(name, name, Outcome.PASSED, worth, worth) for name in "abc"[:right]]
    failed = [CheckResult(name, name, Outcome.FAILED, 0.0, worth) for name in "abc"[right:]]
    grade = replace(GRADE, checks=(*passed, *failed))
    assert validate(to_json(results(grade)))["score"] == grade.score == (0, 33.3333, 66.6667, 100)[right]
    assert validate(to_json(results(grade, mark=90.0)))["score"] == 90


def test_points_so_far_are_not_told_as_the_mark():
    """A late submission that could not be judged entirely has points so far, and no mark."""
    found = results(replace(GRADE, checks=(RIGHT, OURS)), mark=9.0, unknown=20.0)
    assert "What counts: 9 points so far; 20 more are not known yet, so the mark is not final" in found["output"]


@pytest.mark.parametrize("visibility", VISIBILITY[1:])
def test_hidden_checks_tell_nothing_elsewhere(visibility):
    """A hidden check is so by its own or its function's name, and no total gives it away."""
    found = validate(to_json(results(GRADE, hidden=["loss"], visibility=visibility)))
    assert [one["visibility"] for one in found["tests"]] == ["visible", visibility]
    assert "15.5" not in found["output"]
    assert "checks passed" not in found["output"]


def test_a_slip_in_what_is_hidden_is_refused():
    """A check that would be shown by a typing error, or a visibility that Gradescope does not know."""
    with pytest.raises(ExportError, match=r"must name checks or functions of hw2\. Received: los"):
        results(GRADE, hidden=["los"])
    with pytest.raises(ExportError, match="must be one of visible, hidden, after_due_date, after_published"):
        results(GRADE, hidden=["loss"], visibility="never")


def test_an_unsafe_stamp_is_carried():
    """A grade without protection, as the bench stamps it, says so in data, which students do not see."""
    found = validate(to_json(results(replace(GRADE, isolation=(UNPROTECTED,)))))
    assert "graded without isolation" in found["extra_data"]["notice"]
    assert "isolation" not in found["output"]
    assert validate(to_json(results(GRADE)))["extra_data"]["notice"] == ""


def test_no_character_breaks_a_reader():
    """Controls and lone surrogates are left out of names; right-to-left text, emoji and tags stay as they are."""
    name = "<script>الهادي🎓\ud800\x00=1"
    found = validate(to_json(results(replace(GRADE, checks=(replace(RIGHT, name=name),)))))
    assert found["tests"][0]["name"] == "<script>الهادي🎓=1"


@pytest.mark.parametrize(
    ("bonus", "score", "said"),
    [("cap", 10.0, "bonus\n"), ("add", 12.0, "Bonus points add to the score."), ("ignore", 8.0, "Bonus points are only shown")],
    ids=["cap", "add", "ignore"],
)
def test_bonus_points_count_as_was_chosen(bonus, score, said):
    """They make up for lost points, add to any score, or are only shown; the student reads which."""
    core = CheckResult("a", "a", Outcome.PARTIAL, 8.0, 10.0, "", (CaseResult("one", Outcome.FAILED, "it is wrong"),))
    more = CheckResult("b", "b", Outcome.PASSED, 4.0, 4.0, "", (CaseResult("one", Outcome.PASSED),), stretch=True)
    found = validate(to_json(results(Grade("hw", "A", "ada", 1, (core, more)), bonus=bonus)))
    assert found["score"] == score
    assert said in f"{found['output']}\n"
    assert [test["score"] for test in found["tests"]] == [8.0, 4.0]
