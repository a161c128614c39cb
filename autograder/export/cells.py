"""Cells of a table that people open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for the beginning of a formula; the wide forms are read so in East Asian settings.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


# A spreadsheet that splits at another sign than the comma begins a cell there, whatever the quotes say.
SPLIT = re.compile(r"""([;,\t|]\s*["']?\s*)(?=[=+\-@＝＋－＠])""")


def plain(cell: object) -> object:
    """The cell; a text that a spreadsheet would take for a formula has an apostrophe before it, wherever a cell may begin.

    >>> plain("=1+2"), plain("Ada;=1+2"), plain("a - b; -1 is less")
    ("'=1+2", "Ada;'=1+2", "a - b; '-1 is less")
    """
    if not isinstance(cell, str):
        return cell
    inner = SPLIT.sub(r"\g<1>'", cell)
    return f"'{inner}" if inner.lstrip(" \u00a0").startswith(FORMULA) or inner.startswith(FORMULA) else inner


def table(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV in which nothing is a formula; None is an empty cell, and every line within a cell ends with a line feed."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([_one_feed(plain(cell)) for cell in row] for row in rows)
    return out.getvalue()


def _one_feed(cell: object) -> object:
    """A carriage return would end the row: csv.writer puts no quotes around it."""
    return cell.replace("\r\n", "\n").replace("\r", "\n") if isinstance(cell, str) else cell
