"""Whether somebody may still hand in, by what `course.toml` says: then a page of the lecture must not show the solution."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from autograder.policy import Course, Rules


def open_until(course: Course, assignment: str) -> datetime | None:
    """The last moment at which anybody may hand in, with extensions and accepted late days; None where no date is set."""
    students = [student for student, dates in course.students.items() if assignment in dates]
    rules = [course.rules(assignment), *(course.rules(assignment, student) for student in students)]
    found = [last for one in rules if (last := _last(one)) is not None]
    return max(found, key=lambda moment: moment.astimezone(UTC), default=None)


def _last(rules: Rules) -> datetime | None:
    """The last moment by these rules: the last date, or the due date with the late days that are allowed."""
    if rules.due is None or rules.late_due is not None:
        return rules.late_due
    return rules.due + rules.late.grace + timedelta(days=rules.late.max_days or 0)
