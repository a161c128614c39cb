"""A course's policies as frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

from autograder.policy.lateness import Lateness, amount, clock, count, days_begun, instant, stamp, words
from autograder.policy.term import Term
from autograder.text import meant

Attempts = Literal["best", "last"]
Bonus = Literal["cap", "add", "ignore"]


@dataclass(frozen=True)
class Late:
    """What lateness costs.

    Attributes:
        per_day: percent of the maximum for each day begun. Not of the score: a day costs everybody the same.
        grace: added to the due date before days are counted.
        tokens: days that a student may be late for free; of an assignment's own table, how many may be used there.
        max_days: how many days late something is still accepted; None for any number.
        floor: percent of the maximum below which lateness takes no score. A score that is lower by itself stays.
    """

    per_day: float = 0.0
    grace: timedelta = timedelta()
    tokens: int = 0
    max_days: int | None = None
    floor: float = 0.0

    def penalty(self, days: int, earned: float, maximum: float) -> float:
        """The points that these days cost of the points earned."""
        least = min(earned, self.floor / 100 * maximum)
        return min(days * self.per_day / 100 * maximum, earned - least)


@dataclass(frozen=True)
class Rules:
    """What holds for one assignment, and for one student if it comes from `Course.rules`.

    Attributes:
        due, late_due: in the course's time zone; after the second, nothing is accepted.
        late: the course's, with what the assignment changes.
        attempts: which attempt counts.
        drop: checks that leave the total for all.
        extra: checks that add without raising the maximum: what each is worth, or None for the points that it has.
        bonus: what becomes of bonus points: they make up for lost points up to the maximum, they add to any mark, or they are
            shown alone.
        weight: the assignment's, among the others.
        extended: whether `due` is the student's own.
    """

    due: datetime | None = None
    late_due: datetime | None = None
    late: Late = field(default_factory=Late)
    attempts: Attempts = "best"
    drop: frozenset[str] = frozenset()
    extra: Mapping[str, float | None] = field(default_factory=dict)
    bonus: Bonus = "cap"
    weight: float = 1.0
    extended: bool = False

    def extended_to(self, due: datetime) -> Rules:
        """The same rules with a student's own due date; the last date moves as far."""
        last = self.late_due
        if self.due and last:
            last = instant(clock(last) + (clock(due) - clock(self.due)), last.tzinfo or UTC)
        return replace(self, due=due, late_due=last, extended=True)

    def lateness(self, submitted: datetime | None, marked_late: bool | None = None, seen: datetime | None = None) -> Lateness:
        """How late something is that was handed in at this time, or of which only a late mark is known, or nothing.

        Args:
            submitted: when it was handed in, if that is known.
            marked_late: whether it carries a late mark, None where nobody sets one. It counts only where there are no two
                times to compare: it knows neither grace nor extensions.
            seen: when it was there at the latest: what was there in time was handed in in time.
        """
        if submitted is None or self.due is None:
            if self.due is None and not marked_late:
                return Lateness()
            if self.due and seen and seen.astimezone(UTC) <= self.due.astimezone(UTC):
                return Lateness()
            if marked_late is None:
                return Lateness(0, "submission time unknown, so it may be late: counts as on time", known=False)
            if not marked_late:
                return Lateness(0, "not marked late, submission time unknown: counts as on time")
            if self.extended:
                return Lateness(
                    0, "marked late, but submission time unknown and due date extended: counts as on time", known=False
                )
            return self._limited(1, "marked late, submission time unknown: counts as 1 day")
        if submitted.astimezone(UTC) <= self.due.astimezone(UTC):
            return Lateness()
        sentence = f"late by {amount(self.due, submitted)}"
        if self.late_due and submitted.astimezone(UTC) > self.late_due.astimezone(UTC):
            return Lateness(
                days_begun(self.due, submitted), f"{sentence}, after the last date, {stamp(self.late_due)}", accepted=False
            )
        edge = (self.due.astimezone(UTC) + self.late.grace).astimezone(self.due.tzinfo)
        days = days_begun(edge, submitted)
        if not days:
            return Lateness(0, f"{sentence}, within the grace period of {words(self.late.grace)}")
        return self._limited(days, sentence)

    def mistakes(self, checks: Iterable[str]) -> list[str]:
        """A sentence for each check that is dropped or extra but is none of an assignment's checks."""
        known = sorted(checks)
        return [
            f"the assignment has no check `{name}` to {verb}.{meant(name, known)}"
            for verb, names in (("drop", self.drop), ("count as extra credit", self.extra))
            for name in sorted(names)
            if name not in known
        ]

    def _limited(self, days: int, sentence: str) -> Lateness:
        most = self.late.max_days
        if most is None or days <= most:
            return Lateness(days, sentence)
        limit = f"more than the {count(most, 'day')} allowed" if most else "no late work is accepted"
        return Lateness(days, f"{sentence}, {limit}", accepted=False)


@dataclass(frozen=True)
class Course:
    """What a `course.toml` says.

    Attributes:
        name: for people.
        timezone: whose clock counts the days.
        attempts, late, bonus: what holds for an assignment that says nothing else.
        assignments: the rules of each assignment that is named.
        students: the due dates that were extended, by student and assignment.
        notices: what was made of dates that can be read in two ways, or that no clock shows.
        excused: the marks that do not count for a student.
        term: how the total is made of the marks.
    """

    name: str = ""
    timezone: tzinfo = UTC
    attempts: Attempts = "best"
    late: Late = field(default_factory=Late)
    assignments: Mapping[str, Rules] = field(default_factory=dict)
    students: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    excused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    term: Term = field(default_factory=Term)
    bonus: Bonus = "cap"

    def rules(self, assignment: str, student: str = "") -> Rules:
        """What holds for an assignment, with a student's extension; the course's own where it is not named."""
        rules = self.assignments.get(assignment, Rules(late=self.late, attempts=self.attempts, bonus=self.bonus))
        due = self.students.get(student, {}).get(assignment)
        return rules.extended_to(due) if due else rules
