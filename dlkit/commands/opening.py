"""What a command needs to run a student's own functions: the spec, the expected answers, and workers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.assignment import Assignment
    from autograder.grading.references import References
    from autograder.sandbox.workers import Source


@contextmanager
def opened(folder: Path, spec: Assignment) -> Iterator[tuple[Assignment, References, Source]]:
    """An assignment as far as this machine can check it, its expected answers, and where workers come from."""
    from autograder.assignment import solutions_folder
    from autograder.grading.grade import as_far_as_possible
    from autograder.grading.recorded import references_of
    from autograder.grading.references import keeping_folder
    from autograder.sandbox.workers import source

    workers = source("autograder.observing:serve", stays=True, few=True)
    try:
        spec = as_far_as_possible(spec)
        with references_of(spec, solutions_folder(folder, spec.name), keeping_folder(), workers) as references:
            yield spec, references, workers
    finally:
        workers.close()
