"""Lint: the grader is graded, by submissions whose grade is known beforehand.

The reference has to earn everything, a stub nothing, a slip something less. See `rules` for what is looked at.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from autograder.assignment import SpecError
from autograder.authoring.lint.finding import Finding, Level, Report
from autograder.authoring.lint.rules import RULES, SLOW_RULES
from autograder.authoring.lint.subject import Subject
from autograder.authoring.lint.trying import LintError

__all__ = ["RULES", "Finding", "Level", "LintError", "Report", "Subject", "lint"]


def lint(subject: Subject, only: Sequence[str] = (), on_start: Callable[[str], None] = lambda rule: None) -> Iterator[Report]:
    """The reports of the rules, each as soon as it is there.

    Args:
        subject: the assignment under lint.
        only: names of rules; all by default, or those that a quick look has.
        on_start: told the name of each rule before it is looked at.

    Raises:
        LintError: a worker could not be set up.
    """
    for name in RULES:
        if name not in only if only else subject.quick and name in SLOW_RULES:
            continue
        on_start(name)
        started = time.monotonic()
        try:
            report = RULES[name](subject)
        except SpecError as error:  # the author's to mend, as every finding
            report = Report(name, "", (Finding(Level.ERROR, subject.assignment.name, str(error)),))
        yield replace(report, seconds=round(time.monotonic() - started, 2))
