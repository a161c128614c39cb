"""Grade the same invented classes with two checkouts, and show what differs.

    python scripts/compare_checkouts.py ../before . --students 12

For each assignment the first checkout invents a class; both grade it with the same secret seed. Then the grades, the marks,
every export and the feedback are compared line by line. What depends on when or how fast something was graded is left out.
A change of words that is meant stands in a file of pairs (`--meant`): what it was, a tab, what it is now.

Exit status: 0 the same, 1 something differs, 2 a command failed.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

EXPORTS = {"csv": "marks.csv", "jsonl": "marks.jsonl", "junit": "marks.xml", "gradescope": "gradescope"}
CLOCK = (
    re.compile(r'"?(?:seconds|memory|duration|execution_time)"?:\s*[0-9.e+-]+'),
    re.compile(r"\btime=\"[0-9.]+\""),
    re.compile(r"[0-9-]{10}[T ][0-9:]{8}(?:\+00:00)?"),
    re.compile(r"\b[0-9.]+ s\b"),
)


def main() -> int:
    """Compare; the exit status."""
    asked = arguments()
    meant = dict(line.split("\t") for line in asked.meant.read_text(encoding="utf-8").splitlines() if line) if asked.meant else {}
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in asked.assignments:
            here = Path(folder) / name
            dlkit(
                asked.before, here, "sample-class", f"assignments/{name}", "--students", asked.students, "--out", here / "class"
            )
            before, after = (graded(checkout, name, here, here / str(number)) for number, checkout in enumerate(asked.checkouts))
            lines = list(differences(before, after, meant))
            print(f"{name}: {len(before)} texts, {len(lines)} lines differ", flush=True)
            print("\n".join(lines[: asked.most]))
            status = status or bool(lines)
    return status


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path, help="A checkout with an environment in .venv.")
    parser.add_argument("after", type=Path, help="Another one.")
    parser.add_argument("--assignments", nargs="+", default=[f"hw{number}" for number in range(1, 7)], metavar="NAME")
    parser.add_argument("--students", default="12", metavar="N", help="How many in each class (default: 12).")
    parser.add_argument("--meant", type=Path, metavar="FILE", help="Pairs of sentences that were changed on purpose.")
    parser.add_argument("--most", type=int, default=40, metavar="N", help="Lines to show for each assignment (default: 40).")
    asked = parser.parse_args()
    asked.checkouts = (asked.before.resolve(), asked.after.resolve())
    asked.before = asked.checkouts[0]
    return asked


def graded(checkout: Path, name: str, folder: Path, place: Path) -> dict[str, str]:
    """Everything that a checkout writes about a class, by what it is."""
    place.mkdir()
    (place / "seed").write_text("4711\n")
    spec, book = f"assignments/{name}", ("--gradebook", place / "g.db")
    inbox = ("--submissions", folder / "class/submissions", "--roster", folder / "class/roster.csv")
    options = ("--seed-file", place / "seed", "--json", place / "grades.jsonl")
    dlkit(checkout, place, "grade", spec, *inbox, *options, *book)
    dlkit(checkout, place, "marks", name, "--csv", place / "short.csv", *book)
    for form, out in EXPORTS.items():
        dlkit(checkout, place, "export", form, name, "--out", place / out, *book)
    for form in ("html", "markdown"):
        dlkit(checkout, place, "feedback", name, "--format", form, "--out", place / form, *book)
    texts = {path.relative_to(place).as_posix(): path for path in sorted(place.rglob("*")) if path.is_file()}
    return {key: path.read_text(encoding="utf-8") for key, path in texts.items() if path.suffix not in (".db", "")}


def differences(before: Mapping[str, str], after: Mapping[str, str], meant: Mapping[str, str]) -> Iterator[str]:
    """The lines that differ, each under the name of its text."""
    for name in sorted({*before, *after}):
        old, new = (lines(texts.get(name, ""), name) for texts in (before, after))
        old = [replaced(line, meant) for line in old]
        for line in difflib.unified_diff(old, new, lineterm="", n=0):
            if not line.startswith(("---", "+++", "@@")):
                yield f"{name}: {line}"


def lines(text: str, name: str) -> list[str]:
    """The lines of a text without its clocks; a JSON object is a line for each entry."""
    if name.endswith((".json", ".jsonl")):
        objects = [json.loads(text)] if name.endswith(".json") else [json.loads(line) for line in text.splitlines()]
        text = "\n".join(json.dumps(one, indent=1, ensure_ascii=False, sort_keys=True) for one in objects)
    for clock in CLOCK:
        text = clock.sub("…", text)
    return text.splitlines()


def replaced(line: str, meant: Mapping[str, str]) -> str:
    """A line with the sentences that were changed on purpose."""
    for old, new in meant.items():
        line = line.replace(old, new)
    return line


def dlkit(checkout: Path, where: Path, *words: object) -> None:
    """Run a command of a checkout; whoever could not be graded is no failure of it."""
    where.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "DLKIT_CACHE": str(where.parent / f"cache of {where.name}")}
    command = [checkout / ".venv/bin/python", "-m", "dlkit", *map(str, words)]
    done = subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode not in (0, 1):
        print(f"{checkout}: dlkit {' '.join(map(str, words))}\n{done.stdout}{done.stderr}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    sys.exit(main())
