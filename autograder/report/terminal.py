"""The report in a terminal: one line a check while it runs, then what to look at, then the total."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console, Group
from rich.live import Live
from rich.padding import Padding
from rich.spinner import Spinner
from rich.text import Text

from autograder.outcome import CheckResult, Grade, Outcome
from autograder.report.words import SYMBOLS, Block, line, words

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
