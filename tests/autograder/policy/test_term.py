"""The term: the table `term` of a course.toml and its problems, and from literal marks to a total."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.policy import Known, PolicyError, Score, Term, parse, total
from autograder.policy.term import Group, Other, rounded

HEAD = '[course]\ntimezone = "Europe/Berlin"\n'
MISSING, EXCUSED = Score("missing", why="no submission"), Score("excused", why="ill")
UNKNOWN, WAITING = Score("unknown", why="a check could not be judged"), Score("not yet", why="due tomorrow")
THREE = Term(weights={"homework": Fraction(100)}, groups={"homework": Group(("hw1", "hw2", "hw3"))})
LETTERS = {"A": Fraction(90), "B": Fraction(80), "F": Fraction(0)}


def marked(points, most=100):
    """A mark."""
    return Score("marked", Fraction(str(points)), Fraction(str(most)))


def homework(*scores, term=THREE, **group):
    """The total of some homework, which is all of the term."""
    names = tuple(f"hw{number}" for number in range(1, len(scores) + 1))
    term = replace(term, groups={"homework": Group(names, **group)})
    return total(term, dict(zip(names, scores, strict=True)))


def of(total_):
    """A total as a text."""
    return None if total_.percent is None else f"{total_.percent:f}"


def test_a_total_is_the_weighted_mean_of_its_parts():
    """60 percent of 80 and 40 percent of 70 are 76."""
    term = Term(weights={"hw1": Fraction(60), "exam": Fraction(40)}, others={"exam": Other(maximum=Fraction(60))})
    found = total(term, {"hw1": marked(80), "exam": marked(42, 60)})
    assert (of(found), found.steps) == ("76.00", ("(60 × 80 + 40 × 70) / 100 = 76",))


def test_thirds_are_whole_together():
    """Three thirds of the points are all of them, and not 99.99."""
    thirds = [marked(Fraction(100, 3)) for _ in range(3)]
    assert of(homework(*(Score("marked", one.points, Fraction(100, 3)) for one in thirds))) == "100.00"
    term = Term(weights={"a": Fraction(100) / 3, "b": Fraction(100) / 3, "c": Fraction(100) / 3})
    assert of(total(term, dict.fromkeys("abc", marked(70)))) == "70.00"


def test_rounding_is_half_up_and_decides_the_letter():
    """89.995 is 90.00, which is an A; binary numbers and banker's rounding would say 89.99 or 90.00 by chance."""
    term = replace(THREE, letters=LETTERS)
    assert (of(homework(marked("89.995"), term=term)), homework(marked("89.995"), term=term).letter) == ("90.00", "A")
    assert homework(marked("89.994"), term=term).letter == "B"
    assert [str(rounded(Fraction(str(number)), 0)) for number in (0.5, 1.5, 2.5)] == ["1", "2", "3"]


def test_the_next_letter_is_told():
    """What is short of it is counted from the rounded total; the best letter has none."""
    term = replace(THREE, letters=LETTERS)
    found = homework(marked("89.7"), term=term)
    assert (found.letter, found.better, found.short) == ("B", "A", Decimal("0.3"))
    assert homework(marked(95), term=term).better == ""


@pytest.mark.parametrize(
    "scores, group, percent",
    [
        ([marked(90), marked(60), MISSING], {}, "50.00"),
        ([marked(90), marked(60), MISSING], {"missing": "left out"}, "75.00"),
        ([marked(90), marked(60), EXCUSED], {}, "75.00"),
        ([marked(90), marked(60), WAITING], {}, "75.00"),
        ([marked(90), marked(60), MISSING], {"drop_lowest": 1}, "75.00"),
        ([marked(90), marked(60), EXCUSED], {"drop_lowest": 1}, "90.00"),
        ([marked(90), EXCUSED, EXCUSED], {"drop_lowest": 2}, "90.00"),
        ([marked(45, 50), marked(80)], {"drop_lowest": 1}, "90.00"),
        ([marked(110), marked(100)], {"cap": Fraction(100)}, "100.00"),
        ([EXCUSED, EXCUSED], {}, None),
        ([marked(90), UNKNOWN], {"drop_lowest": 1}, None),
    ],
    ids=[
        "missing is 0", "missing is left out", "excused", "not due", "the missing one is dropped", "an excused one is not dropped",
        "one always stays", "the lowest share goes", "capped", "nothing counts", "not known",
    ],
)  # fmt: skip
def test_what_counts_in_a_group(scores, group, percent):
    """Each rule about a mark that is not simply there."""
    assert of(homework(*scores, **group)) == percent


