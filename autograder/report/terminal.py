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

if TYPE_CHECKING:
    from autograder.sandbox.probe import Finding
    from autograder.selftest.trial import Trial

LOOK = {  # symbol, its plain form, style; the word is always beside it
    Outcome.PASSED: ("✓", "+", "green"),
    Outcome.PARTIAL: ("◐", "~", "yellow"),
    Outcome.FAILED: ("✗", "x", "red"),
    Outcome.NOT_STARTED: ("○", "o", "dim"),
    Outcome.SKIPPED: ("–", "-", "dim"),
    Outcome.CRASHED: ("✗", "x", "red"),
    Outcome.TIMED_OUT: ("✗", "x", "red"),
    Outcome.OUT_OF_MEMORY: ("✗", "x", "red"),
    Outcome.OVER_LIMIT: ("✗", "x", "red"),
    Outcome.RULE_BROKEN: ("✗", "x", "red"),
    Outcome.GRADER_ERROR: ("!", "!", "magenta"),
}
WORD_WIDTH = max(len(outcome.words) for outcome in Outcome)
PRINTED_LINES = 4


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
        score = "–" if result.score is None else f"{result.score:g}"
        text = Text.assemble(
            "  ",
            (self._symbol(result.outcome), LOOK[result.outcome][2]),
            (f" {result.outcome.words:<{WORD_WIDTH}} ", LOOK[result.outcome][2]),
            f"{score:>5}/{result.max_score:<4g} ",
            result.name,
        )
        self.console.print(text, no_wrap=True, overflow="ellipsis")

    def details(self, grade: Grade) -> None:
        """What to look at, and the total."""
        for notice in grade.notices:
            self.console.print(Text(f"\nNote: {notice}; what depends on that line cannot work.", style="yellow"))
        shared = {check.message for check in grade.checks}
        if len(shared) == 1 and len(grade.checks) > 1 and grade.checks[0].message and not grade.checks[0].judged:
            self._block("Nothing could be judged", [("", grade.checks[0].message)], Outcome.GRADER_ERROR)
        elif len(shared) == 1 and len(grade.checks) > 1 and grade.checks[0].message:
            self._block("Nothing could be run", [("", grade.checks[0].message)], grade.checks[0].outcome)
        else:
            explained: set[str] = set()
            for check in grade.checks:
                self._explain(check, explained)
        self._total(grade)

    def _explain(self, check: CheckResult, explained: set[str]) -> None:
        if check.outcome in (Outcome.PASSED, Outcome.NOT_STARTED):
            return
        score = "not judged" if check.score is None else f"{check.score:g} of {check.max_score:g} points"
        rows = [("", check.message)]
        if check.explanation:
            again = check.misconception in explained
            rows.append(("likely", "the same mistake as above" if again else check.explanation))
            explained.add(check.misconception or "")
        elif check.hint:
            rows.append(("hint", check.hint))
        first = check.first_wrong
        others = [case.name for case in check.cases if case.outcome is not Outcome.PASSED and case is not first]
        if check.outcome in (Outcome.SKIPPED, Outcome.GRADER_ERROR):
            others = []
        if others:
            rows.append(("also", f"{len(others)} more of {len(check.cases)} cases: {'; '.join(others)}"))
        printed = [line for line in (first.printed if first else "").splitlines() if line.strip()]
        if printed:
            rows.append(("printed", "\n".join(printed[:PRINTED_LINES]) + ("\n…" if len(printed) > PRINTED_LINES else "")))
        self._block(f"{check.name} ({score})", rows, check.outcome)
        if first and first.see:
            self.console.print(Text("    see it:", style="dim"))
            for code in (f"from {self.module} import *", *first.see.splitlines()):
                self.console.print(Text(f"        {code}", style="cyan"), soft_wrap=True)  # unbroken, to be copied

    def _block(self, title: str, rows: list[tuple[str, str]], outcome: Outcome) -> None:
        head = Text.assemble("\n", (self._symbol(outcome), LOOK[outcome][2]), " ", (title, "bold"))
        body = [Text.assemble((f"{label}: " if label else "", "dim"), text) for label, text in rows if text]
        self.console.print(head, Padding(Group(*body), (0, 0, 0, 4), expand=False), sep="\n")

    def _total(self, grade: Grade) -> None:
        waiting = [check.name for check in grade.checks if check.outcome is Outcome.NOT_STARTED]
        if waiting:
            self.console.print(Text(f"\nNot started yet: {', '.join(waiting)}.", style="dim"))
        passed = sum(check.outcome is Outcome.PASSED for check in grade.checks)
        style = "bold green" if grade.perfect else "bold"
        self.console.print()
        self.console.print(
            Text.assemble(
                (f"{grade.score:g} of {grade.max_score:g} points", style),
                f"   {passed} of {len(grade.checks)} checks passed",
                (f"   {grade.seconds:.1f} s", "dim"),
            )
        )
        if grade.faults:
            lost = sum(check.max_score for check in grade.faults)
            self.console.print(
                Text(
                    f"{len(grade.faults)} of the checks could not be judged. That is the grader's fault, not the "
                    f"submission's: their {lost:g} points are left out of the total. Please tell your instructor.",
                    style="magenta",
                )
            )

    def _symbol(self, outcome: Outcome) -> str:
        return LOOK[outcome][1 if self.plain else 0]
