"""Programs to repair: the stub has them whole, with their mistake, and gives nothing else away."""

from __future__ import annotations

import pytest
from support import ROOT

from autograder.assignment import SpecError, load
from autograder.assignment.misconception import Misconception
from autograder.authoring.derive import stub
from autograder.authoring.giveaway import bodies_of, search
from autograder.authoring.sample import invent
from autograder.grading.references import misconceptions_in
from autograder.grading.untouched import given_in, untouched

REFERENCE = '''"""A file."""

import numpy as np


def scaled(X, X_new):
    """Scale two tables."""
    mean, spread = X.mean(axis=0), X.std(axis=0)
    return (X - mean) / spread, (X_new - mean) / spread


def total(x):
    """Add up."""
    return np.einsum("ij->", np.atleast_2d(x))
'''
LEAK = Misconception(
    "leak",
    "scaled",
    "It leaks.",
    ("X.mean(axis=0), X.std(axis=0)", "np.vstack([X, X_new]).mean(axis=0), X.std(axis=0)"),
    given=True,
)
OTHER = Misconception("other", "total", "No.", ('"ij->"', '"ij->i"'))


def test_the_stub_has_the_program_with_its_mistake():
    """What is to be repaired stays whole, what is to be written does not, and other mistakes stay at home."""
    text = stub(REFERENCE, "a.py", [LEAK, OTHER])
    assert "np.vstack([X, X_new]).mean(axis=0), X.std(axis=0)" in text
    assert text.endswith('"""Add up."""\n    raise NotImplementedError\n')


def test_without_given_mistakes_the_stub_is_as_ever():
    """Nothing changes where no program is handed out."""
    assert stub(REFERENCE, "a.py", [OTHER]) == stub(REFERENCE, "a.py")


def test_the_repaired_line_is_a_giveaway_and_the_shared_ones_are_not():
    """Of the reference's body, only what the stub does not have may not be shown."""
    bodies = bodies_of({"a.py": REFERENCE}, stubs={"a.py": stub(REFERENCE, "a.py", [LEAK])})
    assert search({"README.md": "return (X - mean) / spread, (X_new - mean) / spread\n"}, bodies) == []
    assert search({"README.md": "mean, spread = X.mean(axis=0), X.std(axis=0)\n"}, bodies)


def test_a_fault_that_does_not_fit_is_told():
    """A text to change that is not there is the author's to mend."""
    with pytest.raises(SpecError, match="must occur once in 'scaled'"):
        stub(REFERENCE, "a.py", [Misconception("leak", "scaled", "It leaks.", ("median", "mean"), given=True)])


def test_an_invented_student_leaves_programs_as_they_were_handed_out():
    """In a sample class, a program to repair that nobody got round to is untouched, in any hand; the others are not."""
    folder, assignment = ROOT / "solutions" / "hw7", load(ROOT / "assignments" / "hw7")
    source = (folder / "clinic.py").read_text(encoding="utf-8")
    digests = given_in(source, misconceptions_in(folder).values())
    attempts = [attempt for person in invent(assignment, folder, 8, 1) for attempt in person.attempts]
    assert any(attempt.unfinished for attempt in attempts)
    for attempt in attempts:
        assert untouched(attempt.files["clinic.py"], digests) == set(attempt.unfinished)
