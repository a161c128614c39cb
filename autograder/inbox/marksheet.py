"""Other marks: a CSV file of marks that dlkit did not make, such as those of an exam."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from autograder.inbox.columns import item_of, spelt
from autograder.inbox.columns import worksheet as columns_of_moodle
from autograder.inbox.people import Person
from autograder.inbox.respelt import respelt
from autograder.inbox.roster import RosterError, columns_in, index, rows_of, student_of
from autograder.text import folded, meant, shown
from autograder.text.errors import DlkitError

NUMBER = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,20})?", re.ASCII)
THOUSANDS = re.compile(r"([1-9][0-9]{0,2})[.,]([0-9]{3})", re.ASCII)
NOTHING = ("", "-", "–")
EXCUSED = ("ex", "excused")
# What Blackboard writes where somebody has still to mark; a number beside it is of an earlier attempt.
OPEN = re.compile(r"(?:needs grading|in progress)(?: ?\([0-9.,]*\))?", re.IGNORECASE)
ALL = Fraction(100)


class MarksheetError(DlkitError):
    """A file of marks is not what it should be: one sentence for each thing, a line each."""


@dataclass(frozen=True)
class Given:
    """What a file says of one student: the points, that the student is excused, or neither where the cell is empty.

    `open` is what it says where somebody has still to mark the work: then there are no points yet, whatever number is beside it.
    """

    line: int
    points: Fraction | None = None
    excused: bool = False
    open: str = ""


def read_marks(path: Path, people: Sequence[Person], mark: str, student: str = "", most: Fraction = ALL) -> dict[str, Given]:
    """The marks in a CSV file, by the student's id.

    Args:
        path: the file, with a header, separated by commas, semicolons or tabs.
        people: the class. A row is found by the id, or by the address or the number or login of a platform.
        mark: the title of the column with the marks: numbers, or EX for who is excused.
        student: the title of the column with the ids; "" where it is found like that of a roster.
        most: the points that can be had.

    Raises:
        MarksheetError: it cannot be read; a row is of nobody in the class, or another row's; a mark is no number.
    """
    name, problems = shown(path.name), list[str]()
    found: dict[str, Given] = {}
    by_key, _ = index(people)
    try:
        rows = rows_of(path)
        _, header = next(rows, (1, [""]))
        titles = [spelt(title) for title in header]
        if spelt(mark) not in titles:  # a platform may write more around it
            titles = [spelt(item_of(title)) for title in header]
        if titles.count(spelt(mark)) != 1:
            there = ", ".join(header)
            several = "several columns" if spelt(mark) in titles else "no column"
            hint = meant(mark, header)
            raise MarksheetError(f"{name}, line 1, has {several} `{shown(mark)}`; expected one. Received: {shown(there)}.{hint}")
        place, columns = titles.index(spelt(mark)), columns_in(path, header, student or None)
        worksheet = bool(columns_of_moodle(header))
        for line, row in rows:
            cell = row[place].strip() if place < len(row) else ""
            who = student_of({field: row[at] for field, at in columns.items() if at < len(row)}, worksheet)
            if who is None or not (who.id or cell):  # one of those who teach, or an empty row
                continue
            keys = [key for key in (who.id, who.email, who.canvas_id, who.moodle_id, who.login) if key]
            owners = set(next((owners for key in keys if (owners := by_key.get(folded(key)))), ()))
            others = by_key.get(folded(who.email), owners)
            given = _given(cell, line)
            if not owners and cell in NOTHING:  # somebody who has no mark here, such as Canvas's student for tests
                continue
            if whole := _whole(cell, most):
                one, other = str(whole), f"{cell.replace(',', '.')}0"
                problems.append(f"{name}, line {line}: {cell} can be read in two ways. Write {one} or {other}.")
            elif owners and others and owners.isdisjoint(others):
                wrong = f"{shown(keys[0])} and {shown(who.email)} belong to different students"
                problems.append(f"{name}, line {line}: {wrong}. Correct the row.")
            elif len(owners) != 1:
                what = "could be several students" if owners else "is not in the class"
                may_be = [] if owners else respelt(keys[:1], (person.id for person in people))
                hint = f" A spreadsheet may have changed it: {shown(may_be[0])}." if may_be else ""
                who_is_it = shown(keys[0] if keys else "nobody")
                problems.append(f"{name}, line {line}: {who_is_it} {what}. Correct or remove the row.{hint}")
            elif (key := next(iter(owners)).id) in found or given is None:
                wrong = f"{shown(key)} has a row already, line {found[key].line}" if key in found else ""
                wrong = wrong or f"the mark must be a number, EX or empty. Received: {shown(cell)}"
                problems.append(f"{name}, line {line}: {wrong}. Correct the file.")
            else:
                found[key] = given
    except RosterError as error:
        raise MarksheetError(str(error)) from None
    if problems:
        raise MarksheetError("\n".join(problems))
    return found


def _whole(cell: str, most: Fraction) -> int | None:
    """What `1,250` is if its sign separates thousands, and the mark may be as much; None where it can only be a decimal sign."""
    match = THOUSANDS.fullmatch(cell)
    whole = int(match[1] + match[2]) if match else None
    return whole if whole is not None and whole <= 2 * most else None


def _given(cell: str, line: int) -> Given | None:
    """What a cell says; None where that is no mark."""
    if cell in NOTHING or folded(cell) in EXCUSED:
        return Given(line, excused=cell not in NOTHING)
    if OPEN.fullmatch(cell):
        return Given(line, open=cell)
    return Given(line, Fraction(cell.replace(",", "."))) if NUMBER.fullmatch(cell) else None
