"""JSON lines: an object a student, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autograder.export.format import Whole
from autograder.export.table import notes
from autograder.outcome.grade_json import SCHEMA, record

if TYPE_CHECKING:
    from autograder.classroom.marks import Mark


def to_lines(marks: Sequence[Mark], assignment: str) -> str:
    """The marks of a class: what `dlkit grade --json` writes of the attempt that counts, and what became of it.

    Of students without a grade there is the same without points: `mark` is null, and `notes` says why. It is also null as long
    as a check could not be judged.
    """
    return "".join(json.dumps(line(mark, assignment), ensure_ascii=False, allow_nan=False) + "\n" for mark in marks)


def line(mark: Mark, assignment: str) -> dict[str, Any]:
    """The object of one student."""
    grade, row, final = mark.row.grade if mark.row else None, mark.row, mark.final
    return {
        **(record(grade) if grade else {"schema": SCHEMA, "assignment": assignment}),
        "student": mark.person.id,  # as the gradebook has it, whatever the submission was called
        "name": mark.person.name,
        "email": mark.person.email,
        "section": mark.person.section,
        "attempt": row.number if row else None,
        "submitted": (row.submitted or None) if row else None,
        "group": (row.group or None) if row else None,
        "members": sorted(row.everybody) if row and row.members else [],
        "left": mark.left,
        "late": mark.days_late,
        "mark": final.mark if final else None,
        "max": final.most if final else None,
        "notes": notes(mark),
    }


FORMAT = Whole(
    "jsonl",
    """JSON lines, for programs: one object per student.

Each object has what `dlkit grade --json` writes for the attempt that counts, plus `mark`, `max`, `attempt`, `submitted`,
`late` (in days) and `notes`. Without a grade, `mark` is null.

\b
Examples:
  dlkit export jsonl hw2
  dlkit export jsonl hw2 --out - | jq .mark
""",
    write=to_lines,
    suffix=".jsonl",
)
