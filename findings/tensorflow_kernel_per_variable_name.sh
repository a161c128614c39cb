#!/usr/bin/env bash
# TensorFlow 2.21.0: the name of a variable, which serves only messages, is part of what an eager kernel is kept by. Each new name makes
# one ready again, in over ten times the time; so many small Keras models, whose layers are numbered through, never find one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check tensorflow==2.21.0 numpy==2.4.6
TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1 "$folder/venv/bin/python" - 2>/dev/null <<'PY'
import statistics
import time

import tensorflow as tf


def seconds(name):
    """For one variable of this name and always the same shape."""
    started = time.perf_counter()
    tf.raw_ops.VarHandleOp(dtype=tf.float32, shape=[3, 3], debug_name=name, shared_name="anonymous")
    return time.perf_counter() - started


print("TensorFlow", tf.__version__)
seconds("met")
met = statistics.median(seconds("met") for _ in range(200))
new = statistics.median(seconds(f"dense_{number}/kernel") for number in range(200))
print(f"a name that was met: {met * 1e6:.0f} microseconds; a new one: {new * 1e6:.0f}")
assert new > 5 * met, (met, new)
PY
