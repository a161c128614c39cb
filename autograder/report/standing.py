"""How a class stands over several assignments: who falls behind, how many attempts it took, how sections compare. Pure."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.classroom.gradebook import Row
from autograder.classroom.marks import Mark
from autograder.report.survey import percent_of

LATEST = 2  # assignments that are looked at
GAP = 20.0  # points of 100 below the median of the class
QUORUM = 0.5  # of a class: an assignment that fewer have handed in is not over yet


@dataclass(frozen=True)
class Behind:
    """A student who falls behind.

    Attributes:
        mark: one of theirs.
        missed: which of the latest assignments were not handed in.
        gap: how far below the median of the class, over these, in points of 100.
        earlier: the same over the assignments before, None where there are none.
    """

    mark: Mark
    missed: tuple[str, ...]
    gap: float
    earlier: float | None


@dataclass(frozen=True)
class Tries:
    """How many attempts it took to get full marks.

    Attributes:
        counts: how many students needed one attempt, two, and so on.
        never: how many have not got there.
    """

    counts: Mapping[int, int]
    never: int


def behind(marks: Mapping[str, Sequence[Mark]], order: Sequence[str]) -> list[Behind]:
    """Who misses one of the latest assignments, or is far below the class in them; the farthest first.

    Args:
        marks: by assignment.
        order: the assignments, the earliest first.
    """
    over = [name for name in order if _handed_in(marks[name]) >= QUORUM]
    gaps: dict[str, dict[str, float]] = defaultdict(dict)
    missed: dict[str, list[str]] = defaultdict(list)
    one_of: dict[str, Mark] = {}
    for name in over:
        there = [mark for mark in marks[name] if not mark.left and not mark.excused]
        percents = {mark.student: percent_of(mark) for mark in there}
        known = [percent for percent in percents.values() if percent is not None]
        middle = statistics.median(known) if known else 0.0
        for mark in there:
            one_of[mark.student] = mark
            if mark.row is None:
                missed[mark.student].append(name)
            percent = percents[mark.student]
            if percent is not None or mark.row is None:
                gaps[mark.student][name] = middle - (percent or 0.0)
    latest, before = over[-LATEST:], over[:-LATEST]
    found = []
    for student, by_name in gaps.items():
        lately = [by_name[name] for name in latest if name in by_name]
        earlier = [by_name[name] for name in before if name in by_name]
        without = tuple(name for name in latest if name in missed[student])
        gap = statistics.fmean(lately) if lately else 0.0
        if without or gap >= GAP:
            found.append(Behind(one_of[student], without, gap, statistics.fmean(earlier) if earlier else None))
    return sorted(found, key=lambda one: (-one.gap, one.mark.student))


def tries(rows: Iterable[Row]) -> Tries:
    """How many attempts each student needed until every core check passed."""
    by_student: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for student in row.everybody:
            by_student[student].append(row)
    counts: Counter[int] = Counter()
    never = 0
    for several in by_student.values():
        several.sort(key=lambda row: row.number)
        full = next((place for place, row in enumerate(several, start=1) if row.grade and row.grade.perfect), 0)
        if full:
            counts[full] += 1
        else:
            never += 1
    return Tries(dict(sorted(counts.items())), never)


def sections(marks: Mapping[str, Sequence[Mark]]) -> dict[str, dict[str, tuple[float, int]]]:
    """The median of each section in each assignment, in percent, and of how many; nothing where there is only one section."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for name, several in marks.items():
        for mark in several:
            if not mark.left and (percent := percent_of(mark)) is not None:
                found[mark.person.section or "none"][name].append(percent)
    if len(found) < 2:
        return {}
    return {
        section: {name: (statistics.median(percents), len(percents)) for name, percents in by_name.items()}
        for section, by_name in sorted(found.items())
    }


def _handed_in(marks: Sequence[Mark]) -> float:
    """The share of a class that has handed in."""
    there = [mark.row is not None for mark in marks if not mark.left]
    return sum(there) / max(1, len(there))
