#!/usr/bin/env bash
# nbgrader 0.9.6: its Python API opens no new gradebook unless the `bin` of its environment is on PATH: it starts the program `alembic` by name, although it
# could import it. Called as ENV/bin/python, it raises FileNotFoundError.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check nbgrader==0.9.6 2>/dev/null
cat > "$folder/open.py" <<'PY'
import sys
from importlib.metadata import version

from nbgrader.api import Gradebook

try:
    with Gradebook(f"sqlite:///{sys.argv[1]}") as book:
        seen = f"opened, {len(book.students)} students"
except FileNotFoundError as error:
    seen = f"FileNotFoundError: {error.filename}"
print("nbgrader", version("nbgrader"), "|", seen)
PY
without=$(PATH=/usr/bin:/bin "$folder/venv/bin/python" "$folder/open.py" "$folder/a.db" 2>/dev/null)
with=$(PATH="$folder/venv/bin:/usr/bin:/bin" "$folder/venv/bin/python" "$folder/open.py" "$folder/b.db" 2>/dev/null)
echo "bin not on PATH: $without"
echo "bin on PATH:     $with"
[ "$without" = "nbgrader 0.9.6 | FileNotFoundError: alembic" ]
[ "$with" = "nbgrader 0.9.6 | opened, 0 students" ]
