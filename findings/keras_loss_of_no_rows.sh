#!/usr/bin/env bash
# Keras 3.15.1: the loss object of an empty batch is no number: it has shape (0,), neither 0 nor nan, whatever the reduction.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check tensorflow==2.21.0 keras==3.15.1 numpy==2.4.6
TF_CPP_MIN_LOG_LEVEL=3 "$folder/venv/bin/python" - 2>/dev/null <<'PY'
import keras
import numpy as np

print("Keras", keras.__version__)
seen = {}
for reduction in ("sum_over_batch_size", "sum", "mean"):
    loss = keras.losses.MeanSquaredError(reduction=reduction)
    seen[reduction] = tuple(loss(np.zeros((0, 1)), np.zeros((0, 1))).shape)
    print(f"MeanSquaredError(reduction={reduction!r}) of no rows has shape {seen[reduction]}; of one row", tuple(loss(np.zeros((1, 1)), np.zeros((1, 1))).shape))
assert set(seen.values()) == {(0,)}, seen
PY
