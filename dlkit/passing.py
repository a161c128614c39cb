"""Which functions of a submission do not pass their checks, for commands that show what the others do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from autograder.outcome import Outcome

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.grading.references import References
    from autograder.sandbox.workers import Source


def failing(
    assignment: Assignment, references: References, workers: Source, files: Mapping[str, str], functions: Sequence[str]
) -> dict[str, str]:
    """The functions that do not pass, of some: how the first of their checks that does not ended, in words.

    Raises:
        NotInstalledError: a library that a check needs is not installed.
    """
    from autograder.grading.grade import grade
    from autograder.submission import Submission

    if not functions:
        return {}
    result = grade(assignment, Submission("", dict(files)), references, workers, only=functions)
    found: dict[str, str] = {}
    for check in result.checks:
        if check.outcome is not Outcome.PASSED:
            found.setdefault(check.function, check.outcome.words)
    return found