def test_of_equal_marks_the_heaviest_is_dropped():
    """A student gains most so; what stays is the mean of the others."""
    term = replace(THREE, own={"hw2": Fraction(3)})
    found = homework(marked(50), marked(50), marked(90), term=term, drop_lowest=1)
    assert [line.state for line in found.lines[0].lines] == ["marked", "dropped", "marked"]


def test_extra_credit_adds_on_top_and_costs_nothing_where_it_is_missing():
    """Half of a talk for 5 percent is 2.5; the cap of the term holds after it."""
    term = replace(THREE, extra={"talk": Fraction(5)}, cap=Fraction(100))
    assert of(total(term, {"hw1": marked(80), "talk": marked(5, 10)})) == "82.50"
    assert of(total(term, {"hw1": marked(80), "talk": MISSING})) == "80.00"
    found = total(term, {"hw1": marked(99), "talk": marked(10, 10)})
    assert (of(found), found.capped, found.steps[-1]) == ("100.00", True, "capped at 100: it was 104")


def test_notes_tell_what_is_unusual():
    """What is missing, excused or dropped is named."""
    found = homework(marked(90), MISSING, EXCUSED, marked(80), drop_lowest=1)
    assert found.notes == ("excused: hw3", "dropped: hw2")


def test_without_weights_all_assignments_are_one_group():
    """Extra credit and other things that are named are not among them."""
    term = Term(extra={"hw3": Fraction(5)}, drop_lowest=1).over(["hw1", "hw2", "hw3"])
    assert term.groups["assignments"] == Group(("hw1", "hw2"), 1)
    assert term.names == ("hw1", "hw2", "hw3")


PERCENTS = st.lists(st.integers(0, 10_000).map(lambda hundredths: marked(Fraction(hundredths, 100))), min_size=2, max_size=6)


@settings(max_examples=40)
@given(PERCENTS, st.integers(0, 5), st.lists(st.integers(1, 5), min_size=6, max_size=6))
def test_dropping_never_costs_anything(scores, drop, weights):
    """With any weights, a total with the lowest dropped is at least the total with all of them, and at most the best mark."""
    term = replace(THREE, own={f"hw{number}": Fraction(weight) for number, weight in enumerate(weights, 1)})
    kept, all_ = homework(*scores, term=term, drop_lowest=drop), homework(*scores, term=term)
    assert all_.percent <= kept.percent <= rounded(max(one.points for one in scores), 2)


@settings(max_examples=40)
@given(PERCENTS)
def test_an_excused_mark_leaves_the_mean_of_the_others(scores):
    """Whatever the others are, it is as if the excused one had never been set."""
    assert homework(*scores, EXCUSED).percent == homework(*scores).percent


