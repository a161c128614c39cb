"""The report in a terminal: one line a check while it runs, then what to look at, then the total."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from types import TracebackType

from rich.console import Console, Group
from rich.live import Live
from rich.padding import Padding
from rich.spinner import Spinner
from rich.text import Text

from autograder.outcome import CheckResult, Grade, Outcome
from autograder.report.stories import Kind, Story
from autograder.report.words import BONUS, MORE, SYMBOLS, Block, explained, line, prose, words

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
    Outcome.TO_MARK: "cyan",
}
WORD_WIDTH = max(len(outcome.words) for outcome in Outcome)


class TerminalReport:
    """Prints one grading as it happens.

    Args:
        console: where to; its width, colours and encoding are respected.
        title: what is graded, such as "hw2: The XOR network".
        of: how many checks there will be.
        module: the name to import the student's functions from.
        folder: of the assignment, for its own stories.
        command: how the work is graded again, such as "dlkit grade assignments/hw2".
        bonus: whether some of the checks give bonus points, and their lines say so.
    """

    def __init__(
        self,
        console: Console,
        title: str,
        of: int,
        module: str,
        folder: Path | None = None,
        command: str = "",
        *,
        bonus: bool = False,
    ) -> None:
        self.console = console
        self.title = title
        self.of = of
        self.module = module
        self.folder = folder
        self.command = command
        self.width = WORD_WIDTH + len(BONUS) * bonus
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
            (f" {said.word:<{self.width}} ", style),
            f"{said.score:>5}/{said.max_score:<4} ",
            said.name,
        )
        self.console.print(text, no_wrap=True, overflow="ellipsis")

    def details(self, grade: Grade, explain: Collection[str] = ()) -> None:
        """What to look at, the longer story of the checks of these names, and the total."""
        said = words(grade, self.module, self.folder, self.command)
        for note in said.notes:
            self.console.print(Text(f"\nNote: {note}", style="yellow"))
        for block in said.blocks:
            self._block(block, with_more=not explain)
        for check in grade.checks:
            if check.name in explain:
                self._explain(check)
        if said.waiting:
            self.console.print(Text(f"\n{said.waiting}", style="dim"))
        self.console.print()
        points = (said.points, "bold green" if said.perfect else "bold")
        self.console.print(Text.assemble(points, f"   {said.passed}", (f"   {said.seconds}", "dim")))
        if said.fault:
            self.console.print(Text(said.fault, style="magenta"))

    def _block(self, block: Block, *, with_more: bool) -> None:
        head = Text.assemble("\n", (self._symbol(block.outcome), STYLES[block.outcome]), " ", (block.title, "bold"))
        body = [Text.assemble((f"{label}: " if label else "", "dim"), text) for label, text in block.rows]
        self.console.print(head, Padding(Group(*body), (0, 0, 0, 4), expand=False), sep="\n")
        if block.more and with_more:
            self.console.print(Text.assemble((f"    {MORE}: ", "dim"), (block.more, "cyan")), soft_wrap=True)
        if block.code:
            self.console.print(Text("    see it:", style="dim"))
            self._lines("\n".join(block.code), "cyan")

    def _explain(self, check: CheckResult) -> None:
        """The longer story about one check, or why there is none."""
        story = explained(check, self.folder)
        if not isinstance(story, Story):
            self.console.print(Text("\n").append_text(_said(story)))
            return
        self.console.print(Text.assemble("\n", (story.title, "bold")))
        if check.explanation.startswith("(1)"):
            self.console.print(Padding(Text("This is about (1).", style="dim"), (0, 0, 0, 4), expand=False))
        for part in story.parts:
            if part.kind is Kind.TEXT:
                self.console.print(Padding(_said(part.text), (1, 0, 0, 4), expand=False))
                continue
            self.console.print(Text("" if part.kind is Kind.FIGURE else f"\n    {part.kind}:", style="dim"))
            self._lines(part.text, "cyan" if part.kind is Kind.CODE else "")

    def _lines(self, text: str, style: str) -> None:
        """Lines as they stand, unbroken: a drawing keeps its shape, and code can be copied."""
        for one in text.splitlines():
            self.console.print(Text(f"        {one}" if one else "", style=style), soft_wrap=True)

    def _symbol(self, outcome: Outcome) -> str:
        return SYMBOLS[outcome][1 if self.plain else 0]


def _said(text: str) -> Text:
    """A sentence, with its names of code in colour where there is one, and between backticks everywhere."""
    return Text.assemble(*((f"`{part}`", "cyan") if is_code else part for is_code, part in prose(text)))
