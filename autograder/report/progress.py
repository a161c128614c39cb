"""The report of a class in a terminal: progress while it is graded, who needs a look, and how it went."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
)
from rich.text import Text

from autograder.outcome import total
from autograder.report.console import Rows, print_rows
from autograder.report.pace import Pace

if TYPE_CHECKING:
    from autograder.classroom.changes import Change
    from autograder.classroom.gradebook import HandIn, Row, Run
    from autograder.classroom.marks import Mark
    from autograder.classroom.run import Tally
    from autograder.outcome import Grade
    from autograder.report.log import Log

BANDS = ((0, 50), (50, 80), (80, 100))  # percent of the points; all of them are a band of their own
FULL = 100
LONGEST = 24  # names and reasons listed at the end
SHOWN_SECONDS = 0.5  # between two counts on a terminal
QUIET_SECONDS = 30.0  # between two lines about how far it is, where there is no terminal to draw a bar on


class Rate(ProgressColumn):
    """How many submissions a minute, and how long the others will take."""

    def render(self, task: Task) -> Text:
        """The rate, once there is one."""
        pace: Pace = task.fields["pace"]
        if not pace.a_minute:
            return Text("")
        left = pace.left(int((task.total or 0) - task.completed))
        return Text(f"{pace.a_minute:.0f}/min{f', {left}' if left else ''}", style="dim")


class ClassReport:
    """Prints the grading of a class as it happens: with a bar on a terminal, in a plain line now and then elsewhere.

    Args:
        console: where to; its width, colours and encoding are respected.
        title: what is graded.
        log: the log that all of it goes to as well; None for none.
    """

    def __init__(self, console: Console, title: str, log: Log | None = None) -> None:
        self.console = console
        self.log = log
        self.percents: dict[str, float] = {}
        self._started = self._told = time.monotonic()
        self._progress = Progress(
            SpinnerColumn(),
            BarColumn(),
            MofNCompleteColumn(),
            Rate(),
            TextColumn("{task.description}", markup=False),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._pace = Pace()
        self._task = self._progress.add_task("", total=None, pace=self._pace)
        console.print(Text(title, style="bold"))
        self._note("begin", title)

    def __enter__(self) -> ClassReport:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._progress.stop()

    def result(self, handed: HandIn, grade: Grade, tally: Tally, look: str) -> None:
        """One result has been written; `look` says why somebody should look at it, or is ""."""
        student = handed.student
        if grade.max_score and not grade.faults:
            self.percents[student] = max(100 * grade.capped / grade.max_score, self.percents.get(student, 0.0))
        self._pace.saw(tally.graded)
        self._progress.update(self._task, total=tally.of, completed=tally.done)
        if self.log:
            self.log.result(handed, grade, look)
        if look:
            self._look(student, look)
        self._say_how_far(tally)

    def look(self, student: str, why: str) -> None:
        """One line for a submission that somebody should look at; in a file or a pipe all of it."""
        self._note("look", f"{student}  {why}")
        self._look(student, why)

    def tell(self, sentence: str, style: str = "") -> None:
        """A line about the whole."""
        self._note("note", sentence)
        self.console.print(Text(sentence, style=style))

    def _note(self, kind: str, sentence: str) -> None:
        if self.log:
            self.log.note(kind, sentence)

    def _say_how_far(self, tally: Tally) -> None:
        """How far it is, unless that was said just now: of a large class, it takes longer to count than to write a result."""
        now = time.monotonic()
        if self.console.is_terminal:
            if now - self._told >= SHOWN_SECONDS or tally.done in (1, tally.of):
                self._told = now
                self._progress.update(self._task, description=distribution(self.percents.values()))
            return
        if now - self._told < QUIET_SECONDS or tally.done >= tally.of:
            return
        self._told = now
        described = distribution(self.percents.values())
        left = self._pace.left(tally.of - tally.done)
        pace = f", {self._pace.a_minute:.0f} a minute{f', {left}' if left else ''}"
        self.console.print(f"{tally.done} of {tally.of} done{pace}.  {described}", soft_wrap=True)

    def _look(self, student: str, why: str) -> None:
        line = Text.assemble(("! ", "yellow"), (student, "bold"), f"  {why}")
        if self.console.is_terminal:
            self._progress.console.print(line, no_wrap=True, overflow="ellipsis")
        else:
            self.console.print(line, soft_wrap=True)

    def summary(self, tally: Tally, percents: Sequence[float], gradebook: str) -> None:
        """How it went, in a few lines; `percents` are of each student's points."""
        seconds = time.monotonic() - self._started
        parts = [f"{tally.graded} graded"]
        parts += [f"{tally.standing} graded before"] if tally.standing else []
        parts += [f"{tally.outdated} graded before with another spec, reference or seed"] if tally.outdated else []
        parts += [f"{len(tally.unreadable)} without a file to grade"] if tally.unreadable else []
        rate = f", {60 * tally.graded / seconds:.0f} a minute" if tally.graded > 1 else ""
        sentence = f"{'; '.join(parts)}. {seconds:.0f} s{rate}. Gradebook: {gradebook}"
        self.console.print(f"\n{sentence}")
        self._note("stopped" if tally.stopped else "end", sentence)
        if percents:
            students = f"{len(percents)} student{'s' * (len(percents) != 1)}, by the attempt that counts"
            whose = f" ({students})" if tally.of - len(tally.unreadable) > len(percents) else ""
            self.console.print(f"Median {statistics.median(percents):.0f} % of the points{whose}.  {distribution(percents)}")
        if tally.outdated:
            self.console.print("To preview and grade these again, add --regrade.", style="dim")
        if tally.not_kept:
            self.console.print(f"{tally.not_kept} had answers too large to store, so a regrade runs them again.", style="dim")
        if tally.stopped:
            self.console.print("Stopped; results so far are saved. Rerun the command to resume.", style="yellow")


