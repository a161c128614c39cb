"""The grading of a class as it is told while it goes on."""

from __future__ import annotations

import io

import pytest
from marking import mark

from autograder.classroom.gradebook import HandIn, Row, Run
from autograder.classroom.marks import Mark
from autograder.classroom.run import Tally
from autograder.inbox.people import Person
from autograder.report import progress as progress_module
from autograder.report.console import PlainConsole
from autograder.report.progress import ClassReport, print_history, print_marks, print_runs

WHY = "sigmoid: timed out: no answer within 10 s: is there an infinite loop? " + "and more " * 20


@pytest.mark.parametrize("terminal, whole", [(True, False), (False, True)], ids=["a terminal", "a file or a pipe"])
def test_a_line_for_who_needs_a_look(terminal, whole):
    """It is one line in either; a terminal's ends where the terminal does, a log's where the sentence does."""
    out = io.StringIO()
    report = ClassReport(PlainConsole(file=out, width=60, force_terminal=terminal, color_system=None), "hw9")
    report.look("ada", WHY)
    line = next(line for line in out.getvalue().splitlines() if "ada" in line)
    assert line.startswith("! ada  sigmoid: timed out")
    assert line.rstrip().endswith(WHY.rstrip()) is whole
    assert (len(line.rstrip()) > 60) is whole


MARKUP = "Ada [/b] [a-z] [red]x[/red] :smile: [link=http://evil]y"


def printed(draw):
    """What something prints on a wide console."""
    out = io.StringIO()
    draw(PlainConsole(file=out, width=300, color_system=None))
    return out.getvalue()


def table(console):
    print_marks(console, [Mark(Person(MARKUP, MARKUP), None, None, MARKUP)])


def runs(console):
    print_runs(console, [Run(1, MARKUP, "2026-10-26T11:00:00+00:00", "c", 3)])


def history(console):
    row = Row(MARKUP, MARKUP, 1, False, "", "", MARKUP, None, assignment=MARKUP)
    print_history(console, MARKUP, [row], {MARKUP: Mark(Person(MARKUP), None, row, MARKUP)})


def look(console):
    ClassReport(console, MARKUP).look(MARKUP, MARKUP)


def progress(console):
    report = ClassReport(console, "hw9")
    with report:
        report._progress.update(report._task, description=MARKUP)


def sentence(console):
    console.print(f"passed over: {MARKUP}", style="dim")


@pytest.mark.parametrize("draw", [table, runs, history, look, sentence])
def test_what_others_wrote_is_printed_as_it_is(draw):
    """Names, ids and sentences with square brackets or colons are no markup, in lines and in tables."""
    assert MARKUP in printed(draw)


def test_a_progress_bar_takes_no_markup():
    """What stands beside a bar is text, too."""
    out = io.StringIO()
    progress(PlainConsole(file=out, width=300, force_terminal=True, color_system=None))
    assert MARKUP in out.getvalue()


@pytest.mark.parametrize("draw", [table, runs, history, look, sentence])
def test_nothing_that_is_printed_commands_the_terminal(draw, monkeypatch):
    """An escape sequence or a letter that turns text around is shown by its number."""
    monkeypatch.setitem(globals(), "MARKUP", "a\x1b[2J\x9b31m\u202eb")
    text = printed(draw)
    assert "a\\x1b[2J\\x9b31m\\u202eb" in text
    assert not set(text) & set("\x1b\x9b\u202e")


def test_a_mark_that_is_not_known_is_no_number():
    """Nothing judged, or not all: no points stand there, and the maximum is the whole's."""
    lines = printed(lambda console: print_marks(console, [mark("ada", None, None), mark("bob", 50.0, None)])).splitlines()
    assert [line.split()[:4] for line in lines[1:3]] == [["ada", "-", "-", "100"], ["bob", "-", "-", "100"]]


def test_off_a_terminal_progress_is_a_plain_line_now_and_then(monkeypatch):
    """No bar, no control code; and not a line for each result."""
    monkeypatch.setattr(progress_module, "QUIET_SECONDS", 0.0)
    out = io.StringIO()
    report = ClassReport(PlainConsole(file=out, width=60, force_terminal=False), "hw9")
    graded = mark("ada", 8.0).row.grade
    with report:
        report.result(HandIn("ada"), graded, Tally(of=300, graded=1), "")
        monkeypatch.setattr(progress_module, "QUIET_SECONDS", 1000.0)
        report.result(HandIn("bob"), graded, Tally(of=300, graded=2), "")
    lines = [line for line in out.getvalue().splitlines() if "of 300 done" in line]
    assert len(lines) == 1
    assert lines[0].startswith("1 of 300 done, ")
    assert lines[0].isprintable()
