"""Values and calls in the few characters that can be read from the last row."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from autograder.checks.base import EFFECT, Case, Check
from autograder.checks.gradients import STRIP
from autograder.observation import Array, Odd, Value
from autograder.observation.answer import Answer, Ending

MOST = 6  # numbers of an array that is written out
LONGEST_CALL, LONGEST_VALUE = 180, 60  # characters
MISSING, STOPS = "nothing", "it stops"
MINUS = "\N{MINUS SIGN}"


def value_text(value: Value | None, digits: int = 3) -> str:
    """A value in short, "" where it is too long: a few digits of each number."""
    if value is None:
        return MISSING
    if isinstance(value, Odd):
        return value.what[:LONGEST_VALUE]
    if isinstance(value, str):
        return value if len(value) <= LONGEST_VALUE else ""
    if not isinstance(value, np.ndarray) or value.size > MOST:
        return ""
    text = _nested(value, digits)
    return text if len(text) <= LONGEST_VALUE else ""


def number_text(number: Any, digits: int = 3) -> str:
    """A number with a few digits, and with a minus sign that is as wide as a plus.

    >>> number_text(0.123456), number_text(3), number_text(True)
    ('0.123', '3', 'True')
    """
    if isinstance(number, bool | np.bool_):
        return str(bool(number))
    if isinstance(number, int | np.integer):
        return str(int(number)).replace("-", MINUS)
    if isinstance(number, complex | np.complexfloating):
        return f"{number:.{digits}g}".replace("-", MINUS)
    return f"{float(number) + 0.0:.{digits}g}".replace("-", MINUS)


def ending_text(answer: Answer) -> str:
    """How a call ended that returned nothing: the kind of the error."""
    if answer.ending is Ending.RAISED:
        kind = re.match(r"\w+(?:\.\w+)*", answer.error)
        return f"{STOPS} with {kind[0]}" if kind else f"{STOPS} with an error"
    return f"it gives no answer ({answer.ending.value.replace('_', ' ')})"


def call_of(check: Check, case: Case) -> str:
    """The call of a case in one line, "" where it is too long to be read out."""
    inputs = {name: value for name, value in case.inputs.items() if name != STRIP}
    text = check.call_text(inputs)
    wrt: tuple[str, ...] = getattr(check, "wrt", ())
    if STRIP in case.inputs and wrt:
        text = f"gradient of sum({text}) with respect to {', '.join(wrt)}" if text else ""
    text = re.sub(r"(?<=\d)\.0\b", "", text)
    text = re.sub(r"tf\.constant\((\[[^()]*\]), dtype=tf\.(\w+)\)", r"\1 (\2)", text)
    text = re.sub(r"np\.float64\(([-\d.e]+)\)", r"\1", text)
    text = re.sub(r"np\.array\((\[[^()]*\])\)", r"\1", text)
    return text if text and "\n" not in text and len(text) <= LONGEST_CALL else ""


def entries(answer: Answer) -> dict[str, Value]:
    """What a call answered, without its side effects."""
    return {name: value for name, value in answer.observation.items() if not name.startswith(EFFECT)}


def entry_name(name: str) -> str:
    """What an entry is called on a page: a single result needs no name."""
    return "result" if name == "answer" else name


def _nested(array: Array, digits: int) -> str:
    if array.ndim == 0:
        return number_text(array.item(), digits)
    return f"[{', '.join(_nested(part, digits) for part in array)}]"