def print_changes(console: Console, changes: Iterable[Change]) -> int:
    """What is different, student by student; how many are."""
    count = 0
    for change in changes:
        count += 1
        grades = (change.before, change.after)
        before, after = (grade.brief if grade else "no grade" for grade in grades)
        attempt = f" (attempt {change.number})" if change.number > 1 else ""
        console.print(Text.assemble((f"{change.student}{attempt}", "bold"), f"  {before} → {after}"))
        for sentence in change.sentences:
            console.print(f"    {sentence}", style="dim")
    return count


def print_marks(console: Console, marks: Sequence[Mark]) -> None:
    """A table of marks; beside each, what became of the raw score; below, what is so for everybody."""
    finals = [mark.final for mark in marks if mark.final]
    of_all = [one for one in finals[0].sentences if all(one in final.sentences for final in finals)] if len(finals) > 1 else []
    table = Rows("student", "name", numbers=("raw", "mark", "of"))
    table.add_words("because", style="dim")
    for mark in sorted(marks, key=lambda mark: mark.left):
        final = mark.final
        if final is None:
            table.add_row(mark.student, mark.name, "-", "-", "-", "; ".join(mark.sentences))
        else:
            raw = known(final.raw) if final.attempt.handed_in else "-"
            numbers = [raw, known(final.mark), known(final.most)]
            table.add_row(mark.student, mark.name, *numbers, "; ".join(one for one in mark.sentences if one not in of_all))
    print_rows(console, table)
    console.print(f"\n{counted(marks)}.")
    if of_all:
        console.print(f"\nEverybody: {'; '.join(of_all)}", style="dim")


def print_side_by_side(console: Console, names: Sequence[str], by_student: Mapping[str, Mapping[str, Mark]]) -> None:
    """A table of marks with a column for each assignment; the marks are by student and assignment."""
    finals = {name: {student: theirs[name].final for student, theirs in by_student.items() if name in theirs} for name in names}
    points = {name: {final.most for final in finals[name].values() if final} for name in names}
    table = Rows(
        "student", "name", numbers=(f"{name}\nof {known(*most)}" if len(most) == 1 else name for name, most in points.items())
    )
    table.add_words("notes", style="dim")
    for student, theirs in by_student.items():
        cells = [
            known(final.mark) + (f"/{known(final.most)}" if len(points[name]) > 1 else "")
            if (final := finals[name].get(student))
            else "-"
            for name in names
        ]
        some = next(iter(theirs.values()))
        notes = [f"{name}: {mark.excused or mark.why}" for name, mark in theirs.items() if mark.excused or not mark.final]
        table.add_row(student, some.name, *cells, "; ".join((["left the class: not counted"] if some.left else []) + notes))
    print_rows(console, table)
    console.print()
    for name in names:
        console.print(f"{name}: {counted([theirs[name] for theirs in by_student.values() if name in theirs])}.")
    console.print("`dlkit marks ASSIGNMENT` explains each mark.", style="dim")


