"""Canvas: marks into the gradebook that an instructor exported from it, which is then imported again.

Students are found as Canvas finds them: by ID, SIS User ID, SIS Login ID, then by name, in either order of its words. Only
the cells of one assignment change; read-only columns, students whom we do not know and excused ones stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.export.format import Edit, Option
from autograder.export.sheet import (
    OR_SCALE,
    UNJUDGED,
    Marked,
    Sheet,
    SheetError,
    Way,
    at,
    decimal_comma,
    folded,
    matching,
    maxima,
    number_in,
    orders,
    read,
    title_in,
    unlike,
    worth,
    written,
)
from autograder.export.titles import columns_of
from autograder.inbox.columns import ITEMS

if TYPE_CHECKING:
    from autograder.classroom.marks import Mark

TITLE = ITEMS["canvas"]
STUDENT_COLUMNS = ("id", "sis user id", "sis login id", "integration id", "root account", "section")
COMPUTED = re.compile("(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
BLANK = re.compile(r"\s*(muted|manual posting.*)?\s*", re.IGNORECASE | re.DOTALL)
POSSIBLE = "Points Possible"
EXCUSED, UNASSIGNED = "EX", "N/A"
AGAIN = "In Canvas, choose Grades, Export, and use that file"


@dataclass(frozen=True)
class _Columns:
    """Where a gradebook has what: student columns by their names, folded, and assignments by theirs."""

    names: tuple[int, ...]
    keys: dict[str, int]
    assignments: dict[str, int]

    def cell(self, row: Sequence[str], key: str) -> str:
        return at(row, self.keys.get(key))


def mark_gradebook(
    text: str,
    marks: Sequence[Mark],
    assignment: str,
    *,
    file: str = "the file",
    column: str | None = None,
    scale: bool = False,
    overwrite: bool = False,
) -> Marked:
    """Write marks into a gradebook exported from Canvas.

    Args:
        text: of the file, with its line ends and its byte order mark.
        marks: of the class.
        assignment: its name, by which the column is found if `column` is not given.
        file: what to call the file in sentences.
        column: the header of the assignment's column, its title or its id in Canvas.
        scale: bring marks to the points of the column, if they are out of others.
        overwrite: excused students get their mark, and not EX.

    Raises:
        SheetError: it is no gradebook of Canvas, has not one column for the assignment, or one worth other points.
    """
    sheet = read(text, file)
    rows = sheet.rows
    columns = _columns(sheet, rows[0], file)
    header = _chosen(columns, rows[0], assignment, marks, column, file)
    place = columns.assignments[header]
    possible_row = next((row for row in rows[1:] if POSSIBLE in at(row, 0)), None)
    said = at(possible_row, place) if possible_row else ""
    if re.search(r"read\s+only", said):
        raise SheetError(f"Canvas ignores imports into `{header}`, which is read-only. Choose another column with --column.")
    possible = number_in(said)
    if odd := unlike(marks, possible, scale):
        raise SheetError(
            f"`{header}` is worth {possible:g} points in Canvas; marks of {assignment} are out of {maxima(odd)} "
            f"({len(odd)} of {len(marks)} students). Change the points in Canvas and export again{OR_SCALE * (not scale)}."
        )
    people = {
        number: row
        for number, row in enumerate(rows)
        if number and row is not possible_row and not all(map(BLANK.fullmatch, row)) and POSSIBLE not in at(row, 0)
    }
    found = matching(people, marks, _ways(columns))
    comma = decimal_comma(at(row, there) for row in rows[1:] for there in columns.assignments.values())
    kept, excused, count = list[str](), list[str](), 0
    for number, mark in found.whose.items():
        before, points = at(rows[number], place), worth(mark, possible, scale)
        if before.upper() == UNASSIGNED or (before.upper() == EXCUSED and not overwrite):
            kept.append(f"{mark.student}: {before} in Canvas")
        elif mark.excused and not overwrite:
            sheet.put(number, place, EXCUSED)
            excused.append(f"{mark.student}: {mark.excused}")
            count += 1
        elif points is None:
            kept.append(f"{mark.student}: {mark.why or UNJUDGED}")
        else:
            sheet.put(number, place, written(points, comma))
            count += 1
    return found.marked(sheet.text, header, count, lambda row: _name(columns, row), kept=kept, excused=excused)


def _columns(sheet: Sheet, header: Sequence[str], file: str) -> _Columns:
    apart = list(map(folded, header[:2])) == ["lastname", "firstname"]
    names = (1, 0) if apart else (0,)
    known = len(header) > 3 and ("Student" in header[0] or apart) and "ID" in at(header, len(names))
    if not known or sheet.delimiter == "\t":
        how = "tabs" if sheet.delimiter == "\t" else f"`{sheet.delimiter}`"
        raise SheetError(
            f"{file} is not a Canvas gradebook; expected the columns Student, ID, Section and assignments, separated by "
            f"`,` or `;`. Received: {', '.join(header)[:120]} (separated by {how}). {AGAIN}."
        )
    titles = [folded(title) for title in header]
    keys = {title: titles.index(title) for title in STUDENT_COLUMNS if title in titles}
    if "section" not in keys:
        raise SheetError(f"{file} has no column Section, which Canvas needs for an import. {AGAIN}.")
    assignments = {
        title: place
        for place, title in enumerate(header)
        if place > max(keys.values()) and title.strip() and not COMPUTED.search(title)
    }
    return _Columns(names, keys, assignments)


def _chosen(
    columns: _Columns, header: Sequence[str], assignment: str, marks: Sequence[Mark], column: str | None, file: str
) -> str:
    """The header of the assignment's column."""
    titles = list(columns.assignments)
    parts = {title: TITLE.fullmatch(title.strip()) for title in titles}
    names = {title: match["title"] if match else title for title, match in parts.items()}
    if column is not None:
        exact = [title for title in titles if title.strip() == column.strip()]
        hits = exact or [
            title for title in titles if folded(column) in (folded(names[title]), (parts[title] or {"id": ""})["id"])
        ]
        if not hits and any(folded(title) == folded(column) for title in header):
            raise SheetError(
                f"`{column}` is a column that Canvas computes, or that identifies students. Choose an assignment's column."
            )
    else:
        hits = [titles[place] for place in columns_of(assignment, title_in(marks), list(names.values()))]
    if len(hits) == 1:
        if header.count(hits[0]) > 1:
            raise SheetError(f"{file} has {header.count(hits[0])} columns `{hits[0]}`. Rename one in Canvas, and export again.")
        return hits[0]
    there = ", ".join(f"`{title}`" for title in hits or titles) or "none"
    what = f"`{column}`" if column is not None else assignment
    raise SheetError(
        f"{file} has {'no column' if not hits else f'{len(hits)} columns'} for {what}; expected one. "
        f"Received: {there}. Choose one with --column."
    )


