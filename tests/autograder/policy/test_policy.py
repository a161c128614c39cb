"""Policies: a course.toml and its problems, and from literal raw scores to what counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT

from autograder.assignment import load as load_spec
from autograder.policy import (
    Attempt,
    CheckScore,
    Course,
    Late,
    Override,
    PolicyError,
    Rules,
    finals,
    load,
    parse,
    score,
)

BERLIN = ZoneInfo("Europe/Berlin")
DUE = datetime(2026, 10, 12, 23, 59, tzinfo=BERLIN)
TEN = Late(per_day=10, grace=timedelta(hours=2), tokens=3)
RULES = Rules(due=DUE, late=TEN)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HEAD = '[course]\ntimezone = "Europe/Berlin"\n'


DAWN = datetime(2026, 10, 20, 6, tzinfo=BERLIN)


def attempt(points=80.0, late=None, maximum=100.0, **more):
    """An attempt with one check, so much after DUE."""
    return Attempt((CheckScore("f", points, maximum),), None if late is None else (DUE + late).astimezone(UTC), **more)


def by_hand(points, check="", minute=0, comment="see mail"):
    """A change by hand, so many minutes past an hour."""
    return Override(points, comment, "ada", datetime(2026, 10, 20, 14, minute, tzinfo=BERLIN), check)


def refused(text):
    """The sentences with which a course.toml is refused."""
    with pytest.raises(PolicyError) as problems:
        parse(text)
    return str(problems.value).split("\n")


# course.toml


def test_the_example_says_what_it_seems_to_say():
    """examples/course.toml is read as its comments describe it."""
    course = load(ROOT / "examples/course.toml")
    assert (course.name, course.timezone, course.attempts, course.notices) == ("Deep Learning", BERLIN, "best", ())
    assert course.late == Late(10, timedelta(hours=2), 3, 5, 20)
    assert course.rules("hw1") == Rules(due=DUE, late=course.late)
    assert course.rules("hw2") == Rules(
        due=datetime(2026, 10, 26, 23, 59, tzinfo=BERLIN),
        late_due=datetime(2026, 10, 30, 12, tzinfo=BERLIN),
        late=replace(course.late, per_day=20, tokens=1),
        attempts="last",
        drop=frozenset({"numerical_gradient"}),
        extra={"fit_output_weights": None, "train_xor": 5},
        weight=2,
    )
    assert course.rules("hw3").due == datetime(2026, 11, 9, 22, 59, tzinfo=UTC)


def test_the_example_names_checks_that_exist():
    """The checks that examples/course.toml drops or counts extra are checks of hw2."""
    checks = [check.name for check in load_spec(ROOT / "assignments/hw2").checks]
    assert load(ROOT / "examples/course.toml").rules("hw2").mistakes(checks) == []


def test_a_check_that_is_dropped_but_does_not_exist_is_named():
    """A slip in the name of a check is found once the assignment's checks are known."""
    rules = Rules(drop=frozenset({"sofmax"}), extra={"nothing_like_it": None})
    assert rules.mistakes(["softmax", "f"]) == [
        "the assignment has no check `sofmax` to drop. Did you mean 'softmax'?",
        "the assignment has no check `nothing_like_it` to count as extra credit.",
    ]


def test_an_extension_is_one_students_and_moves_the_last_date():
    """A student's due date holds for that student, and the last date moves as far by the clock on the wall."""
    course = load(ROOT / "examples/course.toml")
    rules = course.rules("hw2", "s0007")
    assert (rules.due, rules.extended) == (datetime(2026, 11, 2, 23, 59, tzinfo=BERLIN), True)
    assert rules.late_due == datetime(2026, 11, 6, 12, tzinfo=BERLIN)
    assert course.rules("hw2", "s0008") == course.rules("hw2")


def test_an_assignment_that_is_not_named_follows_the_course():
    """An assignment without a table has no due date and the course's attempts."""
    rules = parse(HEAD + 'attempts = "last"\n[late]\nper_day = 5').rules("hw9", "s1")
    assert rules == Rules(late=Late(per_day=5), attempts="last")


