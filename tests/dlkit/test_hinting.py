"""`dlkit hint`: one level after another, kept beside the work, in a terminal and in a notebook."""

from __future__ import annotations

import shutil

import pytest
from click.testing import CliRunner
from support import SMALL

import dlkit as kit
from autograder.submission import take_in
from autograder.submission.responses import HINT
from dlkit.cli import main

LEVELS = 'levels=("Which entries?", "Add them (eq. 1).", "s = x_1 + ... + x_n"), points=6, hint="Add every entry up."'


@pytest.fixture
def arith(tmp_path, monkeypatch):
    """The small course, in which `total` is derived."""
    shutil.copytree(SMALL / "assignments", tmp_path / "assignments")
    folder = tmp_path / "assignments/arith"
    spec = (folder / "checks.py").read_text().replace('points=6, hint="Add every entry up."', LEVELS)
    (folder / "checks.py").write_text(spec)
    (folder / "arith.py").write_text("def total(x):\n    raise NotImplementedError\n")
    monkeypatch.chdir(tmp_path)
    return folder


def hint(*arguments):
    """Run the command."""
    return CliRunner().invoke(main, ["hint", *arguments])


def test_each_call_gives_one_more(arith):
    """A question, then the step, then the formula, and then no more."""
    said = [hint("arith", "total").output for _ in range(4)]
    assert "Add them" not in said[0] and "1 of 3, a question: Which entries?" in said[0]
    assert "2 of 3, the step: Add them (eq. 1)." in said[1] and "x_n" not in said[1]
    assert "3 of 3, the formula: s = x_1 + ... + x_n" in said[2] and "That was the last hint" in said[2]
    assert said[3] == said[2]


def test_what_was_taken_is_kept_and_handed_in(arith):
    """The last level of each function lies beside the work, where a submission has it."""
    hint("arith", "total", "--level", "2")
    hint("arith", "total", "--level", "1")
    (response,) = take_in(arith, ["arith.py"]).responses
    assert (response.kind, response.question, response.answer) == (HINT, "total", "2")
    assert "total: 2 of 3 hints taken" in hint("arith").output


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (
            ("arith", "scale"),
            "There is nothing to derive for scale: its docstring has the definition. There are hints for: total.",
        ),
        (("arith", "totl"), "arith has no function 'totl'. Did you mean 'total'?"),
        (("arith", "--level", "2"), "--level needs a FUNCTION."),
    ],
    ids=["nothing to derive", "a slip of the pen", "a level of nothing"],
)
def test_a_hint_that_there_is_not_is_a_sentence(arith, arguments, sentence):
    """What is wrong and what there is; nothing is written."""
    done = hint(*arguments)
    assert (done.exit_code, sentence in done.output) == (2, True)
    assert not (arith / "hints.toml").exists()


@pytest.mark.parametrize("text", ["not toml [", '[[response]]\nquestion = "total"\nanswer = "9"\n'], ids=["damaged", "no level"])
def test_a_damaged_file_is_not_overwritten(arith, text):
    """Nothing that a student wrote is lost."""
    (arith / "hints.toml").write_text(text)
    done = hint("arith", "total")
    assert (done.exit_code, "hints.toml" in done.output) == (2, True)
    assert (arith / "hints.toml").read_text() == text


def test_a_notebook_has_the_same_hints(arith, capsys):
    """`dlkit.hint` prints them, and keeps which were taken."""
    kit.hint("total", assignment="assignments/arith")
    assert capsys.readouterr().out == "1 of 3, a question: Which entries?\n"
    kit.hint("total", 7, assignment="assignments/arith")
    assert "`level` must be from 1 to 3. Received: 7." in capsys.readouterr().out
    assert (arith / "hints.toml").is_file()
