"""What the page of a large class leaves to files of its own: lists of students that nobody scrolls through.

A page of 10,000 rows takes 12 MB and a browser's patience. Its table has the first rows only. The others follow packed, so that
the script of the page can search and sort all of them and show some at a time. Where no script runs, the same rows stand in pages
of their own, as do the names in each list that is too long.
"""

from __future__ import annotations

import base64
import gzip
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.text import shortened

LARGE = 500  # students; a page of fewer holds everything
SHOWN = 100  # rows in the table of a large class
PART = 500  # rows in a page of its own
NAMED = 20  # names in a list
LISTED = 100  # groups of equal answers, and sentences of a reason to look
LONGEST = 40  # letters of a key in a title
LISTS = "students/lists"  # no student's page has this name: each has an extension
UP = "../../"
PACKED = re.compile(r'id="packed">([A-Za-z0-9+/=]*)</script>')


@dataclass(frozen=True)
class Leaf:
    """A page with some of the students: those from `begin` on, before `end`."""

    number: int
    begin: int
    end: int
    title: str
    short: str

    @property
    def path(self) -> str:
        """Where it is, from the page of the class."""
        return f"{LISTS}/{self.number}.html"


@dataclass(frozen=True)
class Names:
    """A page with the names of those whom a sentence is about."""

    number: int
    keys: tuple[str, ...]
    about: str

    @property
    def path(self) -> str:
        """Where it is, from the page of the class."""
        return f"{LISTS}/names-{self.number}.html"


class Register:
    """The lists of names that are pages of their own, each once."""

    def __init__(self) -> None:
        self.lists: dict[tuple[tuple[str, ...], str], Names] = {}

    def path(self, keys: Sequence[str], about: str) -> str:
        """Where the names of these students are."""
        key = tuple(keys), about
        return self.lists.setdefault(key, Names(len(self.lists) + 1, *key)).path


def leaves(keys: Sequence[str]) -> list[Leaf]:
    """The pages of a class with these students, in this order."""
    found = []
    for number, begin in enumerate(range(0, len(keys), PART), 1):
        end = min(begin + PART, len(keys))
        ends = " – ".join(shortened(keys[place], LONGEST) for place in (begin, end - 1))
        title = f"students {begin + 1}–{end} of {len(keys)}, {ends}"
        found.append(Leaf(number, begin, end, title, f"{begin + 1}–{end}"))
    return found


def packed(rows: str) -> str:
    """Rows of a table as a page's script unpacks them: a tenth of their size, and the same for the same rows."""
    return base64.b64encode(gzip.compress(rows.encode("utf-8", "replace"), mtime=0)).decode()


def unpacked(page: str) -> str:
    """The rows that a page holds packed, "" of a page that holds none or damaged ones."""
    found = PACKED.search(page)
    try:
        return gzip.decompress(base64.b64decode(found[1], validate=True)).decode("utf-8") if found else ""
    except (ValueError, OSError, EOFError, zlib.error):
        return ""
