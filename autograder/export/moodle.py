"""Moodle: marks into the grading worksheet that an instructor downloaded from an assignment, which is then uploaded again.

Its headers are in the language of who downloaded it, and Moodle finds columns by them; so the file is edited, never made.
The number at the end of an identifier ("Participant 657717", "Teilnehmer/in657717") is what Moodle goes by.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.export.format import Edit, Option
from autograder.export.sentences import feedback, unjudged
from autograder.export.sheet import (
    OR_SCALE,
    TOLERANCE,
    UNJUDGED,
    Marked,
    Sheet,
    SheetError,
    Way,
    at,
    decimal_comma,
    folded,
    matched,
    matching,
    maxima,
    number_in,
    orders,
    read,
    unlike,
    worth,
    written,
)
from autograder.inbox.columns import NAMES, NO, first_and_last, full_name, place_of, worksheet
from autograder.inbox.columns import WORKSHEET as LANGUAGES
from autograder.outcome import Outcome
from autograder.text import readable, words_of

if TYPE_CHECKING:
    from autograder.classroom.marks import Mark

PARTICIPANT = re.compile(r"[^0-9]*(?P<id>[0-9]+)\s*")
AGAIN = "In Moodle, open the assignment and choose View all submissions, Download grading worksheet"


@dataclass(frozen=True)
class _Columns:
    """Where a worksheet has what."""

    at: dict[str, int]

    def cell(self, row: Sequence[str], what: str) -> str:
        return at(row, self.at.get(what))

    def name(self, row: Sequence[str]) -> str:
        """A student's name, in one column or in two."""
        return self.cell(row, "name") or f"{self.cell(row, 'first')} {self.cell(row, 'last')}".strip()

    def called(self, row: Sequence[str]) -> str:
        """What to call the person of a row: by name, or by identifier where names are hidden."""
        return self.name(row) or self.cell(row, "identifier")

    def participant(self, row: Sequence[str]) -> str:
        match = PARTICIPANT.fullmatch(self.cell(row, "identifier"))
        return match["id"] if match else ""


def mark_worksheet(
    text: str,
    marks: Sequence[Mark],
    assignment: str,
    *,
    file: str = "the file",
    column: str | None = None,
    scale: bool = False,
    overwrite: bool = False,
    comments: bool = False,
) -> Marked:
    """Write marks into a grading worksheet downloaded from Moodle.

    Args:
        text: of the file, with its line ends and its byte order mark.
        marks: of the class.
        assignment: its name.
        file: what to call the file in sentences.
        column: the header of the grades, if it is in a language that is not in `LANGUAGES`.
        scale: bring marks to the maximum of the worksheet, if they are out of another.
        overwrite: comments that are there already are replaced.
        comments: write what is wrong, and why, into the column of feedback comments.

    Raises:
        SheetError: it is no grading worksheet, grades by a scale, has another maximum, or no column for comments.
    """
    sheet = read(text, file)
    rows = sheet.rows
    columns = _columns(sheet, rows, column, file)
    place, header = columns.at["grade"], rows[0][columns.at["grade"]]
    if comments and "comments" not in columns.at:
        turn_on = "Turn them on in the assignment's settings (Feedback types), and download it again"
        raise SheetError(f"{file} has no column for feedback comments. {turn_on}; or leave out --comments.")
    people = {number: row for number, row in enumerate(rows) if number and any(cell.strip() for cell in row)}
    whose = _whose(people, marks, columns)
    mosts = {number: number_in(columns.cell(row, "maximum")) for number, row in people.items()}
    for possible in sorted({most for most in mosts.values() if most is not None}):
        if odd := unlike((mark for number, mark in whose.items() if mosts[number] == possible), possible, scale):
            raise SheetError(
                f"{file} has a maximum of {possible:g} points; marks of {assignment} are out of {maxima(odd)} "
                f"({len(odd)} of {len(marks)} students). Change it in Moodle and download again{OR_SCALE * (not scale)}."
            )
    comma = decimal_comma(at(row, columns.at.get(what)) for row in people.values() for what in ("grade", "maximum"))
    kept, count = [], 0
    for number, mark in whose.items():
        points, most = worth(mark, mosts[number], scale), mosts[number]
        if folded(columns.cell(rows[number], "open")) in NO:
            kept.append(f"{mark.student}: the grade cannot be changed in Moodle")
        elif mark.excused:
            kept.append(f"{mark.student}: {mark.excused}")
        elif points is None:
            kept.append(f"{mark.student}: {mark.why or UNJUDGED}")
        elif most is not None and points > most + TOLERANCE:
            kept.append(f"{mark.student}: {points:g} exceeds the maximum of {most:g}, so Moodle would ignore it")
        else:
            sheet.put(number, place, written(points, comma))
            count += 1
            if comments and (overwrite or not columns.cell(rows[number], "comments")):
                sheet.put(number, columns.at["comments"], comment(mark))
    return matching(people, marks, _ways(columns), whose).marked(sheet.text, header, count, columns.called, kept=kept)


def comment(mark: Mark) -> str:
    """What a student reads beside the mark, as HTML in one line: each check that is not right, and how the mark came to be."""
    grade = mark.row.grade if mark.row else None
    said = feedback(grade) if grade else {}
    wrong = [check for check in grade.checks if check.outcome is not Outcome.PASSED] if grade else []
    items = [f"<li><strong>{_html(check.name)}</strong><br>{_html(said[check.name])}</li>" for check in wrong]
    told = [*mark.sentences, unjudged(grade) if grade else ""]
    about = [f"<p>{_html(sentence)}</p>" for sentence in told if sentence]
    return "".join([*(["<ul>", *items, "</ul>"] if items else ["<p>All checks passed.</p>"] if grade else []), *about])


