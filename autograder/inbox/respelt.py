"""Ids that a spreadsheet has changed: it takes 0012 for the number 12, and writes a long one as 1.23E+05.

Nothing is put right here, since two students may be meant. It is only said what an id may have been.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

EXPONENT = re.compile(r"([0-9])(?:[.,]([0-9]+))?E\+([0-9]{1,2})", re.IGNORECASE)
DIGITS = re.compile(r"[0-9]+", re.ASCII)
WHOLE = re.compile(r"([0-9]+)[.,]0+", re.ASCII)
REMEDY = "Get the list again without opening it in a spreadsheet, or have the spreadsheet treat this column as text"


def respelt(ids: Iterable[str], others: Iterable[str]) -> list[str]:
    """What a spreadsheet may have made of what: of ids that only one list has, those that it may have made of another's.

    >>> respelt(["12", "1.23E+05", "ada"], ["0012", "123456", "bob"])
    ['1.23E+05 may be 123456', '12 may be 0012']
    """
    sides = sorted(set(ids)), sorted(set(others))
    found: list[str] = []
    for one, other in (sides, sides[::-1]):
        by_number = _by_number(other)
        found += [f"{changed} may be {id}" for changed in one for id in _originals(changed, by_number)]
    told = {sentence.partition(" ")[0] for sentence in found}
    return found + [f"{id} is no id" for side in sides for id in side if is_respelt(id) and id not in told]


def is_respelt(id: str) -> bool:
    """Whether an id can only be what a spreadsheet made of one."""
    return bool(EXPONENT.fullmatch(id))


def _by_number(ids: Iterable[str]) -> Mapping[str, list[str]]:
    """Ids of digits by the number that a spreadsheet takes them for."""
    found: dict[str, list[str]] = defaultdict(list)
    for id in ids:
        if DIGITS.fullmatch(id):
            found[id.lstrip("0") or "0"].append(id)
    return found


def _originals(changed: str, by_number: Mapping[str, list[str]]) -> list[str]:
    """The ids of which a spreadsheet may have made this one."""
    if match := EXPONENT.fullmatch(changed):
        digits, power = f"{match[1]}{match[2] or ''}", int(match[3])
        return [id for number, alike in by_number.items() if _rounded(number, len(digits)) == (digits, power) for id in alike]
    whole = WHOLE.fullmatch(changed)
    number = whole[1] if whole else changed
    return [id for id in by_number.get(number, ()) if id != changed]


def _rounded(number: str, digits: int) -> tuple[str, int]:
    """The first digits of a number, rounded, and its power of ten."""
    shown, _, power = f"{Decimal(number):.{digits - 1}E}".partition("E")
    return shown.replace(".", ""), int(power)