PROBLEMS = {
    "no time zone": ("", "course.toml: `course.timezone` is missing; expected"),
    "unknown time zone": (
        '[course]\ntimezone = "Europe/Berln"',
        'line 2: `course.timezone` must be a name of the time zone database, such as "Europe/Berlin". '
        'Received: "Europe/Berln". Did you mean \'Europe/Berlin\'?',
    ),
    "an abbreviation as time zone": ('[course]\ntimezone = "CEST"', 'Received: "CEST".'),
    "a folder of time zones": ('[course]\ntimezone = "Europe"', 'Received: "Europe".'),
    "a path as time zone": ('[course]\ntimezone = "../x"', 'Received: "../x".'),
    "unknown table": (HEAD + "[assignment.hw2]", "line 3: `assignment` is not a known key. Did you mean 'assignments'?"),
    "unknown key": (HEAD + "[late]\nper_dya = 1", "line 4: `late.per_dya` is not a known key. Did you mean 'per_day'?"),
    "a key like no other": (HEAD + "xyz = 1", "`course.xyz` is not a known key. Known: `name`, `timezone`, `attempts`, `bonus`."),
    "a key above its table": ('attempts = "best"\n' + HEAD, "line 1: `attempts` is not a known key here. Put it below `[course]`."),
    "a table as text": (HEAD + "[assignments]\nhw2 = 3", "line 4: `assignments.hw2` must be a table. Received: 3."),
    "name": (HEAD + "name = 3", "`course.name` must be a text in quotes. Received: 3."),
    "attempts": (HEAD + 'attempts = "first"', '`course.attempts` must be "best" or "last". Received: "first".'),
    "negative penalty": (HEAD + "[late]\nper_day = -10", "`late.per_day` must be a percentage, a number from 0 to 100. Received: -10."),
    "penalty over 100": (HEAD + "[late]\nper_day = 101", "Received: 101."),
    "a truth value as penalty": (HEAD + "[late]\nper_day = true", "Received: true."),
    "nan": (HEAD + "[late]\nfloor = nan", "`late.floor` must be a percentage, a number from 0 to 100. Received: nan."),
    "a number of ten thousand digits": (
        HEAD + "[late]\nper_day = " + "9" * 10_000,
        "line 4: a number has too many digits to read. Received: 99999999999999999999…, 10000 digits.",
    ),
    "a hexadecimal number of ten thousand digits": (HEAD + "[late]\nper_day = 0x" + "f" * 10_000, "Received: a number of 40000 bits."),
    "endless tokens": (HEAD + "[late]\ntokens = inf", "`late.tokens` must be a whole number from 0 to 10,000. Received: inf."),
    "a weight that no float holds": (HEAD + "[assignments.hw2]\nweight = 1" + "0" * 400, "must be a number from 0 to 1,000,000,000."),
    "endless extra credit": (HEAD + "[assignments.hw2]\nextra = { f = inf }", "Received: inf."),
    "half a token": (HEAD + "[late]\ntokens = 0.5", "`late.tokens` must be a whole number from 0 to 10,000. Received: 0.5."),
    "negative days": (HEAD + "[late]\nmax_days = -1", "`late.max_days` must be a whole number from 0 to 10,000. Received: -1."),
    "grace without a unit": (HEAD + "[late]\ngrace = 2", '`late.grace` must be a duration in quotes, such as "2h", "90min" or "1d 12h". Received: 2.'),
    "negative grace": (HEAD + '[late]\ngrace = "-2h"', 'Received: "-2h".'),
    "empty grace": (HEAD + '[late]\ngrace = ""', 'Received: "".'),
    "a date in quotes": (
        HEAD + '[assignments.hw2]\ndue = "2026-10-12"',
        "line 4: `assignments.hw2.due` must be a date and time without quotes, such as 2026-10-12T23:59:00. Received: \"2026-10-12\".",
    ),
    "a date without a time": (HEAD + "[assignments.hw2]\ndue = 2026-10-12", "without quotes, such as 2026-10-12T23:59:00. Received: 2026-10-12."),
    "a slip in the year": (HEAD + "[assignments.hw2]\ndue = 0206-10-12T10:00:00", "between the years 2000 and 2199. Received: 0206-10-12T10:00:00."),
    "a day that does not exist": (
        HEAD + "[assignments.hw2]\ndue = 2026-02-30T10:00:00",
        "line 4: this is not TOML: invalid date or datetime. Received: due = 2026-02-30T10:00:00. Put texts in quotes",
    ),
    "not finished": (HEAD + "name =", "this is not TOML: invalid value"),
    "dots": (HEAD + ".".join("a" * 3000) + " = 1", "nested too deeply to read"),
    "a long list": (HEAD + "x = [\n" + "1,\n" * 20_000 + "]", "`course.x` is not a known key."),
    "a long file": ("#" * 2**20 + "\n", "is too long for a course file; expected at most 1048576 characters."),
    "brackets": ("x = " + "[" * 100_000, "nested too deeply to read"),
    "last date first": (
        HEAD + "[assignments.hw2]\ndue = 2026-10-12T23:59:00\nlate_due = 2026-10-11T23:59:00",
        "line 5: `assignments.hw2.late_due` must not be before `due`, 2026-10-12T23:59:00+02:00. Received: 2026-10-11T23:59:00+02:00.",
    ),
    "only a last date": (HEAD + "[assignments.hw2]\nlate_due = 2026-10-11T23:59:00", "`assignments.hw2.late_due` needs an earlier `due`."),
    "drop": (HEAD + '[assignments.hw2]\ndrop = ["f", 3]', '`assignments.hw2.drop` must be a list of names of checks, such as ["softmax"]. Received: ["f", 3].'),
    "extra": (HEAD + "[assignments.hw2]\nextra = { f = 0 }", "`assignments.hw2.extra.f` must be true, or the points that the check is worth, up to 1,000,000,000. Received: 0."),
    "dropped and extra": (HEAD + '[assignments.hw2]\ndrop = ["f"]\nextra = { f = true }', "`assignments.hw2.drop` names `f`, which is extra credit as well. Choose one."),
    "an extension in capitals": (
        HEAD + "[assignments.hw2]\ndue = 2026-10-12T10:00:00\n[students.s1]\nextensions.HW2 = 2026-10-14T10:00:00",
        "`students.s1.extensions.HW2` is not an assignment of this course. Did you mean 'hw2'?",
    ),
    "an extension like no other": (
        HEAD + "[assignments.hw2]\ndue = 2026-10-12T10:00:00\n[students.s1]\nextensions.exam = 2026-10-14T10:00:00",
        "`students.s1.extensions.exam` is not an assignment of this course. There are: `hw2`.",
    ),
    "weight": (HEAD + "[assignments.hw2]\nweight = -1", "`assignments.hw2.weight` must be a number from 0 to 1,000,000,000. Received: -1."),
    "extension of nothing": (
        HEAD + '[assignments.hw2]\ndue = 2026-10-12T23:59:00\n[students."a b"]\nextensions.hw3 = 2026-10-13T23:59:00',
        'line 6: `students."a b".extensions.hw3` is not an assignment of this course. Did you mean \'hw2\'?',
    ),
    "extension without due": (
        HEAD + "[assignments.hw2]\n[students.s1.extensions]\nhw2 = 2026-10-13T23:59:00",
        "`students.s1.extensions.hw2` cannot be extended: `assignments.hw2` has no `due`.",
    ),
    "extension backwards": (
        HEAD + "[assignments.hw2]\ndue = 2026-10-12T23:59:00\n[students.s1.extensions]\nhw2 = 2026-10-12T23:59:00",
        "`students.s1.extensions.hw2` must be later than the common due date, 2026-10-12T23:59:00+02:00. Received:",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PROBLEMS)
def test_a_problem_is_one_sentence_with_its_key(case):
    """What is wrong with a course.toml is one sentence: where, what was expected, what was received."""
    text, sentence = PROBLEMS[case]
    said = refused(text)
    assert len(said) == 1
    assert sentence in said[0]


def test_all_problems_are_said_at_once_in_the_order_of_the_lines():
    """Whoever mends a course.toml sees everything at once, also below a list that takes several lines."""
    text = (
        HEAD
        + '[students.s1]\nx = 1\n[late] # a comment\nper_day = -1\n\n[assignments.hw2]\ndrop = [\n  "f",\n]\ndew = 1\nweight = -2\r\n'
    )
    assert [line.split("`")[:2] for line in refused(text)] == [
        ["course.toml, line 4: ", "students.s1.x"],
        ["course.toml, line 6: ", "late.per_day"],
        ["course.toml, line 12: ", "assignments.hw2.dew"],
        ["course.toml, line 13: ", "assignments.hw2.weight"],
    ]


def test_a_time_that_no_clock_shows_is_moved_and_said():
    """A due date in the hour that is skipped in spring is the same time by the old clock, and a notice says so."""
    course = parse(HEAD + "[assignments.hw2]\ndue = 2027-03-28T02:30:00")
    assert course.rules("hw2").due == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert course.notices == (
        "course.toml, line 4: `assignments.hw2.due` is 2027-03-28T02:30:00, which does not exist in Europe/Berlin: clocks go "
        "forward then. Taken as 2027-03-28T03:30:00+02:00.",
    )


def test_a_time_that_clocks_show_twice_is_the_later_one():
    """A due date in the hour that comes twice in autumn is the second one, and a notice says so."""
    course = parse(HEAD + "[assignments.hw2]\ndue = 2026-10-25T02:30:00")
    assert course.rules("hw2").due.astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert (
        "occurs twice in Europe/Berlin: clocks go back then. Taken as the later one, 2026-10-25T02:30:00+01:00."
        in course.notices[0]
    )


def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path):
    """A missing file, a folder and bytes that are no text are refused; a mark at the beginning is not."""
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(PolicyError, match=r"must be a file that can be read\. Received: "):
            load(path)
    path = tmp_path / "course.toml"
    path.write_bytes(b'[course]\nname = "\xe4"')
    with pytest.raises(PolicyError, match=r"must be UTF-8 text\. Received: the byte 0xe4\. Save it as UTF-8\."):
        load(path)
    path.write_text(HEAD, encoding="utf-8-sig")
    assert load(path).timezone == BERLIN


