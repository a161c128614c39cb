"""What every assignment promises: found on disk, so that a new one is held to the same."""

from __future__ import annotations

import ast
import os
from collections.abc import Container, Mapping
from dataclasses import replace
from functools import cache as once

import numpy as np
import pytest
from sampling import ALL, sample
from support import ROOT, Course

from autograder.assignment import solutions_folder
from autograder.assignment.misconception import Misconception
from autograder.checks.rules import uses_of
from autograder.grading.grade import PUBLIC_SEED, grade
from autograder.grading.judging import judge
from autograder.grading.references import misconceptions_in
from autograder.observation import Value
from autograder.outcome import Outcome
from autograder.submission import Submission, take_in

ONLY = os.environ.get("DLKIT_ASSIGNMENTS", "").split()  # an author's shortcut: DLKIT_ASSIGNMENTS=hw2 pytest tests/assignments
ASSIGNMENTS = sorted(path.parent.name for path in ROOT.glob("assignments/*/checks.py") if not ONLY or path.parent.name in ONLY)
COUNT = int(os.environ.get("DLKIT_SEEDS", "6" if ALL else "1"))  # of seeds; an author asks for more: DLKIT_SEEDS=20
# The public seed first: the reference's answers for it are kept, and all other tests use them too. `dlkit lint` asks with others.
SEEDS = [PUBLIC_SEED, *(seed for seed in range(COUNT + 1) if seed != PUBLIC_SEED)][:COUNT]
SLOW = 60  # seconds of time limit: a check that is given as much trains models, and is asked for where it matters only
NAMED = 0.95 if ALL or ONLY else 0.6  # of the misconceptions, at least, are recognised; a sample of few may be unlucky


@once
def misconceptions(name: str) -> Mapping[str, Misconception]:
    """The misconceptions of an assignment, without starting anything."""
    return misconceptions_in(solutions_folder(ROOT / "assignments" / name, name))


EVERY = [(name, mistake) for name in ASSIGNMENTS for mistake in misconceptions(name).values()]
HARMFUL = sample([pair for pair in EVERY if not (pair[1].harmless or pair[1].given)], 1 if ONLY else 84)
TO_REPAIR = sorted({name for name, mistake in EVERY if mistake.given})  # assignments that hand out programs with a fault
found: dict[str, list[bool]] = {}


FIRST = {(name, mistake.function): mistake.id for name, mistake in reversed(HARMFUL)}


def users_of(source: str, function: str) -> set[str]:
    """The functions of a file that use this one, itself included: whom a change of it can reach."""
    tree = ast.parse(source)
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    return {name for name in functions if name == function or function in {use.name for use in uses_of(tree, name)}}


def graded(course: Course, source: str, about: str = "", seed: int = PUBLIC_SEED, functions: Container[str] | None = None):
    """Grade a source of ours; slow checks only where they are about a function."""
    asked = [check for check in course.assignment.checks if functions is None or check.function in functions]
    checks = [check.name for check in asked if (check.timeout or 0) < SLOW or check.function == about]
    submission = Submission("", {course.file: source})
    return grade(
        course.assignment, submission, course.references, course.workers, only=checks, seed=seed, cases=course.cases(seed)
    )


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_reference_earns_every_point(name, courses):
    """Whatever the seed draws, the reference gets 100 of 100."""
    course = courses(name)
    slow = [check.function for check in course.assignment.checks if (check.timeout or 0) >= SLOW]
    for number, seed in enumerate(SEEDS):
        about = slow[number] if number < len(slow) else ""
        result = graded(course, course.source, about, seed)
        wrong = [(check.name, check.message) for check in result.checks if check.outcome is not Outcome.PASSED]
        assert ([check.score for check in result.checks], wrong) == ([check.max_score for check in result.checks], []), (
            f"seed {seed}"
        )
        assert result.max_score == 100 or any(check.function in slow for check in course.assignment.checks if not check.stretch)


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_template_earns_nothing_and_crashes_nothing(name, courses):
    """The untouched stub is not started, in every check."""
    course = courses(name)
    stub = take_in(course.folder, course.assignment.files, own=True)
    result = grade(course.assignment, stub, course.references, course.workers, cases=course.cases())
    assert (result.score, result.bonus) == (0, 0)
    assert {check.outcome for check in result.checks} == {Outcome.NOT_STARTED}


