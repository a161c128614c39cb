"""Titles: the column of an assignment is found by what people call homework, and never guessed at."""

from __future__ import annotations

import pytest

from autograder.export.titles import columns_of

TITLE = "Generalisation and cross-validation"


def found(*columns, assignment="hw4", title=TITLE):
    """The titles of the columns that may be an assignment's."""
    return [columns[place] for place in columns_of(assignment, title, columns)]


@pytest.mark.parametrize(
    "column",
    [
        *("hw4", "HW 4", "Hw04", "HW-4", "hw_04", "HW#4", "Homework 4", "homework no. 4", "Homework 04", "HOMEWORK4"),
        *("Homework 4: Splits", "HW4 - Generalisation", "Assignment 4", "Assignment 4: Splits", "Problem Set 4", "PSet 4"),
        *(
            "Exercise 4",
            "Übung 4",
            "Übungsblatt 04",
            "Hausaufgabe Nr. 4",
            "Aufgabe 4",
            "Devoir n° 4",
            "TD 4",
            "Tarea 4",
            "Opdracht 4",
        ),
        *(TITLE, f"hw4 {TITLE}", f"HW4: {TITLE}", f"Homework 4 – {TITLE}"),
    ],
)
def test_a_column_with_the_number_behind_a_word_for_homework_is_taken(column):
    """Whatever its case, signs, zeros and language, where no other fits as well."""
    others = ("Midterm 4", "Quiz 4", "Attendance", "Week 4", "Final exam")
    word = column.rstrip("0123456789")
    assert found(*others[:2], column, *others[2:], f"{word}14" if word != column else "Notes") == [column]


@pytest.mark.parametrize(
    "column",
    ["Midterm 4", "Quiz 4", "Lab 4", "Week 4", "Homework 14", "Homework 40", "HW 4b", "HW 4 bonus", "4", "Homework", "HW 4.5"],
)
def test_another_column_is_not(column):
    """A number alone says nothing, and neither does a word alone."""
    assert found(column, "Notes") == []


def test_the_name_itself_comes_first():
    """A column that is called as ever is taken, whatever else has the number."""
    assert found("Homework 4", "hw4") == ["hw4"]
    assert found(TITLE, "Homework 4") == [TITLE]


def test_the_own_word_comes_before_other_words():
    """In a gradebook that has homework, "Assignment 4" is something else: also where homework 4 has no column yet."""
    assert found("Assignment 4", "Homework 4", "Übung 4") == ["Homework 4"]
    assert found("Assignment 4", "HW 3") == []


@pytest.mark.parametrize(
    "columns",
    [("Homework 4", "HW 04"), ("Assignment 4", "Exercise 4"), ("Homework 4: part 1", "Homework 4: part 2"), ("hw4", "HW-4")],
)
def test_of_two_that_fit_none_is_taken(columns):
    """All are given back, so that the sentence names them."""
    assert found(*columns) == list(columns)


def test_a_plain_title_comes_before_one_with_more():
    """Such as a column for the reviews of homework 4."""
    assert found("Homework 4: peer review", "Homework 4") == ["Homework 4"]
    assert found("Homework 4: peer review", f"Homework 4: {TITLE}") == [f"Homework 4: {TITLE}"]


def test_an_assignment_of_another_name_is_found_by_its_own_word():
    """A lab is no homework, and a name without a number has no other spelling."""
    assert found("Lab 04", "Homework 4", assignment="lab4") == ["Lab 04"]
    assert found("Homework 4", assignment="lab4") == []
    assert found("Project 1", assignment="project") == []
    assert found("Homework 4", "HW 4: extra", assignment="assignment4", title="") == ["Homework 4"]