# Lateness


LATE = {
    "never due": (Rules(late=TEN), DAY, 0, "", True),
    "in time": (RULES, timedelta(), 0, "", True),
    "within the grace": (RULES, 2 * HOUR, 0, "late by 2 h, within the grace period of 2 h", True),
    "a second after the grace": (RULES, 2 * HOUR + timedelta(seconds=1), 1, "late by 2 h 1 min", True),
    "a day and the grace": (RULES, DAY + 2 * HOUR, 1, "late by 1 day 2 h", True),
    "a day and three hours": (RULES, DAY + 3 * HOUR, 2, "late by 1 day 3 h", True),
    "accepted": (replace(RULES, late=Late(max_days=2)), 2 * DAY, 2, "late by 2 days", True),
    "too many days": (replace(RULES, late=Late(max_days=2)), 2 * DAY + HOUR, 3, "late by 2 days 1 h, more than the 2 days allowed", False),
    "nothing late": (replace(RULES, late=Late(max_days=0)), HOUR, 1, "late by 1 h, no late work is accepted", False),
    "after the last date": (
        replace(RULES, late_due=DUE + HOUR), timedelta(minutes=61), 1, "late by 1 h 1 min, after the last date, 2026-10-13 00:59 CEST", False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LATE)
def test_days_are_counted_once_they_have_begun(case):
    """A day is late once it has begun, the grace moves every edge, and some things come too late."""
    rules, after, days, sentence, accepted = LATE[case]
    late = rules.lateness((DUE + after).astimezone(UTC))
    assert (late.days, late.sentence, late.accepted) == (days, sentence, accepted)


@pytest.mark.parametrize(("due", "hours"), [((2026, 10, 24), 25), ((2027, 3, 27), 23)])
def test_a_day_is_one_of_the_clock_on_the_wall(due, hours):
    """The day on which clocks change is one day, of 25 hours or of 23."""
    rules = Rules(due=datetime(*due, 23, 59, tzinfo=BERLIN))
    edge = rules.due.astimezone(UTC) + timedelta(hours=hours)
    assert (rules.lateness(edge).days, rules.lateness(edge).sentence) == (1, "late by 1 day")
    assert rules.lateness(edge + timedelta(seconds=1)).days == 2


def test_the_hour_that_comes_twice_is_not_mistaken():
    """What is handed in at 02:10 for the second time is later than a due date of 02:30 for the first time."""
    rules = Rules(due=datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN))
    assert rules.lateness(datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=BERLIN)).sentence == "late by 40 min"


