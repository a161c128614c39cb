"""CSV for a spreadsheet: a row a student, a column a check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from autograder.export.cells import table
from autograder.export.words import UNSAFE, unjudged, unsafe
from autograder.marks import Mark
from autograder.text import readable

BEFORE = ("student", "name", "email", "section", "attempt", "submitted", "late", "raw", "raw_max", "mark", "max")
AFTER = ("misconceptions", "notes")


def to_csv(marks: Sequence[Mark]) -> str:
    """The marks of a class, with the grader's points for each check; what is not known is empty, and not 0.

    `late` is in days, and empty where nobody knows. Everybody of a group has a row. Nothing depends on when or how fast it
    was graded: the same class gives the same text.
    """
    checks = union(tuple(check.name for check in mark.row.grade.checks) for mark in marks if mark.row and mark.row.grade)
    titles = [f"{name} (check)" if name in BEFORE + AFTER else name for name in checks]
    return table([[*BEFORE, *titles, *AFTER], *(_row(mark, checks) for mark in marks)])


def union(orders: Iterable[tuple[str, ...]]) -> list[str]:
    """Every name, in the order that most use; others after what they stand behind where they do occur."""
    counts = Counter(orders)
    found: list[str] = []
    for names in sorted(counts, key=lambda names: (-counts[names], names)):
        for at, name in enumerate(names):
            if name not in found:
                found.insert(found.index(names[at - 1]) + 1 if at else 0, name)
    return found


def points(value: float) -> str:
    """Points to two places, without those that are 0."""
    return f"{round(value, 2) + 0.0:.10g}"  # no -0


def notes(mark: Mark) -> list[str]:
    """What is to be known of a mark, one sentence each."""
    found = [*mark.sentences]
    if mark.row and mark.row.grade:
        found += filter(None, [unjudged(mark.row.grade), UNSAFE if unsafe(mark.row.grade) else ""])
    return [readable(sentence) for sentence in found]


def _row(mark: Mark, checks: Sequence[str]) -> list[str]:
    person, row, final = mark.person, mark.row, mark.final
    grade = row.grade if row else None
    scores = {check.name: "" if check.score is None else points(check.score) for check in grade.checks} if grade else {}
    numbers = [""] * 4
    if final is not None:
        raw = (final.raw, final.attempt.most) if final.attempt.handed_in else (None, None)
        numbers = ["" if value is None else points(value) for value in (*raw, final.mark, final.most)]
    return [
        *map(readable, (person.id, person.name, person.email, person.section)),
        str(row.number) if row else "",
        row.submitted if row else "",
        "" if mark.days_late is None else str(mark.days_late),
        *numbers,
        *(scores.get(name, "") for name in checks),
        " ".join(sorted({check.misconception for check in grade.checks if check.misconception})) if grade else "",
        "; ".join(notes(mark)),
    ]
