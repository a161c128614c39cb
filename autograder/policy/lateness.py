"""Lateness: instants, days by the clock on the wall, and both in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True)
class Lateness:
    """How late something is.

    Attributes:
        days: the days that were begun, after the grace; 0 is on time.
        sentence: "late by 1 day 3 h", or "" if there is nothing to say.
        accepted: whether it still counts.
        known: whether anybody knows; if not, it counts as on time, and the sentence says so.
    """

    days: int = 0
    sentence: str = ""
    accepted: bool = True
    known: bool = True


def instant(local: datetime, zone: tzinfo) -> datetime:
    """The moment when clocks in a zone show a time: the later one where they show it twice.

    Where they never show it, because they go forward, it is the same time after the old clock: 02:30 becomes 03:30.
    """
    utc = max(local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return utc.astimezone(zone)


def clock(moment: datetime) -> datetime:
    """What the clock on the wall shows."""
    return moment.replace(tzinfo=None, fold=0)


def after(deadline: datetime, days: int) -> datetime:
    """The same time of day, days later."""
    return instant(clock(deadline) + days * DAY, deadline.tzinfo or UTC) if days else deadline


def days_begun(deadline: datetime, submitted: datetime) -> int:
    """How many days had begun after a deadline; 0 until it has passed."""
    passed = submitted.astimezone(UTC) - deadline.astimezone(UTC)
    days = max(0, passed // DAY - 1)  # a day by the clock is an hour or two longer or shorter than DAY, at most
    while submitted.astimezone(UTC) > after(deadline, days).astimezone(UTC):
        days += 1
    return days


def amount(due: datetime, submitted: datetime) -> str:
    """How long after a due date, by the clock on the wall: "1 day 3 h"."""
    passed = submitted.astimezone(UTC) - due.astimezone(UTC)
    moment = due.astimezone(UTC) + math.ceil(passed / MINUTE) * MINUTE  # a minute begun counts, as a day does
    days = days_begun(due, moment + datetime.resolution) - 1  # whole ones
    rest = moment - after(due, days).astimezone(UTC)
    return " ".join(([count(days, "day")] if days else []) + ([words(rest)] if rest else []))


def words(duration: timedelta) -> str:
    """A duration of whole minutes: "3 h 10 min"."""
    hours, minutes = divmod(duration // MINUTE, 60)
    return " ".join(([f"{hours} h"] if hours else []) + ([f"{minutes} min"] if minutes or not hours else []))


def stamp(moment: datetime) -> str:
    """A moment for people: "2026-10-12 23:59 CEST"."""
    return f"{moment:%Y-%m-%d %H:%M %Z}".rstrip()


def count(number: int | str, noun: str) -> str:
    """A number of things: "1 day", "2 days"."""
    return f"{number} {noun}{'' if str(number) == '1' else 's'}"