def test_a_late_mark_counts_as_one_day():
    """Where only a mark is known, it is one day, whatever the grace."""
    late = RULES.lateness(None, marked_late=True)
    assert (late.days, late.sentence) == (1, "marked late, submission time unknown: counts as 1 day")


def test_a_late_mark_says_nothing_of_an_extension():
    """A mark that knows no extensions costs a student with one nothing, and says why."""
    late = RULES.extended_to(DUE + DAY).lateness(None, marked_late=True)
    assert (late.days, late.sentence) == (
        0,
        "marked late, but submission time unknown and due date extended: counts as on time",
    )


def test_a_time_is_believed_before_a_mark():
    """A mark does not make late what was handed in in time."""
    assert RULES.lateness(DUE, marked_late=True).days == 0


moments = st.integers(-10 * 86400, 400 * 86400).map(lambda seconds: DUE.astimezone(UTC) + timedelta(seconds=seconds))


@given(moments, moments)
def test_later_is_never_less_late(one, other):
    """Days late do not fall with time, across both changes of the clocks, and are within an hour of 24-hour days."""
    days = [RULES.lateness(moment).days for moment in sorted((one, other))]
    assert days[0] <= days[1]
    passed = max(one, other) - DUE.astimezone(UTC) - TEN.grace
    assert (passed - HOUR) / DAY <= days[1] or passed <= timedelta()
    assert days[1] < max((passed + HOUR) / DAY, 0) + 1


