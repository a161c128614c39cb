"""Judges loops of the program's own: under a tape, or in NumPy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from autograder import symptoms
from autograder.diagnosing.evidence import Entry, Signs, smooth
from autograder.diagnosing.fits import DEAD, DEAD_IN_THE_END, LOSSES, WEIGHTED
from autograder.observation import Array

STEPS_LEAST = 30  # below which a loss that has hardly moved says nothing
SWING_OF_BATCHES = 0.6  # of the loss, from one batch to the next
MEANT = 5  # calls with the same input, from which on a mean over dropout is meant
WEIGHT = re.compile(r"(^|[.'\"])_?(W|w|weights?|kernel|theta|hidden_w)\w*")
LOSS = re.compile(r"(loss|cost|mse|nll|bce|cross_?entropy|objective)|^(J|L|E)$", re.IGNORECASE)
HELD = re.compile(r"val|test|dev|best|prev|old|min|init", re.IGNORECASE)
INPUTS = re.compile(r"^(self\.)?[Xx](_?(train|tr|batch|b|fit))?$|^(inputs?|data|features|images|points)$")


def judge_tape(entry: Entry, signs: Signs, curve: Array | None) -> None:
    """A line at which a program takes gradients.

    Args:
        entry: what was seen there.
        signs: where signs are collected.
        curve: the losses that the loop around it keeps, if there are any.
    """
    names = [str(one) for one in entry["names"]]
    none, norms = np.asarray(entry["none"]), np.asarray(entry["norms"])
    applied = entry.get("applied", entry)
    losses = np.asarray(entry["losses"], dtype=float)
    if len(none):
        signs.ask(entry, symptoms.missing_gradients, names, none[-1])
    if len(norms) > 3:
        signs.ask(entry, symptoms.zero_gradients, names, norms)
    own, given, used = np.asarray(entry["own"]), np.asarray(entry["given"]), np.asarray(entry["used"])
    if len(given) and len(given) == len(own):
        signs.ask(applied, symptoms.gradients_add_up, given, own)
    elif not len(given) and len(used) > 3:
        signs.ask(applied, symptoms.gradients_add_up, *scaled(used, own[: len(used)]))
    judge_curve(entry, signs, losses if curve is None else curve, at=applied)
    signs.ask(applied, symptoms.steps_too_big, entry["updates"], entry["weights"], smooth(losses))
    signs.ask(entry, symptoms.constant_batch, entry["batches"], int(entry["rows"]), int(entry["available"]))
    for one in entry.get("kernels", [])[:-1]:
        signs.ask(entry, symptoms.equal_units, one["kernel"], str(one["name"]))
    judge_operations(entry, signs)


def scaled(used: Array, own: Array) -> tuple[Array, Array]:
    """Changes of weights as the gradients that they would be at the learning rate of the first step."""
    rate = -float((used[0] * own[0]).sum()) / max(float((own[0] ** 2).sum()), 1e-300)
    return (used / -rate, own) if rate > 0 else (own, own)


def judge_curve(entry: Entry, signs: Signs, losses: Array, at: Entry | None = None) -> None:
    """The losses of a loop."""
    curve, place = smooth(losses), at or entry
    signs.ask(entry, symptoms.not_finite, losses)
    signs.ask(place, symptoms.diverges, curve)
    signs.ask(place, symptoms.oscillates, curve, SWING_OF_BATCHES)
    if len(losses) >= STEPS_LEAST:
        signs.ask(place, symptoms.hardly_moves, curve)


def judge_operations(entry: Entry, signs: Signs) -> None:
    """What TensorFlow ran under the tape."""
    seen: Mapping[str, Any] = entry["seen"]
    first, last = seen.get("first", []), seen.get("last", [])
    for one, most in [*((one, DEAD) for one in first), *((one, DEAD_IN_THE_END) for one in last)]:
        if one["op"] in ("Relu", "Relu6"):
            signs.ask(one, symptoms.dead_relus, one["output"], str(one["layer"] or "a layer"), most)
    for one in last:
        if "input" in one and one["op"] in ("Softmax", *LOSSES):
            signs.ask(one, symptoms.softmax_twice, one["input"])
        if "shapes" in one:
            signs.ask(one, symptoms.shapes_apart, *one["shapes"])
    inputs = next((one for one in first if one["op"] in WEIGHTED), None)
    if inputs is not None:
        signs.ask(inputs if inputs["line"] else entry, symptoms.unscaled_inputs, inputs["input"])
    bounded = [one for one in first if one["op"] in ("Sigmoid", "Tanh")]
    final = first[-1] if first else None
    for one in bounded[: len(bounded) - (1 if bounded and bounded[-1]["output"].shape[-1] == 1 else 0)]:
        if one is not final:
            signs.ask(one, symptoms.saturated, one["output"], str(one["op"]).lower(), str(one["layer"] or "a layer"))


def judge_model(entry: Entry, signs: Signs) -> None:
    """A model that a program calls under a tape."""
    changes = np.asarray(entry.get("changes", []))
    if not len(changes) or not changes.any():
        return
    signs.ask(entry, symptoms.untrained_variables, [str(one) for one in entry["names"]], changes)
    if isinstance(entry["training"], np.ndarray):
        modes = [str(one) for one in entry["modes"]]
        signs.ask(entry, symptoms.same_answers_in_training, entry["training"], entry["inference"], modes)


def judge_random(entry: Entry, signs: Signs) -> None:
    """A model that is asked with `training=True` outside of a training step."""
    if int(entry["times"]) < MEANT:
        signs.ask(entry, symptoms.random_predictions, entry["first"], entry["second"])


def judge_steps(entry: Entry, signs: Signs) -> None:
    """A loop of `train_on_batch`."""
    signs.ask(entry, symptoms.constant_batch, entry["batches"], int(entry["rows"]), int(entry["available"]))
    judge_curve(entry, signs, np.asarray(entry["losses"], dtype=float))


def curves_of(entry: Entry) -> Iterator[tuple[str, Array]]:
    """The training losses that a loop keeps: numbers or lists that are called so."""
    sums = {str(one) for one in entry.get("sums", [])}
    for kind in ("lists", "numbers"):
        for name, values in entry.get(kind, {}).items():
            if LOSS.search(name) and not HELD.search(name) and name not in sums and len(values) >= 3:
                yield str(name), np.asarray(values, dtype=float)


def judge_numpy(entry: Entry, signs: Signs) -> bool:
    """A loop in NumPy; whether it trains anything."""
    arrays: Mapping[str, Any] = entry.get("arrays", {})
    pairs = list(learnt_by(arrays))
    curves = list(curves_of(entry))
    weights = {name for name, _ in pairs} | {name for name in arrays if WEIGHT.search(name) and changes(arrays[name])}
    numbers = {name: np.asarray(values) for name, values in entry.get("numbers", {}).items() if WEIGHT.search(name)}
    numbers = {name: values for name, values in numbers.items() if (values != values[0]).any()}
    if not weights and not numbers:
        return False
    for name, values in numbers.items():
        signs.ask(entry, symptoms.not_finite, values, name)
    for _, curve in curves[:3]:
        judge_curve(entry, signs, curve)
    for weight, gradient in pairs:
        if gradient in entry["adds"]:
            sizes = [np.linalg.norm(one) for one in arrays[gradient]["first"]]
            signs.ask(entry, symptoms.never_set_back, gradient, sizes)
        series = [np.asarray(one) for one in arrays[weight]["first"]]
        if curves and np.ndim(series[0]) == 2:
            steps = [np.linalg.norm(b - a) for a, b in pairwise(series)]
            signs.ask(entry, symptoms.steps_too_big, steps[2:], [np.linalg.norm(one) for one in series][2:], curves[0][1])
    for name in hidden(arrays, weights):
        signs.ask(entry, symptoms.equal_units, arrays[name]["last"], name)
    for name, seen in arrays.items():
        if INPUTS.search(name) and np.ndim(seen["last"]) >= 2 and len(seen["last"]) > 1:
            signs.ask(entry, symptoms.unscaled_inputs, seen["last"])
    return True


def learnt_by(arrays: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Pairs of arrays of which one is moved against the other: weights and their gradient."""
    for weight, seen in arrays.items():
        series = [np.asarray(one, dtype=float) for one in seen["first"]]
        if len(series) < 4 or len({one.shape for one in series}) > 1 or not np.any(series[-1] != series[-2]):
            continue
        for other, theirs in arrays.items():
            gradients = [np.asarray(one, dtype=float) for one in theirs["first"]]
            if other != weight and len({one.shape for one in gradients} | {series[0].shape}) == 1 and _is_step(series, gradients):
                yield weight, other
                break


