"""Bonus points: what the three policies make of them, and that without stretch checks nothing changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from autograder.policy import Attempt, CheckScore, Late, Override, PolicyError, Rules, parse, score

DUE = datetime(2026, 10, 12, 23, 59, tzinfo=UTC)
CORE = CheckScore("core", 90.0, 100.0)


def bonus(points, worth=20.0, name="more", **more):
    """A stretch check."""
    return CheckScore(name, points, worth, stretch=True, **more)


def final(*checks, policy="cap", overrides=(), rules=None, submitted=None):
    """What counts for these checks."""
    return score([Attempt(checks, submitted)], replace(rules or Rules(), bonus=policy), overrides=overrides)


def by_hand(points, check=""):
    """Manual points."""
    return Override(points, "see mail", "ada", DUE, check)


@pytest.mark.parametrize("policy, counts", [("cap", 100.0), ("add", 104.0), ("ignore", 90.0)])
def test_a_policy_decides_what_bonus_points_do(policy, counts):
    """They make up for lost points up to the maximum, add to any mark, or do not count; the raw score is the core's."""
    found = final(CORE, bonus(14.0), policy=policy)
    assert (found.mark, found.most, found.raw) == (counts, 100.0, 90.0)


def test_the_core_alone_is_full_marks():
    """A student who does the core alone gets 100 of 100, and no sentence about a bonus."""
    found = final(CheckScore("core", 100.0, 100.0), bonus(0.0))
    assert (found.mark, found.most, found.items) == (100.0, 100.0, ())


@pytest.mark.parametrize(
    "policy, sentence",
    [
        ("cap", "bonus: 10 of 14 points count, since the mark is at most 100"),
        ("add", "bonus: 14 of 14 points count"),
        ("ignore", "bonus: 0 of 14 points count, they are only shown"),
    ],
)
def test_a_student_can_follow_the_bonus(policy, sentence):
    """One sentence says how many bonus points there are, and how many count."""
    assert final(CORE, bonus(14.0), policy=policy).sentences == (sentence,)


def test_bonus_points_count_before_a_late_penalty():
    """They make up for lost points, not for lateness."""
    rules = Rules(due=DUE, late=Late(per_day=10))
    assert final(CORE, bonus(14.0), rules=rules, submitted=DUE + timedelta(hours=1)).mark == 90.0


def test_manual_points_replace_those_of_a_stretch_check():
    """What somebody gives by hand for a stretch check is a bonus, too."""
    found = final(CORE, bonus(0.0), overrides=[by_hand(6.0, "more")])
    assert (found.mark, found.most) == (96.0, 100.0)


def test_a_total_by_hand_is_the_mark():
    """Manual points for the whole replace bonus points as well."""
    assert final(CORE, bonus(None), overrides=[by_hand(70.0)]).mark == 70.0


def test_a_stretch_check_that_is_dropped_gives_nothing():
    """A check that is dropped for all leaves the bonus."""
    assert final(CORE, bonus(14.0), rules=Rules(drop=frozenset({"more"}))).mark == 90.0


def test_a_stretch_check_can_be_extra_credit():
    """What the course calls extra credit is on top, whatever becomes of bonus points."""
    found = final(CheckScore("core", 100.0, 100.0), bonus(14.0), rules=Rules(extra={"more": None}))
    assert (found.mark, found.most) == (114.0, 100.0)


@pytest.mark.parametrize(
    "core, policy, mark", [(90.0, "cap", None), (100.0, "cap", 100.0), (90.0, "ignore", 90.0), (100.0, "add", None)]
)
def test_a_bonus_that_is_not_known_matters_while_it_could_count(core, policy, mark):
    """There is no mark as long as a stretch check that could not be judged may still raise it."""
    found = final(CheckScore("core", core, 100.0), bonus(None), policy=policy)
    assert (found.mark, found.most, found.raw) == (mark, 100.0, core)


def test_bonus_points_never_lower_a_mark():
    """A core above its maximum, by manual points, stays there."""
    assert final(CORE, bonus(5.0), overrides=[by_hand(110.0, "core")]).mark == 110.0


def test_the_course_and_an_assignment_say_what_a_bonus_does():
    """`course.bonus` holds for all, and an assignment may say something else."""
    course = parse(
        '[course]\ntimezone = "UTC"\nbonus = "add"\n[assignments.hw1]\nbonus = "ignore"\n[assignments.hw2]\nweight = 2\n'
    )
    assert [course.rules(name).bonus for name in ("hw1", "hw2", "hw3")] == ["ignore", "add", "add"]


def test_another_word_for_a_bonus_is_refused():
    """What was expected and received is said in a sentence."""
    with pytest.raises(PolicyError, match='"cap", "add" or "ignore"'):
        parse('[course]\ntimezone = "UTC"\nbonus = "half"\n')