def _ways(columns: _Columns) -> list[Way]:
    def name(row: Sequence[str]) -> Iterator[str]:
        return orders(" ".join(at(row, place) for place in columns.names))

    return [
        (lambda row: [columns.cell(row, "id")], lambda mark: [mark.person.canvas_id]),
        (lambda row: [columns.cell(row, "sis user id")], lambda mark: [mark.person.id]),
        (lambda row: [columns.cell(row, "sis login id")], lambda mark: [mark.person.id, mark.person.email]),
        # Without a roster, a submission downloaded from Canvas is known by nothing but its ID there.
        (lambda row: [columns.cell(row, "id")], lambda mark: [] if mark.person.canvas_id else [mark.person.id]),
        (name, lambda mark: orders(mark.person.name)),
    ]


def _name(columns: _Columns, row: Sequence[str]) -> str:
    return " ".join(filter(None, (at(row, place) for place in columns.names))) or columns.cell(row, "id")


FORMAT = Edit(
    "canvas",
    """Write marks into a gradebook exported from Canvas.

In Canvas, choose Grades, Export. Run this command, then choose Grades, Import with the new file. Only the cells of the
assignment change. Excused students get EX. dlkit finds students by ID, SIS User ID, SIS Login ID, then by name. The exported
file itself stays unchanged.

\b
Examples:
  dlkit export canvas hw2 --into grades.csv
  dlkit export canvas hw2 --into grades.csv --column "Homework 2 (1234)" --scale --out import.csv
""",
    (
        Option("--column", "The assignment's column, by title or id (default: the one named after the assignment).", "TITLE"),
        Option("--scale", "Rescale marks to the column's maximum."),
        Option("--overwrite", "Also write marks for excused students, in place of EX."),
    ),
    into="The gradebook exported from Canvas.",
    write=mark_gradebook,
)
