"""How a class stands over several assignments, from literal marks."""

from __future__ import annotations

from dataclasses import replace

from marking import mark

from autograder.inbox.people import Person
from autograder.outcome import CheckResult, Grade, Outcome
from autograder.report.standing import behind, sections, tries
from autograder.report.survey import survey

ORDER = ["hw1", "hw2", "hw3"]


def class_of(**percents):
    """The marks of students in each assignment, in percent; None where nothing was handed in."""
    return {
        name: [mark(who) if several[i] is None else mark(who, several[i] / 2) for who, several in percents.items()]
        for i, name in enumerate(ORDER)
    }


def test_who_misses_one_of_the_last_two_falls_behind():
    """And is told from those who missed an earlier one."""
    found = behind(class_of(ada=(90, 90, 90), ben=(90, 90, None), cleo=(None, 90, 90), dan=(90, 90, 90)), ORDER)
    assert [(one.mark.student, one.missed) for one in found] == [("ben", ("hw3",))]


def test_who_is_far_below_the_median_falls_behind():
    """20 points or more, over the last two; beside it stands how it was before."""
    (one,) = behind(class_of(ada=(90, 90, 90), ben=(90, 60, 64), cleo=(90, 90, 90), dan=(90, 75, 80)), ORDER)
    assert (one.mark.student, one.gap, one.earlier) == ("ben", (82.5 - 60 + 85 - 64) / 2, 0)


def test_an_assignment_that_few_have_handed_in_is_not_over():
    """Nobody falls behind in what has only begun."""
    assert behind(class_of(ada=(90, 90, 90), ben=(90, 90, None), cleo=(90, 90, None)), ORDER) == []


def test_who_left_or_is_excused_does_not_fall_behind():
    """They are in none of the counts."""
    marks = class_of(ada=(90, 90, 90), ben=(90, 90, None), cleo=(90, 90, 90))
    excused = {name: [replace(one, excused="ill") if one.student == "ben" else one for one in marks[name]] for name in ORDER}
    assert behind(excused, ORDER) == []


def test_attempts_until_full_marks():
    """The first attempt in which every check passed, or never."""

    def row(student, number, score):
        return replace(mark(student, score).row, number=number)

    found = tries([row("ada", 1, 50.0), row("ben", 2, 50.0), row("ben", 1, 0.0), row("cleo", 1, 0.0)])
    assert (found.counts, found.never) == ({1: 1, 2: 1}, 1)


def test_sections_are_compared_by_their_medians():
    """Of those who have a mark; one section alone is compared with nothing."""
    people = [Person("ada", section="A"), Person("ben", section="A"), Person("cleo", section="B"), Person("dan", section="B")]
    marks = {"hw1": [mark(who, score) for who, score in zip(people, (50.0, 25.0, 10.0, 20.0), strict=True)]}
    assert sections(marks) == {"A": {"hw1": (75, 2)}, "B": {"hw1": (30, 2)}}
    assert sections({"hw1": marks["hw1"][:2]}) == {}


def test_a_skipped_check_says_nothing_of_its_difficulty():
    """Its points were lost for the check that it needs: mean and discrimination leave it out, the median of points does not."""

    def student(name, first, second, skipped=False):
        checks = (
            CheckResult("a", "a", Outcome.PASSED if first == 8 else Outcome.FAILED, first, 8.0),
            CheckResult("b", "b", Outcome.SKIPPED if skipped else Outcome.FAILED, second, 8.0),
        )
        one = mark(name, 1.0)
        return replace(one, row=replace(one.row, grade=Grade("hw1", "", name, None, checks)))

    tried = [student("ada", 8.0, 6.0), student("ben", 4.0, 7.0), student("cleo", 2.0, 2.0)]
    with_skipped = [*tried, student("dan", 0.0, 0.0, skipped=True)]
    alone, both = (survey(marks).checks[1] for marks in (tried, with_skipped))
    assert (alone.mean, alone.discrimination) == (both.mean, both.discrimination)
    assert (both.mean, both.tried, both.of) == (15 / 24, 3, 4)
    assert both.median < alone.median
