"""The tutorial is under test: it is followed in an empty folder, file by file and command by command, as it stands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from support import ROOT

TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def session(text: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the lines that stand below it."""
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    return [(command, shown) for command, _, shown in (part.partition("\n") for part in parts)]


def pattern(shown: str) -> re.Pattern[str]:
    """What a command has to print: `…` alone on a line stands for any lines, and within a line for its rest."""
    lines = [r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + "\n" for line in shown.splitlines()]
    return re.compile("".join(lines))


def test_the_tutorial_works_as_it_stands(dlkit, tmp_path: Path):
    """Whoever types the tutorial into an empty folder gets its files, its assignment and its output."""
    place = tmp_path / "course"
    place.mkdir()
    commands = 0
    for kind, file, text in FENCED.findall(TUTORIAL):
        if file:
            (place / file).parent.mkdir(parents=True, exist_ok=True)
            (place / file).write_text(text, encoding="utf-8")
        elif kind == "console":
            for command, shown in session(text):
                program, *arguments = shlex.split(command)
                assert program == "dlkit"
                done = dlkit(*arguments, cwd=place, env={"COLUMNS": "88"})
                printed = "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())
                assert done.returncode in (0, 1), f"{command}\n{done.stderr}"
                assert pattern(shown).fullmatch(printed), f"{command}\n{printed}"
                commands += 1
    assert commands >= 7


def test_the_tutorial_is_15_minutes_long():
    """Its steps say how long they take, and that is 15 minutes together."""
    minutes = [int(number) for number in re.findall(r"^## .*\((\d+) minutes?\)$", TUTORIAL, re.MULTILINE)]
    assert sum(minutes) == 15