def _is_step(weights: list[Array], gradients: list[Array]) -> bool:
    """Whether each change of the weights is the same negative multiple of the gradient."""
    rates = []
    for place in range(-1, -min(len(weights) - 1, len(gradients), 6), -1):
        change, gradient = weights[place] - weights[place - 1], gradients[place]
        size = float((gradient**2).sum())
        if size == 0 or not np.isfinite(size):
            return False
        rate = -float((change * gradient).sum()) / size
        if rate <= 0 or np.linalg.norm(change + rate * gradient) > 1e-6 * np.linalg.norm(change):
            return False
        rates.append(rate)
    return len(rates) >= 3 and float(np.std(rates)) <= 0.05 * float(np.mean(rates))


def changes(seen: Mapping[str, Any]) -> bool:
    """Whether an array is another one at the end."""
    first, last = np.asarray(seen["first"][0]), np.asarray(seen["last"])
    return first.shape != last.shape or bool(np.any(first != last))


def hidden(arrays: Mapping[str, Any], weights: set[str]) -> Iterator[str]:
    """The weights (d, h) of a layer that another one (h, k) follows."""
    tables = {name: np.asarray(arrays[name]["last"]) for name in arrays if name in weights and np.ndim(arrays[name]["last"]) == 2}
    for name, table in tables.items():
        others = [one for other, one in tables.items() if other != name]
        if table.shape[1] >= 2 and any(one.shape[0] == table.shape[1] for one in others):
            yield name


def judge_activation(entry: Entry, signs: Signs) -> None:
    """A ReLU or a tanh that a program computes with NumPy."""
    if int(entry["calls"]) < 5:
        return
    if entry["function"] == "relu":
        signs.ask(entry, symptoms.dead_relus, entry["first"], "this layer", DEAD)
        signs.ask(entry, symptoms.dead_relus, entry["last"], "this layer", DEAD_IN_THE_END)
    else:
        signs.ask(entry, symptoms.saturated, entry["first"], "tanh", "this layer")
