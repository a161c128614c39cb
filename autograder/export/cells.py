"""Cells of a table that people open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for the beginning of a formula; the wide forms are read so in East Asian settings.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def plain(cell: object) -> object:
    """The cell; a text that a spreadsheet would take for a formula has an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def table(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV in which nothing is a formula; None is an empty cell, and every line within a cell ends with a line feed."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([_one_feed(plain(cell)) for cell in row] for row in rows)
    return out.getvalue()


def _one_feed(cell: object) -> object:
    """A carriage return would end the row: csv.writer puts no quotes around it."""
    return cell.replace("\r\n", "\n").replace("\r", "\n") if isinstance(cell, str) else cell
