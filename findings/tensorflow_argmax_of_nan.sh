#!/usr/bin/env bash
# TensorFlow 2.21.0: `tf.argmax` passes over nan, `tf.reduce_max` does not, and NumPy's argmax points at it: a diverged model keeps an accuracy.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check tensorflow==2.21.0 numpy==2.4.6
TF_CPP_MIN_LOG_LEVEL=3 "$folder/venv/bin/python" - 2>/dev/null <<'PY'
import numpy as np
import tensorflow as tf

print("TensorFlow", tf.__version__, "NumPy", np.__version__)
logits = np.array([1.0, np.nan, 3.0])
seen = int(tf.argmax(logits)), bool(np.isnan(tf.reduce_max(logits).numpy())), int(np.argmax(logits)), int(tf.argmax([np.nan] * 3))
print("tf.argmax([1, nan, 3]) =", seen[0])
print("tf.reduce_max of the same is nan:", seen[1])
print("np.argmax of the same =", seen[2])
print("tf.argmax([nan, nan, nan]) =", seen[3])
assert seen == (2, True, 1, 0), seen
PY
