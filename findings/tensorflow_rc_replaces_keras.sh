#!/usr/bin/env bash
# TensorFlow 2.22.0rc0 requires keras-nightly, where 2.21 required keras. Both write the folder `keras`, and pip takes them for two
# packages: installed beside keras 3.15.1, the nightly build replaces its files, while pip still lists keras 3.15.1. Removing the nightly
# build then leaves a keras that is listed and has no modules.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
python="$folder/venv/bin/python"
pip() { "$python" -m pip "$@" --quiet --disable-pip-version-check 2>/dev/null; }
pip install --dry-run --no-deps --ignore-installed --report "$folder/report.json" tensorflow-cpu==2.22.0rc0
pip install --no-deps keras==3.15.1
before=$(grep -h '^__version__' "$folder"/venv/lib/python3*/site-packages/keras/src/version.py)
pip install --no-deps keras-nightly==3.16.0.dev2026102704
after=$(grep -h '^__version__' "$folder"/venv/lib/python3*/site-packages/keras/src/version.py)
listed=$("$python" -m pip freeze 2>/dev/null | grep '^keras' | tr '\n' ' ')
pip uninstall --yes keras-nightly
left=$("$python" -c "import importlib.util; print(importlib.util.find_spec('keras.src.version') is not None)" 2>/dev/null || echo False)
still=$("$python" -m pip freeze 2>/dev/null | grep '^keras')
REPORT="$folder/report.json" "$python" - "$before" "$after" "$listed" "$left" "$still" <<'PY'
import json
import os
import sys

before, after, listed, left, still = sys.argv[1:]
with open(os.environ["REPORT"]) as file:
    (package,) = json.load(file)["install"]
wants = [text for text in package["metadata"]["requires_dist"] if "keras" in text]
print("tensorflow-cpu", package["metadata"]["version"], "requires", wants)
print("keras/src/version.py:", before, "->", after)
print("pip lists both:", listed.strip())
print("after `pip uninstall keras-nightly`: keras is listed as", still, "and its modules are there:", left)
assert wants == ["keras-nightly>=3.12.0.dev"]
assert "3.15.1" in before and "3.16.0" in after
assert listed.split() == ["keras==3.15.1", "keras-nightly==3.16.0.dev2026102704"]
assert (still, left) == ("keras==3.15.1", "False")
PY
# Output, with Python 3.11:
# tensorflow-cpu 2.22.0rc0 requires ['keras-nightly>=3.12.0.dev']
# keras/src/version.py: __version__ = "3.15.1" -> __version__ = "3.16.0.dev2026102704"
# pip lists both: keras==3.15.1 keras-nightly==3.16.0.dev2026102704
# after `pip uninstall keras-nightly`: keras is listed as keras==3.15.1 and its modules are there: False
