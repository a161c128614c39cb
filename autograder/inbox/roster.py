"""The roster: who is in the class, read from a CSV file, and who of them handed in."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.inbox.columns import (
    NAMES,
    PARTICIPANT,
    WORKSHEET,
    TableError,
    decoded,
    first_and_last,
    full_name,
    opening,
    place_of,
    spelt,
    unhashed,
)
from autograder.inbox.columns import worksheet as columns_of_moodle
from autograder.inbox.entry import Entry
from autograder.inbox.people import Person
from autograder.inbox.respelt import REMEDY, is_respelt
from autograder.text import folded, printable, shown, trimmed
from autograder.text.errors import DlkitError

MAX_ROSTER = 10 * 2**20
AS_TEXT = re.compile(r'="([^"]*)"')  # what keeps Excel from making a number of 0012
WORDS = re.compile(r"[^\W_]+")
AN_ID = "a header with id or email, or `--column` with the title of the column"
NOBODY = re.compile("(muted|manual posting.*)?", re.IGNORECASE)  # the cells of a row below the header of Canvas

# What a column may be called, besides Moodle's own names in `columns`; the first that a file has is taken.
COLUMNS = {
    "id": ("id", "student", "student id", "sid", "sis user id", "org defined id", "user id", *NAMES["number"], "student number",
           "matriculation number", "matr nr", "matrikel nr", "mat nr", "sis login id", "login id", "login", "net id",
           *NAMES["login"], "user", "key", "roster identifier", "identifier"),
    "name": ("name", *NAMES["name"], "student name", "display name", "nom", "nome", "nombre", "naam", "nazwa", "namn", "navn"),
    "first": ("first name", "given name", "first"),
    "last": ("last name", "surname", "family name", "last"),
    "email": (*NAMES["email"], "mail"),
    "section": ("section", "sections", "section name"),
    "group": NAMES["group"],
    "submitted": WORKSHEET["submitted"],
    "login": ("github username", "github login", "github", "github user", "github account", "github profile", "github url"),
    "canvas_id": ("canvas id", "canvas user id"),
    "moodle_id": ("moodle id", "participant id", "participant"),
}  # fmt: skip
# What people write around a login: @octo-ada, https://github.com/octo-ada/
PROFILE = re.compile(r"^((https?://)?(www\.)?github\.com\s*/|git@github\.com:)\s*|^@\s*|(?<=\w)[/?#].*$", re.IGNORECASE)
TEST_STUDENT = "Student, Test"
TEACHING = {"teacher", "instructor", "ta", "staff", "owner", "admin"}  # roles on GitHub of those who hand in nothing


class RosterError(DlkitError):
    """A roster cannot be read; the text says where and what was expected."""


@dataclass(frozen=True)
class Matched:
    """Who handed in what."""

    students: dict[str, Person]
    """By the key of an entry, of its student or of one of the group."""
    unknown: tuple[Entry, ...]
    """Those of nobody in the roster, or of nobody in particular."""
    missing: tuple[Person, ...]
    """Those who handed in nothing."""


def read_roster(path: Path, column: str | None = None) -> list[Person]:
    """Read a roster: a CSV file with a header, separated by commas, semicolons or tabs.

    It needs a column that tells students apart (student, id, a login, an address), and may have the name or first and
    last name, email, section, GitHub login, Canvas id and Moodle id. A gradebook of Canvas, a grading worksheet or a list of
    participants of Moodle, and a roster of GitHub Classroom will do. An id is taken as it stands.

    Args:
        path: the file.
        column: the title of the column that tells students apart, where it is not found by itself.

    Raises:
        RosterError: it cannot be read, a row has no key or another's key, or columns are missing; with the line.
    """
    students: list[Person] = []
    lines: dict[str, int] = {}
    rows = rows_of(path)
    _, header = next(rows, (1, None))
    columns = columns_in(path, header, column) if header else {}
    worksheet = bool(header and columns_of_moodle(header))
    for line, cells in rows:
        student = student_of({field: cells[at] for field, at in columns.items() if at < len(cells)}, worksheet)
        if student is None:
            continue
        if not student.id:
            raise _wrong(path, line, "has no student id", "an id in every row", shown(", ".join(cells)))
        if (first := lines.setdefault(folded(student.id), line)) != line:
            received = f"{student.id}, also in line {first}"
            if is_respelt(student.id):
                received += f". A spreadsheet wrote it. {REMEDY}"
            raise _wrong(path, line, "repeats an id", "each id once", received)
        students.append(student)
    if not students:
        raise _wrong(path, 1, "lists no students", "a header, and a row for each student", "no row below the header")
    return students


def rows_of(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table of students, the header first, and the line of each; without those that are nobody's.

    Raises:
        RosterError: it cannot be read, is not CSV, or has a row that is longer than the header.
    """
    text = _text(path)
    before, delimiter = opening(text)
    above = len(re.findall(r"\r\n|\r|\n", before))
    rows = csv.reader(io.StringIO(text[len(before) :], newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    try:
        for row in rows:
            cells = [trimmed(AS_TEXT.sub(r"\1", trimmed(cell))) for cell in row]
            if all(map(NOBODY.fullmatch, cells)) or "points possible" in cells[0].lower():
                continue
            header = header or cells
            if any(cells[len(header) :]):
                expected = f"{len(header)}, as in the header"
                raise _wrong(path, above + rows.line_num, "has too many fields", expected, str(len(row)))
            yield above + rows.line_num, unhashed(header, cells)
    except csv.Error as error:
        raise _wrong(path, above + rows.line_num, "is not CSV", "fields with closed quotes", shown(error)) from None


def match(entries: Iterable[Entry], roster: Sequence[Person]) -> Matched:
    """Find out whose entries these are.

    A key is looked for among the ids and addresses of the roster, then an entry's address, then its name, in any order
    of its words and as Canvas writes it in one. Who names a folder means the roster's id, not the number that a platform gives.
    What could be two students is nobody's, rather than the wrong one's: two accounts of one name are two people, but folders
    and files that somebody named are all of the one who is called so.
    """
    by_key, by_name = index(roster)
    found: dict[str, Person] = {}
    named: dict[str, set[str]] = {}  # by the id of who has a name that entries have
    entries = list(entries)
    for entry in entries:
        emails = {member.key: member.email for member in entry.members}
        for key, email in ((entry.student, entry.email), *((key, emails.get(key, "")) for key in entry.group)):
            for sought in filter(None, (key, email)):
                if key not in found and len(who := _known_as(sought, by_key, entry)) == 1:
                    found[key] = next(iter(who))
        called = {member.key: member.name for member in entry.members} or {entry.student: entry.name or entry.student}
        for key, name in called.items():
            who = {student for spelling in _spellings(name) for student in by_name.get(spelling, ())}
            if key not in found and len(who) == 1 and (entry.members or not entry.group):
                named.setdefault(next(iter(who)).id, set()).add(key)
    found |= _by_login([entry for entry in entries if entry.student not in found and not entry.login], roster)
    by_hand = {entry.student for entry in entries if _is_by_hand(entry)}
    taken = {student.id for student in found.values()}
    for student in roster:
        theirs = named.get(student.id, set())
        if theirs <= by_hand or (student.id not in taken and len(theirs) == 1):
            found |= dict.fromkeys(theirs, student)
    there = {student.id for student in found.values()}
    return Matched(
        found,
        tuple(entry for entry in entries if any(key not in found for key in (entry.student, *entry.group))),
        tuple(student for student in roster if student.id not in there),
    )


def _known_as(key: str, by_key: Mapping[str, Collection[Person]], entry: Entry) -> Collection[Person]:
    """Those of this key; of a folder that somebody named, the one whose id it is."""
    sought = folded(trimmed(key))
    who = by_key.get(sought, ())
    own = {student for student in who if folded(student.id) == sought}
    return own if own and _is_by_hand(entry) else who


def _is_by_hand(entry: Entry) -> bool:
    """Whether a person named the folder or the file, and no platform."""
    return not (entry.name or entry.login or entry.members)


def _by_login(entries: Sequence[Entry], roster: Sequence[Person]) -> dict[str, Person]:
    """Whose clones these are, called <assignment>-<login>: by the part before the login that most of them share."""
    logins = {folded(student.login): student for student in roster if student.login}
    ways: dict[str, dict[str, Person]] = defaultdict(dict)  # by what stands before the login
    for entry in entries:
        name = folded(entry.student)
        for dash in (place for place, letter in enumerate(name) if letter == "-"):
            if student := logins.get(name[dash + 1 :]):
                ways[name[:dash]][entry.student] = student
    return max(ways.values(), key=len, default={})


def index(roster: Iterable[Person]) -> tuple[dict[str, tuple[Person, ...]], dict[str, tuple[Person, ...]]]:
    """The students of each key, and those of each spelling of a name, each once: in tuples, as a set takes four times as much."""
    by_key: dict[str, tuple[Person, ...]] = {}
    by_name: dict[str, tuple[Person, ...]] = {}
    for student in roster:
        for known in filter(None, (student.id, student.canvas_id, student.moodle_id, student.email, student.login)):
            _add(by_key, folded(known), student)
        for name in _spellings(student.name):
            _add(by_name, name, student)
    return by_key, by_name


def _add(found: dict[str, tuple[Person, ...]], key: str, student: Person) -> None:
    if student not in (there := found.get(key, ())):
        found[key] = (*there, student)


def squeezed(name: str) -> str:
    """A name without its spaces and signs: Ada Lovelace is adalovelace."""
    return "".join(WORDS.findall(folded(name)))  # many write Ada_Lovelace where a name may have no space


def _spellings(name: str) -> Iterator[str]:
    """A name without its spaces and signs, begun at any of its words: Ada Lovelace is adalovelace and lovelaceada."""
    words = WORDS.findall(folded(name))
    for at in range(len(words)):
        yield "".join(words[at:] + words[:at])


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_ROSTER + 1)
    except OSError as error:
        raise _wrong(path, 0, "cannot be read", "a CSV file", str(error.strerror)) from None
    if len(data) > MAX_ROSTER:
        raise _wrong(path, 0, "is too large", f"a file of at most {MAX_ROSTER // 2**20} MB", "more")
    try:
        return decoded(data)
    except TableError as error:
        raise _wrong(path, error.line, "is not UTF-8", "UTF-8 text", error.received) from None


def columns_in(path: Path, header: Sequence[str], column: str | None) -> dict[str, int]:
    """Which column of a table of students holds what.

    Raises:
        RosterError: it has none that tells students apart.
    """
    found = {field: place for field, names in COLUMNS.items() if (place := place_of(header, names)) is not None}
    titles = [spelt(title) for title in header]
    moodle = columns_of_moodle(header)
    if moodle:
        found["moodle_id"] = moodle["identifier"]
        numbers = place_of(header, NAMES["number"]), place_of(header, NAMES["login"])
        found["id"] = next((place for place in numbers if place is not None), -1)
    elif "student" in titles and "id" in titles and "name" not in titles:  # Canvas: Student, ID, SIS User ID, ...
        found["name"], found["canvas_id"] = titles.index("student"), titles.index("id")
        found["id"] = place_of(header, COLUMNS["id"][3:]) or -1
    elif "username" in titles and {"lastaccess", "availability"} & {*titles}:  # Blackboard, whose downloads have the username
        found["id"] = titles.index("username")
    elif "githubid" in titles:  # Classroom 50: username, first_name, ..., github_id, role
        found.setdefault("login", titles.index("username") if "username" in titles else -1)
        found["id"] = titles.index("identifier") if "identifier" in titles else found["login"]
        found["role"] = titles.index("role") if "role" in titles else -1
    if both := first_and_last(header):
        found["first"], found["last"] = both
        found.pop("name", None)
    if (whole := full_name(header)) is not None:
        found["name"] = whole
    if column is not None:
        if spelt(column) not in titles:
            raise _wrong(path, 1, f"has no column {shown(column)}", "the title of a column", shown(", ".join(header)))
        found["id"] = titles.index(spelt(column))
    found = {field: place for field, place in found.items() if place >= 0}
    if not found.keys() & {"id", "email", "canvas_id", "moodle_id", "login"}:
        raise _wrong(path, 1, "has no column that identifies students", AN_ID, shown(", ".join(header)))
    return found


def student_of(cells: dict[str, str], worksheet: bool) -> Person | None:
    """One of the class; None for one of those who teach it, and for the Test Student whom Canvas adds to a gradebook."""
    cells = {field: printable(cell) for field, cell in cells.items()}
    if cells.get("role", "").casefold() in TEACHING:
        return None
    name = cells.get("name") or " ".join(filter(None, (cells.get("first"), cells.get("last"))))
    if cells.get("canvas_id") and not cells.get("id") and name == TEST_STUDENT:
        return None
    canvas, email, login = cells.get("canvas_id", ""), cells.get("email", ""), PROFILE.sub("", cells.get("login", ""))
    moodle = _participant(cells.get("moodle_id", ""), worksheet)
    return Person(
        id=cells.get("id") or email or canvas or moodle or login,
        name=name,
        email=email,
        section=cells.get("section", ""),
        canvas_id=canvas,
        moodle_id=moodle,
        group=cells.get("group", ""),
        login=login,
        submitted=cells.get("submitted", ""),
    )


def _participant(cell: str, worksheet: bool) -> str:
    """Moodle's number of a participant, which its worksheets write as "Participant 657717"."""
    words = r"[^0-9]+" if worksheet else rf"(?:{'|'.join(map(re.escape, PARTICIPANT))})\s*"
    return re.sub(rf"^{words}(?=[0-9]+$)", "", cell)


def _wrong(path: Path, line: int, wrong: str, expected: str, received: str) -> RosterError:
    place = f"{shown(path)}, line {line}," if line else shown(path)
    return RosterError(f"{place} {wrong}; expected {expected}. Received: {received}. Correct the file.")
