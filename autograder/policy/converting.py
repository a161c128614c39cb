"""What a value of `course.toml` may be: each function makes it, or raises ValueError with what it expected."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from autograder.policy.course import Attempts, Bonus
from autograder.policy.term import Missing
from autograder.text import meant

MOST = 1e9  # points, or a weight: more is a slip of the pen, and no sum may lose its last places
YEARS = range(2000, 2200)  # a date outside is a slip of the pen
DURATION = re.compile(r"(?:(\d{1,4}) ?d)? ?(?:(\d{1,4}) ?h)? ?(?:(\d{1,4}) ?min)?", re.ASCII)


def text(value: Any) -> str:
    """A text."""
    if not isinstance(value, str):
        raise ValueError("a text in quotes")
    return value


def attempts(value: Any) -> Attempts:
    """Which attempt counts."""
    if value == "best" or value == "last":
        return "best" if value == "best" else "last"
    raise ValueError('"best" or "last"')


def bonus(value: Any) -> Bonus:
    """What becomes of bonus points."""
    if value == "add" or value == "ignore":
        return "add" if value == "add" else "ignore"
    if value == "cap":
        return "cap"
    raise ValueError('"cap", "add" or "ignore"')


def timezone(value: Any) -> tzinfo:
    """A time zone."""
    expected = 'a name of the time zone database, such as "Europe/Berlin"'
    if not isinstance(value, str):
        raise ValueError(expected)
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        places = {name for name in available_timezones() if "/" in name and not name.startswith("Etc/")}
        raise ValueError(expected, meant(value, places)) from None  # an abbreviation is like that of another zone


def date_and_time(value: Any) -> datetime | None:
    """A date and time, with or without an offset."""
    if not isinstance(value, datetime):
        raise ValueError("a date and time without quotes, such as 2026-10-12T23:59:00")
    if value.year not in YEARS:
        raise ValueError(f"a date between the years {YEARS[0]} and {YEARS[-1]}")
    return value


def duration(value: Any) -> timedelta:
    """A duration."""
    match = DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match or not any(match.groups()):
        raise ValueError('a duration in quotes, such as "2h", "90min" or "1d 12h"')
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def number(value: Any, most: float = MOST, expected: str = f"a number from 0 to {MOST:,.0f}") -> float:
    """A number that is not negative."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise ValueError(expected)
    return float(value)


def percent(value: Any) -> float:
    """A percentage."""
    return number(value, 100, "a percentage, a number from 0 to 100")


def whole(value: Any) -> int:
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10_000:
        raise ValueError("a whole number from 0 to 10,000")
    return value


def worth(value: Any) -> float | None:
    """What an extra check is worth; None for the points that it has."""
    if value is True:
        return None
    expected = f"true, or the points that the check is worth, up to {MOST:,.0f}"
    if not (points := number(value, expected=expected)):
        raise ValueError(expected)
    return points


def exact(value: Any, most: float = MOST, expected: str = f"a number from 0 to {MOST:,.0f}") -> Fraction:
    """A number that is not negative, exactly as it is written in decimal digits."""
    return Fraction(repr(number(value, most, expected)))


def positive(value: Any) -> Fraction:
    """Points that can be had: more than none."""
    expected = f"a number above 0, up to {MOST:,.0f}"
    if not (found := exact(value, expected=expected)):
        raise ValueError(expected)
    return found


def hundredths(value: Any) -> Fraction:
    """A share or a limit in percent, which may be above 100."""
    return exact(value, 1000, "a percentage, a number from 0 to 1000")


def places(value: Any) -> int:
    """How many decimals."""
    if value not in (0, 1, 2) or not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("0, 1 or 2")
    return value


def missing(value: Any) -> Missing | None:
    """What a missing mark counts."""
    if value == "zero" or value == "left out":
        return "zero" if value == "zero" else "left out"
    raise ValueError('"zero" or "left out"')


def marks(value: Any) -> tuple[str, ...]:
    """Names of assignments and of other marks, at least one, each once."""
    if not isinstance(value, list) or not value or not all(isinstance(name, str) for name in value):
        raise ValueError('a list of assignments or other marks, such as ["hw1", "hw2"]')
    if len(set(value)) < len(value):
        raise ValueError("a list that names each mark once")
    return tuple(value)


def names(value: Any) -> frozenset[str]:
    """Names of checks."""
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError('a list of names of checks, such as ["softmax"]')
    return frozenset(value)
