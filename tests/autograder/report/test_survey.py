"""The survey of a class: from literal marks to what its report shows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from invented import HOSTILE, check, mark

from autograder.grading.bench import UNPROTECTED
from autograder.outcome import CaseResult, Notice, NoticeKind, Outcome
from autograder.policy import Item
from autograder.report.names import file_name
from autograder.report.survey import Reason, survey

FAILED, PARTIAL, PASSED = Outcome.FAILED, Outcome.PARTIAL, Outcome.PASSED


@dataclass(frozen=True)
class Pair:
    """Two that are alike."""

    first: str
    second: str
    share: float


def cases(*outcomes, message="it is 1; expected 2"):
    """Cases a, b, … of these outcomes."""
    return [CaseResult(name, one, "" if one is PASSED else message) for name, one in zip("abcdef", outcomes, strict=False)]


def reasons(found, student):
    """Why somebody should look at a student."""
    return [look.reason for look in found.looks_at.get(student, ())]


def test_a_misconception_counts_once_a_student():
    """Who shows it in two checks has it once, and both checks are named."""
    idea = {"misconception": "sign", "explanation": "The sign is lost."}
    both = [check("p", FAILED, 0.0, **idea), check("q", FAILED, 0.0, **idea)]
    found = survey([mark("ada", *both), mark("bob", check("p", FAILED, 0.0, **idea), check("q"))]).misconceptions
    assert [(one.name, one.who, one.checks) for one in found] == [("sign", ("ada", "bob"), ("p", "q"))]


def test_misconceptions_are_by_frequency_with_the_commonest_sentence():
    """The most frequent first; where the sentence differs between students, what most of them read."""

    def one(student, name, sentence):
        return mark(student, check("p", FAILED, 0.0, misconception=name, explanation=sentence))

    marks = [one("a", "rare", "Rare."), one("b", "often", "A."), one("c", "often", "B."), one("d", "often", "B.")]
    found = survey(marks).misconceptions
    assert [(one.name, one.sentence, len(one.who)) for one in found] == [("often", "B.", 3), ("rare", "Rare.", 1)]


def test_a_check_counts_each_ending_and_the_median_share():
    """Passed, partly, failed and the rest are apart; who could not be judged is in no median."""
    ends = [(PASSED, 8.0), (PARTIAL, 2.0), (FAILED, 0.0), (Outcome.SKIPPED, 0.0), (Outcome.GRADER_ERROR, None)]
    found = survey([mark(f"s{i}", check("p", end, score)) for i, (end, score) in enumerate(ends)]).checks[0]
    assert (found.of, found.counts[PASSED], found.counts[PARTIAL], found.counts[FAILED]) == (5, 1, 1, 1)
    assert dict(found.other) == {Outcome.SKIPPED: 1, Outcome.GRADER_ERROR: 1}
    assert found.median == pytest.approx(0.125)  # of 1, 1/4, 0 and 0


def test_discrimination_is_the_correlation_with_the_other_checks():
    """A check that those pass who pass the rest has 1; one that only the others pass has -1."""
    marks = [mark(f"s{i}", check("p", score=i), check("q", score=2 * i, of=16.0), check("r", score=8 - i)) for i in (2, 4, 6, 8)]
    by_name = {one.name: one.discrimination for one in survey(marks).checks}
    assert by_name["p"] == pytest.approx(1)
    assert by_name["r"] == pytest.approx(-1)


@pytest.mark.parametrize("scores", [[8.0, 0.0], [8.0, 8.0, 8.0], [0.0, 0.0, 0.0], [8.0]])
def test_discrimination_is_none_where_there_is_none(scores):
    """Two students, or a class that is all the same, say nothing about a check."""
    found = survey([mark(f"s{i}", check("p", score=score), check("q", score=score)) for i, score in enumerate(scores)])
    assert [one.discrimination for one in found.checks] == [None, None]


def test_a_check_by_itself_has_no_discrimination():
    """There is nothing to compare it with."""
    assert survey([mark(f"s{i}", check("p", score=float(i))) for i in range(4)]).checks[0].discrimination is None


def test_the_hardest_case_is_the_one_that_most_of_those_who_tried_fail():
    """Who did not start is not among those who tried, and the message is the most frequent."""
    marks = [
        mark("ada", check("p", FAILED, 0.0, cases=cases(FAILED, PASSED, message="x"))),
        mark("bob", check("p", FAILED, 0.0, cases=cases(FAILED, FAILED, message="y"))),
        mark("cleo", check("p", FAILED, 0.0, cases=cases(FAILED, PASSED, message="y"))),
        mark("dan", check("p", Outcome.NOT_STARTED, 0.0, cases=cases(Outcome.NOT_STARTED, Outcome.NOT_STARTED))),
    ]
    first, second = survey(marks).hardest
    assert (first.cases, first.share, first.of, first.message) == (("a",), 1.0, 3, "y")
    assert (second.cases, second.who, second.of) == (("b",), ("bob",), 3)


def test_cases_that_the_same_students_fail_are_one():
    """Ten cases with one reason are one line."""
    found = survey(
        [
            mark("ada", check("p", FAILED, 0.0, cases=cases(FAILED, FAILED, FAILED))),
            mark("bob", check("p", cases=cases(PASSED, PASSED, PASSED))),
        ]
    )
    assert [(one.cases, one.share) for one in found.hardest] == [(("a", "b", "c"), 0.5)]


def test_a_file_that_cannot_be_run_is_no_hard_case():
    """Whose file does not parse has tried no case; what the others read stands there."""
    broken = [check(name, Outcome.CRASHED, 0.0, message="x", cases=cases(Outcome.CRASHED, message="x")) for name in "pq"]
    wrong = [check("p", FAILED, 0.0, cases=cases(FAILED, message="y")), check("q", cases=cases(PASSED))]
    found = survey([mark("ada", *broken), mark("bob", *wrong)]).hardest
    assert [(one.check, one.who, one.of, one.message) for one in found] == [("p", ("bob",), 1, "y")]


def test_the_distribution_is_of_the_marks_that_count():
    """Every mark is in one band, full marks in the last, and rounding errors of a computer move nobody."""
    scores = [0.0, 9.9, 10.0, 0.7 * 100, 99.9, 100.0]
    found = survey([mark(f"s{i}", check("p", score=score, of=100.0)) for i, score in enumerate(scores)])
    assert [band.count for band in found.bands] == [2, 1, 0, 0, 0, 0, 0, 1, 0, 2]
    assert found.bands[-1].label == "90–100 %"


def test_extra_credit_has_a_band_of_its_own():
    """Who has more than everything is over 100 %."""
    ada = mark("ada", check("p"))
    found = survey([replace(ada, final=replace(ada.final, items=(Item("2 more by hand", 2.0),)))])
    assert (found.bands[-1].label, found.bands[-1].count) == ("over 100 %", 1)


@pytest.mark.parametrize(
    ("ending", "reason"),
    [
        (Outcome.GRADER_ERROR, Reason.GRADER_ERROR),
        (Outcome.RULE_BROKEN, Reason.RULE_BROKEN),
        (Outcome.TIMED_OUT, Reason.TIMED_OUT),
        (Outcome.OUT_OF_MEMORY, Reason.OUT_OF_MEMORY),
        (Outcome.OVER_LIMIT, Reason.OVER_LIMIT),
    ],
)
def test_some_endings_need_a_look(ending, reason):
    """The check and its message are told."""
    score = None if ending is Outcome.GRADER_ERROR else 0.0
    found = survey([mark("ada", check("p", ending, score, message="because"), check("q")), mark("bob", check("p"), check("q"))])
    assert [(one.student, one.reason, one.sentence) for one in found.looks] == [("ada", reason, "p: because")]


def test_a_submission_that_ran_unprotected_needs_a_look():
    """The stamp of the bench is seen, and other layers are none."""
    stamped = mark("ada", check("p"), isolation=("separate process", UNPROTECTED))
    found = survey([stamped, mark("bob", check("p"), isolation=("separate process", "landlock 7"))])
    assert (found.unprotected, reasons(found, "ada"), reasons(found, "bob")) == (("ada",), [Reason.UNPROTECTED], [])


def test_a_file_that_cannot_be_run_is_one_thing_to_look_at():
    """A syntax error is told once, not once a check."""
    broken = [check(name, Outcome.CRASHED, 0.0, message="line 3: '(' was never closed") for name in "pqr"]
    found = survey([mark("ada", *broken)])
    assert [(one.reason, one.sentence) for one in found.looks] == [(Reason.NOTHING_RAN, "line 3: '(' was never closed")]


def test_a_line_that_did_not_run_needs_a_look():
    """A missing import may have cost every point."""
    found = survey([mark("ada", check("p"), notices=(Notice(NoticeKind.STOPPED, "line 3 did not run"),))])
    assert reasons(found, "ada") == [Reason.LINE_STOPPED]


def test_what_there_is_to_say_of_a_file_needs_a_look():
    """Such as that another name was taken for the one that is asked for, or that its time is not known."""
    found = survey([mark("ada", check("p"), notices=(Notice(NoticeKind.TAKEN_IN, "my work.py was graded as arith.py"),))])
    assert reasons(found, "ada") == [Reason.HANDED_IN]


def test_what_was_not_graded_comes_first():
    """Somebody may have handed in another assignment's file; who handed in nothing is in no such list."""
    ours = mark("bob", check("p", Outcome.GRADER_ERROR, None), check("q"))
    unread = mark("ada", why="ada has no arith.py")
    unread = replace(unread, row=replace(unread.row, unreadable="ada has no arith.py"))
    found = survey([ours, unread, mark("cleo", why="nothing handed in", row=False)])
    assert [(one.student, one.reason) for one in found.looks] == [("ada", Reason.NOT_GRADED), ("bob", Reason.GRADER_ERROR)]


