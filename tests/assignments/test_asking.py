"""Questions about right programs: each has one right answer and no other, whatever way the program was written in."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from asked_again import Again
from sampling import sample
from support import ROOT

from autograder.asking.sitting import COUNT, sit
from autograder.grading.grade import PUBLIC_SEED

PATHS = sample(
    sorted([*ROOT.glob("tests/assignments/accepted/*/*.py"), *ROOT.glob("solutions/*/[!ms]*.py")]), 45, 20
)  # python benchmarks/asking.py tries all of them, and more of each


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS, ids=[f"{path.parent.name}-{path.stem}" for path in PATHS])
def test_there_are_questions_about_every_right_program(path, courses):
    """Five at least, and what a process that prints finds is what they say; those about what was written in another way, too."""
    course = courses(path.parent.name)
    text = path.read_text(encoding="utf-8")
    reference = path.is_relative_to(ROOT / "solutions")
    source = course.source if reference else course.replacing_all(text)
    changed = set() if reference else {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    functions = list(dict.fromkeys(check.function for check in course.assignment.checks))
    files = {course.file: source}
    sittings = [sit(course.assignment, files, functions, course.workers, seed=PUBLIC_SEED, enough=COUNT)]
    seen = {*sittings[0].subjects, *sittings[0].left_out}  # what is asked about a function depends on no other
    if left := [name for name in functions if name in changed and name not in seen]:
        sittings.append(sit(course.assignment, files, left, course.workers, seed=PUBLIC_SEED))
    chosen = sittings[0].chosen(COUNT, PUBLIC_SEED)
    assert len(chosen) == COUNT
    calls: dict[str, dict[str, Any]] = {}
    for one in sittings:
        for name, subject in one.subjects.items():
            calls.setdefault(name, {}).update(subject.calls)
    about = [one for sitting in sittings for one in sitting.questions if one.function in changed]
    asked = {one.id: one for one in [*chosen, *about]}
    assert Again(source, calls).wrong(list(asked.values())) == []
