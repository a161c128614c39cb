"""Rounding: an entry of an answer as a digest that the same answer gives on another machine, too."""

from __future__ import annotations

import hashlib

import numpy as np

from autograder.grading.diagnosis.sample import FEW, Sample
from autograder.observation import Value, real
from autograder.observation.answer import Answer, Ending

GRID = 1.0e4 * 1.0471975511965976  # steps to the largest entry; no round number lies between two of them
BYTES = 6


def digests_of(answer: Answer, entry: str, said: str) -> tuple[str, ...]:
    """The digests of one entry on both grids; of a failure, of its kind; of a whole answer, of what is said of it."""
    if answer.ending is not Ending.RETURNED:
        return (_digest(answer.failure[0].encode()),)
    if not entry:
        return (_digest(f"said {said}".encode()),)
    value = answer.observation.get(entry)
    return tuple(dict.fromkeys(_digest(_rounded(value, shift)) for shift in (0.0, 0.5)))


def _rounded(value: Value | None, shift: float) -> bytes:
    if not isinstance(value, np.ndarray):
        return repr(value).encode()
    kind = value.dtype.kind.replace("u", "i")
    values = real(value)
    if kind in "ib":
        return f"{kind}{value.shape}".encode() + values.astype("<i8").tobytes()
    values = Sample.of(values, FEW).values.astype(np.float64) if values.size else values.astype(np.float64)
    finite = np.isfinite(values)
    scale = float(np.max(np.abs(values[finite]), initial=0.0))
    grid = np.floor(values[finite] / (scale or 1.0) * GRID + shift).astype("<i8")
    size = int(np.floor((np.log(scale) if scale else -1e3) * GRID + shift))
    odd = np.where(np.isnan(values), 2, np.where(values > 0, 1, -1))[~finite].astype("<i8")
    return b"".join([f"{kind}{value.shape}{size}".encode(), finite.tobytes(), grid.tobytes(), odd.tobytes()])


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).digest()[:BYTES].hex()
