"""Times as Moodle writes them for people, in the language and the time zone of whoever downloads a worksheet."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, tzinfo

# The months in English, German, French, Spanish, Italian, Portuguese and Dutch, without accents, as far as tells them apart.
# And the Finnish November, marraskuu, which begins as a March of others does.
MONTHS = (
    ("jan", "ene", "gen"),
    ("feb", "fev"),
    ("mar", "maer", "mrt", "maa"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mag", "mei"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aou", "ago"),
    ("sep", "set"),
    ("oct", "okt", "ott", "out"),
    ("nov", "marr"),
    ("dec", "dez", "dic"),
)
CLOCK = re.compile(r"\b(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s*([ap])\.?\s?m\b\.?)?", re.IGNORECASE)
ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
DAY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+)?([^\W\d_]+)\.?,?\s+(?:de\s+)?(\d{4})\b")
AMERICAN = re.compile(r"\b([^\W\d_]+)\.?\s+(\d{1,2}),?\s+(\d{4})\b")


def read(text: str, zone: tzinfo) -> datetime | None:
    """The moment that a text tells; None if it tells none.

    >>> from datetime import UTC
    >>> read("Monday, 12 October 2026, 11:58 PM", UTC).isoformat()
    '2026-10-12T23:58:00+00:00'
    >>> read("lunes, 12 de octubre de 2026, 23:58", UTC).isoformat()
    '2026-10-12T23:58:00+00:00'
    """
    clock, day = CLOCK.search(text), _day(text)
    if clock is None or day is None:
        return None
    hour = int(clock[1])
    if clock[4]:
        hour = hour % 12 + 12 * (clock[4].lower() == "p")
    try:
        return datetime(*day, hour, int(clock[2]), int(clock[3] or 0), tzinfo=zone)
    except ValueError:  # no such day or hour
        return None


def _day(text: str) -> tuple[int, int, int] | None:
    if iso := ISO.search(text):
        return int(iso[1]), int(iso[2]), int(iso[3])
    for pattern, (day, month, year) in ((DAY, (1, 2, 3)), (AMERICAN, (2, 1, 3))):
        found = pattern.search(text)
        if found and (number := _month(found[month])):
            return int(found[year]), number, int(found[day])
    return None


def _month(name: str) -> int:
    """The number of a month, 0 for what is none."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    fits = [(len(start), number) for number, starts in enumerate(MONTHS, 1) for start in starts if plain.startswith(start)]
    return max(fits, default=(0, 0))[1]
