#!/usr/bin/env bash
# scikit-learn 1.9.1: the log loss of the same wrong, certain prediction is 36.04 in float64 and 15.94 in float32 (it clips at the dtype's epsilon).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check scikit-learn==1.9.1 numpy==2.4.6
TF_CPP_MIN_LOG_LEVEL=3 "$folder/venv/bin/python" - 2>/dev/null <<'PY'
import numpy as np
import sklearn
from sklearn.metrics import log_loss

print("scikit-learn", sklearn.__version__)
certain = [[0.0, 1.0]]  # all of the probability on the wrong class
seen = {name: round(float(log_loss([0], np.array(certain, dtype=name), labels=[0, 1])), 2) for name in ("float64", "float32", "float16")}
print("log_loss of the same prediction, by dtype:", seen)
assert (seen["float64"], seen["float32"]) == (36.04, 15.94), seen
PY
