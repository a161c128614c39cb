"""CSV for a spreadsheet: a row for each student, a column for each check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from autograder.export.format import Option, Whole
from autograder.export.table import notes, points, written
from autograder.text import readable

if TYPE_CHECKING:
    from autograder.classroom.marks import Mark

BEFORE = ("student", "name", "email", "section", "attempt", "submitted", "late", "raw", "raw_max", "mark", "max")
AFTER = ("misconceptions", "notes")
RAW_MAX = BEFORE.index("raw_max") + 1  # behind which the bonus points stand, in an assignment that has some


def by_check(marks: Sequence[Mark]) -> str:
    """The marks of a class, with the grader's points for each check; what is not known is empty, and not 0.

    `late` is in days, and empty where nobody knows. Everybody of a group has a row. Nothing depends on when or how fast it
    was graded: the same class gives the same text.
    """
    checks = union(tuple(check.name for check in mark.row.grade.checks) for mark in marks if mark.row and mark.row.grade)
    titles = [f"{name} (check)" if name in (*BEFORE, "bonus", *AFTER) else name for name in checks]
    bonus = any(mark.row.grade.stretch for mark in marks if mark.row and mark.row.grade)
    before = [*BEFORE[:RAW_MAX], *(["bonus"] if bonus else []), *BEFORE[RAW_MAX:]]
    return written([[*before, *titles, *AFTER], *(_by_check(mark, checks, bonus) for mark in marks)])


def union(orders: Iterable[tuple[str, ...]]) -> list[str]:
    """Every name, in the order that most use; others after what they stand behind where they do occur."""
    counts = Counter(orders)
    found: list[str] = []
    for names in sorted(counts, key=lambda names: (-counts[names], names)):
        for at, name in enumerate(names):
            if name not in found:
                found.insert(found.index(names[at - 1]) + 1 if at else 0, name)
    return found


def _by_check(mark: Mark, checks: Sequence[str], bonus: bool) -> list[str]:
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
        *numbers[:2],
        *([points(grade.bonus) if grade else ""] if bonus else []),
        *numbers[2:],
        *(scores.get(name, "") for name in checks),
        " ".join(sorted({check.misconception for check in grade.checks if check.misconception})) if grade else "",
        "; ".join(notes(mark)),
    ]


def for_spreadsheet(marks: Sequence[Mark], assignment: str, *, excel: bool = False) -> str:
    """The text of the file, for Excel with the mark by which it knows UTF-8."""
    return ("\ufeff" if excel else "") + by_check(marks)


FORMAT = Whole(
    "csv",
    """A table with one row per student and one column per check.

`late` is in days. A name that a spreadsheet would read as a formula starts with an apostrophe.

\b
Examples:
  dlkit export csv hw2
  dlkit export csv hw2 --course course.toml --out marks.csv
""",
    (Option("--excel", "Begin with a byte-order mark, for Excel."),),
    write=for_spreadsheet,
    suffix=".csv",
)
