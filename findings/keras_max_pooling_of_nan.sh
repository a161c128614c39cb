#!/usr/bin/env bash
# Keras 3.15.1 on TensorFlow 2.21.0, CPU: MaxPooling1D, 2D and 3D pass over nan, as if it were the smallest number: of nan, 1, 2, 3 they
# give 3. Of a window that is all nan they give -3.4e38, a finite number, or -inf under XLA. GlobalMaxPooling2D, AveragePooling2D and
# `reduce_max` give nan, and `max_pool_with_argmax` gives nan or 3, by where in the window the nan stands.
# So a convolutional network whose activations are nan can have finite outputs.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check keras==3.15.1 tensorflow-cpu==2.21.0
cat > "$folder/pooling.py" <<'PY'
import keras
import numpy as np
import tensorflow as tf


def pooled(*numbers: float) -> dict[str, float]:
    """What each kind of pooling makes of one window of two rows and two columns."""
    image = np.array(numbers, dtype="float32").reshape(1, 2, 2, 1)
    compiled = tf.function(lambda x: tf.nn.max_pool2d(x, 2, 2, "VALID"), jit_compile=True)
    found = {
        "MaxPooling1D": keras.layers.MaxPooling1D(4)(image.reshape(1, 4, 1)),
        "MaxPooling2D": keras.layers.MaxPooling2D(2)(image),
        "MaxPooling3D": keras.layers.MaxPooling3D((2, 2, 1))(image[..., None]),
        "max_pool2d under XLA": compiled(tf.constant(image)),
        "max_pool_with_argmax": tf.nn.max_pool_with_argmax(image, 2, 2, "VALID")[0],
        "GlobalMaxPooling2D": keras.layers.GlobalMaxPooling2D()(image),
        "AveragePooling2D": keras.layers.AveragePooling2D(2)(image),
        "reduce_max": tf.reduce_max(image),
    }
    return {name: float(np.ravel(value)[0]) for name, value in found.items()}


nan, least = np.nan, float(np.finfo("float32").min)
print("Keras", keras.__version__, "on TensorFlow", tf.__version__)
seen = {numbers: pooled(*numbers) for numbers in ((nan, 1, 2, 3), (1, 2, 3, nan), (nan,) * 4)}
for name in pooled(0, 0, 0, 0):
    print(f"{name:21}", *(f"{numbers}: {values[name]:.4g}  " for numbers, values in seen.items()))
expected = [[3, 3, 3, 3, nan, nan, nan, nan], [3, 3, 3, 3, 3, nan, nan, nan], [least, least, least, -np.inf, nan, nan, nan, nan]]
np.testing.assert_equal([list(values.values()) for values in seen.values()], expected)
PY
TF_CPP_MIN_LOG_LEVEL=3 "$folder/venv/bin/python" "$folder/pooling.py" 2>/dev/null
