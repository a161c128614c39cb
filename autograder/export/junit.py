"""JUnit XML as pytest writes it (xunit2): a suite a student, a test case a check.

It has no place for points, so they are properties of the suite: `score` and `max_score`, `mark` and `max` by the policies,
and `score.NAME` and `max_score.NAME` of each check; what is not known is not there. An `<error>` is the grader's fault, a
`<failure>` the submission's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree  # writes only

from autograder.export.format import Whole
from autograder.export.sentences import faults, feedback, points_of
from autograder.export.table import notes, points
from autograder.outcome import CheckResult, Grade, Outcome
from autograder.text import readable

if TYPE_CHECKING:
    from autograder.classroom.marks import Mark


def to_xml(marks: Sequence[Mark], assignment: str) -> str:
    """The marks of a class, or of one student, as JUnit XML."""
    root = ElementTree.Element("testsuites", name=readable(assignment))
    root.extend(_suite(mark, assignment) for mark in marks)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(mark: Mark, assignment: str) -> ElementTree.Element:
    grade = mark.row.grade if mark.row else None
    checks = grade.checks if grade else ()
    outcomes = [_tag(check) for check in checks]
    suite = ElementTree.Element(
        "testsuite",
        name=readable(mark.person.id),
        errors=str(outcomes.count("error")),
        failures=str(outcomes.count("failure")),
        skipped=str(outcomes.count("skipped")),
        tests=str(len(checks)),
        time=f"{grade.seconds if grade else 0.0:.3f}",
        hostname="localhost",
    )
    if mark.row and mark.row.submitted:
        suite.set("timestamp", readable(mark.row.submitted))
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in _properties(mark, grade):
        ElementTree.SubElement(properties, "property", name=readable(name), value=readable(value))
    said = feedback(grade) if grade else {}
    for check, tag in zip(checks, outcomes, strict=True):
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname=readable(f"{assignment}.{check.function}"),
            name=readable(check.name),
            time=f"{check.seconds:.3f}",
        )
        if tag and grade:
            told = ElementTree.SubElement(case, tag, message=readable(check.message or check.outcome.words))
            told.text = faults(grade) if tag == "error" else said[check.name]
    return suite


def _properties(mark: Mark, grade: Grade | None) -> list[tuple[str, str]]:
    found = [("student", mark.person.id), ("name", mark.person.name)]
    if mark.row:
        found.append(("attempt", str(mark.row.number)))
    if grade:
        found += [] if grade.faults else [("score", points(grade.score))]
        found.append(("max_score", points(points_of(grade.core))))
        found += [("bonus", points(grade.bonus))] if grade.stretch else []
    if mark.final:
        found += [] if mark.final.mark is None else [("mark", points(mark.final.mark))]
        found.append(("max", points(mark.final.most)))
    for check in grade.checks if grade else ():
        found += [] if check.score is None else [(f"score.{check.name}", points(check.score))]
        found.append((f"max_score.{check.name}", points(check.max_score)))
    return found + [("note", note) for note in notes(mark)]


def _tag(check: CheckResult) -> str:
    match check.outcome:
        case Outcome.PASSED:
            return ""
        case Outcome.GRADER_ERROR:
            return "error"
        case Outcome.SKIPPED | Outcome.TO_MARK:
            return "skipped"
    return "failure"


FORMAT = Whole(
    "junit",
    """JUnit XML: one suite per student, one case per check.

The format is pytest's (xunit2). Points are properties of the suite: mark, max, score.CHECK and max_score.CHECK.

\b
Examples:
  dlkit export junit hw2
  dlkit export junit hw2 --student s0007 --out -
""",
    write=to_xml,
    suffix=".xml",
    of_one=True,
)
