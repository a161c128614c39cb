"""What Classroom 50 collected, beside our own grades of the same submissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.classroom.gradebook import Row
from autograder.inbox.claims import SCALE, Claim, hundredths
from autograder.inbox.people import Person
from autograder.outcome import Grade
from autograder.policy.scoring import number
from autograder.text import folded, shown

TOLERANCE = 1.0  # points: another seed, another machine and rounding move a grade by less


@dataclass(frozen=True)
class Compared:
    """How claims and grades compare; a sentence for each that is told.

    Attributes:
        agreed: how many claims are within the tolerance of the grade.
        different: the claims that are not.
        unknown: the claims that could not be compared, and why.
        missing: the keys of those who were graded here and claim nothing.
    """

    agreed: int
    different: tuple[str, ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


def compared(claims: Iterable[Claim], rows: Iterable[Row], people: Iterable[Person]) -> Compared:
    """Compare each claim with the raw score of the newest attempt that was graded here.

    Args:
        claims: for one assignment.
        rows: all attempts at it.
        people: the class; a login is looked for among logins and keys.
    """
    newest = {key: row for row in sorted(rows, key=lambda row: row.number) for key in row.everybody}
    keys = {folded(name): person.id for person in people for name in (person.id, person.login) if name}
    agreed, different, unknown, claimed = 0, [], [], set()
    for claim in claims:
        who = [keys[folded(login)] for login in claim.everybody if folded(login) in keys]
        claimed.update(who)
        row = next((newest[key] for key in who if key in newest), None)
        claimed.update(row.everybody if row else ())
        name = shown(claim.owner)
        if claim.override:
            unknown.append(f"{name}: a teacher set this score on Classroom 50")
        elif not claim.most:
            unknown.append(f"{name}: grading failed on Classroom 50 (0 of 0), so nothing is claimed")
        elif row is None:
            unknown.append(f"{name}: no submission of theirs was graded here")
        elif row.grade is None:
            unknown.append(f"{name}: the submission cannot be read here ({shown(row.unreadable) or 'not graded'})")
        elif apart := [key for key in who if newest.get(key) is not row]:
            different.append(f"{name}: claims for {shown(', '.join(who))}, but here {shown(', '.join(apart))} handed in apart")
        elif wrong := _difference(claim, row.grade):
            different.append(f"{name}: {wrong}")
        elif row.grade.faults:
            unknown.append(f"{name}: a check could not be judged here; grade again")
        else:
            agreed += 1
    return Compared(agreed, tuple(different), tuple(unknown), tuple(key for key in sorted(newest) if key not in claimed))


def _difference(claim: Claim, grade: Grade) -> str:
    """How a claim differs from a grade; "" if it does not. What could not be judged may be worth all its points, or none."""
    most = sum(hundredths(check.max_score) for check in grade.core)
    if claim.most != most:
        told = f"{claim.score} of {claim.most}" if claim.most < 10**12 else "a number of more than 12 digits"
        return f"claims {told}, in hundredths of a point, but {grade.assignment} is out of {most}"
    least, of = grade.capped, number(most / SCALE)
    highest = min(least + sum(check.max_score for check in grade.faults), most / SCALE)
    points = claim.score / SCALE
    if least - TOLERANCE <= points <= highest + TOLERANCE:
        return ""
    away = points - highest if points > highest else points - least
    earned = number(round(least, 2)) if highest == least else f"{number(round(least, 2))} to {number(round(highest, 2))}"
    more = "more" if away > 0 else "fewer"
    return f"claims {number(points)} of {of} points, but earned {earned} here: {number(abs(round(away, 2)))} {more}"