def test_near_identical_submissions_are_told_of_both():
    """The closest first; a pair with somebody unknown is left out."""
    marks = [mark(name, check("p")) for name in ("ada", "bob", "cleo")]
    found = survey(marks, [Pair("ada", "bob", 0.91), Pair("bob", "cleo", 0.97), Pair("ada", "zoe", 1.0)])
    assert [(one.student, one.other) for one in found.looks] == [("bob", "cleo"), ("ada", "bob")]
    assert reasons(found, "cleo") == [Reason.ALIKE]
    assert "91 %" in found.looks[1].sentence


def test_what_is_most_urgent_comes_first():
    """Our own errors come before theirs."""
    late = mark("ada", check("p", Outcome.TIMED_OUT, 0.0), check("q"))
    ours = mark("bob", check("p", Outcome.GRADER_ERROR, None), check("q"))
    assert [one.student for one in survey([late, ours]).looks] == ["bob", "ada"]


def test_who_has_no_grade_is_apart():
    """Nothing is known of them, which is no zero in any number."""
    found = survey(
        [mark("ada", check("p")), mark("bob", why="the archive is damaged"), mark("cleo", why="nothing handed in", row=False)]
    )
    assert [one.why for one in found.ungraded] == ["the archive is damaged", "nothing handed in"]
    assert (found.percents, found.checks[0].of, len(found.seconds)) == ((100,), 1, 1)


