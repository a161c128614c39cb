"""`dlkit grade --watch`: grade again whenever a file is saved, what changed or failed first."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from autograder.assignment import Assignment
from autograder.checks.base import Check
from autograder.grading import grade as grading
from autograder.grading.references import References
from autograder.outcome import CheckResult, Grade, Outcome
from autograder.report.terminal import TerminalReport
from autograder.report.words import ended
from autograder.sandbox.workers import Source
from autograder.submission import Submission, SubmissionError, take_in
from autograder.submission.notebook import notebook_of
from autograder.text.cells import module_of

SETTLED_MS = 20  # an editor writes a file in more than one step
LOOK_MS = 500  # how often to look, where a file system does not tell
FUNCTION = re.compile(r"^(?=(?:async )?def |class |@)", re.MULTILINE)  # where a part of a file begins, read as text
NAME = re.compile(r"^(?:async )?(?:def|class)\s+(\w+)", re.MULTILINE)


class _SavedAgainError(Exception):
    """The file was saved while the checks that nobody waits for were running."""


@dataclass
class Watch:
    """A submission that is being worked on.

    Args:
        assignment: the loaded spec.
        asked: the checks that are of interest.
        references, workers: as for `grading.grade`; both stay open.
        cases: what is asked, the same each time.
        seed: what they were drawn with.
        place: the folder, file or archive that is worked on.
        own: whether it is the assignment's own folder, and nobody has to be protected from it.
        protected: refuse where nothing protects this user's files from it.
        console: where to.
        report: makes the report of a grading, given a title, how many checks there will be, and the module to import.
        on_grade: told of every grade that is complete, and of what.
    """

    assignment: Assignment
    asked: Sequence[Check]
    references: References
    workers: Source
    cases: grading.Cases
    seed: int
    place: Path
    own: bool
    protected: bool
    console: Console
    report: Callable[[str, int, str], TerminalReport]
    on_grade: Callable[[Submission, Grade], None]
    results: dict[str, CheckResult] = field(default_factory=dict)

    def run(self, submission: Submission, grade: Grade) -> Grade:
        """Grade after each save until Ctrl-C; what was last found."""
        self.results = {check.name: check for check in grade.checks}
        try:
            self.console.print(Text(f"\nWatching {', '.join(map(str, self._paths))}. Press Ctrl-C to stop.", style="dim"))
            for _ in _saves(self._paths):
                before, submission = submission, self._taken(submission)
                if submission.files != before.files:
                    grade = self._again(before, submission, grade)
        except KeyboardInterrupt:
            self.console.print(Text(f"\nStopped at {grade.points}.", style="dim"))
        return grade

    @property
    def _paths(self) -> list[Path]:
        if not self.place.is_dir():
            return [self.place]
        files = [(self.place / file, self.place / notebook_of(file)) for file in self.assignment.files]
        return [notebook if notebook.is_file() and not file.is_file() else file for file, notebook in files]

    def _taken(self, before: Submission) -> Submission:
        try:
            return take_in(self.place, self.assignment.files, own=self.own)
        except SubmissionError as error:
            self.console.print(Text(f"{error}", style="yellow"))
            return before

    def _again(self, before: Submission, submission: Submission, grade: Grade) -> Grade:
        """Grade a new version: first what changed or did not pass, then the rest, of which only changes are told."""
        changed = changed_functions(before.files, submission.files)
        failed = {name for name, result in self.results.items() if result.outcome is not Outcome.PASSED}
        first = [check.name for check in self.asked if check.function in changed or check.name in failed]
        rest = [check.name for check in self.asked if check.name not in first]
        saved = _stamps(self._paths)
        self.console.print(Rule(Text(f"{time.strftime('%H:%M:%S')}  {', '.join(sorted(changed)) or 'saved'}", style="dim")))

        def unless_saved(check: Check) -> None:
            if _stamps(self._paths) != saved:
                raise _SavedAgainError

        if first:
            with self.report("", len(first), module_of(submission.files)) as report:
                part = self._grade(submission, first, lambda check: report.start(check.name), report.line)
            report.details(part)
        news: list[CheckResult] = []
        try:
            if rest:
                old = dict(self.results)
                part = self._grade(submission, rest, unless_saved, lambda result: None)
                news = [check for check in part.checks if check.outcome is not old[check.name].outcome]
        except _SavedAgainError:
            return grade
        for words, message in dict.fromkeys((ended(check), check.message) for check in news):
            names = [check.name for check in news if (ended(check), check.message) == (words, message)]
            self.console.print(Text(f"  {words} now: {', '.join(names)}. {message}".rstrip(), style="yellow"))
        whole = replace(grade, checks=tuple(self.results[check.name] for check in grade.checks))
        self.on_grade(submission, whole)
        if rest:
            passed = sum(check.outcome is Outcome.PASSED for check in whole.checks)
            total = whole.points
            self.console.print(Text.assemble("Total: ", (total, "bold"), f"   {passed} of {len(whole.checks)} checks passed"))
        return whole

    def _grade(
        self,
        submission: Submission,
        names: list[str],
        on_start: Callable[[Check], None],
        on_result: Callable[[CheckResult], None],
    ) -> Grade:
        part = grading.grade(
            self.assignment,
            submission,
            self.references,
            self.workers,
            seed=self.seed,
            only=names,
            cases=self.cases,
            protected=self.protected,
            on_start=on_start,
            on_result=on_result,
        )
        self.results |= {check.name: check for check in part.checks}
        return part


def changed_functions(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    """The names of the functions and classes whose text is another; lines outside of them concern nobody by name.

    >>> sorted(changed_functions({"a.py": "def f(): 1\\ndef g(): 2\\n"}, {"a.py": "def f(): 1\\ndef g(): 3\\ndef h(): 4\\n"}))
    ['g', 'h']
    """
    old, new = (
        {(file, part) for file, text in files.items() for part in FUNCTION.split(text) if NAME.search(part)}
        for files in (before, after)
    )
    return {NAME.search(part)[1] for _, part in old ^ new}  # type: ignore[index]


def _saves(paths: Sequence[Path]) -> Iterator[None]:
    """One for each time that a file has been saved, also by an editor that puts a new file in its place."""
    from watchfiles import watch

    seen: list[int] = []  # what was saved before the watch begins counts: the first grading may have been long
    folders = {path.resolve().parent for path in paths}
    for _ in watch(
        *folders, step=SETTLED_MS, debounce=10 * SETTLED_MS, rust_timeout=LOOK_MS, yield_on_timeout=True, recursive=False
    ):
        if (now := _stamps(paths)) != seen:
            seen = now
            yield


def _stamps(paths: Sequence[Path]) -> list[int]:
    """When each file was last written; 0 while there is none."""
    return [path.stat().st_mtime_ns if path.is_file() else 0 for path in paths]
