#!/usr/bin/env bash
# SciPy 1.17.1: importing one splitter of scikit-learn parses and rewrites the docstrings of some 500 functions of SciPy.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.8.0 2>/dev/null
cat > "$folder/run.py" <<'PY'
import time

from scipy._lib import _array_api as arrays

parse = arrays.FunctionDoc
seen, spent = [], [0.0]


class Watched(parse):
    def __init__(self, function, *more, **named):
        seen.append(function.__name__)
        begun = time.process_time()
        super().__init__(function, *more, **named)
        spent[0] += time.process_time() - begun


arrays.FunctionDoc = Watched
begun = time.process_time()
from sklearn.model_selection import KFold  # noqa: E402, F401

whole = time.process_time() - begun
import scipy  # noqa: E402
import sklearn  # noqa: E402

print("scipy", scipy.__version__, "scikit-learn", sklearn.__version__)
print(f"{len(seen)} docstrings parsed by `from sklearn.model_selection import KFold`")
print(f"{spent[0]:.2f} of {whole:.2f} CPU s went into parsing alone, without putting them together again")
assert len(seen) > 200, len(seen)
PY
"$folder/venv/bin/python" "$folder/run.py"