def test_checks_that_differ_between_students_are_counted_over_those_who_have_them():
    """A check removed since stays, with those who had it; the newest spec comes first and says what it is worth."""
    new = mark("ada", check("p", of=8.0), check("new"))
    old = mark("bob", check("p", score=4.0, of=4.0), check("removed"))
    old = replace(old, row=replace(old.row, graded="2026-11-01T12:00:00+00:00"))
    found = survey([old, new])
    assert [(one.name, one.points, one.of) for one in found.checks] == [("p", 8.0, 2), ("new", 8.0, 1), ("removed", 8.0, 1)]
    assert (found.specs, found.outdated) == ((1, 1), ("removed",))


@pytest.mark.parametrize("score", [0.0, 8.0])
def test_a_class_that_is_all_the_same_has_a_survey(score):
    """Everybody 0 or everybody 100."""
    found = survey([mark(f"s{i}", check("p", PASSED if score else FAILED, score), check("q")) for i in range(5)])
    assert {band.count for band in found.bands} == {0, 5}


def test_nobody_is_a_class_too():
    """An empty list of marks is no error: who calls decides what to say."""
    found = survey([])
    assert (found.checks, found.misconceptions, found.slowest) == ((), (), "")


def test_what_cannot_be_judged_at_all_has_no_percentage():
    """A maximum of 0 is no division by zero."""
    assert survey([mark("ada", check("p", Outcome.GRADER_ERROR, None))]).percents == ()


def test_names_of_files_are_safe_and_unlike():
    """Whatever a key holds, its file is within the folder, short enough, and no other's even where case is not told apart."""
    keys = [*HOSTILE, "s0001", "S0001", "con", "", ".", "a/b", "a\\b", "a b", "a\0b", "x" * 61, "\ud800", "zoë", "zoe"]
    names = [file_name(key, ".html") for key in keys]
    assert len({name.lower() for name in names}) == len(keys)
    assert all(len(name) < 100 and name.isascii() and not set(name) & set('/\\\0:*?"<>| ') for name in names)
    assert not {"", "con"} & {name.split(".")[0] for name in names}  # hidden, or a device of Windows


def test_memory_is_of_those_who_were_watched():
    """The most is told with whose it is; a grade without a figure counts for nothing."""
    marks = [mark("ada", check("p", PASSED, 1)), mark("bob", check("p", PASSED, 1)), mark("cleo", check("p", PASSED, 1))]
    sizes = dict(zip(("ada", "bob", "cleo"), (50 * 2**20, 90 * 2**20, 0), strict=True))
    weighed = [
        replace(one, row=replace(one.row, grade=replace(one.row.grade, memory=sizes[one.student]))) for one in marks if one.row
    ]
    found = survey(weighed)
    assert (found.largest, sorted(found.memory)) == ("bob", [50 * 2**20, 90 * 2**20])


def test_what_only_workers_can_tell_is_said_once_with_its_cases():
    """A right answer that nobody else has seen is named with the checks and cases in which it counted."""
    told = "only the worker can tell that ValueError was raised"
    raising = check("p", cases=[CaseResult("unknown name", PASSED, told), CaseResult("typical", PASSED)])
    wrong = check("q", FAILED, 0.0, cases=[CaseResult("empty", FAILED, "no error was raised; expected ValueError")])
    found = survey([mark("ada", raising, wrong), mark("bob", raising)])
    assert found.reported == {told: ["p, unknown name"]}
