"""A course on disk, and ways to grade a piece of source."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Callable
from pathlib import Path

from autograder.assignment import Assignment, load, solutions_folder
from autograder.grading.grade import PUBLIC_SEED, Cases, grade, questions
from autograder.grading.recorded import references_of
from autograder.outcome import CheckResult, Grade, Outcome
from autograder.sandbox.workers import Source
from autograder.submission import Submission

ROOT = Path(__file__).parent.parent.parent
SMALL = ROOT / "tests" / "courses" / "small"


BUSY, TRIES = "this machine is too busy", 4  # what the grader says where a worker hardly ran


def with_a_verdict(graded: Callable[[], Grade]) -> Grade:
    """A grade; where the machine was too busy for one, what comes of another try: how busy it is decides no test."""
    for _ in range(TRIES - 1):
        grade = graded()
        unready = [check for check in grade.checks if check.outcome is Outcome.GRADER_ERROR]
        if not unready or not any(BUSY in repr(check) for check in unready):
            return grade
    return graded()


class Course:
    """One assignment with its reference, and a cache of its own."""

    def __init__(self, folder: Path, cache: Path, workers: Source) -> None:
        self.folder = folder
        self.workers = workers
        self.assignment: Assignment = load(folder)
        self.file = self.assignment.files[0]
        self.references = references_of(self.assignment, solutions_folder(folder, self.assignment.name), cache, workers)
        self.source = self.references.files[self.file]

    @functools.cache  # noqa: B019 - a course lives as long as the tests
    def cases(self, seed: int = PUBLIC_SEED) -> Cases:
        """The cases of all checks for a seed: the same for all who ask, as in a class, so that what is known of them is kept."""
        return questions(self.assignment, self.assignment.checks, seed)

    def grade(self, source: str, timeout: float | None = None, **options: object) -> Grade:
        """Grade a piece of source in a worker of its own."""
        options.setdefault("cases", self.cases())
        assignment = self.assignment.within(timeout) if timeout else self.assignment
        return with_a_verdict(
            lambda: grade(assignment, Submission("somebody", {self.file: source}), self.references, self.workers, **options)  # type: ignore[arg-type]
        )

    def check(self, name: str, source: str, **options: object) -> CheckResult:
        """The result of one check for a piece of source."""
        return next(check for check in self.grade(source, only=[name], **options).checks if check.name == name)

    def replacing(self, function: str, text: str, source: str = "") -> str:
        """The reference's source with one function replaced."""
        source = source or self.source
        pattern = re.compile(rf"^def {function}\(.*?(?=^(?:def |@|[A-Z_]+ =|class )|\Z)", re.MULTILINE | re.DOTALL)
        assert pattern.search(source), function
        return pattern.sub(lambda match: text.strip("\n") + "\n\n\n", source, count=1)

    def replacing_all(self, text: str) -> str:
        """The reference's source with the functions of `text` in place of its own, and the rest of `text` between imports and functions."""
        tree = ast.parse(text)
        source = self.source
        lines = text.splitlines(keepends=True)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and re.search(rf"^def {node.name}\(", source, re.MULTILINE):
                start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
                source = Course.replacing(self, node.name, "".join(lines[start : node.end_lineno]), source)
                lines[start : node.end_lineno] = [""] * (node.end_lineno - start)
        head = source.index("\ndef ")
        return source[:head] + "".join(lines) + source[head:]


def notes_of(grade):
    """The texts of a grade's notices."""
    return tuple(notice.text for notice in grade.notices)
