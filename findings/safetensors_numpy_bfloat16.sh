#!/usr/bin/env bash
# safetensors 0.8.0: `safetensors.numpy` saves a bfloat16 or float8 array (ml_dtypes) that its own `load` cannot read back.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check safetensors==0.8.0 numpy==2.4.6 ml_dtypes==0.6.0
TF_CPP_MIN_LOG_LEVEL=3 "$folder/venv/bin/python" - 2>/dev/null <<'PY'
import ml_dtypes
import numpy as np
import safetensors
from safetensors.numpy import load, save

print("safetensors", safetensors.__version__)
seen = {}
for name in ("bfloat16", "float8_e4m3fn", "float8_e5m2"):
    data = save({"weights": np.array([1.0, 2.0]).astype(getattr(ml_dtypes, name))})  # no error
    try:
        load(data)
        seen[name] = "read back"
    except KeyError as error:
        seen[name] = f"KeyError {error}"
    print(f"{name}: saved in {len(data)} bytes; load: {seen[name]}")
assert seen == {
    "bfloat16": "KeyError 'BF16'",
    "float8_e4m3fn": "KeyError 'F8_E4M3'",
    "float8_e5m2": "KeyError 'F8_E5M2'",
}, seen
PY
