"""Evidence: what a worker saw, read with care. It is a stranger's word: of any form, and never a verdict."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.diagnosing.beside.record import some_rows
from autograder.observation import Array
from autograder.symptoms import Symptom

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Sign:
    """A symptom and the line that it belongs to."""

    symptom: Symptom
    file: str
    line: int


class Signs:
    """Collects the signs of one run; what cannot be judged is left out, and counted.

    Attributes:
        found: in the order in which they were found.
        unread: how often evidence had another form than it should.
    """

    def __init__(self) -> None:
        self.found: list[Sign] = []
        self.unread: list[str] = []

    def ask(self, at: Entry, look: Callable[..., Symptom | None], *arguments: Any, **options: Any) -> Symptom | None:
        """Look for one symptom, at the line of an entry."""
        try:
            symptom = look(*arguments, **options)
            if symptom is not None:
                self.found.append(Sign(symptom, str(at.get("file", "")), int(at.get("line", 0))))
            return symptom
        except Exception as error:  # whatever the form of a stranger's evidence
            self.unread.append(f"{look.__name__}: {type(error).__name__}: {error}")
            return None

    @contextlib.contextmanager
    def careful(self, what: str) -> Any:
        """Judge something; evidence of another form ends only this."""
        try:
            yield
        except Exception as error:
            self.unread.append(f"{what}: {type(error).__name__}: {error}")

    def names(self) -> set[str]:
        """What was found so far."""
        return {sign.symptom.name for sign in self.found}


class Tables:
    """The tables of rows that a worker saw."""

    def __init__(self, tables: Sequence[Entry]) -> None:
        self._tables = tables

    def has(self, number: Any) -> bool:
        """Whether there is such a table."""
        return isinstance(number, int) and 0 <= number < len(self._tables)

    def prints(self, number: Any) -> NDArray[np.uint64]:
        """The fingerprints of its rows; none where there is no table."""
        return np.asarray(self._tables[number]["prints"], dtype=np.uint64) if self.has(number) else np.zeros(0, dtype=np.uint64)

    def whole(self, number: Any) -> Array | None:
        """All rows, where all were kept."""
        return np.asarray(self._tables[number]["rows"]) if self.has(number) and self._tables[number]["whole"] else None

    def some(self, number: Any) -> Array:
        """A sample of rows, the same places for every table of as many rows; as they are where few were kept."""
        if not self.has(number):
            return np.zeros((0, 1))
        table = self._tables[number]
        rows = np.asarray(table["rows"])
        return rows[some_rows(len(rows))] if table["whole"] else rows

    def shape(self, number: Any) -> tuple[int, ...]:
        """Its shape; () where there is none."""
        return tuple(int(one) for one in self._tables[number]["shape"]) if self.has(number) else ()


def smooth(values: Any, windows: int = 20) -> Array:
    """A long curve as means over windows; a short one as it is. What is not finite stays so."""
    curve = np.asarray(values, dtype=float).reshape(-1)
    if len(curve) <= 2 * windows:
        return curve
    return np.array([part.mean() for part in np.array_split(curve, windows)])
