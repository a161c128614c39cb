"""`course.toml` → `Course`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from autograder.policy import converting
from autograder.policy.course import Attempts, Bonus, Course, Late, Rules
from autograder.policy.lateness import clock, instant
from autograder.policy.reading_term import read_term
from autograder.policy.toml import Document, PolicyError, Table, dotted, instead, spelt
from autograder.text import shown


@dataclass(frozen=True)
class Known:
    """The names that a course may speak of. What is empty is not known, and nothing is checked against it.

    Attributes:
        assignments: the checks of each assignment; none where they are not known.
        students: the ids of everybody in the class.
    """

    assignments: Mapping[str, Collection[str]] = field(default_factory=dict)
    students: Collection[str] = ()


def load(path: Path, known: Known | None = None) -> Course:
    """Read a `course.toml`; `autograder.policy` says what may be in it.

    Args:
        path: the file.
        known: the names that it may speak of, where they are known.

    Raises:
        PolicyError: it cannot be read, or is not what it should be: everything that is wrong, one sentence a line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")  # Windows' Notepad puts a mark at the beginning
    except OSError as error:
        raise PolicyError(f"{shown(path)} must be a file that can be read. Received: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise PolicyError(
            f"{shown(path)} must be UTF-8 text. Received: the byte 0x{error.object[error.start]:02x}. Save it as UTF-8."
        ) from None
    return parse(text, str(path), known)


def parse(text: str, name: str = "course.toml", known: Known | None = None) -> Course:
    """The course of a text; `name` is what its problems call it, `known` the names that it may speak of.

    Raises:
        PolicyError: as for `load`.
    """
    document = Document(text, name)
    root, notices = document.root, list[str]()
    general = root.table("course")
    title = general.get("name", converting.text, "")
    zone = _zone(general)
    attempts: Attempts = general.get("attempts", converting.attempts, "best")
    bonus: Bonus = general.get("bonus", converting.bonus, "cap")
    general.close()
    late = _late(root.table("late"), Late())
    assignments = {
        key: _assignment(table, Rules(late=late, attempts=attempts, bonus=bonus), zone, notices)
        for key, table in root.table("assignments").tables().items()
    }
    tables = root.table("students").tables()
    students = {key: _extensions(table, assignments, zone, notices) for key, table in tables.items()}
    nothing: tuple[str, ...] = ()
    excused = {key: table.get("excused", converting.marks, nothing) for key, table in tables.items()}
    for table in tables.values():
        table.close()
    term = read_term(root, known.assignments if known else ())
    root.close()
    if known is not None:
        _names_known(root, known)
    document.check()
    return Course(title, zone, attempts, late, assignments, students, tuple(notices), excused, term, bonus)


def _names_known(root: Table, known: Known) -> None:
    """Refuse the names of assignments, checks and students that are nobody's: what holds for them would hold for nobody."""
    assignments, students = (_table_in(root, name) for name in ("assignments", "students"))
    for name, table in assignments.items():
        if known.assignments and name not in known.assignments:
            root.refuse(f"is not a known assignment.{instead(name, known.assignments)}", "assignments", name)
        elif (checks := known.assignments.get(name)) and isinstance(table, dict):
            for key in ("drop", "extra"):
                for check in table.get(key, ()) if isinstance(table.get(key), list | dict) else ():
                    if isinstance(check, str) and check not in checks:
                        sentence = f"names `{shown(check)}`, but {shown(name)} has no such check.{instead(check, checks)}"
                        root.refuse(sentence, "assignments", name, key)
    for name in students:
        if known.students and name not in known.students:
            root.refuse(f"is not a student in the gradebook.{instead(name, known.students)}", "students", name)


def _table_in(root: Table, name: str) -> Mapping[str, Any]:
    table = root.data.get(name)
    return table if isinstance(table, dict) else {}


def _zone(table: Table) -> tzinfo:
    if "timezone" not in table.data:
        table.refuse('is missing; expected the time zone of the due dates, such as "Europe/Berlin".', "timezone")
    default: tzinfo = UTC
    return table.get("timezone", converting.timezone, default)


def _late(table: Table, default: Late) -> Late:
    late = Late(
        per_day=table.get("per_day", converting.percent, default.per_day),
        grace=table.get("grace", converting.duration, default.grace),
        tokens=table.get("tokens", converting.whole, default.tokens),
        max_days=table.get("max_days", converting.whole, default.max_days),
        floor=table.get("floor", converting.percent, default.floor),
    )
    table.close()
    return late


def _assignment(table: Table, default: Rules, zone: tzinfo, notices: list[str]) -> Rules:
    due, last = _moment(table, "due", zone, notices), _moment(table, "late_due", zone, notices)
    rules = Rules(
        due=due,
        late_due=last,
        late=_late(table.table("late"), default.late),
        attempts=table.get("attempts", converting.attempts, default.attempts),
        drop=table.get("drop", converting.names, frozenset()),
        extra=_extra(table.table("extra")),
        bonus=table.get("bonus", converting.bonus, default.bonus),
        weight=table.get("weight", converting.number, 1.0),
    )
    if last and due and last.timestamp() < due.timestamp():
        table.refuse(f"must not be before `due`, {spelt(due)}. Received: {spelt(last)}.", "late_due")
    if last and "due" not in table.data:
        table.refuse("needs an earlier `due`. Add one, or rename this to `due`.", "late_due")
    for name in sorted(rules.drop & rules.extra.keys()):
        table.refuse(f"names `{shown(name)}`, which is extra credit as well. Choose one.", "drop")
    table.close()
    return rules


def _extra(table: Table) -> dict[str, float | None]:
    return {name: table.get(name, converting.worth, None) for name in table.data}


def _extensions(table: Table, assignments: dict[str, Rules], zone: tzinfo, notices: list[str]) -> dict[str, datetime]:
    own = table.table("extensions")
    found = {}
    for name in own.data:
        moment = _moment(own, name, zone, notices)
        if name not in assignments:
            there = instead(name, assignments) if assignments else " Name one of `assignments`."
            own.refuse(f"is not an assignment of this course.{there}", name)
        elif (due := assignments[name].due) is None:
            own.refuse(f"cannot be extended: `{dotted(('assignments', name))}` has no `due`.", name)
        elif moment and moment.timestamp() <= due.timestamp():
            own.refuse(f"must be later than the common due date, {spelt(due)}. Received: {spelt(moment)}.", name)
        elif moment:
            found[name] = moment
    return found


def _moment(table: Table, key: str, zone: tzinfo, notices: list[str]) -> datetime | None:
    """A date and time in the course's zone; what had to be decided about it goes to the notices."""
    written = table.get(key, converting.date_and_time, None)
    if written is None:
        return None
    if written.tzinfo:
        return written.astimezone(zone)
    moment = instant(written, zone)
    where = f"{table.document.name}, line {table.document.lines[(*table.path, key)]}" if _odd(written, moment) else ""
    if clock(moment) != written:
        notices.append(
            f"{where}: `{dotted((*table.path, key))}` is {spelt(written)}, which does not exist in {zone}: clocks go "
            f"forward then. Taken as {spelt(moment)}."
        )
    elif where:
        notices.append(
            f"{where}: `{dotted((*table.path, key))}` is {spelt(written)}, which occurs twice in {zone}: clocks go "
            f"back then. Taken as the later one, {spelt(moment)}."
        )
    return moment


def _odd(written: datetime, moment: datetime) -> bool:
    """Whether clocks show a time twice or never."""
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset() or clock(moment) != written
