"""Answers about one's own code are kept beside the work, and told as what they are."""

from __future__ import annotations

import tomllib

import pytest

from autograder.asking.keeping import NO_ANSWER, Reply, kept
from autograder.asking.question import Question
from autograder.classroom.gradebook.values import Answered
from autograder.report.asked import Asked, as_text, sheet, verdict
from autograder.report.responses import sections
from autograder.submission.responses import MOST_RESPONSES, Response, parse

ONE = Question("shape", "f", 2, "What is the shape of `x`?", ("(2,)", "(3,)", "(1, 2)"), "(3,)", "It is (3,).", "f(1)")
TYPED = Question("value", "f", 3, "What is `n`?", (), "0.25", "It is 0.25.")
LINES = [(1, "def f(n):"), (2, "    x = <b>"), (0, "…")]


def test_what_was_answered_can_be_read_again():
    """Question, answer, right answer and verdict come back."""
    found, wrong = parse(kept("", [Reply(ONE, "(2,)"), Reply(TYPED, "")], "hw2"), "explanation")
    assert wrong == ()
    assert found[0] == Response("explanation", ONE.id, "(2,)", "(3,)", False, "f(1): What is the shape of `x`?")
    assert (found[1].answer, found[1].right) == (NO_ANSWER, False)


def test_a_first_answer_stays():
    """Another answer to the same question is its second, and counts as no explanation."""
    once = kept("", [Reply(ONE, "(2,)")], "hw2")
    (found,) = tomllib.loads(kept(once, [Reply(ONE, "(3,)")], "hw2"))["response"]
    assert (found["answer"], found["second"], found["right"]) == ("(2,)", "(3,)", False)


def test_the_newest_answers_are_kept():
    """Where there are more than an instructor's dlkit reads."""
    many = [Reply(Question(**{**vars(ONE), "text": f"{number}?"}), "(2,)") for number in range(MOST_RESPONSES + 3)]
    found, wrong = parse(kept("", many, "hw2"), "explanation")
    assert (len(found), wrong, found[-1].question) == (MOST_RESPONSES, (), many[-1].question.id)


def test_a_file_that_cannot_be_read_is_not_written_over():
    """Whoever has edited it loses nothing."""
    with pytest.raises(ValueError, match="not TOML"):
        kept("= 1", [Reply(ONE, "(2,)")], "hw2")


@pytest.mark.parametrize(
    "typed, right", [("0.25", True), ("0.2501", True), (".25", True), ("2.5e-1", True), ("0.26", False), ("-0.25", False)]
)
def test_a_typed_number_may_be_rounded(typed, right):
    """To about one percent, however it is spelt."""
    assert TYPED.is_right(TYPED.chosen(typed) or "") is right


@pytest.mark.parametrize("typed", ["", "0", "4", "-1", "two", "1.0", "9" * 30])
def test_only_the_number_of_an_option_chooses_one(typed):
    """Anything else is asked for again."""
    assert ONE.chosen(typed) is None


def test_a_question_in_a_terminal_needs_no_colour():
    """Code with its lines, the call, the question and numbered options, in this order."""
    text = as_text(ONE, LINES, 1, 5)
    parts = [
        "Question 1 of 5, about f",
        "    1  def f(n):",
        "The call is\n    f(1)",
        "What is the shape",
        "  1  (2,)",
        "  3  (1, 2)",
    ]
    assert [text.index(part) for part in parts] == sorted(text.index(part) for part in parts)
    assert "\x1b" not in text


def test_after_an_answer_comes_what_the_run_showed():
    """Right or not, and the evidence."""
    assert verdict(ONE, "(3,)") == "Right. It is (3,)."
    assert verdict(ONE, "(2,)") == "Not right. The right answer is 2. It is (3,)."
    assert verdict(TYPED, "") == "No answer. It is 0.25."


def test_a_sheet_has_the_key_on_a_page_of_its_own():
    """Questions of everybody first, answers after them; a stranger's words are escaped."""
    page = sheet("hw2", [Asked("ada", "<Ada>", [(ONE, LINES)]), Asked("bob", "Bob", [(TYPED, LINES)], "One only.")], 7)
    questions, key = page.split('<section class="key"')
    assert "It is (3,)." not in questions and "It is (3,)." in key
    assert "&lt;Ada&gt;" in questions and "<b>" not in page
    assert "One only." in questions
    assert "break-before: page" in page


def test_the_report_shows_who_cannot_explain_first():
    """By the share of right answers; few answers say nothing."""
    given = [
        Answered(student, 1, Response("explanation", f"f-left out-{number}", "a", "a", number < right))
        for student, count, right in (("ada", 5, 5), ("bob", 5, 1), ("eve", 1, 0))
        for number in range(count)
    ]
    (section,) = sections(given)
    rows = [line.cells for line in section.lines]
    assert [row[0] for row in rows] == ["eve", "bob", "ada"]
    assert [row[3] for row in rows] == ["too few to say", "less than half", "at least half"]
    assert rows[1][1:3] == ("5", "1")
    assert rows[1][4].startswith("f (left out)")
