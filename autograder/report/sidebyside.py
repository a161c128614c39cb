"""Two submissions side by side, as HTML pages that need nothing but a browser: for whoever follows a lead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from autograder.classroom.similarity import CAVEAT, Lines, Pair, Passage, passages
from autograder.report.pages import environment
from autograder.text import visible

if TYPE_CHECKING:
    from jinja2 import Environment

GENERATOR = "dlkit similar"
MOST_LINES = 5000  # of a file that are shown
MOST_CHARACTERS = 1000  # of a line
COMMENT = re.compile(r"(^|\s)#.*")  # in a string it is cut as well, here as there
SIDES = ("first", "second")


@dataclass(frozen=True)
class Line:
    """A line as it is shown.

    Attributes:
        number, text: as in the file.
        kind: "same" in both works, "stub" as it was handed out, "" neither.
        passage: the number of the passage that it is in, 0 for none.
        anchor, to: where a passage begins, what the line is called, and where it begins in the other work.
    """

    number: int
    text: str
    kind: str
    passage: int = 0
    anchor: str = ""
    to: str = ""


@dataclass(frozen=True)
class File:
    """A file as it is shown."""

    name: str
    lines: Sequence[Line]
    left_out: int


@dataclass(frozen=True)
class Side:
    """One of two works as it is shown."""

    id: str
    name: str
    files: Sequence[File]


def page(
    pair: Pair,
    works: Mapping[str, Mapping[str, str]],
    stub: Mapping[str, str],
    names: Mapping[str, str] | None = None,
    back: str = "",
) -> str:
    """The page of a pair: both works, with what they have in common and what was handed out marked.

    Args:
        pair: which two.
        works: text by file name, by student.
        stub: text by file name of what was handed out.
        names: what to call the students, where that is not by their keys.
        back: where a list of pairs is; "" for none.

    Raises:
        SimilarityError: the library that reads programs is not installed.
    """
    called = names or {}
    keys = (pair.first, pair.second)
    common = passages(works[pair.first], works[pair.second], stub)
    given = {_bare(line) for text in stub.values() for line in text.split("\n")} - {""}
    return (
        _templates()
        .get_template("sidebyside.html")
        .render(
            sides=[
                Side(side, visible(called.get(key, key)), list(_files(side, works[key], common, given)))
                for side, key in zip(SIDES, keys, strict=True)
            ],
            share=percent(pair.share),
            passages=len(common),
            caveat=CAVEAT,
            back=back,
            generator=GENERATOR,
        )
    )


def index(
    assignment: str,
    pairs: Sequence[Pair],
    pages: Sequence[str],
    *,
    at_least: float,
    count: int | None = None,
    names: Mapping[str, str] | None = None,
) -> str:
    """The list of pairs.

    Args:
        assignment: its name, such as "hw2".
        pairs: what is listed.
        pages: where the page of each is.
        at_least: the smallest share that was asked for.
        count: how many pairs there are, if more than are listed.
        names: what to call the students, where that is not by their keys.
    """
    called = names or {}
    lines = [
        {
            "share": percent(pair.share),
            "first": visible(called.get(pair.first, pair.first)),
            "second": visible(called.get(pair.second, pair.second)),
            "page": page,
        }
        for pair, page in zip(pairs, pages, strict=True)
    ]
    return (
        _templates()
        .get_template("similar.html")
        .render(
            assignment=assignment,
            lines=lines,
            count=len(pairs) if count is None else count,
            at_least=percent(at_least),
            caveat=CAVEAT,
            generator=GENERATOR,
        )
    )


def percent(share: float) -> str:
    """A share in percent, cut and not rounded: only what is all in the other is 100 %."""
    return f"{int(100 * share + 1e-9)} %"


@cache
def _templates() -> Environment:
    return environment()


def _files(side: str, work: Mapping[str, str], common: Sequence[Passage], given: set[str]) -> Iterator[File]:
    other = next(name for name in SIDES if name != side)
    for name in sorted(work):
        numbers: dict[int, int] = {}  # the passage of each line; of two that share a line, the earlier
        for number, passage in enumerate(common, start=1):
            where: Lines = passage.first if side == "first" else passage.second
            for line in range(where.start, where.end + 1) if where.file == name else ():
                numbers.setdefault(line, number)
        texts = work[name].removesuffix("\n").split("\n")
        lines, begun = [], set()
        for place, text in enumerate(texts[:MOST_LINES], start=1):
            number = numbers.get(place, 0)
            bare = _bare(text)
            kind = "stub" if bare in given else "same" if number and bare else ""
            first = kind == "same" and number not in begun
            if first:
                begun.add(number)
            anchor, to = (f"{side}-{number}", f"{other}-{number}") if first else ("", "")
            shown = text[:MOST_CHARACTERS] + ("…" if len(text) > MOST_CHARACTERS else "")
            lines.append(Line(place, visible(shown.expandtabs(4)), kind, number, anchor, to))
        yield File(visible(name), lines, max(0, len(texts) - MOST_LINES))


def _bare(line: str) -> str:
    """A line without what stands around its code: space, and a comment of its own or at its end."""
    return COMMENT.sub("", line).strip()