# What counts


def test_without_policies_the_raw_score_counts():
    """Where nothing is asked for, nothing is done."""
    final = score([attempt(80.5)], Rules())
    assert (final.raw, final.adjusted, final.maximum, final.items) == (80.5, 80.5, 100, ())


def test_a_day_costs_percent_of_the_maximum():
    """A day at 10 % of 100 costs 10 points of 80, not 8."""
    final = score([attempt(80, 3 * HOUR)], RULES)
    assert (final.raw, final.adjusted, final.days_late) == (80, 70, 1)
    assert final.sentences == ("late by 3 h: 10 points off (1 day at 10 % of 100)",)


def test_a_token_pays_for_a_day():
    """With one token left, the second day costs points."""
    final = score([attempt(80, DAY + 3 * HOUR)], RULES, tokens=1)
    assert (final.adjusted, final.tokens) == (70, 1)
    assert final.sentences == ("late by 1 day 3 h: 1 token used, 10 points off (1 day at 10 % of 100)",)


def test_tokens_are_not_wasted():
    """No token pays for a day that costs nothing: of a score of 0, or below the floor."""
    assert score([attempt(0, 3 * HOUR)], RULES, tokens=3).tokens == 0
    floored = replace(RULES, late=replace(TEN, floor=50))
    final = score([attempt(55, 2 * DAY)], floored, tokens=1)
    assert (final.adjusted, final.tokens) == (50, 0)
    assert final.sentences == ("late by 2 days: 5 points off (2 days at 10 % of 100, but not below 50)",)


def test_a_score_below_the_floor_stays():
    """The floor keeps lateness from taking points; it gives none."""
    assert score([attempt(15, 2 * DAY)], replace(RULES, late=replace(TEN, floor=20))).adjusted == 15


def test_what_is_not_accepted_counts_nothing():
    """Something after the last date counts 0, floor or not, and the raw score is still there."""
    final = score([attempt(80, DAY)], replace(RULES, late=Late(10, max_days=0, floor=20)), tokens=3)
    assert (final.raw, final.adjusted, final.maximum, final.tokens, final.accepted) == (80, 0, 100, 0, False)
    assert final.sentences == ("late by 1 day, no late work is accepted: counts 0",)


def test_a_dropped_check_leaves_the_total():
    """A check that is dropped for all takes its points and its maximum along."""
    work = Attempt((CheckScore("f", 8, 10), CheckScore("g", 3, 5)))
    final = score([work], Rules(drop=frozenset({"g"})))
    assert (final.raw, final.adjusted, final.maximum) == (11, 8, 10)
    assert final.sentences == ("`g` was dropped for all",)


@pytest.mark.parametrize(("worth", "adjusted", "points"), [(None, 13, "5 of 5"), (2, 10, "2 of 2")])
def test_extra_credit_adds_without_raising_the_maximum(worth, adjusted, points):
    """An extra check counts its own points, or what it is worth, on top of the others."""
    work = Attempt((CheckScore("f", 8, 10), CheckScore("g", 5, 5)))
    final = score([work], Rules(extra={"g": worth}))
    assert (final.raw, final.adjusted, final.maximum) == (13, adjusted, 10)
    assert final.sentences == (f"`g` is extra credit: {points} points",)


@pytest.mark.parametrize("rules", [Rules(), Rules(drop=frozenset({"g"})), Rules(extra={"g": None})])
def test_what_could_not_be_judged_is_left_out_of_both(rules):
    """Our fault costs no points, whether the check is ordinary, dropped or extra."""
    final = score([Attempt((CheckScore("f", 8, 10), CheckScore("g", None, 5)))], rules)
    assert (final.raw, final.adjusted, final.maximum) == (None, 8, 10)


