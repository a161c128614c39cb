"""Changes: what is different between two gradings of the same work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.classroom.gradebook import Row
from autograder.outcome import CheckResult, Grade


@dataclass(frozen=True)
class Change:
    """What is different between two gradings of an attempt; None where there was, or is, no grade."""

    student: str
    number: int
    before: Grade | None
    after: Grade | None

    @property
    def sentences(self) -> tuple[str, ...]:
        """Which checks change, from what to what."""
        old = {check.name: check for check in self.before.checks} if self.before else {}
        new = {check.name: check for check in self.after.checks} if self.after else {}
        if not old or not new:
            return ()
        changed = [
            _changed(check, old.get(name))
            for name, check in new.items()
            if name not in old or _verdict(check) != _verdict(old[name])
        ]
        return (*changed, *(f"{name} was removed: {_now(check)}" for name, check in old.items() if name not in new))

    @property
    def moves(self) -> bool:
        """Whether the total is another."""
        before, after = ((grade.score, grade.max_score, grade.bonus) if grade else None for grade in (self.before, self.after))
        return before != after

    @property
    def matters(self) -> bool:
        """Whether anything is different that somebody would want to know."""
        return self.moves or bool(self.sentences)


def compared(before: Sequence[Row], after: Sequence[Row]) -> list[Change]:
    """What is different between two states of the gradebook, by student and attempt."""
    old, new = ({(row.student, row.number): row.grade for row in rows} for rows in (before, after))
    changes = (
        Change(student, number, old.get((student, number)), new.get((student, number)))
        for student, number in sorted(old.keys() | new.keys())
    )
    return [change for change in changes if change.matters]


def _verdict(check: CheckResult) -> tuple[object, ...]:
    return check.outcome, check.score, check.max_score, check.stretch, check.message, check.hint, check.misconception


def _changed(check: CheckResult, old: CheckResult | None) -> str:
    now = _now(check)
    if old is None:
        return f"{check.name} is new: {now}"
    before = _now(old)
    if before != now:
        return f"{check.name}: {before} → {now}"
    if check.misconception != old.misconception and check.misconception:
        return f"{check.name}: still {now}, explained as {check.misconception}"
    return f"{check.name}: still {now}, with another message"


def _now(check: CheckResult) -> str:
    return f"{check.outcome.words}, {_points(check)}"


def _points(check: CheckResult) -> str:
    return "not judged" if check.score is None else f"{check.score:g} of {check.max_score:g}"
