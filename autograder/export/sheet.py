"""Somebody's own CSV file, changed in a few cells: every other character stays, with its quotes, line ends and mark of order."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autograder.inbox.columns import opening
from autograder.text import readable, trimmed
from autograder.text.errors import DlkitError

if TYPE_CHECKING:
    from autograder.classroom.marks import Mark

QUOTED = r'"(?:[^"]|"")*"'
COMMA = re.compile(r"-?[0-9]+,[0-9]{1,2}")
POINT = re.compile(r"-?[0-9]+\.[0-9]+")
UNJUDGED = "has a grader error; grade again, or set the points with `dlkit adjust`"
OR_SCALE = ", or add --scale"
TOLERANCE = 0.005  # systems compare points at two places
Way = tuple[Callable[[Sequence[str]], Iterable[str]], Callable[["Mark"], Iterable[str]]]


class SheetError(DlkitError):
    """The file cannot be marked; the sentence says why, what was expected and what to do."""


@dataclass(frozen=True)
class Marked:
    """A file with marks in it, and what did not get there; students by the file's words, or by their keys.

    Attributes:
        text: the file.
        column: the column that was written.
        written: how many marks.
        unknown: rows of nobody in the gradebook.
        missing: students with a mark who have no row.
        kept: rows whose cell was left as it is, and why.
        unclear: rows that could be several students', or of which a student could have several.
        excused: students who got the system's own sign for who is excused, in place of a mark.
    """

    text: str
    column: str
    written: int
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()


@dataclass
class Line:
    """A row: its fields as they stand, between delimiters, and its end."""

    fields: list[str]
    end: str


@dataclass
class Sheet:
    """A CSV file as lines of fields, each as it stands."""

    delimiter: str
    lines: list[Line] = field(default_factory=list)
    mark: str = ""
    """What stands before the header: a byte order mark, empty lines, `sep=;`."""

    @property
    def text(self) -> str:
        """The whole file."""
        return self.mark + "".join(self.delimiter.join(line.fields) + line.end for line in self.lines)

    @property
    def rows(self) -> list[list[str]]:
        """The values of all fields."""
        return [[value(raw) for raw in line.fields] for line in self.lines]

    def put(self, row: int, column: int, text: str) -> None:
        """Change a cell; it keeps its quotes, or gets some if it needs them."""
        fields = self.lines[row].fields
        fields += [""] * (column + 1 - len(fields))
        quoted = fields[column].startswith('"') or any(sign in text for sign in f'{self.delimiter}"\r\n')
        fields[column] = '"' + text.replace('"', '""') + '"' if quoted else text


def read(text: str, name: str) -> Sheet:
    """Take a CSV file apart; its delimiter is what it says, or the one that its header has most of.

    Args:
        text: of the file, with its line ends.
        name: of the file, for what is wrong with it.

    Raises:
        SheetError: it is empty, or has a quote that is not closed.
    """
    mark, delimiter = opening(text)
    text = text[len(mark) :]
    if not text.strip():
        raise SheetError(f"{name} is empty; expected a header and a row for each student. Export it again.")
    bare = re.split(r"[\r\n]", re.sub(r'"[^"]*"', "", text), maxsplit=1)[0]
    if delimiter not in bare:
        received = readable(text.strip().splitlines()[0])[:80]
        raise SheetError(f"{name} has one column; expected CSV, separated by `,` or `;`. Received: {received}. Export it again.")
    sheet = Sheet(delimiter, mark=mark)
    pattern = re.compile(rf"({QUOTED}|[^{re.escape(sheet.delimiter)}\r\n]*)({re.escape(sheet.delimiter)}|\r\n|\n|\r|\Z)")
    position, line, number = 0, Line([], ""), 1 + len(re.findall(r"\r\n|\r|\n", mark))
    while position < len(text) or line.fields:
        match = pattern.match(text, position)
        if match is None or (match[1].startswith('"') and not re.fullmatch(QUOTED, match[1])):
            raise SheetError(f"{name}, line {number}, has a quote that is not closed; expected CSV. Export it again.")
        line.fields.append(match[1])
        number += match[0].count("\n") or match[0].count("\r")
        position = match.end()
        if match[2] != sheet.delimiter:
            line.end = match[2]
            sheet.lines.append(line)
            line = Line([], "")
            if not match[2]:
                break
    return sheet


def value(raw: str) -> str:
    """What a field says."""
    return raw[1:-1].replace('""', '"') if len(raw) > 1 and raw.startswith('"') else raw


def at(row: Sequence[str], place: int | None) -> str:
    """A cell without the spaces around it; "" where a row is short, or has no such column."""
    return row[place].strip() if place is not None and place < len(row) else ""


def folded(text: str) -> str:
    """A key or name as it is compared: one form of letters, no case, single spaces, and nothing around it that is not seen."""
    return " ".join(trimmed(unicodedata.normalize("NFC", text).casefold()).split())


def matched(rows: Mapping[int, Sequence[str]], marks: Sequence[Mark], ways: Sequence[Way]) -> dict[int, Mark]:
    """Whose each row is, by the first way that tells.

    A way is what a row says and what we know. Who could be two, on either side, is nobody's rather than the wrong one's.
    """
    found: dict[int, Mark] = {}
    left = dict(enumerate(marks))
    for of_row, of_mark in ways:
        known: dict[str, set[int]] = defaultdict(set)
        for place, mark in left.items():
            for key in filter(None, map(folded, of_mark(mark))):
                known[key].add(place)
        claims: dict[int, list[int]] = defaultdict(list)
        for number, row in rows.items():
            if number not in found:
                who = set().union(*(known.get(folded(key), set()) for key in of_row(row)))
                if len(who) == 1:
                    claims[who.pop()].append(number)
        for place, numbers in claims.items():
            if len(numbers) == 1:
                found[numbers[0]] = left.pop(place)
    return found


def _unclear(
    rows: Mapping[int, Sequence[str]], marks: Sequence[Mark], ways: Sequence[Way], whose: Mapping[int, Mark]
) -> set[int]:
    """The rows that are nobody's, but could be several students', or a second one of a student."""
    taken = {mark.student for mark in whose.values()}
    numbers: set[int] = set()
    for of_row, of_mark in ways:
        known: dict[str, set[str]] = defaultdict(set)
        for mark in marks:
            for key in filter(None, map(folded, of_mark(mark))):
                known[key].add(mark.student)
        claims: dict[str, set[int]] = defaultdict(set)
        for number in rows.keys() - whose.keys():
            who = set().union(*(known.get(folded(key), set()) for key in of_row(rows[number])))
            for student in who:
                claims[student].add(number)
            if len(who) > 1:
                numbers.add(number)
        numbers.update(*(several for student, several in claims.items() if len(several) > 1 or student in taken))
    return numbers


@dataclass(frozen=True)
class Matching:
    """The people of a file beside the marks of a class.

    Attributes:
        rows: of people, by their numbers in the file.
        marks: of the class.
        whose: the mark of each row that is known to be somebody's.
        unclear: the rows that could be several students', or of which a student could have several.
    """

    rows: Mapping[int, Sequence[str]]
    marks: Sequence[Mark]
    whose: Mapping[int, Mark]
    unclear: frozenset[int]

    def marked(
        self,
        text: str,
        column: str,
        written: int,
        name: Callable[[Sequence[str]], str],
        *,
        kept: Iterable[str],
        excused: Iterable[str] = (),
    ) -> Marked:
        """The file with the marks in it, and who is not among them; `name` is what to call the person of a row."""
        unknown = [row for number, row in self.rows.items() if number not in self.unclear and number not in self.whose]
        return Marked(
            text,
            column,
            written,
            unknown=tuple(map(name, unknown)),
            missing=absent(self.marks, self.whose.values()),
            kept=tuple(kept),
            excused=tuple(excused),
            unclear=tuple(name(self.rows[number]) for number in sorted(self.unclear)),
        )


def matching(
    rows: Mapping[int, Sequence[str]], marks: Sequence[Mark], ways: Sequence[Way], whose: Mapping[int, Mark] | None = None
) -> Matching:
    """Find whose the rows are, where that is not known yet, and which of the others are unclear."""
    known = matched(rows, marks, ways) if whose is None else whose
    return Matching(rows, marks, known, frozenset(_unclear(rows, marks, ways, known)))


def orders(name: str) -> Iterator[str]:
    """A name, and one that is written "Last, First" the other way round."""
    yield name
    last, comma, first = name.partition(",")
    if comma:
        yield f"{first} {last}"


def bare(text: str) -> str:
    """The letters and digits of a title, as it is compared."""
    return "".join(filter(str.isalnum, folded(text)))


def title_in(marks: Iterable[Mark]) -> str:
    """The assignment's title, as a graded attempt has it; "" where there is none."""
    return next((mark.row.grade.title for mark in marks if mark.row and mark.row.grade), "")


