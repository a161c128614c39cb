"""`dlkit grade --explain`: the longer story about a likely mistake, or why there is none."""

from __future__ import annotations

import json

import pytest
from support import SMALL

REFERENCE = (SMALL / "solutions" / "arith" / "arith.py").read_text(encoding="utf-8")
MEAN = ("float(np.sum(x))", "float(np.mean(x)) if len(x) else 0.0")  # total-is-mean
ADDS = ("x * float", "x + float")  # scale-adds
IN_PLACE = (
    "left = {name: stock[name] - sold[name] for name in stock}",
    "left = stock\n    for name in left:\n        left[name] -= sold[name]",
)  # sell-in-place, about which there is a story of ours
UNKNOWN = ("float(np.sum(x))", "float(np.sum(np.sin(37 * x + 1)) * 1.2345 + 0.7 * len(np.ravel(x)) + 0.1)")
STORY = """---
title: The mean is no sum
of: total-is-mean
---
A mean divides by the number of its terms, with `len`, and this sentence goes on until it does not fit into one line.

```
mean = sum / N          a wide drawing, which keeps its shape however narrow the terminal is ■■■■■■■■■■■■■■■
```

```pycon
>>> print(sum([1, 2, 3]), sum([1, 2, 3]) / len([1, 2, 3]), "a long line that has to be copied in one piece")
6 2.0 a long line that has to be copied in one piece
```
"""
TYPED = '        print(sum([1, 2, 3]), sum([1, 2, 3]) / len([1, 2, 3]), "a long line that has to be copied in one piece")\n'


@pytest.fixture
def wrong(copy_of_small):
    """A private small course, whose student's file gets some mistakes; and a story of the author's own."""

    def of(*changes):
        text = REFERENCE
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (copy_of_small / "arith.py").write_text(text, encoding="utf-8")
        (copy_of_small / "stories").mkdir(exist_ok=True)
        (copy_of_small / "stories" / "mean.md").write_text(STORY, encoding="utf-8")
        return copy_of_small

    return of


def test_the_story_stands_below_the_usual_block(dlkit, wrong):
    """Only the check that is named is graded; its story follows what is always said."""
    done = dlkit("grade", wrong(MEAN, ADDS), "--explain", "total")
    assert done.returncode == 1
    likely, title = (done.stdout.index(text) for text in ("likely: That is the mean", "The mean is no sum\n"))
    assert likely < title < done.stdout.index("A mean divides by the number of its terms")
    assert "scale" not in done.stdout
    assert "more:" not in done.stdout


def test_code_and_drawings_are_unbroken(dlkit, wrong):
    """What is to be copied stands in one line without a prompt, a drawing keeps its lines, and what is read is wrapped."""
    done = dlkit("grade", wrong(MEAN), "--explain", "total", env={"COLUMNS": "60", "NO_COLOR": "1"})
    assert f"    try it:\n{TYPED}" in done.stdout
    assert "    it prints:\n        6 2.0 a long line that has to be copied in one piece\n" in done.stdout
    assert "is ■■■■■■■■■■■■■■■\n" in done.stdout
    assert ">>>" not in done.stdout
    assert "\x1b" not in done.stdout


