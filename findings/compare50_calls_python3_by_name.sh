#!/usr/bin/env bash
# compare50 1.2.15: its command runs `python3` of the PATH, not the interpreter that it is installed for.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check compare50==1.2.15 2>/dev/null
mkdir -p "$folder/work/one" "$folder/work/two"
printf 'def f(y):\n    total = 0\n    for i in range(y):\n        total += 2 * i\n    return total\n' | tee "$folder/work/one/f.py" > "$folder/work/two/f.py"
cd "$folder"
echo "compare50 $("$folder/venv/bin/python" -m pip show compare50 2>/dev/null | sed -n 's/^Version: //p')"
outside=$("$folder/venv/bin/compare50" work/one work/two -o out1 2>&1 || true)
inside=$(PATH="$folder/venv/bin:$PATH" compare50 work/one work/two -o out2 2>&1 || true)
echo "by its path: $(grep -o "No module named .*" <<<"$outside" | head -1)"
echo "with its environment first in the PATH: $(ls out2 2>/dev/null | tr '\n' ' ')"
grep -q "No module named" <<<"$outside"
test -e out2/index.html
