"""The report in a terminal: one line a check while it runs, then what to look at, then the total."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.padding import Padding
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from autograder.outcome import CheckResult, Grade, Outcome
from autograder.report.words import SYMBOLS, Block, line, words

if TYPE_CHECKING:
    from autograder.sandbox.probe import Finding
    from autograder.selftest.trial import Trial

STYLES = {
    Outcome.PASSED: "green",
    Outcome.PARTIAL: "yellow",
    Outcome.FAILED: "red",
    Outcome.NOT_STARTED: "dim",
    Outcome.SKIPPED: "dim",
    Outcome.CRASHED: "red",
    Outcome.TIMED_OUT: "red",
    Outcome.OUT_OF_MEMORY: "red",
    Outcome.OVER_LIMIT: "red",
    Outcome.RULE_BROKEN: "red",
    Outcome.GRADER_ERROR: "magenta",
}
WORD_WIDTH = max(len(outcome.words) for outcome in Outcome)
ABOUT_WIDTH = 12
TRIAL_WIDTH = 18


def print_finding(console: Console, finding: Finding) -> None:
    """One line of the doctor's: symbol, word, what it is about, the sentence; what to do below it."""
    symbol, word, style = ("✓", "ok", "green") if finding.fine else ("✗", "missing", "red" if finding.needed else "yellow")
    if "utf" not in console.encoding.lower():
        symbol = "+" if finding.fine else "x"
    head = Text.assemble((f"{symbol} {word:<8}", style), f"{finding.about:<{ABOUT_WIDTH}} ")
    console.print(_hanging(head, Text(finding.sentence)))
    if not finding.fine and finding.remedy:
        console.print(_hanging(Text(" " * (10 + ABOUT_WIDTH + 1)), Text(f"to get it: {finding.remedy}", style="dim")))


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


class TerminalReport:
    """Prints one grading as it happens.

    Args:
        console: where to; its width, colours and encoding are respected.
        title: what is graded, such as "hw2: The XOR network".
        of: how many checks there will be.
        module: the name to import the student's functions from.
    """

    def __init__(self, console: Console, title: str, of: int, module: str) -> None:
        self.console = console
        self.title = title
        self.of = of
        self.module = module
        self.done = 0
        self.plain = "utf" not in console.encoding.lower()
        self._spinner = Spinner("line" if self.plain else "dots", Text("starting Python and its libraries", style="dim"))
        self._live = Live(self._spinner, console=console, transient=True, refresh_per_second=8, auto_refresh=console.is_terminal)

    def __enter__(self) -> TerminalReport:
        self.console.print(Text(self.title, style="bold"))
        self.console.print()
        self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.console.is_terminal:
            self._live.stop()

    def start(self, name: str) -> None:
        """A check begins."""
        self._spinner.update(text=Text(f"{name} ({self.done + 1} of {self.of})", style="dim"))

    def line(self, result: CheckResult) -> None:
        """A check has ended: its line."""
        self.done += 1
        said = line(result)
        style = STYLES[said.outcome]
        text = Text.assemble(
            "  ",
            (self._symbol(said.outcome), style),
            (f" {said.outcome.words:<{WORD_WIDTH}} ", style),
            f"{said.score:>5}/{said.max_score:<4} ",
            said.name,
        )
        self.console.print(text, no_wrap=True, overflow="ellipsis")

    def details(self, grade: Grade) -> None:
        """What to look at, and the total."""
        said = words(grade, self.module)
        for note in said.notes:
            self.console.print(Text(f"\nNote: {note}", style="yellow"))
        for block in said.blocks:
            self._block(block)
        if said.waiting:
            self.console.print(Text(f"\n{said.waiting}", style="dim"))
        self.console.print()
        points = (said.points, "bold green" if said.perfect else "bold")
        self.console.print(Text.assemble(points, f"   {said.passed}", (f"   {said.seconds}", "dim")))
        if said.fault:
            self.console.print(Text(said.fault, style="magenta"))

    def _block(self, block: Block) -> None:
        head = Text.assemble("\n", (self._symbol(block.outcome), STYLES[block.outcome]), " ", (block.title, "bold"))
        body = [Text.assemble((f"{label}: " if label else "", "dim"), text) for label, text in block.rows]
        self.console.print(head, Padding(Group(*body), (0, 0, 0, 4), expand=False), sep="\n")
        if block.code:
            self.console.print(Text("    see it:", style="dim"))
            for code in block.code:
                self.console.print(Text(f"        {code}", style="cyan"), soft_wrap=True)  # unbroken, to be copied

    def _symbol(self, outcome: Outcome) -> str:
        return SYMBOLS[outcome][1 if self.plain else 0]
