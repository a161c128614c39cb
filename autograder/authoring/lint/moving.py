"""The rule on cases that are the same for every seed: a table of their answers, taken from a kit, earns little."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.authoring.lint.finding import Finding, Level, Report
from autograder.authoring.lint.subject import Subject
from autograder.checks.base import Case, Check
from autograder.grading.grade import PUBLIC_SEED
from autograder.observation import same_tree

AT_MOST = 0.05  # of an assignment's points
SEEDS = (0, 1, 3)


def moving(subject: Subject) -> Report:
    """Cases that do not move with the seed carry at most 5 % of the points, and every function has one that does.

    A check whose cases that move all fail earns nothing for those that are `trivial` only: these are not counted.
    """
    still: dict[str, tuple[Check, list[str], int]] = {}
    for check in subject.assignment.checks:
        cases = subject.drawn(check, PUBLIC_SEED)
        same = [name for name, case in cases.items() if _stays(subject, check, name, case)]
        still[check.name] = check, same, len(cases)
    points = {
        name: check.points * len(same) / count
        for name, (check, same, count) in still.items()
        if any(not subject.drawn(check, PUBLIC_SEED)[case].trivial for case in same)
    }
    worth = sum(points.values())
    total = sum(check.points for check in subject.assignment.checks)
    share = worth / total
    findings = []
    if share > AT_MOST:
        most = sorted(points, key=lambda name: -points[name])
        listed = "; ".join(f"{name} {points[name]:.2f} ({', '.join(repr(case) for case in still[name][1])})" for name in most)
        text = f"{worth:.1f} of {total:g} points are for cases that no seed changes; at most {AT_MOST * total:g} may be. "
        advice = f"A table of the public answers would earn them. Draw these cases from `rng`: {listed}"
        findings.append(Finding(Level.ERROR, subject.assignment.name, text + advice))
    moved = {check.function for check, same, count in still.values() if len(same) < count}
    for function in dict.fromkeys(check.function for check, _, _ in still.values()):
        if function not in moved:
            text = "no case depends on the seed, so a table of the public answers passes: draw at least one from `rng`"
            findings.append(Finding(Level.ERROR, function, text))
    details = {"points": round(worth, 4), "by check": {name: round(value, 4) for name, value in points.items()}}
    summary = f"{worth:.1f} of {total:g} points are for cases that do not depend on the seed"
    return Report("moving", summary, tuple(findings), details)


def _stays(subject: Subject, check: Check, name: str, case: Case) -> bool:
    """Whether a case asks the same with other seeds."""
    others = [subject.drawn(check, seed).get(name) for seed in SEEDS]
    return all(other is not None and same_tree(_asked(case), _asked(other)) for other in others)


def _asked(case: Case) -> Mapping[str, object]:
    return {"inputs": case.inputs, "kept": case.kept, "raises": case.raises}
