"""What formats share: rows as CSV in which nothing is a formula, points and notes; and the table of `dlkit marks --csv`."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from autograder.export.sentences import UNSAFE, unjudged, unsafe
from autograder.text import readable

if TYPE_CHECKING:
    from autograder.classroom.marks import Mark

COLUMNS = ("student", "name", "attempt", "raw", "raw_max", "mark", "max", "days_late", "notes")
# What a spreadsheet takes for the beginning of a formula; the wide forms are read so in East Asian settings.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# A spreadsheet that splits at another sign than the comma begins a cell there, whatever the quotes say.
SPLIT = re.compile(r"""([;,\t|]\s*["']?\s*)(?=[=+\-@＝＋－＠])""")


def in_short(marks: Sequence[Mark]) -> str:
    """A table for a spreadsheet, in which what is not known is empty, and not 0.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    rows: list[Sequence[object]] = [COLUMNS]
    for mark in marks:
        final = mark.final
        if final is None:
            cells: list[object] = [mark.student, mark.name, "", "", "", "", "", "", "; ".join(mark.sentences)]
        else:
            by_grader = [_two(final.raw), _two(final.attempt.most)] if final.attempt.handed_in else ["", ""]
            numbers = [final.attempt.name, *by_grader, _two(final.mark), _two(final.most)]
            cells = [mark.student, mark.name, *numbers, final.days_late, "; ".join(mark.sentences)]
        rows.append(cells)
    return written(rows)


def side_by_side(names: Sequence[str], by_student: Mapping[str, Mapping[str, Mark]]) -> str:
    """The marks of several assignments: a row for each student, two columns for each assignment."""
    rows: list[Sequence[object]] = [["student", "name", *(title for name in names for title in (name, f"{name} max")), "notes"]]
    for student, theirs in by_student.items():
        finals = [theirs[name].final if name in theirs else None for name in names]
        cells = [cell for final in finals for cell in ((_two(final.mark), _two(final.most)) if final else ("", ""))]
        said = [f"{name}: {'; '.join(mark.sentences)}" for name, mark in theirs.items() if mark.sentences]
        rows.append([student, next(iter(theirs.values())).name, *cells, "; ".join(said)])
    return written(rows)


def written(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV in which nothing is a formula; None is an empty cell, and every line within a cell ends with a line feed."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([_one_feed(plain(cell)) for cell in row] for row in rows)
    return out.getvalue()


def plain(cell: object) -> object:
    """The cell; a text that a spreadsheet would take for a formula has an apostrophe before it, wherever a cell may begin.

    >>> plain("=1+2"), plain("Ada;=1+2"), plain("a - b; -1 is less")
    ("'=1+2", "Ada;'=1+2", "a - b; '-1 is less")
    """
    if not isinstance(cell, str):
        return cell
    inner = SPLIT.sub(r"\g<1>'", cell)
    return f"'{inner}" if inner.lstrip(" \u00a0").startswith(FORMULA) or inner.startswith(FORMULA) else inner


def points(value: float) -> str:
    """Points to two places, without those that are 0."""
    return f"{round(value, 2) + 0.0:.10g}"  # no -0


def notes(mark: Mark) -> list[str]:
    """What is to be known of a mark, one sentence each."""
    found = [*mark.sentences]
    if mark.row and mark.row.grade:
        found += filter(None, [unjudged(mark.row.grade), UNSAFE if unsafe(mark.row.grade) else ""])
    return [readable(sentence) for sentence in found]


def _two(value: float | None) -> float | str:
    return "" if value is None else round(value, 2) + 0.0  # no -0.0


def _one_feed(cell: object) -> object:
    """A carriage return would end the row: csv.writer puts no quotes around it."""
    return cell.replace("\r\n", "\n").replace("\r", "\n") if isinstance(cell, str) else cell
