"""Rewrite the session at the top of README.md with what the command prints now (`python scripts/readme.py`)."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
SESSION = re.compile(r"(```console\n\$ dlkit )(grade .*?)\n.*?(```)", re.DOTALL)


def printed(command: str) -> str:
    """What `dlkit …` prints at a width of 88, without trailing blanks."""
    arguments = [sys.executable, "-m", "dlkit", *shlex.split(command)]
    environment = {**os.environ, "COLUMNS": "88", "DLKIT_WARM": "0"}
    done = subprocess.run(arguments, cwd=README.parent, env=environment, capture_output=True, text=True, check=False)
    return "\n".join(line.rstrip() for line in done.stdout.splitlines())


def main() -> None:
    """Run the command twice, so that kept observations are used as a reader's second run would, and write."""
    text = README.read_text(encoding="utf-8")
    found = SESSION.search(text)
    if found is None:
        sys.exit("README.md has no session to rewrite")
    printed(found[2])
    session = printed(found[2])
    README.write_text(SESSION.sub(lambda m: f"{m[1]}{m[2]}\n{session}\n{m[3]}", text, count=1), encoding="utf-8")


if __name__ == "__main__":
    main()
