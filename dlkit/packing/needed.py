"""What grading an assignment takes: TensorFlow, scikit-learn and the memory for them only for one that uses them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from autograder.assignment import MILESTONE, PREDICTIONS, SPEC, Assignment
from autograder.sandbox.budget import MB
from autograder.sandbox.installed import BUILDS, CALLED, PACKAGES, TENSORFLOW

BUILD = BUILDS[TENSORFLOW]  # the extra of dlkit that brings the smallest build for a machine
DATA_OF_SCIKIT_LEARN = frozenset({"moons", "digits", "digits28", "mnist", "noisy_digits"})  # in `dlkit.datasets`
WITH_TENSORFLOW = 900 * MB  # grader, zygote and workers: measured 750-870
WITHOUT = 250 * MB  # measured 140-170


def uses_tensorflow(assignment: Assignment) -> bool:
    """Whether a check, a question or an experiment of a loaded assignment uses TensorFlow, or its stub imports it."""
    return not CALLED.keys().isdisjoint(_used_by(assignment))


def unused_by(assignments: Iterable[Assignment]) -> frozenset[str]:
    """The packages that dlkit names among its requirements, but that none of these loaded assignments uses."""
    return frozenset() if any("sklearn" in _used_by(one) for one in assignments) else frozenset({PACKAGES["sklearn"]})


def extra(assignment: Assignment) -> str:
    """The extra of dlkit that grading an assignment takes, as it stands behind a requirement; "" for none."""
    return f"[{BUILD}]" if uses_tensorflow(assignment) else ""


def memory(assignment: Assignment) -> int:
    """Bytes that grading a submission takes, besides what the submission uses itself."""
    return WITH_TENSORFLOW if uses_tensorflow(assignment) else WITHOUT


def _used_by(assignment: Assignment) -> set[str]:
    """The libraries that checks, questions and experiments use, or that the stub imports."""
    named = {*assignment.imports, *(name for check in assignment.checks for name in check.imports)}
    for file in (SPEC, PREDICTIONS, MILESTONE, *assignment.files):
        path = assignment.folder and assignment.folder / file
        if path and path.is_file():
            named.update(_used_in(path.read_text(encoding="utf-8")))
    return {name.partition(".")[0] for name in named}


def _used_in(source: str) -> Iterator[str]:
    """The modules that a source imports, wherever in it, and what our data need; none if it cannot be read."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif isinstance(node, ast.Attribute) and node.attr in DATA_OF_SCIKIT_LEARN:
            yield "sklearn"