def test_what_is_not_known_is_no_smaller_whole():
    """Until a check is judged there is no mark, and its points stay among those that could be had."""
    final = score([Attempt((CheckScore("f", 8, 10), CheckScore("g", None, 5)))], Rules())
    assert (final.raw, final.mark, final.most) == (None, None, 15)
    assert final.sentences == ("`g` could not be judged: its 5 points are not known yet",)


def test_a_total_by_hand_is_of_all_points():
    """Who gives points for a submission that could not be judged gives them of what it is worth."""
    final = score([Attempt((CheckScore("f", None, 10), CheckScore("g", None, 5)))], Rules(), overrides=[by_hand(12)])
    assert (final.raw, final.mark, final.most, final.maximum) == (None, 12, 15, 15)
    assert final.sentences[-1].startswith("manual points: not judged -> 12 (ada")


def test_what_came_too_late_counts_0_also_if_it_could_not_be_judged():
    """Nothing that could still be found out about it would count."""
    rules = replace(RULES, late=Late(max_days=0))
    faulty = Attempt((CheckScore("f", None, 10),), attempt(80, DAY).submitted)
    final = score([faulty], rules)
    assert (final.mark, final.most, final.unknown) == (0, 10, 0)


def test_the_best_attempt_is_best_after_lateness():
    """An earlier attempt counts if the later one lost more by lateness than it gained."""
    final = score([attempt(85, DAY, name="b"), attempt(80, -DAY, name="a")], RULES)
    assert (final.attempt.name, final.adjusted) == ("a", 80)
    assert final.sentences == ("attempt 1 of 2 counts: the best",)


def test_among_equals_the_one_without_tokens_counts():
    """A token is not spent on an attempt that gains nothing."""
    final = score([attempt(80, -DAY), attempt(80, DAY)], RULES, tokens=3)
    assert (final.tokens, final.days_late) == (0, 0)


@pytest.mark.parametrize(
    "rules, overrides, unknown",
    [
        (Rules(), (), 5),
        (Rules(drop=frozenset({"g"})), (), 0),
        (Rules(extra={"g": None}), (), 0),
        (Rules(), (Override(3, "", "ada", DAWN, "g"),), 0),
        (Rules(), (Override(None, "hm", "ada", DAWN, "g"),), 5),
        (Rules(), (Override(11, "", "ada", DAWN),), 0),
        (Rules(), (Override(9, "", "ada", DAWN, "f"),), 5),
    ],
    ids=["as it is", "dropped", "extra", "by hand", "a comment", "the whole by hand", "another by hand"],
)
def test_what_is_unknown_stays_so_until_somebody_settles_it(rules, overrides, unknown):
    """Points that the grader could not judge are unknown, unless they do not count or somebody gives them."""
    final = score([Attempt((CheckScore("f", 8, 10), CheckScore("g", None, 5)))], rules, overrides=overrides)
    assert final.unknown == unknown


def test_what_could_not_be_judged_makes_no_attempt_better():
    """9 of 10 points beat 8 of which 2 more are not known."""
    faulty = Attempt((CheckScore("f", 8, 8), CheckScore("g", None, 2)), name="faulty")
    whole = Attempt((CheckScore("f", 8, 8), CheckScore("g", 1, 2)), name="whole")
    assert score([faulty, whole], Rules()).attempt.name == "whole"


def test_the_last_attempt_counts_also_if_it_is_worse():
    """Where the last attempt counts, it counts late and all, whatever the order in which attempts are given."""
    final = score([attempt(60, DAY, name="b"), attempt(80, -DAY, name="a")], replace(RULES, attempts="last"))
    assert (final.attempt.name, final.adjusted, final.sentences[0]) == ("b", 50, "attempt 2 of 2 counts: the last")


def test_an_attempt_that_came_too_late_does_not_replace_one_in_time():
    """The last attempt is the last that was accepted."""
    rules = replace(RULES, attempts="last", late=Late(max_days=0))
    final = score([attempt(80, -DAY), attempt(90, DAY)], rules)
    assert (final.adjusted, final.sentences) == (80, ("attempt 1 of 2 counts: the last that was accepted",))


def test_no_attempt_is_a_mistake_of_the_caller():
    """There is no maximum without checks."""
    with pytest.raises(ValueError, match="at least one attempt"):
        score([], Rules())