def number_in(text: str) -> float | None:
    """The number in a cell as Canvas reads it: what stands behind the last comma or point are decimals; None if none."""
    text = text.strip()
    if not re.fullmatch(r"-?[0-9][0-9.,]*", text):
        return None
    *whole, last = re.split("[,.]", text)
    return float(f"{''.join(whole)}.{last}" if whole else last)


def decimal_comma(cells: Iterable[str]) -> bool:
    """Whether a file writes 7,5 for seven and a half."""
    cells = [cell.strip() for cell in cells]
    return any(map(COMMA.fullmatch, cells)) and not any(map(POINT.fullmatch, cells))


def written(points: float, comma: bool) -> str:
    """Points with two places, and never with a separator of thousands."""
    return f"{points + 0.0:.2f}".replace(".", "," if comma else ".")


def worth(mark: Mark, possible: float | None, scale: bool) -> float | None:
    """What a mark is in a column worth `possible` points (None: not said); None if it is out of another maximum.

    Also None as long as a check could not be judged and nobody has given its points: no others stand for what is unknown.
    """
    if mark.final is None or mark.final.mark is None:
        return None
    points, most = round(mark.final.adjusted, 4), mark.final.most
    if possible is None or abs(most - possible) <= TOLERANCE:
        return points
    return round(points / most * possible, 4) if scale and most > 0 and possible > 0 else None


def absent(marks: Iterable[Mark], taken: Iterable[Mark]) -> tuple[str, ...]:
    """The students who have a mark and are in the class, but in no row: theirs is not among the marks that were taken."""
    there = {mark.student for mark in taken}
    return tuple(mark.student for mark in marks if mark.final and not mark.left and mark.student not in there)


def unlike(marks: Iterable[Mark], possible: float | None, scale: bool) -> list[Mark]:
    """The marks that are out of another maximum than the column's, though everything was judged."""
    return [mark for mark in marks if mark.final and worth(mark, possible, scale) is None and mark.final.mark is not None]


def maxima(marks: Sequence[Mark]) -> str:
    """What marks are out of: "100", "90 or 100"."""
    return " or ".join(f"{most:g}" for most in sorted({mark.final.most for mark in marks if mark.final}))
