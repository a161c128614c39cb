#!/usr/bin/env bash
# Keras 3.15.1: three answers to a label outside of its range: `to_categorical` takes -1 for the last class and refuses 3 of 3; `ops.one_hot` gives a row of zeros for both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check tensorflow==2.21.0 keras==3.15.1 numpy==2.4.6
TF_CPP_MIN_LOG_LEVEL=3 "$folder/venv/bin/python" - 2>/dev/null <<'PY'
import keras

print("Keras", keras.__version__)
negative = keras.utils.to_categorical([-1], 3).tolist()
try:
    keras.utils.to_categorical([3], 3)
    large = "accepted"
except IndexError as error:
    large = f"IndexError: {error}"
hot = keras.ops.one_hot([-1, 3], 3).numpy().tolist()
print("to_categorical([-1], 3):", negative)
print("to_categorical([3], 3):", large)
print("ops.one_hot([-1, 3], 3):", hot)
assert negative == [[0.0, 0.0, 1.0]] and large.startswith("IndexError") and hot == [[0.0] * 3] * 2
PY
