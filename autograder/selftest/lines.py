"""What an examination and a self-test found, a line each, in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.sandbox.probe import Finding
from autograder.selftest.trial import Trial

ABOUT_WIDTH = 12
TRIAL_WIDTH = 18
TO_DO = {"missing": "to get it", "mixed": "to mend it"}  # what stands before the remedy, by the finding's word


def print_finding(console: Console, finding: Finding) -> None:
    """One line of the doctor's: symbol, word, what it is about, the sentence; what to do below it."""
    symbol, word, style = ("✓", "ok", "green") if finding.fine else ("✗", finding.word, "red" if finding.needed else "yellow")
    if "utf" not in console.encoding.lower():
        symbol = "+" if finding.fine else "x"
    head = Text.assemble((f"{symbol} {word:<8}", style), f"{finding.about:<{ABOUT_WIDTH}} ")
    console.print(_hanging(head, Text(finding.sentence)))
    if not finding.fine and finding.remedy:
        what = f"{TO_DO.get(finding.word, 'to do')}: {finding.remedy}"
        console.print(_hanging(Text(" " * (10 + ABOUT_WIDTH + 1)), Text(what, style="dim")))


def print_trial(console: Console, trial: Trial) -> None:
    """One hostile program of the self-test: what it tried, and how it ended or what it got through with."""
    symbol, word, style = ("✗", "through", "red") if trial.wrong else ("✓", "held", "green")
    if "utf" not in console.encoding.lower():
        symbol = "x" if trial.wrong else "+"
    head = Text.assemble((f"{symbol} {word:<8}", style), f"{trial.program.name:<{TRIAL_WIDTH}} ")
    ended = "; ".join(trial.wrong) or f"{trial.outcome.replace('_', ' ')}"
    console.print(_hanging(head, Text.assemble(f"{trial.program.tries} ", (ended, style))))


def _hanging(head: Text, text: Text) -> Table:
    """A head and a text beside it, whose lines stay beside it."""
    row = Table.grid(padding=0)
    row.add_column(no_wrap=True)
    row.add_column()
    row.add_row(head, text)
    return row
