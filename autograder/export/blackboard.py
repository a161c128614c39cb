"""Blackboard Learn: the marks of an assignment as a table that its grade center uploads, made of the one that it downloaded.

Its help says what an upload needs: the user's name, and the column's title with its number; quotes around every cell of a CSV.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograder.export.format import Edit, Option
from autograder.export.item import Platform, mark_item
from autograder.export.sheet import Marked

if TYPE_CHECKING:
    from autograder.classroom.marks import Mark

BLACKBOARD = Platform(
    "Blackboard",
    "blackboard",
    ("Username",),
    "In Blackboard, choose Grade Center, Work Offline, Download (in Ultra: Gradebook, Download)",
    quoted=True,
)


def mark_grade_center(
    text: str, marks: Sequence[Mark], assignment: str, *, file: str = "the file", column: str | None = None, scale: bool = False
) -> Marked:
    """The marks as Blackboard uploads them; see `mark_item`."""
    return mark_item(BLACKBOARD, text, marks, assignment, file=file, column=column, scale=scale)


FORMAT = Edit(
    "blackboard",
    """Write marks for an upload into Blackboard.

In Blackboard, download the gradebook: Work Offline, Download, with the assignment's column. Run this command, then choose Work
Offline, Upload with the new file. It has a row for each student with a mark: the username and the mark. dlkit finds students by
Username, Student ID, then by name. The downloaded file itself stays unchanged.

\b
Examples:
  dlkit export blackboard hw2 --into gc_ml26_column.xls
  dlkit export blackboard hw2 --into gc_ml26_fullgc.csv --column "Homework 2" --scale --out upload.csv
""",
    (
        Option("--column", "The assignment's column, by title or number (default: the one named after the assignment).", "TITLE"),
        Option("--scale", "Rescale marks to the column's maximum."),
    ),
    into="The gradebook downloaded from Blackboard.",
    write=mark_grade_center,
    suffix=".csv",
)
