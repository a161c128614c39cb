"""The course's own graders, graded: a quick look at each, and what all their mutants' explanations say.

What `test_guarantees` holds for every seed and misconception is not asked again here. `dlkit lint assignments/*` tries
every mutant.
"""

from __future__ import annotations

import os

import pytest
from sampling import ALL, sample
from support import ROOT

from autograder.authoring.lint import Level, Subject, lint
from autograder.authoring.lint.survivors import explained_in

ONLY = os.environ.get("DLKIT_ASSIGNMENTS", "").split()
ASSIGNMENTS = sorted(path.parent.name for path in ROOT.glob("assignments/*/checks.py") if not ONLY or path.parent.name in ONLY)
RULES = ("handout", "giveaways", "predictions", "milestone", "constants", "mutants", "precision")
if ALL or "DLKIT_SEEDS" in os.environ:  # an author asks for more; `runtime` is not for a machine that is busy with tests
    RULES += ("answers", "rewritings")


@pytest.mark.slow
@pytest.mark.parametrize("name", sample(ASSIGNMENTS, 3))
def test_a_quick_look_finds_nothing_to_mend(name, courses):
    """Stub and handout agree, constants earn nothing, a sample of the mutants loses points, nothing sits on an edge."""
    course = courses(name)
    subject = Subject(course.assignment, course.folder, course.references, course.workers, quick=True)
    found = [finding for report in lint(subject, RULES) for finding in report.findings if finding.level is Level.ERROR]
    assert found == []


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_few_mutants_are_explained_away(name):
    """An explanation is for what cannot be asked for, and there is little of that."""
    explained = explained_in(ROOT / "solutions" / name)
    assert len(explained.survivors) <= 2
    assert len(explained.equivalent) <= 20
