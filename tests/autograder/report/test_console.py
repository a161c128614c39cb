"""Tables on a console: words fold, numbers stay whole."""

from __future__ import annotations

import io

import pytest

from autograder.report.console import PlainConsole, Rows, print_rows

NUMBERS = ("89.5", "100", "97.91")


def printed(width, columns):
    """A table of one student with so many columns of numbers, line by line."""
    console = PlainConsole(file=io.StringIO(), width=width)
    rows = Rows("student", "name", numbers=[f"hw{number}" for number in range(columns)])
    rows.add_words("notes")
    rows.add_row(
        "s0001", "Okonkwo-Reyes, Tamsin Alexandra", *(NUMBERS[number % 3] for number in range(columns)), "left the class"
    )
    print_rows(console, rows)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize(("width", "columns"), [(200, 3), (80, 7), (80, 12), (20, 7)])
def test_no_number_is_cut(width, columns):
    """However narrow the terminal is, each number of a row stands there whole, in one line."""
    rows = [line.split() for line in printed(width, columns)]
    assert any(sum(word in NUMBERS for word in row) == columns for row in rows)


def test_words_fold_before_the_table_grows():
    """Where numbers leave room, names and notes are folded and the table fits."""
    lines = printed(80, 7)
    assert max(map(len, lines)) <= 80 and len(lines) > 2


def test_a_table_is_as_wide_as_its_numbers_need():
    """Where they leave none, lines are longer than the terminal, by no more than that."""
    assert 80 < max(map(len, printed(80, 12))) <= 7 + 2 + 8 + 2 + 12 * (5 + 2) + 8