def counted(marks: Sequence[Mark]) -> str:
    """How many students and submissions there are, in words: "5 students, 3 submissions; 1 left the class"."""
    there = [mark for mark in marks if not mark.left]
    works = {(min(mark.row.everybody), mark.row.number, mark.row.origin) for mark in there if mark.row}
    numbers = ((len(there), "student"), (len(works), "submission"))
    left = len(marks) - len(there)
    said = ", ".join(f"{number} {noun}{'s' * (number != 1)}" for number, noun in numbers)
    return said + (f"; {left} left the class" if left else "")


def print_runs(console: Console, runs: Sequence[Run]) -> None:
    """Every grading of a class; a star where the circumstances are others than in the grading before of the same assignment."""
    table = Rows(numbers=["grading"])
    table.add_words("assignment", "begun")
    table.add_numbers("results")
    table.add_words("")
    before: dict[str, str] = {}
    for run in runs:
        other = before.get(run.assignment, run.circumstances) != run.circumstances
        note = "another spec, reference, seed or version" if other else ""
        table.add_row(str(run.id), run.assignment, moment(run.started), str(run.results), note)
        before[run.assignment] = run.circumstances
    print_rows(console, table)


def print_history(console: Console, student: str, rows: Sequence[Row], marks: Mapping[str, Mark]) -> None:
    """A student's attempts, each grading of each, and what counts."""
    name = next((mark.name for mark in marks.values() if mark.name), "")
    console.print(Text(f"{student}{f', {name}' if name else ''}", style="bold"))
    if not rows and not marks:
        console.print("no submission")
    for assignment, mark in marks.items():
        console.print(f"\n{assignment}", style="bold")
        table = Rows(numbers=["attempt"])
        table.add_words("handed in", "graded")
        table.add_numbers("grading", "raw", "checks passed")
        for row in (row for row in rows if row.assignment == assignment):
            when = (moment(row.submitted) or "time unknown") + (", late" if row.late else "")
            when += f", with {', '.join(key for key in row.everybody if key != student)}" if row.members else ""
            grade = row.grade
            if grade is None:
                table.add_row(str(row.number), when, row.unreadable or "not yet", "-", "-", "-")
                continue
            passed = f"{sum(check.outcome == 'passed' for check in grade.checks)} of {len(grade.checks)}"
            raw = f"{'-' if grade.faults else f'{grade.score:g}'}/{total(check.max_score for check in grade.core):g}"
            raw += f" + {grade.bonus:g}" if grade.bonus else ""
            table.add_row(str(row.number), when, moment(row.graded), str(row.run), raw, passed)
        print_rows(console, table)
        if mark.final is None:
            console.print(f"no mark: {mark.why}")
        else:
            counts = f"attempt {mark.final.attempt.name} counts" if mark.final.attempt.name else "manual points count"
            counts = counts if mark.final.accepted else "no attempt was in time to count"
            console.print(f"mark: {known(mark.final.mark)} of {known(mark.final.most)}; {counts}")
            for sentence in mark.sentences:
                console.print(f"    {sentence}", style="dim")


def known(points: float | None) -> str:
    """Points to two places, - where they are not known."""
    return "-" if points is None else f"{round(points, 2):g}"


def moment(stamp: str) -> str:
    """A time as people read it: "2026-10-26 11:00 UTC"."""
    return f"{datetime.fromisoformat(stamp):%Y-%m-%d %H:%M %Z}".strip() if stamp else ""


def distribution(percents: Iterable[float]) -> str:
    """How many are in each band, in words: "0-49 %: 3   50-79 %: 9   80-99 %: 6   100 %: 2"."""
    percents = [round(percent, 6) for percent in percents]  # full is full, though sums of thirds are a little less
    bands = [(f"{low}-{high - 1} %", sum(low <= percent < high for percent in percents)) for low, high in BANDS]
    bands.append(("100 %", sum(percent >= FULL for percent in percents)))
    return "   ".join(f"{name}: {count}" for name, count in bands)
