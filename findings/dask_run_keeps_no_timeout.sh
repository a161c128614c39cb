#!/usr/bin/env bash
# distributed 2026.8.0: `Client.run(f, timeout=5)` sets no time limit: the keyword goes to f.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check distributed==2026.8.0 2>/dev/null
cat > "$folder/run.py" <<'PY'
import distributed
from distributed import Client


def takes_none():
    return "called"


def takes_it(timeout):
    return f"called with timeout={timeout}"


with Client(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as client:
    seen = []
    for function in (takes_none, takes_it):
        try:
            seen.append(*client.run(function, timeout=5).values())
        except TypeError as error:
            seen.append(f"TypeError: {error}")
    print("distributed", distributed.__version__)
    print("\n".join(seen))
    assert "unexpected keyword argument 'timeout'" in seen[0], seen
    assert seen[1] == "called with timeout=5", seen
PY
"$folder/venv/bin/python" "$folder/run.py" 2>/dev/null
