#!/usr/bin/env bash
# NumPy 2.4.6: `sys.setprofile` sees math.exp and an array's method, but neither a ufunc (np.exp) nor np.dot: neither is a builtin.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check numpy==2.4.6
TF_CPP_MIN_LOG_LEVEL=3 "$folder/venv/bin/python" - 2>/dev/null <<'PY'
import inspect
import math
import platform
import sys

import numpy as np

x = np.ones(3)
calls = {"math.exp": lambda f=math.exp: f(1.0), "x.dot": lambda f=x.dot: f(x), "np.exp": lambda f=np.exp: f(x), "np.dot": lambda f=np.dot: f(x, x)}
seen = {}
for name, call in calls.items():
    events = []
    sys.setprofile(lambda frame, event, arg, events=events: events.append(arg.__name__) if event == "c_call" else None)
    call()
    sys.setprofile(None)
    seen[name] = [event for event in events if event != "setprofile"]
print("Python", platform.python_version(), "NumPy", np.__version__)
for name, events in seen.items():
    print(f"{name}: c_call events {events}")
print("inspect.isbuiltin: np.exp", inspect.isbuiltin(np.exp), "np.dot", inspect.isbuiltin(np.dot), type(np.dot).__name__)
assert seen == {"math.exp": ["exp"], "x.dot": ["dot"], "np.exp": [], "np.dot": []}, seen
PY
