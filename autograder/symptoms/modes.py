"""What shows that a layer works in the wrong mode: dropout in predictions, none in training, a freeze that did nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from autograder.symptoms.symptom import Symptom, floats, number

NAMED = 3


def random_predictions(first: ArrayLike, second: ArrayLike) -> Symptom | None:
    """The same input is answered in two ways: dropout is active in a prediction.

    Args:
        first: one answer, shape (n, ...).
        second: the other, to the same inputs with the same weights.
    """
    one, other = floats(first), floats(second)
    if one.shape != other.shape or not one.size:
        return None
    apart = float(np.abs(one - other).max())
    if not apart > 1e-5 * max(1.0, float(np.abs(one).max())):
        return None
    return Symptom(
        "training-mode-in-prediction",
        f"the same inputs are answered in two ways, up to {number(apart)} apart: a layer is in training mode",
        {"apart": apart},
    )


def same_answers_in_training(training: ArrayLike, inference: ArrayLike, layers: Sequence[str]) -> Symptom | None:
    """Training steps compute what inference computes, though layers are there that should differ.

    Args:
        training: outputs as the training step computed them, shape (n, ...).
        inference: outputs with `training=False`, shape (n, ...).
        layers: the layers that behave in two ways, such as Dropout.
    """
    one, other = floats(training), floats(inference)
    if not layers or one.shape != other.shape or not one.size or not np.allclose(one, other, rtol=1e-4, atol=1e-6):
        return None
    named = ", ".join(layers[:NAMED])
    return Symptom(
        "inference-mode-in-training",
        f"training steps run {named} in inference mode: outputs are the same as with training=False",
        {"layers": len(layers)},
    )


def frozen_but_trained(names: Sequence[str], changes: ArrayLike) -> Symptom | None:
    """Variables of a layer that was frozen have changed.

    Args:
        names: of the variables whose layer has `trainable = False`.
        changes: the norm of each one's change in the fit that followed, shape (n,).
    """
    moved = [name for name, change in zip(names, floats(changes).reshape(-1), strict=False) if change > 0]
    if not moved:
        return None
    more = f" and {len(moved) - NAMED} more" if len(moved) > NAMED else ""
    return Symptom(
        "freeze-without-compile",
        f"{', '.join(moved[:NAMED])}{more} changed in training, though trainable is False",
        {"changed": len(moved), "of": len(names)},
    )
