"""The rule on milestones: the reference reaches each step, and what students are handed out reaches none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.assignment.predictions.loading import load_milestone
from autograder.assignment.predictions.milestones import Milestone, Step
from autograder.authoring.derive import stub
from autograder.authoring.lint.finding import Finding, Level, Report
from autograder.authoring.lint.subject import Subject
from autograder.grading.reaching import Reached, reached

LATE = 0.5  # of a step's time limit: a slower computer needs the rest


def milestone(subject: Subject) -> Report:
    """Each bound is kept by the reference and not by the stub, and no step needs more than half its time."""
    found = load_milestone(subject.folder, subject.assignment)
    if found is None:
        return Report("milestone", "there is no milestone")
    steps = [one for one in found.steps if not one.beside and not (subject.quick and one.slow)]
    mistakes = subject.references.misconceptions.values()
    right = {name: subject.references.files[name] for name in subject.assignment.files}
    untouched = {name: stub(text, name, mistakes) for name, text in right.items()}
    findings = []
    for done, one in enumerate(_run(subject, found, right, steps), 1):
        findings += [Finding(Level.ERROR, f"step {one.step.name}", text) for text in _of_reference(one)]
        subject.on_progress(done, len(steps))
    for one in _run(subject, found, untouched, steps):
        if one.kept:
            text = f"the stub reaches it ({_number(one)}; {one.step.bound}): ask for what only working functions give"
            findings.append(Finding(Level.ERROR, f"step {one.step.name}", text))
    summary = f"the reference reaches {len(steps)} of {len(found.steps)} steps, and the stub none"
    return Report("milestone", summary, tuple(findings))


def _run(subject: Subject, found: Milestone, files: Mapping[str, str], steps: Sequence[Step]) -> list[Reached]:
    return list(reached(found, subject.assignment, files, subject.workers, steps))


def _of_reference(one: Reached) -> list[str]:
    """What is wrong with a step in view of what the reference does in it."""
    if one.learned is None:
        return [f"the reference does not come to its end: {one.why_not}"]
    wrong = [] if one.kept else [f"the reference does not reach it: {_number(one)}; it must be {one.step.bound}"]
    slow = one.seconds > LATE * one.step.seconds
    return wrong + ([f"it takes {one.seconds:.0f} s of its {one.step.seconds:g} s: allow more, or train less"] if slow else [])


def _number(one: Reached) -> str:
    return one.step.form.format(one.learned.value) if one.learned else ""
