"""Moments: when something was handed in, as platforms write it; what is not understood is said, and never taken for a time."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from autograder.text import shown

# As ISO 8601, Ruby and nbgrader write it; "_" is what programs for Windows put in place of ":" in a folder's name.
STAMP = re.compile(r"(\d{4}-\d\d-\d\d)[ T_](\d\d)[:_](\d\d)(?:[:_](\d\d)(?:[.,](\d+))?)?[ _]?\s*(\D.*)?", re.ASCII)
OFFSET = re.compile(r"(?:UTC|GMT)?([+\-\u2212])(\d{1,2})[:_]?(\d\d)?", re.ASCII)
LONGEST = 14 * 60  # minutes; no zone is further from Greenwich

# What an abbreviation that several zones share is taken for, in minutes, unless the course's zone is one of them.
USUAL = {"IST": 330, "CST": -360, "CDT": -300, "PST": -480, "BST": 60}
FORMER = {"BST": 360}  # not in use any more in the database of zones, but where people are


@dataclass(frozen=True)
class Moment:
    """A time, or why there is none.

    Attributes:
        time: with its zone; None if it is not known.
        clock: what the clock showed, where that can be read and the zone cannot.
        doubt: what there is to say of it, a part of a sentence; "" if nothing.
    """

    time: datetime | None
    clock: datetime | None = None
    doubt: str = ""


def moment(text: str, course: tzinfo | None = None) -> Moment:
    """A time as ISO 8601, Ruby and nbgrader write it; without a zone it is in UTC, as nbgrader means it.

    A zone is an offset, a name, or an abbreviation as `strftime("%Z")` writes it. Abbreviations that several zones share are
    the course's, if it has one of them.

    >>> moment("2026-02-02 15:58:23.948203 America/Los_Angeles").time.isoformat()
    '2026-02-02T15:58:23.948203-08:00'
    >>> moment("2026-10-05 02:52:07 PDT").time.isoformat()
    '2026-10-05T02:52:07-07:00'
    >>> moment("yesterday").doubt
    '`yesterday` is not a readable time'
    """
    text = text.strip().strip("\ufeff\0")
    found = STAMP.fullmatch(text)
    if not found:
        return Moment(None, doubt=f"`{shown(text[:80])}` is not a readable time" if text else "no time is given")
    day, hours, minutes, seconds, fraction, zone = found.groups("")
    try:
        clock = datetime.fromisoformat(f"{day}T{hours}:{minutes}:{seconds or '00'}.{fraction[:6]:0<6}")
    except ValueError:
        return Moment(None, doubt=f"`{shown(text[:80])}` is not a valid time")
    offset, doubt = _offset(zone, clock, course)
    if offset is None:
        return Moment(None, clock, doubt)
    try:
        time = clock.replace(tzinfo=offset)
        time.astimezone(UTC)
    except (OverflowError, ValueError):  # the first or the last day that there is
        return Moment(None, doubt=f"`{shown(text[:80])}` is not a valid time")
    return Moment(time, clock, doubt)


def _offset(zone: str, clock: datetime, course: tzinfo | None) -> tuple[tzinfo | None, str]:
    """The zone of a time, and what is doubtful about it."""
    if zone in ("", "Z", "z", "UTC", "GMT", "UT"):
        return UTC, ""
    unknown = f"the time zone `{shown(zone[:40])}` is not known"
    if match := OFFSET.fullmatch(zone):
        minutes = 60 * int(match[2]) + int(match[3] or 0)
        if minutes > LONGEST or int(match[3] or 0) > 59:
            return None, unknown
        return timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes)), ""
    meant = _of_course(zone, clock, course)
    if meant is not None:
        return meant, ""
    offsets = _abbreviations(clock.year).get(zone, frozenset())
    usual = USUAL.get(zone) if len(offsets) > 1 else next(iter(offsets), None)
    if usual is not None:
        others = _written(offsets - {usual})
        doubt = f"the time zone {zone} is read as {_written({usual})}, but could be {others}" if others else ""
        return timezone(timedelta(minutes=usual)), doubt
    if offsets:
        return None, f"the time zone {zone} could be {_written(offsets)}"
    for name in (zone, zone.replace("_", "/", 1)):
        try:
            return ZoneInfo(name), ""
        except (ValueError, OSError, KeyError):  # no such zone
            continue
    return None, unknown


def _of_course(zone: str, clock: datetime, course: tzinfo | None) -> tzinfo | None:
    """The course's offset, if its clocks call summer or winter of that year so."""
    for at in (clock, clock.replace(month=1, day=15), clock.replace(month=7, day=15)) if course else ():
        local = at.replace(tzinfo=course)
        if local.tzname() == zone and (offset := local.utcoffset()) is not None:
            return timezone(offset)
    return None


@lru_cache(maxsize=4)
def _abbreviations(year: int) -> dict[str, frozenset[int]]:
    """What each abbreviation in use in a year stands for, in minutes, by the database of time zones."""
    found: dict[str, set[int]] = {name: {minutes} for name, minutes in FORMER.items()}
    for name in available_timezones():
        try:
            zone = ZoneInfo(name)
        except (ValueError, OSError, KeyError):
            continue
        for month in (1, 7):
            local = datetime(year, month, 15, tzinfo=zone)
            abbreviation, offset = local.tzname(), local.utcoffset()
            if abbreviation and abbreviation.isalpha() and offset is not None:
                found.setdefault(abbreviation, set()).add(int(offset.total_seconds() // 60))
    return {name: frozenset(offsets) for name, offsets in found.items()}


def _written(offsets: Set[int]) -> str:
    signs = {offset: "-" if offset < 0 else "+" for offset in offsets}
    return " or ".join(f"UTC{signs[offset]}{abs(offset) // 60:02}:{abs(offset) % 60:02}" for offset in sorted(offsets))
