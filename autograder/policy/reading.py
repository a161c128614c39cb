"""`course.toml` → `Course`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from autograder.policy.course import Attempts, Course, Late, Rules
from autograder.policy.lateness import clock, instant
from autograder.policy.toml import Document, PolicyError, Table, dotted, spelt
from autograder.text import meant, shown

MOST_NAMED = 10
MOST = 1e9  # points, or a weight: more is a slip of the pen, and no sum may lose its last places
YEARS = range(2000, 2200)  # a date outside is a slip of the pen
DURATION = re.compile(r"(?:(\d{1,4}) ?d)? ?(?:(\d{1,4}) ?h)? ?(?:(\d{1,4}) ?min)?", re.ASCII)


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
    title = general.get("name", _text, "")
    zone = _zone(general)
    attempts: Attempts = general.get("attempts", _attempts, "best")
    general.close()
    late = _late(root.table("late"), Late())
    assignments = {
        key: _assignment(table, Rules(late=late, attempts=attempts), zone, notices)
        for key, table in root.table("assignments").tables().items()
    }
    students = {key: _extensions(table, assignments, zone, notices) for key, table in root.table("students").tables().items()}
    root.close()
    if known is not None:
        _names_known(root, known)
    document.check()
    return Course(title, zone, attempts, late, assignments, students, tuple(notices))


def _names_known(root: Table, known: Known) -> None:
    """Refuse the names of assignments, checks and students that are nobody's: what holds for them would hold for nobody."""
    assignments, students = (_table_in(root, name) for name in ("assignments", "students"))
    for name, table in assignments.items():
        if known.assignments and name not in known.assignments:
            root.refuse(f"is not a known assignment.{_instead(name, known.assignments)}", "assignments", name)
        elif (checks := known.assignments.get(name)) and isinstance(table, dict):
            for key in ("drop", "extra"):
                for check in table.get(key, ()) if isinstance(table.get(key), list | dict) else ():
                    if isinstance(check, str) and check not in checks:
                        sentence = f"names `{shown(check)}`, but {shown(name)} has no such check.{_instead(check, checks)}"
                        root.refuse(sentence, "assignments", name, key)
    for name in students:
        if known.students and name not in known.students:
            root.refuse(f"is not a student in the gradebook.{_instead(name, known.students)}", "students", name)


def _table_in(root: Table, name: str) -> Mapping[str, Any]:
    table = root.data.get(name)
    return table if isinstance(table, dict) else {}


def _instead(name: str, names: Collection[str]) -> str:
    """What was meant, or what there is."""
    alike = next((one for one in names if one.casefold() == name.casefold()), None)
    some = ", ".join(f"`{shown(one)}`" for one in sorted(names)[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f" Did you mean {shown(alike)!r}?" if alike else meant(name, names) or f" There are: {some}{more}."


def _zone(table: Table) -> tzinfo:
    if "timezone" not in table.data:
        table.refuse('is missing; expected the time zone of the due dates, such as "Europe/Berlin".', "timezone")
    default: tzinfo = UTC
    return table.get("timezone", _timezone, default)


def _late(table: Table, default: Late) -> Late:
    late = Late(
        per_day=table.get("per_day", _percent, default.per_day),
        grace=table.get("grace", _duration, default.grace),
        tokens=table.get("tokens", _whole, default.tokens),
        max_days=table.get("max_days", _whole, default.max_days),
        floor=table.get("floor", _percent, default.floor),
    )
    table.close()
    return late


def _assignment(table: Table, default: Rules, zone: tzinfo, notices: list[str]) -> Rules:
    due, last = _moment(table, "due", zone, notices), _moment(table, "late_due", zone, notices)
    rules = Rules(
        due=due,
        late_due=last,
        late=_late(table.table("late"), default.late),
        attempts=table.get("attempts", _attempts, default.attempts),
        drop=table.get("drop", _names, frozenset()),
        extra=_extra(table.table("extra")),
        weight=table.get("weight", _number, 1.0),
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
    return {name: table.get(name, _worth, None) for name in table.data}


def _extensions(table: Table, assignments: dict[str, Rules], zone: tzinfo, notices: list[str]) -> dict[str, datetime]:
    own = table.table("extensions")
    found = {}
    for name in own.data:
        moment = _moment(own, name, zone, notices)
        if name not in assignments:
            there = _instead(name, assignments) if assignments else " Name one of `assignments`."
            own.refuse(f"is not an assignment of this course.{there}", name)
        elif (due := assignments[name].due) is None:
            own.refuse(f"cannot be extended: `{dotted(('assignments', name))}` has no `due`.", name)
        elif moment and moment.timestamp() <= due.timestamp():
            own.refuse(f"must be later than the common due date, {spelt(due)}. Received: {spelt(moment)}.", name)
        elif moment:
            found[name] = moment
    table.close()
    return found


def _moment(table: Table, key: str, zone: tzinfo, notices: list[str]) -> datetime | None:
    """A date and time in the course's zone; what had to be decided about it goes to the notices."""
    written = table.get(key, _date_and_time, None)
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


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a text in quotes")
    return value


def _attempts(value: Any) -> Attempts:
    if value == "best" or value == "last":
        return "best" if value == "best" else "last"
    raise ValueError('"best" or "last"')


def _timezone(value: Any) -> tzinfo:
    expected = 'a name of the time zone database, such as "Europe/Berlin"'
    if not isinstance(value, str):
        raise ValueError(expected)
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(expected, meant(value, available_timezones())) from None


def _date_and_time(value: Any) -> datetime | None:
    if not isinstance(value, datetime):
        raise ValueError("a date and time without quotes, such as 2026-10-12T23:59:00")
    if value.year not in YEARS:
        raise ValueError(f"a date between the years {YEARS[0]} and {YEARS[-1]}")
    return value


def _duration(value: Any) -> timedelta:
    match = DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match or not any(match.groups()):
        raise ValueError('a duration in quotes, such as "2h", "90min" or "1d 12h"')
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def _number(value: Any, most: float = MOST, expected: str = f"a number from 0 to {MOST:,.0f}") -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise ValueError(expected)
    return float(value)


def _percent(value: Any) -> float:
    return _number(value, 100, "a percentage, a number from 0 to 100")


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10_000:
        raise ValueError("a whole number from 0 to 10,000")
    return value


def _worth(value: Any) -> float | None:
    if value is True:
        return None
    expected = f"true, or the points that the check is worth, up to {MOST:,.0f}"
    if not (points := _number(value, expected=expected)):
        raise ValueError(expected)
    return points


def _names(value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError('a list of names of checks, such as ["softmax"]')
    return frozenset(value)
