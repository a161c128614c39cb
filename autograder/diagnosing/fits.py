"""Judges calls of Keras's `fit`: the data, the curves, the outputs beside the loss, the network from inside."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np

from autograder import symptoms
from autograder.diagnosing.evidence import Entry, Signs, Tables
from autograder.observation import Array

SQUARES = ("mean_squared_error", "mse")
DEAD, DEAD_IN_THE_END = 0.6, 0.9  # of a layer's units: an L1 penalty may switch off most of them in training
STEPS_LEAST = 50
MOVED = 0.05  # of the first loss: a training that got so far moves


class Fit:
    """One fit as it is judged.

    Args:
        entry: what was seen of it.
        tables: the rows.
        signs: where signs are collected.
    """

    def __init__(self, entry: Entry, tables: Tables, signs: Signs) -> None:
        self.entry, self.tables, self.signs = entry, tables, signs
        self.loss, self.logits = str(entry.get("loss", "")), bool(entry.get("logits"))
        logs = entry.get("logs", {})
        self.losses = np.array(logs.get("loss", []), dtype=float)
        self.validation = np.array(logs.get("val_loss", []), dtype=float)
        self.start, self.end = entry.get("at start") or {}, entry.get("at end") or {}
        self.X, self.y = tables.some(entry.get("X")), tables.some(entry.get("y"))
        self.baseline = self._baseline()

    @property
    def is_short(self) -> bool:
        """Whether there were so few steps that a loss that has hardly moved says nothing."""
        return int(self.entry.get("steps", 0)) < STEPS_LEAST

    def _baseline(self) -> float | None:
        if not len(self.y):
            return None
        if "crossentropy" in self.loss and symptoms.is_labels(self.y):
            return symptoms.guessing_loss(self.y)
        return symptoms.guessing_loss(self.y, squares=True) if self.loss in SQUARES else None

    def judge(self) -> None:
        """Look for everything."""
        for look in (self.data, self.curves, self.rates, self.outputs, self.metrics, self.gradients, self.units, self.rows):
            with self.signs.careful(look.__name__):
                look()

    def data(self) -> None:
        """What the first weights get, and whether labels and inputs go together."""
        first = next((one["input"] for one in self.start.get("passes", []) if "input" in one and one["op"] in WEIGHTED), None)
        if first is not None:
            self.signs.ask(self.entry, symptoms.unscaled_inputs, first)
        self.signs.ask(self.entry, symptoms.inputs_not_finite, self.X)
        if self.loss in SQUARES:
            self.signs.ask(self.entry, symptoms.unscaled_targets, self.y, self.losses)
        if self._has_found_nothing():
            self.signs.ask(self.entry, symptoms.labels_apart, self.X, self.y)

    def _has_found_nothing(self) -> bool:
        """Whether the network itself knows no relation between inputs and labels."""
        if not len(self.losses) or self.baseline is None or not np.isfinite(self.losses).all():
            return False
        if len(self.validation):
            held = self.tables.some(self.entry.get("held y"))
            chance = symptoms.guessing_loss(held, squares=self.loss in SQUARES) if len(held) else self.baseline
            return bool(self.validation[-1] > 0.95 * chance)
        vectors = len(self.tables.shape(self.entry.get("X"))) == 2 and "Embedding" not in str(self.entry.get("layers"))
        return vectors or bool(self.losses[-1] > 0.93 * self.baseline)

    def curves(self) -> None:
        """What the losses do."""
        curve = np.concatenate([[self.start.get("loss", math.nan)], self.losses])
        curve = curve if math.isfinite(curve[0]) else self.losses
        self.signs.ask(self.entry, symptoms.not_finite, self.losses)
        self.signs.ask(self.entry["compiled"], symptoms.diverges, curve)
        self.signs.ask(self.entry["compiled"], symptoms.oscillates, self.losses)
        if not self.is_short:
            self.signs.ask(self.entry["compiled"], symptoms.hardly_moves, self.losses, self.baseline)
        if not self.entry.get("choosing") and len(self.validation):
            self.signs.ask(self.entry, symptoms.overfits, self.losses, self.validation)
        if self.baseline is not None and not self.is_short:
            self.signs.ask(self.entry, symptoms.no_better_than_guessing, self.losses, self.baseline)

    def rates(self) -> None:
        """Whether another learning rate gets further."""
        replay = self.entry.get("replay") or {}
        if not replay or not len(self.losses) or "labels-apart-from-inputs" in self.signs.names():
            return
        start, last = float(replay["start"]), float(self.losses[-1])
        symptom = symptoms.better_rate(replay["ends"], replay["rates"], float(self.entry["rate"]), start)
        if symptom is None or (math.isfinite(last) and self.baseline is not None and last < 0.5 * self.baseline):
            return
        is_low = symptom.name == "learning-rate-too-low"
        moved = (start - last) / start
        if (is_low and (self.is_short or not moved < MOVED)) or (not is_low and math.isfinite(last) and last < 0.6 * start):
            return
        self.signs.ask(self.entry["compiled"], lambda: symptom)

    def outputs(self) -> None:
        """Whether outputs, targets and loss fit together."""
        signs, at, end = self.signs, self.entry["compiled"], self.end
        outputs, passes = end.get("outputs", ""), end.get("passes", [])
        for one in [*passes, *end.get("in loss", [])]:
            place = one if one.get("line") else at
            if "input" in one and one["op"] in ("Softmax", *LOSSES):
                signs.ask(place, symptoms.softmax_twice, one["input"])
            if "shapes" in one:
                signs.ask(at, symptoms.shapes_apart, *one["shapes"])
        sigmoids = [one for one in passes if one["op"] == "Sigmoid"]
        for earlier, later in pairwise(sigmoids):
            signs.ask(later if later.get("line") else at, symptoms.sigmoid_twice, later["input"], earlier["output"])
        if not isinstance(outputs, np.ndarray) or not np.isfinite(outputs).all():
            return
        last = last_activation(passes, outputs)
        signs.ask(at, symptoms.constant_softmax, outputs, last)
        fits_logits = self.logits and "categorical" not in self.loss  # whose targets are numbers of classes, or shares
        signs.ask(at, symptoms.targets_out_of_reach, self.y, last, "" if fits_logits else self.loss)
        if len(outputs) == len(self.y):
            signs.ask(at, symptoms.squares_for_classes, self.y, self.loss, outputs)
            signs.ask(at, symptoms.one_answer, outputs, self.y)
        if "crossentropy" in self.loss and not self.logits:
            self._probabilities(outputs, last)

    def _probabilities(self, outputs: Array, last: str) -> None:
        """A loss that expects probabilities."""
        at = self.entry["compiled"]
        if last == "sigmoid" and "categorical" in self.loss:
            self.signs.ask(at, symptoms.sigmoid_over_classes, outputs, self.loss)
        elif last not in ("sigmoid", "softmax"):
            self.signs.ask(at, symptoms.logits_as_probabilities, outputs, binary=self.loss == "binary_crossentropy")

    def metrics(self) -> None:
        """Whether a metric suits the targets."""
        outputs = self.end.get("outputs", "")
        if not isinstance(outputs, np.ndarray) or len(outputs) != len(self.y):
            return
        for metric in self.entry.get("metrics", []):
            self.signs.ask(self.entry["compiled"], symptoms.metric_of_the_wrong_kind, str(metric), self.y, outputs)

    def gradients(self) -> None:
        """Which variables learn."""
        names = [str(one) for one in self.entry.get("names", [])]
        signs, at, start, end = self.signs, self.entry, self.start, self.end
        if "none" in end:
            signs.ask(at, symptoms.missing_gradients, names, end["none"])
        if "norms" in start and "norms" in end and len(self.losses):
            kernels = [place for place, name in enumerate(names) if name.endswith("kernel")]
            norms = np.stack([start["norms"], end["norms"]])[:, kernels]
            signs.ask(at, symptoms.zero_gradients, [names[place] for place in kernels], norms)
            if signs.names() & {"learns-nothing", "learning-rate-too-low"}:
                signs.ask(at, symptoms.vanishing_gradients, start["sizes"][kernels])
        if "changes" in self.entry and len(self.losses):
            signs.ask(at, symptoms.untrained_variables, names, self.entry["changes"])
            signs.ask(at, symptoms.frozen_but_trained, self.entry.get("frozen", []), self.entry["frozen changes"])

    def units(self) -> None:
        """Units that are dead, saturated or all the same."""
        outputs = self.end.get("outputs", "")
        for passes, most in ((self.start.get("passes", []), DEAD), (self.end.get("passes", []), DEAD_IN_THE_END)):
            for one in passes:
                if one["op"] in ("Relu", "Relu6"):
                    self._unit(one, symptoms.dead_relus, one["output"], str(one["layer"] or "a layer"), most)
        for one in self.start.get("passes", []):
            kind, recurrent = str(one["op"]).lower(), any(word in str(one["layer"]) for word in ("lstm", "gru", "rnn"))
            if kind in ("sigmoid", "tanh") and not recurrent and not same(one["output"], self.start.get("outputs", outputs)):
                self._unit(one, symptoms.saturated, one["output"], kind, str(one["layer"] or "a layer"))
        for one in self.entry.get("kernels", [])[:-1]:
            self.signs.ask(self.entry, symptoms.equal_units, one["kernel"], str(one["name"]).rpartition("/")[0])

    def _unit(self, one: Entry, look: Any, *arguments: Any) -> None:
        self.signs.ask(one if one.get("line") else self.entry, look, *arguments)

    def rows(self) -> None:
        """Whether the validation rows are new."""
        prints = self.tables.prints
        self.signs.ask(self.entry, symptoms.same_rows, prints(self.entry.get("X")), prints(self.entry.get("held")))


WEIGHTED = ("MatMul", "Conv2D", "Conv1D", "BatchMatMulV2")
LOSSES = ("SoftmaxCrossEntropyWithLogits", "SparseSoftmaxCrossEntropyWithLogits")
NAMES = {"Relu": "relu", "Relu6": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "Softmax": "softmax"}


def last_activation(passes: list[Entry], outputs: Array) -> str:
    """The name of the activation that made the outputs; "" where none did."""
    for one in reversed(passes):
        if one["op"] in NAMES and same(one["output"], outputs):
            return NAMES[one["op"]]
    return ""


def same(one: Any, other: Any) -> bool:
    """Whether two arrays are equal as far as both were kept."""
    if not isinstance(one, np.ndarray) or not isinstance(other, np.ndarray) or one.shape[1:] != other.shape[1:]:
        return False
    n = min(len(one), len(other))
    return bool(np.array_equal(one[:n], other[:n]))