@pytest.mark.parametrize(
    "make",
    [
        lambda: CheckScore("f", -1, 5),
        lambda: CheckScore("f", float("nan"), 5),
        lambda: CheckScore("f", 1, 0),
        lambda: Attempt((), datetime(2026, 10, 12)),
        lambda: by_hand(-1),
        lambda: replace(by_hand(1), at=datetime(2026, 10, 12)),
    ],
)
def test_impossible_values_are_refused(make):
    """Negative points, nan, a worthless check and times without a zone never get into a score."""
    with pytest.raises(ValueError, match="Received: "):
        make()


# By hand


def test_points_by_hand_for_a_check_are_visible():
    """A check's points by hand take the place of the grader's, and who, when and why is said."""
    final = score([Attempt((CheckScore("f", 8, 10), CheckScore("g", 3, 5)))], Rules(), overrides=[by_hand(10, "f")])
    assert (final.raw, final.adjusted, final.maximum) == (11, 13, 15)
    assert final.sentences == ("manual points for `f`: 8 -> 10 (ada, 2026-10-20 14:00 CEST): see mail",)


def test_points_by_hand_for_the_total_are_the_last_word():
    """The total by hand counts, whatever lateness or a check by hand would make of it."""
    overrides = [by_hand(65, minute=1), by_hand(90, "f", minute=2)]
    final = score([attempt(80, 3 * HOUR)], RULES, overrides=overrides)
    assert final.adjusted == 65
    assert [item.points for item in final.items] == [10, -10, -15]
    assert final.sentences[-1] == "manual points: 80 -> 65 (ada, 2026-10-20 14:01 CEST): see mail"


def test_the_latest_decision_by_hand_holds():
    """Decisions are applied in the order of their times, and all stay visible."""
    final = score([attempt()], Rules(), overrides=[by_hand(90, minute=2), by_hand(70, minute=1)])
    assert (final.adjusted, len(final.items)) == (90, 2)


def test_lateness_holds_for_points_by_hand():
    """A check that is corrected by hand does not get around the last date."""
    rules = replace(RULES, late=Late(max_days=0))
    assert score([attempt(80, DAY)], rules, overrides=[by_hand(90, "f")]).adjusted == 0


def test_what_was_not_judged_can_be_judged_by_hand():
    """Points by hand bring a check that could not be judged back into score and maximum."""
    work = Attempt((CheckScore("f", 8, 10), CheckScore("g", None, 5)))
    final = score([work], Rules(), overrides=[by_hand(4, "g")])
    assert (final.mark, final.adjusted, final.maximum) == (12, 12, 15)
    assert "manual points for `g`: not judged -> 4" in final.sentences[-1]


def test_an_override_without_effect_says_so():
    """Points by hand for a check that was dropped or does not exist change nothing, visibly."""
    work = Attempt((CheckScore("f", 8, 10), CheckScore("g", 3, 5)))
    final = score([work], Rules(drop=frozenset({"g"})), overrides=[by_hand(5, "g"), by_hand(5, "h")])
    assert final.adjusted == 8
    assert final.sentences[1].endswith("; no effect, it was dropped for all")
    assert final.sentences[2].endswith("; no effect, there is no such check")


def test_a_comment_alone_changes_nothing():
    """A comment by hand is shown and costs nothing, for a check and for the total."""
    final = score([attempt()], Rules(), overrides=[by_hand(None, "f", comment="well done"), by_hand(None, comment="nice")])
    assert final.adjusted == 80
    assert final.sentences == (
        "comment on `f` (ada, 2026-10-20 14:00 CEST): well done",
        "comment (ada, 2026-10-20 14:00 CEST): nice",
    )


# A course


def course(**assignments):
    """A course of assignments that are due so many days after DUE."""
    return Course(
        timezone=BERLIN,
        late=TEN,
        assignments={name: Rules(due=DUE + days * DAY, late=TEN) for name, days in assignments.items()},
    )


def test_tokens_are_used_in_the_order_of_due_dates():
    """Three tokens pay for two days of the first assignment and one of the second, whatever their names."""
    work = {"a": [attempt(80, 10 * DAY + 2 * DAY)], "z": [attempt(80, 2 * DAY)]}
    found = finals(course(z=0, a=10), "s1", work)
    assert [(name, final.tokens, final.adjusted) for name, final in found.items()] == [("z", 2, 80), ("a", 1, 70)]


