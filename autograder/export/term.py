"""The totals of a term: as a table for a spreadsheet, and as marks, which the formats of the platforms can write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograder.export.table import written
from autograder.policy import Attempt, CheckScore, Final
from autograder.policy.scoring import Item
from autograder.policy.term import PERCENT, shown
from autograder.text import readable

if TYPE_CHECKING:
    from autograder.classroom.marks import Mark
    from autograder.classroom.totals import Standing, Standings

TOTAL = "total"


def totals(found: Standings) -> str:
    """A row for each student: the points and the maximum of each mark, the percent of each part, the total and its letter.

    What is not known, missing or left out is empty, and `notes` says which it is. Nothing is a formula.
    """
    parts, marks = [*found.term.weights, *found.term.extra], found.term.names
    head = ["student", "name", "email", "section", *(title for name in marks for title in (name, f"{name} max"))]
    rows: list[Sequence[object]] = [[*head, *(f"{part} %" for part in parts), TOTAL, "letter", "short of next", "notes"]]
    for one in found.students:
        person, total = one.person, one.total
        scores = [one.scores.get(name) for name in marks]
        points = [(shown(s.points), shown(s.most)) if s and s.state == "marked" else ("", "") for s in scores]
        notes = ["left the class: not counted"] if person.left else []
        notes += [*total.notes, *(total.steps if total.percent is None else ())]
        rows.append(
            [
                *map(readable, (person.id, person.name, person.email, person.section)),
                *(cell for pair in points for cell in pair),
                *("" if line.share is None else shown(line.share) for line in total.lines),
                "" if total.percent is None else f"{total.percent:f}",
                total.letter,
                f"{total.short:f}" if total.better else "",
                readable("; ".join(notes)),
            ]
        )
    return written(rows)


def as_marks(found: Standings) -> list[Mark]:
    """The totals as marks out of 100, of something that nobody handed in."""
    return [_as_mark(one) for one in found.students]


def _as_mark(one: Standing) -> Mark:
    from autograder.classroom.marks import Mark  # it brings the database, which no format needs

    total = one.total
    if total.percent is None:
        return Mark(one.person, None, None, "; ".join(total.steps))
    attempt = Attempt((CheckScore(TOTAL, float(total.percent), float(PERCENT)),))
    lines = [f"{line.name}: {line.why}" for part in total.lines for line in (part, *part.lines)]
    return Mark(one.person, Final(attempt, tuple(Item(line) for line in (*lines, *total.steps))), None)