def _columns(sheet: Sheet, rows: Sequence[Sequence[str]], column: str | None, file: str) -> _Columns:
    header = rows[0]
    there = ", ".join(f"`{title}`" for title in header)[:300]
    found = dict(worksheet(header)) or {
        what: place for what, names in LANGUAGES.items() if (place := place_of(header, names)) is not None
    }
    found |= {what: place for what in ("number", "email", "group") if (place := place_of(header, NAMES[what])) is not None}
    if (name := full_name(header)) is not None:
        found["name"] = name
    elif both := first_and_last(header):
        found["first"], found["last"] = both
    if column is not None:
        if (chosen := place_of(header, [column])) is None:
            raise SheetError(f"{file} has no column `{column}`. Received: {there}. {AGAIN}, and do not change it.")
        found["grade"] = chosen
        found.setdefault("identifier", 0)  # Moodle writes it first
    if "grade" in found and "scale" not in found:
        found |= _maximum(rows, found)
    if "identifier" not in found or ("grade" not in found and "modified" not in found and "scale" not in found):
        raise SheetError(
            f"{file} is not a Moodle grading worksheet, or its language is unknown to dlkit; expected the columns "
            f"Identifier and Grade. Received: {there}. {AGAIN}; or name the grade column with --column."
        )
    if "scale" in found and "maximum" not in found:
        raise SheetError(f"{file} grades on a scale, which cannot hold points. Choose points in the assignment's settings.")
    if "grade" not in found:
        raise SheetError(f"{file} has no grade column. Received: {there}. Name it with --column.")
    columns = _Columns(found)
    wrong = next((row for row in rows[1:] if any(cell.strip() for cell in row) and not columns.participant(row)), None)
    if wrong is not None:
        received = f"Received: `{columns.cell(wrong, 'identifier')}`"
        raise SheetError(f"{file} has a row without a participant's number, such as Participant 657717. {received}. {AGAIN}.")
    return columns


def _maximum(rows: Sequence[Sequence[str]], found: Mapping[str, int]) -> dict[str, int]:
    """Where the maximum is if its title is in a language that is not known: right after the grade, and the same for all."""
    place = found.get("maximum", found["grade"] + 1)
    cells = {at(row, place) for row in rows[1:] if any(cell.strip() for cell in row)}
    alike = len(cells) == 1 and number_in(next(iter(cells))) is not None
    return {"maximum": place} if "maximum" in found or (alike and place not in found.values()) else {}


def _whose(people: Mapping[int, Sequence[str]], marks: Sequence[Mark], columns: _Columns) -> dict[int, Mark]:
    """Whose each row is; without a roster, work of a group is known by its name and number only, and is every member's."""
    groups = [folded(columns.cell(row, "group")) for row in people.values()]
    of_groups = {folded(mark.person.name): mark for mark in marks if _may_be_a_group(mark) and folded(mark.person.name) in groups}
    found = matched(people, [mark for mark in marks if mark not in of_groups.values()], _ways(columns))
    for number, row in people.items():
        if number in found and not _alike(columns, row, found[number]):
            del found[number]
        if number not in found and (mark := of_groups.get(folded(columns.cell(row, "group")))):
            found[number] = mark
    return found


def _may_be_a_group(mark: Mark) -> bool:
    """Whether nobody but a download of Moodle told who this is."""
    return bool(mark.person.name) and not mark.person.enrolled and not mark.members


def _alike(columns: _Columns, row: Sequence[str], mark: Mark) -> bool:
    """Whether a row is a mark's: not if only the number says so, which may be a group's, and the names are of two people."""
    person = mark.person
    if person.enrolled or person.moodle_id or person.id != columns.participant(row):
        return True
    theirs, ours = words_of(columns.name(row)), words_of(mark.person.name)
    return not (theirs and ours) or bool(theirs & ours)


def _ways(columns: _Columns) -> list[Way]:
    return [
        (lambda row: [columns.participant(row)], lambda mark: [_digits(mark.person.moodle_id)]),
        (lambda row: [columns.cell(row, "number")], lambda mark: [mark.person.id]),
        (lambda row: [columns.cell(row, "email")], lambda mark: [mark.person.email, mark.person.id]),
        # Without a roster, a submission downloaded from Moodle is known by nothing but its number there.
        (lambda row: [columns.participant(row)], lambda mark: [] if mark.person.moodle_id else [mark.person.id]),
        (lambda row: orders(columns.name(row)), lambda mark: orders(mark.person.name)),
    ]


def _digits(text: str) -> str:
    match = PARTICIPANT.fullmatch(text)
    return match["id"] if match else ""


def _html(text: str) -> str:
    return html.escape(readable(text)).replace("\n", "<br>")


FORMAT = Edit(
    "moodle",
    """Write marks into a grading worksheet from Moodle.

In Moodle, open the assignment and choose View all submissions, Download grading worksheet. Run this command, then choose
Upload grading worksheet with the new file. Only grades change, and with --comments also comments. Locked grades stay. The
downloaded file itself stays unchanged.

dlkit knows worksheets in the larger European languages. For other languages, name the grade column with --column.

\b
Examples:
  dlkit export moodle hw2 --into Grades-DL-HW2-4711.csv
  dlkit export moodle hw2 --into worksheet.csv --comments --out upload.csv
""",
    (
        Option("--column", "The grade column, if dlkit does not know the worksheet's language.", "TITLE"),
        Option("--comments", "Write feedback as comments."),
        Option("--scale", "Rescale marks to the column's maximum."),
        Option("--overwrite", "Replace existing comments."),
    ),
    into="The grading worksheet downloaded from Moodle.",
    write=mark_worksheet,
)
