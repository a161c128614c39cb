#!/usr/bin/env bash
# Keras 3.15.1: `layer.trainable = False` after a fit, without a new `compile`, waits for `compile`, unless the next fit brings a batch of another shape.
# After a fit of 96 rows in batches of 32, a fit of 64 rows still moves the frozen layer; one of 20 rows is traced anew, and the layer stands still.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check keras==3.15.1 tensorflow-cpu==2.21.0
cat > "$folder/frozen.py" <<'PY'
import keras
import numpy as np
import tensorflow as tf

keras.utils.disable_interactive_logging()


def moved(first: int, second: int) -> bool:
    """Whether a layer that was frozen between two fits, of so many rows each, is moved by the second."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(128, 3)), rng.normal(size=(128, 1))
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, activation="tanh"), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(x[:first], y[:first], batch_size=32, epochs=2)
    model.layers[0].trainable = False
    before = model.layers[0].get_weights()[0].copy()
    model.fit(x[:second], y[:second], batch_size=32, epochs=2)
    return bool((model.layers[0].get_weights()[0] != before).any())


print("Keras", keras.__version__, "on TensorFlow", tf.__version__)
seen = {rows: moved(*rows) for rows in ((96, 96), (96, 64), (96, 20), (20, 96))}
for (first, second), one in seen.items():
    print(f"fit of {first} rows, frozen, fit of {second} rows: the layer {'moves' if one else 'stands still'}")
assert seen == {(96, 96): True, (96, 64): True, (96, 20): False, (20, 96): True}, seen
PY
TF_CPP_MIN_LOG_LEVEL=3 "$folder/venv/bin/python" "$folder/frozen.py" 2>/dev/null
