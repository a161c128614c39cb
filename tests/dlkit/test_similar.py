"""`dlkit similar`: similar submissions, as an instructor looks for them."""

from __future__ import annotations

import re

import click
import pytest
from click.testing import CliRunner

from autograder.classroom.gradebook import Gradebook, HandIn
from autograder.classroom.similarity import AT_LEAST
from dlkit.cli import main

SPEC = """
from autograder import Assignment, Outputs
assignment = Assignment(title="Sums", files=["sums.py"], checks=[Outputs("f", on=lambda rng: {"a": {"x": 1.0}}, points=100)])
"""
STUB = "def f(x):\n    raise NotImplementedError\n"
MINE = """def f(x):
    total = 0
    for number, entry in enumerate(x):
        if number % 2 == 0:
            total = total + entry * entry
        else:
            total = total - abs(entry) / (number + 1)
    while total > 100:
        total = total / 2 - 1
    return total
"""
OTHER = """def f(x):
    even = sum(entry ** 2 for entry in x[::2])
    odd = sum(abs(x[place]) / (place + 1) for place in range(1, len(x), 2))
    return halved(even - odd)


def halved(value, most=100):
    return value if value <= most else halved(value / 2 - 1)
"""


@pytest.fixture
def listed(tmp_path, monkeypatch):
    """Run the command on a class: texts by student, each a list of attempts."""
    folder = tmp_path / "assignments" / "hw9"
    folder.mkdir(parents=True)
    (folder / "checks.py").write_text(SPEC)
    (folder / "sums.py").write_text(STUB)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def run(works, *options):
        with Gradebook("gradebook.db") as book:
            for student, attempts in works.items():
                for number, text in enumerate(attempts, start=1):
                    files = None if text is None else {"sums.py": text}
                    why = "the archive is damaged" if text is None else ""
                    digest = f"{student}-{number}"
                    book.hand_in(
                        "hw9", [HandIn(student, number, f"{student.title()} X", files=files, digest=digest, unreadable=why)]
                    )
        return CliRunner().invoke(main, ["similar", "hw9", *options])

    return run


CLASS = {"ada": [STUB, MINE], "bob": [MINE.replace("total", "t")], "cleo": [MINE, OTHER], "dan": [None]}


def test_pairs_are_listed_with_names_attempts_and_the_caveat(listed):
    """The newest attempt of each counts; what is found is a lead."""
    result = listed(CLASS)
    assert result.exit_code == 0, result.output
    assert re.search(r"100 % +ada +Ada X +2 +bob +Bob X +1", result.output)
    assert "cleo" not in result.output
    assert "never a verdict" in result.output
    assert "1 of the class have no readable submission" in result.output


def test_the_pages_and_their_index_are_written(listed, tmp_path):
    """One page for each pair, and again over those that were written before."""
    for _ in range(2):
        result = listed(CLASS, "--out", "out")
        assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["index.html", "pair-001.html"]
    assert 'href="pair-001.html"' in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "Ada X" in (tmp_path / "out" / "pair-001.html").read_text(encoding="utf-8")


def test_a_folder_of_somebody_else_is_left_alone(listed, tmp_path):
    """Refused before anything is compared; what was there is there."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.tex").write_text("years")
    result = listed(CLASS, "--out", "out")
    assert result.exit_code == 2
    assert "Received: a folder that holds thesis.tex" in result.output
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.tex"]


def test_a_place_that_cannot_be_written_is_a_sentence(listed, tmp_path):
    """A file where the folder should be."""
    (tmp_path / "out").write_text("a file")
    result = listed(CLASS, "--out", "out")
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert "out cannot be written" in result.output


def test_nothing_in_common_is_said(listed):
    """How many were compared, and at which share."""
    result = listed({"ada": [MINE], "bob": [OTHER]}, "--at-least", "0.8")
    assert (result.exit_code, result.output) == (0, "Of 2 submissions, no two have 80 % or more in common.\n")


def test_the_list_is_cut_and_says_so(listed):
    """Of three pairs one is asked for."""
    result = listed({"ada": [MINE], "bob": [MINE], "cleo": [MINE]}, "--most", "1")
    assert "and 2 more pairs" in result.output


def test_one_student_has_nobody_to_be_compared_with(listed):
    """A sentence, and no table."""
    result = listed({"ada": [MINE]})
    assert (result.exit_code, result.output) == (0, "1 submission: there is nothing to compare.\n")


def test_an_empty_gradebook_is_refused(listed):
    """It says what to do first."""
    result = listed({})
    assert result.exit_code == 2
    assert "gradebook.db has no attempt at 'hw9': grade the class first, with --submissions." in result.output


def test_a_name_that_moves_the_cursor_is_written_out(listed):
    """A student's key may hold anything."""
    result = listed({"a\x1b[2Jda[red]": [MINE], "bob": [MINE]})
    assert "\x1b" not in result.output
    assert "a\\x1b[2Jda[red]" in result.output


def test_the_default_is_the_librarys():
    """What the help says is what a report uses."""
    option = next(option for option in main.commands["similar"].params if option.name == "at_least")
    assert isinstance(option, click.Option)
    assert option.default == AT_LEAST
