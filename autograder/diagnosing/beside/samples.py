"""Training data however they come: arrays, tf.data, Keras's own data sets. As arrays, as far as they are kept."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from autograder.diagnosing.beside.places import Place
from autograder.diagnosing.beside.record import array_of
from autograder.observation import Array
from autograder.symptoms import fingerprints

ROWS_MOST = 30_000
BATCHES_MOST = 400

Data = tuple[Array | None, Array | None]


def data_of(x: Any, y: Any = None) -> Data:
    """Inputs and targets as arrays; None for what cannot be had without taking it from the program."""
    if y is None and hasattr(x, "element_spec"):
        return _joined(itertools.islice(x, BATCHES_MOST))
    if y is None and hasattr(x, "__getitem__") and hasattr(x, "num_batches"):  # a PyDataset
        return _joined(x[place] for place in range(min(len(x), BATCHES_MOST)))
    if isinstance(x, list | tuple) and len(x) == 1:
        x = x[0]
    return array_of(x), array_of(y)


def _joined(batches: Any) -> Data:
    xs: list[Array] = []
    ys: list[Array] = []
    rows = 0
    for batch in batches:
        parts = batch if isinstance(batch, tuple | list) else (batch,)
        x, y = array_of(parts[0]), array_of(parts[1]) if len(parts) > 1 else None
        if x is None or not x.ndim:
            return None, None
        xs.append(x)
        ys += [y] if y is not None and y.ndim else []
        rows += len(x)
        if rows > ROWS_MOST:
            break
    x_all = np.concatenate(xs) if xs else None
    return x_all, np.concatenate(ys) if len(ys) == len(xs) and ys else None


def names_of_loss(loss: Any) -> tuple[str, bool]:
    """A loss's name as Keras writes it, such as "binary_crossentropy", and whether it takes logits."""
    import keras

    if isinstance(loss, str):
        loss = keras.losses.get(loss)
    kwargs = getattr(loss, "_fn_kwargs", {})
    name = getattr(getattr(loss, "fn", loss), "__name__", type(loss).__name__)
    module = getattr(getattr(loss, "fn", loss), "__module__", "") or ""
    known = module.startswith("keras")
    return (name if known else f"own loss {name}"), bool(kwargs.get("from_logits", getattr(loss, "from_logits", False)))


def rows_around(place: Place, batch: Array) -> int:
    """The most rows of an array around a line from which a batch was taken; 0 where none is seen."""
    if place.frame is None:
        return 0
    names = {**place.frame.f_globals, **place.frame.f_locals}
    some = fingerprints(batch)[:8]
    most = 0
    for value in list(names.values()):
        if not isinstance(value, np.ndarray) and type(value).__module__.partition(".")[0] != "tensorflow":
            continue
        array = array_of(value)
        if array is None or array.shape[1:] != batch.shape[1:] or len(array) <= len(batch) or array.size > 20_000_000:
            continue
        if np.isin(some, fingerprints(array)).all():
            most = max(most, len(array))
    return most
