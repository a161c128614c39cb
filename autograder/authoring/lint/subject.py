"""The assignment under lint: its spec, its reference, and ways to ask both about anything."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from autograder.assignment import Assignment
from autograder.checks.base import Case, Check
from autograder.checks.contract import definitions_in
from autograder.checks.rules import uses_of
from autograder.grading.grade import PUBLIC_SEED, draw, grade
from autograder.grading.references import References
from autograder.observation import Observation, Odd
from autograder.observation.answer import Answer
from autograder.outcome import Grade
from autograder.sandbox.workers import Source
from autograder.submission import Submission

SLOW = 60.0  # seconds of time limit: a check that is given as much trains models, and is asked for where it matters only
T = TypeVar("T")
S = TypeVar("S")
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Asked:
    """A check as one seed asks it: the cases, and what the reference answers."""

    check: Check
    cases: Mapping[str, Case]
    expected: Mapping[str, Answer]


class Subject:
    """An assignment whose grader is graded.

    Args:
        assignment: the loaded spec.
        folder: `assignments/hwN`.
        references: its reference and misconceptions; stay open.
        workers: where workers come from; stay open.
        quick: look at fewer seeds and at a sample of the mutants.
        jobs: how many workers at a time.
        on_progress: told how many steps of the current rule are done, and of how many.
    """

    def __init__(
        self,
        assignment: Assignment,
        folder: Path,
        references: References,
        workers: Source,
        *,
        quick: bool = False,
        jobs: int = 1,
        on_progress: Told = lambda done, of: None,
    ) -> None:
        self.whole = assignment
        self.assignment = replace(assignment, checks=[check for check in assignment.checks if not check.by_hand])
        self.folder = folder
        self.references = references
        self.workers = workers
        self.quick = quick
        self.jobs = jobs
        self.on_progress = on_progress
        self.answers: dict[tuple[str, str, str], Answer] = {}  # the reference's, to what no case asks
        self._asked: dict[tuple[str, int], Asked] = {}
        self._drawn: dict[tuple[str, int], Mapping[str, Case]] = {}
        workers.warm(dict.fromkeys([*assignment.imports, *(name for check in assignment.checks for name in check.imports)]))

    @property
    def main(self) -> str:
        """The file that holds the functions that are asked for."""
        return self.assignment.files[0]

    @property
    def source(self) -> str:
        """The reference's text of that file."""
        return self.references.files[self.main]

    @cached_property
    def functions(self) -> dict[str, list[Check]]:
        """The functions and methods of the reference, and the checks that a change of each can reach.

        Its own and the fast ones come first. A slow check is asked about its own function only, and a check that uses a class
        about all of its methods.
        """
        tree = ast.parse(self.source)
        names = list(definitions_in(tree))
        used = {name: _reached(tree, name, names) for name in names}
        return {
            name: sorted(
                (
                    check
                    for check in self.assignment.checks
                    if name in used.get(check.function, ()) and (check.function == name or not is_slow(check))
                ),
                key=lambda check: (is_slow(check), check.function != name),
            )
            for name in names
        }

    def asked(self, check: Check, seed: int = PUBLIC_SEED) -> Asked:
        """A check as a seed asks it; raises as `draw` does."""
        if (check.name, seed) not in self._asked:
            cases = self.drawn(check, seed)
            expected = self.references.later(self.references.expected, check, cases).result()
            self._asked[check.name, seed] = Asked(check, cases, expected)
        return self._asked[check.name, seed]

    def drawn(self, check: Check, seed: int) -> Mapping[str, Case]:
        """The cases alone, without what the reference answers; raises as `draw` does."""
        if (check.name, seed) not in self._drawn:
            self._drawn[check.name, seed] = draw(self.assignment, check, seed)
        return self._drawn[check.name, seed]

    def with_main(self, source: str) -> dict[str, str]:
        """The reference's files with another text of the first one."""
        return {**self.references.files, self.main: source}

    def grade(self, files: Mapping[str, str], checks: Sequence[Check], seed: int = PUBLIC_SEED) -> Grade:
        """What the grader says about these files."""
        names = [check.name for check in checks]
        return grade(self.assignment, Submission("", dict(files)), self.references, self.workers, only=names, seed=seed)

    def each(self, do: Callable[[S], T], items: Iterable[S]) -> list[T]:
        """`do` for each item, several at a time; progress is told."""
        items = list(items)
        with ThreadPoolExecutor(self.jobs, "lint") as pool:
            futures: list[Future[T]] = [pool.submit(do, item) for item in items]
            done = []
            try:
                for future in futures:
                    done.append(future.result())
                    self.on_progress(len(done), len(items))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return done


def is_slow(check: Check) -> bool:
    """Whether a check is given minutes."""
    return (check.timeout or 0) >= SLOW


def unknown_in(told: Mapping[str, Observation]) -> str:
    """The sentence about an entry of the reference's answers of which its kind is all that is known; "" where there is none."""
    unknown = [
        (name, entry, value.what)
        for name, seen in told.items()
        for entry, value in seen.items()
        if isinstance(value, Odd) and not value.known
    ]
    if not unknown:
        return ""
    name, entry, what = min(unknown)
    return (
        f"case {name!r}: `{entry}` is {what}, and nothing else of it is compared, so any other one would pass. "
        "Return its numbers or texts, or convert it in a `call=`"
    )


def _reached(tree: ast.Module, name: str, names: list[str]) -> set[str]:
    """The functions and methods whose change a function may notice."""
    found = {name, *(use.name for use in uses_of(tree, name))}
    classes = {one.partition(".")[0] for one in found} & {one.partition(".")[0] for one in names if "." in one}
    methods = {one for one in names if "." in one and one.partition(".")[0] in classes}
    return found | methods | {use.name for one in methods for use in uses_of(tree, one)}
