#!/usr/bin/env bash
# TensorFlow 2.21.0 with NumPy 2.4.6: an eager tensor has `__array__`, but NumPy does not ask for it: it reads the tensor through the
# buffer protocol. So a wrapper around `__array__`, to learn where a computation leaves the tape, sees no call of NumPy, only `.numpy()`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check tensorflow==2.21.0 numpy==2.4.6
TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1 "$folder/venv/bin/python" - 2>/dev/null <<'PY'
import numpy as np
import tensorflow as tf

x = tf.constant([1.0, 2.0])
kind = type(x)
seen = []


def watched(name):
    """A method that notes its calls."""
    method = getattr(kind, name)

    def noting(self, *arguments, **named):
        seen.append(name)
        return method(self, *arguments, **named)

    return noting


for name in ("__array__", "numpy"):
    setattr(kind, name, watched(name))

print("TensorFlow", tf.__version__, "NumPy", np.__version__)
for what, call in {
    "np.exp(x)": lambda: np.exp(x),
    "np.asarray(x)": lambda: np.asarray(x),
    "np.array(x)": lambda: np.array(x),
    "np.sum([x, x])": lambda: np.sum([x, x]),
    "x.numpy()": lambda: x.numpy(),
    "x.__array__()": lambda: x.__array__(),
}.items():
    seen.clear()
    call()
    print(f"{what}: {', '.join(seen) or 'no call'}")
    assert bool(seen) == what.startswith("x."), (what, seen)
assert isinstance(memoryview(x), memoryview)
PY