def test_a_terminal_without_utf_8_gets_the_story(dlkit, wrong):
    """Where the encoding lacks a letter, the story is printed all the same."""
    done = dlkit("grade", wrong(MEAN), "--explain", "total", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert done.returncode == 1, done.stderr
    assert TYPED in done.stdout


@pytest.mark.parametrize("seed", ["0", "3"])
def test_a_block_says_how_to_get_its_story(dlkit, wrong, seed):
    """Where there is a story, and only there, the block names the command that tells it, for this very submission."""
    folder = wrong(MEAN, ADDS)
    lines = dlkit("grade", folder, "--submission", folder / "arith.py", "--seed", seed).stdout.splitlines()
    command = f"dlkit grade {folder} --submission {folder / 'arith.py'} --seed {seed} --explain"
    assert [line for line in lines if "more:" in line] == [f"    more: {command} total"]


def test_several_checks_may_be_explained(dlkit, wrong):
    """The option is repeatable, and goes together with `--check`, which explains nothing."""
    done = dlkit("grade", wrong(MEAN, IN_PLACE, ADDS), "--explain", "total", "--explain", "sell", "--check", "scale")
    assert [done.stdout.count(text) for text in ("The mean is no sum", "The caller's array", "likely: You add")] == [1, 0, 1]
    assert "`sell` gave no answer that could be explained. Read what stopped it." in " ".join(done.stdout.split())


def test_a_story_of_ours_is_told(dlkit, wrong):
    """A misconception that ends like one of ours has our story, unless its author has one."""
    folder = wrong(IN_PLACE)
    assert "The caller's array\n" in dlkit("grade", folder, "--explain", "sell").stdout
    (folder / "stories" / "sell.md").write_text("---\ntitle: Stock that is gone\nof: sell-in-place\n---\nText.\n")
    done = dlkit("grade", folder, "--explain", "sell")
    assert "Stock that is gone\n" in done.stdout
    assert "The caller's array" not in done.stdout


OUTCOMES = {
    "passed": ((), "total", "`total` passed: there is nothing to explain."),
    "a reason without a story": ((ADDS,), "scale", "About this mistake there is no story beyond the sentence above."),
    "no reason": ((UNKNOWN,), "total", "No reason is known for this answer, so there is no story about it. Run the call under"),
    "a rule": ((("x * float", "np.multiply(x, 1.0) * float"),), "scale", "`scale` uses something that is not allowed here."),
    "not started": ((("return float(np.sum(x))", "raise NotImplementedError"),), "total", "`total` is not started yet:"),
}


@pytest.mark.parametrize("changes, name, sentence", OUTCOMES.values(), ids=OUTCOMES)
def test_where_there_is_no_story_it_is_said(dlkit, wrong, changes, name, sentence):
    """Whatever became of the check, there is a sentence, beside what the block says."""
    said = " ".join(dlkit("grade", wrong(*changes), "--explain", name).stdout.split())
    assert sentence in said
    assert ("hint: Add every entry up." in said) == ("No reason" in sentence)


def test_a_broken_story_is_told(dlkit, wrong):
    """An author's story that cannot be read is named in a sentence, and the work is graded all the same."""
    folder = wrong(MEAN)
    (folder / "stories" / "mean.md").write_text("---\nof: total-is-mean\n---\nText.\n")
    done = dlkit("grade", folder, "--explain", "total")
    assert "About this mistake there is no story beyond the sentence above." in done.stdout
    assert (
        done.stderr
        == f"dlkit: the story {folder / 'stories' / 'mean.md'} cannot be read: it has no title; expected a line "
        + ("such as `title: A sum for a mean`.\n")
    )
    assert dlkit("grade", folder).stderr == ""


REFUSED = {
    "a class": (["--explain", "total", "--submissions", "inbox"], "--explain cannot be used with --submissions."),
    "watching": (["--explain", "total", "--watch"], "--explain cannot be used with --watch."),
    "no such check": (["--explain", "totl"], "arith has no check 'totl'. Did you mean 'total'?"),
}


@pytest.mark.parametrize("arguments, sentence", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_explained_is_refused(dlkit, wrong, arguments, sentence):
    """Wrong usage is told before anything runs."""
    done = dlkit("grade", wrong(), *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr


def test_the_grade_stays_json(dlkit, wrong):
    """With `--json -` the story is on stderr, and stdout is one JSON object."""
    done = dlkit("grade", wrong(MEAN), "--explain", "total", "--json", "-")
    assert [check["name"] for check in json.loads(done.stdout)["checks"]] == ["total", "light"]
    assert "The mean is no sum" in done.stderr
