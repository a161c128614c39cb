"""What `dlkit lint` prints: a line for each rule, and what to mend below it."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text

from autograder.authoring.lint.finding import Level, Report

MARKS = {True: ("✗", "red"), False: ("✓", "green"), None: ("!", "yellow")}
PLAIN = {"✗": "x", "✓": "+", "!": "!"}


class LintReport:
    """Prints the reports of the rules as they come.

    Args:
        console: where to; its width, colours and encoding are respected.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("", total=None)

    def __enter__(self) -> LintReport:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._progress.stop()

    def title(self, text: str) -> None:
        """An assignment is begun."""
        self._progress.console.print(Text(text, style="bold"))

    def started(self, rule: str) -> None:
        """A rule is looked at."""
        self._progress.reset(self._task, description=rule, total=None)

    def progress(self, done: int, of: int) -> None:
        """So much of the current rule has been looked at."""
        self._progress.update(self._task, completed=done, total=of)

    def report(self, report: Report) -> None:
        """One rule's findings."""
        mark, style = MARKS[True if report.failed else None if report.findings else False]
        if not self._can_write(mark):
            mark = PLAIN[mark]
        console = self._progress.console
        line = Text.assemble((mark, style), " ", (f"{report.rule:<15}", "bold"), report.summary if not report.failed else "")
        line.append(f"  {report.seconds:.1f} s", "dim")
        console.print(line)
        if report.failed and report.summary and report.rule == "mutants":  # figures, which hold whatever was found
            console.print(Padding(report.summary, (0, 0, 0, 4)))
        for finding in report.findings:
            colour = "red" if finding.level is Level.ERROR else "yellow"
            text = Text.assemble((f"{finding.level}: ", colour), (finding.where, "bold"), f": {finding.text}")
            console.print(Padding(text, (0, 0, 0, 4)))

    def _can_write(self, mark: str) -> bool:
        try:
            mark.encode(self.console.encoding)
        except UnicodeEncodeError:
            return False
        return True
