#!/usr/bin/env bash
# Keras 3.15.1 on TensorFlow 2.21.0: top-k accuracy counts a class as found if no more than k - 1 classes have a *larger* score.
# A dead network, which gives all ten classes the same score, has a top-1 accuracy of 1.0 and an accuracy of 0.1 on the same numbers;
# scikit-learn 1.9.1 gives its top-1 accuracy as 0.1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check keras==3.15.1 tensorflow-cpu==2.21.0 scikit-learn==1.9.1
cat > "$folder/ties.py" <<'PY'
import keras
import numpy as np
import sklearn
import tensorflow as tf
from sklearn.metrics import top_k_accuracy_score

classes = np.arange(10)
dead = np.zeros((10, 10), dtype="float32")  # ten rows, one of each class, and no score is larger than another

print("Keras", keras.__version__, "on TensorFlow", tf.__version__, "and scikit-learn", sklearn.__version__)
seen = {
    "Keras, accuracy": float(keras.metrics.SparseCategoricalAccuracy()(classes, dead)),
    "Keras, top 1": float(keras.metrics.SparseTopKCategoricalAccuracy(k=1)(classes, dead)),
    "Keras, top 1, one-hot": float(keras.metrics.TopKCategoricalAccuracy(k=1)(np.eye(10, dtype="float32"), dead)),
    "Keras, top 5": float(keras.metrics.SparseTopKCategoricalAccuracy(k=5)(classes, dead)),
    "scikit-learn, top 1": float(top_k_accuracy_score(classes, dead, k=1, labels=classes)),
    "scikit-learn, top 5": float(top_k_accuracy_score(classes, dead, k=5, labels=classes)),
}
for name, value in seen.items():
    print(f"{name:22} {value:.1f}")
assert [round(value, 6) for value in seen.values()] == [0.1, 1.0, 1.0, 1.0, 0.1, 0.5], seen
PY
TF_CPP_MIN_LOG_LEVEL=3 "$folder/venv/bin/python" "$folder/ties.py" 2>/dev/null