@pytest.mark.parametrize("name", TO_REPAIR)
def test_a_program_to_repair_earns_nothing_where_it_is_run(name, courses, monkeypatch):
    """Who changes a name in it, and nothing else, gets its checks run, and no point for them."""
    course = courses(name)
    monkeypatch.setitem(vars(course.references), "given", {})
    stub = take_in(course.folder, course.assignment.files, own=True)
    asked = [mistake.function for of, mistake in EVERY if of == name and mistake.given]
    result = grade(course.assignment, stub, course.references, course.workers, only=asked, cases=course.cases())
    assert {check.score for check in result.checks} == {0}
    assert {check.outcome for check in result.checks} == {Outcome.FAILED}


@pytest.mark.parametrize("name, mistake", HARMFUL, ids=[f"{name}-{mistake.id}" for name, mistake in HARMFUL])
def test_a_misconception_costs_points_in_its_own_check_only(name, mistake, courses):
    """Each known wrong answer loses points where it is wrong, and nowhere else (what depends on it may be skipped).

    Graded is every function that uses the changed one; where all misconceptions are tried, everything for the first about each
    function.
    """
    course = courses(name)
    everything = ALL and FIRST[name, mistake.function] == mistake.id
    functions = None if everything else users_of(course.source, mistake.function)
    result = graded(course, mistake.put_into(course.source), mistake.function, functions=functions)
    own = [check for check in result.checks if check.function == mistake.function]
    assert any((check.score or 0) < check.max_score for check in own)
    others = {check.name: check.message for check in result.checks if check.function != mistake.function}
    hurt = [
        check.name for check in result.checks if check.name in others and check.outcome not in (Outcome.PASSED, Outcome.SKIPPED)
    ]
    assert hurt == [], others[hurt[0]]
    assert not result.faults
    found.setdefault(name, []).append(mistake.id in {check.misconception for check in own})


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_nearly_every_misconception_is_named(name):
    """Nearly all known wrong answers are recognised as what they are."""
    seen = found.get(name, [])
    if len(seen) < sum(assignment == name for assignment, _ in HARMFUL):
        pytest.skip("needs the outcome of every test above")
    assert sum(seen) >= NAMED * len(seen), f"{sum(seen)} of {len(seen)}"


@pytest.mark.parametrize("name, mistake", [p for p in EVERY if p[1].harmless], ids=[p[1].id for p in EVERY if p[1].harmless])
def test_a_harmless_variant_keeps_every_point(name, mistake, courses):
    """A different right answer is right."""
    course = courses(name)
    result = graded(course, mistake.put_into(course.source), mistake.function)
    assert [check.score for check in result.checks] == [check.max_score for check in result.checks]


ACCEPTED_FILES = sample(
    sorted(p for p in ROOT.glob("tests/assignments/accepted/*/*.py") if p.parent.name in ASSIGNMENTS), 1 if ONLY else 8
)


@pytest.mark.parametrize("path", ACCEPTED_FILES, ids=[f"{path.parent.name}-{path.stem}" for path in ACCEPTED_FILES])
def test_another_right_way_keeps_every_point(path, courses):
    """Other algorithms, Keras styles and dtypes, where the contract allows them, earn every point of what they change."""
    course = courses(path.parent.name)
    text = path.read_text(encoding="utf-8")
    slow = [
        check.function for check in course.assignment.checks if (check.timeout or 0) >= SLOW and f"def {check.function}(" in text
    ]
    source = course.replacing_all(text)
    changed = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    reached = None if ALL else set().union(*(users_of(source, function) for function in changed))
    result = graded(course, source, *slow[:1], functions=reached)
    wrong = [(check.name, check.message) for check in result.checks if check.outcome is not Outcome.PASSED]
    assert (wrong, [check.score for check in result.checks]) == ([], [check.max_score for check in result.checks])


CONSTANTS = {"zeros": 0, "ones": 1, "nan": np.nan}


def constant(value: Value, number: float) -> Value:
    """An answer of the right form that holds one number everywhere."""
    if not isinstance(value, np.ndarray):
        return value
    return np.full(value.shape, number if value.dtype.kind == "f" or np.isfinite(number) else 0).astype(value.dtype)


@pytest.mark.parametrize("number", CONSTANTS.values(), ids=CONSTANTS)
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_a_constant_answer_earns_nothing(name, number, courses):
    """Zeros, ones or nan in the right shape earn no point in any check."""
    course = courses(name)
    earned = {}
    for check in course.assignment.checks:
        cases = course.cases()[check.name]
        expected = course.references.expected(check, cases)
        answers = {
            case: replace(answer, observation={entry: constant(value, number) for entry, value in answer.observation.items()})
            for case, answer in expected.items()
        }
        asks = {case: cases[case] for case in cases if not cases[case].raises}  # an exception is no number
        result = judge(check, asks, answers, expected)
        if result.score:
            earned[check.name] = [case.name for case in result.cases if case.outcome is Outcome.PASSED]
    assert earned == {}
