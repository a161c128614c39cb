"""The first steps once more, from the same weights, with other learning rates: only where a training got nowhere."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograder.observation import Array

STEPS = 25
BATCH = 64
RATES = {"SGD": (1e-3, 1e-2, 1e-1), "other": (1e-4, 1e-3, 1e-2)}
PROGRESS = 0.6  # of the first loss: below that a training has got somewhere
LARGE = 2_000_000  # weights, of which the steps would take too long

Entry = dict[str, Any]


def replayed(model: Any, x: Array | None, y: Array | None, variables: list[Any], start: list[Array], entry: Entry) -> Entry:
    """The losses that other rates reach; nothing where the training went well or has no one rate.

    The weights are put back.
    """
    losses = entry["logs"].get("loss", [])
    rate = entry["rate"]
    if x is None or y is None or not losses or not 0 < rate < math.inf or sum(one.size for one in start) > LARGE:
        return {}
    if math.isfinite(losses[-1]) and losses[-1] < PROGRESS * max(losses[0], entry["at start"].get("loss", 0.0)):
        return {}
    kept = [np.array(one) for one in model.weights]
    rates = [rate, *(one for one in RATES.get(entry["optimizer"], RATES["other"]) if not math.isclose(one, rate))]
    ends = []
    try:
        for one in rates:
            for variable, value in zip(variables, start, strict=True):
                variable.assign(value)
            ends.append(_run(model, x, y, variables, one))
    finally:
        for variable, value in zip(model.weights, kept, strict=True):
            variable.assign(value)
    return {"rates": np.array(rates), "ends": np.array(ends), "start": entry["at start"].get("loss", math.nan)}


def _run(model: Any, x: Array, y: Array, variables: list[Any], rate: float) -> float:
    """The loss after some steps with one rate."""
    import tensorflow as tf

    optimizer = type(model.optimizer).from_config(model.optimizer.get_config() | {"learning_rate": rate})
    targets = tf.convert_to_tensor(y)
    order = np.random.default_rng(0)
    for _ in range(STEPS):
        rows = order.choice(len(x), min(BATCH, len(x)), replace=False)
        with tf.GradientTape() as tape:
            given = model(x[rows], training=True)
            loss = model.compute_loss(x=x[rows], y=tf.gather(targets, rows), y_pred=given, training=True)
        if not math.isfinite(float(loss)):
            return math.nan
        pairs = [(g, v) for g, v in zip(tape.gradient(loss, variables), variables, strict=True) if g is not None]
        if not pairs:
            break  # nothing learns from it
        optimizer.apply_gradients(pairs)
    return float(model.compute_loss(x=x, y=targets, y_pred=model(x, training=False), training=False))