def test_an_assignment_can_limit_tokens():
    """Where an assignment takes no tokens, they are left for the next one."""
    made = course(a=0, b=10)
    made = replace(made, assignments={**made.assignments, "a": replace(RULES, late=replace(TEN, tokens=0))})
    found = finals(made, "s1", {"a": [attempt(80, DAY)], "b": [attempt(80, 11 * DAY)]})
    assert [final.tokens for final in found.values()] == [0, 1]


def test_an_extension_is_said_and_saves_the_tokens():
    """A student with an extension is in time, and the due date is among the items."""
    made = replace(course(a=0), students={"s1": {"a": DUE + 2 * DAY}})
    final = finals(made, "s1", {"a": [attempt(80, DAY)]})["a"]
    assert (final.adjusted, final.tokens, final.sentences) == (80, 0, ("due 2026-10-14 23:59 CEST, extended",))
    assert finals(made, "s2", {"a": [attempt(80, DAY)]})["a"].tokens == 1


def test_decisions_by_hand_go_to_their_assignment():
    """What was decided for one assignment leaves the others alone."""
    found = finals(course(a=0, b=1), "s1", {"a": [attempt()], "b": [attempt()]}, {"b": [by_hand(90)]})
    assert [final.adjusted for final in found.values()] == [80, 90]


names = st.sampled_from(["f", "g", "h"])
checks = st.dictionaries(names, st.tuples(st.none() | st.floats(0, 10), st.floats(10, 20)), min_size=1).map(
    lambda found: tuple(CheckScore(name, *points) for name, points in found.items())
)
attempts = st.lists(st.builds(Attempt, checks, st.none() | moments, st.booleans()), min_size=1, max_size=4)
lates = st.builds(
    Late,
    st.floats(0, 100),
    st.integers(0, 48).map(lambda hours: hours * HOUR),
    st.integers(0, 4),
    st.none() | st.integers(0, 5),
    st.floats(0, 100),
)
policies = st.builds(
    Rules,
    st.none() | st.just(DUE),
    st.none() | st.just(DUE + 3 * DAY),
    lates,
    st.sampled_from(["best", "last"]),
    st.frozensets(names, max_size=1),
    st.dictionaries(names, st.none() | st.floats(1, 5), max_size=1),
)
hands = st.lists(
    st.builds(by_hand, st.none() | st.floats(0, 30), st.sampled_from(["", "f", "x"]), st.integers(0, 59)), max_size=3
)


@given(attempts, policies, st.integers(0, 4), hands)
def test_the_items_account_for_everything(work, rules, tokens, overrides):
    """Raw score and items add up to what counts, which is never negative, and the raw score is the grader's."""
    final = score(work, rules, tokens=tokens, overrides=overrides)
    assert final.adjusted >= 0 and final.maximum >= 0
    known = final.attempt.score
    assert known + sum(item.points for item in final.items) == pytest.approx(final.adjusted, abs=1e-3)
    assert any(final.attempt is one for one in work)
    assert final.raw == (None if any(check.score is None for check in final.attempt.checks) else round(known, 4))
    assert (final.mark is None) == (final.unknown > 0)
    assert all(item.sentence for item in final.items)
    assert 0 <= final.tokens <= min(tokens, rules.late.tokens, final.days_late)


@given(attempts, policies, st.integers(0, 3))
def test_a_token_never_costs_points(work, rules, tokens):
    """Who has one token more has no less of the maximum."""
    few, more = (score(work, replace(rules, attempts="best"), tokens=count) for count in (tokens, tokens + 1))
    assert more.adjusted * few.maximum >= few.adjusted * more.maximum - 1e-2


@given(st.lists(attempts, min_size=2, max_size=3), lates)
def test_what_counts_does_not_depend_on_the_order_in_which_it_is_asked(work, late):
    """A later assignment never changes an earlier mark, and the tokens of the course are never exceeded."""
    made = course(a=0, b=5, c=9)
    made = replace(made, late=late, assignments={name: replace(rules, late=late) for name, rules in made.assignments.items()})
    given_work = dict(zip("abc", work, strict=False))
    found = finals(made, "s1", given_work)
    assert finals(made, "s1", dict(reversed(given_work.items()))) == found
    assert finals(made, "s1", {"a": given_work["a"]})["a"] == found["a"]
    assert sum(final.tokens for final in found.values()) <= late.tokens
