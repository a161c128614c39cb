"""The roster: who is in the class, read from a CSV file, and who of them handed in."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.inbox.entry import Entry
from autograder.submission import printable
from autograder.submission.entries import folded
from autograder.submission.source import shown

MAX_ROSTER = 10 * 2**20
NOBODY = re.compile("(muted|manual posting.*)?", re.IGNORECASE)  # the cells of a row below the header of Canvas

# What a column may be called, in letters and digits only; the first that a file has is taken.
COLUMNS = {
    "id": ("id", "student", "studentid", "sid", "sisuserid", "userid", "idnumber", "studentnumber", "matriculationnumber",
           "sisloginid", "login", "loginid", "netid", "username", "user", "key", "rosteridentifier",
           "idnummer", "matrikelnummer"),
    "name": ("name", "fullname", "studentname", "displayname", "vollständigername", "nomcomplet", "nombrecompleto"),
    "first": ("firstname", "givenname", "first"),
    "last": ("lastname", "surname", "familyname", "last"),
    "email": ("email", "emailaddress", "mail", "emailadresse", "adressedecourriel", "direccióndecorreo"),
    "section": ("section", "sections", "sectionname"),
    "group": ("group", "groupname", "groups", "team", "teamname", "gruppe", "gruppen", "groupe", "groupes", "grupo", "grupos"),
    "submitted": ("lastmodifiedsubmission", "zuletztgeändertabgabe", "dernièremodificationtravailremis",
                  "dernièremodificationremise", "últimamodificaciónentrega", "últimamodificaciónenvío"),
    "canvas_id": ("canvasid", "canvasuserid"),
    "moodle_id": ("moodleid", "participantid", "participant", "identifier", "identifiant", "identificador"),
}  # fmt: skip


class RosterError(ValueError):
    """A roster cannot be read; the text says where and what was expected."""


@dataclass(frozen=True)
class Student:
    """One of the class: a key that stays, and what the roster tells besides."""

    id: str
    name: str = ""
    email: str = ""
    section: str = ""
    canvas_id: str = ""
    moodle_id: str = ""
    group: str = ""
    submitted: str = field(default="", compare=False)
    """When the work of one assignment was handed in, as a grading worksheet of Moodle writes it."""


@dataclass(frozen=True)
class Matched:
    """Who handed in what."""

    students: dict[str, Student]
    """By the key of an entry, of its student or of one of the group."""
    unknown: tuple[Entry, ...]
    """Those of nobody in the roster, or of nobody in particular."""
    missing: tuple[Student, ...]
    """Those who handed in nothing."""


def read_roster(path: Path) -> list[Student]:
    """Read a roster: a CSV file with a header, separated by commas, semicolons or tabs.

    It needs a column that tells students apart (student, id, a login, an address), and may have the name or first and
    last name, email, section, Canvas id and Moodle id. A gradebook of Canvas and a grading worksheet of Moodle will do.

    Raises:
        RosterError: it cannot be read, a row has no key or another's key, or columns are missing; with the line.
    """
    text = _text(path)
    start = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=start.count), strict=True)
    students: list[Student] = []
    lines: dict[str, int] = {}
    columns: dict[str, int] = {}
    width = 0
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if all(map(NOBODY.fullmatch, cells)) or "points possible" in cells[0].lower():
                continue
            if not columns:
                columns, width = _columns(path, row), len(row)
                continue
            if len(row) > width and any(cells[width:]):
                raise _wrong(path, rows.line_num, "has too many fields", f"{width}, as the header", str(len(row)))
            student = _student({field: cells[at] for field, at in columns.items() if at < len(cells)})
            if not student.id:
                raise _wrong(path, rows.line_num, "does not tell whose it is", "an id in each row", shown(", ".join(row)))
            if (first := lines.setdefault(folded(student.id), rows.line_num)) != rows.line_num:
                raise _wrong(path, rows.line_num, "has the id of another", "each id once", f"{student.id}, also in line {first}")
            students.append(student)
    except csv.Error as error:
        raise _wrong(path, rows.line_num, "is not CSV", "fields with closed quotes", shown(error)) from None
    if not students:
        raise _wrong(path, 1, "names nobody", "a header, and a row for each student", "no row below a header")
    return students


def match(entries: Iterable[Entry], roster: Sequence[Student]) -> Matched:
    """Find out whose entries these are.

    A key is looked for among the ids and addresses of the roster, then an entry's address, then its name, in any order
    of its words and as Canvas writes it in one. What could be two students is nobody's, rather than the wrong one's.
    """
    by_key, by_name = _index(roster)
    found: dict[str, Student] = {}
    named: dict[str, set[str]] = defaultdict(set)
    entries = list(entries)
    for entry in entries:
        emails = {member.key: member.email for member in entry.members}
        for key, email in ((entry.student, entry.email), *((key, emails.get(key, "")) for key in entry.group)):
            for sought in filter(None, (key, email)):
                if key not in found and len(who := by_key[folded(sought)]) == 1:
                    found[key] = next(iter(who))
        called = {member.key: member.name for member in entry.members} or {entry.student: entry.name or entry.student}
        for key, name in called.items():
            who = {student for spelt in _spellings(name) for student in by_name[spelt]}
            if key not in found and len(who) == 1 and (entry.members or not entry.group):
                named[next(iter(who)).id].add(key)
    taken = {student.id for student in found.values()}
    for student in roster:
        if student.id not in taken and len(named[student.id]) == 1:
            found[named[student.id].pop()] = student
    there = {student.id for student in found.values()}
    return Matched(
        found,
        tuple(entry for entry in entries if any(key not in found for key in (entry.student, *entry.group))),
        tuple(student for student in roster if student.id not in there),
    )


def _index(roster: Iterable[Student]) -> tuple[dict[str, set[Student]], dict[str, set[Student]]]:
    by_key: dict[str, set[Student]] = defaultdict(set)
    by_name: dict[str, set[Student]] = defaultdict(set)
    for student in roster:
        for key in filter(None, (student.id, student.canvas_id, student.moodle_id, student.email)):
            by_key[folded(key)].add(student)
        for spelt in _spellings(student.name):
            by_name[spelt].add(student)
    return by_key, by_name


def words_of(name: str) -> set[str]:
    """The words of a name, as they are compared."""
    return set(re.findall(r"\w+", folded(name)))


def _spellings(name: str) -> Iterator[str]:
    """A name without its spaces and signs, begun at any of its words: Ada Lovelace is adalovelace and lovelaceada."""
    words = re.findall(r"\w+", folded(name))
    for at in range(len(words)):
        yield "".join(words[at:] + words[:at])


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_ROSTER + 1)
    except OSError as error:
        raise _wrong(path, 0, "cannot be read", "a CSV file", str(error.strerror)) from None
    if len(data) > MAX_ROSTER:
        raise _wrong(path, 0, "is too large", f"a roster of at most {MAX_ROSTER // 2**20} MB", "more")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _wrong(path, line, "is not UTF-8", "UTF-8 text", f"the byte 0x{error.object[error.start]:02x}") from None


def _columns(path: Path, header: Sequence[str]) -> dict[str, int]:
    """Which column holds what."""
    at: dict[str, int] = {}
    for number, title in enumerate(header):
        at.setdefault("".join(filter(str.isalnum, unicodedata.normalize("NFKC", title).lower())), number)
    if "student" in at and "id" in at and "name" not in at:  # Canvas: Student, ID, SIS User ID, SIS Login ID, Section
        at["name"], at["canvasid"] = at.pop("student"), at.pop("id")
    if "id" in at and "bewertung" in at:  # a grading worksheet of Moodle in German
        at["identifier"] = at.pop("id")
    found = {field: at[name] for field, names in COLUMNS.items() for name in reversed(names) if name in at}
    if not found.keys() & {"id", "email", "canvas_id", "moodle_id"}:
        raise _wrong(path, 1, "has no column that tells students apart", "a header with id or email", shown(", ".join(header)))
    return found


def _student(cells: dict[str, str]) -> Student:
    cells = {field: printable(cell) for field, cell in cells.items()}
    name = cells.get("name") or " ".join(filter(None, (cells.get("first"), cells.get("last"))))
    canvas, email = cells.get("canvas_id", ""), cells.get("email", "")
    moodle = re.sub(r"^[^0-9]+(?=[0-9]+$)", "", cells.get("moodle_id", ""))  # "Participant 657717" in a worksheet
    key = cells.get("id") or email or canvas or moodle
    more = cells.get("group", ""), cells.get("submitted", "")
    return Student(key, name, email, cells.get("section", ""), canvas, moodle, *more)


def _wrong(path: Path, line: int, wrong: str, expected: str, received: str) -> RosterError:
    place = f"{shown(path)}, line {line}," if line else shown(path)
    return RosterError(f"{place} {wrong}; expected {expected}. Received: {received}. Correct the roster.")
