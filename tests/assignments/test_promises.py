"""A docstring is a list of promises: each is asked, for every seed, and nothing is paid for a table of answers.

`broken/hwN.py` holds variants of functions that break one promise each.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator

import pytest
from sampling import ALL, sample
from support import ROOT

from autograder.grading.grade import PUBLIC_SEED
from autograder.outcome import Outcome

ONLY = os.environ.get("DLKIT_ASSIGNMENTS", "").split()
ASSIGNMENTS = sorted(path.parent.name for path in ROOT.glob("assignments/*/checks.py") if not ONLY or path.parent.name in ONLY)
MANY = ALL or "DLKIT_SEEDS" in os.environ  # an author asks for more: DLKIT_SEEDS=20
SEEDS = range(1, 1 + int(os.environ.get("DLKIT_SEEDS", "1")))
MOST_BY_TABLE = 5.0  # points of 100 for the answers to another seed's questions


def variants(name: str) -> Iterator[tuple[str, str, str]]:
    """The broken functions of an assignment: the function's name, what is broken, and its source under the right name."""
    text = (ROOT / "tests" / "assignments" / "broken" / f"{name}.py").read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            function, _, what = node.name.partition("__")
            source = "".join(lines[node.lineno - 1 : node.end_lineno]).rstrip("\n")
            yield function, what, source.replace(f"def {node.name}(", f"def {function}(", 1)


BROKEN = sample([(name, *variant) for name in ASSIGNMENTS for variant in variants(name)], 1 if MANY or ONLY else 6)


@pytest.mark.parametrize(("name", "function", "what", "text"), BROKEN, ids=[f"{b[0]}-{b[1]}-{b[2]}" for b in BROKEN])
def test_a_broken_promise_loses_points_for_every_seed(name, function, what, text, inquiries):
    """Whatever the seed draws, a function that breaks a promise of its docstring is not paid in full."""
    inquiry = inquiries(name)
    source = inquiry.course.replacing(function, text)
    assert inquiry.paid_in_full(source, function, SEEDS) == []


@pytest.mark.skipif(not MANY, reason="`test_guarantees` asks with the public seed, `dlkit lint` with others; set DLKIT_SEEDS")
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_a_known_mistake_loses_points_for_every_seed(name, inquiries):
    """A misconception that is found out by the public seed is found out by every other."""
    inquiry = inquiries(name)
    lucky = {
        mistake.id: seeds
        for mistake in inquiry.course.references.misconceptions.values()
        if not mistake.harmless
        and inquiry.about(mistake.function)
        and (seeds := inquiry.paid_in_full(mistake.put_into(inquiry.course.source), mistake.function, SEEDS))
    }
    assert lucky == {}


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_a_table_of_the_public_answers_earns_next_to_nothing(name, inquiries):
    """Every case is answered as the reference answers the public seed's case of that name: at most 5 of 100 points."""
    inquiry = inquiries(name)
    for seed in SEEDS:
        earned = {}
        for check in inquiry.checks:
            table = inquiry.expected(check, PUBLIC_SEED)
            answers = {case: table.get(case, next(iter(table.values()))) for case in inquiry.cases(check, seed)}
            verdict = inquiry.verdict(check, seed, answers)
            if verdict.score:
                earned[check.name] = verdict.score, [case.name for case in verdict.cases if case.outcome is Outcome.PASSED]
        assert sum(points for points, _ in earned.values()) <= MOST_BY_TABLE, f"seed {seed}: {earned}"
