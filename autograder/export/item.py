"""The marks of one assignment as a table for an import: who is who, and the marks, as a platform's own export has them.

For platforms that match the columns of a table by their titles, and leave alone what the table does not have.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.export.sheet import (
    OR_SCALE,
    UNJUDGED,
    Marked,
    SheetError,
    Way,
    at,
    decimal_comma,
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
from autograder.inbox.columns import ENDS, ITEMS, NAMES, first_and_last, full_name, place_of, spelt, unhashed

if TYPE_CHECKING:
    from autograder.classroom.marks import Mark

IDS = ("OrgDefinedId", "Student ID", "Username", *NAMES["number"])


@dataclass(frozen=True)
class Platform:
    """What a platform's export looks like, and what its import needs.

    Attributes:
        name: of the platform.
        key: how its titles of assignments are written, a key of `ITEMS`.
        keeps: the columns of students that the import has, as far as the export has them; the first or the last must be there.
        again: how to get the export.
        quoted: whether every cell has quotes.
    """

    name: str
    key: str
    keeps: tuple[str, ...]
    again: str
    quoted: bool = False


@dataclass(frozen=True)
class _Table:
    """An export: its header, the rows of people by their numbers, and where ids, addresses and names are."""

    header: list[str]
    people: Mapping[int, list[str]]

    def cells(self, titles: Iterable[str]) -> Callable[[Sequence[str]], list[str]]:
        places = [place for title in titles if (place := place_of(self.header, [title])) is not None]
        return lambda row: [at(row, place) for place in places]

    def name(self, row: Sequence[str]) -> str:
        both, whole = first_and_last(self.header), full_name(self.header)
        parts = [at(row, place) for place in both] if both else [at(row, whole)]
        return " ".join(filter(None, parts)) or next(filter(None, self.cells(IDS)(row)), "")


def mark_item(
    platform: Platform, text: str, marks: Sequence[Mark], assignment: str, *, file: str, column: str | None, scale: bool
) -> Marked:
    """The table for an import, made of a platform's own export.

    Args:
        platform: whose export it is.
        text: of the file.
        marks: of the class.
        assignment: its name, by which the column is found if `column` is not given.
        file: what to call the file in sentences.
        column: the title of the assignment, with or without what the platform writes around it, or its number there.
        scale: bring marks to the points of the column, if they are out of others.

    Raises:
        SheetError: it is no such export, has not one column for the assignment, or one worth other points.
    """
    sheet = read(text, file)
    header, *rows = sheet.rows
    table = _Table(header, {n: unhashed(header, row) for n, row in enumerate(rows) if any(cell.strip() for cell in row)})
    items = {title: match for title in header if (match := ITEMS[platform.key].fullmatch(title.strip()))}
    if not table.cells(platform.keeps)(header) or not items:
        there = ", ".join(header)[:200]
        wanted = f"{' or '.join(platform.keeps)}, and a column for each assignment"
        raise SheetError(f"{file} is not a gradebook of {platform.name}; expected {wanted}. Received: {there}. {platform.again}.")
    title = _chosen(items, assignment, marks, column, file)
    most = items[title]["most"]
    possible = number_in(most) if most else None
    if odd := unlike(marks, possible, scale):
        raise SheetError(
            f"`{title}` is worth {possible:g} points in {platform.name}; marks of {assignment} are out of {maxima(odd)} "
            f"({len(odd)} of {len(marks)} students). Change the points there and export again{OR_SCALE * (not scale)}."
        )
    found = matching(table.people, marks, _ways(table))
    comma = decimal_comma(at(row, header.index(one)) for row in rows for one in items)
    kept, lines = list[str](), list[list[str]]()
    for number, mark in sorted(found.whose.items()):
        points = worth(mark, possible, scale)
        if mark.excused or points is None:
            kept.append(f"{mark.student}: {mark.excused or mark.why or UNJUDGED}")
        else:
            lines.append([*_kept(platform, header, rows[number]), written(points, comma), *_end(header)])
    titles = [*_kept(platform, header, header), title.strip(), *([ENDS] if _end(header) else [])]
    return found.marked(_csv([titles, *lines], platform.quoted), title.strip(), len(lines), table.name, kept=kept)


def _chosen(items: Mapping[str, re.Match[str]], assignment: str, marks: Sequence[Mark], column: str | None, file: str) -> str:
    """The title of the assignment's column."""
    if column is None:
        titles = list(items)
        hits = [titles[place] for place in columns_of(assignment, title_in(marks), [match["title"] for match in items.values()])]
    else:
        hits = [title for title in items if title.strip() == column.strip()] or [
            title for title, match in items.items() if column.strip() in (match["title"], match.groupdict().get("id"))
        ]
    if len(hits) == 1:
        return hits[0]
    there = ", ".join(f"`{title.strip()}`" for title in hits or items)
    what = f"`{column}`" if column is not None else assignment
    many = f"{len(hits)} columns" if hits else "no column"
    raise SheetError(f"{file} has {many} for {what}; expected one. Received: {there}. Choose one with --column.")


def _ways(table: _Table) -> list[Way]:
    return [
        (table.cells(IDS), lambda mark: [mark.person.id]),
        (table.cells(NAMES["email"]), lambda mark: [mark.person.email, mark.person.id]),
        (table.cells(("Username",)), lambda mark: [mark.person.email, mark.person.email.partition("@")[0]]),
        (lambda row: orders(table.name(row)), lambda mark: orders(mark.person.name)),
    ]


def _kept(platform: Platform, header: Sequence[str], row: Sequence[str]) -> list[str]:
    """The cells that tell the platform who it is, as they stand in its export."""
    places = [place_of(header, [title]) for title in platform.keeps]
    return [at(row, place) for place in places if place is not None]


def _end(header: Sequence[str]) -> list[str]:
    """What ends a row of Brightspace."""
    return ["#"] if spelt(ENDS) in map(spelt, header) else []


def _csv(rows: Iterable[Sequence[str]], quoted: bool) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL).writerows(rows)
    return out.getvalue()