PARTS = HEAD + "[term.weights]\nhomework = 60\nexam = 40\n"
REST = '[term.groups.homework]\nmarks = ["hw1", "hw2"]\n[term.other.exam]\nmax = 60\n'
PROBLEMS = {
    "weights": (
        HEAD + "[term.weights]\nhw1 = 60\nhw2 = 30",
        "line 3: `term.weights` must add up to 100 percent. Received: hw1 60 + hw2 30 = 90.",
    ),
    "a weight as text": (HEAD + '[term.weights]\nhw1 = "all"', '`term.weights.hw1` must be a percentage, a number from 0 to 100. Received: "all".'),
    "unknown assignment": (HEAD + "[term.weights]\nhw9 = 100", "`term.weights` names `hw9`, which is not an assignment, a group or another mark. Did you mean"),
    "unknown mark in a group": (PARTS + REST.replace("hw2", "hw7"), "`term.groups.homework.marks` names `hw7`, which is not an assignment or another mark."),
    "excused from nothing": (PARTS + REST + '[students.ada]\nexcused = ["quiz"]', "`students.ada.excused` names `quiz`, which is not"),
    "twice": (
        HEAD + '[term.weights]\nhomework = 60\nhw1 = 40\n[term.groups.homework]\nmarks = ["hw1", "hw2"]',
        "`term.weights.hw1` counts `hw1` a second time, after `term.groups.homework.marks`. Remove one of the two.",
    ),
    "a mark twice in a group": (PARTS + REST.replace("hw2", "hw1"), "`term.groups.homework.marks` must be a list that names each mark once."),
    "a group that counts nowhere": (PARTS + REST + '[term.groups.more]\nmarks = ["hw3"]', "`term.groups.more` counts nowhere. Name it in `term.weights` or `term.extra`."),
    "a mark that counts nowhere": (PARTS + REST + "[term.other.quiz]\nmax = 5", "`term.other.quiz` counts nowhere."),
    "an empty group": (PARTS + REST.replace('["hw1", "hw2"]', "[]"), "must be a list of assignments or other marks"),
    "a group without marks": (PARTS + "[term.groups.homework]\n[term.other.exam]\nmax = 60", "`term.groups.homework.marks` is missing"),
    "a drop of all": (
        PARTS + REST.replace("\n[term.o", "\ndrop_lowest = 2\n[term.o"),
        "`term.groups.homework.drop_lowest` must be less than 2, the number of its marks. Received: 2.",
    ),
    "a drop beside weights": (HEAD + "[term]\ndrop_lowest = 1\n[term.weights]\nhw1 = 100", "`term.drop_lowest` has no effect beside `term.weights`."),
    "two weights": (HEAD + "[assignments.hw1]\nweight = 2\n[term.weights]\nhw1 = 100", "`assignments.hw1.weight` has no effect beside `term.weights.hw1`."),
    "missing": (HEAD + '[term]\nmissing = "ignored"', '`term.missing` must be "zero" or "left out". Received: "ignored".'),
    "decimals": (HEAD + "[term]\ndecimals = 3", "`term.decimals` must be 0, 1 or 2. Received: 3."),
    "a truth value as decimals": (HEAD + "[term]\ndecimals = true", "`term.decimals` must be 0, 1 or 2. Received: true."),
    "cap": (HEAD + "[term]\ncap = -1", "`term.cap` must be a percentage, a number from 0 to 1000. Received: -1."),
    "no maximum": (PARTS + REST.replace("max = 60", ""), "`term.other.exam.max` is missing; expected the points that can be had, such as 60."),
    "a maximum of 0": (PARTS + REST.replace("60\n", "0\n"), "`term.other.exam.max` must be a number above 0"),
    "a file without a column": (PARTS + REST + 'file = "exam.csv"', "`term.other.exam.mark` is missing; expected the title of the column"),
    "the name of an assignment": (PARTS + REST + "[term.other.hw1]\nmax = 5", "`term.other.hw1` has the name of another thing."),
    "letters": (HEAD + "[term.letters]\nA = 80\nB = 90\nF = 0", "line 5: `term.letters.B` must be lower than the letter before it. Received: B 90 after A 80."),
    "the last letter": (HEAD + "[term.letters]\nA = 90\nB = 80", "`term.letters.B` must start at 0: it is the last letter. Received: 80."),
    "unknown key": (HEAD + "[term]\ndrop_lowst = 1", "`term.drop_lowst` is not a known key. Did you mean 'drop_lowest'?"),
    "a key of a group": (PARTS + REST.replace("\n[term.o", "\ndrop = 1\n[term.o"), "`term.groups.homework.drop` is not a known key."),
}  # fmt: skip


@pytest.mark.parametrize("text, sentence", PROBLEMS.values(), ids=PROBLEMS)
def test_a_problem_of_the_term_is_one_sentence_with_its_key(text, sentence):
    """Each thing that does not fit is refused by its key, and nothing else is said."""
    with pytest.raises(PolicyError) as problems:
        parse(text, known=Known({"hw1": (), "hw2": (), "hw3": ()}))
    assert sentence in str(problems.value)
    assert len(str(problems.value).splitlines()) == 1


def test_weights_add_up_exactly():
    """Weights with decimals are taken as they are written: 0.1 and 0.2 are 0.3."""
    course = parse(HEAD + "[term.weights]\nhw1 = 0.1\nhw2 = 0.2\nhw3 = 99.7")
    assert sum(course.term.weights.values()) == 100
