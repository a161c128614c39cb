"""What was seen of a training run: entries of plain arrays, numbers and texts, kept within a budget."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.diagnosing.beside.places import Place, Program
from autograder.observation import Array
from autograder.symptoms import fingerprints

ROWS = 512  # of a table, where a sample is enough
WIDTH = 4096  # numbers of a row that are kept
WHOLE = 2_000_000  # numbers of a table that is kept whole
TABLES = 24_000_000  # numbers of all tables
ENTRIES = 60  # of a kind
TABLES_MOST = 120

Entry = dict[str, Any]


class Record:
    """What has been seen so far.

    Attributes:
        program: whose calls are recorded.
        entries: by kind: "fit", "tape", "loop", "judged", "fitted", "split" and others.
        inside: how many recorded calls are open; what they call in turn is theirs.
        tapes: how many tapes of the program are open.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.entries: dict[str, list[Entry]] = {}
        self.tables: list[Entry] = []
        self.failures: list[str] = []
        self.inside = 0
        self.tapes = 0
        self._known: dict[bytes, int] = {}
        self._kept = 0
        self._order = 0

    def caller(self) -> Place | None:
        """The line of the program that is calling, if what it calls is to be recorded."""
        return None if self.inside else self.program.place(3)

    def add(self, kind: str, place: Place | None, **fields: Any) -> Entry:
        """Begin an entry; beyond so many of a kind it is forgotten."""
        self._order += 1
        entry: Entry = {"file": place.file if place else "", "line": place.line if place else 0, "order": self._order, **fields}
        kept = self.entries.setdefault(kind, [])
        if len(kept) < ENTRIES:
            kept.append(entry)
        return entry

    @contextlib.contextmanager
    def library(self) -> Iterator[None]:
        """While a library works for the program: its own calls are not the program's."""
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1

    @contextlib.contextmanager
    def probing(self, what: str) -> Iterator[None]:
        """While we look: nothing that goes wrong here may harm the program."""
        with self.library():
            try:
                yield
            except Exception as error:
                if os.environ.get("DLKIT_PROBES"):  # for those who write probes
                    import traceback

                    self.failures.append(traceback.format_exc()[-1500:])
                self.failures.append(f"{what}: {type(error).__name__}: {error}"[:300])

    def table(self, values: Any) -> int:
        """Keep a table of rows; the same one is kept once. Its number, or -1 where there is none."""
        array = array_of(values)
        if array is None or array.ndim == 0 or not array.size or len(self.tables) >= TABLES_MOST:
            return -1
        prints = fingerprints(array)
        key = prints.tobytes() + str(array.shape).encode()
        if key not in self._known:
            flat = array.reshape(len(array), -1)
            whole = flat.size <= WHOLE and self._kept + flat.size <= TABLES
            rows = np.arange(len(flat)) if whole else some_rows(len(flat))
            kept = np.asarray(flat[rows] if whole else flat[rows, :WIDTH], dtype=np.float64 if flat.shape[1] < 64 else np.float32)
            self._kept += kept.size
            entry = {"shape": list(array.shape), "prints": prints, "rows": kept, "at": rows, "whole": whole}
            self._known[key] = len(self.tables)
            self.tables.append({**entry, "kind": array.dtype.kind})
        return self._known[key]

    def tree(self) -> dict[str, Any]:
        """Everything, as it travels."""
        return {"entries": self.entries, "tables": self.tables, "failures": self.failures[:20]}


def array_of(values: Any) -> Array | None:
    """An array of numbers, however it came: tensors, lists, data frames; None for what is none."""
    if values is None or isinstance(values, str | bytes | dict):
        return None
    try:
        array = np.asarray(values.numpy() if hasattr(values, "numpy") else values)
        if array.dtype.kind == "O":
            array = array.astype(np.float64)
    except Exception:
        return None
    return array if array.dtype.kind in "biuf" else None


def some_rows(n: int) -> Array:
    """The places of at most so many rows, at random and always the same."""
    if n <= ROWS:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).choice(n, ROWS, replace=False))


def is_sampled(step: int) -> bool:
    """Whether to look closely at a step: the first ones, then ever fewer."""
    return step < 6 or (step < 100 and step % 10 == 0) or step % 100 == 0
