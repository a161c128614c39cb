"""Judges what rows are used for: those that are kept for judging should be new to everything that was fitted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder import symptoms
from autograder.diagnosing.evidence import Entry, Signs, Tables

TEST = re.compile(r"test|(^|[ _])te(_|\b)", re.IGNORECASE)
DEEP = 4  # transformers one after the other
MODELS = 3  # tried on the same rows, from which on one is chosen

Prints = NDArray[np.uint64]


class Rows:
    """The rows of a program as they are judged.

    Args:
        entries: what was seen, by kind.
        tables: the rows.
        signs: where signs are collected.
        picks: whether the program takes the best of several results.
    """

    def __init__(self, entries: Mapping[str, Sequence[Entry]], tables: Tables, signs: Signs, picks: bool) -> None:
        self.entries, self.tables, self.signs, self.picks = entries, tables, signs, picks
        self.trained = [*self.of("fit"), *self.of("learnt")]
        self.train = self._joined([one.get("X") for one in self.trained])
        self.judged = self.of("judged")

    def of(self, kind: str) -> list[Entry]:
        """The entries of a kind."""
        return list(self.entries.get(kind, []))

    def _joined(self, numbers: Sequence[Any]) -> Prints:
        parts = [self.tables.prints(one) for one in numbers]
        return np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.uint64)

    def judge(self) -> None:
        """Look for everything."""
        for look in (self.leaks, self.searches, self.together, self.overlaps, self.stops, self.choices, self.unseen):
            with self.signs.careful(look.__name__):
                look()

    def held_out(self) -> list[Any]:
        """The tables of rows that something is judged by."""
        kept = [one.get("held") for one in self.of("fit") if not one.get("split")]
        return [*kept, *(one.get("X") for one in self.judged)]

    def leaks(self) -> None:
        """A scaler that was fitted on rows to be judged by, which it then transformed.

        It may have seen a validation set that is a part of the training set, if other rows judge in the end.
        """
        judging = [self._fresh(one["X"]) for one in self.judged]
        judging = [rows for rows in judging if len(rows)] or [self._fresh(number) for number in self.held_out()]
        judging = [rows for rows in judging if len(rows)] or [self._fresh(one["X"]) for one in self.of("split")]
        for number, entry in enumerate(self.of("fitted")):
            fitted, name = self.tables.prints(entry["X"]), str(entry["name"])
            train = self._before(self.train, number)
            befores = [rows for rows in (self._before(held, number) for held in judging) if len(rows)]
            if befores and all(symptoms.fitted_on_held_out(fitted, rows, train) for rows in befores):
                held = np.unique(np.concatenate(befores))
                self.signs.ask(entry, symptoms.fitted_on_held_out, fitted, held, train, name)

    def _fresh(self, number: Any) -> Prints:
        """The rows of a table that are no training rows."""
        return np.setdiff1d(self.tables.prints(number), self.train)

    def _before(self, rows: Prints, number: int, deep: int = DEEP) -> Prints:
        """What rows were before a transformer made them what they are."""
        found: list[Prints] = []
        for one in self.of("transformed"):
            before, after = self.tables.prints(one["before"]), self.tables.prints(one["after"])
            inside = np.isin(after, rows)
            if not inside.any() or len(before) != len(after):
                continue
            if one["by"] == number:
                found.append(before[inside])
            elif deep and not np.array_equal(before, after):
                found.append(self._before(np.unique(before[inside]), number, deep - 1))
        return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.uint64)

    def searches(self) -> None:
        """Cross-validation of rows that a scaler has seen as a whole."""
        none = np.zeros(0, dtype=np.uint64)
        for search in self.of("searched"):
            rows = self.tables.prints(search["X"])
            for number, entry in enumerate(self.of("fitted")):
                fitted = self.tables.prints(entry["X"])
                self.signs.ask(entry, symptoms.fitted_on_held_out, fitted, self._before(rows, number), none, str(entry["name"]))

    def together(self) -> None:
        """Rows that were scaled by hand before they were split."""
        if "leak-of-held-out-rows" in self.signs.names():
            return
        for fit in self.trained:
            train = self.tables.whole(fit.get("X"))
            if train is None:
                continue
            mine = self.tables.prints(fit.get("X"))
            others, known = [], mine
            for number in self.held_out():
                rows, prints = self.tables.whole(number), self.tables.prints(number)
                if rows is not None and rows.shape[1:] == train.shape[1:]:
                    fresh = ~np.isin(prints, known)
                    others.append(rows[fresh])
                    known = np.union1d(known, prints)
            if sum(map(len, others)) and self.signs.ask(fit, symptoms.scaled_together, train, np.concatenate(others)):
                return

    def overlaps(self) -> None:
        """Test rows that were trained on."""
        for one in self.judged:
            before = [fit for fit in self.trained if fit["order"] < one["order"]]
            if before and TEST.search(str(one.get("words", ""))):  # in a cross-validation each fit has other rows
                train = self.tables.prints(max(before, key=lambda fit: int(fit["order"])).get("X"))
                self.signs.ask(one, symptoms.same_rows, train, self.tables.prints(one["X"]), "test")

    def stops(self) -> None:
        """Early stopping on the test rows."""
        for fit in self.of("fit"):
            if not fit.get("choosing"):
                continue
            for one in self.judged:
                if TEST.search(f"{one.get('words', '')} {fit.get('words', '')}") and self._is_final(one):
                    held = self.tables.prints(fit.get("held"))
                    self.signs.ask(fit, symptoms.test_set_chooses, held, self.tables.prints(one["X"]), str(fit["choosing"][0]))

    def _is_final(self, one: Entry) -> bool:
        """Whether these rows give a score, and are no training rows."""
        return not np.isin(self.tables.prints(one["X"]), self.train).any()

    def choices(self) -> None:
        """The best of several models, by the test rows."""
        if not self.picks or len(self.trained) < MODELS:
            return
        for one in self.judged:
            same = [other for other in self.judged if other["X"] == one["X"] and other["line"] == one["line"]]
            if len(same) >= MODELS and TEST.search(str(one.get("words", ""))) and self._is_final(one):
                prints = self.tables.prints(one["X"])
                self.signs.ask(one, symptoms.test_set_chooses, prints, prints, f"the choice among {len(same)} models")
                return

    def unseen(self) -> None:
        """Overfitting that nothing would show."""
        looked_at = self._joined([*self.held_out(), *(one.get("held") for one in self.of("fit"))])
        if self.of("searched"):
            return
        for fit in self.of("fit"):
            if len(np.setdiff1d(looked_at, self.tables.prints(fit.get("X")))):
                continue
            y = self.tables.some(fit.get("y"))
            losses = fit.get("logs", {}).get("loss", [])
            squares = fit.get("loss") in ("mean_squared_error", "mse")
            if not len(y) or not ("crossentropy" in str(fit.get("loss")) or squares):
                continue
            baseline = symptoms.guessing_loss(y, squares=squares)
            rows = len(self.tables.prints(fit.get("X")))
            self.signs.ask(fit, symptoms.no_held_out, rows, int(fit.get("weights", 0)), losses, baseline)


def learners(entries: Mapping[str, Sequence[Entry]], tables: Tables, signs: Signs) -> Iterator[str]:
    """Judge the networks of scikit-learn; yields the name of each that was watched."""
    for entry in entries.get("searched", []):
        yield str(entry["name"])
    for entry in entries.get("learnt", []):
        yield str(entry["name"])
        if not entry.get("network"):
            continue
        with signs.careful("a network of scikit-learn"):
            losses = np.asarray(entry.get("losses", []), dtype=float)
            signs.ask(entry, symptoms.unscaled_inputs, tables.some(entry["X"]))
            signs.ask(entry, symptoms.not_finite, losses)
            signs.ask(entry, symptoms.diverges, losses)
            signs.ask(entry, symptoms.hardly_moves, losses, symptoms.guessing_loss(tables.some(entry["y"])))
