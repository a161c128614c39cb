#!/usr/bin/env bash
# Keras 3.15.1 on TensorFlow 2.21: the first `fit` of a compiled model traces its training step twice, unless the optimizer was built before.
# The first trace makes the optimizer's variables, so TensorFlow traces once more; `model.optimizer.build(model.trainable_variables)` before `fit` saves that.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check keras==3.15.1 tensorflow-cpu==2.21.0
cat > "$folder/twice.py" <<'PY'
import time

import keras
import numpy as np
import tensorflow as tf

traced = []


class Traced(keras.layers.Dense):
    def call(self, x):
        if not tf.executing_eagerly() and not isinstance(x, keras.KerasTensor):
            traced.append(self)
        return super().call(x)


def fit(built: bool, metrics: list[str]) -> tuple[int, float, list[float]]:
    """How often a fit of one epoch traces a layer, its CPU seconds, and its losses."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(64, 3)), rng.normal(size=(64, 1))
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(8, activation="relu"), Traced(1)])
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), "mse", metrics=metrics)
    if built:
        model.optimizer.build(model.trainable_variables)
    traced.clear()
    started = time.process_time()
    losses = model.fit(x, y, verbose=0, epochs=2).history["loss"]
    return len(traced), time.process_time() - started, losses


print("Keras", keras.__version__, "on TensorFlow", tf.__version__)
fit(False, [])  # first uses
plain, built, metric = fit(False, []), fit(True, []), fit(True, ["mae"])
for words, (count, seconds, _) in (("compiled", plain), ("optimizer built", built), ("optimizer built, a metric", metric)):
    print(f"{words}: the step is traced {count} times, {seconds:.2f} CPU s")
assert (plain[0], built[0], metric[0]) == (2, 1, 2), (plain, built, metric)
assert plain[2] == built[2]
PY
TF_CPP_MIN_LOG_LEVEL=3 "$folder/venv/bin/python" "$folder/twice.py" 2>/dev/null
