#!/usr/bin/env bash
# scikit-learn 1.9.1: importing a base class imports pandas, NumPy's Fortran compiler and all distributions of SciPy.
# Seen: `from sklearn.base import BaseEstimator` imports pandas, numpy.f2py, numpy.testing, scipy.stats: 1411 modules in all;
# of the functions of sklearn.utils.fixes, none uses the pandas that it imports. Expected: what the class needs.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1 pandas==3.0.6 2>/dev/null
cat > "$folder/run.py" <<'PY'
import sys

from sklearn.base import BaseEstimator  # noqa: F401
from sklearn.utils import fixes

ASKED = ("pandas", "numpy.f2py", "numpy.testing", "scipy.stats")
found = [name for name in ASKED if name in sys.modules]
print(f"`from sklearn.base import BaseEstimator` imports {', '.join(found)}: {len(sys.modules)} modules in all")
used = [name for name, one in vars(fixes).items() if callable(one) and "pd" in getattr(getattr(one, "__code__", None), "co_names", ())]
print(f"functions of sklearn.utils.fixes that use the pandas it imports: {used}")
assert found == list(ASKED) and not used, (found, used)
PY
"$folder/venv/bin/python" "$folder/run.py"
