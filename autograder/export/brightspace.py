"""Brightspace (D2L): the marks of an assignment as a table that its import reads, made of the grades that it exported.

Its help says what an import may have: OrgDefinedId or Username, the points, and the sign that ends a row; no names or addresses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograder.export.format import Edit, Option
from autograder.export.item import Platform, mark_item
from autograder.export.sheet import Marked

if TYPE_CHECKING:
    from autograder.classroom.marks import Mark

BRIGHTSPACE = Platform(
    "Brightspace",
    "brightspace",
    ("OrgDefinedId", "Username"),
    "In Brightspace, choose Grades, Enter Grades, Export, with the key field Both and the points grade",
)


def mark_grades(
    text: str, marks: Sequence[Mark], assignment: str, *, file: str = "the file", column: str | None = None, scale: bool = False
) -> Marked:
    """The marks as Brightspace imports them; see `mark_item`."""
    return mark_item(BRIGHTSPACE, text, marks, assignment, file=file, column=column, scale=scale)


FORMAT = Edit(
    "brightspace",
    """Write marks for an import into Brightspace (D2L).

In Brightspace, choose Grades, Enter Grades, Export: key field Both, points grade, and the assignment's grade item. Run this
command, then choose Import with the new file. It has a row for each student with a mark, and only the columns that an import
may have. dlkit finds students by OrgDefinedId, Username, address, then by name. The exported file itself stays unchanged.

\b
Examples:
  dlkit export brightspace hw2 --into GradesExport.csv
  dlkit export brightspace hw2 --into GradesExport.csv --column "Homework 2" --scale --out import.csv
""",
    (
        Option("--column", "The grade item, by title (default: the one named after the assignment).", "TITLE"),
        Option("--scale", "Rescale marks to the item's maximum."),
    ),
    into="The grades exported from Brightspace.",
    write=mark_grades,
)
